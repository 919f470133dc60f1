//! The trace: why an outcome is what it is, as data. Every text is a view of it.
//!
//! Made only for subjects that are asked for. Neither `Serialize` nor `Display`; `Debug` hides what was read.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::occasion::Occasion;
use crate::outcome::{Missing, Outcome};
use crate::rule_id::{NameId, RuleId};
use crate::truth::Truth;
use crate::value::{Fact, Value};

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

impl Part {
    /// The name of the function in which such lines stand.
    pub fn word(self) -> &'static str {
        match self {
            Self::Condition => "conditions",
            Self::Already => "already",
            Self::Officer => "officer",
            Self::Sanity => "sanity",
        }
    }
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

/// What was read, each thing once, in order of first reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Facts.
    pub facts: Vec<FactRead>,
    /// Parameters.
    pub parameters: Vec<ParameterRead>,
    /// The unknowns that kept it from an answer, each with the line that needed it.
    pub unknown: Vec<Missing>,
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
    /// What it read, names inside it included.
    pub reads: Reads,
    /// The named tests that it joins, if it is `any_of` or `all_of`.
    pub inner: Option<Inner>,
}

/// Named tests inside a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inner {
    /// How they are joined.
    pub join: Join,
    /// Each of them, in the order of the file.
    pub lines: Vec<LineTrace>,
}

/// How named tests are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Join {
    /// One that is yes is enough.
    AnyOf,
    /// Each must be yes.
    AllOf,
}

impl Join {
    /// The name of the function that joins so.
    pub fn word(self) -> &'static str {
        match self {
            Self::AnyOf => "any_of",
            Self::AllOf => "all_of",
        }
    }

    /// What the tests come to together.
    pub fn of(self, truths: impl IntoIterator<Item = Truth>) -> Truth {
        match self {
            Self::AnyOf => Truth::any(truths),
            Self::AllOf => Truth::all(truths),
        }
    }
}

/// A function of a rule that has no named lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// `occasion`
    Occasion,
    /// `cohort`
    Cohort,
    /// One of the terms in `offer`
    Terms,
}

impl Piece {
    /// The function's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Occasion => "occasion",
            Self::Cohort => "cohort",
            Self::Terms => "offer",
        }
    }
}

/// What such a function read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PieceTrace {
    /// Which one.
    pub piece: Piece,
    /// Line of the rule's file, from 1.
    pub source_line: usize,
    /// What it read.
    pub reads: Reads,
}

/// The whole path from a rule to one subject's outcome on a day. `Debug` names the occasion and hides its days, which may
/// follow from a birth date.
#[derive(Clone, PartialEq, Eq)]
pub struct Trace {
    /// The rule.
    pub rule: RuleId,
    /// The version of the rule: its file.
    pub version: Arc<str>,
    /// The day asked about.
    pub day: NaiveDate,
    /// The day on which the lines were evaluated.
    pub evaluated_on: NaiveDate,
    /// The occasion at issue; none when not even that could be told.
    pub occasion: Option<Arc<Occasion>>,
    /// What occasion, cohort and terms read; the terms where the outcome table came to them.
    pub pieces: Vec<PieceTrace>,
    /// Every line.
    pub lines: Vec<LineTrace>,
    /// What came of it.
    pub outcome: Outcome,
}

impl std::fmt::Debug for Trace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trace")
            .field("rule", &self.rule)
            .field("version", &self.version)
            .field("day", &self.day)
            .field("evaluated_on", &self.evaluated_on)
            .field("occasion", &self.occasion.as_ref().map(|occasion| occasion.id()))
            .field("pieces", &self.pieces)
            .field("lines", &self.lines)
            .field("outcome", &self.outcome)
            .finish()
    }
}

/// Why somebody is not in a rule's cohort on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outside {
    /// The register has no record of their own.
    NoRecord,
    /// They have died.
    Dead,
    /// No occasion is at issue for them.
    NoOccasion,
    /// `cohort` is no.
    Cohort {
        /// The version of the rule: its file.
        version: Arc<str>,
        /// The occasion's id.
        occasion: Arc<str>,
        /// What `cohort` read.
        read: PieceTrace,
    },
}
