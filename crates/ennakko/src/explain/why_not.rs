//! What stands between a subject and an offer: the smallest set of names that must change, and what no change of a name
//! removes. Found on the structure of the lines, not by trying.

use chrono::NaiveDate;
use ennakko_core::city::City;
use ennakko_core::outcome::{Missing, WithheldReason};
use ennakko_core::register::{Register, SubjectRow};
use ennakko_core::rule_card::{Discretion, SentOn, WhenLate};
use ennakko_core::trace::{Join, LineTrace, Part, Trace};
use ennakko_core::{NameId, Outcome, OutcomeCode, Truth};
use ennakko_offers::addressees;
use ennakko_rules::rule::Rule;

use super::Answer;

/// What stands between a subject and an offer; of somebody who gets one, nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhyNot {
    /// The smallest set of names that must change, in the order of the file.
    pub changes: Vec<Change>,
    /// What stands in the way beside them.
    pub hindrances: Vec<Hindrance>,
}

/// A name that must change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which part of the rule.
    pub part: Part,
    /// The lines that it stands in, the outermost first; empty for a line of its own.
    pub within: Vec<NameId>,
    /// The name.
    pub name: NameId,
    /// What it comes to.
    pub from: Truth,
    /// What it must be known to be.
    pub to: Truth,
}

/// Something in the way of an offer that is no condition.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hindrance {
    /// The rule does not run.
    NotRun,
    /// The rule does not ask about the subject.
    NotAsked,
    /// The occasion hangs on a fact that is not known.
    OccasionUnknown,
    /// The ledger has an offer: pending, accepted, declined or lapsed.
    Standing(OutcomeCode),
    /// The resident chose not to be offered anything for the purpose.
    OptedOut,
    /// An officer decides, because these lines are yes or unknown; empty: the rule always asks for one.
    Officer(Vec<NameId>),
    /// Not before this day.
    NotYet(NaiveDate),
    /// The time for offers closed on this day.
    Late(NaiveDate),
    /// The terms read what is not known.
    Terms(Vec<Missing>),
    /// A person must look before anything is sent. The reason stays inside.
    Withheld(WithheldReason),
    /// No place is free; the position in the queue.
    NoPlaceFree(u32),
}

impl Hindrance {
    /// The word for it in forms.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NotRun => "not_run",
            Self::NotAsked => "not_in_cohort",
            Self::OccasionUnknown => "occasion_unknown",
            Self::Standing(code) => code.word(),
            Self::OptedOut => "opted_out",
            Self::Officer(_) => "officer",
            Self::NotYet(_) => "not_yet",
            Self::Late(_) => "late",
            Self::Terms(_) => "terms",
            Self::Withheld(_) => "withheld",
            Self::NoPlaceFree(_) => "waiting",
        }
    }
}

/// What is known beside the trace.
pub(super) struct Around<'a> {
    pub(super) register: &'a Register,
    pub(super) city: &'a City,
    pub(super) subject: SubjectRow,
    pub(super) day: NaiveDate,
    /// The version asked.
    pub(super) rule: Option<&'a Rule>,
    pub(super) opted_out: bool,
}

impl WhyNot {
    pub(super) fn of(answer: &Answer, trace: Option<&Trace>, around: &Around<'_>) -> Self {
        if let Answer::Outcome(Outcome::Offered) = answer {
            return Self::default();
        }
        let changes = trace.map_or_else(Vec::new, |trace| changes(&trace.lines));
        Self { changes, hindrances: hindrances(answer, trace, around) }
    }
}

/// The smallest set of names whose change would make every condition and sanity line yes and every `already` line no; of
/// several such sets, the one that comes first in the file. What officers decide is no name to change.
pub fn changes(lines: &[LineTrace]) -> Vec<Change> {
    let wanted = |part: Part| match part {
        Part::Condition | Part::Sanity => Some(Truth::Yes),
        Part::Already => Some(Truth::No),
        Part::Officer => None,
    };
    lines.iter().filter_map(|line| Some(least(line, wanted(line.part)?, &[]))).flatten().collect()
}

/// The smallest set of names in a line whose change makes it come to what is wanted.
fn least(line: &LineTrace, to: Truth, within: &[NameId]) -> Vec<Change> {
    if line.truth == to {
        return Vec::new();
    }
    let inside: Vec<NameId> = within.iter().chain([&line.name]).cloned().collect();
    let found = line.inner.as_ref().and_then(|inner| {
        let mut each = inner.lines.iter().map(|inner| least(inner, to, &inside));
        match (inner.join, to) {
            // one is enough; `min_by_key` takes the first of equals
            (Join::AnyOf, Truth::Yes) | (Join::AllOf, Truth::No) => each.min_by_key(Vec::len),
            _ => Some(each.by_ref().flatten().collect()),
        }
    });
    let own = || Change { part: line.part, within: within.to_vec(), name: line.name.clone(), from: line.truth, to };
    found.filter(|found| !found.is_empty()).unwrap_or_else(|| vec![own()])
}

fn hindrances(answer: &Answer, trace: Option<&Trace>, around: &Around<'_>) -> Vec<Hindrance> {
    let mut found = Vec::new();
    match answer {
        Answer::NotRun(_) => found.push(Hindrance::NotRun),
        Answer::Outside(_) => return vec![Hindrance::NotAsked],
        Answer::Outcome(outcome) => found.extend(of_outcome(outcome)),
    }
    let Some(Trace { lines, evaluated_on, occasion, .. }) = trace else { return found };
    let rule = around.rule;
    if around.opted_out {
        found.push(Hindrance::OptedOut);
    }
    let asking = lines.iter().filter(|line| line.part == Part::Officer && !line.truth.is_no());
    let asking: Vec<NameId> = asking.map(|line| line.name.clone()).collect();
    if !asking.is_empty() || rule.is_some_and(|rule| rule.card.discretion == Discretion::Required) {
        found.push(Hindrance::Officer(asking));
    }
    if *evaluated_on > around.day {
        found.push(Hindrance::NotYet(*evaluated_on));
    }
    if let Some(occasion) = occasion.as_ref().filter(|occasion| around.day >= occasion.closes())
        && rule.is_some_and(|rule| rule.card.late != WhenLate::Offer)
    {
        found.push(Hindrance::Late(occasion.closes()));
    }
    // said already now, so that nobody mends a condition in vain
    let plan = rule.and_then(|rule| rule.card.messages.iter().find(|plan| plan.on == SentOn::Offer));
    if let Some(Err(reason)) =
        plan.map(|plan| addressees(around.register, around.subject, plan, around.city, around.day))
        && !found.contains(&Hindrance::Withheld(reason))
    {
        found.push(Hindrance::Withheld(reason));
    }
    found
}

/// What the outcome itself says that the lines do not.
fn of_outcome(outcome: &Outcome) -> Option<Hindrance> {
    let of = |missing: &[Missing], line: &str| missing.iter().any(|missing| missing.line.as_str() == line);
    match outcome {
        Outcome::Pending | Outcome::Accepted | Outcome::Declined | Outcome::Lapsed => {
            Some(Hindrance::Standing(outcome.code()))
        }
        Outcome::CannotTell(missing) if of(missing, "occasion") => Some(Hindrance::OccasionUnknown),
        Outcome::CannotTell(missing) if of(missing, "terms") => Some(Hindrance::Terms(missing.clone())),
        Outcome::Withheld(reason) => Some(Hindrance::Withheld(*reason)),
        Outcome::Waiting(position) => Some(Hindrance::NoPlaceFree(*position)),
        _ => None,
    }
}
