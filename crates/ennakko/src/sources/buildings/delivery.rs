//! The licensed delivery: buildings, and what their addresses, owners and dwellings add.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ennakko_core::PartialDate;
use ennakko_core::identity::{PermanentBuildingId, PersonalIdentityCode, dwelling_id, finnish};
use ennakko_core::record::{
    Address, BuildingRecord, DeathRecord, DwellingRecord, ListState, Owner, Stairwell, Utilities, Who,
};
use ennakko_core::value::{Fact, UnknownReason};

use self::columns::{AddressColumns, BuildingColumns, DwellingColumns, OwnerColumns};
use super::place::{Place, Projections};
use super::sheet::{Column, Row, Sheet};
use super::{BuildingsError, DeliveryProfile, Sheets, unknown_building, uses};
use crate::sources::{Loaded, SourceIssue, SourceProblem};

mod columns;

const BUILDINGS: &str = "R1 rakennus";
const ADDRESSES: &str = "R3 osoite";
const OWNERS: &str = "R4 omistaja";
const DWELLINGS: &str = "R9 huon asukk";

/// The sheets' names, in the order in which they are read.
#[cfg(feature = "register-folder")]
pub(crate) const SHEETS: [&str; 4] = [BUILDINGS, ADDRESSES, OWNERS, DWELLINGS];

/// The source as reports of deaths name it.
const SOURCE: &str = "building register";

/// What a row came to, if not what it says: why it is set aside.
type Taken = Result<(), SourceProblem>;

struct Reading {
    profile: DeliveryProfile,
    projections: Projections,
    buildings: BTreeMap<PermanentBuildingId, (u64, BuildingRecord)>,
    /// Demolished or destroyed: rows about them are understood.
    gone: BTreeSet<PermanentBuildingId>,
    /// The number of the address that a building has.
    address_numbers: BTreeMap<PermanentBuildingId, u8>,
    dwellings: BTreeMap<String, (u64, DwellingRecord)>,
    deaths: Vec<(u64, DeathRecord)>,
    issues: Vec<SourceIssue>,
    /// The sheet and the row being read.
    at: (&'static str, u64),
    read: usize,
    used: usize,
}

pub(super) fn read(sheets: Sheets<'_>, profile: DeliveryProfile) -> Result<Loaded, BuildingsError> {
    let Sheets { form, buildings, addresses, owners, dwellings } = sheets;
    let mut reading = Reading {
        profile,
        projections: Projections::new()?,
        buildings: BTreeMap::new(),
        gone: BTreeSet::new(),
        address_numbers: BTreeMap::new(),
        dwellings: BTreeMap::new(),
        deaths: Vec::new(),
        issues: Vec::new(),
        at: (BUILDINGS, 0),
        read: 0,
        used: 0,
    };
    let mut sheet = Sheet::open(BUILDINGS, form, buildings)?;
    let columns = BuildingColumns::of(&sheet)?;
    reading.rows(BUILDINGS, &mut sheet, |reading, cells| reading.building(&columns, cells))?;
    if let Some(input) = addresses {
        let mut sheet = Sheet::open(ADDRESSES, form, input)?;
        let columns = AddressColumns::of(&sheet)?;
        reading.rows(ADDRESSES, &mut sheet, |reading, cells| reading.address(&columns, cells))?;
    }
    if let Some(input) = owners {
        let mut sheet = Sheet::open(OWNERS, form, input)?;
        let columns = OwnerColumns::of(&sheet)?;
        reading.rows(OWNERS, &mut sheet, |reading, cells| reading.owner(&columns, cells))?;
    }
    if let Some(input) = dwellings {
        let mut sheet = Sheet::open(DWELLINGS, form, input)?;
        let columns = DwellingColumns::of(&sheet)?;
        reading.rows(DWELLINGS, &mut sheet, |reading, cells| reading.dwelling(&columns, cells))?;
    }
    Ok(reading.finish())
}

impl Reading {
    fn rows(
        &mut self,
        name: &'static str,
        sheet: &mut Sheet<'_>,
        mut take: impl FnMut(&mut Self, &[String]) -> Taken,
    ) -> Result<(), BuildingsError> {
        while let Some((position, row)) = sheet.next()? {
            self.at = (name, position);
            self.read += 1;
            let taken = match row {
                Row::Cells(cells) => take(self, &cells),
                Row::Unreadable => Err(SourceProblem::Unreadable),
            };
            match taken {
                Ok(()) => self.used += 1,
                Err(problem) => self.note(problem, true),
            }
        }
        Ok(())
    }

    fn note(&mut self, problem: SourceProblem, sets_aside: bool) {
        let (sheet, position) = self.at;
        let issue = SourceIssue { position, group: Some(sheet.into()), problem, sets_aside };
        // one issue of a kind for a row; those of this row stand last
        let mut of_this_row = self.issues.iter().rev().take_while(|known| known.position == position);
        if of_this_row.all(|known| *known != issue) {
            self.issues.push(issue);
        }
    }

    fn id(&self, written: &str) -> Result<PermanentBuildingId, SourceProblem> {
        if written.is_empty() {
            return Err(SourceProblem::NoCode);
        }
        PermanentBuildingId::parse(written, self.profile.artificial).map_err(SourceProblem::of_code)
    }

    /// The building that a row of another sheet is about; none for one that is gone.
    fn known(&self, written: &str) -> Result<Option<PermanentBuildingId>, SourceProblem> {
        let id = self.id(written)?;
        if self.buildings.contains_key(&id) {
            return Ok(Some(id));
        }
        if self.gone.contains(&id) { Ok(None) } else { Err(SourceProblem::NoSuchSubject) }
    }

    fn building(&mut self, columns: &BuildingColumns, cells: &[String]) -> Taken {
        let id = self.id(columns.id.of(cells))?;
        if self.buildings.contains_key(&id) || self.gone.contains(&id) {
            return Err(SourceProblem::Duplicate);
        }
        // demolished for a new building, demolished for another reason, destroyed
        if matches!(columns.state.of(cells), "06" | "07" | "08") {
            self.gone.insert(id);
            return Ok(());
        }
        let mut record = unknown_building(id.clone());
        record.location = self.location(columns.north.of(cells), columns.east.of(cells));
        record.intended_use = self.intended_use(columns.use_1994.of(cells), columns.use_2018.of(cells));
        record.built_year = self.year(columns.completed.of(cells));
        record.area_m2 = self.size(columns.area.of(cells));
        record.storeys = self.size(columns.storeys.of(cells));
        record.dwellings = self.count(columns.dwellings.of(cells));
        record.facilities = self.utilities(&columns.equipment, cells);
        record.connections = self.utilities(&columns.connections, cells);
        self.buildings.insert(id, (self.at.1, record));
        Ok(())
    }

    fn location(&mut self, north: &str, east: &str) -> Fact<ennakko_core::record::Location> {
        if [north, east].iter().all(|text| text.chars().all(|digit| digit == '0')) {
            return Fact::Unknown(UnknownReason::NotDelivered);
        }
        let place = Place::read(north, east, self.profile.system).and_then(|place| self.projections.location(place));
        if let Ok(location) = place {
            return Fact::Known(location);
        }
        self.note(SourceProblem::BadPlace, false);
        Fact::Unknown(UnknownReason::Disputed)
    }

    fn intended_use(&mut self, of_1994: &str, of_2018: &str) -> Fact<String> {
        let (old, new) = (uses::class_of_1994(of_1994), uses::class_of_2018(of_2018));
        if (old.is_none() && !of_1994.is_empty()) || (new.is_none() && !of_2018.is_empty()) {
            self.note(SourceProblem::UnknownValue, false);
        }
        match (old, new) {
            (Some(old), Some(new)) if uses::in_2018(old).is_some_and(|certain| certain != new) => {
                self.note(SourceProblem::Disagrees, false);
                Fact::Unknown(UnknownReason::Disputed)
            }
            (_, Some(class)) | (Some(class), None) => Fact::Known(class.to_owned()),
            (None, None) if of_1994.is_empty() && of_2018.is_empty() => Fact::Unknown(UnknownReason::NotDelivered),
            (None, None) => Fact::Unknown(UnknownReason::Disputed),
        }
    }

    /// The year of a day as `yyyymmdd`, of which month and day may be zeros, or of a year alone.
    fn year(&mut self, written: &str) -> Fact<i64> {
        if written.chars().all(|digit| digit == '0') {
            return Fact::Unknown(UnknownReason::NotDelivered);
        }
        let is_day = matches!(written.len(), 4 | 8) && written.bytes().all(|byte| byte.is_ascii_digit());
        let year = written.get(..4).filter(|_| is_day).and_then(|year| year.parse().ok());
        if let Some(year @ 1000..=2200) = year {
            return Fact::Known(year);
        }
        self.note(SourceProblem::BadDay, false);
        Fact::Unknown(UnknownReason::Disputed)
    }

    /// A whole number; a zero is one.
    fn count(&mut self, written: &str) -> Fact<i64> {
        if written.is_empty() {
            return Fact::Unknown(UnknownReason::NotDelivered);
        }
        let is_number = written.len() <= 9 && written.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(number) = written.parse().ok().filter(|_| is_number) {
            return Fact::Known(number);
        }
        self.note(SourceProblem::UnknownValue, false);
        Fact::Unknown(UnknownReason::Disputed)
    }

    /// A whole number of what every building has: zero says that it was not measured.
    fn size(&mut self, written: &str) -> Fact<i64> {
        match self.count(written) {
            Fact::Known(0) => Fact::Unknown(UnknownReason::NotDelivered),
            size => size,
        }
    }

    fn utilities(&mut self, columns: &[Column; 5], cells: &[String]) -> Utilities {
        let [sewer, water, electricity, gas, cable] = columns.map(|column| match column.of(cells) {
            "" => Fact::Unknown(UnknownReason::NotDelivered),
            "1" | "K" | "true" => Fact::Known(true),
            "0" | "E" | "false" => Fact::Known(false),
            _ => {
                self.note(SourceProblem::UnknownValue, false);
                Fact::Unknown(UnknownReason::Disputed)
            }
        });
        Utilities { sewer, water, electricity, gas, cable }
    }

    fn address(&mut self, columns: &AddressColumns, cells: &[String]) -> Taken {
        let Some(id) = self.known(columns.id.of(cells))? else { return Ok(()) };
        // a sheet without numbers has one address a building
        let number = match columns.number.of(cells) {
            "" => 1,
            written => {
                written.parse().ok().filter(|number| (1..=9).contains(number)).ok_or(SourceProblem::UnknownValue)?
            }
        };
        let first_of = |names: [Column; 2]| names.map(|name| name.of(cells)).into_iter().find(|name| !name.is_empty());
        let street =
            [first_of(columns.street).unwrap_or_default(), columns.house.of(cells)].join(" ").trim().to_owned();
        let (postal_code, office) = (columns.postal_code.of(cells), first_of(columns.post_office).unwrap_or_default());
        if street.is_empty() || postal_code.is_empty() {
            return Ok(());
        }
        let taken = self.address_numbers.get(&id);
        if taken == Some(&number) {
            return Err(SourceProblem::Duplicate);
        }
        if taken.is_none_or(|taken| number < *taken) {
            self.address_numbers.insert(id.clone(), number);
            let address = Address { street, postal_code: postal_code.to_owned(), post_office: office.to_owned() };
            if let Some((_, record)) = self.buildings.get_mut(&id) {
                record.address = Fact::Known(address);
            }
        }
        Ok(())
    }

    fn owner(&mut self, columns: &OwnerColumns, cells: &[String]) -> Taken {
        let Some(id) = self.known(columns.building.of(cells))? else { return Ok(()) };
        let from = self.day(columns.from.of(cells));
        let until = self.day(columns.until.of(cells));
        let today = self.profile.extracted_on;
        // a day known in part counts where all of it is over, or to come
        let is_over = until.is_some_and(|until| until.last() < today);
        if is_over || from.is_some_and(|from| from.first() > today) {
            return Ok(());
        }
        let (code, business) = (columns.code.of(cells), columns.business.of(cells));
        let owner = match (code, business) {
            ("", "") => None,
            (code, "") => {
                let profile = finnish::Profile { artificial: self.profile.artificial, not_after: Some(today) };
                match PersonalIdentityCode::parse(code, profile) {
                    Ok(code) => Some(Owner::Person(Who::Code(code.into()))),
                    Err(error) => {
                        self.note(SourceProblem::of_code(error), false);
                        None
                    }
                }
            }
            (_, business) if is_business_id(business) => Some(Owner::Organisation {
                id: business.to_owned(),
                name: columns.name.of(cells).to_owned(),
                language: Fact::Unknown(UnknownReason::NotDelivered),
            }),
            _ => {
                self.note(SourceProblem::BadCode, false);
                None
            }
        };
        let died = !columns.died.of(cells).chars().all(|digit| digit == '0');
        let owner = match owner {
            Some(Owner::Person(who)) if died => {
                let death = DeathRecord { who, source: SOURCE.to_owned(), dead: true };
                self.deaths.push((self.at.1, death));
                Some(Owner::Estate)
            }
            owner => owner,
        };
        let Some((_, record)) = self.buildings.get_mut(&id) else { return Err(SourceProblem::NoSuchSubject) };
        let unknown = ListState::Open(UnknownReason::OpenList);
        match owner {
            None => record.owners_state = unknown,
            Some(owner) => {
                // the same owner by two titles is one owner; two estates may be two
                if owner == Owner::Estate || !record.owners.contains(&owner) {
                    record.owners.push(owner);
                }
                if record.owners_state != unknown {
                    record.owners_state = ListState::Whole;
                }
            }
        }
        Ok(())
    }

    /// A day as `yyyymmdd`, month and day perhaps zeros; none if it is not stated or cannot be.
    fn day(&mut self, written: &str) -> Option<PartialDate> {
        if written.chars().all(|digit| digit == '0') {
            return None;
        }
        let date = partial_date(written);
        if date.is_none() {
            self.note(SourceProblem::BadDay, false);
        }
        date
    }

    fn dwelling(&mut self, columns: &DwellingColumns, cells: &[String]) -> Taken {
        let Some(building) = self.known(columns.building.of(cells))? else { return Ok(()) };
        let [address, stair, number, division] =
            [columns.address, columns.stair, columns.number, columns.division].map(|column| column.of(cells));
        let id = dwelling_id(&building, address, stair, number, division).ok_or(SourceProblem::UnknownValue)?;
        let id = dwelling_id::of_flat(&id).into_owned();
        if self.dwellings.contains_key(&id) {
            return Err(SourceProblem::Duplicate);
        }
        let Some((_, record)) = self.buildings.get_mut(&building) else { return Err(SourceProblem::NoSuchSubject) };
        if !stair.is_empty() && !record.stairwells.iter().any(|known| known.name == stair) {
            let lift = Fact::Unknown(UnknownReason::NotDelivered);
            record.stairwells.push(Stairwell { name: stair.to_owned(), lift });
            record.stairwells_state = ListState::Open(UnknownReason::OpenList);
        }
        let door = [stair, number.trim_start_matches('0')].join(" ") + division;
        let address = record.address.clone().map(|address| Address {
            street: [address.street.as_str(), door.trim()].join(" ").trim().to_owned(),
            ..address
        });
        // whether everybody who lives there was delivered is the population register's to say
        let dwelling = DwellingRecord { id: id.clone(), building: Some(building), address, members: ListState::Whole };
        self.dwellings.insert(id, (self.at.1, dwelling));
        Ok(())
    }

    fn finish(self) -> Loaded {
        let mut loaded = Loaded { issues: self.issues, read: self.read, used: self.used, ..Loaded::default() };
        for (position, mut record) in self.buildings.into_values() {
            record.stairwells.sort();
            loaded.origins.buildings.push(position);
            loaded.delivery.buildings.push(record);
        }
        for (position, record) in self.dwellings.into_values() {
            loaded.origins.dwellings.push(position);
            loaded.delivery.dwellings.push(record);
        }
        for (position, record) in self.deaths {
            loaded.origins.deaths.push(position);
            loaded.delivery.deaths.push(record);
        }
        loaded.issues.sort_unstable();
        loaded
    }
}

/// The sixteen characters: building, number of the address, stair or a blank, number in three digits, division or a blank.
fn dwelling_id(
    building: &PermanentBuildingId,
    address: &str,
    stair: &str,
    number: &str,
    division: &str,
) -> Option<String> {
    let letter = |written: &str, is_one: fn(char) -> bool| {
        let mut letters = written.chars();
        match (letters.next(), letters.next()) {
            (None, _) => Some(' '),
            (Some(letter), None) if is_one(letter) => Some(letter),
            _ => None,
        }
    };
    let address: u8 = address.parse().ok().filter(|number| (1..=9).contains(number))?;
    let number: u16 = number.parse().ok().filter(|number| *number <= 999)?;
    let (stair, division) = (letter(stair, char::is_uppercase)?, letter(division, char::is_lowercase)?);
    Some(format!("{}{address}{stair}{number:03}{division}", building.as_str()))
}

fn partial_date(written: &str) -> Option<PartialDate> {
    if written.len() != 8 || !written.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, month, day) = (written[..4].parse().ok()?, written[4..6].parse().ok()?, written[6..].parse().ok()?);
    match (month, day) {
        (0, 0) => PartialDate::in_year(year).ok(),
        (0, _) => None,
        (_, 0) => PartialDate::in_month(year, month).ok(),
        _ => NaiveDate::from_ymd_opt(year, month, day).map(PartialDate::exact),
    }
}

/// Seven digits, a hyphen, a check digit.
fn is_business_id(written: &str) -> bool {
    let bytes = written.as_bytes();
    let digits = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
    bytes.len() == 9 && bytes[7] == b'-' && digits(0..7) && digits(8..9)
}
