//! Who is asked at all: the cohort of a rule on a day, and who need not be looked at again before a later day.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::outcome::Missing;
use ennakko_core::register::SubjectRow;
use ennakko_core::{RuleId, Truth};

use super::lines::{Lines, PARTS, Settled};
use super::scan::{Heard, Run, Scan, Told};
use super::{AtIssue, Evaluator, Issue, Verdict, Versions};
use crate::kernels;
use crate::outcomes::NotRun;
use crate::walk::Days;

/// What subjects are looked for: each keeps its own memory, so that a bill is compared with a cohort found apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum For {
    /// The outcomes of a day.
    Outcomes,
    /// The cohort that the bill is compared with.
    Bill,
}

/// Subjects of whom something may come on a day; the others sleep until a day on which that may change.
pub(super) struct Awake {
    day: NaiveDate,
    // INVARIANT (ascending): in the register's order
    subjects: Vec<Waker>,
    asleep_until: BTreeMap<NaiveDate, Vec<SubjectRow>>,
    /// The day on which everybody is to be scanned again.
    scan_on: NaiveDate,
}

/// Somebody who is awake, with what is known of them for the coming days.
pub(super) struct Waker {
    pub(super) subject: SubjectRow,
    /// The occasion at issue.
    pub(super) at: Option<AtIssue>,
    /// The day before which they stay in the cohort of this occasion without being looked at.
    pub(super) until: NaiveDate,
    pub(super) verdict: Verdict,
}

/// Somebody of a cohort.
pub(super) enum Member {
    /// An occasion is at issue.
    At(AtIssue),
    /// Whether one is, hangs on facts that are unknown.
    Unsettled(Vec<Missing>),
}

/// Of whom a cohort is.
pub(super) enum Asked<'f> {
    One(SubjectRow, Found<'f>),
    Run(Run<'f>),
}

/// What is known of somebody of a cohort on a day.
pub(super) enum Found<'f> {
    /// Whatever the ledger says, their lines decide.
    Settled(&'f AtIssue, Settled),
    /// An occasion is at issue, and a scan told of their lines.
    Scanned(&'f AtIssue, Lines<'f>),
    /// What was known of them on an earlier day.
    Known(Member, &'f mut Verdict),
}

/// Whether somebody is of a cohort on a day.
pub(super) enum Looked {
    /// They are, and with the same occasion on every day before this one.
    Member(Member, NaiveDate),
    /// They are not, on any day before this one.
    OutsideUntil(NaiveDate),
}

/// How many subjects make it worth while to begin a thread.
pub(super) const MANY: usize = 1_000;

/// What parts come to together, or why the first that does not run does not.
pub(super) fn joined<T>(parts: Vec<Result<T, NotRun>>, mut join: impl FnMut(&mut T, T)) -> Result<T, NotRun>
where
    T: Default,
{
    let mut parts = parts.into_iter();
    let mut all = parts.next().transpose()?.unwrap_or_default();
    for part in parts {
        join(&mut all, part?);
    }
    Ok(all)
}

impl Waker {
    pub(super) fn new(subject: SubjectRow) -> Self {
        Self { subject, at: None, until: NaiveDate::MIN, verdict: Verdict::None }
    }

    /// The occasion at issue, if that is known without looking.
    fn stays(&self, everybodys: Option<&Issue>, day: NaiveDate) -> Option<&AtIssue> {
        let at = self.at.as_ref().filter(|_| day < self.until)?;
        let same = match everybodys {
            None => true,
            Some(Issue::At(everybodys)) => {
                everybodys.version == at.version && Arc::ptr_eq(&everybodys.occasion, &at.occasion)
            }
            Some(Issue::None | Issue::Unknown(_)) => false,
        };
        same.then_some(at)
    }
}

impl Awake {
    fn everybody(subjects: &[SubjectRow], day: NaiveDate) -> Self {
        let subjects = subjects.iter().copied().map(Waker::new).collect();
        Self { day, subjects, asleep_until: BTreeMap::new(), scan_on: NaiveDate::MAX }
    }

    /// Whom a scan found, beside those who were awake already.
    fn scanned(day: NaiveDate, (wakers, scan_on): (Vec<Waker>, NaiveDate), awake: Option<Self>) -> Self {
        let mut subjects = awake.map(|awake| awake.subjects).unwrap_or_default();
        subjects.extend(wakers);
        // whoever was awake stays as they were
        subjects.sort_by_key(|waker| waker.subject);
        subjects.dedup_by_key(|waker| waker.subject);
        Self { day, subjects, asleep_until: BTreeMap::new(), scan_on }
    }

    fn wake(&mut self, day: NaiveDate) {
        self.day = day;
        let Some(tomorrow) = day.succ_opt() else { return };
        let later = self.asleep_until.split_off(&tomorrow);
        let woken = std::mem::replace(&mut self.asleep_until, later);
        if !woken.is_empty() {
            self.subjects.extend(woken.into_values().flatten().map(Waker::new));
            // a few runs in order each: a stable sort merges them
            self.subjects.sort_by_key(|waker| waker.subject);
        }
    }
}

impl Evaluator<'_> {
    /// Hands on everybody of a rule's cohort on a day, in the register's order, with what is known of them.
    ///
    /// Of the first day that is asked about nothing is kept of those whom kernels can tell of: whoever asks about one day alone
    /// need not remember a city. From the second day on everybody is awake or asleep.
    pub(super) fn members(
        &self,
        versions: Versions<'_>,
        kind: SubjectKind,
        day: NaiveDate,
        purpose: For,
        mut each: impl FnMut(Asked<'_>) -> Result<(), NotRun>,
    ) -> Result<(), NotRun> {
        let Some(any) = self.anybody(kind) else { return Ok(()) };
        let everybodys = self.everybodys_issue(versions, any, day)?;
        if matches!(everybodys, Some(Issue::None)) {
            return Ok(());
        }
        let key = (purpose, versions.first_number);
        let kept = self.memo.borrow_mut().awake.remove(&key).filter(|awake| awake.day <= day);
        let is_first = self.memo.borrow_mut().asked.insert(key);
        let scan = Scan { kind, everybodys: everybodys.as_ref(), day, purpose, lasting: !is_first };
        if is_first {
            let scanned = self.scan(versions, scan, |heard| {
                let (subject, told) = match heard {
                    Heard::Run(run) => return each(Asked::Run(run)),
                    Heard::One(subject, told) => (subject, told),
                };
                let mut one = |found| each(Asked::One(subject, found));
                match told {
                    Told::Settled { at, settled, .. } => one(Found::Settled(at, settled)),
                    Told::Member { at, lines: Some(lines), .. } => one(Found::Scanned(at, lines)),
                    Told::Member { at, lines: None, .. } => {
                        one(Found::Known(Member::At(at.clone()), &mut Verdict::None))
                    }
                    Told::Nothing => match self.look(versions, everybodys.as_ref(), subject, day)? {
                        Looked::Member(member, _) => one(Found::Known(member, &mut Verdict::None)),
                        Looked::OutsideUntil(_) => Ok(()),
                    },
                }
            })?;
            if scanned.is_some() {
                return Ok(());
            }
        }
        let mut awake = match kept {
            Some(mut awake) if day < awake.scan_on => {
                awake.wake(day);
                awake
            }
            kept => {
                let mut wakers = Vec::new();
                let scanned = self.scan(versions, scan, |heard| {
                    heard.each(|subject, told| {
                        wakers.push(self.waker(versions, subject, &told));
                        Ok(())
                    })
                })?;
                match scanned {
                    Some(until) => Awake::scanned(day, (wakers, until), kept),
                    None => Awake::everybody(&self.everybody(kind), day),
                }
            }
        };
        let Awake { subjects, asleep_until, .. } = &mut awake;
        let mut stopped = None;
        subjects.retain_mut(|waker| {
            if stopped.is_some() {
                return true;
            }
            let member = match waker.stays(everybodys.as_ref(), day) {
                Some(at) => Ok(Some(Member::At(at.clone()))),
                None => self.look_again(versions, everybodys.as_ref(), waker, day, asleep_until),
            };
            let done = match member {
                Ok(Some(member)) => each(Asked::One(waker.subject, Found::Known(member, &mut waker.verdict))),
                Ok(None) => return false,
                Err(reason) => Err(reason),
            };
            stopped = done.err();
            true
        });
        if let Some(reason) = stopped {
            return Err(reason);
        }
        self.memo.borrow_mut().awake.insert(key, awake);
        Ok(())
    }

    /// Somebody of whom a scan told, awake from now on.
    fn waker(&self, versions: Versions<'_>, subject: SubjectRow, told: &Told<'_>) -> Waker {
        let mut waker = Waker::new(subject);
        let (at, until, verdict) = match told {
            Told::Nothing => return waker,
            Told::Settled { at, until, settled } => (*at, until, Verdict::of(*settled)),
            Told::Member { at, until, lines: None } => (*at, until, Verdict::None),
            Told::Member { at, until, lines: Some(lines) } => (*at, until, self.remember(versions, subject, at, lines)),
        };
        (waker.at, waker.until, waker.verdict) = (Some(at.clone()), *until, verdict);
        waker
    }

    /// Remembers what lines that stay come to, for whoever goes on.
    pub(super) fn remember(
        &self,
        versions: Versions<'_>,
        subject: SubjectRow,
        at: &AtIssue,
        lines: &Lines<'_>,
    ) -> Verdict {
        let version = versions.at(at.version);
        let steady = self.numbers.of_version[version.number].lines.map(|mask| lines.steady(mask));
        for (part, spell) in PARTS.into_iter().zip(steady) {
            if let Some(spell) = spell {
                self.memo.borrow_mut().of_subject(version, subject, &at.occasion).remember(part, spell);
            }
        }
        match steady {
            [Some(conditions), Some(already), ..] if conditions.value.no == 0 && already.value.yes() == 0 => {
                Verdict::Stood { until: conditions.days.to.min(already.days.to) }
            }
            _ => Verdict::None,
        }
    }

    fn look_again(
        &self,
        versions: Versions<'_>,
        everybodys: Option<&Issue>,
        waker: &mut Waker,
        day: NaiveDate,
        asleep_until: &mut BTreeMap<NaiveDate, Vec<SubjectRow>>,
    ) -> Result<Option<Member>, NotRun> {
        waker.verdict = Verdict::None;
        match self.look(versions, everybodys, waker.subject, day)? {
            Looked::Member(member, until) => {
                waker.until = until;
                waker.at = if let Member::At(at) = &member { Some(at.clone()) } else { None };
                Ok(Some(member))
            }
            Looked::OutsideUntil(until) => {
                asleep_until.entry(until).or_default().push(waker.subject);
                Ok(None)
            }
        }
    }

    /// Whether somebody is of a rule's cohort on a day; `everybodys` is the occasion at issue, where it is everybody's.
    pub(super) fn look(
        &self,
        versions: Versions<'_>,
        everybodys: Option<&Issue>,
        subject: SubjectRow,
        day: NaiveDate,
    ) -> Result<Looked, NotRun> {
        if self.ground.world.register.subject(subject).is_dead() {
            return Ok(Looked::OutsideUntil(NaiveDate::MAX));
        }
        let issue = match everybodys {
            Some(issue) => issue.clone(),
            None => self.at_issue(versions, subject, day)?,
        };
        let until = self.issue_until(versions, subject, day, &issue);
        Ok(match issue {
            Issue::None => Looked::OutsideUntil(until),
            Issue::Unknown(missing) => Looked::Member(Member::Unsettled(missing), until),
            Issue::At(at) => {
                let cohort = self.cohort(versions.at(at.version), subject, day, &at.occasion)?;
                let until = until.min(cohort.days.to);
                match cohort.value {
                    Truth::No => Looked::OutsideUntil(until),
                    Truth::Unknown | Truth::Yes => Looked::Member(Member::At(at), until),
                }
            }
        })
    }

    /// The last day, excluded, on which the occasion at issue for a subject is what it is on a day.
    pub(super) fn issue_until(
        &self,
        versions: Versions<'_>,
        subject: SubjectRow,
        day: NaiveDate,
        issue: &Issue,
    ) -> NaiveDate {
        let mut memo = self.memo.borrow_mut();
        let mut until = NaiveDate::MAX;
        for version in versions.iter() {
            let spell = memo.of_version(version).occasion_of(version, subject, day);
            let found = spell.and_then(|spell| spell.value.as_ref().ok().map(|found| (found, spell.days.to)));
            // which of several is at issue, and what stops a version, is asked on each day
            match (found, issue) {
                (Some((None, to)), _) => until = until.min(to),
                (Some((Some(_), to)), Issue::At(at)) if at.version == version.at => until = until.min(to),
                // another version's
                (Some((Some(occasion), to)), _) if !version.rule.in_force_on(occasion.opens()) => until = until.min(to),
                _ => return Days::one(day).to,
            }
        }
        until
    }

    /// Everybody of a kind among this part's rows.
    pub(super) fn everybody(&self, kind: SubjectKind) -> Arc<Vec<SubjectRow>> {
        let subjects = || {
            let rows = self.rows(kind);
            let mut subjects = self.ground.world.register.subjects(kind);
            subjects.retain(|subject| (rows.from..rows.to).contains(&subject.position()));
            Arc::new(subjects)
        };
        self.memo.borrow_mut().everybody.entry(kind).or_insert_with(subjects).clone()
    }

    /// Some subject of a kind, for what is the same for all.
    pub(super) fn anybody(&self, kind: SubjectKind) -> Option<SubjectRow> {
        let columns = self.ground.world.register.columns();
        let at = match kind {
            SubjectKind::Resident => columns.has_record().iter().position(|has_record| *has_record)?,
            SubjectKind::Household | SubjectKind::Building => (columns.len(kind) > 0).then_some(0)?,
        };
        kernels::subject(kind, at)
    }

    /// The cohort of a rule on a day, found apart from its outcomes, so that a bill can be compared with it.
    ///
    /// # Errors
    /// * [`NotRun`] when the rule does not run on the day
    pub fn cohort_on(&self, id: &RuleId, day: NaiveDate) -> Result<Vec<SubjectRow>, NotRun> {
        let worth_while = self.asks_many(For::Bill, id);
        let of_parts = self.in_parts(worth_while, |part| {
            let versions = part.versions(id);
            let Some(kind) = versions.rules.first().map(|rule| rule.card.subject) else { return Ok(Vec::new()) };
            let mut cohort = Vec::new();
            part.members(versions, kind, day, For::Bill, |asked| match asked {
                Asked::One(subject, _) => {
                    cohort.push(subject);
                    Ok(())
                }
                Asked::Run(run) => run.each(|subject, _| {
                    cohort.push(subject);
                    Ok(())
                }),
            })?;
            Ok(cohort)
        });
        joined(of_parts, |cohort, mut later| cohort.append(&mut later))
    }

    /// Whether so many may be looked at that threads are worth while.
    pub(super) fn asks_many(&self, purpose: For, id: &RuleId) -> bool {
        let key = (purpose, self.versions(id).first_number);
        self.memo.borrow().awake.get(&key).is_none_or(|awake| awake.subjects.len() >= MANY)
    }

    /// Whether a subject is decidedly outside a rule's cohort on a day although an occasion is at issue: its birth date was
    /// corrected, say. No occasion at issue, or a rule that does not run, says nothing of that.
    pub fn is_outside_cohort(&self, id: &RuleId, subject: SubjectRow, day: NaiveDate) -> bool {
        let versions = self.versions(id);
        match self.at_issue(versions, subject, day) {
            Ok(Issue::At(at)) => {
                let cohort = self.cohort(versions.at(at.version), subject, day, &at.occasion);
                cohort.is_ok_and(|cohort| cohort.value.is_no())
            }
            Ok(Issue::None | Issue::Unknown(_)) | Err(_) => false,
        }
    }
}
