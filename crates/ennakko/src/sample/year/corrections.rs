//! What the register had wrong: names, days of birth and dwellings put right, deaths retracted, moves removed.

use chrono::{Datelike, Days, NaiveDate};
use ennakko_core::Fact;
use ennakko_core::day::PartialDate;
use ennakko_core::record::{Names, Sex};

use super::Happened;
use super::newcomers::Due;
use super::town::{Residence, Town, is_kept_back};
use crate::sample::resident::HELSINKI;

/// How many moves of a thousand never took place.
const ANNULLED_PERMILLE: u32 = 25;

/// A move that never took place.
pub(super) struct Annulled {
    /// Who was told to have moved, and where each lived before.
    moved: Vec<(usize, Residence, Option<PartialDate>)>,
    /// The dwelling they never left.
    back: usize,
    /// The municipality they were told to have moved to; none within the city.
    municipality: Option<String>,
}

impl Town<'_> {
    fn later(&mut self, day: NaiveDate, least: u32, width: u32, due: Due) {
        let days = u64::from(least + self.dice.below(width));
        self.due.entry(day.checked_add_days(Days::new(days)).unwrap_or(day)).or_default().push(due);
    }

    /// Another further name: the first one, by which a person is called, was right.
    pub(super) fn correct_name(&mut self, day: NaiveDate, record: usize) {
        let Some(before) = self.residents[record].names.clone() else { return };
        let sex = usize::from(self.residents[record].sex == Fact::Known(Sex::Male));
        let first = before.given.split(' ').next().unwrap_or_default();
        let further = self.snapshot.plan.source.middle_names[sex].draw(&mut self.dice);
        let after = Names { given: format!("{first} {further}"), family: before.family.clone() };
        if after != before {
            self.residents[record].names = Some(after.clone());
            self.tell(day, record, Happened::NameCorrected { before, after });
        }
    }

    /// A day known in part becomes the true one; of a day that was wrong the code is wrong too.
    pub(super) fn correct_birth(&mut self, day: NaiveDate, record: usize) {
        let Fact::Known(before) = self.residents[record].born else { return };
        if self.residents[record].code.is_none() {
            return;
        }
        let born = match before.day() {
            Some(born) => {
                let other = (born.day() + self.dice.below(26)) % 27 + 1;
                born.with_day(other)
            }
            None => self.plan_of_record.get(record).map(|at| self.snapshot.born(&self.snapshot.plan.person(*at))),
        };
        let Some(after) = born.map(PartialDate::exact).filter(|after| *after != before) else { return };
        self.residents[record].born = Fact::Known(after);
        self.tell(day, record, Happened::BirthCorrected { before, after });
        if before.day().is_some() {
            self.correct_code(day, record);
        }
    }

    /// Another flat of the same house, as from the day of the move.
    pub(super) fn correct_home(&mut self, day: NaiveDate, first: usize) {
        let Some(wrong) = self.home[first] else { return };
        let building = self.dwellings[wrong].building.clone();
        let household = self.household(first);
        let right = self.empty.iter().position(|empty| self.dwellings[*empty].building == building);
        let (Some(at), false) = (right, household.iter().any(|person| is_kept_back(&self.residents[*person]))) else {
            return;
        };
        let right = self.empty.remove(at);
        for person in household {
            let since = self.residents[person].dwelling_since;
            self.put(day, person, Some(right));
            self.residents[person].dwelling_since = since;
            let (from, to) = (self.dwelling_id(wrong), self.dwelling_id(right));
            self.tell(day, person, Happened::HomeCorrected { from, to });
        }
    }

    /// Somebody is entered as dead who is not: they keep their home, and are alive again some weeks later.
    pub(super) fn die_by_mistake(&mut self, day: NaiveDate, person: usize) {
        self.residents[person].dead = true;
        self.since[person].death = Some(day);
        self.tell(day, person, Happened::Died);
        self.later(day, 3, 40, Due::Retract(person));
    }

    pub(super) fn retract_death(&mut self, day: NaiveDate, person: usize) {
        self.residents[person].dead = false;
        self.since[person].death = None;
        self.tell(day, person, Happened::DeathRetracted);
    }

    /// Draws whether a move that is about to be told will be removed some weeks later.
    pub(super) fn may_be_annulled(&mut self, day: NaiveDate, moving: &[usize], to: Option<&str>) {
        let drawn = self.dice.permille(ANNULLED_PERMILLE);
        let Some(back) = moving.first().and_then(|first| self.home[*first]).filter(|_| drawn) else { return };
        let before = |person: &usize| {
            let record = &self.residents[*person];
            let told = !is_kept_back(record) && record.municipality == Fact::Known(HELSINKI.to_owned());
            told.then(|| (*person, Residence::of(record), self.since[*person].municipality))
        };
        if let Some(moved) = moving.iter().map(before).collect() {
            self.later(day, 5, 30, Due::Annul(Annulled { moved, back, municipality: to.map(str::to_owned) }));
        }
    }

    /// Removes a move, if nothing else has happened to those who moved, or to the dwelling they never left.
    pub(super) fn annul(&mut self, day: NaiveDate, annulled: Annulled) {
        let Annulled { moved, back, municipality } = annulled;
        let Some(at) = self.empty.iter().position(|empty| *empty == back) else { return };
        let home = moved.first().and_then(|(first, ..)| self.home[*first]);
        let as_told = |person: usize| {
            let record = &self.residents[person];
            let there = self.home[person] == home && self.gone.contains(&person) == municipality.is_some();
            there && !record.dead && !is_kept_back(record)
        };
        let alone = home.is_none_or(|home| self.members[home].len() == moved.len());
        if !alone || !moved.iter().all(|(person, ..)| as_told(*person)) {
            return;
        }
        self.empty.remove(at);
        for (person, before, since) in moved {
            self.gone.remove(&person);
            self.put(day, person, Some(back));
            let record = &mut self.residents[person];
            record.municipality = before.municipality;
            record.dwelling_since = before.since;
            self.since[person].municipality = since;
            let to = self.dwelling_id(back);
            let happened = match (&municipality, home) {
                (Some(from), _) => Happened::MoveOutAnnulled { from: from.clone(), to },
                (None, Some(home)) => Happened::MoveAnnulled { from: self.dwelling_id(home), to },
                (None, None) => continue,
            };
            self.tell(day, person, happened);
        }
    }
}
