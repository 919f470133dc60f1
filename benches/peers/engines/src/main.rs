//! The reference rules of `evaluate.rs` by engines that are crates, one person at a time, on one thread; a line for each rule.
//!
//! `engines residents.csv YEAR CITY SEVEN.. WOMEN.. LONG_AGO YOUNG..` with days as numbers since 1970-01-01, ranges as two
//! numbers, the second excluded. Ages are ranges of birth days here, so that no engine computes a date. People are turned into
//! what an engine reads before anything is timed. What is unknown is a number that no comparison accepts.

use std::error::Error;
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use cel::common::types::CelInt;
use cel::common::value::CowVal;
use cel::context::VariableResolver;
use cel::{Context, Program, Value};
use rust_decimal::Decimal;
use zen_expression::variable::{Symbol, VariableMap};
use zen_expression::vm::VM;
use zen_expression::{Variable, compile_expression};

const ROUNDS: usize = 3;
const NAMES: [&str; 6] = ["born", "sex", "municipality", "place_year", "screened_on", "employed"];
const UNKNOWN: [i64; 6] = [i32::MIN as i64, -1, -1, -1, i32::MIN as i64, -1];

struct Person {
    row: u64,
    cells: [i64; 6],
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (path, numbers) = arguments.split_first().ok_or("which file?")?;
    let numbers: Vec<i64> = numbers.iter().map(|number| number.parse()).collect::<Result<_, _>>()?;
    let [year, city, seven, eight, woman, too_old, long_ago, young, grown] = numbers[..] else {
        return Err("nine numbers, please".into());
    };
    let people: Vec<Person> = std::fs::read_to_string(path)?.lines().skip(1).map(person).collect::<Result<_, _>>()?;
    let rules = [
        (
            "starts_school",
            format!(
                "born >= {seven} && born < {eight} && municipality == {city} && place_year != {year} && place_year != -1"
            ),
        ),
        (
            "screening",
            format!(
                "sex == 0 && born >= {woman} && born < {too_old} && screened_on < {long_ago} && screened_on != {}",
                UNKNOWN[4]
            ),
        ),
        ("not_employed", format!("born >= {young} && born < {grown} && municipality == {city} && employed == 0")),
    ];
    by_zen(&people, &rules)?;
    by_cel(people, &rules)
}

fn person(line: &str) -> Result<Person, Box<dyn Error>> {
    let mut parts = line.split(',');
    let row = parts.next().ok_or("no row")?.parse()?;
    let mut cells = UNKNOWN;
    for (cell, part) in cells.iter_mut().zip(parts) {
        if !part.is_empty() {
            *cell = part.parse()?;
        }
    }
    Ok(Person { row, cells })
}

fn by_zen(people: &[Person], rules: &[(&str, String)]) -> Result<(), Box<dyn Error>> {
    let contexts: Vec<Variable> = people
        .iter()
        .map(|person| {
            let mut map = VariableMap::with_capacity(NAMES.len());
            for (name, cell) in NAMES.iter().zip(person.cells) {
                map.insert(Symbol::from(*name), Variable::Number(Decimal::from(cell)));
            }
            Variable::from_object(map)
        })
        .collect();
    for (rule, text) in rules {
        let expression = compile_expression(&text.replace("&&", "and")).map_err(|error| format!("{error:?}"))?;
        let mut vm = VM::new();
        measured("zen-expression 2.1.6, lowered", rule, people, |at| {
            matches!(expression.evaluate_with(contexts[at].clone(), &mut vm), Ok(Variable::Bool(true)))
        });
    }
    Ok(())
}

/// The person who is asked about; engines get values from here without a copy.
struct Asked {
    people: Vec<[CelInt; 6]>,
    at: AtomicUsize,
}

impl VariableResolver for Asked {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        let column = NAMES.iter().position(|known| *known == name)?;
        Some(CowVal::Borrowed(&self.people[self.at.load(Ordering::Relaxed)][column]))
    }
}

fn by_cel(people: Vec<Person>, rules: &[(&str, String)]) -> Result<(), Box<dyn Error>> {
    let cells = people.iter().map(|person| person.cells.map(CelInt::from)).collect();
    let asked = Asked { people: cells, at: AtomicUsize::new(0) };
    let mut context = Context::default();
    context.set_variable_resolver(&asked);
    for (rule, text) in rules {
        let program = Program::compile(text)?;
        measured("cel 0.15.0, lowered", rule, &people, |at| {
            asked.at.store(at, Ordering::Relaxed);
            matches!(program.execute(&context), Ok(Value::Bool(true)))
        });
    }
    Ok(())
}

/// Evaluates a rule of everybody, a few rounds after one to warm up, and prints the median.
fn measured(engine: &str, rule: &str, people: &[Person], mut holds: impl FnMut(usize) -> bool) {
    let (mut n_selected, mut sum_of_rows) = (0_u64, 0_u64);
    let mut seconds = Vec::new();
    for _ in 0..=ROUNDS {
        (n_selected, sum_of_rows) = (0, 0);
        let begun = Instant::now();
        for (at, person) in people.iter().enumerate() {
            if black_box(holds(at)) {
                n_selected += 1;
                sum_of_rows += person.row;
            }
        }
        seconds.push(begun.elapsed().as_secs_f64());
    }
    seconds.remove(0);
    seconds.sort_by(f64::total_cmp);
    let ns = seconds[seconds.len() / 2] * 1e9 / people.len() as f64;
    println!("{engine}\t{rule}\t{ns}\t{n_selected}\t{sum_of_rows}");
}
