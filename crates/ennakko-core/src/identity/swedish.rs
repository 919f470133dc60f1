//! The Swedish personal number (personnummer) and coordination number (samordningsnummer).
//!
//! For: the stored form of twelve digits, `YYYYMMDDNNNC`, and the written form of ten digits with a sign.
//! Not for: birth date or sex, which the record states itself; interim numbers and organisations, which are recognised
//! and refused; telling test persons from real ones, which only Skatteverket's list can.
//! Input: the code field of a record. The profile is the table in [`identity`](super).

use std::fmt;

use chrono::{Datelike, NaiveDate};

use super::{CodeError, Text, digit, refuse_untidy, two_digits};

/// The letters that stand for the first digit of the serial in an interim number.
const INTERIM_LETTERS: &[u8; 12] = b"TRSUWXJKLMNP";

/// What a coordination number adds to the day of the month.
const COORDINATION: u8 = 60;

/// A Swedish personal number, in the stored form of twelve digits.
///
/// # Example
///
/// ```
/// use ennakko_core::identity::{CodeError, PersonalNumber};
///
/// let number = PersonalNumber::parse("199705172394", None)?;
/// assert_eq!(format!("{number:?}"), "PersonalNumber(hidden)");
/// assert_eq!(PersonalNumber::parse("9705172394", None), Err(CodeError::AmbiguousCentury));
/// # Ok::<(), CodeError>(())
/// ```
// INVARIANT (well formed): twelve digits, a day of the calendar, a serial other than 000, Luhn over the last ten.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonalNumber(Text<12>);

impl PersonalNumber {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0.0
    }

    /// Reads the stored form, twelve digits, with the last day that may occur in it, or none for no limit.
    ///
    /// A day without free serials is replaced by a nearby day of the month: let `not_after` be the end of a month.
    ///
    /// # Errors
    ///
    /// - a blank, a lower-case letter, another character that cannot stand there, a wrong length;
    /// - ten digits, with a sign or without;
    /// - an interim number, an organisation, a coordination number;
    /// - a century other than 18, 19 and 20;
    /// - a check digit that does not fit;
    /// - serial 000;
    /// - a day that is not in the calendar, or after `not_after`.
    pub fn parse(text: &str, not_after: Option<NaiveDate>) -> Result<Self, CodeError> {
        Self::accept(&Parts::of(stored_form(text)?)?, not_after)
    }

    /// Reads the written form, ten digits with `-` or `+`, as written on `today`.
    ///
    /// The sign turns to `+` on 1 January of the year in which the holder turns 100, so a text older than `today` may
    /// name another person: hand over the day it was written, and store twelve digits.
    ///
    /// # Errors
    ///
    /// - ten digits without a sign;
    /// - a sign other than `-` and `+`;
    /// - a day after `today`;
    /// - those of [`parse`](Self::parse).
    ///
    /// # Example
    ///
    /// ```
    /// use ennakko_core::identity::PersonalNumber;
    ///
    /// let today = chrono::NaiveDate::from_ymd_opt(2026, 8, 1).ok_or("no such day")?;
    /// let number = PersonalNumber::parse_short("090527+9808", today)?;
    /// assert_eq!(number.as_str(), "190905279808");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse_short(text: &str, today: NaiveDate) -> Result<Self, CodeError> {
        Self::accept(&Parts::of(written_form(text, today)?)?, Some(today))
    }

    /// A number for a day from 1800 to 2099 and a serial that official test persons have: 238, 239, 980 to 989.
    ///
    /// For samples and tests. Sweden sets no series apart, so nothing in the number says that it is artificial.
    ///
    /// # Errors
    ///
    /// - another serial;
    /// - a year outside 1800 to 2099.
    pub fn artificial(born: NaiveDate, serial: u16) -> Result<Self, CodeError> {
        artificial(born, 0, serial).map(Self)
    }

    /// The twelve digits; the caller answers for where they go.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    fn accept(parts: &Parts, not_after: Option<NaiveDate>) -> Result<Self, CodeError> {
        if matches!(parts.day, 60..=91) {
            return Err(CodeError::Coordination);
        }
        let born = parts.day_in_calendar(parts.day).ok_or(CodeError::NoSuchDay)?;
        if not_after.is_some_and(|last| born > last) {
            return Err(CodeError::AfterLastDay);
        }
        Ok(Self(parts.text))
    }
}

impl fmt::Debug for PersonalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalNumber(hidden)")
    }
}

/// A Swedish coordination number, in the stored form of twelve digits: a day of birth plus 60.
///
/// # Example
///
/// ```
/// use ennakko_core::identity::{CodeError, CoordinationNumber, DateKnown};
///
/// let number = CoordinationNumber::parse("191711602399", None)?;
/// assert_eq!(number.date_known(), DateKnown::Month);
/// # Ok::<(), CodeError>(())
/// ```
// INVARIANT (well formed): twelve digits, month 00 to 12, day 60 to 91, a serial other than 000, Luhn over the last ten.
// INVARIANT (date_known): follows from the text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CoordinationNumber {
    text: Text<12>,
    date_known: DateKnown,
}

/// How much of a day is written in a coordination number.
///
/// It is true of the number, not of the person: their day of birth stands in the record, may be better known there, and
/// may have been corrected after the number was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DateKnown {
    /// Year, month and day, and the calendar has that day.
    Day,
    /// Year and month; the day is 60.
    Month,
    /// The year; the month is 00.
    Year,
    /// Year, month and day, but the month has no such day.
    NoSuchDay,
}

impl CoordinationNumber {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.text.0
    }

    /// Reads the stored form, twelve digits, with the last day that may occur in it, or none for no limit.
    ///
    /// # Errors
    ///
    /// - a blank, a lower-case letter, another character that cannot stand there, a wrong length;
    /// - ten digits, with a sign or without;
    /// - an interim number, an organisation, a personal number;
    /// - a century other than 18, 19 and 20;
    /// - a check digit that does not fit;
    /// - serial 000;
    /// - a month above 12, a day that is not 60 to 91, or no possible day up to `not_after`.
    pub fn parse(text: &str, not_after: Option<NaiveDate>) -> Result<Self, CodeError> {
        Self::accept(&Parts::of(stored_form(text)?)?, not_after)
    }

    /// Reads the written form, ten digits with `-` or `+`, as written on `today`.
    ///
    /// # Errors
    ///
    /// - those of [`PersonalNumber::parse_short`], with the kinds exchanged, and of [`parse`](Self::parse).
    pub fn parse_short(text: &str, today: NaiveDate) -> Result<Self, CodeError> {
        Self::accept(&Parts::of(written_form(text, today)?)?, Some(today))
    }

    /// A number for a day from 1800 to 2099 and a serial that official test persons have: 238, 239, 980 to 989.
    ///
    /// For samples and tests. Sweden sets no series apart, so nothing in the number says that it is artificial.
    ///
    /// # Errors
    ///
    /// - another serial;
    /// - a year outside 1800 to 2099.
    pub fn artificial(born: NaiveDate, serial: u16) -> Result<Self, CodeError> {
        let text = artificial(born, COORDINATION, serial)?;
        Ok(Self { text, date_known: DateKnown::Day })
    }

    /// How much of a day is written in the number; it says nothing of the person.
    pub fn date_known(&self) -> DateKnown {
        self.date_known
    }

    /// The twelve digits; the caller answers for where they go.
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    fn accept(parts: &Parts, not_after: Option<NaiveDate>) -> Result<Self, CodeError> {
        let day = match parts.day {
            60..=91 => parts.day - COORDINATION,
            1..=31 => return Err(CodeError::Personal),
            _ => return Err(CodeError::NoSuchDay),
        };
        let (date_known, earliest) = match (parts.month, day) {
            (0, _) => (DateKnown::Year, NaiveDate::from_ymd_opt(parts.year, 1, 1)),
            (1..=12, 0) => (DateKnown::Month, parts.day_in_calendar(1)),
            (1..=12, _) => match parts.day_in_calendar(day) {
                None => (DateKnown::NoSuchDay, parts.day_in_calendar(1)),
                found => (DateKnown::Day, found),
            },
            _ => return Err(CodeError::NoSuchDay),
        };
        if not_after.is_some_and(|last| earliest.is_some_and(|earliest| earliest > last)) {
            return Err(CodeError::AfterLastDay);
        }
        Ok(Self { text: parts.text, date_known })
    }
}

impl fmt::Debug for CoordinationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CoordinationNumber(hidden)")
    }
}

/// Twelve digits that pass every check but that of the day.
struct Parts {
    text: Text<12>,
    year: i32,
    month: u8,
    day: u8,
}

impl Parts {
    fn of(text: Text<12>) -> Result<Self, CodeError> {
        let [c1, c2, y1, y2, m1, m2, d1, d2, n1, n2, n3, _] = text.0;
        if INTERIM_LETTERS.contains(&n1) {
            return Err(CodeError::Interim);
        }
        let (century, month) = (two_digits(c1, c2)?, two_digits(m1, m2)?);
        if century == 16 || month >= 20 {
            return Err(CodeError::Organisation);
        }
        if !matches!(century, 18..=20) {
            return Err(CodeError::Century);
        }
        if luhn_sum(&text.0[2..])? % 10 != 0 {
            return Err(CodeError::CheckCharacter);
        }
        if [n1, n2, n3] == *b"000" {
            return Err(CodeError::Serial);
        }
        let year = i32::from(century) * 100 + i32::from(two_digits(y1, y2)?);
        Ok(Self { text, year, month, day: two_digits(d1, d2)? })
    }

    fn day_in_calendar(&self, day: u8) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month.into(), day.into())
    }
}

fn stored_form(text: &str) -> Result<Text<12>, CodeError> {
    refuse_untidy(text)?;
    match text.as_bytes() {
        [_, _, _, _, _, _, b'-' | b'+', _, _, _, _] => Err(CodeError::ShortForm),
        ten if ten.len() == 10 => Err(CodeError::AmbiguousCentury),
        _ => Text::read(text),
    }
}

/// The twelve digits of ten digits with a sign.
fn written_form(text: &str, today: NaiveDate) -> Result<Text<12>, CodeError> {
    refuse_untidy(text)?;
    if text.len() == 10 {
        return Err(CodeError::AmbiguousCentury);
    }
    let Text([y1, y2, m1, m2, d1, d2, sign, n1, n2, n3, check]) = Text::<11>::read(text)?;
    let years_more = match sign {
        b'-' => 0,
        b'+' => 100,
        _ => return Err(CodeError::Century),
    };
    let age_this_year = (today.year() - i32::from(two_digits(y1, y2)?)).rem_euclid(100) + years_more;
    let (c1, c2) = match today.year() - age_this_year {
        1800..=1899 => (b'1', b'8'),
        1900..=1999 => (b'1', b'9'),
        2000..=2099 => (b'2', b'0'),
        _ => return Err(CodeError::Century),
    };
    Ok(Text([c1, c2, y1, y2, m1, m2, d1, d2, n1, n2, n3, check]))
}

fn artificial(born: NaiveDate, added_to_day: u8, serial: u16) -> Result<Text<12>, CodeError> {
    if !matches!(serial, 238 | 239 | 980..=989) {
        return Err(CodeError::OutsideSeries);
    }
    if !matches!(born.year(), 1800..=2099) {
        return Err(CodeError::Century);
    }
    let day = born.day() + u32::from(added_to_day);
    let mut text = Text::<12>::read(&format!("{}{:02}{day:02}{serial}0", born.year(), born.month()))?;
    text.0[11] = b'0' + (10 - luhn_sum(&text.0[2..])? % 10) % 10;
    Ok(text)
}

/// The sum of Luhn's method over ten digits; a whole number of tens if the last one fits.
fn luhn_sum(digits: &[u8]) -> Result<u8, CodeError> {
    let mut sum = 0;
    for (at, &byte) in digits.iter().enumerate() {
        let digit = digit(byte)?;
        let weighted = if at % 2 == 0 { 2 * digit } else { digit };
        sum += weighted / 10 + weighted % 10;
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{cases, day};
    use super::*;

    fn check(line: &str, kind: &str, text: &str, last: &str, expected: &str) {
        let not_after = (!last.is_empty()).then(|| day(last));
        let personal = |number: PersonalNumber| number.as_str().to_owned();
        let coordination = |number: CoordinationNumber| format!("{} {:?}", number.as_str(), number.date_known());
        let found = match kind {
            "personal" => PersonalNumber::parse(text, not_after).map(personal),
            "personal short" => PersonalNumber::parse_short(text, day(last)).map(personal),
            "coordination" => CoordinationNumber::parse(text, not_after).map(coordination),
            "coordination short" => CoordinationNumber::parse_short(text, day(last)).map(coordination),
            other => panic!("{line}: no kind {other}"),
        };
        let found = found.unwrap_or_else(|error| format!("{error:?}"));
        assert_eq!(found, expected, "{line}: {kind} {text} {last}");
    }

    #[test]
    fn section_4_the_profile_is_followed() {
        for [line, kind, text, last, expected] in cases(include_str!("testdata/swedish.txt")) {
            check(&line, &kind, &text, &last, &expected);
        }
    }

    #[test]
    fn artificial_numbers_keep_to_the_serials_of_test_persons() {
        let check = |born, serial, expected: Result<&str, CodeError>| {
            let found = PersonalNumber::artificial(day(born), serial);
            assert_eq!(found.as_ref().map(PersonalNumber::as_str), expected.as_ref().copied(), "{born} {serial}");
        };
        check("1997-05-17", 239, Ok("199705172394"));
        check("1909-05-27", 980, Ok("190905279808"));
        check("1997-05-17", 237, Err(CodeError::OutsideSeries));
        check("1997-05-17", 990, Err(CodeError::OutsideSeries));
        check("1799-12-31", 238, Err(CodeError::Century));
        check("2100-01-01", 238, Err(CodeError::Century));
    }

    fn days() -> impl Strategy<Value = NaiveDate> {
        let first = day("1800-01-01");
        let n_days = day("2100-01-01").signed_duration_since(first).num_days();
        (0..n_days).prop_map(move |n| first + chrono::Duration::days(n))
    }

    fn serials() -> impl Strategy<Value = u16> {
        prop_oneof![238..=239_u16, 980..=989_u16]
    }

    fn short_form_of(text: &str, sign: char) -> String {
        format!("{}{sign}{}", &text[2..8], &text[8..])
    }

    proptest! {
        #[test]
        fn numbers_come_back_from_their_text(born in days(), serial in serials()) {
            let personal = PersonalNumber::artificial(born, serial).unwrap();
            prop_assert_eq!(PersonalNumber::parse(personal.as_str(), None), Ok(personal));
            let coordination = CoordinationNumber::artificial(born, serial).unwrap();
            prop_assert_eq!(CoordinationNumber::parse(coordination.as_str(), None), Ok(coordination));
        }

        #[test]
        fn the_written_form_gives_the_stored_one(born in days(), serial in serials(), age in 0..200_i32) {
            let number = PersonalNumber::artificial(born, serial).unwrap();
            let written_on = NaiveDate::from_ymd_opt(born.year() + age, 12, 31).unwrap();
            let short = short_form_of(number.as_str(), if age < 100 { '-' } else { '+' });
            prop_assert_eq!(PersonalNumber::parse_short(&short, written_on), Ok(number));
        }

        #[test]
        fn no_single_change_after_the_century_is_a_number(
            born in days(),
            serial in serials(),
            at in 2..12_usize,
            other in "[0-9]",
        ) {
            let mut text = CoordinationNumber::artificial(born, serial).unwrap().as_str().to_owned();
            prop_assume!(text[at..=at] != *other);
            text.replace_range(at..=at, &other);
            prop_assert!(CoordinationNumber::parse(&text, None).is_err());
            prop_assert!(PersonalNumber::parse(&text, None).is_err());
        }

        #[test]
        fn debug_says_nothing(born in days(), serial in serials()) {
            let personal = PersonalNumber::artificial(born, serial).unwrap();
            prop_assert_eq!(format!("{personal:?}"), "PersonalNumber(hidden)");
            let coordination = CoordinationNumber::artificial(born, serial).unwrap();
            prop_assert_eq!(format!("{coordination:?}"), "CoordinationNumber(hidden)");
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,14}|[0-9A-Y+-]{10,12}") {
            let today = day("2026-08-01");
            let _ = PersonalNumber::parse(&text, None);
            let _ = PersonalNumber::parse_short(&text, today);
            let _ = CoordinationNumber::parse(&text, Some(today));
            let _ = CoordinationNumber::parse_short(&text, today);
        }
    }
}
