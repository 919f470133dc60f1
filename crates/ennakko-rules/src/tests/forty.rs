//! One folder with forty mistakes in its files: forty findings, in the order of files and lines, and none that only
//! follows from another.

use super::folder::findings;
use crate::RuleFile;

macro_rules! forty {
    ($($name:literal)*) => {
        [$(RuleFile::new($name, include_str!(concat!("../../tests-data/forty/", $name)))),*]
    };
}

const TOLD: &str = include_str!("../../tests-data/forty.txt");

fn folder() -> Vec<RuleFile> {
    forty!(
        "_common.fi.ftl" "_common.sv.ftl" "_shared.rhai" "approvals.toml" "calendar.toml" "city.toml" "club.fi.ftl"
        "club.from-2027-08-01.rhai" "club.md" "club.rhai" "club.sv.ftl" "code_lists.toml" "facts.toml"
        "grant.fi.ftl" "grant.rhai" "grant.sv.ftl" "laws.toml" "notes.txt" "parameters.toml" "place.fi.ftl" "place.md"
        "place.rhai" "place.sv.ftl" "purposes.toml" "visit.fi.ftl" "visit.md" "visit.rhai" "visit.sv.ftl"
    )
    .into()
}

#[test]
fn a_folder_with_forty_mistakes_has_forty_findings() {
    let found = findings(&folder());
    let told = found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert_eq!(told, TOLD, "{} findings", found.len());
    assert_eq!(found.len(), 40);
    let places: Vec<_> = found.iter().map(|found| (&found.path, found.place.line)).collect();
    assert!(places.is_sorted());
    let mut files: Vec<&str> = found.iter().map(|found| &*found.path).collect();
    files.dedup();
    assert!(files.len() >= 8, "{files:?}");
}
