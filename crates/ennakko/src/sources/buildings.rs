//! Buildings as Finland's registers deliver them: the open address file, and the sheets of the licensed delivery as CSV.
//!
//! For: where a building stands, its address, use, equipment and connections, size, year and owners; the dwellings in it.
//! Not for: telling a city's own building numbers from one another; polygons; who lives in a dwelling, which is the population
//! register's to say.
//! Input: what is handed in. Source of the shapes: the parsers of HSLdevcom/pelias-vrk and punosmobile/jkr-core, and the
//! description of the open file (avoindata.fi, *Rakennusten osoitetiedot*), as read in 2026.
//!
//! # The way chosen where senders and readers differ
//!
//! | what | here |
//! | --- | --- |
//! | a row of the open file that has not 16 columns | set aside: another cut would put one field into another |
//! | a building with several addresses | one record; the address with the smallest number |
//! | coordinates whose axes are exchanged, or of another system | unknown, with an issue; never turned round |
//! | a building's use by both classifications | that of 2018, unless the one of 1994 means another class for certain |
//! | use `0`, `1`, `2` of the open file | groups of classes, not a class: the use is unknown |
//! | equipment and connections | two facts; neither says anything of the other |
//! | an area or a number of storeys of 0 | not delivered |
//! | a building demolished or destroyed (`06`, `07`, `08`) | understood, and no record |
//! | an owner whose death is stated | the estate, and a report of the death |
//! | an owner without a code (abroad, unknown) | the list of owners is open |
//! | an ownership that begins after the day of the delivery, or has ended before it | no owner |
//! | owners of an earlier delivery | gone: a delivery says all there are |

use std::io::Read;

use chrono::NaiveDate;
use ennakko_core::identity::Artificial;
use ennakko_core::identity::PermanentBuildingId;
use ennakko_core::record::{BuildingRecord, ListState, Utilities};
use ennakko_core::value::{Fact, UnknownReason};
use thiserror::Error;

use super::Loaded;

mod addresses;
mod delivery;
pub mod place;
mod sheet;
pub mod uses;

pub use addresses::AddressFile;
#[cfg(feature = "register-folder")]
pub(crate) use delivery::SHEETS;
pub use sheet::{Encoding, Rows, SheetForm, copy_rows};

use self::place::{PlaceError, System};

/// Why a file is of no use as a whole. No message has any of its content.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BuildingsError {
    /// It could not be read to its end.
    #[error("the buildings could not be read to their end")]
    Io(#[from] std::io::Error),
    /// No CSV.
    #[error("`{sheet}` is broken after row {after}")]
    Broken {
        /// Which sheet.
        sheet: &'static str,
        /// Rows that were whole.
        after: u64,
    },
    /// A column is missing without which nothing can be read.
    #[error("`{sheet}` has no column `{column}`")]
    NoColumn {
        /// Which sheet.
        sheet: &'static str,
        /// Its name, in small letters without hyphens and blanks.
        column: &'static str,
    },
    /// Two columns have the same name.
    #[error("`{sheet}` has two columns `{column}`")]
    TwoColumns {
        /// Which sheet.
        sheet: &'static str,
        /// Their name, in small letters without hyphens and blanks.
        column: &'static str,
    },
    /// Coordinates cannot be converted.
    #[error(transparent)]
    Place(#[from] PlaceError),
}

/// What a delivery does not say of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryProfile {
    /// The day it was taken from the register.
    pub extracted_on: NaiveDate,
    /// Whether artificial codes may stand in it.
    pub artificial: Artificial,
    /// The system of its coordinates.
    pub system: System,
}

/// The sheets of the licensed delivery, each as CSV with its head line.
pub struct Sheets<'s> {
    /// How they are written.
    pub form: SheetForm,
    /// `R1 rakennus`.
    pub buildings: &'s mut dyn Read,
    /// `R3 osoite`.
    pub addresses: Option<&'s mut dyn Read>,
    /// `R4 omistaja`.
    pub owners: Option<&'s mut dyn Read>,
    /// `R9 huon asukk`.
    pub dwellings: Option<&'s mut dyn Read>,
}

/// Reads the open address file: 16 columns, `;`, ISO-8859-1, no head line. Its addresses have no post office.
///
/// # Errors
/// Those of [`BuildingsError`]: then nothing of it is used.
pub fn read_addresses(input: impl Read, artificial: Artificial) -> Result<AddressFile, BuildingsError> {
    addresses::read(input, artificial)
}

/// Reads the sheets of the licensed delivery. Positions are rows of the sheet that an issue's group names; those of buildings
/// are rows of `R1 rakennus`, those of dwellings rows of `R9 huon asukk`, those of deaths rows of `R4 omistaja`.
///
/// # Errors
/// Those of [`BuildingsError`]: then nothing of it is used.
pub fn read_delivery(sheets: Sheets<'_>, profile: DeliveryProfile) -> Result<Loaded, BuildingsError> {
    delivery::read(sheets, profile)
}

/// A building of which nothing is known.
fn unknown_building(id: PermanentBuildingId) -> BuildingRecord {
    let unknown = UnknownReason::NotDelivered;
    BuildingRecord {
        id,
        location: Fact::Unknown(unknown),
        address: Fact::Unknown(unknown),
        owners: Vec::new(),
        owners_state: ListState::Open(unknown),
        area_m2: Fact::Unknown(unknown),
        facilities: Utilities::NOT_DELIVERED,
        connections: Utilities::NOT_DELIVERED,
        intended_use: Fact::Unknown(unknown),
        built_year: Fact::Unknown(unknown),
        storeys: Fact::Unknown(unknown),
        dwellings: Fact::Unknown(unknown),
        stairwells: Vec::new(),
        stairwells_state: ListState::Open(unknown),
    }
}

#[cfg(test)]
mod tests;
