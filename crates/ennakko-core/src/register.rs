//! The register: one valid, read-only snapshot on one day, in columns.
//!
//! Built from records by [`Register::build`], which never stops at the first bad one. Rows are in the order of keys, so
//! that the order of the records changes nothing. Names and addresses stand apart from what rules read.

mod bounds;
mod build;
mod history;
mod view;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::column::{Column, TextColumn};
use crate::fact_table::{FactDeclaration, SubjectKind};
use crate::identity::building_id::PermanentBuildingId;
use crate::key::{BuildingKey, DwellingKey, HouseholdKey, ResidentKey, SubjectKey};
use crate::protected::Protected;
use crate::record::{Address, ListState, Location, Names, Owner, Stairwell, Utilities};
use crate::value::{Fact, UnknownReason};

use history::Histories;

pub use build::Built;
pub use view::{
    ADULT_AGE_YEARS, Building, Custodian, Custodians, Household, Life, OwnerParty, Protection, Resident, Subject,
};

macro_rules! row {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(NonZeroU32);

        impl $name {
            /// The row at a position, from 0; `None` beyond what a register can hold.
            pub fn at(position: usize) -> Option<Self> {
                u32::try_from(position).ok().and_then(|at| at.checked_add(1)).and_then(NonZeroU32::new).map(Self)
            }

            /// The position, from 0.
            pub fn position(self) -> usize {
                self.0.get() as usize - 1
            }
        }
    };
}

row! {
    /// A row of persons (residents, and persons only referred to). Valid within one register only.
    ResidentRow
}
row! {
    /// A row of dwellings.
    DwellingRow
}
row! {
    /// A row of households.
    HouseholdRow
}
row! {
    /// A row of buildings.
    BuildingRow
}

/// A subject's row, of whichever kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectRow {
    /// A person.
    Resident(ResidentRow),
    /// A household.
    Household(HouseholdRow),
    /// A building.
    Building(BuildingRow),
}

impl SubjectRow {
    /// The position among subjects of its kind, from 0.
    pub fn position(self) -> usize {
        match self {
            Self::Resident(row) => row.position(),
            Self::Household(row) => row.position(),
            Self::Building(row) => row.position(),
        }
    }
}

/// The register. `Debug` shows sizes only.
pub struct Register {
    day: NaiveDate,
    people: People,
    histories: Histories,
    custody: Custody,
    dwellings: Dwellings,
    households: Households,
    buildings: Buildings,
    facts: Vec<FactColumn>,
}

/// Persons, in the order of their keys.
struct People {
    keys: Vec<ResidentKey>,
    has_record: Vec<bool>,
    born_first: Column<i32>,
    born_last: Column<i32>,
    life: Vec<Life>,
    sex: Column<u8>,
    municipality: TextColumn,
    language: TextColumn,
    protection: Column<u8>,
    dwelling: Column<u32>,
    /// The last possible day of having moved in, where one is known.
    moved_in: Column<i32>,
    custodians: Vec<ListState>,
    names: Vec<Option<Names>>,
}

/// Custody pairs, grouped by child through offsets.
struct Custody {
    // INVARIANT (offsets): one more than persons, ascending, the last is the number of pairs
    offsets: Vec<usize>,
    pairs: Vec<Pair>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    custodian: ResidentRow,
    from: Fact<NaiveDate>,
    until: Fact<NaiveDate>,
    may_decide: Fact<bool>,
}

struct Dwellings {
    keys: Vec<DwellingKey>,
    /// Whether it is a dwelling, and not an institution, a municipality or a country.
    is_home: Vec<bool>,
    building: Vec<Option<BuildingRow>>,
    address: Vec<Fact<Protected<Address>>>,
    protected: Vec<bool>,
}

/// Households in the order of their dwellings' rows.
struct Households {
    keys: Vec<HouseholdKey>,
    dwelling: Vec<DwellingRow>,
    state: Vec<ListState>,
    // INVARIANT (a partition): every living person with a known dwelling is in exactly one household
    offsets: Vec<usize>,
    members: Vec<ResidentRow>,
}

struct Buildings {
    keys: Vec<BuildingKey>,
    ids: Vec<PermanentBuildingId>,
    location: Vec<Fact<Location>>,
    address: Vec<Fact<Address>>,
    owners: Vec<Vec<OwnerRef>>,
    owners_state: Vec<ListState>,
    area_m2: Column<i64>,
    facilities: Vec<Utilities>,
    connections: Vec<Utilities>,
    intended_use: TextColumn,
    built_year: Column<i64>,
    storeys: Column<i64>,
    dwellings: Column<i64>,
    stairwells: Vec<Vec<Stairwell>>,
    stairwells_state: Vec<ListState>,
}

/// An owner, with persons resolved to rows.
enum OwnerRef {
    Person(ResidentRow),
    Other(Owner),
}

/// One declared fact as a column over its subjects.
struct FactColumn {
    declaration: Arc<FactDeclaration>,
    cells: Cells,
}

enum Cells {
    Bool(Column<u8>),
    Int(Column<i64>),
    Day { first: Column<i32>, last: Column<i32> },
    Text(TextColumn),
    Place(TextColumn),
}

/// A declared fact of this register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(usize);

impl Register {
    /// The day this snapshot is of.
    pub fn day(&self) -> NaiveDate {
        self.day
    }

    /// Persons who have a record of their own, in the order of their keys. Only they can be subjects.
    pub fn residents(&self) -> impl Iterator<Item = Resident<'_>> {
        (0..self.people.keys.len())
            .filter(|at| self.people.has_record[*at])
            .filter_map(ResidentRow::at)
            .map(|row| self.resident(row))
    }

    /// The person in a row of this register.
    pub fn resident(&self, row: ResidentRow) -> Resident<'_> {
        Resident::new(self, row)
    }

    /// The person with this key.
    pub fn resident_of(&self, key: ResidentKey) -> Option<Resident<'_>> {
        let at = self.people.keys.binary_search(&key).ok()?;
        ResidentRow::at(at).map(|row| self.resident(row))
    }

    /// Households, in the order of their dwellings.
    pub fn households(&self) -> impl Iterator<Item = Household<'_>> {
        (0..self.households.keys.len()).filter_map(HouseholdRow::at).map(|row| Household::new(self, row))
    }

    /// The household in a row of this register.
    pub fn household(&self, row: HouseholdRow) -> Household<'_> {
        Household::new(self, row)
    }

    /// Buildings, in the order of their keys.
    pub fn buildings(&self) -> impl Iterator<Item = Building<'_>> {
        (0..self.buildings.keys.len()).filter_map(BuildingRow::at).map(|row| Building::new(self, row))
    }

    /// The building in a row of this register.
    pub fn building(&self, row: BuildingRow) -> Building<'_> {
        Building::new(self, row)
    }

    /// Every subject of a kind, in the order of their keys (households: of their dwellings).
    pub fn subjects(&self, kind: SubjectKind) -> Vec<SubjectRow> {
        match kind {
            SubjectKind::Resident => self.residents().map(|resident| SubjectRow::Resident(resident.row())).collect(),
            SubjectKind::Household => {
                self.households().map(|household| SubjectRow::Household(household.row())).collect()
            }
            SubjectKind::Building => self.buildings().map(|building| SubjectRow::Building(building.row())).collect(),
        }
    }

    /// The subject in a row.
    pub fn subject(&self, row: SubjectRow) -> Subject<'_> {
        match row {
            SubjectRow::Resident(row) => Subject::Resident(self.resident(row)),
            SubjectRow::Household(row) => Subject::Household(self.household(row)),
            SubjectRow::Building(row) => Subject::Building(self.building(row)),
        }
    }

    /// The row of a subject by its key. Persons and buildings are searched by key, households one by one.
    pub fn row_of(&self, key: SubjectKey) -> Option<SubjectRow> {
        match key {
            SubjectKey::Resident(key) => self.resident_of(key).map(|resident| SubjectRow::Resident(resident.row())),
            SubjectKey::Household(key) => {
                let at = self.households.keys.iter().position(|other| *other == key)?;
                HouseholdRow::at(at).map(SubjectRow::Household)
            }
            SubjectKey::Building(key) => {
                let at = self.buildings.keys.binary_search(&key).ok()?;
                BuildingRow::at(at).map(SubjectRow::Building)
            }
        }
    }

    /// A declared fact by whose it is and its name.
    pub fn fact_named(&self, subject: SubjectKind, name: &str) -> Option<FactId> {
        self.facts
            .iter()
            .position(|column| column.declaration.subject == subject && column.declaration.name == name)
            .map(FactId)
    }

    /// The declaration of a fact.
    pub fn declaration(&self, fact: FactId) -> Option<&FactDeclaration> {
        self.facts.get(fact.0).map(|column| &*column.declaration)
    }

    /// Dwellings in which at least one resident is protected, or not known to be unprotected.
    pub fn protected_dwellings(&self) -> usize {
        self.dwellings.protected.iter().filter(|protected| **protected).count()
    }
}

impl std::fmt::Debug for Register {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Register")
            .field("day", &self.day)
            .field("persons", &self.people.keys.len())
            .field("households", &self.households.keys.len())
            .field("buildings", &self.buildings.keys.len())
            .field("facts", &self.facts.len())
            .finish_non_exhaustive()
    }
}

/// Positions of subjects by key, while facts are tied to them.
struct Places {
    residents: BTreeMap<ResidentKey, usize>,
    buildings: BTreeMap<PermanentBuildingId, usize>,
}

const NO_RECORD: UnknownReason = UnknownReason::NoRecord;
