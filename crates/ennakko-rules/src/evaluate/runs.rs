//! Outcomes of members who follow one another: of a word of rows at a time, where what lines come to decides.

use ennakko_core::OutcomeCode;
use ennakko_core::day::day_of_number;
use ennakko_core::rule_card::Discretion;

use super::cohort::Found;
use super::judge::Today;
use super::lines::{OverDays, Settled, Waiting};
use super::scan::{InRun, Run};
use super::{Evaluator, Standings, Version, Versions};
use crate::kernels::{self, Turns};
use crate::outcomes::{Entry, Evaluation, NotRun, Outcomes};

/// What rows of a day have that came in runs, by number.
#[derive(Default)]
pub(super) struct Runs {
    /// Whoever is selected by every line, once it is known that all of them are alike.
    clear: Option<u32>,
    /// Those who are settled, by outcome and names.
    settled: Vec<((OutcomeCode, u64), u32)>,
    /// Those who wait for a day, by how many days it is after the first.
    waiting: Vec<Option<u32>>,
    turns: Turns,
    over_days: OverDays,
}

/// How many are looked for one by one before they are looked for among all.
const RUNS_KNOW: usize = 16;

impl Runs {
    /// The number of a settled outcome.
    #[inline]
    fn settled(&mut self, of: (OutcomeCode, u64), shared: impl FnOnce() -> u32) -> u32 {
        if let Some((_, number)) = self.settled.iter().find(|(known, _)| *known == of) {
            return *number;
        }
        let number = shared();
        if self.settled.len() < RUNS_KNOW {
            self.settled.push((of, number));
        }
        number
    }

    /// The number of those who wait for the day so many days after the first.
    #[inline]
    fn waiting(&mut self, after: usize, shared: impl FnOnce() -> u32) -> u32 {
        if self.waiting.len() <= after {
            self.waiting.resize(after + 1, None);
        }
        *self.waiting[after].get_or_insert_with(shared)
    }
}

impl Evaluator<'_> {
    /// Enters the outcomes of members who follow one another.
    pub(super) fn enter_run(
        &self,
        outcomes: &mut Outcomes,
        versions: Versions<'_>,
        today: Today,
        (run, runs): (&Run<'_>, &mut Runs),
        standings: &dyn Standings,
    ) -> Result<(), NotRun> {
        let version = versions.at(run.at.version);
        self.must_be_approved(version)?;
        let (from, n_rows) = self.rows_to_hold(run.kind);
        outcomes.make_room(run.first() - from, n_rows);
        match self.whats_of(outcomes, version, today, (run, runs)) {
            Some(whats) => outcomes.push_word(run.kind, (run.first(), run.bits), &whats),
            None => self.enter_each(outcomes, versions, today, (run, runs), standings)?,
        }
        Ok(())
    }

    /// What each of them has, by bit; `None` where they are to be looked at one by one.
    #[inline]
    fn whats_of(
        &self,
        outcomes: &mut Outcomes,
        version: Version<'_>,
        today: Today,
        (run, runs): (&Run<'_>, &mut Runs),
    ) -> Option<[u32; 64]> {
        let waits = run.waits();
        if (runs.clear.is_none() && run.has_clear()) || (waits != 0 && !self.offers_to_whoever_waits(version, today)) {
            return None;
        }
        let (version, occasion, on) = (version.at, Some(&run.at.occasion), run.on());
        let evaluation = Evaluation { version, occasion, on, day: None };
        let mut whats = [runs.clear.unwrap_or_default(); 64];
        run.settled(|code, mask, bits| {
            let number = runs.settled((code, mask), || outcomes.shared(Entry::of(code, mask, evaluation)));
            kernels::bits_of(bits).for_each(|bit| whats[bit] = number);
        });
        for bit in kernels::bits_of(waits) {
            whats[bit] = match run.waits_for(bit, &mut runs.turns)? {
                Waiting::InVain => {
                    let (code, mask) = (OutcomeCode::NotEntitled, run.conditions_not_met(bit));
                    runs.settled((code, mask), || outcomes.shared(Entry::of(code, mask, evaluation)))
                }
                Waiting::For(day) => {
                    let after = usize::try_from(day.checked_sub(run.on_number())?).ok()?;
                    runs.waiting(after, || {
                        let on = day_of_number(day);
                        let evaluation = Evaluation { on, day: Some(on), ..evaluation };
                        outcomes.shared(Entry::of(OutcomeCode::Upcoming, 0, evaluation))
                    })
                }
            };
        }
        Some(whats)
    }

    /// Whether nothing is asked of those for whom every line speaks from a later day on: nobody has an offer or chose anything,
    /// and no person decides.
    fn offers_to_whoever_waits(&self, version: Version<'_>, today: Today) -> bool {
        self.asks_nobody(version, today) && version.rule.card.discretion != Discretion::Required
    }

    /// The same one by one. Whoever is selected by every line is as the first of them, where there is nothing to be asked of
    /// each.
    fn enter_each(
        &self,
        outcomes: &mut Outcomes,
        versions: Versions<'_>,
        today: Today,
        (run, runs): (&Run<'_>, &mut Runs),
        standings: &dyn Standings,
    ) -> Result<(), NotRun> {
        let version = versions.at(run.at.version);
        let evaluation = Evaluation { version: version.at, occasion: Some(&run.at.occasion), on: run.on(), day: None };
        run.each(|subject, in_run| {
            let lines = match in_run {
                InRun::Settled(Settled { code, mask, .. }) => {
                    let what = outcomes.shared(Entry::of(code, mask, evaluation));
                    outcomes.push_shared(subject, what);
                    return Ok(());
                }
                InRun::Clear => run.clear(),
                InRun::Waits(bit) => run.lines(bit, &mut runs.over_days),
            };
            self.enter(outcomes, versions, subject, today, Found::Scanned(run.at, lines), standings)?;
            if matches!(in_run, InRun::Clear) {
                runs.clear = outcomes.latest().filter(|_| self.treats_alike(version, today));
            }
            Ok(())
        })
    }
}
