//! The *given* form: people, dwellings, buildings and facts named in TOML, for cases and small towns.
//!
//! ```toml
//! subject = "child"
//! [people.child]
//! name = "Elsa"
//! born = 2020-10-15          # or "2020-10", "2020": known to the month, to the year
//! lives_in_city = true       # or "unknown"
//! dwelling = "home"
//! custodians = ["A"]
//! lived_in_city = ["2020-10-15..2024-05-01", "2025-01-01.."]   # `until` excluded; in between elsewhere
//! start_deferred = false     # a declared fact
//! [people.A]
//! born = 1988-03-02
//! dwelling = "home"
//! [dwellings.home]
//! building = "block"
//! [buildings.block]
//! storeys = 4
//! ```
//!
//! Where somebody has lived is `lived_in_city`, or with municipalities `municipality_history = [{ municipality = "049",
//! from = 2020-10-15, until = 2024-05-01 }]`; `history_from = 2021-01-01` says that nothing is known of the days before.
//!
//! Any value may be `"none"` or `"unknown"`. What is not given of a person is unknown, but for `protected` and `dead`, which
//! are no. Keys are made from the names in the file, so that they are the same in every load.

mod history;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::fact_table::{FactDeclaration, FactType, SubjectKind};
use ennakko_core::identity::building_id::PermanentBuildingId;
use ennakko_core::record::{
    Address, BuildingRecord, CustodyKind, CustodyRecord, DeathRecord, Delivery, DwellingRecord, FactDelivery, FactOf,
    FactRow, ListState, Names, Owner, ResidentRecord, Sex, Stairwell, Utilities, Who,
};
use ennakko_core::register::Built;
use ennakko_core::{Fact, IdentityTable, KeySecret, PartialDate, Register, ResidentKey, UnknownReason, Value};
use ennakko_rules::rule_set::Tables;
use thiserror::Error;
use uuid::Uuid;

/// What is wrong in a given text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GivenError {
    /// It is not TOML.
    #[error("not TOML: {message}")]
    NotToml {
        /// Line in the text, from 1.
        line: usize,
        /// What the reader said.
        message: String,
    },
    /// A value is not what its name wants.
    #[error("`{path}` is not {wants}")]
    Value {
        /// Where, as `name.key`.
        path: String,
        /// What it should be.
        wants: &'static str,
    },
    /// A name that nothing has.
    #[error("`{path}` names nothing that is known here")]
    NoSuchName {
        /// Where, or which name.
        path: String,
    },
    /// A name that somebody or something has twice.
    #[error("`{name}` names two things")]
    Twice {
        /// The name.
        name: String,
    },
    /// A fact that a rule reads is not given.
    #[error("the rule reads `{fact}` and the case does not give it")]
    FactNotGiven {
        /// The fact.
        fact: String,
    },
}

/// A given text, read.
#[derive(Clone, Debug)]
pub struct Given {
    root: toml::Table,
}

/// A register made of a given text, with the names that stand in it.
pub struct Town {
    /// The register.
    pub register: Arc<Register>,
    /// Names in the text by key of the person.
    pub people: BTreeMap<ResidentKey, String>,
    /// Names in the text by permanent building id.
    pub buildings: BTreeMap<String, String>,
    /// The name under `subject`.
    pub subject: Option<String>,
}

type Table = toml::Table;

impl Given {
    /// Reads a given text.
    ///
    /// # Errors
    /// * [`GivenError::NotToml`]
    pub fn parse(text: &str) -> Result<Self, GivenError> {
        text.parse::<Table>().map(|root| Self { root }).map_err(|error| {
            let before = error.span().map_or("", |span| text.get(..span.start).unwrap_or_default());
            GivenError::NotToml {
                line: before.matches('\n').count() + 1,
                message: error.message().lines().next().unwrap_or_default().to_owned(),
            }
        })
    }

    /// Sets one value: `name.key`, and a TOML value or the bare word `none` or `unknown`.
    ///
    /// # Errors
    /// * [`GivenError::NoSuchName`] when nothing has that name
    /// * [`GivenError::Value`] when the value is not TOML
    pub fn set(&mut self, path: &str, value: &str) -> Result<(), GivenError> {
        let no_such = || GivenError::NoSuchName { path: path.to_owned() };
        let (name, key) = path.split_once('.').ok_or_else(no_such)?;
        let value = match value {
            "none" | "unknown" => toml::Value::String(value.to_owned()),
            _ => format!("value = {value}")
                .parse::<Table>()
                .ok()
                .and_then(|mut table| table.remove("value"))
                .ok_or_else(|| GivenError::Value {
                    path: path.to_owned(),
                    wants: "a TOML value, `none` or `unknown`",
                })?,
        };
        for group in ["people", "dwellings", "buildings"] {
            if let Some(toml::Value::Table(names)) = self.root.get_mut(group)
                && let Some(toml::Value::Table(entry)) = names.get_mut(name)
            {
                entry.insert(key.to_owned(), value);
                return Ok(());
            }
        }
        Err(no_such())
    }

    /// Checks that every declared fact that a rule reads of its subject is given.
    ///
    /// # Errors
    /// * [`GivenError::FactNotGiven`]
    /// * [`GivenError::NoSuchName`] when `subject` names nothing
    pub fn must_give<'f>(&self, facts: impl IntoIterator<Item = &'f str>) -> Result<(), GivenError> {
        let name = self.root.get("subject").and_then(toml::Value::as_str).unwrap_or_default();
        let entry = ["people", "buildings", "dwellings"]
            .into_iter()
            .find_map(|group| self.root.get(group)?.get(name)?.as_table())
            .ok_or_else(|| GivenError::NoSuchName { path: format!("subject = \"{name}\"") })?;
        for fact in facts {
            if !entry.contains_key(fact) {
                return Err(GivenError::FactNotGiven { fact: fact.to_owned() });
            }
        }
        Ok(())
    }

    /// The register of a day that the text describes.
    ///
    /// # Errors
    /// * [`GivenError`]
    pub fn town(&self, tables: &Tables, day: NaiveDate) -> Result<Town, GivenError> {
        let mut reader = Reader::new(&self.root, tables, day)?;
        let delivery = reader.delivery()?;
        // keys come from the names; the table's secret decides nothing that is seen
        let mut identities = IdentityTable::new(KeySecret::new([0; 32]));
        let Built { register, .. } = Register::build(delivery, day, &mut identities);
        let people = reader.people.keys().map(|name| (key_of(name), name.clone())).collect();
        let buildings = reader.building_ids.iter().map(|(name, id)| (id.as_str().to_owned(), name.clone())).collect();
        let subject = self.root.get("subject").and_then(toml::Value::as_str).map(str::to_owned);
        Ok(Town { register: Arc::new(register), people, buildings, subject })
    }
}

/// The key of a name.
fn key_of(name: &str) -> ResidentKey {
    ResidentKey::from_uuid(Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("given:{name}").as_bytes()))
}

struct Reader<'g> {
    tables: &'g Tables,
    day: NaiveDate,
    people: BTreeMap<String, &'g Table>,
    dwellings: BTreeMap<String, &'g Table>,
    buildings: BTreeMap<String, &'g Table>,
    building_ids: BTreeMap<String, PermanentBuildingId>,
    dwelling_ids: BTreeMap<String, String>,
}

const UNKNOWN: UnknownReason = UnknownReason::Withheld;
const NOT_GIVEN: UnknownReason = UnknownReason::NotDelivered;

impl<'g> Reader<'g> {
    fn new(root: &'g Table, tables: &'g Tables, day: NaiveDate) -> Result<Self, GivenError> {
        let known = ["subject", "people", "dwellings", "buildings", "calendar"];
        if let Some(name) = root.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(GivenError::NoSuchName { path: name.clone() });
        }
        let people = group(root, "people")?;
        let dwellings = group(root, "dwellings")?;
        let buildings = group(root, "buildings")?;
        for name in people.keys() {
            if dwellings.contains_key(name) || buildings.contains_key(name) {
                return Err(GivenError::Twice { name: name.clone() });
            }
        }
        let mut building_ids = BTreeMap::new();
        for (number, name) in (0_u32..).zip(buildings.keys()) {
            let id = PermanentBuildingId::artificial(number + 1)
                .map_err(|_| GivenError::Value { path: name.clone(), wants: "one of so few buildings" })?;
            building_ids.insert(name.clone(), id);
        }
        let mut reader =
            Self { tables, day, people, dwellings, buildings, building_ids, dwelling_ids: BTreeMap::new() };
        for (number, (name, entry)) in (1_u32..).zip(&reader.dwellings) {
            let building = match entry.get("building").and_then(toml::Value::as_str) {
                Some(building) => reader
                    .building_ids
                    .get(building)
                    .ok_or_else(|| GivenError::NoSuchName { path: format!("{name}.building = \"{building}\"") })?
                    .as_str()
                    .to_owned(),
                None => "9990000000".to_owned(),
            };
            let stair =
                u8::try_from(number / 1000).ok().filter(|stair| *stair < 26).map(|stair| char::from(b'A' + stair));
            let stair = stair
                .ok_or_else(|| GivenError::Value { path: name.clone(), wants: "one of fewer than 26,000 dwellings" })?;
            reader.dwelling_ids.insert(name.clone(), format!("{building}1{stair}{:03} ", number % 1000));
        }
        Ok(reader)
    }

    fn delivery(&mut self) -> Result<Delivery, GivenError> {
        let mut delivery = Delivery::default();
        let people = self.people.clone();
        for (name, entry) in &people {
            self.known_keys(name, entry, SubjectKind::Resident)?;
            delivery.residents.push(self.resident(name, entry)?);
            if text(entry, "dead") == Some("disputed") {
                delivery.deaths.push(DeathRecord {
                    who: Who::Key(key_of(name)),
                    source: "another register".to_owned(),
                    dead: true,
                });
            }
            self.custody(name, entry, &mut delivery.custody)?;
            delivery.histories.extend(self.history(name, entry)?);
        }
        for (name, entry) in &self.dwellings {
            self.known_keys(name, entry, SubjectKind::Household)?;
            delivery.dwellings.push(DwellingRecord {
                id: self.dwelling_ids[name].clone(),
                building: text(entry, "building").and_then(|building| self.building_ids.get(building)).cloned(),
                address: address(name, entry)?,
                members: list_state(entry, "members"),
            });
        }
        for (name, entry) in &self.buildings {
            self.known_keys(name, entry, SubjectKind::Building)?;
            delivery.buildings.push(self.building(name, entry)?);
        }
        for declaration in &self.tables.facts {
            delivery.facts.push(self.facts(declaration)?);
        }
        Ok(delivery)
    }

    /// Every key must be read by something, so that a slip of the pen does not pass for a fact.
    fn known_keys(&self, name: &str, entry: &Table, kind: SubjectKind) -> Result<(), GivenError> {
        let own: &[&str] = match kind {
            SubjectKind::Resident => &[
                "name",
                "family_name",
                "born",
                "sex",
                "language",
                "lives_in_city",
                "municipality",
                "lived_in_city",
                "municipality_history",
                "history_from",
                "protected",
                "dead",
                "dwelling",
                "moved_in",
                "custodians",
                "may_decide",
                "information_only",
            ],
            SubjectKind::Building => {
                &["intended_use", "built_year", "storeys", "dwellings", "area_m2", "stairwells", "owners", "address"]
            }
            SubjectKind::Household => &["building", "address", "members"],
        };
        for key in entry.keys() {
            let declared = self.tables.facts.iter().any(|fact| fact.subject == kind && fact.name == *key);
            if !own.contains(&key.as_str()) && !declared {
                return Err(GivenError::NoSuchName { path: format!("{name}.{key}") });
            }
        }
        Ok(())
    }

    fn resident(&self, name: &str, entry: &Table) -> Result<ResidentRecord, GivenError> {
        let path = |key: &str| format!("{name}.{key}");
        let sex = match text(entry, "sex") {
            None => Fact::Unknown(NOT_GIVEN),
            Some("female") => Fact::Known(Sex::Female),
            Some("male") => Fact::Known(Sex::Male),
            Some("none") => Fact::None,
            Some("unknown") => Fact::Unknown(UNKNOWN),
            Some(_) => return Err(GivenError::Value { path: path("sex"), wants: "\"female\" or \"male\"" }),
        };
        let municipality = match (entry.get("municipality"), entry.get("lives_in_city")) {
            (Some(_), _) => fact_text(entry, "municipality", &path("municipality"))?,
            // a municipality that is surely another one
            (None, Some(toml::Value::Boolean(lives))) => Fact::Known(if *lives {
                self.tables.city.code.clone()
            } else {
                format!("not {}", self.tables.city.code)
            }),
            (None, Some(_)) => match text(entry, "lives_in_city") {
                Some("none") => Fact::None,
                Some("unknown") => Fact::Unknown(UNKNOWN),
                _ => {
                    let wants = "`true`, `false`, `none` or `unknown`";
                    return Err(GivenError::Value { path: path("lives_in_city"), wants });
                }
            },
            (None, None) => Fact::Unknown(NOT_GIVEN),
        };
        let dwelling = match fact_text(entry, "dwelling", &path("dwelling"))? {
            Fact::Known(dwelling) => Fact::Known(
                self.dwelling_ids
                    .get(&dwelling)
                    .cloned()
                    .ok_or_else(|| GivenError::NoSuchName { path: format!("{name}.dwelling = \"{dwelling}\"") })?,
            ),
            other => other,
        };
        Ok(ResidentRecord {
            key: Some(key_of(name)),
            code: None,
            former_codes: Vec::new(),
            names: Some(Names {
                given: text(entry, "name").unwrap_or(name).to_owned(),
                family: text(entry, "family_name").unwrap_or_default().to_owned(),
            }),
            born: fact_day(entry, "born", &path("born"))?,
            sex,
            dead: match entry.get("dead") {
                None => false,
                Some(toml::Value::Boolean(dead)) => *dead,
                Some(toml::Value::String(word)) if word == "disputed" => false,
                Some(_) => {
                    return Err(GivenError::Value { path: path("dead"), wants: "`true`, `false` or \"disputed\"" });
                }
            },
            municipality,
            language: fact_text(entry, "language", &path("language"))?,
            protection: match entry.get("protected") {
                None => Fact::None,
                Some(toml::Value::Boolean(protected)) => Fact::Known(*protected),
                Some(toml::Value::String(word)) if word == "unknown" => Fact::Unknown(UNKNOWN),
                Some(_) => {
                    return Err(GivenError::Value { path: path("protected"), wants: "`true`, `false` or `unknown`" });
                }
            },
            dwelling,
            dwelling_since: fact_day(entry, "moved_in", &path("moved_in"))?,
            custodians: match entry.get("custodians") {
                Some(toml::Value::Array(_)) => ListState::Whole,
                Some(_) => ListState::Open(UNKNOWN),
                None => ListState::Open(NOT_GIVEN),
            },
            in_care: Fact::None,
        })
    }

    fn custody(&self, name: &str, entry: &Table, custody: &mut Vec<CustodyRecord>) -> Result<(), GivenError> {
        let lists = [("custodians", CustodyKind::Custodian), ("information_only", CustodyKind::InformationOnly)];
        for (key, kind) in lists {
            for other in entry.get(key).and_then(toml::Value::as_array).into_iter().flatten() {
                let other = other.as_str().unwrap_or_default();
                if !self.people.contains_key(other) {
                    return Err(GivenError::NoSuchName { path: format!("{name}.{key}: \"{other}\"") });
                }
                custody.push(CustodyRecord {
                    child: Who::Key(key_of(name)),
                    custodian: Who::Key(key_of(other)),
                    kind,
                    from: Fact::None,
                    until: Fact::None,
                    may_decide: match entry.get("may_decide") {
                        None => Fact::Known(true),
                        Some(_) => fact_bool(entry, "may_decide", &format!("{name}.may_decide"))?,
                    },
                    rights: Vec::new(),
                });
            }
        }
        Ok(())
    }

    fn building(&self, name: &str, entry: &Table) -> Result<BuildingRecord, GivenError> {
        let path = |key: &str| format!("{name}.{key}");
        let int = |key: &str| fact_int(entry, key, &path(key));
        let mut stairwells = Vec::new();
        for stairwell in entry.get("stairwells").and_then(toml::Value::as_array).into_iter().flatten() {
            stairwells.push(Stairwell {
                name: stairwell.get("name").and_then(toml::Value::as_str).unwrap_or_default().to_owned(),
                lift: match stairwell.get("lift") {
                    Some(toml::Value::Boolean(lift)) => Fact::Known(*lift),
                    Some(toml::Value::String(word)) if word == "none" => Fact::None,
                    _ => Fact::Unknown(UNKNOWN),
                },
            });
        }
        let mut owners = Vec::new();
        for owner in entry.get("owners").and_then(toml::Value::as_array).into_iter().flatten() {
            let word = |key: &str| owner.get(key).and_then(toml::Value::as_str);
            owners.push(match (word("person"), word("organisation"), word("estate")) {
                (Some(person), ..) if self.people.contains_key(person) => Owner::Person(Who::Key(key_of(person))),
                (_, Some(organisation), _) => Owner::Organisation {
                    id: organisation.to_owned(),
                    name: organisation.to_owned(),
                    language: word("language").map_or(Fact::Unknown(NOT_GIVEN), |code| Fact::Known(code.to_owned())),
                },
                (_, _, Some(_)) => Owner::Estate,
                _ => {
                    return Err(GivenError::Value {
                        path: path("owners"),
                        wants: "a list of `{ organisation = \"...\" }`, `{ person = \"...\" }` or `{ estate = \"...\" }`",
                    });
                }
            });
        }
        Ok(BuildingRecord {
            id: self.building_ids[name].clone(),
            location: Fact::Unknown(NOT_GIVEN),
            address: address(name, entry)?,
            owners,
            owners_state: list_state(entry, "owners"),
            area_m2: int("area_m2")?,
            facilities: Utilities::NOT_DELIVERED,
            connections: Utilities::NOT_DELIVERED,
            intended_use: fact_text(entry, "intended_use", &path("intended_use"))?,
            built_year: int("built_year")?,
            storeys: int("storeys")?,
            dwellings: int("dwellings")?,
            stairwells,
            stairwells_state: list_state(entry, "stairwells"),
        })
    }

    fn facts(&self, declaration: &FactDeclaration) -> Result<FactDelivery, GivenError> {
        let mut rows = Vec::new();
        let subjects = match declaration.subject {
            SubjectKind::Resident => &self.people,
            SubjectKind::Building => &self.buildings,
            SubjectKind::Household => &BTreeMap::new(),
        };
        for (name, entry) in subjects {
            if !entry.contains_key(&declaration.name) {
                continue;
            }
            let path = format!("{name}.{}", declaration.name);
            let key = &declaration.name;
            let value = match declaration.fact_type {
                FactType::Bool => fact_bool(entry, key, &path)?.map(Value::Bool),
                FactType::Int => fact_int(entry, key, &path)?.map(Value::Int),
                FactType::Day => fact_day(entry, key, &path)?.map(Value::Day),
                FactType::Text | FactType::Place => {
                    fact_text(entry, key, &path)?.map(|text| Value::Text(Arc::from(text)))
                }
            };
            let of = match declaration.subject {
                SubjectKind::Building => FactOf::Building(self.building_ids[name].clone()),
                SubjectKind::Resident | SubjectKind::Household => FactOf::Resident(Who::Key(key_of(name))),
            };
            rows.push(FactRow { of, value });
        }
        Ok(FactDelivery { declaration: declaration.clone(), delivered_on: self.day, rows })
    }
}

fn group<'g>(root: &'g Table, name: &str) -> Result<BTreeMap<String, &'g Table>, GivenError> {
    let Some(value) = root.get(name) else { return Ok(BTreeMap::new()) };
    let wants = "a table of named entries";
    let table = value.as_table().ok_or_else(|| GivenError::Value { path: name.to_owned(), wants })?;
    table
        .iter()
        .map(|(key, entry)| {
            let path = format!("{name}.{key}");
            Ok((key.clone(), entry.as_table().ok_or(GivenError::Value { path, wants: "a table" })?))
        })
        .collect()
}

fn text<'e>(entry: &'e Table, key: &str) -> Option<&'e str> {
    entry.get(key).and_then(toml::Value::as_str)
}

fn list_state(entry: &Table, key: &str) -> ListState {
    match entry.get(key) {
        Some(toml::Value::String(word)) if word == "unknown" => ListState::Open(UNKNOWN),
        _ => ListState::Whole,
    }
}

/// The state of a value: `"none"`, `"unknown"`, not given, or read by `read`.
fn fact<T>(
    entry: &Table,
    key: &str,
    path: &str,
    wants: &'static str,
    read: impl FnOnce(&toml::Value) -> Option<T>,
) -> Result<Fact<T>, GivenError> {
    match entry.get(key) {
        None => Ok(Fact::Unknown(NOT_GIVEN)),
        Some(toml::Value::String(word)) if word == "unknown" => Ok(Fact::Unknown(UNKNOWN)),
        Some(toml::Value::String(word)) if word == "none" => Ok(Fact::None),
        Some(value) => read(value).map(Fact::Known).ok_or_else(|| GivenError::Value { path: path.to_owned(), wants }),
    }
}

fn fact_text(entry: &Table, key: &str, path: &str) -> Result<Fact<String>, GivenError> {
    fact(entry, key, path, "a text", |value| value.as_str().map(str::to_owned))
}

fn fact_int(entry: &Table, key: &str, path: &str) -> Result<Fact<i64>, GivenError> {
    fact(entry, key, path, "a whole number", toml::Value::as_integer)
}

fn fact_bool(entry: &Table, key: &str, path: &str) -> Result<Fact<bool>, GivenError> {
    fact(entry, key, path, "`true` or `false`", toml::Value::as_bool)
}

fn fact_day(entry: &Table, key: &str, path: &str) -> Result<Fact<PartialDate>, GivenError> {
    fact(entry, key, path, "a day from 1800-01-01 to 2200-12-31", day_of)
}

/// A day as TOML or as text, of which a part may be missing.
fn day_of(value: &toml::Value) -> Option<PartialDate> {
    let written = match value {
        toml::Value::Datetime(day) => day.to_string(),
        toml::Value::String(text) => text.clone(),
        _ => return None,
    };
    PartialDate::parse(&written).ok().filter(|day| day.is_within_bounds())
}

fn address(name: &str, entry: &Table) -> Result<Fact<Address>, GivenError> {
    let street = fact_text(entry, "address", &format!("{name}.address"))?;
    Ok(street.map(|street| Address { street, postal_code: String::new(), post_office: String::new() }))
}
