//! The interface over HTTP (feature `finnish-http`): Basic authentication, and the client's name for a security server.
//!
//! In use, requests go to the authority's own security server, which holds certificate and connection; so no TLS is compiled
//! in. Whoever reaches the sandbox directly hands in an agent with TLS and the register's own root certificate, which no
//! system has: see [`HttpFeed::with_agent`].

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::NaiveDate;
use ennakko_core::identity::PersonalIdentityCode;
use serde_json::{Value, json};
use thiserror::Error;
pub use ureq;
use ureq::http::StatusCode;

use super::FinnishError;
use super::feed::{ChangeFeed, Page, Token};

/// So often a request is made before its failure counts.
pub const TRIES: u32 = 3;

/// So long other clients wait between tries.
pub const USUAL_WAIT: Duration = Duration::from_secs(15);

/// Where to ask, and as whom.
#[derive(Clone)]
pub struct Access {
    /// The interface's address up to and with `/api/v1`, without a slash at its end.
    pub base_url: String,
    /// User name.
    pub user: String,
    /// Password.
    pub password: String,
    /// `X-Road-Client`: instance, class, business id and subsystem of the authority; none where there is no security server.
    pub x_road_client: Option<String>,
    /// Whose changes are asked for; none: those the authority is permitted, as its licence says.
    pub people: Option<Vec<PersonalIdentityCode>>,
    /// Which groups base data is to have; none: all that are permitted.
    pub groups: Option<Vec<String>>,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// Why the interface did not answer. No message holds what was sent or what came.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HttpError {
    /// It answered with something else than success.
    #[error("the interface answered with status {status}, after {tries} tries")]
    Status {
        /// The last status.
        status: u16,
        /// How often it was asked.
        tries: u32,
    },
    /// There was no answer, or it broke off.
    #[error("no whole answer came, after {tries} tries")]
    NoAnswer {
        /// How often it was asked.
        tries: u32,
    },
    /// What came is not of the interface's shape.
    #[error(transparent)]
    Shape(#[from] FinnishError),
}

/// The interface. `wait` is called between tries: with [`USUAL_WAIT`] or longer it is `std::thread::sleep` in use.
pub struct HttpFeed<W> {
    agent: ureq::Agent,
    access: Access,
    wait: W,
}

impl<W> fmt::Debug for HttpFeed<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpFeed").field("access", &self.access).finish_non_exhaustive()
    }
}

/// What may pass: the interface answers so in routine operation.
fn may_pass(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 500 | 502)
}

impl<W: FnMut(Duration)> HttpFeed<W> {
    /// An interface that is asked from now on; an answer may take so long.
    pub fn new(access: Access, timeout: Duration, wait: W) -> Self {
        let config = ureq::Agent::config_builder();
        let config = config.timeout_global(Some(timeout)).max_redirects(0).build();
        Self::with_agent(&config.into(), access, wait)
    }

    /// The same over an agent of the caller's, with the caller's TLS and timeouts.
    pub fn with_agent(agent: &ureq::Agent, access: Access, wait: W) -> Self {
        Self { agent: agent.clone(), access, wait }
    }

    /// Asks until an answer comes or the tries are used up. Only reading is ever asked for, so asking again is harmless.
    fn ask(&mut self, path: &str, body: Option<&Value>) -> Result<Vec<u8>, HttpError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let failure = match self.ask_once(path, body) {
                Ok((status, answer)) if status.is_success() => match answer {
                    Some(answer) => return Ok(answer),
                    None => HttpError::NoAnswer { tries },
                },
                Ok((status, _)) if !may_pass(status) => {
                    return Err(HttpError::Status { status: status.as_u16(), tries });
                }
                Ok((status, _)) => HttpError::Status { status: status.as_u16(), tries },
                Err(()) => HttpError::NoAnswer { tries },
            };
            if tries >= TRIES {
                return Err(failure);
            }
            (self.wait)(USUAL_WAIT);
        }
    }

    /// One request: the status, and the answer if it came whole.
    fn ask_once(&self, path: &str, body: Option<&Value>) -> Result<(StatusCode, Option<Vec<u8>>), ()> {
        let url = format!("{}/{path}", self.access.base_url);
        let authorization =
            format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{}", self.access.user, self.access.password)));
        let client = self.access.x_road_client.as_deref();
        let answer = if let Some(body) = body {
            let request = self.agent.post(url).config().http_status_as_error(false).build();
            let mut request = request.header("Authorization", authorization);
            if let Some(client) = client {
                request = request.header("X-Road-Client", client);
            }
            request.header("Content-Type", "application/json").send(body.to_string())
        } else {
            let request = self.agent.get(url).config().http_status_as_error(false).build();
            let mut request = request.header("Authorization", authorization);
            if let Some(client) = client {
                request = request.header("X-Road-Client", client);
            }
            request.call()
        };
        let mut answer = answer.map_err(|_| ())?;
        let status = answer.status();
        // a thousand people with all their groups stay far below this
        let whole = answer.body_mut().with_config().limit(256 << 20).read_to_vec().ok();
        Ok((status, whole))
    }
}

impl<W: FnMut(Duration)> ChangeFeed for HttpFeed<W> {
    type Error = HttpError;

    fn token_of(&mut self, day: NaiveDate) -> Result<Token, HttpError> {
        Ok(Token::read(&self.ask(&format!("kirjausavain/{day}"), None)?)?)
    }

    fn page(&mut self, token: Token) -> Result<Page, HttpError> {
        let mut body = json!({ "viimeisinKirjausavain": token.number() });
        if let Some(people) = &self.access.people {
            body["hetulista"] = texts(people);
        }
        Ok(Page::read(&self.ask("muutokset", Some(&body))?)?)
    }

    fn base_data(&mut self, codes: &[PersonalIdentityCode]) -> Result<Vec<u8>, HttpError> {
        let mut body = json!({ "hetulista": texts(codes) });
        // never null: the interface refuses it
        if let Some(groups) = &self.access.groups {
            body["tietoryhmat"] = json!(groups);
        }
        self.ask("perustiedot", Some(&body))
    }
}

fn texts(codes: &[PersonalIdentityCode]) -> Value {
    codes.iter().map(PersonalIdentityCode::as_str).collect()
}
