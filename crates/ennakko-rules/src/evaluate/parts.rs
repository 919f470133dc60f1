//! A rule's day in parts, each of so many rows one after another, which threads go through side by side: the same outcomes,
//! whatever the number of parts.

use std::cell::{Cell, OnceCell, RefCell};
use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};

use ennakko_core::fact_table::SubjectKind;

use super::window::Memo;
use super::{By, Evaluator, Numbers};
use crate::kernels::BLOCK_ROWS;
use crate::rule_set::RuleSet;
use crate::walk::Ground;

/// How many threads evaluate a rule's day side by side; as many outcomes come of one as of seven, byte for byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threads(NonZeroUsize);

impl Threads {
    /// The caller's alone.
    pub const ONE: Self = Self(NonZeroUsize::MIN);

    /// So many, the caller's among them.
    pub fn new(n: NonZeroUsize) -> Self {
        Self(n)
    }
}

impl Default for Threads {
    fn default() -> Self {
        Self::ONE
    }
}

/// One part of so many.
#[derive(Clone, Copy, Debug)]
pub(super) struct PartOf {
    at: usize,
    of: usize,
}

impl PartOf {
    pub(super) const WHOLE: Self = Self { at: 0, of: 1 };
}

/// Rows of a kind, one after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RowsOfPart {
    // INVARIANT (a part): from <= to
    pub(super) from: usize,
    pub(super) to: usize,
}

impl RowsOfPart {
    /// A part of so many rows: whole blocks where there are many, else whole words of a block.
    fn of(n_rows: usize, PartOf { at, of }: PartOf) -> Self {
        let unit = if n_rows / BLOCK_ROWS < 8 * of { 64 } else { BLOCK_ROWS };
        let n_units = n_rows.div_ceil(unit);
        let end = |at: usize| (n_units * at / of * unit).min(n_rows);
        Self { from: end(at), to: end(at + 1) }
    }
}

/// What an evaluator of another part keeps from one day to the next.
pub(super) struct Other {
    ground: Ground,
    memo: Memo,
    pub(super) met_unknown: bool,
    part: PartOf,
}

impl Other {
    pub(super) fn forgetful(self) -> Self {
        Self { memo: Memo::default(), ..self }
    }
}

impl Evaluator<'_> {
    /// The same in so many threads: each goes through a part of everybody, and what comes of the parts is put together in the
    /// register's order. Each keeps a memory of its own; what is asked of one subject alone is asked in the caller's thread.
    #[must_use]
    pub fn threads(self, threads: Threads) -> Self {
        let of = threads.0.get();
        let other = |at| {
            let Ground { world, tables, mode, .. } = &self.ground;
            let Self { ground, memo, .. } = Self::with_tables(self.rules, tables.clone(), &world.register, *mode);
            Other { ground, memo: memo.into_inner(), met_unknown: false, part: PartOf { at, of } }
        };
        let others = (1..of).map(other).collect::<Vec<_>>().into();
        Self { part: PartOf { at: 0, of }, others, ..self }
    }

    /// The rows of a kind that are this part's.
    pub(super) fn rows(&self, kind: SubjectKind) -> RowsOfPart {
        RowsOfPart::of(self.ground.world.register.columns().len(kind), self.part)
    }

    /// The first row of a kind that is this part's, and of how many rows it holds what comes of them: the first part holds what
    /// comes of all of them in the end.
    pub(super) fn rows_to_hold(&self, kind: SubjectKind) -> (usize, usize) {
        let RowsOfPart { from, to } = self.rows(kind);
        let to = if self.part.at == 0 { self.ground.world.register.columns().len(kind) } else { to };
        (from, to - from)
    }

    /// The same work by each part, in the order of their rows; by threads if it is worth while.
    pub(super) fn in_parts<T: Send>(&self, worth_while: bool, work: impl Fn(&Evaluator<'_>) -> T + Sync) -> Vec<T> {
        let others = self.others.take();
        let alike = Alike { rules: self.rules, by: self.by, numbers: self.numbers.clone() };
        let by_other = |other: Other| {
            let evaluator = alike.evaluator(other);
            let came = work(&evaluator);
            (came, evaluator.into_other())
        };
        let (first, later): (T, Vec<(T, Other)>) = if worth_while && !others.is_empty() {
            let by_other = &by_other;
            thread::scope(|scope| {
                let others: Vec<_> = others.into_iter().map(|other| scope.spawn(move || by_other(other))).collect();
                let first = work(self);
                let join = |other: ScopedJoinHandle<'_, _>| other.join().unwrap_or_else(|panic| resume_unwind(panic));
                (first, others.into_iter().map(join).collect())
            })
        } else {
            (work(self), others.into_iter().map(by_other).collect())
        };
        let (later, others): (Vec<T>, Vec<Other>) = later.into_iter().unzip();
        self.others.replace(others);
        std::iter::once(first).chain(later).collect()
    }

    fn into_other(self) -> Other {
        let Self { ground, memo, met_unknown, part, .. } = self;
        Other { ground, memo: memo.into_inner(), met_unknown: met_unknown.get(), part }
    }
}

/// What evaluators of all parts share.
struct Alike<'r> {
    rules: &'r RuleSet,
    by: By,
    numbers: Arc<Numbers>,
}

impl<'r> Alike<'r> {
    fn evaluator(&self, Other { ground, memo, met_unknown, part }: Other) -> Evaluator<'r> {
        Evaluator {
            rules: self.rules,
            by: self.by,
            ground,
            engine: OnceCell::new(),
            reads: RefCell::new(None),
            met_unknown: Cell::new(met_unknown),
            numbers: self.numbers.clone(),
            memo: RefCell::new(memo),
            part,
            others: RefCell::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_one_after_another() {
        for n_rows in [0, 1, 63, 64, 65, 4_095, 4_096, 4_097, 30_000, 100_000, 700_001] {
            for of in [1, 2, 3, 7, 64] {
                let parts: Vec<RowsOfPart> = (0..of).map(|at| RowsOfPart::of(n_rows, PartOf { at, of })).collect();
                assert_eq!(parts[0].from, 0);
                assert_eq!(parts[of - 1].to, n_rows, "{n_rows} rows in {of}");
                assert!(parts.windows(2).all(|two| two[0].to == two[1].from));
                assert!(parts.iter().all(|part| part.from <= part.to && part.from % 64 == 0));
            }
        }
    }
}
