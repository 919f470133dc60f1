//! `ennakko register`: loads of a folder as a city meets them, night after night.

#[path = "register/sources.rs"]
mod sources;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ennakko::core::Register;
use ennakko::core::difference::Difference;
use ennakko::core::fact_table::FactDeclaration;
use ennakko::core::register::Resident;
use ennakko::register_folder::RegisterFolder;
use ennakko::sample::City;
use ennakko::wire::v1::{RegisterDifferenceV1, RegisterSummaryV1};
use ennakko::{IdentityTable, KeySecret};

use super::{Ran, ennakko, exits_with, folder, path, replace, sample, valid_against};

const DAY: &str = "2026-12-01";

/// A folder of this test's own with a sample of a thousand in it.
fn city(name: &str) -> PathBuf {
    let out = folder(&format!("register-{name}")).join("city");
    exits_with(&sample("1000", DAY, &out, &[]), 0);
    out
}

pub(super) fn register(what: &str, folder: &Path, more: &[&str]) -> Ran {
    let (rules, folder) = (path("rules/helsinki"), folder.display().to_string());
    let rules = if what == "summary" { vec![] } else { vec!["--rules", &rules] };
    ennakko(&[&["register", what, &folder], rules.as_slice(), more].concat())
}

/// A load that succeeds. Somebody has to look: some rows of the sample's facts are as wrong as those of real registers.
fn loads(folder: &Path, more: &[&str]) -> Ran {
    let ran = register("load", folder, more);
    exits_with(&ran, 1);
    assert!(ran.out.ends_with("\nLoaded.\n") && ran.err.is_empty(), "{}\n{}", ran.out, ran.err);
    ran
}

pub(super) fn summary(folder: &Path) -> RegisterSummaryV1 {
    let ran = register("summary", folder, &["--format", "json"]);
    valid_against("register_summary.v1", &ran.out);
    serde_json::from_str(&ran.out).unwrap()
}

fn difference(folder: &Path, more: &[&str]) -> RegisterDifferenceV1 {
    let ran = register("diff", folder, &[more, &["--format", "json"]].concat());
    exits_with(&ran, 0);
    valid_against("register_difference.v1", &ran.out);
    serde_json::from_str(&ran.out).unwrap()
}

/// Every file below a folder, with its bytes.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(tree(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            files.insert(path, bytes);
        }
    }
    files
}

fn facts() -> Vec<FactDeclaration> {
    let files = ennakko::folder::read(Path::new(&path("rules/helsinki"))).unwrap();
    let (rules, _) = ennakko::Rules::load(&files).ok().unwrap();
    rules.set().tables().facts.clone()
}

pub(super) fn last(folder: &Path) -> Register {
    RegisterFolder::open(folder).unwrap().last(0, &facts(), &mut |_| ()).unwrap().register
}

/// A line of a file, replaced by another.
fn edit(file: &Path, line: usize, change: impl Fn(&str) -> String) -> String {
    let text = fs::read_to_string(file).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let before = lines[line].clone();
    lines[line] = change(&before);
    fs::write(file, lines.join("\n") + "\n").unwrap();
    before
}

/// Whether what was printed holds any code or name of the sample.
fn names_nobody(ran: &Ran, folder: &Path) {
    let residents = fs::read_to_string(folder.join("residents.csv")).unwrap();
    for row in residents.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        for cell in [1, 12].into_iter().filter_map(|at| cells.get(at)).filter(|cell| cell.len() > 8) {
            assert!(!ran.out.contains(cell) && !ran.err.contains(cell), "{}\n{}", ran.out, ran.err);
        }
    }
}

#[test]
fn a_sample_in_a_folder_loads_into_the_samples_own_register() {
    let folder = city("own");
    let ran = register("check", &folder, &[]);
    exits_with(&ran, 1);
    assert!(ran.out.ends_with("\nNothing was written.\n") && ran.err.is_empty(), "{}\n{}", ran.out, ran.err);
    assert!(!folder.join("identity.jsonl").exists() && !folder.join("loaded").exists());

    let ran = loads(&folder, &["--first"]);
    names_nobody(&ran, &folder);
    for line in ran.out.lines() {
        assert!(line.chars().count() <= 100 && line == line.trim_end(), "{line}");
    }

    let facts = facts();
    let delivery = City::plan(1_000, 1).unwrap().delivery(DAY.parse().unwrap(), &facts);
    let secret = fs::read_to_string(folder.join("secret.key")).unwrap();
    let digits = secret.trim().strip_prefix("sample-").unwrap();
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap();
    }
    let mut identities = IdentityTable::new(KeySecret::new(bytes));
    let own = Register::build(delivery, DAY.parse().unwrap(), &mut identities).register;
    let loaded = last(&folder);
    assert!(own.residents().count() > 1_000);
    assert_eq!(format!("{loaded:?}"), format!("{own:?}"));
    assert!(Difference::between(&own, &loaded).is_empty());

    let summary = summary(&folder);
    assert_eq!((summary.register.residents, summary.day.as_str()), (own.residents().count(), DAY));
    assert_eq!(summary.identities.people, identities.len());
    for source in &summary.sources {
        let set_aside: usize = source.set_aside.iter().map(|count| count.count).sum();
        assert_eq!(source.read, source.used + u64::try_from(set_aside).unwrap(), "{}", source.name);
    }
    assert!(summary.register.facts.iter().any(|fact| fact.name == "resident.local_school" && fact.known_percent > 0));

    // a city sees its own people
    let (rules, shown) = (path("rules/helsinki"), folder.display().to_string());
    let ran = ennakko(&["preview", &rules, "--register", &shown, "--from", DAY, "--months", "1", "--no-letter"]);
    exits_with(&ran, 0);
    assert!(ran.out.contains("by the register of 1 December 2026"), "{}", ran.out);
    let ran = ennakko(&["explain", "--rule", "service_needs_75", "--on", DAY, "--town", &shown, "--folder", &rules]);
    exits_with(&ran, 0);
    assert!(ran.out.contains("name one of these"), "{}", ran.out);
}

#[test]
fn two_nights_from_nothing_with_one_identity_table_give_the_same_keys() {
    let folder = city("nights");
    loads(&folder, &["--first"]);
    let table = fs::read(folder.join("identity.jsonl")).unwrap();
    let keys = |register: &Register| register.residents().map(Resident::key).collect::<Vec<_>>();
    let first = keys(&last(&folder));

    // the next night in another order, into an empty register
    fs::remove_dir_all(folder.join("loaded")).unwrap();
    let residents = fs::read_to_string(folder.join("residents.csv")).unwrap();
    let mut rows: Vec<&str> = residents.lines().collect();
    rows[1..].reverse();
    fs::write(folder.join("residents.csv"), rows.join("\n") + "\n").unwrap();
    loads(&folder, &["--day", "2026-12-02"]);
    assert!(first == keys(&last(&folder)));
    assert!(table == fs::read(folder.join("identity.jsonl")).unwrap());
    assert_eq!(summary(&folder).identities.new, 0);

    // a lost table is a stop, with and without an earlier load
    fs::remove_file(folder.join("identity.jsonl")).unwrap();
    let before = tree(&folder);
    for _ in 0..2 {
        let ran = register("load", &folder, &[]);
        exits_with(&ran, 2);
        assert!(ran.err.contains("the identity table of earlier loads is missing"), "{}", ran.err);
        assert!(tree(&folder) == before, "nothing is written");
        assert!(!folder.join("identity.jsonl").exists());
    }
    // and `--first` is for a first load
    let ran = register("load", &folder, &["--first"]);
    exits_with(&ran, 2);
    assert!(ran.err.contains("is not the city's first load") || ran.err.contains("first load"), "{}", ran.err);
    assert!(tree(&folder) == before);
}

#[test]
fn a_broken_file_in_the_middle_leaves_everything_as_it_was() {
    let folder = city("broken");
    loads(&folder, &["--first"]);
    let (identities, loaded) = (fs::read(folder.join("identity.jsonl")).unwrap(), tree(&folder.join("loaded")));
    let custody = fs::read_to_string(folder.join("custody.csv")).unwrap();
    fs::write(folder.join("custody.csv"), format!("{}\"torn", &custody[..custody.len() / 2])).unwrap();
    let ran = register("load", &folder, &[]);
    exits_with(&ran, 2);
    assert!(ran.err.starts_with("error: source `custody`: "), "{}", ran.err);
    names_nobody(&ran, &folder);
    assert!(fs::read(folder.join("identity.jsonl")).unwrap() == identities);
    assert!(tree(&folder.join("loaded")) == loaded);
    assert!(last(&folder).residents().count() > 1_000, "the register of before is still there");
    fs::write(folder.join("custody.csv"), custody).unwrap();
    loads(&folder, &[]);
    assert_eq!(difference(&folder, &[]).kinds, []);
}

#[test]
fn records_set_aside_are_written_in_their_own_form_and_can_be_repaired() {
    let folder = city("aside");
    let residents = folder.join("residents.csv");
    // the check character of a code, and a row cut short
    let whole = edit(&residents, 3, |row| {
        let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
        cells[0].clear();
        let wrong = if cells[1].ends_with('A') { "B" } else { "A" };
        cells[1].replace_range(10.., wrong);
        cells.join(",")
    });
    edit(&residents, 5, |row| row.split(',').take(3).collect::<Vec<_>>().join(","));
    let ran = loads(&folder, &["--first"]);
    names_nobody(&ran, &folder);
    assert!(ran.out.contains("\nresidents, set aside\n"), "{}", ran.out);
    let n_residents = summary(&folder).register.residents;

    let aside = folder.join("set_aside/residents.csv");
    let text = fs::read_to_string(&residents).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(fs::read_to_string(&aside).unwrap(), format!("{}\n{}\n{}\n", lines[0], lines[3], lines[5]));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for file in [aside.clone(), folder.join("identity.jsonl"), folder.join("loaded/1/residents/1.csv")] {
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
        }
        assert_eq!(fs::metadata(folder.join("set_aside")).unwrap().permissions().mode() & 0o777, 0o700);
    }

    // repaired where it stands, the next load would write over it
    fs::write(&aside, format!("{}\n{whole}\n", lines[0])).unwrap();
    let ran = register("load", &folder, &[]);
    exits_with(&ran, 2);
    assert!(ran.err.contains("was changed since it was written"), "{}", ran.err);
    fs::rename(&aside, folder.join("repaired.csv")).unwrap();
    let toml = folder.join("register.toml");
    let more = "\n[[source]]\nname = \"repaired\"\nform = \"table\"\ntable = \"residents\"\nfile = \"repaired.csv\"\nday = 2026-12-01\n";
    fs::write(&toml, fs::read_to_string(&toml).unwrap() + more).unwrap();
    loads(&folder, &[]);
    let now = summary(&folder);
    let repaired = now.sources.last().unwrap();
    assert_eq!((repaired.name.as_str(), repaired.read, repaired.used), ("repaired", 1, 1));
    assert_eq!(now.register.residents, n_residents + 1);
    let kinds = difference(&folder, &[]).kinds;
    assert!(kinds.iter().any(|kind| ["born", "appeared"].contains(&kind.kind.as_str())), "{kinds:?}");
}

#[test]
fn too_few_records_stop_a_load_until_somebody_accepts_them() {
    let folder = city("rows");
    loads(&folder, &["--first"]);
    let deaths = folder.join("stairwells.csv");
    let text = fs::read_to_string(&deaths).unwrap();
    let half: Vec<&str> = text.lines().take(text.lines().count() / 2).collect();
    fs::write(&deaths, half.join("\n") + "\n").unwrap();
    let before = tree(&folder);
    let ran = register("load", &folder, &[]);
    exits_with(&ran, 2);
    assert!(ran.err.contains("error: source `stairwells` has ") && ran.err.contains("--accept-rows"), "{}", ran.err);
    assert!(tree(&folder) == before);
    let ran = register("load", &folder, &["--accept-rows", "stairwell"]);
    exits_with(&ran, 2);
    assert!(ran.err.contains("did you mean `stairwells`?"), "{}", ran.err);
    loads(&folder, &["--accept-rows", "stairwells"]);
    let summary = summary(&folder);
    assert!(summary.sources.iter().any(|source| source.name == "stairwells" && !source.rows.as_expected));
    // of a load later that is what was there before
    loads(&folder, &[]);
}

#[test]
fn a_source_that_is_too_old_leaves_what_can_have_changed_unknown() {
    let folder = city("old");
    loads(&folder, &["--first"]);
    let ran = loads(&folder, &["--day", "2026-12-31"]);
    assert!(ran.out.contains("too old"), "{}", ran.out);
    let register = last(&folder);
    assert!(register.residents().all(|resident| resident.lives_in("091").known().is_none()));
    assert!(register.residents().any(|resident| resident.born().known().is_some()));
    let summary = summary(&folder);
    assert!(summary.sources.iter().any(|source| source.name == "residents" && source.too_old));
    let fact = summary.register.facts.iter().find(|fact| fact.name == "resident.local_school").unwrap();
    assert_eq!((fact.known_percent, fact.unknown_percent), (0, 100));
}

#[test]
fn a_death_told_by_another_source_counts_and_is_told() {
    let folder = city("death");
    loads(&folder, &["--first"]);
    let before = summary(&folder).register;
    let residents = fs::read_to_string(folder.join("residents.csv")).unwrap();
    let alive = residents.lines().skip(1).map(|row| row.split(',').collect::<Vec<_>>());
    let code = alive.filter(|cells| cells[1].len() == 11 && cells[7] == "false").map(|cells| cells[1]).nth(40).unwrap();
    fs::write(folder.join("clinic.csv"), format!("who,source,dead\n{code},clinic,true\n")).unwrap();
    let toml = folder.join("register.toml");
    let more = "\n[[source]]\nname = \"clinic\"\nform = \"table\"\ntable = \"deaths\"\nfile = \"clinic.csv\"\nday = 2026-12-01\n";
    fs::write(&toml, fs::read_to_string(&toml).unwrap() + more).unwrap();
    let ran = loads(&folder, &[]);
    let after = summary(&folder);
    assert_eq!(after.register.alive, before.alive - 1);
    assert_eq!(after.register.death_disputed, before.death_disputed + 1);
    let clinic = after.sources.last().unwrap();
    assert_eq!((clinic.read, clinic.used), (1, 1));
    names_nobody(&ran, &folder);
    assert!(ran.out.contains("disagrees with another source on whether the person is alive"), "{}", ran.out);
}

#[test]
fn every_mistake_in_register_toml_is_told_at_its_line() {
    let folder = city("mistakes");
    let toml = folder.join("register.toml");
    replace(&toml, "day = 2026-12-01\nidentity_table", "day = \"2026-12-01\"\nidentity");
    replace(&toml, "codes = \"artificial\"", "codes = \"artifical\"");
    replace(&toml, "table = \"custody\"", "table = \"custdy\"");
    replace(&toml, "facts = [\"resident.local_school\"]", "facts = [\"local_school\"]");
    replace(&toml, "file = \"deaths.csv\"", "file = \"set_aside/deaths.csv\"");
    let ran = register("check", &folder, &[]);
    exits_with(&ran, 2);
    for told in [
        "`day` is not a day",
        "nothing reads `identity` here",
        "`identity_table` is missing here",
        "did you mean \"artificial\"?",
        "did you mean \"custody\"?",
        "`local_school` does not say whose fact it is",
        "a source cannot stand in `set_aside`",
    ] {
        assert!(ran.err.contains(told), "{told}\n{}", ran.err);
    }
    assert!(ran.err.contains("register.toml:4:7\n"), "{}", ran.err);

    let folder = city("undeclared");
    let toml = folder.join("register.toml");
    replace(&toml, "facts = [\"resident.local_school\"]", "facts = [\"resident.local_scool\"]");
    let ran = register("check", &folder, &[]);
    exits_with(&ran, 2);
    assert!(ran.err.contains("did you mean `resident.local_school`?"), "{}", ran.err);
}

const FINNISH: &str = r#"version = 1
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
file = "changes-{day}.json"
"#;

#[test]
fn base_data_is_read_once_and_changes_go_on_from_it() {
    let made = folder("register-finnish-made").join("city");
    exits_with(&sample("1000", DAY, &made, &["--changes"]), 0);
    let pages: Vec<serde_json::Value> = serde_json::from_slice(&fs::read(made.join("changes.json")).unwrap()).unwrap();
    let half = pages.len().div_ceil(2);
    let city = |name: &str| {
        let city = folder(&format!("register-finnish-{name}"));
        fs::write(city.join("register.toml"), FINNISH).unwrap();
        fs::copy(made.join("secret.key"), city.join("secret.key")).unwrap();
        city
    };
    let write = |city: &Path, name: &str, pages: &[serde_json::Value]| {
        fs::write(city.join(name), serde_json::to_vec(pages).unwrap()).unwrap();
    };
    let nightly = city("nightly");
    fs::copy(made.join("base_data.json"), nightly.join("base-2026-12-01.json")).unwrap();
    let day = |day| ["--day", day];
    let first = register("load", &nightly, &["--first", "--day", DAY]);
    assert!(first.err.is_empty(), "{}", first.err);
    let base = summary(&nightly);
    write(&nightly, "changes-2027-05-01.json", &pages[..half]);
    write(&nightly, "changes-2027-12-01.json", &pages[half..]);
    register("load", &nightly, &day("2027-05-01"));
    let spring = summary(&nightly);
    assert!(spring.sources[1].read > 0 && spring.sources[0].read == base.sources[0].read, "{spring:?}");
    assert!(!spring.sources[0].too_old, "as new as its changes");
    let moved = difference(&nightly, &[]);
    assert!(moved.kinds.iter().any(|kind| kind.kind == "moved_within"), "{moved:?}");
    register("load", &nightly, &day("2027-12-01"));
    // a page is taken once
    register("load", &nightly, &day("2027-12-02"));
    assert_eq!(summary(&nightly).sources[1].read, 0);

    // the same as all at once, from nothing
    let at_once = city("at_once");
    for name in ["base-2026-12-01.json", "changes-2027-05-01.json", "changes-2027-12-01.json", "identity.jsonl"] {
        fs::copy(nightly.join(name), at_once.join(name)).unwrap();
    }
    register("load", &at_once, &day("2027-12-02"));
    let difference = difference(&at_once, &[&nightly.display().to_string()]);
    assert_eq!(difference.kinds, []);

    // what cannot be read stays to be repaired, whatever nights go by
    fs::write(
        nightly.join("changes-2027-12-03.json"),
        r#"{"viimeisinKirjausavain":99,"muutokset":[{"henkilotunnus":"010101-900A","muutospv":"2027-12-02T22:00:00.000Z","tietoryhmat":[]}],"ajanTasalla":true}"#,
    )
    .unwrap();
    exits_with(&register("load", &nightly, &day("2027-12-03")), 1);
    for night in ["2027-12-03", "2027-12-04"] {
        register("load", &nightly, &day(night));
        let aside = fs::read_to_string(nightly.join("set_aside/changes.json")).unwrap();
        assert!(aside.contains("010101-900A") && aside.contains("\"viimeisinKirjausavain\":99"), "{aside}");
    }
    // and newer base data begins anew
    fs::copy(made.join("base_data_after.json"), nightly.join("base-2027-12-05.json")).unwrap();
    register("load", &nightly, &day("2027-12-05"));
    assert_eq!(summary(&nightly).sources[1].read, 0);
    let ran = register("load", &nightly, &day("2027-12-04"));
    exits_with(&ran, 2);
    assert!(ran.err.contains("base data of 2027-12-05 has been loaded already"), "{}", ran.err);
}
