//! The sample as the population register would send it: base data (`perustiedot`) and the change feed (`muutokset`), in
//! the shapes that its public clients read (register-formats.md sections 1.2 to 1.6, read 22 November 2026).
//!
//! Only what those shapes can say: people without an identity code are in neither, other sources' deaths and the facts of
//! other city registers do not come this way, and a separation is told as the move it is. What a source keeps back of
//! protected people comes as `turvakiellonAlaisetKentat`, never as a missing group. For trying a loader; the records of
//! [`Delivery`] need no such detour.

mod change;
mod group;

use std::collections::BTreeMap;

use ennakko_core::Fact;
use ennakko_core::identity::IdentityCode;
use ennakko_core::record::{CustodyKind, CustodyRecord, Delivery, DwellingRecord, ListState, ResidentRecord, Sex, Who};
use serde_json::{Value, json};

pub use change::changes;

/// A delivery as base data.
pub struct BaseData<'a> {
    delivery: &'a Delivery,
    dwellings: BTreeMap<&'a str, &'a DwellingRecord>,
    residents: BTreeMap<Who, &'a ResidentRecord>,
    /// Pairs by child and by custodian.
    custody: BTreeMap<&'a Who, Vec<&'a CustodyRecord>>,
}

impl<'a> BaseData<'a> {
    /// Looks up what records of a delivery refer to.
    pub fn of(delivery: &'a Delivery) -> Self {
        let mut residents = BTreeMap::new();
        for record in &delivery.residents {
            let codes = record.former_codes.iter().chain(&record.code).cloned().map(Who::Code);
            for who in codes.chain(record.key.map(Who::Key)) {
                residents.insert(who, record);
            }
        }
        let mut custody: BTreeMap<&Who, Vec<&CustodyRecord>> = BTreeMap::new();
        for pair in &delivery.custody {
            custody.entry(&pair.child).or_default().push(pair);
            custody.entry(&pair.custodian).or_default().push(pair);
        }
        Self {
            delivery,
            dwellings: delivery.dwellings.iter().map(|dwelling| (dwelling.id.as_str(), dwelling)).collect(),
            residents,
            custody,
        }
    }

    /// One object for everybody who has an identity code, in the order of the delivery.
    pub fn people(&self) -> impl Iterator<Item = Value> {
        self.delivery.residents.iter().filter_map(|record| self.person(record))
    }

    /// One answer to `POST /perustiedot`: up to so many people from a position on.
    pub fn answer(&self, first: usize, n_people: usize) -> Value {
        let people: Vec<Value> = self.people().skip(first).take(n_people).collect();
        json!({ "perustiedot": people, "ajanTasalla": true })
    }

    fn person(&self, record: &ResidentRecord) -> Option<Value> {
        let code = record.code.as_ref()?;
        Some(json!({ "henkilotunnus": code.as_str(), "tietoryhmat": self.groups(record, code) }))
    }

    fn groups(&self, record: &ResidentRecord, code: &IdentityCode) -> Vec<Value> {
        let mut groups = Vec::new();
        groups.extend(record.names.as_ref().map(group::name));
        groups.extend(record.born.known().map(group::birth));
        groups.push(group::sex(record.sex.known()));
        if record.dead {
            // the register may know that somebody is dead and not since when
            groups.push(json!({ "tietoryhma": "KUOLINPAIVA", "kuollut": true }));
        }
        if let Fact::Known(language) = &record.language {
            groups.push(group::language(language));
        }
        groups.extend(self.residence(record));
        if record.protection == Fact::Known(true) {
            groups.push(json!({ "tietoryhma": "TURVAKIELTO", "turvakieltoAktiivinen": true }));
        }
        if !record.former_codes.is_empty() {
            let former: Vec<&str> = record.former_codes.iter().map(IdentityCode::as_str).collect();
            groups.push(group::corrected(&former, code.as_str()));
        }
        groups.extend(self.pairs(record, code));
        groups
    }

    /// Municipality, address and residence; kept-back ones by the names of their fields.
    fn residence(&self, record: &ResidentRecord) -> Vec<Value> {
        let mut groups = Vec::new();
        let since = record.dwelling_since.known();
        match &record.municipality {
            Fact::Known(code) => groups.push(group::municipality(code, since)),
            Fact::Unknown(ennakko_core::UnknownReason::Withheld) => groups.push(group::kept_back("KOTIKUNTA")),
            Fact::None | Fact::Unknown(_) => {}
        }
        match &record.dwelling {
            Fact::Unknown(ennakko_core::UnknownReason::Withheld) => {
                groups.push(group::kept_back("VAKINAINEN_KOTIMAINEN_OSOITE"));
                groups.push(group::kept_back("VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS"));
            }
            Fact::Known(id) => {
                let address = self.dwellings.get(id.as_str()).and_then(|dwelling| dwelling.address.as_ref().known());
                groups.extend(address.map(|address| group::address(id, address, since)));
                groups.extend(group::residence(id, since));
            }
            Fact::None | Fact::Unknown(_) => {}
        }
        groups
    }

    /// Custodians of a child, and children of a custodian.
    fn pairs(&self, record: &ResidentRecord, code: &IdentityCode) -> Vec<Value> {
        let own = Who::Code(code.clone());
        let pairs = self.custody.get(&own).map_or(&[][..], Vec::as_slice);
        pairs
            .iter()
            .map(|pair| {
                let group = if pair.child == own {
                    group::custody("HUOLTAJA", "huoltaja", &self.party(&pair.custodian), pair)
                } else {
                    group::custody("HUOLLETTAVA", "huollettava", &self.party(&pair.child), pair)
                };
                group::with(group, "huoltajanRooli", json!(self.role(pair)))
            })
            .filter(|_| record.custodians == ListState::Whole)
            .collect()
    }

    /// Mother or father by register sex and whether custody began at birth; of others nothing is said.
    fn role(&self, pair: &CustodyRecord) -> &'static str {
        let sex = self.residents.get(&pair.custodian).and_then(|record| record.sex.known());
        match (pair.kind, sex, pair.from.known().is_some()) {
            (CustodyKind::Custodian, Some(Sex::Female), false) => "AITI",
            (CustodyKind::Custodian, Some(Sex::Male), false) => "ISA",
            (CustodyKind::Custodian, Some(Sex::Female), true) => "ADOPTIOAITI",
            (CustodyKind::Custodian, Some(Sex::Male), true) => "ADOPTIOISA",
            _ => "MUU_HUOLTAJA",
        }
    }

    /// How a group tells of another person: code if there is one, names, day of birth.
    fn party(&self, who: &Who) -> Value {
        let mut party = serde_json::Map::new();
        let known = self.residents.get(who).copied();
        let code = match (who, known.and_then(|record| record.code.as_ref())) {
            (_, Some(code)) | (Who::Code(code), None) => Some(code),
            _ => None,
        };
        if let Some(code) = code {
            party.insert("henkilotunnus".to_owned(), json!(code.as_str()));
        }
        let (names, born) = match (who, known) {
            (_, Some(record)) => (record.names.as_ref(), record.born),
            (Who::Described(names, born), None) => (Some(names), *born),
            _ => (None, Fact::None),
        };
        if let Some(names) = names {
            // related people have the plural `etunimet`
            party.insert("etunimet".to_owned(), json!(names.given));
            party.insert("sukunimi".to_owned(), json!(names.family));
        }
        if let Some(born) = born.known() {
            party.insert("syntymapv".to_owned(), group::date(born));
        }
        Value::Object(party)
    }
}

#[cfg(test)]
mod tests;
