//! Letters to the subject in person: whether some of those selected may be too young to be written to.

use std::collections::BTreeMap;

use ennakko_core::fact_table::SubjectKind;
use ennakko_core::register::ADULT_AGE_YEARS;
use ennakko_core::rule_card::Recipients;

use super::Checking;
use super::types::{Elaborated, EntrySteps, NamedSteps};
use crate::diagnostic::Code;
use crate::head::Head;
use crate::parameters::ParameterValue;
use crate::rule_set::Tables;
use crate::step::{Arithmetic, Comparison, Constant, DAY, DayPart, OCCASION, SUBJECT, Slot, Step, What};

impl Checking<'_> {
    /// Warns of letters in person that would be withheld of those who are too young, as far as comparisons of ages tell.
    pub(super) fn addressed(&mut self, head: &Head, elaborated: &Elaborated) {
        if head.subject != SubjectKind::Resident {
            return;
        }
        let ages = |step: &Step| Ages { tables: self.check.tables, given: BTreeMap::new() }.least_of(step);
        let cohort = elaborated.whole.get("cohort").and_then(|steps| ages(&steps.step));
        let conditions = elaborated.lines.get("conditions").map_or(&[][..], Vec::as_slice);
        let least = all_of(conditions, &ages).max(cohort);
        for message in head.messages.iter().filter(|message| message.plan.to == Recipients::Subject) {
            let from = message.plan.minors_from_years.map_or(i64::from(ADULT_AGE_YEARS), i64::from);
            if least.is_some_and(|least| least >= from) {
                continue;
            }
            let words = format!("some of those to whom this letter goes in person may be under {from}, and get none");
            let help = "compare `age_on(on)` in a condition, write to \"custodians\", or say from which age a minor acts in \
                        person: `minors_from: 15`";
            let told = self.error(Code::Form, message.text, words);
            told.severity = crate::diagnostic::Severity::Warning;
            told.help = Some(help.into());
        }
    }
}

/// The least age, on the day of an offer, of whoever lines that must all hold let through.
fn all_of(lines: &[NamedSteps], ages: &impl Fn(&Step) -> Option<i64>) -> Option<i64> {
    lines.iter().filter_map(|line| entry(&line.entry, ages)).max()
}

fn entry(entry_: &EntrySteps, ages: &impl Fn(&Step) -> Option<i64>) -> Option<i64> {
    match entry_ {
        EntrySteps::Leaf(steps) => ages(&steps.as_ref()?.step),
        EntrySteps::AllOf(lines) => all_of(lines, ages),
        EntrySteps::AnyOf(lines) => {
            lines.iter().map(|line| entry(&line.entry, ages)).collect::<Option<Vec<_>>>()?.into_iter().min()
        }
    }
}

/// What comparisons tell of the subject's age.
struct Ages<'c> {
    tables: &'c Tables,
    /// What names and helpers' parameters stand for.
    given: BTreeMap<Slot, Step>,
}

impl Ages<'_> {
    /// The least age of whoever a test lets through, if it tells.
    fn least_of(&mut self, test: &Step) -> Option<i64> {
        match &test.what {
            What::And(tests) | What::Join { any: false, of: tests } => {
                tests.iter().filter_map(|test| self.least_of(test)).max()
            }
            What::Or(tests) | What::Join { any: true, of: tests } => {
                tests.iter().map(|test| self.least_of(test)).collect::<Option<Vec<_>>>()?.into_iter().min()
            }
            What::Let { slot, value, body } => {
                self.given.insert(*slot, (**value).clone());
                self.least_of(body)
            }
            What::Compare { by: Comparison::GreaterOrEqual | Comparison::Equal, left, right } => {
                Some(self.least_number(right)? - self.years_less(left)?)
            }
            What::Compare { by: Comparison::LessOrEqual, left, right } => {
                Some(self.least_number(left)? - self.years_less(right)?)
            }
            What::Compare { by: Comparison::Greater, left, right } => {
                Some(self.least_number(right)? + 1 - self.years_less(left)?)
            }
            What::Compare { by: Comparison::Less, left, right } => {
                Some(self.least_number(left)? + 1 - self.years_less(right)?)
            }
            What::In { item, list, negated: false } => Some(self.least_number(list)? - self.years_less(item)?),
            _ => None,
        }
    }

    /// Of an age of the subject, by how much somebody may be younger on the day of an offer; nothing of anything else.
    fn years_less(&self, step: &Step) -> Option<i64> {
        match &self.meant(step).what {
            // offers are made on the day evaluated, and not before the occasion opens
            What::AgeOn { of, day } => {
                let (of, day) = (self.meant(of), self.meant(day));
                let opens = matches!(&day.what, What::Field { of, name }
                    if self.meant(of).what == What::Slot(OCCASION) && **name == *"opens");
                (of.what == What::Slot(SUBJECT) && (day.what == What::Slot(DAY) || opens)).then_some(0)
            }
            // on a day of that year, or of the year in which its round opens
            What::AgeReachedIn { of, year } => {
                let of_year = match &self.meant(year).what {
                    What::Field { of, name } => self.meant(of).what == What::Slot(OCCASION) && **name == *"year",
                    What::Part { of, part: DayPart::Year } => self.meant(of).what == What::Slot(DAY),
                    _ => false,
                };
                (self.meant(of).what == What::Slot(SUBJECT) && of_year).then_some(1)
            }
            _ => None,
        }
    }

    /// The least that a number can be, by what is written and by every row of a parameter.
    fn least_number(&self, step: &Step) -> Option<i64> {
        match &self.meant(step).what {
            What::Constant(Constant::Int(number)) => Some(*number),
            What::Parameter { group, name, .. } => {
                let rows = self.tables.parameters.rows(group, name)?;
                let least = rows.iter().map(|row| match &row.value {
                    ParameterValue::Int(number) => Some(*number),
                    ParameterValue::Ints(numbers) => numbers.iter().min().copied(),
                    ParameterValue::Bool(_) | ParameterValue::Text(_) => None,
                });
                least.collect::<Option<Vec<_>>>()?.into_iter().min()
            }
            What::Range { from, .. } => self.least_number(from),
            What::Array(steps) => {
                steps.iter().map(|step| self.least_number(step)).collect::<Option<Vec<_>>>()?.into_iter().min()
            }
            What::Arithmetic { by: Arithmetic::Add, left, right } => {
                self.least_number(left)?.checked_add(self.least_number(right)?)
            }
            What::Arithmetic { by: Arithmetic::Subtract, left, right } => match right.what {
                What::Constant(Constant::Int(number)) => self.least_number(left)?.checked_sub(number),
                _ => None,
            },
            _ => None,
        }
    }

    fn meant<'s>(&'s self, step: &'s Step) -> &'s Step {
        let mut step = step;
        while let What::Slot(slot) = &step.what
            && let Some(value) = self.given.get(slot)
        {
            step = value;
        }
        step
    }
}
