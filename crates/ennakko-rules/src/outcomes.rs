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
#[derive(Clone, Debug)]
pub struct Outcomes {
    /// The day.
    pub day: NaiveDate,
    // INVARIANT (ascending): rows stand in the register's order
    subjects: Vec<SubjectRow>,
    codes: Vec<OutcomeCode>,
    /// Names that belong to the outcome, a bit each.
    masks: Vec<u64>,
    // INVARIANT (positions in `evaluated`)
    evaluations: Vec<u32>,
    /// What rows share.
    evaluated: Vec<Evaluated>,
    // INVARIANT (ascending): rows that have something of the kind, in order
    missing: Vec<(usize, Arc<[Missing]>)>,
    selected: Vec<(usize, Arc<Selected>)>,
    withheld: BTreeMap<usize, WithheldReason>,
}

/// By what, and for when, a row was evaluated; most rows share it with others.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Evaluated {
    /// Which version of the rule.
    version: usize,
    occasion: Option<Arc<Occasion>>,
    /// The day on which the lines were evaluated.
    on: NaiveDate,
    /// The day that belongs to the outcome: upcoming from, or closed on.
    day: Option<NaiveDate>,
}

/// The same, borrowed.
#[derive(Clone, Copy)]
pub(crate) struct Evaluation<'o> {
    pub(crate) version: usize,
    pub(crate) occasion: Option<&'o Arc<Occasion>>,
    pub(crate) on: NaiveDate,
    pub(crate) day: Option<NaiveDate>,
}

impl Evaluated {
    fn borrowed(&self) -> Evaluation<'_> {
        Evaluation { version: self.version, occasion: self.occasion.as_ref(), on: self.on, day: self.day }
    }

    /// Whether it is the very same, without looking into occasions.
    fn is(&self, other: Evaluation<'_>) -> bool {
        let same = match (&self.occasion, other.occasion) {
            (Some(one), Some(two)) => Arc::ptr_eq(one, two),
            (None, None) => true,
            _ => false,
        };
        same && (self.version, self.on, self.day) == (other.version, other.on, other.day)
    }
}

/// How many of the latest evaluations a row is compared with, so that rows share them.
const SHARED: usize = 4;

/// What belongs to a subject for whom everything speaks for an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// The terms.
    pub terms: Terms,
    /// Conditions that hold, and whether each tells something of the subject's home.
    pub reasons: Arc<[(NameId, bool)]>,
    /// Whether a parameter or round that was used is only expected.
    pub expected: bool,
}

/// One row before it stands in columns.
pub(crate) struct OutcomeRow<'o> {
    pub(crate) subject: SubjectRow,
    pub(crate) code: OutcomeCode,
    pub(crate) mask: u64,
    pub(crate) evaluation: Evaluation<'o>,
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
            evaluations: Vec::new(),
            evaluated: Vec::new(),
            missing: Vec::new(),
            selected: Vec::new(),
            withheld: BTreeMap::new(),
        }
    }

    pub(crate) fn push(&mut self, row: OutcomeRow<'_>) {
        let at = self.subjects.len();
        let evaluation = self.evaluation(row.evaluation);
        self.push_shared(row.subject, row.code, row.mask, evaluation);
        if let Some(missing) = row.missing {
            self.missing.push((at, missing));
        }
        if let Some(selected) = row.selected {
            self.selected.push((at, selected));
        }
    }

    /// The number of an evaluation that rows share.
    #[inline]
    pub(crate) fn evaluation(&mut self, of: Evaluation<'_>) -> u32 {
        let latest = self.evaluations.last().copied();
        match latest {
            Some(latest) if self.evaluated[latest as usize].is(of) => latest,
            _ => self.other_evaluation(of),
        }
    }

    fn other_evaluation(&mut self, of: Evaluation<'_>) -> u32 {
        let latest = self.evaluated.len().saturating_sub(SHARED);
        let at = if let Some(at) = self.evaluated[latest..].iter().rposition(|known| known.is(of)) {
            latest + at
        } else {
            let Evaluation { version, occasion, on, day } = of;
            self.evaluated.push(Evaluated { version, occasion: occasion.cloned(), on, day });
            self.evaluated.len() - 1
        };
        // no more of them than rows, and rows are counted by 32 bits
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    /// A row without terms and without anything missing.
    #[inline]
    pub(crate) fn push_shared(&mut self, subject: SubjectRow, code: OutcomeCode, mask: u64, evaluation: u32) {
        self.subjects.push(subject);
        self.codes.push(code);
        self.masks.push(mask);
        self.evaluations.push(evaluation);
    }

    /// A row that is in everything like an earlier one, but for whose it is.
    #[inline]
    pub(crate) fn push_like(&mut self, subject: SubjectRow, row: usize) {
        let at = self.subjects.len();
        self.push_shared(subject, self.codes[row], self.masks[row], self.evaluations[row]);
        if let Some(selected) = like(&self.selected, row) {
            self.selected.push((at, selected));
        } else if let Some(missing) = like(&self.missing, row) {
            self.missing.push((at, missing));
        }
    }

    /// Puts the rows of subjects that come after these at the end.
    pub(crate) fn append(&mut self, mut later: Self) {
        let (n_rows, n_evaluated) = (self.subjects.len(), self.evaluated.len());
        let moved = u32::try_from(n_evaluated).unwrap_or(u32::MAX);
        self.subjects.append(&mut later.subjects);
        self.codes.append(&mut later.codes);
        self.masks.append(&mut later.masks);
        self.evaluations.extend(later.evaluations.iter().map(|evaluation| evaluation + moved));
        self.evaluated.append(&mut later.evaluated);
        self.missing.extend(later.missing.into_iter().map(|(row, missing)| (n_rows + row, missing)));
        self.selected.extend(later.selected.into_iter().map(|(row, selected)| (n_rows + row, selected)));
        self.withheld.extend(later.withheld.into_iter().map(|(row, reason)| (n_rows + row, reason)));
    }

    fn evaluated(&self, row: usize) -> &Evaluated {
        &self.evaluated[self.evaluations[row] as usize]
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
        self.evaluated(row).on
    }

    /// Which version of the rule decided a row: a position among the rule's versions.
    pub fn version(&self, row: usize) -> usize {
        self.evaluated(row).version
    }

    /// The occasion of a row; none when not even that could be told.
    pub fn occasion(&self, row: usize) -> Option<&Arc<Occasion>> {
        self.evaluated(row).occasion.as_ref()
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
        let names = || versions.get(self.version(row)).map(|rule| rule.named(self.masks[row])).unwrap_or_default();
        let day = self.evaluated(row).day.unwrap_or(self.evaluated_on(row));
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

/// The same rows, whatever they share.
impl PartialEq for Outcomes {
    fn eq(&self, other: &Self) -> bool {
        let evaluated = |one: &Self, two: &Self| {
            (0..one.len()).all(|row| {
                let (one, two) = (one.evaluated(row), two.evaluated(row));
                one.is(two.borrowed()) || one == two
            })
        };
        self.day == other.day
            && self.subjects == other.subjects
            && self.codes == other.codes
            && self.masks == other.masks
            && self.missing == other.missing
            && self.selected == other.selected
            && self.withheld == other.withheld
            && evaluated(self, other)
    }
}

impl Eq for Outcomes {}

/// What belongs to a row among what belongs to some, handed on.
fn like<T: Clone>(rows: &[(usize, T)], row: usize) -> Option<T> {
    match rows.last() {
        Some((at, latest)) if *at == row => Some(latest.clone()),
        _ => of_row(rows, row).cloned(),
    }
}

/// What belongs to a row among what belongs to some.
fn of_row<T>(rows: &[(usize, T)], row: usize) -> Option<&T> {
    rows.binary_search_by_key(&row, |(at, _)| *at).ok().map(|at| &rows[at].1)
}
