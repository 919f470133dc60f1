//! Rules that change: order of lines, parameters, ended and expected rows, approval.

use ennakko::core::RuleId;
use ennakko::rules::parameters::ParameterValue;
use ennakko_tests::day;
use ennakko_tests::folder::{Folder, decided};
use ennakko_tests::story::{BLOCK, FAMILY, story};

const OFFERED: &str = "school_place child: offered to A, B";
const BLOCK_OFFERED: &str = "lift_grant block: offered to As Oy Esimerkki";

#[test]
fn the_order_of_conditions_changes_nothing() {
    let lines = [
        "        starts_this_year: child.age_reached_in(start.year) == education::starting_age(start.opens),\n",
        "        lives_in_city:    child.lives_in_city,\n",
        "        not_deferred:     !child.start_deferred,\n",
    ];
    let written = lines.concat();
    let changes: [&[(&str, &str)]; 6] = [
        &[],
        &[("child.lives_in_city", "false"), ("child.start_deferred", "true")],
        &[("child.lives_in_city", "unknown"), ("child.start_deferred", "unknown")],
        &[("child.born", "2021-01-01"), ("child.lives_in_city", "unknown")],
        &[("child.born", "\"unknown\""), ("child.start_deferred", "true")],
        &[("child.school_place_year", "2027"), ("child.lives_in_city", "unknown")],
    ];
    let outcomes = |order: [usize; 3]| {
        let rules = Folder::decided().change("school_place.rhai", &written, &order.map(|at| lines[at]).concat());
        let rules = rules.approved();
        let of = |changes: &&[(&str, &str)]| {
            let mut story = story(&rules, FAMILY);
            for (path, value) in *changes {
                story.change(path, value);
            }
            story.run_freely("2027-01-08");
            let made: Vec<String> = story.ledger.entries().map(|entry| entry.offer().id().to_string()).collect();
            (story.outcome("school_place", "child"), made)
        };
        changes.iter().map(of).collect::<Vec<_>>()
    };
    let first = outcomes([0, 1, 2]);
    assert_eq!(first[1].0, "not_entitled because lives_in_city, not_deferred");
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert_eq!(outcomes(order), first, "{order:?}");
    }
}

#[test]
fn another_starting_age_moves_the_offers_by_a_year() {
    let offered = |age: Option<i64>, born: &str| {
        let rules = Folder::decided().load();
        let rules = match age {
            None => rules,
            Some(age) => {
                rules.with_set(|set| set.with_parameter("education.starting_age", &ParameterValue::Int(age)).unwrap())
            }
        };
        let mut story = story(&rules, FAMILY);
        let preview = story.change("child.born", born).preview("2026-12-01", "2028-02-01");
        let offers = &preview.rules[&RuleId::new("school_place")].offers;
        offers.iter().map(|offer| offer.offered_on().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(offered(None, "2020-10-15"), ["2027-01-08"]);
    assert_eq!(offered(Some(7), "2020-10-15"), ["2027-01-08"]);
    assert_eq!(offered(Some(8), "2020-10-15"), ["2028-01-07"]);
    assert_eq!(offered(Some(6), "2020-10-15"), Vec::<String>::new());
    assert_eq!(offered(Some(6), "2021-10-15"), ["2027-01-08"]);
}

#[test]
fn a_corrected_parameter_withdraws_what_it_no_longer_allows() {
    let mut before = story(decided(), FAMILY);
    before.run("2027-01-08", &[OFFERED]);
    let rules = Folder::decided().all("parameters.toml", "value   = 7", "value   = 8").approved();
    let mut after = story(&rules, FAMILY);
    after.ledger = before.ledger.clone();
    after.run("2027-01-09", &["school_place child: withdrawn"]);
    assert_eq!(after.outcome("school_place", "child"), "not_entitled because starts_this_year");
}

#[test]
fn a_row_that_has_ended_stops_its_rule_and_no_other() {
    // the number of dwellings is read for the first day of the year: a row that ends with 2026 stops the rule in 2027
    let ended = "[[lift.dwellings_min]]\nvalue   = 3\nunit    = \"dwellings\"\nfrom    = 2020-01-01\nuntil   = ";
    let rules = Folder::decided()
        .change("parameters.toml", &format!("{ended}2029-01-01"), &format!("{ended}2027-01-01"))
        .approved();
    let mut story = story(&rules, &[FAMILY, BLOCK].concat());
    story.run("2026-12-31", &[BLOCK_OFFERED]);
    let not_run =
        "lift_grant: not run: `lift::dwellings_min` has no row for 2027-01-01; its last valid day was 2026-12-31";
    story.run("2027-01-01", &["lift_grant block: lapsed", not_run]);
    assert_eq!(story.outcome("lift_grant", "block"), "not_run");
    story.run("2027-01-02", &[not_run]).ledger.complete(day("2027-01-07"));
    story.run("2027-01-08", &[OFFERED, not_run]);
    let preview = story.preview("2026-12-20", "2027-01-20");
    let periods = &preview.rules[&RuleId::new("lift_grant")].not_run;
    let periods: Vec<_> = periods.iter().map(|(from, to, _)| (from.to_string(), to.to_string())).collect();
    assert_eq!(periods, [("2027-01-01".to_owned(), "2027-01-19".to_owned())]);
    assert!(preview.rules[&RuleId::new("school_place")].not_run.is_empty());
}

#[test]
fn a_run_uses_nothing_that_is_only_expected() {
    let rules = Folder::helsinki().approved();
    let mut story = story(&rules, &[FAMILY, BLOCK].concat());
    story.run(
        "2027-01-08",
        &[
            "lift_grant: not run: lift::state_share is expected and not decided",
            "school_place: not run: round 2027 of calendar.school_start is expected and not decided",
        ],
    );
    assert_eq!(story.written().0, []);
    // a preview uses it, and says so on every offer
    let preview = story.preview("2027-01-08", "2027-01-09");
    for rule in preview.rules.values() {
        assert_eq!(rule.offers.len(), 1);
        assert!(rule.uses_expected() && rule.offers[0].body().expected);
    }
    let decided = ennakko_tests::story::story(decided(), FAMILY).preview("2027-01-08", "2027-01-09");
    assert!(!decided.rules[&RuleId::new("school_place")].uses_expected());
}

#[test]
fn a_run_uses_nothing_that_is_not_approved_as_it_stands() {
    let unapproved = "school_place: not run: version `school_place` is not approved as it stands";
    let none = Folder::decided().load();
    let both = ["lift_grant: not run: version `lift_grant` is not approved as it stands", unapproved];
    story(&none, &[FAMILY, BLOCK].concat()).run("2027-01-08", &both);
    // also when nobody is in the cohort
    story(&none, "[people.A]\nborn = 1988-03-02\n").run("2027-01-08", &both);
    // one byte of a text, a page, a row is enough
    let approvals = Folder::decided().approvals();
    for (file, from, to) in [
        ("school_place.fi.ftl", "Vastaa viimeistään", "Vastaa kuitenkin viimeistään"),
        ("school_place.rhai", "// All must hold.", "// All must hold"),
        ("school_place.md", "A reply is\nneeded", "A reply may be\nneeded"),
    ] {
        let rules = Folder::decided().with("approvals.toml", &approvals).change(file, from, to).load();
        let mut story = story(&rules, &[FAMILY, BLOCK].concat());
        story.run("2027-01-08", &[BLOCK_OFFERED, unapproved]);
        assert_eq!(story.ledger.entries().count(), 1, "{file}");
    }
}

#[test]
fn a_sanity_line_that_is_broken_stops_its_rule_and_closes_nothing() {
    let mut story = story(decided(), &[FAMILY, BLOCK].concat());
    story.run("2027-01-08", &[OFFERED, BLOCK_OFFERED]);
    let entries = story.written().1;
    let other = BLOCK.replace("[buildings.block]", "[buildings.other]").replace("1962", "2031");
    let mut later = self::story(decided(), &[FAMILY, BLOCK, &other].concat());
    later.ledger = story.ledger;
    later.run("2027-01-09", &["lift_grant: not run: somebody was selected for whom `is_built` does not hold"]);
    assert_eq!(later.written().1, entries);
}
