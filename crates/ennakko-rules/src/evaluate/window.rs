//! What has been evaluated, with the days on which it stays the same while the register is held still.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::outcome::Missing;
use ennakko_core::register::SubjectRow;
use ennakko_core::trace::Part;
use ennakko_core::{Occasion, Truth};

use super::changes::{Agenda, Turn};
use super::cohort::{Awake, For};
use super::lines::Lines;
use super::{By, Evaluator, FoundOccasion, Version};
use crate::outcomes::Selected;
use crate::stop::Stop;
use crate::walk::Days;

/// What named lines came to: a bit for each that is no, and for each that is unknown; the others evaluated are yes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits {
    pub(super) no: u64,
    pub(super) unknown: u64,
    pub(super) evaluated: u64,
}

impl Bits {
    pub(super) fn set(&mut self, bit: usize, truth: Truth) {
        self.evaluated |= 1 << bit;
        match truth {
            Truth::No => self.no |= 1 << bit,
            Truth::Unknown => self.unknown |= 1 << bit,
            Truth::Yes => {}
        }
    }

    pub(super) fn yes(self) -> u64 {
        self.evaluated & !self.no & !self.unknown
    }
}

/// What something is on some days.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spell<T> {
    pub(super) days: Days,
    pub(super) value: T,
}

impl<T: Clone> Spell<T> {
    fn on(spell: Option<&Self>, day: NaiveDate) -> Option<T> {
        spell.filter(|spell| spell.days.has(day)).map(|spell| spell.value.clone())
    }
}

/// What has been evaluated, the register being held still.
#[derive(Default)]
pub(super) struct Memo {
    /// By the number of a version.
    versions: Vec<OfVersion>,
    /// Every subject of a kind.
    pub(super) everybody: BTreeMap<SubjectKind, Arc<Vec<SubjectRow>>>,
    /// Who need be looked at, by the number of a rule's first version.
    pub(super) awake: BTreeMap<(For, usize), Awake>,
    /// Of which rules somebody has asked for a day.
    pub(super) asked: BTreeSet<(For, usize)>,
    /// Who is due when, likewise.
    pub(super) agendas: BTreeMap<(For, usize), Agenda>,
    /// What is put on them once every part has gone through a day.
    pub(super) turns: BTreeMap<(For, usize), Turn>,
}

/// What has been evaluated of one version.
#[derive(Default)]
pub(super) struct OfVersion {
    /// The occasion, where it is everybody's.
    pub(super) occasion: Option<Spell<FoundOccasion>>,
    /// Occasions of subjects' own days, by position.
    own_occasions: Sparse<Spell<FoundOccasion>>,
    subjects: Sparse<Box<OfSubject>>,
    /// What belongs to everybody who is selected on an occasion, where it does not hang on them.
    selected: Option<(Arc<Occasion>, Spell<Arc<Selected>>)>,
    /// Whether a parameter that the version reads has a row that is only expected.
    may_be_expected: Option<bool>,
}

/// Something for some of many positions: pages of it, made when something comes to stand on them.
struct Sparse<T> {
    pages: Vec<Option<Box<[Option<T>; PAGE]>>>,
}

/// Positions on a page.
const PAGE: usize = 32;

impl<T> Default for Sparse<T> {
    fn default() -> Self {
        Self { pages: Vec::new() }
    }
}

impl<T> Sparse<T> {
    fn get(&self, at: usize) -> Option<&T> {
        self.pages.get(at / PAGE)?.as_ref()?[at % PAGE].as_ref()
    }

    fn slot(&mut self, at: usize) -> &mut Option<T> {
        let page = at / PAGE;
        if self.pages.len() <= page {
            self.pages.resize_with(page + 1, || None);
        }
        let page = self.pages[page].get_or_insert_with(|| Box::new(std::array::from_fn(|_| None)));
        &mut page[at % PAGE]
    }
}

/// Somebody of a cohort on an occasion, whose lines are asked for.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) version: Version<'a>,
    pub(super) subject: SubjectRow,
    pub(super) occasion: &'a Arc<Occasion>,
    /// What a scan told of them.
    pub(super) lines: Option<Lines<'a>>,
}

impl Asking<'_> {
    /// Whether what is evaluated is remembered: not where a scan has told all that one day needs.
    fn is_kept(&self) -> bool {
        self.lines.is_none_or(|lines| lines.lasting)
    }
}

/// What has been evaluated of one subject under a version, on one occasion.
pub(super) struct OfSubject {
    occasion: Arc<Occasion>,
    pub(super) cohort: Option<Spell<Truth>>,
    parts: [Option<Spell<Bits>>; 4],
    /// Conditions of a later day.
    ahead: Option<Spell<Bits>>,
    /// Days on each of which some condition is no.
    no_day: Option<Days>,
    /// Which facts of whom keep these lines from an answer.
    missing: Option<(u64, Spell<Arc<[Missing]>>)>,
    selected: Option<Spell<Arc<Selected>>>,
}

/// What comes of the first line of the table.
pub(super) enum Known {
    /// These conditions are no until a day, and before another some always is.
    NotEntitled { no: u64, until: NaiveDate, reach: NaiveDate },
    /// On this day every condition may hold; what they come to on it.
    Possible(NaiveDate, Spell<Bits>),
}

impl Memo {
    pub(super) fn of_version(&mut self, version: Version<'_>) -> &mut OfVersion {
        if self.versions.len() <= version.number {
            self.versions.resize_with(version.number + 1, OfVersion::default);
        }
        &mut self.versions[version.number]
    }

    /// What is known of a subject on an occasion. What belongs to another occasion is forgotten.
    pub(super) fn of_subject(
        &mut self,
        version: Version<'_>,
        subject: SubjectRow,
        occasion: &Arc<Occasion>,
    ) -> &mut OfSubject {
        let of_version = self.of_version(version);
        let slot = of_version.subjects.slot(subject.position());
        let known = slot.get_or_insert_with(|| Box::new(OfSubject::new(occasion)));
        if !Arc::ptr_eq(&known.occasion, occasion) {
            // one id may come with other days, so the occasion itself counts
            if known.occasion == *occasion {
                known.occasion = occasion.clone();
            } else {
                **known = OfSubject::new(occasion);
            }
        }
        known
    }
}

impl OfVersion {
    /// The occasion of a subject on a day, as far as it has been asked for.
    pub(super) fn occasion_of(
        &self,
        version: Version<'_>,
        subject: SubjectRow,
        day: NaiveDate,
    ) -> Option<&Spell<FoundOccasion>> {
        let spell = if version.rule.occasion.by_subject {
            self.own_occasions.get(subject.position())
        } else {
            self.occasion.as_ref()
        };
        spell.filter(|spell| spell.days.has(day))
    }

    pub(super) fn keep_own(&mut self, subject: SubjectRow, found: Spell<FoundOccasion>) {
        *self.own_occasions.slot(subject.position()) = Some(found);
    }
}

impl OfSubject {
    fn new(occasion: &Arc<Occasion>) -> Self {
        Self {
            occasion: occasion.clone(),
            cohort: None,
            parts: [None; 4],
            ahead: None,
            no_day: None,
            missing: None,
            selected: None,
        }
    }

    pub(super) fn cohort_on(&self, day: NaiveDate) -> Option<Spell<Truth>> {
        self.cohort.filter(|spell| spell.days.has(day))
    }

    /// What is known of the first line of the table without evaluating anything; `None`: nothing yet.
    pub(super) fn known(&self, first: NaiveDate, last: NaiveDate) -> Option<Known> {
        let now = self.spell(Part::Condition, first)?;
        if now.value.no == 0 {
            return Some(Known::Possible(first, *now));
        }
        let none = self.no_day.filter(|days| days.has(first))?;
        if last <= none.to {
            return Some(Known::NotEntitled { no: now.value.no, until: now.days.to, reach: none.to });
        }
        let ahead = self.spell(Part::Condition, none.to)?;
        (ahead.value.no == 0).then_some(Known::Possible(none.to, *ahead))
    }

    /// Keeps what a part's lines came to.
    pub(super) fn remember(&mut self, part: Part, bits: Spell<Bits>) {
        self.parts[part as usize] = Some(bits);
    }

    fn spell(&self, part: Part, day: NaiveDate) -> Option<&Spell<Bits>> {
        let ahead = (part == Part::Condition).then_some(self.ahead.as_ref()).flatten();
        [self.parts[part as usize].as_ref(), ahead].into_iter().flatten().find(|spell| spell.days.has(day))
    }
}

impl Evaluator<'_> {
    /// What is remembered of somebody; `None` where nothing is.
    fn of_memo<T>(&self, of: Asking<'_>, look: impl FnOnce(&mut OfSubject) -> T) -> Option<T> {
        of.is_kept().then(|| look(self.memo.borrow_mut().of_subject(of.version, of.subject, of.occasion)))
    }

    /// What is known of the first line of the table.
    pub(super) fn known(&self, of: Asking<'_>, first: NaiveDate, last: NaiveDate) -> Result<Known, Stop> {
        if let Some(lines) = of.lines.filter(|lines| lines.never_hold(first, last)) {
            let bits = self.bits(of, Part::Condition, first)?;
            return Ok(Known::NotEntitled { no: bits.value.no, until: bits.days.to, reach: lines.days.to });
        }
        if let Some(known) = self.of_memo(of, |known| known.known(first, last)).flatten() {
            return Ok(known);
        }
        if let Some((on, conditions)) = self.first_possible(of, first, last)? {
            return Ok(Known::Possible(on, conditions));
        }
        let bits = self.bits(of, Part::Condition, first)?;
        Ok(Known::NotEntitled { no: bits.value.no, until: bits.days.to, reach: last })
    }

    /// The bits of a part's lines on a day.
    pub(super) fn bits(&self, of: Asking<'_>, part: Part, on: NaiveDate) -> Result<Spell<Bits>, Stop> {
        if let Some(lines) = of.lines.filter(|lines| !lines.lasting)
            && let Some(all) = lines.all(self.numbers.of_version[of.version.number].lines[part as usize], on)
        {
            return Ok(all);
        }
        if let Some(known) = self.of_memo(of, |known| known.spell(part, on).copied()).flatten() {
            return Ok(known);
        }
        let bits = self.evaluate_rest(of, part, on)?;
        self.of_memo(of, |known| known.remember(part, bits));
        Ok(bits)
    }

    /// The first day from `first` (included) to `last` (excluded) on which no condition is a decided no.
    ///
    /// A later day on which the rule could not run ends the window: nothing can be offered from there on.
    fn first_possible(
        &self,
        of: Asking<'_>,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<Option<(NaiveDate, Spell<Bits>)>, Stop> {
        let no_day = self.of_memo(of, |known| known.no_day).flatten();
        let mut none = if let Some(days) = no_day.filter(|days| days.has(first)) {
            days
        } else {
            let conditions = self.bits(of, Part::Condition, first)?;
            if conditions.value.no == 0 {
                return Ok(Some((first, conditions)));
            }
            let to = if of.is_kept() { first } else { self.no_before(of, conditions.value.no, first)? };
            Days { from: first, to }
        };
        let mut possible = None;
        while none.to < last {
            let day = none.to;
            match self.ahead(of, day) {
                Ok(bits) if bits.value.no == 0 => {
                    possible = Some((day, bits));
                    break;
                }
                Ok(bits) => none.to = bits.days.to,
                Err(Stop::RowEnded { .. } | Stop::Expected { .. }) => break,
                Err(stop) => return Err(stop),
            }
        }
        self.of_memo(of, |known| known.no_day = Some(none));
        Ok(possible)
    }

    /// A day before which some of these conditions, which are no on the first day of a scan, stays no, where a scan says that
    /// nothing else can happen before it.
    fn no_before(&self, of: Asking<'_>, no: u64, first: NaiveDate) -> Result<NaiveDate, Stop> {
        let Asking { version: Version { rule, .. }, subject, occasion, lines } = of;
        let Some(lines) = lines.filter(|lines| lines.by_columns) else { return Ok(first) };
        let mut to = first;
        for (bit, line) in rule.lines.iter().enumerate().filter(|(bit, _)| no >> bit & 1 == 1) {
            let until = match lines.steady(1 << bit) {
                Some(spell) => spell.days.to,
                None => self.truth(&line.test, rule.names[bit].name.as_str(), subject, first, occasion, None)?.days.to,
            };
            to = to.max(until.min(lines.days.to));
        }
        Ok(to)
    }

    /// The conditions of a day that may lie ahead, and the days on which they are the same.
    fn ahead(&self, of: Asking<'_>, on: NaiveDate) -> Result<Spell<Bits>, Stop> {
        if let Some(known) = self.of_memo(of, |known| known.spell(Part::Condition, on).copied()).flatten() {
            return Ok(known);
        }
        let bits = self.evaluate_rest(of, Part::Condition, on)?;
        self.of_memo(of, |known| known.ahead = Some(bits));
        Ok(bits)
    }

    /// The bits of a part's lines, of those that a scan did not tell evaluated now.
    fn evaluate_rest(&self, of: Asking<'_>, part: Part, on: NaiveDate) -> Result<Spell<Bits>, Stop> {
        let Asking { version: Version { rule, number, .. }, subject, occasion, lines } = of;
        let all = lines.and_then(|lines| lines.all(self.numbers.of_version[number].lines[part as usize], on));
        if let Some(all) = all {
            return Ok(all);
        }
        let mut bits = Spell { days: Days::ALL, value: Bits::default() };
        for (bit, line) in rule.lines.iter().enumerate().filter(|(_, line)| line.part == part) {
            let truth = match lines.and_then(|lines| lines.truth(bit, on)) {
                Some(truth) => truth,
                None => self.truth(&line.test, rule.names[bit].name.as_str(), subject, on, occasion, None)?,
            };
            bits.value.set(bit, truth.value);
            bits.days = bits.days.and(truth.days);
        }
        Ok(bits)
    }

    /// Which facts of whom kept these lines from an answer.
    pub(super) fn missing(&self, of: Asking<'_>, mask: u64, on: NaiveDate) -> Spell<Arc<[Missing]>> {
        let known = self.of_memo(of, |known| match &known.missing {
            Some((of, spell)) if *of == mask && spell.days.has(on) => Some(spell.clone()),
            _ => None,
        });
        if let Some(known) = known.flatten() {
            return known;
        }
        let missing = self.missing_of(of.version.rule, mask, of.subject, of.occasion, on);
        self.of_memo(of, |known| known.missing = Some((mask, missing.clone())));
        missing
    }

    /// What belongs to a subject for whom everything speaks for an offer.
    pub(super) fn selected(&self, of: Asking<'_>, on: NaiveDate) -> Result<Arc<Selected>, Vec<Stop>> {
        let is_everybodys = self.has_everybodys_terms(of.version);
        if is_everybodys {
            let memo = self.memo.borrow();
            let of_version = memo.versions.get(of.version.number);
            if let Some((occasion, spell)) = of_version.and_then(|of_version| of_version.selected.as_ref())
                && Arc::ptr_eq(occasion, of.occasion)
                && spell.days.has(on)
            {
                return Ok(spell.value.clone());
            }
        } else if let Some(known) = self.of_memo(of, |known| Spell::on(known.selected.as_ref(), on)).flatten() {
            return Ok(known);
        }
        let selected = self.select(of, on)?;
        let value = selected.value.clone();
        if is_everybodys {
            self.memo.borrow_mut().of_version(of.version).selected = Some((of.occasion.clone(), selected));
        } else {
            self.of_memo(of, |known| known.selected = Some(selected));
        }
        Ok(value)
    }

    /// Whether what belongs to somebody selected is the same for all on an occasion and a day.
    pub(super) fn has_everybodys_terms(&self, version: Version<'_>) -> bool {
        !self.may_be_expected(version) && !version.rule.terms.iter().any(|(_, term)| term.by_subject)
    }

    /// Whether a parameter that a version reads has a row that is only expected, so that it matters who reads which.
    pub(super) fn may_be_expected(&self, version: Version<'_>) -> bool {
        let known = self.memo.borrow_mut().of_version(version).may_be_expected;
        known.unwrap_or_else(|| {
            let may_be = self.by == By::Interpreter || self.reads_expected(version.rule);
            self.memo.borrow_mut().of_version(version).may_be_expected = Some(may_be);
            may_be
        })
    }
}
