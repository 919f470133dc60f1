//! What is written and not used: names given with `let`, parameters, helper functions. And helpers that go in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::functions::FORM_NAMES;
use crate::expression::{Expression, FunctionTree, Kind, Name, Span};
use crate::facts::{FUNCTIONS, METHODS};
use crate::tree::Script;

/// Something that nothing uses.
pub(super) struct Unused {
    pub(super) name: Arc<str>,
    pub(super) span: Span,
}

/// Names given in a function that nothing reads; parameters too, where they are the author's to choose.
pub(super) fn names(function: &FunctionTree, text: &str, with_parameters: bool) -> Vec<Unused> {
    let mut looking = Looking::default();
    let parameters = function.parameters.iter();
    let parameters = parameters.map(|name| Name { text: name.clone(), span: parameter(function, text, name) });
    looking.within(parameters.collect::<Vec<_>>(), with_parameters, |looking| looking.expression(&function.body));
    looking.unused
}

/// Where a parameter stands, between the function's name and its body.
fn parameter(function: &FunctionTree, text: &str, name: &str) -> Span {
    let start = function.name.span.end;
    let head = text.get(start..).and_then(|rest| rest.split('{').next()).unwrap_or_default();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let found = head
        .match_indices(name)
        .map(|(at, _)| at)
        .find(|at| !head[..*at].ends_with(is_word) && !head[at + name.len()..].starts_with(is_word));
    found.map_or(function.name.span, |at| Span::new(start + at, start + at + name.len()))
}

/// Functions that are told for their name: two of one name, or the name of something else.
pub(super) fn set_aside(script: &Script, in_shared: bool) -> BTreeSet<Arc<str>> {
    let doubled = script.doubled.iter().map(|(name, _)| Arc::from(name.as_str()));
    let taken = script.trees.iter().filter(|(name, function)| {
        let of_language = FUNCTIONS.iter().chain(METHODS).any(|(known, _)| known == name);
        let of_form = in_shared && FORM_NAMES.contains(&name.as_str());
        (of_language || of_form) && function.shared == in_shared
    });
    doubled.chain(taken.map(|(name, _)| Arc::from(name.as_str()))).collect()
}

/// Functions that come to call themselves.
pub(super) fn circles(functions: &BTreeMap<String, FunctionTree>) -> BTreeSet<Arc<str>> {
    // a call of a part of the form is told by itself
    let is_helper = |name: &Arc<str>| !FORM_NAMES.contains(&&**name);
    let helpers = functions.iter().map(|(name, function)| (name.as_str(), called(function)));
    let calls: BTreeMap<&str, BTreeSet<Arc<str>>> =
        helpers.map(|(name, called)| (name, called.into_iter().filter(is_helper).collect())).collect();
    let reached = |from: &str| {
        let mut reached: BTreeSet<Arc<str>> = BTreeSet::new();
        let mut next: Vec<Arc<str>> = calls.get(from).into_iter().flatten().cloned().collect();
        while let Some(name) = next.pop() {
            if reached.insert(name.clone()) {
                next.extend(calls.get(&*name).into_iter().flatten().cloned());
            }
        }
        reached
    };
    let in_circle = |name: &&String| reached(name).contains(name.as_str());
    functions
        .keys()
        .filter(|name| !fault!(CirclesNotSeen) && in_circle(name))
        .map(|name| Arc::from(name.as_str()))
        .collect()
}

/// The functions that a function calls.
pub(super) fn called(function: &FunctionTree) -> BTreeSet<Arc<str>> {
    let mut looking = Looking::default();
    looking.expression(&function.body);
    looking.called
}

/// Every function that some come to call, themselves among them.
pub(super) fn reached<'n>(
    functions: &BTreeMap<String, FunctionTree>,
    from: impl IntoIterator<Item = &'n str>,
) -> BTreeSet<Arc<str>> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<Arc<str>> = from.into_iter().map(Arc::from).collect();
    while let Some(name) = next.pop() {
        if let Some(function) = functions.get(&*name)
            && reached.insert(name)
        {
            next.extend(called(function));
        }
    }
    reached
}

#[derive(Default)]
struct Looking {
    /// Names that can be read here, and whether they were.
    scope: Vec<(Name, bool, bool)>,
    unused: Vec<Unused>,
    called: BTreeSet<Arc<str>>,
}

impl Looking {
    fn within(&mut self, names: Vec<Name>, tell: bool, look: impl FnOnce(&mut Self)) {
        let outer = self.scope.len();
        self.scope.extend(names.into_iter().map(|name| (name, false, tell)));
        look(self);
        self.close(outer);
    }

    fn close(&mut self, outer: usize) {
        for (name, is_used, tell) in self.scope.drain(outer..) {
            if tell && !is_used && (!name.text.starts_with('_') || fault!(UnderscoresTold)) {
                self.unused.push(Unused { name: name.text, span: name.span });
            }
        }
    }

    fn all<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expression>) {
        for expression in expressions {
            self.expression(expression);
        }
    }

    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            Kind::None | Kind::Bool(_) | Kind::Int(_) | Kind::Text(_) => {}
            Kind::Variable(name) => {
                if let Some((_, is_used, _)) = self.scope.iter_mut().rev().find(|(known, ..)| known.text == *name) {
                    *is_used = true;
                }
            }
            Kind::Array(items) | Kind::And(items) | Kind::Or(items) | Kind::Coalesce(items) => self.all(items),
            Kind::Refused { inside, .. } => self.all(inside),
            Kind::Range { from, to, .. } => self.all([&**from, &**to]),
            Kind::Map(entries) => self.all(entries.iter().map(|(_, value)| value)),
            Kind::Module { arguments, .. } => self.all(arguments.iter().flatten()),
            Kind::Property { of, .. } | Kind::Not(of) | Kind::Negate(of) => self.expression(of),
            Kind::Method { of, name, arguments, .. } => {
                // a helper that is written as a method is told as such
                self.called.insert(name.text.clone());
                self.expression(of);
                self.all(arguments);
            }
            Kind::Index { of, index } => self.all([&**of, &**index]),
            Kind::Call { name, arguments } => {
                self.called.insert(name.text.clone());
                self.all(arguments);
            }
            Kind::Closure { parameters, body } => {
                self.within(parameters.clone(), true, |looking| looking.expression(body));
            }
            Kind::Binary { left, right, .. } => self.all([&**left, &**right]),
            Kind::In { item, list, .. } => self.all([&**item, &**list]),
            Kind::If { test, then, otherwise } => {
                self.all([&**test, &**then]);
                self.all(otherwise.as_deref());
            }
            Kind::Switch { of, cases, otherwise } => {
                self.expression(of);
                for case in cases {
                    self.all(&case.guard);
                    self.expression(&case.value);
                }
                self.all(otherwise.as_deref());
            }
            Kind::Block { lets, value } => {
                let outer = self.scope.len();
                for given in lets {
                    self.expression(&given.value);
                    self.scope.push((given.name.clone(), false, true));
                }
                self.all(value.as_deref());
                self.close(outer);
            }
        }
    }
}
