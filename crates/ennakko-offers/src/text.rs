//! The texts of letters: Fluent files of rules (`school_place.fi.ftl`) over the common ones (`_common.fi.ftl`).
//!
//! For: reading them once and writing one text with the values of one letter. Not for choosing texts or languages (see
//! [`crate::letter`]): a text that is missing in a language is an error, and another language is never taken instead.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use ennakko_core::city::ByLanguage;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource};
use fluent_syntax::ast::{CallArguments, Expression, InlineExpression, Pattern, PatternElement};

/// The stem under which the parts that every letter has are given.
pub const COMMON: &str = "_common";

/// One language file, read by the caller.
#[derive(Clone, Copy, Debug)]
pub struct TextFile<'a> {
    /// Id of the rule, or [`COMMON`].
    pub rule: &'a str,
    /// Language tag.
    pub language: &'a str,
    /// The whole text.
    pub source: &'a str,
}

/// What is wrong with a language file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct TextError {
    /// Name of the file, without its folder.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// The name of a text: which message and part of which rule in which language. For error messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextName {
    /// Id of the rule.
    pub rule: Box<str>,
    /// Language tag.
    pub language: Box<str>,
    /// Message.
    pub message: Box<str>,
    /// Part of the message.
    pub attribute: Box<str>,
}

impl fmt::Display for TextName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "text `{}.{}` of rule `{}` in `{}`", self.message, self.attribute, self.rule, self.language)
    }
}

/// Why a text cannot be written with the values at hand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// There is no such text.
    #[error("{0} is missing")]
    Missing(TextName),
    /// The text is there, but nothing stands in it.
    #[error("{0} is empty")]
    Empty(TextName),
    /// The text names a placeholder that has no value here.
    #[error("{name} uses `${placeholder}`, which has no value here")]
    NoValue {
        /// The text.
        name: TextName,
        /// The placeholder.
        placeholder: String,
    },
    /// The text refers to another text that is missing, or is written in another way that cannot be resolved.
    #[error("{name} cannot be written: {problem}")]
    Unresolved {
        /// The text.
        name: TextName,
        /// What is wrong.
        problem: String,
    },
}

/// Values for the placeholders of a text, written out in its language.
pub(crate) type Values = BTreeMap<String, String>;

type Bundle = FluentBundle<Arc<FluentResource>>;

/// All texts, by rule and language. May be shared between threads.
pub struct Texts {
    bundles: BTreeMap<String, BTreeMap<String, Bundle>>,
    laws: Option<BTreeMap<String, ByLanguage>>,
}

impl Texts {
    /// The texts of these files, and everything that is wrong with them, in order.
    ///
    /// What cannot be read of a file is left out; the rest can be used, so that all errors show at once. A language of a
    /// rule without common texts in that language is an error, and no letter can be written in it.
    pub fn new(files: &[TextFile<'_>]) -> (Self, Vec<TextError>) {
        let mut errors = Vec::new();
        let mut common: BTreeMap<&str, Arc<FluentResource>> = BTreeMap::new();
        for file in files.iter().filter(|file| file.rule == COMMON) {
            if common.insert(file.language, file.read(&mut errors)).is_some() {
                errors.push(file.error(1, "the common texts in this language are given twice".to_owned()));
            }
        }
        let mut bundles: BTreeMap<String, BTreeMap<String, Bundle>> = BTreeMap::new();
        for file in files.iter().filter(|file| file.rule != COMMON) {
            let resource = file.read(&mut errors);
            let Some(common) = common.get(file.language) else {
                let message = format!("there are no common texts in `{0}`; add `{COMMON}.{0}.ftl`", file.language);
                errors.push(file.error(1, message));
                continue;
            };
            let Ok(language) = file.language.parse() else {
                errors.push(file.error(1, format!("`{}` is not a language tag", file.language)));
                continue;
            };
            let mut bundle = Bundle::new_concurrent(vec![language]);
            // the marks that isolate the direction of values would stand in plain letters as invisible characters
            bundle.set_use_isolating(false);
            for resource in [common, &resource] {
                let doubled = bundle.add_resource(resource.clone()).err().unwrap_or_default();
                errors.extend(doubled.into_iter().map(|error| file.doubled(&error)));
            }
            let of_rule = bundles.entry(file.rule.to_owned()).or_default();
            if of_rule.insert(file.language.to_owned(), bundle).is_some() {
                errors.push(file.error(1, "the texts of this rule in this language are given twice".to_owned()));
            }
        }
        errors.sort();
        errors.dedup();
        (Self { bundles, laws: None }, errors)
    }

    /// The same with the names of laws by language, under the citation that rules give (`laws.toml`). From then on a law
    /// without a name in the letter's language is an error; until then letters name laws as rules cite them.
    #[must_use]
    pub fn with_laws(mut self, laws: BTreeMap<String, ByLanguage>) -> Self {
        self.laws = Some(laws);
        self
    }

    /// The name of a law in a language.
    pub(crate) fn law<'a>(&'a self, cited: &'a str, language: &str) -> Option<&'a str> {
        match &self.laws {
            Some(laws) => laws.get(cited)?.get(language).map(String::as_str),
            None => Some(cited),
        }
    }

    /// Whether a rule has texts in a language.
    pub fn has(&self, rule: &str, language: &str) -> bool {
        self.bundle(rule, language).is_some()
    }

    /// The languages in which a rule has texts, in order.
    pub fn languages_of(&self, rule: &str) -> impl Iterator<Item = &str> {
        self.bundles.get(rule).into_iter().flat_map(|bundles| bundles.keys().map(String::as_str))
    }

    /// Whether a rule has a text.
    pub fn has_text(&self, name: &TextName) -> bool {
        self.bundle(&name.rule, &name.language)
            .and_then(|bundle| bundle.get_message(&name.message)?.get_attribute(&name.attribute))
            .is_some()
    }

    /// A text with its values in it: never empty, never with a placeholder left.
    ///
    /// # Errors
    /// - [`WriteError`]: missing, empty, or not to be resolved with these values.
    pub(crate) fn write(&self, name: &TextName, values: &Values) -> Result<String, WriteError> {
        let bundle = self.bundle(&name.rule, &name.language);
        let message = bundle.and_then(|bundle| bundle.get_message(&name.message));
        let attribute = message.and_then(|message| message.get_attribute(&name.attribute));
        let (Some(bundle), Some(attribute)) = (bundle, attribute) else {
            return Err(WriteError::Missing(name.clone()));
        };
        let used = placeholders_of(attribute.value());
        if let Some(placeholder) = used.into_iter().find(|placeholder| !values.contains_key(*placeholder)) {
            return Err(WriteError::NoValue { name: name.clone(), placeholder: placeholder.to_owned() });
        }
        let values: FluentArgs<'_> = values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let mut errors = Vec::new();
        let text = bundle.format_pattern(attribute.value(), Some(&values), &mut errors).trim().to_owned();
        match errors.first() {
            Some(error) => Err(WriteError::Unresolved { name: name.clone(), problem: small(&error.to_string()) }),
            None if text.is_empty() => Err(WriteError::Empty(name.clone())),
            None => Ok(text),
        }
    }

    fn bundle(&self, rule: &str, language: &str) -> Option<&Bundle> {
        self.bundles.get(rule)?.get(language)
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.bundles.iter().map(|(rule, bundles)| (rule, bundles.keys().collect::<Vec<_>>()));
        f.debug_map().entries(names).finish()
    }
}

impl TextFile<'_> {
    fn error(&self, line: usize, message: String) -> TextError {
        TextError { file: format!("{}.{}.ftl", self.rule, self.language), line, message }
    }

    fn read(&self, errors: &mut Vec<TextError>) -> Arc<FluentResource> {
        match FluentResource::try_new(self.source.to_owned()) {
            Ok(resource) => Arc::new(resource),
            Err((resource, found)) => {
                for error in found {
                    let before = self.source.get(..error.pos.start).unwrap_or(self.source);
                    let line = before.matches('\n').count() + 1;
                    errors.push(self.error(line, format!("not a Fluent text: {}", small(&error.kind.to_string()))));
                }
                Arc::new(resource)
            }
        }
    }

    /// A message given twice: in this file, or here and in the common texts. The second one is not used.
    fn doubled(&self, error: &FluentError) -> TextError {
        let FluentError::Overriding { id, .. } = error else { return self.error(1, error.to_string()) };
        let starts = |line: &str| line.strip_prefix(id.as_str()).is_some_and(|rest| rest.trim_start().starts_with('='));
        let line = self.source.lines().enumerate().filter(|(_, line)| starts(line)).map(|(at, _)| at + 1).last();
        self.error(line.unwrap_or(1), format!("`{id}` is given twice; keep one"))
    }
}

/// The placeholders that a text names, in order, those of variants that are not selected among them.
fn placeholders_of<'a>(pattern: &Pattern<&'a str>) -> Vec<&'a str> {
    fn of_pattern<'a>(pattern: &Pattern<&'a str>, found: &mut Vec<&'a str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                of_expression(expression, found);
            }
        }
    }
    fn of_expression<'a>(expression: &Expression<&'a str>, found: &mut Vec<&'a str>) {
        match expression {
            Expression::Select { selector, variants } => {
                of_inline(selector, found);
                for variant in variants {
                    of_pattern(&variant.value, found);
                }
            }
            Expression::Inline(inline) => of_inline(inline, found),
        }
    }
    fn of_arguments<'a>(arguments: &CallArguments<&'a str>, found: &mut Vec<&'a str>) {
        let named = arguments.named.iter().map(|named| &named.value);
        for value in arguments.positional.iter().chain(named) {
            of_inline(value, found);
        }
    }
    fn of_inline<'a>(inline: &InlineExpression<&'a str>, found: &mut Vec<&'a str>) {
        match inline {
            InlineExpression::VariableReference { id } => found.push(id.name),
            InlineExpression::Placeable { expression } => of_expression(expression, found),
            InlineExpression::FunctionReference { arguments, .. } => of_arguments(arguments, found),
            InlineExpression::TermReference { arguments, .. } => {
                if let Some(arguments) = arguments {
                    of_arguments(arguments, found);
                }
            }
            InlineExpression::MessageReference { .. }
            | InlineExpression::StringLiteral { .. }
            | InlineExpression::NumberLiteral { .. } => {}
        }
    }
    let mut found = Vec::new();
    of_pattern(pattern, &mut found);
    found
}

fn small(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file<'a>(rule: &'a str, language: &'a str, source: &'a str) -> TextFile<'a> {
        TextFile { rule, language, source }
    }

    fn name(message: &str, attribute: &str) -> TextName {
        TextName { rule: "r".into(), language: "fi".into(), message: message.into(), attribute: attribute.into() }
    }

    fn values() -> Values {
        Values::from([("subject".to_owned(), "Elsa".to_owned())])
    }

    #[test]
    fn texts_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Texts>();
    }

    #[test]
    fn every_error_of_every_file_is_told_with_its_line() {
        let (texts, errors) = Texts::new(&[
            file("_common", "fi", "letter =\n    .why = Koska\n"),
            file("r", "fi", "one =\n    .what = { $x\n\ntwo =\n    .what = Kaksi\n\ntwo = Toinen\nletter = Oma\n"),
            file("r", "sv", "one = Ett\n"),
        ]);
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "r.fi.ftl:1: not a Fluent text: expected a message field for \"one\"",
                "r.fi.ftl:7: `two` is given twice; keep one",
                "r.fi.ftl:8: `letter` is given twice; keep one",
                "r.sv.ftl:1: there are no common texts in `sv`; add `_common.sv.ftl`",
            ]
        );
        assert_eq!(texts.languages_of("r").collect::<Vec<_>>(), ["fi"]);
        assert!(!texts.has("r", "sv"));
    }

    #[test]
    fn a_text_is_written_whole_or_not_at_all() {
        let source = "m =\n    .good = Lapsi { $subject }.\n    .raw = { $school }\n    .ref = { other }\n    .blank = { \"\" }\n";
        let (texts, errors) = Texts::new(&[file("_common", "fi", "letter = x\n"), file("r", "fi", source)]);
        assert_eq!(errors, []);
        let write = |attribute: &str| texts.write(&name("m", attribute), &values()).map_err(|error| error.to_string());
        assert_eq!(write("good"), Ok("Lapsi Elsa.".to_owned()));
        let refused = |attribute: &str, expected: &str| assert_eq!(write(attribute), Err(expected.to_owned()));
        refused("raw", "text `m.raw` of rule `r` in `fi` uses `$school`, which has no value here");
        refused("ref", "text `m.ref` of rule `r` in `fi` cannot be written: resolver error: Unknown message: other");
        refused("blank", "text `m.blank` of rule `r` in `fi` is empty");
        refused("none", "text `m.none` of rule `r` in `fi` is missing");
    }
}
