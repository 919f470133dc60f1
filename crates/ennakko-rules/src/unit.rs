//! What a number counts or measures: a closed list of words, so that days are never compared with years.
//!
//! Units stand in `facts.toml` and `parameters.toml`; those of the register's own facts in [`crate::facts`].

/// A unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// A year of the calendar, such as 2027.
    Year,
    /// A month of the calendar, 1 to 12.
    Month,
    /// A length of time, or an age.
    Years,
    /// A length of time.
    Months,
    /// A length of time.
    Weeks,
    /// A length of time.
    Days,
    /// A length of time.
    Hours,
    /// A length of time.
    Minutes,
    /// A distance.
    Metres,
    /// A distance.
    Kilometres,
    /// An area.
    SquareMetres,
    /// Money.
    Cents,
    /// Money.
    Euros,
    /// A share of a hundred.
    Percent,
    /// A grade of school, 1 to 9.
    Grade,
    /// People.
    Persons,
    /// Dwellings.
    Dwellings,
    /// Storeys.
    Storeys,
    /// Anything else that is counted; the length of a list.
    Count,
}

impl Unit {
    /// Every unit, in the order in which they are listed for people.
    pub const ALL: [Self; 19] = [
        Self::Year,
        Self::Month,
        Self::Years,
        Self::Months,
        Self::Weeks,
        Self::Days,
        Self::Hours,
        Self::Minutes,
        Self::Metres,
        Self::Kilometres,
        Self::SquareMetres,
        Self::Cents,
        Self::Euros,
        Self::Percent,
        Self::Grade,
        Self::Persons,
        Self::Dwellings,
        Self::Storeys,
        Self::Count,
    ];

    /// The word for it in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Years => "years",
            Self::Months => "months",
            Self::Weeks => "weeks",
            Self::Days => "days",
            Self::Hours => "hours",
            Self::Minutes => "minutes",
            Self::Metres => "m",
            Self::Kilometres => "km",
            Self::SquareMetres => "m2",
            Self::Cents => "cents",
            Self::Euros => "euros",
            Self::Percent => "percent",
            Self::Grade => "grade",
            Self::Persons => "persons",
            Self::Dwellings => "dwellings",
            Self::Storeys => "storeys",
            Self::Count => "count",
        }
    }

    /// The unit of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Unit;

    #[test]
    fn every_unit_has_a_word_of_its_own() {
        let words: BTreeSet<&str> = Unit::ALL.iter().map(|unit| unit.word()).collect();
        assert_eq!(words.len(), Unit::ALL.len());
        for unit in Unit::ALL {
            assert_eq!(Unit::of_word(unit.word()), Some(unit));
        }
        assert_eq!(Unit::of_word("yaers"), None);
    }
}
