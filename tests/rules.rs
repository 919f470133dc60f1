//! Every case of every rule's page.

use std::path::Path;

use ennakko::{Rules, cases, folder};

#[test]
fn every_case_of_every_page_comes_out_as_written() {
    let files = folder::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/helsinki"))).unwrap();
    let (rules, findings) = Rules::load(&files).unwrap();
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    let results = cases::run(&rules, None);
    for id in rules.set().ids() {
        assert!(results.iter().filter(|result| result.rule == *id).count() >= 10, "{id} has few cases");
    }
    let failed: Vec<String> = results
        .iter()
        .filter(|result| !result.passed())
        .map(|result| {
            let got = result.got.as_ref().map_or_else(|error| format!("error: {error}"), ToString::to_string);
            format!("{}:{} {}\n  expected {}\n  got      {got}", result.path, result.line, result.name, result.expected)
        })
        .collect();
    assert!(failed.is_empty(), "{} of {} cases\n{}", failed.len(), results.len(), failed.join("\n"));
}
