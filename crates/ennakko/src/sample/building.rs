//! Records of buildings and dwellings.
//!
//! Streets are real, house numbers are not: they begin at 501, beyond any in the city. Ids start with 9. Years, storeys,
//! lifts, owners and what is not known of them are assumed. Organisations have ids that start with `S` and invented names.

use chrono::Datelike;
use ennakko_core::identity::PermanentBuildingId;
use ennakko_core::record::{Address, BuildingRecord, DwellingRecord, ListState, Location, Owner, Stairwell, Utilities};
use ennakko_core::{Fact, UnknownReason};

use super::dice::{Dice, Stream};
use super::family::Role;
use super::homes::{Building, Class};
use super::plan::Plan;
use super::resident::Living;
use super::snapshot::Snapshot;

const STAIR_LETTERS: &[u8] = b"ABCDEFGHJKLMNPRSTUVX";

/// The artificial id of the building with a running number. Numbers below 100,000,000 have ids of their own.
pub(super) fn building_id(seed: u64, number: u32) -> Option<PermanentBuildingId> {
    // 48,271 shares no divisor with the number of ids, so no two numbers meet
    let spread = (u64::from(number) * 48_271 + seed % 100_000_000) % 100_000_000;
    PermanentBuildingId::artificial(u32::try_from(spread).ok()?).ok()
}

/// What a building looks like.
pub(super) struct Shape {
    pub(super) number: u32,
    pub(super) building: Building,
    pub(super) id: Option<PermanentBuildingId>,
    pub(super) year: i32,
    pub(super) storeys: u16,
    per_stairwell: u16,
    street: &'static str,
    house: u32,
    postal_code: &'static str,
}

impl Shape {
    pub(super) fn of(plan: &Plan, number: u32) -> Self {
        let building = plan.buildings[number as usize];
        let mut dice = Dice::new(plan.seed, Stream::Building, u64::from(number));
        let postal_code = plan.source.areas.get(usize::from(building.area)).map_or("00100", |area| area.code);
        let year = match dice.below(100) {
            0..=4 => dice.between(1880, 1919),
            5..=17 => dice.between(1920, 1945),
            18..=45 => dice.between(1946, 1969),
            46..=68 => dice.between(1970, 1989),
            69..=84 => dice.between(1990, 2009),
            _ => dice.between(2010, 2024),
        };
        let (storeys, per_stairwell) = match building.class {
            Class::OneDwelling | Class::TwoDwellings | Class::Row => (1 + dice.below(2), 0),
            Class::BalconyAccess => (2 + dice.below(2), 12),
            Class::SmallBlock => (2 + dice.below(2), 6 + dice.below(4)),
            Class::Block => (3 + dice.below(6), 9 + dice.below(14)),
        };
        let streets = &plan.source.streets;
        // streets of the area; of the one before in the list, where none is known
        let known = streets.partition_point(|(code, _)| *code <= postal_code);
        let code = known.checked_sub(1).and_then(|last| streets.get(last)).map_or(postal_code, |(code, _)| code);
        let first = streets.partition_point(|(other, _)| *other < code);
        let street = dice.pick(&streets[first..known]).map_or("Kaivokatu", |(_, street)| street);
        Self {
            number,
            building,
            id: building_id(plan.seed, number),
            year,
            storeys: u16::try_from(storeys).unwrap_or(1),
            per_stairwell: u16::try_from(per_stairwell).unwrap_or(0),
            street,
            house: 501 + dice.below(480),
            postal_code,
        }
    }

    fn dice(&self, plan: &Plan) -> Dice {
        Dice::new(plan.seed, Stream::Building, u64::from(self.number) | 1 << 40)
    }

    /// Number of stairwells; none in small houses.
    pub(super) fn stairwells(&self) -> usize {
        if self.per_stairwell == 0 { 0 } else { usize::from(self.building.dwellings.div_ceil(self.per_stairwell)) }
    }

    /// The letter of a dwelling's stairwell, or of the dwelling itself in a row; a blank in a house of one.
    fn letter(&self, dwelling: u16) -> char {
        let at = match self.building.class {
            Class::OneDwelling => return ' ',
            Class::TwoDwellings | Class::Row => usize::from(dwelling) - 1,
            _ => usize::from((dwelling - 1) / self.per_stairwell.max(1)),
        };
        char::from(STAIR_LETTERS[at % STAIR_LETTERS.len()])
    }

    /// The dwelling id: sixteen characters, blanks included.
    pub(super) fn dwelling_id(&self, dwelling: u16) -> Option<String> {
        let id = self.id.as_ref()?.as_str();
        let number = if self.building.class == Class::OneDwelling { 0 } else { dwelling };
        // one flat in two hundred has been divided from another
        let division = if (self.number + u32::from(dwelling)).is_multiple_of(200) && number > 0 { 'b' } else { ' ' };
        Some(format!("{id}1{}{number:03}{division}", self.letter(dwelling.max(1))))
    }

    pub(super) fn address(&self, dwelling: Option<u16>) -> Address {
        let street = match dwelling {
            Some(dwelling) if self.building.class != Class::OneDwelling => {
                format!("{} {} {} {dwelling}", self.street, self.house, self.letter(dwelling.max(1)))
            }
            _ => format!("{} {}", self.street, self.house),
        };
        Address { street, postal_code: self.postal_code.to_owned(), post_office: "HELSINKI".to_owned() }
    }

    /// Whether it is a block of flats.
    pub(super) fn is_block(&self) -> bool {
        matches!(self.building.class, Class::BalconyAccess | Class::SmallBlock | Class::Block)
    }

    fn use_code(&self, dice: &mut Dice) -> Fact<String> {
        let (of_1994, of_2018) = match self.building.class {
            Class::OneDwelling => ("011", "0110"),
            Class::TwoDwellings => ("012", "0111"),
            Class::Row => ("021", "0112"),
            Class::BalconyAccess => ("032", "0120"),
            Class::SmallBlock => ("039", "0120"),
            Class::Block => ("039", "0121"),
        };
        match dice.below(1000) {
            0..=4 => Fact::Unknown(UnknownReason::NotDelivered),
            5..=599 => Fact::Known(of_1994.to_owned()),
            _ => Fact::Known(of_2018.to_owned()),
        }
    }

    fn lift(&self, dice: &mut Dice) -> Fact<bool> {
        let likely = match (self.storeys, self.year) {
            (5.., 1950..) => 900,
            (5.., _) => 700,
            (3..=4, 2000..) => 850,
            (3..=4, _) => 220,
            _ => 80,
        };
        if dice.permille(15) { Fact::Unknown(UnknownReason::NotDelivered) } else { Fact::Known(dice.permille(likely)) }
    }
}

fn utilities(dice: &mut Dice, connected: bool) -> Utilities {
    if dice.permille(20) {
        return Utilities::NOT_DELIVERED;
    }
    let mut known = |permille: u32| match dice.below(1000) {
        0..=9 => Fact::Unknown(UnknownReason::NotDelivered),
        thrown => Fact::Known(thrown < permille),
    };
    let mostly = if connected { 975 } else { 985 };
    Utilities { sewer: known(mostly), water: known(mostly), electricity: known(995), gas: known(90), cable: known(700) }
}

impl Snapshot<'_> {
    pub(super) fn building_record(&self, number: u32, shape: &Shape) -> Option<BuildingRecord> {
        let mut dice = shape.dice(self.plan);
        let area = self.plan.source.areas.get(usize::from(shape.building.area))?;
        let reach = i64::from(area.area_m2.isqrt()) / 2;
        let mut apart = || i64::from(dice.between(-1000, 1000)) * reach / 1000;
        let location = Location {
            epsg: 3067,
            north_m: i64::from(area.north_m) + apart(),
            east_m: i64::from(area.east_m) + apart(),
        };
        let year = i64::from(shape.year.min(self.day.year()));
        let stairwells = (0..shape.stairwells())
            .map(|at| Stairwell {
                name: char::from(STAIR_LETTERS[at % STAIR_LETTERS.len()]).to_string(),
                lift: shape.lift(&mut dice),
            })
            .collect();
        let mut mostly = |n: i64, permille: u32| {
            if dice.permille(permille) { Fact::Unknown(UnknownReason::NotDelivered) } else { Fact::Known(n) }
        };
        let (built_year, storeys) = (mostly(year, 10), mostly(i64::from(shape.storeys), 8));
        let dwellings = mostly(i64::from(shape.building.dwellings), 5);
        let area_m2 = i64::from(shape.building.dwellings) * (if shape.is_block() { 68 } else { 125 });
        let area_m2 = mostly(area_m2 + i64::from(number % 37), 20);
        let (owners, owners_state) = self.owners(number, shape, &mut dice);
        Some(BuildingRecord {
            id: shape.id.clone()?,
            location: if dice.permille(5) { Fact::Unknown(UnknownReason::NotDelivered) } else { Fact::Known(location) },
            address: Fact::Known(shape.address(None)),
            owners,
            owners_state,
            area_m2,
            facilities: utilities(&mut dice, false),
            connections: utilities(&mut dice, true),
            intended_use: shape.use_code(&mut dice),
            built_year,
            storeys,
            dwellings,
            stairwells,
            stairwells_state: if dice.permille(8) {
                ListState::Open(UnknownReason::NotDelivered)
            } else {
                ListState::Whole
            },
        })
    }

    fn owners(&self, number: u32, shape: &Shape, dice: &mut Dice) -> (Vec<Owner>, ListState) {
        let organisation = |name: String, dice: &mut Dice| Owner::Organisation {
            id: format!("S{number:07}"),
            name,
            language: match dice.below(100) {
                0..=88 => Fact::Known("fi".to_owned()),
                89..=95 => Fact::Known("sv".to_owned()),
                _ => Fact::Unknown(UnknownReason::NotDelivered),
            },
        };
        let adults: Vec<u32> = self
            .plan
            .members(shape.building.first)
            .filter(|at| matches!(self.plan.person(*at).role, Role::Adult | Role::Partner))
            .take(2)
            .collect();
        let persons = || adults.iter().map(|at| Owner::Person(self.who(*at))).collect::<Vec<_>>();
        let company = format!("Asunto Oy Helsingin {} {}", shape.street, shape.house);
        let shared = !matches!(shape.building.class, Class::OneDwelling | Class::TwoDwellings);
        match (shared, dice.below(100)) {
            (true, 0..=76) => (vec![organisation(company, dice)], ListState::Whole),
            (true, 77..=90) => {
                let company = format!("Esimerkin Vuokra-asunnot Oy {}", number % 23);
                (vec![organisation(company, dice)], ListState::Whole)
            }
            (true, 91..=92) => {
                let mut owners = vec![organisation(company, dice)];
                owners.extend(persons());
                (owners, ListState::Whole)
            }
            (false, 0..=89) | (_, 93..=94) => (persons(), ListState::Whole),
            (_, 95..=96) => (vec![Owner::Estate], ListState::Whole),
            _ => (Vec::new(), ListState::Open(UnknownReason::NotDelivered)),
        }
    }

    /// The record of a home's dwelling; none for other residences.
    pub(super) fn dwelling_record(living: &Living, shape: Option<&Shape>) -> Option<DwellingRecord> {
        let shape = shape?;
        let id = living.id.clone().known()?;
        let open = living.is_open();
        Some(DwellingRecord {
            id,
            building: shape.id.clone(),
            address: if open {
                Fact::Unknown(UnknownReason::Withheld)
            } else {
                Fact::Known(shape.address(Some(living.home.dwelling)))
            },
            members: if open { ListState::Open(UnknownReason::Withheld) } else { ListState::Whole },
        })
    }

    /// The record of a dwelling in which nobody lives.
    pub(super) fn empty_dwelling(shape: &Shape, dwelling: u16) -> Option<DwellingRecord> {
        Some(DwellingRecord {
            id: shape.dwelling_id(dwelling)?,
            building: shape.id.clone(),
            address: Fact::Known(shape.address(Some(dwelling))),
            members: ListState::Whole,
        })
    }
}
