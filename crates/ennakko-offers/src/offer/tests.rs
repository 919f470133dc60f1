//! Tests of `offer`.

use ennakko_core::protected::Party;
use ennakko_core::rule_card::Recipients;

use super::*;
use crate::testing::{A, B, CHILD, candidate, city, day, family_with, key, offer, proposal, school_card, terms, today};

#[test]
fn an_offer_has_all_that_a_city_must_answer_for() {
    let register = family_with(|_| {});
    let offer = offer(&register);
    let body = offer.body();
    assert_eq!(
        body.addressees.iter().map(|to| &to.party).collect::<Vec<_>>(),
        [&Party::Person(key(A)), &Party::Person(key(B))]
    );
    let authority = Authority::new("FI", "091").unwrap();
    assert_eq!(offer.id(), OfferId::of(&authority, "school_place", key(CHILD).as_uuid(), "2027"));
    assert_eq!(offer.offered_on(), today());
    assert_eq!((body.rule.as_str(), body.purpose.as_str(), body.law.len()), ("school_place", "education", 2));
    assert_eq!(body.silence, Silence::NothingIsDecided);
    let deadline = body.reply_by.clone().unwrap();
    assert_eq!(deadline.last_day, day("2027-01-29"));
    assert_eq!(deadline.ends_at.to_rfc3339(), "2027-01-29T22:00:00Z");
}

#[test]
fn a_corrected_rule_keeps_the_id() {
    let register = family_with(|_| {});
    let corrected =
        RuleCard { digest: Arc::from("f".repeat(64)), version: Arc::from("school_place.x"), ..school_card() };
    let Proposal::Offer(corrected) = proposal(&register, &corrected, &candidate(&register)) else { panic!("withheld") };
    assert_eq!(corrected.id(), offer(&register).id());
    assert_ne!(corrected.body(), offer(&register).body());
}

#[test]
fn what_is_expected_marks_the_offer() {
    let register = family_with(|_| {});
    let check = |candidate: &Candidate, expected: bool| {
        let Proposal::Offer(offer) = proposal(&register, &school_card(), candidate) else { panic!("withheld") };
        assert_eq!(offer.body().expected, expected);
    };
    let plain = candidate(&register);
    check(&plain, false);
    check(&Candidate { expected: true, ..plain.clone() }, true);
    let occasion = Arc::new((*plain.occasion).clone().as_expected());
    check(&Candidate { occasion, ..plain }, true);
}

/// The last day to reply, for a candidate with a `reply_by` or none, on a day.
fn last_day(reply_by: Option<&str>, on: &str) -> Option<String> {
    let register = family_with(|_| {});
    let city = city();
    let plain = candidate(&register);
    let terms =
        reply_by.map_or_else(Terms::default, |named| terms([("reply_by", ennakko_core::Term::Day(day(named)))]));
    let proposal =
        propose(&Candidate { terms, ..plain }, &school_card(), &register, &Issuer::new(&city).unwrap(), day(on));
    let Proposal::Offer(offer) = proposal.unwrap() else { panic!("withheld") };
    offer.body().reply_by.as_ref().map(|deadline| deadline.last_day.to_string())
}

#[test]
fn the_last_day_to_reply_is_a_working_day_to_come() {
    let check = |named: Option<&str>, on: &str, expected: &str| {
        assert_eq!(last_day(named, on).as_deref(), Some(expected), "{named:?} on {on}");
    };
    check(Some("2027-01-29"), "2027-01-08", "2027-01-29");
    check(Some("2027-01-29"), "2027-01-29", "2027-01-29");
    // a Saturday, a Sunday, Good Friday before Easter
    check(Some("2027-01-23"), "2027-01-08", "2027-01-25");
    check(Some("2027-01-24"), "2027-01-25", "2027-01-25");
    check(Some("2027-03-26"), "2027-01-08", "2027-03-30");
    // none named: the day before the round closes
    check(None, "2027-01-08", "2027-01-29");
    // named, but over
    check(Some("2027-01-15"), "2027-01-20", "2027-01-29");
    check(Some("2027-01-15"), "2027-02-10", "2027-08-02");
    check(None, "2027-02-10", "2027-08-02");
}

#[test]
fn an_information_letter_has_no_last_day() {
    let register = family_with(|_| {});
    let mut card = school_card();
    card.messages[0].reply = Reply::None;
    let plain = candidate(&register);
    let Proposal::Offer(offer) = proposal(&register, &card, &Candidate { terms: Terms::default(), ..plain }) else {
        panic!("withheld")
    };
    assert_eq!(offer.body().reply_by, None);
}

#[test]
fn what_cannot_be_offered_is_told() {
    let register = family_with(|_| {});
    let (city, plain) = (city(), candidate(&register));
    let issuer = Issuer::new(&city).unwrap();
    let mut silent = school_card();
    silent.messages[0].on = SentOn::Remind;
    let error = propose(&plain, &silent, &register, &issuer, today()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "rule `school_place` sends no message with its offers; give one of `messages` no `on`"
    );
    let error = propose(&plain, &school_card(), &register, &issuer, day("2027-08-03")).unwrap_err();
    assert_eq!(error.to_string(), "no day is left to reply: the occasion `2027` ended on 2027-08-01");
    let nowhere = City { zone: "Europe/Nowhere".to_owned(), ..city.clone() };
    assert!(matches!(Issuer::new(&nowhere), Err(Error::Deadline(_))));
    let mut to_owners = school_card();
    to_owners.messages[0].to = Recipients::Owners;
    let withheld = propose(&plain, &to_owners, &register, &issuer, today()).unwrap();
    assert_eq!(withheld, Proposal::Withheld(WithheldReason::NoAddressee));
}
