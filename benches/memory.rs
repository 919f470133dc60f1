//! Bytes of a register by group of columns, and what evaluating twenty rules holds at most.
//!
//! `cargo bench -p ennakko-benches --bench memory [-- RESIDENTS [THREADS]]`, 680,000 and 1 if not said.
//!
//! The register is the sample city with rows of every fact that the rules of Helsinki declare; the twenty rules are the
//! reference rules with other ages. Every allocation is counted, so that what is held is known whatever the system keeps back.

use std::num::NonZeroUsize;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko::core::RuleId;
use ennakko::core::fact_table::SubjectKind;
use ennakko::core::register::Memory;
use ennakko::rules::evaluate::{NothingYet, Threads};
use ennakko::rules::outcomes::RuleDay;
use ennakko::rules::{Evaluator, Mode};
use ennakko::sample::City;
use ennakko::{IdentityTable, KeySecret, Register};
use ennakko_benches::columns::many;
use ennakko_benches::{report, sizes, town};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut sizes = sizes();
    let n_residents = sizes.next().unwrap_or(680_000);
    let n_threads = usize::try_from(sizes.next().unwrap_or(1))?;
    let threads = Threads::new(NonZeroUsize::new(n_threads).ok_or("at least one thread")?);
    let day = NaiveDate::from_ymd_opt(2027, 3, 15).ok_or("no such day")?;

    let helsinki = town::rules(&town::rules_of_helsinki()?)?;
    let facts = &helsinki.set().tables().facts;
    let mut identities = IdentityTable::new(KeySecret::new([0; 32]));
    let delivery = City::plan(n_residents, 1)?.delivery(day, facts);
    let before = ALLOCATED.current_usage();
    let register = Arc::new(Register::build(delivery, day, &mut identities).register);
    drop(identities);
    let n_persons = register.columns().len(SubjectKind::Resident);
    report(&format!(
        "{n_persons} persons, {} declared facts; records and table of keys {} MiB before, register {} MiB after",
        facts.len(),
        before >> 20,
        ALLOCATED.current_usage() >> 20
    ));
    let memory = register.memory();
    for (group, bytes) in groups(&memory) {
        report(&format!("  {group:<38} {:>7.1} bytes a person", of_one(bytes, n_persons)));
    }
    drop(register);

    let (folder, names) = town::folder_of(&town::files()?, &many(20));
    let rules = town::rules(&folder)?;
    let register = town::register(n_residents, &rules.set().tables().facts, day)?;
    let held = ALLOCATED.current_usage();
    let ids: Vec<RuleId> = names.iter().map(|name| RuleId::new(name)).collect();
    let above =
        |held: usize| (ALLOCATED.peak_usage().saturating_sub(held), ALLOCATED.current_usage().saturating_sub(held));

    ALLOCATED.reset_peak_usage();
    let evaluator = Evaluator::new(rules.set(), &register, Mode::Preview).threads(threads);
    let whom = evaluator.whom_of(&ids, day);
    let mut n_selected = 0;
    for whom in &whom {
        n_selected += whom.as_ref().map_err(ToString::to_string)?.yes.len();
    }
    let (peak, _) = above(held);
    report(&format!(
        "{} rules, whom they select in one pass: {n_selected} rows, {:.1} MiB at most",
        ids.len(),
        mib(peak)
    ));
    drop(whom);
    drop(evaluator);

    ALLOCATED.reset_peak_usage();
    let evaluator = Evaluator::new(rules.set(), &register, Mode::Preview).threads(threads);
    let mut n_outcomes = 0;
    for id in &ids {
        match evaluator.day(id, day, &NothingYet) {
            RuleDay::Ran(outcomes) => n_outcomes += outcomes.len(),
            RuleDay::NotRun(reason) => return Err(format!("{id}: {reason}").into()),
        }
    }
    let (peak, kept) = above(held);
    report(&format!(
        "{} rules, a day's outcomes, one rule's at a time: {n_outcomes} outcomes, {:.1} MiB at most, {:.1} MiB kept for the next day",
        ids.len(),
        mib(peak),
        mib(kept)
    ));
    Ok(())
}

/// Groups of columns, in the order in which a register is built.
fn groups(memory: &Memory) -> [(&'static str, usize); 9] {
    [
        ("persons", memory.persons),
        ("custody", memory.custody),
        ("dwellings and households", memory.homes),
        ("buildings", memory.buildings),
        ("where they have lived", memory.histories),
        ("declared facts", memory.facts),
        ("worked out of columns", memory.worked_out),
        ("all that rules read", memory.columns),
        ("apart: names, addresses, owners", memory.apart),
    ]
}

#[expect(clippy::cast_precision_loss, reason = "no register has 2^52 bytes")]
fn of_one(bytes: usize, n_persons: usize) -> f64 {
    bytes as f64 / n_persons.max(1) as f64
}

#[expect(clippy::cast_precision_loss, reason = "no register has 2^52 bytes")]
fn mib(bytes: usize) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
