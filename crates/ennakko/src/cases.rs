//! The cases of the rules' pages, run as tests.

mod accept;
mod edges;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use ennakko_core::protected::Party;
use ennakko_core::register::{Subject, SubjectRow};
use ennakko_core::{Outcome, RuleId};
use ennakko_offers::MemoryLedger;
use ennakko_offers::offer::Issuer;
use ennakko_rules::calendar::Calendars;
use ennakko_rules::diagnostic::did_you_mean;
use ennakko_rules::evaluate::NothingYet;
use ennakko_rules::outcomes::{NotRun, Outcomes, RuleDay};
use ennakko_rules::page::Case;
use ennakko_rules::rule_set::Tables;
use ennakko_rules::{By, Evaluator, Mode, RuleFile};

use crate::choices::Choices;
use crate::day::{DayReport, Ran, RuleReport, run_day};
use crate::folder::Rules;
use crate::given::{Given, GivenError, Town};

pub use accept::{Filled, accept};
pub use edges::{Proposal, proposals};

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseResult {
    /// The rule.
    pub rule: RuleId,
    /// The case's name.
    pub name: String,
    /// The page.
    pub path: Arc<str>,
    /// Line of the row in the page, from 1.
    pub line: usize,
    /// What the page expects.
    pub expected: Answer,
    /// What came; an error in the case itself comes as text.
    pub got: Result<Answer, String>,
    /// The conditions named by what is expected or by what came, with where they stand.
    pub decided_by: Vec<Decider>,
    /// What to write instead of a name that nothing has.
    pub help: Vec<String>,
    /// Line of the `given` block, if what keeps the case from an answer stands there, or is missing there.
    pub given_line: Option<usize>,
}

/// A named condition of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decider {
    /// Its name.
    pub name: String,
    /// The rule's file.
    pub path: Arc<str>,
    /// Line in it, from 1.
    pub line: usize,
}

/// An outcome as a page writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The outcome, for example `offered to A, B`.
    pub outcome: String,
    /// The names that decide it, in order.
    pub because: Vec<String>,
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.outcome)?;
        if self.because.is_empty() { Ok(()) } else { write!(f, " because {}", self.because.join(", ")) }
    }
}

impl Answer {
    /// Whether the page leaves the outcome open: an empty cell, or a question mark.
    pub fn is_open(&self) -> bool {
        is_open(&self.outcome)
    }
}

fn is_open(cell: &str) -> bool {
    matches!(cell.trim(), "" | "?")
}

impl CaseResult {
    /// Whether what came is what the page expects.
    pub fn passed(&self) -> bool {
        self.got.as_ref() == Ok(&self.expected)
    }
}

/// Runs every case of every page, or of one rule. Each is evaluated twice, by walk and by the interpreter, which must agree
/// wherever the interpreter meets nothing unknown.
pub fn run(rules: &Rules, only: Option<&RuleId>) -> Vec<CaseResult> {
    run_if(rules, only, &agree)
}

/// Whether the evaluators agree in a case; if not, why.
type Agreeing<'a> = &'a dyn Fn(&Rules, &RuleId, &Case) -> Result<(), String>;

fn run_if(rules: &Rules, only: Option<&RuleId>, agreeing: Agreeing<'_>) -> Vec<CaseResult> {
    let mut results = Vec::new();
    for id in rules.set().ids().filter(|id| only.is_none_or(|only| only == *id)) {
        let Some(page) = rules.set().page(id) else { continue };
        for case in &page.cases {
            results.push(result(rules, id, &page.file.path, case, agreeing));
        }
    }
    results
}

fn result(rules: &Rules, id: &RuleId, path: &Arc<str>, case: &Case, agreeing: Agreeing<'_>) -> CaseResult {
    let mut because = case.because.clone();
    because.sort();
    let expected = Answer { outcome: normal(&case.outcome), because };
    let told = answer(rules, id, case, agreeing);
    let mut result = CaseResult {
        rule: id.clone(),
        name: case.name.clone(),
        path: path.clone(),
        line: case.place.line,
        expected,
        got: Err(String::new()),
        decided_by: Vec::new(),
        help: Vec::new(),
        given_line: None,
    };
    match told {
        Ok(got) => {
            if got != result.expected {
                result.tell(rules, case.on, &got);
            }
            result.got = Ok(got);
        }
        Err(Unanswered::Case(what)) => result.got = Err(what),
        Err(Unanswered::Given { line, what }) => {
            result.given_line = Some(line);
            result.got = Err(what);
        }
    }
    result
}

impl CaseResult {
    /// Where the names stand that decide, and what was meant by those that nothing has.
    fn tell(&mut self, rules: &Rules, on: NaiveDate, got: &Answer) {
        let versions = rules.set().versions(&self.rule);
        // the version that was in force on the day stands nearest to what decided
        let by_nearness = || versions.iter().filter(|rule| rule.in_force_on(on)).chain(versions.iter().rev());
        let mut names: Vec<&String> = got.because.iter().chain(&self.expected.because).collect();
        names.sort();
        names.dedup();
        for name in names {
            let found = by_nearness().find_map(|rule| {
                let line = rule.names.iter().find(|line| line.name.as_str() == name)?;
                Some(Decider { name: name.clone(), path: rule.path.clone(), line: line.source_line })
            });
            match found {
                Some(decider) => self.decided_by.push(decider),
                None if got.because.contains(name) || is_open(name) => {}
                None => {
                    let known = versions.iter().flat_map(ennakko_rules::rule::Rule::all_names);
                    let meant = did_you_mean(name, known).map(|known| format!("; did you mean `{known}`?"));
                    self.help.push(format!("the rule has no `{name}`{}", meant.unwrap_or_default()));
                }
            }
        }
    }
}

/// Why a case has no answer.
enum Unanswered {
    Case(String),
    /// It lies in the `given` block, which other cases share.
    Given {
        line: usize,
        what: String,
    },
}

impl From<String> for Unanswered {
    fn from(what: String) -> Self {
        Self::Case(what)
    }
}

/// One blank between words, `A, B` in order.
fn normal(outcome: &str) -> String {
    let words: Vec<&str> = outcome.split_whitespace().collect();
    let text = words.join(" ");
    match text.split_once("offered to ") {
        Some((before, names)) => {
            let mut names: Vec<&str> = names.split(',').map(str::trim).collect();
            names.sort_unstable();
            format!("{before}offered to {}", names.join(", "))
        }
        None => text,
    }
}

/// Plays a case: the town that it gives, and what came of its day under every rule.
///
/// # Errors
/// * what is wrong in the case, in words
pub fn play(rules: &Rules, id: &RuleId, case: &Case, by: By) -> Result<(Town, DayReport), String> {
    let tables = tables_of(rules, case)?;
    let town = town_of(rules, id, case, &tables)?;
    let evaluator = Evaluator::with_tables(rules.set(), tables, &town.register, Mode::Preview).by(by);
    let issuer = Issuer::new(rules.city()).map_err(|error| error.to_string())?;
    let mut ledger = MemoryLedger::new(*issuer.authority());
    let report = run_day(rules, &evaluator, &mut ledger, &Choices::none(), case.on, Mode::Preview)
        .map_err(|error| error.to_string())?;
    Ok((town, report))
}

fn town_of(rules: &Rules, id: &RuleId, case: &Case, tables: &Tables) -> Result<Town, String> {
    let mut given = Given::parse(&case.given).map_err(|error| error.to_string())?;
    for (path, value) in &case.differs {
        given.set(path, value).map_err(|error| misspelt(rules, case, &error))?;
    }
    let facts = rules.set().versions(id).iter().flat_map(|rule| rule.facts_read.iter().map(String::as_str));
    given.must_give(facts).map_err(|error| error.to_string())?;
    given.town(tables, case.on).map_err(|error| misspelt(rules, case, &error))
}

/// An error with the name that was probably meant.
fn misspelt(rules: &Rules, case: &Case, error: &GivenError) -> String {
    let meant = match error {
        GivenError::NoSuchName { path } => meant_by(rules, case, path),
        _ => None,
    };
    meant.map_or_else(|| error.to_string(), |meant| format!("{error}; did you mean `{meant}`?"))
}

fn meant_by(rules: &Rules, case: &Case, path: &str) -> Option<String> {
    let (name, key) = path.split_once('.')?;
    let root: toml::Table = case.given.parse().ok()?;
    let entries: BTreeMap<&str, &toml::Table> = ["people", "dwellings", "buildings"]
        .into_iter()
        .filter_map(|group| root.get(group)?.as_table())
        .flatten()
        .filter_map(|(name, entry)| Some((name.as_str(), entry.as_table()?)))
        .collect();
    let Some(entry) = entries.get(name) else {
        let name = did_you_mean(name, entries.keys().copied())?;
        return Some(format!("{name}.{key}"));
    };
    let declared = rules.set().tables().facts.iter().map(|fact| fact.name.as_str());
    let known = entry.keys().map(String::as_str).chain(declared);
    did_you_mean(key, known.filter(|known| *known != key)).map(|key| format!("{name}.{key}"))
}

/// The facts that a rule reads of its subject and the `given` block does not give, whatever differs in the case.
fn lacks(rules: &Rules, id: &RuleId, case: &Case) -> Option<Unanswered> {
    let mut given = Given::parse(&case.given).ok()?;
    let subject = case.given.parse::<toml::Table>().ok()?.get("subject")?.as_str()?.to_owned();
    for (path, value) in &case.differs {
        given.set(path, value).ok()?;
    }
    let facts: Vec<&String> = rules.set().versions(id).iter().flat_map(|rule| &rule.facts_read).collect();
    let mut missing = Vec::new();
    while let Err(GivenError::FactNotGiven { fact }) = given.must_give(facts.iter().map(|fact| fact.as_str())) {
        given.set(&format!("{subject}.{fact}"), "unknown").ok()?;
        missing.push(format!("`{fact}`"));
    }
    let line = case.given_line;
    (!missing.is_empty()).then(|| Unanswered::Given {
        line,
        what: format!("the rule reads {} of `{subject}`, and the `given` block does not give it", missing.join(", ")),
    })
}

/// Whether both evaluators say the same of everybody in a case, if the interpreter meets nothing unknown.
///
/// # Errors
/// * what is wrong in the case, or that they differ, in words
pub fn agree(rules: &Rules, id: &RuleId, case: &Case) -> Result<(), String> {
    let tables = tables_of(rules, case)?;
    let town = town_of(rules, id, case, &tables)?;
    let [walk, interpreter] = [By::Walk, By::Interpreter]
        .map(|by| Evaluator::with_tables(rules.set(), tables.clone(), &town.register, Mode::Preview).by(by));
    same(&walk, &interpreter, id, case.on)
}

fn same(walk: &Evaluator<'_>, interpreter: &Evaluator<'_>, id: &RuleId, on: NaiveDate) -> Result<(), String> {
    let told = [walk, interpreter].map(|evaluator| evaluator.day(id, on, &NothingYet));
    match &told {
        _ if interpreter.has_met_unknown() => Ok(()),
        // each says in its own words what failed
        [RuleDay::NotRun(NotRun::Failed { .. }), RuleDay::NotRun(NotRun::Failed { .. })] => Ok(()),
        [by_walk, by_interpreter] if by_walk == by_interpreter => Ok(()),
        _ => Err("the two evaluators differ: a defect of the engine".to_owned()),
    }
}

fn answer(rules: &Rules, id: &RuleId, case: &Case, agreeing: Agreeing<'_>) -> Result<Answer, Unanswered> {
    if let Some(lacks) = lacks(rules, id, case) {
        return Err(lacks);
    }
    let (town, mut report) = play(rules, id, case, By::Walk)?;
    agreeing(rules, id, case)?;
    match report.rules.remove(id) {
        Some(RuleReport::Ran(ran)) => Ok(of_subject(rules, id, &town, &ran)?),
        Some(RuleReport::NotRun(NotRun::Failed { what })) => Err(what.into()),
        Some(RuleReport::NotRun(_)) => Ok(Answer { outcome: "not_run".to_owned(), because: Vec::new() }),
        None => Err("there is no such rule".to_owned().into()),
    }
}

/// The folder's tables, with the rounds that the case brings.
fn tables_of(rules: &Rules, case: &Case) -> Result<Arc<Tables>, String> {
    let mut diagnostics = Vec::new();
    let rounds = Calendars::of_given(&RuleFile::new("given", &case.given), &mut diagnostics);
    if let Some(first) = diagnostics.first() {
        return Err(format!("line {} of the page: {}", case.given_line + first.place.line - 1, first.message));
    }
    let mut tables = Tables::clone(rules.set().tables());
    tables.calendars.add_all(&rounds);
    Ok(Arc::new(tables))
}

fn of_subject(rules: &Rules, id: &RuleId, town: &Town, ran: &Ran) -> Result<Answer, String> {
    let name = town.subject.as_deref().unwrap_or_default();
    let subject =
        subject_named(town, name).ok_or_else(|| format!("`subject = \"{name}\"` names nothing that is given"))?;
    let outcomes: &Outcomes = &ran.outcomes;
    let Some(row) = (0..outcomes.len()).find(|row| outcomes.subject(*row) == subject) else {
        return Ok(Answer { outcome: "not_in_cohort".to_owned(), because: Vec::new() });
    };
    let outcome = outcomes.outcome(row, rules.set().versions(id));
    let names = |names: &[ennakko_core::NameId]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let word = outcome.code().word().to_owned();
    let (outcome, mut because) = match &outcome {
        Outcome::NotEntitled(lines) | Outcome::HasAlready(lines) | Outcome::Manual(lines) => (word, names(lines)),
        Outcome::CannotTell(missing) => (word, missing.iter().map(|missing| missing.line.to_string()).collect()),
        Outcome::Withheld(reason) => (word, vec![reason.word().to_owned()]),
        Outcome::Upcoming(day) => (format!("{word} {day}"), Vec::new()),
        Outcome::Offered => {
            let key = town.register.subject(subject).key();
            let offer = ran.offers.iter().find(|offer| offer.body().subject == key);
            let offer = offer.ok_or_else(|| "offered, but there is no offer".to_owned())?;
            let mut to: Vec<String> = offer
                .body()
                .addressees
                .iter()
                .map(|to| match &to.party {
                    Party::Person(key) => town.people.get(key).cloned().unwrap_or_default(),
                    Party::Organisation(_) => "owner".to_owned(),
                })
                .collect();
            to.sort();
            (format!("{word} to {}", to.join(", ")), Vec::new())
        }
        _ => (word, Vec::new()),
    };
    because.sort();
    because.dedup();
    Ok(Answer { outcome, because })
}

fn subject_named(town: &Town, name: &str) -> Option<SubjectRow> {
    let person =
        town.people.iter().find(|(_, known)| *known == name).and_then(|(key, _)| town.register.resident_of(*key));
    if let Some(person) = person {
        return Some(Subject::Resident(person).row());
    }
    let (id, _) = town.buildings.iter().find(|(_, known)| *known == name)?;
    town.register.buildings().find(|building| building.id() == id).map(|building| SubjectRow::Building(building.row()))
}
