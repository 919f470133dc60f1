//! The day on which something begins to hold: ages and days computed from a day, turned round.

use chrono::NaiveDate;
use ennakko_core::age::age_range_on;
use ennakko_core::day::{FIRST_DAY, LAST_DAY, day_number, day_of_number};
use ennakko_core::{LeapDayPolicy, PartialDate};

use super::leaf::Range;

/// The last day of the register's bounds of which something holds that holds of every earlier day, as a number; the day before
/// the first, if of none. It is looked for from a day that may be near to it.
pub(super) fn last_of_which(near: i32, holds: impl Fn(NaiveDate) -> bool) -> i32 {
    let (mut below, mut from) = (day_number(FIRST_DAY) - 1, day_number(LAST_DAY));
    let holds = |day: i32| holds(day_of_number(day));
    // INVARIANT: it holds of `below` and the days before, and of no day after `from`
    if (below + 1..=from).contains(&near) {
        let mut step = 1;
        if holds(near) {
            below = near;
            while below + step <= from {
                if !holds(below + step) {
                    from = below + step - 1;
                    break;
                }
                below += step;
                step *= 2;
            }
        } else {
            from = near - 1;
            while below < from - step + 1 {
                if holds(from - step + 1) {
                    below = from - step + 1;
                    break;
                }
                from -= step;
                step *= 2;
            }
        }
    }
    while below < from {
        let middle = below + (from - below + 1) / 2;
        if holds(middle) {
            below = middle;
        } else {
            from = middle - 1;
        }
    }
    below
}

/// Birth days of those who are from `least` to `most` years old on a day, both included; those of another day may be near.
pub(super) fn born_for_ages(least: i64, most: i64, on: NaiveDate, policy: LeapDayPolicy, near: Range) -> Range {
    let policy = if fault!(LeapDaysByOnePolicy) { LeapDayPolicy::March1 } else { policy };
    let of_at_least = |years: i64, near: i32| {
        last_of_which(near, |born| i64::from(age_range_on(PartialDate::exact(born), on, policy).0) >= years)
    };
    let to = if least == i64::MIN { i32::MAX } else { of_at_least(least, near.to) };
    let of_older = |years: i64| of_at_least(years, near.from.saturating_sub(1)) + i32::from(!fault!(AgesEndADayLate));
    Range { from: most.checked_add(1).map_or(i32::MIN, of_older), to }
}

/// Days from the first of one year to the last of another.
pub(super) fn years(from: i64, to: i64) -> Range {
    let day = |year: i64, month, day| {
        i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day)).map(day_number)
    };
    Range {
        from: day(from, 1, 1).unwrap_or(if from > 0 { i32::MAX } else { i32::MIN }),
        to: day(to, 12, 31 - u32::from(fault!(YearsEndADayEarly))).unwrap_or(if to > 0 { i32::MAX } else { i32::MIN }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn born_in_the_range_are_those_of_the_ages(
            born in 0..200_000_i32, on in 60_000..140_000_i32, least in -3..120_i64, wide in 0..20_i64,
            february in any::<bool>(), off in -1_000..1_000_i32,
        ) {
            let policy = if february { LeapDayPolicy::February28 } else { LeapDayPolicy::March1 };
            let first = day_number(FIRST_DAY);
            let (born, on) = (first + born.min(day_number(LAST_DAY) - first), day_of_number(first + on));
            let range = born_for_ages(least, least + wide, on, policy, Range::ALL);
            let near = Range { from: range.from.saturating_add(off), to: range.to.saturating_add(off / 3) };
            prop_assert_eq!(born_for_ages(least, least + wide, on, policy, near), range);
            let age = age_range_on(PartialDate::exact(day_of_number(born)), on, policy).0;
            prop_assert_eq!((range.from..=range.to).contains(&born), (least..=least + wide).contains(&age.into()));
        }
    }

    #[test]
    fn leap_days_are_met_by_either_policy() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for policy in [LeapDayPolicy::February28, LeapDayPolicy::March1] {
            for on in ["2026-02-27", "2026-02-28", "2026-03-01", "2028-02-28", "2028-02-29", "2028-03-01"] {
                for born in ["2008-02-28", "2008-02-29", "2008-03-01", "2007-02-28", "2007-03-01"] {
                    let age = age_range_on(PartialDate::exact(day(born)), day(on), policy).0;
                    let range = born_for_ages(age.into(), age.into(), day(on), policy, Range::ALL);
                    assert!((range.from..=range.to).contains(&day_number(day(born))), "{born} on {on}");
                    let other = born_for_ages(i64::from(age) + 1, i64::MAX, day(on), policy, Range::ALL);
                    assert!(!(other.from..=other.to).contains(&day_number(day(born))), "{born} on {on}");
                }
            }
        }
    }
}
