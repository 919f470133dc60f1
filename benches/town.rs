//! The city that rules are measured on: the sample city, with rows for the facts that the sample does not know.

use std::path::Path;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, TimeDelta};
use ennakko::core::fact_table::FactDeclaration;
use ennakko::core::record::{Delivery, FactDelivery, FactOf, FactRow, ResidentRecord, Sex, Who};
use ennakko::core::{Fact, PartialDate, UnknownReason, Value};
use ennakko::rules::{Diagnostic, RuleFile};
use ennakko::sample::City;
use ennakko::{IdentityTable, KeySecret, Register, Rules, folder};

use crate::THREE;
use crate::columns::{Also, OneOfMany};

type Failure = Box<dyn std::error::Error>;

/// The reference rules of `benches/rules`, as files.
///
/// # Errors
/// * when the folder cannot be read
pub fn files() -> Result<Vec<RuleFile>, Failure> {
    Ok(folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"))?)
}

/// The rules of Helsinki, as files.
///
/// # Errors
/// * when the folder cannot be read
pub fn rules_of_helsinki() -> Result<Vec<RuleFile>, Failure> {
    Ok(folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/helsinki"))?)
}

/// Rules without an error.
///
/// # Errors
/// * the errors found, if there are any
pub fn rules(files: &[RuleFile]) -> Result<Rules, Failure> {
    let told = |findings: &[Diagnostic]| -> String {
        findings.iter().filter(|finding| finding.is_error()).map(ToString::to_string).collect()
    };
    let (rules, findings) = Rules::load(files).map_err(|unusable| told(&unusable.diagnostics))?;
    let errors = told(&findings);
    if errors.is_empty() { Ok(rules) } else { Err(errors.into()) }
}

/// The folder of the reference rules with these rules in their place, and their names.
pub fn folder_of(files: &[RuleFile], rules: &[OneOfMany]) -> (Vec<RuleFile>, Vec<String>) {
    let stem = |file: &RuleFile| file.name().split('.').next().unwrap_or_default().to_owned();
    let is_page = |file: &&RuleFile| Path::new(file.name()).extension().is_some_and(|extension| extension == "md");
    let models: Vec<String> = files.iter().filter(is_page).map(stem).collect();
    let mut folder: Vec<RuleFile> = files.iter().filter(|file| !models.contains(&stem(file))).cloned().collect();
    let mut names = Vec::new();
    for (number, rule) in rules.iter().enumerate() {
        let (first, last) = (rule.ages.start(), rule.ages.end());
        let [model, cohort, first_age, last_age] = match rule.also {
            Also::NoPlace => [THREE[0], "6..=8", "school::age(on)", "school::age(on)"],
            Also::NotScreened => [THREE[1], "24..=66", "screening::first_age(on)", "screening::last_age(on)"],
            Also::NotEmployed => [THREE[2], "15..=29", "work::first_age(on)", "work::last_age(on)"],
        };
        let name = format!("rule_{number}");
        for file in files.iter().filter(|file| stem(file) == model) {
            let text = file.text.replace(cohort, &format!("{}..={}", first - 1, last + 1));
            let text = text.replace(first_age, &first.to_string()).replace(last_age, &last.to_string());
            folder.push(RuleFile::new(&file.path.replace(model, &name), &text));
        }
        names.push(name);
    }
    (folder, names)
}

/// The sample city of so many residents on a day, with rows of every declared fact; the same for the same number and day.
///
/// Birth days that the sample knows only in part are taken to be their first day: the peers have no such days. One in forty
/// of those over 70 lives with a small child, which nobody does in the sample.
///
/// # Errors
/// * when there is no sample city of this size
pub fn register(n_residents: u32, facts: &[FactDeclaration], day: NaiveDate) -> Result<Arc<Register>, Failure> {
    let mut delivery = City::plan(n_residents, 7)?.delivery(day, facts);
    let mut home_of_child = None;
    for (number, resident) in (0..).zip(&mut delivery.residents) {
        let Fact::Known(born) = &mut resident.born else { continue };
        *born = PartialDate::exact(born.first());
        match (day.year() - born.first().year(), home_of_child.take()) {
            (71.., Some((dwelling, since))) if mixed(number).is_multiple_of(40) => {
                (resident.dwelling, resident.dwelling_since) = (dwelling, since);
            }
            (0..6, None) => home_of_child = Some((resident.dwelling.clone(), resident.dwelling_since)),
            (_, home) => home_of_child = home,
        }
    }
    let made = facts.iter().filter(|declaration| !has(&delivery, declaration));
    let made: Vec<FactDelivery> = made.map(|declaration| made_up(declaration, &delivery.residents, day)).collect();
    delivery.facts.extend(made);
    let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
    Ok(Arc::new(Register::build(delivery, day, &mut identities).register))
}

fn has(delivery: &Delivery, declaration: &FactDeclaration) -> bool {
    delivery.facts.iter().any(|fact| fact.declaration == *declaration)
}

/// Rows made up for a fact; shares are assumed, and three in a thousand rows do not tell.
fn made_up(declaration: &FactDeclaration, residents: &[ResidentRecord], day: NaiveDate) -> FactDelivery {
    let rows = (0..).zip(residents).filter_map(|(at, resident)| {
        let who = resident.code.clone().map(Who::Code).or(resident.key.map(Who::Key))?;
        let born = resident.born.known()?.first();
        let dice = mixed(at);
        let value = value(&declaration.name, dice, day.year() - born.year(), resident.sex, day)?;
        let value = if dice >> 40 & 1023 < 3 { Fact::Unknown(UnknownReason::NotDelivered) } else { Fact::Known(value) };
        Some(FactRow { of: FactOf::Resident(who), value })
    });
    FactDelivery { declaration: declaration.clone(), delivered_on: day, rows: rows.collect() }
}

/// 85 of 100 women of 25 to 70 were screened, some time in the last six years; 60 of 100 of 16 to 68 are employed.
fn value(fact: &str, dice: u64, age: i32, sex: Fact<Sex>, day: NaiveDate) -> Option<Value> {
    let (percent, more) = (dice % 100, i64::try_from(dice >> 8 & 0xFFFF).unwrap_or_default());
    match fact {
        "screened_on" if sex == Fact::Known(Sex::Female) && (25..=70).contains(&age) && percent < 85 => {
            let screened_on = day.checked_sub_signed(TimeDelta::days(1 + more % (6 * 365)))?;
            Some(Value::Day(PartialDate::exact(screened_on)))
        }
        "employed" if (16..=68).contains(&age) => Some(Value::Bool(percent < 60)),
        _ => None,
    }
}

/// The number's own dice: the finish of the generator `SplitMix64` (Steele, Lea and Flood 2014).
fn mixed(number: u64) -> u64 {
    let seed = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let once = (seed ^ seed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let twice = (once ^ once >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    twice ^ twice >> 31
}
