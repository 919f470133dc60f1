//! Evaluation of rules over a register: the ordered table of outcomes, for each subject of a rule's cohort on a day.
//!
//! Each named line is evaluated on its own, by walk or by the interpreter, and joined by three-valued logic. With the
//! register held still, nothing is evaluated again before a day on which its answer may be another.

mod by;
mod changes;
mod cohort;
mod few;
mod judge;
mod lines;
mod parts;
pub mod plan;
mod rows;
mod runs;
mod scan;
mod stretches;
mod trace;
mod whom;
mod window;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::outcome::{Missing, Standing};
use ennakko_core::register::{Register, SubjectRow};
use ennakko_core::terms::Terms;
use ennakko_core::trace::Part;
use ennakko_core::{NameId, Occasion, RuleId, SubjectKey, Truth};
use rhai::Engine;

use crate::calendar::at_issue;
use crate::engine::Mode;
use crate::outcomes::{Entry, Evaluation, NotRun, Outcomes, RuleDay, Selected};
use crate::parameters::Status;
use crate::rule::{Rule, Script, Test};
use crate::rule_set::{RuleSet, Tables};
use crate::step::{Step, What};
use crate::stop::Stop;
use crate::values::{Log, Reads, Same, World};
use crate::walk::{Days, Ground};
use cohort::{Asked, For, Found, Member, joined};
use judge::{Today, Verdict};
use lines::{PARTS, Settled};
use parts::{Other, PartOf};
use runs::Runs;
use window::{Asking, Bits, Memo, Spell};

pub use by::By;
pub use changes::Changes;
pub use parts::Threads;
pub use rows::Rows;
pub use stretches::{Stretch, Stretches, WhomOver};
pub use whom::{LineTruths, Whom};

/// What is known beside the register: the ledger's state of offers, and residents' choices.
///
/// Threads ask it side by side.
pub trait Standings: Sync {
    /// The ledger's state of the offer for (rule, subject, occasion), if one stands.
    fn standing(&self, rule: &RuleId, subject: SubjectKey, occasion: &str) -> Option<Standing>;

    /// Whether the subject was offered anything by the rule on or after a day, whatever the occasion.
    fn offered_since(&self, rule: &RuleId, subject: SubjectKey, day: NaiveDate) -> bool;

    /// Whether the subject chose not to be offered a purpose.
    fn opted_out(&self, subject: SubjectKey, purpose: &str) -> bool;

    /// Whether a rule's offers need be asked about at all: not where there never was any.
    fn has_offers_of(&self, rule: &RuleId) -> bool {
        let _ = rule;
        true
    }

    /// Whether residents' choices need be asked about at all: not where nobody chose anything.
    fn has_choices(&self) -> bool {
        true
    }
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

    fn has_offers_of(&self, _: &RuleId) -> bool {
        false
    }

    fn has_choices(&self) -> bool {
        false
    }
}

/// An evaluator of one folder of rules over one register.
pub struct Evaluator<'r> {
    rules: &'r RuleSet,
    by: By,
    ground: Ground,
    /// The interpreter, made when it is first needed.
    engine: OnceCell<Engine>,
    /// What is read, while somebody wants to know.
    reads: RefCell<Option<Reads>>,
    met_unknown: Cell<bool>,
    numbers: Arc<Numbers>,
    memo: RefCell<Memo>,
    /// Which part of everybody it goes through when everybody is asked about, and those who go through the others.
    part: PartOf,
    others: RefCell<Vec<Other>>,
}

/// Versions of all rules, counted.
struct Numbers {
    /// The number of each rule's first version.
    first: BTreeMap<RuleId, usize>,
    of_version: Vec<OfVersion>,
}

/// What is looked up of a version once.
struct OfVersion {
    /// Whether it is approved as it stands, if that is asked of it.
    approved: bool,
    /// Whether no resident can choose not to be offered it.
    statutory: bool,
    /// The lines of each part, a bit each.
    lines: [u64; 4],
}

impl OfVersion {
    fn of(rule: &Rule, rules: &RuleSet, tables: &Tables, mode: Mode) -> Self {
        let of_part = |part| {
            let lines = rule.lines.iter().enumerate().filter(|(_, line)| line.part == part);
            lines.fold(0, |mask, (bit, _)| mask | 1 << bit)
        };
        Self {
            approved: mode != Mode::Run || rules.is_approved(rule),
            statutory: tables.purposes.get(&rule.card.purpose).is_some_and(|purpose| purpose.statutory),
            lines: PARTS.map(of_part),
        }
    }
}

/// Every version of a rule.
#[derive(Clone, Copy)]
struct Versions<'r> {
    rules: &'r [Rule],
    first_number: usize,
}

/// One version of a rule: where it stands among them, and its number among all versions of the folder.
#[derive(Clone, Copy)]
struct Version<'r> {
    rule: &'r Rule,
    at: usize,
    number: usize,
}

impl<'r> Versions<'r> {
    fn at(self, at: usize) -> Version<'r> {
        Version { rule: &self.rules[at], at, number: self.first_number + at }
    }

    fn iter(self) -> impl Iterator<Item = Version<'r>> {
        (0..self.rules.len()).map(move |at| self.at(at))
    }
}

/// An occasion at issue for a subject, and the version of the rule that governs it.
#[derive(Clone)]
struct AtIssue {
    version: usize,
    occasion: Arc<Occasion>,
}

/// What an occasion came to.
#[derive(Clone)]
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
        let (mut first, mut of_version) = (BTreeMap::new(), Vec::new());
        for (id, versions) in &rules.rules {
            first.insert(id.clone(), of_version.len());
            of_version.extend(versions.iter().map(|rule| OfVersion::of(rule, rules, &tables, mode)));
        }
        Self {
            rules,
            by: By::default(),
            ground: Ground::new(&world, &rules.tables, tables, mode),
            engine: OnceCell::new(),
            reads: RefCell::new(None),
            met_unknown: Cell::new(false),
            numbers: Arc::new(Numbers { first, of_version }),
            memo: RefCell::new(Memo::default()),
            part: PartOf::WHOLE,
            others: RefCell::default(),
        }
    }

    /// The same by another evaluator: for the tests that both must agree.
    #[must_use]
    pub fn by(self, by: By) -> Self {
        let others = self.others.take().into_iter().map(Other::forgetful).collect::<Vec<_>>();
        Self { by, memo: RefCell::new(Memo::default()), others: others.into(), ..self }
    }

    /// The register it reads.
    pub fn register(&self) -> &Arc<Register> {
        &self.ground.world.register
    }

    /// The rules it evaluates.
    pub fn rules(&self) -> &'r RuleSet {
        self.rules
    }

    fn versions(&self, id: &RuleId) -> Versions<'r> {
        let first_number = self.numbers.first.get(id).copied().unwrap_or_default();
        Versions { rules: self.rules.versions(id), first_number }
    }

    /// What a rule is about, if anybody has approved it: also when there is nobody in the cohort, a rule that nobody has approved
    /// says nothing, not even that.
    fn kind_of_approved(&self, versions: Versions<'_>, day: NaiveDate) -> Result<SubjectKind, NotRun> {
        let Some(kind) = versions.rules.first().map(|rule| rule.card.subject) else {
            return Err(NotRun::Failed { what: "there is no such rule".to_owned() });
        };
        if versions.iter().any(|version| self.numbers.of_version[version.number].approved) {
            return Ok(kind);
        }
        let governing = versions.rules.iter().rev().find(|rule| rule.in_force_on(day)).or(versions.rules.last());
        let version = governing.map(|rule| rule.card.version.to_string()).unwrap_or_default();
        Err(NotRun::Unapproved { version })
    }

    /// The outcomes of a rule on a day.
    pub fn day(&self, id: &RuleId, day: NaiveDate, standings: &dyn Standings) -> RuleDay {
        let versions = self.versions(id);
        let kind = match self.kind_of_approved(versions, day) {
            Ok(kind) => kind,
            Err(reason) => return RuleDay::NotRun(reason),
        };
        let of_parts = self.in_parts(self.asks_many(For::Outcomes, id), |part| {
            let (versions, today) = (part.versions(id), Today::of(day).with(id, standings));
            let mut outcomes = Outcomes::new(day);
            let mut runs = Runs::default();
            part.members(versions, kind, day, For::Outcomes, |asked| match asked {
                Asked::One(subject, found) => {
                    part.enter(&mut outcomes, versions, subject, today, found, standings).map(|_| ())
                }
                Asked::Run(run) => part.enter_run(&mut outcomes, versions, today, (&run, &mut runs), standings),
            })?;
            Ok(Some(outcomes))
        });
        let outcomes = joined(of_parts, |all, later| match (all, later) {
            (Some(outcomes), Some(later)) => outcomes.append(later),
            (all, later) => *all = later,
        });
        match outcomes {
            Ok(outcomes) => RuleDay::Ran(outcomes.unwrap_or_else(|| Outcomes::new(day))),
            Err(reason) => RuleDay::NotRun(reason),
        }
    }

    /// Enters the outcome of somebody of the cohort, and returns the day before which it stays.
    fn enter(
        &self,
        outcomes: &mut Outcomes,
        versions: Versions<'_>,
        subject: SubjectRow,
        today: Today,
        found: Found<'_>,
        standings: &dyn Standings,
    ) -> Result<NaiveDate, NotRun> {
        let at;
        let row = match found {
            Found::Settled(at, settled) => {
                self.must_be_approved(versions.at(at.version))?;
                let (version, occasion, on) = (at.version, Some(&at.occasion), settled.days.from);
                let evaluation = Evaluation { version, occasion, on, day: None };
                let Settled { code, mask, .. } = settled;
                let what = outcomes.shared(Entry::of(code, mask, evaluation));
                outcomes.push_shared(subject, what);
                return Ok(today.until_an_edge(&at.occasion, settled.until(&at.occasion)));
            }
            Found::Scanned(at, lines) => {
                self.outcome(versions, subject, today, (at, Some(lines)), &mut Verdict::None, standings)?
            }
            Found::Known(Member::At(known), verdict) => {
                at = known;
                self.outcome(versions, subject, today, (&at, None), verdict, standings)?
            }
            Found::Known(Member::Unsettled(missing), _) => Self::unsettled(subject, today, missing),
        };
        let until = row.until;
        outcomes.push(row);
        Ok(until)
    }

    /// Whether all whose lines come to the same have the same outcome on a day: nobody has an offer or chose anything, and the
    /// terms are everybody's.
    fn treats_alike(&self, version: Version<'_>, today: Today) -> bool {
        self.asks_nobody(version, today) && self.has_everybodys_terms(version)
    }

    /// Whether neither offers nor choices are asked about on a day: there are none.
    fn asks_nobody(&self, version: Version<'_>, today: Today) -> bool {
        let choices = today.choices && !self.numbers.of_version[version.number].statutory;
        !today.offers && !choices
    }

    #[inline]
    fn must_be_approved(&self, version: Version<'_>) -> Result<(), NotRun> {
        if self.numbers.of_version[version.number].approved {
            return Ok(());
        }
        Err(NotRun::Unapproved { version: version.rule.card.version.to_string() })
    }

    /// The occasion at issue for everybody on a day; `None` where subjects have occasions of their own.
    fn everybodys_issue(
        &self,
        versions: Versions<'_>,
        any: SubjectRow,
        day: NaiveDate,
    ) -> Result<Option<Issue>, NotRun> {
        let own = versions.rules.iter().any(|rule| rule.occasion.by_subject);
        if own { Ok(None) } else { self.at_issue(versions, any, day).map(Some) }
    }

    /// The occasion at issue for a subject on a day, and the version in force when it opens.
    fn at_issue(&self, versions: Versions<'_>, subject: SubjectRow, day: NaiveDate) -> Result<Issue, NotRun> {
        let mut governed: Vec<AtIssue> = Vec::new();
        let mut nobodys: Option<Arc<Occasion>> = None;
        let mut stopped: Option<Vec<Stop>> = None;
        for version in versions.iter() {
            match self.occasion(version, subject, day) {
                Ok(None) => {}
                Ok(Some(occasion)) if version.rule.in_force_on(occasion.opens()) => {
                    governed.push(AtIssue { version: version.at, occasion });
                }
                Ok(Some(occasion)) => nobodys = Some(occasion),
                Err(stops) if version.rule.in_force_on(day) => return unsettled(stops),
                // a version that is not in force today stops nothing unless it is all there is
                Err(stops) => stopped = Some(stops),
            }
        }
        if let [only] = &governed[..]
            && only.occasion.opens() <= day
            && day < only.occasion.ends()
        {
            return Ok(governed.pop().map_or(Issue::None, Issue::At));
        }
        governed.sort_by_key(|at| at.occasion.opens());
        if let Some(chosen) = at_issue(governed.iter().map(|at| at.occasion.clone()), day) {
            let at = governed.into_iter().find(|at| Arc::ptr_eq(&at.occasion, &chosen));
            return Ok(at.map_or(Issue::None, Issue::At));
        }
        match (stopped, nobodys) {
            (Some(stops), _) => unsettled(stops),
            (None, Some(occasion)) if governed.is_empty() => {
                Err(NotRun::NoVersion { occasion: occasion.id().to_owned(), opens: occasion.opens() })
            }
            _ => Ok(Issue::None),
        }
    }

    fn occasion(&self, version: Version<'_>, subject: SubjectRow, day: NaiveDate) -> FoundOccasion {
        let script = &version.rule.occasion;
        {
            let mut memo = self.memo.borrow_mut();
            if let Some(known) = memo.of_version(version).occasion_of(version, subject, day) {
                return known.value.clone();
            }
        }
        let found = self.issued(script, subject, day);
        let value = found.value.clone();
        let mut memo = self.memo.borrow_mut();
        let of_version = memo.of_version(version);
        if script.by_subject {
            of_version.keep_own(subject, found);
        } else {
            of_version.occasion = Some(found);
        }
        value
    }

    fn cohort(
        &self,
        version: Version<'_>,
        subject: SubjectRow,
        day: NaiveDate,
        occasion: &Arc<Occasion>,
    ) -> Result<Spell<Truth>, NotRun> {
        let Some(cohort) = &version.rule.cohort else { return Ok(Spell { days: Days::ALL, value: Truth::Yes }) };
        if let Some(known) = self.memo.borrow_mut().of_subject(version, subject, occasion).cohort_on(day) {
            return Ok(known);
        }
        let truth = self.answer(cohort, "cohort", subject, day, occasion, None).map_err(not_run)?;
        self.memo.borrow_mut().of_subject(version, subject, occasion).cohort = Some(truth);
        Ok(truth)
    }

    /// What a line comes to; the unknowns met are added to `stops`, if they are wanted.
    fn truth(
        &self,
        test: &Test,
        name: &str,
        subject: SubjectRow,
        on: NaiveDate,
        occasion: &Arc<Occasion>,
        mut stops: Option<&mut Vec<Stop>>,
    ) -> Result<Spell<Truth>, Stop> {
        let (tests, begin, join): (_, _, fn(Truth, Truth) -> Truth) = match test {
            Test::One(script) => return self.answer(script, name, subject, on, occasion, stops),
            Test::AnyOf(tests) => (tests, Truth::No, Truth::or),
            Test::AllOf(tests) => (tests, Truth::Yes, Truth::and),
        };
        let mut joined = Spell { days: Days::ALL, value: begin };
        for inner in tests {
            let truth = self.truth(&inner.test, name, subject, on, occasion, stops.as_deref_mut())?;
            joined = Spell { days: joined.days.and(truth.days), value: join(joined.value, truth.value) };
        }
        Ok(joined)
    }

    /// The bits of a part's lines, evaluated now.
    fn evaluate(
        &self,
        rule: &Rule,
        part: Part,
        subject: SubjectRow,
        occasion: &Arc<Occasion>,
        on: NaiveDate,
    ) -> Result<Spell<Bits>, Stop> {
        let mut bits = Spell { days: Days::ALL, value: Bits::default() };
        for (bit, line) in rule.lines.iter().enumerate().filter(|(_, line)| line.part == part) {
            let truth = self.truth(&line.test, rule.names[bit].name.as_str(), subject, on, occasion, None)?;
            bits.value.set(bit, truth.value);
            bits.days = bits.days.and(truth.days);
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
    ) -> Spell<Arc<[Missing]>> {
        let mut missing = Vec::new();
        let mut days = Days::ALL;
        for (bit, line) in rule.lines.iter().enumerate().filter(|(bit, _)| mask & (1 << bit) != 0) {
            let name = &rule.names[bit].name;
            let mut stops = Vec::new();
            // this line was evaluated before without failing, and the register is held still
            if let Ok(truth) = self.truth(&line.test, name.as_str(), subject, on, occasion, Some(&mut stops)) {
                days = days.and(truth.days);
            }
            missing.extend(stops.iter().filter_map(|stop| stop.missing(name)));
        }
        missing.sort();
        missing.dedup();
        Spell { days, value: missing.into() }
    }

    /// Which parameters or rounds keep the lines from an answer on a later day: none is decided for it yet.
    fn undecided_of(&self, rule: &Rule, subject: SubjectRow, occasion: &Arc<Occasion>, on: NaiveDate) -> Vec<Missing> {
        let mut missing = Vec::new();
        for (line, named) in rule.lines.iter().zip(&rule.names) {
            if let Err(Stop::RowEnded { what, .. } | Stop::Expected { what }) =
                self.truth(&line.test, named.name.as_str(), subject, on, occasion, None)
            {
                let reason = ennakko_core::UnknownReason::FutureDay;
                missing.push(Missing { line: named.name.clone(), fact: what, of: Arc::from("city"), reason });
            }
        }
        missing.sort();
        missing
    }

    /// The terms, the reasons, and whether anything used is only expected.
    fn select(&self, of: Asking<'_>, on: NaiveDate) -> Result<Spell<Arc<Selected>>, Vec<Stop>> {
        let Asking { version, subject, occasion, .. } = of;
        let rule = version.rule;
        let (terms, expected, days) = if self.may_be_expected(version) {
            self.note_reads();
            let parts = [Part::Condition, Part::Already, Part::Officer, Part::Sanity];
            let evaluated = parts.map(|part| self.evaluate(rule, part, subject, occasion, on));
            // evaluated for what they read only: an unknown in the cohort is no hindrance here
            let cohort = rule.cohort.as_ref().map(|cohort| self.answer(cohort, "cohort", subject, on, occasion, None));
            let issued = self.issued(&rule.occasion, subject, on);
            let terms = self.terms(rule, subject, occasion, on);
            let reads = self.take_reads();
            let mut days = issued.days;
            for bits in evaluated {
                days = days.and(bits.map_err(|stop| vec![stop])?.days);
            }
            days = days.and(match cohort {
                Some(Ok(truth)) => truth.days,
                Some(Err(_)) => Days::one(on),
                None => Days::ALL,
            });
            (terms?, reads.parameters.iter().any(|parameter| parameter.expected), days)
        } else {
            (self.terms(rule, subject, occasion, on)?, false, Days::ALL)
        };
        let reasons = rule
            .names
            .iter()
            .filter(|line| line.part == Part::Condition)
            .map(|line| (line.name.clone(), line.from_home))
            .collect();
        let expected = expected || occasion.is_expected();
        let value = Arc::new(Selected { terms: terms.value, reasons, expected });
        Ok(Spell { days: days.and(terms.days), value })
    }

    /// Whether a version reads a parameter of which a row is only expected.
    fn reads_expected(&self, rule: &Rule) -> bool {
        fn of_test(test: &Test, of_script: &impl Fn(&Script) -> bool) -> bool {
            match test {
                Test::One(script) => of_script(script),
                Test::AnyOf(tests) | Test::AllOf(tests) => tests.iter().any(|inner| of_test(&inner.test, of_script)),
            }
        }
        fn of_step(step: &Step, is_expected: &impl Fn(&str, &str) -> bool) -> bool {
            let own = matches!(&step.what, What::Parameter { group, name, .. } if is_expected(group, name));
            own || step.what.children().into_iter().any(|child| of_step(child, is_expected))
        }
        let is_expected = |group: &str, name: &str| {
            let rows = self.ground.tables.parameters.rows(group, name).unwrap_or_default();
            rows.iter().any(|row| row.status == Status::Expected)
        };
        let of_script = |script: &Script| of_step(&script.steps.step, &is_expected);
        let of_lines = rule.lines.iter().any(|line| of_test(&line.test, &of_script));
        let of_terms = rule.terms.iter().any(|(_, term)| of_script(term));
        of_lines || of_terms || of_script(&rule.occasion) || rule.cohort.as_ref().is_some_and(of_script)
    }

    fn terms(
        &self,
        rule: &Rule,
        subject: SubjectRow,
        occasion: &Arc<Occasion>,
        on: NaiveDate,
    ) -> Result<Spell<Terms>, Vec<Stop>> {
        let mut terms = Spell { days: Days::ALL, value: Terms::default() };
        for (name, script) in &rule.terms {
            let term = self.term(script, name, subject, on, occasion)?;
            terms.days = terms.days.and(term.days);
            terms.value.by_name.insert(name.clone(), term.value);
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

/// An occasion that hangs on unknown facts, or a rule that cannot run.
fn unsettled(stops: Vec<Stop>) -> Result<Issue, NotRun> {
    missing_for("occasion", stops).map(Issue::Unknown)
}

/// What was missing for a line, in order, or a rule that cannot run.
fn missing_for(line: &str, stops: Vec<Stop>) -> Result<Vec<Missing>, NotRun> {
    let line = NameId::new(line);
    let mut missing = stops
        .into_iter()
        .map(|stop| stop.missing(&line).ok_or_else(|| not_run(stop)))
        .collect::<Result<Vec<Missing>, NotRun>>()?;
    missing.sort();
    missing.dedup();
    Ok(missing)
}

/// What a rule's `occasion` came to, or what stopped it.
type FoundOccasion = Result<Option<Arc<Occasion>>, Vec<Stop>>;
