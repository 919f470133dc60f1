//! Keys: who is meant, whatever their code, name or row is today; and the city's identity table that keeps them.
//!
//! A key is given by the source or by the table. The table is an input and an output of building the register, so that two
//! loads in another order, or after a corrected code, give the same keys. A key is never a code, and never a row number.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thiserror::Error;
use uuid::Uuid;

use crate::identity::IdentityCode;

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// A key given by a source.
            pub fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The 128 bits.
            pub fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

key! {
    /// One person, for as long as the city knows them. Pseudonymous.
    ResidentKey
}
key! {
    /// One dwelling.
    DwellingKey
}
key! {
    /// One building.
    BuildingKey
}
key! {
    /// One household: a dwelling and the day on which the household now living there formed.
    HouseholdKey
}

/// Whom or what a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKey {
    /// A person.
    Resident(ResidentKey),
    /// Everyone whose permanent dwelling is the same.
    Household(HouseholdKey),
    /// A building.
    Building(BuildingKey),
}

impl SubjectKey {
    /// The 128 bits of whichever key it is.
    pub fn as_uuid(&self) -> Uuid {
        match self {
            Self::Resident(key) => key.0,
            Self::Household(key) => key.0,
            Self::Building(key) => key.0,
        }
    }
}

/// The city's secret for making keys: without it nobody can go from a code to a key. Hidden in `Debug`.
#[derive(Clone)]
pub struct KeySecret([u8; 32]);

impl KeySecret {
    /// From 32 secret bytes that the city keeps.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A version 8 UUID over length-prefixed fields, so that no separator can collide.
    fn uuid(&self, kind: &str, fields: &[&str]) -> Uuid {
        // HMAC takes a key of any length, so a 32-byte key is never refused
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return Uuid::nil() };
        for field in std::iter::once(&kind).chain(fields) {
            mac.update(field.len().to_string().as_bytes());
            mac.update(b":");
            mac.update(field.as_bytes());
            mac.update(b",");
        }
        let digest = mac.finalize().into_bytes();
        let mut bytes = [0_u8; 16];
        bytes.copy_from_slice(&digest[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }
}

impl fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeySecret(hidden)")
    }
}

/// Why an identity table cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IdentityTableError {
    /// One code stands under two keys.
    #[error("row {row} of the identity table gives a code that another key has already")]
    CodeUnderTwoKeys {
        /// Position of the row, from 1.
        row: usize,
    },
}

/// One row of the identity table, as the city stores it.
#[derive(Clone, Debug)]
pub struct IdentityRow {
    /// The person.
    pub key: ResidentKey,
    /// Every code ever seen for the person, oldest first.
    pub codes: Vec<IdentityCode>,
    /// The day of the load that first brought the person.
    pub first_seen: NaiveDate,
}

/// The city's identity table: key, every code ever seen, first seen.
#[derive(Clone, Debug)]
pub struct IdentityTable {
    secret: KeySecret,
    // INVARIANT (a partition): each code stands under one key, and `by_code` is the inverse of `rows`
    rows: BTreeMap<ResidentKey, (Vec<IdentityCode>, NaiveDate)>,
    by_code: BTreeMap<IdentityCode, ResidentKey>,
}

impl IdentityTable {
    /// An empty table, for a city's first load.
    pub fn new(secret: KeySecret) -> Self {
        Self { secret, rows: BTreeMap::new(), by_code: BTreeMap::new() }
    }

    /// The table as stored after an earlier load.
    ///
    /// # Errors
    /// * [`IdentityTableError::CodeUnderTwoKeys`]
    pub fn from_rows(
        secret: KeySecret,
        rows: impl IntoIterator<Item = IdentityRow>,
    ) -> Result<Self, IdentityTableError> {
        let mut table = Self::new(secret);
        for (index, row) in rows.into_iter().enumerate() {
            for code in &row.codes {
                if table.by_code.insert(code.clone(), row.key).is_some_and(|other| other != row.key) {
                    return Err(IdentityTableError::CodeUnderTwoKeys { row: index + 1 });
                }
            }
            table.rows.insert(row.key, (row.codes, row.first_seen));
        }
        Ok(table)
    }

    /// The rows in order of their keys, for the city to store.
    pub fn rows(&self) -> impl Iterator<Item = IdentityRow> + '_ {
        self.rows.iter().map(|(key, (codes, first_seen))| IdentityRow {
            key: *key,
            codes: codes.clone(),
            first_seen: *first_seen,
        })
    }

    /// How many persons the table knows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it knows nobody yet.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The key of a code ever seen.
    pub fn key_of(&self, code: &IdentityCode) -> Option<ResidentKey> {
        self.by_code.get(code).copied()
    }

    /// The key for a person with these codes (oldest first, the present one last), entered into the table.
    ///
    /// Any code that the table knows decides; if it knows none, a key is made from the codes alone with the city's secret,
    /// so that the same people from nothing give the same keys in any order. `None` if the codes lead to two persons.
    pub(crate) fn enter(
        &mut self,
        given: Option<ResidentKey>,
        codes: &[IdentityCode],
        day: NaiveDate,
    ) -> Option<ResidentKey> {
        let mut found: Vec<ResidentKey> = codes.iter().filter_map(|code| self.key_of(code)).collect();
        found.extend(given);
        found.sort_unstable();
        found.dedup();
        let key = match found.as_slice() {
            [] => {
                // the oldest code: a corrected code does not change the key, even from nothing
                let oldest = codes.first()?;
                ResidentKey(self.secret.uuid("resident", &[oldest.as_str()]))
            }
            [key] => *key,
            _ => return None,
        };
        let (known, _) = self.rows.entry(key).or_insert_with(|| (Vec::new(), day));
        for code in codes {
            if !known.contains(code) {
                known.push(code.clone());
            }
            self.by_code.insert(code.clone(), key);
        }
        Some(key)
    }

    /// The key of somebody without a code, from whom they belong to and what is known of them.
    pub(crate) fn stub_key(&self, of: ResidentKey, describing: &str) -> ResidentKey {
        ResidentKey(self.secret.uuid("stub", &[&of.0.to_string(), describing]))
    }

    /// The key of a dwelling id.
    pub(crate) fn dwelling_key(&self, id: &str) -> DwellingKey {
        DwellingKey(self.secret.uuid("dwelling", &[id]))
    }

    /// The key of a permanent building id.
    pub(crate) fn building_key(&self, id: &str) -> BuildingKey {
        BuildingKey(self.secret.uuid("building", &[id]))
    }

    /// The key of the household formed in a dwelling on a day (`None`: the day is not known).
    pub(crate) fn household_key(&self, dwelling: DwellingKey, formed: Option<NaiveDate>) -> HouseholdKey {
        let formed = formed.map_or_else(|| "unknown".to_owned(), |day| day.to_string());
        HouseholdKey(self.secret.uuid("household", &[&dwelling.0.to_string(), &formed]))
    }
}
