//! Changes that are asked for: every page since the last load, and the base data of those whose changes wait for it. What is
//! taken stands in memory until the whole load is through; only then is the token stored, so that what was lost on the way is
//! asked for again.
//!
//! Without the feature `finnish-http` nothing can be asked for, and `register.toml` says so before.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::failure::RegisterFolderError;
use super::plan::FeedPlan;
use super::population::Changed;
use crate::sources::finnish::Documents;

type Result<T> = std::result::Result<T, RegisterFolderError>;

/// What is to be asked for.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "finnish-http"), expect(dead_code, reason = "nothing can be asked for without the feature"))]
pub(super) struct Ask {
    pub(super) plan: FeedPlan,
    /// The file with user and password.
    pub(super) access: PathBuf,
    /// Where to go on; none: from the beginning of the base data's day.
    pub(super) token: Option<i64>,
}

/// Asks for changes since the base data's day or the token, and takes them.
#[cfg(feature = "finnish-http")]
pub(super) fn ask(
    source: &str,
    ask: &Ask,
    base_day: NaiveDate,
    documents: &mut Documents,
    progress: &mut dyn FnMut(&str),
) -> Result<Changed> {
    use crate::sources::finnish::http::HttpFeed;

    let access = over_http::access(ask)?;
    let mut feed = HttpFeed::new(access, over_http::TIMEOUT, std::thread::sleep);
    over_http::follow(source, &mut feed, (ask.token, base_day), documents, progress)
}

#[cfg(not(feature = "finnish-http"))]
pub(super) fn ask(source: &str, _: &Ask, _: NaiveDate, _: &mut Documents, _: &mut dyn FnMut(&str)) -> Result<Changed> {
    let why = "this program was built without asking over HTTP".into();
    Err(RegisterFolderError::NotAnswered { source_name: source.to_owned(), why })
}

#[cfg(feature = "finnish-http")]
mod over_http {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use chrono::NaiveDate;
    use ennakko_core::identity::PersonalIdentityCode;
    use serde::Deserialize;

    use super::super::population::{Asked, Changed, Elements, as_written};
    use super::super::text_of;
    use super::{Ask, RegisterFolderError, Result};
    use crate::sources::SourceIssue;
    use crate::sources::finnish::feed::{ChangeFeed, FollowError, Token, ask_base_data, follow as follow_feed};
    use crate::sources::finnish::http::{Access, HttpError};
    use crate::sources::finnish::{Documents, FinnishError};

    /// So long an answer may take: a page has thousands of changes.
    pub(super) const TIMEOUT: Duration = Duration::from_secs(120);

    /// The file that `access` names.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct AccessFile {
        user: String,
        password: String,
    }

    pub(super) fn access(ask: &Ask) -> Result<Access> {
        // what the reader of TOML says would show the line
        let read: Option<AccessFile> = toml::from_str(&text_of(&ask.access)?).ok();
        let read = read.filter(|read| !read.user.is_empty() && !read.user.contains(':') && !read.password.is_empty());
        let why = "write `user = \"...\"` and `password = \"...\"` into it, and nothing else";
        let wrong = || RegisterFolderError::Secret { path: ask.access.clone(), why };
        let AccessFile { user, password } = read.ok_or_else(wrong)?;
        Ok(Access {
            base_url: ask.plan.address.clone(),
            user,
            password,
            x_road_client: ask.plan.x_road_client.clone(),
            people: None,
            groups: None,
        })
    }

    pub(super) fn follow(
        source: &str,
        feed: &mut impl ChangeFeed<Error = HttpError>,
        (token, base_day): (Option<i64>, NaiveDate),
        documents: &mut Documents,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Changed> {
        let not_answered = |error: HttpError| told(source, &error);
        let token = match token {
            Some(number) => Token::new(number),
            None => feed.token_of(base_day).map_err(not_answered)?,
        };
        let before_asking: BTreeSet<String> = documents.waiting().map(as_written).collect();
        let mut changed = Changed::default();
        let mut asked = Asked::default();
        // changes that are set aside, by position: they may be settled by base data
        let mut aside: Vec<(u64, Box<str>)> = Vec::new();
        let mut n_pages = 0;
        let followed = follow_feed(feed, token, |page| {
            n_pages += 1;
            progress(&format!("reading {source}, page {n_pages}"));
            let (before, known) = (changed.loaded.read as u64, changed.loaded.issues.len());
            changed.take(page, documents);
            let new = changed.loaded.issues[known..].iter().filter(|issue| issue.sets_aside);
            let positions: BTreeSet<u64> = new.map(|issue| issue.position).collect();
            let records = (before + 1..).zip(page.changes());
            aside.extend(records.filter(|(at, _)| positions.contains(at)).map(|(at, raw)| (at, raw.into())));
            Ok::<(), FinnishError>(())
        });
        let token = followed.map_err(|error| follow_failed(source, error))?;
        changed.token = Some(token.number());

        let wanted: Vec<PersonalIdentityCode> = documents.wanted();
        if !wanted.is_empty() {
            progress(&format!("reading {source}, people that wait"));
            let waiting: BTreeSet<String> = documents.waiting().map(as_written).collect();
            documents.begin_delivery();
            let asking = ask_base_data(feed, &wanted, |answer, codes| {
                let first = documents.next_position();
                let came = documents.take_base_data(answer, codes)?;
                if let Ok(Elements { perustiedot, .. }) = serde_json::from_slice(answer) {
                    asked.people.extend((first..).zip(perustiedot.iter().map(|person| person.get().into())));
                }
                asked.base.add_read(came.read, came.used, &came.issues);
                changed.waiting = came.waiting;
                Ok::<(), FinnishError>(())
            });
            asking.map_err(|error| follow_failed(source, error))?;
            // whoever came whole needs no change that before_asking for it
            let still: BTreeSet<String> = documents.waiting().map(as_written).collect();
            let is_settled =
                |raw: &str| Some(as_written(raw)).filter(|raw| waiting.contains(raw) && !still.contains(raw));
            let settled: BTreeSet<u64> =
                aside.iter().filter(|(_, raw)| is_settled(raw).is_some()).map(|(at, _)| *at).collect();
            changed.loaded.used += settled.len();
            changed.loaded.issues.retain(|issue: &SourceIssue| !settled.contains(&issue.position));
            aside.retain(|(at, _)| !settled.contains(at));
        }
        let still: BTreeSet<String> = documents.waiting().map(as_written).collect();
        asked.settled = before_asking.into_iter().filter(|raw| !still.contains(raw)).collect();
        asked.changes = aside.into_iter().map(|(_, raw)| raw).collect();
        changed.asked = Some(asked);
        Ok(changed)
    }

    fn told(source: &str, error: &dyn std::error::Error) -> RegisterFolderError {
        RegisterFolderError::NotAnswered { source_name: source.to_owned(), why: error.to_string() }
    }

    fn follow_failed(source: &str, error: FollowError<HttpError, FinnishError>) -> RegisterFolderError {
        match error {
            FollowError::Feed(error) => told(source, &error),
            FollowError::Take(error) => told(source, &error),
            stuck @ FollowError::Stuck(_) => told(source, &stuck),
        }
    }
}
