//! One version of a rule, ready to be evaluated.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::NameId;
use ennakko_core::rule_card::RuleCard;
use ennakko_core::trace::Part;

use crate::step::Steps;
use crate::tree::Piece;

/// Names one version of a rule may have at most: outcomes hold a bit for each.
pub const NAMES_MAX: usize = 64;

/// One version of a rule.
pub struct Rule {
    /// Its head, as handed on to offers.
    pub card: RuleCard,
    /// The file's path.
    pub path: Arc<str>,
    /// First day in force, included.
    pub from: NaiveDate,
    /// Last day in force, excluded; none: until further notice.
    pub until: Option<NaiveDate>,
    /// The day by which somebody has to look at it again.
    pub review_by: NaiveDate,
    /// Declared facts that it reads of its own subject, by name.
    pub facts_read: BTreeSet<String>,
    /// Every named line, in order: a line's position is its bit.
    pub names: Vec<LineName>,
    pub(crate) occasion: Script,
    pub(crate) cohort: Option<Script>,
    pub(crate) lines: Vec<Line>,
    pub(crate) terms: Vec<(Arc<str>, Script)>,
}

/// A named line: what it is called and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineName {
    /// Which part of the rule.
    pub part: Part,
    /// Its name.
    pub name: NameId,
    /// Line in the file, from 1.
    pub source_line: usize,
    /// Whether it reads something of where the subject lives, so that only those who share the home are told.
    pub from_home: bool,
}

/// A script with what decides how often it must be evaluated.
#[derive(Clone)]
pub(crate) struct Script {
    pub(crate) piece: Piece,
    /// The same, resolved and proven.
    pub(crate) steps: Arc<Steps>,
    /// Whether it reads the subject.
    pub(crate) by_subject: bool,
    /// Whether its answer may differ from day to day with the register held still.
    pub(crate) by_day: bool,
    /// Whether it only hands the day on to constructors and parameters, which say for how long their answer is the same.
    pub(crate) passes_day: bool,
}

/// A line's test: a script, or names joined by *or* or *and*.
#[derive(Clone)]
pub(crate) enum Test {
    One(Script),
    AnyOf(Vec<NamedTest>),
    AllOf(Vec<NamedTest>),
}

/// A named test inside a line.
#[derive(Clone)]
pub(crate) struct NamedTest {
    pub(crate) name: NameId,
    /// Line in the file, from 1.
    pub(crate) source_line: usize,
    pub(crate) test: Test,
}

/// A line ready to be evaluated.
#[derive(Clone)]
pub(crate) struct Line {
    pub(crate) part: Part,
    pub(crate) test: Test,
}

impl Rule {
    /// Whether this version is in force on a day.
    pub fn in_force_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// The names whose bits are set in a mask, in order.
    pub fn named(&self, mask: u64) -> Vec<NameId> {
        self.names
            .iter()
            .enumerate()
            .filter(|(bit, _)| mask & (1 << bit) != 0)
            .map(|(_, line)| line.name.clone())
            .collect()
    }

    /// Every name, for the checks of texts and cases.
    pub fn all_names(&self) -> BTreeSet<&str> {
        self.names.iter().map(|line| line.name.as_str()).collect()
    }
}
