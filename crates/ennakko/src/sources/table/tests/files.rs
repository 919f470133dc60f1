//! Heads, encodings, line ends and names of columns.

use ennakko_core::Fact;

use super::*;

const LIMITED: &str = "100190-999P,Väinö\n";

fn names(loaded: &Loaded) -> Vec<&str> {
    loaded.delivery.residents.iter().filter_map(|record| Some(record.names.as_ref()?.given.as_str())).collect()
}

fn bytes(map: &str, file: &[u8]) -> Result<Loaded, TableError> {
    read_as(Table::Residents, Format::Csv, &mapping(map), file).map(|read| read.made.loaded)
}

#[test]
fn marks_of_utf8_line_ends_and_quoted_lines() {
    for file in [
        "code,given\n100190-999P,Väinö\n".to_owned(),
        "\u{feff}code,given\n100190-999P,Väinö\n".to_owned(),
        "code,given\r\n100190-999P,Väinö\r\n".to_owned(),
        "\u{feff}\"code\",\"given\"\r\n\"100190-999P\",\"Väinö\"".to_owned(),
        "\n\ncode,given\n\n100190-999P,Väinö\n\n".to_owned(),
    ] {
        let loaded = bytes(RESIDENTS, file.as_bytes()).unwrap();
        assert_eq!((names(&loaded), loaded.issues.len()), (vec!["Väinö"], 0), "{file:?}");
    }
    let loaded = bytes(RESIDENTS, b"code,given\n100190-999P,\"Anna\nLiisa, \"\"Lissu\"\"\"\n100190Y999P,B\n").unwrap();
    assert_eq!(names(&loaded), ["Anna\nLiisa, \"Lissu\"", "B"]);
    assert_eq!(loaded.origins.residents, [1, 2]);
}

#[test]
fn encodings_are_the_mappings() {
    let latin1 = |text: &str| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>();
    let map = |encoding: &str| format!("csv.encoding = \"{encoding}\"\n{RESIDENTS}");
    let file = latin1(&format!("code,given\n{LIMITED}"));
    assert_eq!(names(&bytes(&map("iso-8859-1"), &file).unwrap()), ["Väinö"]);
    assert_eq!(names(&bytes(&map("windows-1252"), &file).unwrap()), ["Väinö"]);
    // the same bytes are not UTF-8: the row is set aside
    let loaded = bytes(&map("utf-8"), &file).unwrap();
    assert_eq!(told(&loaded), ["record 1: cannot be read, set aside"]);
    // 0x96 is a dash in one and a control character in the other
    let dash = b"code,given\n100190-999P,A\x96B\n";
    assert_eq!(names(&bytes(&map("windows-1252"), dash).unwrap()), ["A\u{2013}B"]);
    assert_eq!(names(&bytes(&map("iso-8859-1"), dash).unwrap()), ["A\u{96}B"]);
    let marked = format!("\u{feff}code,given\n{LIMITED}");
    assert!(matches!(bytes(&map("iso-8859-1"), marked.as_bytes()), Err(TableError::Encoding("UTF-8"))));
    let wide: Vec<u8> = format!("\u{feff}code,given\n{LIMITED}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(matches!(bytes(RESIDENTS, &wide), Err(TableError::Encoding("UTF-16"))));
    // a head of other letters is looked for as it is written
    let map = map("iso-8859-1") + "[residents.columns]\ngiven = \"ETUNIMI Ä\"\n";
    assert_eq!(names(&bytes(&map, &latin1(&format!("code,ETUNIMI Ä\n{LIMITED}"))).unwrap()), ["Väinö"]);
}

#[test]
fn delimiters_and_quotes_are_the_mappings() {
    for (word, sign) in [(";", ";"), ("\\t", "\t"), ("|", "|")] {
        let map = format!("csv.delimiter = \"{word}\"\n{RESIDENTS}");
        let file = format!("code{sign}given\n100190-999P{sign}\"A{sign}B\"\n");
        assert_eq!(names(&bytes(&map, file.as_bytes()).unwrap()), [format!("A{sign}B")]);
    }
    let map = format!("csv.quote = \"none\"\n{RESIDENTS}");
    assert_eq!(names(&bytes(&map, b"code,given\n100190-999P,\"Lissu\n").unwrap()), ["\"Lissu"]);
}

#[test]
fn columns_missing_twice_and_too_many() {
    let error = |map: &str, file: &str| bytes(map, file.as_bytes()).unwrap_err().to_string();
    let all = residents_but(&["born"]);
    assert_eq!(error(&all, "code,given\n"), "has no column `born`, which is wanted for `born`");
    let mapped = format!("{all}[residents.columns]\nborn = \"SYNTAIKA\"\n");
    assert_eq!(error(&mapped, "code,born\n"), "has no column `SYNTAIKA`, which is wanted for `born`");
    assert_eq!(error(&mapped, "code, SYNTAIKA\n"), "has no column `SYNTAIKA`, which is wanted for `born`");
    assert_eq!(error(&mapped, "code,SYNTAIKA,SYNTAIKA\n"), "has two columns `SYNTAIKA`, and one is wanted for `born`");
    assert_eq!(error(RESIDENTS, ""), "has no head line that can be read");
    // a file without a head line: its first row is nobody's to repeat
    let headless = error(&all, "100190-999P,Väinö,1990-01-10\n");
    assert!(!headless.contains("999P") && !headless.contains("Väinö"));

    let read =
        read_as(Table::Residents, Format::Csv, &mapping(RESIDENTS), b"code,extra,other,other\n100190-999P,1,2,3\n")
            .unwrap();
    assert_eq!(read.seen().unread, ["extra", "other", "other"]);
    assert!(read.seen().absent.contains(&"sex".into()) && !read.seen().absent.contains(&"dead".into()));
    assert!(read.made.loaded.issues.is_empty());
}

#[test]
fn a_name_given_to_one_column_is_not_read_by_another() {
    // the warehouse calls something else `language`
    let map = format!("{RESIDENTS}[residents.columns]\nsex = \"language\"\n");
    let loaded = bytes(&map, b"code,language\n100190-999P,male\n").unwrap();
    let record = &loaded.delivery.residents[0];
    assert_eq!(record.sex, Fact::Known(ennakko_core::record::Sex::Male));
    assert!(record.language.is_unknown() && loaded.issues.is_empty());
}

#[test]
fn rows_of_another_length_are_set_aside_by_their_number() {
    let loaded = bytes(RESIDENTS, b"code,given\n100190-999P,A\n100190Y999P\n100190X999P,B,C\n100190W999P,D\n").unwrap();
    assert_eq!(told(&loaded), ["record 2: cannot be read, set aside", "record 3: cannot be read, set aside"]);
    assert_eq!(loaded.origins.residents, [1, 4]);
    assert_eq!(loaded.read, 4);
}
