//! The ends of a range of days on each day of a pass: from what they follow, so that it can be said on which day a row meets
//! one.

use std::cell::OnceCell;

use chrono::NaiveDate;
use ennakko_core::LeapDayPolicy;
use ennakko_core::day::day_number;

use super::leaf::Range;
use super::operand::{DayBy, When};
use super::orders::between;
use super::thresholds::{born_for_ages, last_of_which, years};
use crate::step::Comparison;
use crate::walk::moved;

/// From what a range of days follows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Follows {
    /// What is made of a day lies between two numbers, both included.
    Between(DayBy, i64, i64),
    /// What is made of a day stands so to another, whatever is turned round.
    Stands(DayBy, Comparison, When),
}

impl Follows {
    /// The days of which it is so, if the day evaluated is this one; those of another day may be near.
    fn range(self, on: NaiveDate, policy: LeapDayPolicy, near: Range) -> Option<Range> {
        match self {
            Self::Between(by, from, to) => range_of(by, (from, to), on, policy, near),
            Self::Stands(by, how, when) => {
                let (from, to, _) = between(how, day_number(when.seen(on)?).into());
                range_of(by, (from, to), on, policy, near)
            }
        }
    }
}

/// The days of which what is made of them lies between two numbers.
fn range_of(made: DayBy, (from, to): (i64, i64), on: NaiveDate, policy: LeapDayPolicy, near: Range) -> Option<Range> {
    let number = |day: i64| i32::try_from(day).unwrap_or(if day < 0 { i32::MIN } else { i32::MAX });
    Some(match made {
        DayBy::Day(None) => Range { from: number(from), to: number(to) },
        DayBy::Day(Some((unit, plus))) => {
            // a day that leaves the calendar stops walk; within the register's bounds none does
            let last = |near: i32, most: i64| {
                last_of_which(near, |day| moved(day, unit, plus).is_some_and(|day| i64::from(day_number(day)) <= most))
            };
            Range {
                from: if from == i64::MIN { i32::MIN } else { last(near.from.saturating_sub(1), from - 1) + 1 },
                to: if to == i64::MAX { i32::MAX } else { last(near.to, to) },
            }
        }
        DayBy::Year => years(from, to),
        DayBy::AgeOn(when) => born_for_ages(from, to, when.seen(on)?, policy, near),
        DayBy::AgeReachedIn(year) => {
            years(year.checked_sub(to).unwrap_or(i64::MIN), year.checked_sub(from).unwrap_or(i64::MAX))
        }
        DayBy::DaysTo(when) => {
            let day = i64::from(day_number(when.seen(on)?));
            Range { from: number(day.saturating_sub(to)), to: number(day.saturating_sub(from)) }
        }
        DayBy::DaysFrom(when) => {
            let day = i64::from(day_number(when.seen(on)?));
            Range { from: number(day.saturating_add(from)), to: number(day.saturating_add(to)) }
        }
    })
}

/// The ends of a range, today and on the last day of a pass: between, each moves in one direction only.
#[derive(Clone, Debug)]
pub(super) struct Ends {
    pub(super) now: Range,
    pub(super) then: Range,
    /// What does not move of it.
    fixed: Range,
    /// All of which must be so beside.
    follows: Vec<Follows>,
    daily: OnceCell<Option<Daily>>,
}

/// The first days and the last days of a range, day by day.
#[derive(Clone, Debug)]
pub(super) struct Daily {
    from: Steps,
    to: Steps,
}

impl Daily {
    /// The positions of the first day on which a day is not after the last day of the range, and of the first on which it is
    /// before the first.
    pub(super) fn span(&self, day: i32) -> [usize; 2] {
        let late = usize::from(fault!(EndsMetADayLate));
        [self.to.above(day.saturating_sub(1)), self.from.above(day) + late]
    }
}

/// More than there are between the first and the last day of a register.
const DAYS_OF_A_REGISTER: usize = 150_000;

/// Numbers of days that follow one another, none of which is less than the one before.
#[derive(Clone, Debug)]
struct Steps {
    of_day: Vec<i32>,
    /// For each number from the first to before the last: the first day on which there is a greater one.
    above_on: Vec<u32>,
}

impl Steps {
    /// `None` where some number is less than the one before.
    fn of(of_day: Vec<i32>) -> Option<Self> {
        let mut above_on = Vec::new();
        for (day, two) in (1..).zip(of_day.windows(2)) {
            if two[1] < two[0] {
                return None;
            }
            // an end that is no day at all is not stepped to
            let n = usize::try_from(two[1].checked_sub(two[0])?).ok().filter(|n| *n <= DAYS_OF_A_REGISTER)?;
            above_on.resize(above_on.len() + n, day);
        }
        Some(Self { of_day, above_on })
    }

    /// The position of the first day on which there is more than a number; as many as there are days, if on none.
    fn above(&self, number: i32) -> usize {
        let Some(first) = self.of_day.first() else { return 0 };
        match number.checked_sub(*first).map(usize::try_from) {
            Some(Ok(at)) => self.above_on.get(at).map_or(self.of_day.len(), |day| *day as usize),
            Some(Err(_)) => 0,
            None if number < *first => 0,
            None => self.of_day.len(),
        }
    }
}

impl PartialEq for Ends {
    fn eq(&self, other: &Self) -> bool {
        (self.now, self.then, self.fixed, &self.follows) == (other.now, other.then, other.fixed, &other.follows)
    }
}

impl Ends {
    /// The same on each day.
    pub(super) fn fixed(range: Range) -> Self {
        Self { now: range, then: range, fixed: range, follows: Vec::new(), daily: OnceCell::new() }
    }

    /// From a first day to a last, both included.
    pub(super) fn of(follows: Follows, [on, last]: [NaiveDate; 2], policy: LeapDayPolicy) -> Option<Self> {
        let now = follows.range(on, policy, Range::ALL)?;
        let then = follows.range(last, policy, now)?;
        if now == then {
            return Some(Self::fixed(now));
        }
        Some(Self { now, then, fixed: Range::ALL, follows: vec![follows], daily: OnceCell::new() })
    }

    /// Both as one, if both move forward only.
    pub(super) fn and(&self, other: &Self) -> Option<Self> {
        let forward = |ends: &Self| ends.now.from <= ends.then.from && ends.now.to <= ends.then.to;
        let either = fault!(RangesTogetherAreEither);
        let both = |one: Range, two: Range| Range {
            from: if either { one.from.min(two.from) } else { one.from.max(two.from) },
            to: if either { one.to.max(two.to) } else { one.to.min(two.to) },
        };
        (forward(self) && forward(other)).then(|| Self {
            now: both(self.now, other.now),
            then: both(self.then, other.then),
            fixed: both(self.fixed, other.fixed),
            follows: self.follows.iter().chain(&other.follows).copied().collect(),
            daily: OnceCell::new(),
        })
    }

    /// The range on so many days from the first on.
    pub(super) fn daily(&self, [on, to]: [NaiveDate; 2], policy: LeapDayPolicy) -> Option<&Daily> {
        let daily = self.daily.get_or_init(|| {
            let (mut from, mut last) = (Vec::new(), Vec::new());
            let mut near = vec![Range::ALL; self.follows.len()];
            for day in on.iter_days().take_while(|day| *day < to) {
                let range = self.follows.iter().zip(&mut near).try_fold(self.fixed, |whole, (follows, near)| {
                    *near = follows.range(day, policy, *near)?;
                    let range = *near;
                    Some(Range { from: whole.from.max(range.from), to: whole.to.min(range.to) })
                })?;
                from.push(range.from);
                last.push(range.to);
            }
            Some(Daily { from: Steps::of(from)?, to: Steps::of(last)? })
        });
        daily.as_ref()
    }

    /// Hands on the ranges of the first day, and of each later one on which one of two days meets another end; `false` where
    /// that cannot be said.
    pub(super) fn met(
        &self,
        (on, days): (i32, [NaiveDate; 2]),
        policy: LeapDayPolicy,
        [first, last]: [i32; 2],
        mut each: impl FnMut(i32, Range),
    ) -> bool {
        let Some(daily) = self.daily(days, policy) else { return false };
        let Daily { from, to } = daily;
        let mut hand_on = |at: usize| {
            let (Some(from), Some(to), Ok(after)) = (from.of_day.get(at), to.of_day.get(at), i32::try_from(at)) else {
                return;
            };
            each(on + after, Range { from: *from, to: *to });
        };
        let [one, two] = daily.span(first);
        let mut at = [one.min(two), one.max(two), usize::MAX, usize::MAX];
        if first != last {
            at[2..].copy_from_slice(&daily.span(last));
            at.sort_unstable();
        }
        let mut before = 0;
        hand_on(0);
        for at in at {
            if at != before {
                hand_on(at);
                before = at;
            }
        }
        true
    }
}
