//! Agreement: random towns through the whole front door, compared with what should come of them.
//!
//! The same cases in every run: the seed is fixed and nothing is written beside the sources.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko::core::protected::Party;
use ennakko::core::register::Built;
use ennakko::core::{OutcomeCode, ResidentKey, RuleId};
use ennakko::day::{DayReport, Ran, RuleReport, run_day};
use ennakko::offers::offer::Issuer;
use ennakko::rules::evaluate::NothingYet;
use ennakko::rules::outcomes::RuleDay;
use ennakko::rules::{Evaluator, Mode};
use ennakko::{Choices, IdentityTable, KeySecret, MemoryLedger, Register, Rules};
use ennakko_tests::folder::decided;
use ennakko_tests::oracle::{Fault, Oracle};
use ennakko_tests::town::{Death, Town, shuffled, towns};
use ennakko_tests::{day, town};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, RngSeed};

mod agree {
    mod kernels;
    pub(super) mod language;
    pub(super) mod leaks;
    pub(super) mod repeated;
    mod seeded;
    mod threads;
}

use agree::leaks::leaks;
use agree::repeated::{day_by_day, summary};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(2027),
        rng_algorithm: RngAlgorithm::ChaCha,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    }
}

/// Days on which something is different from the day before, and some between.
fn days() -> impl Strategy<Value = NaiveDate> {
    let edges = [
        "2021-01-20",
        "2021-02-01",
        "2022-01-04",
        "2022-01-05",
        "2023-01-29",
        "2024-03-01",
        "2026-01-06",
        "2026-01-07",
        "2026-12-31",
        "2027-01-01",
        "2027-01-07",
        "2027-01-08",
        "2027-01-20",
        "2027-01-29",
        "2027-01-30",
        "2027-07-31",
        "2027-08-01",
        "2028-01-07",
    ];
    prop_oneof![
        2 => prop::sample::select(edges.to_vec()).prop_map(day),
        1 => Just(day("2027-01-08")),
        1 => (0..30_u64).prop_map(|after| day("2027-01-05") + chrono::Days::new(after)),
    ]
}

fn table() -> IdentityTable {
    IdentityTable::new(KeySecret::new([7; 32]))
}

fn built(town: &Town, on: NaiveDate) -> (Arc<Register>, IdentityTable) {
    let mut identities = table();
    let delivery = town.delivery(&decided().set().tables().facts, on);
    let Built { register, .. } = Register::build(delivery, on, &mut identities);
    (Arc::new(register), identities)
}

fn ledger() -> MemoryLedger {
    MemoryLedger::new(*Issuer::new(decided().city()).unwrap().authority())
}

/// One day by preview's rules, from nothing.
fn on_day(register: &Arc<Register>, on: NaiveDate) -> DayReport {
    on_day_with(decided(), register, on)
}

fn on_day_with(rules: &Rules, register: &Arc<Register>, on: NaiveDate) -> DayReport {
    let evaluator = Evaluator::new(rules.set(), register, Mode::Preview);
    run_day(rules, &evaluator, &mut ledger(), &Choices::none(), on, Mode::Preview).unwrap()
}

fn ran<'r>(report: &'r DayReport, rule: &str) -> Option<&'r Ran> {
    match &report.rules[&RuleId::new(rule)] {
        RuleReport::Ran(ran) => Some(ran),
        RuleReport::NotRun(_) => None,
    }
}

fn serials(town: &Town, identities: &IdentityTable) -> BTreeMap<ResidentKey, u16> {
    town.people().map(|person| (identities.key_of(&person.code()).unwrap(), person.serial)).collect()
}

/// Outcomes as a page writes them, by the text of their key.
fn outcomes(register: &Register, rule: &str, ran: &Ran, name: &dyn Fn(&str) -> String) -> BTreeMap<String, String> {
    use ennakko::core::Outcome::{CannotTell, HasAlready, Manual, NotEntitled, Offered, Upcoming, Withheld};
    let versions = decided().set().versions(&RuleId::new(rule));
    let rows = (0..ran.outcomes.len()).map(|row| {
        let key = register.subject(ran.outcomes.subject(row)).key();
        let outcome = ran.outcomes.outcome(row, versions);
        let word = outcome.code().word();
        let text = match &outcome {
            NotEntitled(lines) | HasAlready(lines) | Manual(lines) => {
                because(word, lines.iter().map(ToString::to_string))
            }
            CannotTell(missing) => because(word, missing.iter().map(|missing| missing.line.to_string())),
            Withheld(reason) => because(word, [reason.word().to_owned()]),
            Upcoming(day) => format!("{word} {day}"),
            Offered => {
                let offer = ran.offers.iter().find(|offer| offer.body().subject == key).unwrap();
                let mut to: Vec<String> = offer
                    .body()
                    .addressees
                    .iter()
                    .map(|to| match &to.party {
                        Party::Person(key) => name(&key.as_uuid().to_string()),
                        Party::Organisation(id) => id.clone(),
                    })
                    .collect();
                to.sort();
                format!("{word} to {}", to.join(", "))
            }
            _ => word.to_owned(),
        };
        (name(&key.as_uuid().to_string()), text)
    });
    rows.collect()
}

fn because(word: &str, names: impl IntoIterator<Item = String>) -> String {
    let names: BTreeSet<String> = names.into_iter().collect();
    format!("{word} because {}", names.into_iter().collect::<Vec<_>>().join(", "))
}

/// What differs between the engine and the oracle on a day.
fn differences(town: &Town, on: NaiveDate, fault: Option<Fault>) -> Vec<String> {
    differences_in(decided(), town, on, fault)
}

fn differences_in(rules: &Rules, town: &Town, on: NaiveDate, fault: Option<Fault>) -> Vec<String> {
    let (register, identities) = built(town, on);
    let people = serials(town, &identities);
    let names: BTreeMap<String, String> =
        people.iter().map(|(key, serial)| (key.as_uuid().to_string(), serial.to_string())).collect();
    let report = on_day_with(rules, &register, on);
    let got = outcomes(&register, "school_place", ran(&report, "school_place").unwrap(), &|key| names[key].clone());
    let wanted = Oracle::of(town, fault).school_place(on);
    let wanted: BTreeMap<String, String> =
        wanted.into_iter().map(|(serial, outcome)| (serial.to_string(), outcome)).collect();
    compare(&got, &wanted)
}

fn compare(got: &BTreeMap<String, String>, wanted: &BTreeMap<String, String>) -> Vec<String> {
    let subjects: BTreeSet<&String> = got.keys().chain(wanted.keys()).collect();
    let none = "not_in_cohort".to_owned();
    subjects
        .into_iter()
        .map(|subject| (subject, got.get(subject).unwrap_or(&none), wanted.get(subject).unwrap_or(&none)))
        .filter(|(_, got, wanted)| got != wanted)
        .map(|(subject, got, wanted)| format!("{subject}: engine {got}, oracle {wanted}"))
        .collect()
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn every_outcome_is_that_of_the_table(town in towns(), on in days()) {
        prop_assert_eq!(differences(&town, on, None), Vec::<String>::new(), "on {}", on);
    }

    #[test]
    fn every_building_has_the_outcome_of_the_table(town in towns(), after in 0..365_u64) {
        let on = day("2027-01-01") + chrono::Days::new(after);
        let (register, _) = built(&town, on);
        let ids: BTreeMap<String, String> = register
            .buildings()
            .map(|building| {
                let number = town.blocks.iter().find(|block| Town::block_id(block.number).as_str() == building.id());
                (building.key().as_uuid().to_string(), number.unwrap().number.to_string())
            })
            .collect();
        let report = on_day(&register, on);
        let got = outcomes(&register, "lift_grant", ran(&report, "lift_grant").unwrap(), &|key| ids[key].clone());
        let wanted = Oracle::of(&town, None).lift_grant();
        let wanted = wanted.into_iter().map(|(number, outcome)| (number.to_string(), outcome)).collect();
        prop_assert_eq!(compare(&got, &wanted), Vec::<String>::new(), "on {}", on);
    }

    #[test]
    fn households_are_a_partition_of_the_living_with_a_home(town in towns()) {
        let (register, identities) = built(&town, day("2027-01-08"));
        prop_assert_eq!(partition_faults(&town, &register, &identities), Vec::<String>::new());
    }

    #[test]
    fn bills_add_up(town in towns(), on in days()) {
        let (register, _) = built(&town, on);
        let report = on_day(&register, on);
        let cohorts = [
            ("school_place", Oracle::of(&town, None).school_place(on).len()),
            ("lift_grant", town.blocks.len()),
        ];
        for (rule, cohort) in cohorts {
            if let Some(ran) = ran(&report, rule) {
                let codes = (0..ran.outcomes.len()).map(|row| ran.outcomes.code(row));
                let lines: Vec<(OutcomeCode, usize)> = ran.bill.lines().collect();
                prop_assert_eq!(bill_faults(&lines, codes, ran.bill.cohort(), cohort), Vec::<String>::new());
            }
        }
    }

    #[test]
    fn the_order_of_records_changes_nothing(town in towns(), seed: u64, on in days()) {
        let facts = &decided().set().tables().facts;
        let load = |delivery| {
            let mut identities = table();
            let built = Register::build(delivery, on, &mut identities);
            (Arc::new(built.register), identities, built.tally)
        };
        let (register, identities, tally) = load(town.delivery(facts, on));
        let (other, other_identities, other_tally) = load(shuffled(town.delivery(facts, on), seed));
        prop_assert_eq!(tally, other_tally);
        prop_assert_eq!(tally.read, tally.used + tally.set_aside);
        prop_assert_eq!(keys(&register), keys(&other));
        let rows = |table: &IdentityTable| table.rows().map(|row| format!("{row:?}")).collect::<Vec<_>>();
        prop_assert_eq!(rows(&identities), rows(&other_identities));
        prop_assert_eq!(said(&on_day(&register, on)), said(&on_day(&other, on)));
    }
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn no_home_is_told_to_anybody_who_does_not_share_it(before in towns(), after in towns()) {
        prop_assert_eq!(leaks(&before, &after), Vec::<String>::new());
    }

    #[test]
    fn what_was_evaluated_before_changes_nothing(town in towns(), seed: u64) {
        let (register, _) = built(&town, day("2027-01-01"));
        let mut days: Vec<NaiveDate> = ["2026-12-30", "2027-01-01", "2027-01-07", "2027-01-08", "2027-01-29",
            "2027-01-30", "2027-08-01", "2028-01-07"].into_iter().map(day).collect();
        town::shuffle(&mut days, &mut seed.clone());
        let kept = Evaluator::new(decided().set(), &register, Mode::Preview);
        for on in days {
            let fresh = Evaluator::new(decided().set(), &register, Mode::Preview);
            for rule in decided().set().ids() {
                let (kept, fresh) = (kept.day(rule, on, &NothingYet), fresh.day(rule, on, &NothingYet));
                prop_assert_eq!(said_of(&kept), said_of(&fresh), "{} on {}", rule, on);
            }
        }
    }

    #[test]
    fn a_preview_is_the_days_run_repeated(town in towns(), from in 0..40_u64, length in 1..12_u64, made in any::<bool>()) {
        let from = day("2026-12-25") + chrono::Days::new(from);
        let to = from + chrono::Days::new(length);
        let (register, _) = built(&town, from);
        let mut ledger = ledger();
        if made {
            let (then, _) = built(&town, day("2027-01-09"));
            ennakko::run(decided(), &then, &mut ledger, &Choices::none(), day("2027-01-09")).unwrap();
        }
        let before = format!("{ledger:?}");
        let preview = ennakko::preview(decided(), &register, &ledger, &Choices::none(), (from, to), &mut |_| {}).unwrap();
        prop_assert_eq!(format!("{ledger:?}"), before, "a preview writes nothing");
        let wanted = day_by_day(&register, &mut ledger.clone(), from, to);
        prop_assert_eq!(summary(&preview), wanted);
    }
}

/// Everybody's keys, of persons, households and buildings.
fn keys(register: &Register) -> Vec<String> {
    let people = register.residents().map(|person| format!("{:?} {:?}", person.key(), person.home()));
    let households = register.households().map(|household| {
        let members: Vec<_> = household.members().map(|member| format!("{:?}", member.key())).collect();
        format!("{:?} {}", household.key(), members.join(" "))
    });
    people.chain(households).chain(register.buildings().map(|building| format!("{:?}", building.key()))).collect()
}

/// Everything a report says, offers and their ids included.
fn said(report: &DayReport) -> String {
    format!("{report:?}")
}

fn said_of(day: &RuleDay) -> String {
    format!("{day:?}")
}

fn partition_faults(town: &Town, register: &Register, identities: &IdentityTable) -> Vec<String> {
    let mut faults = Vec::new();
    let mut found: BTreeMap<ResidentKey, usize> = BTreeMap::new();
    for household in register.households() {
        let homes: BTreeSet<_> = household.members().map(ennakko::core::register::Resident::home).collect();
        if homes.len() != 1 {
            faults.push("a household of two homes".to_owned());
        }
        for member in household.members() {
            *found.entry(member.key()).or_insert(0) += 1;
        }
    }
    for person in town.people() {
        let key = identities.key_of(&person.code()).unwrap();
        // sources that disagree on a death do not take somebody out of their home
        let wanted = usize::from(person.shared_home().is_some() && person.death != Death::Yes);
        let got = found.remove(&key).unwrap_or(0);
        if got != wanted {
            faults.push(format!("{}: in {got} households, not {wanted}", person.serial));
        }
    }
    if !found.is_empty() {
        faults.push(format!("{} without a record are in households", found.len()));
    }
    faults
}

fn bill_faults(
    lines: &[(OutcomeCode, usize)],
    codes: impl Iterator<Item = OutcomeCode>,
    cohort: usize,
    counted_apart: usize,
) -> Vec<String> {
    let mut counts: BTreeMap<OutcomeCode, usize> = BTreeMap::new();
    for code in codes {
        *counts.entry(code).or_insert(0) += 1;
    }
    let mut faults = Vec::new();
    let billed: BTreeMap<OutcomeCode, usize> = lines.iter().copied().collect();
    if billed != counts || billed.len() != lines.len() {
        faults.push(format!("billed {billed:?}, counted {counts:?}"));
    }
    let sum: usize = lines.iter().map(|(_, count)| count).sum();
    if sum != cohort || cohort != counted_apart {
        faults.push(format!("{sum} outcomes for a cohort of {cohort}, which has {counted_apart} by the plan"));
    }
    faults
}
