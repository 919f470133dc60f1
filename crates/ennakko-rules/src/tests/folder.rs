//! Folders of rules as texts: tables of `tests-data/base`, and rules made up in the test.

use crate::{Diagnostic, RuleFile, RuleSet};

macro_rules! base {
    ($($name:literal)*) => { [$(RuleFile::new($name, include_str!(concat!("../../tests-data/base/", $name)))),*] };
}

/// The tables that every test folder has.
pub(crate) fn tables() -> Vec<RuleFile> {
    base!("city.toml" "purposes.toml" "facts.toml" "parameters.toml" "calendar.toml" "code_lists.toml" "laws.toml" "_common.fi.ftl")
        .into()
}

/// The tables and one rule, without a mistake.
pub(crate) fn with_place() -> Vec<RuleFile> {
    let mut files = tables();
    files.extend(base!("place.rhai" "place.fi.ftl" "place.md"));
    files
}

/// A rule as a test writes it: only what the test is about differs from a rule that offers to everybody.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) purpose: &'static str,
    pub(crate) subject: &'static str,
    pub(crate) discretion: &'static str,
    pub(crate) late: &'static str,
    pub(crate) in_force: &'static str,
    /// More keys of the head.
    pub(crate) head: &'static str,
    pub(crate) occasion: &'static str,
    pub(crate) cohort: &'static str,
    /// Statements before the conditions.
    pub(crate) before: &'static str,
    pub(crate) conditions: Vec<(&'static str, &'static str)>,
    pub(crate) already: Vec<(&'static str, &'static str)>,
    pub(crate) officer: Vec<(&'static str, &'static str)>,
    pub(crate) sanity: Vec<(&'static str, &'static str)>,
    pub(crate) offer: Vec<(&'static str, &'static str)>,
    /// More functions.
    pub(crate) helpers: &'static str,
}

impl Draft {
    pub(crate) fn new() -> Self {
        Self {
            purpose: "education",
            subject: "resident",
            discretion: "none",
            late: "task",
            in_force: "from: \"2021-08-01\", review_by: \"2027-06-30\"",
            head: "",
            occasion: "calendar::start(on)",
            cohort: "true",
            before: "",
            conditions: vec![("everybody", "true")],
            already: Vec::new(),
            officer: Vec::new(),
            sanity: vec![("sane", "true")],
            offer: Vec::new(),
            helpers: "",
        }
    }

    /// The rule with one condition.
    pub(crate) fn when(test: &'static str) -> Self {
        Self { conditions: vec![("test", test)], ..Self::new() }
    }

    fn text(&self) -> String {
        let map = |lines: &[(&str, &str)]| {
            lines.iter().fold(String::new(), |map, (name, test)| format!("{map}        {name}: {test},\n"))
        };
        let Self { purpose, subject, discretion, late, in_force, head, occasion, cohort, before, helpers, .. } = self;
        format!(
            "const RULE = #{{
    title: \"A rule\", kind: \"right\", law: [\"Act 1/2020\"], in_force: #{{ {in_force} }},
    purpose: \"{purpose}\", subject: \"{subject}\", discretion: \"{discretion}\",
    effect: #{{ favourable: true, reversible: true, fee: false, sensitive: false }},
    late: \"{late}\", messages: [], {head}
}};
fn occasion(child, on) {{ {occasion} }}
fn cohort(child, on, o) {{ {cohort} }}
fn conditions(child, on, o) {{
    {before}
    #{{
{}    }}
}}
fn already(child, on, o) {{ #{{ {} }} }}
fn officer(child, on, o) {{ #{{ {} }} }}
fn sanity(child, on, o) {{ #{{ {} }} }}
fn offer(child, on, o) {{ #{{ {} }} }}
{helpers}
",
            map(&self.conditions),
            map(&self.already),
            map(&self.officer),
            map(&self.sanity),
            map(&self.offer),
        )
    }

    /// The rule's files: script, page and texts.
    pub(crate) fn files(&self, name: &str) -> Vec<RuleFile> {
        let id = name.split('.').next().unwrap();
        let page = include_str!("../../tests-data/base/place.md");
        let lines = self.conditions.iter().chain(&self.already).chain(&self.officer);
        let texts = lines.fold("# made up\n".to_owned(), |texts, (name, _)| {
            format!("{texts}{name} = A name\n    .yes = Yes.\n    .no = No.\n    .unknown = Unknown.\n")
        });
        vec![
            RuleFile::new(&format!("{name}.rhai"), &self.text()),
            RuleFile::new(&format!("{id}.md"), page),
            RuleFile::new(&format!("{id}.fi.ftl"), &texts),
        ]
    }
}

/// The tables and these rules, by version name.
pub(crate) fn with_rules(rules: &[(&str, &Draft)]) -> Vec<RuleFile> {
    let mut files = tables();
    for (name, draft) in rules {
        for file in draft.files(name) {
            // versions share page and texts
            files.retain(|other| other.path != file.path);
            files.push(file);
        }
    }
    files
}

/// The folder, which must have no error.
pub(crate) fn loaded(files: &[RuleFile]) -> RuleSet {
    let (rules, diagnostics) = RuleSet::load(files).unwrap();
    let errors: Vec<String> = diagnostics.iter().filter(|d| d.is_error()).map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    rules
}

/// The findings about a folder.
pub(crate) fn findings(files: &[RuleFile]) -> Vec<Diagnostic> {
    match RuleSet::load(files) {
        Ok((_, diagnostics)) => diagnostics,
        Err(unusable) => unusable.diagnostics,
    }
}

/// The same files with every rule approved as it stands.
pub(crate) fn approved(mut files: Vec<RuleFile>) -> Vec<RuleFile> {
    let rules = loaded(&files);
    let versions = rules.ids().flat_map(|id| rules.versions(id));
    let rows = versions.fold(String::new(), |rows, rule| {
        format!(
            "{rows}[\"{}\"]\ndigest = \"{}\"\napproved_by = \"A\"\nrole = \"lawyer\"\napproved_on = 2026-11-22\ndecision = \"1\"\n",
            rule.card.version, rule.card.digest
        )
    });
    files.push(RuleFile::new("approvals.toml", &rows));
    files
}
