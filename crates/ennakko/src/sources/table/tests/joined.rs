//! Tables that belong together: owners, stairwells, rights, stays, and facts side by side.

use ennakko_core::record::{ListState, Matter, Owner};
use ennakko_core::{Fact, UnknownReason, Value};

use super::*;

const CHILD: &str = "100190-999P";
const PARENT: &str = "100190Y999P";
const OPEN: ListState = ListState::Open(UnknownReason::NotDelivered);

/// Files of several tables, joined.
fn joined(map: &str, files: &[(Table<'_>, String)]) -> Vec<Loaded> {
    let map = mapping(map);
    let reads = files
        .iter()
        .enumerate()
        .map(|(at, (table, file))| (at.to_string(), read_as(*table, Format::Csv, &map, file.as_bytes()).unwrap()));
    let loads: Vec<Loaded> = join(reads.collect()).into_iter().map(|(_, loaded)| loaded).collect();
    loads.iter().for_each(tallies);
    loads
}

#[test]
fn owners_and_stairwells_come_to_their_buildings() {
    let [a, b, nowhere] = [1, 2, 3].map(building);
    let [a, b, nowhere] = [&a, &b, &nowhere].map(PermanentBuildingId::as_str);
    let buildings = format!("building,owners,stairwells\n{a},whole,whole\n{b},whole,whole\n");
    let owners = format!(
        "building,kind,who,name,language\n{b},person,{CHILD},,\n{a},organisation,S1,As Oy Malli,fi\n{nowhere},estate,,,\n\
         {b},person,{CHILD}x,,\n{a},estate,,,\nx,estate,,,\n{nowhere},person,,,\n"
    );
    let stairwells = format!("building,stairwell,lift\n{a},B,true\n{a},A,perhaps\n{nowhere},A,false\n{b},,false\n");
    let files = [(Table::Owners, owners), (Table::Buildings, buildings.clone()), (Table::Stairwells, stairwells)];
    let loads = joined("version = 1", &files);
    let [first, second] = loads[1].delivery.buildings.as_slice() else { panic!("two buildings") };
    assert!(matches!(first.owners.as_slice(), [Owner::Organisation { .. }, Owner::Estate]));
    assert!(matches!(second.owners.as_slice(), [Owner::Person(_)]));
    // of the second, an owner could not be read: the list is not whole
    assert_eq!((first.owners_state, second.owners_state), (ListState::Whole, OPEN));
    assert_eq!((first.stairwells_state, second.stairwells_state), (ListState::Whole, OPEN));
    let names: Vec<&str> = first.stairwells.iter().map(|stairwell| stairwell.name.as_str()).collect();
    assert_eq!(names, ["B", "A"]);
    assert_eq!(
        told(&loads[0]),
        [
            "record 3: is about somebody of whom nothing has been loaded, set aside",
            "record 4, `who`: has an identity code that cannot be used, set aside",
            "record 6, `building`: has an identity code that cannot be used, set aside",
            "record 7, `who`: has no identity code or key, set aside",
        ]
    );
    assert_eq!((loads[2].read, loads[2].used), (4, 2));
    // without those tables nobody's owners are known, whatever the building says
    let alone = joined("version = 1", &[(Table::Buildings, buildings)]);
    assert!(
        alone[0].delivery.buildings.iter().all(|record| record.owners_state == OPEN && record.stairwells_state == OPEN)
    );
}

#[test]
fn a_lost_row_of_custody_opens_the_childs_list() {
    let residents = format!("code\n{CHILD}\n{PARENT}\n");
    let custody = format!(
        "child,custodian,kind,from,until,may_decide\n{CHILD},{PARENT},custodian,none,none,true\n\
         {CHILD},{PARENT}x,custodian,none,none,true\n"
    );
    let loads = joined(RESIDENTS, &[(Table::Residents, residents), (Table::Custody, custody)]);
    let states: Vec<ListState> = loads[0].delivery.residents.iter().map(|record| record.custodians).collect();
    assert_eq!(states, [OPEN, ListState::Whole]);
    assert_eq!(loads[1].used, 1);
}

#[test]
fn custodians_without_a_code_come_by_name() {
    let file = format!(
        "child,custodian,custodian_given,custodian_family,custodian_born,kind,from,until,may_decide\n\
         {CHILD},,Ada,Malli,1980,guardian,none,none,true\n{CHILD},Ada|Malli|1980,,,,information_only,none,none,false\n\
         {CHILD},,,,,custodian,none,none,true\n"
    );
    let loaded = csv(Table::Custody, "version = 1", &file).unwrap();
    let [first, second] = loaded.delivery.custody.as_slice() else { panic!("two pairs") };
    assert_eq!(first.custodian, second.custodian);
    assert_eq!(told(&loaded), ["record 3, `custodian`: has no identity code or key, set aside"]);
}

#[test]
fn rights_come_to_every_row_of_their_pair() {
    let custody = format!(
        "child,custodian,kind,from,until,may_decide\n{CHILD},{PARENT},custodian,none,2020-01-01,true\n\
         {CHILD},{PARENT},custodian,2021-01-01,none,false\n{PARENT},{CHILD},custodian,none,none,true\n"
    );
    let rights = format!(
        "child,custodian,matter,may_decide,from,until\n{CHILD},{PARENT},education,true,none,none\n\
         {CHILD},{PARENT},7,unknown,none,none\n{PARENT},{PARENT},education,true,none,none\n{PARENT},{CHILD},,true,none,none\n"
    );
    let loads = joined("version = 1", &[(Table::Rights, rights), (Table::Custody, custody)]);
    let [first, second, third] = loads[1].delivery.custody.as_slice() else { panic!("three pairs") };
    let matters: Vec<&Matter> = first.rights.iter().map(|right| &right.matter).collect();
    assert_eq!(matters, [&Matter::Education, &Matter::Other("7".to_owned())]);
    assert_eq!(first.rights, second.rights);
    // a right of this pair could not be read: what they may decide is not known
    assert_eq!((third.rights.len(), third.may_decide), (0, Fact::Unknown(UnknownReason::NotDelivered)));
    assert_eq!((loads[0].read, loads[0].used), (4, 2));
}

#[test]
fn stays_of_a_person_become_one_history() {
    let file = format!(
        "who,municipality,from,last_day,known_from\n{CHILD},091,none,2020-06-26,2000-01-01\n{PARENT},049,2001,none,none\n\
         {CHILD},none,2020-06-27,none,2000-01-01\n{PARENT},091,none,2000,2000-01-01\nx,091,none,none,none\n"
    );
    let loaded = csv(Table::Histories, "version = 1", &file).unwrap();
    let [child, parent] = loaded.delivery.histories.as_slice() else { panic!("two histories") };
    assert_eq!(loaded.origins.histories, [1, 2]);
    assert_eq!((child.stays.len(), child.stays[1].municipality.clone()), (2, Fact::None));
    assert_eq!(parent.known_from, Fact::Unknown(UnknownReason::Disputed));
    assert_eq!((loaded.read, loaded.used), (5, 4));
}

#[test]
fn facts_come_one_a_file_or_side_by_side() {
    let resident = |name, kind| declared(SubjectKind::Resident, name, kind);
    let delivered_on = "2026-11-20".parse().unwrap();
    let one = [resident("school_place_year", FactType::Int)];
    let file = format!("of,value\n{CHILD},2026\n{PARENT},none\n{CHILD},\n{CHILD},1e3\nx,2026\n");
    let loaded = csv(Table::Facts { declared: &one, delivered_on }, "version = 1", &file).unwrap();
    let values: Vec<Fact<Value>> = loaded.delivery.facts[0].rows.iter().map(|row| row.value.clone()).collect();
    let unknown = Fact::Unknown(UnknownReason::NotDelivered);
    assert_eq!(values, [Fact::Known(Value::Int(2026)), Fact::None, unknown.clone(), unknown]);
    assert_eq!(loaded.origins.facts, [[1, 2, 3, 4]]);
    assert_eq!(loaded.delivery.facts[0].delivered_on, delivered_on);
    assert_eq!(loaded.issues.len(), 3);

    let several = [
        resident("school_place_year", FactType::Int),
        resident("start_deferred", FactType::Bool),
        resident("local_school", FactType::Place),
        resident("screened_on", FactType::Day),
    ];
    let map = "version = 1\n[facts.columns]\nof = \"HETU\"\nstart_deferred = \"LYKKAYS\"\n[facts.values.start_deferred]\nK = true\nE = false\n";
    let file = format!(
        "HETU,school_place_year,LYKKAYS,local_school,screened_on\n{CHILD},2026,K,Koulu,2020-05\n{PARENT},,E,Koulu,none\n{CHILD},,,,\n"
    );
    let loaded = csv(Table::Facts { declared: &several, delivered_on }, map, &file).unwrap();
    assert_eq!(loaded.origins.facts, [vec![1], vec![1, 2], vec![1, 2], vec![1, 2]]);
    assert_eq!((loaded.read, loaded.used, loaded.issues.len()), (3, 3, 0));
    assert_eq!(loaded.delivery.facts[1].rows[1].value, Fact::Known(Value::Bool(false)));
    assert_eq!(loaded.delivery.facts[2].rows[0].value, Fact::Known(Value::Text("Koulu".into())));

    let mixed = [one[0].clone(), declared(SubjectKind::Building, "year", FactType::Int)];
    for declared in [&[][..], &mixed] {
        let read = csv(Table::Facts { declared, delivered_on }, "version = 1", "of,value\n");
        assert!(matches!(read, Err(TableError::Subject)));
    }
    let lifts = [declared(SubjectKind::Building, "lift_grant_year", FactType::Int)];
    let file = format!("of,value\n{},2020\n{CHILD},2020\n", building(1).as_str());
    let loaded = csv(Table::Facts { declared: &lifts, delivered_on }, "version = 1", &file).unwrap();
    assert_eq!((loaded.read, loaded.used), (2, 1));
}
