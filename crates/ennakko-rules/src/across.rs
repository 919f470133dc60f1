//! What one file of a folder says of another: languages the city has, purposes, versions that are approved, holidays that
//! reach as far as the rounds.
//!
//! Each file is looked at on its own before; here nothing is told that an error in the other file explains.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use toml::Spanned;
use toml::de::DeValue;

use crate::diagnostic::{Code, Diagnostic, Place, Severity, did_you_mean};
use crate::rule::Rule;
use crate::rule_set::{RuleFile, Tables};
use crate::settings::Approval;
use crate::table::{Table, TableFile, day, get};
use crate::texts::TextFile;

/// The folder's table files by name, and what they hold.
pub(crate) struct Across<'f> {
    pub(crate) files: &'f BTreeMap<String, RuleFile>,
    pub(crate) tables: &'f Tables,
}

impl Across<'_> {
    /// Every finding about tables that do not go together.
    pub(crate) fn check(&self, diagnostics: &mut Vec<Diagnostic>) {
        let broken: BTreeSet<String> = diagnostics
            .iter()
            .filter(|found| found.is_error())
            .filter_map(|found| found.path.rsplit(['/', '\\']).next().map(str::to_owned))
            .collect();
        for (name, file) in self.files {
            let mut reader = TableFile::new(file);
            let Some(root) = reader.again() else { continue };
            let root = Table { entries: root.get_ref(), place: Place::START };
            match name.as_str() {
                "city.toml" => {
                    self.languages_below(&mut reader, root, &["name"]);
                    self.languages_missing(&mut reader, root, "name");
                    if !broken.contains("purposes.toml") {
                        self.contacts(&mut reader, root);
                    }
                }
                "purposes.toml" => self.languages_below(&mut reader, root, &["title", "controller"]),
                "laws.toml" => {
                    for names in root.entries.values() {
                        self.languages(&mut reader, names);
                    }
                }
                "facts.toml" if !broken.contains("purposes.toml") => self.purposes_of_facts(&mut reader, root),
                "calendar.toml" => self.holidays(&mut reader, root),
                _ => {}
            }
            diagnostics.append(&mut reader.diagnostics);
        }
    }

    fn knows_language(&self, tag: &str) -> bool {
        let city = &self.tables.city;
        city.languages.iter().chain(&city.also).any(|known| known == tag)
    }

    /// What to write instead of a language that the city does not have.
    fn known_languages(&self) -> String {
        let city = &self.tables.city;
        let tags: Vec<&str> = city.languages.iter().chain(&city.also).map(String::as_str).collect();
        format!("city.toml has {}; add the language there, or write one of them", tags.join(", "))
    }

    /// Keys of a text by language that are none of the city's.
    fn languages(&self, reader: &mut TableFile<'_>, names: &Spanned<DeValue<'_>>) {
        for tag in names.get_ref().as_table().into_iter().flat_map(|entries| entries.keys()) {
            if !self.knows_language(tag.get_ref()) {
                let place = reader.place(tag.span());
                let message = format!("the city has no language `{}`, so nobody gets this text", tag.get_ref());
                reader.warning(Code::Table, place, message).help = Some(self.known_languages());
            }
        }
    }

    /// The same for texts under some keys of every table, and of every row, of a file.
    fn languages_below(&self, reader: &mut TableFile<'_>, root: Table<'_>, keys: &[&str]) {
        for value in root.entries.values() {
            let value = value.get_ref();
            let rows = value.as_array().into_iter().flat_map(|rows| rows.iter().map(Spanned::get_ref)).chain([value]);
            for table in rows.filter_map(DeValue::as_table) {
                for (_, names) in table.iter().filter(|(key, _)| keys.contains(&key.get_ref().as_ref())) {
                    self.languages(reader, names);
                }
            }
        }
    }

    /// Texts of every table and row of a file that a letter in a language of the city would lack.
    fn languages_missing(&self, reader: &mut TableFile<'_>, root: Table<'_>, key: &str) {
        let city = &self.tables.city;
        for value in root.entries.values() {
            let value = value.get_ref();
            let rows = value.as_array().into_iter().flat_map(|rows| rows.iter().map(Spanned::get_ref)).chain([value]);
            for (_, names) in rows.filter_map(DeValue::as_table).flatten().filter(|(name, _)| name.get_ref() == key) {
                let Some(texts) = names.get_ref().as_table() else { continue };
                let lacks = |tag: &&String| !texts.keys().any(|known| *known.get_ref() == **tag);
                for tag in city.languages.iter().chain(&city.also).filter(lacks) {
                    let place = reader.place(names.span());
                    let found = reader.error(place, format!("this has no text in `{tag}`, which letters need"));
                    found.help = Some(format!("add `{tag} = \"...\"`"));
                    if city.also.contains(tag) {
                        // a translation may be missing; the valid letter may not
                        found.severity = Severity::Warning;
                    }
                }
            }
        }
    }

    fn purpose(&self, reader: &mut TableFile<'_>, value: &Spanned<DeValue<'_>>) {
        let purposes = &self.tables.purposes;
        let Some(purpose) = value.get_ref().as_str().filter(|purpose| !purposes.contains_key(*purpose)) else { return };
        let help = did_you_mean(purpose, purposes.keys().map(String::as_str)).map_or_else(
            || "declare it in `purposes.toml`, with controller and legal basis".to_owned(),
            |known| format!("did you mean \"{known}\"?"),
        );
        let place = reader.place(value.span());
        reader.error(place, format!("purposes.toml has no purpose `{purpose}`")).help = Some(help);
    }

    fn contacts(&self, reader: &mut TableFile<'_>, root: Table<'_>) {
        let rows = get(root, "contact").and_then(|rows| rows.get_ref().as_array());
        for row in rows.into_iter().flatten().filter_map(|row| row.get_ref().as_table()) {
            if let Some((_, purpose)) = row.iter().find(|(key, _)| key.get_ref() == "purpose") {
                self.purpose(reader, purpose);
            }
        }
    }

    fn purposes_of_facts(&self, reader: &mut TableFile<'_>, root: Table<'_>) {
        let facts =
            root.entries.values().filter_map(|names| names.get_ref().as_table()).flat_map(|names| names.values());
        for fact in facts.filter_map(|fact| fact.get_ref().as_table()) {
            for (_, list) in
                fact.iter().filter(|(key, _)| matches!(key.get_ref().as_ref(), "purposes" | "related_purposes"))
            {
                for purpose in list.get_ref().as_array().into_iter().flatten() {
                    self.purpose(reader, purpose);
                }
            }
        }
    }

    /// A last day to reply in a year of which the city says no holidays: it would not roll on from them.
    fn holidays(&self, reader: &mut TableFile<'_>, root: Table<'_>) {
        let Some(last) = self.tables.city.holidays.last() else { return };
        for rows in root.entries.values().filter_map(|rows| rows.get_ref().as_array()) {
            for row in rows.iter().filter_map(|row| row.get_ref().as_table()) {
                let Some((_, value)) = row.iter().find(|(key, _)| key.get_ref() == "reply_by") else { continue };
                if let Some(reply_by) =
                    day(value).filter(|reply_by| reply_by.year() > last.year() && !fault!(HolidaysNotCompared))
                {
                    let place = reader.place(value.span());
                    let message = format!("the holidays of city.toml end with {last}, before this day");
                    reader.warning(Code::Validity, place, message).help =
                        Some(format!("add the holidays of {}, so that a deadline rolls on from them", reply_by.year()));
                }
            }
        }
    }

    /// Texts in a language that the city does not have.
    pub(crate) fn texts(&self, texts: &[TextFile], diagnostics: &mut Vec<Diagnostic>) {
        for text in texts.iter().filter(|text| !self.knows_language(&text.language)) {
            let message = format!("the city has no language `{}`, so nobody gets this text", text.language);
            let found = Diagnostic::error(Code::File, &text.file.path, &text.file.text, Place::START, message);
            diagnostics.push(found.with_help(self.known_languages()).as_warning());
        }
    }

    /// Approvals of no version, and of versions that are not as they were when somebody approved them.
    pub(crate) fn approvals(
        &self,
        approvals: &BTreeMap<String, Approval>,
        versions: &BTreeSet<&str>,
        rules: &[&Rule],
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let Some(file) = self.files.get("approvals.toml") else { return };
        let mut reader = TableFile::new(file);
        let Some(root) = reader.again() else { return };
        for (name, value) in root.get_ref() {
            let version = name.get_ref().as_ref();
            let place = reader.place(name.span());
            if !versions.contains(version) {
                let help = did_you_mean(version, versions.iter().copied()).map_or_else(
                    || "remove the row; a version is called like its file, without `.rhai`".to_owned(),
                    |known| format!("did you mean `{known}`? Approve it with `ennakko approve`"),
                );
                reader.warning(Code::Approval, place, format!("no version of a rule is called `{version}`")).help =
                    Some(help);
                continue;
            }
            let rule = rules.iter().find(|rule| *rule.card.version == *version);
            if let (Some(rule), Some(approval)) = (rule, approvals.get(version))
                && approval.digest != *rule.card.digest
                && !fault!(ChangedRulesStayApproved)
            {
                let at = value
                    .get_ref()
                    .as_table()
                    .map_or(place, |entries| reader.place_of(Table { entries, place }, "digest"));
                let message = format!("`{version}` is not as it was when it was approved on {}", approval.approved_on);
                reader.warning(Code::Approval, at, message).help =
                    Some(format!("a run refuses it until somebody approves it again: `ennakko approve {version}`"));
            }
        }
        diagnostics.append(&mut reader.diagnostics);
    }
}
