//! Facts of other city registers: rows tied to their subjects, tables carried over.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;

use super::build::Builder;
use super::people::PersonRows;
use super::rows::{Rows, Run};
use super::view::absent_value;
use super::{BuildingRow, Buildings, Cells, FactColumn};
use crate::column::{ColumnBuilder, TextBuilder};
use crate::day::{PartialDate, day_number};
use crate::fact_table::{FactDeclaration, FactType, SubjectKind};
use crate::issue::{Problem, RecordKind};
use crate::record::{FactDelivery, FactOf, FactRow, Names, Who};
use crate::value::{Fact, UnknownReason, Value};

/// Of which subjects a fact may be other than before.
pub(super) enum Anew {
    /// A whole table has come.
    All,
    /// Only of those in these rows, of whom a row has waited. Ascending.
    Rows(Vec<usize>),
}

/// The subjects that facts are tied to, and where each of them was before.
pub(super) struct Subjects<'a> {
    pub(super) people: &'a PersonRows<'a>,
    pub(super) person_rows: &'a Rows,
    pub(super) buildings: &'a Buildings,
    pub(super) building_rows: &'a Rows,
    pub(super) n_households: usize,
}

impl Subjects<'_> {
    fn len(&self, of: SubjectKind) -> usize {
        match of {
            SubjectKind::Resident => self.person_rows.len(),
            SubjectKind::Household => self.n_households,
            SubjectKind::Building => self.buildings.keys.len(),
        }
    }
}

impl Builder<'_> {
    /// Every fact as a column: those delivered in place of those of the same name, the others carried over.
    pub(super) fn facts(
        &mut self,
        deliveries: Vec<FactDelivery>,
        subjects: &Subjects<'_>,
    ) -> (Vec<FactColumn>, Vec<Anew>) {
        let named = |declaration: &FactDeclaration| (declaration.subject, declaration.name.clone());
        let mut deliveries: Vec<Option<FactDelivery>> = deliveries.into_iter().map(Some).collect();
        let mut columns = Vec::new();
        for column in &self.old.facts {
            let same = deliveries.iter_mut().find(|other| {
                other.as_ref().is_some_and(|other| named(&other.declaration) == named(&column.declaration))
            });
            columns.push(match same.and_then(Option::take) {
                Some(delivery) => self.fact(delivery, subjects),
                None => self.carried(column, subjects),
            });
        }
        for delivery in deliveries.into_iter().flatten() {
            columns.push(self.fact(delivery, subjects));
        }
        columns.into_iter().unzip()
    }

    fn is_too_old(&self, declaration: &FactDeclaration, delivered_on: NaiveDate) -> bool {
        self.day.signed_duration_since(delivered_on).num_days() > i64::from(declaration.fresh_days)
    }

    fn fact(&mut self, delivery: FactDelivery, subjects: &Subjects<'_>) -> (FactColumn, Anew) {
        let FactDelivery { declaration, delivered_on, rows } = delivery;
        let mut cells: Vec<Option<Fact<Value>>> = vec![None; subjects.len(declaration.subject)];
        let mut waiting = Vec::new();
        let at = self.subject_rows(&declaration, &rows, subjects);
        for ((position, row), at) in (1..).zip(rows).zip(at) {
            let problem = match (at, &row.value) {
                (None, _) => {
                    if can_come(&declaration, &row.of) {
                        waiting.push(row);
                    }
                    Some(Problem::NoSuchSubject)
                }
                (Some(at), value) => put(&mut cells[at], value, &declaration),
            };
            match problem {
                Some(problem) => self.found(RecordKind::Fact(declaration.name.clone()), position, problem),
                None => self.used(position),
            }
        }
        let absent = absent_value(declaration.absent);
        let mut column = CellsBuilder::of(declaration.fact_type);
        for cell in &cells {
            column.push(cell.as_ref().unwrap_or(&absent));
        }
        let too_old = self.is_too_old(&declaration, delivered_on);
        let cells = column.finish();
        let column = FactColumn { declaration: Arc::new(declaration), delivered_on, too_old, cells, waiting };
        (column, Anew::All)
    }

    /// The same table for the subjects of this register: rows that waited for theirs are used now.
    fn carried(&self, old: &FactColumn, subjects: &Subjects<'_>) -> (FactColumn, Anew) {
        let declaration = &*old.declaration;
        let absent = absent_value(declaration.absent);
        let mut waiting = Vec::new();
        let mut come: BTreeMap<usize, Vec<Fact<Value>>> = BTreeMap::new();
        for (row, at) in old.waiting.iter().zip(self.subject_rows(declaration, &old.waiting, subjects)) {
            match at {
                Some(at) => come.entry(at).or_default().push(row.value.clone()),
                None => waiting.push(row.clone()),
            }
        }
        let mut column = CellsBuilder::after(&old.cells);
        let rows = match declaration.subject {
            SubjectKind::Resident => Some(subjects.person_rows),
            SubjectKind::Building => Some(subjects.building_rows),
            // no table has rows of households, so that all of them are as an absent row says
            SubjectKind::Household => None,
        };
        // what was said of somebody who turned out to be another was said of them
        for (was, now) in rows.map_or(&[][..], Rows::followed) {
            let value = old.cells.get(*was);
            if value != absent {
                come.entry(*now).or_default().push(value);
            }
        }
        let anew: Vec<usize> = come.keys().copied().collect();
        match rows {
            None => (0..subjects.n_households).for_each(|_| column.push(&absent)),
            Some(rows) => {
                let mut next_come = come.iter().peekable();
                let mut row = 0;
                for run in rows.runs() {
                    let (was, n_rows) = match run {
                        Run::Kept(range) => (Some(range.start), range.len()),
                        Run::New(places) => (None, places.len()),
                        Run::Again { was, .. } => (Some(*was), 1),
                    };
                    let (first, end) = (row, row + n_rows);
                    while row < end {
                        let to = next_come.peek().map_or(end, |(at, _)| end.min(**at));
                        match was.map(|was| was + row - first) {
                            Some(was) => column.carry(&old.cells, was..was + to - row),
                            None => (row..to).for_each(|_| column.push(&absent)),
                        }
                        row = to;
                        if let Some((_, values)) = next_come.next_if(|(at, _)| **at == row && row < end) {
                            // somebody may have had a row of the table already, under another reference
                            let was = was.map(|was| old.cells.get(was + row - first));
                            let mut cell = was.filter(|value| *value != absent);
                            for value in values {
                                // what was wrong was told when the table came
                                put(&mut cell, value, declaration);
                            }
                            column.push(cell.as_ref().unwrap_or(&absent));
                            row += 1;
                        }
                    }
                }
                for gone in rows.gone() {
                    let value = old.cells.get(gone);
                    let of = match declaration.subject {
                        SubjectKind::Building => FactOf::Building(self.old.buildings.ids[gone].clone()),
                        _ => FactOf::Resident(Who::Key(self.old.people.keys[gone])),
                    };
                    if value != absent {
                        waiting.push(FactRow { of, value });
                    }
                }
            }
        }
        let column = FactColumn {
            declaration: old.declaration.clone(),
            delivered_on: old.delivered_on,
            too_old: self.is_too_old(declaration, old.delivered_on),
            cells: column.finish(),
            waiting,
        };
        (column, Anew::Rows(anew))
    }

    /// The row of each one's subject.
    fn subject_rows(
        &self,
        declaration: &FactDeclaration,
        rows: &[FactRow],
        subjects: &Subjects<'_>,
    ) -> Vec<Option<usize>> {
        match declaration.subject {
            SubjectKind::Resident => {
                let nobody =
                    Who::Described(Box::new(Names { given: String::new(), family: String::new() }), Fact::None);
                let who = |row| match row {
                    &FactRow { of: FactOf::Resident(ref who), .. } => who,
                    FactRow { of: FactOf::Building(_), .. } => &nobody,
                };
                let keys = self.keys_of(rows.iter().map(who));
                keys.into_iter().map(|key| subjects.people.row(key?)).collect()
            }
            SubjectKind::Building => {
                let row = |of: &FactOf| match of {
                    FactOf::Building(id) => subjects.buildings.row_of(id).map(BuildingRow::position),
                    FactOf::Resident(_) => None,
                };
                rows.iter().map(|of| row(&of.of)).collect()
            }
            SubjectKind::Household => vec![None; rows.len()],
        }
    }
}

/// Whether the subject of a row may come with a later batch.
fn can_come(declaration: &FactDeclaration, of: &FactOf) -> bool {
    matches!(
        (of, declaration.subject),
        (FactOf::Resident(Who::Key(_) | Who::Code(_)), SubjectKind::Resident)
            | (FactOf::Building(_), SubjectKind::Building)
    )
}

/// Puts a row's value into its subject's cell; what is wrong with it, if anything is.
fn put(cell: &mut Option<Fact<Value>>, value: &Fact<Value>, declaration: &FactDeclaration) -> Option<Problem> {
    let wrong = match value {
        Fact::Known(value) if !is_of(value, declaration.fact_type) => Some(Problem::WrongType),
        Fact::Known(Value::Int(number)) if !declaration.numbers().contains(number) => Some(Problem::OutOfRange),
        Fact::Known(Value::Day(day)) if !day.is_within_bounds() => Some(Problem::DayOutOfRange),
        Fact::Known(Value::Text(text)) if !declaration.has_code(text) => Some(Problem::UnknownCode),
        Fact::None if !declaration.may_be_none => Some(Problem::NoneNotAllowed),
        _ => None,
    };
    if wrong.is_some() {
        // a wrong row leaves its subject unknown, never as if there were no row
        *cell = Some(Fact::Unknown(UnknownReason::Disputed));
        return wrong;
    }
    match cell {
        None => {
            *cell = Some(value.clone());
            None
        }
        // two rows that differ: nobody knows which is right, whichever came first
        Some(first) => {
            if first != value {
                *first = Fact::Unknown(UnknownReason::Disputed);
            }
            Some(Problem::Duplicate)
        }
    }
}

fn is_of(value: &Value, fact_type: FactType) -> bool {
    matches!(
        (value, fact_type),
        (Value::Bool(_), FactType::Bool)
            | (Value::Int(_), FactType::Int)
            | (Value::Day(_), FactType::Day)
            | (Value::Text(_), FactType::Text | FactType::Place)
    )
}

/// The cells of a fact while they are filled.
enum CellsBuilder {
    Bool(ColumnBuilder<u8>),
    Int(ColumnBuilder<i64>),
    Day { first: ColumnBuilder<i32>, last: ColumnBuilder<i32> },
    Text(TextBuilder),
    Place(TextBuilder),
}

impl CellsBuilder {
    fn of(fact_type: FactType) -> Self {
        match fact_type {
            FactType::Bool => Self::Bool(ColumnBuilder::default()),
            FactType::Int => Self::Int(ColumnBuilder::default()),
            FactType::Day => Self::Day { first: ColumnBuilder::default(), last: ColumnBuilder::default() },
            FactType::Text => Self::Text(TextBuilder::default()),
            FactType::Place => Self::Place(TextBuilder::default()),
        }
    }

    /// To be filled with rows of these cells, and others.
    fn after(old: &Cells) -> Self {
        match old {
            Cells::Bool(_) => Self::of(FactType::Bool),
            Cells::Int(_) => Self::of(FactType::Int),
            Cells::Day { .. } => Self::of(FactType::Day),
            Cells::Text(cells) => Self::Text(TextBuilder::after(cells)),
            Cells::Place(cells) => Self::Place(TextBuilder::after(cells)),
        }
    }

    /// A value; one of another type cannot be told.
    fn push(&mut self, fact: &Fact<Value>) {
        match (self, fact.as_ref()) {
            (Self::Bool(cells), Fact::Known(Value::Bool(holds))) => cells.push(Fact::Known(u8::from(*holds))),
            (Self::Int(cells), Fact::Known(Value::Int(number))) => cells.push(Fact::Known(*number)),
            (Self::Day { first, last }, Fact::Known(Value::Day(date))) => {
                first.push(Fact::Known(day_number(PartialDate::first(*date))));
                last.push(Fact::Known(day_number(PartialDate::last(*date))));
            }
            (Self::Text(cells) | Self::Place(cells), Fact::Known(Value::Text(text))) => cells.push(Fact::Known(text)),
            (cells, Fact::None) => cells.push_state(None),
            (cells, Fact::Unknown(reason)) => cells.push_state(Some(reason)),
            (cells, Fact::Known(_)) => cells.push_state(Some(UnknownReason::Disputed)),
        }
    }

    fn push_state(&mut self, unknown: Option<UnknownReason>) {
        fn state<T>(unknown: Option<UnknownReason>) -> Fact<T> {
            unknown.map_or(Fact::None, Fact::Unknown)
        }
        match self {
            Self::Bool(cells) => cells.push(state(unknown)),
            Self::Int(cells) => cells.push(state(unknown)),
            Self::Day { first, last } => {
                first.push(state(unknown));
                last.push(state(unknown));
            }
            Self::Text(cells) | Self::Place(cells) => cells.push(state(unknown)),
        }
    }

    fn carry(&mut self, from: &Cells, rows: Range<usize>) {
        match (self, from) {
            (Self::Bool(to), Cells::Bool(from)) => to.carry(from, rows),
            (Self::Int(to), Cells::Int(from)) => to.carry(from, rows),
            (Self::Day { first, last }, Cells::Day { first: from_first, last: from_last }) => {
                first.carry(from_first, rows.clone());
                last.carry(from_last, rows);
            }
            (Self::Text(to), Cells::Text(from)) | (Self::Place(to), Cells::Place(from)) => to.carry(from, rows),
            // one declaration gives one type
            (to, _) => rows.for_each(|_| to.push_state(Some(UnknownReason::Disputed))),
        }
    }

    fn finish(self) -> Cells {
        match self {
            Self::Bool(cells) => Cells::Bool(cells.finish()),
            Self::Int(cells) => Cells::Int(cells.finish()),
            Self::Day { first, last } => Cells::Day { first: first.finish(), last: last.finish() },
            Self::Text(cells) => Cells::Text(cells.finish()),
            Self::Place(cells) => Cells::Place(cells.finish()),
        }
    }
}

impl Cells {
    /// The value in a row as it was delivered: a place without its home.
    pub(super) fn get(&self, row: usize) -> Fact<Value> {
        match self {
            Self::Bool(cells) => cells.get(row).map(|code| Value::Bool(code != 0)),
            Self::Int(cells) => cells.get(row).map(Value::Int),
            Self::Day { first, last } => match (first.get(row), last.get(row)) {
                (Fact::Known(first), Fact::Known(last)) => super::view::partial(first, last).map(Value::Day),
                (Fact::Unknown(reason), _) | (_, Fact::Unknown(reason)) => Fact::Unknown(reason),
                _ => Fact::None,
            },
            Self::Text(cells) | Self::Place(cells) => cells.get(row).map(|text| Value::Text(text.clone())),
        }
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Bool(cells) => cells.bytes(),
            Self::Int(cells) => cells.bytes(),
            Self::Day { first, last } => first.bytes() + last.bytes(),
            Self::Text(cells) | Self::Place(cells) => cells.bytes(),
        }
    }
}
