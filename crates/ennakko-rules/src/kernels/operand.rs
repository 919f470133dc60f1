//! What a row has that a test compares: columns of its own, of its household, of its home's building.

use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::Truth;
use ennakko_core::column::{Column, TextColumn};
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::record::Utilities;
use ennakko_core::register::CellsView;
use ennakko_core::value::Fact;

use super::bind::Binder;
use super::known::{Known, is_fixed};
use super::leaf::{DayColumn, Leaf, OnNone};
use super::node::{Link, Node, Whole};
use crate::step::{BuildingFact, Calendrical, DayPart, FactName, ResidentFact, SUBJECT, Step, Utility, What};
use crate::walk::moved;

/// What a row has that a test compares.
pub(super) struct Operand<'r> {
    pub(super) link: Option<Link>,
    pub(super) of: Scalar<'r>,
    /// What stands for none.
    pub(super) or_else: Option<Known>,
}

pub(super) enum Scalar<'r> {
    /// Something that is yes or no.
    Truth(Node<'r>),
    Number(&'r Column<i64>),
    Text {
        codes: &'r Column<u32>,
        dictionary: &'r [Arc<str>],
    },
    Day {
        of: DayColumn<'r>,
        by: DayBy,
        if_none: OnNone,
    },
    /// `female` or `male`.
    Sex(&'r Column<u8>),
    /// Nothing of it is known of anybody.
    Unknown,
}

/// What is made of a day, so that a range of values is a range of days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum DayBy {
    /// The day itself, so many days, months or years on.
    Day(Option<(Calendrical, i64)>),
    Year,
    /// Age in whole years on a day.
    AgeOn(When),
    /// Age reached in a year.
    AgeReachedIn(i64),
    /// Days from it to another.
    DaysTo(When),
    /// Days from another to it.
    DaysFrom(When),
}

/// The day evaluated, so many days, months or years on, or another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum When {
    Today(Option<(Calendrical, i64)>),
    On(NaiveDate),
}

impl When {
    pub(super) fn seen(self, on: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Today(None) => Some(on),
            Self::Today(Some((unit, number))) => moved(on, unit, if fault!(DaysOnForgotten) { 0 } else { number }),
            Self::On(day) => Some(day),
        }
    }
}

/// A test of what a row has through a link.
pub(super) fn linked(link: Option<Link>, node: Node<'_>, if_none: OnNone) -> Node<'_> {
    match link {
        None => node,
        Some(link) => {
            let kind = match link {
                Link::Household => SubjectKind::Household,
                Link::HomeBuilding => SubjectKind::Building,
            };
            Node::Of { link, if_none, node: Whole::new(node, kind) }
        }
    }
}

impl<'r> Binder<'r> {
    pub(super) fn has_value(&mut self, of: &Step) -> Option<Node<'r>> {
        if let What::Fact { of: base, fact: FactName::Resident(ResidentFact::Household) } = &of.what
            && matches!(base.what, What::Slot(SUBJECT))
        {
            let node = Whole::new(Node::Constant(Truth::Yes), SubjectKind::Household);
            return Some(Node::Of { link: Link::Household, if_none: OnNone::No, node });
        }
        let Operand { link, of, or_else: None } = self.operand(of)? else { return None };
        let node = match of {
            Scalar::Number(of) => Node::Leaf(Leaf::HasNumber(of)),
            Scalar::Text { codes, .. } => Node::Leaf(Leaf::HasCode(codes)),
            Scalar::Day { of, by: DayBy::Day(None), if_none: OnNone::Ask } => Node::Leaf(Leaf::HasDay(of.first)),
            Scalar::Sex(of) | Scalar::Truth(Node::Leaf(Leaf::Flag { of, .. })) => Node::Leaf(Leaf::HasFlag(of)),
            Scalar::Unknown => Node::Constant(Truth::Unknown),
            _ => return None,
        };
        Some(linked(link, node, OnNone::Ask))
    }

    /// What a row has, by a step that hangs on it.
    pub(super) fn operand(&mut self, step: &Step) -> Option<Operand<'r>> {
        match &step.what {
            What::Coalesce(of) => {
                let [of, instead] = &of[..] else { return None };
                let instead = self.known(instead)?;
                if matches!(instead, Known::Stop | Known::None | Known::Unknown) {
                    return None;
                }
                let operand = self.operand(of)?;
                (operand.or_else.is_none()).then_some(Operand { or_else: Some(instead), ..operand })
            }
            What::Fact { of, fact } => {
                let (link, kind) = self.base(of)?;
                Some(Operand { link, of: self.fact(kind, fact)?, or_else: None })
            }
            What::AgeOn { of, day } => {
                let (None, SubjectKind::Resident) = self.base(of)? else { return None };
                let when = self.when(day)?;
                Some(self.of_birth(DayBy::AgeOn(when), OnNone::Unknown))
            }
            What::AgeReachedIn { of, year } => {
                let (None, SubjectKind::Resident) = self.base(of)? else { return None };
                let Some(Known::Int(year)) = self.known(year) else { return None };
                let plain = (-100_000..=100_000).contains(&year);
                plain.then(|| self.of_birth(DayBy::AgeReachedIn(year), OnNone::Unknown))
            }
            What::Plus { of, unit, number } => {
                let Some(Known::Int(number)) = self.known(number) else { return None };
                let Operand { link, of: Scalar::Day { of, by: DayBy::Day(None), if_none }, or_else: None } =
                    self.operand(of)?
                else {
                    return None;
                };
                // within the bounds of days none may leave the calendar
                let ends = [ennakko_core::day::FIRST_DAY, ennakko_core::day::LAST_DAY];
                if ends.into_iter().any(|day| moved(day, *unit, number).is_none()) {
                    return None;
                }
                Some(Operand {
                    link,
                    of: Scalar::Day { of, by: DayBy::Day(Some((*unit, number))), if_none },
                    or_else: None,
                })
            }
            What::Part { of, part: DayPart::Year } => {
                let Operand { link, of: Scalar::Day { of, by: DayBy::Day(None), if_none }, or_else: None } =
                    self.operand(of)?
                else {
                    return None;
                };
                Some(Operand {
                    link,
                    of: Scalar::Day { of, by: DayBy::Year, if_none: must_have(if_none) },
                    or_else: None,
                })
            }
            What::DaysUntil { of: from, to } => {
                let first = !is_fixed(from);
                let (day, other) = if first { (from, to) } else { (to, from) };
                let when = self.when(other)?;
                let Operand { link, of: Scalar::Day { of, by: DayBy::Day(None), if_none }, or_else: None } =
                    self.operand(day)?
                else {
                    return None;
                };
                let backwards = fault!(DaysCountedBackwards);
                let by = if first && !backwards { DayBy::DaysTo(when) } else { DayBy::DaysFrom(when) };
                Some(Operand { link, of: Scalar::Day { of, by, if_none: must_have(if_none) }, or_else: None })
            }
            _ => None,
        }
    }

    fn of_birth(&self, by: DayBy, if_none: OnNone) -> Operand<'r> {
        Operand { link: None, of: Scalar::Day { of: self.born(), by, if_none }, or_else: None }
    }

    pub(super) fn born(&self) -> DayColumn<'r> {
        let (first, last) = self.over.columns.born();
        DayColumn { first, last, exact: self.over.columns.exact_births() }
    }

    /// Whose a fact is: the row's own, or of what it has.
    pub(super) fn base(&self, of: &Step) -> Option<(Option<Link>, SubjectKind)> {
        match &of.what {
            What::Slot(SUBJECT) => Some((None, self.kind)),
            What::Fact { of, fact: FactName::Resident(fact) } => match (&of.what, self.kind, fact) {
                (What::Slot(SUBJECT), SubjectKind::Resident, ResidentFact::HomeBuilding) => {
                    Some((Some(Link::HomeBuilding), SubjectKind::Building))
                }
                (What::Slot(SUBJECT), SubjectKind::Resident, ResidentFact::Household) => {
                    Some((Some(Link::Household), SubjectKind::Household))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// What is not known of a coming day is known until the register's own day is over.
    pub(super) fn until_known_of_coming_days(&mut self) -> Option<()> {
        let register_day = self.over.ground.world.register.day();
        if self.over.on <= register_day && !fault!(ComingDaysKnown) {
            self.until = self.until.min(register_day.succ_opt()?);
        }
        Some(())
    }

    pub(super) fn fact(&mut self, kind: SubjectKind, fact: &FactName) -> Option<Scalar<'r>> {
        let columns = self.over.columns;
        let flag = |of| Scalar::Truth(Node::Leaf(Leaf::Flag { of, equals: 1, if_none: OnNone::Ask }));
        let text = |column: &'r TextColumn| Scalar::Text { codes: column.codes(), dictionary: column.dictionary() };
        Some(match (kind, fact) {
            (SubjectKind::Resident, FactName::Resident(fact)) => match fact {
                ResidentFact::Born => Scalar::Day { of: self.born(), by: DayBy::Day(None), if_none: OnNone::Ask },
                ResidentFact::BirthYear => Scalar::Day { of: self.born(), by: DayBy::Year, if_none: OnNone::Ask },
                ResidentFact::Alive => Scalar::Truth(Node::Leaf(Leaf::Alive(columns.life()))),
                ResidentFact::Language => text(columns.language()),
                ResidentFact::LivesInCity => {
                    let of = columns.municipality();
                    let here = &*self.over.ground.world.municipality;
                    let if_none = if fault!(NowhereIsUnknown) { OnNone::Unknown } else { OnNone::No };
                    let codes = (of.codes(), of.dictionary());
                    Scalar::Truth(Node::Leaf(Leaf::text(codes, here, if_none)))
                }
                ResidentFact::Sex => Scalar::Sex(columns.sex()),
                ResidentFact::HomeBuilding | ResidentFact::Household | ResidentFact::Custodians => {
                    return None;
                }
            },
            (SubjectKind::Building, FactName::Building(fact)) => match fact {
                BuildingFact::IntendedUse => text(columns.intended_use()),
                BuildingFact::BuiltYear => Scalar::Number(columns.built_year()),
                BuildingFact::Storeys => Scalar::Number(columns.storeys()),
                BuildingFact::Dwellings => Scalar::Number(columns.dwellings()),
                BuildingFact::AreaM2 => Scalar::Number(columns.area_m2()),
                BuildingFact::Stairwells => return None,
                BuildingFact::Has(utility) => utility_of(columns.facilities(), *utility),
                BuildingFact::Connected(utility) => utility_of(columns.connections(), *utility),
            },
            (_, FactName::Declared { of, name, at }) if *of == kind => {
                let (id, by_day) = self.over.ground.declared(*of, name, *at)?;
                if by_day {
                    self.until_known_of_coming_days()?;
                }
                let Some(id) = id else { return Some(Scalar::Unknown) };
                match columns.declared(id, self.over.on) {
                    Err(_) => Scalar::Unknown,
                    Ok(CellsView::Bool(of)) => flag(of),
                    Ok(CellsView::Int(of)) => Scalar::Number(of),
                    Ok(CellsView::Text(of)) => text(of),
                    Ok(CellsView::Day { first, last }) => Scalar::Day {
                        of: DayColumn { first, last, exact: columns.exact_days(id)? },
                        by: DayBy::Day(None),
                        if_none: OnNone::Ask,
                    },
                    Ok(CellsView::Place) => return None,
                }
            }
            _ => return None,
        })
    }
}

fn must_have(if_none: OnNone) -> OnNone {
    if if_none == OnNone::Unknown { if_none } else { OnNone::Ask }
}

fn utility_of(of: &[Utilities], utility: Utility) -> Scalar<'_> {
    let which: fn(&Utilities) -> Fact<bool> = match utility {
        Utility::Sewer => |of| of.sewer,
        Utility::Water => |of| of.water,
        Utility::Electricity => |of| of.electricity,
        Utility::Gas => |of| of.gas,
        Utility::Cable => |of| of.cable,
    };
    Scalar::Truth(Node::Leaf(Leaf::Utility { of, which, if_none: OnNone::Ask }))
}
