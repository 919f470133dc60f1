//! Cells of a page that were left open, filled in with what came.

use std::ops::Range;
use std::sync::Arc;

use ennakko_core::RuleId;

use super::{Answer, agree, is_open, normal, result};
use crate::folder::Rules;

/// A case whose open cells are filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The rule.
    pub rule: RuleId,
    /// The page.
    pub path: Arc<str>,
    /// Line of the row, from 1.
    pub line: usize,
    /// The case's name.
    pub name: String,
    /// What is expected of it from now on.
    pub answer: Answer,
    /// Ranges of the page's text and what stands there from now on, in order.
    pub cells: Vec<(Range<usize>, String)>,
}

/// What came of every case that leaves its outcome, or what decides it, open. A cell that says something is left as it is.
pub fn accept(rules: &Rules, only: Option<&RuleId>) -> Vec<Filled> {
    let mut filled = Vec::new();
    for id in rules.set().ids().filter(|id| only.is_none_or(|only| only == *id)) {
        let Some(page) = rules.set().page(id) else { continue };
        for case in &page.cases {
            let because = case.because.join(", ");
            let outcome_open = is_open(&case.outcome);
            let because_open = is_open(&because);
            if !outcome_open && !because_open {
                continue;
            }
            let Ok(mut came) = result(rules, id, &page.file.path, case, &agree).got else { continue };
            // as they stand in the rule
            let versions = rules.set().versions(id);
            came.because.sort_by_key(|name| {
                let known = versions.iter().rev().flat_map(|rule| &rule.names);
                known.into_iter().position(|line| line.name.as_str() == name)
            });
            if !outcome_open && came.outcome != normal(&case.outcome) {
                continue;
            }
            let mut cells = Vec::new();
            let [outcome, names] = case.cells.clone();
            if outcome_open {
                cells.push((outcome, format!(" {} ", came.outcome)));
            }
            // an empty cell stays as it is if there is nothing to name
            if because_open && !(because.is_empty() && came.because.is_empty()) {
                let came = came.because.join(", ");
                cells.push((names, if came.is_empty() { " ".to_owned() } else { format!(" {came} ") }));
            }
            if !cells.is_empty() {
                let (path, line, name) = (page.file.path.clone(), case.place.line, case.name.clone());
                filled.push(Filled { rule: id.clone(), path, line, name, answer: came, cells });
            }
        }
    }
    filled
}

impl Filled {
    /// A page's text with the cells of these cases filled in; none if they are not of this text.
    pub fn into_page(text: &str, filled: &[Self]) -> Option<String> {
        let mut cells: Vec<&(Range<usize>, String)> = filled.iter().flat_map(|filled| &filled.cells).collect();
        cells.sort_by_key(|(range, _)| range.start);
        let mut page = String::with_capacity(text.len());
        let mut at = 0;
        for (range, cell) in cells {
            // what was open must be open still
            if !is_open(text.get(range.clone())?) {
                return None;
            }
            page.push_str(text.get(at..range.start)?);
            page.push_str(cell);
            at = range.end;
        }
        page.push_str(text.get(at..)?);
        Some(page)
    }
}
