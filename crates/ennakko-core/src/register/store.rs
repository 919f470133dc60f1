//! What rules do not read (names, addresses, lists of owners): kept apart from the columns, which hold places in here.
//!
//! A later register shares what the one before holds and adds its own, so that a day's changes copy no names.

use std::sync::Arc;

use super::rows::packed;

/// Parts after which everything is put into one: what no row points to any more is let go then.
const PARTS_MAX: usize = 32;

pub(super) struct Store<T> {
    // INVARIANT (offsets): each part begins where the one before it ends
    parts: Vec<(usize, Arc<Vec<T>>)>,
    len: usize,
}

impl<T> Store<T> {
    pub(super) fn empty() -> Self {
        Self { parts: Vec::new(), len: 0 }
    }

    pub(super) fn get(&self, at: u32) -> Option<&T> {
        let at = at as usize;
        let part = self.parts.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
        let (start, items) = self.parts.get(part)?;
        items.get(at - start)
    }

    /// Bytes held, by how many one of them takes.
    pub(super) fn bytes(&self, of: impl Fn(&T) -> usize) -> usize {
        self.parts.iter().flat_map(|(_, items)| items.iter()).map(of).sum()
    }
}

/// A store while it is added to.
pub(super) struct StoreBuilder<'a, T> {
    old: &'a Store<T>,
    added: Vec<T>,
    /// Whether everything is put into one part.
    afresh: bool,
}

impl<'a, T: Clone> StoreBuilder<'a, T> {
    pub(super) fn after(old: &'a Store<T>) -> Self {
        Self { old, added: Vec::new(), afresh: old.parts.len() >= PARTS_MAX }
    }

    /// Room for so many more.
    pub(super) fn reserve(&mut self, n_items: usize) {
        self.added.reserve_exact(n_items);
    }

    pub(super) fn add(&mut self, item: T) -> u32 {
        let start = if self.afresh { 0 } else { self.old.len };
        self.added.push(item);
        packed(start + self.added.len() - 1)
    }

    /// Whether everything keeps its place.
    pub(super) fn shares(&self) -> bool {
        !self.afresh
    }

    /// The new place of what stands at an old one.
    pub(super) fn carry(&mut self, at: u32) -> u32 {
        match self.old.get(at).filter(|_| self.afresh) {
            Some(item) => self.add(item.clone()),
            None => at,
        }
    }

    pub(super) fn finish(self) -> Store<T> {
        let mut parts = if self.afresh { Vec::new() } else { self.old.parts.clone() };
        let start = if self.afresh { 0 } else { self.old.len };
        let len = start + self.added.len();
        if !self.added.is_empty() {
            parts.push((start, Arc::new(self.added)));
        }
        Store { parts, len }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_carried_stays_the_same_through_many_registers() {
        let mut store: Store<String> = Store::empty();
        let mut places: Vec<u32> = Vec::new();
        for round in 0..100 {
            let mut next = StoreBuilder::after(&store);
            // every third of the old ones is left behind
            places = places.iter().filter(|at| *at % 3 != 0).map(|at| next.carry(*at)).collect();
            let was: Vec<String> = places.iter().filter_map(|at| next.old.get(*at).cloned()).collect();
            places.push(next.add(format!("{round}")));
            let before = store.parts.len();
            store = next.finish();
            if before < PARTS_MAX {
                assert!(places.iter().zip(&was).all(|(at, was)| store.get(*at) == Some(was)));
            } else {
                assert_eq!(store.parts.len(), 1);
            }
            assert_eq!(places.last().and_then(|at| store.get(*at)), Some(&format!("{round}")));
        }
        assert!(store.get(u32::MAX).is_none());
    }
}
