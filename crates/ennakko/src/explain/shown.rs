//! What of a fact's value those who explain may see: never a place, and of texts only codes.

use chrono::NaiveDate;
use ennakko_core::trace::FactRead;
use ennakko_core::{Fact, UnknownReason, Value};
use ennakko_rules::rule_set::Tables;

/// A fact's value as far as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown<'r> {
    Bool(bool),
    Int(i64),
    /// The first and the last possible day.
    Day(NaiveDate, NaiveDate),
    /// A code of a closed list.
    Code(&'r str),
    /// It has a value that is not shown.
    Hidden,
    None,
    Unknown(UnknownReason),
}

impl<'r> Shown<'r> {
    pub(crate) fn of(read: &'r FactRead, tables: &Tables) -> Self {
        match &read.value {
            Fact::Known(Value::Bool(holds)) => Self::Bool(*holds),
            Fact::Known(Value::Int(number)) => Self::Int(*number),
            Fact::Known(Value::Day(day)) => Self::Day(day.first(), day.last()),
            Fact::Known(Value::Text(text)) if is_code(&read.fact, tables) => Self::Code(text),
            // a place tells of a home; an open text may hold anything
            Fact::Known(_) => Self::Hidden,
            Fact::None => Self::None,
            Fact::Unknown(reason) => Self::Unknown(*reason),
        }
    }
}

/// Whether texts of a fact are codes: those of the register are, those that are declared if their list is.
fn is_code(fact: &str, tables: &Tables) -> bool {
    tables.facts.iter().filter(|declared| declared.name == fact).all(|declared| declared.code_list.is_some())
}
