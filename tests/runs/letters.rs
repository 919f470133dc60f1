//! Letters and the wire form, of real offers.

use ennakko::core::protected::Party;
use ennakko::offers::letter::{Letter, Part, to_text};
use ennakko::offers::offer::Issuer;
use ennakko::offers::offer_id::Secret;
use ennakko::offers::wire::v1::{Ids, OfferV1};
use ennakko_tests::day;
use ennakko_tests::folder::decided;
use ennakko_tests::story::{BLOCK, FAMILY, Story, story};

const SCHEMA: &str = include_str!("../../crates/ennakko-offers/schema/offer.v1.schema.json");

/// A town in which both rules make an offer, the day they make it, and the offers.
fn offered<'r>(language: &str) -> Story<'r> {
    let block = BLOCK.replace("language = \"fi\"", &format!("language = \"{language}\""));
    let mut story = story(decided(), &[FAMILY, &block].concat());
    story.change("A.language", &format!("\"{language}\"")).run_freely("2027-01-08");
    story
}

/// The letter of a rule to its first addressee in a language; English is a translation.
fn letter(rule: &str, language: &str) -> Letter {
    let mut story = offered(language);
    let register = story.register("2027-01-08");
    let subject = if rule == "school_place" { "child" } else { "block" };
    let offer = story.offer(rule, subject);
    let sources = ennakko::offers::letter::Sources {
        texts: decided().texts(),
        register: &register,
        city: decided().city(),
        on: day("2027-01-08"),
    };
    let to = offer.body().addressees.iter().find(|to| to.language == language).unwrap_or(&offer.body().addressees[0]);
    ennakko::offers::letter::letter(offer, to, language, &sources).unwrap()
}

fn part(letter: &Letter, part: Part) -> &str {
    letter.parts.iter().find(|(of, _)| *of == part).map(|(_, text)| text).unwrap()
}

/// Words that stand in each part of a letter.
type Says = &'static [(Part, &'static [&'static str])];

/// What a letter of each rule must say in each language: the part, and words that stand in it.
const SAYS: [(&str, &str, Says); 6] = [
    (
        "school_place",
        "fi",
        &[
            (Part::Greeting, &["Aino Esimerkki"]),
            (Part::Who, &["Elsa"]),
            (Part::What, &["Example School of the North", "11. elokuuta 2027"]),
            (Part::Why, &["Elsa tulee oppivelvollisuusikään vuonna 2027", "Helsingissä", "tavalliseen aikaan"]),
            (Part::ByWhen, &["29. tammikuuta 2027", "Yhden huoltajan vastaus riittää"]),
            (Part::Silence, &["Mitään ei ratkaista"]),
            (Part::SayNo, &["et ota sitä vastaan"]),
            (Part::TwoHomes, &["kahdessa kodissa", "09 000 0000"]),
            (Part::Decided, &["automaattisesti", "tarjous eikä päätös"]),
            (Part::Law, &["1214/2020"]),
            (Part::Contact, &["Kouluun ilmoittautumisen neuvonta", "school@helsinki.example"]),
            (Part::Object, &["vastustaa", "ihmisen", "school@helsinki.example"]),
        ],
    ),
    (
        "school_place",
        "sv",
        &[
            (Part::Greeting, &["Aino Esimerkki"]),
            (Part::Who, &["Elsa"]),
            (Part::What, &["Example School of the North", "11 augusti 2027"]),
            (Part::Why, &["Elsa når läropliktsåldern år 2027", "Helsingfors", "vanlig tid"]),
            (Part::ByWhen, &["29 januari 2027", "en vårdnadshavare svarar"]),
            (Part::Silence, &["Ingenting avgörs"]),
            (Part::SayNo, &["tackar nej"]),
            (Part::TwoHomes, &["två hem", "09 000 0000"]),
            (Part::Decided, &["automatiskt", "inte ett beslut"]),
            (Part::Law, &["1214/2020"]),
            (Part::Contact, &["Rådgivningen för anmälan till skolan", "school@helsinki.example"]),
            (Part::Object, &["invända", "människa", "school@helsinki.example"]),
        ],
    ),
    (
        "school_place",
        "en",
        &[
            (Part::Greeting, &["Aino Esimerkki"]),
            (Part::Who, &["Elsa"]),
            (Part::What, &["Example School of the North", "11 August 2027"]),
            (Part::Why, &["Elsa reaches the age of compulsory education in 2027", "Helsinki", "usual time"]),
            (Part::ByWhen, &["29 January 2027", "one custodian is enough"]),
            (Part::Silence, &["Nothing is decided by silence"]),
            (Part::SayNo, &["do not accept it"]),
            (Part::TwoHomes, &["two homes", "09 000 0000"]),
            (Part::Decided, &["automatically", "not a decision"]),
            (Part::Law, &["1214/2020"]),
            (Part::Contact, &["School enrolment advice", "school@helsinki.example"]),
            (Part::Object, &["object", "person", "school@helsinki.example"]),
        ],
    ),
    (
        "lift_grant",
        "fi",
        &[
            (Part::Greeting, &["As Oy Esimerkki"]),
            (Part::Who, &["Esimerkkikatu 1"]),
            (Part::What, &["35 prosenttia", "yläraja"]),
            (Part::Why, &["kerrostalo", "ei ole hissiä"]),
            (Part::ByWhen, &["ei ole määräpäivää", "odottakaa päätös"]),
            (Part::Silence, &["ei tarvitse vastata"]),
            (Part::SayNo, &["lift@helsinki.example"]),
            (Part::Decided, &["automaattisesti", "tarjous eikä päätös"]),
            (Part::Law, &["1087/2016", "1373/2016"]),
            (Part::Contact, &["Hissineuvonta"]),
            (Part::Object, &["lift@helsinki.example"]),
        ],
    ),
    (
        "lift_grant",
        "sv",
        &[
            (Part::Greeting, &["As Oy Esimerkki"]),
            (Part::Who, &["Esimerkkikatu 1"]),
            (Part::What, &["35 procent", "övre gräns"]),
            (Part::Why, &["flervåningshus", "trapphus utan hiss"]),
            (Part::ByWhen, &["ingen sista svarsdag", "vänta på beslutet"]),
            (Part::Silence, &["behöver inte svara"]),
            (Part::SayNo, &["lift@helsinki.example"]),
            (Part::Decided, &["automatiskt", "inte ett beslut"]),
            (Part::Law, &["1087/2016", "1373/2016"]),
            (Part::Contact, &["Hissrådgivningen"]),
            (Part::Object, &["lift@helsinki.example"]),
        ],
    ),
    (
        "lift_grant",
        "en",
        &[
            (Part::Greeting, &["As Oy Esimerkki"]),
            (Part::Who, &["Esimerkkikatu 1"]),
            (Part::What, &["35 per cent", "upper bound"]),
            (Part::Why, &["block of flats", "without a lift"]),
            (Part::ByWhen, &["no day by which to reply", "wait for the decision"]),
            (Part::Silence, &["need not reply"]),
            (Part::SayNo, &["lift@helsinki.example"]),
            (Part::Decided, &["automatically", "not a decision"]),
            (Part::Law, &["1087/2016", "1373/2016"]),
            (Part::Contact, &["Lift advice"]),
            (Part::Object, &["lift@helsinki.example"]),
        ],
    ),
];

#[test]
fn every_letter_says_who_what_why_by_when_and_how_to_say_no() {
    for (rule, language, says) in SAYS {
        let letter = letter(rule, language);
        // CLDR writes some spaces so that they do not break
        let plain = |text: &str| text.replace(['\u{a0}', '\u{202f}'], " ");
        let parts: Vec<Part> = letter.parts.iter().map(|(part, _)| *part).collect();
        assert_eq!(parts, says.iter().map(|(part, _)| *part).collect::<Vec<_>>(), "{rule} {language}");
        for (of, words) in says {
            let text = plain(part(&letter, *of));
            for word in *words {
                let (text, word) = (text.to_lowercase(), word.to_lowercase());
                assert!(text.contains(&word), "{rule} {language} {}: `{word}` in `{text}`", of.word());
            }
        }
    }
}

#[test]
fn no_part_is_left_in_another_language_or_unfilled() {
    for rule in ["school_place", "lift_grant"] {
        let [fi, sv, en] = ["fi", "sv", "en"].map(|language| letter(rule, language));
        for letter in [&fi, &sv, &en] {
            for (of, text) in &letter.parts {
                let what = format!("{rule} {} {}: {text}", letter.language, of.word());
                assert!(text.trim().len() > 5, "{what}");
                assert!(!text.contains(['{', '}', '$']), "{what}");
                assert!(!text.chars().any(|c| matches!(c, '\u{2066}'..='\u{2069}')), "{what}");
            }
            assert!(to_text(letter).lines().all(|line| line.chars().count() <= 76), "{rule} {}", letter.language);
        }
        for (a, b) in [(&fi, &sv), (&fi, &en), (&sv, &en)] {
            assert_ne!(a.title, b.title);
            for ((of, first), (_, second)) in a.parts.iter().zip(&b.parts) {
                assert_ne!(first, second, "{rule} {}: {} as in {}", of.word(), a.language, b.language);
            }
        }
    }
}

#[test]
fn each_custodian_gets_the_letter_in_their_own_language() {
    let mut story = story(decided(), FAMILY);
    story.change("A.language", "\"en\"").run_freely("2027-01-08");
    let of = |name: &str| {
        let messages = story.messages();
        let (_, message) = messages.into_iter().find(|(to, _)| to == name).unwrap();
        (message.letter.language.clone(), message.translation.as_ref().map(|letter| letter.language.clone()))
    };
    // the valid letter is in a language of the city; English is attached to it
    assert_eq!(of("A"), ("fi".to_owned(), Some("en".to_owned())));
    assert_eq!(of("B"), ("sv".to_owned(), None));
}

#[test]
fn section_5_5_both_guardians_at_one_address_are_written_to() {
    let mut story = story(decided(), FAMILY);
    let register = story.register("2027-01-08");
    let is_custodian = |given: &str| ["Aino", "Bertil"].contains(&given);
    let homes = register.residents().filter(|one| one.names().is_some_and(|names| is_custodian(names.given)));
    let homes: Vec<_> = homes.map(|one| one.home().unwrap()).collect();
    assert!(homes.len() == 2 && homes[0] == homes[1]);
    story.run_freely("2027-01-08");
    assert_eq!(story.offer("school_place", "child").body().addressees.len(), 2);
    let to: Vec<String> = story.messages().into_iter().map(|(to, _)| to).collect();
    assert_eq!(to, ["A", "B"], "a letter each, not one for the home");
}

#[test]
fn the_wire_form_of_real_offers_is_that_of_its_schema_and_tells_of_nobody() {
    let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let issuer = Issuer::new(decided().city()).unwrap();
    let secret = Secret::new(&[3; 32]).unwrap();
    let mut story = offered("fi");
    story.register("2027-01-08");
    let offers: Vec<_> = story.ledger.entries().map(|entry| entry.offer().clone()).collect();
    assert_eq!(offers.len(), 2);
    for offer in &offers {
        for ids in [Ids::Inner, Ids::External { secret: &secret, receiver: "school system" }] {
            let wire = serde_json::to_value(OfferV1::of(offer, &issuer, ids).unwrap()).unwrap();
            let errors: Vec<String> = schema.iter_errors(&wire).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{errors:?}");
            let text = wire.to_string();
            for name in ["Elsa", "Aino", "Bertil", "Esimerkki", "Exempel", "Example", "katu", "\"091\"", "home"] {
                assert!(!text.contains(name), "`{name}` in {text}");
            }
            // keys inside only
            let keys = offer.body().addressees.iter().filter_map(|to| match &to.party {
                Party::Person(key) => Some(key.as_uuid().to_string()),
                Party::Organisation(_) => None,
            });
            let inner = matches!(ids, Ids::Inner);
            assert!(keys.into_iter().all(|key| text.contains(&key) == inner));
            assert_eq!(text.contains(&offer.id().to_string()), inner);
        }
    }
}
