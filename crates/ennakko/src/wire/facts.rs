//! What a rule may read, for machines: facts, methods and functions, parameters, calendars, codes.

use ennakko_core::fact_table::{Absent, FactDeclaration, OnFutureDay};
use ennakko_core::occasion::OccasionField;
use ennakko_core::{LeapDayPolicy, Occasion};
use ennakko_rules::RuleSet;
use ennakko_rules::facts::{Call, FUNCTION_CALLS, Kind, METHOD_CALLS, REGISTER_FACTS, RegisterFact};
use ennakko_rules::parameters::{ParameterRow, ParameterValue, Status};
use serde::{Deserialize, Serialize};

/// Everything that a rule of a folder may read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactListV1 {
    /// Always `ennakko.facts.v1`.
    pub schema: String,
    /// Facts of the population register.
    pub register: Vec<FactV1>,
    /// Facts of the city's other registers, declared in `facts.toml`.
    pub city: Vec<FactV1>,
    /// Methods of values.
    pub methods: Vec<CallV1>,
    /// Functions.
    pub functions: Vec<CallV1>,
    /// Parameters, read as `group::name(day)`.
    pub parameters: Vec<ParameterV1>,
    /// Calendars, read as `calendar::name(on)`.
    pub calendars: Vec<CalendarV1>,
    /// Code lists, read as `list::name`.
    pub code_lists: Vec<CodeListV1>,
    /// The day on which somebody born on 29 February reaches an age in a common year.
    pub leap_day: String,
}

/// A fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactV1 {
    /// Whose: `resident`, `household`, `building` or `stairwell`.
    pub of: String,
    /// Its name.
    pub name: String,
    /// Its type in words.
    #[serde(rename = "type")]
    pub fact_type: String,
    /// The unit of a number.
    pub unit: Option<String>,
    /// The smallest number that it can be, if one is declared.
    pub min: Option<i64>,
    /// The largest.
    pub max: Option<i64>,
    /// The code list that a text is of, if it is declared.
    pub code_list: Option<String>,
    /// The texts that it can be; empty if any.
    pub codes: Vec<String>,
    /// What it says.
    pub meaning: String,
    /// Where it comes from.
    pub source: String,
    /// 1 ordinary, 2 child or social context, 3 special category; none for the population register.
    pub sensitivity: Option<u8>,
    /// What it tells that decides nothing without a section of law, a word of `special` in `facts.toml`.
    pub special: Option<String>,
    /// Purposes whose rules may read it of their own subject; none: every purpose.
    pub purposes: Option<Vec<String>>,
    /// Purposes whose rules may read it of others; none: every purpose.
    pub related_purposes: Option<Vec<String>>,
    /// Whether it may be none.
    pub may_be_none: bool,
    /// What a missing row means: `none`, `no`, `zero` or `unknown`.
    pub absent: String,
    /// Days after which a delivery is too old and the fact unknown; none: as the register as a whole.
    pub fresh_days: Option<u32>,
    /// What it is on a day to come: `as_today`, `unknown` or `computed`.
    pub future: String,
    /// Whether it tells something of where somebody lives.
    pub from_home: bool,
}

/// A method or a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallV1 {
    /// Its name.
    pub name: String,
    /// How it is written.
    pub usage: String,
    /// What it answers.
    pub gives: String,
    /// What that says.
    pub meaning: String,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParameterV1 {
    /// Its group.
    pub group: String,
    /// Its name.
    pub name: String,
    /// Its rows in the order of their days.
    pub rows: Vec<ParameterRowV1>,
}

/// A row of a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParameterRowV1 {
    /// The value.
    pub value: ParameterValueV1,
    /// The unit of a number.
    pub unit: Option<String>,
    /// First day, included.
    pub from: String,
    /// Last day, excluded.
    pub until: String,
    /// `decided` or `expected`.
    pub status: String,
    /// Where it comes from.
    pub source: String,
    /// When that was checked.
    pub checked: String,
}

/// A value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ParameterValueV1 {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A list of whole numbers.
    Ints(Vec<i64>),
    /// A text.
    Text(String),
}

/// A calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarV1 {
    /// Its name.
    pub name: String,
    /// The fields of its rounds.
    pub fields: Vec<FieldV1>,
    /// Its rounds in the order of their opening.
    pub rounds: Vec<RoundV1>,
}

/// A field of the rounds of a calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldV1 {
    /// Its name.
    pub name: String,
    /// `day`, `int` or `text`.
    #[serde(rename = "type")]
    pub field_type: String,
    /// Whether every round has it.
    pub in_every_round: bool,
}

/// A round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundV1 {
    /// Its id.
    pub id: String,
    /// First day on which an offer may be made.
    pub opens: String,
    /// First day on which it is late for an offer.
    pub closes: String,
    /// First day on which it is over.
    pub ends: String,
    /// `decided` or `expected`.
    pub status: String,
}

/// A code list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeListV1 {
    /// Its name.
    pub name: String,
    /// Its codes by their names in rules.
    pub codes: Vec<CodeV1>,
}

/// A code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeV1 {
    /// Its name in rules.
    pub name: String,
    /// The code.
    pub code: String,
}

impl FactListV1 {
    /// What rules of a folder may read.
    pub fn of(set: &RuleSet) -> Self {
        let tables = set.tables();
        let calls = |calls: &[Call]| calls.iter().map(CallV1::of).collect();
        Self {
            schema: "ennakko.facts.v1".to_owned(),
            register: REGISTER_FACTS.iter().map(FactV1::of_register).collect(),
            city: tables.facts.iter().map(FactV1::of_declared).collect(),
            methods: calls(METHOD_CALLS),
            functions: calls(FUNCTION_CALLS),
            parameters: tables
                .parameters
                .all()
                .map(|(group, name, rows)| ParameterV1 {
                    group: group.to_owned(),
                    name: name.to_owned(),
                    rows: rows.iter().map(ParameterRowV1::of).collect(),
                })
                .collect(),
            calendars: tables.calendars.all().map(|(name, rounds)| CalendarV1::of(name, rounds)).collect(),
            code_lists: tables
                .code_lists
                .iter()
                .map(|(name, codes)| CodeListV1 {
                    name: name.clone(),
                    codes: codes
                        .iter()
                        .map(|(name, code)| CodeV1 { name: name.clone(), code: code.to_string() })
                        .collect(),
                })
                .collect(),
            leap_day: match tables.city.leap_day {
                LeapDayPolicy::February28 => "28 February",
                LeapDayPolicy::March1 => "1 March",
            }
            .to_owned(),
        }
    }
}

impl FactV1 {
    fn of_register(fact: &RegisterFact) -> Self {
        Self {
            of: fact.of.word().to_owned(),
            name: fact.name.to_owned(),
            fact_type: fact.fact_type.to_owned(),
            unit: fact.unit.map(|unit| unit.word().to_owned()),
            min: None,
            max: None,
            code_list: None,
            codes: fact.codes.unwrap_or_default().iter().map(|code| (*code).to_owned()).collect(),
            meaning: fact.meaning.to_owned(),
            source: "population register".to_owned(),
            sensitivity: None,
            special: fact.special.map(|special| special.word().to_owned()),
            purposes: None,
            related_purposes: None,
            may_be_none: fact.may_be_none,
            absent: "unknown".to_owned(),
            fresh_days: None,
            future: if fact.by_day { "computed" } else { "as_today" }.to_owned(),
            from_home: fact.from_home,
        }
    }

    fn of_declared(fact: &FactDeclaration) -> Self {
        Self {
            of: Kind::from(fact.subject).word().to_owned(),
            name: fact.name.clone(),
            fact_type: fact.fact_type.word().to_owned(),
            unit: fact.unit.clone(),
            min: fact.least,
            max: fact.most,
            code_list: fact.code_list.clone(),
            codes: fact.codes.iter().flat_map(|codes| codes.iter()).map(ToString::to_string).collect(),
            meaning: fact.meaning.clone(),
            source: fact.source.clone(),
            sensitivity: Some(fact.sensitivity),
            special: fact.special.map(|special| special.word().to_owned()),
            purposes: Some(fact.purposes.clone()),
            related_purposes: Some(fact.related_purposes.clone()),
            may_be_none: fact.may_be_none,
            absent: match fact.absent {
                Absent::None => "none",
                Absent::No => "no",
                Absent::Zero => "zero",
                Absent::Unknown => "unknown",
            }
            .to_owned(),
            fresh_days: Some(fact.fresh_days),
            future: match fact.on_future_day {
                OnFutureDay::AsToday => "as_today",
                OnFutureDay::Unknown => "unknown",
                OnFutureDay::Computed => "computed",
            }
            .to_owned(),
            from_home: fact.reveals_home,
        }
    }
}

impl CallV1 {
    fn of(call: &Call) -> Self {
        Self {
            name: call.name.to_owned(),
            usage: call.usage.to_owned(),
            gives: call.gives.to_owned(),
            meaning: call.meaning.to_owned(),
        }
    }
}

impl ParameterRowV1 {
    fn of(row: &ParameterRow) -> Self {
        Self {
            value: match &row.value {
                ParameterValue::Bool(value) => ParameterValueV1::Bool(*value),
                ParameterValue::Int(value) => ParameterValueV1::Int(*value),
                ParameterValue::Ints(values) => ParameterValueV1::Ints(values.to_vec()),
                ParameterValue::Text(value) => ParameterValueV1::Text(value.to_string()),
            },
            unit: Some(row.unit.clone()).filter(|unit| !unit.is_empty()),
            from: row.from.to_string(),
            until: row.until.to_string(),
            status: if row.status == Status::Expected { "expected" } else { "decided" }.to_owned(),
            source: row.source.clone(),
            checked: row.checked.to_string(),
        }
    }
}

impl CalendarV1 {
    fn of(name: &str, rounds: &[std::sync::Arc<Occasion>]) -> Self {
        let mut fields: Vec<FieldV1> = Vec::new();
        for (name, field) in rounds.iter().flat_map(|round| round.fields()) {
            if fields.iter().all(|known| known.name != name) {
                fields.push(FieldV1 {
                    name: name.to_owned(),
                    field_type: match field {
                        OccasionField::Day(_) => "day",
                        OccasionField::Int(_) => "int",
                        OccasionField::Text(_) => "text",
                    }
                    .to_owned(),
                    in_every_round: rounds.iter().all(|round| round.field(name).is_some()),
                });
            }
        }
        let rounds = rounds.iter().map(|round| RoundV1 {
            id: round.id().to_owned(),
            opens: round.opens().to_string(),
            closes: round.closes().to_string(),
            ends: round.ends().to_string(),
            status: if round.is_expected() { "expected" } else { "decided" }.to_owned(),
        });
        Self { name: name.to_owned(), fields, rounds: rounds.collect() }
    }
}
