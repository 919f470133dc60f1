//! Identity codes of the sample: artificial ones only (serials 900 to 999).
//!
//! One birth day and sex has fifty artificial serials under one century sign. A large city needs more: then the signs that
//! the reform of 2023 added are used in turn (`Y X W V U`, `B` to `F`), three hundred codes in all. Beyond them somebody has
//! no code, and is known by a key. About one person in a hundred has a new sign in small cities too, so that readers meet one.

use chrono::{Datelike, NaiveDate};
use ennakko_core::day::day_number;
use ennakko_core::identity::PersonalIdentityCode;
use ennakko_core::identity::finnish::Profile;

const SERIALS: u16 = 50;
const SIGNS_1900: [char; 6] = ['-', 'Y', 'X', 'W', 'V', 'U'];
const SIGNS_2000: [char; 6] = ['A', 'B', 'C', 'D', 'E', 'F'];
const OLDEST_YEARS: usize = 125;

/// Counts people by birth day and sex, so that each gets a code of their own.
pub(super) struct Ordinals(Vec<u16>);

impl Ordinals {
    pub(super) fn new() -> Self {
        Self(vec![0; OLDEST_YEARS * 365 * 2])
    }

    /// The next ordinal for a birth day, told by age and days since the last birthday, and a sex.
    pub(super) fn next(&mut self, age: u8, days: u16, sex: u8) -> u16 {
        let at = (usize::from(age) * 365 + usize::from(days)) * 2 + usize::from(sex);
        let Some(counted) = self.0.get_mut(at) else { return u16::MAX };
        *counted = counted.saturating_add(1);
        *counted - 1
    }
}

/// The code of the person with an ordinal among those born on a day with a sex; `None` beyond what there is.
pub(super) fn code(born: NaiveDate, sex: u8, ordinal: u16) -> Option<PersonalIdentityCode> {
    let number = u16::try_from(day_number(born).rem_euclid(6400)).unwrap_or_default();
    // on one day in sixty-four the first person has the second sign
    let slot = match ordinal {
        0 if number % 64 == 0 => SERIALS,
        SERIALS if number % 64 == 0 => 0,
        other => other,
    };
    let (sign, serial) = (slot / SERIALS, (slot % SERIALS * 7 + number) % SERIALS);
    let plain = PersonalIdentityCode::artificial(born, 900 + 2 * serial + u16::from(sex)).ok()?;
    if sign == 0 {
        return Some(plain);
    }
    let signs = match born.year() {
        1900..=1999 => SIGNS_1900,
        2000..=2099 => SIGNS_2000,
        _ => return None,
    };
    let sign = signs.get(usize::from(sign))?;
    let text: String =
        plain.as_str().chars().enumerate().map(|(at, letter)| if at == 6 { *sign } else { letter }).collect();
    PersonalIdentityCode::parse(&text, Profile::SAMPLE).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn three_hundred_codes_for_a_day_and_sex() {
        for born in ["1926-03-01", "1970-01-01", "1972-02-29", "2000-01-01", "2026-11-22"] {
            let born: NaiveDate = born.parse().unwrap();
            let codes: BTreeSet<_> = (0..2).flat_map(|sex| (0..300).filter_map(move |n| code(born, sex, n))).collect();
            assert_eq!(codes.len(), 600, "{born}");
            assert!(codes.iter().all(PersonalIdentityCode::is_artificial));
            assert_eq!(code(born, 0, 300), None);
        }
    }

    #[test]
    fn the_serial_tells_the_sex() {
        let born: NaiveDate = "1990-05-17".parse().unwrap();
        for ordinal in 0..120 {
            for sex in 0..2 {
                let code = code(born, sex, ordinal).unwrap();
                let digit = code.as_str().as_bytes()[9] - b'0';
                assert_eq!(digit % 2, sex);
            }
        }
    }
}
