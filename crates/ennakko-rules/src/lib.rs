//! Ennakko's rules: a folder of rhai rule files, pages, texts and tables in; checked rules and explained outcomes out.
//!
//! This crate takes texts and values. It reads no file and asks no clock; the day is always a parameter. The interpreter,
//! its optimiser off, is the meaning of a rule; where an unknown fact is read, a line is unknown.
//!
//! Modules stand in reading order.

#[macro_use]
mod fault;

pub mod diagnostic;

pub mod unit;

mod source;

mod expression;
mod literal;
mod tree;

mod step;

mod table;

pub mod calendar;
pub mod parameters;
pub mod settings;

mod head;
mod syntax;

pub mod facts;
pub mod page;
pub mod rule;
pub mod texts;

mod across;
mod check;
pub mod rule_set;

pub mod due;

mod stop;

mod values;

mod walk;

mod kernels;

pub mod engine;

pub mod edges;
pub mod evaluate;
pub mod outcomes;

#[cfg(test)]
mod tests;

pub use diagnostic::Diagnostic;
pub use engine::Mode;
pub use evaluate::{By, Evaluator};
pub use outcomes::{NotRun, Outcomes, RuleDay};
pub use rule_set::{RuleFile, RuleSet};
