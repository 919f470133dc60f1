//! Evaluation of rules over a register: the ordered table of outcomes, for each subject of a rule's cohort on a day.
//!
//! Each named line is evaluated by the interpreter on its own and joined by three-valued logic. With the register held
//! still, what does not depend on the day is evaluated once; what does, once for each day.

mod cohort;
mod trace;
mod window;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use ennakko_core::outcome::{Missing, Standing};
use ennakko_core::register::{Register, SubjectRow};
use ennakko_core::rule_card::{Discretion, WhenLate};
use ennakko_core::terms::{Term, Terms};
use ennakko_core::trace::Part;
use ennakko_core::{NameId, Occasion, OutcomeCode, RuleId, SubjectKey, Truth};
use rhai::{Dynamic, Engine, ImmutableString, Scope};

use crate::calendar::{HORIZON_DAYS, at_issue};
use crate::engine::{self, Mode, subject_value};
use crate::outcomes::{NotRun, OutcomeRow, Outcomes, RuleDay, Selected};
use crate::rule::{Rule, Script, Test};
use crate::rule_set::{RuleSet, Tables};
use crate::stop::{Stop, words};
use crate::values::{DayValue, Log, OccasionValue, PlaceValue, Same, World};
use cohort::{Asked, For};
use window::{Bits, Memo};

/// What is known beside the register: the ledger's state of offers, and residents' choices.
pub trait Standings {
    /// The ledger's state of the offer for (rule, subject, occasion), if one stands.
    fn standing(&self, rule: &RuleId, subject: SubjectKey, occasion: &str) -> Option<Standing>;

    /// Whether the subject was offered anything by the rule on or after a day, whatever the occasion.
    fn offered_since(&self, rule: &RuleId, subject: SubjectKey, day: NaiveDate) -> bool;

    /// Whether the subject chose not to be offered a purpose.
    fn opted_out(&self, subject: SubjectKey, purpose: &str) -> bool;
}

/// Nothing was ever offered and nobody chose anything.
#[derive(Clone, Copy, Debug)]
pub struct NothingYet;

impl Standings for NothingYet {
    fn standing(&self, _: &RuleId, _: SubjectKey, _: &str) -> Option<Standing> {
        None
    }

    fn offered_since(&self, _: &RuleId, _: SubjectKey, _: NaiveDate) -> bool {
        false
    }

    fn opted_out(&self, _: SubjectKey, _: &str) -> bool {
        false
    }
}

/// An evaluator of one folder of rules over one register.
pub struct Evaluator<'r> {
    rules: &'r RuleSet,
    tables: Arc<Tables>,
    world: Arc<World>,
    engine: Engine,
    mode: Mode,
    memo: RefCell<Memo>,
}

/// An occasion at issue for a subject, and the version of the rule that governs it.
#[derive(Clone)]
struct AtIssue {
    version: usize,
    occasion: Arc<Occasion>,
}

/// What an occasion came to.
enum Issue {
    None,
    At(AtIssue),
    /// It hangs on a fact that is unknown.
    Unknown(Vec<Missing>),
}

impl<'r> Evaluator<'r> {
    /// An evaluator; what it has evaluated it keeps, the register being held still.
    pub fn new(rules: &'r RuleSet, register: &Arc<Register>, mode: Mode) -> Self {
        Self::with_tables(rules, rules.tables.clone(), register, mode)
    }

    /// An evaluator that uses other tables than the folder's own: for cases that bring rounds of their own.
    pub fn with_tables(rules: &'r RuleSet, tables: Arc<Tables>, register: &Arc<Register>, mode: Mode) -> Self {
        let city = &tables.city;
        let world = Arc::new(World {
            register: register.clone(),
            municipality: city.code.clone(),
            leap_day: city.leap_day,
            log: Log::default(),
            same: Same::new(),
        });
        let engine = engine::over(&world, &tables, mode);
        Self { rules, tables, world, engine, mode, memo: RefCell::new(Memo::default()) }
    }

    /// The register it reads.
    pub fn register(&self) -> &Arc<Register> {
        &self.world.register
    }

    /// The rules it evaluates.
    pub fn rules(&self) -> &'r RuleSet {
        self.rules
    }

    /// The outcomes of a rule on a day.
    pub fn day(&self, id: &RuleId, day: NaiveDate, standings: &dyn Standings) -> RuleDay {
        let versions = self.rules.versions(id);
        let Some(kind) = versions.first().map(|rule| rule.card.subject) else {
            return RuleDay::NotRun(NotRun::Failed { what: "there is no such rule".to_owned() });
        };
        // also when there is nobody in the cohort: a rule that nobody has approved says nothing, not even that
        if self.mode == Mode::Run && !versions.iter().any(|rule| self.rules.is_approved(rule)) {
            let governing = versions.iter().rev().find(|rule| rule.in_force_on(day)).or(versions.last());
            let version = governing.map(|rule| rule.card.version.to_string()).unwrap_or_default();
            return RuleDay::NotRun(NotRun::Unapproved { version });
        }
        let mut outcomes = Outcomes::new(day);
        let (subjects, keep) = match self.asked(versions, kind, day, For::Outcomes) {
            Ok(Asked::Nobody) => return RuleDay::Ran(outcomes),
            Ok(Asked::Everybody(subjects, keep)) => (subjects, keep),
            Ok(Asked::Found(found, AtIssue { version, occasion })) => {
                for subject in found.iter().copied() {
                    match self.judge(&versions[version], version, subject, day, &occasion, standings) {
                        Ok(row) => outcomes.push(row),
                        Err(reason) => return RuleDay::NotRun(reason),
                    }
                }
                return RuleDay::Ran(outcomes);
            }
            Err(reason) => return RuleDay::NotRun(reason),
        };
        for subject in subjects.iter().copied() {
            match self.subject(versions, subject, day, standings) {
                Ok(Some(row)) => outcomes.push(row),
                Ok(None) => {}
                Err(reason) => return RuleDay::NotRun(reason),
            }
        }
        if let Some(key) = keep {
            self.keep(key, (0..outcomes.len()).map(|row| outcomes.subject(row)));
        }
        RuleDay::Ran(outcomes)
    }

    /// The outcome of one subject; `None` outside the cohort.
    fn subject(
        &self,
        versions: &[Rule],
        subject: SubjectRow,
        day: NaiveDate,
        standings: &dyn Standings,
    ) -> Result<Option<OutcomeRow>, NotRun> {
        if self.world.register.subject(subject).is_dead() {
            return Ok(None);
        }
        let AtIssue { version, occasion } = match self.at_issue(versions, subject, day)? {
            Issue::None => return Ok(None),
            Issue::At(at) => at,
            Issue::Unknown(missing) => {
                return Ok(Some(OutcomeRow {
                    subject,
                    code: OutcomeCode::CannotTell,
                    mask: 0,
                    day: None,
                    evaluated_on: day,
                    version: 0,
                    occasion: None,
                    missing,
                    selected: None,
                }));
            }
        };
        let rule = &versions[version];
        if self.cohort(rule, subject, day, &occasion)?.is_no() {
            return Ok(None);
        }
        if self.mode == Mode::Run && !self.rules.is_approved(rule) {
            return Err(NotRun::Unapproved { version: rule.card.version.to_string() });
        }
        self.judge(rule, version, subject, day, &occasion, standings).map(Some)
    }

    /// The ordered table: the first line that is true.
    fn judge(
        &self,
        rule: &Rule,
        version: usize,
        subject: SubjectRow,
        day: NaiveDate,
        occasion: &Arc<Occasion>,
        standings: &dyn Standings,
    ) -> Result<OutcomeRow, NotRun> {
        let first = day.max(occasion.opens());
        let row = |code, mask, evaluated_on| OutcomeRow {
            subject,
            code,
            mask,
            day: None,
            evaluated_on,
            version,
            occasion: Some(occasion.clone()),
            missing: Vec::new(),
            selected: None,
        };
        // a later day for which nothing is decided yet stops nobody today
        let not_yet = |stop: Stop, on: NaiveDate| match stop {
            Stop::RowEnded { .. } | Stop::Expected { .. } if on > day => {
                let missing = self.undecided_of(rule, subject, occasion, on);
                Ok(OutcomeRow { missing, ..row(OutcomeCode::CannotTell, 0, on) })
            }
            stop => Err(not_run(stop)),
        };
        let last = horizon(day).min(occasion.ends());
        // 1: no day is left on which every condition may hold
        let on = match self.first_possible(rule, subject, occasion, first, last) {
            Ok(Some(on)) => on,
            Ok(None) => {
                let bits = self.bits(rule, Part::Condition, subject, occasion, first).map_err(not_run)?;
                return Ok(row(OutcomeCode::NotEntitled, bits.no, first));
            }
            Err(stop) => return not_yet(stop, first),
        };
        let conditions = self.bits(rule, Part::Condition, subject, occasion, on).map_err(not_run)?;
        let already = match self.bits(rule, Part::Already, subject, occasion, on) {
            Ok(already) => already,
            Err(stop) => return not_yet(stop, on),
        };
        // 2
        if already.yes() != 0 {
            return Ok(row(OutcomeCode::HasAlready, already.yes(), on));
        }
        // 3
        let key = self.world.register.subject(subject).key();
        let standing = standings.standing(&rule.card.id, key, occasion.id()).or_else(|| {
            let days = u64::from(rule.card.not_again_within_days?);
            let since = on.checked_sub_days(Days::new(days))?;
            standings.offered_since(&rule.card.id, key, since).then_some(Standing::Pending)
        });
        if let Some(standing) = standing {
            let code = match standing {
                Standing::Pending => OutcomeCode::Pending,
                Standing::Accepted => OutcomeCode::Accepted,
                Standing::Declined => OutcomeCode::Declined,
                Standing::Lapsed => OutcomeCode::Lapsed,
            };
            return Ok(row(code, 0, on));
        }
        // 4; a sanity line that is unknown leaves it open too whether somebody belongs here at all
        let sanity = match self.bits(rule, Part::Sanity, subject, occasion, on) {
            Ok(sanity) => sanity,
            Err(stop) => return not_yet(stop, on),
        };
        let unknown = conditions.unknown | already.unknown | sanity.unknown;
        if unknown != 0 {
            let missing = self.missing_of(rule, unknown, subject, occasion, on);
            return Ok(OutcomeRow { missing, ..row(OutcomeCode::CannotTell, unknown, on) });
        }
        if sanity.no != 0 {
            return Err(NotRun::SanityBroken { lines: rule.named(sanity.no) });
        }
        // 5
        let statutory = self.tables.purposes.get(&rule.card.purpose).is_some_and(|purpose| purpose.statutory);
        if !statutory && standings.opted_out(key, &rule.card.purpose) {
            return Ok(row(OutcomeCode::OptedOut, 0, on));
        }
        // 6
        let officer = match self.bits(rule, Part::Officer, subject, occasion, on) {
            Ok(officer) => officer.yes() | officer.unknown,
            Err(stop) => return not_yet(stop, on),
        };
        if rule.card.discretion == Discretion::Required || officer != 0 {
            return Ok(row(OutcomeCode::Manual, officer, on));
        }
        // 7
        if on > day {
            return Ok(OutcomeRow { day: Some(on), ..row(OutcomeCode::Upcoming, 0, on) });
        }
        // 8
        let late = day >= occasion.closes();
        if late && rule.card.late != WhenLate::Offer {
            return Ok(OutcomeRow { day: Some(occasion.closes()), ..row(OutcomeCode::Late, 0, on) });
        }
        // 9
        match self.select(rule, subject, occasion, on) {
            Ok(selected) => {
                let (code, closed) =
                    if late { (OutcomeCode::Late, Some(occasion.closes())) } else { (OutcomeCode::Offered, None) };
                Ok(OutcomeRow { selected: Some(selected), day: closed, ..row(code, 0, on) })
            }
            Err(stop) => match stop.missing(&NameId::new("terms")) {
                Some(missing) => Ok(OutcomeRow { missing: vec![missing], ..row(OutcomeCode::CannotTell, 0, on) }),
                None => Err(not_run(stop)),
            },
        }
    }

    /// The occasion at issue for a subject on a day, and the version in force when it opens.
    fn at_issue(&self, versions: &[Rule], subject: SubjectRow, day: NaiveDate) -> Result<Issue, NotRun> {
        let mut governed: Vec<AtIssue> = Vec::new();
        let mut nobodys: Option<Arc<Occasion>> = None;
        let mut stopped: Option<Stop> = None;
        for (version, rule) in versions.iter().enumerate() {
            match self.occasion(rule, version, subject, day) {
                Ok(None) => {}
                Ok(Some(occasion)) if rule.in_force_on(occasion.opens()) => {
                    governed.push(AtIssue { version, occasion });
                }
                Ok(Some(occasion)) => nobodys = Some(occasion),
                Err(stop) if rule.in_force_on(day) => return unsettled(stop),
                // a version that is not in force today stops nothing unless it is all there is
                Err(stop) => stopped = Some(stop),
            }
        }
        governed.sort_by_key(|at| at.occasion.opens());
        if let Some(chosen) = at_issue(governed.iter().map(|at| at.occasion.clone()), day) {
            let at = governed.into_iter().find(|at| Arc::ptr_eq(&at.occasion, &chosen));
            return Ok(at.map_or(Issue::None, Issue::At));
        }
        match (stopped, nobodys) {
            (Some(stop), _) => unsettled(stop),
            (None, Some(occasion)) if governed.is_empty() => {
                Err(NotRun::NoVersion { occasion: occasion.id().to_owned(), opens: occasion.opens() })
            }
            _ => Ok(Issue::None),
        }
    }

    fn occasion(
        &self,
        rule: &Rule,
        version: usize,
        subject: SubjectRow,
        day: NaiveDate,
    ) -> Result<Option<Arc<Occasion>>, Stop> {
        let everybodys = (!rule.occasion.by_subject).then(|| (rule.card.id.clone(), version, day));
        if let Some(key) = &everybodys
            && let Some(known) = self.memo.borrow().occasions.get(key)
        {
            return known.clone();
        }
        // an occasion of the subject's own days stays the same for long: what a constructor says of that is kept
        if rule.occasion.passes_day
            && let Some(Some((from, to, known))) = self
                .memo
                .borrow()
                .own_occasions
                .get(&rule.card.version)
                .and_then(|of_rule| of_rule.get(subject.position()))
            && *from <= day
            && day < *to
        {
            return known.clone();
        }
        self.world.same.start();
        let scope = self.scope(&rule.occasion, subject, day, None);
        let found = self.run(&rule.occasion, scope).and_then(|value| {
            if value.is_unit() {
                return Ok(None);
            }
            value
                .try_cast::<OccasionValue>()
                .map(|occasion| Some(occasion.0))
                .ok_or_else(|| Stop::Failed("`occasion` gives neither an occasion nor `no_occasion()`".to_owned()))
        });
        if let Some(key) = everybodys {
            self.memo.borrow_mut().occasions.insert(key, found.clone());
        } else if rule.occasion.passes_day {
            let (from, to) = self.world.same.days();
            let mut memo = self.memo.borrow_mut();
            let of_rule = memo.own_occasions.entry(rule.card.version.clone()).or_default();
            if of_rule.len() <= subject.position() {
                of_rule.resize_with(subject.position() + 1, || None);
            }
            of_rule[subject.position()] = Some((from, to, found.clone()));
        }
        found
    }

    fn cohort(
        &self,
        rule: &Rule,
        subject: SubjectRow,
        day: NaiveDate,
        occasion: &Arc<Occasion>,
    ) -> Result<Truth, NotRun> {
        let Some(cohort) = &rule.cohort else { return Ok(Truth::Yes) };
        let key = (subject, self.memo.borrow_mut().number_of(&rule.card.version, occasion));
        if !cohort.by_day
            && let Some(known) = self.memo.borrow().cohorts.get(&key)
        {
            return Ok(*known);
        }
        let truth = self.script_truth(cohort, "cohort", subject, day, occasion).or_else(|stop| match stop {
            Stop::Unknown { .. } => Ok(Truth::Unknown),
            other => Err(not_run(other)),
        })?;
        if !cohort.by_day {
            self.memo.borrow_mut().cohorts.insert(key, truth);
        }
        Ok(truth)
    }

    fn scope(
        &self,
        script: &Script,
        subject: SubjectRow,
        on: NaiveDate,
        occasion: Option<&Arc<Occasion>>,
    ) -> Scope<'static> {
        let mut scope = Scope::new();
        let names = &script.piece.parameters;
        if let Some(name) = names.first() {
            scope.push_dynamic(name.clone(), subject_value(&self.world, subject, on));
        }
        if let Some(name) = names.get(1) {
            scope.push_dynamic(name.clone(), Dynamic::from(DayValue::of(on)));
        }
        if let (Some(name), Some(occasion)) = (names.get(2), occasion) {
            scope.push_dynamic(name.clone(), Dynamic::from(OccasionValue(occasion.clone())));
        }
        scope
    }

    fn run(&self, script: &Script, mut scope: Scope<'static>) -> Result<Dynamic, Stop> {
        self.engine.eval_ast_with_scope::<Dynamic>(&mut scope, &script.piece.ast).map_err(|error| Stop::of(&error))
    }

    fn script_truth(
        &self,
        script: &Script,
        what: &str,
        subject: SubjectRow,
        on: NaiveDate,
        occasion: &Arc<Occasion>,
    ) -> Result<Truth, Stop> {
        let value = self.run(script, self.scope(script, subject, on, Some(occasion)))?;
        value.as_bool().map(Truth::from).map_err(|got| {
            let (got, line) = (words(got), script.piece.place.line);
            Stop::Failed(format!("`{what}` is not yes or no but {got} (line {line})"))
        })
    }

    /// What a line comes to; the unknowns met are added to `stops`.
    fn truth(
        &self,
        test: &Test,
        name: &str,
        subject: SubjectRow,
        on: NaiveDate,
        occasion: &Arc<Occasion>,
        stops: &mut Vec<Stop>,
    ) -> Result<Truth, Stop> {
        match test {
            Test::One(script) => match self.script_truth(script, name, subject, on, occasion) {
                Err(stop @ Stop::Unknown { .. }) => {
                    stops.push(stop);
                    Ok(Truth::Unknown)
                }
                other => other,
            },
            Test::AnyOf(tests) => tests.iter().try_fold(Truth::No, |joined, test| {
                self.truth(test, name, subject, on, occasion, stops).map(|truth| joined.or(truth))
            }),
            Test::AllOf(tests) => tests.iter().try_fold(Truth::Yes, |joined, test| {
                self.truth(test, name, subject, on, occasion, stops).map(|truth| joined.and(truth))
            }),
        }
    }

    /// The bits of a part's lines, evaluated now.
    fn evaluate(
        &self,
        rule: &Rule,
        part: Part,
        subject: SubjectRow,
        occasion: &Arc<Occasion>,
        on: NaiveDate,
    ) -> Result<Bits, Stop> {
        let mut bits = Bits::default();
        let mut stops = Vec::new();
        for (bit, line) in rule.lines.iter().enumerate() {
            if line.part != part {
                continue;
            }
            let name = rule.names[bit].name.as_str();
            bits.set(bit, self.truth(&line.test, name, subject, on, occasion, &mut stops)?);
        }
        Ok(bits)
    }

    /// Which facts of whom kept these lines from an answer.
    fn missing_of(
        &self,
        rule: &Rule,
        mask: u64,
        subject: SubjectRow,
        occasion: &Arc<Occasion>,
        on: NaiveDate,
    ) -> Vec<Missing> {
        let mut missing = Vec::new();
        for (bit, line) in rule.lines.iter().enumerate().filter(|(bit, _)| mask & (1 << bit) != 0) {
            let name = &rule.names[bit].name;
            let mut stops = Vec::new();
            // this line was evaluated before without failing, and the register is held still
            let _decided = self.truth(&line.test, name.as_str(), subject, on, occasion, &mut stops);
            missing.extend(stops.iter().filter_map(|stop| stop.missing(name)));
        }
        missing.sort();
        missing.dedup();
        missing
    }

    /// Which parameters or rounds keep the lines from an answer on a later day: none is decided for it yet.
    fn undecided_of(&self, rule: &Rule, subject: SubjectRow, occasion: &Arc<Occasion>, on: NaiveDate) -> Vec<Missing> {
        let mut missing = Vec::new();
        for (line, named) in rule.lines.iter().zip(&rule.names) {
            if let Err(Stop::RowEnded { what, .. } | Stop::Expected { what }) =
                self.truth(&line.test, named.name.as_str(), subject, on, occasion, &mut Vec::new())
            {
                let reason = ennakko_core::UnknownReason::FutureDay;
                missing.push(Missing { line: named.name.clone(), fact: what, of: Arc::from("city"), reason });
            }
        }
        missing.sort();
        missing
    }

    /// The terms, the reasons, and whether anything used is only expected.
    fn select(
        &self,
        rule: &Rule,
        subject: SubjectRow,
        occasion: &Arc<Occasion>,
        on: NaiveDate,
    ) -> Result<Selected, Stop> {
        self.world.log.start();
        let parts = [Part::Condition, Part::Already, Part::Officer, Part::Sanity];
        let evaluated = parts.map(|part| self.evaluate(rule, part, subject, occasion, on));
        // evaluated for what they read only: an unknown in the cohort is no hindrance here
        let _cohort =
            rule.cohort.as_ref().map(|cohort| self.run(cohort, self.scope(cohort, subject, on, Some(occasion))));
        let _occasion = self.run(&rule.occasion, self.scope(&rule.occasion, subject, on, None));
        let terms = self.terms(rule, subject, occasion, on);
        let reads = self.world.log.take();
        evaluated.into_iter().collect::<Result<Vec<Bits>, Stop>>()?;
        let reasons = rule
            .names
            .iter()
            .filter(|line| line.part == Part::Condition)
            .map(|line| (line.name.clone(), line.from_home))
            .collect();
        let expected = occasion.is_expected() || reads.parameters.iter().any(|parameter| parameter.expected);
        Ok(Selected { terms: terms?, reasons, expected })
    }

    fn terms(&self, rule: &Rule, subject: SubjectRow, occasion: &Arc<Occasion>, on: NaiveDate) -> Result<Terms, Stop> {
        let mut terms = Terms::default();
        for (name, script) in &rule.terms {
            let value = self.run(script, self.scope(script, subject, on, Some(occasion)))?;
            let term = if let Ok(holds) = value.as_bool() {
                Term::Bool(holds)
            } else if let Ok(number) = value.as_int() {
                Term::Int(number)
            } else if let Some(day) = value.clone().try_cast::<DayValue>() {
                Term::Day(day.exact().map_err(|error| Stop::of(&error))?)
            } else if let Some(place) = value.clone().try_cast::<PlaceValue>() {
                Term::Place(place.0)
            } else if let Some(text) = value.clone().try_cast::<ImmutableString>() {
                Term::Text(Arc::from(text.as_str()))
            } else if value.is_unit() {
                return Err(Stop::Unknown {
                    fact: name.clone(),
                    of: Arc::from("subject"),
                    reason: ennakko_core::UnknownReason::NotDelivered,
                });
            } else {
                return Err(Stop::Failed(format!("the term `{name}` is {}", words(value.type_name()))));
            };
            terms.by_name.insert(name.clone(), term);
        }
        Ok(terms)
    }
}

fn not_run(stop: Stop) -> NotRun {
    match stop {
        Stop::RowEnded { what, on, last_valid } => NotRun::RowEnded { what: what.to_string(), on, last_valid },
        Stop::Expected { what } => NotRun::Expected { what: what.to_string() },
        Stop::Failed(what) => NotRun::Failed { what },
        Stop::Unknown { fact, of, .. } => {
            NotRun::Failed { what: format!("`{fact}` of {of} is unknown where it must not be") }
        }
    }
}

/// The last day, excluded, on which it is looked ahead from a day.
fn horizon(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(HORIZON_DAYS + 1)).unwrap_or(NaiveDate::MAX)
}

/// An occasion that hangs on an unknown fact, or a rule that cannot run.
fn unsettled(stop: Stop) -> Result<Issue, NotRun> {
    match stop.missing(&NameId::new("occasion")) {
        Some(missing) => Ok(Issue::Unknown(vec![missing])),
        None => Err(not_run(stop)),
    }
}

/// A subject in a window: the number stands for a version and an occasion.
type WindowKey = (SubjectRow, u32);

/// Occasions by rule, version and day.
type OccasionMemo = BTreeMap<(RuleId, usize, NaiveDate), FoundOccasion>;

/// What a rule's `occasion` came to.
type FoundOccasion = Result<Option<Arc<Occasion>>, Stop>;
