//! Findings as SARIF 2.1.0, the form in which code hosts and editors take what a checker found.
//!
//! Source: OASIS, Static Analysis Results Interchange Format 2.1.0. Only what a finding has is written: rule id, level,
//! message, file and region.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use ennakko_rules::Diagnostic;
use serde::Serialize;

/// A log with one run of `ennakko check`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SarifV1 {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<SarifResult>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Descriptor {
    id: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Message {
    text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

impl SarifV1 {
    /// Findings in this form.
    pub fn of<'d>(findings: impl IntoIterator<Item = &'d Diagnostic>) -> Self {
        let results: Vec<SarifResult> = findings.into_iter().map(SarifResult::of).collect();
        let ids: BTreeSet<&'static str> = results.iter().map(|result| result.rule_id).collect();
        let rules = ids.into_iter().map(|id| Descriptor { id }).collect();
        let driver = Driver { name: "ennakko", version: env!("CARGO_PKG_VERSION"), rules };
        Self {
            schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            version: "2.1.0",
            runs: [Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results }],
        }
    }
}

impl SarifResult {
    fn of(finding: &Diagnostic) -> Self {
        let text = match &finding.help {
            Some(help) => format!("{}; {help}", finding.message),
            None => finding.message.clone(),
        };
        let place = finding.place;
        let region = Region {
            start_line: place.line,
            start_column: place.column,
            end_line: place.line,
            end_column: place.column + place.length,
        };
        let artifact_location = ArtifactLocation { uri: uri(&finding.path) };
        Self {
            rule_id: finding.code.as_str(),
            level: if finding.is_error() { "error" } else { "warning" },
            message: Message { text },
            locations: [Location { physical_location: PhysicalLocation { artifact_location, region } }],
        }
    }
}

/// A path as a reference: `/` between its parts, every byte that cannot stand in one written as `%` and its number.
fn uri(path: &str) -> String {
    path.replace('\\', "/").bytes().fold(String::new(), |mut uri, byte| {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
        uri
    })
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_is_written_as_a_reference() {
        assert_eq!(uri("rules/helsinki/place.rhai"), "rules/helsinki/place.rhai");
        assert_eq!(uri("my rules\\käynti.rhai"), "my%20rules/k%C3%A4ynti.rhai");
    }
}
