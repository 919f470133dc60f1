//! Tests of `task`.

use ennakko_core::UnknownReason;
use ennakko_core::register::SubjectRow;
use ennakko_core::value::Fact;

use super::*;
use crate::testing::{CHILD, family_with, offer, resident};

fn authority() -> Authority {
    Authority::new("FI", "091").unwrap()
}

fn missing(fact: &str, reason: UnknownReason) -> Missing {
    Missing { line: NameId::new("lives_in_city"), fact: Arc::from(fact), of: Arc::from("subject"), reason }
}

fn task(protected: bool, occasion: &str, reason: TaskReason) -> Task {
    let register = family_with(|d| d.residents[0].protection = Fact::Known(protected));
    let row = SubjectRow::Resident(resident(&register, CHILD).row());
    Task::about(&authority(), &RuleId::new("school_place"), &register.subject(row), occasion, reason)
}

#[test]
fn the_same_facts_give_the_same_id_and_others_another() {
    let lines = |names: &[&str]| TaskReason::Manual(names.iter().map(|name| NameId::new(name)).collect());
    assert_eq!(task(false, "2027", lines(&["a", "b"])), task(false, "2027", lines(&["b", "a", "b"])));
    let withheld = missing("municipality", UnknownReason::Withheld);
    let others = [
        task(false, "2027", lines(&["a", "b"])),
        task(false, "2028", lines(&["a", "b"])),
        task(false, "2027", lines(&["a"])),
        task(false, "2027", lines(&["ab"])),
        task(false, "2027", TaskReason::Late),
        task(false, "2027", TaskReason::Withheld(WithheldReason::NoAddressee)),
        task(false, "2027", TaskReason::Withheld(WithheldReason::CustodyUnclear)),
        task(false, "2027", TaskReason::Unreached(1)),
        task(false, "2027", TaskReason::CannotTell(vec![withheld])),
        task(false, "2027", TaskReason::CannotTell(vec![missing("municipality", UnknownReason::TooOld)])),
    ];
    let ids: std::collections::BTreeSet<Uuid> = others.iter().map(Task::id).collect();
    assert_eq!(ids.len(), others.len());
}

#[test]
fn a_protected_subject_stands_in_the_protected_queue() {
    let reason = || TaskReason::CannotTell(vec![missing("municipality", UnknownReason::Withheld)]);
    assert_eq!(task(true, "2027", reason()).queue(), Queue::Protected);
    assert_eq!(task(false, "2027", reason()).queue(), Queue::Ordinary);
    // who else is in the home counts too
    let register = family_with(|d| d.residents[1].protection = Fact::Known(true));
    let row = SubjectRow::Resident(resident(&register, CHILD).row());
    let late = Task::about(&authority(), &RuleId::new("r"), &register.subject(row), "2027", TaskReason::Late);
    assert_eq!(late.queue(), Queue::Protected);
    // and a protected addressee of the offer
    for (protected, queue) in [(false, Queue::Ordinary), (true, Queue::Protected)] {
        let offer = offer(&family_with(|d| d.residents[2].protection = Fact::Known(protected)));
        assert_eq!(Task::about_offer(&authority(), offer.body(), false, TaskReason::NoReply).queue(), queue);
        let since = Task::about_offer(&authority(), offer.body(), true, TaskReason::NoReply);
        assert_eq!(since.queue(), Queue::Protected);
    }
}
