//! One row while it becomes a record: its cells one after another, and what was wrong with them.

use std::borrow::Cow;
use std::vec::IntoIter;

use ennakko_core::{Fact, UnknownReason};

use super::super::{SourceIssue, SourceProblem};
use super::cell::Told;
use super::plan::Plan;
use super::schema::{Empty, Lacking};

/// The cells of one column, taken row by row. Each is taken once for every row, whatever became of the row.
pub(super) struct Cursor<T> {
    name: Cow<'static, str>,
    empty: Empty,
    lacking: Lacking,
    cells: IntoIter<Told<T>>,
}

/// A row, and the issues of all rows.
pub(super) struct Row<'i> {
    pub(super) position: u64,
    pub(super) issues: &'i mut Vec<SourceIssue>,
    aside: bool,
}

impl<'i> Row<'i> {
    pub(super) fn at(position: u64, issues: &'i mut Vec<SourceIssue>) -> Self {
        Self { position, issues, aside: false }
    }

    /// Something is wrong with a cell, and the rest of the row is used.
    pub(super) fn wrong(&mut self, column: Cow<'static, str>, problem: SourceProblem) {
        self.issue(Some(column), problem, false);
    }

    /// The row is left out.
    pub(super) fn set_aside(&mut self, column: Option<Cow<'static, str>>, problem: SourceProblem) {
        let first = !self.aside;
        self.aside = true;
        self.issue(column, problem, first);
    }

    /// Whether it is left out.
    pub(super) fn is_aside(&self) -> bool {
        self.aside
    }

    fn issue(&mut self, group: Option<Cow<'static, str>>, problem: SourceProblem, sets_aside: bool) {
        self.issues.push(SourceIssue { position: self.position, group, problem, sets_aside });
    }
}

impl<T> Cursor<T> {
    pub(super) fn of(plan: &Plan<'_>, cells: Vec<Told<T>>) -> Self {
        Self { name: plan.name.clone(), empty: plan.empty, lacking: plan.lacking, cells: cells.into_iter() }
    }

    pub(super) fn name(&self) -> Cow<'static, str> {
        self.name.clone()
    }

    fn next(&mut self) -> Told<T> {
        self.cells.next().unwrap_or(Told::Lacking)
    }

    /// The next cell as a fact. One that cannot be read is unknown, with an issue; the row is used.
    pub(super) fn fact(&mut self, row: &mut Row<'_>) -> Fact<T> {
        let told = self.next();
        self.fact_of(told, row)
    }

    /// The same where an empty cell says nothing at all.
    pub(super) fn fact_if_given(&mut self, row: &mut Row<'_>) -> Option<Fact<T>> {
        match self.next() {
            Told::Empty if self.empty == Empty::NotGiven => None,
            told => Some(self.fact_of(told, row)),
        }
    }

    fn fact_of(&self, told: Told<T>, row: &mut Row<'_>) -> Fact<T> {
        let unknown = Fact::Unknown(UnknownReason::NotDelivered);
        match told {
            Told::Known(value) => Fact::Known(value),
            Told::None => Fact::None,
            Told::Unknown(reason) => Fact::Unknown(reason),
            Told::Lacking if self.lacking == Lacking::NoMark => Fact::None,
            Told::Lacking => unknown,
            Told::Empty => {
                if self.empty == Empty::MustBeSpelled {
                    row.wrong(self.name.clone(), SourceProblem::NothingThere);
                }
                unknown
            }
            Told::Wrong(problem) => {
                row.wrong(self.name.clone(), problem);
                unknown
            }
        }
    }

    /// The next cell, if it says anything. One that cannot be read says nothing, with an issue; the row is used.
    pub(super) fn given(&mut self, row: &mut Row<'_>) -> Option<T> {
        match self.next() {
            Told::Known(value) => Some(value),
            Told::None | Told::Unknown(_) | Told::Lacking | Told::Empty => None,
            Told::Wrong(problem) => {
                row.wrong(self.name.clone(), problem);
                None
            }
        }
    }

    /// The next cell, without which the row is set aside.
    pub(super) fn must(&mut self, row: &mut Row<'_>) -> Option<T> {
        let problem = match self.next() {
            Told::Known(value) => return Some(value),
            Told::None | Told::Unknown(_) | Told::Lacking | Told::Empty => SourceProblem::NothingThere,
            Told::Wrong(problem) => problem,
        };
        row.set_aside(Some(self.name.clone()), problem);
        None
    }

    /// The next cell as it is; what is wrong with it is the caller's to say.
    pub(super) fn told(&mut self) -> Told<T> {
        self.next()
    }
}
