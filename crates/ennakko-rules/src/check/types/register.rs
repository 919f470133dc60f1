//! The types of facts: those of the register itself, and those that `facts.toml` declares.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use ennakko_core::day::{FIRST_DAY, LAST_DAY, day_number};
use ennakko_core::fact_table::{FACT_INT_MAX, FactDeclaration, FactType};

use super::ints::Ints;
use super::known::Values;
use super::typed::{Number, Type, Whose};
use crate::facts::{Kind, REGISTER_FACTS};
use crate::rule_set::Tables;
use crate::step::{BuildingFact, FactName, HouseholdFact, ResidentFact, Utility};
use crate::unit::Unit;

/// The years of any day in a register.
pub(super) fn years() -> (i64, i64) {
    (FIRST_DAY.year().into(), LAST_DAY.year().into())
}

/// Any day in a register, by number.
fn register_days() -> Ints {
    Ints::between(day_number(FIRST_DAY).into(), day_number(LAST_DAY).into())
}

/// Any day of a run or of a table, which are written with four digits of a year.
pub(super) fn days() -> Ints {
    let day = |year, month, day| i64::from(day_number(NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()));
    Ints::between(day(0, 1, 1), day(9_999, 12, 31))
}

/// The days of the calendar, by number.
pub(super) fn calendar() -> (i64, i64) {
    (i64::from(day_number(NaiveDate::MIN)), i64::from(day_number(NaiveDate::MAX)))
}

/// A fact with its type and the values it can have.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) name: FactName,
    pub(super) ty: Type,
    pub(super) values: Values,
    pub(super) may_be_none: bool,
}

impl Fact {
    fn of(name: FactName, ty: Type, values: Values) -> Self {
        Self { name, ty, values, may_be_none: false }
    }
}

pub(super) fn yes_or_no() -> Values {
    Values::Bools { yes: true, no: true }
}

fn texts(texts: &[&str]) -> Values {
    Values::Texts(texts.iter().map(|text| Arc::from(*text)).collect())
}

/// A fact by its name.
pub(super) fn fact(tables: &Tables, of: Kind, name: &str) -> Option<Fact> {
    if let Some(known) = REGISTER_FACTS.iter().find(|fact| fact.of == of && fact.name == name) {
        let fact = match of {
            Kind::Resident => resident(tables, name),
            Kind::Household => (name == "members").then(|| {
                let ty = Type::Members(Kind::Resident);
                Fact::of(FactName::Household(HouseholdFact::Members), ty, Values::Any)
            }),
            Kind::Building => building(tables, name),
            Kind::Stairwell => (name == "has_lift").then(|| Fact::of(FactName::StairwellLift, Type::Bool, yes_or_no())),
        };
        return fact.map(|fact| Fact { may_be_none: known.may_be_none, ..fact });
    }
    let at = tables.facts.iter().position(|fact| Kind::from(fact.subject) == of && fact.name == name)?;
    Some(declared(tables.facts.get(at)?, at))
}

/// The register's codes of a list, if the folder has the list.
fn listed(tables: &Tables, list: &str) -> Type {
    Type::Text(tables.code_lists.contains_key(list).then(|| Arc::from(list)))
}

fn resident(tables: &Tables, name: &str) -> Option<Fact> {
    use ResidentFact as F;
    let of = |name, ty, values| Fact::of(FactName::Resident(name), ty, values);
    Some(match name {
        "born" => of(F::Born, Type::Day, Values::Ints(register_days())),
        "birth_year" => {
            let year = Type::Number(Number::of(Some(Unit::Year)));
            of(F::BirthYear, year, Values::Ints(Ints::between(years().0, years().1)))
        }
        "sex" => of(F::Sex, Type::Text(Some(Arc::from("sex"))), texts(&["female", "male"])),
        "alive" => of(F::Alive, Type::Bool, yes_or_no()),
        "language" => of(F::Language, listed(tables, "language"), Values::Any),
        "lives_in_city" => of(F::LivesInCity, Type::Bool, yes_or_no()),
        "home_building" => of(F::HomeBuilding, Type::Thing(Kind::Building, Whose::Other), Values::Any),
        "household" => of(F::Household, Type::Thing(Kind::Household, Whose::Other), Values::Any),
        "custodians" => of(F::Custodians, Type::Members(Kind::Resident), Values::Any),
        _ => return None,
    })
}

fn building(tables: &Tables, name: &str) -> Option<Fact> {
    use BuildingFact as F;
    let of = |name, ty, values| Fact::of(FactName::Building(name), ty, values);
    let number = |name, unit| {
        let ints = Ints::between(-FACT_INT_MAX, FACT_INT_MAX);
        of(name, Type::Number(Number::of(Some(unit))), Values::Ints(ints))
    };
    Some(match name {
        "intended_use" => of(F::IntendedUse, listed(tables, "building_use"), Values::Any),
        "built_year" => number(F::BuiltYear, Unit::Year),
        "storeys" => number(F::Storeys, Unit::Storeys),
        "dwellings" => number(F::Dwellings, Unit::Dwellings),
        "area_m2" => number(F::AreaM2, Unit::SquareMetres),
        "stairwells" => of(F::Stairwells, Type::Members(Kind::Stairwell), Values::Any),
        _ => {
            let utility = |word: &str| {
                [
                    ("sewer", Utility::Sewer),
                    ("water", Utility::Water),
                    ("electricity", Utility::Electricity),
                    ("gas", Utility::Gas),
                    ("cable", Utility::Cable),
                ]
                .into_iter()
                .find(|(name, _)| *name == word)
                .map(|(_, utility)| utility)
            };
            let has = name.strip_prefix("has_").and_then(utility).map(F::Has);
            let connected = name.strip_suffix("_connected").and_then(utility).map(F::Connected);
            of(has.or(connected)?, Type::Bool, yes_or_no())
        }
    })
}

fn declared(fact: &FactDeclaration, at: usize) -> Fact {
    let (ty, values) = match fact.fact_type {
        FactType::Bool => (Type::Bool, yes_or_no()),
        FactType::Int => {
            let numbers = fact.numbers();
            let unit = fact.unit.as_deref().and_then(Unit::of_word);
            (Type::Number(Number::of(unit)), Values::Ints(Ints::between(*numbers.start(), *numbers.end())))
        }
        FactType::Day => (Type::Day, Values::Ints(register_days())),
        FactType::Text => {
            let codes = fact.codes.as_ref().map(|codes| codes.iter().cloned().collect::<BTreeSet<_>>());
            let list = fact.code_list.as_deref().map(Arc::from);
            (Type::Text(list), codes.map_or(Values::Any, Values::Texts))
        }
        FactType::Place => (Type::Place, Values::Any),
    };
    let name = FactName::Declared { of: fact.subject, name: Arc::from(fact.name.as_str()), at };
    Fact { name, ty, values, may_be_none: fact.may_be_none }
}

/// Every name that somebody or something has.
pub(super) fn names(tables: &Tables, of: Kind) -> BTreeSet<String> {
    let register = REGISTER_FACTS.iter().filter(|fact| fact.of == of).map(|fact| fact.name.to_owned());
    let declared = tables.facts.iter().filter(|fact| Kind::from(fact.subject) == of);
    register.chain(declared.map(|fact| fact.name.clone())).collect()
}
