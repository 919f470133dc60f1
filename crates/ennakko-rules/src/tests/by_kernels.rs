//! Kernels over the steps made by hand for walk: the same answer, and for as long as they say.

use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::register::SubjectRow;
use ennakko_core::{Occasion, Truth};

use crate::kernels::{BLOCK_ROWS, Over, Pass};
use crate::step::{Comparison, Constant, Step, Steps, What};
use crate::stop::Stop;
use crate::walk::{Ground, Value};

/// Over what one row is asked.
#[derive(Clone, Copy)]
pub(super) struct Asked<'t> {
    pub(super) ground: &'t Ground,
    pub(super) subject: SubjectRow,
    pub(super) on: NaiveDate,
    pub(super) to: NaiveDate,
    pub(super) occasion: &'t Arc<Occasion>,
}

/// What kernels say of one row.
struct Said {
    truth: Option<Truth>,
    stays: bool,
    until: NaiveDate,
    by_row: bool,
}

fn said(step: &Step, asked: Asked<'_>, few: bool) -> Said {
    let Asked { ground, subject, on, to, occasion } = asked;
    // everybody in these towns is a person
    let over = Over { ground, kind: SubjectKind::Resident, on, to, occasion: Some(occasion), few };
    let pass = Pass::of_steps(&Steps { step: step.clone(), n_slots: 5 }, over);
    let (block, row) = (subject.position() / BLOCK_ROWS, subject.position() % BLOCK_ROWS);
    let mut active = [0; 64];
    active[row / 64] = 1 << (row % 64);
    let came = pass.block(block, &active);
    Said { truth: came.truth(row), stays: !came.moves(row), until: pass.until, by_row: !pass.by_row().is_empty() }
}

fn against(step: &Step, by: Comparison, other: Constant) -> Step {
    let other = Step { place: step.place, what: What::Constant(other) };
    Step { place: step.place, what: What::Compare { by, left: Box::new(step.clone()), right: Box::new(other) } }
}

/// Whether kernels do a piece at all: what makes an occasion of the subject's own days is for walk.
fn is_for_kernels(step: &Step) -> bool {
    !matches!(step.what, What::Occasion { .. } | What::Round { .. })
        && step.what.children().into_iter().all(is_for_kernels)
}

/// Asks kernels for what walk has come to.
pub(super) fn agree(step: &Step, asked: Asked<'_>, came: &Result<Value<'_>, Stop>) {
    use Comparison::{Equal, GreaterOrEqual, Less};
    let tests: Vec<(Step, Option<Truth>)> = match came {
        Ok(Value::Bool(holds)) => vec![(step.clone(), Some(Truth::from(*holds)))],
        Ok(Value::None) => vec![(against(step, Equal, Constant::None), Some(Truth::Yes))],
        Ok(Value::Int(number)) => vec![
            (against(step, Equal, Constant::Int(*number)), Some(Truth::Yes)),
            (against(step, Less, Constant::Int(*number)), Some(Truth::No)),
        ],
        Ok(Value::Age(age)) => vec![
            (against(step, Equal, Constant::Int(age.least)), Some(Truth::Unknown)),
            (against(step, Less, Constant::Int(age.least)), Some(Truth::No)),
            (against(step, GreaterOrEqual, Constant::Int(age.most)), Some(Truth::Unknown)),
        ],
        Ok(Value::Day(day)) => {
            let equal = Truth::from(day.date.day().is_some());
            let equal = if equal.is_yes() { equal } else { Truth::Unknown };
            vec![(against(step, Equal, Constant::Day(day.date.first())), Some(equal))]
        }
        Ok(Value::Text(text)) => vec![(against(step, Equal, Constant::Text(text.shared())), Some(Truth::Yes))],
        Ok(Value::Unknown(_)) => vec![(against(step, Equal, Constant::None), Some(Truth::Unknown))],
        Err(_) => vec![(against(step, Equal, Constant::None), None)],
        Ok(_) => Vec::new(),
    };
    for (test, expected) in tests {
        for few in [true, false] {
            let said = said(&test, asked, few);
            assert_eq!(said.truth, expected, "on {}: {test:?}", asked.on);
            assert!(!said.by_row || !is_for_kernels(step), "walk is asked for {step:?}");
        }
    }
}

/// The day before which kernels say that a test stays as it is; `None` if they do not say so.
pub(super) fn stays_before(step: &Step, asked: Asked<'_>) -> Option<NaiveDate> {
    let said = said(step, asked, false);
    (said.truth.is_some() && said.stays).then_some(said.until)
}
