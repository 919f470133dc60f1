//! Tests of the given form: where somebody has lived.

use chrono::NaiveDate;
use ennakko_core::Fact;
use ennakko_rules::{RuleFile, RuleSet};

use super::{Given, GivenError, key_of};

const CITY: &str = "[city]
name      = { fi = \"Kaupunki\" }
country   = \"FI\"
code      = \"091\"
zone      = \"Europe/Helsinki\"
languages = [\"fi\"]
also      = []
fallback  = \"fi\"
leap_day  = \"1 March\"
";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn given(lines: &str) -> Given {
    Given::parse(&format!("subject = \"A\"\n[people.A]\nborn = 2020-10-15\nlives_in_city = true\n{lines}")).unwrap()
}

/// Whether A lived in the city on these days, in a word each.
fn told(given: &Given, days: &[&str]) -> Result<Vec<&'static str>, GivenError> {
    let (rules, _) = RuleSet::load(&[RuleFile::new("city.toml", CITY)]).unwrap();
    let town = given.town(rules.tables(), day("2027-01-12"))?;
    let person = town.register.resident_of(key_of("A")).unwrap();
    let word = |on: &&str| match person.lives_in_on("091", day(on)) {
        Fact::Known(true) => "yes",
        Fact::Known(false) => "no",
        Fact::None => "none",
        Fact::Unknown(reason) => reason.words(),
    };
    Ok(days.iter().map(word).collect())
}

const DAYS: [&str; 6] = ["2020-10-15", "2024-04-30", "2024-05-01", "2024-12-31", "2025-01-01", "2027-01-12"];

#[test]
fn a_history_is_given_short_or_with_municipalities() {
    let short = "lived_in_city = [\"2020-10-15..2024-05-01\", \"2025-01-01..\"]";
    let long = "municipality_history = [
        { municipality = \"091\", until = 2024-05-01 },
        { municipality = \"049\", from = 2024-05-01, until = 2025-01-01 },
        { municipality = \"091\", from = 2025-01-01 },
    ]";
    for lines in [short, long] {
        let words = told(&given(lines), &DAYS).unwrap();
        assert_eq!(words, ["yes", "yes", "no", "no", "yes", "yes"], "{lines}");
    }
    let words = told(&given(&format!("{short}\nhistory_from = 2024-05-01")), &DAYS).unwrap();
    assert_eq!(words, ["not delivered", "not delivered", "no", "no", "yes", "yes"]);
    let withheld = "municipality_history = [{ municipality = \"unknown\", until = \"2024-05-01\" }]";
    let words = told(&given(withheld), &DAYS).unwrap();
    assert_eq!(words, ["withheld by the source", "withheld by the source", "no", "no", "no", "yes"]);
    let partly = told(&given("lived_in_city = [\"2024-12..\"]"), &DAYS).unwrap();
    assert_eq!(partly, ["no", "no", "no", "yes", "yes", "yes"]);
    assert_eq!(told(&given("lived_in_city = []"), &DAYS).unwrap()[4..], ["no", "yes"]);
    assert_eq!(told(&given("moved_in = 2024-12-31"), &DAYS).unwrap()[2..], ["not delivered", "yes", "yes", "yes"]);
}

#[test]
fn a_row_of_a_case_changes_it() {
    let mut case = given("lived_in_city = [\"2020-10-15..\"]");
    assert_eq!(told(&case, &DAYS).unwrap(), ["yes"; 6]);
    case.set("A.lived_in_city", "[\"2025-01-01..\"]").unwrap();
    assert_eq!(told(&case, &DAYS).unwrap(), ["no", "no", "no", "no", "yes", "yes"]);
    case.set("A.history_from", "2024-12-31").unwrap();
    assert_eq!(told(&case, &DAYS).unwrap()[..4], ["not delivered", "not delivered", "not delivered", "no"]);
    let mut case = given("lived_in_city = [\"2020-10-15..\"]");
    case.set("A.lived_in_city", "unknown").unwrap();
    assert_eq!(told(&case, &DAYS).unwrap()[4..], ["not delivered", "yes"]);
}

#[test]
fn what_is_no_history_is_refused() {
    for (lines, path) in [
        ("lived_in_city = true", "A.lived_in_city"),
        ("lived_in_city = [2020]", "A.lived_in_city"),
        ("lived_in_city = [\"2020-10-15\"]", "A.lived_in_city"),
        ("lived_in_city = [\"2024-05-01..2024-05-01\"]", "A.lived_in_city"),
        ("lived_in_city = [\"1700-05-01..\"]", "A.lived_in_city"),
        ("municipality_history = [{ from = 2020-10-15 }]", "A.municipality_history"),
        ("municipality_history = [{ municipality = \"091\", to = 2020-10-15 }]", "A.municipality_history"),
        ("municipality_history = [\"2020-10-15..\"]", "A.municipality_history"),
        ("history_from = 2020-10-15", "A.history_from"),
        ("lived_in_city = []\nhistory_from = true", "A.history_from"),
        ("moved_in = 2999-02-28", "A.moved_in"),
    ] {
        match told(&given(lines), &[]) {
            Err(GivenError::Value { path: told, .. }) => assert_eq!(told, path, "{lines}"),
            other => panic!("{lines}: {other:?}"),
        }
    }
    let both = told(&given("lived_in_city = []\nmunicipality_history = []"), &[]);
    assert_eq!(both.unwrap_err().to_string(), "`A.municipality_history` is not to be given beside `lived_in_city`");
}
