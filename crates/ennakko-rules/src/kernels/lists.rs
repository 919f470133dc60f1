//! Lists of people: searched and counted. Members of all households at once, each putting what they come to down for their
//! own; custodians child by child.

use std::cell::OnceCell;

use ennakko_core::Truth;
use ennakko_core::day::day_number;
use ennakko_core::record::ListState;
use ennakko_core::register::ResidentRow;
use ennakko_core::value::Fact;

use super::block::{Block, Span, Words};
use super::course::{Course, Turns};
use super::members;
use super::node::{Where, Whole};

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// Of a household.
    Members,
    /// Of a person.
    Custodians,
}

/// `list.filter(...).some(...)`, or `all`.
pub(super) struct Search<'r> {
    pub(super) list: List,
    pub(super) filters: Vec<Whole<'r>>,
    pub(super) test: Whole<'r>,
    pub(super) all: bool,
    /// What all households come to, if it is of their members.
    pub(super) came: OnceCell<Vec<Block>>,
}

/// Whether `list.filter(...).len()` lies between two numbers, both included.
pub(super) struct Count<'r> {
    pub(super) list: List,
    pub(super) filters: Vec<Whole<'r>>,
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) came: OnceCell<Vec<Block>>,
}

/// What became of a list's members.
struct Gone {
    /// Whether there may be others, or some may belong to it.
    open: bool,
    moves: bool,
    /// Walk is to be asked.
    ask: bool,
}

/// Hands on the members that belong to a list, until `each` says that it is enough; `None`: the whole list is unknown.
fn look_through<'r>(
    over: Where<'r>,
    (list, filters): (List, &[Whole<'r>]),
    row: usize,
    mut each: impl FnMut(usize) -> bool,
) -> Option<Gone> {
    let mut gone = Gone { open: false, moves: false, ask: false };
    let mut look = |member: usize| {
        for filter in filters {
            let (truth, moves) = filter.row(over, member);
            gone.moves |= moves && !fault!(FiltersDoNotMove);
            match truth {
                None => gone.ask = true,
                Some(Truth::No) => return true,
                Some(Truth::Unknown) => {
                    gone.open = !fault!(UnknownMembersLeftOut);
                    return true;
                }
                Some(Truth::Yes) => {}
            }
        }
        !gone.ask && each(member)
    };
    match list {
        List::Members => {
            let (mut members, state) = over.columns.members(row);
            if fault!(FirstMemberSkipped) {
                let _ = members.next();
            }
            let _ = members.all(&mut look);
            gone.open |= matches!(state, ListState::Open(_)) && !fault!(OpenHouseholdsTakenForWhole);
        }
        List::Custodians => {
            let child = over.ground.world.register.resident(ResidentRow::at(row)?);
            let policy = over.ground.world.leap_day;
            match child.of_age_on(over.on, policy) {
                Fact::Known(true) => return Some(gone),
                Fact::Known(false) => {}
                Fact::None => return None,
                Fact::Unknown(_) if fault!(AgesInPartTakenForChildren) => {}
                Fact::Unknown(_) => {
                    // a day that is not known may pass
                    return None;
                }
            }
            let on = if fault!(CustodyEndsADayEarly) { over.on + chrono::Days::new(1) } else { over.on };
            let custodians = child.custodians_on(on, policy);
            let _ = custodians.known.iter().all(|custodian| look(custodian.person.row().position()));
            gone.open |= matches!(custodians.state, ListState::Open(_)) && !fault!(OpenCustodiansTakenForWhole);
            gone.moves |= child.custody_changes_in(over.on, over.to, policy) && !fault!(CustodyDoesNotMove);
        }
    }
    Some(gone)
}

/// Whether an unknown list may be known on a later day.
fn unknown_moves(over: Where<'_>, list: List) -> bool {
    // somebody whose birth day is known in part may come of age
    list == List::Custodians && over.to > over.on && !fault!(UnknownListsDoNotMove)
}

/// What a list's members are from a day on, up to the next such day.
struct Listed {
    from: i32,
    /// `None`: the whole list is unknown.
    members: Option<Vec<usize>>,
    /// Whether there may be others.
    open: bool,
}

/// The members of a list on each day of a pass.
fn listed(over: Where<'_>, list: List, row: usize) -> Vec<Listed> {
    let (List::Custodians, Some(child)) = (list, ResidentRow::at(row)) else {
        let (members, state) = over.columns.members(row);
        let open = matches!(state, ListState::Open(_)) && !fault!(OpenListsWholeLater);
        return vec![Listed { from: over.day, members: Some(members.collect()), open }];
    };
    let child = over.ground.world.register.resident(child);
    let policy = over.ground.world.leap_day;
    let on = |day| {
        let from = day_number(day);
        match child.of_age_on(day, policy) {
            Fact::Known(true) => Listed { from, members: Some(Vec::new()), open: false },
            Fact::None | Fact::Unknown(_) => Listed { from, members: None, open: true },
            Fact::Known(false) => {
                let custodians = child.custodians_on(day, policy);
                let members = custodians.known.iter().map(|custodian| custodian.person.row().position()).collect();
                Listed { from, members: Some(members), open: matches!(custodians.state, ListState::Open(_)) }
            }
        }
    };
    let changes = child.custody_changes(over.on, over.to, policy);
    let days = std::iter::once(over.on).chain(changes.into_iter().filter(|_| !fault!(CustodyStandsStill)));
    days.map(on).collect()
}

/// What comes of lists that follow one another, each up to the next.
fn by_list(
    over: Where<'_>,
    lists: Vec<Listed>,
    turns: &mut Turns,
    mut of: impl FnMut(&[usize], bool, &mut Turns) -> Option<Course>,
) -> Option<Course> {
    let mut came = Vec::new();
    for Listed { from, members, open } in lists {
        let course = match members {
            Some(members) => of(&members, open, turns)?,
            None => Course::Stays(Truth::Unknown),
        };
        came.push((from, course));
    }
    if let [(_, only)] = came[..] {
        return Some(only);
    }
    let begin = turns.begin();
    for (at, (from, course)) in came.iter().enumerate() {
        let to = came.get(at + 1).map_or(day_number(over.to), |(to, _)| *to);
        turns.add(begin, *from, turns.on(*course, *from));
        for at in 0..turns.of(course).len() {
            let turn = turns.of(course)[at];
            if *from < turn.day && turn.day < to {
                turns.add(begin, turn.day, turn.truth);
            }
        }
    }
    Some(turns.end(begin))
}

/// Whether a member belongs to a list, on each day of a pass.
fn belongs<'r>(over: Where<'r>, filters: &[Whole<'r>], member: usize, turns: &mut Turns) -> Option<Course> {
    let mut belongs = Course::Stays(Truth::Yes);
    for filter in filters {
        if belongs == Course::Stays(Truth::No) || fault!(FiltersSkippedLater) {
            break;
        }
        let filter = filter.node.course(over, member, turns)?;
        // whoever may not belong by one filter is asked no other
        belongs = turns.merge(over.day, &[belongs, filter], |of| match (of.next(), of.next()) {
            (Some(Truth::Yes), Some(filter)) => filter,
            (before, _) => before.unwrap_or(Truth::Unknown),
        });
    }
    Some(belongs)
}

impl<'r> Search<'r> {
    /// What a row comes to on each day of a pass; `None`: only walk can say.
    pub(super) fn course(&self, over: Where<'r>, row: usize, turns: &mut Turns) -> Option<Course> {
        by_list(over, listed(over, self.list, row), turns, |members, open, turns| {
            self.course_of(over, members, open, turns)
        })
    }

    fn course_of(&self, over: Where<'r>, members: &[usize], open: bool, turns: &mut Turns) -> Option<Course> {
        let on = over.day;
        let neutral = Truth::from(self.all);
        let mut found = Course::Stays(if open { Truth::Unknown } else { neutral });
        for member in members.iter().copied() {
            let belongs = belongs(over, &self.filters, member, turns)?;
            if belongs == Course::Stays(Truth::No) {
                continue;
            }
            let test = self.test.node.course(over, member, turns)?;
            found = turns.merge(on, &[found, belongs, test], |of| {
                let mut next = || of.next().unwrap_or(Truth::Unknown);
                let (found, belongs, test) = (next(), next(), next());
                let came = match belongs {
                    Truth::No => neutral,
                    Truth::Unknown => Truth::Unknown,
                    Truth::Yes => test,
                };
                if self.all { found.and(came) } else { found.or(came) }
            });
        }
        Some(found)
    }

    pub(super) fn may_stop(&self) -> bool {
        self.test.node.may_stop() || self.filters.iter().any(|filter| filter.node.may_stop())
    }

    pub(super) fn come(&self, over: Where<'r>, span: Span, active: &Words) -> Block {
        // whom a rule stops at hangs on the order of members
        let in_any_order = !self.may_stop();
        if self.list == List::Members && in_any_order && !over.few {
            return members::block(&self.came, span, || members::searched(over, &self.filters, &self.test, self.all));
        }
        Block::each(span, active, |row| {
            let (mut decided, mut unknown, mut moves, mut ask) = (false, false, false, false);
            let gone = look_through(over, (self.list, &self.filters), row, |member| {
                let (truth, changes) = self.test.row(over, member);
                moves |= changes && !fault!(MembersDoNotMove);
                match truth {
                    None => ask = true,
                    Some(Truth::Unknown) => unknown = !fault!(UnknownMembersTakenForNo),
                    Some(truth) => decided |= truth.is_yes() != self.all,
                }
                !ask && (!decided || in_any_order)
            });
            let Some(gone) = gone else { return (Some(Truth::Unknown), unknown_moves(over, self.list)) };
            if ask || gone.ask {
                return (None, false);
            }
            let truth = match (decided, unknown || gone.open) {
                (true, _) => Truth::from(!self.all),
                (false, true) => Truth::Unknown,
                (false, false) => Truth::from(if fault!(NobodyTurnedRound) { !self.all } else { self.all }),
            };
            (Some(truth), moves || gone.moves)
        })
    }
}

impl<'r> Count<'r> {
    /// What a row comes to on each day of a pass; `None`: only walk can say.
    pub(super) fn course(&self, over: Where<'r>, row: usize, turns: &mut Turns) -> Option<Course> {
        by_list(over, listed(over, self.list, row), turns, |members, open, turns| {
            self.course_of(over, members, open, turns)
        })
    }

    fn course_of(&self, over: Where<'r>, members: &[usize], open: bool, turns: &mut Turns) -> Option<Course> {
        if open {
            return Some(Course::Stays(Truth::Unknown));
        }
        let belong = members.iter().map(|member| belongs(over, &self.filters, *member, turns));
        let members: Vec<Course> = belong.collect::<Option<_>>()?;
        Some(turns.merge(over.day, &members, |of| {
            let mut n = 0;
            for belongs in of {
                match belongs {
                    Truth::Yes => n += 1,
                    Truth::Unknown => return Truth::Unknown,
                    Truth::No => {}
                }
            }
            Truth::from((self.from..=self.to).contains(&n))
        }))
    }

    pub(super) fn may_stop(&self) -> bool {
        self.filters.iter().any(|filter| filter.node.may_stop())
    }

    pub(super) fn come(&self, over: Where<'r>, span: Span, active: &Words) -> Block {
        if self.list == List::Members && !self.may_stop() && !over.few {
            let range = (self.from, self.to);
            return members::block(&self.came, span, || members::counted(over, &self.filters, range));
        }
        Block::each(span, active, |row| {
            let mut n = 0_i64;
            let gone = look_through(over, (self.list, &self.filters), row, |_| {
                n += 1;
                true
            });
            match gone {
                None => (Some(Truth::Unknown), unknown_moves(over, self.list)),
                Some(gone) if gone.ask => (None, false),
                Some(gone) if gone.open && !fault!(OpenListsCounted) => (Some(Truth::Unknown), gone.moves),
                Some(gone) => (
                    Some(Truth::from(
                        (self.from..=self.to.saturating_sub(i64::from(fault!(LastCountLeftOut)))).contains(&n),
                    )),
                    gone.moves,
                ),
            }
        })
    }
}
