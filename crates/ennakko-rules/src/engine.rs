//! The rule language's interpreter: rhai, raw, sandboxed, its optimiser off. It defines what a rule means.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use ennakko_core::Occasion;
use ennakko_core::age::birthday;
use ennakko_core::occasion::OccasionField;
use ennakko_core::register::Life;
use ennakko_core::trace::ParameterRead;
use ennakko_core::{Fact, UnknownReason};
use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicIteratorPackage, BasicStringPackage, LogicPackage, Package,
};
use rhai::{Array, Dynamic, Engine, ImmutableString, Map, Module, OptimizationLevel};

use crate::calendar::{HORIZON_DAYS, at_issue};
use crate::facts::{Kind, REGISTER_FACTS};
use crate::parameters::{ParameterValue, Status, last_valid};
use crate::rule_set::Tables;
use crate::stop::{Stop, Stopped};
use crate::values::{
    self, AgeValue, BuildingValue, DayValue, HouseholdValue, Members, OccasionValue, PlaceValue, ResidentValue,
    StairwellValue, World,
};

/// Whether expected rows may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// A preview: expected rows and rules not yet approved are used and marked.
    Preview,
    /// A run: they are refused.
    Run,
}

/// An engine that parses rules and can evaluate nothing of a register: enough to check.
pub(crate) fn bare() -> Engine {
    let mut engine = Engine::new_raw();
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_strict_variables(true);
    engine.set_max_expr_depths(64, 64);
    engine.set_max_call_levels(16);
    engine.set_max_operations(100_000);
    engine.set_max_string_size(10_000);
    engine.set_max_array_size(10_000);
    engine.set_max_map_size(1_000);
    engine.set_max_variables(100);
    engine.set_max_functions(500);
    engine.set_max_modules(0);
    engine.set_fail_on_invalid_map_property(true);
    for word in ["eval", "print", "debug", "import", "export", "while", "loop", "do", "try", "throw", "timestamp"] {
        engine.disable_symbol(word);
    }
    ArithmeticPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicStringPackage::new().register_into_engine(&mut engine);
    captured_by_value(&mut engine);
    engine
}

/// An engine for evaluation in one world.
pub(crate) fn over(world: &Arc<World>, tables: &Arc<Tables>, mode: Mode) -> Engine {
    let mut engine = bare();
    register_subjects(&mut engine, tables);
    register_days(&mut engine);
    register_ages(&mut engine);
    register_modules(&mut engine, world, tables, mode);
    register_occasions(&mut engine, world);
    engine.register_fn("any_of", |map: Map| combine(map, true));
    engine.register_fn("all_of", |map: Map| combine(map, false));
    engine
}

/// Reads a variable that a closure has captured by its value.
///
/// rhai shares it with the closure and locks it while one of its members is called, so that
/// `child.custodians.some(|c| c.language == child.language)` would fail. No rule changes a subject, so a copy is the same.
#[expect(deprecated, reason = "rhai marks what it may change so; the language tests fail if it does")]
fn captured_by_value(engine: &mut Engine) {
    engine.on_var(|name, _, context| {
        Ok(context.scope().get(name).filter(|value| value.is_shared()).map(Dynamic::flatten_clone))
    });
}

/// `any_of` and `all_of` inside an expression; at the top of a condition they are taken apart and joined name by name.
fn combine(map: Map, any: bool) -> Stopped<bool> {
    let mut result = !any;
    for value in map.into_values() {
        let holds =
            value.as_bool().map_err(|got| Stop::Failed(format!("a named line wants a bool, got {got}")).raise())?;
        result = if any { result || holds } else { result && holds };
    }
    Ok(result)
}

fn register_subjects(engine: &mut Engine, tables: &Arc<Tables>) {
    engine
        .register_type_with_name::<ResidentValue>("resident")
        .register_type_with_name::<HouseholdValue>("household")
        .register_type_with_name::<BuildingValue>("building")
        .register_type_with_name::<StairwellValue>("stairwell")
        .register_type_with_name::<Members>("list")
        .register_type_with_name::<PlaceValue>("place");
    let declared = tables.facts.iter().map(|fact| (Kind::from(fact.subject), fact.name.as_str()));
    let names: Vec<(Kind, String)> = REGISTER_FACTS
        .iter()
        .map(|fact| (fact.of, fact.name))
        .chain(declared)
        .map(|(kind, name)| (kind, name.to_owned()))
        .collect();
    for (kind, name) in names {
        match kind {
            Kind::Resident => {
                engine.register_get(name.clone(), move |value: &mut ResidentValue| value.fact(&name));
            }
            Kind::Household => {
                engine.register_get(name.clone(), move |value: &mut HouseholdValue| value.fact(&name));
            }
            Kind::Building => {
                engine.register_get(name.clone(), move |value: &mut BuildingValue| value.fact(&name));
            }
            Kind::Stairwell => {
                engine.register_get(name, StairwellValue::has_lift);
            }
        }
    }
    engine
        .register_fn("age_on", ResidentValue::age_on)
        .register_fn("age_reached_in", ResidentValue::age_reached_in)
        .register_fn("lives_in_city_on", ResidentValue::lives_in_city_on)
        .register_fn("some", values::some)
        .register_fn("all", values::all)
        .register_fn("filter", values::filter)
        .register_fn("len", values::len)
        .register_fn("sum", values::sum)
        .register_fn("min", values::min)
        .register_fn("max", values::max)
        .register_iterator_result::<Members, Dynamic>();
    engine
        .register_fn("==", |place: PlaceValue, name: ImmutableString| place.is(&name))
        .register_fn("==", |name: ImmutableString, place: PlaceValue| place.is(&name))
        .register_fn("!=", |place: PlaceValue, name: ImmutableString| !place.is(&name))
        .register_fn("!=", |name: ImmutableString, place: PlaceValue| !place.is(&name));
}

fn register_days(engine: &mut Engine) {
    engine
        .register_type_with_name::<DayValue>("day")
        .register_fn("<", |a: DayValue, b: DayValue| a.before(b))
        .register_fn(">", |a: DayValue, b: DayValue| b.before(a))
        .register_fn("<=", |a: DayValue, b: DayValue| b.before(a).map(|after| !after))
        .register_fn(">=", |a: DayValue, b: DayValue| a.before(b).map(|before| !before))
        .register_fn("==", |a: DayValue, b: DayValue| a.same(b))
        .register_fn("!=", |a: DayValue, b: DayValue| a.same(b).map(|same| !same))
        .register_get("year", DayValue::year)
        .register_get("month", DayValue::month)
        .register_get("day", DayValue::day)
        .register_fn("plus_days", DayValue::plus_days)
        .register_fn("plus_months", DayValue::plus_months)
        .register_fn("plus_years", DayValue::plus_years)
        .register_fn("days_until", DayValue::days_until)
        .register_fn("date", |text: ImmutableString| -> Stopped<DayValue> {
            ennakko_core::PartialDate::parse(&text)
                .map(DayValue)
                .map_err(|_| Stop::Failed("no such day in the calendar".to_owned()).raise())
        });
    // rhai would answer no, whatever the day
    macro_rules! refuse {
        ($($operator:literal)*) => {$(
            engine
                .register_fn($operator, |_: DayValue, _: ImmutableString| not_comparable("a text"))
                .register_fn($operator, |_: ImmutableString, _: DayValue| not_comparable("a text"))
                .register_fn($operator, |_: DayValue, _: i64| not_comparable("a number"))
                .register_fn($operator, |_: i64, _: DayValue| not_comparable("a number"));
        )*};
    }
    refuse!("<" "<=" ">" ">=" "==" "!=");
}

fn not_comparable(with: &str) -> Stopped<bool> {
    Err(failed(&format!("a day is compared with {with}; write `date(\"2027-01-08\")`")))
}

fn register_ages(engine: &mut Engine) {
    engine.register_type_with_name::<AgeValue>("age");
    macro_rules! compare {
        ($($operator:literal, $holds:expr;)*) => {$(
            engine.register_fn($operator, |age: AgeValue, number: i64| {
                let holds: fn(i64, i64) -> bool = $holds;
                age.decided(|age| holds(age, number))
            });
            engine.register_fn($operator, |number: i64, age: AgeValue| {
                let holds: fn(i64, i64) -> bool = $holds;
                age.decided(|age| holds(number, age))
            });
            engine.register_fn($operator, |one: AgeValue, other: AgeValue| {
                let holds: fn(i64, i64) -> bool = $holds;
                one.order(other).map(|order| holds(order as i64, 0))
            });
        )*};
    }
    compare! {
        "<", |a, b| a < b;
        "<=", |a, b| a <= b;
        ">", |a, b| a > b;
        ">=", |a, b| a >= b;
        "==", |a, b| a == b;
        "!=", |a, b| a != b;
    }
    engine
        .register_fn("contains", |range: std::ops::Range<i64>, age: AgeValue| age.decided(|age| range.contains(&age)))
        .register_fn("contains", |range: std::ops::RangeInclusive<i64>, age: AgeValue| {
            age.decided(|age| range.contains(&age))
        })
        .register_fn("contains", |list: Array, age: AgeValue| {
            age.decided(|age| list.iter().any(|item| item.as_int() == Ok(age)))
        })
        .register_fn("+", AgeValue::plus)
        .register_fn("+", |years: i64, age: AgeValue| age.plus(years))
        .register_fn("-", |age: AgeValue, years: i64| age.plus(years.saturating_neg()))
        .register_fn("-", |_: i64, age: AgeValue| age.number())
        .register_fn("-", |age: AgeValue, _: AgeValue| age.number());
    for operator in ["*", "/", "%"] {
        engine
            .register_fn(operator, |age: AgeValue, _: i64| age.number())
            .register_fn(operator, |_: i64, age: AgeValue| age.number());
    }
    for function in ["min", "max"] {
        engine
            .register_fn(function, |age: AgeValue, _: i64| age.number())
            .register_fn(function, |_: i64, age: AgeValue| age.number());
    }
}

fn register_modules(engine: &mut Engine, world: &Arc<World>, tables: &Arc<Tables>, mode: Mode) {
    let mut modules: std::collections::BTreeMap<String, Module> = std::collections::BTreeMap::new();
    for (group, names) in &tables.parameters.groups {
        let module = modules.entry(group.clone()).or_default();
        for name in names.keys() {
            let (world, tables, group, parameter) = (world.clone(), tables.clone(), group.clone(), name.clone());
            module.set_native_fn(name.as_str(), move |day: DayValue| {
                parameter_on(&world, &tables, mode, &group, &parameter, day.exact()?)
            });
        }
    }
    for (list, codes) in &tables.code_lists {
        let module = modules.entry(list.clone()).or_default();
        for (name, code) in codes {
            module.set_var(name.as_str(), ImmutableString::from(&**code));
        }
    }
    let calendar = modules.entry("calendar".to_owned()).or_default();
    for name in tables.calendars.rounds.keys() {
        let (tables, calendar_name) = (tables.clone(), name.clone());
        calendar.set_native_fn(name.as_str(), move |day: DayValue| {
            match tables.calendars.at_issue(&calendar_name, day.exact()?) {
                Some(round) if round.is_expected() && mode == Mode::Run => {
                    let what = format!("round {} of calendar.{calendar_name}", round.id());
                    Err(Stop::Expected { what: Arc::from(what) }.raise())
                }
                Some(round) => Ok(Dynamic::from(OccasionValue(round))),
                None => Ok(Dynamic::UNIT),
            }
        });
    }
    for (name, module) in modules {
        engine.register_static_module(name, module.into());
    }
}

fn parameter_on(
    world: &World,
    tables: &Tables,
    mode: Mode,
    group: &str,
    name: &str,
    on: NaiveDate,
) -> Stopped<Dynamic> {
    let what: Arc<str> = Arc::from(format!("{group}::{name}"));
    let rows = tables.parameters.rows(group, name).unwrap_or_default();
    let Some(row) = rows.iter().find(|row| row.from <= on && on < row.until) else {
        world.same.narrow(on, on.succ_opt().unwrap_or(NaiveDate::MAX));
        return Err(Stop::RowEnded { what, on, last_valid: last_valid(rows, on) }.raise());
    };
    world.same.narrow(row.from, row.until);
    if row.status == Status::Expected && mode == Mode::Run {
        return Err(Stop::Expected { what }.raise());
    }
    world.log.parameter(|| ParameterRead {
        name: what,
        on,
        value: match &row.value {
            ParameterValue::Int(value) => value.to_string(),
            ParameterValue::Bool(value) => value.to_string(),
            ParameterValue::Text(text) => text.to_string(),
            ParameterValue::Ints(items) => items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        },
        from: row.from,
        until: row.until,
        expected: row.status == Status::Expected,
    });
    Ok(match &row.value {
        ParameterValue::Int(value) => (*value).into(),
        ParameterValue::Bool(value) => (*value).into(),
        ParameterValue::Text(text) => ImmutableString::from(&**text).into(),
        ParameterValue::Ints(items) => items.iter().copied().map(Dynamic::from).collect::<Vec<_>>().into(),
    })
}

fn register_occasions(engine: &mut Engine, world: &Arc<World>) {
    let (of_year, of_once, of_after) = (world.clone(), world.clone(), world.clone());
    engine.register_type_with_name::<OccasionValue>("occasion");
    engine.register_indexer_get(|occasion: &mut OccasionValue, name: ImmutableString| -> Stopped<Dynamic> {
        match occasion.0.field(&name) {
            Some(OccasionField::Day(day)) => Ok(Dynamic::from(DayValue::of(day))),
            Some(OccasionField::Int(number)) => Ok(number.into()),
            Some(OccasionField::Text(text)) => Ok(ImmutableString::from(&*text).into()),
            None => Err(Stop::Unknown {
                fact: Arc::from(name.as_str()),
                of: Arc::from("occasion"),
                reason: UnknownReason::NotDelivered,
            }
            .raise()),
        }
    });
    engine
        .register_fn("no_occasion", || Dynamic::UNIT)
        .register_fn("each_year", move |on: DayValue| each_year(&of_year, on.exact()?, None))
        .register_fn("once", move |on: DayValue| each_year(&of_once, on.exact()?, Some("once")))
        .register_fn("at_age", |subject: ResidentValue, years: i64, open_for: i64, on: DayValue| {
            at_age(&subject, years, open_for, on.exact()?)
        })
        .register_fn("after", move |day: DayValue, wait: i64, open_for: i64, on: DayValue| {
            after(&of_after, day.exact()?, wait, open_for, on.exact()?)
        });
}

#[expect(clippy::unnecessary_box_returns, reason = "rhai hands its errors on in a box")]
fn failed(what: &str) -> Box<rhai::EvalAltResult> {
    Stop::Failed(what.to_owned()).raise()
}

fn each_year(world: &World, on: NaiveDate, id: Option<&str>) -> Stopped<OccasionValue> {
    use chrono::Datelike;
    let year = on.year();
    let day = |year| NaiveDate::from_ymd_opt(year, 1, 1).ok_or_else(|| failed("a day out of the calendar"));
    let (opens, ends) = (day(year)?, day(year + 1)?);
    world.same.narrow(opens, ends);
    let id = id.map_or_else(|| year.to_string(), str::to_owned);
    Occasion::new(&id, opens, ends, ends)
        .map(|occasion| OccasionValue(Arc::new(occasion.with("year", OccasionField::Int(year.into())))))
        .map_err(|error| failed(&error.to_string()))
}

fn window(world: &World, id: &str, opens: NaiveDate, open_for: i64, on: NaiveDate) -> Stopped<Dynamic> {
    if open_for <= 0 {
        return Err(failed("an occasion is open for at least one day"));
    }
    let ends = chrono::TimeDelta::try_days(open_for)
        .and_then(|days| opens.checked_add_signed(days))
        .ok_or_else(|| failed("a day out of the calendar"))?;
    let occasion = Occasion::new(id, opens, ends, ends).map_err(|error| failed(&error.to_string()))?;
    // not yet at issue, at issue, over: within each the answer is the same
    let first = opens.checked_sub_days(Days::new(HORIZON_DAYS)).unwrap_or(NaiveDate::MIN);
    match on {
        _ if on < first => world.same.narrow(NaiveDate::MIN, first),
        _ if on < ends => world.same.narrow(first, ends),
        _ => world.same.narrow(ends, NaiveDate::MAX),
    }
    let round = at_issue(std::iter::once(Arc::new(occasion)), on);
    Ok(round.map_or(Dynamic::UNIT, |round| Dynamic::from(OccasionValue(round))))
}

/// The occasion of reaching an age, open for some days from the birthday.
fn at_age(subject: &ResidentValue, years: i64, open_for: i64, on: NaiveDate) -> Stopped<Dynamic> {
    let person = subject.world.register.resident(subject.row);
    if person.life() == Life::Dead {
        return Ok(Dynamic::UNIT);
    }
    let unknown = |reason| Stop::Unknown { fact: Arc::from("born"), of: Arc::from(subject.of), reason }.raise();
    let born = match person.born() {
        Fact::Known(born) => born,
        Fact::None => return Err(unknown(UnknownReason::NotDelivered)),
        Fact::Unknown(reason) => return Err(unknown(reason)),
    };
    let id = format!("at {years}");
    let years = i32::try_from(years).map_err(|_| failed("an age out of the calendar"))?;
    let policy = subject.world.leap_day;
    let turns = |day| birthday(day, years, policy).ok_or_else(|| failed("a day out of the calendar"));
    let (first, last) = (turns(born.first())?, turns(born.last())?);
    if first == last {
        return window(&subject.world, &id, first, open_for, on);
    }
    // only part of the birth day is known: there is surely none if the whole stretch of windows is far
    let stretch = last.signed_duration_since(first).num_days().saturating_add(open_for);
    let far = window(&subject.world, &id, first, stretch, on)?;
    if far.is_unit() { Ok(far) } else { Err(unknown(UnknownReason::PartialDate)) }
}

/// The occasion that opens some days after a day and stays open for some days. Its id hangs on that day.
fn after(world: &World, day: NaiveDate, wait: i64, open_for: i64, on: NaiveDate) -> Stopped<Dynamic> {
    let opens = chrono::TimeDelta::try_days(wait)
        .and_then(|days| day.checked_add_signed(days))
        .ok_or_else(|| failed("a day out of the calendar"))?;
    window(world, &format!("after {day}"), opens, open_for, on)
}

/// The kinds of subject as values of a world.
pub(crate) fn subject_value(world: &Arc<World>, row: ennakko_core::register::SubjectRow, on: NaiveDate) -> Dynamic {
    use ennakko_core::register::SubjectRow;
    match row {
        SubjectRow::Resident(row) => Dynamic::from(ResidentValue { world: world.clone(), row, on, of: "subject" }),
        SubjectRow::Household(row) => Dynamic::from(HouseholdValue { world: world.clone(), row, on, of: "subject" }),
        SubjectRow::Building(row) => Dynamic::from(BuildingValue { world: world.clone(), row, on, of: "subject" }),
    }
}
