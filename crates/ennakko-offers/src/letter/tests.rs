//! Tests of `letter`.

use std::collections::BTreeSet;
use std::sync::Arc;

use ennakko_core::record::{Owner, Who};
use ennakko_core::register::Building;

use super::*;
use crate::offer::{Candidate, Proposal};
use crate::testing::{
    A, B, ELSEWHERE, HOME, SCHOOL, building, candidate, city, day, family_with, key, lift_candidate, lift_card, offer,
    proposal, school_card, texts, today,
};
use crate::text::TextFile;

/// The letter of the family's offer to one custodian.
fn letter_to(n: u16, language: &str) -> Result<Letter, LetterError> {
    letter_by(&family_with(|_| {}), n, language)
}

fn letter_by(register: &Register, n: u16, language: &str) -> Result<Letter, LetterError> {
    let (offer, city, texts) = (offer(register), city(), texts());
    let to = offer.body().addressees.iter().find(|to| to.party == Party::Person(key(n))).unwrap();
    letter(&offer, to, language, &Sources { texts: &texts, register, city: &city, on: today() })
}

fn lift_letter(language: &str) -> Letter {
    let register = family_with(|d| {
        let name = "As Oy Esimerkki".to_owned();
        d.buildings =
            vec![building(vec![Owner::Organisation { id: "2345678-0".to_owned(), name, language: Fact::None }])];
    });
    let Proposal::Offer(offer) = proposal(&register, &lift_card(), &lift_candidate(&register)) else {
        panic!("withheld")
    };
    let (city, texts) = (city(), texts());
    let sources = Sources { texts: &texts, register: &register, city: &city, on: today() };
    letter(&offer, &offer.body().addressees[0], language, &sources).unwrap()
}

fn part(letter: &Letter, part: Part) -> &str {
    letter.parts.iter().find(|(other, _)| *other == part).map(|(_, text)| text.as_str()).unwrap()
}

#[test]
fn every_part_stands_in_every_language_and_none_is_left_in_another() {
    let school = |language: &str| letter_to(A, language).unwrap();
    for (of, n_parts) in [(&school as &dyn Fn(&str) -> Letter, 12), (&lift_letter, 11)] {
        let letters = ["fi", "sv", "en"].map(of);
        for letter in &letters {
            let parts: Vec<Part> = letter.parts.iter().map(|(part, _)| *part).collect();
            let expected: Vec<Part> =
                Part::ALL.into_iter().filter(|part| n_parts == 12 || *part != Part::TwoHomes).collect();
            assert_eq!(parts, expected, "{}", letter.language);
            assert!(!letter.title.is_empty());
            for (part, text) in &letter.parts {
                assert!(!text.trim().is_empty() && !text.contains(['{', '}', '$']), "{part:?}: {text}");
            }
        }
        let titles: BTreeSet<&str> = letters.iter().map(|letter| letter.title.as_str()).collect();
        assert_eq!(titles.len(), 3);
        for at in 0..n_parts {
            let texts: BTreeSet<&str> = letters.iter().map(|letter| letter.parts[at].1.as_str()).collect();
            assert_eq!(texts.len(), 3, "{:?}", letters[0].parts[at]);
        }
    }
}

#[test]
fn a_letter_names_the_child_the_addressee_the_day_and_whom_to_ask() {
    let letter = letter_to(A, "fi").unwrap();
    assert!(part(&letter, Part::Greeting).contains("Aino Suku901"));
    assert!(part(&letter, Part::Who).contains("Elsa") && !part(&letter, Part::Who).contains("Toinen"));
    assert!(part(&letter, Part::What).contains(SCHOOL));
    assert!(part(&letter, Part::What).contains("11. elokuuta 2027"));
    assert!(part(&letter, Part::ByWhen).contains("29. tammikuuta 2027"));
    assert!(part(&letter, Part::Contact).contains("Kouluneuvonta"));
    assert!(part(&letter, Part::Contact).contains("09 000 0000"));
    assert!(part(&letter, Part::Law).contains("oppivelvollisuuslaki 1214/2020, 2 §; perusopetuslaki 628/1998, 6 §"));
    // one line for each condition; a year has no separators
    let why = part(&letter, Part::Why);
    assert_eq!(why.lines().count(), 4, "{why}");
    assert!(why.contains("vuonna 2027"), "{why}");
}

#[test]
fn days_are_written_as_the_language_writes_them() {
    for (language, starts, reply_by) in [
        ("fi", "11. elokuuta 2027", "29. tammikuuta 2027"),
        ("sv", "11 augusti 2027", "29 januari 2027"),
        ("en", "11 August 2027", "29 January 2027"),
    ] {
        let letter = letter_to(A, language).unwrap();
        assert!(part(&letter, Part::What).contains(starts), "{language}");
        assert!(part(&letter, Part::ByWhen).contains(reply_by), "{language}");
    }
}

#[test]
fn the_letter_says_the_day_after_rolling() {
    let register = family_with(|_| {});
    let plain = candidate(&register);
    let mut with = plain.terms.clone();
    with.by_name.insert(Arc::from("reply_by"), Term::Day(day("2027-01-23")));
    let Proposal::Offer(offer) = proposal(&register, &school_card(), &Candidate { terms: with, ..plain }) else {
        panic!("withheld")
    };
    let (city, texts) = (city(), texts());
    let sources = Sources { texts: &texts, register: &register, city: &city, on: today() };
    let letter = letter(&offer, &offer.body().addressees[0], "fi", &sources).unwrap();
    assert!(part(&letter, Part::ByWhen).contains("25. tammikuuta 2027"));
}

#[test]
fn who_does_not_share_the_home_reads_nothing_of_it() {
    for language in ["fi", "sv", "en"] {
        let (shown, unshown) = (letter_to(A, language).unwrap(), letter_to(B, language).unwrap());
        assert!(part(&shown, Part::What).contains(SCHOOL));
        assert!(!to_text(&unshown).contains(SCHOOL));
        // the municipality is derived from the home too
        assert!(part(&shown, Part::Why).contains("Hels"), "{language}");
        assert!(!part(&unshown, Part::Why).contains("Hels"), "{language}");
        // nothing else differs but the greeting
        for ((kind, one), (_, other)) in shown.parts.iter().zip(&unshown.parts) {
            let differs = matches!(kind, Part::Greeting | Part::What | Part::Why);
            assert_eq!(one != other, differs, "{kind:?}");
        }
    }
}

#[test]
fn who_has_moved_out_since_the_offer_reads_nothing_of_the_home() {
    let before = family_with(|_| {});
    let offer = offer(&before);
    let (city, texts) = (city(), texts());
    let a = &offer.body().addressees[0];
    let write =
        |register: &Register| letter(&offer, a, "fi", &Sources { texts: &texts, register, city: &city, on: today() });
    assert!(to_text(&write(&before).unwrap()).contains(SCHOOL));
    // A moves out; the child moves out and A stays; both move, and the school was that of the old home
    for [child, custodian] in [[HOME, ELSEWHERE], [ELSEWHERE, HOME], [ELSEWHERE, ELSEWHERE]] {
        let after = family_with(|d| {
            d.residents[0].dwelling = Fact::Known(child.to_owned());
            d.residents[1].dwelling = Fact::Known(custodian.to_owned());
        });
        assert!(!to_text(&write(&after).unwrap()).contains(SCHOOL), "{child} {custodian}");
    }
    // the home has come under protection; the child has left the register
    let after = family_with(|d| d.residents[1].protection = Fact::Known(true));
    assert_eq!(write(&after), Err(LetterError::Withheld(WithheldReason::Protection)));
    let after = family_with(|d| {
        d.residents.remove(0);
        d.custody.clear();
    });
    assert_eq!(write(&after), Err(LetterError::NoSubject));
}

#[test]
fn a_building_is_named_by_its_street_or_its_id() {
    let letter = lift_letter("sv");
    assert!(part(&letter, Part::Who).contains("Esimerkkikatu 1"));
    assert!(part(&letter, Part::Greeting).contains("As Oy Esimerkki"));
    assert!(part(&letter, Part::What).contains("40 procent"));
    assert!(!part(&letter, Part::What).contains("2 027"));
    let register = family_with(|d| {
        let mut nameless = building(vec![Owner::Person(Who::Key(key(B)))]);
        nameless.address = Fact::None;
        d.buildings = vec![nameless];
    });
    let subject = register.subject(lift_candidate(&register).subject);
    assert_eq!(name_of_subject(&subject).as_deref(), register.buildings().next().map(Building::id));
}

/// The error of the family's letter with texts of a test's own.
fn error_with(common: &str, own: &str) -> String {
    let register = family_with(|_| {});
    let file = |rule, source| TextFile { rule, language: "fi", source };
    let (texts, errors) = Texts::new(&[file("_common", common), file("school_place", own)]);
    assert_eq!(errors, []);
    let (offer, city) = (offer(&register), city());
    let sources = Sources { texts: &texts, register: &register, city: &city, on: today() };
    letter(&offer, &offer.body().addressees[1], "fi", &sources).unwrap_err().to_string()
}

#[test]
fn a_letter_to_the_child_who_is_of_age_has_words_of_its_own_and_no_second_home() {
    let common = include_str!("../../../../rules/helsinki/_common.fi.ftl");
    let own = include_str!("../../../../rules/helsinki/school_place.fi.ftl");
    let own = own.replacen(
        "    .silence =",
        "    .who_self = Sinua.\n    .what_self = Sinulle { $place }.\n    .silence =",
        1,
    );
    let file = |rule, source| TextFile { rule, language: "fi", source };
    let (texts, errors) = Texts::new(&[file("_common", common), file("school_place", &own)]);
    assert_eq!(errors, []);
    let written = |born: &str| {
        let born = Fact::Known(ennakko_core::PartialDate::exact(day(born)));
        let register = family_with(|d| d.residents[0].born = born);
        let (offer, city) = (offer(&register), city());
        let sources = Sources { texts: &texts, register: &register, city: &city, on: today() };
        let letters = offer.body().addressees.iter().map(|to| letter(&offer, to, "fi", &sources).unwrap());
        letters.collect::<Vec<_>>()
    };
    let to_child = written("2009-01-08");
    assert_eq!(to_child.len(), 1);
    assert_eq!(part(&to_child[0], Part::Who), "Sinua.");
    assert_eq!(part(&to_child[0], Part::What), format!("Sinulle {SCHOOL}."));
    assert!(to_child[0].parts.iter().all(|(part, _)| *part != Part::TwoHomes));
    // what has no words of its own is as for custodians
    let to_custodians = written("2009-01-09");
    assert_eq!(to_custodians.len(), 2);
    assert_eq!(part(&to_child[0], Part::Silence), part(&to_custodians[0], Part::Silence));
    assert!(to_custodians.iter().all(|letter| part(letter, Part::Who).contains("Elsa")));
}

#[test]
fn what_is_missing_is_named() {
    let common = include_str!("../../../../rules/helsinki/_common.fi.ftl");
    let own = include_str!("../../../../rules/helsinki/school_place.fi.ftl");
    let check = |from: &str, to: &str, expected: &str| {
        assert!(common.contains(from) || own.contains(from), "{from}");
        assert_eq!(error_with(&common.replace(from, to), &own.replace(from, to)), expected);
    };
    let name = |text: &str| format!("text `{text}` of rule `school_place` in `fi`");
    check("    .silence =", "    .nosilence =", &format!("{} is missing", name("place.silence")));
    check("    .two_homes =", "    .other =", &format!("{} is missing", name("place.two_homes")));
    check("    .what_unshown =", "    .other =", &format!("{} is missing", name("place.what_unshown")));
    check("    .decided =", "    .other =", &format!("{} is missing", name("letter.decided")));
    check("not_deferred =", "other =", &format!("{} is missing", name("not_deferred.yes")));
    check("{ $law }", "{ $laki }", &format!("{} uses `$laki`, which has no value here", name("letter.law")));
    // a place stands in `.what` alone, for whomever the letter is
    check(
        "    .silence = ",
        "    .silence = { $place } ",
        &format!("{} uses `$place`, which has no value here", name("place.silence")),
    );
    assert_eq!(
        letter_to(A, "ru").unwrap_err().to_string(),
        "rule `school_place` has no texts in `ru`; add `school_place.ru.ftl`"
    );
    // the name was there when the offer was made, and is not in the newest register
    let offer = offer(&family_with(|_| {}));
    let nameless = family_with(|d| d.residents[0].names = None);
    let (texts, city) = (texts(), city());
    let sources = Sources { texts: &texts, register: &nameless, city: &city, on: today() };
    let error = letter(&offer, &offer.body().addressees[0], "fi", &sources).unwrap_err().to_string();
    assert_eq!(error, format!("{} uses `$subject`, which has no value here", name("place.who")));
    let withheld = crate::messages(&offer, &sources).unwrap_err();
    assert_eq!(withheld, LetterError::Withheld(WithheldReason::NameMissing));
    for n in [0, 1] {
        let nameless = family_with(|d| d.residents[n].names = None);
        let proposed = proposal(&nameless, &school_card(), &candidate(&nameless));
        assert_eq!(proposed, Proposal::Withheld(WithheldReason::NameMissing));
    }
}

#[test]
fn a_letter_without_a_contact_or_a_reason_is_not_written() {
    let register = family_with(|_| {});
    let (mut city, texts) = (city(), texts());
    let plain = candidate(&register);
    let only_home = Candidate { reasons: vec![plain.reasons[1].clone()], ..plain };
    let Proposal::Offer(offer) = proposal(&register, &school_card(), &only_home) else { panic!("withheld") };
    let write = |n: usize, city: &City| {
        let sources = Sources { texts: &texts, register: &register, city, on: today() };
        letter(&offer, &offer.body().addressees[n], "fi", &sources).map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(write(0, &city), Ok(()));
    let no_reason = "rule `school_place` has no reason to tell in `fi`; give its reasons a part `.yes_unshown`";
    assert_eq!(write(1, &city), Err(no_reason.to_owned()));
    city.contacts[0].until = today();
    let no_contact = "no contact for purpose `education` on 2027-01-08; add a `[[contact]]` to `city.toml`";
    assert_eq!(write(0, &city), Err(no_contact.to_owned()));
}

#[test]
fn a_law_is_named_in_the_language_or_there_is_no_letter() {
    let register = family_with(|_| {});
    let (city, offer) = (city(), offer(&register));
    let write = |texts: &Texts| {
        let sources = Sources { texts, register: &register, city: &city, on: today() };
        letter(&offer, &offer.body().addressees[0], "sv", &sources).map_err(|error| error.to_string())
    };
    let other = [("fi".to_owned(), "oppivelvollisuuslaki 1214/2020".to_owned())].into();
    let texts = texts().with_laws([("Compulsory Education Act 1214/2020 s. 2".to_owned(), other)].into());
    let expected =
        "law `Compulsory Education Act 1214/2020 s. 2` has no name in `sv`; add it to its row in `laws.toml`";
    assert_eq!(write(&texts), Err(expected.to_owned()));
}

#[test]
fn an_offer_without_a_last_day_has_none_to_write() {
    let register = family_with(|_| {});
    let mut card = school_card();
    card.messages[0].reply = ennakko_core::rule_card::Reply::None;
    let mut plain = candidate(&register);
    plain.terms.by_name.remove("reply_by");
    let Proposal::Offer(offer) = proposal(&register, &card, &plain) else { panic!("withheld") };
    let (city, texts) = (city(), texts());
    let sources = Sources { texts: &texts, register: &register, city: &city, on: today() };
    // the occasion has such a day, but it is not the day of this offer
    let error = letter(&offer, &offer.body().addressees[0], "fi", &sources).unwrap_err().to_string();
    assert_eq!(error, "text `place.by_when` of rule `school_place` in `fi` uses `$reply_by`, which has no value here");
}

#[test]
fn names_stay_in_their_line() {
    let register = family_with(|d| {
        let names = d.residents[1].names.as_mut().unwrap();
        names.family = "Suku\n\n901\u{7} \u{a0}x".to_owned();
    });
    let letter = letter_by(&register, A, "fi").unwrap();
    assert_eq!(part(&letter, Part::Greeting), "Hei Aino Suku 901 \u{a0}x,");
}

#[test]
fn a_letter_as_text_has_short_lines_and_all_words() {
    let letter = letter_to(A, "sv").unwrap();
    let text = to_text(&letter);
    assert!(text.lines().all(|line| line.chars().count() <= COLUMNS), "{text}");
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let parts: Vec<&str> = letter.parts.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(words(&text), words(&format!("{} {}", letter.title, parts.join(" "))));
    assert!(text.starts_with(&letter.title) && text.ends_with(".\n"));
    assert_eq!(text.matches("\n\n").count(), letter.parts.len());
}

/// The checker of texts goes by this.
#[test]
fn letters_have_a_value_for_every_placeholder_and_what_is_told_outside_for_some() {
    let register = family_with(|_| {});
    let (offer, city) = (offer(&register), city());
    let body = offer.body();
    let common = include_str!("../../../../rules/helsinki/_common.fi.ftl");
    let own = include_str!("../../../../rules/helsinki/school_place.fi.ftl");
    for placeholder in Placeholder::ALL {
        let own = own.replace("    .title = ", &format!("    .title = {{ ${} }} ", placeholder.word()));
        let file = |rule, source| TextFile { rule, language: "fi", source };
        let (texts, errors) = Texts::new(&[file("_common", common), file("school_place", &own)]);
        assert_eq!(errors, []);
        let sources = Sources { texts: &texts, register: &register, city: &city, on: today() };
        letter(&offer, &body.addressees[0], "fi", &sources).unwrap();
        let asked = crate::told::Asked {
            rule: &body.rule,
            text: &body.plan.text,
            purpose: &body.purpose,
            occasion: &body.occasion,
            subject: candidate(&register).subject,
            lines: &[],
            reader: register.resident_of(key(A)).unwrap().row(),
            language: "fi",
        };
        assert_eq!(crate::told::told(&asked, &sources).is_ok(), placeholder.is_told(), "{placeholder:?}");
    }
}
