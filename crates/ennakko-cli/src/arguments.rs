//! What the command takes: words, options and their help, written for analysts.

use std::path::PathBuf;

use chrono::{Months, NaiveDate};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

use crate::trial::Trial;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "ennakko", version, about, long_about = LONG_ABOUT, after_help = EXIT_CODES)]
#[command(disable_help_subcommand = true, subcommand_required = true, arg_required_else_help = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const LONG_ABOUT: &str = "\
Checks, tests and previews the rules by which a city offers services before anyone applies.

A rule folder holds one city's rules and tables (city.toml and others); rules/README.md says how to write them.";

const EXIT_CODES: &str = "\
Exit codes: 0 fine, 1 something was found that must be mended, 2 wrong use or input that cannot be read.";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read rules and tell what is wrong, at the line
    #[command(after_help = "\
Examples:
  ennakko check                          every city under rules/
  ennakko check rules/helsinki           one city
  ennakko check rules/helsinki --watch   again each time a file is saved, with the cases
  ennakko check --on 2027-03-01          also what has run out by that day
  ennakko check --plan                   also what evaluates each line: columns, vectors, or row by row
  ennakko check --format json            for an editor: exact ranges
  ennakko check --format github          for a workflow: a note at each line

An error means that the rule cannot be used; a warning, that somebody should look. Rules that nobody has approved, and
rules that were changed since, are counted at the end: they can be tested and previewed, and a run refuses them.")]
    Check(CheckArguments),
    /// Run the cases of the rules' pages
    #[command(after_help = "\
Examples:
  ennakko test                                every case under rules/
  ennakko test --rule school_place            the cases of one rule
  ennakko test --rule school_place --edges    cases that its page lacks around days, ages and limits
  ennakko test --rule school_place --accept   fill in what came where a case says `?` for its outcome
  ennakko test rules/helsinki --format json   the same for a machine")]
    Test(TestArguments),
    /// Show what would be offered in the coming months; nothing is sent or stored
    #[command(after_help = "\
Examples:
  ennakko preview --register examples/town.toml --from 2026-12-01 --months 12
  ennakko preview --register examples/town.toml --from 2026-12-01 --rule school_place
  ennakko preview --register examples/town.toml --from 2026-12-01 --set education.starting_age=6
  ennakko preview --from 2026-12-01                      a sample of 680,000 residents
  ennakko preview --residents 20000 --from 2026-12-01    a smaller one

The town is a TOML file of people, dwellings and buildings, in the form of the `given` block of a rule's page; or a folder
loaded by `ennakko register load`; or a sample city of so many residents, in which nobody is real.")]
    Preview(PreviewArguments),
    /// Say why a resident gets an offer by a rule on a day, why not, and when that changes
    #[command(after_help = "\
Examples:
  ennakko explain --rule school_place --resident elsa --on 2027-01-08 --town examples/town.toml
  ennakko explain --rule school_place --resident elsa --on 2027-01-08 --town examples/town.toml --for resident --reader anna
  ennakko explain --rule cervical_screening --on 2027-01-08 --residents 2000     some of each outcome, to ask about

A resident or a building is named as the town file names it, or by key. Never by identity code.
There is no ledger here: the answer is that of a city that has offered nothing yet.")]
    Explain(ExplainArguments),
    /// List everything that a rule may read, with its type, meaning and purposes
    #[command(after_help = "\
Examples:
  ennakko facts rules/helsinki                     to look something up
  ennakko facts rules/helsinki --format markdown   to print or to publish
  ennakko facts rules/helsinki --format json       for a machine

Facts of the population register and of the city's other registers, methods and functions, parameters with the days on
which they hold, calendars and their rounds, codes.")]
    Facts(FactsArguments),
    /// Approve a version of a rule for use: write who, in which role and by which decision
    #[command(after_help = "\
Examples:
  ennakko approve school_place --by \"Aino Esimerkki\" --role \"head of legal services\" \\
      --decision \"HEL 2026-012345\" --on 2026-12-01
  ennakko approve school_place.from-2018-01-01 ...   a version by the name of its file

The row in approvals.toml is bound to the rule, its page, its texts and every row of a table that it reads: change one,
and it must be approved again. Only a folder without errors and a rule whose cases are all as written is approved.
The rest of approvals.toml stays as it was written.")]
    Approve(ApproveArguments),
    /// Begin a rule: write its files, with one case that fails until you have written what you expect
    #[command(after_help = "\
Examples:
  ennakko new parking_permit                          a rule in rules/helsinki
  ennakko new parking_permit --folder rules/espoo     a rule in a new city; the city's tables are written too

No file that exists is ever changed.")]
    New(NewArguments),
    /// Load the register from a city's own sources, and look at what came of it
    #[command(
        subcommand_required = true,
        arg_required_else_help = true,
        after_help = "\
Examples:
  ennakko register check my_register                    read everything, write nothing
  ennakko register load my_register --first             the city's first load
  ennakko register load my_register --day 2026-12-01    every night after it
  ennakko register summary my_register                  the latest load again
  ennakko register diff my_register                     what the latest load changed
  ennakko preview --register my_register --from 2026-12-01

The folder holds `register.toml`, which names the sources. `ennakko sample` writes one to try.
Exit codes: 0 loaded, 1 loaded and somebody should look at what was set aside, is too old or of an unusual number, 2 not
loaded: everything is as it was before."
    )]
    Register {
        /// Which.
        #[command(subcommand)]
        command: RegisterCommand,
    },
    /// Write a made-up city as tables and in the population register's shapes
    #[command(after_help = "\
Examples:
  ennakko sample --residents 20000 --day 2026-12-01 --out sample
  ennakko sample --residents 20000 --day 2026-12-01 --out sample --seed 7 --changes

Nobody in it is real: identity codes are of the artificial 900 series, admission areas are made up. The same seed gives the
same bytes. Base data and changes are written for at most 1,000,000 residents. No file that exists is ever changed.")]
    Sample(SampleArguments),
    /// Print what a shell needs to complete this command's words
    #[command(after_help = "\
Examples:
  ennakko completions bash > ~/.local/share/bash-completion/completions/ennakko
  ennakko completions fish > ~/.config/fish/completions/ennakko.fish
  ennakko completions zsh > ~/.zfunc/_ennakko")]
    Completions(CompletionsArguments),
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FindingFormat {
    /// For people
    Human,
    /// For editors and other machines, with exact ranges; the schema is crates/ennakko/schema/findings.v1.schema.json
    Json,
    /// For a workflow on GitHub: a note at each line of a change
    Github,
    /// For code hosts that take SARIF 2.1.0
    Sarif,
}

/// How the list of facts is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FactsFormat {
    /// For people
    Table,
    /// For machines; the schema is crates/ennakko/schema/facts.v1.schema.json
    Json,
    /// For a page
    Markdown,
}

/// For people or for machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// For machines; the schemas stand in crates/ennakko/schema
    Json,
}

/// How a preview is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PreviewFormat {
    /// For people: tables, bars and one letter
    Table,
    /// For machines; the schema is crates/ennakko/schema/preview.v1.schema.json
    Json,
}

/// `ennakko check`
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// A rule folder, or a folder of rule folders
    #[arg(default_value = "rules")]
    pub folder: PathBuf,
    /// How findings are shown
    #[arg(long, value_enum, default_value = "human")]
    pub format: FindingFormat,
    /// Also warn of what has run out by this day: rows, rounds, contacts, holidays, reviews
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub on: Option<NaiveDate>,
    /// Also tell how each part is evaluated over a whole register, and warn of what goes row by row or day by day
    #[arg(long)]
    pub plan: bool,
    /// Check again each time a file is saved, and run the cases
    #[arg(long)]
    pub watch: bool,
}

impl CheckArguments {
    /// A check of one folder for people.
    #[cfg(test)]
    pub(crate) fn of_folder(folder: &std::path::Path) -> Self {
        Self { folder: folder.to_owned(), format: FindingFormat::Human, on: None, plan: false, watch: true }
    }
}

/// `ennakko facts`
#[derive(Debug, Args)]
pub struct FactsArguments {
    /// The rule folder
    #[arg(default_value = "rules/helsinki")]
    pub folder: PathBuf,
    /// How the list is shown
    #[arg(long, value_enum, default_value = "table")]
    pub format: FactsFormat,
}

/// `ennakko approve`
#[derive(Debug, Args)]
pub struct ApproveArguments {
    /// The rule, meaning the version in force on the day; or a version by the name of its file
    #[arg(value_name = "RULE")]
    pub rule: String,
    /// Who approves
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// In which role
    #[arg(long, value_name = "ROLE")]
    pub role: String,
    /// The decision to use the rule
    #[arg(long, value_name = "TEXT")]
    pub decision: String,
    /// The day of the approval
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub on: NaiveDate,
    /// The rule folder
    #[arg(long, value_name = "DIR", default_value = "rules/helsinki")]
    pub folder: PathBuf,
}

/// `ennakko completions`
#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// Which shell
    pub shell: clap_complete::Shell,
}

/// `ennakko test`
#[derive(Debug, Args)]
pub struct TestArguments {
    /// A rule folder, or a folder of rule folders
    #[arg(default_value = "rules")]
    pub folder: PathBuf,
    /// Only the cases of this rule
    #[arg(long, value_name = "ID")]
    pub rule: Option<String>,
    /// How results are shown
    #[arg(long, value_enum, default_value = "human")]
    pub format: Format,
    /// Write what came into cells of the pages that are empty or say `?`; look at each before you keep it
    #[arg(long, conflicts_with_all = ["edges", "format"])]
    pub accept: bool,
    /// Propose cases: the days around each day and age that a rule compares, the numbers around each limit of parameters.toml, and around its windows
    #[arg(long, conflicts_with = "format")]
    pub edges: bool,
    /// With `--edges`: exit with 1 if a page lacks some
    #[arg(long, requires = "edges")]
    pub strict: bool,
}

/// How many residents a sample city has in a preview if nobody says: about as many as Helsinki.
pub const SAMPLE_RESIDENTS: u32 = 680_000;

/// `ennakko preview`
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("people").args(["register", "residents"]))]
pub struct PreviewArguments {
    /// The rule folder
    #[arg(default_value = "rules/helsinki")]
    pub folder: PathBuf,
    /// The people: a town in TOML, or a folder that `ennakko register load` has loaded
    #[arg(long, value_name = "TOWN.toml or DIR")]
    pub register: Option<PathBuf>,
    /// A sample city of so many residents instead, 1,000 to 5,600,000; nobody in it is real. Without `--register` 680,000, as
    /// many as Helsinki has
    #[arg(long, value_name = "N")]
    pub residents: Option<u32>,
    /// Which sample: the same number makes the same people
    #[arg(long, value_name = "S", default_value_t = 1, conflicts_with = "register")]
    pub seed: u64,
    /// The first day; the town is taken to be as on this day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub from: NaiveDate,
    /// How many months
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=120))]
    pub months: u32,
    /// Show this rule only
    #[arg(long, value_name = "ID")]
    pub rule: Option<String>,
    /// Try another value of a parameter: `education.starting_age=6`
    #[arg(long, value_name = "GROUP.NAME=VALUE")]
    pub set: Vec<Trial>,
    /// How many threads evaluate a rule side by side; the preview is the same
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: u16,
    /// How the preview is shown
    #[arg(long, value_enum, default_value = "table")]
    pub format: PreviewFormat,
    /// Leave the letter out
    #[arg(long)]
    pub no_letter: bool,
}

impl PreviewArguments {
    /// How many residents the sample city has, if the preview is of one.
    pub(crate) fn sample(&self) -> Option<u32> {
        self.register.is_none().then(|| self.residents.unwrap_or(SAMPLE_RESIDENTS))
    }
}

/// How an explanation is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    /// For people
    Text,
    /// For machines; the schema is crates/ennakko/schema/explanation.v1.schema.json
    Json,
}

/// For whose eyes an explanation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reader {
    /// Those who work on rules: every line with what it read
    Analyst,
    /// The resident: what they may read, in their language
    Resident,
}

/// `ennakko explain`
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("whom").required(true).args(["town", "residents"]))]
pub struct ExplainArguments {
    /// The rule
    #[arg(long, value_name = "ID")]
    pub rule: String,
    /// Whom it is asked about: a name of the town file, or a key; left out: some of each outcome are named
    #[arg(long, value_name = "NAME")]
    pub resident: Option<String>,
    /// The day; the town is taken to be as on this day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub on: NaiveDate,
    /// The people: a town in TOML, or a folder that `ennakko register load` has loaded
    #[arg(long, value_name = "TOWN.toml or DIR")]
    pub town: Option<PathBuf>,
    /// A sample city of so many residents instead, 1,000 to 5,600,000; nobody in it is real
    #[arg(long, value_name = "N")]
    pub residents: Option<u32>,
    /// Which sample: the same number makes the same people
    #[arg(long, value_name = "S", default_value_t = 1, conflicts_with = "town")]
    pub seed: u64,
    /// The rule folder
    #[arg(long, value_name = "DIR", default_value = "rules/helsinki")]
    pub folder: PathBuf,
    /// For whose eyes
    #[arg(long = "for", value_enum, value_name = "WHOM", default_value = "analyst")]
    pub show_for: Reader,
    /// Who reads a resident's text: the resident, or somebody with custody; an owner of a building
    #[arg(long, value_name = "NAME")]
    pub reader: Option<String>,
    /// The language of a resident's text; theirs, if left out
    #[arg(long, value_name = "TAG")]
    pub language: Option<String>,
    /// How it is shown
    #[arg(long, value_enum, default_value = "text")]
    pub format: ExplainFormat,
}

/// `ennakko new`
#[derive(Debug, Args)]
pub struct NewArguments {
    /// The rule's name: small letters, digits and `_`, such as `parking_permit`
    #[arg(value_name = "RULE_ID")]
    pub rule: String,
    /// The rule folder; it is made if it is not there
    #[arg(long, value_name = "DIR", default_value = "rules/helsinki")]
    pub folder: PathBuf,
}

/// `ennakko register`
#[derive(Debug, Subcommand)]
pub enum RegisterCommand {
    /// Read every source, build the register, and keep what belongs to it
    Load(RegisterLoadArguments),
    /// The same, and write nothing
    Check(RegisterLoadArguments),
    /// Show what the latest load read and what came of it
    Summary(RegisterSummaryArguments),
    /// Show what is other: since the load before, or between the latest loads of two folders
    Diff(RegisterDiffArguments),
}

/// `ennakko register load` and `ennakko register check`
#[derive(Debug, Args)]
pub struct RegisterLoadArguments {
    /// The folder with `register.toml`
    pub folder: PathBuf,
    /// The register's day, if `register.toml` does not give it or another is wanted
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub day: Option<NaiveDate>,
    /// This is the city's first load: there is no identity table yet, and everybody gets a key
    #[arg(long)]
    pub first: bool,
    /// Take a source although it has more or fewer records than expected, this time
    #[arg(long, value_name = "SOURCE")]
    pub accept_rows: Vec<String>,
    /// The rule folder whose declared facts tables may hold; that of `register.toml`, or rules/helsinki
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// How it is shown; nobody is named in either
    #[arg(long, value_enum, default_value = "human")]
    pub format: Format,
}

/// `ennakko register summary`
#[derive(Debug, Args)]
pub struct RegisterSummaryArguments {
    /// The folder with `register.toml`
    pub folder: PathBuf,
    /// How it is shown
    #[arg(long, value_enum, default_value = "human")]
    pub format: Format,
}

/// `ennakko register diff`
#[derive(Debug, Args)]
pub struct RegisterDiffArguments {
    /// The folder with `register.toml`; the earlier one of two
    pub folder: PathBuf,
    /// The later folder; left out: the folder's latest load against the one before
    pub later: Option<PathBuf>,
    /// The rule folder, which says of which city it is; that of `register.toml`, or rules/helsinki
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// How it is shown; JSON holds internal keys
    #[arg(long, value_enum, default_value = "human")]
    pub format: Format,
}

/// `ennakko sample`
#[derive(Debug, Args)]
pub struct SampleArguments {
    /// How many residents, 1,000 to 5,600,000
    #[arg(long, value_name = "N")]
    pub residents: u32,
    /// Which sample: the same number makes the same people
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// The day that the records tell of
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub day: NaiveDate,
    /// Where to write: a new folder or an empty one
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The rule folder whose declared facts get a table each
    #[arg(long, value_name = "FOLDER", default_value = "rules/helsinki")]
    pub rules: PathBuf,
    /// The changes of the year after the day too
    #[arg(long)]
    pub changes: bool,
}

/// A day as it is written.
///
/// # Errors
/// * what to write instead
pub fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| format!("`{text}` is not a day; write it as year-month-day: 2027-01-08"))
}

/// The first day after some months from a day.
pub fn months_after(from: NaiveDate, months: u32) -> Option<NaiveDate> {
    from.checked_add_months(Months::new(months))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_without_a_register_is_of_a_sample() {
        let sample = |more: &[&str]| {
            let arguments = ["ennakko", "preview", "--from", "2026-12-01"].iter().chain(more);
            let Command::Preview(preview) = Arguments::try_parse_from(arguments).unwrap().command else { panic!() };
            preview.sample()
        };
        assert_eq!(sample(&[]), Some(SAMPLE_RESIDENTS));
        assert_eq!(sample(&["--residents", "2000"]), Some(2_000));
        assert_eq!(sample(&["--register", "town.toml"]), None);
    }
}
