//! Support for the tests: the real rule folder with variations, days told as stories, random towns, and everything that
//! leaves the front door. Not for the cases of the rules' pages; those are run by the front door itself.
//!
//! All identity codes are artificial. Modules stand in reading order.

#![expect(clippy::unwrap_used, clippy::panic, clippy::missing_panics_doc, reason = "a test that cannot go on stops")]

pub mod folder;
pub mod story;

pub mod language;
pub mod oracle;
pub mod outputs;
pub mod registers;
pub mod town;

/// A civil day as it is written in a test.
pub fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is not a day"))
}

/// The README, whose examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
