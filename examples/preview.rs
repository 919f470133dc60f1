//! What a city would offer in the coming twelve months: a sample Helsinki, or a small town, by the rules of Helsinki.
//!
//! From the workspace's root: `cargo run --release --example preview`; with `-- --help` for what can be changed.
//! Nobody is real, nothing is sent and nothing is stored.

use std::error::Error;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{Datelike, Months, NaiveDate};
use clap::Parser;
use ennakko::core::RuleId;
use ennakko::given::Given;
use ennakko::offers::Issuer;
use ennakko::report::{PreviewReport, Style};
use ennakko::rules::rule_set::Tables;
use ennakko::sample::City;
use ennakko::wire::v1::PreviewV1;
use ennakko::{Choices, IdentityTable, KeySecret, MemoryLedger, Register, Rules, folder};
use ennakko_cli::arguments::{PreviewFormat, day};
use ennakko_cli::trial::Trial;

/// Offers of the coming months to the people of a sample Helsinki, by the rules in rules/helsinki
#[derive(Parser)]
struct Options {
    /// How many residents the sample has
    #[arg(long, default_value_t = 5_000, conflicts_with = "town")]
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
    let files = folder::read(&in_workspace("rules/helsinki"))?;
    let (mut rules, findings) = Rules::load(&files).map_err(|_| "rules/helsinki says nothing usable of its city")?;
    for finding in &findings {
        writeln!(stderr(), "{finding}")?;
    }
    for trial in &options.set {
        rules = trial.apply(rules, &files)?;
    }

    // 2. The register: here a made-up city; a city builds its own from records (see `link_as_a_crate.rs`).
    let tables = rules.set().tables();
    let register = match &options.town {
        Some(town) => Given::parse(&read(town)?)?.town(tables, options.from)?.register,
        None => sample(&options, tables)?,
    };

    // 3. The preview: every day in turn, from an empty ledger, the register held still.
    let until = options.from.checked_add_months(Months::new(options.months)).ok_or("the calendar ends before that")?;
    let ledger = MemoryLedger::new(*Issuer::new(rules.city())?.authority());
    let days = (options.from, until);
    let mut preview =
        ennakko::preview(&rules, &register, &ledger, &Choices::none(), days, &mut |day| tell(day, options.from))?;
    if let Some(rule) = &options.rule {
        preview.rules.retain(|id, _| *id == RuleId::new(rule));
        if preview.rules.is_empty() {
            return Err(format!("no rule is called `{rule}`").into());
        }
    }

    // 4. The report, or the same for a machine.
    let tried: Vec<String> = options.set.iter().map(ToString::to_string).collect();
    let text = match options.format {
        PreviewFormat::Json => serde_json::to_string_pretty(&PreviewV1::of(&preview, &tried))? + "\n",
        PreviewFormat::Table => {
            let report =
                PreviewReport { preview: &preview, rules: &rules, register: &register, tried: &tried, letters: true };
            report.to_text(Style { colour: stdout().is_terminal() })
        }
    };
    Ok(stdout().write_all(text.as_bytes())?)
}

/// A made-up Helsinki: people, homes and buildings from open data and a seed, and rows of the city's other registers.
fn sample(options: &Options, tables: &Tables) -> Result<Arc<Register>, Box<dyn Error>> {
    let city = City::plan(options.residents, options.seed)?;
    let delivery = city.delivery(options.from, &tables.facts);
    // a real city keeps its secret and its table of identities from load to load
    let mut identities = IdentityTable::new(KeySecret::new([0; 32]));
    Ok(Arc::new(Register::build(delivery, options.from, &mut identities).register))
}

/// The month that is being looked at, on a terminal only.
fn tell(day: NaiveDate, from: NaiveDate) {
    if stderr().is_terminal() && (day.day() == 1 || day == from) {
        // nobody misses a progress line that cannot be written
        let _written = write!(stderr(), "\r{} ", day.format("%Y-%m"));
    }
}

/// A path of the workspace, wherever the example is run.
fn in_workspace(path: &str) -> PathBuf {
    let here = Path::new(path);
    if here.exists() { here.to_owned() } else { Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path) }
}

#[expect(clippy::disallowed_methods, reason = "the example reads its town")]
fn read(path: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}
