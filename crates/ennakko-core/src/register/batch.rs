//! What a batch of changes may have touched, and so the difference between a register and what the batch has made of it.
//!
//! It is the same as [`Difference::between`], which looks at everybody; a property test holds the two against each other.

use super::Register;
use super::differ::{FactPair, Side, building, household, person};
use super::facts::Anew;
use super::rows::Rows;
use crate::difference::{Difference, HouseholdDifference};
use crate::fact_table::SubjectKind;

/// What a batch may have touched, so that only that is looked at.
pub(super) struct Touch {
    /// New rows of people of whom something may be other, although no record of theirs has come.
    pub(super) touched: Vec<u32>,
    pub(super) person_rows: Rows,
    pub(super) dwelling_rows: Rows,
    pub(super) building_rows: Rows,
    /// Of each fact of the later register.
    pub(super) anew: Vec<Anew>,
}

impl Touch {
    /// The same as [`Difference::between`], for a register and what a batch has made of it.
    pub(super) fn difference(&self, before: &Register, after: &Register) -> Difference {
        let mut difference = Difference::default();
        for side in self.people(before, after) {
            person(before, after, side, &mut difference.residents);
        }
        self.households(before, after, &mut difference.households);
        // what stays as it was is carried over as it was, owners included, unless one turned out to be somebody else
        let all = !self.person_rows.followed().is_empty();
        let rows = self.building_rows.iter().enumerate();
        let buildings = rows.filter(|(_, (was, come))| all || was.is_none() || come.is_some());
        let buildings = buildings.map(|(now, (was, _))| (was, Some(now)));
        let mut buildings: Vec<Side> =
            buildings.chain(self.building_rows.gone().map(|was| (Some(was), None))).collect();
        let key = |(was, is): &Side| match (was, is) {
            (_, Some(is)) => Some(after.buildings.keys[*is]),
            (Some(was), _) => Some(before.buildings.keys[*was]),
            (None, None) => None,
        };
        buildings.sort_by_key(key);
        for side in buildings {
            building(before, after, side, &mut difference.buildings);
        }
        for pair in FactPair::all(before, after) {
            let rows = match pair.subject {
                SubjectKind::Resident => &self.person_rows,
                SubjectKind::Building => &self.building_rows,
                SubjectKind::Household => {
                    pair.compare(before, after, std::iter::empty(), &mut difference.facts);
                    continue;
                }
            };
            let sides = rows.iter().enumerate().map(|(now, (was, _))| (was, Some(now)));
            match pair.after.and_then(|at| self.anew.get(at)) {
                Some(Anew::Rows(anew)) if !pair.ages(before, after) => {
                    let sides = sides.filter(|(_, is)| is.is_some_and(|is| anew.binary_search(&is).is_ok()));
                    if !anew.is_empty() {
                        pair.compare(before, after, sides, &mut difference.facts);
                    }
                }
                _ => pair.compare(before, after, sides, &mut difference.facts),
            }
        }
        difference.settle(before, after)
    }

    /// People of whom a record has come or who are named by one, whose life is told otherwise, or whose dwelling is other.
    fn people(&self, before: &Register, after: &Register) -> Vec<Side> {
        let mut touched = vec![false; after.people.keys.len()];
        for row in &self.touched {
            touched[*row as usize] = true;
        }
        let homes = self.dwellings(before, after);
        let mut sides = Vec::new();
        for (now, (was, come)) in self.person_rows.iter().enumerate() {
            let is_touched = come.is_some()
                || touched[now]
                || was.is_none_or(|was| before.people.life[was] != after.people.life[now])
                || after.people.dwelling.get(now).known().is_some_and(|home| homes[home as usize]);
            if is_touched {
                sides.push((was, Some(now)));
            }
        }
        sides
    }

    /// Whether anything of a dwelling is other that its residents are told.
    fn dwellings(&self, before: &Register, after: &Register) -> Vec<bool> {
        let (old, new) = (&before.dwellings, &after.dwellings);
        let same_building = |was: usize, now: usize| match (old.building[was], new.building[now]) {
            (Some(was), Some(now)) => self.building_rows.now(was.position()) == Some(now.position()),
            (was, now) => was == now,
        };
        let is_other = |now: usize, was: usize| {
            old.is_home[was] != new.is_home[now]
                || old.has_record[was] != new.has_record[now]
                || old.protected[was] != new.protected[now]
                || !same_building(was, now)
        };
        let rows = self.dwelling_rows.iter().enumerate();
        rows.map(|(now, (was, come))| come.is_some() || was.is_none_or(|was| is_other(now, was))).collect()
    }

    /// Households by the dwellings they live in, members held against each other by row.
    fn households(&self, before: &Register, after: &Register, found: &mut Vec<HouseholdDifference>) {
        let (old, new) = (&before.households, &after.households);
        let (mut was, mut is) = (0, 0);
        for (now, (before_row, _)) in self.dwelling_rows.iter().enumerate() {
            // what lived in dwellings that are no more
            while old.dwelling.get(was).is_some_and(|row| Some(row.position()) < before_row) {
                household(before, after, (Some(was), None), found);
                was += 1;
            }
            let of_old = old.dwelling.get(was).is_some_and(|row| Some(row.position()) == before_row);
            let of_new = new.dwelling.get(is).is_some_and(|row| row.position() == now);
            let side = (of_old.then_some(was), of_new.then_some(is));
            let same = of_old
                && of_new
                && old.keys[was] == new.keys[is]
                && old.state[was] == new.state[is]
                && old
                    .members_of(was)
                    .iter()
                    .map(|row| self.person_rows.now(row.position()))
                    .eq(new.members_of(is).iter().map(|row| Some(row.position())));
            if !same && (of_old || of_new) {
                household(before, after, side, found);
            }
            was += usize::from(of_old);
            is += usize::from(of_new);
        }
        for was in was..old.keys.len() {
            household(before, after, (Some(was), None), found);
        }
    }
}
