//! The city on a day: records made from the plan, one block at a time.
//!
//! A block is a building with its dwellings, everybody who lives there and the custody of the children among them; or a
//! few dozen people without a dwelling of the city. Households are never split, and every block can be made alone, so
//! blocks stream, and may be made in any order or at once.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{Datelike, NaiveDate, TimeDelta};
use ennakko_core::fact_table::FactDeclaration;
use ennakko_core::identity::{IdentityCode, PersonalIdentityCode};
use ennakko_core::record::{Delivery, FactDelivery, Sex, Who};
use ennakko_core::{ResidentKey, Uuid};

use super::building::Shape;
use super::code;
use super::dice::{Dice, Stream};
use super::facts;
use super::family::{HomeKind, Role};
use super::plan::{Home, Person, Plan};

/// The city on a day. Ages are those of the plan on whichever day is asked for, so the same city on another day is
/// other people of the same shape; what happens to the same people in a year is [`Year`](super::Year).
#[derive(Clone, Copy)]
pub struct Snapshot<'a> {
    pub(super) plan: &'a Plan,
    pub(super) day: NaiveDate,
}

impl<'a> Snapshot<'a> {
    pub(super) fn new(plan: &'a Plan, day: NaiveDate) -> Self {
        Self { plan, day }
    }

    /// The day.
    pub fn day(&self) -> NaiveDate {
        self.day
    }

    /// Number of blocks.
    pub fn len(&self) -> usize {
        self.plan.buildings.len() + self.plan.groups.len()
    }

    /// Whether there are none: never, for a city has residents.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All blocks, made one at a time as asked for; none has facts of other city registers, see [`Self::fact`].
    pub fn blocks(self) -> impl Iterator<Item = Delivery> + use<'a> {
        (0..self.len()).map(move |at| self.block(at))
    }

    /// One block, by its position; empty beyond the last.
    pub fn block(&self, at: usize) -> Delivery {
        let mut block = Delivery::default();
        if let Some(building) = self.plan.buildings.get(at) {
            self.add_building(&mut block, at, *building);
        } else if let Some((first, next)) = self.plan.groups.get(at - self.plan.buildings.len()) {
            for home in *first..*next {
                self.add_home(&mut block, home, None);
            }
        }
        block
    }

    /// The rows of one declared fact of another city register, delivered up to a few days before; `None` if the sample
    /// does not know a fact of this name.
    pub fn fact(&self, declaration: &FactDeclaration) -> Option<FactDelivery> {
        facts::table(*self, declaration, self.day)
    }

    /// Everything at once: every block, and every declared fact whose name the sample knows. Two threads make it, and the
    /// same comes of any number.
    pub fn delivery(&self, declared: &[FactDeclaration]) -> Delivery {
        let next = AtomicUsize::new(0);
        let facts = || {
            let mut made = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(declaration) = declared.get(at) else { return made };
                made.push((at, self.fact(declaration)));
            }
        };
        let (mut whole, mut made) = std::thread::scope(|scope| {
            let others = scope.spawn(facts);
            let whole = self.without_facts();
            let mut made = facts();
            match others.join() {
                Ok(others) => made.extend(others),
                Err(panic) => std::panic::resume_unwind(panic),
            }
            (whole, made)
        });
        made.sort_unstable_by_key(|(at, _)| *at);
        whole.facts = made.into_iter().filter_map(|(_, fact)| fact).collect();
        whole
    }

    fn without_facts(self) -> Delivery {
        let mut whole = Delivery::default();
        for mut block in self.blocks() {
            whole.residents.append(&mut block.residents);
            whole.deaths.append(&mut block.deaths);
            whole.custody.append(&mut block.custody);
            whole.dwellings.append(&mut block.dwellings);
            whole.buildings.append(&mut block.buildings);
        }
        whole
    }

    fn add_building(&self, block: &mut Delivery, at: usize, building: super::homes::Building) {
        let number = super::plan::count(at);
        let shape = Shape::of(self.plan, number);
        let homes = building.first..building.first + u32::from(building.homes);
        if let Some(record) = self.building_record(number, &shape) {
            block.buildings.push(record);
        }
        let mut lived_in = vec![false; usize::from(building.dwellings) + 1];
        for home in homes {
            if let Some(lived_in) = lived_in.get_mut(usize::from(self.plan.home(home).dwelling)) {
                *lived_in = true;
            }
            self.add_home(block, home, Some(&shape));
        }
        for dwelling in 1..=building.dwellings {
            if !lived_in[usize::from(dwelling)] {
                block.dwellings.extend(Self::empty_dwelling(&shape, dwelling));
            }
        }
    }

    fn add_home(&self, block: &mut Delivery, at: u32, shape: Option<&Shape>) {
        let home = self.plan.home(at);
        let lived = self.living(at, home, shape);
        block.dwellings.extend(Self::dwelling_record(&lived, shape));
        for person in self.plan.members(at) {
            if home.kind == HomeKind::AbroadUnrecorded {
                continue;
            }
            block.residents.push(self.resident_record(person, &lived));
            block.deaths.extend(self.death_record(person));
        }
        let pairs = &self.plan.custody;
        let members = self.plan.members(at);
        let first = pairs.partition_point(|pair| pair.child < members.start);
        for pair in pairs[first..].iter().take_while(|pair| pair.child < members.end) {
            block.custody.extend(self.custody_record(pair));
        }
    }

    /// A stream of chance for somebody or something of this city.
    pub(super) fn dice(&self, stream: Stream, at: u32) -> Dice {
        Dice::new(self.plan.seed, stream, u64::from(at))
    }

    /// The day on which somebody of an age had their last birthday so many days ago.
    fn birthday(&self, age: u8, days: u16) -> NaiveDate {
        let year = self.day.year() - i32::from(age);
        // on 29 February the anniversary of common years is the day before
        let anniversary = self.day.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28));
        let anniversary = anniversary.unwrap_or(self.day);
        anniversary.checked_sub_signed(TimeDelta::days(i64::from(days))).unwrap_or(anniversary)
    }

    pub(super) fn born(&self, person: &Person) -> NaiveDate {
        self.birthday(person.age, person.days)
    }

    /// The identity code of somebody who has one: new-born children of less than ten days and a few who have come from
    /// abroad have none yet.
    pub(super) fn code(&self, person: &Person) -> Option<PersonalIdentityCode> {
        let new_born = person.age == 0 && person.days < 10;
        let new_in_country = person.language > 1 && person.days % 97 == 5;
        if new_born || new_in_country {
            return None;
        }
        code::code(self.born(person), person.sex, person.ordinal)
    }

    /// The code that was in force before it was corrected.
    pub(super) fn former_code(&self, at: u32) -> Option<PersonalIdentityCode> {
        let found = self.plan.corrected.binary_search_by_key(&at, |corrected| corrected.person).ok()?;
        let corrected = self.plan.corrected.get(found)?;
        let age = self.plan.person(at).age;
        code::code(self.birthday(age, corrected.days), corrected.sex, corrected.ordinal)
    }

    /// The key of somebody without a code.
    pub(super) fn key(&self, at: u32) -> ResidentKey {
        let mut dice = Dice::new(self.plan.seed, Stream::Resident, u64::from(at) | 1 << 40);
        ResidentKey::from_uuid(Uuid::new_v8(dice.bytes()))
    }

    /// How records refer to somebody.
    pub(super) fn who(&self, at: u32) -> Who {
        match self.code(&self.plan.person(at)) {
            Some(code) => Who::Code(IdentityCode::from(code)),
            None => Who::Key(self.key(at)),
        }
    }

    /// Everybody who lives in the city, as positions in the plan.
    pub(super) fn residents(self) -> impl Iterator<Item = (u32, Person, Home)> + use<'a> {
        let plan = self.plan;
        (0_u32..)
            .zip(&plan.people)
            .map(move |(at, person)| (at, *person, plan.home(person.home)))
            .filter(|(_, person, home)| person.role != Role::Dead && home.kind.is_of_city())
    }
}

/// The record's word for a sex of the plan.
pub(super) fn sex(of: u8) -> Sex {
    if usize::from(of) == super::people::FEMALE { Sex::Female } else { Sex::Male }
}
