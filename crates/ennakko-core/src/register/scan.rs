//! The register's columns, for whoever evaluates many rows at once. What one row has, its view says.

use std::sync::OnceLock;

use chrono::NaiveDate;

use super::{Cells, FactId, Life, Register};
use crate::column::{Column, TextColumn};
use crate::fact_table::{OnFutureDay, SubjectKind};
use crate::record::{ListState, Utilities};
use crate::value::{Fact, UnknownReason};

/// What is worked out of columns once, for whoever goes through all rows.
#[derive(Default)]
pub(super) struct Kept {
    living: OnceLock<Vec<u64>>,
    households: OnceLock<Vec<Fact<u32>>>,
    open_households: OnceLock<Vec<u64>>,
    /// Of births, and of each declared fact.
    exact: OnceLock<Vec<OnceLock<Vec<bool>>>>,
}

impl Kept {
    /// Bytes held, of what somebody has asked for.
    pub(super) fn bytes(&self) -> usize {
        fn of<T>(list: &OnceLock<Vec<T>>) -> usize {
            list.get().map_or(0, |list| size_of_val(list.as_slice()))
        }
        let exact = self.exact.get().map_or(0, |of_days| of_days.iter().map(of).sum());
        of(&self.living) + of(&self.households) + of(&self.open_households) + exact
    }
}

/// Columns of a register. Rows of persons, households and buildings are positions, from 0.
#[derive(Clone, Copy)]
pub struct Columns<'r> {
    register: &'r Register,
}

/// The column of a declared fact.
#[derive(Clone, Copy)]
pub enum CellsView<'r> {
    /// 0 is no, 1 is yes.
    Bool(&'r Column<u8>),
    /// Whole numbers.
    Int(&'r Column<i64>),
    /// The first and the last possible day, as [`day_number`](crate::day::day_number)s; both have a value or neither.
    Day {
        /// First possible days.
        first: &'r Column<i32>,
        /// Last possible days.
        last: &'r Column<i32>,
    },
    /// Texts.
    Text(&'r TextColumn),
    /// Places, which nobody reads as they are.
    Place,
}

impl Register {
    /// Its columns.
    pub fn columns(&self) -> Columns<'_> {
        Columns { register: self }
    }
}

impl<'r> Columns<'r> {
    /// Number of rows of a kind; persons include those of whom there is no record.
    pub fn len(self, kind: SubjectKind) -> usize {
        match kind {
            SubjectKind::Resident => self.register.people.keys.len(),
            SubjectKind::Household => self.register.households.keys.len(),
            SubjectKind::Building => self.register.buildings.keys.len(),
        }
    }

    /// Whether each person has a record of their own, so that they can be a subject.
    pub fn has_record(self) -> &'r [bool] {
        &self.register.people.has_record
    }

    /// Whether each person is alive.
    pub fn life(self) -> &'r [Life] {
        &self.register.people.life
    }

    /// First and last possible day of birth, as [`day_number`](crate::day::day_number)s; both have a value or neither.
    pub fn born(self) -> (&'r Column<i32>, &'r Column<i32>) {
        (&self.register.people.born_first, &self.register.people.born_last)
    }

    /// Sex as registered: 0 is female.
    pub fn sex(self) -> &'r Column<u8> {
        &self.register.people.sex
    }

    /// Mother tongues.
    pub fn language(self) -> &'r TextColumn {
        &self.register.people.language
    }

    /// Municipalities of residence: only to be compared with a code, for it may reveal where somebody lives.
    pub fn municipality(self) -> &'r TextColumn {
        &self.register.people.municipality
    }

    /// A declared fact on a day.
    ///
    /// # Errors
    /// * the reason for which nothing of it is known on that day
    pub fn declared(self, fact: FactId, on: NaiveDate) -> Result<CellsView<'r>, UnknownReason> {
        let Some(column) = self.register.facts.get(fact.0) else { return Err(UnknownReason::NotDelivered) };
        if on > self.register.day && column.declaration.on_future_day == OnFutureDay::Unknown {
            return Err(UnknownReason::FutureDay);
        }
        if column.too_old {
            return Err(UnknownReason::TooOld);
        }
        Ok(match &column.cells {
            Cells::Bool(cells) => CellsView::Bool(cells),
            Cells::Int(cells) => CellsView::Int(cells),
            Cells::Day { first, last } => CellsView::Day { first, last },
            Cells::Text(cells) => CellsView::Text(cells),
            Cells::Place(_) => CellsView::Place,
        })
    }

    /// A bit for each person who has a record and is not dead, the first in the lowest bit of the first word.
    pub fn living(self) -> &'r [u64] {
        self.register.kept.living.get_or_init(|| {
            let of_word = |(life, has_record): (&[Life], &[bool])| {
                let mut word = 0;
                for (bit, (life, has_record)) in life.iter().zip(has_record).enumerate() {
                    word |= u64::from(*has_record && *life != Life::Dead) << bit;
                }
                word
            };
            self.life().chunks(64).zip(self.has_record().chunks(64)).map(of_word).collect()
        })
    }

    /// Of births, for each [`BLOCK_ROWS`](crate::column::BLOCK_ROWS) rows, whether every day is known to the day where it is
    /// known at all.
    pub fn exact_births(self) -> &'r [bool] {
        let (first, last) = self.born();
        self.exact(0, first, last)
    }

    /// Of a declared day, likewise.
    pub fn exact_days(self, fact: FactId) -> Option<&'r [bool]> {
        let Cells::Day { first, last } = &self.register.facts.get(fact.0)?.cells else { return None };
        Some(self.exact(fact.0 + 1, first, last))
    }

    fn exact(self, at: usize, first: &Column<i32>, last: &Column<i32>) -> &'r [bool] {
        let n = self.register.facts.len() + 1;
        let all = self.register.kept.exact.get_or_init(|| (0..n).map(|_| OnceLock::new()).collect());
        all[at].get_or_init(|| {
            first.chunks().zip(last.chunks()).flat_map(|(first, last)| first.same_by_block(&last)).collect()
        })
    }

    /// A bit for each household of which others may be members too, the first in the lowest bit of the first word.
    pub fn open_households(self) -> &'r [u64] {
        self.register.kept.open_households.get_or_init(|| {
            let of_word = |states: &[ListState]| {
                let open = states.iter().enumerate();
                open.fold(0, |word, (bit, state)| word | u64::from(matches!(state, ListState::Open(_))) << bit)
            };
            self.register.households.state.chunks(64).map(of_word).collect()
        })
    }

    /// The household of each person: its row, none, or unknown.
    pub fn households(self) -> &'r [Fact<u32>] {
        self.register.kept.households.get_or_init(|| self.find_households())
    }

    fn find_households(self) -> Vec<Fact<u32>> {
        let households = &self.register.households;
        let mut of: Vec<Fact<u32>> = (0..self.register.people.keys.len())
            .map(|at| match self.register.people.dwelling.get(at) {
                Fact::Unknown(reason) => Fact::Unknown(reason),
                Fact::Known(_) | Fact::None => Fact::None,
            })
            .collect();
        for (household, _) in (0_u32..).zip(&households.keys) {
            for member in households.members_of(household as usize) {
                of[member.position()] = Fact::Known(household);
            }
        }
        of
    }

    /// The rows of a household's members, and whether these are all.
    pub fn members(self, household: usize) -> (impl Iterator<Item = usize>, ListState) {
        let members = self.register.households.members_of(household).iter().map(|row| row.position());
        let state = self.register.households.state.get(household).copied();
        (members, state.unwrap_or(ListState::Open(UnknownReason::NoRecord)))
    }

    /// The building of a person's permanent dwelling, if it is known.
    pub fn home_building(self, person: usize) -> Option<usize> {
        let dwelling = self.register.people.dwelling.get(person).known()?;
        self.register.dwellings.building.get(dwelling as usize).copied().flatten().map(super::BuildingRow::position)
    }

    /// Intended use of buildings.
    pub fn intended_use(self) -> &'r TextColumn {
        &self.register.buildings.intended_use
    }

    /// Years of completion.
    pub fn built_year(self) -> &'r Column<i64> {
        &self.register.buildings.built_year
    }

    /// Storeys.
    pub fn storeys(self) -> &'r Column<i64> {
        &self.register.buildings.storeys
    }

    /// Numbers of dwellings.
    pub fn dwellings(self) -> &'r Column<i64> {
        &self.register.buildings.dwellings
    }

    /// Gross areas, whole square metres.
    pub fn area_m2(self) -> &'r Column<i64> {
        &self.register.buildings.area_m2
    }

    /// Equipment of buildings.
    pub fn facilities(self) -> &'r [Utilities] {
        &self.register.buildings.facilities
    }

    /// Connections of buildings.
    pub fn connections(self) -> &'r [Utilities] {
        &self.register.buildings.connections
    }
}
