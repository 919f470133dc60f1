//! Purposes and law: a fact is read only for a purpose that it is open to, and every law that is cited has its names.

use std::collections::BTreeSet;

use ennakko_core::special::Special;

use super::Checking;
use super::types::{Elaborated, Reading, Whose};
use crate::diagnostic::{Code, did_you_mean};
use crate::facts::{Kind, REGISTER_FACTS};
use crate::head::Head;
use crate::rule_set::Tables;

impl Checking<'_> {
    pub(super) fn purposes(&mut self, head: &Head, elaborated: &Elaborated) {
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
        self.contact(head);
        let mut told = BTreeSet::new();
        for reading in &elaborated.readings {
            let mut declared = tables.facts.iter();
            let Some(fact) = declared.find(|fact| Kind::from(fact.subject) == reading.of && fact.name == *reading.name)
            else {
                continue;
            };
            let (open_to, whose) = match reading.whose {
                Whose::Subject => (&fact.purposes, "its subject"),
                Whose::Other if fault!(OthersTakenForSubjects) => (&fact.purposes, "its subject"),
                Whose::Other => (&fact.related_purposes, "anyone or anything but its subject"),
            };
            if open_to.contains(purpose) || !told.insert(reading.at) {
                continue;
            }
            let message = format!("a rule for the purpose `{purpose}` may not read `{}` of {whose}", fact.name);
            let open_to = if open_to.is_empty() { "no purpose".to_owned() } else { open_to.join(", ") };
            self.at(Code::Purpose, reading.at, message).help = Some(format!("facts.toml opens it to: {open_to}"));
        }
    }

    /// Every letter names somebody to ask.
    fn contact(&mut self, head: &Head) {
        let (purpose, place) = &head.purpose;
        let Tables { city, purposes, .. } = &**self.check.tables;
        if head.messages.is_empty() || city.contacts.iter().any(|contact| contact.purpose == *purpose) {
            return;
        }
        // one that is misspelt is told in city.toml
        let is_meant = |named: &str| !purposes.contains_key(named) && did_you_mean(named, [purpose.as_str()]).is_some();
        if self.check.mentioned("city.toml", purpose) || city.contacts.iter().any(|contact| is_meant(&contact.purpose))
        {
            self.left_out = true;
            return;
        }
        self.error(Code::Purpose, *place, format!("city.toml has no contact for the purpose `{purpose}`")).help =
            Some(format!("add a `[[contact]]` with `purpose = \"{purpose}\"`: every letter names somebody to ask"));
    }

    /// What a fact tells that may decide nothing unless a section of law lets it.
    fn special(&self, reading: &Reading) -> Option<Special> {
        let Reading { of, name, .. } = reading;
        let mut register = REGISTER_FACTS.iter().filter(|fact| fact.of == *of && fact.name == &**name);
        let mut declared = self.check.tables.facts.iter().filter(|fact| Kind::from(fact.subject) == *of);
        let declared = || declared.find(|fact| fact.name == **name).and_then(|fact| fact.special);
        register.next().map_or_else(declared, |fact| fact.special)
    }

    /// Language, citizenship, health and the like decide nothing, unless a section of law lets them.
    pub(super) fn decides(&mut self, head: &Head, elaborated: &Elaborated) {
        let mut told = BTreeSet::new();
        for reading in &elaborated.readings {
            let Some(special) = self.special(reading).map(|special| special.word().replace('_', " ")) else { continue };
            if fault!(OriginMayDecide) || !told.insert((reading.at, reading.function == "priority")) {
                continue;
            }
            let label = format!("tells of {special}");
            if reading.function == "priority" {
                let message = format!("`{}` may not decide who comes first", reading.name);
                let found = self.at(Code::DecidesOn, reading.at, message);
                found.label = label;
                found.help = Some("order by something that has to do with the matter, or by lot".into());
            } else if reading.decides
                && !head.decides_on.iter().any(|(fact, _)| fault!(AnySectionWillDo) || *fact == *reading.name)
            {
                let message = format!("`{}` decides here, and the rule cites no section that lets it", reading.name);
                let found = self.at(Code::DecidesOn, reading.at, message);
                found.label = label;
                found.help = Some(format!(
                    "add `decides_on: #{{ {}: \"...\" }}` to the head, with the section of law",
                    reading.name
                ));
            }
        }
        for (fact, place) in &head.decides_on {
            let is_read = elaborated.readings.iter().any(|reading| *reading.name == **fact);
            if !is_read {
                self.error(Code::DecidesOn, *place, format!("this rule does not read `{fact}`")).help =
                    Some("leave it out: what decides is said, and nothing else".into());
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
