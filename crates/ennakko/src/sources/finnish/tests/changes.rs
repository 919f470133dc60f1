//! Section 1.2: one change record.

use ennakko_core::{Fact, UnknownReason};

use super::*;

fn entered(instant: &str) -> Option<NaiveDate> {
    let change = change_of(CHILD, instant, &[told("LISATTY", birth("2015-06-15"))]);
    Documents::new(reading()).take_changes([change.as_str()]).entered_until
}

#[test]
fn section_1_2_the_instant_of_a_change_is_no_day() {
    // midnight of the next day in Helsinki
    assert_eq!(entered("2019-09-24T21:00:00.000Z"), Some(on("2019-09-25")));
    assert_eq!(entered("2019-12-24T22:00:00.000Z"), Some(on("2019-12-25")));
    assert_eq!(entered("2019-12-24T21:59:59.000Z"), Some(on("2019-12-24")));
}

fn born(date: &Value) -> (Fact<PartialDate>, Vec<SourceProblem>) {
    let mut documents = documents(&[json!({ "tietoryhma": "SYNTYMAPAIVA", "syntymapv": date })]);
    let mut loaded = documents.loaded(on(TODAY));
    let problems = loaded.issues.iter().map(|issue| issue.problem).collect();
    (loaded.delivery.residents.remove(0).born, problems)
}

#[test]
fn section_1_2_a_month_stays_a_month_and_a_year_a_year() {
    let date = |day: &str, precision: &str| json!({ "arvo": day, "tarkkuus": precision });
    assert_eq!(born(&date("1965-11-01", "PAIVA")), (exactly("1965-11-01"), vec![]));
    assert_eq!(born(&date("1965-11-01", "KUUKAUSI")), (exactly("1965-11"), vec![]));
    assert_eq!(born(&date("1965-11", "KUUKAUSI")), (exactly("1965-11"), vec![]));
    assert_eq!(born(&date("1965-01-01", "VUOSI")), (exactly("1965"), vec![]));
}

#[test]
fn section_1_2_an_unknown_precision_or_day_is_unknown_and_told() {
    let partial = Fact::Unknown(UnknownReason::PartialDate);
    let disputed = Fact::Unknown(UnknownReason::Disputed);
    assert_eq!(
        born(&json!({ "arvo": "1965-11-01", "tarkkuus": "VUOSIKYMMEN" })),
        (partial, vec![SourceProblem::UnknownValue])
    );
    assert_eq!(born(&json!({ "arvo": "1965-11-01" })), (partial, vec![SourceProblem::UnknownValue]));
    assert_eq!(born(&json!({ "arvo": "1965-02-30", "tarkkuus": "PAIVA" })), (disputed, vec![SourceProblem::BadDay]));
    assert_eq!(born(&json!({ "tarkkuus": "PAIVA" })), (disputed, vec![SourceProblem::BadDay]));
}

#[test]
fn section_1_2_added_and_changed_values_stand() {
    let mut documents = documents(&[municipality("049", "2015-06-15")]);
    change(&mut documents, &[told("LISATTY", municipality("091", "2020-01-01"))]);
    assert_eq!(resident(&mut documents).municipality, Fact::Known("091".to_owned()));
    change(&mut documents, &[told("MUUTETTU", json!({ "tietoryhma": "SUKUPUOLI", "sukupuoli": "MIES" }))]);
    assert!(!resident(&mut documents).sex.is_unknown());
}

#[test]
fn section_1_2_context_is_no_change() {
    let mut documents = documents(&[municipality("091", "2015-06-15")]);
    documents.loaded(on(TODAY));
    change(&mut documents, &[told("LISATIETO", municipality("049", "2020-01-01"))]);
    assert!(documents.changes(on(TODAY)).0.people.is_empty(), "nobody is touched");
    assert_eq!(resident(&mut documents).municipality, Fact::Known("091".to_owned()));
}

#[test]
fn section_1_2_the_right_value_directly_follows_the_wrong_one() {
    let mut documents = documents(&[birth("2015-06-15"), municipality("091", "2015-06-15")]);
    let issues = change(
        &mut documents,
        &[
            told("KORJATTAVA", birth("2015-06-15")),
            told("KORJATTU", birth("2015-06-16")),
            told("KORJATTAVA", municipality("091", "2015-06-15")),
            told("KORJATTU", municipality("091", "2015-06-16")),
        ],
    );
    assert_eq!(issues, []);
    assert_eq!(resident(&mut documents).born, exactly("2015-06-16"));
    let history = documents.loaded(on(TODAY)).delivery.histories.remove(0);
    assert_eq!(history.stays.len(), 1, "the wrong stay is gone");
    // a wrong value without the right one says nothing that can be used
    let issues = change(&mut documents, &[told("KORJATTAVA", birth("2015-06-16")), told("LISATTY", ban(true))]);
    assert_eq!(issues.len(), 1);
    assert_eq!((issues[0].group.as_deref(), issues[0].problem), (Some("SYNTYMAPAIVA"), SourceProblem::WrongShape));
    let record = resident(&mut documents);
    assert_eq!((record.born, record.protection), (exactly("2015-06-16"), Fact::Known(true)));
}

#[test]
fn section_1_2_what_survives_an_annulled_value_is_within_it() {
    let mut documents = documents(&[municipality("091", "2015-06-15")]);
    change(&mut documents, &[told("LISATTY", municipality("049", "2026-03-01"))]);
    assert_eq!(resident(&mut documents).municipality, Fact::Known("049".to_owned()));
    let annulled = with(
        told("POISTETTU", municipality("049", "2026-03-01")),
        "voimassaolevatTiedot",
        json!([municipality("091", "2015-06-15")]),
    );
    let again = change_of(CHILD, "2026-11-21T22:00:00.000Z", &[annulled]);
    assert_eq!(documents.take_changes([again.as_str()]).used, 1);
    assert_eq!(resident(&mut documents).municipality, Fact::Known("091".to_owned()));
}

#[test]
fn section_1_2_an_unknown_attribute_sets_its_group_aside_alone() {
    let mut documents = documents(&[birth("2015-06-15")]);
    let issues = change(
        &mut documents,
        &[told("ARKISTOITU", birth("1999-01-01")), told("LISATTY", municipality("091", "2015-06-15"))],
    );
    assert_eq!(issues.len(), 1);
    assert_eq!(issues[0].problem, SourceProblem::UnknownValue);
    assert!(!issues[0].sets_aside);
    let record = resident(&mut documents);
    assert_eq!((record.born, record.municipality), (exactly("2015-06-15"), Fact::Known("091".to_owned())));
}

/// A change that is entered before the day it is of: on that day it holds, without another word of the feed.
#[test]
fn section_1_5_what_was_told_before_its_day_changes_the_record_on_that_day() {
    let other = "900001234V1F029 ";
    let until = |group: Value, day: &str| with(group, "loppupv", d(day));
    let mut documents = documents(&[birth("2015-06-15"), dwelling(FLAT, "2020-01-01")]);
    let live_in = |documents: &mut Documents, day: &str| {
        let (batch, issues) = documents.changes(on(day));
        assert_eq!(issues, []);
        batch.people.into_iter().map(|person| person.record.dwelling).collect::<Vec<_>>()
    };
    assert_eq!(documents.loaded(on(TODAY)).delivery.residents[0].dwelling, Fact::Known(FLAT.to_owned()));
    let told = [
        told("MUUTETTU", until(dwelling(FLAT, "2020-01-01"), "2026-11-30")),
        told("LISATTY", dwelling(other, "2026-12-01")),
    ];
    change(&mut documents, &told);
    assert_eq!(live_in(&mut documents, TODAY), [Fact::Known(FLAT.to_owned())]);
    assert_eq!(live_in(&mut documents, "2026-11-30"), []);
    // stored over the night, too
    let mut kept = Vec::new();
    documents.write(&mut kept).unwrap();
    let mut documents = Documents::read(&kept[..], reading()).unwrap();
    assert_eq!(live_in(&mut documents, "2026-12-01"), [Fact::Known(other.to_owned())]);
    assert_eq!(live_in(&mut documents, "2026-12-01"), []);
    assert_eq!(live_in(&mut documents, "2027-12-01"), []);
}
