//! Files that break off, rows that cannot be read, and bytes that are nothing at all.

use std::collections::BTreeSet;

use ennakko_core::Fact;
use proptest::prelude::*;

use super::*;

fn csv_of(file: &[u8]) -> Result<TableRead, TableError> {
    read_as(Table::Residents, Format::Csv, &mapping(RESIDENTS), file)
}

fn json_of(map: &str, file: &str) -> Result<Loaded, TableError> {
    read_as(Table::Residents, Format::JsonLines, &mapping(map), file.as_bytes()).map(|read| read.made.loaded)
}

#[test]
fn a_torn_quotation_mark_breaks_the_file_and_a_stray_one_its_row() {
    for file in [
        "code,given\n100190-999P,A\n100190Y999P,\"B\n100190X999P,C\n",
        "code,given\n100190-999P,A\n100190Y999P,\"B\n100190X999P,\"C\"\n",
        "code,given\n100190-999P,\"",
    ] {
        assert!(matches!(csv_of(file.as_bytes()), Err(TableError::TornQuote { .. })), "{file:?}");
    }
    let loaded =
        csv_of(b"code,given\n100190-999P,A\n100190Y999P,\"B\"C\n100190X999P,D \"E\"\n100190W999P,F\n").unwrap();
    let loaded = loaded.made.loaded;
    assert_eq!(told(&loaded), ["record 2: cannot be read, set aside", "record 3: cannot be read, set aside"]);
    assert_eq!(loaded.origins.residents, [1, 4]);
    assert!(matches!(csv_of(b"code,gi\"ven\n"), Err(TableError::NoHead)));
}

#[test]
fn what_fails_while_it_is_read_is_an_error_of_the_whole() {
    struct Fails(usize);
    impl Read for Fails {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0 += 1;
            if self.0 > 2 {
                return Err(io::Error::other("the line is down"));
            }
            let text = if self.0 == 1 { "code,given\n" } else { "100190-999P,A\n" };
            let n = text.len().min(buffer.len());
            buffer[..n].copy_from_slice(&text.as_bytes()[..n]);
            Ok(n)
        }
    }
    let map = mapping(RESIDENTS);
    for format in [Format::Csv, Format::JsonLines] {
        let reading = Reading { format, mapping: &map, profile: Profile::SAMPLE };
        assert!(matches!(read(Table::Residents, Fails(0), &reading), Err(TableError::Io(_))));
    }
}

#[test]
fn lines_of_json_are_read_each_for_itself() {
    let file = "\u{feff}{\"code\": \"100190-999P\", \"given\": \"Väi\\u006e\\u00f6\", \"extra\": [1, {\"a\": 2}]}\r\n\
                {\"code\": \"100190Y999P\", \"given\": \"A\"\n\
                \n\
                [\"100190X999P\"]\n\
                {\"code\": \"100190X999P\", \"code\": \"100190W999P\"}\n\
                {\"code\": [\"100190X999P\"]}\n\
                {\"code\": \"100190W999P\"} {}\n\
                {\"code\": \"100190V999P\", \"given\": null}";
    let read = read_as(Table::Residents, Format::JsonLines, &mapping(RESIDENTS), file.as_bytes()).unwrap();
    assert!(read.seen().others_unread && read.seen().unread.is_empty());
    let loaded = read.made.loaded;
    assert_eq!(
        told(&loaded),
        [
            "record 2: cannot be read, set aside",
            "record 3: is not of the shape that the source documents, set aside",
            "record 4: is not of the shape that the source documents, set aside",
            "record 5, `code`: is not of the shape that the source documents, set aside",
            "record 6: cannot be read, set aside",
        ]
    );
    assert_eq!(loaded.origins.residents, [1, 7]);
    assert_eq!(loaded.delivery.residents[0].names.as_ref().unwrap().given, "Väinö");
    // the last line is not ended and not whole: the file broke off
    let torn = json_of(RESIDENTS, "{\"code\": \"100190-999P\"}\n{\"code\": \"10019");
    assert!(matches!(torn, Err(TableError::Broken { after: 1 })));
}

#[test]
fn json_set_aside_is_read_again_though_no_row_has_a_name_that_must_be_there() {
    let map = residents_but(&["dead"]);
    let file = "{\"code\": \"100190-999P\", \"dead\": false, \"extra\": 1}\n\
                {\"code\": \"100190Y999P\"}\n\
                {\"code\": \"100190X999P\", \"dead\": false\n";
    let loaded = json_of(&map, file).unwrap();
    let aside = loaded.issues.iter().map(|issue| issue.position).collect();
    assert_eq!((loaded.used, &aside), (1, &BTreeSet::from([2, 3])));
    let again = |file: &str, aside: &BTreeSet<u64>| {
        let mut copied = Vec::new();
        copy_rows(file.as_bytes(), Format::JsonLines, &mapping(&map), aside, &mut copied).unwrap();
        String::from_utf8(copied).unwrap()
    };
    let copied = again(file, &aside);
    assert_eq!(
        copied,
        "[\"code\",\"dead\",\"extra\"]\n{\"code\": \"100190Y999P\"}\n\
         {\"code\": \"100190X999P\", \"dead\": false\n"
    );
    // without the head line no row has `dead`, and the file would be another city's
    let (head, rows) = copied.split_once('\n').unwrap();
    assert!(matches!(json_of(&map, rows), Err(TableError::MissingColumn { .. })));
    let read = read_as(Table::Residents, Format::JsonLines, &mapping(&map), copied.as_bytes()).unwrap();
    assert!(read.seen().others_unread);
    let as_before =
        ["record 1, `dead`: has nothing where a value must stand, set aside", "record 2: cannot be read, set aside"];
    assert_eq!(told(&read.made.loaded), as_before);
    // set aside once more it is the same file, and repaired it is used
    assert_eq!(again(&copied, &BTreeSet::from([1, 2])), copied);
    let half = json_of(&map, &copied.replace("false\n", "false}\n")).unwrap();
    assert_eq!((half.read, half.used), (2, 1));
    let whole = copied.replace("false\n", "false}\n").replace("Y999P\"", "Y999P\", \"dead\": false");
    assert_eq!(json_of(&map, &whole).unwrap().used, 2);
    // a head line is the first line, and a list of names
    let second = json_of(&map, &format!("{rows}{head}\n").replace("Y999P\"", "Y999P\", \"dead\": true")).unwrap();
    assert_eq!(told(&second).last().unwrap(), "record 3: is not of the shape that the source documents, set aside");
    let numbers = json_of(&map, "[1]\n{\"code\": \"100190Y999P\", \"dead\": true}\n").unwrap();
    assert_eq!((numbers.read, numbers.used), (2, 1));
}

#[test]
fn values_of_json_are_those_of_their_columns() {
    let map = residents_but(&["municipality", "dead", "born"]) + "[residents.digits]\nmunicipality = 3\n";
    let line = |rest: &str| format!("{{\"code\":\"100190-999P\",\"dead\":false,\"born\":2020,{rest}}}\n");
    let check = |rest: &str, expected: Option<&str>| {
        let loaded = json_of(&map, &line(rest)).unwrap();
        assert_eq!(loaded.delivery.residents[0].municipality.as_ref().known().map(String::as_str), expected, "{rest}");
    };
    check("\"municipality\":\"091\"", Some("091"));
    check("\"municipality\":91", Some("091"));
    for wrong in ["91.0", "9.1e1", "9e1", "true", "[91]", "{}", "null", "\"\""] {
        check(&format!("\"municipality\":{wrong}"), None);
    }
    // every row lacks the column: it is not there
    let error = json_of(&map, &line("\"other\":1")).unwrap_err();
    assert_eq!(error.to_string(), "has no column `municipality`, which is wanted for `municipality`");
    // one row lacks it: that row's cell is empty
    let other = line("\"other\":1").replace("-999P", "Y999P");
    let file = format!("{}{other}", line("\"municipality\":\"091\""));
    let loaded = json_of(&map, &file).unwrap();
    assert_eq!(told(&loaded), ["record 2, `municipality`: has nothing where a value must stand"]);
    // a column that need not be there says nothing where it is not
    assert_eq!(loaded.delivery.residents[1].in_care, Fact::None);
    assert!(json_of(&map, "").unwrap().delivery.residents.is_empty());
}

#[test]
fn nothing_delivered_stands_in_a_message() {
    let secret = "Salainenkuja";
    let file =
        format!("code,given,sex,born,language\n{secret},{secret},{secret},{secret},{secret}\n100190-999P,{secret}\n");
    let map = residents_but(&["born"]);
    let loaded = csv(Table::Residents, &map, &file).unwrap();
    assert!(loaded.issues.len() >= 4);
    let words = format!("{:?} {:?} {:?}", told(&loaded), loaded.issues, loaded);
    assert!(!words.contains(secret));
}

/// A file of one column's cells beside good codes.
fn wild() -> impl Strategy<Value = String> {
    let cell = prop_oneof![
        Just(String::new()),
        Just("none".to_owned()),
        Just("unknown".to_owned()),
        Just("2020-05".to_owned()),
        Just("\"".to_owned()),
        Just("\"a\nb\"".to_owned()),
        "[a-z0-9 ,\"\n\u{e4}-]{0,8}",
    ];
    proptest::collection::vec(
        (prop_oneof![Just("100190-999P"), Just("100190-999X"), Just("")], cell.clone(), cell),
        0..20,
    )
    .prop_map(|rows| {
        rows.into_iter().fold("code,born,dwelling\n".to_owned(), |file, (code, born, dwelling)| {
            format!("{file}{code},{born},{dwelling}\n")
        })
    })
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300), swedish in any::<bool>()) {
        let map = if swedish { "version = 1\nidentity = \"swedish\"" } else { "version = 1" };
        for format in [Format::Csv, Format::JsonLines, Format::Parquet] {
            for table in [Table::Residents, Table::Owners, Table::Histories] {
                // `read_as` asserts that what was read adds up
                let _ = read_as(table, format, &mapping(map), &bytes);
            }
        }
    }

    #[test]
    fn any_rows_add_up(file in wild()) {
        let map = residents_but(&["born", "dwelling"]);
        for format in [Format::Csv, Format::JsonLines] {
            if let Ok(read) = read_as(Table::Residents, format, &mapping(&map), file.as_bytes()) {
                let positions = &read.made.loaded.origins.residents;
                prop_assert!(positions.is_sorted() && positions.iter().all(|at| *at >= 1));
            }
        }
    }

    #[test]
    fn any_json_line_is_a_row(lines in proptest::collection::vec("\\{(\"(code|born|dwelling)\": ?(null|1|1.5|true|\"[a-z]{0,3}\"|\\[\\]),?){0,3}\\}?", 0..10)) {
        let file = lines.join("\n") + "\n";
        if let Ok(loaded) = json_of(&residents_but(&["born", "dwelling"]), &file) {
            prop_assert_eq!(loaded.read, lines.len());
        }
    }
}
