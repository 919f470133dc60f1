//! Tests of a year at full size: people come and go in every month, and everything happens that a year is said to hold.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;

use super::{City, SIZE, day, within};
use crate::sample::{Happened, Year};

/// How often each thing happens in a thousand residents, at least and at most.
pub(super) fn a_year(city: &City) {
    let year = Year::live(city, day(), &[]);
    let mut n: BTreeMap<&str, usize> = BTreeMap::new();
    let mut months: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for change in &year.changes {
        let what = match &change.what {
            Happened::Born { .. } => "born",
            Happened::Died => "died",
            Happened::MovedIn { from: Some(_), .. } => "moved in from another municipality",
            Happened::MovedIn { from: None, .. } => "moved in from abroad",
            Happened::MovedOut { to: Some(_) } => "moved to another municipality",
            Happened::MovedOut { to: None } => "moved abroad",
            Happened::Moved { .. } => "moved",
            Happened::Separated { .. } => "separated",
            Happened::CameOfAge => "came of age",
            Happened::NameChanged { .. } => "changed name",
            Happened::CodeCorrected { .. } => "code corrected",
            Happened::FoundDead { .. } => "found dead",
            _ => continue,
        };
        *n.entry(what).or_default() += 1;
        months.entry(what).or_default().insert(change.day.month());
    }
    let size = SIZE as usize;
    for (what, least, most) in [
        ("born", 6, 13),
        ("died", 5, 13),
        ("moved in from another municipality", 20, 50),
        ("moved in from abroad", 10, 35),
        ("moved to another municipality", 20, 60),
        ("moved abroad", 5, 20),
        ("moved", 70, 160),
        ("separated", 1, 5),
        ("came of age", 6, 13),
        ("changed name", 3, 12),
    ] {
        within(size * least / 1000, n.get(what).copied().unwrap_or_default(), size * most / 1000, what);
        assert!(SIZE < 100_000 || months[what].len() == 12, "{what} in every month");
    }
    within(size / 3000, n["found dead"], size / 250, "found dead by another source");
    within(size / 4000, n["code corrected"], size / 500, "codes corrected in the year");
}
