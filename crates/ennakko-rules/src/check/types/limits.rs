//! Numbers, days and codes that stand in a rule and belong into a table, where they have a source and a validity.

use super::Elaborator;
use super::compare::is_year;
use super::known::Values;
use super::typed::{Number, Type, Typed};
use crate::diagnostic::Code;
use crate::expression::{Case, CaseValue, Span};
use crate::unit::Unit;

impl Elaborator<'_> {
    /// Tells that a literal beside something else should be a parameter.
    pub(super) fn limits(&mut self, subject: &Typed, literal: &Typed) {
        if !literal.is_literal || subject.is_literal || subject.is_silent() || literal.is_silent() {
            return;
        }
        match (&subject.ty, &literal.possible.values) {
            (Type::Number(number), Values::Ints(ints)) => {
                if let Some(value) = ints.single() {
                    self.limit(literal.span, *number, value);
                }
            }
            (Type::Day, Values::Ints(_)) => {
                let written = self.written(literal.span).unwrap_or("a day").to_owned();
                let help = "put it into `calendar.toml` with its source, as a field of the round: `start.that_day`";
                self.warn(literal.span, Code::Literal, format!("the day `{written}` stands in the rule itself"), help);
            }
            (Type::Text(None), Values::Texts(texts)) => {
                let is_municipality = |text: &str| {
                    text.len() == 3 && !fault!(MunicipalitiesNotTold) && text.bytes().all(|byte| byte.is_ascii_digit())
                };
                if let Some(code) = texts.iter().find(|text| is_municipality(text)) {
                    let message = format!("the code \"{code}\" of a municipality stands in the rule itself");
                    let help = "`lives_in_city` says whether somebody lives in the city; city.toml says which it is";
                    self.warn(literal.span, Code::Literal, message, help);
                }
            }
            _ => {}
        }
    }

    /// The same for a range, told once.
    pub(super) fn range_limits(&mut self, subject: &Typed, range: &Typed) {
        if let (Type::Number(number), Values::Ints(ints)) = (&subject.ty, &range.possible.values)
            && let Some((least, most)) = ints.ends()
            && !subject.is_literal
        {
            let value = if is_small(least) { most } else { least };
            self.limit(range.span, *number, value);
        }
    }

    pub(super) fn case_limits(&mut self, of: &Typed, case: &Case, number: Number) {
        if of.is_literal {
            return;
        }
        for value in &case.values {
            match value {
                // the tree knows where a case is answered, and not where it is written
                CaseValue::Int(value) => self.limit_of(case.span, &value.to_string(), number, *value),
                CaseValue::Range { from, to, inclusive } => {
                    let written = format!("{from}{}{to}", if *inclusive { "..=" } else { ".." });
                    self.limit_of(case.span, &written, number, if is_small(*from) { *to } else { *from });
                }
                _ => {}
            }
        }
    }

    /// A number in the rule's text beside a number that counts something.
    pub(super) fn limit(&mut self, span: Span, beside: Number, value: i64) {
        let written = self.written(span).map_or_else(|| value.to_string(), str::to_owned);
        self.limit_of(span, &written, beside, value);
    }

    fn limit_of(&mut self, span: Span, written: &str, beside: Number, value: i64) {
        if beside.unit == Some(Unit::Year) && is_year(value) {
            let help = "ask the occasion, as `start.year`, or put it into `parameters.toml` with its source";
            self.warn(span, Code::Literal, format!("the year `{written}` stands in the rule itself"), help);
            return;
        }
        // who is asked at all, and what must be so of everybody, rest on no law
        let is_exempt = matches!(self.function, "cohort" | "sanity") && !fault!(LimitsOfCohortsTold)
            || beside.counts
            || is_small(value);
        if !is_exempt && !fault!(LimitsNotTold) {
            let help = "put it into `parameters.toml` with its source, and read it for a day: `group::name(on)`";
            self.warn(span, Code::Literal, format!("the limit `{written}` stands in the rule itself"), help);
        }
    }
}

/// Numbers that nobody would look up.
fn is_small(value: i64) -> bool {
    (-1..=1).contains(&value)
}
