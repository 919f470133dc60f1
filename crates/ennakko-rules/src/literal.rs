//! Literals of a rule's head with their places: what `const RULE = #{ ... }` says.

use crate::diagnostic::Place;

/// A literal value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Placed>),
    Map(Vec<(String, Place, Placed)>),
    /// Something that is not a literal.
    Computed,
}

/// A literal and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placed {
    pub(crate) literal: Literal,
    pub(crate) place: Place,
}

impl Placed {
    pub(crate) fn get(&self, key: &str) -> Option<&Placed> {
        match &self.literal {
            Literal::Map(entries) => entries.iter().find(|(name, ..)| name == key).map(|(.., value)| value),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.literal {
            Literal::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn bool(&self) -> Option<bool> {
        match self.literal {
            Literal::Bool(value) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn int(&self) -> Option<i64> {
        match self.literal {
            Literal::Int(value) => Some(value),
            _ => None,
        }
    }
}
