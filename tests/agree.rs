//! Agreement: random towns through the whole front door, compared with what should come of them.
//!
//! The same cases in every run: the seed is fixed and nothing is written beside the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko::core::protected::Party;
use ennakko::core::register::{Built, SubjectRow};
use ennakko::core::{OutcomeCode, ResidentKey, RuleId};
use ennakko::day::{DayReport, Ran, RuleReport, run_day};
use ennakko::offers::offer::Issuer;
use ennakko::rules::evaluate::NothingYet;
use ennakko::rules::outcomes::RuleDay;
use ennakko::rules::{Evaluator, Mode};
use ennakko::{Choices, IdentityTable, KeySecret, MemoryLedger, Preview, Register, Rules};
use ennakko_tests::folder::{Folder, decided};
use ennakko_tests::oracle::{Fault, Oracle};
use ennakko_tests::outputs::{Outputs, Reader};
use ennakko_tests::town::{Death, Home, Person, Town, shuffled, towns};
use ennakko_tests::{day, town};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, RngSeed, TestRng, TestRunner};

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
        "2021-01-20", "2021-02-01", "2022-01-04", "2022-01-05", "2023-01-29", "2024-03-01", "2026-01-06", "2026-01-07",
        "2026-12-31", "2027-01-01", "2027-01-07", "2027-01-08", "2027-01-20", "2027-01-29", "2027-01-30", "2027-07-31",
        "2027-08-01", "2028-01-07",
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
            ennakko::run(decided(), &register, &mut ledger, &Choices::none(), day("2027-01-09")).unwrap();
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

/// What a preview says of each rule, for comparison: offers by id and day, the bill, days without a run.
#[derive(Debug, PartialEq)]
struct Summary {
    offers: BTreeSet<(String, String, NaiveDate)>,
    bills: BTreeMap<String, BTreeMap<OutcomeCode, usize>>,
    tasks: Vec<(NaiveDate, String)>,
    findings: BTreeMap<String, usize>,
    not_run: BTreeMap<(String, NaiveDate), String>,
}

fn summary(preview: &Preview) -> Summary {
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
fn day_by_day(register: &Arc<Register>, ledger: &mut MemoryLedger, from: NaiveDate, to: NaiveDate) -> Summary {
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
        codes.into_values().for_each(|code| *counts.entry(code).or_insert(0) += 1);
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

/// What each person may read.
type MayRead = BTreeMap<Party, BTreeSet<String>>;

/// Everything that leaves on some days of a town that changes between them, with what each person may read then.
fn outputs(before: &Town, after: &Town) -> [(Outputs, MayRead); 2] {
    let facts = &decided().set().tables().facts;
    let (mut identities, mut ledger) = (table(), ledger());
    [(before, vec!["2027-01-08"]), (after, vec!["2027-01-15", "2027-01-31"])].map(|(town, days)| {
        let mut outputs = Outputs::new();
        for on in days.into_iter().map(day) {
            let register = Arc::new(Register::build(town.delivery(facts, on), on, &mut identities).register);
            for report in ennakko::run(decided(), &register, &mut ledger, &Choices::none(), on).unwrap() {
                outputs.report(&report, decided());
            }
            outputs.traces(decided(), &register, on);
            outputs.ledger(&ledger, decided(), &register, on);
            let days = (on, on + chrono::Days::new(2));
            let (none, empty) = (Choices::none(), self::ledger());
            outputs.preview(&ennakko::preview(decided(), &register, &empty, &none, days, &mut |_| {}).unwrap(), decided());
        }
        (outputs, may_read(town, &identities))
    })
}

fn may_read(town: &Town, identities: &IdentityTable) -> MayRead {
    let reader = |reader: &Person| {
        let shared = town.people().filter(|other| shares(reader, other)).flat_map(Person::secrets).collect();
        (Party::Person(identities.key_of(&reader.code()).unwrap()), shared)
    };
    town.people().map(reader).collect()
}

fn shares(reader: &Person, other: &Person) -> bool {
    reader.serial == other.serial || reader.shared_home().is_some() && reader.shared_home() == other.shared_home()
}

/// Secrets of homes that stand in an output for somebody who shares none of them.
fn leaks(before: &Town, after: &Town) -> Vec<String> {
    let secrets = secrets(before).into_iter().chain(secrets(after)).collect();
    let stages = outputs(before, after);
    stages.iter().flat_map(|(outputs, may_read)| leaks_in(outputs, may_read, &secrets)).collect()
}

fn secrets(town: &Town) -> BTreeSet<String> {
    town.people().flat_map(Person::secrets).collect()
}

fn leaks_in(outputs: &Outputs, may_read: &MayRead, secrets: &BTreeSet<String>) -> Vec<String> {
    let none = BTreeSet::new();
    let mut leaks = Vec::new();
    for output in outputs.iter() {
        let known = match &output.reader {
            Reader::Anybody => &none,
            Reader::Addressee(party) => may_read.get(party).unwrap_or(&none),
        };
        leaks.extend(secrets.difference(known).filter(|secret| output.text.contains(secret.as_str())).map(|secret| {
            format!("{secret} in {} for {:?}", output.what, output.reader)
        }));
    }
    leaks
}

/// Towns for what must be seen at least once, the same in every run.
fn some_towns(n: usize) -> Vec<(Town, NaiveDate)> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[27; 32]);
    let mut runner = TestRunner::new_with_rng(config(1), rng);
    let strategy = (towns(), days());
    (0..n).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

#[test]
fn every_mistake_in_the_table_is_caught() {
    let towns = some_towns(160);
    let mut uncaught = Vec::new();
    for fault in Fault::ALL {
        if towns.iter().all(|(town, on)| differences(town, *on, Some(fault)).is_empty()) {
            uncaught.push(fault);
        }
    }
    assert!(uncaught.is_empty(), "nothing differs with {uncaught:?}");
}

/// Wrong rules: what is changed in `school_place.rhai`, and into what.
const WRONG_RULES: [(&str, &str, &str); 8] = [
    ("age on the day", "child.age_reached_in(start.year) == ", "child.age_on(start.opens) == "),
    ("another cohort", "in 6..=8", "in 7..=8"),
    ("anywhere in the country", "lives_in_city:    child.lives_in_city,", "lives_in_city:    true,"),
    ("put off or not", "not_deferred:     !child.start_deferred,", "not_deferred:     true,"),
    ("a place of any year", "child.school_place_year == start.year", "child.school_place_year == start.year - 1"),
    ("nobody asks an officer", "extended_duty:      child.extended_compulsory,", "extended_duty:      false,"),
    ("no place among the terms", "place: child.local_school, ", ""),
    ("late is as good as in time", "late:       \"task\"", "late:       \"offer\""),
];

#[test]
fn every_wrong_rule_is_caught() {
    let towns = some_towns(160);
    for (what, from, to) in WRONG_RULES {
        let mut folder = Folder::decided().change("school_place.rhai", from, to);
        if what == "no place among the terms" {
            // its letters name no place either
            for language in ["fi", "sv", "en"] {
                folder = folder.all(&format!("school_place.{language}.ftl"), "{ $place }", "-");
            }
        }
        let rules = folder.load();
        assert!(towns.iter().any(|(town, on)| !differences_in(&rules, town, *on, None).is_empty()), "{what}");
    }
}

/// Whether a mistake made on purpose in what an assertion looks at is seen in a town.
type Seen = fn(&Town) -> bool;

const SEEDED: [(&str, Seen); 8] = [
    ("the dead are members of households", |town| {
        let mut dead = town.clone();
        dead.families.iter_mut().for_each(|family| family.child.death = Death::Yes);
        let (register, identities) = built(town, day("2027-01-08"));
        !partition_faults(&dead, &register, &identities).is_empty()
    }),
    ("those in an institution form a household", |town| {
        let mut home = town.clone();
        home.families.iter_mut().for_each(|family| family.child.home = Home::Family);
        let mut institution = town.clone();
        institution.families.iter_mut().for_each(|family| family.child.home = Home::Institution);
        let (register, identities) = built(&home, day("2027-01-08"));
        !partition_faults(&institution, &register, &identities).is_empty()
    }),
    ("a bill leaves somebody out", |town| {
        let (register, _) = built(town, day("2027-01-08"));
        let report = on_day(&register, day("2027-01-08"));
        let ran = ran(&report, "school_place").unwrap();
        let codes = (1..ran.outcomes.len()).map(|row| ran.outcomes.code(row));
        let lines: Vec<_> = ran.bill.lines().collect();
        !bill_faults(&lines, codes, ran.bill.cohort(), ran.bill.cohort()).is_empty()
    }),
    ("the cohort leaves out those of whom something is unknown", |town| {
        let (register, _) = built(town, day("2027-01-08"));
        let report = on_day(&register, day("2027-01-08"));
        let ran = ran(&report, "school_place").unwrap();
        let codes = (0..ran.outcomes.len()).map(|row| ran.outcomes.code(row));
        let wanted = Oracle::of(town, None).school_place(day("2027-01-08"));
        let cohort = wanted.values().filter(|outcome| !outcome.starts_with("cannot_tell")).count();
        !bill_faults(&ran.bill.lines().collect::<Vec<_>>(), codes, ran.bill.cohort(), cohort).is_empty()
    }),
    ("keys hang on the load", |town| {
        let facts = &decided().set().tables().facts;
        let mut other = IdentityTable::new(KeySecret::new([8; 32]));
        let on = day("2027-01-08");
        let again = Register::build(town.delivery(facts, on), on, &mut other).register;
        keys(&built(town, on).0) != keys(&again)
    }),
    ("each day of a preview begins with an empty ledger", |town| {
        let (from, to) = (day("2027-01-07"), day("2027-01-10"));
        let (register, _) = built(town, from);
        let preview = ennakko::preview(decided(), &register, &ledger(), &Choices::none(), (from, to), &mut |_| {});
        let days = from.iter_days().take_while(|day| *day < to);
        let forgetful = days.flat_map(|day| day_by_day(&register, &mut ledger(), day, day.succ_opt().unwrap()).offers);
        summary(&preview.unwrap()).offers != forgetful.collect()
    }),
    ("a log names the school", |town| {
        let [(mut outputs, may_read), _] = outputs(town, town);
        outputs.anybody("log", format!("child at {}", town.families[0].child.school()));
        !leaks_in(&outputs, &may_read, &secrets(town)).is_empty()
    }),
    ("a letter goes to the other custodian", |town| {
        let [(outputs, may_read), _] = outputs(town, town);
        let mut astray = Outputs::new();
        for output in outputs.iter().filter(|output| output.what == "letter") {
            for party in may_read.keys() {
                astray.letter(party.clone(), output.text.clone());
            }
        }
        !leaks_in(&astray, &may_read, &secrets(town)).is_empty()
    }),
];

#[test]
fn every_mistake_in_what_is_looked_at_is_caught() {
    let towns = some_towns(80);
    for (what, seen) in SEEDED {
        assert!(towns.iter().any(|(town, _)| seen(town)), "not seen: {what}");
    }
}
