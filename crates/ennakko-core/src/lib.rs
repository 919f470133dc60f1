//! Ennakko's model: records in, one valid, read-only register out, and the words that rules and offers share.
//!
//! This crate knows residents, households, custody, dwellings and buildings, what is *known*, *none* or *unknown* about
//! them, and the vocabulary handed on (`Occasion`, `Outcome`, `Trace`, `Terms`, `RuleId`). It knows no rule language, reads
//! no file, asks no clock. Records come from the caller; see [`register::Register::build`].
//!
//! Modules stand in reading order.

pub mod identity;

pub mod truth;
pub mod value;

pub mod age;
pub mod day;

pub mod key;
pub mod protected;

pub mod fact_table;
pub mod record;
pub mod special;

pub mod changes;

mod sorted;

pub mod column;
pub mod issue;
pub mod register;

pub mod difference;

pub mod city;
pub mod occasion;
pub mod outcome;
pub mod placeholder;
pub mod rule_card;
pub mod rule_id;
pub mod terms;
pub mod trace;

pub use age::LeapDayPolicy;
pub use changes::{Changes, PersonChange};
pub use day::PartialDate;
pub use difference::Difference;
pub use key::{BuildingKey, DwellingKey, HouseholdKey, IdentityTable, KeySecret, ResidentKey, SubjectKey};
pub use occasion::Occasion;
pub use outcome::{Outcome, OutcomeCode};
pub use register::Register;
pub use rule_id::{NameId, RuleId};
pub use terms::{Term, Terms};
pub use trace::Trace;
pub use truth::Truth;
pub use uuid::Uuid;
pub use value::{Fact, UnknownReason, Value};
