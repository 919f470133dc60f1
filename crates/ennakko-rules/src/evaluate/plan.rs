//! How each part of a rule is evaluated over a whole register, without one: by columns, by vectors, or resident by resident.
//!
//! Every part is bound as for a scan, over a register that has the declared facts and nobody in it.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Days as Span, NaiveDate};
use ennakko_core::key::KeySecret;
use ennakko_core::record::{Delivery, FactDelivery};
use ennakko_core::register::{Built, Register};
use ennakko_core::{IdentityTable, Occasion};

use super::Evaluator;
use super::scan::SCAN_DAYS;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::engine::Mode;
use crate::kernels::{self, Over, Pass};
use crate::rule::Rule;
use crate::rule_set::{RuleFile, RuleSet};
use crate::step::Steps;
use crate::walk::{Ground, Value, walk};

/// What evaluates a part of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Once for everybody.
    Once,
    /// Tests of columns, a bit for each row.
    Columns,
    /// Values of all rows, a piece at a time.
    Vectors,
    /// For those whose own occasion is near, each on their own.
    OwnOccasion,
    /// Some piece of it for each row on its own.
    RowByRow,
}

impl Way {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Columns => "columns",
            Self::Vectors => "vectors",
            Self::OwnOccasion => "own occasion",
            Self::RowByRow => "row by row",
        }
    }
}

/// How a part of a rule is evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedPart {
    /// `occasion`, `cohort`, or the name of a line.
    pub name: String,
    /// Line in the file, from 1.
    pub line: usize,
    /// What evaluates it.
    pub way: Way,
    /// The pieces that are evaluated row by row.
    pub by_row: Vec<Place>,
    /// Whether it must be asked again on each day.
    pub by_day: bool,
}

/// How a version of a rule is evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The version, as its file is named.
    pub version: String,
    /// The file's path.
    pub path: Arc<str>,
    /// In the order of evaluation.
    pub parts: Vec<PlannedPart>,
}

/// How every version of every rule is evaluated.
pub fn plans(rules: &RuleSet) -> Vec<Plan> {
    rules.ids().flat_map(|id| rules.versions(id)).map(|rule| plan(rules, rule)).collect()
}

impl Plan {
    /// Warnings for whoever wants to know what costs: pieces that go row by row, and parts that are asked on each day.
    /// `files` are those that the rules were loaded from.
    pub fn findings(&self, files: &[RuleFile]) -> Vec<Diagnostic> {
        let Some(file) = files.iter().find(|file| file.path == self.path) else { return Vec::new() };
        let warning = |place: Place, message: String, help: &str| {
            Diagnostic::error(Code::Plan, &file.path, &file.text, place, message).with_help(help).as_warning()
        };
        let mut found = Vec::new();
        for part in &self.parts {
            for place in &part.by_row {
                let message = format!("`{}` has a piece that is evaluated row by row", part.name);
                found.push(warning(*place, message, "it comes to the same, and costs more in a large register"));
            }
            if part.by_day {
                let place = Place { line: part.line, ..Place::START };
                let message = format!("`{}` hangs on the day itself and is evaluated again on each day", part.name);
                found.push(warning(place, message, "compare the day with another, or read an age on it"));
            }
        }
        found.sort();
        found
    }
}

/// A register of nobody, with a folder's declared facts.
fn empty(rules: &RuleSet, day: NaiveDate) -> Arc<Register> {
    let facts = rules.tables().facts.iter().map(|declaration| FactDelivery {
        declaration: declaration.clone(),
        delivered_on: day,
        rows: Vec::new(),
    });
    let delivery = Delivery { facts: facts.collect(), ..Delivery::default() };
    let mut identities = IdentityTable::new(KeySecret::new([0; 32]));
    let Built { register, .. } = Register::build(delivery, day, &mut identities);
    Arc::new(register)
}

fn plan(rules: &RuleSet, rule: &Rule) -> Plan {
    let (on, occasion) = on_which_day(rules, rule);
    let register = empty(rules, on);
    let evaluator = Evaluator::new(rules, &register, Mode::Preview);
    let view = View { ground: &evaluator.ground, rule, on, occasion };
    let mut parts = vec![view.occasion()];
    if let Some(cohort) = &rule.cohort {
        let bind = |over| Pass::of_steps(&cohort.steps, over);
        parts.push(view.part("cohort", cohort.steps.step.place.line, bind));
    }
    for (line, name) in rule.lines.iter().zip(&rule.names) {
        parts.push(view.part(name.name.as_str(), name.source_line, |over| Pass::of(&line.test, over)));
    }
    Plan { version: rule.card.version.to_string(), path: rule.path.clone(), parts }
}

/// A day on which a version has an occasion that is everybody's, if there is one, so that what its lines read of it is known.
fn on_which_day(rules: &RuleSet, rule: &Rule) -> (NaiveDate, Option<Arc<Occasion>>) {
    let rounds = rules.tables().calendars.rounds.values().flatten();
    let days: BTreeSet<NaiveDate> = rounds.map(|round| round.opens()).filter(|day| *day >= rule.from).collect();
    for day in std::iter::once(rule.from).chain(days) {
        let register = empty(rules, day);
        let evaluator = Evaluator::new(rules, &register, Mode::Preview);
        let Some(subject) = kernels::subject(rule.card.subject, 0) else { break };
        if rule.occasion.by_subject {
            break;
        }
        let over = crate::walk::Over {
            ground: &evaluator.ground,
            subject,
            on: day,
            occasion: None,
            lacks: false,
            reads: false,
        };
        if let Ok(Value::Occasion(occasion)) = walk(&rule.occasion.steps, over).value
            && rule.in_force_on(occasion.opens())
        {
            return (day, Some(occasion));
        }
    }
    (rule.from, None)
}

/// A rule, on a day.
struct View<'v> {
    ground: &'v Ground,
    rule: &'v Rule,
    on: NaiveDate,
    occasion: Option<Arc<Occasion>>,
}

impl<'v> View<'v> {
    fn over(&'v self, on: NaiveDate) -> Over<'v> {
        let to = on.checked_add_days(Span::new(SCAN_DAYS)).unwrap_or(NaiveDate::MAX);
        let (ground, kind) = (self.ground, self.rule.card.subject);
        Over { ground, kind, on, to, occasion: self.occasion.as_ref(), few: false }
    }

    /// Two days one after the other: what ends by chance on one does not on both.
    fn days(&self) -> [NaiveDate; 2] {
        [self.on, next(self.on)]
    }

    fn occasion(&self) -> PlannedPart {
        let steps = &self.rule.occasion.steps;
        let (name, line) = ("occasion".to_owned(), steps.step.place.line);
        if !self.rule.occasion.by_subject {
            let by_day = self.days().into_iter().all(|on| self.is_of_one_day(steps, on));
            return PlannedPart { name, line, way: Way::Once, by_row: Vec::new(), by_day };
        }
        let by_columns = Pass::of_own_occasion(steps, self.over(self.on)).is_some();
        let (way, by_row) =
            if by_columns { (Way::Columns, Vec::new()) } else { (Way::RowByRow, vec![steps.step.place]) };
        PlannedPart { name, line, way, by_row, by_day: !by_columns }
    }

    fn is_of_one_day(&self, steps: &Steps, on: NaiveDate) -> bool {
        let Some(subject) = kernels::subject(self.rule.card.subject, 0) else { return false };
        let ground = self.ground;
        let over = crate::walk::Over { ground, subject, on, occasion: None, lacks: false, reads: false };
        let came = walk(steps, over);
        came.value.is_ok() && came.same.to <= next(on)
    }

    fn part(&'v self, name: &str, line: usize, bind: impl Fn(Over<'v>) -> Pass<'v>) -> PlannedPart {
        let passes = self.days().map(|on| (on, bind(self.over(on))));
        let by_day = passes.iter().all(|(on, pass)| pass.by_day || pass.until <= next(*on));
        let (_, pass) = &passes[0];
        let by_row = pass.by_row();
        let way = match (by_row.is_empty(), self.rule.occasion.by_subject, pass.has_vectors()) {
            (false, _, _) => Way::RowByRow,
            (true, true, _) => Way::OwnOccasion,
            (true, false, true) => Way::Vectors,
            (true, false, false) => Way::Columns,
        };
        PlannedPart { name: name.to_owned(), line, way, by_row, by_day }
    }
}

fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(NaiveDate::MAX)
}
