//! Why a command could not do its work: wrong use, or input that cannot be read. One message, exit code 2.

use std::fmt;
use std::io;

use ennakko::rules::diagnostic::did_you_mean;

/// Why it could not.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Wrong use or unreadable input, in one line.
    Wrong(String),
    /// The results cannot be written.
    Unwritable(io::Error),
    /// Nobody reads the results any more.
    NobodyReads,
}

impl Failure {
    pub(crate) fn wrong(what: impl fmt::Display) -> Self {
        Self::Wrong(what.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::NobodyReads } else { Self::Unwritable(error) }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        io::Error::from(error).into()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wrong(what) => f.write_str(what),
            Self::Unwritable(error) => write!(f, "cannot write the results: {error}"),
            Self::NobodyReads => f.write_str("nobody reads the results"),
        }
    }
}

/// A name that nothing has, with the closest name or all of them.
pub(crate) fn unknown(what: &str, name: &str, known: &[String]) -> Failure {
    let help = match did_you_mean(name, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "there is none".to_owned(),
        None => format!("known: {}", known.join(", ")),
    };
    Failure::Wrong(format!("no {what} is called `{name}`; {help}"))
}
