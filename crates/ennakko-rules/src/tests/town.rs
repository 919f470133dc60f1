//! Small towns: people by name, with what the test is about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::fact_table::FactDeclaration;
use ennakko_core::identity::{IdentityCode, PersonalIdentityCode};
use ennakko_core::issue::Problem;
use ennakko_core::outcome::Standing;
use ennakko_core::record::{
    CustodyKind, CustodyRecord, Delivery, DwellingRecord, FactDelivery, FactOf, FactRow, ListState, ResidentRecord,
    Sex, Who,
};
use ennakko_core::register::SubjectRow;
use ennakko_core::{
    Fact, IdentityTable, KeySecret, Outcome, PartialDate, Register, RuleId, SubjectKey, UnknownReason, Value,
};

use super::folder::tables;
use crate::evaluate::{Evaluator, NothingYet, Standings};
use crate::outcomes::{NotRun, Outcomes, RuleDay};
use crate::{Mode, RuleSet};

pub(super) const WITHHELD: UnknownReason = UnknownReason::Withheld;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A person as a test writes them.
#[derive(Clone)]
pub(super) struct Person {
    name: &'static str,
    record: ResidentRecord,
    facts: Vec<(&'static str, Fact<Value>)>,
    /// Their names, from when, and until when.
    custodians: Vec<(&'static str, Fact<NaiveDate>, Fact<NaiveDate>)>,
    has_record: bool,
}

impl Person {
    /// Somebody of whom everything is known.
    pub(super) fn new(name: &'static str, born: &str) -> Self {
        let born = PartialDate::parse(born).unwrap();
        let record = ResidentRecord {
            key: None,
            code: None,
            former_codes: Vec::new(),
            names: None,
            born: Fact::Known(born),
            sex: Fact::Known(Sex::Female),
            dead: false,
            municipality: Fact::Known("091".to_owned()),
            language: Fact::Known("fi".to_owned()),
            protection: Fact::Known(false),
            dwelling: Fact::None,
            dwelling_since: Fact::None,
            custodians: ListState::Whole,
            in_care: Fact::None,
        };
        Self { name, record, facts: Vec::new(), custodians: Vec::new(), has_record: true }
    }

    /// With something of the record changed.
    pub(super) fn with(mut self, change: impl FnOnce(&mut ResidentRecord)) -> Self {
        change(&mut self.record);
        self
    }

    /// With a declared fact.
    pub(super) fn fact(mut self, name: &'static str, value: Fact<Value>) -> Self {
        self.facts.push((name, value));
        self
    }

    /// With a declared fact that is yes or no.
    pub(super) fn is(self, name: &'static str, holds: bool) -> Self {
        self.fact(name, Fact::Known(Value::Bool(holds)))
    }

    /// With a declared number.
    pub(super) fn has(self, name: &'static str, number: i64) -> Self {
        self.fact(name, Fact::Known(Value::Int(number)))
    }

    /// With these custodians.
    pub(super) fn of(self, custodians: &[&'static str]) -> Self {
        custodians.iter().fold(self, |person, name| person.of_between(name, Fact::None, Fact::None))
    }

    /// With a custodian from a day to another, both included.
    pub(super) fn of_between(mut self, name: &'static str, from: Fact<NaiveDate>, until: Fact<NaiveDate>) -> Self {
        self.custodians.push((name, from, until));
        self
    }

    /// Of whom no record came: somebody whom others name.
    pub(super) fn without_record(self) -> Self {
        Self { has_record: false, ..self }
    }
}

/// A register with the names of its people.
pub(super) struct Town {
    pub(super) register: Arc<Register>,
    names: BTreeMap<SubjectRow, &'static str>,
}

/// The day of every test register.
pub(super) const TODAY: &str = "2026-11-22";

impl Town {
    pub(super) fn of(people: &[Person]) -> Self {
        Self::built(people, &[])
    }

    /// With dwellings of which members may be missing.
    pub(super) fn built(people: &[Person], open: &[&str]) -> Self {
        Self::with(people, |delivery| {
            delivery.dwellings.extend(open.iter().map(|id| DwellingRecord {
                id: (*id).to_owned(),
                building: None,
                address: Fact::None,
                members: ListState::Open(WITHHELD),
            }));
        })
    }

    /// With something more delivered.
    pub(super) fn with(people: &[Person], more: impl FnOnce(&mut Delivery)) -> Self {
        Self::declared(people, loaded_tables(), |delivery, _| more(delivery))
    }

    /// With other facts declared, and something more delivered, which may go by people's codes.
    pub(super) fn declared(
        people: &[Person],
        declarations: Vec<FactDeclaration>,
        more: impl FnOnce(&mut Delivery, &BTreeMap<&str, IdentityCode>),
    ) -> Self {
        let codes: BTreeMap<&str, IdentityCode> = people
            .iter()
            .zip(0..)
            .map(|(person, at)| {
                let born = person.record.born.known().map_or(day("2000-01-01"), PartialDate::first);
                // of so many the codes have days of their own
                let of = if at < 99 { born } else { day("1900-01-01") + chrono::Days::new(at / 99) };
                let serial = u16::try_from(901 + at % 99).unwrap();
                (person.name, PersonalIdentityCode::artificial(of, serial).unwrap().into())
            })
            .collect();
        let mut delivery = Delivery::default();
        for person in people {
            let code = codes[person.name].clone();
            if person.has_record {
                delivery.residents.push(ResidentRecord { code: Some(code.clone()), ..person.record.clone() });
            }
            for (custodian, from, until) in &person.custodians {
                delivery.custody.push(CustodyRecord {
                    child: Who::Code(code.clone()),
                    custodian: Who::Code(codes[custodian].clone()),
                    kind: CustodyKind::Custodian,
                    from: *from,
                    until: *until,
                    may_decide: Fact::Known(true),
                    rights: Vec::new(),
                });
            }
        }
        for declaration in declarations {
            let rows = people
                .iter()
                .flat_map(|person| person.facts.iter().map(move |(name, value)| (person.name, *name, value.clone())))
                .filter(|(_, name, _)| *name == declaration.name)
                .map(|(person, _, value)| FactRow { of: FactOf::Resident(Who::Code(codes[person].clone())), value })
                .collect();
            delivery.facts.push(FactDelivery { declaration, delivered_on: day(TODAY), rows });
        }
        more(&mut delivery, &codes);
        let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
        let built = Register::build(delivery, day(TODAY), &mut identities);
        // that sources disagree on somebody's death is told, and wanted
        let issues = built.issues.iter().filter(|issue| issue.problem != Problem::DeathDisputed);
        assert_eq!(issues.count(), 0, "{:?}", built.issues);
        let register = Arc::new(built.register);
        let names = codes
            .iter()
            .map(|(name, code)| {
                let key = identities.key_of(code).unwrap();
                (SubjectRow::Resident(register.resident_of(key).unwrap().row()), people_name(people, name))
            })
            .collect();
        Self { register, names }
    }

    pub(super) fn name(&self, row: SubjectRow) -> &'static str {
        self.names.get(&row).copied().unwrap_or("-")
    }

    pub(super) fn key(&self, name: &str) -> SubjectKey {
        let (row, _) = self.names.iter().find(|(_, known)| **known == name).unwrap();
        self.register.subject(*row).key()
    }

    /// Every outcome of a rule on a day, as text: `A offered; B not_entitled(test)`.
    pub(super) fn outcomes(&self, rules: &RuleSet, id: &str, on: &str) -> String {
        self.outcomes_with(rules, id, on, &NothingYet)
    }

    pub(super) fn outcomes_with(&self, rules: &RuleSet, id: &str, on: &str, standings: &dyn Standings) -> String {
        let evaluator = Evaluator::new(rules, &self.register, Mode::Preview);
        self.told(&evaluator, id, on, standings)
    }

    pub(super) fn told(&self, evaluator: &Evaluator<'_>, id: &str, on: &str, standings: &dyn Standings) -> String {
        let id = RuleId::new(id);
        match evaluator.day(&id, day(on), standings) {
            RuleDay::Ran(outcomes) => {
                let cohort = evaluator.cohort_on(&id, day(on)).unwrap();
                let rows: Vec<SubjectRow> = (0..outcomes.len()).map(|row| outcomes.subject(row)).collect();
                assert_eq!(cohort, rows, "the cohort found apart is another");
                self.written(evaluator.rules(), &id, &outcomes)
            }
            RuleDay::NotRun(reason) => format!("not_run: {reason}"),
        }
    }

    fn written(&self, rules: &RuleSet, id: &RuleId, outcomes: &Outcomes) -> String {
        let mut told: Vec<String> = (0..outcomes.len())
            .map(|row| {
                let outcome = outcomes.outcome(row, rules.versions(id));
                format!("{} {}", self.name(outcomes.subject(row)), in_words(&outcome))
            })
            .collect();
        told.sort();
        told.join("; ")
    }
}

fn people_name(people: &[Person], name: &str) -> &'static str {
    people.iter().find(|person| person.name == name).map_or("-", |person| person.name)
}

fn loaded_tables() -> Vec<FactDeclaration> {
    let (rules, _) = RuleSet::load(&tables()).unwrap();
    rules.tables().facts.clone()
}

/// An outcome as the tests write it.
pub(super) fn in_words(outcome: &Outcome) -> String {
    let names = |names: &[ennakko_core::NameId]| names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let word = outcome.code().word();
    match outcome {
        Outcome::NotEntitled(lines) | Outcome::HasAlready(lines) | Outcome::Manual(lines) => {
            format!("{word}({})", names(lines))
        }
        Outcome::CannotTell(missing) => {
            let missing: Vec<String> = missing
                .iter()
                .map(|missing| {
                    format!("{}: {} of {}, {}", missing.line, missing.fact, missing.of, missing.reason.words())
                })
                .collect();
            format!("{word}({})", missing.join("; "))
        }
        Outcome::Upcoming(day) | Outcome::Late(day) => format!("{word}({day})"),
        _ => word.to_owned(),
    }
}

/// What is known beside the register, as a test writes it.
#[derive(Default)]
pub(super) struct Known {
    pub(super) standing: BTreeMap<(SubjectKey, String), Standing>,
    pub(super) offered_on: BTreeMap<SubjectKey, NaiveDate>,
    pub(super) opted_out: BTreeSet<(SubjectKey, String)>,
}

impl Standings for Known {
    fn standing(&self, _: &RuleId, subject: SubjectKey, occasion: &str) -> Option<Standing> {
        self.standing.get(&(subject, occasion.to_owned())).copied()
    }

    fn offered_since(&self, _: &RuleId, subject: SubjectKey, day: NaiveDate) -> bool {
        self.offered_on.get(&subject).is_some_and(|offered| *offered >= day)
    }

    fn opted_out(&self, subject: SubjectKey, purpose: &str) -> bool {
        self.opted_out.contains(&(subject, purpose.to_owned()))
    }
}

/// The reason a rule does not run.
pub(super) fn not_run(rules: &RuleSet, town: &Town, id: &str, on: &str, mode: Mode) -> Option<NotRun> {
    let evaluator = Evaluator::new(rules, &town.register, mode);
    match evaluator.day(&RuleId::new(id), day(on), &NothingYet) {
        RuleDay::Ran(_) => None,
        RuleDay::NotRun(reason) => Some(reason),
    }
}
