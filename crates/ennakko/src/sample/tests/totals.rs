//! Known totals: at full size the cohort of each rule of `rules/helsinki` is as large as the packed tables say. Release
//! builds only: the register of the whole city is built five times.
//!
//! The number from outside is counted here from the tables' own cells, not from the city's plan: Paavo 2026 has residents
//! by age group, table 11re of 2020 by single year, which divides each group. Both are scaled to the size of the city. A
//! cohort may be larger by those who have a record besides: custodians elsewhere, people who moved away lately, and those
//! whose day of birth is known in part.

use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use ennakko_core::{IdentityTable, KeySecret, Register, RuleId};
use ennakko_rules::{Evaluator, Mode, RuleFile};

use super::City;
use crate::folder;

const RESIDENTS: u32 = 680_000;

/// How far a cohort may be from the tables' count, in percent of it.
const TOLERANCE_PERCENT: f64 = 2.0;

/// The same for residential buildings, whose sizes the sample assumes: beside Paavo's count of them no outside number of
/// buildings for a lift was found.
const TOLERANCE_BUILDINGS_PERCENT: f64 = 5.0;

/// The cells of a packed table, without its head.
fn cells(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().skip(1).map(|line| line.split('\t').collect())
}

/// The sum of a column of Paavo.
fn of_paavo(column: &str) -> f64 {
    let table = include_str!("../../../data/areas.tsv");
    let at = table.lines().next().unwrap().split('\t').position(|name| name == column).unwrap();
    cells(table).filter_map(|row| row[at].parse::<f64>().ok()).sum()
}

/// Residents of a city of this size at each age, 100 for a hundred and over, by the tables alone.
struct Counted {
    by_age: Vec<f64>,
    scale: f64,
}

impl Counted {
    fn from_tables() -> Self {
        let scale = f64::from(RESIDENTS) / of_paavo("he_vakiy");
        let single: Vec<f64> = cells(include_str!("../../../data/ages.tsv"))
            .map(|row| row[1].parse::<f64>().unwrap() + row[2].parse::<f64>().unwrap())
            .collect();
        let firsts = [0, 3, 7, 13, 16, 18, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85];
        let mut by_age = vec![0.0; single.len()];
        for (at, first) in firsts.into_iter().enumerate() {
            let next = firsts.get(at + 1).copied().unwrap_or(single.len());
            let column = if next > 100 { "he_85_".to_owned() } else { format!("he_{first}_{}", next - 1) };
            let divided: f64 = single[first..next].iter().sum();
            for age in first..next {
                by_age[age] = single[age] * of_paavo(&column) / divided * scale;
            }
        }
        Self { by_age, scale }
    }

    fn of_age(&self, age: i32) -> f64 {
        self.by_age[usize::try_from(age).unwrap()]
    }

    /// Those who reach these ages in a year, seen from a day of it: some have had their birthday, the others are a year
    /// younger.
    fn reaching(&self, ages: RangeInclusive<i32>, day: NaiveDate) -> f64 {
        let had = f64::from(day.ordinal()) / 365.0;
        let younger = |age: i32| if age == 0 { 0.0 } else { self.of_age(age - 1) };
        ages.map(|age| had * self.of_age(age) + (1.0 - had) * younger(age)).sum()
    }
}

/// The files of the rules of Helsinki.
pub(super) fn helsinki() -> Vec<RuleFile> {
    folder::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules/helsinki"))).unwrap()
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn cohorts_at_full_size_are_those_of_the_tables() {
    let (rules, findings) = folder::Rules::load(&helsinki()).unwrap();
    assert!(findings.iter().all(|finding| !finding.is_error()), "{findings:?}");
    let counted = Counted::from_tables();
    let city = City::plan(RESIDENTS, 1).unwrap();
    // a day inside each rule's round: the year's turns and birthdays, the elections of 2025, the two enrolments, the places
    // assigned and vouchers, the journeys to school
    let [election, autumn, enrolment, spring, journeys] =
        ["2025-03-10", "2026-11-22", "2027-01-08", "2027-02-20", "2027-05-03"].map(day);
    // whose 75th birthday is to come within a year, or was in the last 30 days
    let seniors = counted.of_age(74) + counted.of_age(75) * 30.0 / 365.0;
    // 17 on election day, 34 days later: a year younger than may vote
    let voters = counted.of_age(16) * 34.0 / 365.0 + (17..=100).map(|age| counted.of_age(age)).sum::<f64>();
    let wanted = [
        ("voting", election, voters),
        ("breast_screening", autumn, counted.reaching(49..=70, autumn)),
        ("cervical_screening", autumn, counted.reaching(24..=66, autumn)),
        ("colorectal_screening", autumn, counted.reaching(55..=75, autumn)),
        ("culture_kids", autumn, counted.reaching(0..=8, autumn)),
        ("service_needs_75", autumn, seniors),
        ("lift_grant", autumn, of_paavo("ra_asrak") * counted.scale),
        ("preprimary_enrol", enrolment, counted.reaching(5..=7, enrolment)),
        ("school_place", enrolment, counted.reaching(6..=8, enrolment)),
        ("preprimary_place", spring, counted.reaching(5..=7, spring)),
        ("summer_voucher", spring, counted.reaching(14..=19, spring)),
        ("travel_card", journeys, counted.reaching(6..=18, journeys)),
    ];
    assert_eq!(wanted.len(), rules.set().ids().count(), "every rule");
    for on in [election, autumn, enrolment, spring, journeys] {
        let mut identities = IdentityTable::new(KeySecret::new([0; 32]));
        let built = Register::build(city.delivery(on, &[]), on, &mut identities);
        assert_eq!(built.issues.iter().filter(|issue| issue.problem.sets_aside()).count(), 0);
        let register = Arc::new(built.register);
        let evaluator = Evaluator::new(rules.set(), &register, Mode::Preview);
        for (rule, _, wanted) in wanted.iter().filter(|(_, day, _)| *day == on) {
            let cohort = evaluator.cohort_on(&RuleId::new(rule), on).unwrap();
            let cohort = f64::from(u32::try_from(cohort.len()).unwrap());
            let apart = 100.0 * (cohort - wanted) / wanted;
            println!("{rule:<22} {on} cohort {cohort:>8} tables {wanted:>10.0} {apart:>+6.2} %");
            let within = if *rule == "lift_grant" { TOLERANCE_BUILDINGS_PERCENT } else { TOLERANCE_PERCENT };
            assert!(apart.abs() <= within, "{rule}: a cohort of {cohort}, {wanted:.0} by the tables");
        }
    }
}
