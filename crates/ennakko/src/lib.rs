//! Ennakko turns a population register and a folder of rules into offers that a city makes before anyone applies.
//!
//! This crate is the front door: load rules, build a register, run the day, preview the coming months, test the cases of
//! the rules' pages. What stands behind it: [`core`] (the model), [`rules`] (rule text to outcomes), [`offers`] (outcomes
//! to offers).
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use ennakko::rules::RuleFile;
//!
//! let files = [RuleFile::new("city.toml", "[city]\nname = { fi = \"Kaupunki\" }\n")];
//! let problems = ennakko::Rules::load(&files).err().map(|unusable| unusable.diagnostics.len());
//! assert!(problems > Some(0), "a city without a code, a zone and languages cannot be used");
//! # Ok(())
//! # }
//! ```
//!
//! Modules stand in reading order.

pub use ennakko_core as core;
pub use ennakko_offers as offers;
pub use ennakko_rules as rules;

pub mod folder;

pub mod given;

#[cfg(feature = "tables")]
mod toml_file;

pub mod sources;

#[cfg(feature = "register-folder")]
pub mod register_folder;

pub mod bill;
pub mod choices;

pub mod day;
pub mod preview;

pub mod outside;

pub mod explain;

pub mod cases;

pub mod approve;
pub mod fact_list;

pub mod report;

#[cfg(feature = "sample")]
pub mod sample;

pub mod wire;

pub use bill::Bill;
pub use choices::Choices;
pub use day::{DayReport, run, run_day, run_in_threads};
pub use ennakko_core::{IdentityTable, KeySecret, Register, Uuid};
pub use ennakko_offers::MemoryLedger;
pub use ennakko_rules::Mode;
pub use ennakko_rules::evaluate::Threads;
pub use folder::Rules;
pub use preview::{Preview, preview, preview_in_threads};
