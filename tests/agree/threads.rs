//! A day by threads: as many outcomes, offers and events of the ledger come of one as of seven, byte for byte.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko::core::OutcomeCode;
use ennakko::day::RuleReport;
use ennakko::offers::offer::Issuer;
use ennakko::rules::evaluate::NothingYet;
use ennakko::rules::outcomes::RuleDay;
use ennakko::rules::{By, Evaluator, Mode};
use ennakko::sample::City;
use ennakko::wire::v1::PreviewV1;
use ennakko::{
    Choices, IdentityTable, KeySecret, MemoryLedger, Register, Rules, Threads, folder, preview_in_threads,
    run_in_threads,
};
use ennakko_tests::day;
use ennakko_tests::folder::{Folder, decided};

fn threads(n: usize) -> Threads {
    Threads::new(NonZeroUsize::new(n).unwrap())
}

fn city(rules: &Rules, n_residents: u32, on: NaiveDate) -> Arc<Register> {
    let delivery = City::plan(n_residents, 11).unwrap().delivery(on, &rules.set().tables().facts);
    let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
    Arc::new(Register::build(delivery, on, &mut identities).register)
}

/// Rules about residents, households and buildings, with everybody's occasion and with one's own.
fn folders() -> [Rules; 2] {
    let households = folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../benches/rules")).unwrap();
    [Folder::helsinki().load(), Rules::load(&households).map_err(|unusable| unusable.diagnostics).unwrap().0]
}

#[test]
fn outcomes_are_the_same_by_any_number_of_threads() {
    let kernels = [1, 2, 3, 7].map(|n_threads| (By::Kernels, n_threads));
    for rules in folders() {
        let register = city(&rules, 1_500, day("2026-12-30"));
        // by walk nothing is taken for alike
        let evaluators = kernels.into_iter().chain([(By::Walk, 1), (By::Walk, 3)]).map(|(by, n_threads)| {
            Evaluator::new(rules.set(), &register, Mode::Preview).threads(threads(n_threads)).by(by)
        });
        let evaluators: Vec<Evaluator<'_>> = evaluators.collect();
        let mut by_code: BTreeMap<OutcomeCode, usize> = BTreeMap::new();
        for day in [day("2026-12-30"), day("2027-02-27")].into_iter().flat_map(|first| first.iter_days().take(3)) {
            for id in rules.set().ids() {
                let days: Vec<RuleDay> =
                    evaluators.iter().map(|evaluator| evaluator.day(id, day, &NothingYet)).collect();
                let cohorts: Vec<_> = evaluators.iter().map(|evaluator| evaluator.cohort_on(id, day)).collect();
                assert!(days.iter().all(|other| *other == days[0]), "{id} on {day}");
                assert!(cohorts.iter().all(|other| *other == cohorts[0]), "{id} on {day}");
                // who is due when is the evaluator's own business, and not a thread's
                let changes: Vec<_> = evaluators[..kernels.len()]
                    .iter()
                    .map(|evaluator| (evaluator.changes(id, day, &NothingYet), evaluator.cohort_changes(id, day)))
                    .collect();
                assert!(changes.iter().all(|other| *other == changes[0]), "{id} on {day}");
                if let RuleDay::Ran(outcomes) = &days[0] {
                    (0..outcomes.len()).for_each(|row| *by_code.entry(outcomes.code(row)).or_default() += 1);
                }
            }
        }
        assert!(by_code[&OutcomeCode::Offered] > 20 && by_code[&OutcomeCode::NotEntitled] > 100, "{by_code:?}");
    }
}

#[test]
fn runs_and_previews_are_the_same_bytes_by_any_number_of_threads() {
    let rules = decided();
    let from = day("2026-12-29");
    let register = city(rules, 1_500, from);
    let ledger = || MemoryLedger::new(*Issuer::new(rules.city()).unwrap().authority());
    let bytes = [1, 2, 3, 7].map(|n_threads| {
        let days = (from, day("2027-03-02"));
        let preview =
            preview_in_threads(rules, &register, &ledger(), &Choices::none(), days, &mut |_| {}, threads(n_threads))
                .unwrap();
        let wire = serde_json::to_string(&PreviewV1::of(&preview, &[])).unwrap();
        let mut ledger = ledger();
        let mut reports = Vec::new();
        for day in from.iter_days().take(12) {
            let reported =
                run_in_threads(rules, &register, &mut ledger, &Choices::none(), day, threads(n_threads)).unwrap();
            for (id, report) in reported.iter().flat_map(|report| &report.rules) {
                if let RuleReport::Ran(ran) = report {
                    let offers: Vec<String> = ran.offers.iter().map(|offer| offer.id().to_string()).collect();
                    let bill: Vec<_> = ran.bill.lines().collect();
                    reports.push(format!("{id} {day} {bill:?} {offers:?} {:?} {:?}", ran.tasks, ran.findings));
                }
            }
        }
        (wire, reports, format!("{:?}", ledger.events()))
    });
    let (wire, reports, events) = &bytes[0];
    assert!(wire.len() > 500 && reports.len() > 20 && events.len() > 1_000, "something is offered");
    assert!(bytes.iter().all(|other| other == &bytes[0]));
}
