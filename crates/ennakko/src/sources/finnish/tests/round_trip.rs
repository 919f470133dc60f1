//! Base data and a year of changes, as the sample city tells them, against the base data of the year's end.

use std::collections::BTreeMap;

use ennakko_core::record::Stay;
use ennakko_core::{Fact, UnknownReason};

use super::*;
use crate::sample::feed::{BaseData, changes};
use crate::sample::{City, Year};

fn year(seed: u64) -> Year {
    Year::live(&City::plan(2_000, seed).unwrap(), on(TODAY), &[])
}

fn base(data: &BaseData<'_>) -> Documents {
    let mut documents = Documents::new(reading());
    let people: Vec<Value> = data.people().collect();
    for people in people.chunks(100) {
        let taken = documents.take_base_data(&answer(people), &[]).unwrap();
        assert_eq!((taken.used, taken.issues.len()), (taken.read, 0));
    }
    documents
}

/// Records by the code in force; of a stay only what the later base data knows of too.
struct Compared {
    residents: BTreeMap<String, ResidentRecord>,
    custody: Vec<CustodyRecord>,
    present: BTreeMap<Who, Option<Stay>>,
    dwellings: BTreeMap<String, ennakko_core::record::DwellingRecord>,
}

/// One code for everybody: the oldest that is known of them.
fn renamed(who: &Who, oldest: &BTreeMap<Who, Who>) -> Who {
    oldest.get(who).unwrap_or(who).clone()
}

fn compared(documents: &mut Documents, day: NaiveDate) -> Compared {
    let delivery = documents.loaded(day).delivery;
    let mut oldest = BTreeMap::new();
    for record in &delivery.residents {
        let codes: Vec<Who> = record.former_codes.iter().chain(&record.code).cloned().map(Who::Code).collect();
        for code in &codes {
            oldest.insert(code.clone(), codes[0].clone());
        }
    }
    let code_of = |record: &ResidentRecord| record.code.as_ref().unwrap().as_str().to_owned();
    let mut custody: Vec<CustodyRecord> = delivery.custody;
    for pair in &mut custody {
        pair.child = renamed(&pair.child, &oldest);
        pair.custodian = renamed(&pair.custodian, &oldest);
    }
    custody.sort_unstable();
    Compared {
        residents: delivery.residents.into_iter().map(|record| (code_of(&record), record)).collect(),
        custody,
        present: delivery.histories.into_iter().map(|mut history| (history.of, history.stays.pop())).collect(),
        dwellings: delivery.dwellings.into_iter().map(|dwelling| (dwelling.id.clone(), dwelling)).collect(),
    }
}

#[test]
fn base_data_and_changes_give_the_records_of_the_later_base_data() {
    for seed in [1, 11, 2027] {
        let year = year(seed);
        let mut documents = base(&BaseData::of(&year.start));
        let first = compared(&mut documents, year.until);
        let mut touched = 0;
        for page in changes(&year, 100) {
            let page = feed::Page::read(page.to_string().as_bytes()).unwrap();
            let taken = documents.take_changes(page.changes());
            assert_eq!((taken.used, taken.waiting), (taken.read, 0), "seed {seed}: {:?}", taken.issues);
            assert_eq!(taken.issues, [], "seed {seed}");
            let (batch, found) = documents.changes(year.until);
            assert_eq!(found, []);
            touched += batch.people.len();
            // the same page again
            let again = documents.take_changes(page.changes());
            assert_eq!((again.used, documents.changes(year.until).0.people.len()), (again.read, 0));
        }
        assert!(touched > 200, "{touched} people touched");
        let reached = compared(&mut documents, year.until);
        let wanted = compared(&mut base(&BaseData::at_end(&year)), year.until);
        assert!(first.residents != wanted.residents);
        assert_eq!(reached.residents.keys().collect::<Vec<_>>(), wanted.residents.keys().collect::<Vec<_>>());
        let mut differing = Vec::new();
        for (code, record) in &wanted.residents {
            if reached.residents[code] != *record {
                differing.push(difference(&reached.residents[code], record));
            }
        }
        assert!(differing.is_empty(), "seed {seed}: {differing:?}");
        assert_eq!(reached.custody, wanted.custody, "seed {seed}");
        assert!(reached.present == wanted.present, "seed {seed}: where people live now, and since when");
        // dwellings that somebody has left since stay known
        for (id, dwelling) in &wanted.dwellings {
            assert!(reached.dwellings.get(id) == Some(dwelling), "seed {seed}");
        }
    }
}

/// The names of the fields in which two records differ.
fn difference(one: &ResidentRecord, other: &ResidentRecord) -> Vec<&'static str> {
    let fields = [
        ("former_codes", one.former_codes == other.former_codes),
        ("names", one.names == other.names),
        ("born", one.born == other.born),
        ("sex", one.sex == other.sex),
        ("dead", one.dead == other.dead),
        ("municipality", one.municipality == other.municipality),
        ("language", one.language == other.language),
        ("protection", one.protection == other.protection),
        ("dwelling", one.dwelling == other.dwelling),
        ("dwelling_since", one.dwelling_since == other.dwelling_since),
        ("custodians", one.custodians == other.custodians),
    ];
    fields.into_iter().filter_map(|(name, same)| (!same).then_some(name)).collect()
}

/// The records that the sample itself delivers, where base data can say what they say.
#[test]
fn base_data_says_what_the_sample_itself_delivers() {
    let year = year(11);
    let mut documents = base(&BaseData::of(&year.start));
    let loaded = documents.loaded(on(TODAY));
    assert_eq!(loaded.issues, []);
    let own = year.start.residents.iter().filter(|record| record.code.is_some());
    let mut n = 0;
    for (own, record) in own.zip(&loaded.delivery.residents) {
        assert!((&own.code, &own.former_codes) == (&record.code, &record.former_codes));
        assert!((own.names.clone(), own.dead) == (record.names.clone(), record.dead));
        assert_eq!((own.born, own.sex, &own.language), (record.born, record.sex, &record.language));
        let said = |fact: &Fact<String>| fact.as_ref().known().cloned();
        assert_eq!(said(&own.municipality), said(&record.municipality));
        assert_eq!(said(&own.dwelling), said(&record.dwelling));
        if own.dwelling == Fact::Unknown(UnknownReason::Withheld) {
            assert_eq!(own.dwelling, record.dwelling);
        }
        // what was not delivered cannot be told from no order
        if own.protection != Fact::Unknown(UnknownReason::NotDelivered) {
            assert_eq!(own.protection, record.protection);
        }
        n += 1;
    }
    assert!(n > 2_000 && n == loaded.delivery.residents.len());
}
