//! From records to a register. Every record is used, or set aside with its reason and position.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::view::absent_value;
use super::{
    Buildings, Cells, Custody, DwellingRow, Dwellings, FactColumn, Households, Life, NO_RECORD, OwnerRef, Pair, People,
    Places, Register, ResidentRow,
};
use crate::column::{Column, TextColumn};
use crate::day::{PartialDate, day_number};
use crate::fact_table::{FACT_INT_MAX, FactType, SubjectKind};
use crate::identity::IdentityCode;
use crate::identity::dwelling_id::{self, Residence};
use crate::issue::{Issue, Problem, RecordKind, Tally};
use crate::key::{BuildingKey, IdentityTable, ResidentKey};
use crate::protected::Protected;
use crate::record::{
    Address, BuildingRecord, CustodyKind, DeathRecord, Delivery, DwellingRecord, FactDelivery, FactOf, ListState,
    Names, Owner, ResidentRecord, Sex, Utilities, Who,
};
use crate::value::{Fact, UnknownReason, Value};

/// A register with what was found on the way.
pub struct Built {
    /// The register.
    pub register: Register,
    /// What was wrong with records, sorted.
    pub issues: Vec<Issue>,
    /// Read = used + set aside.
    pub tally: Tally,
}

impl Register {
    /// Builds the register of a day from records, keeping keys in the city's identity table.
    ///
    /// Never stops at a bad record: each is set aside with an [`Issue`].
    pub fn build(delivery: Delivery, day: NaiveDate, identities: &mut IdentityTable) -> Built {
        let mut builder =
            Builder { day, identities, issues: Vec::new(), tally: Tally::default(), places: Places::new() };
        let register = builder.register(delivery);
        let Builder { mut issues, tally, .. } = builder;
        issues.sort_unstable();
        Built { register, issues, tally }
    }
}

/// One person while the register is being built: with a record, or only referred to.
struct Person {
    key: ResidentKey,
    record: Option<ResidentRecord>,
    stub_names: Option<Names>,
}

/// A building's record with its key, and its owning persons with their position among its owners.
type KeyedBuilding = (BuildingKey, BuildingRecord, Vec<(ResidentKey, usize)>);

pub(super) struct Builder<'t> {
    day: NaiveDate,
    identities: &'t mut IdentityTable,
    issues: Vec<Issue>,
    pub(super) tally: Tally,
    pub(super) places: Places,
}

impl Places {
    fn new() -> Self {
        Self { residents: BTreeMap::new(), buildings: BTreeMap::new() }
    }
}

impl Builder<'_> {
    pub(super) fn found(&mut self, kind: RecordKind, position: usize, problem: Problem) {
        self.issues.push(Issue { kind, position, problem });
        if problem.sets_aside() {
            self.tally.set_aside += 1;
        }
    }

    fn register(&mut self, delivery: Delivery) -> Register {
        let Delivery { mut residents, mut histories, deaths, mut custody, mut dwellings, buildings, facts } = delivery;
        self.tally.read = residents.len()
            + histories.len()
            + deaths.len()
            + custody.len()
            + dwellings.len()
            + buildings.len()
            + facts.iter().map(|table| table.rows.len()).sum::<usize>();

        self.bound_days(&mut residents, &mut histories, &mut custody);
        one_id_per_flat(&mut residents, &mut dwellings);
        let mut people = self.people(residents);
        // everyone whom another record refers to gets a row too
        let custody: Vec<_> = custody
            .into_iter()
            .enumerate()
            .filter_map(|(index, record)| {
                let Some(child) = self.key_of(&record.child, None).filter(|key| people.contains_key(key)) else {
                    self.found(RecordKind::Custody, index + 1, Problem::NoSuchSubject);
                    return None;
                };
                let Some(custodian) = self.key_of(&record.custodian, Some(child)) else {
                    self.found(RecordKind::Custody, index + 1, Problem::NoKeyAndNoCode);
                    return None;
                };
                people.entry(custodian).or_insert_with(|| stub(custodian, &record.custodian));
                Some((index + 1, child, custodian, record))
            })
            .collect();
        let mut owners: Vec<Vec<(ResidentKey, usize)>> = Vec::new();
        for building in &buildings {
            let mut keys = Vec::new();
            for (index, owner) in building.owners.iter().enumerate() {
                if let Owner::Person(who) = owner
                    && let Some(key) = self.key_of(who, None)
                {
                    people.entry(key).or_insert_with(|| stub(key, who));
                    keys.push((key, index));
                }
            }
            owners.push(keys);
        }
        let people: Vec<Person> = people.into_values().collect();
        self.places.residents = people.iter().enumerate().map(|(at, person)| (person.key, at)).collect();

        let life = self.lives(&people, deaths);
        let histories = self.histories(people.len(), histories);
        let (buildings, building_rows) = self.buildings(buildings, owners);
        self.places.buildings = building_rows;
        let dwelling_rows = self.dwelling_rows(&people, &mut dwellings);
        let dwelling_of: Vec<Fact<usize>> = people
            .iter()
            .map(|person| match &person.record {
                Some(record) => match &record.dwelling {
                    // an id that is none of a dwelling's says nothing of where the person lives
                    Fact::Known(id) => dwelling_rows
                        .get(id.as_str())
                        .map_or(Fact::Unknown(UnknownReason::Disputed), |row| Fact::Known(*row)),
                    Fact::None => Fact::None,
                    Fact::Unknown(reason) => Fact::Unknown(*reason),
                },
                None => Fact::Unknown(NO_RECORD),
            })
            .collect();
        let (dwellings, members_state) = self.dwellings(&people, &dwelling_of, dwellings);
        let households = self.households(&people, &life, &dwelling_of, &dwellings, &members_state);
        let custody = self.custody(people.len(), custody);
        let homes = households.dwelling.iter().map(|row| row.position()).collect::<Vec<_>>();
        let sizes = [people.len(), homes.len(), buildings.keys.len()];
        let facts = self.facts(facts, sizes);
        Register {
            day: self.day,
            people: people_columns(people, life, &dwelling_of),
            histories,
            custody,
            dwellings,
            households,
            buildings,
            facts,
        }
    }

    /// Records by key. A second record of a person is set aside, whichever came first; protection is kept from either.
    fn people(&mut self, records: Vec<ResidentRecord>) -> BTreeMap<ResidentKey, Person> {
        // entered in the order of their codes, so that the table does not depend on the order of records
        let mut ordered: Vec<(usize, ResidentRecord)> = records.into_iter().enumerate().collect();
        ordered.sort_by(|a, b| (a.1.key, &a.1).cmp(&(b.1.key, &b.1)));
        let mut people: BTreeMap<ResidentKey, Person> = BTreeMap::new();
        for (index, record) in ordered {
            let position = index + 1;
            let codes: Vec<IdentityCode> = record.former_codes.iter().chain(&record.code).cloned().collect();
            if record.key.is_none() && codes.is_empty() {
                self.found(RecordKind::Resident, position, Problem::NoKeyAndNoCode);
                continue;
            }
            let Some(key) = self.identities.enter(record.key, &codes, self.day) else {
                self.found(RecordKind::Resident, position, Problem::CodesOfTwoPersons);
                continue;
            };
            if let Some(Person { record: Some(first), .. }) = people.get_mut(&key) {
                if !matches!(record.protection, Fact::Known(false) | Fact::None) {
                    first.protection = record.protection;
                }
                first.dead |= record.dead;
                self.found(RecordKind::Resident, position, Problem::Duplicate);
            } else {
                people.insert(key, Person { key, record: Some(record), stub_names: None });
                self.tally.used += 1;
            }
        }
        people
    }

    /// The key of a person referred to; `of` is whom somebody without a code belongs to.
    pub(super) fn key_of(&mut self, who: &Who, of: Option<ResidentKey>) -> Option<ResidentKey> {
        match who {
            Who::Key(key) => Some(*key),
            Who::Code(code) => self.identities.enter(None, std::slice::from_ref(code), self.day),
            Who::Described(names, born) => {
                let born = match born {
                    Fact::Known(born) => format!("{}/{}", born.first(), born.last()),
                    Fact::None | Fact::Unknown(_) => "unknown".to_owned(),
                };
                // names that differ only in surrounding blanks are the same person's
                let describing = format!("{}|{}|{born}", names.given.trim(), names.family.trim());
                of.map(|of| self.identities.stub_key(of, &describing))
            }
        }
    }

    fn lives(&mut self, people: &[Person], deaths: Vec<DeathRecord>) -> Vec<Life> {
        let mut lives: Vec<Life> = people
            .iter()
            .map(|person| match &person.record {
                Some(record) if record.dead => Life::Dead,
                Some(_) => Life::Alive,
                None => Life::NotKnown,
            })
            .collect();
        for (index, record) in deaths.into_iter().enumerate() {
            let at = self.key_of(&record.who, None).and_then(|key| self.places.residents.get(&key).copied());
            let Some(at) = at else {
                self.found(RecordKind::Death, index + 1, Problem::NoSuchSubject);
                continue;
            };
            self.tally.used += 1;
            let says = if record.dead { Life::Dead } else { Life::Alive };
            if lives[at] == Life::NotKnown {
                lives[at] = says;
            } else if lives[at] != says {
                lives[at] = Life::Disputed;
                self.found(RecordKind::Death, index + 1, Problem::DeathDisputed);
            }
        }
        lives
    }

    /// Rows of dwellings: every dwelling with a record or a resident, in the order of ids.
    fn dwelling_rows(&mut self, people: &[Person], records: &mut Vec<DwellingRecord>) -> BTreeMap<String, usize> {
        let mut kept: BTreeMap<String, DwellingRecord> = BTreeMap::new();
        let mut order: Vec<(usize, DwellingRecord)> = records.drain(..).enumerate().collect();
        order.sort_by(|a, b| a.1.cmp(&b.1));
        for (index, record) in order {
            if !is_dwelling_id(&record.id) {
                self.found(RecordKind::Dwelling, index + 1, Problem::BadDwellingId);
            } else if kept.contains_key(&record.id) {
                self.found(RecordKind::Dwelling, index + 1, Problem::Duplicate);
            } else {
                self.tally.used += 1;
                kept.insert(record.id.clone(), record);
            }
        }
        for id in people.iter().filter_map(|person| person.record.as_ref()?.dwelling.as_ref().known()) {
            if is_dwelling_id(id) && !kept.contains_key(id) {
                kept.insert(
                    id.clone(),
                    DwellingRecord {
                        id: id.clone(),
                        building: None,
                        address: Fact::Unknown(UnknownReason::NotDelivered),
                        members: ListState::Whole,
                    },
                );
            }
        }
        let rows = kept.keys().cloned().enumerate().map(|(row, id)| (id, row)).collect();
        records.extend(kept.into_values());
        rows
    }

    fn dwellings(
        &self,
        people: &[Person],
        dwelling_of: &[Fact<usize>],
        records: Vec<DwellingRecord>,
    ) -> (Dwellings, Vec<ListState>) {
        let mut protected = vec![false; records.len()];
        for (person, dwelling) in people.iter().zip(dwelling_of) {
            if let (Some(record), Fact::Known(row)) = (&person.record, dwelling) {
                protected[*row] |= !matches!(record.protection, Fact::Known(false) | Fact::None);
            }
        }
        let keys: Vec<_> = records.iter().map(|record| self.identities.dwelling_key(&record.id)).collect();
        let is_home = records.iter().map(|record| forms_household(&record.id)).collect();
        let building = records
            .iter()
            .map(|record| {
                let row = self.places.buildings.get(record.building.as_ref()?)?;
                super::BuildingRow::at(*row)
            })
            .collect();
        let members = records.iter().map(|record| record.members).collect();
        let address = records
            .into_iter()
            .zip(&keys)
            .map(|(record, key)| record.address.map(|address: Address| Protected::of_home(address, Some(*key))))
            .collect();
        (Dwellings { keys, is_home, building, address, protected }, members)
    }

    /// Households: the living whose permanent dwelling is the same. Institutions, abroad and unknown form none.
    fn households(
        &self,
        people: &[Person],
        life: &[Life],
        dwelling_of: &[Fact<usize>],
        dwellings: &Dwellings,
        members_state: &[ListState],
    ) -> Households {
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, (person, dwelling)) in people.iter().zip(dwelling_of).enumerate() {
            let forms_household = person
                .record
                .as_ref()
                .and_then(|record| record.dwelling.as_ref().known())
                .is_some_and(|id| forms_household(id));
            if let Fact::Known(row) = dwelling
                && forms_household
                && life[at] != Life::Dead
            {
                members.entry(*row).or_default().push(at);
            }
        }
        let mut households = Households {
            keys: Vec::new(),
            dwelling: Vec::new(),
            state: Vec::new(),
            offsets: vec![0],
            members: Vec::new(),
        };
        for (dwelling, rows) in members {
            let Some(dwelling_row) = DwellingRow::at(dwelling) else { continue };
            // the day on which the longest-staying member moved in: a birth does not make a new household
            let formed = rows
                .iter()
                .filter_map(|at| people[*at].record.as_ref()?.dwelling_since.known().map(PartialDate::first))
                .min();
            households.keys.push(self.identities.household_key(dwellings.keys[dwelling], formed));
            households.dwelling.push(dwelling_row);
            households.state.push(members_state[dwelling]);
            households.members.extend(rows.into_iter().filter_map(ResidentRow::at));
            households.offsets.push(households.members.len());
        }
        households
    }

    fn custody(
        &mut self,
        n_people: usize,
        records: Vec<(usize, ResidentKey, ResidentKey, crate::record::CustodyRecord)>,
    ) -> Custody {
        let mut by_child: BTreeMap<usize, Vec<(Pair, usize)>> = BTreeMap::new();
        for (position, child, custodian, record) in records {
            if record.kind != CustodyKind::Custodian {
                self.tally.used += 1;
                continue;
            }
            let rows = (
                self.places.residents.get(&child),
                self.places.residents.get(&custodian).and_then(|at| ResidentRow::at(*at)),
            );
            if let (Some(child), Some(custodian)) = rows {
                let pair = Pair { custodian, from: record.from, until: record.until, may_decide: record.may_decide };
                by_child.entry(*child).or_default().push((pair, position));
            }
        }
        let mut custody = Custody { offsets: vec![0], pairs: Vec::new() };
        for child in 0..n_people {
            let mut pairs = by_child.remove(&child).unwrap_or_default();
            pairs.sort_unstable();
            let mut last: Option<Pair> = None;
            for (pair, position) in pairs {
                if last == Some(pair) {
                    self.found(RecordKind::Custody, position, Problem::Duplicate);
                } else {
                    self.tally.used += 1;
                    custody.pairs.push(pair);
                    last = Some(pair);
                }
            }
            custody.offsets.push(custody.pairs.len());
        }
        custody
    }

    fn buildings(
        &mut self,
        records: Vec<BuildingRecord>,
        owners: Vec<Vec<(ResidentKey, usize)>>,
    ) -> (Buildings, BTreeMap<crate::identity::building_id::PermanentBuildingId, usize>) {
        let mut order: Vec<_> = records
            .into_iter()
            .zip(owners)
            .enumerate()
            .map(|(index, (record, owners))| {
                (self.identities.building_key(record.id.as_str()), record, owners, index + 1)
            })
            .collect();
        order.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        let mut kept: Vec<KeyedBuilding> = Vec::with_capacity(order.len());
        for (key, record, owners, position) in order {
            if kept.last().is_some_and(|(last, ..)| *last == key) {
                self.found(RecordKind::Building, position, Problem::Duplicate);
            } else {
                self.tally.used += 1;
                let record = self.as_facts(record, position);
                kept.push((key, record, owners));
            }
        }
        let rows = kept.iter().enumerate().map(|(row, (_, record, _))| (record.id.clone(), row)).collect();
        let text = |record: &BuildingRecord| record.intended_use.clone();
        let uses: Vec<Fact<String>> = kept.iter().map(|(_, record, _)| text(record)).collect();
        let numbers = |of: fn(&BuildingRecord) -> Fact<i64>| Column::of(kept.iter().map(|(_, record, _)| of(record)));
        let buildings = Buildings {
            keys: kept.iter().map(|(key, ..)| *key).collect(),
            ids: kept.iter().map(|(_, record, _)| record.id.clone()).collect(),
            location: kept.iter().map(|(_, record, _)| record.location).collect(),
            address: kept.iter().map(|(_, record, _)| record.address.clone()).collect(),
            owners_state: kept.iter().map(|(_, record, _)| record.owners_state).collect(),
            area_m2: numbers(|record| record.area_m2),
            facilities: kept.iter().map(|(_, record, _)| record.facilities).collect(),
            connections: kept.iter().map(|(_, record, _)| record.connections).collect(),
            intended_use: TextColumn::of(uses.iter().map(|code| code.as_ref().map(String::as_str))),
            built_year: numbers(|record| record.built_year),
            storeys: numbers(|record| record.storeys),
            dwellings: numbers(|record| record.dwellings),
            stairwells: kept.iter().map(|(_, record, _)| record.stairwells.clone()).collect(),
            stairwells_state: kept.iter().map(|(_, record, _)| record.stairwells_state).collect(),
            owners: kept
                .into_iter()
                .map(|(_, record, keys)| {
                    let person_at = |index: usize| {
                        let (key, _) = keys.iter().find(|(_, at)| *at == index)?;
                        ResidentRow::at(*self.places.residents.get(key)?)
                    };
                    record
                        .owners
                        .into_iter()
                        .enumerate()
                        .map(|(index, owner)| person_at(index).map_or(OwnerRef::Other(owner), OwnerRef::Person))
                        .collect()
                })
                .collect(),
        };
        (buildings, rows)
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

    fn facts(&mut self, deliveries: Vec<FactDelivery>, sizes: [usize; 3]) -> Vec<FactColumn> {
        deliveries
            .into_iter()
            .map(|FactDelivery { declaration, delivered_on, rows }| {
                let size = match declaration.subject {
                    SubjectKind::Resident => sizes[0],
                    SubjectKind::Household => sizes[1],
                    SubjectKind::Building => sizes[2],
                };
                let age_days = self.day.signed_duration_since(delivered_on).num_days();
                let too_old = age_days > i64::from(declaration.fresh_days);
                let mut cells: Vec<Option<Fact<Value>>> = vec![None; size];
                for (index, row) in rows.into_iter().enumerate() {
                    let at = match &row.of {
                        FactOf::Resident(who) if declaration.subject == SubjectKind::Resident => {
                            self.key_of(who, None).and_then(|key| self.places.residents.get(&key).copied())
                        }
                        FactOf::Building(id) if declaration.subject == SubjectKind::Building => {
                            self.places.buildings.get(id).copied()
                        }
                        FactOf::Resident(_) | FactOf::Building(_) => None,
                    };
                    let problem = match (at, &row.value) {
                        (None, _) => Some(Problem::NoSuchSubject),
                        (Some(_), Fact::Known(value)) if !is_of(value, declaration.fact_type) => {
                            Some(Problem::WrongType)
                        }
                        (Some(_), Fact::Known(Value::Int(number))) if !declaration.numbers().contains(number) => {
                            Some(Problem::OutOfRange)
                        }
                        (Some(_), Fact::Known(Value::Day(day))) if !day.is_within_bounds() => {
                            Some(Problem::DayOutOfRange)
                        }
                        (Some(_), Fact::Known(Value::Text(text))) if !declaration.has_code(text) => {
                            Some(Problem::UnknownCode)
                        }
                        (Some(_), Fact::None) if !declaration.may_be_none => Some(Problem::NoneNotAllowed),
                        (Some(at), value) => match &cells[at] {
                            None => {
                                cells[at] = Some(value.clone());
                                self.tally.used += 1;
                                None
                            }
                            // two rows that differ: nobody knows which is right, whichever came first
                            Some(first) => {
                                if first != value {
                                    cells[at] = Some(Fact::Unknown(UnknownReason::Disputed));
                                }
                                Some(Problem::Duplicate)
                            }
                        },
                    };
                    if let Some(problem) = problem {
                        // a wrong row leaves its subject unknown, never as if there were no row
                        if let (Some(at), true) = (at, problem != Problem::Duplicate) {
                            cells[at] = Some(Fact::Unknown(UnknownReason::Disputed));
                        }
                        self.found(RecordKind::Fact(declaration.name.clone()), index + 1, problem);
                    }
                }
                let absent = absent_value(declaration.absent);
                let facts: Vec<Fact<Value>> = cells
                    .into_iter()
                    .map(|cell| match cell {
                        _ if too_old => Fact::Unknown(UnknownReason::TooOld),
                        Some(fact) => fact,
                        None => absent.clone(),
                    })
                    .collect();
                FactColumn { cells: Cells::of(declaration.fact_type, &facts), declaration: Arc::new(declaration) }
            })
            .collect()
    }
}

/// Of a fact that everybody and everything has: that the source has none says only that it does not know it.
fn never_none<T>(fact: Fact<T>) -> Fact<T> {
    match fact {
        Fact::None => Fact::Unknown(UnknownReason::NotDelivered),
        fact => fact,
    }
}

/// Somebody only referred to: named in a letter if the record named them, otherwise unknown in everything.
fn stub(key: ResidentKey, who: &Who) -> Person {
    let names = match who {
        Who::Described(names, _) => Some(names.clone()),
        Who::Key(_) | Who::Code(_) => None,
    };
    Person { key, record: None, stub_names: names }
}

/// Whether a text is an id of a dwelling or of another residence.
fn is_dwelling_id(id: &str) -> bool {
    dwelling_id::residence(id).is_some()
}

fn forms_household(id: &str) -> bool {
    dwelling_id::residence(id) == Some(Residence::Dwelling)
}

/// One id for one flat, whichever of its building's addresses a record was written with.
fn one_id_per_flat(residents: &mut [ResidentRecord], dwellings: &mut [DwellingRecord]) {
    let ids = residents.iter_mut().filter_map(|record| match &mut record.dwelling {
        Fact::Known(id) => Some(id),
        Fact::None | Fact::Unknown(_) => None,
    });
    for id in ids.chain(dwellings.iter_mut().map(|record| &mut record.id)) {
        if let Cow::Owned(of_flat) = dwelling_id::of_flat(id) {
            *id = of_flat;
        }
    }
}

fn is_of(value: &Value, fact_type: FactType) -> bool {
    matches!(
        (value, fact_type),
        (Value::Bool(_), FactType::Bool)
            | (Value::Int(_), FactType::Int)
            | (Value::Day(_), FactType::Day)
            | (Value::Text(_), FactType::Text | FactType::Place)
    )
}

impl Cells {
    fn of(fact_type: FactType, facts: &[Fact<Value>]) -> Self {
        let numbers = |of: fn(&Value) -> Option<i64>| {
            Column::of(facts.iter().map(|fact| match fact.as_ref() {
                Fact::Known(value) => of(value).map_or(Fact::Unknown(UnknownReason::Disputed), Fact::Known),
                Fact::None => Fact::None,
                Fact::Unknown(reason) => Fact::Unknown(reason),
            }))
        };
        let days = |of: fn(PartialDate) -> NaiveDate| {
            Column::of(facts.iter().map(|fact| match fact.as_ref() {
                Fact::Known(Value::Day(date)) => Fact::Known(day_number(of(*date))),
                Fact::Known(_) => Fact::Unknown(UnknownReason::Disputed),
                Fact::None => Fact::None,
                Fact::Unknown(reason) => Fact::Unknown(reason),
            }))
        };
        let texts = || {
            TextColumn::of(facts.iter().map(|fact| match fact.as_ref() {
                Fact::Known(Value::Text(text)) => Fact::Known(&**text),
                Fact::Known(_) => Fact::Unknown(UnknownReason::Disputed),
                Fact::None => Fact::None,
                Fact::Unknown(reason) => Fact::Unknown(reason),
            }))
        };
        match fact_type {
            FactType::Bool => Self::Bool(Column::of(facts.iter().map(|fact| match fact.as_ref() {
                Fact::Known(Value::Bool(holds)) => Fact::Known(u8::from(*holds)),
                Fact::Known(_) => Fact::Unknown(UnknownReason::Disputed),
                Fact::None => Fact::None,
                Fact::Unknown(reason) => Fact::Unknown(reason),
            }))),
            FactType::Int => Self::Int(numbers(|value| match value {
                Value::Int(number) => Some(*number),
                _ => None,
            })),
            FactType::Day => Self::Day { first: days(PartialDate::first), last: days(PartialDate::last) },
            FactType::Text => Self::Text(texts()),
            FactType::Place => Self::Place(texts()),
        }
    }
}

fn people_columns(people: Vec<Person>, life: Vec<Life>, dwelling_of: &[Fact<usize>]) -> People {
    fn of<T>(person: &Person, fact: impl FnOnce(&ResidentRecord) -> Fact<T>) -> Fact<T> {
        person.record.as_ref().map_or(Fact::Unknown(NO_RECORD), fact)
    }
    fn text<'a>(person: &'a Person, fact: impl FnOnce(&'a ResidentRecord) -> &'a Fact<String>) -> Fact<&'a str> {
        person.record.as_ref().map_or(Fact::Unknown(NO_RECORD), |record| fact(record).as_ref().map(String::as_str))
    }
    People {
        keys: people.iter().map(|person| person.key).collect(),
        has_record: people.iter().map(|person| person.record.is_some()).collect(),
        born_first: Column::of(
            people.iter().map(|p| of(p, |r| never_none(r.born).map(|born| day_number(born.first())))),
        ),
        born_last: Column::of(people.iter().map(|p| of(p, |r| never_none(r.born).map(|born| day_number(born.last()))))),
        life,
        sex: Column::of(people.iter().map(|p| of(p, |r| r.sex.map(|sex| u8::from(sex == Sex::Male))))),
        municipality: TextColumn::of(people.iter().map(|p| text(p, |r| &r.municipality))),
        language: TextColumn::of(people.iter().map(|p| text(p, |r| &r.language))),
        protection: Column::of(people.iter().map(|p| of(p, |r| r.protection.map(u8::from)))),
        dwelling: Column::of(
            dwelling_of.iter().map(|dwelling| dwelling.map(|row| u32::try_from(row).unwrap_or(u32::MAX))),
        ),
        moved_in: Column::of(people.iter().map(|person| {
            let since = person.record.as_ref().and_then(|record| record.dwelling_since.known());
            since.map_or(Fact::None, |since| Fact::Known(day_number(since.last())))
        })),
        custodians: people
            .iter()
            .map(|person| person.record.as_ref().map_or(ListState::Open(NO_RECORD), |record| record.custodians))
            .collect(),
        names: people
            .into_iter()
            .map(|person| person.record.and_then(|record| record.names).or(person.stub_names))
            .collect(),
    }
}

#[cfg(test)]
mod tests;
