//! One pass over the rows of a kind: a line's test, bound to days and an occasion.

use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::day::day_number;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::{Occasion, Truth};

use super::bind::Binder;
use super::block::{BLOCK_ROWS, Block, Span, Words};
use super::course::{Course, Turn, Turns};
use super::days_within::DaysWithin;
use super::node::{Node, Where, all};
use super::shared::Pool;
use crate::diagnostic::Place;
use crate::rule::Test;
use crate::step::Steps;
use crate::walk::Ground;

/// Over what a pass goes.
#[derive(Clone, Copy)]
pub(crate) struct Over<'r> {
    pub(crate) ground: &'r Ground,
    pub(crate) kind: SubjectKind,
    /// The day evaluated.
    pub(crate) on: NaiveDate,
    /// The last day, excluded, for which it is told whether the answer stays.
    pub(crate) to: NaiveDate,
    pub(crate) occasion: Option<&'r Arc<Occasion>>,
    /// Whether only a few rows are asked for.
    pub(crate) few: bool,
}

/// A test bound to what it goes over.
pub(crate) struct Pass<'r> {
    node: Node<'r>,
    over: Where<'r>,
    n_rows: usize,
    /// The day before which nothing but rows themselves changes an answer; at most the last day asked for.
    pub(crate) until: NaiveDate,
    /// The same, as a number.
    until_number: i32,
    /// Whether a row's answer hangs on the day itself, so that it may be another on any day.
    pub(crate) by_day: bool,
}

impl<'r> Pass<'r> {
    pub(crate) fn of(test: &Test, over: Over<'r>) -> Self {
        Self::among(test, over, &mut Pool::default())
    }

    /// Among others that go over the same: what several ask is worked out once.
    pub(crate) fn among(test: &Test, over: Over<'r>, pool: &mut Pool<'r>) -> Self {
        Self::bound(over, pool, |binder| binder.test(test))
    }

    /// The same of a piece on its own.
    pub(crate) fn of_steps(steps: &Steps, over: Over<'r>) -> Self {
        Self::bound(over, &mut Pool::default(), |binder| binder.steps(steps))
    }

    /// Everybody: yes.
    pub(crate) fn of_everybody(over: Over<'r>) -> Self {
        Self::bound(over, &mut Pool::default(), |_| Node::Constant(Truth::Yes))
    }

    /// Whether a row may have an occasion of its own on some day of the pass; `None` where columns do not say.
    pub(crate) fn of_own_occasion(steps: &Steps, over: Over<'r>) -> Option<Self> {
        let mut found = true;
        let pass = Self::bound(over, &mut Pool::default(), |binder| {
            binder.own_occasion(&steps.step).unwrap_or_else(|| {
                found = false;
                Node::Ask
            })
        });
        found.then_some(pass)
    }

    fn bound(over: Over<'r>, pool: &mut Pool<'r>, bind: impl FnOnce(&mut Binder<'r>) -> Node<'r>) -> Self {
        let Over { ground, kind, on, to, occasion, few } = over;
        let columns = ground.world.register.columns();
        let over = Where { ground, columns, on, day: day_number(on), to, occasion, few };
        let mut binder = Binder::new(over, kind, std::mem::take(pool));
        let node = bind(&mut binder);
        *pool = std::mem::take(&mut binder.pool);
        let (until, by_day) = (binder.until(), binder.by_day);
        Self { node, over, n_rows: columns.len(kind), until, until_number: day_number(until), by_day }
    }

    /// Number of blocks.
    pub(crate) fn n_blocks(&self) -> usize {
        self.n_rows.div_ceil(BLOCK_ROWS)
    }

    /// Every row of a block.
    pub(crate) fn all(&self, block: usize) -> Words {
        all(self.n_rows, block)
    }

    /// Does something with what the active rows of a block come to, written into `room` where it is not kept; bits of other
    /// rows say nothing.
    pub(crate) fn with<T>(&self, block: usize, active: &Words, room: &mut Block, then: impl FnOnce(&Block) -> T) -> T {
        self.node.with(self.over, (Span::whole(block), active), room, then)
    }

    /// What the active rows of a block come to, into a block that was for something else; bits of others say nothing.
    pub(crate) fn put(&self, block: usize, active: &Words, into: &mut Block) {
        self.node.put(self.over, Span::whole(block), active, into);
    }

    /// What the active rows of a block come to; of others no bit is set.
    pub(crate) fn block(&self, block: usize, active: &Words) -> Block {
        let mut came = self.node.come(self.over, Span::whole(block), active);
        came.keep(active);
        came
    }

    /// Hands on what a row comes to from the first day of the pass on, turn by turn, as far as nothing but rows themselves
    /// changes an answer; `false`: only walk can say.
    pub(crate) fn turns(&self, row: usize, room: &mut Turns, each: impl FnMut(Turn)) -> bool {
        Self::turns_of_all([self], Truth::Yes, row, room, each)
    }

    /// The same of several passes over the same days, all of which must hold, and of something else that stays.
    pub(crate) fn turns_of_all<'p>(
        passes: impl IntoIterator<Item = &'p Self>,
        stays: Truth,
        row: usize,
        room: &mut Turns,
        mut each: impl FnMut(Turn),
    ) -> bool
    where
        'r: 'p,
    {
        let mut passes = passes.into_iter();
        let (first, second) = (passes.next(), passes.next());
        if let (Some(only), None, Truth::Yes) = (first, second, stays)
            && let Some(leaf) = only.node.leaf()
        {
            // one test of days: nothing is merged
            let mut before = None;
            return leaf.turns(only.over, row, |day, truth| {
                if day < only.until_number && before.replace(truth) != Some(truth) {
                    each(Turn { day, truth });
                }
            });
        }
        room.clear();
        let (mut all, mut days) = (Course::Stays(stays), None);
        for pass in first.into_iter().chain(second).chain(passes) {
            let (on, until) = *days.get_or_insert((pass.over.day, pass.until_number));
            let Some(course) = pass.node.course(pass.over, row, room) else { return false };
            all = room.both(on, false, all, course);
            days = Some((on, until.min(pass.until_number)));
        }
        let Some((on, until)) = days else { return false };
        room.each(&all, on).take_while(|turn| turn.day < until).for_each(&mut each);
        true
    }

    /// From and until which day rows come to yes, if it is a test of days that may turn.
    pub(crate) fn days_within(&self) -> Option<DaysWithin<'_>> {
        self.node.leaf()?.days_within(self.over)
    }

    /// How much a row costs, as a rank: tests of columns, what is looked up row by row, vectors, walk.
    pub(crate) fn cost(&self) -> u8 {
        if !self.node.by_row().is_empty() {
            return 3;
        }
        let mut cost = 0;
        self.node.look(&mut |node| {
            cost = cost.max(match node {
                Node::Vector { .. } => 2,
                Node::Of { .. } | Node::Search(_) | Node::Count(_) => 1,
                _ => 0,
            });
        });
        cost
    }

    /// Where the pieces stand that are asked of walk, row by row.
    pub(crate) fn by_row(&self) -> Vec<Place> {
        self.node.by_row()
    }

    /// Whether some piece is a vector.
    pub(crate) fn has_vectors(&self) -> bool {
        self.node.has_vectors()
    }
}
