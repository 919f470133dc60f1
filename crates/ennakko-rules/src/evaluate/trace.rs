//! One subject alone: its outcome on a day by the same table as everybody's, and the trace of how it came about.

use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::outcome::Missing;
use ennakko_core::register::{Subject, SubjectRow};
use ennakko_core::trace::{Inner, Join, LineTrace, Outside, Part, Piece, PieceTrace, Reads};
use ennakko_core::{NameId, Occasion, Outcome, OutcomeCode, RuleId, Trace, Truth, UnknownReason};

use super::cohort::{Found, Looked};
use super::{AtIssue, Evaluator, Issue, Standings, Today, Verdict, not_run};
use crate::outcomes::{NotRun, Outcomes, RuleDay};
use crate::rule::{NamedTest, Rule, Script, Test};
use crate::stop::Stop;
use crate::values;

/// One subject on a day under an occasion.
#[derive(Clone, Copy)]
struct Asked<'a> {
    subject: SubjectRow,
    on: NaiveDate,
    occasion: &'a Arc<Occasion>,
}

/// A test with its name and place.
#[derive(Clone, Copy)]
struct Named<'a> {
    part: Part,
    name: &'a NameId,
    source_line: usize,
    test: &'a Test,
}

impl Evaluator<'_> {
    /// The outcome of one subject on a day: no row outside the cohort. Somebody else's sanity line, which would stop the rule
    /// for all, is not seen here.
    pub fn day_of(&self, id: &RuleId, subject: SubjectRow, day: NaiveDate, standings: &dyn Standings) -> RuleDay {
        match self.outcome_of(id, subject, day, standings) {
            Ok(outcomes) if self.has_record(subject) => RuleDay::Ran(outcomes),
            Ok(_) => RuleDay::Ran(Outcomes::new(day)),
            Err(reason) => RuleDay::NotRun(reason),
        }
    }

    /// The outcome of one subject; no row outside the cohort.
    fn outcome_of(
        &self,
        id: &RuleId,
        subject: SubjectRow,
        day: NaiveDate,
        standings: &dyn Standings,
    ) -> Result<Outcomes, NotRun> {
        let versions = self.versions(id);
        let mut outcomes = Outcomes::new(day);
        if let Looked::Member(member, _) = self.look(versions, None, subject, day)? {
            let found = Found::Known(member, &mut Verdict::None);
            self.enter(&mut outcomes, versions, subject, Today::of(day), found, standings)?;
        }
        Ok(outcomes)
    }

    /// Why one subject's outcome is what it is; `None` outside the cohort.
    ///
    /// # Errors
    /// * [`NotRun`] when the rule does not run on the day
    pub fn trace(
        &self,
        id: &RuleId,
        subject: SubjectRow,
        day: NaiveDate,
        standings: &dyn Standings,
    ) -> Result<Option<Trace>, NotRun> {
        let versions = self.rules.versions(id);
        let outcomes = self.outcome_of(id, subject, day, standings)?;
        if outcomes.is_empty() {
            return Ok(None);
        }
        let (version, evaluated_on) = (outcomes.version(0), outcomes.evaluated_on(0));
        let occasion = outcomes.occasion(0).cloned();
        let outcome: Outcome = outcomes.outcome(0, versions);
        let rule = &versions[version];
        let mut pieces = vec![self.occasion_trace(rule, subject, day)];
        let mut lines = Vec::new();
        if let Some(occasion) = &occasion {
            let asked = Asked { subject, on: evaluated_on, occasion };
            pieces.extend(self.cohort_trace(rule, Asked { on: day, ..asked }));
            for (line, named) in rule.lines.iter().zip(&rule.names) {
                let test =
                    Named { part: line.part, name: &named.name, source_line: named.source_line, test: &line.test };
                lines.push(self.line_trace(test, asked, evaluated_on > day)?);
            }
            if reached_terms(&outcome) {
                pieces.extend(self.terms_trace(rule, asked));
            }
        }
        let version = rule.card.version.clone();
        Ok(Some(Trace { rule: id.clone(), version, day, evaluated_on, occasion, pieces, lines, outcome }))
    }

    /// Why a subject is not in a rule's cohort on a day; `None` if it is.
    ///
    /// # Errors
    /// * [`NotRun`] when the rule does not run on the day
    pub fn outside(&self, id: &RuleId, subject: SubjectRow, day: NaiveDate) -> Result<Option<Outside>, NotRun> {
        if !self.has_record(subject) {
            return Ok(Some(Outside::NoRecord));
        }
        if self.ground.world.register.subject(subject).is_dead() {
            return Ok(Some(Outside::Dead));
        }
        let versions = self.versions(id);
        let AtIssue { version, occasion } = match self.at_issue(versions, subject, day)? {
            Issue::None => return Ok(Some(Outside::NoOccasion)),
            Issue::At(at) => at,
            Issue::Unknown(_) => return Ok(None),
        };
        let rule = versions.at(version).rule;
        if !self.cohort(versions.at(version), subject, day, &occasion)?.value.is_no() {
            return Ok(None);
        }
        let read = self.cohort_trace(rule, Asked { subject, on: day, occasion: &occasion });
        Ok(read.map(|read| {
            let version = rule.card.version.clone();
            Outside::Cohort { version, occasion: Arc::from(occasion.id()), read }
        }))
    }

    /// Only those with a record of their own are subjects.
    pub(super) fn has_record(&self, subject: SubjectRow) -> bool {
        match self.ground.world.register.subject(subject) {
            Subject::Resident(resident) => resident.has_record(),
            Subject::Household(_) | Subject::Building(_) => true,
        }
    }

    fn line_trace(&self, named: Named<'_>, asked: Asked<'_>, is_later: bool) -> Result<LineTrace, NotRun> {
        let Asked { subject, on, occasion } = asked;
        let (join, tests) = match named.test {
            Test::One(_) => (None, &[][..]),
            Test::AnyOf(tests) => (Some(Join::AnyOf), tests.as_slice()),
            Test::AllOf(tests) => (Some(Join::AllOf), tests.as_slice()),
        };
        let inner = tests.iter().map(|NamedTest { name, source_line, test }| {
            self.line_trace(Named { name, source_line: *source_line, test, ..named }, asked, is_later)
        });
        let lines = inner.collect::<Result<Vec<LineTrace>, NotRun>>()?;
        self.note_reads();
        let mut stops = Vec::new();
        let truth = self.truth(named.test, named.name.as_str(), subject, on, occasion, Some(&mut stops));
        let read = self.take_reads();
        let mut unknown: Vec<Missing> = stops.iter().filter_map(|stop| stop.missing(named.name)).collect();
        let truth = match truth {
            Ok(truth) => truth.value,
            // nothing is decided yet for a later day
            Err(Stop::RowEnded { what, .. } | Stop::Expected { what }) if is_later => {
                let (line, of) = (named.name.clone(), Arc::from("city"));
                unknown.push(Missing { line, fact: what, of, reason: UnknownReason::FutureDay });
                Truth::Unknown
            }
            Err(stop) => return Err(not_run(stop)),
        };
        Ok(LineTrace {
            part: named.part,
            name: named.name.clone(),
            truth,
            source_line: named.source_line,
            reads: reads(read, unknown),
            inner: join.map(|join| Inner { join, lines }),
        })
    }

    fn occasion_trace(&self, rule: &Rule, subject: SubjectRow, day: NaiveDate) -> PieceTrace {
        self.note_reads();
        let came = self.issued(&rule.occasion, subject, day).value;
        self.piece_trace(Piece::Occasion, &rule.occasion, &came.err().unwrap_or_default())
    }

    fn cohort_trace(&self, rule: &Rule, asked: Asked<'_>) -> Option<PieceTrace> {
        let cohort = rule.cohort.as_ref()?;
        self.note_reads();
        let mut stops = Vec::new();
        if let Err(stop) = self.answer(cohort, "cohort", asked.subject, asked.on, asked.occasion, Some(&mut stops)) {
            stops.push(stop);
        }
        Some(self.piece_trace(Piece::Cohort, cohort, &stops))
    }

    fn terms_trace(&self, rule: &Rule, asked: Asked<'_>) -> Option<PieceTrace> {
        let (_, first) = rule.terms.first()?;
        self.note_reads();
        let came = self.terms(rule, asked.subject, asked.occasion, asked.on);
        Some(self.piece_trace(Piece::Terms, first, &came.err().unwrap_or_default()))
    }

    /// What was read since the log was started.
    fn piece_trace(&self, piece: Piece, script: &Script, stops: &[Stop]) -> PieceTrace {
        let name = NameId::new(if piece == Piece::Terms { "terms" } else { piece.word() });
        let unknown = stops.iter().filter_map(|stop| stop.missing(&name)).collect();
        PieceTrace { piece, source_line: script.piece.place.line, reads: reads(self.take_reads(), unknown) }
    }
}

/// Whether the table of outcomes came to the terms: line 9.
fn reached_terms(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::CannotTell(missing) => missing.iter().any(|missing| missing.line.as_str() == "terms"),
        other => matches!(other.code(), OutcomeCode::Offered | OutcomeCode::Withheld | OutcomeCode::Waiting),
    }
}

/// Each thing once.
fn reads(read: values::Reads, unknown: Vec<Missing>) -> Reads {
    fn once<T: PartialEq>(all: Vec<T>) -> Vec<T> {
        let mut kept: Vec<T> = Vec::new();
        for one in all {
            if !kept.contains(&one) {
                kept.push(one);
            }
        }
        kept
    }
    Reads { facts: once(read.facts), parameters: once(read.parameters), unknown: once(unknown) }
}
