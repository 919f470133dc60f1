//! From a rule's text to a rule: the form, the names, the purposes and the texts, all findings at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ennakko_core::RuleId;
use ennakko_core::fact_table::{OnFutureDay, SubjectKind};
use ennakko_core::rule_card::{Recipients, RuleCard};
use ennakko_core::trace::Part;
use ennakko_core::{NameId, city::ByLanguage};
use rhai::Engine;
use sha2::{Digest, Sha256};

use crate::diagnostic::{Code, Diagnostic, Place, did_you_mean};
use crate::engine::constructor_fields;
use crate::facts::{DAY_FIELDS, FUNCTIONS, Kind, METHODS, REGISTER_FACTS};
use crate::head::{self, Head};
use crate::page::Page;
use crate::rule::{Line, LineName, NAMES_MAX, Rule, Script as RuleScript, Test};
use crate::rule_set::{RuleFile, Tables, parsing_engine};
use crate::syntax;
use crate::texts::TextFile;
use crate::tree::{self, Entry, Named, Piece, Read, Script, What};

/// The functions of the rule form: name, number of parameters.
const FORM: &[(&str, usize)] = &[
    ("occasion", 2),
    ("cohort", 3),
    ("conditions", 3),
    ("already", 3),
    ("officer", 3),
    ("sanity", 3),
    ("offer", 3),
    ("choices", 3),
    ("priority", 4),
];

/// Attributes that every message of a letter has.
const LETTER_PARTS: &[&str] = &["title", "who", "what", "by_when", "silence", "say_no"];
/// Attributes of the common message `letter`.
const COMMON_PARTS: &[&str] = &["greeting", "why", "decided", "contact", "object", "law"];

pub(crate) fn parser(tables: &Tables) -> Engine {
    parsing_engine(tables)
}

/// What a rule is checked against.
pub(crate) struct Check<'c> {
    pub(crate) tables: &'c Arc<Tables>,
    pub(crate) texts: &'c [TextFile],
    pub(crate) pages: &'c BTreeMap<RuleId, Page>,
    pub(crate) shared: Option<&'c RuleFile>,
    pub(crate) parser: &'c Engine,
}

/// One file being checked.
struct Checking<'c> {
    check: &'c Check<'c>,
    file: &'c RuleFile,
    script: &'c Script,
    found: Vec<Diagnostic>,
    kind: SubjectKind,
    occasion_fields: Option<BTreeSet<String>>,
}

impl Check<'_> {
    pub(crate) fn rule(&self, id: &RuleId, file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> Option<Rule> {
        let shared = self.shared.map_or("", |shared| &*shared.text);
        let script = match tree::parse(self.parser, &file.text, shared) {
            Ok(script) => script,
            Err(problem) => {
                diagnostics.push(syntax::explain(file, &problem, self.tables));
                return None;
            }
        };
        let before = diagnostics.len();
        let head = script.constants.iter().find(|(name, ..)| name == "RULE");
        let head: Option<Head> = match head {
            Some((_, _, literal)) => head::read(file, literal, diagnostics),
            None => {
                diagnostics.push(
                    Diagnostic::error(Code::Form, &file.path, &file.text, Place::START, "this rule has no head")
                        .with_help("begin with `const RULE = #{ title: \"...\", ... };`"),
                );
                None
            }
        };
        let mut checking = Checking {
            check: self,
            file,
            script: &script,
            found: Vec::new(),
            kind: head.as_ref().map_or(SubjectKind::Resident, |head| head.subject),
            occasion_fields: None,
        };
        checking.occasion_fields = checking.fields_of_occasion();
        checking.form(head.as_ref());
        checking.reads();
        let rule = head.and_then(|head| checking.assemble(id, head));
        diagnostics.append(&mut checking.found);
        diagnostics[before..].iter().all(|finding| !finding.is_error()).then_some(rule).flatten()
    }
}

impl Checking<'_> {
    fn error(&mut self, code: Code, place: Place, message: impl Into<String>) -> &mut Diagnostic {
        self.found.push(Diagnostic::error(code, &self.file.path, &self.file.text, place, message));
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    /// The functions of the form: there, with the right parameters, ending as they should.
    fn form(&mut self, head: Option<&Head>) {
        for place in self.script.stray.clone() {
            self.error(Code::Form, place, "a rule file holds constants and functions only").help =
                Some("move this into a function".into());
        }
        let mut needed = vec!["occasion", "conditions", "offer"];
        if head.is_some_and(|head| head.subject == SubjectKind::Resident) {
            needed.extend(["cohort", "sanity"]);
        }
        for name in needed {
            if !self.script.functions.contains_key(name) {
                let n = FORM.iter().find(|(known, _)| *known == name).map_or(3, |(_, n)| *n);
                let parameters = if n == 2 { "subject, on" } else { "subject, on, occasion" };
                self.error(Code::Form, Place::START, format!("this rule has no function `{name}`")).help =
                    Some(format!("add `fn {name}({parameters}) {{ ... }}`"));
            }
        }
        for (name, n) in FORM {
            let Some(function) = self.script.functions.get(*name).cloned() else { continue };
            if function.parameters.len() != *n {
                self.error(
                    Code::Form,
                    function.place,
                    format!("`{name}` has {} parameters, not {n}", function.parameters.len()),
                )
                .help = Some("the subject comes first, then the day, then the occasion".into());
            }
            if matches!(*name, "conditions" | "already" | "officer" | "sanity" | "offer")
                && self.script.entries(name).is_none()
            {
                self.error(Code::Form, function.place, format!("`{name}` does not end in named lines")).help =
                    Some("end the function with one map: `#{ name: test, ... }`".into());
            }
        }
    }

    /// Every name that is read or called must be something.
    fn reads(&mut self) {
        let functions: Vec<_> = self.script.functions.iter().map(|(name, f)| (name.clone(), f.clone())).collect();
        for (name, function) in functions {
            if function.shared {
                continue;
            }
            let is_form = FORM.iter().any(|(known, _)| *known == name);
            for read in &function.reads {
                self.read(read, is_form.then_some(&function.parameters));
            }
        }
    }

    fn read(&mut self, read: &Read, parameters: Option<&Vec<String>>) {
        let at = |position: usize| parameters.and_then(|names| names.get(position)).map(String::as_str);
        match &read.what {
            What::Property { base, name } => {
                let base = base.as_deref();
                if base.is_some() && base == at(0) {
                    self.known_fact(read.place, name);
                } else if base.is_some() && base == at(2) {
                    self.known_field(read.place, name);
                } else if base.is_some() && base == at(1) {
                    self.known(read.place, name, DAY_FIELDS.iter().copied(), "no such part of a day");
                } else {
                    let names = self.any_name();
                    self.known(read.place, name, names.iter().map(String::as_str), "no such fact");
                }
            }
            What::Method { name, .. } if name == "age" => {
                self.error(Code::UnknownName, read.place, "there is no bare age").help =
                    Some("say when: `age_on(day)` or `age_reached_in(year)`".into());
            }
            What::Method { name, n_args, .. } => {
                let script_function = self.script.functions.contains_key(name);
                match METHODS.iter().find(|(known, _)| known == name) {
                    Some((_, n)) if n == n_args => {}
                    Some((_, n)) => {
                        self.error(Code::UnknownName, read.place, format!("`{name}` takes {n} values, not {n_args}"));
                    }
                    None if script_function => {}
                    None => self.known(read.place, name, METHODS.iter().map(|(known, _)| *known), "no such method"),
                }
            }
            What::Call { name, n_args } => self.known_call(read.place, name, *n_args),
            What::ModuleCall { module, name } => {
                let names: Vec<String> = if module == "calendar" {
                    self.check.tables.calendars.rounds.keys().cloned().collect()
                } else {
                    let groups = &self.check.tables.parameters.groups;
                    groups.get(module).map(|names| names.keys().cloned().collect()).unwrap_or_default()
                };
                let what = if module == "calendar" { "no such calendar" } else { "no such parameter" };
                self.known(read.place, name, names.iter().map(String::as_str), what);
            }
            What::ModuleValue { module, name } => {
                let names: Vec<String> = self
                    .check
                    .tables
                    .code_lists
                    .get(module)
                    .map(|codes| codes.keys().cloned().collect())
                    .unwrap_or_default();
                self.known(read.place, name, names.iter().map(String::as_str), "no such code");
            }
            What::Refused(word) => {
                self.error(Code::Form, read.place, format!("a rule cannot use `{word}`")).help =
                    Some("a rule is evaluated once for each subject; write a named condition instead".into());
            }
            What::Variable(_) => {}
        }
    }

    fn known<'n>(&mut self, place: Place, name: &str, names: impl Iterator<Item = &'n str>, label: &str) {
        let names: Vec<&str> = names.collect();
        if names.contains(&name) {
            return;
        }
        let help = did_you_mean(name, names.iter().copied()).map_or_else(
            || match names.len() {
                0 => "nothing is declared under this name".to_owned(),
                n if n <= 12 => format!("known here: {}", names.join(", ")),
                _ => "`rules/README.md` lists what a rule may read".to_owned(),
            },
            |known| format!("did you mean `{known}`?"),
        );
        let rule = self.file.name().split('.').next().unwrap_or_default().to_owned();
        let diagnostic = self.error(Code::UnknownName, place, format!("rule `{rule}` reads unknown `{name}`"));
        label.clone_into(&mut diagnostic.label);
        diagnostic.help = Some(help);
    }

    fn known_fact(&mut self, place: Place, name: &str) {
        if name == "age" {
            self.error(Code::UnknownName, place, "there is no bare age").help =
                Some("say when: `age_on(day)` or `age_reached_in(year)`".into());
            return;
        }
        let names = self.facts_of(self.kind.into());
        self.known(place, name, names.iter().map(String::as_str), "no such fact");
    }

    fn known_field(&mut self, place: Place, name: &str) {
        if let Some(fields) = self.occasion_fields.clone() {
            self.known(place, name, fields.iter().map(String::as_str), "the occasion has no such field");
        }
    }

    fn known_call(&mut self, place: Place, name: &str, n_args: usize) {
        if name.starts_with("anon$") || name == "curry" {
            return;
        }
        if let Some(function) = self.script.functions.get(name) {
            let n = function.parameters.len();
            if n_args != usize::MAX && n != n_args {
                self.error(Code::UnknownName, place, format!("`{name}` takes {n} values, not {n_args}"));
            }
            return;
        }
        match FUNCTIONS.iter().find(|(known, _)| *known == name) {
            Some((_, n)) if *n == n_args => {}
            Some((_, n)) => {
                self.error(Code::UnknownName, place, format!("`{name}` takes {n} values, not {n_args}"));
            }
            None => {
                let own: Vec<String> = self.script.functions.keys().cloned().collect();
                let names: Vec<&str> =
                    FUNCTIONS.iter().map(|(known, _)| *known).chain(own.iter().map(String::as_str)).collect();
                self.known(place, name, names.into_iter(), "no such function");
            }
        }
    }

    fn facts_of(&self, kind: Kind) -> BTreeSet<String> {
        let register = REGISTER_FACTS.iter().filter(|fact| fact.of == kind).map(|fact| fact.name.to_owned());
        let declared = self.check.tables.facts.iter().filter(|fact| Kind::from(fact.subject) == kind);
        register.chain(declared.map(|fact| fact.name.clone())).collect()
    }

    fn any_name(&self) -> BTreeSet<String> {
        let mut names: BTreeSet<String> = [Kind::Resident, Kind::Household, Kind::Building, Kind::Stairwell]
            .into_iter()
            .flat_map(|kind| self.facts_of(kind))
            .collect();
        names.extend(DAY_FIELDS.iter().map(|field| (*field).to_owned()));
        names.extend(self.occasion_fields.iter().flatten().cloned());
        names
    }

    /// The fields of the occasions that the rule's `occasion` can give; `None` if that cannot be told.
    fn fields_of_occasion(&self) -> Option<BTreeSet<String>> {
        let function = self.script.functions.get("occasion")?;
        let mut fields = BTreeSet::new();
        for read in &function.reads {
            match &read.what {
                What::ModuleCall { module, name } if module == "calendar" => {
                    fields.extend(self.check.tables.calendars.fields(name));
                }
                What::Call { name, .. } => {
                    fields.extend(constructor_fields(name)?.iter().map(|field| (*field).to_owned()));
                }
                _ => {}
            }
        }
        (!fields.is_empty()).then_some(fields)
    }

    /// What a piece reads, through the functions it calls.
    fn all_reads(&self, piece: &Piece) -> Vec<Read> {
        let mut reads = piece.reads.clone();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut at = 0;
        while let Some(read) = reads.get(at).cloned() {
            at += 1;
            if let What::Call { name, .. } | What::Method { name, .. } = &read.what
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
        let by_day = variable(1)
            || reads.iter().any(|read| match &read.what {
                What::Property { name, .. } => {
                    REGISTER_FACTS.iter().any(|fact| fact.name == name && fact.by_day)
                        || self
                            .check
                            .tables
                            .facts
                            .iter()
                            .any(|fact| fact.name == *name && fact.on_future_day != OnFutureDay::AsToday)
                }
                _ => false,
            });
        RuleScript { by_subject: variable(0), by_day, piece }
    }

    fn is_from_home(&self, entry: &Entry) -> bool {
        match entry {
            Entry::Leaf(piece) => self.all_reads(piece).iter().any(|read| match &read.what {
                What::Property { name, .. } => {
                    REGISTER_FACTS.iter().any(|fact| fact.name == name && fact.from_home)
                        || self.check.tables.facts.iter().any(|fact| {
                            fact.name == *name && fact.fact_type == ennakko_core::fact_table::FactType::Place
                        })
                }
                _ => false,
            }),
            Entry::AnyOf(named) | Entry::AllOf(named) => named.iter().any(|inner| self.is_from_home(&inner.entry)),
        }
    }

    fn assemble(&mut self, id: &RuleId, head: Head) -> Option<Rule> {
        let mut names: Vec<LineName> = Vec::new();
        let mut lines: Vec<Line> = Vec::new();
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
            }
        }
        if names.len() > NAMES_MAX {
            self.error(
                Code::Form,
                Place::START,
                format!("this rule has {} named lines, more than {NAMES_MAX}", names.len()),
            );
        }
        let terms = self
            .script
            .entries("offer")
            .unwrap_or_default()
            .into_iter()
            .filter_map(|named| match named.entry {
                Entry::Leaf(piece) => Some((Arc::from(named.name), self.script(piece))),
                Entry::AnyOf(_) | Entry::AllOf(_) => None,
            })
            .collect();
        self.purposes(&head);
        self.texts(id, &head, &names);
        let _law_names = self.laws(&head);
        if !self.check.pages.contains_key(id) {
            self.error(Code::Page, Place::START, format!("rule `{id}` has no page")).help =
                Some(format!("write `{id}.md` with its law, its limits and its cases"));
        }
        let facts_read = self.facts_read(head.subject);
        let occasion = self.script(self.script.whole("occasion")?);
        let cohort = self.script.whole("cohort").map(|piece| self.script(piece));
        let version = self.file.name().trim_end_matches(".rhai");
        Some(Rule {
            card: RuleCard {
                id: id.clone(),
                version: Arc::from(version),
                digest: Arc::from(self.digest(id)),
                title: head.title,
                law: head.law.iter().map(|(cited, _)| cited.clone()).collect(),
                purpose: head.purpose.0,
                subject: head.subject,
                discretion: head.discretion,
                effect: head.effect,
                late: head.late,
                messages: head.messages,
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
    fn facts_read(&self, subject: SubjectKind) -> BTreeSet<String> {
        let reads = self.script.functions.values().flat_map(|function| &function.reads);
        let names: BTreeSet<&str> = reads
            .filter_map(|read| match &read.what {
                What::Property { name, .. } => Some(name.as_str()),
                _ => None,
            })
            .collect();
        let declared = self.check.tables.facts.iter().filter(|fact| fact.subject == subject);
        declared.filter(|fact| names.contains(fact.name.as_str())).map(|fact| fact.name.clone()).collect()
    }

    /// A fact is read only for a purpose it is open to.
    fn purposes(&mut self, head: &Head) {
        let (purpose, place) = &head.purpose;
        if !self.check.tables.purposes.contains_key(purpose) {
            let names: Vec<String> = self.check.tables.purposes.keys().cloned().collect();
            self.known(*place, purpose, names.iter().map(String::as_str), "no such purpose in purposes.toml");
            return;
        }
        let reads: Vec<Read> = self.script.functions.values().flat_map(|function| function.reads.clone()).collect();
        let subject_names: BTreeSet<String> =
            FORM.iter().filter_map(|(name, _)| self.script.functions.get(*name)?.parameters.first().cloned()).collect();
        for read in reads {
            let What::Property { base, name } = &read.what else { continue };
            let own = base.as_ref().is_some_and(|base| subject_names.contains(base));
            for fact in self.check.tables.facts.iter().filter(|fact| fact.name == *name) {
                let (open_to, whose) =
                    if own { (&fact.purposes, "its subject") } else { (&fact.related_purposes, "a related person") };
                if own && fact.subject != head.subject || open_to.contains(purpose) {
                    continue;
                }
                let message = format!("`{name}` of {whose} may not be read for the purpose `{purpose}`");
                let help = format!(
                    "it is open to: {}",
                    if open_to.is_empty() { "none".to_owned() } else { open_to.join(", ") }
                );
                self.error(Code::Purpose, read.place, message).help = Some(help);
            }
        }
    }

    fn laws(&mut self, head: &Head) -> Vec<ByLanguage> {
        let mut law = Vec::new();
        for (cited, place) in &head.law {
            match self.check.tables.laws.get(cited) {
                Some(names) => {
                    let missing: Vec<&str> = self
                        .check
                        .tables
                        .city
                        .languages
                        .iter()
                        .map(String::as_str)
                        .filter(|language| !names.contains_key(*language))
                        .collect();
                    if !missing.is_empty() {
                        let help = format!("add {} to its row in laws.toml", missing.join(", "));
                        self.error(Code::MissingText, *place, "this law has no name in a language of the city").help =
                            Some(help);
                    }
                    law.push(names.clone());
                }
                None => {
                    let known: Vec<String> = self.check.tables.laws.keys().cloned().collect();
                    let help = did_you_mean(cited, known.iter().map(String::as_str)).map_or_else(
                        || "add it with its name in each language to laws.toml".to_owned(),
                        |known| format!("did you mean \"{known}\"?"),
                    );
                    self.error(Code::UnknownName, *place, "laws.toml does not know this law").help = Some(help);
                }
            }
        }
        law
    }

    /// Every sentence that a letter needs, in every language of the city.
    fn texts(&mut self, id: &RuleId, head: &Head, names: &[LineName]) {
        let city = &self.check.tables.city;
        for language in city.languages.iter().chain(&city.also) {
            let text =
                |owner: &str| self.check.texts.iter().find(|text| text.owner == owner && text.language == *language);
            let mut missing: Vec<(String, String)> = Vec::new();
            let own = text(id.as_str());
            let file = format!("{id}.{language}.ftl");
            for plan in &head.messages {
                let mut parts: Vec<&str> = LETTER_PARTS.to_vec();
                if plan.to == Recipients::Custodians {
                    parts.push("two_homes");
                }
                for part in parts {
                    if own.and_then(|text| text.attribute(&plan.text, part)).is_none() {
                        missing.push((file.clone(), format!("{}.{part}", plan.text)));
                    }
                }
            }
            for line in names {
                let name = line.name.as_str();
                let wanted: &[&str] = match line.part {
                    Part::Condition => &["yes", "no", "unknown"],
                    Part::Already | Part::Officer => &["yes", "no"],
                    Part::Sanity => &[],
                };
                for part in wanted {
                    if own.and_then(|text| text.attribute(name, part)).is_none() {
                        missing.push((file.clone(), format!("{name}.{part}")));
                    }
                }
            }
            for part in COMMON_PARTS {
                if text("_common").and_then(|text| text.attribute("letter", part)).is_none() {
                    missing.push((format!("_common.{language}.ftl"), format!("letter.{part}")));
                }
            }
            let valid = city.languages.contains(language);
            for (file, what) in missing {
                let diagnostic =
                    self.error(Code::MissingText, Place::START, format!("`{what}` has no text in `{file}`"));
                diagnostic.help = Some(format!("add it to `{file}`"));
                if !valid {
                    // a translation may be missing; the valid letter may not
                    diagnostic.severity = crate::diagnostic::Severity::Warning;
                }
            }
        }
    }

    /// SHA-256 of everything that decides what the rule does and says: rule, helpers, page, texts, tables.
    fn digest(&self, id: &RuleId) -> String {
        let mut parts: Vec<(String, String)> = vec![(self.file.name().to_owned(), self.file.text.to_string())];
        if let Some(shared) = self.check.shared {
            parts.push((shared.name().to_owned(), shared.text.to_string()));
        }
        if let Some(page) = self.check.pages.get(id) {
            parts.push((page.file.name().to_owned(), page.file.text.to_string()));
        }
        for text in self.check.texts.iter().filter(|text| text.owner == id.as_str() || text.owner == "_common") {
            parts.push((text.file.name().to_owned(), text.file.text.to_string()));
        }
        let mut rows: BTreeSet<(String, String)> = BTreeSet::new();
        for read in self.script.functions.values().flat_map(|function| &function.reads) {
            match &read.what {
                What::ModuleCall { module, name } if module == "calendar" => {
                    rows.insert((
                        format!("calendar.{name}"),
                        format!("{:?}", self.check.tables.calendars.rounds.get(name)),
                    ));
                }
                What::ModuleCall { module, name } => {
                    let used = self.check.tables.parameters.rows(module, name);
                    rows.insert((format!("{module}.{name}"), format!("{used:?}")));
                }
                What::ModuleValue { module, name } => {
                    let code = self.check.tables.code_lists.get(module).and_then(|codes| codes.get(name));
                    rows.insert((format!("{module}.{name}"), format!("{code:?}")));
                }
                _ => {}
            }
        }
        let mut digest = Sha256::new();
        for (name, text) in parts.into_iter().chain(rows) {
            digest.update(format!("{}:{name},{}:", name.len(), text.len()));
            digest.update(text);
        }
        digest.finalize().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    }
}

/// Two versions of one rule must not be in force on the same day.
pub(crate) fn versions(versions: &[Rule], files: &[(String, RuleFile)], diagnostics: &mut Vec<Diagnostic>) {
    for pair in versions.windows(2) {
        if let [first, second] = pair
            && first.until.is_none_or(|until| until > second.from)
            && let Some((_, file)) = files.iter().find(|(_, file)| file.path == first.path)
        {
            diagnostics.push(
                Diagnostic::error(
                    Code::Validity,
                    &file.path,
                    &file.text,
                    Place::START,
                    format!("this version is still in force when `{}` begins on {}", second.card.version, second.from),
                )
                .with_help(format!("write `\"until\": \"{}\"` in its `in_force`", second.from)),
            );
        }
    }
}
