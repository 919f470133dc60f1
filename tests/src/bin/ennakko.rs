//! The command as a user runs it: a workspace member cannot see another package's binary.

use std::io::{IsTerminal, stderr, stdout};

fn main() -> std::process::ExitCode {
    let (is_terminal, err_is_terminal) = (stdout().is_terminal(), stderr().is_terminal());
    let (mut out, mut err) = (stdout().lock(), stderr().lock());
    let mut io = ennakko_cli::Io { out: &mut out, err: &mut err, is_terminal, err_is_terminal };
    ennakko_cli::run(std::env::args_os(), &mut io)
}
