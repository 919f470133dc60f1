//! Section 1.6: the shapes of an order of non-disclosure. Unknown is not false.

use ennakko_core::{Fact, IdentityTable, KeySecret, Register, UnknownReason};

use super::*;

const WITHHELD: UnknownReason = UnknownReason::Withheld;

fn protection(groups: &[Value]) -> Fact<bool> {
    resident(&mut documents(groups)).protection
}

fn ends(active: bool, day: &str) -> Value {
    with(ban(active), "turvaLoppuPv", d(day))
}

#[test]
fn section_1_6_1_the_flag() {
    let disputed = Fact::Unknown(UnknownReason::Disputed);
    for (group, wanted) in [
        (ban(true), Fact::Known(true)),
        (ends(true, "2120-02-28"), Fact::Known(true)),
        (ends(true, "2030-01-01"), Fact::Known(true)),
        // its end has passed, and nobody has said that it ended
        (ends(true, "2026-11-01"), Fact::Known(true)),
        (ban(false), Fact::Known(false)),
        (ends(false, "2026-11-01"), Fact::Known(false)),
        (ends(false, "2030-01-01"), disputed),
        (json!({ "tietoryhma": "TURVAKIELTO" }), Fact::Unknown(UnknownReason::NotDelivered)),
        (json!({ "tietoryhma": "TURVAKIELTO", "turvakieltoAktiivinen": "ei" }), disputed),
    ] {
        assert_eq!(protection(std::slice::from_ref(&group)), wanted, "{group}");
    }
    // beside orders that have ended, one in force counts, whatever the order
    assert_eq!(protection(&[ban(true), ends(false, "2020-01-01")]), Fact::Known(true));
    assert_eq!(protection(&[ends(false, "2020-01-01"), ban(true)]), Fact::Known(true));
}

#[test]
fn section_1_6_1_ended_by_a_change() {
    let mut documents = documents(&[ban(true)]);
    change(&mut documents, &[told("MUUTETTU", ends(false, "2026-11-19"))]);
    assert_eq!(resident(&mut documents).protection, Fact::Known(false));
}

#[test]
fn section_1_6_1_a_new_order_beside_the_end_of_the_old_one_stands() {
    let groups = [told("LISATTY", ends(true, "2028-01-01")), told("MUUTETTU", ends(false, "2026-11-19"))];
    for swapped in [false, true] {
        let mut documents = documents(&[ban(true)]);
        let mut groups = groups.to_vec();
        if swapped {
            groups.reverse();
        }
        change(&mut documents, &groups);
        assert_eq!(resident(&mut documents).protection, Fact::Known(true));
    }
}

#[test]
fn section_1_6_2_kept_back_by_the_names_of_fields() {
    let groups = [
        ban(true),
        kept_back("KOTIKUNTA", &["kuntakoodi", "kuntaanMuuttopv"]),
        kept_back("VAKINAINEN_KOTIMAINEN_OSOITE", &["katunimi", "katunumero"]),
        kept_back("VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS", &["asuinpaikantunnus"]),
        kept_back("VUODENVAIHTEEN_KUNTA", &["kuntakoodi"]),
        kept_back("SAHKOPOSTIOSOITE", &["sahkopostiosoite"]),
    ];
    let mut documents = documents(&groups);
    let loaded = documents.loaded(on(TODAY));
    assert_eq!(loaded.issues, []);
    let record = &loaded.delivery.residents[0];
    assert_eq!(record.protection, Fact::Known(true));
    assert_eq!(record.municipality, Fact::Unknown(WITHHELD), "a municipality kept back is unknown");
    assert_eq!(record.dwelling, Fact::Unknown(WITHHELD));
    assert_eq!(record.dwelling_since, Fact::Unknown(WITHHELD));
    assert_eq!(loaded.delivery.histories[0].known_from, Fact::Unknown(WITHHELD), "and so is where they lived before");
    assert!(loaded.delivery.histories[0].stays.is_empty() && loaded.delivery.dwellings.is_empty());
}

#[test]
fn section_1_6_2_what_is_kept_back_from_now_on_is_forgotten() {
    let mut documents = documents(&[
        birth("2015-06-15"),
        municipality("091", "2015-06-15"),
        dwelling(FLAT, "2020-01-01"),
        address("2020-01-01"),
    ]);
    let kept = [
        ban(true),
        kept_back("KOTIKUNTA", &["kuntakoodi"]),
        kept_back("VAKINAINEN_KOTIMAINEN_OSOITE", &["katunimi"]),
        kept_back("VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS", &["asuinpaikantunnus"]),
    ];
    change(&mut documents, &kept.map(|group| told("MUUTETTU", group)));
    let (changes, _) = documents.changes(on(TODAY));
    let person = &changes.people[0];
    assert_eq!(person.record.municipality, Fact::Unknown(WITHHELD));
    assert_eq!(person.record.dwelling, Fact::Unknown(WITHHELD));
    assert_eq!(person.history.as_ref().unwrap().known_from, Fact::Unknown(WITHHELD));
    let mut stored = Vec::new();
    documents.write(&mut stored).unwrap();
    let stored = String::from_utf8(stored).unwrap();
    assert!(!stored.contains("900001234V") && !stored.contains("Mallikatu"), "not even in what is stored");
}

#[test]
fn section_1_6_3_kept_back_by_the_names_of_groups() {
    let groups = [
        ban(true),
        municipality("091", "2015-06-15"),
        kept_back(
            "VAKINAINEN_KOTIMAINEN_OSOITE",
            &["VAKINAINEN_KOTIMAINEN_OSOITE", "VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS"],
        ),
    ];
    let record = resident(&mut documents(&groups));
    assert_eq!(record.municipality, Fact::Known("091".to_owned()), "which this dialect gives");
    assert_eq!(record.dwelling, Fact::Unknown(WITHHELD));
    assert_eq!(record.protection, Fact::Known(true));
}

#[test]
fn section_1_6_4_an_address_beside_an_active_order_still_hides() {
    let groups = [
        birth("2015-06-15"),
        ban(true),
        municipality("091", "2020-01-01"),
        dwelling(FLAT, "2020-01-01"),
        address("2020-01-01"),
    ];
    let delivery = documents(&groups).loaded(on(TODAY)).delivery;
    assert_eq!(delivery.residents[0].protection, Fact::Known(true));
    let mut table = IdentityTable::new(KeySecret::new([7; 32]));
    let built = Register::build(delivery, on(TODAY), &mut table);
    assert_eq!(built.register.protected_dwellings(), 1);
    assert!(built.register.residents().next().unwrap().home_is_protected());
}

#[test]
fn section_1_6_5_the_older_interface() {
    let at = |flag: &str, ends: &str| {
        let mut person = person(CHILD, &[birth("2015-06-15")]);
        person["Turvakielto"] = json!({ "TurvakieltoTieto": flag, "TurvakieltoPaattymispvm": ends });
        resident(&mut documents_of(&[person]))
    };
    assert_eq!(at("1", "20300101").protection, Fact::Known(true));
    assert_eq!(at("1", "20300101").dwelling, Fact::Unknown(WITHHELD), "a gateway leaves the address out");
    assert_eq!(at("0", "20200101").protection, Fact::Known(false));
    assert_eq!(at("0", "20300101").protection, Fact::Unknown(UnknownReason::Disputed));
    assert_eq!(at("", "").protection, Fact::Unknown(UnknownReason::NotDelivered), "unknown is not false");
    let mut beside = person(CHILD, &[]);
    beside["TurvakieltoTieto"] = json!("1");
    assert_eq!(resident(&mut documents_of(&[beside])).protection, Fact::Known(true));
}

#[test]
fn section_1_6_unknown_is_not_false() {
    let outside = Reading { no_protection_group: NoGroup::MeansUnknown, ..reading() };
    let mut documents = Documents::new(outside);
    documents.take_base_data(&answer(&[person(CHILD, &[birth("2015-06-15")])]), &[]).unwrap();
    assert_eq!(resident(&mut documents).protection, Fact::Unknown(UnknownReason::NotDelivered));
    // what is kept back is kept back for the sake of an order
    assert_eq!(protection(&[kept_back("KOTIKUNTA", &["kuntakoodi"])]), Fact::Known(true));
    let contradiction = [ban(false), kept_back("KOTIKUNTA", &["kuntakoodi"])];
    assert_eq!(protection(&contradiction), Fact::Unknown(UnknownReason::Disputed));
    // an order that could not be read
    let mut documents = super::documents(&[ban(false)]);
    change(&mut documents, &[told("LISATTY", json!({ "tietoryhma": "TURVAKIELTO", "turvakieltoAktiivinen": 1 }))]);
    assert!(resident(&mut documents).protection.is_unknown());
}

#[test]
fn section_1_6_names_and_family_are_not_kept_back() {
    let name = json!({ "tietoryhma": "HENKILON_NIMI", "etunimi": "Aino", "sukunimi": "Malli" });
    let groups = [ban(true), name, custodian("HUOLTAJA", MOTHER, "LAKISAATEINEN_HUOLTAJA")];
    let mut documents = documents(&groups);
    assert!(resident(&mut documents).names.is_some());
    assert_eq!(custody(&mut documents).len(), 1);
}
