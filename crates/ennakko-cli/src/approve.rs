//! `ennakko approve`: writes into `approvals.toml` who approved which version of a rule, bound to all that it says and reads.

use std::path::Path;

use ennakko::approve::{Approved, Approver, NotApproved, approve};

use crate::arguments::ApproveArguments;
use crate::check;
use crate::failure::{Failure, unknown};
use crate::folders;
use crate::{Found, Io};

/// Where approvals stand.
const FILE: &str = "approvals.toml";

pub(crate) fn run(arguments: &ApproveArguments, io: &mut Io<'_>) -> Result<Found, Failure> {
    let folder = folders::only(&arguments.folder)?;
    let loaded = folders::load(&folder)?;
    let errors: Vec<_> = loaded.findings.iter().filter(|finding| finding.is_error()).collect();
    let Some(rules) = loaded.rules.as_ref().filter(|_| errors.is_empty()) else {
        check::print(io.err, errors.iter().copied())?;
        let refused = NotApproved::Errors(check::counted(errors.len(), "error"));
        return refuse(io, &refused);
    };
    let path = folder.join(FILE);
    let before = read(&path)?;
    let who = Approver {
        by: arguments.by.clone(),
        role: arguments.role.clone(),
        decision: arguments.decision.clone(),
        on: arguments.on,
    };
    let approved = match approve(rules, &loaded.findings, &arguments.rule, &who, &before) {
        Ok(approved) => approved,
        Err(NotApproved::Unknown { name, known }) => return Err(unknown("rule or version", &name, &known)),
        Err(blank @ NotApproved::Blank(_)) => return Err(Failure::wrong(blank)),
        Err(refused) => return refuse(io, &refused),
    };
    write(&path, &approved.text)?;
    tell(&approved, &path, io)?;
    Ok(Found::Nothing)
}

fn refuse(io: &mut Io<'_>, refused: &NotApproved) -> Result<Found, Failure> {
    writeln!(io.err, "not approved: {refused}")?;
    let help = match refused {
        NotApproved::Errors(_) => "mend what `ennakko check` tells",
        NotApproved::CasesFail { .. } | NotApproved::NoCases(_) => "see `ennakko test`; the cases say what is approved",
        _ => return Ok(Found::Something),
    };
    writeln!(io.err, "help: {help}")?;
    Ok(Found::Something)
}

fn tell(approved: &Approved, path: &Path, io: &mut Io<'_>) -> Result<(), Failure> {
    let Approved { version, digest, law, purpose, facts_read, n_cases, was_approved, .. } = approved;
    let again = if *was_approved { ", as it was before" } else { "" };
    let facts: Vec<&str> = facts_read.iter().map(String::as_str).collect();
    let facts = if facts.is_empty() { "none of facts.toml".to_owned() } else { facts.join(", ") };
    writeln!(io.out, "approved: {version}{again}, in {}", path.display())?;
    writeln!(io.out, "  digest    {digest}")?;
    writeln!(io.out, "  law       {}", law.join("; "))?;
    writeln!(io.out, "  purpose   {purpose}")?;
    writeln!(io.out, "  reads     {facts}")?;
    writeln!(io.out, "  cases     {}, all as written", check::counted(*n_cases, "case"))?;
    writeln!(
        io.out,
        "It holds until the rule, its page, its texts or a row that it reads is changed; `ennakko check` tells."
    )?;
    Ok(())
}

/// The approvals there are; none if there is no file.
#[expect(clippy::disallowed_methods, reason = "the command adds to the file")]
fn read(path: &Path) -> Result<String, Failure> {
    match std::fs::read(path) {
        Ok(bytes) => {
            String::from_utf8(bytes).map_err(|_| Failure::Wrong(format!("{} is not UTF-8 text", path.display())))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Failure::Wrong(format!("cannot read {}: {error}", path.display()))),
    }
}

/// Writes the file whole or not at all.
#[expect(clippy::disallowed_methods, reason = "the command writes the approvals")]
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let beside = path.with_file_name(format!(".{FILE}.new"));
    std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path)).map_err(|error| {
        // what could not be written whole is of no use
        let _ = std::fs::remove_file(&beside);
        Failure::Wrong(format!("cannot write {}: {error}", path.display()))
    })
}
