//! The trace: why an outcome is what it is, as data. Every text is a view of it.
//!
//! Made only for subjects that are asked for. Neither `Serialize` nor `Display`.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::outcome::Outcome;
use crate::rule_id::{NameId, RuleId};
use crate::truth::Truth;
use crate::value::{Fact, UnknownReason, Value};

/// Which part of a rule a line stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// `conditions`
    Condition,
    /// `already`
    Already,
    /// `officer`
    Officer,
    /// `sanity`
    Sanity,
}

/// A fact that was read. `Debug` hides what it was.
#[derive(Clone, PartialEq, Eq)]
pub struct FactRead {
    /// Its name.
    pub fact: Arc<str>,
    /// Whose: `subject`, or a word such as `custodian`.
    pub of: Arc<str>,
    /// What it was.
    pub value: Fact<Value>,
}

impl std::fmt::Debug for FactRead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FactRead({} of {}, hidden)", self.fact, self.of)
    }
}

/// A parameter that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterRead {
    /// `group::name`
    pub name: Arc<str>,
    /// The day it was read for.
    pub on: NaiveDate,
    /// Its value, as written.
    pub value: String,
    /// First day of the row, included.
    pub from: NaiveDate,
    /// Last day of the row, excluded.
    pub until: NaiveDate,
    /// Whether the row is expected, not decided.
    pub expected: bool,
}

/// One named line with what it came to and what it read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineTrace {
    /// Where it stands.
    pub part: Part,
    /// Its name.
    pub name: NameId,
    /// What it came to.
    pub truth: Truth,
    /// Line of the rule's file, from 1.
    pub source_line: usize,
    /// Facts read, in order of reading.
    pub facts: Vec<FactRead>,
    /// Parameters read, in order of reading.
    pub parameters: Vec<ParameterRead>,
    /// The unknown that kept it from an answer.
    pub unknown: Option<(Arc<str>, UnknownReason)>,
}

/// The whole path from a rule to one subject's outcome on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The rule.
    pub rule: RuleId,
    /// The version of the rule: its file.
    pub version: Arc<str>,
    /// The day asked about.
    pub day: NaiveDate,
    /// The day on which the lines were evaluated.
    pub evaluated_on: NaiveDate,
    /// The occasion's id.
    pub occasion: Arc<str>,
    /// Every line.
    pub lines: Vec<LineTrace>,
    /// What came of it.
    pub outcome: Outcome,
}
