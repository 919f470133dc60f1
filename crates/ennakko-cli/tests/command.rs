//! The command as its users meet it: run in this process, its streams captured.
#![expect(clippy::disallowed_methods, reason = "tests write the folders that the command reads")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "command/approve.rs"]
mod approve;
#[path = "command/cases.rs"]
mod cases;
#[path = "command/check.rs"]
mod check;
#[path = "command/facts.rs"]
mod facts;
#[cfg(target_os = "linux")]
#[path = "command/hostile.rs"]
mod hostile;
#[path = "command/register.rs"]
mod register;
#[path = "command/register_sources.rs"]
mod register_sources;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ennakko::wire::v1::{CaseV1, FindingV1, PreviewV1};
use ennakko_cli::{Io, run};

/// What a run of the command left behind.
struct Ran {
    out: String,
    err: String,
    code: String,
}

fn ennakko(args: &[&str]) -> Ran {
    on_terminals(args, false, false)
}

fn on_terminals(args: &[&str], is_terminal: bool, err_is_terminal: bool) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io { out: &mut out, err: &mut err, is_terminal, err_is_terminal };
    let code = run(std::iter::once(&"ennakko").chain(args), &mut io);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    // an exit code shows itself in no other way
    Ran { out: text(out), err: text(err), code: format!("{code:?}") }
}

#[track_caller]
fn exits_with(ran: &Ran, code: u8) {
    let wanted = format!("{:?}", std::process::ExitCode::from(code));
    assert_eq!(ran.code, wanted, "out:\n{}\nerr:\n{}", ran.out, ran.err);
}

/// A path of the workspace.
fn path(inside: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(inside).display().to_string()
}

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("command").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A copy of the rules of Helsinki, to break.
fn helsinki(name: &str) -> PathBuf {
    let copy = folder(name).join("helsinki");
    fs::create_dir_all(&copy).unwrap();
    for entry in fs::read_dir(path("rules/helsinki")).unwrap() {
        let from = entry.unwrap().path();
        fs::copy(&from, copy.join(from.file_name().unwrap())).unwrap();
    }
    copy
}

/// Replaces what stands exactly once in a file.
fn replace(file: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert_eq!(text.matches(old).count(), 1, "`{old}` in {}", file.display());
    fs::write(file, text.replace(old, new)).unwrap();
}

fn valid_against(schema: &str, json: &str) {
    let schema = fs::read_to_string(path(&format!("crates/ennakko/schema/{schema}.schema.json"))).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

fn preview(more: &[&str]) -> Ran {
    let (rules, town) = (path("rules/helsinki"), path("examples/town.toml"));
    let args = ["preview", &rules, "--register", &town, "--from", "2026-12-01"];
    ennakko(&[&args, more].concat())
}

/// What `check` said, without what it says of approvals at the end.
fn findings(ran: &Ran) -> String {
    ran.out
        .lines()
        .filter(|line| !line.starts_with("approved: "))
        .fold(String::new(), |out, line| format!("{out}{line}\n"))
}

/// The last line of `check` over the repository's rules and some more.
fn summary(more: usize, found: &str) -> String {
    let files = fs::read_dir(path("rules/helsinki")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let rules: std::collections::BTreeSet<String> = names
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "rhai"))
        .filter_map(|name| name.split('.').next().map(str::to_owned))
        .collect();
    format!("{} rules, {found}\n", rules.len() + more)
}

#[test]
fn the_rules_of_the_repository_are_without_findings_and_every_case_is_as_written() {
    for folder in ["rules", "rules/helsinki"] {
        let ran = ennakko(&["check", &path(folder)]);
        exits_with(&ran, 0);
        assert_eq!((findings(&ran), ran.err.as_str()), (summary(0, "0 errors, 0 warnings"), ""));
    }
    let ran = ennakko(&["test", &path("rules")]);
    exits_with(&ran, 0);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines[0].ends_with(" cases, all as written"), "{lines:?}");
    assert!(lines[1].ends_with(" passed, 0 failed"), "{lines:?}");
    let one = ennakko(&["test", &path("rules"), "--rule", "lift_grant"]);
    assert!(one.out.len() <= ran.out.len() && one.out != ran.out, "fewer cases: {}", one.out);
}

#[test]
fn findings_are_told_at_the_line_and_in_the_machines_form() {
    let rules = helsinki("findings");
    replace(&rules.join("school_place.rhai"), "child.lives_in_city,", "child.lives_in_cty,");
    let (city, all) = (rules.display().to_string(), rules.parent().unwrap().display().to_string());
    for folder in [&city, &all] {
        let ran = ennakko(&["check", folder]);
        exits_with(&ran, 1);
        let told = |text: &str| assert!(ran.out.contains(text), "{text}\n{}", ran.out);
        told("error[R012]: rule `school_place` reads unknown ");
        told("school_place.rhai:29:");
        told("help: did you mean `");
        assert!(findings(&ran).ends_with(&summary(0, "1 error, 0 warnings")), "{}", ran.out);
    }
    let ran = ennakko(&["check", &city, "--format", "json"]);
    exits_with(&ran, 1);
    valid_against("findings.v1", &ran.out);
    let findings: Vec<FindingV1> = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(findings.len(), 1);

    // the other rule's cases still run, and the exit code says that something is wrong
    let ran = ennakko(&["test", &city]);
    exits_with(&ran, 1);
    assert!(ran.out.contains("error[R012]") && ran.out.contains("rules with errors were left out"), "{}", ran.out);
    assert!(ran.out.ends_with(" passed, 0 failed\n"), "{}", ran.out);
    let ran = ennakko(&["test", &city, "--rule", "school_place"]);
    exits_with(&ran, 1);
    assert!(ran.out.ends_with("0 passed, 0 failed\n"), "an older version is not the rule: {}", ran.out);
    // a preview goes on without the rule, and tells it
    let town = path("examples/town.toml");
    let ran = ennakko(&["preview", &city, "--register", &town, "--from", "2026-12-01", "--months", "1"]);
    exits_with(&ran, 1);
    assert!(ran.err.contains("error[R012]"), "{}", ran.err);
    assert!(ran.out.contains("lift_grant") && !ran.out.contains("school_place"), "{}", ran.out);
}

#[test]
fn warnings_alone_are_no_reason_to_fail() {
    let rules = helsinki("warnings");
    fs::write(rules.join("notes.txt"), "remember the milk\n").unwrap();
    let ran = ennakko(&["check", &rules.display().to_string()]);
    exits_with(&ran, 0);
    assert!(findings(&ran).contains("warning[R070]"), "{}", ran.out);
    assert!(findings(&ran).ends_with(&summary(0, "0 errors, 1 warning")), "{}", ran.out);
}

#[test]
fn a_case_that_fails_is_told_with_its_line() {
    let rules = helsinki("cases");
    let page = rules.join("school_place.md");
    let case = "| a year too early | 2027-01-08 | child.born = 2021-10-15 |";
    replace(&page, &format!("{case} not_entitled |"), &format!("{case} late |"));
    let text = fs::read_to_string(&page).unwrap();
    let line = text.lines().position(|line| line.starts_with("| a year too early")).unwrap() + 1;
    let folder = rules.display().to_string();
    let ran = ennakko(&["test", &folder]);
    exits_with(&ran, 1);
    assert!(ran.out.contains(&format!("  --> {}:{line}\n", page.display())), "{}", ran.out);
    assert!(ran.out.contains("  expected  late because starts_this_year\n"), "{}", ran.out);
    assert!(ran.out.contains("  got       not_entitled because starts_this_year\n"), "{}", ran.out);
    assert!(ran.out.ends_with(" passed, 1 failed\n"), "{}", ran.out);
    let ran = ennakko(&["test", &folder, "--format", "json"]);
    exits_with(&ran, 1);
    valid_against("cases.v1", &ran.out);
    let cases: Vec<CaseV1> = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(cases.iter().filter(|case| !case.passed).count(), 1);
}

#[test]
fn the_previews_json_follows_its_schema_and_every_bill_adds_up() {
    let ran = preview(&["--format", "json"]);
    exits_with(&ran, 0);
    assert_eq!(ran.err, "", "progress is for terminals");
    valid_against("preview.v1", &ran.out);
    let preview: PreviewV1 = serde_json::from_str(&ran.out).unwrap();
    let mut outcomes = std::collections::BTreeSet::new();
    for rule in &preview.rules {
        assert_eq!(rule.bill.iter().map(|line| line.count).sum::<usize>(), rule.cohort, "{}", rule.rule);
        outcomes.extend(rule.bill.iter().map(|line| line.name.as_str()));
    }
    let wanted = ["offered", "has_already", "cannot_tell", "not_entitled", "withheld", "manual", "upcoming"];
    for outcome in wanted {
        assert!(outcomes.contains(outcome), "the town shows {outcome}");
    }
}

#[test]
fn the_town_shows_children_for_whom_it_is_late() {
    let (rules, town) = (path("rules/helsinki"), path("examples/town.toml"));
    let ran =
        ennakko(&["preview", &rules, "--register", &town, "--from", "2027-03-01", "--months", "2", "--no-letter"]);
    exits_with(&ran, 0);
    assert!(ran.out.contains("    late "), "{}", ran.out);
}

#[test]
fn the_previews_page_fits_a_terminal_and_shows_one_letter_in_each_language() {
    let ran = preview(&[]);
    exits_with(&ran, 0);
    for line in ran.out.lines() {
        assert!(line.chars().count() <= 80, "{line}");
        assert_eq!(line, line.trim_end());
    }
    for wanted in ["City of Helsinki", "adds up", "Hei ", "Hej ", "Dear ", "lives_in_two_homes", "admission_areas"] {
        assert!(ran.out.contains(wanted), "{wanted}");
    }
    assert!(!ran.out.contains('\x1b'));
    let without = preview(&["--no-letter"]);
    assert!(!without.out.contains("Hei "));
    let one = preview(&["--rule", "lift_grant"]);
    assert!(!one.out.contains("school_place") && one.out.contains("State grant for building a lift"), "{}", one.out);
}

#[test]
fn colours_and_progress_are_for_terminals() {
    let (rules, town) = (path("rules/helsinki"), path("examples/town.toml"));
    let ran = on_terminals(&["preview", &rules, "--register", &town, "--from", "2026-12-01"], true, true);
    assert!(ran.out.contains("\x1b[1m"));
    assert!(ran.err.contains("2027-01") && ran.err.ends_with('\r'), "{:?}", ran.err);
    let plain = preview(&[]).out;
    let mut bare = ran.out;
    for code in ["\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m"] {
        bare = bare.replace(code, "");
    }
    assert_eq!(bare, plain, "colour changes nothing that is said");
}

#[test]
fn another_value_of_a_parameter_can_be_tried() {
    // the count of offers stands at the right of the heading of the months
    let offers = |out: &str| out.lines().find(|line| line.starts_with("Offers by month")).unwrap().to_owned();
    let now = offers(&preview(&["--rule", "school_place", "--no-letter"]).out);
    for set in ["education.starting_age=6", "education::starting_age = 6"] {
        let ran = preview(&["--rule", "school_place", "--no-letter", "--set", set]);
        exits_with(&ran, 0);
        assert!(ran.out.contains("tried out, not in force: education.starting_age = 6"), "{}", ran.out);
        assert_ne!(offers(&ran.out), now, "other children are offered a place");
    }
}

#[test]
fn wrong_use_is_one_clear_message() {
    let (rules, town) = (path("rules/helsinki"), path("examples/town.toml"));
    let preview = |more: &[&str]| {
        let mut args = vec!["preview", &rules, "--register", &town];
        args.extend(more);
        args.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let from = ["--from", "2026-12-01"];
    let with = |more: &[&str]| preview(&[&from, more].concat());
    let plain = |args: &[&str]| args.iter().map(ToString::to_string).collect::<Vec<_>>();
    let cases: Vec<(Vec<String>, &str)> = vec![
        (plain(&["check", "--frmat", "json"]), "--format"),
        (plain(&["check", "no/such/folder"]), "cannot read no/such/folder"),
        (plain(&["check", &path("examples")]), "there is no `city.toml`"),
        (plain(&["chekc"]), "check"),
        (plain(&["check", "--on", "1.3.2027"]), "`1.3.2027` is not a day"),
        (plain(&["check", &rules, "--format", "sarf"]), "sarif"),
        (plain(&["check", &rules, "--watch", "--format", "json"]), "`--watch` is for people"),
        (plain(&["check", "no/such/folder", "--watch"]), "cannot read no/such/folder"),
        (plain(&["facts", "no/such/folder"]), "cannot read no/such/folder"),
        (plain(&["facts", &rules, "--format", "html"]), "markdown"),
        (plain(&["approve", "school_place", "--by", "A"]), "--role <ROLE>"),
        (plain(&["completions", "dos"]), "powershell"),
        (plain(&["test", &rules, "--rule", "schol_place"]), "did you mean `school_place`?"),
        (plain(&["test", &rules, "--rule", "zzz"]), "cervical_screening, colorectal_screening, "),
        (plain(&["preview", &rules, "--register", "no/town.toml", "--from", "2026-12-01"]), "cannot read no/town.toml"),
        (with(&["--residents", "2000"]), "cannot be used with"),
        (with(&["--seed", "2"]), "cannot be used with"),
        (plain(&["preview", &rules, "--residents", "999", "--from", "2026-12-01"]), "1,000 to 5,600,000 residents"),
        (preview(&["--from", "2027-02-30"]), "`2027-02-30` is not a day"),
        (preview(&["--from", "+262142-12-01"]), "too late a day"),
        (with(&["--months", "0"]), "1..=120"),
        (with(&["--months", "121"]), "1..=120"),
        (with(&["--rule", "lift_grnt"]), "did you mean `lift_grant`?"),
        (with(&["--set", "education.starting_age"]), "write group.name=value"),
        (with(&["--set", "education.starting_aeg=6"]), "did you mean `education.starting_age`?"),
        (with(&["--set", "a.b=6"]), "lift.dwellings_min, lift.state_share, "),
        (with(&["--set", "education.starting_age=six"]), "is a whole number"),
        (plain(&["new", "Parking-Permit"]), "cannot be the name of a rule"),
        (plain(&["new", "school_place", "--folder", &rules]), "exists already; nothing was written"),
    ];
    for (args, wanted) in cases {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let ran = ennakko(&args);
        exits_with(&ran, 2);
        assert!(ran.err.contains(wanted), "{args:?}\n{}", ran.err);
        assert!(ran.err.starts_with("error: ") && ran.out.is_empty(), "{args:?}\n{}{}", ran.out, ran.err);
    }
}

#[test]
fn input_that_cannot_be_read_names_its_place() {
    let rules = helsinki("unreadable");
    fs::write(rules.join("school_place.md"), [0xff, 0xfe, 0x41]).unwrap();
    let ran = ennakko(&["check", &rules.display().to_string()]);
    exits_with(&ran, 2);
    assert!(ran.err.contains("school_place.md is not UTF-8 text"), "{}", ran.err);

    let towns = folder("towns");
    let cases: [(&[u8], &str); 6] = [
        (b"\xff", "is not UTF-8 text"),
        (b"[people.a\nborn = 1", "town.toml:1: not TOML"),
        (b"[people.elsa]\nborn = \"soon\"\n", "town.toml: `elsa.born` is not a day"),
        (b"[people.elsa]\nbron = 2020-10-15\n", "town.toml: `elsa.bron` names nothing that is known here"),
        (b"[people.elsa]\ncustodians = [\"nobody\"]\n", "elsa.custodians: \"nobody\""),
        (b"people = 7\n", "town.toml: `people` is not a table of named entries"),
    ];
    for (bytes, wanted) in cases {
        let town = towns.join("town.toml");
        fs::write(&town, bytes).unwrap();
        let (rules, town) = (path("rules/helsinki"), town.display().to_string());
        let ran = ennakko(&["preview", &rules, "--register", &town, "--from", "2026-12-01"]);
        exits_with(&ran, 2);
        assert!(ran.err.contains(wanted) && ran.err.lines().count() == 1, "{wanted}\n{}", ran.err);
    }
}

#[test]
fn an_empty_town_is_offered_nothing() {
    let town = folder("empty").join("town.toml");
    fs::write(&town, "").unwrap();
    let (rules, town) = (path("rules/helsinki"), town.display().to_string());
    let ran = ennakko(&["preview", &rules, "--register", &town, "--from", "2026-12-01"]);
    exits_with(&ran, 0);
    assert!(ran.out.contains("0 residents") && ran.out.contains("Dec 2026 to Nov 2027: none"), "{}", ran.out);
}

#[test]
fn a_new_rule_in_a_new_folder_checks_clean_and_fails_its_one_case() {
    let city = folder("new").join("rules/newtown");
    let shown = city.display().to_string();
    let ran = ennakko(&["new", "parking_permit", "--folder", &shown]);
    exits_with(&ran, 0);
    assert!(ran.out.contains("What to do next:"), "{}", ran.out);
    begins_well(&shown, "parking_permit");

    // the same again changes nothing
    let page = city.join("parking_permit.md");
    fs::write(&page, "mine").unwrap();
    let ran = ennakko(&["new", "parking_permit", "--folder", &shown]);
    exits_with(&ran, 2);
    assert!(ran.err.contains("exists already; nothing was written"), "{}", ran.err);
    assert_eq!(fs::read_to_string(&page).unwrap(), "mine");
}

#[test]
fn a_new_rule_in_a_city_that_is_there_takes_its_tables_as_they_are() {
    let city = helsinki("new_in_helsinki");
    let before = fs::read_dir(&city).unwrap().count();
    let shown = city.display().to_string();
    exits_with(&ennakko(&["new", "summer_garden", "--folder", &shown]), 0);
    assert_eq!(fs::read_dir(&city).unwrap().count(), before + 5, "rule, page and three languages");
    let ran = ennakko(&["check", &shown]);
    exits_with(&ran, 0);
    assert_eq!(findings(&ran), summary(1, "0 errors, 0 warnings"));
    let ran = ennakko(&["test", &shown]);
    exits_with(&ran, 1);
    assert!(ran.out.ends_with(" passed, 1 failed\n"), "{}", ran.out);
}

/// Checks clean, fails on exactly its one case, and passes once the case says what the rule does.
fn begins_well(folder: &str, id: &str) {
    let ran = ennakko(&["check", folder]);
    exits_with(&ran, 0);
    assert_eq!(ran.out, format!("1 rule, 0 errors, 0 warnings\napproved: 0 of 1 version; a run would refuse {id}\n"));
    let ran = ennakko(&["test", folder]);
    exits_with(&ran, 1);
    assert!(ran.out.ends_with("1 case, 1 not as written\n0 passed, 1 failed\n"), "{}", ran.out);
    assert!(ran.out.contains("got       offered to person"), "{}", ran.out);
    let page = Path::new(folder).join(format!("{id}.md"));
    replace(&page, "| | not_entitled | born_before |", "| | offered to person | |");
    let ran = ennakko(&["test", folder]);
    exits_with(&ran, 0);
    assert_eq!(ran.out, "1 case, all as written\n1 passed, 0 failed\n");

    // and its letter can be written
    let town = Path::new(folder).join("../town.toml");
    fs::write(&town, "[people.a]\nname = \"Aino\"\nborn = 1990-05-17\nlives_in_city = true\n").unwrap();
    let town = town.display().to_string();
    let ran = ennakko(&["preview", folder, "--register", &town, "--from", "2027-02-01", "--months", "1"]);
    exits_with(&ran, 0);
    for marked in ["KIRJOITA", "SKRIV", "WRITE"] {
        assert!(ran.out.contains(&format!("│ {marked}: ")), "{}", ran.out);
    }
    assert!(!ran.out.contains("cannot be written"), "{}", ran.out);
}

/// Writes a sample into a folder.
fn sample(residents: &str, day: &str, out: &Path, more: &[&str]) -> Ran {
    let (rules, out) = (path("rules/helsinki"), out.display().to_string());
    let args = ["sample", "--residents", residents, "--day", day, "--out", &out, "--rules", &rules];
    ennakko(&[&args, more].concat())
}

/// Names and bytes of the files in a folder.
fn written(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|file| (file.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&file).unwrap())).collect()
}

#[test]
fn a_sample_is_the_same_bytes_again_and_its_codes_are_artificial() {
    let both = folder("sample");
    let (one, other) = (both.join("one"), both.join("other"));
    let ran = sample("1000", "2026-12-01", &one, &["--seed", "7", "--changes"]);
    exits_with(&ran, 0);
    assert_eq!(ran.err, "", "progress is for terminals");
    exits_with(&sample("1000", "2026-12-01", &other, &["--seed", "7", "--changes"]), 0);
    let files = written(&one);
    assert!(files == written(&other), "the same seed gives the same bytes");
    let text = |name: &str| std::str::from_utf8(&files[name]).unwrap();

    let mut n_codes = 0;
    for line in text("residents.csv").lines().skip(1) {
        let mut cells = line.split(',').skip(1);
        let codes = [cells.next().unwrap(), cells.next().unwrap()];
        for code in codes.iter().flat_map(|cell| cell.split_whitespace()) {
            assert!(code.len() == 11 && code.as_bytes()[7] == b'9', "{line}");
            n_codes += 1;
        }
    }
    assert!(n_codes > 900, "{n_codes} codes");
    for (name, head) in ennakko::sample::table::TABLES {
        assert_eq!(text(name).lines().next(), Some(head), "{name}");
    }
    assert!(text("fact.resident.local_school.csv").starts_with("of,value\n"));
    let json = |name: &str| serde_json::from_str::<serde_json::Value>(text(name)).unwrap();
    assert!(json("base_data.json")["perustiedot"].as_array().unwrap().len() > 900);
    assert_eq!(json("changes.json").as_array().unwrap().last().unwrap()["ajanTasalla"], true);
    assert_eq!(text("ATTRIBUTION.md"), fs::read_to_string(path("crates/ennakko/data/ATTRIBUTION.md")).unwrap());
    for said in
        ["Nobody here is real", "artificial 900 series", "areas made up for the sample", "1,000 residents, seed 7"]
    {
        assert!(text("README.md").contains(said), "{said}\n{}", text("README.md"));
    }

    // a folder with something in it is left as it is
    let ran = sample("1000", "2026-12-01", &one, &["--seed", "8"]);
    exits_with(&ran, 2);
    assert!(ran.err.contains("is not empty; nothing was written") && ran.err.lines().count() == 1, "{}", ran.err);
    assert!(written(&one) == files);
}

#[test]
fn a_sample_that_cannot_be_is_one_clear_message() {
    let out = folder("no_sample").join("out");
    let cases: [(&str, &str, &[&str], &str); 6] = [
        ("999", "2026-12-01", &[], "a sample city has 1,000 to 5,600,000 residents, not 999"),
        ("5600001", "2026-12-01", &[], "a sample city has 1,000 to 5,600,000 residents, not 5600001"),
        ("many", "2026-12-01", &[], "--residents"),
        ("1000", "2100-01-01", &[], "a day of the years 1950 to 2099"),
        ("1000001", "2026-12-01", &["--changes"], "changes are written for at most 1,000,000 residents"),
        ("1000", "2026-02-30", &[], "`2026-02-30` is not a day"),
    ];
    for (residents, day, more, wanted) in cases {
        let ran = sample(residents, day, &out, more);
        exits_with(&ran, 2);
        assert!(ran.err.starts_with("error: ") && ran.err.contains(wanted), "{wanted}\n{}", ran.err);
        assert!(ran.out.is_empty() && !out.exists(), "nothing is written");
    }
}

#[test]
fn a_sample_can_be_previewed_in_place_of_a_town() {
    let rules = path("rules/helsinki");
    let args = ["preview", &rules, "--residents", "1000", "--from", "2026-12-01", "--months", "1", "--no-letter"];
    let ran = ennakko(&args);
    exits_with(&ran, 0);
    assert!(ran.out.starts_with("Nobody here is real: 1,000 made-up residents, seed 1;\n"), "{}", ran.out);
    assert!(ran.out.contains("adds up"), "{}", ran.out);
    let other = ennakko(&[&args[..], &["--seed", "2"]].concat());
    exits_with(&other, 0);
    assert_ne!(ran.out.lines().skip(1).collect::<Vec<_>>(), other.out.lines().skip(1).collect::<Vec<_>>());
}

#[test]
fn help_has_examples_and_the_version_is_told() {
    for command in ["check", "test", "preview", "facts", "approve", "new", "register", "sample", "completions"] {
        let ran = ennakko(&[command, "--help"]);
        exits_with(&ran, 0);
        assert!(ran.out.contains("Examples:") && ran.out.contains("Usage: ennakko"), "{}", ran.out);
    }
    let ran = ennakko(&["--version"]);
    exits_with(&ran, 0);
    assert_eq!(ran.out, format!("ennakko {}\n", env!("CARGO_PKG_VERSION")));
    exits_with(&ennakko(&[]), 2);
}
