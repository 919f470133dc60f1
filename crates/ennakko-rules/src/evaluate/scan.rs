//! Everybody of a kind at once, by kernels: who is of a rule's cohort, and what its lines come to for them.
//!
//! A scan says nothing that walk would not: whoever may come to something else on a later day, or of whom only walk can
//! say, is left to be looked at one by one.

use chrono::{Days as Span, NaiveDate};
use ennakko_core::OutcomeCode;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::register::SubjectRow;

use super::cohort::For;
use super::lines::{LineBlocks, LinePasses, Lines, OverDays, Settled, Waiting};
use super::parts::RowsOfPart;
use super::{AtIssue, By, Evaluator, Issue, Versions};
use crate::kernels::{self, BLOCK_ROWS, Block, Pass, Turns, Words};
use crate::outcomes::NotRun;
use crate::walk::Days;

/// For how many days a scan says who stays outside a cohort.
pub(super) const SCAN_DAYS: u64 = 400;

/// What is scanned for.
#[derive(Clone, Copy)]
pub(super) struct Scan<'s> {
    pub(super) kind: SubjectKind,
    /// The occasion at issue, where it is everybody's.
    pub(super) everybodys: Option<&'s Issue>,
    pub(super) day: NaiveDate,
    pub(super) purpose: For,
    /// Whether what is told must hold for as long as is said; else it is told of the day alone.
    pub(super) lasting: bool,
}

/// What a scan tells of somebody who may be of a cohort.
pub(super) enum Told<'s> {
    /// Nothing: they are to be looked at.
    Nothing,
    /// They are of the cohort of an occasion, and stay in it before a day; their lines, if kernels were asked for them.
    Member { at: &'s AtIssue, until: NaiveDate, lines: Option<Lines<'s>> },
    /// The same, and what their lines alone decide.
    Settled { at: &'s AtIssue, until: NaiveDate, settled: Settled },
}

/// Of whom a scan tells.
pub(super) enum Heard<'s> {
    One(SubjectRow, Told<'s>),
    /// Several who follow one another.
    Run(Run<'s>),
}

/// Members of a cohort who follow one another, with nobody between: each settled, or with every line speaking for an offer, now
/// or later.
pub(super) struct Run<'s> {
    pub(super) at: &'s AtIssue,
    until: NaiveDate,
    pub(super) kind: SubjectKind,
    passes: &'s LinePasses<'s>,
    of: &'s LineBlocks,
    /// Rows of a word of a block.
    word: (usize, usize),
    pub(super) bits: u64,
}

/// Somebody in a run.
pub(super) enum InRun {
    Settled(Settled),
    /// Every line speaks for an offer.
    Clear,
    /// Every line may come to, in a row of the word.
    Waits(usize),
}

impl Run<'_> {
    /// Everybody in it.
    #[inline]
    pub(super) fn each<E>(&self, mut each: impl FnMut(SubjectRow, InRun) -> Result<(), E>) -> Result<(), E> {
        let (block, word) = self.word;
        for bit in kernels::bits_of(self.bits) {
            let row = word * 64 + bit;
            let Some(subject) = kernels::subject(self.kind, block * BLOCK_ROWS + row) else { continue };
            let of = match self.passes.settled(self.of, row) {
                Some(settled) => InRun::Settled(settled),
                None if self.waits() >> bit & 1 == 1 => InRun::Waits(bit),
                None => InRun::Clear,
            };
            each(subject, of)?;
        }
        Ok(())
    }

    /// The row of the lowest bit.
    #[inline]
    pub(super) fn first(&self) -> usize {
        let (block, word) = self.word;
        block * BLOCK_ROWS + word * 64
    }

    /// Whether there is somebody for whom every line speaks now.
    #[inline]
    pub(super) fn has_clear(&self) -> bool {
        self.bits & !self.of.settled(self.word.1) & !self.waits() != 0
    }

    /// Those for whom every line may come to speak.
    #[inline]
    pub(super) fn waits(&self) -> u64 {
        self.bits & self.of.waits(self.word.1)
    }

    /// What one of them waits for; `None` where that is to be found out otherwise.
    #[inline]
    pub(super) fn waits_for(&self, bit: usize, room: &mut Turns) -> Option<Waiting> {
        self.passes.waits_for(self.of, (self.word.0, self.word.1 * 64 + bit), room)
    }

    /// Conditions that are no of one of them.
    pub(super) fn conditions_not_met(&self, bit: usize) -> u64 {
        self.passes.conditions_not_met(self.of, self.word.1 * 64 + bit)
    }

    /// What the lines of somebody come to.
    pub(super) fn lines<'o>(&self, bit: usize, over_days: &'o mut OverDays) -> Lines<'o> {
        self.passes.lines(self.of, (self.word.0, self.word.1 * 64 + bit), over_days)
    }

    /// Those who are settled, together where their outcome and its names are the same.
    #[inline]
    pub(super) fn settled(&self, each: impl FnMut(OutcomeCode, u64, u64)) {
        self.passes.settled_of(self.of, self.word.1, self.bits, each);
    }

    /// What lines come to of those for whom every line speaks.
    pub(super) fn clear(&self) -> Lines<'static> {
        self.passes.clear()
    }

    /// The day on which lines were evaluated first.
    pub(super) fn on(&self) -> NaiveDate {
        self.passes.first()
    }

    /// The same, as a number.
    pub(super) fn on_number(&self) -> i32 {
        self.passes.first_number()
    }
}

impl Heard<'_> {
    /// One by one.
    pub(super) fn each(self, mut each: impl FnMut(SubjectRow, Told<'_>) -> Result<(), NotRun>) -> Result<(), NotRun> {
        match self {
            Self::One(subject, told) => each(subject, told),
            Self::Run(run) => {
                let (at, until) = (run.at, run.until);
                run.each(|subject, of| match of {
                    InRun::Settled(settled) => each(subject, Told::Settled { at, until, settled }),
                    InRun::Clear => each(subject, Told::Member { at, until, lines: Some(run.clear()) }),
                    InRun::Waits(_) => each(subject, Told::Nothing),
                })
            }
        }
    }
}

impl Evaluator<'_> {
    /// Tells of everybody who need be looked at on a day and after, in the register's order. Returns the day on which everybody
    /// is to be looked at again, the others being outside the cohort until then; `None` where kernels are not asked.
    pub(super) fn scan(
        &self,
        versions: Versions<'_>,
        scan: Scan<'_>,
        mut each: impl FnMut(Heard<'_>) -> Result<(), NotRun>,
    ) -> Result<Option<NaiveDate>, NotRun> {
        if self.by != By::Kernels {
            return Ok(None);
        }
        let Some(to) = scan.day.checked_add_days(Span::new(SCAN_DAYS)) else { return Ok(None) };
        match scan.everybodys {
            None => self.scan_occasions(versions, scan, to, each),
            Some(Issue::At(at)) => self.scan_cohort(versions, scan, at, to, &mut each),
            Some(Issue::None | Issue::Unknown(_)) => Ok(None),
        }
    }

    pub(super) fn over<'e>(
        &'e self,
        kind: SubjectKind,
        on: NaiveDate,
        to: NaiveDate,
        at: Option<&'e AtIssue>,
    ) -> kernels::Over<'e> {
        kernels::Over { ground: &self.ground, kind, on, to, occasion: at.map(|at| &at.occasion), few: false }
    }

    /// Subjects of a block: not dead, with a record.
    pub(super) fn living(&self, kind: SubjectKind, block: usize, rows: &Words) -> Words {
        if kind != SubjectKind::Resident {
            return *rows;
        }
        let columns = self.ground.world.register.columns();
        if fault!(DeadPeopleScanned) {
            return *rows;
        }
        let mut rows = *rows;
        for (word, living) in rows.iter_mut().zip(columns.living().iter().skip(block * BLOCK_ROWS / 64)) {
            *word &= living;
        }
        rows
    }

    /// Who may be of the cohort of everybody's occasion, and what the lines come to for those who stay in it.
    fn scan_cohort(
        &self,
        versions: Versions<'_>,
        scan: Scan<'_>,
        at: &AtIssue,
        to: NaiveDate,
        each: &mut impl FnMut(Heard<'_>) -> Result<(), NotRun>,
    ) -> Result<Option<NaiveDate>, NotRun> {
        let Scan { kind, day, .. } = scan;
        // of one day alone it does not matter who leaves the cohort when
        let to = if scan.lasting { to } else { Days::one(day).to };
        let Some(first) = kernels::subject(kind, 0) else { return Ok(None) };
        let until = self.issue_until(versions, first, day, &Issue::At(at.clone()));
        let rule = versions.at(at.version).rule;
        let over = self.over(kind, day, to, Some(at));
        let pass = match &rule.cohort {
            Some(cohort) => Pass::of_steps(&cohort.steps, over),
            None => Pass::of_everybody(over),
        };
        let until = if fault!(ScansLastForever) { to } else { until.min(pass.until) };
        let lines = if scan.purpose == For::Outcomes { self.line_passes(versions, scan, at) } else { None };
        let known = if day < until { u64::MAX } else { 0 };
        let rows = self.rows(kind);
        let mut over_days = OverDays::default();
        let mut came = Block::NO;
        let mut of_lines = LineBlocks::of(lines.as_ref().map_or(0, |lines| lines.passes.len()));
        for block in rows.blocks() {
            let living = self.living(kind, block, &rows.of_block(block));
            if kernels::is_empty(&living) {
                continue;
            }
            pass.put(block, &living, &mut came);
            let (mut awake, mut stays) = ([0_u64; 64], [0_u64; 64]);
            for (word, living) in living.iter().enumerate() {
                let unknown = if fault!(ScansLoseTheUnknown) { 0 } else { came.unknown[word] };
                let moves = if fault!(ScansLoseWhoMoves) { 0 } else { came.moves[word] };
                awake[word] = living & (came.yes[word] | unknown | moves | came.ask[word]);
                let leaves = if fault!(MembersStayForever) { 0 } else { came.moves[word] };
                stays[word] = known & awake[word] & !leaves & !came.ask[word] & (came.yes[word] | came.unknown[word]);
            }
            if kernels::is_empty(&awake) {
                continue;
            }
            if let Some(lines) = &lines {
                lines.block(block, &stays, &mut of_lines);
            }
            for (word, awake) in awake.into_iter().enumerate() {
                let in_runs = if lines.is_some() { of_lines.in_runs(word, scan.lasting) & stays[word] } else { 0 };
                let mut left = awake;
                while left != 0 {
                    let bit = left.trailing_zeros() as usize;
                    // everybody before the next who is not of a run
                    let others = left & !in_runs;
                    let run = left & (others & others.wrapping_neg()).wrapping_sub(1);
                    if let Some(passes) = lines.as_ref().filter(|_| run != 0) {
                        let word = (block, word);
                        each(Heard::Run(Run { at, until, kind, passes, of: &of_lines, word, bits: run }))?;
                        left &= !run;
                        continue;
                    }
                    left &= left - 1;
                    let row = word * 64 + bit;
                    let Some(subject) = kernels::subject(kind, block * BLOCK_ROWS + row) else { continue };
                    let told = match &lines {
                        _ if stays[word] >> bit & 1 == 0 => Told::Nothing,
                        Some(lines) => {
                            let lines = Some(lines.lines(&of_lines, (block, row), &mut over_days));
                            Told::Member { at, until, lines }
                        }
                        None => Told::Member { at, until, lines: None },
                    };
                    each(Heard::One(subject, told))?;
                }
            }
        }
        Ok(Some(until))
    }

    /// Who may have an occasion of their own within the days of a scan.
    fn scan_occasions(
        &self,
        versions: Versions<'_>,
        Scan { kind, day, .. }: Scan<'_>,
        to: NaiveDate,
        mut each: impl FnMut(Heard<'_>) -> Result<(), NotRun>,
    ) -> Result<Option<NaiveDate>, NotRun> {
        let pass = |version: super::Version<'_>| {
            Pass::of_own_occasion(&version.rule.occasion.steps, self.over(kind, day, to, None))
        };
        let Some(passes) = versions.iter().map(pass).collect::<Option<Vec<Pass<'_>>>>() else { return Ok(None) };
        let Some(until) = passes.iter().map(|pass| pass.until).min() else { return Ok(None) };
        let rows = self.rows(kind);
        for block in rows.blocks() {
            let living = self.living(kind, block, &rows.of_block(block));
            let mut awake = [0; 64];
            for pass in &passes {
                let came = pass.block(block, &living);
                for (word, bits) in awake.iter_mut().enumerate() {
                    let unknown = if fault!(OccasionsInPartForgotten) { 0 } else { came.unknown[word] };
                    *bits |= living[word] & (came.yes[word] | unknown | came.ask[word]);
                }
            }
            for row in kernels::rows_of(&awake, block) {
                if let Some(subject) = kernels::subject(kind, row) {
                    each(Heard::One(subject, Told::Nothing))?;
                }
            }
        }
        Ok(Some(until.min(to)))
    }
}

impl RowsOfPart {
    /// The rows of a block that are among these.
    fn of_block(&self, block: usize) -> Words {
        let mut words = [0; 64];
        for (at, word) in words.iter_mut().enumerate() {
            let from = block * BLOCK_ROWS + at * 64;
            let (skipped, end) = (self.from.saturating_sub(from).min(64), self.to.saturating_sub(from).min(64));
            let below = |n: usize| if n == 64 { u64::MAX } else { (1 << n) - 1 };
            *word = below(end) & !below(skipped);
        }
        words
    }

    /// The blocks that these rows are in.
    fn blocks(&self) -> std::ops::Range<usize> {
        self.from / BLOCK_ROWS..self.to.div_ceil(BLOCK_ROWS)
    }
}
