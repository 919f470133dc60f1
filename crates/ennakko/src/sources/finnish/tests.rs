//! Every trap of register-formats.md as a test named after its section, on the field names and shapes given there.

mod base_and_changes;
mod changes;
mod groups;
mod homes;
#[cfg(feature = "finnish-http")]
mod over_http;
mod paging;
mod protection;
#[cfg(feature = "sample")]
mod round_trip;
mod semantics;
mod shapes;
mod storing;

use chrono::NaiveDate;
use ennakko_core::day::PartialDate;
use ennakko_core::record::{CustodyRecord, ResidentRecord, Who};
use serde_json::{Value, json};

use super::*;
use crate::sources::{Loaded, SourceIssue, SourceProblem};

/// Whom most cases are about; born 15 June 2015 by code.
const CHILD: &str = "150615A910R";
const MOTHER: &str = "020288-902P";
const FATHER: &str = "030387-903X";
const ADULT: &str = "120385-952T";
const TODAY: &str = "2026-11-22";
const FLAT: &str = "900001234V1F028 ";

fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn exactly(text: &str) -> ennakko_core::Fact<PartialDate> {
    ennakko_core::Fact::Known(PartialDate::parse(text).unwrap())
}

fn code(text: &str) -> ennakko_core::identity::PersonalIdentityCode {
    ennakko_core::identity::PersonalIdentityCode::parse(text, Profile::SAMPLE).unwrap()
}

fn who(text: &str) -> Who {
    Who::Code(code(text).into())
}

/// A day known to the day.
fn d(day: &str) -> Value {
    json!({ "arvo": day, "tarkkuus": "PAIVA" })
}

fn reading() -> Reading {
    Reading {
        codes: Profile::SAMPLE,
        no_protection_group: NoGroup::MeansNone,
        dwellings: Dwellings::FromAddresses(ListState::Whole),
    }
}

fn person(code: &str, groups: &[Value]) -> Value {
    json!({ "henkilotunnus": code, "tietoryhmat": groups })
}

fn answer(people: &[Value]) -> Vec<u8> {
    json!({ "perustiedot": people, "ajanTasalla": true }).to_string().into_bytes()
}

fn documents_of(people: &[Value]) -> Documents {
    let mut documents = Documents::new(reading());
    documents.take_base_data(&answer(people), &[]).unwrap();
    documents
}

/// One person with base data of these groups.
fn documents(groups: &[Value]) -> Documents {
    documents_of(&[person(CHILD, groups)])
}

/// A group of a change: what happened to it, and what it says.
fn told(attribute: &str, mut group: Value) -> Value {
    group["muutosattribuutti"] = json!(attribute);
    group
}

fn change_of(code: &str, instant: &str, groups: &[Value]) -> String {
    json!({ "henkilotunnus": code, "muutospv": instant, "tietoryhmat": groups }).to_string()
}

/// Takes one change of the child, which has to be used.
fn change(documents: &mut Documents, groups: &[Value]) -> Vec<SourceIssue> {
    let change = change_of(CHILD, "2026-11-20T22:00:00.000Z", groups);
    let taken = documents.take_changes([change.as_str()]);
    assert_eq!((taken.read, taken.used), (1, 1), "{:?}", taken.issues);
    taken.issues
}

/// The one person's record today.
fn resident(documents: &mut Documents) -> ResidentRecord {
    resident_on(documents, TODAY)
}

fn resident_on(documents: &mut Documents, day: &str) -> ResidentRecord {
    documents.loaded(on(day)).delivery.residents.remove(0)
}

fn custody(documents: &mut Documents) -> Vec<CustodyRecord> {
    documents.loaded(on(TODAY)).delivery.custody
}

fn problems(loaded: &Loaded) -> Vec<(Option<&str>, SourceProblem)> {
    loaded.issues.iter().map(|issue| (issue.group.as_deref(), issue.problem)).collect()
}

fn birth(day: &str) -> Value {
    json!({ "tietoryhma": "SYNTYMAPAIVA", "syntymapv": d(day) })
}

fn municipality(code: &str, since: &str) -> Value {
    json!({ "tietoryhma": "KOTIKUNTA", "kuntakoodi": code, "kuntaanMuuttopv": d(since) })
}

fn dwelling(id: &str, since: &str) -> Value {
    json!({
        "tietoryhma": "VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS",
        "rakennustunnus": &id[..10],
        "osoitenumero": 1,
        "huoneistonumero": &id[12..15],
        "kuntakoodi": "091",
        "alkupv": d(since),
        "asuinpaikantunnus": id,
    })
}

fn address(since: &str) -> Value {
    json!({
        "tietoryhma": "VAKINAINEN_KOTIMAINEN_OSOITE",
        "katunimi": { "fi": "Mallikatu", "sv": "Modellgatan" },
        "katunumero": "6a-6b",
        "huoneistokirjain": "F",
        "huoneistonumero": "028",
        "postinumero": "00780",
        "postitoimipaikka": { "fi": "HELSINKI", "sv": "HELSINGFORS" },
        "rakennustunnus": "900001234V",
        "osoitenumero": 1,
        "kuntakoodi": "091",
        "alkupv": d(since),
    })
}

fn ban(active: bool) -> Value {
    json!({ "tietoryhma": "TURVAKIELTO", "turvakieltoAktiivinen": active })
}

fn kept_back(name: &str, fields: &[&str]) -> Value {
    json!({ "tietoryhma": name, "turvakiellonAlaisetKentat": fields })
}

fn with(mut group: Value, field: &str, value: Value) -> Value {
    group[field] = value;
    group
}

fn custodian(name: &str, code: &str, kind: &str) -> Value {
    json!({
        "tietoryhma": name,
        "huoltaja": { "henkilotunnus": code, "etunimet": "Maija", "sukunimi": "Malli", "syntymapv": d("1988-02-02") },
        "huoltajanLaji": kind,
        "huoltajanRooli": "AITI",
        "oikeudet": [],
        "lisatytOikeudet": [],
        "poistetutOikeudet": [],
        "muutetutOikeudet": [],
        "huoltosuhteenMuutos": false,
        "huollonOikeudenMuutos": false,
        "huollonAsumisenMuutos": false,
    })
}
