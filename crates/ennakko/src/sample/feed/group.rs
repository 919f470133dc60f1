//! One information group (`tietoryhma`) each, as base data tells it; the change feed adds what happened to it.

use chrono::{Datelike, Months, NaiveDate};
use ennakko_core::Fact;
use ennakko_core::day::PartialDate;
use ennakko_core::identity::IdentityCode;
use ennakko_core::record::{Address, CustodyRecord, Names, ResidentRecord, Sex};
use serde_json::{Value, json};

use crate::sample::citizenship::{citizenships, own_dice};

/// ISO 639-2 codes of the sample's languages.
const LANGUAGES: [(&str, &str); 24] = [
    ("fi", "fin"),
    ("sv", "swe"),
    ("ru", "rus"),
    ("et", "est"),
    ("so", "som"),
    ("ar", "ara"),
    ("en", "eng"),
    ("zh", "zho"),
    ("fa", "fas"),
    ("ku", "kur"),
    ("sq", "sqi"),
    ("vi", "vie"),
    ("es", "spa"),
    ("uk", "ukr"),
    ("ne", "nep"),
    ("fr", "fra"),
    ("de", "deu"),
    ("tr", "tur"),
    ("bn", "ben"),
    ("th", "tha"),
    ("pt", "por"),
    ("it", "ita"),
    ("tl", "tgl"),
    ("se", "sme"),
];

/// A day with its precision; the day of a month or year not known is padded with ones.
pub(super) fn date(date: PartialDate) -> Value {
    let precision = if date.day().is_some() {
        "PAIVA"
    } else if date.first().month() == date.last().month() && date.year().is_some() {
        "KUUKAUSI"
    } else {
        "VUOSI"
    };
    json!({ "arvo": date.first().to_string(), "tarkkuus": precision })
}

pub(super) fn on(day: NaiveDate) -> Value {
    date(PartialDate::exact(day))
}

/// Adds a field to a group.
pub(super) fn with(mut group: Value, field: &str, value: Value) -> Value {
    if let Some(fields) = group.as_object_mut() {
        fields.insert(field.to_owned(), value);
    }
    group
}

fn since(group: Value, since: Option<PartialDate>) -> Value {
    match since {
        Some(since) => with(group, "alkupv", date(since)),
        None => group,
    }
}

/// Somebody's own names. The sample has only letters that both spellings have.
pub(super) fn name(names: &Names, since: Option<NaiveDate>) -> Value {
    let group = json!({
        "tietoryhma": "HENKILON_NIMI",
        "etunimi": names.given,
        "sukunimi": names.family,
        "etunimiUTF8": names.given,
        "sukunimiUTF8": names.family,
    });
    match since {
        Some(since) => with(group, "alkupv", on(since)),
        None => group,
    }
}

/// One name of a kind.
pub(super) fn name_of(group: &str, kind: &str, name: &str) -> Value {
    json!({ "tietoryhma": group, "nimilaji": kind, "nimi": name, "nimiUTF8": name })
}

pub(super) fn birth(born: PartialDate) -> Value {
    json!({ "tietoryhma": "SYNTYMAPAIVA", "syntymapv": date(born) })
}

pub(super) fn sex(of: Option<Sex>) -> Value {
    let word = match of {
        Some(Sex::Female) => "NAINEN",
        Some(Sex::Male) => "MIES",
        None => "PUUTTUU",
    };
    json!({ "tietoryhma": "SUKUPUOLI", "sukupuoli": word })
}

pub(super) fn death(on_day: Option<NaiveDate>) -> Value {
    let group = json!({ "tietoryhma": "KUOLINPAIVA", "kuollut": true });
    match on_day {
        Some(day) => with(group, "kuolinpv", on(day)),
        None => group,
    }
}

/// A mother tongue, since birth.
pub(super) fn language(code: &str, born: Option<PartialDate>) -> Value {
    let long = LANGUAGES.iter().find(|(short, _)| *short == code).map_or("mis", |(_, long)| long);
    since(json!({ "tietoryhma": "AIDINKIELI", "kielikoodi": code, "kielikoodiISO6392": long }), born)
}

pub(super) fn citizenship(record: &ResidentRecord) -> Value {
    let countries = citizenships(record).into_iter();
    let countries: Vec<Value> =
        countries.map(|country| json!({ "kansalaisuuskoodi": country, "voimassaolo": "AKTIIVI" })).collect();
    json!({
        "tietoryhma": "KANSALAISUUS",
        "henkilonKansalaisuudet": countries,
        "lisatytKansalaisuudet": [],
        "muutetutKansalaisuudet": [],
        "poistetutKansalaisuudet": [],
        "korjattavatKansalaisuudet": [],
        "korjatutKansalaisuudet": [],
    })
}

/// An order of non-disclosure in force. Of one in three its end is said to be in the next century, as test data say it.
pub(super) fn protection(record: &ResidentRecord) -> Value {
    let group = json!({ "tietoryhma": "TURVAKIELTO", "turvakieltoAktiivinen": true });
    match (own_dice(record).below(3), NaiveDate::from_ymd_opt(2120, 2, 28)) {
        (0, Some(end)) => with(group, "turvaLoppuPv", on(end)),
        _ => group,
    }
}

/// An order that ended, its last day included.
pub(super) fn no_protection(last: NaiveDate) -> Value {
    json!({ "tietoryhma": "TURVAKIELTO", "turvakieltoAktiivinen": false, "turvaLoppuPv": on(last) })
}

pub(super) fn municipality(code: &str, moved: Option<PartialDate>) -> Value {
    let group = json!({ "tietoryhma": "KOTIKUNTA", "kuntakoodi": code });
    match moved {
        Some(moved) => with(group, "kuntaanMuuttopv", date(moved)),
        None => group,
    }
}

/// The municipality left, with the day on which it was left.
pub(super) fn former_municipality(code: &str, moved: Option<PartialDate>, left: NaiveDate) -> Value {
    let group = json!({ "tietoryhma": "EDELLINEN_KOTIKUNTA", "kuntakoodi": code, "kunnastaPoisMuuttopv": on(left) });
    match moved {
        Some(moved) => with(group, "kuntaanMuuttopv", date(moved)),
        None => group,
    }
}

/// A group of which a source tells only the names of the fields that it keeps back.
pub(super) fn kept_back(name: &str) -> Value {
    let fields: &[&str] = match name {
        "KOTIKUNTA" => &["kuntakoodi", "kuntaanMuuttopv"],
        "VAKINAINEN_KOTIMAINEN_OSOITE" => &[
            "katunimi",
            "katunumero",
            "huoneistokirjain",
            "huoneistonumero",
            "jakokirjain",
            "postinumero",
            "postitoimipaikka",
            "rakennustunnus",
            "osoitenumero",
            "kuntakoodi",
            "alkupv",
        ],
        _ => &[
            "rakennustunnus",
            "osoitenumero",
            "huoneistokirjain",
            "huoneistonumero",
            "jakokirjain",
            "kuntakoodi",
            "alkupv",
            "asuinpaikantunnus",
        ],
    };
    json!({ "tietoryhma": name, "turvakiellonAlaisetKentat": fields })
}

/// The parts of a dwelling id of sixteen characters that several groups repeat.
fn dwelling_parts(group: Value, id: &str) -> Value {
    let part = |range| id.get(range).map(str::trim).filter(|part: &&str| !part.is_empty());
    let mut group = group;
    for (field, range) in [("rakennustunnus", 0..10), ("huoneistokirjain", 11..12), ("jakokirjain", 15..16)] {
        if let Some(part) = part(range) {
            group = with(group, field, json!(part));
        }
    }
    if let Some(number) = part(12..15).filter(|number| *number != "000") {
        group = with(group, "huoneistonumero", json!(number));
    }
    match part(10..11).and_then(|number| number.parse::<u32>().ok()) {
        Some(number) => with(group, "osoitenumero", json!(number)),
        None => group,
    }
}

pub(super) fn address(id: &str, address: &Address, moved: Option<PartialDate>) -> Value {
    let words: Vec<&str> = address.street.split(' ').collect();
    let number =
        words.iter().rposition(|word| word.parse::<u32>().is_ok_and(|number| number > 500)).unwrap_or(words.len());
    let group = json!({
        "tietoryhma": "VAKINAINEN_KOTIMAINEN_OSOITE",
        "katunimi": { "fi": words[..number].join(" ") },
        "katunumero": words.get(number).copied().unwrap_or_default(),
        "postinumero": address.postal_code,
        "postitoimipaikka": { "fi": address.post_office, "sv": "HELSINGFORS" },
        "kuntakoodi": crate::sample::resident::HELSINKI,
    });
    since(dwelling_parts(group, id), moved)
}

/// The group of a residence id, by its form: a dwelling, an institution or the municipality alone, abroad. A dwelling's id
/// does not tell the municipality.
pub(super) fn residence(id: &str, municipality: Option<&str>, moved: Option<PartialDate>) -> Option<Value> {
    let group = match (id.chars().count(), id.get(..3)?) {
        (16, _) => {
            let group = json!({ "tietoryhma": "VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS", "asuinpaikantunnus": id });
            let group = dwelling_parts(group, id);
            match municipality {
                Some(code) => with(group, "kuntakoodi", json!(code)),
                None => group,
            }
        }
        (14, "200") => json!({
            "tietoryhma": "VAKINAINEN_ULKOMAILLA_ASUMINEN",
            "valtiokoodi": id.get(3..6)?,
            "asuinpaikantunnus": id,
        }),
        (14, municipality) => json!({
            "tietoryhma": "VAKINAINEN_OLINPAIKASSA_ASUMINEN",
            "kuntakoodi": municipality,
            "lajikoodi": id.get(3..6)?.parse::<u32>().ok()?,
            "numero": id.get(6..10)?,
            "laitos": id.get(10..14)?,
            "asuinpaikantunnus": id,
        }),
        _ => return None,
    };
    Some(since(group, moved))
}

/// The code in force and those before it; none for somebody who has had one code only.
pub(super) fn corrected(record: &ResidentRecord) -> Option<Value> {
    let former: Vec<&str> = record.former_codes.iter().map(IdentityCode::as_str).collect();
    let changed = former.last()?;
    Some(json!({
        "tietoryhma": "HENKILOTUNNUS_KORJAUS",
        "voimassaolo": "AKTIIVI",
        "muutettuHenkilotunnus": changed,
        "aktiivinenHenkilotunnus": record.code.as_ref()?.as_str(),
        "edellisetHenkilotunnukset": former,
    }))
}

/// A pair of child and custodian, from either side. `born` is the child's day of birth.
pub(super) fn custody(
    name: &str,
    side: &str,
    party: &Value,
    role: &str,
    pair: &CustodyRecord,
    born: Option<PartialDate>,
) -> Value {
    // what the register's fields do not hold stands in words: custody divided by a court, or without a right to decide
    let words = match pair.may_decide {
        Fact::Unknown(_) => Some("Huolto on jaettu tuomioistuimen päätöksellä."),
        Fact::Known(false) => Some("Huoltajalla ei ole oikeutta päättää lapsen asioista."),
        Fact::Known(true) | Fact::None => None,
    };
    let rights: Vec<Value> = words.into_iter().map(|words| right(words, born)).collect();
    let mut group = json!({
        "tietoryhma": name,
        side: party,
        "huoltajanLaji": "LAKISAATEINEN_HUOLTAJA",
        "huoltajanRooli": role,
        "oikeudet": rights,
        "lisatytOikeudet": [],
        "poistetutOikeudet": [],
        "muutetutOikeudet": [],
        "huoltosuhteenMuutos": false,
        "huollonOikeudenMuutos": false,
        "huollonAsumisenMuutos": false,
    });
    if let Fact::Known(from) = pair.from {
        group = with(group, "huoltosuhteenAlkupv", on(from));
    }
    if let Fact::Known(until) = pair.until {
        group = with(group, "huoltosuhteenLoppupv", on(until));
    }
    group
}

/// A court's decision on custody, in force until the child is 18; when it was made is not told, so from birth.
fn right(words: &str, born: Option<PartialDate>) -> Value {
    let group = json!({ "oikeus": "HUOLLON_JAKO_KUVATTU_SISALTOTEKSTISSA", "sisalto": words });
    let Some(born) = born.map(PartialDate::first) else { return group };
    let grown = born.checked_add_months(Months::new(12 * 18)).unwrap_or(born);
    with(with(group, "oikeudenAlkupv", on(born)), "oikeudenLoppupv", on(grown))
}
