//! The two evaluators of a piece of script, and what either says of it.

use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::register::SubjectRow;
use ennakko_core::terms::Term;
use ennakko_core::{Occasion, Truth, UnknownReason};
use rhai::{Dynamic, ImmutableString, Scope};

use super::window::Spell;
use super::{Evaluator, FoundOccasion};
use crate::engine::{self, subject_value};
use crate::rule::Script;
use crate::step::Steps;
use crate::stop::{Stop, words};
use crate::values::{DayValue, OccasionValue, PlaceValue, Reads};
use crate::walk::{Came, Days, Lacks, Over, Value, walk};

/// By which evaluator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// Our own, with three-valued logic throughout, one subject after another.
    Walk,
    /// Kernels over columns, and walk for whomever they leave to it: what runs.
    #[default]
    Kernels,
    /// The interpreter, which is the meaning of a rule wherever it reads nothing unknown.
    Interpreter,
}

impl Evaluator<'_> {
    fn steps<'s>(&self, script: &'s Script) -> Option<&'s Steps> {
        (self.by != By::Interpreter).then_some(&*script.steps)
    }

    fn walked<'w>(
        &'w self,
        steps: &'w Steps,
        subject: SubjectRow,
        on: NaiveDate,
        occasion: Option<&'w Arc<Occasion>>,
        lacks: bool,
    ) -> Came<'w> {
        let mut kept = self.reads.borrow_mut();
        let mut came = walk(steps, Over { ground: &self.ground, subject, on, occasion, lacks, reads: kept.is_some() });
        if let (Some(kept), Some(reads)) = (kept.as_mut(), came.reads.take()) {
            kept.facts.extend(reads.facts);
            kept.parameters.extend(reads.parameters);
        }
        came
    }

    fn interpreted(
        &self,
        script: &Script,
        subject: SubjectRow,
        on: NaiveDate,
        occasion: Option<&Arc<Occasion>>,
    ) -> Result<Dynamic, Stop> {
        let mut scope = Scope::new();
        let names = &script.piece.parameters;
        if let Some(name) = names.first() {
            scope.push_dynamic(name.clone(), subject_value(&self.ground.world, subject, on));
        }
        if let Some(name) = names.get(1) {
            scope.push_dynamic(name.clone(), Dynamic::from(DayValue::of(on)));
        }
        if let (Some(name), Some(occasion)) = (names.get(2), occasion) {
            scope.push_dynamic(name.clone(), Dynamic::from(OccasionValue(occasion.clone())));
        }
        let ground = &self.ground;
        let engine = self.engine.get_or_init(|| engine::over(&ground.world, &ground.tables, ground.mode));
        let value = engine.eval_ast_with_scope::<Dynamic>(&mut scope, &script.piece.ast);
        let reads = if self.reads.borrow().is_some() { Some(ground.world.log.take()) } else { None };
        if let (Some(kept), Some(reads)) = (self.reads.borrow_mut().as_mut(), reads) {
            kept.facts.extend(reads.facts);
            kept.parameters.extend(reads.parameters);
            ground.world.log.start();
        }
        value.map_err(|error| {
            let stop = Stop::of(&error);
            if matches!(stop, Stop::Unknown { .. }) {
                self.met_unknown.set(true);
            }
            stop
        })
    }

    /// Whether the interpreter has been stopped by something unknown: from there on walk may tell more.
    pub fn has_met_unknown(&self) -> bool {
        self.met_unknown.get() || self.others.borrow().iter().any(|other| other.met_unknown)
    }

    /// Notes what is read from now on.
    pub(super) fn note_reads(&self) {
        self.ground.world.log.start();
        *self.reads.borrow_mut() = Some(Reads::default());
    }

    /// What was read since.
    pub(super) fn take_reads(&self) -> Reads {
        self.ground.world.log.take();
        self.reads.borrow_mut().take().unwrap_or_default()
    }

    /// A script that says yes or no; the unknowns met are added to `stops`, if they are wanted.
    pub(super) fn answer(
        &self,
        script: &Script,
        what: &str,
        subject: SubjectRow,
        on: NaiveDate,
        occasion: &Arc<Occasion>,
        stops: Option<&mut Vec<Stop>>,
    ) -> Result<Spell<Truth>, Stop> {
        let no_answer =
            |got: &str| Stop::Failed(format!("`{what}` is not yes or no but {got} (line {})", script.piece.place.line));
        if let Some(steps) = self.steps(script) {
            let came = self.walked(steps, subject, on, Some(occasion), stops.is_some());
            let value = came.value.map_err(|stop| *stop)?;
            if let (Value::Unknown(lacks), Some(stops)) = (&value, stops) {
                stops.extend(unknowns(lacks));
            }
            let value = value.truth().ok_or_else(|| no_answer(value.kind()))?;
            return Ok(Spell { days: came.same, value });
        }
        let days = if script.by_day { Days::one(on) } else { Days::ALL };
        let value = match self.interpreted(script, subject, on, Some(occasion)) {
            Ok(value) => value.as_bool().map(Truth::from).map_err(|got| no_answer(words(got)))?,
            Err(stop @ Stop::Unknown { .. }) => {
                if let Some(stops) = stops {
                    stops.push(stop);
                }
                Truth::Unknown
            }
            Err(stop) => return Err(stop),
        };
        Ok(Spell { days, value })
    }

    /// What a rule's `occasion` comes to.
    pub(super) fn issued(&self, script: &Script, subject: SubjectRow, day: NaiveDate) -> Spell<FoundOccasion> {
        let neither = || Stop::Failed("`occasion` gives neither an occasion nor `no_occasion()`".to_owned());
        if let Some(steps) = self.steps(script) {
            let came = self.walked(steps, subject, day, None, true);
            let value = match came.value {
                Ok(Value::Occasion(occasion)) => Ok(Some(occasion)),
                Ok(Value::None) => Ok(None),
                Ok(Value::Unknown(lacks)) => Err(unknowns(&lacks).collect()),
                Ok(_) => Err(vec![neither()]),
                Err(stop) => Err(vec![*stop]),
            };
            return Spell { days: came.same, value };
        }
        self.ground.world.same.start();
        let value = match self.interpreted(script, subject, day, None) {
            Ok(value) if value.is_unit() => Ok(None),
            Ok(value) => {
                value.try_cast::<OccasionValue>().map(|occasion| Some(occasion.0)).ok_or_else(|| vec![neither()])
            }
            Err(stop) => Err(vec![stop]),
        };
        // a calendar does not say for how long its round is at issue
        let days = if script.by_subject && script.passes_day {
            let (from, to) = self.ground.world.same.days();
            Days { from, to }
        } else {
            Days::one(day)
        };
        Spell { days, value }
    }

    /// A term of the offer.
    pub(super) fn term(
        &self,
        script: &Script,
        name: &Arc<str>,
        subject: SubjectRow,
        on: NaiveDate,
        occasion: &Arc<Occasion>,
    ) -> Result<Spell<Term>, Vec<Stop>> {
        let none = || {
            let (fact, of) = (name.clone(), Arc::from("subject"));
            vec![Stop::Unknown { fact, of, reason: UnknownReason::NotDelivered }]
        };
        let misfit = |got: &str| vec![Stop::Failed(format!("the term `{name}` is {got}"))];
        if let Some(steps) = self.steps(script) {
            let came = self.walked(steps, subject, on, Some(occasion), true);
            let value = match came.value.map_err(|stop| vec![*stop])? {
                Value::Bool(holds) => Term::Bool(holds),
                Value::Int(number) => Term::Int(number),
                Value::Day(day) => match day.date.day() {
                    Some(exact) => Term::Day(exact),
                    None => return Err(unknowns(&Lacks::of(day.lack())).collect()),
                },
                Value::Place(place) => Term::Place(place),
                Value::Text(text) => Term::Text(text.shared()),
                Value::None => return Err(none()),
                Value::Unknown(lacks) => return Err(unknowns(&lacks).collect()),
                other => return Err(misfit(other.kind())),
            };
            return Ok(Spell { days: came.same, value });
        }
        let value = self.interpreted(script, subject, on, Some(occasion)).map_err(|stop| vec![stop])?;
        let days = if script.by_day { Days::one(on) } else { Days::ALL };
        let value = if let Ok(holds) = value.as_bool() {
            Term::Bool(holds)
        } else if let Ok(number) = value.as_int() {
            Term::Int(number)
        } else if let Some(day) = value.clone().try_cast::<DayValue>() {
            Term::Day(day.exact().map_err(|error| vec![Stop::of(&error)])?)
        } else if let Some(place) = value.clone().try_cast::<PlaceValue>() {
            Term::Place(place.0)
        } else if let Some(text) = value.clone().try_cast::<ImmutableString>() {
            Term::Text(Arc::from(text.as_str()))
        } else if value.is_unit() {
            return Err(none());
        } else {
            return Err(misfit(words(value.type_name())));
        };
        Ok(Spell { days, value })
    }
}

/// Everything that is missing, as what stops the interpreter.
fn unknowns<'l>(lacks: &'l Lacks<'_>) -> impl Iterator<Item = Stop> + 'l {
    lacks.iter().map(|lack| Stop::Unknown {
        fact: Arc::from(lack.fact),
        of: Arc::from(lack.of.word()),
        reason: lack.reason,
    })
}
