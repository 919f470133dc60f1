//! The trace of one subject: every line with its value, and the facts and parameters it read.

use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::register::SubjectRow;
use ennakko_core::trace::LineTrace;
use ennakko_core::{Outcome, RuleId, Trace};

use super::{Evaluator, Standings};
use crate::outcomes::{NotRun, Outcomes};
use crate::stop::Stop;

impl Evaluator<'_> {
    /// Why one subject's outcome is what it is; `None` outside the cohort.
    ///
    /// # Errors
    /// * [`NotRun`] when the rule does not run on the day
    pub fn trace(
        &self,
        id: &RuleId,
        subject: SubjectRow,
        day: NaiveDate,
        standings: &dyn Standings,
    ) -> Result<Option<Trace>, NotRun> {
        let versions = self.rules.versions(id);
        let Some(row) = self.subject(versions, subject, day, standings)? else { return Ok(None) };
        let (version, evaluated_on, occasion) = (row.version, row.evaluated_on, row.occasion.clone());
        let mut outcomes = Outcomes::new(day);
        outcomes.push(row);
        let outcome: Outcome = outcomes.outcome(0, versions);
        let rule = &versions[version];
        let mut lines = Vec::new();
        if let Some(occasion) = &occasion {
            for (line, named) in rule.lines.iter().zip(&rule.names) {
                self.world.log.start();
                let mut stops = Vec::new();
                let truth = self.truth(&line.test, named.name.as_str(), subject, evaluated_on, occasion, &mut stops);
                let reads = self.world.log.take();
                lines.push(LineTrace {
                    part: line.part,
                    name: named.name.clone(),
                    truth: truth.map_err(super::not_run)?,
                    source_line: named.source_line,
                    facts: reads.facts,
                    parameters: reads.parameters,
                    unknown: stops.iter().find_map(|stop| match stop {
                        Stop::Unknown { fact, reason, .. } => Some((fact.clone(), *reason)),
                        _ => None,
                    }),
                });
            }
        }
        Ok(Some(Trace {
            rule: id.clone(),
            version: rule.card.version.clone(),
            day,
            evaluated_on,
            occasion: occasion.map_or_else(|| Arc::from(""), |occasion| Arc::from(occasion.id())),
            lines,
            outcome,
        }))
    }
}
