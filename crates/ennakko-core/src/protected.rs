//! Values that would reveal where a protected person lives, and the one way out of them.
//!
//! A [`Protected`] value has no `Display`, no serialisation and a hidden `Debug`. It leaves its type in one function,
//! [`reveal`], which only rendering calls.

use std::fmt;

use crate::key::{DwellingKey, ResidentKey};

/// A value derived from a home: an address, a municipality, a school, a day-care unit, a clinic, a distance.
///
/// ```compile_fail
/// use ennakko_core::protected::Protected;
/// let school = Protected::of_home("School of the North", None);
/// println!("{school}");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Protected<T> {
    value: T,
    home: Option<DwellingKey>,
}

impl<T> Protected<T> {
    /// A value derived from this home; `None` when the home is not known, and then nobody shares it.
    pub fn of_home(value: T, home: Option<DwellingKey>) -> Self {
        Self { value, home }
    }

    /// The same home, another value derived from it.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Protected<U> {
        Protected { value: f(self.value), home: self.home }
    }

    /// The same home, borrowing the value.
    pub fn as_ref(&self) -> Protected<&T> {
        Protected { value: &self.value, home: self.home }
    }
}

impl<T: PartialEq> Protected<T> {
    /// Whether the value equals another, without showing it: for rules that compare.
    pub fn is(&self, other: &T) -> bool {
        self.value == *other
    }
}

impl<T> fmt::Debug for Protected<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Protected(hidden)")
    }
}

/// Who an addressee is to the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Role {
    /// The subject in person.
    Subject,
    /// A person with custody of the subject.
    Custodian,
    /// An owner of the building.
    Owner,
    /// An adult of the household.
    HouseholdAdult,
}

impl Role {
    /// The word for it in the forms that leave the engine.
    pub fn word(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Custodian => "custodian",
            Self::Owner => "owner",
            Self::HouseholdAdult => "household_adult",
        }
    }
}

/// Whom an offer is put to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// A person of the register.
    Person(ResidentKey),
    /// An organisation, by the identifier its source gives.
    Organisation(String),
}

/// One addressee of an offer: who, in which role, in which language, and which home they live in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Addressee {
    /// The person or organisation.
    pub party: Party,
    /// Who they are to the subject.
    pub role: Role,
    /// Language tag of the letter, for example `sv`.
    pub language: String,
    /// The home they live in; `None` for an organisation, or when it is not known.
    pub home: Option<DwellingKey>,
    /// Whether their own whereabouts are protected, so that the message goes through the protected queue.
    pub protected: bool,
}

/// Why a protected value is shown. Each use is one line here, so that every way out can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// To name the offered place in the addressee's letter.
    LetterNamesPlace,
}

/// The value, if the addressee lives in the home that it is derived from; otherwise nothing.
///
/// The rule is the same whether or not anybody is protected, so that a missing part tells nobody anything.
pub fn reveal<'a, T>(value: &'a Protected<T>, to: &Addressee, why: Why) -> Option<&'a T> {
    match why {
        Why::LetterNamesPlace => (value.home.is_some() && value.home == to.home).then_some(&value.value),
    }
}
