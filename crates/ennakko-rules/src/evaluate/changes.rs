//! A preview's day: outcomes of those alone for whom something may be other than on the day before.
//!
//! With the register held still, an outcome stays until a day that is known: a birthday, a day of the occasion, the end of a
//! row. Everybody is put down for that day and left alone until then, so that a year costs little more than the days on
//! which something happens.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ennakko_core::RuleId;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::register::SubjectRow;

use super::cohort::{For, Looked, Member, Waker};
use super::judge::{Today, Verdict};
use super::scan::Scanned;
use super::{Evaluator, Issue, Standings, Versions};
use crate::outcomes::{NotRun, Outcomes};
use crate::walk::Days;

/// What may be other on a day than on the day before it, for one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Outcomes of those for whom something may be other; every outcome of the cohort if `everybody`.
    pub outcomes: Outcomes,
    /// Who was looked at and is outside the cohort now.
    pub outside: Vec<SubjectRow>,
    /// Whether everybody was looked at.
    pub everybody: bool,
}

/// Who is to be looked at when.
pub(super) struct Agenda {
    due: BTreeMap<NaiveDate, Vec<SubjectRow>>,
    /// The day on which everybody is to be looked at again.
    everybody_on: NaiveDate,
}

impl Agenda {
    fn put(&mut self, day: NaiveDate, subject: SubjectRow) {
        // whoever is due later is found when everybody is looked at
        if day < self.everybody_on {
            self.due.entry(day).or_default().push(subject);
        }
    }
}

impl Evaluator<'_> {
    /// The outcomes of a rule on a day, of those for whom something may be other than on the day for which this was asked
    /// last. For days asked about one after another, from the first: of others the last outcome stands. What `standings`
    /// says of somebody may change only for those who had an outcome with an offer or a row in what came last.
    ///
    /// # Errors
    /// * [`NotRun`] when the rule does not run on the day; nothing is taken for looked at then
    pub fn changes(&self, id: &RuleId, day: NaiveDate, standings: &dyn Standings) -> Result<Changes, NotRun> {
        let versions = self.versions(id);
        let mut outcomes = Outcomes::new(day);
        let Some(kind) = versions.rules.first().map(|rule| rule.card.subject) else {
            return Err(NotRun::Failed { what: "there is no such rule".to_owned() });
        };
        let today = Today::of(day);
        let (outside, everybody) =
            self.due(versions, kind, day, For::Outcomes, |subject, member, verdict, until| {
                let row = self.outcome(versions, subject, today, member, verdict, standings)?;
                let until = until.min(row.until);
                outcomes.push(row);
                Ok(until)
            })?;
        Ok(Changes { outcomes, outside, everybody })
    }

    /// Of the cohort of a rule on a day, found apart from the outcomes, those who may be others than on the day before.
    ///
    /// # Errors
    /// * [`NotRun`] when the rule does not run on the day
    pub fn cohort_changes(&self, id: &RuleId, day: NaiveDate) -> Result<Vec<SubjectRow>, NotRun> {
        let versions = self.versions(id);
        let Some(kind) = versions.rules.first().map(|rule| rule.card.subject) else { return Ok(Vec::new()) };
        let mut cohort = Vec::new();
        self.due(versions, kind, day, For::Bill, |subject, _, _, until| {
            cohort.push(subject);
            Ok(until)
        })?;
        Ok(cohort)
    }

    /// From the next day asked about, everybody is looked at once more.
    pub fn start_over(&self, id: &RuleId) {
        let number = self.versions(id).first_number;
        let mut memo = self.memo.borrow_mut();
        for purpose in [For::Outcomes, For::Bill] {
            memo.agendas.remove(&(purpose, number));
        }
    }

    /// Hands on everybody of the cohort who is due, in the register's order, with the day before which they stay in it; `each`
    /// says when they are due again. Returns who is outside, and whether everybody was looked at.
    fn due(
        &self,
        versions: Versions<'_>,
        kind: SubjectKind,
        day: NaiveDate,
        purpose: For,
        mut each: impl FnMut(SubjectRow, Member, &mut Verdict, NaiveDate) -> Result<NaiveDate, NotRun>,
    ) -> Result<(Vec<SubjectRow>, bool), NotRun> {
        let tomorrow = Days::one(day).to;
        let Some(first) = self.everybody(kind).first().copied() else { return Ok((Vec::new(), false)) };
        let everybodys = self.everybodys_issue(versions, first, day)?;
        if matches!(everybodys, Some(Issue::None)) {
            return Ok((Vec::new(), false));
        }
        let key = (purpose, versions.first_number);
        let kept = self.memo.borrow_mut().agendas.remove(&key);
        let (wakers, mut next, mut agenda) = match kept {
            Some(agenda) if day < agenda.everybody_on => {
                let mut due: Vec<SubjectRow> = agenda.due.range(..tomorrow).flat_map(|(_, due)| due).copied().collect();
                due.sort_unstable();
                due.dedup();
                let next = Agenda { due: BTreeMap::new(), everybody_on: agenda.everybody_on };
                (due.into_iter().map(Waker::new).collect(), next, Some(agenda))
            }
            _ => {
                let scanned = self.scan(versions, kind, everybodys.as_ref(), day, purpose);
                let (wakers, everybody_on) = if let Some(Scanned { wakers, until }) = scanned {
                    (wakers, until.max(tomorrow))
                } else {
                    let all = self.everybody(kind);
                    let until = self.until_other(everybodys.as_ref(), versions, first, day);
                    (all.iter().copied().map(Waker::new).collect(), until)
                };
                (wakers, Agenda { due: BTreeMap::new(), everybody_on }, None)
            }
        };
        let everybody = agenda.is_none();
        let mut outside = Vec::new();
        for mut waker in wakers {
            let (member, until) = match waker.at.take().filter(|_| day < waker.until) {
                Some(at) => (Member::At(at), waker.until),
                None => match self.look(versions, everybodys.as_ref(), waker.subject, day) {
                    Ok(Looked::Member(member, until)) => (member, until),
                    Ok(Looked::OutsideUntil(until)) => {
                        outside.push(waker.subject);
                        next.put(until.max(tomorrow), waker.subject);
                        continue;
                    }
                    Err(reason) => return Err(self.stays_due(key, agenda, reason)),
                },
            };
            match each(waker.subject, member, &mut waker.verdict, until) {
                Ok(until) => next.put(until.max(tomorrow), waker.subject),
                Err(reason) => return Err(self.stays_due(key, agenda, reason)),
            }
        }
        if let Some(agenda) = &mut agenda {
            let later = agenda.due.split_off(&tomorrow);
            for (day, mut due) in later {
                next.due.entry(day).or_default().append(&mut due);
            }
        }
        self.memo.borrow_mut().agendas.insert(key, next);
        Ok((outside, everybody))
    }

    /// Nothing was gone through: whoever was due stays so.
    fn stays_due(&self, key: (For, usize), agenda: Option<Agenda>, reason: NotRun) -> NotRun {
        if let Some(agenda) = agenda {
            self.memo.borrow_mut().agendas.insert(key, agenda);
        }
        reason
    }

    /// The day on which everybody's occasion may be another.
    fn until_other(
        &self,
        everybodys: Option<&Issue>,
        versions: Versions<'_>,
        first: SubjectRow,
        day: NaiveDate,
    ) -> NaiveDate {
        match everybodys {
            None => NaiveDate::MAX,
            Some(issue) => self.issue_until(versions, first, day, issue).max(Days::one(day).to),
        }
    }
}
