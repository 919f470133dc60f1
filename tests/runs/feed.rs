//! Base data and the changes of a year give the register of the later base data. The sample city prints both, in the
//! population register's own forms; applied page by page, and loaded night by night from a folder.

#![expect(clippy::disallowed_methods, reason = "a folder that a register is loaded from is made here")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Datelike, Days, NaiveDate};
use ennakko::core::fact_table::FactDeclaration;
use ennakko::core::identity::finnish::Profile;
use ennakko::core::record::{Delivery, ListState};
use ennakko::core::{Changes, Difference};
use ennakko::register_folder::{Loading, RegisterFolder};
use ennakko::sample::feed::{BaseData, changes};
use ennakko::sample::{City, Year, table};
use ennakko::sources::finnish::{Documents, Dwellings, NoGroup, Reading, feed};
use ennakko::{IdentityTable, KeySecret, Register};
use ennakko_tests::folder::decided;
use ennakko_tests::registers::differences;
use serde_json::{Value, json};

const SEEDS: [u64; 3] = [1, 11, 2027];
const FIRST_DAY: &str = "2026-11-22";
const RESIDENTS: u32 = 2_000;

/// What changes in a year.
const CHANGES: [&str; 12] = [
    "residents",
    "resident life",
    "resident names",
    "resident municipality",
    "resident home",
    "resident address",
    "resident household",
    "resident custodians",
    "resident fact local_school",
    "households",
    "household members",
    "building owners",
];

/// The facts that the rules of Helsinki may read.
fn declared() -> &'static [FactDeclaration] {
    &decided().set().tables().facts
}

fn year(seed: u64) -> Year {
    let city = City::plan(RESIDENTS, seed).unwrap();
    Year::live(&city, FIRST_DAY.parse().unwrap(), declared())
}

fn documents(data: &BaseData<'_>) -> Documents {
    let mut documents = Documents::new(Reading {
        codes: Profile::SAMPLE,
        no_protection_group: NoGroup::MeansNone,
        dwellings: Dwellings::FromAddresses(ListState::Whole),
    });
    let people: Vec<Value> = data.people().collect();
    for people in people.chunks(100) {
        let answer = json!({ "perustiedot": people, "ajanTasalla": true }).to_string();
        let taken = documents.take_base_data(answer.as_bytes(), &[]).unwrap();
        assert_eq!((taken.used, taken.issues.len()), (taken.read, 0));
    }
    documents
}

/// The people of base data, and what other sources of the city say: deaths, buildings, facts.
fn delivery(data: &BaseData<'_>, day: NaiveDate, city: &Delivery) -> (Documents, Delivery) {
    let mut documents = documents(data);
    let people = documents.loaded(day).delivery;
    let (deaths, buildings, facts) = (city.deaths.clone(), city.buildings.clone(), city.facts.clone());
    (documents, Delivery { deaths, buildings, facts, ..people })
}

#[test]
fn base_data_and_a_years_changes_give_the_register_of_the_later_base_data() {
    for seed in SEEDS {
        let year = year(seed);
        let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
        let (mut documents, first) = delivery(&BaseData::of(&year.start), year.from, &year.start);
        let first = Register::build(first, year.from, &mut identities).register;
        let mut with_later = identities.clone();
        // the same to begin with: nothing has come yet
        let mut register = first.apply(Changes::default(), year.from, &mut identities).register;
        assert_eq!(differences(&first, &register, declared()), [""; 0]);
        let mut n_touched = 0;
        for page in changes(&year, 100) {
            let page = feed::Page::read(page.to_string().as_bytes()).unwrap();
            let taken = documents.take_changes(page.changes());
            assert_eq!((taken.used, taken.waiting), (taken.read, 0), "seed {seed}: {:?}", taken.issues);
            let day = taken.entered_until.unwrap();
            let (batch, issues) = documents.changes(day);
            assert_eq!(issues, []);
            n_touched += batch.people.len();
            let applied = register.apply(batch.clone(), day, &mut identities);
            let again = applied.register.apply(batch, day, &mut identities);
            assert!(again.difference.is_empty(), "seed {seed}: the same page again");
            register = applied.register;
        }
        // what the city's own sources say by then
        let (deaths, facts) = (year.end.deaths.clone(), year.end.facts.clone());
        let rest = Changes { deaths, facts, ..Changes::default() };
        let register = register.apply(rest, year.until, &mut identities).register;
        assert!(n_touched > 200, "{n_touched} people touched");

        // with the identity table as it was before the changes: their newcomers get the same keys
        let (_, later) = delivery(&BaseData::at_end(&year), year.until, &year.end);
        let later = Register::build(later, year.until, &mut with_later).register;
        assert_eq!(differences(&register, &later, declared()), [""; 0], "seed {seed}");
        // and a year ago all of it was other
        let other = differences(&first, &later, declared());
        for what in CHANGES {
            assert!(other.iter().any(|told| told.starts_with(&format!("{what}: "))), "{what} has changed: {other:?}");
        }
    }
}

const REGISTER: &str = r#"version = 1
identity_table = "identity.jsonl"
secret = "secret.key"
codes = "artificial"

[[source]]
name = "population"
form = "finnish_base"
file = "base-{day}.json"
everybody = true
protection = "asked"

[[source]]
name = "changes"
form = "finnish_changes"
file = "changes-{day}.json"

[[source]]
name = "buildings"
form = "table"
table = "buildings"
file = "buildings.csv"
day = 2026-11-22

[[source]]
name = "owners"
form = "table"
table = "owners"
file = "owners.csv"
day = 2026-11-22

[[source]]
name = "schools"
form = "table"
table = "facts"
facts = ["resident.local_school"]
file = "schools-{day}.csv"
"#;

/// A folder that a register is loaded from, with what no change tells of.
fn folder(name: &str, city: &City) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("feed").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write("register.toml", REGISTER);
    write("secret.key", &format!("sample-{}\n", "173c".repeat(16)));
    let snapshot = city.on(FIRST_DAY.parse().unwrap());
    let mut tables = table::TABLES.map(|(name, head)| (name, format!("{head}\n")));
    for block in snapshot.blocks() {
        for ((_, table), rows) in tables.iter_mut().zip(table::rows(&block)) {
            table.push_str(&rows);
        }
    }
    for (name, table) in tables.iter().filter(|(name, _)| ["buildings.csv", "owners.csv"].contains(name)) {
        write(name, table);
    }
    folder
}

fn write_people(folder: &Path, data: &BaseData<'_>, day: NaiveDate) {
    let people: Vec<Value> = data.people().collect();
    let answer = json!({ "perustiedot": people, "ajanTasalla": true });
    fs::write(folder.join(format!("base-{day}.json")), answer.to_string()).unwrap();
}

fn write_schools(folder: &Path, city: &Delivery, day: NaiveDate) {
    let told = city.facts.iter().find(|told| told.declaration.name == "local_school").unwrap();
    let rows = format!("{}\n{}", table::FACT_HEAD, table::fact_rows(told));
    fs::write(folder.join(format!("schools-{day}.csv")), rows).unwrap();
}

fn load(folder: &Path, day: NaiveDate, first: bool) -> Register {
    let loading = Loading { day: Some(day), facts: declared(), first, accept_rows: &[], progress: &mut |_| () };
    RegisterFolder::open(folder).unwrap().load(loading).unwrap().register
}

/// The year's changes as they come month by month, each with the last day on which one of them was entered.
fn months(year: &Year) -> BTreeMap<(i32, u32), (NaiveDate, Vec<Value>)> {
    let mut months: BTreeMap<(i32, u32), (NaiveDate, Vec<Value>)> = BTreeMap::new();
    for page in changes(year, 100) {
        for change in page["muutokset"].as_array().unwrap() {
            // midnight in Helsinki is the day before by the clock of the instant
            let day = change["muutospv"].as_str().unwrap()[..10].parse::<NaiveDate>().unwrap() + Days::new(1);
            let (last, told) = months.entry((day.year(), day.month())).or_insert((day, Vec::new()));
            *last = day.max(*last);
            told.push(change.clone());
        }
    }
    months
}

#[test]
fn a_folder_loaded_through_a_year_of_changes_has_the_register_of_the_later_base_data() {
    let seed = SEEDS[1];
    let (city, year) = (City::plan(RESIDENTS, seed).unwrap(), year(seed));
    let nightly = folder(&format!("{seed}-nightly"), &city);
    write_people(&nightly, &BaseData::of(&year.start), year.from);
    write_schools(&nightly, &year.start, year.from);
    let first = load(&nightly, year.from, true);
    let later = folder(&format!("{seed}-later"), &city);
    fs::copy(nightly.join("identity.jsonl"), later.join("identity.jsonl")).unwrap();
    let mut n_loads = 0;
    for (token, (day, told)) in (1_u64..).zip(months(&year).into_values()) {
        let page = json!({ "viimeisinKirjausavain": token, "muutokset": told, "ajanTasalla": true });
        fs::write(nightly.join(format!("changes-{day}.json")), page.to_string()).unwrap();
        load(&nightly, day, false);
        n_loads += 1;
    }
    assert!(n_loads >= 12, "{n_loads} loads");
    write_schools(&nightly, &year.end, year.until);
    let reached = load(&nightly, year.until, false);

    write_people(&later, &BaseData::at_end(&year), year.until);
    write_schools(&later, &year.end, year.until);
    let later = load(&later, year.until, false);
    assert_eq!(differences(&reached, &later, declared()), [""; 0]);
    assert!(
        reached.residents().count() > first.residents().count() && !Difference::between(&first, &reached).is_empty()
    );
}
