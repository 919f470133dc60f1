//! What does not hang on the row: evaluated by walk, once.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::step::{SUBJECT, Slot, Step, What};
use crate::walk::Value;

/// What a step comes to that does not hang on the row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Known {
    Unknown,
    None,
    Bool(bool),
    Int(i64),
    Day(NaiveDate),
    Text(Arc<str>),
    List(Vec<Known>),
    /// From the first to the last, both included.
    Range(i64, i64),
    /// What keeps a rule from running.
    Stop,
}

pub(super) fn known_of(value: &Value<'_>) -> Option<Known> {
    Some(match value {
        Value::Unknown(_) => Known::Unknown,
        Value::None => Known::None,
        Value::Bool(holds) => Known::Bool(*holds),
        Value::Int(number) => Known::Int(*number),
        Value::Day(day) => Known::Day(day.date.day()?),
        Value::Text(text) => Known::Text(text.shared()),
        Value::Numbers(numbers) => Known::List(numbers.iter().map(|number| Known::Int(*number)).collect()),
        Value::Array(values) => Known::List(values.iter().map(known_of).collect::<Option<_>>()?),
        Value::Range(from, to) => Known::Range(*from, *to),
        _ => return None,
    })
}

/// Whether a step hangs on no row: on the day, the occasion, and what is given within it.
pub(super) fn is_fixed(step: &Step) -> bool {
    is_fixed_with(step, &mut BTreeSet::new())
}

fn is_fixed_with(step: &Step, given: &mut BTreeSet<Slot>) -> bool {
    match &step.what {
        What::Slot(slot) => *slot != SUBJECT && (*slot < 3 || given.contains(slot)),
        What::Let { slot, value, body } => {
            let fixed = is_fixed_with(value, given);
            given.insert(*slot);
            fixed && is_fixed_with(body, given)
        }
        what => what.children().into_iter().all(|step| is_fixed_with(step, given)),
    }
}

/// Whether a step reads a slot.
pub(crate) fn reads(step: &Step, slot: Slot) -> bool {
    matches!(step.what, What::Slot(read) if read == slot)
        || step.what.children().into_iter().any(|step| reads(step, slot))
}

/// Whether a step may come to what stops a rule: a table that has no row.
pub(super) fn may_stop(step: &Step) -> bool {
    matches!(step.what, What::Parameter { .. } | What::Round { .. } | What::Occasion { .. })
        || step.what.children().into_iter().any(may_stop)
}

/// A step with a slot's value put in its place.
pub(super) fn with(step: &Step, slot: Slot, value: &Step) -> Step {
    if matches!(step.what, What::Slot(read) if read == slot) {
        return value.clone();
    }
    let mut step = step.clone();
    for child in step.what.children_mut() {
        let new = with(child, slot, value);
        *child = new;
    }
    step
}
