//! What is read after a dot without brackets: facts, fields of an occasion, parts of a day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ennakko_core::fact_table::FACT_INT_MAX;

use super::Elaborator;
use super::ints::Ints;
use super::known::{Known, Path, Possible, Values};
use super::members::{OF_DAY, OF_RESIDENT, year_of};
use super::modules::Unknown;
use super::numbers::{ends, key};
use super::register;
use super::typed::{FieldType, Number, Type, Typed, Whose, kind_words};
use crate::diagnostic::Code;
use crate::expression::{Expression, Name, Span};
use crate::facts::{DAY_FIELDS, Kind};
use crate::step::{DayPart, What};
use crate::unit::Unit;

impl Elaborator<'_> {
    pub(super) fn property(&mut self, span: Span, of: &Expression, name: &Name, safe: bool) -> Typed {
        let Some(of) = self.before_dot(of, name, safe) else { return self.told(span) };
        let has_one = matches!(of.ty, Type::Thing(Kind::Resident, _) | Type::Open);
        if &*name.text == "age" && has_one {
            return self.bare_age(span);
        }
        match of.ty.clone() {
            Type::Open => self.any_property(span, &of, name),
            Type::Thing(kind, whose) => self.fact(span, of, kind, whose, name),
            Type::Occasion(fields) => self.field(span, of, fields.as_ref(), name),
            Type::Day => self.part(span, of, name),
            other => {
                let written = self.written(of.span).unwrap_or("list").to_owned();
                let (message, help) = match &other {
                    Type::Members(_) => (
                        format!("{} has no `{}`", other.words(), name.text),
                        format!("ask its members: `{written}.some(|one| one.{})`", name.text),
                    ),
                    Type::None => ("none has no parts".to_owned(), "write the fact that is meant".to_owned()),
                    _ => (
                        format!("{} has no `{}`", other.words(), name.text),
                        "facts are read of persons, households and buildings, parts of days and occasions".to_owned(),
                    ),
                };
                self.labelled(span, Code::UnknownName, message, "", help);
                self.told(span)
            }
        }
    }

    /// What stands before a dot; nothing if something is told of it, or of the dot.
    pub(super) fn before_dot(&mut self, of: &Expression, name: &Name, safe: bool) -> Option<Typed> {
        let of = self.expression(of);
        if safe {
            let help = "write `.`, and ask before it what may be none: `x != () && ...`";
            self.error(name.span, Code::Form, "a rule cannot use `?.`", help);
            return None;
        }
        (of.ty != Type::Told).then_some(of)
    }

    pub(super) fn bare_age(&mut self, span: Span) -> Typed {
        self.error(
            span,
            Code::UnknownName,
            "there is no bare age",
            "say when: `age_on(day)` or `age_reached_in(year)`",
        );
        self.told(span)
    }

    /// What stands before the last name, as the author wrote it.
    pub(super) fn before(&self, of: Span) -> String {
        self.written(of).filter(|written| !written.contains(['(', ' '])).map_or_else(String::new, |of| format!("{of}."))
    }

    /// Of something of which nothing is known: any name that anything has.
    fn any_property(&mut self, span: Span, of: &Typed, name: &Name) -> Typed {
        let names = self.any_name();
        let before = self.before(of.span);
        if names.contains(&*name.text) {
            let step = of.step.clone();
            return Typed::new(span, Type::Open, step);
        }
        let unknown =
            Unknown { span, before, name: &name.text, what: "fact", label: "no such fact", table: "facts.toml" };
        self.unknown(&unknown, &names)
    }

    pub(super) fn any_name(&self) -> BTreeSet<String> {
        let kinds = [Kind::Resident, Kind::Household, Kind::Building, Kind::Stairwell];
        let mut names: BTreeSet<String> =
            kinds.into_iter().flat_map(|kind| register::names(self.check.tables, kind)).collect();
        names.extend(DAY_FIELDS.iter().map(|field| (*field).to_owned()));
        let calendars = &self.check.tables.calendars;
        names.extend(calendars.rounds.keys().flat_map(|calendar| calendars.fields(calendar)));
        names.extend(["id", "opens", "closes", "ends", "year"].map(str::to_owned));
        names
    }

    fn fact(&mut self, span: Span, of: Typed, kind: Kind, whose: Whose, name: &Name) -> Typed {
        let tables = self.check.tables.clone();
        let Some(fact) = register::fact(&tables, kind, &name.text) else {
            return self.no_fact(span, &of, kind, name);
        };
        let of = self.needed(of);
        if of.is_silent() {
            return self.told(span);
        }
        self.reads(span, kind, &name.text, whose, self.function != "offer");
        let path = of.path.as_ref().map(|of| Path::from(format!("{of}.{}", name.text)));
        let step = self.step(span, What::Fact { of: Box::new(of.step), fact: fact.name });
        let typed = Typed::new(span, fact.ty, step).may_be_none(fact.may_be_none).with_values(fact.values);
        self.read(typed, path)
    }

    /// Something that is read by a path, with what is known of that path here.
    pub(super) fn read(&mut self, typed: Typed, path: Option<Path>) -> Typed {
        let possible = self.known.left(path.as_ref(), typed.possible.clone());
        let typed = Typed { possible, ..typed.read_as(path) };
        match (&typed.ty, typed.path.clone()) {
            (Type::Bool, Some(path)) => {
                let of = |yes: bool| Known::of(&path, Possible::value(Values::Bools { yes, no: !yes }));
                let (holds, fails) = (of(true), of(false));
                typed.implying(holds, fails)
            }
            _ => typed,
        }
    }

    fn no_fact(&mut self, span: Span, of: &Typed, kind: Kind, name: &Name) -> Typed {
        let tables = self.check.tables.clone();
        let others = [Kind::Resident, Kind::Household, Kind::Building, Kind::Stairwell];
        let owner = others.into_iter().find(|other| register::fact(&tables, *other, &name.text).is_some());
        let mut names = register::names(&tables, kind);
        let written = self.before(of.span);
        if let Some(owner) = owner {
            let message = format!("`{}` is a fact of {} and not of {}", name.text, kind_words(owner), kind_words(kind));
            let way = match (kind, owner) {
                (Kind::Resident, Kind::Building) => Some("home_building"),
                (Kind::Resident, Kind::Household) => Some("household"),
                _ => None,
            };
            let list = match (kind, owner) {
                (Kind::Household, Kind::Resident) => Some("members"),
                (Kind::Building, Kind::Stairwell) => Some("stairwells"),
                _ => None,
            };
            let help = match (way.filter(|way| names.contains(*way)), list) {
                (Some(way), _) => format!("write `{written}{way}.{}`", name.text),
                (None, Some(list)) => format!("ask them: `{written}{list}.some(|one| one.{})`", name.text),
                (None, None) => format!("read it of {}", kind_words(owner)),
            };
            let label = format!("{} has no such fact", kind_words(kind));
            self.labelled(span, Code::UnknownName, message, &label, help);
            return self.told(span);
        }
        if OF_RESIDENT.iter().any(|(method, _)| *method == &*name.text) && kind == Kind::Resident {
            let usage = OF_RESIDENT.iter().find(|(method, _)| *method == &*name.text).map_or("", |(_, usage)| usage);
            let help = format!("write `{usage}`");
            self.error(span, Code::UnknownName, format!("`{}` is asked for a value in brackets", name.text), help);
            return self.told(span);
        }
        if DAY_FIELDS.contains(&&*name.text) {
            names.extend(DAY_FIELDS.iter().map(|field| (*field).to_owned()));
            names.remove(&*name.text);
        }
        let unknown = Unknown {
            span,
            before: written,
            name: &name.text,
            what: "fact",
            label: "no such fact",
            table: "facts.toml",
        };
        self.unknown(&unknown, &names)
    }

    fn field(&mut self, span: Span, of: Typed, fields: Option<&BTreeMap<Arc<str>, FieldType>>, name: &Name) -> Typed {
        let of = self.needed(of);
        let (Some(fields), false) = (fields, of.is_silent()) else { return self.told(span) };
        let Some(field) = fields.get(&name.text) else {
            let names = fields.keys().map(ToString::to_string).collect();
            let (before, label) = (self.before(of.span), "the occasion has no such field");
            let unknown = Unknown { span, before, name: &name.text, what: "field", label, table: "calendar.toml" };
            return self.unknown(&unknown, &names);
        };
        let (ty, values) = match field {
            FieldType::Day => (Type::Day, Values::Ints(register::days())),
            FieldType::Int => {
                let is_year = &*name.text == "year" || name.text.ends_with("_year");
                let number = Number::of(is_year.then_some(Unit::Year));
                (Type::Number(number), Values::Ints(Ints::between(-FACT_INT_MAX, FACT_INT_MAX)))
            }
            FieldType::Text => (Type::Text(None), Values::Any),
            FieldType::Mixed => {
                if self.check.mentioned("calendar.toml", &name.text) {
                    self.left_out = true;
                } else {
                    let message = format!("`{}` is not the same kind of value in every round", name.text);
                    self.error(span, Code::Types, message, "give the fields different names in calendar.toml");
                }
                return self.told(span);
            }
        };
        let path = of.path.as_ref().map(|of| Path::from(format!("{of}.{}", name.text)));
        let step = self.step(span, What::Field { of: Box::new(of.step), name: name.text.clone() });
        self.read(Typed::new(span, ty, step).with_values(values), path)
    }

    fn part(&mut self, span: Span, of: Typed, name: &Name) -> Typed {
        let (part, number, values) = match &*name.text {
            "year" => {
                let (least, most) = ends(&of);
                let years = Ints::between(year_of(least), year_of(most));
                (DayPart::Year, Number::of(Some(Unit::Year)), years)
            }
            "month" => (DayPart::Month, Number::of(Some(Unit::Month)), Ints::between(1, 12)),
            "day" => (DayPart::Day, Number::of(None), Ints::between(1, 31)),
            _ => {
                let names = DAY_FIELDS.iter().map(|field| (*field).to_owned()).collect();
                let (before, label) = (self.before(of.span), "a day has no such part");
                let unknown = Unknown { span, before, name: &name.text, what: "part", label, table: "facts.toml" };
                if OF_DAY.iter().any(|(method, _)| *method == &*name.text) {
                    let usage = OF_DAY.iter().find(|(method, _)| *method == &*name.text).map_or("", |(_, usage)| usage);
                    let message = format!("`{}` is asked for a value in brackets", name.text);
                    self.error(span, Code::UnknownName, message, format!("write `{usage}`"));
                    return self.told(span);
                }
                return self.unknown(&unknown, &names);
            }
        };
        let of = self.needed(of);
        if of.is_silent() {
            return self.told(span);
        }
        let path = key(&of).map(|of| Path::from(format!("{of}.{}", name.text)));
        let step = self.step(span, What::Part { of: Box::new(of.step), part });
        self.read(Typed::new(span, Type::Number(number), step).with_values(Values::Ints(values)), path)
    }
}
