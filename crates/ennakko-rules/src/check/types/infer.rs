//! Expressions one by one: constants, names, blocks, branches, and what joins tests.

use std::sync::Arc;

use ennakko_core::fact_table::FACT_INT_MAX;

use super::known::{Known, Possible, Values};
use super::register::yes_or_no;
use super::typed::{Type, Typed};
use super::{DEPTH_MAX, Elaborator, STEPS_MAX};
use crate::diagnostic::{Code, did_you_mean};
use crate::expression::{Expression, Kind, Let, Span};
use crate::step::{Constant, Step, What};

impl Elaborator<'_> {
    /// An expression as a step, with all that is known of it.
    pub(super) fn expression(&mut self, expression: &Expression) -> Typed {
        let span = expression.span;
        if self.text().misread.iter().any(|misread| misread.start <= span.start && span.end <= misread.end) {
            // told by its look: it is read otherwise than it was meant
            return self.told(span);
        }
        if self.depth >= DEPTH_MAX || self.n_steps >= STEPS_MAX {
            if self.depth >= DEPTH_MAX {
                let help = "give parts of it names with `let` or a helper function";
                self.error(span, Code::Form, "this is nested too deeply", help);
            } else {
                let help = "each helper is put in where it is called: call them less often, or say it in fewer lines";
                self.error(Span::default(), Code::Form, "this rule is too large with its helpers put in", help);
            }
            return self.told(span);
        }
        self.depth += 1;
        let typed = self.kind(expression);
        self.depth -= 1;
        typed
    }

    fn kind(&mut self, expression: &Expression) -> Typed {
        let span = expression.span;
        match &expression.kind {
            Kind::None => {
                let step = self.constant(span, Constant::None);
                Typed::new(span, Type::None, step)
            }
            Kind::Bool(value) => self.bool(span, *value),
            Kind::Int(value) => self.int(span, *value),
            Kind::Text(text) => self.text_literal(span, text),
            Kind::Array(items) => self.array(span, items),
            Kind::Range { from, to, inclusive } => self.range(span, from, to, *inclusive),
            Kind::Map(entries) => self.stray_map(span, entries.iter().map(|(_, value)| value)),
            Kind::Variable(name) => self.variable(span, name),
            Kind::Module { module, name, arguments } => self.module(span, module, name, arguments.as_deref()),
            Kind::Property { of, name, safe } => self.property(span, of, name, *safe),
            Kind::Method { of, name, arguments, safe } => self.method(span, of, name, arguments, *safe),
            Kind::Index { of, index } => self.index(span, of, index),
            Kind::Call { name, arguments } => self.call(span, name, arguments),
            Kind::Closure { .. } => self.stray_closure(span),
            Kind::Not(of) => self.not(span, of),
            Kind::Negate(of) => self.negate(span, of),
            Kind::Binary { operator, sign, left, right } => self.binary(span, *operator, *sign, left, right),
            Kind::In { item, list, negated } => self.within(span, item, list, *negated),
            Kind::And(items) => self.join(span, items, false),
            Kind::Or(items) => self.join(span, items, true),
            Kind::Coalesce(items) => self.coalesce(span, items),
            Kind::If { test, then, otherwise } => self.if_else(span, test, then, otherwise.as_deref()),
            Kind::Switch { of, cases, otherwise } => self.switch(span, of, cases, otherwise.as_deref()),
            Kind::Block { lets, value } => self.block(span, lets, value.as_deref()),
            Kind::Refused { word, inside } => self.refused(span, word, inside),
        }
    }

    pub(super) fn bool(&mut self, span: Span, value: bool) -> Typed {
        let step = self.constant(span, Constant::Bool(value));
        // not `impossible`: what an author writes as `true` or `false` is meant so
        Typed::new(span, Type::Bool, step).with_values(Values::Bools { yes: value, no: !value })
    }

    fn text_literal(&mut self, span: Span, text: &Arc<str>) -> Typed {
        let step = self.constant(span, Constant::Text(text.clone()));
        let typed = Typed::new(span, Type::Text(None), step);
        Typed { is_literal: true, ..typed.with_values(Values::Texts([text.clone()].into())) }
    }

    fn array(&mut self, span: Span, items: &[Expression]) -> Typed {
        let items: Vec<Typed> = items.iter().map(|item| self.expression(item)).collect();
        self.array_of(span, items)
    }

    pub(super) fn array_of(&mut self, span: Span, items: Vec<Typed>) -> Typed {
        let items: Vec<Typed> = items.into_iter().map(|item| self.needed(item)).collect();
        if items.iter().any(Typed::is_silent) {
            return self.told(span);
        }
        let mut of = Type::None;
        let mut values: Option<Values> = None;
        for item in &items {
            let joined = of.with(&item.ty);
            if !joined.as_ref().is_none_or(is_plain) {
                let message = format!("{} cannot stand in a list of values", item.ty.words());
                self.error(item.span, Code::Types, message, "a list holds numbers, days, texts, or yes and no");
                return self.told(span);
            }
            let Some(joined) = joined else {
                let message = format!("this is {} in a list that begins with {}", item.ty.words(), of.words());
                self.error(item.span, Code::Types, message, "a list holds values of one kind");
                return self.told(span);
            };
            of = joined;
            values = Some(values.map_or_else(|| item.possible.values.clone(), |known| known.or(&item.possible.values)));
        }
        let exact = items.iter().all(|item| single(item).is_some());
        let is_literal = items.iter().any(|item| item.is_literal);
        let steps = items.into_iter().map(|item| item.step).collect();
        let step = self.step(span, What::Array(steps));
        let typed = Typed::new(span, Type::Array(Box::new(of)), step);
        // what an item can be, if that says which values the list has
        let values = values.filter(|_| exact).unwrap_or(Values::Any);
        let possible = Possible { none: false, some: true, values };
        Typed { possible, is_literal, ..typed }
    }

    fn stray_map<'x>(&mut self, span: Span, values: impl Iterator<Item = &'x Expression>) -> Typed {
        for value in values {
            self.expression(value);
        }
        let help = "a map with named lines ends a function, or stands in `any_of(#{ ... })` or `all_of(#{ ... })`";
        self.error(span, Code::Types, "a map cannot stand here", help);
        self.told(span)
    }

    fn stray_closure(&mut self, span: Span) -> Typed {
        let help = "write it where a list is asked: `child.custodians.some(|c| ...)`; or write a helper function";
        self.error(span, Code::Types, "a `|x| ...` is no value", help);
        self.told(span)
    }

    fn index(&mut self, span: Span, of: &Expression, index: &Expression) -> Typed {
        self.expression(of);
        self.expression(index);
        let help = "nothing is first or second in a list of the register; ask it with `some`, `all`, `filter`";
        self.error(span, Code::Form, "a rule takes nothing out by its position", help);
        self.told(span)
    }

    fn variable(&mut self, span: Span, name: &Arc<str>) -> Typed {
        let found = self.scope.iter().rev().find(|(known, _)| known == name).map(|(_, typed)| typed.clone());
        if let Some(found) = found {
            let possible = self.known.left(found.path.as_ref(), found.possible.clone());
            let place = self.place(span);
            let step = Step { place, ..found.step.clone() };
            return Typed { step, possible, span, ..found };
        }
        let names: Vec<&str> = self.scope.iter().map(|(name, _)| &**name).collect();
        let help = did_you_mean(name, names.iter().copied())
            .map_or_else(|| format!("known here: {}", names.join(", ")), |known| format!("did you mean `{known}`?"));
        self.error(span, Code::UnknownName, format!("nothing is called `{name}` here"), help);
        self.told(span)
    }

    fn block(&mut self, span: Span, lets: &[Let], value: Option<&Expression>) -> Typed {
        if self.too_many(lets) {
            return self.told(span);
        }
        let outer = self.scope.len();
        let given: Vec<(usize, Typed)> = lets.iter().map(|given| self.give(given)).collect();
        let typed = match value {
            Some(value) => self.expression(value),
            None => self.nothing(span),
        };
        self.scope.truncate(outer);
        self.around(given, typed)
    }

    /// Whether more names are given than can be in reach; told if so.
    pub(super) fn too_many(&mut self, lets: &[Let]) -> bool {
        let first = lets.get(super::NAMES_MAX.saturating_sub(self.scope.len()));
        if let Some(first) = first {
            let message = format!("more than {} names are given here", super::NAMES_MAX);
            self.error(first.name.span, Code::Form, message, "put a part of it into a helper function");
        }
        first.is_some()
    }

    /// A name given with `let`, which the expressions after it know.
    pub(super) fn give(&mut self, given: &Let) -> (usize, Typed) {
        let value = self.expression(&given.value);
        let slot = self.bind(&given.name.text, &value);
        (slot, value)
    }

    /// Binds a name to a value in a new slot.
    pub(super) fn bind(&mut self, name: &Arc<str>, value: &Typed) -> usize {
        let slot = self.slot();
        let path = value.path.clone().unwrap_or_else(|| Arc::from(format!("#{slot}")));
        let step = Step { place: value.step.place, what: What::Slot(slot) };
        // a literal under a name is a literal still, so that a limit is told where it is compared
        let bound = Typed { step, path: Some(path), ..value.clone() };
        self.scope.push((name.clone(), bound));
        slot
    }

    /// A value with the names around it that it may use.
    pub(super) fn around(&mut self, given: Vec<(usize, Typed)>, typed: Typed) -> Typed {
        given.into_iter().rev().fold(typed, |typed, (slot, value)| {
            let what = What::Let { slot, value: Box::new(value.step), body: Box::new(typed.step) };
            let place = typed_place(&what);
            self.n_steps += 1;
            Typed { step: Step { place, what }, ..typed }
        })
    }

    fn nothing(&mut self, span: Span) -> Typed {
        let end = Span::new(span.end.saturating_sub(1), span.end);
        self.error(end, Code::Types, "this comes to nothing", "end it with a value, without `;` after it");
        self.told(span)
    }

    fn refused(&mut self, span: Span, word: &'static str, inside: &[Expression]) -> Typed {
        let (message, help): (String, &str) = match word {
            "=" | "op=" => ("`=` sets a value, and a rule sets nothing".into(), "write `==` to compare"),
            "!(" => ("a function sees only what it is given".into(), "leave out the `!` after the function's name"),
            "${" => (
                "a rule puts no text together".into(),
                "give the parts as terms of their own; the sentences stand in the language files",
            ),
            "'" => ("this is not a text".into(), "write it in double quotes: \"...\""),
            "this" => ("a function sees only what it is given".into(), "use the name of a parameter"),
            "a statement" => (
                "what this comes to is not used".into(),
                "join two tests with `&&` or `||`, or give it a name: `let name = ...;`",
            ),
            "this construct" => {
                ("a rule cannot use this".into(), "compare the line with an example in `rules/README.md`")
            }
            "for" | "break" | "continue" => (
                format!("a rule cannot use `{word}`"),
                "ask a list with `some`, `all`, `filter`, `len`, `sum`, `min`, `max`, and a number with `in 1..=9`",
            ),
            word => (
                format!("a rule cannot use `{word}`"),
                "a rule is evaluated once for each subject; write a named condition instead",
            ),
        };
        self.error(span, Code::Form, message, help);
        // names are looked at all the same; what the loop's own names would be is not known
        if word != "for" {
            let outer = std::mem::replace(&mut self.names_only, true);
            for inner in inside {
                self.expression(inner);
            }
            self.names_only = outer;
        }
        self.told(span)
    }

    /// A test that must answer yes or no.
    pub(super) fn test(&mut self, expression: &Expression) -> Typed {
        let typed = self.expression(expression);
        self.as_test(typed)
    }

    pub(super) fn as_test(&mut self, typed: Typed) -> Typed {
        let span = typed.span;
        if typed.is_silent() {
            return typed;
        }
        if typed.ty == Type::Bool {
            let is_written = matches!(typed.step.what, What::Constant(_));
            if let (Some(Values::Bools { yes, .. }), Some(_), false) = (single(&typed), &typed.path, is_written) {
                self.decided(span, yes, &typed);
            }
            return self.needed(typed);
        }
        let message = format!("a test must answer yes or no, and this is {}", typed.ty.words());
        let help = match &typed.ty {
            Type::Members(_) => "ask the list: `.some(|one| ...)`, `.len() > 0`",
            _ => "compare it with `==`, `<`, `in` ...",
        };
        self.error(span, Code::Types, message, help);
        self.told(span)
    }

    /// A value that must be one: told if it may be none here.
    pub(super) fn needed(&mut self, typed: Typed) -> Typed {
        if typed.is_silent() || !typed.possible.none || fault!(NoneNeedsNoTest) {
            return typed;
        }
        let span = typed.span;
        let written = self.written(span).map_or_else(|| "this".to_owned(), |written| format!("`{written}`"));
        if typed.ty == Type::None {
            let help = "compare with it: `x == ()`, `x != ()`";
            self.error(span, Code::NoneNotAsked, "none is neither a number, a day nor yes or no", help);
            return self.told(span);
        }
        let is_path = |written: &str| written.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
        let name = match self.written(span) {
            None => "this".to_owned(),
            Some(path) if is_path(path) => format!("`{}`", path.rsplit('.').next().unwrap_or(path)),
            Some(written) => format!("`{written}`"),
        };
        let what = match &typed.ty {
            Type::Bool => "is neither yes nor no",
            Type::Number(_) | Type::Day => "has no order and no parts",
            Type::Occasion(_) => "has no fields",
            Type::Thing(..) => "has no facts",
            _ => "is no value",
        };
        let message = format!("{name} may be none, which {what}");
        let test = written.trim_matches('`').to_owned();
        let instead = match &typed.ty {
            Type::Bool => Some("false"),
            Type::Number(_) => Some("0"),
            _ => None,
        };
        let help = match instead {
            _ if test == "this" => "give it a name with `let` and ask first: `x != () && ...`".to_owned(),
            Some(instead) => {
                format!("ask first: `{test} != () && ...`, or say what stands for none: `({test} ?? {instead})`")
            }
            None => format!("ask first: `{test} != () && ...`, or `if {test} == () {{ ... }} else {{ ... }}`"),
        };
        self.error(span, Code::NoneNotAsked, message, help);
        self.told(span)
    }

    fn not(&mut self, span: Span, of: &Expression) -> Typed {
        let of = self.test(of);
        if of.is_silent() {
            return self.told(span);
        }
        let values = match &of.possible.values {
            Values::Bools { yes, no } => Values::Bools { yes: *no, no: *yes },
            _ => yes_or_no(),
        };
        let step = self.step(span, What::Not(Box::new(of.step)));
        Typed::new(span, Type::Bool, step).with_values(values).implying(of.fails, of.holds)
    }

    /// `&&`, `||`: each part is looked at where those before it have not decided.
    fn join(&mut self, span: Span, items: &[Expression], any: bool) -> Typed {
        let before = self.known.clone();
        let mut steps = Vec::new();
        let mut silent = false;
        // what follows when all were passed over, and when one decided
        let mut passed = Known::nothing();
        let mut decided = Known::impossible();
        for item in items {
            let item = self.test(item);
            silent |= item.is_silent();
            let (deciding, passing) =
                if any && !fault!(OrFollowedAsAnd) { (&item.holds, &item.fails) } else { (&item.fails, &item.holds) };
            decided = decided.or(&passed.and(deciding));
            passed = passed.and(passing);
            // what can never pass is told once; what follows is read as if it could
            let here = self.known.and(passing);
            if !fault!(AndNotFollowed) {
                self.known = if here.is_impossible() { self.known.over(passing) } else { here };
            }
            steps.push(item.step);
        }
        self.known = before;
        if silent {
            return self.told(span);
        }
        let step = self.step(span, if any { What::Or(steps) } else { What::And(steps) });
        let typed = Typed::new(span, Type::Bool, step).with_values(yes_or_no());
        if any { typed.implying(decided, passed) } else { typed.implying(passed, decided) }
    }

    /// `a ?? b`
    fn coalesce(&mut self, span: Span, items: &[Expression]) -> Typed {
        let items: Vec<Typed> = items.iter().map(|item| self.expression(item)).collect();
        if items.iter().any(Typed::is_silent) {
            return self.told(span);
        }
        let n = items.len();
        let mut ty = Type::None;
        let mut possible = Possible { none: false, some: false, values: Values::Any };
        let is_literal = items.iter().all(|item| item.is_literal);
        let mut steps = Vec::new();
        for (at, item) in items.into_iter().enumerate() {
            let is_last = at + 1 == n;
            if !is_last && !item.possible.none {
                let written = self.written(item.span).map_or_else(|| "this".into(), |text| format!("`{text}`"));
                let message = format!("{written} is never none, so that what stands after `??` is never taken");
                self.warn(item.span, Code::Decided, message, "leave out `??` and what follows it");
            }
            let Some(joined) = ty.with(&item.ty) else {
                let message = format!("this is {}, and before `??` stands {}", item.ty.words(), ty.words());
                self.error(item.span, Code::Types, message, "write a value of the same kind");
                return self.told(span);
            };
            ty = joined;
            let left = if is_last || fault!(InsteadOfNoneIsNone) {
                item.possible
            } else {
                Possible { none: false, ..item.possible }
            };
            possible = possible.or(&left);
            steps.push(item.step);
        }
        let step = self.step(span, What::Coalesce(steps));
        Typed { possible, is_literal, ..Typed::new(span, ty, step) }
    }

    fn if_else(&mut self, span: Span, test: &Expression, then: &Expression, otherwise: Option<&Expression>) -> Typed {
        let test = self.test(test);
        let before = self.known.clone();
        let then = self.branch(&before, &test.holds, then);
        let Some(otherwise) = otherwise else {
            self.known = before;
            let help = "say what holds otherwise: `if test { ... } else { ... }`";
            // one word is enough to see where it stands
            let place = Span::new(span.start, (span.start + 2).min(span.end));
            self.error(place, Code::Form, "this `if` has no `else`", help);
            return self.told(span);
        };
        let follows = if fault!(ElseTakenForThen) { &test.holds } else { &test.fails };
        let otherwise = self.branch(&before, follows, otherwise);
        self.known = before;
        if test.is_silent() {
            return self.told(span);
        }
        let holds = test.holds.and(&then.holds).or(&test.fails.and(&otherwise.holds));
        let fails = test.holds.and(&then.fails).or(&test.fails.and(&otherwise.fails));
        let Some((ty, possible)) = self.joined(&then, &otherwise) else { return self.told(span) };
        let is_literal = then.is_literal && otherwise.is_literal;
        let what =
            What::If { test: Box::new(test.step), then: Box::new(then.step), otherwise: Box::new(otherwise.step) };
        let step = self.step(span, what);
        let (holds, fails) = if ty == Type::Bool { (holds, fails) } else { (Known::nothing(), Known::nothing()) };
        Typed { possible, is_literal, ..Typed::new(span, ty, step) }.implying(holds, fails)
    }

    pub(super) fn branch(&mut self, before: &Known, follows: &Known, expression: &Expression) -> Typed {
        let here = if fault!(BranchesNotFollowed) { before.clone() } else { before.and(follows) };
        // where nothing can come, that was told at the test
        self.known = if here.is_impossible() { before.over(follows) } else { here };
        self.expression(expression)
    }

    /// The type of two branches and what they can come to; told if they do not go together.
    pub(super) fn joined(&mut self, one: &Typed, two: &Typed) -> Option<(Type, Possible)> {
        if one.is_silent() || two.is_silent() {
            return None;
        }
        let Some(ty) = one.ty.with(&two.ty) else {
            let message = format!("one branch comes to {} and another to {}", one.ty.words(), two.ty.words());
            self.error(two.span, Code::Types, message, "let both come to the same kind of value");
            return None;
        };
        Some((ty, one.possible.or(&two.possible)))
    }
}

/// Values that can stand in a list.
fn is_plain(ty: &Type) -> bool {
    matches!(ty, Type::Bool | Type::Number(_) | Type::Day | Type::Text(_) | Type::Place)
}

/// A `let` stands where its value does.
fn typed_place(what: &What) -> crate::diagnostic::Place {
    match what {
        What::Let { value, .. } => value.place,
        _ => crate::diagnostic::Place::START,
    }
}

/// The one value that something can have, if that is known.
pub(super) fn single(typed: &Typed) -> Option<Values> {
    let one = match &typed.possible.values {
        Values::Any | Values::OtherTexts(_) => false,
        Values::Ints(ints) => ints.single().is_some(),
        Values::Texts(texts) => texts.len() == 1,
        Values::Bools { yes, no } => yes != no,
    };
    (one && typed.possible.some && !typed.possible.none).then(|| typed.possible.values.clone())
}

/// What something can be, in words: `at least 6`, `"female" or "male"`.
pub(super) fn describe(possible: &Possible) -> Option<String> {
    if !possible.some {
        return possible.none.then(|| "none".to_owned());
    }
    let values = match &possible.values {
        Values::Any | Values::OtherTexts(_) => return None,
        Values::Ints(ints) => match ints.ends()? {
            (least, most) if least == most => least.to_string(),
            (least, most) if least <= -FACT_INT_MAX && FACT_INT_MAX <= most => return None,
            (least, most) if least <= -FACT_INT_MAX => format!("at most {most}"),
            (least, most) if FACT_INT_MAX <= most => format!("at least {least}"),
            (least, most) => format!("from {least} to {most}"),
        },
        Values::Texts(texts) if texts.len() > 4 => return None,
        Values::Texts(texts) => texts.iter().map(|text| format!("\"{text}\"")).collect::<Vec<_>>().join(" or "),
        Values::Bools { yes: true, no: true } => "yes or no".to_owned(),
        Values::Bools { yes, .. } => if *yes { "yes" } else { "no" }.to_owned(),
    };
    Some(if possible.none { format!("{values} or none") } else { values })
}
