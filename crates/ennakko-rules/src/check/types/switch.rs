//! `switch`: cases of the kind that is asked, each with something left for it, and a default unless nothing is left.

use std::sync::Arc;

use super::Elaborator;
use super::infer::describe;
use super::ints::Ints;
use super::known::{Known, Possible, Values};
use super::typed::{Type, Typed};
use crate::diagnostic::Code;
use crate::expression::{Case, CaseValue, Expression, Span};
use crate::step::{Arm, Constant, What};

impl Elaborator<'_> {
    pub(super) fn switch(
        &mut self,
        span: Span,
        of: &Expression,
        cases: &[Case],
        otherwise: Option<&Expression>,
    ) -> Typed {
        let of = self.expression(of);
        let (of, n_errors) = (self.switched(of), self.n_errors());
        let mut left = of.possible.clone();
        let before = self.known.clone();
        let mut joined: Option<Typed> = None;
        let mut failed = of.is_silent();
        let mut arms = Vec::new();
        // single values are tried before any range
        let (single, ranged): (Vec<&Case>, Vec<&Case>) =
            cases.iter().partition(|case| !case.values.iter().any(|value| matches!(value, CaseValue::Range { .. })));
        for case in single.into_iter().chain(ranged) {
            let Some(CaseOf { constants, spreads, stands_for }) = self.case(&of, case, &left) else {
                failed = true;
                self.known = before.clone();
                self.expression(&case.value);
                continue;
            };
            let here = of.path.as_ref().map_or_else(Known::nothing, |path| Known::of(path, left.and(&stands_for)));
            let guard = case.guard.as_ref().map(|guard| {
                let met = before.and(&here);
                self.known = if met.is_impossible() { before.clone() } else { met };
                self.test(guard)
            });
            if guard.is_none() || fault!(GuardsAlwaysHold) {
                left = if fault!(CasesForgotten) { left } else { left.and(&stands_for.others()) };
            }
            let here = guard.as_ref().map_or_else(|| here.clone(), |guard| here.and(&guard.holds));
            let value = self.branch(&before, &here, &case.value);
            failed |= guard.as_ref().is_some_and(Typed::is_silent);
            failed |= !self.add_branch(&mut joined, &value);
            arms.push(Arm {
                values: constants,
                ranges: spreads,
                guard: guard.map(|guard| guard.step),
                value: value.step,
            });
        }
        let otherwise = if let Some(otherwise) = otherwise {
            if left.is_empty() && !failed {
                let help = "every value has a case: leave out `_ => ...`";
                self.warn(otherwise.span, Code::Decided, "no value is left for this", help);
            }
            let here = of.path.as_ref().map_or_else(Known::nothing, |path| Known::of(path, left));
            let otherwise = self.branch(&before, &here, otherwise);
            failed |= !self.add_branch(&mut joined, &otherwise);
            otherwise.step
        } else {
            if !left.is_empty() && !failed && self.n_errors() == n_errors {
                let place = Span::new(span.start, (span.start + "switch".len()).min(span.end));
                let help = match describe(&left) {
                    Some(left) => format!("nothing is said of {left}: add `_ => ...` as the last case"),
                    None => "say what holds otherwise: add `_ => ...` as the last case".to_owned(),
                };
                self.error(place, Code::Form, "this `switch` does not say what holds otherwise", help);
                failed = true;
            }
            self.constant(span, Constant::None)
        };
        self.known = before;
        let Some(joined) = joined.filter(|_| !failed) else { return self.told(span) };
        let what = What::Switch { of: Box::new(of.step), arms, otherwise: Box::new(otherwise) };
        let step = self.step(span, what);
        Typed { possible: joined.possible, is_literal: joined.is_literal, ..Typed::new(span, joined.ty, step) }
    }

    /// Whether a branch goes with those before it.
    fn add_branch(&mut self, joined: &mut Option<Typed>, value: &Typed) -> bool {
        if value.is_silent() {
            return false;
        }
        let Some(before) = joined.take() else {
            *joined = Some(value.clone());
            return true;
        };
        let Some((ty, possible)) = self.joined(&before, value) else { return false };
        let is_literal = before.is_literal && value.is_literal;
        *joined = Some(Typed { ty, possible, is_literal, ..before });
        true
    }

    /// What a switch can be asked of.
    fn switched(&mut self, of: Typed) -> Typed {
        let (message, help) = match &of.ty {
            Type::Told | Type::Open | Type::Bool | Type::Text(_) => return of,
            Type::Number(number) if !number.rough => return of,
            Type::Number(_) => (
                "an age cannot be asked with `switch`".to_owned(),
                "an age that is known only roughly would match nothing; write `if ... { } else { }` or `x in [1, 2]`",
            ),
            Type::None => ("none cannot be asked with `switch`".to_owned(), "ask a fact or a parameter"),
            other => (
                format!("{} cannot be asked with `switch`", other.words()),
                "ask a number, a text, or yes and no; for the others write `if ... { } else { }`",
            ),
        };
        self.error(of.span, Code::Types, message, help);
        self.told(of.span)
    }

    /// What a case stands for; told if it cannot be, or nothing is left for it.
    fn case(&mut self, of: &Typed, case: &Case, left: &Possible) -> Option<CaseOf> {
        let (mut constants, mut spreads) = (Vec::new(), Vec::new());
        let mut stands_for = Possible { none: false, some: false, values: Values::Any };
        let texts = |text: &Arc<str>| Values::Texts([text.clone()].into());
        let mut seen: Vec<&CaseValue> = Vec::new();
        for value in &case.values {
            let fits = match (value, &of.ty) {
                (_, Type::Told | Type::Open) | (CaseValue::None, _) => true,
                (CaseValue::Bool(_), ty) => *ty == Type::Bool,
                (CaseValue::Int(_) | CaseValue::Range { .. }, ty) => ty.number().is_some(),
                (CaseValue::Text(text), Type::Text(list)) => {
                    if !self.is_code(case.span, list.as_ref(), text) {
                        return None;
                    }
                    true
                }
                (CaseValue::Text(_) | CaseValue::Other, _) => false,
            };
            if !fits {
                let message = format!("this case is {}, and what is asked is {}", case_words(value), of.ty.words());
                self.error(case.span, Code::Types, message, "write cases of the same kind");
                return None;
            }
            if seen.contains(&value) {
                self.error(case.span, Code::Decided, "this case stands twice", "remove one of them");
                return None;
            }
            seen.push(value);
            let of_value = match value {
                CaseValue::None => Possible::only_none(),
                CaseValue::Bool(value) => Possible::value(Values::Bools { yes: *value, no: !*value }),
                CaseValue::Int(number) => Possible::value(Values::Ints(Ints::one(*number))),
                CaseValue::Text(text) => Possible::value(texts(text)),
                CaseValue::Range { from, to, inclusive } => {
                    let last = if *inclusive { Some(*to) } else { to.checked_sub(1) };
                    let Some(last) = last.filter(|last| from <= last) else {
                        let help = "write the smaller number first: `6..=8`";
                        self.error(case.span, Code::Numbers, "this range holds nothing", help);
                        return None;
                    };
                    spreads.push((*from, last));
                    Possible::value(Values::Ints(Ints::between(*from, last)))
                }
                CaseValue::Other => return None,
            };
            constants.extend(match value {
                CaseValue::None => Some(Constant::None),
                CaseValue::Bool(value) => Some(Constant::Bool(*value)),
                CaseValue::Int(number) => Some(Constant::Int(*number)),
                CaseValue::Text(text) => Some(Constant::Text(text.clone())),
                CaseValue::Range { .. } | CaseValue::Other => None,
            });
            stands_for = stands_for.or(&of_value);
        }
        if !of.is_silent() && left.and(&stands_for).is_empty() {
            let help = match describe(&of.possible) {
                _ if !of.possible.and(&stands_for).is_empty() => "the cases before it say all of it; remove it".into(),
                Some(possible) => format!("it can only be {possible}"),
                None => "remove it".to_owned(),
            };
            self.error(case.span, Code::Decided, "nothing is left for this case", help);
            return None;
        }
        if let Some(number) = of.ty.number() {
            self.case_limits(of, case, number);
        }
        Some(CaseOf { constants, spreads, stands_for })
    }
}

/// A case: single values, ranges with both ends included, and what they stand for together.
struct CaseOf {
    constants: Vec<Constant>,
    spreads: Vec<(i64, i64)>,
    stands_for: Possible,
}

fn case_words(value: &CaseValue) -> &'static str {
    match value {
        CaseValue::None => "none",
        CaseValue::Bool(_) => "a yes or no",
        CaseValue::Int(_) => "a number",
        CaseValue::Text(_) => "a text",
        CaseValue::Range { .. } => "a range of numbers",
        CaseValue::Other => "something else",
    }
}
