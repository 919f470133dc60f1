//! The reference rules over a year by hand: the days on which each holds of whom, found in one pass and not day by day.
//!
//! What a rule asks of the day are bounds that only grow: a birth day that is old enough, a screening long enough ago. So one
//! pass with the widest bounds finds whom a rule can reach at all, and a small table says from and until which day.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use crate::columns::{Columns, Lowered, rows_of};

/// Days on which a rule holds of somebody: numbers of days from the first of the period, `from` included, `to` excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spell {
    /// The row.
    pub row: u32,
    /// The first day.
    pub from: u16,
    /// The day after the last.
    pub to: u16,
}

/// A bound that grows day by day.
struct Bound {
    first: i32,
    /// For each number from the first bound to the last: the day on which the bound goes above it.
    above_on: Vec<u16>,
    n_days: u16,
}

impl Bound {
    // the bounds of consecutive days do not fall
    fn of(bounds: impl IntoIterator<Item = i32>) -> Self {
        let mut bounds = bounds.into_iter();
        let first = bounds.next().unwrap_or_default();
        let (mut above_on, mut reached, mut n_days) = (Vec::new(), first, 1);
        for bound in bounds {
            above_on.extend((reached..bound).map(|_| n_days));
            reached = bound;
            n_days += 1;
        }
        Self { first, above_on, n_days }
    }

    /// The first day on which the bound is above a number; the number of days if there is none.
    fn above(&self, number: i32) -> u16 {
        match usize::try_from(number - self.first) {
            Ok(at) => self.above_on.get(at).copied().unwrap_or(self.n_days),
            Err(_) => 0,
        }
    }
}

/// Spells of each of the three reference rules over consecutive days, in the order of rows.
pub fn spells(columns: &Columns, days: &[NaiveDate]) -> [Vec<Spell>; 3] {
    let lowered: Vec<Lowered> = days.iter().map(|day| Lowered::on(*day)).collect();
    let [Some(first), Some(last)] = [lowered.first(), lowered.last()] else { return Default::default() };
    let widest = Lowered {
        screened_age: first.screened_age.start..last.screened_age.end,
        screened_before: last.screened_before,
        young: first.young.start..last.young.end,
        ..last.clone()
    };
    let days_of = |range: fn(&Lowered) -> &Range<i32>| {
        let until = Bound::of(lowered.iter().map(|lowered| range(lowered).start));
        (Bound::of(lowered.iter().map(|lowered| range(lowered).end)), until)
    };
    let (old_enough, too_old) = days_of(|lowered| &lowered.screened_age);
    let long_ago = Bound::of(lowered.iter().map(|lowered| lowered.screened_before));
    let screening = rows_of(&columns.screening(&widest)).into_iter().filter_map(|row| {
        let (born, screened_on) = (columns.born[row as usize], columns.screened_on[row as usize]);
        // somebody never screened stands before every bound
        let from =
            old_enough.above(born).max(if screened_on < long_ago.first { 0 } else { long_ago.above(screened_on) });
        let to = too_old.above(born);
        (from < to).then_some(Spell { row, from, to })
    });
    let (grown, no_longer_young) = days_of(|lowered| &lowered.young);
    let not_employed = rows_of(&columns.not_employed(&widest)).into_iter().filter_map(|row| {
        let born = columns.born[row as usize];
        let (from, to) = (grown.above(born), no_longer_young.above(born));
        (from < to).then_some(Spell { row, from, to })
    });
    [starts_school(columns, days, &lowered), screening.collect(), not_employed.collect()]
}

/// Nobody turns seven in two years, so each calendar year has its own people.
fn starts_school(columns: &Columns, days: &[NaiveDate], lowered: &[Lowered]) -> Vec<Spell> {
    let mut spells = Vec::new();
    let mut from = 0;
    for year in days.chunk_by(|one, next| one.year() == next.year()) {
        let to = from + year.len();
        let (first, next) = (u16::try_from(from).unwrap_or(u16::MAX), u16::try_from(to).unwrap_or(u16::MAX));
        let rows = rows_of(&columns.starts_school(&lowered[from]));
        spells.extend(rows.into_iter().map(|row| Spell { row, from: first, to: next }));
        from = to;
    }
    spells.sort_unstable();
    spells
}
