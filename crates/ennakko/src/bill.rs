//! The bill: a rule's cohort counted by outcome, adding up.

use std::collections::BTreeMap;

use ennakko_core::OutcomeCode;
use thiserror::Error;

/// A cohort counted by outcome. Each outcome is counted on its own; the cohort is counted apart from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    // INVARIANT (adds up): the counts sum to the cohort
    counts: BTreeMap<OutcomeCode, usize>,
    cohort: usize,
}

/// The outcomes counted do not sum to the cohort counted apart: a defect, and the rule must not be relied upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the bill does not add up: {counted} outcomes for a cohort of {cohort}")]
pub struct DoesNotAddUp {
    /// Outcomes counted.
    pub counted: usize,
    /// The cohort counted apart.
    pub cohort: usize,
}

impl Bill {
    /// The bill of these outcomes, one for each subject, against a cohort counted apart.
    ///
    /// # Errors
    /// * [`DoesNotAddUp`]
    pub fn of(outcomes: impl IntoIterator<Item = OutcomeCode>, cohort: usize) -> Result<Self, DoesNotAddUp> {
        let mut by_code = [0_usize; OutcomeCode::MOST_TELLING_FIRST.len()];
        for code in outcomes {
            by_code[code as usize] += 1;
        }
        let counted = OutcomeCode::MOST_TELLING_FIRST.into_iter().map(|code| (code, by_code[code as usize]));
        let counts: BTreeMap<OutcomeCode, usize> = counted.filter(|(_, count)| *count > 0).collect();
        let counted = counts.values().sum();
        if counted == cohort { Ok(Self { counts, cohort }) } else { Err(DoesNotAddUp { counted, cohort }) }
    }

    /// How many subjects have this outcome.
    pub fn count(&self, code: OutcomeCode) -> usize {
        self.counts.get(&code).copied().unwrap_or(0)
    }

    /// The cohort.
    pub fn cohort(&self) -> usize {
        self.cohort
    }

    /// Outcomes that occur, the most telling first, with their counts.
    pub fn lines(&self) -> impl Iterator<Item = (OutcomeCode, usize)> + '_ {
        OutcomeCode::MOST_TELLING_FIRST.into_iter().map(|code| (code, self.count(code))).filter(|(_, count)| *count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_that_does_not_add_up_is_refused() {
        use OutcomeCode::{NotEntitled, Offered};
        let outcomes = [Offered, NotEntitled, Offered];
        let bill = Bill::of(outcomes, 3).unwrap();
        assert_eq!(bill.lines().collect::<Vec<_>>(), [(Offered, 2), (NotEntitled, 1)]);
        assert_eq!(Bill::of(outcomes, 4), Err(DoesNotAddUp { counted: 3, cohort: 4 }));
    }
}
