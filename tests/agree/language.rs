//! Random rules over random people: what walk says of each line, what the interpreter says, and what follows from the plan.
//!
//! A case is a rule of ten lines over three to six people, on one day. More of them than CI's 20,000:
//! `ENNAKKO_LANGUAGE_CASES=10000000 cargo test --release -p ennakko-tests --test agree language`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use ennakko::core::outcome::Standing;
use ennakko::core::register::{Built, SubjectRow};
use ennakko::core::trace::Part;
use ennakko::core::{OutcomeCode, RuleId, SubjectKey, Truth};
use ennakko::rules::diagnostic::Code;
use ennakko::rules::evaluate::{By, NothingYet, Standings};
use ennakko::rules::outcomes::RuleDay;
use ennakko::rules::{Evaluator, Mode, RuleSet};
use ennakko::{IdentityTable, KeySecret, Register};
use ennakko_tests::day;
use ennakko_tests::language::grow::Grower;
use ennakko_tests::language::people::{Town, folder};
use ennakko_tests::language::reference::{Fault, Reference};
use ennakko_tests::language::{Day, Dice, Order, Test, write};

/// Lines of a rule.
const N_LINES: usize = 10;

/// A rule and people, from one seed.
pub(super) struct Case {
    lines: Vec<Test>,
    pub(super) text: String,
    pub(super) town: Town,
    pub(super) on: NaiveDate,
    used: BTreeMap<&'static str, usize>,
}

impl Case {
    pub(super) fn of(seed: u64) -> Self {
        Self::of_lines(seed, N_LINES)
    }

    /// A rule of so many lines.
    pub(super) fn of_lines(seed: u64, n_lines: usize) -> Self {
        let mut dice = Dice::new(seed);
        let mut grower = Grower::new(&mut dice);
        let lines: Vec<Test> = (0..n_lines).map(|_| grower.line()).collect();
        let text = write::rule(&lines, &[], &grower.helpers);
        let used = grower.used;
        let town = Town::grow(&mut dice);
        let on = day(dice.pick(&[
            "2027-01-10",
            "2027-01-10",
            "2027-01-11",
            "2027-02-28",
            "2027-02-28",
            "2027-03-01",
            "2027-05-31",
        ]));
        Self { lines, text, town, on, used }
    }
}

/// The rule; `None` if a part of it could never come to anything, which chance may bring about and the checker refuses.
pub(super) fn loaded(text: &str) -> Option<RuleSet> {
    let files = folder(text, N_LINES);
    let (rules, findings) = RuleSet::load(&files).unwrap();
    let (idle, errors): (Vec<_>, Vec<_>) =
        findings.iter().filter(|finding| finding.is_error()).partition(|finding| finding.code == Code::Decided);
    // right by construction: any other finding is one too many
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{}\n{text}", errors.join("\n"));
    idle.is_empty().then_some(rules)
}

/// What each line comes to for each person, by their serial number; or why the rule did not run.
type Answers = BTreeMap<u16, Vec<Truth>>;

/// How lines are asked.
#[derive(Clone, Copy)]
enum Asked {
    /// Each on the day.
    OneByOne,
    /// By a trace, on the day that decides the outcome. The interpreter goes through every day before it.
    ByTrace,
}

impl Asked {
    /// One case in ten is asked by traces, which take many times as long.
    fn of(seed: u64) -> Self {
        if seed.is_multiple_of(10) { Self::ByTrace } else { Self::OneByOne }
    }
}

/// The answers, and on which day they were asked for.
fn answers(
    rules: &RuleSet,
    town: &Town,
    on: NaiveDate,
    by: By,
    asked: Asked,
) -> Result<(Answers, BTreeMap<u16, NaiveDate>), String> {
    let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
    let Built { register, .. } = Register::build(town.delivery(&rules.tables().facts, on), on, &mut identities);
    let register: Arc<Register> = Arc::new(register);
    let evaluator = Evaluator::new(rules, &register, Mode::Preview).by(by);
    let id = RuleId::new("r");
    let mut answers = Answers::new();
    let mut days = BTreeMap::new();
    let lines = match asked {
        Asked::OneByOne => {
            let lines = evaluator.lines(&id, on, on + Days::new(1)).map_err(|reason| reason.to_string())?;
            Some(lines.ok_or("no round is at issue")?)
        }
        Asked::ByTrace => None,
    };
    for person in &town.people {
        let key = identities.key_of(&Town::code(person.serial)).unwrap();
        let row = register.residents().find(|resident| resident.key() == key).unwrap().row();
        let row = SubjectRow::Resident(row);
        if let Some(lines) = &lines {
            let at = lines.subjects.iter().position(|subject| *subject == row).ok_or("nobody is left out")?;
            // conditions stand before all other lines
            answers.insert(person.serial, lines.truths.iter().take(N_LINES).map(|truths| truths[at]).collect());
            days.insert(person.serial, on);
            continue;
        }
        let trace = evaluator.trace(&id, row, on, &NothingYet).map_err(|reason| reason.to_string())?;
        let trace = trace.ok_or("nobody is left out of this cohort")?;
        let lines = trace.lines.iter().filter(|line| line.part == Part::Condition).map(|line| line.truth).collect();
        answers.insert(person.serial, lines);
        days.insert(person.serial, trace.evaluated_on);
    }
    Ok((answers, days))
}

fn expected(case: &Case, days: &BTreeMap<u16, NaiveDate>, fault: Option<Fault>) -> Answers {
    let answer = |(at, person): (usize, &ennakko_tests::language::people::Person)| {
        let on = days[&person.serial];
        let reference = Reference { town: &case.town, on, opens: day("2027-01-10"), fault };
        (person.serial, case.lines.iter().map(|line| reference.test(&[at], line)).collect())
    };
    case.town.people.iter().enumerate().map(answer).collect()
}

/// The first line on which two disagree, with what it says.
fn difference(case: &Case, got: &Answers, wanted: &Answers, only_decided: bool) -> Option<String> {
    for (serial, got) in got {
        for (at, (got, wanted)) in got.iter().zip(&wanted[serial]).enumerate() {
            if got != wanted && !(only_decided && (*got == Truth::Unknown || *wanted == Truth::Unknown)) {
                let person = case.town.people.iter().find(|person| person.serial == *serial);
                return Some(format!(
                    "line_{at}: {} is {got:?}, not {wanted:?}\n{person:?}\nof {:?}\non {}\n{}",
                    write::test(&case.lines[at]),
                    case.town,
                    case.on,
                    case.text
                ));
            }
        }
    }
    None
}

/// How many cases: fewer where the compiler has not made the code fast.
pub(super) fn n_cases() -> u64 {
    let usual = if cfg!(debug_assertions) { 100 } else { 20_000 };
    option_env!("ENNAKKO_LANGUAGE_CASES").and_then(|n| n.parse().ok()).unwrap_or(usual)
}

#[test]
fn walk_the_interpreter_and_the_plan_agree_on_every_line() {
    let (mut n_rules, mut n_answers, mut by_truth) = (0_u64, 0_usize, BTreeMap::new());
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    let n = n_cases();
    for seed in 0..n {
        let case = Case::of(seed);
        for (name, times) in &case.used {
            *used.entry(name).or_insert(0) += times;
        }
        let Some(rules) = loaded(&case.text) else { continue };
        n_rules += 1;
        let asked = Asked::of(seed);
        let (walked, days) = answers(&rules, &case.town, case.on, By::Walk, asked)
            .unwrap_or_else(|why| panic!("a checked rule did not run: {why}, seed {seed}\n{}", case.text));
        let wanted = expected(&case, &days, None);
        if let Some(difference) = difference(&case, &walked, &wanted, false) {
            panic!("walk, seed {seed}: {difference}");
        }
        let (interpreted, interpreted_on) = answers(&rules, &case.town, case.on, By::Interpreter, asked)
            .unwrap_or_else(|why| panic!("the interpreter did not run: {why}, seed {seed}\n{}", case.text));
        // what the interpreter decides it has read no unknown for
        let wanted = expected(&case, &interpreted_on, None);
        if let Some(difference) = difference(&case, &interpreted, &wanted, true) {
            panic!("interpreter, seed {seed}: {difference}");
        }
        for truth in walked.values().flatten() {
            *by_truth.entry(*truth).or_insert(0_usize) += 1;
            n_answers += 1;
        }
    }
    assert!(n_rules * 100 >= n * 70, "{n_rules} of {n} rules could be used");
    for truth in [Truth::Yes, Truth::No, Truth::Unknown] {
        let share = by_truth[&truth] * 100 / n_answers;
        assert!(share >= 15, "{truth:?} is {share} % of the answers");
    }
    let n_lines = usize::try_from(n).unwrap() * N_LINES;
    for (name, times) in used {
        assert!(times * 50 >= n_lines, "`{name}` is in {times} of {n_lines} lines, fewer than 2 %");
    }
}

#[test]
fn what_walk_decides_stays_so_however_the_unknown_turns_out() {
    for seed in 0..n_cases() / 4 {
        let case = Case::of(seed);
        let Some(rules) = loaded(&case.text) else { continue };
        let asked = Asked::of(seed);
        let (walked, days) = answers(&rules, &case.town, case.on, By::Walk, asked).unwrap();
        let mut dice = Dice::new(seed ^ 0x5eed);
        for _ in 0..3 {
            let town = case.town.completed(&mut dice);
            let complete =
                Case { town, lines: case.lines.clone(), text: case.text.clone(), on: case.on, used: BTreeMap::new() };
            for by in [By::Walk, By::Interpreter] {
                let (answers, on) = answers(&rules, &complete.town, case.on, by, asked).unwrap();
                let same_day: BTreeSet<u16> =
                    days.iter().filter(|(serial, day)| on[serial] == **day).map(|(serial, _)| *serial).collect();
                let only = |answers: &Answers| -> Answers {
                    answers
                        .iter()
                        .filter(|(serial, _)| same_day.contains(serial))
                        .map(|(s, a)| (*s, a.clone()))
                        .collect()
                };
                if let Some(difference) = difference(&complete, &only(&answers), &walked, true) {
                    panic!("seed {seed}, by {by:?}: {difference}");
                }
            }
        }
    }
}

#[test]
fn the_order_of_the_lines_changes_nothing() {
    for seed in 0..n_cases() / 10 {
        let case = Case::of(seed);
        let turned: Vec<Test> = case.lines.iter().rev().cloned().collect();
        let mut dice = Dice::new(seed);
        let helpers = Grower::new(&mut dice).helpers;
        let text = write::rule(&turned, &[], &helpers);
        let (Some(rules), Some(other)) = (loaded(&case.text), loaded(&text)) else { continue };
        let asked = Asked::of(seed);
        let (one, days) = answers(&rules, &case.town, case.on, By::Walk, asked).unwrap();
        let (two, other_days) = answers(&other, &case.town, case.on, By::Walk, asked).unwrap();
        assert_eq!(days, other_days);
        for (serial, answers) in one {
            let turned: Vec<Truth> = two[&serial].iter().rev().copied().collect();
            assert_eq!(answers, turned, "seed {seed}");
        }
    }
}

/// What a ledger may come to say: an offer stands from the day after it was made, is answered on some day, and is gone again.
struct Answered {
    offered: BTreeMap<SubjectKey, NaiveDate>,
    answer: Standing,
    pub(super) on: NaiveDate,
}

impl Standings for Answered {
    fn standing(&self, _: &RuleId, subject: SubjectKey, _: &str) -> Option<Standing> {
        let days = self.on.signed_duration_since(*self.offered.get(&subject)?).num_days();
        match days {
            ..5 => Some(Standing::Pending),
            5..40 => Some(self.answer),
            _ => None,
        }
    }

    fn offered_since(&self, _: &RuleId, _: SubjectKey, _: NaiveDate) -> bool {
        false
    }

    fn opted_out(&self, _: SubjectKey, _: &str) -> bool {
        false
    }
}

/// A condition and something that somebody may have already, grown from dice, each with a day on which it turns.
#[test]
fn what_is_remembered_from_the_days_before_changes_no_outcome() {
    let mut stood: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..n_cases().max(1_000) / 10 {
        let mut dice = Dice::new(seed ^ 0xda75);
        let mut turns = |order| {
            let literal = day(dice.pick(&["2027-01-20", "2027-02-03", "2027-02-10", "2027-02-28"]));
            Test::Days { order, left: Day::On, right: Day::Literal(literal) }
        };
        let (before, from) = (turns(Order::Less), turns(Order::GreaterOrEqual));
        let mut grower = Grower::new(&mut dice);
        let conditions = [grower.line(), before];
        let already = [Test::And(vec![from, grower.line()])];
        let text = write::rule(&conditions, &already, &grower.helpers);
        let town = Town::grow(&mut dice);
        let answer = dice.pick(&[Standing::Pending, Standing::Accepted, Standing::Declined, Standing::Lapsed]);
        let Some(rules) = loaded(&text) else { continue };
        let first = day("2027-01-05");
        let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
        let built = Register::build(town.delivery(&rules.tables().facts, first), first, &mut identities);
        let (register, id) = (Arc::new(built.register), RuleId::new("r"));
        let kept = Evaluator::new(&rules, &register, Mode::Preview);
        let mut ledger = Answered { offered: BTreeMap::new(), answer, on: first };
        let mut before: BTreeMap<SubjectRow, OutcomeCode> = BTreeMap::new();
        // beyond the day on which the round closes, over the end of a month that is a leap day in other years
        for on in first.iter_days().take(60) {
            ledger.on = on;
            let afresh = Evaluator::new(&rules, &register, Mode::Preview);
            let (got, wanted) = (kept.day(&id, on, &ledger), afresh.day(&id, on, &ledger));
            assert_eq!(format!("{got:?}"), format!("{wanted:?}"), "seed {seed}, on {on}\n{text}\n{town:?}");
            let RuleDay::Ran(outcomes) = wanted else { continue };
            for row in 0..outcomes.len() {
                let (subject, code) = (outcomes.subject(row), outcomes.code(row));
                let was = before.insert(subject, code);
                if was == Some(OutcomeCode::Pending) && code != OutcomeCode::Pending {
                    *stood.entry(code.word()).or_insert(0) += 1;
                }
                if code == OutcomeCode::Offered {
                    ledger.offered.insert(register.subject(subject).key(), on);
                }
            }
        }
    }
    for after in ["not_entitled", "has_already", "accepted", "declined", "lapsed"] {
        assert!(stood.contains_key(after), "no offer that stood came to {after}: {stood:?}");
    }
}

#[test]
fn every_mistake_of_an_evaluator_is_noticed() {
    let mut left: Vec<Fault> = Fault::ALL.to_vec();
    for seed in 0..3_000 {
        if left.is_empty() {
            return;
        }
        let case = Case::of(seed);
        let Some(rules) = loaded(&case.text) else { continue };
        let (walked, days) = answers(&rules, &case.town, case.on, By::Walk, Asked::of(seed)).unwrap();
        left.retain(|fault| difference(&case, &walked, &expected(&case, &days, Some(*fault)), false).is_none());
    }
    assert_eq!(left, [], "mistakes that nothing notices");
}
