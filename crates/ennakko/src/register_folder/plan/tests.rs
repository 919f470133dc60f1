//! A `register.toml` with every form, and the numbers of records that are expected.

use super::*;

/// The example at the top of the module.
fn example() -> String {
    let page = include_str!("../plan.rs");
    let text = page.split("```toml\n").nth(1).unwrap().split("//! ```").next().unwrap();
    text.lines()
        .map(|line| line.trim_start_matches("//!").strip_prefix(' ').unwrap_or_default())
        .fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn the_example_is_read_as_it_says() {
    let plan = Plan::parse("register.toml", &example()).unwrap();
    let forms: Vec<&str> = plan.sources.iter().map(|source| source.form.word()).collect();
    assert_eq!(forms, ["finnish_base", "finnish_changes", "table", "addresses", "navet"]);
    assert_eq!(plan.codes, Artificial::Refused);
    assert!(plan.sources[0].files[0].contains(DAY_IN_NAME) && plan.sources[0].day.is_none());
    assert_eq!(plan.sources[0].band.at_most, Some(750_000));
    assert!(matches!(plan.sources[1].form, Form::FinnishChanges { base: 0 }));
    let Form::Table { table, format, facts, .. } = &plan.sources[2].form else { panic!("a table") };
    assert_eq!((*table, *format, facts.len()), (TableName::Facts, Format::Csv, 1));
}

#[test]
fn mistakes_are_told_where_they_stand() {
    let check = |from: &str, to: &str, line: &str, message: &str| {
        let text = example();
        assert_eq!(text.matches(from).count(), 1, "{from}");
        let found = Plan::parse("register.toml", &text.replace(from, to)).unwrap_err();
        let told: Vec<String> =
            found.iter().map(|one| format!("{}: {}", one.source_line.trim(), one.message)).collect();
        assert!(told.iter().any(|told| told.starts_with(line) && told.ends_with(message)), "{told:#?}");
    };
    check("version = 1", "version = 2", "version = 2", "`version` is not 1");
    check("version = 1\n", "", "", "`version` is missing here");
    check("name = \"changes\"", "name = \"population\"", "name = \"population\"", "two sources have this name");
    check("name = \"changes\"", "name = \"Ändringar\"", "name = ", "`Ändringar` is no name of a source");
    check(
        "file = \"base-{day}.json\"",
        "file = \"{day}/base.json\"",
        "file = ",
        "`{day}` stands once, in the name of the file",
    );
    check("fresh_days = 14", "day = 2026-12-01", "day = 2026-12-01", "`day` is told by the file's name too");
    check("fresh_days = 14", "fresh_days = 0", "fresh_days = 0", "`fresh_days` is not a number of days");
    check("at_least = 600_000", "at_least = 900_000", "rows = ", "`at_least` is more than `at_most`");
    check("at_least = 600_000", "atleast = 600_000", "rows = ", "nothing reads `atleast` here");
    check("form = \"finnish_base\"", "form = \"navet\"", "protection = ", "nothing reads `protection` here");
    check("protection = \"asked\"", "protection = true", "protection = ", "`protection` cannot be this");
    check("table = \"facts\"", "table = \"residents\"", "facts = ", "a table of `residents` holds no facts");
    check("facts = [\"resident.school_place_year\"]\n", "", "[[source]]", "`facts` is missing here");
    check("file = \"pupils.csv\"", "file = \"pupils.xlsx\"", "[[source]]", "`format` is missing here");
    check("file = \"pupils.csv\"", "file = \"loaded/1.csv\"", "file = ", "a source cannot stand in `loaded`");
    check("day = 2026-12-01 ", "day = 2026-12-41 ", "day = ", "");
}

#[test]
fn bands_hold_at_their_edges() {
    let check = |(at_least, at_most, change_percent), n_read, before, expected| {
        let band = Band { at_least, at_most, change_percent };
        assert_eq!(band.holds(n_read, before), expected, "{band:?} {n_read} {before:?}");
    };
    check((Some(10), Some(20), None), 9, None, false);
    check((Some(10), Some(20), None), 10, None, true);
    check((Some(10), Some(20), None), 20, None, true);
    check((Some(10), Some(20), None), 21, None, false);
    check((None, None, Some(10)), 1, None, true);
    check((None, None, Some(10)), 90, Some(100), true);
    check((None, None, Some(10)), 89, Some(100), false);
    check((None, None, Some(10)), 111, Some(100), false);
    check((None, None, Some(10)), 1, Some(0), false);
    check((None, None, Some(0)), u64::MAX, Some(u64::MAX), true);
}
