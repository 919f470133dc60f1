//! The head of a rule, as it is handed on to offers: what it is, by which law, whom it writes to and how.

use std::sync::Arc;

use crate::fact_table::SubjectKind;
use crate::rule_id::RuleId;

/// How much a person has to judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Discretion {
    /// None.
    None,
    /// An official has assessed it already.
    PreAssessed,
    /// Required: only tasks for officers.
    Required,
}

/// What happens between `closes` and `ends`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhenLate {
    /// An officer's task.
    Task,
    /// An offer all the same.
    Offer,
    /// Nothing.
    Nothing,
}

/// Whom a message goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recipients {
    /// All living custodians with the right to decide.
    Custodians,
    /// The subject in person.
    Subject,
    /// Owners of the building.
    Owners,
    /// Adults of the household.
    HouseholdAdults,
}

/// Whether a reply is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reply {
    /// A reply is needed.
    Needed,
    /// Information only.
    None,
}

/// Whose replies are needed when there are several addressees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Replies {
    /// One is enough.
    OneIsEnough,
    /// Everyone's.
    All,
}

/// When a message is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SentOn {
    /// With the offer.
    Offer,
    /// As a reminder, if nobody has replied.
    Remind,
}

/// One message that a rule sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessagePlan {
    /// To whom.
    pub to: Recipients,
    /// The text's name in the language files.
    pub text: Arc<str>,
    /// Whether a reply is asked for.
    pub reply: Reply,
    /// Whose.
    pub replies: Replies,
    /// When.
    pub on: SentOn,
    /// Of a message to the subject: the age from which a minor acts in person and is written to; none: only those of age.
    pub minors_from_years: Option<u8>,
}

/// What the service does to the one who gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent legal qualities, each named where it is set")]
pub struct Effect {
    /// It is in the resident's favour.
    pub favourable: bool,
    /// It can be undone.
    pub reversible: bool,
    /// It costs a fee.
    pub fee: bool,
    /// It touches a special category of data or may stigmatise.
    pub sensitive: bool,
}

/// The head of one version of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCard {
    /// The rule.
    pub id: RuleId,
    /// The version: its file's stem.
    pub version: Arc<str>,
    /// SHA-256 of rule, helpers, page, texts and rows in use, in hexadecimal.
    pub digest: Arc<str>,
    /// Title.
    pub title: String,
    /// Laws, as cited.
    pub law: Vec<String>,
    /// Purpose, a row of `purposes.toml`.
    pub purpose: String,
    /// Whom it is about.
    pub subject: SubjectKind,
    /// How much a person has to judge.
    pub discretion: Discretion,
    /// What it does.
    pub effect: Effect,
    /// What happens when it is late.
    pub late: WhenLate,
    /// Messages.
    pub messages: Vec<MessagePlan>,
    /// Days within which the same subject gets no second offer, whatever the facts say.
    pub not_again_within_days: Option<u32>,
}
