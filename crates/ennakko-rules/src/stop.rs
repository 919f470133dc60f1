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
    #[expect(clippy::unnecessary_box_returns, reason = "rhai hands its errors on in a box")]
    pub(crate) fn raise(self) -> Box<EvalAltResult> {
        Box::new(EvalAltResult::ErrorTerminated(Dynamic::from(self), Position::NONE))
    }

    /// What stopped an evaluation that ended in this error.
    pub(crate) fn of(error: &EvalAltResult) -> Self {
        match error.unwrap_inner() {
            EvalAltResult::ErrorTerminated(token, position) => match token.read_lock::<Self>().as_deref() {
                Some(Self::Failed(what)) => Self::Failed(at_line(what, *position)),
                Some(stop) => stop.clone(),
                None => Self::Failed(at_line("the evaluation was stopped", *position)),
            },
            other => Self::Failed(failure(other)),
        }
    }
}

/// What went wrong, at which line, and never with a value in it.
fn failure(error: &EvalAltResult) -> String {
    let what = match error {
        EvalAltResult::ErrorFunctionNotFound(signature, _) => no_function(signature),
        EvalAltResult::ErrorVariableNotFound(name, _) => format!("nothing is called `{name}`"),
        EvalAltResult::ErrorPropertyNotFound(name, _) | EvalAltResult::ErrorDotExpr(name, _) => {
            format!("no such part: {}", property(name))
        }
        EvalAltResult::ErrorModuleNotFound(name, _) => format!("nothing is called `{name}::`"),
        EvalAltResult::ErrorMismatchDataType(wanted, got, _)
        | EvalAltResult::ErrorMismatchOutputType(wanted, got, _) => {
            format!("{} stands where {} belongs", words(got), words(wanted))
        }
        EvalAltResult::ErrorArithmetic(..) => "a number is too large, or divided by zero".to_owned(),
        EvalAltResult::ErrorTooManyOperations(_) => "it does not come to an end".to_owned(),
        EvalAltResult::ErrorStackOverflow(_) => "functions call each other too deeply".to_owned(),
        EvalAltResult::ErrorDataTooLarge(..) => "a text or list is too large".to_owned(),
        EvalAltResult::ErrorFor(_) => "`for` goes over lists and ranges only".to_owned(),
        _ => "the script failed".to_owned(),
    };
    at_line(&what, error.position())
}

fn at_line(what: &str, position: Position) -> String {
    match position.line() {
        Some(line) => format!("{what} (line {line})"),
        None => what.to_owned(),
    }
}

/// What rhai says of a function that does not fit, in words: `+ (day, i64)`.
fn no_function(signature: &str) -> String {
    match signature.split_once(" (") {
        Some((name, arguments)) => {
            let arguments = arguments.strip_suffix(')').unwrap_or(arguments);
            let arguments: Vec<&str> = arguments.split(", ").filter(|name| !name.is_empty()).map(words).collect();
            format!("`{name}` does not go with {}", arguments.join(" and "))
        }
        None => format!("nothing is called `{signature}`"),
    }
}

/// The name in rhai's sentence about a property, which names a type too.
fn property(sentence: &str) -> String {
    sentence.split('\'').nth(1).map_or_else(|| format!("`{sentence}`"), |name| format!("`{name}`"))
}

/// A type of rhai in words.
pub(crate) fn words(type_name: &str) -> &str {
    match type_name {
        "i64" => "a number",
        "bool" => "yes or no",
        "()" => "none",
        "string" | "&str | ImmutableString | String" | "char" => "a text",
        "array" => "a list",
        "map" => "a map",
        "day" => "a day",
        "age" => "an age",
        "place" => "a place",
        "resident" => "a person",
        "household" => "a household",
        "building" => "a building",
        "stairwell" => "a stairwell",
        "list" => "a list of the register",
        "occasion" => "an occasion",
        "range" | "range=" | "Range<i64>" | "RangeInclusive<i64>" => "a range",
        "Fn" => "a function",
        _ => "something else",
    }
}
