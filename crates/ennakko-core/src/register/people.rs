//! Persons: which records are whose, who has a row, and their columns.

use chrono::NaiveDate;

use super::build::Builder;
use super::rows::{NO_ROW, Rows, packed};
use super::store::StoreBuilder;
use super::{Custody, Life, NO_RECORD, People};
use crate::column::{ColumnBuilder, TextBuilder};
use crate::day::day_number;
use crate::issue::{Problem, RecordKind};
use crate::key::ResidentKey;
use crate::record::{ListState, Names, ResidentRecord, Sex, Who};
use crate::value::Fact;

/// Records by key, each person once.
pub(super) struct Known {
    // INVARIANT (sorted, each key once)
    pub(super) keys: Vec<ResidentKey>,
    pub(super) records: Vec<ResidentRecord>,
    /// The key of every record delivered, used or not, in the order of delivery.
    pub(super) key_at: Vec<Option<ResidentKey>>,
}

impl Known {
    pub(super) fn has(&self, key: ResidentKey) -> bool {
        self.keys.binary_search(&key).is_ok()
    }
}

/// Somebody who has come: with a record, or only referred to.
pub(super) enum Come {
    Record(usize),
    Referred(Option<Names>),
}

impl Builder<'_> {
    /// Records by key. A second record of a person is set aside, whichever came first; death, protection and care are
    /// kept from any.
    pub(super) fn known(&mut self, delivered: Vec<ResidentRecord>) -> Known {
        let key_at = self.identities.enter_all(&delivered, self.day);
        let mut order: Vec<(ResidentKey, usize)> = Vec::with_capacity(delivered.len());
        for (index, (record, key)) in delivered.iter().zip(&key_at).enumerate() {
            if let Some(key) = key {
                order.push((*key, index));
            } else {
                let nobody = record.key.is_none() && record.code.is_none() && record.former_codes.is_empty();
                let problem = if nobody { Problem::NoKeyAndNoCode } else { Problem::CodesOfTwoPersons };
                self.found(RecordKind::Resident, index + 1, problem);
            }
        }
        order.sort_unstable();
        let mut delivered: Vec<Option<ResidentRecord>> = delivered.into_iter().map(Some).collect();
        let mut keys = Vec::with_capacity(order.len());
        let mut records = Vec::with_capacity(order.len());
        for same in order.chunk_by(|a, b| a.0 == b.0) {
            let taken = same.iter().filter_map(|(_, index)| Some((delivered[*index].take()?, *index)));
            let mut taken: Vec<(ResidentRecord, usize)> = taken.collect();
            taken.sort_unstable();
            let mut taken = taken.into_iter();
            let (Some((key, _)), Some((mut first, _))) = (same.first(), taken.next()) else { continue };
            for (other, index) in taken {
                for (mine, theirs) in [(&mut first.protection, other.protection), (&mut first.in_care, other.in_care)] {
                    if !matches!(theirs, Fact::Known(false) | Fact::None) {
                        *mine = theirs;
                    }
                }
                first.dead |= other.dead;
                self.found(RecordKind::Resident, index + 1, Problem::Duplicate);
            }
            self.tally.used += 1;
            keys.push(*key);
            records.push(first);
        }
        Known { keys, records, key_at }
    }

    /// The key of somebody referred to, if the table or the reference itself tells it.
    pub(super) fn key_of(&self, who: &Who) -> Option<ResidentKey> {
        match who {
            Who::Key(key) => Some(*key),
            Who::Code(code) => self.identities.key_of(code),
            Who::Described(..) => None,
        }
    }

    /// The key of somebody who gets a row for being referred to; `of` is whom somebody without a code belongs to.
    pub(super) fn key_for(&mut self, who: &Who, of: Option<ResidentKey>) -> Option<ResidentKey> {
        match who {
            Who::Key(key) => Some(*key),
            Who::Code(code) => self.identities.enter(None, std::iter::once(code), self.day),
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

    /// Whether somebody has a record of their own, delivered now or before.
    pub(super) fn has_record(&self, known: &Known, key: ResidentKey) -> bool {
        known.has(key) || self.old.people.keys.binary_search(&key).is_ok_and(|row| self.old.people.has_record[row])
    }

    /// Everybody who has come, in the order of keys: those with records, and those referred to besides.
    pub(super) fn come(
        known: &Known,
        mut referred: Vec<(ResidentKey, Option<Names>)>,
    ) -> (Vec<ResidentKey>, Vec<Come>) {
        // of the spellings of one name the first in order, whichever came first
        referred.sort_unstable_by(|a, b| (a.0, a.1.is_none(), &a.1).cmp(&(b.0, b.1.is_none(), &b.1)));
        referred.dedup_by(|later, first| later.0 == first.0);
        let mut keys = Vec::with_capacity(known.keys.len() + referred.len());
        let mut come = Vec::with_capacity(keys.capacity());
        let mut records = known.keys.iter().enumerate().peekable();
        for (key, names) in referred {
            while let Some((at, before)) = records.next_if(|(_, other)| **other < key) {
                keys.push(*before);
                come.push(Come::Record(at));
            }
            if records.peek().is_none_or(|(_, other)| **other != key) {
                keys.push(key);
                come.push(Come::Referred(names));
            }
        }
        for (at, key) in records {
            keys.push(*key);
            come.push(Come::Record(at));
        }
        (keys, come)
    }
}

/// Old rows that somebody still points to: with a record, or referred to by pairs and owners that stay.
pub(super) fn staying(people: &People, custody: &Custody, replaced: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut stays = people.has_record.clone();
    for child in 0..people.keys.len() {
        let pairs = custody.of(child);
        if !pairs.is_empty() && !replaced(child) {
            for pair in pairs {
                stays[pair.custodian.position()] = true;
            }
        }
    }
    stays
}

/// The columns of persons while they are filled.
#[derive(Default)]
struct Columns {
    born_first: ColumnBuilder<i32>,
    born_last: ColumnBuilder<i32>,
    sex: ColumnBuilder<u8>,
    municipality: TextBuilder,
    language: TextBuilder,
    protection: ColumnBuilder<u8>,
    in_care: ColumnBuilder<u8>,
    moved_in_first: ColumnBuilder<i32>,
    moved_in_last: ColumnBuilder<i32>,
}

impl Columns {
    fn record(&mut self, record: &ResidentRecord) {
        let born = super::build::never_none(record.born);
        self.born_first.push(born.map(|born| day_number(born.first())));
        self.born_last.push(born.map(|born| day_number(born.last())));
        self.sex.push(record.sex.map(|sex| u8::from(sex == Sex::Male)));
        self.municipality.push(record.municipality.as_ref().map(String::as_str));
        self.language.push(record.language.as_ref().map(String::as_str));
        self.protection.push(record.protection.map(u8::from));
        self.in_care.push(record.in_care.map(u8::from));
        // whether it is none or unknown makes no difference to anybody
        let since = record.dwelling_since.known();
        let day = |of: Option<NaiveDate>| of.map_or(Fact::None, |day| Fact::Known(day_number(day)));
        self.moved_in_first.push(day(since.map(crate::PartialDate::first)));
        self.moved_in_last.push(day(since.map(crate::PartialDate::last)));
    }

    fn carry(&mut self, old: &People, row: usize) {
        self.born_first.push(old.born_first.get(row));
        self.born_last.push(old.born_last.get(row));
        self.sex.push(old.sex.get(row));
        self.municipality.carry(&old.municipality, row);
        self.language.carry(&old.language, row);
        self.protection.push(old.protection.get(row));
        self.in_care.push(old.in_care.get(row));
        self.moved_in_first.push(old.moved_in_first.get(row));
        self.moved_in_last.push(old.moved_in_last.get(row));
    }

    fn referred(&mut self) {
        let nothing = Fact::Unknown(NO_RECORD);
        self.born_first.push(nothing);
        self.born_last.push(nothing);
        self.sex.push(Fact::Unknown(NO_RECORD));
        self.municipality.push(Fact::Unknown(NO_RECORD));
        self.language.push(Fact::Unknown(NO_RECORD));
        self.protection.push(Fact::Unknown(NO_RECORD));
        self.in_care.push(Fact::Unknown(NO_RECORD));
        self.moved_in_first.push(Fact::None);
        self.moved_in_last.push(Fact::None);
    }
}

impl Builder<'_> {
    /// The columns of persons, but for life and dwelling, which are settled later. Takes the names out of the records.
    pub(super) fn people(
        &self,
        keys: Vec<ResidentKey>,
        rows: &Rows,
        come: &mut [Come],
        records: &mut [ResidentRecord],
    ) -> People {
        let old = &self.old.people;
        let mut columns = Columns::default();
        let mut store = StoreBuilder::after(&old.names);
        let n = rows.len();
        let mut people = People { keys, ..People::empty() };
        people.has_record.reserve(n);
        people.dead.reserve(n);
        people.n_codes.reserve(n);
        people.custodians.reserve(n);
        people.name_at.reserve(n);
        for (was, has_come) in rows.iter() {
            let mut name = NO_ROW;
            let has_come = has_come.and_then(|at| come.get_mut(at));
            if let Some(Come::Record(at)) = has_come {
                let record = &mut records[*at];
                columns.record(record);
                people.has_record.push(true);
                people.dead.push(record.dead);
                people.custodians.push(record.custodians);
                if let Some(names) = record.names.take() {
                    name = store.add(names);
                }
            } else {
                let row = was.unwrap_or(usize::MAX);
                if was.is_some() {
                    columns.carry(old, row);
                } else {
                    columns.referred();
                }
                let has_record = old.has_record.get(row).copied().unwrap_or(false);
                people.has_record.push(has_record);
                people.dead.push(old.dead.get(row).copied().unwrap_or(false));
                let custodians = old.custodians.get(row).copied().filter(|_| has_record);
                people.custodians.push(custodians.unwrap_or(ListState::Open(NO_RECORD)));
                name = match (has_come, old.name_at.get(row).copied().filter(|at| *at != NO_ROW)) {
                    (Some(Come::Referred(Some(names))), _) if !has_record => store.add(names.clone()),
                    (_, Some(at)) => store.carry(at),
                    (_, None) => NO_ROW,
                };
            }
            people.name_at.push(name);
        }
        people.n_codes = self.codes_seen(&people.keys, rows);
        people.born_first = columns.born_first.finish();
        people.born_last = columns.born_last.finish();
        people.sex = columns.sex.finish();
        people.municipality = columns.municipality.finish();
        people.language = columns.language.finish();
        people.protection = columns.protection.finish();
        people.in_care = columns.in_care.finish();
        people.moved_in_first = columns.moved_in_first.finish();
        people.moved_in_last = columns.moved_in_last.finish();
        people.life = people
            .has_record
            .iter()
            .zip(&people.dead)
            .map(|(has_record, dead)| match (has_record, dead) {
                (false, _) => Life::NotKnown,
                (true, false) => Life::Alive,
                (true, true) => Life::Dead,
            })
            .collect();
        people.names = store.finish();
        people
    }

    /// How many codes the table knows of each person.
    fn codes_seen(&self, keys: &[ResidentKey], rows: &Rows) -> Vec<u8> {
        let old = &self.old.people.n_codes;
        let seen = |key: ResidentKey| u8::try_from(self.identities.n_codes(key)).unwrap_or(u8::MAX);
        keys.iter()
            .zip(rows.iter())
            .map(|(key, (was, has_come))| match (was.and_then(|was| old.get(was)), has_come) {
                (Some(before), None) => *before,
                _ => seen(*key),
            })
            .collect()
    }
}

/// The row of a key.
pub(super) fn row_of(keys: &[ResidentKey], key: ResidentKey) -> Option<usize> {
    keys.binary_search(&key).ok()
}

/// Rows of sorted items, by key: much cheaper than one search each.
pub(super) fn rows_of(keys: &[ResidentKey], sorted: impl Iterator<Item = ResidentKey>) -> Vec<u32> {
    let mut at = 0;
    sorted
        .map(|key| {
            while keys.get(at).is_some_and(|other| *other < key) {
                at += 1;
            }
            if keys.get(at).is_some_and(|other| *other == key) { packed(at) } else { NO_ROW }
        })
        .collect()
}
