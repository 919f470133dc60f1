//! Read = used + set aside, record by record of each source: what the source could not use, and what the register could not.
//!
//! A record that gave several records of the register is set aside when none of them was used; otherwise it is used in part.

use std::collections::{BTreeMap, BTreeSet};

use ennakko_core::issue::Issue;

use super::wire::KeptBase;
use crate::sources::{Loaded, Merged, SourceIssue};

/// Reasons, each with how often.
pub(super) type Reasons = BTreeMap<String, u64>;

/// What became of one source's records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) read: u64,
    pub(super) used: u64,
    /// Why records were set aside; the numbers add up to what was read and not used.
    pub(super) set_aside: Reasons,
    /// What was wrong with records that were used in part.
    pub(super) in_part: Reasons,
    /// Where the records set aside stood.
    pub(super) positions: BTreeSet<u64>,
}

impl Count {
    /// What the source itself says.
    pub(super) fn of(loaded: &Loaded) -> Self {
        let mut count = Self::default();
        count.add_read(loaded.read, loaded.used, &loaded.issues);
        count
    }

    /// Adds what was told of so many records.
    pub(super) fn add_read(&mut self, read: usize, used: usize, issues: &[SourceIssue]) {
        self.read += read as u64;
        self.used += used as u64;
        for issue in issues {
            self.add(issue);
        }
    }

    fn add(&mut self, issue: &SourceIssue) {
        let reason = match &issue.group {
            Some(group) => format!("`{group}` {}", issue.problem),
            None => issue.problem.to_string(),
        };
        if !issue.sets_aside {
            *self.in_part.entry(reason).or_default() += 1;
        } else if self.positions.insert(issue.position) {
            *self.set_aside.entry(reason).or_default() += 1;
        }
    }

    /// What an earlier load found when it read base data that this one goes on from.
    pub(super) fn go_on_from(&mut self, base: &KeptBase) {
        self.read += base.read;
        self.used += base.used;
        for (reasons, kept) in [(&mut self.set_aside, &base.set_aside), (&mut self.in_part, &base.in_part)] {
            for (reason, n) in kept {
                *reasons.entry(reason.clone()).or_default() += n;
            }
        }
    }

    /// The same, to be kept.
    pub(super) fn to_keep(&self) -> KeptBase {
        let list = |reasons: &Reasons| reasons.iter().map(|(reason, n)| (reason.clone(), *n)).collect();
        KeptBase { read: self.read, used: self.used, set_aside: list(&self.set_aside), in_part: list(&self.in_part) }
    }
}

/// Adds what the register found wrong, by source in the order of the merged ones.
///
/// Gives what is wrong with records that no source record can be named for.
pub(super) fn add_issues(counts: &mut [Count], merged: &Merged, issues: &[Issue]) -> Reasons {
    let mut without_source = Reasons::new();
    // by source and position: how many records were lost, and the first reason
    let mut lost: BTreeMap<(usize, u64), (usize, String)> = BTreeMap::new();
    for issue in issues {
        let reason = format!("{}: {}", issue.kind, issue.problem.words());
        let origin = merged.origin(issue);
        let at = origin.and_then(|origin| merged.sources.iter().position(|name| name == origin.source));
        let (Some(origin), Some(source)) = (origin, at) else {
            *without_source.entry(reason).or_default() += 1;
            continue;
        };
        if issue.problem.sets_aside() && origin.position > 0 {
            lost.entry((source, origin.position)).or_insert((0, reason)).0 += 1;
        } else {
            *counts[source].in_part.entry(reason).or_default() += 1;
        }
    }
    let mut given: BTreeMap<(usize, u64), usize> = lost.keys().map(|key| (*key, 0)).collect();
    if !given.is_empty() {
        for place in merged.positions() {
            if let Some(n) = given.get_mut(&place) {
                *n += 1;
            }
        }
    }
    for ((source, position), (n_lost, reason)) in lost {
        let count = &mut counts[source];
        if given.get(&(source, position)).is_some_and(|n| n_lost >= *n) && count.positions.insert(position) {
            count.used -= 1;
            *count.set_aside.entry(reason).or_default() += 1;
        } else {
            *count.in_part.entry(reason).or_default() += 1;
        }
    }
    without_source
}
