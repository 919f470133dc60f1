//! Tables of a warehouse: CSV, JSON Lines and Parquet. The first byte says which table a file is, and how it is mapped.

use std::sync::{Once, OnceLock};

use ennakko::core::fact_table::{FactDeclaration, FactType, SubjectKind};
use ennakko::core::identity::finnish::Profile;
use ennakko::sources::table::{Format, Mapping, Reading, Table, TableError, TableName, copy_rows, join, read};

use crate::{day, whole};

/// What a city may say of its columns, besides nothing at all.
const MAPPED: &str = r#"
version = 1
dates = ["yyyy-mm-dd", "yyyymmdd", "d.m.yyyy"]
[csv]
delimiter = ";"
encoding = "iso-8859-1"
[residents.columns]
code = "HETU"
[residents.none]
dwelling = ["", "0"]
[residents.unknown]
protected = ""
[residents.values.protected]
1 = true
0 = false
[residents.digits]
municipality = 3
[residents.always]
custodians = "whole"
[facts.unknown]
year = "?"
"#;

fn mappings() -> &'static [Mapping; 2] {
    static MAPPINGS: OnceLock<[Mapping; 2]> = OnceLock::new();
    MAPPINGS.get_or_init(|| {
        let mapped = Mapping::parse("mapping.toml", MAPPED).unwrap_or_else(|found| panic!("{}", found[0]));
        [Mapping::none(), mapped]
    })
}

fn declared() -> [FactDeclaration; 2] {
    let plain = |name, fact_type| FactDeclaration::plain(SubjectKind::Resident, name, fact_type);
    [plain("year", FactType::Int), plain("seen", FactType::Day)]
}

fn table(bytes: &[u8], format: Format) {
    let Some((which, file)) = bytes.split_first() else { return };
    let n_tables = TableName::ALL.len();
    let name = TableName::ALL[usize::from(*which) % n_tables];
    let mapping = &mappings()[usize::from(*which) / n_tables % 2];
    let declared = declared();
    let table = Table::named(name, &declared, day());
    let reading = Reading { format, mapping, profile: Profile::SAMPLE };
    let Ok(made) = read(table, file, &reading) else { return };
    let Some((_, loaded)) = join(vec![("file".to_owned(), made)]).pop() else { return };
    let n_read = loaded.read;
    let aside = whole(loaded);
    assert!(aside.iter().all(|position| (1..=n_read as u64).contains(position)));
    // rows set aside are a file again, of as many rows
    let mut copied = Vec::new();
    match copy_rows(file, format, mapping, &aside, &mut copied) {
        Ok(left_out) if left_out.is_empty() => {}
        // damaged, and nothing reads it
        Ok(_) => return,
        Err(TableError::Broken { .. }) if format == Format::Parquet => return,
        Err(error) => panic!("{error}"),
    }
    let again = read(table, &copied[..], &reading).unwrap_or_else(|error| panic!("{error}"));
    let (_, again) = join(vec![("file".to_owned(), again)]).pop().unwrap();
    assert_eq!(again.read, aside.len(), "rows set aside are lost on the way to their file");
}

/// Comma-separated values.
pub fn csv(bytes: &[u8]) {
    table(bytes, Format::Csv);
}

/// An object a line.
pub fn json_lines(bytes: &[u8]) {
    table(bytes, Format::JsonLines);
}

/// Parquet. A panic within its reader is an error of the file, and no finding of ours.
pub fn parquet(bytes: &[u8]) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let is_of = |name| panic.location().is_some_and(|at| at.file().contains(name));
            if !is_of("/parquet-") && !is_of("/arrow-") {
                before(panic);
            }
        }));
    });
    table(bytes, Format::Parquet);
}
