//! Comparisons with a day, an age or a limit among the parameters, found in a rule's steps.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ennakko_core::fact_table::FactType;

use super::{Compared, Edge, Edges, Limit, Measure, ParameterUse, Part, arithmetic, days_until};
use crate::rule::{Rule, Script, Test};
use crate::step::{
    Arithmetic, BuildingFact, Comparison, Constant, DAY, DayPart, FactName, ResidentFact, Slot, Step, What,
};

/// What surrounds a step.
#[derive(Clone, Default)]
struct Scope {
    /// Names given by `let` or to a helper, with their values in terms of the rule's own.
    given: BTreeMap<Slot, Step>,
    within: Vec<(Step, Slot)>,
}

/// Which line is being searched.
#[derive(Clone)]
struct In {
    version: usize,
    part: Part,
    line: Arc<str>,
}

impl Edges<'_> {
    pub(super) fn find(&mut self, version: usize, rule: &Rule) {
        let mut search = |part, line: &str, script: &Script| {
            self.search(&script.steps.step, &Scope::default(), &In { version, part, line: Arc::from(line) });
        };
        search(Part::Occasion, "occasion", &rule.occasion);
        if let Some(cohort) = &rule.cohort {
            search(Part::Cohort, "cohort", cohort);
        }
        for (line, named) in rule.lines.iter().zip(&rule.names) {
            let part = if line.part == ennakko_core::trace::Part::Sanity { Part::Sanity } else { Part::Line };
            for (name, script) in scripts(named.name.as_str(), &line.test) {
                search(part, name, script);
            }
        }
        for (name, script) in &rule.terms {
            search(Part::Line, name, script);
        }
    }

    fn search(&mut self, step: &Step, scope: &Scope, line: &In) {
        match &step.what {
            What::Let { slot, value, body } => {
                self.search(value, scope, line);
                let mut inner = scope.clone();
                inner.given.insert(*slot, scope.closed(value));
                self.search(body, &inner, line);
                return;
            }
            What::Search { list, slot, test: inside, .. }
            | What::Filter { list, slot, test: inside }
            | What::Fold { list, slot, value: inside, .. } => {
                self.search(list, scope, line);
                let mut inner = scope.clone();
                inner.given.remove(slot);
                inner.within.push((scope.closed(list), *slot));
                self.search(inside, &inner, line);
                return;
            }
            What::Compare { by, left, right } => {
                self.compare(*by, &scope.closed(left), &scope.closed(right), scope, line);
            }
            What::In { item, list, .. } => self.contained(&scope.closed(item), scope.closed(list), scope, line),
            What::Parameter { group, name, day } => self.note(group, name, scope.closed(day), line),
            _ => {}
        }
        for child in step.what.children() {
            self.search(child, scope, line);
        }
    }

    fn compare(&mut self, by: Comparison, left: &Step, right: &Step, scope: &Scope, line: &In) {
        if is_none(left) || is_none(right) {
            return;
        }
        match (aged(left), aged(right)) {
            (Some(age), None) => {
                for offset in offsets(by, false) {
                    let what = age.described(&limit(right, *offset));
                    self.add(age.clone(), Limit::Number(right.clone(), *offset), what, scope, line);
                }
            }
            (None, Some(age)) => {
                for offset in offsets(by, true) {
                    let what = age.described(&limit(left, *offset));
                    self.add(age.clone(), Limit::Number(left.clone(), *offset), what, scope, line);
                }
            }
            (None, None) => {
                let between = if self.is_day(left) || self.is_day(right) {
                    days_until(right.clone(), left.clone())
                } else if is_number_of_days(left) || is_number_of_days(right) {
                    arithmetic(Arithmetic::Subtract, left.clone(), right.clone())
                } else {
                    let is_order = !matches!(by, Comparison::Equal | Comparison::NotEqual);
                    let mut sides = [(left, right), (right, left)].into_iter();
                    let limited = sides.find(|(fact, limit)| self.is_number(fact) && is_parameter(limit));
                    if let (Some((fact, limit)), true) = (limited, is_order) {
                        let more = arithmetic(Arithmetic::Subtract, fact.clone(), limit.clone());
                        let what = format!("{} against {}", describe(fact), describe(limit));
                        self.add(Compared::More(more), Limit::No, what, scope, line);
                    }
                    return;
                };
                let what = format!("{} against {}", describe(left), describe(right));
                self.add(Compared::Days(between), Limit::No, what, scope, line);
            }
            (Some(_), Some(_)) => {}
        }
    }

    fn contained(&mut self, item: &Step, list: Step, scope: &Scope, line: &In) {
        let Some(age) = aged(item) else { return };
        let mut add = |limit: Limit, words: &str| self.add(age.clone(), limit, age.described(words), scope, line);
        if let What::Range { from, to, inclusive } = list.what {
            let end = i64::from(inclusive);
            let (first, past) = (limit(&from, 0), limit(&to, end));
            add(Limit::Number(*from, 0), &first);
            add(Limit::Number(*to, end), &past);
        } else {
            let name = describe(&list);
            add(Limit::First(list.clone()), &format!("the first of {name}"));
            add(Limit::Last(list), &format!("more than the last of {name}"));
        }
    }

    fn add(&mut self, of: Compared, limit: Limit, what: String, scope: &Scope, line: &In) {
        let mut facts = BTreeSet::new();
        let mut on = false;
        let steps: Vec<Step> = match &of {
            Compared::Days(step) | Compared::More(step) => vec![step.clone()],
            Compared::AgeOn { born, day } => vec![born.clone(), day.clone()],
            Compared::AgeReachedIn { born, .. } | Compared::BirthYear { born } => vec![born.clone()],
        };
        for step in &steps {
            self.hangs_on(step, &mut facts, &mut on);
        }
        if facts.is_empty() && !on {
            return;
        }
        let of_year = matches!(of, Compared::AgeReachedIn { .. } | Compared::BirthYear { .. });
        let of_age = matches!(of, Compared::AgeOn { .. });
        let measure = Measure { version: line.version, part: line.part, of, limit, within: scope.within.clone() };
        // another version of the rule has the same edge
        let known = self.found.iter_mut().find(|edge| edge.line == line.line && edge.what == what);
        if let Some(known) = known {
            known.measures.push(measure);
        } else {
            let line = line.line.clone();
            self.found.push(Edge { line, what, facts, on, of_year, of_age, measures: vec![measure] });
        }
    }

    fn hangs_on(&self, step: &Step, facts: &mut BTreeSet<String>, on: &mut bool) {
        match &step.what {
            What::Slot(DAY) => *on = true,
            What::Fact { fact, .. } if self.is_day(step) || self.is_number(step) => {
                facts.insert(fact.name().to_owned());
            }
            What::AgeOn { .. } | What::AgeReachedIn { .. } => {
                facts.insert("born".to_owned());
            }
            // a parameter's row hangs on the day, but its value is no day
            What::Parameter { .. } => return,
            _ => {}
        }
        for child in step.what.children() {
            self.hangs_on(child, facts, on);
        }
    }

    fn note(&mut self, group: &Arc<str>, name: &Arc<str>, day: Step, line: &In) {
        let known = self.parameters.iter().position(|(g, n)| g == group && n == name);
        let at = known.unwrap_or(self.parameters.len());
        if known.is_none() {
            self.parameters.push((group.clone(), name.clone()));
        }
        self.uses.push(ParameterUse { version: line.version, part: line.part, at, day });
    }

    /// Whether it is a fact that is a number.
    fn is_number(&self, step: &Step) -> bool {
        match &step.what {
            What::Fact { fact: FactName::Building(fact), .. } => matches!(
                fact,
                BuildingFact::BuiltYear | BuildingFact::Storeys | BuildingFact::Dwellings | BuildingFact::AreaM2
            ),
            What::Fact { fact: FactName::Declared { at, .. }, .. } => {
                self.rules.tables.facts.get(*at).is_some_and(|fact| fact.fact_type == FactType::Int)
            }
            What::Coalesce(of) => of.iter().any(|step| self.is_number(step)),
            _ => false,
        }
    }

    fn is_day(&self, step: &Step) -> bool {
        match &step.what {
            What::Slot(DAY)
            | What::Constant(Constant::Day(_))
            | What::Plus { .. }
            | What::Fact { fact: FactName::Resident(ResidentFact::Born), .. } => true,
            What::Fact { fact: FactName::Declared { at, .. }, .. } => {
                let declared = self.rules.tables.facts.get(*at);
                declared.is_some_and(|fact| fact.fact_type == FactType::Day)
            }
            What::Coalesce(of) => of.iter().any(|step| self.is_day(step)),
            _ => false,
        }
    }
}

impl Compared {
    /// The edge in few words.
    fn described(&self, limit: &str) -> String {
        match self {
            Self::Days(_) | Self::More(_) => limit.to_owned(),
            Self::AgeOn { day, .. } if matches!(day.what, What::Slot(DAY)) => format!("age {limit}"),
            Self::AgeOn { day, .. } => format!("age {limit} on {}", describe(day)),
            Self::AgeReachedIn { year, .. } => match describe(year).as_str() {
                "year" => format!("reaching {limit}"),
                year => format!("reaching {limit} in {year}"),
            },
            Self::BirthYear { .. } => format!("birth year {limit}"),
        }
    }
}

impl Scope {
    /// A step in terms of the rule's own names, and of members it stands among.
    fn closed(&self, step: &Step) -> Step {
        let mut closed = step.clone();
        self.close(&mut closed);
        closed
    }

    fn close(&self, step: &mut Step) {
        if let What::Slot(slot) = step.what {
            if let Some(given) = self.given.get(&slot) {
                step.what = given.what.clone();
            }
            return;
        }
        for child in step.what.children_mut() {
            self.close(child);
        }
    }
}

/// Every script of a line with its name, or the name within the line.
fn scripts<'t>(name: &'t str, test: &'t Test) -> Vec<(&'t str, &'t Script)> {
    match test {
        Test::One(script) => vec![(name, script)],
        Test::AnyOf(tests) | Test::AllOf(tests) => {
            tests.iter().flat_map(|named| scripts(named.name.as_str(), &named.test)).collect()
        }
    }
}

/// An age, or the year of a birth.
fn aged(step: &Step) -> Option<Compared> {
    let born = |of: &Step| {
        let fact = FactName::Resident(ResidentFact::Born);
        Step { place: of.place, what: What::Fact { of: Box::new(of.clone()), fact } }
    };
    match &step.what {
        What::AgeOn { of, day } => Some(Compared::AgeOn { born: born(of), day: (**day).clone() }),
        What::AgeReachedIn { of, year } => Some(Compared::AgeReachedIn { born: born(of), year: (**year).clone() }),
        What::Fact { of, fact: FactName::Resident(ResidentFact::BirthYear) } => {
            Some(Compared::BirthYear { born: born(of) })
        }
        What::Part { of, part: DayPart::Year } => match &of.what {
            What::Fact { fact: FactName::Resident(ResidentFact::Born), .. } => {
                Some(Compared::BirthYear { born: (**of).clone() })
            }
            _ => None,
        },
        _ => None,
    }
}

/// Where the answer changes, counted from the number that stands in the rule.
fn offsets(by: Comparison, mirrored: bool) -> &'static [i64] {
    match (by, mirrored) {
        (Comparison::Equal | Comparison::NotEqual, _) => &[0, 1],
        (Comparison::GreaterOrEqual | Comparison::Less, false)
        | (Comparison::LessOrEqual | Comparison::Greater, true) => &[0],
        _ => &[1],
    }
}

fn is_none(step: &Step) -> bool {
    matches!(step.what, What::Constant(Constant::None))
}

fn is_parameter(step: &Step) -> bool {
    matches!(step.what, What::Parameter { .. })
}

fn is_number_of_days(step: &Step) -> bool {
    matches!(step.what, What::DaysUntil { .. })
}

fn limit(step: &Step, offset: i64) -> String {
    match (&step.what, offset) {
        (What::Constant(Constant::Int(number)), _) => number.saturating_add(offset).to_string(),
        (_, 0) => describe(step),
        _ => format!("{} + {offset}", describe(step)),
    }
}

/// A step in few words.
fn describe(step: &Step) -> String {
    match &step.what {
        What::Slot(DAY) => "on".to_owned(),
        What::Constant(Constant::Int(number)) => number.to_string(),
        What::Constant(Constant::Day(day)) => day.to_string(),
        What::Field { name, .. } => name.to_string(),
        What::Fact { fact, .. } => fact.name().to_owned(),
        What::Parameter { group, name, .. } => format!("{group}::{name}"),
        What::AgeOn { day, .. } if matches!(day.what, What::Slot(DAY)) => "age".to_owned(),
        What::AgeOn { day, .. } => format!("age on {}", describe(day)),
        What::AgeReachedIn { year, .. } => format!("age in {}", describe(year)),
        What::Plus { of, .. } | What::Part { of, .. } => describe(of),
        What::DaysUntil { of, to } => format!("days from {} to {}", describe(of), describe(to)),
        What::Arithmetic { by: Arithmetic::Add, left, right } => format!("{} + {}", describe(left), describe(right)),
        What::Arithmetic { by: Arithmetic::Subtract, left, right } => {
            format!("{} - {}", describe(left), describe(right))
        }
        _ => "a value".to_owned(),
    }
}
