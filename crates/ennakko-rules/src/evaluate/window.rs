//! What a subject's lines come to over the days of an occasion's window, each evaluated once.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::register::SubjectRow;
use ennakko_core::trace::Part;
use ennakko_core::{Occasion, Truth};

use super::cohort::CohortKey;
use super::{Evaluator, FoundOccasion, OccasionMemo, WindowKey};
use crate::rule::Rule;
use crate::stop::Stop;

/// What named lines came to: a bit for each that is no, and for each that is unknown; the others evaluated are yes.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bits {
    pub(super) no: u64,
    pub(super) unknown: u64,
    evaluated: u64,
}

impl Bits {
    pub(super) fn set(&mut self, bit: usize, truth: Truth) {
        self.evaluated |= 1 << bit;
        match truth {
            Truth::No => self.no |= 1 << bit,
            Truth::Unknown => self.unknown |= 1 << bit,
            Truth::Yes => {}
        }
    }

    pub(super) fn yes(self) -> u64 {
        self.evaluated & !self.no & !self.unknown
    }
}

/// An occasion with the days, from the first to before the second, on which it is the same.
pub(super) type SameFor = (NaiveDate, NaiveDate, FoundOccasion);

/// What has been evaluated, the register being held still.
#[derive(Default)]
pub(super) struct Memo {
    pub(super) occasions: OccasionMemo,
    /// Occasions of subjects' own days, by version and position, with the days on which each is the same.
    pub(super) own_occasions: BTreeMap<Arc<str>, Vec<Option<SameFor>>>,
    /// Every subject of a kind.
    pub(super) everybody: BTreeMap<SubjectKind, Arc<Vec<SubjectRow>>>,
    /// Who was found in a cohort.
    pub(super) found: BTreeMap<CohortKey, Arc<Vec<SubjectRow>>>,
    pub(super) cohorts: BTreeMap<WindowKey, Truth>,
    windows: BTreeMap<(Part, WindowKey), Window>,
    /// Numbers of versions and occasions; one id may come with other days, so the occasion itself counts.
    numbers: BTreeMap<(Arc<str>, Arc<Occasion>), u32>,
    /// The same by address, for occasions seen before; they are held in the third, so that no address is used again.
    by_address: BTreeMap<(usize, usize), u32>,
    held: Vec<(Arc<str>, Arc<Occasion>)>,
}

impl Memo {
    /// The number of a version and an occasion.
    pub(super) fn number_of(&mut self, version: &Arc<str>, occasion: &Arc<Occasion>) -> u32 {
        let address = (Arc::as_ptr(version).cast::<u8>().addr(), Arc::as_ptr(occasion).addr());
        if let Some(number) = self.by_address.get(&address) {
            return *number;
        }
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry((version.clone(), occasion.clone())).or_insert(next);
        self.held.push((version.clone(), occasion.clone()));
        self.by_address.insert(address, number);
        number
    }
}

/// Bits of one subject in one window.
enum Window {
    /// The same on every day.
    Always(Bits),
    /// By day.
    ByDay(BTreeMap<NaiveDate, Bits>),
}

impl Evaluator<'_> {
    /// The bits of a part's lines on a day.
    pub(super) fn bits(
        &self,
        rule: &Rule,
        part: Part,
        subject: SubjectRow,
        occasion: &Arc<Occasion>,
        on: NaiveDate,
    ) -> Result<Bits, Stop> {
        let number = self.memo.borrow_mut().number_of(&rule.card.version, occasion);
        let key = (part, (subject, number));
        match self.memo.borrow().windows.get(&key) {
            Some(Window::Always(bits)) => return Ok(*bits),
            Some(Window::ByDay(days)) => {
                if let Some(bits) = days.get(&on) {
                    return Ok(*bits);
                }
            }
            None => {}
        }
        let bits = self.evaluate(rule, part, subject, occasion, on)?;
        let mut memo = self.memo.borrow_mut();
        if rule.by_day(part) {
            let window = memo.windows.entry(key).or_insert_with(|| Window::ByDay(BTreeMap::new()));
            if let Window::ByDay(days) = window {
                days.insert(on, bits);
            }
        } else {
            memo.windows.insert(key, Window::Always(bits));
        }
        Ok(bits)
    }

    /// The first day from `first` (included) to `last` (excluded) on which no condition is a decided no.
    ///
    /// A later day on which the rule could not run ends the window: nothing can be offered from there on.
    pub(super) fn first_possible(
        &self,
        rule: &Rule,
        subject: SubjectRow,
        occasion: &Arc<Occasion>,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<Option<NaiveDate>, Stop> {
        if self.bits(rule, Part::Condition, subject, occasion, first)?.no == 0 {
            return Ok(Some(first));
        }
        if !rule.by_day(Part::Condition) {
            return Ok(None);
        }
        for day in first.iter_days().skip(1).take_while(|day| *day < last) {
            match self.bits(rule, Part::Condition, subject, occasion, day) {
                Ok(bits) if bits.no == 0 => return Ok(Some(day)),
                Ok(_) => {}
                Err(Stop::RowEnded { .. } | Stop::Expected { .. }) => return Ok(None),
                Err(stop) => return Err(stop),
            }
        }
        Ok(None)
    }
}
