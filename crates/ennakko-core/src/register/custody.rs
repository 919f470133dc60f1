//! Pairs of a child and a custodian, and of somebody and their guardian, tied to rows.

use super::build::{Builder, Of};
use super::people::{Known, rows_of};
use super::rows::{NO_ROW, Rows};
use super::{Custody, Pair, ResidentRow};
use crate::issue::{Problem, RecordKind};
use crate::key::ResidentKey;
use crate::record::{CustodyRecord, CustodyRight, Names, Who};

/// A pair whose people are known, with the position of its record; 0 for one that has waited for its child.
pub(super) struct KeyedPair {
    child: ResidentKey,
    custodian: ResidentKey,
    position: usize,
    record: CustodyRecord,
}

/// A pair at the row of its child, while pairs are put in order.
struct RowPair {
    child: u32,
    pair: Pair,
    rights: Vec<CustodyRight>,
    position: usize,
}

impl Custody {
    pub(super) fn empty() -> Self {
        Self { offsets: vec![0], pairs: Vec::new(), rights: Vec::new() }
    }

    /// Positions of a child's pairs.
    pub(super) fn positions(&self, child: usize) -> std::ops::Range<usize> {
        match (self.offsets.get(child), self.offsets.get(child + 1)) {
            (Some(from), Some(to)) => *from as usize..*to as usize,
            _ => 0..0,
        }
    }

    /// A child's pairs, in the order of the custodians' keys.
    pub(super) fn of(&self, child: usize) -> &[Pair] {
        &self.pairs[self.positions(child)]
    }

    /// The rights of the pair at a position.
    pub(super) fn rights_of(&self, position: usize) -> &[CustodyRight] {
        if self.rights.is_empty() {
            return &[];
        }
        let found = self.rights.binary_search_by_key(&position, |(at, _)| *at as usize);
        found.ok().and_then(|found| self.rights.get(found)).map_or(&[], |(_, rights)| rights)
    }

    fn push(&mut self, pair: Pair, rights: Vec<CustodyRight>) {
        if !rights.is_empty() {
            self.rights.push((super::rows::packed(self.pairs.len()), rights.into()));
        }
        self.pairs.push(pair);
    }
}

impl Builder<'_> {
    /// Pairs by key. A pair whose child has no record waits: the record may come with a later batch.
    pub(super) fn keyed_pairs(&mut self, known: &Known, custody: Vec<(Of, CustodyRecord)>) -> Vec<KeyedPair> {
        let replaced = self.replaced_custody.clone();
        let waited = std::mem::take(&mut self.waiting.custody).into_iter().map(|record| (0, Of::Anybody, record));
        let delivered = (1..).zip(custody).map(|(position, (of, record))| (position, of, record));
        let mut pairs = Vec::new();
        for (position, of, mut record) in waited.chain(delivered) {
            let meant = self.key_of(&record.child);
            let child = match of {
                Of::Anybody => meant,
                Of::Person(key) => key.filter(|key| meant == Some(*key)),
            };
            if position == 0 && child.is_some_and(|child| replaced.binary_search(&child).is_ok()) {
                continue;
            }
            let Some(child) = child.filter(|child| self.has_record(known, *child)) else {
                self.found(RecordKind::Custody, position, Problem::NoSuchSubject);
                if of == Of::Anybody && !matches!(record.child, Who::Described(..)) {
                    self.waiting.custody.push(record);
                }
                continue;
            };
            let Some(custodian) = self.key_for(&record.custodian, Some(child)) else {
                self.found(RecordKind::Custody, position, Problem::NoKeyAndNoCode);
                continue;
            };
            record.rights.sort_unstable();
            pairs.push(KeyedPair { child, custodian, position, record });
        }
        pairs
    }

    /// All pairs at their rows: those delivered, and the old ones of children whose pairs are not replaced.
    pub(super) fn custody(&mut self, keys: &[ResidentKey], rows: &Rows, mut keyed: Vec<KeyedPair>) -> Custody {
        keyed.sort_unstable_by_key(|pair| pair.custodian);
        let custodians = rows_of(keys, keyed.iter().map(|pair| pair.custodian));
        let mut order: Vec<(ResidentKey, usize)> = keyed.iter().map(|pair| pair.child).zip(0..).collect();
        order.sort_unstable();
        let children = rows_of(keys, order.iter().map(|(child, _)| *child));
        let mut child_of = vec![NO_ROW; keyed.len()];
        for ((_, at), child) in order.into_iter().zip(children) {
            child_of[at] = child;
        }
        let mut delivered: Vec<RowPair> = Vec::with_capacity(keyed.len());
        for ((KeyedPair { position, record, .. }, custodian), child) in keyed.into_iter().zip(custodians).zip(child_of)
        {
            let Some(custodian) = ResidentRow::at(custodian as usize) else { continue };
            let CustodyRecord { kind, from, until, may_decide, rights, .. } = record;
            let pair = Pair { custodian, kind, from, until, may_decide };
            delivered.push(RowPair { child, pair, rights, position });
        }
        delivered.sort_unstable_by(|a, b| {
            (a.child, &a.pair, &a.rights, a.position).cmp(&(b.child, &b.pair, &b.rights, b.position))
        });
        let mut custody = Custody::empty();
        custody.offsets.reserve(rows.len());
        custody.pairs.reserve(self.old.custody.pairs.len() + delivered.len());
        let mut delivered = delivered.into_iter().peekable();
        let replaced = std::mem::take(&mut self.replaced_custody);
        for (row, (was, _)) in rows.iter().enumerate() {
            let mut of_child: Vec<RowPair> = Vec::new();
            while let Some(pair) = delivered.next_if(|pair| pair.child as usize == row) {
                of_child.push(pair);
            }
            let stays =
                |was: &usize| replaced.is_empty() || replaced.binary_search(&self.old.people.keys[*was]).is_err();
            if let Some(was) = was.filter(|was| !self.old.custody.positions(*was).is_empty()).filter(stays) {
                let old = &self.old.custody;
                let carried = old.positions(was).filter_map(|at| {
                    let pair = old.pairs[at];
                    let custodian = rows.now(pair.custodian.position()).and_then(ResidentRow::at)?;
                    let rights = old.rights_of(at).to_vec();
                    Some(RowPair { child: 0, pair: Pair { custodian, ..pair }, rights, position: 0 })
                });
                if of_child.is_empty() {
                    for RowPair { pair, rights, .. } in carried {
                        custody.push(pair, rights);
                    }
                } else {
                    of_child.extend(carried);
                    of_child.sort_unstable_by(|a, b| {
                        (&a.pair, &a.rights, a.position).cmp(&(&b.pair, &b.rights, b.position))
                    });
                }
            }
            let mut last: Option<(Pair, Vec<CustodyRight>)> = None;
            for RowPair { pair, rights, position, .. } in of_child {
                if last.as_ref().is_some_and(|(other, of)| *other == pair && *of == rights) {
                    self.found(RecordKind::Custody, position, Problem::Duplicate);
                } else {
                    self.used(position);
                    custody.push(pair, rights.clone());
                    last = Some((pair, rights));
                }
            }
            custody.offsets.push(super::rows::packed(custody.pairs.len()));
        }
        custody
    }
}

/// Everybody whom pairs refer to, with the name of somebody who is only described.
pub(super) fn referred(pairs: &[KeyedPair]) -> Vec<(ResidentKey, Option<Names>)> {
    let names = |who: &Who| match who {
        Who::Described(names, _) => Some(names.clone()),
        Who::Key(_) | Who::Code(_) => None,
    };
    pairs.iter().map(|pair| (pair.custodian, names(&pair.record.custodian))).collect()
}
