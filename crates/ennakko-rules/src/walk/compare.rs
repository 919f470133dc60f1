//! Comparisons and membership: decided when everything possible agrees.

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::NaiveDate;

use super::value::{Age, Lacks, Value, Whose};
use super::{Walk, Walked, after, failed, is_today, misfit};
use crate::step::{Comparison, Step, What};
use crate::stop::Stop;

/// A yes or no, or what it lacks.
type Answer<'w> = Result<bool, Lacks<'w>>;

impl Age {
    fn of(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Age(age) => Some(*age),
            Value::Int(number) => Some(Self { least: *number, most: *number, of: Whose::Subject }),
            _ => None,
        }
    }

    fn is_exact(self) -> bool {
        self.least == self.most
    }
}

impl<'w> Walk<'w> {
    pub(super) fn compare(&mut self, by: Comparison, left: &'w Step, right: &'w Step) -> Walked<'w> {
        let today = is_today(left) != is_today(right);
        let ((left, left_is_today), (right, _)) = if today {
            (self.day_of(left)?, self.day_of(right)?)
        } else {
            ((self.step(left)?, false), (self.step(right)?, false))
        };
        if today {
            let other = if left_is_today { &right } else { &left };
            if let Value::Day(day) = other {
                self.narrow_by(by, left_is_today, [day.date.first(), day.date.last()]);
            }
        }
        Ok(match self.holds(by, &left, &right)? {
            Ok(holds) => Value::Bool(holds),
            Err(lacks) => Value::Unknown(lacks),
        })
    }

    /// How today stands to a day changes on it, on the day after, or on both.
    fn narrow_by(&mut self, by: Comparison, left_is_today: bool, days: [NaiveDate; 2]) {
        let (on_it, day_after) = match (by, left_is_today) {
            (Comparison::Equal | Comparison::NotEqual, _) => (true, true),
            (Comparison::Less | Comparison::GreaterOrEqual, true)
            | (Comparison::Greater | Comparison::LessOrEqual, false) => (true, false),
            _ => (false, true),
        };
        if on_it {
            self.narrow_at(days);
        }
        if day_after {
            self.narrow_at(days.map(after));
        }
    }

    pub(super) fn holds(&self, by: Comparison, left: &Value<'w>, right: &Value<'w>) -> Result<Answer<'w>, Box<Stop>> {
        match (left, right) {
            (Value::Unknown(one), Value::Unknown(two)) => {
                let mut lacks = one.clone();
                lacks.add(two.clone());
                return Ok(Err(lacks));
            }
            (Value::Unknown(lacks), _) | (_, Value::Unknown(lacks)) => return Ok(Err(lacks.clone())),
            _ => {}
        }
        match by {
            Comparison::Equal => self.is_equal(left, right),
            Comparison::NotEqual => Ok(self.is_equal(left, right)?.map(|equal| !equal)),
            Comparison::Less => self.is_less(left, right, false),
            Comparison::LessOrEqual => self.is_less(left, right, true),
            Comparison::Greater => self.is_less(right, left, false),
            Comparison::GreaterOrEqual => self.is_less(right, left, true),
        }
    }

    /// Whether two known values are equal; none equals only none.
    fn is_equal(&self, left: &Value<'w>, right: &Value<'w>) -> Result<Answer<'w>, Box<Stop>> {
        if let (Some(one), Some(two)) = (Age::of(left), Age::of(right)) {
            let decided = match (one.is_exact() && two.is_exact(), one.most < two.least || two.most < one.least) {
                (true, _) => Some(one.least == two.least),
                (false, true) => Some(false),
                (false, false) => None,
            };
            return Ok(decided.ok_or_else(|| self.undecided(left, right)));
        }
        Ok(Ok(match (left, right) {
            (Value::None, Value::None) => true,
            (Value::None, _) | (_, Value::None) => false,
            (Value::Bool(one), Value::Bool(two)) => one == two,
            (Value::Text(one), Value::Text(two)) => one.is(two),
            (Value::Place(place), Value::Text(name)) | (Value::Text(name), Value::Place(place)) => {
                place.is(&name.shared())
            }
            // neither is shown: whether the names are the same is asked of the one within the other
            (Value::Place(one), Value::Place(two)) => two.as_ref().map(|name: &Arc<str>| one.is(name)).is(&true),
            (Value::Day(one), Value::Day(two)) => {
                let apart = one.date.last() < two.date.first() || two.date.last() < one.date.first();
                match (one.date.day(), two.date.day()) {
                    (Some(one), Some(two)) => one == two,
                    _ if apart => false,
                    _ => return Ok(Err(self.undecided(left, right))),
                }
            }
            (one, two) => return failed(&format!("{} is compared with {}", one.kind(), two.kind())),
        }))
    }

    /// Whether a known value comes before another, or at the same place.
    fn is_less(&self, left: &Value<'w>, right: &Value<'w>, or_equal: bool) -> Result<Answer<'w>, Box<Stop>> {
        let comes_before = |order: Ordering| order == Ordering::Less || or_equal && order == Ordering::Equal;
        let (surely, possibly) = match (left, right) {
            (Value::Text(one), Value::Text(two)) => {
                let holds = comes_before(one.as_str().cmp(two.as_str()));
                (holds, holds)
            }
            (Value::Day(one), Value::Day(two)) => (
                comes_before(one.date.last().cmp(&two.date.first())),
                comes_before(one.date.first().cmp(&two.date.last())),
            ),
            _ => match (Age::of(left), Age::of(right)) {
                (Some(one), Some(two)) => {
                    (comes_before(one.most.cmp(&two.least)), comes_before(one.least.cmp(&two.most)))
                }
                _ => return failed(&format!("{} is compared with {}", left.kind(), right.kind())),
            },
        };
        Ok(if surely == possibly { Ok(surely) } else { Err(self.undecided(left, right)) })
    }

    /// What two values lack that are known only in part.
    fn undecided(&self, left: &Value<'w>, right: &Value<'w>) -> Lacks<'w> {
        let mut lacks = Lacks::default();
        for value in [left, right] {
            match value {
                Value::Age(age) => lacks.add(self.lacks(age.born())),
                Value::Day(day) if day.date.day().is_none() => lacks.add(self.lacks(day.lack())),
                _ => {}
            }
        }
        lacks
    }

    pub(super) fn is_in(&mut self, item: &'w Step, list: &'w Step, negated: bool) -> Walked<'w> {
        let item = self.step(item)?;
        let found = if let What::Array(steps) = &list.what {
            let mut items = Sought::of(&item);
            for step in steps {
                let value = self.step(step)?;
                self.look_at(&mut items, &item, &value)?;
            }
            items.end()
        } else {
            let list = self.step(list)?;
            self.found_in(&item, &list)?
        };
        Ok(match found {
            Ok(found) => Value::Bool(found != negated),
            Err(lacks) => Value::Unknown(lacks),
        })
    }

    fn found_in(&self, item: &Value<'w>, list: &Value<'w>) -> Result<Answer<'w>, Box<Stop>> {
        if let Value::Unknown(missing) = list {
            let mut lacks = missing.clone();
            if let Value::Unknown(more) = item {
                lacks.add(more.clone());
            }
            return Ok(Err(lacks));
        }
        let mut sought = Sought::of(item);
        match list {
            Value::Array(values) => {
                for value in values {
                    self.look_at(&mut sought, item, value)?;
                }
            }
            Value::Numbers(numbers) => {
                for number in *numbers {
                    self.look_at(&mut sought, item, &Value::Int(*number))?;
                }
            }
            Value::Range(from, to) => {
                if !matches!(item, Value::Unknown(_) | Value::Int(_) | Value::Age(_)) {
                    return Err(misfit(item, "a number"));
                }
                if to < from {
                    return Ok(Ok(false));
                }
                let begun = self.holds(Comparison::GreaterOrEqual, item, &Value::Int(*from))?;
                let over = self.holds(Comparison::Greater, item, &Value::Int(*to))?;
                return Ok(match (begun, over) {
                    (Ok(false), _) | (_, Ok(true)) => Ok(false),
                    (Ok(true), Ok(false)) => Ok(true),
                    (Err(mut lacks), Err(more)) => {
                        lacks.add(more);
                        Err(lacks)
                    }
                    (Err(lacks), _) | (_, Err(lacks)) => Err(lacks),
                });
            }
            other => return Err(misfit(other, "a list")),
        }
        Ok(sought.end())
    }

    fn look_at(&self, sought: &mut Sought<'w>, item: &Value<'w>, value: &Value<'w>) -> Result<(), Box<Stop>> {
        match self.holds(Comparison::Equal, item, value)? {
            Ok(equal) => sought.found |= equal,
            Err(lacks) => {
                // an age is in the list too when each of its possible numbers is
                sought.lacks.get_or_insert_default().add(lacks);
            }
        }
        if let (Value::Age(age), Value::Int(number)) = (item, value)
            && (age.least..=age.most).contains(number)
        {
            sought.ages.push(*number);
            sought.ages.sort_unstable();
            sought.ages.dedup();
            let n_possible = age.most.abs_diff(age.least) + 1;
            sought.found |= sought.ages.len() as u64 == n_possible;
        }
        Ok(())
    }
}

/// What a search in a list of values has come to.
struct Sought<'w> {
    found: bool,
    lacks: Option<Lacks<'w>>,
    /// Numbers of the list that an age in part may be.
    ages: Vec<i64>,
}

impl<'w> Sought<'w> {
    fn of(item: &Value<'w>) -> Self {
        let lacks = if let Value::Unknown(lacks) = item { Some(lacks.clone()) } else { None };
        Self { found: false, lacks, ages: Vec::new() }
    }

    fn end(self) -> Answer<'w> {
        match self.lacks {
            _ if self.found => Ok(true),
            Some(lacks) => Err(lacks),
            None => Ok(false),
        }
    }
}
