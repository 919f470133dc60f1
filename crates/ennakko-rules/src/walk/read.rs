//! What a step reads: facts of the register, parameters, fields of the occasion.

use std::sync::Arc;

use ennakko_core::fact_table::{OnFutureDay, SubjectKind};
use ennakko_core::occasion::OccasionField;
use ennakko_core::record::Sex;
use ennakko_core::register::{Building, FactId, Life, Resident};
use ennakko_core::trace::{FactRead, ParameterRead};
use ennakko_core::{Fact, UnknownReason};

use super::compute::unknown_of;
use super::value::{Day, Members, Text, Value, Whose};
use super::{Walk, Walked, after, failed, misfit};
use crate::engine::Mode;
use crate::parameters::{ParameterRow, ParameterValue, Status, last_valid};
use crate::rule_set::Tables;
use crate::step::{BuildingFact, FactName, HouseholdFact, ResidentFact, Step, Utility, What};
use crate::stop::Stop;
use crate::values::World;

/// What evaluations of one folder of rules over one register read from, looked up once.
pub(crate) struct Ground {
    pub(crate) world: Arc<World>,
    pub(crate) tables: Arc<Tables>,
    pub(crate) mode: Mode,
    /// Declared facts by their position in the folder's `facts.toml`.
    facts: Vec<Declared>,
}

/// A declared fact, and where this register has it.
struct Declared {
    of: SubjectKind,
    name: String,
    id: Option<FactId>,
    by_day: bool,
    /// Whether the tables in use declare it.
    in_use: bool,
}

impl Ground {
    /// The ground of these tables; `checked` are those that the rules were checked with, to which positions refer.
    pub(crate) fn new(world: &Arc<World>, checked: &Tables, tables: Arc<Tables>, mode: Mode) -> Self {
        let facts = checked
            .facts
            .iter()
            .map(|fact| Declared {
                of: fact.subject,
                name: fact.name.clone(),
                id: world.register.fact_named(fact.subject, &fact.name),
                by_day: fact.on_future_day != OnFutureDay::AsToday,
                in_use: tables.facts.iter().any(|known| known.subject == fact.subject && known.name == fact.name),
            })
            .collect();
        Self { world: world.clone(), tables, mode, facts }
    }

    /// Where the register has a declared fact, and whether it may be another on a coming day; `None` if nothing declares it.
    pub(crate) fn declared(&self, of: SubjectKind, name: &str, at: usize) -> Option<(Option<FactId>, bool)> {
        let is_it = |fact: &&Declared| fact.of == of && fact.name == name;
        // the position is that of the tables that the rule was checked with
        let fact = self.facts.get(at).filter(is_it).or_else(|| self.facts.iter().find(is_it))?;
        if !fact.in_use {
            return None;
        }
        Some((fact.id, fact.by_day))
    }
}

/// A value of the register as a step comes to it.
fn of_register(value: ennakko_core::Value, fact: &str, of: Whose) -> Value<'_> {
    use ennakko_core::Value as Core;
    match value {
        Core::Bool(value) => Value::Bool(value),
        Core::Int(value) => Value::Int(value),
        Core::Day(date) => Value::Day(Day { date, fact, of }),
        Core::Text(text) => Value::Text(Text::Shared(text)),
        Core::Place(place) => Value::Place(place),
        _ => Value::None,
    }
}

fn code(text: &str) -> ennakko_core::Value {
    ennakko_core::Value::Text(Arc::from(text))
}

impl<'w> Walk<'w> {
    /// Notes what is read, if somebody wants to know.
    pub(super) fn note(&mut self, fact: &str, of: Whose, value: impl FnOnce() -> Fact<ennakko_core::Value>) {
        if let Some(reads) = &mut self.reads {
            reads.facts.push(FactRead { fact: Arc::from(fact), of: Arc::from(of.word()), value: value() });
        }
    }

    fn hand(&mut self, fact: &'w str, of: Whose, value: Fact<ennakko_core::Value>) -> Value<'w> {
        self.note(fact, of, || value.clone());
        self.handed(fact, of, value.map(|value| of_register(value, fact, of)))
    }

    fn handed(&self, fact: &'w str, of: Whose, value: Fact<Value<'w>>) -> Value<'w> {
        match value {
            Fact::Known(value) => value,
            Fact::None => Value::None,
            Fact::Unknown(reason) => self.unknown(fact, of, reason),
        }
    }

    fn text(&mut self, fact: &'w str, of: Whose, value: Fact<&'w str>) -> Value<'w> {
        self.note(fact, of, || value.map(code));
        self.handed(fact, of, value.map(|text| Value::Text(Text::Borrowed(text))))
    }

    pub(super) fn fact(&mut self, of: Value<'w>, fact: &'w FactName) -> Walked<'w> {
        let name = fact.name();
        Ok(match (of, fact) {
            (Value::Unknown(lacks), _) => Value::Unknown(lacks),
            (Value::Person(person, whose), FactName::Resident(fact)) => self.of_person(person, whose, *fact, name),
            (Value::Household(household, whose), FactName::Household(HouseholdFact::Members)) => {
                let items = household.members().map(|member| Value::Person(member, Whose::Member)).collect();
                members("members", whose, items, household.state())
            }
            (Value::Building(building, whose), FactName::Building(fact)) => {
                self.of_building(building, whose, *fact, name)
            }
            (Value::Stairwell(lift), FactName::StairwellLift) => {
                self.hand(name, Whose::Stairwell, lift.map(ennakko_core::Value::Bool))
            }
            (Value::Person(person, whose), FactName::Declared { of: SubjectKind::Resident, at, .. }) => {
                self.declared(SubjectKind::Resident, name, *at, whose, |fact, on| person.fact(fact, on))?
            }
            (Value::Household(household, whose), FactName::Declared { of: SubjectKind::Household, at, .. }) => {
                self.declared(SubjectKind::Household, name, *at, whose, |fact, on| household.fact(fact, on))?
            }
            (Value::Building(building, whose), FactName::Declared { of: SubjectKind::Building, at, .. }) => {
                self.declared(SubjectKind::Building, name, *at, whose, |fact, on| building.fact(fact, on))?
            }
            (other, _) => return Err(misfit(&other, "what has such a fact")),
        })
    }

    fn declared(
        &mut self,
        kind: SubjectKind,
        name: &'w str,
        at: usize,
        of: Whose,
        read: impl FnOnce(FactId, chrono::NaiveDate) -> Fact<ennakko_core::Value>,
    ) -> Walked<'w> {
        let Some((id, by_day)) = self.over.ground.declared(kind, name, at) else {
            return failed(&format!("no such fact: `{name}`"));
        };
        if by_day {
            // what is not known of a coming day is known until the register's own day is over
            self.narrow_at([after(self.over.ground.world.register.day())]);
        }
        let value = id.map_or(Fact::Unknown(UnknownReason::NotDelivered), |id| read(id, self.over.on));
        Ok(self.hand(name, of, value))
    }

    fn of_person(&mut self, person: Resident<'w>, of: Whose, fact: ResidentFact, name: &'w str) -> Value<'w> {
        use ennakko_core::Value as Core;
        let value = match fact {
            ResidentFact::Born => person.born().map(Core::Day),
            ResidentFact::BirthYear => match person.born() {
                Fact::Known(born) => born
                    .year()
                    .map_or(Fact::Unknown(UnknownReason::PartialDate), |year| Fact::Known(Core::Int(year.into()))),
                Fact::None => Fact::None,
                Fact::Unknown(reason) => Fact::Unknown(reason),
            },
            ResidentFact::Sex => {
                let sex = person.sex().map(|sex| if sex == Sex::Female { "female" } else { "male" });
                return self.text(name, of, sex);
            }
            ResidentFact::Alive => match person.life() {
                Life::Alive => Fact::Known(Core::Bool(true)),
                Life::Dead => Fact::Known(Core::Bool(false)),
                Life::Disputed => Fact::Unknown(UnknownReason::Disputed),
                Life::NotKnown => Fact::Unknown(UnknownReason::NoRecord),
            },
            ResidentFact::Language => return self.text(name, of, person.language().map(|language| &**language)),
            ResidentFact::LivesInCity => person.lives_in(&self.over.ground.world.municipality).map(Core::Bool),
            ResidentFact::HomeBuilding => {
                return match person.home_building() {
                    Some(building) => Value::Building(building, Whose::HomeBuilding),
                    None => self.unknown(name, of, UnknownReason::NotDelivered),
                };
            }
            ResidentFact::Household => {
                let household = person.household().map(|household| Value::Household(household, Whose::Household));
                return self.handed(name, of, household);
            }
            ResidentFact::Custodians => {
                self.only_today();
                let policy = self.over.ground.world.leap_day;
                // nobody has custodians who is of age
                match person.of_age_on(self.over.on, policy) {
                    Fact::Known(_) => {}
                    Fact::None => return self.unknown(name, of, UnknownReason::NotDelivered),
                    Fact::Unknown(reason) => return self.unknown(name, of, reason),
                }
                let custodians = person.custodians_on(self.over.on, policy);
                let known = custodians.known.iter();
                let items = known.map(|custodian| Value::Person(custodian.person, Whose::Custodian)).collect();
                return members("custodians", of, items, custodians.state);
            }
        };
        self.hand(name, of, value)
    }

    fn of_building(&mut self, building: Building<'w>, of: Whose, fact: BuildingFact, name: &'w str) -> Value<'w> {
        use ennakko_core::Value as Core;
        let value = match fact {
            BuildingFact::IntendedUse => return self.text(name, of, building.intended_use().map(|code| &**code)),
            BuildingFact::BuiltYear => building.built_year().map(Core::Int),
            BuildingFact::Storeys => building.storeys().map(Core::Int),
            BuildingFact::Dwellings => building.dwellings().map(Core::Int),
            BuildingFact::AreaM2 => building.area_m2().map(Core::Int),
            BuildingFact::Stairwells => {
                let (stairwells, state) = building.stairwells();
                let items = stairwells.iter().map(|stairwell| Value::Stairwell(stairwell.lift)).collect();
                return members("stairwells", of, items, state);
            }
            BuildingFact::Has(utility) => utility_of(utility, building.facilities()).map(Core::Bool),
            BuildingFact::Connected(utility) => utility_of(utility, building.connections()).map(Core::Bool),
        };
        self.hand(name, of, value)
    }

    /// `.lives_in_city_on(day)`
    pub(super) fn lives_in_city_on(&mut self, of: &'w Step, day: &'w Step) -> Walked<'w> {
        let of = self.step(of)?;
        let day = self.step(day)?;
        let day = self.exact(day)?;
        let (person, of) = match of {
            Value::Person(person, of) => (person, of),
            Value::Unknown(lacks) => return Ok(unknown_of(lacks, day)),
            other => return Err(misfit(&other, "a person")),
        };
        Ok(match day {
            Ok(day) => {
                let lives = person.lives_in_on(&self.over.ground.world.municipality, day);
                self.hand("lives_in_city_on", of, lives.map(ennakko_core::Value::Bool))
            }
            Err(lacks) => Value::Unknown(lacks),
        })
    }

    /// A field of an occasion; one that this occasion has not is unknown.
    pub(super) fn field(&mut self, of: &'w Step, name: &'w str) -> Walked<'w> {
        let field = match (&of.what, self.over.occasion) {
            (What::Slot(crate::step::OCCASION), Some(occasion)) => occasion.field(name),
            _ => match self.step(of)? {
                Value::Occasion(occasion) => occasion.field(name),
                Value::Unknown(lacks) => return Ok(Value::Unknown(lacks)),
                other => return Err(misfit(&other, "an occasion")),
            },
        };
        Ok(match field {
            Some(OccasionField::Day(day)) => Value::Day(Day::exact(day)),
            Some(OccasionField::Int(number)) => Value::Int(number),
            Some(OccasionField::Text(text)) => Value::Text(Text::Shared(text)),
            None => self.unknown(name, Whose::Occasion, UnknownReason::NotDelivered),
        })
    }

    pub(super) fn parameter(&mut self, group: &'w str, name: &'w str, day: &'w Step) -> Walked<'w> {
        let (day, today) = self.day_of(day)?;
        let on = match self.exact(day)? {
            Ok(on) => on,
            Err(lacks) => return Ok(Value::Unknown(lacks)),
        };
        let ground = self.over.ground;
        let rows = ground.tables.parameters.rows(group, name).unwrap_or_default();
        let what = || Arc::from(format!("{group}::{name}"));
        let Some(row) = rows.iter().find(|row| row.from <= on && on < row.until) else {
            self.only_today();
            return Err(Box::new(Stop::RowEnded { what: what(), on, last_valid: last_valid(rows, on) }));
        };
        if today {
            self.narrow(row.from, row.until);
        }
        if row.status == Status::Expected && ground.mode == Mode::Run {
            return Err(Box::new(Stop::Expected { what: what() }));
        }
        if let Some(reads) = &mut self.reads {
            reads.parameters.push(ParameterRead {
                name: what(),
                on,
                value: written(row),
                from: row.from,
                until: row.until,
                expected: row.status == Status::Expected,
            });
        }
        Ok(match &row.value {
            ParameterValue::Int(number) => Value::Int(*number),
            ParameterValue::Bool(holds) => Value::Bool(*holds),
            ParameterValue::Text(text) => Value::Text(Text::Borrowed(text)),
            ParameterValue::Ints(numbers) => Value::Numbers(numbers),
        })
    }
}

/// The value of a row, as written.
fn written(row: &ParameterRow) -> String {
    match &row.value {
        ParameterValue::Int(value) => value.to_string(),
        ParameterValue::Bool(value) => value.to_string(),
        ParameterValue::Text(text) => text.to_string(),
        ParameterValue::Ints(items) => items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}

fn members<'w>(
    fact: &'static str,
    of: Whose,
    items: Vec<Value<'w>>,
    state: ennakko_core::record::ListState,
) -> Value<'w> {
    Value::Members(Box::new(Members { fact, of, items, state, undecided: None }))
}

/// What of a building's equipment or connections.
pub(crate) fn utility_of(utility: Utility, of: ennakko_core::record::Utilities) -> Fact<bool> {
    match utility {
        Utility::Sewer => of.sewer,
        Utility::Water => of.water,
        Utility::Electricity => of.electricity,
        Utility::Gas => of.gas,
        Utility::Cable => of.cable,
    }
}
