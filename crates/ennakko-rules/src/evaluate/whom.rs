//! Of whom a rule's lines hold on a day, whether or not they are of its cohort.

use chrono::NaiveDate;
use ennakko_core::register::SubjectRow;
use ennakko_core::trace::Part;
use ennakko_core::{RuleId, Truth};

use super::{AtIssue, By, Evaluator, Issue, Version, not_run};
use crate::kernels::{self, BLOCK_ROWS, Pass, rows_of};
use crate::outcomes::NotRun;

/// Subjects of a rule of whom every condition holds, and those of whom that cannot be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whom {
    /// Every condition is yes.
    pub yes: Vec<SubjectRow>,
    /// None is no, and some is unknown.
    pub unknown: Vec<SubjectRow>,
}

/// What each line of a rule comes to for each of its subjects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineTruths {
    /// Every subject of the rule's kind that is not dead.
    pub subjects: Vec<SubjectRow>,
    /// By line, what it comes to for each subject.
    pub truths: Vec<Vec<Truth>>,
    /// By line, whether it stays so for each subject before `until`.
    pub stays: Vec<Vec<bool>>,
    /// The day up to which that is told, excluded.
    pub until: NaiveDate,
    /// By line, how many of its pieces are evaluated row by row.
    pub by_row: Vec<usize>,
    /// Answers of kernels that only walk could give.
    pub n_asked: usize,
}

impl Evaluator<'_> {
    /// Of whom every condition of a rule holds on a day, on the occasion that is everybody's; none if none is at issue, or if
    /// subjects have occasions of their own.
    ///
    /// # Errors
    /// * [`NotRun`] when the rule does not run on the day
    pub fn whom(&self, id: &RuleId, day: NaiveDate) -> Result<Whom, NotRun> {
        let mut whom = Whom { yes: Vec::new(), unknown: Vec::new() };
        let Some((version, at)) = self.everybodys(id, day)? else { return Ok(whom) };
        let kind = version.rule.card.subject;
        let to = day.succ_opt().unwrap_or(NaiveDate::MAX);
        let over = self.over(kind, day, to, Some(&at));
        let conditions = version.rule.lines.iter().filter(|line| line.part == Part::Condition);
        let passes: Vec<Pass<'_>> = conditions.map(|line| Pass::of(&line.test, over)).collect();
        let everybody = Pass::of_everybody(over);
        for block in 0..everybody.n_blocks() {
            let mut left = self.living(kind, block, &everybody.all(block));
            let (mut unknown, mut ask) = ([0_u64; 64], [0_u64; 64]);
            for pass in &passes {
                if left.iter().all(|word| *word == 0) {
                    break;
                }
                let came = pass.block(block, &left);
                for (at, word) in left.iter_mut().enumerate() {
                    unknown[at] |= came.unknown[at];
                    ask[at] |= came.ask[at];
                    *word &= came.yes[at] | came.unknown[at] | came.ask[at];
                }
            }
            for row in rows_of(&left, block) {
                let Some(subject) = kernels::subject(kind, row) else { continue };
                let is = |words: &kernels::Words| words[row % BLOCK_ROWS / 64] >> (row % 64) & 1 == 1;
                let unknown = if is(&ask) {
                    let bits = self.evaluate(version.rule, Part::Condition, subject, &at.occasion, day);
                    let bits = bits.map_err(not_run)?.value;
                    if bits.no != 0 {
                        continue;
                    }
                    bits.unknown != 0
                } else {
                    is(&unknown)
                };
                if unknown { &mut whom.unknown } else { &mut whom.yes }.push(subject);
            }
        }
        Ok(whom)
    }

    /// What each line of a rule comes to on a day, on the occasion that is everybody's, by this evaluator, and whether it stays
    /// so before `to`: so that evaluators can be compared line by line.
    ///
    /// # Errors
    /// * [`NotRun`] when the rule does not run on the day
    pub fn lines(&self, id: &RuleId, day: NaiveDate, to: NaiveDate) -> Result<Option<LineTruths>, NotRun> {
        let Some((version, at)) = self.everybodys(id, day)? else { return Ok(None) };
        let rule = version.rule;
        let register = &self.ground.world.register;
        let mut subjects = register.subjects(rule.card.subject);
        subjects.retain(|subject| !register.subject(*subject).is_dead());
        let mut lines =
            LineTruths { subjects, truths: Vec::new(), stays: Vec::new(), until: to, by_row: Vec::new(), n_asked: 0 };
        for (bit, line) in rule.lines.iter().enumerate() {
            let name = rule.names[bit].name.as_str();
            let pass = (self.by == By::Kernels)
                .then(|| Pass::of(&line.test, self.over(rule.card.subject, day, to, Some(&at))));
            let blocks = pass.as_ref().map(|pass| {
                lines.until = lines.until.min(pass.until);
                lines.by_row.push(pass.by_row().len());
                (0..pass.n_blocks()).map(|block| pass.block(block, &pass.all(block))).collect::<Vec<_>>()
            });
            let (mut truths, mut stays) = (Vec::new(), Vec::new());
            for subject in &lines.subjects {
                let row = subject.position();
                let block = blocks.as_ref().and_then(|blocks| blocks.get(row / BLOCK_ROWS));
                let found = block.and_then(|block| {
                    block.truth(row % BLOCK_ROWS).map(|truth| (truth, !block.moves(row % BLOCK_ROWS)))
                });
                let (truth, same) = if let Some(found) = found {
                    found
                } else {
                    lines.n_asked += usize::from(blocks.is_some());
                    let truth = self.truth(&line.test, name, *subject, day, &at.occasion, None).map_err(not_run)?;
                    (truth.value, to <= truth.days.to)
                };
                truths.push(truth);
                stays.push(same);
            }
            lines.truths.push(truths);
            lines.stays.push(stays);
        }
        Ok(Some(lines))
    }

    /// The occasion that is everybody's, and the version that governs it.
    fn everybodys(&self, id: &RuleId, day: NaiveDate) -> Result<Option<(Version<'_>, AtIssue)>, NotRun> {
        let versions = self.versions(id);
        let Some(first) = versions.rules.first() else { return Ok(None) };
        let Some(subject) = kernels::subject(first.card.subject, 0) else { return Ok(None) };
        match self.everybodys_issue(versions, subject, day)? {
            Some(Issue::At(at)) => Ok(Some((versions.at(at.version), at))),
            Some(Issue::None | Issue::Unknown(_)) | None => Ok(None),
        }
    }
}
