//! Outcomes of one rule on one day, in columns; strings are made only for rows that are asked for.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::outcome::{Missing, WithheldReason};
use ennakko_core::register::SubjectRow;
use ennakko_core::{NameId, Occasion, Outcome, OutcomeCode, Terms};

use crate::rule::Rule;

/// Why a rule did not run on a day. The other rules did.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NotRun {
    /// No version is in force when the occasion opens.
    NoVersion {
        /// The occasion's id.
        occasion: String,
        /// The day it opens.
        opens: NaiveDate,
    },
    /// A parameter has no row for a day that was needed.
    RowEnded {
        /// `group::name`
        what: String,
        /// The day needed.
        on: NaiveDate,
        /// The last day on which there was a row, if there ever was one before.
        last_valid: Option<NaiveDate>,
    },
    /// A row is only expected, and this is a run.
    Expected {
        /// The parameter or round.
        what: String,
    },
    /// The version is not approved as it stands, and this is a run.
    Unapproved {
        /// The version.
        version: String,
    },
    /// Somebody was selected for whom a sanity line does not hold.
    SanityBroken {
        /// The lines.
        lines: Vec<NameId>,
    },
    /// The rule failed while it was evaluated.
    Failed {
        /// What went wrong.
        what: String,
    },
}

impl std::fmt::Display for NotRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoVersion { occasion, opens } => {
                write!(f, "no version is in force on {opens}, when occasion {occasion} opens")
            }
            Self::RowEnded { what, on, last_valid: Some(last) } => {
                write!(f, "`{what}` has no row for {on}; its last valid day was {last}")
            }
            Self::RowEnded { what, on, last_valid: None } => write!(f, "`{what}` has no row for {on}"),
            Self::Expected { what } => write!(f, "{what} is expected and not decided"),
            Self::Unapproved { version } => write!(f, "version `{version}` is not approved as it stands"),
            Self::SanityBroken { lines } => {
                let lines: Vec<&str> = lines.iter().map(NameId::as_str).collect();
                write!(f, "somebody was selected for whom `{}` does not hold", lines.join("`, `"))
            }
            Self::Failed { what } => write!(f, "the rule failed: {what}"),
        }
    }
}

/// What came of one rule on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "one for each rule and day, taken apart at once")]
pub enum RuleDay {
    /// It ran.
    Ran(Outcomes),
    /// It did not.
    NotRun(NotRun),
}

/// Outcomes in columns: one row for each subject of the cohort, in the register's order.
///
/// `Offered` here means: everything that the rule itself decides speaks for an offer. Whether there is anybody to address is
/// decided next, and [`Outcomes::withhold`] enters it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcomes {
    /// The day.
    pub day: NaiveDate,
    // INVARIANT (ascending): rows stand in the register's order
    subjects: Vec<SubjectRow>,
    codes: Vec<OutcomeCode>,
    /// Names that belong to the outcome, a bit each.
    masks: Vec<u64>,
    /// The day that belongs to the outcome: upcoming from, or closed on.
    days: Vec<Option<NaiveDate>>,
    /// The day on which the lines were evaluated.
    evaluated_on: Vec<NaiveDate>,
    /// Which version of the rule.
    versions: Vec<usize>,
    occasions: Vec<Option<Arc<Occasion>>>,
    // INVARIANT (ascending): rows that have something of the kind, in order
    missing: Vec<(usize, Arc<[Missing]>)>,
    selected: Vec<(usize, Arc<Selected>)>,
    withheld: BTreeMap<usize, WithheldReason>,
}

/// What belongs to a subject for whom everything speaks for an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// The terms.
    pub terms: Terms,
    /// Conditions that hold, and whether each tells something of the subject's home.
    pub reasons: Vec<(NameId, bool)>,
    /// Whether a parameter or round that was used is only expected.
    pub expected: bool,
}

/// One row before it stands in columns.
pub(crate) struct OutcomeRow {
    pub(crate) subject: SubjectRow,
    pub(crate) code: OutcomeCode,
    pub(crate) mask: u64,
    pub(crate) day: Option<NaiveDate>,
    pub(crate) evaluated_on: NaiveDate,
    pub(crate) version: usize,
    pub(crate) occasion: Option<Arc<Occasion>>,
    pub(crate) missing: Option<Arc<[Missing]>>,
    pub(crate) selected: Option<Arc<Selected>>,
    /// The day before which it stays, the register held still and what stands in the ledger being the same.
    pub(crate) until: NaiveDate,
}

impl Outcomes {
    pub(crate) fn new(day: NaiveDate) -> Self {
        Self {
            day,
            subjects: Vec::new(),
            codes: Vec::new(),
            masks: Vec::new(),
            days: Vec::new(),
            evaluated_on: Vec::new(),
            versions: Vec::new(),
            occasions: Vec::new(),
            missing: Vec::new(),
            selected: Vec::new(),
            withheld: BTreeMap::new(),
        }
    }

    pub(crate) fn push(&mut self, row: OutcomeRow) {
        let at = self.subjects.len();
        self.subjects.push(row.subject);
        self.codes.push(row.code);
        self.masks.push(row.mask);
        self.days.push(row.day);
        self.evaluated_on.push(row.evaluated_on);
        self.versions.push(row.version);
        self.occasions.push(row.occasion);
        if let Some(missing) = row.missing {
            self.missing.push((at, missing));
        }
        if let Some(selected) = row.selected {
            self.selected.push((at, selected));
        }
    }

    /// Number of subjects in the cohort.
    pub fn len(&self) -> usize {
        self.subjects.len()
    }

    /// Whether the cohort is empty.
    pub fn is_empty(&self) -> bool {
        self.subjects.is_empty()
    }

    /// The subject in a row.
    pub fn subject(&self, row: usize) -> SubjectRow {
        self.subjects[row]
    }

    /// The kind of outcome in a row.
    pub fn code(&self, row: usize) -> OutcomeCode {
        self.codes[row]
    }

    /// The day on which the lines of a row were evaluated.
    pub fn evaluated_on(&self, row: usize) -> NaiveDate {
        self.evaluated_on[row]
    }

    /// Which version of the rule decided a row: a position among the rule's versions.
    pub fn version(&self, row: usize) -> usize {
        self.versions[row]
    }

    /// The occasion of a row; none when not even that could be told.
    pub fn occasion(&self, row: usize) -> Option<&Arc<Occasion>> {
        self.occasions[row].as_ref()
    }

    /// What was missing in a row that cannot be told.
    pub fn missing(&self, row: usize) -> &[Missing] {
        of_row(&self.missing, row).map_or(&[], |missing| missing)
    }

    /// What was missing in each row that cannot be told, in order.
    pub fn all_missing(&self) -> impl Iterator<Item = (usize, &[Missing])> {
        self.missing.iter().map(|(row, missing)| (*row, &**missing))
    }

    /// Rows for whom everything speaks for an offer, late ones included, in order.
    pub fn all_selected(&self) -> impl Iterator<Item = (usize, &Selected)> {
        self.selected.iter().map(|(row, selected)| (*row, &**selected))
    }

    /// The row of a subject.
    pub fn row_of(&self, subject: SubjectRow) -> Option<usize> {
        self.subjects.binary_search(&subject).ok()
    }

    /// What belongs to a row for whom everything speaks for an offer, late ones included.
    pub fn selected(&self, row: usize) -> Option<&Selected> {
        of_row(&self.selected, row).map(|selected| &**selected)
    }

    /// Enters that a row's offer is withheld.
    pub fn withhold(&mut self, row: usize, reason: WithheldReason) {
        self.codes[row] = OutcomeCode::Withheld;
        self.withheld.insert(row, reason);
    }

    /// The outcome of a row with its names.
    pub fn outcome(&self, row: usize, versions: &[Rule]) -> Outcome {
        let names = || versions.get(self.versions[row]).map(|rule| rule.named(self.masks[row])).unwrap_or_default();
        let day = self.days[row].unwrap_or(self.evaluated_on[row]);
        match self.codes[row] {
            OutcomeCode::NotEntitled => Outcome::NotEntitled(names()),
            OutcomeCode::HasAlready => Outcome::HasAlready(names()),
            OutcomeCode::Pending => Outcome::Pending,
            OutcomeCode::Accepted => Outcome::Accepted,
            OutcomeCode::Declined => Outcome::Declined,
            OutcomeCode::Lapsed => Outcome::Lapsed,
            OutcomeCode::CannotTell => Outcome::CannotTell(self.missing(row).to_vec()),
            OutcomeCode::OptedOut => Outcome::OptedOut,
            OutcomeCode::Manual => Outcome::Manual(names()),
            OutcomeCode::Upcoming => Outcome::Upcoming(day),
            OutcomeCode::Late => Outcome::Late(day),
            OutcomeCode::Withheld => {
                Outcome::Withheld(self.withheld.get(&row).copied().unwrap_or(WithheldReason::NoAddressee))
            }
            OutcomeCode::Waiting => Outcome::Waiting(1),
            OutcomeCode::Offered => Outcome::Offered,
        }
    }
}

/// What belongs to a row among what belongs to some.
fn of_row<T>(rows: &[(usize, T)], row: usize) -> Option<&T> {
    rows.binary_search_by_key(&row, |(at, _)| *at).ok().map(|at| &rows[at].1)
}
