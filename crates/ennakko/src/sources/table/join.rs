//! Tables joined: owners and stairwells to their buildings, rights to their custody, and lists opened of which a row was lost.

use std::collections::BTreeSet;

use ennakko_core::identity::PermanentBuildingId;
use ennakko_core::record::{BuildingRecord, CustodyKind, ResidentRecord, Who};
use ennakko_core::{Fact, UnknownReason};

use super::super::{Loaded, SourceIssue, SourceProblem};
use super::homes::open;
use super::{Later, TableName, TableRead};

/// Joins tables that were read, and gives what each delivered, in the same order and under the names given.
///
/// A row about a building or a pair that no table has is set aside. Where owners or stairwells are not among the tables, or a
/// row of them was set aside, the list is not whole, whatever the building's own row says; the same for custodians.
pub fn join(reads: Vec<(String, TableRead)>) -> Vec<(String, Loaded)> {
    let has = |wanted| reads.iter().any(|(_, read)| read.table == wanted);
    let (has_owners, has_stairwells) = (has(TableName::Owners), has(TableName::Stairwells));
    let mut laters = Vec::new();
    let mut loads: Vec<(String, Loaded)> = Vec::new();
    for (name, TableRead { made, .. }) in reads {
        laters.push(made.later);
        loads.push((name, made.loaded));
    }
    for building in loads.iter_mut().flat_map(|(_, loaded)| &mut loaded.delivery.buildings) {
        if !has_owners {
            open(&mut building.owners_state);
        }
        if !has_stairwells {
            open(&mut building.stairwells_state);
        }
    }
    let opened: BTreeSet<Who> = laters.iter_mut().flat_map(|later| std::mem::take(&mut later.opened)).collect();
    if !opened.is_empty() {
        for resident in loads.iter_mut().flat_map(|(_, loaded)| &mut loaded.delivery.residents) {
            if is_one_of(resident, &opened) {
                open(&mut resident.custodians);
            }
        }
    }
    let places = if has_owners || has_stairwells { building_places(&loads) } else { Vec::new() };
    for (at, later) in laters.into_iter().enumerate() {
        let Later { rights, owners, stairwells, opened: _ } = later;
        let mut lost = Vec::new();
        for (position, id, owner) in owners {
            match building(&mut loads, &places, &id) {
                None => lost.push((position, owner.is_some())),
                Some(building) => match owner {
                    Some(owner) => building.owners.push(owner),
                    None => open(&mut building.owners_state),
                },
            }
        }
        for (position, id, stairwell) in stairwells {
            match building(&mut loads, &places, &id) {
                None => lost.push((position, stairwell.is_some())),
                Some(building) => match stairwell {
                    Some(stairwell) => building.stairwells.push(stairwell),
                    None => open(&mut building.stairwells_state),
                },
            }
        }
        if !rights.is_empty() {
            let pairs = pair_places(&loads);
            for (position, pair, right) in rights {
                let from = pairs.partition_point(|(other, _)| *other < pair);
                let found = pairs[from..].iter().take_while(|(other, _)| *other == pair);
                let mut n_found = 0;
                for (_, (load, record)) in found {
                    n_found += 1;
                    let record = &mut loads[*load].1.delivery.custody[*record];
                    match &right {
                        Some(right) => record.rights.push(right.clone()),
                        // a right that could not be read: what they may decide is not known
                        None => record.may_decide = Fact::Unknown(UnknownReason::NotDelivered),
                    }
                }
                if n_found == 0 {
                    lost.push((position, right.is_some()));
                }
            }
        }
        set_aside(&mut loads[at].1, lost);
    }
    loads
}

/// Rows about what no table has; those that were set aside when they were read stay so.
fn set_aside(loaded: &mut Loaded, lost: Vec<(u64, bool)>) {
    if lost.is_empty() {
        return;
    }
    for (position, was_used) in lost {
        if was_used {
            loaded.used -= 1;
            let problem = SourceProblem::NoSuchSubject;
            loaded.issues.push(SourceIssue { position, group: None, problem, sets_aside: true });
        }
    }
    loaded.issues.sort_by_key(|issue| issue.position);
}

fn is_one_of(resident: &ResidentRecord, people: &BTreeSet<Who>) -> bool {
    let codes = resident.former_codes.iter().chain(&resident.code).map(|code| Who::Code(code.clone()));
    codes.chain(resident.key.map(Who::Key)).any(|who| people.contains(&who))
}

/// Where each building's record stands: load and position, in the order of ids; of two with one id the first.
type Places = Vec<(PermanentBuildingId, usize, usize)>;

fn building_places(loads: &[(String, Loaded)]) -> Places {
    let mut places: Places = Vec::new();
    for (load, (_, loaded)) in loads.iter().enumerate() {
        let buildings = loaded.delivery.buildings.iter().enumerate();
        places.extend(buildings.map(|(record, building)| (building.id.clone(), load, record)));
    }
    places.sort_unstable();
    places
}

fn building<'l>(
    loads: &'l mut [(String, Loaded)],
    places: &Places,
    id: &PermanentBuildingId,
) -> Option<&'l mut BuildingRecord> {
    let at = places.partition_point(|(other, _, _)| other < id);
    let (found, load, record) = places.get(at)?;
    (found == id).then(|| &mut loads[*load].1.delivery.buildings[*record])
}

/// Where custodians' records stand, in the order of pairs.
fn pair_places(loads: &[(String, Loaded)]) -> Vec<((Who, Who), (usize, usize))> {
    let mut places = Vec::new();
    for (load, (_, loaded)) in loads.iter().enumerate() {
        for (record, pair) in loaded.delivery.custody.iter().enumerate() {
            if pair.kind == CustodyKind::Custodian {
                places.push(((pair.child.clone(), pair.custodian.clone()), (load, record)));
            }
        }
    }
    places.sort_unstable();
    places
}
