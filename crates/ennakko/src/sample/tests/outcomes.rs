//! At 20,000 residents every rule of `rules/helsinki` shows the outcomes that a rule can show, in previews of a few days
//! inside its rounds. Release builds only.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ennakko_core::{IdentityTable, KeySecret, OutcomeCode, Register};
use ennakko_offers::MemoryLedger;
use ennakko_offers::offer::Issuer;
use ennakko_rules::RuleFile;

use super::City;
use super::totals::{day, helsinki};
use crate::{Choices, Rules};

/// Rule, day of the register, first day looked at, day after the last.
///
/// Turns that are a calendar year are looked at where one year follows the other. Colorectal screening has decided birth
/// years for 2026 only. The days after a round has closed are those of a city that begins late.
const LOOKED_AT: [(&str, &str, &str, &str); 11] = [
    ("cervical_screening", "2026-12-01", "2026-12-30", "2027-01-03"),
    ("colorectal_screening", "2026-01-15", "2026-01-30", "2026-02-03"),
    ("lift_grant", "2026-12-01", "2026-12-01", "2026-12-03"),
    ("preprimary_enrol", "2026-12-01", "2027-01-06", "2027-01-10"),
    ("preprimary_enrol", "2026-12-01", "2027-02-01", "2027-02-03"),
    ("preprimary_place", "2026-12-01", "2027-02-09", "2027-02-13"),
    ("preprimary_place", "2026-12-01", "2027-03-01", "2027-03-03"),
    ("school_place", "2026-12-01", "2027-01-06", "2027-01-10"),
    ("school_place", "2026-12-01", "2027-02-01", "2027-02-03"),
    ("service_needs_75", "2026-12-01", "2026-12-01", "2026-12-03"),
    ("service_needs_75", "2026-12-01", "2027-05-01", "2027-05-03"),
];

/// One rule of the folder with all its tables.
fn only(files: &[RuleFile], rule: &str) -> Rules {
    let stem = |file: &RuleFile| file.name().split('.').next().unwrap_or_default().to_owned();
    let of_rule = |file: &&RuleFile| file.name().ends_with("toml") || [rule, "_common"].contains(&stem(file).as_str());
    let files: Vec<RuleFile> = files.iter().filter(of_rule).cloned().collect();
    let (rules, findings) = Rules::load(&files).unwrap();
    assert!(findings.iter().all(|finding| !finding.is_error()), "{findings:?}");
    rules
}

#[test]
fn every_rule_shows_its_outcomes_at_20_000_residents() {
    let files = helsinki();
    let city = City::plan(20_000, 1).unwrap();
    let mut registers: BTreeMap<&str, Arc<Register>> = BTreeMap::new();
    let mut shown: BTreeMap<&str, BTreeSet<OutcomeCode>> = BTreeMap::new();
    for (rule, of, from, to) in LOOKED_AT {
        let rules = only(&files, rule);
        let register = registers.entry(of).or_insert_with(|| {
            let delivery = city.delivery(day(of), &rules.set().tables().facts);
            let mut identities = IdentityTable::new(KeySecret::new([0; 32]));
            Arc::new(Register::build(delivery, day(of), &mut identities).register)
        });
        let ledger = MemoryLedger::new(*Issuer::new(rules.city()).unwrap().authority());
        let days = (day(from), day(to));
        let preview = crate::preview(&rules, register, &ledger, &Choices::none(), days, &mut |_| {}).unwrap();
        assert_eq!(preview.rules.len(), 1, "{rule}");
        for of_rule in preview.rules.values() {
            assert!(of_rule.not_run.is_empty(), "{rule}: {:?}", of_rule.not_run);
            println!("{rule:<20} {from} {:?}", of_rule.bill.lines().collect::<Vec<_>>());
            shown.entry(rule).or_default().extend(of_rule.bill.lines().filter(|(_, n)| *n > 0).map(|(code, _)| code));
        }
    }
    let wanted = [OutcomeCode::Offered, OutcomeCode::HasAlready, OutcomeCode::CannotTell, OutcomeCode::NotEntitled];
    for (rule, shown) in &shown {
        assert!(wanted.iter().all(|code| shown.contains(code)), "{rule} shows {shown:?}");
    }
    for code in [OutcomeCode::Withheld, OutcomeCode::Late, OutcomeCode::Manual] {
        assert!(shown.values().any(|shown| shown.contains(&code)), "{code:?} nowhere");
    }
}
