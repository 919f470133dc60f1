//! What is offered: named terms. A place among them is a request or a fact, never a computed choice.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::protected::Protected;

/// One term.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A civil day.
    Day(NaiveDate),
    /// A text.
    Text(Arc<str>),
    /// A place, which would reveal a home.
    Place(Protected<Arc<str>>),
}

/// The terms of an offer, by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Terms {
    /// Each term under its name.
    pub by_name: BTreeMap<Arc<str>, Term>,
}

impl Terms {
    /// The civil day by which a reply is asked, if the terms name one.
    pub fn reply_by(&self) -> Option<NaiveDate> {
        match self.by_name.get("reply_by") {
            Some(Term::Day(day)) => Some(*day),
            _ => None,
        }
    }
}
