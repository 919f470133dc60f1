//! The city's identity table: who holds which codes, now and before, as sorted rows that merge with what a load brings.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use thiserror::Error;

use super::{BuildingKey, DwellingKey, HouseholdKey, KeySecret, ResidentKey};
use crate::identity::IdentityCode;
use crate::record::{Delivery, ResidentRecord};
use crate::sorted::{before, mapped};

/// Why an identity table cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IdentityTableError {
    /// One code stands under two keys.
    #[error("row {row} of the identity table gives a code that another key has already")]
    CodeUnderTwoKeys {
        /// Position of the row, from 1.
        row: usize,
    },
    /// The table of earlier loads is missing.
    #[error("the identity table of earlier loads is missing, and without it everybody would get a new key")]
    Lost,
    /// The table has fewer rows than after the last load. Rows are never taken out.
    #[error("the identity table has {rows} rows, after the last load it had {before}")]
    Shrunk {
        /// Rows it has.
        rows: usize,
        /// Rows it had.
        before: usize,
    },
    /// The table knows fewer than half of the people delivered: it is another city's, or another day's.
    #[error("the identity table knows {known} of {delivered} people delivered, which is fewer than half")]
    KnowsTooFew {
        /// People delivered whom the table knows.
        known: usize,
        /// People delivered.
        delivered: usize,
    },
}

/// What a load expects of its identity table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The city's first load: there is no table yet.
    Nothing,
    /// A table, of at least as many rows as it had after the last load.
    Rows(usize),
}

/// One row of the identity table, as the city stores it.
#[derive(Clone, Debug)]
pub struct IdentityRow {
    /// The person.
    pub key: ResidentKey,
    /// Every code ever seen for the person, oldest first.
    pub codes: Vec<IdentityCode>,
    /// The day of the load that first brought the person.
    pub first_seen: NaiveDate,
    /// What is known of the person besides.
    pub standing: Standing,
}

/// What an identity table knows of a person besides codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A record of theirs has come.
    Recorded,
    /// Only the records of others name them so far: as a custodian, or as an owner.
    Named,
    /// They turned out to be the person of another key, who has their codes. The key is never given again.
    SameAs(ResidentKey),
}

/// The city's identity table: key, every code ever seen, first seen.
#[derive(Clone, Debug)]
pub struct IdentityTable {
    secret: KeySecret,
    // INVARIANT (sorted by key, each once)
    people: Vec<Person>,
    // INVARIANT (sorted by code, each once): the person of each is in `people` or in `late`
    codes: Vec<Held>,
    /// Persons and codes that have come since they were last put in their place among the sorted ones.
    late: Late,
    /// Who turned out to be whom: never through a third.
    same: BTreeMap<ResidentKey, ResidentKey>,
}

#[derive(Clone, Copy, Debug)]
struct Person {
    key: ResidentKey,
    first_seen: NaiveDate,
    n_codes: u16,
    /// Whether no record of theirs has come.
    named: bool,
}

#[derive(Clone, Debug)]
struct Held {
    code: IdentityCode,
    key: ResidentKey,
    /// Position among the person's codes, oldest first.
    nth: u16,
}

/// A code as a record gives it.
struct Given {
    code: IdentityCode,
    /// The record, by its place among those delivered.
    record: u32,
    /// Position among the record's codes, oldest first.
    nth: u16,
}

#[derive(Clone, Debug, Default)]
struct Late {
    people: BTreeMap<ResidentKey, Person>,
    codes: BTreeMap<IdentityCode, (ResidentKey, u16)>,
}

impl IdentityTable {
    /// An empty table, for a city's first load.
    pub fn new(secret: KeySecret) -> Self {
        Self { secret, people: Vec::new(), codes: Vec::new(), late: Late::default(), same: BTreeMap::new() }
    }

    /// The table as stored after an earlier load.
    ///
    /// # Errors
    /// * [`IdentityTableError::CodeUnderTwoKeys`]
    pub fn from_rows(
        secret: KeySecret,
        rows: impl IntoIterator<Item = IdentityRow>,
    ) -> Result<Self, IdentityTableError> {
        let mut table = Self::new(secret);
        let mut codes: Vec<(Held, usize)> = Vec::new();
        for (index, row) in rows.into_iter().enumerate() {
            let IdentityRow { key, codes: of_row, first_seen, standing } = row;
            let n_codes = u16::try_from(of_row.len()).unwrap_or(u16::MAX);
            codes.extend((0..).zip(of_row).map(|(nth, code)| (Held { code, key, nth }, index + 1)));
            if let Standing::SameAs(other) = standing {
                table.same.insert(key, other);
            }
            table.people.push(Person { key, first_seen, n_codes, named: standing == Standing::Named });
        }
        table.people.sort_by_key(|person| person.key);
        table.people.dedup_by_key(|person| person.key);
        codes.sort_by(|(a, row), (b, other)| a.code.cmp(&b.code).then(row.cmp(other)));
        for pair in codes.windows(2) {
            if let [(a, _), (b, row)] = pair
                && a.code == b.code
                && a.key != b.key
            {
                return Err(IdentityTableError::CodeUnderTwoKeys { row: *row });
            }
        }
        codes.dedup_by(|(a, _), (b, _)| a.code == b.code);
        table.codes = codes.into_iter().map(|(held, _)| held).collect();
        Ok(table)
    }

    /// The table for a load: as stored, or an empty one for the city's first load. A lost table is a stop, never new keys.
    ///
    /// # Errors
    /// * [`IdentityTableError::Lost`]: rows are expected, and there is no table
    /// * [`IdentityTableError::Shrunk`]: fewer rows than expected
    /// * [`IdentityTableError::CodeUnderTwoKeys`]
    pub fn stored(
        secret: KeySecret,
        rows: Option<impl IntoIterator<Item = IdentityRow>>,
        expected: Expected,
    ) -> Result<Self, IdentityTableError> {
        let table = match (rows, expected) {
            (None, Expected::Nothing) => return Ok(Self::new(secret)),
            (None, Expected::Rows(_)) => return Err(IdentityTableError::Lost),
            (Some(rows), _) => Self::from_rows(secret, rows)?,
        };
        match expected {
            Expected::Rows(before) if table.len() < before => {
                Err(IdentityTableError::Shrunk { rows: table.len(), before })
            }
            Expected::Rows(_) | Expected::Nothing => Ok(table),
        }
    }

    /// Whether the table is of the same people as a whole delivery. To be asked before every load but the first.
    ///
    /// # Errors
    /// * [`IdentityTableError::KnowsTooFew`]: fewer than half of the people delivered are known
    pub fn check_knows(&self, delivery: &Delivery) -> Result<(), IdentityTableError> {
        let mut by_code = self.keys_of(delivery.residents.iter().flat_map(codes).map(Some)).into_iter();
        let is_known = |record: &&ResidentRecord| {
            // every code of the record is taken, so that the next record finds its own
            let n_known = by_code.by_ref().take(codes(record).count()).flatten().count();
            n_known > 0 || record.key.is_some_and(|key| self.person(key).is_some())
        };
        let delivered = delivery.residents.len();
        let known = delivery.residents.iter().filter(is_known).count();
        if known < delivered.div_ceil(2) {
            return Err(IdentityTableError::KnowsTooFew { known, delivered });
        }
        Ok(())
    }

    /// The rows in order of their keys, for the city to store.
    pub fn rows(&self) -> impl Iterator<Item = IdentityRow> + '_ {
        let mut codes: Vec<&Held> = self.codes.iter().collect();
        codes.sort_unstable_by_key(|held| (held.key, held.nth));
        let mut codes = codes.into_iter().peekable();
        self.people.iter().map(move |person| {
            let mut of_person = Vec::new();
            while let Some(held) = codes.next_if(|held| held.key <= person.key) {
                of_person.push(held.code.clone());
            }
            let standing = match self.same.get(&person.key) {
                Some(other) => Standing::SameAs(*other),
                None if person.named => Standing::Named,
                None => Standing::Recorded,
            };
            IdentityRow { key: person.key, codes: of_person, first_seen: person.first_seen, standing }
        })
    }

    /// How many persons the table knows.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether it knows nobody yet.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// The key of a code ever seen.
    pub fn key_of(&self, code: &IdentityCode) -> Option<ResidentKey> {
        if let Some((key, _)) = self.late.codes.get(code) {
            return Some(*key);
        }
        let at = self.codes.binary_search_by(|held| held.code.cmp(code)).ok()?;
        self.codes.get(at).map(|held| held.key)
    }

    fn person(&self, key: ResidentKey) -> Option<Person> {
        if let Some(late) = self.late.people.get(&key) {
            return Some(*late);
        }
        let at = self.people.binary_search_by_key(&key, |person| person.key).ok()?;
        self.people.get(at).copied()
    }

    /// The key that stands for a person now: another one, if they turned out to be somebody who has one.
    pub fn present(&self, key: ResidentKey) -> ResidentKey {
        self.same.get(&key).copied().unwrap_or(key)
    }

    /// Who turned out to be whom, in the order of keys.
    pub(crate) fn same(&self) -> &BTreeMap<ResidentKey, ResidentKey> {
        &self.same
    }

    /// The key for a person with these codes (oldest first, the present one last), entered into the table.
    ///
    /// Any code that the table knows decides; if it knows none, a key is made from the codes alone with the city's secret,
    /// so that the same people from nothing give the same keys in any order. `None` if the codes lead to two persons who have
    /// both had records, or if there is neither a key nor a code. Somebody who was only named so far is the person whose
    /// record has the code.
    pub(crate) fn enter<'c>(
        &mut self,
        given: Option<ResidentKey>,
        codes: impl Iterator<Item = &'c IdentityCode> + Clone,
        named: bool,
        day: NaiveDate,
    ) -> Option<ResidentKey> {
        let mut key = given;
        for found in codes.clone().filter_map(|code| self.key_of(code)) {
            if key.is_some_and(|key| key != found) {
                key = Some(self.one_person(given, codes.clone())?);
                break;
            }
            key = Some(found);
        }
        let key = match key {
            Some(key) => key,
            None => self.key_made_of(codes.clone().next()?),
        };
        let known = self.person(key);
        let mut person = known.unwrap_or(Person { key, first_seen: day, n_codes: 0, named });
        for code in codes {
            if self.key_of(code).is_none() {
                self.late.codes.insert(code.clone(), (key, person.n_codes));
                person.n_codes = person.n_codes.saturating_add(1);
            }
        }
        person.named &= named;
        if known.is_none_or(|known| (known.n_codes, known.named) != (person.n_codes, person.named)) {
            self.late.people.insert(key, person);
        }
        Some(key)
    }

    /// Makes one person of all whom these codes lead to, if at most one of them has had a record or is the one given. The
    /// others' codes become theirs.
    fn one_person<'c>(
        &mut self,
        given: Option<ResidentKey>,
        codes: impl Iterator<Item = &'c IdentityCode> + Clone,
    ) -> Option<ResidentKey> {
        let found = codes.filter_map(|code| self.key_of(code));
        let all: Vec<ResidentKey> = given.into_iter().chain(found).collect();
        let is_somebody =
            |key: &&ResidentKey| given == Some(**key) || self.person(**key).is_none_or(|person| !person.named);
        let mut somebody: Vec<ResidentKey> = all.iter().filter(is_somebody).copied().collect();
        somebody.dedup();
        let into = match somebody.as_slice() {
            [] => *all.first()?,
            [into] => *into,
            _ => return None,
        };
        for from in all.into_iter().filter(|key| *key != into) {
            if self.same.contains_key(&from) {
                continue;
            }
            self.same.values_mut().filter(|other| **other == from).for_each(|other| *other = into);
            self.same.insert(from, into);
            self.move_codes(from, into);
        }
        Some(into)
    }

    fn move_codes(&mut self, from: ResidentKey, into: ResidentKey) {
        let Some(was) = self.person(from) else { return };
        let named = Person { key: into, n_codes: 0, ..was };
        let mut person = self.person(into).unwrap_or(named);
        let mut moved: Vec<(&mut ResidentKey, &mut u16)> = Vec::new();
        for held in self.codes.iter_mut().filter(|held| held.key == from) {
            moved.push((&mut held.key, &mut held.nth));
        }
        for (key, nth) in self.late.codes.values_mut().filter(|(key, _)| *key == from) {
            moved.push((key, nth));
        }
        moved.sort_by_key(|(_, nth)| **nth);
        for (key, nth) in moved {
            (*key, *nth) = (into, person.n_codes);
            person.n_codes = person.n_codes.saturating_add(1);
        }
        self.late.people.insert(from, Person { n_codes: 0, ..was });
        self.late.people.insert(into, person);
    }

    /// The keys of all these codes, as far as the table knows them, in one pass in the order of codes.
    pub(crate) fn keys_of<'c>(
        &self,
        codes: impl Iterator<Item = Option<&'c IdentityCode>>,
    ) -> Vec<Option<ResidentKey>> {
        let mut keys = Vec::new();
        let mut wanted: Vec<(u128, u32)> = Vec::new();
        for (code, at) in codes.zip(0..) {
            wanted.extend(code.map(|code| (code.packed(), at)));
            // what is late is in no order
            let late = code.filter(|_| !self.late.codes.is_empty()).and_then(|code| self.late.codes.get(code));
            keys.push(late.map(|(key, _)| *key));
        }
        wanted.sort_unstable();
        let mut next = 0;
        for (code, at) in wanted {
            next += before(&self.codes[next..], |held| held.code.packed() < code);
            if let Some(held) = self.codes.get(next).filter(|held| held.code.packed() == code) {
                keys[at as usize] = Some(held.key);
            }
        }
        keys
    }

    /// How many codes were ever seen for each of these persons, who come in the order of keys.
    pub(crate) fn n_codes_of(&self, sorted: impl Iterator<Item = ResidentKey>) -> impl Iterator<Item = u16> {
        let mut next = 0;
        sorted.map(move |key| {
            if let Some(person) = self.late.people.get(&key) {
                return person.n_codes;
            }
            next += before(&self.people[next..], |person| person.key < key);
            self.people.get(next).filter(|person| person.key == key).map_or(0, |person| person.n_codes)
        })
    }

    /// The keys of all these records, each entered as by [`Self::enter`]; the order of the records says nothing.
    pub(crate) fn enter_all(&mut self, records: &[ResidentRecord], day: NaiveDate) -> Vec<Option<ResidentKey>> {
        self.settle();
        // codes apart from their records, which are many times larger
        let n_codes = |record: &ResidentRecord| record.former_codes.len() + usize::from(record.code.is_some());
        let mut given: Vec<Given> = Vec::with_capacity(records.iter().map(n_codes).sum());
        for (record, of) in (0..).zip(records) {
            given.extend((0..).zip(codes(of)).map(|(nth, code)| Given { code: code.clone(), record, nth }));
        }
        // each with its record, and its place among all given
        let packed = |(given, at): (&Given, u32)| (given.code.packed(), given.record, at);
        let mut all: Vec<(u128, u32, u32)> = given.iter().zip(0..).map(packed).collect();
        all.sort_unstable();
        all.dedup_by_key(|(code, record, _)| (*code, *record));
        // what shares no code with another record says nothing of another record
        let mut shared = vec![false; records.len()];
        for pair in all.windows(2) {
            if let [(a, one, _), (b, other, _)] = pair
                && a == b
            {
                shared[*one as usize] = true;
                shared[*other as usize] = true;
            }
        }
        let mut keys: Vec<Option<ResidentKey>> = records.iter().map(|record| record.key).collect();
        let mut of_two = vec![false; records.len()];
        let mut in_table = vec![false; records.len()];
        let mut unseen: Vec<u32> = Vec::new();
        let mut next = 0;
        for (code, record, place) in all {
            let at = record as usize;
            if shared[at] {
                continue;
            }
            next += before(&self.codes[next..], |held| held.code.packed() < code);
            match self.codes.get(next).filter(|held| held.code.packed() == code) {
                Some(held) if keys[at].is_some_and(|key| key != held.key) => of_two[at] = true,
                Some(held) => {
                    keys[at] = Some(held.key);
                    in_table[at] = true;
                }
                None => unseen.push(place),
            }
        }
        let mut nameless: Vec<usize> = Vec::new();
        for at in 0..records.len() {
            shared[at] |= of_two[at];
            if shared[at] {
                keys[at] = None;
            } else if keys[at].is_none() && codes(&records[at]).next().is_some() {
                nameless.push(at);
            }
        }
        let made = mapped(&nameless, |at| codes(&records[*at]).next().map(|oldest| self.key_made_of(oldest)));
        for (at, key) in nameless.into_iter().zip(made) {
            keys[at] = key;
        }
        self.enter_unseen((&given, &unseen), &keys, &in_table, day);
        // the rest one by one, in an order that is theirs
        let mut rest: Vec<usize> = (0..records.len()).filter(|at| shared[*at]).collect();
        rest.sort_by(|a, b| (records[*a].key, &records[*a]).cmp(&(records[*b].key, &records[*b])));
        for at in rest {
            keys[at] = self.enter(records[at].key, codes(&records[at]), false, day);
        }
        self.settle();
        keys
    }

    /// Enters codes that the table does not have, `unseen` in the order of codes; and everybody with a key of whom no code is
    /// in the table.
    fn enter_unseen(
        &mut self,
        (given, unseen): (&[Given], &[u32]),
        keys: &[Option<ResidentKey>],
        in_table: &[bool],
        day: NaiveDate,
    ) {
        let mut fresh: Vec<Held> = Vec::with_capacity(unseen.len());
        // codes of one person count on from those known; one of each is the rule
        let mut by_person: Vec<(ResidentKey, u16, u32)> = Vec::with_capacity(unseen.len());
        let mut has_fresh = vec![false; keys.len()];
        let unseen = unseen.iter().map(|place| &given[*place as usize]);
        let of_somebody = unseen.filter_map(|given| Some((given, keys[given.record as usize]?)));
        for (at, (Given { code, record, nth }, key)) in (0..).zip(of_somebody) {
            has_fresh[*record as usize] = true;
            by_person.push((key, *nth, at));
            fresh.push(Held { code: code.clone(), key, nth: *nth });
        }
        by_person.sort_unstable();
        let mut people: Vec<ResidentKey> = Vec::with_capacity(by_person.len());
        people.extend(by_person.iter().map(|(key, ..)| *key));
        for ((key, has_fresh), in_table) in keys.iter().zip(has_fresh).zip(in_table) {
            people.extend(key.filter(|_| !has_fresh && !in_table));
        }
        // sorted, but for those at the end
        people.sort();
        people.dedup();
        let mut by_person = by_person.into_iter().peekable();
        let mut come: Vec<Person> = Vec::with_capacity(people.len());
        let mut next = 0;
        for key in people {
            next += before(&self.people[next..], |person| person.key < key);
            let known = self.people.get_mut(next).filter(|person| person.key == key);
            let mut n_codes = known.as_ref().map_or(0, |person| person.n_codes);
            while let Some((_, nth, at)) = by_person.next_if(|(of, ..)| *of == key) {
                if nth != n_codes {
                    fresh[at as usize].nth = n_codes;
                }
                n_codes = n_codes.saturating_add(1);
            }
            match known {
                Some(person) => *person = Person { n_codes, named: false, ..*person },
                None => come.push(Person { key, first_seen: day, n_codes, named: false }),
            }
        }
        self.merge(come, fresh);
    }

    /// Puts what is late in its place.
    pub(crate) fn settle(&mut self) {
        let Late { people, codes } = std::mem::take(&mut self.late);
        let mut come = Vec::with_capacity(people.len());
        let mut next = 0;
        for (key, late) in people {
            next += before(&self.people[next..], |person| person.key < key);
            match self.people.get_mut(next).filter(|person| person.key == key) {
                Some(person) => *person = late,
                None => come.push(late),
            }
        }
        self.merge(come, codes.into_iter().map(|(code, (key, nth))| Held { code, key, nth }).collect());
    }

    /// Merges people and codes that the table does not have, each in their order.
    fn merge(&mut self, people: Vec<Person>, codes: Vec<Held>) {
        // a stable sort sees that both parts are sorted
        if self.people.is_empty() {
            self.people = people;
        } else if !people.is_empty() {
            self.people.extend(people);
            self.people.sort_by_key(|person| person.key);
        }
        if self.codes.is_empty() {
            self.codes = codes;
        } else if !codes.is_empty() {
            self.codes.extend(codes);
            self.codes.sort_by(|a, b| a.code.cmp(&b.code));
        }
    }

    /// The key of somebody of whom no code is known: of the oldest one, so that a corrected code does not change the key,
    /// even from nothing.
    fn key_made_of(&self, oldest: &IdentityCode) -> ResidentKey {
        ResidentKey(self.secret.uuid("resident", &[oldest.as_str()]))
    }

    /// The key of somebody without a code, from whom they belong to and what is known of them.
    pub(crate) fn stub_key(&self, of: ResidentKey, describing: &str) -> ResidentKey {
        ResidentKey(self.secret.uuid("stub", &[&of.0.to_string(), describing]))
    }

    /// The city's secret, which is all that the key of a dwelling needs besides its id.
    pub(crate) fn secret(&self) -> &KeySecret {
        &self.secret
    }

    /// The key of a permanent building id.
    pub(crate) fn building_key(&self, id: &str) -> BuildingKey {
        self.secret.building_key(id)
    }

    /// The key of the household formed in a dwelling on a day (`None`: the day is not known).
    pub(crate) fn household_key(&self, dwelling: DwellingKey, formed: Option<NaiveDate>) -> HouseholdKey {
        let formed = formed.map_or_else(|| "unknown".to_owned(), written);
        let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
        HouseholdKey(self.secret.uuid("household", &[dwelling.0.hyphenated().encode_lower(&mut text), &formed]))
    }
}

/// A day as `2026-11-22`: as it writes itself, and many times faster.
fn written(day: NaiveDate) -> String {
    let Ok(year @ 0..=9999) = u32::try_from(day.year()) else { return day.to_string() };
    let digits = |number: u32, tens: u32| char::from_digit(number / tens % 10, 10).unwrap_or('0');
    let mut text = String::with_capacity(10);
    text.extend([1000, 100, 10, 1].map(|tens| digits(year, tens)));
    for part in [day.month(), day.day()] {
        text.push('-');
        text.extend([10, 1].map(|tens| digits(part, tens)));
    }
    text
}

/// The codes of a record, oldest first, the present one last.
fn codes(record: &ResidentRecord) -> impl Iterator<Item = &IdentityCode> + Clone {
    record.former_codes.iter().chain(&record.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_they_write_themselves() {
        for text in ["0000-01-01", "0999-12-31", "1800-01-01", "2026-11-22", "9999-10-09"] {
            let day: NaiveDate = text.parse().unwrap();
            assert_eq!((written(day), day.to_string()), (text.to_owned(), text.to_owned()));
        }
        for day in [NaiveDate::MIN, NaiveDate::MAX] {
            assert_eq!(written(day), day.to_string());
        }
    }
}
