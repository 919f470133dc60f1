//! Buildings: records put in order, owners tied to rows, columns.

use std::ops::Range;

use super::build::{Builder, never_none};
use super::people::PersonRows;
use super::rows::{NO_ROW, Rows, Run, packed};
use super::store::StoreBuilder;
use super::texts::{PostalAddress, Texts};
use super::{BuildingRow, Buildings, OwnerRef, ResidentRow};
use crate::column::{ColumnBuilder, TextBuilder};
use crate::fact_table::FACT_INT_MAX;
use crate::identity::building_id::PermanentBuildingId;
use crate::issue::{Problem, RecordKind};
use crate::key::{BuildingKey, KeySecret, ResidentKey};
use crate::record::{Address, BuildingRecord, Names, Owner, Stairwell, Utilities, Who};
use crate::sorted::mapped;
use crate::value::{Fact, UnknownReason};

/// Buildings that have come, with the keys of their owners who are persons.
pub(super) struct Keyed {
    // INVARIANT (sorted by key, each once): each with its record's place among those delivered
    order: Vec<(BuildingKey, u32)>,
    records: Vec<Option<BuildingRecord>>,
    /// Where each record's persons begin.
    starts: Vec<u32>,
    /// None: nobody can tell who is meant, or the record is set aside.
    persons: Vec<Option<ResidentKey>>,
}

impl Keyed {
    pub(super) fn keys(&self) -> Vec<BuildingKey> {
        self.order.iter().map(|(key, _)| *key).collect()
    }

    /// Everybody to whom owners refer.
    pub(super) fn referred(&self) -> impl Iterator<Item = (ResidentKey, Option<Box<Names>>)> + '_ {
        self.persons.iter().flatten().map(|key| (*key, None))
    }

    /// The building at a place in the order of keys, with its persons; each is taken once.
    fn take(&mut self, place: usize) -> Option<(BuildingRecord, &[Option<ResidentKey>])> {
        let (_, at) = *self.order.get(place)?;
        let record = self.records.get_mut(at as usize)?.take()?;
        let start = *self.starts.get(at as usize)? as usize;
        Some((record, self.persons.get(start..)?))
    }
}

/// The order of keys, with each record's place among those delivered.
pub(super) fn in_order(secret: &KeySecret, records: &[BuildingRecord]) -> Vec<(BuildingKey, u32)> {
    let keys = mapped(records, |record| secret.building_key(record.id.as_str()));
    let mut order: Vec<(BuildingKey, u32)> = keys.into_iter().zip(0..).collect();
    order.sort_unstable();
    order
}

/// Its owners who are persons.
fn persons_of(record: &BuildingRecord) -> impl Iterator<Item = &Who> + Clone {
    record.owners.iter().filter_map(|owner| match owner {
        Owner::Person(who) => Some(who),
        Owner::Organisation { .. } | Owner::Estate => None,
    })
}

impl Builder<'_> {
    /// Records by key, each building once.
    pub(super) fn keyed_buildings(
        &mut self,
        mut records: Vec<BuildingRecord>,
        mut order: Vec<(BuildingKey, u32)>,
    ) -> Keyed {
        let mut is_kept = vec![true; records.len()];
        for same in order.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
            // of two records the first in a fixed order, whichever came first
            let record = |at: u32| (&records[at as usize], at);
            let first = same.iter().map(|(_, at)| *at).min_by(|a, b| record(*a).cmp(&record(*b)));
            for at in same.iter().map(|(_, at)| *at).filter(|at| Some(*at) != first) {
                is_kept[at as usize] = false;
                self.found(RecordKind::Building, at as usize + 1, Problem::Duplicate);
            }
        }
        order.retain(|(_, at)| is_kept[*at as usize]);
        // owners whom the table knows are looked up together
        let mut persons = self.keys_of(records.iter().flat_map(persons_of));
        let mut starts = Vec::with_capacity(records.len());
        let mut next = 0;
        for (at, (record, is_kept)) in records.iter_mut().zip(is_kept).enumerate() {
            starts.push(packed(next));
            if is_kept {
                self.used(at + 1);
                self.bound_numbers(record, at + 1);
            }
            for who in persons_of(record) {
                if !is_kept {
                    persons[next] = None;
                } else if persons[next].is_none() {
                    persons[next] = self.key_for(who, None);
                }
                next += 1;
            }
        }
        Keyed { order, records: records.into_iter().map(Some).collect(), starts, persons }
    }

    /// Takes from a building what its facts cannot be: numbers and answers that are none, numbers that no fact may be.
    fn bound_numbers(&mut self, record: &mut BuildingRecord, position: usize) {
        for utilities in [&mut record.facilities, &mut record.connections] {
            let Utilities { sewer, water, electricity, gas, cable } = utilities;
            for answer in [sewer, water, electricity, gas, cable] {
                *answer = never_none(*answer);
            }
        }
        for stairwell in &mut record.stairwells {
            stairwell.lift = never_none(stairwell.lift);
        }
        let mut beyond = false;
        for number in [&mut record.area_m2, &mut record.built_year, &mut record.storeys, &mut record.dwellings] {
            *number = never_none(*number);
            if number.known().is_some_and(|number| !(-FACT_INT_MAX..=FACT_INT_MAX).contains(&number)) {
                *number = Fact::Unknown(UnknownReason::Disputed);
                beyond = true;
            }
        }
        if beyond {
            self.found(RecordKind::Building, position, Problem::NumberTooLarge);
        }
    }

    /// Old buildings that stay: none of those that are said to be gone.
    pub(super) fn staying_buildings(&self, gone: &[PermanentBuildingId]) -> Vec<bool> {
        let mut stays = vec![true; self.old.buildings.keys.len()];
        for id in gone {
            if let Ok(row) = self.old.buildings.keys.binary_search(&self.identities.building_key(id.as_str())) {
                stays[row] = false;
            }
        }
        stays
    }

    /// All buildings at their rows.
    pub(super) fn buildings(
        &self,
        keys: Vec<BuildingKey>,
        rows: &Rows,
        mut come: Keyed,
        people: &PersonRows<'_>,
        person_rows: &Rows,
    ) -> Buildings {
        let mut filling = Filling::after(&self.old.buildings, keys, rows.len());
        for run in rows.runs() {
            let places = match run {
                Run::Kept(range) => {
                    filling.carry(range, person_rows);
                    continue;
                }
                Run::New(places) => places.clone(),
                Run::Again { at, .. } => *at..*at + 1,
            };
            for place in places {
                if let Some((record, persons)) = come.take(place) {
                    filling.push(record, persons, people);
                }
            }
        }
        filling.finish(rows)
    }
}

/// Buildings while they are filled.
struct Filling<'o> {
    old: &'o Buildings,
    buildings: Buildings,
    columns: Columns,
    addresses: StoreBuilder<'o, Texts<Address>>,
    owners: StoreBuilder<'o, Vec<Owner>>,
    stairwells: StoreBuilder<'o, Vec<Vec<Stairwell>>>,
}

impl<'o> Filling<'o> {
    fn after(old: &'o Buildings, keys: Vec<BuildingKey>, n_rows: usize) -> Self {
        let mut buildings = Buildings { keys, ..Buildings::empty() };
        buildings.ids.reserve(n_rows);
        buildings.location.reserve(n_rows);
        buildings.facilities.reserve(n_rows);
        buildings.connections.reserve(n_rows);
        Self {
            old,
            buildings,
            columns: Columns::after(old),
            addresses: StoreBuilder::after(&old.addresses),
            owners: StoreBuilder::after(&old.other_owners),
            stairwells: StoreBuilder::after(&old.stairwell_lists),
        }
    }

    fn push(&mut self, record: BuildingRecord, persons: &[Option<ResidentKey>], people: &PersonRows<'_>) {
        let Self { buildings, columns, addresses, owners, stairwells, .. } = self;
        columns.record(&record);
        columns.address_at.push(record.address.map(|address| addresses.add(PostalAddress::from(&address))));
        buildings.ids.push(record.id);
        buildings.location.push(record.location);
        buildings.owners_state.push(record.owners_state);
        buildings.facilities.push(record.facilities);
        buildings.connections.push(record.connections);
        buildings.stairwells_state.push(record.stairwells_state);
        let list = (!record.stairwells.is_empty()).then(|| stairwells.add(&record.stairwells));
        buildings.stairwells_at.push(list.unwrap_or(NO_ROW));
        let mut persons = persons.iter();
        for owner in record.owners {
            let key = matches!(owner, Owner::Person(_)).then(|| persons.next().copied().flatten()).flatten();
            let row = key.and_then(|key| ResidentRow::at(people.row(key)?));
            let place = row.map_or_else(|| OwnerRef::Other(owners.add(&owner)), OwnerRef::Person);
            buildings.owners.push(place);
        }
        buildings.owner_offsets.push(packed(buildings.owners.len()));
    }

    fn carry(&mut self, rows: &Range<usize>, person_rows: &Rows) {
        let Self { old, buildings, columns, addresses, owners, stairwells } = self;
        columns.carry(old, rows);
        buildings.ids.extend_from_slice(&old.ids[rows.clone()]);
        buildings.location.extend_from_slice(&old.location[rows.clone()]);
        buildings.owners_state.extend_from_slice(&old.owners_state[rows.clone()]);
        buildings.facilities.extend_from_slice(&old.facilities[rows.clone()]);
        buildings.connections.extend_from_slice(&old.connections[rows.clone()]);
        buildings.stairwells_state.extend_from_slice(&old.stairwells_state[rows.clone()]);
        buildings.stairwells_at.extend(old.stairwells_at[rows.clone()].iter().map(|at| stairwells.carry(*at)));
        if addresses.shares() {
            columns.address_at.carry(&old.address_at, rows.clone());
        }
        for was in rows.clone() {
            if !addresses.shares() {
                columns.address_at.push(old.address_at.get(was).map(|at| addresses.carry(at)));
            }
            for owner in old.owners_of(was) {
                buildings.owners.push(match owner {
                    OwnerRef::Person(row) => {
                        // an owner's row stays for as long as the building does
                        let now = person_rows.now(row.position()).and_then(ResidentRow::at);
                        now.map_or(OwnerRef::Other(NO_ROW), OwnerRef::Person)
                    }
                    OwnerRef::Other(at) => OwnerRef::Other(owners.carry(*at)),
                });
            }
            buildings.owner_offsets.push(packed(buildings.owners.len()));
        }
    }

    fn finish(self, rows: &Rows) -> Buildings {
        let Self { old, mut buildings, columns, addresses, owners, stairwells } = self;
        buildings.address_at = columns.address_at.finish();
        buildings.area_m2 = columns.area_m2.finish();
        buildings.intended_use = columns.intended_use.finish();
        buildings.built_year = columns.built_year.finish();
        buildings.storeys = columns.storeys.finish();
        buildings.dwellings = columns.dwellings.finish();
        buildings.addresses = addresses.finish();
        buildings.other_owners = owners.finish();
        buildings.stairwell_lists = stairwells.finish();
        buildings.by_id = if rows.are_as_before() {
            old.by_id.clone()
        } else {
            let mut by_id: Vec<_> = buildings.ids.iter().cloned().zip((0..).filter_map(BuildingRow::at)).collect();
            by_id.shrink_to_fit();
            by_id.sort_unstable();
            by_id
        };
        buildings
    }
}

struct Columns {
    address_at: ColumnBuilder<u32>,
    area_m2: ColumnBuilder<i64>,
    intended_use: TextBuilder,
    built_year: ColumnBuilder<i64>,
    storeys: ColumnBuilder<i64>,
    dwellings: ColumnBuilder<i64>,
}

impl Columns {
    fn after(old: &Buildings) -> Self {
        Self {
            address_at: ColumnBuilder::default(),
            area_m2: ColumnBuilder::default(),
            intended_use: TextBuilder::after(&old.intended_use),
            built_year: ColumnBuilder::default(),
            storeys: ColumnBuilder::default(),
            dwellings: ColumnBuilder::default(),
        }
    }

    fn record(&mut self, record: &BuildingRecord) {
        self.area_m2.push(record.area_m2);
        self.intended_use.push(record.intended_use.as_ref().map(String::as_str));
        self.built_year.push(record.built_year);
        self.storeys.push(record.storeys);
        self.dwellings.push(record.dwellings);
    }

    /// All but the address, which may stand at another place now.
    fn carry(&mut self, old: &Buildings, rows: &Range<usize>) {
        self.area_m2.carry(&old.area_m2, rows.clone());
        self.intended_use.carry(&old.intended_use, rows.clone());
        self.built_year.carry(&old.built_year, rows.clone());
        self.storeys.carry(&old.storeys, rows.clone());
        self.dwellings.carry(&old.dwellings, rows.clone());
    }
}
