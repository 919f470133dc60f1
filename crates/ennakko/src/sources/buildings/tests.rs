//! Tests by the sections of the notes on formats: 5.1 to 5.4 and 5.6. Building ids begin with 9, codes are artificial.

use chrono::NaiveDate;
use ennakko_core::identity::{Artificial, PermanentBuildingId};
use ennakko_core::record::{BuildingRecord, Location};
use ennakko_core::value::{Fact, UnknownReason};
use proptest::prelude::*;

use super::*;
use crate::sources::SourceProblem;

mod delivery;
mod open;
mod place;

const NOT_DELIVERED: UnknownReason = UnknownReason::NotDelivered;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The id of the building with this running number.
fn id(n: u32) -> String {
    PermanentBuildingId::artificial(n).unwrap().as_str().to_owned()
}

fn issues(loaded: &Loaded) -> Vec<String> {
    loaded.issues.iter().map(ToString::to_string).collect()
}

fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect()
}

fn assert_whole(loaded: &Loaded) {
    let set_aside = loaded.issues.iter().filter(|issue| issue.sets_aside).count();
    assert_eq!(loaded.read, loaded.used + set_aside, "{:?}", loaded.issues);
    assert_eq!(loaded.origins.buildings.len(), loaded.delivery.buildings.len());
    assert_eq!(loaded.origins.dwellings.len(), loaded.delivery.dwellings.len());
    assert_eq!(loaded.origins.deaths.len(), loaded.delivery.deaths.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(file) = read_addresses(&bytes[..], Artificial::Only) {
            assert_whole(&file.loaded);
        }
        let _ = delivery::read_bytes([&bytes, &bytes, &bytes, &bytes]);
    }

    #[test]
    fn damaged_sheets_are_read_without_a_panic(
        which in 0..4_usize, at in 0..1_000_usize, length in 0..6_usize, other in "[;\"0-9A-Za-zäö ,.\\-\n]{0,6}",
    ) {
        let mut sheets = delivery::sheets().map(String::into_bytes);
        let sheet = &mut sheets[which];
        let at = at % sheet.len();
        let end = (at + length).min(sheet.len());
        sheet.splice(at..end, other.bytes());
        let [buildings, addresses, owners, dwellings] = &sheets;
        if let Ok(loaded) = delivery::read_bytes([buildings, addresses, owners, dwellings]) {
            assert_whole(&loaded);
        }
    }

    #[test]
    fn a_damaged_address_file_is_read_without_a_panic(at in 0..1_000_usize, length in 0..6_usize, other in "[;\"0-9A-Z .\n]{0,6}") {
        let mut bytes = latin(&open::file());
        let at = at % bytes.len();
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, other.bytes());
        assert_whole(&read_addresses(&bytes[..], Artificial::Only).unwrap().loaded);
    }
}
