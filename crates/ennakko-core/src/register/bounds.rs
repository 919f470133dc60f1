//! Days that cannot be: what a record has outside the bounds of [`crate::day`] is unknown, with an issue.
//!
//! The days of fact tables are looked at with the rest of their rows.

use super::build::Builder;
use crate::day::PartialDate;
use crate::issue::{Problem, RecordKind};
use crate::record::{CustodyRecord, HistoryRecord, ResidentRecord};
use crate::value::{Fact, UnknownReason};

impl Builder<'_> {
    /// Makes unknown every day of these records that is out of bounds.
    pub(super) fn bound_days(
        &mut self,
        residents: &mut [ResidentRecord],
        histories: &mut [HistoryRecord],
        custody: &mut [CustodyRecord],
    ) {
        for (index, record) in residents.iter_mut().enumerate() {
            let beyond = bound(&mut record.born, spread) | bound(&mut record.dwelling_since, spread);
            self.left_out(RecordKind::Resident, index, beyond);
        }
        for (index, record) in histories.iter_mut().enumerate() {
            let mut beyond = bound(&mut record.known_from, PartialDate::exact);
            for stay in &mut record.stays {
                beyond |= bound(&mut stay.from, spread) | bound(&mut stay.last_day, spread);
            }
            self.left_out(RecordKind::History, index, beyond);
        }
        for (index, record) in custody.iter_mut().enumerate() {
            let mut beyond = bound(&mut record.from, PartialDate::exact) | bound(&mut record.until, PartialDate::exact);
            for right in &mut record.rights {
                beyond |= bound(&mut right.from, PartialDate::exact) | bound(&mut right.until, PartialDate::exact);
            }
            self.left_out(RecordKind::Custody, index, beyond);
        }
    }

    /// One issue of a record, however many of its days were left out.
    fn left_out(&mut self, kind: RecordKind, index: usize, beyond: bool) {
        if beyond {
            self.found(kind, index + 1, Problem::DayTooFar);
        }
    }
}

fn spread(day: PartialDate) -> PartialDate {
    day
}

/// Whether a day was out of bounds; it is unknown then.
fn bound<D: Copy>(fact: &mut Fact<D>, days: fn(D) -> PartialDate) -> bool {
    let beyond = fact.known().is_some_and(|day| !days(day).is_within_bounds());
    if beyond {
        *fact = Fact::Unknown(UnknownReason::Disputed);
    }
    beyond
}
