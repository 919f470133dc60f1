//! The occasion: one instance of what a rule is about, with its own days.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use thiserror::Error;

/// A field of an occasion's record besides its id and window.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OccasionField {
    /// A civil day.
    Day(NaiveDate),
    /// A whole number.
    Int(i64),
    /// A text.
    Text(Arc<str>),
}

/// One occasion: a legal event with its id and its window, never the day of a run.
///
/// `opens` included and `closes` excluded: offers may be made; `closes` to `ends` (excluded): late.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occasion {
    // INVARIANT (a window): opens <= closes <= ends
    id: Arc<str>,
    opens: NaiveDate,
    closes: NaiveDate,
    ends: NaiveDate,
    fields: BTreeMap<Arc<str>, OccasionField>,
    expected: bool,
}

/// Why an occasion cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OccasionError {
    /// The days of its window are not in order.
    #[error("the days of the window are not in the order opens, closes, ends")]
    WindowReversed,
}

impl Occasion {
    /// An occasion with its window. `expected` says that its days are assumed, not decided.
    ///
    /// # Errors
    /// * [`OccasionError::WindowReversed`] unless `opens <= closes <= ends`
    pub fn new(id: &str, opens: NaiveDate, closes: NaiveDate, ends: NaiveDate) -> Result<Self, OccasionError> {
        if opens <= closes && closes <= ends {
            Ok(Self { id: Arc::from(id), opens, closes, ends, fields: BTreeMap::new(), expected: false })
        } else {
            Err(OccasionError::WindowReversed)
        }
    }

    /// The same occasion with one more field.
    #[must_use]
    pub fn with(mut self, name: &str, field: OccasionField) -> Self {
        self.fields.insert(Arc::from(name), field);
        self
    }

    /// The same occasion, its days being assumed and not decided.
    #[must_use]
    pub fn as_expected(mut self) -> Self {
        self.expected = true;
        self
    }

    /// The id, for example `2027` or `at 75`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// First day on which an offer may be made.
    pub fn opens(&self) -> NaiveDate {
        self.opens
    }

    /// First day on which it is late for an offer.
    pub fn closes(&self) -> NaiveDate {
        self.closes
    }

    /// First day on which the occasion is over.
    pub fn ends(&self) -> NaiveDate {
        self.ends
    }

    /// Whether its days are assumed, not decided.
    pub fn is_expected(&self) -> bool {
        self.expected
    }

    /// A field by name, `id`, `opens`, `closes` and `ends` among them.
    pub fn field(&self, name: &str) -> Option<OccasionField> {
        match name {
            "id" => Some(OccasionField::Text(self.id.clone())),
            "opens" => Some(OccasionField::Day(self.opens)),
            "closes" => Some(OccasionField::Day(self.closes)),
            "ends" => Some(OccasionField::Day(self.ends)),
            _ => self.fields.get(name).cloned(),
        }
    }

    /// Every field by name, in order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, OccasionField)> {
        ["id", "opens", "closes", "ends"]
            .into_iter()
            .filter_map(|name| self.field(name).map(|field| (name, field)))
            .chain(self.fields.iter().map(|(name, field)| (&**name, field.clone())))
    }
}
