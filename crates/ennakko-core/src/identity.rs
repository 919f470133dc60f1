//! Identity codes: the keys under which registers hold persons and buildings.
//!
//! For: reading a code once, where a record comes in, into a type that holds nothing but a well-formed code.
//! Not for: birth date or sex. **A code is a key, never their source**: Swedish law gives a number with a nearby day of
//! the month once a day has none left, coordination numbers name days that no calendar has, and both facts may be
//! corrected in the record. A record carries them in fields of their own. Nor is a well-formed code held by anybody yet.
//! Input: the code field of a record, exactly as delivered.
//!
//! Every type hides its content in `Debug`, has no `Display` and is not serialisable; `as_str()` is the one way out.
//! The order of codes is that of their text. It has no meaning; it makes the same input give the same bytes.
//!
//! # The profile followed
//!
//! Libraries disagree on what a valid code is, so this table says which way this project goes. Each line is a test: its
//! name stands before every case in `identity/testdata/*.txt`. The others meant are python-stdnum (stdnum), finnish-ssn,
//! ara-etp, lupapiste, jkr, personnummer/meta and personnummer/rust (both: personnummer), as read in 2026.
//!
//! ## Finnish personal identity code (`ddmmyyCnnnT`)
//!
//! | line | input | here | others |
//! | --- | --- | --- | --- |
//! | F1 | not eleven characters | refused | |
//! | F2 | a lower-case letter | refused | stdnum raises it |
//! | F3 | a blank, also before or after | refused, never trimmed | stdnum removes it |
//! | F4 | century sign | `+` 1800s; `- Y X W V U` 1900s; `A B C D E F` 2000s | lupapiste knows only `+ - A` |
//! | F5 | codes that differ only in the sign | two codes: the sign is part of the key and never changed | |
//! | F6 | `A` to `F` with any year, `+` with any year | accepted | finnish-ssn ties the sign to some years |
//! | F7 | a day that is not in the calendar | refused | ara-etp accepts it |
//! | F8 | a day after `not_after` | refused; without `not_after` any day to 2099 is accepted | |
//! | F9 | serial 000 or 001 | refused | finnish-ssn and ara-etp accept it |
//! | F10 | serial 900 to 999 (artificial) | as [`Artificial`] says | stdnum refuses unless told, the rest accept |
//! | F11 | serial 002 to 899 (real) | accepted, but refused by [`Artificial::Only`] | |
//! | F12 | check character | must fit day and serial; the sign is not covered by it | |
//! | F13 | a character outside ASCII, or a letter for a digit | refused | stdnum replaces look-alikes |
//!
//! ## Swedish personal number and coordination number (`YYYYMMDDNNNC`)
//!
//! | line | input | here | others |
//! | --- | --- | --- | --- |
//! | S1 | twelve digits | the stored form | |
//! | S2 | ten digits with `-` or `+` | read with the day it was written on; `+` from 1 January of the year a person turns 100 | |
//! | S3 | ten digits without a sign | refused: the century cannot be told | personnummer and stdnum guess |
//! | S4 | twelve digits with a sign, other lengths | refused | personnummer and stdnum accept a sign |
//! | S5 | a blank, also within | refused | stdnum removes it, personnummer refuses it |
//! | S6 | a century other than 18, 19, 20 | refused | stdnum accepts it |
//! | S7 | personal number with a day that is not in the calendar | refused | |
//! | S8 | serial 000 | refused, as Skatteverket gives 001 to 999 and personnummer refuses it | stdnum accepts it |
//! | S9 | check digit | Luhn over the last ten digits; the century is not covered by it | |
//! | S10 | one kind where the other is asked for | refused, by name | stdnum knows no coordination numbers |
//! | S11 | coordination number with month 00 or day 60 | accepted, see [`DateKnown`] | a calendar check refuses it |
//! | S12 | coordination number with a day that its month has not | accepted: official test persons have them | a calendar check refuses it |
//! | S13 | month 13 to 19; day 32 to 59, 92 to 99 | refused | |
//! | S14 | a letter from `T R S U W X J K L M N P` as first of the serial | recognised and refused: an interim number | personnummer accepts it |
//! | S15 | prefix 16, or month 20 and above | recognised and refused: an organisation | |
//! | S16 | a day after `not_after`, or after the day of writing | refused; unknown parts count as the earliest day | |
//! | S17 | serial 238, 239, 980 to 989 | as any other: Skatteverket's list of test persons is a list, not a series | |
//!
//! ## Finnish permanent building id (`NNNNNNNNNT`)
//!
//! | line | input | here | others |
//! | --- | --- | --- | --- |
//! | B1 | not ten characters (the older id, a dwelling id) | refused | |
//! | B2 | a lower-case letter | refused | |
//! | B3 | a blank, also before or after | refused, never trimmed | |
//! | B4 | first digit 1 (real) | accepted, but refused by [`Artificial::Only`] | |
//! | B5 | first digit 9 (artificial) | as [`Artificial`] says | KRYSP and lupapiste refuse it |
//! | B6 | first digit 0, or 2 to 8 | refused | jkr starts its test ids with 0 |
//! | B7 | check character | must fit the nine digits | early leaflets print ids with a wrong one |
//! | B8 | a character outside ASCII, or a letter for a digit | refused | |
//!
//! # Sources
//!
//! Finland: the Digital and Population Data Services Agency on the reform of the personal identity code (decree in force
//! 1 January 2023). Sweden: folkbokföringslagen (1991:481) sections 18 (as amended by SFS 2009:272: a nearby day of the
//! month) and 18 a; Skatteverket's legal guidance on the personal number (serials 001 to 999, centuries 18, 19 and 20) and
//! its message SKV M 2010:3 on the coordination number. Test values: personnummer/meta. Read 22 November 2026.

use std::fmt;

use chrono::NaiveDate;

pub mod building_id;
pub mod dwelling_id;
pub mod finnish;
pub mod swedish;

pub use building_id::PermanentBuildingId;
pub use finnish::PersonalIdentityCode;
pub use swedish::{CoordinationNumber, DateKnown, PersonalNumber};

/// Why a text is not an identity code. No message holds any part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeError {
    /// A blank stands in the code, before it or after it.
    #[error("the code contains a blank")]
    Blank,
    /// A letter is lower case.
    #[error("the code contains a lower-case letter")]
    LowerCase,
    /// A character is outside ASCII, or is no digit where a digit belongs.
    #[error("the code contains a character that cannot stand where it does")]
    Character,
    /// There are too many or too few characters.
    #[error("the code has the wrong length")]
    Length,
    /// The century sign, the leading two digits or the year is none that codes are given for.
    #[error("the code names a century that is not in use")]
    Century,
    /// The first digit of a building id is neither 1 nor 9.
    #[error("the building id starts with a digit that is not given")]
    FirstDigit,
    /// The check character is not the one that the digits give.
    #[error("the check character does not fit the rest of the code")]
    CheckCharacter,
    /// The calendar has no such day.
    #[error("the code names a day that is not in the calendar")]
    NoSuchDay,
    /// The day lies after the last day that the caller allows.
    #[error("the code names a day after the last day allowed")]
    AfterLastDay,
    /// The serial number is never given: 000, in Finland also 001.
    #[error("the serial number is one that is never given")]
    Serial,
    /// An artificial code stands where only real ones may.
    #[error("the code is artificial, and only real ones are accepted here")]
    Artificial,
    /// A real code stands where only artificial ones may.
    #[error("the code is real, and only artificial ones are accepted here")]
    NotArtificial,
    /// The number handed to a constructor of artificial codes is not in their series.
    #[error("the number lies outside the series of artificial codes")]
    OutsideSeries,
    /// Ten digits stand without a sign.
    #[error("ten digits without `-` or `+` do not tell the century")]
    AmbiguousCentury,
    /// Ten digits with a sign stand where the twelve-digit form belongs.
    #[error("ten digits with `-` or `+` cannot be read without the day they were written on")]
    ShortForm,
    /// A coordination number stands where a personal number belongs.
    #[error("the code is a coordination number, not a personal number")]
    Coordination,
    /// A personal number stands where a coordination number belongs.
    #[error("the code is a personal number, not a coordination number")]
    Personal,
    /// The number was made up by one system, for its own use.
    #[error("the code is an interim number, not an identity code")]
    Interim,
    /// The number belongs to an organisation.
    #[error("the code belongs to an organisation, not to a person")]
    Organisation,
}

/// Whether artificial codes may stand in a source: Finnish serials 900 to 999, building ids that start with 9.
///
/// No real person or building has one. Sweden sets no such series apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Artificial {
    /// Real codes only: a register in use.
    Refused,
    /// Both: a test environment that was filled from several sources.
    Accepted,
    /// Artificial codes only: samples and tests, where a real code would be a leak.
    Only,
}

impl Artificial {
    fn admit(self, artificial: bool) -> Result<(), CodeError> {
        match (self, artificial) {
            (Self::Refused, true) => Err(CodeError::Artificial),
            (Self::Only, false) => Err(CodeError::NotArtificial),
            _ => Ok(()),
        }
    }
}

/// The identity code of a person, of any kind the project reads.
///
/// `Debug` hides the kind too: a coordination number says that its holder is not in the population register.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentityCode {
    /// A Finnish personal identity code.
    Finnish(PersonalIdentityCode),
    /// A Swedish personal number.
    SwedishPersonal(PersonalNumber),
    /// A Swedish coordination number.
    SwedishCoordination(CoordinationNumber),
}

impl IdentityCode {
    /// Reads a Swedish field that may hold either kind, in the stored form of twelve digits.
    ///
    /// # Errors
    ///
    /// Those of [`PersonalNumber::parse`] and [`CoordinationNumber::parse`], except the two for the other kind.
    ///
    /// # Example
    ///
    /// ```
    /// use ennakko_core::identity::IdentityCode;
    ///
    /// let code = IdentityCode::parse_swedish("197010632391", None)?;
    /// assert!(matches!(code, IdentityCode::SwedishCoordination(_)));
    /// # Ok::<(), ennakko_core::identity::CodeError>(())
    /// ```
    pub fn parse_swedish(text: &str, not_after: Option<NaiveDate>) -> Result<Self, CodeError> {
        match PersonalNumber::parse(text, not_after) {
            Err(CodeError::Coordination) => CoordinationNumber::parse(text, not_after).map(Self::SwedishCoordination),
            other => other.map(Self::SwedishPersonal),
        }
    }

    /// The code as text; the caller answers for where it goes.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Finnish(code) => code.as_str(),
            Self::SwedishPersonal(code) => code.as_str(),
            Self::SwedishCoordination(code) => code.as_str(),
        }
    }

    /// The code as a number, in the order of codes: its kind, then its text.
    pub(crate) fn packed(&self) -> u128 {
        let (kind, text): (u8, &[u8]) = match self {
            Self::Finnish(code) => (0, code.bytes()),
            Self::SwedishPersonal(code) => (1, code.bytes()),
            Self::SwedishCoordination(code) => (2, code.bytes()),
        };
        let mut bytes = [0; 16];
        bytes[0] = kind;
        bytes[1..=text.len()].copy_from_slice(text);
        u128::from_be_bytes(bytes)
    }
}

impl fmt::Debug for IdentityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityCode(hidden)")
    }
}

impl From<PersonalIdentityCode> for IdentityCode {
    fn from(code: PersonalIdentityCode) -> Self {
        Self::Finnish(code)
    }
}

impl From<PersonalNumber> for IdentityCode {
    fn from(code: PersonalNumber) -> Self {
        Self::SwedishPersonal(code)
    }
}

impl From<CoordinationNumber> for IdentityCode {
    fn from(code: CoordinationNumber) -> Self {
        Self::SwedishCoordination(code)
    }
}

/// The characters of a code.
// INVARIANT (plain): visible ASCII, no lower-case letter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Text<const N: usize>([u8; N]);

impl<const N: usize> Text<N> {
    fn read(text: &str) -> Result<Self, CodeError> {
        refuse_untidy(text)?;
        text.as_bytes().try_into().map(Self).map_err(|_| CodeError::Length)
    }

    #[expect(clippy::expect_used, reason = "the invariant says ASCII, which is UTF-8")]
    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a code is ASCII")
    }
}

/// Refuses what people and spreadsheets add to codes. Nothing is repaired: two spellings would be two keys elsewhere.
fn refuse_untidy(text: &str) -> Result<(), CodeError> {
    if text.bytes().all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_lowercase()) {
        Ok(())
    } else if text.chars().any(char::is_whitespace) {
        Err(CodeError::Blank)
    } else if text.chars().any(char::is_lowercase) {
        Err(CodeError::LowerCase)
    } else {
        Err(CodeError::Character)
    }
}

/// The thirty-one check characters of Finnish codes: no G, I, O, Q or Z.
const CHECK_CHARACTERS: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";

/// The check character of nine digits, for persons and for buildings.
///
/// Thirty-one is a prime and divides no difference of two digits, so one changed digit, or two neighbours exchanged,
/// always gives another character.
fn check_character(digits: [u8; 9]) -> Result<u8, CodeError> {
    let number = digits.into_iter().try_fold(0, |number, byte| Ok(number * 10 + u32::from(digit(byte)?)))?;
    Ok(CHECK_CHARACTERS[(number % 31) as usize])
}

fn digit(byte: u8) -> Result<u8, CodeError> {
    if byte.is_ascii_digit() { Ok(byte - b'0') } else { Err(CodeError::Character) }
}

fn two_digits(tens: u8, ones: u8) -> Result<u8, CodeError> {
    Ok(digit(tens)? * 10 + digit(ones)?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const CASES: [&str; 3] = [
        include_str!("identity/testdata/finnish.txt"),
        include_str!("identity/testdata/swedish.txt"),
        include_str!("identity/testdata/building_id.txt"),
    ];

    /// The cases of a test data file: cells between bars, with `␣` for a blank.
    pub(super) fn cases<const N: usize>(file: &str) -> Vec<[String; N]> {
        let cells = |row: &str| row.split('|').map(|cell| cell.trim().replace('␣', " ")).collect::<Vec<_>>();
        file.lines()
            .filter(|row| !row.is_empty() && !row.starts_with('#'))
            .map(|row| cells(row).try_into().unwrap_or_else(|_| panic!("{row}: wants {N} cells")))
            .collect()
    }

    pub(super) fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_line_of_the_profile_has_a_case() {
        let documented: BTreeSet<_> = include_str!("identity.rs")
            .lines()
            .filter_map(|line| line.strip_prefix("//! | ")?.split(' ').next())
            .filter(|name| name.ends_with(|last: char| last.is_ascii_digit()))
            .collect();
        let tested: BTreeSet<_> = CASES
            .into_iter()
            .flat_map(str::lines)
            .filter(|row| !row.is_empty() && !row.starts_with('#'))
            .filter_map(|row| row.split(' ').next())
            .collect();
        assert_eq!(documented, tested);
        assert_eq!(documented.len(), 38);
    }

    #[test]
    fn messages_state_the_fact_and_nothing_of_the_code() {
        use CodeError as E;
        let check = |error: E, message: &str| assert_eq!(error.to_string(), message);
        check(E::Blank, "the code contains a blank");
        check(E::LowerCase, "the code contains a lower-case letter");
        check(E::Character, "the code contains a character that cannot stand where it does");
        check(E::Length, "the code has the wrong length");
        check(E::Century, "the code names a century that is not in use");
        check(E::FirstDigit, "the building id starts with a digit that is not given");
        check(E::CheckCharacter, "the check character does not fit the rest of the code");
        check(E::NoSuchDay, "the code names a day that is not in the calendar");
        check(E::AfterLastDay, "the code names a day after the last day allowed");
        check(E::Serial, "the serial number is one that is never given");
        check(E::Artificial, "the code is artificial, and only real ones are accepted here");
        check(E::NotArtificial, "the code is real, and only artificial ones are accepted here");
        check(E::OutsideSeries, "the number lies outside the series of artificial codes");
        check(E::AmbiguousCentury, "ten digits without `-` or `+` do not tell the century");
        check(E::ShortForm, "ten digits with `-` or `+` cannot be read without the day they were written on");
        check(E::Coordination, "the code is a coordination number, not a personal number");
        check(E::Personal, "the code is a personal number, not a coordination number");
        check(E::Interim, "the code is an interim number, not an identity code");
        check(E::Organisation, "the code belongs to an organisation, not to a person");
    }

    #[test]
    fn a_code_of_any_kind_keeps_its_text_and_hides_it() {
        let check = |code: IdentityCode, text: &str| {
            assert_eq!(code.as_str(), text);
            assert_eq!(format!("{code:?}"), "IdentityCode(hidden)");
        };
        let finnish = PersonalIdentityCode::artificial(day("1990-01-10"), 999).unwrap();
        check(finnish.into(), "100190-999P");
        check(IdentityCode::parse_swedish("199705172394", None).unwrap(), "199705172394");
        check(IdentityCode::parse_swedish("197010632391", None).unwrap(), "197010632391");
        let refused = IdentityCode::parse_swedish("197010632392", None);
        assert_eq!(refused, Err(CodeError::CheckCharacter));
    }

    #[test]
    fn kinds_stand_apart_in_the_order() {
        let swedish = IdentityCode::parse_swedish("197010632391", None).unwrap();
        let finnish = PersonalIdentityCode::artificial(day("1990-12-31"), 999).unwrap();
        assert!(IdentityCode::from(finnish) < swedish);
    }

    #[test]
    fn numbers_of_codes_are_in_the_order_of_codes() {
        let finnish = |text, n| IdentityCode::from(PersonalIdentityCode::artificial(day(text), n).unwrap());
        let swedish = |text| IdentityCode::parse_swedish(text, None).unwrap();
        let codes = [
            finnish("1990-12-31", 999),
            finnish("1890-12-31", 999),
            finnish("1990-12-31", 998),
            finnish("2010-01-01", 901),
            swedish("199705172394"),
            swedish("197010632391"),
        ];
        for a in &codes {
            for b in &codes {
                assert_eq!(a.packed().cmp(&b.packed()), a.cmp(b));
            }
        }
    }
}
