//! The report of a preview: whole pictures, and what must hold of any.

use super::paper::{Align, Ink, Paper, bar, broken, cut, day_in_words, one, thousands, width};
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

#[test]
fn a_cohort_is_compared_in_tenths_of_a_percent() {
    let cases = [
        (738, 732, "the cohort is 0.8 % larger"),
        (750, 753, "the cohort is 0.4 % smaller"),
        (188, 188, "the cohort is the same"),
        (410_001, 410_000, "the cohort is larger by less than 0.1 %"),
        (3, 0, "the cohort should be empty"),
        (99_000, 5, "the cohort is 1,979,900.0 % larger"),
    ];
    for (cohort, outside, said) in cases {
        assert_eq!(compared(cohort, outside), said);
    }
}

#[test]
fn a_name_that_is_too_long_is_broken_and_nothing_of_it_is_lost() {
    let name = "screening::colorectal_birth_years";
    assert_eq!(broken(name, 26), ["screening::colorectal_", "birth_years"]);
    assert_eq!(broken("year", 4), ["year"]);
    for to in 1..40 {
        let pieces = broken(name, to);
        assert_eq!(pieces.concat(), name);
        assert!(pieces.iter().all(|piece| width(piece) <= to), "{pieces:?}");
    }
}

#[test]
fn a_wide_table_keeps_to_the_page_and_to_its_columns() {
    let row = |n: &str, fact: &str| [n, fact, "social_care_register", "not known for a coming day"].map(str::to_owned);
    let rows = [row("144,255", "screening::colorectal_birth_years").to_vec(), row("3", "storeys").to_vec()];
    let mut paper = Paper::new(Style { colour: false });
    let columns = [Align::Right, Align::Left, Align::Left, Align::Left];
    paper.table(4, &columns, &["waiting", "fact", "source", "why"], &rows, &[]);
    paper.line(Ink::Plain, "");
    let text = paper.into_text();
    assert!(text.lines().all(|line| width(line) <= 80), "{text}");
    for word in ["144,255", "screening::colorectal_", "birth_years", "social_care_register", "storeys"] {
        assert!(text.contains(word), "{text}");
    }
}
