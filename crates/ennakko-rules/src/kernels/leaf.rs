//! Tests of one column against what is known before: ranges of days and numbers, sets of texts, flags.

use std::sync::Arc;

use ennakko_core::column::{CHUNK_ROWS, Cell, ChunkView, Column};
use ennakko_core::record::Utilities;
use ennakko_core::register::Life;
use ennakko_core::value::Fact;

use super::block::{BLOCK_ROWS, BLOCK_WORDS, Block, Span, Words, packed};

/// What a test comes to where the column has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnNone {
    No,
    Yes,
    Unknown,
    /// A checked rule never comes here.
    Ask,
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

/// A column of days, perhaps known in part only.
#[derive(Clone)]
pub(super) struct DayColumn<'r> {
    pub(super) first: &'r Column<i32>,
    pub(super) last: &'r Column<i32>,
    /// Of each block, whether every day in it is known to the day.
    pub(super) exact: Arc<[bool]>,
}

impl<'r> DayColumn<'r> {
    pub(super) fn exact_blocks(first: &'r Column<i32>, last: &'r Column<i32>) -> Arc<[bool]> {
        let of_chunk = |(first, last): (ChunkView<'r, i32>, ChunkView<'r, i32>)| {
            let blocks = first.values.chunks(BLOCK_ROWS).zip(last.values.chunks(BLOCK_ROWS));
            blocks.map(|(first, last)| first == last).collect::<Vec<_>>()
        };
        first.chunks().zip(last.chunks()).flat_map(of_chunk).collect()
    }
}

/// A test of one column.
pub(super) enum Leaf<'r> {
    /// A day that lies in a range, today and on the last day of the pass: between, each end moves in one direction only.
    Days {
        of: DayColumn<'r>,
        now: Range,
        then: Range,
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
    /// A code for which this table says yes.
    Codes {
        of: &'r Column<u32>,
        yes: Vec<bool>,
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

/// The chunk of a column that has a block, and the position of the block's first word in it.
fn chunk_of<T: Cell>(column: &Column<T>, block: usize) -> Option<(ChunkView<'_, T>, usize)> {
    let row = block * BLOCK_ROWS;
    column.chunk(row / CHUNK_ROWS).map(|chunk| (chunk, row % CHUNK_ROWS / 64))
}

fn rows<T>(values: &[T], word: usize) -> &[T] {
    let from = values.len().min(word * 64);
    &values[from..values.len().min(from + 64)]
}

/// One word of an answer over a column that may have none or unknown rows.
#[derive(Clone, Copy, Default)]
struct Word {
    yes: u64,
    unknown: u64,
    moves: u64,
}

impl Block {
    fn put(&mut self, at: usize, active: u64, (known, unknown): (u64, u64), if_none: OnNone, word: Word) {
        let nones = active & !known & !unknown;
        let unknown = if fault!(UnknownTakenForNo) { 0 } else { unknown };
        self.yes[at] =
            word.yes & known & active | if if_none == OnNone::Yes && !fault!(NoneTakenForNo) { nones } else { 0 };
        self.unknown[at] =
            (word.unknown & known | unknown) & active | if if_none == OnNone::Unknown { nones } else { 0 };
        self.moves[at] = word.moves & known & active;
        self.ask[at] = if if_none == OnNone::Ask { nones } else { 0 };
    }
}

impl Leaf<'_> {
    /// Whether only walk can say what comes of a row that has none.
    pub(super) fn may_ask(&self) -> bool {
        matches!(
            self,
            Self::Days { if_none: OnNone::Ask, .. }
                | Self::Numbers { if_none: OnNone::Ask, .. }
                | Self::Codes { if_none: OnNone::Ask, .. }
                | Self::Flag { if_none: OnNone::Ask, .. }
                | Self::Utility { if_none: OnNone::Ask, .. }
        )
    }

    pub(super) fn come(&self, span: Span, active: &Words) -> Block {
        match self {
            Self::Days { of, now, then, known_to, if_none } => {
                days(of, [*now, *then], *known_to, *if_none, span, active)
            }
            Self::Numbers { of, from, to, if_none } => {
                let to = to.saturating_sub(i64::from(fault!(LastNumberLeftOut)));
                tested(of, *if_none, span, active, |rows| packed(rows, |value| (*from..=to).contains(&value)))
            }
            Self::Codes { of, yes, if_none } => tested(of, *if_none, span, active, |rows| {
                packed(rows, |code| yes.get(code as usize).copied().unwrap_or_default())
            }),
            Self::Flag { of, equals, if_none } => {
                tested(of, *if_none, span, active, |rows| packed(rows, |value| value == *equals))
            }
            Self::HasNumber(of) => tested(of, OnNone::No, span, active, |_| u64::MAX),
            Self::HasDay(of) => tested(of, OnNone::No, span, active, |_| u64::MAX),
            Self::HasCode(of) => tested(of, OnNone::No, span, active, |_| u64::MAX),
            Self::HasFlag(of) => tested(of, OnNone::No, span, active, |_| u64::MAX),
            Self::Alive(life) => {
                let of_word = |rows: &[Life]| {
                    let known =
                        packed(rows, |life| matches!(life, Life::Alive | Life::Dead) || fault!(DisputedTakenForDead));
                    (known, packed(rows, |_| true) & !known, packed(rows, |life| life == Life::Alive))
                };
                listed(life, OnNone::Ask, span, active, of_word)
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
                listed(of, *if_none, span, active, of_word)
            }
        }
    }
}

fn tested<T: Cell>(of: &Column<T>, if_none: OnNone, span: Span, active: &Words, test: impl Fn(&[T]) -> u64) -> Block {
    let mut block = Block::NO;
    let Some((chunk, first)) = chunk_of(of, span.block) else { return block };
    for at in span.words().filter(|at| active[*at] != 0) {
        let known = chunk.known(first + at);
        let word = Word { yes: test(rows(chunk.values, first + at)), ..Word::default() };
        block.put(at, active[at], (known, chunk.unknown(first + at)), if_none, word);
    }
    block
}

fn listed<T>(of: &[T], if_none: OnNone, span: Span, active: &Words, test: impl Fn(&[T]) -> (u64, u64, u64)) -> Block {
    let mut block = Block::NO;
    for at in span.words().filter(|at| active[*at] != 0) {
        let (known, unknown, yes) = test(rows(of, span.block * BLOCK_WORDS + at));
        block.put(at, active[at], (known, unknown), if_none, Word { yes, ..Word::default() });
    }
    block
}

fn days(
    of: &DayColumn<'_>,
    [now, then]: [Range; 2],
    known_to: KnownTo,
    if_none: OnNone,
    span: Span,
    active: &Words,
) -> Block {
    let mut block = Block::NO;
    let Some((first, at_first)) = chunk_of(of.first, span.block) else { return block };
    let Some((last, _)) = chunk_of(of.last, span.block) else { return block };
    let exact = of.exact.get(span.block).copied().unwrap_or_default() || fault!(PartsTakenForTheirFirstDay);
    for at in span.words().filter(|at| active[*at] != 0) {
        let firsts = rows(first.values, at_first + at);
        let word = if exact {
            exactly(firsts, now, then)
        } else {
            in_part(firsts, rows(last.values, at_first + at), [now, then], known_to)
        };
        let known = (first.known(at_first + at), first.unknown(at_first + at));
        block.put(at, active[at], known, if_none, word);
    }
    block
}

fn exactly(days: &[i32], now: Range, then: Range) -> Word {
    let within = |from: i32, to: i32| packed(days, |day| from <= day && day <= to);
    let yes = within(now.from, now.to.saturating_sub(i32::from(fault!(LastDayLeftOut))));
    // an end that has moved meets whoever lies between where it was and where it will be
    let met = |was: i32, is: i32| {
        if was == is || fault!(DaysDoNotMove) { 0 } else { packed(days, |day| (day < was) != (day < is)) }
    };
    let next = i32::from(!fault!(EndsMoveADayEarly));
    let moves = met(now.from, then.from) | met(now.to.saturating_add(next), then.to.saturating_add(next));
    Word { yes, unknown: 0, moves }
}

fn in_part(first: &[i32], last: &[i32], [now, then]: [Range; 2], known_to: KnownTo) -> Word {
    let mut word = Word::default();
    for (bit, (first, last)) in first.iter().zip(last).enumerate() {
        let known = match known_to {
            KnownTo::Difference => true,
            KnownTo::Day => first == last || fault!(DaysOfPartsCounted),
            KnownTo::Year => first == last || fault!(YearsOfPartsNotCompared) || year_of(*first) == year_of(*last),
        };
        if !known {
            word.unknown |= 1 << bit;
            continue;
        }
        let yes =
            now.from <= *first && *last <= now.to || fault!(PartsTakenForYes) && now.from <= *last && *first <= now.to;
        let no = (*last < now.from || now.to < *first) && !fault!(PartsNeverDecided);
        word.yes |= u64::from(yes) << bit;
        word.unknown |= u64::from(!yes && !no) << bit;
        let met = |day: i32, was: i32, is: i32| (day < was) != (day < is);
        let moves = [*first, *last]
            .into_iter()
            .any(|day| met(day, now.from, then.from) || met(day, now.to.saturating_add(1), then.to.saturating_add(1)));
        word.moves |= u64::from(moves && !fault!(PartsDoNotMove)) << bit;
    }
    word
}

fn year_of(day: i32) -> i32 {
    chrono::Datelike::year(&ennakko_core::day::day_of_number(day))
}
