//! Why the evaluation of a piece stopped without a value. Carried through rhai in its uncatchable error.

use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::UnknownReason;
use rhai::{Dynamic, EvalAltResult, Position};

/// What stopped an evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// A fact that was read is unknown.
    Unknown { fact: Arc<str>, of: Arc<str>, reason: UnknownReason },
    /// A parameter or calendar has no row for the day.
    RowEnded { what: Arc<str>, on: NaiveDate, last_valid: Option<NaiveDate> },
    /// A row is only expected, and this is a run.
    Expected { what: Arc<str> },
    /// The script failed; what rhai said, without values.
    Failed(String),
}

pub(crate) type Stopped<T> = Result<T, Box<EvalAltResult>>;

impl Stop {
    /// As an error that no script can catch.
    pub(crate) fn raise(self) -> Box<EvalAltResult> {
        Box::new(EvalAltResult::ErrorTerminated(Dynamic::from(self), Position::NONE))
    }

    /// What stopped an evaluation that ended in this error.
    pub(crate) fn of(error: &EvalAltResult) -> Self {
        match error.unwrap_inner() {
            EvalAltResult::ErrorTerminated(token, _) => token
                .read_lock::<Self>()
                .map_or_else(|| Self::Failed("the evaluation was stopped".to_owned()), |stop| stop.clone()),
            other => Self::Failed(failure(other)),
        }
    }
}

/// What went wrong, at which line, and never with a value in it.
fn failure(error: &EvalAltResult) -> String {
    let what = match error {
        EvalAltResult::ErrorFunctionNotFound(signature, _) => format!("no function fits `{signature}`"),
        EvalAltResult::ErrorVariableNotFound(name, _) => format!("no variable `{name}`"),
        EvalAltResult::ErrorPropertyNotFound(name, _) => format!("no property `{name}`"),
        EvalAltResult::ErrorModuleNotFound(name, _) => format!("no module `{name}`"),
        EvalAltResult::ErrorMismatchDataType(wanted, got, _) => format!("wants {wanted}, got {got}"),
        EvalAltResult::ErrorMismatchOutputType(wanted, got, _) => format!("wants {wanted}, got {got}"),
        EvalAltResult::ErrorArithmetic(..) => "arithmetic overflow or division by zero".to_owned(),
        EvalAltResult::ErrorTooManyOperations(_) => "too many operations".to_owned(),
        EvalAltResult::ErrorStackOverflow(_) => "functions call each other too deeply".to_owned(),
        EvalAltResult::ErrorDataTooLarge(what, _) => format!("{what} too large"),
        _ => "the script failed".to_owned(),
    };
    match error.position().line() {
        Some(line) => format!("{what} (line {line})"),
        None => what,
    }
}
