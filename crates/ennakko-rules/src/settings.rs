//! The city's other table files: `city.toml`, `purposes.toml`, `facts.toml`, `code_lists.toml`, `laws.toml`,
//! `approvals.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::LeapDayPolicy;
use ennakko_core::city::{ByLanguage, City, Contact, Purpose};
use ennakko_core::fact_table::{Absent, FACT_INT_MAX, FactDeclaration, FactType, OnFutureDay, SubjectKind};
use ennakko_core::special::Special;

use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::facts::{Kind, REGISTER_FACTS};
use crate::rule_set::RuleFile;
use crate::table::{Table, TableFile, get};
use crate::unit::Unit;

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
    let (languages, also) = (language_tags(reader, table, "languages"), language_tags(reader, table, "also"));
    let fallback = reader.text(table, "fallback");
    let leap_day = reader.word(
        table,
        "leap_day",
        &[("28 February", LeapDayPolicy::February28), ("1 March", LeapDayPolicy::March1)],
    );
    if let (Some("FI"), Some(code)) = (country.as_deref(), &code)
        && !(code.len() == 3 && code.bytes().all(|digit| digit.is_ascii_digit()))
    {
        let place = reader.place_of(table, "code");
        reader.error(place, format!("`{code}` is not the code of a Finnish municipality")).help =
            Some("it has three digits, leading zeros too: \"091\"".into());
    }
    let mut contacts: Vec<Contact> = Vec::new();
    for row in get(root, "contact").map(|rows| reader.rows(rows, "`contact`")).unwrap_or_default() {
        let Some(contact) = read_contact(reader, row) else { continue };
        let is_same = |other: &&Contact| other.purpose == contact.purpose;
        if contacts.iter().filter(is_same).any(|other| contact.from < other.until && other.from < contact.until) {
            let message = format!("two contacts for `{}` hold on the same day", contact.purpose);
            let mut found = Diagnostic::error(Code::Validity, reader.path(), &reader.file.text, row.place, message);
            found.help = Some("end the earlier one on the day this one begins".into());
            reader.diagnostics.push(found);
        }
        contacts.push(contact);
    }
    let mut holidays: BTreeSet<NaiveDate> = BTreeSet::new();
    for row in get(root, "holidays").map(|rows| reader.rows(rows, "`holidays`")).unwrap_or_default() {
        reader.only(row, &["day", "name"]);
        reader.optional_text(row, "name");
        let Some(day) = reader.day(row, "day") else { continue };
        if !holidays.insert(day) {
            let place = reader.place_of(row, "day");
            reader.warning(Code::Table, place, format!("{day} stands here twice")).help = Some("remove one row".into());
        }
    }
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
    let (from, until) = (reader.day(row, "from")?, reader.end(row, "until")?);
    if until <= from {
        let place = reader.place_of(row, "until");
        reader.error(place, "this row ends before it begins").help =
            Some("`from` is the first day, included; `until` is the first day after, excluded".into());
        return None;
    }
    Some(Contact { purpose: purpose?, name: name?, phone: phone?, email: email?, from, until })
}

/// Languages, written as their tags: two or three small letters. Those that are not are told and left out.
fn language_tags(reader: &mut TableFile<'_>, table: Table<'_>, key: &str) -> Option<Vec<String>> {
    let mut tags = reader.texts(table, key)?;
    if tags.is_empty() && key == "languages" {
        let place = reader.place_of(table, key);
        reader.error(place, "the city has no language").help = Some("write the valid ones: [\"fi\", \"sv\"]".into());
        return None;
    }
    let is_tag = |tag: &str| matches!(tag.len(), 2 | 3) && tag.bytes().all(|letter| letter.is_ascii_lowercase());
    for item in get(table, key).and_then(|value| value.get_ref().as_array()).into_iter().flatten() {
        if let Some(wrong) = item.get_ref().as_str().filter(|tag| !is_tag(tag)) {
            let place = reader.place(item.span());
            reader.error(place, format!("`{wrong}` is not the tag of a language")).help =
                Some("write two or three small letters: \"fi\", \"sv\", \"en\", \"smn\"".into());
        }
    }
    tags.retain(|tag| is_tag(tag));
    Some(tags)
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
    if (statutory, opt_out) == (Some(true), Some(true)) {
        let place = reader.place_of(table, "opt_out");
        reader.warning(Code::Table, place, "a duty of the city cannot be opted out of").help =
            Some("write `opt_out = false`, or `statutory = false`".into());
    }
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

pub(crate) fn read_facts(
    file: &RuleFile,
    lists: &CodeLists,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<FactDeclaration> {
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
                if let Some(fact) = read_fact(&mut reader, kind, name.get_ref(), table, lists) {
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
    lists: &CodeLists,
) -> Option<FactDeclaration> {
    let keys = [
        "type",
        "unit",
        "min",
        "max",
        "code_list",
        "meaning",
        "source",
        "sensitivity",
        "special",
        "reveals_home",
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
    let unit = if fact_type == Some(FactType::Int) && get(table, "unit").is_none() {
        reader.error(table.place, format!("`{name}` is a number without a unit")).help =
            Some("add `unit = \"years\"` or whatever it counts".into());
        None
    } else {
        reader.unit(table, fact_type.is_none_or(|kind| kind == FactType::Int) && get(table, "unit").is_some()).flatten()
    };
    let (least, most) = read_bounds(reader, fact_type, table);
    let code_list = read_code_list(reader, fact_type, table, lists);
    let (meaning, source) = (reader.text(table, "meaning"), reader.text(table, "source"));
    let sensitivity = reader.number(table, "sensitivity", 1..=3_u8);
    let special = read_special(reader, name, table);
    let reveals_home = read_reveals_home(reader, name, fact_type, unit, table);
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
    let (code_list, codes) = code_list?.unzip();
    Some(FactDeclaration {
        subject,
        name: name.to_owned(),
        fact_type: fact_type?,
        unit: unit.map(|unit| unit.word().to_owned()),
        least,
        most,
        code_list,
        codes,
        meaning: meaning?,
        source: source?,
        sensitivity: sensitivity?,
        special: special?,
        reveals_home: reveals_home?,
        purposes: purposes?,
        related_purposes: related_purposes?,
        may_be_none: may_be_none?,
        absent: absent?,
        fresh_days: fresh_days?,
        on_future_day: on_future_day?,
    })
}

/// What a fact tells that decides nothing without a section of law; `None` after an error. It is declared, and never taken
/// from the fact's name.
#[expect(clippy::option_option, reason = "the outer one says whether there was an error")]
fn read_special(reader: &mut TableFile<'_>, name: &str, table: Table<'_>) -> Option<Option<Special>> {
    if get(table, "special").is_some() {
        let words = Special::ALL.map(|special| (special.word(), Some(special)));
        let words: Vec<(&str, Option<Special>)> = words.into_iter().chain([("none", None)]).collect();
        return reader.word(table, "special", &words);
    }
    if let Some(special) = Special::of_name(name).filter(|_| !fault!(NamesNotHeard)).map(Special::word) {
        let message =
            format!("by its name `{name}` may tell of {}, and the fact does not say", special.replace('_', " "));
        reader.warning(Code::DecidesOn, table.place, message).help = Some(format!(
            "add `special = \"{special}\"`, so that it decides nothing unless a section of law lets it, or `special = \"none\"`"
        ));
    }
    Some(None)
}

/// Whether a fact tells something of where its subject lives: a place always does; of a distance it must be said.
fn read_reveals_home(
    reader: &mut TableFile<'_>,
    name: &str,
    fact_type: Option<FactType>,
    unit: Option<Unit>,
    table: Table<'_>,
) -> Option<bool> {
    let is_place = fact_type == Some(FactType::Place);
    let Some(value) = get(table, "reveals_home") else {
        if matches!(unit, Some(Unit::Metres | Unit::Kilometres)) {
            let message = format!("`{name}` is a distance that does not say whether it tells of a home");
            reader.warning(Code::Table, table.place, message).help =
                Some("add `reveals_home = true` if it is measured from where somebody lives, else `false`".into());
        }
        return Some(is_place);
    };
    let reveals = reader.bool(table, "reveals_home")?;
    if is_place && !reveals {
        let place = reader.place(value.span());
        reader.error(place, format!("`{name}` is a place, which tells of a home")).help =
            Some("remove the key; what tells of no home is a text of a code list".into());
        return None;
    }
    Some(reveals)
}

/// The smallest and the largest number that a fact can be.
fn read_bounds(
    reader: &mut TableFile<'_>,
    fact_type: Option<FactType>,
    table: Table<'_>,
) -> (Option<i64>, Option<i64>) {
    for key in ["min", "max"] {
        if let Some(value) = get(table, key)
            && fact_type.is_some_and(|kind| kind != FactType::Int)
        {
            let place = reader.place(value.span());
            reader.error(place, format!("only a number has a `{key}`")).help = Some("remove it".into());
            return (None, None);
        }
    }
    let any = -FACT_INT_MAX..=FACT_INT_MAX;
    let (least, most) = (reader.optional_number(table, "min", any.clone()), reader.optional_number(table, "max", any));
    let zero = get(table, "absent").and_then(|absent| absent.get_ref().as_str()) == Some("zero");
    let (from, to) = (least.unwrap_or(-FACT_INT_MAX), most.unwrap_or(FACT_INT_MAX));
    if from > to {
        let place = reader.place_of(table, "max");
        reader.error(place, "`max` is less than `min`").help = Some("both are included; write the larger here".into());
    } else if zero && !(from..=to).contains(&0) {
        let place = reader.place_of(table, "absent");
        reader.error(place, "an absent row would be zero, which is not between `min` and `max`").help =
            Some("write \"unknown\", or let zero be between them".into());
    }
    (least, most)
}

/// The list of codes that a text is of, with its codes; `None` after an error.
#[expect(clippy::type_complexity, reason = "the outer one says whether there was an error")]
fn read_code_list(
    reader: &mut TableFile<'_>,
    fact_type: Option<FactType>,
    table: Table<'_>,
    lists: &CodeLists,
) -> Option<Option<(String, Arc<[Arc<str>]>)>> {
    let Some(value) = get(table, "code_list") else { return Some(None) };
    let name = reader.as_text(value, "code_list")?;
    let place = reader.place(value.span());
    if fact_type.is_some_and(|kind| kind != FactType::Text) {
        reader.error(place, "only a text is of a code list").help =
            Some("remove it, or write `type = \"text\"`".into());
        return None;
    }
    let Some(codes) = lists.get(&name) else {
        let help = did_you_mean(&name, lists.keys().map(String::as_str)).map_or_else(
            || format!("write `[{name}]` with its codes in code_lists.toml"),
            |known| format!("did you mean \"{known}\"?"),
        );
        reader.error(place, format!("no code list is called `{name}`")).help = Some(help);
        return None;
    };
    let codes: BTreeSet<Arc<str>> = codes.values().cloned().collect();
    Some(Some((name, codes.into_iter().collect())))
}

pub(crate) fn read_code_lists(file: &RuleFile, diagnostics: &mut Vec<Diagnostic>) -> CodeLists {
    let mut reader = TableFile::new(file);
    let mut lists = CodeLists::new();
    if let Some(root) = reader.parse() {
        for (list, value) in root.get_ref() {
            if !reader.is_free_name(list, "code list") {
                continue;
            }
            if list.get_ref() == "calendar" {
                let place = reader.place(list.span());
                reader.error(place, "`calendar::` means the rounds of calendar.toml").help =
                    Some("give the list another name".into());
                continue;
            }
            let Some(table) = reader.table(value, "a code list") else { continue };
            for (name, code) in table.entries {
                let place = reader.place(code.span());
                if reader.is_free_name(name, "code")
                    && let Some(code) = reader.as_text(code, name.get_ref())
                {
                    let codes: &mut BTreeMap<String, Arc<str>> = lists.entry(list.get_ref().to_string()).or_default();
                    if let Some((other, _)) = codes.iter().find(|(_, known)| ***known == *code) {
                        let message = format!("`{other}` and `{}` are the same code", name.get_ref());
                        reader.warning(Code::Table, place, message).help = Some("give each code one name".into());
                    }
                    codes.insert(name.get_ref().to_string(), Arc::from(code));
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
            let digest = digest.filter(|digest| {
                let is_digest = digest.len() == 64 && digest.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
                if !is_digest {
                    let place = reader.place_of(table, "digest");
                    reader.error(place, "this is no digest of a rule").help =
                        Some("write it with `ennakko approve`, never by hand".into());
                }
                is_digest
            });
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
