//! `ennakko test`: how a failure is told, cells filled in, cases proposed.

use std::fs;

use super::{ennakko, exits_with, folder, helsinki, replace};

const RULE: &str = "service_needs_75";

#[test]
fn a_failure_tells_what_was_expected_what_came_and_where_the_condition_stands() {
    let rules = helsinki("cases_failed");
    let page = rules.join("service_needs_75.md");
    replace(
        &page,
        "| moved away | 2027-05-10 | person.lives_in_city = false | not_entitled | lives_in_city |",
        "| moved away | 2027-05-10 | person.lives_in_city = false | not_entitled | lives_in_cty |\n\
         | a slip in a fact | 2027-05-10 | person.lives_in_cty = false | not_entitled | lives_in_city |\n\
         | a slip in a name | 2027-05-10 | persn.lives_in_city = false | not_entitled | lives_in_city |\n\
         | nothing expected yet | 2027-05-10 | | ? | |",
    );
    let shown = rules.display().to_string();
    let ran = ennakko(&["test", &shown, "--rule", RULE]);
    exits_with(&ran, 1);
    let out = ran.out.replace(&format!("{shown}/"), "");
    let (failures, _) = out.split_once("cases, ").unwrap();
    let line = |name: &str| {
        let text = fs::read_to_string(&page).unwrap();
        text.lines().position(|line| line.starts_with(&format!("| {name} |"))).unwrap() + 1
    };
    let condition = {
        let text = fs::read_to_string(rules.join("service_needs_75.rhai")).unwrap();
        text.lines().position(|line| line.trim_start().starts_with("lives_in_city:")).unwrap() + 1
    };
    let (first, second) = (line("moved away"), line("a slip in a fact"));
    let (third, fourth) = (line("a slip in a name"), line("nothing expected yet"));
    let expected = format!(
        "failed: {RULE}: moved away
  --> {RULE}.md:{first}
  expected  not_entitled because lives_in_cty
  got       not_entitled because lives_in_city
  `lives_in_city` stands at {RULE}.rhai:{condition}
  help: the rule has no `lives_in_cty`; did you mean `lives_in_city`?

failed: {RULE}: a slip in a fact
  --> {RULE}.md:{second}
  expected  not_entitled because lives_in_city
  got       no answer: `person.lives_in_cty` names nothing that is known here; did you mean `person.lives_in_city`?

failed: {RULE}: a slip in a name
  --> {RULE}.md:{third}
  expected  not_entitled because lives_in_city
  got       no answer: `persn.lives_in_city` names nothing that is known here; did you mean `person.lives_in_city`?

failed: {RULE}: nothing expected yet
  --> {RULE}.md:{fourth}
  expected  nothing yet; write it, or let `ennakko test --accept` fill it in and look at it
  got       offered to person

"
    );
    assert_eq!(failures.rsplit_once('\n').unwrap().0.to_owned() + "\n", expected);
}

#[test]
fn a_fact_that_is_not_given_is_told_once() {
    let rules = helsinki("cases_not_given");
    replace(&rules.join("service_needs_75.md"), "service_needs_assessed_year = \"none\"\n", "");
    let ran = ennakko(&["test", &rules.display().to_string(), "--rule", RULE]);
    exits_with(&ran, 1);
    let told =
        "no answer: the rule reads `service_needs_assessed_year` of `person`, and the `given` block does not give it";
    assert_eq!(ran.out.matches(told).count(), 1, "{}", ran.out);
    assert!(ran.out.matches("failed: service_needs_75: ").count() <= 2, "{}", ran.out);
}

#[test]
fn what_is_open_is_filled_in_and_the_rest_of_the_file_stays_byte_for_byte() {
    let city = folder("cases_accept").join("town");
    let shown = city.display().to_string();
    exits_with(&ennakko(&["new", "parking_permit", "--folder", &shown]), 0);
    let page = city.join("parking_permit.md");
    replace(&page, "| | not_entitled | born_before |", "| |?|   |");
    // as some editors write: a mark before the first character, both characters at the ends of lines
    let before = format!("\u{feff}{}", fs::read_to_string(&page).unwrap().replace('\n', "\r\n"));
    fs::write(&page, &before).unwrap();
    exits_with(&ennakko(&["test", &shown]), 1);
    let ran = ennakko(&["test", &shown, "--accept"]);
    exits_with(&ran, 0);
    assert!(
        ran.out.ends_with(": offered to person\n1 case filled in; look at each before you keep it\n"),
        "{}",
        ran.out
    );
    let after = before.replace("| |?|   |", "| | offered to person |   |");
    assert_eq!(fs::read_to_string(&page).unwrap(), after);
    let again = ennakko(&["test", &shown, "--accept"]);
    assert_eq!(again.out, "no case leaves anything open\n");
    assert_eq!(fs::read_to_string(&page).unwrap(), after);
    exits_with(&ennakko(&["test", &shown]), 0);
}

#[test]
fn edges_are_proposed_and_strict_fails_while_a_page_lacks_one() {
    let rules = helsinki("cases_edges");
    let shown = rules.display().to_string();
    let whole = ennakko(&["test", &shown, "--rule", RULE, "--edges", "--strict"]);
    exits_with(&whole, 0);
    assert_eq!(whole.out, "no page lacks a case around a day, an age or a limit\n");
    let row = "| the day after the birthday | 2027-05-10 | person.born = 1952-05-09 | offered to person | |\n";
    replace(&rules.join("service_needs_75.md"), row, "");
    let lacks = ["test", &shown, "--rule", RULE, "--edges"];
    let proposed = ennakko(&lacks);
    exits_with(&proposed, 0);
    let row =
        "| has_reached_age: age seniors::assessment_age, the day after | 2027-05-10 | person.born = 1952-05-09 | ? | |";
    assert!(proposed.out.contains(row), "{}", proposed.out);
    let strict = ennakko(&[&lacks[..], &["--strict"]].concat());
    exits_with(&strict, 1);
    assert!(strict.out.contains(row) && strict.out.ends_with("1 case lacking\n"), "{}", strict.out);
}
