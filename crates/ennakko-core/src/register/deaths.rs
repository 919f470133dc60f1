//! Who is alive, over all sources.

use super::build::Builder;
use super::people::PersonRows;
use super::rows::{Rows, packed};
use super::{Life, People, Report};
use crate::issue::{Problem, RecordKind};
use crate::key::ResidentKey;
use crate::record::{DeathRecord, Who};

impl Builder<'_> {
    /// Adds to the records of persons what other sources say. If any says dead and another does not, it is disputed, with
    /// an issue for each report that the population register's own record contradicts.
    pub(super) fn lives(
        &mut self,
        people: &mut People,
        person_rows: &PersonRows<'_>,
        rows: &Rows,
        deaths: Vec<DeathRecord>,
    ) -> Vec<Report> {
        let waited = std::mem::take(&mut self.waiting.deaths).into_iter().map(|(batch, record)| (batch, 0, record));
        let delivered = (1..).zip(deaths).map(|(position, record)| (self.waiting.batch, position, record));
        let mut come: Vec<(Report, usize, u32)> = Vec::new();
        for (batch, position, record) in waited.chain(delivered).collect::<Vec<_>>() {
            let row = self.key_of(&record.who).and_then(|key| person_rows.row(key));
            if let Some(row) = row {
                self.used(position);
                let DeathRecord { source, dead, .. } = record;
                come.push((Report { row: packed(row), source: source.into(), dead }, position, batch));
            } else {
                self.found(RecordKind::Death, position, Problem::NoSuchSubject);
                if !matches!(record.who, Who::Described(..)) {
                    self.waiting.deaths.push((batch, record));
                }
            }
        }
        // of what one source has said of somebody, the latest batch counts
        come.sort_unstable_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        let come: Vec<(Report, usize)> = come
            .chunk_by(|a, b| (a.0.row, &a.0.source) == (b.0.row, &b.0.source))
            .flat_map(|same| {
                let latest = same.iter().map(|(.., batch)| *batch).max();
                same.iter().filter(move |(.., batch)| Some(*batch) == latest)
            })
            .map(|(report, position, _)| (report.clone(), *position))
            .collect();
        let again = |report: &Report| {
            come.binary_search_by(|(other, _)| (other.row, &other.source).cmp(&(report.row, &report.source))).is_ok()
        };
        let mut reports: Vec<(Report, usize)> = Vec::with_capacity(self.old.reports.len() + come.len());
        for report in &self.old.reports {
            match rows.now(report.row as usize) {
                Some(row) => {
                    let report = Report { row: packed(row), ..report.clone() };
                    if !again(&report) {
                        reports.push((report, 0));
                    }
                }
                None => self.wait_again(self.old.people.keys[report.row as usize], report),
            }
        }
        reports.extend(come);
        reports.sort_unstable();
        for of_person in reports.chunk_by(|a, b| a.0.row == b.0.row) {
            let Some(row) = of_person.first().map(|(report, _)| report.row as usize) else { continue };
            let own = people.has_record[row].then_some(people.dead[row]);
            let says = |answer: bool| own == Some(answer) || of_person.iter().any(|(report, _)| report.dead == answer);
            people.life[row] = match (says(true), says(false)) {
                (true, true) => Life::Disputed,
                (true, false) => Life::Dead,
                (false, _) => Life::Alive,
            };
            if people.life[row] == Life::Disputed {
                for (report, position) in of_person.iter().filter(|(report, _)| report.dead != own.unwrap_or(false)) {
                    debug_assert_eq!(report.row as usize, row);
                    self.found(RecordKind::Death, *position, Problem::DeathDisputed);
                }
            }
        }
        reports.into_iter().map(|(report, _)| report).collect()
    }

    /// Nobody has the row any more: what was said of them waits for them to come back.
    fn wait_again(&mut self, key: ResidentKey, report: &Report) {
        let Report { source, dead, .. } = report;
        let record = DeathRecord { who: Who::Key(key), source: source.to_string(), dead: *dead };
        self.waiting.deaths.push((0, record));
    }
}
