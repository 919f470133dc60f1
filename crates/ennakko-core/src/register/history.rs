//! Where people have lived: municipalities of residence over time, and what they come to on a day.
//!
//! Stays are closed, from the first to the last day, both included, as the Finnish register has them. What cannot be told
//! is unknown: a day before the history begins, a stay that is withheld, stays that disagree.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chrono::NaiveDate;

use super::People;
use super::build::{Builder, Of};
use super::people::PersonRows;
use super::rows::{Rows, Run, packed};
use super::view::Resident;
use crate::column::{TextBuilder, TextColumn};
use crate::day::{PartialDate, day_of_number};
use crate::issue::{Problem, RecordKind};
use crate::record::{HistoryRecord, Stay, Who};
use crate::value::{Fact, UnknownReason};

/// Stays, grouped by person through offsets. Empty when no history was delivered at all.
pub(super) struct Histories {
    /// From which day each person's history is known; none: from birth; unknown: there is none to use.
    known_from: Vec<Fact<NaiveDate>>,
    // INVARIANT (offsets): one more than persons, ascending, the last is the number of stays
    offsets: Vec<u32>,
    days: Vec<Days>,
    /// The municipality of each stay.
    municipality: TextColumn,
}

/// The first and last possible day of a stay's beginning, and of its last day.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Days {
    from: (NaiveDate, NaiveDate),
    last: (NaiveDate, NaiveDate),
}

impl Days {
    fn of(stay: &Stay) -> Self {
        let never = (NaiveDate::MIN, NaiveDate::MAX);
        let ends = |day: PartialDate| (day.first(), day.last());
        Self {
            from: match stay.from {
                Fact::Known(day) => ends(day),
                Fact::None => (NaiveDate::MIN, NaiveDate::MIN),
                Fact::Unknown(_) => never,
            },
            last: match stay.last_day {
                Fact::Known(day) => ends(day),
                Fact::None => (NaiveDate::MAX, NaiveDate::MAX),
                Fact::Unknown(_) => never,
            },
        }
    }

    fn may_cover(self, day: NaiveDate) -> bool {
        self.from.0 <= day && day <= self.last.1
    }

    fn surely_covers(self, day: NaiveDate) -> bool {
        self.from.1 <= day && day <= self.last.0
    }
}

impl Histories {
    /// Whether somebody lived there on a day, by the history alone; `None` of a day that it does not reach.
    fn lived_in(&self, person: usize, municipality: &str, day: NaiveDate) -> Option<Fact<bool>> {
        match self.known_from.get(person)? {
            Fact::Known(from) if day < *from => return None,
            Fact::Unknown(_) => return None,
            Fact::Known(_) | Fact::None => {}
        }
        let stays = self.positions(person);
        let (mut sure, mut perhaps, mut disputed) = (None, [false; 2], false);
        for stay in stays.filter(|stay| self.days[*stay].may_cover(day)) {
            let there = match self.municipality.get(stay) {
                Fact::Known(code) => **code == *municipality,
                Fact::None => false,
                Fact::Unknown(reason) => return Some(Fact::Unknown(reason)),
            };
            if self.days[stay].surely_covers(day) {
                disputed |= sure.is_some_and(|sure: bool| sure != there);
                sure = Some(there);
            } else {
                perhaps[usize::from(there)] = true;
            }
        }
        // a day that no stay covers is a day somewhere else
        let there = sure.unwrap_or(false);
        Some(if disputed {
            Fact::Unknown(UnknownReason::Disputed)
        } else if perhaps[usize::from(!there)] {
            Fact::Unknown(UnknownReason::PartialDate)
        } else {
            Fact::Known(there)
        })
    }

    /// Why a person's history cannot be used, if one was delivered and cannot.
    fn reason(&self, person: usize) -> UnknownReason {
        match self.known_from.get(person) {
            Some(Fact::Unknown(reason)) => *reason,
            _ => UnknownReason::NotDelivered,
        }
    }
}

impl Histories {
    pub(super) fn empty() -> Self {
        Self { known_from: Vec::new(), offsets: vec![0], days: Vec::new(), municipality: TextColumn::of([]) }
    }

    fn positions(&self, person: usize) -> std::ops::Range<usize> {
        match (self.offsets.get(person), self.offsets.get(person + 1)) {
            (Some(from), Some(to)) => *from as usize..*to as usize,
            _ => 0..0,
        }
    }

    /// Whether two persons of two registers have lived in the same places on the same days.
    pub(super) fn same(&self, person: usize, other: &Self, of_other: usize) -> bool {
        let not_delivered = Fact::Unknown(UnknownReason::NotDelivered);
        let from = |histories: &Self, person| histories.known_from.get(person).copied().unwrap_or(not_delivered);
        let (mine, theirs) = (self.positions(person), other.positions(of_other));
        from(self, person) == from(other, of_other)
            && mine.len() == theirs.len()
            && mine
                .zip(theirs)
                .all(|(a, b)| self.days[a] == other.days[b] && self.municipality.get(a) == other.municipality.get(b))
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.known_from.len() * size_of::<Fact<NaiveDate>>()
            + self.offsets.len() * size_of::<u32>()
            + self.days.len() * size_of::<Days>()
            + self.municipality.bytes()
    }
}

impl Builder<'_> {
    /// The history of everybody with a record: as delivered, or, where none is, as it was.
    pub(super) fn histories(
        &mut self,
        people: &People,
        person_rows: &PersonRows<'_>,
        rows: &Rows,
        records: Vec<HistoryRecord>,
        of: &[Of],
    ) -> Histories {
        let old = &self.old.histories;
        let replaced = std::mem::take(&mut self.replaced_history);
        let waited = std::mem::take(&mut self.waiting.histories);
        let n_waited = waited.len();
        let all: Vec<HistoryRecord> =
            if waited.is_empty() { records } else { waited.into_iter().chain(records).collect() };
        let keys = self.keys_of(all.iter().map(|record| &record.of));
        let mut by_person: BTreeMap<usize, HistoryRecord> = BTreeMap::new();
        for (at, (mut record, meant)) in all.into_iter().zip(keys).enumerate() {
            // a record that has waited was told of before
            let position = (at + 1).saturating_sub(n_waited);
            let of = position.checked_sub(1).and_then(|at| of.get(at)).copied().unwrap_or(Of::Anybody);
            let key = match of {
                Of::Anybody => meant,
                Of::Person(key) => key.filter(|key| meant == Some(*key)),
            };
            if position == 0 && key.is_some_and(|key| replaced.binary_search(&key).is_ok()) {
                continue;
            }
            let at = key.and_then(|key| person_rows.row(key)).filter(|at| people.has_record[*at]);
            let Some(at) = at else {
                self.found(RecordKind::History, position, Problem::NoSuchSubject);
                if of == Of::Anybody && !matches!(record.of, Who::Described(..)) {
                    self.waiting.histories.push(record);
                }
                continue;
            };
            if make_whole(&mut record.stays) {
                self.found(RecordKind::History, position, Problem::EndsBeforeItBegins);
            }
            record.stays.sort_unstable();
            match by_person.entry(at) {
                Entry::Occupied(mut first) => {
                    let first = first.get_mut();
                    // nobody knows which is right, whichever came first
                    if (first.known_from, &first.stays) != (record.known_from, &record.stays) {
                        first.known_from = Fact::Unknown(UnknownReason::Disputed);
                    }
                    self.found(RecordKind::History, position, Problem::Duplicate);
                }
                Entry::Vacant(none) => {
                    self.used(position);
                    none.insert(record);
                }
            }
        }
        if by_person.is_empty() && old.known_from.is_empty() {
            return Histories::empty();
        }
        self.touched.extend(by_person.keys().map(|row| packed(*row)));
        let mut filling =
            Filling { histories: Histories::empty(), municipality: TextBuilder::after(&old.municipality) };
        filling.histories.known_from.reserve(rows.len());
        filling.histories.offsets.reserve(rows.len());
        let mut by_person = by_person.into_iter().peekable();
        let mut row = 0;
        for run in rows.runs() {
            let (was, n_rows) = match run {
                Run::Kept(range) => (Some(range.start), range.len()),
                Run::New(places) => (None, places.len()),
                Run::Again { was, .. } => (Some(*was), 1),
            };
            let end = row + n_rows;
            let mut next = row;
            while next < end {
                let to = by_person.peek().map_or(end, |(at, _)| end.min(*at));
                filling.carry(old, was.map(|was| was + next - row), to - next);
                next = to;
                if let Some((_, record)) = by_person.next_if(|(at, _)| *at == next && next < end) {
                    filling.push(&record);
                    next += 1;
                }
            }
            row = end;
        }
        let Filling { mut histories, municipality } = filling;
        histories.municipality = municipality.finish();
        histories
    }
}

/// Histories while they are filled, in the order of persons.
struct Filling {
    histories: Histories,
    municipality: TextBuilder,
}

impl Filling {
    fn push(&mut self, record: &HistoryRecord) {
        self.histories.known_from.push(record.known_from);
        for stay in &record.stays {
            self.histories.days.push(Days::of(stay));
            self.municipality.push(stay.municipality.as_ref().map(String::as_str));
        }
        self.histories.offsets.push(packed(self.histories.days.len()));
    }

    /// The histories of old rows from one on, as they were, if there are any.
    fn carry(&mut self, old: &Histories, from: Option<usize>, n_rows: usize) {
        let rows = from.map(|from| from..from + n_rows);
        let known_from = rows.clone().and_then(|rows| old.known_from.get(rows));
        let offsets = rows.and_then(|rows| old.offsets.get(rows.start..=rows.end)).and_then(<[u32]>::split_first);
        let n_days = self.histories.days.len();
        let (Some(known_from), Some((start, ends))) = (known_from, offsets) else {
            let none = Fact::Unknown(UnknownReason::NotDelivered);
            self.histories.known_from.extend(std::iter::repeat_n(none, n_rows));
            self.histories.offsets.extend(std::iter::repeat_n(packed(n_days), n_rows));
            return;
        };
        let days = *start as usize..ends.last().map_or(*start, |end| *end) as usize;
        self.histories.known_from.extend_from_slice(known_from);
        self.histories.offsets.extend(ends.iter().map(|end| packed(n_days + (*end - *start) as usize)));
        self.histories.days.extend_from_slice(&old.days[days.clone()]);
        self.municipality.carry(&old.municipality, days);
    }
}

/// Makes unknown the days of stays that end before they begin; whether there were any.
fn make_whole(stays: &mut [Stay]) -> bool {
    let mut reversed = false;
    for stay in stays {
        if let (Fact::Known(from), Fact::Known(last)) = (stay.from, stay.last_day)
            && last.last() < from.first()
        {
            stay.from = Fact::Unknown(UnknownReason::Disputed);
            stay.last_day = Fact::Unknown(UnknownReason::Disputed);
            reversed = true;
        }
    }
    reversed
}

impl Resident<'_> {
    /// Whether the municipality of residence was, or is, this one on a day.
    ///
    /// * From the register's day on: as [`lives_in`](Self::lives_in) says today.
    /// * Before it: as the delivered history says, where it reaches; a day between stays is a no.
    /// * Before it, since the person moved into the present dwelling: as today. If the history says otherwise: disputed.
    /// * Before that: unknown.
    pub fn lives_in_on(self, municipality: &str, day: NaiveDate) -> Fact<bool> {
        let register = self.register();
        let today = self.lives_in(municipality);
        if day >= register.day {
            return today;
        }
        let since = register.people.moved_in_last.get(self.at()).known().map(day_of_number);
        let present = since.filter(|since| *since <= day).map(|_| today);
        match (register.histories.lived_in(self.at(), municipality, day), present) {
            (Some(Fact::Known(then)), Some(Fact::Known(now))) if then != now => Fact::Unknown(UnknownReason::Disputed),
            (Some(then), _) => then,
            (None, Some(now)) => now,
            (None, None) => Fact::Unknown(register.histories.reason(self.at())),
        }
    }
}
