//! The letter: one offer in the words of one language, for one addressee.
//!
//! Every part is there or there is no letter. What is derived from a home stands only in the letters of those who live in
//! it, and a letter says nothing about other addressees, so that no part tells that somebody's whereabouts are protected.
//! Not for deciding who is written to ([`mod@crate::addressees`]) or through which channel ([`crate::message`]).

use chrono::NaiveDate;
use ennakko_core::city::City;
use ennakko_core::occasion::OccasionField;
use ennakko_core::outcome::WithheldReason;
use ennakko_core::placeholder::Placeholder;
use ennakko_core::protected::{Addressee, Party, Role, Why, reveal};
use ennakko_core::register::{OwnerParty, Register, Subject};
use ennakko_core::rule_card::Recipients;
use ennakko_core::value::Fact;
use ennakko_core::{NameId, Term};

use crate::offer::{Offer, OfferBody};
use crate::text::{TextName, Texts, Values, WriteError};
use crate::written_date::{WrittenDateError, written};

/// Width of a letter as plain text, in characters.
const COLUMNS: usize = 76;

/// The message of the common texts that has the parts of every letter.
pub(crate) const LETTER: &str = "letter";

/// One part of a letter. Their order is that of the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// To whom.
    Greeting,
    /// Whom it is about.
    Who,
    /// What is offered.
    What,
    /// Why: the conditions that held.
    Why,
    /// By which day.
    ByWhen,
    /// What silence means.
    Silence,
    /// How to say no.
    SayNo,
    /// The question whether the child lives in two homes; in letters to custodians only.
    TwoHomes,
    /// That it was drawn up automatically, and is no decision.
    Decided,
    /// The law.
    Law,
    /// Whom to ask.
    Contact,
    /// How to object, and how to reach a person.
    Object,
}

impl Part {
    /// Every part, in order.
    pub const ALL: [Self; 12] = [
        Self::Greeting,
        Self::Who,
        Self::What,
        Self::Why,
        Self::ByWhen,
        Self::Silence,
        Self::SayNo,
        Self::TwoHomes,
        Self::Decided,
        Self::Law,
        Self::Contact,
        Self::Object,
    ];

    /// The word for it in texts and on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Greeting => "greeting",
            Self::Who => "who",
            Self::What => "what",
            Self::Why => "why",
            Self::ByWhen => "by_when",
            Self::Silence => "silence",
            Self::SayNo => "say_no",
            Self::TwoHomes => "two_homes",
            Self::Decided => "decided",
            Self::Law => "law",
            Self::Contact => "contact",
            Self::Object => "object",
        }
    }

    /// Whether its text stands in the common texts, not in the rule's.
    fn is_common(self) -> bool {
        match self {
            Self::Greeting | Self::Why | Self::Decided | Self::Law | Self::Contact | Self::Object => true,
            Self::Who | Self::What | Self::ByWhen | Self::Silence | Self::SayNo | Self::TwoHomes => false,
        }
    }
}

/// A letter: for one addressee, in one language. `Debug` hides what it says.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Language tag.
    pub language: String,
    /// Title.
    pub title: String,
    /// The parts, in order; none is empty.
    pub parts: Vec<(Part, String)>,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Letter({}, {} parts, hidden)", self.language, self.parts.len())
    }
}

/// Why a letter cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LetterError {
    /// A text is missing, or cannot be written with the values of this letter.
    #[error(transparent)]
    Text(#[from] WriteError),
    /// The rule has no texts in the language.
    #[error("rule `{rule}` has no texts in `{language}`; add `{rule}.{language}.ftl`")]
    NoTexts {
        /// Id of the rule.
        rule: String,
        /// Language tag.
        language: String,
    },
    /// A day cannot be written in the language.
    #[error(transparent)]
    Date(#[from] WrittenDateError),
    /// The city names nobody to ask.
    #[error("no contact for purpose `{purpose}` on {on}; add a `[[contact]]` to `city.toml`")]
    NoContact {
        /// The purpose.
        purpose: String,
        /// The day of the letter.
        on: NaiveDate,
    },
    /// A law has no name in the language.
    #[error("law `{law}` has no name in `{language}`; add it to its row in `laws.toml`")]
    NoLawName {
        /// The law, as cited.
        law: String,
        /// Language tag.
        language: String,
    },
    /// Not one reason may be told to this addressee.
    #[error("rule `{rule}` has no reason to tell in `{language}`; give its reasons a part `.yes_unshown`")]
    NoReason {
        /// Id of the rule.
        rule: String,
        /// Language tag.
        language: String,
    },
    /// The register has no such subject any more.
    #[error("the subject of the offer is not in the register of this day")]
    NoSubject,
    /// By the register of this day, the offer would be withheld.
    #[error("withheld by the register of this day: {}", .0.word())]
    Withheld(WithheldReason),
}

/// What letters are written from.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The texts.
    pub texts: &'a Texts,
    /// The newest register: it is asked again whether the home is protected, and who lives where.
    pub register: &'a Register,
    /// The city.
    pub city: &'a City,
    /// The day that the letter bears.
    pub on: NaiveDate,
}

/// The letter about an offer to one addressee in a language.
///
/// `language` is the addressee's for the valid letter, or one of [`City::also`] for a translation to attach. Each text of
/// the rule is a part of the message that its plan names; a reason is the part `.yes` of the message of its own name.
///
/// Values at hand for the texts, all of them written out in the language:
///
/// * `$subject` (given name; of a building the street address, or its permanent id), `$addressee`, `$authority`, `$today`,
///   `$contact_name`, `$contact_phone`, `$contact_email`;
/// * `$law`: the laws by their names in the language (see [`Texts::with_laws`]), with semicolons;
/// * `$reply_by`: the last day to reply, after rolling; absent if there is none;
/// * every other field of the occasion and every open term by its name: days in words, numbers in plain digits (a year
///   has no separators), yes and no as `yes` and `no` to select on;
/// * every place among the terms, in `.what` only, and only for an addressee who lives in the home it is derived from. If
///   `.what` uses a place that this addressee is not shown, `.what_unshown` stands in its stead.
///
/// A reason that tells about the home is told with `.yes_unshown`, if there is such a part, to those who do not share it;
/// otherwise it is left out.
///
/// # Errors
/// - [`LetterError`]: a text, a value or a contact is missing; or by the register of this day the subject's home is
///   protected, or the subject is not in it. Nothing is ever left blank.
pub fn letter(offer: &Offer, to: &Addressee, language: &str, sources: &Sources<'_>) -> Result<Letter, LetterError> {
    let body = offer.body();
    let subject = subject_of(body, sources)?;
    if subject.is_protected() {
        return Err(LetterError::Withheld(WithheldReason::Protection));
    }
    if !sources.texts.has(body.rule.as_str(), language) {
        return Err(LetterError::NoTexts { rule: body.rule.to_string(), language: language.to_owned() });
    }
    // where both live today: a home that either has left since the offer was made is shared no longer
    let home = home_of(to, sources.register).filter(|home| Some(*home) == subject.home());
    let to = Addressee { home, ..to.clone() };
    let page = Page { body, to: &to, language, sources, values: values(body, &to, &subject, language, sources)? };
    let to_custodian = to.role == Role::Custodian;
    let parts = Part::ALL.into_iter().filter(|part| *part != Part::TwoHomes || to_custodian);
    let parts = parts.map(|part| page.part(part).map(|text| (part, text))).collect::<Result<_, _>>()?;
    Ok(Letter { language: language.to_owned(), title: page.of_rule("title")?, parts })
}

/// The subject of an offer in the register of the day.
pub(crate) fn subject_of<'a>(body: &OfferBody, sources: &Sources<'a>) -> Result<Subject<'a>, LetterError> {
    let row = sources.register.row_of(body.subject).ok_or(LetterError::NoSubject)?;
    Ok(sources.register.subject(row))
}

fn home_of(to: &Addressee, register: &Register) -> Option<ennakko_core::DwellingKey> {
    match &to.party {
        Party::Person(key) => register.resident_of(*key)?.home(),
        Party::Organisation(_) => None,
    }
}

/// One letter while it is being written.
struct Page<'a> {
    body: &'a OfferBody,
    to: &'a Addressee,
    language: &'a str,
    sources: &'a Sources<'a>,
    values: Values,
}

impl Page<'_> {
    fn name(&self, message: &str, attribute: &str) -> TextName {
        TextName {
            rule: self.body.rule.as_str().into(),
            language: self.language.into(),
            message: message.into(),
            attribute: attribute.into(),
        }
    }

    fn write(&self, message: &str, attribute: &str) -> Result<String, WriteError> {
        self.sources.texts.write(&self.name(message, attribute), &self.values)
    }

    /// A part of the rule's own. In a letter to custodians that goes to the subject, being of age, it is the part `..._self`,
    /// if there is one.
    fn own(&self, attribute: &str) -> TextName {
        let text = &self.body.plan.text;
        if self.body.plan.to == Recipients::Custodians && self.to.role == Role::Subject {
            let in_person = self.name(text, &format!("{attribute}_self"));
            if self.sources.texts.has_text(&in_person) {
                return in_person;
            }
        }
        self.name(text, attribute)
    }

    fn of_rule(&self, attribute: &str) -> Result<String, WriteError> {
        self.sources.texts.write(&self.own(attribute), &self.values)
    }

    fn part(&self, part: Part) -> Result<String, LetterError> {
        match part {
            Part::What => self.what(),
            Part::Why => self.why(),
            common if common.is_common() => Ok(self.write(LETTER, common.word())?),
            own => Ok(self.of_rule(own.word())?),
        }
    }

    fn what(&self) -> Result<String, LetterError> {
        let mut values = self.values.clone();
        for (name, term) in &self.body.terms.by_name {
            if let Term::Place(place) = term
                && let Some(place) = reveal(place, self.to, Why::LetterNamesPlace)
            {
                values.insert(name.to_string(), one_line(place));
            }
        }
        match self.sources.texts.write(&self.own("what"), &values) {
            Err(WriteError::NoValue { placeholder, .. }) if self.is_place(&placeholder) => {
                Ok(self.of_rule("what_unshown")?)
            }
            written => Ok(written?),
        }
    }

    fn is_place(&self, term: &str) -> bool {
        matches!(self.body.terms.by_name.get(term), Some(Term::Place(_)))
    }

    fn why(&self) -> Result<String, LetterError> {
        let mut lines = vec![self.write(LETTER, Part::Why.word())?];
        for reason in &self.body.reasons {
            if !reason.tells_home || self.to.home.is_some() {
                lines.push(self.write(reason.name.as_str(), "yes")?);
            } else if let Some(line) = self.unshown(&reason.name)? {
                lines.push(line);
            }
        }
        if lines.len() == 1 {
            let (rule, language) = (self.body.rule.to_string(), self.language.to_owned());
            return Err(LetterError::NoReason { rule, language });
        }
        Ok(lines.join("\n"))
    }

    fn unshown(&self, reason: &NameId) -> Result<Option<String>, WriteError> {
        let name = self.name(reason.as_str(), "yes_unshown");
        if self.sources.texts.has_text(&name) {
            self.sources.texts.write(&name, &self.values).map(Some)
        } else {
            Ok(None)
        }
    }
}

/// The values of a letter, without places.
fn values(
    body: &OfferBody,
    to: &Addressee,
    subject: &Subject<'_>,
    language: &str,
    sources: &Sources<'_>,
) -> Result<Values, LetterError> {
    let mut values = Values::new();
    let mut put = |name: &str, value: String| {
        values.insert(name.to_owned(), one_line(&value));
    };
    for (name, field) in body.occasion.fields().filter(|(name, _)| *name != "reply_by") {
        put(name, field_in_words(&field, language)?);
    }
    for (name, term) in &body.terms.by_name {
        let in_words = match term {
            Term::Bool(holds) => if *holds { "yes" } else { "no" }.to_owned(),
            Term::Int(number) => number.to_string(),
            Term::Day(day) => written(*day, language)?,
            Term::Text(text) => text.to_string(),
            Term::Place(_) => continue,
        };
        put(name, in_words);
    }
    if let Some(deadline) = &body.reply_by {
        put(Placeholder::ReplyBy.word(), written(deadline.last_day, language)?);
    }
    put(Placeholder::Today.word(), written(sources.on, language)?);
    put(Placeholder::Law.word(), laws(body, language, sources)?);
    let contact = sources.city.contact(&body.purpose, sources.on);
    let contact = contact.ok_or_else(|| LetterError::NoContact { purpose: body.purpose.clone(), on: sources.on })?;
    put(Placeholder::ContactPhone.word(), contact.phone.clone());
    put(Placeholder::ContactEmail.word(), contact.email.clone());
    let named = [
        (Placeholder::ContactName, contact.name.get(language).cloned()),
        (Placeholder::Authority, sources.city.name.get(language).cloned()),
        (Placeholder::Subject, name_of_subject(subject)),
        (Placeholder::Addressee, name_of_addressee(to, subject, sources.register)),
    ];
    for (name, value) in named {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            put(name.word(), value);
        }
    }
    Ok(values)
}

/// The laws by their names in the language. Names have commas in them.
fn laws(body: &OfferBody, language: &str, sources: &Sources<'_>) -> Result<String, LetterError> {
    let names = body.law.iter().map(|law| {
        let no_name = || LetterError::NoLawName { law: law.clone(), language: language.to_owned() };
        sources.texts.law(law, language).ok_or_else(no_name)
    });
    Ok(names.collect::<Result<Vec<&str>, _>>()?.join("; "))
}

pub(crate) fn field_in_words(field: &OccasionField, language: &str) -> Result<String, WrittenDateError> {
    match field {
        OccasionField::Day(day) => written(*day, language),
        OccasionField::Int(number) => Ok(number.to_string()),
        OccasionField::Text(text) => Ok(text.to_string()),
    }
}

/// The given name in use; a building's street address or permanent id; a household has no name of its own.
pub(crate) fn name_of_subject(subject: &Subject<'_>) -> Option<String> {
    match subject {
        Subject::Resident(person) => person.names()?.given.split_whitespace().next().map(str::to_owned),
        Subject::Household(_) => None,
        Subject::Building(building) => match building.address() {
            Fact::Known(address) => Some(address.street.to_owned()),
            Fact::None | Fact::Unknown(_) => Some(building.id().to_owned()),
        },
    }
}

fn name_of_addressee(to: &Addressee, subject: &Subject<'_>, register: &Register) -> Option<String> {
    match (&to.party, subject) {
        (Party::Person(key), _) => {
            let names = register.resident_of(*key)?.names()?;
            let given = names.given.split_whitespace().next().unwrap_or_default();
            Some(format!("{given} {}", names.family))
        }
        (Party::Organisation(id), Subject::Building(building)) => {
            let owners = building.owners().0.into_iter();
            let names = owners.filter_map(|owner| match owner {
                OwnerParty::Organisation { id: other, name, .. } if other == id => Some(name.to_owned()),
                _ => None,
            });
            names.min()
        }
        (Party::Organisation(_), Subject::Resident(_) | Subject::Household(_)) => None,
    }
}

/// A value in one line: what a record holds never starts a paragraph of a letter.
pub(crate) fn one_line(value: &str) -> String {
    let visible: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    // spaces that do not break stay as they are
    visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A letter as plain text: the title, then the parts with a blank line between them, at most 76 characters a line.
/// Words are not broken, not even at a hyphen, so that addresses of pages and mail and words like *e-tjänst* stay whole.
pub fn to_text(letter: &Letter) -> String {
    let options =
        textwrap::Options::new(COLUMNS).break_words(false).word_splitter(textwrap::WordSplitter::NoHyphenation);
    let mut text = textwrap::fill(&letter.title, &options);
    for (_, part) in &letter.parts {
        text.push_str("\n\n");
        text.push_str(&textwrap::fill(part, &options));
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
