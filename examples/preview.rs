//! What a city would offer in the coming twelve months: a sample Helsinki, or a small town, by the rules of Helsinki.
//!
//! From the workspace's root: `cargo run --release --example preview`; with `-- --help` for what can be changed.
//! Nobody is real, nothing is sent and nothing is stored.

use std::error::Error;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{Months, NaiveDate};
use clap::Parser;
use ennakko::core::RuleId;
use ennakko::given::Given;
use ennakko::offers::Issuer;
use ennakko::outside::Population;
use ennakko::report::{PreviewReport, Style, thousands};
use ennakko::rules::rule_set::Tables;
use ennakko::sample::{City, MADE_UP_AREAS};
use ennakko::wire::v1::PreviewV1;
use ennakko::{Choices, IdentityTable, KeySecret, MemoryLedger, Register, Rules, folder};
use ennakko_cli::Io;
use ennakko_cli::arguments::{PreviewFormat, SAMPLE_RESIDENTS, day};
use ennakko_cli::progress::Progress;
use ennakko_cli::trial::Trial;

/// Offers of the coming months to the people of a sample Helsinki, by the rules in rules/helsinki
#[derive(Parser)]
struct Options {
    /// How many residents the sample has
    #[arg(long, default_value_t = SAMPLE_RESIDENTS, conflicts_with = "town")]
    residents: u32,
    /// Which sample: the same number makes the same people
    #[arg(long, default_value_t = 1, conflicts_with = "town")]
    seed: u64,
    /// A town written by hand instead, such as examples/town.toml
    #[arg(long)]
    town: Option<PathBuf>,
    /// The first day; the people are taken to be as on this day
    #[arg(long, default_value = "2026-12-01", value_parser = day)]
    from: NaiveDate,
    /// How many months
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=120))]
    months: u32,
    /// The folder of rules
    #[arg(long, value_name = "FOLDER", default_value = "rules/helsinki")]
    rules: PathBuf,
    /// Show this rule only
    #[arg(long)]
    rule: Option<String>,
    /// Try another value of a parameter: `education.starting_age=6`
    #[arg(long)]
    set: Vec<Trial>,
    /// For people or for machines
    #[arg(long, value_enum, default_value = "table")]
    format: PreviewFormat,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();

    // 1. The rules: a folder, read and checked. Rules with errors are left out, and the findings say why.
    let folder = in_workspace(&options.rules);
    let files = folder::read(&folder)?;
    let unusable = |_| format!("{} says nothing usable of its city", folder.display());
    let (mut rules, findings) = Rules::load(&files).map_err(unusable)?;
    for finding in &findings {
        writeln!(stderr(), "{finding}")?;
    }
    for trial in &options.set {
        rules = trial.apply(rules, &files)?;
    }

    // 2. The register: here a made-up city; a city builds its own from records (see `link_as_a_crate.rs`). What the open
    // data behind the sample counted is kept beside it, to hold cohorts against.
    let (is_terminal, err_is_terminal) = (stdout().is_terminal(), stderr().is_terminal());
    let (mut out, mut err) = (stdout(), stderr());
    let mut io = Io { out: &mut out, err: &mut err, is_terminal, err_is_terminal };
    let mut progress = Progress::new(&mut io);
    let tables = rules.set().tables();
    let (register, population) = match &options.town {
        Some(town) => (Given::parse(&read(town)?)?.town(tables, options.from)?.register, None),
        None => sample(&options, tables, &mut progress)?,
    };

    // 3. The preview: every day in turn, from an empty ledger, the register held still.
    let until = options.from.checked_add_months(Months::new(options.months)).ok_or("the calendar ends before that")?;
    let ledger = MemoryLedger::new(*Issuer::new(rules.city())?.authority());
    let days = (options.from, until);
    let mut tell = |day| progress.show_day(day, days);
    let mut preview = ennakko::preview(&rules, &register, &ledger, &Choices::none(), days, &mut tell)?;
    if let Some(rule) = &options.rule {
        preview.rules.retain(|id, _| *id == RuleId::new(rule));
        if preview.rules.is_empty() {
            return Err(format!("no rule is called `{rule}`").into());
        }
    }

    let outside = population.map(|population| population.outside(&rules, &preview));
    progress.done();

    // 4. The report, or the same for a machine.
    let tried: Vec<String> = options.set.iter().map(ToString::to_string).collect();
    let text = match options.format {
        PreviewFormat::Json => {
            let wire = PreviewV1::of(&preview, &tried);
            let wire = if let Some(outside) = &outside { wire.beside(outside) } else { wire };
            serde_json::to_string_pretty(&wire)? + "\n"
        }
        PreviewFormat::Table => {
            let (preview, rules, register, outside) = (&preview, &rules, register.as_ref(), outside.as_ref());
            let report = PreviewReport { preview, rules, register, outside, tried: &tried, letters: true };
            let made_up = if options.town.is_none() { made_up(&options) } else { String::new() };
            format!("{made_up}{}", report.to_text(Style { colour: is_terminal }))
        }
    };
    Ok(stdout().write_all(text.as_bytes())?)
}

/// A made-up Helsinki: people, homes and buildings from open data and a seed, and rows of the city's other registers.
fn sample(
    options: &Options,
    tables: &Tables,
    progress: &mut Progress<'_>,
) -> Result<(Arc<Register>, Option<Population>), Box<dyn Error>> {
    progress.show("planning the sample city");
    let city = City::plan(options.residents, options.seed)?;
    progress.show("writing down its residents");
    let delivery = city.delivery(options.from, &tables.facts);
    progress.show("building the register");
    // a real city keeps its secret and its table of identities from load to load
    let mut identities = IdentityTable::new(KeySecret::new([0; 32]));
    let register = Register::build(delivery, options.from, &mut identities).register;
    Ok((Arc::new(register), Some(Population::of_sample(&city, options.from))))
}

/// What must be said wherever a sample shows.
fn made_up(options: &Options) -> String {
    let residents = thousands(options.residents as usize);
    format!("Nobody here is real: {residents} made-up residents, seed {};\n{MADE_UP_AREAS}\n\n", options.seed)
}

/// A path of the workspace, wherever the example is run.
fn in_workspace(path: &Path) -> PathBuf {
    if path.exists() { path.to_owned() } else { Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path) }
}

#[expect(clippy::disallowed_methods, reason = "the example reads its town")]
fn read(path: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}
