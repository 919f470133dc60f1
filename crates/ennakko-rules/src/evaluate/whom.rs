//! Of whom a rule's lines hold on a day, whether or not they are of its cohort.

use chrono::NaiveDate;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::register::SubjectRow;
use ennakko_core::trace::Part;
use ennakko_core::{RuleId, Truth};

use super::rows::Rows;
use super::{AtIssue, By, Evaluator, Issue, Version, not_run};
use crate::kernels::{self, BLOCK_ROWS, BLOCK_WORDS, Block, Pass, Pool, Words};
use crate::outcomes::NotRun;
use crate::rule::Rule;

/// Subjects of a rule of whom every condition holds, and those of whom that cannot be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whom {
    /// Every condition is yes.
    pub yes: Rows,
    /// None is no, and some is unknown.
    pub unknown: Rows,
}

impl Whom {
    /// Nobody.
    fn none(kind: SubjectKind) -> Self {
        Self { yes: Rows::none(kind), unknown: Rows::none(kind) }
    }
}

/// A rule while whom it selects is found.
struct Selection<'e> {
    /// Its position among those asked about.
    at: usize,
    rule: &'e Rule,
    issue: &'e AtIssue,
    /// Of each condition.
    passes: Vec<Pass<'e>>,
    found: Result<Found, NotRun>,
}

/// A bit for each row: whom a rule selects, and of whom that cannot be told, up to the last of them.
#[derive(Default)]
struct Found {
    yes: Vec<u64>,
    unknown: Vec<u64>,
}

/// Enters the words of a block.
pub(super) fn enter(words: &Words, block: usize, into: &mut Vec<u64>) {
    into.resize(block * BLOCK_WORDS, 0);
    into.extend_from_slice(words);
}

/// What costs little and leaves few comes first, as it is in the first block: no answer hangs on the order.
pub(super) fn order(passes: &mut [Pass<'_>], living: &Words) {
    let left = |pass: &Pass<'_>| {
        let came = pass.block(0, living);
        let mut left = 0;
        for (at, living) in living.iter().enumerate() {
            left += (living & (came.yes[at] | came.unknown[at] | came.ask[at])).count_ones();
        }
        left
    };
    if passes.len() > 1 {
        passes.sort_by_cached_key(|pass| (pass.cost(), left(pass)));
    }
}

impl Selection<'_> {
    /// Of a block, those of whom no condition is no.
    fn take(&mut self, evaluator: &Evaluator<'_>, day: NaiveDate, (block, living): (usize, &Words), room: &mut Room) {
        let Ok(found) = &mut self.found else { return };
        let Room { came: room, unknown, ask } = room;
        let mut left = *living;
        let mut plain = true;
        for pass in &self.passes {
            if kernels::is_empty(&left) {
                return;
            }
            if fault!(SelectionsStopAtTheFirst) && left != *living {
                break;
            }
            let asked = left;
            pass.with(block, &asked, room, |came| {
                if came.plain {
                    left.iter_mut().zip(&came.yes).for_each(|(left, yes)| *left &= yes);
                    return;
                }
                if plain {
                    (*unknown, *ask, plain) = ([0; BLOCK_WORDS], [0; BLOCK_WORDS], false);
                }
                for (at, word) in left.iter_mut().enumerate() {
                    unknown[at] |= if fault!(SelectionsLoseTheUnknown) { 0 } else { came.unknown[at] };
                    ask[at] |= came.ask[at];
                    *word &= came.yes[at] | came.unknown[at] | came.ask[at];
                }
            });
        }
        if !plain {
            let asked = std::array::from_fn(|at| left[at] & ask[at]);
            let asked = (!kernels::is_empty(&asked)).then_some(asked);
            for row in asked.iter().flat_map(|asked| kernels::rows_of(asked, block)) {
                let (word, bit) = (row % BLOCK_ROWS / 64, 1 << (row % 64));
                let Some(subject) = kernels::subject(self.rule.card.subject, row) else { continue };
                let bits = match evaluator.evaluate(self.rule, Part::Condition, subject, &self.issue.occasion, day) {
                    Err(stop) => {
                        self.found = Err(not_run(stop));
                        return;
                    }
                    Ok(bits) => bits.value,
                };
                if bits.no != 0 {
                    left[word] &= !bit;
                } else if bits.unknown != 0 {
                    unknown[word] |= bit;
                } else {
                    unknown[word] &= !bit;
                }
            }
            let (mut any, mut unsure) = (0, left);
            for (at, unknown) in unknown.iter().enumerate() {
                unsure[at] &= unknown;
                left[at] &= !unknown;
                any |= unsure[at];
            }
            if any != 0 {
                enter(&unsure, block, &mut found.unknown);
            }
        }
        enter(&left, block, &mut found.yes);
    }
}

/// Where a block of rows is worked out.
struct Room {
    came: Block,
    unknown: Words,
    ask: Words,
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
        let nobody = || Ok(Whom::none(SubjectKind::Resident));
        self.whom_of(std::slice::from_ref(id), day).pop().unwrap_or_else(nobody)
    }

    /// The same of several rules, in one pass over the register: what more than one of them asks is worked out once.
    pub fn whom_of(&self, ids: &[RuleId], day: NaiveDate) -> Vec<Result<Whom, NotRun>> {
        let at_issue: Vec<Result<Option<(Version<'_>, AtIssue)>, NotRun>> =
            ids.iter().map(|id| self.everybodys(id, day)).collect();
        let nobody = |(id, at_issue): (&RuleId, &Result<_, NotRun>)| match at_issue {
            Ok(_) => {
                Ok(Whom::none(self.versions(id).rules.first().map_or(SubjectKind::Resident, |rule| rule.card.subject)))
            }
            Err(not_run) => Err(not_run.clone()),
        };
        let mut whom: Vec<Result<Whom, NotRun>> = ids.iter().zip(&at_issue).map(nobody).collect();
        for kind in [SubjectKind::Resident, SubjectKind::Household, SubjectKind::Building] {
            let mut pool = Pool::default();
            let mut selections: Vec<Selection<'_>> = at_issue
                .iter()
                .enumerate()
                .filter_map(|(at, at_issue)| {
                    let (version, issue) = at_issue.as_ref().ok()?.as_ref()?;
                    (version.rule.card.subject == kind).then(|| self.selection(at, *version, issue, day, &mut pool))
                })
                .collect();
            drop(pool);
            self.go_through(kind, day, &mut selections);
            for Selection { at, found, .. } in selections {
                whom[at] = found.map(|Found { yes, unknown }| Whom {
                    yes: Rows::of(kind, &yes),
                    unknown: Rows::of(kind, &unknown),
                });
            }
        }
        whom
    }

    fn selection<'e>(
        &'e self,
        at: usize,
        version: Version<'e>,
        issue: &'e AtIssue,
        day: NaiveDate,
        pool: &mut Pool<'e>,
    ) -> Selection<'e> {
        let rule = version.rule;
        let over = self.over(rule.card.subject, day, day.succ_opt().unwrap_or(NaiveDate::MAX), Some(issue));
        let conditions = rule.lines.iter().filter(|line| line.part == Part::Condition);
        let passes: Vec<Pass<'_>> = conditions.map(|line| Pass::among(&line.test, over, pool)).collect();
        Selection { at, rule, issue, passes, found: Ok(Found::default()) }
    }

    fn go_through(&self, kind: SubjectKind, day: NaiveDate, selections: &mut [Selection<'_>]) {
        if selections.is_empty() {
            return;
        }
        let n_rows = self.ground.world.register.columns().len(kind);
        let mut room = Room { came: Block::NO, unknown: [0; BLOCK_WORDS], ask: [0; BLOCK_WORDS] };
        for block in 0..n_rows.div_ceil(BLOCK_ROWS) {
            let living = self.living(kind, block, &kernels::all(n_rows, block));
            for selection in selections.iter_mut() {
                if block == 0 {
                    order(&mut selection.passes, &living);
                }
                selection.take(self, day, (block, &living), &mut room);
            }
        }
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
