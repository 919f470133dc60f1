//! Every mistake that an analyst can make in a folder, with the message that tells it.
//!
//! The cases stand in `tests-data/mistakes.txt`: what is changed in the folder of `tests-data/base`, and every finding
//! word for word. Somebody has read each message as its reader would.

use std::collections::BTreeSet;

use super::folder::{findings, with_place};
use crate::RuleFile;

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
