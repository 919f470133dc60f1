//! Tables from text to records: spellings, files that are torn, tables joined, and the sample's city there and back.

mod files;
mod joined;
#[cfg(feature = "parquet")]
mod parquet_files;
#[cfg(feature = "sample")]
mod round_trip;
mod spellings;
mod torn;

use std::fmt::Write as _;

use ennakko_core::fact_table::{FactDeclaration, FactType, SubjectKind};
use ennakko_core::identity::PermanentBuildingId;

use super::super::Loaded;
use super::schema::{Kind, VERSION, page};
use super::*;

/// Residents of whom the mapping says what a small file leaves out.
const RESIDENTS: &str = "version = 1\n[residents.always]\ndead = false\nborn = \"unknown\"\nmunicipality = \"091\"\n\
                         protected = false\ndwelling = \"none\"\ncustodians = \"whole\"\n";

fn mapping(text: &str) -> Mapping {
    Mapping::parse("mapping.toml", text).unwrap_or_else(|found| panic!("{}", found[0]))
}

/// [`RESIDENTS`] without the lines of columns that a file has.
fn residents_but(columns: &[&str]) -> String {
    let has = |line: &str| columns.iter().any(|column| line.starts_with(&format!("{column} =")));
    RESIDENTS.lines().filter(|line| !has(line)).fold(String::new(), |text, line| text + line + "\n")
}

fn read_as(table: Table<'_>, format: Format, mapping: &Mapping, file: &[u8]) -> Result<TableRead, TableError> {
    let read = read(table, file, &Reading { format, mapping, profile: Profile::SAMPLE });
    if let Ok(read) = &read {
        tallies(&read.made.loaded);
    }
    read
}

/// Read = used + set aside, whatever was read.
fn tallies(loaded: &Loaded) {
    let set_aside = loaded.issues.iter().filter(|issue| issue.sets_aside).count();
    assert_eq!(loaded.read, loaded.used + set_aside);
    assert!(loaded.issues.is_sorted_by_key(|issue| issue.position));
    let mut aside: Vec<u64> =
        loaded.issues.iter().filter(|issue| issue.sets_aside).map(|issue| issue.position).collect();
    aside.dedup();
    assert_eq!(aside.len(), set_aside, "a row is set aside once");
    assert_eq!(loaded.origins.residents.len(), loaded.delivery.residents.len());
    assert_eq!(loaded.origins.custody.len(), loaded.delivery.custody.len());
}

fn csv(table: Table<'_>, map: &str, file: &str) -> Result<Loaded, TableError> {
    let read = read_as(table, Format::Csv, &mapping(map), file.as_bytes())?;
    let mut loads = join(vec![("test".to_owned(), read)]);
    Ok(loads.remove(0).1)
}

/// The issues in words.
fn told(loaded: &Loaded) -> Vec<String> {
    loaded.issues.iter().map(|issue| format!("{issue}{}", if issue.sets_aside { ", set aside" } else { "" })).collect()
}

fn building(number: u32) -> PermanentBuildingId {
    PermanentBuildingId::artificial(number).unwrap()
}

fn declared(subject: SubjectKind, name: &str, fact_type: FactType) -> FactDeclaration {
    FactDeclaration { may_be_none: true, ..FactDeclaration::plain(subject, name, fact_type) }
}

#[test]
fn the_page_is_the_schema() {
    let text = include_str!("../../../TABLES.md");
    let (_, tables) = text.split_once("\n<!-- from here on: made from the schema -->\n").unwrap();
    assert_eq!(tables, page(), "TABLES.md is not what `schema::page` writes");
    assert!(text.contains(&format!("version {VERSION}")));
}

#[test]
fn every_column_of_the_schema_is_read() {
    // a file with all columns and no rows: a name that a reader asks for and the schema lacks would read another column
    for table in TableName::ALL {
        let mut head = String::new();
        for column in table.columns() {
            write!(head, "{},", column.name).unwrap();
            assert!(column.meaning.ends_with('.') && !column.name.contains(char::is_uppercase));
            assert!(!matches!(column.kind, Kind::Number(unit) if unit.is_empty()), "a number has a unit");
        }
        let year = [declared(SubjectKind::Resident, "year", FactType::Int)];
        if table == TableName::Facts {
            head.push_str("value,");
        }
        let which = Table::named(table, &year, NaiveDate::default());
        assert_eq!(which.name(), table);
        let file = format!("{}\n", head.trim_end_matches(','));
        let read = read_as(which, Format::Csv, &Mapping::none(), file.as_bytes()).unwrap();
        assert_eq!(*read.seen(), Seen::default(), "{table:?}");
    }
}
