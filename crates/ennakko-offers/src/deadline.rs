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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    /// The rows of a table, in words.
    fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
        let rows = table.lines().map(|line| line.split_whitespace().collect());
        rows.filter(|row: &Vec<&str>| row.first().is_some_and(|word| *word != "#"))
    }

    /// A local time, its zone, its instant as a start, and as an end where that is another one.
    const LOCAL_TIMES: &str = "
        2027-01-08 12:00:00  Europe/Helsinki      2027-01-08T10:00:00Z
        2027-07-08 12:00:00  Europe/Helsinki      2027-07-08T09:00:00Z
        # the gap: 03:00:00 to 03:59:59 are skipped
        2026-03-29 02:59:59  Europe/Helsinki      2026-03-29T00:59:59Z
        2026-03-29 03:00:00  Europe/Helsinki      2026-03-29T01:00:00Z
        2026-03-29 03:29:30  Europe/Helsinki      2026-03-29T01:00:00Z
        2026-03-29 03:59:59  Europe/Helsinki      2026-03-29T01:00:00Z
        2026-03-29 04:00:00  Europe/Helsinki      2026-03-29T01:00:00Z
        # the overlap: 03:00:00 to 03:59:59 come twice
        2026-10-25 02:59:59  Europe/Helsinki      2026-10-24T23:59:59Z
        2026-10-25 03:00:00  Europe/Helsinki      2026-10-25T00:00:00Z  2026-10-25T01:00:00Z
        2026-10-25 03:59:59  Europe/Helsinki      2026-10-25T00:59:59Z  2026-10-25T01:59:59Z
        2026-10-25 04:00:00  Europe/Helsinki      2026-10-25T02:00:00Z
        # the clocks are turned at midnight
        2026-03-29 00:00:00  Asia/Beirut          2026-03-28T22:00:00Z
        2026-10-25 00:00:00  Asia/Beirut          2026-10-24T22:00:00Z
        2026-03-08 00:00:00  America/Havana       2026-03-08T05:00:00Z
        2026-11-01 00:00:00  America/Havana       2026-11-01T04:00:00Z  2026-11-01T05:00:00Z
        # a whole day that was skipped, and half an hour that is
        2011-12-30 00:00:00  Pacific/Apia         2011-12-30T10:00:00Z
        2026-10-04 02:10:00  Australia/Lord_Howe  2026-10-03T15:30:00Z
        # the last summer that the zone data knows
        2099-07-01 12:00:00  Europe/Helsinki      2099-07-01T09:00:00Z
    ";

    #[test]
    fn local_times_become_instants() {
        for line in rows(LOCAL_TIMES) {
            let [on, at, zone_name, start, ..] = line[..] else {
                panic!("a row has four columns: {line:?}");
            };
            let end = line.get(4).copied().unwrap_or(start);
            for (edge, expected) in [(Edge::Start, start), (Edge::End, end)] {
                let found = instant(day(on), at.parse().unwrap(), &zone(zone_name), edge);
                assert_eq!(found.unwrap().to_rfc3339(), expected, "{line:?}");
            }
        }
    }

    /// Vancouver left winter time with tzdb 2026b, Winnipeg with 2026e: older zone data gives
    /// -08:00 and -06:00.
    #[test]
    fn the_zone_data_is_not_stale() {
        assert_eq!(TZDB_VERSION, "2026e");
        let check = |name, expected| {
            let noon = at("2026-12-15T12:00:00Z");
            assert_eq!(noon.to_rfc3339_in(&zone(name)).unwrap(), expected);
        };
        check("America/Vancouver", "2026-12-15T05:00:00-07:00");
        check("America/Winnipeg", "2026-12-15T07:00:00-05:00");
    }

    #[test]
    fn zones_have_names_of_the_tz_database() {
        let check = |name, expected| assert_eq!(zone(name).to_string(), expected);
        check("Europe/Mariehamn", "Europe/Mariehamn");
        check("UTC", "Etc/UTC");
        let wrong = ["Europe/Helsingfors", "europe/helsinki", "", "FLE Standard Time", "UTC+12"];
        for name in wrong {
            assert_eq!(Zone::named(name), Err(unknown_zone(name)));
        }
    }

    /// An instant with any offset, its zone, and how it is written in UTC and in the zone.
    const INSTANTS: &str = "
        2027-01-08T22:00:00Z  Europe/Helsinki   2027-01-08T22:00:00Z 2027-01-09T00:00:00+02:00
        2026-12-31T23:00:00.9-04:00  Asia/Kolkata  2027-01-01T03:00:00Z 2027-01-01T08:30:00+05:30
        2027-01-08T22:00:00Z  America/St_Johns  2027-01-08T22:00:00Z 2027-01-08T18:30:00-03:30
        # 44 minutes and 30 seconds behind
        1971-06-01T00:00:00Z  Africa/Monrovia   1971-06-01T00:00:00Z 1971-05-31T23:16:00-00:44
    ";

    #[test]
    fn instants_are_written_and_read() {
        for row in rows(INSTANTS) {
            let [text, zone_name, utc, local] = row[..] else {
                panic!("a row has four columns: {row:?}");
            };
            assert_eq!(at(text).to_rfc3339(), utc);
            assert_eq!(at(text).to_rfc3339_in(&zone(zone_name)).unwrap(), local);
            assert_eq!(at(local), at(text));
        }
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in ["2027-01-08", "2027-01-08T22:00:00", "2027-02-30T00:00:00Z", "soon"] {
            let text = text.to_owned();
            assert_eq!(Instant::parse(&text), Err(DeadlineError::NotAnInstant { text }));
        }
        for seconds in [i64::MIN, -62_167_219_201, 253_402_300_800, i64::MAX] {
            let error = DeadlineError::InstantOutOfRange { seconds };
            assert_eq!(Instant::from_unix_seconds(seconds), Err(error));
        }
    }

    #[test]
    fn years_outside_the_zone_data_are_refused() {
        let helsinki = zone("Europe/Helsinki");
        let holidays = BTreeSet::new();
        let rolling = Roll::OverWeekendsAndHolidays(&holidays);
        let from_2100 = |text| DeadlineError::From2100 { day: day(text) };
        let before = DeadlineError::Before1970 { day: day("1969-12-31") };
        let start = |on| start_of(on, &helsinki).unwrap_err();
        let end = |on, roll| Deadline::end_of(on, &helsinki, roll).unwrap_err();

        assert_eq!(
            start(day("2100-01-01")).to_string(),
            "no local time on 2100-01-01: the zone data knows no summer time from 2100 on"
        );
        assert_eq!(start(NaiveDate::MAX), from_2100("+262142-12-31"));
        assert_eq!(start(day("1969-12-31")), before);
        assert!(start_of(day("1970-01-01"), &zone("Pacific/Kiritimati")).is_ok());

        assert!(Deadline::end_of(day("2099-12-30"), &helsinki, &rolling).is_ok());
        assert_eq!(end(day("2099-12-31"), &rolling), from_2100("2100-01-01"));
        assert_eq!(end(NaiveDate::MAX, &Roll::None), from_2100("+262142-12-31"));
        assert_eq!(end(day("1969-12-31"), &Roll::None), before);

        let last_hours = at("2099-12-31T22:00:00Z");
        assert_eq!(last_hours.day_in(&helsinki), Err(from_2100("2100-01-01")));
        assert_eq!(last_hours.day_in(&zone("UTC")), Ok(day("2099-12-31")));
        for text in ["9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"] {
            assert!(at(text).to_rfc3339_in(&helsinki).is_err());
            assert!(at(text).to_rfc3339_in(&zone("America/Havana")).is_err());
        }
    }

    /// A day, whether it rolls, the last day, and the end of the deadline in Helsinki.
    const LAST_DAYS: &str = "
        2027-01-08  rolls  2027-01-08  2027-01-08T22:00:00Z
        2027-01-09  rolls  2027-01-11  2027-01-11T22:00:00Z
        2027-01-09  stays  2027-01-09  2027-01-09T22:00:00Z
        # Christmas and a Sunday; New Year's Day and a weekend; Midsummer
        2026-12-24  rolls  2026-12-28  2026-12-28T22:00:00Z
        2027-01-01  rolls  2027-01-04  2027-01-04T22:00:00Z
        2027-06-25  rolls  2027-06-28  2027-06-28T21:00:00Z
        # a day of 23 hours and one of 25
        2026-03-29  stays  2026-03-29  2026-03-29T21:00:00Z
        2026-10-25  stays  2026-10-25  2026-10-25T22:00:00Z
    ";

    #[test]
    fn last_days_roll_on_to_working_days() {
        let christmas = ["2026-12-24", "2026-12-25", "2026-12-26"];
        let others = ["2027-01-01", "2027-06-25"];
        let holidays = christmas.into_iter().chain(others).map(day).collect();
        for row in rows(LAST_DAYS) {
            let roll = match row[1] {
                "rolls" => Roll::OverWeekendsAndHolidays(&holidays),
                _ => Roll::None,
            };
            let expected = Deadline {
                last_day: day(row[2]),
                ends_at: at(row[3]),
                zone: "Europe/Helsinki".to_owned(),
                tzdb: "2026e".to_owned(),
            };
            let found = Deadline::end_of(day(row[0]), &zone("Europe/Helsinki"), &roll);
            assert_eq!(found, Ok(expected), "{row:?}");
        }
    }

    #[test]
    fn the_end_is_excluded() {
        let havana = zone("America/Havana");
        let deadline = Deadline::end_of(day("2026-03-07"), &havana, &Roll::None).unwrap();
        assert!(!deadline.is_over_at(at("2026-03-08T04:59:59.9Z")));
        assert!(deadline.is_over_at(at("2026-03-08T05:00:00Z")));
    }

    const ZONES: &str = "Europe/Helsinki Europe/Dublin Asia/Beirut Asia/Kathmandu America/Havana
        America/St_Johns Pacific/Apia Africa/Casablanca Australia/Lord_Howe Etc/UTC";

    fn any_zone() -> impl Strategy<Value = Zone> {
        let zones: Vec<Zone> = ZONES.split_whitespace().map(zone).collect();
        prop::sample::select(zones)
    }

    /// Every day from 1970 to the last one of which the next day has a start.
    fn any_day() -> impl Strategy<Value = NaiveDate> {
        (0..47_481_u64).prop_map(|days| day("1970-01-01") + chrono::Days::new(days))
    }

    proptest! {
        #[test]
        fn edges_are_in_order(on in any_day(), second in 0..86_400_u32, zone in any_zone()) {
            let at = NaiveTime::from_num_seconds_from_midnight_opt(second, 0).unwrap();
            let start = instant(on, at, &zone, Edge::Start)?;
            prop_assert!(start <= instant(on, at, &zone, Edge::End)?);
            prop_assert!(start >= start_of(on, &zone)?);
            prop_assert_eq!(Instant::parse(&start.to_rfc3339_in(&zone)?)?, start);
            prop_assert_eq!(Instant::parse(&start.to_rfc3339())?, start);
        }

        #[test]
        fn a_day_ends_where_the_next_one_starts(on in any_day(), zone in any_zone()) {
            let next = on.succ_opt().unwrap();
            let ends_at = Deadline::end_of(on, &zone, &Roll::None)?.ends_at;
            prop_assert_eq!(ends_at, start_of(next, &zone)?);
            let last_second = Instant::from_unix_seconds(ends_at.unix_seconds() - 1)?;
            prop_assert!(last_second.day_in(&zone)? <= on);
            prop_assert!(ends_at.day_in(&zone)? >= next);
        }
    }
}
