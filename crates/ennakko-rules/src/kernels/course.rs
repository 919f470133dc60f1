//! What one row comes to on every day of a pass, and not on its first day alone.
//!
//! A block says of a row that its answer may be another on a later day. A course says which, and from which day: a test of days
//! says when a row meets an end of its range, and what tests are joined to is merged day by day. Where columns do not say it,
//! it is left to walk.

use chrono::NaiveDate;
use ennakko_core::Truth;
use ennakko_core::day::day_of_number;
use ennakko_core::value::Fact;

use super::leaf::Leaf;
use super::node::{Node, Where};

/// From a day on, up to the next turn, a row comes to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    /// The first day, as a number.
    pub(crate) day: i32,
    pub(crate) truth: Truth,
}

impl Turn {
    /// The first day.
    pub(crate) fn from(self) -> NaiveDate {
        day_of_number(self.day)
    }
}

/// What a row comes to, from the first day of a pass on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// The same on each day.
    Stays(Truth),
    /// By turns, from one place to another, excluded.
    Turns(usize, usize),
}

/// Where turns stand while courses are worked out.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    turns: Vec<Turn>,
}

impl Turns {
    pub(super) fn clear(&mut self) {
        self.turns.clear();
    }

    pub(super) fn of(&self, course: &Course) -> &[Turn] {
        match course {
            Course::Stays(_) => &[],
            Course::Turns(from, to) => self.turns.get(*from..*to).unwrap_or_default(),
        }
    }

    /// The turns of a course that begins on a day.
    pub(super) fn each(&self, course: &Course, on: i32) -> impl Iterator<Item = Turn> {
        let only = match course {
            Course::Stays(truth) => Some(Turn { day: on, truth: *truth }),
            Course::Turns(..) => None,
        };
        only.into_iter().chain(self.of(course).iter().copied())
    }

    pub(super) fn on(&self, course: Course, day: i32) -> Truth {
        let Course::Stays(truth) = course else {
            let turns = self.of(&course).iter();
            return turns.take_while(|turn| turn.day <= day).last().map_or(Truth::Unknown, |turn| turn.truth);
        };
        truth
    }

    /// A course that begins here; turns are added one by one.
    pub(super) fn begin(&self) -> usize {
        self.turns.len()
    }

    pub(super) fn add(&mut self, begin: usize, from: i32, truth: Truth) {
        let same = self.turns[begin..].last().is_some_and(|last| last.truth == truth);
        if !same {
            self.turns.push(Turn { day: from, truth });
        }
    }

    pub(super) fn end(&mut self, begin: usize) -> Course {
        if let [only] = self.turns[begin..] {
            self.turns.pop();
            return Course::Stays(only.truth);
        }
        Course::Turns(begin, self.turns.len())
    }

    /// What comes of several on each day.
    pub(super) fn merge(
        &mut self,
        on: i32,
        of: &[Course],
        join: impl Fn(&mut dyn Iterator<Item = Truth>) -> Truth,
    ) -> Course {
        let begin = self.begin();
        let mut day = on;
        loop {
            let truth = join(&mut of.iter().map(|course| self.on(*course, day)));
            self.add(begin, day, truth);
            let later = |course: &Course| self.of(course).iter().map(|turn| turn.day).find(|from| *from > day);
            match of.iter().filter_map(later).min() {
                Some(next) => day = next,
                None => break,
            }
        }
        self.end(begin)
    }

    pub(super) fn both(&mut self, on: i32, any: bool, one: Course, two: Course) -> Course {
        let neutral = Course::Stays(Truth::from(!any));
        let enough = Course::Stays(Truth::from(any));
        match (one, two) {
            (one, two) if one == neutral || two == enough => two,
            (one, two) if two == neutral || one == enough => one,
            (one, two) => {
                let join = |of: &mut dyn Iterator<Item = Truth>| if any { Truth::any(of) } else { Truth::all(of) };
                self.merge(on, &[one, two], join)
            }
        }
    }
}

impl<'r> Node<'r> {
    /// What a row comes to on each day of the pass; `None`: only walk can say.
    pub(super) fn course(&self, over: Where<'r>, row: usize, turns: &mut Turns) -> Option<Course> {
        let on = over.day;
        match self {
            Self::Constant(truth) => Some(Course::Stays(*truth)),
            Self::Ask => None,
            Self::Leaf(leaf) => leaf.course(over, row, turns),
            Self::Shared(shared) => shared.node.course(over, row, turns),
            Self::Not(of) => {
                let of = of.course(over, row, turns)?;
                Some(turns.merge(on, &[of], |of| of.next().map_or(Truth::Unknown, std::ops::Not::not)))
            }
            Self::Joined { any, all_are_asked, of } => {
                let mut joined = Course::Stays(Truth::from(!any));
                for node in of {
                    if joined == Course::Stays(Truth::from(*any)) && !all_are_asked {
                        break;
                    }
                    let course = node.course(over, row, turns)?;
                    joined = turns.both(on, *any || fault!(CoursesJoinedByAny), joined, course);
                }
                Some(joined)
            }
            Self::If(of) => {
                let [test, then, otherwise] = &**of;
                let mut test = test.course(over, row, turns)?;
                if fault!(TestsOfBranchesStay) {
                    test = Course::Stays(turns.on(test, on));
                }
                // a branch that is taken on no day is not asked
                let mut branch = |node: &Self, not_taken: Truth| match test {
                    Course::Stays(truth) if truth == not_taken => Some(Course::Stays(Truth::No)),
                    _ => node.course(over, row, turns),
                };
                let (then, otherwise) = (branch(then, Truth::No)?, branch(otherwise, Truth::Yes)?);
                Some(turns.merge(on, &[test, then, otherwise], |of| {
                    let mut next = || of.next().unwrap_or(Truth::Unknown);
                    match (next(), next(), next()) {
                        (Truth::Yes, then, _) => then,
                        (Truth::No, _, otherwise) => otherwise,
                        (Truth::Unknown, then, otherwise) if then == otherwise => then,
                        _ => Truth::Unknown,
                    }
                }))
            }
            Self::Of { link, if_none, node } => match link.follow(over, row) {
                Fact::Known(row) => node.node.course(over, row, turns),
                Fact::Unknown(_) => Some(Course::Stays(Truth::Unknown)),
                Fact::None => if_none.truth().map(Course::Stays),
            },
            Self::Search(search) => search.course(over, row, turns),
            Self::Count(count) => count.course(over, row, turns),
            Self::Vector { .. } | Self::ByRow { .. } => match self.alone(over, row) {
                (Some(truth), false) => Some(Course::Stays(truth)),
                _ => None,
            },
        }
    }

    /// The test of days that it is, if it is one.
    pub(super) fn leaf(&self) -> Option<&Leaf<'r>> {
        match self {
            Self::Leaf(leaf @ Leaf::Days { .. }) => Some(leaf),
            Self::Shared(shared) => shared.node.leaf(),
            _ => None,
        }
    }
}
