//! What a resident may read of an explanation: the sentences of the rule's texts, in their language, and whom to ask.
//!
//! Nothing of a home that the reader does not share, nothing of other persons, no reason why something is unknown or
//! withheld, and no refusal: what is told is what the registers say, line by line.

use ennakko_core::register::{OwnerParty, Register, Resident, ResidentRow, Subject, SubjectRow};
use ennakko_core::trace::{LineTrace, Part};
use ennakko_offers::letter::{LetterError, Sources};
use ennakko_offers::told::{Asked, Line, Told, told};
use thiserror::Error;

use super::Explanation;
use crate::folder::Rules;

/// Columns of the text.
const COLUMNS: usize = 76;

/// Why nothing is told.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TellError {
    /// The rule came to no line that could be told.
    #[error("there is nothing to tell: the rule looked at none of its lines for this subject")]
    NoLines,
    /// The reader is neither the subject, nor has custody of it, owns it or lives in it.
    #[error("this reader may not be told about the subject")]
    MayNotRead,
    /// The city does not write in the language.
    #[error("the city has no texts in `{language}`; known: {known}")]
    NoLanguage {
        /// Language tag.
        language: String,
        /// Languages of the city.
        known: String,
    },
    /// A text or value is missing, or the home is protected.
    #[error(transparent)]
    Letter(#[from] LetterError),
}

/// What one reader may be told of an explanation: in the language asked for, or else in their own.
///
/// # Errors
/// * [`TellError`]
pub fn tell(
    explanation: &Explanation,
    rules: &Rules,
    register: &Register,
    reader: ResidentRow,
    language: Option<&str>,
) -> Result<Told, TellError> {
    let person = register.resident(reader);
    if !may_read(explanation, rules, register, person) {
        return Err(TellError::MayNotRead);
    }
    let city = rules.city();
    let language = match language {
        Some(language) if !city.languages.iter().chain(&city.also).any(|known| known == language) => {
            let known: Vec<&str> = city.languages.iter().chain(&city.also).map(String::as_str).collect();
            return Err(TellError::NoLanguage { language: language.to_owned(), known: known.join(", ") });
        }
        Some(language) => language,
        None => city.letter_language(person.language().known().map(|language| &**language)),
    };
    let Some((trace, rule)) = explanation.trace.as_ref().zip(explanation.version(rules)) else {
        return Err(TellError::NoLines);
    };
    let Some((occasion, plan)) = trace.occasion.as_ref().zip(rule.card.messages.first()) else {
        return Err(TellError::NoLines);
    };
    let tells_home = |line: &LineTrace| rule.names.iter().any(|named| named.name == line.name && named.from_home);
    let lines: Vec<Line> = trace
        .lines
        .iter()
        .filter(|line| line.part != Part::Sanity && is_own(line))
        .map(|line| Line { name: line.name.clone(), truth: line.truth, tells_home: tells_home(line) })
        .collect();
    let purpose = &rule.card.purpose;
    let (id, text) = (&explanation.rule, &*plan.text);
    let asked = Asked { rule: id, text, purpose, occasion, subject: explanation.row, lines: &lines, reader, language };
    Ok(told(&asked, &Sources { texts: rules.texts(), register, city, on: explanation.day })?)
}

/// Whether a line read nothing of anybody but the subject.
fn is_own(line: &LineTrace) -> bool {
    const OWN: [&str; 5] = ["subject", "home building", "stairwell", "occasion", "city"];
    let facts = line.reads.facts.iter().map(|read| &read.of);
    let mut whose = facts.chain(line.reads.unknown.iter().map(|missing| &missing.of));
    whose.all(|of| OWN.contains(&&**of))
}

/// The subject in person, who has custody of it, who owns it, who lives in it.
fn may_read(explanation: &Explanation, rules: &Rules, register: &Register, reader: Resident<'_>) -> bool {
    if reader.life() == ennakko_core::register::Life::Dead {
        return false;
    }
    match register.subject(explanation.row) {
        Subject::Resident(subject) => {
            let custodians = || subject.custodians_on(explanation.day, rules.city().leap_day).known;
            explanation.row == SubjectRow::Resident(reader.row())
                || custodians().iter().any(|custodian| custodian.person.row() == reader.row())
        }
        Subject::Household(household) => household.members().any(|member| member.row() == reader.row()),
        Subject::Building(building) => {
            let owns =
                |owner: &OwnerParty<'_>| matches!(owner, OwnerParty::Person(person) if person.row() == reader.row());
            building.owners().0.iter().any(owns)
        }
    }
}

/// What is told as plain text: the title, a sentence a line, and whom to ask.
pub fn to_text(told: &Told) -> String {
    let options = || textwrap::Options::new(COLUMNS).break_words(false);
    let mut text = textwrap::fill(&told.title, options());
    text.push('\n');
    for sentence in &told.sentences {
        text.push('\n');
        text.push_str(&textwrap::fill(sentence, options().initial_indent("- ").subsequent_indent("  ")));
    }
    text.push_str("\n\n");
    text.push_str(&textwrap::fill(&told.contact, options()));
    text.push('\n');
    text
}
