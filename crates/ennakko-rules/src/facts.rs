//! The facts that the register itself has for a rule to read, beside those that `facts.toml` declares.

use ennakko_core::fact_table::SubjectKind;
use ennakko_core::special::Special;

use crate::unit::Unit;

/// What a value in a rule is, as far as the names it has are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A person.
    Resident,
    /// A household.
    Household,
    /// A building.
    Building,
    /// A stairwell of a building.
    Stairwell,
}

impl From<SubjectKind> for Kind {
    fn from(kind: SubjectKind) -> Self {
        match kind {
            SubjectKind::Resident => Self::Resident,
            SubjectKind::Household => Self::Household,
            SubjectKind::Building => Self::Building,
        }
    }
}

impl Kind {
    /// The word for it in tables and lists.
    pub fn word(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Household => "household",
            Self::Building => "building",
            Self::Stairwell => "stairwell",
        }
    }
}

/// A fact that the register has. A rule of every purpose may read it, of its subject and of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterFact {
    /// Whose.
    pub of: Kind,
    /// Its name in rules.
    pub name: &'static str,
    /// Its type in words.
    pub fact_type: &'static str,
    /// The unit of a number.
    pub unit: Option<Unit>,
    /// What it says.
    pub meaning: &'static str,
    /// What it tells that may decide nothing unless a section of law lets it.
    pub special: Option<Special>,
    /// The texts that it can be, if they are a closed list.
    pub codes: Option<&'static [&'static str]>,
    /// Whether it may be none. Of the others, what the source does not have is unknown.
    pub may_be_none: bool,
    /// Whether it tells something of where somebody lives.
    pub from_home: bool,
    /// Whether it may differ from day to day with the register held still.
    pub by_day: bool,
}

const fn fact(of: Kind, name: &'static str, fact_type: &'static str, meaning: &'static str) -> RegisterFact {
    RegisterFact {
        of,
        name,
        fact_type,
        unit: None,
        meaning,
        special: None,
        codes: None,
        may_be_none: false,
        from_home: false,
        by_day: false,
    }
}

const fn number(of: Kind, name: &'static str, unit: Unit, meaning: &'static str) -> RegisterFact {
    RegisterFact { unit: Some(unit), ..fact(of, name, "int", meaning) }
}

const fn text(of: Kind, name: &'static str, meaning: &'static str) -> RegisterFact {
    RegisterFact { may_be_none: true, ..fact(of, name, "text", meaning) }
}

const fn home(of: Kind, name: &'static str, fact_type: &'static str, meaning: &'static str) -> RegisterFact {
    RegisterFact { from_home: true, ..fact(of, name, fact_type, meaning) }
}

/// Every fact of the register, by whose it is.
pub const REGISTER_FACTS: &[RegisterFact] = &[
    fact(Kind::Resident, "born", "day", "day of birth, perhaps known only to the month or year"),
    number(Kind::Resident, "birth_year", Unit::Year, "year of birth"),
    RegisterFact {
        codes: Some(&["female", "male"]),
        ..text(Kind::Resident, "sex", "`female` or `male` as registered")
    },
    fact(Kind::Resident, "alive", "bool", "whether every source says that the person is alive"),
    RegisterFact { special: Some(Special::Language), ..text(Kind::Resident, "language", "mother tongue, ISO 639-1") },
    home(Kind::Resident, "lives_in_city", "bool", "whether the municipality of residence is the city's own"),
    home(Kind::Resident, "home_building", "building", "the building of the permanent dwelling"),
    RegisterFact {
        may_be_none: true,
        ..home(
            Kind::Resident,
            "household",
            "household",
            "everyone whose permanent dwelling is the same; none without a dwelling or in an institution",
        )
    },
    RegisterFact {
        by_day: true,
        ..fact(Kind::Resident, "custodians", "list of residents", "persons with custody on the day evaluated")
    },
    home(Kind::Household, "members", "list of residents", "everyone whose permanent dwelling is the same"),
    text(Kind::Building, "intended_use", "code of the 1994 or the 2018 classification"),
    number(Kind::Building, "built_year", Unit::Year, "year of completion"),
    number(Kind::Building, "storeys", Unit::Storeys, "number of storeys"),
    number(Kind::Building, "dwellings", Unit::Dwellings, "number of dwellings"),
    number(Kind::Building, "area_m2", Unit::SquareMetres, "gross area, whole square metres"),
    fact(Kind::Building, "stairwells", "list of stairwells", "the stairwells"),
    fact(Kind::Building, "has_sewer", "bool", "equipment: sewer"),
    fact(Kind::Building, "has_water", "bool", "equipment: water"),
    fact(Kind::Building, "has_electricity", "bool", "equipment: electricity"),
    fact(Kind::Building, "has_gas", "bool", "equipment: gas"),
    fact(Kind::Building, "has_cable", "bool", "equipment: cable"),
    fact(Kind::Building, "sewer_connected", "bool", "connection to the sewer network"),
    fact(Kind::Building, "water_connected", "bool", "connection to the water network"),
    fact(Kind::Building, "electricity_connected", "bool", "connection to the electricity network"),
    fact(Kind::Building, "gas_connected", "bool", "connection to the gas network"),
    fact(Kind::Building, "cable_connected", "bool", "connection to the cable network"),
    fact(Kind::Stairwell, "has_lift", "bool", "whether the stairwell has a lift"),
];

/// The register's facts that decide who is asked at all: those that are never withheld of protected people.
pub(crate) const COHORT_FACTS: &[&str] = &["born", "birth_year", "sex", "intended_use", "built_year"];

/// Methods of values in rules: name and number of arguments.
pub(crate) const METHODS: &[(&str, usize)] = &[
    ("age_on", 1),
    ("age_reached_in", 1),
    ("lives_in_city_on", 1),
    ("some", 1),
    ("all", 1),
    ("filter", 1),
    ("len", 0),
    ("sum", 1),
    ("min", 1),
    ("max", 1),
    ("plus_days", 1),
    ("plus_months", 1),
    ("plus_years", 1),
    ("days_until", 1),
    ("contains", 1),
];

/// Functions of occasions and conditions that every rule may call: name and number of arguments.
pub(crate) const FUNCTIONS: &[(&str, usize)] = &[
    ("any_of", 1),
    ("all_of", 1),
    ("each_year", 1),
    ("at_age", 4),
    ("after", 4),
    ("once", 1),
    ("no_occasion", 0),
    ("date", 1),
    ("contains", 2),
    ("min", 2),
    ("max", 2),
];

/// Fields of a day in rules.
pub(crate) const DAY_FIELDS: &[&str] = &["year", "month", "day"];

/// A method or function of rules, as people are told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub usage: &'static str,
    /// What it answers.
    pub gives: &'static str,
    /// What that says.
    pub meaning: &'static str,
}

const fn call(name: &'static str, usage: &'static str, gives: &'static str, meaning: &'static str) -> Call {
    Call { name, usage, gives, meaning }
}

/// Every method of values in rules.
pub const METHOD_CALLS: &[Call] = &[
    call("age_on", "person.age_on(day)", "years", "age in whole years on a day"),
    call("age_reached_in", "person.age_reached_in(year)", "years", "the age reached in a year of the calendar"),
    call(
        "lives_in_city_on",
        "person.lives_in_city_on(day)",
        "bool",
        "as `lives_in_city`, on another day; unknown before the history begins",
    ),
    call("some", "list.some(|one| ...)", "bool", "whether the test holds for at least one"),
    call("all", "list.all(|one| ...)", "bool", "whether the test holds for every one"),
    call("filter", "list.filter(|one| ...)", "list", "those for whom the test holds"),
    call("len", "list.len()", "count", "how many there are"),
    call("sum", "list.sum(|one| ...)", "number", "the numbers of all, added up"),
    call("min", "list.min(|one| ...)", "number", "the smallest of the numbers of all; none of an empty list"),
    call("max", "list.max(|one| ...)", "number", "the largest of the numbers of all; none of an empty list"),
    call("contains", "list.contains(value)", "bool", "whether the value is in it; `value in list` says the same"),
    call("plus_days", "day.plus_days(n)", "day", "so many days later"),
    call("plus_months", "day.plus_months(n)", "day", "so many months later; of a shorter month, its last day"),
    call("plus_years", "day.plus_years(n)", "day", "so many years later"),
    call("days_until", "day.days_until(other)", "days", "days from one to the other; negative if the other is earlier"),
];

/// Every function that rules may call.
pub const FUNCTION_CALLS: &[Call] = &[
    call("date", "date(\"2027-01-31\")", "day", "a day of the calendar"),
    call("each_year", "each_year(on)", "occasion", "the calendar year; `year` is its field"),
    call(
        "at_age",
        "at_age(person, years, open_for_days, on)",
        "occasion",
        "from the birthday on which the age is reached",
    ),
    call(
        "after",
        "after(day, wait_days, open_for_days, on)",
        "occasion",
        "so many days after a day; needs `not_again_within`",
    ),
    call("once", "once(on)", "occasion", "one that never comes again"),
    call("no_occasion", "no_occasion()", "occasion", "none: the rule is not about this subject now"),
    call("any_of", "any_of(#{ name: test, ... })", "bool", "whether one of the named lines holds"),
    call("all_of", "all_of(#{ name: test, ... })", "bool", "whether all of the named lines hold"),
    call("contains", "contains(list, value)", "bool", "as `value in list`"),
    call("min", "min(a, b)", "number", "the smaller of two"),
    call("max", "max(a, b)", "number", "the larger of two"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Whoever adds a method or function says here what it is.
    #[test]
    fn every_method_and_function_is_told() {
        let names = |calls: &[Call]| calls.iter().map(|call| call.name).collect::<BTreeSet<_>>();
        let known = |calls: &[(&'static str, usize)]| calls.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>();
        assert_eq!(names(METHOD_CALLS), known(METHODS));
        assert_eq!(names(FUNCTION_CALLS), known(FUNCTIONS));
        for call in METHOD_CALLS.iter().chain(FUNCTION_CALLS) {
            assert!(call.usage.contains(&format!("{}(", call.name)), "{}", call.usage);
        }
    }

    #[test]
    fn numbers_have_units_and_other_facts_have_none() {
        for fact in REGISTER_FACTS {
            assert_eq!(fact.fact_type == "int", fact.unit.is_some(), "{}", fact.name);
        }
    }
}
