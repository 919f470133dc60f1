//! From the text of a mapping to a [`Mapping`], with every mistake at its place.

use std::collections::BTreeMap;
use std::ops::Range;

use ennakko_rules::Diagnostic;
use ennakko_rules::diagnostic::did_you_mean;
use toml::de::DeTable;

use super::super::date::Pattern;
use super::super::schema::{Column, Empty, Kind, TableName, VERSION};
use super::{Csv, Encoding, Identity, Mapped, Mapping, REASONS, Spelled};
use crate::toml_file::{Name, Spot, TomlFile, number};

/// What may stand beside the tables.
const TOP: [&str; 4] = ["version", "identity", "dates", "csv"];
/// What may stand in a table.
const PARTS: [&str; 7] = ["columns", "values", "none", "unknown", "dates", "digits", "always"];

pub(super) fn read(path: &str, text: &str) -> Result<Mapping, Vec<Diagnostic>> {
    TomlFile::new(path, text).read(|toml, root| Some(File { toml }.mapping(root)))
}

struct File<'r, 'f> {
    toml: &'r mut TomlFile<'f>,
}

/// One column of a table while its mapping is read.
#[derive(Clone, Copy)]
struct Of {
    /// The schema's column; none for a fact, whose declaration is not known here.
    column: Option<&'static Column>,
}

impl Of {
    fn kind(self) -> Option<Kind> {
        self.column.map(|column| column.kind)
    }
}

impl File<'_, '_> {
    fn mapping(&mut self, root: &DeTable<'_>) -> Mapping {
        let mut mapping = Mapping::none();
        let tables = TableName::ALL.map(TableName::word);
        let known: Vec<&str> = TOP.into_iter().chain(tables).collect();
        if !root.iter().any(|(name, _)| name.get_ref() == "version") {
            self.toml.wrong(0..0, "`version` is missing here", format!("add `version = {VERSION}`, the schema's"));
        }
        for (name, value) in root {
            match name.get_ref().as_ref() {
                "version" => {
                    if number(value) != Some(VERSION) {
                        let message = format!("`version` is not {VERSION}");
                        self.toml.wrong(
                            value.span(),
                            message,
                            format!("this program reads version {VERSION} of the schema"),
                        );
                    }
                }
                "identity" => {
                    let words = [("finnish", Identity::Finnish), ("swedish", Identity::Swedish)];
                    mapping.identity = self.word(value, "identity", &words).unwrap_or(mapping.identity);
                }
                "dates" => mapping.dates = self.patterns(value).unwrap_or(mapping.dates),
                "csv" => self.csv(value, &mut mapping.csv),
                word => match TableName::of_word(word) {
                    Some(table) => {
                        let columns = self.table(table, value);
                        mapping.tables.insert(table, columns);
                    }
                    None => self.toml.unknown_name(name, &known),
                },
            }
        }
        mapping
    }

    fn csv(&mut self, value: &Spot<'_>, csv: &mut Csv) {
        let Some(entries) = self.entries(value, "csv") else { return };
        for (name, value) in entries {
            match name.get_ref().as_ref() {
                "delimiter" => match text(value).map(str::as_bytes) {
                    Some([byte]) if byte.is_ascii() && !b"\"\r\n\0".contains(byte) && !byte.is_ascii_alphanumeric() => {
                        csv.delimiter = *byte;
                    }
                    _ => self.toml.wrong(
                        value.span(),
                        "`delimiter` is not one plain sign",
                        "write \",\", \";\", \"\\t\" or \"|\"",
                    ),
                },
                "encoding" => {
                    let words = [
                        ("utf-8", Encoding::Utf8),
                        ("iso-8859-1", Encoding::Latin1),
                        ("windows-1252", Encoding::Windows1252),
                    ];
                    csv.encoding = self.word(value, "encoding", &words).unwrap_or(csv.encoding);
                }
                "quote" => csv.quotes = self.word(value, "quote", &[("\"", true), ("none", false)]).unwrap_or(true),
                _ => self.toml.unknown_name(name, &["delimiter", "encoding", "quote"]),
            }
        }
    }

    fn table(&mut self, table: TableName, value: &Spot<'_>) -> BTreeMap<String, Mapped> {
        let mut columns = BTreeMap::new();
        let Some(parts) = self.entries(value, table.word()) else { return columns };
        for (part, value) in parts {
            if !PARTS.contains(&part.get_ref().as_ref()) {
                self.toml.unknown_name(part, &PARTS);
                continue;
            }
            let Some(entries) = self.entries(value, part.get_ref()) else { continue };
            for (name, value) in entries {
                let Some(of) = self.column(table, name) else { continue };
                let mapped = columns.entry(name.get_ref().to_string()).or_default();
                self.say(of, part.get_ref(), name, value, mapped);
            }
        }
        self.apart(parts, &columns);
        columns
    }

    /// The schema's column of a name; any name may be a fact's.
    fn column(&mut self, table: TableName, name: &Name<'_>) -> Option<Of> {
        let column = table.columns().iter().find(|column| column.name == name.get_ref());
        if column.is_none() && table != TableName::Facts {
            let known: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
            let help = did_you_mean(name.get_ref(), known.iter().copied()).map_or_else(
                || format!("its columns: {}", known.join(", ")),
                |known| format!("did you mean `{known}`?"),
            );
            let message = format!("`{}` has no column `{}` in the schema", table.word(), name.get_ref());
            self.toml.wrong(name.span(), message, help);
            return None;
        }
        Some(Of { column })
    }

    fn say(&mut self, of: Of, part: &str, name: &Name<'_>, value: &Spot<'_>, mapped: &mut Mapped) {
        match part {
            "columns" => match text(value).filter(|text| !text.is_empty()) {
                Some(text) => mapped.header = Some(text.to_owned()),
                None => self.toml.wrong(
                    value.span(),
                    format!("`{}` is not a text", name.get_ref()),
                    "write the file's own column name",
                ),
            },
            "dates" => {
                if of.kind().is_some_and(|kind| !matches!(kind, Kind::Date | Kind::Day)) {
                    self.toml.wrong(name.span(), format!("`{}` holds no days", name.get_ref()), "remove this line");
                }
                mapped.dates = self.patterns(value);
            }
            "digits" => {
                let digits = number(value).and_then(|number| usize::try_from(number).ok());
                match digits.filter(|digits| (1..=20).contains(digits)) {
                    Some(digits)
                        if of.kind().is_none_or(|kind| {
                            matches!(kind, Kind::Municipality | Kind::Text | Kind::Few | Kind::Plain)
                        }) =>
                    {
                        mapped.digits = Some(digits);
                    }
                    Some(_) => self.toml.wrong(
                        name.span(),
                        format!("`{}` is no code of digits", name.get_ref()),
                        "remove this line",
                    ),
                    None => self.toml.wrong(
                        value.span(),
                        format!("`{}` is not a number of digits", name.get_ref()),
                        "write a whole number from 1 to 20",
                    ),
                }
            }
            "always" => match plain(value) {
                Some(text) => mapped.always = self.spelling(of, &text, value.span()),
                None => self.toml.wrong(
                    value.span(),
                    format!("`{}` is not a value", name.get_ref()),
                    "write a text, a number, `true` or `false`",
                ),
            },
            "none" | "unknown" => {
                let Some(spellings) = self.texts(value, name.get_ref()) else { return };
                for (spelling, span) in spellings {
                    if let Some(says) = self.spelling(of, part, span.clone()) {
                        self.spell(mapped, spelling, says, span);
                    }
                }
            }
            _ => {
                let Some(entries) = self.entries(value, name.get_ref()) else { return };
                for (spelling, value) in entries {
                    let Some(text) = plain(value) else {
                        let message = format!("`{}` is not a value", spelling.get_ref());
                        self.toml.wrong(value.span(), message, "write a text, a number, `true` or `false`");
                        continue;
                    };
                    if let Some(says) = self.spelling(of, &text, value.span()) {
                        self.spell(mapped, spelling.get_ref().to_string(), says, spelling.span());
                    }
                }
            }
        }
    }

    fn spell(&mut self, mapped: &mut Mapped, spelling: String, says: Spelled, span: Range<usize>) {
        let message = format!("`{spelling}` is spelled twice for this column");
        if mapped.spelled.insert(spelling, says).is_some() {
            self.toml.wrong(span, message, "leave one of them");
        }
    }

    /// What a word of the schema says of a column, if it can.
    fn spelling(&mut self, of: Of, says: &str, span: Range<usize>) -> Option<Spelled> {
        let Some(spelled) = Spelled::of(says) else {
            let reasons: Vec<&str> = REASONS.iter().map(|reason| reason.words()).collect();
            self.toml.wrong(
                span,
                format!("`{says}` gives no reason that is known"),
                format!("reasons: {}", reasons.join(", ")),
            );
            return None;
        };
        let Some(column) = of.column else { return Some(spelled) };
        let words: &[&str] = match column.kind {
            Kind::Flag => &["true", "false"],
            Kind::Word(words) => words,
            Kind::ListState => &["whole"],
            _ => &[],
        };
        let wrong = match &spelled {
            Spelled::Word(word) if !words.is_empty() && !words.contains(&word.as_str()) => {
                let help = did_you_mean(word, words.iter().copied()).map_or_else(
                    || format!("write one of {}", words.join(", ")),
                    |known| format!("did you mean `{known}`?"),
                );
                Some((format!("`{}` cannot be `{word}`", column.name), help))
            }
            Spelled::None | Spelled::Unknown(_) if column.empty == Empty::Refused => {
                Some((format!("`{}` cannot be none or unknown", column.name), "a row is nothing without it".to_owned()))
            }
            Spelled::None if column.kind == Kind::ListState => {
                Some((format!("`{}` cannot be none", column.name), "write `whole` or `unknown`".to_owned()))
            }
            _ => None,
        };
        if let Some((message, help)) = wrong {
            self.toml.wrong(span, message, help);
            return None;
        }
        Some(spelled)
    }

    /// What columns of a table must not share.
    fn apart(&mut self, parts: &DeTable<'_>, columns: &BTreeMap<String, Mapped>) {
        let part = |wanted: &str| {
            parts.iter().find(|(name, _)| name.get_ref() == wanted).and_then(|(_, value)| value.get_ref().as_table())
        };
        let Some(named) = part("columns") else { return };
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, value) in named {
            let Some(header) = text(value) else { continue };
            if let Some(first) = seen.insert(header, name.get_ref()) {
                let message = format!("`{first}` and `{}` both read `{header}`", name.get_ref());
                self.toml.wrong(value.span(), message, "a column of the file is read once");
            }
            if columns.get(name.get_ref().as_ref()).is_some_and(|mapped| mapped.always.is_some()) {
                let message = format!("`{}` has a column and a value for every row", name.get_ref());
                self.toml.wrong(name.span(), message, "leave one of them");
            }
        }
    }

    fn entries<'v>(&mut self, value: &'v Spot<'_>, what: &str) -> Option<&'v DeTable<'v>> {
        let entries = value.get_ref().as_table();
        if entries.is_none() {
            self.toml.wrong(
                value.span(),
                format!("`{what}` is not a table"),
                "write `name = value` lines under a head `[...]`",
            );
        }
        entries
    }

    fn word<T: Copy>(&mut self, value: &Spot<'_>, what: &str, words: &[(&str, T)]) -> Option<T> {
        let found = text(value).and_then(|text| words.iter().find(|(word, _)| *word == text));
        if found.is_none() {
            let known: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            let help = format!("`{what}` is one of {}", known.join(", "));
            self.toml.wrong(value.span(), format!("`{what}` cannot be this"), help);
        }
        found.map(|(_, meaning)| *meaning)
    }

    /// One text, or a list of them, each with its place.
    fn texts(&mut self, value: &Spot<'_>, what: &str) -> Option<Vec<(String, Range<usize>)>> {
        let one = |value: &Spot<'_>| plain(value).map(|text| (text, value.span()));
        let texts = match value.get_ref().as_array() {
            Some(items) => items.iter().map(one).collect(),
            None => one(value).map(|one| vec![one]),
        };
        if texts.is_none() {
            self.toml.wrong(value.span(), format!("`{what}` is not a list of spellings"), "write `[\"...\", \"...\"]`");
        }
        texts
    }

    fn patterns(&mut self, value: &Spot<'_>) -> Option<Vec<Pattern>> {
        let mut patterns: Vec<Pattern> = Vec::new();
        for (text, span) in self.texts(value, "dates")? {
            match Pattern::of(&text) {
                Ok(pattern) if patterns.iter().any(|other| other.clashes(&pattern)) => {
                    self.toml.wrong(
                        span,
                        format!("`{text}` and a pattern before it read one text as two days"),
                        "leave one of them",
                    );
                }
                Ok(pattern) => patterns.push(pattern),
                Err(why) => self.toml.wrong(span, format!("`{text}` is not a way of writing days"), why),
            }
        }
        (!patterns.is_empty()).then_some(patterns)
    }
}

fn text<'v>(value: &'v Spot<'_>) -> Option<&'v str> {
    value.get_ref().as_str()
}

/// A text, a whole number or a flag, as cells write them.
fn plain(value: &Spot<'_>) -> Option<String> {
    let flag = || value.get_ref().as_bool().map(|flag| flag.to_string());
    text(value).map(str::to_owned).or_else(|| number(value).map(|number| number.to_string())).or_else(flag)
}
