//! Ids of offers: the same offer has the same id in every run, on every machine, for good.
//!
//! An id is a UUID computed from the authority, the rule, the subject and the occasion, so that a
//! second run finds the offer it has already made. Not in the id: the rule's version (a corrected
//! rule must not offer twice), the day of the run, and anything that says who the subject is. The
//! subject is a key of the register, never a personal identity code, because a version 5 UUID has
//! no secret and could be guessed. Ids that leave the authority are [`ExternalId`]s, made with the
//! city's [`Secret`].
//!
//! The scheme, in names that any other program can compute again:
//!
//! ```text
//! root      = v5(NAMESPACE_URL, "https://ennakko.example/ns/offer/v1")
//! authority = v5(root, "FI/091")
//! offer     = v5(authority, canonical(rule, subject, occasion))
//! other ids = v5(authority, "derived:" canonical(kind, fields ...))
//! external  = v8(first 128 bits of HMAC-SHA256(secret, canonical("external-id/v1", purpose, id)))
//! ```
//!
//! `canonical` writes each field in Unicode normal form C, its length in bytes before it and a
//! comma after it: `12:school-place,`. UUIDs are fields of 36 small characters, days are ISO 8601.
//!
//! ```
//! use ennakko_offers::offer_id::{Authority, OfferId, OfferIdError};
//! use uuid::Uuid;
//!
//! let helsinki = Authority::new("FI", "091")?;
//! let subject = Uuid::from_u128(0x018f_3b1e_7c2a_7d4e_9b6a_2f1c_3d4e_5f60);
//! let id = OfferId::of(&helsinki, "school-place", subject, "2027");
//! assert_eq!(id.to_string(), "0c49f84f-572a-5305-bda0-cc5264815d85");
//! # Ok::<(), OfferIdError>(())
//! ```

use std::borrow::Cow;
use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

/// Name of the root namespace: `v5(NAMESPACE_URL, ROOT)`. It changes only with the scheme.
const ROOT: &str = "https://ennakko.example/ns/offer/v1";

/// Stands before the fields of ids that are no offers. A canonical text starts with a digit, so the
/// two never meet.
const DERIVED: &str = "derived:";

/// First field under the secret: the same secret used elsewhere for something else gives other
/// bits.
const EXTERNAL: &str = "external-id/v1";

/// Why an id cannot be made or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OfferIdError {
    /// The country is not two capital letters.
    #[error("`{country}` is not a country code; write two capital letters such as `FI`")]
    Country {
        /// The code as it was written.
        country: String,
    },
    /// The authority's code is empty, or not letters, digits and hyphens of ASCII.
    #[error("`{code}` is not an authority's code; write letters, digits and hyphens such as `091`")]
    AuthorityCode {
        /// The code as it was written.
        code: String,
    },
    /// The secret is too short.
    #[error("a secret of {n_bytes} bytes is too short; give at least {} random bytes", Secret::BYTES_MIN)]
    SecretTooShort {
        /// Its length.
        n_bytes: usize,
    },
    /// The UUID is of another version, so it cannot be such an id.
    #[error("`{id}` is a UUID of version {found}; expected version {expected}")]
    Version {
        /// The UUID.
        id: Uuid,
        /// The version it has.
        found: usize,
        /// The version that such ids have.
        expected: usize,
    },
}

/// The authority that makes offers, as a namespace for ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority {
    namespace: Uuid,
}

impl Authority {
    /// The authority of this code in this country: for a Finnish city, `FI` and the three digits of
    /// its municipality.
    ///
    /// The code is taken as it stands: `091` and `91` are two authorities, with two sets of offers.
    ///
    /// # Errors
    /// - [`OfferIdError::Country`]: not two capital letters of ASCII (ISO 3166-1 alpha-2).
    /// - [`OfferIdError::AuthorityCode`]: empty, or not letters, digits and hyphens of ASCII.
    pub fn new(country: &str, code: &str) -> Result<Self, OfferIdError> {
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(OfferIdError::Country { country: country.to_owned() });
        }
        if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(OfferIdError::AuthorityCode { code: code.to_owned() });
        }
        let root = Uuid::new_v5(&Uuid::NAMESPACE_URL, ROOT.as_bytes());
        Ok(Self { namespace: Uuid::new_v5(&root, format!("{country}/{code}").as_bytes()) })
    }

    /// The id of something that is not an offer, such as a task or a message: fixed by its kind and
    /// fields.
    ///
    /// Ids of two kinds never meet, and none meets the id of an offer.
    pub fn derive(&self, kind: &str, fields: &[&str]) -> Uuid {
        let name = [DERIVED.to_owned(), canonical(&[kind]), canonical(fields)].concat();
        Uuid::new_v5(&self.namespace, name.as_bytes())
    }
}

/// The id of an offer inside the authority.
///
/// It is a pseudonym: it may stand in the authority's own logs and messages, but not outside (see
/// [`OfferId::external`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OfferId(Uuid);

impl OfferId {
    /// The id of what this rule offers this subject on this occasion.
    ///
    /// `rule` is the rule's id without its version; `subject` the register's key; `occasion` the id
    /// of the legal event, such as `2027`, never the day of the run. Composed and decomposed
    /// letters give the same id.
    pub fn of(authority: &Authority, rule: &str, subject: Uuid, occasion: &str) -> Self {
        let name = canonical(&[rule, &subject.to_string(), occasion]);
        Self(Uuid::new_v5(&authority.namespace, name.as_bytes()))
    }

    /// The UUID, as the ledger stores it.
    pub fn as_uuid(&self) -> &Uuid {
        &self.0
    }

    /// The id under which the offer is known outside, to the receivers of one purpose (see
    /// [`ExternalId::of`]).
    pub fn external(&self, secret: &Secret, purpose: &str) -> ExternalId {
        ExternalId::of(secret, purpose, self.0)
    }
}

/// An id read back from where it was stored.
impl TryFrom<Uuid> for OfferId {
    type Error = OfferIdError;

    fn try_from(id: Uuid) -> Result<Self, Self::Error> {
        of_version(5, id).map(Self)
    }
}

impl fmt::Display for OfferId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The city's secret, from which ids that leave the authority are made.
///
/// Who has it can tell from an external id and a guess which offer it is; it is never shown, not
/// even by `Debug`. Another secret gives other external ids, so replacing it breaks the link to
/// everything sent before.
pub struct Secret {
    // INVARIANT (keyed with at least `BYTES_MIN` bytes)
    keyed: Hmac<Sha256>,
}

impl Secret {
    /// Least length in bytes: that of the digest, below which RFC 2104, section 3, advises against
    /// a key.
    pub const BYTES_MIN: usize = 32;

    /// The secret made of these bytes, which must be random: their length is all that is checked.
    ///
    /// # Errors
    /// - [`OfferIdError::SecretTooShort`]: fewer than [`Secret::BYTES_MIN`] bytes.
    pub fn new(bytes: &[u8]) -> Result<Self, OfferIdError> {
        let too_short = OfferIdError::SecretTooShort { n_bytes: bytes.len() };
        if bytes.len() < Self::BYTES_MIN {
            return Err(too_short);
        }
        // HMAC takes a key of any length; the library's error is for other codes
        let keyed = Hmac::new_from_slice(bytes).map_err(|_| too_short)?;
        Ok(Self { keyed })
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// The id of an offer, a task or a message outside the authority: without the secret it says
/// nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExternalId(Uuid);

impl ExternalId {
    /// The external id of an inner id for one purpose.
    ///
    /// Two purposes give two ids, so that two receivers cannot find out by comparing them that they
    /// know the same thing.
    pub fn of(secret: &Secret, purpose: &str, id: Uuid) -> Self {
        let mut keyed = secret.keyed.clone();
        keyed.update(canonical(&[EXTERNAL, purpose, &id.to_string()]).as_bytes());
        let mut bits = [0; 16];
        bits.copy_from_slice(&keyed.finalize().into_bytes()[..16]);
        Self(Uuid::new_v8(bits))
    }

    /// The UUID, as it is sent.
    pub fn as_uuid(&self) -> &Uuid {
        &self.0
    }
}

/// An id that came back from outside.
impl TryFrom<Uuid> for ExternalId {
    type Error = OfferIdError;

    fn try_from(id: Uuid) -> Result<Self, Self::Error> {
        of_version(8, id).map(Self)
    }
}

impl fmt::Display for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn of_version(expected: usize, id: Uuid) -> Result<Uuid, OfferIdError> {
    match id.get_version_num() {
        found if found == expected => Ok(id),
        found => Err(OfferIdError::Version { id, found, expected }),
    }
}

/// The fields as one text from which they can be read again, so that two lists of fields never give
/// one text.
fn canonical(fields: &[&str]) -> String {
    let mut text = String::with_capacity(fields.iter().map(|field| field.len() + 4).sum());
    for field in fields {
        // ASCII is in normal form, and nearly every field is
        let normal = if field.is_ascii() { Cow::Borrowed(*field) } else { Cow::Owned(field.nfc().collect()) };
        text.push_str(&normal.len().to_string());
        text.push(':');
        text.push_str(&normal);
        text.push(',');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SUBJECT: Uuid = Uuid::from_u128(0x018f_3b1e_7c2a_7d4e_9b6a_2f1c_3d4e_5f60);

    fn helsinki() -> Authority {
        Authority::new("FI", "091").unwrap()
    }

    fn secret() -> Secret {
        Secret::new(&(0..32).collect::<Vec<u8>>()).unwrap()
    }

    /// Computed with Python on 2026-11-22, where `c` is `canonical` and `s` the subject:
    ///
    /// ```text
    /// root = uuid.uuid5(uuid.NAMESPACE_URL, "https://ennakko.example/ns/offer/v1")
    /// auth = uuid.uuid5(root, "FI/091")
    /// nfc = lambda x: unicodedata.normalize("NFC", x)
    /// c = lambda *f: "".join(f"{len(x.encode())}:{x}," for x in map(nfc, f))
    /// offer = uuid.uuid5(auth, c("school-place", s, "2027"))
    /// accented = uuid.uuid5(auth, c("päiväkoti", s, "2027"))
    /// task = uuid.uuid5(auth, "derived:" + c("task", str(offer), "custody_unclear"))
    /// sent = c("external-id/v1", "messaging", str(offer))
    /// d = bytearray(hmac.digest(bytes(range(32)), sent.encode(), "sha256")[:16])
    /// d[6] = d[6] & 0x0f | 0x80; d[8] = d[8] & 0x3f | 0x80
    /// external = uuid.UUID(bytes=bytes(d))
    /// ```
    ///
    /// Checked the same day against `PostgreSQL` 15: `uuid_generate_v5` of uuid-ossp with
    /// `octet_length(normalize(x, NFC))`, and `hmac` of pgcrypto, gave the same ids (for
    /// `external`: the same 128 bits before version and variant are set).
    #[test]
    fn ids_are_the_ones_that_other_programs_compute() {
        let offer = OfferId::of(&helsinki(), "school-place", SUBJECT, "2027");
        assert_eq!(helsinki().namespace.to_string(), "4e0d1acc-b1e4-5277-884c-355f26ff7260");
        assert_eq!(offer.to_string(), "0c49f84f-572a-5305-bda0-cc5264815d85");
        let task = helsinki().derive("task", &[&offer.to_string(), "custody_unclear"]);
        assert_eq!(task.to_string(), "90d3985c-92eb-5302-b939-30b2b6fc4c25");
        let external = offer.external(&secret(), "messaging");
        assert_eq!(external.to_string(), "b78e7916-30fa-8116-8561-c487d72b6639");
        assert_eq!(external.as_uuid().get_variant(), uuid::Variant::RFC4122);
    }

    #[test]
    fn composed_and_decomposed_letters_give_one_id() {
        for rule in ["p\u{e4}iv\u{e4}koti", "pa\u{308}iva\u{308}koti"] {
            let id = OfferId::of(&helsinki(), rule, SUBJECT, "2027");
            assert_eq!(id.to_string(), "775e144a-1801-517c-b406-122f85f9dbb6");
        }
    }

    #[test]
    fn fields_are_written_with_their_length_in_bytes() {
        let check = |fields: &[&str], expected: &str| assert_eq!(canonical(fields), expected);
        check(&["school-place"], "12:school-place,");
        check(&["p\u{e4}iv\u{e4}koti", "2027"], "11:p\u{e4}iv\u{e4}koti,4:2027,");
        check(&["", "1:a,"], "0:,4:1:a,,");
        check(&[], "");
    }

    #[test]
    fn external_ids_depend_on_secret_and_purpose() {
        let offer = OfferId::of(&helsinki(), "school-place", SUBJECT, "2027");
        let other = Secret::new(&[7; 32]).unwrap();
        let ids = [
            offer.external(&secret(), "messaging"),
            offer.external(&secret(), "school system"),
            offer.external(&other, "messaging"),
        ];
        assert!(ids[0] != ids[1] && ids[0] != ids[2] && ids[1] != ids[2]);
    }

    #[test]
    fn secrets_are_long_and_hidden() {
        assert_eq!(format!("{:?}", secret()), "Secret(hidden)");
        let error = Secret::new(&[1; 31]).unwrap_err();
        assert_eq!(error.to_string(), "a secret of 31 bytes is too short; give at least 32 random bytes");
        assert!(Secret::new(&[1; 200]).is_ok());
    }

    #[test]
    fn authorities_have_a_country_and_a_code() {
        for country in ["", "F", "fi", "FIN", "F/", "\u{c4}"] {
            let error = OfferIdError::Country { country: country.to_owned() };
            assert_eq!(Authority::new(country, "091"), Err(error));
        }
        for code in ["", "09 1", "0/1", "\u{e4}"] {
            let error = OfferIdError::AuthorityCode { code: code.to_owned() };
            assert_eq!(Authority::new("FI", code), Err(error));
        }
        assert_ne!(helsinki(), Authority::new("FI", "91").unwrap());
    }

    #[test]
    fn stored_ids_are_read_again() {
        let offer = OfferId::of(&helsinki(), "school-place", SUBJECT, "2027");
        let external = offer.external(&secret(), "messaging");
        assert_eq!(OfferId::try_from(*offer.as_uuid()), Ok(offer));
        assert_eq!(ExternalId::try_from(*external.as_uuid()), Ok(external));
        let error = OfferId::try_from(*external.as_uuid()).unwrap_err();
        let expected = format!("`{external}` is a UUID of version 8; expected version 5");
        assert_eq!(error.to_string(), expected);
    }

    /// The fields of a canonical text, read back.
    fn fields_of(mut text: &str) -> Vec<String> {
        let mut fields = Vec::new();
        while let Some((length, rest)) = text.split_once(':') {
            let (field, rest) = rest.split_at(length.parse().unwrap());
            fields.push(field.to_owned());
            text = rest.strip_prefix(',').unwrap();
        }
        fields
    }

    fn fields() -> impl Strategy<Value = Vec<String>> {
        // many digits, colons and commas, as an attacker would choose them
        prop::collection::vec("[0-4:,a\u{e4}\u{308}/]{0,6}|\\PC{0,4}", 0..4)
    }

    fn normal(fields: &[String]) -> Vec<String> {
        fields.iter().map(|field| field.nfc().collect()).collect()
    }

    fn as_slices(fields: &[String]) -> Vec<&str> {
        fields.iter().map(String::as_str).collect()
    }

    proptest! {
        #[test]
        fn fields_can_be_read_back(fields in fields()) {
            prop_assert_eq!(fields_of(&canonical(&as_slices(&fields))), normal(&fields));
        }

        #[test]
        fn distinct_fields_give_distinct_ids(one in fields(), other in fields()) {
            let same = normal(&one) == normal(&other);
            let derive = |fields: &[String]| helsinki().derive("task", &as_slices(fields));
            prop_assert_eq!(canonical(&as_slices(&one)) == canonical(&as_slices(&other)), same);
            prop_assert_eq!(derive(&one) == derive(&other), same);
        }

        #[test]
        fn derived_ids_are_never_offers(kind in ".{0,6}", occasion in ".{0,6}") {
            let offer = OfferId::of(&helsinki(), &kind, SUBJECT, &occasion);
            prop_assert_ne!(helsinki().derive(&kind, &[&SUBJECT.to_string(), &occasion]), offer.0);
        }
    }
}
