//! Fact tables of other city registers, for the facts whose names the sample knows.
//!
//! Every table has **holes** (about one row in eighty is missing; what that means the declaration says), **late rows** (told
//! under a code that has been corrected since, or not yet told of somebody who moved in lately), **rows that do not tell**
//! (six in a thousand: there is a row, and its value was not delivered) and **wrong rows**: about one in a hundred, half of
//! them doubled with another value, half about nobody. All shares are assumed.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate, TimeDelta};
use ennakko_core::day::PartialDate;
use ennakko_core::fact_table::{FactDeclaration, FactType, SubjectKind};
use ennakko_core::identity::IdentityCode;
use ennakko_core::record::{FactDelivery, FactOf, FactRow, Who};
use ennakko_core::{Fact, UnknownReason, Value};

use super::admission::Admissions;
use super::building::{Shape, building_id};
use super::code;
use super::dice::{Dice, Stream};
use super::family::Absent;
use super::plan::{Home, Person, count};
use super::snapshot::Snapshot;

mod services;

/// The names of the facts that the sample has rows for; a name that ends with `*` stands for every name that begins so.
pub const KNOWN_FACTS: [&str; 22] = [
    "resident.local_school",
    "resident.school_place_year",
    "resident.start_deferred",
    "resident.alternating_residence",
    "resident.extended_compulsory",
    "resident.preprimary_*",
    "resident.ecec_*",
    "resident.cervical_*",
    "resident.colorectal_*",
    "resident.service_needs_assessed_*",
    "resident.travel_*",
    "resident.culture_kid",
    "resident.breast_invited_on",
    "resident.ninth_grade_year",
    "resident.tuva_year",
    "resident.summer_voucher_year",
    "resident.city_resident_*",
    "resident.finland_resident_from",
    "resident.voting_group",
    "resident.polling_place",
    "building.lift_grant_year",
    "building.heritage_listed",
];

/// One person as the tables see them.
struct Case<'a> {
    person: &'a Person,
    home: Home,
    /// Age on the day that the tables tell of.
    age: i32,
    birth_year: i32,
    /// The age reached in the year of the school start that comes next.
    reaches: i32,
    start_year: i32,
}

/// Who is screened: at the first age and every so many years to the last; how many of a thousand invited come.
struct Screening {
    concerned: bool,
    ages: std::ops::RangeInclusive<i32>,
    every: i32,
    come: u32,
}

struct Tables<'a> {
    snapshot: Snapshot<'a>,
    /// The day that the tables tell of: the snapshot's, or a later one of the same people.
    on: NaiveDate,
    schools: Admissions,
    day_care: Admissions,
}

/// The rows of a fact, or `None` for a name the sample does not know or a type it has no values of.
///
/// The day may be later than the snapshot's: the same people, grown older.
pub(super) fn table(snapshot: Snapshot<'_>, declaration: &FactDeclaration, on: NaiveDate) -> Option<FactDelivery> {
    if !is_known(declaration) {
        return None;
    }
    let source = &snapshot.plan.source;
    let tables =
        Tables { snapshot, on, schools: Admissions::of_schools(source), day_care: Admissions::of_day_care(source) };
    let rows = match declaration.subject {
        SubjectKind::Resident => tables.of_residents(declaration),
        SubjectKind::Building => tables.of_buildings(declaration),
        SubjectKind::Household => return None,
    };
    let late = i64::from(declaration.fresh_days.min(2));
    let delivered_on = on.checked_sub_signed(TimeDelta::days(late)).unwrap_or(on);
    Some(FactDelivery { declaration: declaration.clone(), delivered_on, rows })
}

fn is_known(declaration: &FactDeclaration) -> bool {
    let full = format!("{}.{}", declaration.subject.word(), declaration.name);
    KNOWN_FACTS.iter().any(|known| match known.strip_suffix('*') {
        Some(start) => full.starts_with(start),
        None => full == *known,
    })
}

/// A stream of its own for every fact, from the letters of its name.
fn stream_of(name: &str) -> u64 {
    let letters = name.bytes().fold(17_u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)));
    (letters % 100_000) << 33
}

impl Tables<'_> {
    fn of_residents(&self, declaration: &FactDeclaration) -> Vec<FactRow> {
        let day = self.on;
        let start_year = if day.month() >= 8 { day.year() + 1 } else { day.year() };
        let stream = stream_of(&declaration.name);
        let mut rows = Vec::new();
        for (at, person, home) in self.snapshot.residents() {
            let born = self.snapshot.born(&person);
            let birth_year = born.year();
            let birthday_to_come = (day.month(), day.day()) < (born.month(), born.day());
            let age = day.year() - birth_year - i32::from(birthday_to_come);
            let case = Case { person: &person, home, age, birth_year, reaches: start_year - birth_year, start_year };
            let mut dice = Dice::new(self.snapshot.plan.seed, Stream::Fact, stream | u64::from(at));
            let Some(value) = self.resident_value(declaration, at, &case, &mut dice) else {
                // an assessment that has begun, whose year nobody has entered yet
                if declaration.name.starts_with("service_needs_") && case.age >= 70 && dice.permille(25) {
                    let of = FactOf::Resident(self.named(at, &mut dice));
                    rows.push(FactRow { of, value: Fact::Unknown(UnknownReason::NotDelivered) });
                }
                continue;
            };
            let other = self.other(&declaration.name, &value, &case);
            let of = FactOf::Resident(self.named(at, &mut dice));
            add(&mut rows, of, value, other, &mut dice, |dice| self.nobody(dice));
        }
        rows
    }

    /// How a source names somebody: one in five whose code was corrected are still told under the old one.
    fn named(&self, at: u32, dice: &mut Dice) -> Who {
        match self.snapshot.former_code(at) {
            Some(former) if dice.below(5) == 0 => Who::Code(IdentityCode::from(former)),
            _ => self.snapshot.who(at),
        }
    }

    /// The code of nobody: the last ordinals of a day are never given.
    fn nobody(&self, dice: &mut Dice) -> Option<FactOf> {
        let days = i64::from(400 + dice.below(20_000));
        let born = self.snapshot.day.checked_sub_signed(TimeDelta::days(days))?;
        let nobody = code::code(born, 0, u16::try_from(250 + dice.below(50)).ok()?)?;
        Some(FactOf::Resident(Who::Code(IdentityCode::from(nobody))))
    }

    fn resident_value(
        &self,
        declaration: &FactDeclaration,
        at: u32,
        case: &Case<'_>,
        dice: &mut Dice,
    ) -> Option<Value> {
        let name = declaration.name.as_str();
        let kind = declaration.fact_type;
        match name {
            "local_school" => self.place(at, case, dice, 5..=16, &self.schools, kind),
            "school_place_year" => year_value(kind, place_year(case, dice, 7)?, self.on),
            "start_deferred" => decided(kind, case.reaches == 7, 15, dice),
            "extended_compulsory" => decided(kind, (5..=8).contains(&case.reaches), 15, dice),
            "alternating_residence" => {
                let apart = matches!(case.home.absent, Some(Absent::InCity | Absent::Elsewhere));
                decided(kind, apart && (3..=16).contains(&case.age), 400, dice)
            }
            // an enrolment that nobody has decided yet: of the next start only
            "preprimary_enrolled_year" => {
                let sent = case.reaches == 6 && dice.permille(60);
                sent.then(|| year_value(kind, case.start_year, self.on)).flatten()
            }
            _ if name.starts_with("preprimary_") => match kind {
                FactType::Place | FactType::Text => self.place(at, case, dice, 5..=7, &self.day_care, kind),
                FactType::Bool => decided(kind, case.reaches == 6, 60, dice),
                FactType::Int | FactType::Day => year_value(kind, place_year(case, dice, 6)?, self.on),
            },
            _ if name.starts_with("ecec_") => self.early_education(declaration, at, case, dice),
            _ if name.starts_with("cervical_") => {
                let concerned = usize::from(case.person.sex) == super::people::FEMALE;
                self.screened(name, kind, at, case, &Screening { concerned, ages: 25..=65, every: 5, come: 720 })
            }
            _ if name.starts_with("colorectal_") => {
                let screening = &Screening { concerned: true, ages: 60..=74, every: 2, come: 780 };
                self.screened(name, kind, at, case, screening)
            }
            _ if name.starts_with("service_needs_") => {
                let likely = if case.age > 75 { 300 } else { 120 };
                if case.age < 70 || !dice.permille(likely) {
                    return None;
                }
                let ago = i32::try_from(dice.below(4)).unwrap_or_default();
                year_value(kind, self.on.year() - ago, self.on)
            }
            _ => self.of_services(name, kind, at, case, dice),
        }
    }

    /// The unit of the child's home; none for a home that the source does not see, half as often for one just moved to.
    fn place(
        &self,
        at: u32,
        case: &Case<'_>,
        dice: &mut Dice,
        reaches: std::ops::RangeInclusive<i32>,
        units: &Admissions,
        kind: FactType,
    ) -> Option<Value> {
        let building = case.home.building?;
        if !reaches.contains(&case.reaches) || !matches!(kind, FactType::Place | FactType::Text) {
            return None;
        }
        let living = self.snapshot.living_there(case.person.home, case.home);
        if living.is_withheld(at) || (living.moved_in_days < 30 && dice.below(2) == 0) {
            return None;
        }
        let unit = units.unit(usize::from(case.home.area), building, case.person.language == 1)?;
        Some(Value::Text(Arc::from(unit)))
    }

    /// Early education: about half of those of one, most from two to six; four in five of them with the city. Place and
    /// provider are codes of Varda, as the city's code lists name them.
    fn early_education(
        &self,
        declaration: &FactDeclaration,
        at: u32,
        case: &Case<'_>,
        own: &mut Dice,
    ) -> Option<Value> {
        let likely = match case.age {
            1 => 550,
            2 => 800,
            3..=6 if case.reaches <= 6 => 920,
            _ => return None,
        };
        // one throw for all facts of this family, so that they agree with each other
        let mut dice = Dice::new(self.snapshot.plan.seed, Stream::Fact, stream_of("ecec") | u64::from(at));
        let attends = dice.permille(likely);
        let place = ["tm01", "tm02", "tm03", "club"][dice.weighted([880, 50, 30, 40].into_iter()).unwrap_or_default()];
        let provider =
            ["jm01", "jm02", "jm03", "jm04"][dice.weighted([800, 30, 100, 70].into_iter()).unwrap_or_default()];
        if !attends {
            return None;
        }
        let text = |text: &str| Some(Value::Text(Arc::from(text)));
        match (declaration.fact_type, declaration.name.as_str()) {
            (FactType::Text, "ecec_place") => text(place),
            (FactType::Text, "ecec_provider") => text(provider),
            (FactType::Bool, "ecec_on_break" | "ecec_round_the_clock") => decided(FactType::Bool, true, 20, own),
            (FactType::Bool, "ecec_municipal") => Some(Value::Bool(provider == "jm01")),
            (FactType::Place | FactType::Text, "ecec_unit") => {
                let living = self.snapshot.living_there(case.person.home, case.home);
                let swedish = case.person.language == 1;
                let unit = self.day_care.unit(usize::from(case.home.area), case.home.building?, swedish)?;
                (!living.is_withheld(at)).then(|| text(unit)).flatten()
            }
            _ => None,
        }
    }

    /// The last year in which somebody was invited, or came. This year's invitations go out as the year goes by, and a few
    /// of the next year's before it begins.
    fn screened(&self, name: &str, kind: FactType, at: u32, case: &Case<'_>, screening: &Screening) -> Option<Value> {
        let year = self.on.year();
        let is_turn = |year: &i32| {
            let reaches = year - case.birth_year;
            screening.ages.contains(&reaches) && (reaches - screening.ages.start()) % screening.every == 0
        };
        let mut turns = (year - screening.every..=year + 1).rev().filter(is_turn);
        if !screening.concerned || turns.clone().next().is_none() {
            return None;
        }
        // one throw for being invited and for coming, so that nobody comes who was not invited
        let family = name.split('_').next().unwrap_or_default();
        let mut dice = Dice::new(self.snapshot.plan.seed, Stream::Fact, stream_of(family) | u64::from(at));
        let (early, sent_on, comes) = (dice.permille(40), dice.below(366), dice.permille(screening.come));
        let invited = |turn: &i32| match turn - year {
            1 => early && self.on.month() >= 10,
            0 => early || sent_on < self.on.ordinal(),
            _ => true,
        };
        let last = turns.find(invited)?;
        (name.contains("invited") || comes).then(|| year_value(kind, last, self.on)).flatten()
    }

    /// A value that differs, for a row that is wrong.
    fn other(&self, name: &str, value: &Value, case: &Case<'_>) -> Value {
        let code = |codes: [&str; 2]| {
            let other = codes.into_iter().find(|code| !matches!(value, Value::Text(text) if **text == **code));
            Value::Text(Arc::from(other.unwrap_or_default()))
        };
        match value {
            _ if name == "ecec_place" => code(["tm01", "club"]),
            _ if name == "ecec_provider" => code(["jm01", "jm04"]),
            _ if name == "travel_school_kind" => code(["municipal", "private"]),
            _ if name == "travel_distance_method" => code(["walking_network", "straight_line"]),
            _ if name == "voting_group" => code(["finnish", "other"]),
            Value::Text(unit) => {
                let swedish = case.person.language == 1;
                let other = self.schools.other_unit(usize::from(case.home.area), case.home.first, swedish);
                Value::Text(other.filter(|other| **other != **unit).map_or_else(|| Arc::from("?"), Arc::from))
            }
            other => changed(other),
        }
    }

    fn of_buildings(&self, declaration: &FactDeclaration) -> Vec<FactRow> {
        let plan = self.snapshot.plan;
        let stream = stream_of(&declaration.name);
        let mut rows = Vec::new();
        for number in 0..count(plan.buildings.len()) {
            let mut dice = Dice::new(plan.seed, Stream::Fact, stream | u64::from(number));
            let shape = Shape::of(plan, number);
            let (kind, year) = (declaration.fact_type, self.on.year());
            let value = match declaration.name.as_str() {
                "lift_grant_year" if shape.storeys >= 3 && self.lacks_a_lift(&shape) && dice.permille(150) => {
                    // half of them this year or the one before
                    let ago = if dice.below(2) == 0 { dice.below(2) } else { dice.below(8) };
                    let ago = i32::try_from(ago).unwrap_or_default();
                    year_value(kind, year - ago, self.on)
                }
                "heritage_listed" => decided(kind, true, if shape.year < 1950 { 120 } else { 4 }, &mut dice),
                _ => None,
            };
            if let (Some(value), Some(id)) = (value, shape.id) {
                let other = changed(&value);
                add(&mut rows, FactOf::Building(id), value, other, &mut dice, |dice| {
                    building_id(plan.seed, 99_000_000 + dice.below(900_000)).map(FactOf::Building)
                });
            }
        }
        rows
    }

    /// Whether it is a block of flats with a stairwell that has no lift.
    fn lacks_a_lift(&self, shape: &Shape) -> bool {
        let record = shape.is_block().then(|| self.snapshot.building_record(shape.number, shape)).flatten();
        record.is_some_and(|record| record.stairwells.iter().any(|stairwell| stairwell.lift == Fact::Known(false)))
    }
}

/// The year of a place that has been decided: of those who start next, four in a hundred have one already.
fn place_year(case: &Case<'_>, dice: &mut Dice, age: i32) -> Option<i32> {
    match case.reaches - age {
        -1 if dice.permille(2) => Some(case.start_year),
        0 if dice.permille(40) => Some(case.start_year),
        1..=9 => Some(case.birth_year + age + i32::from(dice.permille(15))),
        _ => None,
    }
}

/// A decision that is in force for some, with a few rows that say no.
fn decided(kind: FactType, concerned: bool, permille: u32, dice: &mut Dice) -> Option<Value> {
    if kind != FactType::Bool || !concerned {
        return None;
    }
    match dice.below(1000) {
        thrown if thrown < permille => Some(Value::Bool(true)),
        995.. => Some(Value::Bool(false)),
        _ => None,
    }
}

/// A year as the declared type has it.
fn year_value(kind: FactType, year: i32, day: NaiveDate) -> Option<Value> {
    match kind {
        FactType::Int => Some(Value::Int(i64::from(year))),
        FactType::Day => {
            let within = NaiveDate::from_ymd_opt(year, 5, 15).filter(|within| *within <= day);
            let within = within.or_else(|| NaiveDate::from_ymd_opt(year, 1, 2));
            within.map(|within| Value::Day(PartialDate::exact(within.min(day))))
        }
        FactType::Bool | FactType::Text | FactType::Place => None,
    }
}

fn changed(value: &Value) -> Value {
    match value {
        Value::Bool(holds) => Value::Bool(!holds),
        Value::Int(number) => Value::Int(number - 1),
        Value::Day(date) => {
            let before = date.first().checked_sub_signed(TimeDelta::days(30)).unwrap_or(date.first());
            Value::Day(PartialDate::exact(before))
        }
        other => other.clone(),
    }
}

/// Adds a row, with the holes and the wrong rows of a real source.
fn add(
    rows: &mut Vec<FactRow>,
    of: FactOf,
    value: Value,
    other: Value,
    dice: &mut Dice,
    nobody: impl Fn(&mut Dice) -> Option<FactOf>,
) {
    let row = |of, value| FactRow { of, value: Fact::Known(value) };
    match dice.below(1000) {
        0..=11 => {}
        12..=16 => rows.extend([row(of.clone(), value), row(of, other)]),
        17..=21 => {
            let nobody = nobody(dice).map(|nobody| row(nobody, value.clone()));
            rows.push(row(of, value));
            rows.extend(nobody);
        }
        22..=27 => rows.push(FactRow { of, value: Fact::Unknown(UnknownReason::NotDelivered) }),
        _ => rows.push(row(of, value)),
    }
}
