//! Tests of one column against what is known before: ranges of days and numbers, sets of texts, flags.

use std::ops::Range as Rows;
use std::sync::Arc;

use ennakko_core::column::{CHUNK_ROWS, Cell, ChunkView, Column, Values};
use ennakko_core::record::Utilities;
use ennakko_core::register::Life;
use ennakko_core::value::Fact;
use ennakko_core::{Truth, UnknownReason};

use super::block::{BLOCK_ROWS, BLOCK_WORDS, Block, NONE, Span, Words, packed};
use super::course::{Course, Turns};
use super::days_within::DaysWithin;
use super::ends::Ends;
use super::node::Where;

/// What a test comes to where the column has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnNone {
    No,
    Yes,
    Unknown,
    /// A checked rule never comes here.
    Ask,
}

impl OnNone {
    /// What none comes to; `None`: walk is to be asked.
    pub(super) fn truth(self) -> Option<Truth> {
        match self {
            Self::No => Some(Truth::No),
            Self::Yes => Some(Truth::Yes),
            Self::Unknown => Some(Truth::Unknown),
            Self::Ask => None,
        }
    }
}

/// Up to which part a day must be known for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KnownTo {
    /// As far as it makes a difference.
    Difference,
    /// To its year.
    Year,
    /// To the day.
    Day,
}

/// Days from the first to the last, both included, as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) from: i32,
    pub(super) to: i32,
}

impl Range {
    pub(super) const ALL: Self = Self { from: i32::MIN, to: i32::MAX };
}

/// A column of days, perhaps known in part only.
#[derive(Clone, Copy)]
pub(super) struct DayColumn<'r> {
    pub(super) first: &'r Column<i32>,
    pub(super) last: &'r Column<i32>,
    /// Of each block, whether every day in it is known to the day.
    pub(super) exact: &'r [bool],
}

impl PartialEq for DayColumn<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.first, other.first)
    }
}

/// A test of one column.
pub(super) enum Leaf<'r> {
    /// A day that lies in a range.
    Days {
        of: DayColumn<'r>,
        ends: Ends,
        known_to: KnownTo,
        if_none: OnNone,
    },
    /// A number from the first to the second, both included.
    Numbers {
        of: &'r Column<i64>,
        from: i64,
        to: i64,
        if_none: OnNone,
    },
    /// A text, by its code.
    Code {
        of: &'r Column<u32>,
        equals: u32,
        if_none: OnNone,
    },
    /// A flag.
    Flag {
        of: &'r Column<u8>,
        equals: u8,
        if_none: OnNone,
    },
    /// Whether there is a value.
    HasNumber(&'r Column<i64>),
    HasDay(&'r Column<i32>),
    HasCode(&'r Column<u32>),
    HasFlag(&'r Column<u8>),
    /// Whether a person is alive.
    Alive(&'r [Life]),
    /// Equipment, or a connection.
    Utility {
        of: &'r [Utilities],
        which: fn(&Utilities) -> Fact<bool>,
        if_none: OnNone,
    },
}

/// A block of a column: the chunk that has it, and the position of the block's first word in it.
struct InChunk<'r, T> {
    chunk: ChunkView<'r, T>,
    first: usize,
}

fn in_chunk<T: Cell>(column: &Column<T>, block: usize) -> Option<InChunk<'_, T>> {
    let row = block * BLOCK_ROWS;
    column.chunk(row / CHUNK_ROWS).map(|chunk| InChunk { chunk, first: row % CHUNK_ROWS / 64 })
}

/// The rows of words, of so many rows.
fn rows_of(n_rows: usize, words: Rows<usize>) -> Rows<usize> {
    n_rows.min(words.start * 64)..n_rows.min(words.end * 64)
}

/// Which rows of a block have a value, and which are unknown.
struct KnownRows {
    known: Words,
    unknown: Words,
}

impl KnownRows {
    const NONE: Self = Self { known: NONE, unknown: NONE };

    fn of<T: Cell>(&mut self, chunk: &ChunkView<'_, T>, first: usize, span: Span) {
        let at = first + span.from;
        chunk.known_words(at, &mut self.known[span.words()]);
        chunk.unknown_words(at, &mut self.unknown[span.words()]);
    }
}

impl Block {
    /// Of what known rows of a column come to, likewise.
    fn known_of<T: Cell>(&mut self, of: &InChunk<'_, T>, if_none: OnNone, (span, active): (Span, &Words)) {
        if of.chunk.all_known(of.first / BLOCK_WORDS) || fault!(BlocksTakenForKnown) {
            if !self.plain {
                self.keep(active);
                self.settle();
            }
            return;
        }
        let mut known = KnownRows::NONE;
        known.of(&of.chunk, of.first, span);
        self.known(&known, if_none, active);
    }

    /// Of what known rows come to, with what is not known and what stands for none.
    fn known(&mut self, of: &KnownRows, if_none: OnNone, active: &Words) {
        let all_if = |is: bool| if is { u64::MAX } else { 0 };
        let none_is_yes = all_if(if_none == OnNone::Yes && !fault!(NoneTakenForNo));
        let none_is_unknown = all_if(if_none == OnNone::Unknown);
        let none_is_asked = all_if(if_none == OnNone::Ask);
        let unknown_stays = all_if(!fault!(UnknownTakenForNo));
        let mut others = 0;
        for at in 0..BLOCK_WORDS {
            let (active, known, unknown) = (active[at], of.known[at], of.unknown[at]);
            let nones = active & !known & !unknown;
            self.yes[at] = self.yes[at] & known & active | nones & none_is_yes;
            self.unknown[at] = (self.unknown[at] & known | unknown & unknown_stays) & active | nones & none_is_unknown;
            self.moves[at] = self.moves[at] & known & active;
            self.ask[at] = nones & none_is_asked;
            others |= self.unknown[at] | self.moves[at] | self.ask[at];
        }
        self.plain = others == 0 || fault!(BlocksTakenForPlain);
    }
}

impl<'r> Leaf<'r> {
    /// Whether only walk can say what comes of a row that has none.
    pub(super) fn may_ask(&self) -> bool {
        matches!(
            self,
            Self::Days { if_none: OnNone::Ask, .. }
                | Self::Numbers { if_none: OnNone::Ask, .. }
                | Self::Code { if_none: OnNone::Ask, .. }
                | Self::Flag { if_none: OnNone::Ask, .. }
                | Self::Utility { if_none: OnNone::Ask, .. }
        )
    }

    /// Whether both test the same for the same.
    pub(super) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Days { of, ends, known_to, if_none },
                Self::Days { of: of2, ends: ends2, known_to: known_to2, if_none: if_none2 },
            ) => of == of2 && (ends, known_to, if_none) == (ends2, known_to2, if_none2),
            (
                Self::Numbers { of, from, to, if_none },
                Self::Numbers { of: of2, from: from2, to: to2, if_none: if_none2 },
            ) => std::ptr::eq(*of, *of2) && (from, to, if_none) == (from2, to2, if_none2),
            (Self::Code { of, equals, if_none }, Self::Code { of: of2, equals: equals2, if_none: if_none2 }) => {
                std::ptr::eq(*of, *of2) && (equals, if_none) == (equals2, if_none2)
            }
            (Self::Flag { of, equals, if_none }, Self::Flag { of: of2, equals: equals2, if_none: if_none2 }) => {
                std::ptr::eq(*of, *of2) && (equals, if_none) == (equals2, if_none2)
            }
            (Self::HasNumber(of), Self::HasNumber(of2)) => std::ptr::eq(*of, *of2),
            (Self::HasDay(of), Self::HasDay(of2)) => std::ptr::eq(*of, *of2),
            (Self::HasCode(of), Self::HasCode(of2)) => std::ptr::eq(*of, *of2),
            (Self::HasFlag(of), Self::HasFlag(of2)) => std::ptr::eq(*of, *of2),
            (Self::Alive(of), Self::Alive(of2)) => std::ptr::eq(*of, *of2),
            _ => false,
        }
    }

    /// Both of two ranges of one day as one, if both move forward only.
    pub(super) fn and(&self, other: &Self) -> Option<Self> {
        let (
            Self::Days { of, ends, known_to: KnownTo::Difference, if_none },
            Self::Days { of: of2, ends: ends2, known_to: KnownTo::Difference, if_none: if_none2 },
        ) = (self, other)
        else {
            return None;
        };
        let ends = (of == of2 && if_none == if_none2).then(|| ends.and(ends2)).flatten()?;
        Some(Self::Days { of: *of, ends, known_to: KnownTo::Difference, if_none: *if_none })
    }

    /// A text of a sorted dictionary.
    pub(super) fn text((of, dictionary): (&'r Column<u32>, &[Arc<str>]), text: &str, if_none: OnNone) -> Self {
        let at = dictionary.binary_search_by(|word| (**word).cmp(text)).ok();
        // a word that nobody has stands at no code
        let equals = at.and_then(|at| u32::try_from(at).ok()).unwrap_or(u32::MAX);
        Self::Code { of, equals, if_none }
    }

    pub(super) fn come(&self, span: Span, active: &Words, into: &mut Block) {
        into.clear();
        match self {
            Self::Days { of, ends, known_to, if_none } => {
                days(of, [ends.now, ends.then], *known_to, *if_none, (span, active, into));
            }
            Self::Numbers { of, from, to, if_none } => {
                let to = to.saturating_sub(i64::from(fault!(LastNumberLeftOut)));
                tested(of, (*from, to), *if_none, (span, active, into));
            }
            Self::Code { of, equals, if_none } => tested(of, (*equals, *equals), *if_none, (span, active, into)),
            Self::Flag { of, equals, if_none } => tested(of, (*equals, *equals), *if_none, (span, active, into)),
            Self::HasNumber(of) => has(of, (span, active, into)),
            Self::HasDay(of) => has(of, (span, active, into)),
            Self::HasCode(of) => has(of, (span, active, into)),
            Self::HasFlag(of) => has(of, (span, active, into)),
            Self::Alive(life) => {
                let of_word = |rows: &[Life]| {
                    let known =
                        packed(rows, |life| matches!(life, Life::Alive | Life::Dead) || fault!(DisputedTakenForDead));
                    (known, packed(rows, |_| true) & !known, packed(rows, |life| life == Life::Alive))
                };
                listed(life, OnNone::Ask, (span, active, into), of_word);
            }
            Self::Utility { of, which, if_none } => {
                let of_word = |rows: &[Utilities]| {
                    let is = |fact: fn(Fact<bool>) -> bool| packed(rows, |row| fact(which(&row)));
                    (
                        is(|fact| matches!(fact, Fact::Known(_))),
                        is(|fact| fact.is_unknown()),
                        is(|fact| fact == Fact::Known(true)),
                    )
                };
                listed(of, *if_none, (span, active, into), of_word);
            }
        }
    }
}

/// What a column has in a row.
fn cell<T: Cell>(of: &Column<T>, row: usize) -> Fact<T> {
    let Some(chunk) = of.chunk(row / CHUNK_ROWS) else { return Fact::Unknown(UnknownReason::NotDelivered) };
    let (row, bit) = (row % CHUNK_ROWS, row % 64);
    match chunk.values.get(row) {
        Some(value) if chunk.known(row / 64) >> bit & 1 == 1 => Fact::Known(value),
        _ if chunk.unknown(row / 64) >> bit & 1 == 1 => Fact::Unknown(UnknownReason::NotDelivered),
        _ => Fact::None,
    }
}

/// What a test of what a row has comes to; `None`: walk is to be asked.
fn tested_alone<T>(of: Fact<T>, if_none: OnNone, test: impl Fn(T) -> bool) -> Option<Truth> {
    match of {
        Fact::Known(value) => Some(Truth::from(test(value))),
        Fact::Unknown(_) => Some(Truth::Unknown),
        Fact::None => if_none.truth(),
    }
}

impl Leaf<'_> {
    /// From and until which day of a pass rows' days lie in the range, if it is a test of days; `None` where that cannot be said.
    pub(super) fn days_within(&self, over: Where<'_>) -> Option<DaysWithin<'_>> {
        let Self::Days { of, ends, .. } = self else { return None };
        let daily = ends.daily([over.on, over.to], over.ground.world.leap_day)?;
        Some(DaysWithin::of(*of, daily))
    }

    /// Hands on what a row comes to from the first day of a pass on, if it is a test of days: each day on which it may turn;
    /// `false`: only walk can say.
    pub(super) fn turns(&self, over: Where<'_>, row: usize, mut each: impl FnMut(i32, Truth)) -> bool {
        let Self::Days { of, ends, known_to, if_none } = self else { return false };
        let is_exact = of.exact.get(row / BLOCK_ROWS).copied().unwrap_or_default();
        let last = |first| if is_exact { first } else { cell(of.last, row).known().unwrap_or(first) };
        match cell(of.first, row).map(|first| [first, last(first)]) {
            Fact::Known(days) if ends.now != ends.then => {
                let pass = (over.day, [over.on, over.to]);
                let turn = |day, range| each(day, stands(days, range, *known_to));
                ends.met(pass, over.ground.world.leap_day, days, turn)
            }
            Fact::Known(days) => {
                each(over.day, stands(days, ends.now, *known_to));
                true
            }
            other => {
                let truth = tested_alone(other, *if_none, |_| false);
                truth.inspect(|truth| each(over.day, *truth)).is_some()
            }
        }
    }

    /// What a row comes to on each day of a pass; `None`: only walk can say.
    pub(super) fn course(&self, over: Where<'_>, row: usize, turns: &mut Turns) -> Option<Course> {
        let truth = match self {
            Self::Days { .. } => {
                let begin = turns.begin();
                return self.turns(over, row, |day, truth| turns.add(begin, day, truth)).then(|| turns.end(begin));
            }
            Self::Numbers { of, from, to, if_none } => {
                tested_alone(cell(of, row), *if_none, |value| (*from..=*to).contains(&value))
            }
            Self::Code { of, equals, if_none } => tested_alone(cell(of, row), *if_none, |code| code == *equals),
            Self::Flag { of, equals, if_none } => tested_alone(cell(of, row), *if_none, |value| value == *equals),
            Self::HasNumber(of) => tested_alone(cell(of, row), OnNone::No, |_| true),
            Self::HasDay(of) => tested_alone(cell(of, row), OnNone::No, |_| true),
            Self::HasCode(of) => tested_alone(cell(of, row), OnNone::No, |_| true),
            Self::HasFlag(of) => tested_alone(cell(of, row), OnNone::No, |_| true),
            Self::Alive(life) => Some(match life.get(row)? {
                Life::Alive => Truth::Yes,
                Life::Dead => Truth::No,
                _ => Truth::Unknown,
            }),
            Self::Utility { of, which, if_none } => tested_alone(which(of.get(row)?), *if_none, |is| is),
        };
        truth.map(Course::Stays)
    }
}

/// Which words of a block, of whom, and what they come to.
type Asked<'b> = (Span, &'b Words, &'b mut Block);

fn tested<T: Cell + Width>(of: &Column<T>, ends: (T, T), if_none: OnNone, (span, active, into): Asked<'_>) {
    let Some(of) = in_chunk(of, span.block) else { return };
    of.within(ends, (span, active), &mut into.yes);
    into.known_of(&of, if_none, (span, active));
}

fn has<T: Cell>(of: &Column<T>, (span, active, into): Asked<'_>) {
    let Some(of) = in_chunk(of, span.block) else { return };
    into.yes = *active;
    into.known_of(&of, OnNone::No, (span, active));
}

impl<T: Cell + Width> InChunk<'_, T> {
    /// Enters which rows have values from the first to the second, both included; what is said of rows that have no value
    /// says nothing.
    fn within(&self, (from, to): (T, T), asked: (Span, &Words), into: &mut Words) {
        match self.chunk.values {
            Values::Wide(values) => within(values, self.first, (from, to), asked, into),
            Values::Shorts { base, offsets } => {
                if let Some(ends) = above(base, from, to) {
                    within(offsets, self.first, ends, asked, into);
                }
            }
            Values::Bytes { base, offsets } => {
                if let Some((from, to)) = above(base, from, to)
                    && let Ok(from) = u8::try_from(from)
                {
                    within(offsets, self.first, (from, u8::try_from(to).unwrap_or(u8::MAX)), asked, into);
                }
            }
        }
    }
}

/// How far the ends of a range lie above a base, the first as far as it can be told; `None`: nothing lies between.
fn above<T: Cell>(base: T, from: T, to: T) -> Option<(u16, u16)> {
    let base = if fault!(BasesForgotten) { T::default() } else { base };
    let from = if from <= base { 0 } else { from.above(base)? };
    let farthest = if fault!(FarEndsLeftOut) { 0 } else { u16::MAX };
    (base <= to).then(|| (from, to.above(base).unwrap_or(farthest)))
}

/// What a number of some width takes to be compared, 16 bytes of them at once.
trait Width: Copy + Ord {
    const LEAST: Self;
    const MOST: Self;

    /// Whether it lies between two, both included.
    fn lies(self, from: Self, to: Self) -> bool;
}

macro_rules! widths {
    ($($of:ident, |$it:ident, $from:ident, $to:ident| $lies:expr;)*) => {
        $(impl Width for $of {
            const LEAST: Self = Self::MIN;
            const MOST: Self = Self::MAX;

            #[inline]
            fn lies(self, $from: Self, $to: Self) -> bool {
                let $it = self;
                $lies
            }
        })*
    };
}

// of numbers without a sign one comparison takes less than two; there is none for the others
widths! {
    u8, |it, from, to| it.wrapping_sub(from) <= to.wrapping_sub(from);
    u16, |it, from, to| it.wrapping_sub(from) <= to.wrapping_sub(from);
    u32, |it, from, to| it.wrapping_sub(from) <= to.wrapping_sub(from);
    i32, |it, from, to| from <= it && it <= to;
    i64, |it, from, to| from <= it && it <= to;
}

/// Enters which of the rows asked about lie between two values, both included.
fn within<T: Width>(values: &[T], first: usize, (from, to): (T, T), asked: (Span, &Words), into: &mut Words) {
    if from > to {
        return;
    }
    // an end less is half the work
    if from == to {
        each_word(values, first, asked, into, |value| value == from);
    } else if from == T::LEAST {
        each_word(values, first, asked, into, |value| value <= to);
    } else if to == T::MOST {
        each_word(values, first, asked, into, |value| from <= value);
    } else {
        each_word(values, first, asked, into, |value| value.lies(from, to));
    }
}

fn each_word<T: Copy>(
    values: &[T],
    first: usize,
    (span, active): (Span, &Words),
    into: &mut Words,
    test: impl Fn(T) -> bool + Copy,
) {
    let values = &values[rows_of(values.len(), first + span.from..first + span.to)];
    let (words, rest) = values.as_chunks::<64>();
    let all = into[span.words()].iter_mut().zip(words);
    if size_of::<T>() > 2 {
        let asked = all.zip(&active[span.words()]).filter(|(_, active)| **active != 0);
        asked.for_each(|((into, rows), _)| *into |= packed(rows, test));
    } else {
        // to test narrow values takes less than to ask whether anybody is asked about
        all.for_each(|(into, rows)| *into |= packed(rows, test));
    }
    if let Some(last) = into.get_mut(span.from + words.len()).filter(|_| !rest.is_empty() && !fault!(LastRowsLeftOut)) {
        *last |= packed(rest, test);
    }
}

fn listed<T>(of: &[T], if_none: OnNone, (span, active, into): Asked<'_>, test: impl Fn(&[T]) -> (u64, u64, u64)) {
    let mut known = KnownRows::NONE;
    for at in span.words() {
        if active[at] != 0 {
            let word = span.block * BLOCK_WORDS + at;
            let rows = &of[rows_of(of.len(), word..word + 1)];
            (known.known[at], known.unknown[at], into.yes[at]) = test(rows);
        }
    }
    into.known(&known, if_none, active);
}

fn days(
    of: &DayColumn<'_>,
    [now, then]: [Range; 2],
    known_to: KnownTo,
    if_none: OnNone,
    (span, active, into): Asked<'_>,
) {
    let (Some(first), Some(last)) = (in_chunk(of.first, span.block), in_chunk(of.last, span.block)) else { return };
    let exact = of.exact.get(span.block).copied().unwrap_or_default() || fault!(PartsTakenForTheirFirstDay);
    if exact {
        let to = now.to.saturating_sub(i32::from(fault!(LastDayLeftOut)));
        first.within((now.from, to), (span, active), &mut into.yes);
        // an end that has moved meets whoever lies between where it was and where it will be
        let next = i32::from(!fault!(EndsMoveADayEarly));
        for (was, is) in [(now.from, then.from), (now.to.saturating_add(next), then.to.saturating_add(next))] {
            if was != is && !fault!(DaysDoNotMove) {
                let met = (was.min(is), was.max(is) - 1);
                into.plain = false;
                first.within(met, (span, active), &mut into.moves);
            }
        }
    } else {
        into.plain = false;
        let words = rows_of(first.chunk.values.len(), first.first + span.from..first.first + span.to);
        let days = (first.chunk.values.of(words.clone()), last.chunk.values.of(words));
        for at in span.words().filter(|at| active[*at] != 0) {
            let rows = rows_of(days.0.len(), at - span.from..at - span.from + 1);
            in_part((&days.0[rows.clone()], &days.1[rows]), [now, then], known_to, into, at);
        }
    }
    into.known_of(&first, if_none, (span, active));
}

/// A word of days of which some are known in part only.
fn in_part((first, last): (&[i32], &[i32]), [now, then]: [Range; 2], known_to: KnownTo, came: &mut Block, at: usize) {
    for (bit, (first, last)) in first.iter().zip(last).enumerate() {
        let days = [*first, *last];
        if !is_known(days, known_to) {
            came.unknown[at] |= 1 << bit;
            continue;
        }
        match lies(days, now) {
            Truth::Yes => came.yes[at] |= 1 << bit,
            Truth::Unknown => came.unknown[at] |= 1 << bit,
            Truth::No => {}
        }
        let met = |day: i32, was: i32, is: i32| (day < was) != (day < is);
        let moves = days
            .into_iter()
            .any(|day| met(day, now.from, then.from) || met(day, now.to.saturating_add(1), then.to.saturating_add(1)));
        came.moves[at] |= u64::from(moves && !fault!(PartsDoNotMove)) << bit;
    }
}

/// How a day that is one of those from the first to the last stands to a range.
fn stands(days: [i32; 2], range: Range, known_to: KnownTo) -> Truth {
    if is_known(days, known_to) || fault!(DaysInPartMeetEnds) { lies(days, range) } else { Truth::Unknown }
}

/// Whether enough is known of a day that is one of those from the first to the last.
fn is_known([first, last]: [i32; 2], known_to: KnownTo) -> bool {
    match known_to {
        KnownTo::Difference => true,
        KnownTo::Day => first == last || fault!(DaysOfPartsCounted),
        KnownTo::Year => first == last || fault!(YearsOfPartsNotCompared) || year_of(first) == year_of(last),
    }
}

/// Whether it lies in a range.
fn lies([first, last]: [i32; 2], range: Range) -> Truth {
    let all = range.from <= first && last <= range.to;
    if all || fault!(PartsTakenForYes) && range.from <= last && first <= range.to {
        return Truth::Yes;
    }
    let none = (last < range.from || range.to < first) && !fault!(PartsNeverDecided);
    if none { Truth::No } else { Truth::Unknown }
}

fn year_of(day: i32) -> i32 {
    chrono::Datelike::year(&ennakko_core::day::day_of_number(day))
}

#[cfg(test)]
mod tests {
    use super::super::node::all;
    use super::*;
    use proptest::prelude::*;

    /// Facts whose values lie so near each other; the same for the same seed (`SplitMix64`).
    fn facts(mut seed: u64, n: usize, reach: u64, holes: bool) -> Vec<Fact<i32>> {
        let mut next = || {
            seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let once = (seed ^ seed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            once ^ once >> 27
        };
        let fact = |dice: u64| match dice >> 60 {
            0 if holes => Fact::None,
            1 if holes => Fact::Unknown(UnknownReason::TooOld),
            _ => Fact::Known(i32::try_from(dice % reach).unwrap() - 100),
        };
        (0..n).map(|_| fact(next())).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_test_says_of_each_row_what_it_says_of_its_value(
            seed: u64,
            n in 1..9_000_usize,
            // a byte a row, two, four
            reach in prop_oneof![Just(1), Just(200), Just(60_000), Just(200_000)],
            holes: bool,
            ends in proptest::array::uniform4(prop_oneof![-102..120_i32, -200..70_000_i32, Just(i32::MIN), Just(i32::MAX - 1)]),
        ) {
            let facts = facts(seed, n, reach, holes);
            let column = Column::of(facts.iter().copied());
            let numbers = Column::of(facts.iter().map(|fact| fact.map(i64::from)));
            let exact = vec![true; n.div_ceil(BLOCK_ROWS)];
            let of = DayColumn { first: &column, last: &column, exact: &exact };
            let [now, then] = [Range { from: ends[0], to: ends[1] }, Range { from: ends[2], to: ends[3] }];
            for block in 0..n.div_ceil(BLOCK_ROWS) {
                let rows = all(n, block);
                let (mut days_came, mut numbers_came) = (Block::NO, Block::NO);
                days(&of, [now, then], KnownTo::Difference, OnNone::Unknown, (Span::whole(block), &rows, &mut days_came));
                let numbers_ends = (now.from.into(), now.to.into());
                tested(&numbers, numbers_ends, OnNone::Yes, (Span::whole(block), &rows, &mut numbers_came));
                let mut plain = true;
                for (at, fact) in facts[block * BLOCK_ROWS..].iter().take(BLOCK_ROWS).enumerate() {
                    let met = |day: i32, was: i32, is: i32| (day < was) != (day < is);
                    let (day, number, moves) = match *fact {
                        Fact::Known(day) => {
                            let truth = Truth::from(now.from <= day && day <= now.to);
                            (truth, truth, met(day, now.from, then.from) || met(day, now.to + 1, then.to + 1))
                        }
                        Fact::None => (Truth::Unknown, Truth::Yes, false),
                        Fact::Unknown(_) => (Truth::Unknown, Truth::Unknown, false),
                    };
                    prop_assert_eq!((days_came.truth(at), days_came.moves(at)), (Some(day), moves), "{:?}", fact);
                    prop_assert_eq!(numbers_came.truth(at), Some(number), "{:?}", fact);
                    plain &= day != Truth::Unknown && !moves;
                }
                prop_assert_eq!(days_came.plain, plain);
            }
        }
    }
}
