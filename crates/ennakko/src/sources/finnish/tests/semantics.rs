//! Section 1.5: what is only learned from fixtures and code.

use ennakko_core::record::{CustodyKind, Names};
use ennakko_core::{Fact, IdentityTable, KeySecret, LeapDayPolicy, Register, UnknownReason};

use super::*;

const LEGAL: &str = "LAKISAATEINEN_HUOLTAJA";
const ORDERED: &str = "MAARATTY_HUOLTAJA";

#[test]
fn section_1_5_homes_are_closed_intervals() {
    let old = with(dwelling("900001234V1A001 ", "2015-06-15"), "loppupv", d("2026-06-26"));
    let mut documents = documents(&[old, dwelling(FLAT, "2026-06-27")]);
    assert_eq!(resident_on(&mut documents, "2026-06-26").dwelling, Fact::Known("900001234V1A001 ".to_owned()));
    assert_eq!(resident_on(&mut documents, "2026-06-27").dwelling, Fact::Known(FLAT.to_owned()));
}

#[test]
fn section_1_5_municipalities_are_closed_intervals_in_either_dialect() {
    for left in ["2026-06-26", "2026-06-27"] {
        let former = json!({
            "tietoryhma": "EDELLINEN_KOTIKUNTA", "kuntakoodi": "049", "kuntaanMuuttopv": d("2015-06-15"),
            "kunnastaPoisMuuttopv": d(left),
        });
        let groups = [birth("2015-06-15"), former, municipality("091", "2026-06-27")];
        let delivery = documents(&groups).loaded(on(TODAY)).delivery;
        let mut table = IdentityTable::new(KeySecret::new([7; 32]));
        let built = Register::build(delivery, on(TODAY), &mut table);
        assert_eq!(built.issues, []);
        let child = built.register.residents().next().unwrap();
        for (town, day, there) in [
            ("049", "2015-06-15", true),
            ("049", "2026-06-26", true),
            ("091", "2026-06-26", false),
            ("049", "2026-06-27", false),
            ("091", "2026-06-27", true),
        ] {
            assert_eq!(child.lives_in_on(town, on(day)), Fact::Known(there), "left {left}: {town} on {day}");
        }
    }
}

#[test]
fn section_1_5_names_are_half_open() {
    let of = |name: &str, field: &str| {
        with(
            json!({ "tietoryhma": "NIMENMUUTOS", "nimilaji": "NYKYINEN_SUKUNIMI", "nimi": name }),
            field,
            d("2026-06-27"),
        )
    };
    let own =
        json!({ "tietoryhma": "HENKILON_NIMI", "etunimi": "Aino", "sukunimi": "Uusi", "alkupv": d("2026-06-27") });
    let mut documents = documents(&[own, of("Uusi", "alkupv"), of("Vanha", "loppupv")]);
    let mut family = |day: &str| resident_on(&mut documents, day).names.unwrap().family;
    assert_eq!(family("2026-06-26"), "Vanha");
    assert_eq!(family("2026-06-27"), "Uusi", "the day on which the old one ends");
}

#[test]
fn section_1_5_call_names_and_languages_are_half_open() {
    let called = |name: &str, field: &str| {
        with(
            json!({ "tietoryhma": "KUTSUMANIMI", "nimilaji": "NYKYINEN_KUTSUMANIMI", "nimi": name }),
            field,
            d("2026-06-27"),
        )
    };
    let language = |code: &str, field: &str| {
        with(json!({ "tietoryhma": "AIDINKIELI", "kielikoodi": code }), field, d("2026-06-27"))
    };
    let mut documents = documents(&[
        json!({ "tietoryhma": "HENKILON_NIMI", "etunimi": "Aino Elisa", "sukunimi": "Malli" }),
        called("Elisa", "alkupv"),
        called("Aino", "loppupv"),
        language("sv", "alkupv"),
        // the end of the old one may be told last
        language("fi", "loppupv"),
    ]);
    for (day, given, spoken) in [("2026-06-26", "Aino Elisa", "fi"), ("2026-06-27", "Elisa Aino", "sv")] {
        let record = resident_on(&mut documents, day);
        assert_eq!((record.names.unwrap().given.as_str(), record.language), (given, Fact::Known(spoken.to_owned())));
    }
}

fn ended(group: Value, until: &str) -> Value {
    with(group, "huoltosuhteenLoppupv", d(until))
}

fn begun(group: Value, from: &str) -> Value {
    with(group, "huoltosuhteenAlkupv", d(from))
}

/// The custodians that the register gives of the first resident with custody, on a day.
fn custodians_on(documents: &mut Documents, day: &str) -> usize {
    let delivery = documents.loaded(on(TODAY)).delivery;
    let mut table = IdentityTable::new(KeySecret::new([7; 32]));
    let built = Register::build(delivery, on(TODAY), &mut table);
    assert_eq!(built.issues, []);
    let key = table.key_of(&code(CHILD).into()).unwrap();
    let child = built.register.residents().find(|resident| resident.key() == key).unwrap();
    child.custodians_on(on(day), LeapDayPolicy::February28).known.len()
}

#[test]
fn section_1_5_custody_of_two_people_overlaps_by_one_day() {
    let mut documents = documents(&[
        birth("2015-06-15"),
        ended(custodian("HUOLTAJA", MOTHER, LEGAL), "2026-06-27"),
        begun(custodian("HUOLTAJA", FATHER, ORDERED), "2026-06-27"),
    ]);
    assert_eq!(["2026-06-26", "2026-06-27", "2026-06-28"].map(|day| custodians_on(&mut documents, day)), [1, 2, 1]);
}

#[test]
fn section_1_5_custody_of_one_person_that_becomes_another_kind_is_not_two() {
    let mut documents = documents(&[
        birth("2015-06-15"),
        ended(custodian("HUOLTAJA", MOTHER, LEGAL), "2026-06-27"),
        begun(custodian("HUOLTAJA", MOTHER, ORDERED), "2026-06-27"),
    ]);
    assert_eq!(["2026-06-26", "2026-06-27", "2026-06-28"].map(|day| custodians_on(&mut documents, day)), [1, 1, 1]);
}

/// Clients disagree on the last day. Here both bounds are included, and the 18th birthday itself is of age.
#[test]
fn section_1_5_custody_on_the_birthday_itself() {
    let mut documents = documents(&[birth("2008-11-23"), ended(custodian("HUOLTAJA", MOTHER, LEGAL), "2026-11-23")]);
    assert_eq!(["2026-11-22", "2026-11-23"].map(|day| custodians_on(&mut documents, day)), [1, 0]);
    // for somebody still a minor the last day itself counts
    let mut documents =
        super::documents(&[birth("2015-06-15"), ended(custodian("HUOLTAJA", MOTHER, LEGAL), "2026-11-23")]);
    assert_eq!(["2026-11-22", "2026-11-23", "2026-11-24"].map(|day| custodians_on(&mut documents, day)), [1, 1, 0]);
}

#[test]
fn section_1_5_one_event_of_custody_told_four_times_is_one() {
    let mut documents = documents(&[
        birth("2015-06-15"),
        custodian("HUOLTAJA", MOTHER, LEGAL),
        custodian("HUOLTAJA_SUPPEA", MOTHER, LEGAL),
    ]);
    let new = |name: &str| begun(custodian(name, MOTHER, ORDERED), "2026-06-27");
    let old = |name: &str| ended(custodian(name, MOTHER, LEGAL), "2026-06-27");
    let mut groups = Vec::new();
    for name in ["HUOLTAJA", "HUOLTAJA_SUPPEA"] {
        groups.push(told("LISATTY", new(name)));
        groups.push(with(told("MUUTETTU", old(name)), "voimassaolevatTiedot", json!([new(name)])));
    }
    assert_eq!(change(&mut documents, &groups), []);
    let pairs = custody(&mut documents);
    let days: Vec<_> = pairs.iter().map(|pair| (pair.from, pair.until)).collect();
    let changed = Fact::Known(on("2026-06-27"));
    assert!(days.len() == 2 && days.contains(&(changed, Fact::None)), "{days:?}");
    assert_eq!(custodians_on(&mut documents, "2026-06-27"), 1);
}

#[test]
fn section_1_5_a_guardian_without_a_code_is_described_by_the_name_as_it_is() {
    let described = |name: &str, given: &str| {
        let party = json!({ "etunimet": given, "sukunimi": "Malli", "syntymapv": d("1985-01-31") });
        with(custodian(name, MOTHER, LEGAL), "huoltaja", party)
    };
    let mut documents =
        documents(&[birth("2015-06-15"), described("HUOLTAJA", "Matti "), described("HUOLTAJA_SUPPEA", "Matti")]);
    let pairs = custody(&mut documents);
    assert_eq!(pairs.len(), 1, "a blank at the end makes nobody else");
    let names = Names { given: "Matti ".to_owned(), family: "Malli".to_owned() };
    assert!(pairs[0].custodian == Who::Described(Box::new(names), exactly("1985-01-31")), "and it is kept");
    // somebody of another day of birth is somebody else
    let party = json!({ "etunimet": "Matti", "sukunimi": "Malli", "syntymapv": d("1985-02-01") });
    change(&mut documents, &[told("LISATTY", with(described("HUOLTAJA", "Matti"), "huoltaja", party))]);
    assert_eq!(custody(&mut documents).len(), 2);
}

#[test]
fn section_1_5_a_guardian_who_gets_a_code_is_the_same() {
    let party = json!({ "etunimet": "Matti ", "sukunimi": "Malli", "syntymapv": d("1987-03-03") });
    let mut documents =
        documents(&[birth("2015-06-15"), with(custodian("HUOLTAJA", FATHER, LEGAL), "huoltaja", party)]);
    let now =
        json!({ "henkilotunnus": FATHER, "etunimet": "Matti", "sukunimi": "Malli", "syntymapv": d("1987-03-03") });
    change(&mut documents, &[told("MUUTETTU", with(custodian("HUOLTAJA", FATHER, LEGAL), "huoltaja", now))]);
    let pairs = custody(&mut documents);
    assert_eq!(pairs.len(), 1);
    assert!(pairs[0].custodian == who(FATHER));
}

#[test]
fn section_1_5_a_right_to_information_is_no_custody() {
    for kind in ["TIEDONSAANTIOIKEUTETTU", "3"] {
        let groups = [birth("2015-06-15"), custodian("HUOLTAJA", MOTHER, LEGAL), custodian("HUOLTAJA", FATHER, kind)];
        let mut documents = documents(&groups);
        let pairs = custody(&mut documents);
        let informed: Vec<_> = pairs.iter().filter(|pair| pair.kind == CustodyKind::InformationOnly).collect();
        assert_eq!((pairs.len(), informed.len()), (2, 1));
        assert!(informed[0].custodian == who(FATHER) && informed[0].may_decide == Fact::Known(false));
        assert_eq!(custodians_on(&mut documents, TODAY), 1);
    }
    // a word that is none of the list's: nobody real is dropped, and nothing is granted
    let mut documents = documents(&[birth("2015-06-15"), custodian("HUOLTAJA", MOTHER, "KUMMISETA")]);
    let loaded = documents.loaded(on(TODAY));
    assert_eq!(problems(&loaded), [(Some("HUOLTAJA"), SourceProblem::UnknownValue)]);
    assert!(loaded.delivery.custody[0].may_decide.is_unknown());
}

#[test]
fn section_1_5_edellinen_kotikunta_changed_is_the_same_stay_with_another_end() {
    let former = |left: &str| {
        json!({
            "tietoryhma": "EDELLINEN_KOTIKUNTA", "kuntakoodi": "049", "kuntaanMuuttopv": d("2015-06-15"),
            "kunnastaPoisMuuttopv": d(left),
        })
    };
    let mut documents = documents(&[birth("2015-06-15"), former("2026-06-01"), municipality("091", "2026-06-27")]);
    let stays = |documents: &mut Documents| documents.loaded(on(TODAY)).delivery.histories.remove(0).stays.len();
    assert_eq!(stays(&mut documents), 1, "before a gap nothing is known");
    change(&mut documents, &[told("MUUTETTU", former("2026-06-26"))]);
    assert_eq!(stays(&mut documents), 2);
}

#[test]
fn section_1_5_kotikunta_annulled_survives_within_and_is_repeated() {
    let (helsinki, espoo) = (municipality("091", "2015-06-15"), municipality("049", "2026-03-01"));
    let former = json!({
        "tietoryhma": "EDELLINEN_KOTIKUNTA", "kuntakoodi": "091", "kuntaanMuuttopv": d("2015-06-15"),
        "kunnastaPoisMuuttopv": d("2026-02-28"),
    });
    let mut documents = documents(&[espoo.clone(), former.clone()]);
    assert_eq!(resident(&mut documents).municipality, Fact::Known("049".to_owned()));
    change(
        &mut documents,
        &[
            with(told("POISTETTU", espoo), "voimassaolevatTiedot", json!([helsinki])),
            with(told("POISTETTU", former), "voimassaolevatTiedot", json!([])),
            told("LISATIETO", helsinki),
        ],
    );
    let delivery = documents.loaded(on(TODAY)).delivery;
    assert_eq!(delivery.residents[0].municipality, Fact::Known("091".to_owned()));
    assert_eq!(delivery.histories[0].stays.len(), 1);
}

#[test]
fn section_1_5_moving_back_to_a_municipality_is_no_leaving_it() {
    let former = |code: &str, from: &str, to: &str| {
        json!({
            "tietoryhma": "EDELLINEN_KOTIKUNTA", "kuntakoodi": code, "kuntaanMuuttopv": d(from),
            "kunnastaPoisMuuttopv": d(to),
        })
    };
    let mut documents = documents(&[
        former("091", "2015-06-15", "2020-12-31"),
        former("049", "2021-01-01", "2026-02-28"),
        municipality("091", "2026-03-01"),
    ]);
    let delivery = documents.loaded(on(TODAY)).delivery;
    assert_eq!(delivery.residents[0].municipality, Fact::Known("091".to_owned()));
    assert_eq!(delivery.histories[0].stays.len(), 3);
    // the day of moving in may be missing on the older stay
    let mut unspecific = former("091", "2015-06-15", "2020-12-31");
    unspecific.as_object_mut().unwrap().remove("kuntaanMuuttopv");
    let mut documents = super::documents(&[unspecific, municipality("091", "2026-03-01")]);
    assert_eq!(resident(&mut documents).municipality, Fact::Known("091".to_owned()));
}

#[test]
fn section_1_5_base_data_of_a_passive_code_belongs_to_the_active_one() {
    let correction = json!({
        "tietoryhma": "HENKILOTUNNUS_KORJAUS", "voimassaolo": "PASSIIVI", "muutettuHenkilotunnus": CHILD,
        "aktiivinenHenkilotunnus": "150615A911S", "edellisetHenkilotunnukset": [],
    });
    let mut documents = documents(&[birth("2015-06-15"), correction]);
    let record = resident(&mut documents);
    assert!(record.code == Some(code("150615A911S").into()) && record.former_codes == [code(CHILD).into()]);
    // and base data of the active code is the same document's
    documents.take_base_data(&answer(&[person("150615A911S", &[birth("2015-06-16")])]), &[]).unwrap();
    let record = resident(&mut documents);
    assert_eq!((documents.len(), record.born), (1, exactly("2015-06-16")));
    assert!(record.former_codes == [code(CHILD).into()], "a code ever seen stays known");
}

#[test]
fn section_1_5_a_correction_to_somebody_elses_code_waits() {
    let mut documents =
        documents_of(&[person(CHILD, &[birth("2015-06-15")]), person("150615A911S", &[birth("2015-06-15")])]);
    let correction = json!({
        "tietoryhma": "HENKILOTUNNUS_KORJAUS", "voimassaolo": "AKTIIVI", "muutettuHenkilotunnus": CHILD,
        "aktiivinenHenkilotunnus": "150615A911S", "edellisetHenkilotunnukset": [CHILD],
    });
    let change = change_of(CHILD, "2026-11-20T22:00:00Z", &[told("LISATTY", correction)]);
    let taken = documents.take_changes([change.as_str()]);
    assert_eq!((taken.used, taken.waiting, taken.issues[0].problem), (0, 1, SourceProblem::Duplicate));
    assert_eq!(documents.len(), 2);
}

#[test]
fn section_1_5_somebody_may_silently_not_come() {
    let mut documents = Documents::new(reading());
    let asked = [CHILD, MOTHER, FATHER].map(code);
    let taken = documents
        .take_base_data(&answer(&[person(MOTHER, &[]), person(CHILD, &[birth("2015-06-15")])]), &asked)
        .unwrap();
    let told: Vec<_> = taken.issues.iter().map(|issue| (issue.position, issue.problem, issue.sets_aside)).collect();
    assert_eq!(told, [(3, SourceProblem::NotDelivered, false)]);
    assert_eq!((taken.read, taken.used), (2, 2));
}

#[test]
fn section_1_5_a_new_born_has_no_name() {
    assert!(resident(&mut documents(&[birth("2026-11-01")])).names.is_none());
    let unnamed = with(custodian("HUOLTAJA", MOTHER, LEGAL), "huoltaja", json!({ "henkilotunnus": MOTHER }));
    assert!(custody(&mut documents(&[unnamed])).remove(0).custodian == who(MOTHER), "nor have all relatives");
}

#[test]
fn section_1_5_after_a_failure_later_changes_of_the_same_person_wait() {
    let mut documents = documents_of(&[person(MOTHER, &[birth("1988-02-02")])]);
    let moves = |town: &str| [told("LISATTY", municipality(town, "2026-01-01"))];
    let page = [
        // nobody knows the child yet, and a move is not a whole person
        change_of(CHILD, "2026-11-18T22:00:00Z", &moves("049")),
        change_of(MOTHER, "2026-11-18T22:00:00Z", &moves("092")),
        change_of(CHILD, "2026-11-19T22:00:00Z", &moves("091")),
    ];
    let taken = documents.take_changes(page.iter().map(String::as_str));
    assert_eq!((taken.read, taken.used, taken.waiting), (3, 1, 2));
    let told: Vec<_> = taken.issues.iter().map(|issue| (issue.position, issue.problem, issue.sets_aside)).collect();
    assert_eq!(told, [(1, SourceProblem::NoSuchSubject, true), (3, SourceProblem::Waits, true)]);
    assert!(taken.wants_base_data == [code(CHILD)]);
    let (changes, _) = documents.changes(on(TODAY));
    assert_eq!(changes.people.len(), 1);
    assert_eq!(changes.people[0].record.municipality, Fact::Known("092".to_owned()), "others go on");
    // base data is the whole state: nothing waits any longer
    let base = answer(&[person(CHILD, &[birth("2015-06-15"), municipality("091", "2026-01-01")])]);
    assert_eq!(documents.take_base_data(&base, &[]).unwrap().waiting, 0);
    assert_eq!(documents.changes(on(TODAY)).0.people.len(), 1);
}

#[test]
fn section_1_5_what_waits_goes_first_in_the_order_of_entering() {
    let mut documents = Documents::new(reading());
    let later = change_of(CHILD, "2026-11-19T22:00:00Z", &[told("LISATTY", municipality("091", "2026-02-01"))]);
    assert_eq!(documents.take_changes([later.as_str()]).waiting, 1);
    // the change that tells the whole person was entered before, and comes after
    let whole = [birth("2015-06-15"), municipality("049", "2026-01-01")].map(|group| told("LISATTY", group));
    let taken = documents.take_changes([change_of(CHILD, "2026-11-18T22:00:00Z", &whole).as_str()]);
    assert_eq!((taken.read, taken.used, taken.waiting), (1, 1, 0));
    assert_eq!(resident(&mut documents).municipality, Fact::Known("091".to_owned()));
}

#[test]
fn section_1_5_nobody_delivered_is_not_nobody() {
    let child = resident(&mut documents(&[birth("2015-06-15")]));
    assert_eq!(child.custodians, ListState::Open(UnknownReason::NotDelivered));
    let grown = resident(&mut documents(&[birth("1985-03-12")]));
    assert_eq!(grown.custodians, ListState::Whole, "nobody has custody of somebody of age");
    let known = resident(&mut documents(&[birth("2015-06-15"), custodian("HUOLTAJA", MOTHER, LEGAL)]));
    assert_eq!(known.custodians, ListState::Whole);
    // all that were delivered have ended: nobody says that there is nobody else
    let past = [birth("2015-06-15"), ended(custodian("HUOLTAJA", MOTHER, LEGAL), "2020-01-01")];
    assert_eq!(resident(&mut documents(&past)).custodians, ListState::Open(UnknownReason::NotDelivered));
    // and a change that brings no custodians takes none away
    let mut documents = documents(&[birth("2015-06-15")]);
    documents.loaded(on(TODAY));
    change(&mut documents, &[told("LISATTY", municipality("091", "2026-01-01"))]);
    assert!(documents.changes(on(TODAY)).0.people[0].custody.is_none());
}

#[test]
fn section_1_5_a_guardian_with_a_code_that_cannot_be_one_leaves_the_list_open() {
    let mut documents = documents(&[birth("2015-06-15"), custodian("HUOLTAJA", "020288-902X", LEGAL)]);
    let loaded = documents.loaded(on(TODAY));
    assert_eq!(problems(&loaded), [(Some("HUOLTAJA"), SourceProblem::BadCode)]);
    assert_eq!(loaded.delivery.residents[0].custodians, ListState::Open(UnknownReason::Disputed));
}

#[test]
fn section_1_5_the_street_is_joined_again() {
    let street = |address: Value| {
        let mut documents = documents(&[dwelling(FLAT, "2020-01-01"), address]);
        let record = documents.loaded(on(TODAY)).delivery.dwellings.remove(0);
        record.address.known().unwrap()
    };
    let whole = street(address("2020-01-01"));
    assert_eq!(
        (whole.street.as_str(), whole.postal_code.as_str(), whole.post_office.as_str()),
        ("Mallikatu 6a-6b F 28", "00780", "HELSINKI"),
        "the number without its zeros"
    );
    let mut swedish = with(address("2020-01-01"), "jakokirjain", json!("c"));
    swedish["katunimi"] = json!({ "sv": "Modellgatan" });
    let id = "900001234V1F028c";
    let mut documents = documents(&[dwelling(id, "2020-01-01"), swedish]);
    let record = documents.loaded(on(TODAY)).delivery.dwellings.remove(0);
    assert_eq!(record.address.known().unwrap().street, "Modellgatan 6a-6b F 28c");
}

#[test]
fn section_1_5_only_the_permanent_domestic_home_counts() {
    let elsewhere = [
        json!({ "tietoryhma": "KOTIMAINEN_POSTIOSOITE", "postiosoite": { "fi": "PL 1" }, "postinumero": "00780",
                "postitoimipaikka": { "fi": "HELSINKI" }, "alkupv": d("2020-01-01") }),
        with(
            dwelling("900001234V1A001 ", "2025-01-01"),
            "tietoryhma",
            json!("TILAPAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS"),
        ),
        dwelling(FLAT, "2020-01-01"),
        with(address("2025-01-01"), "tietoryhma", json!("TILAPAINEN_KOTIMAINEN_OSOITE")),
    ];
    let delivery = documents(&elsewhere).loaded(on(TODAY)).delivery;
    assert_eq!(delivery.residents[0].dwelling, Fact::Known(FLAT.to_owned()));
    assert!(delivery.dwellings.is_empty(), "no address of the permanent home came");
}

#[test]
fn section_1_5_ends_of_the_far_future_are_no_ends() {
    for far in ["2999-02-28", "2120-02-28"] {
        let home = with(dwelling(FLAT, "2020-01-01"), "loppupv", d(far));
        let pair = ended(custodian("HUOLTAJA", MOTHER, LEGAL), far);
        let mut documents = documents(&[birth("2015-06-15"), home, pair]);
        let loaded = documents.loaded(on(TODAY));
        assert_eq!(loaded.issues, []);
        assert_eq!(loaded.delivery.residents[0].dwelling, Fact::Known(FLAT.to_owned()));
        assert_eq!(loaded.delivery.custody[0].until, Fact::None);
    }
}

#[test]
fn section_1_5_the_same_page_again_changes_nothing() {
    let mut documents = documents(&[birth("2015-06-15"), municipality("049", "2015-06-15")]);
    documents.loaded(on(TODAY));
    let page = [
        change_of(CHILD, "2026-11-18T22:00:00Z", &[told("LISATTY", municipality("091", "2026-01-01"))]),
        change_of(CHILD, "2026-11-19T22:00:00Z", &[told("LISATTY", municipality("092", "2026-02-01"))]),
    ];
    assert_eq!(documents.take_changes(page.iter().map(String::as_str)).used, 2);
    assert_eq!(documents.changes(on(TODAY)).0.people.len(), 1);
    let before = resident(&mut documents);
    // also its first half alone, as when a page was lost midway
    for again in [&page[..], &page[..1]] {
        let taken = documents.take_changes(again.iter().map(String::as_str));
        assert_eq!((taken.used, taken.issues.len()), (again.len(), 0));
        assert!(documents.changes(on(TODAY)).0.people.is_empty());
        assert!(resident(&mut documents) == before);
    }
}

#[test]
fn section_1_5_what_a_changed_pair_repeats_is_taken_too() {
    let mut documents = documents(&[birth("2015-06-15"), custodian("HUOLTAJA", MOTHER, LEGAL)]);
    let new = begun(custodian("HUOLTAJA", MOTHER, ORDERED), "2026-06-27");
    let old = ended(custodian("HUOLTAJA", MOTHER, LEGAL), "2026-06-27");
    change(&mut documents, &[with(told("MUUTETTU", old), "voimassaolevatTiedot", json!([new]))]);
    assert_eq!(["2026-06-26", "2026-06-27", "2026-06-28"].map(|day| custodians_on(&mut documents, day)), [1, 1, 1]);
}

#[test]
fn section_1_5_several_corrections_of_a_code_are_one_chain() {
    let correction = |changed: &str, former: &[&str]| {
        json!({
            "tietoryhma": "HENKILOTUNNUS_KORJAUS", "voimassaolo": "AKTIIVI", "muutettuHenkilotunnus": changed,
            "aktiivinenHenkilotunnus": "221108A920T", "edellisetHenkilotunnukset": former,
        })
    };
    let groups = [correction(CHILD, &[CHILD]), correction("150615A911S", &[CHILD, "150615A911S"])];
    let record = resident(&mut documents_of(&[person("221108A920T", &groups)]));
    assert!(record.former_codes == [code(CHILD).into(), code("150615A911S").into()]);
    assert!(record.code == Some(code("221108A920T").into()));
}
