//! The city's other table files: `city.toml`, `purposes.toml`, `facts.toml`, `code_lists.toml`, `laws.toml`,
//! `approvals.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::LeapDayPolicy;
use ennakko_core::city::{ByLanguage, City, Contact, Purpose};
use ennakko_core::fact_table::{Absent, FactDeclaration, FactType, OnFutureDay, SubjectKind};

use crate::diagnostic::Diagnostic;
use crate::facts::{Kind, REGISTER_FACTS};
use crate::rule_set::RuleFile;
use crate::table::{Table, TableFile, get};

/// Words that rhai keeps for itself, so that no fact, parameter or calendar can be called so (rhai 1.27, reserved words).
pub(crate) const RESERVED: &[&str] = &[
    "as",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "const",
    "continue",
    "default",
    "do",
    "else",
    "export",
    "false",
    "fn",
    "for",
    "go",
    "goto",
    "if",
    "import",
    "in",
    "is",
    "let",
    "loop",
    "match",
    "module",
    "new",
    "nil",
    "null",
    "package",
    "print",
    "private",
    "protected",
    "public",
    "return",
    "shared",
    "spawn",
    "static",
    "super",
    "switch",
    "sync",
    "this",
    "thread",
    "throw",
    "true",
    "try",
    "until",
    "use",
    "var",
    "void",
    "while",
    "with",
    "yield",
    "debug",
    "eval",
    "curry",
    "call",
    "type_of",
    "is_def_fn",
    "is_def_var",
    "Fn",
    "global",
];

/// Whether a name can stand in rules: small letters a to z, digits and `_`, a letter first.
pub(crate) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// An approval of a rule's content for use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Digest of what was approved.
    pub digest: String,
    /// Who approved.
    pub approved_by: String,
    /// In which role.
    pub role: String,
    /// When.
    pub approved_on: NaiveDate,
    /// The deployment decision.
    pub decision: String,
}

/// Names for codes: list, name, code.
pub type CodeLists = BTreeMap<String, BTreeMap<String, Arc<str>>>;

pub(crate) fn read_city(file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> Option<City> {
    let mut reader = TableFile::new(file);
    let city = city_of(&mut reader);
    diagnostics.append(&mut reader.diagnostics);
    city
}

fn city_of(reader: &mut TableFile<'_>) -> Option<City> {
    let root = reader.parse()?;
    let root = Table { entries: root.get_ref(), place: crate::diagnostic::Place::START };
    reader.only(root, &["city", "contact", "holidays"]);
    let table = reader.required(root, "city").and_then(|value| reader.table(value, "`city`"))?;
    reader.only(table, &["name", "country", "code", "zone", "languages", "also", "fallback", "leap_day"]);
    let name = reader.by_language(table, "name");
    let (country, code, zone) = (reader.text(table, "country"), reader.text(table, "code"), reader.text(table, "zone"));
    let (languages, also) = (reader.texts(table, "languages"), reader.texts(table, "also"));
    let fallback = reader.text(table, "fallback");
    let leap_day = reader.word(
        table,
        "leap_day",
        &[("28 February", LeapDayPolicy::February28), ("1 March", LeapDayPolicy::March1)],
    );
    let contacts = match get(root, "contact") {
        Some(rows) => reader.rows(rows, "`contact`").into_iter().filter_map(|row| read_contact(reader, row)).collect(),
        None => Vec::new(),
    };
    let holidays: BTreeSet<NaiveDate> = match get(root, "holidays") {
        Some(rows) => reader.rows(rows, "`holidays`").into_iter().filter_map(|row| reader.day(row, "day")).collect(),
        None => BTreeSet::new(),
    };
    let city = City {
        name: name?,
        country: country?,
        code: code?,
        zone: zone?,
        languages: languages?,
        also: also?,
        fallback: fallback?,
        leap_day: leap_day?,
        holidays,
        contacts,
    };
    if !city.languages.contains(&city.fallback) {
        let place = get(table, "fallback").map_or(table.place, |value| reader.place(value.span()));
        reader.error(place, "the fallback language is not among the valid languages").help =
            Some(format!("write one of {}", city.languages.join(", ")));
        return None;
    }
    Some(city)
}

fn read_contact(reader: &mut TableFile<'_>, row: Table<'_>) -> Option<Contact> {
    reader.only(row, &["purpose", "name", "phone", "email", "from", "until"]);
    let (purpose, name) = (reader.text(row, "purpose"), reader.by_language(row, "name"));
    let (phone, email) = (reader.text(row, "phone"), reader.text(row, "email"));
    let (from, until) = (reader.day(row, "from"), reader.day(row, "until"));
    Some(Contact { purpose: purpose?, name: name?, phone: phone?, email: email?, from: from?, until: until? })
}

pub(crate) fn read_purposes(file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<String, Purpose> {
    let mut reader = TableFile::new(file);
    let mut purposes = BTreeMap::new();
    if let Some(root) = reader.parse() {
        for (id, value) in root.get_ref() {
            if let Some(purpose) =
                reader.table(value, "a purpose").and_then(|table| read_purpose(&mut reader, id.get_ref(), table))
            {
                purposes.insert(id.get_ref().to_string(), purpose);
            }
        }
    }
    diagnostics.append(&mut reader.diagnostics);
    purposes
}

fn read_purpose(reader: &mut TableFile<'_>, id: &str, table: Table<'_>) -> Option<Purpose> {
    reader
        .only(table, &["title", "controller", "legal_basis", "statutory", "opt_out", "retention_days", "dpo_contact"]);
    let (title, controller) = (reader.by_language(table, "title"), reader.by_language(table, "controller"));
    let legal_basis = reader.text(table, "legal_basis");
    let (statutory, opt_out) = (reader.bool(table, "statutory"), reader.bool(table, "opt_out"));
    let retention_days = reader.number(table, "retention_days", 0..=u32::MAX);
    let dpo_contact = reader.text(table, "dpo_contact");
    Some(Purpose {
        id: id.to_owned(),
        title: title?,
        controller: controller?,
        legal_basis: legal_basis?,
        statutory: statutory?,
        opt_out: opt_out?,
        retention_days: retention_days?,
        dpo_contact: dpo_contact?,
    })
}

pub(crate) fn read_facts(file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> Vec<FactDeclaration> {
    let mut reader = TableFile::new(file);
    let mut facts = Vec::new();
    if let Some(root) = reader.parse() {
        for (subject, value) in root.get_ref() {
            let Some(kind) = SubjectKind::of_word(subject.get_ref()) else {
                let place = reader.place(subject.span());
                reader.error(place, format!("no subject is called `{}`", subject.get_ref())).help =
                    Some("facts are of a `resident`, a `household` or a `building`".into());
                continue;
            };
            let Some(names) = reader.table(value, "a subject's facts") else { continue };
            for (name, value) in names.entries {
                if !reader.is_free_name(name, "fact") {
                    continue;
                }
                let kind_of_value = Kind::from(kind);
                if REGISTER_FACTS.iter().any(|fact| fact.of == kind_of_value && fact.name == name.get_ref().as_ref()) {
                    let place = reader.place(name.span());
                    let message = format!("the register has `{}` of a {} already", name.get_ref(), kind.word());
                    reader.error(place, message).help = Some("give the fact another name".into());
                    continue;
                }
                let Some(table) = reader.table(value, "a fact") else { continue };
                if let Some(fact) = read_fact(&mut reader, kind, name.get_ref(), table) {
                    facts.push(fact);
                }
            }
        }
    }
    diagnostics.append(&mut reader.diagnostics);
    facts.sort_by(|a, b| (a.subject, &a.name).cmp(&(b.subject, &b.name)));
    facts
}

fn read_fact(
    reader: &mut TableFile<'_>,
    subject: SubjectKind,
    name: &str,
    table: Table<'_>,
) -> Option<FactDeclaration> {
    let keys = [
        "type",
        "unit",
        "meaning",
        "source",
        "sensitivity",
        "purposes",
        "related_purposes",
        "may_be_none",
        "absent",
        "fresh_days",
        "future",
    ];
    reader.only(table, &keys);
    let types: Vec<(&str, FactType)> = [FactType::Bool, FactType::Int, FactType::Day, FactType::Text, FactType::Place]
        .map(|kind| (kind.word(), kind))
        .into();
    let fact_type = reader.word(table, "type", &types);
    let unit = get(table, "unit").and_then(|unit| reader.as_text(unit, "unit"));
    if fact_type == Some(FactType::Int) && unit.is_none() {
        reader.error(table.place, format!("`{name}` is a number without a unit")).help =
            Some("add `unit = \"years\"` or whatever it counts".into());
    }
    let (meaning, source) = (reader.text(table, "meaning"), reader.text(table, "source"));
    let sensitivity = reader.number(table, "sensitivity", 1..=3_u8);
    let (purposes, related_purposes) = (reader.texts(table, "purposes"), reader.texts(table, "related_purposes"));
    let may_be_none = reader.bool(table, "may_be_none");
    let absent = reader.word(
        table,
        "absent",
        &[("none", Absent::None), ("no", Absent::No), ("zero", Absent::Zero), ("unknown", Absent::Unknown)],
    );
    let fresh_days = reader.number(table, "fresh_days", 0..=u32::MAX);
    let on_future_day = reader.word(
        table,
        "future",
        &[("as_today", OnFutureDay::AsToday), ("unknown", OnFutureDay::Unknown), ("computed", OnFutureDay::Computed)],
    );
    let fits = match (absent?, fact_type?) {
        (Absent::No, kind) => kind == FactType::Bool,
        (Absent::Zero, kind) => kind == FactType::Int,
        (Absent::None, _) => may_be_none?,
        (Absent::Unknown, _) => true,
    };
    if !fits {
        let place = get(table, "absent").map_or(table.place, |value| reader.place(value.span()));
        reader.error(place, format!("`{name}` cannot be what this says of an absent row")).help =
            Some("\"no\" is for a bool, \"zero\" for an int, \"none\" where `may_be_none = true`".into());
        return None;
    }
    Some(FactDeclaration {
        subject,
        name: name.to_owned(),
        fact_type: fact_type?,
        unit,
        least: None,
        most: None,
        code_list: None,
        codes: None,
        meaning: meaning?,
        source: source?,
        sensitivity: sensitivity?,
        purposes: purposes?,
        related_purposes: related_purposes?,
        may_be_none: may_be_none?,
        absent: absent?,
        fresh_days: fresh_days?,
        on_future_day: on_future_day?,
    })
}

pub(crate) fn read_code_lists(file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> CodeLists {
    let mut reader = TableFile::new(file);
    let mut lists = CodeLists::new();
    if let Some(root) = reader.parse() {
        for (list, value) in root.get_ref() {
            if !reader.is_free_name(list, "code list") {
                continue;
            }
            let Some(table) = reader.table(value, "a code list") else { continue };
            for (name, code) in table.entries {
                if reader.is_free_name(name, "code")
                    && let Some(code) = reader.as_text(code, name.get_ref())
                {
                    lists
                        .entry(list.get_ref().to_string())
                        .or_default()
                        .insert(name.get_ref().to_string(), Arc::from(code));
                }
            }
        }
    }
    diagnostics.append(&mut reader.diagnostics);
    lists
}

/// Names of laws by language, under the citation that rules give.
pub(crate) fn read_laws(file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<String, ByLanguage> {
    let mut reader = TableFile::new(file);
    let mut laws = BTreeMap::new();
    if let Some(root) = reader.parse() {
        let table = Table { entries: root.get_ref(), place: crate::diagnostic::Place::START };
        for name in root.get_ref().keys() {
            if let Some(names) = reader.by_language(table, name.get_ref()) {
                laws.insert(name.get_ref().to_string(), names);
            }
        }
    }
    diagnostics.append(&mut reader.diagnostics);
    laws
}

/// Approvals by the version of the rule.
pub(crate) fn read_approvals(file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<String, Approval> {
    let mut reader = TableFile::new(file);
    let mut approvals = BTreeMap::new();
    if let Some(root) = reader.parse() {
        for (version, value) in root.get_ref() {
            let Some(table) = reader.table(value, "an approval") else { continue };
            reader.only(table, &["digest", "approved_by", "role", "approved_on", "decision"]);
            let (digest, approved_by) = (reader.text(table, "digest"), reader.text(table, "approved_by"));
            let (role, decision) = (reader.text(table, "role"), reader.text(table, "decision"));
            if let (Some(digest), Some(approved_by), Some(role), Some(approved_on), Some(decision)) =
                (digest, approved_by, role, reader.day(table, "approved_on"), decision)
            {
                approvals.insert(
                    version.get_ref().to_string(),
                    Approval { digest, approved_by, role, approved_on, decision },
                );
            }
        }
    }
    diagnostics.append(&mut reader.diagnostics);
    approvals
}
