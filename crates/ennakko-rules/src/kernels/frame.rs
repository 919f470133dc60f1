//! A vector's evaluation: pieces over the rows of a block, or over pairs of a row and a member, all rows of a piece before the
//! next piece.
//!
//! A row is asked of a piece only where walk would ask it, except that members after the one that decides are asked too: then
//! more may move, or be left to walk, and no answer is another.

use std::rc::Rc;

use chrono::NaiveDate;
use ennakko_core::Truth;
use ennakko_core::day::PartialDate;
use ennakko_core::fact_table::SubjectKind;

use super::block::{BLOCK_ROWS, Block, Span, Words, bits_of};
use super::item::{Ask, Item, Places};
use super::node::Where;
use super::piece::{Among, Case, Piece};
use crate::step::{Comparison, SUBJECT, Slot};

/// Values of a piece, of rows that were asked; what stands in the others says nothing.
pub(super) type Vector<'v> = Vec<Item<'v>>;

/// Rows that are asked, by position in the frame.
pub(super) type Asked<'a> = &'a [usize];

/// The rows that are evaluated together, and what is known of each.
pub(super) struct Frame<'v> {
    pub(super) over: Where<'v>,
    pub(super) n: usize,
    slots: Vec<Rc<Vector<'v>>>,
    /// Whose answer may be another on a later day of the pass.
    pub(super) moves: Vec<bool>,
    /// Of whom only walk can say.
    pub(super) ask: Vec<bool>,
    pub(super) places: Places,
}

/// What all the active rows of a block come to.
pub(super) fn come<'v>(piece: &'v Piece<'v>, kind: SubjectKind, over: Where<'v>, span: Span, active: &Words) -> Block {
    let bits = |word: usize| bits_of(active[word]).map(move |bit| (word, bit));
    let rows: Vec<(usize, usize)> = span.words().flat_map(bits).collect();
    let subjects = rows.iter().map(|(word, bit)| {
        let row = span.block * BLOCK_ROWS + word * 64 + bit;
        match kind {
            SubjectKind::Resident => Item::Person(row),
            SubjectKind::Household => Item::Household(row),
            SubjectKind::Building => Item::Building(row),
        }
    });
    let mut frame = Frame::new(over, rows.len(), Places::default());
    frame.give(SUBJECT, subjects.collect());
    let all: Vec<usize> = (0..rows.len()).collect();
    let came = frame.come(piece, &all);
    let mut block = Block::NO;
    for (at, (word, bit)) in rows.into_iter().enumerate() {
        let truth = if frame.ask[at] { None } else { came[at].truth().ok() };
        block.enter(word, bit, (truth, frame.moves[at]));
    }
    block.settle();
    block
}

impl<'v> Frame<'v> {
    pub(super) fn new(over: Where<'v>, n: usize, places: Places) -> Self {
        Self { over, n, slots: Vec::new(), moves: vec![false; n], ask: vec![false; n], places }
    }

    pub(super) fn give(&mut self, slot: Slot, values: Vector<'v>) {
        if self.slots.len() <= slot {
            self.slots.resize(slot + 1, Rc::default());
        }
        self.slots[slot] = Rc::new(values);
    }

    pub(super) fn given(&self, slot: Slot) -> Rc<Vector<'v>> {
        self.slots.get(slot).cloned().unwrap_or_default()
    }

    /// A row's answer is the same before this day at most.
    pub(super) fn same_before(&mut self, row: usize, day: NaiveDate) {
        self.moves[row] |= day < self.over.to && !fault!(VectorsDoNotMove);
    }

    pub(super) fn same_today(&mut self, row: usize) {
        self.same_before(row, self.over.on.succ_opt().unwrap_or(NaiveDate::MAX));
    }

    /// The same between two of these days on which it may change.
    fn same_between(&mut self, row: usize, edges: impl IntoIterator<Item = NaiveDate>) {
        for edge in edges {
            if edge > self.over.on {
                self.same_before(row, edge);
            }
        }
    }

    pub(super) fn unknowns(&self) -> Vector<'v> {
        vec![Item::Unknown; self.n]
    }

    /// What each asked row comes to.
    pub(super) fn each(
        &mut self,
        asked: Asked<'_>,
        mut of: impl FnMut(&mut Self, usize) -> Result<Item<'v>, Ask>,
    ) -> Vector<'v> {
        let mut values = self.unknowns();
        for row in asked {
            match of(self, *row) {
                Ok(value) => values[*row] = value,
                Err(Ask) => self.ask[*row] = true,
            }
        }
        values
    }

    /// What each row comes to of values that were evaluated before.
    pub(super) fn of_two(
        &mut self,
        asked: Asked<'_>,
        [left, right]: &'v [Piece<'v>; 2],
        mut of: impl FnMut(&mut Self, usize, Item<'v>, Item<'v>) -> Result<Item<'v>, Ask>,
    ) -> Vector<'v> {
        let (left, right) = (self.come(left, asked), self.come(right, asked));
        self.each(asked, |frame, row| of(frame, row, left[row], right[row]))
    }

    pub(super) fn come(&mut self, piece: &'v Piece<'v>, asked: Asked<'_>) -> Vector<'v> {
        match piece {
            Piece::Fixed { is, to } => self.each(asked, |frame, row| {
                frame.same_before(row, *to);
                Item::of_known(is)
            }),
            Piece::Today => {
                for row in asked {
                    self.same_today(*row);
                }
                self.today()
            }
            Piece::Slot(slot) => {
                let given = self.given(*slot);
                self.each(asked, |_, row| given.get(row).copied().ok_or(Ask))
            }
            Piece::Let { slot, value, body } => {
                let value = self.come(value, asked);
                self.give(*slot, value);
                self.come(body, asked)
            }
            Piece::If(of) => self.one_of(of, asked),
            Piece::Switch { of, cases, otherwise } => self.switch(of, cases, otherwise, asked),
            Piece::Joined { any, all_are_asked, of } => self.joined(*any, *all_are_asked, of, asked),
            Piece::Not(of) => {
                let of = self.come(of, asked);
                self.each(asked, |_, row| {
                    Ok(match of[row].truth()? {
                        Truth::Unknown => Item::Unknown,
                        truth => Item::Truth(!truth.is_yes()),
                    })
                })
            }
            Piece::Coalesce(of) => self.first_of(of, asked),
            Piece::Compare { by, sides } => self.compared(*by, sides, asked),
            Piece::In { item, among, negated } => self.found(item, among, *negated, asked),
            Piece::Search { list, test, all } => self.search(list, test, *all, asked),
            Piece::Len(list) => self.len(list, asked),
            Piece::Fold { list, value, by } => self.fold(list, value, *by, asked),
            computed => self.computed(computed, asked),
        }
    }

    /// The day evaluated, of every row; whoever asks for that says when the answer changes.
    pub(super) fn today(&self) -> Vector<'v> {
        vec![Item::Day(PartialDate::exact(self.over.on)); self.n]
    }

    fn one_of(&mut self, [test, then, otherwise]: &'v [Piece<'v>; 3], asked: Asked<'_>) -> Vector<'v> {
        let test = self.come(test, asked);
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for row in asked {
            match test[*row].truth() {
                Ok(Truth::Yes) => first.push(*row),
                Ok(Truth::No) => second.push(*row),
                Ok(Truth::Unknown) => {
                    first.push(*row);
                    second.push(*row);
                }
                Err(Ask) => self.ask[*row] = true,
            }
        }
        let mut agreed = Agreed::of(self.n);
        for (piece, rows) in [(then, first), (otherwise, second)] {
            let values = self.come(piece, &rows);
            agreed.add(&rows, &values, &self.places);
        }
        agreed.values
    }

    fn switch(
        &mut self,
        of: &'v Piece<'v>,
        cases: &'v [Case<'v>],
        otherwise: &'v Piece<'v>,
        asked: Asked<'_>,
    ) -> Vector<'v> {
        let of = self.come(of, asked);
        let undecided = |row: usize| matches!(of[row], Item::Unknown | Item::Age(..)) && !fault!(UnknownCasesTakeElse);
        let mut agreed = Agreed::of(self.n);
        let mut left: Vec<usize> = asked.to_vec();
        // single values before ranges; what is not known may be any of them
        for by_range in [false, true] {
            for case in cases {
                let fits = |row: &usize| {
                    if by_range {
                        matches!(of[*row], Item::Number(of) if case.ranges.iter().any(|(from, to)| (*from..=*to).contains(&of)))
                    } else {
                        undecided(*row) || case.values.iter().any(|value| of[*row].is_case(value))
                    }
                };
                let mut taken: Vec<usize> = left.iter().copied().filter(fits).collect();
                if taken.is_empty() {
                    continue;
                }
                let mut settled = vec![false; self.n];
                if let Some(guard) = &case.guard {
                    let guard = self.come(guard, &taken);
                    taken.retain(|row| match guard[*row].truth() {
                        Ok(Truth::No) => false,
                        Ok(truth) => {
                            settled[*row] = truth.is_yes() && !undecided(*row);
                            true
                        }
                        Err(Ask) => {
                            self.ask[*row] = true;
                            false
                        }
                    });
                } else {
                    for row in &taken {
                        settled[*row] = !undecided(*row);
                    }
                }
                let values = self.come(&case.value, &taken);
                agreed.add(&taken, &values, &self.places);
                left.retain(|row| !settled[*row]);
            }
        }
        let values = self.come(otherwise, &left);
        agreed.add(&left, &values, &self.places);
        agreed.values
    }

    /// *and* (`any`: *or*): a row that is decided is asked of no other, unless all are.
    fn joined(&mut self, any: bool, all_are_asked: bool, of: &'v [Piece<'v>], asked: Asked<'_>) -> Vector<'v> {
        let mut values = vec![Item::Truth(!any); self.n];
        let mut left: Vec<usize> = asked.to_vec();
        for piece in of {
            let came = self.come(piece, &left);
            left.retain(|row| {
                let decided = match came[*row].truth() {
                    Ok(Truth::Unknown) => {
                        if !matches!(values[*row], Item::Truth(holds) if holds == any) {
                            values[*row] = Item::Unknown;
                        }
                        false
                    }
                    Ok(truth) if truth.is_yes() == any => {
                        values[*row] = Item::Truth(any);
                        true
                    }
                    Ok(_) => false,
                    Err(Ask) => {
                        self.ask[*row] = true;
                        true
                    }
                };
                all_are_asked || !decided
            });
        }
        values
    }

    fn first_of(&mut self, of: &'v [Piece<'v>], asked: Asked<'_>) -> Vector<'v> {
        let mut values = vec![Item::None; self.n];
        let mut left: Vec<usize> = asked.to_vec();
        for piece in of {
            let came = self.come(piece, &left);
            left.retain(|row| {
                values[*row] = came[*row];
                matches!(came[*row], Item::None)
            });
        }
        values
    }

    fn compared(&mut self, by: Comparison, sides: &'v [Piece<'v>; 2], asked: Asked<'_>) -> Vector<'v> {
        let is_today = |side: usize| matches!(sides[side], Piece::Today);
        let of_today = is_today(0) != is_today(1);
        let [left, right] =
            [0, 1].map(|side| if of_today && is_today(side) { self.today() } else { self.come(&sides[side], asked) });
        let places = self.places.clone();
        self.each(asked, |frame, row| {
            if of_today && let Item::Day(day) = if is_today(0) { right[row] } else { left[row] } {
                frame.change_at(row, by, is_today(0), [day.first(), day.last()]);
            }
            left[row].stands(by, right[row], &places).map(Item::of_truth)
        })
    }

    /// How today stands to a day changes on it, on the day after, or on both.
    fn change_at(&mut self, row: usize, by: Comparison, left_is_today: bool, days: [NaiveDate; 2]) {
        let (on_it, day_after) = match (by, left_is_today) {
            (Comparison::Equal | Comparison::NotEqual, _) => (true, true),
            (Comparison::Less | Comparison::GreaterOrEqual, true)
            | (Comparison::Greater | Comparison::LessOrEqual, false) => (true, false),
            _ => (false, true),
        };
        if on_it {
            self.same_between(row, days);
        }
        if day_after {
            self.same_between(row, days.map(|day| day.succ_opt().unwrap_or(NaiveDate::MAX)));
        }
    }

    fn found(&mut self, item: &'v Piece<'v>, among: &'v Among<'v>, negated: bool, asked: Asked<'_>) -> Vector<'v> {
        let item = self.come(item, asked);
        let answer = |truth: Truth| match truth {
            Truth::Unknown => Item::Unknown,
            truth => Item::Truth(truth.is_yes() != negated),
        };
        let places = self.places.clone();
        match among {
            Among::Values(of) => {
                let of: Vec<Vector<'v>> = of.iter().map(|piece| self.come(piece, asked)).collect();
                self.each(asked, |_, row| item[row].is_among(of.iter().map(|of| of[row]), &places).map(answer))
            }
            Among::Range { bounds, inclusive } => self.of_two(asked, bounds, |_, row, from, to| {
                let bounds = match (from.number()?, to.number()?) {
                    (Some(from), Some(to)) if *inclusive => Some((from, to)),
                    // before the first number there is none
                    (Some(from), Some(to)) => Some(to.checked_sub(1).map_or((1, 0), |last| (from, last))),
                    _ => None,
                };
                item[row].is_within(bounds, &places).map(answer)
            }),
            Among::List(list) => {
                let list = self.come(list, asked);
                self.each(asked, |_, row| match list[row] {
                    Item::Unknown => Ok(Item::Unknown),
                    Item::Numbers(numbers) => {
                        item[row].is_among(numbers.iter().map(|number| Item::Number(*number)), &places).map(answer)
                    }
                    _ => Err(Ask),
                })
            }
        }
    }
}

/// What comes of branches of which one is taken, without saying which.
struct Agreed<'v> {
    values: Vector<'v>,
    has_one: Vec<bool>,
}

impl<'v> Agreed<'v> {
    fn of(n: usize) -> Self {
        Self { values: vec![Item::Unknown; n], has_one: vec![false; n] }
    }

    fn add(&mut self, rows: Asked<'_>, values: &Vector<'v>, places: &Places) {
        for row in rows {
            let (before, value) = (&mut self.values[*row], values[*row]);
            if !std::mem::replace(&mut self.has_one[*row], true) {
                *before = value;
            } else if !before.is_same(value, places) && !fault!(AnyBranchWillDo) {
                *before = Item::Unknown;
            }
        }
    }
}
