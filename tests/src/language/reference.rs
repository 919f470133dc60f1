//! What a test comes to for one person of a plan: strong Kleene logic, from the plan alone. And the same with a mistake in
//! it, so that the tests that compare can be seen to fail.

use chrono::{Datelike, Months, NaiveDate};
use ennakko::core::{Fact, PartialDate, Truth};

use super::people::{LIMIT, LIMITS, Person, TURN, Town};
use super::{Calendrical, Day, Number, Order, People, Test, Who};

/// A mistake that somebody who writes an evaluator could make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Fault {
    LessIsLessOrEqual,
    GreaterIsGreaterOrEqual,
    UnknownIsNo,
    UnknownIsYes,
    OrStopsAtUnknown,
    AndStopsAtUnknown,
    NotUnknownIsYes,
    NoneIsUnknown,
    NoneIsZero,
    NoneIsAValue,
    NotEqualOfNoneIsNo,
    CoalesceTakesUnknown,
    EmptySomeIsYes,
    EmptyAllIsNo,
    OpenListIsWhole,
    SomeStopsAtUnknown,
    AllForgetsUnknown,
    FilterDropsUnknown,
    SumSkipsUnknown,
    MinIsMax,
    EmptyExtremeIsUnknown,
    RangeIncludesItsEnd,
    RangeLeavesOutItsEnd,
    RangeLeavesOutItsFirst,
    LeapDayBirthday,
    BirthdayIsTheDayAfter,
    AgeOfTheYear,
    PartialBirthIsItsFirstDay,
    PartialDayIsItsLast,
    PartialDaysEqual,
    MonthEndOverflows,
    YearsAre365Days,
    DaysUntilIncludesBothEnds,
    DivideRoundsDown,
    RemainderIsPositive,
    SwitchGoesToDefault,
    IfUnknownTakesElse,
    IfUnknownIsAlwaysUnknown,
    JoinAnyIsAll,
    CustodiansOfAdults,
    WithoutHomeIsAlone,
    OtherCodeIsEqual,
}

impl Fault {
    /// Every mistake.
    pub const ALL: [Self; 42] = [
        Self::LessIsLessOrEqual,
        Self::GreaterIsGreaterOrEqual,
        Self::UnknownIsNo,
        Self::UnknownIsYes,
        Self::OrStopsAtUnknown,
        Self::AndStopsAtUnknown,
        Self::NotUnknownIsYes,
        Self::NoneIsUnknown,
        Self::NoneIsZero,
        Self::NoneIsAValue,
        Self::NotEqualOfNoneIsNo,
        Self::CoalesceTakesUnknown,
        Self::EmptySomeIsYes,
        Self::EmptyAllIsNo,
        Self::OpenListIsWhole,
        Self::SomeStopsAtUnknown,
        Self::AllForgetsUnknown,
        Self::FilterDropsUnknown,
        Self::SumSkipsUnknown,
        Self::MinIsMax,
        Self::EmptyExtremeIsUnknown,
        Self::RangeIncludesItsEnd,
        Self::RangeLeavesOutItsEnd,
        Self::RangeLeavesOutItsFirst,
        Self::LeapDayBirthday,
        Self::BirthdayIsTheDayAfter,
        Self::AgeOfTheYear,
        Self::PartialBirthIsItsFirstDay,
        Self::PartialDayIsItsLast,
        Self::PartialDaysEqual,
        Self::MonthEndOverflows,
        Self::YearsAre365Days,
        Self::DaysUntilIncludesBothEnds,
        Self::DivideRoundsDown,
        Self::RemainderIsPositive,
        Self::SwitchGoesToDefault,
        Self::IfUnknownTakesElse,
        Self::IfUnknownIsAlwaysUnknown,
        Self::JoinAnyIsAll,
        Self::CustodiansOfAdults,
        Self::WithoutHomeIsAlone,
        Self::OtherCodeIsEqual,
    ];
}

/// A town on a day of a round, read with a mistake or without.
#[derive(Clone, Copy)]
pub struct Reference<'t> {
    /// The town.
    pub town: &'t Town,
    /// The day.
    pub on: NaiveDate,
    /// The day on which the round opens.
    pub opens: NaiveDate,
    /// The mistake.
    pub fault: Option<Fault>,
}

/// Those that a test is about, by depth: positions in the town.
type Scope<'s> = &'s [usize];

impl Reference<'_> {
    fn has(self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn person(&self, scope: Scope<'_>, of: Who) -> &Person {
        &self.town.people[scope[of.0]]
    }

    fn unknown(self) -> Truth {
        match self.fault {
            Some(Fault::UnknownIsNo) => Truth::No,
            Some(Fault::UnknownIsYes) => Truth::Yes,
            _ => Truth::Unknown,
        }
    }

    fn truth(self, value: Option<bool>) -> Truth {
        value.map_or_else(|| self.unknown(), Truth::from)
    }

    /// A test that is written for a value, of a fact that may be none.
    fn of_value<T>(self, fact: &Fact<T>, of_none: bool, holds: impl FnOnce(&T) -> bool) -> Truth {
        match fact {
            Fact::Known(value) => Truth::from(holds(value)),
            Fact::None if self.has(Fault::NoneIsUnknown) => Truth::Unknown,
            Fact::None if self.has(Fault::NoneIsAValue) => Truth::from(!of_none),
            Fact::None => Truth::from(of_none),
            Fact::Unknown(_) => self.unknown(),
        }
    }

    fn order(self, order: Order) -> Order {
        match (order, self.fault) {
            (Order::Less, Some(Fault::LessIsLessOrEqual)) => Order::LessOrEqual,
            (Order::Greater, Some(Fault::GreaterIsGreaterOrEqual)) => Order::GreaterOrEqual,
            (order, _) => order,
        }
    }

    /// Ends of a range, both included.
    fn range(self, from: i64, to: i64, inclusive: bool) -> (i64, i64) {
        let from = if self.has(Fault::RangeLeavesOutItsFirst) { from + 1 } else { from };
        let inclusive = match self.fault {
            Some(Fault::RangeIncludesItsEnd) => true,
            Some(Fault::RangeLeavesOutItsEnd) => false,
            _ => inclusive,
        };
        (from, if inclusive { to } else { to - 1 })
    }

    fn and(self, items: impl Iterator<Item = Truth>) -> Truth {
        let mut joined = Truth::Yes;
        for item in items {
            joined = joined.and(item);
            if self.has(Fault::AndStopsAtUnknown) && item == Truth::Unknown {
                return Truth::Unknown;
            }
        }
        joined
    }

    fn or(self, items: impl Iterator<Item = Truth>) -> Truth {
        let mut joined = Truth::No;
        for item in items {
            joined = joined.or(item);
            if self.has(Fault::OrStopsAtUnknown) && item == Truth::Unknown {
                return Truth::Unknown;
            }
        }
        joined
    }

    fn either<T: PartialEq>(self, test: Truth, then: Option<T>, otherwise: Option<T>) -> Option<T> {
        match test {
            Truth::Yes => then,
            Truth::No => otherwise,
            Truth::Unknown if self.has(Fault::IfUnknownTakesElse) => otherwise,
            Truth::Unknown if self.has(Fault::IfUnknownIsAlwaysUnknown) => None,
            Truth::Unknown => then.filter(|then| otherwise.as_ref() == Some(then)),
        }
    }

    fn list(&self, scope: Scope<'_>, of: People) -> (Vec<usize>, bool) {
        let (members, whole) = match of {
            People::Custodians(of) => {
                let person = self.person(scope, of);
                let ages = person.born.map(|born| self.ages(born, self.on));
                let undecided = ages.is_none_or(|(least, most)| least < 18 && 18 <= most);
                let of_age = ages.is_some_and(|(least, _)| least >= 18);
                if undecided && !self.has(Fault::CustodiansOfAdults) {
                    (Vec::new(), false)
                } else if of_age && !self.has(Fault::CustodiansOfAdults) {
                    (Vec::new(), true)
                } else {
                    let (members, whole) = person.custodians.clone();
                    let nobody = members.is_empty();
                    (members, whole && !nobody)
                }
            }
            People::Members(of) => match self.person(scope, of).home {
                Some(home) => {
                    let lives_there = |at: &usize| self.town.people[*at].home == Some(home);
                    ((0..self.town.people.len()).filter(lives_there).collect(), self.town.homes[home].whole)
                }
                None if self.has(Fault::WithoutHomeIsAlone) => (vec![scope[of.0]], true),
                None => (Vec::new(), false),
            },
        };
        (members, whole || self.has(Fault::OpenListIsWhole))
    }

    fn search(self, of: (Vec<usize>, bool), all: bool, test: impl Fn(usize) -> Truth) -> Truth {
        let (members, whole) = of;
        if members.is_empty() && whole {
            return Truth::from(if all { !self.has(Fault::EmptyAllIsNo) } else { self.has(Fault::EmptySomeIsYes) });
        }
        let answers: Vec<Truth> = members.into_iter().map(test).collect();
        let wanted = if all { Truth::No } else { Truth::Yes };
        if self.has(Fault::SomeStopsAtUnknown)
            && !all
            && answers.iter().find(|answer| !answer.is_no()) == Some(&Truth::Unknown)
        {
            return Truth::Unknown;
        }
        if answers.contains(&wanted) {
            return wanted;
        }
        let forgets = all && self.has(Fault::AllForgetsUnknown);
        if (!forgets && answers.contains(&Truth::Unknown)) || !whole { self.unknown() } else { Truth::from(all) }
    }

    fn ages(&self, born: PartialDate, on: NaiveDate) -> (i64, i64) {
        let age = |born: NaiveDate| {
            let years = i64::from(on.year() - born.year());
            let mut birthday = (born.month(), born.day());
            if self.fault == Some(Fault::AgeOfTheYear) {
                return years;
            }
            // somebody born on 29 February turns on 1 March in other years: the city's `leap_day`
            if birthday == (2, 29) && self.fault == Some(Fault::LeapDayBirthday) {
                birthday = (2, 28);
            }
            let today = (on.month(), on.day());
            let before =
                if self.fault == Some(Fault::BirthdayIsTheDayAfter) { today <= birthday } else { today < birthday };
            years - i64::from(before)
        };
        let last = if self.fault == Some(Fault::PartialBirthIsItsFirstDay) { born.first() } else { born.last() };
        (age(last), age(born.first()))
    }

    fn age_test(self, scope: Scope<'_>, of: Who, on: &Day, holds: impl Fn(i64) -> bool) -> Truth {
        let (Some(born), Some(on)) = (self.person(scope, of).born, self.day(scope, on)) else { return self.unknown() };
        let Some(on) = on.day() else { return self.unknown() };
        let (least, most) = self.ages(born, on);
        let first = holds(least);
        self.truth((least..=most).all(|age| holds(age) == first).then_some(first))
    }

    /// What a test comes to.
    #[expect(clippy::too_many_lines, reason = "one arm for each construct")]
    pub fn test(&self, scope: Scope<'_>, test: &Test) -> Truth {
        let this = *self;
        let inner = |members: People| {
            move |test: &Test, member: usize| {
                let depth = super::write::inner(members).0;
                let mut deeper = scope[..depth].to_vec();
                deeper.push(member);
                this.test(&deeper, test)
            }
        };
        match test {
            Test::Constant(value) => Truth::from(*value),
            Test::Steady(of) => this.truth(self.person(scope, *of).steady),
            Test::Flag { of, equals } => this.of_value(&self.person(scope, *of).flag, false, |flag| flag == equals),
            Test::FlagOr { of, otherwise } => {
                let fact = &self.person(scope, *of).flag;
                if this.has(Fault::CoalesceTakesUnknown) && matches!(fact, Fact::Unknown(_)) {
                    return Truth::from(*otherwise);
                }
                this.of_value(fact, *otherwise, |flag| *flag)
            }
            Test::FlagAsked { of, or_none } => this.of_value(&self.person(scope, *of).flag, *or_none, |flag| *flag),
            Test::LivesInCity(of) => this.of_value(&self.person(scope, *of).city, false, |city| *city),
            Test::CountIsNone { of, is } => this.of_value(&self.person(scope, *of).count, *is, |_| !is),
            Test::CountEquals { of, number, is } => {
                let of_none = !is && !this.has(Fault::NotEqualOfNoneIsNo);
                let count = &self.person(scope, *of).count;
                if this.has(Fault::NoneIsZero) && matches!(count, Fact::None) {
                    return Truth::from((*number == 0) == *is);
                }
                this.of_value(count, of_none, |count| (count == number) == *is)
            }
            Test::CountIn { of, numbers } => {
                this.of_value(&self.person(scope, *of).count, false, |count| numbers.contains(count))
            }
            Test::CountAsked { of, order, number, or_none } => {
                this.of_value(&self.person(scope, *of).count, *or_none, |count| this.order(*order).holds(count, number))
            }
            Test::Female(of) => this.truth(self.person(scope, *of).female),
            Test::Level { of, code, is } => {
                let same = |level: &&str| level == code || this.has(Fault::OtherCodeIsEqual);
                this.of_value(&self.person(scope, *of).level, !is, |level| same(level) == *is)
            }
            Test::LevelIn { of, codes, is } => {
                this.of_value(&self.person(scope, *of).level, !is, |level| codes.contains(level) == *is)
            }
            Test::SwitchLevel { of, otherwise, arms, default } => {
                let level = match &self.person(scope, *of).level {
                    Fact::Known(level) => *level,
                    Fact::None => otherwise,
                    Fact::Unknown(_) => {
                        let mut answers =
                            arms.iter().map(|(_, body)| body).chain([&**default]).map(|body| self.test(scope, body));
                        let first = answers.next().unwrap();
                        return if first != Truth::Unknown && answers.all(|answer| answer == first) {
                            first
                        } else {
                            this.unknown()
                        };
                    }
                };
                let fits = |code: &str| code == level && !this.has(Fault::SwitchGoesToDefault);
                let found = arms.iter().find(|(code, _)| fits(code));
                self.test(scope, found.map_or(default, |(_, body)| body))
            }
            Test::SwitchNumber { of, single, then, range: (from, to), within, default } => {
                let Some(number) = self.number(scope, of) else {
                    let answers = [then, within, default].map(|body| self.test(scope, body));
                    let same = answers[0] != Truth::Unknown && answers.iter().all(|answer| *answer == answers[0]);
                    return if same { answers[0] } else { this.unknown() };
                };
                if single.contains(&number) {
                    self.test(scope, then)
                } else if (*from..=*to).contains(&number) {
                    self.test(scope, within)
                } else {
                    self.test(scope, default)
                }
            }
            Test::Compare { order, left, right } => {
                let (left, right) = (self.number(scope, left), self.number(scope, right));
                this.truth(left.zip(right).map(|(left, right)| this.order(*order).holds(&left, &right)))
            }
            Test::NumberIn { number, from, to, inclusive, is } => {
                let (from, to) = this.range(*from, *to, *inclusive);
                this.truth(self.number(scope, number).map(|number| (from..=to).contains(&number) == *is))
            }
            Test::NumberInLimits { number } => {
                this.truth(self.number(scope, number).map(|number| LIMITS.contains(&number)))
            }
            Test::Days { order, left, right } => {
                let (Some(left), Some(right)) = (self.day(scope, left), self.day(scope, right)) else {
                    return this.unknown();
                };
                this.days(*order, left, right)
            }
            Test::DaysUntil { from, to, order, days } => {
                let (Some(from), Some(to)) = (self.day(scope, from), self.day(scope, to)) else {
                    return this.unknown();
                };
                let more = i64::from(this.has(Fault::DaysUntilIncludesBothEnds));
                let between = from.day().zip(to.day()).map(|(from, to)| (to - from).num_days() + more);
                this.truth(between.map(|between| this.order(*order).holds(&between, days)))
            }
            Test::DayIn { day, days } => {
                let Some(wanted) = self.day(scope, day) else { return this.unknown() };
                let each = days.iter().map(|day| match self.day(scope, day) {
                    Some(day) => this.days(Order::Equal, wanted, day),
                    None => this.unknown(),
                });
                each.fold(Truth::No, Truth::or)
            }
            Test::YearOf { day, order, year } => {
                let known = self.day(scope, day).and_then(PartialDate::year);
                this.truth(known.map(|known| this.order(*order).holds(&i64::from(known), year)))
            }
            Test::Age { of, on, order, years } => {
                this.age_test(scope, *of, on, |age| this.order(*order).holds(&age, years))
            }
            Test::AgeIn { of, on, from, to, inclusive } => {
                let (from, to) = this.range(*from, *to, *inclusive);
                this.age_test(scope, *of, on, |age| (from..=to).contains(&age))
            }
            Test::AgeReached { of, year, order, years } => {
                let born = self.person(scope, *of).born.and_then(PartialDate::year);
                this.truth(born.map(|born| this.order(*order).holds(&(year - i64::from(born)), years)))
            }
            Test::BirthYear { of, order, year } => {
                let born = self.person(scope, *of).born.and_then(PartialDate::year);
                this.truth(born.map(|born| this.order(*order).holds(&i64::from(born), year)))
            }
            Test::BirthYearInTurn(of) => {
                let born = self.person(scope, *of).born.and_then(PartialDate::year);
                this.truth(born.map(|born| TURN.contains(&i64::from(born))))
            }
            Test::BuiltBefore { of, year } => {
                let built = self.person(scope, *of).home.and_then(|home| self.town.homes[home].built);
                this.truth(built.map(|built| this.order(Order::Less).holds(&built, year)))
            }
            Test::Lift { of, all } => match self.person(scope, *of).home {
                None => this.unknown(),
                Some(home) => {
                    let (lifts, whole) = &self.town.homes[home].lifts;
                    let whole = *whole || this.has(Fault::OpenListIsWhole);
                    this.search(((0..lifts.len()).collect(), whole), *all, |at| this.truth(lifts[at]))
                }
            },
            Test::And(items) => this.and(items.iter().map(|item| self.test(scope, item))),
            Test::Or(items) => this.or(items.iter().map(|item| self.test(scope, item))),
            Test::Not(of) => match self.test(scope, of) {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                Truth::Unknown if this.has(Fault::NotUnknownIsYes) => Truth::Yes,
                Truth::Unknown => Truth::Unknown,
            },
            Test::If { test, then, otherwise } => {
                let decided = |truth: Truth| (truth != Truth::Unknown).then_some(truth);
                let (then, otherwise) = (self.test(scope, then), self.test(scope, otherwise));
                this.either(self.test(scope, test), decided(then), decided(otherwise)).unwrap_or_else(|| this.unknown())
            }
            Test::Held { value, or, other } => {
                let items = [self.test(scope, value), self.test(scope, other)].into_iter();
                if *or { this.or(items) } else { this.and(items) }
            }
            Test::Join { any, of } => {
                let items = of.iter().map(|item| self.test(scope, item));
                if *any && !this.has(Fault::JoinAnyIsAll) {
                    items.fold(Truth::No, Truth::or)
                } else {
                    items.fold(Truth::Yes, Truth::and)
                }
            }
            Test::Helper { of, body, .. } => self.test(&[usize::MAX, scope[of.0]], body),
            Test::Search { of, all, test } => {
                let inner = inner(*of);
                this.search(self.list(scope, *of), *all, |member| inner(test, member))
            }
            Test::Count { of, filter, order, number } => {
                let (members, whole) = self.list(scope, *of);
                let inner = inner(*of);
                let mut n = 0;
                for member in members {
                    match filter.as_ref().map_or(Truth::Yes, |filter| inner(filter, member)) {
                        Truth::Yes => n += 1,
                        Truth::No => {}
                        Truth::Unknown if this.has(Fault::FilterDropsUnknown) => {}
                        Truth::Unknown => return this.unknown(),
                    }
                }
                if whole { Truth::from(this.order(*order).holds(&n, number)) } else { this.unknown() }
            }
        }
    }

    fn days(self, order: Order, left: PartialDate, right: PartialDate) -> Truth {
        let whole =
            |day: PartialDate| if self.has(Fault::PartialDayIsItsLast) { PartialDate::exact(day.last()) } else { day };
        let (left, right) = (whole(left), whole(right));
        let before = |left: PartialDate, right: PartialDate| {
            if left.last() < right.first() {
                Some(true)
            } else if left.first() >= right.last() {
                Some(false)
            } else {
                None
            }
        };
        let same = match (left.day(), right.day()) {
            (Some(left), Some(right)) => Some(left == right),
            _ if left.last() < right.first() || right.last() < left.first() => Some(false),
            _ if self.has(Fault::PartialDaysEqual) => Some(true),
            _ => None,
        };
        let not = |known: Option<bool>| known.map(|known| !known);
        self.truth(match self.order(order) {
            Order::Equal => same,
            Order::NotEqual => not(same),
            Order::Less => before(left, right),
            Order::GreaterOrEqual => not(before(left, right)),
            Order::Greater => before(right, left),
            Order::LessOrEqual => not(before(right, left)),
        })
    }

    fn number(&self, scope: Scope<'_>, of: &Number) -> Option<i64> {
        let both = |left: &Number, right: &Number| self.number(scope, left).zip(self.number(scope, right));
        let totals = |of: People| -> Option<Vec<i64>> {
            let (members, whole) = self.list(scope, of);
            let totals = members.iter().map(|member| self.town.people[*member].total);
            if self.has(Fault::SumSkipsUnknown) {
                return whole.then(|| totals.flatten().collect());
            }
            let totals: Option<Vec<i64>> = totals.collect();
            totals.filter(|_| whole)
        };
        match of {
            Number::Constant(value) => Some(*value),
            Number::Total(of) => self.person(scope, *of).total,
            Number::CountOr { of, otherwise } => match self.person(scope, *of).count {
                Fact::Known(count) => Some(count),
                Fact::None => Some(*otherwise),
                Fact::Unknown(_) => self.has(Fault::CoalesceTakesUnknown).then_some(*otherwise),
            },
            Number::Limit => Some(LIMIT),
            Number::Add(left, right) => both(left, right).map(|(left, right)| left + right),
            Number::Subtract(left, right) => both(left, right).map(|(left, right)| left - right),
            Number::Multiply(left, by) => self.number(scope, left).map(|left| left * by),
            Number::Divide(left, by) => self
                .number(scope, left)
                .map(|left| if self.has(Fault::DivideRoundsDown) { left.div_euclid(*by) } else { left / by }),
            Number::Remainder(left, by) => self
                .number(scope, left)
                .map(|left| if self.has(Fault::RemainderIsPositive) { left.rem_euclid(*by) } else { left % by }),
            Number::Negate(of) => self.number(scope, of).map(|of| -of),
            Number::Least(left, right) => both(left, right).map(|(left, right)| left.min(right)),
            Number::Most(left, right) => both(left, right).map(|(left, right)| left.max(right)),
            Number::If { test, then, otherwise } => {
                let (then, otherwise) = (self.number(scope, then), self.number(scope, otherwise));
                self.either(self.test(scope, test), then, otherwise)
            }
            Number::Sum(of) => totals(*of).map(|totals| totals.iter().sum()),
            Number::Extreme { of, most } => {
                let totals = totals(*of)?;
                let extreme =
                    if *most == self.has(Fault::MinIsMax) { totals.iter().min() } else { totals.iter().max() };
                match extreme {
                    Some(extreme) => Some(*extreme),
                    None => (!self.has(Fault::EmptyExtremeIsUnknown)).then_some(0),
                }
            }
        }
    }

    fn day(&self, scope: Scope<'_>, of: &Day) -> Option<PartialDate> {
        match of {
            Day::On => Some(PartialDate::exact(self.on)),
            Day::Opens => Some(PartialDate::exact(self.opens)),
            Day::Literal(day) => Some(PartialDate::exact(*day)),
            Day::Since(of) => self.person(scope, *of).since,
            Day::Born(of) => self.person(scope, *of).born,
            Day::SeenOr(of) => match self.person(scope, *of).seen {
                Fact::Known(seen) => Some(seen),
                Fact::None => Some(PartialDate::exact(self.on)),
                Fact::Unknown(_) => self.has(Fault::CoalesceTakesUnknown).then(|| PartialDate::exact(self.on)),
            },
            Day::Plus { day, unit, number } => {
                let day = self.day(scope, day)?;
                let moved = |day: NaiveDate| self.moved(day, *unit, *number);
                Some(PartialDate::between(moved(day.first()), moved(day.last())).unwrap())
            }
        }
    }

    fn moved(&self, day: NaiveDate, unit: Calendrical, number: i64) -> NaiveDate {
        let months = match unit {
            Calendrical::Days => return day + chrono::TimeDelta::days(number),
            Calendrical::Years if self.has(Fault::YearsAre365Days) => {
                return day + chrono::TimeDelta::days(365 * number);
            }
            Calendrical::Months => number,
            Calendrical::Years => 12 * number,
        };
        if self.has(Fault::MonthEndOverflows) && day.day() > 28 {
            // as libraries do that count days from the first of the month
            let first = day.with_day(1).unwrap();
            return shifted(first, months) + chrono::TimeDelta::days(i64::from(day.day()) - 1);
        }
        shifted(day, months)
    }
}

fn shifted(day: NaiveDate, months: i64) -> NaiveDate {
    let by = Months::new(u32::try_from(months.unsigned_abs()).unwrap());
    if months < 0 { day - by } else { day + by }
}
