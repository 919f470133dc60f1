//! What is wrong in a rule folder, told at the line: a stable code, a message, the underlined text and help.
//!
//! Bad input is data; nothing here stops anything.

use std::fmt;
use std::sync::Arc;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The rule cannot be used.
    Error,
    /// It can, but somebody should look.
    Warning,
}

/// What kind of finding it is. The code is stable: it never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Code {
    /// rhai could not parse the file.
    Syntax,
    /// A number, day or comparison that would be read otherwise than it was meant.
    Numbers,
    /// Something of the rule form is missing or not as the form wants it.
    Form,
    /// A fact that may be none is used as only a value can be.
    NoneNotAsked,
    /// Something is of another type than belongs there, or cannot be compared.
    Types,
    /// A test or a branch whose answer is always the same.
    Decided,
    /// A number may grow too large, a divisor may be zero, a day may leave the calendar.
    Bounds,
    /// Days are compared with years, or the like.
    Units,
    /// A limit, a day or a code stands in a rule that should be in a table.
    Literal,
    /// Something is written that nothing uses.
    Unused,
    /// A name that nothing has.
    UnknownName,
    /// A text that is no code of its list, or a code of another list.
    CodeList,
    /// A key or value of a table file is missing or wrong.
    Table,
    /// Days of rows: they overlap, leave some out, or end on a day that was probably meant as included.
    Validity,
    /// A fact is read for a purpose that it is not open to.
    Purpose,
    /// Citizenship, language, origin, religion, health or the like decides without a section of law that lets it.
    DecidesOn,
    /// A text is missing, cannot be read, or names a value that it is not given.
    MissingText,
    /// A page is missing or its case table is torn.
    Page,
    /// A review day has passed, or a name is used for two things.
    Review,
    /// An approval of no version, or of a version that is not as it was.
    Approval,
    /// A file is not one of the kinds that a rule folder holds, or is not UTF-8.
    File,
    /// Something that is evaluated for each row, or on each day, on its own.
    Plan,
}

impl Code {
    /// The code as printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "R001",
            Self::Form => "R002",
            Self::Numbers => "R003",
            Self::NoneNotAsked => "R004",
            Self::Types => "R005",
            Self::Decided => "R006",
            Self::Bounds => "R007",
            Self::Units => "R008",
            Self::Literal => "R009",
            Self::Unused => "R010",
            Self::UnknownName => "R012",
            Self::CodeList => "R013",
            Self::Table => "R020",
            Self::Validity => "R021",
            Self::Purpose => "R030",
            Self::DecidesOn => "R031",
            Self::MissingText => "R040",
            Self::Page => "R050",
            Self::Review => "R060",
            Self::Approval => "R061",
            Self::File => "R070",
            Self::Plan => "R080",
        }
    }
}

/// A place in a file: line and column from 1, and how many characters are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Characters meant, at least 1.
    pub length: usize,
}

impl Place {
    /// The first character of a file.
    pub const START: Self = Self { line: 1, column: 1, length: 1 };

    /// The place of a byte range in a text.
    pub fn of_range(text: &str, range: std::ops::Range<usize>) -> Self {
        let start = floor(text, range.start);
        let end = floor(text, range.end).max(start);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let meant = text[start..end].lines().next().unwrap_or_default();
        Self {
            line: before.matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            length: meant.chars().count().max(1),
        }
    }
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file, as the caller named it.
    pub path: Arc<str>,
    /// Where in it.
    pub place: Place,
    /// How bad.
    pub severity: Severity,
    /// What kind.
    pub code: Code,
    /// One line, small letter, no full stop.
    pub message: String,
    /// A few words under the underline.
    pub label: String,
    /// What to write instead.
    pub help: Option<String>,
    /// The source line.
    pub source_line: String,
}

impl Diagnostic {
    /// An error at a place of a file's text.
    pub fn error(code: Code, path: &Arc<str>, text: &str, place: Place, message: impl Into<String>) -> Self {
        Self {
            path: path.clone(),
            place,
            severity: Severity::Error,
            code,
            message: message.into(),
            label: String::new(),
            help: None,
            source_line: text.lines().nth(place.line.saturating_sub(1)).unwrap_or_default().to_owned(),
        }
    }

    /// The same, as a warning.
    #[must_use]
    pub fn as_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// The same, with words under the underline.
    #[must_use]
    pub fn labelled(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The same, with help.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether the rule cannot be used.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = if self.is_error() { "error" } else { "warning" };
        let message: String = self.message.chars().map(visible).collect();
        let path: String = self.path.chars().map(visible).collect();
        writeln!(f, "{severity}[{}]: {message}", self.code.as_str())?;
        writeln!(f, "  --> {path}:{}:{}", self.place.line, self.place.column)?;
        let margin = self.place.line.to_string();
        let pad = " ".repeat(margin.len());
        // of a very long line, the part that is meant
        let at = self.place.column.saturating_sub(1);
        let skipped = if at + self.place.length.min(SHOWN_MAX / 2) > SHOWN_MAX { at - SHOWN_MAX / 4 } else { 0 };
        let source: String = self.source_line.chars().skip(skipped).take(SHOWN_MAX).map(visible).collect();
        let shown = source.chars().count();
        let column = (at - skipped).min(shown);
        let carets = "^".repeat(self.place.length.min(shown - column).max(1));
        // of a file that is not there, there is nothing to show
        if !source.is_empty() || self.place != Place::START {
            writeln!(f, "{margin} | {}", source.trim_end())?;
            writeln!(f, "{}", format!("{pad} | {}{carets} {}", " ".repeat(column), self.label).trim_end())?;
        }
        if let Some(help) = &self.help {
            writeln!(f, "help: {}", help.chars().map(visible).collect::<String>())?;
        }
        Ok(())
    }
}

/// Characters of a source line that are shown at most.
const SHOWN_MAX: usize = 160;

/// A character that can do nothing to the reader's screen.
fn visible(c: char) -> char {
    match c {
        '\t' => ' ',
        c if is_hidden(c) || c == '\n' || c == '\r' => '\u{fffd}',
        c => c,
    }
}

/// A character that makes a text look other than it is: control characters, and those that turn the writing direction.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
        || matches!(c, '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The closest of some names to one that nothing has, if any is close enough.
pub fn did_you_mean<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| {
            *distance
                <= 1 + candidate.chars().count().max(name.chars().count()) / 4 + 2 * usize::from(fault!(FarNamesMeant))
        })
        .min()
        .map(|(_, candidate)| candidate)
}
