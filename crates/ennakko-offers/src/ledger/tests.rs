//! Tests of `ledger`.

use ennakko_core::rule_card::RuleCard;

use super::*;
use crate::offer::{Candidate, Proposal};
use crate::task::Queue;
use crate::testing::{
    A, B, CHILD, candidate, custody_abroad, day, family_with, key, offer, proposal, school_card, today,
};

fn ledger() -> MemoryLedger {
    MemoryLedger::new(Authority::new("FI", "091").unwrap())
}

fn rule() -> RuleId {
    RuleId::new("school_place")
}

fn subject() -> SubjectKey {
    SubjectKey::Resident(key(CHILD))
}

fn party(n: u16) -> Party {
    Party::Person(key(n))
}

/// A ledger with the offer to Elsa in it.
fn with_offer(replies: Replies, unreached: bool) -> (MemoryLedger, OfferId) {
    let register = family_with(|d| {
        if unreached {
            d.custody.push(custody_abroad());
        }
    });
    let mut card = school_card();
    card.messages[0].replies = replies;
    let Proposal::Offer(offer) = proposal(&register, &card, &candidate(&register)) else { panic!("withheld") };
    let (mut ledger, id) = (ledger(), offer.id());
    assert_eq!(ledger.propose(*offer), Appended::Inserted);
    (ledger, id)
}

fn standing(ledger: &MemoryLedger) -> Option<Standing> {
    ledger.standing(&rule(), subject(), "2027")
}

fn reasons(ledger: &MemoryLedger) -> Vec<&'static str> {
    let mut words: Vec<&str> = ledger.tasks().map(|task| task.reason().word()).collect();
    words.sort_unstable();
    words
}

#[test]
fn the_same_offer_again_does_nothing() {
    let (mut ledger, _) = with_offer(Replies::OneIsEnough, false);
    let before = ledger.events().to_vec();
    assert_eq!(ledger.propose(offer(&family_with(|_| {}))), Appended::Already);
    // made on a later day it is still the same
    let again = offer(&family_with(|_| {}));
    let later = Offer::of(&Authority::new("FI", "091").unwrap(), again.body().clone(), day("2027-01-09"));
    assert_eq!(ledger.propose(later), Appended::Already);
    assert_eq!(ledger.events(), before);
}

#[test]
fn another_body_under_the_same_id_is_a_conflict() {
    let (mut ledger, id) = with_offer(Replies::OneIsEnough, false);
    let register = family_with(|_| {});
    let corrected = RuleCard { digest: Arc::from("f".repeat(64)), ..school_card() };
    let Proposal::Offer(corrected) = proposal(&register, &corrected, &candidate(&register)) else { panic!("withheld") };
    assert_eq!(ledger.propose(*corrected), Appended::Conflict);
    assert_eq!(ledger.entry(id).unwrap().offer(), &offer(&register));
    assert_eq!(ledger.events().len(), 1);
}

#[test]
fn a_withdrawn_offer_is_not_there_until_it_is_reinstated() {
    let (mut ledger, id) = with_offer(Replies::OneIsEnough, false);
    assert_eq!(standing(&ledger), Some(Standing::Pending));
    assert_eq!(ledger.withdraw(id, day("2027-01-10")), Ok(Closed::Now));
    assert_eq!(ledger.withdraw(id, day("2027-01-11")), Ok(Closed::NotOpen));
    assert_eq!(ledger.end(id, day("2027-01-11")), Ok(Closed::NotOpen));
    assert_eq!(standing(&ledger), None);
    assert_eq!(ledger.propose(offer(&family_with(|_| {}))), Appended::Reinstated);
    assert_eq!(standing(&ledger), Some(Standing::Pending));
    assert_eq!(ledger.end(id, day("2027-01-12")), Ok(Closed::Now));
    assert_eq!(standing(&ledger), None);
    let what: Vec<&What> = ledger.events().iter().map(|event| &event.what).collect();
    assert_eq!(what, [&What::Proposed(id), &What::Withdrawn(id), &What::Reinstated(id), &What::Ended(id)]);
}

#[test]
fn offers_count_within_a_time_whatever_became_of_them() {
    let (mut ledger, id) = with_offer(Replies::OneIsEnough, false);
    ledger.withdraw(id, today()).unwrap();
    let within = |rule: &RuleId, subject, since: &str| ledger.offered_within(rule, subject, day(since));
    assert!(within(&rule(), subject(), "2027-01-08"));
    assert!(!within(&rule(), subject(), "2027-01-09"));
    assert!(!within(&RuleId::new("other"), subject(), "2027-01-01"));
    assert!(!within(&rule(), SubjectKey::Resident(key(A)), "2027-01-01"));
    assert!(ledger.offer_of(&rule(), subject(), "2027").is_some());
    assert!(ledger.offer_of(&rule(), subject(), "2028").is_none());
}

/// Replies in turn, and how the offer stands after them.
fn replies(replies: Replies, unreached: bool, turns: &[(u16, Answer)]) -> (Option<Standing>, Vec<&'static str>) {
    let (mut ledger, id) = with_offer(replies, unreached);
    for (n, answer) in turns {
        let first = ledger.reply(id, &party(*n), *answer, today()).unwrap();
        let n_events = ledger.events().len();
        // the same reply again, as an inbox may bring it
        assert_eq!(ledger.reply(id, &party(*n), *answer, today()), Ok(first));
        assert_eq!(ledger.events().len(), n_events);
    }
    (standing(&ledger), reasons(&ledger))
}

#[test]
fn where_one_reply_is_enough_the_first_yes_stands() {
    use Answer::{Accept, Decline};
    use Standing::{Accepted, Declined};
    let check = |turns: &[(u16, Answer)], expected: Standing, tasks: &[&str]| {
        assert_eq!(replies(Replies::OneIsEnough, false, turns), (Some(expected), tasks.to_vec()), "{turns:?}");
    };
    check(&[(A, Accept)], Accepted, &[]);
    check(&[(A, Accept), (B, Accept)], Accepted, &[]);
    check(&[(A, Decline)], Declined, &[]);
    check(&[(A, Decline), (B, Decline)], Declined, &[]);
    check(&[(A, Accept), (B, Decline)], Accepted, &["replies_differ"]);
    check(&[(A, Decline), (B, Accept)], Declined, &["replies_differ"]);
    // one person, another mind
    check(&[(A, Decline), (A, Accept)], Accepted, &[]);
    check(&[(A, Accept), (A, Decline)], Accepted, &["replies_differ"]);
}

#[test]
fn where_all_replies_are_needed_all_must_agree() {
    use Answer::{Accept, Decline};
    use Standing::{Accepted, Declined, Pending};
    let check = |unreached: bool, turns: &[(u16, Answer)], expected: Standing, tasks: &[&str]| {
        assert_eq!(replies(Replies::All, unreached, turns), (Some(expected), tasks.to_vec()), "{turns:?}");
    };
    check(false, &[(A, Accept)], Pending, &[]);
    check(false, &[(A, Accept), (B, Accept)], Accepted, &[]);
    check(false, &[(A, Decline)], Pending, &[]);
    check(false, &[(A, Decline), (B, Decline)], Declined, &[]);
    check(false, &[(A, Accept), (B, Decline)], Pending, &["replies_differ"]);
    // somebody who has a say could not be written to
    check(true, &[(A, Accept), (B, Accept)], Pending, &["unreached"]);
}

#[test]
fn an_acceptance_is_not_undone_by_the_register() {
    let (mut ledger, id) = with_offer(Replies::OneIsEnough, false);
    ledger.reply(id, &party(A), Answer::Accept, today()).unwrap();
    assert_eq!(ledger.withdraw(id, today()), Ok(Closed::ToPerson));
    assert_eq!(ledger.withdraw(id, today()), Ok(Closed::ToPerson));
    assert_eq!(standing(&ledger), Some(Standing::Accepted));
    assert_eq!(reasons(&ledger), ["no_longer_entitled"]);
    assert_eq!(ledger.end(id, today()), Ok(Closed::Now));
}

#[test]
fn a_closed_matter_stays_closed() {
    for answer in [Some(Answer::Decline), None] {
        let (mut ledger, id) = with_offer(Replies::OneIsEnough, false);
        if let Some(answer) = answer {
            ledger.reply(id, &party(A), answer, today()).unwrap();
        } else {
            ledger.lapse(day("2027-02-01"));
        }
        let before = standing(&ledger);
        assert_eq!(ledger.withdraw(id, today()), Ok(Closed::NotOpen));
        assert_eq!(ledger.end(id, today()), Ok(Closed::NotOpen));
        assert_eq!(standing(&ledger), before);
    }
}

#[test]
fn an_offer_without_a_reply_lapses_and_a_person_gets_in_touch() {
    let (mut ledger, id) = with_offer(Replies::OneIsEnough, false);
    assert_eq!(ledger.lapse(day("2027-01-29")), []);
    // a day late, and not lapsed yet: it counts
    let mut in_time = ledger.clone();
    let replied = in_time.reply(id, &party(B), Answer::Accept, day("2027-01-30"));
    assert_eq!(replied, Ok(Replied::Stands(Standing::Accepted)));
    assert_eq!(ledger.lapse(day("2027-01-30")), [id]);
    assert_eq!(ledger.lapse(day("2027-01-31")), []);
    assert_eq!(standing(&ledger), Some(Standing::Lapsed));
    assert_eq!(reasons(&ledger), ["no_reply"]);
    assert!(matches!(ledger.reply(id, &party(B), Answer::Accept, day("2027-02-01")), Ok(Replied::ToPerson(_))));
    assert_eq!(standing(&ledger), Some(Standing::Lapsed));
    assert_eq!(reasons(&ledger), ["no_reply", "replied_too_late"]);
}

#[test]
fn an_information_letter_lapses_with_its_occasion_and_asks_nothing_of_anybody() {
    let register = family_with(|_| {});
    let mut card = school_card();
    card.messages[0].reply = Reply::None;
    let open = Candidate { terms: ennakko_core::Terms::default(), ..candidate(&register) };
    let Proposal::Offer(offer) = proposal(&register, &card, &open) else { panic!("withheld") };
    let (mut ledger, id) = (ledger(), offer.id());
    ledger.propose(*offer);
    assert_eq!(ledger.lapse(day("2027-07-31")), []);
    assert_eq!(ledger.lapse(day("2027-08-01")), [id]);
    assert_eq!(reasons(&ledger), Vec::<&str>::new());
}

#[test]
fn replies_of_strangers_and_about_nothing_are_refused() {
    let (mut ledger, id) = with_offer(Replies::OneIsEnough, false);
    let stranger = ledger.reply(id, &party(CHILD), Answer::Accept, today());
    assert_eq!(stranger, Err(LedgerError::NotAnAddressee { offer: id }));
    let nothing = OfferId::of(&Authority::new("FI", "091").unwrap(), "r", Uuid::nil(), "2027");
    assert_eq!(ledger.withdraw(nothing, today()), Err(LedgerError::NoSuchOffer { offer: nothing }));
    assert_eq!(ledger.events().len(), 1);
}

#[test]
fn a_task_is_raised_once() {
    let (mut ledger, id) = with_offer(Replies::OneIsEnough, true);
    assert_eq!(reasons(&ledger), ["unreached"]);
    let task = ledger.tasks().next().unwrap().clone();
    assert_eq!(task.queue(), Queue::Ordinary);
    assert!(!ledger.raise(task, today()));
    assert_eq!(ledger.events().len(), 2);
    assert!(ledger.entry(id).is_some());
}

#[test]
fn a_copy_is_a_ledger_of_its_own() {
    let (mut ledger, id) = with_offer(Replies::OneIsEnough, false);
    let mut copy = ledger.clone();
    copy.withdraw(id, today()).unwrap();
    assert_eq!((standing(&ledger), standing(&copy)), (Some(Standing::Pending), None));
    ledger.complete(day("2027-01-08"));
    ledger.complete(day("2027-01-05"));
    assert_eq!((ledger.last_completed(), copy.last_completed()), (Some(today()), None));
}
