//! What a city would offer a small town in the coming twelve months, by the rules of Helsinki.
//!
//! From the workspace's root: `cargo run --release --example preview`; with `-- --help` for what can be changed.
//! Nothing is sent and nothing is stored.

use std::error::Error;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::path::{Path, PathBuf};

use chrono::{Months, NaiveDate};
use clap::Parser;
use ennakko::core::RuleId;
use ennakko::given::Given;
use ennakko::offers::Issuer;
use ennakko::report::{PreviewReport, Style};
use ennakko::wire::v1::PreviewV1;
use ennakko::{Choices, MemoryLedger, Rules, folder};
use ennakko_cli::arguments::{PreviewFormat, day};
use ennakko_cli::trial::Trial;

/// Offers of the coming months to the people of examples/town.toml, by the rules in rules/helsinki
#[derive(Parser)]
struct Options {
    /// The first day; the town is taken to be as on this day
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

    // 2. The register: here a town written by hand; a city builds its own from records (see `link_as_a_crate.rs`).
    let text = read(&in_workspace("examples/town.toml"))?;
    let town = Given::parse(&text)?.town(rules.set().tables(), options.from)?;

    // 3. The preview: every day in turn, from an empty ledger, the register held still.
    let until = options.from.checked_add_months(Months::new(options.months)).ok_or("the calendar ends before that")?;
    let ledger = MemoryLedger::new(*Issuer::new(rules.city())?.authority());
    let days = (options.from, until);
    let mut preview = ennakko::preview(&rules, &town.register, &ledger, &Choices::none(), days, &mut |_| {})?;
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
            let register = &town.register;
            let report = PreviewReport { preview: &preview, rules: &rules, register, tried: &tried, letters: true };
            report.to_text(Style { colour: stdout().is_terminal() })
        }
    };
    Ok(stdout().write_all(text.as_bytes())?)
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
