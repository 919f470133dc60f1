//! The small evaluator of a rule's [`Steps`]: strong Kleene logic over one subject on one day.
//!
//! It is the meaning of a rule where something is unknown, and what runs; where nothing is, the interpreter is the meaning
//! and both agree. An answer comes with the days on which it is the same while the register is held still, so that nothing
//! is evaluated twice for nothing.

mod compare;
mod compute;
mod days;
mod list;
mod occasion;
mod read;
mod value;

use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::register::SubjectRow;
use ennakko_core::{Occasion, UnknownReason};

pub(crate) use compute::moved;
pub(crate) use days::Days;
pub(crate) use read::{Ground, utility_of};
use value::{Day, Lack, Text};
pub(crate) use value::{Lacks, Value, Whose};

use crate::step::{Arm, Constant, DAY, OCCASION, SUBJECT, Slot, Step, Steps, What};
use crate::stop::Stop;
use crate::values::Reads;

/// A value, or what keeps the rule from running.
pub(crate) type Walked<'w> = Result<Value<'w>, Box<Stop>>;

/// What is evaluated, and what is wanted beside the answer.
#[derive(Clone, Copy)]
pub(crate) struct Over<'w> {
    pub(crate) ground: &'w Ground,
    pub(crate) subject: SubjectRow,
    pub(crate) on: NaiveDate,
    pub(crate) occasion: Option<&'w Arc<Occasion>>,
    /// Whether an unknown answer says what is missing.
    pub(crate) lacks: bool,
    /// Whether what is read is noted.
    pub(crate) reads: bool,
}

/// What came of an evaluation.
pub(crate) struct Came<'w> {
    pub(crate) value: Walked<'w>,
    /// Days on which a value is the same.
    pub(crate) same: Days,
    pub(crate) reads: Option<Reads>,
}

/// Evaluates a piece.
pub(crate) fn walk<'w>(steps: &'w Steps, over: Over<'w>) -> Came<'w> {
    let mut walk =
        Walk { over, given: Vec::new(), same: Days::ALL, reads: over.reads.then(Reads::default), failed_at: None };
    let value = walk.step(&steps.step).map_err(|mut stop| {
        if let (Stop::Failed(what), Some(line)) = (&mut *stop, walk.failed_at) {
            *what = format!("{what} (line {line})");
        }
        stop
    });
    Came { value, same: walk.same, reads: walk.reads }
}

/// One evaluation.
struct Walk<'w> {
    over: Over<'w>,
    /// Values of the slots after the first three.
    given: Vec<Value<'w>>,
    // INVARIANT (has the day): on which it is evaluated
    same: Days,
    reads: Option<Reads>,
    /// The line of the innermost step that stopped it.
    failed_at: Option<usize>,
}

/// Slots that are not kept among those given.
const N_FIXED: usize = 3;

/// What a checked rule never comes to.
#[expect(clippy::unnecessary_box_returns, reason = "an error is handed on in a box")]
fn misfit(value: &Value<'_>, wanted: &str) -> Box<Stop> {
    Box::new(Stop::Failed(format!("{} stands where {wanted} belongs", value.kind())))
}

fn failed<T>(what: &str) -> Result<T, Box<Stop>> {
    Err(Box::new(Stop::Failed(what.to_owned())))
}

impl<'w> Walk<'w> {
    fn step(&mut self, step: &'w Step) -> Walked<'w> {
        let value = self.come_to(step);
        if value.is_err() {
            self.failed_at.get_or_insert(step.place.line);
        }
        value
    }

    fn come_to(&mut self, step: &'w Step) -> Walked<'w> {
        match &step.what {
            What::Constant(constant) => Ok(Value::of_constant(constant)),
            What::Slot(slot) => self.slot(*slot),
            What::Let { slot, value, body } => {
                let value = self.step(value)?;
                self.give(*slot, value)?;
                self.step(body)
            }
            What::If { test, then, otherwise } => match self.step(test)? {
                Value::Bool(true) => self.step(then),
                Value::Bool(false) => self.step(otherwise),
                Value::Unknown(lacks) => {
                    let branches = vec![self.step(then)?, self.step(otherwise)?];
                    Ok(agreed(lacks, branches))
                }
                other => Err(misfit(&other, "yes or no")),
            },
            What::Switch { of, arms, otherwise } => self.switch(of, arms, otherwise),
            What::And(steps) => self.joined(steps, false, true),
            What::Or(steps) => self.joined(steps, true, true),
            What::Join { any, of } => self.joined(of, *any, false),
            What::Not(step) => match self.step(step)? {
                Value::Bool(holds) => Ok(Value::Bool(!holds)),
                unknown @ Value::Unknown(_) => Ok(unknown),
                other => Err(misfit(&other, "yes or no")),
            },
            What::Coalesce(steps) => {
                for step in steps {
                    match self.step(step)? {
                        Value::None => {}
                        value => return Ok(value),
                    }
                }
                Ok(Value::None)
            }
            What::Compare { by, left, right } => self.compare(*by, left, right),
            What::In { item, list, negated } => self.is_in(item, list, *negated),
            What::Arithmetic { by, left, right } => {
                let (left, right) = (self.step(left)?, self.step(right)?);
                self.arithmetic(*by, left, right)
            }
            What::Negate(step) => {
                let value = self.step(step)?;
                self.negate(value)
            }
            What::Array(steps) => Ok(Value::Array(steps.iter().map(|step| self.step(step)).collect::<Result<_, _>>()?)),
            What::Range { from, to, inclusive } => self.range(from, to, *inclusive),
            What::Parameter { group, name, day } => self.parameter(group, name, day),
            What::Round { calendar, day } => self.round(calendar, day),
            What::Occasion { by, of } => self.constructed(*by, of),
            What::Field { of, name } => self.field(of, name),
            What::Fact { of, fact } => {
                let of = self.step(of)?;
                self.fact(of, fact)
            }
            What::AgeOn { of, day } => self.age_on(of, day),
            What::AgeReachedIn { of, year } => self.age_reached_in(of, year),
            What::LivesInCityOn { of, day } => self.lives_in_city_on(of, day),
            What::Part { of, part } => self.part(of, *part),
            What::Plus { of, unit, number } => self.plus(of, *unit, number),
            What::DaysUntil { of, to } => self.days_until(of, to),
            What::Search { list, slot, test, all } => self.search(list, *slot, test, *all),
            What::Filter { list, slot, test } => self.filter(list, *slot, test),
            What::Len(list) => self.len(list),
            What::Fold { list, slot, value, by } => self.fold(list, *slot, value, *by),
        }
    }

    fn slot(&mut self, slot: Slot) -> Walked<'w> {
        match slot {
            SUBJECT => Ok(self.subject()),
            DAY => {
                self.only_today();
                Ok(Value::Day(Day::exact(self.over.on)))
            }
            OCCASION => Ok(self.over.occasion.map_or(Value::None, |occasion| Value::Occasion(occasion.clone()))),
            given => match self.given.get(given - N_FIXED) {
                Some(value) => Ok(value.clone()),
                None => failed("a name is read before it is given"),
            },
        }
    }

    fn subject(&self) -> Value<'w> {
        let register = &self.over.ground.world.register;
        match self.over.subject {
            SubjectRow::Resident(row) => Value::Person(register.resident(row), Whose::Subject),
            SubjectRow::Household(row) => Value::Household(register.household(row), Whose::Subject),
            SubjectRow::Building(row) => Value::Building(register.building(row), Whose::Subject),
        }
    }

    fn give(&mut self, slot: Slot, value: Value<'w>) -> Result<(), Box<Stop>> {
        let Some(at) = slot.checked_sub(N_FIXED) else { return failed("what a function begins with is given again") };
        if self.given.len() <= at {
            self.given.resize(at + 1, Value::None);
        }
        self.given[at] = value;
        Ok(())
    }

    /// *or* and *and*: the decided answer that one step is enough for, else unknown, else the other.
    fn joined(&mut self, steps: &'w [Step], any: bool, cuts_off: bool) -> Walked<'w> {
        let mut unknown: Option<Lacks<'w>> = None;
        let mut decided = false;
        for step in steps {
            match self.step(step)? {
                Value::Bool(holds) if holds == any => {
                    if cuts_off {
                        return Ok(Value::Bool(any));
                    }
                    decided = true;
                }
                Value::Bool(_) => {}
                Value::Unknown(lacks) => unknown.get_or_insert_default().add(lacks),
                other => return Err(misfit(&other, "yes or no")),
            }
        }
        Ok(match unknown {
            _ if decided => Value::Bool(any),
            Some(lacks) => Value::Unknown(lacks),
            None => Value::Bool(!any),
        })
    }

    fn switch(&mut self, of: &'w Step, arms: &'w [Arm], otherwise: &'w Step) -> Walked<'w> {
        let of = self.step(of)?;
        let mut lacks = match &of {
            Value::Unknown(lacks) => Some(lacks.clone()),
            // which arm it comes to hangs on the birth day
            Value::Age(age) => Some(self.lacks(age.born())),
            _ => None,
        };
        let undecided = lacks.is_some();
        let values = arms.iter().filter(|arm| undecided || arm.values.iter().any(|value| is_case(&of, value)));
        let ranges = arms.iter().filter(|arm| {
            !undecided
                && matches!(of, Value::Int(of) if arm.ranges.iter().any(|(from, to)| (*from..=*to).contains(&of)))
        });
        // what it may come to, a guard or the value itself being unknown
        let mut possible = Vec::new();
        for arm in values.chain(ranges) {
            let guard = arm.guard.as_ref().map_or(Ok(Value::Bool(true)), |guard| self.step(guard))?;
            match guard {
                Value::Bool(false) => continue,
                Value::Bool(true) if !undecided => {
                    if possible.is_empty() {
                        return self.step(&arm.value);
                    }
                    possible.push(self.step(&arm.value)?);
                    return Ok(agreed(lacks.unwrap_or_default(), possible));
                }
                Value::Bool(true) => {}
                Value::Unknown(missing) => lacks.get_or_insert_default().add(missing),
                other => return Err(misfit(&other, "yes or no")),
            }
            possible.push(self.step(&arm.value)?);
        }
        let last = self.step(otherwise)?;
        if possible.is_empty() {
            return Ok(last);
        }
        possible.push(last);
        Ok(agreed(lacks.unwrap_or_default(), possible))
    }

    fn lacks(&self, lack: Lack<'w>) -> Lacks<'w> {
        if self.over.lacks { Lacks::of(lack) } else { Lacks::default() }
    }

    fn unknown(&self, fact: &'w str, of: Whose, reason: UnknownReason) -> Value<'w> {
        Value::Unknown(self.lacks(Lack { fact, of, reason }))
    }

    /// The answer is the same from `from` to before `to` at most.
    fn narrow(&mut self, from: NaiveDate, to: NaiveDate) {
        self.same = self.same.and(Days { from, to });
    }

    fn only_today(&mut self) {
        self.same = self.same.and(Days::one(self.over.on));
    }

    /// The answer is the same between two of these days on which it may change.
    fn narrow_at(&mut self, edges: impl IntoIterator<Item = NaiveDate>) {
        for edge in edges {
            if edge <= self.over.on {
                self.narrow(edge, NaiveDate::MAX);
            } else {
                self.narrow(NaiveDate::MIN, edge);
            }
        }
    }

    /// A step that is a day, and whether it is the day evaluated itself: whoever asks for that says when the answer changes.
    fn day_of(&mut self, step: &'w Step) -> Result<(Value<'w>, bool), Box<Stop>> {
        if is_today(step) {
            return Ok((Value::Day(Day::exact(self.over.on)), true));
        }
        Ok((self.step(step)?, false))
    }

    /// The day itself, or the unknown that keeps it from being told.
    fn exact(&self, value: Value<'w>) -> Result<Result<NaiveDate, Lacks<'w>>, Box<Stop>> {
        match value {
            Value::Day(day) => Ok(day.date.day().ok_or_else(|| self.lacks(day.lack()))),
            Value::Unknown(lacks) => Ok(Err(lacks)),
            other => Err(misfit(&other, "a day")),
        }
    }

    /// The number itself, or the unknown that keeps it from being told.
    fn number(&self, value: Value<'w>) -> Result<Result<i64, Lacks<'w>>, Box<Stop>> {
        match value {
            Value::Int(number) => Ok(Ok(number)),
            Value::Age(age) => Ok(Err(self.lacks(age.born()))),
            Value::Unknown(lacks) => Ok(Err(lacks)),
            other => Err(misfit(&other, "a number")),
        }
    }
}

/// Whether a step is the day evaluated.
fn is_today(step: &Step) -> bool {
    matches!(step.what, What::Slot(DAY))
}

/// The first day after.
fn after(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(NaiveDate::MAX)
}

/// Both, or everything that either lacks.
fn both<'w, A, B>(one: Result<A, Lacks<'w>>, other: Result<B, Lacks<'w>>) -> Result<(A, B), Lacks<'w>> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(lacks), Ok(_)) | (Ok(_), Err(lacks)) => Err(lacks),
        (Err(mut lacks), Err(more)) => {
            lacks.add(more);
            Err(lacks)
        }
    }
}

/// What comes of branches of which one is taken, without saying which.
fn agreed<'w>(mut lacks: Lacks<'w>, branches: Vec<Value<'w>>) -> Value<'w> {
    if let Some((first, rest)) = branches.split_first()
        && !matches!(first, Value::Unknown(_))
        && rest.iter().all(|branch| branch.is_same(first))
    {
        return first.clone();
    }
    for branch in branches {
        if let Value::Unknown(more) = branch {
            lacks.add(more);
        }
    }
    Value::Unknown(lacks)
}

fn is_case(of: &Value<'_>, case: &Constant) -> bool {
    match (of, case) {
        (Value::None, Constant::None) => true,
        (Value::Bool(of), Constant::Bool(case)) => of == case,
        (Value::Int(of), Constant::Int(case)) => of == case,
        (Value::Text(of), Constant::Text(case)) => of.as_str() == &**case,
        _ => false,
    }
}

impl Text<'_> {
    fn is(&self, other: &Text<'_>) -> bool {
        self.as_str() == other.as_str()
    }
}
