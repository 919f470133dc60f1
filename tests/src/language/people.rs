//! Plans of a few people, and the same as records; and the folder in which the random rules stand.

use chrono::NaiveDate;
use ennakko::core::fact_table::FactDeclaration;
use ennakko::core::identity::{IdentityCode, PermanentBuildingId, PersonalIdentityCode};
use ennakko::core::record::{
    Address, BuildingRecord, CustodyKind, CustodyRecord, Delivery, DwellingRecord, FactDelivery, FactOf, FactRow,
    ListState, Names, ResidentRecord, Sex, Stairwell, Utilities, Who,
};
use ennakko::core::{Fact, PartialDate, UnknownReason, Value};
use ennakko::rules::RuleFile;

use super::Dice;
use crate::day;

/// The codes of `level`.
pub const LEVELS: [&str; 3] = ["high", "low", "mid"];

/// The parameter `test::limit`.
pub const LIMIT: i64 = 5;
/// The parameter `test::limits`.
pub const LIMITS: [i64; 3] = [1, 5, 9];
/// The parameter `test::turn`.
pub const TURN: [i64; 3] = [2018, 2020, 2022];

const WITHHELD: UnknownReason = UnknownReason::Withheld;

/// One person as planned.
#[derive(Clone, Debug)]
pub struct Person {
    /// Serial number of the artificial code, from 900.
    pub serial: u16,
    /// Birth; none: not known.
    pub born: Option<PartialDate>,
    /// Whether registered as female; none: not known.
    pub female: Option<bool>,
    /// Whether the municipality is the city; `Fact::None`: there is no municipality.
    pub city: Fact<bool>,
    /// `steady`: never none.
    pub steady: Option<bool>,
    /// `flag`
    pub flag: Fact<bool>,
    /// `count`
    pub count: Fact<i64>,
    /// `total`: never none.
    pub total: Option<i64>,
    /// `seen`
    pub seen: Fact<PartialDate>,
    /// `since`: never none.
    pub since: Option<PartialDate>,
    /// `level`
    pub level: Fact<&'static str>,
    /// Custodians, by position; and whether they are all.
    pub custodians: (Vec<usize>, bool),
    /// The home, by position; none: not known.
    pub home: Option<usize>,
}

/// One home, a building of its own.
#[derive(Clone, Debug)]
pub struct Home {
    /// Year of completion; none: not known.
    pub built: Option<i64>,
    /// Lifts of the stairwells; and whether they are all.
    pub lifts: (Vec<Option<bool>>, bool),
    /// Whether everyone who lives there is known.
    pub whole: bool,
}

/// A few people and their homes.
#[derive(Clone, Debug)]
pub struct Town {
    /// People.
    pub people: Vec<Person>,
    /// Homes.
    pub homes: Vec<Home>,
}

fn fact<T>(dice: &mut Dice, value: impl FnOnce(&mut Dice) -> T) -> Fact<T> {
    match dice.below(10) {
        0 | 1 => Fact::None,
        2..=4 => Fact::Unknown(WITHHELD),
        _ => Fact::Known(value(dice)),
    }
}

fn known<T>(dice: &mut Dice, value: impl FnOnce(&mut Dice) -> T) -> Option<T> {
    (!dice.chance(28)).then(|| value(dice))
}

/// A day near the edges of the rules: of the round, of a leap year, of a month.
fn some_day(dice: &mut Dice) -> NaiveDate {
    let edges = [
        "2027-01-10",
        "2027-01-11",
        "2026-12-31",
        "2027-01-01",
        "2024-02-29",
        "2025-02-28",
        "2026-01-31",
        "2027-02-01",
    ];
    if dice.chance(60) {
        day(dice.pick(&edges))
    } else {
        day("2025-01-01") + chrono::Days::new(u64::try_from(dice.below(900)).unwrap())
    }
}

fn partial(dice: &mut Dice, day: NaiveDate) -> PartialDate {
    let text = day.to_string();
    match dice.below(8) {
        0 => PartialDate::parse(&text[..4]).unwrap(),
        1 => PartialDate::parse(&text[..7]).unwrap(),
        _ => PartialDate::exact(day),
    }
}

fn birth(dice: &mut Dice) -> PartialDate {
    let day = match dice.below(8) {
        0 | 6 => day("2020-02-29"),
        // turns 7 on the day on which the round opens
        7 => day("2020-01-10"),
        1 => day("2019-01-11"),
        2 => day("2020-12-31"),
        3 => day("1890-05-05"),
        4 => day("1985-01-10") + chrono::Days::new(u64::try_from(dice.below(4_000)).unwrap()),
        _ => day("2015-01-01") + chrono::Days::new(u64::try_from(dice.below(3_600)).unwrap()),
    };
    partial(dice, day)
}

impl Town {
    /// A town of some dice.
    pub fn grow(dice: &mut Dice) -> Self {
        let (n_people, n_homes) = (3 + dice.below(4), 1 + dice.below(3));
        let people = (0..n_people)
            .map(|at| Person {
                serial: 900 + u16::try_from(at).unwrap(),
                born: if dice.chance(8) { None } else { Some(birth(dice)) },
                female: known(dice, |dice| dice.chance(50)),
                city: fact(dice, |dice| dice.chance(60)),
                steady: known(dice, |dice| dice.chance(50)),
                flag: fact(dice, |dice| dice.chance(50)),
                count: fact(dice, |dice| dice.between(-3, 12)),
                total: known(dice, |dice| dice.between(-20, 20)),
                seen: fact(dice, |dice| {
                    let day = some_day(dice);
                    partial(dice, day)
                }),
                since: known(dice, |dice| {
                    let day = some_day(dice);
                    partial(dice, day)
                }),
                level: fact(dice, |dice| dice.pick(&LEVELS)),
                custodians: {
                    let others: Vec<usize> = (0..n_people).filter(|other| *other != at && dice.chance(45)).collect();
                    (others, dice.chance(65))
                },
                home: known(dice, |dice| dice.below(n_homes)),
            })
            .collect();
        let homes = (0..n_homes)
            .map(|_| Home {
                built: known(dice, |dice| dice.between(1990, 2010)),
                lifts: ((0..dice.below(4)).map(|_| known(dice, |dice| dice.chance(50))).collect(), dice.chance(75)),
                whole: dice.chance(70),
            })
            .collect();
        Self { people, homes }
    }

    /// The same town with every unknown replaced by something that is known.
    #[must_use]
    pub fn completed(&self, dice: &mut Dice) -> Self {
        fn known<T: Clone>(fact: &mut Fact<T>, value: impl FnOnce() -> T, none: bool) {
            if matches!(fact, Fact::Unknown(_)) {
                *fact = if none { Fact::None } else { Fact::Known(value()) };
            }
        }
        let exact = |dice: &mut Dice, of: PartialDate| {
            let days = usize::try_from((of.last() - of.first()).num_days()).unwrap();
            PartialDate::exact(of.first() + chrono::Days::new(u64::try_from(dice.below(days + 1)).unwrap()))
        };
        let mut town = self.clone();
        // where everybody is known who lives there, nobody turns out to live
        let open: Vec<usize> = (0..town.homes.len()).filter(|home| !town.homes[*home].whole).collect();
        for person in &mut town.people {
            let born = person.born.unwrap_or_else(|| birth(dice));
            person.born = Some(exact(dice, born));
            person.female.get_or_insert(dice.chance(50));
            known(&mut person.city, || dice.chance(50), false);
            person.steady.get_or_insert(dice.chance(50));
            let none = dice.chance(30);
            known(&mut person.flag, || dice.chance(50), none);
            known(&mut person.count, || dice.between(-3, 12), none);
            person.total.get_or_insert(dice.between(-20, 20));
            known(&mut person.seen, || PartialDate::exact(some_day(dice)), none);
            if let Fact::Known(seen) = person.seen {
                person.seen = Fact::Known(exact(dice, seen));
            }
            let since = person.since.unwrap_or_else(|| PartialDate::exact(some_day(dice)));
            person.since = Some(exact(dice, since));
            known(&mut person.level, || dice.pick(&LEVELS), none);
            if person.home.is_none() && !open.is_empty() {
                person.home = Some(dice.pick(&open));
            }
        }
        for home in &mut town.homes {
            home.built.get_or_insert(dice.between(1990, 2010));
            for lift in &mut home.lifts.0 {
                lift.get_or_insert(dice.chance(50));
            }
        }
        town
    }

    /// The code of somebody.
    pub fn code(serial: u16) -> IdentityCode {
        IdentityCode::Finnish(PersonalIdentityCode::artificial(day("1990-05-05"), serial).unwrap())
    }

    /// The town as records.
    pub fn delivery(&self, declared: &[FactDeclaration], on: NaiveDate) -> Delivery {
        let mut delivery = Delivery::default();
        for person in &self.people {
            delivery.residents.push(record(person));
            delivery.custody.extend(person.custodians.0.iter().map(|custodian| CustodyRecord {
                child: Who::Code(Self::code(person.serial)),
                custodian: Who::Code(Self::code(self.people[*custodian].serial)),
                kind: CustodyKind::Custodian,
                from: Fact::None,
                until: Fact::None,
                may_decide: Fact::Known(true),
                rights: Vec::new(),
            }));
        }
        for (at, home) in self.homes.iter().enumerate() {
            delivery.dwellings.push(DwellingRecord {
                address: Fact::Known(Address {
                    street: format!("Katu {at}"),
                    postal_code: "00990".to_owned(),
                    post_office: "KAUPUNKI".to_owned(),
                }),
                id: dwelling(at),
                building: Some(building(at)),
                members: state(home.whole),
            });
            delivery.buildings.push(BuildingRecord {
                id: building(at),
                location: Fact::Unknown(UnknownReason::NotDelivered),
                address: Fact::None,
                owners: Vec::new(),
                owners_state: ListState::Whole,
                area_m2: Fact::None,
                facilities: Utilities::NOT_DELIVERED,
                connections: Utilities::NOT_DELIVERED,
                intended_use: Fact::Known("0121".to_owned()),
                built_year: home.built.map_or(Fact::Unknown(WITHHELD), Fact::Known),
                storeys: Fact::None,
                dwellings: Fact::None,
                stairwells: home
                    .lifts
                    .0
                    .iter()
                    .enumerate()
                    .map(|(name, lift)| Stairwell {
                        name: name.to_string(),
                        lift: lift.map_or(Fact::Unknown(WITHHELD), Fact::Known),
                    })
                    .collect(),
                stairwells_state: state(home.lifts.1),
            });
        }
        delivery.facts = declared
            .iter()
            .map(|declaration| FactDelivery {
                declaration: declaration.clone(),
                delivered_on: on,
                rows: self.people.iter().map(|person| row(person, &declaration.name)).collect(),
            })
            .collect();
        delivery
    }
}

fn state(whole: bool) -> ListState {
    if whole { ListState::Whole } else { ListState::Open(WITHHELD) }
}

fn dwelling(at: usize) -> String {
    format!("HOME{at:012}")
}

fn building(at: usize) -> PermanentBuildingId {
    PermanentBuildingId::artificial(90_000_000 + u32::try_from(at).unwrap()).unwrap()
}

fn record(person: &Person) -> ResidentRecord {
    ResidentRecord {
        key: None,
        code: Some(Town::code(person.serial)),
        former_codes: Vec::new(),
        names: Some(Names { given: format!("Nimi{}", person.serial), family: "Suku".to_owned() }),
        born: person.born.map_or(Fact::Unknown(WITHHELD), Fact::Known),
        sex: person
            .female
            .map_or(Fact::Unknown(WITHHELD), |female| Fact::Known(if female { Sex::Female } else { Sex::Male })),
        dead: false,
        municipality: person.city.as_ref().map(|city| if *city { "091".to_owned() } else { "049".to_owned() }),
        language: Fact::Known("fi".to_owned()),
        protection: Fact::Known(false),
        dwelling: person.home.map_or(Fact::Unknown(WITHHELD), |at| Fact::Known(dwelling(at))),
        dwelling_since: Fact::Known(PartialDate::exact(day("2021-03-01"))),
        custodians: state(person.custodians.1),
        in_care: Fact::None,
    }
}

fn row(person: &Person, name: &str) -> FactRow {
    let bool_of = |fact: Fact<bool>| fact.map(Value::Bool);
    let never_none = |value: Option<Value>| value.map_or(Fact::Unknown(WITHHELD), Fact::Known);
    let value = match name {
        "steady" => never_none(person.steady.map(Value::Bool)),
        "flag" => bool_of(person.flag),
        "count" => person.count.map(Value::Int),
        "total" => never_none(person.total.map(Value::Int)),
        "seen" => person.seen.map(Value::Day),
        "since" => never_none(person.since.map(Value::Day)),
        _ => person.level.map(|code| Value::Text(code.into())),
    };
    FactRow { of: FactOf::Resident(Who::Code(Town::code(person.serial))), value }
}

/// The tables of the folder: those of the rules crate's own tests, with facts and parameters of these rules.
pub fn folder(rule: &str, n_lines: usize) -> Vec<RuleFile> {
    macro_rules! base {
        ($($name:literal)*) => {
            [$(($name, include_str!(concat!("../../../crates/ennakko-rules/tests-data/base/", $name)))),*]
        };
    }
    let facts = [
        ("steady", "bool", "", false),
        ("flag", "bool", "", true),
        // far wider than the plans, so that no comparison is decided by them; near enough that no sum can overflow
        ("count", "int", "unit = \"count\"\nmin = -1000\nmax = 1000\n", true),
        ("total", "int", "unit = \"count\"\nmin = -1000\nmax = 1000\n", false),
        ("seen", "day", "", true),
        ("since", "day", "", false),
        ("level", "text", "code_list = \"level\"\n", true),
    ]
    .map(|(name, kind, more, may_be_none)| {
        let absent = if may_be_none { "none" } else { "unknown" };
        format!(
            "[resident.{name}]\ntype = \"{kind}\"\n{more}meaning = \"made up for tests\"\nsource = \"tests\"\nsensitivity = 1\n\
             purposes = [\"education\"]\nrelated_purposes = [\"education\"]\nmay_be_none = {may_be_none}\n\
             absent = \"{absent}\"\nfresh_days = 31\nfuture = \"as_today\"\n"
        )
    })
    .concat();
    let parameter = |name: &str, unit: &str, value: String| {
        format!(
            "[[test.{name}]]\nvalue = {value}\nunit = \"{unit}\"\nfrom = 2020-01-01\nuntil = 2030-01-01\nstatus = \"decided\"\n\
             source = \"Act 1/2020\"\nchecked = 2026-11-22\n"
        )
    };
    let parameters = [
        parameter("limit", "count", LIMIT.to_string()),
        parameter("limits", "count", format!("{LIMITS:?}")),
        parameter("turn", "year", format!("{TURN:?}")),
    ]
    .concat();
    let levels = LEVELS.map(|code| format!("{code} = \"{code}\"\n")).concat();
    let texts = (0..n_lines).fold("sane = A name\n".to_owned(), |texts, at| {
        format!("{texts}line_{at} = A name\n    .yes = Yes.\n    .no = No.\n    .unknown = Unknown.\n")
    });
    let mut files: Vec<RuleFile> = base!("city.toml" "purposes.toml" "calendar.toml" "laws.toml" "_common.fi.ftl")
        .map(|(name, text)| RuleFile::new(name, text))
        .into();
    files.extend([
        RuleFile::new("facts.toml", &facts),
        RuleFile::new("parameters.toml", &parameters),
        RuleFile::new("code_lists.toml", &format!("[level]\n{levels}")),
        RuleFile::new("r.rhai", rule),
        RuleFile::new("r.fi.ftl", &texts),
        RuleFile::new("r.md", include_str!("../../../crates/ennakko-rules/tests-data/base/place.md")),
    ]);
    files
}
