//! Lists of the register: searched, filtered, counted and summed up, as far as their members are known.

use ennakko_core::record::ListState;

use super::value::{Lack, Lacks, Members, Value};
use super::{Walk, Walked, failed, misfit};
use crate::step::{Fold, Slot, Step};
use crate::stop::Stop;

impl<'w> Walk<'w> {
    /// What keeps a list from being all that there is.
    fn open(&self, list: &Members<'w>) -> Option<Lacks<'w>> {
        let mut open = list.undecided.clone();
        if let ListState::Open(reason) = list.state {
            open.get_or_insert_default().add(self.lacks(Lack { fact: list.fact, of: list.of, reason }));
        }
        open
    }

    fn members(&mut self, list: &'w Step) -> Result<Result<Box<Members<'w>>, Lacks<'w>>, Box<Stop>> {
        match self.step(list)? {
            Value::Members(members) => Ok(Ok(members)),
            Value::Unknown(lacks) => Ok(Err(lacks)),
            other => Err(misfit(&other, "a list of the register")),
        }
    }

    /// `some`, or `all`: decided by one member, whatever is unknown of the others.
    pub(super) fn search(&mut self, list: &'w Step, slot: Slot, test: &'w Step, all: bool) -> Walked<'w> {
        let mut list = match self.members(list)? {
            Ok(list) => list,
            Err(lacks) => return Ok(Value::Unknown(lacks)),
        };
        let mut undecided: Option<Lacks<'w>> = None;
        for item in std::mem::take(&mut list.items) {
            self.give(slot, item)?;
            match self.step(test)? {
                Value::Bool(holds) if holds != all => return Ok(Value::Bool(holds)),
                Value::Bool(_) => {}
                Value::Unknown(lacks) => undecided.get_or_insert_default().add(lacks),
                other => return Err(misfit(&other, "yes or no")),
            }
        }
        if let Some(open) = self.open(&list) {
            undecided.get_or_insert_default().add(open);
        }
        Ok(undecided.map_or(Value::Bool(all), Value::Unknown))
    }

    pub(super) fn filter(&mut self, list: &'w Step, slot: Slot, test: &'w Step) -> Walked<'w> {
        let mut list = match self.members(list)? {
            Ok(list) => list,
            Err(lacks) => return Ok(Value::Unknown(lacks)),
        };
        let mut items = Vec::new();
        for item in std::mem::take(&mut list.items) {
            self.give(slot, item.clone())?;
            match self.step(test)? {
                Value::Bool(true) => items.push(item),
                Value::Bool(false) => {}
                Value::Unknown(lacks) => list.undecided.get_or_insert_default().add(lacks),
                other => return Err(misfit(&other, "yes or no")),
            }
        }
        list.items = items;
        Ok(Value::Members(list))
    }

    pub(super) fn len(&mut self, list: &'w Step) -> Walked<'w> {
        let list = match self.step(list)? {
            Value::Members(list) => list,
            Value::Array(items) => return Ok(count(items.len())),
            Value::Numbers(items) => return Ok(count(items.len())),
            unknown @ Value::Unknown(_) => return Ok(unknown),
            other => return Err(misfit(&other, "a list")),
        };
        Ok(self.open(&list).map_or_else(|| count(list.items.len()), Value::Unknown))
    }

    pub(super) fn fold(&mut self, list: &'w Step, slot: Slot, value: &'w Step, by: Fold) -> Walked<'w> {
        let mut list = match self.members(list)? {
            Ok(list) => list,
            Err(lacks) => return Ok(Value::Unknown(lacks)),
        };
        let mut unknown: Option<Lacks<'w>> = None;
        let mut folded: Option<i64> = None;
        for item in std::mem::take(&mut list.items) {
            self.give(slot, item)?;
            let value = self.step(value)?;
            let next = match self.number(value)? {
                Ok(number) => number,
                Err(lacks) => {
                    unknown.get_or_insert_default().add(lacks);
                    continue;
                }
            };
            let both = match (by, folded) {
                (_, None) => Some(next),
                (Fold::Sum, Some(before)) => before.checked_add(next),
                (Fold::Min, Some(before)) => Some(before.min(next)),
                (Fold::Max, Some(before)) => Some(before.max(next)),
            };
            let Some(both) = both else { return failed("a number is too large") };
            folded = Some(both);
        }
        if let Some(open) = self.open(&list) {
            unknown.get_or_insert_default().add(open);
        }
        Ok(match (unknown, folded) {
            (Some(lacks), _) => Value::Unknown(lacks),
            (None, Some(number)) => Value::Int(number),
            (None, None) if by == Fold::Sum => Value::Int(0),
            (None, None) => Value::None,
        })
    }
}

fn count<'w>(n: usize) -> Value<'w> {
    Value::Int(i64::try_from(n).unwrap_or(i64::MAX))
}
