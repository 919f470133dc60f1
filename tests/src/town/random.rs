//! Plans at random: mostly ordinary, each odd thing once in a while.

use chrono::NaiveDate;
use ennakko::core::record::CustodyKind;
use ennakko::core::{Fact, UnknownReason};
use proptest::prelude::*;
use proptest::sample::select;

use super::{Block, Born, Custodian, Custody, Death, Family, Flag, Home, Municipality, Person, Town};
use crate::day;

fn flag(absent: u32, no: u32, yes: u32, unknown: u32) -> impl Strategy<Value = Flag> {
    prop_oneof![
        absent => Just(Flag::Absent),
        no => Just(Flag::No),
        yes => Just(Flag::Yes),
        unknown => Just(Flag::Unknown),
    ]
}

fn home() -> impl Strategy<Value = Home> {
    prop_oneof![
        10 => Just(Home::Family),
        3 => Just(Home::Own),
        1 => Just(Home::Neighbours),
        1 => Just(Home::Institution),
        1 => Just(Home::Nowhere),
        1 => Just(Home::Unknown),
    ]
}

fn person(born: impl Strategy<Value = Born>) -> impl Strategy<Value = Person> {
    let death = prop_oneof![20 => Just(Death::No), 1 => Just(Death::Yes), 1 => Just(Death::Disputed)];
    let municipality = prop_oneof![
        14 => Just(Municipality::City),
        1 => Just(Municipality::Other),
        1 => Just(Municipality::None),
        2 => Just(Municipality::Unknown),
    ];
    (born, home(), death, municipality, flag(20, 6, 2, 1), select(vec!["fi", "sv", "en", "so"])).prop_map(
        |(born, home, death, municipality, protection, language)| Person {
            serial: 0,
            born,
            home,
            family: 0,
            families: 0,
            death,
            municipality,
            protection,
            language,
        },
    )
}

fn birth_of_child() -> impl Strategy<Value = Born> {
    let exact = (prop_oneof![6 => Just(2020), 1 => 2018..=2023_i32], 1..=12_u32, 1..=28_u32);
    let exact = exact.prop_map(|(year, month, day)| Born::Day(NaiveDate::from_ymd_opt(year, month, day).unwrap()));
    let edge = select(vec!["2019-12-31", "2020-01-01", "2020-02-29", "2020-12-31", "2021-01-01"]);
    prop_oneof![
        20 => exact,
        4 => edge.prop_map(|text| Born::Day(day(text))),
        1 => (2019..=2021_i32).prop_map(Born::Year),
        1 => Just(Born::Unknown),
    ]
}

fn custody() -> impl Strategy<Value = Custody> {
    let adult = prop_oneof![
        30 => Just(Born::Day(day("1988-03-02"))),
        1 => Just(Born::Day(day("2011-06-01"))),
        1 => Just(Born::Unknown),
    ];
    let who = prop_oneof![
        20 => person(adult).prop_map(Custodian::Person),
        1 => Just(Custodian::Named(0)),
        1 => Just(Custodian::Code(0)),
    ];
    let kind = prop_oneof![20 => Just(CustodyKind::Custodian), 1 => Just(CustodyKind::InformationOnly)];
    let ended = prop_oneof![20 => Just(false), 1 => Just(true)];
    (who, kind, flag(0, 1, 20, 1), ended).prop_map(|(who, kind, may_decide, ended)| Custody {
        who,
        kind,
        may_decide,
        ended,
    })
}

fn family() -> impl Strategy<Value = Family> {
    (
        person(birth_of_child()),
        prop::collection::vec(custody(), 0..=3),
        prop_oneof![20 => Just(true), 1 => Just(false)],
        (flag(10, 10, 2, 1), flag(20, 4, 1, 1), flag(20, 4, 1, 1), flag(20, 4, 1, 1)),
        prop_oneof![15 => Just(true), 1 => Just(false)],
    )
        .prop_map(|(child, custody, whole, (place_2027, deferred, alternating, extended), school_known)| Family {
            child,
            custody,
            whole,
            place_2027,
            deferred,
            alternating,
            extended,
            school_known,
        })
}

fn block() -> impl Strategy<Value = Block> {
    let uses = vec![Some("032"), Some("039"), Some("0120"), Some("0121"), Some("011"), Some("39"), None];
    let lifts = prop::collection::vec(flag(0, 3, 2, 1), 0..=2);
    let grant = prop_oneof![
        6 => Just(Fact::None),
        1 => Just(Fact::Known(2026)),
        1 => Just(Fact::Known(2027)),
        1 => Just(Fact::Unknown(UnknownReason::Withheld)),
    ];
    let number = |least: i64| prop_oneof![8 => (least..=6).prop_map(Some), 1 => Just(None)];
    let built = prop_oneof![12 => Just(Some(1962)), 1 => Just(None)];
    (select(uses), number(1), number(1), lifts, any::<bool>(), flag(8, 3, 1, 1), grant, built, 0..5_u8).prop_map(
        |(intended_use, dwellings, storeys, lifts, whole, listed, grant, built, owned)| Block {
            number: 0,
            intended_use,
            dwellings,
            storeys,
            lifts,
            whole,
            listed,
            grant,
            built,
            owned: owned > 0,
        },
    )
}

/// Towns of up to six families and four buildings.
pub fn towns() -> impl Strategy<Value = Town> {
    (prop::collection::vec(family(), 1..=6), prop::collection::vec(block(), 0..=4)).prop_map(|(families, blocks)| {
        let mut town = Town { families, blocks };
        let families = town.families.len();
        // the same person of the same family has the same serial number in every town
        for ((number, family), first) in town.families.iter_mut().enumerate().zip((900..).step_by(4)) {
            let place = |person: &mut Person, serial: u16| {
                (person.serial, person.family, person.families) = (serial, number, families);
            };
            place(&mut family.child, first);
            for (custody, own) in family.custody.iter_mut().zip(first + 1..) {
                match &mut custody.who {
                    Custodian::Person(person) => place(person, own),
                    Custodian::Named(serial) | Custodian::Code(serial) => *serial = own,
                }
            }
        }
        for (number, block) in (1..).zip(&mut town.blocks) {
            block.number = number;
        }
        town
    })
}
