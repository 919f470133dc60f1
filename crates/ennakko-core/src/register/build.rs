//! From records to a register, and from a register and changes to the next. Every record is used, or set aside with its
//! reason and position.
//!
//! Both are one way: a whole delivery is a change to a register in which nobody is yet. What a batch does not name is
//! carried over, row by row; what follows of it for others (whose home is protected, who forms a household) is settled
//! anew for everybody.

use chrono::NaiveDate;

use super::batch::Touch;
use super::buildings::Keyed;
use super::custody::{KeyedPair, Tied};
use super::facts::Subjects;
use super::homes::Arrivals;
use super::lodgings::Lodgings;
use super::people::{self, Come, Known, PersonRows, Told};
use super::rows::{Rows, Run};
use super::{Dwellings, OwnerRef, People, Register, Waiting, buildings, custody};
use crate::changes::{Changes, PersonChange};
use crate::difference::Difference;
use crate::identity::building_id::PermanentBuildingId;
use crate::issue::{Issue, Problem, RecordKind, Tally};
use crate::key::{BuildingKey, IdentityTable, ResidentKey};
use crate::record::{
    BuildingRecord, CustodyRecord, DeathRecord, Delivery, DwellingRecord, FactDelivery, HistoryRecord, ResidentRecord,
};
use crate::sorted::both;
use crate::value::{Fact, UnknownReason};

/// A register with what was found on the way.
pub struct Built {
    /// The register.
    pub register: Register,
    /// What was wrong with records, sorted.
    pub issues: Vec<Issue>,
    /// Read = used + set aside.
    pub tally: Tally,
}

/// A register after a batch of changes, with what the batch did.
pub struct Applied {
    /// The register.
    pub register: Register,
    /// What is other than before.
    pub difference: Difference,
    /// What was wrong with records of the batch, sorted. Pairs and histories of persons are counted through the batch, in
    /// the order of its people.
    pub issues: Vec<Issue>,
    /// Read = used + set aside, of the batch's records.
    pub tally: Tally,
}

impl Register {
    /// Builds the register of a day from records, keeping keys in the city's identity table.
    ///
    /// Never stops at a bad record: each is set aside with an [`Issue`].
    pub fn build(delivery: Delivery, day: NaiveDate, identities: &mut IdentityTable) -> Built {
        let Delivery { residents, histories, deaths, custody, dwellings, buildings, facts } = delivery;
        let parts = Parts {
            residents,
            histories,
            histories_of: Vec::new(),
            deaths,
            custody,
            custody_of: Vec::new(),
            dwellings,
            gone_dwellings: Vec::new(),
            buildings,
            gone_buildings: Vec::new(),
            facts,
            replaces: Vec::new(),
        };
        let (register, _, issues, tally) = Self::empty(day).and(parts, day, identities);
        Built { register, issues, tally }
    }

    /// The register of a day after a batch of changes: the same as building it from all records, the changed ones in place
    /// of those before, with the same identity table. The same batch again changes nothing.
    ///
    /// Never stops at a bad record: each is set aside with an [`Issue`], and what it is about stays as it was. What names
    /// somebody or something of whom no record has come yet is told as an issue, waits, and is used once one comes.
    pub fn apply(&self, changes: Changes, day: NaiveDate, identities: &mut IdentityTable) -> Applied {
        let (register, touch, issues, tally) = self.and(Parts::of(changes), day, identities);
        let difference = touch.difference(self, &register);
        Applied { register, difference, issues, tally }
    }

    fn and(&self, parts: Parts, day: NaiveDate, identities: &mut IdentityTable) -> (Self, Touch, Vec<Issue>, Tally) {
        let mut builder = Builder {
            day,
            identities,
            old: self,
            issues: Vec::new(),
            tally: Tally::default(),
            waiting: Waiting { batch: self.waiting.batch.saturating_add(1), ..self.waiting.clone() },
            replaced_custody: Vec::new(),
            replaced_history: Vec::new(),
            touched: Vec::new(),
        };
        let (register, touch) = builder.register(parts);
        let Builder { mut issues, tally, identities, .. } = builder;
        identities.settle();
        issues.sort_unstable();
        (register, touch, issues, tally)
    }
}

/// Whose a record of custody or of history must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// Anybody's: it stands in a list of its own.
    Anybody,
    /// The person's with whom it came; none if nobody can tell who that is.
    Person(Option<ResidentKey>),
}

/// What is delivered, in lists.
struct Parts {
    residents: Vec<ResidentRecord>,
    histories: Vec<HistoryRecord>,
    /// Whose each of them must be; nothing where they are anybody's.
    histories_of: Vec<Of>,
    deaths: Vec<DeathRecord>,
    custody: Vec<CustodyRecord>,
    /// Whose each of them must be; nothing where they are anybody's.
    custody_of: Vec<Of>,
    dwellings: Vec<DwellingRecord>,
    gone_dwellings: Vec<String>,
    buildings: Vec<BuildingRecord>,
    gone_buildings: Vec<PermanentBuildingId>,
    facts: Vec<FactDelivery>,
    /// Of each resident record of a batch: how many pairs and histories come with it, none to leave them as they were.
    replaces: Vec<(Option<usize>, Option<usize>)>,
}

impl Parts {
    fn of(changes: Changes) -> Self {
        let Changes { people, deaths, dwellings, gone_dwellings, buildings, gone_buildings, facts } = changes;
        let mut parts = Self {
            residents: Vec::with_capacity(people.len()),
            histories: Vec::new(),
            histories_of: Vec::new(),
            deaths,
            custody: Vec::new(),
            custody_of: Vec::new(),
            dwellings,
            gone_dwellings,
            buildings,
            gone_buildings,
            facts,
            replaces: Vec::with_capacity(people.len()),
        };
        for PersonChange { record, custody, history } in people {
            parts.residents.push(record);
            parts.replaces.push((custody.as_ref().map(Vec::len), history.as_ref().map(|_| 1)));
            parts.custody.extend(custody.into_iter().flatten());
            parts.histories.extend(history);
        }
        parts
    }

    fn n_records(&self) -> usize {
        self.residents.len()
            + self.histories.len()
            + self.deaths.len()
            + self.custody.len()
            + self.dwellings.len()
            + self.gone_dwellings.len()
            + self.buildings.len()
            + self.gone_buildings.len()
            + self.facts.iter().map(|table| table.rows.len()).sum::<usize>()
    }

    /// Says of each pair and history whose it must be; whose are replaced, sorted.
    fn ascribe(&mut self, key_at: &[Option<ResidentKey>]) -> (Vec<ResidentKey>, Vec<ResidentKey>) {
        let (mut with_custody, mut with_history) = (Vec::new(), Vec::new());
        for ((n_pairs, n_histories), key) in self.replaces.iter().zip(key_at) {
            if n_pairs.is_some() {
                with_custody.extend(*key);
            }
            if n_histories.is_some() {
                with_history.extend(*key);
            }
            self.custody_of.extend((0..n_pairs.unwrap_or(0)).map(|_| Of::Person(*key)));
            self.histories_of.extend((0..n_histories.unwrap_or(0)).map(|_| Of::Person(*key)));
        }
        for list in [&mut with_custody, &mut with_history] {
            list.sort_unstable();
            list.dedup();
        }
        (with_custody, with_history)
    }
}

pub(super) struct Builder<'a> {
    pub(super) day: NaiveDate,
    pub(super) identities: &'a mut IdentityTable,
    pub(super) old: &'a Register,
    issues: Vec<Issue>,
    pub(super) tally: Tally,
    pub(super) waiting: Waiting,
    // INVARIANT (sorted): whose pairs and histories have come, in place of those they had
    pub(super) replaced_custody: Vec<ResidentKey>,
    pub(super) replaced_history: Vec<ResidentKey>,
    /// Rows of people of whom something may be other, although no record of theirs has come.
    pub(super) touched: Vec<u32>,
}

/// Who and what has come, in the order of keys, and the rows that they and what was there before get.
struct Arranged {
    come: Vec<Come>,
    pairs: Vec<KeyedPair>,
    come_buildings: Keyed,
    keys: Vec<ResidentKey>,
    person_rows: Rows,
    building_keys: Vec<BuildingKey>,
    building_rows: Rows,
}

impl Builder<'_> {
    /// What was wrong with the record at a position, from 1; a record that has waited (position 0) was told of before.
    pub(super) fn found(&mut self, kind: RecordKind, position: usize, problem: Problem) {
        if position == 0 {
            return;
        }
        self.issues.push(Issue { kind, position, problem });
        if problem.sets_aside() {
            self.tally.set_aside += 1;
        }
    }

    /// A record at a position is used; one that has waited is not counted again.
    pub(super) fn used(&mut self, position: usize) {
        self.tally.used += usize::from(position > 0);
    }

    fn register(&mut self, mut parts: Parts) -> (Register, Touch) {
        self.tally.read = parts.n_records();
        self.bound_days(&mut parts.residents, &mut parts.histories, &mut parts.custody);
        let secret = self.identities.secret().clone();
        let n_come = self.tally.read;
        let (key_at, (lodgings, building_order)) = both(
            n_come,
            || self.identities.enter_all(&parts.residents, self.day),
            || {
                let lodgings = Lodgings::of(&secret, &parts.residents, &parts.dwellings);
                (lodgings, buildings::in_order(&secret, &parts.buildings))
            },
        );
        let mut known = self.known(std::mem::take(&mut parts.residents), key_at);
        (self.replaced_custody, self.replaced_history) = parts.ascribe(&known.key_at);

        let old = self.old;
        let records = std::mem::take(&mut known.records);
        let (arranged, told) = both(
            n_come,
            || self.arrange(&known, &mut parts, building_order),
            || Told::by(records, &known.at, &old.people),
        );
        let Arranged { come, pairs, come_buildings, keys, person_rows, building_keys, building_rows } = arranged;

        let by_key = PersonRows::of(&keys);
        let replaced = std::mem::take(&mut self.replaced_custody);
        let ((buildings, (dwellings, dwelling_rows, of_people)), (tied, mut people)) = both(
            person_rows.len(),
            || {
                let buildings = self.buildings(building_keys, &building_rows, come_buildings, &by_key, &person_rows);
                let arrivals = Arrivals { come: &come, lodgings: &lodgings };
                let records = (std::mem::take(&mut parts.dwellings), &*parts.gone_dwellings);
                let dwellings = self.dwellings(records, &arrivals, &person_rows, &buildings, &building_rows);
                (buildings, dwellings)
            },
            || {
                let tied = Tied::of(pairs, (&by_key, &person_rows), old, &replaced);
                (tied, People::of(&person_rows, &come, told, &old.people))
            },
        );
        let custody = self.take_in(tied);
        people.n_codes = self.codes_seen(&keys, &person_rows);
        people.dwelling = of_people;
        let reports = self.lives(&mut people, &by_key, &person_rows, parts.deaths);
        let histories = self.histories(&people, &by_key, &person_rows, parts.histories, &parts.histories_of);
        let dwellings = Dwellings { protected: super::homes::protected(dwellings.keys.len(), &people), ..dwellings };
        let households = self.households(&people, &person_rows, &dwellings, &dwelling_rows);
        let subjects = Subjects {
            people: &by_key,
            person_rows: &person_rows,
            buildings: &buildings,
            building_rows: &building_rows,
            n_households: households.keys.len(),
        };
        let (facts, anew) = self.facts(parts.facts, &subjects);
        let touched = std::mem::take(&mut self.touched);
        let touch = Touch { touched, person_rows, dwelling_rows, building_rows, anew };
        let waiting = std::mem::take(&mut self.waiting);
        let register = Register {
            day: self.day,
            people: People { keys, ..people },
            reports,
            histories,
            custody,
            dwellings,
            households,
            buildings,
            facts,
            waiting,
            kept: super::scan::Kept::default(),
        };
        (register, touch)
    }

    /// Old rows of people who turned out to be somebody who has a record, with that person's key.
    fn turned_out(&self, come: &[ResidentKey]) -> Vec<(usize, ResidentKey)> {
        let old = &self.old.people;
        let has_record = |key| people::row_of(&old.keys, key).is_some_and(|row| old.has_record[row]);
        let same = self.identities.same().iter().filter_map(|(from, into)| {
            let row = people::row_of(&old.keys, *from)?;
            (come.binary_search(into).is_ok() || has_record(*into)).then_some((row, *into))
        });
        same.collect()
    }

    /// Who and what has come, in the order of keys, beside what was there.
    fn arrange(&mut self, known: &Known, parts: &mut Parts, building_order: Vec<(BuildingKey, u32)>) -> Arranged {
        let come_buildings = self.keyed_buildings(std::mem::take(&mut parts.buildings), building_order);
        let mut pairs = self.keyed_pairs(known, std::mem::take(&mut parts.custody), &parts.custody_of);
        let mut referred = custody::referred(&mut pairs);
        referred.extend(come_buildings.referred());
        let (come_keys, come) = Self::come(known, referred);

        // buildings that come or go let go of the owners they had
        let mut stays = self.staying_buildings(&parts.gone_buildings);
        self.tally.used += parts.gone_buildings.len();
        let (building_keys, building_rows) =
            Rows::merge(&self.old.buildings.keys, |row| stays[row], &come_buildings.keys());
        for run in building_rows.runs() {
            if let Run::Again { was, .. } = run {
                stays[*was] = false;
            }
        }
        let mut person_stays = self.staying_people(&stays);
        let same = self.turned_out(&come_keys);
        for (row, _) in &same {
            person_stays[*row] = false;
        }
        let (keys, mut person_rows) = Rows::merge(&self.old.people.keys, |row| person_stays[row], &come_keys);
        for (row, into) in same {
            if let Some(now) = people::row_of(&keys, into) {
                person_rows.follow(row, now);
                self.touched.push(super::rows::packed(now));
            }
        }
        Arranged { come, pairs, come_buildings, keys, person_rows, building_keys, building_rows }
    }

    /// Old rows of persons that stay whatever comes.
    fn staying_people(&self, buildings: &[bool]) -> Vec<bool> {
        let old = self.old;
        let replaced = |child: usize| self.replaced_custody.binary_search(&old.people.keys[child]).is_ok();
        let mut stays = people::staying(&old.people, &old.custody, replaced);
        for (row, _) in buildings.iter().enumerate().filter(|(_, stays)| **stays) {
            for owner in old.buildings.owners_of(row) {
                if let OwnerRef::Person(person) = owner {
                    stays[person.position()] = true;
                }
            }
        }
        stays
    }
}

/// Of a fact that everybody and everything has: that the source has none says only that it does not know it.
pub(super) fn never_none<T>(fact: Fact<T>) -> Fact<T> {
    match fact {
        Fact::None => Fact::Unknown(UnknownReason::NotDelivered),
        fact => fact,
    }
}

#[cfg(test)]
mod tests;
