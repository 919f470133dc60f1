//! A loaded register in numbers, and the difference between two, for machines. Nobody is in them: counts and reasons, and of a
//! difference internal keys.

use serde::{Deserialize, Serialize};

use super::v1::CountV1;

/// What a load read, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterSummaryV1 {
    /// Always `ennakko.register_summary.v1`.
    pub schema: String,
    /// The register's day.
    pub day: String,
    /// The sources, in the order of `register.toml`.
    pub sources: Vec<RegisterSourceV1>,
    /// Records of the register that were set aside and that no source record can be named for.
    pub without_source: Vec<CountV1>,
    /// The identity table.
    pub identities: IdentitiesV1,
    /// What is in the register.
    pub register: RegisterCountsV1,
}

/// One source of a register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterSourceV1 {
    /// Its name.
    pub name: String,
    /// Its form, such as `finnish_base` or `table`.
    pub form: String,
    /// The day it is of; none: changes of which none has come.
    pub day: Option<String>,
    /// Days after which it is too old; none: never.
    pub fresh_days: Option<u32>,
    /// Whether it is too old: what can have changed since is unknown.
    pub too_old: bool,
    /// Records read: those used and those set aside.
    pub read: u64,
    /// Records used.
    pub used: u64,
    /// Records set aside, by reason; they add up to those read and not used.
    pub set_aside: Vec<CountV1>,
    /// What was wrong with records that were used in part.
    pub used_in_part: Vec<CountV1>,
    /// How many records were expected.
    pub rows: RowsV1,
    /// Other things to know, such as columns that nothing reads.
    pub notes: Vec<String>,
}

/// How many records a source was expected to have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowsV1 {
    /// No fewer.
    pub at_least: Option<u64>,
    /// No more.
    pub at_most: Option<u64>,
    /// No more percent away from `before`.
    pub change_percent: Option<u64>,
    /// Records at the load before.
    pub before: Option<u64>,
    /// Whether it has as many as expected.
    pub as_expected: bool,
}

/// The identity table after a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentitiesV1 {
    /// People that it knows.
    pub people: usize,
    /// Of them, people that it did not know before.
    pub new: usize,
}

/// What is in a register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterCountsV1 {
    /// People with a record of their own.
    pub residents: usize,
    /// Of them, alive by every source.
    pub alive: usize,
    /// Of them, people on whose death sources disagree.
    pub death_disputed: usize,
    /// Of them, protected; none: fewer than five, perhaps nobody.
    pub protected: Option<usize>,
    /// Households.
    pub households: usize,
    /// Buildings.
    pub buildings: usize,
    /// Facts of other registers.
    pub facts: Vec<RegisterFactV1>,
}

/// How much is known of a fact of another register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterFactV1 {
    /// The fact, `resident.school_place_year`.
    pub name: String,
    /// Whole percent of its subjects of whom it is known, rounded down.
    pub known_percent: u8,
    /// Whole percent of whom the source knows that there is none, rounded down.
    pub none_percent: u8,
    /// Whole percent of whom it is unknown, rounded up.
    pub unknown_percent: u8,
}

/// What is other in a register than in an earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterDifferenceV1 {
    /// Always `ennakko.register_difference.v1`.
    pub schema: String,
    /// The earlier register's day.
    pub from: String,
    /// The later one's.
    pub to: String,
    /// Subjects whose outcomes may be other.
    pub touched: usize,
    /// By kind.
    pub kinds: Vec<DifferenceKindV1>,
}

/// Differences of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DifferenceKindV1 {
    /// The kind, such as `moved_in`.
    pub kind: String,
    /// How many; none: fewer than five, of a kind that tells of protection.
    pub count: Option<usize>,
    /// Internal keys of the subjects, in order; empty for a kind that tells of protection.
    pub keys: Vec<String>,
}
