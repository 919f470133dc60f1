//! A rule's functions as steps: `occasion` and `cohort` whole, the others line by line.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::known::{Path, Values};
use super::register::days;
use super::typed::{Type, Typed, Whose};
use super::{At, Elaborator, Frame, Reading, Used, unused};
use crate::diagnostic::{Code, Diagnostic};
use crate::expression::{Expression, FunctionTree, Kind as Form, Name, Span};
use crate::facts::Kind;
use crate::step::{DAY, OCCASION, SUBJECT, Step, Steps, What};

/// The functions of the rule form that end in named lines.
const NAMED: &[&str] = &["conditions", "already", "officer", "sanity", "offer"];
/// Every function of the rule form, that which says what occasions have first.
pub(super) const FORM_NAMES: &[&str] =
    &["occasion", "cohort", "conditions", "already", "officer", "sanity", "offer", "choices", "priority"];

/// What a rule comes to.
pub(in crate::check) struct Elaborated {
    /// Of `occasion` and `cohort`.
    pub(in crate::check) whole: BTreeMap<&'static str, Arc<Steps>>,
    /// Of the functions that end in named lines, line by line in their order.
    pub(in crate::check) lines: BTreeMap<&'static str, Vec<NamedSteps>>,
    pub(in crate::check) found: Vec<Diagnostic>,
    /// Facts that the rule comes to read.
    pub(in crate::check) readings: Vec<Reading>,
    pub(in crate::check) used: BTreeSet<Used>,
    /// Where `occasion` makes one that comes again when a fact is corrected.
    pub(in crate::check) comes_again: Vec<At>,
    /// The fields of the rule's occasions; nothing where it is not known what they are.
    pub(in crate::check) fields: Option<BTreeSet<String>>,
    /// The terms that are places.
    pub(in crate::check) places: BTreeSet<Arc<str>>,
    pub(in crate::check) left_out: bool,
    /// Every function that the rule comes to.
    pub(in crate::check) reached: BTreeSet<Arc<str>>,
}

/// A named line.
pub(in crate::check) struct NamedSteps {
    pub(in crate::check) entry: EntrySteps,
}

/// What a named line says; nothing where something is wrong with it.
pub(in crate::check) enum EntrySteps {
    Leaf(Option<Arc<Steps>>),
    AnyOf(Vec<NamedSteps>),
    AllOf(Vec<NamedSteps>),
}

/// The names given before the lines of a function.
struct Given {
    lets: Vec<(usize, Typed)>,
    n_slots: usize,
    n_steps: usize,
    has_errors: bool,
}

impl Elaborator<'_> {
    /// A rule of one's own file.
    pub(in crate::check) fn rule(mut self) -> Elaborated {
        self.circles_told(false);
        let mut whole = BTreeMap::new();
        let mut lines = BTreeMap::new();
        let mut comes_again = Vec::new();
        for name in FORM_NAMES {
            let Some(function) = self.trees.get(*name).filter(|function| !function.shared) else { continue };
            self.function = name;
            self.start(function);
            let n_errors = self.n_errors();
            if NAMED.contains(name) {
                lines.insert(*name, self.lines_of(function));
            } else {
                let value = self.expression(&function.body);
                let value = self.answer(name, function, value);
                if *name == "occasion" {
                    comes_again.append(&mut self.comes_again);
                }
                if self.n_errors() == n_errors && !value.is_silent() {
                    whole.insert(*name, Arc::new(Steps { step: value.step, n_slots: self.n_slots }));
                }
            }
            self.frames.clear();
        }
        self.unused_told();
        let reached = unused::reached(self.trees, FORM_NAMES.iter().copied());
        self.not_reached(&reached);
        let fields = match self.occasion.clone() {
            Type::Occasion(fields) => fields.map(|fields| fields.keys().map(ToString::to_string).collect()),
            _ => None,
        };
        Elaborated {
            fields,
            places: std::mem::take(&mut self.places),
            whole,
            lines,
            found: self.diagnostics(),
            readings: self.readings,
            used: self.used,
            comes_again,
            left_out: self.left_out,
            reached,
        }
    }

    /// The shared file by itself: names only, since nothing is known of what its functions will be given.
    pub(in crate::check) fn shared_file(mut self) -> (Vec<Diagnostic>, bool) {
        self.circles_told(true);
        let functions = self.trees.values().filter(|function| function.shared);
        let functions: Vec<&FunctionTree> =
            functions.filter(|function| !self.set_aside.contains(&function.name.text)).collect();
        for function in functions {
            self.names_of_function(function);
            self.unused_in(function, true);
        }
        (self.diagnostics(), self.left_out)
    }

    /// Begins a function of the form, with what it is given.
    fn start(&mut self, function: &FunctionTree) {
        self.frames = vec![Frame { shared: function.shared, line: None, call: None }];
        self.n_slots = OCCASION + 1;
        self.known = super::Known::nothing();
        self.scope.clear();
        let span = function.name.span;
        let kind = Kind::from(self.kind);
        let unit = self.function == "priority";
        for (at, name) in function.parameters.iter().enumerate() {
            // `priority` is given a unit between the subject and the day
            let slot = if unit && at > 0 { at.wrapping_sub(1) } else { at };
            let ty = match (unit && at == 1, slot) {
                (true, _) => Type::Open,
                (_, SUBJECT) => Type::Thing(kind, Whose::Subject),
                (_, DAY) => Type::Day,
                (_, OCCASION) => self.occasion.clone(),
                _ => Type::Open,
            };
            let step = self.step(span, What::Slot(slot));
            let typed = Typed::new(span, ty, step).read_as(Some(Path::from(format!("#{slot}"))));
            let typed = if typed.ty == Type::Day { typed.with_values(Values::Ints(days())) } else { typed };
            self.scope.push((name.clone(), typed));
        }
    }

    /// What `occasion` and `cohort` must come to.
    fn answer(&mut self, name: &str, function: &FunctionTree, value: Typed) -> Typed {
        if value.is_silent() {
            return value;
        }
        match (name, value.ty.clone()) {
            ("occasion", Type::Occasion(fields)) => {
                self.occasion = Type::Occasion(fields);
                value
            }
            ("occasion", Type::None) => {
                let help = "write `no_occasion()`, or `calendar::name(on)`, `each_year(on)` ...";
                self.error(value.span, Code::Types, "`occasion` gives none", help);
                value
            }
            ("occasion", other) => {
                let message = format!("`occasion` gives {} and no occasion", other.words());
                let help = "end it with `calendar::name(on)`, `each_year(on)`, `at_age(...)` or `no_occasion()`";
                let span = last(&function.body).span;
                self.error(span, Code::Types, message, help);
                value
            }
            ("cohort", _) => {
                let span = last(&function.body).span;
                self.as_test(Typed { span, ..value })
            }
            _ => value,
        }
    }

    /// The lines of a function that ends in a map.
    fn lines_of(&mut self, function: &FunctionTree) -> Vec<NamedSteps> {
        let n_errors = self.n_errors();
        let (lets, value) = match &function.body.kind {
            Form::Block { lets, value: Some(value) } => (lets.as_slice(), &**value),
            _ => (&[][..], &function.body),
        };
        let n_steps = self.n_steps;
        if self.too_many(lets) {
            return Vec::new();
        }
        let lets = lets.iter().map(|given| self.give(given)).collect();
        let given = Given {
            lets,
            n_slots: self.n_slots,
            n_steps: self.n_steps - n_steps,
            has_errors: self.n_errors() > n_errors,
        };
        if let Form::Map(entries) = &value.kind {
            return self.named(entries, &given);
        }
        // that it has no lines is told by its form
        self.names_of(value.span, [value]);
        Vec::new()
    }

    fn named(&mut self, entries: &[(Name, Expression)], given: &Given) -> Vec<NamedSteps> {
        let mut named = Vec::new();
        for (name, value) in entries {
            let inner = match &value.kind {
                Form::Call { name, arguments } if self.function != "offer" => match arguments.as_slice() {
                    [Expression { kind: Form::Map(inner), .. }] => Some((&*name.text, inner)),
                    _ => None,
                },
                _ => None,
            };
            let entry = match inner {
                Some(("any_of", inner)) => EntrySteps::AnyOf(self.named(inner, given)),
                Some(("all_of", inner)) => EntrySteps::AllOf(self.named(inner, given)),
                _ => EntrySteps::Leaf(self.leaf(name, value, given)),
            };
            named.push(NamedSteps { entry });
        }
        named
    }

    fn leaf(&mut self, name: &Name, value: &Expression, given: &Given) -> Option<Arc<Steps>> {
        let n_errors = self.n_errors();
        self.n_slots = given.n_slots;
        // the names before the lines are put round each line
        self.n_steps += given.n_steps;
        let known = self.known.clone();
        let typed = self.expression(value);
        self.known = known;
        let typed = if self.function == "offer" { self.term(name, value, typed) } else { self.line(name, typed) };
        if given.has_errors || self.n_errors() > n_errors || typed.is_silent() {
            return None;
        }
        let step = given.lets.iter().rev().fold(typed.step, |body, (slot, value)| {
            let place = value.step.place;
            let value = Box::new(value.step.clone());
            Step { place, what: What::Let { slot: *slot, value, body: Box::new(body) } }
        });
        Some(Arc::new(Steps { step, n_slots: self.n_slots }))
    }

    /// A line answers yes or no.
    fn line(&mut self, name: &Name, typed: Typed) -> Typed {
        if typed.is_silent() || typed.ty == Type::Bool {
            return self.needed(typed);
        }
        let message = format!("`{}` is not a test but {}", name.text, typed.ty.words());
        let help = match &typed.ty {
            Type::Members(_) => "a named line answers yes or no: ask the list, `.some(|one| ...)`, `.len() > 0`",
            _ => "a named line answers yes or no: compare with `==`, `<`, `in` ...",
        };
        self.error(typed.span, Code::Form, message, help);
        self.told(typed.span)
    }

    /// A term is something that a letter can say.
    fn term(&mut self, name: &Name, value: &Expression, typed: Typed) -> Typed {
        let at = self.at(value.span);
        if !matches!(value.kind, Form::Property { .. }) {
            let shared = self.in_shared();
            for reading in self.readings.iter_mut().rev() {
                let inside = reading.at.shared != shared
                    || at.span.start <= reading.at.span.start && reading.at.span.end <= at.span.end;
                if reading.function != "offer" || !inside {
                    break;
                }
                reading.decides = true;
            }
        }
        let is_term = matches!(
            typed.ty,
            Type::Told | Type::Open | Type::Bool | Type::Number(_) | Type::Day | Type::Text(_) | Type::Place
        );
        if typed.ty == Type::Place {
            self.places.insert(name.text.clone());
        }
        if &*name.text == "reply_by" && !typed.is_silent() && typed.ty != Type::Day {
            let message = format!("the last day to reply is {}", typed.ty.words());
            self.error(value.span, Code::Types, message, "give a day: `start.reply_by`, `start.opens.plus_days(21)`");
            return self.told(value.span);
        }
        if is_term {
            return typed;
        }
        let message = format!("the term `{}` is {}", name.text, typed.ty.words());
        self.error(value.span, Code::Types, message, "a term is a number, a day, a text, a place, or yes or no");
        self.told(value.span)
    }

    /// Helpers that come to call themselves.
    fn circles_told(&mut self, shared: bool) {
        for name in self.circles.clone() {
            let Some(function) = self.trees.get(&*name).filter(|function| function.shared == shared) else { continue };
            // a circle is told once, at the first of its functions
            let circle = unused::reached(self.trees, [&*name]);
            let first = self
                .circles
                .iter()
                .find(|other| circle.contains(*other) && unused::reached(self.trees, [&***other]).contains(&name));
            if first.is_some_and(|first| *first != name) {
                continue;
            }
            self.frames = vec![Frame { shared, line: None, call: None }];
            let message = format!("`{name}` comes to call itself");
            let help = "nothing in a rule is done again and again: ask a list with `some`, `all`, `filter`";
            self.error(function.name.span, Code::Form, message, help);
            self.frames.clear();
        }
    }

    fn unused_told(&mut self) {
        let functions = self.trees.values().filter(|function| !function.shared);
        let functions: Vec<&FunctionTree> =
            functions.filter(|function| !self.set_aside.contains(&function.name.text)).collect();
        for function in functions {
            let is_form = FORM_NAMES.contains(&&*function.name.text);
            self.unused_in(function, !is_form);
        }
    }

    fn unused_in(&mut self, function: &FunctionTree, with_parameters: bool) {
        self.frames = vec![Frame { shared: function.shared, line: None, call: None }];
        let text = self.text().text();
        for name in unused::names(function, text, with_parameters) {
            let help = "use it, or leave it out; a name that begins with `_` may stand for nothing";
            self.warn(name.span, Code::Unused, format!("nothing uses `{}`", name.name), help);
        }
        self.frames.clear();
    }

    /// Helpers that the rule does not come to.
    fn not_reached(&mut self, reached: &BTreeSet<Arc<str>>) {
        let functions: Vec<&FunctionTree> = self
            .trees
            .values()
            .filter(|function| !function.shared && !reached.contains(&function.name.text))
            .filter(|function| !self.set_aside.contains(&function.name.text))
            .collect();
        for function in functions {
            self.names_of_function(function);
            // without a head it is not known what the file is to be
            if !self.circles.contains(&function.name.text) && self.has_head {
                self.frames = vec![Frame { shared: false, line: None, call: None }];
                let message = format!("nothing calls `{}`", function.name.text);
                self.warn(function.name.span, Code::Unused, message, "call it, or remove it");
                self.frames.clear();
            }
        }
    }

    /// The names in a function of which nothing is known what it is given.
    fn names_of_function(&mut self, function: &FunctionTree) {
        self.frames = vec![Frame { shared: function.shared, line: None, call: None }];
        self.scope.clear();
        self.known = super::Known::nothing();
        for parameter in &function.parameters {
            let step = self.constant(Span::default(), crate::step::Constant::None);
            self.scope.push((parameter.clone(), Typed::new(function.name.span, Type::Open, step)));
        }
        // what it reads is read for no rule
        let n_readings = self.readings.len();
        let used = self.used.clone();
        self.names_of(function.body.span, [&function.body]);
        self.readings.truncate(n_readings);
        self.used = used;
        self.frames.clear();
    }
}

/// What a body comes to at its end.
fn last(body: &Expression) -> &Expression {
    match &body.kind {
        Form::Block { value: Some(value), .. } => last(value),
        _ => body,
    }
}
