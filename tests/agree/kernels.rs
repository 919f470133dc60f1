//! Kernels against walk: line by line, on the day and on the days for which a line is said to stay as it is, and day by day
//! through the ordered table.
//!
//! More of them: `ENNAKKO_LANGUAGE_CASES=10000000 cargo test --release -p ennakko-tests --test agree kernels`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use ennakko::core::outcome::Standing;
use ennakko::core::register::{Built, SubjectRow};
use ennakko::core::{OutcomeCode, RuleId, SubjectKey, Truth};
use ennakko::rules::evaluate::plan::plans;
use ennakko::rules::evaluate::{By, LineTruths, NothingYet, Standings};
use ennakko::rules::outcomes::RuleDay;
use ennakko::rules::{Evaluator, Mode, Outcomes, RuleSet};
use ennakko::{IdentityTable, KeySecret, Register};
use ennakko_tests::day;
use ennakko_tests::language::Dice;

use super::language::{Case, loaded, n_cases};

fn built(rules: &RuleSet, case: &Case) -> Arc<Register> {
    let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
    let first = day("2027-01-05");
    let Built { register, .. } =
        Register::build(case.town.delivery(&rules.tables().facts, first), first, &mut identities);
    Arc::new(register)
}

fn lines(rules: &RuleSet, register: &Arc<Register>, by: By, on: NaiveDate, to: NaiveDate) -> Option<LineTruths> {
    let evaluator = Evaluator::new(rules, register, Mode::Preview).by(by);
    // a row of a table that has ended stops both
    evaluator.lines(&RuleId::new("r"), on, to).ok().flatten()
}

#[test]
fn every_line_is_what_walk_says_and_stays_as_long_as_kernels_say() {
    let (mut n_lines, mut n_by_row, mut n_asked) = (0, 0, 0);
    let (mut n_stays, mut n_moves) = (0_usize, 0_usize);
    let mut by_truth: BTreeMap<Truth, usize> = BTreeMap::new();
    for seed in 0..n_cases() {
        let case = Case::of(seed);
        let Some(rules) = loaded(&case.text) else { continue };
        let register = built(&rules, &case);
        let mut dice = Dice::new(seed ^ 0x0c01);
        let to = case.on + Days::new(u64::try_from(dice.pick(&[1, 2, 30, 90, 400, 1_100])).unwrap());
        let kernels = lines(&rules, &register, By::Kernels, case.on, to);
        let walked = lines(&rules, &register, By::Walk, case.on, to);
        let (kernels, walked) = match (kernels, walked) {
            (Some(kernels), Some(walked)) => (kernels, walked),
            (kernels, walked) => {
                assert_eq!(kernels.is_some(), walked.is_some(), "seed {seed}\n{}", case.text);
                continue;
            }
        };
        assert_eq!(kernels.truths, walked.truths, "seed {seed}, on {}\n{}\n{:?}", case.on, case.text, case.town);
        assert!(kernels.until <= to);
        n_lines += kernels.truths.len();
        n_by_row += kernels.by_row.iter().filter(|pieces| **pieces > 0).count();
        n_asked += kernels.n_asked;
        for truth in kernels.truths.iter().flatten() {
            *by_truth.entry(*truth).or_insert(0) += 1;
        }
        n_stays += kernels.stays.iter().flatten().filter(|stays| **stays).count();
        n_moves += kernels.stays.iter().flatten().filter(|stays| !**stays).count();
        let last = kernels.until.pred_opt().unwrap();
        let others = (0..6).map(|_| dice.between(0, kernels.until.signed_duration_since(case.on).num_days() - 1));
        let later: Vec<NaiveDate> = others.map(|days| case.on + Days::new(u64::try_from(days).unwrap())).collect();
        for on in later.into_iter().chain([last]) {
            let Some(walked) = lines(&rules, &register, By::Walk, on, to) else { continue };
            for (at, (now, later)) in kernels.truths.iter().zip(&walked.truths).enumerate() {
                for (subject, (now, later)) in now.iter().zip(later).enumerate() {
                    assert!(
                        now == later || !kernels.stays[at][subject],
                        "seed {seed}: line {at} of subject {subject} is said to stay {now:?} from {} to {}, and is {later:?} on {on}\n{}\n{:?}",
                        case.on,
                        kernels.until,
                        case.text,
                        case.town
                    );
                }
            }
        }
    }
    println!(
        "{n_lines} lines, {n_by_row} of them in part row by row; {n_asked} answers of walk alone, {n_stays} stay, {n_moves} may not, {by_truth:?}"
    );
    assert!(n_by_row * 20 <= n_lines, "{n_by_row} of {n_lines} lines are not for kernels alone");
    assert!(n_asked * 100 <= n_stays + n_moves, "walk is asked for {n_asked} of {} answers", n_stays + n_moves);
    assert!(by_truth.len() == 3 && n_stays > n_moves && n_moves > 0);
}

/// Of whom walk says that every condition holds, and that it cannot be told; `None` where the rule does not run.
fn whom_by_walk(rules: &RuleSet, register: &Arc<Register>, on: NaiveDate) -> Option<Whom> {
    let evaluator = Evaluator::new(rules, register, Mode::Preview).by(By::Walk);
    let lines = match evaluator.lines(&RuleId::new("r"), on, on.succ_opt().unwrap()) {
        Ok(Some(lines)) => lines,
        Ok(None) => return Some((Vec::new(), Vec::new())),
        Err(_) => return None,
    };
    let conditions: Vec<&Vec<Truth>> = lines.truths.iter().take(N_CONDITIONS).collect();
    let (mut yes, mut unknown) = (Vec::new(), Vec::new());
    for (at, subject) in lines.subjects.iter().enumerate() {
        match Truth::all(conditions.iter().map(|truths| truths[at])) {
            Truth::Yes => yes.push(*subject),
            Truth::Unknown => unknown.push(*subject),
            Truth::No => {}
        }
    }
    Some((yes, unknown))
}

type Whom = (Vec<SubjectRow>, Vec<SubjectRow>);

/// Conditions of a case of one line.
const N_CONDITIONS: usize = 1;

#[test]
fn whom_a_rule_selects_over_a_period_are_those_of_every_day() {
    let (mut n_days, mut n_walked, mut n_stretches, mut n_turned) = (0, 0, 0, 0);
    for seed in 0..n_cases().max(2_000) / 10 {
        let case = Case::of_lines(seed ^ 0x5e11, N_CONDITIONS);
        let Some(rules) = loaded(&case.text) else { continue };
        let register = built(&rules, &case);
        let (id, mut dice) = (RuleId::new("r"), Dice::new(seed));
        // New Year, the end of a round, a leap day, three years
        let from = day(dice.pick(&["2026-12-28", "2027-01-05", "2027-05-20", "2027-12-30", "2028-02-27"]));
        let to = from + Days::new(u64::try_from(dice.pick(&[1, 2, 30, 90, 400, 1_100])).unwrap());
        let evaluator = Evaluator::new(&rules, &register, Mode::Preview);
        let over = evaluator.whom_over(&id, (from, to));
        n_stretches += over.yes.len() + over.unknown.len();
        n_turned += over.yes.in_part.len();
        for on in from.iter_days().take_while(|on| *on < to) {
            n_days += 1;
            let found = match over.not_run.iter().find(|(day, _)| *day == on) {
                Some((_, reason)) => Err(reason.clone()),
                None => Ok((over.yes.on(on), over.unknown.on(on))),
            };
            let of_day = evaluator.whom(&id, on).map(|whom| (whom.yes.subjects(), whom.unknown.subjects()));
            assert_eq!(found, of_day, "seed {seed}, {on} of {from} to {to}\n{}\n{:?}", case.text, case.town);
            if on == from || on.succ_opt() == Some(to) || dice.between(0, 7) == 0 {
                let Some(walked) = whom_by_walk(&rules, &register, on) else { continue };
                n_walked += 1;
                assert_eq!(found, Ok(walked), "seed {seed}, {on} of {from} to {to}\n{}\n{:?}", case.text, case.town);
            }
        }
    }
    println!("{n_stretches} stretches of which {n_turned} turn; {n_days} days, {n_walked} of them by walk");
    assert!(n_stretches > 100 && n_turned > 50 && n_walked > 100);
}

#[test]
fn every_line_of_the_rules_is_for_kernels_alone() {
    let path = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/helsinki"));
    let (rules, _) = RuleSet::load(&ennakko::folder::read(path).unwrap()).unwrap();
    let mut n_parts = 0;
    for plan in plans(&rules) {
        for part in &plan.parts {
            assert!(part.by_row.is_empty() && !part.by_day, "{}: {part:?}", plan.version);
            n_parts += 1;
        }
    }
    assert!(n_parts > 100, "{n_parts} parts");
}

#[test]
fn every_outcome_is_the_same_by_kernels_and_by_walk() {
    let mut n_rows = 0;
    for seed in 0..n_cases().max(1_000) / 10 {
        let case = Case::of(seed ^ 0x00d7);
        let Some(rules) = loaded(&case.text) else { continue };
        let register = built(&rules, &case);
        let id = RuleId::new("r");
        let kernels = Evaluator::new(&rules, &register, Mode::Preview);
        let walk = Evaluator::new(&rules, &register, Mode::Preview).by(By::Walk);
        let mut dice = Dice::new(seed);
        let mut on = day("2027-01-05");
        while on < day("2028-04-01") {
            let (one, two) = (kernels.day(&id, on, &NothingYet), walk.day(&id, on, &NothingYet));
            assert_eq!(format!("{one:?}"), format!("{two:?}"), "seed {seed}, on {on}\n{}\n{:?}", case.text, case.town);
            let cohorts = [&kernels, &walk].map(|evaluator| evaluator.cohort_on(&id, on));
            assert_eq!(cohorts[0], cohorts[1], "seed {seed}, on {on}");
            n_rows += cohorts[0].as_ref().map_or(0, Vec::len);
            on = on + Days::new(u64::try_from(dice.pick(&[1, 1, 1, 3, 27, 60])).unwrap());
        }
    }
    assert!(n_rows > 1_000, "{n_rows} rows");
}

/// A preview's ledger: what was offered is pending from the day after.
#[derive(Default)]
struct Offered(BTreeSet<SubjectKey>);

impl Standings for Offered {
    fn standing(&self, _: &RuleId, subject: SubjectKey, _: &str) -> Option<Standing> {
        self.0.contains(&subject).then_some(Standing::Pending)
    }

    fn offered_since(&self, _: &RuleId, _: SubjectKey, _: NaiveDate) -> bool {
        false
    }

    fn opted_out(&self, _: SubjectKey, _: &str) -> bool {
        false
    }
}

/// What each row says, in full.
fn rows(rules: &RuleSet, outcomes: &Outcomes) -> BTreeMap<SubjectRow, String> {
    let versions = rules.versions(&RuleId::new("r"));
    let of_row =
        |row| (outcomes.subject(row), format!("{:?} {:?}", outcomes.occasion(row), outcomes.outcome(row, versions)));
    (0..outcomes.len()).map(of_row).collect()
}

#[test]
fn whoever_is_not_looked_at_again_has_the_outcome_of_the_day_before() {
    let (mut n_looked_at, mut n_days_by_rows) = (0, 0);
    for seed in 0..n_cases().max(1_000) / 10 {
        // of a rule of many lines some line is another one almost every day
        let case = Case::of_lines(seed ^ 0x0a9e, 1);
        let Some(rules) = loaded(&case.text) else { continue };
        let register = built(&rules, &case);
        let id = RuleId::new("r");
        let kernels = Evaluator::new(&rules, &register, Mode::Preview);
        let walk = Evaluator::new(&rules, &register, Mode::Preview).by(By::Walk);
        let mut offered = Offered::default();
        let mut stand: BTreeMap<SubjectRow, String> = BTreeMap::new();
        for on in day("2027-01-05").iter_days().take(400) {
            let whole = match (kernels.changes(&id, on, &offered), walk.day(&id, on, &offered)) {
                (Ok(changes), RuleDay::Ran(whole)) => {
                    if changes.everybody {
                        stand.clear();
                    }
                    changes.outside.iter().for_each(|subject| drop(stand.remove(subject)));
                    n_looked_at += changes.outcomes.len();
                    stand.extend(rows(&rules, &changes.outcomes));
                    whole
                }
                (Err(one), RuleDay::NotRun(two)) => {
                    assert_eq!(one, two, "seed {seed}, on {on}");
                    continue;
                }
                (one, two) => panic!("seed {seed}, on {on}: {one:?}, not {two:?}\n{}", case.text),
            };
            n_days_by_rows += whole.len();
            // with no round at issue nobody has an outcome, and nobody is looked at
            if !whole.is_empty() {
                assert_eq!(stand, rows(&rules, &whole), "seed {seed}, on {on}\n{}\n{:?}", case.text, case.town);
            }
            for row in (0..whole.len()).filter(|row| whole.code(*row) == OutcomeCode::Offered) {
                offered.0.insert(register.subject(whole.subject(row)).key());
            }
        }
    }
    assert!(n_looked_at * 2 < n_days_by_rows, "{n_looked_at} of {n_days_by_rows} were looked at");
}
