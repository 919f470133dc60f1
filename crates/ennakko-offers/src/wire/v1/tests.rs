//! Tests of `v1`.

use ennakko_core::protected::Role;
use serde_json::{Value, json};

use super::*;
use crate::letter::{Part, Sources};
use crate::message::messages;
use crate::offer::Proposal;
use crate::testing::{
    CHILD, candidate, city, family_with, key, offer, proposal, reason, school_card, terms, texts, today,
};

const SCHEMA: &str = include_str!("../../../schema/offer.v1.schema.json");

fn secret() -> Secret {
    Secret::new(&[5; 32]).unwrap()
}

/// The family's offer as it is sent, with or without letters.
fn sent(with_messages: bool, ids: Ids<'_>) -> OfferV1 {
    let register = family_with(|d| d.residents[1].language = ennakko_core::Fact::Known("en".to_owned()));
    let (city, texts, offer) = (city(), texts(), offer(&register));
    let issuer = Issuer::new(&city).unwrap();
    let wire = OfferV1::of(&offer, &issuer, ids).unwrap();
    if with_messages {
        let sources = Sources { texts: &texts, register: &register, city: &city, on: today() };
        wire.with_messages(&messages(&offer, &sources).unwrap(), &issuer, ids)
    } else {
        wire
    }
}

fn value(offer: &OfferV1) -> Value {
    serde_json::to_value(offer).unwrap()
}

fn schema() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn the_form_is_what_it_was() {
    let wire = value(&sent(false, Ids::Inner));
    assert_eq!(
        wire,
        json!({
            "schema": "ennakko.offer.v1",
            "kind": "offer",
            "id": offer(&family_with(|_| {})).id().to_string(),
            "offered_on": "2027-01-08",
            "rule": "school_place",
            "version": "school_place",
            "digest": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "subject": { "kind": "resident", "id": "00000000-0000-0000-0000-000000000384" },
            "occasion": "2027",
            "opens": "2027-01-08T00:00:00+02:00",
            "reply_by": { "last_day": "2027-01-29", "ends_at": "2027-01-30T00:00:00+02:00" },
            "zone": "Europe/Helsinki",
            "tzdb": TZDB_VERSION,
            "addressees": [
                { "id": "00000000-0000-0000-0000-000000000385", "role": "custodian", "language": "fi", "channel": "messages" },
                { "id": "00000000-0000-0000-0000-000000000386", "role": "custodian", "language": "sv", "channel": "messages" },
            ],
            "terms": {
                "place": { "kind": "place" },
                "starts": { "kind": "day", "value": "2027-08-11" },
                "reply_by": { "kind": "day", "value": "2027-01-29" },
            },
            "reasons": ["starts_this_year", "lives_in_city", "not_deferred"],
            "law": ["Compulsory Education Act 1214/2020 s. 2", "Basic Education Act 628/1998 s. 6"],
            "purpose": "education",
            "reply": { "mode": "needed", "whose": "one_is_enough" },
            "silence": "nothing_is_decided",
            "expected": false,
        })
    );
}

#[test]
fn what_is_sent_is_read_again_and_fits_the_schema() {
    let secret = secret();
    for ids in [Ids::Inner, Ids::External { secret: &secret, receiver: "messaging" }] {
        for with_messages in [false, true] {
            let wire = sent(with_messages, ids);
            let text = serde_json::to_string(&wire).unwrap();
            assert_eq!(serde_json::from_str::<OfferV1>(&text).unwrap(), wire);
            let errors: Vec<String> = schema().iter_errors(&value(&wire)).map(|error| error.to_string()).collect();
            assert_eq!(errors, Vec::<String>::new());
        }
    }
    let every_kind = terms([
        ("a", Term::Bool(true)),
        ("b", Term::Int(-4)),
        ("c", Term::Day(today())),
        ("d", Term::Text("x".into())),
        ("e", Term::Place(ennakko_core::protected::Protected::of_home("y".into(), None))),
    ]);
    let register = family_with(|_| {});
    let plain = crate::Candidate { terms: every_kind, reasons: vec![reason("r", false)], ..candidate(&register) };
    let mut card = school_card();
    card.messages[0].reply = Reply::None;
    card.messages[0].replies = Replies::All;
    let Proposal::Offer(offer) = proposal(&register, &card, &plain) else { panic!("withheld") };
    let city = city();
    let wire = OfferV1::of(&offer, &Issuer::new(&city).unwrap(), Ids::Inner).unwrap();
    assert!(schema().is_valid(&value(&wire)), "{wire:?}");
    assert_eq!(value(&wire)["reply_by"], Value::Null);
    assert_eq!(serde_json::from_value::<OfferV1>(value(&wire)).unwrap(), wire);
}

/// Every object inside a value, by its path.
fn objects(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.push(path.to_owned());
            for (name, field) in fields {
                objects(field, &format!("{path}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                objects(item, &format!("{path}/{at}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn nothing_may_be_added_anywhere() {
    let (schema, wire) = (schema(), value(&sent(true, Ids::Inner)));
    let mut paths = Vec::new();
    objects(&wire, "", &mut paths);
    assert!(paths.len() > 30, "{paths:?}");
    for path in paths.iter().filter(|path| *path != "/terms") {
        let mut more = wire.clone();
        more.pointer_mut(path).unwrap().as_object_mut().unwrap().insert("name".to_owned(), json!("Elsa"));
        assert!(!schema.is_valid(&more), "{path}");
        assert!(serde_json::from_value::<OfferV1>(more).is_err(), "{path}");
    }
    // a place has no value, ever
    let mut more = wire.clone();
    more["terms"]["place"] = json!({ "kind": "place", "value": "School of the North" });
    assert!(!schema.is_valid(&more) && serde_json::from_value::<OfferV1>(more).is_err());
}

#[test]
fn every_field_is_needed() {
    let wire = value(&sent(false, Ids::Inner));
    for name in wire.as_object().unwrap().keys() {
        let mut less = wire.clone();
        less.as_object_mut().unwrap().remove(name);
        assert!(!schema().is_valid(&less), "{name}");
    }
}

#[test]
fn ids_outside_are_keyed_for_each_receiver() {
    let secret = secret();
    let ids = |ids: Ids<'_>| {
        let wire = sent(true, ids);
        let messages = wire.messages.unwrap();
        let to: Vec<Uuid> = wire.addressees.iter().map(|to| to.id).collect();
        assert_eq!(messages.iter().map(|message| message.to).collect::<Vec<_>>(), to);
        [&[wire.id, wire.subject.id], to.as_slice()].concat()
    };
    let external = |receiver| ids(Ids::External { secret: &secret, receiver });
    let (inner, one, other) = (ids(Ids::Inner), external("messaging"), external("school system"));
    assert_eq!(inner[1], key(CHILD).as_uuid());
    for at in 0..inner.len() {
        assert!(inner[at] != one[at] && inner[at] != other[at] && one[at] != other[at]);
        assert_eq!(one[at].get_version_num(), 8);
    }
}

#[test]
fn a_protected_addressee_changes_the_channel_and_nothing_else() {
    let city = city();
    let issuer = Issuer::new(&city).unwrap();
    let wire = |protected: bool| {
        let register = family_with(|d| d.residents[2].protection = ennakko_core::Fact::Known(protected));
        OfferV1::of(&offer(&register), &issuer, Ids::Inner).unwrap()
    };
    let (open, mut protected) = (wire(false), wire(true));
    assert_eq!(protected.addressees[1].channel, ChannelV1::ProtectedQueue);
    protected.addressees[1].channel = ChannelV1::Messages;
    assert_eq!(open, protected);
}

#[test]
fn the_words_of_the_schema_are_those_of_the_code() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let words = |path: &str| -> Vec<&str> {
        schema.pointer(path).unwrap().as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
    };
    let roles = [Role::Subject, Role::Custodian, Role::Owner, Role::HouseholdAdult].map(Role::word);
    assert_eq!(words("/properties/addressees/items/properties/role/enum"), roles);
    assert_eq!(words("/$defs/letter/properties/parts/items/properties/part/enum"), Part::ALL.map(Part::word));
    assert_eq!(words("/$defs/channel/enum"), [Channel::Messages, Channel::ProtectedQueue].map(Channel::word));
}
