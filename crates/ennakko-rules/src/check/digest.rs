//! What an approval binds: a digest of everything that decides what a rule does and says.

use std::collections::BTreeSet;

use ennakko_core::RuleId;
use sha2::{Digest, Sha256};

use super::Checking;
use super::types::{Elaborated, Used};
use crate::facts::Kind;

impl Checking<'_> {
    /// SHA-256 of rule, helpers, page, texts and the rows of tables in use.
    pub(super) fn digest(&self, id: &RuleId, purpose: &str, elaborated: &Elaborated) -> String {
        let tables = self.check.tables;
        let mut parts: Vec<(String, String)> = vec![(self.file.name().to_owned(), self.file.text.to_string())];
        if let Some(shared) = self.check.shared {
            parts.push((shared.name().to_owned(), shared.text.to_string()));
        }
        if let Some(page) = self.check.pages.get(id) {
            parts.push((page.file.name().to_owned(), page.file.text.to_string()));
        }
        for text in self.check.texts.iter().filter(|text| text.owner == id.as_str() || text.owner == "_common") {
            parts.push((text.file.name().to_owned(), text.file.text.to_string()));
        }
        let mut rows: BTreeSet<(String, String)> = BTreeSet::new();
        rows.insert(("leap_day".to_owned(), format!("{:?}", tables.city.leap_day)));
        rows.insert(("purpose".to_owned(), format!("{:?}", tables.purposes.get(purpose))));
        for used in &elaborated.used {
            rows.insert(match used {
                Used::Calendar(name) => {
                    (format!("calendar.{name}"), format!("{:?}", tables.calendars.rounds.get(&**name)))
                }
                Used::Parameter { group, name } => {
                    (format!("{group}.{name}"), format!("{:?}", tables.parameters.rows(group, name)))
                }
                Used::Code { list, name } => {
                    let code = tables.code_lists.get(&**list).and_then(|codes| codes.get(&**name));
                    (format!("{list}.{name}"), format!("{code:?}"))
                }
            });
        }
        for reading in &elaborated.readings {
            let declared = tables.facts.iter();
            for fact in declared.filter(|fact| Kind::from(fact.subject) == reading.of && fact.name == *reading.name) {
                rows.insert((format!("{}.{}", fact.subject.word(), fact.name), format!("{fact:?}")));
            }
        }
        let mut digest = Sha256::new();
        for (name, text) in parts.into_iter().chain(rows) {
            digest.update(format!("{}:{name},{}:", name.len(), text.len()));
            digest.update(text);
        }
        digest.finalize().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    }
}
