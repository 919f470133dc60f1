//! One day of the school rule by walk and by the interpreter, against the same rule written by hand over the register's
//! views.
//!
//! `cargo bench -p ennakko-benches --bench day`

use chrono::NaiveDate;
use ennakko::core::{Fact, OutcomeCode, PartialDate, RuleId, Value};
use ennakko::rules::evaluate::NothingYet;
use ennakko::rules::outcomes::RuleDay;
use ennakko::rules::{By, Evaluator, Mode};
use ennakko_benches::{report, town};

const N_RESIDENTS: usize = 20_000;
const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rules = town::rules(&town::rules_of_helsinki()?)?;
    let day = NaiveDate::from_ymd_opt(2027, 1, 8).ok_or("no such day")?;
    let register = ennakko_benches::register(N_RESIDENTS, rules.set().tables(), day);
    let school = RuleId::new("school_place");

    let offered = |by| {
        let evaluator = Evaluator::new(rules.set(), &register, Mode::Preview).by(by);
        match evaluator.day(&school, day, &NothingYet) {
            RuleDay::Ran(outcomes) => {
                (0..outcomes.len()).filter(|row| outcomes.code(*row) == OutcomeCode::Offered).count()
            }
            RuleDay::NotRun(_) => usize::MAX,
        }
    };
    let deferred = register.fact_named(ennakko::core::fact_table::SubjectKind::Resident, "start_deferred");
    let city = rules.city().code.clone();
    let by_hand = || {
        register
            .residents()
            .filter(|resident| resident.born().known().and_then(PartialDate::year) == Some(2020))
            .filter(|resident| resident.lives_in(&city) == Fact::Known(true))
            .filter(|resident| deferred.is_some_and(|fact| resident.fact(fact, day) == Fact::Known(Value::Bool(false))))
            .count()
    };
    report(&format!("{N_RESIDENTS} residents, one rule, one day, medians of {ROUNDS} paired rounds"));
    for (name, by) in [("walk", By::Walk), ("interpreter", By::Interpreter)] {
        assert_eq!(offered(by), by_hand(), "both must offer to the same number");
        let (by_rule, written) = ennakko_benches::paired(ROUNDS, || offered(by), by_hand);
        report(&format!(
            "{name} {:.1} ms, by hand {:.3} ms, ratio {:.0}",
            by_rule * 1e3,
            written * 1e3,
            by_rule / written
        ));
    }
    Ok(())
}
