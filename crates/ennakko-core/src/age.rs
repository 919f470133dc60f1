//! Ages. There is no bare *age*: an age is reached on a day or in a year.
//!
//! Ages are decided for partial dates too whenever every possible birth day agrees.

use chrono::{Datelike, NaiveDate};

use crate::day::PartialDate;

/// The day on which a person born on 29 February reaches an age in a year without that day.
///
/// The law's own answer was not found for Finland (searched November 2026), so the city names its choice in `city.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeapDayPolicy {
    /// On the last day of February.
    February28,
    /// On the first day of March.
    March1,
}

/// The day on which somebody born on `born` reaches `years` whole years; `None` outside the calendar.
pub fn birthday(born: NaiveDate, years: i32, policy: LeapDayPolicy) -> Option<NaiveDate> {
    let year = born.year().checked_add(years)?;
    NaiveDate::from_ymd_opt(year, born.month(), born.day()).or_else(|| match policy {
        LeapDayPolicy::February28 => NaiveDate::from_ymd_opt(year, 2, 28),
        LeapDayPolicy::March1 => NaiveDate::from_ymd_opt(year, 3, 1),
    })
}

fn age_of(born: NaiveDate, on: NaiveDate, policy: LeapDayPolicy) -> i32 {
    let years = on.year() - born.year();
    match birthday(born, years, policy) {
        Some(day) if day > on => years - 1,
        _ => years,
    }
}

/// Age in whole years on a day, if every possible birth day gives the same. Negative before birth.
pub fn age_on(born: PartialDate, on: NaiveDate, policy: LeapDayPolicy) -> Option<i32> {
    let (oldest, youngest) = (age_of(born.first(), on, policy), age_of(born.last(), on, policy));
    (oldest == youngest).then_some(oldest)
}

/// The least and the greatest age possible on a day, in whole years.
pub fn age_range_on(born: PartialDate, on: NaiveDate, policy: LeapDayPolicy) -> (i32, i32) {
    (age_of(born.last(), on, policy), age_of(born.first(), on, policy))
}

/// Age reached during a calendar year: known from the birth year alone.
pub fn age_reached_in(born: PartialDate, year: i32) -> Option<i32> {
    born.year().and_then(|birth_year| year.checked_sub(birth_year))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn ages_around_birthdays_and_leap_days() {
        use LeapDayPolicy::{February28, March1};
        for (born, on, policy, age) in [
            ("2018-12-31", "2026-12-30", March1, 7),
            ("2018-12-31", "2026-12-31", March1, 8),
            ("2008-02-29", "2026-02-27", February28, 17),
            ("2008-02-29", "2026-02-28", February28, 18),
            ("2008-02-29", "2026-02-28", March1, 17),
            ("2008-02-29", "2026-03-01", March1, 18),
            ("2008-02-29", "2028-02-28", March1, 19),
            ("2008-02-29", "2028-02-29", March1, 20),
            ("2027-05-01", "2027-04-30", March1, -1),
            ("1899-06-01", "2026-05-31", March1, 126),
        ] {
            assert_eq!(age_on(PartialDate::exact(day(born)), day(on), policy), Some(age), "{born} on {on}");
        }
    }

    #[test]
    fn partial_births_are_decided_when_every_day_agrees() {
        let october = PartialDate::in_month(2020, 10).unwrap();
        assert_eq!(age_on(october, day("2027-09-30"), LeapDayPolicy::March1), Some(6));
        assert_eq!(age_on(october, day("2027-10-15"), LeapDayPolicy::March1), None);
        assert_eq!(age_on(october, day("2027-10-31"), LeapDayPolicy::March1), Some(7));
        assert_eq!(age_reached_in(october, 2027), Some(7));
        let turn_of_year = PartialDate::between(day("2019-12-01"), day("2020-01-31")).unwrap();
        assert_eq!(age_reached_in(turn_of_year, 2027), None);
    }
}
