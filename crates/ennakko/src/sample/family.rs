//! Households formed from the people of a part of the city: families first, then couples and shared homes; who is left
//! lives alone.
//!
//! Counts of households by type come from Paavo. What Paavo does not say is assumed here and said where it stands: ages of
//! parents, numbers of siblings, twins, grown-up children at home, couples among households of several adults.

use super::dice::Dice;
use super::people::{FEMALE, MALE, People};
use super::source::AGES;

/// What sort of home a household has, or why it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum HomeKind {
    /// One person.
    Single,
    /// Two parents, or a parent and a partner, with somebody under 18.
    Family,
    /// One parent with somebody under 18.
    OneParent,
    /// Several adults: a couple, perhaps with a grown-up child.
    Couple,
    /// Several adults who share a flat.
    Shared,
    /// In an institution.
    Institution,
    /// Entered in the municipality without a dwelling.
    NoDwelling,
    /// In the register, with neither municipality nor dwelling.
    NoMunicipality,
    /// Lives in another municipality of the country: a custodian, or somebody who moved away lately.
    Elsewhere,
    /// Lives abroad and has a record.
    Abroad,
    /// Lives abroad and is only referred to.
    AbroadUnrecorded,
}

impl HomeKind {
    /// Whether it is a dwelling of the city.
    pub(super) fn is_dwelling(self) -> bool {
        self <= Self::Shared
    }

    /// Whether its people count as residents of the city.
    pub(super) fn is_of_city(self) -> bool {
        self <= Self::NoMunicipality
    }
}

/// What somebody is in their household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// An adult.
    Adult,
    /// An adult who lives with a child's parent and is not its custodian.
    Partner,
    /// Somebody under 18.
    Child,
    /// Somebody grown up who lives with a parent.
    GrownChild,
    /// Somebody who has died lately.
    Dead,
}

/// A member of a household before it has a home.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) age: usize,
    pub(super) sex: usize,
    pub(super) role: Role,
    /// Days since the last birthday, 0 to 364.
    pub(super) days: u32,
}

/// What became of the custodian who does not live with the children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absent {
    /// There is no other custodian.
    Nobody,
    /// Has a right to information only.
    InformedOnly,
    /// Lives in the city.
    InCity,
    /// Lives in another municipality.
    Elsewhere,
    /// Lives abroad and has a record.
    Abroad,
    /// Lives abroad and is only referred to by a code.
    AbroadUnrecorded,
    /// Is known by name and birth year only.
    WithoutCode,
    /// Has died; the pair is still in the register.
    Dead,
}

/// A household before it has a home.
pub(super) struct Draft {
    pub(super) kind: HomeKind,
    pub(super) members: Vec<Member>,
    /// The custodian who lives elsewhere, for households whose children have one.
    pub(super) absent: Option<Absent>,
}

/// How many households of each type a part of the city has.
#[derive(Clone, Copy)]
pub(super) struct Counts {
    pub(super) singles: u32,
    pub(super) families: u32,
    pub(super) one_parent: u32,
    pub(super) others: u32,
}

struct Forming<'a> {
    dice: &'a mut Dice,
    people: People,
    drafts: Vec<Draft>,
}

/// Households of the given counts from these people: everybody is in exactly one.
pub(super) fn households(dice: &mut Dice, people: People, counts: Counts) -> Vec<Draft> {
    let mut forming = Forming { dice, people, drafts: Vec::new() };
    forming.outside();
    let children = forming.people.between(0, 17);
    let adults = forming.people.between(18, AGES - 1);
    let one_parent = counts.one_parent.min(children).min(adults);
    let families = counts.families.min(children - one_parent).min((adults - one_parent) / 2);
    let grown = forming.families(one_parent, families, children);
    let adults = forming.people.between(18, AGES - 1);
    let others = counts.others.min(adults.saturating_sub(counts.singles) / 2);
    let extra = adults.saturating_sub(counts.singles + 2 * others);
    forming.others(others, extra);
    forming.singles();
    debug_assert!(grown <= families + one_parent, "at most one grown-up child a family");
    forming.drafts
}

impl Forming<'_> {
    fn member(&mut self, (age, sex): (usize, usize), role: Role) -> Member {
        Member { age, sex, role, days: self.dice.below(365) }
    }

    /// People without a dwelling: 1.6 % of all, as Paavo's residents less its households times their average size. How they
    /// divide, and that most are old, is assumed.
    fn outside(&mut self) {
        let n = (self.people.between(0, AGES - 1) * 16 + 500) / 1000;
        for at in 0..n {
            let kind = match at % 20 {
                0..=11 => HomeKind::Institution,
                12..=16 => HomeKind::NoDwelling,
                _ => HomeKind::NoMunicipality,
            };
            let likely = |age: usize| match (kind, age) {
                (HomeKind::Institution, 80..) => 60,
                (HomeKind::Institution, 65..=79) => 12,
                (HomeKind::Institution, 0..=17) => 3,
                (HomeKind::Institution, _) => 6,
                (_, 18..=64) => 10,
                _ => 0,
            };
            if let Some(taken) = self.people.take(self.dice, (0, AGES - 1), None, likely) {
                let minor = taken.0 < 18;
                let member = self.member(taken, if minor { Role::Child } else { Role::Adult });
                let absent = minor.then_some(Absent::InCity);
                self.drafts.push(Draft { kind, members: vec![member], absent });
            }
        }
    }

    /// How many children each family has: one each, the rest by throws that make two common and five rare.
    fn sizes(&mut self, one_parent: u32, families: u32, children: u32) -> Vec<u32> {
        let n = one_parent + families;
        let mut sizes = vec![1_u32; n as usize];
        let mut left = children.saturating_sub(n);
        let mut tries = 0_u64;
        let patience = u64::from(children) * 40;
        while left > 0 && !sizes.is_empty() {
            let at = self.dice.index(sizes.len());
            let chance = match (sizes[at], at < one_parent as usize) {
                (1, false) => 1000,
                (1, true) => 600,
                (2, _) => 380,
                (3, _) => 330,
                (4..=6, _) => 350,
                _ => 0,
            };
            tries += 1;
            if tries > patience || self.dice.permille(chance) {
                sizes[at] += 1;
                left -= 1;
            }
        }
        sizes
    }

    /// The children of one family, oldest first. Births lie ten months apart, or it is twins.
    fn children(&mut self, n: u32) -> Vec<Member> {
        let mut ages: Vec<(usize, usize)> = Vec::new();
        let Some(first) = self.people.take(self.dice, (0, 17), None, |_| 1) else { return Vec::new() };
        ages.push(first);
        let mut reached = first.0;
        for _ in 1..n {
            let gap = if self.dice.permille(16) { 0 } else { [1, 2, 2, 2, 3, 3, 4, 5][self.dice.index(8)] };
            let wanted = if reached >= gap { reached - gap } else { reached + gap };
            let Some(next) = self.people.take_near(self.dice, wanted, (0, 17), None) else { break };
            reached = next.0;
            ages.push(next);
        }
        ages.sort_unstable_by_key(|(age, _)| std::cmp::Reverse(*age));
        let mut children: Vec<Member> = Vec::with_capacity(ages.len());
        for taken in ages {
            let mut child = self.member(taken, Role::Child);
            if let Some(older) = children.last() {
                child.days = match older.age - child.age {
                    0 => older.days,
                    1 => self.dice.below(365.min(older.days + 76)),
                    _ => child.days,
                };
            }
            children.push(child);
        }
        children
    }

    /// All families with children; gives back how many have a grown-up child at home too.
    fn families(&mut self, one_parent: u32, families: u32, children: u32) -> u32 {
        let mut grown = 0;
        let sizes = self.sizes(one_parent, families, children);
        // in an order of its own, so that no type gets the children that are left over
        let mut order: Vec<(usize, u32)> = sizes.into_iter().enumerate().collect();
        self.dice.shuffle(&mut order);
        for (at, n) in order {
            let alone = at < one_parent as usize;
            let mut children = self.children(n);
            let (Some(oldest), Some(youngest)) = (children.first().map(|c| c.age), children.last().map(|c| c.age))
            else {
                continue;
            };
            let mut members = self.parents(oldest, youngest, alone);
            if oldest >= 12 && self.dice.permille(220) {
                let wanted = (oldest + 2 + self.dice.index(4)).max(18);
                if let Some(taken) = self.people.take_near(self.dice, wanted, (18, 24), None) {
                    members.push(self.member(taken, Role::GrownChild));
                    grown += 1;
                }
            }
            let together = members.iter().filter(|member| member.role == Role::Adult).count() > 1;
            // in five of a hundred families of two adults the children's other parent lives elsewhere (assumed)
            let absent = if together && self.dice.permille(50) {
                if let Some(partner) = members.get_mut(1) {
                    partner.role = Role::Partner;
                }
                Some(Absent::InCity)
            } else {
                (!together).then(|| self.absent())
            };
            members.append(&mut children);
            let kind = if together { HomeKind::Family } else { HomeKind::OneParent };
            if absent == Some(Absent::Dead) {
                let age = (members[0].age + 2).min(99);
                let late = (age, 1 - members[0].sex);
                let late = self.member(late, Role::Dead);
                members.push(late);
            }
            self.drafts.push(Draft { kind, members, absent });
        }
        grown
    }

    /// Assumed: a mother is 22 to 41 at the birth of her oldest child, mostly near 30; a father mostly two years older.
    fn parents(&mut self, oldest: usize, youngest: usize, alone: bool) -> Vec<Member> {
        let years = 22 + self.dice.index(8) + self.dice.index(8) + self.dice.index(6);
        let least = (oldest + 17).max(18);
        let wanted = (oldest + years).min(youngest + 46).max(least);
        let mother_first = !alone || self.dice.permille(820);
        let first = if mother_first { FEMALE } else { MALE };
        let mut parents = Vec::new();
        let taken = self
            .people
            .take_near(self.dice, wanted, (least, 75), Some(first))
            .or_else(|| self.people.take_near(self.dice, wanted, (18, AGES - 1), None));
        if let Some(taken) = taken {
            let parent = self.member(taken, Role::Adult);
            parents.push(parent);
            if !alone {
                let same_sex = self.dice.permille(15);
                let other = if same_sex { taken.1 } else { 1 - taken.1 };
                let wanted = (taken.0 + self.dice.index(7)).saturating_sub(2).max(least);
                let second = self
                    .people
                    .take_near(self.dice, wanted, (least, taken.0 + 18), Some(other))
                    .or_else(|| self.people.take_near(self.dice, wanted, (18, AGES - 1), None));
                if let Some(second) = second {
                    let parent = self.member(second, Role::Adult);
                    parents.push(parent);
                }
            }
        }
        parents
    }

    /// What became of a lone parent's counterpart. Assumed, so that about a fifth of all minors have custodians in two homes.
    fn absent(&mut self) -> Absent {
        match self.dice.below(1000) {
            0..=559 => Absent::InCity,
            560..=709 => Absent::Elsewhere,
            710..=729 => Absent::Abroad,
            730..=749 => Absent::AbroadUnrecorded,
            750..=769 => Absent::WithoutCode,
            770..=789 => Absent::Dead,
            790..=829 => Absent::InformedOnly,
            _ => Absent::Nobody,
        }
    }

    /// Households of several adults: couples, some with a grown-up child, and one in twelve a shared flat (assumed).
    fn others(&mut self, n: u32, extra: u32) {
        let mut extra = extra;
        let room = |left: u32, extra: u32| if left == 0 { 0 } else { 1000 * extra / left.max(1) };
        for at in 0..n {
            let shared = self.dice.permille(85);
            let mut members = if shared { self.sharers() } else { self.couple() };
            let mut kind = if shared { HomeKind::Shared } else { HomeKind::Couple };
            let more = u32::from(self.dice.permille(room(n - at, extra).min(1000)));
            let more = if shared { (more + self.dice.below(2)).min(extra) } else { more.min(extra) };
            for _ in 0..more {
                let Some((added, role)) = self.one_more(&members, shared) else { break };
                extra -= 1;
                if role == Role::Adult {
                    kind = HomeKind::Shared;
                }
                let added = self.member(added, role);
                members.push(added);
            }
            if members.len() == 1 {
                kind = HomeKind::Single;
            }
            if !members.is_empty() {
                self.drafts.push(Draft { kind, members, absent: None });
            }
        }
    }

    fn sharers(&mut self) -> Vec<Member> {
        let likely = |age: usize| if age < 30 { 20 } else { 40_usize.saturating_sub(age).min(10) };
        let likely = |age: usize| u32::try_from(likely(age)).unwrap_or(0).max(u32::from(age < 65));
        let mut members = Vec::new();
        if let Some(first) = self.people.take(self.dice, (18, AGES - 1), None, likely) {
            members.push(self.member(first, Role::Adult));
            let wanted = (first.0 + self.dice.index(7)).saturating_sub(3).max(18);
            if let Some(second) = self.people.take_near(self.dice, wanted, (18, AGES - 1), None) {
                members.push(self.member(second, Role::Adult));
            }
        }
        members
    }

    fn couple(&mut self) -> Vec<Member> {
        let likely = |age: usize| match age {
            18..=19 => 2,
            20..=24 => 5,
            80.. => 6,
            _ => 10,
        };
        let mut members = Vec::new();
        if let Some(first) = self.people.take(self.dice, (18, AGES - 1), Some(FEMALE), likely) {
            members.push(self.member(first, Role::Adult));
            let wanted = (first.0 + self.dice.index(8)).saturating_sub(3).max(18);
            let sex = if self.dice.permille(20) { FEMALE } else { MALE };
            let near = (first.0.saturating_sub(14).max(18), first.0 + 14);
            let second = self
                .people
                .take_near(self.dice, wanted, near, Some(sex))
                .or_else(|| self.people.take_near(self.dice, wanted, (18, AGES - 1), None));
            if let Some(second) = second {
                members.push(self.member(second, Role::Adult));
            }
        } else {
            members = self.sharers();
        }
        members
    }

    /// One more adult for a household: a couple's grown-up child, or another sharer.
    fn one_more(&mut self, members: &[Member], shared: bool) -> Option<((usize, usize), Role)> {
        let youngest = members.iter().map(|member| member.age).min()?;
        if !shared && youngest >= 39 {
            let wanted = 18 + self.dice.index(9);
            let taken = self.people.take_near(self.dice, wanted, (18, youngest - 18), None)?;
            return Some((taken, Role::GrownChild));
        }
        let wanted = (youngest + self.dice.index(5)).saturating_sub(2).max(18);
        self.people.take_near(self.dice, wanted, (18, AGES - 1), None).map(|taken| (taken, Role::Adult))
    }

    /// Everybody who is left. Some of the old have lost a partner lately.
    fn singles(&mut self) {
        while let Some(taken) = self.people.take_near(self.dice, 18, (0, AGES - 1), None) {
            // a minor is left only where there was no adult at all
            let role = if taken.0 < 18 { Role::Child } else { Role::Adult };
            let mut members = vec![self.member(taken, role)];
            if taken.0 >= 65 && self.dice.permille(12) {
                members.push(self.member((taken.0, 1 - taken.1), Role::Dead));
            }
            self.drafts.push(Draft { kind: HomeKind::Single, members, absent: None });
        }
    }
}
