//! The message: one letter to one addressee, and the queue it goes through. One offer gives one message per addressee.
//!
//! Nothing is sent here; whoever hands a message over asks for a permit first.

use ennakko_core::protected::{Addressee, Party};

use crate::OfferId;
use crate::addressees::addressees;
use crate::letter::{Letter, LetterError, Sources, letter, subject_of};
use crate::offer::Offer;

/// The queue a message goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// The city's messages.
    Messages,
    /// The queue of those whose whereabouts are protected: handled by people with the right to see them.
    ProtectedQueue,
}

impl Channel {
    /// The channel of an addressee.
    pub fn of(to: &Addressee) -> Self {
        if to.protected { Self::ProtectedQueue } else { Self::Messages }
    }

    /// The word for it on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::ProtectedQueue => "protected_queue",
        }
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The offer it is about.
    pub offer: OfferId,
    /// To whom, as the register of the day has them.
    pub to: Addressee,
    /// The valid letter, in the addressee's language.
    pub letter: Letter,
    /// A translation to attach, if the addressee's own language is one that the city translates into.
    pub translation: Option<Letter>,
    /// The queue.
    pub channel: Channel,
}

/// The messages of an offer on a day, in the order of its addressees.
///
/// The register of the day is asked again: who has died, lost the right or come under protection since the offer was made
/// is left out or rerouted, and nobody is added. A translation is attached if the rule has texts in that language.
///
/// # Errors
/// - [`LetterError`]: a letter cannot be written, or the register of the day withholds the offer. There are then no
///   messages at all: half of the addressees is not an answer.
pub fn messages(offer: &Offer, sources: &Sources<'_>) -> Result<Vec<Message>, LetterError> {
    let body = offer.body();
    let subject = subject_of(body, sources)?;
    let Sources { texts, register, city, on } = *sources;
    let now = addressees(register, subject.row(), &body.plan, city, on).map_err(LetterError::Withheld)?;
    let still = now.to().iter().filter(|to| body.addressees.iter().any(|then| then.party == to.party));
    still
        .map(|to| {
            let own = own_language(to, sources).filter(|own| {
                city.also.iter().any(|also| also == own) && texts.has(body.rule.as_str(), own) && *own != to.language
            });
            Ok(Message {
                offer: offer.id(),
                to: to.clone(),
                letter: letter(offer, to, &to.language, sources)?,
                translation: own.map(|own| letter(offer, to, own, sources)).transpose()?,
                channel: Channel::of(to),
            })
        })
        .collect()
}

fn own_language<'a>(to: &Addressee, sources: &Sources<'a>) -> Option<&'a str> {
    match &to.party {
        Party::Person(key) => sources.register.resident_of(*key)?.language().known().map(|language| &**language),
        Party::Organisation(_) => None,
    }
}

#[cfg(test)]
mod tests;
