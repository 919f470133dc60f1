//! Section 5.6: the open address file; sections 5.1 and 5.4 as they meet it.

use super::*;

/// A row as the file has it: 16 columns, padded.
fn row(id: &str, north: &str, east: &str, number: &str, street: &str) -> String {
    format!(
        "{id};091;01;1;{north};{east};{number};{street:<30};                    ;12   ;00100;001A;Keskusta            ;\
         Centrum             ;09100100010001;15.08.2026\n"
    )
}

pub(super) fn file() -> String {
    [
        row(&id(1), "6672071", "385771", "1", "Mäkelänkatu"),
        row(&id(1), "6672071", "385771", "2", "Sivukuja"),
        row(&id(2), "6672101", "385801", "1", ""),
    ]
    .concat()
}

fn read(text: &str) -> AddressFile {
    let file = read_addresses(&latin(text)[..], Artificial::Only).unwrap();
    assert_whole(&file.loaded);
    file
}

fn building(file: &AddressFile, n: u32) -> &BuildingRecord {
    file.loaded.delivery.buildings.iter().find(|building| building.id.as_str() == id(n)).unwrap()
}

#[test]
fn section_5_6_one_row_for_each_address_one_record_for_each_building() {
    let file = read(&file());
    assert_eq!((file.loaded.read, file.loaded.used, issues(&file.loaded)), (3, 3, Vec::new()));
    assert_eq!(file.loaded.delivery.buildings.len(), 2);
    assert_eq!(file.loaded.origins.buildings, [1, 3]);
    assert_eq!(file.extracted_on, Some(day("2026-08-15")));
    // padding is cut, letters are read as they are
    let first = building(&file, 1);
    let address = first.address.as_ref().known().unwrap();
    assert_eq!((address.street.as_str(), address.postal_code.as_str()), ("Mäkelänkatu 12", "00100"));
    // northing stands first
    assert_eq!(first.location, Fact::Known(Location { epsg: 3067, north_m: 6_672_071, east_m: 385_771 }));
    // 0, 1 and 2 are groups, not classes
    assert_eq!(first.intended_use, Fact::Unknown(NOT_DELIVERED));
}

#[test]
fn section_5_6_the_address_with_the_smallest_number_whatever_the_order() {
    let mut rows: Vec<String> = file().lines().map(|line| format!("{line}\n")).collect();
    rows.reverse();
    let file = read(&rows.concat());
    assert_eq!(building(&file, 1).address.as_ref().known().unwrap().street, "Mäkelänkatu 12");
}

#[test]
fn section_5_6_a_row_with_another_number_of_columns_is_set_aside() {
    let short = "900000001X;091;01\n";
    let long = row(&id(3), "6672071", "385771", "1", "Katu;lisä");
    let quoted = row(&id(4), "6672071", "385771", "1", "\"Nelonen\" kuja");
    let file = read(&[short, &long, &quoted].concat());
    let said = "cannot be read";
    assert_eq!(issues(&file.loaded), [format!("record 1, `row`: {said}"), format!("record 2, `row`: {said}")]);
    assert_eq!(building(&file, 4).address.as_ref().known().unwrap().street, "\"Nelonen\" kuja 12");
}

#[test]
fn section_5_1_the_id_with_its_check_character() {
    let good = id(1);
    let wrong_check = format!("{}{}", &good[..9], if good.ends_with('A') { 'B' } else { 'A' });
    for (written, problem) in [
        (wrong_check.as_str(), "has an identity code that cannot be used"),
        ("", "has an identity code that cannot be used"),
        ("103515074x", "has an identity code that cannot be used"),
        ("103515074X", "has an identity code of a series that is not accepted here"),
    ] {
        let file = read(&row(written, "6672071", "385771", "1", "Katu"));
        assert_eq!(issues(&file.loaded), [format!("record 1, `rakennustunnus`: {problem}")], "{written}");
        assert_eq!((file.loaded.read, file.loaded.used), (1, 0));
    }
}

#[test]
fn section_5_4_exchanged_axes_are_not_turned_round() {
    let bad = "record 1, `koordinaatit`: has coordinates that cannot be of their system";
    for (north, east) in
        [("385771", "6672071"), ("6672071", "25496741"), ("60.17", "24.94"), ("x", "385771"), ("NaN", "inf")]
    {
        let file = read(&row(&id(1), north, east, "1", "Katu"));
        assert_eq!(issues(&file.loaded), [bad], "{north} {east}");
        assert_eq!(building(&file, 1).location, Fact::Unknown(UnknownReason::Disputed));
        // the rest of the row is used
        assert_eq!((file.loaded.used, building(&file, 1).address.is_unknown()), (1, false));
    }
    let file = read(&row(&id(1), "0", "0", "1", "Katu"));
    assert_eq!((building(&file, 1).location, file.loaded.issues.len()), (Fact::Unknown(NOT_DELIVERED), 0));
}

#[test]
fn two_places_of_one_building_are_disputed_and_stay_so() {
    let rows = ["6672071", "6672171", "6672171"].iter().zip(["1", "2", "3"]);
    let text: String = rows.map(|(north, number)| row(&id(1), north, "385771", number, "Katu")).collect();
    let file = read(&text);
    assert_eq!(building(&file, 1).location, Fact::Unknown(UnknownReason::Disputed));
    assert_eq!(issues(&file.loaded), ["record 2, `koordinaatit`: says other than another record of the same delivery"]);
}

#[test]
fn an_address_number_twice_is_set_aside() {
    let file = read(&[file(), row(&id(1), "6672071", "385771", "2", "Toinen")].concat());
    assert_eq!(issues(&file.loaded), ["record 4, `osoitenumero`: is a second record of the same subject"]);
    let file = read(&row(&id(1), "6672071", "385771", "", "Katu"));
    assert_eq!(issues(&file.loaded), ["record 1, `osoitenumero`: has a value that is not in the source's list"]);
}

#[test]
fn the_oldest_day_of_extraction_counts() {
    let older = row(&id(3), "6672071", "385771", "1", "Katu").replace("15.08.2026", "15.05.2026");
    assert_eq!(read(&[file(), older].concat()).extracted_on, Some(day("2026-05-15")));
    let bad = row(&id(3), "6672071", "385771", "1", "Katu").replace("15.08.2026", "31.02.2026");
    let file = read(&bad);
    assert_eq!((file.extracted_on, issues(&file.loaded).len(), file.loaded.used), (None, 1, 1));
}
