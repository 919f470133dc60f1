//! What benchmarks share: a register of any size made in code, the city that rules are measured on, the same rules by hand,
//! and medians of paired rounds.
//!
//! Modules stand in reading order.

pub mod town;

pub mod columns;
pub mod spells;

pub mod plain;

pub mod export;

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use ennakko::core::record::{
    CustodyKind, CustodyRecord, Delivery, FactDelivery, FactOf, FactRow, ListState, ResidentRecord, Who,
};
use ennakko::core::{Fact, PartialDate, ResidentKey, Value};
use ennakko::rules::rule_set::Tables;
use ennakko::{IdentityTable, KeySecret, Register};

/// The reference rules over residents.
pub const THREE: [&str; 3] = ["starts_school", "screening", "not_employed"];

/// Says what was measured.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
pub fn report(line: &str) {
    println!("{line}");
}

/// The numbers of the command line, in their order.
#[expect(clippy::disallowed_methods, reason = "a benchmark takes its sizes from the command line")]
pub fn sizes() -> impl Iterator<Item = u32> {
    std::env::args().skip(1).filter_map(|argument| argument.parse().ok())
}

/// A register of `n_residents`, the same for the same number: ages spread evenly over a century, one in ten living
/// elsewhere, one in fifty with an unknown municipality, children with one custodian each.
pub fn register(n_residents: usize, tables: &Tables, day: NaiveDate) -> Arc<Register> {
    let key = |number: usize| ResidentKey::from_uuid(ennakko_uuid(number as u128 + 1));
    let mut delivery = Delivery::default();
    let mut rows = Vec::new();
    for number in 0..n_residents {
        let born = NaiveDate::from_yo_opt(
            day.year() - i32::try_from(number % 100).unwrap_or(0),
            u32::try_from(number % 365).unwrap_or(0) + 1,
        );
        let municipality = match number % 50 {
            0 => Fact::Unknown(ennakko::core::UnknownReason::Withheld),
            n if n % 10 == 1 => Fact::Known("049".to_owned()),
            _ => Fact::Known(tables.city.code.clone()),
        };
        delivery.residents.push(ResidentRecord {
            key: Some(key(number)),
            code: None,
            former_codes: Vec::new(),
            names: None,
            born: born.map_or(Fact::None, |born| Fact::Known(PartialDate::exact(born))),
            sex: Fact::None,
            dead: false,
            municipality,
            language: Fact::Known("fi".to_owned()),
            protection: Fact::Known(false),
            dwelling: Fact::None,
            dwelling_since: Fact::None,
            custodians: ListState::Whole,
            in_care: Fact::None,
        });
        if number % 100 < 18 && number + 30 < n_residents {
            delivery.custody.push(CustodyRecord {
                child: Who::Key(key(number)),
                custodian: Who::Key(key(number + 30)),
                kind: CustodyKind::Custodian,
                from: Fact::None,
                until: Fact::None,
                may_decide: Fact::Known(true),
                rights: Vec::new(),
            });
        }
        rows.push(FactRow {
            of: FactOf::Resident(Who::Key(key(number))),
            value: Fact::Known(Value::Text(Arc::from("School of the North"))),
        });
    }
    for declaration in &tables.facts {
        let of_place = declaration.name == "local_school";
        delivery.facts.push(FactDelivery {
            declaration: declaration.clone(),
            delivered_on: day,
            rows: if of_place { std::mem::take(&mut rows) } else { Vec::new() },
        });
    }
    let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
    Arc::new(Register::build(delivery, day, &mut identities).register)
}

/// 128 bits spread over the key space, so that the order of keys is not that of numbers.
fn ennakko_uuid(number: u128) -> ennakko::Uuid {
    ennakko::Uuid::from_u128(number.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835))
}

/// Medians of the seconds that two pieces of work take, over paired rounds, after one round to warm up.
#[expect(clippy::disallowed_methods, reason = "a benchmark times")]
pub fn paired<A, B>(rounds: usize, mut first: impl FnMut() -> A, mut second: impl FnMut() -> B) -> (f64, f64) {
    let mut seconds = (Vec::new(), Vec::new());
    for round in 0..=rounds {
        let started = std::time::Instant::now();
        std::hint::black_box(first());
        let between = std::time::Instant::now();
        std::hint::black_box(second());
        if round > 0 {
            seconds.0.push(between.duration_since(started).as_secs_f64());
            seconds.1.push(between.elapsed().as_secs_f64());
        }
    }
    (median(seconds.0), median(seconds.1))
}

/// The middle one; not a number of none.
pub fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN)
}
