//! Tests grown from dice: every construct of the language, weighted to its edges, and right by construction.

use std::collections::BTreeMap;

use super::people::LEVELS;
use super::{Calendrical, Day, Dice, Number, Order, People, Test, Who};
use crate::day;

/// Grows tests, and counts which constructs it has used.
pub struct Grower<'d> {
    dice: &'d mut Dice,
    /// Bodies of helpers, by number.
    pub helpers: Vec<Test>,
    /// Of each construct, how many of the tests asked for hold it.
    pub used: BTreeMap<&'static str, usize>,
    now: Vec<&'static str>,
}

/// Whom a test may be about.
#[derive(Clone, Copy)]
struct Scope {
    /// The lowest depth: 0 in a rule's own lines, 1 in a helper.
    from: usize,
    /// The deepest.
    to: usize,
    /// How much may still be nested.
    left: usize,
}

impl Scope {
    fn less(self) -> Self {
        Self { left: self.left.saturating_sub(1), ..self }
    }

    fn inside(self, of: People) -> Self {
        Self { to: super::write::inner(of).0, left: self.left.saturating_sub(1), ..self }
    }
}

impl<'d> Grower<'d> {
    /// A grower; helpers are grown first.
    pub fn new(dice: &'d mut Dice) -> Self {
        let mut grower = Self { dice, helpers: Vec::new(), used: BTreeMap::new(), now: Vec::new() };
        for _ in 0..2 {
            let body = grower.test(Scope { from: 1, to: 1, left: 1 });
            grower.helpers.push(body);
        }
        grower.now.clear();
        grower
    }

    /// A line.
    pub fn line(&mut self) -> Test {
        let test = self.test(Scope { from: 0, to: 0, left: 3 });
        self.now.sort_unstable();
        self.now.dedup();
        for name in std::mem::take(&mut self.now) {
            *self.used.entry(name).or_insert(0) += 1;
        }
        test
    }

    fn use_(&mut self, name: &'static str) {
        self.now.push(name);
    }

    fn who(&mut self, scope: Scope) -> Who {
        // mostly of the one that the closure is about
        if self.dice.chance(75) { Who(scope.to) } else { Who(scope.from + self.dice.below(scope.to - scope.from + 1)) }
    }

    fn people(&mut self, scope: Scope) -> People {
        let of = Who(scope.to);
        if self.dice.chance(55) { People::Custodians(of) } else { People::Members(of) }
    }

    fn order(&mut self) -> Order {
        self.dice.pick(&Order::ALL)
    }

    fn boxed(&mut self, scope: Scope) -> Box<Test> {
        Box::new(self.test(scope))
    }

    fn some(&mut self, scope: Scope) -> Vec<Test> {
        (0..2 + self.dice.below(2)).map(|_| self.test(scope)).collect()
    }

    fn test(&mut self, scope: Scope) -> Test {
        if scope.left == 0 || self.dice.chance(25) { self.leaf(scope) } else { self.branch(scope) }
    }

    fn branch(&mut self, scope: Scope) -> Test {
        let less = scope.less();
        match self.dice.below(17) {
            0 | 1 => {
                self.use_("and");
                Test::And(self.some(less))
            }
            2 | 3 => {
                self.use_("or");
                Test::Or(self.some(less))
            }
            4 | 5 => {
                self.use_("not");
                Test::Not(self.boxed(less))
            }
            6 => {
                self.use_("if");
                Test::If { test: self.boxed(less), then: self.boxed(less), otherwise: self.boxed(less) }
            }
            7 => {
                self.use_("let");
                // a name given inside would hide the one outside
                let flat = Scope { left: 0, ..scope };
                Test::Held { value: self.boxed(flat), or: self.dice.chance(50), other: self.boxed(flat) }
            }
            8 => {
                self.use_("any_of, all_of");
                Test::Join { any: self.dice.chance(50), of: self.some(less) }
            }
            9 if !self.helpers.is_empty() => {
                self.use_("helper");
                let number = self.dice.below(self.helpers.len());
                let body = Box::new(self.helpers[number].clone());
                Test::Helper { number, of: self.who(scope), body }
            }
            10..=12 => {
                self.use_("some, all");
                let of = self.people(scope);
                Test::Search { of, all: self.dice.chance(50), test: self.boxed(scope.inside(of)) }
            }
            13 => {
                self.use_("len, filter");
                let of = self.people(scope);
                let filter = if self.dice.chance(70) { Some(self.boxed(scope.inside(of))) } else { None };
                Test::Count { of, filter, order: self.order(), number: self.dice.between(0, 3) }
            }
            14 => {
                self.use_("switch over texts");
                let of = self.who(scope);
                let mut codes = LEVELS.to_vec();
                codes.truncate(1 + self.dice.below(2));
                let arms = codes.into_iter().map(|code| (code, self.test(less))).collect();
                Test::SwitchLevel { of, otherwise: self.dice.pick(&LEVELS), arms, default: self.boxed(less) }
            }
            15 => {
                self.use_("switch over numbers");
                let first = self.dice.between(-4, 4);
                Test::SwitchNumber {
                    of: self.number(less),
                    single: vec![first, first + 2],
                    then: self.boxed(less),
                    range: (first + 3, first + 3 + self.dice.between(1, 6)),
                    within: self.boxed(less),
                    default: self.boxed(less),
                }
            }
            _ => self.leaf(scope),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each construct")]
    fn leaf(&mut self, scope: Scope) -> Test {
        let of = self.who(scope);
        match self.dice.below(34) {
            0 => {
                self.use_("constant");
                Test::Constant(self.dice.chance(50))
            }
            1 | 2 => {
                self.use_("fact that is never none");
                Test::Steady(of)
            }
            3 => {
                self.use_("equality of what may be none");
                Test::Flag { of, equals: self.dice.chance(50) }
            }
            4 => {
                self.use_("??");
                Test::FlagOr { of, otherwise: self.dice.chance(50) }
            }
            5 => {
                self.use_("asked for none");
                Test::FlagAsked { of, or_none: self.dice.chance(50) }
            }
            6 => Test::LivesInCity(of),
            7 => {
                self.use_("is none");
                Test::CountIsNone { of, is: self.dice.chance(50) }
            }
            8 => {
                self.use_("equality of what may be none");
                Test::CountEquals { of, number: self.dice.between(-1, 3), is: self.dice.chance(50) }
            }
            9 => {
                self.use_("in a list");
                Test::CountIn { of, numbers: (0..3).map(|_| self.dice.between(-3, 8)).collect() }
            }
            10 | 11 => {
                self.use_("asked for none");
                let order = self.order();
                Test::CountAsked { of, order, number: self.dice.between(-2, 8), or_none: self.dice.chance(50) }
            }
            12 => {
                self.use_("text");
                Test::Female(of)
            }
            13 => {
                self.use_("text");
                Test::Level { of, code: self.dice.pick(&LEVELS), is: self.dice.chance(60) }
            }
            14 => {
                self.use_("in a list");
                let codes = vec![self.dice.pick(&["high", "low"]), "mid"];
                Test::LevelIn { of, codes, is: self.dice.chance(60) }
            }
            15..=19 => {
                self.use_("numbers compared");
                let order = self.order();
                Test::Compare { order, left: self.number(scope), right: self.number(scope.less()) }
            }
            20 => {
                self.use_("in a range");
                let from = self.dice.between(-6, 6);
                let to = from + self.dice.between(1, 8);
                let number = self.number(scope);
                Test::NumberIn { number, from, to, inclusive: self.dice.chance(50), is: self.dice.chance(70) }
            }
            21 => {
                self.use_("in a parameter");
                Test::NumberInLimits { number: self.number(scope) }
            }
            22..=24 => {
                self.use_("days compared");
                let order = self.order();
                Test::Days { order, left: self.day(scope), right: self.day(scope) }
            }
            25 => {
                self.use_("days_until");
                let (from, to, order) = (self.day(scope), self.day(scope), self.order());
                Test::DaysUntil { from, to, order, days: self.dice.pick(&[-30, -1, 0, 1, 1, 49]) }
            }
            26 => {
                self.use_("in a list");
                Test::DayIn { day: self.day(scope), days: vec![self.day(scope), self.day(scope)] }
            }
            27 => {
                self.use_("part of a day");
                let order = self.order();
                Test::YearOf { day: self.day(scope), order, year: self.dice.between(2025, 2027) }
            }
            28 | 29 => {
                self.use_("age_on");
                let (on, order) = (self.day_to_be_at(scope), self.order());
                Test::Age { of, on, order, years: self.dice.pick(&[6, 7, 7, 8, 18, 40]) }
            }
            30 => {
                self.use_("age_on in a range");
                let from = self.dice.pick(&[0, 5, 7, 18]);
                let to = from + self.dice.between(1, 30);
                Test::AgeIn { of, on: self.day_to_be_at(scope), from, to, inclusive: self.dice.chance(50) }
            }
            31 => {
                self.use_("age_reached_in");
                let order = self.order();
                Test::AgeReached { of, year: 2027, order, years: self.dice.pick(&[7, 8, 42]) }
            }
            32 => {
                self.use_("birth_year");
                if self.dice.chance(50) {
                    Test::BirthYearInTurn(of)
                } else {
                    let order = self.order();
                    Test::BirthYear { of, order, year: self.dice.pick(&[1985, 2019, 2020]) }
                }
            }
            _ => {
                self.use_("home_building");
                if self.dice.chance(50) {
                    Test::BuiltBefore { of, year: 2000 }
                } else {
                    Test::Lift { of, all: self.dice.chance(50) }
                }
            }
        }
    }

    fn number(&mut self, scope: Scope) -> Number {
        let less = scope.less();
        let of = self.who(scope);
        if scope.left == 0 {
            return match self.dice.below(4) {
                0 => Number::Constant(self.dice.between(-9, 9)),
                1 => {
                    self.use_("??");
                    Number::CountOr { of, otherwise: self.dice.between(-2, 2) }
                }
                _ => Number::Total(of),
            };
        }
        let pair = |grower: &mut Self| (Box::new(grower.number(less)), Box::new(grower.number(less)));
        match self.dice.below(15) {
            0 => {
                self.use_("arithmetic");
                let (left, right) = pair(self);
                Number::Add(left, right)
            }
            1 => {
                self.use_("arithmetic");
                let (left, right) = pair(self);
                Number::Subtract(left, right)
            }
            2 => {
                self.use_("arithmetic");
                Number::Multiply(Box::new(self.number(less)), self.dice.between(2, 4))
            }
            3 => {
                self.use_("division");
                Number::Divide(Box::new(self.number(less)), self.dice.between(2, 4))
            }
            4 => {
                self.use_("division");
                Number::Remainder(Box::new(self.number(less)), self.dice.between(2, 4))
            }
            5 => {
                self.use_("arithmetic");
                Number::Negate(Box::new(self.number(less)))
            }
            6 => {
                self.use_("min, max");
                let (left, right) = pair(self);
                if self.dice.chance(50) { Number::Least(left, right) } else { Number::Most(left, right) }
            }
            7 => {
                self.use_("if of numbers");
                let test = self.boxed(less);
                let (then, otherwise) = pair(self);
                Number::If { test, then, otherwise }
            }
            8 | 9 => {
                self.use_("sum");
                Number::Sum(People::Custodians(Who(scope.to)))
            }
            10 | 11 => {
                self.use_("least, most of a list");
                Number::Extreme { of: People::Custodians(Who(scope.to)), most: self.dice.chance(50) }
            }
            12 => {
                self.use_("parameter");
                Number::Limit
            }
            13 => {
                self.use_("??");
                Number::CountOr { of, otherwise: self.dice.between(-2, 2) }
            }
            _ => Number::Total(of),
        }
    }

    fn day(&mut self, scope: Scope) -> Day {
        let of = self.who(scope);
        match self.dice.below(12) {
            0 => Day::On,
            1 => Day::Opens,
            2 => Day::Literal(day(self.dice.pick(&[
                "2027-01-11",
                "2024-02-29",
                "2025-03-01",
                "2026-02-28",
                "2026-12-31",
            ]))),
            3 | 4 => {
                self.use_("day that may be known in part");
                Day::Since(of)
            }
            5 => {
                self.use_("day that may be known in part");
                Day::Born(of)
            }
            6 | 7 => {
                self.use_("??");
                Day::SeenOr(of)
            }
            _ => {
                self.use_("day moved");
                let unit = self.dice.pick(&[Calendrical::Days, Calendrical::Months, Calendrical::Years]);
                let number = self.dice.pick(&[-30, -1, 1, 1, 2, 7, 7, 12]);
                let inner = match self.dice.below(4) {
                    0 => Day::On,
                    1 => Day::Born(of),
                    2 => Day::SeenOr(of),
                    _ => Day::Since(of),
                };
                Day::Plus { day: Box::new(inner), unit, number }
            }
        }
    }

    /// A day that is known, mostly.
    fn day_to_be_at(&mut self, scope: Scope) -> Day {
        match self.dice.below(4) {
            0 => Day::Opens,
            1 => self.day(scope),
            _ => Day::On,
        }
    }
}
