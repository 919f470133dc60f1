//! From the text of a `register.toml` to a [`Plan`], with every mistake at its place.

use std::path::{Component, Path};

use ennakko_core::fact_table::{FactDeclaration, SubjectKind};
use ennakko_core::identity::Artificial;
use ennakko_rules::Diagnostic;
use ennakko_rules::diagnostic::did_you_mean;
use toml::Spanned;
use toml::de::DeTable;

use super::super::{LOADED, SET_ASIDE};
use super::{Band, Compiled, DAY_IN_NAME, Form, Plan, SourcePlan};
use crate::sources::finnish::NoGroup;
use crate::sources::navet::{MissingMark, Scope};
use crate::sources::table::{Format, TableName};
use crate::toml_file::{Entry, Spot, TomlFile, number};

const VERSION: i64 = 1;
const TOP: [&str; 7] = ["version", "day", "rules", "identity_table", "secret", "codes", "source"];
const FORMS: [&str; 6] = ["finnish_base", "finnish_changes", "table", "addresses", "building_sheets", "navet"];
/// What any source may say.
const EVERY: [&str; 5] = ["name", "form", "day", "fresh_days", "rows"];

/// What sources of a form may say besides.
fn more(form: &str) -> &'static [&'static str] {
    match form {
        "finnish_base" => &["file", "files", "everybody", "protection", "dwellings"],
        "finnish_changes" => &["file", "files", "of", "address", "access", "x_road_client"],
        "table" => &["file", "table", "format", "mapping", "facts"],
        "building_sheets" => &["buildings", "addresses", "owners", "dwellings", "delimiter", "encoding", "coordinates"],
        "navet" => &["file", "everybody", "secrecy"],
        _ => &["file"],
    }
}

pub(super) fn read(path: &str, text: &str, compiled: Compiled) -> Result<Plan, Vec<Diagnostic>> {
    TomlFile::new(path, text).read(|toml, root| File { toml, compiled }.plan(root))
}

pub(super) fn facts_not_declared(
    plan: &Plan,
    (path, text): (&str, &str),
    declared: &[FactDeclaration],
) -> Vec<Diagnostic> {
    let known: Vec<String> = declared.iter().map(|fact| format!("{}.{}", fact.subject.word(), fact.name)).collect();
    let named = plan.sources.iter().flat_map(|source| match &source.form {
        Form::Table { facts, .. } => facts.as_slice(),
        _ => &[],
    });
    let unknown = named.filter(|(name, _)| super::declared(name, declared).is_none());
    let mut toml = TomlFile::new(path, text);
    for (name, span) in unknown {
        let help = match (did_you_mean(name, known.iter().map(String::as_str)), &plan.rules) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, Some(_)) => "declare it in `facts.toml` of the rule folder".to_owned(),
            (None, None) => "name the rule folder that declares it: `rules = \"...\"`".to_owned(),
        };
        toml.wrong(span.clone(), format!("no fact `{name}` is declared"), help);
    }
    toml.found()
}

pub(super) struct File<'r, 'f> {
    pub(super) toml: &'r mut TomlFile<'f>,
    pub(super) compiled: Compiled,
}

impl File<'_, '_> {
    fn plan(&mut self, root: &DeTable<'_>) -> Option<Plan> {
        let top = Entry { entries: root, span: 0..0 };
        for (name, _) in root {
            if !TOP.contains(&name.get_ref().as_ref()) {
                self.toml.unknown_name(name, &TOP);
            }
        }
        match top.get("version") {
            None => self.toml.missing(&top, "version", "add `version = 1`"),
            Some(value) if number(value) != Some(VERSION) => {
                self.toml.wrong(value.span(), "`version` is not 1", "this program reads version 1 of `register.toml`");
            }
            Some(_) => {}
        }
        let day = top.get("day").and_then(|value| self.toml.day(value, "day"));
        let rules = top.get("rules").and_then(|value| self.toml.text(value, "rules", "write a folder's name"));
        let identity_table = self.toml.must_text(&top, "identity_table", "add `identity_table = \"identity.jsonl\"`");
        let secret =
            self.toml.must_text(&top, "secret", "add `secret = \"secret.key\"`, a file with 64 hexadecimal digits");
        let words = [("real", Artificial::Refused), ("artificial", Artificial::Only)];
        let codes = self.toml.must_word(&top, "codes", &words);
        let entries = self.entries(&top);
        let names: Vec<Option<String>> = entries.iter().map(|entry| self.name(entry)).collect();
        for (at, name) in names.iter().enumerate() {
            if name.is_some() && names[..at].contains(name) {
                let span = entries[at].get("name").map_or(entries[at].span.clone(), Spanned::span);
                self.toml.wrong(span, "two sources have this name", "names of sources are told apart");
            }
        }
        let sources = entries.iter().zip(&names).map(|(entry, name)| {
            let form = self.form(entry, &entries, &names);
            let source = self.source(entry, form.as_ref());
            Some(SourcePlan { name: name.clone()?, form: form?, ..source? })
        });
        let sources: Vec<Option<SourcePlan>> = sources.collect();
        let sources: Vec<SourcePlan> = sources.into_iter().collect::<Option<_>>()?;
        Some(Plan { day, rules, identity_table: identity_table?, secret: secret?, codes: codes?, sources })
    }

    fn entries<'e>(&mut self, top: &Entry<'e>) -> Vec<Entry<'e>> {
        let Some(value) = top.get("source") else {
            self.toml.missing(top, "source", "add a `[[source]]` for each source");
            return Vec::new();
        };
        let rows = value.get_ref().as_array().map(|rows| rows.iter().collect::<Vec<_>>());
        let tables = rows.and_then(|rows| {
            rows.into_iter()
                .map(|row| Some(Entry { entries: row.get_ref().as_table()?, span: row.span() }))
                .collect::<Option<Vec<_>>>()
        });
        match tables {
            Some(tables) if !tables.is_empty() => tables,
            _ => {
                self.toml.wrong(
                    value.span(),
                    "`source` is not a list of tables",
                    "write `[[source]]` above each source",
                );
                Vec::new()
            }
        }
    }

    fn name(&mut self, entry: &Entry<'_>) -> Option<String> {
        let name =
            self.toml.must_text(entry, "name", "add `name = \"...\"`; reports and files call the source by it")?;
        let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_-".contains(letter);
        if !name.is_empty() && name.len() <= 64 && name.chars().all(is_plain) {
            return Some(name);
        }
        let span = entry.get("name").map_or(entry.span.clone(), Spanned::span);
        self.toml.wrong(span, format!("`{name}` is no name of a source"), "use small letters, digits, `_` and `-`");
        None
    }

    /// What every source says, without its name and form.
    fn source(&mut self, entry: &Entry<'_>, form: Option<&Form>) -> Option<SourcePlan> {
        let word = entry.get("form").and_then(|form| form.get_ref().as_str()).unwrap_or_default();
        if FORMS.contains(&word) {
            let known: Vec<&str> = EVERY.iter().chain(more(word)).copied().collect();
            for (name, _) in entry.entries {
                if !known.contains(&name.get_ref().as_ref()) {
                    self.toml.unknown_name(name, &known);
                }
            }
        }
        let files = match word {
            "building_sheets" => self.sheets(entry),
            "finnish_changes" if entry.get("address").is_some() => Some(self.no_files(entry)),
            _ => self.files(entry),
        };
        let day = entry.get("day").and_then(|value| self.toml.day(value, "day"));
        let told = |file: &String| file.contains(DAY_IN_NAME);
        if let Some(files) = &files {
            let in_names = files.iter().any(told);
            match entry.get("day") {
                Some(value) if in_names => {
                    self.toml.wrong(value.span(), "`day` is told by the file's name too", "leave one of them");
                }
                None if !in_names && form.is_some_and(|form| !form.tells_its_day()) => {
                    self.toml.missing(entry, "day", "add `day = 2026-12-01`, or put `{day}` into the file's name");
                }
                _ => {}
            }
        }
        let fresh_days = match entry.get("fresh_days") {
            None => None,
            Some(value) => {
                let days = number(value).and_then(|days| u32::try_from(days).ok()).filter(|days| *days > 0);
                if days.is_none() {
                    self.toml.wrong(
                        value.span(),
                        "`fresh_days` is not a number of days",
                        "write a whole number from 1 on",
                    );
                }
                days
            }
        };
        let band = self.band(entry);
        Some(SourcePlan { name: String::new(), form: Form::Addresses, files: files?, day, fresh_days, band })
    }

    fn files(&mut self, entry: &Entry<'_>) -> Option<Vec<String>> {
        let one = entry.get("file");
        let several = entry.get("files");
        let spots: Vec<&Spot<'_>> = match (one, several) {
            (Some(_), Some(several)) => {
                self.toml.wrong(several.span(), "`file` and `files` are both given", "leave one of them");
                return None;
            }
            (Some(one), None) => vec![one],
            (None, Some(several)) => {
                let files = several.get_ref().as_array().filter(|files| !files.is_empty());
                if files.is_none() {
                    self.toml.wrong(several.span(), "`files` is not a list of files", "write `[\"...\", \"...\"]`");
                }
                files?.iter().collect()
            }
            (None, None) => {
                self.toml.missing(entry, "file", "add `file = \"...\"`");
                return None;
            }
        };
        let mut files: Vec<String> = Vec::new();
        for spot in spots {
            files.push(self.file(spot, &files)?);
        }
        Some(files)
    }

    /// The name of a file that is not named before.
    pub(super) fn file(&mut self, spot: &Spot<'_>, before: &[String]) -> Option<String> {
        let file = self.toml.text(spot, "file", "write a file's name")?;
        let first = Path::new(&file).components().find(|part| *part != Component::CurDir);
        let own = [SET_ASIDE, LOADED].into_iter().find(|own| first == Some(Component::Normal((*own).as_ref())));
        let several_days = file.matches(DAY_IN_NAME).count() > 1;
        let in_folder = Path::new(&file).parent().is_some_and(|folder| folder.to_string_lossy().contains(DAY_IN_NAME));
        if let Some(own) = own {
            let help = format!("each load writes `{own}` anew; move the file somewhere else first");
            self.toml.wrong(spot.span(), format!("a source cannot stand in `{own}`"), help);
        } else if several_days || in_folder {
            self.toml.wrong(spot.span(), "`{day}` stands once, in the name of the file", "leave one of them");
        } else if before.contains(&file) {
            self.toml.wrong(spot.span(), format!("`{file}` is named twice"), "leave one of them");
        }
        Some(file)
    }

    fn band(&mut self, entry: &Entry<'_>) -> Band {
        let mut band = Band::default();
        let Some(value) = entry.get("rows") else { return band };
        let help = "write `{ at_least = 1_000, at_most = 2_000 }` or `{ change_percent = 10 }`";
        let Some(entries) = value.get_ref().as_table().filter(|entries| !entries.is_empty()) else {
            self.toml.wrong(value.span(), "`rows` is not a table", help);
            return band;
        };
        for (name, value) in entries {
            let place = match name.get_ref().as_ref() {
                "at_least" => &mut band.at_least,
                "at_most" => &mut band.at_most,
                "change_percent" => &mut band.change_percent,
                _ => {
                    self.toml.unknown_name(name, &["at_least", "at_most", "change_percent"]);
                    continue;
                }
            };
            match number(value).and_then(|number| u64::try_from(number).ok()) {
                Some(number) => *place = Some(number),
                None => self.toml.wrong(value.span(), format!("`{}` is not a whole number", name.get_ref()), help),
            }
        }
        if band.at_least.zip(band.at_most).is_some_and(|(least, most)| least > most) {
            self.toml.wrong(value.span(), "`at_least` is more than `at_most`", "no source can have so many records");
        }
        band
    }

    fn form(&mut self, entry: &Entry<'_>, all: &[Entry<'_>], names: &[Option<String>]) -> Option<Form> {
        let words = FORMS.map(|word| (word, word));
        match self.toml.must_word(entry, "form", &words)? {
            "finnish_base" => {
                let asked = [("asked", NoGroup::MeansNone), ("not asked", NoGroup::MeansUnknown)];
                let everybody = self.toml.must_flag(entry, "everybody");
                let protection = self.toml.must_word(entry, "protection", &asked);
                let dwellings = match entry.get("dwellings") {
                    None => Some(true),
                    Some(_) => self.toml.must_flag(entry, "dwellings"),
                };
                Some(Form::FinnishBase { everybody: everybody?, protection: protection?, dwellings: dwellings? })
            }
            "finnish_changes" => {
                let feed = self.feed(entry);
                let base = self.base(entry, all, names);
                Some(Form::FinnishChanges { base: base?, feed })
            }
            "table" => self.table(entry),
            "addresses" => Some(Form::Addresses),
            "building_sheets" => self.building_sheets(entry),
            _ => {
                let marks = [("always told", MissingMark::Unknown), ("told where set", MissingMark::No)];
                let everybody = self.toml.must_flag(entry, "everybody");
                let secrecy = self.toml.must_word(entry, "secrecy", &marks);
                let scope = if everybody? { Scope::Everybody } else { Scope::Some };
                Some(Form::Navet { secrecy: secrecy?, scope })
            }
        }
    }

    /// The base data that changes are of: the one named, or the only one.
    fn base(&mut self, entry: &Entry<'_>, all: &[Entry<'_>], names: &[Option<String>]) -> Option<usize> {
        let is_base =
            |entry: &Entry<'_>| entry.get("form").is_some_and(|form| form.get_ref().as_str() == Some("finnish_base"));
        let bases: Vec<usize> = (0..all.len()).filter(|at| is_base(&all[*at])).collect();
        if let Some(value) = entry.get("of") {
            let name = self.toml.text(value, "of", "write the name of a source of base data")?;
            let found = bases.into_iter().find(|at| names[*at].as_ref() == Some(&name));
            if found.is_none() {
                let help = "write the name of a source whose form is `finnish_base`";
                self.toml.wrong(value.span(), format!("no source of base data is called `{name}`"), help);
            }
            return found;
        }
        match bases.as_slice() {
            [only] => Some(*only),
            [] => {
                let message = "there is no base data for these changes";
                self.toml.wrong(entry.span.clone(), message, "add a source whose form is `finnish_base`");
                None
            }
            _ => {
                self.toml.missing(entry, "of", "several sources are base data; say of which these are the changes");
                None
            }
        }
    }

    fn table(&mut self, entry: &Entry<'_>) -> Option<Form> {
        let words = TableName::ALL.map(|table| (table.word(), table));
        let table = self.toml.must_word(entry, "table", &words);
        let mapping = match entry.get("mapping") {
            None => None,
            Some(value) => Some(self.toml.text(value, "mapping", "write a file's name")?),
        };
        let format = self.format(entry);
        if format == Some(Format::Parquet) && !self.compiled.parquet {
            let spot = entry.get("format").or_else(|| entry.get("file"));
            let message = "this program was built without Parquet";
            let help = "build it with `--features parquet`, or name a table as CSV or JSON Lines";
            self.toml.wrong(spot.map_or(entry.span.clone(), Spanned::span), message, help);
        }
        let mut facts = Vec::new();
        if let Some(value) = entry.get("facts") {
            let items = value.get_ref().as_array().filter(|items| !items.is_empty());
            if items.is_none() {
                self.toml.wrong(value.span(), "`facts` is not a list of facts", "write `[\"resident.local_school\"]`");
            }
            for item in items.into_iter().flatten() {
                let name = self.toml.text(item, "facts", "write a fact's name, `resident.local_school`")?;
                let subject = name.split_once('.').and_then(|(subject, _)| SubjectKind::of_word(subject));
                match subject {
                    Some(SubjectKind::Resident | SubjectKind::Building) => facts.push((name, item.span())),
                    _ => self.toml.wrong(
                        item.span(),
                        format!("`{name}` does not say whose fact it is"),
                        "write `resident.` or `building.` before the fact's name",
                    ),
                }
            }
        }
        match (table, entry.get("facts")) {
            (Some(TableName::Facts), None) => {
                self.toml.missing(entry, "facts", "add `facts = [\"resident.local_school\"]`: what the table holds");
                return None;
            }
            (Some(other), Some(value)) if other != TableName::Facts => {
                let message = format!("a table of `{}` holds no facts", other.word());
                self.toml.wrong(value.span(), message, "remove this line, or write `table = \"facts\"`");
            }
            _ => {}
        }
        Some(Form::Table { table: table?, format: format?, mapping, facts })
    }

    /// How a table is written, by what is said or by the file's name.
    fn format(&mut self, entry: &Entry<'_>) -> Option<Format> {
        let words = [("csv", Format::Csv), ("json_lines", Format::JsonLines), ("parquet", Format::Parquet)];
        if entry.get("format").is_some() {
            return self.toml.must_word(entry, "format", &words);
        }
        let file = entry.get("file")?.get_ref().as_str()?;
        let extension = Path::new(file).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        match extension.to_ascii_lowercase().as_str() {
            "csv" | "txt" => Some(Format::Csv),
            "jsonl" | "ndjson" => Some(Format::JsonLines),
            "parquet" => Some(Format::Parquet),
            _ => {
                self.toml.missing(entry, "format", "add `format = \"csv\"`, or `json_lines` or `parquet`");
                None
            }
        }
    }
}
