//! Parquet: types of columns, nulls, dictionaries, and files that break off.

use std::collections::BTreeSet;
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::file::properties::WriterProperties;
use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int32Array, Int64Array,
    LargeStringArray, RecordBatch, StringArray, StringViewArray, TimestampMicrosecondArray, UInt64Array,
    types::Int32Type,
};
use ennakko_core::{Fact, PartialDate};
use proptest::prelude::*;

use super::*;

/// A file of some columns, in small row groups.
pub(super) fn written(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    compressed(columns, Compression::SNAPPY)
}

fn compressed(columns: Vec<(&str, ArrayRef)>, compression: Compression) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)));
    let batch = batch.unwrap();
    let settings =
        WriterProperties::builder().set_compression(compression).set_max_row_group_row_count(Some(1_000)).build();
    let mut file = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), Some(settings)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    file
}

fn residents(map: &str, file: &[u8]) -> Result<Loaded, TableError> {
    read_as(Table::Residents, Format::Parquet, &mapping(map), file).map(|read| read.made.loaded)
}

fn codes(n: usize) -> ArrayRef {
    Arc::new(StringArray::from(vec!["100190-999P"; n]))
}

#[test]
fn texts_of_every_width_are_texts() {
    let check = |given: ArrayRef| {
        let loaded = residents(RESIDENTS, &written(vec![("code", codes(3)), ("given", given)])).unwrap();
        let names: Vec<Option<&str>> = loaded
            .delivery
            .residents
            .iter()
            .map(|record| record.names.as_ref().map(|names| names.given.as_str()))
            .collect();
        assert_eq!(names, [Some("Väinö"), None, Some("A")]);
    };
    let texts = [Some("Väinö"), None, Some("A")];
    check(Arc::new(StringArray::from(texts.to_vec())));
    check(Arc::new(LargeStringArray::from(texts.to_vec())));
    check(Arc::new(StringViewArray::from(texts.to_vec())));
    check(Arc::new(texts.into_iter().collect::<DictionaryArray<Int32Type>>()));
}

#[test]
fn numbers_days_and_flags_of_their_own_types() {
    let map = residents_but(&["born", "municipality", "dead"]) + "[residents.digits]\nmunicipality = 3\n";
    let file = written(vec![
        ("code", codes(2)),
        ("born", Arc::new(Date32Array::from(vec![Some(18_414), None]))),
        ("municipality", Arc::new(Int64Array::from(vec![Some(91), Some(5)]))),
        ("dead", Arc::new(BooleanArray::from(vec![Some(false), None]))),
        ("since", Arc::new(TimestampMicrosecondArray::from(vec![Some(18_414 * 86_400_000_000), Some(1)]))),
    ]);
    let loaded = residents(&map, &file).unwrap();
    assert_eq!(
        told(&loaded),
        [
            "record 2, `dead`: has nothing where a value must stand, set aside",
            "record 2, `since`: has a day that is not in the calendar",
        ]
    );
    let record = &loaded.delivery.residents[0];
    let day = Fact::Known(PartialDate::parse("2020-06-01").unwrap());
    assert_eq!((record.born, record.dwelling_since), (day, day));
    assert_eq!(record.municipality, Fact::Known("091".to_owned()));

    // a number where a day stands is a day only in a pattern of digits; a spreadsheet's number never is
    let born = |numbers: Vec<i32>| written(vec![("code", codes(1)), ("born", Arc::new(Int32Array::from(numbers)))]);
    let map = residents_but(&["born"]);
    assert_eq!(residents(&map, &born(vec![44_044])).unwrap().issues.len(), 1);
    let patterned = map + "[residents.dates]\nborn = \"yyyymmdd\"\n";
    assert!(residents(&patterned, &born(vec![20_200_531])).unwrap().issues.is_empty());
    assert_eq!(residents(&patterned, &born(vec![44_044])).unwrap().issues.len(), 1);
}

#[test]
fn spellings_are_those_of_nulls_numbers_and_flags_too() {
    let map = residents_but(&["municipality", "protected"])
        + "[residents.none]\nmunicipality = [\"\", 200]\n[residents.unknown]\nprotected = \"\"\n\
           [residents.values.protected]\n1 = true\n0 = false\n[residents.digits]\nmunicipality = 3\n";
    let file = written(vec![
        ("code", codes(3)),
        ("municipality", Arc::new(Int32Array::from(vec![Some(200), None, Some(49)]))),
        ("protected", Arc::new(Int32Array::from(vec![Some(1), Some(0), None]))),
    ]);
    let loaded = residents(&map, &file).unwrap();
    assert_eq!(told(&loaded), Vec::<String>::new());
    let found: Vec<_> =
        loaded.delivery.residents.iter().map(|record| (record.municipality.clone(), record.protection)).collect();
    let unknown = Fact::Unknown(ennakko_core::UnknownReason::NotDelivered);
    assert_eq!(
        found,
        [(Fact::None, Fact::Known(true)), (Fact::None, Fact::Known(false)), (Fact::Known("049".to_owned()), unknown)]
    );
}

#[test]
fn types_that_no_column_has_are_refused_once_and_for_all() {
    let check = |cells: ArrayRef, words: &str| {
        let error = residents(RESIDENTS, &written(vec![("code", codes(1)), ("given", cells)])).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains("`given`"), "{error}");
    };
    check(Arc::new(Float64Array::from(vec![3.0])), "floating point");
    check(Arc::new(BinaryArray::from(vec![&b"A"[..]])), "bytes");
    check(Arc::new(TimestampMicrosecondArray::from(vec![0]).with_timezone("UTC")), "points in time");
    let mut list = ListBuilder::new(StringBuilder::new());
    list.values().append_value("A");
    list.append(true);
    check(Arc::new(list.finish()), "neither");
    // the same beside what is read is nobody's concern
    let file = written(vec![("code", codes(1)), ("income", Arc::new(Float64Array::from(vec![3.0])))]);
    assert_eq!(residents(RESIDENTS, &file).unwrap().used, 1);
    let wide = written(vec![("code", codes(1)), ("given", Arc::new(UInt64Array::from(vec![u64::MAX])))]);
    assert_eq!(residents(RESIDENTS, &wide).unwrap().used, 1);
}

#[test]
fn compressions_row_groups_and_dictionaries_by_the_thousand() {
    let n = 20_000;
    let languages: StringArray =
        (0..n).map(|at| Some(["fi", "sv", "none", "xx1"][at % 4]).filter(|_| at % 7 > 0)).collect();
    let names: StringArray = (0..n).map(|at| Some(format!("name {at}"))).collect();
    for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::ZSTD(ZstdLevel::default())] {
        let columns = vec![
            ("family", Arc::new(names.clone()) as ArrayRef),
            ("language", Arc::new(languages.clone()) as ArrayRef),
            ("code", codes(n)),
        ];
        let loaded = residents(RESIDENTS, &compressed(columns, compression)).unwrap();
        assert_eq!((loaded.read, loaded.used, loaded.issues.len()), (n, n, 0));
        assert!(loaded.origins.residents.iter().copied().eq(1..=n as u64));
        for (at, record) in loaded.delivery.residents.iter().enumerate() {
            assert_eq!(record.names.as_ref().unwrap().family, format!("name {at}"));
            let expected = match at % 4 {
                _ if at % 7 == 0 => Fact::Unknown(ennakko_core::UnknownReason::NotDelivered),
                2 => Fact::None,
                kind => Fact::Known(["fi", "sv", "", "xx1"][kind].to_owned()),
            };
            assert_eq!(record.language, expected);
        }
    }
}

#[test]
fn a_file_that_breaks_off_is_an_error_of_the_whole() {
    let file = written(vec![("code", codes(3_000)), ("given", codes(3_000))]);
    assert_eq!(residents(RESIDENTS, &file).unwrap().used, 3_000);
    for part in [0, 3, 8, file.len() / 3, file.len() / 2, file.len() - 9, file.len() - 1] {
        assert!(matches!(residents(RESIDENTS, &file[..part]), Err(TableError::Broken { .. })), "{part}");
    }
    let twice = written(vec![("code", codes(1))]);
    assert!(matches!(residents(&residents_but(&["born"]), &twice), Err(TableError::MissingColumn { .. })));
}

#[test]
fn rows_set_aside_are_a_file_of_the_same_columns() {
    // in the first row group, at the end of it, and in the last
    let bad = [2_usize, 1_000, 2_400];
    let n = 2_500;
    let codes: StringArray =
        (1..=n).map(|row| Some(if bad.contains(&row) { "100190-999X" } else { "100190-999P" })).collect();
    let born: Date32Array = (1..=n).map(|row| (row % 2 == 0).then_some(18_414)).collect();
    let income: Float64Array = (1..=2_500_i32).map(|row| Some(f64::from(row) / 4.0)).collect();
    let file =
        written(vec![("code", Arc::new(codes)), ("born", Arc::new(born)), ("income", Arc::new(income) as ArrayRef)]);
    let map = residents_but(&["born"]) + "[residents.unknown]\nborn = \"\"\n";
    let loaded = residents(&map, &file).unwrap();
    let aside = loaded.issues.iter().filter(|issue| issue.sets_aside).map(|issue| issue.position).collect();
    assert_eq!(aside, BTreeSet::from(bad.map(|row| row as u64)));

    let mut copied = Vec::new();
    copy_rows(&file[..], Format::Parquet, &mapping(&map), &aside, &mut copied).unwrap();
    let again = residents(&map, &copied).unwrap();
    assert_eq!((again.read, again.used), (3, 0));
    assert!(again.issues.iter().all(|issue| issue.problem == crate::sources::SourceProblem::BadCode));
    // what nothing reads is there too
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(copied)).unwrap();
    let whole = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(file.clone())).unwrap();
    assert_eq!(builder.schema().fields(), whole.schema().fields());
    let batches: Vec<RecordBatch> = builder.build().unwrap().map(Result::unwrap).collect();
    let income = batches
        .iter()
        .flat_map(|batch| batch.column(2).as_any().downcast_ref::<Float64Array>().unwrap().iter().collect::<Vec<_>>());
    assert!(income.eq([Some(0.5), Some(250.0), Some(600.0)]));
    // none of them is a file without rows, and a broken file is no file of rows
    let mut none = Vec::new();
    copy_rows(&file[..], Format::Parquet, &mapping(&map), &BTreeSet::new(), &mut none).unwrap();
    assert_eq!(residents(&map, &none).unwrap().read, 0);
    let half = &file[..file.len() / 2];
    let broken = copy_rows(half, Format::Parquet, &mapping(&map), &aside, &mut Vec::new());
    assert!(matches!(broken, Err(TableError::Broken { .. })));
}

#[test]
fn a_file_on_which_the_reader_panics_is_damaged() {
    // found by fuzzing: an empty dictionary with bytes in it
    let file = include_bytes!("data/empty_dictionary.parquet");
    let facts = [
        declared(SubjectKind::Resident, "year", FactType::Int),
        declared(SubjectKind::Resident, "seen", FactType::Day),
    ];
    let table = Table::Facts { declared: &facts, delivered_on: NaiveDate::default() };
    let read = read_as(table, Format::Parquet, &Mapping::none(), file);
    assert!(matches!(read, Err(TableError::Broken { after: 0 })), "{read:?}");
    let copied = copy_rows(&file[..], Format::Parquet, &Mapping::none(), &BTreeSet::from([1]), &mut Vec::new());
    assert!(matches!(copied, Err(TableError::Broken { after: 0 })), "{copied:?}");
}

#[test]
fn a_damaged_column_that_nothing_reads_is_left_out_of_the_copy_by_name() {
    let odd: ArrayRef = Arc::new(StringArray::from_iter_values((0..3).map(|row| format!("odd {row}"))));
    let codes: ArrayRef = Arc::new(StringArray::from(vec!["100190-999P", "100190-999X", "100190Y999P"]));
    let mut file = written(vec![("code", codes), ("odd", odd), ("given", self::codes(3))]);
    let contents = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(file.clone())).unwrap();
    let (from, n_bytes) = contents.metadata().row_group(0).column(1).byte_range();
    let range = usize::try_from(from).unwrap()..usize::try_from(from + n_bytes).unwrap();
    file[range].fill(0xff);
    let loaded = residents(RESIDENTS, &file).unwrap();
    assert_eq!((loaded.read, loaded.used), (3, 2));
    let aside = BTreeSet::from([2]);
    let mut copied = Vec::new();
    assert_eq!(copy_rows(&file[..], Format::Parquet, &mapping(RESIDENTS), &aside, &mut copied).unwrap(), ["odd"]);
    let again = residents(RESIDENTS, &copied).unwrap();
    assert_eq!((again.read, told(&again)), (1, vec![told(&loaded)[0].replace('2', "1")]));
    let contents = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(copied)).unwrap();
    let names: Vec<&str> = contents.schema().fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!(names, ["code", "given"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_damaged_file_is_read_or_refused(changes in proptest::collection::vec((any::<u16>(), any::<u8>()), 1..12)) {
        let mut file = written(vec![
            ("code", codes(50)),
            ("language", Arc::new(StringArray::from(vec!["fi"; 50]))),
            ("born", Arc::new(Int32Array::from(vec![2020; 50]))),
        ]);
        for (at, byte) in changes {
            let at = usize::from(at) % file.len();
            file[at] ^= byte;
        }
        let _ = residents(&residents_but(&["born"]), &file);
    }
}
