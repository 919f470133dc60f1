//! Every case of every rule's page, and the letters of every rule in every language.

use std::path::Path;

use ennakko::day::RuleReport;
use ennakko::offers::letter::{Part, Sources, letter};
use ennakko::rules::By;
use ennakko::{Rules, cases, folder};

/// The rules of Helsinki, of which there must be nothing to find fault with.
#[expect(clippy::unwrap_used, reason = "support of the tests below")]
fn helsinki() -> Rules {
    let files = folder::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/helsinki"))).unwrap();
    let (rules, findings) = Rules::load(&files).unwrap();
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    rules
}

/// Each rule's first case that offers, its letter in each language: every part there, written out, in that language.
#[test]
fn every_rule_has_its_whole_letter_in_every_language() {
    let rules = helsinki();
    for id in rules.set().ids() {
        let page = rules.set().page(id).unwrap();
        let case = page.cases.iter().find(|case| case.outcome.starts_with("offered")).unwrap();
        let (town, report) = cases::play(&rules, id, case, By::Walk).unwrap();
        let RuleReport::Ran(ran) = &report.rules[id] else { panic!("{id} does not run") };
        let offer = &ran.offers[0];
        let to = &offer.body().addressees[0];
        let sources = Sources { texts: rules.texts(), register: &town.register, city: rules.city(), on: case.on };
        let written: Vec<_> = ["fi", "sv", "en"].map(|language| letter(offer, to, language, &sources).unwrap()).into();
        for (language, of_language) in ["fi", "sv", "en"].into_iter().zip(&written) {
            let has = |part: Part| of_language.parts.iter().any(|(known, _)| *known == part);
            for part in [Part::Greeting, Part::Who, Part::What, Part::Why, Part::ByWhen, Part::Silence, Part::SayNo] {
                assert!(has(part), "{id} in {language} lacks {part:?}");
            }
            for part in [Part::Decided, Part::Law, Part::Contact, Part::Object] {
                assert!(has(part), "{id} in {language} lacks {part:?}");
            }
            let custodians = offer.body().plan.to == ennakko::core::rule_card::Recipients::Custodians;
            assert_eq!(has(Part::TwoHomes), custodians, "{id} in {language}");
            for (part, text) in &of_language.parts {
                assert!(!text.trim().is_empty(), "{id} in {language}: {part:?} is empty");
                assert!(!text.contains(['{', '}', '$']), "{id} in {language}: {part:?} has a raw placeholder");
            }
        }
        for other in &written[..2] {
            assert_ne!(other.title, written[2].title, "{id}");
            for ((part, text), (_, english)) in other.parts.iter().zip(&written[2].parts) {
                assert_ne!(text, english, "{id} in {}: {part:?} is the English text", other.language);
            }
        }
    }
}

#[test]
fn every_case_of_every_page_comes_out_as_written() {
    let rules = helsinki();
    let results = cases::run(&rules, None);
    for id in rules.set().ids() {
        assert!(results.iter().filter(|result| result.rule == *id).count() >= 10, "{id} has few cases");
    }
    let failed: Vec<String> = results
        .iter()
        .filter(|result| !result.passed())
        .map(|result| {
            let got = result.got.as_ref().map_or_else(|error| format!("error: {error}"), ToString::to_string);
            format!("{}:{} {}\n  expected {}\n  got      {got}", result.path, result.line, result.name, result.expected)
        })
        .collect();
    assert!(failed.is_empty(), "{} of {} cases\n{}", failed.len(), results.len(), failed.join("\n"));
}

#[test]
fn no_page_lacks_a_case_around_a_day_or_an_age() {
    let rules = helsinki();
    let lacking: Vec<String> = rules
        .set()
        .ids()
        .flat_map(|id| cases::proposals(&rules, id))
        .map(|proposal| format!("{}: {proposal}", proposal.path))
        .collect();
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
}

#[test]
fn a_case_that_expects_something_else_fails() {
    let files = folder::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/helsinki"))).unwrap();
    let wrong: Vec<_> = files
        .into_iter()
        .map(|file| {
            ennakko::rules::RuleFile::new(&file.path, &file.text.replace("| offered to A, B |", "| offered to A |"))
        })
        .collect();
    let (rules, _) = Rules::load(&wrong).unwrap();
    assert!(cases::run(&rules, None).iter().filter(|result| !result.passed()).count() > 10);
}
