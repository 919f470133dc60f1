//! Some subjects alone, by every rule: whoever is touched by an event, and those who are read with them.
//!
//! Walk evaluates them one by one: for a handful of rows that is quicker than binding kernels, which say the same.

use chrono::NaiveDate;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::register::SubjectRow;
use ennakko_core::{RuleId, Truth};

use super::cohort::{Found, Looked, Member};
use super::{Evaluator, Issue, Standings, Today, Verdict, Versions, not_run};
use crate::outcomes::{NotRun, Outcomes, RuleDay};

impl<'r> Evaluator<'r> {
    /// The outcomes of every rule on a day for some subjects alone: rules in the order of their ids, rows in the register's
    /// order. It is what [`Self::day`] says of them; nobody outside a rule's cohort has a row. A sanity line of somebody else,
    /// which would stop the rule for all, is not seen here.
    pub fn outcomes_of(
        &self,
        subjects: &[SubjectRow],
        day: NaiveDate,
        standings: &dyn Standings,
    ) -> Vec<(&'r RuleId, RuleDay)> {
        let mut subjects: Vec<SubjectRow> =
            subjects.iter().copied().filter(|subject| self.has_record(*subject)).collect();
        subjects.sort_unstable();
        subjects.dedup();
        let of_rule = |id| match self.few(id, &subjects, day, standings) {
            Ok(outcomes) => (id, RuleDay::Ran(outcomes)),
            Err(reason) => (id, RuleDay::NotRun(reason)),
        };
        self.rules().ids().map(of_rule).collect()
    }

    fn few(
        &self,
        id: &RuleId,
        subjects: &[SubjectRow],
        day: NaiveDate,
        standings: &dyn Standings,
    ) -> Result<Outcomes, NotRun> {
        let versions = self.versions(id);
        let kind = self.kind_of_approved(versions, day)?;
        let mut outcomes = Outcomes::new(day);
        let of_kind = || subjects.iter().copied().filter(|subject| kind_of(*subject) == kind);
        let Some(first) = of_kind().next() else { return Ok(outcomes) };
        let everybodys = self.everybodys_issue(versions, first, day)?;
        if matches!(everybodys, Some(Issue::None)) {
            return Ok(outcomes);
        }
        let today = Today::of(day).with(id, standings);
        for subject in of_kind() {
            let Some(member) = self.member(versions, everybodys.as_ref(), subject, day)? else { continue };
            let found = Found::Known(member, &mut Verdict::None);
            self.enter(&mut outcomes, versions, subject, today, found, standings)?;
        }
        Ok(outcomes)
    }

    /// Somebody of the cohort. Nothing is remembered of those who are not: most are not.
    fn member(
        &self,
        versions: Versions<'_>,
        everybodys: Option<&Issue>,
        subject: SubjectRow,
        day: NaiveDate,
    ) -> Result<Option<Member>, NotRun> {
        let Some(Issue::At(at)) = everybodys else {
            let looked = self.look(versions, everybodys, subject, day)?;
            return Ok(if let Looked::Member(member, _) = looked { Some(member) } else { None });
        };
        if self.ground.world.register.subject(subject).is_dead() {
            return Ok(None);
        }
        let is_member = match &versions.at(at.version).rule.cohort {
            None => Truth::Yes,
            Some(cohort) => self.answer(cohort, "cohort", subject, day, &at.occasion, None).map_err(not_run)?.value,
        };
        Ok((is_member != Truth::No).then(|| Member::At(at.clone())))
    }
}

fn kind_of(subject: SubjectRow) -> SubjectKind {
    match subject {
        SubjectRow::Resident(_) => SubjectKind::Resident,
        SubjectRow::Household(_) => SubjectKind::Household,
        SubjectRow::Building(_) => SubjectKind::Building,
    }
}
