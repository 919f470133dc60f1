//! Comparisons turned round, and as ranges of numbers.

use super::leaf::OnNone;
use crate::step::Comparison;

/// What a leaf says of none so that the comparison comes out right, which *not equal* turns round.
pub(super) fn yes_or_no(holds: bool, by: Comparison) -> OnNone {
    if holds == (by == Comparison::NotEqual && !fault!(InsteadOfNoneNotTurned)) { OnNone::No } else { OnNone::Yes }
}

pub(super) fn turned(by: Comparison) -> Comparison {
    match by {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}

pub(super) fn holds<T: PartialOrd + ?Sized>(by: Comparison, left: &T, right: &T) -> bool {
    match by {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessOrEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterOrEqual => left >= right,
    }
}

/// The numbers that stand so to another, and whether it is the others that do.
pub(super) fn between(by: Comparison, number: i64) -> (i64, i64, bool) {
    // numbers of a checked rule are far from these ends
    match by {
        Comparison::Equal => (number, number, false),
        Comparison::NotEqual => (number, number, true),
        Comparison::Less => (i64::MIN, number.saturating_sub(i64::from(!fault!(LimitsIncluded))), false),
        Comparison::LessOrEqual => (i64::MIN, number, false),
        Comparison::Greater => (number.saturating_add(1), i64::MAX, false),
        Comparison::GreaterOrEqual => (number, i64::MAX, false),
    }
}
