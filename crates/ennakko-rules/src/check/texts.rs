//! Every sentence that a letter needs, in every language of the city.

use std::sync::Arc;

use ennakko_core::RuleId;
use ennakko_core::rule_card::Recipients;
use ennakko_core::trace::Part;

use super::Checking;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::head::{Head, Message};
use crate::rule_set::Tables;
use crate::settings::is_name;
use crate::texts::TextFile;

/// Attributes that every message of a letter has.
const LETTER_PARTS: &[&str] = &["title", "who", "what", "by_when", "silence", "say_no"];
/// Attributes of the common message `letter`.
const COMMON_PARTS: &[&str] = &["greeting", "why", "decided", "contact", "object", "law"];
/// The owner of the texts that all rules share.
pub(super) const COMMON: &str = "_common";

/// A message or line whose texts are looked for.
struct Wanted<'w> {
    name: &'w str,
    place: Place,
    parts: Vec<&'static str>,
}

impl Checking<'_> {
    pub(super) fn texts(&mut self, id: &RuleId, head: &Head, lines: &[(Part, String, Place)]) {
        let mut wanted: Vec<Wanted<'_>> = Vec::new();
        for Message { plan, text: place, .. } in &head.messages {
            let mut parts = LETTER_PARTS.to_vec();
            if plan.to == Recipients::Custodians {
                parts.push("two_homes");
            }
            if !wanted.iter().any(|other| other.name == &*plan.text) {
                wanted.push(Wanted { name: &plan.text, place: *place, parts });
            }
        }
        for (part, name, place) in lines.iter().filter(|(_, name, _)| is_name(name)) {
            let parts = match part {
                Part::Condition => vec!["yes", "no", "unknown"],
                Part::Already | Part::Officer => vec!["yes", "no"],
                Part::Sanity => continue,
            };
            wanted.push(Wanted { name, place: *place, parts });
        }
        let tables = self.check.tables.clone();
        let languages = tables.city.languages.iter().chain(&tables.city.also);
        for language in languages.filter(|language| !fault!(SwedishNotWanted) || *language != "sv") {
            let is_letter = tables.city.languages.contains(language);
            let own = self.check.texts.iter().find(|text| text.owner == id.as_str() && text.language == *language);
            let file = format!("{id}.{language}.ftl");
            let mut missing: Vec<(Place, String, String)> = Vec::new();
            match own {
                None => missing.push((
                    Place::START,
                    format!("there is no `{file}`"),
                    format!("write it, with a message for each of: {}", names(&wanted)),
                )),
                // what cannot be read has been told, and may hold what seems missing
                Some(text) if text.is_torn => {}
                Some(text) => {
                    for Wanted { name, place, parts } in &wanted {
                        let missing_parts = without(text, name, parts);
                        if !missing_parts.is_empty() {
                            missing.push((
                                *place,
                                format!("`{name}` has no {} in `{file}`", missing_parts.join(", ")),
                                format!(
                                    "add `{} = ...` under `{name} = ...` in `{file}`",
                                    missing_parts[0].replace('`', "")
                                ),
                            ));
                        }
                    }
                }
            }
            for (place, message, help) in missing {
                let diagnostic = self.error(Code::MissingText, place, message);
                diagnostic.help = Some(help);
                if !is_letter {
                    // a translation may be missing; the valid letter may not
                    diagnostic.severity = crate::diagnostic::Severity::Warning;
                }
            }
        }
    }
}

fn names(wanted: &[Wanted<'_>]) -> String {
    wanted.iter().map(|wanted| wanted.name).collect::<Vec<_>>().join(", ")
}

fn without(text: &TextFile, name: &str, parts: &[&str]) -> Vec<String> {
    let absent = parts.iter().filter(|part| text.attribute(name, part).is_none());
    absent.map(|part| format!("`.{part}`")).collect()
}

/// The texts that every letter shares, once for the folder.
pub(crate) fn common(tables: &Tables, texts: &[TextFile], diagnostics: &mut Vec<Diagnostic>) {
    for language in tables.city.languages.iter().chain(&tables.city.also) {
        let name = format!("{COMMON}.{language}.ftl");
        let file = texts.iter().find(|text| text.owner == COMMON && text.language == *language);
        let found = match file {
            None => Some(
                Diagnostic::error(
                    Code::MissingText,
                    &Arc::from(name.as_str()),
                    "",
                    Place::START,
                    format!("there is no `{name}`"),
                )
                .with_help(format!("write it, with the message `letter` and its {}", dotted(COMMON_PARTS))),
            ),
            Some(text) if text.is_torn => None,
            Some(text) => {
                let missing = without(text, "letter", COMMON_PARTS);
                (!missing.is_empty()).then(|| {
                    let message = format!("`letter` has no {}", missing.join(", "));
                    Diagnostic::error(Code::MissingText, &text.file.path, &text.file.text, Place::START, message)
                        .with_help("every letter has these parts; add them under `letter = ...`")
                })
            }
        };
        if let Some(found) = found {
            let is_letter = tables.city.languages.contains(language);
            diagnostics.push(if is_letter { found } else { found.as_warning() });
        }
    }
}

fn dotted(parts: &[&str]) -> String {
    parts.iter().map(|part| format!("`.{part}`")).collect::<Vec<_>>().join(", ")
}
