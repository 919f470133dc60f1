//! The texts beside a rule: that every sentence a letter needs is there, in every language it must be in.
//!
//! Only presence is looked at here; letters are written by the offers crate.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::rule_set::RuleFile;

/// One language file of a rule, or of all rules (`_common`).
#[derive(Clone, Debug)]
pub struct TextFile {
    /// The rule's id, or `_common`.
    pub owner: String,
    /// Language tag.
    pub language: String,
    /// The file.
    pub file: RuleFile,
    /// Messages and their attributes, with the placeholders of each.
    pub(crate) messages: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
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
                let attributes: &mut BTreeMap<String, BTreeSet<String>> =
                    messages.entry(message.id.name.to_owned()).or_default();
                for attribute in &message.attributes {
                    attributes.insert(attribute.id.name.to_owned(), placeholders(&attribute.value));
                }
            }
        }
        Self { owner: owner.to_owned(), language: language.to_owned(), file: file.clone(), messages, is_torn }
    }

    /// The placeholders of an attribute, if the message has it.
    pub(crate) fn attribute(&self, message: &str, attribute: &str) -> Option<&BTreeSet<String>> {
        self.messages.get(message)?.get(attribute)
    }
}

/// The same with a small first letter.
fn small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn placeholders(pattern: &Pattern<&str>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(pattern, &mut names);
    names
}

fn collect(pattern: &Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            match expression {
                Expression::Inline(inline) => inline_names(inline, names),
                Expression::Select { selector, variants } => {
                    inline_names(selector, names);
                    for variant in variants {
                        collect(&variant.value, names);
                    }
                }
            }
        }
    }
}

fn inline_names(inline: &InlineExpression<&str>, names: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            names.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => match &**expression {
            Expression::Inline(inner) => inline_names(inner, names),
            Expression::Select { selector, variants } => {
                inline_names(selector, names);
                for variant in variants {
                    collect(&variant.value, names);
                }
            }
        },
        InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                inline_names(argument, names);
            }
        }
        _ => {}
    }
}
