//! What a rule sees of the register: values of rhai types, each a thin view of a row.
//!
//! Reading an unknown fact stops the piece with an error that no script can catch; no sentinel ever stands for it.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{Datelike, Months, NaiveDate};
use ennakko_core::age::{age_range_on, age_reached_in};
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::outcome::Missing;
use ennakko_core::protected::Protected;
use ennakko_core::record::{ListState, Sex};
use ennakko_core::register::{Building, BuildingRow, Household, HouseholdRow, Life, Register, Resident, ResidentRow};
use ennakko_core::trace::{FactRead, ParameterRead};
use ennakko_core::{Fact, LeapDayPolicy, Occasion, PartialDate, UnknownReason, Value};
use rhai::{Dynamic, FnPtr, ImmutableString, NativeCallContext};

use crate::stop::{Stop, Stopped, words};

/// What an evaluation reads from: one register, under one city.
pub(crate) struct World {
    pub(crate) register: Arc<Register>,
    pub(crate) municipality: String,
    pub(crate) leap_day: LeapDayPolicy,
    pub(crate) log: Log,
    pub(crate) same: Same,
}

/// For how long the answer of a constructor of occasions stays the same: days from the first to before the second.
pub(crate) struct Same(Mutex<(NaiveDate, NaiveDate)>);

impl Same {
    pub(crate) fn new() -> Self {
        Self(Mutex::new((NaiveDate::MIN, NaiveDate::MAX)))
    }

    /// Forgets what was narrowed before.
    pub(crate) fn start(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (NaiveDate::MIN, NaiveDate::MAX);
    }

    /// The answer stays the same from `from` to before `to` at most.
    pub(crate) fn narrow(&self, from: NaiveDate, to: NaiveDate) {
        let mut days = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *days = (days.0.max(from), days.1.min(to));
    }

    /// The days since the last start on which the answer is the same.
    pub(crate) fn days(&self) -> (NaiveDate, NaiveDate) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was read, while somebody wants to know.
#[derive(Default)]
pub(crate) struct Log(Mutex<Option<Reads>>);

/// Facts and parameters in the order of reading.
#[derive(Default, Clone)]
pub(crate) struct Reads {
    pub(crate) facts: Vec<FactRead>,
    pub(crate) parameters: Vec<ParameterRead>,
}

impl Log {
    pub(crate) fn start(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Reads::default());
    }

    pub(crate) fn take(&self) -> Reads {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }

    fn fact(&self, read: impl FnOnce() -> FactRead) {
        if let Some(reads) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            reads.facts.push(read());
        }
    }

    pub(crate) fn parameter(&self, read: impl FnOnce() -> ParameterRead) {
        if let Some(reads) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            reads.parameters.push(read());
        }
    }
}

/// A person in a rule.
#[derive(Clone)]
pub(crate) struct ResidentValue {
    pub(crate) world: Arc<World>,
    pub(crate) row: ResidentRow,
    pub(crate) on: NaiveDate,
    pub(crate) of: &'static str,
}

/// A household in a rule.
#[derive(Clone)]
pub(crate) struct HouseholdValue {
    pub(crate) world: Arc<World>,
    pub(crate) row: HouseholdRow,
    pub(crate) on: NaiveDate,
    pub(crate) of: &'static str,
}

/// A building in a rule.
#[derive(Clone)]
pub(crate) struct BuildingValue {
    pub(crate) world: Arc<World>,
    pub(crate) row: BuildingRow,
    pub(crate) on: NaiveDate,
    pub(crate) of: &'static str,
}

/// A stairwell in a rule.
#[derive(Clone)]
pub(crate) struct StairwellValue {
    world: Arc<World>,
    lift: Fact<bool>,
}

/// A list of values, whole or perhaps not.
#[derive(Clone)]
pub(crate) struct Members {
    fact: &'static str,
    of: &'static str,
    items: Vec<Dynamic>,
    state: ListState,
    /// A fact that kept `filter` from saying whether some member belongs to the list.
    undecided: Option<Stop>,
}

/// A day in a rule, perhaps known only in part.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct DayValue(pub(crate) PartialDate);

/// A place in a rule: opaque.
#[derive(Clone)]
pub(crate) struct PlaceValue(pub(crate) Protected<Arc<str>>);

impl PlaceValue {
    /// Whether it is the place of this name, without showing it.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.0.is(&Arc::from(name))
    }
}

/// An occasion in a rule.
#[derive(Clone)]
pub(crate) struct OccasionValue(pub(crate) Arc<Occasion>);

#[expect(clippy::unnecessary_box_returns, reason = "rhai hands its errors on in a box")]
fn unknown(fact: &str, of: &str, reason: UnknownReason) -> Box<rhai::EvalAltResult> {
    Stop::Unknown { fact: Arc::from(fact), of: Arc::from(of), reason }.raise()
}

impl World {
    /// Hands a fact to the script: a value, `()` for none; an unknown stops the piece.
    fn hand(&self, fact: &str, of: &str, value: Fact<Value>) -> Stopped<Dynamic> {
        self.log.fact(|| FactRead { fact: Arc::from(fact), of: Arc::from(of), value: value.clone() });
        match value {
            Fact::Known(value) => Ok(dynamic(value)),
            Fact::None => Ok(Dynamic::UNIT),
            Fact::Unknown(reason) => Err(unknown(fact, of, reason)),
        }
    }

    fn declared(&self, subject: SubjectKind, name: &str) -> Option<ennakko_core::register::FactId> {
        self.register.fact_named(subject, name)
    }
}

fn dynamic(value: Value) -> Dynamic {
    match value {
        Value::Bool(value) => value.into(),
        Value::Int(value) => value.into(),
        Value::Day(value) => Dynamic::from(DayValue(value)),
        Value::Text(value) => Dynamic::from(ImmutableString::from(&*value)),
        Value::Place(value) => Dynamic::from(PlaceValue(value)),
        _ => Dynamic::UNIT,
    }
}

fn text(value: &str) -> Value {
    Value::Text(Arc::from(value))
}

impl ResidentValue {
    fn person(&self) -> Resident<'_> {
        self.world.register.resident(self.row)
    }

    pub(crate) fn fact(&self, name: &str) -> Stopped<Dynamic> {
        let person = self.person();
        let value = match name {
            "born" => person.born().map(Value::Day),
            "birth_year" => match person.born() {
                Fact::Known(born) => born
                    .year()
                    .map_or(Fact::Unknown(UnknownReason::PartialDate), |year| Fact::Known(Value::Int(year.into()))),
                Fact::None => Fact::None,
                Fact::Unknown(reason) => Fact::Unknown(reason),
            },
            "sex" => person.sex().map(|sex| text(if sex == Sex::Female { "female" } else { "male" })),
            "alive" => match person.life() {
                Life::Alive => Fact::Known(Value::Bool(true)),
                Life::Dead => Fact::Known(Value::Bool(false)),
                Life::Disputed => Fact::Unknown(UnknownReason::Disputed),
                Life::NotKnown => Fact::Unknown(UnknownReason::NoRecord),
            },
            "language" => person.language().map(|language| Value::Text(language.clone())),
            "lives_in_city" => person.lives_in(&self.world.municipality).map(Value::Bool),
            "custodians" => return self.custodians().map(Dynamic::from),
            "household" => match person.household() {
                Fact::Known(household) => {
                    return Ok(Dynamic::from(HouseholdValue {
                        world: self.world.clone(),
                        row: household.row(),
                        on: self.on,
                        of: "household",
                    }));
                }
                Fact::None => Fact::None,
                Fact::Unknown(reason) => Fact::Unknown(reason),
            },
            "home_building" => {
                return match person.home_building() {
                    Some(building) => Ok(Dynamic::from(BuildingValue {
                        world: self.world.clone(),
                        row: building.row(),
                        on: self.on,
                        of: "home building",
                    })),
                    None => Err(unknown(name, self.of, UnknownReason::NotDelivered)),
                };
            }
            _ => match self.world.declared(SubjectKind::Resident, name) {
                Some(fact) => person.fact(fact, self.on),
                None => Fact::Unknown(UnknownReason::NotDelivered),
            },
        };
        self.world.hand(name, self.of, value)
    }

    /// Custodians; unknown if it is not known whether the person is of age, when nobody has them.
    fn custodians(&self) -> Stopped<Members> {
        match self.person().of_age_on(self.on, self.world.leap_day) {
            Fact::Known(_) => {}
            Fact::None => return Err(unknown("custodians", self.of, UnknownReason::NotDelivered)),
            Fact::Unknown(reason) => return Err(unknown("custodians", self.of, reason)),
        }
        let custodians = self.person().custodians_on(self.on, self.world.leap_day);
        Ok(Members {
            fact: "custodians",
            of: self.of,
            items: custodians
                .known
                .iter()
                .map(|custodian| {
                    Dynamic::from(Self {
                        world: self.world.clone(),
                        row: custodian.person.row(),
                        on: self.on,
                        of: "custodian",
                    })
                })
                .collect(),
            state: custodians.state,
            undecided: None,
        })
    }

    fn born(&self) -> Stopped<PartialDate> {
        let born = self.person().born();
        self.world.log.fact(|| FactRead {
            fact: Arc::from("born"),
            of: Arc::from(self.of),
            value: born.map(Value::Day),
        });
        match born {
            Fact::Known(born) => Ok(born),
            Fact::None => Err(unknown("born", self.of, UnknownReason::NotDelivered)),
            Fact::Unknown(reason) => Err(unknown("born", self.of, reason)),
        }
    }

    /// Age in whole years on a day: a number, or a range of numbers when the possible birth days do not agree.
    pub(crate) fn age_on(&mut self, day: DayValue) -> Stopped<Dynamic> {
        let (born, day) = (self.born()?, day.exact()?);
        let (least, most) = age_range_on(born, day, self.world.leap_day);
        Ok(if least == most {
            Dynamic::from(i64::from(least))
        } else {
            Dynamic::from(AgeValue { least: least.into(), most: most.into(), of: self.of })
        })
    }

    /// Whether the municipality of residence was, or is, the city's own on a day.
    pub(crate) fn lives_in_city_on(&mut self, day: DayValue) -> Stopped<Dynamic> {
        let lives = self.person().lives_in_on(&self.world.municipality, day.exact()?);
        self.world.hand("lives_in_city_on", self.of, lives.map(Value::Bool))
    }

    pub(crate) fn age_reached_in(&mut self, year: i64) -> Stopped<i64> {
        let born = self.born()?;
        i32::try_from(year)
            .ok()
            .and_then(|year| age_reached_in(born, year))
            .map(i64::from)
            .ok_or_else(|| unknown("born", self.of, UnknownReason::PartialDate))
    }
}

/// An age that a partial birth day leaves between two numbers of whole years; a comparison is decided when both agree.
#[derive(Clone, Copy)]
pub(crate) struct AgeValue {
    pub(crate) least: i64,
    pub(crate) most: i64,
    of: &'static str,
}

impl AgeValue {
    #[expect(clippy::unnecessary_box_returns, reason = "rhai hands its errors on in a box")]
    fn undecided(self) -> Box<rhai::EvalAltResult> {
        unknown("born", self.of, UnknownReason::PartialDate)
    }

    /// The same age, some years on.
    pub(crate) fn plus(self, years: i64) -> Stopped<Self> {
        let out = || Stop::Failed("a number is too large".to_owned()).raise();
        let least = self.least.checked_add(years).ok_or_else(out)?;
        Ok(Self { least, most: self.most.checked_add(years).ok_or_else(out)?, ..self })
    }

    /// A number computed from it, which is not known.
    pub(crate) fn number(self) -> Stopped<i64> {
        Err(self.undecided())
    }

    /// How it stands to another, if every pair of possible ages agrees.
    pub(crate) fn order(self, other: Self) -> Stopped<std::cmp::Ordering> {
        if self.most < other.least {
            Ok(std::cmp::Ordering::Less)
        } else if self.least > other.most {
            Ok(std::cmp::Ordering::Greater)
        } else {
            Err(self.undecided())
        }
    }

    pub(crate) fn decided(self, holds: impl Fn(i64) -> bool) -> Stopped<bool> {
        let (first, last) = (holds(self.least), holds(self.most));
        // every comparison that a rule can write changes at most twice, so the ages between are looked at too
        if first == last && (self.least..=self.most).all(|age| holds(age) == first) {
            Ok(first)
        } else {
            Err(self.undecided())
        }
    }
}

impl HouseholdValue {
    pub(crate) fn fact(&self, name: &str) -> Stopped<Dynamic> {
        let household: Household<'_> = self.world.register.household(self.row);
        if name == "members" {
            return Ok(Dynamic::from(Members {
                fact: "members",
                of: self.of,
                items: household
                    .members()
                    .map(|member| {
                        Dynamic::from(ResidentValue {
                            world: self.world.clone(),
                            row: member.row(),
                            on: self.on,
                            of: "member",
                        })
                    })
                    .collect(),
                state: household.state(),
                undecided: None,
            }));
        }
        let value = match self.world.declared(SubjectKind::Household, name) {
            Some(fact) => household.fact(fact, self.on),
            None => Fact::Unknown(UnknownReason::NotDelivered),
        };
        self.world.hand(name, self.of, value)
    }
}

impl BuildingValue {
    pub(crate) fn fact(&self, name: &str) -> Stopped<Dynamic> {
        let building: Building<'_> = self.world.register.building(self.row);
        let (equipment, network) = (building.facilities(), building.connections());
        let value = match name {
            "intended_use" => building.intended_use().map(|code| Value::Text(code.clone())),
            "built_year" => building.built_year().map(Value::Int),
            "storeys" => building.storeys().map(Value::Int),
            "dwellings" => building.dwellings().map(Value::Int),
            "area_m2" => building.area_m2().map(Value::Int),
            "has_sewer" => equipment.sewer.map(Value::Bool),
            "has_water" => equipment.water.map(Value::Bool),
            "has_electricity" => equipment.electricity.map(Value::Bool),
            "has_gas" => equipment.gas.map(Value::Bool),
            "has_cable" => equipment.cable.map(Value::Bool),
            "sewer_connected" => network.sewer.map(Value::Bool),
            "water_connected" => network.water.map(Value::Bool),
            "electricity_connected" => network.electricity.map(Value::Bool),
            "gas_connected" => network.gas.map(Value::Bool),
            "cable_connected" => network.cable.map(Value::Bool),
            "stairwells" => {
                let (stairwells, state) = building.stairwells();
                let items = stairwells
                    .iter()
                    .map(|stairwell| Dynamic::from(StairwellValue { world: self.world.clone(), lift: stairwell.lift }))
                    .collect();
                return Ok(Dynamic::from(Members { fact: "stairwells", of: self.of, items, state, undecided: None }));
            }
            _ => match self.world.declared(SubjectKind::Building, name) {
                Some(fact) => building.fact(fact, self.on),
                None => Fact::Unknown(UnknownReason::NotDelivered),
            },
        };
        self.world.hand(name, self.of, value)
    }
}

impl StairwellValue {
    pub(crate) fn has_lift(&mut self) -> Stopped<Dynamic> {
        self.world.hand("has_lift", "stairwell", self.lift.map(Value::Bool))
    }
}

impl Members {
    fn open(&self) -> Option<Box<rhai::EvalAltResult>> {
        match (&self.undecided, self.state) {
            (Some(stop), _) => Some(stop.clone().raise()),
            (None, ListState::Open(reason)) => Some(unknown(self.fact, self.of, reason)),
            (None, ListState::Whole) => None,
        }
    }

    /// Asks each member, until an answer is enough; the first unknown met, if none was.
    fn each<T: Clone + Send + Sync + 'static>(
        &self,
        context: &NativeCallContext,
        asked: &FnPtr,
        mut take: impl FnMut(&Dynamic, T) -> Stopped<ControlFlow<()>>,
    ) -> Stopped<Option<Stop>> {
        let mut undecided = None;
        for item in &self.items {
            match asked.call_within_context::<T>(context, (item.clone(),)).and_then(|answer| take(item, answer)) {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => return Ok(None),
                Err(error) => match Stop::of(&error) {
                    stop @ Stop::Unknown { .. } => {
                        undecided.get_or_insert(stop);
                    }
                    _ => return Err(error),
                },
            }
        }
        Ok(undecided)
    }

    /// What `number` comes to for every member; unknown if it is of one, or if there may be others.
    fn numbers(&self, context: &NativeCallContext, number: &FnPtr) -> Stopped<Vec<i64>> {
        let mut numbers = Vec::with_capacity(self.items.len());
        let undecided = self.each(context, number, |_, value| {
            numbers.push(one_number(&value)?);
            Ok(ControlFlow::Continue(()))
        })?;
        match undecided.map(Stop::raise).or_else(|| self.open()) {
            Some(error) => Err(error),
            None => Ok(numbers),
        }
    }

    /// Whether a member answers `wanted`; an unknown member, or an open list, leaves it unknown unless one does.
    fn search(&self, context: &NativeCallContext, test: &FnPtr, wanted: bool) -> Stopped<bool> {
        let mut found = false;
        let undecided = self.each(context, test, |_, answer: bool| {
            found = answer == wanted;
            Ok(if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        match undecided.map(Stop::raise).or_else(|| self.open()) {
            Some(error) if !found => Err(error),
            _ => Ok(found),
        }
    }
}

/// A number; an age that is known only roughly is an unknown one.
fn one_number(value: &Dynamic) -> Stopped<i64> {
    if let Some(age) = value.read_lock::<AgeValue>() {
        return age.number();
    }
    value.as_int().map_err(|got| {
        let got = words(got);
        Stop::Failed(format!("`sum`, `min` and `max` want a number of each member, and got {got}")).raise()
    })
}

impl IntoIterator for Members {
    type Item = Stopped<Dynamic>;
    type IntoIter = std::vec::IntoIter<Self::Item>;

    /// Its members; then, if there may be others, the unknown.
    fn into_iter(self) -> Self::IntoIter {
        let end = self.open().map(Err);
        self.items.into_iter().map(Ok).chain(end).collect::<Vec<_>>().into_iter()
    }
}

/// `list.some(|m| ...)`
#[expect(clippy::needless_pass_by_value, reason = "rhai calls it so")]
pub(crate) fn some(context: NativeCallContext, list: &mut Members, test: FnPtr) -> Stopped<bool> {
    list.search(&context, &test, true)
}

/// `list.all(|m| ...)`
#[expect(clippy::needless_pass_by_value, reason = "rhai calls it so")]
pub(crate) fn all(context: NativeCallContext, list: &mut Members, test: FnPtr) -> Stopped<bool> {
    list.search(&context, &test, false).map(|found| !found)
}

/// `list.filter(|m| ...)`; a member of whom that is unknown may or may not be in it.
#[expect(clippy::needless_pass_by_value, reason = "rhai calls it so")]
pub(crate) fn filter(context: NativeCallContext, list: &mut Members, test: FnPtr) -> Stopped<Members> {
    let mut items = Vec::new();
    let undecided = list.each(&context, &test, |item, is_in: bool| {
        if is_in {
            items.push(item.clone());
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let undecided = list.undecided.clone().or(undecided);
    Ok(Members { items, undecided, ..list.clone() })
}

/// `list.sum(|m| ...)`
#[expect(clippy::needless_pass_by_value, reason = "rhai calls it so")]
pub(crate) fn sum(context: NativeCallContext, list: &mut Members, number: FnPtr) -> Stopped<i64> {
    let numbers = list.numbers(&context, &number)?;
    numbers
        .into_iter()
        .try_fold(0_i64, i64::checked_add)
        .ok_or_else(|| Stop::Failed("a number is too large".to_owned()).raise())
}

/// `list.min(|m| ...)`; none of an empty list.
#[expect(clippy::needless_pass_by_value, reason = "rhai calls it so")]
pub(crate) fn min(context: NativeCallContext, list: &mut Members, number: FnPtr) -> Stopped<Dynamic> {
    let numbers = list.numbers(&context, &number)?;
    Ok(numbers.into_iter().min().map_or(Dynamic::UNIT, Dynamic::from))
}

/// `list.max(|m| ...)`; none of an empty list.
#[expect(clippy::needless_pass_by_value, reason = "rhai calls it so")]
pub(crate) fn max(context: NativeCallContext, list: &mut Members, number: FnPtr) -> Stopped<Dynamic> {
    let numbers = list.numbers(&context, &number)?;
    Ok(numbers.into_iter().max().map_or(Dynamic::UNIT, Dynamic::from))
}

/// `list.len()`
pub(crate) fn len(list: &mut Members) -> Stopped<i64> {
    match list.open() {
        Some(error) => Err(error),
        None => Ok(i64::try_from(list.items.len()).unwrap_or(i64::MAX)),
    }
}

impl DayValue {
    pub(crate) fn of(day: NaiveDate) -> Self {
        Self(PartialDate::exact(day))
    }

    /// The day itself; stops when only part of it is known.
    pub(crate) fn exact(self) -> Stopped<NaiveDate> {
        self.0.day().ok_or_else(|| unknown("day", "subject", UnknownReason::PartialDate))
    }

    /// Whether it is before another; decided when every possible pair agrees.
    pub(crate) fn before(self, other: Self) -> Stopped<bool> {
        if self.0.last() < other.0.first() {
            Ok(true)
        } else if self.0.first() >= other.0.last() {
            Ok(false)
        } else {
            Err(unknown("day", "subject", UnknownReason::PartialDate))
        }
    }

    pub(crate) fn same(self, other: Self) -> Stopped<bool> {
        match (self.0.day(), other.0.day()) {
            (Some(one), Some(two)) => Ok(one == two),
            _ if self.0.last() < other.0.first() || other.0.last() < self.0.first() => Ok(false),
            _ => Err(unknown("day", "subject", UnknownReason::PartialDate)),
        }
    }

    pub(crate) fn year(&mut self) -> Stopped<i64> {
        self.0.year().map(i64::from).ok_or_else(|| unknown("day", "subject", UnknownReason::PartialDate))
    }

    pub(crate) fn month(&mut self) -> Stopped<i64> {
        self.exact().map(|day| day.month().into())
    }

    pub(crate) fn day(&mut self) -> Stopped<i64> {
        self.exact().map(|day| day.day().into())
    }

    fn moved(self, by: impl Fn(NaiveDate) -> Option<NaiveDate>) -> Stopped<Self> {
        let out = || Stop::Failed("a day out of the calendar".to_owned()).raise();
        let first = by(self.0.first()).ok_or_else(out)?;
        let last = by(self.0.last()).ok_or_else(out)?;
        PartialDate::between(first, last).map(Self).map_err(|_| out())
    }

    pub(crate) fn plus_days(&mut self, days: i64) -> Stopped<Self> {
        self.moved(|day| day.checked_add_signed(chrono::TimeDelta::try_days(days)?))
    }

    pub(crate) fn plus_months(&mut self, months: i64) -> Stopped<Self> {
        // far beyond the calendar either way, so that it stops rather than wraps
        let by = u32::try_from(months.unsigned_abs()).unwrap_or(u32::MAX).min(10_000_000);
        self.moved(|day| {
            if months < 0 { day.checked_sub_months(Months::new(by)) } else { day.checked_add_months(Months::new(by)) }
        })
    }

    pub(crate) fn plus_years(&mut self, years: i64) -> Stopped<Self> {
        self.plus_months(years.saturating_mul(12))
    }

    pub(crate) fn days_until(&mut self, other: Self) -> Stopped<i64> {
        Ok(other.exact()?.signed_duration_since(self.exact()?).num_days())
    }
}

impl Stop {
    /// What was missing for a line, if an unknown fact stopped it.
    pub(crate) fn missing(&self, line: &ennakko_core::NameId) -> Option<Missing> {
        match self {
            Self::Unknown { fact, of, reason } => {
                Some(Missing { line: line.clone(), fact: fact.clone(), of: of.clone(), reason: *reason })
            }
            _ => None,
        }
    }
}
