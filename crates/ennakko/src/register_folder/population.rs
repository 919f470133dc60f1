//! Finnish base data with its changes, from files: the documents of a load are kept, and later loads go on from them.
//!
//! A file is one answer of the interface, or a list of answers. Positions count on from answer to answer and from file to file.
//! What is asked for instead is the module feed's.

use std::collections::BTreeSet;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::count::Count;
use super::failure::{RegisterFolderError, SourceError};
use super::wire::KeptBase;
use super::{people, store};
use crate::sources::finnish::feed::{Page, Token};
use crate::sources::finnish::{Documents, FinnishError, Reading};
use crate::sources::{Loaded, SourceIssue};

type Result<T> = std::result::Result<T, RegisterFolderError>;

/// Base data from its files.
pub(super) fn base_data(source: &str, files: &[PathBuf], reading: Reading) -> Result<(Documents, KeptBase)> {
    let mut documents = Documents::new(reading);
    let mut count = Count::default();
    for path in files {
        let each = people::each(BufReader::with_capacity(1 << 16, store::open(path)?), |person| {
            let taken = documents.take_base_person(person);
            count.add_read(taken.read, taken.used, &taken.issues);
        });
        each.map_err(|error| unusable(source, path, error))?;
    }
    Ok((documents, count.to_keep()))
}

/// The documents that an earlier load kept.
pub(super) fn kept(path: &Path, reading: Reading) -> Result<Documents> {
    Documents::read(BufReader::new(store::open(path)?), reading)
        .map_err(|_| RegisterFolderError::Kept { path: path.to_owned() })
}

pub(super) fn keep(documents: &Documents, path: &Path) -> Result<()> {
    store::write(path, |to| {
        documents.write(to).map_err(|error| match error {
            FinnishError::Io(error) => error,
            other => std::io::Error::other(other),
        })
    })
}

/// What changes told.
#[derive(Debug, Default)]
pub(super) struct Changed {
    pub(super) loaded: Loaded,
    /// The latest day on which one of them was entered.
    pub(super) entered_until: Option<NaiveDate>,
    pub(super) token: Option<i64>,
    /// Changes that wait for base data.
    pub(super) waiting: usize,
    /// What came because it was asked for.
    pub(super) asked: Option<Asked>,
}

/// What was asked for: it stands in no file.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// Changes that were set aside, as they came.
    pub(super) changes: Vec<Box<str>>,
    /// People of base data with their positions, as they came.
    pub(super) people: Vec<(u64, Box<str>)>,
    /// Changes that wait no longer, as JSON writes them.
    pub(super) settled: BTreeSet<String>,
    /// Base data, counted.
    pub(super) base: Count,
}

impl Changed {
    /// Takes the changes of a page.
    pub(super) fn take(&mut self, page: &Page, documents: &mut Documents) {
        let taken = documents.take_changes(page.changes());
        let before = self.loaded.read as u64;
        self.loaded.read += taken.read;
        self.loaded.used += taken.used;
        let issues = taken.issues.into_iter().filter(|issue| issue.position > 0);
        self.loaded.issues.extend(issues.map(|issue| SourceIssue { position: issue.position + before, ..issue }));
        self.entered_until = self.entered_until.max(taken.entered_until);
        self.token = self.token.max(Some(Token::number(page.token)));
        self.waiting = taken.waiting;
    }
}

/// Takes the changes of files, in their order.
pub(super) fn take_changes(source: &str, files: &[PathBuf], documents: &mut Documents) -> Result<Changed> {
    let mut changed = Changed::default();
    for path in files {
        let bytes = store::read(path)?;
        let pages = answers(&bytes).and_then(|answers| {
            answers.iter().map(|answer| Page::read(answer.get().as_bytes())).collect::<std::result::Result<Vec<_>, _>>()
        });
        for page in pages.map_err(|error| unusable(source, path, error))? {
            changed.take(&page, documents);
        }
    }
    Ok(changed)
}

fn unusable(source: &str, path: &Path, error: FinnishError) -> RegisterFolderError {
    RegisterFolderError::Source {
        source_name: source.to_owned(),
        path: path.to_owned(),
        error: SourceError::Finnish(error),
    }
}

/// The answers in a file: one, or a list of them.
fn answers(bytes: &[u8]) -> std::result::Result<Vec<&RawValue>, FinnishError> {
    let wrong = |error: serde_json::Error| FinnishError::Answer { line: error.line(), column: error.column() };
    if bytes.trim_ascii_start().starts_with(b"[") {
        serde_json::from_slice(bytes).map_err(wrong)
    } else {
        serde_json::from_slice(bytes).map(|answer| vec![answer]).map_err(wrong)
    }
}

/// An answer of either kind, for its elements as they stand.
#[derive(Deserialize)]
pub(super) struct Elements<'a> {
    #[serde(borrow, default)]
    pub(super) perustiedot: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    muutokset: Vec<&'a RawValue>,
}

/// Records to be written out as they came, each once.
#[derive(Default)]
pub(super) struct Copied(BTreeSet<String>);

impl Copied {
    /// Adds the records at some positions of files; of all, without positions.
    pub(super) fn add_files(&mut self, files: &[PathBuf], positions: Option<&BTreeSet<u64>>) -> Result<()> {
        let mut position = 0;
        for path in files {
            let bytes = store::read(path)?;
            for answer in answers(&bytes).unwrap_or_default() {
                let Ok(Elements { perustiedot, muutokset }) = serde_json::from_str(answer.get()) else { continue };
                for element in perustiedot.into_iter().chain(muutokset) {
                    position += 1;
                    if positions.is_none_or(|positions| positions.contains(&position)) {
                        self.0.insert(element.get().to_owned());
                    }
                }
            }
        }
        Ok(())
    }

    /// Adds the lines at some positions of kept documents: a person of base data is such a line.
    pub(super) fn add_lines(&mut self, path: &Path, positions: &BTreeSet<u64>) -> Result<()> {
        let bytes = store::read(path)?;
        for (position, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
            if positions.contains(&position) {
                self.0.extend(String::from_utf8(line.to_vec()));
            }
        }
        Ok(())
    }

    /// Adds records as they came.
    pub(super) fn add<'a>(&mut self, records: impl IntoIterator<Item = &'a str>) {
        self.0.extend(records.into_iter().map(str::to_owned));
    }

    /// Leaves out records that have been settled since they were written.
    pub(super) fn leave_out(&mut self, settled: &BTreeSet<String>) {
        if !settled.is_empty() {
            self.0.retain(|record| !settled.contains(&as_written(record)));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes them as an answer of base data, or of changes.
    pub(super) fn write(&self, path: &Path, of: AnswerOf) -> Result<()> {
        let (head, tail) = match of {
            AnswerOf::Base => ("{\"perustiedot\":[\n", "\n],\"ajanTasalla\":true}\n"),
            AnswerOf::Changes(token) => {
                let head = format!("{{\"viimeisinKirjausavain\":{token},\"muutokset\":[\n");
                return self.write_between(path, &head, "\n],\"ajanTasalla\":true}\n");
            }
        };
        self.write_between(path, head, tail)
    }

    fn write_between(&self, path: &Path, head: &str, tail: &str) -> Result<()> {
        store::write(path, |to| {
            to.write_all(head.as_bytes())?;
            for (at, record) in self.0.iter().enumerate() {
                if at > 0 {
                    to.write_all(b",\n")?;
                }
                to.write_all(record.as_bytes())?;
            }
            to.write_all(tail.as_bytes())
        })
    }
}

/// What kind of answer.
#[derive(Clone, Copy, Debug)]
pub(super) enum AnswerOf {
    Base,
    /// With the token to go on from.
    Changes(i64),
}

/// A record as JSON writes it, however its text is set.
pub(super) fn as_written(record: &str) -> String {
    serde_json::from_str::<serde_json::Value>(record).map_or_else(|_| record.to_owned(), |value| value.to_string())
}
