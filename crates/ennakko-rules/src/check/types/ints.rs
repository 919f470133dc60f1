//! Sets of whole numbers as ranges, for proofs: what a number can be, and what a comparison leaves of it.

/// More ranges than this are joined into one that covers them all.
const RANGES_MAX: usize = 64;

/// A set of whole numbers; days are their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ints {
    // INVARIANT (sorted, apart): each range ends at least two before the next begins, so that equal sets are equal
    ranges: Vec<(i64, i64)>,
}

impl Ints {
    pub(super) fn none() -> Self {
        Self { ranges: Vec::new() }
    }

    pub(super) fn one(number: i64) -> Self {
        Self::between(number, number)
    }

    /// Both included; none if reversed.
    pub(super) fn between(least: i64, most: i64) -> Self {
        Self { ranges: if least <= most { vec![(least, most)] } else { Vec::new() } }
    }

    fn of(mut ranges: Vec<(i64, i64)>) -> Self {
        ranges.sort_unstable();
        let mut apart: Vec<(i64, i64)> = Vec::new();
        for (least, most) in ranges {
            match apart.last_mut() {
                Some(last) if least <= last.1.saturating_add(1) => last.1 = last.1.max(most),
                _ => apart.push((least, most)),
            }
        }
        if let (Some(first), Some(last), true) = (apart.first(), apart.last(), apart.len() > RANGES_MAX) {
            apart = vec![(first.0, last.1)];
        }
        Self { ranges: apart }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The least and the most, if there is any.
    pub(super) fn ends(&self) -> Option<(i64, i64)> {
        Some((self.ranges.first()?.0, self.ranges.last()?.1))
    }

    /// The one number, if there is just one.
    pub(super) fn single(&self) -> Option<i64> {
        self.ends().filter(|(least, most)| least == most).map(|(least, _)| least)
    }

    pub(super) fn contains(&self, number: i64) -> bool {
        self.ranges.iter().any(|(least, most)| (*least..=*most).contains(&number))
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        let both = self.ranges.iter().flat_map(|one| {
            other.ranges.iter().map(|two| (one.0.max(two.0), one.1.min(two.1))).filter(|(least, most)| least <= most)
        });
        Self::of(both.collect())
    }

    pub(super) fn or(&self, other: &Self) -> Self {
        Self::of(self.ranges.iter().chain(&other.ranges).copied().collect())
    }

    /// Every other number.
    pub(super) fn others(&self) -> Self {
        let mut others = Vec::new();
        let mut next = Some(i64::MIN);
        for (least, most) in &self.ranges {
            if let (Some(from), Some(to)) = (next, least.checked_sub(1))
                && from <= to
            {
                others.push((from, to));
            }
            next = most.checked_add(1);
        }
        others.extend(next.map(|from| (from, i64::MAX)));
        Self::of(others)
    }
}

#[cfg(test)]
mod tests {
    use super::Ints;

    #[test]
    fn sets_join_meet_and_turn_round() {
        let small = Ints::between(0, 5);
        let large = Ints::between(6, 9);
        assert_eq!(small.or(&large), Ints::between(0, 9));
        assert_eq!(small.and(&large), Ints::none());
        assert_eq!(small.others().others(), small);
        let all = Ints::between(i64::MIN, i64::MAX);
        assert_eq!(all.others(), Ints::none());
        assert_eq!(Ints::none().others(), all);
        assert_eq!(Ints::one(3).others().and(&small), Ints::between(0, 2).or(&Ints::between(4, 5)));
        assert_eq!(Ints::one(3).others().and(&small).ends(), Some((0, 5)));
        assert!(!Ints::one(3).others().contains(3));
        assert!(Ints::one(i64::MIN).others().contains(i64::MAX));
        assert_eq!(Ints::between(2, 1), Ints::none());
        assert_eq!(Ints::one(7).single(), Some(7));
        assert_eq!(small.single(), None);
    }

    #[test]
    fn very_many_ranges_are_covered_by_one() {
        let many = (0..1000).fold(Ints::none(), |many, n| many.or(&Ints::one(n * 2)));
        assert!(many.ends() == Some((0, 1998)) && many.contains(1));
    }
}
