//! What looks like a mistake and is none: nothing is told of it, wherever it stands.

use super::folder::{findings, loaded, with_place};
use super::mistakes::{Change, Where, changed, changes_of, with_test};
use crate::RuleFile;

const LOOK_ALIKES: &str = include_str!("../../tests-data/look_alikes.txt");

/// One of them.
pub(super) struct LookAlike {
    /// The code of the mistake that it looks like.
    pub(super) of: &'static str,
    /// The test as it is written, or the name of the change.
    pub(super) name: String,
    /// What is changed in the folder, unless it is a test.
    changes: Option<Vec<Change>>,
}

/// `## code`, then tests line by line, then changes of the folder.
pub(super) fn look_alikes() -> Vec<LookAlike> {
    let digest = digest();
    let mut all = Vec::new();
    for section in LOOK_ALIKES.split("\n## ").skip(1) {
        let (of, rest) = section.split_once('\n').unwrap();
        let rest = format!("\n{rest}").replace("<DIGEST>", &digest);
        let mut parts = rest.split("\n=== ");
        let tests = parts.next().into_iter().flat_map(str::lines).filter(|line| !line.is_empty());
        all.extend(tests.map(|test| LookAlike { of, name: test.to_owned(), changes: None }));
        all.extend(parts.map(|part| {
            let (name, changes) = part.split_once('\n').unwrap();
            LookAlike { of, name: name.to_owned(), changes: Some(changes_of(changes)) }
        }));
    }
    all
}

/// The digest of the rule as it stands.
fn digest() -> String {
    let rules = loaded(&with_place());
    let id = rules.ids().next().unwrap().clone();
    rules.versions(&id)[0].card.digest.to_string()
}

impl LookAlike {
    /// What is told of it: nothing, if the checker is right.
    pub(super) fn told(&self) -> String {
        match &self.changes {
            Some(changes) => told(&changed(changes)),
            None => told(&with_test(&self.name, Where::Line)),
        }
    }
}

fn told(files: &[RuleFile]) -> String {
    findings(files).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn nothing_is_told_of_what_is_right() {
    let mut wrong = String::new();
    for look_alike in look_alikes() {
        let told_of = look_alike.told();
        if !told_of.is_empty() {
            wrong = format!("{wrong}\n=== {}\n{told_of}", look_alike.name);
        }
        if look_alike.changes.is_none() {
            for stands in [Where::Helper, Where::Closure] {
                let told = told(&with_test(&look_alike.name, stands));
                if told != told_of {
                    wrong = format!("{wrong}\n=== {stands:?}: {}\n{told}", look_alike.name);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
