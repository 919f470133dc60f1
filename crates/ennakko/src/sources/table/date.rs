//! Days as a warehouse writes them: patterns of `yyyy`, `mm` or `m`, `dd` or `d`, and signs between.
//!
//! A pattern without a day gives a month, one without a month a year; `00` for a day or a month says the same. Nothing
//! else is guessed: a number of days since some day (a spreadsheet's date) is of no pattern.

use chrono::NaiveDate;
use ennakko_core::PartialDate;

use super::super::SourceProblem;

/// One way of writing days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Part>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Four digits.
    Year,
    /// Two digits, or one or two if short.
    Month {
        short: bool,
    },
    Day {
        short: bool,
    },
    Sign(u8),
}

impl Pattern {
    /// The schema's own: `2020-10-15`, `2020-10`, `2020`.
    pub(super) fn iso() -> Vec<Self> {
        ["yyyy-mm-dd", "yyyy-mm", "yyyy"].into_iter().filter_map(|text| Self::of(text).ok()).collect()
    }

    /// The pattern of a text, or what is wrong with it.
    pub(super) fn of(text: &str) -> Result<Self, &'static str> {
        if !text.is_ascii() {
            return Err("a pattern has plain signs only");
        }
        let mut parts = Vec::new();
        let mut rest = text.as_bytes();
        while let Some(first) = rest.first() {
            let run = rest.iter().take_while(|sign| *sign == first).count();
            let (part, taken) = match (first, run) {
                (b'y', 4) => (Part::Year, 4),
                (b'm', 1 | 2) => (Part::Month { short: run == 1 }, run),
                (b'd', 1 | 2) => (Part::Day { short: run == 1 }, run),
                (b'y' | b'm' | b'd', _) => return Err("a year is `yyyy`, a month `mm` or `m`, a day `dd` or `d`"),
                (sign, _) => (Part::Sign(*sign), 1),
            };
            parts.push(part);
            rest = &rest[taken..];
        }
        let n = |wanted: fn(&Part) -> bool| parts.iter().filter(|part| wanted(part)).count();
        let (years, months, days) = (
            n(|part| *part == Part::Year),
            n(|part| matches!(part, Part::Month { .. })),
            n(|part| matches!(part, Part::Day { .. })),
        );
        let glued = parts.windows(2).any(|pair| {
            matches!(pair[0], Part::Month { short: true } | Part::Day { short: true })
                && !matches!(pair[1], Part::Sign(_))
        });
        match (years, months, days) {
            _ if glued => Err("after `d` or `m` comes a sign that ends it"),
            (1, 1, 0 | 1) | (1, 0, 0) => Ok(Self(parts)),
            _ => Err("a pattern has a year, at most one month, and a day only with a month"),
        }
    }

    /// Whether a text can be of both and mean two days.
    pub(super) fn clashes(&self, other: &Self) -> bool {
        // as the longest text of the pattern looks, every digit a nine
        let look = |pattern: &Self| -> Vec<u8> {
            pattern
                .0
                .iter()
                .flat_map(|part| match part {
                    Part::Year => b"9999".to_vec(),
                    Part::Month { .. } | Part::Day { .. } => b"99".to_vec(),
                    Part::Sign(sign) => vec![*sign],
                })
                .collect()
        };
        let order = |pattern: &Self| -> Vec<u8> {
            let letter = |part: &Part| match part {
                Part::Year => Some(b'y'),
                Part::Month { .. } => Some(b'm'),
                Part::Day { .. } => Some(b'd'),
                Part::Sign(_) => None,
            };
            pattern.0.iter().filter_map(letter).collect()
        };
        look(self) == look(other) && order(self) != order(other)
    }

    /// Year, month and day of a text of this pattern; 0 for what it does not say.
    fn parts(&self, text: &[u8]) -> Option<(u32, u32, u32)> {
        let (mut year, mut month, mut day) = (0, 0, 0);
        let mut rest = text;
        for part in &self.0 {
            match part {
                Part::Year => year = digits(&mut rest, 4, 4)?,
                Part::Month { short } => month = digits(&mut rest, if *short { 1 } else { 2 }, 2)?,
                Part::Day { short } => day = digits(&mut rest, if *short { 1 } else { 2 }, 2)?,
                Part::Sign(sign) => rest = rest.strip_prefix(&[*sign])?,
            }
        }
        rest.is_empty().then_some((year, month, day))
    }
}

fn digits(rest: &mut &[u8], least: usize, most: usize) -> Option<u32> {
    let n = rest.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    let (number, after) = rest.split_at(n);
    *rest = after;
    (n >= least).then(|| number.iter().fold(0, |number, byte| number * 10 + u32::from(byte - b'0')))
}

/// The day, month or year of a text.
pub(super) fn read(text: &str, patterns: &[Pattern]) -> Result<PartialDate, SourceProblem> {
    let found = patterns.iter().find_map(|pattern| pattern.parts(text.as_bytes()));
    let (year, month, day) = found.ok_or(SourceProblem::WrongShape)?;
    let year = i32::try_from(year).map_err(|_| SourceProblem::BadDay)?;
    match (month, day) {
        (0, 0) => PartialDate::in_year(year).map_err(|_| SourceProblem::BadDay),
        (0, _) => Err(SourceProblem::BadDay),
        (month, 0) => PartialDate::in_month(year, month).map_err(|_| SourceProblem::BadDay),
        (month, day) => NaiveDate::from_ymd_opt(year, month, day).map(PartialDate::exact).ok_or(SourceProblem::BadDay),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(patterns: &[&str], text: &str, expected: &str) {
        let patterns: Vec<_> = patterns.iter().map(|text| Pattern::of(text).unwrap()).collect();
        let found = match read(text, &patterns) {
            Ok(date) => format!("{}..{}", date.first(), date.last()),
            Err(problem) => format!("{problem:?}"),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn days_of_several_spellings() {
        let iso = ["yyyy-mm-dd", "yyyy-mm", "yyyy"];
        check(&iso, "2020-05-31", "2020-05-31..2020-05-31");
        check(&iso, "2020-05", "2020-05-01..2020-05-31");
        check(&iso, "2020", "2020-01-01..2020-12-31");
        check(&iso, "2020-05-00", "2020-05-01..2020-05-31");
        check(&["yyyymmdd"], "20200000", "2020-01-01..2020-12-31");
        check(&["yyyymmdd"], "20200500", "2020-05-01..2020-05-31");
        check(&["d.m.yyyy"], "5.12.2020", "2020-12-05..2020-12-05");
        check(&["d.m.yyyy"], "05.12.2020", "2020-12-05..2020-12-05");
        check(&["dd/mm/yyyy"], "05/12/2020", "2020-12-05..2020-12-05");
        check(&["mm/dd/yyyy"], "05/12/2020", "2020-05-12..2020-05-12");
        check(&["yyyy-mm-dd 00:00:00"], "2020-05-31 00:00:00", "2020-05-31..2020-05-31");
    }

    #[test]
    fn what_is_of_no_pattern_is_no_day() {
        let iso = ["yyyy-mm-dd", "yyyy-mm", "yyyy"];
        for text in ["", "44044", "202", "2020-5-1", " 2020-05-31", "2020-05-31 ", "31.5.2020", "1e3", "٢٠٢٠", "-2020"]
        {
            check(&iso, text, "WrongShape");
        }
        for text in ["2020-13", "2021-02-29", "2020-00-10", "2020-04-31"] {
            check(&iso, text, "BadDay");
        }
        check(&["dd.mm.yyyy"], "5.12.2020", "WrongShape");
        check(&["d.m.yyyy"], "005.12.2020", "WrongShape");
    }

    #[test]
    fn patterns_that_cannot_be_are_told() {
        for text in ["", "dd.mm", "yy-mm-dd", "yyyy-dd", "yyyy-mm-mm", "dmyyyy", "yyyyyyyy", "päivä"] {
            assert!(Pattern::of(text).is_err(), "{text}");
        }
        let of = |text| Pattern::of(text).unwrap();
        assert!(of("dd/mm/yyyy").clashes(&of("m/d/yyyy")) && of("yyyymmdd").clashes(&of("ddmmyyyy")));
        assert!(!of("dd.mm.yyyy").clashes(&of("d.m.yyyy")) && !of("yyyy-mm-dd").clashes(&of("dd/mm/yyyy")));
    }
}
