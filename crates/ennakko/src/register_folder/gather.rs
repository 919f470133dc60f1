//! Every source of a folder read, joined and put together: what is delivered, and what each told on the way.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use ennakko_core::UnknownReason;
use ennakko_core::fact_table::FactDeclaration;
use ennakko_core::identity::finnish::Profile;
use ennakko_core::record::ListState;

use super::count::Count;
use super::failure::{RegisterFolderError, SourceError};
use super::feed::{self, Ask};
use super::old;
use super::plan::{self, Form, Plan, SourcePlan};
use super::population::{self, Asked, Changed};
use super::sheets;
use super::store;
use super::wire::KeptBase;
use crate::sources::buildings::read_addresses;
use crate::sources::finnish::{Dwellings, NoGroup, Reading};
use crate::sources::navet::{NavetProfile, read_xml};
use crate::sources::table::{self, Format, Mapping, Seen, Table, TableName, TableRead};
use crate::sources::{Loaded, Merged};

type Result<T> = std::result::Result<T, RegisterFolderError>;

/// What is to be read of one source.
#[derive(Clone, Debug, Default)]
pub(super) struct Input {
    /// The day it is of; none: its contents tell.
    pub(super) day: Option<NaiveDate>,
    pub(super) files: Vec<PathBuf>,
    pub(super) mapping: Option<Mapping>,
    /// Documents to go on from, instead of reading base data, and what that had told.
    pub(super) go_on: Option<(PathBuf, KeptBase)>,
    /// Where documents are to be kept, if they are.
    pub(super) keep_in: Option<PathBuf>,
    /// Changes to ask for, in place of files.
    pub(super) ask: Option<Ask>,
}

/// One source after reading.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) day: Option<NaiveDate>,
    pub(super) count: Count,
    /// Things to be told once, such as columns that nothing reads.
    pub(super) notes: Vec<String>,
    pub(super) too_old: bool,
    /// Of changes: where to go on in the feed.
    pub(super) token: Option<i64>,
    /// Of base data: what it told when it was read.
    pub(super) base: Option<KeptBase>,
    /// What was asked for.
    pub(super) asked: Option<Asked>,
}

/// Everything delivered.
pub(super) struct Gathered {
    pub(super) merged: Merged,
    pub(super) told: Vec<Told>,
}

/// What does not change from source to source.
#[derive(Clone, Copy)]
pub(super) struct Terms<'t> {
    pub(super) plan: &'t Plan,
    pub(super) declared: &'t [FactDeclaration],
    /// The register's day.
    pub(super) day: NaiveDate,
}

impl Terms<'_> {
    fn profile(&self) -> Profile {
        Profile { artificial: self.plan.codes, not_after: None }
    }

    fn is_too_old(&self, source: &SourcePlan, day: NaiveDate) -> bool {
        source.fresh_days.is_some_and(|days| self.day.signed_duration_since(day).num_days() > i64::from(days))
    }
}

/// Reads every source; `inputs` are in the order of the plan.
pub(super) fn gather(terms: Terms<'_>, inputs: &[Input], progress: &mut dyn FnMut(&str)) -> Result<Gathered> {
    let sources = &terms.plan.sources;
    let mut loads: Vec<Loaded> = sources.iter().map(|_| Loaded::default()).collect();
    let mut told: Vec<Told> = inputs.iter().map(|input| Told { day: input.day, ..Told::default() }).collect();
    let mut tables: Vec<(String, TableRead)> = Vec::new();
    for (at, (source, input)) in sources.iter().zip(inputs).enumerate() {
        progress(&format!("reading {}", source.name));
        match &source.form {
            Form::FinnishBase { .. } => people(terms, inputs, at, (&mut loads, &mut told), progress)?,
            // with their base data
            Form::FinnishChanges { .. } => {}
            Form::Table { table, format, facts, .. } => {
                let read = read_table(terms, source, input, (*table, *format), facts)?;
                told[at].notes = notes(read.seen());
                tables.push((source.name.clone(), read));
            }
            Form::Addresses => {
                for path in &input.files {
                    let read = read_addresses(store::open(path)?, terms.plan.codes);
                    let read = read.map_err(|error| unusable(source, path, error))?;
                    told[at].day = input.day.or(read.extracted_on);
                    loads[at] = read.loaded;
                }
            }
            Form::BuildingSheets { sheets, form, system } => {
                loads[at] = sheets::read(&source.name, (sheets, *form, *system), input, terms.plan.codes)?;
            }
            Form::Navet { secrecy, scope } => {
                let profile = NavetProfile { not_after: None, missing_mark: *secrecy, scope: *scope };
                for path in &input.files {
                    loads[at] = read_xml(store::open(path)?, profile).map_err(|error| unusable(source, path, error))?;
                }
            }
        }
    }
    for (name, loaded) in table::join(tables) {
        if let Some(at) = sources.iter().position(|source| source.name == name) {
            loads[at] = loaded;
        }
    }
    for ((loaded, told), input) in loads.iter().zip(&mut told).zip(inputs) {
        told.count = Count::of(loaded);
        if let Some((_, before)) = &input.go_on {
            told.count.go_on_from(before);
        }
    }
    make_old(terms, &mut loads, &mut told)?;
    let merged = Merged::of(sources.iter().map(|source| source.name.clone()).zip(loads));
    Ok(Gathered { merged, told })
}

/// Base data, or the documents it became, with all changes of it.
fn people(
    terms: Terms<'_>,
    inputs: &[Input],
    at: usize,
    (loads, told): (&mut [Loaded], &mut [Told]),
    progress: &mut dyn FnMut(&str),
) -> Result<()> {
    let source = &terms.plan.sources[at];
    let Form::FinnishBase { everybody, protection, dwellings } = source.form else { return Ok(()) };
    let reading = reading(terms.profile(), everybody, protection, dwellings);
    let (mut documents, mut kept) = match &inputs[at].go_on {
        Some((path, kept)) => (population::kept(path, reading)?, kept.clone()),
        None => population::base_data(&source.name, &inputs[at].files, reading)?,
    };
    for (of, changes) in terms.plan.sources.iter().enumerate() {
        if !matches!(changes.form, Form::FinnishChanges { base, .. } if base == at) {
            continue;
        }
        progress(&format!("reading {}", changes.name));
        let Changed { loaded, entered_until, token, waiting, asked } = match &inputs[of].ask {
            None => population::take_changes(&changes.name, &inputs[of].files, &mut documents)?,
            Some(ask) => {
                let no_day = || RegisterFolderError::NoSourceDay { source_name: source.name.clone() };
                let base_day = inputs[at].day.ok_or_else(no_day)?;
                // whoever has just been asked is up to date
                told[of].day = told[of].day.max(Some(terms.day));
                feed::ask(&changes.name, ask, base_day, &mut documents, progress)?
            }
        };
        loads[of] = loaded;
        told[of].token = token;
        told[of].day = told[of].day.max(entered_until);
        if waiting > 0 {
            told[of].notes.push(format!("{waiting} changes wait for base data of their people"));
        }
        if let Some(asked) = &asked {
            let mut count = asked.base.clone();
            count.go_on_from(&kept);
            kept = count.to_keep();
        }
        told[of].asked = asked;
    }
    // stored before the records come, so that both are never in memory together
    if let Some(path) = &inputs[at].keep_in {
        population::keep(&documents, path)?;
    }
    loads[at] = documents.into_loaded(terms.day);
    told[at].base = Some(kept);
    Ok(())
}

fn reading(codes: Profile, everybody: bool, no_protection_group: NoGroup, dwellings: bool) -> Reading {
    let members = if everybody { ListState::Whole } else { ListState::Open(UnknownReason::NotDelivered) };
    let dwellings = if dwellings { Dwellings::FromAddresses(members) } else { Dwellings::NotFromHere };
    Reading { codes, no_protection_group, dwellings }
}

fn read_table(
    terms: Terms<'_>,
    source: &SourcePlan,
    input: &Input,
    (name, format): (TableName, Format),
    facts: &[(String, std::ops::Range<usize>)],
) -> Result<TableRead> {
    let declared: Vec<FactDeclaration> =
        facts.iter().filter_map(|(name, _)| plan::declared(name, terms.declared).cloned()).collect();
    let table = Table::named(name, &declared, input.day.unwrap_or(terms.day));
    let none = Mapping::none();
    let mapping = input.mapping.as_ref().unwrap_or(&none);
    let reading = table::Reading { format, mapping, profile: terms.profile() };
    let Some(path) = input.files.first() else {
        return Err(RegisterFolderError::NoSourceDay { source_name: source.name.clone() });
    };
    table::read(table, store::open(path)?, &reading).map_err(|error| unusable(source, path, error))
}

fn unusable(source: &SourcePlan, path: &Path, error: impl Into<SourceError>) -> RegisterFolderError {
    RegisterFolderError::Source { source_name: source.name.clone(), path: path.to_owned(), error: error.into() }
}

fn listed(names: Vec<&str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// That columns of a source are not in the file of records set aside.
pub(super) fn not_copied(damaged: &[String]) -> String {
    let names = listed(damaged.iter().map(String::as_str).collect());
    format!("damaged, and not in the file of records set aside: {names}")
}

fn notes(seen: &Seen) -> Vec<String> {
    let mut notes = Vec::new();
    if !seen.unread.is_empty() {
        notes.push(format!("nothing reads {}", listed(seen.unread.iter().map(String::as_str).collect())));
    }
    if seen.others_unread {
        notes.push("rows have names that nothing reads".to_owned());
    }
    if !seen.absent.is_empty() {
        notes.push(format!("has no {}", listed(seen.absent.iter().map(AsRef::as_ref).collect())));
    }
    notes
}

/// Makes what came from sources that are too old unknown.
fn make_old(terms: Terms<'_>, loads: &mut [Loaded], told: &mut [Told]) -> Result<()> {
    let sources = &terms.plan.sources;
    // documents are as new as the changes that were taken into them
    for (at, source) in sources.iter().enumerate() {
        if let Form::FinnishChanges { base, .. } = source.form {
            told[base].day = told[base].day.max(told[at].day);
        }
    }
    let mut custody_is_old = false;
    for ((source, loaded), told) in sources.iter().zip(&mut *loads).zip(&mut *told) {
        let is_feed = matches!(source.form, Form::FinnishChanges { .. });
        let Some(day) = told.day else {
            if is_feed {
                continue;
            }
            return Err(RegisterFolderError::NoSourceDay { source_name: source.name.clone() });
        };
        told.too_old = terms.is_too_old(source, day);
        if told.too_old {
            custody_is_old |= !loaded.delivery.custody.is_empty()
                || matches!(source.form, Form::Table { table: TableName::Custody, .. });
            old::make_too_old(loaded);
        }
    }
    if custody_is_old {
        for loaded in loads {
            old::open_custody(&mut loaded.delivery.residents);
        }
    }
    Ok(())
}
