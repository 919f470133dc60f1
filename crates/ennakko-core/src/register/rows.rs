//! Rows of a new register out of those of the one before and of what has come: two sorted lists merged into one.

use std::ops::Range;

use crate::sorted::before;

/// Stands for no row, where rows are packed.
pub(super) const NO_ROW: u32 = u32::MAX;

/// A row as columns hold it.
pub(super) fn packed(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(NO_ROW)
}

fn unpacked(row: u32) -> Option<usize> {
    (row != NO_ROW).then_some(row as usize)
}

/// New rows that stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Run {
    /// Old rows that stay, and of which nothing has come.
    Kept(Range<usize>),
    /// What has come, at these places, of nothing that was there before.
    New(Range<usize>),
    /// What has come, at a place, of an old row.
    Again { was: usize, at: usize },
}

/// Where each new row comes from, and where each old row and everything that has come went.
pub(super) struct Rows {
    runs: Vec<Run>,
    len: usize,
    now: Vec<u32>,
    come: Vec<u32>,
    /// Old rows that went to another's, with the new row.
    followed: Vec<(usize, usize)>,
}

impl Rows {
    /// Merges old keys, as far as they stay or have come again, with keys that have come. Both are sorted, each key once.
    pub(super) fn merge<K: Ord + Copy>(old: &[K], stays: impl Fn(usize) -> bool, come: &[K]) -> (Vec<K>, Self) {
        let mut keys = Vec::with_capacity(old.len() + come.len());
        let mut rows = Self {
            runs: Vec::new(),
            len: 0,
            now: vec![NO_ROW; old.len()],
            come: Vec::with_capacity(come.len()),
            followed: Vec::new(),
        };
        let mut next = 0;
        for (at, key) in come.iter().enumerate() {
            let to = next + before(&old[next..], |other| other < key);
            rows.keep(next..to, &stays, old, &mut keys);
            next = to;
            rows.come.push(packed(keys.len()));
            if old.get(next) == Some(key) {
                rows.now[next] = packed(keys.len());
                rows.runs.push(Run::Again { was: next, at });
                next += 1;
            } else if let Some(Run::New(places)) = rows.runs.last_mut() {
                places.end = at + 1;
            } else {
                rows.runs.push(Run::New(at..at + 1));
            }
            keys.push(*key);
        }
        rows.keep(next..old.len(), &stays, old, &mut keys);
        rows.len = keys.len();
        (keys, rows)
    }

    fn keep<K: Copy>(&mut self, rows: Range<usize>, stays: impl Fn(usize) -> bool, old: &[K], keys: &mut Vec<K>) {
        let mut next = rows.start;
        while next < rows.end {
            let from = next;
            while next < rows.end && stays(next) {
                next += 1;
            }
            if from < next {
                for (row, now) in (keys.len()..).zip(&mut self.now[from..next]) {
                    *now = packed(row);
                }
                keys.extend_from_slice(&old[from..next]);
                self.runs.push(Run::Kept(from..next));
            }
            while next < rows.end && !stays(next) {
                next += 1;
            }
        }
    }

    /// New rows in order, as they stand together.
    pub(super) fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// New rows in order: the old row of each, and its place among what has come.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Option<usize>, Option<usize>)> + '_ {
        self.runs.iter().flat_map(|run| {
            let (kept, new, again) = match run {
                Run::Kept(rows) => (rows.clone(), 0..0, None),
                Run::New(places) => (0..0, places.clone(), None),
                Run::Again { was, at } => (0..0, 0..0, Some((Some(*was), Some(*at)))),
            };
            kept.map(|was| (Some(was), None)).chain(new.map(|at| (None, Some(at)))).chain(again)
        })
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Whether every row is where it was, and nothing has come.
    pub(super) fn are_as_before(&self) -> bool {
        self.come.is_empty() && self.len == self.now.len()
    }

    /// Where an old row went.
    pub(super) fn now(&self, old: usize) -> Option<usize> {
        self.now.get(old).copied().and_then(unpacked)
    }

    /// Where an old row went, as columns hold it.
    pub(super) fn now_packed(&self, old: usize) -> u32 {
        self.now.get(old).copied().unwrap_or(NO_ROW)
    }

    /// The row of what has come at a place.
    pub(super) fn of_come(&self, at: usize) -> u32 {
        self.come.get(at).copied().unwrap_or(NO_ROW)
    }

    /// The rows of everything that has come, in order.
    pub(super) fn iter_come(&self) -> impl Iterator<Item = usize> + '_ {
        self.come.iter().map(|row| *row as usize)
    }

    /// Lets an old row that is no more go to another's.
    pub(super) fn follow(&mut self, old: usize, now: usize) {
        if self.now[old] == NO_ROW {
            self.now[old] = packed(now);
            self.followed.push((old, now));
        }
    }

    /// Old rows that went to another's, with the new row.
    pub(super) fn followed(&self) -> &[(usize, usize)] {
        &self.followed
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
            prop_assert_eq!(rows.iter().count(), keys.len());
            prop_assert_eq!(rows.are_as_before(), come.is_empty() && keys == before);
            for (row, (was, has_come)) in rows.iter().enumerate() {
                prop_assert!(was.is_some() || has_come.is_some());
                prop_assert!(was.is_none_or(|was| before[was] == keys[row] && rows.now(was) == Some(row)));
                prop_assert_eq!(has_come.map(|at| fresh[at]), come.get(&keys[row]).copied());
                prop_assert!(has_come.is_none_or(|at| rows.of_come(at) as usize == row));
            }
            for gone in rows.gone() {
                prop_assert!(!keys.contains(&before[gone]));
            }
        }
    }
}
