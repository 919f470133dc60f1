//! A rule folder in which one file is anything: rules, pages, texts and tables.

use ennakko::Rules;
use ennakko::given::Given;
use ennakko::rules::{RuleFile, RuleSet};

use crate::{day, text};

/// The smallest folder that loads: what `ennakko new` writes.
const FILES: [(&str, &str); 12] = [
    ("city.toml", include_str!("../../../crates/ennakko-cli/src/new/city.toml")),
    ("purposes.toml", include_str!("../../../crates/ennakko-cli/src/new/purposes.toml")),
    ("facts.toml", include_str!("../../../crates/ennakko-cli/src/new/facts.toml")),
    ("parameters.toml", include_str!("../../../crates/ennakko-cli/src/new/parameters.toml")),
    ("calendar.toml", include_str!("../../../crates/ennakko-cli/src/new/calendar.toml")),
    ("code_lists.toml", include_str!("../../../crates/ennakko-cli/src/new/code_lists.toml")),
    ("laws.toml", include_str!("../../../crates/ennakko-cli/src/new/laws.toml")),
    ("approvals.toml", ""),
    ("permit.rhai", include_str!("../../../crates/ennakko-cli/src/new/rule.rhai")),
    ("permit.md", include_str!("../../../crates/ennakko-cli/src/new/page.md")),
    ("permit.fi.ftl", include_str!("../../../crates/ennakko-cli/src/new/texts.fi.ftl")),
    ("_common.fi.ftl", include_str!("../../../crates/ennakko-cli/src/new/common.fi.ftl")),
];

fn filled(text: &str) -> String {
    text.replace("@rule@", "permit").replace("@purpose@", "to_be_named").replace("@law@", "Act to be named")
}

fn files(changed: &str, text: &str) -> Vec<RuleFile> {
    let known = FILES.map(|(name, known)| (name, if name == changed { text } else { known }));
    known.map(|(name, text)| RuleFile::new(name, &filled(text))).into()
}

/// Loads, and shows what was found.
fn load(changed: &str, bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let found = match RuleSet::load(&files(changed, text)) {
        Ok((_, found)) => found,
        Err(unusable) => unusable.diagnostics,
    };
    for finding in found {
        assert!(!finding.to_string().is_empty());
    }
}

/// The text of a rule.
pub fn rule(bytes: &[u8]) {
    load("permit.rhai", bytes);
}

/// A rule's page; its cases are run.
pub fn page(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Ok((rules, _)) = Rules::load(&files("permit.md", text)) {
        let _ = ennakko::cases::run(&rules, None);
    }
}

/// A rule's texts.
pub fn texts(bytes: &[u8]) {
    load("permit.fi.ftl", bytes);
}

/// `facts.toml`.
pub fn facts(bytes: &[u8]) {
    load("facts.toml", bytes);
}

/// `calendar.toml`.
pub fn calendar(bytes: &[u8]) {
    load("calendar.toml", bytes);
}

/// `parameters.toml`.
pub fn parameters(bytes: &[u8]) {
    load("parameters.toml", bytes);
}

/// The other tables of a folder; the first byte says which.
pub fn tables(bytes: &[u8]) {
    let Some((which, text)) = bytes.split_first() else { return };
    let tables = ["city.toml", "purposes.toml", "code_lists.toml", "laws.toml", "approvals.toml"];
    load(tables[usize::from(*which) % tables.len()], text);
}

/// People and facts named in a text.
pub fn given(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let Ok(given) = Given::parse(text) else { return };
    if let Ok((set, _)) = RuleSet::load(&files("", "")) {
        let _ = given.town(set.tables(), day());
    }
}
