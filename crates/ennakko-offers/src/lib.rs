//! Outcomes become offers: ids, addressees, deadlines, letters, the ledger and the wire form.
//!
//! This crate takes what rules came to (a subject, an occasion, terms, reasons) and a register, and makes of it what a city
//! may send: to all who have the right, in their language, once. It knows no rule language, opens no file, asks no clock,
//! sends nothing and decides nothing.
//!
//! ```text
//! Candidate -> propose -> Offer -> MemoryLedger::propose -> messages -> Message -> wire::v1
//!                    \-> Withheld -> Task
//! ```
//!
//! Modules stand in reading order.

pub mod deadline;
pub mod offer_id;
pub mod written_date;

pub mod addressees;
pub mod offer;

pub mod text;

pub mod letter;
pub mod message;
pub mod told;

pub mod task;

pub mod ledger;

pub mod wire;

#[cfg(test)]
mod testing;

use chrono::NaiveDate;

pub use addressees::{Addressees, addressees};
pub use ledger::MemoryLedger;
pub use letter::Letter;
pub use message::{Message, messages};
pub use offer::{Candidate, Issuer, Offer, Proposal, Reason, propose};
pub use offer_id::OfferId;
pub use task::Task;
pub use text::Texts;

/// Why this crate cannot do what it was asked. What fails in one file only has its error there; this one holds them all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A day has no instant in the city's zone.
    #[error(transparent)]
    Deadline(#[from] deadline::DeadlineError),
    /// An id cannot be made.
    #[error(transparent)]
    Id(#[from] offer_id::OfferIdError),
    /// A letter cannot be written.
    #[error(transparent)]
    Letter(#[from] letter::LetterError),
    /// The ledger does not know what it was asked about.
    #[error(transparent)]
    Ledger(#[from] ledger::LedgerError),
    /// The rule has no message that goes with its offers.
    #[error("rule `{rule}` sends no message with its offers; give one of `messages` no `on`")]
    NoMessage {
        /// The rule.
        rule: String,
    },
    /// A reply is asked, and no day of the occasion is left.
    #[error("no day is left to reply: the occasion `{occasion}` ended on {ends}")]
    NoDayToReply {
        /// The occasion.
        occasion: String,
        /// The first day on which it was over.
        ends: NaiveDate,
    },
}
