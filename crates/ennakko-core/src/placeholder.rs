//! The values that a text is given whatever its rule, under the names that it writes in braces: `{ $subject }`.
//!
//! The checker of texts knows these names and the offers crate gives the values, so both take them from here. Beside them a
//! text is given the fields of the occasion and the terms of the offer, by their own names.

/// A value that texts are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Placeholder {
    /// A child's given name, a building's address; a household has none.
    Subject,
    /// Whom the letter is to.
    Addressee,
    /// The city.
    Authority,
    /// The day that the letter bears.
    Today,
    /// The laws of the rule by their names.
    Law,
    /// Whom to ask.
    ContactName,
    /// Their telephone number.
    ContactPhone,
    /// Their address for mail.
    ContactEmail,
    /// The last day to reply, if a reply is asked for.
    ReplyBy,
}

impl Placeholder {
    /// Every one.
    pub const ALL: [Self; 9] = [
        Self::Subject,
        Self::Addressee,
        Self::Authority,
        Self::Today,
        Self::Law,
        Self::ContactName,
        Self::ContactPhone,
        Self::ContactEmail,
        Self::ReplyBy,
    ];

    /// The name in texts, without the `$`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Addressee => "addressee",
            Self::Authority => "authority",
            Self::Today => "today",
            Self::Law => "law",
            Self::ContactName => "contact_name",
            Self::ContactPhone => "contact_phone",
            Self::ContactEmail => "contact_email",
            Self::ReplyBy => "reply_by",
        }
    }

    /// Whether it is given outside letters too, where somebody is told what a rule's lines came to.
    pub fn is_told(self) -> bool {
        match self {
            Self::Subject
            | Self::Authority
            | Self::Today
            | Self::ContactName
            | Self::ContactPhone
            | Self::ContactEmail => true,
            Self::Addressee | Self::Law | Self::ReplyBy => false,
        }
    }
}
