//! Rows of a new register out of those of the one before and of what has come: two sorted lists merged into one.

/// Stands for no row, where rows are packed.
pub(super) const NO_ROW: u32 = u32::MAX;

/// A row as columns hold it.
pub(super) fn packed(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(NO_ROW)
}

fn unpacked(row: u32) -> Option<usize> {
    (row != NO_ROW).then_some(row as usize)
}

/// Where each new row comes from, and where each old row went.
pub(super) struct Rows {
    /// The old row and the place among what has come; at least one of them for each new row.
    from: Vec<(u32, u32)>,
    now: Vec<u32>,
}

impl Rows {
    /// Merges old keys, as far as they stay or have come again, with keys that have come. Both are sorted, each key once.
    pub(super) fn merge<K: Ord + Copy>(old: &[K], stays: impl Fn(usize) -> bool, come: &[K]) -> (Vec<K>, Self) {
        let mut keys = Vec::with_capacity(old.len() + come.len());
        let mut rows = Self { from: Vec::with_capacity(old.len() + come.len()), now: vec![NO_ROW; old.len()] };
        let mut next = 0;
        for (at, key) in old.iter().enumerate() {
            while let Some(before) = come.get(next).filter(|other| *other < key) {
                keys.push(*before);
                rows.from.push((NO_ROW, packed(next)));
                next += 1;
            }
            let again = come.get(next).is_some_and(|other| other == key);
            if again || stays(at) {
                rows.now[at] = packed(keys.len());
                keys.push(*key);
                rows.from.push((packed(at), if again { packed(next) } else { NO_ROW }));
            }
            next += usize::from(again);
        }
        for (at, key) in come.iter().enumerate().skip(next) {
            keys.push(*key);
            rows.from.push((NO_ROW, packed(at)));
        }
        (keys, rows)
    }

    /// New rows in order: the old row of each, and its place among what has come.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Option<usize>, Option<usize>)> + '_ {
        self.from.iter().map(|(old, come)| (unpacked(*old), unpacked(*come)))
    }

    pub(super) fn len(&self) -> usize {
        self.from.len()
    }

    /// Where an old row went.
    pub(super) fn now(&self, old: usize) -> Option<usize> {
        self.now.get(old).copied().and_then(unpacked)
    }

    /// Old rows that are no more.
    pub(super) fn gone(&self) -> impl Iterator<Item = usize> + '_ {
        self.now.iter().enumerate().filter(|(_, now)| **now == NO_ROW).map(|(old, _)| old)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn rows_are_those_that_stay_and_those_that_come(
            old in proptest::collection::btree_map(0..40_u8, any::<bool>(), 0..20),
            come in proptest::collection::btree_set(0..40_u8, 0..20),
        ) {
            let before: Vec<u8> = old.keys().copied().collect();
            let fresh: Vec<u8> = come.iter().copied().collect();
            let (keys, rows) = Rows::merge(&before, |at| old[&before[at]], &fresh);
            let staying = old.iter().filter(|(_, stays)| **stays).map(|(key, _)| *key);
            let wanted: BTreeSet<u8> = staying.chain(fresh.iter().copied()).collect();
            prop_assert_eq!(&keys, &wanted.into_iter().collect::<Vec<_>>());
            prop_assert_eq!(rows.len(), keys.len());
            for (row, (was, has_come)) in rows.iter().enumerate() {
                prop_assert!(was.is_some() || has_come.is_some());
                prop_assert!(was.is_none_or(|was| before[was] == keys[row] && rows.now(was) == Some(row)));
                prop_assert_eq!(has_come.map(|at| fresh[at]), come.get(&keys[row]).copied());
            }
            for gone in rows.gone() {
                prop_assert!(!keys.contains(&before[gone]));
            }
        }
    }
}
