//! A `register.toml` with every form, and the numbers of records that are expected.

use super::*;

const ALL: Compiled = Compiled { parquet: true, http: true };

fn parse(text: &str) -> Result<Plan, Vec<Diagnostic>> {
    file::read("register.toml", text, ALL)
}

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
    let plan = parse(&example()).unwrap();
    let forms: Vec<&str> = plan.sources.iter().map(|source| source.form.word()).collect();
    assert_eq!(
        forms,
        ["finnish_base", "finnish_changes", "finnish_changes", "table", "addresses", "building_sheets", "navet"]
    );
    assert_eq!(plan.codes, Artificial::Refused);
    assert!(plan.sources[0].files[0].contains(DAY_IN_NAME) && plan.sources[0].day.is_none());
    assert_eq!(plan.sources[0].band.at_most, Some(750_000));
    assert!(matches!(plan.sources[1].form, Form::FinnishChanges { base: 0, feed: None }));
    let Form::FinnishChanges { base: 0, feed: Some(feed) } = &plan.sources[2].form else { panic!("a feed") };
    assert_eq!(feed.address, "http://localhost:8080/r1/FI/GOV/0245437-2/VTJmutpa/VTJmutpa/api/v1");
    assert_eq!(
        (feed.access.as_str(), feed.x_road_client.as_deref()),
        ("access.toml", Some("FI/GOV/9999999-9/ennakko"))
    );
    assert!(plan.sources[2].files.is_empty());
    let Form::BuildingSheets { sheets, form, system } = &plan.sources[5].form else { panic!("sheets") };
    assert_eq!((sheets.as_slice(), form.delimiter, *system), (SheetName::ALL.as_slice(), b';', System::Tm35Fin));
    assert_eq!(plan.sources[5].files, ["R1-{day}.csv", "R3-{day}.csv", "R4-{day}.csv", "R9-{day}.csv"]);
    let Form::Table { table, format, facts, .. } = &plan.sources[3].form else { panic!("a table") };
    assert_eq!((*table, *format, facts.len()), (TableName::Facts, Format::Csv, 1));
}

#[test]
fn mistakes_are_told_where_they_stand() {
    let check = |from: &str, to: &str, line: &str, message: &str| {
        let text = example();
        assert_eq!(text.matches(from).count(), 1, "{from}");
        let found = parse(&text.replace(from, to)).unwrap_err();
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
    check("address = \"http:", "address = \"https:", "address = ", "`address` does not begin with `http://`");
    check("http://localhost", "http://a:b@localhost", "address = ", "`address` has a user in it");
    check("access = \"access.toml\"", "file = \"a.json\"", "[[source]]", "`access` is missing here");
    check("access = \"access.toml\"", "access = \"a\"\nfile = \"b\"", "file = ", "`address` and `file` are both given");
    check("file = \"changes-{day}.json\"", "access = \"a\"", "access = ", "`access` without an `address`");
    check(
        "GOV/9999999-9/ennakko",
        "GOV/9999999-9/enn akko",
        "x_road",
        "`x_road_client` has letters that no header can have",
    );
    check("buildings = \"R1-{day}.csv\"\n", "", "[[source]]", "`buildings` is missing here");
    check("owners = \"R4-", "owners = \"R1-", "owners = ", "`R1-{day}.csv` is named twice");
    check("owners = \"R4-", "file = \"R4-", "file = ", "nothing reads `file` here");
    check("delimiter = \";\"", "delimiter = \"a\"", "delimiter = ", "`delimiter` is not what can stand between cells");
    check("encoding = \"ISO-8859-1\"", "encoding = \"latin1\"", "encoding = ", "`encoding` cannot be this");
    check("coordinates = \"ETRS-TM35FIN\"", "coordinates = \"KKJ\"", "coordinates = ", "`coordinates` cannot be this");
}

#[test]
fn what_is_not_compiled_in_is_told_at_its_line() {
    let text = example().replace("file = \"pupils.csv\"", "file = \"pupils.parquet\"");
    let told = |compiled| -> Vec<String> {
        let found = file::read("register.toml", &text, compiled).err().unwrap_or_default();
        found.iter().map(|one| format!("{}: {}", one.source_line.trim(), one.message)).collect()
    };
    assert_eq!(told(ALL), [""; 0]);
    let [http, parquet] = told(Compiled { parquet: false, http: false }).try_into().unwrap();
    assert!(http.starts_with("address = ") && http.ends_with("built without asking over HTTP"), "{http}");
    assert!(parquet.starts_with("file = ") && parquet.ends_with("built without Parquet"), "{parquet}");
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
