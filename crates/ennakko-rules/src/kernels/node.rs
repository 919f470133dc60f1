//! What a pass does for a block of rows, put together of tests by three-valued logic.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::register::{BuildingRow, Columns, HouseholdRow, ResidentRow, SubjectRow};
use ennakko_core::value::Fact;
use ennakko_core::{Occasion, Truth};

use super::block::{BLOCK_ROWS, BLOCK_WORDS, Block, NONE, Span, Words, bits_of, is_empty};
use super::frame;
use super::leaf::{Leaf, OnNone};
use super::lists::{Count, Search};
use super::piece::Piece;
use super::shared::Shared;
use crate::diagnostic::Place;
use crate::step::Steps;
use crate::walk::{Ground, walk};

/// Over what, and when.
#[derive(Clone, Copy)]
pub(super) struct Where<'r> {
    pub(super) ground: &'r Ground,
    pub(super) columns: Columns<'r>,
    pub(super) on: NaiveDate,
    /// The same, as a number.
    pub(super) day: i32,
    /// The last day of the pass, excluded.
    pub(super) to: NaiveDate,
    pub(super) occasion: Option<&'r Arc<Occasion>>,
    /// Whether only a few rows are asked for, so that nothing is done for all of a kind.
    pub(super) few: bool,
}

/// What is done for the rows of one kind.
pub(super) enum Node<'r> {
    Constant(Truth),
    /// What everybody's row would stop at.
    Ask,
    Leaf(Leaf<'r>),
    Not(Box<Node<'r>>),
    /// *and* (`any`: *or*); a row is not asked of the next once it is decided, unless `all_are_asked`.
    Joined {
        any: bool,
        all_are_asked: bool,
        of: Vec<Node<'r>>,
    },
    If(Box<[Node<'r>; 3]>),
    /// What several pieces ask, of all rows of a block at once.
    Shared(Rc<Shared<'r>>),
    /// Of the household or building that each row has.
    Of {
        link: Link,
        if_none: OnNone,
        node: Whole<'r>,
    },
    Search(Search<'r>),
    Count(Count<'r>),
    /// A piece at a time for all rows.
    Vector {
        piece: Piece<'r>,
        kind: SubjectKind,
        /// Whether a table may have no row.
        may_stop: bool,
    },
    /// By walk, row by row.
    ByRow {
        steps: Steps,
        kind: SubjectKind,
    },
}

/// From a person to what they have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    Household,
    HomeBuilding,
}

impl Link {
    pub(super) fn follow(self, over: Where<'_>, row: usize) -> Fact<usize> {
        match self {
            Self::Household if over.few => {
                let Some(row) = ResidentRow::at(row) else { return Fact::None };
                over.ground.world.register.resident(row).household().map(|household| household.row().position())
            }
            Self::Household => {
                over.columns.households().get(row).map_or(Fact::None, |household| household.map(|row| row as usize))
            }
            Self::HomeBuilding => {
                let unknown = Fact::Unknown(ennakko_core::UnknownReason::NotDelivered);
                over.columns.home_building(row).map_or(unknown, Fact::Known)
            }
        }
    }
}

/// What all rows of a kind come to, worked out once.
pub(super) struct Whole<'r> {
    pub(super) node: Box<Node<'r>>,
    pub(super) kind: SubjectKind,
    came: OnceCell<Vec<Block>>,
}

impl<'r> Whole<'r> {
    pub(super) fn new(node: Node<'r>, kind: SubjectKind) -> Self {
        Self { node: Box::new(node), kind, came: OnceCell::new() }
    }

    /// What a row comes to (`None`: walk is to be asked), and whether it may be another later.
    pub(super) fn row(&self, over: Where<'r>, row: usize) -> (Option<Truth>, bool) {
        let at = row % BLOCK_ROWS;
        if over.few {
            return self.node.alone(over, row);
        }
        let came = self.came.get_or_init(|| {
            let n = over.columns.len(if fault!(RowsOfAnotherKind) { SubjectKind::Building } else { self.kind });
            (0..n.div_ceil(BLOCK_ROWS)).map(|block| self.node.come(over, Span::whole(block), &all(n, block))).collect()
        });
        came.get(row / BLOCK_ROWS).map_or((None, true), |block| (block.truth(at), block.moves(at)))
    }
}

/// The rows of a block, of so many in all.
pub(crate) fn all(n: usize, block: usize) -> Words {
    let mut words = NONE;
    let left = n.saturating_sub(block * BLOCK_ROWS);
    for (at, word) in words.iter_mut().enumerate() {
        *word = match left.saturating_sub(at * 64) {
            0 => 0,
            bits @ 1..64 => u64::MAX >> (64 - bits),
            _ => u64::MAX,
        };
    }
    words
}

/// The row of a kind at a position.
pub(crate) fn subject(kind: SubjectKind, row: usize) -> Option<SubjectRow> {
    match kind {
        SubjectKind::Resident => ResidentRow::at(row).map(SubjectRow::Resident),
        SubjectKind::Household => HouseholdRow::at(row).map(SubjectRow::Household),
        SubjectKind::Building => BuildingRow::at(row).map(SubjectRow::Building),
    }
}

impl Block {
    /// Enters what a row of a word comes to.
    pub(super) fn enter(&mut self, word: usize, bit: usize, (truth, moves): (Option<Truth>, bool)) {
        let bit = 1 << bit;
        match truth {
            None => self.ask[word] |= bit,
            Some(Truth::Yes) => self.yes[word] |= bit,
            Some(Truth::Unknown) => self.unknown[word] |= bit,
            Some(Truth::No) => {}
        }
        if moves {
            self.moves[word] |= bit;
        }
    }

    /// Each row of a word on its own.
    pub(super) fn each(span: Span, active: &Words, mut of: impl FnMut(usize) -> (Option<Truth>, bool)) -> Self {
        let mut block = Self::NO;
        for word in span.words() {
            for bit in bits_of(active[word]) {
                block.enter(word, bit, of(span.block * BLOCK_ROWS + word * 64 + bit));
            }
        }
        block.settle();
        block
    }
}

impl<'r> Node<'r> {
    /// Whether it may come to what stops a rule, so that it matters what stands before it.
    pub(super) fn may_stop(&self) -> bool {
        match self {
            Self::Constant(_) => false,
            Self::Ask => true,
            Self::Vector { may_stop, .. } => *may_stop,
            Self::ByRow { steps, .. } => super::known::may_stop(&steps.step),
            Self::Leaf(leaf) => leaf.may_ask(),
            Self::Not(of) => of.may_stop(),
            Self::Shared(of) => of.node.may_stop(),
            Self::Joined { of, .. } => of.iter().any(Self::may_stop),
            Self::If(of) => of.iter().any(Self::may_stop),
            Self::Of { if_none, node, .. } => *if_none == OnNone::Ask || node.node.may_stop(),
            Self::Search(search) => search.may_stop(),
            Self::Count(count) => count.may_stop(),
        }
    }

    /// It and every node in it.
    pub(super) fn look(&self, each: &mut dyn FnMut(&Self)) {
        each(self);
        match self {
            Self::Constant(_) | Self::Ask | Self::Leaf(_) | Self::Vector { .. } | Self::ByRow { .. } => {}
            Self::Not(of) => of.look(each),
            Self::Shared(of) => of.node.look(each),
            Self::Joined { of, .. } => of.iter().for_each(|node| node.look(each)),
            Self::If(of) => of.iter().for_each(|node| node.look(each)),
            Self::Of { node, .. } => node.node.look(each),
            Self::Search(search) => {
                search.filters.iter().chain([&search.test]).for_each(|whole| whole.node.look(each));
            }
            Self::Count(count) => count.filters.iter().for_each(|whole| whole.node.look(each)),
        }
    }

    /// Where the pieces of it stand that are asked of walk row by row.
    pub(super) fn by_row(&self) -> Vec<Place> {
        let mut places = Vec::new();
        self.look(&mut |node| {
            if let Self::ByRow { steps, .. } = node {
                places.push(steps.step.place);
            }
        });
        places
    }

    /// Whether some piece of it is a vector.
    pub(super) fn has_vectors(&self) -> bool {
        let mut has = false;
        self.look(&mut |node| has |= matches!(node, Self::Vector { .. }));
        has
    }

    /// Does something with what the active rows of a block come to, written into `room` where it is not kept.
    pub(super) fn with<T>(
        &self,
        over: Where<'r>,
        (span, active): (Span, &Words),
        room: &mut Block,
        then: impl FnOnce(&Block) -> T,
    ) -> T {
        match self {
            Self::Shared(shared) if shared.is_kept(span) => shared.with(over, span, then),
            node => {
                node.put(over, span, active, room);
                then(room)
            }
        }
    }

    /// What a row comes to that is looked at alone (`None`: walk is to be asked), and whether it may be another later.
    pub(super) fn alone(&self, over: Where<'r>, row: usize) -> (Option<Truth>, bool) {
        let mut active = NONE;
        let at = row % BLOCK_ROWS;
        active[at / 64] = 1 << (at % 64);
        let block = self.come(over, Span::around(row), &active);
        (block.truth(at), block.moves(at))
    }

    /// What the active rows of a block come to.
    pub(super) fn come(&self, over: Where<'r>, span: Span, active: &Words) -> Block {
        let mut block = Block::NO;
        self.put(over, span, active, &mut block);
        block
    }

    /// The same, into a block that was for something else.
    pub(super) fn put(&self, over: Where<'r>, span: Span, active: &Words, into: &mut Block) {
        match self {
            Self::Constant(truth) => *into = Block::of(*truth, active),
            Self::Ask => *into = Block::ask(active),
            Self::Leaf(leaf) => leaf.come(span, active, into),
            Self::Shared(shared) if shared.is_kept(span) => shared.with(over, span, |block| into.clone_from(block)),
            Self::Shared(shared) => shared.node.put(over, span, active, into),
            Self::Not(of) => {
                of.put(over, span, active, into);
                for (at, active) in active.iter().enumerate() {
                    let unknown = if fault!(NotOfUnknownIsYes) { 0 } else { into.unknown[at] };
                    into.yes[at] = active & !into.yes[at] & !unknown & !into.ask[at];
                }
            }
            Self::Joined { any, all_are_asked, of } => joined(over, span, active, (*any, *all_are_asked), of, into),
            Self::If(of) => *into = one_of(over, span, active, of),
            Self::Of { link, if_none, node } => {
                *into = Block::each(span, active, |row| match link.follow(over, row) {
                    Fact::Known(row) => node.row(over, row),
                    Fact::Unknown(_) if fault!(UnknownHomesTakenForNo) => (Some(Truth::No), false),
                    Fact::Unknown(_) => (Some(Truth::Unknown), false),
                    Fact::None => (if_none.truth(), false),
                });
            }
            Self::Search(search) => *into = search.come(over, span, active),
            Self::Count(count) => *into = count.come(over, span, active),
            Self::Vector { piece, kind, .. } => *into = frame::come(piece, *kind, over, span, active),
            Self::ByRow { steps, kind } => {
                *into = Block::each(span, active, |row| {
                    let Some(subject) = subject(*kind, row) else { return (None, false) };
                    let Where { ground, on, occasion, .. } = over;
                    let came =
                        walk(steps, crate::walk::Over { ground, subject, on, occasion, lacks: false, reads: false });
                    // what stops it, or is neither yes nor no, is told by whoever asks walk for all of it
                    (came.value.ok().and_then(|value| value.truth()), came.same.to < over.to)
                });
            }
        }
    }
}

/// What is known of rows while pieces are joined: whom the next piece is asked of, and what has been found.
struct Joining<'b> {
    any: bool,
    all_are_asked: bool,
    active: &'b Words,
    /// Rows with the answer that one is enough for.
    decided: Words,
    /// What is known of those of whom not all is plain, once there is such a piece.
    others: Option<Box<Others>>,
}

struct Others {
    /// Those for whom what decides stays.
    stays: Words,
    unknown: Words,
    moves: Words,
    ask: Words,
    /// Those of whom a piece that has been asked may stop the rule later, whatever decides.
    may_stop: Words,
}

impl Joining<'_> {
    /// Those of whom the next piece is asked.
    fn open(&self) -> Words {
        let mut open = *self.active;
        if !self.all_are_asked || fault!(NamesCutOff) {
            open.iter_mut().zip(&self.decided).for_each(|(open, decided)| *open &= !decided);
        }
        if let Some(others) = &self.others {
            open.iter_mut().zip(&others.ask).for_each(|(open, ask)| *open &= !ask);
        }
        open
    }

    fn take(&mut self, block: &Block, open: &Words, may_stop: bool) {
        let turned = if self.any { 0 } else { u64::MAX };
        if block.plain {
            for (at, open) in open.iter().enumerate() {
                self.decided[at] |= open & (block.yes[at] ^ turned);
            }
            if let Some(others) = &mut self.others {
                for (at, open) in open.iter().enumerate() {
                    others.stays[at] |= open & (block.yes[at] ^ turned);
                }
            }
            return;
        }
        // what was decided so far was by what stays
        let others = self.others.get_or_insert_with(|| {
            Box::new(Others { stays: self.decided, unknown: NONE, moves: NONE, ask: NONE, may_stop: NONE })
        });
        for at in 0..BLOCK_WORDS {
            let asked = open[at] & block.ask[at];
            let open = open[at] & !asked;
            let enough = open & (block.yes[at] ^ turned) & !block.unknown[at];
            others.ask[at] |= if fault!(StopsForgotten) { 0 } else { asked };
            self.decided[at] |= enough;
            others.stays[at] |= enough & if fault!(WhatDecidesStays) { u64::MAX } else { !block.moves[at] };
            others.may_stop[at] |= if may_stop { block.moves[at] & open } else { 0 };
            others.unknown[at] |= block.unknown[at] & open;
            others.moves[at] |= block.moves[at] & open;
        }
    }

    fn put(&self, into: &mut Block) {
        into.clear();
        let Some(others) = &self.others else {
            let turned = if self.any { 0 } else { u64::MAX };
            for at in 0..BLOCK_WORDS {
                into.yes[at] = self.active[at] & (self.decided[at] ^ turned);
            }
            return;
        };
        into.ask = others.ask;
        for at in 0..BLOCK_WORDS {
            let open = self.active[at] & !others.ask[at];
            let decided = self.decided[at] & open;
            let unknown = others.unknown[at] & open & !decided;
            into.unknown[at] = unknown;
            into.yes[at] = if self.any { decided } else { open & !decided & !unknown };
            into.moves[at] = open & (others.moves[at] & !others.stays[at] | others.may_stop[at]);
        }
        into.settle();
    }
}

fn joined<'r>(
    over: Where<'r>,
    span: Span,
    active: &Words,
    (any, all_are_asked): (bool, bool),
    of: &[Node<'r>],
    into: &mut Block,
) {
    let mut joining = Joining { any, all_are_asked, active, decided: NONE, others: None };
    for node in of {
        let open = joining.open();
        if is_empty(&open) {
            break;
        }
        // what is put together here is written where the answer will be
        node.with(over, (span, &open), into, |block| {
            joining.take(block, &open, node.may_stop() && !fault!(StopsOfLaterForgotten));
        });
    }
    joining.put(into);
}

/// One of two branches; both where it is unknown which, and what both agree in.
fn one_of<'r>(over: Where<'r>, span: Span, active: &Words, [test, then, otherwise]: &[Node<'r>; 3]) -> Block {
    let test = test.come(over, span, active);
    let (mut first, mut second) = (NONE, NONE);
    for at in 0..BLOCK_WORDS {
        let open = active[at] & !test.ask[at];
        first[at] = open & (test.yes[at] | test.unknown[at]);
        second[at] = open & !test.yes[at] & if fault!(UnknownTestsTakeThen) { !test.unknown[at] } else { u64::MAX };
    }
    let (then, otherwise) = (then.come(over, span, &first), otherwise.come(over, span, &second));
    let mut block = Block::NO;
    for at in 0..BLOCK_WORDS {
        let ask = test.ask[at] | then.ask[at] & first[at] | otherwise.ask[at] & second[at];
        let open = active[at] & !ask;
        let (one, two, both) = (first[at] & !second[at], second[at] & !first[at], first[at] & second[at]);
        let no = |block: &Block| !block.yes[at] & !block.unknown[at];
        block.ask[at] = ask;
        block.yes[at] = open & (one & then.yes[at] | two & otherwise.yes[at] | both & then.yes[at] & otherwise.yes[at]);
        let nos = one & no(&then) | two & no(&otherwise) | both & no(&then) & no(&otherwise);
        block.unknown[at] = open & !block.yes[at] & !nos;
        let tested = if fault!(TestsDoNotMove) { 0 } else { test.moves[at] };
        block.moves[at] = open
            & (tested
                | then.moves[at] & first[at]
                | if fault!(ElseDoesNotMove) { 0 } else { otherwise.moves[at] & second[at] });
    }
    block.settle();
    block
}
