//! The reference rules by rhai itself: an engine of its own over getters, one call for each person and rule. What is unknown
//! stops the call, as it does in the project's own engine.

use std::sync::Arc;

use chrono::{Datelike, Months, NaiveDate};
use ennakko::core::day::day_of_number;
use rhai::{AST, CallFnOptions, Dynamic, Engine, EvalAltResult, ImmutableString, Position, Scope};

use crate::columns::{Columns, ELSEWHERE, NEVER, NO_YEAR, UNKNOWN_BYTE, UNKNOWN_CODE, UNKNOWN_DAY};

/// The functions of the script.
const RULES: [&str; 3] = ["starts_school", "screening", "not_employed"];

type Got<T> = Result<T, Box<EvalAltResult>>;

#[derive(Clone)]
struct Person {
    columns: Arc<Columns>,
    row: usize,
}

/// The engine with its script.
pub struct Plain {
    engine: Engine,
    script: AST,
    columns: Arc<Columns>,
}

fn unknown<T>() -> Got<T> {
    Err(Box::new(EvalAltResult::ErrorTerminated(Dynamic::UNIT, Position::NONE)))
}

impl Person {
    fn born(&self) -> Got<NaiveDate> {
        match self.columns.born[self.row] {
            UNKNOWN_DAY => unknown(),
            day => Ok(day_of_number(day)),
        }
    }

    fn age_on(&mut self, on: NaiveDate) -> Got<i64> {
        let born = self.born()?;
        let to_come = (on.month(), on.day()) < (born.month(), born.day());
        Ok(i64::from(on.year() - born.year() - i32::from(to_come)))
    }

    fn age_reached_in(&mut self, year: i64) -> Got<i64> {
        Ok(year - i64::from(self.born()?.year()))
    }

    fn lives_in_city(&mut self) -> Got<bool> {
        match self.columns.municipality[self.row] {
            UNKNOWN_CODE => unknown(),
            ELSEWHERE => Ok(false),
            code => Ok(code == self.columns.city),
        }
    }

    fn school_place_year(&mut self) -> Got<Dynamic> {
        match self.columns.place_year[self.row] {
            UNKNOWN_CODE => unknown(),
            NO_YEAR => Ok(Dynamic::UNIT),
            year => Ok(Dynamic::from(i64::from(year))),
        }
    }

    fn screened_on(&mut self) -> Got<Dynamic> {
        match self.columns.screened_on[self.row] {
            UNKNOWN_DAY => unknown(),
            NEVER => Ok(Dynamic::UNIT),
            day => Ok(Dynamic::from(day_of_number(day))),
        }
    }

    fn employed(&mut self) -> Got<bool> {
        match self.columns.employed[self.row] {
            UNKNOWN_BYTE => unknown(),
            code => Ok(code == 1),
        }
    }
}

impl Plain {
    /// The script over columns.
    ///
    /// # Errors
    /// * when the script does not parse
    pub fn new(columns: Arc<Columns>) -> Result<Self, Box<dyn std::error::Error>> {
        let mut engine = Engine::new();
        let [female, male, neither] = ["female", "male", ""].map(ImmutableString::from);
        engine
            .register_type_with_name::<Person>("Person")
            .register_fn("age_on", Person::age_on)
            .register_fn("age_reached_in", Person::age_reached_in)
            .register_get("lives_in_city", Person::lives_in_city)
            .register_get("school_place_year", Person::school_place_year)
            .register_get("screened_on", Person::screened_on)
            .register_get("employed", Person::employed)
            .register_get("sex", move |person: &mut Person| match person.columns.sex[person.row] {
                0 => female.clone(),
                1 => male.clone(),
                _ => neither.clone(),
            })
            .register_type_with_name::<NaiveDate>("Day")
            .register_get("year", |day: &mut NaiveDate| i64::from(day.year()))
            .register_fn("plus_months", |day: NaiveDate, months: i64| -> Got<NaiveDate> {
                let later = u32::try_from(months).ok().and_then(|months| day.checked_add_months(Months::new(months)));
                later.map_or_else(unknown, Ok)
            })
            .register_fn("<=", |left: NaiveDate, right: NaiveDate| left <= right);
        let script = engine.compile(include_str!("plain.rhai"))?;
        Ok(Self { engine, script, columns })
    }

    /// Rows selected by each rule on a day.
    pub fn three(&self, on: NaiveDate) -> [Vec<u32>; 3] {
        let mut scope = Scope::new();
        let mut selected = [const { Vec::new() }; 3];
        for (row, id) in (0..self.columns.len).zip(0..) {
            let person = Person { columns: self.columns.clone(), row };
            for (rule, selected) in RULES.iter().zip(&mut selected) {
                let options = CallFnOptions::new().eval_ast(false);
                let said = self.engine.call_fn_with_options::<bool>(
                    options,
                    &mut scope,
                    &self.script,
                    rule,
                    (person.clone(), on),
                );
                // the only error that the script can end in is something unknown
                if said.unwrap_or(false) {
                    selected.push(id);
                }
            }
        }
        selected
    }
}
