//! Section 0: what matters most.

use ennakko_core::Fact;
use ennakko_core::record::Sex;

use super::*;

/// The same groups, told as base data and as changes of somebody new, give the same records.
#[test]
fn section_0_1_one_union_for_base_data_and_changes() {
    let groups = [
        json!({ "tietoryhma": "HENKILON_NIMI", "etunimi": "Aino Elisa", "sukunimi": "Malli" }),
        birth("2015-06-15"),
        json!({ "tietoryhma": "SUKUPUOLI", "sukupuoli": "NAINEN" }),
        municipality("091", "2015-06-15"),
        dwelling(FLAT, "2015-06-15"),
        address("2015-06-15"),
        custodian("HUOLTAJA", MOTHER, "LAKISAATEINEN_HUOLTAJA"),
    ];
    let mut base = documents(&groups);
    let mut changed = Documents::new(reading());
    change(&mut changed, &groups.map(|group| told("LISATTY", group)));
    let (from_base, from_changes) = (base.loaded(on(TODAY)).delivery, changed.loaded(on(TODAY)).delivery);
    assert!(from_base.residents == from_changes.residents);
    assert_eq!(from_base.custody, from_changes.custody);
    assert!(from_base.dwellings == from_changes.dwellings && from_base.dwellings.len() == 1);
    assert!(from_base.histories == from_changes.histories && from_base.histories.len() == 1);
}

/// In the register's own sandbox the groups of birth and sex contradict the code of most people.
#[test]
fn section_0_3_neither_birth_nor_sex_comes_from_the_code() {
    // by code: born on 15 June 2015, and female
    let told = [birth("2014-01-31"), json!({ "tietoryhma": "SUKUPUOLI", "sukupuoli": "MIES" })];
    let record = resident(&mut documents(&told));
    assert_eq!((record.born, record.sex), (exactly("2014-01-31"), Fact::Known(Sex::Male)));
    let nothing_told = resident(&mut documents(&[]));
    assert!(nothing_told.born.is_unknown() && nothing_told.sex.is_unknown());
}

#[test]
fn section_0_4_people_of_one_dwelling_id_share_a_home() {
    let home = |code: &str, id: &str| person(code, &[birth("1985-03-12"), dwelling(id, "2020-01-01")]);
    let mut documents = documents_of(&[home(ADULT, FLAT), home(MOTHER, FLAT), home(FATHER, "900001234V1F028a")]);
    let residents = documents.loaded(on(TODAY)).delivery.residents;
    assert_eq!(residents[0].dwelling, residents[1].dwelling);
    assert_ne!(residents[0].dwelling, residents[2].dwelling);
    assert_eq!(residents[0].dwelling, Fact::Known(FLAT.to_owned()), "with its blank");
}
