//! A year in the sample city: what happens to its people, as changes in the order of days, and the register of the day on
//! which the year ends.
//!
//! A little life simulator: who is drawn to be born, to move or to die is drawn by age and household, and what happens next
//! follows from what happened before: somebody who has died does not move, and after a separation the children's custodians
//! live in two homes. All rates are assumed, near what is commonly known of Helsinki; they stand in one table here. Not for
//! forecasts.
//!
//! Whole deliveries are held in memory: for cities up to some hundred thousand residents.

mod corrections;
mod newcomers;
mod town;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Months, NaiveDate, TimeDelta};
use ennakko_core::day::PartialDate;
use ennakko_core::fact_table::FactDeclaration;
use ennakko_core::identity::IdentityCode;
use ennakko_core::record::{Delivery, FactDelivery, FactOf, FactRow, Names, ResidentRecord, Who};
use ennakko_core::{Fact, Value};

use super::City;
use super::dice::{Dice, Stream};
use super::facts;
use super::family::{HomeKind, Role};
use super::people::FEMALE;
use super::plan::Plan;
use super::snapshot::Snapshot;
use town::Town;

/// Something that happened to somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// On which day.
    pub day: NaiveDate,
    /// To whom, as the register referred to them just before.
    pub who: Who,
    /// What.
    pub what: Happened,
    /// Position of the person's record in [`Year::end`].
    pub(super) record: usize,
    /// The record as it is from then on.
    pub(super) after: ResidentRecord,
    /// Since when it tells what it tells.
    pub(super) since: Since,
}

/// Since when a record tells something, as the register knows and the model's records have no room for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Since {
    pub(super) municipality: Option<PartialDate>,
    pub(super) names: Option<NaiveDate>,
    pub(super) death: Option<NaiveDate>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Happened {
    /// Was born, to these custodians, into this dwelling.
    Born {
        /// Custodians, the mother first.
        custodians: Vec<Who>,
        /// Dwelling id.
        dwelling: String,
    },
    /// Got a first identity code.
    GotCode {
        /// The code.
        code: IdentityCode,
    },
    /// Got a first name.
    Named {
        /// The names.
        names: Names,
    },
    /// Moved into the city from another municipality, or from abroad.
    MovedIn {
        /// Municipality left; none from abroad.
        from: Option<String>,
        /// Dwelling id.
        dwelling: String,
    },
    /// Moved to another municipality, or abroad.
    MovedOut {
        /// Municipality; none abroad.
        to: Option<String>,
    },
    /// Moved within the city.
    Moved {
        /// Dwelling left, if there was one.
        from: Option<String>,
        /// Dwelling moved to.
        to: String,
    },
    /// Separated from a partner with whom there are children, and moved out; the children stay.
    Separated {
        /// The partner.
        partner: Who,
        /// Dwelling left.
        from: String,
        /// Dwelling moved to.
        to: String,
    },
    /// Died, as the population register says.
    Died,
    /// Is dead, as another source says; the population register may follow, or not.
    FoundDead {
        /// The source.
        source: String,
    },
    /// Turned 18, which ends custody.
    CameOfAge,
    /// Took another family name.
    NameChanged {
        /// The names before.
        before: Names,
        /// The names after.
        after: Names,
    },
    /// Had a wrong identity code put right.
    CodeCorrected {
        /// The code before.
        former: IdentityCode,
        /// The code after.
        code: IdentityCode,
    },
    /// An order of non-disclosure began.
    ProtectionSet {
        /// Whether the source keeps back from now on where the person lives.
        withheld: bool,
    },
    /// An order of non-disclosure ended.
    ProtectionLifted,
    /// Had a wrong name put right.
    NameCorrected {
        /// The names that were wrong.
        before: Names,
        /// The right ones.
        after: Names,
    },
    /// Had a wrong day of birth put right, or one that was known in part made whole.
    BirthCorrected {
        /// The day that was wrong.
        before: PartialDate,
        /// The right one.
        after: PartialDate,
    },
    /// Had a wrong dwelling put right, as from the day of the move.
    HomeCorrected {
        /// The dwelling that was wrong.
        from: String,
        /// The right one.
        to: String,
    },
    /// Was entered as dead by mistake, and is alive.
    DeathRetracted,
    /// A move within the city was removed from the register: it never took place.
    MoveAnnulled {
        /// Dwelling of the move that was removed.
        from: String,
        /// Dwelling of before, which is that of now.
        to: String,
    },
    /// A move to another municipality was removed from the register: it never took place.
    MoveOutAnnulled {
        /// Municipality of the move that was removed.
        from: String,
        /// Dwelling of before, which is that of now.
        to: String,
    },
}

/// A year of a city.
pub struct Year {
    /// The day it begins: the day of [`Self::start`].
    pub from: NaiveDate,
    /// The day it ends: the day of [`Self::end`].
    pub until: NaiveDate,
    /// Everything delivered for the first day.
    pub start: Delivery,
    /// What happened after the first day, up to and with the last, in the order of days.
    pub changes: Vec<Change>,
    /// Everything delivered for the last day. Keys and codes are those of the start, so one identity table serves both.
    pub end: Delivery,
    /// Since when each record of the end tells what it tells.
    pub(super) since: Vec<Since>,
}

/// What somebody is drawn for. The order is the order within a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Drawn {
    ComeOfAge,
    GetCode,
    BeNamed,
    CorrectCode,
    CorrectName,
    CorrectBirth,
    GiveBirth,
    ChangeName,
    Separate,
    CorrectHome,
    Move,
    MoveOut,
    SetProtection,
    LiftProtection,
    BeFoundDead,
    DieByMistake,
    Die,
    /// Somebody comes to the city; the person is the number of the arrival.
    Arrive,
}

/// One drawn day: what, and to whom (a position among the records of the start).
type Draw = (NaiveDate, Drawn, usize);

impl Year {
    /// Lives through the year after a day, with the facts of other registers as they stand at its beginning and its end.
    ///
    /// At the end, a row told at the start still stands unless it told a place of somebody who has moved; rows of what fell
    /// due since are added. Those who came during the year have none yet.
    pub fn live(city: &City, from: NaiveDate, declared: &[FactDeclaration]) -> Self {
        let snapshot = city.on(from);
        let until = from.checked_add_months(Months::new(12)).unwrap_or(from);
        let start = snapshot.delivery(declared);
        let mut town = Town::new(snapshot, &start);
        let mut drawn = draws(snapshot, &town, until);
        drawn.sort_unstable();
        for (day, what, whom) in drawn {
            town.happen(day, what, whom);
        }
        town.fall_due(until);
        let Town { residents, custody, dwellings, deaths, mut changes, moved, since, .. } = town;
        changes.sort_by_key(|change| change.day);
        let buildings = start.buildings.clone();
        let mut end = Delivery { residents, deaths, custody, dwellings, buildings, ..Delivery::default() };
        for told in &start.facts {
            end.facts.extend(later_table(snapshot, told, until, &moved));
        }
        Self { from, until, start, changes, end, since }
    }
}

/// A fact table a year later.
fn later_table(
    snapshot: Snapshot<'_>,
    told: &FactDelivery,
    until: NaiveDate,
    moved: &BTreeSet<Who>,
) -> Option<FactDelivery> {
    let mut later = facts::table(snapshot, &told.declaration, until)?;
    let has_moved = |row: &FactRow| {
        let place = matches!(row.value, Fact::Known(Value::Text(_)));
        place && matches!(&row.of, FactOf::Resident(who) if moved.contains(who))
    };
    let known: BTreeSet<&FactOf> = told.rows.iter().map(|row| &row.of).collect();
    later.rows.retain(|row| !known.contains(&row.of) && !has_moved(row));
    let kept = told.rows.iter().filter(|row| !has_moved(row)).cloned();
    later.rows = kept.chain(later.rows).collect();
    Some(later)
}

/// Days of the year on which something is drawn to happen.
struct Days<'a> {
    dice: Dice,
    from: NaiveDate,
    length: u32,
    drawn: &'a mut Vec<Draw>,
}

impl Days<'_> {
    fn any(&mut self) -> NaiveDate {
        let after = 1 + self.dice.below(self.length);
        self.from.checked_add_signed(TimeDelta::days(i64::from(after))).unwrap_or(self.from)
    }

    /// Draws something `n` times in a hundred thousand.
    fn draw(&mut self, per_100_000: u32, what: Drawn, whom: usize) -> Option<NaiveDate> {
        let drawn = self.dice.per_100_000(per_100_000);
        let day = self.any();
        drawn.then(|| {
            self.drawn.push((day, what, whom));
            day
        })
    }
}

/// Everything drawn for everybody of the start, and who comes to the city.
fn draws(snapshot: Snapshot<'_>, town: &Town<'_>, until: NaiveDate) -> Vec<Draw> {
    let (plan, from) = (snapshot.plan, snapshot.day);
    let length = u32::try_from(until.signed_duration_since(from).num_days()).unwrap_or(365);
    let mut drawn = Vec::new();
    for (record, at) in town.plan_of_record.iter().enumerate() {
        let (person, home) = (plan.person(*at), plan.home_of(*at));
        if person.role == Role::Dead || !home.kind.is_of_city() {
            continue;
        }
        let dice = Dice::new(plan.seed, Stream::Year, u64::from(*at));
        let mut days = Days { dice, from, length, drawn: &mut drawn };
        of_everybody(&mut days, town, *at, record, until);
        let deaths = match person.age {
            85.. => 13_000,
            75..=84 => 3_500,
            65..=74 => 1_200,
            40..=64 => 300,
            _ => 25,
        };
        if let Some(day) = days.draw(deaths, Drawn::Die, record)
            && days.dice.permille(150)
        {
            // another source may know some days before
            let before = day.checked_sub_signed(TimeDelta::days(1 + i64::from(days.dice.below(20)))).unwrap_or(day);
            if before > from {
                days.drawn.push((before, Drawn::BeFoundDead, record));
            }
        }
        days.draw(8, Drawn::BeFoundDead, record);
        if home.kind.is_dwelling() && person.role != Role::Child {
            of_adults(&mut days, plan, *at, record);
        }
    }
    let arrivals = plan.residents / 25;
    let dice = Dice::new(plan.seed, Stream::Year, 1 << 40);
    let mut days = Days { dice, from, length, drawn: &mut drawn };
    for arrival in 0..arrivals as usize {
        days.draw(100_000, Drawn::Arrive, arrival);
    }
    drawn
}

/// What may happen at any age.
fn of_everybody(days: &mut Days<'_>, town: &Town<'_>, at: u32, record: usize, until: NaiveDate) {
    let snapshot = town.snapshot;
    let person = snapshot.plan.person(at);
    let born = snapshot.born(&person);
    if person.age == 17 {
        let birthday = NaiveDate::from_ymd_opt(born.year() + 18, born.month(), born.day());
        let birthday = birthday.or_else(|| NaiveDate::from_ymd_opt(born.year() + 18, 3, 1));
        if let Some(birthday) = birthday.filter(|birthday| days.from < *birthday && *birthday <= until) {
            days.drawn.push((birthday, Drawn::ComeOfAge, record));
        }
    }
    if snapshot.code(&person).is_none() {
        days.draw(80_000, Drawn::GetCode, record);
    }
    if person.age == 0 && person.days <= 60 {
        days.draw(97_000, Drawn::BeNamed, record);
    }
    days.draw(60, Drawn::CorrectCode, record);
    days.draw(120, Drawn::CorrectName, record);
    if person.age >= 20 {
        // a day known in part is made whole more often than a wrong one is put right
        let in_part = matches!(town.residents[record].born, Fact::Known(born) if born.day().is_none());
        days.draw(if in_part { 30_000 } else { 40 }, Drawn::CorrectBirth, record);
    }
    days.draw(60, Drawn::DieByMistake, record);
    days.draw(60, Drawn::SetProtection, record);
    days.draw(15_000, Drawn::LiftProtection, record);
}

/// What may happen to adults with a dwelling.
fn of_adults(days: &mut Days<'_>, plan: &Plan, at: u32, record: usize) {
    let (person, home) = (plan.person(at), plan.home_of(at));
    let first = home.first == at;
    let births = match (usize::from(person.sex) == FEMALE, person.age, home.kind, person.role) {
        (true, 22..=41, HomeKind::Couple, Role::Adult) => 11_500,
        (true, 22..=41, HomeKind::Family, Role::Adult) => 8_500,
        (true, 20..=41, _, Role::Adult) => 900,
        _ => 0,
    };
    days.draw(births, Drawn::GiveBirth, record);
    days.draw(if person.age < 50 { 1_100 } else { 150 }, Drawn::ChangeName, record);
    if home.kind == HomeKind::Family && first {
        days.draw(2_200, Drawn::Separate, record);
    }
    if first {
        // the whole household moves with its first member
        let moves = match person.age {
            ..=29 => 24_000,
            30..=39 => 14_000,
            40..=64 => 6_500,
            _ => 2_500,
        };
        days.draw(200, Drawn::CorrectHome, record);
        days.draw(moves, Drawn::Move, record);
        days.draw(moves / 3, Drawn::MoveOut, record);
    }
}

/// Ordinals for codes given during the year, beyond those that the plan gives out for a day and sex.
#[derive(Default)]
struct NewCodes(BTreeMap<(NaiveDate, u8), u16>);

impl NewCodes {
    fn next(&mut self, born: NaiveDate, sex: u8) -> Option<IdentityCode> {
        let given = self.0.entry((born, sex)).or_insert(150);
        *given += 1;
        // from 250 on, codes stand for nobody
        let ordinal = Some(*given - 1).filter(|ordinal| *ordinal < 250)?;
        super::code::code(born, sex, ordinal).map(IdentityCode::from)
    }
}
