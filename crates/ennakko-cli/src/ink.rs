//! Colours of findings, on a terminal only. They change nothing that is said.

use ennakko::rules::Diagnostic;

const BOLD: &str = "\x1b[1m";
const RED: &str = "\x1b[1;31m";
const YELLOW: &str = "\x1b[1;33m";
const BLUE: &str = "\x1b[34m";
const GREEN: &str = "\x1b[32m";
const PLAIN: &str = "\x1b[0m";

/// A finding as it is printed, with colours if they are wanted.
pub(crate) fn finding(finding: &Diagnostic, colour: bool) -> String {
    let plain = finding.to_string();
    if !colour {
        return plain;
    }
    let strong = if finding.is_error() { RED } else { YELLOW };
    let mut text = String::new();
    for (at, line) in plain.lines().enumerate() {
        let (head, rest) = match (at, line.split_once(": ")) {
            (0, Some((head, rest))) => (format!("{strong}{head}{PLAIN}"), format!(": {BOLD}{rest}{PLAIN}")),
            (_, Some(("help", rest))) => (format!("{GREEN}help{PLAIN}"), format!(": {rest}")),
            _ => in_margin(line, strong),
        };
        text.push_str(&head);
        text.push_str(&rest);
        text.push('\n');
    }
    text
}

/// The place, the source line and the marks below it.
fn in_margin(line: &str, strong: &str) -> (String, String) {
    if let Some(place) = line.strip_prefix("  --> ") {
        return (format!("  {BLUE}-->{PLAIN} "), place.to_owned());
    }
    match line.split_once('|') {
        Some((number, source)) if source.trim_start().starts_with('^') && number.trim().is_empty() => {
            (format!("{BLUE}{number}|{PLAIN}"), format!("{strong}{source}{PLAIN}"))
        }
        Some((number, source)) => (format!("{BLUE}{number}|{PLAIN}"), source.to_owned()),
        None => (line.to_owned(), String::new()),
    }
}
