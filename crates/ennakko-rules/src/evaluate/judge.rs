//! The ordered table: the first line that is true of a subject on a day.

use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::outcome::{Missing, Standing};
use ennakko_core::register::SubjectRow;
use ennakko_core::rule_card::{Discretion, WhenLate};
use ennakko_core::trace::Part;
use ennakko_core::{Occasion, OutcomeCode, RuleId};

use super::lines::{Lines, Settled};
use super::window::{Asking, Known};
use super::{AtIssue, Evaluator, Standings, Versions, missing_for, not_run};
use crate::calendar::HORIZON_DAYS;
use crate::outcomes::{Evaluation, NotRun, OutcomeRow};
use crate::stop::Stop;
use crate::walk::Days;

/// What is known of somebody's outcome on the coming days, until one before which its lines stay as they are. What the ledger
/// says is asked on each day.
pub(super) enum Verdict {
    /// Nothing.
    None,
    /// Some condition is no on every day that is looked ahead to, which goes as far as `reach`.
    NotEntitled {
        no: u64,
        until: NaiveDate,
        reach: NaiveDate,
    },
    HasAlready {
        yes: u64,
        until: NaiveDate,
    },
    /// Every condition may hold, and an offer stood.
    Stood {
        until: NaiveDate,
    },
    CannotTell {
        unknown: u64,
        missing: Arc<[Missing]>,
        until: NaiveDate,
    },
}

impl Verdict {
    /// What lines alone decide.
    pub(super) fn of(Settled { code, mask, days: Days { to, .. } }: Settled) -> Self {
        match code {
            OutcomeCode::HasAlready => Self::HasAlready { yes: mask, until: to },
            _ => Self::NotEntitled { no: mask, until: to, reach: to },
        }
    }

    /// The row of a day, if it is known.
    fn row<'o>(
        &self,
        (first, last, ends): (NaiveDate, NaiveDate, NaiveDate),
        row: &impl Fn(OutcomeCode, u64, NaiveDate) -> OutcomeRow<'o>,
        standing: impl FnOnce() -> Option<Stands>,
    ) -> Option<OutcomeRow<'o>> {
        let (row, until) = match self {
            Self::NotEntitled { no, until, reach } if first < *until && last <= *reach => {
                (row(OutcomeCode::NotEntitled, *no, first), out_of_reach(*until, *reach, ends))
            }
            Self::HasAlready { yes, until } if first < *until => (row(OutcomeCode::HasAlready, *yes, first), *until),
            Self::Stood { until } if first < *until => return standing().map(|stands| stands.row(row, first, *until)),
            Self::CannotTell { unknown, missing, until } if first < *until => {
                if let Some(stands) = standing() {
                    return Some(stands.row(row, first, *until));
                }
                let row = row(OutcomeCode::CannotTell, *unknown, first);
                (OutcomeRow { missing: Some(missing.clone()), ..row }, *until)
            }
            _ => return None,
        };
        Some(OutcomeRow { until, ..row })
    }
}

impl Settled {
    /// The day before which it stays.
    pub(super) fn until(self, occasion: &Occasion) -> NaiveDate {
        match self.code {
            OutcomeCode::NotEntitled => out_of_reach(self.days.to, self.days.to, occasion.ends()),
            _ => self.days.to,
        }
    }
}

/// The day before which a no stays that is known as far as `reach`.
fn out_of_reach(until: NaiveDate, reach: NaiveDate, ends: NaiveDate) -> NaiveDate {
    if ends <= reach {
        return until;
    }
    let looks_beyond = reach.checked_sub_days(chrono::Days::new(HORIZON_DAYS)).unwrap_or(NaiveDate::MIN);
    until.min(looks_beyond)
}

/// How an offer stands.
#[derive(Clone, Copy)]
struct Stands {
    how: Standing,
    /// Whether it stands for this very occasion, so that time alone does not end it.
    lasting: bool,
}

impl Stands {
    fn row<'o>(
        self,
        row: &impl Fn(OutcomeCode, u64, NaiveDate) -> OutcomeRow<'o>,
        on: NaiveDate,
        until: NaiveDate,
    ) -> OutcomeRow<'o> {
        let row = row(code_of(self.how), 0, on);
        if self.lasting { OutcomeRow { until, ..row } } else { row }
    }
}

fn code_of(standing: Standing) -> OutcomeCode {
    match standing {
        Standing::Pending => OutcomeCode::Pending,
        Standing::Accepted => OutcomeCode::Accepted,
        Standing::Declined => OutcomeCode::Declined,
        Standing::Lapsed => OutcomeCode::Lapsed,
    }
}

/// The day of an outcome, and the last day, excluded, on which it is looked ahead from it.
#[derive(Clone, Copy)]
pub(super) struct Today {
    day: NaiveDate,
    tomorrow: NaiveDate,
    horizon: NaiveDate,
    /// Whether there may be offers of the rule, and choices of residents, to be asked about.
    pub(super) offers: bool,
    pub(super) choices: bool,
}

impl Today {
    pub(super) fn of(day: NaiveDate) -> Self {
        let horizon = day.checked_add_days(chrono::Days::new(HORIZON_DAYS + 1)).unwrap_or(NaiveDate::MAX);
        Self { day, tomorrow: Days::one(day).to, horizon, offers: true, choices: true }
    }

    /// The same, nothing being asked of which there is none.
    pub(super) fn with(self, rule: &RuleId, standings: &dyn Standings) -> Self {
        Self { offers: standings.has_offers_of(rule), choices: standings.has_choices(), ..self }
    }
}

impl Today {
    /// The first day on which an occasion's lines are evaluated, and the last, excluded, that is looked ahead to.
    pub(super) fn window(self, occasion: &Occasion) -> (NaiveDate, NaiveDate) {
        (self.day.max(occasion.opens()), self.horizon.min(occasion.ends()))
    }

    /// A day, or an earlier one on which an occasion opens or closes: what follows from an outcome hangs on that.
    pub(super) fn until_an_edge(self, occasion: &Occasion, until: NaiveDate) -> NaiveDate {
        let edges = [occasion.opens(), occasion.closes()].into_iter().filter(|edge| self.day < *edge);
        edges.fold(until, NaiveDate::min)
    }
}

impl Evaluator<'_> {
    /// The outcome of somebody of the cohort, with what a scan told of their lines.
    pub(super) fn outcome<'o>(
        &self,
        versions: Versions<'_>,
        subject: SubjectRow,
        today: Today,
        (at, lines): (&'o AtIssue, Option<Lines<'_>>),
        verdict: &mut Verdict,
        standings: &dyn Standings,
    ) -> Result<OutcomeRow<'o>, NotRun> {
        let AtIssue { version, occasion } = at;
        let version = versions.at(*version);
        self.must_be_approved(version)?;
        let of = Asking { version, subject, occasion, lines };
        let row = self.judge(of, occasion, today, verdict, standings)?;
        Ok(OutcomeRow { until: today.until_an_edge(occasion, row.until), ..row })
    }

    /// The outcome of somebody of whom not even the occasion can be told.
    pub(super) fn unsettled(subject: SubjectRow, today: Today, missing: Vec<Missing>) -> OutcomeRow<'static> {
        OutcomeRow {
            subject,
            code: OutcomeCode::CannotTell,
            mask: 0,
            evaluation: Evaluation { version: 0, occasion: None, on: today.day, day: None },
            missing: Some(missing.into()),
            selected: None,
            until: NaiveDate::MAX,
        }
    }

    /// The ordered table: the first line that is true.
    fn judge<'o>(
        &self,
        of: Asking<'_>,
        occasion: &'o Arc<Occasion>,
        today: Today,
        verdict: &mut Verdict,
        standings: &dyn Standings,
    ) -> Result<OutcomeRow<'o>, NotRun> {
        let Asking { version, subject, .. } = of;
        let rule = version.rule;
        let day = today.day;
        let (first, last) = today.window(occasion);
        let row = |code, mask, evaluated_on| OutcomeRow {
            subject,
            code,
            mask,
            evaluation: Evaluation { version: version.at, occasion: Some(occasion), on: evaluated_on, day: None },
            missing: None,
            selected: None,
            until: today.tomorrow,
        };
        // a later day for which nothing is decided yet stops nobody today
        let not_yet = |stop: Stop, on: NaiveDate| match stop {
            Stop::RowEnded { .. } | Stop::Expected { .. } if on > day => {
                let missing = self.undecided_of(rule, subject, occasion, on);
                Ok(OutcomeRow { missing: Some(missing.into()), until: on, ..row(OutcomeCode::CannotTell, 0, on) })
            }
            stop => Err(not_run(stop)),
        };
        if let Some(row) =
            verdict.row((first, last, occasion.ends()), &row, || self.standing(of, today, first, standings))
        {
            return Ok(row);
        }
        // 1: no day is left on which every condition may hold
        let known = match self.known(of, first, last) {
            Ok(known) => known,
            Err(stop) => return not_yet(stop, first),
        };
        let (on, conditions) = match known {
            Known::Possible(on, conditions) => (on, conditions),
            Known::NotEntitled { no, until, reach } => {
                *verdict = Verdict::NotEntitled { no, until, reach };
                let until = out_of_reach(until, reach, occasion.ends());
                return Ok(OutcomeRow { until, ..row(OutcomeCode::NotEntitled, no, first) });
            }
        };
        let already = match self.bits(of, Part::Already, on) {
            Ok(already) => already,
            Err(stop) => return not_yet(stop, on),
        };
        // an answer for a later day is the same until that day comes
        let until = if on == first { conditions.days.to.min(already.days.to) } else { on };
        // 2
        if already.value.yes() != 0 {
            let yes = already.value.yes();
            if on == first {
                *verdict = Verdict::HasAlready { yes, until };
            }
            return Ok(OutcomeRow { until, ..row(OutcomeCode::HasAlready, yes, on) });
        }
        // 3
        if let Some(stands) = self.standing(of, today, on, standings) {
            if on == first {
                *verdict = Verdict::Stood { until };
            }
            return Ok(stands.row(&row, on, until));
        }
        // 4; a sanity line that is unknown leaves it open too whether somebody belongs here at all
        let sanity = match self.bits(of, Part::Sanity, on) {
            Ok(sanity) => sanity,
            Err(stop) => return not_yet(stop, on),
        };
        let until = if on == first { until.min(sanity.days.to) } else { until };
        let unknown = conditions.value.unknown | already.value.unknown | sanity.value.unknown;
        if unknown != 0 {
            let missing = self.missing(of, unknown, on);
            let until = if on == first { until.min(missing.days.to) } else { until };
            if on == first {
                *verdict = Verdict::CannotTell { unknown, missing: missing.value.clone(), until };
            }
            let row = row(OutcomeCode::CannotTell, unknown, on);
            return Ok(OutcomeRow { missing: Some(missing.value), until, ..row });
        }
        if sanity.value.no != 0 {
            return Err(NotRun::SanityBroken { lines: rule.named(sanity.value.no) });
        }
        // 5
        let statutory = self.numbers.of_version[version.number].statutory;
        let opted_out = || standings.opted_out(self.ground.world.register.subject(subject).key(), &rule.card.purpose);
        if !statutory && today.choices && opted_out() {
            return Ok(OutcomeRow { until, ..row(OutcomeCode::OptedOut, 0, on) });
        }
        // 6
        let officer = match self.bits(of, Part::Officer, on) {
            Ok(officer) => officer,
            Err(stop) => return not_yet(stop, on),
        };
        let until = if on == first { until.min(officer.days.to) } else { until };
        let asked = officer.value.yes() | officer.value.unknown;
        if rule.card.discretion == Discretion::Required || asked != 0 {
            return Ok(OutcomeRow { until, ..row(OutcomeCode::Manual, asked, on) });
        }
        self.offered(of, (day, until), on, &row)
    }

    /// The last lines, once everything that the rule itself decides speaks for an offer on a day.
    fn offered<'o>(
        &self,
        of: Asking<'_>,
        (day, until): (NaiveDate, NaiveDate),
        on: NaiveDate,
        row: &impl Fn(OutcomeCode, u64, NaiveDate) -> OutcomeRow<'o>,
    ) -> Result<OutcomeRow<'o>, NotRun> {
        let Asking { version, occasion, .. } = of;
        let with_day =
            |row: OutcomeRow<'o>, day| OutcomeRow { evaluation: Evaluation { day, ..row.evaluation }, ..row };
        // 7
        if on > day {
            return Ok(OutcomeRow { until: on, ..with_day(row(OutcomeCode::Upcoming, 0, on), Some(on)) });
        }
        // 8
        let late = day >= occasion.closes();
        if late && version.rule.card.late != WhenLate::Offer {
            let row = with_day(row(OutcomeCode::Late, 0, on), Some(occasion.closes()));
            return Ok(OutcomeRow { until, ..row });
        }
        // 9
        match self.selected(of, on) {
            Ok(selected) => {
                let (code, closed) =
                    if late { (OutcomeCode::Late, Some(occasion.closes())) } else { (OutcomeCode::Offered, None) };
                Ok(OutcomeRow { selected: Some(selected), ..with_day(row(code, 0, on), closed) })
            }
            Err(stops) => {
                let missing = missing_for("terms", stops)?;
                Ok(OutcomeRow { missing: Some(missing.into()), ..row(OutcomeCode::CannotTell, 0, on) })
            }
        }
    }

    /// How an offer of the rule to a subject stands, if there is one, or was lately.
    fn standing(
        &self,
        Asking { version, subject, occasion, .. }: Asking<'_>,
        today: Today,
        on: NaiveDate,
        standings: &dyn Standings,
    ) -> Option<Stands> {
        if !today.offers {
            return None;
        }
        let card = &version.rule.card;
        let key = self.ground.world.register.subject(subject).key();
        if let Some(how) = standings.standing(&card.id, key, occasion.id()) {
            return Some(Stands { how, lasting: true });
        }
        let days = u64::from(card.not_again_within_days?);
        let since = on.checked_sub_days(chrono::Days::new(days))?;
        let lately = standings.offered_since(&card.id, key, since);
        lately.then_some(Stands { how: Standing::Pending, lasting: false })
    }
}
