//! A preview's day: outcomes of those alone for whom something may be other than on the day before.
//!
//! With the register held still, an outcome stays until a day that is known: a birthday, a day of the occasion, the end of a
//! row. Everybody is put down for that day and left alone until then, so that a year costs little more than the days on
//! which something happens.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ennakko_core::RuleId;
use ennakko_core::register::SubjectRow;

use super::cohort::{For, Found, Looked, MANY, Member, joined};
use super::judge::{Today, Verdict};
use super::scan::{Scan, Told};
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

/// What a day that was gone through puts on the agenda; nothing of it counts before every part has gone through it.
pub(super) struct Turn {
    due: Vec<(NaiveDate, SubjectRow)>,
    /// Everybody was looked at, and is to be once more on this day.
    anew: Option<NaiveDate>,
}

impl Agenda {
    /// Takes those off who were due before a day.
    fn turn(self, tomorrow: NaiveDate, turn: Turn) -> Self {
        let Self { mut due, everybody_on } = self;
        let mut agenda = match turn.anew {
            Some(everybody_on) => Self { due: BTreeMap::new(), everybody_on },
            None => Self { due: due.split_off(&tomorrow), everybody_on },
        };
        for (day, subject) in turn.due {
            // whoever is due later is found when everybody is looked at
            if day < agenda.everybody_on {
                agenda.due.entry(day).or_default().push(subject);
            }
        }
        agenda
    }

    fn due_before(&self, day: NaiveDate) -> impl Iterator<Item = SubjectRow> {
        self.due.range(..day).flat_map(|(_, due)| due).copied()
    }
}

/// Who is handed on of those who are due.
struct Due {
    outside: Vec<SubjectRow>,
    everybody: bool,
}

impl Evaluator<'_> {
    /// The outcomes of a rule on a day, of those for whom something may be other than on the day for which this was asked
    /// last. For days asked about one after another, from the first: of others the last outcome stands. What `standings`
    /// says of somebody may change only for those who had an outcome with an offer or a row in what came last.
    ///
    /// # Errors
    /// * [`NotRun`] when the rule does not run on the day; nothing is taken for looked at then
    pub fn changes(&self, id: &RuleId, day: NaiveDate, standings: &dyn Standings) -> Result<Changes, NotRun> {
        if self.versions(id).rules.is_empty() {
            return Err(NotRun::Failed { what: "there is no such rule".to_owned() });
        }
        let of_parts = self.in_parts(self.is_due_for_many(For::Outcomes, id, day), |part| {
            let (versions, today) = (part.versions(id), Today::of(day).with(id, standings));
            let mut outcomes = Outcomes::new(day);
            let due = part.due(versions, day, For::Outcomes, |subject, found, until| {
                let row_until = part.enter(&mut outcomes, versions, subject, today, found, standings)?;
                Ok(until.min(row_until))
            })?;
            Ok(Some((outcomes, due)))
        });
        let changes = joined(of_parts, |all, later| match (all, later) {
            (Some((outcomes, due)), Some((later_outcomes, mut later))) => {
                outcomes.append(later_outcomes);
                due.outside.append(&mut later.outside);
            }
            (all, later) => *all = later,
        });
        self.turn(For::Outcomes, id, day, changes.is_ok());
        let (outcomes, Due { outside, everybody }) =
            changes?.unwrap_or_else(|| (Outcomes::new(day), Due { outside: Vec::new(), everybody: false }));
        Ok(Changes { outcomes, outside, everybody })
    }

    /// Of the cohort of a rule on a day, found apart from the outcomes, those who may be others than on the day before.
    ///
    /// # Errors
    /// * [`NotRun`] when the rule does not run on the day
    pub fn cohort_changes(&self, id: &RuleId, day: NaiveDate) -> Result<Vec<SubjectRow>, NotRun> {
        let of_parts = self.in_parts(self.is_due_for_many(For::Bill, id, day), |part| {
            let mut cohort = Vec::new();
            part.due(part.versions(id), day, For::Bill, |subject, _, until| {
                cohort.push(subject);
                Ok(until)
            })?;
            Ok(cohort)
        });
        let cohort = joined(of_parts, |cohort, mut later| cohort.append(&mut later));
        self.turn(For::Bill, id, day, cohort.is_ok());
        cohort
    }

    /// From the next day asked about, everybody is looked at once more.
    pub fn start_over(&self, id: &RuleId) {
        let number = self.versions(id).first_number;
        self.in_parts(false, |part| {
            let mut memo = part.memo.borrow_mut();
            for purpose in [For::Outcomes, For::Bill] {
                memo.agendas.remove(&(purpose, number));
            }
        });
    }

    /// Enters what the parts put on their agendas, once a day has been gone through by all of them; else whoever was due stays
    /// so.
    fn turn(&self, purpose: For, id: &RuleId, day: NaiveDate, done: bool) {
        let key = (purpose, self.versions(id).first_number);
        let tomorrow = Days::one(day).to;
        self.in_parts(false, |part| {
            let mut memo = part.memo.borrow_mut();
            let Some(turn) = memo.turns.remove(&key).filter(|_| done) else { return };
            let agenda = memo.agendas.remove(&key);
            let agenda = agenda.unwrap_or(Agenda { due: BTreeMap::new(), everybody_on: tomorrow });
            memo.agendas.insert(key, agenda.turn(tomorrow, turn));
        });
    }

    /// Whether so many are due on a day that threads are worth while.
    fn is_due_for_many(&self, purpose: For, id: &RuleId, day: NaiveDate) -> bool {
        let key = (purpose, self.versions(id).first_number);
        let memo = self.memo.borrow();
        let agenda = memo.agendas.get(&key).filter(|agenda| day < agenda.everybody_on);
        agenda.is_none_or(|agenda| agenda.due_before(Days::one(day).to).nth(MANY).is_some())
    }

    /// Hands on everybody of the cohort who is due, in the register's order, with the day before which they stay in it; `each`
    /// says when they are due again.
    fn due(
        &self,
        versions: Versions<'_>,
        day: NaiveDate,
        purpose: For,
        mut each: impl FnMut(SubjectRow, Found<'_>, NaiveDate) -> Result<NaiveDate, NotRun>,
    ) -> Result<Due, NotRun> {
        let nobody = Due { outside: Vec::new(), everybody: false };
        let Some(kind) = versions.rules.first().map(|rule| rule.card.subject) else { return Ok(nobody) };
        let tomorrow = Days::one(day).to;
        let Some(any) = self.anybody(kind) else { return Ok(nobody) };
        let everybodys = self.everybodys_issue(versions, any, day)?;
        if matches!(everybodys, Some(Issue::None)) {
            return Ok(nobody);
        }
        let key = (purpose, versions.first_number);
        let due: Option<Vec<SubjectRow>> = {
            let memo = self.memo.borrow();
            let agenda = memo.agendas.get(&key).filter(|agenda| day < agenda.everybody_on);
            agenda.map(|agenda| agenda.due_before(tomorrow).collect())
        };
        let mut turn = Turn { due: Vec::new(), anew: None };
        let mut outside = Vec::new();
        let mut hand_on = |subject: SubjectRow, told: Told<'_>| {
            let until = match told {
                Told::Settled { at, until, settled } => each(subject, Found::Settled(at, settled), until)?,
                Told::Member { at, until, lines: Some(lines) } => each(subject, Found::Scanned(at, lines), until)?,
                Told::Member { at, until, lines: None } => {
                    each(subject, Found::Known(Member::At(at.clone()), &mut Verdict::None), until)?
                }
                Told::Nothing => match self.look(versions, everybodys.as_ref(), subject, day)? {
                    Looked::Member(member, until) => each(subject, Found::Known(member, &mut Verdict::None), until)?,
                    Looked::OutsideUntil(until) => {
                        outside.push(subject);
                        until
                    }
                },
            };
            turn.due.push((until.max(tomorrow), subject));
            Ok(())
        };
        let everybody = due.is_none();
        if let Some(mut due) = due {
            due.sort_unstable();
            due.dedup();
            due.into_iter().try_for_each(|subject| hand_on(subject, Told::Nothing))?;
        } else {
            let scan = Scan { kind, everybodys: everybodys.as_ref(), day, purpose, lasting: true };
            let until = if let Some(until) = self.scan(versions, scan, |heard| heard.each(&mut hand_on))? {
                until
            } else {
                self.everybody(kind).iter().try_for_each(|subject| hand_on(*subject, Told::Nothing))?;
                self.until_other(everybodys.as_ref(), versions, any, day)
            };
            turn.anew = Some(until.max(tomorrow));
        }
        self.memo.borrow_mut().turns.insert(key, turn);
        Ok(Due { outside, everybody })
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
