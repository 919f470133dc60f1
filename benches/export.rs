//! The same people for other engines, as files, and what those engines answer.
//!
//! Three states fit what other engines know: *unknown* is a null, so that no comparison with it holds; *none* is a value of
//! its own, `NO_YEAR` or the first day of 1800.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Date32Array, Int8Array, Int16Array, RecordBatch, UInt32Array};
use ennakko::core::day::{FIRST_DAY, day_number};
use parquet::arrow::ArrowWriter;

use crate::columns::{Columns, NEVER, UNKNOWN_BYTE, UNKNOWN_CODE, UNKNOWN_DAY};

type Failure = Box<dyn std::error::Error>;

/// What an engine said of one rule.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its name and version.
    pub engine: String,
    /// The rule.
    pub rule: String,
    /// Nanoseconds for each resident.
    pub ns: f64,
    /// How many are selected.
    pub n_selected: u64,
    /// The sum of their rows.
    pub sum_of_rows: u64,
}

/// One person's cells, in the order of the file's columns.
struct Cells {
    row: u32,
    born: Option<i32>,
    sex: Option<i8>,
    municipality: Option<i16>,
    place_year: Option<i16>,
    screened_on: Option<i32>,
    employed: Option<bool>,
}

fn cells(columns: &Columns) -> impl Iterator<Item = Cells> {
    let day = |day: i32| match day {
        UNKNOWN_DAY => None,
        NEVER => Some(day_number(FIRST_DAY)),
        day => Some(day),
    };
    let code = |code: u16| (code != UNKNOWN_CODE).then(|| i16::try_from(code).unwrap_or(i16::MAX));
    columns.residents.iter().map(move |row| {
        let at = *row as usize;
        Cells {
            row: *row,
            born: day(columns.born[at]),
            sex: (columns.sex[at] != UNKNOWN_BYTE).then(|| columns.sex[at].cast_signed()),
            municipality: code(columns.municipality[at]),
            place_year: code(columns.place_year[at]),
            screened_on: day(columns.screened_on[at]),
            employed: (columns.employed[at] != UNKNOWN_BYTE).then_some(columns.employed[at] == 1),
        }
    })
}

/// Writes `residents.parquet`, with days as days, and `residents.csv`, with days as numbers since 1970-01-01.
///
/// # Errors
/// * when a file cannot be written
#[expect(clippy::disallowed_methods, reason = "a benchmark writes the files that its peers read")]
pub fn write(columns: &Columns, folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)?;
    let people: Vec<Cells> = cells(columns).collect();
    let arrays: [(&str, ArrayRef); 7] = [
        ("row", Arc::new(people.iter().map(|cells| Some(cells.row)).collect::<UInt32Array>())),
        ("born", Arc::new(people.iter().map(|cells| cells.born).collect::<Date32Array>())),
        ("sex", Arc::new(people.iter().map(|cells| cells.sex).collect::<Int8Array>())),
        ("municipality", Arc::new(people.iter().map(|cells| cells.municipality).collect::<Int16Array>())),
        ("place_year", Arc::new(people.iter().map(|cells| cells.place_year).collect::<Int16Array>())),
        ("screened_on", Arc::new(people.iter().map(|cells| cells.screened_on).collect::<Date32Array>())),
        ("employed", Arc::new(people.iter().map(|cells| cells.employed).collect::<BooleanArray>())),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(arrays.map(|(name, cells)| (name, cells, name != "row")))?;
    let mut writer = ArrowWriter::try_new(File::create(folder.join("residents.parquet"))?, batch.schema(), None)?;
    writer.write(&batch)?;
    writer.close()?;
    let mut file = BufWriter::new(File::create(folder.join("residents.csv"))?);
    writeln!(file, "row,born,sex,municipality,place_year,screened_on,employed")?;
    for cells in people {
        let Cells { row, born, sex, municipality, place_year, screened_on, employed } = cells;
        let numbers = [born, sex.map(i32::from), municipality.map(i32::from), place_year.map(i32::from), screened_on];
        write!(file, "{row}")?;
        for number in numbers.into_iter().chain([employed.map(i32::from)]) {
            match number {
                Some(number) => write!(file, ",{number}")?,
                None => write!(file, ",")?,
            }
        }
        writeln!(file)?;
    }
    file.flush()?;
    Ok(())
}

/// Runs an engine. It prints a line for each rule: its name and version, the rule, nanoseconds for each resident, how many
/// are selected, the sum of their rows; a tab between each.
///
/// # Errors
/// * what the engine wrote, when it failed or answered in another form
pub fn ask(command: &mut Command) -> Result<Vec<Answer>, Failure> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let text = String::from_utf8(output.stdout)?;
    let answer = |line: &str| -> Result<Answer, Failure> {
        let parts: Vec<&str> = line.split('\t').collect();
        let [engine, rule, ns, n_selected, sum_of_rows] = parts[..] else {
            return Err(format!("not an answer: {line}").into());
        };
        Ok(Answer {
            engine: engine.to_owned(),
            rule: rule.to_owned(),
            ns: ns.parse()?,
            n_selected: n_selected.parse()?,
            sum_of_rows: sum_of_rows.parse()?,
        })
    };
    text.lines().map(answer).collect()
}
