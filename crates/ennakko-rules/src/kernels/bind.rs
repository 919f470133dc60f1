//! From steps to what a pass does: what does not hang on the row is evaluated, the rest becomes tests of columns.

use std::cell::OnceCell;

use chrono::{Days, NaiveDate};
use ennakko_core::Truth;
use ennakko_core::day::day_number;
use ennakko_core::fact_table::SubjectKind;

use super::ends::{Ends, Follows};
use super::known::{Known, is_fixed, known_of, may_stop, reads, with};
use super::leaf::{DayColumn, KnownTo, Leaf, OnNone, Range};
use super::lists::{Count, List, Search};
use super::node::{Link, Node, Where, Whole, subject};
use super::operand::{DayBy, Operand, Scalar, When, linked};
use super::orders::{between, holds, turned, yes_or_no};
use super::shared::Pool;
use super::thresholds::born_for_ages;
use super::together::together;
use crate::calendar::HORIZON_DAYS;
use crate::rule::Test;
use crate::step::{
    Comparison, Constant, Constructor, DAY, FactName, HouseholdFact, ResidentFact, SUBJECT, Slot, Step, Steps, What,
};
use crate::walk::{moved, walk};

/// Values from the first to the second, both included.
type Between = (i64, i64);

/// Makes a pass of steps.
pub(super) struct Binder<'r> {
    pub(super) over: Where<'r>,
    pub(super) kind: SubjectKind,
    pub(super) until: NaiveDate,
    /// Whether a row's answer hangs on the day itself.
    pub(super) by_day: bool,
    /// What has been bound for the same days.
    pub(super) pool: Pool<'r>,
}

impl<'r> Binder<'r> {
    pub(super) fn new(over: Where<'r>, kind: SubjectKind, pool: Pool<'r>) -> Self {
        Self { over, kind, until: over.to, by_day: false, pool }
    }

    pub(super) fn until(&self) -> NaiveDate {
        self.until
    }

    pub(super) fn test(&mut self, test: &Test) -> Node<'r> {
        let (any, of) = match test {
            Test::One(script) => return self.steps(&script.steps),
            Test::AnyOf(of) => (true, of),
            Test::AllOf(of) => (false, of),
        };
        Node::Joined { any, all_are_asked: true, of: of.iter().map(|named| self.test(&named.test)).collect() }
    }

    pub(super) fn steps(&mut self, steps: &Steps) -> Node<'r> {
        self.step(&steps.step)
    }

    /// A step that says yes or no.
    fn step(&mut self, step: &Step) -> Node<'r> {
        let node = self.alone(step);
        self.pool.share(node, self.kind)
    }

    /// The same, not shared yet.
    fn alone(&mut self, step: &Step) -> Node<'r> {
        let (until, by_day) = (self.until, self.by_day);
        if let Some(node) = self.bound(step) {
            return node;
        }
        (self.until, self.by_day) = (until, by_day);
        if let Some(piece) = self.piece(step) {
            return Node::Vector { piece, kind: self.kind, may_stop: may_stop(step) };
        }
        (self.until, self.by_day) = (until, by_day);
        self.by_row(step)
    }

    fn by_row(&self, step: &Step) -> Node<'r> {
        Node::ByRow { steps: Steps { step: step.clone(), n_slots: 3 }, kind: self.kind }
    }

    fn bound(&mut self, step: &Step) -> Option<Node<'r>> {
        if let Some(known) = self.known(step) {
            return match known {
                Known::Bool(holds) => Some(Node::Constant(Truth::from(holds))),
                Known::Unknown => Some(Node::Constant(Truth::Unknown)),
                _ => Some(Node::Ask),
            };
        }
        match &step.what {
            What::And(of) => Some(self.joined(false, false, of)),
            What::Or(of) => Some(self.joined(true, false, of)),
            What::Join { any, of } => Some(self.joined(*any, true, of)),
            What::Not(of) => Some(Node::Not(Box::new(self.step(of)))),
            What::If { test, then, otherwise } => {
                Some(Node::If(Box::new([self.step(test), self.step(then), self.step(otherwise)])))
            }
            What::Let { slot, value, body } => {
                // a value that stops is evaluated whether or not it is used
                if may_stop(value)
                    && self.known(value).is_none_or(|known| known == Known::Stop)
                    && !fault!(UnusedValuesNotAsked)
                {
                    return None;
                }
                let body = with(body, *slot, value);
                Some(self.step(&body))
            }
            What::Compare { by, left, right } => self.compared(*by, left, right),
            What::In { item, list, negated } => {
                let found = self.found(item, list)?;
                Some(if *negated && !fault!(NotInTakenForIn) { Node::Not(Box::new(found)) } else { found })
            }
            What::Fact { .. } | What::Coalesce(_) => {
                let operand = self.operand(step)?;
                let Operand { link, of, or_else } = operand;
                let Scalar::Truth(node) = of else { return None };
                let node = match or_else {
                    None => node,
                    Some(Known::Bool(holds)) => with_none(node, if holds { OnNone::Yes } else { OnNone::No })?,
                    Some(_) => return None,
                };
                Some(linked(link, node, OnNone::Ask))
            }
            What::Search { list, slot, test, all } => {
                let (link, list, filters) = self.list(list)?;
                let test = self.of_member(list, *slot, test)?;
                Some(Self::of_list(
                    link,
                    list,
                    Node::Search(Search { list, filters, test, all: *all, came: OnceCell::new() }),
                ))
            }
            _ => None,
        }
    }

    /// Whether an occasion that opens on the subject's own day may be at issue on some day of the pass.
    pub(super) fn own_occasion(&mut self, step: &Step) -> Option<Node<'r>> {
        let What::Occasion { by, of } = &step.what else { return None };
        let Some(What::Slot(DAY)) = of.last().map(|on| &on.what) else { return None };
        let last = self.over.to.pred_opt()?.checked_add_days(Days::new(if fault!(HorizonForgotten) {
            0
        } else {
            HORIZON_DAYS
        }))?;
        match (by, &of[..]) {
            (Constructor::AtAge, [person, years, open_for, _]) => {
                let (None, SubjectKind::Resident) = self.base(person)? else { return None };
                let (Some(Known::Int(years)), Some(Known::Int(open_for))) = (self.known(years), self.known(open_for))
                else {
                    return None;
                };
                if !(-1_000..=1_000).contains(&years) || open_for <= 0 {
                    return None;
                }
                // those who have the birthday after the first of these days, and not after the last
                let open_for = if fault!(OpenOccasionsForgotten) { 0 } else { open_for };
                let first = self.over.on.checked_sub_days(Days::new(u64::try_from(open_for).ok()?))?;
                let policy = self.over.ground.world.leap_day;
                let from = born_for_ages(i64::MIN, years - 1, first, policy, Range::ALL).from;
                let to = born_for_ages(years, i64::MAX, last, policy, Range::ALL).to;
                let range = Range { from, to };
                let (known_to, if_none) = (KnownTo::Difference, OnNone::Unknown);
                Some(Node::Leaf(Leaf::Days { of: self.born(), ends: Ends::fixed(range), known_to, if_none }))
            }
            (Constructor::After, [day, wait, open_for, _]) => {
                let (Some(Known::Int(wait)), Some(Known::Int(open_for))) = (self.known(wait), self.known(open_for))
                else {
                    return None;
                };
                let Operand { link: None, of: Scalar::Day { of, by: DayBy::Day(None), if_none }, or_else: None } =
                    self.operand(day)?
                else {
                    return None;
                };
                let number = |day: i64| i32::try_from(day).ok();
                let opens_after = i64::from(day_number(self.over.on)).checked_sub(open_for)?;
                let range = Range {
                    from: number(opens_after.checked_add(1)?.checked_sub(if fault!(WaitForgotten) {
                        0
                    } else {
                        wait
                    })?)?,
                    to: number(i64::from(day_number(last)).checked_sub(wait)?)?,
                };
                // a day in part leaves it open, whatever the range
                Some(Node::Leaf(Leaf::Days { of, ends: Ends::fixed(range), known_to: KnownTo::Day, if_none }))
            }
            _ => None,
        }
    }

    fn joined(&mut self, any: bool, all_are_asked: bool, of: &[Step]) -> Node<'r> {
        let of: Vec<Node<'r>> = of.iter().map(|step| self.alone(step)).collect();
        let of = together(any, all_are_asked, of);
        let mut of: Vec<Node<'r>> = of.into_iter().map(|node| self.pool.share(node, self.kind)).collect();
        // rows that are decided by their columns are not asked of walk, where nothing else hangs on the order
        let in_any_order = of.iter().all(|node| match node {
            Node::ByRow { steps, .. } => !may_stop(&steps.step),
            Node::Vector { may_stop, .. } => !may_stop,
            node => !node.may_stop(),
        });
        if in_any_order || fault!(OrderForgotten) {
            of.sort_by_key(|node| (!node.by_row().is_empty(), node.has_vectors()));
        }
        match <[Node<'r>; 1]>::try_from(of) {
            Ok([node]) => node,
            Err(of) => Node::Joined { any, all_are_asked, of },
        }
    }

    /// What a step comes to if it does not hang on the row.
    pub(super) fn known(&mut self, step: &Step) -> Option<Known> {
        if !is_fixed(step) {
            return None;
        }
        let Where { ground, on, occasion, .. } = self.over;
        let steps = Steps { step: step.clone(), n_slots: 3 };
        let subject = subject(self.kind, 0)?;
        let came = walk(&steps, crate::walk::Over { ground, subject, on, occasion, lacks: false, reads: false });
        let known = came.value.map_or(Some(Known::Stop), |value| known_of(&value))?;
        self.until = if fault!(ConstantsDoNotMove) { self.until } else { self.until.min(came.same.to) };
        Some(known)
    }

    /// A day that may be the day evaluated.
    pub(super) fn when(&mut self, step: &Step) -> Option<When> {
        if matches!(step.what, What::Slot(DAY)) {
            return Some(When::Today(None));
        }
        if let What::Plus { of, unit, number } = &step.what
            && matches!(of.what, What::Slot(DAY))
        {
            let Some(Known::Int(number)) = self.known(number) else { return None };
            moved(self.over.on, *unit, number)?;
            return Some(When::Today(Some((*unit, number))));
        }
        match self.known(step)? {
            Known::Day(day) => Some(When::On(day)),
            _ => None,
        }
    }

    fn compared(&mut self, by: Comparison, left: &Step, right: &Step) -> Option<Node<'r>> {
        let subject_left = !is_fixed(left);
        let (of, other, by) = if subject_left {
            (left, right, by)
        } else {
            (right, left, if fault!(SidesNotTurnedByKernels) { by } else { turned(by) })
        };
        if !is_fixed(other) {
            return None;
        }
        if let Some(counted) = self.counted(by, of, other) {
            return Some(counted);
        }
        if let (Comparison::Equal | Comparison::NotEqual, What::Constant(Constant::None)) = (by, &other.what) {
            let has = self.has_value(of)?;
            return Some(not_if(by == Comparison::Equal, has));
        }
        let operand = self.operand(of)?;
        // a day is compared with the day evaluated, or with one that hangs on it
        if let Scalar::Day { by: DayBy::Day(_), .. } = operand.of {
            let when = self.when(other)?;
            return self.days_compared(&operand, by, when);
        }
        let known = self.known(other)?;
        self.is(operand, by, &known)
    }

    fn days_compared(&mut self, operand: &Operand<'r>, by: Comparison, when: When) -> Option<Node<'r>> {
        let &Operand { link, of: Scalar::Day { of, by: made, if_none }, or_else: None } = operand else { return None };
        let last = self.over.to.pred_opt()?;
        let last = if fault!(TodayDoesNotMove) { self.over.on } else { last.max(self.over.on) };
        let ends = Ends::of(Follows::Stands(made, by, when), [self.over.on, last], self.over.ground.world.leap_day)?;
        let negated = between(by, 0).2;
        let if_none = match (if_none, by) {
            (_, Comparison::Equal | Comparison::NotEqual) if if_none == OnNone::Ask => OnNone::No,
            _ => if_none,
        };
        let node = Node::Leaf(Leaf::Days { of, ends, known_to: KnownTo::Difference, if_none });
        let node = not_if(negated, node);
        Some(linked(link, node, OnNone::Ask))
    }

    /// Whether what a row has stands so to a known value.
    fn is(&mut self, operand: Operand<'r>, by: Comparison, known: &Known) -> Option<Node<'r>> {
        let Operand { link, of, or_else } = operand;
        let equality = matches!(by, Comparison::Equal | Comparison::NotEqual);
        let if_none = |usual: OnNone| match &or_else {
            None if equality && usual == OnNone::Ask => {
                Some(if fault!(NoneEqualsEverything) { OnNone::Yes } else { OnNone::No })
            }
            None => Some(usual),
            Some(instead) => match (instead, known) {
                (Known::Int(one), Known::Int(two)) => Some(yes_or_no(holds(by, one, two), by)),
                (Known::Text(one), Known::Text(two)) => Some(yes_or_no(holds(by, one, two), by)),
                (Known::Bool(one), Known::Bool(two)) if equality => Some(yes_or_no(holds(by, one, two), by)),
                _ => None,
            },
        };
        if *known == Known::Unknown {
            // of none too: both are evaluated, and one is unknown
            return Some(Node::Constant(Truth::Unknown));
        }
        let node = match (of, known) {
            (Scalar::Unknown, _) => Node::Constant(Truth::Unknown),
            (Scalar::Truth(node), Known::Bool(holds)) if equality => {
                let node = if *holds { node } else { flipped(node)? };
                let node = with_none(node, if_none(OnNone::Ask)?)?;
                not_if(by == Comparison::NotEqual, node)
            }
            (Scalar::Number(of), Known::Int(number)) => {
                let (from, to, negated) = between(by, *number);
                let node = Node::Leaf(Leaf::Numbers { of, from, to, if_none: if_none(OnNone::Ask)? });
                not_if(negated, node)
            }
            (Scalar::Text { codes, dictionary }, Known::Text(text)) if equality => {
                let node = Node::Leaf(Leaf::text((codes, dictionary), text, if_none(OnNone::Ask)?));
                not_if(by == Comparison::NotEqual, node)
            }
            (Scalar::Sex(of), Known::Text(text)) if equality => {
                // no code is 2
                let equals =
                    ["female", "male"].iter().position(|word| **word == **text).map_or(2, |code| u8::from(code == 1));
                let node = Node::Leaf(Leaf::Flag { of, equals, if_none: if_none(OnNone::Ask)? });
                not_if(by == Comparison::NotEqual, node)
            }
            (Scalar::Day { of, by: made, if_none: on_none }, Known::Int(number)) if or_else.is_none() => {
                let (from, to, negated) = between(by, *number);
                let on_none = if equality && on_none == OnNone::Ask { OnNone::No } else { on_none };
                let node = self.by_days(of, made, (from, to), on_none)?;
                not_if(negated, node)
            }
            _ => return None,
        };
        Some(linked(link, node, OnNone::Ask))
    }

    /// Whether a value made of a day lies between two numbers.
    fn by_days(&mut self, of: DayColumn<'r>, made: DayBy, between: Between, if_none: OnNone) -> Option<Node<'r>> {
        let last = self.over.to.pred_opt()?.max(self.over.on);
        let last = if fault!(RangesDoNotMove) { self.over.on } else { last };
        let follows = Follows::Between(made, between.0, between.1);
        let ends = Ends::of(follows, [self.over.on, last], self.over.ground.world.leap_day)?;
        let known_to = match made {
            DayBy::Day(_) | DayBy::AgeOn(_) => KnownTo::Difference,
            DayBy::Year | DayBy::AgeReachedIn(_) => KnownTo::Year,
            DayBy::DaysTo(_) | DayBy::DaysFrom(_) => KnownTo::Day,
        };
        Some(Node::Leaf(Leaf::Days { of, ends, known_to, if_none }))
    }

    /// Whether an item is found in a list that does not hang on the row.
    fn found(&mut self, item: &Step, list: &Step) -> Option<Node<'r>> {
        let list = match &list.what {
            What::Array(of) => Known::List(of.iter().map(|step| self.known(step)).collect::<Option<_>>()?),
            _ => self.known(list)?,
        };
        match list {
            Known::Unknown => Some(Node::Constant(Truth::Unknown)),
            Known::Range(from, to) if to < from => None,
            Known::Range(from, to) => {
                let Operand { link, of, or_else: None } = self.operand(item)? else { return None };
                let node = match of {
                    Scalar::Number(of) => Node::Leaf(Leaf::Numbers { of, from, to, if_none: OnNone::Ask }),
                    Scalar::Day { of, by, if_none } if !matches!(by, DayBy::Day(_)) => {
                        self.by_days(of, by, (from, to), if_none)?
                    }
                    Scalar::Unknown => Node::Constant(Truth::Unknown),
                    _ => return None,
                };
                Some(linked(link, node, OnNone::Ask))
            }
            Known::List(items) => self.found_among(item, &items),
            _ => None,
        }
    }

    fn found_among(&mut self, item: &Step, items: &[Known]) -> Option<Node<'r>> {
        let mut of = Vec::new();
        let mut numbers: Vec<i64> = Vec::new();
        for known in items {
            match known {
                Known::Int(number) => numbers.push(*number),
                Known::Text(_) | Known::Bool(_) | Known::Unknown => {
                    let operand = self.operand(item)?;
                    of.push(self.is(operand, Comparison::Equal, known)?);
                }
                Known::Day(day) => {
                    let operand = self.operand(item)?;
                    of.push(self.days_compared(&operand, Comparison::Equal, When::On(*day))?);
                }
                _ => return None,
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        // an age in part is found where every number that it may be is: those that follow one another go together
        for run in numbers.chunk_by(|one, two| one.checked_add(1) == Some(*two) && !fault!(NumbersOfListsApart)) {
            let (Some(from), Some(to)) = (run.first(), run.last()) else { continue };
            let Operand { link, of: scalar, or_else } = self.operand(item)?;
            let node = match (scalar, or_else) {
                (Scalar::Number(column), None) => {
                    Node::Leaf(Leaf::Numbers { of: column, from: *from, to: *to, if_none: OnNone::No })
                }
                (Scalar::Number(column), Some(Known::Int(instead))) => {
                    let if_none = if (*from..=*to).contains(&instead) { OnNone::Yes } else { OnNone::No };
                    Node::Leaf(Leaf::Numbers { of: column, from: *from, to: *to, if_none })
                }
                (Scalar::Day { of, by, if_none }, None) if !matches!(by, DayBy::Day(_)) => {
                    let if_none = if if_none == OnNone::Ask { OnNone::No } else { if_none };
                    self.by_days(of, by, (*from, *to), if_none)?
                }
                (Scalar::Unknown, None) => Node::Constant(Truth::Unknown),
                _ => return None,
            };
            of.push(linked(link, node, OnNone::Ask));
        }
        if of.is_empty() {
            return None;
        }
        Some(Node::Joined { any: true, all_are_asked: false, of })
    }

    /// A list of people, with the filters it went through.
    fn list(&mut self, step: &Step) -> Option<(Option<Link>, List, Vec<Whole<'r>>)> {
        match &step.what {
            What::Filter { list, slot, test } => {
                let (link, list, mut filters) = self.list(list)?;
                filters.push(self.of_member(list, *slot, test)?);
                Some((link, list, filters))
            }
            What::Fact { of, fact: FactName::Household(HouseholdFact::Members) } => match self.base(of)? {
                (link, SubjectKind::Household) => Some((link, List::Members, Vec::new())),
                _ => None,
            },
            What::Fact { of, fact: FactName::Resident(ResidentFact::Custodians) } => match self.base(of)? {
                (None, SubjectKind::Resident) => Some((None, List::Custodians, Vec::new())),
                _ => None,
            },
            _ => None,
        }
    }

    /// What is asked of each member, if it hangs on the member alone.
    fn of_member(&mut self, _: List, slot: Slot, test: &Step) -> Option<Whole<'r>> {
        if reads(test, SUBJECT) {
            return None;
        }
        let member = Step { place: test.place, what: What::Slot(SUBJECT) };
        let test = with(test, slot, &member);
        let kind = std::mem::replace(&mut self.kind, SubjectKind::Resident);
        let node = self.step(&test);
        self.kind = kind;
        Some(Whole::new(node, SubjectKind::Resident))
    }

    fn of_list(link: Option<Link>, list: List, node: Node<'r>) -> Node<'r> {
        debug_assert!(link.is_none() || list == List::Members, "a link leads to a household");
        linked(link, node, OnNone::Ask)
    }

    /// How long a list is, compared.
    fn counted(&mut self, by: Comparison, of: &Step, other: &Step) -> Option<Node<'r>> {
        let What::Len(list) = &of.what else { return None };
        let (link, list, filters) = self.list(list)?;
        let Some(Known::Int(number)) = self.known(other) else { return None };
        let (from, to, negated) = between(by, number);
        let node = Node::Count(Count { list, filters, from, to, came: OnceCell::new() });
        let node = not_if(negated, node);
        Some(Self::of_list(link, list, node))
    }
}

/// A test, or that it does not hold.
fn not_if(negated: bool, node: Node<'_>) -> Node<'_> {
    if negated { Node::Not(Box::new(node)) } else { node }
}

/// The same test with another answer where there is none.
fn with_none(node: Node<'_>, if_none: OnNone) -> Option<Node<'_>> {
    Some(Node::Leaf(match node {
        Node::Leaf(Leaf::Flag { of, equals, .. }) => Leaf::Flag { of, equals, if_none },
        Node::Leaf(Leaf::Utility { of, which, .. }) => Leaf::Utility { of, which, if_none },
        // these are never none
        Node::Leaf(leaf @ (Leaf::Alive(_) | Leaf::Code { .. })) => leaf,
        Node::Not(of) if matches!(*of, Node::Leaf(Leaf::Alive(_) | Leaf::Code { .. })) => return Some(Node::Not(of)),
        _ => return None,
    }))
}

/// Whether it is a no.
fn flipped(node: Node<'_>) -> Option<Node<'_>> {
    Some(match node {
        Node::Leaf(Leaf::Flag { of, equals, if_none }) => Node::Leaf(Leaf::Flag { of, equals: 1 - equals, if_none }),
        node @ Node::Leaf(Leaf::Alive(_) | Leaf::Code { .. }) => Node::Not(Box::new(node)),
        _ => return None,
    })
}
