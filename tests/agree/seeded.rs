//! Mistakes made on purpose, each of which the assertions must notice: a test that cannot fail says nothing.

use chrono::NaiveDate;
use ennakko::{Choices, IdentityTable, KeySecret, Register};
use ennakko_tests::day;
use ennakko_tests::folder::{Folder, decided};
use ennakko_tests::oracle::{Fault, Oracle};
use ennakko_tests::outputs::Outputs;
use ennakko_tests::town::{Death, Home, Town, towns};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use super::leaks::{leaks_in, outputs, secrets};
use super::repeated::{day_by_day, summary};
use crate::{
    bill_faults, built, config, days, differences, differences_in, keys, ledger, on_day, partition_faults, ran,
};

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
