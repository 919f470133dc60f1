//! A city's own TOML file while it is read: what may stand in it, and every mistake at its place. Not for a rule folder's
//! tables; those are read by the rules crate.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use ennakko_rules::Diagnostic;
use ennakko_rules::diagnostic::{Code, Place, did_you_mean};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(crate) type Name<'t> = Spanned<Cow<'t, str>>;
pub(crate) type Spot<'t> = Spanned<DeValue<'t>>;

/// A file, and what has been found wrong in it.
pub(crate) struct TomlFile<'f> {
    path: Arc<str>,
    text: &'f str,
    found: Vec<Diagnostic>,
}

impl<'f> TomlFile<'f> {
    pub(crate) fn new(path: &str, text: &'f str) -> Self {
        Self { path: path.into(), text, found: Vec::new() }
    }

    /// What `read` makes of the file's table.
    ///
    /// # Errors
    /// * everything that is wrong, in order; nothing of the file is used
    pub(crate) fn read<T>(
        mut self,
        read: impl FnOnce(&mut Self, &DeTable<'_>) -> Option<T>,
    ) -> Result<T, Vec<Diagnostic>> {
        let made = match DeTable::parse(self.text) {
            Ok(root) => read(&mut self, root.get_ref()),
            Err(error) => {
                let message = error.message().lines().next().unwrap_or("not readable");
                let message = format!("this file cannot be read as TOML: {message}");
                self.wrong(error.span().unwrap_or(0..0), message, "nothing of the file was read");
                None
            }
        };
        self.found.sort();
        match made {
            Some(made) if self.found.is_empty() => Ok(made),
            _ => Err(self.found),
        }
    }

    pub(crate) fn wrong(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let place = Place::of_range(self.text, span);
        let found = Diagnostic::error(Code::Table, &self.path, self.text, place, message).with_help(help);
        self.found.push(found);
    }

    pub(crate) fn unknown_name(&mut self, name: &Name<'_>, known: &[&str]) {
        let help = did_you_mean(name.get_ref(), known.iter().copied())
            .map_or_else(|| format!("known here: {}", known.join(", ")), |known| format!("did you mean `{known}`?"));
        self.wrong(name.span(), format!("nothing reads `{}` here", name.get_ref()), help);
    }
}

/// What a file with tables of named values needs besides.
#[cfg(feature = "register-folder")]
impl TomlFile<'_> {
    pub(crate) fn missing(&mut self, entry: &Entry<'_>, key: &str, help: &str) {
        self.wrong(entry.span.clone(), format!("`{key}` is missing here"), help);
    }

    /// Everything found wrong so far.
    pub(crate) fn found(self) -> Vec<Diagnostic> {
        self.found
    }

    pub(crate) fn text(&mut self, value: &Spot<'_>, what: &str, help: &str) -> Option<String> {
        let text = value.get_ref().as_str().filter(|text| !text.is_empty());
        if text.is_none() {
            self.wrong(value.span(), format!("`{what}` is not a text"), help);
        }
        text.map(str::to_owned)
    }

    pub(crate) fn must_text(&mut self, entry: &Entry<'_>, key: &str, help: &str) -> Option<String> {
        if let Some(value) = entry.get(key) {
            return self.text(value, key, help);
        }
        self.missing(entry, key, help);
        None
    }

    pub(crate) fn must_word<T: Copy>(&mut self, entry: &Entry<'_>, key: &str, words: &[(&str, T)]) -> Option<T> {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let help =
            format!("write one of {}", known.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", "));
        let Some(value) = entry.get(key) else {
            self.missing(entry, key, &format!("add `{key}`: {help}"));
            return None;
        };
        let text = value.get_ref().as_str();
        let found = text.and_then(|text| words.iter().find(|(word, _)| *word == text)).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let near = text.and_then(|text| did_you_mean(text, known.iter().copied()));
            let help = near.map_or(help, |near| format!("did you mean \"{near}\"?"));
            self.wrong(value.span(), format!("`{key}` cannot be this"), help);
        }
        found
    }

    pub(crate) fn must_flag(&mut self, entry: &Entry<'_>, key: &str) -> Option<bool> {
        let help = "write `true` or `false`";
        let Some(value) = entry.get(key) else {
            self.missing(entry, key, &format!("add `{key}`: {help}"));
            return None;
        };
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong(value.span(), format!("`{key}` is neither yes nor no"), help);
        }
        flag
    }

    pub(crate) fn day(&mut self, value: &Spot<'_>, what: &str) -> Option<chrono::NaiveDate> {
        let written =
            value.get_ref().as_datetime().filter(|written| written.time.is_none() && written.offset.is_none());
        let day = written
            .and_then(|written| written.date)
            .and_then(|date| chrono::NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into()));
        if day.is_none() {
            self.wrong(
                value.span(),
                format!("`{what}` is not a day"),
                "write it as `2026-12-01`, without quotation marks",
            );
        }
        day
    }
}

/// One table of a file while it is read, and where it stands.
#[cfg(feature = "register-folder")]
pub(crate) struct Entry<'e> {
    pub(crate) entries: &'e DeTable<'e>,
    pub(crate) span: Range<usize>,
}

#[cfg(feature = "register-folder")]
impl<'e> Entry<'e> {
    pub(crate) fn get(&self, key: &str) -> Option<&'e Spot<'e>> {
        self.entries.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }
}

pub(crate) fn number(value: &Spot<'_>) -> Option<i64> {
    let number = value.get_ref().as_integer()?;
    i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
}
