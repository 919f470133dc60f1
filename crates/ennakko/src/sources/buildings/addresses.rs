//! The open address file: one row for each address of each building.

use std::collections::BTreeMap;
use std::io::Read;

use chrono::NaiveDate;
use ennakko_core::identity::{Artificial, PermanentBuildingId};
use ennakko_core::record::{Address, BuildingRecord, Location};
use ennakko_core::value::{Fact, UnknownReason};

use super::place::{Place, Projections, System};
use super::sheet::{Encoding, broken};
use super::{BuildingsError, unknown_building};
use crate::sources::{Loaded, SourceIssue, SourceProblem};

const COLUMNS: usize = 16;
const FILE: &str = "address file";

/// What the open address file has.
#[derive(Debug)]
pub struct AddressFile {
    /// A record for each building, in the order of their ids. Their origin is their first row.
    pub loaded: Loaded,
    /// The oldest day of extraction that a row states; none if none does.
    pub extracted_on: Option<NaiveDate>,
}

/// A building while its rows are read.
struct Found {
    position: u64,
    record: BuildingRecord,
    /// Numbers of the addresses that have been read.
    numbers: Vec<u8>,
    /// Whether two rows say that it stands in different places.
    disputed: bool,
}

struct Reading {
    found: BTreeMap<PermanentBuildingId, Found>,
    issues: Vec<SourceIssue>,
    read: u64,
    set_aside: u64,
    extracted_on: Option<NaiveDate>,
    projections: Projections,
}

pub(super) fn read(input: impl Read, artificial: Artificial) -> Result<AddressFile, BuildingsError> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').has_headers(false).flexible(true).quoting(false).from_reader(input);
    let mut reading = Reading {
        found: BTreeMap::new(),
        issues: Vec::new(),
        read: 0,
        set_aside: 0,
        extracted_on: None,
        projections: Projections::new()?,
    };
    let mut row = csv::ByteRecord::new();
    while reader.read_byte_record(&mut row).map_err(|error| broken(FILE, reading.read, error))? {
        reading.read += 1;
        if let Err((group, problem)) = reading.row(&row, artificial) {
            reading.set_aside += 1;
            reading.note(group, problem, true);
        }
    }
    Ok(reading.finish())
}

impl Reading {
    fn note(&mut self, group: &'static str, problem: SourceProblem, sets_aside: bool) {
        self.issues.push(SourceIssue { position: self.read, group: Some(group.into()), problem, sets_aside });
    }

    fn row(&mut self, row: &csv::ByteRecord, artificial: Artificial) -> Result<(), (&'static str, SourceProblem)> {
        if row.len() != COLUMNS {
            return Err(("row", SourceProblem::Unreadable));
        }
        let cells: Vec<String> = row
            .iter()
            .map(|cell| Encoding::Latin1.text(cell).map_or(String::new(), |cell| cell.trim().to_owned()))
            .collect();
        let cell = |at: usize| cells[at - 1].as_str();
        let id = PermanentBuildingId::parse(cell(1), artificial)
            .map_err(|error| ("rakennustunnus", SourceProblem::of_code(error)))?;
        let number: u8 = match cell(7).parse() {
            Ok(number @ 1..=9) => number,
            _ => return Err(("osoitenumero", SourceProblem::UnknownValue)),
        };
        if self.found.get(&id).is_some_and(|found| found.numbers.contains(&number)) {
            return Err(("osoitenumero", SourceProblem::Duplicate));
        }
        let location = self.location(cell(5), cell(6));
        self.extraction(cell(16));
        let street = if cell(8).is_empty() { cell(9) } else { cell(8) };
        let street = [street, cell(10)].join(" ").trim().to_owned();
        let address = Address { street, postal_code: cell(11).to_owned(), post_office: String::new() };
        let position = self.read;
        let found = self.found.entry(id.clone()).or_insert_with(|| Found {
            position,
            record: unknown_building(id),
            numbers: Vec::new(),
            disputed: false,
        });
        let is_first = found.numbers.iter().all(|other| number < *other);
        if is_first && !address.street.is_empty() && !address.postal_code.is_empty() {
            found.record.address = Fact::Known(address);
        }
        let differs = match (found.record.location, location) {
            (Fact::Known(first), Fact::Known(other)) => first != other,
            _ => false,
        };
        if differs {
            found.disputed = true;
        }
        if found.disputed {
            found.record.location = Fact::Unknown(UnknownReason::Disputed);
        } else if found.numbers.is_empty() || matches!(location, Fact::Known(_)) {
            found.record.location = location;
        }
        found.numbers.push(number);
        if differs {
            self.note("koordinaatit", SourceProblem::Disagrees, false);
        }
        Ok(())
    }

    /// Northing stands first in this file.
    fn location(&mut self, north: &str, east: &str) -> Fact<Location> {
        if [north, east].iter().all(|text| text.chars().all(|digit| digit == '0')) {
            return Fact::Unknown(UnknownReason::NotDelivered);
        }
        let place = Place::read(north, east, System::Tm35Fin).and_then(|place| self.projections.location(place));
        place.map_or_else(
            |_| {
                self.note("koordinaatit", SourceProblem::BadPlace, false);
                Fact::Unknown(UnknownReason::Disputed)
            },
            Fact::Known,
        )
    }

    fn extraction(&mut self, written: &str) {
        if written.is_empty() {
            return;
        }
        match NaiveDate::parse_from_str(written, "%d.%m.%Y") {
            Ok(day) => self.extracted_on = Some(self.extracted_on.map_or(day, |known| known.min(day))),
            Err(_) => self.note("poimintapäivä", SourceProblem::BadDay, false),
        }
    }

    fn finish(self) -> AddressFile {
        let mut loaded = Loaded { issues: self.issues, ..Loaded::default() };
        for found in self.found.into_values() {
            loaded.origins.buildings.push(found.position);
            loaded.delivery.buildings.push(found.record);
        }
        loaded.issues.sort_unstable();
        loaded.read = usize::try_from(self.read).unwrap_or(usize::MAX);
        loaded.used = usize::try_from(self.read - self.set_aside).unwrap_or(usize::MAX);
        AddressFile { loaded, extracted_on: self.extracted_on }
    }
}
