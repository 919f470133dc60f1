//! What a city writes for its register: mappings, `register.toml`.

use ennakko::core::identity::finnish::Profile;
use ennakko::register_folder::plan::Plan;
use ennakko::rules::Diagnostic;
use ennakko::sources::table::{Format, Mapping, Reading, Table, read};

use crate::text;

/// Every finding can be shown.
fn shown(found: &[Diagnostic]) {
    assert!(!found.is_empty(), "refused without a reason");
    for finding in found {
        assert!(!finding.to_string().is_empty());
    }
}

/// A mapping, and a file read by it.
pub fn mapping(bytes: &[u8]) {
    const FILE: &str = "code,born,dwelling,HETU,SYNTAIKA\n100190-999P,1990-01-10,,100190-999P,10.1.1990\n";
    let Some(text) = text(bytes) else { return };
    match Mapping::parse("mapping.toml", text) {
        Ok(mapping) => {
            let reading = Reading { format: Format::Csv, mapping: &mapping, profile: Profile::SAMPLE };
            let _ = read(Table::Residents, FILE.as_bytes(), &reading);
        }
        Err(found) => shown(&found),
    }
}

/// `register.toml`.
pub fn register(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Err(found) = Plan::parse("register.toml", text) {
        shown(&found);
    }
}
