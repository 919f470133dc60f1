//! What the city says of itself and of its purposes: plain data that rules and offers both need.
//!
//! Read from `city.toml` and `purposes.toml` by the rules crate.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::age::LeapDayPolicy;

/// A text by language tag.
pub type ByLanguage = BTreeMap<String, String>;

/// Whom to ask about a purpose, in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The purpose.
    pub purpose: String,
    /// Name of the person or service point.
    pub name: ByLanguage,
    /// Telephone number.
    pub phone: String,
    /// Electronic mail address.
    pub email: String,
    /// First day, included.
    pub from: NaiveDate,
    /// Last day, excluded.
    pub until: NaiveDate,
}

/// The city: authority, zone, languages, holidays, contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct City {
    /// Name of the authority.
    pub name: ByLanguage,
    /// ISO 3166 country code, two letters.
    pub country: String,
    /// Municipality code of the country, leading zeros kept.
    pub code: String,
    /// Time zone by its tz database name.
    pub zone: String,
    /// Languages in which a letter is legally valid.
    pub languages: Vec<String>,
    /// Languages of attached translations.
    pub also: Vec<String>,
    /// Language of the letter for a person of any other language.
    pub fallback: String,
    /// When a person born on 29 February reaches an age.
    pub leap_day: LeapDayPolicy,
    /// Public holidays, on which no deadline falls.
    pub holidays: BTreeSet<NaiveDate>,
    /// Contacts.
    pub contacts: Vec<Contact>,
}

impl City {
    /// The contact for a purpose on a day.
    pub fn contact(&self, purpose: &str, on: NaiveDate) -> Option<&Contact> {
        self.contacts.iter().find(|contact| contact.purpose == purpose && contact.from <= on && on < contact.until)
    }

    /// The language of the valid letter for somebody of this language.
    pub fn letter_language<'a>(&'a self, language: Option<&'a str>) -> &'a str {
        match language {
            Some(language) if self.languages.iter().any(|valid| valid == language) => language,
            _ => &self.fallback,
        }
    }
}

/// A purpose of processing, for which rules may read facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// Its id in `purposes.toml`.
    pub id: String,
    /// Title.
    pub title: ByLanguage,
    /// Controller.
    pub controller: ByLanguage,
    /// Legal basis.
    pub legal_basis: String,
    /// Whether offers are a statutory duty, which no choice of the resident stops.
    pub statutory: bool,
    /// Whether a resident may choose not to be offered.
    pub opt_out: bool,
    /// Days after which what was kept is deleted.
    pub retention_days: u32,
    /// Contact of the data protection officer.
    pub dpo_contact: String,
}
