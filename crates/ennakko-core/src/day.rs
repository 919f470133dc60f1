//! Civil days, and days of which only a part is known. Not for instants: deadlines become instants in the offers crate.

use chrono::{Datelike, Months, NaiveDate};
use thiserror::Error;

/// No day of a register is earlier: what a record has before it is unknown, with an issue. So a rule that adds days to a day
/// of the register can be shown to stay within the calendar.
pub const FIRST_DAY: NaiveDate = of_year(1800, 1, 1);

/// No day of a register is later. A source's day of the far future that means "no end" is to be delivered as none.
pub const LAST_DAY: NaiveDate = of_year(2200, 12, 31);

const fn of_year(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}

/// A civil day of which the first and the last possible day are known; both are the same when the day is known.
///
/// A comparison is decided when every day between agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    // INVARIANT (ordered): first <= last
    first: NaiveDate,
    last: NaiveDate,
}

/// A date that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DateError {
    /// The first possible day lies after the last.
    #[error("the first possible day is after the last")]
    Reversed,
    /// No such year, month or day.
    #[error("no such day in the calendar")]
    NoSuchDay,
}

impl PartialDate {
    /// The day itself.
    pub fn exact(day: NaiveDate) -> Self {
        Self { first: day, last: day }
    }

    /// Any day from `first` to `last`, both included.
    ///
    /// # Errors
    /// * [`DateError::Reversed`] when `first` is after `last`
    pub fn between(first: NaiveDate, last: NaiveDate) -> Result<Self, DateError> {
        if first <= last { Ok(Self { first, last }) } else { Err(DateError::Reversed) }
    }

    /// Some day of a month.
    ///
    /// # Errors
    /// * [`DateError::NoSuchDay`] when the month is not 1 to 12 or the year is out of the calendar
    pub fn in_month(year: i32, month: u32) -> Result<Self, DateError> {
        let first = NaiveDate::from_ymd_opt(year, month, 1).ok_or(DateError::NoSuchDay)?;
        let last =
            first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).ok_or(DateError::NoSuchDay)?;
        Ok(Self { first, last })
    }

    /// Some day of a year.
    ///
    /// # Errors
    /// * [`DateError::NoSuchDay`] when the year is out of the calendar
    pub fn in_year(year: i32) -> Result<Self, DateError> {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).ok_or(DateError::NoSuchDay)?;
        let last = NaiveDate::from_ymd_opt(year, 12, 31).ok_or(DateError::NoSuchDay)?;
        Ok(Self { first, last })
    }

    /// The first possible day.
    pub fn first(self) -> NaiveDate {
        self.first
    }

    /// The last possible day.
    pub fn last(self) -> NaiveDate {
        self.last
    }

    /// Whether every possible day lies between [`FIRST_DAY`] and [`LAST_DAY`], both included.
    pub fn is_within_bounds(self) -> bool {
        FIRST_DAY <= self.first && self.last <= LAST_DAY
    }

    /// The day, if it is known.
    pub fn day(self) -> Option<NaiveDate> {
        (self.first == self.last).then_some(self.first)
    }

    /// The year, if every possible day lies in it.
    pub fn year(self) -> Option<i32> {
        (self.first.year() == self.last.year()).then(|| self.first.year())
    }

    /// Parses `2020-10-15`, `2020-10` (month known) or `2020` (year known).
    ///
    /// # Errors
    /// * [`DateError::NoSuchDay`] for any other text or a day not in the calendar
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let number = |part: &str| part.parse::<u32>().map_err(|_| DateError::NoSuchDay);
        let shape: Vec<usize> = text.split('-').map(str::len).collect();
        let parts: Vec<&str> = text.split('-').collect();
        match (shape.as_slice(), parts.as_slice()) {
            ([4], [year]) => Self::in_year(year.parse().map_err(|_| DateError::NoSuchDay)?),
            ([4, 2], [year, month]) => Self::in_month(year.parse().map_err(|_| DateError::NoSuchDay)?, number(month)?),
            ([4, 2, 2], [year, month, day]) => {
                let year = year.parse().map_err(|_| DateError::NoSuchDay)?;
                NaiveDate::from_ymd_opt(year, number(month)?, number(day)?).map(Self::exact).ok_or(DateError::NoSuchDay)
            }
            _ => Err(DateError::NoSuchDay),
        }
    }
}

/// Days since 1970-01-01, as columns hold them.
pub fn day_number(day: NaiveDate) -> i32 {
    // the calendar of chrono ends near the year 262,000: 96 million days, so this never saturates
    i32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or(i32::MAX)
}

/// The day of a number made by [`day_number`]; the calendar's last day for a number beyond it.
pub fn day_of_number(number: i32) -> NaiveDate {
    NaiveDate::default().checked_add_signed(chrono::TimeDelta::days(i64::from(number))).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_days_months_and_years_and_nothing_else() {
        for (text, first, last) in [
            ("2020-10-15", "2020-10-15", "2020-10-15"),
            ("2020-02", "2020-02-01", "2020-02-29"),
            ("2021", "2021-01-01", "2021-12-31"),
        ] {
            let date = PartialDate::parse(text).unwrap();
            assert_eq!((date.first().to_string(), date.last().to_string()), (first.to_owned(), last.to_owned()));
        }
        for text in ["", "20", "2020-2", "2020-13", "2021-02-29", "15.10.2020", "2020-10-15 ", "-2020", "2020-1O-15"] {
            assert_eq!(PartialDate::parse(text), Err(DateError::NoSuchDay), "{text}");
        }
    }

    #[test]
    fn bounds_are_the_days_they_say() {
        assert_eq!((FIRST_DAY.to_string(), LAST_DAY.to_string()), ("1800-01-01".to_owned(), "2200-12-31".to_owned()));
        for (text, within) in [
            ("1799-12-31", false),
            ("1800-01-01", true),
            ("1800", true),
            ("2200-12-31", true),
            ("2200-12", true),
            ("2201-01-01", false),
            ("2999-02-28", false),
        ] {
            assert_eq!(PartialDate::parse(text).unwrap().is_within_bounds(), within, "{text}");
        }
        let over_the_edge = PartialDate::between("1799-12-31".parse().unwrap(), "1800-06-01".parse().unwrap()).unwrap();
        assert!(!over_the_edge.is_within_bounds());
    }

    #[test]
    fn day_numbers_go_there_and_back() {
        for text in ["1850-03-01", "1969-12-31", "1970-01-01", "2027-08-11"] {
            let day: NaiveDate = text.parse().unwrap();
            assert_eq!(day_of_number(day_number(day)), day);
        }
        assert_eq!(day_number("1969-12-31".parse().unwrap()), -1);
    }
}
