//! A register folder: a `register.toml` that names a city's sources, the identity table, and what loads leave behind.
//!
//! [`RegisterFolder::load`] reads every source, joins them, builds the register and puts everything that a load writes in
//! place: the identity table, the records set aside in the form they came in, and what was read. If anything stops it on the
//! way, all of these are as they were, and [`RegisterFolder::last`] still gives the register of before.
//!
//! ```text
//! register.toml       see the module plan
//! identity.jsonl      who holds which codes: an input and an output, never thrown away
//! secret.key          what keys are made with; kept apart
//! loaded/             what the two latest loads read
//! set_aside/          records that the latest load could not use, a file a source
//! ```
//!
//! All of these hold personal data; what a load writes only its owner can read. Nothing personal is in any message.

mod aside;
mod count;
mod differ;
mod failure;
mod feed;
mod find;
mod gather;
mod identities;
mod old;
mod people;
pub mod plan;
mod population;
mod sheets;
mod store;
mod summary;
mod wire;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use ennakko_core::fact_table::FactDeclaration;
use ennakko_core::key::Expected;
use ennakko_core::{IdentityTable, Register};
use ennakko_rules::Diagnostic;

use crate::sources::table::Mapping;
use crate::wire::v1::RegisterSummaryV1;
use feed::Ask;
use find::Found;
use gather::{Gathered, Input, Terms, Told};
use plan::{Form, Plan};
use store::{Earlier, Stage};
use wire::{Kept, KeptFile, KeptSource};

pub use differ::difference;
pub use failure::{BandBroken, RegisterFolderError, SourceError};

/// The file that says what a register is loaded from.
pub const REGISTER_TOML: &str = "register.toml";
/// The folder of what loads have read.
const LOADED: &str = "loaded";
/// The folder of records set aside.
const SET_ASIDE: &str = "set_aside";
/// A source's documents within a load.
const DOCUMENTS: &str = "documents.jsonl";
/// A source's mapping within a load.
const MAPPING: &str = "mapping.toml";

type Result<T> = std::result::Result<T, RegisterFolderError>;

/// How a register is to be loaded.
pub struct Loading<'l> {
    /// The register's day, in place of the one in `register.toml`.
    pub day: Option<NaiveDate>,
    /// The facts that the city's rules may read.
    pub facts: &'l [FactDeclaration],
    /// Whether this is the city's first load: there is no identity table yet.
    pub first: bool,
    /// Sources that may have another number of records than expected, this time.
    pub accept_rows: &'l [String],
    /// What to tell of how far it has come.
    pub progress: &'l mut dyn FnMut(&str),
}

/// A register as it was loaded.
#[derive(Debug)]
pub struct Load {
    /// The register.
    pub register: Register,
    /// What was read, and what came of it.
    pub summary: RegisterSummaryV1,
}

/// A folder that a register is loaded from.
#[derive(Debug)]
pub struct RegisterFolder {
    root: PathBuf,
    /// How `register.toml` is called in messages, and what it says.
    file: (String, String),
    plan: Plan,
}

/// Everything that a load has come to, before anything is written.
struct Loaded {
    load: Load,
    identities: IdentityTable,
    told: Vec<Told>,
}

impl RegisterFolder {
    /// Reads the `register.toml` of a folder.
    ///
    /// # Errors
    /// * [`RegisterFolderError::Unreadable`]
    /// * [`RegisterFolderError::Mistakes`]: everything that is wrong in it
    pub fn open(root: &Path) -> Result<Self> {
        Self::open_file(root, &root.join(REGISTER_TOML))
    }

    fn open_file(root: &Path, path: &Path) -> Result<Self> {
        let file = (path.display().to_string(), text_of(path)?);
        let plan = Plan::parse(&file.0, &file.1).map_err(RegisterFolderError::Mistakes)?;
        Ok(Self { root: root.to_owned(), file, plan })
    }

    /// What `register.toml` says.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The rule folder that declares facts, if `register.toml` names one.
    pub fn rules(&self) -> Option<PathBuf> {
        self.plan.rules.as_ref().map(|rules| self.root.join(rules))
    }

    /// Reads every source and builds the register, and writes nothing. Without an identity table and an earlier load, keys are
    /// those of a first load.
    ///
    /// # Errors
    /// Those of [`RegisterFolderError`].
    pub fn check(&self, mut loading: Loading<'_>) -> Result<Load> {
        let earlier = store::earlier(&self.root, 0)?;
        loading.first |= earlier.is_none() && !self.identity_table().exists();
        let day = self.day(&loading)?;
        let found = self.find(day)?;
        let inputs = self.inputs(&loading, &found, earlier.as_ref())?;
        Ok(self.gather_and_build(&mut loading, day, &inputs, earlier.as_ref())?.load)
    }

    /// Reads every source, builds the register and puts what belongs to it in place.
    ///
    /// # Errors
    /// Those of [`RegisterFolderError`]; then everything is as it was.
    pub fn load(&self, mut loading: Loading<'_>) -> Result<Load> {
        let day = self.day(&loading)?;
        let stage = Stage::begin(&self.root)?;
        store::set_aside_untouched(&self.root)?;
        let earlier = store::earlier(&self.root, 0)?;
        let found = self.find(day)?;
        (loading.progress)("looking at the sources");
        let kept_files = self.copy(&stage, &found)?;
        let mut inputs = self.inputs(&loading, &found, earlier.as_ref())?;
        for ((source, input), files) in self.plan.sources.iter().zip(&mut inputs).zip(&kept_files) {
            let folder = stage.of(&source.name)?;
            if is_copied(&source.form) {
                // what is read is what is kept, whatever happens to the source meanwhile
                input.files = files.iter().filter_map(|file| Some(folder.join(file.name.as_ref()?))).collect();
            }
            if matches!(source.form, Form::FinnishBase { .. }) {
                input.keep_in = Some(folder.join(DOCUMENTS));
            }
        }
        let loaded = self.gather_and_build(&mut loading, day, &inputs, earlier.as_ref())?;
        let Loaded { mut load, identities, mut told } = loaded;
        for (source, told) in self.plan.sources.iter().zip(&mut told) {
            let before = earlier.as_ref().and_then(|earlier| earlier.kept.source(&source.name));
            told.token = told.token.or_else(|| before.and_then(|before| before.token));
        }
        (loading.progress)("writing");
        let mut sources = Vec::new();
        for (((source, told), found), files) in self.plan.sources.iter().zip(&told).zip(&found).zip(kept_files) {
            let before = earlier.as_ref().and_then(|earlier| earlier.kept.source(&source.name));
            let own_day = if matches!(source.form, Form::FinnishBase { .. }) { found.day } else { told.day };
            sources.push(KeptSource {
                name: source.name.clone(),
                day: own_day.map(|day| day.to_string()).unwrap_or_default(),
                read: told.count.read,
                files: files_so_far(&source.form, files, before),
                base: told.base.clone(),
                token: told.token,
            });
        }
        let set_aside = stage.path().join(SET_ASIDE);
        for (at, damaged) in aside::write(&self.plan, (&self.root, &set_aside), &inputs, &told)? {
            load.summary.sources[at].notes.push(gather::not_copied(&damaged));
        }
        store::write(&stage.path().join(REGISTER_TOML), |to| std::io::Write::write_all(to, self.file.1.as_bytes()))?;
        let kept = Kept::new(day, identities.len(), sources, load.summary.clone());
        // a table that knows more than the latest load is no harm, and one that knows less would be
        identities::write(&self.identity_table(), &identities)?;
        store::replace_set_aside(&self.root, &set_aside)?;
        stage.commit(&kept)?;
        Ok(load)
    }

    /// The summary of the latest load.
    ///
    /// # Errors
    /// * [`RegisterFolderError::NotLoaded`], [`RegisterFolderError::Kept`]
    pub fn last_summary(&self) -> Result<RegisterSummaryV1> {
        self.earlier(0).map(|earlier| earlier.kept.summary)
    }

    /// The register of the latest load (0) or of the one before (1), from what it read.
    ///
    /// # Errors
    /// * [`RegisterFolderError::NotLoaded`], and those of reading
    pub fn last(&self, nth: usize, facts: &[FactDeclaration], progress: &mut dyn FnMut(&str)) -> Result<Load> {
        let identities = self.identities(&Expected::Rows(self.earlier(nth)?.kept.identities))?;
        self.last_with(nth, facts, identities, progress).map(|(load, _)| load)
    }

    /// The same with an identity table of the caller's, so that two folders' registers have the same keys.
    fn last_with(
        &self,
        nth: usize,
        facts: &[FactDeclaration],
        mut identities: IdentityTable,
        progress: &mut dyn FnMut(&str),
    ) -> Result<(Load, IdentityTable)> {
        let earlier = self.earlier(nth)?;
        let then = Self::open_file(&self.root, &earlier.path.join(REGISTER_TOML))?;
        let unreadable = || RegisterFolderError::Kept { path: earlier.path.clone() };
        let day: NaiveDate = earlier.kept.day.parse().map_err(|_| unreadable())?;
        then.must_declare(facts)?;
        let mut inputs = Vec::new();
        for source in &then.plan.sources {
            let kept = earlier.kept.source(&source.name).ok_or_else(unreadable)?;
            let folder = earlier.of(&source.name);
            let mapping = match &source.form {
                Form::Table { mapping: Some(_), .. } => Some(mapping(&folder.join(MAPPING))?),
                _ => None,
            };
            inputs.push(Input {
                day: kept.day.parse().ok(),
                files: kept.files.iter().filter_map(|file| Some(folder.join(file.name.as_ref()?))).collect(),
                mapping,
                go_on: kept.base.clone().map(|base| (folder.join(DOCUMENTS), base)),
                keep_in: None,
                ask: None,
            });
        }
        let terms = Terms { plan: &then.plan, declared: facts, day };
        let Gathered { mut merged, .. } = gather::gather(terms, &inputs, progress)?;
        progress("building the register");
        let delivery = std::mem::take(&mut merged.delivery);
        let register = Register::build(delivery, day, &mut identities).register;
        Ok((Load { register, summary: earlier.kept.summary }, identities))
    }

    fn earlier(&self, nth: usize) -> Result<Earlier> {
        store::earlier(&self.root, nth)?.ok_or_else(|| RegisterFolderError::NotLoaded { path: self.root.clone() })
    }

    fn identity_table(&self) -> PathBuf {
        self.root.join(&self.plan.identity_table)
    }

    fn identities(&self, expected: &Expected) -> Result<IdentityTable> {
        let secret = identities::secret(&self.root.join(&self.plan.secret), self.plan.codes)?;
        identities::table(&self.identity_table(), secret, self.plan.codes, *expected)
    }

    fn day(&self, loading: &Loading<'_>) -> Result<NaiveDate> {
        loading.day.or(self.plan.day).ok_or(RegisterFolderError::NoDay)
    }

    fn find(&self, day: NaiveDate) -> Result<Vec<Found>> {
        self.plan.sources.iter().map(|source| find::find(&self.root, source, day)).collect()
    }

    fn must_declare(&self, facts: &[FactDeclaration]) -> Result<()> {
        let mistakes = self.plan.facts_not_declared((&self.file.0, &self.file.1), facts);
        if mistakes.is_empty() { Ok(()) } else { Err(RegisterFolderError::Mistakes(mistakes)) }
    }

    /// Copies the files that later commands read again, and takes the digests of all.
    fn copy(&self, stage: &Stage, found: &[Found]) -> Result<Vec<Vec<KeptFile>>> {
        let mut all = Vec::new();
        for (source, found) in self.plan.sources.iter().zip(found) {
            let folder = stage.of(&source.name)?;
            if let Form::Table { mapping: Some(mapping), .. } = &source.form {
                store::copy(&self.root.join(mapping), &folder.join(MAPPING))?;
            }
            let mut files = Vec::new();
            for (at, path) in (1..).zip(&found.files) {
                let name = is_copied(&source.form).then(|| match path.extension() {
                    Some(extension) => format!("{at}.{}", extension.to_string_lossy()),
                    None => at.to_string(),
                });
                if let Some(name) = &name {
                    store::copy(path, &folder.join(name))?;
                }
                files.push(KeptFile { sha256: store::digest(path)?, name });
            }
            all.push(files);
        }
        Ok(all)
    }

    /// What is to be read of each source, mappings included, with every mistake in them.
    fn inputs(&self, loading: &Loading<'_>, found: &[Found], earlier: Option<&Earlier>) -> Result<Vec<Input>> {
        let mut mistakes: Vec<Diagnostic> = self.plan.facts_not_declared((&self.file.0, &self.file.1), loading.facts);
        let mut inputs = Vec::new();
        for (source, found) in self.plan.sources.iter().zip(found) {
            let mut input = Input { day: found.day, files: found.files.clone(), ..Input::default() };
            if let Form::Table { mapping: Some(written), .. } = &source.form {
                match mapping(&self.root.join(written)) {
                    Ok(mapping) => input.mapping = Some(mapping),
                    Err(RegisterFolderError::Mistakes(found)) => mistakes.extend(found),
                    Err(error) => return Err(error),
                }
            }
            if let Form::FinnishChanges { feed: Some(feed), .. } = &source.form {
                let access = self.root.join(&feed.access);
                input.ask = Some(Ask { plan: feed.clone(), access, token: None });
            }
            inputs.push(input);
        }
        if !mistakes.is_empty() {
            return Err(RegisterFolderError::Mistakes(mistakes));
        }
        if let Some(earlier) = earlier {
            for at in 0..inputs.len() {
                if matches!(self.plan.sources[at].form, Form::FinnishBase { .. }) {
                    self.go_on(at, &mut inputs, earlier)?;
                }
            }
        }
        Ok(inputs)
    }

    /// Base data that has been read before is not read again, nor are changes that were taken into its documents. Newer base
    /// data begins anew, with the changes that have come since.
    fn go_on(&self, at: usize, inputs: &mut [Input], earlier: &Earlier) -> Result<()> {
        let source = &self.plan.sources[at];
        let Some(kept) = earlier.kept.source(&source.name) else { return Ok(()) };
        let before: Option<NaiveDate> = kept.day.parse().ok();
        let day = inputs[at].day;
        if let (Some(day), Some(before)) = (day, before)
            && day < before
        {
            return Err(RegisterFolderError::EarlierBase { source_name: source.name.clone(), day, before });
        }
        let mut digests: Vec<String> =
            inputs[at].files.iter().map(|path| store::digest(path)).collect::<Result<_>>()?;
        let mut kept_digests: Vec<String> = kept.files.iter().map(|file| file.sha256.clone()).collect();
        digests.sort();
        kept_digests.sort();
        let is_same = digests == kept_digests;
        if !is_same && day == before {
            // corrected within its day: everything that is named is read
            return Ok(());
        }
        for (of, changes) in self.plan.sources.iter().enumerate() {
            let taken = earlier.kept.source(&changes.name).filter(|_| is_changes_of(&changes.form, at));
            let Some(taken) = taken else { continue };
            let mut files = Vec::new();
            for path in std::mem::take(&mut inputs[of].files) {
                let digest = store::digest(&path)?;
                if !taken.files.iter().any(|file| file.sha256 == digest) {
                    files.push(path);
                }
            }
            inputs[of].files = files;
            inputs[of].day = inputs[of].day.max(taken.day.parse().ok());
            if let Some(ask) = inputs[of].ask.as_mut().filter(|_| is_same) {
                ask.token = taken.token;
            }
        }
        if is_same && let Some(base) = &kept.base {
            inputs[at].go_on = Some((earlier.of(&source.name).join(DOCUMENTS), base.clone()));
        }
        Ok(())
    }

    fn gather_and_build(
        &self,
        loading: &mut Loading<'_>,
        day: NaiveDate,
        inputs: &[Input],
        earlier: Option<&Earlier>,
    ) -> Result<Loaded> {
        let expected = match (loading.first, earlier) {
            (true, None) => Expected::Nothing,
            (_, Some(earlier)) => Expected::Rows(earlier.kept.identities),
            (false, None) => Expected::Rows(0),
        };
        if loading.first && earlier.is_some() {
            return Err(RegisterFolderError::NotFirst { path: self.identity_table() });
        }
        let mut identities = self.identities(&expected)?;
        let known = identities.len();
        let terms = Terms { plan: &self.plan, declared: loading.facts, day };
        let Gathered { mut merged, mut told } = gather::gather(terms, inputs, loading.progress)?;
        let broken: Vec<BandBroken> = self.broken(&told, earlier, loading.accept_rows);
        if !broken.is_empty() {
            return Err(RegisterFolderError::Rows(broken));
        }
        let delivery = std::mem::take(&mut merged.delivery);
        if !loading.first {
            let path = self.identity_table();
            identities.check_knows(&delivery).map_err(|error| RegisterFolderError::Identities { path, error })?;
        }
        (loading.progress)("building the register");
        let built = Register::build(delivery, day, &mut identities);
        let mut counts: Vec<count::Count> = told.iter_mut().map(|told| std::mem::take(&mut told.count)).collect();
        let without_source = count::add_issues(&mut counts, &merged, &built.issues);
        for (told, count) in told.iter_mut().zip(counts) {
            told.count = count;
        }
        (loading.progress)("counting");
        let summary = summary::Summed {
            plan: &self.plan,
            declared: loading.facts,
            register: &built.register,
            told: &told,
            earlier,
            without_source,
            identities: (identities.len(), identities.len() - known.min(identities.len())),
        };
        let summary = summary.summary();
        Ok(Loaded { load: Load { register: built.register, summary }, identities, told })
    }

    fn broken(&self, told: &[Told], earlier: Option<&Earlier>, accepted: &[String]) -> Vec<BandBroken> {
        let mut broken = Vec::new();
        for (source, told) in self.plan.sources.iter().zip(told) {
            let before = read_before(earlier, &source.name);
            if !source.band.holds(told.count.read, before) && !accepted.contains(&source.name) {
                broken.push(BandBroken { source: source.name.clone(), read: told.count.read, before });
            }
        }
        broken
    }
}

fn read_before(earlier: Option<&Earlier>, source: &str) -> Option<u64> {
    earlier.and_then(|earlier| earlier.kept.source(source)).map(|kept| kept.read)
}

/// Whether a load keeps a copy of the source: of base data and changes it keeps the documents.
fn is_copied(form: &Form) -> bool {
    matches!(form, Form::Table { .. } | Form::Addresses | Form::BuildingSheets { .. } | Form::Navet { .. })
}

fn is_changes_of(form: &Form, base: usize) -> bool {
    matches!(form, Form::FinnishChanges { base: of, .. } if *of == base)
}

fn text_of(path: &Path) -> Result<String> {
    let not_text = || std::io::Error::new(std::io::ErrorKind::InvalidData, "it is not UTF-8 text");
    String::from_utf8(store::read(path)?).map_err(|_| RegisterFolderError::unreadable(path)(not_text()))
}

fn mapping(path: &Path) -> Result<Mapping> {
    Mapping::parse(&path.display().to_string(), &text_of(path)?).map_err(RegisterFolderError::Mistakes)
}

/// The files of a source that have been taken: of changes also those of earlier loads.
fn files_so_far(form: &Form, mut files: Vec<KeptFile>, before: Option<&KeptSource>) -> Vec<KeptFile> {
    if let (Form::FinnishChanges { .. }, Some(before)) = (form, before) {
        files.extend(before.files.iter().cloned());
        files.sort();
        files.dedup();
    }
    files
}
