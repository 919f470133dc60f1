//! Why one subject's outcome under a rule is what it is, as data: *why*, *why not*, *when*, and *which fact of whom is
//! missing*.
//!
//! Every text is a view of an [`Explanation`]: the analyst's tree ([`analyst`]), what a resident may read ([`resident`]), the
//! form for machines ([`crate::wire`]). Days are found by the day's own evaluation, one after the other. Nothing is stored or
//! sent.

pub mod analyst;
pub mod resident;
pub(crate) mod shown;
pub mod why_not;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use ennakko_core::outcome::Missing;
use ennakko_core::register::{Register, SubjectRow};
use ennakko_core::trace::{Outside, Trace};
use ennakko_core::{NameId, Outcome, OutcomeCode, RuleId, SubjectKey};
use ennakko_offers::MemoryLedger;
use ennakko_rules::calendar::HORIZON_DAYS;
use ennakko_rules::outcomes::{NotRun, RuleDay};
use ennakko_rules::rule::Rule;
use ennakko_rules::{Evaluator, Mode};

use crate::choices::{Choices, Known};
use crate::day::{MissingFact, RunError, day_of_subject};
use crate::folder::Rules;
use why_not::WhyNot;

/// What is asked: one rule, one subject, one day.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// The rule.
    pub rule: &'q RuleId,
    /// The subject.
    pub subject: SubjectRow,
    /// The day.
    pub day: NaiveDate,
}

/// What came of a rule for a subject on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Its outcome.
    Outcome(Outcome),
    /// It is not in the rule's cohort.
    Outside(Outside),
    /// The rule does not run on the day, for anybody.
    NotRun(NotRun),
}

/// Why one subject's outcome is what it is.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The rule.
    pub rule: RuleId,
    /// Whom it is about.
    pub subject: SubjectKey,
    /// The same in the register that was asked.
    pub row: SubjectRow,
    /// The day asked about.
    pub day: NaiveDate,
    /// What came of it.
    pub answer: Answer,
    /// How: every line with what it read; none outside the cohort.
    pub trace: Option<Trace>,
    /// What stands between the subject and an offer.
    pub why_not: WhyNot,
    /// When the answer changes.
    pub when: When,
    /// Facts that are needed and not known.
    pub missing: Vec<MissingAt>,
}

/// The first later day with another answer, the register held still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// The last day that was looked at.
    pub looked_until: NaiveDate,
    /// The day and its answer; none when nothing changes.
    pub next: Option<Next>,
}

/// Another answer from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// The day.
    pub day: NaiveDate,
    /// What comes of it then.
    pub answer: Answer,
}

/// A fact that a line needs and that is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingAt {
    /// The line, or `terms`, `occasion`.
    pub line: NameId,
    /// Which fact of whom, from which source, and why it is not known.
    pub fact: MissingFact,
}

/// Explains the outcome of a subject under a rule on a day, from the state of a ledger.
///
/// As in a preview, drafts and expected rows serve, offers made on the way count as pending, and nobody replies. Answers are
/// the same while their outcome has the same word; 366 days are looked at. What stops the rule for everybody because of
/// somebody else (a sanity line) is looked for on the day asked about and on the day found.
///
/// # Errors
/// * [`RunError`]
pub fn explain(
    rules: &Rules,
    register: &Arc<Register>,
    ledger: &MemoryLedger,
    choices: &Choices,
    question: Question<'_>,
) -> Result<Explanation, RunError> {
    let Question { rule: id, subject, day } = question;
    let evaluator = Evaluator::new(rules.set(), register, Mode::Preview);
    let mut course = Course { rules, evaluator: &evaluator, choices, ledger: ledger.clone(), id, subject };
    let answer = match course.stopped(day) {
        Some(reason) => Answer::NotRun(reason),
        None => course.answer(day)?,
    };
    let known = Known { ledger, choices, lapses_on: None };
    let mut trace = match &answer {
        Answer::Outside(_) => None,
        // a rule that cannot run for this subject has no trace
        Answer::Outcome(_) | Answer::NotRun(_) => evaluator.trace(id, subject, day, &known).ok().flatten(),
    };
    if let (Some(trace), Answer::Outcome(outcome)) = (&mut trace, &answer) {
        // whether there is anybody to write to is decided after the rule has been evaluated
        trace.outcome = outcome.clone();
    }
    let governing = governing(rules, id, trace.as_ref());
    let key = register.subject(subject).key();
    let around = why_not::Around {
        register,
        city: rules.city(),
        subject,
        day,
        rule: governing,
        opted_out: governing.is_some_and(|rule| opted_out(rules, choices, key, rule)),
    };
    Ok(Explanation {
        rule: id.clone(),
        subject: key,
        row: subject,
        day,
        why_not: WhyNot::of(&answer, trace.as_ref(), &around),
        missing: missing(rules, &answer, trace.as_ref()),
        when: course.when(day, &answer)?,
        answer,
        trace,
    })
}

impl Answer {
    /// The word for it in cases and forms: the outcome's, `not_in_cohort` or `not_run`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Outcome(outcome) => outcome.code().word(),
            Self::Outside(_) => "not_in_cohort",
            Self::NotRun(_) => "not_run",
        }
    }

    /// The line of the table of outcomes that decided, from 1; none where the table was not reached.
    pub fn table_line(&self) -> Option<u8> {
        let Self::Outcome(outcome) = self else { return None };
        Some(match outcome.code() {
            OutcomeCode::NotEntitled => 1,
            OutcomeCode::HasAlready => 2,
            OutcomeCode::Pending | OutcomeCode::Accepted | OutcomeCode::Declined | OutcomeCode::Lapsed => 3,
            OutcomeCode::CannotTell => match outcome {
                Outcome::CannotTell(missing) if missing.iter().any(|one| one.line.as_str() == "occasion") => {
                    return None;
                }
                Outcome::CannotTell(missing) if missing.iter().any(|one| one.line.as_str() == "terms") => 9,
                _ => 4,
            },
            OutcomeCode::OptedOut => 5,
            OutcomeCode::Manual => 6,
            OutcomeCode::Upcoming => 7,
            OutcomeCode::Late => 8,
            OutcomeCode::Withheld => 10,
            OutcomeCode::Waiting => 11,
            OutcomeCode::Offered => 12,
        })
    }

    /// The names that belong to it, in the order of the file.
    pub fn because(&self) -> &[NameId] {
        match self {
            Self::Outcome(Outcome::NotEntitled(names) | Outcome::HasAlready(names) | Outcome::Manual(names)) => names,
            _ => &[],
        }
    }

    /// The day that belongs to it: upcoming from, or closed on.
    pub fn day(&self) -> Option<NaiveDate> {
        match self {
            Self::Outcome(Outcome::Upcoming(day) | Outcome::Late(day)) => Some(*day),
            _ => None,
        }
    }
}

impl Explanation {
    /// The version of the rule that was asked: the one that governs the occasion, or else the latest.
    pub fn version<'r>(&self, rules: &'r Rules) -> Option<&'r Rule> {
        governing(rules, &self.rule, self.trace.as_ref())
    }
}

fn governing<'r>(rules: &'r Rules, id: &RuleId, trace: Option<&Trace>) -> Option<&'r Rule> {
    let versions = rules.set().versions(id);
    let traced = trace.and_then(|trace| versions.iter().find(|rule| rule.card.version == trace.version));
    traced.or(versions.last())
}

fn opted_out(rules: &Rules, choices: &Choices, subject: SubjectKey, rule: &Rule) -> bool {
    let purpose = &rule.card.purpose;
    let statutory = rules.set().tables().purposes.get(purpose).is_some_and(|purpose| purpose.statutory);
    !statutory && choices.has_opted_out(subject, purpose)
}

/// One subject under one rule, day after day.
struct Course<'c> {
    rules: &'c Rules,
    evaluator: &'c Evaluator<'c>,
    choices: &'c Choices,
    ledger: MemoryLedger,
    id: &'c RuleId,
    subject: SubjectRow,
}

impl Course<'_> {
    /// The answer of the next day; its offer stands in the ledger from then on.
    fn answer(&mut self, day: NaiveDate) -> Result<Answer, RunError> {
        let (id, subject) = (self.id, self.subject);
        let came = day_of_subject(self.rules, self.evaluator, (&mut self.ledger, self.choices), (id, subject), day)?;
        Ok(match came {
            RuleDay::NotRun(reason) => Answer::NotRun(reason),
            RuleDay::Ran(outcomes) if !outcomes.is_empty() => {
                Answer::Outcome(outcomes.outcome(0, self.rules.set().versions(id)))
            }
            RuleDay::Ran(_) => match self.evaluator.outside(id, subject, day) {
                Ok(outside) => Answer::Outside(outside.unwrap_or(Outside::NoOccasion)),
                Err(reason) => Answer::NotRun(reason),
            },
        })
    }

    /// Why the rule does not run on a day for anybody, if it does not.
    fn stopped(&self, day: NaiveDate) -> Option<NotRun> {
        let known = Known { ledger: &self.ledger, choices: self.choices, lapses_on: None };
        match self.evaluator.day(self.id, day, &known) {
            RuleDay::NotRun(reason) => Some(reason),
            RuleDay::Ran(_) => None,
        }
    }

    fn when(&mut self, from: NaiveDate, now: &Answer) -> Result<When, RunError> {
        let looked_until = from.checked_add_days(Days::new(HORIZON_DAYS)).unwrap_or(NaiveDate::MAX);
        for day in from.iter_days().skip(1).take_while(|day| *day <= looked_until) {
            // on a day on which the rule does not run, no offer is made
            let before = matches!(now, Answer::NotRun(_)).then(|| self.ledger.clone());
            let own = self.answer(day)?;
            if own.word() == now.word() {
                continue;
            }
            let answer = self.stopped(day).map_or(own, Answer::NotRun);
            if answer.word() != now.word() {
                return Ok(When { looked_until, next: Some(Next { day, answer }) });
            }
            if let Some(before) = before {
                self.ledger = before;
            }
        }
        Ok(When { looked_until, next: None })
    }
}

/// What is needed and not known, in the order of the lines, each once.
fn missing(rules: &Rules, answer: &Answer, trace: Option<&Trace>) -> Vec<MissingAt> {
    let of_outcome: &[Missing] = match answer {
        Answer::Outcome(Outcome::CannotTell(missing)) => missing,
        _ => &[],
    };
    let lines = trace.map_or(&[][..], |trace| &trace.lines);
    let mut seen = BTreeSet::new();
    lines
        .iter()
        .flat_map(|line| &line.reads.unknown)
        .chain(of_outcome)
        .map(|missing| MissingAt { line: missing.line.clone(), fact: MissingFact::of(missing, rules.set().tables()) })
        .filter(|missing| seen.insert(missing.clone()))
        .collect()
}
