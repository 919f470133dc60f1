//! One function for each parser, from any bytes to what it makes of them: a finding is a panic.
//!
//! Besides not panicking, each keeps what its source promises: every record read is used or set aside, what is set aside is
//! copied out whole, what is written is read back, and what comes of it builds a register. Modules stand in reading order.

#![expect(clippy::missing_panics_doc, clippy::unwrap_used, clippy::panic, reason = "a panic is a finding")]

pub mod finnish;
pub mod identity;
pub mod navet;

pub mod buildings;
pub mod tables;

pub mod rules;
pub mod settings;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use ennakko::core::record::Delivery;
use ennakko::sources::{Loaded, SourceIssue};
use ennakko::{IdentityTable, KeySecret, Register};

/// The day of every register here.
fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

/// Read = used + set aside; then a register of it, for which the same goes.
fn whole(loaded: Loaded) -> BTreeSet<u64> {
    let aside = set_aside(&loaded.issues);
    assert_eq!(loaded.read, loaded.used + aside.len(), "a record is neither used nor set aside");
    assert_eq!(loaded.origins.residents.len(), loaded.delivery.residents.len());
    assert_eq!(loaded.origins.custody.len(), loaded.delivery.custody.len());
    assert_eq!(loaded.origins.buildings.len(), loaded.delivery.buildings.len());
    built(loaded.delivery);
    aside
}

fn set_aside(issues: &[SourceIssue]) -> BTreeSet<u64> {
    issues.iter().filter(|issue| issue.sets_aside).map(|issue| issue.position).collect()
}

fn built(delivery: Delivery) -> (Register, IdentityTable) {
    let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
    let built = Register::build(delivery, day(), &mut identities);
    assert_eq!(built.tally.read, built.tally.used + built.tally.set_aside);
    for issue in &built.issues {
        assert!(!issue.to_string().is_empty());
    }
    (built.register, identities)
}

/// The bytes as text, where they are one.
fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}
