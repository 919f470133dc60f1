//! Documents on their way to and from where the city keeps them: JSON Lines, one person a line, the groups as they were
//! delivered. A person of base data is a line as it stands; a change that waits is a line of its own, and so is the day of the
//! records given last.

use std::io::{BufRead, Write};

use ennakko_core::identity::PersonalIdentityCode;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::Document;
use super::documents::{Documents, Waiting, head};
use super::{FinnishError, Reading};

/// How the line begins that holds the day of the records given last.
const GIVEN_ON: &str = "{\"annettu\":\"";

/// How the line of a change that waits begins. A person's line begins with the code.
const WAITS: &str = "{\"odottaa\":";

#[derive(Deserialize)]
struct Line<'a> {
    henkilotunnus: String,
    /// Codes before the one in force, oldest first.
    #[serde(default)]
    edelliset: Vec<String>,
    /// Digests of the changes taken.
    #[serde(default)]
    otetut: Vec<Box<str>>,
    #[serde(borrow)]
    tietoryhmat: Vec<&'a RawValue>,
}

/// A change that waits.
#[derive(Deserialize)]
struct WaitingLine<'a> {
    #[serde(borrow)]
    odottaa: &'a RawValue,
}

impl Documents {
    /// Writes every document, and the changes that wait.
    ///
    /// # Errors
    /// * [`FinnishError::Io`]
    pub fn write(&self, to: &mut impl Write) -> Result<(), FinnishError> {
        for document in self.people.values() {
            let Some((code, former)) = document.codes().split_last() else { continue };
            write!(to, "{{\"henkilotunnus\":\"{}\"", code.as_str())?;
            let former: Vec<&str> = former.iter().map(PersonalIdentityCode::as_str).collect();
            if !former.is_empty() {
                write!(to, ",\"edelliset\":{}", serde_json::json!(former))?;
            }
            if !document.applied.is_empty() {
                write!(to, ",\"otetut\":{}", serde_json::json!(document.applied))?;
            }
            to.write_all(b",\"tietoryhmat\":[")?;
            for (at, group) in document.raw_groups().enumerate() {
                if at > 0 {
                    to.write_all(b",")?;
                }
                write_line(to, group)?;
            }
            to.write_all(b"]}\n")?;
        }
        for waiting in &self.waiting {
            write!(to, "{WAITS}")?;
            write_line(to, &waiting.raw)?;
            to.write_all(b"}\n")?;
        }
        if let Some(day) = self.given_on {
            writeln!(to, "{GIVEN_ON}{day}\"}}")?;
        }
        Ok(())
    }

    /// Reads what [`Self::write`] wrote. Positions are lines.
    ///
    /// # Errors
    /// * [`FinnishError::Io`]
    /// * [`FinnishError::Stored`], [`FinnishError::StoredTwice`]: the whole is refused, so that nobody is lost unnoticed
    pub fn read(from: impl BufRead, reading: Reading) -> Result<Self, FinnishError> {
        let mut documents = Self::new(reading);
        for (line, text) in (1..).zip(from.lines()) {
            let text = text?;
            documents.lines = line;
            if text.trim().is_empty() {
                continue;
            }
            let stored = || FinnishError::Stored { line };
            if let Some(day) = text.strip_prefix(GIVEN_ON) {
                let day = day.strip_suffix("\"}").and_then(|day| day.parse().ok());
                documents.given_on = Some(day.ok_or_else(stored)?);
                continue;
            }
            let code = |text: &str| PersonalIdentityCode::parse(text, reading.codes).map_err(|_| stored());
            if text.starts_with(WAITS) {
                let WaitingLine { odottaa } = serde_json::from_str(&text).map_err(|_| stored())?;
                let change = head(odottaa.get()).and_then(|head| head.henkilotunnus).ok_or_else(stored)?;
                documents.waiting.push(Waiting { code: code(&change)?, raw: odottaa.get().into() });
                continue;
            }
            let read: Line<'_> = serde_json::from_str(&text).map_err(|_| stored())?;
            let mut codes = read.edelliset.iter().map(|text| code(text)).collect::<Result<Vec<_>, _>>()?;
            codes.push(code(&read.henkilotunnus)?);
            let groups = read.tietoryhmat.iter().map(|raw| raw.get().into()).collect();
            let mut document = Document::with(codes, groups, line).ok_or_else(stored)?;
            document.applied = read.otetut;
            if !documents.insert(document) {
                return Err(FinnishError::StoredTwice { line });
            }
        }
        Ok(documents)
    }
}

/// A text of JSON within a line: a line feed in it is white space, never part of a value.
fn write_line(to: &mut impl Write, json: &str) -> std::io::Result<()> {
    for part in json.split(['\n', '\r']) {
        to.write_all(part.as_bytes())?;
    }
    Ok(())
}
