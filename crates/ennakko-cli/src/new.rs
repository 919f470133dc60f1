//! `ennakko new`: a rule's files, with one case that fails until somebody has written what they expect; in a folder without
//! a city, the city's tables too. Nothing that exists is changed.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use ennakko::rules::{RuleFile, RuleSet};

use crate::arguments::NewArguments;
use crate::check::{self, counted};
use crate::failure::Failure;
use crate::folders;
use crate::{Found, Io};

/// The longest name of a rule, in characters.
const ID_MAX: usize = 60;

/// The tables of a city: file, its first text.
const TABLES: [(&str, &str); 7] = [
    ("city.toml", include_str!("new/city.toml")),
    ("purposes.toml", include_str!("new/purposes.toml")),
    ("facts.toml", include_str!("new/facts.toml")),
    ("parameters.toml", include_str!("new/parameters.toml")),
    ("calendar.toml", include_str!("new/calendar.toml")),
    ("code_lists.toml", include_str!("new/code_lists.toml")),
    ("laws.toml", include_str!("new/laws.toml")),
];

/// One file to be written.
struct Planned {
    name: String,
    text: String,
    what: &'static str,
}

pub(crate) fn run(arguments: &NewArguments, io: &mut Io<'_>) -> Result<Found, Failure> {
    let (id, folder) = (arguments.rule.as_str(), arguments.folder.as_path());
    must_be_name(id)?;
    let present = names_in(folder)?;
    if let Some(taken) = present.iter().find(|name| name.split('.').next() == Some(id)) {
        return Err(Failure::Wrong(format!("{} exists already; nothing was written", folder.join(taken).display())));
    }
    let planned = plan(id, folder, &present, io)?;
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::Wrong(format!("cannot make {}: {error}", folder.display())))?;
    for file in &planned {
        write_new(&folder.join(&file.name), &file.text)?;
    }
    tell(id, folder, &planned, io)?;
    Ok(Found::Nothing)
}

fn must_be_name(id: &str) -> Result<(), Failure> {
    let first = id.chars().next().is_some_and(|c| c.is_ascii_lowercase());
    let all = id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if first && all && id.len() <= ID_MAX {
        return Ok(());
    }
    Err(Failure::Wrong(format!(
        "`{id}` cannot be the name of a rule; write small letters a to z, digits and `_`, a letter first, at most \
         {ID_MAX} of them"
    )))
}

/// Names of the files in a folder that may not be there yet.
fn names_in(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    if !folder.exists() {
        return Ok(BTreeSet::new());
    }
    let entries = folders::entries(folder)?;
    Ok(entries.iter().filter_map(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned()).collect())
}

/// Every file that is to be written: tables that are missing, common texts that are missing, and the rule's own.
fn plan(id: &str, folder: &Path, present: &BTreeSet<String>, io: &mut Io<'_>) -> Result<Vec<Planned>, Failure> {
    let mut planned = Vec::new();
    let mut tables = Vec::new();
    for (name, text) in TABLES {
        let path = folder.join(name);
        if present.contains(name) {
            tables.push(RuleFile::new(&path.display().to_string(), &read(&path)?));
        } else {
            tables.push(RuleFile::new(&path.display().to_string(), text));
            planned.push(Planned { name: name.to_owned(), text: text.to_owned(), what: "a table of the city" });
        }
    }
    let tables = match RuleSet::load(&tables) {
        Ok((set, _)) => set.tables().clone(),
        Err(unusable) => {
            check::print(io.err, unusable.diagnostics.iter())?;
            return Err(Failure::Wrong(format!("the tables in {} must be mended first", folder.display())));
        }
    };
    let first = |names: Option<&String>| names.map_or("to_be_named", String::as_str).to_owned();
    let (purpose, law) = (first(tables.purposes.keys().next()), first(tables.laws.keys().next()));
    let fill = |text: &str| text.replace("@rule@", id).replace("@purpose@", &purpose).replace("@law@", &law);
    let languages: Vec<&String> = tables.city.languages.iter().chain(&tables.city.also).collect();
    for language in &languages {
        let name = format!("_common.{language}.ftl");
        if !present.contains(&name) {
            planned.push(Planned { name, text: common_texts(language).to_owned(), what: "the parts of every letter" });
        }
    }
    let rule = fill(include_str!("new/rule.rhai"));
    planned.push(Planned { name: format!("{id}.rhai"), text: rule, what: "the rule: whom, when, what" });
    let page = fill(include_str!("new/page.md"));
    planned.push(Planned { name: format!("{id}.md"), text: page, what: "its page, with one case" });
    for language in &languages {
        let text = fill(rule_texts(language));
        planned.push(Planned { name: format!("{id}.{language}.ftl"), text, what: "its letter" });
    }
    Ok(planned)
}

/// The parts of every letter; in a language that has none here, in English.
fn common_texts(language: &str) -> &'static str {
    match language {
        "fi" => include_str!("new/common.fi.ftl"),
        "sv" => include_str!("new/common.sv.ftl"),
        _ => include_str!("new/common.en.ftl"),
    }
}

/// The texts of a rule, marked to be written; in a language that has none here, in English.
fn rule_texts(language: &str) -> &'static str {
    match language {
        "fi" => include_str!("new/texts.fi.ftl"),
        "sv" => include_str!("new/texts.sv.ftl"),
        _ => include_str!("new/texts.en.ftl"),
    }
}

#[expect(clippy::disallowed_methods, reason = "the command reads the tables of the folder it adds to")]
fn read(path: &Path) -> Result<String, Failure> {
    let bytes =
        std::fs::read(path).map_err(|error| Failure::Wrong(format!("cannot read {}: {error}", path.display())))?;
    String::from_utf8(bytes).map_err(|_| Failure::Wrong(format!("{} is not UTF-8 text", path.display())))
}

/// Writes a file that must not exist.
fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let opened = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    opened
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| Failure::Wrong(format!("cannot write {}: {error}", path.display())))
}

fn tell(id: &str, folder: &Path, planned: &[Planned], io: &mut Io<'_>) -> Result<(), Failure> {
    let shown = folder.display();
    let width = planned.iter().map(|file| file.name.len()).max().unwrap_or(0);
    writeln!(io.out, "wrote {} in {shown}:", counted(planned.len(), "file"))?;
    for Planned { name, what, .. } in planned {
        writeln!(io.out, "  {name:width$}  {what}")?;
    }
    writeln!(
        io.out,
        "
What to do next:
  1. ennakko test {shown} --rule {id}
     One case fails: its expectation is wrong on purpose. Write in {id}.md what you expect.
  2. Write the rule in {id}.rhai, and more cases as you go.
  3. Write the texts: every sentence that begins with KIRJOITA, SKRIV or WRITE is yet to be written.
  4. ennakko check {shown}"
    )?;
    Ok(())
}
