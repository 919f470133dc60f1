//! Everybody of a kind at once, by kernels: who is of a rule's cohort, and what its lines come to for them.
//!
//! A scan says nothing that walk would not: whoever may come to something else on a later day, or of whom only walk can
//! say, is left to be looked at one by one.

use chrono::{Days as Span, NaiveDate};
use ennakko_core::Truth;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::register::{Life, SubjectRow};
use ennakko_core::trace::Part;

use super::cohort::{For, Waker};
use super::judge::{Today, Verdict};
use super::window::{Bits, Spell};
use super::{AtIssue, By, Evaluator, Issue, Versions};
use crate::kernels::{self, BLOCK_ROWS, Block, Pass, Words, rows_of};
use crate::walk::Days;

/// For how many days a scan says who stays outside a cohort.
pub(super) const SCAN_DAYS: u64 = 400;

/// What a scan found.
pub(super) struct Scanned {
    // INVARIANT (ascending): in the register's order
    pub(super) wakers: Vec<Waker>,
    /// The day on which everybody is to be looked at again; the others are outside the cohort until then.
    pub(super) until: NaiveDate,
}

/// What is known of a member's lines over the days of a scan.
#[derive(Clone, Copy, Default)]
struct Lines {
    bits: [Bits; 4],
    /// Of the lines, those that may come to something else; those of which only walk can say.
    moves: u64,
    ask: u64,
}

impl Evaluator<'_> {
    /// Who need be looked at on a day and after; `None` where kernels are not asked.
    pub(super) fn scan(
        &self,
        versions: Versions<'_>,
        kind: SubjectKind,
        everybodys: Option<&Issue>,
        day: NaiveDate,
        purpose: For,
    ) -> Option<Scanned> {
        if self.by != By::Kernels {
            return None;
        }
        let to = day.checked_add_days(Span::new(SCAN_DAYS))?;
        let (mut scanned, at) = match everybodys {
            None => return self.scan_occasions(versions, kind, day, to),
            Some(Issue::At(at)) => (self.scan_cohort(versions, kind, at, day, to)?, at),
            Some(Issue::None | Issue::Unknown(_)) => return None,
        };
        if purpose == For::Outcomes {
            self.scan_lines(versions, kind, at, day, &mut scanned);
        }
        Some(scanned)
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
        let living = self.living.get_or_init(|| {
            let columns = self.ground.world.register.columns();
            let (life, has_record) = (columns.life(), columns.has_record());
            let of_word = |(life, has_record): (&[Life], &[bool])| {
                let both = life.iter().zip(has_record).enumerate();
                both.fold(0, |word, (bit, (life, has_record))| {
                    word | u64::from(*has_record && (*life != Life::Dead || fault!(DeadPeopleScanned))) << bit
                })
            };
            life.chunks(64).zip(has_record.chunks(64)).map(of_word).collect()
        });
        let mut rows = *rows;
        for (word, living) in rows.iter_mut().zip(living.iter().skip(block * BLOCK_ROWS / 64)) {
            *word &= living;
        }
        rows
    }

    /// Who may be of the cohort of everybody's occasion.
    fn scan_cohort(
        &self,
        versions: Versions<'_>,
        kind: SubjectKind,
        at: &AtIssue,
        day: NaiveDate,
        to: NaiveDate,
    ) -> Option<Scanned> {
        let first = kernels::subject(kind, 0)?;
        let until = self.issue_until(versions, first, day, &Issue::At(at.clone()));
        let rule = versions.at(at.version).rule;
        let over = self.over(kind, day, to, Some(at));
        let pass = match &rule.cohort {
            Some(cohort) => Pass::of_steps(&cohort.steps, over),
            None => Pass::of_everybody(over),
        };
        let until = if fault!(ScansLastForever) { to } else { until.min(pass.until) };
        let mut wakers = Vec::new();
        for block in 0..pass.n_blocks() {
            let living = self.living(kind, block, &pass.all(block));
            let came = pass.block(block, &living);
            let mut awake = living;
            for (word, bits) in awake.iter_mut().enumerate() {
                let unknown = if fault!(ScansLoseTheUnknown) { 0 } else { came.unknown[word] };
                let moves = if fault!(ScansLoseWhoMoves) { 0 } else { came.moves[word] };
                *bits &= came.yes[word] | unknown | moves | came.ask[word];
            }
            for row in rows_of(&awake, block) {
                let Some(subject) = kernels::subject(kind, row) else { continue };
                let mut waker = Waker::new(subject);
                let stays = (!came.moves(row % BLOCK_ROWS) || fault!(MembersStayForever))
                    && matches!(came.truth(row % BLOCK_ROWS), Some(Truth::Yes | Truth::Unknown));
                if stays {
                    (waker.at, waker.until) = (Some(at.clone()), until);
                }
                wakers.push(waker);
            }
        }
        Some(Scanned { wakers, until })
    }

    /// Who may have an occasion of their own within the days of a scan.
    fn scan_occasions(
        &self,
        versions: Versions<'_>,
        kind: SubjectKind,
        day: NaiveDate,
        to: NaiveDate,
    ) -> Option<Scanned> {
        let passes: Vec<Pass<'_>> = versions
            .iter()
            .map(|version| Pass::of_own_occasion(&version.rule.occasion.steps, self.over(kind, day, to, None)))
            .collect::<Option<_>>()?;
        let until = passes.iter().map(|pass| pass.until).min()?.min(to);
        let mut wakers = Vec::new();
        for block in 0..passes.first()?.n_blocks() {
            let living = self.living(kind, block, &passes.first()?.all(block));
            let mut awake = [0; 64];
            for pass in &passes {
                let came = pass.block(block, &living);
                for (word, bits) in awake.iter_mut().enumerate() {
                    let unknown = if fault!(OccasionsInPartForgotten) { 0 } else { came.unknown[word] };
                    *bits |= living[word] & (came.yes[word] | unknown | came.ask[word]);
                }
            }
            wakers.extend(rows_of(&awake, block).filter_map(|row| kernels::subject(kind, row)).map(Waker::new));
        }
        Some(Scanned { wakers, until })
    }

    /// What the lines come to for those who stay in the cohort.
    fn scan_lines(
        &self,
        versions: Versions<'_>,
        kind: SubjectKind,
        at: &AtIssue,
        day: NaiveDate,
        scanned: &mut Scanned,
    ) {
        let version = versions.at(at.version);
        let rule = version.rule;
        let (first, last) = Today::of(day).window(&at.occasion);
        if last <= first {
            return;
        }
        let over = self.over(kind, first, last, Some(at));
        let passes: Vec<Pass<'_>> = rule.lines.iter().map(|line| Pass::of(&line.test, over)).collect();
        let until = passes.iter().map(|pass| pass.until).min().unwrap_or(last);
        if until <= first {
            return;
        }
        let mut wakers = scanned.wakers.iter_mut().filter(|waker| waker.at.is_some()).peekable();
        while let Some(next) = wakers.peek() {
            let block = next.subject.position() / BLOCK_ROWS;
            let mut of_block: Vec<&mut Waker> = Vec::new();
            let mut members = [0_u64; 64];
            while let Some(waker) = wakers.next_if(|waker| waker.subject.position() / BLOCK_ROWS == block) {
                let row = waker.subject.position() % BLOCK_ROWS;
                members[row / 64] |= 1 << (row % 64);
                of_block.push(waker);
            }
            let came: Vec<Block> = passes.iter().map(|pass| pass.block(block, &members)).collect();
            for waker in of_block {
                let mut lines = Lines::default();
                let row = waker.subject.position() % BLOCK_ROWS;
                for (bit, (line, came)) in rule.lines.iter().zip(&came).enumerate() {
                    match came.truth(row) {
                        Some(truth) => lines.bits[line.part as usize].set(bit, truth),
                        None => lines.ask |= u64::from(!fault!(StopsOfLinesForgotten)) << bit,
                    }
                    lines.moves |= u64::from(came.moves(row) && !fault!(LinesStayForever)) << bit;
                }
                waker.verdict = self.first_verdict(version, waker.subject, at, &lines, (first, until, last));
            }
        }
    }

    /// What lines that stay come to; what is not decided by them alone is remembered for whoever goes on.
    fn first_verdict(
        &self,
        version: super::Version<'_>,
        subject: SubjectRow,
        at: &AtIssue,
        lines: &Lines,
        (first, until, last): (NaiveDate, NaiveDate, NaiveDate),
    ) -> Verdict {
        let of_part = |part: Part| {
            let of = version.rule.lines.iter().enumerate().filter(|(_, line)| line.part == part);
            let mask = of.fold(0_u64, |mask, (bit, _)| mask | 1 << bit);
            let steady = mask & (lines.moves | lines.ask) == 0;
            steady.then_some(lines.bits[part as usize])
        };
        let conditions = of_part(Part::Condition);
        if let Some(conditions) = conditions
            && conditions.no != 0
            && last <= until
        {
            return Verdict::NotEntitled { no: conditions.no, until, reach: until };
        }
        let already = of_part(Part::Already);
        if let (Some(Bits { no: 0, .. }), Some(already)) = (conditions, already)
            && (already.yes() != 0 || fault!(UnknownHadTakenForHad) && already.unknown != 0)
        {
            return Verdict::HasAlready { yes: already.yes(), until };
        }
        for part in [Part::Condition, Part::Already, Part::Officer, Part::Sanity] {
            if let Some(value) = of_part(part) {
                let spell = Spell { days: Days { from: first, to: until }, value };
                self.memo.borrow_mut().of_subject(version, subject, &at.occasion).remember(part, spell);
            }
        }
        match (conditions, already) {
            (Some(Bits { no: 0, .. }), Some(_)) => Verdict::Stood { until },
            _ => Verdict::None,
        }
    }
}
