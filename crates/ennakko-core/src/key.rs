//! Keys: who is meant, whatever their code, name or row is today; and the city's identity table that keeps them.
//!
//! A key is given by the source or by the table. The table is an input and an output of building the register, so that two
//! loads in another order, or after a corrected code, give the same keys. A key is never a code, and never a row number.

mod table;

use std::cmp::Ordering;
use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

pub use table::{Expected, IdentityRow, IdentityTable, IdentityTableError, Standing};

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name(Uuid);

        // the order of the bytes, held against each other as one number
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.0.as_u128().cmp(&other.0.as_u128())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

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
pub struct KeySecret(Hmac<Sha256>);

impl KeySecret {
    /// From 32 secret bytes that the city keeps.
    pub fn new(bytes: [u8; 32]) -> Self {
        // what HMAC does with a key that is shorter than a block: zeros follow
        let mut block = [0_u8; 64];
        block[..32].copy_from_slice(&bytes);
        Self(Hmac::new(&block.into()))
    }

    /// The key of a dwelling id.
    pub(crate) fn dwelling_key(&self, id: &str) -> DwellingKey {
        DwellingKey(self.uuid("dwelling", &[id]))
    }

    /// The key of a permanent building id.
    pub(crate) fn building_key(&self, id: &str) -> BuildingKey {
        BuildingKey(self.uuid("building", &[id]))
    }

    /// A version 8 UUID over length-prefixed fields, so that no separator can collide.
    fn uuid(&self, kind: &str, fields: &[&str]) -> Uuid {
        let mut message = Vec::with_capacity(128);
        for field in std::iter::once(&kind).chain(fields) {
            let mut digits = [0_u8; 20];
            let mut at = digits.len();
            let mut rest = field.len();
            while at == digits.len() || rest > 0 {
                at -= 1;
                // a remainder of ten is one digit
                digits[at] = b'0' + u8::try_from(rest % 10).unwrap_or_default();
                rest /= 10;
            }
            message.extend_from_slice(&digits[at..]);
            message.push(b':');
            message.extend_from_slice(field.as_bytes());
            message.push(b',');
        }
        let mut mac = self.0.clone();
        mac.update(&message);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_as_they_were() {
        // stored ledgers and tables hold such keys
        let secret = KeySecret::new([7; 32]);
        assert_eq!(secret.uuid("dwelling", &["9000012341A001  "]).to_string(), "e6ad397f-187c-8242-8575-6eaf8f787597");
        assert_eq!(secret.uuid("household", &["a", "2020-01-01"]).to_string(), "a244c214-42ec-85aa-96d8-192b83f0ac9a");
        assert_ne!(secret.uuid("a", &["b", ""]), secret.uuid("a", &["", "b"]));
    }
}
