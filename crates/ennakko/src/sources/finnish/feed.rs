//! The feed page by page: what answers, and who asks. The token to go on from is handed out only when every page has been
//! taken, so that what was lost on the way is asked for again.

use std::fmt;

use chrono::NaiveDate;
use ennakko_core::identity::PersonalIdentityCode;
use serde::Deserialize;
use serde_json::value::RawValue;
use thiserror::Error;

use super::FinnishError;
use super::group::Number;
use crate::sources::{SourceIssue, SourceProblem};

/// So many people are asked for at a time: the interface takes a thousand, and its clients ask for a hundred.
pub const PEOPLE_A_CALL: usize = 100;

/// Where to go on (`viimeisinKirjausavain`): a number beyond 32 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Token(i64);

impl Token {
    /// A token as it was stored.
    pub fn new(number: i64) -> Self {
        Self(number)
    }

    /// The number, to store.
    pub fn number(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// One page of changes.
#[derive(Clone)]
pub struct Page {
    /// Where to go on.
    pub token: Token,
    /// Whether there are no more.
    pub up_to_date: bool,
    changes: Vec<Box<RawValue>>,
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("token", &self.token)
            .field("up_to_date", &self.up_to_date)
            .field("len", &self.changes.len())
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct PageAnswer {
    #[serde(rename = "viimeisinKirjausavain")]
    token: Number,
    muutokset: Vec<Box<RawValue>>,
    #[serde(rename = "ajanTasalla")]
    up_to_date: bool,
}

#[derive(Deserialize)]
struct TokenAnswer {
    #[serde(rename = "viimeisinKirjausavain")]
    token: Number,
}

fn token(number: &Number) -> Result<Token, FinnishError> {
    number.text().parse().map(Token).map_err(|_| FinnishError::Answer { line: 0, column: 0 })
}

impl Token {
    /// Reads an answer to `GET kirjausavain/{day}`.
    ///
    /// # Errors
    /// * [`FinnishError::Answer`]
    pub fn read(answer: &[u8]) -> Result<Self, FinnishError> {
        let answer: TokenAnswer = serde_json::from_slice(answer).map_err(|error| FinnishError::answer(&error))?;
        token(&answer.token)
    }
}

impl Page {
    /// Reads an answer to `POST /muutokset`.
    ///
    /// # Errors
    /// * [`FinnishError::Answer`]
    pub fn read(answer: &[u8]) -> Result<Self, FinnishError> {
        let answer: PageAnswer = serde_json::from_slice(answer).map_err(|error| FinnishError::answer(&error))?;
        Ok(Self { token: token(&answer.token)?, up_to_date: answer.up_to_date, changes: answer.muutokset })
    }

    /// Its changes as they came, for [`Documents::take_changes`](super::Documents::take_changes).
    pub fn changes(&self) -> impl Iterator<Item = &str> {
        self.changes.iter().map(|change| change.get())
    }
}

/// What answers: the interface, or what stands in for it.
pub trait ChangeFeed {
    /// Why it did not.
    type Error;

    /// The first token of a day.
    fn token_of(&mut self, day: NaiveDate) -> Result<Token, Self::Error>;

    /// The page after a token.
    fn page(&mut self, token: Token) -> Result<Page, Self::Error>;

    /// An answer with the base data of up to a thousand people. People it does not know it leaves out.
    fn base_data(&mut self, codes: &[PersonalIdentityCode]) -> Result<Vec<u8>, Self::Error>;
}

/// Why following a feed stopped. The token of before stays the one to go on from.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FollowError<F, T> {
    /// The feed did not answer.
    #[error("the feed did not answer")]
    Feed(F),
    /// A page could not be taken.
    #[error("a page could not be taken")]
    Take(T),
    /// The feed says that there is more, and gives the same token again.
    #[error("the feed does not go on from token {0}")]
    Stuck(Token),
}

/// Takes page after page until the feed is up to date, and gives the token to store: only then.
///
/// # Errors
/// * [`FollowError::Feed`], [`FollowError::Take`]: as the feed or `take` say
/// * [`FollowError::Stuck`]
pub fn follow<F: ChangeFeed, T>(
    feed: &mut F,
    from: Token,
    mut take: impl FnMut(&Page) -> Result<(), T>,
) -> Result<Token, FollowError<F::Error, T>> {
    let mut at = from;
    loop {
        let page = feed.page(at).map_err(FollowError::Feed)?;
        take(&page).map_err(FollowError::Take)?;
        if page.up_to_date {
            return Ok(page.token);
        }
        if page.token <= at {
            return Err(FollowError::Stuck(at));
        }
        at = page.token;
    }
}

/// Asks for the base data of everybody wanted, [`PEOPLE_A_CALL`] at a time; `take` gets each answer with the codes that were
/// asked for.
///
/// # Errors
/// * [`FollowError::Feed`], [`FollowError::Take`]
pub fn ask_base_data<F: ChangeFeed, T>(
    feed: &mut F,
    wanted: &[PersonalIdentityCode],
    mut take: impl FnMut(&[u8], &[PersonalIdentityCode]) -> Result<(), T>,
) -> Result<(), FollowError<F::Error, T>> {
    for asked in wanted.chunks(PEOPLE_A_CALL) {
        let answer = feed.base_data(asked).map_err(FollowError::Feed)?;
        take(&answer, asked).map_err(FollowError::Take)?;
    }
    Ok(())
}

/// Codes to ask for, from a list that may have empty ones: those are left out, others that cannot be codes are told, by
/// position in the list.
pub fn wanted<'a>(
    texts: impl IntoIterator<Item = Option<&'a str>>,
    profile: ennakko_core::identity::finnish::Profile,
) -> (Vec<PersonalIdentityCode>, Vec<SourceIssue>) {
    let (mut codes, mut issues) = (Vec::new(), Vec::new());
    for (position, text) in (1..).zip(texts) {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { continue };
        match PersonalIdentityCode::parse(text, profile) {
            Ok(code) if codes.contains(&code) => {}
            Ok(code) => codes.push(code),
            Err(error) => {
                let problem = SourceProblem::of_code(error);
                issues.push(SourceIssue { position, group: None, problem, sets_aside: true });
            }
        }
    }
    (codes, issues)
}
