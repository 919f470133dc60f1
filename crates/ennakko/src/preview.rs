//! The preview: the same run over coming days, the register held still, nothing written.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use ennakko_core::register::{Register, SubjectRow};
use ennakko_core::{OutcomeCode, RuleId};
use ennakko_offers::{MemoryLedger, Offer, Task};
use ennakko_rules::evaluate::Threads;
use ennakko_rules::outcomes::NotRun;
use ennakko_rules::{Evaluator, Mode};

use crate::bill::Bill;
use crate::choices::Choices;
use crate::day::{MissingFact, RunError, Step, next_day};
use crate::folder::Rules;

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    /// The year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self { year: day.year(), month: day.month() }
    }
}

/// What is coming.
#[derive(Clone, Debug)]
pub struct Preview {
    /// First day, included.
    pub from: NaiveDate,
    /// Last day, excluded.
    pub to: NaiveDate,
    /// What is coming of each rule.
    pub rules: BTreeMap<RuleId, RulePreview>,
}

/// What is coming of one rule.
#[derive(Clone, Debug)]
pub struct RulePreview {
    /// One line for each subject in the cohort on any day: the most telling of its outcomes.
    pub bill: Bill,
    /// Offers, in the order of their days.
    pub offers: Vec<Offer>,
    /// Tasks for officers, in the order of their days.
    pub tasks: Vec<(NaiveDate, Task)>,
    /// Facts for want of which something could not be told, with how many subjects waited for each.
    pub findings: BTreeMap<MissingFact, usize>,
    /// Periods in which the rule does not run, each with its first and last day and the reason.
    pub not_run: Vec<(NaiveDate, NaiveDate, NotRun)>,
}

impl RulePreview {
    /// Offers by month.
    pub fn by_month(&self) -> BTreeMap<Month, usize> {
        let mut months = BTreeMap::new();
        for offer in &self.offers {
            *months.entry(Month::of(offer.offered_on())).or_insert(0) += 1;
        }
        months
    }

    /// Whether an offer uses anything that is only expected.
    pub fn uses_expected(&self) -> bool {
        self.offers.iter().any(|offer| offer.body().expected)
    }
}

/// What is gathered of a rule over the days.
#[derive(Default)]
struct Gathered {
    /// The most telling outcome of each subject so far, by its position: a rule's subjects are of one kind.
    outcomes: Vec<Option<OutcomeCode>>,
    cohort: Subjects,
    offers: Vec<Offer>,
    tasks: Vec<(NaiveDate, Task)>,
    findings: BTreeMap<MissingFact, Subjects>,
    not_run: Vec<(NaiveDate, NaiveDate, NotRun)>,
}

/// Which subjects of one kind were seen, by their positions.
#[derive(Default)]
struct Subjects {
    seen: Vec<bool>,
    count: usize,
}

impl Subjects {
    fn add(&mut self, subjects: &[SubjectRow]) {
        for subject in subjects {
            let at = subject.position();
            if self.seen.len() <= at {
                self.seen.resize(at + 1, false);
            }
            self.count += usize::from(!self.seen[at]);
            self.seen[at] = true;
        }
    }
}

/// Previews the days from `from` (included) to `to` (excluded), from the state of a ledger.
///
/// `progress` is called with each day before it is run.
///
/// # Errors
/// * [`RunError`]
pub fn preview(
    rules: &Rules,
    register: &Arc<Register>,
    ledger: &MemoryLedger,
    choices: &Choices,
    (from, to): (NaiveDate, NaiveDate),
    progress: &mut dyn FnMut(NaiveDate),
) -> Result<Preview, RunError> {
    preview_in_threads(rules, register, ledger, choices, (from, to), progress, Threads::ONE)
}

/// The same with each rule evaluated by so many threads side by side, on days on which many are to be looked at: the same
/// preview, byte for byte.
///
/// # Errors
/// * [`RunError`]
pub fn preview_in_threads(
    rules: &Rules,
    register: &Arc<Register>,
    ledger: &MemoryLedger,
    choices: &Choices,
    (from, to): (NaiveDate, NaiveDate),
    progress: &mut dyn FnMut(NaiveDate),
    threads: Threads,
) -> Result<Preview, RunError> {
    let evaluator = Evaluator::new(rules.set(), register, Mode::Preview).threads(threads);
    let mut ledger = ledger.clone();
    let mut gathered: BTreeMap<RuleId, Gathered> =
        rules.set().ids().map(|id| (id.clone(), Gathered::default())).collect();
    ledger.look_at(register);
    let mut n_events = ledger.events().len();
    for day in from.iter_days().take_while(|day| *day < to) {
        progress(day);
        let seen = std::mem::replace(&mut n_events, ledger.events().len());
        for (id, step) in next_day(rules, &evaluator, (&mut ledger, seen), choices, day)? {
            gathered.entry(id).or_default().add(day, step);
        }
    }
    let rules = gathered
        .into_iter()
        .map(|(id, gathered)| {
            let Gathered { outcomes, cohort, offers, tasks, findings, not_run } = gathered;
            let bill = Bill::of(outcomes.into_iter().flatten(), cohort.count)
                .map_err(|what| RunError::Bill { rule: id.clone(), what })?;
            let findings = findings.into_iter().map(|(fact, subjects)| (fact, subjects.count)).collect();
            Ok((id, RulePreview { bill, offers, tasks, findings, not_run }))
        })
        .collect::<Result<_, RunError>>()?;
    Ok(Preview { from, to, rules })
}

impl Gathered {
    fn add(&mut self, day: NaiveDate, step: Result<Step, NotRun>) {
        match step {
            Ok(Step { acted, cohort }) => {
                for row in 0..acted.outcomes.len() {
                    let code = acted.outcomes.code(row);
                    let at = acted.outcomes.subject(row).position();
                    if self.outcomes.len() <= at {
                        self.outcomes.resize(at + 1, None);
                    }
                    // codes are in the order of how telling they are; whoever is left out is as on the day before
                    self.outcomes[at] = self.outcomes[at].max(Some(code));
                }
                self.cohort.add(&cohort);
                self.offers.extend(acted.offers);
                self.tasks.extend(acted.tasks.into_iter().map(|task| (day, task)));
                for (fact, subjects) in acted.findings {
                    self.findings.entry(fact).or_default().add(&subjects);
                }
            }
            Err(reason) => match self.not_run.last_mut() {
                Some((_, last, same)) if *same == reason && last.succ_opt() == Some(day) => *last = day,
                _ => self.not_run.push((day, day, reason)),
            },
        }
    }
}
