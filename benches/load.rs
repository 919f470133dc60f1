//! Tables of a whole city into a register, from Parquet and from CSV, beside Polars on the same files.
//!
//! `cargo bench -p ennakko-benches --bench load -- [--residents N] [--dir FOLDER] [--polars PYTHON]`; see `README.md`. With
//! `--as-parquet FOLDER` nothing is measured: the tables of a folder that `ennakko sample` wrote become Parquet.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use chrono::NaiveDate;
use ennakko::core::identity::PermanentBuildingId;
use ennakko::core::identity::finnish::Profile;
use ennakko::core::record::Delivery;
use ennakko::sample::{City, table};
use ennakko::sources::Merged;
use ennakko::sources::table::{Format, Mapping, Reading, Table, TableError, TableRead, join, read};
use ennakko::{IdentityTable, KeySecret, Register};
use ennakko_benches::report;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

type Failure = Box<dyn std::error::Error>;

/// Paired rounds, of which medians are printed.
const ROUNDS: usize = 5;

/// Buildings of a city of 680,000; of another size in proportion. The sample has residential ones only.
const BUILDINGS: usize = 100_000;
const OF_RESIDENTS: usize = 680_000;

/// The tables read, as the sample writes them, the first beside all others.
const TABLES: [(&str, Table<'static>); 6] = [
    ("residents", Table::Residents),
    ("custody", Table::Custody),
    ("dwellings", Table::Dwellings),
    ("buildings", Table::Buildings),
    ("owners", Table::Owners),
    ("stairwells", Table::Stairwells),
];

struct Asked {
    residents: u32,
    dir: PathBuf,
    python: Option<String>,
    as_parquet: Option<PathBuf>,
}

fn main() -> Result<(), Failure> {
    let asked = asked()?;
    if let Some(folder) = &asked.as_parquet {
        return folder_as_parquet(folder);
    }
    let day = NaiveDate::from_ymd_opt(2026, 11, 22).ok_or("no such day")?;
    let dir = asked.dir.join(asked.residents.to_string());
    if !dir.join("done").exists() {
        write_files(&dir, asked.residents, day)?;
    }
    for (format, suffix) in [(Format::Parquet, "parquet"), (Format::Csv, "csv")] {
        let mut times: [Vec<f64>; 4] = Default::default();
        let mut n_rows = 0;
        for round in 0..=ROUNDS {
            let (rows, seconds) = load(&dir, format, suffix, day)?;
            let polars = asked.python.as_deref().map(|python| polars(python, &dir, suffix)).transpose()?;
            // the first round warms the files
            if round > 0 {
                n_rows = rows;
                for (times, second) in times.iter_mut().zip(seconds.into_iter().chain(polars)) {
                    times.push(second);
                }
            }
        }
        let [read, joined, built, polars] = times.map(ennakko_benches::median);
        let whole = read + joined + built;
        report(&format!(
            "{suffix}: {} residents, {n_rows} rows, medians of {ROUNDS} rounds\n  read {read:.2} s, join {joined:.2} s, \
             Register::build {built:.2} s: {whole:.2} s, {:.0} rows/s",
            asked.residents,
            f64::from(n_rows) / whole,
        ));
        if asked.python.is_some() {
            report(&format!(
                "  Polars, the same files and joins: {polars:.2} s; ratio of records {:.1}, of the register {:.1}",
                (read + joined) / polars,
                whole / polars
            ));
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark is told on the command line what to measure")]
fn asked() -> Result<Asked, Failure> {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("load");
    let mut asked = Asked { residents: 680_000, dir, python: None, as_parquet: None };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} wants a value"));
        match argument.as_str() {
            "--residents" => asked.residents = value()?.parse()?,
            "--dir" => asked.dir = value()?.into(),
            "--polars" => asked.python = Some(value()?),
            "--as-parquet" => asked.as_parquet = Some(value()?.into()),
            // what cargo says to every benchmark
            "--bench" => {}
            _ => return Err(format!("nothing is called {argument}").into()),
        }
    }
    Ok(asked)
}

/// Rows read, and seconds for reading, joining and building.
#[expect(clippy::disallowed_methods, reason = "a benchmark opens the files it measures and reads the clock")]
fn load(dir: &Path, format: Format, suffix: &str, day: NaiveDate) -> Result<(u32, [f64; 3]), Failure> {
    let mapping = Mapping::none();
    let reading = Reading { format, mapping: &mapping, profile: Profile::SAMPLE };
    let read_one = |(name, table): (&str, Table<'_>)| -> Result<(String, TableRead), TableError> {
        let file = File::open(dir.join(format!("{name}.{suffix}"))).map_err(TableError::Io)?;
        Ok((name.to_owned(), read(table, file, &reading)?))
    };
    let begun = Instant::now();
    let [residents, others @ ..] = TABLES;
    let reads = std::thread::scope(|scope| {
        let others = scope.spawn(|| others.into_iter().map(read_one).collect::<Result<Vec<_>, _>>());
        let residents = read_one(residents)?;
        let others = others.join().map_err(|_| TableError::Broken { after: 0 })??;
        Ok::<_, TableError>(std::iter::once(residents).chain(others).collect::<Vec<_>>())
    })?;
    let read_in = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let loads = join(reads);
    let n_rows = u32::try_from(loads.iter().map(|(_, loaded)| loaded.read).sum::<usize>())?;
    if loads.iter().any(|(_, loaded)| loaded.used != loaded.read) {
        return Err("a row of the sample was set aside".into());
    }
    let merged = Merged::of(loads);
    let joined_in = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
    let built = Register::build(merged.delivery, day, &mut identities);
    let built_in = begun.elapsed().as_secs_f64();
    drop(built);
    Ok((n_rows, [read_in, joined_in, built_in]))
}

/// Seconds of the same by Polars.
fn polars(python: &str, dir: &Path, suffix: &str) -> Result<f64, Failure> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/polars_load.py");
    let output = Command::new(python).arg(script).arg(dir).arg(suffix).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// The sample's tables as CSV, and the same as Parquet: columns of text, nulls for empty cells.
#[expect(clippy::disallowed_methods, reason = "a benchmark writes the files it measures")]
fn write_files(dir: &Path, residents: u32, day: NaiveDate) -> Result<(), Failure> {
    std::fs::create_dir_all(dir)?;
    let city = City::plan(residents, 1)?;
    let mut files = Vec::new();
    for (name, head) in table::TABLES {
        let mut file = BufWriter::new(File::create(dir.join(name))?);
        writeln!(file, "{head}")?;
        files.push(file);
    }
    let mut add = |block: &Delivery| {
        files.iter_mut().zip(table::rows(block)).try_for_each(|(file, rows)| file.write_all(rows.as_bytes()))
    };
    let mut last = None;
    let mut n_buildings = 0;
    for block in city.on(day).blocks() {
        add(&block)?;
        n_buildings += block.buildings.len();
        last = block.buildings.into_iter().last().or(last);
    }
    // warehouses, schools and sheds: as the last building, under ids that the sample does not give
    let wanted = BUILDINGS * usize::try_from(residents)? / OF_RESIDENTS;
    for number in n_buildings..wanted {
        let Some(mut building) = last.clone() else { break };
        building.id = PermanentBuildingId::artificial(90_000_000 + u32::try_from(number)?)?;
        building.owners.clear();
        building.stairwells.clear();
        add(&Delivery { buildings: vec![building], ..Delivery::default() })?;
    }
    files.iter_mut().try_for_each(Write::flush)?;
    for (name, _) in table::TABLES {
        as_parquet(&dir.join(name))?;
    }
    File::create(dir.join("done"))?;
    Ok(())
}

/// Every table of a folder as Parquet in place of CSV, and named so in its `register.toml`.
#[expect(clippy::disallowed_methods, reason = "a benchmark writes the files it measures")]
fn folder_as_parquet(folder: &Path) -> Result<(), Failure> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            as_parquet(&path)?;
            std::fs::remove_file(&path)?;
        }
    }
    let plan = folder.join("register.toml");
    let text = std::fs::read_to_string(&plan)?;
    std::fs::write(&plan, text.replace(".csv\"", ".parquet\""))?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark writes the files it measures")]
fn as_parquet(path: &Path) -> Result<(), Failure> {
    let mut reader = csv::Reader::from_path(path)?;
    let head: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let rows = reader.records().collect::<Result<Vec<_>, _>>()?;
    let columns = head.iter().enumerate().map(|(at, name)| {
        let cells: StringArray = rows.iter().map(|row| row.get(at).filter(|cell| !cell.is_empty())).collect();
        (name.as_str(), Arc::new(cells) as ArrayRef, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns)?;
    let settings = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let file = File::create(path.with_extension("parquet"))?;
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(settings))?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(())
}
