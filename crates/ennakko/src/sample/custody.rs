//! Custody: pairs of a minor and a custodian, wherever each lives. Parents at home, separated parents elsewhere in the
//! city, in another municipality or abroad, one without a code, one who has died, adoptions.

use super::dice::{Dice, Stream};
use super::family::{Absent, Draft, HomeKind, Member, Role};
use super::people::{FEMALE, MALE};
use super::plan::{Plan, count};

/// Who the custodian is.
#[derive(Clone, Copy)]
pub(super) enum Custodian {
    /// A person of the plan.
    Person(u32),
    /// Somebody without a code, told by the home of the children: one person for all of them.
    Described(u32),
}

/// One pair.
#[derive(Clone, Copy)]
pub(super) struct Custody {
    pub(super) child: u32,
    pub(super) custodian: Custodian,
    pub(super) informed_only: bool,
    /// The custodian adopted the child: custody did not begin at birth.
    pub(super) adopted: bool,
}

/// Adults who may be the parent of children in another home, by sex and age.
struct Candidates(Vec<[Vec<u32>; 2]>);

const AGES: usize = 70;

impl Candidates {
    /// Those who live alone or share a flat, and a third of those in couples.
    fn of(plan: &Plan, dice: &mut Dice) -> Self {
        let mut by_age: Vec<[Vec<u32>; 2]> = (0..AGES).map(|_| [Vec::new(), Vec::new()]).collect();
        for (at, person) in (0_u32..).zip(&plan.people) {
            let likely = match plan.home(person.home).kind {
                HomeKind::Single | HomeKind::Shared => 3,
                HomeKind::Couple => 1,
                _ => 0,
            };
            if person.role == Role::Adult
                && likely > dice.below(3)
                && let Some(age) = by_age.get_mut(usize::from(person.age))
            {
                age[usize::from(person.sex)].push(at);
            }
        }
        Self(by_age)
    }

    /// Takes the one nearest to an age, not younger than `least`.
    fn take(&mut self, dice: &mut Dice, sex: usize, wanted: usize, least: usize) -> Option<u32> {
        let found = (0..AGES)
            .flat_map(|distance| [wanted.checked_sub(distance), wanted.checked_add(distance)])
            .flatten()
            .find(|age| (least..AGES).contains(age) && !self.0[*age][sex].is_empty())?;
        let of_age = &mut self.0[found][sex];
        let at = dice.index(of_age.len());
        Some(of_age.swap_remove(at))
    }
}

/// Makes every pair of the plan, and adds the custodians who live outside the city.
pub(super) fn settle(plan: &mut Plan) {
    let mut dice = Dice::new(plan.seed, Stream::Custody, 0);
    let mut candidates = Candidates::of(plan, &mut dice);
    let outside = count(plan.homes.len());
    let mut pairs: Vec<Custody> = Vec::new();
    for home in 0..outside {
        let members: Vec<u32> = plan.members(home).collect();
        let children: Vec<u32> = members.iter().copied().filter(|at| plan.person(*at).role == Role::Child).collect();
        let Some(oldest) = children.first().map(|at| usize::from(plan.person(*at).age)) else { continue };
        let at_home: Vec<u32> = members.iter().copied().filter(|at| plan.person(*at).role == Role::Adult).collect();
        let absent = plan.home(home).absent;
        let other = absent.and_then(|absent| elsewhere(plan, &mut dice, &mut candidates, home, absent, oldest));
        // a child in an institution may have two custodians who live apart
        let second = (at_home.is_empty() && dice.permille(600))
            .then(|| candidates.take(&mut dice, MALE, oldest + 33, oldest + 17))
            .flatten()
            .map(Custodian::Person);
        for child in children {
            let adopted = plan.home(home).kind == HomeKind::Family && absent.is_none() && dice.permille(6);
            if adopted {
                // custody without a shared name
                plan.people[child as usize].family = child;
            }
            let here = at_home.iter().map(|at| Custodian::Person(*at));
            for custodian in here.chain(other).chain(second) {
                let informed_only = absent == Some(Absent::InformedOnly)
                    && !matches!(custodian, Custodian::Person(at) if at_home.contains(&at));
                pairs.push(Custody { child, custodian, informed_only, adopted });
            }
        }
    }
    plan.custody = pairs;
}

/// The other custodian of a home's children.
fn elsewhere(
    plan: &mut Plan,
    dice: &mut Dice,
    candidates: &mut Candidates,
    home: u32,
    absent: Absent,
    oldest: usize,
) -> Option<Custodian> {
    let members = plan.members(home);
    let present = members.clone().find(|at| plan.person(*at).role == Role::Adult).map(|at| plan.person(at));
    let sex = present.map_or(FEMALE, |present| usize::from(1 - present.sex));
    let least = oldest + 17;
    let wanted = present.map_or(oldest + 31, |present| usize::from(present.age)) + dice.index(6);
    let wanted = wanted.saturating_sub(2).max(least);
    let kind = match absent {
        Absent::Nobody => return None,
        Absent::WithoutCode => return Some(Custodian::Described(home)),
        Absent::Dead => {
            return members.rev().find(|at| plan.person(*at).role == Role::Dead).map(Custodian::Person);
        }
        Absent::InCity | Absent::InformedOnly => {
            if let Some(found) = candidates.take(dice, sex, wanted, least) {
                return Some(Custodian::Person(found));
            }
            HomeKind::Elsewhere
        }
        Absent::Elsewhere => HomeKind::Elsewhere,
        Absent::Abroad => HomeKind::Abroad,
        Absent::AbroadUnrecorded => HomeKind::AbroadUnrecorded,
    };
    let member = Member { age: wanted.min(99), sex, role: Role::Adult, days: dice.below(365) };
    let area = usize::from(plan.home(home).area);
    let added = plan.add_home(dice, area, None, 0, Draft { kind, members: vec![member], absent: None });
    Some(Custodian::Person(plan.home(added).first))
}
