//! The edges of a rule: the days, ages and limits at which its answer may change, and which of them a case stands at.

mod find;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate};
use ennakko_core::register::{Register, SubjectRow};
use ennakko_core::{Occasion, RuleId};

use crate::calendar::at_issue;
use crate::diagnostic::Place;
use crate::engine::Mode;
use crate::parameters::ParameterRow;
use crate::rule::{Rule, Test};
use crate::rule_set::{RuleSet, Tables};
use crate::step::{Arithmetic, Calendrical, Constant, Fold, Slot, Step, Steps, What};
use crate::values::{Log, Same, World};
use crate::walk::{Ground, Over, Value, walk};

/// A day of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// The first day on which offers may be made.
    Opens,
    /// The first day on which they are late.
    Closes,
    /// The first day on which it is over.
    Ends,
}

/// What a page needs a case for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// So many days from an edge, by its position; of a number, so many more than the limit.
    Days(usize, i64),
    /// Born on 29 February, so many days from a birthday that stands on 28 February, by the edge's position.
    LeapBirthday(usize, i64),
    /// Born on 29 February, where an age on a day is compared.
    LeapBirth,
    /// The day of a window, or the day before.
    Window(Turn, bool),
    /// A row of a parameter, by the parameter's position and the row's first day.
    Row(usize, NaiveDate),
}

/// One edge: a comparison and the value at which its answer changes.
#[derive(Debug)]
pub struct Edge {
    /// The name of the line, or the function.
    pub line: Arc<str>,
    /// What is compared, in words of the rule.
    pub what: String,
    /// Facts that are days and hang in it; of a limit, those that are numbers.
    pub facts: BTreeSet<String>,
    /// Whether the day evaluated hangs in it.
    pub on: bool,
    /// Whether it is the change of a year of birth.
    pub of_year: bool,
    /// Whether it is an age on a day.
    pub of_age: bool,
    measures: Vec<Measure>,
}

impl Edge {
    /// Whether it is a number against a parameter.
    pub fn is_of_number(&self) -> bool {
        self.measures.iter().any(|measure| matches!(measure.of, Compared::More(_)))
    }
}

/// How the distance is found in one version of a rule.
#[derive(Debug)]
struct Measure {
    version: usize,
    part: Part,
    of: Compared,
    limit: Limit,
    /// Lists of members that it stands in, the outer first.
    within: Vec<(Step, Slot)>,
}

/// What a comparison may be reached through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Occasion,
    Cohort,
    Line,
    /// Looked at only where every condition holds.
    Sanity,
}

#[derive(Clone, Debug)]
enum Compared {
    /// A number of days, positive after the edge.
    Days(Step),
    /// How much more a number is than its limit.
    More(Step),
    AgeOn {
        born: Step,
        day: Step,
    },
    AgeReachedIn {
        born: Step,
        year: Step,
    },
    BirthYear {
        born: Step,
    },
}

/// The first number on the far side of the edge.
#[derive(Debug)]
enum Limit {
    No,
    Number(Step, i64),
    First(Step),
    Last(Step),
}

/// A parameter that a rule reads.
#[derive(Debug)]
struct ParameterUse {
    version: usize,
    part: Part,
    at: usize,
    day: Step,
}

/// The edges of every version of a rule.
pub struct Edges<'r> {
    rules: &'r RuleSet,
    versions: &'r [Rule],
    found: Vec<Edge>,
    /// Group and name.
    parameters: Vec<(Arc<str>, Arc<str>)>,
    uses: Vec<ParameterUse>,
}

/// Where a case stands.
#[derive(Clone, Debug, Default)]
pub struct Stand {
    /// What it is a case for.
    pub meets: BTreeSet<Need>,
    /// Its distances from each edge, in days.
    pub distances: BTreeMap<usize, BTreeSet<i64>>,
    /// The occasion at issue.
    pub occasion: Option<Arc<Occasion>>,
}

impl<'r> Edges<'r> {
    /// The edges of a rule.
    pub fn of(rules: &'r RuleSet, id: &RuleId) -> Self {
        let versions = rules.versions(id);
        let mut edges = Self { rules, versions, found: Vec::new(), parameters: Vec::new(), uses: Vec::new() };
        for (at, rule) in versions.iter().enumerate() {
            edges.find(at, rule);
        }
        edges
    }

    /// An edge by its position.
    pub fn edge(&self, at: usize) -> Option<&Edge> {
        self.found.get(at)
    }

    /// A parameter by its position, as `group::name`.
    pub fn parameter(&self, at: usize) -> String {
        self.parameters.get(at).map(|(group, name)| format!("{group}::{name}")).unwrap_or_default()
    }

    /// Everything that a page may need a case for. Some of it may be out of reach.
    pub fn needs(&self) -> Vec<Need> {
        let mut needs = Vec::new();
        for (at, edge) in self.found.iter().enumerate() {
            let around: &[i64] = if edge.of_year { &[-1, 0] } else { &[-1, 0, 1] };
            needs.extend(around.iter().map(|days| Need::Days(at, *days)));
            if edge.of_age && edge.on {
                needs.extend([0, 1].map(|days| Need::LeapBirthday(at, days)));
            }
        }
        if self.found.iter().any(|edge| edge.of_age) {
            needs.push(Need::LeapBirth);
        }
        for turn in [Turn::Opens, Turn::Closes, Turn::Ends] {
            needs.extend([true, false].map(|before| Need::Window(turn, before)));
        }
        for at in 0..self.parameters.len() {
            needs.extend(self.steps_of(at).into_iter().map(|from| Need::Row(at, from)));
        }
        needs
    }

    /// First days of a parameter's rows on either side of a change of value while the rule is in force.
    fn steps_of(&self, at: usize) -> BTreeSet<NaiveDate> {
        let rows = self.rows(&self.rules.tables, at);
        let used = |day: NaiveDate| {
            let versions =
                self.uses.iter().filter(|used| used.at == at).filter_map(|used| self.versions.get(used.version));
            versions.into_iter().any(|rule| rule.from < day && rule.until.is_none_or(|until| day < until))
        };
        rows.windows(2)
            .filter_map(|pair| if let [one, two] = pair { Some((one, two)) } else { None })
            .filter(|(one, two)| one.until == two.from && one.value != two.value && used(two.from))
            .flat_map(|(one, two)| [one.from, two.from])
            .collect()
    }

    fn rows<'t>(&self, tables: &'t Tables, at: usize) -> &'t [ParameterRow] {
        let parameter = self.parameters.get(at);
        parameter.and_then(|(group, name)| tables.parameters.rows(group, name)).unwrap_or_default()
    }

    /// Days on which a row of a parameter holds: the one nearest to its change of value first, then those on which rounds open.
    pub fn days_of_row(&self, parameter: usize, from: NaiveDate) -> Vec<NaiveDate> {
        let rows = self.rows(&self.rules.tables, parameter);
        let Some(row) = rows.iter().find(|row| row.from == from) else { return Vec::new() };
        let changed = rows.iter().any(|before| before.until == row.from && before.value != row.value);
        let rounds = self.rules.tables.calendars.rounds.values().flatten().map(|round| round.opens());
        let inside: BTreeSet<NaiveDate> = rounds.filter(|day| row.from <= *day && *day < row.until).collect();
        let mut days: Vec<NaiveDate> = std::iter::once(row.from).chain(row.until.pred_opt()).collect();
        if !changed {
            days.reverse();
        }
        days.extend(inside);
        days
    }

    /// Where a subject of a register stands on a day.
    pub fn stand(&self, tables: &Arc<Tables>, register: &Arc<Register>, on: NaiveDate, subject: SubjectRow) -> Stand {
        let world = Arc::new(World {
            register: register.clone(),
            municipality: tables.city.code.clone(),
            leap_day: tables.city.leap_day,
            log: Log::default(),
            same: Same::new(),
        });
        let ground = Ground::new(&world, &self.rules.tables, tables.clone(), Mode::Preview);
        let look = Look { edges: self, ground: &ground, subject };
        let mut stand = Stand::default();
        let around = [on.pred_opt(), Some(on), on.succ_opt()].map(|day| day.and_then(|day| look.at_issue(day)));
        for (_, occasion) in around.iter().flatten() {
            Look::window(occasion, on, &mut stand.meets);
        }
        let [_, today, _] = around;
        let governing = today.as_ref().map(|(version, _)| *version);
        stand.occasion = today.map(|(_, occasion)| occasion);
        let over = look.over(on, stand.occasion.as_ref());
        // before an occasion opens its lines are looked at as on the day on which it does
        let first = stand.occasion.as_ref().map_or(on, |occasion| on.max(occasion.opens()));
        let of_lines = look.over(first, stand.occasion.as_ref());
        let in_cohort = governing.is_some_and(|version| look.may_be_in_cohort(version, over));
        let selected = in_cohort && governing.is_some_and(|version| look.may_be_selected(version, of_lines));
        let over_of = |part: Part| if matches!(part, Part::Line | Part::Sanity) { of_lines } else { over };
        let reached = |version: usize, part: Part| match part {
            Part::Occasion => self.versions.get(version).is_some_and(|rule| rule.in_force_on(on)),
            Part::Cohort => governing == Some(version),
            Part::Line => governing == Some(version) && in_cohort,
            Part::Sanity => governing == Some(version) && selected,
        };
        for (at, edge) in self.found.iter().enumerate() {
            for measure in edge.measures.iter().filter(|measure| reached(measure.version, measure.part)) {
                let over = over_of(measure.part);
                let is_leap_birth = measure.is_leap_birth(over);
                for days in measure.distances(over) {
                    stand.distances.entry(at).or_default().insert(days);
                    stand.meets.insert(if is_leap_birth { Need::LeapBirthday(at, days) } else { Need::Days(at, days) });
                    if is_leap_birth {
                        stand.meets.insert(Need::LeapBirth);
                    }
                }
            }
        }
        for used in self.uses.iter().filter(|used| reached(used.version, used.part)) {
            if let Some(day) = day_of(&used.day, over_of(used.part)) {
                let row = self.rows(tables, used.at).iter().find(|row| row.from <= day && day < row.until);
                stand.meets.extend(row.map(|row| Need::Row(used.at, row.from)));
            }
        }
        stand
    }
}

/// One subject looked at.
struct Look<'l> {
    edges: &'l Edges<'l>,
    ground: &'l Ground,
    subject: SubjectRow,
}

impl<'l> Look<'l> {
    fn over(&self, on: NaiveDate, occasion: Option<&'l Arc<Occasion>>) -> Over<'l> {
        Over { ground: self.ground, subject: self.subject, on, occasion, lacks: false, reads: false }
    }

    /// The occasion at issue and the version that governs it.
    fn at_issue(&self, on: NaiveDate) -> Option<(usize, Arc<Occasion>)> {
        let over = Over { ground: self.ground, subject: self.subject, on, occasion: None, lacks: false, reads: false };
        let mut governed: Vec<(usize, Arc<Occasion>)> = self
            .edges
            .versions
            .iter()
            .enumerate()
            .filter_map(|(at, rule)| match walk(&rule.occasion.steps, over).value {
                Ok(Value::Occasion(occasion)) if rule.in_force_on(occasion.opens()) => Some((at, occasion)),
                _ => None,
            })
            .collect();
        governed.sort_by_key(|(_, occasion)| occasion.opens());
        let chosen = at_issue(governed.iter().map(|(_, occasion)| occasion.clone()), on)?;
        governed.into_iter().find(|(_, occasion)| Arc::ptr_eq(occasion, &chosen))
    }

    fn window(occasion: &Occasion, on: NaiveDate, meets: &mut BTreeSet<Need>) {
        let closes = (occasion.closes() != occasion.ends()).then(|| (Turn::Closes, occasion.closes()));
        for (turn, day) in [(Turn::Opens, occasion.opens()), (Turn::Ends, occasion.ends())].into_iter().chain(closes) {
            if on == day {
                meets.insert(Need::Window(turn, false));
            } else if Some(on) == day.pred_opt() {
                meets.insert(Need::Window(turn, true));
            }
        }
    }

    fn may_be_in_cohort(&self, version: usize, over: Over<'l>) -> bool {
        let cohort = self.edges.versions.get(version).and_then(|rule| rule.cohort.as_ref());
        cohort.is_none_or(|cohort| !matches!(walk(&cohort.steps, over).value, Ok(Value::Bool(false)) | Err(_)))
    }

    fn may_be_selected(&self, version: usize, over: Over<'l>) -> bool {
        let lines = self.edges.versions.get(version).map_or(&[][..], |rule| &rule.lines);
        let conditions = lines.iter().filter(|line| line.part == ennakko_core::trace::Part::Condition);
        conditions.into_iter().all(|line| !is_no(&line.test, over))
    }
}

/// Whether a line surely does not hold.
fn is_no(test: &Test, over: Over<'_>) -> bool {
    match test {
        Test::One(script) => matches!(walk(&script.steps, over).value, Ok(Value::Bool(false))),
        Test::AnyOf(tests) => tests.iter().all(|named| is_no(&named.test, over)),
        Test::AllOf(tests) => tests.iter().any(|named| is_no(&named.test, over)),
    }
}

/// A step of its own.
fn alone(step: Step) -> Steps {
    Steps { step, n_slots: 3 }
}

fn number_of(step: Step, over: Over<'_>) -> Option<i64> {
    match walk(&alone(step), over).value {
        Ok(Value::Int(number)) => Some(number),
        _ => None,
    }
}

fn day_of(step: &Step, over: Over<'_>) -> Option<NaiveDate> {
    match walk(&alone(step.clone()), over).value {
        Ok(Value::Day(day)) => day.date.day(),
        _ => None,
    }
}

fn numbers_of(step: &Step, over: Over<'_>) -> Vec<i64> {
    match walk(&alone(step.clone()), over).value {
        Ok(Value::Numbers(numbers)) => numbers.to_vec(),
        Ok(Value::Array(values)) => {
            values.iter().filter_map(|value| if let Value::Int(n) = value { Some(*n) } else { None }).collect()
        }
        _ => Vec::new(),
    }
}

impl Measure {
    /// The distances from the edge: several where it stands in a list of members.
    fn distances(&self, over: Over<'_>) -> BTreeSet<i64> {
        let Some(distance) = self.distance(over) else { return BTreeSet::new() };
        let folds: &[Fold] = if self.within.is_empty() { &[Fold::Min] } else { &[Fold::Min, Fold::Max] };
        folds
            .iter()
            .filter_map(|fold| {
                let step = self.within.iter().rev().fold(distance.clone(), |value, (list, slot)| {
                    let place = value.place;
                    let what =
                        What::Fold { list: Box::new(list.clone()), slot: *slot, value: Box::new(value), by: *fold };
                    Step { place, what }
                });
                number_of(step, over)
            })
            .collect()
    }

    fn distance(&self, over: Over<'_>) -> Option<Step> {
        let place = self.place();
        let number = |number: i64| Step { place, what: What::Constant(Constant::Int(number)) };
        let limit = match &self.limit {
            Limit::No => number(0),
            Limit::Number(step, 0) => step.clone(),
            Limit::Number(step, offset) => arithmetic(Arithmetic::Add, step.clone(), number(*offset)),
            Limit::First(list) => number(*numbers_of(list, over).iter().min()?),
            Limit::Last(list) => number(numbers_of(list, over).iter().max()?.checked_add(1)?),
        };
        Some(match &self.of {
            Compared::Days(step) | Compared::More(step) => step.clone(),
            Compared::AgeOn { born, day } => days_until(plus_years(born.clone(), limit), day.clone()),
            // up to the last day of the year that many years before
            Compared::AgeReachedIn { born, year } => {
                let year = arithmetic(Arithmetic::Subtract, year.clone(), limit);
                days_until(plus_years(first_day(place)?, year), born.clone())
            }
            Compared::BirthYear { born } => {
                let year = arithmetic(Arithmetic::Subtract, limit, number(1));
                days_until(plus_years(first_day(place)?, year), born.clone())
            }
        })
    }

    fn place(&self) -> Place {
        match &self.of {
            Compared::Days(step) | Compared::More(step) => step.place,
            Compared::AgeOn { born, .. } | Compared::AgeReachedIn { born, .. } | Compared::BirthYear { born } => {
                born.place
            }
        }
    }

    /// Whether it compares an age on a day of somebody born on 29 February.
    fn is_leap_birth(&self, over: Over<'_>) -> bool {
        match &self.of {
            Compared::AgeOn { born, .. } if self.within.is_empty() => {
                day_of(born, over).is_some_and(|born| (born.month(), born.day()) == (2, 29))
            }
            _ => false,
        }
    }
}

fn arithmetic(by: Arithmetic, left: Step, right: Step) -> Step {
    Step { place: left.place, what: What::Arithmetic { by, left: Box::new(left), right: Box::new(right) } }
}

fn days_until(of: Step, to: Step) -> Step {
    Step { place: of.place, what: What::DaysUntil { of: Box::new(of), to: Box::new(to) } }
}

fn plus_years(of: Step, number: Step) -> Step {
    Step { place: of.place, what: What::Plus { of: Box::new(of), unit: Calendrical::Years, number: Box::new(number) } }
}

/// 1 January of the year 1.
fn first_day(place: Place) -> Option<Step> {
    Some(Step { place, what: What::Constant(Constant::Day(NaiveDate::from_ymd_opt(1, 1, 1)?)) })
}

/// The day some days after, or before.
pub fn moved(day: NaiveDate, days: i64) -> Option<NaiveDate> {
    let by = Days::new(days.unsigned_abs());
    if days < 0 { day.checked_sub_days(by) } else { day.checked_add_days(by) }
}
