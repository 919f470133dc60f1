//! The binary `ennakko`.

use std::io::{IsTerminal, stderr, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    // https://no-color.org: a person's wish for plain text on a terminal
    let plain = std::env::var_os("NO_COLOR").is_some_and(|wish| !wish.is_empty());
    let (is_terminal, err_is_terminal) = (stdout().is_terminal() && !plain, stderr().is_terminal());
    let (mut out, mut err) = (stdout().lock(), stderr().lock());
    let mut io = ennakko_cli::Io { out: &mut out, err: &mut err, is_terminal, err_is_terminal };
    ennakko_cli::run(std::env::args_os(), &mut io)
}
