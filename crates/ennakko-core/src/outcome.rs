//! Outcomes: the one thing that is true of a subject under a rule on a day.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::rule_id::NameId;
use crate::value::UnknownReason;

/// The kinds of outcome, from the least to the most telling in a preview's bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutcomeCode {
    /// A condition does not hold, and will not within the window.
    NotEntitled,
    /// The resident chose not to be offered this purpose.
    OptedOut,
    /// An offer was made and its time ran out without a reply.
    Lapsed,
    /// An offer was made and declined.
    Declined,
    /// An offer was made and accepted.
    Accepted,
    /// The subject has it already.
    HasAlready,
    /// An offer was made and waits for a reply.
    Pending,
    /// Not yet: from a later day on.
    Upcoming,
    /// The window for offers has closed.
    Late,
    /// A fact that is needed is not known.
    CannotTell,
    /// An officer decides.
    Manual,
    /// Entitled, but the engine must not send it.
    Withheld,
    /// Entitled, but no place is free.
    Waiting,
    /// Offered.
    Offered,
}

impl OutcomeCode {
    /// Every code, in the order of a preview's bill: the most telling first.
    pub const MOST_TELLING_FIRST: [Self; 14] = [
        Self::Offered,
        Self::Waiting,
        Self::Withheld,
        Self::Manual,
        Self::CannotTell,
        Self::Late,
        Self::Upcoming,
        Self::Pending,
        Self::HasAlready,
        Self::Accepted,
        Self::Declined,
        Self::Lapsed,
        Self::OptedOut,
        Self::NotEntitled,
    ];

    /// The word for it everywhere.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotEntitled => "not_entitled",
            Self::OptedOut => "opted_out",
            Self::Lapsed => "lapsed",
            Self::Declined => "declined",
            Self::Accepted => "accepted",
            Self::HasAlready => "has_already",
            Self::Pending => "pending",
            Self::Upcoming => "upcoming",
            Self::Late => "late",
            Self::CannotTell => "cannot_tell",
            Self::Manual => "manual",
            Self::Withheld => "withheld",
            Self::Waiting => "waiting",
            Self::Offered => "offered",
        }
    }
}

/// The ledger's state of an offer that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Waits for a reply.
    Pending,
    /// Accepted.
    Accepted,
    /// Declined.
    Declined,
    /// Its time ran out without a reply.
    Lapsed,
}

/// Why an offer is withheld. The reason stays inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum WithheldReason {
    /// No living addressee with the right.
    NoAddressee,
    /// The home is protected: a person sends it.
    Protection,
    /// The register does not say who the custodians are or what they may decide.
    CustodyUnclear,
    /// Sources disagree on whether the subject is alive.
    DeathDisputed,
    /// The subject or an addressee has no name in the register, and a letter must name them.
    NameMissing,
}

impl WithheldReason {
    /// The word for it in cases and tasks.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoAddressee => "no_addressee",
            Self::Protection => "protection",
            Self::CustodyUnclear => "custody_unclear",
            Self::DeathDisputed => "death_disputed",
            Self::NameMissing => "name_missing",
        }
    }
}

/// A fact that was needed and is not known: which, whose, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// The line that needed it; `terms` for the terms of the offer.
    pub line: NameId,
    /// The fact's name.
    pub fact: Arc<str>,
    /// Whose it is: `subject`, or a word such as `custodian`.
    pub of: Arc<str>,
    /// Why it is not known.
    pub reason: UnknownReason,
}

/// One outcome, with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Every condition that is no.
    NotEntitled(Vec<NameId>),
    /// Which lines say so.
    HasAlready(Vec<NameId>),
    /// Waits for a reply.
    Pending,
    /// Accepted.
    Accepted,
    /// Declined.
    Declined,
    /// Its time ran out.
    Lapsed,
    /// Which fact of whom, and why unknown.
    CannotTell(Vec<Missing>),
    /// By choice.
    OptedOut,
    /// Which lines ask for an officer; empty: the rule always does.
    Manual(Vec<NameId>),
    /// From this day.
    Upcoming(NaiveDate),
    /// Closed on this day.
    Late(NaiveDate),
    /// Why.
    Withheld(WithheldReason),
    /// Position in the queue, from 1.
    Waiting(u32),
    /// Offered.
    Offered,
}

impl Outcome {
    /// Its kind.
    pub fn code(&self) -> OutcomeCode {
        match self {
            Self::NotEntitled(_) => OutcomeCode::NotEntitled,
            Self::HasAlready(_) => OutcomeCode::HasAlready,
            Self::Pending => OutcomeCode::Pending,
            Self::Accepted => OutcomeCode::Accepted,
            Self::Declined => OutcomeCode::Declined,
            Self::Lapsed => OutcomeCode::Lapsed,
            Self::CannotTell(_) => OutcomeCode::CannotTell,
            Self::OptedOut => OutcomeCode::OptedOut,
            Self::Manual(_) => OutcomeCode::Manual,
            Self::Upcoming(_) => OutcomeCode::Upcoming,
            Self::Late(_) => OutcomeCode::Late,
            Self::Withheld(_) => OutcomeCode::Withheld,
            Self::Waiting(_) => OutcomeCode::Waiting,
            Self::Offered => OutcomeCode::Offered,
        }
    }
}
