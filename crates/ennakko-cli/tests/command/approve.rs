//! `ennakko approve`, and what `ennakko check` says of approvals.

use std::fs;
use std::path::Path;

use super::{Ran, ennakko, exits_with, findings, helsinki, replace, summary};

const WHO: [&str; 8] =
    ["--by", "Aino Esimerkki", "--role", "lawyer", "--decision", "HEL 2026-000001", "--on", "2026-12-01"];

fn approve(folder: &Path, rule: &str) -> Ran {
    let folder = folder.display().to_string();
    ennakko(&[&["approve", rule, "--folder", &folder][..], &WHO].concat())
}

fn check(folder: &Path) -> Ran {
    ennakko(&["check", &folder.display().to_string()])
}

/// A city with one rule whose one case is as written.
fn town(name: &str) -> std::path::PathBuf {
    let city = super::folder(name).join("town");
    exits_with(&ennakko(&["new", "parking_permit", "--folder", &city.display().to_string()]), 0);
    let page = city.join("parking_permit.md");
    replace(&page, "| | not_entitled | born_before |", "| | offered to person | |");
    city
}

/// The digest that was told.
fn digest(ran: &Ran) -> String {
    let line = ran.out.lines().find(|line| line.starts_with("  digest ")).unwrap();
    line.split_whitespace().nth(1).unwrap().to_owned()
}

#[test]
fn a_rule_is_approved_as_it_stands_and_no_longer() {
    let city = town("approve");
    let ran = approve(&city, "parking_permit");
    exits_with(&ran, 0);
    let digest = digest(&ran);
    let file = city.join("approvals.toml");
    let told = format!(
        "approved: parking_permit, in {}
  digest    {digest}
  law       Act to be named
  purpose   to_be_named
  reads     none of facts.toml
  cases     1 case, all as written
It holds until the rule, its page, its texts or a row that it reads is changed; `ennakko check` tells.
",
        file.display()
    );
    assert_eq!((ran.out.as_str(), ran.err.as_str()), (told.as_str(), ""));
    let row = format!(
        "[parking_permit]
digest = \"{digest}\"
approved_by = \"Aino Esimerkki\"
role = \"lawyer\"
approved_on = 2026-12-01
decision = \"HEL 2026-000001\"
"
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), row);
    assert_eq!(check(&city).out, "1 rule, 0 errors, 0 warnings\napproved: 1 of 1 version\n");

    // one word of a letter changed: told at the row, and no error
    let texts = city.join("parking_permit.sv.ftl");
    let text = fs::read_to_string(&texts).unwrap();
    fs::write(&texts, format!("{text}# changed\n")).unwrap();
    let ran = check(&city);
    exits_with(&ran, 0);
    assert!(ran.out.contains("warning[R061]: `parking_permit` is not as it was when it was approved on 2026-12-01"));
    assert!(ran.out.contains("approvals.toml:2:10\n"), "{}", ran.out);
    let end = "1 rule, 0 errors, 1 warning\napproved: 0 of 1 version; a run would refuse parking_permit\n";
    assert!(ran.out.ends_with(end), "{}", ran.out);
    // approved again, and once more without a change
    let ran = approve(&city, "parking_permit");
    exits_with(&ran, 0);
    assert!(!ran.out.contains("as it was before") && !ran.out.contains(&digest), "{}", ran.out);
    let ran = approve(&city, "parking_permit");
    assert!(ran.out.starts_with("approved: parking_permit, as it was before, in "), "{}", ran.out);
}

#[test]
fn the_rest_of_the_approvals_stays_as_it_was_written() {
    let city = town("approvals_kept");
    let file = city.join("approvals.toml");
    let zeros = "0".repeat(64);
    let before = format!(
        "# Signed in the archive.\n\n[parking_permit]  # by hand, at first\ndigest      = \"{zeros}\"  # of December\n\
         approved_by = 'Bertta Esimerkki'\nrole        = \"lawyer\"\napproved_on = 2026-11-22\n\
         decision    = \"1\"   # archived\n\n# an old one\n[\"gone.from-2020-01-01\"]\ndigest = \"{zeros}\"\n\
         approved_by = \"C\"\nrole = \"lawyer\"\napproved_on = 2020-01-01\ndecision = \"0\"\n"
    );
    fs::write(&file, &before).unwrap();
    let ran = approve(&city, "parking_permit");
    exits_with(&ran, 0);
    let expected = before
        .replacen(&zeros, &digest(&ran), 1)
        .replace("'Bertta Esimerkki'", "\"Aino Esimerkki\"")
        .replace("2026-11-22", "2026-12-01")
        .replace("\"1\"   #", "\"HEL 2026-000001\"   #");
    assert_eq!(fs::read_to_string(&file).unwrap(), expected);
    // the row of no version is told
    let told = check(&city).out;
    assert!(told.contains("warning[R061]: no version of a rule is called `gone.from-2020-01-01`"), "{told}");
    assert!(told.ends_with("approved: 1 of 1 version\n"), "{told}");
}

#[test]
fn the_version_in_force_is_meant_or_the_one_named() {
    let rules = helsinki("versions");
    let approved = |rule: &str| {
        let ran = approve(&rules, rule);
        exits_with(&ran, 0);
        ran.out.lines().next().unwrap().split([' ', ',']).nth(1).unwrap().to_owned()
    };
    assert_eq!(approved("school_place"), "school_place");
    assert_eq!(approved("school_place.from-2018-01-01"), "school_place.from-2018-01-01");
    assert_eq!(approved("school_place.from-2018-01-01.rhai"), "school_place.from-2018-01-01");
    let written = fs::read_to_string(rules.join("approvals.toml")).unwrap();
    assert_eq!(written.matches("approved_by").count(), 2);
    assert!(written.contains("\n\n[\"school_place.from-2018-01-01\"]\n"), "{written}");
    assert_eq!(findings(&check(&rules)), summary(0, "0 errors, 0 warnings"));
    // on a day before the newer version the older one is in force, and before both none is
    let on = |day: &str| {
        let mut who = WHO;
        who[7] = day;
        let folder = rules.display().to_string();
        ennakko(&[&["approve", "school_place", "--folder", &folder][..], &who].concat())
    };
    assert!(on("2020-01-01").out.starts_with("approved: school_place.from-2018-01-01, as it was before"));
    let ran = on("2017-01-01");
    exits_with(&ran, 1);
    let told = "not approved: no version of `school_place` is in force on 2017-01-01; name one: \
                school_place.from-2018-01-01.rhai, school_place.rhai\n";
    assert_eq!((ran.err.as_str(), ran.out.as_str()), (told, ""));
}

#[test]
fn what_is_wrong_or_does_something_else_is_refused() {
    let city = town("refused");
    let file = city.join("approvals.toml");
    let refused = |code: u8, rule: &str, told: &str| {
        let ran = approve(&city, rule);
        exits_with(&ran, code);
        assert!(ran.err.contains(told) && ran.out.is_empty(), "{told}\n{}{}", ran.err, ran.out);
        assert!(!file.exists(), "nothing is written");
    };
    refused(2, "parking_prmit", "error: no rule or version is called `parking_prmit`; did you mean `parking_permit`?");
    // a case that fails
    let page = city.join("parking_permit.md");
    replace(&page, "| | offered to person | |", "| | not_entitled | born_before |");
    refused(1, "parking_permit", "not approved: 1 of the 1 cases of `parking_permit` are not as written\nhelp: see ");
    replace(&page, "| | not_entitled | born_before |", "| | offered to person | |");
    // an error
    let rule = city.join("parking_permit.rhai");
    replace(&rule, "lives_in_city: ", "lives_in_city:: ");
    refused(1, "parking_permit", "not approved: the check finds 1 error in this folder");
    replace(&rule, "lives_in_city:: ", "lives_in_city: ");
    // nobody
    let folder = city.display().to_string();
    let mut nobody = WHO;
    nobody[1] = " ";
    let ran = ennakko(&[&["approve", "parking_permit", "--folder", &folder][..], &nobody].concat());
    exits_with(&ran, 2);
    assert_eq!(ran.err, "error: `by` is blank; say who approves, in which role and by which decision\n");
    assert!(!file.exists());
}
