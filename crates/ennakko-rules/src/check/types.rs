//! Types: every expression of a rule is resolved, its type proven, and turned into [`Steps`].
//!
//! What passes cannot fail on any register. For each expression it is known what it is (with the unit of a number and
//! whose a person is), whether it may be none, and which values it can have. What may be none is used only behind a test
//! for it; sums and products stay within 64 bits and days within the calendar by the bounds of what they are made of.
//!
//! **Always and never.** That a comparison is decided before anything is read is proven by the values that are left for
//! one path (such as `child.income`) after the comparisons before it in the same `&&`, `||` or `if`: ranges of numbers and
//! days, the codes of a closed list, yes and no. Nothing more is proven: not across two paths, not across named lines.
//!
//! **Once.** An expression that something was told about has the type [`Type::Told`], which nothing is said of. A helper is
//! put in where it is called and checked with the types of each call; what is wrong inside is told once, at the helper. A
//! helper that nothing calls is checked for names alone.

mod calls;
mod compare;
mod facts;
mod functions;
mod infer;
mod ints;
mod known;
mod limits;
mod members;
mod modules;
mod numbers;
mod register;
mod switch;
mod typed;
mod unused;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ennakko_core::fact_table::SubjectKind;

pub(super) use functions::{Elaborated, EntrySteps, NamedSteps};
use known::Known;
pub(super) use typed::Whose;
use typed::{Type, Typed};

use super::Check;
use crate::diagnostic::{Code, Diagnostic, Place, Severity};
use crate::expression::{FunctionTree, Span};
use crate::facts::Kind;
use crate::rule_set::RuleFile;
use crate::step::{Constant, Step, What};
use crate::tree::Script;

/// Helpers and closures inside each other at most; the interpreter has the same limit with some to spare.
const CALLS_MAX: usize = 12;
/// Expressions inside each other at most, helpers put in.
const DEPTH_MAX: usize = 120;
/// Names in reach of an expression at most; the interpreter has the same limit with some to spare.
const NAMES_MAX: usize = 80;
/// Steps of one rule at most, helpers put in.
const STEPS_MAX: usize = 50_000;

/// Something found, not yet in the words of a file and a line.
#[derive(Clone, Debug)]
struct Finding {
    at: At,
    code: Code,
    severity: Severity,
    message: String,
    label: String,
    help: String,
}

/// A stretch of the rule's own file or of the shared file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub(super) shared: bool,
    pub(super) span: Span,
}

/// A fact that is read, where, and whose it is.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) at: At,
    pub(super) of: Kind,
    pub(super) name: Arc<str>,
    pub(super) whose: Whose,
    /// The function of the form that comes to it.
    pub(super) function: &'static str,
    /// Whether the rule asks it anything, rather than only handing it on in a letter.
    pub(super) decides: bool,
}

/// What is read of the tables.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Used {
    Parameter { group: Arc<str>, name: Arc<str> },
    Calendar(Arc<str>),
    Code { list: Arc<str>, name: Arc<str> },
}

/// A file's text with the beginnings of its lines.
struct Text<'t> {
    file: Option<&'t RuleFile>,
    lines: Vec<usize>,
    /// Numbers that are read otherwise than they were meant, which are told by their look.
    misread: Vec<Span>,
}

impl<'t> Text<'t> {
    fn of(file: Option<&'t RuleFile>) -> Self {
        let text = file.map_or("", |file| &*file.text);
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { file, lines, misread: super::numbers::misread(text) }
    }

    fn text(&self) -> &'t str {
        self.file.map_or("", |file| &*file.text)
    }

    fn at(&self, span: Span) -> &'t str {
        self.text().get(span.range()).unwrap_or_default()
    }

    fn place(&self, span: Span) -> Place {
        let line = self.lines.partition_point(|start| *start <= span.start).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or_default();
        let before = self.text().get(start..span.start).unwrap_or_default();
        let meant = self.at(span).lines().next().unwrap_or_default();
        Place { line, column: before.chars().count() + 1, length: meant.chars().count().max(1) }
    }
}

/// Where the elaboration stands: in which file, and called from where.
#[derive(Clone)]
struct Frame {
    shared: bool,
    /// The line of the call, of a helper.
    line: Option<usize>,
    /// The place of the call in the rule's own file, for what stands in the shared one.
    call: Option<Place>,
}

/// One rule, or the shared file, being elaborated.
pub(super) struct Elaborator<'e> {
    check: &'e Check<'e>,
    trees: &'e BTreeMap<String, FunctionTree>,
    own: Text<'e>,
    shared: Text<'e>,
    /// Which rule, in words, unless the file is the shared one.
    rule: Option<String>,
    kind: SubjectKind,
    /// Functions that come to call themselves.
    circles: BTreeSet<Arc<str>>,
    /// Functions that are told for their name, so that nothing is said of what is in them.
    set_aside: BTreeSet<Arc<str>>,
    has_head: bool,
    /// What the functions of the form are given as their third value.
    occasion: Type,

    /// Terms that are places.
    places: BTreeSet<Arc<str>>,

    found: Vec<Finding>,
    readings: Vec<Reading>,
    used: BTreeSet<Used>,
    /// Calls of constructors whose occasions come again when a fact is corrected.
    comes_again: Vec<At>,
    /// Whether something is missing because a table that would have it has an error of its own.
    left_out: bool,

    known: Known,
    scope: Vec<(Arc<str>, Typed)>,
    frames: Vec<Frame>,
    n_slots: usize,
    n_closures: usize,
    depth: usize,
    n_steps: usize,
    /// The function of the form being elaborated.
    function: &'static str,
    /// Only names are checked, nothing being known of what a helper is given.
    names_only: bool,
}

impl<'e> Elaborator<'e> {
    pub(super) fn new(
        check: &'e Check<'e>,
        script: &'e Script,
        file: &'e RuleFile,
        kind: SubjectKind,
        in_shared: bool,
    ) -> Self {
        let trees = &script.trees;
        let (own, shared) = if in_shared { (None, Some(file)) } else { (Some(file), check.shared) };
        let rule = (!in_shared).then(|| format!("rule `{}`", file.name().split('.').next().unwrap_or_default()));
        Self {
            check,
            trees,
            own: Text::of(own),
            shared: Text::of(shared),
            rule,
            kind,
            circles: unused::circles(trees),
            set_aside: unused::set_aside(script, in_shared),
            has_head: script.constants.iter().any(|(name, ..)| name == "RULE"),
            occasion: Type::Told,
            places: BTreeSet::new(),
            found: Vec::new(),
            readings: Vec::new(),
            used: BTreeSet::new(),
            comes_again: Vec::new(),
            left_out: false,
            known: Known::nothing(),
            scope: Vec::new(),
            frames: Vec::new(),
            n_slots: 3,
            n_closures: 0,
            depth: 0,
            n_steps: 0,
            function: "",
            names_only: false,
        }
    }

    /// What was found, in words of files and lines.
    fn diagnostics(&self) -> Vec<Diagnostic> {
        let told = self.found.iter().filter_map(|finding| {
            let text = if finding.at.shared { &self.shared } else { &self.own };
            let file = text.file?;
            let place = text.place(finding.at.span);
            let told = Diagnostic::error(finding.code, &file.path, &file.text, place, finding.message.clone())
                .labelled(finding.label.clone())
                .with_help(finding.help.clone());
            Some(Diagnostic { severity: finding.severity, ..told })
        });
        told.collect()
    }

    /// The file in which the function being elaborated stands.
    fn in_shared(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.shared)
    }

    fn text(&self) -> &Text<'e> {
        if self.in_shared() { &self.shared } else { &self.own }
    }

    /// What the author wrote, if it is short and on one line.
    fn written(&self, span: Span) -> Option<&'e str> {
        let written = self.text().at(span);
        (!written.is_empty() && written.len() <= 60 && !written.contains('\n')).then_some(written)
    }

    fn at(&self, span: Span) -> At {
        At { shared: self.in_shared(), span }
    }

    /// The place that a step is said to come from.
    fn place(&self, span: Span) -> Place {
        match self.frames.last() {
            Some(Frame { call: Some(place), .. }) => *place,
            _ => self.text().place(span),
        }
    }

    fn step(&mut self, span: Span, what: What) -> Step {
        self.n_steps += 1;
        Step { place: self.place(span), what }
    }

    fn constant(&mut self, span: Span, constant: Constant) -> Step {
        self.step(span, What::Constant(constant))
    }

    /// An error, told once for each stretch of a file.
    fn error(&mut self, span: Span, code: Code, message: impl Into<String>, help: impl Into<String>) {
        self.tell(span, code, Severity::Error, message.into(), String::new(), help.into());
    }

    fn labelled(&mut self, span: Span, code: Code, message: impl Into<String>, label: &str, help: impl Into<String>) {
        self.tell(span, code, Severity::Error, message.into(), label.to_owned(), help.into());
    }

    fn warn(&mut self, span: Span, code: Code, message: impl Into<String>, help: impl Into<String>) {
        self.tell(span, code, Severity::Warning, message.into(), String::new(), help.into());
    }

    fn tell(&mut self, span: Span, code: Code, severity: Severity, message: String, label: String, help: String) {
        let of_names = matches!(code, Code::UnknownName | Code::Form | Code::Numbers);
        if self.names_only && !of_names {
            return;
        }
        let at = self.at(span);
        // what is wrong in a helper may be wrong for one of its calls only
        let line = self.frames.last().filter(|frame| !frame.shared).and_then(|frame| frame.line);
        let hangs_on_call = matches!(
            code,
            Code::Types | Code::NoneNotAsked | Code::Units | Code::Bounds | Code::Decided | Code::CodeList
        );
        let label = match line.filter(|_| hangs_on_call && label.is_empty()) {
            Some(line) => format!("as called on line {line}"),
            None => label,
        };
        if !self.found.iter().any(|other| other.at == at && other.code == code) {
            self.found.push(Finding { at, code, severity, message, label, help });
        }
    }

    /// How many errors were found so far, so that it can be seen whether a piece has any.
    fn n_errors(&self) -> usize {
        self.found.iter().filter(|finding| finding.severity == Severity::Error).count()
    }

    /// An expression of which something was told.
    fn told(&mut self, span: Span) -> Typed {
        let step = self.constant(span, Constant::None);
        Typed::new(span, Type::Told, step)
    }

    /// Notes that a fact is read here.
    fn reads(&mut self, span: Span, of: Kind, name: &Arc<str>, whose: Whose, decides: bool) {
        if fault!(HelpersReadNothing) && self.frames.len() > 1 {
            return;
        }
        if fault!(ClosuresReadNothing) && self.n_closures > 0 {
            return;
        }
        let (at, function) = (self.at(span), self.function);
        self.readings.push(Reading { at, of, name: name.clone(), whose, function, decides });
    }

    fn slot(&mut self) -> usize {
        self.n_slots += 1;
        self.n_slots - 1
    }
}

#[cfg(test)]
mod tests;
