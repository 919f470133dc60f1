//! What is known where an expression stands: which paths have a value, and which values are left for them.
//!
//! A path is what a rule reads in one way, such as `child.home_building.built_year`; nothing changes while a rule is
//! evaluated, so what a test says of a path holds wherever the test has decided.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ints::Ints;

/// A path, written out: `#0.custodians`.
pub(super) type Path = Arc<str>;

/// What a value can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// Anything.
    Any,
    /// A number, an age or a day by its number.
    Ints(Ints),
    /// One of some texts.
    Texts(BTreeSet<Arc<str>>),
    /// Any text but some.
    OtherTexts(BTreeSet<Arc<str>>),
    /// Yes, no.
    Bools { yes: bool, no: bool },
}

impl Values {
    fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Any, known) | (known, Self::Any) => known.clone(),
            (Self::Ints(one), Self::Ints(two)) => Self::Ints(one.and(two)),
            (Self::Texts(one), Self::Texts(two)) => Self::Texts(one & two),
            (Self::Texts(some), Self::OtherTexts(not)) | (Self::OtherTexts(not), Self::Texts(some)) => {
                Self::Texts(some - not)
            }
            (Self::OtherTexts(one), Self::OtherTexts(two)) => Self::OtherTexts(one | two),
            (Self::Bools { yes, no }, Self::Bools { yes: also, no: nor }) => {
                Self::Bools { yes: *yes && *also, no: *no && *nor }
            }
            // of two kinds: a mistake that is told elsewhere
            _ => self.clone(),
        }
    }

    pub(super) fn or(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Ints(one), Self::Ints(two)) => Self::Ints(one.or(two)),
            (Self::Texts(one), Self::Texts(two)) => Self::Texts(one | two),
            (Self::Texts(some), Self::OtherTexts(not)) | (Self::OtherTexts(not), Self::Texts(some)) => {
                Self::OtherTexts(not - some)
            }
            (Self::OtherTexts(one), Self::OtherTexts(two)) => Self::OtherTexts(one & two),
            (Self::Bools { yes, no }, Self::Bools { yes: also, no: nor }) => {
                Self::Bools { yes: *yes || *also, no: *no || *nor }
            }
            _ => Self::Any,
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Any | Self::OtherTexts(_) => false,
            Self::Ints(ints) => ints.is_empty(),
            Self::Texts(texts) => texts.is_empty(),
            Self::Bools { yes, no } => !yes && !no,
        }
    }

    /// Every other value of the kind.
    pub(super) fn others(&self) -> Self {
        match self {
            Self::Any => Self::Any,
            Self::Ints(ints) => Self::Ints(ints.others()),
            Self::Texts(texts) => Self::OtherTexts(texts.clone()),
            Self::OtherTexts(texts) => Self::Texts(texts.clone()),
            Self::Bools { yes, no } => Self::Bools { yes: !yes, no: !no },
        }
    }

    /// Whether nothing is said.
    fn is_any(&self) -> bool {
        *self == Self::Any
    }
}

/// What a path can come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Possible {
    /// None.
    pub(super) none: bool,
    /// A value.
    pub(super) some: bool,
    /// Which, if a value.
    pub(super) values: Values,
}

impl Possible {
    /// A value, and which.
    pub(super) fn value(values: Values) -> Self {
        Self { none: false, some: !values.is_empty(), values }
    }

    /// A value or, if `none`, none.
    pub(super) fn of(none: bool, values: Values) -> Self {
        Self { none, ..Self::value(values) }
    }

    pub(super) fn only_none() -> Self {
        Self { none: true, some: false, values: Values::Any }
    }

    /// Everything but these, where `self` says of which values it speaks.
    pub(super) fn others(&self) -> Self {
        let values = if self.some { self.values.others() } else { Values::Any };
        // a value of which nothing is said leaves no other value
        let some = !self.some || !self.values.is_any() && !values.is_empty();
        Self { none: !self.none, some, values }
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        let values = self.values.and(&other.values);
        Self { none: self.none && other.none, some: self.some && other.some && !values.is_empty(), values }
    }

    pub(super) fn or(&self, other: &Self) -> Self {
        let values = match (self.some, other.some) {
            (true, true) => self.values.or(&other.values),
            (true, false) => self.values.clone(),
            (false, true) => other.values.clone(),
            (false, false) => Values::Any,
        };
        Self { none: self.none || other.none, some: self.some || other.some, values }
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.none && !self.some
    }

    /// Whether it leaves no more than the other.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        let both = self.and(other);
        (both.none == self.none || fault!(NoneForgottenInProofs))
            && both.some == self.some
            && (!self.some || both.values == self.values)
    }
}

/// What is known of every path; `None` where nothing can come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known(Option<BTreeMap<Path, Possible>>);

impl Known {
    pub(super) fn nothing() -> Self {
        Self(Some(BTreeMap::new()))
    }

    pub(super) fn impossible() -> Self {
        Self(None)
    }

    /// Of one path.
    pub(super) fn of(path: &Path, possible: Possible) -> Self {
        if possible.is_empty() { Self::impossible() } else { Self(Some(BTreeMap::from([(path.clone(), possible)]))) }
    }

    pub(super) fn is_impossible(&self) -> bool {
        self.0.is_none()
    }

    /// What is left for a path that could be `start`.
    pub(super) fn left(&self, path: Option<&Path>, start: Possible) -> Possible {
        match self.0.as_ref().zip(path).and_then(|(paths, path)| paths.get(path)) {
            Some(known) => start.and(known),
            None => start,
        }
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        let (Some(one), Some(two)) = (&self.0, &other.0) else { return Self::impossible() };
        let mut both = one.clone();
        for (path, possible) in two {
            let met = both.get(path).map_or_else(|| possible.clone(), |known| known.and(possible));
            if met.is_empty() {
                return Self::impossible();
            }
            both.insert(path.clone(), met);
        }
        Self(Some(both))
    }

    /// What another says of its paths, and this of the others.
    pub(super) fn over(&self, other: &Self) -> Self {
        let (Some(one), Some(two)) = (&self.0, &other.0) else { return self.clone() };
        Self(Some(one.iter().chain(two).map(|(path, possible)| (path.clone(), possible.clone())).collect()))
    }

    pub(super) fn or(&self, other: &Self) -> Self {
        let (one, two) = match (&self.0, &other.0) {
            (None, _) => return other.clone(),
            (_, None) => return self.clone(),
            (Some(one), Some(two)) => (one, two),
        };
        let either = one.iter().filter_map(|(path, known)| Some((path.clone(), known.or(two.get(path)?))));
        Self(Some(either.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(known: &Known) -> Possible {
        known.left(Some(&Path::from("#0.year")), Possible::of(true, Values::Any))
    }

    #[test]
    fn a_test_of_one_path_says_what_is_left_of_it() {
        let path = Path::from("#0.year");
        let has = Known::of(&path, Possible::only_none().others());
        assert!(!year(&has).none && year(&has).some);
        let small = Known::of(&path, Possible::value(Values::Ints(Ints::between(i64::MIN, 3))));
        let large = Known::of(&path, Possible::value(Values::Ints(Ints::between(5, i64::MAX))));
        assert!(small.and(&large).is_impossible());
        assert_eq!(year(&small.or(&large)).values, Values::Ints(Ints::one(4).others()));
        assert_eq!(small.or(&Known::impossible()), small);
        assert_eq!(small.or(&Known::nothing()), Known::nothing());
        let not_small = Known::of(&path, year(&small).others());
        assert!(year(&not_small).none);
        assert_eq!(year(&has.and(&not_small)).values, Values::Ints(Ints::between(4, i64::MAX)));
    }

    #[test]
    fn codes_run_out() {
        let codes = |codes: &[&str]| codes.iter().map(|code| Arc::from(*code)).collect::<BTreeSet<Arc<str>>>();
        let all = Possible::value(Values::Texts(codes(&["female", "male"])));
        let female = Possible::value(Values::Texts(codes(&["female"])));
        let male = Possible::value(Values::Texts(codes(&["male"])));
        assert!(female.and(&male).is_empty());
        assert_eq!(all.and(&female.others()), male);
        assert!(all.and(&female.others()).and(&male.others()).is_empty());
        assert!(female.is_within(&all) && !all.is_within(&female));
    }
}
