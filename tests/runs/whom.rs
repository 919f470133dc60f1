//! Whom an offer is put to, and whom not: protection, custody, deaths, choices, officers; keys and ids that stay.

use std::collections::BTreeMap;
use std::sync::Arc;

use ennakko::core::identity::{IdentityCode, PersonalIdentityCode};
use ennakko::core::record::Delivery;
use ennakko::day::RuleReport;
use ennakko::offers::message::Channel;
use ennakko::{Choices, IdentityTable, KeySecret, MemoryLedger, Register};
use ennakko_tests::day;
use ennakko_tests::folder::{Folder, decided};
use ennakko_tests::story::{BLOCK, FAMILY, story};
use ennakko_tests::town::{Born, Custodian, Custody, Death, Family, Flag, Home, Municipality, Person, Town, shuffled};

const OFFERED: &str = "school_place child: offered to A, B";

#[test]
fn a_child_who_moves_in_after_the_round_has_closed_is_a_persons_task() {
    let mut story = story(decided(), FAMILY);
    story.change("child.lives_in_city", "false").run("2027-01-08", &[]);
    assert_eq!(story.outcome("school_place", "child"), "not_entitled because lives_in_city");
    story.run("2027-02-14", &[]);
    story.change("child.lives_in_city", "true").run("2027-02-15", &["school_place child: task late (ordinary)"]);
    assert_eq!(story.outcome("school_place", "child"), "late");
    story.run("2027-02-16", &[]).run("2027-07-31", &[]);
    assert_eq!(story.ledger.entries().count(), 0);
}

#[test]
fn a_hidden_municipality_of_a_protected_child_is_a_task_in_the_protected_queue() {
    for protected in ["true", "unknown"] {
        let mut story = story(decided(), FAMILY);
        story.change("child.protected", protected).change("child.lives_in_city", "unknown");
        // before the round opens there is nothing to be done, and no count that tells of one more
        story.run("2027-01-07", &[]);
        assert_eq!(story.outcome("school_place", "child"), "cannot_tell because lives_in_city");
        story.run("2027-01-08", &["school_place child: task cannot_tell (protected)"]);
        assert_eq!(story.outcome("school_place", "child"), "cannot_tell because lives_in_city");
        story.run("2027-02-15", &[]);
        assert_eq!(story.outcome("school_place", "child"), "cannot_tell because lives_in_city");
        let preview = story.preview("2027-01-01", "2027-03-01");
        assert!(preview.rules.values().all(|rule| rule.findings.is_empty()));
    }
}

#[test]
fn a_hidden_municipality_of_others_is_one_finding_with_a_count() {
    let other = FAMILY.replace("people.child", "people.sister").replace("Elsa", "Siiri");
    let (sister, _) = other.split_once("[people.A]").unwrap();
    let mut story = story(decided(), &[FAMILY, sister].concat());
    story.change("child.lives_in_city", "unknown").change("sister.lives_in_city", "unknown");
    let finding = "school_place: lives_in_city of subject unknown for 2";
    story.run("2027-01-08", &[finding]).run("2027-01-09", &[finding]);
    story.change("sister.lives_in_city", "true");
    story.run(
        "2027-01-10",
        &["school_place sister: offered to A, B", "school_place: lives_in_city of subject unknown for 1"],
    );
}

#[test]
fn a_child_who_lives_with_a_protected_person_is_left_to_an_officer() {
    for (path, value) in [("child.protected", "true"), ("A.protected", "true"), ("A.protected", "unknown")] {
        let mut story = story(decided(), FAMILY);
        story.change(path, value).run("2027-01-08", &["school_place child: task withheld (protected)"]);
        assert_eq!(story.outcome("school_place", "child"), "withheld because protection", "{path}");
    }
}

#[test]
fn a_protected_custodian_elsewhere_is_written_to_by_people_who_may_see_it() {
    let mut story = story(decided(), FAMILY);
    story.change("B.protected", "true").change("B.dwelling", "\"elsewhere\"").run("2027-01-08", &[OFFERED]);
    let channels: BTreeMap<String, Channel> =
        story.messages().into_iter().map(|(name, message)| (name, message.channel)).collect();
    assert_eq!(channels["A"], Channel::Messages);
    assert_eq!(channels["B"], Channel::ProtectedQueue);
    let texts = story.rendered("school_place", "child", "2027-01-08").unwrap();
    assert!(texts["A"].contains("Example School of the North"));
    assert!(!texts["B"].contains("Example School"), "{}", texts["B"]);
}

#[test]
fn protection_that_comes_after_the_offer_stops_its_letters() {
    let mut story = story(decided(), FAMILY);
    story.run("2027-01-08", &[OFFERED]).change("A.protected", "true");
    let refused = story.rendered("school_place", "child", "2027-01-09");
    assert_eq!(refused, Err("withheld by the register of this day: protection".to_owned()));
}

#[test]
fn a_home_left_since_is_shared_no_longer() {
    let mut story = story(decided(), FAMILY);
    story.run("2027-01-08", &[OFFERED]).change("B.dwelling", "\"elsewhere\"");
    let texts = story.rendered("school_place", "child", "2027-01-09").unwrap();
    assert!(texts["A"].contains("Example School"));
    assert!(!texts["B"].contains("Example School"));
}

#[test]
fn nothing_is_rendered_for_the_dead() {
    let mut custodian = story(decided(), FAMILY);
    custodian.run("2027-01-08", &[OFFERED]).change("A.dead", "true");
    let texts = custodian.rendered("school_place", "child", "2027-01-09").unwrap();
    assert_eq!(texts.keys().collect::<Vec<_>>(), ["B"]);
    custodian.change("A.dead", "\"disputed\"");
    assert_eq!(custodian.rendered("school_place", "child", "2027-01-09").unwrap().len(), 1);
    custodian.change("B.dead", "true");
    assert!(custodian.rendered("school_place", "child", "2027-01-09").is_err());

    for dead in ["true", "\"disputed\""] {
        let mut child = story(decided(), FAMILY);
        child.run("2027-01-08", &[OFFERED]).change("child.dead", dead);
        assert!(child.rendered("school_place", "child", "2027-01-09").is_err(), "{dead}");
    }
}

#[test]
fn a_child_of_two_homes_is_left_to_an_officer_also_when_that_is_not_known() {
    for value in ["true", "unknown"] {
        let mut story = story(decided(), FAMILY);
        story.change("child.alternating_residence", value);
        story.run("2027-01-08", &["school_place child: task manual (ordinary)"]);
        assert_eq!(story.outcome("school_place", "child"), "manual because lives_in_two_homes");
    }
}

#[test]
fn a_choice_stops_letters_only_where_they_are_not_statutory() {
    let mut story = story(decided(), &[FAMILY, BLOCK].concat());
    story.opt_out("block", "building_accessibility").opt_out("child", "education");
    story.run("2027-01-08", &[OFFERED]);
    assert_eq!(story.outcome("lift_grant", "block"), "opted_out");
    assert_eq!(story.outcome("school_place", "child"), "offered");
    // a choice about another purpose changes nothing
    let mut other = ennakko_tests::story::story(decided(), BLOCK);
    other.opt_out("block", "education").run("2027-01-08", &["lift_grant block: offered to As Oy Esimerkki"]);
}

#[test]
fn where_a_person_has_to_judge_everything_is_a_task() {
    let rules = Folder::decided().change("school_place.rhai", "discretion: \"none\"", "discretion: \"required\"");
    let rules = rules.approved();
    let mut story = story(&rules, FAMILY);
    story.run("2027-01-08", &["school_place child: task manual (ordinary)"]);
    assert_eq!(story.outcome("school_place", "child"), "manual");
    story.run("2027-03-08", &[]);
    assert_eq!(story.ledger.entries().count(), 0);
    assert_eq!(
        story.preview("2027-01-01", "2027-03-01").rules.values().map(|rule| rule.offers.len()).sum::<usize>(),
        0
    );
}

#[test]
fn a_rule_may_offer_late_and_asks_for_no_reply_by_a_day_that_has_passed() {
    let rules =
        Folder::decided().change("school_place.rhai", "late:       \"task\"", "late:       \"offer\"").approved();
    let mut story = story(&rules, FAMILY);
    story.change("child.lives_in_city", "false").run("2027-01-08", &[]).run("2027-02-14", &[]);
    story.change("child.lives_in_city", "true").run("2027-02-15", &[OFFERED]);
    let offer = story.offer("school_place", "child");
    assert!(offer.body().late);
    let last_day = offer.body().reply_by.as_ref().unwrap().last_day;
    assert!(last_day > day("2027-02-15") && last_day < day("2027-08-10"), "{last_day}");
    story.run("2027-02-16", &[]);
    assert_eq!(story.outcome("school_place", "child"), "pending");
}

#[test]
fn a_custodian_who_may_not_decide_is_not_written_to() {
    let mut story = story(decided(), FAMILY);
    story.change("child.may_decide", "false").run("2027-01-08", &["school_place child: task withheld (ordinary)"]);
    assert_eq!(story.outcome("school_place", "child"), "withheld because no_addressee");
}

#[test]
fn an_institution_is_no_home_that_anybody_shares() {
    let letter = |home: Home| {
        let mut town = town();
        town.families[0].child.home = home;
        if let Custodian::Person(custodian) = &mut town.families[0].custody[0].who {
            custodian.home = home;
        }
        let delivery = town.delivery(&decided().set().tables().facts, day("2027-01-08"));
        let register = Arc::new(Register::build(delivery, day("2027-01-08"), &mut table()).register);
        let mut ledger = ledger();
        ennakko::run(decided(), &register, &mut ledger, &Choices::none(), day("2027-01-08")).unwrap();
        let offer = ledger.entries().next().unwrap().offer();
        let messages = decided().messages(offer, &register, day("2027-01-08")).unwrap();
        (ennakko::offers::letter::to_text(&messages[0].letter), town.families[0].child.school())
    };
    for (home, shown) in
        [(Home::Family, true), (Home::Institution, false), (Home::Nowhere, false), (Home::Unknown, false)]
    {
        let (text, school) = letter(home);
        assert_eq!(text.contains(&school), shown, "{home:?}");
    }
}

/// A child with one custodian in a home, as records with codes.
fn town() -> Town {
    let person = |serial, born: &str| Person {
        serial,
        born: Born::Day(day(born)),
        home: Home::Family,
        family: 0,
        families: 1,
        death: Death::No,
        municipality: Municipality::City,
        protection: Flag::No,
        language: "fi",
    };
    let custody = Custody {
        who: Custodian::Person(person(901, "1988-03-02")),
        kind: ennakko::core::record::CustodyKind::Custodian,
        may_decide: Flag::Yes,
        ended: false,
    };
    let family = Family {
        child: person(900, "2020-10-15"),
        custody: vec![custody],
        whole: true,
        place_2027: Flag::No,
        deferred: Flag::No,
        alternating: Flag::No,
        extended: Flag::No,
        school_known: true,
    };
    Town { families: vec![family], blocks: Vec::new() }
}

fn table() -> IdentityTable {
    IdentityTable::new(KeySecret::new([9; 32]))
}

fn records(on: &str) -> Delivery {
    town().delivery(&decided().set().tables().facts, day(on))
}

/// Ids of the offers that a run makes, and the keys of everybody in the register.
fn run(
    delivery: Delivery,
    on: &str,
    identities: &mut IdentityTable,
    ledger: &mut MemoryLedger,
) -> (Vec<String>, String) {
    let register = Arc::new(Register::build(delivery, day(on), identities).register);
    let reports = ennakko::run(decided(), &register, ledger, &Choices::none(), day(on)).unwrap();
    let ran = reports.iter().flat_map(|report| report.rules.values()).filter_map(|report| match report {
        RuleReport::Ran(ran) => Some(ran),
        RuleReport::NotRun(_) => None,
    });
    let offers = ran.flat_map(|ran| &ran.offers).map(|offer| offer.id().to_string()).collect();
    (offers, register.residents().map(|person| format!("{:?}", person.key())).collect::<Vec<_>>().join(" "))
}

fn ledger() -> MemoryLedger {
    let issuer = ennakko::offers::Issuer::new(decided().city()).unwrap();
    MemoryLedger::new(*issuer.authority())
}

#[test]
fn two_full_loads_give_the_same_keys_and_the_same_offer() {
    let first = run(records("2027-01-08"), "2027-01-08", &mut table(), &mut ledger());
    assert_eq!(first.0.len(), 1);
    for seed in 0..8 {
        let again = run(shuffled(records("2027-01-08"), seed), "2027-01-08", &mut table(), &mut ledger());
        assert_eq!(again, first);
    }
}

#[test]
fn nightly_loads_with_one_table_and_one_ledger_offer_once_also_after_a_corrected_code() {
    let (mut identities, mut ledger) = (table(), ledger());
    let (offers, keys) = run(records("2027-01-08"), "2027-01-08", &mut identities, &mut ledger);
    assert_eq!(offers.len(), 1);
    // the table goes through the city's storage between two nights
    let stored: Vec<_> = identities.rows().collect();
    let mut identities = IdentityTable::from_rows(KeySecret::new([9; 32]), stored).unwrap();
    assert_eq!(run(records("2027-01-09"), "2027-01-09", &mut identities, &mut ledger), (Vec::new(), keys.clone()));
    // the child's code is corrected: at first the source still says what it was before
    let corrected = |on: &str, keeps_the_old_one: bool| {
        let mut delivery = records(on);
        let old = delivery.residents[0].code.clone().unwrap();
        let new = IdentityCode::Finnish(PersonalIdentityCode::artificial(day("2020-10-15"), 999).unwrap());
        delivery.residents[0].code = Some(new.clone());
        if keeps_the_old_one {
            delivery.residents[0].former_codes = vec![old.clone()];
        }
        let of = |who: &mut ennakko::core::record::Who| {
            if *who == ennakko::core::record::Who::Code(old.clone()) {
                *who = ennakko::core::record::Who::Code(new.clone());
            }
        };
        delivery.custody.iter_mut().for_each(|pair| of(&mut pair.child));
        for row in delivery.facts.iter_mut().flat_map(|table| &mut table.rows) {
            if let ennakko::core::record::FactOf::Resident(who) = &mut row.of {
                of(who);
            }
        }
        delivery
    };
    let night = run(corrected("2027-01-10", true), "2027-01-10", &mut identities, &mut ledger);
    assert_eq!(night, (Vec::new(), keys.clone()));
    let night = run(corrected("2027-01-11", false), "2027-01-11", &mut identities, &mut ledger);
    assert_eq!(night, (Vec::new(), keys));
    assert_eq!(ledger.entries().count(), 1);
}
