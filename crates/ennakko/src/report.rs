//! A preview as a page for a terminal, 80 columns wide, in plain English.
//!
//! Not a wire form (see [`crate::wire`]) and not for publishing: small numbers stand as they are, and the letter at the end
//! names people. Everything comes from a [`Preview`] and what it was made with; nothing is read or computed anew.

mod letters;
mod months;
pub(crate) mod paper;

pub use paper::thousands;

use std::collections::BTreeMap;

use ennakko_core::fact_table::SubjectKind;
use ennakko_core::outcome::WithheldReason;
use ennakko_core::register::Life;
use ennakko_core::{OutcomeCode, Register, RuleId};
use ennakko_offers::task::{Queue, TaskReason};
use ennakko_rules::NotRun;

use crate::folder::Rules;
use crate::outside::Outside;
use crate::preview::{Preview, RulePreview};
use paper::{Align, Ink, Paper, day_in_words, one};

/// How a report looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Colour codes of a terminal.
    pub colour: bool,
}

/// What a report of a preview is made from.
#[derive(Clone, Copy)]
pub struct PreviewReport<'r> {
    /// The preview.
    pub preview: &'r Preview,
    /// The rules it was made with.
    pub rules: &'r Rules,
    /// The register it was made with.
    pub register: &'r Register,
    /// What cohorts are held against, if anybody else has counted the residents.
    pub outside: Option<&'r Outside>,
    /// Parameters changed for trying out, each as it was written.
    pub tried: &'r [String],
    /// Whether one letter is written out whole, in each language of the city.
    pub letters: bool,
}

/// The mark of what rests on rows that are only expected.
const EXPECTED: &str = "≈";

/// Periods without a run that are printed one by one.
const PERIODS_MAX: usize = 12;

impl PreviewReport<'_> {
    /// The report, in lines of at most 80 columns.
    pub fn to_text(&self, style: Style) -> String {
        let mut paper = Paper::new(style);
        self.heading(&mut paper);
        months::print(self, &mut paper);
        for (id, rule) in &self.preview.rules {
            self.rule(id, rule, &mut paper);
        }
        if self.letters {
            letters::print(self, &mut paper);
        }
        paper.into_text()
    }

    fn heading(&self, paper: &mut Paper) {
        let city = self.rules.city();
        let names = &city.name;
        let name = names.get("en").or_else(|| names.get(&city.fallback)).or_else(|| names.values().next());
        let last = self.preview.to.pred_opt().unwrap_or(self.preview.to);
        paper.line(Ink::Strong, &format!("{}: what is coming", name.map_or("The city", String::as_str)));
        paper.line(Ink::Plain, &format!("{} to {}", day_in_words(self.preview.from), day_in_words(last)));
        let residents = self.register.residents().filter(|resident| resident.life() != Life::Dead).count();
        let buildings = self.register.buildings().count();
        let register = format!(
            "by the register of {}: {}, {}",
            day_in_words(self.register.day()),
            one(residents, "resident"),
            one(buildings, "building")
        );
        paper.line(Ink::Plain, &register);
        if let Some(Outside { publisher, tables, .. }) = self.outside {
            paper.wrapped(Ink::Plain, 0, &format!("outside: {publisher}, {tables}"));
        }
        for tried in self.tried {
            paper.line(Ink::Warn, &format!("tried out, not in force: {tried}"));
        }
    }

    fn title<'a>(&'a self, id: &'a RuleId) -> &'a str {
        self.rules.set().versions(id).last().map_or(id.as_str(), |rule| rule.card.title.as_str())
    }

    fn rule(&self, id: &RuleId, rule: &RulePreview, paper: &mut Paper) {
        paper.heading(self.title(id), id.as_str());
        expected(rule, paper);
        not_run(rule, paper);
        self.bill(id, rule, paper);
        tasks(rule, paper);
        missing(rule, paper);
    }

    fn bill(&self, id: &RuleId, rule: &RulePreview, paper: &mut Paper) {
        let kind = self.rules.set().versions(id).last().map_or(SubjectKind::Resident, |rule| rule.card.subject);
        let cohort = rule.bill.cohort();
        let outside = self.outside.and_then(|outside| Some((&outside.publisher, *outside.cohorts.get(id)?)));
        if cohort == 0 {
            if !rule.not_run.is_empty() {
                return;
            }
            paper.gap();
            paper.wrapped(Ink::Plain, 2, &format!("No {} is in the rule's cohort on any day.", kind.word()));
            if let Some((publisher, number)) = outside.filter(|(_, number)| *number > 0) {
                let text = format!("By {publisher} there should be {}.", thousands(number));
                paper.wrapped(Ink::Warn, 2, &text);
            }
            return;
        }
        paper.gap();
        let who = one(cohort, kind.word());
        paper.wrapped(Ink::Strong, 2, &format!("The bill: {who} in the rule's cohort, each counted once"));
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut sum = 0;
        for (code, count) in rule.bill.lines() {
            sum += count;
            let mark = if code == OutcomeCode::Offered && rule.uses_expected() { EXPECTED } else { " " };
            rows.push(vec![code.word().to_owned(), format!("{}{mark}", thousands(count)), meaning(code).to_owned()]);
        }
        let adds_up = if sum == cohort { "adds up" } else { "DOES NOT ADD UP" };
        let mut totals = vec![vec!["cohort".to_owned(), format!("{} ", thousands(cohort)), adds_up.to_owned()]];
        if let Some((publisher, number)) = outside {
            let compared = format!("by {publisher}: {}", compared(cohort, number));
            totals.push(vec!["outside".to_owned(), format!("{} ", thousands(number)), compared]);
        }
        paper.table(4, &[Align::Left, Align::Right, Align::Left], &[], &rows, &totals);
    }
}

/// How a cohort stands to the number that somebody else counted, in tenths of a percent.
fn compared(cohort: usize, outside: usize) -> String {
    let apart = cohort.abs_diff(outside);
    let larger = if cohort > outside { "larger" } else { "smaller" };
    match (apart * 1000 + outside / 2).checked_div(outside) {
        None => "the cohort should be empty".to_owned(),
        Some(0) if apart == 0 => "the cohort is the same".to_owned(),
        Some(0) => format!("the cohort is {larger} by less than 0.1 %"),
        Some(tenths) => format!("the cohort is {}.{} % {larger}", thousands(tenths / 10), tenths % 10),
    }
}

/// A bill's outcome in a few plain words.
fn meaning(code: OutcomeCode) -> &'static str {
    match code {
        OutcomeCode::Offered => "an offer goes out",
        OutcomeCode::Waiting => "entitled, and no place is free",
        OutcomeCode::Withheld => "entitled, but a person must look before it is sent",
        OutcomeCode::Manual => "the rule asks an officer to decide",
        OutcomeCode::CannotTell => "a fact that is needed is not known",
        OutcomeCode::Late => "entitled, but the time for offers has passed",
        OutcomeCode::Upcoming => "an offer would follow after these months",
        OutcomeCode::Pending => "an earlier offer waits for a reply",
        OutcomeCode::Accepted => "an earlier offer was accepted",
        OutcomeCode::Declined => "an earlier offer was declined",
        OutcomeCode::Lapsed => "an earlier offer ran out without a reply",
        OutcomeCode::HasAlready => "has already what would be offered",
        OutcomeCode::OptedOut => "chose not to get such offers",
        OutcomeCode::NotEntitled => "a condition does not hold",
    }
}

/// What rests on assumptions, and on which rounds.
fn expected(rule: &RulePreview, paper: &mut Paper) {
    let marked: Vec<_> = rule.offers.iter().filter(|offer| offer.body().expected).collect();
    if marked.is_empty() {
        return;
    }
    let mut rounds: Vec<&str> = marked
        .iter()
        .map(|offer| &offer.body().occasion)
        .filter(|occasion| occasion.is_expected())
        .map(|occasion| occasion.id())
        .collect();
    rounds.sort_unstable();
    rounds.dedup();
    let what = if rounds.is_empty() {
        "numbers in parameters.toml".to_owned()
    } else {
        format!("the days of {} in calendar.toml", rounds.join(", "))
    };
    let who = if marked.len() == rule.offers.len() {
        "every offer rests".to_owned()
    } else {
        format!("{} of {} offers rest", thousands(marked.len()), thousands(rule.offers.len()))
    };
    let text = format!(
        "{EXPECTED} {who} on {what}, which are expected and not decided: they serve this preview only, and a run \
         refuses them"
    );
    paper.gap();
    paper.wrapped(Ink::Warn, 2, &text);
}

fn not_run(rule: &RulePreview, paper: &mut Paper) {
    if rule.not_run.is_empty() {
        return;
    }
    // a row that has ended is wanted for another day each day: that is one period, not many
    let mut periods: Vec<(chrono::NaiveDate, chrono::NaiveDate, &NotRun)> = Vec::new();
    for (first, last, reason) in &rule.not_run {
        match periods.last_mut() {
            Some((_, end, known)) if end.succ_opt() == Some(*first) && same_cause(known, reason) => *end = *last,
            _ => periods.push((*first, *last, reason)),
        }
    }
    paper.gap();
    paper.wrapped(Ink::Bad, 2, "The rule does not run, and nobody is offered anything by it");
    for (first, last, reason) in periods.iter().take(PERIODS_MAX) {
        paper.wrapped(Ink::Plain, 4, &format!("{first} to {last}: {reason}"));
    }
    if periods.len() > PERIODS_MAX {
        paper.line(Ink::Plain, &format!("    and {} more", one(periods.len() - PERIODS_MAX, "period")));
    }
}

fn same_cause(one: &NotRun, other: &NotRun) -> bool {
    match (one, other) {
        (NotRun::RowEnded { what, last_valid, .. }, NotRun::RowEnded { what: other, last_valid: other_valid, .. }) => {
            what == other && last_valid == other_valid
        }
        _ => one == other,
    }
}

fn tasks(rule: &RulePreview, paper: &mut Paper) {
    let mut counts: BTreeMap<(Queue, String), usize> = BTreeMap::new();
    for (_, task) in &rule.tasks {
        *counts.entry((task.queue(), because(task.reason()))).or_insert(0) += 1;
    }
    if counts.is_empty() {
        return;
    }
    let n = counts.values().sum();
    paper.gap();
    paper.wrapped(Ink::Strong, 2, &format!("{} for officers", one(n, "task")));
    let rows: Vec<Vec<String>> = counts
        .into_iter()
        .map(|((queue, because), count)| vec![thousands(count), crate::wire::v1::queue_word(queue).to_owned(), because])
        .collect();
    paper.table(4, &[Align::Right, Align::Left, Align::Left], &["tasks", "queue", "because"], &rows, &[]);
}

/// A reason by its word, with what belongs to it in plain words or by the names that the rule gives.
fn because(reason: &TaskReason) -> String {
    let details = match reason {
        TaskReason::Manual(lines) if lines.is_empty() => "the rule always asks for an officer".to_owned(),
        TaskReason::Manual(lines) => lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        TaskReason::CannotTell(missing) => {
            let facts: Vec<String> = missing.iter().map(|missing| fact_of(&missing.fact, &missing.of)).collect();
            facts.join(", ")
        }
        TaskReason::Withheld(reason) => match reason {
            WithheldReason::NoAddressee => "there is nobody to write to",
            WithheldReason::Protection => "the home is protected",
            WithheldReason::CustodyUnclear => "the register does not say who the custodians are",
            WithheldReason::DeathDisputed => "sources disagree on a death",
            other => other.word(),
        }
        .to_owned(),
        TaskReason::Late => "the time for offers has passed".to_owned(),
        TaskReason::Unreached(_) => "one more with the right cannot be written to".to_owned(),
        _ => return reason.word().to_owned(),
    };
    format!("{}: {details}", reason.word())
}

/// A fact's name, and whose it is unless it is the subject's own or a number of the city's.
fn fact_of(fact: &str, of: &str) -> String {
    if ["subject", "city"].contains(&of) { fact.to_owned() } else { format!("{fact} of {of}") }
}

fn missing(rule: &RulePreview, paper: &mut Paper) {
    if rule.findings.is_empty() {
        return;
    }
    paper.gap();
    paper.wrapped(Ink::Strong, 2, "What could not be told, and for want of which fact");
    let rows: Vec<Vec<String>> = rule
        .findings
        .iter()
        .map(|(missing, count)| {
            let fact = fact_of(&missing.fact, &missing.of);
            vec![thousands(*count), fact, missing.source.clone(), missing.reason.words().to_owned()]
        })
        .collect();
    let columns = [Align::Right, Align::Left, Align::Left, Align::Left];
    paper.table(4, &columns, &["waiting", "fact", "source", "why"], &rows, &[]);
}

#[cfg(test)]
mod tests;
