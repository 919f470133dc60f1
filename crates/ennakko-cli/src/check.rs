//! `ennakko check`: what is wrong in rule folders, at the line.

use std::io::Write;

use ennakko::core::RuleId;
use ennakko::rules::evaluate::plan;
use ennakko::rules::{Diagnostic, due};
use ennakko::wire::v1::{FindingV1, SarifV1};

use crate::arguments::{CheckArguments, FindingFormat};
use crate::failure::Failure;
use crate::folders::{self, Loaded};
use crate::{Found, Io, github, ink, plan as shown, watch};

/// Versions without an approval that are named at most.
const NAMED_MAX: usize = 5;

pub(crate) fn run(arguments: &CheckArguments, io: &mut Io<'_>) -> Result<Found, Failure> {
    if !arguments.watch {
        return once(arguments, io);
    }
    if arguments.format != FindingFormat::Human {
        return Err(Failure::wrong("`--watch` is for people; leave out `--format`"));
    }
    // a folder that is not there is wrong use, and nothing to wait for
    folders::load_all(&arguments.folder)?;
    let mut saves = watch::Saves::below(&arguments.folder)?;
    watch::run(arguments, &mut saves, io)
}

/// One check.
pub(crate) fn once(arguments: &CheckArguments, io: &mut Io<'_>) -> Result<Found, Failure> {
    let mut folders = folders::load_all(&arguments.folder)?;
    if let Some(on) = arguments.on {
        for folder in &mut folders {
            if let Some(rules) = &folder.rules {
                folder.findings.extend(due::by(rules.set(), &folder.files, on));
                folder.findings.sort();
            }
        }
    }
    let mut plans = Vec::new();
    if arguments.plan {
        for folder in &mut folders {
            if let Some(rules) = &folder.rules {
                let of_folder = plan::plans(rules.set());
                folder.findings.extend(of_folder.iter().flat_map(|plan| plan.findings(&folder.files)));
                folder.findings.sort();
                plans.extend(of_folder);
            }
        }
    }
    let findings: Vec<&Diagnostic> = folders.iter().flat_map(|folder| &folder.findings).collect();
    match arguments.format {
        FindingFormat::Human => {
            for finding in &findings {
                writeln!(io.out, "{}", ink::finding(finding, io.is_terminal))?;
            }
            if arguments.plan {
                shown::print(&mut *io.out, &plans)?;
            }
            writeln!(io.out, "{}", summary(&folders))?;
            for line in folders.iter().filter_map(approvals) {
                writeln!(io.out, "{line}")?;
            }
        }
        FindingFormat::Json => {
            let findings: Vec<FindingV1> = findings.iter().map(|finding| FindingV1::of(finding)).collect();
            serde_json::to_writer_pretty(&mut *io.out, &findings)?;
            writeln!(io.out)?;
        }
        FindingFormat::Github => {
            for finding in &findings {
                writeln!(io.out, "{}", github::annotation(finding))?;
            }
        }
        FindingFormat::Sarif => {
            serde_json::to_writer_pretty(&mut *io.out, &SarifV1::of(findings.iter().copied()))?;
            writeln!(io.out)?;
        }
    }
    Ok(if folders.iter().any(Loaded::has_errors) { Found::Something } else { Found::Nothing })
}

/// Findings one below the other, with an empty line after each.
pub(crate) fn print<'d>(out: &mut dyn Write, findings: impl Iterator<Item = &'d Diagnostic>) -> Result<(), Failure> {
    for finding in findings {
        writeln!(out, "{finding}")?;
    }
    Ok(())
}

fn summary(folders: &[Loaded]) -> String {
    let rules: usize = folders.iter().map(|folder| folder.ids.len()).sum();
    let all = || folders.iter().flat_map(|folder| &folder.findings);
    let errors = all().filter(|finding| finding.is_error()).count();
    let warnings = all().count() - errors;
    format!("{}, {}, {}", counted(rules, "rule"), counted(errors, "error"), counted(warnings, "warning"))
}

/// How many versions of a folder's rules a run would take, and which not. No error: drafts can be tested and previewed.
fn approvals(folder: &Loaded) -> Option<String> {
    let set = folder.rules.as_ref()?.set();
    let ids: Vec<&RuleId> = set.ids().collect();
    let versions: Vec<_> = ids.into_iter().flat_map(|id| set.versions(id)).collect();
    let missing: Vec<&str> =
        versions.iter().filter(|rule| !set.is_approved(rule)).map(|rule| &*rule.card.version).collect();
    if versions.is_empty() {
        return None;
    }
    let approved = versions.len() - missing.len();
    let all = counted(versions.len(), "version");
    if missing.is_empty() {
        return Some(format!("approved: {approved} of {all}"));
    }
    let named = missing.iter().take(NAMED_MAX).copied().collect::<Vec<_>>().join(", ");
    let more = match missing.len().saturating_sub(NAMED_MAX) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    Some(format!("approved: {approved} of {all}; a run would refuse {named}{more}"))
}

/// `1 error`, `2 errors`
pub(crate) fn counted(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}
