//! The page itself: headings, wrapped text, tables and bars within the width of a terminal.

use chrono::{Datelike, NaiveDate};

use super::Style;

/// Columns of a page.
pub(crate) const WIDTH: usize = 80;

/// Blanks between columns of a table.
const BETWEEN: usize = 2;

/// Names of the months.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// How text stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Plain,
    Strong,
    Faint,
    Good,
    Warn,
    Bad,
}

impl Ink {
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "\x1b[1m",
            Self::Faint => "\x1b[2m",
            Self::Good => "\x1b[32m",
            Self::Warn => "\x1b[33m",
            Self::Bad => "\x1b[31m",
        }
    }
}

/// On which side a column's text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A page while it is being written.
pub(crate) struct Paper {
    text: String,
    style: Style,
}

impl Paper {
    pub(crate) fn new(style: Style) -> Self {
        Self { text: String::new(), style }
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// Text in an ink; without colour, the text.
    pub(crate) fn ink(&self, ink: Ink, text: &str) -> String {
        if self.style.colour && ink != Ink::Plain && !text.trim().is_empty() {
            format!("{}{text}\x1b[0m", ink.code())
        } else {
            text.to_owned()
        }
    }

    /// An empty line.
    pub(crate) fn gap(&mut self) {
        self.text.push('\n');
    }

    /// One line as it is.
    pub(crate) fn line(&mut self, ink: Ink, text: &str) {
        let line = self.ink(ink, text);
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// A section's heading with a word at its right, and a line under both.
    pub(crate) fn heading(&mut self, left: &str, right: &str) {
        self.gap();
        let used = width(left) + width(right);
        let line = if used + BETWEEN <= WIDTH {
            format!("{}{}{}", self.ink(Ink::Strong, left), " ".repeat(WIDTH - used), self.ink(Ink::Faint, right))
        } else {
            self.wrapped(Ink::Strong, 0, left);
            self.ink(Ink::Faint, &cut(right, WIDTH))
        };
        self.text.push_str(line.trim_end());
        self.text.push('\n');
        self.line(Ink::Faint, &"─".repeat(WIDTH));
    }

    /// Text wrapped within the page, each line behind some blanks, later ones two more.
    pub(crate) fn wrapped(&mut self, ink: Ink, indent: usize, text: &str) {
        let first = " ".repeat(indent);
        let later = " ".repeat(indent + 2);
        let options = textwrap::Options::new(WIDTH).initial_indent(&first).subsequent_indent(&later);
        for line in textwrap::wrap(text, &options) {
            self.line(ink, &line);
        }
    }

    /// A table: columns as wide as what stands in them, the last one wrapped; totals stand under a line.
    pub(crate) fn table(
        &mut self,
        indent: usize,
        columns: &[Align],
        titles: &[&str],
        rows: &[Vec<String>],
        totals: &[Vec<String>],
    ) {
        let of = |at: usize| {
            let cells = rows.iter().chain(totals).filter_map(move |row| row.get(at));
            cells.map(|cell| width(cell)).chain(titles.get(at).map(|title| width(title))).max().unwrap_or(0)
        };
        let last = columns.len().saturating_sub(1);
        let mut widths: Vec<usize> = (0..columns.len()).map(of).collect();
        // what the earlier columns leave to the last, which wraps, but never less than a few words
        let enough = widths.get(last).copied().unwrap_or(0).min(20);
        while indent + widths[..last].iter().map(|width| width + BETWEEN).sum::<usize>() + enough > WIDTH {
            let Some(widest) = widths[..last].iter_mut().max() else { break };
            *widest -= 1;
        }
        let before = indent + widths[..last].iter().map(|width| width + BETWEEN).sum::<usize>();
        if titles.iter().any(|title| !title.is_empty()) {
            let titles: Vec<String> = titles.iter().map(|title| (*title).to_owned()).collect();
            self.row(Ink::Faint, indent, columns, &widths, &titles, before);
        }
        for row in rows {
            self.row(Ink::Plain, indent, columns, &widths, row, before);
        }
        if !totals.is_empty() {
            let line = "─".repeat(widths.iter().take(2).sum::<usize>() + BETWEEN);
            self.line(Ink::Faint, &format!("{}{line}", " ".repeat(indent)));
        }
        for total in totals {
            self.row(Ink::Plain, indent, columns, &widths, total, before);
        }
    }

    fn row(&mut self, ink: Ink, indent: usize, columns: &[Align], widths: &[usize], row: &[String], before: usize) {
        let last = columns.len().saturating_sub(1);
        let mut cells: Vec<Vec<String>> =
            row.iter().zip(widths).take(last).map(|(cell, width)| broken(cell, *width)).collect();
        let text = row.get(last).map_or("", String::as_str);
        let room = WIDTH.saturating_sub(before).max(1);
        cells.push(textwrap::wrap(text, room).into_iter().map(std::borrow::Cow::into_owned).collect());
        for at in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
            let mut line = " ".repeat(indent);
            let part = |cell: &[String]| cell.get(at).cloned().unwrap_or_default();
            for ((cell, align), width) in cells.iter().zip(columns).zip(widths).take(last) {
                line.push_str(&padded(&part(cell), *width, *align));
                line.push_str(&" ".repeat(BETWEEN));
            }
            line.push_str(&cells.last().map(|cell| part(cell)).unwrap_or_default());
            self.line(ink, &line);
        }
    }
}

/// A name in pieces of a width at most, each but the last ending after a blank, `:` or `_` if one is near its end.
pub(super) fn broken(text: &str, to: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest: Vec<char> = text.chars().collect();
    while width(&rest.iter().collect::<String>()) > to && rest.len() > 1 {
        let fits = (1..rest.len()).rev().find(|n| width(&rest[..*n].iter().collect::<String>()) <= to).unwrap_or(1);
        let seam = (fits / 2..fits).rev().find(|at| [' ', ':', '_'].contains(&rest[*at]));
        let left = rest.split_off(seam.map_or(fits, |at| at + 1));
        pieces.push(rest.into_iter().collect::<String>().trim_end().to_owned());
        rest = left;
    }
    pieces.push(rest.into_iter().collect());
    pieces
}

/// Columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    textwrap::core::display_width(text)
}

/// A text filled up to a width.
pub(crate) fn padded(text: &str, to: usize, align: Align) -> String {
    let blanks = " ".repeat(to.saturating_sub(width(text)));
    match align {
        Align::Left => format!("{text}{blanks}"),
        Align::Right => format!("{blanks}{text}"),
    }
}

/// A text cut to a width, with a mark where something is left out.
pub(crate) fn cut(text: &str, to: usize) -> String {
    if width(text) <= to {
        return text.to_owned();
    }
    let kept: String = text.chars().take(to.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// A bar of eighths of blocks, at least one eighth long if there is anything to show.
pub(crate) fn bar(eighths: usize) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    format!("{}{}", "█".repeat(eighths / 8), PARTS[eighths % 8])
}

/// A count with commas between thousands.
pub fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun: `1 building`, `2 buildings`.
pub(crate) fn one(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{} {noun}s", thousands(n)) }
}

/// `1 December 2026`
pub(crate) fn day_in_words(day: NaiveDate) -> String {
    format!("{} {} {}", day.day(), month_name(day.month()), day.year())
}

/// `Dec 2026`
pub(crate) fn short_month(year: i32, month: u32) -> String {
    format!("{} {year}", month_name(month).get(..3).unwrap_or_default())
}

fn month_name(month: u32) -> &'static str {
    usize::try_from(month).ok().and_then(|month| MONTHS.get(month.checked_sub(1)?)).copied().unwrap_or_default()
}
