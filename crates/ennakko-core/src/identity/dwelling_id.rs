//! Ids of where people live, as the population registers of countries give them.
//!
//! For: telling a dwelling, whose residents are a household, from other residences; one id for one flat. Each country's form
//! is known here and nowhere else in this crate.
//! Not for: what an id says of building, stair or flat; nothing is read out of it.
//! Input: the dwelling field of a record. A Finnish id (*asuinpaikantunnus*) stands as delivered, its blanks included: they
//! are part of it. An id of another country stands behind the country's two letters and a colon, as [`of_country`] writes it,
//! so that no two countries' ids can be taken for one another: a Swedish `LagenhetsId` may have fourteen digits, and so has
//! the Finnish id of an institution.

use std::borrow::Cow;

/// What a residence's id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Residence {
    /// A dwelling: those who live in it are a household.
    Dwelling,
    /// An institution, a municipality without a dwelling, a country: no household.
    Other,
}

/// What an id names; none for a text of no known form.
///
/// Finland: 16 characters for a dwelling, 14 for an institution, a municipality or a country (the register's own schema,
/// `AsuinpaikkatunnusTyyppi`). Other countries: a dwelling.
pub fn residence(id: &str) -> Option<Residence> {
    if is_of_country(id) {
        return Some(Residence::Dwelling);
    }
    match id.chars().count() {
        16 => Some(Residence::Dwelling),
        14 => Some(Residence::Other),
        _ => None,
    }
}

/// A dwelling's id of another country than Finland: two capital letters (ISO 3166-1), a colon, and the id as that country
/// gives it. None if the country is no such letters, or Finland, or the id is empty or has a blank.
///
/// ```
/// use ennakko_core::identity::dwelling_id::of_country;
///
/// assert_eq!(of_country("SE", "18273645").as_deref(), Some("SE:18273645"));
/// assert_eq!(of_country("SE", ""), None);
/// ```
pub fn of_country(country: &str, id: &str) -> Option<String> {
    let written = format!("{country}:{id}");
    (country != "FI" && is_of_country(&written)).then_some(written)
}

fn is_of_country(id: &str) -> bool {
    match id.as_bytes() {
        [first, second, b':', rest @ ..] => {
            first.is_ascii_uppercase()
                && second.is_ascii_uppercase()
                && !rest.is_empty()
                && rest.iter().all(u8::is_ascii_graphic)
        }
        _ => false,
    }
}

/// The position of the address number in a Finnish dwelling's id, after the ten characters of the building's.
const ADDRESS_NUMBER: usize = 10;

/// The one id of the flat that a dwelling's id names.
///
/// A Finnish building has up to four addresses, numbered from 1, and the number stands in the ids of its dwellings: one
/// flat may have come under several ids, which differ in it only. Here it is always 1. Any other id is as it was.
pub fn of_flat(id: &str) -> Cow<'_, str> {
    let Some((building, [b'2'..=b'9', ..])) = id.as_bytes().split_at_checked(ADDRESS_NUMBER) else {
        return Cow::Borrowed(id);
    };
    let names_a_building =
        building.iter().enumerate().all(|(at, byte)| byte.is_ascii_digit() || (at == 9 && byte.is_ascii_uppercase()));
    if id.chars().count() != 16 || !names_a_building {
        return Cow::Borrowed(id);
    }
    Cow::Owned(format!("{}1{}", &id[..ADDRESS_NUMBER], &id[ADDRESS_NUMBER + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_country_has_its_form() {
        for (id, expected) in [
            ("900001234V1F028 ", Some(Residence::Dwelling)),
            ("900001234V2A003c", Some(Residence::Dwelling)),
            ("900001234V1 001 ", Some(Residence::Dwelling)),
            ("900001234V1 000 ", Some(Residence::Dwelling)),
            ("900001234V1Ö001ä", Some(Residence::Dwelling)),
            ("09190209090000", Some(Residence::Other)),
            ("20023300000000", Some(Residence::Other)),
            ("900001234V1F028", None),
            ("900001234V1F028  ", None),
            ("", None),
            ("SE:18273645", Some(Residence::Dwelling)),
            // as long as a Finnish id, and none
            ("SE:12345678901", Some(Residence::Dwelling)),
            ("SE:1234567890123", Some(Residence::Dwelling)),
            ("SE:", None),
            ("se:18273645", None),
            ("SE:1827 3645", None),
        ] {
            assert_eq!(residence(id), expected, "`{id}`");
        }
    }

    #[test]
    fn an_id_of_another_country_says_so() {
        assert_eq!(of_country("SE", "18273645901234").as_deref(), Some("SE:18273645901234"));
        for (country, id) in
            [("FI", "900001234V1F028 "), ("S", "1"), ("sv", "1"), ("SWE", "1"), ("SE", " 1"), ("SE", "")]
        {
            assert_eq!(of_country(country, id), None, "{country} {id}");
        }
    }

    #[test]
    fn section_5_4_ids_that_differ_in_the_address_number_only_are_one_flat() {
        assert_eq!(of_flat("900001234V2A003c"), of_flat("900001234V1A003c"));
        assert_eq!(of_flat("900001234V4 000 "), of_flat("900001234V1 000 "));
        assert_eq!(of_flat("900001234V2Ö001ä"), "900001234V1Ö001ä");
        for (one, other) in [
            ("900001234V1A003c", "900001234V1A003 "),
            ("900001234V1A003c", "900001234V1B003c"),
            ("900001234V1A003c", "900001234V1A004c"),
            ("900001234V1A003c", "900001235W1A003c"),
            // the eleventh character of the others is no address number
            ("09190209092000", "09190209091000"),
            ("SE:1234567890123", "SE:1234567190123"),
        ] {
            assert_ne!(of_flat(one), of_flat(other), "{one} {other}");
        }
        assert_eq!(of_flat("900001234V1A003c"), "900001234V1A003c");
        assert_eq!(of_flat(""), "");
    }
}
