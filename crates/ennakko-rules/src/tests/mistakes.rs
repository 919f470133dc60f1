//! Every mistake that an analyst can make in a folder, with the message that tells it.
//!
//! The cases stand in `tests-data/mistakes.txt`: what is changed in the folder of `tests-data/base`, and every finding
//! word for word. Somebody has read each message as its reader would.

use std::collections::BTreeSet;

use super::folder::{findings, with_place};
use crate::RuleFile;
use crate::diagnostic::Code;

const CASES: &str = include_str!("../../tests-data/mistakes.txt");

/// One case: its name, the changes, and the findings expected.
struct Case {
    name: String,
    changes: Vec<Change>,
    expected: String,
}

enum Change {
    /// In a file, one text for another.
    Replace { path: String, from: String, to: String },
    /// A file more, or in place of another.
    Write { path: String, text: String },
    /// A file less.
    Remove { path: String },
}

/// `=== name`, then changes (`in PATH`, lines with `- ` that go and lines with `+ ` that come; `write PATH` with `+ `
/// lines; `remove PATH`), then `---` and what is expected.
fn cases() -> Vec<Case> {
    CASES
        .split("\n=== ")
        .skip(1)
        .map(|case| {
            let (head, expected) = case.split_once("\n---\n").unwrap_or_else(|| panic!("no `---` in: {case}"));
            let mut lines = head.lines();
            let name = lines.next().unwrap().to_owned();
            let mut changes = Vec::new();
            for line in lines {
                let rest = |line: &str| line[2..].replace("<NUL>", "\0").replace("<RLO>", "\u{202e}");
                match (line.split_once(' '), changes.last_mut()) {
                    (Some(("in", path)), _) => {
                        changes.push(Change::Replace { path: path.to_owned(), from: String::new(), to: String::new() });
                    }
                    (Some(("write", path)), _) => {
                        changes.push(Change::Write { path: path.to_owned(), text: String::new() });
                    }
                    (Some(("remove", path)), _) => changes.push(Change::Remove { path: path.to_owned() }),
                    (Some(("-", _)), Some(Change::Replace { from, .. })) => add_line(from, &rest(line)),
                    (Some(("+", _)), Some(Change::Replace { to, .. })) => add_line(to, &rest(line)),
                    (Some(("+", _)), Some(Change::Write { text, .. })) => {
                        text.push_str(&rest(line));
                        text.push('\n');
                    }
                    _ => panic!("{name}: not understood: {line}"),
                }
            }
            Case { name, changes, expected: expected.trim().to_owned() }
        })
        .collect()
}

fn add_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

fn changed(case: &Case) -> Vec<RuleFile> {
    let mut files = with_place();
    for change in &case.changes {
        match change {
            Change::Replace { path, from, to } => {
                let file = files.iter_mut().find(|file| &*file.path == path.as_str());
                let file = file.unwrap_or_else(|| panic!("{}: no file {path}", case.name));
                assert_eq!(file.text.matches(from.as_str()).count(), 1, "{}: `{from}` in {path}", case.name);
                file.text = file.text.replace(from.as_str(), to).into();
            }
            Change::Write { path, text } => {
                files.retain(|file| &*file.path != path.as_str());
                files.push(RuleFile::new(path, text));
            }
            Change::Remove { path } => files.retain(|file| &*file.path != path.as_str()),
        }
    }
    files
}

fn told(case: &Case) -> String {
    findings(&changed(case)).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n").trim().to_owned()
}

#[test]
fn each_mistake_is_told_in_these_words() {
    let mut wrong = String::new();
    for case in cases() {
        let told = told(&case);
        if told != case.expected {
            wrong = format!("{wrong}\n=== {}\n--- told\n{told}\n--- expected\n{}\n", case.name, case.expected);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The test that a case writes in place of another, if that is all it does.
fn test_of(case: &Case) -> Option<&str> {
    match case.changes.as_slice() {
        [Change::Replace { path, from, to }] if path == "place.rhai" && from == "child.lives_in_city" => Some(to),
        _ => None,
    }
}

/// Code and message of every finding about the rule, except that a name is not used.
fn words(files: &[RuleFile]) -> Vec<(Code, String)> {
    let found = findings(files).into_iter().filter(|found| found.code != Code::Unused);
    let mut words: Vec<_> = found.map(|found| (found.code, found.message)).collect();
    words.sort();
    words
}

#[test]
fn a_mistake_is_told_alike_in_a_helper_and_in_a_closure() {
    let mut wrong = String::new();
    let mut n = 0;
    for case in &cases() {
        let Some(test) = test_of(case) else { continue };
        let plain = words(&changed(case));
        // what does not parse is told where it stops; what a line must be is told of lines alone
        let of_lines = |(code, message): &(Code, String)| {
            *code == Code::Syntax || message.contains("is not a test") || message.contains("part of the rule's form")
        };
        if plain.is_empty() || plain.iter().any(of_lines) {
            continue;
        }
        n += 1;
        let place = with_place().into_iter().find(|file| &*file.path == "place.rhai").unwrap();
        for (kind, instead, helper) in [
            (
                "helper",
                "in_a_helper(child, on, start)".to_owned(),
                format!("fn in_a_helper(child, on, start) {{ {test} }}\n"),
            ),
            ("closure", format!("child.custodians.some(|_one| {test})"), String::new()),
        ] {
            let changed = place.text.replace("child.lives_in_city", &instead);
            let mut files = with_place();
            files.retain(|file| file.path != place.path);
            files.push(RuleFile::new("place.rhai", &format!("{changed}{helper}")));
            let told = words(&files);
            if told != plain {
                wrong = format!("{wrong}\n{} in a {kind}: {told:?}\n    not {plain:?}", case.name);
            }
        }
    }
    assert!(n >= 80, "{n}");
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_looks_like_a_mistake_and_is_none_is_not_told() {
    let mut told = String::new();
    for test in LOOK_ALIKES.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
        let mut files = with_place();
        let place = files.iter_mut().find(|file| &*file.path == "place.rhai").unwrap();
        place.text = place.text.replace("child.lives_in_city", test).into();
        for finding in findings(&files) {
            told = format!("{told}\n{finding}");
        }
    }
    assert!(told.is_empty(), "{told}");
}

/// Tests beside the mistakes, which are right.
const LOOK_ALIKES: &str = r#"
    // none is asked for, or need not be
    child.place_year == start.year
    child.place_year != start.year
    child.place_year in [start.year, start.year + 1]
    child.place_year == () || child.place_year >= start.year
    child.place_year != () && child.place_year >= start.year
    !(child.place_year == ()) && child.place_year < start.year
    !(child.place_year == () || child.place_year < start.year)
    if child.place_year == () { true } else { child.place_year < start.year }
    if child.place_year != () { child.place_year < start.year } else { child.flag }
    (child.place_year ?? start.year) < start.year
    { let year = child.place_year; year != () && year < start.year }
    { let has = child.place_year != (); has && child.place_year < start.year }
    child.place_year == start.year && child.place_year > start.opens.year
    child.household != () && child.household.members.some(|m| m.household != () && m.household.members.len() > 1)
    child.visited == () || child.visited.year == start.year && child.visited <= on
    child.custodians.all(|c| c.birth_year < child.birth_year)
    switch child.sex { "female" => true, "male" => false, () => child.flag }
    // of one kind
    child.school == "North"
    child.school in ["North", "South"]
    child.flag == child.other
    on == start.opens
    child.seen in [on, start.opens]
    child.custodians.len() == 2
    child.custodians.len() == child.custodians.filter(|c| c.flag).len()
    start.id == "2027"
    // not decided
    child.flag || child.other
    child.flag && child.other || !child.flag && !child.other
    child.income > 0 && child.income < fees::limit(on)
    child.income < 0 || child.income > 1
    child.income > 0 || child.flag && child.income > -1
    child.sex == "female" || child.flag && child.sex == "male"
    child.sex != "female" && child.sex != ()
    if child.income > 0 { child.flag } else { child.income < -1 }
    child.custodians.some(|c| c.flag) && child.custodians.all(|c| c.flag)
    on >= start.opens && on < start.closes
    child.age_on(on) >= education::starting_age(on) || child.age_on(on) < education::starting_age(start.opens)
    // within bounds
    child.income != 0 && fees::limit(on) / child.income > 1
    if child.income == 0 { false } else { fees::limit(on) % child.income == 0 }
    child.income > 0 && fees::limit(on) / child.income > 1
    child.birth_year * child.birth_year > start.year * 1
    fees::limit(on) / (child.custodians.len() + 1) > 1
    child.seen.plus_years(education::starting_age(on)) <= on
    child.custodians.sum(|c| c.income) > fees::limit(on)
    // of units that go together
    child.birth_year + child.age_reached_in(start.year) == start.year
    start.year - child.birth_year == education::starting_age(on)
    child.age_on(on) == education::starting_age(on)
    child.age_on(on) + 1 == child.age_reached_in(start.year)
    child.income * 12 < fees::limit(on) * child.custodians.len()
    on.days_until(start.opens) < start.opens.days_until(start.closes)
    // no limits
    child.income > 0
    child.income == 1
    child.birth_year == start.year - 1
    child.age_on(on) < education::starting_age(on) + 1
    child.custodians.filter(|c| c.flag).len() >= 3
    child.birth_year in education::years(on)
    // used
    child.custodians.some(|_c| child.flag)
    { let a = child.flag; let b = !a; b || child.other }
    { let a = child.flag; { let a = !a; a && child.other } }
"#;

#[test]
fn messages_are_in_one_tone() {
    let mut told_once = BTreeSet::new();
    let mut n = 0;
    for case in cases() {
        for finding in findings(&changed(&case)) {
            n += 1;
            let message = &finding.message;
            let first = message.chars().next().unwrap();
            assert!(!first.is_uppercase(), "{}: {message}", case.name);
            assert!(!message.ends_with('.') && !message.contains('\n'), "{}: {message}", case.name);
            for word in ["i64", "ImmutableString", "Dynamic", "Option", "Vec<", "rhai", "bool,", "struct"] {
                assert!(!message.contains(word), "{}: {message}", case.name);
            }
            assert!(
                finding.help.as_ref().is_some_and(|help| !help.ends_with('.') || help.ends_with("...")),
                "{}: {finding}",
                case.name
            );
            told_once.insert(message.clone());
        }
    }
    assert!(cases().len() >= 60 && told_once.len() >= 60, "{n} findings, {} of them different", told_once.len());
}

#[test]
fn the_order_of_files_changes_nothing() {
    for case in cases().iter().step_by(3) {
        let files = changed(case);
        let told = told(case);
        for turn in 0..files.len() {
            let mut turned = files.clone();
            turned.rotate_left(turn);
            if turn % 2 == 1 {
                turned.reverse();
            }
            let again: Vec<String> = findings(&turned).iter().map(ToString::to_string).collect();
            assert_eq!(again.join("\n").trim(), told, "{}", case.name);
        }
    }
}

#[test]
fn a_folder_without_a_mistake_has_no_findings() {
    assert_eq!(findings(&with_place()), []);
}

#[test]
fn all_mistakes_of_a_folder_are_told_at_once_sorted_by_file_and_line() {
    let mut files = with_place();
    let mut change = |path: &str, from: &str, to: &str| {
        let file = files.iter_mut().find(|file| &*file.path == path).unwrap();
        assert!(file.text.contains(from), "{path}: {from}");
        file.text = file.text.replacen(from, to, 1).into();
    };
    change("place.rhai", "child.lives_in_city", "child.live_in_city");
    change("place.rhai", "education::starting_age", "education::start_age");
    change("place.rhai", "kind:       \"right\"", "kind:       \"wrong\"");
    change("place.rhai", "on) < 10", "on) < 010");
    change("facts.toml", "absent           = \"no\"", "absent           = \"not\"");
    change("parameters.toml", "until   = 2028-01-01", "until   = 2018-01-01");
    change("place.fi.ftl", "    .yes = On.\n", "");
    change("place.md", "2027-01-12", "12.1.2027");
    let places: Vec<String> = findings(&files)
        .iter()
        .map(|found| format!("{}:{} {}", found.path, found.place.line, found.code.as_str()))
        .collect();
    assert_eq!(
        places,
        [
            "facts.toml:22 R020",
            "parameters.toml:5 R020",
            "place.md:9 R050",
            "place.rhai:3 R002",
            "place.rhai:22 R040",
            "place.rhai:22 R012",
            "place.rhai:23 R012",
            "place.rhai:32 R003",
        ]
    );
}
