//! The Finnish population information system: base data (`POST /perustiedot`) and its change feed (`POST /muutokset`).
//!
//! Both send the same information groups; [`Documents`] keeps them by person, as they were delivered, and gives records of
//! everybody or the [`Changes`](ennakko_core::Changes) of those who are touched. Where real clients of the interface disagree
//! the profile below says which way this project goes; each line is a test. Nothing here opens a connection: see
//! [`feed`] for asking page by page, and the feature `finnish-http` for the interface itself.
//!
//! # The profile followed
//!
//! | matter | here |
//! | --- | --- |
//! | birth date, sex | from their groups, never from the code |
//! | addresses, municipalities | closed intervals: old until 26 June, new from 27 June; a stay in a municipality told as ending on the day of the move ends the day before |
//! | names, languages | half-open: the new one holds on the day on which the old one ends |
//! | custody | both bounds included, so that both persons count on the day of a change; a missing bound is no bound; nobody has custodians from the day of coming of age on |
//! | a right to information only | recorded as such, never a custodian |
//! | no custodian delivered | the list is open, unless the person is of age |
//! | several homes in force | the last delivered |
//! | an end from 2100 on | until further notice |
//! | an order of non-disclosure | the flag counts, not the day on which it is to end; a flag that is off before the end, or beside what is kept back, is unknown |
//! | kept back (`turvakiellonAlaisetKentat`) | unknown, whatever stands beside it, and what was known is forgotten; an order, if none is told |
//! | a new end of an order and a new order in one change | the order stands |
//! | a change of somebody unknown | taken if it tells the day of birth as new; otherwise it waits, and base data is to be asked for |
//! | a change that cannot be taken | it and all later ones of the same person wait; base data of the person ends the wait |
//! | the same change again | nothing |
//! | guardians of people, children in care | not in these groups |

mod custody;
mod date;
mod document;
mod documents;
pub mod feed;
mod group;
mod home;
#[cfg(feature = "finnish-http")]
pub mod http;
mod person;
mod place;
mod store;

use ennakko_core::identity::finnish::Profile;
use ennakko_core::record::ListState;
use thiserror::Error;

pub use documents::{Documents, Taken};

/// How the city's deliveries are to be read.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Which codes may stand in them.
    pub codes: Profile,
    /// What it means that no `TURVAKIELTO` came of somebody.
    pub no_protection_group: NoGroup,
    /// Whether dwellings come from people's addresses.
    pub dwellings: Dwellings,
}

/// What the absence of a group means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoGroup {
    /// The group is within the licence and was asked for, so there is nothing to tell.
    MeansNone,
    /// It may be outside the licence.
    MeansUnknown,
}

/// Whether this source tells of dwellings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dwellings {
    /// Another source does.
    NotFromHere,
    /// One for each dwelling of which somebody's address came. The state says whether everybody who lives in the city was
    /// asked for, so that nobody's housemates can be missing.
    FromAddresses(ListState),
}

/// Municipality codes of people who have none: 198 without a municipality in Finland, 200 abroad (classification of
/// municipalities of Statistics Finland).
const FINLAND_NONE: [&str; 2] = ["198", "200"];

/// Why a whole answer, or a stored document, cannot be used. No message holds anything that was delivered.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FinnishError {
    /// The answer is not JSON, or not of the shape of its kind.
    #[error("the answer is not of the interface's shape, from line {line}, column {column}")]
    Answer {
        /// Line of the answer, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// A stored line cannot be read.
    #[error("line {line} of the stored documents cannot be read")]
    Stored {
        /// The line, from 1.
        line: u64,
    },
    /// Two stored lines have one code.
    #[error("line {line} of the stored documents has a code that an earlier line has")]
    StoredTwice {
        /// The line, from 1.
        line: u64,
    },
    /// Reading or writing failed.
    #[error("the stored documents could not be read or written")]
    Io(#[from] std::io::Error),
}

impl FinnishError {
    /// Where an answer stops being readable; the words of the parser could hold what was delivered.
    fn answer(error: &serde_json::Error) -> Self {
        Self::Answer { line: error.line(), column: error.column() }
    }
}

#[cfg(test)]
mod tests;
