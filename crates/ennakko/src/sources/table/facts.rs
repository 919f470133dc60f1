//! Rows of fact tables: one declared fact a file, or several side by side.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::Value;
use ennakko_core::fact_table::{FactDeclaration, FactType, SubjectKind};
use ennakko_core::record::{FactDelivery, FactOf, FactRow};

use super::super::{SourceIssue, SourceProblem};
use super::cell::{Batch, Raw};
use super::mapping::Mapping;
use super::plan::{Plan, Plans, flag, number};
use super::row::Row;
use super::schema::{Empty, Kind, Lacking, TableName, VALUE};
use super::{Made, TableError};

/// Different texts of a table that are kept once; beyond, each row has its own.
const TEXTS_MAX: usize = 10_000;

/// A fact table while it is read.
pub(super) struct FactRows {
    subject: SubjectKind,
    types: Vec<FactType>,
    texts: BTreeSet<Arc<str>>,
    /// Where the columns of facts begin among the plans.
    first: usize,
}

impl FactRows {
    /// The columns of the declared facts are added to the plans, and their empty tables to the delivery.
    pub(super) fn of<'m>(
        declared: &[FactDeclaration],
        delivered_on: NaiveDate,
        mapping: &'m Mapping,
        plans: &mut Plans<'m>,
        made: &mut Made,
    ) -> Result<Self, TableError> {
        let subject = declared.first().map(|declaration| declaration.subject);
        let subject = subject.filter(|subject| *subject != SubjectKind::Household).ok_or(TableError::Subject)?;
        if declared.iter().any(|declaration| declaration.subject != subject) {
            return Err(TableError::Subject);
        }
        let first = plans.columns.len();
        for declaration in declared {
            let kind = match declaration.fact_type {
                FactType::Bool => Kind::Flag,
                FactType::Int => Kind::Number(""),
                FactType::Day => Kind::Date,
                FactType::Text | FactType::Place => Kind::Few,
            };
            let (name, empty) = match declared {
                [_] => (Cow::Borrowed(VALUE), Empty::MustBeSpelled),
                _ => (Cow::Owned(declaration.name.clone()), Empty::NotGiven),
            };
            plans.columns.push(Plan::named(TableName::Facts, name, (kind, empty, Lacking::Refused), mapping));
            let declaration = declaration.clone();
            made.loaded.delivery.facts.push(FactDelivery { declaration, delivered_on, rows: Vec::new() });
            made.loaded.origins.facts.push(Vec::new());
        }
        let types = declared.iter().map(|declaration| declaration.fact_type).collect();
        Ok(Self { subject, types, texts: BTreeSet::new(), first })
    }

    pub(super) fn read(&mut self, plans: &Plans<'_>, batch: &Batch, issues: &mut Vec<SourceIssue>, made: &mut Made) {
        let codes = plans.codes;
        let subject = self.subject;
        let mut of = plans.read(batch, "of", |plan, raw| {
            plan.with_text(raw, |text| match subject {
                SubjectKind::Building => codes.building(text).map(FactOf::Building),
                _ => codes.who(text, plan.dates()).map(FactOf::Resident),
            })
        });
        let texts = &mut self.texts;
        let first = self.first;
        let mut columns: Vec<_> = self
            .types
            .iter()
            .enumerate()
            .map(|(at, kind)| plans.read_at(batch, first + at, |plan, raw| value(*kind, plan, raw, texts)))
            .collect();
        for position in &batch.positions {
            let mut row = Row::at(*position, issues);
            let row = &mut row;
            let of = of.must(row);
            for (at, column) in columns.iter_mut().enumerate() {
                let value = column.fact_if_given(row);
                if let (Some(of), Some(value)) = (&of, value) {
                    made.loaded.delivery.facts[at].rows.push(FactRow { of: of.clone(), value });
                    made.loaded.origins.facts[at].push(*position);
                }
            }
            made.loaded.used += usize::from(of.is_some());
        }
    }
}

fn value(
    kind: FactType,
    plan: &Plan<'_>,
    raw: Raw<'_>,
    texts: &mut BTreeSet<Arc<str>>,
) -> Result<Value, SourceProblem> {
    match kind {
        FactType::Bool => flag(raw).map(Value::Bool),
        FactType::Int => number(raw).map(Value::Int),
        FactType::Day => plan.date(raw).map(Value::Day),
        FactType::Text | FactType::Place => plan.with_text(raw, |text| {
            if let Some(known) = texts.get(text) {
                return Ok(Value::Text(known.clone()));
            }
            let text: Arc<str> = text.into();
            if texts.len() < TEXTS_MAX {
                texts.insert(text.clone());
            }
            Ok(Value::Text(text))
        }),
    }
}
