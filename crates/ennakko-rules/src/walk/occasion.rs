//! Occasions: rounds of calendars, and windows over the subject's own days.

use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, TimeDelta};
use ennakko_core::age::birthday;
use ennakko_core::occasion::OccasionField;
use ennakko_core::register::Life;
use ennakko_core::{Occasion, UnknownReason};

use super::value::{Lacks, Value};
use super::{Walk, Walked, both, failed, misfit};
use crate::calendar::{HORIZON_DAYS, at_issue};
use crate::engine::Mode;
use crate::step::{Constructor, Step};
use crate::stop::Stop;

const OUT_OF_CALENDAR: &str = "a day out of the calendar";

impl<'w> Walk<'w> {
    pub(super) fn round(&mut self, calendar: &'w str, day: &'w Step) -> Walked<'w> {
        let (day, today) = self.day_of(day)?;
        let on = match self.exact(day)? {
            Ok(on) => on,
            Err(lacks) => return Ok(Value::Unknown(lacks)),
        };
        let ground = self.over.ground;
        if today {
            let rounds = ground.tables.calendars.rounds.get(calendar).into_iter().flatten();
            for round in rounds {
                self.narrow_at([seen_from(round.opens()), round.opens(), round.closes(), round.ends()]);
            }
        }
        match ground.tables.calendars.at_issue(calendar, on) {
            Some(round) if round.is_expected() && ground.mode == Mode::Run => {
                let what = format!("round {} of calendar.{calendar}", round.id());
                Err(Box::new(Stop::Expected { what: Arc::from(what) }))
            }
            Some(round) => Ok(Value::Occasion(round)),
            None => Ok(Value::None),
        }
    }

    pub(super) fn constructed(&mut self, by: Constructor, of: &'w [Step]) -> Walked<'w> {
        match (by, of) {
            (Constructor::NoOccasion, []) => Ok(Value::None),
            (Constructor::EachYear, [on]) => self.each_year(on, None),
            (Constructor::Once, [on]) => self.each_year(on, Some("once")),
            (Constructor::AtAge, [subject, years, open_for, on]) => self.at_age(subject, years, open_for, on),
            (Constructor::After, [day, wait, open_for, on]) => self.after_day(day, wait, open_for, on),
            _ => failed("an occasion is made of something else"),
        }
    }

    fn each_year(&mut self, on: &'w Step, id: Option<&str>) -> Walked<'w> {
        let (on, today) = self.day_of(on)?;
        let year = match self.exact(on)? {
            Ok(on) => on.year(),
            Err(lacks) => return Ok(Value::Unknown(lacks)),
        };
        let first = |year| NaiveDate::from_ymd_opt(year, 1, 1);
        let (Some(opens), Some(ends)) = (first(year), year.checked_add(1).and_then(first)) else {
            return failed(OUT_OF_CALENDAR);
        };
        if today {
            self.narrow(opens, ends);
        }
        let id = id.map_or_else(|| year.to_string(), str::to_owned);
        match Occasion::new(&id, opens, ends, ends) {
            Ok(occasion) => Ok(Value::Occasion(Arc::new(occasion.with("year", OccasionField::Int(year.into()))))),
            Err(error) => failed(&error.to_string()),
        }
    }

    /// The occasion of reaching an age, open for some days from the birthday.
    fn at_age(&mut self, subject: &'w Step, years: &'w Step, open_for: &'w Step, on: &'w Step) -> Walked<'w> {
        let subject = self.step(subject)?;
        let days = self.numbers_and_day([years, open_for], on)?;
        let (person, of) = match subject {
            Value::Person(person, of) => (person, of),
            Value::Unknown(mut lacks) => {
                if let Err(more) = days {
                    lacks.add(more);
                }
                return Ok(Value::Unknown(lacks));
            }
            other => return Err(misfit(&other, "a person")),
        };
        let ([years, open_for], on, today) = match days {
            Ok(days) => days,
            Err(lacks) => return Ok(Value::Unknown(lacks)),
        };
        if person.life() == Life::Dead {
            return Ok(Value::None);
        }
        let born = match self.born(person, of) {
            Ok(born) => born,
            Err(lacks) => return Ok(Value::Unknown(lacks)),
        };
        let Ok(years) = i32::try_from(years) else { return failed("an age out of the calendar") };
        let id = || format!("at {years}");
        let policy = self.over.ground.world.leap_day;
        let (Some(first), Some(last)) = (birthday(born.first(), years, policy), birthday(born.last(), years, policy))
        else {
            return failed(OUT_OF_CALENDAR);
        };
        if first == last {
            return self.window(id, first, open_for, on, today);
        }
        // only part of the birth day is known: there is surely none if the whole stretch of windows is far
        let stretch = last.signed_duration_since(first).num_days().saturating_add(open_for);
        match self.window(id, first, stretch, on, today)? {
            Value::None => Ok(Value::None),
            _ => Ok(self.unknown("born", of, UnknownReason::PartialDate)),
        }
    }

    /// The occasion that opens some days after a day and stays open for some days. Its id hangs on that day.
    fn after_day(&mut self, day: &'w Step, wait: &'w Step, open_for: &'w Step, on: &'w Step) -> Walked<'w> {
        let day = self.step(day)?;
        let day = self.exact(day)?;
        let days = self.numbers_and_day([wait, open_for], on)?;
        let (day, ([wait, open_for], on, today)) = match both(day, days) {
            Ok(days) => days,
            Err(lacks) => return Ok(Value::Unknown(lacks)),
        };
        match TimeDelta::try_days(wait).and_then(|wait| day.checked_add_signed(wait)) {
            Some(opens) => self.window(|| format!("after {day}"), opens, open_for, on, today),
            None => failed(OUT_OF_CALENDAR),
        }
    }

    /// Two numbers, the day asked about, and whether it is the day evaluated.
    #[expect(clippy::type_complexity, reason = "the arguments of two constructors, taken apart at once")]
    fn numbers_and_day(
        &mut self,
        [one, two]: [&'w Step; 2],
        on: &'w Step,
    ) -> Result<Result<([i64; 2], NaiveDate, bool), Lacks<'w>>, Box<Stop>> {
        let (one, two) = (self.step(one)?, self.step(two)?);
        let (on, today) = self.day_of(on)?;
        let numbers = both(self.number(one)?, self.number(two)?);
        Ok(both(numbers, self.exact(on)?).map(|((one, two), on)| ([one, two], on, today)))
    }

    fn window(
        &mut self,
        id: impl FnOnce() -> String,
        opens: NaiveDate,
        open_for: i64,
        on: NaiveDate,
        today: bool,
    ) -> Walked<'w> {
        if open_for <= 0 {
            return failed("an occasion is open for at least one day");
        }
        let Some(ends) = TimeDelta::try_days(open_for).and_then(|days| opens.checked_add_signed(days)) else {
            return failed(OUT_OF_CALENDAR);
        };
        if today {
            self.narrow_at([seen_from(opens), ends]);
        }
        // most are nowhere near: nothing is made for them
        if on < seen_from(opens) || ends <= on {
            return Ok(Value::None);
        }
        match Occasion::new(&id(), opens, ends, ends) {
            Ok(occasion) => Ok(at_issue(std::iter::once(Arc::new(occasion)), on).map_or(Value::None, Value::Occasion)),
            Err(error) => failed(&error.to_string()),
        }
    }
}

/// The first day on which an occasion that opens then is within the horizon.
fn seen_from(opens: NaiveDate) -> NaiveDate {
    opens.checked_sub_days(Days::new(HORIZON_DAYS)).unwrap_or(NaiveDate::MIN)
}
