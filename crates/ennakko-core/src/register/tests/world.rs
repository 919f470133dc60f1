//! A small world made from a number, in which everything occurs often; what changes in it; and every public answer of a
//! register as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{code, day, partial};
use crate::changes::{Changes, PersonChange};
use crate::fact_table::{Absent, FactDeclaration, FactType, SubjectKind};
use crate::identity::building_id::PermanentBuildingId;
use crate::key::{ResidentKey, SubjectKey};
use crate::record::{
    Address, BuildingRecord, CustodyKind, CustodyRecord, CustodyRight, DeathRecord, Delivery, DwellingRecord,
    FactDelivery, FactOf, FactRow, HistoryRecord, ListState, Location, Matter, Names, Owner, ResidentRecord, Sex,
    Stairwell, Stay, Utilities, Who,
};
use crate::register::{Building, Household, OwnerParty, PostalAddress, Register, Resident, ResidentRow};
use crate::value::{Fact, UnknownReason, Value};
use crate::{LeapDayPolicy, Uuid};

const N_PEOPLE: usize = 10;
const N_BUILDINGS: usize = 3;
const CITY: &str = "091";
/// Dwellings, an institution, something that is no id.
const HOMES: [&str; 6] =
    ["9000012341A001  ", "9000012341A002  ", "9000012341Ä003b ", "9000022341 000  ", "09190209090000", "nowhere"];
const DAYS: [&str; 5] = ["1999-05-05", "2008-11-22", "2010-02-28", "2020-01-01", "2026-11-22"];

/// Chance from a number, the same on every machine.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }

    fn number(&mut self, n: usize) -> i64 {
        i64::try_from(self.below(n)).unwrap()
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn fact<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Fact<T> {
        match self.below(8) {
            0 => Fact::None,
            1 => Fact::Unknown([UnknownReason::Withheld, UnknownReason::NotDelivered][self.below(2)]),
            _ => Fact::Known(value(self)),
        }
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// What sources know, person by person and thing by thing.
#[derive(Clone, Default)]
pub(super) struct World {
    people: BTreeMap<usize, ResidentRecord>,
    custody: BTreeMap<usize, Vec<CustodyRecord>>,
    histories: BTreeMap<usize, HistoryRecord>,
    deaths: BTreeMap<(usize, String), DeathRecord>,
    dwellings: BTreeMap<String, DwellingRecord>,
    buildings: BTreeMap<usize, BuildingRecord>,
    facts: BTreeMap<String, FactDelivery>,
}

fn n(person: usize) -> u16 {
    u16::try_from(910 + person).unwrap()
}

/// Persons are referred to by key or by the code they had first; half of them have a key of their source.
fn who(dice: &mut Dice, person: usize) -> Who {
    match given_key(person) {
        Some(key) if dice.one_in(2) => Who::Key(key),
        _ => Who::Code(code(n(person))),
    }
}

/// One source refers to one person in one way: nobody could tell two ways of somebody without a record to be the same.
fn one_way(person: usize) -> Who {
    given_key(person).map_or_else(|| Who::Code(code(n(person))), Who::Key)
}

fn given_key(person: usize) -> Option<ResidentKey> {
    person.is_multiple_of(2).then(|| ResidentKey::from_uuid(Uuid::from_u128(77 * person as u128 + 5)))
}

/// The person meant, whichever way they are referred to.
fn told_of(who: &Who) -> Option<usize> {
    (0..N_PEOPLE).find(|person| match who {
        Who::Key(key) => given_key(*person) == Some(*key),
        Who::Code(other) => *other == code(n(*person)),
        Who::Described(..) => false,
    })
}

fn building_id(building: usize) -> PermanentBuildingId {
    PermanentBuildingId::artificial(u32::try_from(building + 1).unwrap()).unwrap()
}

fn address(dice: &mut Dice) -> Address {
    let street = dice.pick(&["Malli 1", "Malli 2", "Esimerkki 3"]).to_owned();
    Address { street, postal_code: "00100".to_owned(), post_office: "HELSINKI".to_owned() }
}

fn resident(dice: &mut Dice, person: usize) -> ResidentRecord {
    let born = partial(dice.pick(&DAYS));
    let corrected = dice.one_in(5);
    ResidentRecord {
        key: given_key(person),
        code: Some(code(n(person) + if corrected { 40 } else { 0 })),
        former_codes: if corrected { vec![code(n(person))] } else { Vec::new() },
        names: (!dice.one_in(6))
            .then(|| Names { given: dice.pick(&["Aino", "Eino", "Ilma"]).to_owned(), family: "Malli".to_owned() }),
        born: if dice.one_in(8) { partial("2008-11") } else { born },
        sex: dice.fact(|dice| if dice.one_in(2) { Sex::Female } else { Sex::Male }),
        dead: dice.one_in(8),
        municipality: dice.fact(|dice| dice.pick(&[CITY, "049"]).to_owned()),
        language: dice.fact(|dice| dice.pick(&["fi", "sv", "so"]).to_owned()),
        protection: if dice.one_in(6) {
            Fact::Unknown(UnknownReason::NotDelivered)
        } else {
            Fact::Known(dice.one_in(6))
        },
        dwelling: dice.fact(|dice| dice.pick(&HOMES).to_owned()),
        dwelling_since: dice.fact(|dice| crate::PartialDate::parse(dice.pick(&DAYS)).unwrap()),
        custodians: if dice.one_in(6) { ListState::Open(UnknownReason::OpenList) } else { ListState::Whole },
        in_care: dice.fact(|dice| dice.one_in(4)),
    }
}

fn custody(dice: &mut Dice, child: usize) -> Vec<CustodyRecord> {
    let n_pairs = dice.below(4);
    (0..n_pairs)
        .map(|_| {
            let custodian = match dice.below(6) {
                0 => Who::Described(
                    Box::new(Names { given: dice.pick(&["Outi", "Outi "]).to_owned(), family: "Ulko".to_owned() }),
                    partial("1980"),
                ),
                1 => Who::Code(code(990 + u16::try_from(dice.below(3)).unwrap())),
                _ => {
                    let other = dice.below(N_PEOPLE);
                    who(dice, other)
                }
            };
            let kinds =
                [CustodyKind::Custodian, CustodyKind::Custodian, CustodyKind::InformationOnly, CustodyKind::Guardian];
            let n_rights = dice.below(2);
            let rights = (0..n_rights).map(|_| CustodyRight {
                matter: [Matter::Education, Matter::HealthCare][dice.below(2)].clone(),
                may_decide: Fact::Known(dice.one_in(2)),
                from: Fact::None,
                until: dice.fact(|dice| day(dice.pick(&DAYS))),
            });
            let rights = rights.collect();
            CustodyRecord {
                child: who(dice, child),
                custodian,
                kind: kinds[dice.below(4)],
                from: dice.fact(|dice| day(dice.pick(&DAYS))),
                until: if dice.one_in(2) { Fact::None } else { dice.fact(|dice| day(dice.pick(&DAYS))) },
                may_decide: dice.fact(|dice| dice.one_in(2)),
                rights,
            }
        })
        .collect()
}

fn history(dice: &mut Dice, person: usize) -> HistoryRecord {
    let n_stays = dice.below(3);
    let stays = (0..n_stays).map(|_| Stay {
        municipality: dice.fact(|dice| dice.pick(&[CITY, "049"]).to_owned()),
        from: dice.fact(|dice| crate::PartialDate::parse(dice.pick(&DAYS)).unwrap()),
        last_day: dice.fact(|dice| crate::PartialDate::parse(dice.pick(&DAYS)).unwrap()),
    });
    let stays = stays.collect();
    HistoryRecord { of: who(dice, person), known_from: dice.fact(|dice| day(dice.pick(&DAYS))), stays }
}

fn death(dice: &mut Dice) -> ((usize, String), DeathRecord) {
    let person = dice.below(N_PEOPLE);
    let source = dice.pick(&["hospital", "church"]).to_owned();
    let record = DeathRecord { who: one_way(person), source: source.clone(), dead: !dice.one_in(4) };
    ((person, source), record)
}

fn dwelling(dice: &mut Dice) -> DwellingRecord {
    DwellingRecord {
        id: dice.pick(&HOMES[..5]).to_owned(),
        building: (!dice.one_in(4)).then(|| building_id(dice.below(N_BUILDINGS))),
        address: dice.fact(address),
        members: if dice.one_in(5) { ListState::Open(UnknownReason::Withheld) } else { ListState::Whole },
    }
}

fn building(dice: &mut Dice, building: usize) -> BuildingRecord {
    let n_owners = dice.below(3);
    let owners = (0..n_owners).map(|_| match dice.below(5) {
        0 => Owner::Estate,
        1 => Owner::Organisation {
            id: "S1".to_owned(),
            name: "Yhtiö".to_owned(),
            language: Fact::Known("fi".to_owned()),
        },
        2 => Owner::Person(Who::Code(code(995))),
        _ => {
            let person = dice.below(N_PEOPLE);
            Owner::Person(who(dice, person))
        }
    });
    let owners = owners.collect();
    BuildingRecord {
        id: building_id(building),
        location: dice.fact(|dice| Location { epsg: 3067, north_m: 6_680_000, east_m: 385_000 + dice.number(2) }),
        address: dice.fact(address),
        owners,
        owners_state: ListState::Whole,
        area_m2: dice.fact(|dice| dice.number(3)),
        facilities: Utilities { sewer: dice.fact(|dice| dice.one_in(2)), ..Utilities::NOT_DELIVERED },
        connections: Utilities { water: dice.fact(|dice| dice.one_in(2)), ..Utilities::NOT_DELIVERED },
        intended_use: dice.fact(|dice| dice.pick(&["0110", "0121"]).to_owned()),
        built_year: dice.fact(|_| 1980),
        storeys: dice.fact(|dice| dice.number(3)),
        dwellings: dice.fact(|_| 4),
        stairwells: if dice.one_in(2) {
            vec![Stairwell { name: "A".to_owned(), lift: dice.fact(|dice| dice.one_in(2)) }]
        } else {
            Vec::new()
        },
        stairwells_state: ListState::Whole,
    }
}

/// A table of whole numbers, of places, or of answers about buildings; now and then too old.
fn fact(dice: &mut Dice) -> (String, FactDelivery) {
    let (name, subject, fact_type) = [
        ("units", SubjectKind::Resident, FactType::Int),
        ("school", SubjectKind::Resident, FactType::Place),
        ("checked", SubjectKind::Building, FactType::Bool),
        ("crowded", SubjectKind::Household, FactType::Bool),
    ][dice.below(4)];
    let declaration = FactDeclaration {
        least: Some(0),
        most: Some(5),
        absent: match fact_type {
            FactType::Int => Absent::Zero,
            FactType::Bool => Absent::No,
            _ => Absent::None,
        },
        ..FactDeclaration::plain(subject, name, fact_type)
    };
    let n_rows = dice.below(8);
    let rows = (0..n_rows).map(|_| {
        let of = if subject == SubjectKind::Building {
            FactOf::Building(building_id(dice.below(N_BUILDINGS)))
        } else {
            let person = dice.below(N_PEOPLE);
            FactOf::Resident(one_way(person))
        };
        let value = dice.fact(|dice| match fact_type {
            FactType::Int => Value::Int(dice.number(8)),
            FactType::Bool => Value::Bool(dice.one_in(2)),
            _ => Value::Text(dice.pick(&["north", "south"]).into()),
        });
        FactRow { of, value }
    });
    let rows = rows.collect();
    let delivered_on = day(if dice.one_in(8) { "2026-01-01" } else { "2026-11-20" });
    (name.to_owned(), FactDelivery { declaration, delivered_on, rows })
}

impl World {
    pub(super) fn any(dice: &mut Dice) -> Self {
        let mut world = Self::default();
        for person in 0..N_PEOPLE {
            if !dice.one_in(3) {
                world.people.insert(person, resident(dice, person));
            }
            if !dice.one_in(3) {
                world.custody.insert(person, custody(dice, person));
            }
            if dice.one_in(3) {
                world.histories.insert(person, history(dice, person));
            }
        }
        for _ in 0..dice.below(4) {
            world.deaths.extend([death(dice)]);
        }
        for _ in 0..dice.below(4) {
            let record = dwelling(dice);
            world.dwellings.insert(record.id.clone(), record);
        }
        for at in 0..N_BUILDINGS {
            if !dice.one_in(3) {
                world.buildings.insert(at, building(dice, at));
            }
        }
        for _ in 0..3 {
            world.facts.extend([fact(dice)]);
        }
        world
    }

    /// A batch of changes to this world, and the world after it.
    pub(super) fn change(&self, dice: &mut Dice) -> (Changes, Self) {
        let mut after = self.clone();
        let mut changes = Changes::default();
        for person in 0..N_PEOPLE {
            if !dice.one_in(3) {
                continue;
            }
            let mut record = resident(dice, person);
            match self.people.get(&person) {
                // a small change, or everything at once
                Some(before) if !dice.one_in(3) => {
                    let anew = std::mem::replace(&mut record, before.clone());
                    match dice.below(6) {
                        0 => record.dwelling = anew.dwelling,
                        1 => record.municipality = anew.municipality,
                        2 => record.dead = anew.dead,
                        3 => record.protection = anew.protection,
                        4 => record.names = anew.names,
                        _ => {}
                    }
                }
                _ => {}
            }
            let custody = dice.one_in(2).then(|| custody(dice, person));
            let history = dice.one_in(3).then(|| history(dice, person));
            after.people.insert(person, record.clone());
            if let Some(pairs) = &custody {
                after.custody.insert(person, pairs.clone());
            }
            if let Some(history) = &history {
                after.histories.insert(person, history.clone());
            }
            changes.people.push(PersonChange { record, custody, history });
        }
        for _ in 0..dice.below(3) {
            let (at, record) = death(dice);
            let already = |other: &DeathRecord| other.source == at.1 && told_of(&other.who) == told_of(&record.who);
            if !changes.deaths.iter().any(already) {
                after.deaths.insert(at, record.clone());
                changes.deaths.push(record);
            }
        }
        for _ in 0..dice.below(3) {
            let record = dwelling(dice);
            if !changes.dwellings.iter().any(|other| other.id == record.id) {
                after.dwellings.insert(record.id.clone(), record.clone());
                changes.dwellings.push(record);
            }
        }
        for id in HOMES {
            if dice.one_in(6) && !changes.dwellings.iter().any(|other| other.id == id) {
                after.dwellings.remove(id);
                changes.gone_dwellings.push(id.to_owned());
            }
        }
        for at in 0..N_BUILDINGS {
            match dice.below(5) {
                0 => {
                    after.buildings.remove(&at);
                    changes.gone_buildings.push(building_id(at));
                }
                1 => {
                    let record = building(dice, at);
                    after.buildings.insert(at, record.clone());
                    changes.buildings.push(record);
                }
                _ => {}
            }
        }
        if dice.one_in(2) {
            let (name, table) = fact(dice);
            after.facts.insert(name, table.clone());
            changes.facts.push(table);
        }
        (changes, after)
    }

    pub(super) fn delivery(&self) -> Delivery {
        Delivery {
            residents: self.people.values().cloned().collect(),
            histories: self.histories.values().cloned().collect(),
            deaths: self.deaths.values().cloned().collect(),
            custody: self.custody.values().flatten().cloned().collect(),
            dwellings: self.dwellings.values().cloned().collect(),
            buildings: self.buildings.values().cloned().collect(),
            facts: self.facts.values().cloned().collect(),
        }
    }
}

fn told<T: std::fmt::Debug>(fact: Fact<T>) -> String {
    match fact {
        Fact::Known(value) => format!("{value:?}"),
        Fact::None => "none".to_owned(),
        Fact::Unknown(reason) => reason.words().to_owned(),
    }
}

/// Every public answer about each subject, and about persons only referred to, by subject.
pub(super) fn answers(register: &Register) -> BTreeMap<SubjectKey, String> {
    let mut answers = BTreeMap::new();
    let n_rows = register.people.keys.len();
    for row in (0..n_rows).filter_map(ResidentRow::at) {
        let resident = register.resident(row);
        assert_eq!(register.resident_of(resident.key()).map(Resident::row), Some(row));
        answers.insert(SubjectKey::Resident(resident.key()), of_resident(register, resident));
    }
    for household in register.households() {
        let members: Vec<_> = household.members().map(Resident::key).collect();
        let mut text = format!("{members:?} {:?} {}", household.state(), household.is_protected());
        let _ = write!(text, " {:?}", household.dwelling());
        let fact = register.fact_named(SubjectKind::Household, "crowded");
        // a fact that nobody declares and one that nobody delivers are the same to whoever reads it
        let undeclared = Fact::Unknown(UnknownReason::NotDelivered);
        let fact = fact.map_or(undeclared, |fact| household.fact(fact, register.day()));
        let _ = write!(text, " {}", told(fact));
        let row = register.row_of(SubjectKey::Household(household.key()));
        assert_eq!(row, Some(crate::register::SubjectRow::Household(household.row())));
        answers.insert(SubjectKey::Household(household.key()), text);
    }
    for building in register.buildings() {
        let (owners, state) = building.owners();
        let owners: Vec<String> = owners
            .iter()
            .map(|owner| match owner {
                OwnerParty::Person(person) => format!("{:?}", person.key()),
                OwnerParty::Organisation { id, name, language } => format!("{id} {name} {language:?}"),
                OwnerParty::Estate => "estate".to_owned(),
            })
            .collect();
        let mut text = format!("{} {owners:?} {state:?} {:?}", building.id(), building.location());
        let street = building.address().map(|address| address.street.to_owned());
        let _ = write!(text, " {} {} {:?}", told(street), told(building.area_m2()), building.facilities());
        let _ = write!(text, " {:?} {}", building.connections(), told(building.intended_use()));
        let _ = write!(text, " {} {}", told(building.built_year()), told(building.storeys()));
        let _ = write!(text, " {} {:?}", told(building.dwellings()), building.stairwells());
        let fact = register.fact_named(SubjectKind::Building, "checked");
        let fact = fact.map_or(Fact::Unknown(UnknownReason::NotDelivered), |fact| building.fact(fact, register.day()));
        let _ = write!(text, " {}", told(fact));
        answers.insert(SubjectKey::Building(building.key()), text);
    }
    answers
}

fn of_resident(register: &Register, resident: Resident<'_>) -> String {
    let mut text =
        format!("{} {} {:?} {}", resident.has_record(), told(resident.born()), resident.life(), told(resident.sex()));
    let people = &register.people;
    let _ = write!(text, " {} codes", people.n_codes[resident.row().position()]);
    let _ = write!(text, " {}", told(people.municipality.get(resident.row().position())));
    let _ = write!(text, " {} {:?}", told(resident.language()), resident.protection());
    let _ = write!(text, " {} {}", resident.home_is_protected(), resident.placement_is_hidden());
    let _ = write!(text, " home {:?} {:?}", resident.home(), resident.home_building().map(Building::key));
    let _ = write!(text, " {}", told(resident.household().map(Household::key)));
    let streets = ["Malli 1", "Malli 2", "Esimerkki 3"].map(|street| Address {
        street: street.to_owned(),
        postal_code: "00100".to_owned(),
        post_office: "HELSINKI".to_owned(),
    });
    let street =
        resident.address().map(|address| streets.iter().position(|street| address.is(&PostalAddress::from(street))));
    let _ = write!(text, " street {}", told(street));
    let names = resident.names().map(|names| format!("{}|{}", names.given, names.family));
    let _ = write!(text, " {names:?}");
    for on in DAYS.map(day) {
        let custodians = resident.custodians_on(on, LeapDayPolicy::March1);
        let known: Vec<_> = custodians
            .known
            .iter()
            .map(|one| (one.person.key(), one.may_decide, one.rights, one.may_decide_in(&Matter::Education, on)))
            .collect();
        let _ = write!(text, "\n {on} {known:?} {:?}", custodians.state);
        let guardians: Vec<_> = resident.guardians_on(on).map(Resident::key).collect();
        let informed: Vec<_> = resident.informed_on(on).map(Resident::key).collect();
        let _ = write!(text, " {guardians:?} {informed:?} {}", told(resident.lives_in_on(CITY, on)));
    }
    for name in ["units", "school"] {
        let fact = register.fact_named(SubjectKind::Resident, name);
        let value = fact.map(|fact| match resident.fact(fact, register.day()) {
            Fact::Known(Value::Place(place)) => format!("north: {}", place.is(&"north".into())),
            other => told(other),
        });
        let value = value.unwrap_or_else(|| UnknownReason::NotDelivered.words().to_owned());
        let _ = write!(text, "\n {name} {value}");
    }
    text
}
