//! Who is asked at all: the cohort of a rule on a day, and the memory of it while the register is held still.

use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::register::SubjectRow;
use ennakko_core::{Occasion, RuleId, Truth};

use super::{AtIssue, Evaluator, Issue};
use crate::outcomes::NotRun;
use crate::rule::Rule;

/// What subjects are looked for: each keeps its own memory, so that a bill is compared with a cohort found apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum For {
    /// The outcomes of a day.
    Outcomes,
    /// The cohort that the bill is compared with.
    Bill,
}

/// A version of a rule and an occasion that is the same for everybody.
pub(super) type CohortKey = (For, Arc<str>, Arc<Occasion>);

/// Whom to look at on a day.
pub(super) enum Asked {
    /// Nobody: no occasion is at issue for anybody.
    Nobody,
    /// Those found before in the same cohort, under the same occasion.
    Found(Arc<Vec<SubjectRow>>, AtIssue),
    /// Everybody, and under which key to keep those found, if the same will be found again.
    Everybody(Arc<Vec<SubjectRow>>, Option<CohortKey>),
}

impl Evaluator<'_> {
    /// Whom to look at on a day.
    ///
    /// Where occasion and cohort are the same on many days (the occasion is everybody's, the cohort does not read the day),
    /// only those found before are looked at again.
    pub(super) fn asked(
        &self,
        versions: &[Rule],
        kind: SubjectKind,
        day: NaiveDate,
        purpose: For,
    ) -> Result<Asked, NotRun> {
        let all = self.everybody(kind);
        let Some(first) = all.first() else { return Ok(Asked::Nobody) };
        if versions.iter().any(|rule| rule.occasion.by_subject) {
            return Ok(Asked::Everybody(all, None));
        }
        match self.at_issue(versions, *first, day)? {
            Issue::At(at) if versions[at.version].cohort.as_ref().is_none_or(|cohort| !cohort.by_day) => {
                let key = (purpose, versions[at.version].card.version.clone(), at.occasion.clone());
                match self.memo.borrow().found.get(&key) {
                    Some(found) => Ok(Asked::Found(found.clone(), at)),
                    None => Ok(Asked::Everybody(all, Some(key))),
                }
            }
            Issue::None => Ok(Asked::Nobody),
            Issue::At(_) | Issue::Unknown(_) => Ok(Asked::Everybody(all, None)),
        }
    }

    fn everybody(&self, kind: SubjectKind) -> Arc<Vec<SubjectRow>> {
        let mut memo = self.memo.borrow_mut();
        memo.everybody.entry(kind).or_insert_with(|| Arc::new(self.world.register.subjects(kind))).clone()
    }

    /// Keeps who was found.
    pub(super) fn keep(&self, key: CohortKey, found: impl Iterator<Item = SubjectRow>) {
        self.memo.borrow_mut().found.insert(key, Arc::new(found.collect()));
    }

    /// The cohort of a rule on a day, found apart from its outcomes, so that a bill can be compared with it.
    ///
    /// # Errors
    /// * [`NotRun`] when the rule does not run on the day
    pub fn cohort_on(&self, id: &RuleId, day: NaiveDate) -> Result<Vec<SubjectRow>, NotRun> {
        let versions = self.rules.versions(id);
        let Some(kind) = versions.first().map(|rule| rule.card.subject) else { return Ok(Vec::new()) };
        let (subjects, keep) = match self.asked(versions, kind, day, For::Bill)? {
            Asked::Nobody => return Ok(Vec::new()),
            Asked::Found(found, _) => return Ok(found.to_vec()),
            Asked::Everybody(subjects, keep) => (subjects, keep),
        };
        let mut cohort = Vec::new();
        for subject in subjects.iter().copied() {
            let alive = !self.world.register.subject(subject).is_dead();
            if alive
                && match self.at_issue(versions, subject, day)? {
                    Issue::None => false,
                    Issue::Unknown(_) => true,
                    Issue::At(at) => !self.cohort(&versions[at.version], subject, day, &at.occasion)?.is_no(),
                }
            {
                cohort.push(subject);
            }
        }
        if let Some(key) = keep {
            self.keep(key, cohort.iter().copied());
        }
        Ok(cohort)
    }

    /// Whether a subject is decidedly outside a rule's cohort on a day although an occasion is at issue: its birth date was
    /// corrected, say. No occasion at issue, or a rule that does not run, says nothing of that.
    pub fn is_outside_cohort(&self, id: &RuleId, subject: SubjectRow, day: NaiveDate) -> bool {
        let versions = self.rules.versions(id);
        match self.at_issue(versions, subject, day) {
            Ok(Issue::At(at)) => self.cohort(&versions[at.version], subject, day, &at.occasion).is_ok_and(Truth::is_no),
            Ok(Issue::None | Issue::Unknown(_)) | Err(_) => false,
        }
    }
}
