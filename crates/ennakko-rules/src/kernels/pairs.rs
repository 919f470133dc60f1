//! Lists of the register in vectors: each member of each row's list is a pair, and a closure goes over all pairs at once.

use ennakko_core::Truth;
use ennakko_core::record::ListState;
use ennakko_core::register::{BuildingRow, ResidentRow};
use ennakko_core::value::Fact;

use super::frame::{Asked, Frame, Vector};
use super::item::{Ask, Item};
use super::piece::{Closure, List, Piece};
use crate::step::Fold;

/// The lists of the rows of a frame.
pub(super) struct Lists<'v> {
    /// Members, those of one row together and in order.
    members: Vector<'v>,
    /// Whose each is: rows of the frame.
    of: Vec<usize>,
    /// By row of the frame: whether there may be others, or some may belong to it.
    open: Vec<bool>,
    /// Whether nothing of the list is known.
    unknown: Vec<bool>,
}

impl<'v> Frame<'v> {
    fn lists(&mut self, list: &'v List<'v>, asked: Asked<'_>) -> Lists<'v> {
        match list {
            List::Filter { list, test } => {
                let mut lists = self.lists(list, asked);
                let came = self.of_each(&lists, test);
                let (mut members, mut of) = (Vec::new(), Vec::new());
                for (pair, came) in came.into_iter().enumerate() {
                    let row = lists.of[pair];
                    match came.truth() {
                        Ok(Truth::Yes) => {
                            members.push(lists.members[pair]);
                            of.push(row);
                        }
                        Ok(Truth::No) => {}
                        Ok(Truth::Unknown) => lists.open[row] = true,
                        Err(Ask) => self.ask[row] = true,
                    }
                }
                Lists { members, of, ..lists }
            }
            List::Members(of) | List::Custodians(of) | List::Stairwells(of) => self.listed(list, of, asked),
        }
    }

    fn listed(&mut self, list: &List<'v>, of: &'v Piece<'v>, asked: Asked<'_>) -> Lists<'v> {
        let of = self.come(of, asked);
        let none = || vec![false; self.n];
        let mut lists = Lists { members: Vec::new(), of: Vec::new(), open: none(), unknown: none() };
        for row in asked {
            let known = match (list, of[*row]) {
                (_, Item::Unknown) => Ok(None),
                (List::Members(_), Item::Household(household)) => {
                    let (members, state) = self.over.columns.members(household);
                    Ok(Some((members.map(Item::Person).collect(), state)))
                }
                (List::Stairwells(_), Item::Building(building)) => self.stairwells(building),
                (List::Custodians(_), Item::Person(child)) => self.custodians(*row, child),
                _ => Err(Ask),
            };
            match known {
                Ok(Some((members, state))) => {
                    lists.of.extend(std::iter::repeat_n(*row, members.len()));
                    lists.members.extend(members);
                    lists.open[*row] = matches!(state, ListState::Open(_));
                }
                Ok(None) => lists.unknown[*row] = true,
                Err(Ask) => self.ask[*row] = true,
            }
        }
        lists
    }

    fn stairwells(&self, building: usize) -> Result<Option<(Vector<'v>, ListState)>, Ask> {
        let row = BuildingRow::at(building).ok_or(Ask)?;
        let (stairwells, state) = self.over.ground.world.register.building(row).stairwells();
        Ok(Some((stairwells.iter().map(|stairwell| Item::Stairwell(stairwell.lift)).collect(), state)))
    }

    fn custodians(&mut self, row: usize, child: usize) -> Result<Option<(Vector<'v>, ListState)>, Ask> {
        let child = self.over.ground.world.register.resident(ResidentRow::at(child).ok_or(Ask)?);
        let policy = self.over.ground.world.leap_day;
        match child.of_age_on(self.over.on, policy) {
            Fact::Known(true) => return Ok(Some((Vec::new(), ListState::Whole))),
            Fact::Known(false) => {}
            Fact::None | Fact::Unknown(_) => {
                // somebody whose birth day is known in part may come of age
                self.same_today(row);
                return Ok(None);
            }
        }
        self.moves[row] |=
            child.custody_changes_in(self.over.on, self.over.to, policy) && !fault!(CustodyOfPairsDoesNotMove);
        let custodians = child.custodians_on(self.over.on, policy);
        let members = custodians.known.iter().map(|custodian| Item::Person(custodian.person.row().position()));
        Ok(Some((members.collect(), custodians.state)))
    }

    /// What a closure comes to for each pair.
    fn of_each(&mut self, lists: &Lists<'v>, closure: &'v Closure<'v>) -> Vector<'v> {
        let n = lists.members.len();
        let mut pairs = Frame::new(self.over, n, self.places.clone());
        for slot in &closure.outside {
            let given = self.given(*slot);
            if !given.is_empty() {
                pairs.give(
                    *slot,
                    lists.of.iter().map(|row| given[if fault!(PairsOfTheFirstRow) { 0 } else { *row }]).collect(),
                );
            }
        }
        pairs.give(closure.slot, lists.members.clone());
        let all: Vec<usize> = (0..n).collect();
        let values = pairs.come(&closure.piece, &all);
        for (pair, row) in lists.of.iter().enumerate() {
            self.moves[*row] |= pairs.moves[pair];
            self.ask[*row] |= pairs.ask[pair];
        }
        values
    }

    /// `some`, or `all`: decided by one member, whatever is unknown of the others.
    pub(super) fn search(
        &mut self,
        list: &'v List<'v>,
        test: &'v Closure<'v>,
        all: bool,
        asked: Asked<'_>,
    ) -> Vector<'v> {
        let lists = self.lists(list, asked);
        let came = self.of_each(&lists, test);
        let (mut decided, mut unknown) = (vec![false; self.n], lists.open);
        for (pair, came) in came.into_iter().enumerate() {
            let row = lists.of[pair];
            match came.truth() {
                Ok(Truth::Unknown) => unknown[row] = true,
                Ok(truth) => decided[row] |= truth.is_yes() != all,
                Err(Ask) => self.ask[row] = true,
            }
        }
        self.each(asked, |_, row| {
            Ok(match (lists.unknown[row], decided[row], unknown[row]) {
                (false, false, true) if fault!(UnknownPairsTakenForNo) => Item::Truth(all),
                (true, _, _) | (false, false, true) => Item::Unknown,
                (false, true, _) => Item::Truth(!all),
                (false, false, false) => Item::Truth(all),
            })
        })
    }

    pub(super) fn len(&mut self, list: &'v List<'v>, asked: Asked<'_>) -> Vector<'v> {
        let lists = self.lists(list, asked);
        let mut n = vec![0_i64; self.n];
        for row in lists.of {
            n[row] += 1;
        }
        self.each(asked, |_, row| {
            Ok(if lists.unknown[row] || lists.open[row] { Item::Unknown } else { Item::Number(n[row]) })
        })
    }

    /// `sum`, `min` or `max`.
    pub(super) fn fold(
        &mut self,
        list: &'v List<'v>,
        value: &'v Closure<'v>,
        by: Fold,
        asked: Asked<'_>,
    ) -> Vector<'v> {
        let lists = self.lists(list, asked);
        let came = self.of_each(&lists, value);
        let (mut folded, mut unknown): (Vec<Option<i64>>, _) = (vec![None; self.n], lists.open);
        for (pair, came) in came.into_iter().enumerate() {
            let row = lists.of[pair];
            let both = match (came.number(), folded[row]) {
                (Err(Ask), _) => None,
                (Ok(None), _) => {
                    unknown[row] = true;
                    continue;
                }
                (Ok(Some(next)), None) => Some(next),
                (Ok(Some(next)), Some(before)) => match by {
                    Fold::Sum => before.checked_add(next),
                    Fold::Min => Some(before.min(next)),
                    Fold::Max => Some(before.max(next)),
                },
            };
            match both {
                Some(_) => folded[row] = both,
                None => self.ask[row] = true,
            }
        }
        self.each(asked, |_, row| {
            Ok(match folded[row] {
                _ if lists.unknown[row] || unknown[row] && !fault!(SumsOfTheKnown) => Item::Unknown,
                Some(number) => Item::Number(number),
                None if by == Fold::Sum => Item::Number(0),
                None => Item::None,
            })
        })
    }
}
