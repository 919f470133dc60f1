//! A made-up city's own tables, ISO-8859-1 with semicolons, by the mapping beside them.

use std::path::{Path, PathBuf};

use ennakko::core::identity::finnish::Profile;
use ennakko::core::record::{ListState, Sex};
use ennakko::core::{Fact, PartialDate, UnknownReason};
use ennakko::sources::table::{Format, Mapping, Reading, Table, join, read};
use ennakko::sources::{Loaded, Merged};
use ennakko::{IdentityTable, KeySecret, Register};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/tables").join(name)
}

#[expect(clippy::disallowed_methods, clippy::panic, reason = "the example's files stand on disk")]
fn loads() -> Vec<(String, Loaded)> {
    let text = std::fs::read_to_string(path("mapping.toml")).unwrap();
    let mapping = Mapping::parse("mapping.toml", &text).unwrap_or_else(|found| panic!("{}", found[0]));
    let reading = Reading { format: Format::Csv, mapping: &mapping, profile: Profile::SAMPLE };
    let tables =
        [("asukkaat.csv", Table::Residents), ("huoltajat.csv", Table::Custody), ("asunnot.csv", Table::Dwellings)];
    let reads = tables.map(|(name, table)| {
        let file = std::fs::read(path(name)).unwrap();
        assert!(std::str::from_utf8(&file).is_err() || name != "asukkaat.csv", "the example is ISO-8859-1");
        (name.to_owned(), read(table, file.as_slice(), &reading).unwrap())
    });
    assert_eq!(reads[0].1.seen().unread, ["EDUNVALVONTA"]);
    join(reads.into())
}

#[test]
fn a_citys_own_tables_become_records_by_its_mapping() {
    let loads = loads();
    let [(_, residents), (_, custody), (_, dwellings)] = loads.as_slice() else { panic!("three tables") };
    let told: Vec<String> = loads.iter().flat_map(|(_, loaded)| &loaded.issues).map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "record 6, `born`: is not of the shape that the source documents",
            "record 5, `custodian`: has an identity code that cannot be used",
        ]
    );
    assert_eq!([residents, custody, dwellings].map(|loaded| (loaded.read, loaded.used)), [(6, 6), (5, 4), (2, 2)]);
    let [aino, eetu, _, jari, siiri, lauri] = residents.delivery.residents.as_slice() else { panic!("six residents") };
    assert_eq!(aino.born, Fact::Known(PartialDate::parse("2020-03-15").unwrap()));
    assert_eq!((aino.sex, aino.names.as_ref().unwrap().family.as_str()), (Fact::Known(Sex::Female), "Kivelä"));
    assert!(aino.dwelling.as_ref().known().is_some_and(|id| id.ends_with("A001 ")), "with its blank");
    // a row beside this child could not be read
    assert_eq!((aino.custodians, eetu.custodians), (ListState::Whole, ListState::Open(UnknownReason::NotDelivered)));
    assert_eq!((jari.municipality.clone(), jari.dwelling.clone()), (Fact::Known("049".to_owned()), Fact::None));
    assert_eq!(siiri.dwelling, Fact::Unknown(UnknownReason::Withheld));
    assert_eq!((siiri.protection, siiri.born), (Fact::Known(true), Fact::Known(PartialDate::in_year(1955).unwrap())));
    assert!(lauri.born.is_unknown() && lauri.language.is_unknown());
    assert_eq!(lauri.names.as_ref().unwrap().given, "Lauri; \"Late\"");
    let address = dwellings.delivery.dwellings[0].address.as_ref().known().unwrap();
    assert_eq!((address.street.as_str(), address.postal_code.as_str()), ("Hämeentie 501 A 1", "00500"));
}

#[test]
fn a_citys_own_tables_become_a_register() {
    let merged = Merged::of(loads());
    let day = "2026-11-22".parse().unwrap();
    let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
    let built = Register::build(merged.delivery, day, &mut identities);
    assert_eq!(built.register.residents().count(), 6);
    assert_eq!(built.issues.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    assert_eq!(built.tally.read, built.tally.used);
}
