//! Calls: the functions of the rule language, and helpers, which are put in where they are called.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::PartialDate;
use ennakko_core::day::day_number;

use super::ints::Ints;
use super::known::{Known, Values};
use super::members::within_calendar;
use super::modules::Unknown;
use super::numbers::ends;
use super::register::yes_or_no;
use super::typed::{FieldType, Number, Type, Typed};
use super::{CALLS_MAX, Elaborator, Frame};
use crate::diagnostic::Code;
use crate::expression::{Expression, FunctionTree, Kind as Form, Name, Span};
use crate::facts::{FUNCTIONS, Kind};
use crate::step::{Arithmetic, Constant, Constructor, Step, What};
use crate::unit::Unit;

impl Elaborator<'_> {
    pub(super) fn call(&mut self, span: Span, name: &Name, arguments: &[Expression]) -> Typed {
        if let Some(function) = self.trees.get(&*name.text) {
            return self.helper(span, name, function, arguments);
        }
        let Some((_, n)) = FUNCTIONS.iter().find(|(known, _)| *known == &*name.text) else {
            let own = self.trees.keys().cloned();
            let names = FUNCTIONS.iter().map(|(known, _)| (*known).to_owned()).chain(own).collect();
            let (what, label, table) = ("function", "no such function", "_shared.rhai");
            let before = String::new();
            self.unknown(&Unknown { span: name.span, before, name: &name.text, what, label, table }, &names);
            return self.names_of(span, arguments);
        };
        if arguments.len() != *n {
            self.takes(name.span, &name.text, *n, arguments.len(), &usage(&name.text));
            return self.names_of(span, arguments);
        }
        match (&*name.text, arguments) {
            ("any_of" | "all_of", [lines]) => self.lines(span, name, lines),
            ("date", [text]) => self.date(span, text),
            ("min" | "max", [one, two]) => {
                let by = if &*name.text == "min" { Arithmetic::Min } else { Arithmetic::Max };
                let (one, two) = (self.expression(one), self.expression(two));
                self.arithmetic(span, by, one, two)
            }
            ("each_year" | "once", [on]) => self.each_year(span, name, on),
            ("no_occasion", []) => {
                let step = self.step(span, What::Occasion { by: Constructor::NoOccasion, of: Vec::new() });
                Typed::new(span, Type::Occasion(Some(BTreeMap::new())), step).may_be_none(true)
            }
            ("at_age", [subject, years, open_for, on]) => self.at_age(span, [subject, years, open_for, on]),
            ("after", [day, wait, open_for, on]) => {
                self.comes_again.push(self.at(name.span));
                self.after(span, [day, wait, open_for, on])
            }
            _ => self.names_of(span, arguments),
        }
    }

    /// `any_of(#{ ... })`, `all_of(#{ ... })` inside an expression: every line is looked at, whatever the others say.
    fn lines(&mut self, span: Span, name: &Name, lines: &Expression) -> Typed {
        let any = &*name.text == "any_of";
        let Form::Map(entries) = &lines.kind else {
            let message = format!("`{}` joins named lines", name.text);
            self.error(
                lines.span,
                Code::Types,
                message,
                format!("write `{}(#{{ name: test, other: test }})`", name.text),
            );
            return self.names_of(span, [lines]);
        };
        let tests: Vec<Typed> = entries.iter().map(|(_, test)| self.test(test)).collect();
        if tests.iter().any(Typed::is_silent) {
            return self.told(span);
        }
        let (mut every, mut some) = (Known::nothing(), Known::impossible());
        for test in &tests {
            let (all, one) = if any { (&test.fails, &test.holds) } else { (&test.holds, &test.fails) };
            every = every.and(all);
            some = some.or(one);
        }
        let of = tests.into_iter().map(|test| test.step).collect();
        let step = self.step(span, What::Join { any, of });
        let typed = Typed::new(span, Type::Bool, step).with_values(yes_or_no());
        if any { typed.implying(some, every) } else { typed.implying(every, some) }
    }

    fn date(&mut self, span: Span, text: &Expression) -> Typed {
        let Form::Text(written) = &text.kind else {
            let help = "write year, month and day in quotes: `date(\"2027-01-08\")`";
            self.error(text.span, Code::Types, "a day is written down as a text", help);
            return self.names_of(span, [text]);
        };
        let Ok(day) = PartialDate::parse(written) else {
            let message = format!("\"{written}\" is not a day of the calendar");
            self.error(text.span, Code::Numbers, message, "write it as year-month-day: `date(\"2027-01-08\")`");
            return self.told(span);
        };
        let Some(day) = day.day() else {
            let message = format!("\"{written}\" is more than one day");
            self.error(text.span, Code::Numbers, message, "write it as year-month-day: `date(\"2027-01-08\")`");
            return self.told(span);
        };
        self.day(span, day)
    }

    fn day(&mut self, span: Span, day: NaiveDate) -> Typed {
        let step = self.constant(span, Constant::Day(day));
        let values = Values::Ints(Ints::one(day_number(day).into()));
        Typed { is_literal: true, ..Typed::new(span, Type::Day, step).with_values(values) }
    }

    fn each_year(&mut self, span: Span, name: &Name, on: &Expression) -> Typed {
        let on = self.expression(on);
        let by = if &*name.text == "once" { Constructor::Once } else { Constructor::EachYear };
        let on = self.as_day(on);
        self.occasion_of(span, by, on.map(|on| vec![on.step]), &["year"], false)
    }

    /// What a constructor gives; its fields are known even where something is wrong with what it is given.
    fn occasion_of(
        &mut self,
        span: Span,
        by: Constructor,
        of: Option<Vec<Step>>,
        years: &[&str],
        may_be_none: bool,
    ) -> Typed {
        let mut fields: BTreeMap<Arc<str>, FieldType> =
            ["opens", "closes", "ends"].into_iter().map(|name| (Arc::from(name), FieldType::Day)).collect();
        fields.insert(Arc::from("id"), FieldType::Text);
        fields.extend(years.iter().map(|name| (Arc::from(*name), FieldType::Int)));
        let step = match of {
            Some(of) => self.step(span, What::Occasion { by, of }),
            None => self.constant(span, Constant::None),
        };
        Typed::new(span, Type::Occasion(Some(fields)), step).may_be_none(may_be_none)
    }

    fn at_age(&mut self, span: Span, [subject, years, open_for, on]: [&Expression; 4]) -> Typed {
        let subject = self.expression(subject);
        let subject = match &subject.ty {
            Type::Thing(Kind::Resident, whose) => {
                let whose = *whose;
                self.readings.push(super::Reading {
                    at: self.at(subject.span),
                    of: Kind::Resident,
                    name: Arc::from("born"),
                    whose,
                    function: self.function,
                    decides: true,
                });
                Some(self.needed(subject)).filter(|subject| !subject.is_silent())
            }
            silent if silent.is_silent() => None,
            other => {
                let message = format!("only a person reaches an age, and this is {}", other.words());
                self.error(subject.span, Code::Types, message, "write the rule's subject: `at_age(person, ...)`");
                None
            }
        };
        let years = self.expression(years);
        let literal_years = years.is_literal;
        let years = self.number_of(years, &[Unit::Years]).and_then(|years| self.exact(years));
        if let Some(years) = &years {
            let (least, most) = ends(years);
            if literal_years {
                self.limit(years.span, Number::of(Some(Unit::Years)), least);
            }
            if !(-100_000..=100_000).contains(&least) || !(-100_000..=100_000).contains(&most) {
                self.out_of_calendar(years.span);
            }
        }
        let open_for = self.open_for(open_for);
        let on = self.expression(on);
        let on = self.as_day(on);
        let of = [subject, years, open_for, on].into_iter().map(|part| part.map(|part| part.step)).collect();
        self.occasion_of(span, Constructor::AtAge, of, &[], true)
    }

    fn after(&mut self, span: Span, [day, wait, open_for, on]: [&Expression; 4]) -> Typed {
        let day = self.expression(day);
        let day = self.as_day(day);
        let wait = self.expression(wait);
        let wait = self.number_of(wait, &[Unit::Days]).and_then(|wait| self.exact(wait));
        let open_for = self.open_for(open_for);
        if let (Some(day), Some(wait)) = (&day, &wait) {
            let ((first, last), (shortest, longest)) = (ends(day), ends(wait));
            let open = open_for.as_ref().map_or(0, |open_for| ends(open_for).1);
            let last = last.saturating_add(longest).saturating_add(open);
            if within_calendar(first.saturating_add(shortest), last).is_none() {
                self.out_of_calendar(wait.span);
            }
        }
        let on = self.expression(on);
        let on = self.as_day(on);
        let of = [day, wait, open_for, on].into_iter().map(|part| part.map(|part| part.step)).collect();
        self.occasion_of(span, Constructor::After, of, &[], true)
    }

    /// A number that is not an age known only roughly.
    fn exact(&mut self, number: Typed) -> Option<Typed> {
        if !number.ty.number().is_some_and(|number| number.rough) {
            return Some(number);
        }
        let help = "use a parameter, or `age_reached_in(year)`";
        self.error(number.span, Code::Types, "an age that may be known only roughly makes no occasion", help);
        None
    }

    /// For how many days an occasion is open: at least one.
    fn open_for(&mut self, open_for: &Expression) -> Option<Typed> {
        let open_for = self.expression(open_for);
        let open_for = self.number_of(open_for, &[Unit::Days]).and_then(|number| self.exact(number))?;
        let (least, most) = ends(&open_for);
        if most < 1 {
            let help = "write for how many days offers may be made";
            self.error(open_for.span, Code::Bounds, "an occasion is open for at least one day", help);
            return None;
        }
        if least < 1 && !fault!(WindowsMayBeEmpty) {
            let written = self.written(open_for.span).unwrap_or("n").to_owned();
            let message = "this may be less than one day, and an occasion is open for at least one";
            self.error(open_for.span, Code::Bounds, message, format!("write `max({written}, 1)`"));
            return None;
        }
        if most > 1_000_000 {
            self.out_of_calendar(open_for.span);
            return None;
        }
        Some(open_for)
    }

    fn helper(&mut self, span: Span, name: &Name, function: &FunctionTree, arguments: &[Expression]) -> Typed {
        let given: Vec<Typed> = arguments.iter().map(|argument| self.expression(argument)).collect();
        let n = function.parameters.len();
        if n != given.len() {
            let values = if n == 1 { "1 value".to_owned() } else { format!("{n} values") };
            let message = format!("`{}` takes {values}, not {}", name.text, given.len());
            let help = format!("write `{}({})`", name.text, function.parameters.join(", "));
            self.error(name.span, Code::UnknownName, message, help);
            return self.told(span);
        }
        if super::functions::FORM_NAMES.contains(&&*name.text) {
            let message = format!("`{}` is a part of the rule's form and no helper", name.text);
            let help = "put what both need into a helper function";
            self.error(name.span, Code::Form, message, help);
            return self.told(span);
        }
        if self.circles.contains(&*name.text) || self.set_aside.contains(&*name.text) {
            // told at the function
            return self.told(span);
        }
        if self.names_only {
            let step = self.constant(span, Constant::None);
            return Typed::new(span, Type::Open, step);
        }
        if fault!(HelpersNotLookedInto) {
            return self.told(span);
        }
        if self.frames.len() + self.n_closures >= CALLS_MAX {
            return self.too_deep(name.span, span);
        }
        let call = match (function.shared, self.frames.last()) {
            (true, Some(Frame { call: Some(place), .. })) => Some(*place),
            (true, Some(Frame { shared: false, .. }) | None) => Some(self.place(span)),
            _ => None,
        };
        let outer = std::mem::take(&mut self.scope);
        let mut lets = Vec::new();
        for (parameter, given) in function.parameters.iter().zip(given) {
            if matches!(given.step.what, What::Slot(_) | What::Constant(_)) || given.is_silent() {
                self.scope.push((parameter.clone(), given));
            } else {
                let slot = self.bind(parameter, &given);
                lets.push((slot, given));
            }
        }
        let line = Some(self.place(span).line);
        self.frames.push(Frame { shared: function.shared, line, call });
        let body = self.expression(&function.body);
        self.frames.pop();
        self.scope = outer;
        let body = self.around(lets, body);
        // from here on it is the call that is meant
        Typed { span, ..body }
    }
}

/// How a function of the rule language is written.
fn usage(name: &str) -> String {
    match name {
        "at_age" => "at_age(subject, years, open_for_days, on)",
        "after" => "after(day, wait_days, open_for_days, on)",
        "any_of" | "all_of" => return format!("{name}(#{{ name: test }})"),
        "date" => "date(\"2027-01-08\")",
        "each_year" | "once" => return format!("{name}(on)"),
        "no_occasion" => "no_occasion()",
        "contains" => "x in list",
        _ => return format!("{name}(..., ...)"),
    }
    .to_owned()
}
