//! `ennakko completions`: what a shell needs to complete the command's words.

use clap::CommandFactory;

use crate::arguments::{Arguments, CompletionsArguments};
use crate::failure::Failure;
use crate::{Found, Io};

pub(crate) fn run(arguments: &CompletionsArguments, io: &mut Io<'_>) -> Result<Found, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "ennakko", &mut script);
    io.out.write_all(&script)?;
    Ok(Found::Nothing)
}
