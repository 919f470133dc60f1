//! The ledger: every offer ever made and what became of it, append-only.
//!
//! [`MemoryLedger`] is the model that any store must agree with, and what a preview works on (a clone of it). Nothing is
//! sent here, and silence decides nothing: an offer without a reply lapses, and a person gets in touch.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::outcome::{Standing, WithheldReason};
use ennakko_core::protected::{Addressee, Party};
use ennakko_core::register::{Life, Register, Resident, Subject};
use ennakko_core::rule_card::{Replies, Reply};
use ennakko_core::{RuleId, SubjectKey};
use uuid::Uuid;

use crate::OfferId;
use crate::offer::Offer;
use crate::offer_id::Authority;
use crate::task::{Task, TaskReason};

/// What an addressee answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// Yes.
    Accept,
    /// No.
    Decline,
}

/// What came of proposing an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is new.
    Inserted,
    /// It stands there already, the same: nothing was done.
    Already,
    /// It stands there with another body: nothing was done, a person amends it.
    Conflict,
    /// It had been withdrawn or had ended, and is made again, with the body given now and no replies.
    Reinstated,
}

/// What came of withdrawing or ending an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// It is closed.
    Now,
    /// It was not open: nothing was done.
    NotOpen,
    /// It was accepted, so it stays as it is and a person looks at it: an acceptance is never undone by a register.
    ToPerson,
}

/// What came of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replied {
    /// The offer now stands like this; `Pending` while the replies of others are needed.
    Stands(Standing),
    /// The offer stays as it is and a person takes over, under the task of this id.
    ToPerson(Uuid),
}

/// One event of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The day.
    pub on: NaiveDate,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// An offer was made.
    Proposed(OfferId),
    /// An offer was withdrawn: the subject is no longer entitled.
    Withdrawn(OfferId),
    /// An offer ended quietly: the subject has it already.
    Ended(OfferId),
    /// An offer that had been withdrawn or had ended was made again.
    Reinstated(OfferId),
    /// An addressee replied.
    Replied {
        /// The offer.
        offer: OfferId,
        /// Who replied.
        who: Party,
        /// What they answer.
        answer: Answer,
    },
    /// The time to reply, or the occasion, ran out.
    Lapsed(OfferId),
    /// A task was raised.
    TaskRaised(Uuid),
}

/// The ledger does not know what it was asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// There is no such offer.
    #[error("no offer {offer} in the ledger")]
    NoSuchOffer {
        /// The id.
        offer: OfferId,
    },
    /// The reply comes from somebody to whom the offer was not put.
    #[error("the reply to offer {offer} is not from one of its addressees")]
    NotAnAddressee {
        /// The offer.
        offer: OfferId,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Standing(Standing),
    Withdrawn,
    Ended,
}

/// One offer of the ledger with what became of it.
#[derive(Clone, Debug)]
pub struct Entry {
    offer: Offer,
    state: State,
    replies: BTreeMap<Party, Answer>,
    now: Now,
}

impl Entry {
    /// The offer.
    pub fn offer(&self) -> &Offer {
        &self.offer
    }

    /// How it stands; `None` once withdrawn or ended.
    pub fn standing(&self) -> Option<Standing> {
        match self.state {
            State::Standing(standing) => Some(standing),
            State::Withdrawn | State::Ended => None,
        }
    }

    /// The latest answer of each addressee who has replied.
    pub fn replies(&self) -> &BTreeMap<Party, Answer> {
        &self.replies
    }

    /// Whether its time is over on a day: the last day to reply has passed, or, without one, the occasion is over.
    pub fn is_due(&self, on: NaiveDate) -> bool {
        let body = self.offer.body();
        body.reply_by.as_ref().map_or(body.occasion.ends() <= on, |deadline| deadline.last_day < on)
    }

    fn task(&self, authority: &Authority, reason: TaskReason) -> Task {
        Task::about_offer(authority, self.offer.body(), self.now.protected, reason)
    }

    /// What a reply makes of the offer, the reply being entered already; `None` when a person has to look.
    fn standing_after(&self, standing: Standing, answer: Answer) -> Option<Standing> {
        let plan = &self.offer.body().plan;
        if plan.replies == Replies::OneIsEnough && standing == Standing::Accepted {
            // the first yes stands, whoever takes it back
            return (answer == Answer::Accept).then_some(standing);
        }
        if self.replies.values().any(|other| *other != answer) {
            return None;
        }
        match answer {
            _ if plan.replies == Replies::All && self.lacks_a_reply(answer) => Some(Standing::Pending),
            Answer::Accept => Some(Standing::Accepted),
            Answer::Decline => Some(Standing::Declined),
        }
    }

    /// Whether somebody with a say has not replied. Those who cannot be written to have a say in a yes too, and only a
    /// person can ask them.
    fn lacks_a_reply(&self, answer: Answer) -> bool {
        let body = self.offer.body();
        self.replies.len() < body.addressees.len() || (answer == Answer::Accept && body.unreached > 0)
    }
}

const NOTHING_SINCE: Now = Now { protected: false, death_disputed: false };

/// What the newest register says of an offer's subject and addressees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Now {
    /// The subject's home, or an addressee, is protected or not known to be open.
    protected: bool,
    /// Sources disagree on whether the subject is alive.
    death_disputed: bool,
}

impl Now {
    fn of(offer: &Offer, register: &Register) -> Self {
        let body = offer.body();
        let subject = register.row_of(body.subject).map(|row| register.subject(row));
        let addressee = |to: &Addressee| match &to.party {
            Party::Person(key) => register.resident_of(*key).is_some_and(Resident::home_is_protected),
            Party::Organisation(_) => false,
        };
        Self {
            protected: subject.is_some_and(|subject| subject.is_protected()) || body.addressees.iter().any(addressee),
            death_disputed: matches!(subject, Some(Subject::Resident(person)) if person.life() == Life::Disputed),
        }
    }
}

/// The ledger in memory.
#[derive(Clone, Debug)]
pub struct MemoryLedger {
    authority: Authority,
    events: Vec<Event>,
    entries: BTreeMap<OfferId, Entry>,
    // INVARIANT (an index of `entries`): rule, subject, occasion
    by_rule: BTreeMap<RuleId, BTreeMap<SubjectKey, BTreeMap<Arc<str>, OfferId>>>,
    tasks: BTreeMap<Uuid, Task>,
    // INVARIANT (an index of `tasks`): rule, subject; each in the order in which they were raised
    tasks_by_rule: BTreeMap<RuleId, BTreeMap<SubjectKey, Vec<Uuid>>>,
    last_completed: Option<NaiveDate>,
}

impl MemoryLedger {
    /// An empty ledger of an authority.
    pub fn new(authority: Authority) -> Self {
        Self {
            authority,
            events: Vec::new(),
            entries: BTreeMap::new(),
            by_rule: BTreeMap::new(),
            tasks: BTreeMap::new(),
            tasks_by_rule: BTreeMap::new(),
            last_completed: None,
        }
    }

    /// Enters an offer on the day it was made, once.
    ///
    /// If somebody with the right cannot be written to, the task about them is raised with it.
    pub fn propose(&mut self, offer: Offer) -> Appended {
        let (id, on) = (offer.id(), offer.offered_on());
        let appended = match self.entries.get(&id) {
            None => Appended::Inserted,
            Some(entry) if entry.standing().is_none() => Appended::Reinstated,
            Some(entry) if entry.offer.body() == offer.body() => Appended::Already,
            Some(_) => Appended::Conflict,
        };
        match appended {
            Appended::Already | Appended::Conflict => return appended,
            Appended::Inserted => self.append(on, What::Proposed(id)),
            Appended::Reinstated => self.append(on, What::Reinstated(id)),
        }
        let body = offer.body();
        let occasion = Arc::from(body.occasion.id());
        self.by_rule.entry(body.rule.clone()).or_default().entry(body.subject).or_default().insert(occasion, id);
        let of_unreached = TaskReason::Unreached(body.unreached);
        let task = (body.unreached > 0).then(|| Task::about_offer(&self.authority, body, false, of_unreached));
        let state = State::Standing(Standing::Pending);
        self.entries.insert(id, Entry { offer, state, replies: BTreeMap::new(), now: NOTHING_SINCE });
        if let Some(task) = task {
            self.raise(task, on);
        }
        appended
    }

    /// How the offer of a rule to a subject on an occasion stands; `None` if there is none, or it was withdrawn or ended.
    pub fn standing(&self, rule: &RuleId, subject: SubjectKey, occasion: &str) -> Option<Standing> {
        self.offer_of(rule, subject, occasion)?.standing()
    }

    /// The offer of a rule to a subject on an occasion, also when it was withdrawn or ended.
    pub fn offer_of(&self, rule: &RuleId, subject: SubjectKey, occasion: &str) -> Option<&Entry> {
        self.entries.get(self.by_rule.get(rule)?.get(&subject)?.get(occasion)?)
    }

    /// Whether a rule made a subject an offer on or after a day, on whatever occasion; one that was withdrawn counts too,
    /// for the subject has had it.
    pub fn offered_within(&self, rule: &RuleId, subject: SubjectKey, since: NaiveDate) -> bool {
        self.entries_about(rule, subject).any(|entry| since <= entry.offer.offered_on())
    }

    /// Looks at everybody whom offers are about or go to in the newest register, before anything is done on a day: tasks
    /// about those who have come under protection since go to the protected queue.
    pub fn look_at(&mut self, register: &Register) {
        for entry in self.entries.values_mut() {
            entry.now = Now::of(&entry.offer, register);
        }
    }

    /// The same where this very register has been looked at before, when there were so many events: only offers made since
    /// are looked at.
    pub fn look_at_since(&mut self, n_events: usize, register: &Register) {
        for event in self.events.iter().skip(n_events) {
            if let What::Proposed(id) | What::Reinstated(id) = &event.what
                && let Some(entry) = self.entries.get_mut(id)
            {
                entry.now = Now::of(&entry.offer, register);
            }
        }
    }

    /// Withdraws an open offer: the subject is no longer entitled. An accepted one stays, and a person looks at it.
    ///
    /// # Errors
    /// - [`LedgerError::NoSuchOffer`]
    pub fn withdraw(&mut self, id: OfferId, on: NaiveDate) -> Result<Closed, LedgerError> {
        let entry = self.entries.get_mut(&id).ok_or(LedgerError::NoSuchOffer { offer: id })?;
        match entry.state {
            State::Standing(Standing::Pending) => {
                entry.state = State::Withdrawn;
                self.append(on, What::Withdrawn(id));
                Ok(Closed::Now)
            }
            State::Standing(Standing::Accepted) => {
                let task = entry.task(&self.authority, TaskReason::NoLongerEntitled);
                self.raise(task, on);
                Ok(Closed::ToPerson)
            }
            State::Standing(Standing::Declined | Standing::Lapsed) | State::Withdrawn | State::Ended => {
                Ok(Closed::NotOpen)
            }
        }
    }

    /// Ends an open or accepted offer quietly: the subject has it already.
    ///
    /// # Errors
    /// - [`LedgerError::NoSuchOffer`]
    pub fn end(&mut self, id: OfferId, on: NaiveDate) -> Result<Closed, LedgerError> {
        let entry = self.entries.get_mut(&id).ok_or(LedgerError::NoSuchOffer { offer: id })?;
        match entry.state {
            State::Standing(Standing::Pending | Standing::Accepted) => {
                entry.state = State::Ended;
                self.append(on, What::Ended(id));
                Ok(Closed::Now)
            }
            State::Standing(Standing::Declined | Standing::Lapsed) | State::Withdrawn | State::Ended => {
                Ok(Closed::NotOpen)
            }
        }
    }

    /// Enters the reply of an addressee. The same reply again does nothing more.
    ///
    /// Where one reply is enough, the first yes stands; a no stands unless the same person turns it into a yes. Where all
    /// are needed, it stands once everyone has said the same. Replies that differ, and a reply to an offer that has lapsed
    /// or is closed, go to a person and change nothing. A reply after the last day to an offer that has not lapsed yet
    /// counts.
    ///
    /// # Errors
    /// - [`LedgerError::NoSuchOffer`]
    /// - [`LedgerError::NotAnAddressee`]
    pub fn reply(&mut self, id: OfferId, who: &Party, answer: Answer, on: NaiveDate) -> Result<Replied, LedgerError> {
        let entry = self.entries.get_mut(&id).ok_or(LedgerError::NoSuchOffer { offer: id })?;
        if !entry.offer.body().addressees.iter().any(|to| to.party == *who) {
            return Err(LedgerError::NotAnAddressee { offer: id });
        }
        let is_new = entry.replies.insert(who.clone(), answer) != Some(answer);
        let after = match entry.state {
            State::Standing(Standing::Lapsed) | State::Withdrawn | State::Ended => Err(TaskReason::RepliedTooLate),
            State::Standing(standing) => entry.standing_after(standing, answer).ok_or(TaskReason::RepliesDiffer),
        };
        let after = after.map_err(|reason| entry.task(&self.authority, reason));
        if let Ok(standing) = after {
            entry.state = State::Standing(standing);
        }
        if is_new {
            self.append(on, What::Replied { offer: id, who: who.clone(), answer });
        }
        match after {
            Ok(standing) => Ok(Replied::Stands(standing)),
            Err(task) => {
                let task_id = task.id();
                self.raise(task, on);
                Ok(Replied::ToPerson(task_id))
            }
        }
    }

    /// Lets every open offer lapse whose time is over on a day, and gives their ids in order.
    ///
    /// Where a reply was needed, the task to get in touch is raised. Not to be called while a way for replies to come in is
    /// down: no reply recorded is not the same as silence.
    pub fn lapse(&mut self, on: NaiveDate) -> Vec<OfferId> {
        let open = |entry: &Entry| entry.state == State::Standing(Standing::Pending);
        let due = self.entries.iter_mut().filter(|(_, entry)| open(entry) && entry.is_due(on));
        let mut lapsed = Vec::new();
        let mut tasks = Vec::new();
        for (id, entry) in due {
            entry.state = State::Standing(Standing::Lapsed);
            lapsed.push(*id);
            if entry.offer.body().plan.reply == Reply::Needed {
                // nobody is asked to call a family whose child may have died
                let reason = if entry.now.death_disputed {
                    TaskReason::Withheld(WithheldReason::DeathDisputed)
                } else {
                    TaskReason::NoReply
                };
                tasks.push(entry.task(&self.authority, reason));
            }
        }
        for id in &lapsed {
            self.append(on, What::Lapsed(*id));
        }
        for task in tasks {
            self.raise(task, on);
        }
        lapsed
    }

    /// Raises a task, once: `false` if it was raised before.
    pub fn raise(&mut self, task: Task, on: NaiveDate) -> bool {
        let id = task.id();
        if self.tasks.contains_key(&id) {
            return false;
        }
        let of_rule = self.tasks_by_rule.entry(task.rule().clone()).or_default();
        of_rule.entry(task.subject()).or_default().push(id);
        self.tasks.insert(id, task);
        self.append(on, What::TaskRaised(id));
        true
    }

    /// Notes that the run of a day is complete; an earlier day changes nothing.
    pub fn complete(&mut self, day: NaiveDate) {
        self.last_completed = self.last_completed.max(Some(day));
    }

    /// The latest day whose run is complete.
    pub fn last_completed(&self) -> Option<NaiveDate> {
        self.last_completed
    }

    /// An offer by its id.
    pub fn entry(&self, id: OfferId) -> Option<&Entry> {
        self.entries.get(&id)
    }

    /// Every offer, in the order of ids.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// Every offer of a rule, in the order of subjects.
    pub fn entries_of(&self, rule: &RuleId) -> impl Iterator<Item = &Entry> {
        let ids = self.by_rule.get(rule).into_iter().flat_map(BTreeMap::values).flat_map(BTreeMap::values);
        ids.filter_map(|id| self.entries.get(id))
    }

    /// Every offer of a rule to a subject.
    pub fn entries_about(&self, rule: &RuleId, subject: SubjectKey) -> impl Iterator<Item = &Entry> {
        let ids = self.by_rule.get(rule).and_then(|subjects| subjects.get(&subject));
        ids.into_iter().flat_map(BTreeMap::values).filter_map(|id| self.entries.get(id))
    }

    /// Every task, in the order of ids.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values()
    }

    /// Every task of a rule about a subject, in the order in which they were raised.
    pub fn tasks_about(&self, rule: &RuleId, subject: SubjectKey) -> impl Iterator<Item = &Task> {
        let ids = self.tasks_by_rule.get(rule).and_then(|subjects| subjects.get(&subject));
        ids.into_iter().flatten().filter_map(|id| self.tasks.get(id))
    }

    /// A task by its id.
    pub fn task(&self, id: Uuid) -> Option<&Task> {
        self.tasks.get(&id)
    }

    /// Every event, in the order in which they came.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    fn append(&mut self, on: NaiveDate, what: What) {
        self.events.push(Event { on, what });
    }
}

#[cfg(test)]
mod tests;
