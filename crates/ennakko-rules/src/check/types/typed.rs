//! What is known of an expression: its type, its values, how it is read, and what follows when it is yes or no.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::known::{Known, Path, Possible, Values};
use crate::expression::Span;
use crate::facts::Kind;
use crate::step::Step;
use crate::unit::Unit;

/// Whose somebody or something is: a fact may be open about the subject and closed about a custodian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) enum Whose {
    /// It is the subject itself.
    Subject,
    /// It is related to the subject, or may be.
    Other,
}

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Type {
    /// Something was told already, or nothing can be known: nothing more is said.
    Told,
    /// What a helper is given that nothing calls: any name of anything may be read of it.
    Open,
    /// `()`
    None,
    /// Yes or no.
    Bool,
    Number(Number),
    Day,
    /// A text; of a list of codes, if it is a code.
    Text(Option<Arc<str>>),
    Place,
    /// A person, household, building or stairwell.
    Thing(Kind, Whose),
    /// A list of them.
    Members(Kind),
    /// A list of values.
    Array(Box<Type>),
    Range(Number),
    Occasion(Fields),
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// `None`: a bare number, which goes with every unit.
    pub(super) unit: Option<Unit>,
    /// An age that may be known only roughly.
    pub(super) rough: bool,
    /// The length of a list.
    pub(super) counts: bool,
}

impl Number {
    pub(super) fn of(unit: Option<Unit>) -> Self {
        Self { unit, rough: false, counts: false }
    }

    /// Two numbers of one unit; a bare number takes the unit of the other.
    pub(super) fn with(self, other: Self) -> Option<Self> {
        if let (Some(one), Some(two)) = (self.unit, other.unit)
            && one != two
            && !fault!(UnitsNotCompared)
            && !(fault!(KilometresAreMetres) && (one, two) == (Unit::Kilometres, Unit::Metres))
        {
            return None;
        }
        let unit = self.unit.or(other.unit);
        Some(Self { unit, rough: self.rough || other.rough, counts: self.counts && other.counts })
    }

    pub(super) fn words(self) -> String {
        match self.unit {
            _ if self.rough => "an age".to_owned(),
            None => "a number".to_owned(),
            Some(Unit::Year) => "a calendar year".to_owned(),
            Some(Unit::Month) => "a month of the year".to_owned(),
            Some(Unit::Years) => "a number of years".to_owned(),
            Some(unit) => format!("a number of {}", unit_words(unit)),
        }
    }
}

/// The fields of an occasion; `None` if they cannot be told.
pub(super) type Fields = Option<BTreeMap<Arc<str>, FieldType>>;

/// The type of a field of an occasion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldType {
    Day,
    Int,
    Text,
    /// A day in one round and a number in another, or the like.
    Mixed,
}

impl Type {
    /// Whether nothing is said of it.
    pub(super) fn is_silent(&self) -> bool {
        matches!(self, Self::Told | Self::Open)
    }

    pub(super) fn number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// In words, with the article.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Told | Self::Open => "something",
            Self::None => "none",
            Self::Bool => "a yes or no",
            Self::Number(number) => return number.words(),
            Self::Day => "a day",
            Self::Text(Some(list)) => return format!("a code of `{list}`"),
            Self::Text(None) => "a text",
            Self::Place => "a place",
            Self::Thing(kind, _) => kind_words(*kind),
            Self::Members(Kind::Resident) => "a list of persons",
            Self::Members(Kind::Household) => "a list of households",
            Self::Members(Kind::Building) => "a list of buildings",
            Self::Members(Kind::Stairwell) => "a list of stairwells",
            Self::Array(_) => "a list of values",
            Self::Range(_) => "a range",
            Self::Occasion(_) => "an occasion",
        }
        .to_owned()
    }

    /// What two types have in common: none goes with everything, a bare number with every unit.
    pub(super) fn with(&self, other: &Self) -> Option<Self> {
        Some(match (self, other) {
            (silent, _) | (_, silent) if silent.is_silent() => Self::Told,
            (Self::None, ty) | (ty, Self::None) => ty.clone(),
            (Self::Number(one), Self::Number(two)) => Self::Number(one.with(*two)?),
            (Self::Range(one), Self::Range(two)) => Self::Range(one.with(*two)?),
            (Self::Text(one), Self::Text(two)) => Self::Text(one.clone().filter(|list| Some(list) == two.as_ref())),
            (Self::Thing(one, whose), Self::Thing(two, also)) if one == two => Self::Thing(*one, *whose.max(also)),
            (Self::Array(one), Self::Array(two)) => Self::Array(Box::new(one.with(two)?)),
            (Self::Occasion(one), Self::Occasion(two)) => Self::Occasion(fields_of_both(one, two)),
            (one, two) if one == two => one.clone(),
            _ => return None,
        })
    }
}

/// Every field of either; one that the occasion does not have is unknown.
fn fields_of_both(one: &Fields, two: &Fields) -> Fields {
    let mut both = one.clone()?;
    for (name, ty) in two.as_ref()? {
        let joined = both.get(name).map_or(*ty, |known| if known == ty { *ty } else { FieldType::Mixed });
        both.insert(name.clone(), joined);
    }
    Some(both)
}

/// A unit as it follows *a number of*.
pub(super) fn unit_words(unit: Unit) -> &'static str {
    match unit {
        Unit::Metres => "metres",
        Unit::Kilometres => "kilometres",
        Unit::SquareMetres => "square metres",
        Unit::Grade => "grades",
        Unit::Count => "things",
        Unit::Year => "calendar years",
        Unit::Month => "calendar months",
        other => other.word(),
    }
}

pub(super) fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Resident => "a person",
        Kind::Household => "a household",
        Kind::Building => "a building",
        Kind::Stairwell => "a stairwell",
    }
}

/// An expression with what is known of it.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub(super) step: Step,
    pub(super) ty: Type,
    /// What it can come to, if it is known.
    pub(super) possible: Possible,
    /// How it is read.
    pub(super) path: Option<Path>,
    /// What follows if it is yes, and if it is no.
    pub(super) holds: Known,
    pub(super) fails: Known,
    /// Whether it is a number, a day or a text written down in the rule.
    pub(super) is_literal: bool,
    pub(super) span: Span,
}

impl Typed {
    /// A value that is not none.
    pub(super) fn new(span: Span, ty: Type, step: Step) -> Self {
        let none = matches!(ty, Type::None);
        let possible = Possible { none, some: !none, values: Values::Any };
        let (holds, fails) = (Known::nothing(), Known::nothing());
        Self { step, ty, possible, path: None, holds, fails, is_literal: false, span }
    }

    pub(super) fn with_values(mut self, values: Values) -> Self {
        self.possible = Possible::of(self.possible.none, values);
        self
    }

    pub(super) fn may_be_none(mut self, none: bool) -> Self {
        self.possible.none |= none;
        self
    }

    pub(super) fn read_as(mut self, path: Option<Path>) -> Self {
        self.path = path;
        self
    }

    /// What follows from its being yes and no.
    pub(super) fn implying(mut self, holds: Known, fails: Known) -> Self {
        (self.holds, self.fails) = (holds, fails);
        self
    }

    pub(super) fn is_silent(&self) -> bool {
        self.ty.is_silent()
    }
}
