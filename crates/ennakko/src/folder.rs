//! A folder of rules: read from disk, or given as texts; rules and the texts of their letters together.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use ennakko_core::Register;
use ennakko_core::city::City;
use ennakko_offers::letter::{LetterError, Sources};
use ennakko_offers::text::{TextError, TextFile};
use ennakko_offers::{Message, Offer, Texts, messages};
use ennakko_rules::rule_set::Unusable;
use ennakko_rules::{Diagnostic, RuleFile, RuleSet};
use thiserror::Error;

/// Bytes of a file at most, which is then read whole.
const FILE_BYTES_MAX: u64 = 10_000_000;

/// Checked rules with the texts of their letters.
pub struct Rules {
    set: RuleSet,
    texts: Texts,
}

/// Why a folder cannot be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FolderError {
    /// The folder, or a file in it, cannot be opened.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// What could not be opened.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is not UTF-8.
    #[error("{path} is not UTF-8 text")]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// A file is larger than any that somebody writes.
    #[error("{path} is larger than {} MB", FILE_BYTES_MAX / 1_000_000)]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// There is no rule in it.
    #[error("{path} holds no rule file (.rhai)")]
    NoRules {
        /// The folder.
        path: PathBuf,
    },
}

impl Rules {
    /// Reads and checks files of one folder. Rules with errors are left out; the findings say why.
    ///
    /// # Errors
    /// * [`Unusable`] when the folder says nothing usable of its city
    pub fn load(files: &[RuleFile]) -> Result<(Self, Vec<Diagnostic>), Unusable> {
        let (set, mut diagnostics) = RuleSet::load(files)?;
        let sources: Vec<TextFile<'_>> = set
            .texts()
            .iter()
            .map(|text| TextFile { rule: &text.owner, language: &text.language, source: &text.file.text })
            .collect();
        let (texts, errors) = Texts::new(&sources);
        let texts = texts.with_laws(set.tables().laws.clone());
        for error in errors {
            diagnostics.extend(text_finding(&set, &error));
        }
        diagnostics.sort();
        diagnostics.dedup();
        Ok((Self { set, texts }, diagnostics))
    }

    /// The same rules after a change of the folder's tables, for trying out.
    #[must_use]
    pub fn with_set(self, change: impl FnOnce(RuleSet) -> RuleSet) -> Self {
        Self { set: change(self.set), texts: self.texts }
    }

    /// The checked rules.
    pub fn set(&self) -> &RuleSet {
        &self.set
    }

    /// The texts of letters.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// The city.
    pub fn city(&self) -> &City {
        &self.set.tables().city
    }

    /// The messages of an offer, rendered for each addressee on a day.
    ///
    /// # Errors
    /// * [`LetterError`] when a text or a value that it needs is missing, or the register of the day withholds the offer
    pub fn messages(&self, offer: &Offer, register: &Register, on: NaiveDate) -> Result<Vec<Message>, LetterError> {
        messages(offer, &Sources { texts: &self.texts, register, city: self.city(), on })
    }
}

/// What Fluent found in a text that the check of presence did not.
fn text_finding(set: &RuleSet, error: &TextError) -> Option<Diagnostic> {
    use ennakko_rules::diagnostic::{Code, Place};
    let file = set.texts().iter().map(|text| &text.file).find(|file| file.name() == error.file)?;
    let place = Place { line: error.line.max(1), column: 1, length: 1 };
    let known = RuleFile::clone(file);
    Some(Diagnostic::error(Code::MissingText, &known.path, &known.text, place, error.message.clone()))
}

/// Reads the files of one folder, in the order of their names. Folders inside it are not entered.
///
/// # Errors
/// * [`FolderError::Unreadable`] when the folder or a file cannot be opened
/// * [`FolderError::NotText`] when a file is not UTF-8
/// * [`FolderError::TooLarge`] when a file is larger than 10 MB
/// * [`FolderError::NoRules`] when there is no `.rhai` file
#[expect(clippy::disallowed_methods, reason = "the front door is where files are read")]
pub fn read(folder: &Path) -> Result<Vec<RuleFile>, FolderError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| FolderError::Unreadable { path, source }
    };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(unreadable(folder))?
        .map(|entry| entry.map(|entry| entry.path()).map_err(unreadable(folder)))
        .collect::<Result<_, _>>()?;
    paths.sort();
    let mut files = Vec::new();
    for path in paths.into_iter().filter(|path| path.is_file()) {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let readme = path.file_name().is_some_and(|name| name == "README.md");
        if hidden || readme {
            continue;
        }
        if path.metadata().map_err(unreadable(&path))?.len() > FILE_BYTES_MAX {
            return Err(FolderError::TooLarge { path });
        }
        let bytes = std::fs::read(&path).map_err(unreadable(&path))?;
        let text = String::from_utf8(bytes).map_err(|_| FolderError::NotText { path: path.clone() })?;
        files.push(RuleFile::new(&path.display().to_string(), &text));
    }
    if files.iter().any(|file| Path::new(file.name()).extension().is_some_and(|extension| extension == "rhai")) {
        Ok(files)
    } else {
        Err(FolderError::NoRules { path: folder.to_owned() })
    }
}
