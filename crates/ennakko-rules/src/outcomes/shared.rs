//! What rows of outcomes have: most have it in common with many others, and it is kept once.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use ennakko_core::outcome::{Missing, WithheldReason};
use ennakko_core::{Occasion, OutcomeCode};

use super::Selected;

/// What a row has beside whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Alike {
    pub(super) code: OutcomeCode,
    /// Names that belong to the outcome, a bit each.
    pub(super) mask: u64,
    /// Which version of the rule.
    pub(super) version: usize,
    pub(super) occasion: Option<Arc<Occasion>>,
    /// The day on which the lines were evaluated.
    pub(super) on: NaiveDate,
    /// The day that belongs to the outcome: upcoming from, or closed on.
    pub(super) day: Option<NaiveDate>,
    pub(super) missing: Option<Arc<[Missing]>>,
    pub(super) selected: Option<Arc<Selected>>,
    pub(super) withheld: Option<WithheldReason>,
}

/// The same, before it is known whether other rows have it.
pub(crate) struct Entry<'o> {
    pub(crate) code: OutcomeCode,
    pub(crate) mask: u64,
    pub(crate) evaluation: Evaluation<'o>,
    pub(crate) missing: Option<Arc<[Missing]>>,
    pub(crate) selected: Option<Arc<Selected>>,
}

impl<'o> Entry<'o> {
    /// Without terms, and without anything missing.
    pub(crate) fn of(code: OutcomeCode, mask: u64, evaluation: Evaluation<'o>) -> Self {
        Self { code, mask, evaluation, missing: None, selected: None }
    }
}

/// By what, and for when, a row was evaluated.
#[derive(Clone, Copy)]
pub(crate) struct Evaluation<'o> {
    pub(crate) version: usize,
    pub(crate) occasion: Option<&'o Arc<Occasion>>,
    pub(crate) on: NaiveDate,
    pub(crate) day: Option<NaiveDate>,
}

impl Alike {
    /// Whether it is the very same, without looking into occasions and terms.
    fn is(&self, other: &Entry<'_>) -> bool {
        fn same<T: ?Sized>(one: Option<&Arc<T>>, two: Option<&Arc<T>>) -> bool {
            match (one, two) {
                (Some(one), Some(two)) => Arc::ptr_eq(one, two),
                (None, None) => true,
                _ => false,
            }
        }
        let Evaluation { version, occasion, on, day } = other.evaluation;
        (self.code, self.mask, self.version) == (other.code, other.mask, version)
            && (self.on, self.day, self.withheld) == (on, day, None)
            && same(self.occasion.as_ref(), occasion)
            && same(self.selected.as_ref(), other.selected.as_ref())
            && (same(self.missing.as_ref(), other.missing.as_ref()) || self.missing == other.missing)
    }

    fn of(of: Entry<'_>) -> Self {
        let Entry { code, mask, evaluation: Evaluation { version, occasion, on, day }, missing, selected } = of;
        Self { code, mask, version, occasion: occasion.cloned(), on, day, missing, selected, withheld: None }
    }
}

/// All that rows have, each by a number.
#[derive(Clone, Debug, Default)]
pub(super) struct Shared {
    all: Vec<Alike>,
    /// By what is much the same, the latest that was; empty while there are few.
    latest: Vec<u32>,
}

/// How many are looked through one by one.
const FEW: usize = 8;

/// Places for what was the latest.
const PLACES: usize = 1024;

impl Shared {
    /// What a number stands for.
    #[inline]
    pub(super) fn of(&self, number: u32) -> &Alike {
        &self.all[number as usize]
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Alike> {
        self.all.iter()
    }

    /// The number of something, which another row may have too.
    pub(super) fn number(&mut self, what: Entry<'_>) -> u32 {
        if self.all.len() < FEW {
            let known = self.all.iter().rposition(|known| known.is(&what));
            return known.map_or_else(|| self.enter(Alike::of(what)), number);
        }
        if self.latest.is_empty() {
            self.latest.resize(PLACES, 0);
        }
        let place = place(&what);
        let known = self.latest[place];
        if self.of(known).is(&what) {
            return known;
        }
        let entered = self.enter(Alike::of(what));
        self.latest[place] = entered;
        entered
    }

    fn enter(&mut self, what: Alike) -> u32 {
        self.all.push(what);
        number(self.all.len() - 1)
    }

    /// The same, withheld for a reason.
    pub(super) fn withheld(&mut self, of: u32, reason: WithheldReason) -> u32 {
        let withheld = Alike { code: OutcomeCode::Withheld, withheld: Some(reason), ..self.of(of).clone() };
        let known = self.all.iter().rev().take(FEW).position(|known| *known == withheld);
        match known {
            Some(back) => number(self.all.len() - 1 - back),
            None => self.enter(withheld),
        }
    }

    /// Puts what others have at the end, and returns by how much their numbers are moved.
    pub(super) fn append(&mut self, mut later: Self) -> u32 {
        let moved = number(self.all.len());
        self.all.append(&mut later.all);
        moved
    }
}

/// No more of them than rows, and rows are counted by 32 bits.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Where what is much the same stands.
fn place(what: &Entry<'_>) -> usize {
    let date = |day: NaiveDate| u64::from(day.ordinal0()) ^ u64::from(day.year().unsigned_abs()) << 9;
    let selected = what.selected.is_some();
    let days = date(what.evaluation.on).rotate_left(20) ^ what.evaluation.day.map_or(0, date);
    let all = what.mask ^ days.rotate_left(12) ^ u64::from(what.code as u8) << 58 ^ u64::from(selected) << 57;
    // the highest bits hang on every bit
    usize::try_from(all.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54).unwrap_or_default() % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2027, 1, 1).unwrap() + chrono::Days::new(day.into())
    }

    fn what(code: OutcomeCode, mask: u64, day: u32) -> Entry<'static> {
        let day = on(day);
        let evaluation = Evaluation { version: 0, occasion: None, on: day, day: Some(day) };
        Entry { code, mask, evaluation, missing: None, selected: None }
    }

    #[test]
    fn what_comes_again_has_the_number_it_had() {
        let mut shared = Shared::default();
        let mut enter = |round: u32| {
            let upcoming = (0..300).map(|day| (OutcomeCode::Upcoming, 0, day));
            let not = (0..64).map(|mask| (OutcomeCode::NotEntitled, mask, 0));
            let all = upcoming.chain(not).map(|(code, mask, day)| {
                let number = shared.number(what(code, mask, day));
                let of = shared.of(number);
                assert_eq!((of.code, of.mask, of.on), (code, mask, on(day)), "round {round}");
                number
            });
            all.count()
        };
        for round in 0..10 {
            enter(round);
        }
        // where two have one place, they are entered again
        assert!(shared.all().count() < 10 * 364 / 2, "{}", shared.all().count());
    }
}
