//! The Finnish permanent building id (pysyvä rakennustunnus, VTJ-PRT).
//!
//! For: an id as building registers deliver it, nine digits and a check character.
//! Not for: the older building id, which changes with the property; the city's own building number; or the dwelling id,
//! which starts with these ten characters and is read where dwellings are.
//! Input: the id field of a building or dwelling record. The profile is the table in [`identity`](super).

use std::fmt;

use super::{Artificial, CodeError, Text, check_character};

/// A permanent building id.
///
/// # Example
///
/// ```
/// use ennakko_core::identity::{Artificial, CodeError, PermanentBuildingId};
///
/// let id = PermanentBuildingId::parse("103515074X", Artificial::Refused)?;
/// assert_eq!(id.as_str(), "103515074X");
/// let mistyped = PermanentBuildingId::parse("103515047X", Artificial::Refused);
/// assert_eq!(mistyped, Err(CodeError::CheckCharacter));
/// # Ok::<(), CodeError>(())
/// ```
// INVARIANT (well formed): nine digits, the first 1 or 9, and the check character that they give.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PermanentBuildingId(Text<10>);

impl PermanentBuildingId {
    /// Reads an id as delivered.
    ///
    /// # Errors
    ///
    /// - a blank, a lower-case letter, another character that cannot stand there, a wrong length;
    /// - a check character that does not fit;
    /// - a first digit that is neither 1 (real) nor 9 (artificial);
    /// - an artificial or a real id, where `artificial` refuses it.
    pub fn parse(text: &str, artificial: Artificial) -> Result<Self, CodeError> {
        let text = Text::<10>::read(text)?;
        let [digits @ .., check] = text.0;
        if check_character(digits)? != check {
            return Err(CodeError::CheckCharacter);
        }
        if !matches!(digits[0], b'1' | b'9') {
            return Err(CodeError::FirstDigit);
        }
        let id = Self(text);
        artificial.admit(id.is_artificial())?;
        Ok(id)
    }

    /// The artificial id with running number `n`, from 0 to 99,999,999.
    ///
    /// For samples and tests, so that nobody else computes check characters.
    ///
    /// # Errors
    ///
    /// - a number of more than eight digits.
    ///
    /// # Example
    ///
    /// ```
    /// use ennakko_core::identity::PermanentBuildingId;
    ///
    /// assert_eq!(PermanentBuildingId::artificial(3_048_741)?.as_str(), "903048741J");
    /// # Ok::<(), ennakko_core::identity::CodeError>(())
    /// ```
    pub fn artificial(n: u32) -> Result<Self, CodeError> {
        if n > 99_999_999 {
            return Err(CodeError::OutsideSeries);
        }
        let mut text = Text::<10>::read(&format!("9{n:08}?"))?;
        let [digits @ .., _] = text.0;
        text.0[9] = check_character(digits)?;
        Ok(Self(text))
    }

    /// Whether the id starts with 9, which no real building's does.
    pub fn is_artificial(&self) -> bool {
        self.0.0[0] == b'9'
    }

    /// The id as text, as delivered; the caller answers for where it goes.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for PermanentBuildingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PermanentBuildingId(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::cases;
    use super::*;

    fn check(line: &str, text: &str, artificial: &str, expected: &str) {
        let artificial = match artificial {
            "register" => Artificial::Refused,
            "sample" => Artificial::Only,
            "both" => Artificial::Accepted,
            other => panic!("{line}: no profile {other}"),
        };
        let found = match PermanentBuildingId::parse(text, artificial) {
            Ok(id) => {
                assert_eq!(id.as_str(), text, "{line}");
                "ok".to_owned()
            }
            Err(error) => format!("{error:?}"),
        };
        assert_eq!(found, expected, "{line}: {text}, {artificial:?}");
    }

    #[test]
    fn section_5_1_the_profile_is_followed() {
        for [line, text, artificial, expected] in cases(include_str!("testdata/building_id.txt")) {
            check(&line, &text, &artificial, &expected);
        }
    }

    #[test]
    fn artificial_ids_end_with_their_series() {
        assert!(PermanentBuildingId::artificial(99_999_999).is_ok());
        assert_eq!(PermanentBuildingId::artificial(100_000_000), Err(CodeError::OutsideSeries));
    }

    fn ids() -> impl Strategy<Value = PermanentBuildingId> {
        (0..=99_999_999_u32).prop_map(|n| PermanentBuildingId::artificial(n).unwrap())
    }

    proptest! {
        #[test]
        fn ids_come_back_from_their_text(id in ids()) {
            prop_assert_eq!(PermanentBuildingId::parse(id.as_str(), Artificial::Only), Ok(id));
        }

        #[test]
        fn no_single_change_is_an_id(id in ids(), at in 0..10_usize, other in "[0-9A-HJ-NPR-Y]") {
            let mut text = id.as_str().to_owned();
            prop_assume!(text[at..=at] != *other);
            text.replace_range(at..=at, &other);
            prop_assert!(PermanentBuildingId::parse(&text, Artificial::Accepted).is_err());
        }

        #[test]
        fn no_exchange_of_neighbours_is_an_id(id in ids(), at in 0..8_usize) {
            let mut digits: Vec<char> = id.as_str().chars().collect();
            prop_assume!(digits[at] != digits[at + 1]);
            digits.swap(at, at + 1);
            let text: String = digits.into_iter().collect();
            prop_assert!(PermanentBuildingId::parse(&text, Artificial::Accepted).is_err());
        }

        #[test]
        fn debug_says_nothing(id in ids()) {
            prop_assert_eq!(format!("{id:?}"), "PermanentBuildingId(hidden)");
        }
    }
}
