//! Outcomes of one rule on one day, in columns; strings are made only for rows that are asked for.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::outcome::{Missing, WithheldReason};
use ennakko_core::register::SubjectRow;
use ennakko_core::{NameId, Occasion, Outcome, OutcomeCode, Terms};

use crate::evaluate::Rows;
use crate::kernels;
use crate::rule::Rule;

mod shared;

use shared::{Alike, Shared};

pub(crate) use shared::{Entry, Evaluation};

/// From how many who may have a row it is likely how many will.
const ENOUGH: usize = 16_384;

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
#[derive(Clone)]
pub struct Outcomes {
    /// The day.
    pub day: NaiveDate,
    // INVARIANT (ascending): rows stand in the register's order
    subjects: Rows,
    /// What each row has: most have it in common with many.
    // INVARIANT (numbers of `shared`)
    what: Vec<u32>,
    shared: Shared,
}

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
        Self { day, subjects: Rows::none(SubjectKind::Resident), what: Vec::new(), shared: Shared::default() }
    }

    pub(crate) fn push(&mut self, row: OutcomeRow<'_>) {
        let OutcomeRow { subject, code, mask, evaluation, missing, selected, .. } = row;
        let what = self.shared(Entry { code, mask, evaluation, missing, selected });
        self.push_shared(subject, what);
    }

    /// A row of which it is known what it has.
    pub(crate) fn push_shared(&mut self, subject: SubjectRow, what: u32) {
        self.subjects.push(subject);
        self.what.push(what);
    }

    /// The number by which rows have something in common.
    pub(crate) fn shared(&mut self, what: Entry<'_>) -> u32 {
        self.shared.number(what)
    }

    /// The number of what the latest row has.
    pub(crate) fn latest(&self) -> Option<u32> {
        self.what.last().copied()
    }

    /// Rows of those whose bits are set in a word, the lowest bit being that of a first row; by bit, what each has.
    #[inline]
    pub(crate) fn push_word(&mut self, kind: SubjectKind, (first, bits): (usize, u64), what: &[u32; 64]) {
        if self.what.is_empty() {
            self.subjects = Rows::none(kind);
        }
        self.subjects.push_word(first, bits);
        let mut word = [0; 64];
        for (at, bit) in kernels::bits_of(bits).enumerate() {
            word[at % 64] = what[bit % 64];
        }
        self.what.extend_from_slice(&word[..bits.count_ones() as usize]);
    }

    /// Makes room where there is none for another word, for as many rows as there will be if they go on as they have until now:
    /// so many of those who may have a row have been looked at, of so many in all.
    #[inline]
    pub(crate) fn make_room(&mut self, n_seen: usize, n_all: usize) {
        let n = self.what.len();
        if self.what.capacity() - n < 64 {
            let most = n_all.saturating_sub(n_seen) + 64;
            // a little more than as many as there were of as many
            let likely = if n_seen < ENOUGH { n } else { n.saturating_mul(most) / n_seen / 32 * 33 };
            let more = (likely + 4096).min(most);
            self.subjects.reserve(more);
            self.what.reserve_exact(more);
        }
    }

    /// Puts the rows of subjects that come after these at the end.
    pub(crate) fn append(&mut self, mut later: Self) {
        self.subjects.append(&mut later.subjects);
        let moved = self.shared.append(later.shared);
        self.what.extend(later.what.iter().map(|what| what + moved));
    }

    fn what(&self, row: usize) -> &Alike {
        self.shared.of(self.what[row])
    }

    /// Number of subjects in the cohort.
    pub fn len(&self) -> usize {
        self.what.len()
    }

    /// Whether the cohort is empty.
    pub fn is_empty(&self) -> bool {
        self.what.is_empty()
    }

    /// The subject in a row.
    pub fn subject(&self, row: usize) -> SubjectRow {
        self.subjects.subject(row)
    }

    /// The kind of outcome in a row.
    pub fn code(&self, row: usize) -> OutcomeCode {
        self.what(row).code
    }

    /// The day on which the lines of a row were evaluated.
    pub fn evaluated_on(&self, row: usize) -> NaiveDate {
        self.what(row).on
    }

    /// Which version of the rule decided a row: a position among the rule's versions.
    pub fn version(&self, row: usize) -> usize {
        self.what(row).version
    }

    /// The occasion of a row; none when not even that could be told.
    pub fn occasion(&self, row: usize) -> Option<&Arc<Occasion>> {
        self.what(row).occasion.as_ref()
    }

    /// What was missing in a row that cannot be told.
    pub fn missing(&self, row: usize) -> &[Missing] {
        self.what(row).missing.as_deref().unwrap_or_default()
    }

    /// What was missing in each row that cannot be told, in order.
    pub fn all_missing(&self) -> impl Iterator<Item = (usize, &[Missing])> {
        self.all_with(|what| what.missing.as_deref())
    }

    /// Rows for whom everything speaks for an offer, late ones included, in order.
    pub fn all_selected(&self) -> impl Iterator<Item = (usize, &Selected)> {
        self.all_with(|what| what.selected.as_deref())
    }

    /// Rows that have something, in order.
    fn all_with<'o, T: ?Sized + 'o>(
        &'o self,
        of: impl Fn(&'o Alike) -> Option<&'o T>,
    ) -> impl Iterator<Item = (usize, &'o T)> {
        let rows = if self.shared.all().any(|what| of(what).is_some()) { &self.what[..] } else { &[] };
        rows.iter().enumerate().filter_map(move |(row, what)| of(self.shared.of(*what)).map(|of| (row, of)))
    }

    /// The row of a subject.
    pub fn row_of(&self, subject: SubjectRow) -> Option<usize> {
        self.subjects.place_of(subject)
    }

    /// What belongs to a row for whom everything speaks for an offer, late ones included.
    pub fn selected(&self, row: usize) -> Option<&Selected> {
        self.what(row).selected.as_deref()
    }

    /// Enters that a row's offer is withheld.
    pub fn withhold(&mut self, row: usize, reason: WithheldReason) {
        self.what[row] = self.shared.withheld(self.what[row], reason);
    }

    /// The outcome of a row with its names.
    pub fn outcome(&self, row: usize, versions: &[Rule]) -> Outcome {
        let names = || versions.get(self.version(row)).map(|rule| rule.named(self.what(row).mask)).unwrap_or_default();
        let day = self.what(row).day.unwrap_or(self.evaluated_on(row));
        match self.code(row) {
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
            OutcomeCode::Withheld => Outcome::Withheld(self.what(row).withheld.unwrap_or(WithheldReason::NoAddressee)),
            OutcomeCode::Waiting => Outcome::Waiting(1),
            OutcomeCode::Offered => Outcome::Offered,
        }
    }
}

/// Row by row, whatever they have in common.
impl std::fmt::Debug for Outcomes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rows: Vec<_> = (0..self.len()).map(|row| (self.subject(row), self.what(row))).collect();
        f.debug_struct("Outcomes").field("day", &self.day).field("rows", &rows).finish_non_exhaustive()
    }
}

/// The same rows, whatever they have in common.
impl PartialEq for Outcomes {
    fn eq(&self, other: &Self) -> bool {
        // what is the same was found to be for another row, most often
        let mut same: BTreeSet<(u32, u32)> = BTreeSet::new();
        self.day == other.day
            && self.len() == other.len()
            && (self.is_empty() || self.subjects == other.subjects)
            && self.what.iter().zip(&other.what).all(|(one, two)| {
                same.contains(&(*one, *two)) || {
                    same.insert((*one, *two));
                    self.shared.of(*one) == other.shared.of(*two)
                }
            })
    }
}

impl Eq for Outcomes {}

#[cfg(test)]
mod tests {
    use ennakko_core::register::ResidentRow;

    use super::*;

    const CODES: [OutcomeCode; 3] = [OutcomeCode::NotEntitled, OutcomeCode::Offered, OutcomeCode::Upcoming];

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2027, 3, 15).unwrap()
    }

    /// What a row at a position has: every third is selected.
    fn what(position: usize) -> (OutcomeCode, u64, Option<Arc<Selected>>) {
        let selected = Selected { terms: Terms::default(), reasons: Arc::default(), expected: false };
        let code = CODES[position % 3];
        (code, (position % 5) as u64, (code == OutcomeCode::Offered).then(|| Arc::new(selected)))
    }

    fn evaluation() -> Evaluation<'static> {
        Evaluation { version: 0, occasion: None, on: day(), day: None }
    }

    fn one_by_one(words: &[u64]) -> Outcomes {
        let mut outcomes = Outcomes::new(day());
        for (word, bits) in words.iter().enumerate() {
            for position in kernels::bits_of(*bits).map(|bit| word * 64 + bit) {
                let (code, mask, selected) = what(position);
                let subject = SubjectRow::Resident(ResidentRow::at(position).unwrap());
                let (evaluation, until) = (evaluation(), day());
                outcomes.push(OutcomeRow { subject, code, mask, evaluation, missing: None, selected, until });
            }
        }
        outcomes
    }

    fn by_words(words: &[u64], from: usize) -> Outcomes {
        let mut outcomes = Outcomes::new(day());
        for (word, bits) in words.iter().enumerate().filter(|(_, bits)| **bits != 0) {
            let first = (from + word) * 64;
            outcomes.make_room(word * 64, words.len() * 64);
            let numbers = std::array::from_fn(|bit| {
                let (code, mask, selected) = what(first + bit);
                outcomes.shared(Entry { code, mask, evaluation: evaluation(), missing: None, selected })
            });
            outcomes.push_word(SubjectKind::Resident, (first, *bits), &numbers);
        }
        outcomes
    }

    #[test]
    fn rows_are_the_same_by_words_and_in_parts() {
        // more than enough to tell how many there will be
        let words: Vec<u64> =
            (0..600_u64).map(|at| [0b1011, 0, u64::MAX, 1 << 63, at][(at % 5) as usize].rotate_left(3)).collect();
        let one_by_one = one_by_one(&words);
        assert_eq!(by_words(&words, 0), one_by_one);
        let (first, later) = words.split_at(271);
        let mut parts = by_words(first, 0);
        parts.append(by_words(later, 271));
        assert_eq!(parts, one_by_one);
        assert_ne!(by_words(first, 0), one_by_one);
        for row in 0..parts.len() {
            let subject = parts.subject(row);
            assert_eq!(parts.row_of(subject), Some(row));
            assert_eq!(parts.code(row), what(subject.position()).0);
        }
        let selected: Vec<usize> = parts.all_selected().map(|(row, _)| row).collect();
        let offered = (0..parts.len()).filter(|row| parts.code(*row) == OutcomeCode::Offered);
        assert_eq!(selected, offered.collect::<Vec<_>>());
    }

    #[test]
    fn one_row_is_withheld_and_not_those_like_it() {
        let mut outcomes = one_by_one(&[u64::MAX]);
        let before = outcomes.clone();
        outcomes.withhold(4, WithheldReason::NoAddressee);
        for row in 0..outcomes.len() {
            let code = if row == 4 { OutcomeCode::Withheld } else { before.code(row) };
            assert_eq!(outcomes.code(row), code);
        }
        assert_eq!(outcomes.outcome(4, &[]), Outcome::Withheld(WithheldReason::NoAddressee));
        assert_eq!(outcomes.all_selected().count(), before.all_selected().count());
        assert_ne!(outcomes, before);
    }
}
