//! Dwellings, and the households that live in them.

use std::ops::Range;

use chrono::NaiveDate;

use super::build::Builder;
use super::lodgings::Lodgings;
use super::people::Come;
use super::rows::{NO_ROW, Rows, Run, packed};
use super::store::StoreBuilder;
use super::texts::{PostalAddress, Texts};
use super::{
    BuildingRow, Buildings, DwellingRow, Dwellings, Households, Life, NO_RECORD, People, Register, ResidentRow,
};
use crate::column::{Column, ColumnBuilder};
use crate::day::day_of_number;
use crate::identity::building_id::PermanentBuildingId;
use crate::identity::dwelling_id;
use crate::issue::{Problem, RecordKind};
use crate::key::{DwellingKey, HouseholdKey};
use crate::record::{Address, DwellingRecord, ListState};
use crate::sorted::mapped;
use crate::value::{Fact, UnknownReason};

/// Who has come, and where they live.
pub(super) struct Arrivals<'a> {
    pub(super) come: &'a [Come],
    pub(super) lodgings: &'a Lodgings,
}

impl Arrivals<'_> {
    /// The place among the residences of somebody who has come; none of somebody who is only referred to.
    fn lives_in(&self, at: usize) -> Option<Fact<u32>> {
        match self.come.get(at)? {
            Come::Record(at) => self.lodgings.of_residents.get(*at).copied(),
            Come::Referred(_) => None,
        }
    }
}

impl Builder<'_> {
    /// Dwellings: every one with a record or a resident, in the order of keys, but for whose residents are protected. And
    /// each person's, by row.
    pub(super) fn dwellings(
        &mut self,
        (records, gone): (Vec<DwellingRecord>, &[String]),
        arrivals: &Arrivals<'_>,
        person_rows: &Rows,
        buildings: &Buildings,
        building_rows: &Rows,
    ) -> (Dwellings, Rows, Column<u32>) {
        let old = &self.old.dwellings;
        let described = self.described(&records, arrivals.lodgings);
        let forgotten = self.forgotten_dwellings(gone);
        let (stays, is_used) = self.lived_in((&described, &forgotten), arrivals, person_rows);
        // what only records that are set aside name is left out
        let mut place_of = vec![NO_ROW; is_used.len()];
        let mut homes: Vec<(DwellingKey, bool)> = Vec::with_capacity(is_used.len());
        for (at, residence) in arrivals.lodgings.residences.iter().enumerate().filter(|(at, _)| is_used[*at]) {
            place_of[at] = packed(homes.len());
            homes.push(*residence);
        }
        let come_keys: Vec<DwellingKey> = homes.iter().map(|(key, _)| *key).collect();
        let (keys, rows) = Rows::merge(&old.keys, |row| stays[row], &come_keys);
        let row_of = |place: u32| rows.of_come(place_of[place as usize] as usize);
        let of_people = self.dwelling_column(&rows, person_rows, |at| Some(arrivals.lives_in(at)?.map(row_of)));

        let mut filling = Filling::after(self.old, (keys, &forgotten), buildings, building_rows);
        let told = filling.told(records, &described, arrivals.lodgings);
        let mut described = described.into_iter().map(|(place, at)| (place_of[place as usize], at)).peekable();
        for run in rows.runs() {
            let (places, was) = match run {
                Run::Kept(range) => {
                    filling.carry(range);
                    continue;
                }
                Run::New(places) => (places.clone(), None),
                Run::Again { was, at } => (*at..*at + 1, Some(*was)),
            };
            for place in places {
                let at = described.next_if(|(of, _)| *of as usize == place);
                let told = at.and_then(|(_, at)| told.get(at as usize));
                filling.push(homes[place].1, told, was);
            }
        }
        (filling.finish(), rows, of_people)
    }

    /// Which old dwellings stay, and which of the residences delivered are of anybody or anything that counts.
    fn lived_in(
        &self,
        (described, forgotten): (&[(u32, u32)], &[usize]),
        arrivals: &Arrivals<'_>,
        person_rows: &Rows,
    ) -> (Vec<bool>, Vec<bool>) {
        let mut stays = self.old.dwellings.has_record.clone();
        for row in forgotten {
            stays[*row] = false;
        }
        let mut is_used = vec![false; arrivals.lodgings.residences.len()];
        for (place, _) in described {
            is_used[*place as usize] = true;
        }
        let mut stays_in = |was: usize| {
            if let Fact::Known(row) = self.old.people.dwelling.get(was) {
                stays[row as usize] = true;
            }
        };
        let mut moves_in = |at: usize| {
            let lives_in = arrivals.lives_in(at);
            if let Some(Fact::Known(place)) = lives_in {
                is_used[place as usize] = true;
            }
            lives_in.is_some()
        };
        for run in person_rows.runs() {
            match run {
                Run::Kept(rows) => rows.clone().for_each(&mut stays_in),
                Run::New(places) => places.clone().for_each(|at| {
                    moves_in(at);
                }),
                Run::Again { was, at } => {
                    // whoever is only referred to again lives where they did
                    if !moves_in(*at) {
                        stays_in(*was);
                    }
                }
            }
        }
        (stays, is_used)
    }

    /// Old dwellings that are said to be gone, in order: no record describes them any more.
    fn forgotten_dwellings(&mut self, gone: &[String]) -> Vec<usize> {
        let key = |id: &String| self.identities.secret().dwelling_key(&dwelling_id::of_flat(id));
        let row = |id| self.old.dwellings.keys.binary_search(&key(id)).ok();
        let mut forgotten: Vec<usize> = gone.iter().filter_map(row).collect();
        forgotten.sort_unstable();
        self.tally.used += gone.len();
        forgotten
    }

    /// The records that count, each dwelling once: its place among the residences and the record's among those delivered.
    fn described(&mut self, records: &[DwellingRecord], lodgings: &Lodgings) -> Vec<(u32, u32)> {
        let mut order: Vec<(u32, u32)> = Vec::with_capacity(records.len());
        for (at, place) in (0..).zip(&lodgings.of_dwellings) {
            match place {
                Some(place) => order.push((*place, at)),
                None => self.found(RecordKind::Dwelling, at as usize + 1, Problem::BadDwellingId),
            }
        }
        order.sort_unstable();
        let mut described: Vec<(u32, u32)> = Vec::with_capacity(order.len());
        for same in order.chunk_by(|a, b| a.0 == b.0) {
            // one id for one flat, whichever of its building's addresses a record was written with
            let content = |at: u32| {
                let DwellingRecord { id: _, building, address, members } = &records[at as usize];
                (building, address, members, at)
            };
            let first = same.iter().min_by(|a, b| content(a.1).cmp(&content(b.1)));
            described.extend(first);
            for (_, at) in same {
                if first.is_some_and(|(_, first)| first == at) {
                    self.used(*at as usize + 1);
                } else {
                    self.found(RecordKind::Dwelling, *at as usize + 1, Problem::Duplicate);
                }
            }
        }
        described
    }

    fn dwelling_column(
        &self,
        rows: &Rows,
        person_rows: &Rows,
        lives_in: impl Fn(usize) -> Option<Fact<u32>>,
    ) -> Column<u32> {
        let old = &self.old.people.dwelling;
        let mut column: ColumnBuilder<u32> = ColumnBuilder::default();
        let carried = |was: usize| match old.get(was) {
            Fact::Known(before) => match rows.now_packed(before as usize) {
                NO_ROW => Fact::Unknown(UnknownReason::Disputed),
                now => Fact::Known(now),
            },
            other => other,
        };
        for run in person_rows.runs() {
            match run {
                Run::Kept(range) if rows.are_as_before() => column.carry(old, range.clone()),
                Run::Kept(range) => range.clone().for_each(|was| column.push(carried(was))),
                Run::New(places) => {
                    places.clone().for_each(|at| column.push(lives_in(at).unwrap_or(Fact::Unknown(NO_RECORD))));
                }
                Run::Again { was, at } => column.push(lives_in(*at).unwrap_or_else(|| carried(*was))),
            }
        }
        column.finish()
    }

    /// Dwellings of which anybody's record has come, of those who live there or did, or somebody's life is told otherwise.
    fn moved(&self, people: &People, person_rows: &Rows, dwelling_rows: &Rows) -> Vec<bool> {
        let old = &self.old.people;
        let mut moved = vec![false; dwelling_rows.len()];
        let mut mark = |home: Option<usize>| {
            if let Some(moved) = home.and_then(|home| moved.get_mut(home)) {
                *moved = true;
            }
        };
        let home = |row: usize| people.dwelling.get(row).known().map(|home| home as usize);
        let mut row = 0;
        for run in person_rows.runs() {
            match run {
                Run::Kept(rows) => {
                    for was in rows.clone() {
                        if old.life[was] != people.life[row] {
                            mark(home(row));
                        }
                        row += 1;
                    }
                }
                Run::New(places) => {
                    (row..row + places.len()).for_each(|row| mark(home(row)));
                    row += places.len();
                }
                Run::Again { was, .. } => {
                    mark(home(row));
                    mark(old.dwelling.get(*was).known().and_then(|home| dwelling_rows.now(home as usize)));
                    row += 1;
                }
            }
        }
        moved
    }

    /// Households: the living whose permanent dwelling is the same. Institutions, abroad and unknown form none.
    pub(super) fn households(
        &self,
        people: &People,
        person_rows: &Rows,
        dwellings: &Dwellings,
        dwelling_rows: &Rows,
    ) -> Households {
        let lives_in = |row: usize| match people.dwelling.get(row) {
            Fact::Known(home) if dwellings.is_home[home as usize] && people.life[row] != Life::Dead => home,
            _ => NO_ROW,
        };
        let homes: Vec<u32> = (0..people.life.len()).map(lives_in).collect();
        let mut starts = vec![0_u32; dwellings.keys.len() + 1];
        for home in homes.iter().filter(|home| **home != NO_ROW) {
            starts[*home as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let n_members = starts.last().map_or(0, |n| *n as usize);
        let mut members: Vec<Option<ResidentRow>> = vec![None; n_members];
        for (row, home) in homes.iter().enumerate().filter(|(_, home)| **home != NO_ROW) {
            let at = &mut next[*home as usize];
            members[*at as usize] = ResidentRow::at(row);
            *at += 1;
        }
        let moved = self.moved(people, person_rows, dwelling_rows);
        let mut households = Households::empty();
        let old = &self.old.households;
        let mut before = 0;
        // the old key, or what a new one is made of
        let mut keys: Vec<(Option<HouseholdKey>, DwellingKey, Option<NaiveDate>)> = Vec::new();
        for (row, (was, _)) in dwelling_rows.iter().enumerate() {
            let range = starts[row] as usize..starts[row + 1] as usize;
            let Some(dwelling) = DwellingRow::at(row).filter(|_| !range.is_empty()) else { continue };
            while was.is_some_and(|was| old.dwelling.get(before).is_some_and(|row| row.position() < was)) {
                before += 1;
            }
            let was_lived_in = was.is_some() && old.dwelling.get(before).map(|row| row.position()) == was;
            // the day on which the longest-staying member moved in: a birth does not make a new household
            let moved_in = |member: &Option<ResidentRow>| people.moved_in_first.get((*member)?.position()).known();
            let formed = match old.formed.get(before) {
                Some(formed) if was_lived_in && !moved[row] => *formed,
                _ => members[range.clone()].iter().filter_map(moved_in).min().map(day_of_number),
            };
            let same = was_lived_in && old.formed.get(before) == Some(&formed);
            keys.push((same.then(|| old.keys[before]), dwellings.keys[row], formed));
            households.formed.push(formed);
            households.dwelling.push(dwelling);
            households.state.push(dwellings.members[row]);
            households.members.extend(members[range].iter().flatten());
            households.offsets.push(packed(households.members.len()));
        }
        households.shrink();
        households.keys = mapped(&keys, |(old, dwelling, formed)| {
            old.unwrap_or_else(|| self.identities.household_key(*dwelling, *formed))
        });
        households
    }
}

/// Dwellings while they are filled.
struct Filling<'a> {
    old: &'a Register,
    dwellings: Dwellings,
    addresses: StoreBuilder<'a, Texts<Address>>,
    address_at: ColumnBuilder<u32>,
    buildings: &'a Buildings,
    building_rows: &'a Rows,
    /// Old rows that no record describes any more, in order.
    forgotten: &'a [usize],
}

impl<'a> Filling<'a> {
    fn after(
        old: &'a Register,
        (keys, forgotten): (Vec<DwellingKey>, &'a [usize]),
        buildings: &'a Buildings,
        building_rows: &'a Rows,
    ) -> Self {
        let dwellings = Dwellings { keys, ..Dwellings::empty() };
        let addresses = StoreBuilder::after(&old.dwellings.addresses);
        Self { old, dwellings, addresses, address_at: ColumnBuilder::default(), buildings, building_rows, forgotten }
    }

    /// Old dwellings, as they were, but for what was known of those that are gone.
    fn carry(&mut self, rows: &Range<usize>) {
        let mut next = rows.start;
        for gone in self.forgotten.iter().filter(|row| rows.contains(row)) {
            if *gone >= next {
                self.carry_all(&(next..*gone));
                self.push(self.old.dwellings.is_home[*gone], None, None);
                next = gone + 1;
            }
        }
        self.carry_all(&(next..rows.end));
    }

    fn carry_all(&mut self, rows: &Range<usize>) {
        let old = &self.old.dwellings;
        self.dwellings.is_home.extend_from_slice(&old.is_home[rows.clone()]);
        self.dwellings.has_record.extend_from_slice(&old.has_record[rows.clone()]);
        self.dwellings.members.extend_from_slice(&old.members[rows.clone()]);
        if self.addresses.shares() {
            self.address_at.carry(&old.address_at, rows.clone());
        }
        for row in rows.clone() {
            if !self.addresses.shares() {
                self.address_at.push(old.address_at.get(row).map(|at| self.addresses.carry(at)));
            }
            self.put_in(self.building_before(row));
        }
    }

    /// Takes records apart in the order of delivery, which is how they lie in memory; `described` are those that count.
    fn told(&mut self, records: Vec<DwellingRecord>, described: &[(u32, u32)], lodgings: &Lodgings) -> Vec<Told> {
        let mut is_used = vec![false; records.len()];
        for (_, at) in described {
            is_used[*at as usize] = true;
        }
        self.addresses.reserve(described.len());
        // neighbours in the delivery are often in one building
        let mut last: Option<(PermanentBuildingId, Option<BuildingRow>)> = None;
        let told = records.into_iter().zip(&lodgings.of_dwellings).zip(is_used).map(|((record, place), is_used)| {
            let DwellingRecord { id: _, building, address, members } = record;
            if place.is_none() || !is_used {
                return Told { building: Building::None, address: Fact::None, members };
            }
            let address = address.map(|address| self.addresses.add(PostalAddress::from(&address)));
            let building = building.map_or(Building::None, |id| {
                let row = match &last {
                    Some((other, row)) if *other == id => *row,
                    _ => self.buildings.row_of(&id),
                };
                last = Some((id.clone(), row));
                row.map_or(Building::Missing(id), Building::Row)
            });
            Told { building, address, members }
        });
        told.collect()
    }

    fn push(&mut self, is_home: bool, told: Option<&Told>, was: Option<usize>) {
        let old = &self.old.dwellings;
        let was = was.filter(|was| self.forgotten.binary_search(was).is_err());
        self.dwellings.is_home.push(is_home);
        self.dwellings.has_record.push(told.is_some() || was.is_some_and(|was| old.has_record[was]));
        let (building, members, address) = match (told, was) {
            (Some(told), _) => (told.building.clone(), told.members, told.address),
            (None, Some(was)) => {
                let address = old.address_at.get(was).map(|at| self.addresses.carry(at));
                (self.building_before(was), old.members[was], address)
            }
            (None, None) => (Building::None, ListState::Whole, Fact::Unknown(UnknownReason::NotDelivered)),
        };
        self.dwellings.members.push(members);
        self.address_at.push(address);
        self.put_in(building);
    }

    fn building(&self, id: Option<PermanentBuildingId>) -> Building {
        match id {
            None => Building::None,
            Some(id) => self.buildings.row_of(&id).map_or_else(|| Building::Missing(id), Building::Row),
        }
    }

    fn building_before(&self, row: usize) -> Building {
        match self.old.dwellings.building[row] {
            Some(of) => self
                .building_rows
                .now(of.position())
                .and_then(BuildingRow::at)
                .map_or_else(|| Building::Missing(self.old.buildings.ids[of.position()].clone()), Building::Row),
            None => self.building(self.old.dwellings.missing_building(row).cloned()),
        }
    }

    fn put_in(&mut self, building: Building) {
        let row = packed(self.dwellings.building.len());
        self.dwellings.building.push(match building {
            Building::Row(of) => Some(of),
            Building::None => None,
            Building::Missing(id) => {
                self.dwellings.missing_buildings.push((row, id));
                None
            }
        });
    }

    fn finish(mut self) -> Dwellings {
        self.dwellings.shrink();
        Dwellings { address_at: self.address_at.finish(), addresses: self.addresses.finish(), ..self.dwellings }
    }
}

/// What a record says of a dwelling; its address by its place in the store.
struct Told {
    building: Building,
    address: Fact<u32>,
    members: ListState,
}

/// Whose building a dwelling is in.
#[derive(Clone)]
enum Building {
    None,
    Row(BuildingRow),
    /// No record describes it, so far.
    Missing(PermanentBuildingId),
}

/// Dwellings in which somebody is protected, or not known to be unprotected.
pub(super) fn protected(n_dwellings: usize, people: &People) -> Vec<bool> {
    let mut protected = vec![false; n_dwellings];
    for row in 0..people.has_record.len() {
        if !matches!(people.protection.get(row), Fact::Known(0) | Fact::None)
            && people.has_record[row]
            && let Fact::Known(home) = people.dwelling.get(row)
        {
            protected[home as usize] = true;
        }
    }
    protected
}
