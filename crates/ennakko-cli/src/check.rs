//! `ennakko check`: what is wrong in rule folders, at the line.

use std::io::Write;

use ennakko::rules::Diagnostic;
use ennakko::wire::v1::FindingV1;

use crate::arguments::{CheckArguments, Format};
use crate::failure::Failure;
use crate::folders::{self, Loaded};
use crate::{Found, Io};

pub(crate) fn run(arguments: &CheckArguments, io: &mut Io<'_>) -> Result<Found, Failure> {
    let folders = folders::load_all(&arguments.folder)?;
    let findings: Vec<&Diagnostic> = folders.iter().flat_map(|folder| &folder.findings).collect();
    match arguments.format {
        Format::Human => {
            print(io.out, findings.iter().copied())?;
            writeln!(io.out, "{}", summary(&folders))?;
        }
        Format::Json => {
            let findings: Vec<FindingV1> = findings.iter().map(|finding| FindingV1::of(finding)).collect();
            serde_json::to_writer_pretty(&mut *io.out, &findings)?;
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

/// `1 error`, `2 errors`
pub(crate) fn counted(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}
