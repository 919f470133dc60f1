//! Fact tables of other city registers, for the facts whose names the sample knows.
//!
//! Every table has **holes** (about one row in eighty is missing; what that means the declaration says), **late rows** (told
//! under a code that has been corrected since, or not yet told of somebody who moved in lately) and **wrong rows**: about one
//! in a hundred, half of them doubled with another value, half about nobody. All shares are assumed.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate, TimeDelta};
use ennakko_core::day::PartialDate;
use ennakko_core::fact_table::{FactDeclaration, FactType, SubjectKind};
use ennakko_core::identity::IdentityCode;
use ennakko_core::record::{FactDelivery, FactOf, FactRow, Who};
use ennakko_core::{Fact, Value};

use super::admission::Admissions;
use super::building::{Shape, building_id};
use super::code;
use super::dice::{Dice, Stream};
use super::family::Absent;
use super::plan::{Home, Person, count};
use super::snapshot::Snapshot;

/// The names of the facts that the sample has rows for; a name that ends with `*` stands for every name that begins so.
pub const KNOWN_FACTS: [&str; 13] = [
    "resident.local_school",
    "resident.school_place_year",
    "resident.start_deferred",
    "resident.alternating_residence",
    "resident.extended_compulsory",
    "resident.preprimary_*",
    "resident.ecec_*",
    "resident.cervical_screened_*",
    "resident.colorectal_screened_*",
    "resident.service_needs_assessed_*",
    "resident.mammography_screened_*",
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
            let Some(value) = self.resident_value(declaration, at, &case, &mut dice) else { continue };
            let other = self.other(&value, &case);
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
            _ if name.starts_with("preprimary_") => match kind {
                FactType::Place | FactType::Text => self.place(at, case, dice, 5..=7, &self.day_care, kind),
                FactType::Bool => decided(kind, case.reaches == 6, 60, dice),
                FactType::Int | FactType::Day => year_value(kind, place_year(case, dice, 6)?, self.on),
            },
            _ if name.starts_with("ecec_") => self.early_education(declaration, at, case),
            _ if name.starts_with("cervical_") => {
                self.screened(kind, case, dice, (25..=69, Some(super::people::FEMALE), 5, 720))
            }
            _ if name.starts_with("mammography_") => {
                self.screened(kind, case, dice, (50..=74, Some(super::people::FEMALE), 2, 800))
            }
            _ if name.starts_with("colorectal_") => self.screened(kind, case, dice, (56..=76, None, 2, 700)),
            _ if name.starts_with("service_needs_") => self.screened(kind, case, dice, (75..=120, None, 4, 300)),
            _ => None,
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
        let living = self.snapshot.living(case.person.home, case.home, None);
        if living.is_withheld(at) || (living.moved_in_days < 30 && dice.below(2) == 0) {
            return None;
        }
        let unit = units.unit(usize::from(case.home.area), building, case.person.language == 1)?;
        Some(Value::Text(Arc::from(unit)))
    }

    /// Early education: about half of those of one, most from two to six; four in five of them with the city.
    fn early_education(&self, declaration: &FactDeclaration, at: u32, case: &Case<'_>) -> Option<Value> {
        // one throw for all facts of this family, so that they agree with each other
        let mut dice = Dice::new(self.snapshot.plan.seed, Stream::Fact, stream_of("ecec") | u64::from(at));
        let likely = match case.age {
            1 => 550,
            2 => 800,
            3..=6 if case.reaches <= 6 => 920,
            _ => 0,
        };
        let (attends, municipal, seldom) = (dice.permille(likely), dice.permille(800), dice.permille(20));
        if !attends {
            return None;
        }
        let name = declaration.name.as_str();
        match declaration.fact_type {
            FactType::Bool if name.contains("municipal") => Some(Value::Bool(municipal)),
            FactType::Bool if ["break", "club", "round"].iter().any(|word| name.contains(word)) => {
                seldom.then_some(Value::Bool(true))
            }
            FactType::Bool => Some(Value::Bool(true)),
            FactType::Place | FactType::Text if name.ends_with("unit") || declaration.fact_type == FactType::Place => {
                let building = case.home.building?;
                let living = self.snapshot.living(case.person.home, case.home, None);
                let unit = self.day_care.unit(usize::from(case.home.area), building, case.person.language == 1)?;
                (!living.is_withheld(at)).then(|| Value::Text(Arc::from(unit)))
            }
            FactType::Text | FactType::Place => {
                Some(Value::Text(Arc::from(if municipal { "municipal" } else { "private" })))
            }
            FactType::Int | FactType::Day => {
                let since = case.birth_year + 1 + i32::try_from(dice.below(2)).unwrap_or_default();
                year_value(declaration.fact_type, since.min(self.on.year()), self.on)
            }
        }
    }

    /// The last year in which somebody of an age group was screened or assessed.
    fn screened(
        &self,
        kind: FactType,
        case: &Case<'_>,
        dice: &mut Dice,
        (ages, sex, every, permille): (std::ops::RangeInclusive<i32>, Option<usize>, u32, u32),
    ) -> Option<Value> {
        let of_sex = sex.is_none_or(|sex| sex == usize::from(case.person.sex));
        if !of_sex || !ages.contains(&case.age) || !dice.permille(permille) {
            return None;
        }
        let ago = i32::try_from(dice.below(every)).unwrap_or_default();
        match kind {
            FactType::Bool => Some(Value::Bool(true)),
            _ => year_value(kind, self.on.year() - ago, self.on),
        }
    }

    /// A value that differs, for a row that is wrong.
    fn other(&self, value: &Value, case: &Case<'_>) -> Value {
        match value {
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
                "lift_grant_year" if shape.is_block() && shape.storeys >= 3 && dice.permille(40) => {
                    let ago = i32::try_from(dice.below(8)).unwrap_or_default();
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
        _ => rows.push(row(of, value)),
    }
}
