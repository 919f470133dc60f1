//! The shapes of base data and of the change feed, as their public clients expect them.

mod replay;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::Value;

use super::{BaseData, changes};
use crate::sample::{City, Year};

fn year() -> Year {
    let from = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    Year::live(&City::plan(6_000, 11).unwrap(), from, &[])
}

fn groups(person: &Value) -> &[Value] {
    person["tietoryhmat"].as_array().map_or(&[], Vec::as_slice)
}

fn kind(group: &Value) -> &str {
    group["tietoryhma"].as_str().unwrap()
}

fn assert_date(date: &Value) {
    let text = date["arvo"].as_str().unwrap();
    assert!(text.parse::<NaiveDate>().is_ok(), "{date}");
    assert!(["PAIVA", "KUUKAUSI", "VUOSI"].contains(&date["tarkkuus"].as_str().unwrap()), "{date}");
}

#[test]
fn base_data_has_the_registers_shapes() {
    let year = year();
    let data = BaseData::of(&year.start);
    let people: Vec<Value> = data.people().collect();
    let with_code = year.start.residents.iter().filter(|record| record.code.is_some()).count();
    assert_eq!(people.len(), with_code);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut precisions = BTreeSet::new();
    for person in &people {
        assert_eq!(&person["henkilotunnus"].as_str().unwrap()[7..8], "9", "artificial codes only");
        for group in groups(person) {
            *kinds.entry(kind(group).to_owned()).or_default() += 1;
            assert!(group.get("muutosattribuutti").is_none(), "only the change feed has it");
            for field in ["alkupv", "loppupv", "syntymapv", "kuntaanMuuttopv", "huoltosuhteenAlkupv"] {
                if let Some(date) = group.get(field) {
                    assert_date(date);
                    precisions.insert(date["tarkkuus"].as_str().unwrap().to_owned());
                }
            }
            if kind(group) == "VAKINAINEN_KOTIMAINEN_OSOITE" && group.get("turvakiellonAlaisetKentat").is_none() {
                assert!(group["katunimi"]["fi"].as_str().unwrap().len() > 3, "{group}");
                assert!(group["katunumero"].as_str().unwrap().parse::<u32>().unwrap() > 500);
                assert!(group["rakennustunnus"].as_str().unwrap().starts_with('9'));
            }
            if kind(group) == "VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS" && group.get("asuinpaikantunnus").is_some() {
                assert_eq!(group["asuinpaikantunnus"].as_str().unwrap().len(), 16, "blanks are part of the id");
            }
        }
    }
    for known in [
        "HENKILON_NIMI",
        "SYNTYMAPAIVA",
        "SUKUPUOLI",
        "AIDINKIELI",
        "KOTIKUNTA",
        "KUOLINPAIVA",
        "TURVAKIELTO",
        "HENKILOTUNNUS_KORJAUS",
        "HUOLTAJA",
        "HUOLLETTAVA",
        "HUOLTAJA_SUPPEA",
        "HUOLLETTAVA_SUPPEA",
        "KANSALAISUUS",
        "VAKINAINEN_OLINPAIKASSA_ASUMINEN",
        "VAKINAINEN_ULKOMAILLA_ASUMINEN",
    ] {
        assert!(kinds.contains_key(known), "no {known}");
    }
    assert!(precisions.contains("KUUKAUSI"));
    let answer = data.answer(10, 25);
    assert_eq!(answer["perustiedot"].as_array().unwrap().len(), 25);
}

#[test]
fn the_change_feed_has_the_registers_shapes() {
    let year = year();
    let pages = changes(&year, 100);
    assert!(pages.len() > 3);
    let mut pairs = 0;
    let mut attributes: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut token = 0;
    for (at, page) in pages.iter().enumerate() {
        let next = page["viimeisinKirjausavain"].as_u64().unwrap();
        assert!(next > token && next > u64::from(u32::MAX));
        token = next;
        assert_eq!(page["ajanTasalla"].as_bool().unwrap(), at + 1 == pages.len());
        for change in page["muutokset"].as_array().unwrap() {
            let instant = change["muutospv"].as_str().unwrap();
            assert!(instant.ends_with("T21:00:00.000Z") || instant.ends_with("T22:00:00.000Z"));
            for (at, group) in groups(change).iter().enumerate() {
                if group["muutosattribuutti"] == "KORJATTAVA" {
                    let right = &groups(change)[at + 1];
                    assert_eq!((kind(right), right["muutosattribuutti"].as_str()), (kind(group), Some("KORJATTU")));
                    pairs += 1;
                }
                assert_eq!(group["muutosattribuutti"] == "POISTETTU", group.get("voimassaolevatTiedot").is_some());
                let attribute = group.get("muutosattribuutti").and_then(Value::as_str);
                let kept_back = group.get("turvakiellonAlaisetKentat").is_some();
                let attribute = attribute.unwrap_or_else(|| panic!("{group}, {kept_back}"));
                *attributes.entry((kind(group).to_owned(), attribute.to_owned())).or_default() += 1;
            }
        }
    }
    for (kind, attribute) in [
        ("KOTIKUNTA", "LISATTY"),
        ("VAKINAINEN_KOTIMAINEN_OSOITE", "LISATTY"),
        ("VAKINAINEN_KOTIMAINEN_OSOITE", "MUUTETTU"),
        ("VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS", "MUUTETTU"),
        ("KUOLINPAIVA", "LISATTY"),
        ("HUOLTAJA", "MUUTETTU"),
        ("HUOLLETTAVA_SUPPEA", "LISATTY"),
        ("NIMENMUUTOS", "MUUTETTU"),
        ("HENKILOTUNNUS_KORJAUS", "LISATTY"),
        ("TURVAKIELTO", "LISATTY"),
        ("TURVAKIELTO", "MUUTETTU"),
        ("HENKILON_NIMI", "KORJATTAVA"),
        ("SYNTYMAPAIVA", "KORJATTAVA"),
        ("VAKINAINEN_KOTIMAINEN_OSOITE", "KORJATTAVA"),
        ("VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS", "KORJATTAVA"),
        ("KUOLINPAIVA", "KORJATTAVA"),
        ("VAKINAINEN_KOTIMAINEN_OSOITE", "POISTETTU"),
        ("VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS", "POISTETTU"),
        ("KOTIKUNTA", "POISTETTU"),
        ("EDELLINEN_KOTIKUNTA", "POISTETTU"),
        ("KOTIKUNTA", "LISATIETO"),
        ("KANSALAISUUS", "LISATTY"),
    ] {
        assert!(attributes.contains_key(&(kind.to_owned(), attribute.to_owned())), "no {kind} {attribute}");
    }
    let corrected: usize = attributes.iter().filter(|((_, kind), _)| kind == "KORJATTU").map(|(_, n)| n).sum();
    assert_eq!(pairs, corrected, "every right value follows a wrong one");
}

#[test]
fn midnight_in_helsinki_is_the_day_before_in_utc() {
    let instant = |day: &str| super::change::instant(day.parse().unwrap());
    assert_eq!(instant("2026-06-27"), "2026-06-26T21:00:00.000Z");
    assert_eq!(instant("2027-01-01"), "2026-12-31T22:00:00.000Z");
    // the clocks turn at three in the morning of the last Sunday
    assert_eq!(instant("2027-03-28"), "2027-03-27T22:00:00.000Z");
    assert_eq!(instant("2027-03-29"), "2027-03-28T21:00:00.000Z");
    assert_eq!(instant("2027-10-31"), "2027-10-30T21:00:00.000Z");
    assert_eq!(instant("2027-11-01"), "2027-10-31T22:00:00.000Z");
}
