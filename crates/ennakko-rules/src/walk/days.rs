//! Days on which an answer stays the same.

use chrono::NaiveDate;

/// Days on which something is the same, from the first to before the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
}

impl Days {
    pub(crate) const ALL: Self = Self { from: NaiveDate::MIN, to: NaiveDate::MAX };

    pub(crate) fn one(day: NaiveDate) -> Self {
        Self { from: day, to: day.succ_opt().unwrap_or(NaiveDate::MAX) }
    }

    pub(crate) fn has(self, day: NaiveDate) -> bool {
        self.from <= day && day < self.to
    }

    /// The days that are in both.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), to: self.to.min(other.to) }
    }
}
