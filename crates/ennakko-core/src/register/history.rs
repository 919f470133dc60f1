//! Where people have lived: municipalities of residence over time, and what they come to on a day.
//!
//! Stays are closed, from the first to the last day, both included, as the Finnish register has them. What cannot be told
//! is unknown: a day before the history begins, a stay that is withheld, stays that disagree.

use chrono::NaiveDate;

use super::build::Builder;
use super::view::Resident;
use crate::column::TextColumn;
use crate::day::{PartialDate, day_of_number};
use crate::issue::{Problem, RecordKind};
use crate::record::{HistoryRecord, Stay};
use crate::value::{Fact, UnknownReason};

/// Stays, grouped by person through offsets. Empty when no history was delivered at all.
pub(super) struct Histories {
    /// From which day each person's history is known; none: from birth; unknown: there is none to use.
    known_from: Vec<Fact<NaiveDate>>,
    // INVARIANT (offsets): one more than persons, ascending, the last is the number of stays
    offsets: Vec<usize>,
    days: Vec<Days>,
    /// The municipality of each stay.
    municipality: TextColumn,
}

/// The first and last possible day of a stay's beginning, and of its last day.
#[derive(Clone, Copy)]
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
        let stays = *self.offsets.get(person)?..*self.offsets.get(person + 1)?;
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

impl Builder<'_> {
    pub(super) fn histories(&mut self, n_people: usize, records: Vec<HistoryRecord>) -> Histories {
        let mut by_person: Vec<Option<HistoryRecord>> = Vec::new();
        if !records.is_empty() {
            by_person.resize(n_people, None);
        }
        for (index, mut record) in records.into_iter().enumerate() {
            let position = index + 1;
            let at = self.key_of(&record.of, None).and_then(|key| self.places.residents.get(&key).copied());
            let Some(at) = at else {
                self.found(RecordKind::History, position, Problem::NoSuchSubject);
                continue;
            };
            if make_whole(&mut record.stays) {
                self.found(RecordKind::History, position, Problem::EndsBeforeItBegins);
            }
            record.stays.sort_unstable();
            match &mut by_person[at] {
                Some(first) => {
                    // nobody knows which is right, whichever came first
                    if (first.known_from, &first.stays) != (record.known_from, &record.stays) {
                        first.known_from = Fact::Unknown(UnknownReason::Disputed);
                    }
                    self.found(RecordKind::History, position, Problem::Duplicate);
                }
                none => {
                    self.tally.used += 1;
                    *none = Some(record);
                }
            }
        }
        let mut offsets = vec![0];
        let mut stays: Vec<Stay> = Vec::new();
        let mut known_from = Vec::with_capacity(by_person.len());
        for record in by_person {
            known_from.push(match record {
                Some(record) => {
                    stays.extend(record.stays);
                    record.known_from
                }
                None => Fact::Unknown(UnknownReason::NotDelivered),
            });
            offsets.push(stays.len());
        }
        Histories {
            known_from,
            offsets,
            days: stays.iter().map(Days::of).collect(),
            municipality: TextColumn::of(stays.iter().map(|stay| stay.municipality.as_ref().map(String::as_str))),
        }
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
        let since = register.people.moved_in.get(self.at()).known().map(day_of_number);
        let present = since.filter(|since| *since <= day).map(|_| today);
        match (register.histories.lived_in(self.at(), municipality, day), present) {
            (Some(Fact::Known(then)), Some(Fact::Known(now))) if then != now => Fact::Unknown(UnknownReason::Disputed),
            (Some(then), _) => then,
            (None, Some(now)) => now,
            (None, None) => Fact::Unknown(register.histories.reason(self.at())),
        }
    }
}
