//! The three states of a fact (a value, *none*, *unknown*) and the values a fact can have.
//!
//! Not for records as delivered: those are in [`crate::record`], and a missing field there is a source's matter.

use std::sync::Arc;

use crate::day::PartialDate;
use crate::protected::Protected;

/// Why a fact is not known. The reason is for officers and findings; it never reaches a resident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum UnknownReason {
    /// The source keeps it back (for example under an order of non-disclosure).
    Withheld,
    /// The source has no row, and the declaration says that this means unknown.
    NotDelivered,
    /// Outside what the city is licensed to receive.
    OutsideLicence,
    /// Older than the declaration's `fresh_days`.
    TooOld,
    /// Sources disagree.
    Disputed,
    /// Only part of a date is known, and the answer depends on the rest.
    PartialDate,
    /// The list may have members that were not delivered.
    OpenList,
    /// About somebody of whom the register has no record of their own.
    NoRecord,
    /// Nothing can be said of a day that has not come.
    FutureDay,
}

impl UnknownReason {
    /// The reason in a few plain words, for findings and tasks.
    pub fn words(self) -> &'static str {
        match self {
            Self::Withheld => "withheld by the source",
            Self::NotDelivered => "not delivered",
            Self::OutsideLicence => "outside the licence",
            Self::TooOld => "too old",
            Self::Disputed => "sources disagree",
            Self::PartialDate => "only part of the date is known",
            Self::OpenList => "the list may be incomplete",
            Self::NoRecord => "no record of this person",
            Self::FutureDay => "not known for a coming day",
        }
    }
}

/// One fact about one subject: a value, *none* (the register knows there is none), or *unknown*. The three are never
/// confused, and *unknown* never becomes a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact<T> {
    /// The register has this value.
    Known(T),
    /// The register knows that there is no value.
    None,
    /// The register does not know.
    Unknown(UnknownReason),
}

impl<T> Fact<T> {
    /// The value, if it is known.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::None | Self::Unknown(_) => None,
        }
    }

    /// The same state with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Self::Known(value) => Fact::Known(f(value)),
            Self::None => Fact::None,
            Self::Unknown(reason) => Fact::Unknown(reason),
        }
    }

    /// The same state, borrowing the value.
    pub fn as_ref(&self) -> Fact<&T> {
        match self {
            Self::Known(value) => Fact::Known(value),
            Self::None => Fact::None,
            Self::Unknown(reason) => Fact::Unknown(*reason),
        }
    }

    /// Whether it is unknown.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }
}

/// A value of a fact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A whole number, in the unit that the fact declares.
    Int(i64),
    /// A civil day, perhaps known only in part.
    Day(PartialDate),
    /// A text, usually of a closed code list.
    Text(Arc<str>),
    /// A place that would reveal where its subject lives.
    Place(Protected<Arc<str>>),
}
