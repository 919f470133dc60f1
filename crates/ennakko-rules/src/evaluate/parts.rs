//! A rule's day in parts, each of so many rows one after another, which threads go through side by side: the same outcomes,
//! whatever the number of parts.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::thread;

use ennakko_core::fact_table::SubjectKind;

use super::{Evaluator, Mode};
use crate::kernels::BLOCK_ROWS;

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
pub(super) struct Rows {
    // INVARIANT (a part): from <= to
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Rows {
    /// A part of so many rows: whole blocks where there are many, else whole words of a block.
    fn of(n_rows: usize, PartOf { at, of }: PartOf) -> Self {
        let unit = if n_rows / BLOCK_ROWS < 8 * of { 64 } else { BLOCK_ROWS };
        let n_units = n_rows.div_ceil(unit);
        let end = |at: usize| (n_units * at / of * unit).min(n_rows);
        Self { from: end(at), to: end(at + 1) }
    }
}

impl Evaluator<'_> {
    /// The same in so many threads. Each has a memory of its own, so that what is asked of one subject alone is not told by
    /// what was found for all.
    #[must_use]
    pub fn threads(mut self, threads: Threads) -> Self {
        let of = threads.0.get();
        let others = (1..of).map(|at| Self {
            part: PartOf { at, of },
            ..Self::with_tables(self.rules, self.ground.tables.clone(), self.register(), self.mode()).by(self.by)
        });
        let others = others.collect::<Vec<_>>().into();
        self.part = PartOf { at: 0, of };
        self.others = others;
        self
    }

    fn mode(&self) -> Mode {
        self.ground.mode
    }

    /// The rows of a kind that are this part's.
    pub(super) fn rows(&self, kind: SubjectKind) -> Rows {
        Rows::of(self.ground.world.register.columns().len(kind), self.part)
    }

    /// The same work by each part, in the order of their rows; by threads if it is worth while.
    pub(super) fn in_parts<T: Send>(&self, worth_while: bool, work: impl Fn(&Evaluator<'_>) -> T + Sync) -> Vec<T> {
        let mut others = self.others.borrow_mut();
        if !worth_while {
            return std::iter::once(work(self)).chain(others.iter().map(&work)).collect();
        }
        let work = &work;
        thread::scope(|scope| {
            let others: Vec<_> = others.iter_mut().map(|other| scope.spawn(move || work(other))).collect();
            let first = work(self);
            let later = others.into_iter().map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic)));
            std::iter::once(first).chain(later).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_one_after_another() {
        for n_rows in [0, 1, 63, 64, 65, 4_095, 4_096, 4_097, 30_000, 100_000, 700_001] {
            for of in [1, 2, 3, 7, 64] {
                let parts: Vec<Rows> = (0..of).map(|at| Rows::of(n_rows, PartOf { at, of })).collect();
                assert_eq!(parts[0].from, 0);
                assert_eq!(parts[of - 1].to, n_rows, "{n_rows} rows in {of}");
                assert!(parts.windows(2).all(|two| two[0].to == two[1].from));
                assert!(parts.iter().all(|part| part.from <= part.to && part.from % 64 == 0));
            }
        }
    }
}
