//! Three-valued truth: *no*, *unknown*, *yes*. Not for two-valued answers; those are `bool`.
//!
//! The connectives are strong Kleene logic: an answer is decided whenever every completion of the unknowns agrees.

use std::ops::Not;

/// What is true of a statement: no, not known, yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// Decided: it does not hold.
    No,
    /// Not decided: at least one fact needed for the answer is unknown.
    Unknown,
    /// Decided: it holds.
    Yes,
}

impl Truth {
    /// The weaker of the two: *no* wins over *unknown*, *unknown* over *yes*.
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// The stronger of the two: *yes* wins over *unknown*, *unknown* over *no*.
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// All must hold; of nothing at all: yes.
    pub fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        truths.into_iter().fold(Self::Yes, Self::and)
    }

    /// One is enough; of nothing at all: no.
    pub fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        truths.into_iter().fold(Self::No, Self::or)
    }

    /// Whether it is decided and holds.
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }

    /// Whether it is decided and does not hold.
    pub fn is_no(self) -> bool {
        self == Self::No
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, No, Unknown, Yes};

    #[test]
    fn connectives_are_strong_kleene() {
        let completions = |t: Truth| match t {
            No => vec![false],
            Yes => vec![true],
            Unknown => vec![false, true],
        };
        for a in [No, Unknown, Yes] {
            for b in [No, Unknown, Yes] {
                let over = |f: fn(bool, bool) -> bool| {
                    let mut seen: Vec<bool> = completions(a)
                        .into_iter()
                        .flat_map(|x| completions(b).into_iter().map(move |y| f(x, y)))
                        .collect();
                    seen.sort_unstable();
                    seen.dedup();
                    if seen.len() == 2 { Unknown } else { Truth::from(seen[0]) }
                };
                assert_eq!(a.and(b), over(|x, y| x && y), "{a:?} and {b:?}");
                assert_eq!(a.or(b), over(|x, y| x || y), "{a:?} or {b:?}");
            }
            assert_eq!(!!a, a);
        }
        assert_eq!(Truth::all([]), Yes);
        assert_eq!(Truth::any([]), No);
    }
}
