//! One letter written out whole, in each language of the city: what people will read.

use ennakko_core::protected::{Addressee, Role};
use ennakko_core::rule_card::Reply;
use ennakko_offers::Offer;
use ennakko_offers::letter::{Sources, letter, to_text};

use super::PreviewReport;
use super::paper::{Ink, Paper, day_in_words};

pub(super) fn print(report: &PreviewReport<'_>, paper: &mut Paper) {
    let Some(offer) = sample(report) else { return };
    let Some(to) = offer.body().addressees.first() else { return };
    let city = report.rules.city();
    paper.heading("One letter as it would be sent", offer.body().rule.as_str());
    let on = offer.offered_on();
    let others = match offer.body().addressees.len() {
        1 => String::new(),
        n => format!(", one of {n} who get it"),
    };
    paper.wrapped(Ink::Plain, 2, &format!("The first such offer, of {}, to {}{others}.", day_in_words(on), role(to)));
    let sources = Sources { texts: report.rules.texts(), register: report.register, city, on };
    let mut languages: Vec<&String> = city.languages.iter().chain(&city.also).collect();
    // the addressee's own letter first
    languages.sort_by_key(|language| **language != to.language);
    for language in languages {
        let valid = city.languages.contains(language);
        let what = match (valid, *language == to.language) {
            (true, true) => "the valid letter, as this addressee gets it",
            (true, false) => "the same for somebody of this language",
            (false, _) => "a translation, attached for somebody of this language",
        };
        paper.gap();
        paper.line(Ink::Strong, &format!("  {language}: {what}"));
        paper.gap();
        match letter(offer, to, language, &sources) {
            Ok(letter) => {
                for line in to_text(&letter).lines() {
                    let bar = paper.ink(Ink::Faint, "  │");
                    paper.line(Ink::Plain, &format!("{bar} {line}"));
                }
            }
            Err(error) => paper.wrapped(Ink::Bad, 4, &format!("cannot be written: {error}")),
        }
    }
}

/// The first offer that asks for a reply, or else the first offer: it is the letter that matters most.
fn sample<'r>(report: &PreviewReport<'r>) -> Option<&'r Offer> {
    let offers = report.preview.rules.values().flat_map(|rule| &rule.offers);
    offers.min_by_key(|offer| (offer.body().plan.reply != Reply::Needed, offer.offered_on()))
}

fn role(to: &Addressee) -> &'static str {
    match to.role {
        Role::Subject => "the resident",
        Role::Custodian => "a custodian",
        Role::Owner => "an owner of the building",
        Role::HouseholdAdult => "an adult of the household",
        _ => "an addressee",
    }
}
