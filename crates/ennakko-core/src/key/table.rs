//! The city's identity table: who holds which codes, now and before, as sorted rows that merge with what a load brings.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use thiserror::Error;

use super::{BuildingKey, DwellingKey, HouseholdKey, KeySecret, ResidentKey};
use crate::identity::IdentityCode;
use crate::record::{Delivery, ResidentRecord};

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
}

#[derive(Clone, Debug)]
struct Person {
    key: ResidentKey,
    first_seen: NaiveDate,
    n_codes: u16,
}

#[derive(Clone, Debug)]
struct Held {
    code: IdentityCode,
    key: ResidentKey,
    /// Position among the person's codes, oldest first.
    nth: u16,
}

#[derive(Clone, Debug, Default)]
struct Late {
    people: BTreeMap<ResidentKey, (NaiveDate, u16)>,
    codes: BTreeMap<IdentityCode, (ResidentKey, u16)>,
}

impl IdentityTable {
    /// An empty table, for a city's first load.
    pub fn new(secret: KeySecret) -> Self {
        Self { secret, people: Vec::new(), codes: Vec::new(), late: Late::default() }
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
            let IdentityRow { key, codes: of_row, first_seen } = row;
            let n_codes = u16::try_from(of_row.len()).unwrap_or(u16::MAX);
            codes.extend((0..).zip(of_row).map(|(nth, code)| (Held { code, key, nth }, index + 1)));
            table.people.push(Person { key, first_seen, n_codes });
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
        let is_known = |record: &&ResidentRecord| {
            record.key.is_some_and(|key| self.person(key).is_some())
                || record.code.iter().chain(&record.former_codes).any(|code| self.key_of(code).is_some())
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
            IdentityRow { key: person.key, codes: of_person, first_seen: person.first_seen }
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

    fn person(&self, key: ResidentKey) -> Option<(NaiveDate, u16)> {
        if let Some(late) = self.late.people.get(&key) {
            return Some(*late);
        }
        let at = self.people.binary_search_by_key(&key, |person| person.key).ok()?;
        self.people.get(at).map(|person| (person.first_seen, person.n_codes))
    }

    /// How many codes were ever seen for a person.
    pub(crate) fn n_codes(&self, key: ResidentKey) -> u16 {
        self.person(key).map_or(0, |(_, n_codes)| n_codes)
    }

    /// The key for a person with these codes (oldest first, the present one last), entered into the table.
    ///
    /// Any code that the table knows decides; if it knows none, a key is made from the codes alone with the city's secret,
    /// so that the same people from nothing give the same keys in any order. `None` if the codes lead to two persons, or
    /// if there is neither a key nor a code.
    pub(crate) fn enter<'c>(
        &mut self,
        given: Option<ResidentKey>,
        codes: impl Iterator<Item = &'c IdentityCode> + Clone,
        day: NaiveDate,
    ) -> Option<ResidentKey> {
        let mut key = given;
        for found in codes.clone().filter_map(|code| self.key_of(code)) {
            if key.is_some_and(|key| key != found) {
                return None;
            }
            key = Some(found);
        }
        let key = match key {
            Some(key) => key,
            None => self.key_made_of(codes.clone().next()?),
        };
        let (first_seen, mut n_codes) = self.person(key).unwrap_or((day, 0));
        let before = n_codes;
        for code in codes {
            if self.key_of(code).is_none() {
                self.late.codes.insert(code.clone(), (key, n_codes));
                n_codes = n_codes.saturating_add(1);
            }
        }
        if before == n_codes && self.person(key).is_some() {
            return Some(key);
        }
        self.late.people.insert(key, (first_seen, n_codes));
        Some(key)
    }

    /// The keys of all these records, each entered as by [`Self::enter`]; the order of the records says nothing.
    pub(crate) fn enter_all(&mut self, records: &[ResidentRecord], day: NaiveDate) -> Vec<Option<ResidentKey>> {
        self.settle();
        let codes_of = |record: &ResidentRecord| record.former_codes.len() + usize::from(record.code.is_some());
        let mut all: Vec<(IdentityCode, u32)> = Vec::with_capacity(records.iter().map(codes_of).sum());
        for (at, record) in (0..).zip(records) {
            all.extend(codes(record).map(|code| (code.clone(), at)));
        }
        all.sort_unstable();
        all.dedup();
        // what shares no code with another record says nothing of another record
        let mut shared = vec![false; records.len()];
        for pair in all.windows(2) {
            if let [(a, one), (b, other)] = pair
                && a == b
            {
                shared[*one as usize] = true;
                shared[*other as usize] = true;
            }
        }
        let mut keys: Vec<Option<ResidentKey>> = records.iter().map(|record| record.key).collect();
        let mut of_two = vec![false; records.len()];
        let mut unseen: Vec<u32> = Vec::new();
        let mut held = self.codes.iter().peekable();
        for (position, (code, at)) in (0..).zip(&all) {
            let at = *at as usize;
            if shared[at] {
                continue;
            }
            while held.next_if(|held| held.code < *code).is_some() {}
            match held.peek().filter(|held| held.code == *code) {
                Some(held) if keys[at].is_some_and(|key| key != held.key) => of_two[at] = true,
                Some(held) => keys[at] = Some(held.key),
                None => unseen.push(position),
            }
        }
        for (at, record) in records.iter().enumerate() {
            if of_two[at] || shared[at] {
                keys[at] = None;
            } else if keys[at].is_none() {
                keys[at] = codes(record).next().map(|oldest| self.key_made_of(oldest));
            }
        }
        self.enter_unseen(records, &keys, &all, &unseen, day);
        // the rest one by one, in an order that is theirs
        let mut rest: Vec<usize> = (0..records.len()).filter(|at| shared[*at]).collect();
        rest.sort_by(|a, b| (records[*a].key, &records[*a]).cmp(&(records[*b].key, &records[*b])));
        for at in rest {
            keys[at] = self.enter(records[at].key, codes(&records[at]), day);
        }
        self.settle();
        keys
    }

    /// Enters the codes at these places of `all`, in their order, and every person with a key.
    fn enter_unseen(
        &mut self,
        records: &[ResidentRecord],
        keys: &[Option<ResidentKey>],
        all: &[(IdentityCode, u32)],
        unseen: &[u32],
        day: NaiveDate,
    ) {
        let mut fresh: Vec<Held> = Vec::with_capacity(unseen.len());
        for (code, at) in unseen.iter().map(|at| &all[*at as usize]) {
            let at = *at as usize;
            if let Some(key) = keys[at] {
                let nth = codes(&records[at]).position(|other| other == code).unwrap_or_default();
                fresh.push(Held { code: code.clone(), key, nth: u16::try_from(nth).unwrap_or(u16::MAX) });
            }
        }
        let mut people: Vec<ResidentKey> = keys.iter().flatten().copied().collect();
        people.sort_unstable();
        people.dedup();
        // codes of one person count on from those known; one of each is the rule
        let mut by_person: Vec<usize> = (0..fresh.len()).collect();
        by_person.sort_unstable_by(|a, b| {
            let by = |at: &usize| (fresh[*at].key, fresh[*at].nth);
            by(a).cmp(&by(b)).then_with(|| fresh[*a].code.cmp(&fresh[*b].code))
        });
        let mut by_person = by_person.into_iter().peekable();
        let old = std::mem::take(&mut self.people);
        self.people.reserve(old.len() + people.len());
        let mut old = old.into_iter().peekable();
        for key in people {
            while let Some(person) = old.next_if(|person| person.key < key) {
                self.people.push(person);
            }
            let known = old.next_if(|person| person.key == key);
            let mut person = known.unwrap_or(Person { key, first_seen: day, n_codes: 0 });
            while let Some(at) = by_person.next_if(|at| fresh[*at].key == key) {
                fresh[at].nth = person.n_codes;
                person.n_codes = person.n_codes.saturating_add(1);
            }
            self.people.push(person);
        }
        self.people.extend(old);
        self.merge_codes(fresh);
    }

    /// Puts what is late in its place.
    pub(crate) fn settle(&mut self) {
        let Late { people, codes } = std::mem::take(&mut self.late);
        if !people.is_empty() {
            let mut old = std::mem::take(&mut self.people).into_iter().peekable();
            for (key, (first_seen, n_codes)) in people {
                while let Some(person) = old.next_if(|person| person.key < key) {
                    self.people.push(person);
                }
                old.next_if(|person| person.key == key);
                self.people.push(Person { key, first_seen, n_codes });
            }
            self.people.extend(old);
        }
        self.merge_codes(codes.into_iter().map(|(code, (key, nth))| Held { code, key, nth }).collect());
    }

    /// Merges codes that the table does not have, in their order.
    fn merge_codes(&mut self, fresh: Vec<Held>) {
        if fresh.is_empty() {
            return;
        }
        let old = std::mem::take(&mut self.codes);
        self.codes.reserve(old.len() + fresh.len());
        let mut old = old.into_iter().peekable();
        for held in fresh {
            while let Some(before) = old.next_if(|other| other.code < held.code) {
                self.codes.push(before);
            }
            self.codes.push(held);
        }
        self.codes.extend(old);
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

    /// The key of a dwelling id.
    pub(crate) fn dwelling_key(&self, id: &str) -> DwellingKey {
        DwellingKey(self.secret.uuid("dwelling", &[id]))
    }

    /// The key of a permanent building id.
    pub(crate) fn building_key(&self, id: &str) -> BuildingKey {
        BuildingKey(self.secret.uuid("building", &[id]))
    }

    /// The key of the household formed in a dwelling on a day (`None`: the day is not known).
    pub(crate) fn household_key(&self, dwelling: DwellingKey, formed: Option<NaiveDate>) -> HouseholdKey {
        let formed = formed.map_or_else(|| "unknown".to_owned(), |day| day.to_string());
        HouseholdKey(self.secret.uuid("household", &[&dwelling.0.to_string(), &formed]))
    }
}

/// The codes of a record, oldest first, the present one last.
fn codes(record: &ResidentRecord) -> impl Iterator<Item = &IdentityCode> + Clone {
    record.former_codes.iter().chain(&record.code)
}
