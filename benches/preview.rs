//! A year's preview of the sample city by the rules of Helsinki: what each part of it takes.
//!
//! `cargo bench -p ennakko-benches --bench preview [-- RESIDENTS [THREADS [ROUNDS]]]`, 680,000, 1 and 1 if not said.
//!
//! The parts are those of `ennakko preview --residents N`. Two builds that print the same digest come to the same preview:
//! every offer with its addressees, terms and deadline, every task, every bill.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;

use chrono::{Months, NaiveDate};
use ennakko::offers::Issuer;
use ennakko::rules::evaluate::Threads;
use ennakko::sample::City;
use ennakko::{Choices, IdentityTable, KeySecret, MemoryLedger, Preview, Register, preview_in_threads};
use ennakko_benches::{median, report, sizes, town};
use sha2::{Digest, Sha256};

#[expect(clippy::disallowed_methods, reason = "a benchmark times")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut sizes = sizes();
    let n_residents = sizes.next().unwrap_or(680_000);
    let n_threads = usize::try_from(sizes.next().unwrap_or(1))?;
    let n_rounds = sizes.next().unwrap_or(1);
    let threads = Threads::new(NonZeroUsize::new(n_threads).ok_or("at least one thread")?);
    let from = NaiveDate::from_ymd_opt(2027, 1, 1).ok_or("no such day")?;
    let to = from.checked_add_months(Months::new(12)).ok_or("no such day")?;
    let rules = town::rules(&town::rules_of_helsinki()?)?;
    let issuer = Issuer::new(rules.city())?;

    let mut begun = Instant::now();
    let mut lap = || {
        let taken = begun.elapsed().as_secs_f64();
        begun = Instant::now();
        taken
    };
    let city = City::plan(n_residents, 1)?;
    let planned = lap();
    let delivery = city.delivery(from, &rules.set().tables().facts);
    let delivered = lap();
    let mut identities = IdentityTable::new(KeySecret::new([0; 32]));
    let register = Arc::new(Register::build(delivery, from, &mut identities).register);
    let built = lap();
    report(&format!("sample planned {planned:.2} s, records {delivered:.2} s, register built {built:.2} s"));

    let mut times = Vec::new();
    let mut digests = Vec::new();
    for _ in 0..n_rounds {
        let ledger = MemoryLedger::new(*issuer.authority());
        lap();
        let preview =
            preview_in_threads(&rules, &register, &ledger, &Choices::none(), (from, to), &mut |_| (), threads)?;
        times.push(lap());
        let offers: usize = preview.rules.values().map(|rule| rule.offers.len()).sum();
        let tasks: usize = preview.rules.values().map(|rule| rule.tasks.len()).sum();
        report(&format!("  {offers} offers, {tasks} tasks, {n_threads} threads: {:.2} s", times[times.len() - 1]));
        digests.push(digest(&preview));
    }
    assert!(digests.windows(2).all(|two| two[0] == two[1]), "every round is the same preview");
    report(&format!("preview {:.2} s; digest {}", median(times), digests.first().map_or("", String::as_str)));
    Ok(())
}

/// Of everything that a preview says.
fn digest(preview: &Preview) -> String {
    let mut digest = Sha256::new();
    for (id, rule) in &preview.rules {
        digest.update(format!("{id} {:?} {:?} {:?}", rule.bill, rule.findings, rule.not_run));
        for offer in &rule.offers {
            digest.update(format!("{offer:?}"));
        }
        for task in &rule.tasks {
            digest.update(format!("{task:?}"));
        }
    }
    let first = digest.finalize().iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{first:016x}")
}
