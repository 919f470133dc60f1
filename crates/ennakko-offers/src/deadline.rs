//! Deadlines: civil days of a city, turned into instants.
//!
//! A letter says "reply by 8 January 2027"; a machine needs the moment at which that day is over.
//! This file is the only one that knows a time zone, and the only one in which `chrono` (civil
//! days) and `time` (instants, through `time-tz`) meet. It is not for asking what time it is: the
//! present is always a parameter, and so are the holidays.
//!
//! Where the clocks are turned, the resident is favoured: a local time that is skipped means the
//! first valid one after it, and a local time that comes twice means the earlier one for a start
//! and the later one for an end. The day after the last day begins once, so the end of a deadline
//! is the first instant of that day.
//!
//! ```
//! use chrono::NaiveDate;
//! use ennakko_offers::deadline::{Deadline, DeadlineError, Roll, Zone};
//!
//! let helsinki = Zone::named("Europe/Helsinki")?;
//! let friday = NaiveDate::from_ymd_opt(2027, 1, 8).expect("a day of the calendar");
//! let deadline = Deadline::end_of(friday, &helsinki, &Roll::None)?;
//! assert_eq!(deadline.ends_at.to_rfc3339(), "2027-01-08T22:00:00Z");
//! assert_eq!(deadline.ends_at.to_rfc3339_in(&helsinki)?, "2027-01-09T00:00:00+02:00");
//! # Ok::<(), DeadlineError>(())
//! ```

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Weekday};
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time, UtcDateTime, UtcOffset};
use time_tz::{Offset, OffsetError, PrimitiveDateTimeExt, TimeZone, timezones};

/// Release of the IANA time zone database that the zones come from.
///
/// `time-tz` does not say which release it carries, so this stands beside the exact version it is
/// pinned to, `=3.0.0-rc.6.0.0` (its `tz/NEWS`, read 2026-11-22). Change both together; a test
/// asserts a transition that came with this release.
pub const TZDB_VERSION: &str = "2026e";

/// First civil year without zoned computations: the zone data lists the changes of the clocks up to
/// 2099 only.
const FIRST_YEAR_REFUSED: i32 = 2100;

/// First civil year with them: the tz database promises nothing before the epoch.
const FIRST_YEAR: i32 = 1970;

/// Why a civil time has no instant here, or an instant no civil time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeadlineError {
    /// The zone's name is not in the tz database.
    #[error("unknown time zone `{name}`; write one such as `Europe/Helsinki`")]
    UnknownZone {
        /// The name as it was written.
        name: String,
    },
    /// The day lies in 2100 or later.
    #[error("no local time on {day}: the zone data knows no summer time from 2100 on")]
    From2100 {
        /// The civil day that was asked for.
        day: NaiveDate,
    },
    /// The day lies before 1970.
    #[error("no local time on {day}: the zone data is not reliable before 1970")]
    Before1970 {
        /// The civil day that was asked for.
        day: NaiveDate,
    },
    /// No valid local time follows within two days; the zone data is broken.
    #[error("zone `{zone_name}` has no local time on {day}")]
    NoLocalTime {
        /// The civil day that was asked for.
        day: NaiveDate,
        /// The zone's name.
        zone_name: &'static str,
    },
    /// The text is not an instant.
    #[error("`{text}` is not an instant; write it as `2027-01-08T22:00:00Z`")]
    NotAnInstant {
        /// The text as it was written.
        text: String,
    },
    /// The instant lies outside the years 0000 to 9999 of UTC.
    #[error("{seconds} seconds from 1970 lie outside the years 0000 to 9999")]
    InstantOutOfRange {
        /// Seconds since 1970-01-01T00:00:00Z.
        seconds: i64,
    },
}

/// A time zone of the tz database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone {
    // INVARIANT (a name that `table_of` finds)
    name: &'static str,
}

impl Zone {
    /// The zone of this name, upper and lower case as in the tz database.
    ///
    /// Windows names, which `time-tz` knows too, are refused: what they mean follows another list.
    /// `UTC` is `Etc/UTC`.
    ///
    /// # Errors
    /// - [`DeadlineError::UnknownZone`]: the tz database has no zone of this name.
    pub fn named(name: &str) -> Result<Self, DeadlineError> {
        let found = table_of(name)?.name();
        if found == name || name == "UTC" { Ok(Self { name: found }) } else { Err(unknown_zone(name)) }
    }

    /// The zone's name, such as `Europe/Helsinki`.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A moment, the same everywhere, in whole seconds.
///
/// Its order is the order of time; its `Display` is [`Instant::to_rfc3339`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    // INVARIANT (whole seconds, years 0000 to 9999 of UTC: what RFC 3339 can write)
    utc: UtcDateTime,
}

impl Instant {
    /// The instant this many seconds after 1970-01-01T00:00:00Z (leap seconds are not counted).
    ///
    /// # Errors
    /// - [`DeadlineError::InstantOutOfRange`]: outside the years 0000 to 9999.
    pub fn from_unix_seconds(seconds: i64) -> Result<Self, DeadlineError> {
        match UtcDateTime::from_unix_timestamp(seconds) {
            Ok(utc) if (0..=9999).contains(&utc.year()) => Ok(Self { utc }),
            _ => Err(DeadlineError::InstantOutOfRange { seconds }),
        }
    }

    /// Reads what [`Instant::to_rfc3339`] and [`Instant::to_rfc3339_in`] write, with any offset; a
    /// fraction of a second is dropped.
    ///
    /// # Errors
    /// - [`DeadlineError::NotAnInstant`]: not a date, time and offset as in RFC 3339.
    /// - [`DeadlineError::InstantOutOfRange`]: outside the years 0000 to 9999 once in UTC.
    pub fn parse(text: &str) -> Result<Self, DeadlineError> {
        let not_an_instant = |_| DeadlineError::NotAnInstant { text: text.to_owned() };
        let read = DateTime::parse_from_rfc3339(text).map_err(not_an_instant)?;
        Self::from_unix_seconds(read.timestamp())
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix_seconds(self) -> i64 {
        self.utc.unix_timestamp()
    }

    /// In UTC, such as `2027-01-08T22:00:00Z` (RFC 3339). These texts sort like the instants.
    pub fn to_rfc3339(self) -> String {
        self.to_string()
    }

    /// In the zone's local time and offset, such as `2027-01-09T00:00:00+02:00` (RFC 3339).
    ///
    /// # Errors
    /// - [`DeadlineError::From2100`], [`DeadlineError::Before1970`]: the local day is outside the
    ///   zone data.
    pub fn to_rfc3339_in(self, zone: &Zone) -> Result<String, DeadlineError> {
        let local = self.local(zone)?;
        let (hours, minutes, _) = local.offset().as_hms();
        let clock = WrittenClock(local.date(), local.time());
        let sign = if local.offset().is_negative() { '-' } else { '+' };
        let (hours, minutes) = (hours.unsigned_abs(), minutes.unsigned_abs());
        Ok(format!("{clock}{sign}{hours:02}:{minutes:02}"))
    }

    /// The civil day that this instant falls on in the zone.
    ///
    /// # Errors
    /// - [`DeadlineError::From2100`], [`DeadlineError::Before1970`]: the local day is outside the
    ///   zone data.
    pub fn day_in(self, zone: &Zone) -> Result<NaiveDate, DeadlineError> {
        Ok(civil(self.local(zone)?.date()))
    }

    /// The local time, in an offset of whole minutes (the last zone with odd seconds left them in
    /// 1972; the instant stays the same).
    fn local(self, zone: &Zone) -> Result<OffsetDateTime, DeadlineError> {
        let utc = OffsetDateTime::from(self.utc);
        let (hours, minutes, _) = table_of(zone.name)?.get_offset_utc(&utc).to_utc().as_hms();
        let seconds = self.unix_seconds();
        let offset = UtcOffset::from_hms(hours, minutes, 0).ok();
        let local = offset.and_then(|offset| utc.checked_to_offset(offset));
        let local = local.ok_or(DeadlineError::InstantOutOfRange { seconds })?;
        refuse_outside_zone_data(civil(local.date()))?;
        Ok(local)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Z", WrittenClock(self.utc.date(), self.utc.time()))
    }
}

/// A date and a time of day as RFC 3339 writes them, without the offset.
struct WrittenClock(Date, Time);

impl fmt::Display for WrittenClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.to_calendar_date();
        let (hour, minute, second) = self.1.as_hms();
        write!(f, "{year:04}-{:02}-{day:02}", u8::from(month))?;
        write!(f, "T{hour:02}:{minute:02}:{second:02}")
    }
}

/// Which side of a period a local time is: it decides where the clocks show that time twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// A period starts: the earlier of the two.
    Start,
    /// A period ends: the later of the two.
    End,
}

/// The instant of a local time in a zone; fractions of a second are dropped.
///
/// A time that the clocks skip means the first valid one after it, for both edges.
///
/// # Errors
/// - [`DeadlineError::From2100`], [`DeadlineError::Before1970`]: the day is outside the zone data.
/// - [`DeadlineError::NoLocalTime`]: the zone data is broken.
pub fn instant(day: NaiveDate, at: NaiveTime, zone: &Zone, edge: Edge) -> Result<Instant, DeadlineError> {
    refuse_outside_zone_data(day)?;
    let zone_name = zone.name;
    let no_local_time = || DeadlineError::NoLocalTime { day, zone_name };
    let wanted = local_clock(day, at).ok_or_else(no_local_time)?;
    let (earlier, later) = match meanings(wanted, zone)? {
        Some(both) => both,
        None => first_after_gap(wanted, zone)?.ok_or_else(no_local_time)?,
    };
    match edge {
        Edge::Start => Instant::from_unix_seconds(earlier),
        Edge::End => Instant::from_unix_seconds(later),
    }
}

/// The first instant of a civil day in a zone: midnight, or the first valid time where midnight is
/// skipped.
///
/// # Errors
/// - [`DeadlineError::From2100`], [`DeadlineError::Before1970`]: the day is outside the zone data.
pub fn start_of(day: NaiveDate, zone: &Zone) -> Result<Instant, DeadlineError> {
    instant(day, NaiveTime::MIN, zone, Edge::Start)
}

/// Whether a last day moves on to the next working day.
#[derive(Debug, Clone, Copy)]
pub enum Roll<'a> {
    /// The day stays as it is, whatever day of the week.
    None,
    /// A Saturday, a Sunday or one of these days moves on to the next day that is none of them.
    ///
    /// In Finland: Act on the Calculation of Prescribed Periods 150/1930, s. 5 (Finlex, checked
    /// 2026-11-22). Besides Saturdays, Sundays and church holidays it names Independence Day, 1
    /// May, Christmas Eve and Midsummer Eve, so the two eves belong in the set.
    OverWeekendsAndHolidays(&'a BTreeSet<NaiveDate>),
}

impl Roll<'_> {
    fn rests_on(self, day: NaiveDate) -> bool {
        match self {
            Self::None => false,
            Self::OverWeekendsAndHolidays(holidays) => {
                matches!(day.weekday(), Weekday::Sat | Weekday::Sun) || holidays.contains(&day)
            }
        }
    }
}

/// A deadline as it was promised: what is stored, so that later zone data never moves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// Last civil day on which an answer is in time, after rolling.
    pub last_day: NaiveDate,
    /// End of that day, excluded: the first instant of the following day in the zone.
    pub ends_at: Instant,
    /// Name of the zone.
    pub zone: String,
    /// Release of the tz database that gave `ends_at`.
    pub tzdb: String,
}

impl Deadline {
    /// The deadline whose last day is this one, or the working day it rolls on to.
    ///
    /// # Errors
    /// - [`DeadlineError::From2100`], [`DeadlineError::Before1970`]: the last day, or the day after
    ///   it, is outside the zone data (so the last possible day is 2099-12-30).
    pub fn end_of(day: NaiveDate, zone: &Zone, roll: &Roll<'_>) -> Result<Self, DeadlineError> {
        let mut last_day = day;
        while roll.rests_on(last_day) {
            last_day = day_after(last_day)?;
        }
        refuse_outside_zone_data(last_day)?;
        let ends_at = start_of(day_after(last_day)?, zone)?;
        Ok(Self { last_day, ends_at, zone: zone.name.to_owned(), tzdb: TZDB_VERSION.to_owned() })
    }

    /// Whether the deadline is over at this instant.
    pub fn is_over_at(&self, now: Instant) -> bool {
        self.ends_at <= now
    }
}

fn day_after(day: NaiveDate) -> Result<NaiveDate, DeadlineError> {
    day.succ_opt().ok_or(DeadlineError::From2100 { day })
}

fn refuse_outside_zone_data(day: NaiveDate) -> Result<(), DeadlineError> {
    match day.year() {
        ..FIRST_YEAR => Err(DeadlineError::Before1970 { day }),
        FIRST_YEAR_REFUSED.. => Err(DeadlineError::From2100 { day }),
        _ => Ok(()),
    }
}

fn unknown_zone(name: &str) -> DeadlineError {
    let name = name.to_owned();
    DeadlineError::UnknownZone { name }
}

/// The transitions of a zone. Looked up each time, since `time-tz` does not name their type without
/// a feature.
fn table_of(name: &str) -> Result<&'static (impl TimeZone + use<>), DeadlineError> {
    timezones::get_by_name(name).ok_or_else(|| unknown_zone(name))
}

/// The seconds since 1970 at which the zone's clocks show this time, the earlier first; `None`
/// where they skip it.
fn meanings(clock: PrimitiveDateTime, zone: &Zone) -> Result<Option<(i64, i64)>, DeadlineError> {
    let meanings = match clock.assume_timezone(table_of(zone.name)?) {
        Ok(only) => Some((only, only)),
        Err(OffsetError::Ambiguous(one, other)) => Some((one.min(other), one.max(other))),
        Err(OffsetError::Undefined) => None,
    };
    Ok(meanings.map(|(earlier, later)| (earlier.unix_timestamp(), later.unix_timestamp())))
}

/// The meanings of the first time after a gap: minute by minute, then second by second within the
/// last minute. The longest gap so far is the whole day that Samoa skipped in 2011.
fn first_after_gap(skipped: PrimitiveDateTime, zone: &Zone) -> Result<Option<(i64, i64)>, DeadlineError> {
    const MINUTES_MAX: i64 = 2 * 24 * 60;
    let mut last_skipped = skipped;
    for minutes in 1..=MINUTES_MAX {
        let Some(clock) = skipped.checked_add(Duration::minutes(minutes)) else {
            return Ok(None);
        };
        if meanings(clock, zone)?.is_none() {
            last_skipped = clock;
            continue;
        }
        for seconds in 1..=60 {
            let Some(clock) = last_skipped.checked_add(Duration::seconds(seconds)) else {
                return Ok(None);
            };
            if let Some(found) = meanings(clock, zone)? {
                return Ok(Some(found));
            }
        }
    }
    Ok(None)
}

/// chrono to time; `None` only for years that `refuse_outside_zone_data` has refused before.
fn local_clock(day: NaiveDate, at: NaiveTime) -> Option<PrimitiveDateTime> {
    let date = Date::from_ordinal_date(day.year(), u16::try_from(day.ordinal()).ok()?).ok()?;
    let [hour, minute, second] = [at.hour(), at.minute(), at.second()].map(u8::try_from);
    let time = Time::from_hms(hour.ok()?, minute.ok()?, second.ok()?).ok()?;
    Some(PrimitiveDateTime::new(date, time))
}

/// time to chrono, whose calendar is the longer one.
fn civil(day: Date) -> NaiveDate {
    NaiveDate::from_yo_opt(day.year(), u32::from(day.ordinal())).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests;
