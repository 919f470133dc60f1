//! Every name that is read or called must be something; what is not is told with what was probably meant.

use std::collections::BTreeSet;

use super::Checking;
use super::form::is_closure;
use super::roles::{Role, Roles};
use crate::diagnostic::{Code, Place, did_you_mean};
use crate::engine::constructor_fields;
use crate::facts::{DAY_FIELDS, FUNCTIONS, Kind, METHODS, REGISTER_FACTS};
use crate::tree::{Function, Read, What};

/// A name that nothing has: how the author wrote it, what kind of thing it would be, and what could be meant.
struct Unknown<'n> {
    place: Place,
    /// As written, without its last part.
    before: String,
    name: &'n str,
    what: &'static str,
    label: &'static str,
    /// The table file in which it would be declared.
    table: &'static str,
}

impl Checking<'_> {
    pub(super) fn reads(&mut self, roles: &Roles) {
        let functions: Vec<_> = self.script.functions.iter().map(|(name, f)| (name.clone(), f.clone())).collect();
        for (name, function) in functions {
            // helpers of the shared file are checked once, with that file
            if function.shared == self.in_shared {
                for read in &function.reads {
                    self.read(read, &name, &function, roles);
                }
            }
        }
    }

    fn read(&mut self, read: &Read, caller: &str, function: &Function, roles: &Roles) {
        let place = read.place;
        match &read.what {
            What::Property { base, name } => {
                let role = base.as_deref().map(|base| roles.role(caller, function, base));
                self.property(place, base.as_deref(), name, role);
            }
            What::Method { base, name, n_args } => self.method(place, base.as_deref(), name, *n_args),
            What::Call { name, arguments } => self.call(place, name, arguments.len()),
            What::ModuleCall { module, name, n_args } => self.module_call(place, module, name, *n_args),
            What::ModuleValue { module, name } => self.module_value(place, module, name),
            What::Date(text) => {
                if ennakko_core::PartialDate::parse(text).is_err() {
                    self.error(Code::Numbers, place, format!("\"{text}\" is not a day of the calendar")).help =
                        Some("write it as year-month-day: `date(\"2027-01-08\")`".into());
                }
            }
            What::Chained => {
                self.error(
                    Code::Numbers,
                    place,
                    "this compares the answer of another comparison, which is never right",
                )
                .help = Some("write `x in 50..=60`, or `50 <= x && x <= 60`".into());
            }
            What::Assigned => {
                self.error(Code::Form, place, "`=` sets a value, and a rule sets nothing").help =
                    Some("write `==` to compare".into());
            }
            What::Refused("!(") => {
                self.error(Code::Form, place, "a function sees only what it is given").help =
                    Some("leave out the `!` after the function's name".into());
            }
            What::Refused("${") => {
                self.error(Code::Form, place, "a rule puts no text together").help =
                    Some("give the parts as terms of their own; the sentences stand in the language files".into());
            }
            What::Refused("switch") => {
                self.error(Code::Form, place, "a rule cannot use `switch`").help =
                    Some("an age that is known only roughly would match nothing; write `if ... { } else { }` or `x in [1, 2]`".into());
            }
            What::Refused(word) => {
                self.error(Code::Form, place, format!("a rule cannot use `{word}`")).help =
                    Some("a rule is evaluated once for each subject; write a named condition instead".into());
            }
            What::Needed(name) => self.needed(place, name, function),
            What::Variable(_) | What::Closure { .. } | What::Return | What::Asked(_) => {}
        }
    }

    fn property(&mut self, place: Place, base: Option<&str>, name: &str, role: Option<Role>) {
        if name == "age" {
            self.bare_age(place);
            return;
        }
        let before = base.map(|base| format!("{base}.")).unwrap_or_default();
        let unknown = Unknown { place, before, name, what: "fact", label: "no such fact", table: "facts.toml" };
        match role {
            Some(Role::Subject) => self.known(&unknown, &self.facts_of(self.kind.into())),
            Some(Role::Occasion) => {
                if let Some(fields) = self.occasion_fields.clone() {
                    let label = "the occasion has no such field";
                    self.known(&Unknown { what: "field", label, table: "calendar.toml", ..unknown }, &fields);
                }
            }
            Some(Role::Day) => {
                let names = DAY_FIELDS.iter().map(|field| (*field).to_owned()).collect();
                self.known(&Unknown { what: "part", label: "a day has no such part", ..unknown }, &names);
            }
            Some(Role::Other) | None => self.known(&unknown, &self.any_name()),
        }
    }

    /// A fact that may be none is a number, a day, yes or no only after somebody asked.
    fn needed(&mut self, place: Place, name: &str, function: &Function) {
        let facts = &self.check.tables.facts;
        let may_be_none = facts.iter().any(|fact| fact.name == name && fact.may_be_none);
        if may_be_none && !function.reads.iter().any(|read| read.what == What::Asked(name.to_owned())) {
            let line = self.file.text.lines().nth(place.line.saturating_sub(1)).unwrap_or_default();
            let written: String = line.chars().skip(place.column.saturating_sub(1)).take(place.length).collect();
            let message = format!("`{name}` may be none, which has no order and no parts");
            self.error(Code::NoneNotAsked, place, message).help =
                Some(format!("ask first: `{written} != () && ...`, or say what stands for none: `({written} ?? 0)`"));
        }
    }

    fn bare_age(&mut self, place: Place) {
        self.error(Code::UnknownName, place, "there is no bare age").help =
            Some("say when: `age_on(day)` or `age_reached_in(year)`".into());
    }

    fn method(&mut self, place: Place, base: Option<&str>, name: &str, n_args: usize) {
        if name == "age" {
            self.bare_age(place);
            return;
        }
        match METHODS.iter().find(|(known, _)| *known == name) {
            Some((_, n)) if *n == n_args => {}
            Some((_, n)) => self.takes(place, name, *n, n_args),
            None if self.script.functions.contains_key(name) => {
                let first = base.unwrap_or("...");
                self.error(Code::UnknownName, place, format!("`{name}` is a function and not a part of something"))
                    .help = Some(format!("write `{name}({first}, ...)`"));
            }
            None if self.any_name().contains(name) => {
                self.error(Code::UnknownName, place, format!("`{name}` is a fact and takes no values")).help =
                    Some(format!("write it without `()`: `{}.{name}`", base.unwrap_or("...")));
            }
            None => {
                let before = base.map(|base| format!("{base}.")).unwrap_or_default();
                let names = METHODS.iter().map(|(known, _)| (*known).to_owned()).collect();
                let (what, label, table) = ("method", "no such method", "");
                self.known(&Unknown { place, before, name, what, label, table }, &names);
            }
        }
    }

    fn takes(&mut self, place: Place, name: &str, n: usize, n_args: usize) {
        let values = if n == 1 { "1 value".to_owned() } else { format!("{n} values") };
        self.error(Code::UnknownName, place, format!("`{name}` takes {values}, not {n_args}")).help =
            Some(format!("write `{}`", usage(name, n)));
    }

    fn call(&mut self, place: Place, name: &str, n_args: usize) {
        if is_closure(name) {
            return;
        }
        let own = self.script.functions.get(name).map(|function| function.parameters.clone());
        if let Some(parameters) = own {
            if parameters.len() != n_args {
                let n = parameters.len();
                let values = if n == 1 { "1 value".to_owned() } else { format!("{n} values") };
                self.error(Code::UnknownName, place, format!("`{name}` takes {values}, not {n_args}")).help =
                    Some(format!("write `{name}({})`", parameters.join(", ")));
            }
            return;
        }
        match FUNCTIONS.iter().find(|(known, _)| *known == name) {
            Some((_, n)) if *n == n_args => {}
            Some((_, n)) => self.takes(place, name, *n, n_args),
            None => {
                let own = self.script.functions.keys().filter(|name| !is_closure(name)).cloned();
                let names = FUNCTIONS.iter().map(|(known, _)| (*known).to_owned()).chain(own).collect();
                let (what, label, table) = ("function", "no such function", "_shared.rhai");
                self.known(&Unknown { place, before: String::new(), name, what, label, table }, &names);
            }
        }
    }

    fn module_call(&mut self, place: Place, module: &str, name: &str, n_args: usize) {
        let tables = self.check.tables.clone();
        let is_code = tables.code_lists.get(module).is_some_and(|codes| codes.contains_key(name));
        let before = format!("{module}::");
        let (names, what, label, table): (BTreeSet<String>, _, _, _) = if module == "calendar" {
            let names = tables.calendars.rounds.keys().cloned().collect();
            (names, "calendar", "no such calendar", "calendar.toml")
        } else {
            let names = tables.parameters.groups.get(module).into_iter().flat_map(|names| names.keys().cloned());
            (names.collect(), "parameter", "no such parameter", "parameters.toml")
        };
        if is_code && !names.contains(name) {
            self.error(Code::UnknownName, place, format!("`{module}::{name}` is a code and takes no day")).help =
                Some(format!("write `{module}::{name}` without `()`"));
        } else if names.contains(name) && n_args != 1 {
            self.error(Code::UnknownName, place, format!("`{module}::{name}` is read for one day")).help =
                Some(format!("write `{module}::{name}(day)`, with `on` or a day of the occasion"));
        } else {
            self.known(&Unknown { place, before, name, what, label, table }, &names);
        }
    }

    fn module_value(&mut self, place: Place, module: &str, name: &str) {
        let tables = self.check.tables.clone();
        if module == "global" {
            self.error(Code::Form, place, format!("no function can see `{name}`")).help =
                Some("write the value where it is used, or put it into `parameters.toml` with its source".into());
            return;
        }
        let is_parameter = tables.parameters.groups.get(module).is_some_and(|names| names.contains_key(name))
            || module == "calendar" && tables.calendars.rounds.contains_key(name);
        if is_parameter {
            self.error(Code::UnknownName, place, format!("`{module}::{name}` is read for a day")).help =
                Some(format!("write `{module}::{name}(day)`, with `on` or a day of the occasion"));
            return;
        }
        let names: BTreeSet<String> =
            tables.code_lists.get(module).into_iter().flat_map(|codes| codes.keys().cloned()).collect();
        let before = format!("{module}::");
        let (what, label, table) = ("code", "no such code", "code_lists.toml");
        self.known(&Unknown { place, before, name, what, label, table }, &names);
    }

    fn known(&mut self, unknown: &Unknown<'_>, names: &BTreeSet<String>) {
        let Unknown { place, before, name, what, label, table } = unknown;
        if names.contains(*name) {
            return;
        }
        if self.check.mentioned(table, name) {
            // the table that would declare it has an error of its own
            self.left_out = true;
            return;
        }
        let help = did_you_mean(name, names.iter().map(String::as_str)).map_or_else(
            || match names.len() {
                0 => format!("declare it in `{table}`"),
                _ if *what == "function" => format!("write `fn {name}(...) {{ ... }}` in this file or in `{table}`"),
                n if n <= 12 => format!("known here: {}", names.iter().cloned().collect::<Vec<_>>().join(", ")),
                _ => "`rules/README.md` lists what a rule may read".to_owned(),
            },
            |known| format!("did you mean `{before}{known}`?"),
        );
        let message = if self.in_shared {
            format!("unknown {what} `{before}{name}`")
        } else {
            let rule = self.file.name().split('.').next().unwrap_or_default();
            let verb = if matches!(*what, "function" | "method") { "uses" } else { "reads" };
            format!("rule `{rule}` {verb} unknown {what} `{before}{name}`")
        };
        let diagnostic = self.error(Code::UnknownName, *place, message);
        (*label).clone_into(&mut diagnostic.label);
        diagnostic.help = Some(help);
    }

    fn facts_of(&self, kind: Kind) -> BTreeSet<String> {
        let register = REGISTER_FACTS.iter().filter(|fact| fact.of == kind).map(|fact| fact.name.to_owned());
        let declared = self.check.tables.facts.iter().filter(|fact| Kind::from(fact.subject) == kind);
        register.chain(declared.map(|fact| fact.name.clone())).collect()
    }

    fn any_name(&self) -> BTreeSet<String> {
        let mut names: BTreeSet<String> = [Kind::Resident, Kind::Household, Kind::Building, Kind::Stairwell]
            .into_iter()
            .flat_map(|kind| self.facts_of(kind))
            .collect();
        names.extend(DAY_FIELDS.iter().map(|field| (*field).to_owned()));
        if self.in_shared {
            let calendars = &self.check.tables.calendars;
            names.extend(calendars.rounds.keys().flat_map(|calendar| calendars.fields(calendar)));
            names.extend(
                ["each_year", "at_age"].into_iter().filter_map(constructor_fields).flatten().map(|f| (*f).to_owned()),
            );
        }
        names.extend(self.occasion_fields.iter().flatten().cloned());
        names
    }

    /// The fields of the occasions that the rule's `occasion` can give; `None` if that cannot be told.
    pub(super) fn fields_of_occasion(&self) -> Option<BTreeSet<String>> {
        let piece = self.script.whole("occasion")?;
        let mut fields = BTreeSet::new();
        for read in self.all_reads(&piece) {
            match &read.what {
                What::ModuleCall { module, name, .. } if module == "calendar" => {
                    fields.extend(self.check.tables.calendars.fields(name));
                }
                What::Call { name, .. } => {
                    fields.extend(constructor_fields(name).into_iter().flatten().map(|field| (*field).to_owned()));
                }
                _ => {}
            }
        }
        (!fields.is_empty()).then_some(fields)
    }
}

/// How a function or method of the rule language is written.
fn usage(name: &str, n: usize) -> String {
    match name {
        "age_on" => ".age_on(day)".to_owned(),
        "age_reached_in" => ".age_reached_in(year)".to_owned(),
        "some" | "all" | "filter" => format!(".{name}(|one| ...)"),
        "at_age" => "at_age(subject, years, open_for_days, on)".to_owned(),
        "after" => "after(day, wait_days, open_for_days, on)".to_owned(),
        "any_of" | "all_of" => format!("{name}(#{{ name: test }})"),
        "date" => "date(\"2027-01-08\")".to_owned(),
        "len" => ".len()".to_owned(),
        _ => format!("{name}({})", ["...", "..., ..."].get(n.saturating_sub(1)).unwrap_or(&"...")),
    }
}
