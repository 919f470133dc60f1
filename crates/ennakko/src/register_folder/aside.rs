//! Records set aside, in the form they came in: a file for each source that has any, to be repaired and named as a source.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::failure::{RegisterFolderError, SourceError};
use super::gather::{Input, Told};
use super::plan::{Form, Plan, SheetName, SourcePlan};
use super::population::{AnswerOf, Asked, Copied};
use super::{DOCUMENTS, SET_ASIDE};
use super::{sheets, store};
use crate::sources::buildings::{self, Rows};
use crate::sources::navet::copy_posts;
use crate::sources::table::{Format, Mapping, copy_rows};

type Result<T> = std::result::Result<T, RegisterFolderError>;

/// Writes the files of a load into a folder; `root` holds those of the load before. Gives, for a source by its place, the
/// columns that could not be copied.
pub(super) fn write(
    plan: &Plan,
    (root, folder): (&Path, &Path),
    inputs: &[Input],
    all_told: &[Told],
) -> Result<Vec<(usize, Vec<String>)>> {
    store::make_folder(folder)?;
    let mut left_out = Vec::new();
    for (at, ((source, input), told)) in plan.sources.iter().zip(inputs).zip(all_told).enumerate() {
        let positions = &told.count.positions;
        let name = format!("{}.{}", source.name, extension(&source.form));
        let path = folder.join(&name);
        let before = root.join(SET_ASIDE).join(&name);
        match &source.form {
            Form::FinnishBase { .. } => {
                let asked: Vec<&str> = asked_people(plan, at, all_told, positions).collect();
                base_data(input, positions, &asked, (&before, &path))?;
            }
            Form::FinnishChanges { base, .. } => {
                let goes_on = inputs.get(*base).is_some_and(|input| input.go_on.is_some());
                let token = told.token.unwrap_or_default();
                let before = goes_on.then_some(before.as_path());
                changes(input, positions, told.asked.as_ref(), before, (&path, token))?;
            }
            Form::BuildingSheets { sheets, form, .. } => {
                let name = |sheet: SheetName| folder.join(format!("{}.{}.csv", source.name, sheet.word()));
                sheets::copy(&source.name, (sheets, *form), input, positions, name)?;
            }
            Form::Table { format, .. } => {
                if let (Some(from), false) = (input.files.first(), positions.is_empty()) {
                    let damaged = table(source, (from, *format), input.mapping.as_ref(), positions, &path)?;
                    if !damaged.is_empty() {
                        left_out.push((at, damaged));
                    }
                }
            }
            Form::Addresses => {
                if let (Some(from), false) = (input.files.first(), positions.is_empty()) {
                    let to = store::create(&path)?;
                    let copied = buildings::copy_rows(store::open(from)?, Rows::AddressFile, positions, to);
                    copied.map_err(|error| unusable(source, from, error))?;
                }
            }
            Form::Navet { .. } => {
                if let (Some(from), false) = (input.files.first(), positions.is_empty()) {
                    let copied = copy_posts(store::open(from)?, positions, store::create(&path)?);
                    copied.map_err(|error| unusable(source, from, error))?;
                }
            }
        }
    }
    Ok(left_out)
}

fn extension(form: &Form) -> &'static str {
    match form {
        Form::FinnishBase { .. } | Form::FinnishChanges { .. } => "json",
        Form::Navet { .. } => "xml",
        Form::Addresses => "opt",
        Form::Table { format: Format::Csv, .. } | Form::BuildingSheets { .. } => "csv",
        Form::Table { format: Format::JsonLines, .. } => "jsonl",
        Form::Table { format: Format::Parquet, .. } => "parquet",
    }
}

/// What could not be read when base data was read stays, as long as later loads go on from it.
fn base_data(input: &Input, positions: &BTreeSet<u64>, asked: &[&str], (before, path): (&Path, &Path)) -> Result<()> {
    let mut copied = Copied::default();
    copied.add(asked.iter().copied());
    match &input.go_on {
        None if !positions.is_empty() => copied.add_files(&input.files, Some(positions))?,
        None => {}
        Some((documents, _)) => {
            if before.exists() {
                copied.add_files(&[before.to_owned()], None)?;
            }
            if !positions.is_empty() {
                debug_assert!(documents.ends_with(DOCUMENTS), "documents are kept under their name");
                copied.add_lines(documents, positions)?;
            }
        }
    }
    if copied.is_empty() { Ok(()) } else { copied.write(path, AnswerOf::Base) }
}

/// People of base data at a position that came because changes of theirs waited.
fn asked_people<'t>(
    plan: &'t Plan,
    base: usize,
    told: &'t [Told],
    positions: &'t BTreeSet<u64>,
) -> impl Iterator<Item = &'t str> {
    let of_base = plan.sources.iter().zip(told).filter(move |(source, _)| super::is_changes_of(&source.form, base));
    let people = of_base.filter_map(|(_, told)| told.asked.as_ref()).flat_map(|asked| &asked.people);
    people.filter(|(position, _)| positions.contains(position)).map(|(_, raw)| &**raw)
}

fn changes(
    input: &Input,
    positions: &BTreeSet<u64>,
    asked: Option<&Asked>,
    before: Option<&Path>,
    (path, token): (&Path, i64),
) -> Result<()> {
    let mut copied = Copied::default();
    if !positions.is_empty() {
        copied.add_files(&input.files, Some(positions))?;
    }
    if let Some(before) = before.filter(|before| before.exists()) {
        copied.add_files(&[before.to_owned()], None)?;
    }
    if let Some(asked) = asked {
        copied.leave_out(&asked.settled);
        copied.add(asked.changes.iter().map(|raw| &**raw));
    }
    if copied.is_empty() { Ok(()) } else { copied.write(path, AnswerOf::Changes(token)) }
}

fn table(
    source: &SourcePlan,
    (from, format): (&PathBuf, Format),
    mapping: Option<&Mapping>,
    positions: &BTreeSet<u64>,
    path: &Path,
) -> Result<Vec<String>> {
    let none = Mapping::none();
    let copied = copy_rows(store::open(from)?, format, mapping.unwrap_or(&none), positions, store::create(path)?);
    copied.map_err(|error| unusable(source, from, error))
}

fn unusable(source: &SourcePlan, path: &Path, error: impl Into<SourceError>) -> RegisterFolderError {
    RegisterFolderError::Source { source_name: source.name.clone(), path: path.to_owned(), error: error.into() }
}
