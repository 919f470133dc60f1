//! The command `ennakko`, thin over the library: a function that takes arguments and streams and gives an exit code.
//!
//! Exit codes: 0 fine, 1 findings (errors in rules, cases that fail), 2 wrong use or input that cannot be read. Nothing
//! here evaluates or decides; what is printed comes from [`ennakko`].
//!
//! ```
//! use ennakko_cli::{Io, run};
//!
//! let (mut out, mut err) = (Vec::new(), Vec::new());
//! let mut io = Io { out: &mut out, err: &mut err, is_terminal: false, err_is_terminal: false };
//! assert_eq!(run(["ennakko", "--version"], &mut io), std::process::ExitCode::SUCCESS);
//! assert!(out.starts_with(b"ennakko "));
//! ```
//!
//! Modules stand in reading order.

pub mod arguments;
mod failure;
mod folders;

mod github;
mod ink;
mod watch;

mod approve;
mod check;
mod completions;
mod explain;
mod facts;
mod new;
mod plan;
mod preview;
pub mod progress;
mod register;
mod sample;
mod test;
pub mod trial;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use failure::Failure;

/// Where the command writes, and whether a person reads it there.
pub struct Io<'io> {
    /// Results.
    pub out: &'io mut dyn Write,
    /// What is wrong, and progress.
    pub err: &'io mut dyn Write,
    /// Whether results go to a terminal that shows colours.
    pub is_terminal: bool,
    /// Whether `err` is a terminal: progress is written to terminals only.
    pub err_is_terminal: bool,
}

/// Whether anything was found that somebody must mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    Something,
}

/// Runs the command. The first argument is the name it was called by.
pub fn run<I>(args: I, io: &mut Io<'_>) -> ExitCode
where
    I: IntoIterator,
    I::Item: Into<OsString> + Clone,
{
    let arguments = match Arguments::try_parse_from(args) {
        Ok(arguments) => arguments,
        Err(told) => return tell(&told, io),
    };
    let came = match arguments.command {
        Command::Check(arguments) => check::run(&arguments, io),
        Command::Test(arguments) => test::run(&arguments, io),
        Command::Preview(arguments) => preview::run(&arguments, io),
        Command::Explain(arguments) => explain::run(&arguments, io),
        Command::Facts(arguments) => facts::run(&arguments, io),
        Command::Approve(arguments) => approve::run(&arguments, io),
        Command::New(arguments) => new::run(&arguments, io),
        Command::Register { command } => register::run(&command, io),
        Command::Sample(arguments) => sample::run(&arguments, io),
        Command::Completions(arguments) => completions::run(&arguments, io),
    };
    match came.and_then(|found| io.out.flush().map(|()| found).map_err(Failure::from)) {
        // where nobody reads any more, whoever did has seen enough
        Ok(Found::Nothing) | Err(Failure::NobodyReads) => ExitCode::SUCCESS,
        Ok(Found::Something) => ExitCode::from(1),
        Err(failure) => {
            // if this cannot be written either, the code still says it
            let _ = writeln!(io.err, "error: {failure}");
            ExitCode::from(2)
        }
    }
}

/// Help and version as results, anything else as wrong use.
fn tell(told: &clap::Error, io: &mut Io<'_>) -> ExitCode {
    let text = told.render();
    if told.use_stderr() {
        let _ = write!(io.err, "{text}");
        ExitCode::from(2)
    } else {
        let _ = write!(io.out, "{text}");
        ExitCode::SUCCESS
    }
}
