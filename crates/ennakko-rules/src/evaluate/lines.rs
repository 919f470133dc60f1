//! What the lines of a rule come to for members of a cohort, a block of rows at a time: masks for the first day, and of lines
//! that move the days on which they turn.

use chrono::NaiveDate;
use ennakko_core::day::day_number;
use ennakko_core::trace::Part;
use ennakko_core::{OutcomeCode, Truth};

use super::judge::Today;
use super::scan::Scan;
use super::window::{Bits, Spell};
use super::{AtIssue, Evaluator, Version, Versions};
use crate::kernels::{self, BLOCK_ROWS, Block, Pass, Turn, Turns, Words};
use crate::walk::Days;

/// Not entitled, or has it already, whatever the ledger says.
#[derive(Clone, Copy)]
pub(super) struct Settled {
    pub(super) code: OutcomeCode,
    pub(super) mask: u64,
    /// The first day on which it was evaluated, and the last, excluded, before which it stays.
    pub(super) days: Days,
}

/// What a member's lines come to, a bit for each line.
#[derive(Clone, Copy)]
pub(super) struct Lines<'s> {
    no: u64,
    unknown: u64,
    /// Those that may come to something else; those of which only walk can say.
    moves: u64,
    ask: u64,
    /// Those that move, as far as columns say when.
    over_days: Option<&'s OverDays>,
    /// The conditions among the lines.
    conditions: u64,
    /// The day they were evaluated on, and before which they stay.
    pub(super) days: Days,
    /// Whether a line that moves is to be asked of walk even on the day itself, where columns do not say for how long.
    pub(super) lasting: bool,
    /// Whether conditions are told by columns alone, so that before their last day no table of theirs has another row.
    pub(super) by_columns: bool,
}

/// What lines of a member come to on each of the days looked at.
#[derive(Default)]
pub(super) struct OverDays {
    /// Lines, each with the place where its turns end.
    lines: Vec<(usize, usize)>,
    turns: Vec<(NaiveDate, Truth)>,
    room: Turns,
}

impl OverDays {
    fn clear(&mut self) {
        self.lines.clear();
        self.turns.clear();
    }

    /// Works out one more line, if columns say when it is what.
    fn add(&mut self, line: usize, pass: &Pass<'_>, (row, first): (usize, NaiveDate)) {
        let begin = self.turns.len();
        let turns = &mut self.turns;
        let mut enter = |turn: Turn| {
            let from = if turns.len() == begin { first } else { turn.from() };
            turns.push((from, turn.truth));
        };
        if pass.turns(row, &mut self.room, &mut enter) {
            self.lines.push((line, self.turns.len()));
        } else {
            self.turns.truncate(begin);
        }
    }

    /// What a line is on a day, and the days on which it is that, of all days looked at.
    fn truth(&self, line: usize, on: NaiveDate, all: Days) -> Option<Spell<Truth>> {
        let at = self.lines.iter().position(|(of, _)| *of == line)?;
        let begin = at.checked_sub(1).map_or(0, |before| self.lines[before].1);
        let turns = self.turns.get(begin..self.lines[at].1)?;
        let at = turns.partition_point(|(from, _)| *from <= on).checked_sub(1)?;
        let next = turns.get(at + 1).filter(|_| !fault!(TurnsNotTaken));
        let (from, value) = turns[at];
        Some(Spell { days: Days { from, to: next.map_or(all.to, |(next, _)| *next) }, value })
    }
}

impl Lines<'_> {
    /// What some lines come to on a day, if walk need not be asked for any.
    pub(super) fn all(&self, mask: u64, on: NaiveDate) -> Option<Spell<Bits>> {
        if mask & self.ask != 0 || !self.days.has(on) {
            return None;
        }
        let value = Bits { no: self.no & mask, unknown: self.unknown & mask, evaluated: mask };
        let moves = mask & self.moves;
        if moves == 0 {
            return Some(Spell { days: self.days, value });
        }
        if let Some(spell) = self.moved(value, moves, on) {
            return Some(spell);
        }
        if self.lasting || on != self.days.from {
            return None;
        }
        Some(Spell { days: Days::one(on), value })
    }

    /// The same, of lines some of which move.
    fn moved(&self, mut value: Bits, moves: u64, on: NaiveDate) -> Option<Spell<Bits>> {
        let over_days = self.over_days?;
        let mut days = self.days;
        for line in kernels::bits_of(moves) {
            let spell = over_days.truth(line, on, self.days)?;
            (value.no, value.unknown) = (value.no & !(1 << line), value.unknown & !(1 << line));
            value.set(line, spell.value);
            days = days.and(spell.days);
        }
        Some(Spell { days, value })
    }

    /// What a line comes to on a day; `None` where walk is to be asked.
    pub(super) fn truth(&self, bit: usize, on: NaiveDate) -> Option<Spell<Truth>> {
        let Spell { days, value } = self.all(1 << bit, on)?;
        let value = match (value.no, value.unknown) {
            (0, 0) => Truth::Yes,
            (0, _) => Truth::Unknown,
            _ => Truth::No,
        };
        Some(Spell { days, value })
    }

    /// Whether some condition is no on each of some days, and walk need not be asked for any of the first.
    pub(super) fn never_hold(&self, first: NaiveDate, last: NaiveDate) -> bool {
        let steady_no = self.conditions & self.no & !self.moves;
        self.days.from == first && last <= self.days.to && self.conditions & self.ask == 0 && steady_no != 0
    }

    /// What some lines come to on the first day, if it is known for how long.
    pub(super) fn steady(&self, mask: u64) -> Option<Spell<Bits>> {
        let told = |line: usize| self.over_days.is_some_and(|over| over.lines.iter().any(|(of, _)| *of == line));
        let is_told = kernels::bits_of(mask & self.moves).all(told);
        is_told.then(|| self.all(mask, self.days.from)).flatten()
    }
}

/// Parts of a rule that have lines, in the order of their numbers.
pub(super) const PARTS: [Part; 4] = [Part::Condition, Part::Already, Part::Officer, Part::Sanity];

/// The lines of a rule over everybody of a kind.
pub(super) struct LinePasses<'r> {
    pub(super) passes: Vec<Pass<'r>>,
    /// Positions of the lines of each part.
    of_part: [Vec<usize>; 4],
    conditions: u64,
    /// The lines of which one that holds speaks against an offer.
    against: u64,
    /// The first day looked at, and the day before which nothing but rows themselves changes an answer.
    days: Days,
    /// The first day of the window, and the last, excluded, as numbers.
    window: (i32, i32),
    /// Whether that is the whole window, so that a no that stays is a no for good.
    whole: bool,
    lasting: bool,
    by_columns: bool,
}

/// What somebody waits for of whom a condition is no.
pub(super) enum Waiting {
    /// A day, as a number, from which every condition holds.
    For(i32),
    /// On no day of the window all of them do.
    InVain,
}

/// What lines come to in a block.
pub(super) struct LineBlocks {
    came: Vec<Block>,
    not_entitled: Words,
    has_already: Words,
    /// Every line speaks for an offer today.
    clear: Words,
    /// Conditions that are no today may turn, and everything else speaks for an offer as long as is looked at.
    waits: Words,
    /// Of conditions those that are no, of lines of `already` those that are yes, in the order of these lines.
    names: [Vec<Words>; 2],
}

impl LineBlocks {
    pub(super) fn of(n_lines: usize) -> Self {
        let none = [0; 64];
        let names = [Vec::new(), Vec::new()];
        Self { came: vec![Block::NO; n_lines], not_entitled: none, has_already: none, clear: none, waits: none, names }
    }

    /// Of a word, those who are settled, and those for whom every line speaks, now or later, if one day is all that is asked.
    pub(super) fn in_runs(&self, word: usize, lasting: bool) -> u64 {
        self.settled(word) | if lasting { 0 } else { self.clear[word] | self.waits[word] }
    }

    /// Those of a word who are settled.
    #[inline]
    pub(super) fn settled(&self, word: usize) -> u64 {
        self.not_entitled[word] | self.has_already[word]
    }

    /// Those of a word for whom every line may come to speak.
    #[inline]
    pub(super) fn waits(&self, word: usize) -> u64 {
        self.waits[word]
    }
}

impl LinePasses<'_> {
    /// What lines come to for the members in a block. Those who are not entitled are asked for conditions alone.
    pub(super) fn block(&self, block: usize, members: &Words, of: &mut LineBlocks) {
        (of.not_entitled, of.has_already, of.clear, of.waits) = ([0; 64], [0; 64], *members, [0; 64]);
        let mut waits = if self.tells_of_waiting() { *members } else { [0; 64] };
        of.names.iter_mut().for_each(Vec::clear);
        let (mut no, mut steady_no, mut moves, mut ask) = ([0_u64; 64], [0_u64; 64], [0_u64; 64], [0_u64; 64]);
        for (bit, pass) in self.of_part(Part::Condition) {
            pass.put(block, members, &mut of.came[bit]);
            let came = &of.came[bit];
            let mut names = [0; 64];
            for at in 0..64 {
                let asked = if fault!(StopsOfLinesForgotten) { 0 } else { came.ask[at] };
                let stays = if fault!(LinesStayForever) { u64::MAX } else { !came.moves[at] };
                let is_no = members[at] & !came.yes[at] & !came.unknown[at] & !came.ask[at];
                names[at] = is_no;
                no[at] |= is_no;
                steady_no[at] |= is_no & stays;
                moves[at] |= !stays & members[at];
                ask[at] |= asked & members[at];
                of.clear[at] &= came.yes[at] & !came.ask[at];
                waits[at] &= !(came.unknown[at] | came.ask[at]);
            }
            of.names[0].push(names);
        }
        let mut open = *members;
        for at in 0..64 {
            let surely_no = if self.lasting { no[at] & !moves[at] } else { steady_no[at] };
            of.not_entitled[at] = if self.whole { surely_no & !ask[at] & members[at] } else { 0 };
            open[at] &= !of.not_entitled[at];
            waits[at] &= open[at] & no[at];
        }
        if kernels::is_empty(&open) {
            return;
        }
        let mut has = [0_u64; 64];
        for (bit, pass) in self.of_part(Part::Already) {
            pass.put(block, &open, &mut of.came[bit]);
            let came = &of.came[bit];
            for at in 0..64 {
                let unknown = if fault!(UnknownHadTakenForHad) { came.unknown[at] } else { 0 };
                has[at] |= open[at] & (came.yes[at] | unknown);
                moves[at] |= if fault!(LinesStayForever) { 0 } else { came.moves[at] };
                ask[at] |= if fault!(StopsOfLinesForgotten) { 0 } else { came.ask[at] };
                let fails = !(came.yes[at] | came.unknown[at] | came.ask[at]);
                of.clear[at] &= fails;
                waits[at] &= if fault!(WaitersHaveNothing) { u64::MAX } else { fails & !came.moves[at] };
            }
            of.names[1].push(came.yes);
        }
        for at in 0..64 {
            let moves = if self.lasting { moves[at] } else { 0 };
            of.has_already[at] = has[at] & !no[at] & !moves & !ask[at];
            open[at] &= !of.has_already[at];
        }
        if kernels::is_empty(&open) {
            return;
        }
        for part in [Part::Officer, Part::Sanity] {
            for (bit, pass) in self.of_part(part) {
                pass.put(block, &open, &mut of.came[bit]);
                let came = &of.came[bit];
                for (at, clear) in of.clear.iter_mut().enumerate() {
                    let holds = came.yes[at] & !came.ask[at];
                    let fails = !(came.yes[at] | came.unknown[at] | came.ask[at]);
                    let speaks = if part == Part::Sanity { holds } else { fails };
                    *clear &= speaks;
                    waits[at] &= speaks & !came.moves[at];
                }
            }
        }
        of.waits = waits;
    }

    /// Whether columns alone say on which day a condition turns, and nothing but rows themselves changes an answer before the
    /// window ends.
    fn tells_of_waiting(&self) -> bool {
        self.by_columns && self.whole && !self.lasting
    }

    /// The first day, after the first, on which every condition holds of somebody who waits for some; `None` where that is to
    /// be found out otherwise.
    pub(super) fn waits_for(&self, of: &LineBlocks, (block, row): (usize, usize), room: &mut Turns) -> Option<Waiting> {
        let moving = self.of_part(Part::Condition).filter(|(line, _)| of.came[*line].moves(row)).map(|(_, pass)| pass);
        let mut found = None;
        let first = fault!(WaitersNeedOneCondition).then_some(1);
        let moving = moving.take(first.unwrap_or(usize::MAX));
        let told = Pass::turns_of_all(moving, Truth::Yes, block * BLOCK_ROWS + row, room, |turn| {
            if turn.truth != Truth::No {
                found.get_or_insert(turn);
            }
        });
        match found {
            _ if !told => None,
            Some(Turn { day, truth: Truth::Yes }) if day < self.window.1 => Some(Waiting::For(day)),
            Some(Turn { day, .. }) if day < self.window.1 => None,
            _ => Some(Waiting::InVain),
        }
    }

    /// Names of the conditions that are no of a member in a row of a block.
    pub(super) fn conditions_not_met(&self, of: &LineBlocks, row: usize) -> u64 {
        let names = self.of_part[Part::Condition as usize].iter().zip(&of.names[Part::Condition as usize]);
        names.fold(0, |mask, (line, names)| mask | (names[row / 64] >> (row % 64) & 1) << line)
    }

    fn of_part(&self, part: Part) -> impl Iterator<Item = (usize, &Pass<'_>)> {
        self.of_part[part as usize].iter().map(|line| (*line, &self.passes[*line]))
    }

    /// What the lines of a member in a row of a block decide alone, if they do.
    #[inline]
    pub(super) fn settled(&self, of: &LineBlocks, row: usize) -> Option<Settled> {
        let (word, bit) = (row / 64, row % 64);
        let is = |words: &Words| words[word] >> bit & 1;
        let (code, part) = if is(&of.not_entitled) == 1 {
            (OutcomeCode::NotEntitled, Part::Condition)
        } else if is(&of.has_already) == 1 {
            (OutcomeCode::HasAlready, Part::Already)
        } else {
            return None;
        };
        let names = self.of_part[part as usize].iter().zip(&of.names[part as usize]);
        let mask = names.fold(0, |mask, (line, names)| mask | is(names) << line);
        Some(Settled { code, mask, days: self.days })
    }

    /// Those among some of a word who are settled, together where their outcome and its names are the same.
    #[inline]
    pub(super) fn settled_of(
        &self,
        of: &LineBlocks,
        word: usize,
        bits: u64,
        mut each: impl FnMut(OutcomeCode, u64, u64),
    ) {
        let parts = [
            (OutcomeCode::NotEntitled, Part::Condition, of.not_entitled[word]),
            (OutcomeCode::HasAlready, Part::Already, of.has_already[word]),
        ];
        for (code, part, settled) in parts {
            let mut left = bits & settled;
            while left != 0 {
                let (first, mut same, mut mask) = (left.trailing_zeros(), left, 0);
                for (line, names) in self.of_part[part as usize].iter().zip(&of.names[part as usize]) {
                    let is = names[word] >> first & 1;
                    // all who have this name, or all who do not
                    same &= names[word] ^ is.wrapping_sub(1);
                    mask |= is << line;
                }
                each(code, mask, same);
                left &= !same;
            }
        }
    }

    /// The day on which lines are evaluated first.
    pub(super) fn first(&self) -> NaiveDate {
        self.days.from
    }

    /// The same, as a number.
    pub(super) fn first_number(&self) -> i32 {
        self.window.0
    }

    /// Every line speaks for an offer on the first day.
    pub(super) fn clear(&self) -> Lines<'static> {
        let Self { conditions, days, lasting, by_columns, .. } = *self;
        let (unknown, moves, ask, over_days) = (0, 0, 0, None);
        let (no, days) = (self.against, Days::one(days.from));
        Lines { no, unknown, moves, ask, over_days, conditions, days, lasting, by_columns }
    }

    /// What the lines of a member in a row of a block come to, who is in no run.
    pub(super) fn lines<'o>(
        &self,
        of: &LineBlocks,
        (block, row): (usize, usize),
        over_days: &'o mut OverDays,
    ) -> Lines<'o> {
        let (word, bit) = (row / 64, row % 64);
        let is = |words: &Words| words[word] >> bit & 1;
        let Self { conditions, days, lasting, by_columns, .. } = *self;
        let (no, unknown, moves, ask) = (0, 0, 0, 0);
        let mut lines = Lines { no, unknown, moves, ask, over_days: None, conditions, days, lasting, by_columns };
        for (line, came) in of.came.iter().enumerate() {
            let (yes, unknown, ask) = (is(&came.yes), is(&came.unknown), is(&came.ask));
            lines.no |= (1 & !(yes | unknown | ask)) << line;
            lines.unknown |= (unknown & !yes & !ask) << line;
            lines.moves |= if fault!(LinesStayForever) { 0 } else { is(&came.moves) << line };
            lines.ask |= if fault!(StopsOfLinesForgotten) { 0 } else { ask << line };
        }
        // of one day it matters when lines move only to those who must wait
        if lines.moves != 0 && (lasting || lines.no & conditions != 0) {
            over_days.clear();
            for line in kernels::bits_of(lines.moves & !lines.ask) {
                over_days.add(line, &self.passes[line], (block * BLOCK_ROWS + row, days.from));
            }
            lines.over_days = Some(over_days);
        }
        lines
    }
}

impl Evaluator<'_> {
    /// The lines of the rule, where they can be looked at over days.
    pub(super) fn line_passes<'e>(
        &'e self,
        versions: Versions<'e>,
        scan: Scan<'_>,
        at: &'e AtIssue,
    ) -> Option<LinePasses<'e>> {
        let Version { rule, number, .. } = versions.at(at.version);
        let (first, last) = Today::of(scan.day).window(&at.occasion);
        if last <= first {
            return None;
        }
        let over = self.over(scan.kind, first, last, Some(at));
        let passes: Vec<Pass<'_>> = rule.lines.iter().map(|line| Pass::of(&line.test, over)).collect();
        let until = passes.iter().map(|pass| pass.until).min().unwrap_or(last);
        let days = Days { from: first, to: until };
        let of_part = PARTS.map(|part| (0..rule.lines.len()).filter(|line| rule.lines[*line].part == part).collect());
        let [conditions, already, officer, _] = self.numbers.of_version[number].lines;
        let against = already | officer;
        let (whole, lasting) = (last <= until, scan.lasting);
        let window = (day_number(first), day_number(last));
        let mut of_conditions = rule.lines.iter().zip(&passes).filter(|(line, _)| line.part == Part::Condition);
        let by_columns = of_conditions.all(|(_, pass)| pass.by_row().is_empty() && !pass.has_vectors());
        (first < until).then_some(LinePasses {
            passes,
            of_part,
            conditions,
            against,
            days,
            window,
            whole,
            lasting,
            by_columns,
        })
    }
}
