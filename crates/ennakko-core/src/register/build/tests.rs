//! Tests of what no fact can be: numbers and texts that the declaration does not allow, and *none* where there is always
//! something.

use std::sync::Arc;

use super::*;
use crate::fact_table::{FACT_INT_MAX, FactDeclaration, FactType, SubjectKind};
use crate::identity::building_id::PermanentBuildingId;
use crate::key::KeySecret;
use crate::record::{FactOf, FactRow, ListState, Stairwell, Utilities};
use crate::value::Value;

fn building() -> BuildingRecord {
    let unknown = || Fact::Unknown(UnknownReason::NotDelivered);
    BuildingRecord {
        id: PermanentBuildingId::artificial(1).unwrap(),
        location: Fact::None,
        address: Fact::None,
        owners: Vec::new(),
        owners_state: ListState::Whole,
        area_m2: unknown(),
        facilities: Utilities::NOT_DELIVERED,
        connections: Utilities::NOT_DELIVERED,
        intended_use: Fact::None,
        built_year: unknown(),
        storeys: unknown(),
        dwellings: unknown(),
        stairwells: Vec::new(),
        stairwells_state: ListState::Whole,
    }
}

fn built(delivery: Delivery) -> Built {
    let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
    let built = Register::build(delivery, NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(), &mut identities);
    assert_eq!(built.tally.read, built.tally.used + built.tally.set_aside);
    built
}

fn declared(fact_type: FactType) -> FactDeclaration {
    FactDeclaration::plain(SubjectKind::Building, "measured", fact_type)
}

/// What a building's fact is when this is delivered, and what was wrong.
fn delivered(declaration: FactDeclaration, value: Value) -> (Fact<Value>, Vec<Problem>) {
    let id = PermanentBuildingId::artificial(1).unwrap();
    let rows = vec![FactRow { of: FactOf::Building(id), value: Fact::Known(value) }];
    let delivered_on = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    let facts = vec![FactDelivery { declaration, delivered_on, rows }];
    let Built { register, issues, .. } = built(Delivery { buildings: vec![building()], facts, ..Delivery::default() });
    let fact = register.fact_named(SubjectKind::Building, "measured").unwrap();
    let value = register.buildings().next().unwrap().fact(fact, register.day());
    (value, issues.into_iter().map(|issue| issue.problem).collect())
}

#[test]
fn a_number_outside_its_bounds_is_set_aside() {
    let between = |least, most| FactDeclaration { least, most, ..declared(FactType::Int) };
    let aside = || (Fact::Unknown(UnknownReason::Disputed), vec![Problem::OutOfRange]);
    for (number, least, most, is_used) in [
        (7, Some(7), Some(9), true),
        (9, Some(7), Some(9), true),
        (6, Some(7), Some(9), false),
        (10, Some(7), Some(9), false),
        (-5, None, Some(9), true),
        (FACT_INT_MAX, None, None, true),
        (-FACT_INT_MAX, None, None, true),
        (FACT_INT_MAX + 1, None, None, false),
        (-FACT_INT_MAX - 1, None, None, false),
        (i64::MIN, None, None, false),
        (FACT_INT_MAX + 1, None, Some(i64::MAX), false),
    ] {
        let came = delivered(between(least, most), Value::Int(number));
        let wanted = if is_used { (Fact::Known(Value::Int(number)), Vec::new()) } else { aside() };
        assert_eq!(came, wanted, "{number} between {least:?} and {most:?}");
    }
}

#[test]
fn a_text_that_is_no_code_of_its_list_is_set_aside() {
    let codes: Arc<[Arc<str>]> = ["a", "b"].map(Arc::from).into();
    let listed = || FactDeclaration { codes: Some(codes.clone()), ..declared(FactType::Text) };
    let text = |text: &str| Value::Text(Arc::from(text));
    assert_eq!(delivered(listed(), text("b")), (Fact::Known(text("b")), Vec::new()));
    for other in ["c", "A", "", "a "] {
        let came = delivered(listed(), text(other));
        assert_eq!(came, (Fact::Unknown(UnknownReason::Disputed), vec![Problem::UnknownCode]), "{other}");
    }
    assert_eq!(delivered(declared(FactType::Text), text("c")), (Fact::Known(text("c")), Vec::new()));
}

#[test]
fn what_every_building_has_is_never_none() {
    let none = Utilities { sewer: Fact::None, water: Fact::Known(true), ..Utilities::NOT_DELIVERED };
    let record = BuildingRecord {
        storeys: Fact::None,
        built_year: Fact::Known(FACT_INT_MAX + 1),
        dwellings: Fact::Known(3),
        intended_use: Fact::None,
        facilities: none,
        stairwells: vec![Stairwell { name: "A".to_owned(), lift: Fact::None }],
        ..building()
    };
    let Built { register, issues, tally } = built(Delivery { buildings: vec![record], ..Delivery::default() });
    let building = register.buildings().next().unwrap();
    let not_delivered = UnknownReason::NotDelivered;
    assert_eq!(building.storeys(), Fact::Unknown(not_delivered));
    assert_eq!(building.built_year(), Fact::Unknown(UnknownReason::Disputed));
    assert_eq!(building.dwellings(), Fact::Known(3));
    assert_eq!(building.intended_use(), Fact::None);
    assert_eq!(building.facilities().sewer, Fact::Unknown(not_delivered));
    assert_eq!(building.facilities().water, Fact::Known(true));
    assert_eq!(building.stairwells().0[0].lift, Fact::Unknown(not_delivered));
    let told: Vec<String> = issues.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["building record 1 has a number beyond what any fact may be"]);
    assert_eq!((tally.used, tally.set_aside), (1, 0), "the rest of the record is used");
}
