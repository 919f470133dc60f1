//! `ennakko test`: the cases of the rules' pages.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use ennakko::Rules;
use ennakko::cases::{self, CaseResult, Filled, Proposal};
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
    let has_errors = folders.iter().any(Loaded::has_errors);
    if arguments.edges {
        let lacks = edges(&folders, only.as_ref(), arguments.strict, io.out)?;
        return Ok(if has_errors || arguments.strict && lacks { Found::Something } else { Found::Nothing });
    }
    if arguments.accept {
        accept(&folders, only.as_ref(), io.out)?;
        return Ok(if has_errors { Found::Something } else { Found::Nothing });
    }
    let results: Vec<CaseResult> = usable(&folders)
        .flat_map(|(folder, rules)| {
            let results = cases::run(rules, only.as_ref()).into_iter();
            results.filter(|result| !folder.is_broken(&result.rule))
        })
        .collect();
    let failed = results.iter().filter(|result| !result.passed()).count();
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

fn usable(folders: &[Loaded]) -> impl Iterator<Item = (&Loaded, &Rules)> {
    folders.iter().filter_map(|folder| folder.rules.as_ref().map(|rules| (folder, rules)))
}

fn print(out: &mut dyn Write, results: &[CaseResult], failed: usize, has_errors: bool) -> Result<(), Failure> {
    // what is missing in a `given` block is told once, not for each case below it
    let mut told = BTreeSet::new();
    for result in results.iter().filter(|result| !result.passed()) {
        match (&result.got, result.given_line) {
            (Err(error), Some(line)) => {
                if told.insert((&result.rule, line, error)) {
                    let same = |other: &&CaseResult| {
                        other.rule == result.rule && other.given_line == Some(line) && other.got == result.got
                    };
                    let n_cases = results.iter().filter(same).count();
                    writeln!(out, "failed: {}: {}", result.rule, counted(n_cases, "case"))?;
                    writeln!(out, "  --> {}:{line}", result.path)?;
                    writeln!(out, "  no answer: {error}\n")?;
                }
            }
            _ => print_failed(out, result)?,
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

fn print_failed(out: &mut dyn Write, result: &CaseResult) -> Result<(), Failure> {
    writeln!(out, "failed: {}: {}", result.rule, result.name)?;
    writeln!(out, "  --> {}:{}", result.path, result.line)?;
    if result.expected.is_open() {
        writeln!(out, "  expected  nothing yet; write it, or let `ennakko test --accept` fill it in and look at it")?;
    } else {
        writeln!(out, "  expected  {}", result.expected)?;
    }
    match &result.got {
        Ok(got) => writeln!(out, "  got       {got}")?,
        Err(error) => writeln!(out, "  got       no answer: {error}")?,
    }
    for decider in &result.decided_by {
        writeln!(out, "  `{}` stands at {}:{}", decider.name, decider.path, decider.line)?;
    }
    for help in &result.help {
        writeln!(out, "  help: {help}")?;
    }
    writeln!(out)?;
    Ok(())
}

/// Proposes cases; whether there are any.
fn edges(folders: &[Loaded], only: Option<&RuleId>, strict: bool, out: &mut dyn Write) -> Result<bool, Failure> {
    let mut lacks = 0;
    for (folder, rules) in usable(folders) {
        let ids = rules.set().ids().filter(|id| only.is_none_or(|only| only == *id));
        for id in ids.filter(|id| !folder.is_broken(id)) {
            let proposals = cases::proposals(rules, id);
            lacks += proposals.len();
            print_proposals(out, &proposals)?;
        }
    }
    if lacks == 0 {
        writeln!(out, "no page lacks a case around a day, an age or a limit")?;
    } else {
        writeln!(out, "{} lacking", counted(lacks, "case"))?;
        if !strict {
            let help =
                "put each row under a table of its page, run `ennakko test --accept`, and look at what it fills in";
            writeln!(out, "{help}")?;
        }
    }
    Ok(lacks > 0)
}

fn print_proposals(out: &mut dyn Write, proposals: &[Proposal]) -> Result<(), Failure> {
    let mut block = None;
    for proposal in proposals {
        if block.replace(proposal.given_line) != Some(proposal.given_line) {
            writeln!(out, "{}: under the `given` block of line {}", proposal.path, proposal.given_line)?;
        }
        writeln!(out, "{proposal}")?;
    }
    if !proposals.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

/// Fills open cells in.
fn accept(folders: &[Loaded], only: Option<&RuleId>, out: &mut dyn Write) -> Result<(), Failure> {
    let mut pages: BTreeMap<String, Vec<Filled>> = BTreeMap::new();
    for (folder, rules) in usable(folders) {
        for filled in cases::accept(rules, only).into_iter().filter(|filled| !folder.is_broken(&filled.rule)) {
            pages.entry(filled.path.to_string()).or_default().push(filled);
        }
    }
    for (path, filled) in &pages {
        fill(path, filled)?;
        for filled in filled {
            writeln!(out, "{path}:{}: {}: {}", filled.line, filled.name, filled.answer)?;
        }
    }
    match pages.values().map(Vec::len).sum() {
        0 => writeln!(out, "no case leaves anything open")?,
        n_filled => writeln!(out, "{} filled in; look at each before you keep it", counted(n_filled, "case"))?,
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the page is changed because its author asks for it")]
fn fill(path: &str, filled: &[Filled]) -> Result<(), Failure> {
    let wrong = |error| Failure::Wrong(format!("cannot change {path}: {error}"));
    let text = std::fs::read_to_string(path).map_err(wrong)?;
    // some editors put a mark before the first character, which the reader of pages leaves out
    let (mark, page) = text.strip_prefix('\u{feff}').map_or(("", text.as_str()), |page| ("\u{feff}", page));
    let page = Filled::into_page(page, filled)
        .ok_or_else(|| Failure::Wrong(format!("cannot change {path}: it has been changed meanwhile; run it again")))?;
    std::fs::write(path, format!("{mark}{page}")).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ennakko::cases::Answer;

    #[test]
    fn evaluators_that_disagree_are_printed_as_a_failure() {
        let result = CaseResult {
            rule: RuleId::new("school_place"),
            name: "born in May".to_owned(),
            path: "school_place.md".into(),
            line: 40,
            expected: Answer { outcome: "offered to A".to_owned(), because: Vec::new() },
            got: Err("the two evaluators differ: a defect of the engine".to_owned()),
            decided_by: Vec::new(),
            help: Vec::new(),
            given_line: None,
        };
        let mut out = Vec::new();
        assert!(print(&mut out, &[result], 1, false).is_ok());
        let expected = "failed: school_place: born in May\n  --> school_place.md:40\n  expected  offered to A\n  \
                        got       no answer: the two evaluators differ: a defect of the engine\n\n\
                        1 case, 1 not as written\n0 passed, 1 failed\n";
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }
}
