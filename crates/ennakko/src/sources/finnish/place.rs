//! Which groups of a person stand in one place of what is known of them, and which two tell of the same thing.

use super::date::{Date, last};
use super::group::{Custody, Delivered, DwellingParts, Group, Party, Says};

/// How groups of one place live together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Only one holds; a new one stands in place of it.
    One(&'static str),
    /// One after the other, each with its days: the last delivered of those in force on a day holds.
    Spells(&'static str),
    /// With several people at once.
    Pairs(&'static str),
    /// As they come.
    Many,
}

/// The place of a group, by its name.
pub(super) fn place(name: &str) -> Place {
    match name {
        "HENKILON_NIMI" => Place::One("name"),
        "SYNTYMAPAIVA" => Place::One("birth"),
        "SUKUPUOLI" => Place::One("sex"),
        "KUOLINPAIVA" => Place::One("death"),
        "KUOLLEEKSIJULISTAMISPAIVA" => Place::One("declared dead"),
        "TURVAKIELTO" => Place::One("protection"),
        "HENKILOTUNNUS_KORJAUS" => Place::One("codes"),
        "KANSALAISUUS" => Place::One("citizenships"),
        "SIVIILISAATY" => Place::One("marital status"),
        "VAESTOKIRJANPITOKUNTA" => Place::One("keeping municipality"),
        "NIMENMUUTOS" => Place::Spells("names"),
        "NIMENMUUTOS_LAAJA" => Place::Spells("names, whole"),
        "KUTSUMANIMI" => Place::Spells("call names"),
        "AIDINKIELI" => Place::Spells("mother tongue"),
        "ASIOINTIKIELI" => Place::Spells("language of business"),
        "KOTIKUNTA" => Place::Spells("municipality"),
        "EDELLINEN_KOTIKUNTA" => Place::Spells("former municipality"),
        "VAKINAINEN_KOTIMAINEN_OSOITE" => Place::Spells("address"),
        "VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS"
        | "VAKINAINEN_OLINPAIKASSA_ASUMINEN"
        | "VAKINAINEN_ULKOMAILLA_ASUMINEN" => Place::Spells("home"),
        "HUOLTAJA" => Place::Pairs("custodians"),
        "HUOLTAJA_SUPPEA" => Place::Pairs("custodians, short"),
        "HUOLTAJA_RAJOITETTU" => Place::Pairs("custodians, limited"),
        "HUOLLETTAVA" => Place::Pairs("children"),
        "HUOLLETTAVA_SUPPEA" => Place::Pairs("children, short"),
        "HUOLLETTAVA_RAJOITETTU" => Place::Pairs("children, limited"),
        _ => Place::Many,
    }
}

/// Two days that may be the same: equal, or one of them not told.
fn same_day(one: Option<&Date>, other: Option<&Date>) -> bool {
    one.is_none() || other.is_none() || one == other
}

fn same_dwelling(one: DwellingParts<'_>, other: DwellingParts<'_>) -> bool {
    // the number of the address may come as a number or as a text
    let number = |parts: DwellingParts<'_>| parts.address_number.map(super::group::Number::text);
    let others = |parts| DwellingParts { address_number: None, ..parts };
    number(one) == number(other) && others(one) == others(other)
}

/// What distinguishes somebody without a code. Blanks around a name do not.
fn described(party: &Party) -> (&str, &str, Option<&Date>) {
    let given = party.etunimet.as_deref().unwrap_or_default().trim();
    let family = party.sukunimi.as_deref().unwrap_or_default().trim();
    (given, family, party.syntymapv.as_ref())
}

/// Whether two groups mean the same person: by code, or, where neither has one, by names and day of birth.
pub(super) fn same_party(one: &Party, other: &Party) -> bool {
    match (code(one), code(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => described(one) == described(other),
        _ => false,
    }
}

pub(super) fn code(party: &Party) -> Option<&str> {
    party.henkilotunnus.as_deref().filter(|code| !code.trim().is_empty())
}

/// Whether a changed pair is with somebody who had no code yet, or no name and no code.
pub(super) fn party_before(before: &Party, now: &Party) -> bool {
    let unnamed = |party: &Party| described(party).0.is_empty() && described(party).1.is_empty();
    let known_birth = before.syntymapv.is_some() && before.syntymapv == now.syntymapv;
    code(before).is_none() && (described(before) == described(now) || unnamed(before) && known_birth)
}

fn same_pair(one: &Custody, other: &Custody) -> bool {
    let same_kind = one.kind.is_none() || other.kind.is_none() || one.kind == other.kind;
    same_party(&one.party, &other.party) && same_kind && same_day(one.from.as_ref(), other.from.as_ref())
}

/// Whether two groups tell of the same thing, perhaps with other words or another end.
pub(super) fn same_thing(one: &Delivered, other: &Delivered) -> bool {
    let (Some(one_says), Some(other_says)) = (one.group(), other.group()) else { return false };
    let at = place(&one.name);
    if at != place(&other.name) {
        return false;
    }
    match (at, one_says, other_says) {
        (Place::One(_), ..) => true,
        (_, Group::NameOfKind(a), Group::NameOfKind(b)) => {
            a.nimilaji == b.nimilaji && a.nimi == b.nimi && same_day(a.alkupv.as_ref(), b.alkupv.as_ref())
        }
        (_, Group::Language(a), Group::Language(b)) => {
            (&a.kielikoodi, &a.iso_639_2) == (&b.kielikoodi, &b.iso_639_2)
                && same_day(a.alkupv.as_ref(), b.alkupv.as_ref())
        }
        (_, Group::Municipality(a), Group::Municipality(b)) => {
            a.kuntakoodi == b.kuntakoodi && same_day(a.moved(), b.moved())
        }
        (_, Group::FormerMunicipality(a), Group::FormerMunicipality(b)) => {
            a.kuntakoodi == b.kuntakoodi && same_day(a.moved.as_ref(), b.moved.as_ref())
        }
        (_, Group::Address(a), Group::Address(b)) => {
            same_dwelling(a.dwelling(), b.dwelling())
                && (&a.katunimi, &a.katunumero) == (&b.katunimi, &b.katunumero)
                && same_day(a.alkupv.as_ref(), b.alkupv.as_ref())
        }
        (_, Group::Residence(a), Group::Residence(b)) => {
            let same_id = match (&a.asuinpaikantunnus, &b.asuinpaikantunnus) {
                (Some(one), Some(other)) => one == other,
                _ => same_dwelling(a.dwelling(), b.dwelling()) && a.valtiokoodi == b.valtiokoodi,
            };
            same_id && same_day(a.alkupv.as_ref(), b.alkupv.as_ref())
        }
        (_, Group::Custody(a), Group::Custody(b)) => same_pair(a, b),
        _ => one == other,
    }
}

/// Whether a group tells of something with an end. A day of the far future is none.
pub(super) fn has_end(group: &Delivered) -> bool {
    let end = match &group.says {
        Says::Group(Group::NameOfKind(name)) => name.loppupv.as_ref(),
        Says::Group(Group::Language(language)) => language.loppupv.as_ref(),
        Says::Group(Group::Address(address)) => address.loppupv.as_ref(),
        Says::Group(Group::Residence(residence)) => residence.loppupv.as_ref(),
        Says::Group(Group::Custody(pair)) => pair.until.as_ref(),
        _ => None,
    };
    last(end) != ennakko_core::Fact::None
}
