//! The register of a city: built from records, one day's changes applied, bytes held.
//!
//! `cargo bench -p ennakko-benches --bench register [-- RESIDENTS [CHANGES [ROUNDS]]]`, 680,000, 3,000 and 3 if not said.
//!
//! The records come from the sample city; making them is not timed. The changes are what one day brings, spread as a city's
//! are: moves, deaths, births with custody, names, protection, corrected codes. Each round is asserted to come to the same.

use std::time::Instant;

use chrono::NaiveDate;
use ennakko::core::record::{CustodyKind, CustodyRecord, Delivery, ListState, ResidentRecord, Who};
use ennakko::core::{Changes, Fact, PartialDate, PersonChange};
use ennakko::sample::City;
use ennakko::{IdentityTable, KeySecret, Register, Uuid};
use ennakko_benches::{report, sizes};

#[expect(clippy::disallowed_methods, reason = "a benchmark times")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut sizes = sizes();
    let n_residents = sizes.next().unwrap_or(680_000);
    let n_changes = usize::try_from(sizes.next().unwrap_or(3_000))?;
    let n_rounds = sizes.next().unwrap_or(3);
    let day = NaiveDate::from_ymd_opt(2026, 11, 22).ok_or("no such day")?;
    let delivery = City::plan(n_residents, 7)?.delivery(day, &[]);
    let (n_records, n_pairs) = (delivery.residents.len(), delivery.custody.len());
    let changes = changes(&delivery, n_changes);
    report(&format!(
        "{n_records} resident records, {n_pairs} pairs of custody, {} dwellings, {} buildings; {} people in the batch",
        delivery.dwellings.len(),
        delivery.buildings.len(),
        changes.people.len(),
    ));

    let mut table = IdentityTable::new(KeySecret::new([7; 32]));
    let mut first = Vec::new();
    let mut again = Vec::new();
    let mut register = Register::build(Delivery::default(), day, &mut table).register;
    for round in 0..n_rounds {
        table = IdentityTable::new(KeySecret::new([7; 32]));
        for times in [&mut first, &mut again] {
            let records = delivery.clone();
            let started = Instant::now();
            let built = Register::build(records, day, &mut table);
            times.push(started.elapsed().as_secs_f64());
            // the register before goes when it is over, and is not timed
            register = built.register;
        }
        assert_eq!(register.residents().count(), n_records, "round {round}");
    }
    let memory = register.memory();
    let mut applied_in = Vec::new();
    for _ in 0..n_rounds {
        let mut identities = table.clone();
        let batch = changes.clone();
        let started = Instant::now();
        let applied = register.apply(batch, day, &mut identities);
        applied_in.push(started.elapsed().as_secs_f64());
        assert!(applied.difference.residents.len() >= n_changes / 2);
        let twice = applied.register.apply(changes.clone(), day, &mut identities);
        assert!(twice.difference.is_empty(), "the same batch again changes nothing");
        report(&format!(
            "  {} differences, {} touched",
            applied.difference.residents.len(),
            applied.difference.touched().len()
        ));
    }
    let of_one = |bytes: usize| bytes / n_records.max(1);
    report(&format!(
        "build, first load {:.0} ms; build, table known {:.0} ms; apply {:.0} ms (best of {n_rounds})\n\
         columns {} bytes a resident, facts among them {}; apart (names, addresses) {}",
        best(&first) * 1e3,
        best(&again) * 1e3,
        best(&applied_in) * 1e3,
        of_one(memory.columns),
        of_one(memory.facts),
        of_one(memory.apart),
    ));
    Ok(())
}

/// One change in each of so many records, spread over all of them.
fn changes(delivery: &Delivery, n_changes: usize) -> Changes {
    let every = (delivery.residents.len() / n_changes.max(1)).max(1);
    let mut changes = Changes::default();
    let picked = delivery.residents.iter().step_by(every).take(n_changes);
    for (kind, (at, record)) in (0..10).cycle().zip(picked.enumerate()) {
        let mut record = record.clone();
        let mut custody = None;
        match kind {
            0..=3 => {
                let other = &delivery.residents[(at * every + every / 2) % delivery.residents.len()];
                record.dwelling.clone_from(&other.dwelling);
                record.municipality.clone_from(&other.municipality);
            }
            4 => record.municipality = Fact::Known("049".to_owned()),
            5 => record.dead = true,
            6 => record.protection = Fact::Known(true),
            7 => {
                if let Some(names) = &mut record.names {
                    names.family.push_str("-Malli");
                }
            }
            8 => record.language = Fact::Known("so".to_owned()),
            _ => {
                let mother = record.code.clone().map(Who::Code);
                let mother = mother.or(record.key.map(Who::Key));
                record = born(at, record);
                custody = mother.and_then(|mother| Some(vec![pair(Who::Key(record.key?), mother)]));
            }
        }
        changes.people.push(PersonChange { record, custody, history: None });
    }
    changes
}

fn born(at: usize, mother: ResidentRecord) -> ResidentRecord {
    let key = ennakko::core::ResidentKey::from_uuid(Uuid::from_u128(0xBEB1 << 64 | at as u128));
    let born = NaiveDate::from_ymd_opt(2026, 11, 20).map_or(Fact::None, |day| Fact::Known(PartialDate::exact(day)));
    ResidentRecord {
        key: Some(key),
        code: None,
        former_codes: Vec::new(),
        names: None,
        born,
        dead: false,
        dwelling_since: born,
        custodians: ListState::Whole,
        ..mother
    }
}

fn pair(child: Who, custodian: Who) -> CustodyRecord {
    CustodyRecord {
        child,
        custodian,
        kind: CustodyKind::Custodian,
        from: Fact::None,
        until: Fact::None,
        may_decide: Fact::Known(true),
        rights: Vec::new(),
    }
}

fn best(seconds: &[f64]) -> f64 {
    seconds.iter().copied().fold(f64::INFINITY, f64::min)
}
