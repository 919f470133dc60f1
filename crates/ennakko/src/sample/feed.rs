//! The sample as the population register would send it: base data (`perustiedot`) and the change feed (`muutokset`), in
//! the shapes that its public clients read (register-formats.md sections 1.2 to 1.6, read 22 November 2026).
//!
//! Only what those shapes can say: people without an identity code have no record of their own, other sources' deaths and
//! the facts of other city registers do not come this way, a separation is told as the move it is, and somebody with a right
//! to information only is in no group. What a source keeps back of protected people comes as `turvakiellonAlaisetKentat`,
//! never as a missing group. For trying a loader; the records of [`Delivery`] need no such detour.
//!
//! Base data of a year's first day and the changes of the year give the base data of its last day ([`BaseData::at_end`]):
//! every group but `EDELLINEN_KOTIKUNTA` and `NIMENMUUTOS`, which tell of what was and stand in the feed only.

mod change;
mod group;

use std::collections::BTreeMap;

use ennakko_core::day::PartialDate;
use ennakko_core::identity::IdentityCode;
use ennakko_core::record::{Address, CustodyKind, CustodyRecord, Delivery, ListState, ResidentRecord, Sex, Who};
use ennakko_core::{Fact, UnknownReason};
use serde_json::{Value, json};

use super::year::{Since, Year};

pub use change::changes;

/// A delivery as base data.
pub struct BaseData<'a> {
    residents: Vec<&'a ResidentRecord>,
    since: Vec<Since>,
    /// Addresses of buildings by id: a dwelling's own may be kept back for the sake of one who lives there.
    addresses: BTreeMap<&'a str, &'a Address>,
    custody: Vec<&'a CustodyRecord>,
    /// Rows of custody by the record of the child or the custodian.
    pairs: Vec<Vec<usize>>,
    /// Records by everything that refers to them.
    positions: BTreeMap<Who, usize>,
}

impl<'a> BaseData<'a> {
    /// Looks up what records of a delivery refer to. Since when somebody belongs to the municipality the records do not
    /// say: it is told as the day of the last move.
    pub fn of(delivery: &'a Delivery) -> Self {
        let moved = |record: &ResidentRecord| Since { municipality: record.dwelling_since.known(), ..Since::default() };
        Self::new(delivery, delivery.residents.iter().map(moved).collect())
    }

    /// The base data of the day on which a year ends, with the days that the year itself has told.
    pub fn at_end(year: &'a Year) -> Self {
        Self::new(&year.end, year.since.clone())
    }

    fn new(delivery: &'a Delivery, since: Vec<Since>) -> Self {
        let mut positions = BTreeMap::new();
        for (at, record) in delivery.residents.iter().enumerate() {
            let codes = record.former_codes.iter().chain(&record.code).cloned().map(Who::Code);
            for who in codes.chain(record.key.map(Who::Key)) {
                positions.insert(who, at);
            }
        }
        let mut pairs: Vec<Vec<usize>> = vec![Vec::new(); delivery.residents.len()];
        for (row, pair) in delivery.custody.iter().enumerate() {
            for who in [&pair.child, &pair.custodian] {
                if let Some(at) = positions.get(who) {
                    pairs[*at].push(row);
                }
            }
        }
        let buildings = delivery.buildings.iter();
        Self {
            residents: delivery.residents.iter().collect(),
            since,
            addresses: buildings
                .filter_map(|building| Some((building.id.as_str(), building.address.as_ref().known()?)))
                .collect(),
            custody: delivery.custody.iter().collect(),
            pairs,
            positions,
        }
    }

    /// One object for everybody who has an identity code, in the order of the delivery.
    pub fn people(&self) -> impl Iterator<Item = Value> {
        (0..self.residents.len()).filter_map(|at| self.person(at))
    }

    /// One answer to `POST /perustiedot`: up to so many people from a position on.
    pub fn answer(&self, first: usize, n_people: usize) -> Value {
        let people: Vec<Value> = self.people().skip(first).take(n_people).collect();
        json!({ "perustiedot": people, "ajanTasalla": true })
    }

    fn person(&self, at: usize) -> Option<Value> {
        let code = self.residents[at].code.as_ref()?;
        Some(json!({ "henkilotunnus": code.as_str(), "tietoryhmat": self.groups(at) }))
    }

    /// Everything that base data tells of somebody.
    fn groups(&self, at: usize) -> Vec<Value> {
        let (record, since) = (self.residents[at], self.since[at]);
        let mut groups = Vec::new();
        groups.extend(record.names.as_ref().map(|names| group::name(names, since.names)));
        groups.extend(record.born.known().map(group::birth));
        groups.push(group::sex(record.sex.known()));
        if record.dead {
            // the register may know that somebody is dead and not since when
            groups.push(group::death(since.death));
        }
        groups.extend(language(record));
        groups.push(group::citizenship(record));
        groups.extend(self.municipality(at));
        groups.extend(self.home(at));
        if record.protection == Fact::Known(true) {
            groups.push(group::protection(record));
        }
        groups.extend(group::corrected(record));
        groups.extend(self.custody(at));
        groups
    }

    /// The municipality; kept back by the names of its fields.
    fn municipality(&self, at: usize) -> Option<Value> {
        match &self.residents[at].municipality {
            Fact::Known(code) => Some(group::municipality(code, self.since[at].municipality)),
            Fact::Unknown(UnknownReason::Withheld) => Some(group::kept_back("KOTIKUNTA")),
            Fact::None | Fact::Unknown(_) => None,
        }
    }

    /// Address and residence; kept back by the names of their fields.
    fn home(&self, at: usize) -> Vec<Value> {
        let record = self.residents[at];
        match &record.dwelling {
            Fact::Unknown(UnknownReason::Withheld) => {
                ["VAKINAINEN_KOTIMAINEN_OSOITE", "VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS"].map(group::kept_back).into()
            }
            Fact::Known(id) => self.home_at(id, record, record.dwelling_since.known()),
            Fact::None | Fact::Unknown(_) => Vec::new(),
        }
    }

    /// Address and residence by the residence's id.
    fn home_at(&self, id: &str, record: &ResidentRecord, since: Option<PartialDate>) -> Vec<Value> {
        let municipality = record.municipality.as_ref().known().map(String::as_str);
        let address = id.get(..10).and_then(|building| self.addresses.get(building));
        let address = address.map(|address| group::address(id, address, since));
        address.into_iter().chain(group::residence(id, municipality, since)).collect()
    }

    /// Custodians of a child, and children of a custodian.
    fn custody(&self, at: usize) -> Vec<Value> {
        if self.residents[at].custodians != ListState::Whole {
            return Vec::new();
        }
        self.pairs_of(at).flat_map(|pair| self.pair(pair, self.positions.get(&pair.child) == Some(&at))).collect()
    }

    /// The pairs in which somebody has custody or is in it.
    fn pairs_of(&self, at: usize) -> impl Iterator<Item = &'a CustodyRecord> {
        let pairs = self.pairs[at].iter().map(|row| self.custody[*row]);
        // a person whose record is still to come is in no pair yet
        let is_here = |who: &Who| self.positions.get(who).is_none_or(|at| *at < self.residents.len());
        pairs
            .filter(move |pair| pair.kind == CustodyKind::Custodian && is_here(&pair.child) && is_here(&pair.custodian))
    }

    /// A pair as it stands in the child's record or in the custodian's, in the group's two versions.
    fn pair(&self, pair: &CustodyRecord, of_child: bool) -> [Value; 2] {
        let born = self.record(&pair.child).and_then(|child| child.born.known());
        let role = self.role(pair);
        if of_child {
            let party = self.party(&pair.custodian);
            ["HUOLTAJA", "HUOLTAJA_SUPPEA"].map(|name| group::custody(name, "huoltaja", &party, role, pair, born))
        } else {
            let party = self.party(&pair.child);
            ["HUOLLETTAVA", "HUOLLETTAVA_SUPPEA"]
                .map(|name| group::custody(name, "huollettava", &party, role, pair, born))
        }
    }

    fn record(&self, who: &Who) -> Option<&'a ResidentRecord> {
        self.positions.get(who).and_then(|at| self.residents.get(*at)).copied()
    }

    /// Mother or father by register sex and whether custody began at birth; of others nothing is said.
    fn role(&self, pair: &CustodyRecord) -> &'static str {
        let sex = self.record(&pair.custodian).and_then(|record| record.sex.known());
        match (sex, pair.from.known().is_some()) {
            (Some(Sex::Female), false) => "AITI",
            (Some(Sex::Male), false) => "ISA",
            (Some(Sex::Female), true) => "ADOPTIOAITI",
            (Some(Sex::Male), true) => "ADOPTIOISA",
            (None, _) => "MUU_HUOLTAJA",
        }
    }

    /// How a group tells of another person: code if there is one, names, day of birth.
    fn party(&self, who: &Who) -> Value {
        let mut party = serde_json::Map::new();
        let known = self.record(who);
        let code = match (who, known) {
            (_, Some(record)) => record.code.as_ref(),
            (Who::Code(code), None) => Some(code),
            _ => None,
        };
        if let Some(code) = code {
            party.insert("henkilotunnus".to_owned(), json!(IdentityCode::as_str(code)));
        }
        let (names, born) = match (who, known) {
            (_, Some(record)) => (record.names.as_ref(), record.born),
            (Who::Described(names, born), None) => (Some(&**names), *born),
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

fn language(record: &ResidentRecord) -> Option<Value> {
    record.language.as_ref().known().map(|language| group::language(language, record.born.known()))
}

#[cfg(test)]
mod tests;
