//! The forms in which a register folder keeps what later loads need. Others have no business with them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::wire::v1::RegisterSummaryV1;

/// The version of these forms.
pub(super) const VERSION: u32 = 1;

/// One person of the identity table.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    pub(super) key: String,
    /// Every code ever seen, oldest first.
    pub(super) codes: Vec<String>,
    pub(super) first_seen: String,
    /// Whether only the records of others name the person so far.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) named: bool,
    /// The key of the person that this one turned out to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) same_as: Option<String>,
}

/// What a load has to say to later ones.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    pub(super) version: u32,
    /// The register's day.
    pub(super) day: String,
    /// Rows of the identity table after the load.
    pub(super) identities: usize,
    pub(super) sources: Vec<KeptSource>,
    pub(super) summary: RegisterSummaryV1,
}

/// What a load has to say of a source.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptSource {
    pub(super) name: String,
    pub(super) day: String,
    pub(super) read: u64,
    /// Its files: digests of all, names of those that were kept.
    pub(super) files: Vec<KeptFile>,
    /// Of base data: what was wrong when it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) base: Option<KeptBase>,
    /// Of changes: where to go on in the feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) token: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptFile {
    pub(super) sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
}

/// What base data told when it was read: later loads go on from the documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptBase {
    pub(super) read: u64,
    pub(super) used: u64,
    pub(super) set_aside: Vec<(String, u64)>,
    pub(super) in_part: Vec<(String, u64)>,
}

impl Kept {
    pub(super) fn new(day: NaiveDate, identities: usize, sources: Vec<KeptSource>, summary: RegisterSummaryV1) -> Self {
        Self { version: VERSION, day: day.to_string(), identities, sources, summary }
    }

    pub(super) fn source(&self, name: &str) -> Option<&KeptSource> {
        self.sources.iter().find(|source| source.name == name)
    }
}
