//! `ennakko facts`.

use std::fs;

use ennakko::wire::v1::FactListV1;

use super::{ennakko, exits_with, helsinki, path, replace, valid_against};

#[test]
fn the_list_for_machines_follows_its_schema_and_holds_every_table() {
    let ran = ennakko(&["facts", &path("rules/helsinki"), "--format", "json"]);
    exits_with(&ran, 0);
    valid_against("facts.v1", &ran.out);
    let list: FactListV1 = serde_json::from_str(&ran.out).unwrap();
    let table = |name: &str| -> toml::Table {
        fs::read_to_string(path(&format!("rules/helsinki/{name}.toml"))).unwrap().parse().unwrap()
    };
    let below = |table: &toml::Table| table.values().map(|names| names.as_table().unwrap().len()).sum::<usize>();
    assert_eq!(list.city.len(), below(&table("facts")));
    assert_eq!(list.parameters.len(), below(&table("parameters")));
    assert_eq!(list.calendars.len(), table("calendar").len());
    assert_eq!(list.code_lists.iter().map(|list| list.codes.len()).sum::<usize>(), below(&table("code_lists")));

    let fact = list.city.iter().find(|fact| fact.name == "ecec_place").unwrap();
    assert_eq!((fact.fact_type.as_str(), fact.code_list.as_deref()), ("text", Some("ecec_place")));
    assert_eq!(fact.codes, ["club", "tm01", "tm02", "tm03"]);
    assert_eq!(fact.purposes.as_deref(), Some(&["preprimary_education".to_owned()][..]));
    assert_eq!((fact.absent.as_str(), fact.fresh_days, fact.may_be_none), ("none", Some(7), true));
    let round = list.calendars.iter().find(|calendar| calendar.name == "school_start").unwrap();
    assert!(round.fields.iter().any(|field| field.name == "first_day" && !field.in_every_round));
    assert!(round.fields.iter().any(|field| field.name == "reply_by" && field.in_every_round));
}

#[test]
fn the_list_for_people_fits_a_terminal_and_says_the_same() {
    let folder = path("rules/helsinki");
    let ran = ennakko(&["facts", &folder]);
    exits_with(&ran, 0);
    for line in ran.out.lines() {
        assert!(line.chars().count() <= 80, "{line}");
        assert_eq!(line, line.trim_end());
    }
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = words(&ran.out);
    let markdown = ennakko(&["facts", &folder, "--format", "markdown"]);
    exits_with(&markdown, 0);
    let list: FactListV1 = serde_json::from_str(&ennakko(&["facts", &folder, "--format", "json"]).out).unwrap();
    for fact in list.register.iter().chain(&list.city) {
        assert!(told.contains(&format!("{}.{} {}", fact.of, fact.name, fact.fact_type)), "{}", fact.name);
        assert!(told.contains(&words(&fact.meaning)), "{}", fact.meaning);
        assert!(markdown.out.contains(&format!("| {} | `{}` | ", fact.of, fact.name)), "{}", fact.name);
    }
    let school = "resident.school_place_year int, year, 1900 to 2200, may be none the year in which the child starts basic \
                  education in a place that has been decided or accepted for education, preprimary_education; of others \
                  for no purpose from pupil_register; a missing row means none; unknown when older than 7 days; on a day \
                  to come as today";
    assert!(told.contains(school), "{told}");
    for wanted in [
        "education::starting_age(day)",
        "2021-08-01 to 2028-08-01: 7 years",
        "calendar::school_start(on)",
        "2027: 2027-01-08 to 2027-01-30, late until 2027-08-01, expected",
        "building_use::block_of_flats is \"0121\"",
        "person.age_on(day)",
        "at_age(person, years, open_for_days, on)",
        "in a common year an age is reached on 1 March",
    ] {
        assert!(told.contains(wanted), "{wanted}\n{told}");
    }
    // every row of a table has as many cells as its head
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let mut head = 0;
    for line in markdown.out.lines() {
        head = if line.starts_with('|') && head == 0 { cells(line) } else { head };
        head = if line.starts_with('|') { head } else { 0 };
        assert!(!line.starts_with('|') || cells(line) == head, "{line}");
    }
}

#[test]
fn what_is_declared_with_an_error_is_told_and_the_rest_is_listed() {
    let rules = helsinki("facts_with_an_error");
    replace(
        &rules.join("facts.toml"),
        "[building.lift_grant_year]\ntype             = \"int\"",
        "[building.lift_grant_year]\ntype             = \"number\"",
    );
    let ran = ennakko(&["facts", &rules.display().to_string()]);
    exits_with(&ran, 1);
    assert!(ran.err.contains("error[R020]: `type` cannot be `number`"), "{}", ran.err);
    assert!(ran.out.contains("building.heritage_listed") && !ran.out.contains("lift_grant_year"), "{}", ran.out);
}
