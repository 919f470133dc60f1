//! A preview, and the same from each day run on its own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko::core::OutcomeCode;
use ennakko::core::register::SubjectRow;
use ennakko::day::{RuleReport, run_day};
use ennakko::rules::{Evaluator, Mode};
use ennakko::{Choices, MemoryLedger, Preview, Register};
use ennakko_tests::folder::decided;

/// What a preview says of each rule, for comparison: offers by id and day, the bill, days without a run.
#[derive(Debug, PartialEq)]
pub(crate) struct Summary {
    pub(crate) offers: BTreeSet<(String, String, NaiveDate)>,
    bills: BTreeMap<String, BTreeMap<OutcomeCode, usize>>,
    tasks: Vec<(NaiveDate, String)>,
    findings: BTreeMap<String, usize>,
    not_run: BTreeMap<(String, NaiveDate), String>,
}

pub(crate) fn summary(preview: &Preview) -> Summary {
    let rules = &preview.rules;
    let days = |from: NaiveDate, to: NaiveDate| from.iter_days().take_while(move |day| *day <= to);
    Summary {
        offers: rules
            .iter()
            .flat_map(|(id, rule)| rule.offers.iter().map(move |offer| (id, offer)))
            .map(|(id, offer)| (id.to_string(), offer.id().to_string(), offer.offered_on()))
            .collect(),
        bills: rules.iter().map(|(id, rule)| (id.to_string(), rule.bill.lines().collect())).collect(),
        tasks: rules
            .values()
            .flat_map(|rule| rule.tasks.iter().map(|(day, task)| (*day, task.id().to_string())))
            .collect(),
        findings: rules
            .iter()
            .flat_map(|(id, rule)| rule.findings.iter().map(move |(fact, count)| (format!("{id} {fact:?}"), *count)))
            .collect(),
        not_run: rules
            .iter()
            .flat_map(|(id, rule)| {
                rule.not_run.iter().flat_map(move |(from, to, reason)| {
                    days(*from, *to).map(move |day| ((id.to_string(), day), reason.to_string()))
                })
            })
            .collect(),
    }
}

/// The same, from each day run on its own with an evaluator of its own.
pub(crate) fn day_by_day(
    register: &Arc<Register>,
    ledger: &mut MemoryLedger,
    from: NaiveDate,
    to: NaiveDate,
) -> Summary {
    let mut highest: BTreeMap<String, BTreeMap<SubjectRow, OutcomeCode>> =
        decided().set().ids().map(|id| (id.to_string(), BTreeMap::new())).collect();
    let mut waiting: BTreeMap<String, BTreeSet<SubjectRow>> = BTreeMap::new();
    let mut tasks: BTreeMap<String, Vec<(NaiveDate, String)>> = BTreeMap::new();
    let (mut offers, mut not_run) = (BTreeSet::new(), BTreeMap::new());
    for on in from.iter_days().take_while(|day| *day < to) {
        let evaluator = Evaluator::new(decided().set(), register, Mode::Preview);
        let report = run_day(decided(), &evaluator, ledger, &Choices::none(), on, Mode::Preview).unwrap();
        for (id, report) in &report.rules {
            let id = id.to_string();
            let ran = match report {
                RuleReport::Ran(ran) => ran,
                RuleReport::NotRun(reason) => {
                    not_run.insert((id, on), reason.to_string());
                    continue;
                }
            };
            offers.extend(ran.offers.iter().map(|offer| (id.clone(), offer.id().to_string(), offer.offered_on())));
            tasks.entry(id.clone()).or_default().extend(ran.tasks.iter().map(|task| (on, task.id().to_string())));
            for (fact, subjects) in &ran.findings {
                waiting.entry(format!("{id} {fact:?}")).or_default().extend(subjects);
            }
            for row in 0..ran.outcomes.len() {
                let code = ran.outcomes.code(row);
                let subjects = highest.get_mut(&id).unwrap();
                let kept = subjects.entry(ran.outcomes.subject(row)).or_insert(code);
                *kept = (*kept).max(code);
            }
        }
    }
    let count = |codes: BTreeMap<SubjectRow, OutcomeCode>| {
        let mut counts = BTreeMap::new();
        for code in codes.into_values() {
            *counts.entry(code).or_insert(0) += 1;
        }
        counts
    };
    Summary {
        offers,
        bills: highest.into_iter().map(|(id, codes)| (id, count(codes))).collect(),
        tasks: tasks.into_values().flatten().collect(),
        findings: waiting.into_iter().map(|(fact, subjects)| (fact, subjects.len())).collect(),
        not_run,
    }
}
