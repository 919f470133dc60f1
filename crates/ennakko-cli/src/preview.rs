//! `ennakko preview`: what would be offered in the coming months.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko::core::RuleId;
use ennakko::given::{Given, GivenError, Town};
use ennakko::offers::Issuer;
use ennakko::outside::Population;
use ennakko::report::{PreviewReport, Style};
use ennakko::rules::rule_set::Tables;
use ennakko::wire::v1::PreviewV1;
use ennakko::{Choices, IdentityTable, KeySecret, MemoryLedger, Preview, Register, Rules, Threads, folder};

use crate::arguments::{PreviewArguments, PreviewFormat, SAMPLE_RESIDENTS, months_after};
use crate::check;
use crate::failure::Failure;
use crate::folders;
use crate::progress::Progress;
use crate::register;
use crate::sample;
use crate::{Found, Io};

pub(crate) fn run(arguments: &PreviewArguments, io: &mut Io<'_>) -> Result<Found, Failure> {
    let path = folders::only(&arguments.folder)?;
    let loaded = folders::load(&path)?;
    if let Some(rule) = &arguments.rule {
        folders::must_know(std::slice::from_ref(&loaded), rule)?;
    }
    // rules with errors are left out, which must not go unseen
    check::print(io.err, loaded.findings.iter().filter(|finding| finding.is_error()))?;
    let found = if loaded.has_errors() { Found::Something } else { Found::Nothing };
    let broken: BTreeSet<RuleId> =
        loaded.ids.iter().map(|id| RuleId::new(id)).filter(|id| loaded.is_broken(id)).collect();
    let Some(mut rules) = loaded.rules else { return Ok(found) };
    let files = folder::read(&path).map_err(Failure::wrong)?;
    for trial in &arguments.set {
        rules = trial.apply(rules, &files).map_err(Failure::Wrong)?;
    }
    if arguments.sample().is_some() && arguments.residents.is_none() {
        writeln!(io.err, "no `--register` is named: these people are made up")?;
    }
    let mut progress = Progress::new(io);
    let (register, population) = people(arguments, rules.set().tables(), &mut progress)?;
    let mut preview = look_ahead(arguments, &rules, &register, &mut progress)?;
    let only = arguments.rule.as_deref().map(RuleId::new);
    preview.rules.retain(|id, _| !broken.contains(id) && only.as_ref().is_none_or(|only| only == id));
    let outside = population.map(|population| population.outside(&rules, &preview));
    progress.done();
    let tried: Vec<String> = arguments.set.iter().map(ToString::to_string).collect();
    match arguments.format {
        PreviewFormat::Table => {
            let report = PreviewReport {
                preview: &preview,
                rules: &rules,
                register: &register,
                outside: outside.as_ref(),
                tried: &tried,
                letters: !arguments.no_letter,
            };
            if let Some(residents) = arguments.sample() {
                writeln!(io.out, "{}\n", sample::made_up(residents, arguments.seed))?;
            }
            write!(io.out, "{}", report.to_text(Style { colour: io.is_terminal }))?;
        }
        PreviewFormat::Json => {
            let wire = PreviewV1::of(&preview, &tried);
            let wire = if let Some(outside) = &outside { wire.beside(outside) } else { wire };
            serde_json::to_writer_pretty(&mut *io.out, &wire)?;
            writeln!(io.out)?;
        }
    }
    Ok(found)
}

fn look_ahead(
    arguments: &PreviewArguments,
    rules: &Rules,
    register: &Arc<Register>,
    progress: &mut Progress<'_>,
) -> Result<Preview, Failure> {
    let from = arguments.from;
    let to = months_after(from, arguments.months).ok_or_else(|| {
        Failure::Wrong(format!("{from} is too late a day: the calendar ends before the preview does"))
    })?;
    let issuer = Issuer::new(rules.city()).map_err(Failure::wrong)?;
    let ledger = MemoryLedger::new(*issuer.authority());
    let mut tell = |day| progress.show_day(day, (from, to));
    let threads = Threads::new(NonZeroUsize::new(arguments.threads.into()).unwrap_or(NonZeroUsize::MIN));
    ennakko::preview_in_threads(rules, register, &ledger, &Choices::none(), (from, to), &mut tell, threads)
        .map_err(Failure::wrong)
}

/// The people that the preview is of: the town in a file, or a sample city with what its sources counted.
fn people(
    arguments: &PreviewArguments,
    tables: &Tables,
    progress: &mut Progress<'_>,
) -> Result<(Arc<Register>, Option<Population>), Failure> {
    let day = arguments.from;
    if let Some(path) = &arguments.register {
        if path.is_dir() {
            return Ok((Arc::new(register::last(path, &tables.facts, progress)?), None));
        }
        return Ok((town(path, tables, day)?.register, None));
    }
    let residents = arguments.residents.unwrap_or(SAMPLE_RESIDENTS);
    progress.show("planning the sample city");
    let city = sample::plan(residents, arguments.seed, day)?;
    progress.show("writing down its residents");
    let delivery = city.delivery(day, &tables.facts);
    progress.show("building the register");
    // nothing is stored, so nobody's key needs a secret
    let mut identities = IdentityTable::new(KeySecret::new([0; 32]));
    let register = Register::build(delivery, day, &mut identities).register;
    Ok((Arc::new(register), Some(Population::of_sample(&city, day))))
}

/// The town in a file.
#[expect(clippy::disallowed_methods, reason = "the command reads the town that it is given")]
pub(crate) fn town(path: &Path, tables: &Tables, day: NaiveDate) -> Result<Town, Failure> {
    let shown = path.display();
    let bytes = std::fs::read(path).map_err(|error| Failure::Wrong(format!("cannot read {shown}: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::Wrong(format!("{shown} is not UTF-8 text")))?;
    let wrong = |error: GivenError| match error {
        GivenError::NotToml { line, message } => Failure::Wrong(format!("{shown}:{line}: not TOML: {message}")),
        other => Failure::Wrong(format!("{shown}: {other}")),
    };
    Given::parse(&text).and_then(|given| given.town(tables, day)).map_err(wrong)
}
