//! One value of a vector: what a piece comes to for one row, or for one pair of a row and a member.
//!
//! How values are compared and found in lists is said here once, as [`walk`](crate::walk) says it; what walk stops at, stops.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;
use std::sync::Arc;

use ennakko_core::Truth;
use ennakko_core::day::PartialDate;
use ennakko_core::protected::Protected;
use ennakko_core::value::Fact;

use super::known::Known;
use crate::step::{Comparison, Constant};

/// A value for one row.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item<'v> {
    Unknown,
    None,
    Truth(bool),
    Number(i64),
    /// An age between two numbers, the first smaller than the second.
    Age(i64, i64),
    Day(PartialDate),
    Text(&'v str),
    /// Among the places that were read.
    Place(usize),
    Person(usize),
    Household(usize),
    Building(usize),
    Stairwell(Fact<bool>),
    Numbers(&'v [i64]),
}

/// Only walk can say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ask;

/// Places read in a pass: they are compared, and never shown.
#[derive(Clone, Default)]
pub(super) struct Places(Rc<RefCell<Vec<Protected<Arc<str>>>>>);

impl Places {
    pub(super) fn keep<'v>(&self, place: Protected<Arc<str>>) -> Item<'v> {
        let mut places = self.0.borrow_mut();
        places.push(place);
        Item::Place(places.len() - 1)
    }

    fn is(&self, place: usize, name: &str) -> bool {
        self.0.borrow().get(place).is_some_and(|place| place.is(&Arc::from(name)))
    }

    fn are_same(&self, one: usize, other: usize) -> bool {
        let places = self.0.borrow();
        let (Some(one), Some(other)) = (places.get(one), places.get(other)) else { return false };
        // neither is shown: whether the names are the same is asked of the one within the other
        other.as_ref().map(|name: &Arc<str>| one.is(name)).is(&true)
    }

    fn are_one(&self, one: usize, other: usize) -> bool {
        let places = self.0.borrow();
        places.get(one) == places.get(other)
    }
}

impl<'v> Item<'v> {
    /// What is known before; a list is no value of its own.
    pub(super) fn of_known(known: &'v Known) -> Result<Self, Ask> {
        Ok(match known {
            Known::Unknown => Self::Unknown,
            Known::None => Self::None,
            Known::Bool(holds) => Self::Truth(*holds),
            Known::Int(number) => Self::Number(*number),
            Known::Day(day) => Self::Day(PartialDate::exact(*day)),
            Known::Text(text) => Self::Text(text),
            Known::List(_) | Known::Range(..) | Known::Stop => return Err(Ask),
        })
    }

    pub(super) fn of_fact<T>(fact: Fact<T>, of: impl FnOnce(T) -> Self) -> Self {
        match fact {
            Fact::Known(value) => of(value),
            Fact::None => Self::None,
            Fact::Unknown(_) => Self::Unknown,
        }
    }

    pub(super) fn of_truth(truth: Truth) -> Self {
        match truth {
            Truth::Unknown => Self::Unknown,
            truth => Self::Truth(truth.is_yes()),
        }
    }

    pub(super) fn truth(self) -> Result<Truth, Ask> {
        match self {
            Self::Truth(holds) => Ok(Truth::from(holds)),
            Self::Unknown => Ok(Truth::Unknown),
            _ => Err(Ask),
        }
    }

    /// An age, or a number as one.
    fn age(self) -> Option<(i64, i64)> {
        match self {
            Self::Number(number) => Some((number, number)),
            Self::Age(least, most) => Some((least, most)),
            _ => None,
        }
    }

    /// The number itself; `None`: it is not known.
    pub(super) fn number(self) -> Result<Option<i64>, Ask> {
        match self {
            Self::Number(number) => Ok(Some(number)),
            Self::Age(..) | Self::Unknown => Ok(None),
            _ => Err(Ask),
        }
    }

    /// The day itself; `None`: it is not known.
    pub(super) fn exact(self) -> Result<Option<chrono::NaiveDate>, Ask> {
        match self {
            Self::Day(day) => Ok(day.day()),
            Self::Unknown => Ok(None),
            _ => Err(Ask),
        }
    }

    /// Whether a switch's single value is this one.
    pub(super) fn is_case(self, case: &Constant) -> bool {
        match (self, case) {
            (Self::None, Constant::None) => true,
            (Self::Truth(of), Constant::Bool(case)) => of == *case,
            (Self::Number(of), Constant::Int(case)) => of == *case,
            (Self::Text(of), Constant::Text(case)) => of == &**case,
            _ => false,
        }
    }

    /// Whether two are surely the same, whatever the unknown: for branches of which one is taken.
    pub(super) fn is_same(self, other: Self, places: &Places) -> bool {
        match (self, other) {
            (Self::None, Self::None) => true,
            (Self::Truth(one), Self::Truth(two)) => one == two,
            (Self::Number(one), Self::Number(two)) => one == two,
            (Self::Age(..), Self::Age(..)) => self.age() == other.age(),
            (Self::Day(one), Self::Day(two)) => one == two,
            (Self::Text(one), Self::Text(two)) => one == two,
            (Self::Place(one), Self::Place(two)) => places.are_one(one, two),
            (Self::Person(one), Self::Person(two))
            | (Self::Household(one), Self::Household(two))
            | (Self::Building(one), Self::Building(two)) => one == two,
            _ => false,
        }
    }

    /// How two stand to one another.
    pub(super) fn stands(self, by: Comparison, other: Self, places: &Places) -> Result<Truth, Ask> {
        if matches!(self, Self::Unknown) || matches!(other, Self::Unknown) {
            return Ok(Truth::Unknown);
        }
        match by {
            Comparison::Equal => self.equals(other, places),
            Comparison::NotEqual => Ok(match self.equals(other, places)? {
                Truth::Unknown => Truth::Unknown,
                truth => Truth::from(!truth.is_yes()),
            }),
            Comparison::Less => self.is_less(other, false),
            Comparison::LessOrEqual => self.is_less(other, true),
            Comparison::Greater => other.is_less(self, false),
            Comparison::GreaterOrEqual => other.is_less(self, true),
        }
    }

    fn equals(self, other: Self, places: &Places) -> Result<Truth, Ask> {
        if let (Some(one), Some(two)) = (self.age(), other.age()) {
            let exact = one.0 == one.1 && two.0 == two.1;
            let apart = one.1 < two.0 || two.1 < one.0;
            return Ok(if exact {
                Truth::from(one == two)
            } else if apart {
                Truth::No
            } else {
                Truth::Unknown
            });
        }
        Ok(Truth::from(match (self, other) {
            (Self::None, Self::None) => true,
            (Self::None, _) | (_, Self::None) => false,
            (Self::Truth(one), Self::Truth(two)) => one == two,
            (Self::Text(one), Self::Text(two)) => one == two,
            (Self::Place(place), Self::Text(name)) | (Self::Text(name), Self::Place(place)) => places.is(place, name),
            (Self::Place(one), Self::Place(two)) => places.are_same(one, two),
            (Self::Day(one), Self::Day(two)) => match (one.day(), two.day()) {
                (Some(one), Some(two)) => one == two,
                _ if one.last() < two.first() || two.last() < one.first() => false,
                _ => return Ok(Truth::Unknown),
            },
            _ => return Err(Ask),
        }))
    }

    fn is_less(self, other: Self, or_equal: bool) -> Result<Truth, Ask> {
        let comes_before = |order: Ordering| order == Ordering::Less || or_equal && order == Ordering::Equal;
        let (surely, possibly) = match (self, other) {
            (Self::Text(one), Self::Text(two)) => {
                let holds = comes_before(one.cmp(two));
                (holds, holds)
            }
            (Self::Day(one), Self::Day(two)) => {
                (comes_before(one.last().cmp(&two.first())), comes_before(one.first().cmp(&two.last())))
            }
            _ => match (self.age(), other.age()) {
                (Some(one), Some(two)) => (comes_before(one.1.cmp(&two.0)), comes_before(one.0.cmp(&two.1))),
                _ => return Err(Ask),
            },
        };
        Ok(if surely == possibly || fault!(WhatMayBeLessIs) { Truth::from(possibly) } else { Truth::Unknown })
    }

    /// Whether it lies between two numbers, both included.
    pub(super) fn is_within(self, bounds: Option<(i64, i64)>, places: &Places) -> Result<Truth, Ask> {
        let Some((from, to)) = bounds else { return Ok(Truth::Unknown) };
        if !matches!(self, Self::Unknown | Self::Number(_) | Self::Age(..)) {
            return Err(Ask);
        }
        if to < from {
            return Ok(Truth::No);
        }
        let begun = self.stands(Comparison::GreaterOrEqual, Item::Number(from), places)?;
        let over = self.stands(Comparison::Greater, Item::Number(to), places)?;
        Ok(match (begun, over) {
            (Truth::No, _) | (_, Truth::Yes) => Truth::No,
            (Truth::Yes, Truth::No) => Truth::Yes,
            _ => Truth::Unknown,
        })
    }

    /// Whether it is among some.
    pub(super) fn is_among(self, items: impl IntoIterator<Item = Self>, places: &Places) -> Result<Truth, Ask> {
        let (mut found, mut unknown) = (false, matches!(self, Self::Unknown));
        // the numbers that an age in part may be: it is found when the list has them all
        let mut ages: Vec<i64> = Vec::new();
        for item in items {
            match self.stands(Comparison::Equal, item, places)? {
                Truth::Yes => found = true,
                Truth::No => {}
                Truth::Unknown => unknown = true,
            }
            if let (Self::Age(least, most), Item::Number(number)) = (self, item)
                && (least..=most).contains(&number)
                && !ages.contains(&number)
            {
                ages.push(number);
                found |= ages.len() as u64 == most.abs_diff(least) + 1;
            }
        }
        Ok(if found {
            Truth::Yes
        } else if unknown {
            Truth::Unknown
        } else {
            Truth::No
        })
    }
}
