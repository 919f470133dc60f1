//! The analyst's tree: an explanation for a terminal, 80 columns wide, with the rule's own lines.
//!
//! For those who work on rules, and for officers. What would tell where somebody lives stays hidden here too; a resident
//! reads [`super::resident`].

use ennakko_core::outcome::Missing;
use ennakko_core::trace::{FactRead, LineTrace, Outside, ParameterRead, Part, PieceTrace, Reads};
use ennakko_core::{Outcome, OutcomeCode, Truth, UnknownReason};
use ennakko_rules::{NotRun, RuleFile};

use super::shown::Shown;
use super::why_not::{Change, Hindrance};
use super::{Answer, Explanation};
use crate::day::source_of;
use crate::folder::Rules;
use crate::report::Style;
use crate::report::paper::{Align, Ink, Paper, cut, day_in_words, one, padded};

/// Lines of a rule's text that one test may take up here.
const EXCERPT_MAX: usize = 8;

/// Columns of the name in a line's heading.
const NAME_WIDTH: usize = 34;

/// What an analyst's tree is made from.
#[derive(Clone, Copy)]
pub struct AnalystView<'v> {
    /// The explanation.
    pub explanation: &'v Explanation,
    /// The rules it was made with.
    pub rules: &'v Rules,
    /// Their files, for the text of the lines.
    pub files: &'v [RuleFile],
    /// What the asker called the subject.
    pub who: &'v str,
}

impl AnalystView<'_> {
    /// The tree, in lines of at most 80 columns.
    pub fn to_text(&self, style: Style) -> String {
        let mut paper = Paper::new(style);
        self.heading(&mut paper);
        self.why(&mut paper);
        self.why_not(&mut paper);
        self.when(&mut paper);
        self.missing(&mut paper);
        paper.into_text()
    }

    fn heading(&self, paper: &mut Paper) {
        let Explanation { rule, subject, day, answer, trace, .. } = self.explanation;
        let version = self.explanation.version(self.rules);
        paper.heading(version.map_or(rule.as_str(), |version| version.card.title.as_str()), rule.as_str());
        let day_word = answer.day().map_or_else(String::new, |day| format!(" {day}"));
        let head = format!("{} on {}: {}{day_word}", self.who, day_in_words(*day), answer.word());
        paper.wrapped(Ink::Strong, 2, &head);
        let key = subject.as_uuid().to_string();
        if key != self.who {
            paper.line(Ink::Faint, &format!("  key {key}"));
        }
        if let Some(version) = version {
            paper.wrapped(Ink::Faint, 2, &version.path);
        }
        if let Some(occasion) = trace.as_ref().and_then(|trace| trace.occasion.as_ref()) {
            let expected = if occasion.is_expected() { "; expected, not decided" } else { "" };
            let days = format!(
                "occasion {}: opens {}, closes {}, ends {}{expected}",
                occasion.id(),
                occasion.opens(),
                occasion.closes(),
                occasion.ends()
            );
            paper.wrapped(if occasion.is_expected() { Ink::Warn } else { Ink::Faint }, 2, &days);
        }
    }

    fn why(&self, paper: &mut Paper) {
        section(paper, "Why");
        let answer = &self.explanation.answer;
        let because = because(answer);
        let text = match answer.table_line() {
            Some(line) => format!("line {line} of the table of outcomes: {because}"),
            None => because,
        };
        paper.wrapped(Ink::Plain, 4, &text);
        if let Answer::Outside(Outside::Cohort { read, .. }) = answer {
            self.piece(paper, read);
        }
        let Some(trace) = &self.explanation.trace else { return };
        if trace.evaluated_on > trace.day {
            let text =
                format!("the lines are those of {}, the first day that counts", day_in_words(trace.evaluated_on));
            paper.wrapped(Ink::Plain, 4, &text);
        }
        for piece in trace.pieces.iter().filter(|piece| !piece.reads.unknown.is_empty()) {
            self.piece(paper, piece);
        }
        for line in &trace.lines {
            paper.gap();
            self.line(paper, line, 4);
        }
    }

    fn piece(&self, paper: &mut Paper, piece: &PieceTrace) {
        paper.gap();
        let place = format!("{}, line {}", piece.piece.word(), piece.source_line);
        paper.line(Ink::Plain, &format!("    {place}"));
        self.excerpt(paper, piece.source_line, None, 6);
        self.reads(paper, &piece.reads, 6);
    }

    fn line(&self, paper: &mut Paper, line: &LineTrace, indent: usize) {
        let truth = paper.ink(ink(line), &padded(word(line.truth), 8, Align::Left));
        let join = line.inner.as_ref().map_or_else(String::new, |inner| format!("{} ", inner.join.word()));
        let width = NAME_WIDTH.saturating_sub(indent);
        let name = padded(&cut(line.name.as_str(), width), width, Align::Left);
        let place = paper.ink(Ink::Faint, &format!("{join}{}, line {}", line.part.word(), line.source_line));
        paper.line(Ink::Plain, &format!("{}{truth}{name}  {place}", " ".repeat(indent)));
        if let Some(inner) = &line.inner {
            for inner in &inner.lines {
                self.line(paper, inner, indent + 2);
            }
        } else {
            self.excerpt(paper, line.source_line, Some(line.name.as_str()), indent + 2);
            self.reads(paper, &line.reads, indent + 2);
        }
    }

    /// The rule's own text of a test: what stands behind its name, or else the line.
    fn excerpt(&self, paper: &mut Paper, from: usize, name: Option<&str>, indent: usize) {
        let path = self.explanation.version(self.rules).map(|version| version.path.clone());
        let Some(file) = self.files.iter().find(|file| Some(&file.path) == path.as_ref()) else { return };
        for text in excerpt(&file.text, from, name) {
            paper.wrapped(Ink::Faint, indent, &format!("│ {text}"));
        }
    }

    fn reads(&self, paper: &mut Paper, reads: &Reads, indent: usize) {
        let facts = reads.facts.iter().map(|read| self.fact(read));
        let missing = |missing: &&Missing| {
            !reads
                .facts
                .iter()
                .any(|read| read.fact == missing.fact && read.of == missing.of && read.value.is_unknown())
        };
        let unread = reads.unknown.iter().filter(missing).map(|missing| self.unread(missing));
        let rows: Vec<Vec<String>> = facts.chain(unread).chain(reads.parameters.iter().map(parameter)).collect();
        if !rows.is_empty() {
            paper.table(indent, &[Align::Left, Align::Left, Align::Left], &[], &rows, &[]);
        }
    }

    fn fact(&self, read: &FactRead) -> Vec<String> {
        let tables = self.rules.set().tables();
        let source = source_of(&read.fact, &read.of, tables);
        vec![fact_name(&read.fact, &read.of), value(&Shown::of(read, tables)), source.to_owned()]
    }

    /// Something unknown that is no fact's value: a list that may be incomplete, a row that is not decided yet.
    fn unread(&self, missing: &Missing) -> Vec<String> {
        let source = source_of(&missing.fact, &missing.of, self.rules.set().tables());
        vec![fact_name(&missing.fact, &missing.of), unknown(missing.reason), source.to_owned()]
    }

    fn why_not(&self, paper: &mut Paper) {
        let why_not = &self.explanation.why_not;
        if why_not.changes.is_empty() && why_not.hindrances.is_empty() {
            return;
        }
        section(paper, "Why not an offer");
        match why_not.changes.len() {
            0 if self.explanation.trace.is_none() => {}
            0 => paper.wrapped(Ink::Plain, 4, "no name has to change"),
            n => paper.wrapped(Ink::Plain, 4, &format!("{} must change, fewer would not do", one(n, "name"))),
        }
        let rows: Vec<Vec<String>> = why_not.changes.iter().map(change).collect();
        if !rows.is_empty() {
            paper.table(6, &[Align::Left, Align::Left, Align::Left], &[], &rows, &[]);
        }
        if !why_not.hindrances.is_empty() && self.explanation.trace.is_some() {
            paper.wrapped(Ink::Plain, 4, "in the way, whatever the conditions come to:");
        }
        let indent = if self.explanation.trace.is_some() { 6 } else { 4 };
        for hindrance in &why_not.hindrances {
            paper.wrapped(Ink::Plain, indent, &hindrance_in_words(hindrance));
        }
    }

    fn when(&self, paper: &mut Paper) {
        section(paper, "When the answer changes");
        let when = &self.explanation.when;
        let text = match &when.next {
            Some(next) => format!("on {}: {}, {}", day_in_words(next.day), next.answer.word(), because(&next.answer)),
            None => format!("on no day until {}", day_in_words(when.looked_until)),
        };
        paper.wrapped(Ink::Plain, 4, &text);
        paper.wrapped(Ink::Faint, 4, "the register held still, and nobody replies to an offer");
    }

    fn missing(&self, paper: &mut Paper) {
        let missing = &self.explanation.missing;
        if missing.is_empty() {
            return;
        }
        section(paper, "What is not known");
        let rows: Vec<Vec<String>> = missing
            .iter()
            .map(|missing| {
                let fact = fact_name(&missing.fact.fact, &missing.fact.of);
                let why = missing.fact.reason.words().to_owned();
                vec![missing.line.to_string(), fact, missing.fact.source.clone(), why]
            })
            .collect();
        let columns = [Align::Left, Align::Left, Align::Left, Align::Left];
        paper.table(4, &columns, &["needed by", "fact", "source", "why"], &rows, &[]);
    }
}

fn section(paper: &mut Paper, title: &str) {
    paper.gap();
    paper.line(Ink::Strong, &format!("  {title}"));
}

/// The text behind `name:` up to the comma or bracket that ends it, a line each; without the name there, the line.
fn excerpt(text: &str, from: usize, name: Option<&str>) -> Vec<String> {
    let mut lines = text.lines().skip(from.saturating_sub(1)).take(EXCERPT_MAX);
    let Some(first) = lines.next() else { return Vec::new() };
    let Some((_, behind)) = name.and_then(|name| first.split_once(&format!("{name}:"))) else {
        return vec![first.trim().to_owned()];
    };
    let mut found = Vec::new();
    let mut depth = 0_u32;
    for line in std::iter::once(behind).chain(lines) {
        let mut in_text = false;
        let code = line.split("//").next().unwrap_or_default();
        let end = code.char_indices().find(|(_, c)| {
            match c {
                '"' => in_text = !in_text,
                '(' | '[' | '{' if !in_text => depth += 1,
                ',' if !in_text => return depth == 0,
                ')' | ']' | '}' if !in_text && depth == 0 => return true,
                ')' | ']' | '}' if !in_text => depth -= 1,
                _ => {}
            }
            false
        });
        found.push(end.map_or(code, |(at, _)| &code[..at]).trim().to_owned());
        if end.is_some() {
            break;
        }
    }
    found.retain(|line| !line.is_empty());
    found
}

/// The word for what a line came to.
pub(crate) fn word(truth: Truth) -> &'static str {
    match truth {
        Truth::Yes => "yes",
        Truth::No => "no",
        Truth::Unknown => "unknown",
    }
}

/// Good is what speaks for an offer.
fn ink(line: &LineTrace) -> Ink {
    match (line.part, line.truth) {
        (_, Truth::Unknown) | (Part::Officer, Truth::Yes) => Ink::Warn,
        (Part::Condition | Part::Sanity, Truth::Yes) | (Part::Already | Part::Officer, Truth::No) => Ink::Good,
        (Part::Condition | Part::Sanity, Truth::No) | (Part::Already, Truth::Yes) => Ink::Bad,
    }
}

/// A fact's name, and whose it is unless it is the subject's own.
fn fact_name(fact: &str, of: &str) -> String {
    if of == "subject" || fact.contains("::") { fact.to_owned() } else { format!("{fact} of {of}") }
}

fn value(shown: &Shown<'_>) -> String {
    match shown {
        Shown::Bool(holds) => if *holds { "yes" } else { "no" }.to_owned(),
        Shown::Int(number) => number.to_string(),
        Shown::Day(first, last) if first == last => first.to_string(),
        Shown::Day(first, last) => format!("{first} to {last}"),
        Shown::Code(code) => format!("\"{}\"", code.escape_debug()),
        Shown::Hidden => "known, not shown here".to_owned(),
        Shown::None => "none".to_owned(),
        Shown::Unknown(reason) => unknown(*reason),
    }
}

fn unknown(reason: UnknownReason) -> String {
    format!("unknown: {}", reason.words())
}

fn parameter(read: &ParameterRead) -> Vec<String> {
    let status = if read.expected { "expected" } else { "decided" };
    let until = read.until.pred_opt().unwrap_or(read.until);
    vec![read.name.to_string(), read.value.clone(), format!("from {} to {until}, {status}", read.from)]
}

fn change(change: &Change) -> Vec<String> {
    let inside: Vec<String> = change.within.iter().map(|name| format!("in {name}")).collect();
    let to = match (change.from, change.to) {
        (Truth::Unknown, to) => format!("is not known, must be known to be {}", word(to)),
        (from, to) => format!("is {}, must be {}", word(from), word(to)),
    };
    vec![change.name.to_string(), to, inside.join(", ")]
}

/// Why an answer is what it is, in one sentence.
fn because(answer: &Answer) -> String {
    let names = |names: &[ennakko_core::NameId]| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let verb = if names.len() == 1 { "is" } else { "are" };
        (names.join(", "), verb)
    };
    match answer {
        Answer::NotRun(reason) => not_run(reason),
        Answer::Outside(outside) => match outside {
            Outside::NoRecord => "the register has no record of their own, so no rule asks about them",
            Outside::Dead => "they have died",
            Outside::NoOccasion => "no occasion is at issue on this day or in the 366 days after it",
            Outside::Cohort { .. } => "`cohort` is no",
        }
        .to_owned(),
        Answer::Outcome(outcome) => match outcome {
            Outcome::NotEntitled(failed) => {
                let (names, verb) = names(failed);
                format!("{names} {verb} no, and on every later day of the window some condition is")
            }
            Outcome::HasAlready(lines) => {
                let (names, verb) = names(lines);
                format!("{names} {verb} yes: the subject has what would be offered")
            }
            Outcome::Manual(lines) if lines.is_empty() => "the rule always asks an officer".to_owned(),
            Outcome::Manual(lines) => {
                let (names, verb) = names(lines);
                format!("an officer decides: {names} {verb} yes or unknown")
            }
            Outcome::Upcoming(day) => format!("from {} on, everything speaks for an offer", day_in_words(*day)),
            Outcome::Late(day) => format!("the time for offers closed on {}", day_in_words(*day)),
            Outcome::Withheld(reason) => format!("a person must look before anything is sent: {}", withheld(*reason)),
            other => plain(other.code()).to_owned(),
        },
    }
}

fn plain(code: OutcomeCode) -> &'static str {
    match code {
        OutcomeCode::Pending => "an offer waits for a reply",
        OutcomeCode::Accepted => "an offer was accepted",
        OutcomeCode::Declined => "an offer was declined",
        OutcomeCode::Lapsed => "an offer ran out without a reply",
        OutcomeCode::CannotTell => "a fact that is needed is not known",
        OutcomeCode::OptedOut => "the resident chose not to be offered anything for this purpose",
        OutcomeCode::Waiting => "no place is free",
        _ => "nothing speaks against an offer",
    }
}

fn not_run(reason: &NotRun) -> String {
    format!("the rule does not run for anybody: {reason}")
}

fn withheld(reason: ennakko_core::outcome::WithheldReason) -> &'static str {
    use ennakko_core::outcome::WithheldReason as Reason;
    match reason {
        Reason::NoAddressee => "there is nobody to write to",
        Reason::Protection => "the home is protected",
        Reason::CustodyUnclear => "the register does not say who the custodians are",
        Reason::DeathDisputed => "sources disagree on a death",
        Reason::NameMissing => "a name that the letter needs is missing",
        other => other.word(),
    }
}

fn hindrance_in_words(hindrance: &Hindrance) -> String {
    match hindrance {
        Hindrance::NotRun => "the rule does not run".to_owned(),
        Hindrance::NotAsked => "the rule does not ask about the subject on this day".to_owned(),
        Hindrance::OccasionUnknown => "which occasion this is about is not known".to_owned(),
        Hindrance::Standing(code) => plain(*code).to_owned(),
        Hindrance::OptedOut => plain(OutcomeCode::OptedOut).to_owned(),
        Hindrance::Officer(lines) if lines.is_empty() => "an officer decides: the rule always asks for one".to_owned(),
        Hindrance::Officer(lines) => {
            let names: Vec<String> = lines.iter().map(|name| format!("`{name}`")).collect();
            let verb = if names.len() == 1 { "is" } else { "are" };
            format!("an officer decides while {} {verb} yes or unknown", names.join(", "))
        }
        Hindrance::NotYet(day) => format!("nothing is offered before {}", day_in_words(*day)),
        Hindrance::Late(day) => format!("the time for offers closed on {}", day_in_words(*day)),
        Hindrance::Terms(_) => "the terms of the offer read what is not known".to_owned(),
        Hindrance::Withheld(reason) => format!("a person must look before anything is sent: {}", withheld(*reason)),
        Hindrance::NoPlaceFree(position) => format!("no place is free; position {position} in the queue"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_test_ends_where_the_test_ends() {
        let rule = "fn conditions(b, on, o) {\n    #{\n        flats: b.use in [\n            use::a, // first\n            use::b,\n        ],\n        \
                    high:  b.storeys >= 3, // enough\n        named: b.name == \"a, }\"\n    }\n}\nfn already(b, on, o) { #{ has: b.year == o.year } }\n";
        let cases: [(usize, Option<&str>, &[&str]); 6] = [
            (3, Some("flats"), &["b.use in [", "use::a,", "use::b,", "]"]),
            (7, Some("high"), &["b.storeys >= 3"]),
            (8, Some("named"), &["b.name == \"a, }\""]),
            (11, Some("has"), &["b.year == o.year"]),
            (11, None, &["fn already(b, on, o) { #{ has: b.year == o.year } }"]),
            (99, Some("has"), &[]),
        ];
        for (line, name, expected) in cases {
            assert_eq!(excerpt(rule, line, name), expected, "line {line}");
        }
    }
}
