//! Every mistake that an analyst can make in a folder, with the message that tells it.
//!
//! The cases stand in `tests-data/mistakes.txt`: what is changed in the folder of `tests-data/base`, and every finding
//! word for word. Somebody has read each message as its reader would.

use std::collections::{BTreeMap, BTreeSet};

use super::folder::{findings, with_place};
use super::look_alikes::look_alikes;
use crate::RuleFile;
use crate::diagnostic::Code;

const CASES: &str = include_str!("../../tests-data/mistakes.txt");

/// One case: its name, the changes, and the findings expected.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) changes: Vec<Change>,
    pub(super) expected: String,
}

pub(super) enum Change {
    /// In a file, one text for another.
    Replace { path: String, from: String, to: String },
    /// A file more, or in place of another.
    Write { path: String, text: String },
    /// A file less.
    Remove { path: String },
    /// A file once more, under another name.
    Copy { from: String, to: String },
}

/// `=== name`, then changes, then `---` and what is expected.
pub(super) fn cases() -> Vec<Case> {
    let case = |case: &str| {
        let (head, expected) = case.split_once("\n---\n").unwrap_or_else(|| panic!("no `---` in: {case}"));
        let (name, changes) = head.split_once('\n').unwrap();
        Case { name: name.to_owned(), changes: changes_of(changes), expected: expected.trim().to_owned() }
    };
    CASES.split("\n=== ").skip(1).map(case).collect()
}

/// `in PATH`, lines with `- ` that go and lines with `+ ` that come, again and again; `write PATH` with `+ ` lines;
/// `remove PATH`; `copy PATH PATH`, with lines as after `in`.
pub(super) fn changes_of(text: &str) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let rest = line.get(2..).unwrap_or_default().replace("<NUL>", "\0").replace("<RLO>", "\u{202e}");
        let replaces = |path: &str| Change::Replace { path: path.to_owned(), from: String::new(), to: String::new() };
        match (line.split_once(' '), changes.last_mut()) {
            (Some(("in", path)), _) => changes.push(replaces(path)),
            (Some(("copy", paths)), _) => {
                let (from, to) = paths.split_once(' ').unwrap();
                changes.push(Change::Copy { from: from.to_owned(), to: to.to_owned() });
            }
            (Some(("write", path)), _) => {
                changes.push(Change::Write { path: path.to_owned(), text: String::new() });
            }
            (Some(("remove", path)), _) => changes.push(Change::Remove { path: path.to_owned() }),
            (Some(("-", _)), Some(Change::Replace { from, to, .. })) if to.is_empty() => add_line(from, &rest),
            (Some(("-", _)), Some(Change::Replace { path, .. } | Change::Copy { to: path, .. })) => {
                let mut change = replaces(path);
                if let Change::Replace { from, .. } = &mut change {
                    add_line(from, &rest);
                }
                changes.push(change);
            }
            (Some(("+", _)), Some(Change::Replace { to, .. })) => add_line(to, &rest),
            (Some(("+", _)), Some(Change::Write { text, .. })) => {
                text.push_str(&rest);
                text.push('\n');
            }
            _ => panic!("not understood: {line}"),
        }
    }
    changes
}

fn add_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

/// The folder without a mistake, with changes.
pub(super) fn changed(changes: &[Change]) -> Vec<RuleFile> {
    let mut files = with_place();
    for change in changes {
        let named = |path: &str| files.iter().position(|file| &*file.path == path).unwrap_or_else(|| panic!("{path}"));
        match change {
            Change::Replace { path, from, to } => {
                let file = named(path);
                let file = &mut files[file];
                assert_eq!(file.text.matches(from.as_str()).count(), 1, "`{from}` in {path}");
                file.text = file.text.replace(from.as_str(), to).into();
            }
            Change::Copy { from, to } => {
                let copy = RuleFile::new(to, &files[named(from)].text);
                files.push(copy);
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

pub(super) fn told(case: &Case) -> String {
    findings(&changed(&case.changes)).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n").trim().to_owned()
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
pub(super) fn test_of(case: &Case) -> Option<&str> {
    match case.changes.as_slice() {
        [Change::Replace { path, from, to }] if path == "place.rhai" && from == "child.lives_in_city" => Some(to),
        _ => None,
    }
}

/// Where a test can stand.
#[derive(Clone, Copy, Debug)]
pub(super) enum Where {
    Line,
    Helper,
    Closure,
}

/// The folder without a mistake, with a test in place of another.
pub(super) fn with_test(test: &str, stands: Where) -> Vec<RuleFile> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let given: Vec<&str> = test.split(|c| !is_word(c)).collect();
    let given = ["child", "on", "start"].into_iter().filter(|name| given.contains(name)).collect::<Vec<_>>().join(", ");
    let (instead, helper) = match stands {
        Where::Line => (test.to_owned(), String::new()),
        Where::Helper => (format!("in_a_helper({given})"), format!("fn in_a_helper({given}) {{ {test} }}\n")),
        Where::Closure => (format!("child.custodians.some(|_one| {test})"), String::new()),
    };
    let mut files = with_place();
    let place = files.iter_mut().find(|file| &*file.path == "place.rhai").unwrap();
    place.text = format!("{}{helper}", place.text.replace("child.lives_in_city", &instead)).into();
    files
}

/// Code and message of every finding.
fn words(files: &[RuleFile]) -> Vec<(Code, String)> {
    let mut words: Vec<_> = findings(files).into_iter().map(|found| (found.code, found.message)).collect();
    words.sort();
    words
}

#[test]
fn a_mistake_is_told_alike_in_a_helper_and_in_a_closure() {
    let mut wrong = String::new();
    let mut told_of: BTreeMap<Code, usize> = BTreeMap::new();
    for case in &cases() {
        let Some(test) = test_of(case) else { continue };
        let plain = words(&with_test(test, Where::Line));
        // what a line must be is told of lines alone
        let of_lines = |message: &str| message.contains("is not a test") || message.contains("part of the rule's form");
        if plain.is_empty() || plain.iter().any(|(_, message)| of_lines(message)) {
            continue;
        }
        for code in plain.iter().map(|(code, _)| *code).collect::<BTreeSet<_>>() {
            *told_of.entry(code).or_default() += 1;
        }
        for stands in [Where::Helper, Where::Closure] {
            let told = words(&with_test(test, stands));
            // what does not parse is told where the reader stops, which is elsewhere there
            let is_syntax = plain.iter().all(|(code, _)| *code == Code::Syntax);
            let alike = if is_syntax { told.len() == plain.len() } else { told == plain };
            if !alike {
                wrong = format!("{wrong}\n{} in a {stands:?}: {told:?}\n    not {plain:?}", case.name);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    // each has stood in a line, in a helper and in a closure
    let missed: Vec<_> = IN_EXPRESSIONS.iter().filter(|code| !told_of.contains_key(code)).collect();
    assert!(missed.is_empty() && told_of.len() == IN_EXPRESSIONS.len(), "{missed:?} {told_of:?}");
    assert!(told_of.values().sum::<usize>() >= 140, "{told_of:?}");
}

/// Codes of what an expression can have wrong.
const IN_EXPRESSIONS: &[Code] = &[
    Code::Syntax,
    Code::Numbers,
    Code::Form,
    Code::NoneNotAsked,
    Code::Types,
    Code::Decided,
    Code::Bounds,
    Code::Units,
    Code::Literal,
    Code::Unused,
    Code::UnknownName,
    Code::CodeList,
    Code::Purpose,
    Code::DecidesOn,
];

/// Codes of what a file of its own kind has wrong, in which there is neither helper nor closure.
const IN_FILES: &[(Code, &str)] = &[
    (Code::Table, "a key or value of a table file"),
    (Code::Validity, "days of rows, rounds, contacts and versions"),
    (Code::MissingText, "a language file, or the line of a rule that has no sentence in one"),
    (Code::Page, "a page and its cases"),
    (Code::Approval, "a row of approvals.toml"),
    (Code::File, "a file that is none of a rule folder"),
];

/// Three mistakes of each code, and five things that look like one. What runs out by a day (`Review`) is told besides
/// the check of a folder, and tried in `due.rs`.
#[test]
fn every_code_has_its_mistakes_and_its_look_alikes() {
    let cases = cases();
    let mut mistakes: BTreeMap<&str, usize> = BTreeMap::new();
    for case in &cases {
        let codes: BTreeSet<&str> =
            case.expected.split("[R").skip(1).map(|rest| rest.split(']').next().unwrap_or_default()).collect();
        for code in codes {
            *mistakes.entry(code).or_default() += 1;
        }
    }
    let codes = IN_EXPRESSIONS.iter().chain(IN_FILES.iter().map(|(code, _)| code));
    let n_codes = codes.clone().collect::<BTreeSet<_>>().len();
    for code in codes {
        let code = code.as_str();
        let n = mistakes.get(code.trim_start_matches('R')).copied().unwrap_or_default();
        let right = look_alikes().iter().filter(|look_alike| look_alike.of == code).count();
        assert!(n >= 3 && right >= 5, "{code}: {n} mistakes, {right} look-alikes");
    }
    // a code that somebody adds stands in one of the two lists
    assert_eq!(mistakes.len(), n_codes, "{mistakes:?}");
}

#[test]
fn messages_are_in_one_tone() {
    let mut told_once = BTreeSet::new();
    let mut n = 0;
    for case in cases() {
        for finding in findings(&changed(&case.changes)) {
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
        let files = changed(&case.changes);
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
