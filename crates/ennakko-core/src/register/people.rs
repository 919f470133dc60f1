//! Persons: which records are whose, who has a row, and their columns.

use std::ops::Range;

use chrono::NaiveDate;

use super::build::Builder;
use super::rows::{NO_ROW, Rows, Run, packed};
use super::store::StoreBuilder;
use super::texts::{Name, Texts};
use super::{Custody, Life, NO_RECORD, People};
use crate::column::{ColumnBuilder, TextBuilder};
use crate::day::day_number;
use crate::issue::{Problem, RecordKind};
use crate::key::ResidentKey;
use crate::record::{ListState, Names, ResidentRecord, Sex, Who};
use crate::sorted::Places;
use crate::value::Fact;

/// Records as they were delivered, and which of them count, by key.
pub(super) struct Known {
    // INVARIANT (sorted, each key once)
    pub(super) keys: Vec<ResidentKey>,
    /// The place of each one's record among those delivered.
    pub(super) at: Vec<u32>,
    pub(super) records: Vec<ResidentRecord>,
    /// The key of every record delivered, used or not.
    pub(super) key_at: Vec<Option<ResidentKey>>,
    places: Places,
}

impl Known {
    pub(super) fn has(&self, key: ResidentKey) -> bool {
        found(&self.places, &self.keys, key).is_some()
    }
}

/// A key in the order of keys.
fn number(key: &ResidentKey) -> u128 {
    key.as_uuid().as_u128()
}

/// The place of a key in a sorted list.
fn found(places: &Places, keys: &[ResidentKey], key: ResidentKey) -> Option<usize> {
    let range = places.range(number(&key));
    let at = keys[range.clone()].binary_search(&key).ok()?;
    Some(range.start + at)
}

/// Rows of persons, by key.
pub(super) struct PersonRows<'k> {
    keys: &'k [ResidentKey],
    places: Places,
}

impl<'k> PersonRows<'k> {
    pub(super) fn of(keys: &'k [ResidentKey]) -> Self {
        Self { keys, places: Places::of(keys, number) }
    }

    pub(super) fn row(&self, key: ResidentKey) -> Option<usize> {
        found(&self.places, self.keys, key)
    }
}

/// Somebody who has come: with a record, by its place among those delivered; or only referred to.
pub(super) enum Come {
    Record(usize),
    Referred(Option<Box<Names>>),
}

impl Builder<'_> {
    /// Records by key, whose these keys are. A second record of a person is set aside, whichever came first; death,
    /// protection and care are kept from any.
    pub(super) fn known(&mut self, mut records: Vec<ResidentRecord>, key_at: Vec<Option<ResidentKey>>) -> Known {
        let mut order: Vec<(ResidentKey, u32)> = Vec::with_capacity(records.len());
        for (index, (record, key)) in records.iter().zip(&key_at).enumerate() {
            if let Some(key) = key {
                order.push((*key, packed(index)));
            } else {
                let nobody = record.key.is_none() && record.code.is_none() && record.former_codes.is_empty();
                let problem = if nobody { Problem::NoKeyAndNoCode } else { Problem::CodesOfTwoPersons };
                self.found(RecordKind::Resident, index + 1, problem);
            }
        }
        order.sort_unstable();
        let mut keys = Vec::with_capacity(order.len());
        let mut at = Vec::with_capacity(order.len());
        for same in order.chunk_by(|a, b| a.0 == b.0) {
            let [(key, first), ..] = same else { continue };
            keys.push(*key);
            at.push(if same.len() == 1 { *first } else { self.first_of(&mut records, same) });
            self.tally.used += 1;
        }
        let places = Places::of(&keys, number);
        Known { keys, at, records, key_at, places }
    }

    /// The first in a fixed order of the records of one person, with what counts of the others.
    fn first_of(&mut self, records: &mut [ResidentRecord], same: &[(ResidentKey, u32)]) -> u32 {
        let mut order: Vec<u32> = same.iter().map(|(_, at)| *at).collect();
        order.sort_unstable_by(|a, b| (&records[*a as usize], a).cmp(&(&records[*b as usize], b)));
        let [first, others @ ..] = order.as_slice() else { return NO_ROW };
        for other in others {
            let other = *other as usize;
            let ResidentRecord { protection, in_care, dead, .. } = records[other];
            let first = &mut records[*first as usize];
            for (mine, theirs) in [(&mut first.protection, protection), (&mut first.in_care, in_care)] {
                if !matches!(theirs, Fact::Known(false) | Fact::None) {
                    *mine = theirs;
                }
            }
            first.dead |= dead;
            self.found(RecordKind::Resident, other + 1, Problem::Duplicate);
        }
        *first
    }

    /// The key of somebody referred to, if the table or the reference itself tells it.
    pub(super) fn key_of(&self, who: &Who) -> Option<ResidentKey> {
        match who {
            Who::Key(key) => Some(self.identities.present(*key)),
            Who::Code(code) => self.identities.key_of(code),
            Who::Described(..) => None,
        }
    }

    /// The keys of all these, as [`Self::key_of`] each.
    pub(super) fn keys_of<'w>(&self, who: impl Iterator<Item = &'w Who> + Clone) -> Vec<Option<ResidentKey>> {
        let code = |who: &'w Who| match who {
            Who::Code(code) => Some(code),
            Who::Key(_) | Who::Described(..) => None,
        };
        let mut keys = self.identities.keys_of(who.clone().map(code));
        for (key, who) in keys.iter_mut().zip(who) {
            if let Who::Key(given) = who {
                *key = Some(self.identities.present(*given));
            }
        }
        keys
    }

    /// The key of somebody who gets a row for being referred to; `of` is whom somebody without a code belongs to.
    pub(super) fn key_for(&mut self, who: &Who, of: Option<ResidentKey>) -> Option<ResidentKey> {
        match who {
            Who::Key(key) => Some(self.identities.present(*key)),
            Who::Code(code) => self.identities.enter(None, std::iter::once(code), true, self.day),
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
        mut referred: Vec<(ResidentKey, Option<Box<Names>>)>,
    ) -> (Vec<ResidentKey>, Vec<Come>) {
        // whoever has a record is who it says
        referred.retain(|(key, _)| !known.has(*key));
        // of the spellings of one name the first in order, whichever came first
        referred.sort_unstable_by(|a, b| (a.0, a.1.is_none(), &a.1).cmp(&(b.0, b.1.is_none(), &b.1)));
        referred.dedup_by(|later, first| later.0 == first.0);
        let mut keys = Vec::with_capacity(known.keys.len() + referred.len());
        let mut come = Vec::with_capacity(keys.capacity());
        let mut records = known.keys.iter().zip(&known.at).peekable();
        for (key, names) in referred {
            while let Some((before, at)) = records.next_if(|(other, _)| **other < key) {
                keys.push(*before);
                come.push(Come::Record(*at as usize));
            }
            keys.push(key);
            come.push(Come::Referred(names));
        }
        for (key, at) in records {
            keys.push(*key);
            come.push(Come::Record(*at as usize));
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

/// What records say, as columns hold it.
pub(super) struct Told<'o> {
    // INVARIANT (places): in the order of delivery
    cells: Vec<Cells>,
    municipality: TextBuilder,
    language: TextBuilder,
    names: StoreBuilder<'o, Texts<Names>>,
}

/// What a record says, as columns hold it.
struct Cells {
    born_first: Fact<i32>,
    born_last: Fact<i32>,
    sex: Fact<u8>,
    municipality: Fact<u32>,
    language: Fact<u32>,
    protection: Fact<u8>,
    in_care: Fact<u8>,
    moved_in_first: Fact<i32>,
    moved_in_last: Fact<i32>,
    dead: bool,
    custodians: ListState,
    name: u32,
}

impl<'o> Told<'o> {
    /// Takes records apart in the order of delivery, which is how they lie in memory; `used` are the places of those that
    /// count.
    pub(super) fn by(records: Vec<ResidentRecord>, used: &[u32], old: &'o People) -> Self {
        let mut municipality = TextBuilder::after(&old.municipality);
        let mut language = TextBuilder::after(&old.language);
        let mut store = StoreBuilder::after(&old.names);
        let mut is_used = vec![false; records.len()];
        for at in used {
            is_used[*at as usize] = true;
        }
        store.reserve(used.len());
        let cells = records.into_iter().zip(is_used).map(|(mut record, is_used)| {
            let names = record.names.take().filter(|_| is_used);
            let born = super::build::never_none(record.born);
            // whether it is none or unknown makes no difference to anybody
            let since = record.dwelling_since.known();
            let day = |of: Option<NaiveDate>| of.map_or(Fact::None, |day| Fact::Known(day_number(day)));
            Cells {
                born_first: born.map(|born| day_number(born.first())),
                born_last: born.map(|born| day_number(born.last())),
                sex: record.sex.map(|sex| u8::from(sex == Sex::Male)),
                municipality: record.municipality.as_ref().map(|code| municipality.number(code)),
                language: record.language.as_ref().map(|code| language.number(code)),
                protection: record.protection.map(u8::from),
                in_care: record.in_care.map(u8::from),
                moved_in_first: day(since.map(crate::PartialDate::first)),
                moved_in_last: day(since.map(crate::PartialDate::last)),
                dead: record.dead,
                custodians: record.custodians,
                name: names.map_or(NO_ROW, |names| store.add(Name::from(&names))),
            }
        });
        Self { cells: cells.collect(), municipality, language, names: store }
    }
}

/// What nobody has a record of.
const NOTHING: Cells = Cells {
    born_first: Fact::Unknown(NO_RECORD),
    born_last: Fact::Unknown(NO_RECORD),
    sex: Fact::Unknown(NO_RECORD),
    municipality: Fact::Unknown(NO_RECORD),
    language: Fact::Unknown(NO_RECORD),
    protection: Fact::Unknown(NO_RECORD),
    in_care: Fact::Unknown(NO_RECORD),
    moved_in_first: Fact::None,
    moved_in_last: Fact::None,
    dead: false,
    custodians: ListState::Open(NO_RECORD),
    name: NO_ROW,
};

/// Persons while they are filled, row by row.
struct Filling<'o> {
    old: &'o People,
    people: People,
    told: Told<'o>,
    born_first: ColumnBuilder<i32>,
    born_last: ColumnBuilder<i32>,
    sex: ColumnBuilder<u8>,
    protection: ColumnBuilder<u8>,
    in_care: ColumnBuilder<u8>,
    moved_in_first: ColumnBuilder<i32>,
    moved_in_last: ColumnBuilder<i32>,
}

impl People {
    /// The columns of persons, but for keys, how many codes they have and where they live; `life` is by their own records.
    pub(super) fn of(rows: &Rows, come: &[Come], told: Told<'_>, old: &Self) -> Self {
        let mut people = Self::empty();
        let n = rows.len();
        people.has_record.reserve(n);
        people.dead.reserve(n);
        people.custodians.reserve(n);
        people.name_at.reserve(n);
        let mut filling = Filling {
            old,
            people,
            told,
            born_first: ColumnBuilder::default(),
            born_last: ColumnBuilder::default(),
            sex: ColumnBuilder::default(),
            protection: ColumnBuilder::default(),
            in_care: ColumnBuilder::default(),
            moved_in_first: ColumnBuilder::default(),
            moved_in_last: ColumnBuilder::default(),
        };
        for run in rows.runs() {
            match run {
                Run::Kept(range) => {
                    filling.carry(range);
                    filling.carry_names(range);
                }
                Run::New(places) => come[places.clone()].iter().for_each(|come| filling.push(come)),
                Run::Again { was, at } => match &come[*at] {
                    Come::Referred(Some(names)) if !old.has_record[*was] => {
                        filling.carry(&(*was..*was + 1));
                        filling.add_name(names);
                    }
                    // referred to again: as before
                    Come::Referred(_) => {
                        filling.carry(&(*was..*was + 1));
                        filling.carry_names(&(*was..*was + 1));
                    }
                    record @ Come::Record(_) => filling.push(record),
                },
            }
        }
        filling.finish()
    }
}

impl Filling<'_> {
    fn push(&mut self, come: &Come) {
        let cells = match come {
            Come::Record(at) => &self.told.cells[*at],
            Come::Referred(_) => &NOTHING,
        };
        self.born_first.push(cells.born_first);
        self.born_last.push(cells.born_last);
        self.sex.push(cells.sex);
        self.told.municipality.push_number(cells.municipality);
        self.told.language.push_number(cells.language);
        self.protection.push(cells.protection);
        self.in_care.push(cells.in_care);
        self.moved_in_first.push(cells.moved_in_first);
        self.moved_in_last.push(cells.moved_in_last);
        self.people.has_record.push(matches!(come, Come::Record(_)));
        self.people.dead.push(cells.dead);
        self.people.custodians.push(cells.custodians);
        match come {
            Come::Referred(Some(names)) => self.add_name(names),
            Come::Record(_) | Come::Referred(None) => self.people.name_at.push(cells.name),
        }
    }

    fn add_name(&mut self, names: &Names) {
        let place = self.told.names.add(Name::from(names));
        self.people.name_at.push(place);
    }

    /// Old rows as they were, but for names.
    fn carry(&mut self, rows: &Range<usize>) {
        let old = self.old;
        self.born_first.carry(&old.born_first, rows.clone());
        self.born_last.carry(&old.born_last, rows.clone());
        self.sex.carry(&old.sex, rows.clone());
        self.told.municipality.carry(&old.municipality, rows.clone());
        self.told.language.carry(&old.language, rows.clone());
        self.protection.carry(&old.protection, rows.clone());
        self.in_care.carry(&old.in_care, rows.clone());
        self.moved_in_first.carry(&old.moved_in_first, rows.clone());
        self.moved_in_last.carry(&old.moved_in_last, rows.clone());
        self.people.has_record.extend_from_slice(&old.has_record[rows.clone()]);
        self.people.dead.extend_from_slice(&old.dead[rows.clone()]);
        self.people.custodians.extend_from_slice(&old.custodians[rows.clone()]);
    }

    fn carry_names(&mut self, rows: &Range<usize>) {
        let (names, before) = (&mut self.told.names, &self.old.name_at[rows.clone()]);
        if names.shares() {
            self.people.name_at.extend_from_slice(before);
        } else {
            self.people.name_at.extend(before.iter().map(|at| names.carry(*at)));
        }
    }

    fn finish(self) -> People {
        let life = |(has_record, dead): (&bool, &bool)| match (has_record, dead) {
            (false, _) => Life::NotKnown,
            (true, false) => Life::Alive,
            (true, true) => Life::Dead,
        };
        People {
            life: self.people.has_record.iter().zip(&self.people.dead).map(life).collect(),
            born_first: self.born_first.finish(),
            born_last: self.born_last.finish(),
            sex: self.sex.finish(),
            municipality: self.told.municipality.finish(),
            language: self.told.language.finish(),
            protection: self.protection.finish(),
            in_care: self.in_care.finish(),
            moved_in_first: self.moved_in_first.finish(),
            moved_in_last: self.moved_in_last.finish(),
            names: self.told.names.finish(),
            ..self.people
        }
    }
}

impl Builder<'_> {
    /// How many codes the table knows of each person, up to 255.
    pub(super) fn codes_seen(&self, keys: &[ResidentKey], rows: &Rows) -> Vec<u8> {
        let old = &self.old.people.n_codes;
        let mut seen = Vec::with_capacity(keys.len());
        let mut of_come = self.identities.n_codes_of(rows.iter_come().map(|row| keys[row]));
        let mut next = || of_come.next().map_or(0, |n_codes| u8::try_from(n_codes).unwrap_or(u8::MAX));
        for run in rows.runs() {
            match run {
                Run::Kept(range) => seen.extend_from_slice(&old[range.clone()]),
                Run::New(places) => seen.extend(places.clone().map(|_| next())),
                Run::Again { .. } => seen.push(next()),
            }
        }
        seen
    }
}

/// The row of a key.
pub(super) fn row_of(keys: &[ResidentKey], key: ResidentKey) -> Option<usize> {
    keys.binary_search(&key).ok()
}
