//! The page beside a rule: its documentation, and its cases as tables.

use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::rule_set::RuleFile;

/// The columns of a case table.
pub const COLUMNS: [&str; 5] = ["case", "on", "differs", "outcome", "because"];

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The file.
    pub file: RuleFile,
    /// Its cases, in order.
    pub cases: Vec<Case>,
}

/// One case: a row of a table, with the `given` block above it.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is called.
    pub name: String,
    /// Where the row stands.
    pub place: Place,
    /// The TOML of the `given` block above, and where it starts.
    pub given: Arc<str>,
    /// Line on which the `given` block's text starts, from 1.
    pub given_line: usize,
    /// The day.
    pub on: NaiveDate,
    /// What differs from `given`: path and value as written.
    pub differs: Vec<(String, String)>,
    /// The expected outcome, as written.
    pub outcome: String,
    /// The names that decide it.
    pub because: Vec<String>,
    /// Where the cells of the outcome and of the names stand between their bars, in the page's text.
    pub cells: [Range<usize>; 2],
}

impl Page {
    pub(crate) fn read(file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let too_long = file.too_long(Code::Page);
        let is_readable = too_long.is_none();
        diagnostics.extend(too_long);
        let mut reader = Reader { file, diagnostics, given: None, cases: Vec::new() };
        if is_readable {
            reader.read();
        }
        let cases = reader.cases;
        if cases.is_empty() && !diagnostics.iter().any(|d| d.path == file.path) {
            diagnostics.push(
                Diagnostic::error(Code::Page, &file.path, &file.text, Place::START, "this page has no case")
                    .with_help(format!("add a `given` block and a table with the columns {}", COLUMNS.join(" | "))),
            );
        }
        Self { file: file.clone(), cases }
    }
}

/// Where the bars between cells stand.
fn bars_of(row: &str) -> Vec<usize> {
    row.match_indices('|').map(|(at, _)| at).filter(|at| !row[..*at].ends_with('\\')).collect()
}

struct Reader<'f> {
    file: &'f RuleFile,
    diagnostics: &'f mut Vec<Diagnostic>,
    given: Option<(Arc<str>, usize)>,
    cases: Vec<Case>,
}

impl Reader<'_> {
    fn error(&mut self, range: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let place = Place::of_range(&self.file.text, range);
        self.diagnostics
            .push(Diagnostic::error(Code::Page, &self.file.path, &self.file.text, place, message).with_help(help));
    }

    fn read(&mut self) {
        let text = self.file.text.clone();
        let mut in_toml = false;
        let mut block = String::new();
        let mut block_start = 0;
        let mut header: Option<Vec<String>> = None;
        let mut row: Vec<(String, Range<usize>)> = Vec::new();
        let mut cell: Option<(String, Range<usize>)> = None;
        for (event, range) in Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter() {
            match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                    in_toml = language.split_whitespace().next() == Some("toml");
                    block.clear();
                    block_start = Place::of_range(&text, range).line + 1;
                }
                Event::Text(part) | Event::Code(part) if in_toml && cell.is_none() => block.push_str(&part),
                Event::End(TagEnd::CodeBlock) => {
                    if in_toml {
                        self.given = Some((Arc::from(block.as_str()), block_start));
                    }
                    in_toml = false;
                }
                Event::Start(Tag::TableHead | Tag::TableRow) => row.clear(),
                Event::Start(Tag::TableCell) => cell = Some((String::new(), range)),
                Event::Text(part) | Event::Code(part) => {
                    if let Some((text, _)) = &mut cell {
                        text.push_str(&part);
                    }
                }
                Event::End(TagEnd::TableCell) => row.extend(cell.take()),
                Event::End(TagEnd::TableHead) => {
                    header = Some(row.iter().map(|(name, _)| name.trim().to_owned()).collect());
                    let is_cases = row.first().is_some_and(|(name, _)| name.trim() == COLUMNS[0]);
                    if is_cases && !row.iter().map(|(name, _)| name.trim()).eq(COLUMNS) {
                        self.error(
                            range,
                            "this table of cases has other columns",
                            format!("the columns are {}", COLUMNS.join(" | ")),
                        );
                        header = None;
                    } else if !is_cases {
                        header = None;
                    }
                }
                Event::End(TagEnd::TableRow) if header.is_some() => self.row(&text[range.clone()], &row, range),
                Event::End(TagEnd::Table) => header = None,
                _ => {}
            }
        }
        self.torn_rows(&text);
    }

    fn row(&mut self, source: &str, row: &[(String, Range<usize>)], range: Range<usize>) {
        // the parser fills missing cells in silently, so the bars are counted
        let bars = bars_of(source.trim_end());
        if bars.len() != COLUMNS.len() + 1 {
            self.error(
                range,
                format!("this row of the case table has {} cells, not {}", bars.len().saturating_sub(1), COLUMNS.len()),
                format!("write | {} | in each row, empty cells too", COLUMNS.join(" | ")),
            );
            return;
        }
        let cell = |at: usize| row.get(at).map(|(text, _)| text.trim().to_owned()).unwrap_or_default();
        let Some((given, given_line)) = self.given.clone() else {
            self.error(range, "there is no `given` block above this table", "write a fenced block ```toml above it");
            return;
        };
        let Ok(on) = cell(1).parse::<NaiveDate>() else {
            let at = row.get(1).map_or(range, |(_, at)| at.clone());
            self.error(at, format!("`{}` is not a day", cell(1)), "write it as year-month-day: 2027-01-08");
            return;
        };
        let mut differs = Vec::new();
        for part in cell(2).split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let Some((path, value)) = part.split_once('=') else {
                let at = row.get(2).map_or(range, |(_, at)| at.clone());
                self.error(at, format!("`{part}` sets nothing"), "write `name.fact = value`, several with `;` between");
                return;
            };
            differs.push((path.trim().to_owned(), value.trim().to_owned()));
        }
        let cells = [3, 4].map(|at| range.start + bars[at] + 1..range.start + bars[at + 1]);
        let place = Place { length: 1, ..Place::of_range(&self.file.text, range) };
        self.cases.push(Case {
            name: cell(0),
            place,
            given,
            given_line,
            on,
            differs,
            outcome: cell(3),
            because: cell(4).split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            cells,
        });
    }

    /// A line of bars under the cases that the Markdown parser did not take for a row: the table is torn.
    fn torn_rows(&mut self, text: &str) {
        let mut in_cases = false;
        let mut in_fence = false;
        let mut offset = 0;
        let mut torn = Vec::new();
        for line in text.split_inclusive('\n') {
            let trimmed = line.trim();
            let range = offset..offset + line.trim_end().len();
            offset += line.len();
            if trimmed.starts_with("```") {
                in_fence = !in_fence;
            }
            if in_fence {
                continue;
            }
            if trimmed.trim_matches('|').trim().starts_with("case |") {
                in_cases = true;
            } else if trimmed.starts_with('#') {
                in_cases = false;
            } else if in_cases && !trimmed.is_empty() && !trimmed.starts_with('|') && trimmed.matches('|').count() > 1 {
                torn.push(range);
            }
        }
        for range in torn {
            let line = Place::of_range(text, range.clone()).line;
            if !self.diagnostics.iter().any(|d| d.path == self.file.path && d.place.line == line)
                && !self.cases.iter().any(|case| case.place.line == line)
            {
                self.error(
                    range,
                    "this line looks like a row of the case table but is not one",
                    "begin and end it with |",
                );
            }
        }
    }
}
