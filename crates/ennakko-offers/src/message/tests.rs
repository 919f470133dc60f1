//! Tests of `message`.

use ennakko_core::outcome::WithheldReason;
use ennakko_core::record::{CustodyRecord, Delivery, ListState, ResidentRecord};
use ennakko_core::register::Register;
use ennakko_core::rule_card::Replies;
use ennakko_core::{Fact, UnknownReason};
use proptest::prelude::*;

use super::*;
use crate::letter::to_text;
use crate::offer::{Issuer, Proposal};
use crate::offer_id::Secret;
use crate::testing::{
    A, B, CHILD, ELSEWHERE, HOME, SCHOOL, SECRETS, candidate, city, custody, custody_abroad, dwelling, family,
    family_with, key, offer, person, proposal, register, resident, school_card, texts, today,
};
use crate::text::Texts;
use crate::wire::v1::{Ids, OfferV1};

fn messages_of(offer: &Offer, register: &Register) -> Result<Vec<Message>, LetterError> {
    messages(offer, &Sources { texts: &texts(), register, city: &city(), on: today() })
}

#[test]
fn each_addressee_gets_one_message_in_their_language() {
    let register = family_with(|_| {});
    let messages = messages_of(&offer(&register), &register).unwrap();
    let seen: Vec<(&Party, &str, Channel)> =
        messages.iter().map(|message| (&message.to.party, message.letter.language.as_str(), message.channel)).collect();
    let (a, b) = (Party::Person(key(A)), Party::Person(key(B)));
    assert_eq!(seen, [(&a, "fi", Channel::Messages), (&b, "sv", Channel::Messages)]);
    assert!(to_text(&messages[0].letter).contains(SCHOOL));
    assert!(!to_text(&messages[1].letter).contains(SCHOOL));
}

#[test]
fn a_protected_custodian_is_written_to_through_the_protected_queue() {
    let register = family_with(|d| d.residents[2].protection = Fact::Known(true));
    let plain = family_with(|_| {});
    let (protected, open) =
        (messages_of(&offer(&register), &register).unwrap(), messages_of(&offer(&plain), &plain).unwrap());
    assert_eq!(protected[1].channel, Channel::ProtectedQueue);
    assert!(!to_text(&protected[1].letter).contains(SCHOOL));
    // A's message, and the words of B's, tell nobody that B is protected
    assert_eq!(protected[0], open[0]);
    assert_eq!(protected[1].letter, open[1].letter);
}

#[test]
fn a_translation_is_attached_for_those_who_read_it() {
    for (own, letter, translation) in
        [("en", "fi", Some("en")), ("fi", "fi", None), ("sv", "sv", None), ("so", "fi", None)]
    {
        let register = family_with(|d| d.residents[1].language = Fact::Known(own.to_owned()));
        let messages = messages_of(&offer(&register), &register).unwrap();
        assert_eq!(messages[0].letter.language, letter);
        assert_eq!(messages[0].translation.as_ref().map(|letter| letter.language.as_str()), translation, "{own}");
    }
}

#[test]
fn the_register_of_the_day_is_asked_again() {
    let offer = offer(&family_with(|_| {}));
    let after = |change: fn(&mut Delivery)| {
        let messages = messages_of(&offer, &family_with(change))?;
        Ok(messages.into_iter().map(|message| message.to.party).collect::<Vec<_>>())
    };
    let (a, b) = (Party::Person(key(A)), Party::Person(key(B)));
    assert_eq!(after(|_| {}), Ok(vec![a, b.clone()]));
    assert_eq!(after(|d| d.residents[1].dead = true), Ok(vec![b.clone()]));
    // a new custodian was never part of this offer
    assert_eq!(
        after(|d| {
            d.custody.remove(0);
            d.residents.push(person(903, "Uusi", "1980-01-01", "fi", HOME));
            d.custody.push(custody(903));
        }),
        Ok(vec![b])
    );
    let withheld = |reason| Err(LetterError::Withheld(reason));
    assert_eq!(after(|d| d.residents[0].dead = true), withheld(WithheldReason::NoAddressee));
    assert_eq!(after(|d| d.residents[0].protection = Fact::Known(true)), withheld(WithheldReason::Protection));
    assert_eq!(after(|d| d.custody.clear()), withheld(WithheldReason::CustodyUnclear));
}

/// Somebody beside the child: a custodian, or another resident of some home.
#[derive(Clone, Debug)]
struct Other {
    home: Option<&'static str>,
    protection: Fact<bool>,
    language: &'static str,
    dead: bool,
    minor: bool,
    custody: Option<Fact<bool>>,
}

fn other() -> impl Strategy<Value = Other> {
    let home = prop_oneof![4 => Just(Some(HOME)), 4 => Just(Some(ELSEWHERE)), 1 => Just(None)];
    let protection = prop_oneof![
        8 => Just(Fact::Known(false)),
        2 => Just(Fact::Known(true)),
        1 => Just(Fact::Unknown(UnknownReason::NotDelivered)),
    ];
    let may_decide = prop_oneof![
        9 => Just(Fact::Known(true)),
        1 => Just(Fact::Known(false)),
        1 => Just(Fact::Unknown(UnknownReason::NotDelivered)),
    ];
    let language = prop_oneof![Just("fi"), Just("sv"), Just("en"), Just("so")];
    let custody = prop_oneof![4 => may_decide.prop_map(Some), 1 => Just(None)];
    (home, protection, language, prop::bool::weighted(0.1), prop::bool::weighted(0.05), custody).prop_map(
        |(home, protection, language, dead, minor, custody)| Other { home, protection, language, dead, minor, custody },
    )
}

#[derive(Clone, Debug)]
struct Family {
    child_home: Option<&'static str>,
    child_protection: Fact<bool>,
    others: Vec<Other>,
    abroad: bool,
    list_open: bool,
    replies: Replies,
}

fn any_family() -> impl Strategy<Value = Family> {
    let home = prop_oneof![6 => Just(Some(HOME)), 1 => Just(Some(ELSEWHERE)), 1 => Just(None)];
    let protection = prop_oneof![
        8 => Just(Fact::Known(false)),
        1 => Just(Fact::Known(true)),
        1 => Just(Fact::Unknown(UnknownReason::Withheld)),
    ];
    let replies = prop_oneof![Just(Replies::OneIsEnough), Just(Replies::All)];
    (home, protection, prop::collection::vec(other(), 0..5), any::<bool>(), prop::bool::weighted(0.1), replies)
        .prop_map(|(child_home, child_protection, others, abroad, list_open, replies)| Family {
            child_home,
            child_protection,
            others,
            abroad,
            list_open,
            replies,
        })
}

fn living_in(home: Option<&str>, record: ResidentRecord) -> ResidentRecord {
    let dwelling = home.map_or(Fact::Unknown(UnknownReason::Withheld), |id| Fact::Known(id.to_owned()));
    ResidentRecord { dwelling, ..record }
}

fn delivery(family: &Family) -> Delivery {
    let mut child = living_in(family.child_home, person(CHILD, "Elsa", "2020-10-15", "fi", HOME));
    child.protection = family.child_protection;
    if family.list_open {
        child.custodians = ListState::Open(UnknownReason::Withheld);
    }
    // both homes hold what may not be told: whichever one is the child's
    let mut delivery = Delivery {
        residents: vec![child],
        dwellings: vec![dwelling(HOME, crate::testing::STREET), dwelling(ELSEWHERE, crate::testing::STREET)],
        ..Delivery::default()
    };
    for (n, other) in (A..).zip(&family.others) {
        let born = if other.minor { "2010-05-05" } else { "1982-03-03" };
        let mut record = living_in(other.home, person(n, &format!("Zvornimi{n}"), born, other.language, HOME));
        record.protection = other.protection;
        record.dead = other.dead;
        delivery.residents.push(record);
        if let Some(may_decide) = other.custody {
            delivery.custody.push(CustodyRecord { may_decide, ..custody(n) });
        }
    }
    if family.abroad {
        delivery.custody.push(custody_abroad());
    }
    delivery
}

fn proposed(register: &Register, replies: Replies) -> Proposal {
    let mut card = school_card();
    card.messages[0].replies = replies;
    proposal(register, &card, &candidate(register))
}

fn letters(message: &Message) -> Vec<String> {
    let letters = std::iter::once(&message.letter).chain(&message.translation);
    letters.map(|letter| format!("{}{letter:?}", to_text(letter))).collect()
}

fn check_family(family: &Family, texts: &Texts) -> Result<(), TestCaseError> {
    let city = city();
    let issuer = Issuer::new(&city).unwrap();
    let secret = Secret::new(&[3; 32]).unwrap();
    let register = register(delivery(family));
    let child = resident(&register, CHILD);
    let sources = Sources { texts, register: &register, city: &city, on: today() };

    // an offer that was made while nobody was protected is rendered by the newest register
    if child.home_is_protected() {
        let open = offer(&family_with(|_| {}));
        prop_assert_eq!(messages(&open, &sources), Err(LetterError::Withheld(WithheldReason::Protection)));
        for to in &open.body().addressees {
            prop_assert!(letter(&open, to, &to.language, &sources).is_err());
        }
        prop_assert_eq!(proposed(&register, family.replies), Proposal::Withheld(WithheldReason::Protection));
        return Ok(());
    }
    let Proposal::Offer(offer) = proposed(&register, family.replies) else { return Ok(()) };

    // the order of what was delivered changes nothing
    let mut reversed = delivery(family);
    reversed.residents.reverse();
    reversed.custody.reverse();
    reversed.dwellings.reverse();
    let reversed = crate::testing::register(reversed);
    let Proposal::Offer(same) = proposed(&reversed, family.replies) else { panic!("withheld") };
    prop_assert_eq!(&same, &offer);

    let messages = messages(&offer, &sources).unwrap();
    prop_assert_eq!(messages.len(), offer.body().addressees.len());
    for (message, then) in messages.iter().zip(&offer.body().addressees) {
        prop_assert_eq!(&message.to, then);
        let Party::Person(to) = message.to.party else { panic!("an organisation") };
        let to = register.resident_of(to).unwrap();
        let other = (A..).zip(&family.others).find(|(n, _)| key(*n) == to.key());
        let (n, other) = other.unwrap();
        prop_assert!(!other.dead && !other.minor && other.custody == Some(Fact::Known(true)));
        prop_assert_eq!(message.channel == Channel::ProtectedQueue, to.home_is_protected());
        let shares = family.child_home.is_some() && other.home == family.child_home;
        for letter in letters(message) {
            prop_assert_eq!(letter.contains(SCHOOL), shares);
            for secret in SECRETS.into_iter().filter(|secret| *secret != SCHOOL || !shares) {
                prop_assert!(!letter.contains(secret), "{} in {}", secret, letter);
            }
            prop_assert!(shares || !letter.contains("Helsing"));
            // nothing about anybody else
            for m in (A..).take(family.others.len()).filter(|m| *m != n) {
                let names = [format!("Zvornimi{m}"), format!("Suku{m}")];
                prop_assert!(names.iter().all(|name| !letter.contains(name)), "{}", letter);
            }
        }
    }
    for ids in [Ids::Inner, Ids::External { secret: &secret, receiver: "messaging" }] {
        let plain = OfferV1::of(&offer, &issuer, ids).unwrap();
        let json = serde_json::to_string(&plain).unwrap();
        prop_assert!(SECRETS.iter().all(|secret| !json.contains(secret)), "{}", json);
        prop_assert!(!json.contains("Zvornimi") && !json.contains("Suku") && !json.contains("Elsa"));
        let elsewhere: Vec<Message> = messages
            .iter()
            .filter(|message| message.to.home.is_none() || message.to.home != child.home())
            .cloned()
            .collect();
        let json = serde_json::to_string(&plain.with_messages(&elsewhere, &issuer, ids)).unwrap();
        prop_assert!(SECRETS.iter().all(|secret| !json.contains(secret)), "{}", json);
    }
    Ok(())
}

#[test]
fn no_byte_of_a_home_reaches_those_who_do_not_share_it() {
    let texts = texts();
    let mut runner = proptest::test_runner::TestRunner::default();
    runner.run(&any_family(), |family| check_family(&family, &texts)).unwrap();
}

#[test]
fn the_family_of_the_examples_is_one_of_them() {
    let register = register(family());
    assert_eq!(messages_of(&offer(&register), &register).unwrap().len(), 2);
}
