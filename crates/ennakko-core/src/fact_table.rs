//! Declarations of the facts that other city registers deliver: type, source, purposes, and what an absent row means.
//!
//! The declarations are read from `facts.toml` by the rules crate; here is what the register does with them.

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::special::Special;

/// No number of a register is larger, and none is smaller than its negative: what is delivered beyond is set aside. So
/// the sums and products of a rule can be shown to stay within 64 bits.
pub const FACT_INT_MAX: i64 = 1_000_000_000_000;

/// What a rule can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    /// A person.
    Resident,
    /// Everyone whose permanent dwelling is the same.
    Household,
    /// A building.
    Building,
}

impl SubjectKind {
    /// The word for it in rules and tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Household => "household",
            Self::Building => "building",
        }
    }

    /// The kind of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Resident, Self::Household, Self::Building].into_iter().find(|kind| kind.word() == word)
    }
}

/// The type of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactType {
    /// Yes or no.
    Bool,
    /// A whole number in the declared unit.
    Int,
    /// A civil day, perhaps partial.
    Day,
    /// A text of a code list.
    Text,
    /// A place that would reveal where its subject lives.
    Place,
}

impl FactType {
    /// The word for it in `facts.toml`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Day => "day",
            Self::Text => "text",
            Self::Place => "place",
        }
    }

    /// The type of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Bool, Self::Int, Self::Day, Self::Text, Self::Place].into_iter().find(|kind| kind.word() == word)
    }
}

/// What it means that the source has no row for a subject. There is no default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// There is none.
    None,
    /// No (for a `bool`).
    No,
    /// Zero (for an `int`).
    Zero,
    /// Nothing is known.
    Unknown,
}

/// What the fact is on a day that has not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFutureDay {
    /// As it is today.
    AsToday,
    /// Unknown.
    Unknown,
    /// Computed from dates that the fact itself holds.
    Computed,
}

/// One declared fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactDeclaration {
    /// Whose fact it is.
    pub subject: SubjectKind,
    /// Its name in rules.
    pub name: String,
    /// Its type.
    pub fact_type: FactType,
    /// The unit of a number, for example `year`.
    pub unit: Option<String>,
    /// The smallest number that it can be, if one is declared.
    pub least: Option<i64>,
    /// The largest number that it can be, if one is declared.
    pub most: Option<i64>,
    /// The list of codes that a text is of, by its name in rules.
    pub code_list: Option<String>,
    /// The codes of that list, in order; any other text is set aside.
    pub codes: Option<Arc<[Arc<str>]>>,
    /// What it says, in a sentence.
    pub meaning: String,
    /// The register it comes from.
    pub source: String,
    /// 1 ordinary, 2 child or social context, 3 special category.
    pub sensitivity: u8,
    /// What it tells that may decide nothing unless a section of law lets it.
    pub special: Option<Special>,
    /// Whether it tells something of where its subject lives, as every place does, and a distance from home.
    pub reveals_home: bool,
    /// Purposes for which a rule may read it about its own subject.
    pub purposes: Vec<String>,
    /// Purposes for which a rule may read it about a person related to its subject.
    pub related_purposes: Vec<String>,
    /// Whether it may be none.
    pub may_be_none: bool,
    /// What an absent row means.
    pub absent: Absent,
    /// Days after which a delivery is too old and the whole column unknown.
    pub fresh_days: u32,
    /// What it is on a day that has not come.
    pub on_future_day: OnFutureDay,
}

impl FactDeclaration {
    /// A declaration that promises nothing: any value, never none, unknown where no row is; for no purpose, of sensitivity
    /// 1, from a source without a name; too old after 31 days, and on a coming day as it is today. A place reveals a home.
    /// What is otherwise stands beside it:
    ///
    /// ```
    /// use ennakko_core::fact_table::{Absent, FactDeclaration, FactType, SubjectKind};
    ///
    /// let year = FactDeclaration::plain(SubjectKind::Resident, "school_place_year", FactType::Int);
    /// let year = FactDeclaration { unit: Some("year".to_owned()), may_be_none: true, absent: Absent::None, ..year };
    /// assert!(year.numbers().contains(&2027) && year.purposes.is_empty());
    /// ```
    pub fn plain(subject: SubjectKind, name: &str, fact_type: FactType) -> Self {
        Self {
            subject,
            name: name.to_owned(),
            fact_type,
            unit: None,
            least: None,
            most: None,
            code_list: None,
            codes: None,
            meaning: String::new(),
            source: String::new(),
            sensitivity: 1,
            special: None,
            reveals_home: fact_type == FactType::Place,
            purposes: Vec::new(),
            related_purposes: Vec::new(),
            may_be_none: false,
            absent: Absent::Unknown,
            fresh_days: 31,
            on_future_day: OnFutureDay::AsToday,
        }
    }

    /// The numbers that it can be: as declared, and never beyond [`FACT_INT_MAX`].
    pub fn numbers(&self) -> RangeInclusive<i64> {
        self.least.unwrap_or(-FACT_INT_MAX).max(-FACT_INT_MAX)..=self.most.unwrap_or(FACT_INT_MAX).min(FACT_INT_MAX)
    }

    /// Whether a text can stand in it: any, or one of the declared codes.
    pub fn has_code(&self, text: &str) -> bool {
        self.codes.as_ref().is_none_or(|codes| codes.iter().any(|code| **code == *text))
    }
}
