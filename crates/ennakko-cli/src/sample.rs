//! `ennakko sample`: a made-up city in files, for tools that want tables or the population register's own shapes.
//!
//! Tables stream block by block. Base data and changes refer to people across the whole city and are put together in
//! memory, so they are for cities of up to [`IN_MEMORY_MAX`] residents.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate};
use ennakko::Uuid;
use ennakko::core::fact_table::FactDeclaration;
use ennakko::report::thousands;
use ennakko::sample::feed::{self, BaseData};
use ennakko::sample::{ATTRIBUTION, City, MADE_UP_AREAS, Snapshot, Year, table};

use crate::arguments::SampleArguments;
use crate::check::{self, counted};
use crate::failure::Failure;
use crate::folders;
use crate::progress::Progress;
use crate::{Found, Io};

/// The most residents whose base data and changes are written.
const IN_MEMORY_MAX: u32 = 1_000_000;

/// Changes in one answer of the change feed.
const PAGE_CHANGES: usize = 1_000;

/// Days before and after these years have births without identity codes.
const YEARS: std::ops::RangeInclusive<i32> = 1950..=2099;

pub(crate) fn run(arguments: &SampleArguments, io: &mut Io<'_>) -> Result<Found, Failure> {
    must_be_empty(&arguments.out)?;
    let city = plan(arguments.residents, arguments.seed, arguments.day)?;
    let in_memory = arguments.residents <= IN_MEMORY_MAX;
    if arguments.changes && !in_memory {
        return Err(Failure::Wrong(format!(
            "changes are written for at most {} residents",
            thousands(IN_MEMORY_MAX as usize)
        )));
    }
    let loaded = folders::load(&folders::only(&arguments.rules)?)?;
    // facts with errors are left out, which must not go unseen
    check::print(io.err, loaded.findings.iter().filter(|finding| finding.is_error()))?;
    let found = if loaded.has_errors() { Found::Something } else { Found::Nothing };
    let Some(rules) = loaded.rules else { return Ok(found) };
    let declared = &rules.set().tables().facts;

    let mut folder = Folder::make(&arguments.out)?;
    let mut progress = Progress::new(io);
    let snapshot = city.on(arguments.day);
    tables(snapshot, &mut folder, &mut progress)?;
    let (told, unknown) = facts(snapshot, declared, &mut folder, &mut progress)?;
    folder.text(
        "register.toml",
        "what `ennakko register load` loads all these tables by",
        &register(arguments.day, &told),
    )?;
    folder.text("secret.key", "what it makes keys with; the sample's own, so no secret", &secret(arguments.seed))?;
    if in_memory {
        progress.show("base data");
        if arguments.changes {
            // the year begins with the same delivery
            let year = Year::live(&city, arguments.day, &[]);
            base_data("base_data.json", arguments.day, &BaseData::of(&year.start), &mut folder)?;
            progress.show("changes");
            changes(&year, &mut folder)?;
            base_data("base_data_after.json", year.until, &BaseData::at_end(&year), &mut folder)?;
        } else {
            base_data("base_data.json", arguments.day, &BaseData::of(&snapshot.delivery(&[])), &mut folder)?;
        }
    }
    progress.done();
    folder.text("ATTRIBUTION.md", "where the open data behind the sample comes from", ATTRIBUTION)?;
    let readme = readme(arguments, in_memory, &unknown, &folder.written);
    folder.text("README.md", "what all this is", &readme)?;
    tell(&folder, &unknown, in_memory, io)?;
    Ok(found)
}

/// A city of a day that can have one.
pub(crate) fn plan(residents: u32, seed: u64, day: NaiveDate) -> Result<City, Failure> {
    if !YEARS.contains(&day.year()) {
        let (first, last) = YEARS.into_inner();
        return Err(Failure::Wrong(format!("a sample is made for a day of the years {first} to {last}, not {day}")));
    }
    City::plan(residents, seed).map_err(Failure::wrong)
}

/// What is to be said wherever a sample of so many residents shows, in a line or two.
pub(crate) fn made_up(residents: u32, seed: u64) -> String {
    let residents = thousands(residents as usize);
    format!("Nobody here is real: {residents} made-up residents, seed {seed};\n{MADE_UP_AREAS}")
}

fn must_be_empty(path: &Path) -> Result<(), Failure> {
    if !path.exists() || folders::entries(path)?.is_empty() {
        return Ok(());
    }
    let shown = path.display();
    Err(Failure::Wrong(format!("{shown} is not empty; nothing was written: name a new folder or an empty one")))
}

/// One CSV for each table of the sample, all at once, block by block.
fn tables(snapshot: Snapshot<'_>, folder: &mut Folder<'_>, progress: &mut Progress<'_>) -> Result<(), Failure> {
    let mut files = Vec::new();
    for (name, head) in table::TABLES {
        let mut file = folder.begin(name)?;
        file.add(&format!("{head}\n"))?;
        files.push((file, 0));
    }
    let n_blocks = snapshot.len().max(1);
    for (at, block) in snapshot.blocks().enumerate() {
        for ((file, n_rows), rows) in files.iter_mut().zip(table::rows(&block)) {
            file.add(&rows)?;
            *n_rows += rows.lines().count();
        }
        progress.show(&format!("tables {} %", at * 100 / n_blocks));
    }
    files.into_iter().try_for_each(|(file, n_rows)| folder.finish(file, counted(n_rows, "row")))
}

/// A fact's table: the fact's name and the day of the delivery.
type FactTable = (String, NaiveDate);

/// One CSV for each declared fact that the sample knows, and the names of those that it does not.
fn facts(
    snapshot: Snapshot<'_>,
    declared: &[FactDeclaration],
    folder: &mut Folder<'_>,
    progress: &mut Progress<'_>,
) -> Result<(Vec<FactTable>, Vec<String>), Failure> {
    // by name, so that the order of a rules folder changes nothing
    let by_name: BTreeMap<String, &FactDeclaration> =
        declared.iter().map(|fact| (format!("{}.{}", fact.subject.word(), fact.name), fact)).collect();
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for (name, declaration) in by_name {
        progress.show(&name);
        let Some(told) = snapshot.fact(declaration) else {
            unknown.push(name);
            continue;
        };
        let mut file = folder.begin(&format!("fact.{name}.csv"))?;
        file.add(&format!("{}\n{}", table::FACT_HEAD, table::fact_rows(&told)))?;
        folder.finish(file, format!("{}, delivered on {}", counted(told.rows.len(), "row"), told.delivered_on))?;
        known.push((name, told.delivered_on));
    }
    Ok((known, unknown))
}

/// A `register.toml` over the tables. What it lacks is made by a load: the identity table, and what it keeps.
fn register(day: NaiveDate, facts: &[FactTable]) -> String {
    let mut text = format!(
        "# A register from the tables of this sample: `ennakko register load DIR --first`.\n\
         # Facts are declared in a rule folder: `--rules DIR`, or `rules = \"...\"` here.\n\
         version = 1\n\
         day = {day}\n\
         identity_table = \"identity.jsonl\"\n\
         secret = \"secret.key\"\n\
         codes = \"artificial\"\n"
    );
    let mut add = |name: &str, table: &str, file: &str, day: NaiveDate, more: &str| {
        // writing to a text cannot fail
        let _ = write!(
            text,
            "\n[[source]]\nname = \"{name}\"\nform = \"table\"\ntable = \"{table}\"\nfile = \"{file}\"\nday = {day}\n{more}"
        );
    };
    for (file, _) in table::TABLES {
        let name = file.trim_end_matches(".csv");
        add(name, name, file, day, "fresh_days = 14\nrows = { change_percent = 10 }\n");
    }
    for (fact, delivered_on) in facts {
        let more = format!("facts = [\"{fact}\"]\n");
        add(&fact.replace('.', "-"), "facts", &format!("fact.{fact}.csv"), *delivered_on, &more);
    }
    text
}

/// A secret that only a register of artificial codes accepts: it stands in the sample, so everybody has it.
fn secret(seed: u64) -> String {
    let half = |which: &str| {
        Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("ennakko sample {seed} {which}").as_bytes()).simple().to_string()
    };
    format!("sample-{}{}\n", half("first"), half("second"))
}

/// One answer to `POST /perustiedot` with everybody in it, a person a line.
fn base_data(name: &str, day: NaiveDate, data: &BaseData<'_>, folder: &mut Folder<'_>) -> Result<(), Failure> {
    let mut file = folder.begin(name)?;
    file.add("{\"ajanTasalla\":true,\"perustiedot\":[")?;
    let n_people = file.list(data.people())?;
    file.add("]}\n")?;
    folder.finish(file, format!("base data of {day} as the population register tells it, of {}", people(n_people)))
}

/// The answers to `POST /muutokset` through a year, an answer a line.
fn changes(year: &Year, folder: &mut Folder<'_>) -> Result<(), Failure> {
    let mut file = folder.begin("changes.json")?;
    file.add("[")?;
    let n_answers = file.list(feed::changes(year, PAGE_CHANGES).into_iter())?;
    file.add("]\n")?;
    let until = year.until;
    folder.finish(file, format!("what changes until {until}, as the register tells it in {n_answers} answers"))
}

fn people(n: usize) -> String {
    if n == 1 { "1 person".to_owned() } else { format!("{n} people") }
}

fn readme(arguments: &SampleArguments, in_memory: bool, unknown: &[String], written: &[(String, String)]) -> String {
    let SampleArguments { residents, seed, day, .. } = arguments;
    let mut text = format!(
        "# A made-up city\n\n\
         Nobody here is real: the people, their homes and all that registers say of them are made up. Identity codes are of \
         the artificial 900 series, which the population register gives to nobody. \
         Admission areas and what follows from them: {MADE_UP_AREAS}.\n\n\
         Made by `ennakko sample` {version}: {residents} residents, seed {seed}, on {day}. The same again gives the same bytes. \
         Not for statistics. The open data behind it is listed in `ATTRIBUTION.md`.\n\n",
        version = env!("CARGO_PKG_VERSION"),
        residents = thousands(*residents as usize),
    );
    for (name, what) in written {
        // writing to a text cannot fail
        let _ = writeln!(text, "* `{name}`: {what}");
    }
    for note in notes(unknown, in_memory) {
        let _ = write!(text, "\n{note}\n");
    }
    text
}

/// What is missing, and why.
fn notes(unknown: &[String], in_memory: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if !unknown.is_empty() {
        notes.push(format!("No table, for the sample knows nothing of these facts: {}.", unknown.join(", ")));
    }
    if !in_memory {
        let most = thousands(IN_MEMORY_MAX as usize);
        notes.push(format!("No base data, which is written for at most {most} residents."));
    }
    notes
}

fn tell(folder: &Folder<'_>, unknown: &[String], in_memory: bool, io: &mut Io<'_>) -> Result<(), Failure> {
    let width = folder.written.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    writeln!(io.out, "wrote {} in {}:", counted(folder.written.len(), "file"), folder.path.display())?;
    for (name, what) in &folder.written {
        writeln!(io.out, "  {name:width$}  {what}")?;
    }
    for note in notes(unknown, in_memory) {
        writeln!(io.out, "{note}")?;
    }
    writeln!(io.out, "Nobody in them is real; {MADE_UP_AREAS}.")?;
    Ok(())
}

/// The folder that is written, and each file in it with what it holds.
struct Folder<'p> {
    path: &'p Path,
    written: Vec<(String, String)>,
}

impl<'p> Folder<'p> {
    fn make(path: &'p Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(path)
            .map_err(|error| Failure::Wrong(format!("cannot make {}: {error}", path.display())))?;
        Ok(Self { path, written: Vec::new() })
    }

    /// A file that must not exist.
    fn begin(&self, name: &str) -> Result<Begun, Failure> {
        let path = self.path.join(name);
        let opened = std::fs::OpenOptions::new().write(true).create_new(true).open(&path);
        let file = opened.map_err(|error| unwritable(&path, &error))?;
        Ok(Begun { name: name.to_owned(), path, file: BufWriter::new(file) })
    }

    fn finish(&mut self, mut begun: Begun, what: String) -> Result<(), Failure> {
        begun.file.flush().map_err(|error| unwritable(&begun.path, &error))?;
        self.written.push((begun.name, what));
        Ok(())
    }

    fn text(&mut self, name: &str, what: &str, text: &str) -> Result<(), Failure> {
        let mut file = self.begin(name)?;
        file.add(text)?;
        self.finish(file, what.to_owned())
    }
}

/// A file being written.
struct Begun {
    name: String,
    path: PathBuf,
    file: BufWriter<File>,
}

impl Begun {
    fn add(&mut self, text: &str) -> Result<(), Failure> {
        self.file.write_all(text.as_bytes()).map_err(|error| unwritable(&self.path, &error))
    }

    /// The entries of a list, each on a line of its own; how many they were.
    fn list(&mut self, entries: impl Iterator<Item = serde_json::Value>) -> Result<usize, Failure> {
        let mut n_entries = 0;
        for entry in entries {
            self.add(if n_entries == 0 { "\n" } else { ",\n" })?;
            serde_json::to_writer(&mut self.file, &entry).map_err(|error| unwritable(&self.path, &error.into()))?;
            n_entries += 1;
        }
        self.add("\n")?;
        Ok(n_entries)
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::Wrong(format!("cannot write {}: {error}", path.display()))
}
