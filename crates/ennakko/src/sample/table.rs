//! The sample as tables: comma-separated values (RFC 4180) with one head line each, for spreadsheets and other tools.
//!
//! A cell holds a value, or the bare word `none` (the source knows that there is none) or `unknown` with the reason after a
//! colon. Blanks in dwelling ids count, so texts with blanks at an end stand in quotation marks. Rows are made block by
//! block, so that a large city streams. Names and spellings are those of the tables that a city can load (feature `tables`);
//! `citizenships` and `lifts` are for people's eyes.

use std::fmt::Write as _;

use ennakko_core::day::PartialDate;
use ennakko_core::record::{
    BuildingRecord, CustodyKind, Delivery, FactDelivery, FactOf, ListState, Owner, ResidentRecord, Sex, Who,
};
use ennakko_core::{Fact, UnknownReason, Value};

/// The tables and their head lines, in the order of [`rows`].
pub const TABLES: [(&str, &str); 7] = [
    (
        "residents.csv",
        "key,code,former_codes,given,family,born,sex,dead,municipality,language,citizenships,protected,dwelling,since,custodians",
    ),
    ("deaths.csv", "who,source,dead"),
    ("custody.csv", "child,custodian,kind,from,until,may_decide"),
    ("dwellings.csv", "dwelling,building,street,postal_code,post_office,members"),
    (
        "buildings.csv",
        "building,epsg,north_m,east_m,street,postal_code,post_office,area_m2,intended_use,built_year,storeys,dwellings,owners,\
         stairwells,lifts,facility_sewer,facility_water,facility_electricity,facility_gas,facility_cable,\
         connection_sewer,connection_water,connection_electricity,connection_gas,connection_cable",
    ),
    ("owners.csv", "building,kind,who,name,language"),
    ("stairwells.csv", "building,stairwell,lift"),
];

/// The head line of a fact's table.
pub const FACT_HEAD: &str = "of,value";

/// The rows of a block, or of a whole delivery, for each of [`TABLES`]; each row ends with a line feed.
pub fn rows(block: &Delivery) -> [String; 7] {
    let mut tables: [String; 7] = Default::default();
    let [residents, deaths, custody, dwellings, buildings, owners, stairwells] = &mut tables;
    for record in &block.residents {
        line(residents, &resident(record));
    }
    for death in &block.deaths {
        line(deaths, &[who(&death.who), death.source.clone(), death.dead.to_string()]);
    }
    for pair in &block.custody {
        let kind = match pair.kind {
            CustodyKind::Custodian => "custodian",
            CustodyKind::InformationOnly => "information_only",
            CustodyKind::Guardian => "guardian",
        };
        line(
            custody,
            &[
                who(&pair.child),
                who(&pair.custodian),
                kind.to_owned(),
                shown(pair.from),
                shown(pair.until),
                shown(pair.may_decide),
            ],
        );
    }
    for dwelling in &block.dwellings {
        let address = dwelling.address.as_ref();
        line(
            dwellings,
            &[
                dwelling.id.clone(),
                dwelling.building.as_ref().map_or_else(String::new, |id| id.as_str().to_owned()),
                shown(address.map(|address| &address.street)),
                shown(address.map(|address| &address.postal_code)),
                shown(address.map(|address| &address.post_office)),
                state(dwelling.members),
            ],
        );
    }
    for record in &block.buildings {
        line(buildings, &building(record));
        for owner in &record.owners {
            line(owners, &owner_cells(record, owner));
        }
        for stairwell in &record.stairwells {
            line(stairwells, &[record.id.as_str().to_owned(), stairwell.name.clone(), shown(stairwell.lift)]);
        }
    }
    tables
}

/// The rows of a fact's table.
pub fn fact_rows(table: &FactDelivery) -> String {
    let mut rows = String::new();
    for row in &table.rows {
        let of = match &row.of {
            FactOf::Resident(resident) => who(resident),
            FactOf::Building(id) => id.as_str().to_owned(),
        };
        let value = shown(row.value.as_ref().map(|value| match value {
            Value::Bool(holds) => holds.to_string(),
            Value::Int(number) => number.to_string(),
            Value::Day(day) => date(*day),
            Value::Text(text) => text.to_string(),
            // a place that the register has tied to a home; the sample's rows are not, and come as texts
            _ => String::new(),
        }));
        line(&mut rows, &[of, value]);
    }
    rows
}

fn resident(record: &ResidentRecord) -> [String; 15] {
    let former: Vec<&str> = record.former_codes.iter().map(ennakko_core::identity::IdentityCode::as_str).collect();
    let names = record.names.as_ref();
    [
        record.key.map_or_else(String::new, |key| key.as_uuid().to_string()),
        record.code.as_ref().map_or_else(String::new, |code| code.as_str().to_owned()),
        former.join(" "),
        names.map_or_else(String::new, |names| names.given.clone()),
        names.map_or_else(String::new, |names| names.family.clone()),
        shown(record.born.map(date)),
        shown(record.sex.map(|sex| if sex == Sex::Female { "female" } else { "male" })),
        record.dead.to_string(),
        shown(record.municipality.as_ref()),
        shown(record.language.as_ref()),
        super::citizenships(record).join(" "),
        shown(record.protection),
        shown(record.dwelling.as_ref()),
        shown(record.dwelling_since.map(date)),
        state(record.custodians),
    ]
}

fn building(record: &BuildingRecord) -> Vec<String> {
    let address = record.address.as_ref();
    let lifts = record.stairwells.iter().filter(|stairwell| stairwell.lift == Fact::Known(true)).count();
    let mut cells = vec![
        record.id.as_str().to_owned(),
        shown(record.location.map(|location| location.epsg)),
        shown(record.location.map(|location| location.north_m)),
        shown(record.location.map(|location| location.east_m)),
        shown(address.map(|address| &address.street)),
        shown(address.map(|address| &address.postal_code)),
        shown(address.map(|address| &address.post_office)),
        shown(record.area_m2),
        shown(record.intended_use.as_ref()),
        shown(record.built_year),
        shown(record.storeys),
        shown(record.dwellings),
        state(record.owners_state),
        state(record.stairwells_state),
        lifts.to_string(),
    ];
    for utilities in [record.facilities, record.connections] {
        let all = [utilities.sewer, utilities.water, utilities.electricity, utilities.gas, utilities.cable];
        cells.extend(all.map(shown));
    }
    cells
}

fn owner_cells(record: &BuildingRecord, owner: &Owner) -> [String; 5] {
    let [kind, id, name, language] = match owner {
        Owner::Person(person) => ["person".to_owned(), who(person), String::new(), String::new()],
        Owner::Organisation { id, name, language } => {
            ["organisation".to_owned(), id.clone(), name.clone(), shown(language.as_ref())]
        }
        Owner::Estate => ["estate".to_owned(), String::new(), String::new(), String::new()],
    };
    [record.id.as_str().to_owned(), kind, id, name, language]
}

fn shown<T: ToString>(fact: Fact<T>) -> String {
    match fact {
        Fact::Known(value) => value.to_string(),
        Fact::None => "none".to_owned(),
        Fact::Unknown(reason) => unknown(reason),
    }
}

fn unknown(reason: UnknownReason) -> String {
    format!("unknown: {}", reason.words())
}

fn state(state: ListState) -> String {
    match state {
        ListState::Whole => "whole".to_owned(),
        ListState::Open(reason) => unknown(reason),
    }
}

/// `2020-10-15`, `2020-10` or `2020`.
fn date(date: PartialDate) -> String {
    let text = date.first().to_string();
    let known = match (date.day(), date.first().format("%Y-%m").to_string() == date.last().format("%Y-%m").to_string())
    {
        (Some(_), _) => 10,
        (None, true) => 7,
        (None, false) => 4,
    };
    text.get(..known).unwrap_or_default().to_owned()
}

/// A code, a key, or what is known of somebody who has neither.
fn who(who: &Who) -> String {
    match who {
        Who::Code(code) => code.as_str().to_owned(),
        Who::Key(key) => key.as_uuid().to_string(),
        Who::Described(names, born) => format!("{}|{}|{}", names.given, names.family, shown(born.map(date))),
    }
}

fn line(table: &mut String, cells: &[String]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            table.push(',');
        }
        let plain = !cell.contains(['"', ',', '\n', '\r']) && cell.trim() == cell.as_str();
        if plain {
            table.push_str(cell);
        } else {
            // writing to a text cannot fail
            let _ = write!(table, "\"{}\"", cell.replace('"', "\"\""));
        }
    }
    table.push('\n');
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::sample::City;

    /// The cells of a line, quotation marks undone.
    fn cells(line: &str) -> usize {
        let mut quoted = false;
        1 + line
            .chars()
            .filter(|letter| {
                quoted ^= *letter == '"';
                *letter == ',' && !quoted
            })
            .count()
    }

    #[test]
    fn every_row_has_the_cells_of_its_head() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let city = City::plan(2_000, 1).unwrap();
        let delivery = city.delivery(day, &[]);
        let tables = rows(&delivery);
        for ((name, head), table) in TABLES.into_iter().zip(&tables) {
            assert!(table.lines().all(|line| cells(line) == cells(head)), "{name}");
        }
        let counts = [&tables[0], &tables[2], &tables[3], &tables[4]].map(|table| table.lines().count());
        let expected =
            [delivery.residents.len(), delivery.custody.len(), delivery.dwellings.len(), delivery.buildings.len()];
        assert_eq!(counts, expected);
        assert!(tables[3].lines().any(|line| line.starts_with('"')), "blanks of dwelling ids are kept");
        // block by block gives the same rows
        let mut by_block: [String; 7] = Default::default();
        for block in city.on(day).blocks() {
            for (table, rows) in by_block.iter_mut().zip(rows(&block)) {
                table.push_str(&rows);
            }
        }
        assert_eq!(by_block, tables);
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let mut table = String::new();
        line(&mut table, &["a b".to_owned(), "900001234V1F028 ".to_owned(), "say \"x\", y".to_owned()]);
        assert_eq!(table, "a b,\"900001234V1F028 \",\"say \"\"x\"\", y\"\n");
    }
}
