//! What a step comes to: a value, none, or unknown with what is missing.

use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::protected::Protected;
use ennakko_core::record::ListState;
use ennakko_core::register::{Building, Household, Resident};
use ennakko_core::{Fact, Occasion, PartialDate, Truth, UnknownReason};

use crate::step::Constant;

/// Whose a fact is, seen from the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    Subject,
    Custodian,
    Member,
    Household,
    HomeBuilding,
    Stairwell,
    Occasion,
}

impl Whose {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Custodian => "custodian",
            Self::Member => "member",
            Self::Household => "household",
            Self::HomeBuilding => "home building",
            Self::Stairwell => "stairwell",
            Self::Occasion => "occasion",
        }
    }
}

/// A fact that is missing: which, of whom, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lack<'w> {
    pub(crate) fact: &'w str,
    pub(crate) of: Whose,
    pub(crate) reason: UnknownReason,
}

/// Everything that is missing for an answer, in the order of reading, each once; empty where nobody asked for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lacks<'w>(Vec<Lack<'w>>);

impl<'w> Lacks<'w> {
    pub(crate) fn of(lack: Lack<'w>) -> Self {
        Self(vec![lack])
    }

    pub(crate) fn add(&mut self, others: Self) {
        if self.0.is_empty() {
            *self = others;
            return;
        }
        for lack in others.0 {
            if !self.0.contains(&lack) {
                self.0.push(lack);
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Lack<'w>> {
        self.0.iter()
    }
}

/// What a step comes to.
#[derive(Clone)]
pub(crate) enum Value<'w> {
    Unknown(Lacks<'w>),
    None,
    Bool(bool),
    Int(i64),
    Age(Age),
    Day(Day<'w>),
    Text(Text<'w>),
    Place(Protected<Arc<str>>),
    Person(Resident<'w>, Whose),
    Household(Household<'w>, Whose),
    Building(Building<'w>, Whose),
    Stairwell(Fact<bool>),
    Members(Box<Members<'w>>),
    Array(Vec<Value<'w>>),
    Numbers(&'w [i64]),
    /// From the first to the last, both included.
    Range(i64, i64),
    Occasion(Arc<Occasion>),
}

/// An age that a partial birth day leaves between two numbers of whole years, the first smaller than the second.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Age {
    pub(crate) least: i64,
    pub(crate) most: i64,
    pub(crate) of: Whose,
}

/// A day, perhaps known only in part, and the fact it comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day<'w> {
    pub(crate) date: PartialDate,
    pub(crate) fact: &'w str,
    pub(crate) of: Whose,
}

impl Day<'_> {
    pub(crate) fn exact(day: NaiveDate) -> Self {
        Self { date: PartialDate::exact(day), fact: "day", of: Whose::Subject }
    }
}

/// A text, borrowed where it can be.
#[derive(Clone)]
pub(crate) enum Text<'w> {
    Borrowed(&'w str),
    Shared(Arc<str>),
}

impl Text<'_> {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Shared(text) => text,
        }
    }

    pub(crate) fn shared(&self) -> Arc<str> {
        match self {
            Self::Borrowed(text) => Arc::from(*text),
            Self::Shared(text) => text.clone(),
        }
    }
}

/// A list of the register, whole or perhaps not.
#[derive(Clone)]
pub(crate) struct Members<'w> {
    pub(crate) fact: &'static str,
    pub(crate) of: Whose,
    pub(crate) items: Vec<Value<'w>>,
    pub(crate) state: ListState,
    /// What kept a filter from saying whether some member belongs to the list.
    pub(crate) undecided: Option<Lacks<'w>>,
}

impl<'w> Value<'w> {
    pub(crate) fn of_constant(constant: &'w Constant) -> Self {
        match constant {
            Constant::None => Self::None,
            Constant::Bool(value) => Self::Bool(*value),
            Constant::Int(value) => Self::Int(*value),
            Constant::Text(text) => Self::Text(Text::Borrowed(text)),
            Constant::Day(day) => Self::Day(Day::exact(*day)),
        }
    }

    /// Yes or no, if that is what it is, or unknown.
    pub(crate) fn truth(&self) -> Option<Truth> {
        match self {
            Self::Bool(value) => Some(Truth::from(*value)),
            Self::Unknown(_) => Some(Truth::Unknown),
            _ => None,
        }
    }

    /// Whether two values are surely the same, whatever the unknown: for branches of which one is taken.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None) => true,
            (Self::Bool(one), Self::Bool(two)) => one == two,
            (Self::Int(one), Self::Int(two)) => one == two,
            (Self::Age(one), Self::Age(two)) => one == two,
            (Self::Day(one), Self::Day(two)) => one.date == two.date,
            (Self::Text(one), Self::Text(two)) => one.as_str() == two.as_str(),
            (Self::Place(one), Self::Place(two)) => one == two,
            (Self::Person(one, _), Self::Person(two, _)) => one.row() == two.row(),
            (Self::Household(one, _), Self::Household(two, _)) => one.row() == two.row(),
            (Self::Building(one, _), Self::Building(two, _)) => one.row() == two.row(),
            (Self::Occasion(one), Self::Occasion(two)) => one == two,
            _ => false,
        }
    }

    /// What it is, in words.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "unknown",
            Self::None => "none",
            Self::Bool(_) => "yes or no",
            Self::Int(_) => "a number",
            Self::Age(_) => "an age",
            Self::Day(_) => "a day",
            Self::Text(_) => "a text",
            Self::Place(_) => "a place",
            Self::Person(..) => "a person",
            Self::Household(..) => "a household",
            Self::Building(..) => "a building",
            Self::Stairwell(_) => "a stairwell",
            Self::Members(_) => "a list of the register",
            Self::Array(_) | Self::Numbers(_) => "a list",
            Self::Range(..) => "a range",
            Self::Occasion(_) => "an occasion",
        }
    }
}
