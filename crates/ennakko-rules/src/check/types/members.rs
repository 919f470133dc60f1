//! What is asked after a dot with brackets: persons, days, and lists with what is asked of each member.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ints::Ints;
use super::known::{Path, Values};
use super::modules::Unknown;
use super::numbers::{ends, key};
use super::register::{self, calendar, years, yes_or_no};
use super::typed::{Number, Type, Typed, Whose};
use super::{CALLS_MAX, Elaborator};
use crate::diagnostic::Code;
use crate::expression::{Expression, Kind as Form, Name, Span};
use crate::facts::{DAY_FIELDS, Kind};
use crate::step::{Calendrical, Fold, What};
use crate::unit::Unit;

/// Members of a list at most, for the bounds of sums.
const MEMBERS_MAX: i64 = 1_000_000;

/// Methods by what they are asked of: name and how it is written.
pub(super) const OF_RESIDENT: &[(&str, &str)] = &[
    ("age_on", ".age_on(day)"),
    ("age_reached_in", ".age_reached_in(year)"),
    ("lives_in_city_on", ".lives_in_city_on(day)"),
];
pub(super) const OF_DAY: &[(&str, &str)] = &[
    ("days_until", ".days_until(day)"),
    ("plus_days", ".plus_days(n)"),
    ("plus_months", ".plus_months(n)"),
    ("plus_years", ".plus_years(n)"),
];
const OF_LIST: &[(&str, &str)] = &[
    ("all", ".all(|one| ...)"),
    ("filter", ".filter(|one| ...)"),
    ("len", ".len()"),
    ("max", ".max(|one| ...)"),
    ("min", ".min(|one| ...)"),
    ("some", ".some(|one| ...)"),
    ("sum", ".sum(|one| ...)"),
];

fn methods_of(ty: &Type) -> &'static [(&'static str, &'static str)] {
    match ty {
        Type::Thing(Kind::Resident, _) => OF_RESIDENT,
        Type::Day => OF_DAY,
        Type::Members(_) => OF_LIST,
        _ => &[],
    }
}

impl Elaborator<'_> {
    pub(super) fn method(
        &mut self,
        span: Span,
        of: &Expression,
        name: &Name,
        arguments: &[Expression],
        safe: bool,
    ) -> Typed {
        let of_written = of;
        let Some(of) = self.before_dot(of, name, safe) else { return self.told(span) };
        if &*name.text == "age" {
            return self.bare_age(name.span);
        }
        let every = [OF_RESIDENT, OF_DAY, OF_LIST];
        let known = if of.ty == Type::Open {
            every.iter().flat_map(|methods| methods.iter()).find(|(method, _)| *method == &*name.text)
        } else {
            methods_of(&of.ty).iter().find(|(method, _)| *method == &*name.text)
        };
        let Some((_, usage)) = known else { return self.no_method(span, &of, of_written, name) };
        let n = usize::from(!usage.ends_with("()"));
        if arguments.len() != n {
            self.takes(name.span, &name.text, n, arguments.len(), usage);
            return self.told(span);
        }
        if of.ty == Type::Open {
            return self.open_method(span, &of, arguments);
        }
        let of = self.needed(of);
        if of.is_silent() {
            return self.names_of(span, arguments);
        }
        match (of.ty.clone(), arguments) {
            (Type::Members(_), []) => {
                let step = self.step(span, What::Len(Box::new(of.step)));
                let number = Number { counts: true, ..Number::of(None) };
                let path = of.path.map(|of| Path::from(format!("{of}.len")));
                let values = Values::Ints(Ints::between(0, MEMBERS_MAX));
                self.read(Typed::new(span, Type::Number(number), step).with_values(values), path)
            }
            (Type::Members(kind), [closure]) => self.asked_of_members(span, of, kind, name, closure),
            (Type::Day, [argument]) => self.of_day(span, of, &name.text, argument),
            (Type::Thing(_, whose), [argument]) => self.of_resident(span, of, whose, &name.text, argument),
            _ => self.told(span),
        }
    }

    /// A method of something of which nothing is known.
    fn open_method(&mut self, span: Span, of: &Typed, arguments: &[Expression]) -> Typed {
        for argument in arguments {
            if let Form::Closure { parameters, body } = &argument.kind {
                let outer = self.scope.len();
                for parameter in parameters {
                    let open = Typed::new(parameter.span, Type::Open, of.step.clone());
                    self.scope.push((parameter.text.clone(), open));
                }
                self.expression(body);
                self.scope.truncate(outer);
            } else {
                self.expression(argument);
            }
        }
        Typed::new(span, Type::Open, of.step.clone())
    }

    fn no_method(&mut self, span: Span, of: &Typed, written: &Expression, name: &Name) -> Typed {
        let first = self.written(written.span).unwrap_or("...").to_owned();
        if self.trees.contains_key(&*name.text) {
            let message = format!("`{}` is a function and not a part of something", name.text);
            self.error(name.span, Code::UnknownName, message, format!("write `{}({first}, ...)`", name.text));
            return self.told(span);
        }
        let tables = self.check.tables.clone();
        let is_fact = match &of.ty {
            Type::Thing(kind, _) => register::fact(&tables, *kind, &name.text).is_some(),
            Type::Occasion(fields) => fields.as_ref().is_some_and(|fields| fields.contains_key(&name.text)),
            Type::Day => DAY_FIELDS.contains(&&*name.text),
            Type::Open => self.any_name().contains(&*name.text),
            _ => false,
        };
        if is_fact {
            let message = format!("`{}` is a fact and takes no values", name.text);
            let help = format!("write it without `()`: `{first}.{}`", name.text);
            self.error(name.span, Code::UnknownName, message, help);
            return self.told(span);
        }
        let every = [(OF_RESIDENT, "a person"), (OF_DAY, "a day"), (OF_LIST, "a list of the register")];
        if let Some((_, owner)) = every.iter().find(|(of, _)| of.iter().any(|(method, _)| *method == &*name.text)) {
            let message = format!("`{}` is asked of {owner} and not of {}", name.text, of.ty.words());
            let help = match (&of.ty, *owner) {
                (Type::Members(_), _) => format!("ask its members: `{first}.some(|one| one.{}(...))`", name.text),
                (Type::Array(_), _) => "a list of values is asked with `in`: `x in list`".to_owned(),
                _ => format!("write it after {owner}"),
            };
            self.error(name.span, Code::UnknownName, message, help);
            return self.told(span);
        }
        let own = methods_of(&of.ty).iter().map(|(method, _)| (*method).to_owned());
        let names: BTreeSet<String> = if of.ty == Type::Open || methods_of(&of.ty).is_empty() {
            every.iter().flat_map(|(methods, _)| methods.iter()).map(|(method, _)| (*method).to_owned()).collect()
        } else {
            own.collect()
        };
        let before = self.before(written.span);
        let before = if matches!(written.kind, Form::Variable(_)) { before } else { String::new() };
        let (what, label, table) = ("method", "no such method", "");
        self.unknown(&Unknown { span: name.span, before, name: &name.text, what, label, table }, &names);
        self.told(span)
    }

    pub(super) fn takes(&mut self, span: Span, name: &str, n: usize, n_given: usize, usage: &str) {
        let values = if n == 1 { "1 value".to_owned() } else { format!("{n} values") };
        let message = format!("`{name}` takes {values}, not {n_given}");
        self.error(span, Code::UnknownName, message, format!("write `{usage}`"));
    }

    fn of_resident(&mut self, span: Span, of: Typed, whose: Whose, name: &str, argument: &Expression) -> Typed {
        let argument = self.expression(argument);
        let read = if name == "lives_in_city_on" { "lives_in_city" } else { "born" };
        self.reads(span, Kind::Resident, &Arc::from(read), whose, true);
        let argument = if name == "age_reached_in" {
            match argument.ty {
                Type::Day => {
                    let help = format!("take its year: `{}.year`", self.written(argument.span).unwrap_or("day"));
                    self.error(argument.span, Code::Types, "a calendar year belongs here, and this is a day", help);
                    None
                }
                _ => self.number_of(argument, &[Unit::Year]),
            }
        } else {
            self.as_day(argument)
        };
        let Some(argument) = argument else { return self.told(span) };
        if name == "age_reached_in" {
            self.limits(
                &Typed { is_literal: false, ty: Type::Number(Number::of(Some(Unit::Year))), ..argument.clone() },
                &argument,
            );
        }
        let path =
            of.path.as_ref().zip(key(&argument)).map(|(of, argument)| Path::from(format!("{of}.{name}({argument})")));
        let (least, most) = ends(&argument);
        let (of, argument) = (Box::new(of.step), Box::new(argument.step));
        let (what, ty, values) = match name {
            "age_on" => {
                let ages = (year_of(least) - years().1 - 1, year_of(most) - years().0 + 1);
                let ty = Type::Number(Number { rough: true, ..Number::of(Some(Unit::Years)) });
                (What::AgeOn { of, day: argument }, ty, Values::Ints(Ints::between(ages.0, ages.1)))
            }
            "age_reached_in" => {
                let ages = (least.saturating_sub(years().1), most.saturating_sub(years().0));
                let ty = Type::Number(Number::of(Some(Unit::Years)));
                (What::AgeReachedIn { of, year: argument }, ty, Values::Ints(Ints::between(ages.0, ages.1)))
            }
            _ => (What::LivesInCityOn { of, day: argument }, Type::Bool, yes_or_no()),
        };
        let step = self.step(span, what);
        self.read(Typed::new(span, ty, step).with_values(values), path)
    }

    /// A value that must be a day.
    pub(super) fn as_day(&mut self, typed: Typed) -> Option<Typed> {
        let typed = match typed.ty {
            Type::Day | Type::None => self.needed(typed),
            _ => typed,
        };
        match &typed.ty {
            Type::Told | Type::Open => None,
            Type::Day => Some(typed),
            other => {
                let message = format!("a day belongs here, and this is {}", other.words());
                let help = match other {
                    Type::Occasion(_) => {
                        format!("name one of its days: `{}.opens`", self.written(typed.span).unwrap_or("start"))
                    }
                    Type::Text(_) => "write `date(\"2027-01-08\")`".to_owned(),
                    _ => "write `on`, or a day of the occasion: `start.opens`".to_owned(),
                };
                self.error(typed.span, Code::Types, message, help);
                None
            }
        }
    }

    fn of_day(&mut self, span: Span, of: Typed, name: &str, argument: &Expression) -> Typed {
        let argument = self.expression(argument);
        let (first, last) = ends(&of);
        if name == "days_until" {
            let Some(to) = self.as_day(argument) else { return self.told(span) };
            let (to_first, to_last) = ends(&to);
            let path = key(&of).zip(key(&to)).map(|(of, to)| Path::from(format!("{of}.days_until({to})")));
            let values = Values::Ints(Ints::between(to_first.saturating_sub(last), to_last.saturating_sub(first)));
            let step = self.step(span, What::DaysUntil { of: Box::new(of.step), to: Box::new(to.step) });
            let ty = Type::Number(Number::of(Some(Unit::Days)));
            return self.read(Typed::new(span, ty, step).with_values(values), path);
        }
        let (unit, of_unit, days) = match name {
            "plus_months" => (Calendrical::Months, Unit::Months, 31),
            "plus_years" => (Calendrical::Years, Unit::Years, 366),
            _ => (Calendrical::Days, Unit::Days, 1),
        };
        let Some(number) = self.number_of(argument, &[of_unit]) else { return self.told(span) };
        if number.ty.number().is_some_and(|number| number.rough && !fault!(RoughAgesMoveDays)) {
            let help = "use `age_reached_in(year)`, or a parameter";
            self.error(number.span, Code::Types, "an age that may be known only roughly moves no day", help);
            return self.told(span);
        }
        if number.is_literal && !of.is_literal {
            let (value, _) = ends(&number);
            self.limit(number.span, Number::of(Some(of_unit)), value);
        }
        let (back, on) = ends(&number);
        let (back, on) = (back.min(0).saturating_mul(days), on.max(0).saturating_mul(days));
        let Some((first, last)) = within_calendar(first.saturating_add(back), last.saturating_add(on)) else {
            return self.out_of_calendar(number.span);
        };
        let path = key(&of).zip(key(&number)).map(|(of, number)| Path::from(format!("{of}.{name}({number})")));
        let is_literal = of.is_literal && number.is_literal;
        let what = What::Plus { of: Box::new(of.step), unit, number: Box::new(number.step) };
        let step = self.step(span, what);
        let typed = Typed::new(span, Type::Day, step).with_values(Values::Ints(Ints::between(first, last)));
        Typed { is_literal, ..self.read(typed, path) }
    }

    pub(super) fn out_of_calendar(&mut self, span: Span) -> Typed {
        let written = self.written(span).unwrap_or("n").to_owned();
        let message = "this may move a day out of the calendar";
        let help =
            format!("say between which numbers it lies (`min`, `max` in facts.toml), or write `min({written}, 1000)`");
        self.error(span, Code::Bounds, message, help);
        self.told(span)
    }

    fn asked_of_members(&mut self, span: Span, of: Typed, kind: Kind, name: &Name, closure: &Expression) -> Typed {
        let Form::Closure { parameters, body } = &closure.kind else {
            if self.expression(closure).is_silent() {
                return self.told(span);
            }
            let help = format!("write `.{}(|one| ...)`", name.text);
            self.error(closure.span, Code::Types, format!("`{}` asks each member by a `|one| ...`", name.text), help);
            return self.told(span);
        };
        let [parameter] = parameters.as_slice() else {
            let message = format!("the `|...|` of `{}` has {} names, not 1", name.text, parameters.len());
            self.error(closure.span, Code::Types, message, format!("write `.{}(|one| ...)`", name.text));
            return self.told(span);
        };
        if self.frames.len() + self.n_closures >= CALLS_MAX {
            return self.too_deep(name.span, span);
        }
        if fault!(ClosuresNotLookedInto) {
            return self.told(span);
        }
        let slot = self.slot();
        let outer = self.scope.len();
        let step = self.step(parameter.span, What::Slot(slot));
        let member = Typed::new(parameter.span, Type::Thing(kind, Whose::Other), step);
        self.scope.push((parameter.text.clone(), member.read_as(Some(Path::from(format!("#{slot}"))))));
        self.n_closures += 1;
        let known = self.known.clone();
        let body = self.expression(body);
        self.known = known;
        self.n_closures -= 1;
        self.scope.truncate(outer);
        let list = Box::new(of.step);
        match &*name.text {
            "some" | "all" | "filter" => {
                let test = self.as_test(body);
                if test.is_silent() {
                    return self.told(span);
                }
                let test = Box::new(test.step);
                let (what, ty) = match &*name.text {
                    "filter" => (What::Filter { list, slot, test }, Type::Members(kind)),
                    word => (What::Search { list, slot, test, all: word == "all" }, Type::Bool),
                };
                let step = self.step(span, what);
                let typed = Typed::new(span, ty, step);
                if typed.ty == Type::Bool { typed.with_values(yes_or_no()) } else { typed }
            }
            word => {
                let Some((value, number)) = self.as_number(body) else { return self.told(span) };
                let by = match word {
                    "sum" => Fold::Sum,
                    "min" => Fold::Min,
                    _ => Fold::Max,
                };
                let (least, most) = ends(&value);
                let (least, most) = match by {
                    Fold::Sum => {
                        let sums = least.min(0).checked_mul(MEMBERS_MAX).zip(most.max(0).checked_mul(MEMBERS_MAX));
                        let Some(sums) = sums else {
                            let help =
                                "say in facts.toml between which numbers the fact lies: `min = 0`, `max = 10000000`";
                            self.error(
                                value.span,
                                Code::Bounds,
                                "the sum of these may be too large for a number",
                                help,
                            );
                            return self.told(span);
                        };
                        sums
                    }
                    _ => (least, most),
                };
                let what = What::Fold { list, slot, value: Box::new(value.step), by };
                let step = self.step(span, what);
                let number = Number { counts: false, rough: false, ..number };
                let typed =
                    Typed::new(span, Type::Number(number), step).with_values(Values::Ints(Ints::between(least, most)));
                // of an empty list
                typed.may_be_none(by != Fold::Sum && !fault!(NobodyHasALeast))
            }
        }
    }

    pub(super) fn too_deep(&mut self, at: Span, span: Span) -> Typed {
        let help = "say it in fewer helper functions and lists inside each other";
        self.error(at, Code::Form, "functions call each other too deeply", help);
        self.told(span)
    }
}

/// The year of a day by its number, at least roughly where it is out of the calendar.
pub(super) fn year_of(day: i64) -> i64 {
    use chrono::Datelike;
    i32::try_from(day)
        .map_or(if day < 0 { -300_000 } else { 300_000 }, |day| i64::from(ennakko_core::day::day_of_number(day).year()))
}

/// Days by number, if they are all in the calendar.
pub(super) fn within_calendar(first: i64, last: i64) -> Option<(i64, i64)> {
    let (earliest, latest) = calendar();
    (earliest <= first && last <= latest || fault!(DaysMayLeaveTheCalendar)).then_some((first, last))
}
