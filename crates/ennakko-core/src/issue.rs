//! What was wrong with records. Bad input is data: building a register never stops at the first bad record.
//!
//! An issue names a kind of record and its position, never a name, a code or an address.

use std::fmt;

/// Which list of a [`crate::record::Delivery`] a record stood in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordKind {
    /// `residents`
    Resident,
    /// `deaths`
    Death,
    /// `histories`
    History,
    /// `custody`
    Custody,
    /// `dwellings`
    Dwelling,
    /// `buildings`
    Building,
    /// `facts`, by the fact's name
    Fact(String),
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resident => f.write_str("resident record"),
            Self::Death => f.write_str("death record"),
            Self::History => f.write_str("history record"),
            Self::Custody => f.write_str("custody record"),
            Self::Dwelling => f.write_str("dwelling record"),
            Self::Building => f.write_str("building record"),
            Self::Fact(name) => write!(f, "row of fact `{name}`"),
        }
    }
}

/// What was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Problem {
    /// Neither a key nor a code: nobody can be meant.
    NoKeyAndNoCode,
    /// Its codes lead to two different persons of the identity table.
    CodesOfTwoPersons,
    /// A second record of the same person, dwelling, building or pair.
    Duplicate,
    /// About somebody or something that no record describes.
    NoSuchSubject,
    /// The value is not of the declared type.
    WrongType,
    /// None, although the declaration says that it cannot be.
    NoneNotAllowed,
    /// A number outside what the declaration allows, or beyond what any fact may be.
    OutOfRange,
    /// A text that is not one of the declared codes.
    UnknownCode,
    /// A number of the record is beyond what any fact may be; it is unknown, and the rest of the record is used.
    NumberTooLarge,
    /// A day of a fact table is out of the bounds of [`crate::day`].
    DayOutOfRange,
    /// A day of the record is out of the bounds of [`crate::day`]; it is unknown, and the rest of the record is used.
    DayTooFar,
    /// A stay ends before it begins: both days are unknown, and the rest of the record is used.
    EndsBeforeItBegins,
    /// Sources disagree on whether the person is alive.
    DeathDisputed,
    /// Not a dwelling id of the register.
    BadDwellingId,
}

impl Problem {
    /// Whether a record with this problem is left out of the register.
    pub fn sets_aside(self) -> bool {
        !matches!(self, Self::DeathDisputed | Self::NumberTooLarge | Self::DayTooFar | Self::EndsBeforeItBegins)
    }

    /// The problem in a few plain words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoKeyAndNoCode => "has neither a key nor an identity code",
            Self::CodesOfTwoPersons => "has codes that lead to two persons of the identity table",
            Self::Duplicate => "is a second record of the same subject",
            Self::NoSuchSubject => "is about a subject that no record describes",
            Self::WrongType => "has a value that is not of the declared type",
            Self::NoneNotAllowed => "is none, and the declaration does not allow that",
            Self::OutOfRange => "has a number outside what the declaration allows",
            Self::UnknownCode => "has a text that is not one of the declared codes",
            Self::NumberTooLarge => "has a number beyond what any fact may be",
            Self::DayOutOfRange => "has a day outside 1800-01-01 to 2200-12-31",
            Self::DayTooFar => "has a day outside 1800-01-01 to 2200-12-31, which is left out",
            Self::EndsBeforeItBegins => "has a stay that ends before it begins",
            Self::DeathDisputed => "disagrees with another source on whether the person is alive",
            Self::BadDwellingId => "has a dwelling id of no known form",
        }
    }
}

/// One finding about one record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Issue {
    /// Which list.
    pub kind: RecordKind,
    /// Position in that list, from 1.
    pub position: usize,
    /// What was wrong.
    pub problem: Problem,
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.kind, self.position, self.problem.words())
    }
}

/// How many records were read and used; the rest were set aside, each with an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Tally {
    /// Records read.
    pub read: usize,
    /// Records used.
    pub used: usize,
    /// Records set aside.
    pub set_aside: usize,
}
