//! Kernels against walk, over towns whose people stand on every edge: each line on several days, what is said to stay on
//! every single day for which it is said, and the outcomes of whole rules day by day.

mod faults;
mod town;

use std::cell::OnceCell;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::register::SubjectRow;
use ennakko_core::trace::Part;
use ennakko_core::{LeapDayPolicy, Occasion, Outcome, RuleId, Truth};

use self::town::{Line, Which, folder, lines, rule_of};
use super::folder::Draft;
use super::town::{Town, day};
use crate::evaluate::{By, Evaluator, NothingYet, Stretches, WhomOver};
use crate::kernels::{self, BLOCK_ROWS, Block, Pass, Turns};
use crate::outcomes::{Outcomes, RuleDay};
use crate::rule::Test;
use crate::values::{Log, Same, World};
use crate::walk::{Ground, Over, walk};
use crate::{Mode, RuleSet};

/// Days on which lines are evaluated: the register's, and edges of months, years and schooling.
const STARTS: &[&str] = &[
    "2026-11-22",
    "2026-11-23",
    "2026-12-31",
    "2027-01-01",
    "2027-02-28",
    "2027-03-01",
    "2027-04-30",
    "2027-07-31",
    "2027-08-01",
    "2027-12-31",
    "2028-02-28",
    "2028-02-29",
    "2028-03-01",
];
/// For how many days it is asked what stays.
const PERIODS: &[u64] = &[400, 1, 2, 40];
/// The period in which rows are asked for alone too.
const FEW: u64 = 2;

/// A town with rules of one line each.
struct Scene {
    town: Town,
    rules: RuleSet,
    leap_day: LeapDayPolicy,
    lines: Vec<Line>,
    occasion: Arc<Occasion>,
    starts: Vec<NaiveDate>,
    /// The last day, excluded, on which anything is evaluated.
    end: NaiveDate,
    /// What walk says of each line.
    walked: Vec<OnceCell<Walked>>,
}

/// What walk says of a line: by day and row.
struct Walked {
    /// `None`: it stops.
    truths: Vec<Vec<Option<Truth>>>,
    /// The position of the first day after on which it is another.
    until: Vec<Vec<usize>>,
}

fn position(first: NaiveDate, day: NaiveDate) -> usize {
    usize::try_from(day.signed_duration_since(first).num_days()).unwrap()
}

/// What walk says of a test; `None`: it stops.
fn walked(test: &Test, over: Over<'_>) -> Option<Truth> {
    let (of, begin, join): (_, _, fn(Truth, Truth) -> Truth) = match test {
        Test::One(script) => return walk(&script.steps, over).value.ok()?.truth(),
        Test::AnyOf(of) => (of, Truth::No, Truth::or),
        Test::AllOf(of) => (of, Truth::Yes, Truth::and),
    };
    of.iter().try_fold(begin, |joined, named| Some(join(joined, walked(&named.test, over)?)))
}

impl Scene {
    fn of(which: Which, leap_day: LeapDayPolicy) -> Self {
        let all = lines();
        let n = if which == Which::Large { 5 } else { 1 };
        let lines: Vec<Line> = all.into_iter().step_by(n).collect();
        let rule = |line: &Line| {
            let head = if line.text.contains(".language") { "decides_on: #{ language: \"Act 1/2020\" }" } else { "" };
            Draft { subject: line.kind.word(), occasion: "calendar::long(on)", head, ..Draft::when(line.text) }
        };
        let drafts: Vec<(String, Draft)> =
            lines.iter().enumerate().map(|(at, line)| (rule_of(at), rule(line))).chain(rules()).collect();
        let rules = folder(&drafts, leap_day);
        let town = which.town(rules.tables().facts.clone());
        let (starts, end): (&[&str], _) = match which {
            Which::Large => (&STARTS[10..11], "2028-03-01"),
            Which::Exact => (&STARTS[9..], "2028-03-20"),
            Which::Edges => (STARTS, "2028-04-10"),
        };
        let (starts, end) = (starts.iter().map(|start| day(start)).collect(), day(end));
        let occasion = Occasion::new("long", day("2026-11-10"), day("2027-12-01"), day("2029-12-01")).unwrap();
        let walked = lines.iter().map(|_| OnceCell::new()).collect();
        Self { town, rules, leap_day, lines, occasion: Arc::new(occasion), starts, end, walked }
    }

    fn ground(&self) -> Ground {
        let world = Arc::new(World {
            register: self.town.register.clone(),
            municipality: "091".to_owned(),
            leap_day: self.leap_day,
            log: Log::default(),
            same: Same::new(),
        });
        let tables = self.rules.tables();
        Ground::new(&world, tables, tables.clone(), Mode::Preview)
    }

    fn test(&self, at: usize) -> &Test {
        &self.rules.versions(&RuleId::new(&rule_of(at)))[0].lines[0].test
    }

    fn n_rows(&self, at: usize) -> usize {
        self.town.register.columns().len(self.lines[at].kind)
    }

    fn subject(&self, at: usize, row: usize) -> SubjectRow {
        kernels::subject(self.lines[at].kind, row).unwrap()
    }

    fn walked(&self, at: usize) -> &Walked {
        self.walked[at].get_or_init(|| {
            let (ground, test, occasion) = (self.ground(), self.test(at), Some(&self.occasion));
            let truths: Vec<Vec<Option<Truth>>> = self.starts[0]
                .iter_days()
                .take_while(|on| *on < self.end)
                .map(|on| {
                    let over = |row| Over {
                        ground: &ground,
                        subject: self.subject(at, row),
                        on,
                        occasion,
                        lacks: false,
                        reads: false,
                    };
                    (0..self.n_rows(at)).map(|row| walked(test, over(row))).collect()
                })
                .collect();
            let mut until = vec![vec![truths.len(); self.n_rows(at)]; truths.len()];
            for on in (1..truths.len()).rev() {
                for row in 0..self.n_rows(at) {
                    until[on - 1][row] = if truths[on - 1][row] == truths[on][row] { until[on][row] } else { on };
                }
            }
            Walked { truths, until }
        })
    }

    /// Where kernels say something else of a line than walk.
    fn difference(&self, at: usize, found: &mut Found) -> Option<String> {
        let ground = self.ground();
        let (kind, occasion) = (self.lines[at].kind, Some(&self.occasion));
        let first = self.starts[0];
        for on in self.starts.iter().copied() {
            for days in PERIODS {
                let to = on + Days::new(*days);
                if to > self.end && *days < 400 {
                    continue;
                }
                let to = to.min(self.end);
                let over = |few| kernels::Over { ground: &ground, kind, on, to, occasion, few };
                let pass = Pass::of(self.test(at), over(false));
                let until = pass.until;
                if until <= on || until > to {
                    return Some(format!("on {on}, {days} days: it is told until {until}"));
                }
                let blocks: Vec<Block> =
                    (0..pass.n_blocks()).map(|block| pass.block(block, &pass.all(block))).collect();
                let few = Pass::of(self.test(at), over(true));
                let walked = self.walked(at);
                let mut room = Turns::default();
                let (on_at, until_at) = (position(first, on), position(first, until));
                for row in 0..self.n_rows(at) {
                    let block = &blocks[row / BLOCK_ROWS];
                    let (truth, moves) = (block.truth(row % BLOCK_ROWS), block.moves(row % BLOCK_ROWS));
                    let expected = walked.truths[on_at][row];
                    let who = || format!("of {} on {on}, {days} days", self.town.name(self.subject(at, row)));
                    if truth != expected {
                        return Some(format!("{}: {truth:?} and by walk {expected:?}", who()));
                    }
                    let stays = truth.is_some() && !moves;
                    let changes = walked.until[on_at][row];
                    if stays && changes < until_at {
                        return Some(format!("{}: it stays {truth:?} until {until}, and changes before", who()));
                    }
                    found.stay += usize::from(stays);
                    found.stay_untold += usize::from(moves && truth.is_some() && changes >= until_at);
                    let mut turns: Vec<(NaiveDate, Truth)> = Vec::new();
                    if truth.is_some() && pass.turns(row, &mut room, |turn| turns.push((turn.from(), turn.truth))) {
                        if turns.first().map(|(from, _)| *from) != Some(on) {
                            return Some(format!("{}: turns begin with {:?}", who(), turns.first()));
                        }
                        let next = turns.iter().skip(1).map(|(from, _)| *from).chain([until]);
                        for ((from, truth), to) in turns.iter().zip(next) {
                            for at in position(first, *from)..position(first, to) {
                                if walked.truths[at][row] != Some(*truth) {
                                    let (day, by_walk) = (first + Days::new(at as u64), walked.truths[at][row]);
                                    return Some(format!("{}: {day} {truth:?} and by walk {by_walk:?}", who()));
                                }
                            }
                        }
                        found.told += usize::from(moves);
                    } else {
                        found.untold += usize::from(moves && truth.is_some());
                    }
                    if *days == FEW {
                        let mut one = [0; 64];
                        one[row % BLOCK_ROWS / 64] = 1 << (row % 64);
                        let alone = few.block(row / BLOCK_ROWS, &one);
                        let alone = (alone.truth(row % BLOCK_ROWS), alone.moves(row % BLOCK_ROWS));
                        if alone != (truth, moves) {
                            return Some(format!("{}: alone {alone:?}, among all {:?}", who(), (truth, moves)));
                        }
                    }
                }
                found.by_row = found.by_row.max(pass.by_row().len());
            }
        }
        None
    }

    /// A rule by which some subjects alone come to something else than among everybody.
    fn others_alone(&self) -> Option<String> {
        let new = || Evaluator::new(&self.rules, &self.town.register, Mode::Preview);
        let (all, alone) = (new(), new());
        let kinds = [SubjectKind::Resident, SubjectKind::Household, SubjectKind::Building];
        let subjects: Vec<SubjectRow> =
            kinds.into_iter().flat_map(|kind| self.town.register.subjects(kind)).step_by(3).collect();
        for on in self.starts.iter().copied() {
            // twice, and in another order: each has one row
            let asked: Vec<SubjectRow> = subjects.iter().rev().chain(&subjects).copied().collect();
            for (id, few) in alone.outcomes_of(&asked, on, &NothingYet) {
                // a rule that stops for somebody else goes on for these
                let (RuleDay::Ran(few), RuleDay::Ran(all)) = (few, all.day(id, on, &NothingYet)) else { continue };
                let versions = self.rules.versions(id);
                let of = |outcomes: &Outcomes| -> Vec<Outcome> {
                    let rows = (0..outcomes.len()).filter(|row| subjects.contains(&outcomes.subject(*row)));
                    rows.map(|row| outcomes.outcome(row, versions)).collect()
                };
                if few.len() != of(&few).len() || of(&few) != of(&all) {
                    return Some(format!("{id} on {on}: {:?} and among everybody {:?}", of(&few), of(&all)));
                }
            }
        }
        None
    }

    /// A rule that selects others than those of whom walk says that every condition holds, all rules asked about together.
    fn other_selection(&self) -> Option<String> {
        let ids: Vec<RuleId> = self.rules.ids().cloned().collect();
        let [kernels, walk] =
            [By::Kernels, By::Walk].map(|by| Evaluator::new(&self.rules, &self.town.register, Mode::Preview).by(by));
        for on in self.starts.iter().copied() {
            for (id, found) in ids.iter().zip(kernels.whom_of(&ids, on)) {
                let n_conditions = |id| {
                    self.rules
                        .versions(id)
                        .iter()
                        .map(|rule| rule.lines.iter().filter(|line| line.part == Part::Condition).count())
                        .max()
                };
                let n = n_conditions(id).unwrap_or_default();
                let expected = walk.lines(id, on, on.succ_opt().unwrap()).map(|lines| {
                    let (mut yes, mut unknown) = (Vec::new(), Vec::new());
                    let Some(lines) = lines else { return (yes, unknown) };
                    for (at, subject) in lines.subjects.iter().enumerate() {
                        let truths = || lines.truths[..n].iter().map(|truths| truths[at]);
                        if truths().all(Truth::is_yes) {
                            yes.push(*subject);
                        } else if truths().all(|truth| truth != Truth::No) {
                            unknown.push(*subject);
                        }
                    }
                    (yes, unknown)
                });
                let found = found.map(|whom| (whom.yes.subjects(), whom.unknown.subjects()));
                // a rule that stops at a line of another part stops `lines`, and not this
                if let Ok(expected) = expected
                    && found.as_ref() != Ok(&expected)
                {
                    return Some(format!("{id} on {on}: {found:?} and by walk {expected:?}"));
                }
            }
        }
        None
    }

    /// A rule that selects others over a period than day by day.
    fn other_stretches(&self) -> Option<String> {
        let ids: Vec<RuleId> = self.rules.ids().cloned().collect();
        let evaluator = Evaluator::new(&self.rules, &self.town.register, Mode::Preview);
        let period = (self.starts[0], self.end);
        let over: Vec<WhomOver> = ids.iter().map(|id| evaluator.whom_over(id, period)).collect();
        let every_fifth = period.0.iter_days().step_by(5).take_while(|day| *day < period.1);
        for on in self.starts.iter().copied().chain(every_fifth) {
            for ((id, over), of_day) in ids.iter().zip(&over).zip(evaluator.whom_of(&ids, on)) {
                let of_day = of_day.map(|whom| (whom.yes.subjects(), whom.unknown.subjects()));
                let found = match over.not_run.iter().find(|(day, _)| *day == on) {
                    Some((_, reason)) => Err(reason.clone()),
                    None => Ok((over.yes.on(on), over.unknown.on(on))),
                };
                if found != of_day {
                    return Some(format!("{id} on {on}: {found:?} and by the day {of_day:?}"));
                }
            }
        }
        let touch = |of: &Stretches| {
            let all = of.all();
            let touching = all.windows(2).any(|two| two[0].subject == two[1].subject && two[0].to >= two[1].from);
            touching || of.in_part.iter().any(|stretch| (stretch.from, stretch.to) == period)
        };
        let touching = ids.iter().zip(&over).find(|(_, over)| touch(&over.yes) || touch(&over.unknown));
        touching.map(|(id, _)| format!("{id}: two stretches touch"))
    }

    /// The first day on which the outcomes of a rule are others by kernels than by walk.
    fn other_outcomes(&self, name: &str, starts: &[&str]) -> Option<String> {
        let id = RuleId::new(name);
        for start in starts {
            let [kernels, walk] = [By::Kernels, By::Walk]
                .map(|by| Evaluator::new(&self.rules, &self.town.register, Mode::Preview).by(by));
            for on in day(start).iter_days().take_while(|on| *on < day("2028-04-10")) {
                let (one, two) = (kernels.day(&id, on, &NothingYet), walk.day(&id, on, &NothingYet));
                if one != two {
                    return Some(format!("{name} on {on}, from {start}:\n{one:?}\nand by walk\n{two:?}"));
                }
                if kernels.cohort_on(&id, on) != walk.cohort_on(&id, on) {
                    return Some(format!("{name} on {on}, from {start}: the cohort is another"));
                }
            }
        }
        None
    }
}

/// What was found while lines were compared.
#[derive(Debug, Default)]
struct Found {
    /// Answers that are said to stay.
    stay: usize,
    /// Answers that are not said to stay, although they do.
    stay_untold: usize,
    /// Answers that move of which it is told when, and of which it is not.
    told: usize,
    untold: usize,
    /// Pieces of a line that are asked of walk row by row.
    by_row: usize,
}

/// Rules of several lines, whose outcomes are followed from day to day.
fn rules() -> Vec<(String, Draft)> {
    let draft = |occasion, conditions| Draft { occasion, conditions, ..Draft::new() };
    let year = "each_year(on)";
    [
        ("everybody", draft(year, vec![("everybody", "true")])),
        (
            "school",
            Draft {
                cohort: "child.age_reached_in(o.year) in 6..=8",
                already: vec![("has", "child.place_year == o.year")],
                officer: vec![("special", "child.other")],
                sanity: vec![("small", "child.age_on(on) < 100")],
                ..draft("calendar::start(on)", vec![("seven", "child.age_on(on) == 7"), ("flag", "child.flag")])
            },
        ),
        (
            "seven",
            Draft {
                cohort: "child.age_on(on) == 7",
                ..draft("calendar::long(on)", vec![("lives", "child.lives_in_city")])
            },
        ),
        (
            "leap",
            Draft {
                cohort: "child.born <= date(\"2020-02-29\")",
                ..draft("once(on)", vec![("six", "child.age_on(on) < 8")])
            },
        ),
        (
            "a_year",
            draft("calendar::long(on)", vec![("six", "child.age_on(on) >= 6"), ("not_seven", "child.age_on(on) < 7")]),
        ),
        // a row of a table ends while another name decides
        (
            "stops",
            draft(
                "calendar::long(on)",
                vec![("either", "any_of(#{ x: child.flag, y: child.income % 2 < fees::limit(on.plus_days(30)) })")],
            ),
        ),
        (
            "stopped",
            Draft {
                discretion: "required",
                ..draft("calendar::long(on)", vec![("either", "fees::limit(on.plus_years(1)) > 100")])
            },
        ),
        (
            "from_march",
            Draft {
                cohort: "on >= date(\"2027-03-01\") && child.sex == \"female\"",
                ..draft("calendar::long(on)", vec![("flag", "child.flag")])
            },
        ),
        (
            "may_have",
            Draft {
                already: vec![("has", "child.other")],
                ..draft("calendar::long(on)", vec![("flag", "child.flag"), ("seven", "child.age_on(on) >= 7")])
            },
        ),
        (
            "women",
            Draft {
                cohort: "child.sex == \"female\"",
                ..draft(year, vec![("six", "child.age_on(o.opens) > 6"), ("summer", "on.month in 5..8")])
            },
        ),
        ("own", draft("at_age(child, 7, 40, on)", vec![("flag", "child.flag"), ("from", "on.day >= 15")])),
        ("of_age", draft("at_age(child, 18, 1, on)", vec![("lives", "child.lives_in_city")])),
        (
            "after",
            Draft { head: "not_again_within: 1", ..draft("after(child.seen, 10, 30, on)", vec![("x", "on.day != 3")]) },
        ),
        (
            "limit",
            draft("calendar::start(on)", vec![("poor", "child.income < fees::limit(on)"), ("flag", "child.flag")]),
        ),
        ("step", draft("calendar::long(on)", vec![("poor", "child.income <= steps::limit(on)")])),
        ("permit", draft("calendar::long(on)", vec![("permit", "child.permit"), ("flag", "child.flag")])),
        (
            "custody",
            draft(year, vec![("some", "child.custodians.some(|c| c.flag)"), ("two", "child.custodians.len() == 2")]),
        ),
        (
            "visit",
            Draft {
                already: vec![("has", "child.visited != () && child.visited <= on")],
                ..draft("calendar::long(on)", vec![("flag", "child.flag")])
            },
        ),
        ("later", draft("calendar::long(on)", vec![("later", "on >= date(\"2027-03-01\") && child.age_on(on) >= 7")])),
        (
            "home",
            Draft { subject: "household", ..draft(year, vec![("small", "child.members.some(|m| m.age_on(on) < 7)")]) },
        ),
    ]
    .map(|(name, draft)| (name.to_owned(), draft))
    .into()
}

fn agree(which: Which, leap_day: LeapDayPolicy) {
    let scene = Scene::of(which, leap_day);
    let (mut wrong, mut n_by_row, mut n_stay, mut n_needless) = (Vec::new(), 0, 0, 0);
    let (mut n_told, mut n_untold) = (0, 0);
    for (at, line) in scene.lines.iter().enumerate() {
        let mut found = Found::default();
        if let Some(difference) = scene.difference(at, &mut found) {
            wrong.push(format!("{}: {difference}", line.text));
        }
        n_by_row += usize::from(found.by_row > 0);
        n_stay += found.stay;
        n_needless += found.stay_untold;
        n_told += found.told;
        n_untold += found.untold;
    }
    assert!(wrong.is_empty(), "{} lines:\n{}", wrong.len(), wrong.join("\n"));
    println!("{} lines, {n_by_row} by walk in part; {n_stay} answers stay, {n_needless} more do", scene.lines.len());
    println!("of {n_told} that move it is told when, of {n_untold} it is not");
    // what is said to move must not be said of everybody
    assert!(n_by_row <= scene.lines.len() / 20 && n_needless <= n_stay / 20, "{n_by_row}, {n_stay}, {n_needless}");
}

#[test]
fn lines_are_what_walk_says_and_stay_as_long_as_is_said() {
    agree(Which::Edges, LeapDayPolicy::March1);
}

#[test]
fn lines_are_what_walk_says_where_every_day_is_known() {
    agree(Which::Exact, LeapDayPolicy::February28);
}

#[test]
fn lines_are_what_walk_says_in_several_blocks() {
    agree(Which::Large, LeapDayPolicy::March1);
}

#[test]
fn outcomes_are_those_of_walk_on_every_day() {
    for (which, leap_day) in [(Which::Edges, LeapDayPolicy::March1), (Which::Exact, LeapDayPolicy::February28)] {
        let scene = Scene::of(which, leap_day);
        for (name, _) in rules() {
            let difference = scene.other_outcomes(&name, &["2026-11-22", "2027-02-28", "2027-12-30"]);
            assert!(difference.is_none(), "{which:?}: {}", difference.unwrap_or_default());
        }
    }
}

#[test]
fn rules_asked_about_together_select_whom_walk_does() {
    for (which, leap_day) in [(Which::Edges, LeapDayPolicy::March1), (Which::Large, LeapDayPolicy::March1)] {
        let difference = Scene::of(which, leap_day).other_selection();
        assert!(difference.is_none(), "{}", difference.unwrap_or_default());
    }
}

#[test]
fn rules_asked_about_over_a_period_select_whom_they_do_day_by_day() {
    for (which, leap_day) in [(Which::Edges, LeapDayPolicy::March1), (Which::Exact, LeapDayPolicy::February28)] {
        let difference = Scene::of(which, leap_day).other_stretches();
        assert!(difference.is_none(), "{which:?}: {}", difference.unwrap_or_default());
    }
}

#[test]
fn a_period_of_centuries_is_gone_through() {
    let scene = Scene::of(Which::Edges, LeapDayPolicy::March1);
    let evaluator = Evaluator::new(&scene.rules, &scene.town.register, Mode::Preview);
    let (id, period) = (RuleId::new("everybody"), (day("2022-01-01"), day("2342-01-01")));
    let over = evaluator.whom_over(&id, period);
    assert!(over.not_run.is_empty() && !over.yes.throughout.is_empty(), "{over:?}");
    assert!(over.yes.in_part.is_empty(), "everybody is selected throughout: {:?}", over.yes.in_part);
    for on in ["2022-01-01", "2121-12-31", "2122-01-02", "2341-12-31"].map(day) {
        let of_day = evaluator.whom(&id, on).map(|whom| (whom.yes.subjects(), whom.unknown.subjects()));
        assert_eq!(Ok((over.yes.on(on), over.unknown.on(on))), of_day, "{on}");
    }
}

#[test]
fn some_subjects_alone_come_to_what_they_do_among_everybody() {
    let difference = Scene::of(Which::Edges, LeapDayPolicy::March1).others_alone();
    assert!(difference.is_none(), "{}", difference.unwrap_or_default());
}
