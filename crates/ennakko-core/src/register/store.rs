//! What rules do not read (names, addresses, lists of owners): kept apart from the columns, which hold places in here.
//!
//! A later register shares what the one before holds and adds its own, so that a day's changes copy no names.

use std::sync::Arc;

use super::rows::packed;

/// Parts after which everything is put into one: what no row points to any more is let go then.
const PARTS_MAX: usize = 32;

/// Items of one part of a store, one after another.
pub(super) trait Part: Default {
    /// An item, where it is kept.
    type Item<'a>
    where
        Self: 'a;

    fn len(&self) -> usize;

    fn get(&self, at: usize) -> Option<Self::Item<'_>>;

    fn add(&mut self, item: Self::Item<'_>);

    /// Room for so many more.
    fn reserve(&mut self, n_items: usize);

    /// Nothing is added any more.
    fn close(&mut self);
}

impl<T: Clone> Part for Vec<T> {
    type Item<'a>
        = &'a T
    where
        T: 'a;

    fn len(&self) -> usize {
        self.len()
    }

    fn get(&self, at: usize) -> Option<&T> {
        self.as_slice().get(at)
    }

    fn add(&mut self, item: &T) {
        self.push(item.clone());
    }

    fn reserve(&mut self, n_items: usize) {
        self.reserve_exact(n_items);
    }

    fn close(&mut self) {
        self.shrink_to_fit();
    }
}

pub(super) struct Store<P> {
    // INVARIANT (offsets): each part begins where the one before it ends
    parts: Vec<(usize, Arc<P>)>,
    len: usize,
}

impl<P: Part> Store<P> {
    pub(super) fn empty() -> Self {
        Self { parts: Vec::new(), len: 0 }
    }

    pub(super) fn get(&self, at: u32) -> Option<P::Item<'_>> {
        let at = at as usize;
        let part = self.parts.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
        let (start, items) = self.parts.get(part)?;
        items.get(at - start)
    }

    /// Bytes held, by how many a part takes.
    pub(super) fn bytes(&self, of: impl Fn(&P) -> usize) -> usize {
        self.parts.iter().map(|(_, items)| of(items)).sum()
    }
}

/// A store while it is added to.
pub(super) struct StoreBuilder<'a, P> {
    old: &'a Store<P>,
    added: P,
    /// Whether everything is put into one part.
    afresh: bool,
}

impl<'a, P: Part> StoreBuilder<'a, P> {
    pub(super) fn after(old: &'a Store<P>) -> Self {
        Self { old, added: P::default(), afresh: old.parts.len() >= PARTS_MAX }
    }

    /// Room for so many more.
    pub(super) fn reserve(&mut self, n_items: usize) {
        self.added.reserve(n_items);
    }

    pub(super) fn add(&mut self, item: P::Item<'_>) -> u32 {
        let start = if self.afresh { 0 } else { self.old.len };
        self.added.add(item);
        packed(start + self.added.len() - 1)
    }

    /// Whether everything keeps its place.
    pub(super) fn shares(&self) -> bool {
        !self.afresh
    }

    /// The new place of what stands at an old one.
    pub(super) fn carry(&mut self, at: u32) -> u32 {
        let old = self.old;
        match old.get(at).filter(|_| self.afresh) {
            Some(item) => self.add(item),
            None => at,
        }
    }

    pub(super) fn finish(mut self) -> Store<P> {
        let mut parts = if self.afresh { Vec::new() } else { self.old.parts.clone() };
        let start = if self.afresh { 0 } else { self.old.len };
        let len = start + self.added.len();
        if self.added.len() > 0 {
            self.added.close();
            parts.push((start, Arc::new(self.added)));
        }
        Store { parts, len }
    }
}

#[cfg(test)]
mod tests {
    use super::super::texts::{Name, Texts};
    use super::*;
    use crate::record::Names;

    /// A store of what items `of` a number make, through a hundred registers.
    fn carried<P: Part>(add: impl Fn(&mut StoreBuilder<'_, P>, usize) -> u32, is: impl Fn(P::Item<'_>, usize) -> bool) {
        let mut store: Store<P> = Store::empty();
        // each place with the number of the round that it is of
        let mut places: Vec<(u32, usize)> = Vec::new();
        for round in 0..100 {
            let mut next = StoreBuilder::after(&store);
            // every third of the old ones is left behind
            places.retain(|(at, _)| *at % 3 != 0);
            for (at, _) in &mut places {
                *at = next.carry(*at);
            }
            places.push((add(&mut next, round), round));
            let before = store.parts.len();
            store = next.finish();
            if before >= PARTS_MAX {
                assert_eq!(store.parts.len(), 1);
            }
            assert!(places.iter().all(|(at, of)| store.get(*at).is_some_and(|item| is(item, *of))), "round {round}");
        }
        assert!(store.get(u32::MAX).is_none());
    }

    #[test]
    fn what_is_carried_stays_the_same_through_many_registers() {
        carried::<Vec<String>>(
            |store, round| store.add(&format!("{round}")),
            |text, round| *text == format!("{round}"),
        );
    }

    #[test]
    fn names_stay_the_same_through_many_registers() {
        let texts = |round: usize| ("Å".repeat(round * 40), format!("suku{round}"));
        carried::<Texts<Names>>(
            |store, round| {
                let (given, family) = texts(round);
                store.add(Name { given: &given, family: &family })
            },
            |name, round| (name.given, name.family) == (&texts(round).0, &texts(round).1),
        );
    }
}
