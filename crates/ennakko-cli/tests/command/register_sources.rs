//! `ennakko register` on a folder of other sources than tables: Swedish posts and the open address file.

use std::fs;
use std::path::Path;

use ennakko::core::Register;
use ennakko::core::identity::{PermanentBuildingId, PersonalNumber};

use super::register::{last, register, summary};
use super::{exits_with, folder, replace};

const REGISTER: &str = r#"version = 1
day = 2026-12-01
identity_table = "identity.jsonl"
secret = "secret.key"
codes = "artificial"

[[source]]
name = "sweden"
form = "navet"
file = "posts.xml"
day = 2026-11-30
everybody = true
secrecy = "told where set"

[[source]]
name = "houses"
form = "addresses"
file = "houses.OPT"
"#;

fn number(born: &str) -> String {
    PersonalNumber::artificial(born.parse().unwrap(), 238).unwrap().as_str().to_owned()
}

fn post(number: &str, family: &str) -> String {
    format!(
        "<Folkbokforingspost><Sekretessmarkering>N</Sekretessmarkering><SkyddadFolkbokforing>N</SkyddadFolkbokforing>\
         <Personpost><PersonId><PersonNr>{number}</PersonNr></PersonId><Namn><Fornamn>Maja</Fornamn>\
         <Efternamn>{family}</Efternamn></Namn></Personpost></Folkbokforingspost>"
    )
}

fn posts(posts: &[String]) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Navetavisering><Aviseringsinformation><Filinformation><Utfil>\
         <AntalPoster>{}</AntalPoster></Utfil></Filinformation></Aviseringsinformation>\
         <Folkbokforingsposter>{}</Folkbokforingsposter></Navetavisering>",
        posts.len(),
        posts.concat()
    )
}

/// A row of the address file, ISO-8859-1.
fn house(id: &str, street: &str) -> Vec<u8> {
    let row = format!(
        "{id};091;01;1;6672071;385771;1;{street:<30};                    ;12   ;00100;001A;Keskusta            ;\
         Centrum             ;09100100010001;15.08.2026\n"
    );
    row.chars().map(|letter| u8::try_from(letter).unwrap()).collect()
}

fn building(number: u32) -> String {
    PermanentBuildingId::artificial(number).unwrap().as_str().to_owned()
}

fn address(register: &Register, id: &str) -> String {
    let found = register.buildings().find(|building| building.id() == id).unwrap();
    found.address().known().unwrap().street.to_owned()
}

/// What a source of the latest load read, used and set aside.
fn counts(folder: &Path, source: &str) -> (u64, u64, usize) {
    let summary = summary(folder);
    let told = summary.sources.iter().find(|told| told.name == source).unwrap();
    (told.read, told.used, told.set_aside.iter().map(|count| count.count).sum())
}

fn add_source(folder: &Path, text: &str) {
    let toml = folder.join("register.toml");
    fs::write(&toml, fs::read_to_string(&toml).unwrap() + text).unwrap();
}

#[test]
fn swedish_posts_and_the_address_file_are_loaded_and_what_is_set_aside_is_repaired() {
    let folder = folder("register-sources");
    let good = [number("1997-05-17"), number("2015-03-02")];
    // ten digits do not say of which century
    let wrong = number("1980-01-31")[2..].to_owned();
    let all = [post(&good[0], "Ek"), post(&wrong, "Berg &amp; Ö"), post(&good[1], "Ek")];
    fs::write(folder.join("posts.xml"), posts(&all)).unwrap();
    let short = format!("{};091;01\n", building(2)).into_bytes();
    let rows = [house(&building(1), "Mäkelänkatu"), short.clone(), house(&building(3), "Hämeentie")];
    fs::write(folder.join("houses.OPT"), rows.concat()).unwrap();
    fs::write(folder.join("register.toml"), REGISTER).unwrap();
    fs::write(folder.join("secret.key"), format!("sample-{}", "a1b2c3d4".repeat(8))).unwrap();

    let ran = register("load", &folder, &["--first"]);
    exits_with(&ran, 1);
    assert!(ran.out.ends_with("\nLoaded.\n"), "{}\n{}", ran.out, ran.err);
    for personal in [&wrong, &good[0], "Berg", "Ek", "Mäkelänkatu"] {
        assert!(!ran.out.contains(personal) && !ran.err.contains(personal), "{personal}: {}", ran.out);
    }
    assert_eq!((counts(&folder, "sweden"), counts(&folder, "houses")), ((3, 2, 1), (3, 2, 1)));
    let loaded = last(&folder);
    assert_eq!((loaded.residents().count(), loaded.buildings().count()), (2, 2));
    assert!(loaded.residents().all(|resident| resident.names().is_some_and(|names| names.given == "Maja")));
    assert_eq!(address(&loaded, &building(1)), "Mäkelänkatu 12");
    // the address file tells its own day
    let houses = summary(&folder).sources.into_iter().find(|source| source.name == "houses").unwrap();
    assert_eq!(houses.day.as_deref(), Some("2026-08-15"));

    // in their own forms, byte for byte, to be repaired and named as sources
    let aside = folder.join("set_aside");
    let post_aside = fs::read_to_string(aside.join("sweden.xml")).unwrap();
    assert!(post_aside.contains("Berg &amp; Ö") && !post_aside.contains(&good[0]), "{post_aside}");
    assert!(fs::read(aside.join("houses.opt")).unwrap() == short);
    fs::rename(aside.join("sweden.xml"), folder.join("repaired.xml")).unwrap();
    replace(&folder.join("repaired.xml"), &wrong, &number("1980-01-31"));
    fs::remove_file(aside.join("houses.opt")).unwrap();
    fs::write(folder.join("repaired.OPT"), house(&building(2), "Ångströmsgatan")).unwrap();
    add_source(
        &folder,
        "\n[[source]]\nname = \"sweden-repaired\"\nform = \"navet\"\nfile = \"repaired.xml\"\nday = 2026-11-30\n\
         everybody = true\nsecrecy = \"told where set\"\n\n[[source]]\nname = \"houses-repaired\"\n\
         form = \"addresses\"\nfile = \"repaired.OPT\"\n",
    );
    let ran = register("load", &folder, &[]);
    assert!(ran.out.ends_with("\nLoaded.\n"), "{}\n{}", ran.out, ran.err);
    assert_eq!((counts(&folder, "sweden-repaired"), counts(&folder, "houses-repaired")), ((1, 1, 0), (1, 1, 0)));
    let loaded = last(&folder);
    assert_eq!((loaded.residents().count(), loaded.buildings().count()), (3, 3));
    assert_eq!(address(&loaded, &building(2)), "Ångströmsgatan 12");

    // a file that breaks off stops the load, and what was loaded stays
    let whole = fs::read(folder.join("posts.xml")).unwrap();
    fs::write(folder.join("posts.xml"), &whole[..whole.len() / 2]).unwrap();
    let ran = register("load", &folder, &[]);
    exits_with(&ran, 2);
    assert!(ran.err.starts_with("error: source `sweden`: "), "{}", ran.err);
    assert_eq!(last(&folder).residents().count(), 3);
}
