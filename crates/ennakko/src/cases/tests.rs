//! Cases proposed for a made-up rule, and cells filled in.

use std::path::Path;

use super::*;
use crate::folder;

const RULE: &str = r#"
// Made up.
const RULE = #{
    title:      "Something for the young",
    kind:       "service",
    law:        ["Social Welfare Act 1301/2014 s. 36"],
    in_force:   #{ from: "2023-01-01", review_by: "2027-06-30" },
    purpose:    "senior_services",
    subject:    "resident",
    discretion: "none",
    effect:     #{ favourable: true, reversible: true, fee: false, sensitive: false },
    late:       "nothing",
    messages:   [
        #{ to: "subject", text: "right", reply: "none" },
    ],
};
fn occasion(person, on) { each_year(on) }
fn cohort(person, on, period) { person.age_reached_in(period.year) in 18..=20 }
fn conditions(person, on, period) {
    #{
        has_reached_age: grown(person, on),
        lives_in_city:   person.lives_in_city,
    }
}
fn already(person, on, period) { #{ assessed: person.custodians.some(|c| c.age_on(on) >= 60) } }
fn sanity(person, on, period) { #{ is_adult: person.age_on(on) < 40 } }
fn offer(person, on, period) { #{ age: 18 } }
fn grown(who, day) {
    let years = who.age_on(day);
    years >= 18
}
"#;

const PAGE: &str = r#"# Made up

```toml
subject = "person"

[people.person]
born          = 2008-06-15
language      = "fi"
lives_in_city = true
protected     = false
dead          = false
dwelling      = "home"
custodians    = ["A"]

[people.A]
born          = 1970-03-03
lives_in_city = true
protected     = false
dead          = false
dwelling      = "home"

[dwellings.home]
```

| case | on | differs | outcome | because |
|---|---|---|---|---|
| just of age | 2026-09-01 | | offered to person | |
"#;

fn rules(page: &str) -> Rules {
    let helsinki = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules/helsinki"));
    let id = "service_needs_75";
    let is_other = |name: &str| {
        let of_rule = !name.starts_with('_') && Path::new(name).extension().is_none_or(|kind| kind != "toml");
        of_rule && name.split('.').next() != Some(id)
    };
    let files: Vec<RuleFile> = folder::read(helsinki)
        .unwrap()
        .into_iter()
        .filter(|file| !is_other(file.name()))
        .map(|file| match file.name() {
            "service_needs_75.rhai" => RuleFile::new(&file.path, RULE),
            "service_needs_75.md" => RuleFile::new(&file.path, page),
            _ => file,
        })
        .collect();
    let (rules, findings) = Rules::load(&files).unwrap();
    let errors: Vec<String> = findings.iter().filter(|found| found.is_error()).map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    rules
}

fn proposed(page: &str) -> Vec<String> {
    proposals(&rules(page), &RuleId::new("service_needs_75")).iter().map(ToString::to_string).collect()
}

#[test]
fn each_edge_is_proposed_on_both_sides_and_what_cannot_be_reached_is_not() {
    let proposed = proposed(PAGE);
    let expected = [
        "| cohort: just reaching 18 | 2026-09-01 | person.born = 2008-12-31 | ? | |",
        "| cohort: just not reaching 18 | 2026-09-01 | person.born = 2009-01-01 | ? | |",
        "| cohort: just reaching 21 | 2026-09-01 | person.born = 2005-12-31 | ? | |",
        "| cohort: just not reaching 21 | 2026-09-01 | person.born = 2006-01-01 | ? | |",
        "| has_reached_age: age 18, the day before | 2026-09-01 | person.born = 2008-09-02 | ? | |",
        "| has_reached_age: age 18, the day itself | 2026-09-01 | person.born = 2008-09-01 | ? | |",
        "| has_reached_age: age 18, the day after | 2026-09-01 | person.born = 2008-08-31 | ? | |",
        "| born on 29 February, on 28 February 2026 | 2026-02-28 | person.born = 2008-02-29 | ? | |",
        "| born on 29 February, on 1 March 2026 | 2026-03-01 | person.born = 2008-02-29 | ? | |",
        "| the day before it opens | 2025-12-31 | | ? | |",
        "| the day on which it opens | 2026-01-01 | | ? | |",
        // whoever is of age has no custodians
        "| assessed: age 60, the day before | 2026-09-01 | person.born = 2008-12-31; A.born = 1966-09-02 | ? | |",
        "| assessed: age 60, the day itself | 2026-09-01 | person.born = 2008-12-31; A.born = 1966-09-01 | ? | |",
        "| assessed: age 60, the day after | 2026-09-01 | person.born = 2008-12-31; A.born = 1966-08-31 | ? | |",
    ];
    assert_eq!(proposed, expected);
}

#[test]
fn a_page_with_the_proposed_cases_lacks_none() {
    let rows: Vec<String> = proposed(PAGE);
    let page = format!("{PAGE}{}\n", rows.join("\n"));
    assert_eq!(proposed(&page), Vec::<String>::new());
    // one less is one that is proposed again
    for left_out in [1, 5, 7, 9] {
        let mut fewer = rows.clone();
        fewer.remove(left_out);
        let page = format!("{PAGE}{}\n", fewer.join("\n"));
        assert_eq!(proposed(&page), [rows[left_out].clone()]);
    }
}

#[test]
fn a_case_counts_by_the_days_that_it_compares_and_not_by_its_words() {
    let with = |row: &str| proposed(&format!("{PAGE}{row}\n"));
    let birthday = "has_reached_age: age 18, the day itself";
    assert!(with("").iter().any(|row| row.contains(birthday)));
    // the same edge, reached by the day and not by the birth
    assert!(!with("| x | 2026-06-15 | | ? | |").iter().any(|row| row.contains(birthday)));
    // somebody who is not in the cohort is not compared at all
    assert!(with("| x | 2030-06-15 | person.born = 2000-06-15 | ? | |").iter().any(|row| row.contains(birthday)));
}

#[test]
fn open_cells_are_filled_in_and_nothing_else_is_changed() {
    let rows = "| open | 2026-09-01 |  person.lives_in_city = false|?|?|\r\n\
                | empty | 2026-09-01 | | | |\n\
                | names only | 2026-09-01 | person.lives_in_city = false | not_entitled | |\n\
                | wrong | 2026-09-01 | | not_entitled | has_reached_age |\n\
                | wrong and open | 2026-09-01 | | not_entitled | ? |\n\
                | written | 2026-09-01 | |  offered  to person||\n";
    let page = format!("{PAGE}{rows}");
    let filled = accept(&rules(&page), None);
    let names: Vec<&str> = filled.iter().map(|filled| filled.name.as_str()).collect();
    assert_eq!(names, ["open", "empty", "names only"]);
    let after = Filled::into_page(&page, &filled);
    let expected = rows
        .replace("|?|?|", "| not_entitled | lives_in_city |")
        .replace("| empty | 2026-09-01 | | | |", "| empty | 2026-09-01 | | offered to person | |")
        .replace("| not_entitled | |", "| not_entitled | lives_in_city |");
    assert_eq!(after.as_deref(), Some(format!("{PAGE}{expected}").as_str()));
    assert_eq!(accept(&rules(&format!("{PAGE}{expected}")), None), []);
    assert_eq!(Filled::into_page(&format!("changed {page}"), &filled), None);
}

/// An interpreter that takes everybody for younger by a year: the case fails whatever the page expects of it.
#[test]
fn evaluators_that_disagree_are_told_and_fail_the_case() {
    let rules = rules(PAGE);
    let results = run(&rules, None);
    assert!(results.len() == 1 && results[0].passed(), "{results:?}");
    let wrong = |rules: &Rules, id: &RuleId, case: &Case| {
        let tables = tables_of(rules, case)?;
        let mut younger = case.clone();
        younger.differs.push(("person.born".to_owned(), "2009-06-15".to_owned()));
        let towns = [town_of(rules, id, case, &tables)?, town_of(rules, id, &younger, &tables)?];
        let [walk, interpreter] = [(By::Walk, 0), (By::Interpreter, 1)].map(|(by, town)| {
            Evaluator::with_tables(rules.set(), tables.clone(), &towns[town].register, Mode::Preview).by(by)
        });
        same(&walk, &interpreter, id, case.on)
    };
    let results = run_if(&rules, None, &wrong);
    assert!(!results[0].passed());
    assert_eq!(results[0].got, Err("the two evaluators differ: a defect of the engine".to_owned()));
    assert_eq!((results[0].line, results[0].name.as_str()), (27, "just of age"));
}

#[test]
fn a_limit_among_the_parameters_is_proposed_with_the_numbers_around_it() {
    let helsinki = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules/helsinki"));
    let mut files = folder::read(helsinki).unwrap();
    let page = files.iter_mut().find(|file| file.name() == "lift_grant.md").unwrap();
    let rows = page.text.lines().filter(|line| !line.contains("block.dwellings = ")).collect::<Vec<_>>();
    page.text = format!("{}\n", rows.join("\n")).into();
    let (rules, _) = Rules::load(&files).unwrap();
    let proposed: Vec<String> = proposals(&rules, &RuleId::new("lift_grant")).iter().map(ToString::to_string).collect();
    let limit = "enough_dwellings: dwellings against lift::dwellings_min";
    let expected = [("one less", 2), ("the limit itself", 3), ("one more", 4)]
        .map(|(than, n)| format!("| {limit}, {than} | 2027-02-01 | block.dwellings = {n} | ? | |"));
    assert_eq!(proposed, expected);
}
