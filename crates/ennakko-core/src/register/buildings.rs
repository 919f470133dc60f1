//! Buildings: records put in order, owners tied to rows, columns.

use super::build::{Builder, never_none};
use super::rows::{NO_ROW, Rows};
use super::store::StoreBuilder;
use super::{BuildingRow, Buildings, OwnerRef, ResidentRow};
use crate::column::{ColumnBuilder, TextBuilder};
use crate::fact_table::FACT_INT_MAX;
use crate::identity::building_id::PermanentBuildingId;
use crate::issue::{Problem, RecordKind};
use crate::key::{BuildingKey, ResidentKey};
use crate::record::{BuildingRecord, Names, Owner, Utilities};
use crate::value::{Fact, UnknownReason};

/// A building that has come, with the keys of its owners who are persons; none: nobody can tell who is meant.
pub(super) struct KeyedBuilding {
    pub(super) key: BuildingKey,
    record: BuildingRecord,
    persons: Vec<Option<ResidentKey>>,
}

impl Builder<'_> {
    /// Records in the order of keys, each building once.
    pub(super) fn keyed_buildings(&mut self, records: Vec<BuildingRecord>) -> Vec<KeyedBuilding> {
        let mut order: Vec<(BuildingKey, BuildingRecord, usize)> = records
            .into_iter()
            .zip(1..)
            .map(|(record, position)| (self.identities.building_key(record.id.as_str()), record, position))
            .collect();
        order.sort_unstable();
        let mut kept: Vec<KeyedBuilding> = Vec::with_capacity(order.len());
        for (key, record, position) in order {
            if kept.last().is_some_and(|last| last.key == key) {
                self.found(RecordKind::Building, position, Problem::Duplicate);
                continue;
            }
            self.used(position);
            let record = self.as_facts(record, position);
            let persons = record.owners.iter().map(|owner| match owner {
                Owner::Person(who) => self.key_for(who, None),
                Owner::Organisation { .. } | Owner::Estate => None,
            });
            let persons = persons.collect();
            kept.push(KeyedBuilding { key, record, persons });
        }
        kept
    }

    /// A building without what its facts cannot be: numbers and answers that are none, numbers that no fact may be.
    fn as_facts(&mut self, mut record: BuildingRecord, position: usize) -> BuildingRecord {
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
        record
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
        come: Vec<KeyedBuilding>,
        people: &[ResidentKey],
        person_rows: &Rows,
    ) -> Buildings {
        let old = &self.old.buildings;
        let mut columns = Columns::default();
        let mut addresses = StoreBuilder::after(&old.addresses);
        let mut owners = StoreBuilder::after(&old.other_owners);
        let mut stairwells = StoreBuilder::after(&old.stairwell_lists);
        let mut buildings = Buildings { keys, ..Buildings::empty() };
        let mut come = come.into_iter();
        for (was, has_come) in rows.iter() {
            let taken = has_come.and_then(|_| come.next());
            match (taken, was) {
                (Some(KeyedBuilding { record, persons, .. }), _) => {
                    columns.record(&record);
                    columns.address_at.push(record.address.map(|address| addresses.add(address)));
                    buildings.ids.push(record.id);
                    buildings.location.push(record.location);
                    buildings.owners_state.push(record.owners_state);
                    buildings.facilities.push(record.facilities);
                    buildings.connections.push(record.connections);
                    buildings.stairwells_state.push(record.stairwells_state);
                    let list = (!record.stairwells.is_empty()).then(|| stairwells.add(record.stairwells));
                    buildings.stairwells_at.push(list.unwrap_or(NO_ROW));
                    for (owner, key) in record.owners.into_iter().zip(persons) {
                        let row = key.and_then(|key| ResidentRow::at(super::people::row_of(people, key)?));
                        let place = row.map_or_else(|| OwnerRef::Other(owners.add(owner)), OwnerRef::Person);
                        buildings.owners.push(place);
                    }
                }
                (None, Some(was)) => {
                    columns.carry(old, was);
                    columns.address_at.push(old.address_at.get(was).map(|at| addresses.carry(at)));
                    buildings.ids.push(old.ids[was].clone());
                    buildings.location.push(old.location[was]);
                    buildings.owners_state.push(old.owners_state[was]);
                    buildings.facilities.push(old.facilities[was]);
                    buildings.connections.push(old.connections[was]);
                    buildings.stairwells_state.push(old.stairwells_state[was]);
                    let list = Some(old.stairwells_at[was]).filter(|at| *at != NO_ROW);
                    buildings.stairwells_at.push(list.map_or(NO_ROW, |at| stairwells.carry(at)));
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
                }
                // a row comes from somewhere
                (None, None) => {}
            }
            buildings.owner_offsets.push(super::rows::packed(buildings.owners.len()));
        }
        buildings.address_at = columns.address_at.finish();
        buildings.area_m2 = columns.area_m2.finish();
        buildings.intended_use = columns.intended_use.finish();
        buildings.built_year = columns.built_year.finish();
        buildings.storeys = columns.storeys.finish();
        buildings.dwellings = columns.dwellings.finish();
        buildings.addresses = addresses.finish();
        buildings.other_owners = owners.finish();
        buildings.stairwell_lists = stairwells.finish();
        let mut by_id: Vec<(PermanentBuildingId, BuildingRow)> =
            buildings.ids.iter().cloned().zip((0..).filter_map(BuildingRow::at)).collect();
        by_id.sort_unstable();
        buildings.by_id = by_id;
        buildings
    }
}

/// Everybody to whom owners refer.
pub(super) fn referred(come: &[KeyedBuilding]) -> impl Iterator<Item = (ResidentKey, Option<Names>)> + '_ {
    come.iter().flat_map(|building| building.persons.iter().flatten()).map(|key| (*key, None))
}

#[derive(Default)]
struct Columns {
    address_at: ColumnBuilder<u32>,
    area_m2: ColumnBuilder<i64>,
    intended_use: TextBuilder,
    built_year: ColumnBuilder<i64>,
    storeys: ColumnBuilder<i64>,
    dwellings: ColumnBuilder<i64>,
}

impl Columns {
    fn record(&mut self, record: &BuildingRecord) {
        self.area_m2.push(record.area_m2);
        self.intended_use.push(record.intended_use.as_ref().map(String::as_str));
        self.built_year.push(record.built_year);
        self.storeys.push(record.storeys);
        self.dwellings.push(record.dwellings);
    }

    fn carry(&mut self, old: &Buildings, row: usize) {
        self.area_m2.push(old.area_m2.get(row));
        self.intended_use.carry(&old.intended_use, row);
        self.built_year.push(old.built_year.get(row));
        self.storeys.push(old.storeys.get(row));
        self.dwellings.push(old.dwellings.get(row));
    }
}
