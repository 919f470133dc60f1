//! What steps hang on: the subject, the day, where somebody lives. It decides how often they must be evaluated.

use ennakko_core::fact_table::{FactType, OnFutureDay};

use crate::facts::{Kind, REGISTER_FACTS};
use crate::rule_set::Tables;
use crate::step::{Constant, Constructor, DAY, FactName, SUBJECT, Step, What};

/// What a piece hangs on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked by itself")]
pub(super) struct HangsOn {
    pub(super) subject: bool,
    /// The day itself, or something that may differ from day to day.
    pub(super) day: bool,
    /// A fact that may differ from day to day.
    pub(super) passing: bool,
    /// Where somebody lives.
    pub(super) home: bool,
}

impl HangsOn {
    pub(super) fn of(step: &Step, tables: &Tables) -> Self {
        let mut found = Self::default();
        visit(step, &mut |what| found.see(what, tables));
        found.day |= found.passing;
        found
    }

    fn see(&mut self, what: &What, tables: &Tables) {
        match what {
            What::Slot(SUBJECT) => self.subject = true,
            What::Slot(DAY) => self.day = true,
            What::LivesInCityOn { .. } => self.home = true,
            What::Fact { fact: FactName::Declared { at, .. }, .. } => {
                let declared = tables.facts.get(*at);
                self.home |= declared.is_some_and(|fact| fact.reveals_home);
                self.passing |= declared.is_some_and(|fact| fact.on_future_day != OnFutureDay::AsToday);
            }
            What::Fact { fact, .. } => {
                let of = match fact {
                    FactName::Household(_) => Kind::Household,
                    FactName::Building(_) => Kind::Building,
                    FactName::StairwellLift => Kind::Stairwell,
                    FactName::Resident(_) | FactName::Declared { .. } => Kind::Resident,
                };
                let register = REGISTER_FACTS.iter().find(|known| known.of == of && known.name == fact.name());
                self.home |= register.is_some_and(|fact| fact.from_home);
                self.passing |= register.is_some_and(|fact| fact.by_day);
            }
            _ => {}
        }
    }
}

/// Whether a step comes to a place as it was delivered, which its type keeps from those who do not share the home.
pub(super) fn is_place(step: &Step, tables: &Tables) -> bool {
    match &step.what {
        What::Fact { fact: FactName::Declared { at, .. }, .. } => {
            tables.facts.get(*at).is_some_and(|fact| fact.fact_type == FactType::Place)
        }
        What::Let { body, .. } => is_place(body, tables),
        What::If { then, otherwise, .. } => is_place(then, tables) && is_place(otherwise, tables),
        What::Coalesce(steps) => steps.iter().all(|step| is_place(step, tables)),
        _ => false,
    }
}

/// Whether a step only hands the day on to a constructor of occasions and to parameters, which say for how long their
/// answer is the same.
pub(super) fn passes_day(step: &Step) -> bool {
    let What::Occasion { by, of } = &step.what else { return false };
    let Some((last, others)) = of.split_last() else { return false };
    let is_day = |step: &Step| step.what == What::Slot(DAY);
    *by != Constructor::NoOccasion
        && is_day(last)
        && others.iter().all(|part| match &part.what {
            What::Constant(Constant::Int(_) | Constant::Text(_)) => true,
            // a window that hung on the day would move with it
            What::Slot(slot) => *slot != DAY,
            What::Parameter { day, .. } => is_day(day),
            What::Fact { of, .. } => of.what == What::Slot(SUBJECT),
            _ => false,
        })
}

/// Every step, the outer before the inner.
fn visit(step: &Step, see: &mut impl FnMut(&What)) {
    see(&step.what);
    for child in step.what.children() {
        visit(child, see);
    }
}
