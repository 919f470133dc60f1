//! Sections 5.4 and 5.5: dwelling ids, households and custody.

use ennakko_core::{Fact, IdentityTable, KeySecret, Register, UnknownReason};

use super::*;

fn dwelling_of(groups: &[Value]) -> Fact<String> {
    resident(&mut documents(groups)).dwelling
}

#[test]
fn section_5_4_the_blanks_of_a_dwelling_id_stay() {
    for id in ["900001234V1F028 ", "900001234V2A003c", "900001234V1 001 ", "900001234V1 000 "] {
        assert_eq!(dwelling_of(&[dwelling(id, "2020-01-01")]), Fact::Known(id.to_owned()));
    }
}

#[test]
fn section_5_4_an_id_that_was_not_delivered_is_put_together() {
    let parts = |letter: Value, number: &str, division: Value| {
        let mut group = dwelling(FLAT, "2020-01-01");
        let fields = group.as_object_mut().unwrap();
        fields.remove("asuinpaikantunnus");
        fields.insert("huoneistokirjain".to_owned(), letter);
        fields.insert("huoneistonumero".to_owned(), json!(number));
        fields.insert("jakokirjain".to_owned(), division);
        dwelling_of(&[group])
    };
    assert_eq!(parts(json!("F"), "028", Value::Null), Fact::Known("900001234V1F028 ".to_owned()));
    assert_eq!(parts(json!("A"), "003", json!("c")), Fact::Known("900001234V1A003c".to_owned()));
    assert_eq!(parts(json!(" "), "1", json!(" ")), Fact::Known("900001234V1 001 ".to_owned()));
    // without a number nobody knows which flat
    assert_eq!(parts(json!("F"), "", Value::Null), Fact::Unknown(UnknownReason::NotDelivered));
    // an address alone tells it too
    assert_eq!(dwelling_of(&[address("2020-01-01")]), Fact::Known(FLAT.to_owned()));
}

#[test]
fn section_5_4_institutions_and_abroad_have_ids_of_fourteen_characters() {
    let institution = json!({
        "tietoryhma": "VAKINAINEN_OLINPAIKASSA_ASUMINEN", "kuntakoodi": "091", "lajikoodi": 902, "numero": "0909",
        "laitos": "0000", "asuinpaikantunnus": "09190209090000", "alkupv": d("2020-01-01"),
    });
    let abroad = json!({
        "tietoryhma": "VAKINAINEN_ULKOMAILLA_ASUMINEN", "valtiokoodi": "233", "alkupv": d("2020-01-01"),
        "asuinpaikantunnus": "20023300000000",
    });
    assert_eq!(dwelling_of(std::slice::from_ref(&institution)), Fact::Known("09190209090000".to_owned()));
    let record = resident(&mut documents(std::slice::from_ref(&abroad)));
    assert_eq!(record.dwelling, Fact::Known("20023300000000".to_owned()));
    assert_eq!(record.municipality, Fact::None, "whoever lives abroad lives in no municipality");
    // the codes that say so themselves
    for code in ["198", "200"] {
        assert_eq!(resident(&mut documents(&[municipality(code, "2020-01-01")])).municipality, Fact::None);
    }
    assert!(resident(&mut documents(&[municipality("199", "2020-01-01")])).municipality.is_unknown());
    // a move from a flat to an institution is a move
    let mut documents = documents(&[dwelling(FLAT, "2015-01-01")]);
    change(
        &mut documents,
        &[
            told("LISATTY", institution),
            told("MUUTETTU", with(dwelling(FLAT, "2015-01-01"), "loppupv", d("2019-12-31"))),
        ],
    );
    assert_eq!(resident(&mut documents).dwelling, Fact::Known("09190209090000".to_owned()));
}

#[test]
fn section_5_4_former_dwellings_may_lack_the_id() {
    let mut former = dwelling("900001234V1A001 ", "2010-01-01");
    former.as_object_mut().unwrap().remove("asuinpaikantunnus");
    let former = with(former, "tietoryhma", json!("EDELLINEN_KOTIMAINEN_ASUINPAIKKATUNNUS"));
    let mut documents = documents(&[former, dwelling(FLAT, "2020-01-01")]);
    let loaded = documents.loaded(on(TODAY));
    assert_eq!(loaded.issues, []);
    assert_eq!(loaded.delivery.residents[0].dwelling, Fact::Known(FLAT.to_owned()));
}

#[test]
fn section_5_4_one_flat_under_two_addresses_of_its_building_is_one_home() {
    let other = "900001234V2F028 ";
    let mut documents = documents_of(&[
        person(ADULT, &[birth("1985-03-12"), dwelling(FLAT, "2020-01-01"), address("2020-01-01")]),
        person(MOTHER, &[birth("1988-02-02"), dwelling(other, "2020-01-01"), address("2020-01-01")]),
    ]);
    let delivery = documents.loaded(on(TODAY)).delivery;
    assert_eq!(delivery.residents[1].dwelling, Fact::Known(other.to_owned()), "as delivered");
    let mut table = IdentityTable::new(KeySecret::new([7; 32]));
    let register = Register::build(delivery, on(TODAY), &mut table).register;
    assert_eq!(register.households().count(), 1);
}

#[test]
fn section_5_5_households_are_of_permanent_dwellings_and_of_the_living() {
    let at = |id: &str| dwelling(id, "2020-01-01");
    let institution = json!({
        "tietoryhma": "VAKINAINEN_OLINPAIKASSA_ASUMINEN", "asuinpaikantunnus": "09190209090000", "alkupv": d("2020-01-01"),
    });
    let dead = json!({ "tietoryhma": "KUOLINPAIVA", "kuollut": true });
    let mut documents = documents_of(&[
        person(ADULT, &[birth("1985-03-12"), at(FLAT)]),
        person(MOTHER, &[birth("1988-02-02"), at(FLAT), dead]),
        person(FATHER, &[birth("1987-03-03"), institution]),
        person(
            CHILD,
            &[
                birth("2015-06-15"),
                with(at("900001234V1A001 "), "tietoryhma", json!("TILAPAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS")),
            ],
        ),
    ]);
    let delivery = documents.loaded(on(TODAY)).delivery;
    let mut table = IdentityTable::new(KeySecret::new([7; 32]));
    let register = Register::build(delivery, on(TODAY), &mut table).register;
    assert_eq!(register.households().count(), 1, "none of an institution, none of a temporary home");
    let (household, n) =
        register.households().next().map(|household| (household, household.members().count())).unwrap();
    assert_eq!(n, 1, "the dead are in none: {:?}", household.key());
}

#[test]
fn section_5_5_custody_is_apart_from_parenthood_and_from_living_together() {
    let parent = json!({ "tietoryhma": "VANHEMPI", "vanhempi": { "henkilotunnus": FATHER }, "isaAiti": "ISA" });
    let mut documents = documents_of(&[
        person(
            CHILD,
            &[
                birth("2015-06-15"),
                dwelling(FLAT, "2020-01-01"),
                parent,
                custodian("HUOLTAJA", MOTHER, "LAKISAATEINEN_HUOLTAJA"),
            ],
        ),
        person(MOTHER, &[birth("1988-02-02"), dwelling("900001234V1A001 ", "2020-01-01")]),
        person(FATHER, &[birth("1987-03-03"), dwelling(FLAT, "2020-01-01")]),
        person(ADULT, &[birth("1985-03-12"), dwelling(FLAT, "2020-01-01")]),
    ]);
    let pairs = custody(&mut documents);
    assert_eq!(pairs.len(), 1);
    assert!(pairs[0].custodian == who(MOTHER), "wherever she lives");
}
