//! What a rule's lines came to, in the sentences that one reader may read: outside any offer, and no refusal.
//!
//! Each named line has its sentences in the rule's texts. A line that tells of the subject's home is told only to those who
//! share it, whatever it came to, so that a missing sentence says nothing; a line without a sentence is told to nobody.
//! Whether somebody may ask at all is decided by the caller.

use std::sync::Arc;

use ennakko_core::placeholder::Placeholder;
use ennakko_core::protected::Party;
use ennakko_core::register::{ResidentRow, SubjectRow};
use ennakko_core::{NameId, Occasion, RuleId, Truth};

use crate::letter::{LETTER, LetterError, Sources, field_in_words, name_of_subject, one_line};
use crate::text::{TextName, Values};
use crate::written_date::written;

/// A line and what it came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub name: NameId,
    /// What it came to.
    pub truth: Truth,
    /// Whether it tells something of the subject's home.
    pub tells_home: bool,
}

/// What somebody asks to be told.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The rule.
    pub rule: &'a RuleId,
    /// The message of the rule whose title stands above.
    pub text: &'a str,
    /// The rule's purpose, whose contact stands below.
    pub purpose: &'a str,
    /// The occasion.
    pub occasion: &'a Arc<Occasion>,
    /// The subject.
    pub subject: SubjectRow,
    /// The rule's lines, in order.
    pub lines: &'a [Line],
    /// Who reads it.
    pub reader: ResidentRow,
    /// Language tag.
    pub language: &'a str,
}

/// Sentences for one reader. `Debug` hides what they say.
#[derive(Clone, PartialEq, Eq)]
pub struct Told {
    /// For whom.
    pub reader: Party,
    /// Language tag.
    pub language: String,
    /// Title.
    pub title: String,
    /// A sentence for each line that may be told, in order.
    pub sentences: Vec<String>,
    /// Whom to ask.
    pub contact: String,
}

impl std::fmt::Debug for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Told({}, {} sentences, hidden)", self.language, self.sentences.len())
    }
}

/// What a rule's lines came to, for one reader in a language.
///
/// Values at hand for the texts: `$subject`, `$authority`, `$today`, the contact's, and every field of the occasion but
/// `reply_by`, which belongs to an offer.
///
/// # Errors
/// - [`LetterError`]: a text, a value or a contact is missing; or the subject's home is protected, and a person tells it.
pub fn told(asked: &Asked<'_>, sources: &Sources<'_>) -> Result<Told, LetterError> {
    let subject = sources.register.subject(asked.subject);
    if subject.is_protected() {
        return Err(LetterError::Withheld(ennakko_core::outcome::WithheldReason::Protection));
    }
    let (rule, language) = (asked.rule.as_str(), asked.language);
    if !sources.texts.has(rule, language) {
        return Err(LetterError::NoTexts { rule: rule.to_owned(), language: language.to_owned() });
    }
    let values = values(asked, sources)?;
    let name = |message: &str, attribute: &str| TextName {
        rule: rule.into(),
        language: language.into(),
        message: message.into(),
        attribute: attribute.into(),
    };
    let reader = sources.register.resident(asked.reader);
    let shares_home = reader.home().is_some() && reader.home() == subject.home();
    let mut sentences = Vec::new();
    for line in asked.lines.iter().filter(|line| shares_home || !line.tells_home) {
        let attribute = match line.truth {
            Truth::Yes => "yes",
            Truth::No => "no",
            Truth::Unknown => "unknown",
        };
        let sentence = name(line.name.as_str(), attribute);
        if sources.texts.has_text(&sentence) {
            sentences.push(sources.texts.write(&sentence, &values)?);
        }
    }
    Ok(Told {
        reader: Party::Person(reader.key()),
        language: language.to_owned(),
        title: sources.texts.write(&name(asked.text, "title"), &values)?,
        sentences,
        contact: sources.texts.write(&name(LETTER, "contact"), &values)?,
    })
}

fn values(asked: &Asked<'_>, sources: &Sources<'_>) -> Result<Values, LetterError> {
    let Sources { register, city, on, .. } = *sources;
    let mut values = Values::new();
    let mut put = |name: &str, value: &str| {
        values.insert(name.to_owned(), one_line(value));
    };
    for (name, field) in asked.occasion.fields().filter(|(name, _)| *name != "reply_by") {
        put(name, &field_in_words(&field, asked.language)?);
    }
    put(Placeholder::Today.word(), &written(on, asked.language)?);
    let contact = city.contact(asked.purpose, on);
    let contact = contact.ok_or_else(|| LetterError::NoContact { purpose: asked.purpose.to_owned(), on })?;
    put(Placeholder::ContactPhone.word(), &contact.phone);
    put(Placeholder::ContactEmail.word(), &contact.email);
    let subject = name_of_subject(&register.subject(asked.subject));
    let named = [
        (Placeholder::ContactName, contact.name.get(asked.language)),
        (Placeholder::Authority, city.name.get(asked.language)),
        (Placeholder::Subject, subject.as_ref()),
    ];
    for (name, value) in named {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            put(name.word(), value);
        }
    }
    Ok(values)
}
