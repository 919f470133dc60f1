//! What the front door says to machines: hand-written, versioned forms. Schemas stand in `schema/`.

pub mod explanation;
mod facts;
#[cfg(feature = "register-folder")]
mod register;
mod sarif;

/// Version 1.
pub mod v1 {
    pub use super::explanation::ExplanationV1;
    pub use super::facts::{
        CalendarV1, CallV1, CodeListV1, CodeV1, FactListV1, FactV1, FieldV1, ParameterRowV1, ParameterV1,
        ParameterValueV1, RoundV1,
    };
    #[cfg(feature = "register-folder")]
    pub use super::register::{
        DifferenceKindV1, IdentitiesV1, RegisterCountsV1, RegisterDifferenceV1, RegisterFactV1, RegisterSourceV1,
        RegisterSummaryV1, RowsV1,
    };
    pub use super::sarif::SarifV1;

    use serde::{Deserialize, Serialize};

    use crate::cases::CaseResult;
    use crate::outside::Outside;
    use crate::preview::{Preview, RulePreview};
    use ennakko_core::RuleId;
    use ennakko_offers::task::Queue;
    use ennakko_rules::Diagnostic;

    /// A preview.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct PreviewV1 {
        /// Always `ennakko.preview.v1`.
        pub schema: String,
        /// First day, included.
        pub from: String,
        /// Last day, excluded.
        pub to: String,
        /// Parameters changed for trying out, `education.starting_age=6`; empty for the real thing.
        pub tried: Vec<String>,
        /// Rules, in the order of their ids.
        pub rules: Vec<RulePreviewV1>,
    }

    /// One rule of a preview.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct RulePreviewV1 {
        /// The rule.
        pub rule: String,
        /// Subjects in the cohort on any day.
        pub cohort: usize,
        /// How large the cohort should be by somebody else's count of residents, if there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub outside: Option<OutsideV1>,
        /// The cohort by the most telling outcome of each, adding up.
        pub bill: Vec<CountV1>,
        /// Offers by month, `2027-01`.
        pub offers_by_month: Vec<CountV1>,
        /// Whether offers use rows that are only expected.
        pub uses_expected: bool,
        /// Tasks by queue and reason, `ordinary manual`.
        pub tasks: Vec<CountV1>,
        /// Missing facts: `fact of whom from source: why`.
        pub missing: Vec<CountV1>,
        /// Periods without a run.
        pub not_run: Vec<NotRunV1>,
    }

    /// A cohort as it should be by a count that does not come from the register.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct OutsideV1 {
        /// Residents.
        pub count: usize,
        /// Who counted.
        pub publisher: String,
        /// Which tables, and what was done with them.
        pub tables: String,
    }

    /// A count under a name.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct CountV1 {
        /// What is counted.
        pub name: String,
        /// How many.
        pub count: usize,
    }

    /// A period in which a rule does not run.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct NotRunV1 {
        /// First day.
        pub from: String,
        /// Last day, included.
        pub to: String,
        /// Why.
        pub reason: String,
    }

    /// A finding in a rule folder.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct FindingV1 {
        /// `error` or `warning`.
        pub severity: String,
        /// Stable code.
        pub code: String,
        /// The file.
        pub path: String,
        /// Line, from 1.
        pub line: usize,
        /// Column in characters, from 1.
        pub column: usize,
        /// Line of the last character meant, from 1.
        pub end_line: usize,
        /// Column of the character after the last one meant, from 1.
        pub end_column: usize,
        /// Characters meant.
        pub length: usize,
        /// One line.
        pub message: String,
        /// What to write instead.
        pub help: Option<String>,
    }

    /// A case that was run.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct CaseV1 {
        /// The rule.
        pub rule: String,
        /// The case.
        pub case: String,
        /// The page.
        pub path: String,
        /// Line in the page, from 1.
        pub line: usize,
        /// Whether it passed.
        pub passed: bool,
        /// What the page expects.
        pub expected: String,
        /// What came, or why nothing could.
        pub got: String,
    }

    fn counted(items: impl IntoIterator<Item = String>) -> Vec<CountV1> {
        let mut counts = std::collections::BTreeMap::new();
        for name in items {
            *counts.entry(name).or_insert(0) += 1;
        }
        counts.into_iter().map(|(name, count)| CountV1 { name, count }).collect()
    }

    /// The words for a queue.
    pub fn queue_word(queue: Queue) -> &'static str {
        match queue {
            Queue::Ordinary => "ordinary",
            Queue::Protected => "protected",
        }
    }

    impl PreviewV1 {
        /// A preview in this form, with the parameters that were changed for it.
        pub fn of(preview: &Preview, tried: &[String]) -> Self {
            Self {
                schema: "ennakko.preview.v1".to_owned(),
                from: preview.from.to_string(),
                to: preview.to.to_string(),
                tried: tried.to_vec(),
                rules: preview.rules.iter().map(|(id, rule)| RulePreviewV1::of(id.as_str(), rule)).collect(),
            }
        }

        /// The same with outside numbers beside the cohorts that have one.
        #[must_use]
        pub fn beside(mut self, outside: &Outside) -> Self {
            for rule in &mut self.rules {
                let count = outside.cohorts.get(&RuleId::new(&rule.rule));
                let Outside { publisher, tables, .. } = outside;
                rule.outside =
                    count.map(|n| OutsideV1 { count: *n, publisher: publisher.clone(), tables: tables.clone() });
            }
            self
        }
    }

    impl RulePreviewV1 {
        fn of(id: &str, rule: &RulePreview) -> Self {
            Self {
                rule: id.to_owned(),
                cohort: rule.bill.cohort(),
                outside: None,
                bill: rule.bill.lines().map(|(code, count)| CountV1 { name: code.word().to_owned(), count }).collect(),
                offers_by_month: rule
                    .by_month()
                    .into_iter()
                    .map(|(month, count)| CountV1 { name: format!("{:04}-{:02}", month.year, month.month), count })
                    .collect(),
                uses_expected: rule.uses_expected(),
                tasks: counted(
                    rule.tasks.iter().map(|(_, task)| format!("{} {}", queue_word(task.queue()), task.reason().word())),
                ),
                missing: rule
                    .findings
                    .iter()
                    .map(|(fact, count)| CountV1 {
                        name: format!("{} of {} from {}: {}", fact.fact, fact.of, fact.source, fact.reason.words()),
                        count: *count,
                    })
                    .collect(),
                not_run: rule
                    .not_run
                    .iter()
                    .map(|(from, to, reason)| NotRunV1 {
                        from: from.to_string(),
                        to: to.to_string(),
                        reason: reason.to_string(),
                    })
                    .collect(),
            }
        }
    }

    impl FindingV1 {
        /// A finding in this form.
        pub fn of(finding: &Diagnostic) -> Self {
            Self {
                severity: if finding.is_error() { "error" } else { "warning" }.to_owned(),
                code: finding.code.as_str().to_owned(),
                path: finding.path.to_string(),
                line: finding.place.line,
                column: finding.place.column,
                end_line: finding.place.line,
                end_column: finding.place.column + finding.place.length,
                length: finding.place.length,
                message: finding.message.clone(),
                help: finding.help.clone(),
            }
        }
    }

    impl CaseV1 {
        /// A case in this form.
        pub fn of(result: &CaseResult) -> Self {
            Self {
                rule: result.rule.to_string(),
                case: result.name.clone(),
                path: result.path.to_string(),
                line: result.line,
                passed: result.passed(),
                expected: result.expected.to_string(),
                got: match &result.got {
                    Ok(answer) => answer.to_string(),
                    Err(error) => error.clone(),
                },
            }
        }
    }
}
