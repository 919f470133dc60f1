//! The report of a preview: whole pictures, and what must hold of any.

use super::paper::{bar, cut, day_in_words, one, thousands};
use super::*;

#[test]
fn numbers_are_written_as_people_read_them() {
    let cases = [(0, "0"), (999, "999"), (1000, "1,000"), (56_789, "56,789"), (5_600_000, "5,600,000")];
    for (n, written) in cases {
        assert_eq!(thousands(n), written);
    }
    assert_eq!((one(1, "task"), one(0, "task")), ("1 task".to_owned(), "0 tasks".to_owned()));
    assert_eq!(cut("a rule with a long name", 8), "a rule …");
    assert_eq!(bar(17), "██▏");
    let day = chrono::NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
    assert_eq!(day_in_words(day), "1 December 2026");
}

#[test]
fn every_outcome_has_a_meaning_that_fits_its_line() {
    for code in OutcomeCode::MOST_TELLING_FIRST {
        let meaning = meaning(code);
        assert!(!meaning.is_empty() && meaning.chars().count() <= 52, "{meaning}");
    }
}

#[test]
fn a_row_that_has_ended_is_one_period_however_many_days_want_it() {
    let day = |day| chrono::NaiveDate::from_ymd_opt(2029, 1, day).unwrap();
    let ended = |on| NotRun::RowEnded { what: "lift::share".to_owned(), on, last_valid: None };
    assert!(same_cause(&ended(day(1)), &ended(day(2))));
    assert!(!same_cause(&ended(day(1)), &NotRun::Expected { what: "lift::share".to_owned() }));
}
