//! Several sources as one delivery, and the way back.

use chrono::NaiveDate;
use ennakko_core::fact_table::{FactDeclaration, FactType, SubjectKind};
use ennakko_core::identity::PermanentBuildingId;
use ennakko_core::issue::{Issue, Problem, RecordKind};
use ennakko_core::record::{DeathRecord, Delivery, FactDelivery, FactOf, FactRow, Who};
use ennakko_core::{Fact, ResidentKey, Uuid, Value};

use super::*;

fn who(number: u128) -> Who {
    Who::Key(ResidentKey::from_uuid(Uuid::from_u128(number)))
}

fn declared(name: &str) -> FactDeclaration {
    FactDeclaration { may_be_none: true, ..FactDeclaration::plain(SubjectKind::Building, name, FactType::Int) }
}

fn table(name: &str, day: &str, values: &[i64]) -> FactDelivery {
    let building = PermanentBuildingId::artificial(1_234).unwrap();
    let rows =
        values.iter().map(|n| FactRow { of: FactOf::Building(building.clone()), value: Fact::Known(Value::Int(*n)) });
    FactDelivery { declaration: declared(name), delivered_on: day.parse().unwrap(), rows: rows.collect() }
}

fn deaths(numbers: &[u128], positions: &[u64]) -> Loaded {
    let deaths = numbers.iter().map(|number| DeathRecord { who: who(*number), source: "test".to_owned(), dead: true });
    Loaded {
        delivery: Delivery { deaths: deaths.collect(), ..Delivery::default() },
        origins: Origins { deaths: positions.to_vec(), ..Origins::default() },
        read: numbers.len(),
        used: numbers.len(),
        ..Loaded::default()
    }
}

fn issue(kind: RecordKind, position: usize) -> Issue {
    Issue { kind, position, problem: Problem::Duplicate }
}

#[test]
fn an_issue_of_the_register_leads_back_to_its_source() {
    let mut first = deaths(&[1, 2], &[3, 9]);
    first.delivery.facts = vec![table("height_m", "2026-11-20", &[1, 2]), table("floors", "2026-11-22", &[5])];
    first.origins.facts = vec![vec![1, 4], vec![2]];
    let mut second = deaths(&[4], &[7]);
    second.delivery.facts = vec![table("height_m", "2026-11-01", &[3])];
    second.origins.facts = vec![vec![6]];
    let loads = [("one", first), ("nothing", Loaded::default()), ("two", second)];
    let merged = Merged::of(loads.map(|(name, loaded)| (name.to_owned(), loaded)));

    assert_eq!(merged.delivery.deaths.iter().map(|death| death.who.clone()).collect::<Vec<_>>(), [1, 2, 4].map(who));
    let origin = |kind, position| merged.origin(&issue(kind, position)).map(|at| (at.source, at.position));
    assert_eq!(origin(RecordKind::Death, 1), Some(("one", 3)));
    assert_eq!(origin(RecordKind::Death, 2), Some(("one", 9)));
    assert_eq!(origin(RecordKind::Death, 3), Some(("two", 7)));
    assert_eq!(origin(RecordKind::Death, 4), None);
    assert_eq!(origin(RecordKind::Resident, 1), None);

    // one fact of two sources: one table, as old as its older part
    let facts = &merged.delivery.facts;
    assert_eq!(facts.iter().map(|table| table.rows.len()).collect::<Vec<_>>(), [3, 1]);
    assert_eq!(facts[0].delivered_on, "2026-11-01".parse::<NaiveDate>().unwrap());
    let height = || RecordKind::Fact("height_m".to_owned());
    assert_eq!(origin(height(), 2), Some(("one", 4)));
    assert_eq!(origin(height(), 3), Some(("two", 6)));
    assert_eq!(origin(RecordKind::Fact("floors".to_owned()), 1), Some(("one", 2)));
    assert_eq!(merged.counts, [(2, 2), (0, 0), (1, 1)]);
}

#[test]
fn issues_say_where_and_why_and_nothing_that_was_delivered() {
    let at = |group: Option<&'static str>, problem| SourceIssue {
        position: 4711,
        group: group.map(Cow::Borrowed),
        problem,
        sets_aside: true,
    };
    for (issue, words) in [
        (at(None, SourceProblem::Unreadable), "record 4711: cannot be read"),
        (
            at(Some("KOTIKUNTA"), SourceProblem::WrongShape),
            "record 4711, `KOTIKUNTA`: is not of the shape that the source documents",
        ),
        (at(None, SourceProblem::NotDelivered), "record 4711: was asked for and not delivered"),
    ] {
        assert_eq!(issue.to_string(), words);
    }
    assert_eq!(SourceProblem::of_code(CodeError::Artificial), SourceProblem::WrongSeries);
    assert_eq!(SourceProblem::of_code(CodeError::CheckCharacter), SourceProblem::BadCode);
}
