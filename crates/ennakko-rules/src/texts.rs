//! The texts beside a rule: which sentences are there, and which values each of them names.
//!
//! Letters are written by the offers crate.

use std::collections::BTreeMap;
use std::ops::Range;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::rule_set::RuleFile;

/// A value that a text names: `{ $subject }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// Its name, without the `$`.
    pub(crate) name: String,
    /// Where it stands in the file, the `$` included.
    pub(crate) range: Range<usize>,
}

/// One language file of a rule, or of all rules (`_common`).
#[derive(Clone, Debug)]
pub struct TextFile {
    /// The rule's id, or `_common`.
    pub owner: String,
    /// Language tag.
    pub language: String,
    /// The file.
    pub file: RuleFile,
    /// Messages and their attributes, with the values that each names.
    pub(crate) messages: BTreeMap<String, BTreeMap<String, Vec<Named>>>,
    /// Whether some of it could not be read.
    pub(crate) is_torn: bool,
}

impl TextFile {
    pub(crate) fn read(owner: &str, language: &str, file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> Self {
        if let Some(too_long) = file.too_long(Code::MissingText) {
            diagnostics.push(too_long);
            let (owner, language) = (owner.to_owned(), language.to_owned());
            return Self { owner, language, file: file.clone(), messages: BTreeMap::new(), is_torn: true };
        }
        let (resource, errors) = match parser::parse(&*file.text) {
            Ok(resource) => (resource, Vec::new()),
            Err((resource, errors)) => (resource, errors),
        };
        let is_torn = !errors.is_empty();
        for error in errors {
            let place = Place::of_range(&file.text, error.pos.clone());
            diagnostics.push(
                Diagnostic::error(Code::MissingText, &file.path, &file.text, place, "this text cannot be read")
                    .with_help(format!(
                        "look for a `{{` without `}}`, a missing `=`, a line that is not indented; the reader says: {}",
                        small(&error.kind.to_string())
                    )),
            );
        }
        let mut messages = BTreeMap::new();
        for entry in &resource.body {
            if let Entry::Message(message) = entry {
                let attributes: &mut BTreeMap<String, Vec<Named>> =
                    messages.entry(message.id.name.to_owned()).or_default();
                for attribute in &message.attributes {
                    attributes.insert(attribute.id.name.to_owned(), named(&attribute.value, &file.text));
                }
            }
        }
        Self { owner: owner.to_owned(), language: language.to_owned(), file: file.clone(), messages, is_torn }
    }

    /// The values that an attribute names, if the message has it.
    pub(crate) fn attribute(&self, message: &str, attribute: &str) -> Option<&[Named]> {
        self.messages.get(message)?.get(attribute).map(Vec::as_slice)
    }
}

/// The same with a small first letter.
fn small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The values that a text names, in the order in which they stand there, those of variants that are not selected among them.
fn named(pattern: &Pattern<&str>, text: &str) -> Vec<Named> {
    let mut names = Vec::new();
    of_pattern(pattern, &mut names);
    let place = |name: &str| {
        // the names are parts of the text that was parsed
        let start = name.as_ptr().addr().saturating_sub(text.as_ptr().addr());
        start.saturating_sub(1)..start + name.len()
    };
    names.into_iter().map(|name| Named { name: name.to_owned(), range: place(name) }).collect()
}

fn of_pattern<'t>(pattern: &Pattern<&'t str>, names: &mut Vec<&'t str>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, names);
        }
    }
}

fn of_expression<'t>(expression: &Expression<&'t str>, names: &mut Vec<&'t str>) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, names),
        Expression::Select { selector, variants } => {
            of_inline(selector, names);
            for variant in variants {
                of_pattern(&variant.value, names);
            }
        }
    }
}

fn of_inline<'t>(inline: &InlineExpression<&'t str>, names: &mut Vec<&'t str>) {
    let arguments = match inline {
        InlineExpression::VariableReference { id } => {
            names.push(id.name);
            return;
        }
        InlineExpression::Placeable { expression } => return of_expression(expression, names),
        InlineExpression::FunctionReference { arguments, .. } => Some(arguments),
        InlineExpression::TermReference { arguments, .. } => arguments.as_ref(),
        _ => None,
    };
    for argument in arguments.into_iter().flat_map(|arguments| &arguments.positional) {
        of_inline(argument, names);
    }
}
