//! `ennakko check` for editors, workflows and code hosts, by a day, and on a terminal.

use std::fs;
use std::path::Path;

use ennakko::wire::v1::FindingV1;
use serde_json::Value;

use super::{ennakko, exits_with, folder, helsinki, on_terminals, replace, valid_against};

/// A city with one error and one warning, and the place of the error.
fn with_findings(name: &str) -> (String, String) {
    let rules = helsinki(name);
    replace(&rules.join("school_place.rhai"), "child.lives_in_city,", "child.lives_in_cty,");
    fs::write(rules.join("notes, 100 %.txt"), "remember the milk\n").unwrap();
    let rule = rules.join("school_place.rhai").display().to_string();
    (rules.display().to_string(), rule)
}

#[test]
fn ranges_for_editors_are_exact() {
    let (folder, rule) = with_findings("ranges");
    let ran = ennakko(&["check", &folder, "--format", "json"]);
    exits_with(&ran, 1);
    valid_against("findings.v1", &ran.out);
    let findings: Vec<FindingV1> = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(findings.len(), 2);
    for finding in &findings {
        assert_eq!((finding.end_line, finding.end_column), (finding.line, finding.column + finding.length));
    }
    let error = findings.iter().find(|finding| finding.severity == "error").unwrap();
    assert_eq!(error.path, rule);
    let text = fs::read_to_string(&rule).unwrap();
    let line: Vec<char> = text.lines().nth(error.line - 1).unwrap().chars().collect();
    let meant: String = line[error.column - 1..error.end_column - 1].iter().collect();
    assert_eq!(meant, "child.lives_in_cty");
}

#[test]
fn a_workflow_gets_one_line_for_each_finding() {
    let (folder, rule) = with_findings("github");
    let ran = ennakko(&["check", &folder, "--format", "github"]);
    exits_with(&ran, 1);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.len(), 2, "{}", ran.out);
    let warning = format!(
        "::warning file={folder}/notes%2C 100 %25.txt,line=1,endLine=1,col=1,endColumn=2,title=R070::nothing reads this \
         file%0Ahelp: a rule folder holds .rhai, .md, .<language>.ftl and .toml files"
    );
    assert_eq!(lines[0], warning);
    let error = format!(
        "::error file={rule},line=29,endLine=29,col=27,endColumn=45,title=R012::rule `school_place` reads unknown fact \
         `child.lives_in_cty`%0Ahelp: did you mean `child.lives_in_city`?"
    );
    assert_eq!(lines[1], error);
}

#[test]
fn a_code_host_gets_sarif() {
    let (folder, _) = with_findings("sarif");
    let ran = ennakko(&["check", &folder, "--format", "sarif"]);
    exits_with(&ran, 1);
    let log: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["tool"]["driver"]["name"], "ennakko");
    let ids: Vec<&str> =
        run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["R012", "R070"]);
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    let place = |result: &Value| result["locations"][0]["physicalLocation"].clone();
    assert_eq!(results[0]["level"], "warning");
    let uri = place(&results[0])["artifactLocation"]["uri"].as_str().unwrap().to_owned();
    assert!(uri.ends_with("/helsinki/notes%2C%20100%20%25.txt"), "{uri}");
    assert_eq!((&results[1]["ruleId"], &results[1]["level"]), (&Value::from("R012"), &Value::from("error")));
    let region = serde_json::json!({ "startLine": 29, "startColumn": 27, "endLine": 29, "endColumn": 45 });
    assert_eq!(place(&results[1])["region"], region);
    let text = "rule `school_place` reads unknown fact `child.lives_in_cty`; did you mean `child.lives_in_city`?";
    assert_eq!(results[1]["message"]["text"], text);
    // nothing wrong is a log without results
    let clean = ennakko(&["check", &helsinki("sarif_clean").display().to_string(), "--format", "sarif"]);
    exits_with(&clean, 0);
    let log: Value = serde_json::from_str(&clean.out).unwrap();
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
}

#[test]
fn what_has_run_out_by_a_day_is_told_when_it_is_asked_for() {
    let rules = helsinki("due").display().to_string();
    let ran = ennakko(&["check", &rules, "--on", "2029-01-01"]);
    exits_with(&ran, 0);
    for told in [
        "warning[R021]: `seniors::assessment_age` has no row for 2029-01-01: the last one before ends on 2029-01-01, excluded",
        "warning[R021]: `calendar::school_start` has no round after this one, which ended on 2028-08-01",
        "warning[R021]: the contact for `education` holds until 2029-01-01, excluded, and no other follows",
        "warning[R021]: no holiday after 2028-12-26 is known",
        "warning[R060]: `school_place` was to be looked at again by 2027-06-30",
    ] {
        assert!(ran.out.contains(told), "{told}\n{}", ran.out);
    }
    // the older version is in force no more, so nobody needs to look at it
    assert!(!ran.out.contains("`school_place.from-2018-01-01` was"), "{}", ran.out);
}

#[test]
fn colours_are_for_terminals_and_change_nothing_that_is_said() {
    let (folder, _) = with_findings("colours");
    let plain = ennakko(&["check", &folder]);
    assert!(!plain.out.contains('\x1b'));
    let ran = on_terminals(&["check", &folder], true, false);
    assert!(ran.out.contains("\x1b[1;31merror[R012]\x1b[0m: \x1b[1mrule "), "{}", ran.out);
    assert!(ran.out.contains("\x1b[1;33mwarning[R070]\x1b[0m"), "{}", ran.out);
    let mut bare = ran.out;
    for code in ["\x1b[0m", "\x1b[1m", "\x1b[1;31m", "\x1b[1;33m", "\x1b[32m", "\x1b[34m"] {
        bare = bare.replace(code, "");
    }
    assert_eq!(bare, plain.out);
}

#[test]
fn every_shell_gets_completions_of_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = ennakko(&["completions", shell]);
        exits_with(&ran, 0);
        for word in ["check", "test", "preview", "facts", "approve", "new", "sample", "completions", "watch"] {
            assert!(ran.out.contains(word), "{shell}: {word}");
        }
        // not every shell is told the values of options
        assert!(ran.out.contains("sarif") || ["elvish", "powershell"].contains(&shell), "{shell}");
    }
}

#[test]
fn a_folder_of_two_cities_tells_of_both() {
    let all = folder("two_cities");
    for city in ["a_town", "b_town"] {
        let city = all.join(city).display().to_string();
        exits_with(&ennakko(&["new", "parking_permit", "--folder", &city]), 0);
    }
    let ran = ennakko(&["check", &all.display().to_string()]);
    let line = "approved: 0 of 1 version; a run would refuse parking_permit\n";
    assert_eq!(ran.out, format!("2 rules, 0 errors, 0 warnings\n{line}{line}"));
    assert!(Path::new(&all).join("b_town/parking_permit.rhai").is_file());
}

#[test]
fn a_plan_tells_what_evaluates_each_line() {
    let rules = helsinki("plan");
    let folder = rules.display().to_string();
    let ran = ennakko(&["check", &folder, "--plan"]);
    exits_with(&ran, 0);
    // every line of Helsinki's rules is for kernels, and none is asked on each day
    assert!(ran.out.contains("school_place\n"), "{}", ran.out);
    assert!(ran.out.contains("; 0 on each day again\n") && !ran.out.contains("row by row"), "{}", ran.out);
    assert!(!ran.out.contains("R080"), "{}", ran.out);
    // what hangs on the day itself is asked on each
    replace(&rules.join("school_place.rhai"), "child.lives_in_city,", "child.lives_in_city && on.day < 20,");
    let ran = ennakko(&["check", &folder, "--plan"]);
    exits_with(&ran, 0);
    assert!(ran.out.contains("columns, on each day again\n"), "{}", ran.out);
    assert!(ran.out.contains("; 1 on each day again\n"), "{}", ran.out);
    let ran = ennakko(&["check", &folder, "--plan", "--format", "json"]);
    valid_against("findings.v1", &ran.out);
    let findings: Vec<FindingV1> = serde_json::from_str(&ran.out).unwrap();
    let planned = findings.iter().filter(|finding| finding.code == "R080");
    let found: Vec<(&str, usize)> = planned.map(|finding| (finding.severity.as_str(), finding.line)).collect();
    assert_eq!(found, [("warning", 29)]);
}
