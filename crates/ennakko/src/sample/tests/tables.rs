//! Tests of the fact tables: rows, holes, late rows and wrong rows.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use ennakko_core::record::{FactDelivery, FactOf, FactRow, ResidentRecord};
use ennakko_core::{Fact, UnknownReason, Value};

use super::{SIZE, Seen, day, declarations, key_of, own_key, within};

/// Every table: rows that are there, missing, late and wrong.
pub(super) fn fact_tables(seen: &Seen) {
    let tables: BTreeMap<&str, _> =
        seen.delivery.facts.iter().map(|table| (table.declaration.name.as_str(), table)).collect();
    for table in tables.values() {
        assert!(declarations().contains(&table.declaration), "what a missing row means is as declared");
    }
    assert_eq!(tables.len(), declarations().len() - 1, "every fact but the one nobody knows");
    let codes: BTreeSet<String> = seen.delivery.residents.iter().map(own_key).collect();
    let former: BTreeSet<String> = seen
        .delivery
        .residents
        .iter()
        .flat_map(|record| record.former_codes.iter().map(|code| code.as_str().to_owned()))
        .collect();
    let (mut rows, mut nobody, mut late, mut doubled, mut untold) = (0, 0, 0, 0, 0);
    for (name, table) in &tables {
        assert!(!table.rows.is_empty(), "{name}");
        assert!(table.delivered_on <= day());
        let mut values: BTreeMap<FactOf, &Fact<Value>> = BTreeMap::new();
        for row in &table.rows {
            rows += 1;
            untold += usize::from(row.value.is_unknown());
            doubled += usize::from(values.insert(row.of.clone(), &row.value).is_some_and(|other| *other != row.value));
            if let FactOf::Resident(who) = &row.of {
                let key = key_of(who);
                nobody += usize::from(!codes.contains(&key) && !former.contains(&key));
                late += usize::from(former.contains(&key));
            }
        }
    }
    within(rows / 1000, nobody, rows / 100, "rows about nobody");
    within(rows / 1000, untold, rows / 50, "rows that do not tell");
    within(rows / 1000, doubled, rows / 100, "rows doubled with another value");
    assert!(late > 0, "rows under a former code");
    holes(seen, &tables["local_school"].rows);
    let schools: BTreeSet<&str> = seen.city.schools().iter().map(|school| school.name).collect();
    let placed = tables["local_school"]
        .rows
        .iter()
        .filter(|row| matches!(&row.value, Fact::Known(Value::Text(school)) if schools.contains(&**school)));
    assert!(placed.count() * 100 > tables["local_school"].rows.len() * 98);
    // invitations of this year and of years before, and a few of the next
    let years = |name: &str| -> BTreeSet<i64> {
        let int = |row: &FactRow| if let Fact::Known(Value::Int(year)) = row.value { Some(year) } else { None };
        tables[name].rows.iter().filter_map(int).collect()
    };
    for name in ["cervical_invited_year", "colorectal_invited_year", "cervical_sample_year"] {
        assert!(BTreeSet::from([2025, 2026, 2027]).is_subset(&years(name)), "{name}: {:?}", years(name));
    }
    assert!(tables["cervical_sample_year"].rows.len() < tables["cervical_invited_year"].rows.len());
    services(&tables);
}

/// The shares of those whom a table ought to tell of and of whom it has a row: of most, and of fewer where they have moved
/// lately; nobody whose home is kept back.
fn holes(seen: &Seen, rows: &[FactRow]) {
    let told: BTreeSet<String> = rows
        .iter()
        .filter_map(|row| if let FactOf::Resident(who) = &row.of { Some(key_of(who)) } else { None })
        .collect();
    let is_told = |child: &&ResidentRecord| {
        child.former_codes.iter().any(|code| told.contains(code.as_str())) || told.contains(&own_key(child))
    };
    let at_home = |child: &&ResidentRecord| {
        let born = child.born.known().unwrap().first().year();
        (5..=16).contains(&(2027 - born))
            && !child.dead
            && child.dwelling.as_ref().known().is_some_and(|id| seen.households.contains_key(id))
    };
    let lately = |child: &&ResidentRecord| {
        child.dwelling_since.known().is_some_and(|since| (day() - since.first()).num_days() < 30)
    };
    let children = || seen.delivery.residents.iter().filter(at_home);
    let (of, with) = (children().count(), children().filter(is_told).count());
    within(of * 955 / 1000, with, of * 995 / 1000, "children whose school is told");
    let (of, with) = (children().filter(lately).count(), children().filter(lately).filter(is_told).count());
    // a handful in a small city
    assert!(SIZE < 100_000 || (of > 5 && with < of * 9 / 10), "of {of} who moved lately the school is told of {with}");
    let kept_back = seen.delivery.residents.iter().filter(|r| r.dwelling == Fact::Unknown(UnknownReason::Withheld));
    assert_eq!(kept_back.filter(is_told).count(), 0, "a school tells where somebody lives");
}

/// What the tables of the later services promise: lengths with a method, a round of invitations, three voting groups.
fn services(tables: &BTreeMap<&str, &FactDelivery>) {
    let ints = |name: &str| -> Vec<i64> {
        let int = |row: &FactRow| if let Fact::Known(Value::Int(number)) = row.value { Some(number) } else { None };
        tables[name].rows.iter().filter_map(int).collect()
    };
    let texts = |name: &str| -> BTreeSet<String> {
        let text =
            |row: &FactRow| if let Fact::Known(Value::Text(text)) = &row.value { Some(text.to_string()) } else { None };
        tables[name].rows.iter().filter_map(text).collect()
    };
    let lengths = ints("travel_distance_m");
    assert!(lengths.iter().all(|length| (0..20_000).contains(length)));
    for limit in [2000, 3000, 5000] {
        assert!(
            lengths.iter().any(|length| *length < limit) && lengths.iter().any(|length| *length >= limit),
            "{limit}"
        );
    }
    within(lengths.len() * 97 / 100, tables["travel_distance_method"].rows.len(), lengths.len() * 103 / 100, "methods");
    assert_eq!(
        texts("travel_distance_method"),
        BTreeSet::from(["walking_network", "road_network", "straight_line"].map(str::to_owned))
    );
    assert_eq!(texts("travel_school_kind"), BTreeSet::from(["municipal", "private", "state"].map(str::to_owned)));
    assert_eq!(texts("voting_group"), BTreeSet::from(["finnish", "eu_iceland_norway", "other"].map(str::to_owned)));
    // the school of grades 1 and 7 is not known yet in November; a wrong row is one less than a right one
    assert!(ints("travel_grade").iter().filter(|grade| **grade == 7).count() * 50 < lengths.len());
    let (mut lately, mut invited) = (0, 0);
    for row in &tables["breast_invited_on"].rows {
        if let Fact::Known(Value::Day(on)) = &row.value {
            assert!(on.last() <= day(), "nobody is invited for a day to come");
            invited += 1;
            lately += usize::from((day() - on.first()).num_days() < 608);
        }
    }
    within(invited * 70 / 100, lately, invited * 88 / 100, "invited within twenty months");
}
