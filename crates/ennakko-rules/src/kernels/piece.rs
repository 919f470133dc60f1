//! From steps to what a vector does: every construct of the language, with what does not hang on the row evaluated before.

use chrono::NaiveDate;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::register::{CellsView, FactId};

use super::bind::Binder;
use super::known::{Known, is_fixed, known_of, may_stop, reads, with};
use super::node::{Where, subject};
use crate::parameters::ParameterRow;
use crate::step::{
    Arithmetic, Arm, BuildingFact, Calendrical, Comparison, Constant, DAY, DayPart, FactName, Fold, HouseholdFact,
    OCCASION, ResidentFact, Slot, Step, Steps, What,
};
use crate::walk::walk;

/// A piece of a rule over many rows.
pub(super) enum Piece<'r> {
    /// The same of every row, before a day at most.
    Fixed {
        is: Known,
        to: NaiveDate,
    },
    /// The day evaluated.
    Today,
    Slot(Slot),
    Let {
        slot: Slot,
        value: Box<Piece<'r>>,
        body: Box<Piece<'r>>,
    },
    If(Box<[Piece<'r>; 3]>),
    Switch {
        of: Box<Piece<'r>>,
        cases: Vec<Case<'r>>,
        otherwise: Box<Piece<'r>>,
    },
    Joined {
        any: bool,
        all_are_asked: bool,
        of: Vec<Piece<'r>>,
    },
    Not(Box<Piece<'r>>),
    Coalesce(Vec<Piece<'r>>),
    Compare {
        by: Comparison,
        sides: Box<[Piece<'r>; 2]>,
    },
    In {
        item: Box<Piece<'r>>,
        among: Among<'r>,
        negated: bool,
    },
    Arithmetic {
        by: Arithmetic,
        sides: Box<[Piece<'r>; 2]>,
    },
    Negate(Box<Piece<'r>>),
    /// On a day that hangs on the row.
    Parameter {
        rows: &'r [ParameterRow],
        day: Box<Piece<'r>>,
    },
    Fact {
        of: Box<Piece<'r>>,
        fact: Reading<'r>,
    },
    /// Of a person and a day.
    AgeOn(Box<[Piece<'r>; 2]>),
    /// Of a person and a year.
    AgeReachedIn(Box<[Piece<'r>; 2]>),
    /// Of a person and a day.
    LivesInCityOn(Box<[Piece<'r>; 2]>),
    Part {
        of: Box<Piece<'r>>,
        part: DayPart,
    },
    /// A day, and by how much.
    Plus {
        unit: Calendrical,
        sides: Box<[Piece<'r>; 2]>,
    },
    DaysUntil(Box<[Piece<'r>; 2]>),
    Search {
        list: Box<List<'r>>,
        test: Box<Closure<'r>>,
        all: bool,
    },
    Len(Box<List<'r>>),
    Fold {
        list: Box<List<'r>>,
        value: Box<Closure<'r>>,
        by: Fold,
    },
}

/// One arm of a switch.
pub(super) struct Case<'r> {
    pub(super) values: Vec<Constant>,
    pub(super) ranges: Vec<(i64, i64)>,
    pub(super) guard: Option<Piece<'r>>,
    pub(super) value: Piece<'r>,
}

/// In what something is looked for.
pub(super) enum Among<'r> {
    Values(Vec<Piece<'r>>),
    Range {
        bounds: Box<[Piece<'r>; 2]>,
        inclusive: bool,
    },
    /// Numbers of a table.
    List(Box<Piece<'r>>),
}

/// Where a fact is read.
pub(super) enum Reading<'r> {
    Resident(ResidentFact),
    Building(BuildingFact),
    Lift,
    Declared {
        of: SubjectKind,
        id: FactId,
        cells: CellsView<'r>,
    },
    /// Nothing of it is known of anybody.
    Nothing(SubjectKind),
}

/// A list of the register.
pub(super) enum List<'r> {
    Members(Piece<'r>),
    Custodians(Piece<'r>),
    Stairwells(Piece<'r>),
    Filter { list: Box<List<'r>>, test: Closure<'r> },
}

/// What is asked of each member.
pub(super) struct Closure<'r> {
    /// The member.
    pub(super) slot: Slot,
    /// What it reads of those outside.
    pub(super) outside: Vec<Slot>,
    pub(super) piece: Piece<'r>,
}

fn is_today(step: &Step) -> bool {
    matches!(step.what, What::Slot(DAY))
}

fn is_list(step: &Step) -> bool {
    match &step.what {
        What::Filter { .. } | What::Array(_) | What::Range { .. } => true,
        What::Fact { fact, .. } => matches!(
            fact,
            FactName::Household(HouseholdFact::Members)
                | FactName::Resident(ResidentFact::Custodians)
                | FactName::Building(BuildingFact::Stairwells)
        ),
        _ => false,
    }
}

impl<'r> Binder<'r> {
    /// A piece as a vector; `None` where only walk goes.
    pub(super) fn piece(&mut self, step: &Step) -> Option<Piece<'r>> {
        if is_today(step) {
            self.by_day = true;
            return Some(Piece::Today);
        }
        if is_fixed(step) {
            return self.fixed(step);
        }
        Some(match &step.what {
            What::Slot(OCCASION)
            | What::Constant(_)
            | What::Array(_)
            | What::Range { .. }
            | What::Round { .. }
            | What::Occasion { .. }
            | What::Field { .. }
            | What::Filter { .. } => return None,
            What::Slot(slot) => Piece::Slot(*slot),
            What::Let { slot, value, body } => return self.given(*slot, value, body),
            What::If { test, then, otherwise } => {
                Piece::If(Box::new([self.piece(test)?, self.piece(then)?, self.piece(otherwise)?]))
            }
            What::Switch { of, arms, otherwise } => Piece::Switch {
                of: self.boxed(of)?,
                cases: arms.iter().map(|arm| self.case(arm)).collect::<Option<_>>()?,
                otherwise: self.boxed(otherwise)?,
            },
            What::And(of) => Piece::Joined { any: false, all_are_asked: false, of: self.pieces(of)? },
            What::Or(of) => Piece::Joined { any: true, all_are_asked: false, of: self.pieces(of)? },
            What::Join { any, of } => Piece::Joined { any: *any, all_are_asked: true, of: self.pieces(of)? },
            What::Not(of) => Piece::Not(self.boxed(of)?),
            What::Coalesce(of) => Piece::Coalesce(self.pieces(of)?),
            What::Compare { by, left, right } => {
                Piece::Compare { by: *by, sides: Box::new([self.side(left)?, self.side(right)?]) }
            }
            What::In { item, list, negated } => {
                Piece::In { item: self.boxed(item)?, among: self.among(list)?, negated: *negated }
            }
            What::Arithmetic { by, left, right } => Piece::Arithmetic { by: *by, sides: self.two(left, right)? },
            What::Negate(of) => Piece::Negate(self.boxed(of)?),
            What::Parameter { group, name, day } => {
                let rows = self.over.ground.tables.parameters.rows(group, name).unwrap_or_default();
                Piece::Parameter { rows, day: self.boxed(day)? }
            }
            What::Fact { .. } if is_list(step) => return None,
            What::Fact { of, fact } => Piece::Fact { of: self.boxed(of)?, fact: self.reading(fact)? },
            What::AgeOn { of, day } => Piece::AgeOn(Box::new([self.piece(of)?, self.side(day)?])),
            What::AgeReachedIn { of, year } => Piece::AgeReachedIn(self.two(of, year)?),
            What::LivesInCityOn { of, day } => Piece::LivesInCityOn(self.two(of, day)?),
            What::Part { of, part } => Piece::Part { of: self.boxed(of)?, part: *part },
            What::Plus { of, unit, number } => Piece::Plus { unit: *unit, sides: self.two(of, number)? },
            What::DaysUntil { of, to } => Piece::DaysUntil(self.two(of, to)?),
            What::Search { list, slot, test, all } => {
                let (list, test) = (Box::new(self.register_list(list)?), Box::new(self.closure(*slot, test)?));
                Piece::Search { list, test, all: *all }
            }
            What::Len(list) => Piece::Len(Box::new(self.register_list(list)?)),
            What::Fold { list, slot, value, by } => {
                let (list, value) = (Box::new(self.register_list(list)?), Box::new(self.closure(*slot, value)?));
                Piece::Fold { list, value, by: *by }
            }
        })
    }

    fn boxed(&mut self, step: &Step) -> Option<Box<Piece<'r>>> {
        self.piece(step).map(Box::new)
    }

    /// The day evaluated where it is told on which days the answer changes.
    fn side(&mut self, step: &Step) -> Option<Piece<'r>> {
        if is_today(step) { Some(Piece::Today) } else { self.piece(step) }
    }

    fn two(&mut self, one: &Step, other: &Step) -> Option<Box<[Piece<'r>; 2]>> {
        Some(Box::new([self.piece(one)?, self.piece(other)?]))
    }

    fn pieces(&mut self, steps: &[Step]) -> Option<Vec<Piece<'r>>> {
        steps.iter().map(|step| self.piece(step)).collect()
    }

    /// What does not hang on the row. Where it is another each day, so is each row's answer; otherwise the pass ends earlier.
    fn fixed(&mut self, step: &Step) -> Option<Piece<'r>> {
        let Where { ground, on, to, occasion, .. } = self.over;
        let steps = Steps { step: step.clone(), n_slots: 3 };
        let subject = subject(self.kind, 0)?;
        let came = walk(&steps, crate::walk::Over { ground, subject, on, occasion, lacks: false, reads: false });
        let is = came.value.map_or(Some(Known::Stop), |value| known_of(&value))?;
        let only_today = on.succ_opt().is_none_or(|next| came.same.to <= next);
        if only_today {
            self.by_day = true;
            return Some(Piece::Fixed { is, to: came.same.to });
        }
        self.until = self.until.min(came.same.to);
        Some(Piece::Fixed { is, to })
    }

    fn given(&mut self, slot: Slot, value: &Step, body: &Step) -> Option<Piece<'r>> {
        let stops = may_stop(value) && matches!(self.known(value), Some(Known::Stop));
        if !stops && (is_fixed(value) || is_list(value)) {
            // a list that stops is evaluated whether or not it is used
            if !is_fixed(value) && may_stop(value) {
                return None;
            }
            return self.piece(&with(body, slot, value));
        }
        Some(Piece::Let { slot, value: self.boxed(value)?, body: self.boxed(body)? })
    }

    fn case(&mut self, arm: &Arm) -> Option<Case<'r>> {
        let guard = match &arm.guard {
            Some(guard) => Some(self.piece(guard)?),
            None => None,
        };
        Some(Case { values: arm.values.clone(), ranges: arm.ranges.clone(), guard, value: self.piece(&arm.value)? })
    }

    fn among(&mut self, list: &Step) -> Option<Among<'r>> {
        match &list.what {
            What::Array(of) => return Some(Among::Values(self.pieces(of)?)),
            What::Range { from, to, inclusive } => {
                return Some(Among::Range { bounds: self.two(from, to)?, inclusive: *inclusive });
            }
            _ => {}
        }
        let to = self.over.to;
        let fixed = |is| Piece::Fixed { is, to };
        Some(match self.piece(list)? {
            Piece::Fixed { is: Known::List(items), to: until } if until == to => {
                Among::Values(items.into_iter().map(fixed).collect())
            }
            Piece::Fixed { is: Known::Range(from, end), to: until } if until == to => {
                let bounds = [from, end].map(|number| fixed(Known::Int(number)));
                Among::Range { bounds: Box::new(bounds), inclusive: true }
            }
            Piece::Fixed { is: Known::List(_) | Known::Range(..), .. } => return None,
            piece @ Piece::Fixed { is: Known::Unknown | Known::Stop, .. } => Among::Values(vec![piece]),
            other => Among::List(Box::new(other)),
        })
    }

    fn register_list(&mut self, step: &Step) -> Option<List<'r>> {
        Some(match &step.what {
            What::Filter { list, slot, test } => {
                List::Filter { list: Box::new(self.register_list(list)?), test: self.closure(*slot, test)? }
            }
            What::Fact { of, fact } => match fact {
                FactName::Household(HouseholdFact::Members) => List::Members(self.piece(of)?),
                FactName::Resident(ResidentFact::Custodians) => List::Custodians(self.piece(of)?),
                FactName::Building(BuildingFact::Stairwells) => List::Stairwells(self.piece(of)?),
                _ => return None,
            },
            _ => return None,
        })
    }

    fn closure(&mut self, slot: Slot, step: &Step) -> Option<Closure<'r>> {
        let mut outside = Vec::new();
        slots(step, &mut outside);
        outside.retain(|read| *read != slot && !matches!(*read, DAY | OCCASION));
        debug_assert!(outside.iter().all(|outside| reads(step, *outside)), "read, or given within");
        Some(Closure { slot, outside, piece: self.piece(step)? })
    }

    fn reading(&mut self, fact: &FactName) -> Option<Reading<'r>> {
        Some(match fact {
            FactName::Resident(fact) => Reading::Resident(*fact),
            FactName::Building(fact) => Reading::Building(*fact),
            FactName::StairwellLift => Reading::Lift,
            FactName::Household(HouseholdFact::Members) => return None,
            FactName::Declared { of, name, at } => {
                let (id, by_day) = self.over.ground.declared(*of, name, *at)?;
                if by_day {
                    self.until_known_of_coming_days()?;
                }
                match id.map(|id| (id, self.over.columns.declared(id, self.over.on))) {
                    Some((id, Ok(cells))) => Reading::Declared { of: *of, id, cells },
                    None | Some((_, Err(_))) => Reading::Nothing(*of),
                }
            }
        })
    }
}

/// The slots that a step reads, each once.
fn slots(step: &Step, read: &mut Vec<Slot>) {
    if let What::Slot(slot) = &step.what
        && !read.contains(slot)
    {
        read.push(*slot);
    }
    for child in step.what.children() {
        slots(child, read);
    }
}
