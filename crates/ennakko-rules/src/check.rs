//! From a rule's text to a rule: the form, the types, the numbers, the purposes and the texts, all findings at once.

mod addressed;
mod digest;
mod form;
mod numbers;
mod placeholders;
mod purposes;
mod reads;
mod texts;
mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ennakko_core::fact_table::SubjectKind;
use ennakko_core::rule_card::RuleCard;
use ennakko_core::trace::Part;
use ennakko_core::{NameId, RuleId};
use rhai::Engine;

use crate::diagnostic::{Code, Diagnostic, Place, is_hidden};
use crate::facts::Kind;
use crate::head::{self, Head};
use crate::page::Page;
use crate::rule::{Line, LineName, NAMES_MAX, NamedTest, Rule, Script as RuleScript, Test};
use crate::rule_set::{RuleFile, Tables};
use crate::step::Steps;
use crate::syntax;
use crate::texts::TextFile;
use crate::tree::{self, Entry, Named, Piece, Script};
pub(crate) use placeholders::common as common_placeholders;
use reads::{HangsOn, is_place, passes_day};
pub(crate) use texts::common as common_texts;
use types::{At, Elaborated, Elaborator, EntrySteps, NamedSteps, Reading};

/// What a rule is checked against.
pub(crate) struct Check<'c> {
    pub(crate) tables: &'c Arc<Tables>,
    pub(crate) texts: &'c [TextFile],
    pub(crate) pages: &'c BTreeMap<RuleId, Page>,
    /// The shared helpers, if they are there and right.
    pub(crate) shared: Option<&'c RuleFile>,
    pub(crate) parser: &'c Engine,
    /// Files that others refer to and that have errors themselves.
    pub(crate) broken: &'c [RuleFile],
}

/// One file being checked.
struct Checking<'c> {
    check: &'c Check<'c>,
    file: &'c RuleFile,
    script: &'c Script,
    found: Vec<Diagnostic>,
    /// Whether the file is the shared one.
    in_shared: bool,
    /// Whether the rule cannot be used because of an error in another file, where it is told.
    left_out: bool,
}

/// What came of a rule's file.
pub(crate) struct Checked {
    /// The rule, if it can be used.
    pub(crate) rule: Option<Rule>,
    /// Every function that it comes to; nothing is known of it where the file cannot be parsed.
    pub(crate) reached: Option<BTreeSet<Arc<str>>>,
}

impl Check<'_> {
    pub(crate) fn rule(&self, id: &RuleId, file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> Checked {
        let Some(script) = self.parse(file, diagnostics) else { return Checked { rule: None, reached: None } };
        let head = script.constants.iter().find(|(name, ..)| name == "RULE");
        let mut found = Vec::new();
        let head: Option<Head> = if let Some((_, _, literal)) = head {
            head::read(file, literal, &mut found)
        } else {
            found.push(
                Diagnostic::error(Code::Form, &file.path, &file.text, Place::START, "this rule has no head")
                    .with_help("begin with `const RULE = #{ title: \"...\", ... };`"),
            );
            None
        };
        let kind = head.as_ref().map_or(SubjectKind::Resident, |head| head.subject);
        let mut elaborated = Elaborator::new(self, &script, file, kind, false).rule();
        let mut checking = self.checking(file, &script);
        checking.found = found;
        checking.found.append(&mut elaborated.found);
        checking.left_out = elaborated.left_out;
        checking.form(head.as_ref(), &elaborated);
        checking.numbers();
        let reached = Some(std::mem::take(&mut elaborated.reached));
        let rule = head.and_then(|head| checking.assemble(id, head, elaborated));
        let usable = !checking.left_out && !checking.found.iter().any(Diagnostic::is_error);
        diagnostics.append(&mut checking.found);
        Checked { rule: rule.filter(|_| usable), reached }
    }

    /// Tells of shared helpers that no rule comes to.
    pub(crate) fn unused_helpers(&self, file: &RuleFile, used: &BTreeSet<Arc<str>>, diagnostics: &mut Vec<Diagnostic>) {
        let Ok(script) = tree::parse(self.parser, &file.text, "") else { return };
        for function in script.trees.values().filter(|function| !used.contains(&function.name.text)) {
            let place = Place::of_range(&file.text, function.name.span.range());
            let message = format!("no rule calls `{}`", function.name.text);
            let found = Diagnostic::error(Code::Unused, &file.path, &file.text, place, message);
            diagnostics.push(found.with_help("call it, or remove it").as_warning());
        }
    }

    /// Checks the folder's shared helpers on their own; whether they are right.
    pub(crate) fn shared_file(&self, file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> bool {
        let Some(mut script) = self.parse(file, diagnostics) else { return false };
        for function in script.functions.values_mut() {
            function.shared = true;
        }
        for function in script.trees.values_mut() {
            function.shared = true;
        }
        let (found, left_out) = Elaborator::new(self, &script, file, SubjectKind::Resident, true).shared_file();
        let mut checking = self.checking(file, &script);
        checking.in_shared = true;
        checking.found = found;
        checking.left_out = left_out;
        checking.top_level();
        checking.numbers();
        let right = !checking.left_out && !checking.found.iter().any(Diagnostic::is_error);
        diagnostics.append(&mut checking.found);
        right
    }

    fn parse(&self, file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> Option<Script> {
        let error = |place, message: &str| Diagnostic::error(Code::Syntax, &file.path, &file.text, place, message);
        if let Some(too_long) = file.too_long(Code::Syntax) {
            diagnostics.push(too_long);
            return None;
        }
        if let Some((at, hidden)) = file.text.char_indices().find(|(_, c)| is_hidden(*c)) {
            let place = Place::of_range(&file.text, at..at + hidden.len_utf8());
            let message = format!("a character that cannot be seen (U+{:04X}) stands here", u32::from(hidden));
            diagnostics.push(error(place, &message).with_help("remove it; type the line again instead of pasting it"));
            return None;
        }
        let shared = self.shared.map_or("", |shared| &*shared.text);
        match tree::parse(self.parser, &file.text, shared) {
            Ok(script) => Some(script),
            Err(problem) => {
                diagnostics.extend(syntax::explain(file, &problem, self));
                None
            }
        }
    }

    fn checking<'k>(&'k self, file: &'k RuleFile, script: &'k Script) -> Checking<'k> {
        Checking { check: self, file, script, found: Vec::new(), in_shared: false, left_out: false }
    }

    /// Whether a file that has errors of its own mentions a name, so that not finding it says nothing more.
    pub(crate) fn mentioned(&self, table: &str, name: &str) -> bool {
        !fault!(WhatFollowsIsTold) && self.broken.iter().any(|file| file.name() == table && mentions(&file.text, name))
    }
}

fn mentions(text: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        !text[..at].chars().next_back().is_some_and(is_word)
            && !text[at + name.len()..].chars().next().is_some_and(is_word)
    })
}

impl Checking<'_> {
    fn error(&mut self, code: Code, place: Place, message: impl Into<String>) -> &mut Diagnostic {
        self.found.push(Diagnostic::error(code, &self.file.path, &self.file.text, place, message));
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    /// An error at a stretch of this file or of the shared one.
    fn at(&mut self, code: Code, at: At, message: impl Into<String>) -> &mut Diagnostic {
        let file = if at.shared { self.check.shared.unwrap_or(self.file) } else { self.file };
        let place = Place::of_range(&file.text, at.span.range());
        self.found.push(Diagnostic::error(code, &file.path, &file.text, place, message));
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    fn script(&self, piece: Piece, steps: Arc<Steps>) -> RuleScript {
        let hangs_on = HangsOn::of(&steps.step, self.check.tables);
        RuleScript {
            by_subject: hangs_on.subject,
            by_day: hangs_on.day,
            passes_day: passes_day(&steps.step) && !hangs_on.passing,
            piece,
            steps,
        }
    }

    /// A line's test; none where something is wrong with it.
    fn test(&self, entry: Entry, steps: EntrySteps) -> Option<Test> {
        let all = |named: Vec<Named>, steps: Vec<NamedSteps>| {
            named
                .into_iter()
                .zip(steps)
                .map(|(Named { name, place, entry }, steps)| {
                    let test = self.test(entry, steps.entry)?;
                    Some(NamedTest { name: NameId::new(&name), source_line: place.line, test })
                })
                .collect::<Option<Vec<NamedTest>>>()
        };
        Some(match (entry, steps) {
            (Entry::Leaf(piece), EntrySteps::Leaf(steps)) => Test::One(self.script(piece, steps?)),
            (Entry::AnyOf(named), EntrySteps::AnyOf(steps)) => Test::AnyOf(all(named, steps)?),
            (Entry::AllOf(named), EntrySteps::AllOf(steps)) => Test::AllOf(all(named, steps)?),
            _ => return None,
        })
    }

    fn is_from_home(&self, test: &Test) -> bool {
        match test {
            Test::One(script) => HangsOn::of(&script.steps.step, self.check.tables).home,
            Test::AnyOf(tests) | Test::AllOf(tests) => tests.iter().any(|inner| self.is_from_home(&inner.test)),
        }
    }

    fn assemble(&mut self, id: &RuleId, head: Head, mut elaborated: Elaborated) -> Option<Rule> {
        self.addressed(&head, &elaborated);
        let mut names: Vec<LineName> = Vec::new();
        let mut lines: Vec<Option<Line>> = Vec::new();
        let mut placed: Vec<(Part, String, Place)> = Vec::new();
        for (function, part) in [
            ("conditions", Part::Condition),
            ("already", Part::Already),
            ("officer", Part::Officer),
            ("sanity", Part::Sanity),
        ] {
            let mut steps = elaborated.lines.remove(function).unwrap_or_default().into_iter();
            for Named { name, place, entry } in self.script.entries(function).unwrap_or_default() {
                if names.iter().any(|line| line.name.as_str() == name) && !fault!(NamesOfLinesNotCompared) {
                    self.error(Code::Form, place, format!("`{name}` names two lines of this rule")).help =
                        Some("a name is a label everywhere; give one of them another".into());
                }
                let test = steps.next().and_then(|steps| self.test(entry, steps.entry));
                let from_home = test.as_ref().is_some_and(|test| self.is_from_home(test));
                names.push(LineName { part, name: NameId::new(&name), source_line: place.line, from_home });
                lines.push(test.map(|test| Line { part, test }));
                placed.push((part, name, place));
            }
        }
        if names.len() > NAMES_MAX {
            let message = format!("this rule has {} named lines, more than {NAMES_MAX}", names.len());
            self.error(Code::Form, Place::START, message).help = Some("join some with `any_of` or `all_of`".into());
        }
        self.purposes(&head, &elaborated);
        self.decides(&head, &elaborated);
        self.texts(id, &head, &placed);
        self.placeholders(id, &head, &elaborated, &placed);
        self.laws(&head);
        if !self.check.pages.contains_key(id) {
            self.error(Code::Page, Place::START, format!("rule `{id}` has no page")).help =
                Some(format!("write `{id}.md` with its law, its limits and its cases"));
        }
        let facts_read = self.facts_read(head.subject, &elaborated.readings);
        let digest = self.digest(id, &head.purpose.0, &elaborated);
        let whole = |name: &str| Some((self.script.whole(name)?, elaborated.whole.get(name)?.clone()));
        let (piece, steps) = whole("occasion")?;
        let occasion = self.script(piece, steps);
        let cohort = if self.script.functions.contains_key("cohort") {
            let (piece, steps) = whole("cohort")?;
            Some(self.script(piece, steps))
        } else {
            None
        };
        let terms = self.script.values("offer").unwrap_or_default();
        let steps = elaborated.lines.remove("offer").unwrap_or_default();
        let terms = terms.into_iter().zip(steps).map(|((name, piece), steps)| match steps.entry {
            EntrySteps::Leaf(steps) => Some((Arc::from(name), self.script(piece, steps?))),
            _ => None,
        });
        let terms = terms.collect::<Option<Vec<_>>>()?;
        self.terms_from_home(&terms);
        let lines = lines.into_iter().collect::<Option<Vec<Line>>>()?;
        let version = self.file.name().trim_end_matches(".rhai");
        Some(Rule {
            card: RuleCard {
                id: id.clone(),
                version: Arc::from(version),
                digest: Arc::from(digest),
                title: head.title,
                law: head.law.iter().map(|(cited, _)| cited.clone()).collect(),
                purpose: head.purpose.0,
                subject: head.subject,
                discretion: head.discretion,
                effect: head.effect,
                late: head.late,
                messages: head.messages.into_iter().map(|message| message.plan).collect(),
                not_again_within_days: head.not_again_within_days,
            },
            path: self.file.path.clone(),
            from: head.from,
            until: head.until,
            review_by: head.review_by,
            facts_read,
            names,
            occasion,
            cohort,
            lines,
            terms,
        })
    }

    /// Only a place is kept, in letters and on the wire, from those who do not share the home.
    fn terms_from_home(&mut self, terms: &[(Arc<str>, RuleScript)]) {
        for (name, script) in terms {
            let (step, tables) = (&script.steps.step, self.check.tables);
            if HangsOn::of(step, tables).home && !is_place(step, tables) {
                let message = format!("the term `{name}` tells something of the home to whoever gets the offer");
                self.error(Code::Form, script.piece.place, message).help = Some(
                    "offer the place itself, which is shown only to those who share the home, or leave the term out"
                        .into(),
                );
            }
        }
    }

    /// Declared facts of the rule's own kind of subject that it comes to read.
    fn facts_read(&self, subject: SubjectKind, readings: &[Reading]) -> BTreeSet<String> {
        let declared = self.check.tables.facts.iter().filter(|fact| fact.subject == subject);
        let is_read =
            |name: &str| readings.iter().any(|reading| reading.of == Kind::from(subject) && &*reading.name == name);
        declared.filter(|fact| is_read(&fact.name)).map(|fact| fact.name.clone()).collect()
    }
}

/// Versions of one rule are about subjects of one kind, and no two are in force on the same day; whether that is so.
pub(crate) fn versions(versions: &[Rule], files: &[(String, RuleFile)], diagnostics: &mut Vec<Diagnostic>) -> bool {
    let mut told = |code: Code, rule: &Rule, word: &str, message: String, help: String| {
        let Some((_, file)) = files.iter().find(|(_, file)| file.path == rule.path) else { return };
        let at = file.text.find(word);
        let place = at.map_or(Place::START, |at| Place::of_range(&file.text, at..at + word.len()));
        diagnostics.push(Diagnostic::error(code, &file.path, &file.text, place, message).with_help(help));
    };
    let mut good = true;
    for pair in versions.windows(2) {
        let [first, second] = pair else { continue };
        if first.until.is_none_or(|until| until > second.from || fault!(VersionsTouch) && until == second.from) {
            good = false;
            let version = &second.card.version;
            let message = format!("this version is still in force when `{version}` begins on {}", second.from);
            told(
                Code::Validity,
                first,
                "in_force",
                message,
                format!("write `\"until\": \"{}\"` in its `in_force`", second.from),
            );
        }
        let [before, now] = [first, second].map(|rule| rule.card.subject);
        if before != now {
            good = false;
            let message = format!(
                "this version is about a {}, and `{}` about a {}",
                now.word(),
                first.card.version,
                before.word()
            );
            told(Code::Form, second, "subject", message, "give it a name of its own: it is another rule".to_owned());
        }
    }
    good
}
