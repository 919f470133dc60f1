//! Why, why not and when: explanations held against brute force, against the day's run, and against what may be read.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use ennakko::core::fact_table::SubjectKind;
use ennakko::core::register::{ResidentRow, SubjectRow};
use ennakko::core::trace::{Inner, Join, LineTrace, Part, Reads};
use ennakko::core::{NameId, RuleId, Truth};
use ennakko::day::RuleReport;
use ennakko::explain::analyst::AnalystView;
use ennakko::explain::resident::{TellError, tell, to_text};
use ennakko::explain::why_not::changes;
use ennakko::explain::{Explanation, Question, explain};
use ennakko::given::{Given, Town};
use ennakko::offers::Issuer;
use ennakko::report::Style;
use ennakko::rules::{Evaluator, Mode};
use ennakko::wire::v1::ExplanationV1;
use ennakko::{Choices, MemoryLedger, Register, Rules, folder};
use ennakko_cli::Io;
use ennakko_tests::day;
use ennakko_tests::folder::{Folder, decided};
use ennakko_tests::story::{BLOCK, FAMILY};
use proptest::prelude::*;

const SCHEMA: &str = include_str!("../../crates/ennakko/schema/explanation.v1.schema.json");
const EXAMPLE_TOWN: &str = include_str!("../../examples/town.toml");

/// Places of a town that are changed, each with its new value.
type Changes<'c> = &'c [(&'c str, &'c str)];

// --- the smallest set of names ------------------------------------------------------------------------------------------

/// A line, or named tests in one, without what they read.
fn line(part: Part, truth: Truth, inner: Option<Inner>) -> LineTrace {
    let truth = inner.as_ref().map_or(truth, |inner| inner.join.of(inner.lines.iter().map(|line| line.truth)));
    LineTrace { part, name: NameId::new("x"), truth, source_line: 1, reads: Reads::default(), inner }
}

fn tests_of(part: Part) -> impl Strategy<Value = LineTrace> {
    let truth = prop_oneof![Just(Truth::Yes), Just(Truth::No), Just(Truth::Unknown)];
    let leaf = truth.prop_map(move |truth| line(part, truth, None));
    leaf.prop_recursive(3, 6, 3, move |inner| {
        let join = prop_oneof![Just(Join::AnyOf), Just(Join::AllOf)];
        (join, prop::collection::vec(inner, 1..=3))
            .prop_map(move |(join, lines)| line(part, Truth::No, Some(Inner { join, lines })))
    })
}

/// Some lines of a rule, every name in them numbered in the order of the file.
fn lines() -> impl Strategy<Value = Vec<LineTrace>> {
    let part = prop_oneof![
        3 => Just(Part::Condition), 2 => Just(Part::Already), 1 => Just(Part::Sanity), 1 => Just(Part::Officer)
    ];
    prop::collection::vec(part.prop_flat_map(tests_of), 1..=3).prop_map(|mut lines| {
        let mut next = 0;
        for line in &mut lines {
            number(line, &mut next);
        }
        lines
    })
}

fn number(line: &mut LineTrace, next: &mut usize) {
    line.name = NameId::new(&format!("n{next:02}"));
    *next += 1;
    line.inner.iter_mut().flat_map(|inner| &mut inner.lines).for_each(|line| number(line, next));
}

/// The names that join no others, in order, each with what it comes to.
fn leaves(lines: &[LineTrace], found: &mut Vec<(NameId, Truth)>) {
    for line in lines {
        match &line.inner {
            Some(inner) => leaves(&inner.lines, found),
            None => found.push((line.name.clone(), line.truth)),
        }
    }
}

fn truth(line: &LineTrace, changed: &BTreeMap<NameId, Truth>) -> Truth {
    match &line.inner {
        Some(inner) => inner.join.of(inner.lines.iter().map(|line| truth(line, changed))),
        None => changed.get(&line.name).copied().unwrap_or(line.truth),
    }
}

/// Whether the lines speak for an offer with some names changed; officers are asked whatever the names.
fn speaks_for_an_offer(lines: &[LineTrace], changed: &BTreeMap<NameId, Truth>) -> bool {
    lines.iter().all(|line| match line.part {
        Part::Condition | Part::Sanity => truth(line, changed).is_yes(),
        Part::Already => truth(line, changed).is_no(),
        Part::Officer => true,
    })
}

/// By trying: of all sets of names, each made yes or no in every way, the smallest that does, the first of several.
fn by_trying(lines: &[LineTrace]) -> Vec<NameId> {
    let mut names = Vec::new();
    leaves(lines, &mut names);
    let mut best: Option<Vec<NameId>> = None;
    // a digit for each name: left alone, made yes, made no
    for number in 0..3_u32.pow(u32::try_from(names.len()).unwrap()) {
        let digit = |at: usize| number / 3_u32.pow(u32::try_from(at).unwrap()) % 3;
        let changed: BTreeMap<NameId, Truth> = names
            .iter()
            .enumerate()
            .filter(|(at, _)| digit(*at) > 0)
            .map(|(at, (name, _))| (name.clone(), if digit(at) == 1 { Truth::Yes } else { Truth::No }))
            .collect();
        let set: Vec<NameId> = changed.keys().cloned().collect();
        if best.as_ref().is_none_or(|best| (set.len(), &set) < (best.len(), best))
            && speaks_for_an_offer(lines, &changed)
        {
            best = Some(set);
        }
    }
    best.unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_smallest_set_of_names_is_the_one_found_by_trying(lines in lines()) {
        let mut names = Vec::new();
        leaves(&lines, &mut names);
        prop_assume!(names.len() <= 8);
        let found = changes(&lines);
        let set: Vec<NameId> = found.iter().map(|change| change.name.clone()).collect();
        prop_assert_eq!(&set, &by_trying(&lines));
        let made: BTreeMap<NameId, Truth> = found.iter().map(|change| (change.name.clone(), change.to)).collect();
        prop_assert!(speaks_for_an_offer(&lines, &made), "what is said to be enough is enough");
        for change in &found {
            let was = names.iter().find(|(name, _)| *name == change.name).map(|(_, truth)| *truth);
            prop_assert_eq!(was, Some(change.from));
        }
    }
}

#[test]
fn one_branch_is_enough_and_of_equals_the_first_is_named() {
    let leaf = |truth| line(Part::Condition, truth, None);
    let any = |lines| line(Part::Condition, Truth::No, Some(Inner { join: Join::AnyOf, lines }));
    let all = |lines| line(Part::Condition, Truth::No, Some(Inner { join: Join::AllOf, lines }));
    // n00 any_of: n01 all_of (n02 no, n03 unknown), n04 no, n05 no
    let mut lines = vec![any(vec![all(vec![leaf(Truth::No), leaf(Truth::Unknown)]), leaf(Truth::No), leaf(Truth::No)])];
    number(&mut lines[0], &mut 0);
    let found = changes(&lines);
    let told: Vec<String> = found.iter().map(|change| format!("{} in {:?}", change.name, change.within)).collect();
    assert_eq!(told, [r#"n04 in [NameId("n00")]"#]);
}

#[test]
fn names_inside_a_line_are_told_with_what_each_came_to() {
    let joined = "any_of(#{\n            not_put_off: !child.start_deferred,\n            extended: all_of(#{\n                \
                  is_extended: child.extended_compulsory,\n                one_home: !child.alternating_residence,\n            }),\n        })";
    let rules = Folder::helsinki().change("school_place.rhai", "!child.start_deferred", joined).load();
    let explained = |changes: Changes<'_>| {
        let town = town(&rules, FAMILY, "2027-01-08", changes);
        let subject = SubjectRow::Resident(row(&town, "child"));
        asked(&rules, &town.register, "school_place", subject, day("2027-01-08"))
    };
    let explanation = explained(&[("child.start_deferred", "true"), ("child.alternating_residence", "unknown")]);
    let line =
        explanation.trace.as_ref().unwrap().lines.iter().find(|line| line.name.as_str() == "not_deferred").unwrap();
    let mut all = Vec::new();
    leaves(std::slice::from_ref(line), &mut all);
    let all: Vec<String> = all.iter().map(|(name, truth)| format!("{name} {truth:?}")).collect();
    assert_eq!(all, ["not_put_off No", "is_extended No", "one_home Unknown"]);
    let places: Vec<usize> = line.inner.as_ref().unwrap().lines.iter().map(|inner| inner.source_line).collect();
    assert_eq!(places, [line.source_line + 1, line.source_line + 2]);
    let told = |explanation: &Explanation| {
        let changes = explanation.why_not.changes.iter();
        changes.map(|change| format!("{} in {:?}", change.name, change.within)).collect::<Vec<_>>()
    };
    assert_eq!(told(&explanation), [r#"not_put_off in [NameId("not_deferred")]"#]);
}

// --- the same as the day's run ------------------------------------------------------------------------------------------

fn asked(rules: &Rules, register: &Arc<Register>, rule: &str, subject: SubjectRow, on: NaiveDate) -> Explanation {
    let ledger = MemoryLedger::new(*Issuer::new(rules.city()).unwrap().authority());
    let id = RuleId::new(rule);
    explain(rules, register, &ledger, &Choices::none(), Question { rule: &id, subject, day: on }).unwrap()
}

fn example_town(rules: &Rules, on: NaiveDate) -> Town {
    Given::parse(EXAMPLE_TOWN).unwrap().town(rules.set().tables(), on).unwrap()
}

/// The word for everybody's outcome by each rule on each day, as the days' runs of a preview have it.
fn by_the_days_runs(
    rules: &Rules,
    register: &Arc<Register>,
    from: NaiveDate,
) -> Vec<BTreeMap<(RuleId, SubjectRow), &'static str>> {
    let evaluator = Evaluator::new(rules.set(), register, Mode::Preview);
    let mut ledger = MemoryLedger::new(*Issuer::new(rules.city()).unwrap().authority());
    let days = from.iter_days().take(367);
    days.map(|on| {
        let report = ennakko::run_day(rules, &evaluator, &mut ledger, &Choices::none(), on, Mode::Preview).unwrap();
        let mut words = BTreeMap::new();
        for (id, report) in report.rules {
            let kind = rules.set().versions(&id)[0].card.subject;
            for subject in register.subjects(kind) {
                words.insert(
                    (id.clone(), subject),
                    if matches!(report, RuleReport::Ran(_)) { "not_in_cohort" } else { "not_run" },
                );
            }
            if let RuleReport::Ran(ran) = report {
                for row in 0..ran.outcomes.len() {
                    words.insert((id.clone(), ran.outcomes.subject(row)), ran.outcomes.code(row).word());
                }
            }
        }
        words
    })
    .collect()
}

#[test]
fn answers_and_their_days_are_those_of_the_days_runs() {
    let rules = Folder::helsinki().load();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for from in ["2026-12-15", "2027-02-10"].map(day) {
        let register = example_town(&rules, from).register;
        let runs = by_the_days_runs(&rules, &register, from);
        for ((id, subject), word) in &runs[0] {
            let explanation = asked(&rules, &register, id.as_str(), *subject, from);
            let later = runs.iter().zip(0_u64..).find(|(words, _)| words[&(id.clone(), *subject)] != *word);
            let later = later.map(|(words, n)| (from + Days::new(n), words[&(id.clone(), *subject)]));
            let when = explanation.when.next.as_ref().map(|next| (next.day, next.answer.word()));
            assert_eq!((explanation.answer.word(), when), (*word, later), "{id} {subject:?} on {from}");
            *seen.entry(*word).or_insert(0) += 1;
        }
    }
    let words: Vec<&str> = seen.into_keys().collect();
    let expected = "cannot_tell has_already late manual not_entitled not_in_cohort offered upcoming withheld";
    assert_eq!(words.join(" "), expected, "the town shows each of them");
}

// --- what is said -------------------------------------------------------------------------------------------------------

/// The register of a town after some changes, and the rows of its people.
fn town(rules: &Rules, given: &str, on: &str, changes: Changes<'_>) -> Town {
    let mut given = Given::parse(given).unwrap();
    for (path, value) in changes {
        given.set(path, value).unwrap();
    }
    given.town(rules.set().tables(), day(on)).unwrap()
}

fn row(town: &Town, name: &str) -> ResidentRow {
    let (key, _) = town.people.iter().find(|(_, known)| *known == name).unwrap();
    town.register.resident_of(*key).unwrap().row()
}

/// An explanation in a few words: the answer, what must change, what is in the way, when it changes.
fn told(explanation: &Explanation) -> String {
    let changes = explanation.why_not.changes.iter();
    let changes: Vec<String> =
        changes.map(|change| format!("{} {:?}->{:?}", change.name, change.from, change.to)).collect();
    let hindrances: Vec<&str> =
        explanation.why_not.hindrances.iter().map(ennakko::explain::why_not::Hindrance::word).collect();
    let when = explanation.when.next.as_ref();
    let when = when.map_or_else(|| "never".to_owned(), |next| format!("{} {}", next.day, next.answer.word()));
    let line = explanation.answer.table_line().map_or_else(|| "-".to_owned(), |line| line.to_string());
    let word = explanation.answer.word();
    format!("{line} {word} | {} | {} | {when}", changes.join(", "), hindrances.join(", "))
}

#[test]
fn each_answer_says_what_must_change_what_is_in_the_way_and_when_it_changes() {
    let cases: &[(&str, Changes<'_>, &str)] = &[
        ("2027-01-08", &[], "12 offered |  |  | 2027-01-09 pending"),
        ("2026-12-01", &[], "7 upcoming |  | not_yet | 2027-01-08 offered"),
        ("2027-02-01", &[], "8 late |  | late | 2027-08-01 not_entitled"),
        ("2027-01-08", &[("child.lives_in_city", "false")], "1 not_entitled | lives_in_city No->Yes |  | never"),
        (
            "2026-12-01",
            &[("child.lives_in_city", "false"), ("child.start_deferred", "unknown")],
            "1 not_entitled | lives_in_city No->Yes, not_deferred Unknown->Yes | not_yet | never",
        ),
        (
            "2027-02-01",
            &[("child.start_deferred", "true"), ("child.school_place_year", "2027")],
            "1 not_entitled | not_deferred No->Yes, has_place Yes->No | late | never",
        ),
        (
            "2027-01-08",
            &[("child.born", "2021-01-01")],
            "1 not_entitled | starts_this_year No->Yes |  | 2027-08-01 upcoming",
        ),
        (
            "2027-01-08",
            &[("child.school_place_year", "2027")],
            "2 has_already | has_place Yes->No |  | 2027-08-01 not_entitled",
        ),
        (
            "2027-01-08",
            &[("child.lives_in_city", "unknown")],
            "4 cannot_tell | lives_in_city Unknown->Yes |  | 2027-08-01 not_entitled",
        ),
        ("2027-01-08", &[("child.local_school", "unknown")], "9 cannot_tell |  | terms | 2027-01-30 late"),
        ("2027-01-08", &[("child.alternating_residence", "true")], "6 manual |  | officer | 2027-08-01 not_entitled"),
        ("2027-01-08", &[("child.extended_compulsory", "unknown")], "6 manual |  | officer | 2027-08-01 not_entitled"),
        ("2027-01-08", &[("child.protected", "true")], "10 withheld |  | withheld | 2027-01-30 late"),
        (
            "2027-01-08",
            &[("child.protected", "true"), ("child.lives_in_city", "false")],
            "1 not_entitled | lives_in_city No->Yes | withheld | never",
        ),
        ("2027-01-08", &[("child.dead", "true")], "- not_in_cohort |  | not_in_cohort | never"),
        ("2027-01-08", &[("child.born", "2016-01-01")], "- not_in_cohort |  | not_in_cohort | never"),
    ];
    for (on, changes, expected) in cases {
        let town = town(decided(), FAMILY, on, changes);
        let subject = SubjectRow::Resident(row(&town, "child"));
        let explanation = asked(decided(), &town.register, "school_place", subject, day(on));
        assert_eq!(told(&explanation), *expected, "{changes:?} on {on}");
    }
}

#[test]
fn a_missing_fact_is_named_with_its_owner_its_source_and_why() {
    let changes = [
        ("child.lives_in_city", "unknown"),
        ("child.start_deferred", "unknown"),
        ("child.extended_compulsory", "unknown"),
    ];
    let town = town(decided(), FAMILY, "2027-01-08", &changes);
    let subject = SubjectRow::Resident(row(&town, "child"));
    let explanation = asked(decided(), &town.register, "school_place", subject, day("2027-01-08"));
    let missing = explanation.missing.iter().map(|missing| {
        let fact = &missing.fact;
        format!("{}: {} of {} from {}: {}", missing.line, fact.fact, fact.of, fact.source, fact.reason.words())
    });
    assert_eq!(
        missing.collect::<Vec<_>>(),
        [
            "lives_in_city: lives_in_city of subject from population register: withheld by the source",
            "not_deferred: start_deferred of subject from pupil_register: withheld by the source",
            "extended_duty: extended_compulsory of subject from pupil_register: withheld by the source",
        ]
    );
}

#[test]
fn what_the_ledger_and_the_residents_choice_say_is_in_the_way() {
    let rules = decided();
    let town = town(rules, &format!("{FAMILY}{BLOCK}"), "2027-01-08", &[]);
    let mut ledger = MemoryLedger::new(*Issuer::new(rules.city()).unwrap().authority());
    ennakko::run(rules, &town.register, &mut ledger, &Choices::none(), day("2027-01-08")).unwrap();
    let before = ledger.events().len();
    let building = town.register.buildings().next().unwrap();
    let mut choices = Choices::none();
    choices.opt_out(ennakko::core::SubjectKey::Building(building.key()), "building_accessibility");
    let ask = |rule: &str, subject, ledger: &MemoryLedger, on: &str| {
        let id = RuleId::new(rule);
        let question = Question { rule: &id, subject, day: day(on) };
        told(&explain(rules, &town.register, ledger, &choices, question).unwrap())
    };
    let child = SubjectRow::Resident(row(&town, "child"));
    let block = SubjectRow::Building(building.row());
    let empty = MemoryLedger::new(*Issuer::new(rules.city()).unwrap().authority());
    assert_eq!(ask("school_place", child, &ledger, "2027-01-10"), "3 pending |  | pending | 2027-08-01 not_entitled");
    assert_eq!(ask("lift_grant", block, &empty, "2027-01-10"), "5 opted_out |  | opted_out | never");
    assert_eq!(ledger.events().len(), before, "asking writes nothing");
}

#[test]
fn somebody_elses_broken_sanity_stops_the_answer_too() {
    let twin = r#"[people.twin]
name = "Otso"
born = 2020-10-15
sex = "male"
lives_in_city = true
dwelling = "home"
custodians = ["A", "B"]
school_place_year = "none"
start_deferred = false
alternating_residence = false
extended_compulsory = false
local_school = "Example School of the North"

"#;
    for (sanity, expected) in [
        // the round of 2028 selects neither of them, and the rule runs again
        ("child.sex != \"male\"", "- not_run |  | not_run | 2027-08-01 not_entitled"),
        // nothing was offered on the days on which it did not run
        ("child.sex != \"male\" || on.day >= 15", "- not_run |  | not_run | 2027-01-15 offered"),
    ] {
        let rules = Folder::decided().change("school_place.rhai", "child.age_on(on) < 10", sanity).load();
        let given = FAMILY.replace("[people.A]", &format!("{twin}[people.A]"));
        let town = town(&rules, &given, "2027-01-08", &[("child.sex", "\"female\"")]);
        let child = SubjectRow::Resident(row(&town, "child"));
        let explanation = asked(&rules, &town.register, "school_place", child, day("2027-01-08"));
        assert_eq!(told(&explanation), expected, "{sanity}");
    }
}

#[test]
fn the_analysts_tree_is_this() {
    let files = folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/helsinki")).unwrap();
    let (rules, _) = Rules::load(&files).unwrap_or_else(|_| panic!("the folder has a usable city"));
    let changes = [("child.lives_in_city", "unknown"), ("child.born", "\"2021\"")];
    let town = town(&rules, FAMILY, "2027-01-08", &changes);
    let explanation =
        asked(&rules, &town.register, "school_place", SubjectRow::Resident(row(&town, "child")), day("2027-01-08"));
    let view = AnalystView { explanation: &explanation, rules: &rules, files: &files, who: "child" };
    let text = view.to_text(Style { colour: false });
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let from = text.find("  Why\n").unwrap();
    let expected = "  Why
    line 1 of the table of outcomes: `starts_this_year` is no, and on every
      later day of the window some condition is

    no      starts_this_year                conditions, line 28
      │ child.age_reached_in(start.year) ==
        education::starting_age(start.opens)
      born                     2021-01-01 to 2021-12-31  population register
";
    assert_eq!(
        text[from..].lines().take(8).collect::<Vec<_>>(),
        expected.lines().take(8).collect::<Vec<_>>(),
        "{text}"
    );
    for part in [
        "    unknown lives_in_city                   conditions, line 29\n      │ child.lives_in_city\n",
        "      lives_in_city  unknown: withheld by the source  population register\n",
        "    2 names must change, fewer would not do\n      starts_this_year  is no, must be yes\n",
        "      lives_in_city     is not known, must be known to be yes\n",
        "    on 1 August 2027: cannot_tell, a fact that is needed is not known\n",
    ] {
        assert!(text.contains(part), "{part}\nin\n{text}");
    }
}

// --- who may read what --------------------------------------------------------------------------------------------------

#[test]
fn a_resident_reads_sentences_and_nothing_of_a_home_they_do_not_share() {
    let on = "2027-01-08";
    let text = |changes: Changes<'_>, reader: &str, language: Option<&str>| {
        let town = town(decided(), FAMILY, on, changes);
        let subject = SubjectRow::Resident(row(&town, "child"));
        let explanation = asked(decided(), &town.register, "school_place", subject, day(on));
        tell(&explanation, decided(), &town.register, row(&town, reader), language).map(|told| to_text(&told))
    };
    let shared = text(&[], "A", None).unwrap();
    assert!(shared.contains("- Elsa asuu rekisterin mukaan Helsingissä.\n"), "{shared}");
    let swedish = text(&[], "B", None).unwrap();
    assert!(swedish.contains("- Elsa bor enligt registret i Helsingfors.\n"), "{swedish}");
    // whatever is true of a home, the same is told to somebody who does not share it
    let apart = |home: (&str, &str)| text(&[("B.dwelling", "\"elsewhere\""), home], "B", Some("en")).unwrap();
    let told = apart(("child.lives_in_city", "true"));
    assert!(told.contains("reaches the age of compulsory education in 2027") && !told.contains("Helsinki,"), "{told}");
    for lives in ["false", "unknown", "none"] {
        assert_eq!(apart(("child.lives_in_city", lives)), told, "{lives}");
    }
    // no reason why something is unknown, and no school, ever
    let unknown = text(&[("child.lives_in_city", "unknown")], "A", Some("en")).unwrap();
    assert!(
        unknown.contains("does not tell whether the child's municipality") && !unknown.contains("withheld"),
        "{unknown}"
    );
    assert!(![&shared, &swedish, &told].iter().any(|text| text.contains("Example School")));
    // a protected home is told of by a person
    assert!(matches!(text(&[("child.protected", "true")], "A", None), Err(TellError::Letter(_))));
    assert!(
        matches!(text(&[("B.protected", "true")], "A", None), Err(TellError::Letter(_))),
        "it is the home of B too"
    );
    assert!(matches!(text(&[], "A", Some("de")), Err(TellError::NoLanguage { .. })));
    // somebody without custody
    assert_eq!(text(&[("child.custodians", "[\"A\"]")], "B", None), Err(TellError::MayNotRead));
    assert_eq!(text(&[("child.born", "2010-01-01")], "A", None), Err(TellError::NoLines));
}

#[test]
fn a_line_about_other_people_is_told_to_nobody() {
    let folder =
        Folder::helsinki().change("school_place.rhai", "!child.start_deferred", "child.custodians.all(|c| c.alive)");
    let rules = folder.load();
    let town = town(&rules, FAMILY, "2027-01-08", &[]);
    let subject = SubjectRow::Resident(row(&town, "child"));
    let explanation = asked(&rules, &town.register, "school_place", subject, day("2027-01-08"));
    assert_eq!(explanation.answer.word(), "offered");
    let told = tell(&explanation, &rules, &town.register, row(&town, "A"), Some("en")).unwrap();
    assert!(!told.sentences.iter().any(|sentence| sentence.contains("starts school")), "{}", to_text(&told));
    assert_eq!(told.sentences.len(), 5, "the other lines are told");
}

#[test]
fn json_holds_neither_names_nor_homes_and_fits_its_schema() {
    let rules = Folder::helsinki().load();
    let validator = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let on = day("2027-01-08");
    let given: toml::Table = EXAMPLE_TOWN.parse().unwrap();
    let secret = |key: &str| {
        let groups = given.values().filter_map(toml::Value::as_table).flat_map(toml::Table::values);
        let found: Vec<String> = groups.filter_map(|entry| Some(entry.get(key)?.as_str()?.to_owned())).collect();
        found.into_iter().filter(|text| !["unknown", "none"].contains(&text.as_str()))
    };
    let secrets: Vec<String> =
        ["name", "family_name", "local_school", "address"].into_iter().flat_map(secret).collect();
    assert!(secrets.len() > 100, "the town has names, schools and addresses");
    let town = example_town(&rules, on);
    let mut hidden = 0;
    for (rule, kind) in [("school_place", SubjectKind::Resident), ("lift_grant", SubjectKind::Building)] {
        for subject in town.register.subjects(kind) {
            let explanation = asked(&rules, &town.register, rule, subject, on);
            let wire = ExplanationV1::of(&explanation, &rules);
            let json = serde_json::to_string(&wire).unwrap();
            let value = serde_json::from_str(&json).unwrap();
            let errors: Vec<String> =
                validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert_eq!(errors, Vec::<String>::new());
            let read: ExplanationV1 = serde_json::from_str(&json).unwrap();
            assert_eq!(read, wire, "it reads back");
            let files = [];
            let tree = AnalystView { explanation: &explanation, rules: &rules, files: &files, who: "somebody" };
            let tree = tree.to_text(Style { colour: false });
            for secret in &secrets {
                assert!(
                    !json.contains(&format!("\"{secret}")) && !tree.contains(secret.as_str()),
                    "{secret} in {json}{tree}"
                );
            }
            hidden += json.matches(r#""state":"hidden""#).count();
        }
    }
    assert!(hidden > 0, "a place was read and not shown");
}

// --- the command --------------------------------------------------------------------------------------------------------

fn command(args: &[&str]) -> (ExitCode, String, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (folder, town) = (root.join("rules/helsinki"), root.join("examples/town.toml"));
    let paths = ["--folder", folder.to_str().unwrap(), "--town", town.to_str().unwrap()];
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io { out: &mut out, err: &mut err, is_terminal: false, err_is_terminal: false };
    let code = ennakko_cli::run(["ennakko", "explain"].iter().chain(args).chain(&paths).copied(), &mut io);
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

#[test]
fn the_command_explains_and_never_takes_an_identity_code() {
    let ask = |resident: &str, more: &[&str]| {
        let args = ["--rule", "school_place", "--resident", resident, "--on", "2027-01-08"];
        command(&[&args, more].concat())
    };
    let (code, out, _) = ask("elsa", &[]);
    assert_eq!(code, ExitCode::SUCCESS);
    assert!(out.contains("elsa on 8 January 2027: offered\n"), "{out}");
    // the key that is printed can be asked for
    let key = out.lines().find_map(|line| line.strip_prefix("  key ")).unwrap();
    let (_, json, _) = ask("elsa", &["--format", "json"]);
    assert_eq!(ask(key, &["--format", "json"]).1, json);
    let (_, resident, _) = ask("elsa", &["--for", "resident", "--reader", "anna", "--language", "sv"]);
    assert!(resident.contains("Elsa bor enligt registret i Helsingfors"), "{resident}");
    for code_like in ["131020A9529", "131020a952x", "131020+95", "201020131234", "20201013-1234"] {
        for args in [vec!["--format", "text"], vec!["--for", "resident", "--reader", "anna"]] {
            let (code, out, err) = ask(code_like, &args);
            assert_eq!((code, out.as_str()), (ExitCode::from(2), ""));
            assert!(
                err.contains("an identity code does not belong on a command line") && !err.contains("131"),
                "{err}"
            );
        }
        let (code, _, err) = ask("elsa", &["--for", "resident", "--reader", code_like]);
        assert!(code == ExitCode::from(2) && err.contains("an identity code does not belong"), "{err}");
    }
    let (code, some, _) = command(&["--rule", "school_place", "--on", "2027-01-08"]);
    assert_eq!(code, ExitCode::SUCCESS);
    assert!(some.contains("\noffered (11)\n  ") && some.contains("\ncannot_tell (2)\n  vilja\n  aaro\n"), "{some}");
    let (_, _, err) = ask("elza", &[]);
    assert_eq!(err, "error: no resident is called `elza`; did you mean `elsa`?\n");
    assert_eq!(ask("elsa", &["--for", "resident", "--format", "json"]).0, ExitCode::from(2));
    let (_, _, err) = ask("elsa", &["--for", "resident", "--reader", "maja"]);
    assert_eq!(err, "error: this reader may not be told about the subject\n");
}
