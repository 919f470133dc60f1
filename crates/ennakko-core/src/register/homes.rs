//! Dwellings, and the households that live in them.

use std::borrow::Cow;

use super::build::Builder;
use super::rows::{NO_ROW, Rows, packed};
use super::store::StoreBuilder;
use super::{BuildingRow, DwellingRow, Dwellings, Households, Life, NO_RECORD, People, ResidentRow};
use crate::column::{Column, ColumnBuilder};
use crate::day::day_of_number;
use crate::identity::building_id::PermanentBuildingId;
use crate::identity::dwelling_id::{self, Residence};
use crate::issue::{Problem, RecordKind};
use crate::key::DwellingKey;
use crate::protected::Protected;
use crate::record::{DwellingRecord, ListState, ResidentRecord};
use crate::value::{Fact, UnknownReason};

/// The dwelling of somebody whose record has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lived {
    key: DwellingKey,
    is_home: bool,
}

impl Builder<'_> {
    /// The dwelling of each record.
    pub(super) fn lived(&self, records: &[ResidentRecord]) -> Vec<Fact<Lived>> {
        // who lives together often stands together
        let mut last: Option<(&str, Lived)> = None;
        let of_id = |id: &str| {
            let id = dwelling_id::of_flat(id);
            Lived { key: self.identities.dwelling_key(&id), is_home: forms_household(&id) }
        };
        records
            .iter()
            .map(|record| match &record.dwelling {
                // an id that is none of a dwelling's says nothing of where the person lives
                Fact::Known(id) if !is_dwelling_id(id) => Fact::Unknown(UnknownReason::Disputed),
                Fact::Known(id) => Fact::Known(match last {
                    Some((same, lived)) if same == id => lived,
                    _ => {
                        let lived = of_id(id);
                        last = Some((id, lived));
                        lived
                    }
                }),
                Fact::None => Fact::None,
                Fact::Unknown(reason) => Fact::Unknown(*reason),
            })
            .collect()
    }

    /// Dwellings: every one with a record or a resident, in the order of keys. And each person's, by row.
    pub(super) fn dwellings(
        &mut self,
        records: Vec<DwellingRecord>,
        people: &mut People,
        person_rows: &Rows,
        lived_at: impl Fn(usize) -> Option<Fact<Lived>>,
        building_row: impl Fn(&PermanentBuildingId) -> Option<BuildingRow>,
        building_rows: &Rows,
    ) -> (Dwellings, Rows) {
        let old = self.old;
        let records = self.dwelling_records(records);
        let mut lived_in = old.dwellings.has_record.clone();
        let mut come: Vec<Lived> = records.iter().map(|(lived, _)| *lived).collect();
        for (was, has_come) in person_rows.iter() {
            match (has_come.and_then(&lived_at), was) {
                (Some(Fact::Known(lived)), _) => come.push(lived),
                (None, Some(was)) => {
                    if let Fact::Known(row) = old.people.dwelling.get(was) {
                        lived_in[row as usize] = true;
                    }
                }
                _ => {}
            }
        }
        come.sort_unstable();
        come.dedup();
        let come_keys: Vec<DwellingKey> = come.iter().map(|lived| lived.key).collect();
        let (keys, rows) = Rows::merge(&old.dwellings.keys, |row| lived_in[row], &come_keys);
        people.dwelling = self.dwelling_column(&keys, &rows, person_rows, lived_at);

        let mut dwellings = Dwellings { keys, ..Dwellings::empty() };
        let mut store = StoreBuilder::after(&old.dwellings.addresses);
        let mut address_at: ColumnBuilder<u32> = ColumnBuilder::default();
        let mut records = records.into_iter().peekable();
        for (row, (was, has_come)) in rows.iter().enumerate() {
            let key = dwellings.keys[row];
            let record = records.next_if(|(lived, _)| lived.key == key).map(|(_, record)| record);
            let is_home = has_come.map(|at| come[at].is_home).or_else(|| old.dwellings.is_home.get(was?).copied());
            dwellings.is_home.push(is_home.unwrap_or(false));
            let was_record = was.is_some_and(|was| old.dwellings.has_record[was]);
            dwellings.has_record.push(record.is_some() || was_record);
            let (building, members, address) = match (record, was) {
                (Some(record), _) => {
                    let address = record.address.map(|address| store.add(Protected::of_home(address, Some(key))));
                    (Building::of(record.building, &building_row), record.members, address)
                }
                (None, Some(was)) => {
                    let before = &old.dwellings;
                    let building = match before.building[was] {
                        Some(of) => building_rows
                            .now(of.position())
                            .and_then(BuildingRow::at)
                            .map_or_else(|| Building::Missing(old.buildings.ids[of.position()].clone()), Building::Row),
                        None => Building::of(before.missing_building(was).cloned(), &building_row),
                    };
                    (building, before.members[was], before.address_at.get(was).map(|at| store.carry(at)))
                }
                (None, None) => (Building::None, ListState::Whole, Fact::Unknown(UnknownReason::NotDelivered)),
            };
            dwellings.members.push(members);
            address_at.push(address);
            match building {
                Building::Row(of) => dwellings.building.push(Some(of)),
                Building::None => dwellings.building.push(None),
                Building::Missing(id) => {
                    dwellings.building.push(None);
                    dwellings.missing_buildings.push((packed(row), id));
                }
            }
        }
        dwellings.address_at = address_at.finish();
        dwellings.addresses = store.finish();
        dwellings.protected = protected(dwellings.keys.len(), people);
        (dwellings, rows)
    }

    /// Records in the order of keys, each dwelling once.
    fn dwelling_records(&mut self, records: Vec<DwellingRecord>) -> Vec<(Lived, DwellingRecord)> {
        let mut kept: Vec<(Lived, DwellingRecord, usize)> = Vec::with_capacity(records.len());
        for (position, mut record) in (1..).zip(records) {
            // one id for one flat, whichever of its building's addresses a record was written with
            if let Cow::Owned(of_flat) = dwelling_id::of_flat(&record.id) {
                record.id = of_flat;
            }
            if is_dwelling_id(&record.id) {
                let key = self.identities.dwelling_key(&record.id);
                kept.push((Lived { key, is_home: forms_household(&record.id) }, record, position));
            } else {
                self.found(RecordKind::Dwelling, position, Problem::BadDwellingId);
            }
        }
        kept.sort_unstable();
        let mut last = None;
        kept.retain(|(lived, _, position)| {
            let is_first = last != Some(lived.key);
            last = Some(lived.key);
            if is_first {
                self.used(*position);
            } else {
                self.found(RecordKind::Dwelling, *position, Problem::Duplicate);
            }
            is_first
        });
        kept.into_iter().map(|(lived, record, _)| (lived, record)).collect()
    }

    fn dwelling_column(
        &self,
        keys: &[DwellingKey],
        rows: &Rows,
        person_rows: &Rows,
        lived_at: impl Fn(usize) -> Option<Fact<Lived>>,
    ) -> Column<u32> {
        // looked up in the order of keys: much cheaper than one search each
        let mut wanted: Vec<(DwellingKey, u32)> = Vec::new();
        for (row, (_, has_come)) in (0..).zip(person_rows.iter()) {
            if let Some(Fact::Known(lived)) = has_come.and_then(&lived_at) {
                wanted.push((lived.key, row));
            }
        }
        wanted.sort_unstable();
        let mut found: Vec<u32> = vec![NO_ROW; if wanted.is_empty() { 0 } else { person_rows.len() }];
        let mut at = 0;
        for (key, person) in wanted {
            while keys.get(at).is_some_and(|other| *other < key) {
                at += 1;
            }
            found[person as usize] = packed(at);
        }
        let mut column: ColumnBuilder<u32> = ColumnBuilder::default();
        for (row, (was, has_come)) in person_rows.iter().enumerate() {
            column.push(match (has_come.and_then(&lived_at), was) {
                (Some(fact), _) => fact.map(|_| found[row]),
                (None, Some(was)) => match self.old.people.dwelling.get(was) {
                    Fact::Known(before) => rows
                        .now(before as usize)
                        .map_or(Fact::Unknown(UnknownReason::Disputed), |row| Fact::Known(packed(row))),
                    other => other,
                },
                (None, None) => Fact::Unknown(NO_RECORD),
            });
        }
        column.finish()
    }

    /// Households: the living whose permanent dwelling is the same. Institutions, abroad and unknown form none.
    pub(super) fn households(&self, people: &People, dwellings: &Dwellings, dwelling_rows: &Rows) -> Households {
        let lives_in = |row: usize| match people.dwelling.get(row) {
            Fact::Known(home) if dwellings.is_home[home as usize] && people.life[row] != Life::Dead => {
                Some(home as usize)
            }
            _ => None,
        };
        let mut starts = vec![0_u32; dwellings.keys.len() + 1];
        let homes: Vec<Option<usize>> = (0..people.keys.len()).map(lives_in).collect();
        for home in homes.iter().flatten() {
            starts[home + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let n_members = starts.last().map_or(0, |n| *n as usize);
        let mut members: Vec<Option<ResidentRow>> = vec![None; n_members];
        for (row, home) in homes.iter().enumerate() {
            if let Some(home) = home {
                members[next[*home] as usize] = ResidentRow::at(row);
                next[*home] += 1;
            }
        }
        let mut households = Households::empty();
        let old = &self.old.households;
        let mut before = 0;
        for (row, (was, _)) in dwelling_rows.iter().enumerate() {
            let range = starts[row] as usize..starts[row + 1] as usize;
            let Some(dwelling) = DwellingRow::at(row).filter(|_| !range.is_empty()) else { continue };
            // the day on which the longest-staying member moved in: a birth does not make a new household
            let moved_in = |member: &Option<ResidentRow>| people.moved_in_first.get((*member)?.position()).known();
            let formed = members[range.clone()].iter().filter_map(moved_in).min().map(day_of_number);
            while was.is_some_and(|was| old.dwelling.get(before).is_some_and(|row| row.position() < was)) {
                before += 1;
            }
            let same = was.is_some()
                && old.dwelling.get(before).map(|row| row.position()) == was
                && old.formed.get(before) == Some(&formed);
            households.keys.push(if same {
                old.keys[before]
            } else {
                self.identities.household_key(dwellings.keys[row], formed)
            });
            households.formed.push(formed);
            households.dwelling.push(dwelling);
            households.state.push(dwellings.members[row]);
            households.members.extend(members[range].iter().flatten());
            households.offsets.push(packed(households.members.len()));
        }
        households
    }
}

/// Whose building a dwelling is in.
enum Building {
    None,
    Row(BuildingRow),
    /// No record describes it, so far.
    Missing(PermanentBuildingId),
}

impl Building {
    fn of(id: Option<PermanentBuildingId>, row: impl Fn(&PermanentBuildingId) -> Option<BuildingRow>) -> Self {
        match id {
            None => Self::None,
            Some(id) => row(&id).map_or_else(|| Self::Missing(id), Self::Row),
        }
    }
}

/// Dwellings in which somebody is protected, or not known to be unprotected.
fn protected(n_dwellings: usize, people: &People) -> Vec<bool> {
    let mut protected = vec![false; n_dwellings];
    for row in 0..people.keys.len() {
        if people.has_record[row]
            && let Fact::Known(home) = people.dwelling.get(row)
        {
            protected[home as usize] |= !matches!(people.protection.get(row), Fact::Known(0) | Fact::None);
        }
    }
    protected
}

/// Whether a text is an id of a dwelling or of another residence.
fn is_dwelling_id(id: &str) -> bool {
    dwelling_id::residence(id).is_some()
}

fn forms_household(id: &str) -> bool {
    dwelling_id::residence(id) == Some(Residence::Dwelling)
}
