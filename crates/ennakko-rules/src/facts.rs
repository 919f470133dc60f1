//! The facts that the register itself has for a rule to read, beside those that `facts.toml` declares.

use ennakko_core::fact_table::SubjectKind;

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

/// A fact that the register has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterFact {
    /// Whose.
    pub of: Kind,
    /// Its name in rules.
    pub name: &'static str,
    /// Its type in words.
    pub fact_type: &'static str,
    /// What it says.
    pub meaning: &'static str,
    /// Whether it tells something of where somebody lives.
    pub from_home: bool,
    /// Whether it may differ from day to day with the register held still.
    pub by_day: bool,
}

const fn fact(of: Kind, name: &'static str, fact_type: &'static str, meaning: &'static str) -> RegisterFact {
    RegisterFact { of, name, fact_type, meaning, from_home: false, by_day: false }
}

const fn home(of: Kind, name: &'static str, fact_type: &'static str, meaning: &'static str) -> RegisterFact {
    RegisterFact { of, name, fact_type, meaning, from_home: true, by_day: false }
}

/// Every fact of the register, by whose it is.
pub const REGISTER_FACTS: &[RegisterFact] = &[
    fact(Kind::Resident, "born", "day", "day of birth, perhaps known only to the month or year"),
    fact(Kind::Resident, "birth_year", "int", "year of birth"),
    fact(Kind::Resident, "sex", "text", "`female` or `male` as registered"),
    fact(Kind::Resident, "alive", "bool", "whether every source says that the person is alive"),
    fact(Kind::Resident, "language", "text", "mother tongue, ISO 639-1"),
    home(Kind::Resident, "lives_in_city", "bool", "whether the municipality of residence is the city's own"),
    home(Kind::Resident, "home_building", "building", "the building of the permanent dwelling"),
    home(
        Kind::Resident,
        "household",
        "household",
        "everyone whose permanent dwelling is the same; none without a dwelling or in an institution",
    ),
    RegisterFact {
        of: Kind::Resident,
        name: "custodians",
        fact_type: "list of residents",
        meaning: "persons with custody on the day evaluated",
        from_home: false,
        by_day: true,
    },
    home(Kind::Household, "members", "list of residents", "everyone whose permanent dwelling is the same"),
    fact(Kind::Building, "intended_use", "text", "code of the 1994 or the 2018 classification"),
    fact(Kind::Building, "built_year", "int", "year of completion"),
    fact(Kind::Building, "storeys", "int", "number of storeys"),
    fact(Kind::Building, "dwellings", "int", "number of dwellings"),
    fact(Kind::Building, "area_m2", "int", "gross area, whole square metres"),
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
