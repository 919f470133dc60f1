//! The offer: what the city proposes to whom, until when, and what silence means. It is not a decision.
//!
//! Not for sending (see [`crate::message`]) and not for storing (see [`crate::ledger`]); other systems read the wire form
//! ([`crate::wire`]), never this type. Candidates come from the front door: subjects for whom a rule's outcome is *offered*.

use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::city::City;
use ennakko_core::outcome::WithheldReason;
use ennakko_core::protected::Addressee;
use ennakko_core::register::{Register, SubjectRow};
use ennakko_core::rule_card::{MessagePlan, Reply, RuleCard, SentOn};
use ennakko_core::{NameId, Occasion, RuleId, SubjectKey, Terms};

use crate::Error;
use crate::addressees::addressees;
use crate::deadline::{Deadline, Roll, Zone};
use crate::offer_id::{Authority, OfferId};

/// A city as the one that makes offers: its authority and its time zone, looked up once.
#[derive(Clone, Debug)]
pub struct Issuer<'a> {
    // INVARIANT (authority and zone are those of the city)
    city: &'a City,
    authority: Authority,
    zone: Zone,
}

impl<'a> Issuer<'a> {
    /// The issuer that a city is.
    ///
    /// # Errors
    /// - [`Error::Id`]: the city's country or code cannot stand in an id.
    /// - [`Error::Deadline`]: the city's time zone is unknown.
    pub fn new(city: &'a City) -> Result<Self, Error> {
        let authority = Authority::new(&city.country, &city.code)?;
        Ok(Self { city, authority, zone: Zone::named(&city.zone)? })
    }

    /// The city.
    pub fn city(&self) -> &'a City {
        self.city
    }

    /// The namespace of its ids.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Its time zone.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }
}

/// A condition that held, as a reason for the offer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    /// The condition's name.
    pub name: NameId,
    /// Whether it read anything derived from the subject's home: municipality, address, dwelling, household, a place.
    /// Such a reason is told only to those who share that home.
    pub tells_home: bool,
}

/// A subject for whom a rule's outcome is *offered*, with what the rule said.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The subject.
    pub subject: SubjectRow,
    /// The occasion at issue.
    pub occasion: Arc<Occasion>,
    /// The terms.
    pub terms: Terms,
    /// The conditions that held, in the order of the rule.
    pub reasons: Vec<Reason>,
    /// Whether a parameter or calendar row was used that is only expected.
    pub expected: bool,
    /// Whether the day is on or after the occasion's `closes`, and the rule offers all the same.
    pub late: bool,
}

/// What it means that nobody replies. It is stated in every offer.
///
/// No rule ships with silence that accepts; another variant comes with the first such rule and all its safeguards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Silence {
    /// Nothing is decided, and no right is lost.
    NothingIsDecided,
}

/// What an offer says. All of it is fixed when the offer is made; a later change is another body under the same id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferBody {
    /// The rule.
    pub rule: RuleId,
    /// The rule's version: its file's stem.
    pub version: Arc<str>,
    /// SHA-256 of the rule with all it uses, in hexadecimal.
    pub digest: Arc<str>,
    /// Whom or what it is about.
    pub subject: SubjectKey,
    /// The occasion.
    pub occasion: Arc<Occasion>,
    /// To whom it is put, in the order of their keys.
    pub addressees: Vec<Addressee>,
    /// How many more have the right but cannot be written to.
    pub unreached: usize,
    /// The terms.
    pub terms: Terms,
    /// Which message carries it, and whose reply is asked.
    pub plan: MessagePlan,
    /// Until when a reply is asked, if one is.
    pub reply_by: Option<Deadline>,
    /// What silence means.
    pub silence: Silence,
    /// Whether anything it used is only expected, not decided: such an offer serves preview only.
    pub expected: bool,
    /// Whether it was made on or after the occasion's `closes`.
    pub late: bool,
    /// Why: the conditions that held.
    pub reasons: Vec<Reason>,
    /// The purpose, a row of `purposes.toml`.
    pub purpose: String,
    /// Laws, as cited.
    pub law: Vec<String>,
}

/// An offer. Neither serialisable nor a decision. A copy shares the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    // INVARIANT (the id is that of the body's rule, subject and occasion)
    id: OfferId,
    offered_on: NaiveDate,
    body: Arc<OfferBody>,
}

impl Offer {
    /// The offer with this body, made on a day. Its id follows from rule, subject and occasion.
    pub fn of(authority: &Authority, body: OfferBody, offered_on: NaiveDate) -> Self {
        let id = OfferId::of(authority, body.rule.as_str(), body.subject.as_uuid(), body.occasion.id());
        Self { id, offered_on, body: Arc::new(body) }
    }

    /// The id: the same in every run.
    pub fn id(&self) -> OfferId {
        self.id
    }

    /// The day on which it was made.
    pub fn offered_on(&self) -> NaiveDate {
        self.offered_on
    }

    /// What it says.
    pub fn body(&self) -> &OfferBody {
        &self.body
    }
}

/// What came of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// An offer.
    Offer(Box<Offer>),
    /// Entitled, but the engine must not send it: an officer's task.
    Withheld(WithheldReason),
}

/// The offer to a candidate on a day, or why it is withheld.
///
/// The last day to reply is the terms' `reply_by`; if they name none and a reply is needed, the day before the occasion
/// closes. If that day is over already (somebody moved in late), it is the first of the day before `closes` and the day
/// before `ends` that is not: a letter never asks for a reply by a day that has passed. It then rolls on over weekends
/// and the city's holidays, never back.
///
/// # Errors
/// - [`Error::NoMessage`]: the rule sends no message with its offers.
/// - [`Error::NoDayToReply`]: a reply is asked, and the occasion is over.
/// - [`Error::Deadline`]: the last day to reply is outside the zone data.
pub fn propose(
    candidate: &Candidate,
    card: &RuleCard,
    register: &Register,
    issuer: &Issuer<'_>,
    on: NaiveDate,
) -> Result<Proposal, Error> {
    let plan = card.messages.iter().find(|plan| plan.on == SentOn::Offer);
    let plan = plan.ok_or_else(|| Error::NoMessage { rule: card.id.to_string() })?;
    let (to, unreached) = match addressees(register, candidate.subject, plan, issuer.city, on) {
        Ok(found) => found.into_parts(),
        Err(reason) => return Ok(Proposal::Withheld(reason)),
    };
    let body = OfferBody {
        rule: card.id.clone(),
        version: card.version.clone(),
        digest: card.digest.clone(),
        subject: register.subject(candidate.subject).key(),
        occasion: candidate.occasion.clone(),
        addressees: to,
        unreached,
        terms: candidate.terms.clone(),
        plan: plan.clone(),
        reply_by: reply_by(candidate, plan, issuer, on)?,
        silence: Silence::NothingIsDecided,
        expected: candidate.expected || candidate.occasion.is_expected(),
        late: candidate.late,
        reasons: candidate.reasons.clone(),
        purpose: card.purpose.clone(),
        law: card.law.clone(),
    };
    Ok(Proposal::Offer(Box::new(Offer::of(&issuer.authority, body, on))))
}

fn reply_by(
    candidate: &Candidate,
    plan: &MessagePlan,
    issuer: &Issuer<'_>,
    on: NaiveDate,
) -> Result<Option<Deadline>, Error> {
    let named = candidate.terms.reply_by();
    if named.is_none() && plan.reply == Reply::None {
        return Ok(None);
    }
    let occasion = &candidate.occasion;
    let roll = Roll::OverWeekendsAndHolidays(&issuer.city.holidays);
    for day in [named, occasion.closes().pred_opt(), occasion.ends().pred_opt()].into_iter().flatten() {
        let deadline = Deadline::end_of(day, &issuer.zone, &roll)?;
        if on <= deadline.last_day {
            return Ok(Some(deadline));
        }
    }
    Err(Error::NoDayToReply { occasion: occasion.id().to_owned(), ends: occasion.ends() })
}

#[cfg(test)]
mod tests;
