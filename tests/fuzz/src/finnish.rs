//! The Finnish population register: base data, changes, and documents as they are kept.

use ennakko::core::identity::finnish::Profile;
use ennakko::core::record::ListState;
use ennakko::sources::finnish::{Documents, Dwellings, NoGroup, Reading, feed};

use crate::{built, day, set_aside, whole};

const READING: Reading = Reading {
    codes: Profile::SAMPLE,
    no_protection_group: NoGroup::MeansNone,
    dwellings: Dwellings::FromAddresses(ListState::Whole),
};

/// Somebody for changes to be about.
const BASE: &str = include_str!("../seeds/finnish_base/family.json");

/// What is written is read back.
fn kept(documents: &mut Documents) {
    let mut written = Vec::new();
    documents.write(&mut written).unwrap();
    let mut again = Documents::read(&written[..], READING).unwrap();
    let (one, other) = (documents.loaded(day()).delivery, again.loaded(day()).delivery);
    assert!(one.residents == other.residents && one.custody == other.custody && one.dwellings == other.dwellings);
    assert!(one.histories == other.histories);
}

/// An answer to `POST /perustiedot`.
pub fn base(bytes: &[u8]) {
    let mut documents = Documents::new(READING);
    if documents.take_base_data(bytes, &[]).is_ok() {
        whole(documents.loaded(day()));
        kept(&mut documents);
    }
}

/// An answer to `POST /muutokset` about people who are known, and once more.
pub fn changes(bytes: &[u8]) {
    let _ = feed::Token::read(bytes);
    let Ok(page) = feed::Page::read(bytes) else { return };
    let mut documents = Documents::new(READING);
    documents.take_base_data(BASE.as_bytes(), &[]).unwrap();
    let (register, mut identities) = built(documents.loaded(day()).delivery);
    let taken = documents.take_changes(page.changes());
    assert_eq!(taken.read, taken.used + set_aside(&taken.issues).len());
    let (batch, _) = documents.changes(day());
    let applied = register.apply(batch.clone(), day(), &mut identities);
    assert_eq!(applied.tally.read, applied.tally.used + applied.tally.set_aside);
    let again = applied.register.apply(batch, day(), &mut identities);
    assert!(again.difference.is_empty(), "the same batch again changes something");
    kept(&mut documents);
}

/// Documents as they are kept.
pub fn stored(bytes: &[u8]) {
    if let Ok(mut documents) = Documents::read(bytes, READING) {
        kept(&mut documents);
        whole(documents.loaded(day()));
    }
}
