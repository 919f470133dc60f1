//! Changes: a batch applied is the same as building from the later records; what is other; keys over time.

use proptest::prelude::*;

use super::world::{Dice, World, answers};
use super::{TODAY, code, day, partial, person};
use crate::LeapDayPolicy;
use crate::changes::{Changes, PersonChange};
use crate::difference::{Difference, Direction, HouseholdEvent, ResidentEvent};
use crate::issue::Problem;
use crate::key::{Expected, IdentityTable, IdentityTableError, KeySecret, Standing, SubjectKey};
use crate::record::{
    Address, CustodyKind, CustodyRecord, DeathRecord, Delivery, DwellingRecord, ListState, ResidentRecord, Who,
};
use crate::register::{Built, Life, Register};
use crate::value::{Fact, UnknownReason};

fn table() -> IdentityTable {
    IdentityTable::new(KeySecret::new([7; 32]))
}

fn rows(table: &IdentityTable) -> Vec<String> {
    let row = |row: crate::key::IdentityRow| {
        format!("{:?} {} {} {:?}", row.key, row.codes.len(), row.first_seen, row.standing)
    };
    table.rows().map(row).collect()
}

fn built(delivery: Delivery, identities: &mut IdentityTable) -> Built {
    let built = Register::build(delivery, day(TODAY), identities);
    assert_eq!(built.tally.read, built.tally.used + built.tally.set_aside);
    built
}

proptest! {
    #[test]
    fn applying_is_building_from_the_later_records(seed in any::<u64>(), rounds in 1..4_usize) {
        let mut dice = Dice::new(seed);
        let mut world = World::any(&mut dice);
        let mut identities = table();
        let mut register = built(world.delivery(), &mut identities).register;
        let first = identities.clone();
        for _ in 0..rounds {
            let (changes, later) = world.change(&mut dice);
            let applied = register.apply(changes, day(TODAY), &mut identities);
            prop_assert_eq!(applied.tally.read, applied.tally.used + applied.tally.set_aside);
            // the table as it is now, so that codes that have come since are known
            let mut other = identities.clone();
            let from_nothing = built(later.delivery(), &mut other).register;
            let (got, wanted) = (answers(&applied.register), answers(&from_nothing));
            prop_assert_eq!(&got, &wanted);
            prop_assert_eq!(applied.register.protected_dwellings(), from_nothing.protected_dwellings());
            prop_assert_eq!(rows(&identities), rows(&other));
            prop_assert_eq!(&applied.difference, &Difference::between(&register, &from_nothing));
            // whoever answers otherwise is touched
            let before = answers(&register);
            for (subject, answer) in &got {
                let is_subject = !matches!(subject, SubjectKey::Resident(key)
                    if !applied.register.resident_of(*key).is_some_and(crate::register::Resident::has_record));
                if is_subject && before.get(subject) != Some(answer) {
                    prop_assert!(applied.difference.touched().binary_search(subject).is_ok(), "{:?}\n{:?}\n{}", subject, before.get(subject), answer);
                }
            }
            (world, register) = (later, applied.register);
        }
        prop_assert!(identities.len() >= first.len());
    }

    #[test]
    fn the_same_batch_again_changes_nothing(seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let world = World::any(&mut dice);
        let mut identities = table();
        let register = built(world.delivery(), &mut identities).register;
        let (changes, _) = world.change(&mut dice);
        let once = register.apply(changes.clone(), day(TODAY), &mut identities);
        let known = rows(&identities);
        let twice = once.register.apply(changes, day(TODAY), &mut identities);
        prop_assert!(twice.difference.is_empty() && twice.difference.touched().is_empty(), "{:?}", twice.difference);
        prop_assert_eq!(answers(&once.register), answers(&twice.register));
        prop_assert_eq!(known, rows(&identities));
        prop_assert_eq!(once.tally.read, twice.tally.read);
    }

    #[test]
    fn the_order_within_a_batch_says_nothing(seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let world = World::any(&mut dice);
        let mut identities = table();
        let register = built(world.delivery(), &mut identities).register;
        let (changes, _) = world.change(&mut dice);
        let mut turned = changes.clone();
        dice.shuffle(&mut turned.people);
        dice.shuffle(&mut turned.deaths);
        dice.shuffle(&mut turned.dwellings);
        dice.shuffle(&mut turned.buildings);
        for change in &mut turned.people {
            if let Some(pairs) = &mut change.custody {
                dice.shuffle(pairs);
            }
        }
        let mut others = identities.clone();
        let one = register.apply(changes, day(TODAY), &mut identities);
        let other = register.apply(turned, day(TODAY), &mut others);
        prop_assert_eq!(answers(&one.register), answers(&other.register));
        prop_assert_eq!(one.difference, other.difference);
        prop_assert_eq!(rows(&identities), rows(&others));
        prop_assert_eq!(one.issues.len(), other.issues.len());
    }

    #[test]
    fn two_loads_with_one_stored_table_have_the_same_keys(seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let world = World::any(&mut dice);
        let mut identities = table();
        let first = built(world.delivery(), &mut identities).register;
        let stored: Vec<_> = identities.rows().collect();
        let expected = Expected::Rows(stored.len());
        let mut again = IdentityTable::stored(KeySecret::new([7; 32]), Some(stored), expected).unwrap();
        let mut delivery = world.delivery();
        prop_assert!(again.check_knows(&delivery).is_ok());
        dice.shuffle(&mut delivery.residents);
        dice.shuffle(&mut delivery.custody);
        dice.shuffle(&mut delivery.deaths);
        let second = built(delivery, &mut again).register;
        prop_assert_eq!(answers(&first), answers(&second));
        prop_assert_eq!(rows(&identities), rows(&again));
    }
}

/// What a batch of one person's change does, in the difference's words without its values.
#[track_caller]
fn check(change: impl FnOnce(&mut ResidentRecord), expected: &[&str]) {
    let mut identities = table();
    let base = built(Delivery { residents: vec![person(901), person(902)], ..Delivery::default() }, &mut identities);
    let mut record = person(901);
    change(&mut record);
    let people = vec![PersonChange { record, custody: None, history: None }];
    let applied = base.register.apply(Changes { people, ..Changes::default() }, day(TODAY), &mut identities);
    let key = identities.key_of(&code(901));
    let own = applied.difference.residents.iter().filter(|other| Some(other.resident) == key);
    let words: Vec<String> = own.map(|other| format!("{:?}", other.what)).collect();
    let words: Vec<&str> = words.iter().map(|word| word.split([' ', '(', '{']).next().unwrap()).collect();
    assert_eq!(words, expected);
    // who lives in the same dwelling may read about it
    let other = SubjectKey::Resident(identities.key_of(&code(902)).unwrap());
    assert_eq!(applied.difference.touched().contains(&other), !expected.is_empty());
}

#[test]
fn each_kind_of_change_has_its_word() {
    check(|_| {}, &[]);
    check(|record| record.dead = true, &["Died"]);
    check(|record| record.municipality = Fact::Known("049".to_owned()), &["Moved"]);
    check(|record| record.dwelling = Fact::Known("9000012341A002  ".to_owned()), &["Moved"]);
    check(|record| record.dwelling = Fact::None, &["Moved"]);
    check(|record| record.dwelling = Fact::Unknown(UnknownReason::Withheld), &["ResidenceTold"]);
    check(|record| record.dwelling_since = partial("2020-01-01"), &["PastResidence"]);
    check(|record| record.language = Fact::Known("sv".to_owned()), &["Language"]);
    check(|record| record.protection = Fact::Known(true), &["Protection", "HomeProtection"]);
    check(|record| record.protection = Fact::Unknown(UnknownReason::NotDelivered), &["Protection", "HomeProtection"]);
    check(|record| record.in_care = Fact::Known(true), &["Care"]);
    check(|record| record.born = partial("1990-05-02"), &["BirthDate"]);
    check(|record| record.sex = Fact::None, &["Sex"]);
    let corrected = |record: &mut ResidentRecord| record.former_codes = vec![record.code.replace(code(950)).unwrap()];
    check(corrected, &["CodeCorrected"]);
    // passivated: the code is none's any more, and leads to the same person
    check(|record| record.former_codes = record.code.take().into_iter().collect(), &[]);
}

fn apply_one(base: &Register, record: ResidentRecord, identities: &mut IdentityTable) -> crate::register::Applied {
    let people = vec![PersonChange { record, custody: None, history: None }];
    base.apply(Changes { people, ..Changes::default() }, day(TODAY), identities)
}

#[test]
fn moves_have_a_direction_and_births_are_told_from_arrivals() {
    let mut identities = table();
    let base = built(Delivery { residents: vec![person(901)], ..Delivery::default() }, &mut identities).register;
    let mut moved = person(901);
    moved.municipality = Fact::Known("049".to_owned());
    let applied = apply_one(&base, moved.clone(), &mut identities);
    let ResidentEvent::Moved { from, to } = &applied.difference.residents[0].what else { panic!("no move") };
    assert_eq!(from.direction_to(to, "091"), Direction::Out);
    assert_eq!(to.direction_to(from, "091"), Direction::In);
    assert_eq!(from.direction_to(to, "092"), Direction::Elsewhere);
    assert_eq!(from.direction_to(from, "091"), Direction::Within);
    assert_eq!(format!("{from:?}"), "Residence(hidden)");
    moved.municipality = Fact::None;
    let abroad = apply_one(&applied.register, moved, &mut identities);
    assert!(matches!(abroad.difference.residents[0].what, ResidentEvent::Moved { .. }));

    for (born, since, word) in [
        ("2026-10-01", "2026-10-01", "Born"),
        ("2026-10", "2026-10-05", "Born"),
        ("2026-10-01", "2026-11-01", "Appeared"),
        ("2025-10-01", "2025-10-01", "Appeared"),
    ] {
        let mut child = person(905);
        child.born = partial(born);
        child.dwelling_since = partial(since);
        let applied = apply_one(&base, child, &mut identities.clone());
        assert!(format!("{:?}", applied.difference.residents[0].what).starts_with(word), "{born} {since}");
    }
}

#[test]
fn households_form_and_dissolve_and_change() {
    let mut identities = table();
    let mut one = person(901);
    one.dwelling_since = partial("2010-01-01");
    let mut two = person(902);
    two.dwelling_since = partial("2015-01-01");
    let residents = vec![one.clone(), two.clone()];
    let base = built(Delivery { residents, ..Delivery::default() }, &mut identities).register;
    let before = base.households().next().unwrap().key();
    let mut gone = two.clone();
    gone.dwelling = Fact::None;
    let applied = apply_one(&base, gone, &mut identities);
    let key = identities.key_of(&code(902)).unwrap();
    let households = &applied.difference.households;
    assert_eq!(households.len(), 1);
    assert_eq!(households[0].household, before, "the longest-staying member is still there");
    assert_eq!(households[0].what, HouseholdEvent::Changed { joined: Vec::new(), left: vec![key] });
    assert!(applied.difference.touched().contains(&SubjectKey::Household(before)));
    one.dwelling = Fact::None;
    let applied = apply_one(&base, one, &mut identities);
    let events: Vec<_> =
        applied.difference.households.iter().map(|other| (other.household == before, &other.what)).collect();
    assert!(events.contains(&(true, &HouseholdEvent::Dissolved)) && events.contains(&(false, &HouseholdEvent::Formed)));
}

#[test]
fn a_corrected_code_keeps_the_key_and_a_passivated_one_leads_to_it() {
    let mut identities = table();
    let base = built(Delivery { residents: vec![person(901)], ..Delivery::default() }, &mut identities).register;
    let key = identities.key_of(&code(901)).unwrap();
    let mut corrected = person(901);
    corrected.former_codes = vec![code(901)];
    corrected.code = Some(code(950));
    let applied = apply_one(&base, corrected, &mut identities);
    assert_eq!(identities.key_of(&code(950)), Some(key));
    assert_eq!(identities.key_of(&code(901)), Some(key));
    assert_eq!(applied.register.residents().count(), 1);
    // passivated: another source still says the old one
    let deaths = vec![DeathRecord { who: Who::Code(code(901)), source: "hospital".to_owned(), dead: true }];
    let told = applied.register.apply(Changes { deaths, ..Changes::default() }, day(TODAY), &mut identities);
    assert_eq!(told.register.resident_of(key).unwrap().life(), Life::Disputed);
    // the same from nothing, with the stored table
    let stored: Vec<_> = identities.rows().collect();
    assert_eq!(stored[0].codes, vec![code(901), code(950)], "oldest first");
    let mut again = IdentityTable::from_rows(KeySecret::new([7; 32]), stored).unwrap();
    let mut passivated = person(901);
    passivated.code = None;
    passivated.former_codes = vec![code(950)];
    let built = built(Delivery { residents: vec![passivated], ..Delivery::default() }, &mut again);
    assert!(built.register.resident_of(key).is_some_and(crate::register::Resident::has_record));
}

/// A custodian is named by a code before anything else is known of them; later their record says that it is a former one.
#[test]
fn section_1_5_who_was_named_by_a_former_code_is_found_when_the_alias_is_told() {
    let named_by = |custodian: u16| CustodyRecord {
        child: Who::Code(code(901)),
        custodian: Who::Code(code(custodian)),
        kind: CustodyKind::Custodian,
        from: Fact::None,
        until: Fact::None,
        may_decide: Fact::Known(true),
        rights: Vec::new(),
    };
    let child = ResidentRecord { born: partial("2015-01-01"), ..person(901) };
    let delivery = Delivery { residents: vec![child.clone()], custody: vec![named_by(950)], ..Delivery::default() };
    let mut record = person(902);
    record.former_codes = vec![code(950)];
    let custodians = |register: &Register, identities: &IdentityTable| -> Vec<_> {
        let child = register.resident_of(identities.key_of(&code(901)).unwrap()).unwrap();
        let custodians = child.custodians_on(day(TODAY), LeapDayPolicy::March1).known;
        custodians.iter().map(|one| (one.person.key(), one.person.has_record())).collect()
    };
    // with the record of somebody new, and of somebody who has a key already
    for known_before in [false, true] {
        let mut identities = table();
        let mut delivery = delivery.clone();
        if known_before {
            delivery.residents.push(person(902));
        }
        let base = built(delivery.clone(), &mut identities).register;
        let stub = identities.key_of(&code(950)).unwrap();
        assert_eq!(custodians(&base, &identities), [(stub, false)]);
        let deaths = vec![DeathRecord { who: Who::Code(code(950)), source: "hospital".to_owned(), dead: true }];
        let base = base.apply(Changes { deaths, ..Changes::default() }, day(TODAY), &mut identities).register;

        let applied = apply_one(&base, record.clone(), &mut identities);
        assert_eq!(applied.issues.iter().filter(|issue| issue.problem.sets_aside()).count(), 0);
        let key = identities.key_of(&code(902)).unwrap();
        assert_eq!(key == stub, !known_before, "whoever has a key keeps it");
        assert_eq!(identities.key_of(&code(950)), Some(key));
        assert_eq!(identities.present(stub), key);
        assert_eq!(custodians(&applied.register, &identities), [(key, true)]);
        assert_eq!(
            applied.register.resident_of(key).unwrap().life(),
            Life::Disputed,
            "what was said of them stays said"
        );
        assert!(known_before || applied.register.resident_of(stub).is_some());

        // the same the night after, from nothing with the stored table
        let stored: Vec<_> = identities.rows().collect();
        let standing: Vec<_> = stored.iter().map(|row| row.standing).collect();
        assert_eq!(standing.contains(&Standing::SameAs(key)), known_before, "{standing:?}");
        let expected = Expected::Rows(stored.len());
        let mut again = IdentityTable::stored(KeySecret::new([7; 32]), Some(stored), expected).unwrap();
        let residents = vec![child.clone(), record.clone()];
        let custody = vec![named_by(950), named_by(902)];
        let next = built(Delivery { residents, custody, ..Delivery::default() }, &mut again).register;
        assert_eq!(custodians(&next, &again), [(key, true)]);
        assert_eq!(rows(&identities), rows(&again));
    }
    // two people who have both had records are not made one
    let mut identities = table();
    let both = Delivery { residents: vec![person(902), person(950)], ..Delivery::default() };
    let base = built(both, &mut identities).register;
    let applied = apply_one(&base, record, &mut identities);
    let told: Vec<_> = applied.issues.iter().map(|issue| issue.problem).collect();
    assert_eq!(told, [Problem::CodesOfTwoPersons]);
}

#[test]
fn section_5_4_a_dwelling_that_is_gone_is_forgotten_unless_somebody_lives_there() {
    let mut identities = table();
    let id = |n: u16| format!("9000012341A{n:03}  ");
    let dwelling = |n: u16| DwellingRecord {
        id: id(n),
        building: None,
        address: Fact::Known(Address {
            street: format!("Malli 1 A {n}"),
            postal_code: "00100".to_owned(),
            post_office: "HELSINKI".to_owned(),
        }),
        members: ListState::Whole,
    };
    let residents = vec![ResidentRecord { dwelling: Fact::Known(id(1)), ..person(901) }];
    let dwellings = vec![dwelling(1), dwelling(2)];
    let base =
        built(Delivery { residents: residents.clone(), dwellings, ..Delivery::default() }, &mut identities).register;
    assert_eq!(base.dwellings.keys.len(), 2);
    let gone = |gone: &[u16]| Changes { gone_dwellings: gone.iter().map(|n| id(*n)).collect(), ..Changes::default() };
    let applied = base.apply(gone(&[1, 2, 3]), day(TODAY), &mut identities);
    assert_eq!((applied.tally.read, applied.tally.used), (3, 3));
    let resident = applied.register.residents().next().unwrap();
    assert!(resident.household().known().is_some());
    assert_eq!(resident.address().map(|_| ()), Fact::Unknown(UnknownReason::NotDelivered));
    assert_eq!(applied.register.dwellings.keys.len(), 1);
    let from_nothing = built(Delivery { residents, ..Delivery::default() }, &mut identities).register;
    assert_eq!(answers(&applied.register), answers(&from_nothing));
    // gone and come again in one batch: it is there
    let again = Changes { dwellings: vec![dwelling(1)], ..gone(&[1]) };
    let applied = base.apply(again, day(TODAY), &mut identities);
    assert!(applied.register.residents().next().unwrap().address().known().is_some());
}

#[test]
fn a_lost_a_shrunk_and_a_strange_table_are_a_stop() {
    type Rows = Vec<crate::key::IdentityRow>;
    let secret = || KeySecret::new([7; 32]);
    let mut identities = table();
    let delivery =
        |people: &[u16]| Delivery { residents: people.iter().map(|n| person(*n)).collect(), ..Delivery::default() };
    built(delivery(&[901, 902, 903]), &mut identities);
    let stored: Rows = identities.rows().collect();
    let stored_with = |rows: Option<Rows>, expected| IdentityTable::stored(secret(), rows, expected).err();
    assert_eq!(stored_with(None, Expected::Nothing), None);
    assert_eq!(stored_with(None, Expected::Rows(3)), Some(IdentityTableError::Lost));
    assert_eq!(stored_with(Some(stored.clone()), Expected::Rows(3)), None);
    let shrunk = IdentityTableError::Shrunk { rows: 2, before: 3 };
    assert_eq!(stored_with(Some(stored[..2].to_vec()), Expected::Rows(3)), Some(shrunk));
    let lost = IdentityTableError::Lost.to_string();
    assert_eq!(lost, "the identity table of earlier loads is missing, and without it everybody would get a new key");
    // half of them known will do
    let table = IdentityTable::from_rows(secret(), stored.clone()).unwrap();
    assert_eq!(table.check_knows(&delivery(&[901, 902, 951, 952])), Ok(()));
    assert_eq!(table.check_knows(&delivery(&[])), Ok(()));
    let strange = IdentityTableError::KnowsTooFew { known: 1, delivered: 3 };
    assert_eq!(table.check_knows(&delivery(&[901, 951, 952])), Err(strange));
    let mut doubled = stored;
    doubled[1].codes = doubled[0].codes.clone();
    assert_eq!(stored_with(Some(doubled), Expected::Nothing), Some(IdentityTableError::CodeUnderTwoKeys { row: 2 }));
}

#[test]
fn pairs_of_somebody_else_and_people_twice_are_set_aside() {
    let mut identities = table();
    let base = built(Delivery { residents: vec![person(901), person(902)], ..Delivery::default() }, &mut identities);
    let pair = |child: u16, custodian: u16| CustodyRecord {
        child: Who::Code(code(child)),
        custodian: Who::Code(code(custodian)),
        kind: CustodyKind::Custodian,
        from: Fact::None,
        until: Fact::None,
        may_decide: Fact::Known(true),
        rights: Vec::new(),
    };
    let nobody = ResidentRecord { code: None, ..person(901) };
    let people = vec![
        PersonChange { record: person(901), custody: Some(vec![pair(902, 903), pair(901, 903)]), history: None },
        PersonChange { record: person(901), custody: None, history: None },
        PersonChange { record: nobody, custody: Some(vec![pair(902, 904)]), history: None },
    ];
    let applied = base.register.apply(Changes { people, ..Changes::default() }, day(TODAY), &mut identities);
    let told: Vec<_> = applied.issues.iter().map(|issue| (issue.position, issue.problem)).collect();
    let wanted = [
        (2, Problem::Duplicate),
        (3, Problem::NoKeyAndNoCode),
        (1, Problem::NoSuchSubject),
        (3, Problem::NoSuchSubject),
    ];
    assert_eq!(told, wanted);
    assert_eq!((applied.tally.read, applied.tally.used, applied.tally.set_aside), (6, 2, 4));
}
