//! Outside numbers: how large a rule's cohort should be by a count of people that does not come from the register.
//!
//! A bill adds up whatever the register has lost; only a number from elsewhere shows that a year group is missing. A count
//! says how many residents were born within a period, by sex. For each month of it somebody is made up of whom nothing else
//! is known, and the rule's own `occasion` and `cohort` are asked of them on each day on which the rule ran. A cohort that
//! reads anything besides birth date and sex, or is not of residents, has no outside number.
//!
//! No register is read here: what is compared must not come from what it is compared with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike, Days, Months, NaiveDate};
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::key::ResidentKey;
use ennakko_core::record::{Delivery, ListState, ResidentRecord, Sex};
use ennakko_core::{Fact, IdentityTable, KeySecret, PartialDate, Register, RuleId, UnknownReason, Uuid};
use ennakko_rules::{Evaluator, Mode, NotRun};

use crate::folder::Rules;
use crate::preview::{Preview, RulePreview};
#[cfg(feature = "sample")]
use crate::sample::City;

/// Residents of one sex born within a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    // INVARIANT (a day at least): `born_from` is before `born_to`
    born_from: NaiveDate,
    born_to: NaiveDate,
    sex: Sex,
    residents: u32,
}

impl Count {
    /// Residents born in a calendar year; `None` beyond the calendar.
    pub fn born_in(year: i32, sex: Sex, residents: u32) -> Option<Self> {
        let (born_from, born_to) = (NaiveDate::from_yo_opt(year, 1)?, NaiveDate::from_yo_opt(year.checked_add(1)?, 1)?);
        Some(Self { born_from, born_to, sex, residents })
    }

    /// Residents whose age in full years is `age` on a day; `None` beyond the calendar.
    pub fn aged(age: u32, on: NaiveDate, sex: Sex, residents: u32) -> Option<Self> {
        let turned = |years: u32| on.checked_sub_months(Months::new(years.checked_mul(12)?))?.succ_opt();
        let (born_from, born_to) = (turned(age.checked_add(1)?)?, turned(age)?);
        Some(Self { born_from, born_to, sex, residents })
    }

    /// Parts of the period within one calendar month each: a day in the middle, and how many days long.
    fn parts(self) -> impl Iterator<Item = (NaiveDate, u64)> {
        let mut next = Some(self.born_from);
        std::iter::from_fn(move || {
            let from = next.filter(|from| *from < self.born_to)?;
            let month = from.with_day(1).and_then(|first| first.checked_add_months(Months::new(1)));
            let to = month.unwrap_or(self.born_to).min(self.born_to);
            next = Some(to);
            let n_days = days_between(from, to);
            Some((from.checked_add_days(Days::new(n_days / 2)).unwrap_or(from), n_days))
        })
    }

    fn n_days(self) -> u64 {
        days_between(self.born_from, self.born_to)
    }
}

fn days_between(from: NaiveDate, to: NaiveDate) -> u64 {
    u64::try_from(to.signed_duration_since(from).num_days()).unwrap_or(0)
}

/// The residents of a city as somebody else has counted them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Population {
    /// Who counted: `Statistics Finland`.
    pub publisher: String,
    /// Which tables, and what was done with them.
    pub tables: String,
    /// The counts; periods of one sex do not overlap.
    pub counts: Vec<Count>,
}

/// How large cohorts should be, by rule. A rule whose cohort nobody else can count is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside {
    /// Who counted.
    pub publisher: String,
    /// Which tables, and what was done with them.
    pub tables: String,
    /// Residents in the cohort of a rule on any day of the preview.
    pub cohorts: BTreeMap<RuleId, usize>,
}

impl Population {
    /// What the tables behind the sample give a city of its size.
    ///
    /// They tell ages at the end of a year. The sample takes them for ages on its day, and so does this: the ages move with
    /// the day, birth years do not stand still. Within a year of age births are spread evenly. A hundred stands for a
    /// hundred and over.
    #[cfg(feature = "sample")]
    pub fn of_sample(city: &City, day: NaiveDate) -> Self {
        let counts = (0_u32..=100).flat_map(|age| {
            let by_sex = city.expected(age as usize);
            [Sex::Female, Sex::Male].into_iter().zip(by_sex).filter_map(move |(sex, n)| Count::aged(age, day, sex, n))
        });
        Self {
            publisher: "Statistics Finland".to_owned(),
            tables: format!(
                "Paavo 2026 and table 11re, scaled to {}",
                crate::report::thousands(city.residents() as usize)
            ),
            counts: counts.collect(),
        }
    }

    /// The outside number of each rule's cohort over the days of a preview on which the rule ran.
    ///
    /// Of the preview only its days are used, and on which of them each rule ran.
    pub fn outside(&self, rules: &Rules, preview: &Preview) -> Outside {
        let (register, months) = self.made_up(preview.from);
        // without declared facts a cohort that reads one cannot be evaluated
        let mut tables = rules.set().tables().as_ref().clone();
        tables.facts.clear();
        let evaluator = Evaluator::with_tables(rules.set(), Arc::new(tables), &Arc::new(register), Mode::Preview);
        let cohorts = preview.rules.iter().filter_map(|(id, rule)| {
            let kind = rules.set().versions(id).first()?.card.subject;
            let days = preview.from.iter_days().take_while(|day| *day < preview.to).filter(|day| ran(rule, *day));
            let found = if kind == SubjectKind::Resident { in_cohort(&evaluator, id, days)? } else { return None };
            Some((id.clone(), self.sum(&months, &found)))
        });
        Outside { publisher: self.publisher.clone(), tables: self.tables.clone(), cohorts: cohorts.collect() }
    }

    /// Somebody for each month of birth and sex, of whom nothing else is known; and which part of which count they stand for.
    fn made_up(&self, day: NaiveDate) -> (Register, Vec<Month>) {
        let mut months = Vec::new();
        let mut residents = Vec::new();
        for (count, of) in self.counts.iter().enumerate() {
            for (born, n_days) in of.parts() {
                residents.push(somebody(months.len(), born, of.sex));
                months.push(Month { count, n_days });
            }
        }
        let delivery = Delivery { residents, ..Delivery::default() };
        // nothing of them is kept, so their keys need no secret
        let mut identities = IdentityTable::new(KeySecret::new([0; 32]));
        (Register::build(delivery, day, &mut identities).register, months)
    }

    /// The residents that those found stand for, to the nearest whole one.
    fn sum(&self, months: &[Month], found: &BTreeSet<usize>) -> usize {
        const PARTS: u64 = 1_000_000;
        let parts = found.iter().filter_map(|at| {
            let month = months.get(*at)?;
            let count = self.counts.get(month.count)?;
            Some(u64::from(count.residents) * PARTS * month.n_days / count.n_days())
        });
        usize::try_from((parts.sum::<u64>() + PARTS / 2) / PARTS).unwrap_or(usize::MAX)
    }
}

/// A month of birth: so many days of the period of a count.
struct Month {
    count: usize,
    n_days: u64,
}

/// Whether the rule ran on a day of the preview.
fn ran(rule: &RulePreview, day: NaiveDate) -> bool {
    !rule.not_run.iter().any(|(first, last, _)| (*first..=*last).contains(&day))
}

/// Who is in the cohort on any of the days; `None` if it cannot be told from birth date and sex.
fn in_cohort(evaluator: &Evaluator<'_>, id: &RuleId, days: impl Iterator<Item = NaiveDate>) -> Option<BTreeSet<usize>> {
    let mut found = BTreeSet::new();
    for day in days {
        match evaluator.cohort_on(id, day) {
            Ok(cohort) => found.extend(cohort),
            Err(NotRun::Failed { .. }) => return None,
            Err(_) => {}
        }
    }
    let register = evaluator.register();
    let at = |uuid: Uuid| usize::try_from(uuid.as_u128()).ok();
    found.into_iter().map(|row| at(register.subject(row).key().as_uuid())).collect()
}

fn somebody(at: usize, born: NaiveDate, sex: Sex) -> ResidentRecord {
    let unknown = UnknownReason::NotDelivered;
    ResidentRecord {
        key: Some(ResidentKey::from_uuid(Uuid::from_u128(at as u128))),
        code: None,
        former_codes: Vec::new(),
        names: None,
        born: Fact::Known(PartialDate::exact(born)),
        sex: Fact::Known(sex),
        dead: false,
        municipality: Fact::Unknown(unknown),
        language: Fact::Unknown(unknown),
        protection: Fact::Unknown(unknown),
        dwelling: Fact::Unknown(unknown),
        dwelling_since: Fact::Unknown(unknown),
        custodians: ListState::Open(unknown),
        in_care: Fact::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_count_falls_into_months_and_loses_no_day() {
        let year = Count::born_in(2020, Sex::Female, 366).unwrap();
        let parts: Vec<_> = year.parts().collect();
        assert_eq!((parts.len(), year.n_days()), (12, 366));
        assert_eq!(parts[1], (day("2020-02-15"), 29));
        // seven on 8 January 2027: born on 9 January 2019 at the earliest, on 8 January 2020 at the latest
        let seven = Count::aged(7, day("2027-01-08"), Sex::Male, 365).unwrap();
        let parts: Vec<_> = seven.parts().collect();
        assert_eq!((seven.born_from, seven.born_to), (day("2019-01-09"), day("2020-01-09")));
        assert_eq!((parts.len(), parts[0].1, parts[12].1), (13, 23, 8));
        assert_eq!(parts.iter().map(|(_, n_days)| n_days).sum::<u64>(), seven.n_days());
    }

    #[test]
    fn ages_follow_each_other_without_a_gap_also_on_a_leap_day() {
        for on in ["2028-02-29", "2027-02-28", "2026-12-01"] {
            let counts: Vec<_> = (0..=100).map(|age| Count::aged(age, day(on), Sex::Female, 1).unwrap()).collect();
            assert_eq!(counts[0].born_to, day(on).succ_opt().unwrap());
            for pair in counts.windows(2) {
                assert_eq!(pair[1].born_to, pair[0].born_from, "{on}");
            }
        }
        assert_eq!(Count::aged(u32::MAX, day("2027-01-08"), Sex::Female, 1), None);
    }
}
