//! Rule folders: the one named, or those in the folder named; read and checked.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ennakko::core::RuleId;
use ennakko::rules::{Diagnostic, RuleFile};
use ennakko::{Rules, folder};

use crate::failure::{Failure, unknown};

/// One rule folder as it was found.
pub(crate) struct Loaded {
    /// Ids of the rules that have a file here, usable or not.
    pub(crate) ids: BTreeSet<String>,
    /// Its files.
    pub(crate) files: Vec<RuleFile>,
    /// What is wrong in it, in order.
    pub(crate) findings: Vec<Diagnostic>,
    /// Its rules; none if the folder says nothing usable of its city.
    pub(crate) rules: Option<Rules>,
}

impl Loaded {
    pub(crate) fn has_errors(&self) -> bool {
        self.findings.iter().any(Diagnostic::is_error)
    }

    /// Whether a rule cannot be used: a file of it has an error, or something that it uses has.
    pub(crate) fn is_broken(&self, rule: &RuleId) -> bool {
        if self.rules.as_ref().is_none_or(|rules| rules.set().versions(rule).is_empty()) {
            return true;
        }
        let errors = self.findings.iter().filter(|finding| finding.is_error());
        let mut files = errors.filter_map(|finding| finding.path.rsplit(['/', '\\']).next());
        files.any(|file| file.split('.').next() == Some(rule.as_str()))
    }
}

/// Reads and checks one rule folder.
pub(crate) fn load(path: &Path) -> Result<Loaded, Failure> {
    let files = folder::read(path).map_err(Failure::wrong)?;
    let ids = files.iter().filter_map(rule_of).collect();
    Ok(match Rules::load(&files) {
        Ok((rules, findings)) => Loaded { ids, files, findings, rules: Some(rules) },
        Err(unusable) => Loaded { ids, files, findings: unusable.diagnostics, rules: None },
    })
}

/// Reads and checks a rule folder, or every rule folder in a folder.
pub(crate) fn load_all(path: &Path) -> Result<Vec<Loaded>, Failure> {
    find(path)?.iter().map(|folder| load(folder)).collect()
}

/// The one rule folder at a path, or in it.
pub(crate) fn only(path: &Path) -> Result<PathBuf, Failure> {
    let found = find(path)?;
    match found.as_slice() {
        [one] => Ok(one.clone()),
        several => {
            let names: Vec<String> = several.iter().map(|folder| folder.display().to_string()).collect();
            Err(Failure::Wrong(format!(
                "{} holds several rule folders; name one of {}",
                path.display(),
                names.join(", ")
            )))
        }
    }
}

/// That a rule of this id has a file in one of the folders.
pub(crate) fn must_know(loaded: &[Loaded], rule: &str) -> Result<(), Failure> {
    if loaded.iter().any(|folder| folder.ids.contains(rule)) {
        return Ok(());
    }
    let known: BTreeSet<String> = loaded.iter().flat_map(|folder| folder.ids.iter().cloned()).collect();
    Err(unknown("rule", rule, &known.into_iter().collect::<Vec<_>>()))
}

/// The id of the rule that a file is of.
fn rule_of(file: &RuleFile) -> Option<String> {
    let name = file.name();
    let id = name.strip_suffix(".rhai")?.split('.').next()?;
    (id != "_shared").then(|| id.to_owned())
}

/// A rule folder has a `city.toml`, or at least a rule whose want of one is then told.
fn is_rule_folder(path: &Path) -> Result<bool, Failure> {
    Ok(path.join("city.toml").is_file() || entries(path)?.iter().any(|entry| has_suffix(entry, "rhai")))
}

fn has_suffix(path: &Path, suffix: &str) -> bool {
    path.is_file() && path.extension().is_some_and(|extension| extension == suffix)
}

fn find(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if is_rule_folder(path)? {
        return Ok(vec![path.to_owned()]);
    }
    let inside: Vec<PathBuf> = entries(path)?.into_iter().filter(|entry| entry.join("city.toml").is_file()).collect();
    if inside.is_empty() {
        let path = path.display();
        Err(Failure::Wrong(format!(
            "{path} is no rule folder, and none is in it: there is no `city.toml`; `ennakko new` begins one"
        )))
    } else {
        Ok(inside)
    }
}

/// What stands in a folder, in order.
#[expect(clippy::disallowed_methods, reason = "the command looks for rule folders")]
pub(crate) fn entries(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error| Failure::Wrong(format!("cannot read {}: {error}", path.display()));
    let found = std::fs::read_dir(path).map_err(unreadable)?;
    let mut paths =
        found.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<PathBuf>, _>>().map_err(unreadable)?;
    paths.sort();
    Ok(paths)
}
