//! Sources that are too old: what can have changed since is unknown, for the reason that it is too old. Who somebody is, when
//! and as what sex they were born and that they are dead does not change back; where they live, whether they are protected and
//! who has custody of them does.

use ennakko_core::record::{
    BuildingRecord, CustodyRecord, DwellingRecord, HistoryRecord, ListState, ResidentRecord, Utilities,
};
use ennakko_core::{Fact, UnknownReason};

use crate::sources::Loaded;

const OLD: UnknownReason = UnknownReason::TooOld;

/// Makes everything that can have changed unknown.
pub(super) fn make_too_old(Loaded { delivery, origins, .. }: &mut Loaded) {
    delivery.residents.iter_mut().for_each(resident);
    delivery.histories.iter_mut().for_each(history);
    // that somebody was alive then says nothing
    let mut dead = delivery.deaths.iter().map(|record| record.dead).collect::<Vec<_>>().into_iter();
    origins.deaths.retain(|_| dead.next().unwrap_or(true));
    delivery.deaths.retain(|record| record.dead);
    delivery.custody.iter_mut().for_each(custody);
    delivery.dwellings.iter_mut().for_each(dwelling);
    delivery.buildings.iter_mut().for_each(building);
    for table in &mut delivery.facts {
        // the register makes a table unknown by its age, and this one is too old already
        table.declaration.fresh_days = 0;
    }
}

/// Opens everybody's list of custodians: the source of custody is too old.
pub(super) fn open_custody(residents: &mut [ResidentRecord]) {
    for resident in residents {
        resident.custodians = opened(resident.custodians);
    }
}

fn resident(record: &mut ResidentRecord) {
    record.municipality = unknown(&record.municipality);
    record.language = unknown(&record.language);
    record.protection = unknown(&record.protection);
    record.dwelling = unknown(&record.dwelling);
    record.dwelling_since = unknown(&record.dwelling_since);
    record.in_care = match record.in_care {
        // none says that this source has no such mark at all
        Fact::None => Fact::None,
        told => unknown(&told),
    };
    record.custodians = opened(record.custodians);
}

/// A stay that was still going on has ended nobody knows when.
fn history(record: &mut HistoryRecord) {
    for stay in &mut record.stays {
        if stay.last_day == Fact::None {
            stay.last_day = Fact::Unknown(OLD);
        }
    }
}

fn custody(record: &mut CustodyRecord) {
    record.may_decide = unknown(&record.may_decide);
    for right in &mut record.rights {
        right.may_decide = unknown(&right.may_decide);
    }
}

fn dwelling(record: &mut DwellingRecord) {
    record.members = opened(record.members);
}

fn building(record: &mut BuildingRecord) {
    record.owners_state = opened(record.owners_state);
    record.area_m2 = unknown(&record.area_m2);
    record.facilities = utilities(record.facilities);
    record.connections = utilities(record.connections);
    record.intended_use = unknown(&record.intended_use);
    record.storeys = unknown(&record.storeys);
    record.dwellings = unknown(&record.dwellings);
    record.stairwells_state = opened(record.stairwells_state);
    for stairwell in &mut record.stairwells {
        stairwell.lift = unknown(&stairwell.lift);
    }
}

fn utilities(told: Utilities) -> Utilities {
    Utilities {
        sewer: unknown(&told.sewer),
        water: unknown(&told.water),
        electricity: unknown(&told.electricity),
        gas: unknown(&told.gas),
        cable: unknown(&told.cable),
    }
}

/// What was unknown stays so for its own reason.
fn unknown<T>(fact: &Fact<T>) -> Fact<T> {
    match fact {
        Fact::Unknown(reason) => Fact::Unknown(*reason),
        Fact::Known(_) | Fact::None => Fact::Unknown(OLD),
    }
}

fn opened(state: ListState) -> ListState {
    match state {
        ListState::Whole => ListState::Open(OLD),
        open @ ListState::Open(_) => open,
    }
}
