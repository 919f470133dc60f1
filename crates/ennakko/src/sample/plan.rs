//! The plan of a city: who lives with whom and where, in a few bytes a person. Records are made from it one block at a
//! time, so that a large city streams.
//!
//! Everything here is decided once, in one order, from the seed; no record is made.

use super::code::Ordinals;
use super::custody::{self, Custody};
use super::dice::{Dice, Stream};
use super::family::{Absent, Counts, Draft, HomeKind, Member, Role, households};
use super::homes::{Building, HouseType, build};
use super::language;
use super::people::People;
use super::share::{apportion, scaled, scatter};
use super::source::{AGES, PostalArea, Source};

/// Somebody, in sixteen bytes.
#[derive(Clone, Copy)]
pub(super) struct Person {
    /// Whose surname they bear, as a person; themselves if it is their own.
    pub(super) family: u32,
    pub(super) home: u32,
    /// Days since the last birthday.
    pub(super) days: u16,
    /// Which one they are among those of the same birth day and sex.
    pub(super) ordinal: u16,
    pub(super) age: u8,
    pub(super) sex: u8,
    pub(super) language: u8,
    pub(super) role: Role,
}

/// A household, or one person without one.
#[derive(Clone, Copy)]
pub(super) struct Home {
    /// Its first person; the others follow, up to the next home's first.
    pub(super) first: u32,
    /// Its building; none without a dwelling.
    pub(super) building: Option<u32>,
    /// Number of the dwelling in its building, from 1.
    pub(super) dwelling: u16,
    /// Position of the postal area.
    pub(super) area: u8,
    pub(super) kind: HomeKind,
    /// The custodian who lives elsewhere, if the children have one.
    pub(super) absent: Option<Absent>,
}

/// What a person's identity code was before it was corrected: another day or the other sex.
#[derive(Clone, Copy)]
pub(super) struct Corrected {
    pub(super) person: u32,
    pub(super) days: u16,
    pub(super) sex: u8,
    pub(super) ordinal: u16,
}

/// The whole plan.
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) source: Source,
    pub(super) people: Vec<Person>,
    pub(super) homes: Vec<Home>,
    pub(super) buildings: Vec<Building>,
    // INVARIANT (ascending): by child
    pub(super) custody: Vec<Custody>,
    // INVARIANT (ascending): by person
    pub(super) corrected: Vec<Corrected>,
    /// Homes that are no dwelling of the city, in groups: the first of each.
    pub(super) groups: Vec<(u32, u32)>,
    /// Residents of the city, as asked for.
    pub(super) residents: u32,
}

/// A part of the city that is planned at once: postal areas that lie next to each other in the list, large enough for its
/// people to form households among themselves.
struct Part {
    areas: std::ops::Range<usize>,
    people: People,
    counts: Counts,
}

const PART_RESIDENTS_MIN: u32 = 1500;

impl Plan {
    pub(super) fn new(residents: u32, seed: u64) -> Self {
        let source = Source::packed();
        let mut dice = Dice::new(seed, Stream::Plan, 0);
        let parts = parts(&source, residents, &mut dice);
        let mut plan = Self {
            seed,
            source,
            people: Vec::with_capacity(residents as usize + residents as usize / 32),
            homes: Vec::with_capacity(residents as usize / 3 * 2),
            buildings: Vec::new(),
            custody: Vec::new(),
            corrected: Vec::new(),
            groups: Vec::new(),
            residents,
        };
        for (at, part) in parts.into_iter().enumerate() {
            let mut dice = Dice::new(seed, Stream::Unit, at as u64);
            let drafts = households(&mut dice, part.people, part.counts);
            plan.settle(&mut dice, part.areas, drafts);
        }
        let outside = count(plan.homes.len());
        custody::settle(&mut plan);
        plan.add_moved_away();
        plan.add_groups(outside);
        plan.give_ordinals();
        plan
    }

    /// The persons of a home.
    pub(super) fn members(&self, home: u32) -> std::ops::Range<u32> {
        let first = self.homes.get(home as usize).map_or(u32::MAX, |home| home.first);
        let next = self.homes.get(home as usize + 1).map_or(count(self.people.len()), |home| home.first);
        first..next.max(first)
    }

    pub(super) fn person(&self, at: u32) -> Person {
        self.people[at as usize]
    }

    pub(super) fn home(&self, at: u32) -> Home {
        self.homes[at as usize]
    }

    /// The home of a person.
    pub(super) fn home_of(&self, person: u32) -> Home {
        self.home(self.person(person).home)
    }

    /// Puts the households of a part into the areas, and the areas' dwellings into buildings.
    fn settle(&mut self, dice: &mut Dice, areas: std::ops::Range<usize>, drafts: Vec<Draft>) {
        let mut by_area: Vec<Vec<Draft>> = areas.clone().map(|_| Vec::new()).collect();
        let mut by_type: Vec<Vec<Draft>> = (0..5).map(|_| Vec::new()).collect();
        for draft in drafts {
            let at = match draft.kind {
                HomeKind::Single => 0,
                HomeKind::Family => 1,
                HomeKind::OneParent => 2,
                HomeKind::Couple | HomeKind::Shared => 3,
                _ => 4,
            };
            by_type[at].push(draft);
        }
        for (kind, mut drafts) in by_type.into_iter().enumerate() {
            dice.shuffle(&mut drafts);
            let weight = |area: &PostalArea| match kind {
                0 => area.singles,
                1 => area.with_children - area.one_parent,
                2 => area.one_parent,
                3 => area.households - area.singles - area.with_children,
                _ => area.residents,
            };
            let mut weights: Vec<u64> =
                self.source.areas[areas.clone()].iter().map(|area| u64::from(weight(area))).collect();
            if weights.iter().sum::<u64>() == 0 {
                // none of this type is published for the areas: by their people
                weights = self.source.areas[areas.clone()].iter().map(|area| u64::from(area.residents)).collect();
            }
            let shares = scatter(dice, count(drafts.len()), &weights);
            let mut drafts = drafts.into_iter();
            for (into, share) in by_area.iter_mut().zip(shares) {
                into.extend(drafts.by_ref().take(share as usize));
            }
        }
        for (area, drafts) in areas.zip(by_area) {
            let (housed, unhoused): (Vec<Draft>, Vec<Draft>) =
                drafts.into_iter().partition(|draft| draft.kind.is_dwelling());
            for (house, homes) in build(dice, &self.source.areas[area], housed) {
                self.add_building(dice, area, house, homes);
            }
            let first = count(self.homes.len());
            for draft in unhoused {
                self.add_home(dice, area, None, 0, draft);
            }
            self.add_groups(first);
        }
    }

    /// Homes without a building from this one on, in groups of some dozens.
    fn add_groups(&mut self, first: u32) {
        let end = count(self.homes.len());
        let mut at = first;
        while at < end {
            let next = at.saturating_add(64).min(end);
            self.groups.push((at, next));
            at = next;
        }
    }

    fn add_building(&mut self, dice: &mut Dice, area: usize, house: HouseType, homes: Vec<(u16, Draft)>) {
        let building = count(self.buildings.len());
        self.buildings.push(Building {
            first: count(self.homes.len()),
            homes: u16::try_from(homes.len()).unwrap_or(u16::MAX),
            dwellings: house.dwellings,
            area: u8::try_from(area).unwrap_or(u8::MAX),
            class: house.class,
        });
        for (dwelling, draft) in homes {
            self.add_home(dice, area, Some(building), dwelling, draft);
        }
    }

    pub(super) fn add_home(
        &mut self,
        dice: &mut Dice,
        area: usize,
        building: Option<u32>,
        dwelling: u16,
        draft: Draft,
    ) -> u32 {
        let home = count(self.homes.len());
        let first = count(self.people.len());
        self.homes.push(Home {
            first,
            building,
            dwelling,
            area: u8::try_from(area).unwrap_or(u8::MAX),
            kind: draft.kind,
            absent: draft.absent,
        });
        let eldest = draft.members.iter().map(|member| member.age).max().unwrap_or_default();
        let spoken = language::draw(dice, eldest);
        // half of couples bear one name, and so do their children; children of one parent bear its name two times in three
        let one_name = draft.kind != HomeKind::Shared && dice.permille(550);
        let children_as_parent = draft.kind != HomeKind::OneParent || dice.permille(650);
        let mut first_child = None;
        for member in draft.members {
            let at = count(self.people.len());
            let family = match member.role {
                Role::Adult | Role::Partner | Role::Dead if one_name => first,
                Role::Adult | Role::Partner | Role::Dead => at,
                Role::Child | Role::GrownChild if children_as_parent && at != first => first,
                Role::Child | Role::GrownChild => *first_child.get_or_insert(at),
            };
            let other_language = match draft.kind {
                HomeKind::Shared => true,
                _ => matches!(member.role, Role::Adult | Role::Partner) && at != first && dice.permille(130),
            };
            let language = if other_language { language::draw(dice, member.age) } else { spoken };
            self.people.push(Person {
                family,
                home,
                days: u16::try_from(member.days).unwrap_or_default(),
                ordinal: 0,
                age: open_age(dice, member.age),
                sex: u8::from(member.sex == super::people::MALE),
                language,
                role: member.role,
            });
        }
        home
    }

    /// Adults who moved to another municipality lately, and of whom the city still has a record: five for every thousand
    /// residents (assumed).
    fn add_moved_away(&mut self) {
        let mut dice = Dice::new(self.seed, Stream::Plan, 2);
        for _ in 0..self.residents / 200 {
            let age = 18 + dice.index(75);
            let member = Member { age, sex: dice.index(2), role: Role::Adult, days: dice.below(365) };
            let draft = Draft { kind: HomeKind::Elsewhere, members: vec![member], absent: None };
            self.add_home(&mut dice, 0, None, 0, draft);
        }
    }

    /// Numbers everybody within their birth day and sex, and the few whose code was corrected once more.
    fn give_ordinals(&mut self) {
        let mut ordinals = Ordinals::new();
        for person in &mut self.people {
            person.ordinal = ordinals.next(person.age, person.days, person.sex);
        }
        let mut dice = Dice::new(self.seed, Stream::Plan, 1);
        for (at, person) in (0_u32..).zip(&self.people) {
            if dice.permille(3) {
                // two in three: a wrong day, the others: a wrong sex
                let wrong_sex = dice.below(3) == 0;
                let sex = if wrong_sex { 1 - person.sex } else { person.sex };
                let moved = u16::try_from(1 + dice.below(28)).unwrap_or(1);
                let days = if wrong_sex { person.days } else { (person.days + moved) % 365 };
                let ordinal = ordinals.next(person.age, days, sex);
                self.corrected.push(Corrected { person: at, days, sex, ordinal });
            }
        }
    }
}

/// A length as a position; no city is so large that it saturates.
pub(super) fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// Ages beyond the table's last are assumed: one in two lives on to the next.
fn open_age(dice: &mut Dice, age: usize) -> u8 {
    let mut age = u8::try_from(age).unwrap_or(u8::MAX);
    if usize::from(age) == AGES - 1 {
        while age < 108 && dice.below(2) == 0 {
            age += 1;
        }
    }
    age
}

/// The parts of a city of this many residents.
fn parts(source: &Source, residents: u32, dice: &mut Dice) -> Vec<Part> {
    let whole = source.areas.iter().map(|area| area.residents).sum::<u32>();
    let mut ranges: Vec<std::ops::Range<usize>> = Vec::new();
    let (mut first, mut held) = (0, 0);
    for (at, area) in source.areas.iter().enumerate() {
        held += scaled(area.residents, residents, whole);
        if held >= PART_RESIDENTS_MIN {
            ranges.push(first..at + 1);
            (first, held) = (at + 1, 0);
        }
    }
    match ranges.last_mut() {
        Some(last) => last.end = source.areas.len(),
        None => ranges.push(0..source.areas.len()),
    }
    let mut people: Vec<Vec<[u32; 2]>> = ranges.iter().map(|_| vec![[0; 2]; AGES]).collect();
    for (cell, n) in by_age_and_sex(source, residents).into_iter().enumerate() {
        let (age, sex) = (cell / 2, cell % 2);
        let group = Source::group(age);
        let weights: Vec<u64> = ranges
            .iter()
            .map(|range| {
                let areas = source.areas[range.clone()].iter();
                areas
                    .map(|area| {
                        u64::from(area.by_age[group]) * u64::from(area.by_sex[sex]) * 1000
                            / u64::from(area.residents.max(1))
                    })
                    .sum()
            })
            .collect();
        for (part, n) in people.iter_mut().zip(scatter(dice, n, &weights)) {
            part[age][sex] = n;
        }
    }
    let mut counted = |of: fn(&PostalArea) -> u32| {
        let total = source.areas.iter().map(of).sum::<u32>();
        let weights: Vec<u64> = ranges
            .iter()
            .map(|range| source.areas[range.clone()].iter().map(|area| u64::from(of(area))).sum())
            .collect();
        scatter(dice, scaled(total, residents, whole), &weights)
    };
    let singles = counted(|area| area.singles);
    let one_parent = counted(|area| area.one_parent);
    let families = counted(|area| area.with_children - area.one_parent);
    let others = counted(|area| area.households - area.singles - area.with_children);
    ranges
        .into_iter()
        .zip(people)
        .enumerate()
        .map(|(at, (areas, people))| Part {
            areas,
            people: People::new(people),
            counts: Counts {
                singles: singles[at],
                families: families[at],
                one_parent: one_parent[at],
                others: others[at],
            },
        })
        .collect()
}

/// Residents of the city by single year and sex: Paavo's age groups, divided within each as table 11re divides them.
///
/// Cell `2 * age` holds women, the next one men.
pub(super) fn by_age_and_sex(source: &Source, residents: u32) -> Vec<u32> {
    let mut group_of_paavo = [0_u64; 20];
    let mut group_of_table = [0_u64; 20];
    for area in &source.areas {
        for (sum, n) in group_of_paavo.iter_mut().zip(area.by_age) {
            *sum += u64::from(n);
        }
    }
    for (age, by_sex) in source.ages.iter().enumerate() {
        group_of_table[Source::group(age)] += u64::from(by_sex[0] + by_sex[1]);
    }
    let weights: Vec<u64> = source
        .ages
        .iter()
        .enumerate()
        .flat_map(|(age, by_sex)| by_sex.map(|n| (Source::group(age), u64::from(n))))
        .map(|(group, n)| n * group_of_paavo[group] * 1000 / group_of_table[group].max(1))
        .collect();
    apportion(residents, &weights)
}
