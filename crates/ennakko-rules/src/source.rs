//! A file's text as far as the ends of expressions need it: where lines begin and which bracket closes which.
//!
//! rhai tells where an expression begins and never where it ends. Texts and comments are passed over.

use std::collections::BTreeMap;

use crate::diagnostic::Place;
use crate::expression::Span;

/// A text with its lines and brackets.
pub(crate) struct Source<'t> {
    text: &'t str,
    lines: Vec<usize>,
    /// The byte of each opening bracket, and of the one that closes it.
    closed_by: BTreeMap<usize, usize>,
    opened_by: BTreeMap<usize, usize>,
}

impl<'t> Source<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let (mut closed_by, mut opened_by) = (BTreeMap::new(), BTreeMap::new());
        let mut open = Vec::new();
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'(' | b'[' | b'{' => open.push(at),
                b')' | b']' | b'}' => {
                    if let Some(opening) = open.pop() {
                        closed_by.insert(opening, at);
                        opened_by.insert(at, opening);
                    }
                }
                _ => {}
            }
            at = after_token(bytes, at);
        }
        Self { text, lines, closed_by, opened_by }
    }

    /// The byte of a line (from 1) and a column in characters (from 1).
    pub(crate) fn offset(&self, line: usize, column: usize) -> usize {
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let rest = &self.text[start..];
        start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
    }

    /// Behind the number, name, text or pair of brackets that begins here.
    pub(crate) fn after(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        match bytes.get(start) {
            None => self.text.len(),
            Some(b'(' | b'[' | b'{') => self.closed_by.get(&start).map_or(self.text.len(), |close| close + 1),
            Some(b'#') if matches!(bytes.get(start + 1), Some(b'{')) => self.after(start + 1),
            Some(b'"' | b'`' | b'\'') => after_text(bytes, start),
            Some(byte) if is_word(*byte) => start + bytes[start..].iter().take_while(|byte| is_word(**byte)).count(),
            Some(_) => start + self.text[start..].chars().next().map_or(1, char::len_utf8),
        }
    }

    /// Behind the pair of brackets that is next after a place.
    pub(crate) fn after_brackets(&self, from: usize, bracket: u8) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while let Some(&byte) = bytes.get(at) {
            if byte == bracket {
                return self.after(at);
            }
            at = after_token(bytes, at);
        }
        self.text.len()
    }

    /// The same with the brackets that are open or closed inside and not outside: rhai forgets those around an expression.
    pub(crate) fn balanced(&self, span: Span) -> Span {
        let bytes = self.text.as_bytes();
        let mut wider = span;
        let mut at = span.start;
        while at < wider.end {
            match bytes.get(at) {
                Some(b'(' | b'[' | b'{') => {
                    if let Some(close) = self.closed_by.get(&at) {
                        wider.end = wider.end.max(close + 1);
                    }
                }
                Some(b')' | b']' | b'}') => {
                    if let Some(open) = self.opened_by.get(&at) {
                        wider.start = wider.start.min(*open);
                    }
                }
                _ => {}
            }
            at = after_token(bytes, at);
        }
        wider
    }

    /// Whether a text stands at a place.
    pub(crate) fn has(&self, at: usize, text: &str) -> bool {
        self.text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(text.as_bytes()))
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Behind a text, a comment or one byte.
fn after_token(bytes: &[u8], at: usize) -> usize {
    match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'"' | b'`' | b'\''), _) => after_text(bytes, at),
        (Some(b'/'), Some(b'/')) => at + bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at),
        (Some(b'/'), Some(b'*')) => after_comment(bytes, at),
        _ => at + 1,
    }
}

/// Behind the closing quote.
pub(crate) fn after_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            byte if *byte == bytes[start] => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Behind a comment; they nest.
pub(crate) fn after_comment(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => {
                depth += 1;
                at += 1;
            }
            b"*/" => {
                depth -= 1;
                at += 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Where a function's name stands: the last `fn name` on or before a line.
pub(crate) fn place_of_function(text: &str, name: &str, last_line: usize) -> Place {
    let column = |line: &str| {
        let at = line.find(&format!("fn {name}"))?;
        let after = line[at + 3 + name.len()..].chars().next();
        (!after.is_some_and(|next| next.is_alphanumeric() || next == '_')).then(|| line[..at].chars().count() + 4)
    };
    text.lines()
        .enumerate()
        .take(last_line)
        .filter_map(|(at, line)| column(line).map(|column| Place { line: at + 1, column, length: name.len() }))
        .last()
        .unwrap_or(Place { line: last_line.min(text.lines().count().max(1)), column: 1, length: 1 })
}
