//! Tests of `deadline`.

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
