//! Purposes and law: a fact is read only for a purpose that it is open to, and every law that is cited has its names.

use std::collections::BTreeSet;

use super::Checking;
use super::roles::{Role, Roles};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::head::Head;
use crate::tree::What;

impl Checking<'_> {
    pub(super) fn purposes(&mut self, head: &Head, roles: &Roles) {
        let (purpose, place) = &head.purpose;
        let tables = self.check.tables.clone();
        if !tables.purposes.contains_key(purpose) {
            if self.check.mentioned("purposes.toml", purpose) {
                self.left_out = true;
                return;
            }
            let help = did_you_mean(purpose, tables.purposes.keys().map(String::as_str)).map_or_else(
                || "declare it in `purposes.toml`, with controller and legal basis".to_owned(),
                |known| format!("did you mean \"{known}\"?"),
            );
            self.error(Code::Purpose, *place, format!("purposes.toml has no purpose `{purpose}`")).help = Some(help);
            return;
        }
        let mut told = BTreeSet::new();
        for (name, function) in &self.script.functions {
            // a helper that this rule does not come to reads nothing for it
            if !roles.reaches(name) {
                continue;
            }
            for read in &function.reads {
                let What::Property { base, name: fact_name } = &read.what else { continue };
                let role = base.as_ref().map(|base| roles.role(name, function, base));
                let own = role == Some(Role::Subject);
                if matches!(role, Some(Role::Day | Role::Occasion)) {
                    continue;
                }
                for fact in tables.facts.iter().filter(|fact| fact.name == *fact_name) {
                    if own && fact.subject != head.subject {
                        continue;
                    }
                    let (open_to, whose) = if own {
                        (&fact.purposes, "its subject")
                    } else {
                        (&fact.related_purposes, "anyone or anything but its subject")
                    };
                    if open_to.contains(purpose) || !told.insert((read.place, fact_name.clone())) {
                        continue;
                    }
                    let file = if function.shared { self.check.shared.unwrap_or(self.file) } else { self.file };
                    let message = format!("a rule for the purpose `{purpose}` may not read `{fact_name}` of {whose}");
                    let open_to = if open_to.is_empty() { "no purpose".to_owned() } else { open_to.join(", ") };
                    self.found.push(
                        Diagnostic::error(Code::Purpose, &file.path, &file.text, read.place, message)
                            .with_help(format!("facts.toml opens it to: {open_to}")),
                    );
                }
            }
        }
    }

    pub(super) fn laws(&mut self, head: &Head) {
        let tables = self.check.tables.clone();
        for (cited, place) in &head.law {
            if let Some(names) = tables.laws.get(cited) {
                let missing: Vec<&str> =
                    tables.city.languages.iter().map(String::as_str).filter(|tag| !names.contains_key(*tag)).collect();
                if !missing.is_empty() {
                    let help = format!("add {} to its row in laws.toml", missing.join(", "));
                    self.error(Code::MissingText, *place, "this law has no name in a language of the city").help =
                        Some(help);
                }
            } else if self.check.mentioned("laws.toml", cited) {
                self.left_out = true;
            } else {
                let help = did_you_mean(cited, tables.laws.keys().map(String::as_str)).map_or_else(
                    || "add it with its name in each language to laws.toml".to_owned(),
                    |known| format!("did you mean \"{known}\"?"),
                );
                self.error(Code::UnknownName, *place, "laws.toml does not know this law").help = Some(help);
            }
        }
    }
}
