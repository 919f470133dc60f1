//! Approval of a version of a rule: who, in which role, on which day, by which decision, bound to the digest of all that it
//! says and reads. Written into the text of `approvals.toml`, the rest of which stays as it was written.
//!
//! Only what the check finds no error in and whose cases are as written is approved.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use ennakko_core::RuleId;
use ennakko_rules::Diagnostic;
use ennakko_rules::rule::Rule;
use thiserror::Error;
use toml_edit::{Date, Datetime, DocumentMut, Item, Table, TableLike, value};

use crate::cases;
use crate::folder::Rules;

/// Who approves, and on which ground.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approver {
    /// The name.
    pub by: String,
    /// In which role.
    pub role: String,
    /// The deployment decision.
    pub decision: String,
    /// The day.
    pub on: NaiveDate,
}

/// What was approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approved {
    /// The rule.
    pub rule: RuleId,
    /// Its version.
    pub version: Arc<str>,
    /// The file.
    pub path: Arc<str>,
    /// Digest of rule, helpers, page, texts and the rows in use.
    pub digest: Arc<str>,
    /// The law that it cites.
    pub law: Vec<String>,
    /// What it is for.
    pub purpose: String,
    /// Declared facts that it reads of its own subject.
    pub facts_read: BTreeSet<String>,
    /// How many cases were as written.
    pub n_cases: usize,
    /// Whether it was approved as it stands before.
    pub was_approved: bool,
    /// The text of `approvals.toml` with the row.
    pub text: String,
}

/// Why nothing was approved.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NotApproved {
    /// The check finds errors.
    #[error("the check finds {0} in this folder, and only what is without errors can be approved")]
    Errors(String),
    /// No rule, or no version of one, is called so.
    #[error("no rule is called `{name}`; known: {}", known.join(", "))]
    Unknown {
        /// As it was asked for.
        name: String,
        /// Rules there are.
        known: Vec<String>,
    },
    /// No version of the rule is in force on the day.
    #[error("no version of `{rule}` is in force on {on}; name one: {}", versions.join(", "))]
    NotInForce {
        /// The rule.
        rule: RuleId,
        /// The day.
        on: NaiveDate,
        /// Its versions, by their files.
        versions: Vec<String>,
    },
    /// There are no cases that say what the rule does.
    #[error("the page of `{0}` has no case")]
    NoCases(RuleId),
    /// Cases are not as written.
    #[error("{failed} of the {n_cases} cases of `{rule}` are not as written")]
    CasesFail {
        /// The rule.
        rule: RuleId,
        /// How many are not.
        failed: usize,
        /// Of how many.
        n_cases: usize,
    },
    /// A part of who approves is blank.
    #[error("`{0}` is blank; say who approves, in which role and by which decision")]
    Blank(&'static str),
    /// The approvals cannot be read.
    #[error("approvals.toml cannot be read as TOML: {0}")]
    Torn(String),
}

/// Approves the version of a rule that is in force on the approver's day, or the version named by its file
/// (`school_place.from-2018-01-01`, `school_place.rhai`).
///
/// `approvals` is the text of `approvals.toml`, empty if there is none.
///
/// # Errors
/// * [`NotApproved::Blank`] when a part of who approves is blank
/// * [`NotApproved::Unknown`], [`NotApproved::NotInForce`] when there is no such version
/// * [`NotApproved::Errors`], [`NotApproved::NoCases`], [`NotApproved::CasesFail`] when it cannot be approved as it stands
/// * [`NotApproved::Torn`] when the approvals are not TOML
pub fn approve(
    rules: &Rules,
    findings: &[Diagnostic],
    which: &str,
    approver: &Approver,
    approvals: &str,
) -> Result<Approved, NotApproved> {
    for (part, text) in [("by", &approver.by), ("role", &approver.role), ("decision", &approver.decision)] {
        if text.trim().is_empty() {
            return Err(NotApproved::Blank(part));
        }
    }
    let n_errors = findings.iter().filter(|finding| finding.is_error()).count();
    if n_errors > 0 {
        let errors = if n_errors == 1 { "1 error".to_owned() } else { format!("{n_errors} errors") };
        return Err(NotApproved::Errors(errors));
    }
    let rule = version(rules, which, approver.on)?;
    let id = &rule.card.id;
    let results = cases::run(rules, Some(id));
    let failed = results.iter().filter(|result| !result.passed()).count();
    if results.is_empty() {
        return Err(NotApproved::NoCases(id.clone()));
    }
    if failed > 0 {
        return Err(NotApproved::CasesFail { rule: id.clone(), failed, n_cases: results.len() });
    }
    Ok(Approved {
        rule: id.clone(),
        version: rule.card.version.clone(),
        path: rule.path.clone(),
        digest: rule.card.digest.clone(),
        law: rule.card.law.clone(),
        purpose: rule.card.purpose.clone(),
        facts_read: rule.facts_read.clone(),
        n_cases: results.len(),
        was_approved: rules.set().is_approved(rule),
        text: with_row(approvals, rule, approver)?,
    })
}

/// The version that is meant.
fn version<'r>(rules: &'r Rules, which: &str, on: NaiveDate) -> Result<&'r Rule, NotApproved> {
    let set = rules.set();
    let all = || set.ids().flat_map(|id| set.versions(id));
    let id = RuleId::new(which);
    let versions = set.versions(&id);
    if !versions.is_empty() {
        return versions.iter().find(|rule| rule.in_force_on(on)).ok_or_else(|| NotApproved::NotInForce {
            rule: id,
            on,
            versions: versions.iter().map(|rule| format!("{}.rhai", rule.card.version)).collect(),
        });
    }
    let named = which.strip_suffix(".rhai").unwrap_or(which);
    all().find(|rule| *rule.card.version == *named).ok_or_else(|| NotApproved::Unknown {
        name: which.to_owned(),
        known: set.ids().map(ToString::to_string).collect(),
    })
}

/// The approvals with this version's row; every other line stays.
fn with_row(approvals: &str, rule: &Rule, approver: &Approver) -> Result<String, NotApproved> {
    let torn = |what: &str| NotApproved::Torn(what.lines().next().unwrap_or_default().to_owned());
    let mut document: DocumentMut = approvals.parse().map_err(|error: toml_edit::TomlError| torn(error.message()))?;
    let is_first = document.is_empty();
    let version = &*rule.card.version;
    if document.get(version).is_none() {
        let mut row = Table::new();
        if !is_first {
            row.decor_mut().set_prefix("\n");
        }
        document.insert(version, Item::Table(row));
    }
    let row = document.get_mut(version).and_then(Item::as_table_like_mut);
    let row = row.ok_or_else(|| torn(&format!("`{version}` is not a table")))?;
    let day = |number: u32| u8::try_from(number).unwrap_or(1);
    let on = Date {
        year: u16::try_from(approver.on.year()).unwrap_or(0),
        month: day(approver.on.month()),
        day: day(approver.on.day()),
    };
    let on = Datetime { date: Some(on), time: None, offset: None };
    for (key, is) in [
        ("digest", value(&*rule.card.digest)),
        ("approved_by", value(approver.by.trim())),
        ("role", value(approver.role.trim())),
        ("approved_on", value(on)),
        ("decision", value(approver.decision.trim())),
    ] {
        set(row, key, is);
    }
    Ok(document.to_string())
}

/// Sets a value and leaves what stands around it: blanks and the comment on its line.
fn set(row: &mut dyn TableLike, key: &str, mut is: Item) {
    let Some(item) = row.get_mut(key) else {
        row.insert(key, is);
        return;
    };
    if let (Some(old), Some(new)) = (item.as_value(), is.as_value_mut()) {
        *new.decor_mut() = old.decor().clone();
    }
    *item = is;
}
