//! Numbers: units that go together, and bounds that keep every sum within 64 bits and every day within the calendar.

use super::Elaborator;
use super::ints::Ints;
use super::known::{Path, Possible, Values};
use super::typed::{Number, Type, Typed, unit_words};
use crate::diagnostic::Code;
use crate::expression::{Expression, Operator, Span};
use crate::step::{Arithmetic, Constant, What};
use crate::unit::Unit;

impl Elaborator<'_> {
    pub(super) fn int(&mut self, span: Span, value: i64) -> Typed {
        let step = self.constant(span, Constant::Int(value));
        let typed = Typed::new(span, Type::Number(Number::of(None)), step);
        Typed { is_literal: true, ..typed.with_values(Values::Ints(Ints::one(value))) }
    }

    pub(super) fn negate(&mut self, span: Span, of: &Expression) -> Typed {
        let of = self.expression(of);
        let Some((of, number)) = self.as_number(of) else { return self.told(span) };
        let (least, most) = ends(&of);
        let Some((least, most)) = most.checked_neg().zip(least.checked_neg()) else {
            return self.too_large(span);
        };
        let is_literal = of.is_literal;
        if let (What::Constant(Constant::Int(_)), true) = (&of.step.what, least == most) {
            return Typed { is_literal, ..self.int(span, least) };
        }
        let step = self.step(span, What::Negate(Box::new(of.step)));
        let values = Values::Ints(Ints::between(least, most));
        Typed {
            is_literal,
            ..Typed::new(span, Type::Number(Number { rough: false, ..number }), step).with_values(values)
        }
    }

    /// A value that must be a number.
    pub(super) fn as_number(&mut self, typed: Typed) -> Option<(Typed, Number)> {
        let typed = match typed.ty {
            Type::Number(_) | Type::None => self.needed(typed),
            _ => typed,
        };
        match &typed.ty {
            Type::Told | Type::Open => None,
            Type::Number(number) => {
                let number = *number;
                Some((typed, number))
            }
            other => {
                let message = format!("a number belongs here, and this is {}", other.words());
                let help = match other {
                    Type::Day => "take a part of the day: `.year`, `.month`, `.day`",
                    Type::Members(_) => "ask how many: `.len()`",
                    _ => "write a whole number, a parameter or a fact that is one",
                };
                self.error(typed.span, Code::Types, message, help);
                None
            }
        }
    }

    pub(super) fn range(&mut self, span: Span, from: &Expression, to: &Expression, inclusive: bool) -> Typed {
        let (from, to) = (self.expression(from), self.expression(to));
        let (from, to) = (self.as_number(from), self.as_number(to));
        let (Some((from, of_from)), Some((to, of_to))) = (from, to) else { return self.told(span) };
        let Some(number) = of_from.with(of_to) else {
            return self.mixed(span, of_from, of_to);
        };
        if let Some(rough) = [(&from, of_from), (&to, of_to)].into_iter().find(|(_, number)| number.rough) {
            let help = "write `age >= from && age <= to`, or use `age_reached_in(year)`";
            self.error(rough.0.span, Code::Types, "an age that may be known only roughly cannot end a range", help);
            return self.told(span);
        }
        let ((from_least, from_most), (to_least, to_most)) = (ends(&from), ends(&to));
        let last = |to: i64| if inclusive || fault!(HalfOpenTakenForClosed) { Some(to) } else { to.checked_sub(1) };
        if last(to_most).is_none_or(|last| last < from_least) {
            let help = if from_least > to_most {
                format!("write the smaller number first: `{to_most}..={from_least}`")
            } else {
                "`..` leaves out its last number; `..=` has it".to_owned()
            };
            self.error(span, Code::Numbers, "this range holds nothing", help);
            return self.told(span);
        }
        let exact = from_least == from_most && to_least == to_most;
        let values =
            last(to_most).filter(|_| exact).map_or(Values::Any, |last| Values::Ints(Ints::between(from_least, last)));
        let is_literal = from.is_literal || to.is_literal;
        let what = What::Range { from: Box::new(from.step), to: Box::new(to.step), inclusive };
        let step = self.step(span, what);
        let possible = Possible { none: false, some: true, values };
        Typed { possible, is_literal, ..Typed::new(span, Type::Range(number), step) }
    }

    pub(super) fn arithmetic(&mut self, span: Span, by: Arithmetic, left: Typed, right: Typed) -> Typed {
        if let Some(help) = instead(by, &left.ty, &right.ty) {
            if !left.is_silent() && !right.is_silent() {
                let message = format!("{} and {} cannot be {}", left.ty.words(), right.ty.words(), done(by));
                self.error(span, Code::Types, message, help);
            }
            return self.told(span);
        }
        let (left, right) = (self.as_number(left), self.as_number(right));
        let (Some((left, of_left)), Some((right, of_right))) = (left, right) else { return self.told(span) };
        let Some(unit) = unit_of(by, of_left.unit, of_right.unit) else {
            return self.mixed(span, of_left, of_right);
        };
        let is_zero = |typed: &Typed| matches!(&typed.possible.values, Values::Ints(ints) if ints.contains(0));
        if matches!(by, Arithmetic::Divide | Arithmetic::Remainder) && is_zero(&right) && !fault!(ZeroDivides) {
            let written = self.written(right.span).unwrap_or("x").to_owned();
            let (message, help) = if ends(&right) == (0, 0) {
                ("this divides by zero".to_owned(), "write another number".to_owned())
            } else {
                (format!("`{written}` may be zero"), format!("ask first: `{written} != 0 && ...`"))
            };
            self.error(right.span, Code::Bounds, message, help);
            return self.told(span);
        }
        let overflow = fault!(OverflowNotSeen).then_some((i64::MIN, i64::MAX));
        let Some((least, most)) = bounds(by, ends(&left), ends(&right)).or(overflow) else {
            return self.too_large(span);
        };
        // an age moved by a number is as rough as the age; anything else of it is known or unknown
        let rough = match by {
            Arithmetic::Add => of_left.rough != of_right.rough,
            Arithmetic::Subtract => of_left.rough && !of_right.rough,
            _ => false,
        };
        let number = Number { unit, rough, counts: of_left.counts && of_right.counts };
        let is_literal = left.is_literal && right.is_literal;
        if matches!(by, Arithmetic::Add | Arithmetic::Subtract) && !is_literal {
            self.limits(&left, &right);
            self.limits(&right, &left);
        }
        let path = key(&left).zip(key(&right)).map(|(left, right)| Path::from(format!("({left} {by:?} {right})")));
        let what = What::Arithmetic { by, left: Box::new(left.step), right: Box::new(right.step) };
        let step = self.step(span, what);
        let typed = Typed::new(span, Type::Number(number), step).with_values(Values::Ints(Ints::between(least, most)));
        let possible = self.known.left(path.as_ref(), typed.possible.clone());
        Typed { possible, is_literal, ..typed.read_as(path) }
    }

    /// Two units that do not go together.
    pub(super) fn mixed(&mut self, span: Span, one: Number, two: Number) -> Typed {
        let message = format!("{} does not go with {}", one.words(), two.words());
        let units = [one.unit, two.unit];
        let has = |unit| units.contains(&Some(unit));
        let lengths = [Unit::Days, Unit::Weeks, Unit::Months, Unit::Years];
        let help = if has(Unit::Year) && (one.rough || two.rough) {
            "compare the year of birth: `birth_year`, or write `age_reached_in(year)`"
        } else if has(Unit::Year) && has(Unit::Years) {
            "a year of the calendar, such as 2027, is not a number of years"
        } else if has(Unit::Metres) && has(Unit::Kilometres) {
            "write both in metres: `kilometres * 1000`"
        } else if has(Unit::Cents) && has(Unit::Euros) {
            "write both in cents: `euros * 100`"
        } else if units.iter().flatten().all(|unit| lengths.contains(unit)) {
            "compare two days: `day.plus_years(n) <= on`, `day.plus_months(n) <= on`"
        } else {
            "compare it with something that counts the same"
        };
        self.error(span, Code::Units, message, help);
        self.told(span)
    }

    fn too_large(&mut self, span: Span) -> Typed {
        let help = "say in facts.toml between which numbers the fact lies: `min = 0`, `max = 10000000`; or ask first: `x < 1000000 && ...`";
        self.error(span, Code::Bounds, "this may be too large for a number", help);
        self.told(span)
    }

    /// A number that must be in a unit, or bare.
    pub(super) fn number_of(&mut self, typed: Typed, units: &[Unit]) -> Option<Typed> {
        let span = typed.span;
        let (typed, number) = self.as_number(typed)?;
        if let Some(unit) = number.unit
            && !units.contains(&unit)
        {
            let wanted = units.first().map_or("things", |unit| unit_words(*unit));
            let (message, help) = if units.first() == Some(&Unit::Year) {
                let message = format!("{} stands where a calendar year belongs", number.words());
                (message, "write a year: `start.year`, `on.year`".to_owned())
            } else {
                let message = format!("{} stands where a number of {wanted} belongs", number.words());
                (message, format!("write it in {wanted}"))
            };
            self.error(span, Code::Units, message, help);
            return None;
        }
        Some(typed)
    }
}

/// The least and the most that a number or day can be.
pub(super) fn ends(typed: &Typed) -> (i64, i64) {
    match &typed.possible.values {
        Values::Ints(ints) => ints.ends().unwrap_or((0, 0)),
        _ => (i64::MIN, i64::MAX),
    }
}

/// How it is read, or its one value.
pub(super) fn key(typed: &Typed) -> Option<Path> {
    typed.path.clone().or_else(|| match &typed.step.what {
        What::Constant(Constant::Int(value)) => Some(Path::from(value.to_string())),
        What::Constant(Constant::Day(day)) => Some(Path::from(day.to_string())),
        _ => None,
    })
}

pub(super) fn arithmetic_of(operator: Operator) -> Option<Arithmetic> {
    Some(match operator {
        Operator::Add => Arithmetic::Add,
        Operator::Subtract => Arithmetic::Subtract,
        Operator::Multiply => Arithmetic::Multiply,
        Operator::Divide => Arithmetic::Divide,
        Operator::Remainder => Arithmetic::Remainder,
        _ => return None,
    })
}

fn done(by: Arithmetic) -> &'static str {
    match by {
        Arithmetic::Add => "added",
        Arithmetic::Subtract => "subtracted",
        Arithmetic::Multiply => "multiplied",
        Arithmetic::Divide | Arithmetic::Remainder => "divided",
        Arithmetic::Min | Arithmetic::Max => "compared so",
    }
}

/// What to write where something that is no number is computed with.
fn instead(by: Arithmetic, left: &Type, right: &Type) -> Option<&'static str> {
    Some(match (left, right) {
        (Type::Number(_) | Type::None, Type::Number(_) | Type::None) => return None,
        (Type::Day, Type::Day) if by == Arithmetic::Subtract => "count the days: `one.days_until(other)`",
        (Type::Day, Type::Number(_)) | (Type::Number(_), Type::Day) => {
            "move the day: `.plus_days(n)`, `.plus_months(n)`, `.plus_years(n)`, with `-n` for earlier"
        }
        (Type::Day, Type::Day) => "ask which is first with `if one < other { ... } else { ... }`",
        (Type::Text(_), _) | (_, Type::Text(_)) => {
            "a rule puts no text together; the sentences stand in the language files"
        }
        (Type::Members(_), _) | (_, Type::Members(_)) => "ask the list: `.len()`, `.sum(|one| ...)`",
        _ => "only numbers are computed with",
    })
}

/// The unit of a result; `None` if the two do not go together.
#[expect(clippy::option_option, reason = "a bare number has no unit and goes with all")]
fn unit_of(by: Arithmetic, left: Option<Unit>, right: Option<Unit>) -> Option<Option<Unit>> {
    use Arithmetic::{Add, Divide, Max, Min, Multiply, Remainder, Subtract};
    use Unit::{Year, Years};
    Some(match (by, left, right) {
        (Subtract, Some(Year), Some(Year)) => Some(Years),
        (Add | Subtract, Some(Year), Some(Years)) | (Add, Some(Years), Some(Year)) => Some(Year),
        (Multiply, Some(Unit::Percent), Some(unit)) | (Multiply, Some(unit), Some(Unit::Percent)) => Some(unit),
        // twelve months make a year, and the like: what comes of it is for the author to know
        (Multiply, Some(unit), None) | (Multiply, None, Some(unit)) => Some(unit).filter(|unit| !convertible(*unit)),
        (Divide, Some(unit), None) => Some(unit).filter(|unit| !convertible(*unit)),
        (Multiply | Divide, _, _) => None,
        (Remainder, unit, _) => unit,
        (Add | Subtract | Min | Max, Some(one), Some(two)) if one != two => return None,
        (Add | Subtract | Min | Max, one, two) => one.or(two),
    })
}

/// Whether a multiple of the unit is another unit.
fn convertible(unit: Unit) -> bool {
    matches!(
        unit,
        Unit::Years
            | Unit::Months
            | Unit::Weeks
            | Unit::Days
            | Unit::Hours
            | Unit::Minutes
            | Unit::Metres
            | Unit::Kilometres
            | Unit::Cents
            | Unit::Euros
    )
}

/// What the result lies between; `None` if it may leave 64 bits. The divisor is not zero.
fn bounds(by: Arithmetic, left: (i64, i64), right: (i64, i64)) -> Option<(i64, i64)> {
    let wide = |(least, most): (i64, i64)| (i128::from(least), i128::from(most));
    let ((a, b), (c, d)) = (wide(left), wide(right));
    let hull = |values: &[i128]| {
        let least = i64::try_from(*values.iter().min()?).ok()?;
        Some((least, i64::try_from(*values.iter().max()?).ok()?))
    };
    match by {
        Arithmetic::Add => hull(&[a + c, b + d]),
        Arithmetic::Subtract => hull(&[a - d, b - c]),
        Arithmetic::Multiply => hull(&[a * c, a * d, b * c, b * d]),
        Arithmetic::Divide => {
            // the divisors nearest to zero give the largest numbers
            let mut divisors = vec![c, d];
            divisors.extend([-1, 1].into_iter().filter(|near| (c..=d).contains(near)));
            let divisors = divisors.into_iter().filter(|divisor| *divisor != 0);
            let mut values: Vec<i128> = divisors.flat_map(|divisor| [a / divisor, b / divisor]).collect();
            values.extend((a <= 0 && 0 <= b).then_some(0));
            hull(&values)
        }
        Arithmetic::Remainder => {
            // rhai fails for the smallest number divided by -1
            if a == i128::from(i64::MIN) && (c..=d).contains(&-1) {
                return None;
            }
            let most = c.abs().max(d.abs()) - 1;
            hull(&[if a < 0 { a.max(-most) } else { 0 }, if b > 0 { b.min(most) } else { 0 }])
        }
        Arithmetic::Min => hull(&[a.min(c), b.min(d)]),
        Arithmetic::Max => hull(&[a.max(c), b.max(d)]),
    }
}

#[cfg(test)]
mod tests {
    use super::{Arithmetic, bounds};

    #[test]
    fn bounds_hold_every_result_of_small_numbers() {
        let pairs = || (-7..=7_i64).flat_map(|a| (a..=7).map(move |b| (a, b)));
        for left in pairs().step_by(3) {
            for right in pairs() {
                for by in [
                    Arithmetic::Add,
                    Arithmetic::Subtract,
                    Arithmetic::Multiply,
                    Arithmetic::Divide,
                    Arithmetic::Remainder,
                    Arithmetic::Min,
                    Arithmetic::Max,
                ] {
                    let divides = matches!(by, Arithmetic::Divide | Arithmetic::Remainder);
                    if divides && right.0 <= 0 && 0 <= right.1 {
                        continue;
                    }
                    let (least, most) = bounds(by, left, right).unwrap();
                    for a in left.0..=left.1 {
                        for b in right.0..=right.1 {
                            let value = match by {
                                Arithmetic::Add => a + b,
                                Arithmetic::Subtract => a - b,
                                Arithmetic::Multiply => a * b,
                                Arithmetic::Divide => a / b,
                                Arithmetic::Remainder => a % b,
                                Arithmetic::Min => a.min(b),
                                Arithmetic::Max => a.max(b),
                            };
                            assert!((least..=most).contains(&value), "{a} {by:?} {b}: {value} not in {least}..={most}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_may_leave_64_bits_is_seen() {
        let all = (i64::MIN, i64::MAX);
        assert_eq!(bounds(Arithmetic::Add, all, (1, 1)), None);
        assert_eq!(bounds(Arithmetic::Add, (0, 5), (1, 1)), Some((1, 6)));
        assert_eq!(bounds(Arithmetic::Divide, all, (-1, -1)), None);
        assert_eq!(bounds(Arithmetic::Remainder, all, (-1, 5)), None);
        assert_eq!(bounds(Arithmetic::Multiply, (0, 10_000_000_000), (0, 10_000_000_000)), None);
    }
}
