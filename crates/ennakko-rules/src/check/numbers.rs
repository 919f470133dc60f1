//! Numbers that rhai reads otherwise than their author meant: `2027-01-02` is 2024, and `091` is 91.
//!
//! Looked for in the text, since the tree has forgotten how a number was written. Texts and comments are passed over.

use super::Checking;
use crate::diagnostic::{Code, Place};
use crate::expression::Span;
use crate::source::{after_comment, after_text};

/// Where such numbers stand.
pub(super) fn misread(text: &str) -> Vec<Span> {
    suspicious(text).into_iter().map(|written| written.span).collect()
}

/// A number as written, with what joins it to the next.
struct Written<'t> {
    place: Place,
    span: Span,
    text: &'t str,
}

impl Checking<'_> {
    pub(super) fn numbers(&mut self) {
        let file = self.file.clone();
        for Written { place, text, .. } in suspicious(&file.text) {
            let told =
                self.found.iter().any(|other| other.place.line == place.line && other.place.column == place.column);
            if told {
                continue;
            }
            if text.contains('-') {
                let day = text.replace(' ', "");
                self.error(Code::Numbers, place, format!("`{text}` is a subtraction of three numbers and not a day"))
                    .help = Some(format!("write `date(\"{day}\")`"));
            } else {
                let plain = text.trim_start_matches('0');
                let plain = if plain.is_empty() { "0" } else { plain };
                self.error(Code::Numbers, place, format!("`{text}` is the number {plain}: leading zeros are lost"))
                    .help = Some(format!("write `{plain}` for a number, and \"{text}\" in quotes for a code"));
            }
        }
    }
}

/// Days without quotes and numbers with leading zeros, outside texts and comments.
fn suspicious(text: &str) -> Vec<Written<'_>> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' | b'`' | b'\'' => at = after_text(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at += bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at);
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => at = after_comment(bytes, at),
            b'0'..=b'9' => {
                let end = after_day(bytes, at).unwrap_or_else(|| after_word(bytes, at));
                let word = &text[at..end];
                let is_code = word.len() > 1
                    && !fault!(LeadingZerosNotSeen)
                    && word.starts_with('0')
                    && word.bytes().all(|byte| byte.is_ascii_digit());
                if word.contains('-') || is_code {
                    found.push(Written { place: Place::of_range(text, at..end), span: Span::new(at, end), text: word });
                }
                at = end;
            }
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => at = after_word(bytes, at),
            _ => at += 1,
        }
    }
    found
}

fn after_word(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
}

/// The end of year-month-day, if one begins here: four digits, one or two, one or two, with `-` between.
fn after_day(bytes: &[u8], start: usize) -> Option<usize> {
    let digits = |at: usize| bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let minus = |at: usize| {
        let at = at + bytes[at..].iter().take_while(|byte| **byte == b' ').count();
        (bytes.get(at) == Some(&b'-'))
            .then(|| at + 1 + bytes[at + 1..].iter().take_while(|byte| **byte == b' ').count())
    };
    let year = start + Some(digits(start)).filter(|n| *n == 4)?;
    let month = minus(year)?;
    let month_end = month + Some(digits(month)).filter(|n| (1..=2).contains(n))?;
    let day = minus(month_end)?;
    Some(day + Some(digits(day)).filter(|n| (1..=2).contains(n))?)
}

#[cfg(test)]
mod tests {
    use super::suspicious;

    #[test]
    fn finds_days_and_leading_zeros_and_nothing_in_texts_or_comments() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = suspicious(text).iter().map(|written| written.text).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("on >= 2027-01-02", &["2027-01-02"]);
        check("on >= 2027 - 1 - 2", &["2027 - 1 - 2"]);
        check("start.year - 1 - 2", &[]);
        check("2027 - 1", &[]);
        check("code == 091", &["091"]);
        check("0 + 10 - 100", &[]);
        check("x0091 + a_01", &[]);
        check("\"091\" + `2027-01-02` + '0'", &[]);
        check("\"a\\\"091\" 007", &["007"]);
        check("// 091\n/* 2027-01-02 /* 01 */ 02 */ 03", &["03"]);
        check("/* 01", &[]);
        check("\"01", &[]);
        check("0x01 1_000", &[]);
        check("å 01 ä", &["01"]);
    }
}
