//! One information group (`tietoryhma`) each, as base data tells it; the change feed adds what happened to it.

use chrono::{Datelike, NaiveDate};
use ennakko_core::Fact;
use ennakko_core::day::PartialDate;
use ennakko_core::record::{Address, CustodyKind, CustodyRecord, Names, Sex};
use serde_json::{Value, json};

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

pub(super) fn name(names: &Names) -> Value {
    json!({ "tietoryhma": "HENKILON_NIMI", "etunimi": names.given, "sukunimi": names.family })
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

pub(super) fn language(code: &str) -> Value {
    let long = LANGUAGES.iter().find(|(short, _)| *short == code).map_or("mis", |(_, long)| long);
    json!({ "tietoryhma": "AIDINKIELI", "kielikoodi": code, "kielikoodiISO6392": long })
}

pub(super) fn municipality(code: &str, moved: Option<PartialDate>) -> Value {
    let group = json!({ "tietoryhma": "KOTIKUNTA", "kuntakoodi": code });
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
        ],
        _ => &["rakennustunnus", "osoitenumero", "huoneistokirjain", "huoneistonumero", "asuinpaikantunnus"],
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
    with(group, "osoitenumero", json!(1))
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

/// The group of a residence id, by its form: a dwelling, an institution or the municipality alone, abroad.
pub(super) fn residence(id: &str, moved: Option<PartialDate>) -> Option<Value> {
    let group = match (id.chars().count(), id.get(..3)?) {
        (16, _) => {
            let group = json!({ "tietoryhma": "VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS", "asuinpaikantunnus": id });
            dwelling_parts(group, id)
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

pub(super) fn corrected(former: &[&str], code: &str) -> Value {
    json!({
        "tietoryhma": "HENKILOTUNNUS_KORJAUS",
        "voimassaolo": "AKTIIVI",
        "muutettuHenkilotunnus": former.last().copied().unwrap_or_default(),
        "aktiivinenHenkilotunnus": code,
        "edellisetHenkilotunnukset": former,
    })
}

/// A pair of child and custodian, from either side.
pub(super) fn custody(name: &str, side: &str, party: &Value, pair: &CustodyRecord) -> Value {
    let mut rights = Vec::new();
    if pair.may_decide.is_unknown() {
        rights.push(json!({
            "oikeus": "HUOLLON_JAKO_KUVATTU_SISALTOTEKSTISSA",
            "sisalto": "Huolto on jaettu tuomioistuimen päätöksellä.",
        }));
    }
    let role = match pair.kind {
        CustodyKind::Custodian => "LAKISAATEINEN_HUOLTAJA",
        // the word of the older query interface; whether the newer one has the same was not found
        CustodyKind::InformationOnly => "TIEDONSAANTIOIKEUTETTU",
    };
    let mut group = json!({ "tietoryhma": name, side: party, "huoltajanLaji": role, "oikeudet": rights });
    if let Fact::Known(from) = pair.from {
        group = with(group, "huoltosuhteenAlkupv", on(from));
    }
    if let Fact::Known(until) = pair.until {
        group = with(group, "huoltosuhteenLoppupv", on(until));
    }
    group
}
