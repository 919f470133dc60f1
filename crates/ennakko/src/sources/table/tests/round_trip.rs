//! The sample's city written as tables, in every format, and read back: the same records.

use chrono::NaiveDate;
use ennakko_core::record::Delivery;

use super::super::super::Merged;
use super::*;
use crate::sample::City;
use crate::sample::table::{FACT_HEAD, TABLES, fact_rows, rows};

/// Facts of every type, and of both kinds of subjects.
fn facts() -> Vec<FactDeclaration> {
    use SubjectKind::{Building, Resident};
    vec![
        declared(Resident, "local_school", FactType::Place),
        declared(Resident, "school_place_year", FactType::Int),
        declared(Resident, "start_deferred", FactType::Bool),
        declared(Resident, "breast_invited_on", FactType::Day),
        declared(Resident, "ecec_place", FactType::Text),
        declared(Building, "lift_grant_year", FactType::Int),
    ]
}

/// The tables of a city as CSV, each with what it is.
fn files(delivery: &Delivery) -> Vec<(usize, String)> {
    let tables = TABLES.into_iter().zip(rows(delivery)).map(|((_, head), rows)| format!("{head}\n{rows}"));
    let facts = delivery.facts.iter().map(|table| format!("{FACT_HEAD}\n{}", fact_rows(table)));
    tables.chain(facts).enumerate().collect()
}

fn which(at: usize, delivery: &Delivery) -> Table<'_> {
    let tables = [
        Table::Residents,
        Table::Deaths,
        Table::Custody,
        Table::Dwellings,
        Table::Buildings,
        Table::Owners,
        Table::Stairwells,
    ];
    tables.get(at).copied().unwrap_or_else(|| {
        let table = &delivery.facts[at - tables.len()];
        Table::Facts { declared: std::slice::from_ref(&table.declaration), delivered_on: table.delivered_on }
    })
}

pub(super) fn records_of(file: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = ::csv::Reader::from_reader(file.as_bytes());
    let texts = |record: &::csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let head = texts(reader.headers().unwrap());
    (head, reader.records().map(|record| texts(&record.unwrap())).collect())
}

/// The same table as JSON Lines; an empty cell is a null.
fn as_json(file: &str) -> Vec<u8> {
    let (head, rows) = records_of(file);
    let mut lines = Vec::new();
    for row in rows {
        let cell = |cell: String| if cell.is_empty() { serde_json::Value::Null } else { cell.into() };
        let line: serde_json::Map<_, _> = head.iter().cloned().zip(row.into_iter().map(cell)).collect();
        serde_json::to_writer(&mut lines, &line).unwrap();
        lines.push(b'\n');
    }
    lines
}

fn check(format: Format, written: impl Fn(&str) -> Vec<u8>) {
    let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    let city = City::plan(2_000, 3).unwrap();
    let delivery = city.delivery(day, &facts());
    assert_eq!(delivery.facts.len(), facts().len());
    let reads = files(&delivery).into_iter().map(|(at, file)| {
        let table = which(at, &delivery);
        let read = read_as(table, format, &Mapping::none(), &written(&file)).unwrap();
        let unread: &[&str] = match table {
            Table::Residents => &["citizenships"],
            Table::Buildings => &["lifts"],
            _ => &[],
        };
        if format != Format::JsonLines {
            assert_eq!(read.seen().unread, unread);
        }
        (at.to_string(), read)
    });
    let loads = join(reads.collect());
    for (name, loaded) in &loads {
        assert_eq!((told(loaded), loaded.used), (Vec::new(), loaded.read), "table {name}");
    }
    let found = Merged::of(loads).delivery;
    // `assert_eq` would print nothing of use: records hide what they hold
    assert!(found.residents == delivery.residents, "residents");
    assert!(found.deaths == delivery.deaths, "deaths");
    assert!(found.custody == delivery.custody, "custody");
    assert!(found.dwellings == delivery.dwellings, "dwellings");
    assert!(found.buildings == delivery.buildings, "buildings");
    assert!(found.histories == delivery.histories, "histories");
    assert!(found.facts == delivery.facts, "facts");
    let with_rows = delivery.facts.iter().filter(|table| !table.rows.is_empty()).count();
    assert!(delivery.residents.len() > 2_000 && with_rows >= 4, "{with_rows}");
}

#[test]
fn csv_there_and_back() {
    check(Format::Csv, |file| file.as_bytes().to_vec());
}

#[test]
fn json_lines_there_and_back() {
    check(Format::JsonLines, as_json);
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_there_and_back() {
    check(Format::Parquet, |file| {
        let (head, rows) = records_of(file);
        let columns = head.iter().enumerate().map(|(at, name)| {
            let cells = rows.iter().map(|row| Some(row[at].as_str()).filter(|cell| !cell.is_empty()));
            let cells: arrow_array::StringArray = cells.collect();
            (name.as_str(), std::sync::Arc::new(cells) as arrow_array::ArrayRef)
        });
        parquet_files::written(columns.collect())
    });
}
