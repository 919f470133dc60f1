//! The values that texts name in braces: each must be one that this text of this rule is given.
//!
//! Letters are given [`Placeholder`]s, fields of the occasion and terms, and places in `.what` alone. The title and the
//! sentences of lines are read outside letters too, when somebody is told why; there are no terms there.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use ennakko_core::RuleId;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::placeholder::Placeholder;
use ennakko_core::rule_card::Reply;
use ennakko_core::trace::Part;

use super::Checking;
use super::texts::COMMON;
use super::types::Elaborated;
use crate::diagnostic::{Code, Diagnostic, Place, did_you_mean};
use crate::head::Head;
use crate::texts::{Named, TextFile};

/// The last day to reply is a term, and a field of the occasion gives it to no text.
const REPLY_BY: &str = "reply_by";
/// Fields that every occasion has.
const FIELDS: [&str; 4] = ["id", "opens", "closes", "ends"];

/// Where a text is read, which decides what it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Read {
    /// `.what` of a letter.
    What,
    /// In letters only.
    Letter,
    /// In letters, and where somebody is told why.
    Told,
}

/// What the texts of a rule are given.
struct Given {
    builtin: BTreeSet<&'static str>,
    fields: BTreeSet<String>,
    terms: BTreeSet<String>,
    places: BTreeSet<String>,
}

impl Given {
    /// Whether a text that is read there has a value of this name.
    fn has(&self, name: &str, read: Read) -> bool {
        let in_letters_only = read != Read::Told || fault!(TermsToldWithoutAnOffer);
        let builtin = Placeholder::ALL.into_iter().find(|builtin| builtin.word() == name);
        let is_builtin = self.builtin.contains(name) && builtin.is_some_and(|it| in_letters_only || it.is_told());
        is_builtin
            || self.fields.contains(name)
            || in_letters_only && self.terms.contains(name)
            || (read == Read::What || fault!(PlacesAnywhere)) && self.places.contains(name)
    }

    fn names(&self, read: Read) -> BTreeSet<&str> {
        let fields = self.fields.iter().chain(&self.terms).chain(&self.places).map(String::as_str);
        fields.chain(self.builtin.iter().copied()).filter(|name| self.has(name, read)).collect()
    }

    /// What is wrong with a name and what to write instead.
    fn told(&self, name: &str, read: Read) -> (String, String) {
        if self.places.contains(name) {
            let help = "a place tells of a home: say it in `.what`, and leave it out here".to_owned();
            return (format!("`${name}` is a place, which only `.what` can say"), help);
        }
        if read == Read::Told && self.has(name, Read::Letter) {
            let message = format!("`${name}` has a value in letters only");
            let help =
                "this is also read where somebody is told why, without an offer: say it in another part of the letter";
            return (message, help.to_owned());
        }
        let names = self.names(read);
        let help = did_you_mean(name, names.iter().copied()).map_or_else(
            || format!("known here: {}", names.iter().map(|name| format!("${name}")).collect::<Vec<_>>().join(", ")),
            |known| format!("did you mean `${known}`?"),
        );
        (format!("`${name}` has no value here"), help)
    }

    /// Findings about the names in a text.
    fn look<'t>(
        &self,
        text: &'t TextFile,
        names: &'t [Named],
        read: Read,
    ) -> impl Iterator<Item = Diagnostic> + use<'_, 't> {
        let wrong = names.iter().filter(move |named| !self.has(&named.name, read));
        wrong.map(move |Named { name, range }| {
            let (message, help) = self.told(name, read);
            finding(text, range, message).with_help(help)
        })
    }
}

fn finding(text: &TextFile, range: &Range<usize>, message: String) -> Diagnostic {
    let place = Place::of_range(&text.file.text, range.clone());
    Diagnostic::error(Code::MissingText, &text.file.path, &text.file.text, place, message)
}

impl Checking<'_> {
    /// Every text of a rule, in every language.
    pub(super) fn placeholders(
        &mut self,
        id: &RuleId,
        head: &Head,
        elaborated: &Elaborated,
        lines: &[(Part, String, Place)],
    ) {
        // where the occasion or the terms are wrong, it is not known what they would give
        let Some((fields, terms)) = elaborated.fields.clone().zip(self.script.values("offer")) else { return };
        let terms: BTreeSet<String> = terms.into_iter().map(|(name, _)| name).collect();
        let places: BTreeSet<String> = elaborated.places.iter().map(ToString::to_string).collect();
        let asks = terms.contains(REPLY_BY) || head.messages.iter().any(|message| message.plan.reply == Reply::Needed);
        let given = Given {
            builtin: builtin(head.subject == SubjectKind::Household, asks),
            fields: fields.into_iter().filter(|name| name != REPLY_BY).collect(),
            terms: terms.difference(&places).filter(|name| *name != REPLY_BY).cloned().collect(),
            places,
        };
        let mut found = Vec::new();
        for text in self.check.texts.iter().filter(|text| text.owner == id.as_str()) {
            for (at, message) in head.messages.iter().enumerate() {
                let name = &*message.plan.text;
                for (part, names) in text.messages.get(name).into_iter().flatten() {
                    let read = match part.as_str() {
                        "title" if at == 0 => Read::Told,
                        "what" => Read::What,
                        _ => Read::Letter,
                    };
                    found.extend(given.look(text, names, read));
                }
                found.extend(unshown(text, name, &given.places));
            }
            for (part, name, _) in lines.iter().filter(|(part, ..)| *part != Part::Sanity) {
                for (attribute, names) in text.messages.get(name).into_iter().flatten() {
                    let in_letters = *part == Part::Condition && attribute == "yes_unshown";
                    let read = if in_letters { Read::Letter } else { Read::Told };
                    found.extend(given.look(text, names, read));
                }
            }
        }
        let version = self.file.name().trim_end_matches(".rhai");
        for finding in found {
            let label = if version == id.as_str() { String::new() } else { format!("by version `{version}`") };
            if !self.found.contains(&finding) {
                self.found.push(finding.labelled(label));
            }
        }
    }
}

fn builtin(of_household: bool, asks: bool) -> BTreeSet<&'static str> {
    let is_given = |placeholder: &Placeholder| match placeholder {
        Placeholder::Subject => !of_household,
        Placeholder::ReplyBy => asks,
        _ => true,
    };
    Placeholder::ALL.into_iter().filter(is_given).map(Placeholder::word).collect()
}

/// Somebody who does not live in the home is shown the text without the place.
fn unshown(text: &TextFile, message: &str, places: &BTreeSet<String>) -> Option<Diagnostic> {
    let named = text.attribute(message, "what")?.iter().find(|named| places.contains(&named.name))?;
    if text.is_torn || text.attribute(message, "what_unshown").is_some() {
        return None;
    }
    let found = finding(text, &named.range, format!("`{message}` has no `.what_unshown`"));
    let help = "add the same without the place, for an addressee who does not live in the home that it is derived from";
    Some(found.with_help(help))
}

/// The texts that all rules share: what every rule gives, and `.contact` where somebody is told why.
pub(crate) fn common(texts: &[TextFile], has_households: bool, diagnostics: &mut Vec<Diagnostic>) {
    let given = Given {
        builtin: builtin(has_households, false),
        fields: FIELDS.map(str::to_owned).into(),
        terms: BTreeSet::new(),
        places: BTreeSet::new(),
    };
    for text in texts.iter().filter(|text| text.owner == COMMON) {
        let parts: Option<&BTreeMap<String, Vec<Named>>> = text.messages.get("letter");
        for (part, names) in parts.into_iter().flatten() {
            let read = if part == "contact" { Read::Told } else { Read::Letter };
            diagnostics.extend(given.look(text, names, read));
        }
    }
}
