//! Rows of subjects of one kind, in the register's order.

use ennakko_core::fact_table::SubjectKind;
use ennakko_core::register::{BuildingRow, HouseholdRow, ResidentRow, SubjectRow};

use crate::kernels;

/// Rows of subjects of one kind, in the register's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Persons.
    Residents(Vec<ResidentRow>),
    /// Households.
    Households(Vec<HouseholdRow>),
    /// Buildings.
    Buildings(Vec<BuildingRow>),
}

impl Rows {
    /// No rows of a kind.
    pub fn none(kind: SubjectKind) -> Self {
        match kind {
            SubjectKind::Resident => Self::Residents(Vec::new()),
            SubjectKind::Household => Self::Households(Vec::new()),
            SubjectKind::Building => Self::Buildings(Vec::new()),
        }
    }

    /// The rows whose bits are set, the first in the lowest bit of the first word.
    pub(super) fn of(kind: SubjectKind, words: &[u64]) -> Self {
        fn entered<R>(words: &[u64], row: impl Fn(usize) -> Option<R>) -> Vec<R> {
            let n: u32 = words.iter().map(|word| word.count_ones()).sum();
            let mut rows = Vec::with_capacity(n as usize);
            for (first, word) in (0..).step_by(64).zip(words) {
                for bit in kernels::bits_of(*word) {
                    if let Some(row) = row(first + bit) {
                        rows.push(row);
                    }
                }
            }
            rows
        }
        match kind {
            SubjectKind::Resident => Self::Residents(entered(words, ResidentRow::at)),
            SubjectKind::Household => Self::Households(entered(words, HouseholdRow::at)),
            SubjectKind::Building => Self::Buildings(entered(words, BuildingRow::at)),
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Residents(rows) => rows.len(),
            Self::Households(rows) => rows.len(),
            Self::Buildings(rows) => rows.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The subjects.
    pub fn subjects(&self) -> Vec<SubjectRow> {
        match self {
            Self::Residents(rows) => rows.iter().copied().map(SubjectRow::Resident).collect(),
            Self::Households(rows) => rows.iter().copied().map(SubjectRow::Household).collect(),
            Self::Buildings(rows) => rows.iter().copied().map(SubjectRow::Building).collect(),
        }
    }

    /// The subject in a place.
    #[inline]
    pub(crate) fn subject(&self, at: usize) -> SubjectRow {
        match self {
            Self::Residents(rows) => SubjectRow::Resident(rows[at]),
            Self::Households(rows) => SubjectRow::Household(rows[at]),
            Self::Buildings(rows) => SubjectRow::Building(rows[at]),
        }
    }

    /// The place of a subject.
    pub(crate) fn place_of(&self, subject: SubjectRow) -> Option<usize> {
        match (self, subject) {
            (Self::Residents(rows), SubjectRow::Resident(row)) => rows.binary_search(&row).ok(),
            (Self::Households(rows), SubjectRow::Household(row)) => rows.binary_search(&row).ok(),
            (Self::Buildings(rows), SubjectRow::Building(row)) => rows.binary_search(&row).ok(),
            _ => None,
        }
    }

    /// Puts a subject at the end; of whichever kind it is, where there is none yet.
    #[inline]
    pub(crate) fn push(&mut self, subject: SubjectRow) {
        match (&mut *self, subject) {
            (Self::Residents(rows), SubjectRow::Resident(row)) => rows.push(row),
            (Self::Households(rows), SubjectRow::Household(row)) => rows.push(row),
            (Self::Buildings(rows), SubjectRow::Building(row)) => rows.push(row),
            (rows, subject) => {
                assert!(rows.is_empty(), "rows are of one kind");
                *rows = match subject {
                    SubjectRow::Resident(row) => Self::Residents(vec![row]),
                    SubjectRow::Household(row) => Self::Households(vec![row]),
                    SubjectRow::Building(row) => Self::Buildings(vec![row]),
                };
            }
        }
    }

    /// Puts those rows at the end whose bits are set in a word, the lowest bit being that of a first row.
    #[inline]
    pub(crate) fn push_word(&mut self, first: usize, bits: u64) {
        fn push<R: Copy>(rows: &mut Vec<R>, bits: u64, row: impl Fn(usize) -> Option<R>) {
            let Some(any) = row(0).filter(|_| bits != 0) else { return };
            // a word at a time: what is of a known length is not looked after row by row
            let mut word = [any; 64];
            let mut n = 0;
            for row in kernels::bits_of(bits).filter_map(row) {
                word[n % 64] = row;
                n += 1;
            }
            rows.extend_from_slice(&word[..n.min(64)]);
        }
        match self {
            Self::Residents(rows) => push(rows, bits, |bit| ResidentRow::at(first + bit)),
            Self::Households(rows) => push(rows, bits, |bit| HouseholdRow::at(first + bit)),
            Self::Buildings(rows) => push(rows, bits, |bit| BuildingRow::at(first + bit)),
        }
    }

    /// Puts rows that come after these at the end.
    pub(crate) fn append(&mut self, later: &mut Self) {
        match (&mut *self, &mut *later) {
            (Self::Residents(rows), Self::Residents(later)) => rows.append(later),
            (Self::Households(rows), Self::Households(later)) => rows.append(later),
            (Self::Buildings(rows), Self::Buildings(later)) => rows.append(later),
            (rows, later) if rows.is_empty() => std::mem::swap(rows, later),
            (_, later) => assert!(later.is_empty(), "rows are of one kind"),
        }
    }

    /// Room for so many more.
    pub(crate) fn reserve(&mut self, n: usize) {
        match self {
            Self::Residents(rows) => rows.reserve_exact(n),
            Self::Households(rows) => rows.reserve_exact(n),
            Self::Buildings(rows) => rows.reserve_exact(n),
        }
    }
}
