//! One event: a person is touched, and every rule of Helsinki is evaluated for the person, their household, their custodians
//! and the building they live in.
//!
//! `cargo bench -p ennakko-benches --bench event`

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;
use ennakko::core::fact_table::SubjectKind;
use ennakko::core::register::SubjectRow;
use ennakko::core::{LeapDayPolicy, RuleId};
use ennakko::rules::evaluate::NothingYet;
use ennakko::rules::outcomes::RuleDay;
use ennakko::rules::{Evaluator, Mode};
use ennakko::sample::City;
use ennakko::{IdentityTable, KeySecret, Register};
use ennakko_benches::{median, report, town};

const N_RESIDENTS: u32 = 100_000;
const N_EVENTS: usize = 2_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rules = town::rules(&town::rules_of_helsinki()?)?;
    let day = NaiveDate::from_ymd_opt(2027, 1, 8).ok_or("no such day")?;
    let delivery = City::plan(N_RESIDENTS, 1)?.delivery(day, &rules.set().tables().facts);
    let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
    let register = Arc::new(Register::build(delivery, day, &mut identities).register);
    let everybody = register.subjects(SubjectKind::Resident);
    let events: Vec<Vec<SubjectRow>> = everybody
        .iter()
        .step_by(everybody.len().div_ceil(N_EVENTS))
        .map(|person| related(&register, *person, day))
        .collect();
    let n_subjects: usize = events.iter().map(Vec::len).sum();
    let evaluator = Evaluator::new(rules.set(), &register, Mode::Preview);
    let all: BTreeMap<&RuleId, RuleDay> =
        rules.set().ids().map(|id| (id, evaluator.day(id, day, &NothingYet))).collect();
    let mut seconds = Vec::new();
    let mut n_outcomes = 0;
    for subjects in &events {
        let (taken, outcomes) = timed(|| {
            let evaluator = Evaluator::new(rules.set(), &register, Mode::Preview);
            evaluator.outcomes_of(subjects, day, &NothingYet)
        });
        seconds.push(taken);
        for (id, few) in outcomes {
            let (RuleDay::Ran(few), Some(RuleDay::Ran(all))) = (few, all.get(id)) else { continue };
            n_outcomes += few.len();
            for row in 0..few.len() {
                let same = all.row_of(few.subject(row)).map(|row| all.code(row));
                assert_eq!(same, Some(few.code(row)), "{id}: the same as among everybody");
            }
        }
    }
    seconds.sort_by(f64::total_cmp);
    let slow = seconds[seconds.len() * 99 / 100];
    report(&format!(
        "{} events, {n_subjects} subjects, {} rules, {n_outcomes} outcomes; median {:.1} us, 99 of 100 within {:.1} us",
        events.len(),
        rules.set().ids().count(),
        median(seconds) * 1e6,
        slow * 1e6,
    ));
    Ok(())
}

/// Somebody, and whoever is read with them or reads them.
fn related(register: &Register, person: SubjectRow, day: NaiveDate) -> Vec<SubjectRow> {
    let mut related = vec![person];
    let SubjectRow::Resident(row) = person else { return related };
    let resident = register.resident(row);
    let custodians = resident.custodians_on(day, LeapDayPolicy::March1);
    related.extend(custodians.known.iter().map(|custodian| SubjectRow::Resident(custodian.person.row())));
    if let Some(household) = resident.household().known() {
        related.push(SubjectRow::Household(household.row()));
        related.extend(household.members().map(|member| SubjectRow::Resident(member.row())));
    }
    related.extend(resident.home_building().map(|building| SubjectRow::Building(building.row())));
    related
}

#[expect(clippy::disallowed_methods, reason = "a benchmark times")]
fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let begun = Instant::now();
    let done = work();
    (begun.elapsed().as_secs_f64(), done)
}
