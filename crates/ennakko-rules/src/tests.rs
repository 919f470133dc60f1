//! Tests of the crate: small folders and small towns, and what a resident or an analyst would notice.
//!
//! Everybody in them is made up, with artificial identity codes only.

pub(crate) mod folder;
mod town;

mod by_kernels;
mod history;
mod kernels;
mod language;
mod lists;
mod over_time;
mod table;
mod walk;

mod due;
mod faults;
mod forty;
mod hostile;
mod look_alikes;
mod mistakes;
