//! Tasks for officers: what the engine leaves to people, each once.
//!
//! The same facts give the same id, so that a second run raises nothing again. A task holds no name, code or address: who
//! may see more looks it up by the subject's key.

use std::sync::Arc;

use ennakko_core::outcome::{Missing, WithheldReason};
use ennakko_core::register::Subject;
use ennakko_core::{NameId, RuleId, SubjectKey};
use uuid::Uuid;

use crate::offer::OfferBody;
use crate::offer_id::Authority;

/// Who works on a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Queue {
    /// Any officer of the service.
    Ordinary,
    /// Officers with the right to see protected whereabouts.
    Protected,
}

/// Why a person is asked. Reasons stay inside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum TaskReason {
    /// These lines of the rule ask for an officer; none: the rule always does.
    Manual(Vec<NameId>),
    /// These facts are not known.
    CannotTell(Vec<Missing>),
    /// The engine must not send it.
    Withheld(WithheldReason),
    /// The window for offers has closed.
    Late,
    /// This many more have the right, and cannot be written to by the engine.
    Unreached(usize),
    /// One addressee accepted, another declined.
    RepliesDiffer,
    /// A reply came to an offer that has lapsed, was withdrawn or has ended.
    RepliedTooLate,
    /// A reply was needed, and nobody's came, or not everyone's.
    NoReply,
    /// It was accepted, and by the register the subject is no longer entitled.
    NoLongerEntitled,
}

impl TaskReason {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Manual(_) => "manual",
            Self::CannotTell(_) => "cannot_tell",
            Self::Withheld(_) => "withheld",
            Self::Late => "late",
            Self::Unreached(_) => "unreached",
            Self::RepliesDiffer => "replies_differ",
            Self::RepliedTooLate => "replied_too_late",
            Self::NoReply => "no_reply",
            Self::NoLongerEntitled => "no_longer_entitled",
        }
    }

    /// The same reason, whatever the order in which its facts came.
    fn in_order(self) -> Self {
        match self {
            Self::Manual(mut lines) => {
                lines.sort();
                lines.dedup();
                Self::Manual(lines)
            }
            Self::CannotTell(mut missing) => {
                missing.sort();
                missing.dedup();
                Self::CannotTell(missing)
            }
            other => other,
        }
    }

    fn facts(&self) -> Vec<String> {
        match self {
            Self::Manual(lines) => lines.iter().map(ToString::to_string).collect(),
            Self::CannotTell(missing) => missing
                .iter()
                .flat_map(|missing| {
                    let line = missing.line.to_string();
                    [line, missing.fact.to_string(), missing.of.to_string(), missing.reason.words().to_owned()]
                })
                .collect(),
            Self::Withheld(reason) => vec![reason.word().to_owned()],
            Self::Unreached(n) => vec![n.to_string()],
            Self::Late | Self::RepliesDiffer | Self::RepliedTooLate | Self::NoReply | Self::NoLongerEntitled => {
                Vec::new()
            }
        }
    }
}

/// A task for an officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    // INVARIANT (the id is that of rule, subject, occasion and reason; a protected subject's queue is the protected one)
    id: Uuid,
    rule: RuleId,
    subject: SubjectKey,
    occasion: Arc<str>,
    queue: Queue,
    reason: TaskReason,
}

impl Task {
    /// The task about a subject of a rule on an occasion.
    pub fn about(
        authority: &Authority,
        rule: &RuleId,
        subject: &Subject<'_>,
        occasion: &str,
        reason: TaskReason,
    ) -> Self {
        let queue = if subject.is_protected() { Queue::Protected } else { Queue::Ordinary };
        Self::of(authority, rule, subject.key(), occasion, (queue, reason))
    }

    /// The task about an offer that was made. If any of its addressees was protected when it was made, or anybody of it is
    /// protected by the newest register, so is the queue.
    pub fn about_offer(authority: &Authority, offer: &OfferBody, protected_now: bool, reason: TaskReason) -> Self {
        let protected = protected_now || offer.addressees.iter().any(|to| to.protected);
        let queue = if protected { Queue::Protected } else { Queue::Ordinary };
        Self::of(authority, &offer.rule, offer.subject, offer.occasion.id(), (queue, reason))
    }

    fn of(
        authority: &Authority,
        rule: &RuleId,
        subject: SubjectKey,
        occasion: &str,
        (queue, reason): (Queue, TaskReason),
    ) -> Self {
        let reason = reason.in_order();
        let mut fields =
            vec![rule.to_string(), subject.as_uuid().to_string(), occasion.to_owned(), reason.word().to_owned()];
        fields.extend(reason.facts());
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        let id = authority.derive("task", &fields);
        Self { id, rule: rule.clone(), subject, occasion: Arc::from(occasion), queue, reason }
    }

    /// The id: the same for the same facts.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The rule.
    pub fn rule(&self) -> &RuleId {
        &self.rule
    }

    /// Whom or what it is about.
    pub fn subject(&self) -> SubjectKey {
        self.subject
    }

    /// The occasion's id.
    pub fn occasion(&self) -> &str {
        &self.occasion
    }

    /// Who works on it.
    pub fn queue(&self) -> Queue {
        self.queue
    }

    /// Why.
    pub fn reason(&self) -> &TaskReason {
        &self.reason
    }
}

#[cfg(test)]
mod tests;
