//! Version 1 of the wire form of an offer; `schema/offer.v1.schema.json` says the same for other languages.
//!
//! It holds ids, days and names of lines; no person's name, code or address, and of a place only that there is one. What it
//! holds does not depend on whether anybody is protected, except the channel by which each addressee is to be written to.
//! The one exception is `messages`, with the letters as they are to be delivered: for a delivery system and nobody else.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ennakko_core::protected::{Addressee, Party};
use ennakko_core::rule_card::{Replies, Reply};
use ennakko_core::{SubjectKey, Term};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Error;
use crate::deadline::{Deadline, TZDB_VERSION, start_of};
use crate::letter::Letter;
use crate::message::{Channel, Message};
use crate::offer::{Issuer, Offer, Silence};
use crate::offer_id::{ExternalId, Secret};

/// Which ids a receiver gets.
#[derive(Clone, Copy, Debug)]
pub enum Ids<'a> {
    /// The authority's own pseudonymous ids: for its own systems.
    Inner,
    /// Ids keyed with the city's secret for one receiver: for everyone else. Two receivers get two sets of ids.
    External {
        /// The city's secret.
        secret: &'a Secret,
        /// Who receives them.
        receiver: &'a str,
    },
}

impl Ids<'_> {
    fn of(&self, id: Uuid) -> Uuid {
        match self {
            Self::Inner => id,
            Self::External { secret, receiver } => *ExternalId::of(secret, receiver, id).as_uuid(),
        }
    }

    fn of_party(&self, party: &Party, issuer: &Issuer<'_>) -> Uuid {
        match party {
            Party::Person(key) => self.of(key.as_uuid()),
            Party::Organisation(id) => self.of(issuer.authority().derive("organisation", &[id])),
        }
    }
}

/// An offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferV1 {
    /// Name and version of this form.
    pub schema: SchemaV1,
    /// What it is: never a decision.
    pub kind: KindV1,
    /// The offer's id.
    #[serde(with = "as_text")]
    pub id: Uuid,
    /// The day it was made.
    #[serde(with = "as_text")]
    pub offered_on: NaiveDate,
    /// The rule.
    pub rule: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the rule with all it uses, in hexadecimal.
    pub digest: String,
    /// Whom or what it is about.
    pub subject: SubjectV1,
    /// Id of the occasion.
    pub occasion: String,
    /// The instant from which the occasion is open, RFC 3339 with the zone's offset.
    pub opens: String,
    /// Until when a reply is asked; `null` if none is.
    pub reply_by: Option<DeadlineV1>,
    /// Time zone of the city, by its tz database name.
    pub zone: String,
    /// Release of the tz database that gave the instants.
    pub tzdb: String,
    /// To whom, in the order of their keys inside the authority.
    pub addressees: Vec<AddresseeV1>,
    /// The terms by name.
    pub terms: BTreeMap<String, TermV1>,
    /// Names of the conditions that held.
    pub reasons: Vec<String>,
    /// Laws, as cited.
    pub law: Vec<String>,
    /// The purpose.
    pub purpose: String,
    /// Which replies are asked.
    pub reply: ReplyV1,
    /// What it means that nobody replies.
    pub silence: SilenceV1,
    /// Whether anything used is only expected, not decided.
    pub expected: bool,
    /// The letters, for a delivery system only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<MessageV1>>,
}

/// Name and version of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SchemaV1 {
    /// This one.
    #[serde(rename = "ennakko.offer.v1")]
    OfferV1,
}

/// What it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KindV1 {
    /// An offer, which is not a decision.
    Offer,
}

/// Whom or what an offer is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectV1 {
    /// What it is.
    pub kind: SubjectKindV1,
    /// Its id.
    #[serde(with = "as_text")]
    pub id: Uuid,
}

/// The kinds of subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKindV1 {
    /// A person.
    Resident,
    /// A household.
    Household,
    /// A building.
    Building,
}

/// A deadline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineV1 {
    /// The last civil day on which a reply is in time.
    #[serde(with = "as_text")]
    pub last_day: NaiveDate,
    /// The end of that day, excluded; RFC 3339 with the zone's offset.
    pub ends_at: String,
}

/// An addressee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddresseeV1 {
    /// The person's or organisation's id.
    #[serde(with = "as_text")]
    pub id: Uuid,
    /// Who they are to the subject: `subject`, `custodian`, `owner` or `household_adult`.
    pub role: String,
    /// Language of the valid letter.
    pub language: String,
    /// How they are to be written to.
    pub channel: ChannelV1,
}

/// How an addressee is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelV1 {
    /// Through the city's messages.
    Messages,
    /// Through the queue of those whose whereabouts are protected.
    ProtectedQueue,
}

/// A term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TermV1 {
    /// Yes or no.
    Bool {
        /// Its value.
        value: bool,
    },
    /// A whole number.
    Int {
        /// Its value.
        value: i64,
    },
    /// A civil day.
    Day {
        /// Its value.
        #[serde(with = "as_text")]
        value: NaiveDate,
    },
    /// A text.
    Text {
        /// Its value.
        value: String,
    },
    /// A place. Which one is never said here.
    Place {},
}

/// Which replies are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyV1 {
    /// Whether one is needed.
    pub mode: ReplyModeV1,
    /// Whose.
    pub whose: WhoseReplyV1,
}

/// Whether a reply is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyModeV1 {
    /// It is.
    Needed,
    /// None is asked.
    None,
}

/// Whose reply is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhoseReplyV1 {
    /// That of one addressee.
    OneIsEnough,
    /// That of all.
    All,
}

/// What it means that nobody replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SilenceV1 {
    /// Nothing is decided, and no right is lost.
    NothingIsDecided,
}

/// A message to be delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageV1 {
    /// The addressee's id.
    #[serde(with = "as_text")]
    pub to: Uuid,
    /// How it is to be delivered.
    pub channel: ChannelV1,
    /// The valid letter.
    pub letter: LetterV1,
    /// A translation to attach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translation: Option<LetterV1>,
}

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterV1 {
    /// Language tag.
    pub language: String,
    /// Title.
    pub title: String,
    /// The parts, in order.
    pub parts: Vec<PartV1>,
}

/// A part of a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartV1 {
    /// Which part, see [`crate::letter::Part::word`].
    pub part: String,
    /// Its text.
    pub text: String,
}

impl OfferV1 {
    /// The wire form of an offer, without messages.
    ///
    /// # Errors
    /// - [`Error::Deadline`]: the day on which the occasion opens, or the last day to reply, is outside the zone data.
    pub fn of(offer: &Offer, issuer: &Issuer<'_>, ids: Ids<'_>) -> Result<Self, Error> {
        let (body, zone) = (offer.body(), issuer.zone());
        let reply_by = body.reply_by.as_ref().map(|deadline| deadline_of(deadline, issuer)).transpose()?;
        Ok(Self {
            schema: SchemaV1::OfferV1,
            kind: KindV1::Offer,
            id: ids.of(*offer.id().as_uuid()),
            offered_on: offer.offered_on(),
            rule: body.rule.to_string(),
            version: body.version.to_string(),
            digest: body.digest.to_string(),
            subject: SubjectV1 { kind: kind_of(body.subject), id: ids.of(body.subject.as_uuid()) },
            occasion: body.occasion.id().to_owned(),
            opens: start_of(body.occasion.opens(), zone)?.to_rfc3339_in(zone)?,
            reply_by,
            zone: zone.name().to_owned(),
            tzdb: TZDB_VERSION.to_owned(),
            addressees: body.addressees.iter().map(|to| addressee_of(to, issuer, ids)).collect(),
            terms: body.terms.by_name.iter().map(|(name, term)| (name.to_string(), term_of(term))).collect(),
            reasons: body.reasons.iter().map(|reason| reason.name.to_string()).collect(),
            law: body.law.clone(),
            purpose: body.purpose.clone(),
            reply: ReplyV1 {
                mode: match body.plan.reply {
                    Reply::Needed => ReplyModeV1::Needed,
                    Reply::None => ReplyModeV1::None,
                },
                whose: match body.plan.replies {
                    Replies::OneIsEnough => WhoseReplyV1::OneIsEnough,
                    Replies::All => WhoseReplyV1::All,
                },
            },
            silence: match body.silence {
                Silence::NothingIsDecided => SilenceV1::NothingIsDecided,
            },
            expected: body.expected,
            messages: None,
        })
    }

    /// The same with the letters to deliver. The ids must be made as those of the offer.
    #[must_use]
    pub fn with_messages(mut self, messages: &[Message], issuer: &Issuer<'_>, ids: Ids<'_>) -> Self {
        let message_of = |message: &Message| MessageV1 {
            to: ids.of_party(&message.to.party, issuer),
            channel: channel_of(message.channel),
            letter: letter_of(&message.letter),
            translation: message.translation.as_ref().map(letter_of),
        };
        self.messages = Some(messages.iter().map(message_of).collect());
        self
    }
}

fn kind_of(subject: SubjectKey) -> SubjectKindV1 {
    match subject {
        SubjectKey::Resident(_) => SubjectKindV1::Resident,
        SubjectKey::Household(_) => SubjectKindV1::Household,
        SubjectKey::Building(_) => SubjectKindV1::Building,
    }
}

fn deadline_of(deadline: &Deadline, issuer: &Issuer<'_>) -> Result<DeadlineV1, Error> {
    Ok(DeadlineV1 { last_day: deadline.last_day, ends_at: deadline.ends_at.to_rfc3339_in(issuer.zone())? })
}

fn addressee_of(to: &Addressee, issuer: &Issuer<'_>, ids: Ids<'_>) -> AddresseeV1 {
    AddresseeV1 {
        id: ids.of_party(&to.party, issuer),
        role: to.role.word().to_owned(),
        language: to.language.clone(),
        channel: channel_of(Channel::of(to)),
    }
}

fn channel_of(channel: Channel) -> ChannelV1 {
    match channel {
        Channel::Messages => ChannelV1::Messages,
        Channel::ProtectedQueue => ChannelV1::ProtectedQueue,
    }
}

fn term_of(term: &Term) -> TermV1 {
    match term {
        Term::Bool(value) => TermV1::Bool { value: *value },
        Term::Int(value) => TermV1::Int { value: *value },
        Term::Day(value) => TermV1::Day { value: *value },
        Term::Text(value) => TermV1::Text { value: value.to_string() },
        Term::Place(_) => TermV1::Place {},
    }
}

fn letter_of(letter: &Letter) -> LetterV1 {
    let part =
        |(part, text): &(crate::letter::Part, String)| PartV1 { part: part.word().to_owned(), text: text.clone() };
    LetterV1 {
        language: letter.language.clone(),
        title: letter.title.clone(),
        parts: letter.parts.iter().map(part).collect(),
    }
}

/// Ids and days as the texts that they write and read.
mod as_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
