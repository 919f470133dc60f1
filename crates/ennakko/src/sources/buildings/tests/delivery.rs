//! Sections 5.1 to 5.4 and 5.6: the sheets of the licensed delivery.

use std::collections::BTreeSet;

use ennakko_core::identity::PersonalIdentityCode;
use ennakko_core::record::{Owner, Utilities, Who};
use ennakko_core::{IdentityTable, KeySecret, Register};

use super::*;

const FORM: SheetForm = SheetForm { delimiter: b';', encoding: Encoding::Utf8 };
const NO_ROWS: [&str; 0] = [];

fn profile() -> DeliveryProfile {
    DeliveryProfile { extracted_on: day("2026-08-15"), artificial: Artificial::Only, system: System::Tm35Fin }
}

fn code(serial: u16) -> String {
    PersonalIdentityCode::artificial(day("1970-03-04"), serial).unwrap().as_str().to_owned()
}

/// Head lines as the sheets have them: soft hyphens, hyphens, line ends.
fn sheet(head: &str, rows: &[impl AsRef<str>]) -> String {
    rows.iter().fold(format!("{head}\n"), |text, row| text + row.as_ref() + "\n")
}

fn r1(rows: &[impl AsRef<str>]) -> String {
    sheet(
        "Rakennustunnus;Sijainti-kunta;\"Valmis-tumis-\npäivä\";Kokonais\u{ad}ala;Kerrosluku;Käytös-säolo-tilanne;Käyttö-tarkoitus;\
         Viemäri;Viemäri-liittymä;Sähkö;Sähkö-liittymä;Pohjois-koordinaatti;Itä-koordinaatti;\"Rakennus-\nluokka\"",
        rows,
    )
}

fn building_row(n: u32) -> String {
    format!("{};091;19620500;1250;5;01;039;1;0;1; ;6672071;385771;0121", id(n))
}

fn r3(rows: &[impl AsRef<str>]) -> String {
    sheet(
        "Rakennustunnus;Osoite-numero;Kadunnimi suomeksi;Kadunnimi ruotsiksi;Katu-numero;Posti-numero;\
         Postitoimipaikan nimi suomeksi",
        rows,
    )
}

fn r4(rows: &[impl AsRef<str>]) -> String {
    sheet(
        "Rakennustunnus;Henkilötunnus;Y-tunnus;Omistajan nimi;Omistuksen alkupäivä;Omistuksen loppupäivä;Omistajan kuolinpäivä",
        rows,
    )
}

fn r9(rows: &[impl AsRef<str>]) -> String {
    sheet("Rakennustunnus;Osoitenumero;Huo-neisto-kirjain;Huo-neisto-numero;Jako-kirjain", rows)
}

pub(super) fn sheets() -> [String; 4] {
    [
        r1(&[building_row(1), building_row(2)]),
        r3(&[format!("{};2;Sivukuja;;3;00100;HELSINKI", id(1)), format!("{};1;Katu;Gatan;12;00100;HELSINKI", id(1))]),
        r4(&[
            format!("{};{};;Malli Aino;20100101;;", id(1), code(900)),
            format!("{};;1234567-1;Asunto Oy;19620501;;", id(2)),
        ]),
        r9(&[format!("{};1;A;001; ", id(1)), format!("{};2; B ;3;c", id(1)), format!("{};1; ;000; ", id(2))]),
    ]
}

pub(super) fn read_bytes([buildings, addresses, owners, dwellings]: [&[u8]; 4]) -> Result<Loaded, BuildingsError> {
    let [mut buildings, mut addresses, mut owners, mut dwellings] = [buildings, addresses, owners, dwellings];
    let sheets = Sheets {
        form: FORM,
        buildings: &mut buildings,
        addresses: Some(&mut addresses),
        owners: Some(&mut owners),
        dwellings: Some(&mut dwellings),
    };
    read_delivery(sheets, profile())
}

fn read(sheets: &[String; 4]) -> Loaded {
    let [buildings, addresses, owners, dwellings] = sheets.each_ref().map(String::as_bytes);
    let loaded = read_bytes([buildings, addresses, owners, dwellings]).unwrap();
    assert_whole(&loaded);
    loaded
}

/// One row of buildings, and nothing else.
fn building(row: &str) -> (BuildingRecord, Vec<String>) {
    let loaded = read(&[r1(&[row]), r3(&NO_ROWS), r4(&NO_ROWS), r9(&NO_ROWS)]);
    let issues = issues(&loaded);
    (loaded.delivery.buildings.into_iter().next().unwrap(), issues)
}

/// Owners of the first building by rows of owners, each without the building's id.
fn owners(rows: &[String]) -> (Vec<Owner>, ListState, Loaded) {
    let rows: Vec<String> = rows.iter().map(|row| format!("{};{row}", id(1))).collect();
    let loaded = read(&[r1(&[building_row(1)]), r3(&NO_ROWS), r4(&rows), r9(&NO_ROWS)]);
    let building = &loaded.delivery.buildings[0];
    (building.owners.clone(), building.owners_state, loaded)
}

fn person(serial: u16) -> Owner {
    Owner::Person(Who::Code(PersonalIdentityCode::artificial(day("1970-03-04"), serial).unwrap().into()))
}

#[test]
fn section_5_6_the_sheets_come_together() {
    let loaded = read(&sheets());
    assert_eq!((loaded.read, loaded.used, issues(&loaded)), (9, 9, Vec::new()));
    let first = &loaded.delivery.buildings[0];
    assert_eq!(first.id.as_str(), id(1));
    assert_eq!(
        (first.built_year, first.area_m2, first.storeys),
        (Fact::Known(1962), Fact::Known(1250), Fact::Known(5))
    );
    assert_eq!(first.location, Fact::Known(Location { epsg: 3067, north_m: 6_672_071, east_m: 385_771 }));
    assert_eq!(first.intended_use, Fact::Known("0121".to_owned()));
    // the address with the smallest number, and the door behind it
    assert_eq!(first.address.as_ref().known().unwrap().street, "Katu 12");
    let streets: Vec<_> = loaded
        .delivery
        .dwellings
        .iter()
        .map(|dwelling| dwelling.address.as_ref().known().map(|at| at.street.clone()))
        .collect();
    assert_eq!(streets, [Some("Katu 12 A 1".to_owned()), Some("Katu 12 B 3c".to_owned()), None]);
    assert_eq!(first.owners, [person(900)]);
    let stairs: Vec<&str> = first.stairwells.iter().map(|stair| stair.name.as_str()).collect();
    assert_eq!(stairs, ["A", "B"]);
    let Owner::Organisation { id, name, .. } = &loaded.delivery.buildings[1].owners[0] else { panic!("a company") };
    assert_eq!((id.as_str(), name.as_str()), ("1234567-1", "Asunto Oy"));
    // and a register is built of it
    let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
    let built = Register::build(loaded.delivery, day("2026-11-22"), &mut identities);
    assert_eq!((built.issues.len(), built.register.buildings().count()), (0, 2));
}

#[test]
fn section_5_3_equipment_and_connection_are_two_facts() {
    let (record, _) = building(&building_row(1));
    assert_eq!((record.facilities.sewer, record.connections.sewer), (Fact::Known(true), Fact::Known(false)));
    // a blank is nothing, and a column that is not there is nothing
    assert_eq!(
        (record.facilities.electricity, record.connections.electricity),
        (Fact::Known(true), Fact::Unknown(NOT_DELIVERED))
    );
    assert_eq!(record.connections.water, Fact::Unknown(NOT_DELIVERED));
    let (record, issues) = building(&building_row(1).replace(";1;0;1; ;", ";K;E;x; ;"));
    assert_eq!((record.facilities.sewer, record.connections.sewer), (Fact::Known(true), Fact::Known(false)));
    assert_eq!(record.facilities.electricity, Fact::Unknown(UnknownReason::Disputed));
    assert_eq!(issues, ["record 1, `R1 rakennus`: has a value that is not in the source's list"]);
    let none = building(&format!("{};091;;;;;;;;;;;;", id(1))).0;
    assert_eq!((none.facilities, none.connections), (Utilities::NOT_DELIVERED, Utilities::NOT_DELIVERED));
}

#[test]
fn section_5_2_use_by_either_classification() {
    let with = |old: &str, new: &str| {
        let row = building_row(1).replace(";039;", &format!(";{old};")).replace(";0121", &format!(";{new}"));
        building(&row)
    };
    for (old, new, expected, n_issues) in [
        ("039", "0121", Fact::Known("0121".to_owned()), 0),
        ("039", "", Fact::Known("039".to_owned()), 0),
        ("", "0121", Fact::Known("0121".to_owned()), 0),
        ("", "", Fact::Unknown(NOT_DELIVERED), 0),
        ("511", "0820", Fact::Known("0820".to_owned()), 0),
        // for certain another class
        ("511", "0810", Fact::Unknown(UnknownReason::Disputed), 1),
        // a zero that was lost is not put back
        ("39", "", Fact::Unknown(UnknownReason::Disputed), 1),
        ("39", "0121", Fact::Known("0121".to_owned()), 1),
        ("039", "121", Fact::Known("039".to_owned()), 1),
    ] {
        let (record, issues) = with(old, new);
        assert_eq!((record.intended_use, issues.len()), (expected, n_issues), "{old} {new}");
    }
}

#[test]
fn section_5_6_years_and_sizes() {
    let with = |day: &str, area: &str| {
        building(&building_row(1).replace(";19620500;", &format!(";{day};")).replace(";1250;", &format!(";{area};")))
    };
    for (written, expected, n_issues) in [
        ("19620000", Fact::Known(1962), 0),
        ("1962", Fact::Known(1962), 0),
        ("00000000", Fact::Unknown(NOT_DELIVERED), 0),
        ("", Fact::Unknown(NOT_DELIVERED), 0),
        ("1.5.1962", Fact::Unknown(UnknownReason::Disputed), 1),
        ("62", Fact::Unknown(UnknownReason::Disputed), 1),
        ("99990000", Fact::Unknown(UnknownReason::Disputed), 1),
    ] {
        let (record, issues) = with(written, "1250");
        assert_eq!((record.built_year, issues.len()), (expected, n_issues), "{written}");
    }
    for (written, expected, n_issues) in [
        ("80", Fact::Known(80), 0),
        ("0", Fact::Unknown(NOT_DELIVERED), 0),
        ("", Fact::Unknown(NOT_DELIVERED), 0),
        ("80,5", Fact::Unknown(UnknownReason::Disputed), 1),
        ("-80", Fact::Unknown(UnknownReason::Disputed), 1),
        ("1e5", Fact::Unknown(UnknownReason::Disputed), 1),
    ] {
        let (record, issues) = with("1962", written);
        assert_eq!((record.area_m2, issues.len()), (expected, n_issues), "{written}");
    }
}

#[test]
fn section_5_6_a_building_that_is_gone_has_no_record() {
    let gone = building_row(1).replace(";01;039", ";07;039");
    let mut all = sheets();
    all[0] = r1(&[gone, building_row(2)]);
    let loaded = read(&all);
    assert_eq!((loaded.read, loaded.used, issues(&loaded)), (9, 9, Vec::new()));
    assert_eq!((loaded.delivery.buildings.len(), loaded.delivery.dwellings.len()), (1, 1));
}

#[test]
fn section_5_6_a_row_about_no_building_is_set_aside() {
    let mut all = sheets();
    all[0] = r1(&[building_row(1), building_row(1), "x;y".to_owned()]);
    let loaded = read(&all);
    let about = "is about somebody of whom nothing has been loaded";
    assert_eq!(
        issues(&loaded),
        [
            "record 2, `R1 rakennus`: is a second record of the same subject".to_owned(),
            format!("record 2, `R4 omistaja`: {about}"),
            "record 3, `R1 rakennus`: cannot be read".to_owned(),
            format!("record 3, `R9 huon asukk`: {about}"),
        ]
    );
    assert_eq!((loaded.read, loaded.used), (10, 6));
}

#[test]
fn section_5_6_owners_persons_companies_and_those_unknown() {
    let (found, state, _) =
        owners(&[format!("{};;Malli Aino;20100101;;", code(900)), format!("{};;Malli Eero;20150101;;", code(901))]);
    assert_eq!((found, state), (vec![person(900), person(901)], ListState::Whole));
    // the same by two titles
    let (found, _, _) =
        owners(&[format!("{};;Malli Aino;20100101;;", code(900)), format!("{};;Malli Aino;20150101;;", code(900))]);
    assert_eq!(found, [person(900)]);
    // abroad, without a code: somebody owns it, and nobody knows who
    let (found, state, loaded) =
        owners(&[format!("{};;Malli Aino;20100101;;", code(900)), ";;Smith John;20150101;;".to_owned()]);
    assert_eq!((found, state), (vec![person(900)], ListState::Open(UnknownReason::OpenList)));
    assert_eq!(issues(&loaded), Vec::<String>::new());
    // the order does not close the list
    let (_, state, _) =
        owners(&[";;Smith John;20150101;;".to_owned(), format!("{};;Malli Aino;20100101;;", code(900))]);
    assert_eq!(state, ListState::Open(UnknownReason::OpenList));
    // a code that is none
    for (row, problem) in [
        ("040370-900X;;x;;;", "has an identity code that cannot be used"),
        (";1234567;x;;;", "has an identity code that cannot be used"),
    ] {
        let (found, state, loaded) = owners(&[row.to_owned()]);
        assert_eq!((found, state), (Vec::new(), ListState::Open(UnknownReason::OpenList)), "{row}");
        assert_eq!(issues(&loaded), [format!("record 1, `R4 omistaja`: {problem}")], "{row}");
    }
    // nobody was delivered: that is not nobody
    let (found, state, _) = owners(&[]);
    assert_eq!((found, state), (Vec::new(), ListState::Open(NOT_DELIVERED)));
}

#[test]
fn section_5_6_the_end_of_ownership() {
    for (from, until, owns) in [
        ("20100101", "", true),
        ("20100101", "20260814", false),
        ("20100101", "20260815", true),
        ("20260815", "", true),
        ("20260816", "", false),
        ("20260800", "", true),
        ("20270000", "", false),
        ("20100101", "20260000", true),
        ("20100101", "20250000", false),
        ("", "", true),
        ("00000000", "00000000", true),
        // a day that cannot be drops nobody
        ("20100230", "", true),
    ] {
        let (found, _, loaded) = owners(&[format!("{};;Malli Aino;{from};{until};", code(900))]);
        assert_eq!(found.len(), usize::from(owns), "{from} {until}");
        assert_eq!((loaded.read, loaded.used), (2, 2));
    }
}

#[test]
fn section_5_6_an_owner_who_has_died_leaves_an_estate() {
    let (found, state, loaded) = owners(&[format!("{};;Malli Aino;20100101;;20260301", code(900))]);
    assert_eq!((found, state), (vec![Owner::Estate], ListState::Whole));
    assert_eq!((loaded.delivery.deaths.len(), loaded.origins.deaths.as_slice()), (1, [1].as_slice()));
    assert!(loaded.delivery.deaths[0].dead);
}

#[test]
fn section_5_4_dwelling_ids_keep_their_blanks() {
    let with = |cells: &str| {
        let loaded = read(&[r1(&[building_row(1)]), r3(&NO_ROWS), r4(&NO_ROWS), r9(&[format!("{};{cells}", id(1))])]);
        loaded.delivery.dwellings.first().map(|dwelling| dwelling.id[10..].to_owned())
    };
    for (cells, expected) in [
        ("1;F;028; ", Some("1F028 ")),
        ("1;A;3;c", Some("1A003c")),
        ("1; ;001; ", Some("1 001 ")),
        ("1;;000;", Some("1 000 ")),
        ("1;Ö;7;ä", Some("1Ö007ä")),
        // by another of the building's addresses: the same flat
        ("2;A;3;c", Some("1A003c")),
        ("1;a;3;", None),
        ("1;A;3;C", None),
        ("1;AB;3;", None),
        ("1;A;1000;", None),
        ("1;A;;", None),
        (";A;3;", None),
    ] {
        assert_eq!(with(cells).as_deref(), expected, "{cells}");
    }
    let twice = r9(&[format!("{};1;A;003; ", id(1)), format!("{};2;A;3; ", id(1))]);
    let loaded = read(&[r1(&[building_row(1)]), r3(&NO_ROWS), r4(&NO_ROWS), twice]);
    assert_eq!(issues(&loaded), ["record 2, `R9 huon asukk`: is a second record of the same subject"]);
}

#[test]
fn section_5_4_coordinates_in_the_citys_system() {
    let row = building_row(1).replace("6672071;385771", "6.6729611219E6;2.54967418670E7");
    let buildings = r1(&[row]);
    let sheets =
        Sheets { form: FORM, buildings: &mut buildings.as_bytes(), addresses: None, owners: None, dwellings: None };
    let loaded = read_delivery(sheets, DeliveryProfile { system: System::Gk25, ..profile() }).unwrap();
    // 60.16952, 24.94131 by PROJ: 385771.4248, 6672071.0357
    let expected = Location { epsg: 3067, north_m: 6_672_071, east_m: 385_771 };
    assert_eq!(loaded.delivery.buildings[0].location, Fact::Known(expected));
    let (_, issues) = building(&building_row(1).replace("6672071;385771", "385771;6672071"));
    assert_eq!(issues, ["record 1, `R1 rakennus`: has coordinates that cannot be of their system"]);
}

#[test]
fn a_sheet_without_what_it_needs_is_of_no_use() {
    let read = |buildings: &str, owners: &str| {
        let [mut buildings, mut owners] = [buildings.as_bytes(), owners.as_bytes()];
        let sheets = Sheets {
            form: FORM,
            buildings: &mut buildings,
            addresses: None,
            owners: Some(&mut owners),
            dwellings: None,
        };
        read_delivery(sheets, profile()).unwrap_err().to_string()
    };
    assert_eq!(read("Tunnus\n", ""), "`R1 rakennus` has no column `rakennustunnus`");
    assert_eq!(read("Rakennustunnus;Rakennus-tunnus\n", ""), "`R1 rakennus` has two columns `rakennustunnus`");
    assert_eq!(read("Rakennustunnus\n", "Rakennustunnus;Y-tunnus\n"), "`R4 omistaja` has no column `henkilötunnus`");
    assert_eq!(read("", ""), "`R1 rakennus` has no column `rakennustunnus`");
}

#[test]
fn iso_8859_1_and_commas_are_read_as_they_are_said_to_be() {
    let text =
        format!("Rakennustunnus,Käyttötarkoitus,Itä-koordinaatti,Pohjoiskoordinaatti\n{},039,385771,6672071\n", id(1));
    let bytes = latin(&text);
    let form = SheetForm { delimiter: b',', encoding: Encoding::Latin1 };
    let sheets = Sheets { form, buildings: &mut &bytes[..], addresses: None, owners: None, dwellings: None };
    let loaded = read_delivery(sheets, profile()).unwrap();
    assert_eq!(loaded.delivery.buildings[0].intended_use, Fact::Known("039".to_owned()));
    assert!(matches!(loaded.delivery.buildings[0].location, Fact::Known(_)));
    let problems: BTreeSet<SourceProblem> = loaded.issues.iter().map(|issue| issue.problem).collect();
    assert_eq!(problems, BTreeSet::new());
}

#[test]
fn rows_set_aside_can_be_copied_repaired_and_read_again() {
    let wrong = building_row(2).replacen(&id(2), "9000", 1);
    let text = r1(&[building_row(1), wrong, building_row(3)]);
    let loaded = read(&[text.clone(), r3(&NO_ROWS), r4(&NO_ROWS), r9(&NO_ROWS)]);
    let aside: BTreeSet<u64> =
        loaded.issues.iter().filter(|issue| issue.sets_aside).map(|issue| issue.position).collect();
    assert_eq!(aside, BTreeSet::from([2]));
    let mut copied = Vec::new();
    copy_rows(text.as_bytes(), Rows::Sheet(FORM), &aside, &mut copied).unwrap();
    let repaired = String::from_utf8(copied).unwrap().replace("9000;", &format!("{};", id(2)));
    let loaded = read(&[repaired, r3(&NO_ROWS), r4(&NO_ROWS), r9(&NO_ROWS)]);
    assert_eq!((loaded.read, loaded.used, loaded.delivery.buildings[0].id.as_str()), (1, 1, id(2).as_str()));
    // the address file: no head line, nothing quoted, bytes as they were
    let file = latin(&format!("{}x;y\n{}", open::file(), open::file().replace("Mäkelänkatu", "\"Ä\" kuja   ")));
    let mut copied = Vec::new();
    copy_rows(&file[..], Rows::AddressFile, &BTreeSet::from([4, 5]), &mut copied).unwrap();
    let fifth = latin(open::file().replace("Mäkelänkatu", "\"Ä\" kuja   ").lines().next().unwrap());
    assert_eq!(copied, [&b"x;y\n"[..], &fifth, b"\n"].concat());
}
