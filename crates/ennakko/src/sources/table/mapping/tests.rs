//! Mistakes in mappings, each at its line.

use super::*;

/// The findings of a text, as `line: message (help)`.
fn found(text: &str) -> Vec<String> {
    match Mapping::parse("mapping.toml", text) {
        Ok(_) => Vec::new(),
        Err(found) => found
            .iter()
            .map(|found| {
                format!("{}: {} ({})", found.place.line, found.message, found.help.as_deref().unwrap_or_default())
            })
            .collect(),
    }
}

fn check(lines: &str, expected: &str) {
    assert_eq!(found(&format!("version = 1\n{lines}")), [expected], "{lines}");
}

#[test]
fn the_mapping_of_the_documentation_is_one() {
    let text: String = include_str!("../mapping.rs")
        .lines()
        .skip_while(|line| *line != "//! ```toml")
        .skip(1)
        .take_while(|line| *line != "//! ```")
        .map(|line| line.trim_start_matches("//!").trim_start().to_owned() + "\n")
        .collect();
    assert!(text.contains("[residents.values.sex]"));
    let mapping = Mapping::parse("mapping.toml", &text).unwrap();
    assert_eq!(mapping.of(TableName::Residents, "born").unwrap().header.as_deref(), Some("SYNTAIKA"));
    assert_eq!(mapping.of(TableName::Residents, "municipality").unwrap().spelled.len(), 2);
}

#[test]
fn every_mistake_is_told_at_its_line() {
    assert_eq!(found(""), ["1: `version` is missing here (add `version = 1`, the schema's)"]);
    assert_eq!(found("version = 2"), ["1: `version` is not 1 (this program reads version 1 of the schema)"]);
    let torn = found("version = 1\n[residents\n");
    assert!(torn.len() == 1 && torn[0].starts_with("2: this file cannot be read as TOML"), "{torn:?}");
    check("[resident.columns]\n", "2: nothing reads `resident` here (did you mean `residents`?)");
    check("[residents.column]\nborn = \"X\"\n", "2: nothing reads `column` here (did you mean `columns`?)");
    check(
        "[residents.columns]\nborm = \"X\"\n",
        "3: `residents` has no column `borm` in the schema (did you mean `born`?)",
    );
    check("[residents.columns]\nborn = 1\n", "3: `born` is not a text (write the file's own column name)");
    check(
        "[residents.columns]\nborn = \"X\"\nsex = \"X\"\n",
        "4: `born` and `sex` both read `X` (a column of the file is read once)",
    );
    check(
        "[residents.columns]\ndead = \"X\"\n[residents.always]\ndead = false\n",
        "3: `dead` has a column and a value for every row (leave one of them)",
    );
    check("[residents.values.sex]\n1 = \"mail\"\n", "3: `sex` cannot be `mail` (did you mean `male`?)");
    check("[residents.values.sex]\n1 = [1]\n", "3: `1` is not a value (write a text, a number, `true` or `false`)");
    check(
        "[residents.values]\nsex = \"male\"\n",
        "3: `sex` is not a table (write `name = value` lines under a head `[...]`)",
    );
    check("[residents.values.protected]\nK = \"yes\"\n", "3: `protected` cannot be `yes` (write one of true, false)");
    check("[residents.none]\ndead = \"\"\n", "3: `dead` cannot be none or unknown (a row is nothing without it)");
    check("[residents.none]\ncustodians = \"\"\n", "3: `custodians` cannot be none (write `whole` or `unknown`)");
    check(
        "[residents.none]\nborn = \"0\"\n[residents.unknown]\nborn = [\"1\", \"0\"]\n",
        "5: `0` is spelled twice for this column (leave one of them)",
    );
    check("[residents.none]\nborn = [[]]\n", "3: `born` is not a list of spellings (write `[\"...\", \"...\"]`)");
    check(
        "[residents.values.born]\nx = \"unknown: lost\"\n",
        "3: `unknown: lost` gives no reason that is known (reasons: not delivered, withheld by the source, outside the licence, \
         too old, sources disagree)",
    );
    check("[residents.dates]\nsex = \"yyyy\"\n", "3: `sex` holds no days (remove this line)");
    check(
        "dates = \"yyyy-dd\"\n",
        "2: `yyyy-dd` is not a way of writing days (a pattern has a year, at most one month, and a day only with a month)",
    );
    check(
        "dates = [\"dd/mm/yyyy\", \"mm/dd/yyyy\"]\n",
        "2: `mm/dd/yyyy` and a pattern before it read one text as two days (leave one of them)",
    );
    check("[residents.digits]\nborn = 3\n", "3: `born` is no code of digits (remove this line)");
    check(
        "[residents.digits]\nmunicipality = 0\n",
        "3: `municipality` is not a number of digits (write a whole number from 1 to 20)",
    );
    check("[residents.always]\ndead = \"no\"\n", "3: `dead` cannot be `no` (write one of true, false)");
    check("[csv]\ndelimiter = \"ab\"\n", "3: `delimiter` is not one plain sign (write \",\", \";\", \"\\t\" or \"|\")");
    check(
        "[csv]\nencoding = \"latin1\"\n",
        "3: `encoding` cannot be this (`encoding` is one of `utf-8`, `iso-8859-1`, `windows-1252`)",
    );
    check("[csv]\ndelimeter = \";\"\n", "3: nothing reads `delimeter` here (did you mean `delimiter`?)");
    check("identity = \"danish\"\n", "2: `identity` cannot be this (`identity` is one of `finnish`, `swedish`)");
    check("residents = 1\n", "2: `residents` is not a table (write `name = value` lines under a head `[...]`)");
}

#[test]
fn all_mistakes_are_told_at_once_in_order() {
    let all = found("version = 1\nidentity = 1\n[residents.columns]\na = \"X\"\n[owners.columns]\nb = \"Y\"\n");
    let lines: Vec<&str> = all.iter().filter_map(|found| found.split(':').next()).collect();
    assert_eq!(lines, ["2", "4", "6"]);
}

#[test]
fn facts_may_have_any_name() {
    assert!(
        found(
            "version = 1\n[facts.columns]\nof = \"HETU\"\nschool_place_year = \"V\"\n[facts.values.x]\n1 = \"none\"\n"
        )
        .is_empty()
    );
}
