//! Base data of the first day and the changes of the year give the base data of the last day: read here by a small reader
//! of its own, which knows the shapes and nothing of how they were made.
//!
//! Every group of base data is compared. Two things are not: the names, days and sex that a group repeats of another person
//! who has a code (that person's own record has them), and former values, which only the feed tells.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{BaseData, City, Year, changes, groups, kind};

/// Everybody's groups by code.
type People = BTreeMap<String, Vec<Value>>;

/// What stands in one place of a record: only one of them holds at a time.
fn place(group: &Value) -> &str {
    match kind(group) {
        "VAKINAINEN_OLINPAIKASSA_ASUMINEN" | "VAKINAINEN_ULKOMAILLA_ASUMINEN" => {
            "VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS"
        }
        other => other,
    }
}

/// The other person of a pair of custody.
fn party(group: &Value) -> Option<&Value> {
    group.get("huoltaja").or_else(|| group.get("huollettava"))
}

fn party_code(group: &Value) -> Option<&str> {
    party(group)?.get("henkilotunnus")?.as_str()
}

fn is_censored(group: &Value) -> bool {
    group.get("turvakiellonAlaisetKentat").is_some()
}

/// Whether two groups tell of the same thing: the same home, or a pair with the same person.
fn same_thing(one: &Value, other: &Value) -> bool {
    let same = |field: &str| one.get(field) == other.get(field);
    if kind(one) != kind(other) || is_censored(one) != is_censored(other) {
        return false;
    }
    match (party(one), party(other)) {
        (Some(_), Some(_)) => party_code(one).is_some() && party_code(one) == party_code(other),
        _ => [
            "rakennustunnus",
            "osoitenumero",
            "huoneistokirjain",
            "huoneistonumero",
            "jakokirjain",
            "valtiokoodi",
            "numero",
        ]
        .iter()
        .all(|field| same(field)),
    }
}

struct Replay {
    people: People,
    /// Codes in force by those before them.
    renamed: BTreeMap<String, String>,
}

impl Replay {
    fn take(&mut self, change: &Value) {
        let code = change["henkilotunnus"].as_str().unwrap().to_owned();
        assert!(!self.renamed.contains_key(&code), "a change under a code that is no longer in force");
        let told = groups(change);
        let mut at = 0;
        while at < told.len() {
            let attribute = told[at]["muutosattribuutti"].as_str().unwrap();
            match attribute {
                "KORJATTAVA" => {
                    assert_eq!(told[at + 1]["muutosattribuutti"], "KORJATTU", "the right value follows directly");
                    self.correct(&code, &plain(&told[at]), plain(&told[at + 1]));
                    at += 1;
                }
                "POISTETTU" => self.remove(&code, &told[at]),
                "LISATTY" | "MUUTETTU" => self.enter(&code, plain(&told[at]), attribute == "MUUTETTU"),
                "LISATIETO" => {
                    let holds = &self.people[&code];
                    assert!(holds.contains(&plain(&told[at])), "what is repeated holds already: {}", told[at]);
                }
                other => panic!("{other}"),
            }
            at += 1;
        }
        let corrected = told.iter().find(|group| kind(group) == "HENKILOTUNNUS_KORJAUS");
        if let Some(now) = corrected.and_then(|group| group["aktiivinenHenkilotunnus"].as_str())
            && now != code
        {
            let record = self.people.remove(&code).unwrap();
            assert!(self.people.insert(now.to_owned(), record).is_none());
            self.renamed.insert(code, now.to_owned());
        }
    }

    fn correct(&mut self, code: &str, wrong: &Value, right: Value) {
        let record = self.people.get_mut(code).unwrap();
        let found = record.iter().position(|group| group == wrong);
        let at = found.unwrap_or_else(|| panic!("the wrong value was there: {wrong}"));
        record[at] = right;
    }

    fn remove(&mut self, code: &str, group: &Value) {
        let surviving = group["voimassaolevatTiedot"].as_array().unwrap();
        assert!(surviving.iter().all(|group| group.get("muutosattribuutti").is_none()));
        if is_of_the_past(group) {
            return;
        }
        let record = self.people.get_mut(code).unwrap();
        let wrong = plain(group);
        let held = record.len();
        record.retain(|group| *group != wrong);
        assert!(record.len() < held, "what is removed was there: {wrong}");
        for group in surviving {
            record.retain(|other| place(other) != place(group));
            record.push(group.clone());
        }
    }

    fn enter(&mut self, code: &str, group: Value, changed: bool) {
        let record = self.people.entry(code.to_owned()).or_default();
        if kind(&group) == "EDELLINEN_KOTIKUNTA" {
            record.retain(|other| kind(other) != "KOTIKUNTA" || other["kuntakoodi"] != group["kuntakoodi"]);
        }
        if is_of_the_past(&group) {
            return;
        }
        if group.get("loppupv").is_some() {
            let held = record.len();
            record.retain(|other| !same_thing(other, &group));
            assert!(record.len() < held, "what ended was there: {group}");
            return;
        }
        if party(&group).is_some() {
            if changed {
                let at = pair_before(record, &group);
                record.remove(at.unwrap_or_else(|| panic!("what changed was there: {group}")));
            }
        } else if place(&group) == "VAKINAINEN_KOTIMAINEN_OSOITE"
            || place(&group) == "VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS"
        {
            // a new home stands beside the old one until that one's end is told; what was kept back is no home
            let censored = is_censored(&group);
            record.retain(|other| place(other) != place(&group) || !(censored || is_censored(other)));
        } else {
            record.retain(|other| place(other) != place(&group));
        }
        record.push(group);
    }
}

/// Where the pair stands that a changed one replaces: with the same code; if it had none, the same name and day of birth, or
/// the same day and no name yet.
fn pair_before(record: &[Value], group: &Value) -> Option<usize> {
    let (now, code) = (party(group)?, party_code(group));
    let without_code =
        |other: &Value| kind(other) == kind(group) && party(other).is_some() && party_code(other).is_none();
    let named = |other: &Value| {
        let other = &party(other).unwrap();
        ["etunimet", "sukunimi", "syntymapv"].iter().all(|field| other.get(field) == now.get(field))
    };
    let unnamed = |other: &Value| {
        let other = &party(other).unwrap();
        other.get("etunimet").is_none() && other.get("syntymapv") == now.get("syntymapv")
    };
    let same =
        record.iter().position(|other| code.is_some() && kind(other) == kind(group) && party_code(other) == code);
    same.or_else(|| record.iter().position(|other| without_code(other) && named(other)))
        .or_else(|| record.iter().position(|other| without_code(other) && unnamed(other)))
}

fn is_of_the_past(group: &Value) -> bool {
    ["EDELLINEN_KOTIKUNTA", "NIMENMUUTOS"].contains(&kind(group))
}

/// A group without what only the feed says of it.
fn plain(group: &Value) -> Value {
    let mut group = group.clone();
    let fields = group.as_object_mut().unwrap();
    fields.remove("muutosattribuutti");
    fields.remove("voimassaolevatTiedot");
    group
}

fn people(data: &BaseData<'_>) -> People {
    let of = |person: Value| (person["henkilotunnus"].as_str().unwrap().to_owned(), groups(&person).to_vec());
    data.people().map(of).collect()
}

/// Records in a form in which equal ones are equal: references by the code in force, and by it alone; no death that was
/// retracted, no protection that ended; in one order.
fn compared(people: People, renamed: &BTreeMap<String, String>) -> BTreeMap<String, BTreeSet<String>> {
    let of = |mut group: Value| -> Option<String> {
        if group["kuollut"] == false || group["turvakieltoAktiivinen"] == false {
            return None;
        }
        for side in ["huoltaja", "huollettava"] {
            if let Some(mut code) = group.get(side).and_then(|party| party["henkilotunnus"].as_str()) {
                while let Some(now) = renamed.get(code) {
                    code = now;
                }
                let alone = json!({ "henkilotunnus": code });
                group[side] = alone;
            }
        }
        Some(group.to_string())
    };
    people.into_iter().map(|(code, record)| (code, record.into_iter().filter_map(of).collect())).collect()
}

/// Pairs of custody whose other side has one, each told twice (and its short version), lead to each other.
fn assert_pairs_meet(people: &BTreeMap<String, BTreeSet<String>>) {
    let mut pairs = 0;
    for (code, record) in people {
        for group in record {
            let group: Value = serde_json::from_str(group).unwrap();
            let (Some(other), "HUOLLETTAVA") = (party_code(&group), kind(&group)) else { continue };
            let Some(child) = people.get(other) else { continue };
            let told: Vec<Value> = child.iter().map(|group| serde_json::from_str(group).unwrap()).collect();
            let whole = told.iter().any(|group| kind(group) == "HUOLTAJA");
            let back = told.iter().any(|group| kind(group) == "HUOLTAJA" && party_code(group) == Some(code));
            assert!(!whole || back, "a custodian is told of the child, and the child of the custodian");
            pairs += usize::from(back);
        }
    }
    assert!(pairs > 100, "{pairs} pairs");
}

#[test]
fn base_data_and_a_year_of_changes_give_the_base_data_of_the_years_end() {
    let from = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    for seed in [1, 11, 2027] {
        let year = Year::live(&City::plan(2_000, seed).unwrap(), from, &[]);
        let mut replay = Replay { people: people(&BaseData::of(&year.start)), renamed: BTreeMap::new() };
        let first = compared(replay.people.clone(), &BTreeMap::new());
        for page in changes(&year, 100) {
            for change in page["muutokset"].as_array().unwrap() {
                replay.take(change);
            }
        }
        let Replay { people: reached, renamed } = replay;
        let reached = compared(reached, &renamed);
        let wanted = compared(people(&BaseData::at_end(&year)), &renamed);
        assert_ne!(first, wanted);
        assert_eq!(
            reached.keys().collect::<Vec<_>>(),
            wanted.keys().collect::<Vec<_>>(),
            "seed {seed}: the same people"
        );
        for (code, record) in &wanted {
            let (missing, extra): (Vec<_>, Vec<_>) =
                (record.difference(&reached[code]).collect(), reached[code].difference(record).collect());
            assert!(missing.is_empty() && extra.is_empty(), "seed {seed}: missing {missing:#?}\nextra {extra:#?}");
        }
        assert_pairs_meet(&wanted);
    }
}
