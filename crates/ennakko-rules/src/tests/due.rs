//! What has run out by a day.

use super::folder::{loaded, with_place};
use crate::{RuleFile, due};

fn told(files: &[RuleFile], on: &str) -> Vec<String> {
    let set = loaded(files);
    let found = due::by(&set, files, on.parse().unwrap());
    assert!(found.iter().all(|found| !found.is_error()));
    found
        .iter()
        .map(|found| format!("{}:{} {} {}", found.path, found.place.line, found.code.as_str(), found.message))
        .collect()
}

fn with_holiday(mut files: Vec<RuleFile>) -> Vec<RuleFile> {
    let city = files.iter_mut().find(|file| &*file.path == "city.toml").unwrap();
    let text = city.text.replace("until   = 2030-01-01", "until   = 2027-03-01");
    city.text = format!("{text}\n[[holidays]]\nday = 2027-01-06\n").into();
    files
}

#[test]
fn nothing_is_told_while_everything_holds() {
    assert_eq!(told(&with_holiday(with_place()), "2026-12-01"), Vec::<String>::new());
}

/// What runs out: the last day on which nothing is told of it, the next, and what is told then.
const RUN_OUT: [(&str, &str, &str); 5] = [
    ("2027-01-06", "2027-01-07", "city.toml:28 R021 no holiday after 2027-01-06 is known"),
    (
        "2027-02-28",
        "2027-03-01",
        "city.toml:17 R021 the contact for `education` holds until 2027-03-01, excluded, and no other follows",
    ),
    (
        "2027-04-30",
        "2027-05-01",
        "parameters.toml:32 R021 `fees::limit` has no row for 2027-05-01: the last one before ends on 2027-05-01, \
         excluded",
    ),
    (
        "2027-05-31",
        "2027-06-01",
        "calendar.toml:7 R021 `calendar::start` has no round after this one, which ended on 2027-06-01",
    ),
    ("2027-06-29", "2027-06-30", "place.rhai:5 R060 `place` was to be looked at again by 2027-06-30"),
];

/// Whether each thing is told from its day on.
pub(super) fn is_told_on_its_day() -> bool {
    let files = with_holiday(with_place());
    let is_told = |on: &str, message: &str| told(&files, on).iter().any(|told| told == message);
    RUN_OUT.iter().all(|(before, from, message)| !is_told(before, message) && is_told(from, message))
}

#[test]
fn each_thing_is_told_from_the_day_on_which_it_no_longer_holds() {
    let files = with_holiday(with_place());
    for (before, from, message) in RUN_OUT {
        assert!(!told(&files, before).iter().any(|told| told == message), "{before}: {message}");
        assert!(told(&files, from).iter().any(|told| told == message), "{from}: {:#?}", told(&files, from));
    }
}

#[test]
fn a_day_between_two_rows_is_told_and_one_before_all_rows_is_not() {
    let mut files = with_place();
    let parameters = files.iter_mut().find(|file| &*file.path == "parameters.toml").unwrap();
    parameters.text = parameters.text.replace("from    = 2027-03-01", "from    = 2027-03-03\ngap = \"nothing\"").into();
    let is_told = |on: &str| told(&files, on).iter().any(|told| told.contains("`fees::limit` has no row"));
    for (on, wanted) in [("2019-12-31", false), ("2027-02-28", false), ("2027-03-02", true), ("2027-03-03", false)] {
        assert_eq!(is_told(on), wanted, "{on}");
    }
}
