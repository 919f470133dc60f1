//! The register: one valid, read-only snapshot on one day, in columns.
//!
//! Built from records by [`Register::build`], which never stops at the first bad one. Rows are in the order of keys, so
//! that the order of the records changes nothing. Names and addresses stand apart from what rules read.

mod batch;
mod bounds;
mod build;
mod buildings;
mod custody;
mod deaths;
mod differ;
mod facts;
mod history;
mod homes;
mod lodgings;
mod memory;
mod people;
mod rows;
mod scan;
mod store;
mod texts;
mod touched;
mod view;

#[cfg(test)]
mod tests;

use std::num::NonZeroU32;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::column::{Column, TextColumn};
use crate::fact_table::{FactDeclaration, SubjectKind};
use crate::identity::building_id::PermanentBuildingId;
use crate::key::{BuildingKey, DwellingKey, HouseholdKey, ResidentKey, SubjectKey};
use crate::protected::Protected;
use crate::record::{
    Address, CustodyKind, CustodyRecord, CustodyRight, DeathRecord, FactRow, HistoryRecord, ListState, Location, Names,
    Owner, Stairwell, Utilities,
};
use crate::value::{Fact, UnknownReason};

use history::Histories;
use store::{Part, Store};
use texts::Texts;

pub use build::{Applied, Built};
pub use memory::Memory;
pub use scan::{CellsView, Columns};
pub use texts::{Name, PostalAddress};
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
    // INVARIANT (sorted): what other sources say of persons' deaths
    reports: Vec<Report>,
    histories: Histories,
    custody: Custody,
    dwellings: Dwellings,
    households: Households,
    buildings: Buildings,
    facts: Vec<FactColumn>,
    waiting: Waiting,
    /// Worked out of the rest once somebody asks.
    kept: scan::Kept,
}

/// Persons, in the order of their keys.
struct People {
    keys: Vec<ResidentKey>,
    has_record: Vec<bool>,
    /// Whether the person's own record says that they are dead.
    dead: Vec<bool>,
    /// How many codes the identity table knows of the person, up to 255.
    n_codes: Vec<u8>,
    born_first: Column<i32>,
    born_last: Column<i32>,
    life: Vec<Life>,
    sex: Column<u8>,
    municipality: TextColumn,
    language: TextColumn,
    protection: Column<u8>,
    in_care: Column<u8>,
    dwelling: Column<u32>,
    /// The first and the last possible day of having moved in, where they are known.
    moved_in_first: Column<i32>,
    moved_in_last: Column<i32>,
    custodians: Vec<ListState>,
    /// Places in `names`.
    name_at: Vec<u32>,
    names: Store<Texts<Names>>,
}

/// What a source besides the population register says of somebody's death.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Report {
    row: u32,
    source: Arc<str>,
    dead: bool,
}

/// Custody pairs, grouped by child through offsets.
struct Custody {
    // INVARIANT (offsets): one more than persons, ascending, the last is the number of pairs
    offsets: Vec<u32>,
    pairs: Vec<Pair>,
    /// Rights in matters of their own, by the position of their pair; few pairs have any.
    rights: Vec<(u32, Arc<[CustodyRight]>)>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    custodian: ResidentRow,
    kind: CustodyKind,
    from: Fact<NaiveDate>,
    until: Fact<NaiveDate>,
    may_decide: Fact<bool>,
}

/// Dwellings, in the order of their keys.
struct Dwellings {
    keys: Vec<DwellingKey>,
    /// Whether it is a dwelling, and not an institution, a municipality or a country.
    is_home: Vec<bool>,
    /// Whether it has a record of its own, and not only residents.
    has_record: Vec<bool>,
    building: Vec<Option<BuildingRow>>,
    /// Buildings of which no record has come, by the row of the dwelling.
    missing_buildings: Vec<(u32, PermanentBuildingId)>,
    members: Vec<ListState>,
    address_at: Column<u32>,
    addresses: Store<Texts<Address>>,
    protected: Vec<bool>,
}

impl Dwellings {
    fn empty() -> Self {
        Self {
            keys: Vec::new(),
            is_home: Vec::new(),
            has_record: Vec::new(),
            building: Vec::new(),
            missing_buildings: Vec::new(),
            members: Vec::new(),
            address_at: Column::of([]),
            addresses: Store::empty(),
            protected: Vec::new(),
        }
    }

    /// Lets go of room for rows that are not there.
    fn shrink(&mut self) {
        self.is_home.shrink_to_fit();
        self.has_record.shrink_to_fit();
        self.building.shrink_to_fit();
        self.missing_buildings.shrink_to_fit();
        self.members.shrink_to_fit();
    }

    fn missing_building(&self, row: usize) -> Option<&PermanentBuildingId> {
        let at = self.missing_buildings.binary_search_by_key(&row, |(at, _)| *at as usize).ok()?;
        self.missing_buildings.get(at).map(|(_, id)| id)
    }

    fn address(&self, row: usize) -> Fact<Protected<PostalAddress<'_>>> {
        let home = self.keys.get(row).copied();
        stored(&self.addresses, self.address_at.get(row)).map(|address| Protected::of_home(address, home))
    }
}

/// Households in the order of their dwellings' rows.
struct Households {
    keys: Vec<HouseholdKey>,
    dwelling: Vec<DwellingRow>,
    /// The day that its key is made of.
    formed: Vec<Option<NaiveDate>>,
    state: Vec<ListState>,
    // INVARIANT (a partition): every living person with a known dwelling is in exactly one household
    offsets: Vec<u32>,
    members: Vec<ResidentRow>,
}

impl Households {
    fn empty() -> Self {
        Self {
            keys: Vec::new(),
            dwelling: Vec::new(),
            formed: Vec::new(),
            state: Vec::new(),
            offsets: vec![0],
            members: Vec::new(),
        }
    }

    /// Lets go of room for rows that are not there.
    fn shrink(&mut self) {
        self.dwelling.shrink_to_fit();
        self.formed.shrink_to_fit();
        self.state.shrink_to_fit();
        self.offsets.shrink_to_fit();
        self.members.shrink_to_fit();
    }

    fn members_of(&self, row: usize) -> &[ResidentRow] {
        match (self.offsets.get(row), self.offsets.get(row + 1)) {
            (Some(from), Some(to)) => &self.members[*from as usize..*to as usize],
            _ => &[],
        }
    }

    /// The household in a dwelling.
    fn of_dwelling(&self, dwelling: usize) -> Option<usize> {
        self.dwelling.binary_search_by_key(&dwelling, |row| row.position()).ok()
    }
}

/// Buildings, in the order of their keys.
struct Buildings {
    keys: Vec<BuildingKey>,
    ids: Vec<PermanentBuildingId>,
    by_id: Vec<(PermanentBuildingId, BuildingRow)>,
    location: Vec<Fact<Location>>,
    address_at: Column<u32>,
    addresses: Store<Texts<Address>>,
    // INVARIANT (offsets): one more than buildings, ascending, the last is the number of owners
    owner_offsets: Vec<u32>,
    owners: Vec<OwnerRef>,
    other_owners: Store<Vec<Owner>>,
    owners_state: Vec<ListState>,
    area_m2: Column<i64>,
    facilities: Vec<Utilities>,
    connections: Vec<Utilities>,
    intended_use: TextColumn,
    built_year: Column<i64>,
    storeys: Column<i64>,
    dwellings: Column<i64>,
    /// Places in `stairwell_lists`; none for an empty list.
    stairwells_at: Vec<u32>,
    stairwell_lists: Store<Vec<Vec<Stairwell>>>,
    stairwells_state: Vec<ListState>,
}

impl Buildings {
    fn empty() -> Self {
        Self {
            keys: Vec::new(),
            ids: Vec::new(),
            by_id: Vec::new(),
            location: Vec::new(),
            address_at: Column::of([]),
            addresses: Store::empty(),
            owner_offsets: vec![0],
            owners: Vec::new(),
            other_owners: Store::empty(),
            owners_state: Vec::new(),
            area_m2: Column::of([]),
            facilities: Vec::new(),
            connections: Vec::new(),
            intended_use: TextColumn::of([]),
            built_year: Column::of([]),
            storeys: Column::of([]),
            dwellings: Column::of([]),
            stairwells_at: Vec::new(),
            stairwell_lists: Store::empty(),
            stairwells_state: Vec::new(),
        }
    }

    fn row_of(&self, id: &PermanentBuildingId) -> Option<BuildingRow> {
        let at = self.by_id.binary_search_by(|(other, _)| other.cmp(id)).ok()?;
        self.by_id.get(at).map(|(_, row)| *row)
    }

    fn owners_of(&self, row: usize) -> &[OwnerRef] {
        match (self.owner_offsets.get(row), self.owner_offsets.get(row + 1)) {
            (Some(from), Some(to)) => &self.owners[*from as usize..*to as usize],
            _ => &[],
        }
    }

    fn address(&self, row: usize) -> Fact<PostalAddress<'_>> {
        stored(&self.addresses, self.address_at.get(row))
    }

    fn stairwells(&self, row: usize) -> &[Stairwell] {
        self.stairwells_at.get(row).and_then(|at| self.stairwell_lists.get(*at)).map_or(&[], Vec::as_slice)
    }
}

/// What stands at a place in a store.
fn stored<P: Part>(store: &Store<P>, at: Fact<u32>) -> Fact<P::Item<'_>> {
    match at {
        Fact::Known(at) => store.get(at).map_or(Fact::Unknown(UnknownReason::NotDelivered), Fact::Known),
        Fact::None => Fact::None,
        Fact::Unknown(reason) => Fact::Unknown(reason),
    }
}

/// An owner: a person by row, or the place of another in the store.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OwnerRef {
    Person(ResidentRow),
    Other(u32),
}

/// One declared fact as a column over its subjects.
struct FactColumn {
    declaration: Arc<FactDeclaration>,
    delivered_on: NaiveDate,
    /// Whether the delivery is too old on the register's day, so that nothing of it is known.
    too_old: bool,
    cells: Cells,
    /// Rows about somebody or something of whom there is no record, so far.
    waiting: Vec<FactRow>,
}

enum Cells {
    Bool(Column<u8>),
    Int(Column<i64>),
    Day { first: Column<i32>, last: Column<i32> },
    Text(TextColumn),
    Place(TextColumn),
}

/// Records about somebody of whom there is no record, so far.
#[derive(Clone, Default)]
struct Waiting {
    histories: Vec<HistoryRecord>,
    /// With the number of the batch that brought them.
    deaths: Vec<(u32, DeathRecord)>,
    custody: Vec<CustodyRecord>,
    /// The number of the latest batch; a whole delivery is the first.
    batch: u32,
}

/// A declared fact of this register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(usize);

impl People {
    fn empty() -> Self {
        Self {
            keys: Vec::new(),
            has_record: Vec::new(),
            dead: Vec::new(),
            n_codes: Vec::new(),
            born_first: Column::of([]),
            born_last: Column::of([]),
            life: Vec::new(),
            sex: Column::of([]),
            municipality: TextColumn::of([]),
            language: TextColumn::of([]),
            protection: Column::of([]),
            in_care: Column::of([]),
            dwelling: Column::of([]),
            moved_in_first: Column::of([]),
            moved_in_last: Column::of([]),
            custodians: Vec::new(),
            name_at: Vec::new(),
            names: Store::empty(),
        }
    }
}

impl Register {
    /// A register in which nobody and nothing is.
    fn empty(day: NaiveDate) -> Self {
        Self {
            day,
            people: People::empty(),
            reports: Vec::new(),
            histories: Histories::empty(),
            custody: Custody::empty(),
            dwellings: Dwellings::empty(),
            households: Households::empty(),
            buildings: Buildings::empty(),
            facts: Vec::new(),
            waiting: Waiting::default(),
            kept: scan::Kept::default(),
        }
    }

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

const NO_RECORD: UnknownReason = UnknownReason::NoRecord;
