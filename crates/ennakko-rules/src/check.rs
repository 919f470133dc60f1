//! From a rule's text to a rule: the form, the names, the numbers, the purposes and the texts, all findings at once.

mod digest;
mod form;
mod names;
mod numbers;
mod purposes;
mod roles;
mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ennakko_core::fact_table::{FactType, OnFutureDay, SubjectKind};
use ennakko_core::rule_card::RuleCard;
use ennakko_core::trace::Part;
use ennakko_core::{NameId, RuleId};
use rhai::Engine;

use crate::diagnostic::{Code, Diagnostic, Place, is_hidden};
use crate::facts::REGISTER_FACTS;
use crate::head::{self, Head};
use crate::page::Page;
use crate::rule::{Line, LineName, NAMES_MAX, Rule, Script as RuleScript, Test};
use crate::rule_set::{RuleFile, Tables};
use crate::syntax;
use crate::texts::TextFile;
use crate::tree::{self, Entry, Named, Piece, Read, Script, What};
use roles::Roles;
pub(crate) use texts::common as common_texts;

/// Characters a rule file may have at most.
const TEXT_MAX: usize = 200_000;

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
    kind: SubjectKind,
    occasion_fields: Option<BTreeSet<String>>,
    /// Whether the file is the shared one.
    in_shared: bool,
    /// Whether the rule cannot be used because of an error in another file, where it is told.
    left_out: bool,
}

impl Check<'_> {
    pub(crate) fn rule(&self, id: &RuleId, file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> Option<Rule> {
        let script = self.parse(file, diagnostics)?;
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
        let mut checking = self.checking(file, &script, kind);
        checking.found = found;
        checking.occasion_fields = checking.fields_of_occasion();
        let roles = Roles::of(&script);
        checking.form(head.as_ref());
        checking.reads(&roles);
        checking.numbers();
        let rule = head.and_then(|head| checking.assemble(id, head, &roles));
        let usable = !checking.left_out && !checking.found.iter().any(Diagnostic::is_error);
        diagnostics.append(&mut checking.found);
        rule.filter(|_| usable)
    }

    /// Checks the folder's shared helpers on their own; whether they are right.
    pub(crate) fn shared_file(&self, file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> bool {
        let Some(mut script) = self.parse(file, diagnostics) else { return false };
        for function in script.functions.values_mut() {
            function.shared = true;
        }
        let mut checking = self.checking(file, &script, SubjectKind::Resident);
        checking.in_shared = true;
        checking.top_level();
        checking.reads(&Roles::of(&script));
        checking.numbers();
        let right = checking.found.is_empty() && !checking.left_out;
        diagnostics.append(&mut checking.found);
        right
    }

    fn parse(&self, file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> Option<Script> {
        let error = |place, message: &str| Diagnostic::error(Code::Syntax, &file.path, &file.text, place, message);
        if file.text.chars().count() > TEXT_MAX {
            diagnostics.push(
                error(Place::START, "this file is longer than 200,000 characters")
                    .with_help("a rule is a page or two; take it apart"),
            );
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

    fn checking<'k>(&'k self, file: &'k RuleFile, script: &'k Script, kind: SubjectKind) -> Checking<'k> {
        Checking {
            check: self,
            file,
            script,
            found: Vec::new(),
            kind,
            occasion_fields: None,
            in_shared: false,
            left_out: false,
        }
    }

    /// Whether a file that has errors of its own mentions a name, so that not finding it says nothing more.
    pub(crate) fn mentioned(&self, table: &str, name: &str) -> bool {
        self.broken.iter().any(|file| file.name() == table && mentions(&file.text, name))
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

    /// What a piece reads, through the functions and closures that it calls.
    fn all_reads(&self, piece: &Piece) -> Vec<Read> {
        let mut reads = piece.reads.clone();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut at = 0;
        while let Some(read) = reads.get(at).cloned() {
            at += 1;
            if let What::Call { name, .. } | What::Closure { name, .. } = &read.what
                && seen.insert(name.clone())
                && let Some(function) = self.script.functions.get(name)
            {
                reads.extend(function.reads.iter().cloned());
            }
        }
        reads
    }

    fn script(&self, piece: Piece) -> RuleScript {
        let reads = self.all_reads(&piece);
        let variable = |at: usize| {
            piece
                .parameters
                .get(at)
                .is_some_and(|name| piece.reads.iter().any(|read| read.what == What::Variable(name.clone())))
        };
        let differs = |name: &str| {
            let declared = &self.check.tables.facts;
            REGISTER_FACTS.iter().any(|fact| fact.name == name && fact.by_day)
                || declared.iter().any(|fact| fact.name == name && fact.on_future_day != OnFutureDay::AsToday)
        };
        let reads_by_day = reads.iter().any(|read| matches!(&read.what, What::Property { name, .. } if differs(name)));
        let by_day = variable(1) || reads_by_day;
        RuleScript { by_subject: variable(0), by_day, passes_day: piece.passes_day && !reads_by_day, piece }
    }

    fn is_from_home(&self, entry: &Entry) -> bool {
        let of_home = |name: &str| {
            let declared = &self.check.tables.facts;
            REGISTER_FACTS.iter().any(|fact| fact.name == name && fact.from_home)
                || declared.iter().any(|fact| fact.name == name && fact.fact_type == FactType::Place)
        };
        match entry {
            Entry::Leaf(piece) => self
                .all_reads(piece)
                .iter()
                .any(|read| matches!(&read.what, What::Property { name, .. } if of_home(name))),
            Entry::AnyOf(named) | Entry::AllOf(named) => named.iter().any(|inner| self.is_from_home(&inner.entry)),
        }
    }

    fn assemble(&mut self, id: &RuleId, head: Head, roles: &Roles) -> Option<Rule> {
        let mut names: Vec<LineName> = Vec::new();
        let mut lines: Vec<Line> = Vec::new();
        let mut placed: Vec<(Part, String, Place)> = Vec::new();
        for (function, part) in [
            ("conditions", Part::Condition),
            ("already", Part::Already),
            ("officer", Part::Officer),
            ("sanity", Part::Sanity),
        ] {
            for Named { name, place, entry } in self.script.entries(function).unwrap_or_default() {
                if names.iter().any(|line| line.name.as_str() == name) {
                    self.error(Code::Form, place, format!("`{name}` names two lines of this rule")).help =
                        Some("a name is a label everywhere; give one of them another".into());
                }
                let from_home = self.is_from_home(&entry);
                names.push(LineName { part, name: NameId::new(&name), source_line: place.line, from_home });
                lines.push(Line { part, test: Test::of(entry, &|piece| self.script(piece)) });
                placed.push((part, name, place));
            }
        }
        if names.len() > NAMES_MAX {
            let message = format!("this rule has {} named lines, more than {NAMES_MAX}", names.len());
            self.error(Code::Form, Place::START, message).help = Some("join some with `any_of` or `all_of`".into());
        }
        let terms = self.script.values("offer").unwrap_or_default();
        let terms = terms.into_iter().map(|(name, piece)| (Arc::from(name), self.script(piece))).collect();
        self.purposes(&head, roles);
        self.texts(id, &head, &placed);
        self.laws(&head);
        if !self.check.pages.contains_key(id) {
            self.error(Code::Page, Place::START, format!("rule `{id}` has no page")).help =
                Some(format!("write `{id}.md` with its law, its limits and its cases"));
        }
        let facts_read = self.facts_read(head.subject, roles);
        let occasion = self.script(self.script.whole("occasion")?);
        let cohort = self.script.whole("cohort").map(|piece| self.script(piece));
        let version = self.file.name().trim_end_matches(".rhai");
        Some(Rule {
            card: RuleCard {
                id: id.clone(),
                version: Arc::from(version),
                digest: Arc::from(self.digest(id, &head.purpose.0)),
                title: head.title,
                law: head.law.iter().map(|(cited, _)| cited.clone()).collect(),
                purpose: head.purpose.0,
                subject: head.subject,
                discretion: head.discretion,
                effect: head.effect,
                late: head.late,
                messages: head.messages.into_iter().map(|(plan, _)| plan).collect(),
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

    /// Declared facts of the rule's own kind of subject that some function of it reads.
    fn facts_read(&self, subject: SubjectKind, roles: &Roles) -> BTreeSet<String> {
        let reached = self.script.functions.iter().filter(|(name, _)| roles.reaches(name));
        let names: BTreeSet<&str> = reached
            .flat_map(|(_, function)| &function.reads)
            .filter_map(|read| match &read.what {
                What::Property { name, .. } => Some(name.as_str()),
                _ => None,
            })
            .collect();
        let declared = self.check.tables.facts.iter().filter(|fact| fact.subject == subject);
        declared.filter(|fact| names.contains(fact.name.as_str())).map(|fact| fact.name.clone()).collect()
    }
}

/// Two versions of one rule must not be in force on the same day; whether that is so.
pub(crate) fn versions(versions: &[Rule], files: &[(String, RuleFile)], diagnostics: &mut Vec<Diagnostic>) -> bool {
    let mut apart = true;
    for pair in versions.windows(2) {
        if let [first, second] = pair
            && first.until.is_none_or(|until| until > second.from)
            && let Some((_, file)) = files.iter().find(|(_, file)| file.path == first.path)
        {
            apart = false;
            let at = file.text.find("in_force");
            let place = at.map_or(Place::START, |at| Place::of_range(&file.text, at..at + "in_force".len()));
            let message =
                format!("this version is still in force when `{}` begins on {}", second.card.version, second.from);
            diagnostics.push(
                Diagnostic::error(Code::Validity, &file.path, &file.text, place, message)
                    .with_help(format!("write `\"until\": \"{}\"` in its `in_force`", second.from)),
            );
        }
    }
    apart
}
