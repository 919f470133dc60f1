//! The licensed sheets of buildings: several files that are one source. Positions of all sheets are told apart.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::PathBuf;

use ennakko_core::identity::Artificial;

use super::failure::{RegisterFolderError, SourceError};
use super::gather::Input;
use super::plan::SheetName;
use super::store;
use crate::sources::Loaded;
use crate::sources::buildings::place::System;
use crate::sources::buildings::{DeliveryProfile, Rows, SHEETS, SheetForm, Sheets, copy_rows, read_delivery};

type Result<T> = std::result::Result<T, RegisterFolderError>;

/// Positions of a sheet begin so far behind those of the sheet before it; no sheet has as many rows.
const SHEET: u64 = 1 << 40;

/// Reads the files of a source, each a sheet.
pub(super) fn read(
    source: &str,
    (sheets, form, system): (&[SheetName], SheetForm, System),
    input: &Input,
    artificial: Artificial,
) -> Result<Loaded> {
    let Some(extracted_on) = input.day else {
        return Err(RegisterFolderError::NoSourceDay { source_name: source.to_owned() });
    };
    let mut files = [None, None, None, None];
    for (sheet, path) in sheets.iter().zip(&input.files) {
        files[*sheet as usize] = Some(std::io::BufReader::new(store::open(path)?));
    }
    let [buildings, addresses, owners, dwellings] = &mut files;
    let (Some(buildings), Some(path)) = (buildings, input.files.first()) else {
        return Err(RegisterFolderError::NoSourceDay { source_name: source.to_owned() });
    };
    let sheets = Sheets {
        form,
        buildings,
        addresses: addresses.as_mut().map(|file| file as &mut dyn Read),
        owners: owners.as_mut().map(|file| file as &mut dyn Read),
        dwellings: dwellings.as_mut().map(|file| file as &mut dyn Read),
    };
    let profile = DeliveryProfile { extracted_on, artificial, system };
    let mut loaded = read_delivery(sheets, profile).map_err(|error| unusable(source, path, error))?;
    // rows of buildings come from the first sheet, reports of deaths from that of owners
    move_to(SheetName::Owners, &mut loaded.origins.deaths);
    move_to(SheetName::Dwellings, &mut loaded.origins.dwellings);
    for issue in &mut loaded.issues {
        let sheet = issue.group.as_deref().and_then(|group| SHEETS.iter().position(|name| *name == group));
        issue.position += SHEET * sheet.unwrap_or_default() as u64;
    }
    Ok(loaded)
}

fn move_to(sheet: SheetName, positions: &mut [u64]) {
    for position in positions {
        *position += SHEET * sheet as u64;
    }
}

/// Writes the rows at some positions, a file a sheet: `name` gives its place.
pub(super) fn copy(
    source: &str,
    (sheets, form): (&[SheetName], SheetForm),
    input: &Input,
    positions: &BTreeSet<u64>,
    name: impl Fn(SheetName) -> PathBuf,
) -> Result<()> {
    for (sheet, from) in sheets.iter().zip(&input.files) {
        let first = SHEET * *sheet as u64;
        let own: BTreeSet<u64> = positions.range(first..first + SHEET).map(|position| position - first).collect();
        if !own.is_empty() {
            let to = store::create(&name(*sheet))?;
            copy_rows(store::open(from)?, Rows::Sheet(form), &own, to)
                .map_err(|error| unusable(source, from, error))?;
        }
    }
    Ok(())
}

fn unusable(source: &str, path: &std::path::Path, error: impl Into<SourceError>) -> RegisterFolderError {
    RegisterFolderError::Source { source_name: source.to_owned(), path: path.to_owned(), error: error.into() }
}
