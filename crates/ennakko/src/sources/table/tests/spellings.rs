//! What a cell says: none, unknown, empty, codes, zeros, days and numbers.

use ennakko_core::{Fact, PartialDate, UnknownReason};

use super::*;

const CODE: &str = "100190-999P";

/// One resident of a file with one more column; the record and its issues.
fn one(column: &str, mapped: &str, cell: &str) -> (ennakko_core::record::ResidentRecord, Vec<String>) {
    let map = residents_but(&[column]) + mapped;
    let loaded = csv(Table::Residents, &map, &format!("code,{column}\n{CODE},{cell}\n")).unwrap();
    assert_eq!(loaded.read, 1);
    (loaded.delivery.residents[0].clone(), told(&loaded))
}

#[test]
fn every_spelling_of_none_and_unknown_says_what_it_says() {
    let check = |mapped: &str, cell: &str, expected: Fact<&str>, issues: &[&str]| {
        let (record, found) = one("municipality", mapped, cell);
        assert_eq!(record.municipality.as_ref().map(String::as_str), expected, "{cell:?}");
        assert_eq!(found, issues, "{cell:?}");
    };
    let unknown = |reason| Fact::Unknown(reason);
    check("", "091", Fact::Known("091"), &[]);
    check("", "none", Fact::None, &[]);
    check("", "unknown", unknown(UnknownReason::NotDelivered), &[]);
    for reason in mapping::REASONS {
        check("", &format!("unknown: {}", reason.words()), unknown(reason), &[]);
    }
    let not_delivered = unknown(UnknownReason::NotDelivered);
    let nothing = "record 1, `municipality`: has nothing where a value must stand";
    let no_code = "record 1, `municipality`: has a value that is not in the source's list";
    check("", "", not_delivered, &[nothing]);
    check("", "\"\"", not_delivered, &[nothing]);
    check("", "unknown: because", not_delivered, &[no_code]);
    check("", "NONE", not_delivered, &[no_code]);
    check("", " none", not_delivered, &[no_code]);
    check("", "NULL", not_delivered, &[no_code]);
    let mapped = "[residents.none]\nmunicipality = [\"\", \"200\"]\n[residents.unknown]\nmunicipality = [\"999\", \"NULL\"]\n\
                  [residents.values.municipality]\n\"HKI\" = \"091\"\n\"998\" = \"unknown: withheld by the source\"\n";
    check(mapped, "", Fact::None, &[]);
    check(mapped, "200", Fact::None, &[]);
    check(mapped, "999", not_delivered, &[]);
    check(mapped, "NULL", not_delivered, &[]);
    check(mapped, "HKI", Fact::Known("091"), &[]);
    check(mapped, "998", unknown(UnknownReason::Withheld), &[]);
    check(mapped, "049", Fact::Known("049"), &[]);
}

#[test]
fn what_an_empty_cell_means_is_the_columns_own() {
    let (record, issues) = one("sex", "", "");
    assert_eq!((record.sex, issues.len()), (Fact::Unknown(UnknownReason::NotDelivered), 0));
    let (record, issues) = one("given", "", "");
    assert_eq!((record.names, issues.len()), (None, 0));
    let (record, issues) = one("in_care", "", "");
    assert_eq!((record.in_care, issues.len()), (Fact::Unknown(UnknownReason::NotDelivered), 1));
    let (record, issues) = one("protected", "", "");
    assert_eq!((record.protection, issues.len()), (Fact::Unknown(UnknownReason::NotDelivered), 1));
    assert_eq!(one("language", "", "fi").0.in_care, Fact::None, "no column, no such mark");
    let map = residents_but(&["dead"]);
    let loaded = csv(Table::Residents, &map, &format!("code,dead\n{CODE},\n,false\n")).unwrap();
    assert_eq!(
        told(&loaded),
        [
            "record 1, `dead`: has nothing where a value must stand, set aside",
            "record 2: has no identity code or key, set aside"
        ]
    );
}

#[test]
fn names_are_texts_whatever_they_spell() {
    let (record, issues) = one("family", "", "none");
    assert_eq!((record.names.unwrap().family.as_str(), issues.len()), ("none", 0));
    let (record, _) = one("given", "", "unknown");
    assert_eq!(record.names.unwrap().given, "unknown");
}

#[test]
fn section_2_what_is_absent_comes_as_an_empty_element_a_null_or_not_at_all() {
    // a city's gateway to the older interface, a person a line, with the spellings of `Turvakielto` and `Kuollut`
    let map = "version = 1\n[residents.columns]\ncode = \"Henkilotunnus\"\nprotected = \"TurvakieltoTieto\"\n\
               municipality = \"Kuntanumero\"\ndwelling = \"Asuinpaikantunnus\"\ndead = \"Kuollut\"\n\
               [residents.values]\nprotected = { \"0\" = \"false\", \"1\" = \"true\" }\n\
               dead = { \"\" = \"false\", \"1\" = \"true\" }\n\
               [residents.unknown]\nprotected = \"\"\nmunicipality = \"\"\ndwelling = \"\"\n\
               [residents.digits]\nmunicipality = 3\n\
               [residents.always]\nborn = \"unknown\"\ncustodians = \"unknown\"\n";
    let file = [
        r#"{"Henkilotunnus": "100190-999P", "TurvakieltoTieto": "0", "Kuntanumero": "91", "Asuinpaikantunnus": "900001234V1F028 ", "Kuollut": ""}"#,
        r#"{"Henkilotunnus": "100190Y999P", "TurvakieltoTieto": "1", "Kuntanumero": "", "Asuinpaikantunnus": null, "Kuollut": "1"}"#,
        r#"{"Henkilotunnus": "100190X999P", "TurvakieltoTieto": null, "Kuntanumero": null, "Asuinpaikantunnus": "", "Kuollut": null}"#,
        // protected: the gateway leaves the keys of the home out
        r#"{"Henkilotunnus": "100190W999P", "TurvakieltoTieto": "1", "Kuollut": ""}"#,
    ];
    let loaded = read_as(Table::Residents, Format::JsonLines, &mapping(map), file.join("\n").as_bytes()).unwrap();
    let loaded = loaded.made.loaded;
    assert_eq!(loaded.used, 4);
    let found = loaded.delivery.residents.iter().map(|record| {
        (record.protection, record.municipality.as_ref().map(String::as_str), record.dwelling.is_unknown(), record.dead)
    });
    let expected = [
        (Fact::Known(false), Fact::Known("091"), false, false),
        (Fact::Known(true), Fact::Unknown(UnknownReason::NotDelivered), true, true),
        (Fact::Unknown(UnknownReason::NotDelivered), Fact::Unknown(UnknownReason::NotDelivered), true, false),
        (Fact::Known(true), Fact::Unknown(UnknownReason::NotDelivered), true, false),
    ];
    assert!(found.eq(expected), "unknown is neither protected nor not");
    assert_eq!(loaded.delivery.residents[0].dwelling, Fact::Known("900001234V1F028 ".to_owned()));
}

#[test]
fn section_7_2_the_words_of_spar_load_by_a_mapping() {
    let map = "version = 1\nidentity = \"swedish\"\n[residents.columns]\ncode = \"IdNummer\"\nborn = \"Fodelsedatum\"\n\
               protected = \"Sekretessmarkering\"\nsex = \"Kon\"\n\
               [residents.values]\nprotected = { JA = \"true\", NEJ = \"false\" }\n\
               sex = { MAN = \"male\", KVINNA = \"female\" }\n\
               [residents.digits]\nmunicipality = 4\n\
               [residents.always]\ndead = false\ndwelling = \"unknown\"\ncustodians = \"unknown\"\n";
    // county and municipality with their zeros, as one number; the coordination number's own field
    let file = "IdNummer,Fodelsedatum,Sekretessmarkering,Kon,municipality\n198111309285,1981-11-30,JA,KVINNA,180\n\
                197010632391,1970-10-03,NEJ,MAN,0180\n198111309285,1981-11-30,,KVINNA,180\n";
    let loaded = csv(Table::Residents, map, file).unwrap();
    let [first, second, third] = loaded.delivery.residents.as_slice() else { panic!("{:?}", told(&loaded)) };
    assert_eq!((first.protection, first.municipality.clone()), (Fact::Known(true), Fact::Known("0180".to_owned())));
    assert_eq!((second.protection, second.municipality.clone()), (Fact::Known(false), Fact::Known("0180".to_owned())));
    assert!(third.protection.is_unknown(), "a mark that did not come is not a no");
    assert_eq!(told(&loaded), ["record 3, `protected`: has nothing where a value must stand"]);
}

#[test]
fn section_2_zeros_before_a_code_are_kept_and_given_only_where_the_mapping_says_so() {
    assert_eq!(one("municipality", "", "091").0.municipality, Fact::Known("091".to_owned()));
    let (record, issues) = one("municipality", "", "91");
    assert_eq!((record.municipality, issues.len()), (Fact::Unknown(UnknownReason::NotDelivered), 1));
    let digits = "[residents.digits]\nmunicipality = 3\n";
    for (cell, expected) in [("91", "091"), ("5", "005"), ("091", "091")] {
        assert_eq!(one("municipality", digits, cell).0.municipality, Fact::Known(expected.to_owned()));
    }
    assert!(one("municipality", digits, "91 ").0.municipality.is_unknown());
    assert!(one("municipality", digits, "0091").0.municipality.is_unknown());
}

#[test]
fn days_months_and_years_in_the_patterns_of_the_mapping() {
    let check = |mapped: &str, cell: &str, expected: Option<&str>| {
        let (record, issues) = one("born", mapped, cell);
        let expected = expected.map(|text| PartialDate::parse(text).unwrap());
        assert_eq!(record.born.known(), expected, "{cell}");
        assert_eq!(issues.is_empty(), expected.is_some(), "{cell}");
    };
    check("", "2020-05-31", Some("2020-05-31"));
    check("", "2020-05", Some("2020-05"));
    check("", "2020", Some("2020"));
    check("", "31.5.2020", None);
    check("", "44044", None);
    check("", "44044.5", None);
    check("", "2020-05-31T00:00:00", None);
    check("", "2021-02-29", None);
    let finnish = "[residents.dates]\nborn = [\"d.m.yyyy\", \"yyyymmdd\"]\n";
    check(finnish, "31.5.2020", Some("2020-05-31"));
    check(finnish, "20200500", Some("2020-05"));
    check(finnish, "20200000", Some("2020"));
    check(finnish, "2020-05-31", None);
    check("[residents.unknown]\nborn = \"0000-00-00\"\n", "2020-01-01", Some("2020-01-01"));
    let (record, issues) = one("born", "[residents.unknown]\nborn = \"0000-00-00\"\n", "0000-00-00");
    assert_eq!((record.born, issues.len()), (Fact::Unknown(UnknownReason::NotDelivered), 0));
}

#[test]
fn a_day_known_in_part_where_a_day_is_wanted_is_unknown_for_that() {
    let file = format!("child,custodian,kind,from,until,may_decide\n{CODE},{CODE},custodian,2020-05,none,true\n");
    let loaded = csv(Table::Custody, "version = 1", &file).unwrap();
    assert_eq!(loaded.delivery.custody[0].from, Fact::Unknown(UnknownReason::PartialDate));
    assert!(loaded.issues.is_empty());
}

#[test]
fn whole_numbers_are_digits_and_nothing_else() {
    let id = building(1);
    let check = |cell: &str, expected: Option<i64>| {
        let loaded =
            csv(Table::Buildings, "version = 1", &format!("building,storeys\n{},{cell}\n", id.as_str())).unwrap();
        assert_eq!(loaded.delivery.buildings[0].storeys.known(), expected, "{cell}");
        let issues = told(&loaded);
        let wrong = "record 1, `storeys`: is not of the shape that the source documents";
        assert_eq!(issues.iter().any(|issue| issue == wrong), expected.is_none(), "{cell}: {issues:?}");
    };
    check("4", Some(4));
    check("-1", Some(-1));
    check("007", Some(7));
    for cell in
        ["1e5", "3.0", "\"3,5\"", " 3", "3 ", "+3", "٣", "0x10", "1_000", "1 000", "99999999999999999999", "true"]
    {
        check(cell, None);
    }
}

#[test]
fn blanks_of_dwelling_ids_stay() {
    let (record, issues) = one("dwelling", "", "\"903048741J A 001 \"");
    assert_eq!((record.dwelling, issues.len()), (Fact::Known("903048741J A 001 ".to_owned()), 0));
    assert_eq!(one("dwelling", "", "903048741J A 001 ").0.dwelling, Fact::Known("903048741J A 001 ".to_owned()));
    let loaded = csv(Table::Dwellings, "version = 1", "dwelling,members\n903048741J A 001 ,whole\n").unwrap();
    assert_eq!(loaded.delivery.dwellings[0].id, "903048741J A 001 ");
}

#[test]
fn codes_are_refused_where_nobody_else_can_be_meant_and_left_out_where_somebody_can() {
    let file = "key,code,former_codes\n\
                ,100190-999X,\n\
                00000000-0000-0000-0000-000000000001,100190-999X,\n\
                ,,100190-999P 100190Y999P\n\
                not-a-key,100190-999P,\n\
                ,100190Z999P,\n";
    let loaded = csv(Table::Residents, RESIDENTS, file).unwrap();
    assert_eq!(
        told(&loaded),
        [
            "record 1, `code`: has an identity code that cannot be used, set aside",
            "record 2, `code`: has an identity code that cannot be used",
            "record 4, `key`: has an identity code that cannot be used",
            "record 5, `code`: has an identity code that cannot be used, set aside",
        ]
    );
    assert_eq!(loaded.origins.residents, [2, 3, 4]);
    assert_eq!(loaded.delivery.residents[1].former_codes.len(), 2);
    let accepted = Profile { artificial: ennakko_core::identity::Artificial::Refused, not_after: None };
    let map = mapping(RESIDENTS);
    let reading = Reading { format: Format::Csv, mapping: &map, profile: accepted };
    let real = read(Table::Residents, &b"code\n100190-999P\n"[..], &reading).unwrap();
    assert_eq!(
        told(&real.made.loaded),
        ["record 1, `code`: has an identity code of a series that is not accepted here, set aside"]
    );
}

#[test]
fn swedish_numbers_and_municipalities() {
    let map = RESIDENTS.replace("version = 1", "version = 1\nidentity = \"swedish\"").replace("\"091\"", "\"0180\"");
    let loaded = csv(Table::Residents, &map, "code\n199705172394\n197010632391\n100190-999P\n").unwrap();
    assert_eq!(loaded.used, 2);
    assert_eq!(loaded.delivery.residents[0].municipality, Fact::Known("0180".to_owned()));
}

#[test]
fn flags_and_words_are_the_schemas_unless_the_mapping_says_so() {
    assert!(one("sex", "", "1").1.len() == 1 && one("sex", "", "Female").1.len() == 1);
    let mapped = "[residents.values.sex]\n1 = \"male\"\n2 = \"female\"\n";
    assert_eq!(one("sex", mapped, "2").0.sex, Fact::Known(ennakko_core::record::Sex::Female));
    assert_eq!(one("sex", mapped, "male").0.sex, Fact::Known(ennakko_core::record::Sex::Male));
    let mapped = "[residents.values.protected]\nK = true\nE = false\n";
    assert_eq!(one("protected", mapped, "K").0.protection, Fact::Known(true));
    let (record, issues) = one("protected", mapped, "k");
    assert_eq!((record.protection, issues.len()), (Fact::Unknown(UnknownReason::NotDelivered), 1));
    for cell in ["FI", "suomi!", "f i"] {
        assert!(one("language", "", cell).0.language.is_unknown(), "{cell}");
    }
}
