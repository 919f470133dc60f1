//! The life of an offer: made once, withdrawn, ended, lapsed, reinstated; the register changes between the runs.

use ennakko::offers::ledger::Answer::{Accept, Decline};
use ennakko_tests::folder::{Folder, decided};
use ennakko_tests::story::{BLOCK, FAMILY, story};

const OFFERED: &str = "school_place child: offered to A, B";
const BLOCK_OFFERED: &str = "lift_grant block: offered to As Oy Esimerkki";

#[test]
fn the_same_run_again_does_nothing() {
    let town = [FAMILY, BLOCK].concat();
    let mut story = story(decided(), &town);
    story.change("child.alternating_residence", "false").run("2027-01-08", &[OFFERED, BLOCK_OFFERED]);
    let written = story.written();
    for _ in 0..3 {
        story.run("2027-01-08", &[]);
        assert_eq!(story.written(), written);
    }
    assert_eq!(story.outcome("school_place", "child"), "pending");
}

#[test]
fn tasks_and_findings_of_the_same_run_again_are_the_same() {
    let mut story = story(decided(), FAMILY);
    story.change("child.extended_compulsory", "unknown");
    story.run("2027-01-08", &["school_place child: task manual (ordinary)"]);
    let written = story.written();
    story.run("2027-01-08", &[]).run("2027-01-09", &[]);
    assert_eq!(story.written(), written);
    // another reason is another task
    story.change("child.alternating_residence", "true");
    story.run("2027-01-10", &["school_place child: task manual (ordinary)"]);
}

#[test]
fn a_run_covers_every_day_since_the_last() {
    let mut story = story(decided(), FAMILY);
    story.run("2027-01-04", &[]);
    story.run("2027-01-11", &["2027-01-08 school_place child: offered to A, B"]);
    assert_eq!(story.run_freely("2027-01-14").len(), 3, "the 12th, the 13th and the 14th");
    // the first run of all covers its own day only
    let mut first = ennakko_tests::story::story(decided(), FAMILY);
    assert_eq!(first.run_freely("2027-01-14").len(), 1);
    // a day run before is run alone
    assert_eq!(story.run_freely("2027-01-12").len(), 1);
}

#[test]
fn an_offer_is_withdrawn_when_the_child_moves_away_and_reinstated_when_it_moves_back() {
    let mut story = story(decided(), FAMILY);
    story.run("2027-01-08", &[OFFERED]).quiet_nights("2027-01-11");
    let id = story.offer("school_place", "child").id();
    story.change("child.lives_in_city", "false").run("2027-01-12", &["school_place child: withdrawn"]);
    story.quiet_nights("2027-01-14");
    story.change("child.lives_in_city", "true").run("2027-01-15", &[OFFERED]);
    assert_eq!(story.offer("school_place", "child").id(), id);
    assert_eq!(story.messages().len(), 2, "both custodians get a letter again");
    // back after the round has closed: a person looks at it
    story.change("child.lives_in_city", "false").run("2027-01-16", &["school_place child: withdrawn"]);
    story.quiet_nights("2027-01-31").change("child.lives_in_city", "true");
    story.run("2027-02-01", &["school_place child: task late (ordinary)"]).quiet_nights("2027-02-05");
    assert_eq!(story.ledger.entries().count(), 1);
}

#[test]
fn an_offer_is_withdrawn_when_the_child_has_died() {
    let mut story = story(decided(), FAMILY);
    story.run("2027-01-08", &[OFFERED]).quiet_nights("2027-01-11");
    story.change("child.dead", "true").run("2027-01-12", &["school_place child: withdrawn"]);
    assert_eq!(story.outcome("school_place", "child"), "not_in_cohort");
    story.quiet_nights("2027-02-13");
    assert_eq!(story.ledger.tasks().count(), 0);
}

#[test]
fn nobody_is_asked_to_call_the_family_of_a_child_who_has_died() {
    // the death is known on the very day on which the time to reply is over
    let mut story = story(decided(), FAMILY);
    story.run("2027-01-08", &[OFFERED]).run("2027-01-29", &[]);
    story.change("child.dead", "true").run("2027-01-30", &["school_place child: withdrawn"]);
    assert_eq!(story.ledger.tasks().count(), 0);
}

#[test]
fn an_offer_ends_quietly_when_the_place_is_there() {
    let mut story = story(decided(), FAMILY);
    story.run("2027-01-08", &[OFFERED]).quiet_nights("2027-01-11");
    story.change("child.school_place_year", "2027").run("2027-01-12", &["school_place child: ended"]);
    assert_eq!(story.outcome("school_place", "child"), "has_already because has_place");
    story.run("2027-02-13", &[]);
    assert_eq!(story.ledger.tasks().count(), 0);
}

#[test]
fn a_place_decided_on_the_last_day_makes_no_task() {
    let mut story = story(decided(), FAMILY);
    story.run("2027-01-29", &[OFFERED]);
    story.change("child.school_place_year", "2027").run("2027-01-30", &["school_place child: ended"]);
}

#[test]
fn an_offer_without_a_reply_lapses_and_a_person_gets_in_touch() {
    let mut story = story(decided(), FAMILY);
    story.run("2027-01-08", &[OFFERED]).run("2027-01-29", &[]);
    assert_eq!(story.outcome("school_place", "child"), "pending");
    story.run("2027-01-30", &["school_place child: lapsed", "school_place child: task no_reply (ordinary)"]);
    assert_eq!(story.outcome("school_place", "child"), "lapsed");
    // it stays so, and nothing is said twice, whatever becomes of the child
    story.run("2027-01-31", &[]);
    story.change("child.lives_in_city", "false").run("2027-02-03", &[]).run("2027-02-04", &[]);
    story.change("child.dead", "true").run("2027-02-05", &[]);
}

#[test]
fn unknown_never_withdraws() {
    for path in ["child.lives_in_city", "child.start_deferred", "child.school_place_year", "child.born"] {
        let mut story = story(decided(), FAMILY);
        story.run("2027-01-08", &[OFFERED]).change(path, "unknown").run("2027-01-09", &[]);
        assert_eq!(story.outcome("school_place", "child"), "pending", "{path}");
        assert!(story.ledger.entries().all(|entry| entry.standing().is_some()), "{path}");
    }
}

#[test]
fn a_child_without_a_record_for_a_night_keeps_its_offer() {
    let mut before = story(decided(), FAMILY);
    before.run("2027-01-08", &[OFFERED]);
    let (_, rest) = FAMILY.split_once("[people.A]").unwrap();
    let mut after = story(decided(), &format!("[people.A]{rest}"));
    after.ledger = before.ledger;
    after.run("2027-01-09", &[]);
    assert!(after.ledger.entries().all(|entry| entry.standing().is_some()));
}

#[test]
fn what_was_accepted_is_never_undone_by_a_register() {
    let mut story = story(decided(), FAMILY);
    story.run("2027-01-08", &[OFFERED]).reply("school_place", "child", "B", Accept, "2027-01-10");
    story.quiet_nights("2027-01-11");
    assert_eq!(story.outcome("school_place", "child"), "accepted");
    story.change("child.lives_in_city", "false");
    story.run("2027-01-12", &["school_place child: task no_longer_entitled (ordinary)"]);
    story.run("2027-01-13", &[]);
    assert_eq!(story.ledger.entries().filter(|entry| entry.standing().is_some()).count(), 1);
}

#[test]
fn what_was_declined_is_not_offered_again() {
    let mut story = story(decided(), FAMILY);
    story.run("2027-01-08", &[OFFERED]).reply("school_place", "child", "A", Decline, "2027-01-10");
    story.run("2027-01-12", &[]).run("2027-02-12", &[]);
    assert_eq!(story.outcome("school_place", "child"), "declined");
}

#[test]
fn a_window_over_new_year_makes_one_offer() {
    let round = "\n[[school_start]]\nid = \"2027\"\nyear = 2027\nopens = 2026-12-07\nreply_by = 2027-01-22\n\
                 closes = 2027-01-23\nends = 2027-08-01\nfirst_day = 2027-08-11\nstatus = \"decided\"\n\
                 source = \"made up for a test\"\nchecked = 2026-11-22\n";
    let calendar = Folder::decided().text("calendar.toml");
    let before = calendar.split("[[school_start]]").filter(|row| !row.contains("\"2027\""));
    let without = before.collect::<Vec<_>>().join("[[school_start]]");
    let rules = Folder::decided().with("calendar.toml", &format!("{without}{round}")).approved();

    let mut nightly = story(&rules, FAMILY);
    let days = ennakko_tests::day("2026-11-15").iter_days();
    for day in days.take_while(|day| *day < ennakko_tests::day("2027-02-28")) {
        let expected: &[&str] = match day.to_string().as_str() {
            "2026-12-07" => &[OFFERED],
            "2027-01-23" => &["school_place child: lapsed", "school_place child: task no_reply (ordinary)"],
            _ => &[],
        };
        nightly.run(&day.to_string(), expected);
    }

    let preview = story(&rules, FAMILY).preview("2026-11-15", "2027-02-28");
    let school = &preview.rules[&ennakko::core::RuleId::new("school_place")];
    let days: Vec<String> = school.offers.iter().map(|offer| offer.offered_on().to_string()).collect();
    assert_eq!(days, ["2026-12-07"]);
    let months: Vec<_> = school.by_month().into_iter().map(|(month, n)| (month.year, month.month, n)).collect();
    assert_eq!(months, [(2026, 12, 1)]);
}

#[test]
fn a_new_year_is_a_new_occasion_of_the_yearly_letter() {
    let mut story = story(decided(), BLOCK);
    story.run("2026-12-30", &[BLOCK_OFFERED]).run("2026-12-31", &[]);
    story.run("2027-01-01", &[BLOCK_OFFERED, "lift_grant block: lapsed"]);
    story.run("2027-12-31", &[]);
    assert_eq!(story.ledger.entries().count(), 2);
}

#[test]
fn a_family_protected_since_is_in_the_protected_queue() {
    let mut story = story(decided(), FAMILY);
    story.run("2027-01-08", &[OFFERED]).quiet_nights("2027-01-20");
    story.change("child.protected", "true").quiet_nights("2027-01-29");
    story.run("2027-01-30", &["school_place child: lapsed", "school_place child: task no_reply (protected)"]);
}

#[test]
fn nobody_is_asked_to_call_a_family_whose_child_may_have_died() {
    let mut story = story(decided(), FAMILY);
    story.run("2027-01-08", &[OFFERED]).quiet_nights("2027-01-20");
    story.change("child.dead", "\"disputed\"").quiet_nights("2027-01-29");
    story.run("2027-01-30", &["school_place child: lapsed", "school_place child: task withheld (ordinary)"]);
}

#[test]
fn after_an_outage_nothing_lapses_that_nobody_got() {
    let mut story = story(decided(), FAMILY);
    story.run("2027-01-07", &[]).run_freely("2027-02-05");
    let offers: Vec<_> = story.ledger.entries().collect();
    assert_eq!(offers.len(), 1, "the round opened and closed meanwhile, and the child is not left out");
    assert_eq!(offers[0].standing(), Some(ennakko::core::outcome::Standing::Pending));
    assert_eq!(offers[0].offer().offered_on().to_string(), "2027-02-05");
    let reply_by = offers[0].offer().body().reply_by.as_ref().unwrap().last_day;
    assert!(reply_by > offers[0].offer().offered_on(), "nobody is asked to reply by a day that has passed");
}

#[test]
fn a_birth_date_corrected_out_of_the_cohort_withdraws() {
    let mut story = story(decided(), FAMILY);
    story.run("2027-01-08", &[OFFERED]);
    story.change("child.born", "2022-05-01").run("2027-01-09", &["school_place child: withdrawn"]);
}

#[test]
fn somebody_without_a_name_stops_nobody_else() {
    let other = FAMILY.replace("people.child", "people.sister").split_once("[people.A]").unwrap().0.replace("Elsa", "");
    let mut story = story(decided(), &[FAMILY, &other].concat());
    story.run_freely("2027-01-08");
    assert_eq!(story.outcome("school_place", "child"), "offered");
    assert_eq!(story.outcome("school_place", "sister"), "withheld because name_missing");
}

#[test]
fn a_register_of_another_time_is_refused() {
    use ennakko::day::RunError;
    let mut story = story(decided(), FAMILY);
    let register = story.register("2027-01-08");
    let mut run = |on: &str| {
        ennakko::run(story.rules, &register, &mut story.ledger, &story.choices, on.parse().unwrap()).map(|_| ())
    };
    assert!(matches!(run("2027-01-07"), Err(RunError::RegisterAfterDay { .. })));
    assert!(matches!(run("2027-01-23"), Err(RunError::RegisterTooOld { .. })));
    run("2027-01-22").unwrap();
}
