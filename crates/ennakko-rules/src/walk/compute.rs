//! Numbers, ages and days: what is computed of them.

use chrono::{Datelike, Months, NaiveDate, TimeDelta};
use ennakko_core::age::{age_range_on, age_reached_in, birthday};
use ennakko_core::register::Resident;
use ennakko_core::{Fact, PartialDate, UnknownReason};

use super::value::{Age, Day, Lack, Lacks, Value, Whose};
use super::{Walk, Walked, both, failed, misfit};
use crate::step::{Arithmetic, Calendrical, DayPart, Step};

impl Age {
    pub(super) fn born<'w>(self) -> Lack<'w> {
        Lack { fact: "born", of: self.of, reason: UnknownReason::PartialDate }
    }
}

impl<'w> Day<'w> {
    pub(crate) fn lack(self) -> Lack<'w> {
        Lack { fact: self.fact, of: self.of, reason: UnknownReason::PartialDate }
    }
}

const TOO_LARGE: &str = "a number is too large, or divided by zero";
const OUT_OF_CALENDAR: &str = "a day out of the calendar";

impl<'w> Walk<'w> {
    pub(super) fn arithmetic(&self, by: Arithmetic, left: Value<'w>, right: Value<'w>) -> Walked<'w> {
        // an age in part stays one some years on
        let moved = match (by, &left, &right) {
            (Arithmetic::Add, Value::Age(age), Value::Int(years))
            | (Arithmetic::Add, Value::Int(years), Value::Age(age)) => Some((age, *years)),
            (Arithmetic::Subtract, Value::Age(age), Value::Int(years)) => Some((age, years.saturating_neg())),
            _ => None,
        };
        if let Some((age, years)) = moved {
            return match (age.least.checked_add(years), age.most.checked_add(years)) {
                (Some(least), Some(most)) => Ok(Value::Age(Age { least, most, of: age.of })),
                _ => failed(TOO_LARGE),
            };
        }
        let (left, right) = match both(self.number(left)?, self.number(right)?) {
            Ok(numbers) => numbers,
            Err(lacks) => return Ok(Value::Unknown(lacks)),
        };
        let result = match by {
            Arithmetic::Add => left.checked_add(right),
            Arithmetic::Subtract => left.checked_sub(right),
            Arithmetic::Multiply => left.checked_mul(right),
            Arithmetic::Divide => left.checked_div(right),
            Arithmetic::Remainder => left.checked_rem(right),
            Arithmetic::Min => Some(left.min(right)),
            Arithmetic::Max => Some(left.max(right)),
        };
        result.map_or_else(|| failed(TOO_LARGE), |number| Ok(Value::Int(number)))
    }

    pub(super) fn negate(&self, value: Value<'w>) -> Walked<'w> {
        match self.number(value)? {
            Ok(number) => number.checked_neg().map_or_else(|| failed(TOO_LARGE), |number| Ok(Value::Int(number))),
            Err(lacks) => Ok(Value::Unknown(lacks)),
        }
    }

    pub(super) fn range(&mut self, from: &'w Step, to: &'w Step, inclusive: bool) -> Walked<'w> {
        let (from, to) = (self.step(from)?, self.step(to)?);
        Ok(match both(self.number(from)?, self.number(to)?) {
            Ok((from, to)) if inclusive => Value::Range(from, to),
            // before the first number there is none
            Ok((from, to)) => to.checked_sub(1).map_or(Value::Range(1, 0), |last| Value::Range(from, last)),
            Err(lacks) => Value::Unknown(lacks),
        })
    }

    /// Somebody's day of birth, which must not be none here.
    pub(super) fn born(&mut self, person: Resident<'w>, of: Whose) -> Result<PartialDate, Lacks<'w>> {
        let born = person.born();
        self.note("born", of, || born.map(ennakko_core::Value::Day));
        match born {
            Fact::Known(born) => Ok(born),
            Fact::None => Err(self.lacks(Lack { fact: "born", of, reason: UnknownReason::NotDelivered })),
            Fact::Unknown(reason) => Err(self.lacks(Lack { fact: "born", of, reason })),
        }
    }

    pub(super) fn age_on(&mut self, of: &'w Step, day: &'w Step) -> Walked<'w> {
        let of = self.step(of)?;
        let (day, today) = self.day_of(day)?;
        let day = self.exact(day)?;
        let (person, of) = match of {
            Value::Person(person, of) => (person, of),
            Value::Unknown(lacks) => return Ok(unknown_of(lacks, day)),
            other => return Err(misfit(&other, "a person")),
        };
        let (born, day) = match both(self.born(person, of), day) {
            Ok(known) => known,
            Err(lacks) => return Ok(Value::Unknown(lacks)),
        };
        let policy = self.over.ground.world.leap_day;
        let (least, most) = age_range_on(born, day, policy);
        if today {
            // each possible birth day gives the same age from one birthday to the next
            for (born, age) in [(born.last(), least), (born.first(), most)] {
                match (birthday(born, age, policy), age.checked_add(1).and_then(|next| birthday(born, next, policy))) {
                    (Some(from), Some(to)) => self.narrow(from, to),
                    _ => self.only_today(),
                }
            }
        }
        Ok(if least == most {
            Value::Int(least.into())
        } else {
            Value::Age(Age { least: least.into(), most: most.into(), of })
        })
    }

    pub(super) fn age_reached_in(&mut self, of: &'w Step, year: &'w Step) -> Walked<'w> {
        let of = self.step(of)?;
        let year = self.step(year)?;
        let year = self.number(year)?;
        let (person, of) = match of {
            Value::Person(person, of) => (person, of),
            Value::Unknown(lacks) => return Ok(unknown_of(lacks, year)),
            other => return Err(misfit(&other, "a person")),
        };
        Ok(match both(self.born(person, of), year) {
            Ok((born, year)) => i32::try_from(year)
                .ok()
                .and_then(|year| age_reached_in(born, year))
                .map_or_else(|| self.unknown("born", of, UnknownReason::PartialDate), |age| Value::Int(age.into())),
            Err(lacks) => Value::Unknown(lacks),
        })
    }

    pub(super) fn part(&mut self, of: &'w Step, part: DayPart) -> Walked<'w> {
        let (value, today) = self.day_of(of)?;
        if today {
            self.narrow_to_part(part);
        }
        let day = match value {
            Value::Day(day) => day,
            Value::Unknown(lacks) => return Ok(Value::Unknown(lacks)),
            other => return Err(misfit(&other, "a day")),
        };
        let number = match part {
            DayPart::Year => day.date.year().map(i64::from),
            DayPart::Month => day.date.day().map(|day| day.month().into()),
            DayPart::Day => day.date.day().map(|day| day.day().into()),
        };
        Ok(number.map_or_else(|| Value::Unknown(self.lacks(day.lack())), Value::Int))
    }

    fn narrow_to_part(&mut self, part: DayPart) {
        let on = self.over.on;
        let first = |year, month| NaiveDate::from_ymd_opt(year, month, 1);
        let days = match part {
            DayPart::Year => (first(on.year(), 1), on.year().checked_add(1).and_then(|next| first(next, 1))),
            DayPart::Month => {
                let month = first(on.year(), on.month());
                (month, month.and_then(|month| month.checked_add_months(Months::new(1))))
            }
            DayPart::Day => (None, None),
        };
        match days {
            (Some(from), Some(to)) => self.narrow(from, to),
            _ => self.only_today(),
        }
    }

    pub(super) fn plus(&mut self, of: &'w Step, unit: Calendrical, number: &'w Step) -> Walked<'w> {
        let (of, number) = (self.step(of)?, self.step(number)?);
        let number = self.number(number)?;
        let day = match of {
            Value::Day(day) => day,
            Value::Unknown(lacks) => return Ok(unknown_of(lacks, number)),
            other => return Err(misfit(&other, "a day")),
        };
        let number = match number {
            Ok(number) => number,
            Err(lacks) => return Ok(Value::Unknown(lacks)),
        };
        let moved = (moved(day.date.first(), unit, number), moved(day.date.last(), unit, number));
        match moved {
            (Some(first), Some(last)) => match PartialDate::between(first, last) {
                Ok(date) => Ok(Value::Day(Day { date, ..day })),
                Err(_) => failed(OUT_OF_CALENDAR),
            },
            _ => failed(OUT_OF_CALENDAR),
        }
    }

    pub(super) fn days_until(&mut self, of: &'w Step, to: &'w Step) -> Walked<'w> {
        let (of, to) = (self.step(of)?, self.step(to)?);
        Ok(match both(self.exact(of)?, self.exact(to)?) {
            Ok((from, to)) => Value::Int(to.signed_duration_since(from).num_days()),
            Err(lacks) => Value::Unknown(lacks),
        })
    }
}

/// Unknown for want of this, and of what an argument lacks.
pub(super) fn unknown_of<'w, T>(mut lacks: Lacks<'w>, argument: Result<T, Lacks<'w>>) -> Value<'w> {
    if let Err(more) = argument {
        lacks.add(more);
    }
    Value::Unknown(lacks)
}

/// The day so many days, months or years on; `None` out of the calendar.
pub(crate) fn moved(day: NaiveDate, unit: Calendrical, number: i64) -> Option<NaiveDate> {
    let months = match unit {
        Calendrical::Days => return day.checked_add_signed(TimeDelta::try_days(number)?),
        Calendrical::Months => number,
        Calendrical::Years => number.checked_mul(12)?,
    };
    let by = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    if months < 0 { day.checked_sub_months(by) } else { day.checked_add_months(by) }
}
