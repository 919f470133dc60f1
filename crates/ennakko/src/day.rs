//! The day's run: every rule over the register, outcomes to offers and tasks, all of it into the ledger, once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::outcome::Missing;
use ennakko_core::register::{Register, SubjectRow};
use ennakko_core::rule_card::WhenLate;
use ennakko_core::{Outcome, OutcomeCode, RuleId, SubjectKey, UnknownReason};
use ennakko_offers::ledger::{Appended, Closed, What};
use ennakko_offers::offer::{Candidate, Issuer, Proposal, Reason, propose};
use ennakko_offers::task::{Task, TaskReason};
use ennakko_offers::{MemoryLedger, Message, Offer, OfferId};
use ennakko_rules::evaluate::{Changes, Threads};
use ennakko_rules::outcomes::{NotRun, Outcomes, RuleDay};
use ennakko_rules::rule_set::Tables;
use ennakko_rules::{Evaluator, Mode};
use thiserror::Error;

use crate::bill::{Bill, DoesNotAddUp};
use crate::choices::{Choices, Known};
use crate::folder::Rules;

/// What came of a day.
#[derive(Clone, Debug)]
pub struct DayReport {
    /// The day.
    pub day: NaiveDate,
    /// What came of each rule, in the order of their ids.
    pub rules: BTreeMap<RuleId, RuleReport>,
    /// Offers whose time to reply ran out before this day, and that no rule withdrew or ended on it.
    pub lapsed: Vec<OfferId>,
    /// Tasks raised because of them.
    pub tasks: Vec<Task>,
}

/// What came of one rule on a day.
#[derive(Clone, Debug)]
pub enum RuleReport {
    /// It ran.
    Ran(Box<Ran>),
    /// It did not; nothing of it was offered, withdrawn or asked.
    NotRun(NotRun),
}

/// A rule that ran.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The outcomes, in columns.
    pub outcomes: Outcomes,
    /// The cohort, found apart from the outcomes.
    pub cohort: Vec<SubjectRow>,
    /// Its bill.
    pub bill: Bill,
    /// Offers made on this day.
    pub offers: Vec<Offer>,
    /// Their messages, in the order of the offers; empty in a preview, where letters are written when asked for.
    pub messages: Vec<Message>,
    /// Offers withdrawn because the subject is no longer entitled, or has died.
    pub withdrawn: Vec<OfferId>,
    /// Offers ended because the subject has what was offered.
    pub ended: Vec<OfferId>,
    /// Tasks raised on this day.
    pub tasks: Vec<Task>,
    /// Facts that were missing, with the subjects waiting for each; protected subjects have tasks instead.
    pub findings: BTreeMap<MissingFact, Vec<SubjectRow>>,
}

/// A fact that was missing: which, from which source, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingFact {
    /// The fact's name.
    pub fact: String,
    /// Whose it is.
    pub of: String,
    /// The source it should come from.
    pub source: String,
    /// Why it is not known.
    pub reason: UnknownReason,
}

/// Why a day cannot be run at all.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RunError {
    /// The city cannot make offers: its code or its zone.
    #[error(transparent)]
    Offers(#[from] ennakko_offers::Error),
    /// A rule's outcomes do not sum to its cohort: a defect of the engine.
    #[error("rule `{rule}`: {what}")]
    Bill {
        /// The rule.
        rule: RuleId,
        /// What does not add up.
        what: DoesNotAddUp,
    },
    /// The register is of a later day than the run.
    #[error("the register is of {register}, after the day {day}")]
    RegisterAfterDay {
        /// The register's day.
        register: NaiveDate,
        /// The day asked for.
        day: NaiveDate,
    },
    /// The register is too old for a run.
    #[error("the register is of {register}, more than {REGISTER_FRESH_DAYS} days before the day {day}")]
    RegisterTooOld {
        /// The register's day.
        register: NaiveDate,
        /// The day asked for.
        day: NaiveDate,
    },
}

/// How old a register may be in a run, in days. The population information system's change feed asks to be read at least
/// every two weeks (page of the Digital and Population Data Services Agency's sandbox, as noted November 2026).
pub const REGISTER_FRESH_DAYS: i64 = 14;

/// Runs the day, and every day since the last completed run before it. The same run again does nothing.
///
/// Days that were missed are looked at one by one, so that no window which opened and closed meanwhile is lost; but what
/// follows from them happens on the day of the run: offers and letters bear it, nobody is asked to reply by a day that has
/// passed, and no offer lapses before anybody got it.
///
/// # Errors
/// * [`RunError`]
pub fn run(
    rules: &Rules,
    register: &Arc<Register>,
    ledger: &mut MemoryLedger,
    choices: &Choices,
    day: NaiveDate,
) -> Result<Vec<DayReport>, RunError> {
    run_in_threads(rules, register, ledger, choices, day, Threads::ONE)
}

/// The same with each rule evaluated by so many threads side by side: the same ledger and reports, byte for byte.
///
/// # Errors
/// * [`RunError`]
pub fn run_in_threads(
    rules: &Rules,
    register: &Arc<Register>,
    ledger: &mut MemoryLedger,
    choices: &Choices,
    day: NaiveDate,
    threads: Threads,
) -> Result<Vec<DayReport>, RunError> {
    let age_days = day.signed_duration_since(register.day()).num_days();
    if age_days < 0 {
        return Err(RunError::RegisterAfterDay { register: register.day(), day });
    }
    if age_days > REGISTER_FRESH_DAYS {
        return Err(RunError::RegisterTooOld { register: register.day(), day });
    }
    let evaluator = Evaluator::new(rules.set(), register, Mode::Run).threads(threads);
    let issuer = Issuer::new(rules.city())?;
    let first = ledger.last_completed().and_then(|last| last.succ_opt()).map_or(day, |next| next.min(day));
    let mut reports = Vec::new();
    for looked_at in first.iter_days().take_while(|covered| *covered <= day) {
        let days = Days { looked_at, acts_on: day };
        ledger.look_at(register);
        reports.push(one_day(rules, &evaluator, &issuer, (ledger, choices), days, Mode::Run)?);
        ledger.complete(looked_at);
    }
    Ok(reports)
}

/// One day with one evaluator. A preview is this, repeated, on a ledger of its own.
///
/// # Errors
/// * [`RunError`]
pub fn run_day(
    rules: &Rules,
    evaluator: &Evaluator<'_>,
    ledger: &mut MemoryLedger,
    choices: &Choices,
    day: NaiveDate,
    mode: Mode,
) -> Result<DayReport, RunError> {
    let issuer = Issuer::new(rules.city())?;
    ledger.look_at(evaluator.register());
    one_day(rules, evaluator, &issuer, (ledger, choices), Days { looked_at: day, acts_on: day }, mode)
}

/// What came of one rule on a day of a preview, for those alone for whom something may be other than on the day before.
pub(crate) struct Step {
    pub(crate) acted: Acted,
    /// Of the cohort, found apart from the outcomes, those who may be others than on the day before.
    pub(crate) cohort: Vec<SubjectRow>,
}

/// What came of each rule on a day of a preview, in the order of their ids.
pub(crate) type Steps = Vec<(RuleId, Result<Step, NotRun>)>;

/// One day of a preview, the register having been looked at before, when the ledger had so many events.
pub(crate) fn next_day(
    rules: &Rules,
    evaluator: &Evaluator<'_>,
    (ledger, n_events): (&mut MemoryLedger, usize),
    choices: &Choices,
    day: NaiveDate,
) -> Result<Steps, RunError> {
    let issuer = Issuer::new(rules.city())?;
    ledger.look_at_since(n_events, evaluator.register());
    let days = Days { looked_at: day, acts_on: day };
    let steps = rules.set().ids().map(|id| {
        let pass = Pass { rules, evaluator, issuer: &issuer, id, days, mode: Mode::Preview };
        (id.clone(), pass.step(ledger, choices))
    });
    Ok(steps.collect())
}

/// One rule's day for one subject alone, by the same steps: no row outside the cohort. In the ledger, which is a copy, its
/// offers stand from then on, as in a preview.
pub(crate) fn day_of_subject(
    rules: &Rules,
    evaluator: &Evaluator<'_>,
    (ledger, choices): (&mut MemoryLedger, &Choices),
    (id, subject): (&RuleId, SubjectRow),
    day: NaiveDate,
) -> Result<RuleDay, RunError> {
    let issuer = Issuer::new(rules.city())?;
    let days = Days { looked_at: day, acts_on: day };
    let pass = Pass { rules, evaluator, issuer: &issuer, id, days, mode: Mode::Preview };
    let known = Known { ledger, choices, lapses_on: None };
    let mut outcomes = match evaluator.day_of(id, subject, day, &known) {
        RuleDay::Ran(outcomes) => outcomes,
        not_run @ RuleDay::NotRun(_) => return Ok(not_run),
    };
    let offers = match pass.offers(&mut outcomes) {
        Ok(offers) => offers,
        Err(reason) => return Ok(RuleDay::NotRun(reason)),
    };
    pass.close(&outcomes, ledger, Whose::Only(&[evaluator.register().subject(subject).key()]));
    for offer in offers {
        ledger.propose(offer);
    }
    Ok(RuleDay::Ran(outcomes))
}

/// The day that is looked at, and the day on which what follows from it happens.
#[derive(Clone, Copy)]
struct Days {
    looked_at: NaiveDate,
    acts_on: NaiveDate,
}

fn one_day(
    rules: &Rules,
    evaluator: &Evaluator<'_>,
    issuer: &Issuer<'_>,
    (ledger, choices): (&mut MemoryLedger, &Choices),
    days: Days,
    mode: Mode,
) -> Result<DayReport, RunError> {
    let mut reports = BTreeMap::new();
    for id in rules.set().ids() {
        let report = Pass { rules, evaluator, issuer, id, days, mode }.run(ledger, choices)?;
        reports.insert(id.clone(), report);
    }
    // In a preview nobody replies and no time runs out: its offers count as pending. In a run, what was withdrawn or has
    // ended on the day does not lapse as well: nobody is asked to call the family of a child who has died.
    let before = ledger.events().len();
    let today = days.looked_at == days.acts_on;
    let lapsed = if mode == Mode::Run && today { ledger.lapse(days.acts_on) } else { Vec::new() };
    let tasks = raised_since(ledger, before);
    Ok(DayReport { day: days.looked_at, rules: reports, lapsed, tasks })
}

/// Tasks raised after so many events of the ledger, in the order of their ids.
fn raised_since(ledger: &MemoryLedger, n_events: usize) -> Vec<Task> {
    let events = ledger.events().iter().skip(n_events);
    let raised: BTreeSet<_> = events
        .filter_map(|event| match event.what {
            What::TaskRaised(id) => Some(id),
            _ => None,
        })
        .collect();
    raised.into_iter().filter_map(|id| ledger.task(id)).cloned().collect()
}

/// One rule on one day.
struct Pass<'p> {
    rules: &'p Rules,
    evaluator: &'p Evaluator<'p>,
    issuer: &'p Issuer<'p>,
    id: &'p RuleId,
    days: Days,
    mode: Mode,
}

/// What is to follow from outcomes.
struct Acting {
    outcomes: Outcomes,
    offers: Vec<Offer>,
    messages: Vec<Message>,
}

/// What followed from outcomes.
pub(crate) struct Acted {
    pub(crate) outcomes: Outcomes,
    pub(crate) offers: Vec<Offer>,
    messages: Vec<Message>,
    withdrawn: Vec<OfferId>,
    ended: Vec<OfferId>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) findings: BTreeMap<MissingFact, Vec<SubjectRow>>,
}

/// Whose offers are looked at.
#[derive(Clone, Copy)]
enum Whose<'s> {
    Everybodys,
    Only(&'s [SubjectKey]),
}

impl Pass<'_> {
    fn run(&self, ledger: &mut MemoryLedger, choices: &Choices) -> Result<RuleReport, RunError> {
        let known = Known { ledger, choices, lapses_on: (self.mode == Mode::Run).then_some(self.days.looked_at) };
        let outcomes = match self.evaluator.day(self.id, self.days.looked_at, &known) {
            RuleDay::Ran(outcomes) => outcomes,
            RuleDay::NotRun(reason) => return Ok(RuleReport::NotRun(reason)),
        };
        let acting = match self.acting(outcomes) {
            Ok(acting) => acting,
            Err(reason) => return Ok(RuleReport::NotRun(reason)),
        };
        let cohort = match self.evaluator.cohort_on(self.id, self.days.looked_at) {
            Ok(cohort) => cohort,
            Err(reason) => return Ok(RuleReport::NotRun(reason)),
        };
        let codes = (0..acting.outcomes.len()).map(|row| acting.outcomes.code(row));
        let bill = Bill::of(codes, cohort.len()).map_err(|what| RunError::Bill { rule: self.id.clone(), what })?;
        let acted = self.act(acting, ledger, Whose::Everybodys);
        let Acted { outcomes, offers, messages, withdrawn, ended, tasks, findings } = acted;
        Ok(RuleReport::Ran(Box::new(Ran {
            outcomes,
            cohort,
            bill,
            offers,
            messages,
            withdrawn,
            ended,
            tasks,
            findings,
        })))
    }

    /// The same for those alone for whom something may be other than on the day before.
    fn step(&self, ledger: &mut MemoryLedger, choices: &Choices) -> Result<Step, NotRun> {
        let known = Known { ledger, choices, lapses_on: None };
        let day = self.days.looked_at;
        let Changes { outcomes, outside, everybody } = self.evaluator.changes(self.id, day, &known)?;
        let register = self.evaluator.register();
        let rows = (0..outcomes.len()).map(|row| outcomes.subject(row)).chain(outside);
        let touched: Vec<SubjectKey> =
            if everybody { Vec::new() } else { rows.map(|subject| register.subject(subject).key()).collect() };
        let done = self.acting(outcomes).and_then(|acting| Ok((acting, self.evaluator.cohort_changes(self.id, day)?)));
        // nothing came of those who were looked at, so that all are to be looked at again
        let (acting, cohort) = done.inspect_err(|_| self.evaluator.start_over(self.id))?;
        let whose = if everybody { Whose::Everybodys } else { Whose::Only(&touched) };
        Ok(Step { acted: self.act(acting, ledger, whose), cohort })
    }

    /// What is to follow from outcomes, nothing of it written yet.
    fn acting(&self, mut outcomes: Outcomes) -> Result<Acting, NotRun> {
        let offers = self.offers(&mut outcomes)?;
        let messages = self.messages(&offers)?;
        Ok(Acting { outcomes, offers, messages })
    }

    fn act(&self, acting: Acting, ledger: &mut MemoryLedger, whose: Whose<'_>) -> Acted {
        let Acting { outcomes, offers, mut messages } = acting;
        let before = ledger.events().len();
        let (withdrawn, ended) = self.close(&outcomes, ledger, whose);
        for task in self.tasks(&outcomes, ledger) {
            ledger.raise(task, self.days.acts_on);
        }
        let offers: Vec<Offer> = offers
            .into_iter()
            .filter(|offer| matches!(ledger.propose(offer.clone()), Appended::Inserted | Appended::Reinstated))
            .collect();
        if !messages.is_empty() {
            let made: BTreeSet<OfferId> = offers.iter().map(Offer::id).collect();
            messages.retain(|message| made.contains(&message.offer));
        }
        let findings = self.findings(&outcomes);
        let tasks = raised_since(ledger, before);
        Acted { outcomes, offers, messages, withdrawn, ended, tasks, findings }
    }

    /// Offers to those selected; the others are entered as withheld.
    fn offers(&self, outcomes: &mut Outcomes) -> Result<Vec<Offer>, NotRun> {
        let versions = self.rules.set().versions(self.id);
        let register = self.evaluator.register();
        let mut offers = Vec::new();
        let mut withheld = Vec::new();
        for (row, selected) in outcomes.all_selected() {
            let Some(occasion) = outcomes.occasion(row) else { continue };
            let Some(rule) = versions.get(outcomes.version(row)) else { continue };
            let candidate = Candidate {
                subject: outcomes.subject(row),
                occasion: occasion.clone(),
                terms: selected.terms.clone(),
                reasons: selected
                    .reasons
                    .iter()
                    .map(|(name, tells_home)| Reason { name: name.clone(), tells_home: *tells_home })
                    .collect(),
                expected: selected.expected,
                late: outcomes.code(row) == OutcomeCode::Late,
            };
            match propose(&candidate, &rule.card, register, self.issuer, self.days.acts_on) {
                Ok(Proposal::Offer(offer)) => offers.push(*offer),
                Ok(Proposal::Withheld(reason)) => withheld.push((row, reason)),
                Err(error) => return Err(NotRun::Failed { what: error.to_string() }),
            }
        }
        for (row, reason) in withheld {
            outcomes.withhold(row, reason);
        }
        Ok(offers)
    }

    /// A rule whose letters cannot be written offers nothing: nobody is told half.
    fn messages(&self, offers: &[Offer]) -> Result<Vec<Message>, NotRun> {
        if self.mode == Mode::Preview {
            return Ok(Vec::new());
        }
        let mut messages = Vec::new();
        for offer in offers {
            let written = self.rules.messages(offer, self.evaluator.register(), self.days.acts_on);
            messages.extend(written.map_err(|error| NotRun::Failed { what: error.to_string() })?);
        }
        Ok(messages)
    }

    /// Live offers of those no longer entitled, dead, or no longer of the cohort at all (a corrected birth date) are withdrawn;
    /// of those who have it, ended.
    fn close(&self, outcomes: &Outcomes, ledger: &mut MemoryLedger, whose: Whose<'_>) -> (Vec<OfferId>, Vec<OfferId>) {
        let register = self.evaluator.register();
        let (mut withdraw, mut end, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        let (everybodys, only) = match whose {
            Whose::Everybodys => (Some(ledger.entries_of(self.id)), &[][..]),
            Whose::Only(subjects) => (None, subjects),
        };
        let of_some = only.iter().flat_map(|subject| ledger.entries_about(self.id, *subject));
        let entries = everybodys.into_iter().flatten().chain(of_some);
        for entry in entries.filter(|entry| entry.standing().is_some()) {
            let (body, id) = (entry.offer().body(), entry.offer().id());
            // somebody who is not in the register at all is unknown, and unknown never withdraws
            let Some(subject) = register.row_of(body.subject) else { continue };
            if let Some(row) = outcomes.row_of(subject) {
                let same = outcomes.occasion(row).is_some_and(|occasion| occasion.id() == body.occasion.id());
                match outcomes.code(row) {
                    OutcomeCode::NotEntitled if same => withdraw.push((row, id)),
                    OutcomeCode::HasAlready if same => end.push((row, id)),
                    _ => {}
                }
            } else {
                let running = self.days.looked_at < body.occasion.ends();
                let outside = || self.evaluator.is_outside_cohort(self.id, subject, self.days.looked_at);
                if register.subject(subject).is_dead() || (running && outside()) {
                    gone.push(id);
                }
            }
        }
        // events stand in the order of rows, then of ids
        withdraw.sort_unstable();
        end.sort_unstable();
        gone.sort_unstable();
        let withdraw = withdraw.into_iter().map(|(_, id)| id).chain(gone);
        let end = end.into_iter().map(|(_, id)| id);
        // each id stands in the ledger, so closing it cannot fail; one that is not open stays as it is
        let withdrawn = withdraw.filter(|id| ledger.withdraw(*id, self.days.acts_on) == Ok(Closed::Now)).collect();
        let ended = end.filter(|id| ledger.end(*id, self.days.acts_on) == Ok(Closed::Now)).collect();
        (withdrawn, ended)
    }

    /// Tasks for officers, from the day the occasion opens: before it, nothing can be done about them. Somebody about whom a
    /// person has been asked already gets no second task for being late.
    fn tasks(&self, outcomes: &Outcomes, ledger: &MemoryLedger) -> Vec<Task> {
        let versions = self.rules.set().versions(self.id);
        let register = self.evaluator.register();
        let mut tasks = Vec::new();
        for row in 0..outcomes.len() {
            use OutcomeCode::{CannotTell, Late, Manual, Withheld};
            // most rows ask for nobody
            if !matches!(outcomes.code(row), Manual | CannotTell | Withheld | Late) {
                continue;
            }
            let open = outcomes.occasion(row).is_none_or(|occasion| occasion.opens() <= self.days.looked_at);
            let Some(rule) = versions.get(outcomes.version(row)).filter(|_| open) else { continue };
            let subject = register.subject(outcomes.subject(row));
            if outcomes.code(row) == CannotTell && !subject.is_protected() {
                continue;
            }
            let reason = match outcomes.outcome(row, versions) {
                Outcome::Manual(lines) => TaskReason::Manual(lines),
                Outcome::CannotTell(missing) => TaskReason::CannotTell(missing),
                Outcome::Withheld(reason) => TaskReason::Withheld(reason),
                Outcome::Late(_) if rule.card.late == WhenLate::Task => TaskReason::Late,
                _ => continue,
            };
            let occasion = outcomes.occasion(row).map_or("", |occasion| occasion.id());
            let mut asked = ledger.tasks_about(self.id, subject.key()).filter(|task| task.occasion() == occasion);
            // what was asked already is not asked again, and being late is no second question
            if asked.any(|task| reason == TaskReason::Late || *task.reason() == reason) {
                continue;
            }
            tasks.push(Task::about(self.issuer.authority(), self.id, &subject, occasion, reason));
        }
        tasks
    }

    /// One finding for each fact and source, with a count; protected subjects have tasks instead.
    fn findings(&self, outcomes: &Outcomes) -> BTreeMap<MissingFact, Vec<SubjectRow>> {
        let (register, tables) = (self.evaluator.register(), self.rules.set().tables());
        let mut waiting: BTreeMap<(&str, &str, UnknownReason), Vec<SubjectRow>> = BTreeMap::new();
        for (row, missing) in outcomes.all_missing() {
            let subject = outcomes.subject(row);
            if register.subject(subject).is_protected() {
                continue;
            }
            for missing in missing {
                let subjects = waiting.entry((&missing.fact, &missing.of, missing.reason)).or_default();
                // several lines may lack the same
                if subjects.last() != Some(&subject) {
                    subjects.push(subject);
                }
            }
        }
        let named = waiting
            .into_iter()
            .map(|((fact, of, reason), subjects)| (MissingFact::named(fact, of, reason, tables), subjects));
        named.collect()
    }
}

impl MissingFact {
    /// What was missing, with the source it should come from.
    pub(crate) fn of(missing: &Missing, tables: &Tables) -> Self {
        Self::named(&missing.fact, &missing.of, missing.reason, tables)
    }

    fn named(fact: &str, of: &str, reason: UnknownReason, tables: &Tables) -> Self {
        let source = source_of(fact, of, tables).to_owned();
        Self { fact: fact.to_owned(), of: of.to_owned(), source, reason }
    }
}

/// The register or table that a fact comes from.
pub(crate) fn source_of<'t>(fact: &str, of: &str, tables: &'t Tables) -> &'t str {
    if of == "occasion" {
        "calendar.toml"
    } else if fact.contains("::") {
        "parameters.toml"
    } else {
        let declared = tables.facts.iter().find(|declared| declared.name == fact);
        declared.map_or("population register", |declared| declared.source.as_str())
    }
}
