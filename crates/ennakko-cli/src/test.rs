//! `ennakko test`: the cases of the rules' pages.

use std::io::Write;

use ennakko::cases::{self, CaseResult};
use ennakko::core::RuleId;
use ennakko::wire::v1::CaseV1;

use crate::arguments::{Format, TestArguments};
use crate::check::{self, counted};
use crate::failure::Failure;
use crate::folders::{self, Loaded};
use crate::{Found, Io};

pub(crate) fn run(arguments: &TestArguments, io: &mut Io<'_>) -> Result<Found, Failure> {
    let folders = folders::load_all(&arguments.folder)?;
    if let Some(rule) = &arguments.rule {
        folders::must_know(&folders, rule)?;
    }
    // rules with errors have no cases that could be run, so the errors are told first
    let errors = folders.iter().flat_map(|folder| &folder.findings).filter(|finding| finding.is_error());
    let out = if arguments.format == Format::Human { &mut *io.out } else { &mut *io.err };
    check::print(out, errors)?;
    let only = arguments.rule.as_deref().map(RuleId::new);
    let results: Vec<CaseResult> = folders
        .iter()
        .filter_map(|folder| folder.rules.as_ref().map(|rules| (folder, rules)))
        .flat_map(|(folder, rules)| {
            let results = cases::run(rules, only.as_ref()).into_iter();
            results.filter(|result| !folder.is_broken(&result.rule))
        })
        .collect();
    let failed = results.iter().filter(|result| !result.passed()).count();
    let has_errors = folders.iter().any(Loaded::has_errors);
    match arguments.format {
        Format::Human => print(io.out, &results, failed, has_errors)?,
        Format::Json => {
            let results: Vec<CaseV1> = results.iter().map(CaseV1::of).collect();
            serde_json::to_writer_pretty(&mut *io.out, &results)?;
            writeln!(io.out)?;
        }
    }
    Ok(if failed > 0 || has_errors { Found::Something } else { Found::Nothing })
}

fn print(out: &mut dyn Write, results: &[CaseResult], failed: usize, has_errors: bool) -> Result<(), Failure> {
    for result in results.iter().filter(|result| !result.passed()) {
        writeln!(out, "failed: {}: {}", result.rule, result.name)?;
        writeln!(out, "  --> {}:{}", result.path, result.line)?;
        writeln!(out, "  expected  {}", result.expected)?;
        match &result.got {
            Ok(got) => writeln!(out, "  got       {got}\n")?,
            Err(error) => writeln!(out, "  got       no answer: {error}\n")?,
        }
    }
    let all = counted(results.len(), "case");
    match (failed, has_errors) {
        (0, false) => writeln!(out, "{all}, all as written")?,
        (0, true) => writeln!(out, "{all}, all as written; rules with errors were left out")?,
        _ => writeln!(out, "{all}, {failed} not as written")?,
    }
    writeln!(out, "{} passed, {failed} failed", results.len() - failed)?;
    Ok(())
}
