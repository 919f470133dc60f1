//! Cases that a page lacks: the days around each day and age that a rule compares, the numbers around each limit.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use ennakko_core::RuleId;
use ennakko_rules::edges::{Edges, Need, Stand, Turn, moved};
use ennakko_rules::page::Case;

use super::{subject_named, tables_of, town_of};
use crate::folder::Rules;

/// A case that a page lacks, ready to be written into a table of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The rule.
    pub rule: RuleId,
    /// The page.
    pub path: Arc<str>,
    /// Line on which the `given` block starts that it is to stand under.
    pub given_line: usize,
    /// What it is a case for.
    pub name: String,
    /// The day.
    pub on: NaiveDate,
    /// What differs.
    pub differs: Vec<(String, String)>,
}

impl std::fmt::Display for Proposal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let differs: Vec<String> = self.differs.iter().map(|(path, value)| format!("{path} = {value}")).collect();
        let blank = if differs.is_empty() { "" } else { " " };
        write!(f, "| {} | {} | {}{blank}| ? | |", self.name, self.on, differs.join("; "))
    }
}

/// Cases that are tried as a beginning for one that is lacking.
const BASES_MAX: usize = 5;

/// The cases that the page of a rule lacks. What no change of one day in its first cases comes to is left out.
pub fn proposals(rules: &Rules, id: &RuleId) -> Vec<Proposal> {
    let Some(page) = rules.set().page(id) else { return Vec::new() };
    let search = Search { rules, id, edges: Edges::of(rules.set(), id) };
    let stands: Vec<Option<Stand>> = page.cases.iter().map(|case| search.stand(case)).collect();
    let mut met: BTreeSet<Need> = stands.iter().flatten().flat_map(|stand| stand.meets.iter().copied()).collect();
    // those who get the offer first: what changes for them is what the edge is about
    let mut bases: Vec<(&Case, &Stand)> =
        page.cases.iter().zip(&stands).filter_map(|(case, stand)| Some((case, stand.as_ref()?))).collect();
    bases.sort_by_key(|(case, _)| (!case.outcome.starts_with("offered"), case.differs.len()));
    let mut bases: Vec<(Case, Stand)> =
        bases.into_iter().take(BASES_MAX).map(|(case, stand)| (case.clone(), stand.clone())).collect();
    let needs = search.edges.needs();
    let mut proposals: Vec<Proposal> = Vec::new();
    // a case that is proposed may bring another edge within reach: once somebody is younger they have custodians
    while !bases.is_empty() {
        let mut found = Vec::new();
        for need in &needs {
            if met.contains(need) {
                continue;
            }
            let Some((case, stand)) = bases.iter().find_map(|(case, stand)| search.reach(*need, case, stand)) else {
                continue;
            };
            met.extend(&stand.meets);
            proposals.push(Proposal {
                rule: id.clone(),
                path: page.file.path.clone(),
                given_line: case.given_line,
                name: search.name(*need, &case),
                on: case.on,
                differs: case.differs.clone(),
            });
            found.push((case, stand));
        }
        bases = found;
    }
    proposals
}

struct Search<'s> {
    rules: &'s Rules,
    id: &'s RuleId,
    edges: Edges<'s>,
}

impl Search<'_> {
    fn stand(&self, case: &Case) -> Option<Stand> {
        let tables = tables_of(self.rules, case).ok()?;
        let town = town_of(self.rules, self.id, case, &tables).ok()?;
        let subject = subject_named(&town, town.subject.as_deref()?)?;
        Some(self.edges.stand(&tables, &town.register, case.on, subject))
    }

    /// The case if it is what is needed.
    fn if_meets(&self, need: Need, case: Case) -> Option<(Case, Stand)> {
        let stand = self.stand(&case)?;
        stand.meets.contains(&need).then_some((case, stand))
    }

    /// A case changed in a day or two so that it is what is needed.
    fn reach(&self, need: Need, base: &Case, stand: &Stand) -> Option<(Case, Stand)> {
        match need {
            Need::Days(edge, wanted) => self.reach_edge(edge, wanted, base, stand),
            Need::LeapBirthday(edge, wanted) => self.reach_leap_birthday(edge, wanted, base, stand),
            Need::LeapBirth => days_given(base, |key| key == "born").into_iter().find_map(|(path, born)| {
                leap_days_near(born).find_map(|born| self.if_meets(need, with(base, &path, born)))
            }),
            Need::Window(turn, before) => {
                let occasion = stand.occasion.as_ref()?;
                let day = match turn {
                    Turn::Opens => occasion.opens(),
                    Turn::Closes => occasion.closes(),
                    Turn::Ends => occasion.ends(),
                };
                let on = moved(day, -i64::from(before))?;
                self.if_meets(need, Case { on, ..base.clone() })
            }
            Need::Row(parameter, from) => self.edges.days_of_row(parameter, from).into_iter().find_map(|on| {
                let moved = Case { on, ..base.clone() };
                self.if_meets(need, moved.clone()).or_else(|| self.if_meets(need, of_same_age(base, moved)?))
            }),
        }
    }

    fn reach_edge(&self, edge: usize, wanted: i64, base: &Case, stand: &Stand) -> Option<(Case, Stand)> {
        let need = Need::Days(edge, wanted);
        let compared = self.edges.edge(edge)?;
        if compared.is_of_number() {
            let more = *stand.distances.get(&edge)?.first()?;
            let by = wanted.checked_sub(more)?;
            let numbers = numbers_given(base, |key| compared.facts.contains(key));
            return numbers
                .into_iter()
                .find_map(|(path, number)| self.if_meets(need, with(base, &path, number.checked_add(by)?)));
        }
        let mut changes: Vec<Change> = days_given(base, |key| compared.facts.contains(key))
            .into_iter()
            .map(|(path, day)| Change { path: Some(path), day })
            .collect();
        if compared.on {
            changes.push(Change { path: None, day: base.on });
        }
        for change in changes {
            for direction in [1, -1] {
                let mut distances = stand.distances.get(&edge).cloned().unwrap_or_default();
                let mut day = change.day;
                // months and years are not of one length: what is left is made good in the next round
                for _ in 0..4 {
                    let Some(next) = distances
                        .first()
                        .and_then(|distance| moved(day, direction * (wanted - distance)))
                        .filter(|day| (1800..=2200).contains(&day.year()))
                    else {
                        break;
                    };
                    day = next;
                    let case = change.made(base, day);
                    let Some(stand) = self.stand(&case) else { break };
                    if stand.meets.contains(&need) {
                        return Some((case, stand));
                    }
                    distances = stand.distances.get(&edge).cloned().unwrap_or_default();
                }
            }
        }
        None
    }

    /// Somebody born on 29 February, around their birthday in a year without that day.
    fn reach_leap_birthday(&self, edge: usize, wanted: i64, base: &Case, stand: &Stand) -> Option<(Case, Stand)> {
        let need = Need::LeapBirthday(edge, wanted);
        let distance = *stand.distances.get(&edge)?.first()?;
        let birthday = moved(base.on, distance.checked_neg()?)?;
        days_given(base, |key| key == "born").into_iter().find_map(|(path, born)| {
            let years = birthday.year() - born.year();
            leap_days_near(born).find_map(|born| {
                let on = moved(NaiveDate::from_ymd_opt(born.year() + years, 2, 28)?, wanted)?;
                self.if_meets(need, Case { on, ..with(base, &path, born) })
            })
        })
    }

    /// What a case is called after what it is for.
    fn name(&self, need: Need, case: &Case) -> String {
        let around = |days: i64| match days {
            -1 => "the day before",
            0 => "the day itself",
            _ => "the day after",
        };
        match need {
            Need::Days(at, days) => self.edges.edge(at).map_or_else(String::new, |edge| {
                let reaching = edge.what.starts_with("reaching");
                let than = match days {
                    -1 => "one less",
                    0 => "the limit itself",
                    _ => "one more",
                };
                let (line, what) = (&edge.line, &edge.what);
                match (edge.of_year, days < 0) {
                    (true, true) if reaching => format!("{line}: just {what}"),
                    (true, false) if reaching => format!("{line}: just not {what}"),
                    (true, true) => format!("{line}: just before {what}"),
                    (true, false) => format!("{line}: just in {what}"),
                    (false, _) if edge.is_of_number() => format!("{line}: {what}, {than}"),
                    (false, _) => format!("{line}: {what}, {}", around(days)),
                }
            }),
            Need::LeapBirthday(_, 0) => format!("born on 29 February, on 28 February {}", case.on.year()),
            Need::LeapBirthday(..) => format!("born on 29 February, on 1 March {}", case.on.year()),
            Need::LeapBirth => "born on 29 February".to_owned(),
            Need::Window(turn, before) => {
                let before = if before { "the day before " } else { "the day on which " };
                let turn = match turn {
                    Turn::Opens => "it opens",
                    Turn::Closes => "it closes",
                    Turn::Ends => "it is over",
                };
                format!("{before}{turn}")
            }
            Need::Row(at, from) => format!("by the row of {} from {from}", self.edges.parameter(at)),
        }
    }
}

/// A day that is changed: a fact's, or the case's own.
struct Change {
    path: Option<String>,
    day: NaiveDate,
}

impl Change {
    fn made(&self, base: &Case, day: NaiveDate) -> Case {
        match &self.path {
            // nobody is born after the day of the case
            Some(path) if path.split_once('.').is_some_and(|(_, key)| key == "born") => {
                Case { on: base.on.max(day), ..with(base, path, day) }
            }
            Some(path) => with(base, path, day),
            None => Case { on: day, ..base.clone() },
        }
    }
}

/// The case with another day or number under a path.
fn with(base: &Case, path: &str, day: impl ToString + Copy) -> Case {
    let mut case = base.clone();
    match case.differs.iter_mut().find(|(known, _)| known == path) {
        Some((_, value)) => *value = day.to_string(),
        None => case.differs.push((path.to_owned(), day.to_string())),
    }
    case
}

/// The days that a case gives under some keys, by path.
fn days_given(case: &Case, wanted: impl Fn(&str) -> bool) -> BTreeMap<String, NaiveDate> {
    values_given(case, wanted, |value| value.as_datetime()?.to_string().parse().ok())
}

/// The numbers that a case gives under some keys, by path.
fn numbers_given(case: &Case, wanted: impl Fn(&str) -> bool) -> BTreeMap<String, i64> {
    values_given(case, wanted, toml::Value::as_integer)
}

fn values_given<V: FromStr>(
    case: &Case,
    wanted: impl Fn(&str) -> bool,
    value_of: impl Fn(&toml::Value) -> Option<V>,
) -> BTreeMap<String, V> {
    let Ok(root) = case.given.parse::<toml::Table>() else { return BTreeMap::new() };
    let mut values = BTreeMap::new();
    for (name, entry) in ["people", "buildings", "dwellings"]
        .into_iter()
        .filter_map(|group| root.get(group)?.as_table())
        .flatten()
        .filter_map(|(name, entry)| Some((name, entry.as_table()?)))
    {
        let given = entry.iter().filter(|(key, _)| wanted(key));
        values.extend(given.filter_map(|(key, value)| Some((format!("{name}.{key}"), value_of(value)?))));
    }
    for (path, value) in &case.differs {
        if path.split_once('.').is_some_and(|(_, key)| wanted(key)) {
            match value.parse() {
                Ok(value) => values.insert(path.clone(), value),
                Err(_) => values.remove(path),
            };
        }
    }
    values
}

/// The same people some years earlier or later, as old as they were.
fn of_same_age(base: &Case, moved: Case) -> Option<Case> {
    let years = moved.on.year() - base.on.year();
    days_given(base, |key| key == "born").into_iter().try_fold(moved, |case, (path, born)| {
        let born = born.with_year(born.year() + years)?;
        Some(with(&case, &path, born))
    })
}

/// 29 February of the leap years around a day, the nearest first.
fn leap_days_near(day: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    [0, 1, -1, 2, -2, 3, -3, 4, -4]
        .into_iter()
        .filter_map(move |years| NaiveDate::from_ymd_opt(day.year() + years, 2, 29))
}
