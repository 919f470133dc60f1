//! Residents' choices: which purposes somebody does not want to be offered anything for.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use ennakko_core::outcome::Standing;
use ennakko_core::{RuleId, SubjectKey};
use ennakko_offers::MemoryLedger;
use ennakko_rules::evaluate::Standings;

/// Choices by subject and purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    not_offered: BTreeSet<(SubjectKey, String)>,
}

impl Choices {
    /// Nobody has chosen anything.
    pub fn none() -> Self {
        Self { not_offered: BTreeSet::new() }
    }

    /// Enters that a subject does not want to be offered anything for a purpose.
    pub fn opt_out(&mut self, subject: SubjectKey, purpose: &str) {
        self.not_offered.insert((subject, purpose.to_owned()));
    }

    /// Whether a subject has chosen so for a purpose.
    pub fn has_opted_out(&self, subject: SubjectKey, purpose: &str) -> bool {
        self.not_offered.contains(&(subject, purpose.to_owned()))
    }
}

/// Ledger and choices together, as an evaluation asks for them.
pub(crate) struct Known<'k> {
    pub(crate) ledger: &'k MemoryLedger,
    pub(crate) choices: &'k Choices,
    /// The day of a run, on which open offers lapse whose time is over; none in a preview, where none does.
    pub(crate) lapses_on: Option<NaiveDate>,
}

impl Standings for Known<'_> {
    fn standing(&self, rule: &RuleId, subject: SubjectKey, occasion: &str) -> Option<Standing> {
        let entry = self.ledger.offer_of(rule, subject, occasion)?;
        match entry.standing()? {
            Standing::Pending if self.lapses_on.is_some_and(|day| entry.is_due(day)) => Some(Standing::Lapsed),
            standing => Some(standing),
        }
    }

    fn offered_since(&self, rule: &RuleId, subject: SubjectKey, day: NaiveDate) -> bool {
        self.ledger.offered_within(rule, subject, day)
    }

    fn opted_out(&self, subject: SubjectKey, purpose: &str) -> bool {
        self.choices.has_opted_out(subject, purpose)
    }

    fn has_offers_of(&self, rule: &RuleId) -> bool {
        self.ledger.entries_of(rule).next().is_some()
    }

    fn has_choices(&self) -> bool {
        !self.choices.not_offered.is_empty()
    }
}
