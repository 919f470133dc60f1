//! Sources that a `register.toml` names beside plain files: Parquet, the sheets of buildings, the interface over HTTP.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};

use super::*;

/// A table of CSV as Parquet: every cell a text, an empty one a null.
fn as_parquet(table: &Path, parquet: &Path) {
    let mut reader = csv::Reader::from_path(table).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let columns = names.iter().enumerate().map(|(at, name)| {
        let cells = rows.iter().map(|row| row.get(at).filter(|cell| !cell.is_empty()));
        (name, Arc::new(cells.collect::<StringArray>()) as ArrayRef, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut writer = ArrowWriter::try_new(fs::File::create(parquet).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn a_parquet_table_loads_as_its_csv_does() {
    let csv = city("parquet-csv");
    let parquet = city("parquet");
    for table in ["residents", "custody", "dwellings"] {
        as_parquet(&parquet.join(format!("{table}.csv")), &parquet.join(format!("{table}.parquet")));
        fs::remove_file(parquet.join(format!("{table}.csv"))).unwrap();
        let toml = parquet.join("register.toml");
        replace(&toml, &format!("file = \"{table}.csv\""), &format!("file = \"{table}.parquet\""));
    }
    loads(&csv, &["--first"]);
    let ran = register("load", &parquet, &["--first"]);
    assert!(ran.err.is_empty(), "{}", ran.err);
    let (csv, parquet) = (last(&csv), last(&parquet));
    assert!(csv.residents().count() > 1_000);
    assert_eq!(format!("{csv:?}"), format!("{parquet:?}"));
    assert!(Difference::between(&csv, &parquet).is_empty());
}

#[test]
fn parquet_rows_that_were_set_aside_are_parquet() {
    let folder = city("parquet-aside");
    edit(&folder.join("residents.csv"), 3, |row| {
        let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
        cells[0].clear();
        cells[1] = "010101-900A".to_owned();
        cells.join(",")
    });
    as_parquet(&folder.join("residents.csv"), &folder.join("residents.parquet"));
    let toml = folder.join("register.toml");
    replace(&toml, "file = \"residents.csv\"", "file = \"residents.parquet\"");
    let ran = register("load", &folder, &["--first"]);
    exits_with(&ran, 1);
    let (source, before) = (summary(&folder).sources.into_iter().find(|one| one.name == "residents").unwrap(), 1);
    assert_eq!(source.set_aside.iter().map(|count| count.count).sum::<usize>(), before);
    // named as a source, the file is one row that is set aside again
    fs::rename(folder.join("set_aside/residents.parquet"), folder.join("again.parquet")).unwrap();
    let more = "\n[[source]]\nname = \"again\"\nform = \"table\"\ntable = \"residents\"\nfile = \"again.parquet\"\nday = 2026-12-01\n";
    fs::write(&toml, fs::read_to_string(&toml).unwrap() + more).unwrap();
    register("load", &folder, &[]);
    let again = summary(&folder).sources.pop().unwrap();
    assert_eq!((again.name.as_str(), again.read, again.used), ("again", 1, 0));
}

#[test]
fn a_damaged_column_that_nothing_reads_stops_no_load_and_is_told() {
    let folder = city("parquet-damaged");
    let csv = folder.join("residents.csv");
    let odd =
        |(row, line): (usize, &str)| if row == 0 { format!("{line},odd\n") } else { format!("{line},odd {row}\n") };
    let rows: String = fs::read_to_string(&csv).unwrap().lines().enumerate().map(odd).collect();
    fs::write(&csv, rows).unwrap();
    edit(&csv, 3, |row| {
        let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
        cells[0].clear();
        cells[1] = "010101-900A".to_owned();
        cells.join(",")
    });
    let parquet = folder.join("residents.parquet");
    as_parquet(&csv, &parquet);
    let mut file = fs::read(&parquet).unwrap();
    let contents = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(&parquet).unwrap()).unwrap();
    let (from, n_bytes) = contents.metadata().row_group(0).columns().last().unwrap().byte_range();
    let range = usize::try_from(from).unwrap()..usize::try_from(from + n_bytes).unwrap();
    file[range].fill(0xff);
    fs::write(&parquet, file).unwrap();
    replace(&folder.join("register.toml"), "file = \"residents.csv\"", "file = \"residents.parquet\"");
    exits_with(&register("load", &folder, &["--first"]), 1);
    let residents = summary(&folder).sources.into_iter().find(|one| one.name == "residents").unwrap();
    assert_eq!(residents.read, residents.used + 1);
    assert!(residents.notes.contains(&"damaged, and not in the file of records set aside: `odd`".to_owned()));
    let copied = fs::File::open(folder.join("set_aside/residents.parquet")).unwrap();
    assert_eq!(ParquetRecordBatchReaderBuilder::try_new(copied).unwrap().metadata().file_metadata().num_rows(), 1);
}

const BUILDINGS: &str = r#"version = 1
identity_table = "identity.jsonl"
secret = "secret.key"
codes = "artificial"

[[source]]
name = "estates"
form = "building_sheets"
buildings = "R1-{day}.csv"
addresses = "R3-{day}.csv"
owners = "R4-{day}.csv"
dwellings = "R9-{day}.csv"
delimiter = ";"
encoding = "ISO-8859-1"
coordinates = "ETRS-TM35FIN"
fresh_days = 120
"#;

/// Section 5.6, with the sheets' own head lines.
#[test]
fn section_5_6_the_sheets_of_the_licensed_delivery_load() {
    let folder = folder("register-sheets");
    fs::write(folder.join("register.toml"), BUILDINGS).unwrap();
    fs::copy(city("sheets-secret").join("secret.key"), folder.join("secret.key")).unwrap();
    let id = |n: u32| {
        let digits = format!("9{n:08}");
        let check = b"0123456789ABCDEFHJKLMNPRSTUVWXY"[digits.parse::<usize>().unwrap() % 31];
        format!("{digits}{}", char::from(check))
    };
    let write = |name: &str, rows: &[String]| {
        let bytes: Vec<u8> = rows.join("\n").chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
        fs::write(folder.join(name), bytes).unwrap();
    };
    let row = |n: u32| format!("{};091;19620500;1250;5;01;039;1;0;1; ;6672071;385771;0121", id(n));
    write(
        "R1-2026-11-15.csv",
        &[
            "Rakennustunnus;Sijainti-kunta;Valmis-tumis-päivä;Kokonais\u{ad}ala;Kerrosluku;Käytös-säolo-tilanne;Käyttö-tarkoitus;Viemäri;Viemäri-liittymä;Sähkö;Sähkö-liittymä;Pohjois-koordinaatti;Itä-koordinaatti;Rakennus-luokka".to_owned(),
            row(1),
            row(2).replace("9000000", "9100000"),
            row(3),
        ],
    );
    write(
        "R3-2026-11-15.csv",
        &[
            "Rakennustunnus;Osoite-numero;Kadunnimi suomeksi;Katu-numero;Posti-numero;Postitoimipaikan nimi suomeksi"
                .to_owned(),
            format!("{};1;Mäkikatu;12;00100;HELSINKI", id(1)),
        ],
    );
    write(
        "R4-2026-11-15.csv",
        &[
            "Rakennustunnus;Henkilötunnus;Y-tunnus;Omistajan nimi;Omistuksen alkupäivä;Omistuksen loppupäivä;Omistajan kuolinpäivä".to_owned(),
            format!("{};;1234567-1;Asunto Oy;19620501;;", id(1)),
            format!("{};;1234567-1;Asunto Oy;19620501;;", id(9)),
        ],
    );
    write(
        "R9-2026-11-15.csv",
        &[
            "Rakennustunnus;Osoitenumero;Huo-neisto-kirjain;Huo-neisto-numero;Jako-kirjain".to_owned(),
            format!("{};1;A;001; ", id(1)),
            format!("{};1;A;1234; ", id(1)),
            format!("{};1; ;000; ", id(3)),
        ],
    );
    let ran = register("load", &folder, &["--first", "--day", DAY]);
    exits_with(&ran, 1);
    assert!(ran.err.is_empty(), "{}", ran.err);
    let summary = summary(&folder);
    let estates = &summary.sources[0];
    assert_eq!((estates.form.as_str(), estates.day.as_deref()), ("building_sheets", Some("2026-11-15")));
    assert_eq!((estates.read, estates.used, summary.register.buildings), (9, 6, 2));
    let register = last(&folder);
    let building = register.buildings().find(|building| building.area_m2() == ennakko::core::Fact::Known(1250));
    assert!(building.is_some());
    // each sheet's own rows, with its head line
    let aside = |sheet: &str| {
        let bytes = fs::read(folder.join(format!("set_aside/estates.{sheet}.csv"))).unwrap();
        bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count()
    };
    assert_eq!(["buildings", "owners", "dwellings"].map(aside), [2, 2, 2]);
    assert!(!folder.join("set_aside/estates.addresses.csv").exists());

    // an older delivery than it may be: what can have changed is unknown
    register_old(&folder);
}

fn register_old(folder: &Path) {
    register("load", folder, &["--day", "2027-04-01"]);
    assert!(summary(folder).sources[0].too_old);
    assert!(last(folder).buildings().all(|building| building.area_m2().known().is_none()));
}

const ASKED: &str = r#"version = 1
identity_table = "identity.jsonl"
secret = "secret.key"
codes = "artificial"

[[source]]
name = "population"
form = "finnish_base"
file = "base-{day}.json"
everybody = true
protection = "asked"
fresh_days = 14

[[source]]
name = "changes"
form = "finnish_changes"
address = "http://ADDRESS/api/v1"
access = "access.toml"
x_road_client = "FI/GOV/9999999-9/ennakko"
"#;

/// One request: its line, whether it was told who asks, its body.
struct Request {
    line: String,
    is_ours: bool,
    body: Value,
}

/// A small server that answers one request after the other, each with a status and a body.
fn serve(answers: Vec<(u16, Value)>) -> (String, JoinHandle<Vec<Request>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let served = std::thread::spawn(move || {
        let mut came = Vec::new();
        for (status, body) in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let Some(request) = request(&mut BufReader::new(&stream)) else { break };
            came.push(request);
            let body = body.to_string();
            let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            stream.write_all((head + body.as_str()).as_bytes()).unwrap();
        }
        came
    });
    (address, served)
}

fn request(from: &mut impl BufRead) -> Option<Request> {
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        from.read_line(&mut line).unwrap();
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        head.push(line);
    }
    let line = head.first()?.clone();
    let header = |name: &str| {
        let named = head.iter().find(|line| line.to_lowercase().starts_with(&format!("{name}: ")));
        named.and_then(|line| line.split_once(": ")).map(|(_, value)| value)
    };
    let mut body = vec![0; header("content-length").map_or(0, |length| length.parse().unwrap())];
    from.read_exact(&mut body).unwrap();
    let is_ours = header("authorization") == Some("Basic dGVzdGk6c2FsYWlzdXVz")
        && header("x-road-client") == Some("FI/GOV/9999999-9/ennakko");
    Some(Request { line, is_ours, body: serde_json::from_slice(&body).unwrap_or(Value::Null) })
}

/// A load while a server answers so; what it was asked.
fn load_asking(folder: &Path, answers: Vec<(u16, Value)>, more: &[&str]) -> (Ran, Vec<Request>) {
    let (address, served) = serve(answers);
    fs::write(folder.join("register.toml"), ASKED.replace("ADDRESS", &address)).unwrap();
    let ran = register("load", folder, more);
    // a server that still waits for a request learns that there is none
    drop(TcpStream::connect(address));
    (ran, served.join().unwrap())
}

/// Sections 1.1 and 1.5 through the command: changes are asked for, and the base data of those they wait for; a page that is
/// lost leaves everything as it was.
#[test]
fn section_1_1_changes_are_asked_for_and_the_token_is_stored_last() {
    let made = folder("register-asked-made").join("city");
    exits_with(&sample("1000", DAY, &made, &["--changes"]), 0);
    let read = |name: &str| -> Value { serde_json::from_slice(&fs::read(made.join(name)).unwrap()).unwrap() };
    // the year in three pages
    let changes: Vec<Value> = read("changes.json")
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|page| page["muutokset"].as_array().unwrap().clone())
        .collect();
    let pages: Vec<Value> = (5_000_000_002_i64..)
        .zip(changes.chunks(changes.len().div_ceil(3)))
        .map(|(token, changes)| json!({ "viimeisinKirjausavain": token, "muutokset": changes, "ajanTasalla": true }))
        .collect();
    assert_eq!(pages.len(), 3);
    let base = read("base_data.json");

    let asked = folder("register-asked");
    fs::write(asked.join("access.toml"), "user = \"testi\"\npassword = \"salaisuus\"\n").unwrap();
    fs::copy(made.join("secret.key"), asked.join("secret.key")).unwrap();
    fs::copy(made.join("base_data.json"), asked.join("base-2026-12-01.json")).unwrap();
    let tokens = |requests: &[Request]| -> Vec<i64> {
        let tokens = requests.iter().filter(|request| request.line.starts_with("POST /api/v1/muutokset"));
        tokens.map(|request| request.body["viimeisinKirjausavain"].as_i64().unwrap()).collect()
    };
    let token = |page: &Value| page["viimeisinKirjausavain"].as_i64().unwrap();
    let more = |page: &Value, up_to_date: bool| {
        let mut page = page.clone();
        page["ajanTasalla"] = json!(up_to_date);
        (200, page)
    };

    // the first night: from the beginning of the base data's day
    let answers = vec![(200, json!({ "viimeisinKirjausavain": 5_000_000_001_i64 })), more(&pages[0], true)];
    let (ran, requests) = load_asking(&asked, answers, &["--first", "--day", "2027-01-15"]);
    assert!(ran.err.is_empty(), "{}", ran.err);
    assert!(requests.iter().all(|request| request.is_ours));
    assert_eq!(requests[0].line, "GET /api/v1/kirjausavain/2026-12-01 HTTP/1.1");
    assert_eq!(tokens(&requests), [5_000_000_001]);
    let first = summary(&asked);
    assert!(first.sources[1].read > 0 && !first.sources[0].too_old);
    assert!(first.sources[1].day.as_deref() >= Some("2027-01-15"), "whoever was asked is up to date");

    // the second: the last page is lost, and nothing is taken
    let loaded = tree(&asked.join("loaded"));
    let answers = vec![more(&pages[1], false), (401, json!({}))];
    let (ran, requests) = load_asking(&asked, answers, &["--day", "2027-02-15"]);
    exits_with(&ran, 2);
    assert!(ran.err.contains("source `changes`: the interface answered with status 401"), "{}", ran.err);
    assert!(!ran.err.contains("salaisuus") && !ran.err.contains("testi"), "{}", ran.err);
    assert_eq!(tokens(&requests), [token(&pages[0]), token(&pages[1])]);
    assert!(tree(&asked.join("loaded")) == loaded);

    // and asked for again, with somebody of whom there is no base data yet
    let people = base["perustiedot"].as_array().unwrap();
    let somebody = &people[0];
    let mut newcomer = somebody.clone();
    newcomer["henkilotunnus"] = json!("010190-900P");
    newcomer["tietoryhmat"] = json!([
        { "tietoryhma": "SYNTYMAPAIVA", "syntymapv": { "arvo": "1990-01-01", "tarkkuus": "PAIVA" } },
        { "tietoryhma": "KOTIKUNTA", "kuntakoodi": "091", "kuntaanMuuttopv": { "arvo": "2027-02-01", "tarkkuus": "PAIVA" } },
    ]);
    let moved_in = json!({
        "henkilotunnus": "010190-900P",
        "muutospv": "2027-02-01T22:00:00.000Z",
        "tietoryhmat": [{ "tietoryhma": "KOTIKUNTA", "muutosattribuutti": "LISATTY", "kuntakoodi": "091",
            "kuntaanMuuttopv": { "arvo": "2027-02-01", "tarkkuus": "PAIVA" } }],
    });
    let mut rest: Vec<(u16, Value)> = pages[1..].iter().map(|page| more(page, false)).collect();
    let last_page = rest.last_mut().unwrap();
    last_page.1["ajanTasalla"] = json!(true);
    last_page.1["muutokset"].as_array_mut().unwrap().push(moved_in);
    rest.push((200, json!({ "perustiedot": [newcomer], "ajanTasalla": true })));
    let (ran, requests) = load_asking(&asked, rest, &["--day", "2027-12-01"]);
    assert!(ran.err.is_empty(), "{}", ran.err);
    assert_eq!(requests.last().unwrap().line, "POST /api/v1/perustiedot HTTP/1.1");
    let wanted = requests.last().unwrap().body["hetulista"].as_array().unwrap();
    assert!(wanted.contains(&json!("010190-900P")));
    let after = summary(&asked);
    assert_eq!(after.sources[0].read, first.sources[0].read + 1, "{:?}", after.sources[0]);
    assert_eq!(after.sources[1].read, after.sources[1].used, "{:?}", after.sources[1]);
    let n_asked = last(&asked).residents().count();

    // the same as the files tell
    let files = folder("register-asked-files");
    let toml = ASKED.replace("address = \"http://ADDRESS/api/v1\"", "file = \"changes-{day}.json\"");
    let toml = toml.replace("access = \"access.toml\"\nx_road_client = \"FI/GOV/9999999-9/ennakko\"\n", "");
    fs::write(files.join("register.toml"), toml).unwrap();
    fs::copy(made.join("secret.key"), files.join("secret.key")).unwrap();
    fs::copy(made.join("base_data.json"), files.join("base-2026-12-01.json")).unwrap();
    fs::copy(made.join("changes.json"), files.join("changes-2027-12-01.json")).unwrap();
    register("load", &files, &["--first", "--day", "2027-12-01"]);
    assert_eq!(n_asked, last(&files).residents().count() + 1);
    let more = [files.display().to_string()];
    let kinds = difference(&asked, &[&more[0]]).kinds;
    let told: Vec<(&str, Option<usize>)> = kinds.iter().map(|kind| (kind.kind.as_str(), kind.count)).collect();
    assert_eq!(told.len(), 1, "nothing but the newcomer: {told:?}");

    // nothing new: the token of the last page, and everybody as they were
    let (ran, requests) =
        load_asking(&asked, vec![more_of_nothing(token(pages.last().unwrap()))], &["--day", "2027-12-02"]);
    assert!(ran.err.is_empty(), "{}", ran.err);
    assert_eq!(tokens(&requests), [token(pages.last().unwrap())]);
    assert_eq!(difference(&asked, &[]).kinds, []);
}

fn more_of_nothing(token: i64) -> (u16, Value) {
    (200, json!({ "viimeisinKirjausavain": token, "muutokset": [], "ajanTasalla": true }))
}

#[test]
fn a_file_of_access_that_is_none_is_told_without_what_is_in_it() {
    let asked = folder("register-access");
    fs::copy(city("access-secret").join("secret.key"), asked.join("secret.key")).unwrap();
    fs::write(asked.join("base-2026-12-01.json"), "{\"perustiedot\":[],\"ajanTasalla\":true}").unwrap();
    for wrong in ["user = \"testi\"\n", "salaisuus", "user = \"testi\"\npassword = \"salaisuus\"\nmore = 1\n"] {
        fs::write(asked.join("access.toml"), wrong).unwrap();
        let (ran, requests) = load_asking(&asked, vec![more_of_nothing(1)], &["--first", "--day", DAY]);
        exits_with(&ran, 2);
        assert!(requests.is_empty());
        assert!(ran.err.contains("access.toml does not hold a secret: write `user = "), "{}", ran.err);
        assert!(!ran.err.contains("salaisuus") && !ran.err.contains("testi"), "{}", ran.err);
    }
}
