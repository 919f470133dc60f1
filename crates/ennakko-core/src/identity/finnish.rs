//! The Finnish personal identity code (henkilötunnus, hetu).
//!
//! For: a code as the population register delivers it, eleven characters `ddmmyyCnnnT`.
//! Not for: birth date or sex, which the record states itself; nor for the electronic client identifier (eight digits
//! and a check character) or the person identifier of the 2023 reform, which are other codes.
//! Input: the code field of a record. The profile is the table in [`identity`](super).

use std::fmt;

use chrono::{Datelike, NaiveDate};

use super::{Artificial, CodeError, Text, check_character, digit, two_digits};

/// What a source may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Whether serials 900 to 999 may occur.
    pub artificial: Artificial,
    /// The last day of birth that may occur, or none for no limit.
    pub not_after: Option<NaiveDate>,
}

impl Profile {
    /// A register in use: real codes only, no last day.
    pub const REGISTER: Self = Self { artificial: Artificial::Refused, not_after: None };
    /// Samples and tests: artificial codes only, no last day.
    pub const SAMPLE: Self = Self { artificial: Artificial::Only, not_after: None };
}

/// A Finnish personal identity code, the century sign included.
///
/// Since December 2023 two persons may have codes that differ in the century sign alone.
///
/// # Example
///
/// ```
/// use ennakko_core::identity::finnish::{PersonalIdentityCode, Profile};
///
/// let older = PersonalIdentityCode::parse("100190-999P", Profile::SAMPLE)?;
/// let newer = PersonalIdentityCode::parse("100190Y999P", Profile::SAMPLE)?;
/// assert_ne!(older, newer);
/// assert_eq!(format!("{older:?}"), "PersonalIdentityCode(hidden)");
/// # Ok::<(), ennakko_core::identity::CodeError>(())
/// ```
///
/// It cannot be printed by accident:
///
/// ```compile_fail,E0277
/// # use ennakko_core::identity::finnish::{PersonalIdentityCode, Profile};
/// # let code = PersonalIdentityCode::parse("100190-999P", Profile::SAMPLE).unwrap();
/// println!("{code}");
/// ```
// INVARIANT (well formed): everything the profile table says of any accepted code.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonalIdentityCode(Text<11>);

impl PersonalIdentityCode {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0.0
    }

    /// Reads a code as delivered.
    ///
    /// # Errors
    ///
    /// - a blank, a lower-case letter, another character that cannot stand there, a wrong length;
    /// - a century sign that is not in use;
    /// - a check character that does not fit;
    /// - a day that is not in the calendar, or after `profile.not_after`;
    /// - serial 000 or 001;
    /// - an artificial or a real code, where the profile refuses it.
    pub fn parse(text: &str, profile: Profile) -> Result<Self, CodeError> {
        let text = Text::<11>::read(text)?;
        let [d1, d2, m1, m2, y1, y2, sign, n1, n2, n3, check] = text.0;
        let century = century_of(sign).ok_or(CodeError::Century)?;
        if check_character([d1, d2, m1, m2, y1, y2, n1, n2, n3])? != check {
            return Err(CodeError::CheckCharacter);
        }
        let year = century + i32::from(two_digits(y1, y2)?);
        let (month, day) = (two_digits(m1, m2)?, two_digits(d1, d2)?);
        let day = NaiveDate::from_ymd_opt(year, month.into(), day.into()).ok_or(CodeError::NoSuchDay)?;
        if profile.not_after.is_some_and(|last| day > last) {
            return Err(CodeError::AfterLastDay);
        }
        if digit(n1)? == 0 && two_digits(n2, n3)? < 2 {
            return Err(CodeError::Serial);
        }
        let code = Self(text);
        profile.artificial.admit(code.is_artificial())?;
        Ok(code)
    }

    /// The artificial code for a day from 1800 to 2099 and a serial from 900 to 999, with sign `+`, `-` or `A`.
    ///
    /// For samples and tests, so that nobody else computes check characters.
    ///
    /// # Errors
    ///
    /// - a serial outside 900 to 999;
    /// - a year outside 1800 to 2099.
    ///
    /// # Example
    ///
    /// ```
    /// use ennakko_core::identity::PersonalIdentityCode;
    ///
    /// let born = chrono::NaiveDate::from_ymd_opt(2020, 2, 29).ok_or("no such day")?;
    /// let code = PersonalIdentityCode::artificial(born, 951)?;
    /// assert_eq!(code.as_str(), "290220A9515");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn artificial(born: NaiveDate, serial: u16) -> Result<Self, CodeError> {
        if !(900..=999).contains(&serial) {
            return Err(CodeError::OutsideSeries);
        }
        let sign = match born.year() {
            1800..=1899 => b'+',
            1900..=1999 => b'-',
            2000..=2099 => b'A',
            _ => return Err(CodeError::Century),
        };
        let digit = |number: u32, place: u32| b'0' + u8::try_from(number / place % 10).unwrap_or_default();
        let [year, serial] = [born.year().unsigned_abs(), u32::from(serial)];
        let [[d1, d2], [m1, m2], [y1, y2]] =
            [born.day(), born.month(), year].map(|number| [digit(number, 10), digit(number, 1)]);
        let [n1, n2, n3] = [100, 10, 1].map(|place| digit(serial, place));
        let check = check_character([d1, d2, m1, m2, y1, y2, n1, n2, n3])?;
        Ok(Self(Text([d1, d2, m1, m2, y1, y2, sign, n1, n2, n3, check])))
    }

    /// Whether the serial is 900 to 999, which no real person has.
    pub fn is_artificial(&self) -> bool {
        self.0.0[7] == b'9'
    }

    /// The code as text, as delivered; the caller answers for where it goes.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for PersonalIdentityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalIdentityCode(hidden)")
    }
}

fn century_of(sign: u8) -> Option<i32> {
    match sign {
        b'+' => Some(1800),
        b'-' | b'Y' | b'X' | b'W' | b'V' | b'U' => Some(1900),
        b'A'..=b'F' => Some(2000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{cases, day};
    use super::*;

    fn check(line: &str, text: &str, profile: &str, expected: &str) {
        let profile = match profile {
            "register" => Profile::REGISTER,
            "sample" => Profile::SAMPLE,
            "both" => Profile { artificial: Artificial::Accepted, not_after: None },
            until => Profile { not_after: Some(day(until)), ..Profile::SAMPLE },
        };
        let found = match PersonalIdentityCode::parse(text, profile) {
            Ok(code) => {
                assert_eq!(code.as_str(), text, "{line}");
                "ok".to_owned()
            }
            Err(error) => format!("{error:?}"),
        };
        assert_eq!(found, expected, "{line}: {text}, {profile:?}");
    }

    /// Codes that differ in the sign of the century only are two people's.
    #[test]
    fn section_3_the_sign_is_part_of_the_code() {
        let profile = Profile { artificial: Artificial::Only, not_after: None };
        let code = |text| PersonalIdentityCode::parse(text, profile).unwrap();
        let (one, other) = (code("100190-999P"), code("100190Y999P"));
        assert_ne!(one, other);
        assert_ne!(super::super::IdentityCode::from(one), super::super::IdentityCode::from(other));
    }

    #[test]
    fn section_3_the_profile_is_followed() {
        for [line, text, profile, expected] in cases(include_str!("testdata/finnish.txt")) {
            check(&line, &text, &profile, &expected);
        }
    }

    #[test]
    fn artificial_codes_stay_in_their_series() {
        let check = |born, serial, expected| {
            assert_eq!(PersonalIdentityCode::artificial(day(born), serial), Err(expected), "{born} {serial}");
        };
        check("1990-01-01", 899, CodeError::OutsideSeries);
        check("1990-01-01", 1000, CodeError::OutsideSeries);
        check("1799-12-31", 900, CodeError::Century);
        check("2100-01-01", 900, CodeError::Century);
    }

    fn codes() -> impl Strategy<Value = PersonalIdentityCode> {
        let first = day("1800-01-01");
        let n_days = day("2100-01-01").signed_duration_since(first).num_days();
        (0..n_days, 900..=999_u16).prop_map(move |(n, serial)| {
            PersonalIdentityCode::artificial(first + chrono::Duration::days(n), serial).unwrap()
        })
    }

    proptest! {
        #[test]
        fn codes_come_back_from_their_text(code in codes()) {
            let again = PersonalIdentityCode::parse(code.as_str(), Profile::SAMPLE).unwrap();
            prop_assert_eq!(again.as_str(), code.as_str());
            prop_assert!(again.is_artificial());
            prop_assert_eq!(again, code);
        }

        #[test]
        fn no_single_change_but_of_the_sign_is_a_code(code in codes(), at in 0..10_usize, other in "[0-9A-HJ-NPR-Y]") {
            let at = if at < 6 { at } else { at + 1 };
            let mut text = code.as_str().to_owned();
            prop_assume!(text[at..=at] != *other);
            text.replace_range(at..=at, &other);
            let both = Profile { artificial: Artificial::Accepted, not_after: None };
            prop_assert!(PersonalIdentityCode::parse(&text, both).is_err());
        }

        #[test]
        fn debug_says_nothing(code in codes()) {
            prop_assert_eq!(format!("{code:?}"), "PersonalIdentityCode(hidden)");
            prop_assert_eq!(format!("{code:#?}"), "PersonalIdentityCode(hidden)");
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,13}|[0-9A-Y+-]{11}") {
            let _ = PersonalIdentityCode::parse(&text, Profile::REGISTER);
        }
    }
}
