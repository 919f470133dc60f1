//! Sorted lists: where something stands in one, looked for from where the last was found, or by the first bits of a key.
//!
//! There are no hash maps here (see ARCHITECTURE.md): a whole city is looked up in sorted passes.

use std::ops::Range;

/// How many of a sorted list stand before something: looked for from the front, in growing steps.
pub(crate) fn before<T>(sorted: &[T], is_before: impl Fn(&T) -> bool) -> usize {
    let mut step = 1;
    while sorted.get(step - 1).is_some_and(&is_before) {
        step *= 2;
    }
    let from = step / 2;
    let to = step.min(sorted.len());
    from + sorted[from..to].partition_point(is_before)
}

/// Keys that share their first bits, on average. A power of two.
const SHARE: usize = 4;

/// Where keys of 128 bits stand in a sorted list, by their first bits. Keys are spread evenly, so that few share them; for
/// others it is a binary search.
pub(crate) struct Places {
    shift: u32,
    // INVARIANT (ascending): how many keys have smaller first bits; one more than there are first bits
    starts: Vec<u32>,
}

impl Places {
    pub(crate) fn of<K>(sorted: &[K], number: impl Fn(&K) -> u128) -> Self {
        let bits = (sorted.len() / SHARE).max(2).ilog2();
        let shift = 128 - bits;
        let mut starts = vec![0_u32; (1 << bits) + 1];
        for key in sorted {
            starts[Self::first_bits(number(key), shift) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self { shift, starts }
    }

    fn first_bits(key: u128, shift: u32) -> usize {
        // at most 30 bits are left
        usize::try_from(key >> shift).unwrap_or_default()
    }

    /// Where a key can stand.
    pub(crate) fn range(&self, key: u128) -> Range<usize> {
        let at = Self::first_bits(key, self.shift);
        self.starts[at] as usize..self.starts[at + 1] as usize
    }
}

/// So few items are not worth a second thread.
const FEW: usize = 20_000;

/// What comes of each item, in their order, by two threads if there are many.
pub(crate) fn mapped<T: Sync, U: Send>(items: &[T], of: impl Fn(&T) -> U + Sync) -> Vec<U> {
    if items.len() < FEW {
        return items.iter().map(of).collect();
    }
    let (first, second) = items.split_at(items.len() / 2);
    let some = |items: &[T]| items.iter().map(&of).collect::<Vec<U>>();
    let (mut done, rest) = both(items.len(), || some(first), || some(second));
    done.extend(rest);
    done
}

/// Two things that have nothing to do with each other: side by side, if they are about many. What comes of them is the same
/// either way.
pub(crate) fn both<A, B: Send>(n_items: usize, one: impl FnOnce() -> A, other: impl FnOnce() -> B + Send) -> (A, B) {
    if n_items < FEW {
        return (one(), other());
    }
    std::thread::scope(|scope| {
        let other = scope.spawn(other);
        let one = one();
        match other.join() {
            Ok(other) => (one, other),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn before_is_a_binary_search(mut list in proptest::collection::vec(0..50_u8, 0..60), than in 0..52_u8) {
            list.sort_unstable();
            prop_assert_eq!(before(&list, |item| *item < than), list.partition_point(|item| *item < than));
        }

        #[test]
        fn every_key_stands_in_its_range(keys in proptest::collection::btree_set(prop_oneof![any::<u128>(), 0..9_u128], 0..200), other: u128) {
            let keys: Vec<u128> = keys.into_iter().collect();
            let places = Places::of(&keys, |key| *key);
            for (at, key) in keys.iter().enumerate() {
                prop_assert!(places.range(*key).contains(&at));
            }
            let range = places.range(other);
            let found = keys[range.clone()].binary_search(&other).map(|at| at + range.start).ok();
            prop_assert_eq!(found, keys.binary_search(&other).ok());
        }
    }

    #[test]
    fn two_threads_come_to_the_same() {
        for n in [0, 1, FEW - 1, FEW, FEW + 1] {
            let items: Vec<usize> = (0..n).collect();
            assert!(mapped(&items, |item| item * 3).into_iter().eq((0..n).map(|item| item * 3)), "{n}");
        }
    }
}
