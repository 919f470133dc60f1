//! Parameters, rounds of the calendar and codes: what stands behind `::`. And names that nothing has.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ints::Ints;
use super::known::{Path, Values};
use super::numbers::key;
use super::typed::{FieldType, Fields, Number, Type, Typed};
use super::{Elaborator, Used};
use crate::diagnostic::{Code, did_you_mean};
use crate::expression::{Expression, Name, Span};
use crate::parameters::{ParameterRow, ParameterValue, triable};
use crate::step::{Constant, What};
use crate::unit::Unit;
use ennakko_core::occasion::OccasionField;

/// What other languages call the day that it is.
const CLOCKS: [&str; 6] = ["today", "now", "timestamp", "clock", "current_date", "date_now"];

/// A name that nothing has: how the author wrote it, what kind of thing it would be.
pub(super) struct Unknown<'n> {
    pub(super) span: Span,
    /// As written, without its last part.
    pub(super) before: String,
    pub(super) name: &'n str,
    pub(super) what: &'static str,
    pub(super) label: &'static str,
    /// The table file in which it would be declared.
    pub(super) table: &'static str,
}

impl Elaborator<'_> {
    /// Tells of a name that nothing has, with what was probably meant.
    pub(super) fn unknown(&mut self, unknown: &Unknown<'_>, names: &BTreeSet<String>) -> Typed {
        let Unknown { span, before, name, what, label, table } = unknown;
        if self.check.mentioned(table, name) {
            // the table that would declare it has an error of its own
            self.left_out = true;
            return self.told(*span);
        }
        let help = did_you_mean(name, names.iter().map(String::as_str)).map_or_else(
            || match names.len() {
                0 => format!("declare it in `{table}`"),
                _ if CLOCKS.contains(name) => "a rule asks no clock; the day it is evaluated on is `on`".to_owned(),
                _ if *what == "function" => format!("write `fn {name}(...) {{ ... }}` in this file or in `{table}`"),
                n if n <= 13 => format!("known here: {}", names.iter().cloned().collect::<Vec<_>>().join(", ")),
                _ => "`rules/README.md` lists what a rule may read".to_owned(),
            },
            |known| format!("did you mean `{before}{known}`?"),
        );
        let verb = if matches!(*what, "function" | "method") { "uses" } else { "reads" };
        // what stands in the shared file is no one rule's
        let message = match self.rule.as_ref().filter(|_| !self.in_shared()) {
            Some(rule) => format!("{rule} {verb} unknown {what} `{before}{name}`"),
            None => format!("unknown {what} `{before}{name}`"),
        };
        self.labelled(*span, Code::UnknownName, message, label, help);
        self.told(*span)
    }

    pub(super) fn module(&mut self, span: Span, module: &Name, name: &Name, arguments: Option<&[Expression]>) -> Typed {
        let at = module.span.to(name.span);
        match arguments {
            Some(arguments) => self.module_call(span, at, &module.text, &name.text, arguments),
            None => self.module_value(at, &module.text, &name.text),
        }
    }

    fn module_value(&mut self, span: Span, module: &Arc<str>, name: &Arc<str>) -> Typed {
        let tables = self.check.tables.clone();
        if &**module == "global" {
            let help = "write the value where it is used, or put it into `parameters.toml` with its source";
            self.error(span, Code::Form, format!("no function can see `{name}`"), help);
            return self.told(span);
        }
        if let Some(code) = tables.code_lists.get(&**module).and_then(|codes| codes.get(&**name)) {
            self.used.insert(Used::Code { list: module.clone(), name: name.clone() });
            let step = self.constant(span, Constant::Text(code.clone()));
            let typed = Typed::new(span, Type::Text(Some(module.clone())), step);
            return typed.with_values(Values::Texts([code.clone()].into()));
        }
        let is_read_for_a_day =
            tables.parameters.groups.get(&**module).is_some_and(|names| names.contains_key(&**name))
                || &**module == "calendar" && tables.calendars.rounds.contains_key(&**name);
        if is_read_for_a_day {
            let help = format!("write `{module}::{name}(day)`, with `on` or a day of the occasion");
            self.error(span, Code::UnknownName, format!("`{module}::{name}` is read for a day"), help);
            return self.told(span);
        }
        let names = tables.code_lists.get(&**module).into_iter().flat_map(|codes| codes.keys().cloned()).collect();
        let (what, label, table) = ("code", "no such code", "code_lists.toml");
        self.unknown(&Unknown { span, before: format!("{module}::"), name, what, label, table }, &names)
    }

    fn module_call(
        &mut self,
        span: Span,
        at: Span,
        module: &Arc<str>,
        name: &Arc<str>,
        arguments: &[Expression],
    ) -> Typed {
        let tables = self.check.tables.clone();
        let is_calendar = &**module == "calendar";
        let is_code = tables.code_lists.get(&**module).is_some_and(|codes| codes.contains_key(&**name));
        let (names, what, label, table): (BTreeSet<String>, _, _, _) = if is_calendar {
            let names = tables.calendars.rounds.keys().cloned().collect();
            (names, "calendar", "no such calendar", "calendar.toml")
        } else {
            let names = tables.parameters.groups.get(&**module).into_iter().flat_map(|names| names.keys().cloned());
            (names.collect(), "parameter", "no such parameter", "parameters.toml")
        };
        if !names.contains(&**name) {
            if is_code {
                let message = format!("`{module}::{name}` is a code and takes no day");
                self.error(at, Code::UnknownName, message, format!("write `{module}::{name}` without `()`"));
            } else {
                let unknown = Unknown { span: at, before: format!("{module}::"), name, what, label, table };
                self.unknown(&unknown, &names);
            }
            return self.names_of(span, arguments);
        }
        self.used.insert(if is_calendar {
            Used::Calendar(name.clone())
        } else {
            Used::Parameter { group: module.clone(), name: name.clone() }
        });
        let [day] = arguments else {
            let help = format!("write `{module}::{name}(day)`, with `on` or a day of the occasion");
            self.error(at, Code::UnknownName, format!("`{module}::{name}` is read for one day"), help);
            return self.names_of(span, arguments);
        };
        let day = self.expression(day);
        let day = self.as_day(day);
        if is_calendar {
            let fields = self.fields_of_calendar(name);
            let step = match day {
                Some(day) => {
                    let what = What::Round { calendar: name.clone(), day: Box::new(day.step) };
                    self.step(span, what)
                }
                // what is wrong with the day is told; the round is known all the same
                None => self.constant(span, Constant::None),
            };
            return Typed::new(span, Type::Occasion(fields), step).may_be_none(true);
        }
        let Some(day) = day else { return self.told(span) };
        let rows = tables.parameters.rows(module, name).unwrap_or_default();
        let path = key(&day).map(|day| Path::from(format!("{module}::{name}({day})")));
        let what = What::Parameter { group: module.clone(), name: name.clone(), day: Box::new(day.step) };
        let step = self.step(span, what);
        if let Some((ty, values)) = parameter(rows) {
            return Typed::new(span, ty, step).with_values(values).read_as(path);
        }
        let kinds: BTreeSet<&str> = rows.iter().map(|row| kind_of(&row.value)).collect();
        if kinds.len() > 1 {
            let kinds = kinds.into_iter().collect::<Vec<_>>().join(" in one row and ");
            let message = format!("`{module}::{name}` is {kinds} in another");
            self.error(at, Code::Types, message, "give its rows in `parameters.toml` values of one kind");
        } else {
            // no row of it could be read, which is told in its table
            self.left_out = true;
        }
        self.told(span)
    }

    fn fields_of_calendar(&self, calendar: &str) -> Fields {
        let mut fields = BTreeMap::new();
        for round in self.check.tables.calendars.rounds.get(calendar)? {
            for (name, field) in round.fields() {
                let ty = match field {
                    OccasionField::Day(_) => FieldType::Day,
                    OccasionField::Int(_) => FieldType::Int,
                    OccasionField::Text(_) => FieldType::Text,
                };
                fields
                    .entry(Arc::from(name))
                    .and_modify(|known| {
                        if *known != ty {
                            *known = FieldType::Mixed;
                        }
                    })
                    .or_insert(ty);
            }
        }
        Some(fields)
    }
}

fn kind_of(value: &ParameterValue) -> &'static str {
    match value {
        ParameterValue::Int(_) => "a number",
        ParameterValue::Bool(_) => "yes or no",
        ParameterValue::Text(_) => "a text",
        ParameterValue::Ints(_) => "a list of numbers",
    }
}

/// The type of a parameter and what it can be, whichever of its rows holds.
fn parameter(rows: &[ParameterRow]) -> Option<(Type, Values)> {
    let number = Number::of(rows.first().and_then(|row| Unit::of_word(&row.unit)));
    // one range over all of it: that a parameter is between its rows is nothing to be told of
    let numbers = triable(rows);
    let numbers = Values::Ints(Ints::between(*numbers.start(), *numbers.end()));
    let mut found: Option<(Type, Values)> = None;
    for row in rows {
        let (ty, values) = match &row.value {
            ParameterValue::Int(_) => (Type::Number(number), numbers.clone()),
            ParameterValue::Bool(_) => (Type::Bool, Values::Bools { yes: true, no: true }),
            ParameterValue::Text(_) => (Type::Text(None), Values::Any),
            ParameterValue::Ints(_) => (Type::Array(Box::new(Type::Number(number))), Values::Any),
        };
        found = Some(match found {
            None => (ty, values),
            Some((known, _)) if known == ty => (ty, values),
            Some(_) => return None,
        });
    }
    found
}
