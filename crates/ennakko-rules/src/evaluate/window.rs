//! What has been evaluated, with the days on which it stays the same while the register is held still.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::outcome::Missing;
use ennakko_core::register::SubjectRow;
use ennakko_core::trace::Part;
use ennakko_core::{Occasion, Truth};

use super::changes::Agenda;
use super::cohort::{Awake, For};
use super::{Evaluator, FoundOccasion, Version};
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
    /// Who is due when, likewise.
    pub(super) agendas: BTreeMap<(For, usize), Agenda>,
}

/// What has been evaluated of one version.
#[derive(Default)]
pub(super) struct OfVersion {
    /// The occasion, where it is everybody's.
    pub(super) occasion: Option<Spell<FoundOccasion>>,
    /// Occasions of subjects' own days, by position.
    pub(super) own_occasions: Vec<Option<Spell<FoundOccasion>>>,
    subjects: Vec<Option<Box<OfSubject>>>,
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
    /// On this day every condition may hold.
    Possible(NaiveDate),
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
        let at = subject.position();
        if of_version.subjects.len() <= at {
            of_version.subjects.resize_with(at + 1, || None);
        }
        let known = of_version.subjects[at].get_or_insert_with(|| Box::new(OfSubject::new(occasion)));
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
            self.own_occasions.get(subject.position())?.as_ref()
        } else {
            self.occasion.as_ref()
        };
        spell.filter(|spell| spell.days.has(day))
    }

    pub(super) fn keep_own(&mut self, subject: SubjectRow, found: Spell<FoundOccasion>) {
        let at = subject.position();
        if self.own_occasions.len() <= at {
            self.own_occasions.resize_with(at + 1, || None);
        }
        self.own_occasions[at] = Some(found);
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
            return Some(Known::Possible(first));
        }
        let none = self.no_day.filter(|days| days.has(first))?;
        if last <= none.to {
            return Some(Known::NotEntitled { no: now.value.no, until: now.days.to, reach: none.to });
        }
        let ahead = self.spell(Part::Condition, none.to)?;
        (ahead.value.no == 0).then_some(Known::Possible(none.to))
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
    /// The bits of a part's lines on a day.
    pub(super) fn bits(
        &self,
        version: Version<'_>,
        part: Part,
        subject: SubjectRow,
        occasion: &Arc<Occasion>,
        on: NaiveDate,
    ) -> Result<Spell<Bits>, Stop> {
        if let Some(known) = self.memo.borrow_mut().of_subject(version, subject, occasion).spell(part, on) {
            return Ok(*known);
        }
        let bits = self.evaluate(version.rule, part, subject, occasion, on)?;
        self.memo.borrow_mut().of_subject(version, subject, occasion).parts[part as usize] = Some(bits);
        Ok(bits)
    }

    /// The first day from `first` (included) to `last` (excluded) on which no condition is a decided no.
    ///
    /// A later day on which the rule could not run ends the window: nothing can be offered from there on.
    pub(super) fn first_possible(
        &self,
        version: Version<'_>,
        subject: SubjectRow,
        occasion: &Arc<Occasion>,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<Option<NaiveDate>, Stop> {
        let no_day = self.memo.borrow_mut().of_subject(version, subject, occasion).no_day;
        let mut none = match no_day.filter(|days| days.has(first)) {
            Some(days) => days,
            None if self.bits(version, Part::Condition, subject, occasion, first)?.value.no == 0 => {
                return Ok(Some(first));
            }
            None => Days { from: first, to: first },
        };
        let mut possible = None;
        while none.to < last {
            let day = none.to;
            match self.ahead(version, subject, occasion, day) {
                Ok(bits) if bits.value.no == 0 => {
                    possible = Some(day);
                    break;
                }
                Ok(bits) => none.to = bits.days.to,
                Err(Stop::RowEnded { .. } | Stop::Expected { .. }) => break,
                Err(stop) => return Err(stop),
            }
        }
        self.memo.borrow_mut().of_subject(version, subject, occasion).no_day = Some(none);
        Ok(possible)
    }

    /// The conditions of a day that may lie ahead, and the days on which they are the same.
    fn ahead(
        &self,
        version: Version<'_>,
        subject: SubjectRow,
        occasion: &Arc<Occasion>,
        on: NaiveDate,
    ) -> Result<Spell<Bits>, Stop> {
        if let Some(known) = self.memo.borrow_mut().of_subject(version, subject, occasion).spell(Part::Condition, on) {
            return Ok(*known);
        }
        let bits = self.evaluate(version.rule, Part::Condition, subject, occasion, on)?;
        self.memo.borrow_mut().of_subject(version, subject, occasion).ahead = Some(bits);
        Ok(bits)
    }

    /// Which facts of whom kept these lines from an answer.
    pub(super) fn missing(
        &self,
        version: Version<'_>,
        mask: u64,
        subject: SubjectRow,
        occasion: &Arc<Occasion>,
        on: NaiveDate,
    ) -> Spell<Arc<[Missing]>> {
        if let Some((of, spell)) = &self.memo.borrow_mut().of_subject(version, subject, occasion).missing
            && *of == mask
            && spell.days.has(on)
        {
            return spell.clone();
        }
        let missing = self.missing_of(version.rule, mask, subject, occasion, on);
        self.memo.borrow_mut().of_subject(version, subject, occasion).missing = Some((mask, missing.clone()));
        missing
    }

    /// What belongs to a subject for whom everything speaks for an offer.
    pub(super) fn selected(
        &self,
        version: Version<'_>,
        subject: SubjectRow,
        occasion: &Arc<Occasion>,
        on: NaiveDate,
    ) -> Result<Arc<Selected>, Vec<Stop>> {
        let known = self.memo.borrow_mut().of_subject(version, subject, occasion).selected.clone();
        if let Some(known) = Spell::on(known.as_ref(), on) {
            return Ok(known);
        }
        let selected = self.select(version, subject, occasion, on)?;
        let value = selected.value.clone();
        self.memo.borrow_mut().of_subject(version, subject, occasion).selected = Some(selected);
        Ok(value)
    }
}
