//! `ennakko register`: a register from a city's own sources, by the `register.toml` of a folder.

mod shown;

use std::path::{Path, PathBuf};

use ennakko::core::Register;
use ennakko::core::fact_table::FactDeclaration;
use ennakko::register_folder::{Loading, RegisterFolder, RegisterFolderError, difference};
use ennakko::wire::v1::RegisterSummaryV1;

use crate::arguments::{
    Format, RegisterCommand, RegisterDiffArguments, RegisterLoadArguments, RegisterSummaryArguments,
};
use crate::check;
use crate::failure::{Failure, unknown};
use crate::folders;
use crate::progress::Progress;
use crate::{Found, Io};

/// The rule folder that declares facts, where nobody names another.
const RULES: &str = "rules/helsinki";

pub(crate) fn run(command: &RegisterCommand, io: &mut Io<'_>) -> Result<Found, Failure> {
    match command {
        RegisterCommand::Load(arguments) => load(arguments, What::Load, io),
        RegisterCommand::Check(arguments) => load(arguments, What::Check, io),
        RegisterCommand::Summary(arguments) => summary(arguments, io),
        RegisterCommand::Diff(arguments) => diff(arguments, io),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Load,
    Check,
}

fn load(arguments: &RegisterLoadArguments, what: What, io: &mut Io<'_>) -> Result<Found, Failure> {
    let folder = RegisterFolder::open(&arguments.folder).map_err(Failure::wrong)?;
    let sources: Vec<String> = folder.plan().sources.iter().map(|source| source.name.clone()).collect();
    if let Some(name) = arguments.accept_rows.iter().find(|name| !sources.contains(name)) {
        return Err(unknown("source", name, &sources));
    }
    let declared = declared(&folder, arguments.rules.as_deref(), io)?;
    let mut progress = Progress::new(io);
    let loading = Loading {
        day: arguments.day,
        facts: &declared,
        first: arguments.first,
        accept_rows: &arguments.accept_rows,
        progress: &mut |what| progress.show(what),
    };
    let loaded = match what {
        What::Load => folder.load(loading),
        What::Check => folder.check(loading),
    };
    progress.done();
    let summary = loaded.map_err(|error| told(&error))?.summary;
    print(&summary, arguments.format, io)?;
    if arguments.format == Format::Human {
        writeln!(io.out, "\n{}", if what == What::Load { "Loaded." } else { "Nothing was written." })?;
    }
    Ok(found(&summary))
}

fn summary(arguments: &RegisterSummaryArguments, io: &mut Io<'_>) -> Result<Found, Failure> {
    let folder = RegisterFolder::open(&arguments.folder).map_err(Failure::wrong)?;
    let summary = folder.last_summary().map_err(Failure::wrong)?;
    print(&summary, arguments.format, io)?;
    Ok(found(&summary))
}

fn diff(arguments: &RegisterDiffArguments, io: &mut Io<'_>) -> Result<Found, Failure> {
    let earlier = RegisterFolder::open(&arguments.folder).map_err(Failure::wrong)?;
    let later = arguments.later.as_deref().map(RegisterFolder::open).transpose().map_err(Failure::wrong)?;
    let path = rules_of(later.as_ref().unwrap_or(&earlier), arguments.rules.as_deref())
        .ok_or_else(|| Failure::wrong("name a rule folder, which says of which city the register is: `--rules`"))?;
    let rules = folders::load(&folders::only(&path)?)?.rules;
    let rules = rules.ok_or_else(|| Failure::Wrong(format!("{} says nothing usable of its city", path.display())))?;
    let mut progress = Progress::new(io);
    let facts = &rules.set().tables().facts;
    let pair = RegisterFolder::pair(&earlier, later.as_ref(), facts, &mut |what| progress.show(what));
    let (before, after) = pair.map_err(|error| told(&error))?;
    let difference = difference(&before.register, &after.register, &rules.city().code);
    progress.done();
    match arguments.format {
        Format::Human => write!(io.out, "{}", shown::difference(&difference))?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut *io.out, &difference)?;
            writeln!(io.out)?;
        }
    }
    Ok(Found::Nothing)
}

/// The register of the latest load of a folder, for other commands.
pub(crate) fn last(path: &Path, facts: &[FactDeclaration], progress: &mut Progress<'_>) -> Result<Register, Failure> {
    let folder = RegisterFolder::open(path).map_err(Failure::wrong)?;
    let load = folder.last(0, facts, &mut |what| progress.show(what)).map_err(|error| told(&error))?;
    Ok(load.register)
}

/// What the rules may read of the city's other registers.
fn declared(folder: &RegisterFolder, named: Option<&Path>, io: &mut Io<'_>) -> Result<Vec<FactDeclaration>, Failure> {
    let Some(path) = rules_of(folder, named) else { return Ok(Vec::new()) };
    let loaded = folders::load(&folders::only(&path)?)?;
    // facts with errors are left out, which must not go unseen
    check::print(io.err, loaded.findings.iter().filter(|finding| finding.is_error()))?;
    Ok(loaded.rules.map(|rules| rules.set().tables().facts.clone()).unwrap_or_default())
}

/// The rule folder: the one named, that of `register.toml`, or the usual one if it is there.
fn rules_of(folder: &RegisterFolder, named: Option<&Path>) -> Option<PathBuf> {
    let usual = || Some(PathBuf::from(RULES)).filter(|path| path.is_dir());
    named.map(Path::to_owned).or_else(|| folder.rules()).or_else(usual)
}

/// What stopped a load, and what to do where a word helps.
fn told(error: &RegisterFolderError) -> Failure {
    use ennakko::core::key::IdentityTableError::Lost;
    let help = match error {
        RegisterFolderError::Identities { error: Lost, .. } => {
            "\nhelp: put it back from a copy; if this is the city's first load, say so with `--first`"
        }
        RegisterFolderError::Rows(_) => {
            "\nhelp: look at the source; if it is right, load once more with `--accept-rows NAME`"
        }
        _ => "",
    };
    Failure::Wrong(format!("{error}{help}"))
}

fn print(summary: &RegisterSummaryV1, format: Format, io: &mut Io<'_>) -> Result<(), Failure> {
    match format {
        Format::Human => write!(io.out, "{}", shown::summary(summary))?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut *io.out, summary)?;
            writeln!(io.out)?;
        }
    }
    Ok(())
}

/// Whether somebody has to look: records were set aside, a source is too old or has not as many records as expected.
fn found(summary: &RegisterSummaryV1) -> Found {
    let to_mend = |source: &ennakko::wire::v1::RegisterSourceV1| {
        source.too_old || !source.set_aside.is_empty() || !source.rows.as_expected
    };
    if summary.sources.iter().any(to_mend) { Found::Something } else { Found::Nothing }
}
