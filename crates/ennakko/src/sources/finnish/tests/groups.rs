//! Section 1.3: the groups, and what clients do with them.

use ennakko_core::{Fact, UnknownReason};

use super::*;

fn death(dead: bool) -> Value {
    json!({ "tietoryhma": "KUOLINPAIVA", "kuollut": dead, "kuolinpv": d("2026-11-01") })
}

#[test]
fn section_1_3_kuolinpaiva_with_and_without_a_day() {
    let mut documents = documents(&[birth("1950-01-01")]);
    assert!(!resident(&mut documents).dead);
    change(&mut documents, &[told("LISATTY", json!({ "tietoryhma": "KUOLINPAIVA", "kuollut": true }))]);
    assert!(resident(&mut documents).dead, "dead, though nobody knows since when");
    let declared = json!({
        "tietoryhma": "KUOLLEEKSIJULISTAMISPAIVA", "kuollut": true, "kuolleeksijulistamispv": d("2020-05-05"),
    });
    assert!(resident(&mut super::documents(&[declared])).dead);
    // a day alone is a death, unless the register says otherwise
    assert!(
        resident(&mut super::documents(&[json!({ "tietoryhma": "KUOLINPAIVA", "kuolinpv": d("2026-11-01") })])).dead
    );
    assert!(!resident(&mut super::documents(&[death(false)])).dead);
}

#[test]
fn section_1_3_a_retracted_death_is_not_ignored() {
    let mut documents = documents(&[death(true)]);
    change(
        &mut documents,
        &[told("KORJATTAVA", death(true)), told("KORJATTU", json!({ "tietoryhma": "KUOLINPAIVA", "kuollut": false }))],
    );
    assert!(!resident(&mut documents).dead);
}

#[test]
fn section_1_3_a_death_that_cannot_be_read_brings_nobody_to_life() {
    let mut documents = documents(&[death(true)]);
    let broken = json!({ "tietoryhma": "KUOLINPAIVA", "kuollut": "ehkä" });
    let issues = change(&mut documents, &[told("MUUTETTU", broken)]);
    assert_eq!(issues[0].problem, SourceProblem::WrongShape);
    assert!(resident(&mut documents).dead);
}

fn correction(changed: &str, active: &Value, former: &[&str]) -> Value {
    json!({
        "tietoryhma": "HENKILOTUNNUS_KORJAUS",
        "voimassaolo": "AKTIIVI",
        "muutettuHenkilotunnus": changed,
        "aktiivinenHenkilotunnus": active,
        "edellisetHenkilotunnukset": former,
    })
}

#[test]
fn section_1_3_a_corrected_code_keeps_the_document() {
    let mut documents = documents(&[birth("2015-06-15")]);
    // the change comes under the old code
    change(&mut documents, &[told("LISATTY", correction(CHILD, &json!("150615A911S"), &[CHILD]))]);
    let record = resident(&mut documents);
    assert!(record.code == Some(code("150615A911S").into()));
    assert!(record.former_codes == [code(CHILD).into()]);
    assert_eq!((documents.len(), record.born), (1, exactly("2015-06-15")));
    // and later ones under either
    for (under, town) in [("150615A911S", "049"), (CHILD, "092")] {
        let change = change_of(under, "2026-11-21T22:00:00.000Z", &[told("LISATTY", municipality(town, "2016-01-01"))]);
        assert_eq!(documents.take_changes([change.as_str()]).used, 1);
        assert_eq!(resident(&mut documents).municipality, Fact::Known(town.to_owned()));
    }
}

#[test]
fn section_1_3_without_an_active_code_the_codes_stay() {
    for missing in [Value::Null, json!("")] {
        let mut documents = documents(&[birth("2015-06-15")]);
        let issues = change(&mut documents, &[told("LISATTY", correction(CHILD, &missing, &["150615A911S"]))]);
        assert_eq!(issues.len(), 1);
        assert_eq!(
            (issues[0].group.as_deref(), issues[0].problem),
            (Some("HENKILOTUNNUS_KORJAUS"), SourceProblem::NoCode)
        );
        let record = resident(&mut documents);
        assert!(record.code == Some(code(CHILD).into()) && record.former_codes.is_empty());
    }
}

#[test]
fn section_1_3_unknown_groups_are_kept_and_counted_and_never_fatal() {
    let new = json!({ "tietoryhma": "KELTAINEN_MERKINTA", "vari": ["keltainen", { "syvyys": 3 }] });
    let mut documents = Documents::new(reading());
    let people = answer(&[
        person(CHILD, &[new.clone(), birth("2015-06-15"), json!({ "tietoryhma": "LAPSI_SUPPEA" })]),
        person(MOTHER, std::slice::from_ref(&new)),
    ]);
    let taken = documents.take_base_data(&people, &[]).unwrap();
    assert_eq!((taken.read, taken.used, taken.issues.len()), (2, 2, 0));
    let counted: Vec<(&str, usize)> = taken.unread.iter().map(|(name, n)| (name.as_str(), *n)).collect();
    assert_eq!(counted, [("KELTAINEN_MERKINTA", 2), ("LAPSI_SUPPEA", 1)]);
    let mut stored = Vec::new();
    documents.write(&mut stored).unwrap();
    assert!(String::from_utf8(stored).unwrap().contains(&new.to_string()), "as it came");
    assert_eq!(documents.loaded(on(TODAY)).delivery.residents[0].born, exactly("2015-06-15"));
    // and in changes
    let unread =
        documents.take_changes([change_of(CHILD, "2026-11-20T22:00:00Z", &[told("LISATTY", new)]).as_str()]).unread;
    assert_eq!(unread.into_iter().collect::<Vec<_>>(), [("KELTAINEN_MERKINTA".to_owned(), 1)]);
}

#[test]
fn section_1_3_a_known_group_of_another_shape_is_left_out_alone() {
    let broken = json!({ "tietoryhma": "KOTIKUNTA", "kuntakoodi": { "fi": "Helsinki" } });
    let mut documents = Documents::new(reading());
    let taken = documents
        .take_base_data(&answer(&[person(CHILD, &[broken.clone(), birth("2015-06-15"), json!("ei mitään")])]), &[])
        .unwrap();
    assert_eq!((taken.read, taken.used), (1, 1));
    let mut found: Vec<_> = taken.issues.iter().map(|issue| (issue.group.as_deref(), issue.sets_aside)).collect();
    found.sort_unstable();
    assert_eq!(found, [(None, false), (Some("KOTIKUNTA"), false)]);
    let record = resident(&mut documents);
    assert_eq!(record.municipality, Fact::Unknown(UnknownReason::Disputed));
    assert_eq!(record.born, exactly("2015-06-15"));
    // a later group that can be read tells it again
    let mut documents = super::documents(&[municipality("091", "2015-06-15")]);
    assert_eq!(change(&mut documents, &[told("MUUTETTU", broken)]).len(), 1);
    assert!(resident(&mut documents).municipality.is_unknown());
    let change = change_of(CHILD, "2026-11-21T22:00:00Z", &[told("MUUTETTU", municipality("049", "2026-01-01"))]);
    documents.take_changes([change.as_str()]);
    assert_eq!(resident(&mut documents).municipality, Fact::Known("049".to_owned()));
}

#[test]
fn section_1_3_a_name_of_a_group_is_never_a_place_for_data() {
    let mut documents = Documents::new(reading());
    let odd = ["Malli Aino, 1.1.2015", CHILD, ""].map(|name| json!({ "tietoryhma": name }));
    let taken = documents.take_base_data(&answer(&[person(CHILD, &odd)]), &[]).unwrap();
    assert!(taken.unread.is_empty());
    assert_eq!(taken.issues.len(), 3);
    assert_eq!(taken.issues[0].to_string(), "record 1: is not of the shape that the source documents");
}

#[test]
fn section_1_3_a_lifted_ban_tells_the_present_home_as_changed() {
    let mut documents = documents(&[
        ban(true),
        kept_back("KOTIKUNTA", &["kuntakoodi"]),
        kept_back("VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS", &["asuinpaikantunnus"]),
    ]);
    assert!(resident(&mut documents).dwelling.is_unknown());
    change(
        &mut documents,
        &[
            told("MUUTETTU", with(ban(false), "turvaLoppuPv", d("2026-11-19"))),
            told("MUUTETTU", municipality("091", "2020-01-01")),
            told("MUUTETTU", dwelling(FLAT, "2020-01-01")),
            told("MUUTETTU", address("2020-01-01")),
        ],
    );
    let record = resident(&mut documents);
    assert_eq!(record.protection, Fact::Known(false));
    assert_eq!(record.municipality, Fact::Known("091".to_owned()));
    assert_eq!((record.dwelling, record.dwelling_since), (Fact::Known(FLAT.to_owned()), exactly("2020-01-01")));
}

#[test]
fn section_1_3_a_move_tells_the_new_home_as_added_and_the_old_one_as_ended() {
    let (old, new) = ("900001234V1A001 ", FLAT);
    for swapped in [false, true] {
        let mut documents = documents(&[dwelling(old, "2015-06-15")]);
        let mut groups = vec![
            told("LISATTY", dwelling(new, "2026-06-27")),
            told("MUUTETTU", with(dwelling(old, "2015-06-15"), "loppupv", d("2026-06-26"))),
        ];
        if swapped {
            groups.reverse();
        }
        change(&mut documents, &groups);
        let record = resident(&mut documents);
        assert_eq!((record.dwelling, record.dwelling_since), (Fact::Known(new.to_owned()), exactly("2026-06-27")));
    }
}
