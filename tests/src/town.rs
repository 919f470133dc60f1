//! Random towns, made from plans: families of one child, with everything that registers do to people.
//!
//! A plan says what is true of each; [`Town::delivery`] says it as records, and [`crate::oracle`] says what should come of it
//! without looking at any register.

use chrono::NaiveDate;
use ennakko::core::fact_table::{FactDeclaration, SubjectKind};
use ennakko::core::identity::{IdentityCode, PermanentBuildingId, PersonalIdentityCode};
use ennakko::core::record::{
    Address, BuildingRecord, CustodyKind, CustodyRecord, DeathRecord, Delivery, DwellingRecord, FactDelivery, FactOf,
    FactRow, ListState, Names, Owner, ResidentRecord, Sex, Stairwell, Utilities, Who,
};
use ennakko::core::{Fact, PartialDate, UnknownReason, Value};

use crate::day;

mod random;

pub use random::towns;

/// A yes or no that a register may not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// Known: no.
    No,
    /// Known: yes.
    Yes,
    /// Not known.
    Unknown,
    /// Nothing was delivered.
    Absent,
}

/// Where somebody lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In the home of their family.
    Family,
    /// In a home of their own.
    Own,
    /// In the home of the next family.
    Neighbours,
    /// In the one institution of the town: 14 characters, and no home that anybody shares.
    Institution,
    /// They have none.
    Nowhere,
    /// Not known.
    Unknown,
}

/// Whether somebody is dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// Alive.
    No,
    /// Dead.
    Yes,
    /// Another source says so, the population register does not.
    Disputed,
}

/// Municipality of residence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Municipality {
    /// The city.
    City,
    /// Another one.
    Other,
    /// None.
    None,
    /// Not known.
    Unknown,
}

/// A day of birth as the register has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Born {
    /// The day.
    Day(NaiveDate),
    /// The year only.
    Year(i32),
    /// Not known.
    Unknown,
}

/// One person.
#[derive(Clone, Debug)]
pub struct Person {
    /// Serial number of the artificial code, 900 to 999: the person's name in tests.
    pub serial: u16,
    /// Birth.
    pub born: Born,
    /// Where they live.
    pub home: Home,
    /// Number of the family.
    pub family: usize,
    /// Number of families in the town.
    pub families: usize,
    /// Whether they are dead.
    pub death: Death,
    /// Where they are registered.
    pub municipality: Municipality,
    /// Whether their whereabouts are protected; absent: there is no order.
    pub protection: Flag,
    /// Mother tongue.
    pub language: &'static str,
}

/// How a custodian stands in the child's record.
#[derive(Clone, Debug)]
pub struct Custody {
    /// Who.
    pub who: Custodian,
    /// What they may do.
    pub kind: CustodyKind,
    /// Whether they may decide.
    pub may_decide: Flag,
    /// Whether the pair has ended before every day of the tests.
    pub ended: bool,
}

/// Somebody beside a child.
#[derive(Clone, Debug)]
pub enum Custodian {
    /// With a record.
    Person(Person),
    /// Without a code: only a name.
    Named(u16),
    /// With a code that no record has.
    Code(u16),
}

/// A child's family.
#[derive(Clone, Debug)]
pub struct Family {
    /// The child.
    pub child: Person,
    /// Those beside it.
    pub custody: Vec<Custody>,
    /// Whether the list of custodians was delivered whole.
    pub whole: bool,
    /// Whether there is a place for the year of the round of 2027; unknown: it is not known for which year.
    pub place_2027: Flag,
    /// Whether the start is put off.
    pub deferred: Flag,
    /// Whether the child lives in two homes.
    pub alternating: Flag,
    /// Whether compulsory education is extended.
    pub extended: Flag,
    /// Whether the local school is known.
    pub school_known: bool,
}

/// A building.
#[derive(Clone, Debug)]
pub struct Block {
    /// Number of the building.
    pub number: u32,
    /// Intended use; none: unknown.
    pub intended_use: Option<&'static str>,
    /// Dwellings; none: unknown.
    pub dwellings: Option<i64>,
    /// Storeys; none: unknown.
    pub storeys: Option<i64>,
    /// Lifts by stairwell.
    pub lifts: Vec<Flag>,
    /// Whether the list of stairwells was delivered whole.
    pub whole: bool,
    /// Whether it is listed.
    pub listed: Flag,
    /// Year of the latest grant.
    pub grant: Fact<i64>,
    /// Year built; none: unknown.
    pub built: Option<i64>,
    /// Whether an organisation owns it.
    pub owned: bool,
}

/// A town.
#[derive(Clone, Debug)]
pub struct Town {
    /// Families.
    pub families: Vec<Family>,
    /// Buildings.
    pub blocks: Vec<Block>,
}

/// The building's id that all homes of a town share, and that no plan owns.
const HOMES: u32 = 99_000_000;

impl Person {
    /// The code. It hangs on the serial number only: a code is never where a birth is from.
    pub fn code(&self) -> IdentityCode {
        code(self.serial)
    }

    /// The id of the dwelling, if there is one and it is known.
    pub fn dwelling(&self) -> Option<String> {
        let of_family = |family: usize| format!("HOME{family:012}");
        match self.home {
            Home::Family => Some(of_family(self.family)),
            Home::Own => Some(format!("ELSE{:012}", self.serial)),
            Home::Neighbours => Some(of_family((self.family + 1) % self.families)),
            Home::Institution => Some("INSTITUTION-01".to_owned()),
            Home::Nowhere | Home::Unknown => None,
        }
    }

    /// The id of the dwelling, if it is a home that others may share.
    pub fn shared_home(&self) -> Option<String> {
        self.dwelling().filter(|id| id.chars().count() == 16)
    }

    /// What nobody may read who does not share the person's home: municipality, school, address.
    pub fn secrets(&self) -> Vec<String> {
        let mut secrets = vec![self.other_municipality(), self.school()];
        secrets.extend(self.dwelling().map(|id| street(&id)));
        secrets
    }

    fn other_municipality(&self) -> String {
        format!("Mqxkunta{}z", self.serial)
    }

    /// The name of the local school.
    pub fn school(&self) -> String {
        format!("Qxzkoulu{}z", self.serial)
    }

    fn record(&self, whole: bool) -> ResidentRecord {
        ResidentRecord {
            key: None,
            code: Some(self.code()),
            former_codes: Vec::new(),
            names: Some(Names { given: format!("Nimi{} Toinen", self.serial), family: format!("Suku{}", self.serial) }),
            born: match self.born {
                Born::Day(day) => Fact::Known(PartialDate::exact(day)),
                Born::Year(year) => Fact::Known(PartialDate::in_year(year).unwrap()),
                Born::Unknown => Fact::Unknown(UnknownReason::NotDelivered),
            },
            sex: Fact::Known(if self.serial.is_multiple_of(2) { Sex::Female } else { Sex::Male }),
            dead: self.death == Death::Yes,
            municipality: match self.municipality {
                Municipality::City => Fact::Known("091".to_owned()),
                Municipality::Other => Fact::Known(self.other_municipality()),
                Municipality::None => Fact::None,
                Municipality::Unknown => Fact::Unknown(UnknownReason::Withheld),
            },
            language: Fact::Known(self.language.to_owned()),
            protection: match self.protection {
                Flag::No => Fact::Known(false),
                Flag::Yes => Fact::Known(true),
                Flag::Unknown => Fact::Unknown(UnknownReason::Withheld),
                Flag::Absent => Fact::None,
            },
            dwelling: match self.home {
                Home::Nowhere => Fact::None,
                Home::Unknown => Fact::Unknown(UnknownReason::Withheld),
                _ => Fact::Known(self.dwelling().unwrap()),
            },
            dwelling_since: Fact::Known(PartialDate::exact(day("2021-03-01"))),
            custodians: if whole { ListState::Whole } else { ListState::Open(UnknownReason::Withheld) },
            in_care: Fact::None,
        }
    }
}

fn code(serial: u16) -> IdentityCode {
    IdentityCode::Finnish(PersonalIdentityCode::artificial(day("1990-05-05"), serial).unwrap())
}

fn street(dwelling: &str) -> String {
    format!("Wqxkatu-{dwelling}-z")
}

impl Custodian {
    fn who(&self) -> Who {
        match self {
            Self::Person(person) => Who::Code(person.code()),
            Self::Named(serial) => {
                let names = Names { given: format!("Nimi{serial}"), family: format!("Suku{serial}") };
                Who::Described(Box::new(names), Fact::Unknown(UnknownReason::NotDelivered))
            }
            Self::Code(serial) => Who::Code(code(*serial)),
        }
    }
}

impl Family {
    /// Everyone of the family with a record.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        let beside = self.custody.iter().filter_map(|custody| match &custody.who {
            Custodian::Person(person) => Some(person),
            Custodian::Named(_) | Custodian::Code(_) => None,
        });
        std::iter::once(&self.child).chain(beside)
    }
}

fn bool_of(flag: Flag) -> Option<Fact<Value>> {
    match flag {
        Flag::No => Some(Fact::Known(Value::Bool(false))),
        Flag::Yes => Some(Fact::Known(Value::Bool(true))),
        Flag::Unknown => Some(Fact::Unknown(UnknownReason::Withheld)),
        Flag::Absent => None,
    }
}

impl Town {
    /// Everyone with a record.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.families.iter().flat_map(Family::people)
    }

    /// The id of a building.
    pub fn block_id(number: u32) -> PermanentBuildingId {
        PermanentBuildingId::artificial(number).unwrap()
    }

    /// The town as records.
    pub fn delivery(&self, declared: &[FactDeclaration], on: NaiveDate) -> Delivery {
        let mut delivery = Delivery::default();
        for family in &self.families {
            delivery.residents.extend(family.people().map(|person| {
                let is_child = person.serial == family.child.serial;
                person.record(is_child && family.whole)
            }));
            delivery.custody.extend(family.custody.iter().map(|custody| CustodyRecord {
                child: Who::Code(family.child.code()),
                custodian: custody.who.who(),
                kind: custody.kind,
                from: Fact::None,
                until: if custody.ended { Fact::Known(day("2020-12-01")) } else { Fact::None },
                may_decide: match custody.may_decide {
                    Flag::No => Fact::Known(false),
                    Flag::Yes | Flag::Absent => Fact::Known(true),
                    Flag::Unknown => Fact::Unknown(UnknownReason::Withheld),
                },
                rights: Vec::new(),
            }));
        }
        for person in self.people().filter(|person| person.death == Death::Disputed) {
            let who = Who::Code(person.code());
            delivery.deaths.push(DeathRecord { who, source: "another register".to_owned(), dead: true });
        }
        let mut homes: Vec<String> = self.people().filter_map(Person::dwelling).collect();
        homes.sort();
        homes.dedup();
        delivery.dwellings = homes.into_iter().map(dwelling).collect();
        delivery.buildings = self.blocks.iter().map(building).collect();
        delivery.facts = declared
            .iter()
            .map(|declaration| FactDelivery {
                declaration: declaration.clone(),
                delivered_on: on,
                rows: self.rows(declaration),
            })
            .collect();
        delivery
    }

    fn rows(&self, declaration: &FactDeclaration) -> Vec<FactRow> {
        let name = declaration.name.as_str();
        match declaration.subject {
            SubjectKind::Resident => self
                .families
                .iter()
                .filter_map(|family| {
                    let value = match name {
                        "school_place_year" => match family.place_2027 {
                            Flag::Yes => Some(Fact::Known(Value::Int(2027))),
                            Flag::No => Some(Fact::None),
                            Flag::Unknown => Some(Fact::Unknown(UnknownReason::Withheld)),
                            Flag::Absent => None,
                        },
                        "start_deferred" => bool_of(family.deferred),
                        "alternating_residence" => bool_of(family.alternating),
                        "extended_compulsory" => bool_of(family.extended),
                        "local_school" => {
                            family.school_known.then(|| Fact::Known(Value::Text(family.child.school().into())))
                        }
                        _ => None,
                    }?;
                    Some(FactRow { of: FactOf::Resident(Who::Code(family.child.code())), value })
                })
                .collect(),
            SubjectKind::Building => self
                .blocks
                .iter()
                .filter_map(|block| {
                    let value = match name {
                        "lift_grant_year" => Some(block.grant.map(Value::Int)),
                        "heritage_listed" => bool_of(block.listed),
                        _ => None,
                    }?;
                    Some(FactRow { of: FactOf::Building(Self::block_id(block.number)), value })
                })
                .collect(),
            SubjectKind::Household => Vec::new(),
        }
    }
}

fn dwelling(id: String) -> DwellingRecord {
    DwellingRecord {
        address: Fact::Known(Address {
            street: street(&id),
            postal_code: format!("{}-90000", street(&id)),
            post_office: format!("{}-KYLÄ", street(&id)),
        }),
        id,
        building: Some(Town::block_id(HOMES)),
        members: ListState::Whole,
    }
}

fn building(block: &Block) -> BuildingRecord {
    let known = |number: Option<i64>| number.map_or(Fact::Unknown(UnknownReason::NotDelivered), Fact::Known);
    let stairwell = |(at, lift): (usize, &Flag)| Stairwell {
        name: format!("{at}"),
        lift: match lift {
            Flag::No => Fact::Known(false),
            Flag::Yes => Fact::Known(true),
            Flag::Unknown | Flag::Absent => Fact::Unknown(UnknownReason::NotDelivered),
        },
    };
    let owner = Owner::Organisation {
        id: format!("900{}-1", block.number),
        name: format!("As Oy Talo {}", block.number),
        language: Fact::Known("sv".to_owned()),
    };
    BuildingRecord {
        id: Town::block_id(block.number),
        location: Fact::Unknown(UnknownReason::NotDelivered),
        address: Fact::Known(Address {
            street: format!("Talokatu {}", block.number),
            postal_code: String::new(),
            post_office: String::new(),
        }),
        owners: if block.owned { vec![owner] } else { Vec::new() },
        owners_state: ListState::Whole,
        area_m2: Fact::None,
        facilities: Utilities::NOT_DELIVERED,
        connections: Utilities::NOT_DELIVERED,
        intended_use: block
            .intended_use
            .map_or(Fact::Unknown(UnknownReason::NotDelivered), |code| Fact::Known(code.to_owned())),
        built_year: known(block.built),
        storeys: known(block.storeys),
        dwellings: known(block.dwellings),
        stairwells: block.lifts.iter().enumerate().map(stairwell).collect(),
        stairwells_state: if block.whole { ListState::Whole } else { ListState::Open(UnknownReason::NotDelivered) },
    }
}

/// A delivery with every list in another order.
pub fn shuffled(mut delivery: Delivery, seed: u64) -> Delivery {
    let mut state = seed;
    shuffle(&mut delivery.residents, &mut state);
    shuffle(&mut delivery.deaths, &mut state);
    shuffle(&mut delivery.custody, &mut state);
    shuffle(&mut delivery.dwellings, &mut state);
    shuffle(&mut delivery.buildings, &mut state);
    shuffle(&mut delivery.facts, &mut state);
    for table in &mut delivery.facts {
        shuffle(&mut table.rows, &mut state);
    }
    delivery
}

/// Fisher and Yates, with the numbers of a linear congruence: the same in every run.
pub fn shuffle<T>(items: &mut [T], state: &mut u64) {
    for last in (1..items.len()).rev() {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let choices = u64::try_from(last + 1).unwrap();
        items.swap(last, usize::try_from((*state >> 33) % choices).unwrap());
    }
}
