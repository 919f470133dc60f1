//! Random rules of the language, and what each of their lines should come to.
//!
//! A [`Test`] is grown from dice ([`grow::Grower`]), written as rhai ([`write::rule`]) and evaluated on a plan of people
//! ([`reference::Reference`]) by three-valued logic alone: no register, no rule text, no evaluator. [`people`] makes the
//! plans and says them as records.
//!
//! Modules stand in reading order.

pub mod people;

pub mod grow;
pub mod write;

pub mod reference;

/// Numbers that follow from a seed: the same on every machine (splitmix64, Steele, Lea and Flood 2014).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to before `n`.
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(n.max(1)).unwrap()).unwrap()
    }

    /// A number from `from` to `to`, both included.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + i64::try_from(self.below(usize::try_from(to - from + 1).unwrap())).unwrap()
    }

    /// Whether something of a chance in percent happens.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of some things.
    pub fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// Whom a fact is of: the subject, or the one that a closure or a helper is about, by depth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who(pub usize);

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Order {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    /// Every comparison.
    pub const ALL: [Self; 6] =
        [Self::Equal, Self::NotEqual, Self::Less, Self::LessOrEqual, Self::Greater, Self::GreaterOrEqual];

    /// As written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Whether it holds of two numbers.
    pub fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

/// A list of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum People {
    /// `.custodians`
    Custodians(Who),
    /// `.household.members`
    Members(Who),
}

/// Something that is yes, no or unknown.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Test {
    Constant(bool),
    Steady(Who),
    Flag {
        of: Who,
        equals: bool,
    },
    FlagOr {
        of: Who,
        otherwise: bool,
    },
    /// `x.flag != () && x.flag`, or `x.flag == () || x.flag`
    FlagAsked {
        of: Who,
        or_none: bool,
    },
    LivesInCity(Who),
    CountIsNone {
        of: Who,
        is: bool,
    },
    CountEquals {
        of: Who,
        number: i64,
        is: bool,
    },
    CountIn {
        of: Who,
        numbers: Vec<i64>,
    },
    /// `x.count != () && x.count < n`, or `x.count == () || ...`
    CountAsked {
        of: Who,
        order: Order,
        number: i64,
        or_none: bool,
    },
    Female(Who),
    Level {
        of: Who,
        code: &'static str,
        is: bool,
    },
    LevelIn {
        of: Who,
        codes: Vec<&'static str>,
        is: bool,
    },
    /// `switch (x.level ?? ...) { ... }`
    SwitchLevel {
        of: Who,
        otherwise: &'static str,
        arms: Vec<(&'static str, Test)>,
        default: Box<Test>,
    },
    /// `switch number { 1 | 2 => ..., 5..=9 => ..., _ => ... }`
    SwitchNumber {
        of: Number,
        single: Vec<i64>,
        then: Box<Test>,
        range: (i64, i64),
        within: Box<Test>,
        default: Box<Test>,
    },
    Compare {
        order: Order,
        left: Number,
        right: Number,
    },
    NumberIn {
        number: Number,
        from: i64,
        to: i64,
        inclusive: bool,
        is: bool,
    },
    NumberInLimits {
        number: Number,
    },
    Days {
        order: Order,
        left: Day,
        right: Day,
    },
    DaysUntil {
        from: Day,
        to: Day,
        order: Order,
        days: i64,
    },
    DayIn {
        day: Day,
        days: Vec<Day>,
    },
    YearOf {
        day: Day,
        order: Order,
        year: i64,
    },
    Age {
        of: Who,
        on: Day,
        order: Order,
        years: i64,
    },
    AgeIn {
        of: Who,
        on: Day,
        from: i64,
        to: i64,
        inclusive: bool,
    },
    AgeReached {
        of: Who,
        year: i64,
        order: Order,
        years: i64,
    },
    BirthYear {
        of: Who,
        order: Order,
        year: i64,
    },
    BirthYearInTurn(Who),
    BuiltBefore {
        of: Who,
        year: i64,
    },
    Lift {
        of: Who,
        all: bool,
    },
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    If {
        test: Box<Test>,
        then: Box<Test>,
        otherwise: Box<Test>,
    },
    /// `{ let held = a; held && b }`
    Held {
        value: Box<Test>,
        or: bool,
        other: Box<Test>,
    },
    Join {
        any: bool,
        of: Vec<Test>,
    },
    /// A call of the helper of that number, whose body is this.
    Helper {
        number: usize,
        of: Who,
        body: Box<Test>,
    },
    Search {
        of: People,
        all: bool,
        test: Box<Test>,
    },
    Count {
        of: People,
        filter: Option<Box<Test>>,
        order: Order,
        number: i64,
    },
}

/// A whole number.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Number {
    Constant(i64),
    Total(Who),
    CountOr {
        of: Who,
        otherwise: i64,
    },
    Limit,
    Add(Box<Number>, Box<Number>),
    Subtract(Box<Number>, Box<Number>),
    Multiply(Box<Number>, i64),
    Divide(Box<Number>, i64),
    Remainder(Box<Number>, i64),
    Negate(Box<Number>),
    Least(Box<Number>, Box<Number>),
    Most(Box<Number>, Box<Number>),
    If {
        test: Box<Test>,
        then: Box<Number>,
        otherwise: Box<Number>,
    },
    Sum(People),
    /// `(list.min(|m| m.total) ?? 0)`, or `max`
    Extreme {
        of: People,
        most: bool,
    },
}

/// A day.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Day {
    On,
    Opens,
    Literal(chrono::NaiveDate),
    Since(Who),
    Born(Who),
    SeenOr(Who),
    Plus { day: Box<Day>, unit: Calendrical, number: i64 },
}

/// How a day is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Calendrical {
    Days,
    Months,
    Years,
}
