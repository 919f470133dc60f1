//! Fifty rules over a country on one day: seconds and bytes.
//!
//! `cargo bench -p ennakko-benches --bench country [-- RESIDENTS [THREADS [ROUNDS]]]`, 5,600,000, 2 and 3 if not said.
//!
//! The rules are the reference rules with other ages. Outcomes are those of everybody in a rule's cohort; each rule's are
//! looked through and let go. Every allocation is counted, so that what is held is known whatever the system keeps back.

use std::num::NonZeroUsize;
use std::time::Instant;

use chrono::NaiveDate;
use ennakko::core::fact_table::SubjectKind;
use ennakko::core::{OutcomeCode, RuleId};
use ennakko::rules::evaluate::{NothingYet, Threads};
use ennakko::rules::outcomes::RuleDay;
use ennakko::rules::{Evaluator, Mode};
use ennakko_benches::columns::many;
use ennakko_benches::{median, report, sizes, town};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

#[expect(clippy::disallowed_methods, reason = "a benchmark times")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut sizes = sizes();
    let n_residents = sizes.next().unwrap_or(5_600_000);
    let n_threads = usize::try_from(sizes.next().unwrap_or(2))?;
    let n_rounds = sizes.next().unwrap_or(3);
    let day = NaiveDate::from_ymd_opt(2027, 3, 15).ok_or("no such day")?;
    let (folder, names) = town::folder_of(&town::files()?, &many(50));
    let rules = town::rules(&folder)?;
    let register = town::register(n_residents, &rules.set().tables().facts, day)?;
    let threads = Threads::new(NonZeroUsize::new(n_threads).ok_or("at least one thread")?);
    let memory = register.memory();
    report(&format!(
        "{} persons, {} rules, one day, {n_threads} threads; {:.0} MiB held once loaded, {} MiB of them columns that rules read",
        register.columns().len(SubjectKind::Resident),
        names.len(),
        ALLOCATED.current_usage_as_mb(),
        memory.columns >> 20
    ));
    let mut times = Vec::new();
    for _ in 0..n_rounds {
        ALLOCATED.reset_peak_usage();
        let begun = Instant::now();
        let evaluator = Evaluator::new(rules.set(), &register, Mode::Preview).threads(threads);
        let (mut n_outcomes, mut n_offered) = (0, 0);
        for name in &names {
            match evaluator.day(&RuleId::new(name), day, &NothingYet) {
                RuleDay::Ran(outcomes) => {
                    let offered = |row: &usize| outcomes.code(*row) == OutcomeCode::Offered;
                    n_outcomes += outcomes.len();
                    n_offered += (0..outcomes.len()).filter(offered).count();
                }
                RuleDay::NotRun(reason) => return Err(format!("{name}: {reason}").into()),
            }
        }
        let taken = begun.elapsed().as_secs_f64();
        times.push(taken);
        let peak = ALLOCATED.peak_usage_as_mb();
        report(&format!("  {taken:.2} s, {n_outcomes} outcomes, {n_offered} offered; {peak:.0} MiB at most"));
    }
    report(&format!("  median {:.2} s", median(times)));
    Ok(())
}
