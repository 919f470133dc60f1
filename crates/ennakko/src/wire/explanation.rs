//! An explanation for machines; `schema/explanation.v1.schema.json` says the same for other languages.
//!
//! It holds a pseudonymous key, and neither names nor codes nor addresses. It is for those who may see why somebody gets an
//! offer, not for the resident, who reads [`crate::explain::resident`].

use ennakko_core::trace::{FactRead, LineTrace, Outside, ParameterRead, PieceTrace, Reads, Trace};
use ennakko_core::{Occasion, SubjectKey};
use ennakko_rules::rule_set::Tables;
use serde::{Deserialize, Serialize};

use crate::day::source_of;
use crate::explain::analyst::word;
use crate::explain::shown::Shown;
use crate::explain::why_not::{Change, Hindrance};
use crate::explain::{Answer, Explanation, MissingAt};
use crate::folder::Rules;

/// Why one subject's outcome under a rule on a day is what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExplanationV1 {
    /// Always `ennakko.explanation.v1`.
    pub schema: String,
    /// The rule.
    pub rule: String,
    /// The version that was asked: its file's stem.
    pub version: Option<String>,
    /// The subject.
    pub subject: SubjectV1,
    /// The day asked about.
    pub day: String,
    /// What came of it, and when it changes.
    pub answer: AnswerV1,
    /// The day on which the lines were evaluated.
    pub evaluated_on: Option<String>,
    /// The occasion at issue.
    pub occasion: Option<OccasionV1>,
    /// What `occasion`, `cohort` and `offer` read.
    pub pieces: Vec<PieceV1>,
    /// Every named line.
    pub lines: Vec<LineV1>,
    /// What stands between the subject and an offer.
    pub why_not: WhyNotV1,
    /// The first later day with another answer.
    pub when: WhenV1,
    /// Facts that are needed and not known.
    pub missing: Vec<MissingV1>,
}

/// A subject by its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectV1 {
    /// `resident`, `household` or `building`.
    pub kind: String,
    /// The key.
    pub key: String,
}

/// What came of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerV1 {
    /// An outcome's word, `not_in_cohort` or `not_run`.
    pub outcome: String,
    /// The line of the table of outcomes that decided, from 1.
    pub table_line: Option<u8>,
    /// The names that belong to it.
    pub because: Vec<String>,
    /// The day that belongs to it: upcoming from, or closed on.
    pub on: Option<String>,
    /// Why withheld, not asked or not run.
    pub reason: Option<String>,
}

/// An occasion's days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OccasionV1 {
    /// Its id.
    pub id: String,
    /// First day on which an offer may be made.
    pub opens: String,
    /// First day on which it is late.
    pub closes: String,
    /// First day on which it is over.
    pub ends: String,
    /// Whether its days are expected, not decided.
    pub expected: bool,
}

/// What a function without named lines read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PieceV1 {
    /// `occasion`, `cohort` or `offer`.
    pub piece: String,
    /// Line of the rule's file, from 1.
    pub line: usize,
    /// Facts that were read.
    pub facts: Vec<FactReadV1>,
    /// Parameters that were read.
    pub parameters: Vec<ParameterReadV1>,
}

/// A named line with what it came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineV1 {
    /// `conditions`, `already`, `officer` or `sanity`.
    pub part: String,
    /// Its name.
    pub name: String,
    /// `yes`, `no` or `unknown`.
    pub value: String,
    /// Line of the rule's file, from 1.
    pub line: usize,
    /// Facts that were read.
    pub facts: Vec<FactReadV1>,
    /// Parameters that were read.
    pub parameters: Vec<ParameterReadV1>,
    /// `any_of` or `all_of`, if it joins named tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join: Option<String>,
    /// Those tests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inner: Vec<LineV1>,
}

/// A fact that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactReadV1 {
    /// Its name.
    pub fact: String,
    /// Whose: `subject`, or a word such as `custodian`.
    pub of: String,
    /// The register or table.
    pub source: String,
    /// `known`, `hidden` (known and not shown), `none` or `unknown`.
    pub state: String,
    /// What it was, if it is known and shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<FactValueV1>,
    /// Why it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A value: yes or no, a whole number, a day, days `first/last` of which it is one, a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FactValueV1 {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A day, two days, or a code.
    Text(String),
}

/// A parameter that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParameterReadV1 {
    /// `group::name`
    pub name: String,
    /// The day it was read for.
    pub on: String,
    /// Its value, as written.
    pub value: String,
    /// First day of the row, included.
    pub from: String,
    /// Last day of the row, excluded.
    pub until: String,
    /// Whether the row is expected, not decided.
    pub expected: bool,
}

/// What stands between a subject and an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhyNotV1 {
    /// The smallest set of names that must change.
    pub changes: Vec<ChangeV1>,
    /// What stands in the way beside them.
    pub hindrances: Vec<HindranceV1>,
}

/// A name that must change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeV1 {
    /// `conditions`, `already` or `sanity`.
    pub part: String,
    /// The lines that it stands in, the outermost first.
    pub within: Vec<String>,
    /// The name.
    pub name: String,
    /// What it comes to.
    pub from: String,
    /// What it must be known to be.
    pub to: String,
}

/// Something in the way of an offer that is no condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HindranceV1 {
    /// The word for it.
    pub what: String,
    /// Lines that belong to it.
    pub lines: Vec<String>,
    /// The day that belongs to it.
    pub day: Option<String>,
    /// Why withheld.
    pub reason: Option<String>,
}

/// When the answer changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhenV1 {
    /// The last day that was looked at.
    pub looked_until: String,
    /// The first later day with another answer; none when nothing changes.
    pub day: Option<String>,
    /// That answer.
    pub answer: Option<AnswerV1>,
}

/// A fact that is needed and not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MissingV1 {
    /// The line, or `terms`, `occasion`.
    pub line: String,
    /// The fact.
    pub fact: String,
    /// Whose.
    pub of: String,
    /// The source it should come from.
    pub source: String,
    /// Why it is not known.
    pub why: String,
}

impl ExplanationV1 {
    /// An explanation in this form, made with these rules.
    pub fn of(explanation: &Explanation, rules: &Rules) -> Self {
        let tables = rules.set().tables();
        let Explanation { rule, subject, day, answer, trace, why_not, when, missing, .. } = explanation;
        let trace = trace.as_ref();
        let of_cohort = match answer {
            Answer::Outside(Outside::Cohort { read, .. }) => Some(read),
            _ => None,
        };
        let pieces = trace.into_iter().flat_map(|trace| &trace.pieces).chain(of_cohort);
        let lines = trace.into_iter().flat_map(|trace: &Trace| &trace.lines);
        Self {
            schema: "ennakko.explanation.v1".to_owned(),
            rule: rule.to_string(),
            version: explanation.version(rules).map(|rule| rule.card.version.to_string()),
            subject: SubjectV1::of(*subject),
            day: day.to_string(),
            answer: AnswerV1::of(answer),
            evaluated_on: trace.map(|trace| trace.evaluated_on.to_string()),
            occasion: trace.and_then(|trace| trace.occasion.as_deref()).map(OccasionV1::of),
            pieces: pieces.map(|piece| PieceV1::of(piece, tables)).collect(),
            lines: lines.map(|line| LineV1::of(line, tables)).collect(),
            why_not: WhyNotV1 {
                changes: why_not.changes.iter().map(ChangeV1::of).collect(),
                hindrances: why_not.hindrances.iter().map(HindranceV1::of).collect(),
            },
            when: WhenV1 {
                looked_until: when.looked_until.to_string(),
                day: when.next.as_ref().map(|next| next.day.to_string()),
                answer: when.next.as_ref().map(|next| AnswerV1::of(&next.answer)),
            },
            missing: missing.iter().map(MissingV1::of).collect(),
        }
    }
}

impl SubjectV1 {
    fn of(key: SubjectKey) -> Self {
        let kind = match key {
            SubjectKey::Resident(_) => "resident",
            SubjectKey::Household(_) => "household",
            SubjectKey::Building(_) => "building",
        };
        Self { kind: kind.to_owned(), key: key.as_uuid().to_string() }
    }
}

impl AnswerV1 {
    fn of(answer: &Answer) -> Self {
        let reason = match answer {
            Answer::Outcome(ennakko_core::Outcome::Withheld(reason)) => Some(reason.word().to_owned()),
            Answer::Outcome(_) => None,
            Answer::Outside(Outside::NoRecord) => Some("no_record".to_owned()),
            Answer::Outside(Outside::Dead) => Some("dead".to_owned()),
            Answer::Outside(Outside::NoOccasion) => Some("no_occasion".to_owned()),
            Answer::Outside(Outside::Cohort { .. }) => Some("cohort".to_owned()),
            Answer::NotRun(reason) => Some(reason.to_string()),
        };
        Self {
            outcome: answer.word().to_owned(),
            table_line: answer.table_line(),
            because: answer.because().iter().map(ToString::to_string).collect(),
            on: answer.day().map(|day| day.to_string()),
            reason,
        }
    }
}

impl OccasionV1 {
    fn of(occasion: &Occasion) -> Self {
        Self {
            id: occasion.id().to_owned(),
            opens: occasion.opens().to_string(),
            closes: occasion.closes().to_string(),
            ends: occasion.ends().to_string(),
            expected: occasion.is_expected(),
        }
    }
}

impl PieceV1 {
    fn of(piece: &PieceTrace, tables: &Tables) -> Self {
        let (facts, parameters) = read(&piece.reads, tables);
        Self { piece: piece.piece.word().to_owned(), line: piece.source_line, facts, parameters }
    }
}

impl LineV1 {
    fn of(line: &LineTrace, tables: &Tables) -> Self {
        let (facts, parameters) = read(&line.reads, tables);
        let inner = line.inner.as_ref();
        Self {
            part: line.part.word().to_owned(),
            name: line.name.to_string(),
            value: word(line.truth).to_owned(),
            line: line.source_line,
            facts,
            parameters,
            join: inner.map(|inner| inner.join.word().to_owned()),
            inner: inner.into_iter().flat_map(|inner| &inner.lines).map(|line| Self::of(line, tables)).collect(),
        }
    }
}

fn read(reads: &Reads, tables: &Tables) -> (Vec<FactReadV1>, Vec<ParameterReadV1>) {
    let facts = reads.facts.iter().map(|read| FactReadV1::of(read, tables)).collect();
    (facts, reads.parameters.iter().map(ParameterReadV1::of).collect())
}

impl FactReadV1 {
    fn of(read: &FactRead, tables: &Tables) -> Self {
        let text = |text: String| ("known", Some(FactValueV1::Text(text)), None);
        let (state, value, why) = match Shown::of(read, tables) {
            Shown::Bool(holds) => ("known", Some(FactValueV1::Bool(holds)), None),
            Shown::Int(number) => ("known", Some(FactValueV1::Int(number)), None),
            Shown::Day(first, last) if first == last => text(first.to_string()),
            Shown::Day(first, last) => text(format!("{first}/{last}")),
            Shown::Code(code) => text(code.to_owned()),
            Shown::Hidden => ("hidden", None, None),
            Shown::None => ("none", None, None),
            Shown::Unknown(reason) => ("unknown", None, Some(reason.words().to_owned())),
        };
        let (fact, of) = (read.fact.to_string(), read.of.to_string());
        let source = source_of(&fact, &of, tables).to_owned();
        Self { fact, of, source, state: state.to_owned(), value, why }
    }
}

impl ParameterReadV1 {
    fn of(read: &ParameterRead) -> Self {
        Self {
            name: read.name.to_string(),
            on: read.on.to_string(),
            value: read.value.clone(),
            from: read.from.to_string(),
            until: read.until.to_string(),
            expected: read.expected,
        }
    }
}

impl ChangeV1 {
    fn of(change: &Change) -> Self {
        Self {
            part: change.part.word().to_owned(),
            within: change.within.iter().map(ToString::to_string).collect(),
            name: change.name.to_string(),
            from: word(change.from).to_owned(),
            to: word(change.to).to_owned(),
        }
    }
}

impl HindranceV1 {
    fn of(hindrance: &Hindrance) -> Self {
        let (lines, day, reason) = match hindrance {
            Hindrance::Officer(lines) => (lines.iter().map(ToString::to_string).collect(), None, None),
            Hindrance::NotYet(day) | Hindrance::Late(day) => (Vec::new(), Some(day.to_string()), None),
            Hindrance::Withheld(reason) => (Vec::new(), None, Some(reason.word().to_owned())),
            _ => (Vec::new(), None, None),
        };
        Self { what: hindrance.word().to_owned(), lines, day, reason }
    }
}

impl MissingV1 {
    fn of(missing: &MissingAt) -> Self {
        Self {
            line: missing.line.to_string(),
            fact: missing.fact.fact.clone(),
            of: missing.fact.of.clone(),
            source: missing.fact.source.clone(),
            why: missing.fact.reason.words().to_owned(),
        }
    }
}
