//! Findings as workflow commands, which GitHub shows at the lines of a change.
//!
//! Source: GitHub, "Workflow commands for GitHub Actions" (`::error file=...,line=...::message`) and the escapes of its
//! toolkit (`%25`, `%0D`, `%0A`, and in properties `%3A` and `%2C`).

use ennakko::rules::Diagnostic;

/// One finding as a line.
pub(crate) fn annotation(finding: &Diagnostic) -> String {
    let kind = if finding.is_error() { "error" } else { "warning" };
    let place = finding.place;
    let file = property(&finding.path.replace('\\', "/"));
    let (line, column, end) = (place.line, place.column, place.column + place.length);
    let title = finding.code.as_str();
    let message = match &finding.help {
        Some(help) => format!("{}\nhelp: {help}", finding.message),
        None => finding.message.clone(),
    };
    format!(
        "::{kind} file={file},line={line},endLine={line},col={column},endColumn={end},title={title}::{}",
        text(&message)
    )
}

fn text(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(value: &str) -> String {
    text(value).replace(':', "%3A").replace(',', "%2C")
}
