//! Tests by the sections of the notes on formats: 4 (numbers) and 7.1 (posts). Numbers are of the serials that official test
//! persons have; the two of a literal sample are on Skatteverket's list.

use chrono::NaiveDate;
use ennakko_core::identity::{CoordinationNumber, IdentityCode, PersonalNumber};
use ennakko_core::issue::Tally;
use ennakko_core::record::{Address, ListState, ResidentRecord};
use ennakko_core::value::{Fact, UnknownReason};
use ennakko_core::{IdentityTable, KeySecret, PartialDate, Register};
use proptest::prelude::*;

use super::*;

mod numbers;
mod posts;
mod relations;

const NOT_DELIVERED: UnknownReason = UnknownReason::NotDelivered;

const PROFILE: NavetProfile =
    NavetProfile { not_after: None, missing_mark: MissingMark::Unknown, scope: Scope::Everybody };

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The number of a test person: with 239 as serial for a man, 238 for a woman.
fn number(born: &str, serial: u16) -> String {
    PersonalNumber::artificial(day(born), serial).unwrap().as_str().to_owned()
}

fn code(text: &str) -> IdentityCode {
    IdentityCode::parse_swedish(text, None).unwrap()
}

/// A file with these posts.
fn file(posts: &[String]) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Navetavisering><Aviseringsinformation><Filinformation><Utfil>\
         <AntalPoster>{}</AntalPoster></Utfil></Filinformation></Aviseringsinformation>\
         <Folkbokforingsposter>{}</Folkbokforingsposter></Navetavisering>",
        posts.len(),
        posts.concat()
    )
}

/// A post of an ordinary person with this inside of `Personpost`.
fn post(number: &str, inside: &str) -> String {
    marked("<Sekretessmarkering>N</Sekretessmarkering><SkyddadFolkbokforing>N</SkyddadFolkbokforing>", number, inside)
}

fn marked(marks: &str, number: &str, inside: &str) -> String {
    format!(
        "<Folkbokforingspost>{marks}<Personpost><PersonId><PersonNr>{number}</PersonNr></PersonId>{inside}</Personpost>\
         </Folkbokforingspost>"
    )
}

fn read(xml: &str) -> Loaded {
    let loaded = read_xml(xml.as_bytes(), PROFILE).unwrap();
    assert_whole(&loaded);
    loaded
}

/// Everything read is used or set aside, and every record has its place.
fn assert_whole(loaded: &Loaded) {
    let set_aside: BTreeSet<u64> =
        loaded.issues.iter().filter(|issue| issue.sets_aside).map(|issue| issue.position).collect();
    assert_eq!(loaded.read, loaded.used + set_aside.len(), "{:?}", loaded.issues);
    assert_eq!(loaded.origins.residents.len(), loaded.delivery.residents.len());
    assert_eq!(loaded.origins.custody.len(), loaded.delivery.custody.len());
    assert_eq!(loaded.origins.dwellings.len(), loaded.delivery.dwellings.len());
    assert_eq!(loaded.origins.histories.len(), loaded.delivery.histories.len());
    assert_eq!(loaded.origins.deaths.len(), loaded.delivery.deaths.len());
    let mut positions = loaded.issues.iter().map(|issue| issue.position);
    assert!(positions.all(|position| position >= 1 && position <= loaded.read as u64));
}

/// The one resident of a post with this inside.
fn person(inside: &str) -> (ResidentRecord, Vec<String>) {
    let loaded = read(&file(&[post("199705172394", inside)]));
    let issues = loaded.issues.iter().map(ToString::to_string).collect();
    (loaded.delivery.residents.into_iter().next().unwrap(), issues)
}

fn issues(loaded: &Loaded) -> Vec<String> {
    loaded.issues.iter().map(ToString::to_string).collect()
}

fn built(loaded: Loaded) -> (Register, IdentityTable, Vec<String>) {
    let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
    let built = Register::build(loaded.delivery, day("2026-11-22"), &mut identities);
    let Tally { read, used, set_aside } = built.tally;
    assert_eq!(read, used + set_aside);
    (built.register, identities, built.issues.iter().map(ToString::to_string).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_xml(&bytes[..], PROFILE);
        let _ = read_json(&bytes[..], PROFILE);
        let _ = copy_posts(&bytes[..], &BTreeSet::from([1]), Vec::new());
    }

    /// A true file with one stretch of bytes replaced: still no panic, and nothing is lost from the count.
    #[test]
    fn a_damaged_file_is_read_without_a_panic(
        at in 0..2_000_usize, length in 0..12_usize, other in "[<>/&;\\-A-Z0-9 \"=?!]{0,12}", latin in any::<bool>(),
    ) {
        let mut bytes = posts::everything().into_bytes();
        if latin {
            bytes = String::from_utf8(bytes).unwrap().replace("UTF-8", "ISO-8859-1").into_bytes();
        }
        let at = at % bytes.len();
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, other.bytes());
        if let Ok(loaded) = read_xml(&bytes[..], PROFILE) {
            assert_whole(&loaded);
        }
        let _ = copy_posts(&bytes[..], &BTreeSet::from([2]), Vec::new());
    }

    #[test]
    fn a_damaged_answer_is_read_without_a_panic(at in 0..2_000_usize, length in 0..8_usize, other in "[\\[\\]{}:,\"0-9a-z ]{0,8}") {
        let mut bytes = posts::ANSWER.as_bytes().to_vec();
        let at = at % bytes.len();
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, other.bytes());
        if let Ok(loaded) = read_json(&bytes[..], PROFILE) {
            assert_whole(&loaded);
        }
    }
}
