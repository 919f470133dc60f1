//! What the checker makes of a rule's expressions: names resolved, types proven, helpers put in where they are called.
//!
//! A step says what to do, not how: [`walk`](crate::walk) evaluates it over one subject with three-valued logic. Tables are
//! named and not copied, so that a parameter can be tried out and a case can bring rounds of its own.

use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::fact_table::SubjectKind;

use crate::diagnostic::Place;

/// A variable: 0 is the subject, 1 the day, 2 the occasion; more come from `let`, closures and helpers' parameters.
pub(crate) type Slot = usize;

/// Slots that the functions of a rule begin with.
pub(crate) const SUBJECT: Slot = 0;
pub(crate) const DAY: Slot = 1;
pub(crate) const OCCASION: Slot = 2;

/// A step with the place in the rule's file (or, of a shared helper, of its call) that it comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) place: Place,
    pub(crate) what: What,
}

/// A whole piece: what is evaluated on its own, and how many slots it needs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Steps {
    pub(crate) step: Step,
    /// At least 3.
    pub(crate) n_slots: usize,
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    Constant(Constant),
    Slot(Slot),
    Let {
        slot: Slot,
        value: Box<Step>,
        body: Box<Step>,
    },
    If {
        test: Box<Step>,
        then: Box<Step>,
        otherwise: Box<Step>,
    },
    /// Single values before ranges, in order; the first that fits and whose guard holds.
    Switch {
        of: Box<Step>,
        arms: Vec<Arm>,
        otherwise: Box<Step>,
    },
    /// From the left; ends at the first decided answer.
    And(Vec<Step>),
    Or(Vec<Step>),
    /// `any_of`, `all_of` inside an expression: every entry is evaluated.
    Join {
        any: bool,
        of: Vec<Step>,
    },
    Not(Box<Step>),
    /// The first that is not none.
    Coalesce(Vec<Step>),
    /// Two booleans, numbers, ages, days, texts, places (with texts), or anything with none.
    Compare {
        by: Comparison,
        left: Box<Step>,
        right: Box<Step>,
    },
    /// In a list of values or a range.
    In {
        item: Box<Step>,
        list: Box<Step>,
        negated: bool,
    },
    Arithmetic {
        by: Arithmetic,
        left: Box<Step>,
        right: Box<Step>,
    },
    Negate(Box<Step>),
    Array(Vec<Step>),
    Range {
        from: Box<Step>,
        to: Box<Step>,
        inclusive: bool,
    },
    /// `group::name(day)`
    Parameter {
        group: Arc<str>,
        name: Arc<str>,
        day: Box<Step>,
    },
    /// `calendar::name(day)`: an occasion, or none.
    Round {
        calendar: Arc<str>,
        day: Box<Step>,
    },
    /// A constructor of occasions; an occasion, or none.
    Occasion {
        by: Constructor,
        of: Vec<Step>,
    },
    /// A field of an occasion.
    Field {
        of: Box<Step>,
        name: Arc<str>,
    },
    /// A fact of a person, household, building or stairwell.
    Fact {
        of: Box<Step>,
        fact: FactName,
    },
    /// `.age_on(day)`
    AgeOn {
        of: Box<Step>,
        day: Box<Step>,
    },
    /// `.age_reached_in(year)`
    AgeReachedIn {
        of: Box<Step>,
        year: Box<Step>,
    },
    /// `.lives_in_city_on(day)`
    LivesInCityOn {
        of: Box<Step>,
        day: Box<Step>,
    },
    /// `.year`, `.month`, `.day` of a day.
    Part {
        of: Box<Step>,
        part: DayPart,
    },
    /// `.plus_days(n)`, `.plus_months(n)`, `.plus_years(n)`
    Plus {
        of: Box<Step>,
        unit: Calendrical,
        number: Box<Step>,
    },
    /// `.days_until(day)`
    DaysUntil {
        of: Box<Step>,
        to: Box<Step>,
    },
    /// `.some(|x| ...)`, `.all(|x| ...)`
    Search {
        list: Box<Step>,
        slot: Slot,
        test: Box<Step>,
        all: bool,
    },
    /// `.filter(|x| ...)`
    Filter {
        list: Box<Step>,
        slot: Slot,
        test: Box<Step>,
    },
    /// `.len()`
    Len(Box<Step>),
    /// `.sum(|x| ...)`; `.min(|x| ...)`, `.max(|x| ...)` are none of an empty list.
    Fold {
        list: Box<Step>,
        slot: Slot,
        value: Box<Step>,
        by: Fold,
    },
}

/// A value that is written down.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Constant {
    None,
    Bool(bool),
    Int(i64),
    Text(Arc<str>),
    Day(NaiveDate),
}

/// One arm of a switch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arm {
    pub(crate) values: Vec<Constant>,
    /// Whole numbers from the first to the second, both included.
    pub(crate) ranges: Vec<(i64, i64)>,
    pub(crate) guard: Option<Step>,
    pub(crate) value: Step,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    /// Towards zero.
    Divide,
    /// With the sign of the left.
    Remainder,
    Min,
    Max,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Constructor {
    /// `each_year(on)`
    EachYear,
    /// `once(on)`
    Once,
    /// `at_age(subject, years, open_for, on)`
    AtAge,
    /// `after(day, wait, open_for, on)`
    After,
    /// `no_occasion()`
    NoOccasion,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DayPart {
    Year,
    Month,
    Day,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Calendrical {
    Days,
    Months,
    Years,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fold {
    Sum,
    Min,
    Max,
}

/// Which fact.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FactName {
    Resident(ResidentFact),
    Household(HouseholdFact),
    Building(BuildingFact),
    /// `has_lift` of a stairwell.
    StairwellLift,
    /// A fact of `facts.toml`, by its position there.
    Declared {
        of: SubjectKind,
        name: Arc<str>,
        at: usize,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ResidentFact {
    Born,
    BirthYear,
    Sex,
    Alive,
    Language,
    LivesInCity,
    HomeBuilding,
    Household,
    Custodians,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HouseholdFact {
    Members,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BuildingFact {
    IntendedUse,
    BuiltYear,
    Storeys,
    Dwellings,
    AreaM2,
    Stairwells,
    /// Equipment: `has_...`
    Has(Utility),
    /// Connection to a network: `..._connected`
    Connected(Utility),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Utility {
    Sewer,
    Water,
    Electricity,
    Gas,
    Cable,
}

/// The steps directly in what is to be done, in the order in which they are evaluated.
macro_rules! children {
    ($what:expr, $iter:ident $(, $mutable:tt)?) => {
        match $what {
            What::Constant(_) | What::Slot(_) => Vec::new(),
            What::If { test, then, otherwise } => vec![test, then, otherwise],
            What::Switch { of, arms, otherwise } => {
                let of_arms = arms.$iter().flat_map(|Arm { guard, value, .. }| guard.$iter().chain([value]));
                std::iter::once(& $($mutable)? **of).chain(of_arms).chain([& $($mutable)? **otherwise]).collect()
            }
            What::And(of)
            | What::Or(of)
            | What::Join { of, .. }
            | What::Coalesce(of)
            | What::Array(of)
            | What::Occasion { of, .. } => of.$iter().collect(),
            What::Let { value: one, body: two, .. }
            | What::Compare { left: one, right: two, .. }
            | What::Arithmetic { left: one, right: two, .. }
            | What::In { item: one, list: two, .. }
            | What::Range { from: one, to: two, .. }
            | What::AgeOn { of: one, day: two }
            | What::AgeReachedIn { of: one, year: two }
            | What::LivesInCityOn { of: one, day: two }
            | What::Plus { of: one, number: two, .. }
            | What::DaysUntil { of: one, to: two }
            | What::Search { list: one, test: two, .. }
            | What::Filter { list: one, test: two, .. }
            | What::Fold { list: one, value: two, .. } => vec![one, two],
            What::Not(of)
            | What::Negate(of)
            | What::Len(of)
            | What::Parameter { day: of, .. }
            | What::Round { day: of, .. }
            | What::Field { of, .. }
            | What::Fact { of, .. }
            | What::Part { of, .. } => vec![of],
        }
    };
}

impl What {
    /// The steps directly in it.
    pub(crate) fn children(&self) -> Vec<&Step> {
        children!(self, iter)
    }

    /// The same, to be changed.
    pub(crate) fn children_mut(&mut self) -> Vec<&mut Step> {
        children!(self, iter_mut, mut)
    }
}

impl FactName {
    /// The name in rules.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Resident(fact) => match fact {
                ResidentFact::Born => "born",
                ResidentFact::BirthYear => "birth_year",
                ResidentFact::Sex => "sex",
                ResidentFact::Alive => "alive",
                ResidentFact::Language => "language",
                ResidentFact::LivesInCity => "lives_in_city",
                ResidentFact::HomeBuilding => "home_building",
                ResidentFact::Household => "household",
                ResidentFact::Custodians => "custodians",
            },
            Self::Household(HouseholdFact::Members) => "members",
            Self::Building(fact) => match fact {
                BuildingFact::IntendedUse => "intended_use",
                BuildingFact::BuiltYear => "built_year",
                BuildingFact::Storeys => "storeys",
                BuildingFact::Dwellings => "dwellings",
                BuildingFact::AreaM2 => "area_m2",
                BuildingFact::Stairwells => "stairwells",
                BuildingFact::Has(Utility::Sewer) => "has_sewer",
                BuildingFact::Has(Utility::Water) => "has_water",
                BuildingFact::Has(Utility::Electricity) => "has_electricity",
                BuildingFact::Has(Utility::Gas) => "has_gas",
                BuildingFact::Has(Utility::Cable) => "has_cable",
                BuildingFact::Connected(Utility::Sewer) => "sewer_connected",
                BuildingFact::Connected(Utility::Water) => "water_connected",
                BuildingFact::Connected(Utility::Electricity) => "electricity_connected",
                BuildingFact::Connected(Utility::Gas) => "gas_connected",
                BuildingFact::Connected(Utility::Cable) => "cable_connected",
            },
            Self::StairwellLift => "has_lift",
            Self::Declared { name, .. } => name,
        }
    }
}
