//! `ennakko check --plan`: what evaluates each part of a rule over a whole register.

use std::collections::BTreeMap;
use std::io::Write;

use ennakko::rules::evaluate::plan::{Plan, PlannedPart, Way};

use crate::check::counted;
use crate::failure::Failure;

/// Every part of every version, one below the other, and how many go which way.
pub(crate) fn print(out: &mut dyn Write, plans: &[Plan]) -> Result<(), Failure> {
    for plan in plans {
        writeln!(out, "{}", plan.version)?;
        let widest = plan.parts.iter().map(|part| part.name.chars().count()).max().unwrap_or_default();
        for part in &plan.parts {
            writeln!(out, "{:5}  {:widest$}  {}", part.line, part.name, way(part))?;
        }
    }
    let mut by_way: BTreeMap<Way, usize> = BTreeMap::new();
    for part in plans.iter().flat_map(|plan| &plan.parts) {
        *by_way.entry(part.way).or_default() += 1;
    }
    let ways: Vec<String> = by_way.iter().map(|(way, n)| format!("{n} {}", way.word())).collect();
    let n_parts = by_way.values().sum();
    let daily = plans.iter().flat_map(|plan| &plan.parts).filter(|part| part.by_day).count();
    writeln!(out, "plan: {}: {}; {daily} on each day again", counted(n_parts, "part"), ways.join(", "))?;
    Ok(())
}

fn way(part: &PlannedPart) -> String {
    let mut way = part.way.word().to_owned();
    if !part.by_row.is_empty() {
        let lines: Vec<String> = part.by_row.iter().map(|place| place.line.to_string()).collect();
        way = format!("{way}, line {}", lines.join(", "));
    }
    if part.by_day { format!("{way}, on each day again") } else { way }
}
