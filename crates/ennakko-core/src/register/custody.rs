//! Pairs of a child and a custodian, and of somebody and their guardian, tied to rows.

use std::iter::Peekable;
use std::ops::Range;

use chrono::NaiveDate;

use super::build::{Builder, Of};
use super::people::{Known, PersonRows};
use super::rows::{Rows, Run, packed};
use super::{Custody, Pair, Register, ResidentRow};
use crate::issue::{Problem, RecordKind};
use crate::key::ResidentKey;
use crate::record::{CustodyKind, CustodyRecord, CustodyRight, Names, Who};
use crate::value::Fact;

/// A pair whose people are known, with the position of its record; 0 for one that has waited for its child.
pub(super) struct KeyedPair {
    child: ResidentKey,
    custodian: ResidentKey,
    /// Of a custodian who is only described.
    names: Option<Box<Names>>,
    kind: CustodyKind,
    from: Fact<NaiveDate>,
    until: Fact<NaiveDate>,
    may_decide: Fact<bool>,
    rights: Vec<CustodyRight>,
    position: usize,
}

/// A pair at the row of its child, while pairs are put in order.
struct RowPair {
    child: u32,
    pair: Pair,
    rights: Vec<CustodyRight>,
    position: usize,
}

/// All pairs at their rows, with what was found on the way.
pub(super) struct Tied<'a> {
    old: &'a Register,
    custody: Custody,
    /// Rows of children of whom a pair has come, or a custodian is somebody else now.
    touched: Vec<u32>,
    /// How many records are used, and the positions of those that say what another one does.
    n_used: usize,
    duplicates: Vec<usize>,
}

impl Custody {
    pub(super) fn empty() -> Self {
        Self { offsets: vec![0], pairs: Vec::new(), rights: Vec::new() }
    }

    /// Positions of a child's pairs.
    pub(super) fn positions(&self, child: usize) -> Range<usize> {
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
            self.rights.push((packed(self.pairs.len()), rights.into()));
        }
        self.pairs.push(pair);
    }

    /// The pairs of old rows of children, as they were.
    fn carry(&mut self, old: &Self, rows: &Rows, children: Range<usize>) {
        let Some((start, ends)) = old.offsets.get(children.start..=children.end).and_then(<[u32]>::split_first) else {
            return;
        };
        let first = self.pairs.len();
        let positions = *start as usize..ends.last().map_or(*start, |end| *end) as usize;
        for pair in &old.pairs[positions.clone()] {
            // whoever pairs that stay refer to stays
            let custodian = moved(pair.custodian, rows).unwrap_or(pair.custodian);
            self.pairs.push(Pair { custodian, ..*pair });
        }
        self.offsets.extend(ends.iter().map(|end| packed(first + (*end - *start) as usize)));
        let from = old.rights.partition_point(|(at, _)| (*at as usize) < positions.start);
        for (at, rights) in old.rights[from..].iter().take_while(|(at, _)| (*at as usize) < positions.end) {
            self.rights.push((packed(first + *at as usize - positions.start), rights.clone()));
        }
    }
}

impl Builder<'_> {
    /// Pairs by key, with whose each of them must be. A pair whose child has no record waits: the record may come with a
    /// later batch.
    pub(super) fn keyed_pairs(&mut self, known: &Known, custody: Vec<CustodyRecord>, of: &[Of]) -> Vec<KeyedPair> {
        let mut pairs = Vec::with_capacity(custody.len());
        let replaced = self.replaced_custody.clone();
        let waited = std::mem::take(&mut self.waiting.custody);
        for (record, keys) in self.with_keys(waited) {
            if keys[0].is_none_or(|child| replaced.binary_search(&child).is_err()) {
                pairs.extend(self.keyed_pair(known, record, keys, (0, Of::Anybody)));
            }
        }
        for (at, (record, keys)) in self.with_keys(custody).enumerate() {
            let of = of.get(at).copied().unwrap_or(Of::Anybody);
            pairs.extend(self.keyed_pair(known, record, keys, (at + 1, of)));
        }
        pairs
    }

    /// Each record with the keys of its child and of its custodian, as far as the table or the reference tells them.
    fn with_keys(
        &self,
        records: Vec<CustodyRecord>,
    ) -> impl Iterator<Item = (CustodyRecord, [Option<ResidentKey>; 2])> + use<> {
        let keys = self.keys_of(records.iter().flat_map(|record| [&record.child, &record.custodian]));
        let mut keys = keys.into_iter();
        records.into_iter().map(move |record| (record, [keys.next().flatten(), keys.next().flatten()]))
    }

    fn keyed_pair(
        &mut self,
        known: &Known,
        mut record: CustodyRecord,
        [meant, custodian]: [Option<ResidentKey>; 2],
        (position, of): (usize, Of),
    ) -> Option<KeyedPair> {
        let child = match of {
            Of::Anybody => meant,
            Of::Person(key) => key.filter(|key| meant == Some(*key)),
        };
        let Some(child) = child.filter(|child| self.has_record(known, *child)) else {
            self.found(RecordKind::Custody, position, Problem::NoSuchSubject);
            if of == Of::Anybody && !matches!(record.child, Who::Described(..)) {
                self.waiting.custody.push(record);
            }
            return None;
        };
        let Some(custodian) = custodian.or_else(|| self.key_for(&record.custodian, Some(child))) else {
            self.found(RecordKind::Custody, position, Problem::NoKeyAndNoCode);
            return None;
        };
        record.rights.sort_unstable();
        let CustodyRecord { custodian: who, kind, from, until, may_decide, rights, .. } = record;
        let names = match who {
            Who::Described(names, _) => Some(names),
            Who::Key(_) | Who::Code(_) => None,
        };
        Some(KeyedPair { child, custodian, names, kind, from, until, may_decide, rights, position })
    }

    /// Takes in what was found while pairs were tied to rows.
    pub(super) fn take_in(&mut self, tied: Tied<'_>) -> Custody {
        self.touched.extend(tied.touched);
        for position in tied.duplicates {
            self.found(RecordKind::Custody, position, Problem::Duplicate);
        }
        self.tally.used += tied.n_used;
        tied.custody
    }
}

impl<'a> Tied<'a> {
    /// All pairs at their rows: those delivered, and the old ones of children whose pairs are not replaced.
    pub(super) fn of(
        keyed: Vec<KeyedPair>,
        (people, rows): (&PersonRows<'_>, &Rows),
        old: &'a Register,
        replaced: &'a [ResidentKey],
    ) -> Self {
        let at_rows = keyed.into_iter().filter_map(|keyed| {
            let KeyedPair { kind, from, until, may_decide, rights, position, .. } = keyed;
            let custodian = ResidentRow::at(people.row(keyed.custodian)?)?;
            let pair = Pair { custodian, kind, from, until, may_decide };
            Some(RowPair { child: packed(people.row(keyed.child)?), pair, rights, position })
        });
        let mut delivered: Vec<RowPair> = at_rows.collect();
        delivered.sort_unstable_by(|a, b| {
            (a.child, &a.pair, &a.rights, a.position).cmp(&(b.child, &b.pair, &b.rights, b.position))
        });
        let touched = delivered.iter().map(|pair| pair.child).collect();
        let mut custody = Custody::empty();
        custody.offsets.reserve(rows.len());
        custody.pairs.reserve(old.custody.pairs.len() + delivered.len());
        let mut tied = Self { old, custody, touched, n_used: 0, duplicates: Vec::new() };
        let mut delivered = delivered.into_iter().peekable();
        let mut turned_out = tied.with_a_custodian_who_followed(rows).into_iter().peekable();
        let stays = |was: usize| replaced.binary_search(&old.people.keys[was]).is_err();
        let mut row = 0;
        for run in rows.runs() {
            match run {
                Run::Kept(range) => {
                    let mut next = range.start;
                    while next < range.end {
                        // up to the next child of whom a pair has come, or is of somebody else now
                        while turned_out.next_if(|child| *child < row).is_some() {}
                        let left = delivered.peek().map_or(usize::MAX, |pair| pair.child as usize - row);
                        let left = turned_out.peek().map_or(left, |child| left.min(*child - row));
                        let to = range.end.min(next.saturating_add(left));
                        tied.custody.carry(&old.custody, rows, next..to);
                        row += to - next;
                        next = to;
                        if next < range.end {
                            tied.pairs_of(row, Some(next), rows, &mut delivered);
                            row += 1;
                            next += 1;
                        }
                    }
                }
                Run::New(places) => {
                    for _ in places.clone() {
                        tied.pairs_of(row, None, rows, &mut delivered);
                        row += 1;
                    }
                }
                Run::Again { was, .. } => {
                    tied.pairs_of(row, Some(*was).filter(|was| stays(*was)), rows, &mut delivered);
                    row += 1;
                }
            }
        }
        tied
    }

    /// New rows of children whose custodian turned out to be somebody else, in order.
    fn with_a_custodian_who_followed(&mut self, rows: &Rows) -> Vec<usize> {
        if rows.followed().is_empty() {
            return Vec::new();
        }
        let old = &self.old.custody;
        let followed = |pair: &Pair| rows.followed().iter().any(|(was, _)| *was == pair.custodian.position());
        let children = (0..self.old.people.keys.len()).filter(|child| old.of(*child).iter().any(followed));
        let children: Vec<usize> = children.filter_map(|child| rows.now(child)).collect();
        self.touched.extend(children.iter().map(|child| packed(*child)));
        children
    }

    /// The pairs of one child: those delivered, and those it had, if they stay.
    fn pairs_of(
        &mut self,
        row: usize,
        stay: Option<usize>,
        rows: &Rows,
        delivered: &mut Peekable<impl Iterator<Item = RowPair>>,
    ) {
        let old = &self.old.custody;
        let mut last: Option<(Pair, Vec<CustodyRight>)> = None;
        let mut of_child: Vec<RowPair> = Vec::new();
        while let Some(pair) = delivered.next_if(|pair| pair.child as usize == row) {
            of_child.push(pair);
        }
        if let Some(was) = stay {
            let carried = old.positions(was).filter_map(|at| {
                let pair = Pair { custodian: moved(old.pairs[at].custodian, rows)?, ..old.pairs[at] };
                Some(RowPair { child: 0, pair, rights: old.rights_of(at).to_vec(), position: 0 })
            });
            let n_delivered = of_child.len();
            of_child.extend(carried);
            // somebody who turned out to be another may stand elsewhere in the order, or twice
            if of_child.len() > n_delivered && (n_delivered > 0 || !rows.followed().is_empty()) {
                of_child
                    .sort_unstable_by(|a, b| (&a.pair, &a.rights, a.position).cmp(&(&b.pair, &b.rights, b.position)));
            }
        }
        for RowPair { pair, rights, position, .. } in of_child {
            if last.as_ref().is_some_and(|(other, of)| *other == pair && *of == rights) {
                self.duplicates.push(position);
            } else {
                self.n_used += usize::from(position > 0);
                self.custody.push(pair, rights.clone());
                last = Some((pair, rights));
            }
        }
        self.custody.offsets.push(packed(self.custody.pairs.len()));
    }
}

/// The row that a custodian's old one has become.
fn moved(custodian: ResidentRow, rows: &Rows) -> Option<ResidentRow> {
    rows.now(custodian.position()).and_then(ResidentRow::at)
}

/// Everybody whom pairs refer to, with the name of somebody who is only described.
pub(super) fn referred(pairs: &mut [KeyedPair]) -> Vec<(ResidentKey, Option<Box<Names>>)> {
    pairs.iter_mut().map(|pair| (pair.custodian, pair.names.take())).collect()
}
