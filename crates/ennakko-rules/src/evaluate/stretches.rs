//! Of whom a rule's conditions hold on which days of a period, found in one pass and not day by day.

use chrono::NaiveDate;
use ennakko_core::day::day_number;
use ennakko_core::register::SubjectRow;
use ennakko_core::trace::Part;
use ennakko_core::{RuleId, Truth};

use super::{AtIssue, Evaluator, Issue, Version};
use crate::kernels::{self, BLOCK_ROWS, Block, Pass, Turns, Words};
use crate::outcomes::NotRun;
use crate::rule::{Rule, Test};
use crate::step::OCCASION;
use crate::stop::Stop;
use crate::walk::Days;

/// Days that follow one another, on which the same is so of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// Of whom.
    pub subject: SubjectRow,
    /// The first day.
    pub from: NaiveDate,
    /// The day after the last.
    pub to: NaiveDate,
}

/// Whom a rule selects in a period, and on which days. On other days some condition is no, or no occasion is at issue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhomOver {
    /// Every condition is yes. By subject, in the register's order, and day; no two of a subject touch.
    pub yes: Vec<Stretch>,
    /// None is no, and some is unknown; likewise.
    pub unknown: Vec<Stretch>,
    /// Days on which the rule does not run, each with the reason.
    pub not_run: Vec<(NaiveDate, NotRun)>,
}

impl WhomOver {
    fn enter(&mut self, truth: Truth, stretch: Stretch) {
        match truth {
            Truth::Yes => self.yes.push(stretch),
            Truth::Unknown => self.unknown.push(stretch),
            Truth::No => {}
        }
    }

    /// What was found for one part of the period after another, as it is for the whole.
    fn join(&mut self) {
        for stretches in [&mut self.yes, &mut self.unknown] {
            stretches.sort();
            stretches.dedup_by(|later, before| {
                let touches = later.subject == before.subject && later.from == before.to;
                if touches && !fault!(StretchesCutShort) {
                    before.to = later.to;
                }
                touches
            });
        }
    }
}

/// A subject, followed from day to day.
struct Following {
    subject: SubjectRow,
    /// Since when they come to what.
    before: Option<(NaiveDate, Truth)>,
}

impl Following {
    /// From a day on, they come to something.
    fn turn(&mut self, day: NaiveDate, truth: Truth, whom: &mut WhomOver) {
        if self.before.is_some_and(|(_, before)| before == truth) {
            return;
        }
        if let Some((from, before)) = self.before.replace((day, truth)) {
            whom.enter(before, Stretch { subject: self.subject, from, to: day });
        }
    }

    fn end(self, to: NaiveDate, whom: &mut WhomOver) {
        if let Some((from, truth)) = self.before {
            whom.enter(truth, Stretch { subject: self.subject, from, to });
        }
    }
}

impl Evaluator<'_> {
    /// Of whom every condition of a rule holds on which days of a period (its last day excluded), on the occasion that is
    /// everybody's: on each day those whom [`whom`](Self::whom) gives. None if subjects have occasions of their own.
    pub fn whom_over(&self, id: &RuleId, (from, to): (NaiveDate, NaiveDate)) -> WhomOver {
        let mut whom = WhomOver::default();
        let versions = self.versions(id);
        let subject = versions.rules.first().and_then(|first| kernels::subject(first.card.subject, 0));
        let Some(subject) = subject else { return whom };
        let (mut day, mut n_parts) = (from, 0);
        while day < to {
            let tomorrow = Days::one(day).to;
            day = match self.everybodys_issue(versions, subject, day) {
                Err(reason) => {
                    whom.not_run.push((day, reason));
                    tomorrow
                }
                Ok(None) => return whom,
                Ok(Some(issue)) => {
                    let mut end = self.issue_until(versions, subject, day, &issue).max(tomorrow).min(to);
                    match &issue {
                        Issue::At(at) => {
                            n_parts += 1;
                            // whichever round it is, the same is asked
                            while end < to && !reads_occasion(versions.at(at.version).rule) {
                                let next = self.everybodys_issue(versions, subject, end);
                                let Ok(Some(issue @ Issue::At(_))) = &next else { break };
                                if !matches!(issue, Issue::At(next) if next.version == at.version) {
                                    break;
                                }
                                let after = self.issue_until(versions, subject, end, issue);
                                end = after.max(Days::one(end).to).min(to);
                            }
                            self.part_over(versions.at(at.version), at, (day, end), &mut whom)
                        }
                        Issue::None | Issue::Unknown(_) => end,
                    }
                }
            };
        }
        if n_parts > 1 || !whom.not_run.is_empty() {
            whom.join();
        }
        whom
    }

    /// The same from a day on, as far as one occasion is at issue and no table has another row; returns the day after the last
    /// that was looked at.
    fn part_over(
        &self,
        version: Version<'_>,
        at: &AtIssue,
        (on, to): (NaiveDate, NaiveDate),
        whom: &mut WhomOver,
    ) -> NaiveDate {
        let rule = version.rule;
        let kind = rule.card.subject;
        let over = self.over(kind, on, to, Some(at));
        let conditions = rule.lines.iter().filter(|line| line.part == Part::Condition);
        let mut passes: Vec<Pass<'_>> = conditions.map(|line| Pass::of(&line.test, over)).collect();
        let until = passes.iter().map(|pass| pass.until).fold(to, NaiveDate::min);
        let n_rows = self.ground.world.register.columns().len(kind);
        let (n_yes, n_unknown) = (whom.yes.len(), whom.unknown.len());
        // most rules select few; a vector that need not grow is not copied
        whom.yes.reserve(n_rows / 8);
        let mut of = InBlock::of(passes.len());
        let mut turns = Turns::default();
        let dates: Vec<NaiveDate> = on.iter_days().take_while(|day| *day <= until).collect();
        let first = day_number(on);
        for block in 0..n_rows.div_ceil(BLOCK_ROWS) {
            let living = self.living(kind, block, &kernels::all(n_rows, block));
            if block == 0 {
                super::whom::order(&mut passes, &living);
            }
            of.look(&passes, block, &living);
            for word in 0..of.left.len() {
                for bit in kernels::bits_of(of.left[word]) {
                    let row = block * BLOCK_ROWS + word * 64 + bit;
                    let Some(subject) = kernels::subject(kind, row) else { continue };
                    let is = |words: &Words| words[word] >> bit & 1 == 1;
                    if !is(&of.moves) && !is(&of.ask) {
                        let truth = if is(&of.unknown) { Truth::Unknown } else { Truth::Yes };
                        whom.enter(truth, Stretch { subject, from: on, to: until });
                        continue;
                    }
                    let mut found = Following { subject, before: None };
                    let mut each = |day: i32, truth: Truth| {
                        if let Some(day) = usize::try_from(day - first).ok().and_then(|at| dates.get(at)) {
                            found.turn(*day, truth, whom);
                        }
                    };
                    let told = !is(&of.ask) && {
                        let moving =
                            passes.iter().zip(&of.came).filter(|(_, came)| is(&came.moves)).map(|(pass, _)| pass);
                        let stays = of.came.iter().filter(|came| !is(&came.moves)).any(|came| is(&came.unknown));
                        let stays = if stays { Truth::Unknown } else { Truth::Yes };
                        Pass::turns_of_all(moving, stays, row, &mut turns, |turn| each(turn.day, turn.truth))
                    };
                    if told {
                        found.end(until, whom);
                    } else if self.walk_over(version, at, subject, (on, until), whom).is_err() {
                        // somebody stops the rule on some day: each is looked at by itself
                        whom.yes.truncate(n_yes);
                        whom.unknown.truncate(n_unknown);
                        self.day_by_day(&rule.card.id, (on, until), whom);
                        return until;
                    }
                }
            }
        }
        until
    }

    /// Of one subject, by walk.
    fn walk_over(
        &self,
        version: Version<'_>,
        at: &AtIssue,
        subject: SubjectRow,
        (on, to): (NaiveDate, NaiveDate),
        whom: &mut WhomOver,
    ) -> Result<(), Stop> {
        let mut day = on;
        let mut found = Following { subject, before: None };
        while day < to {
            let bits = self.evaluate(version.rule, Part::Condition, subject, &at.occasion, day)?;
            let truth = match bits.value {
                bits if bits.no != 0 => Truth::No,
                bits if bits.unknown != 0 => Truth::Unknown,
                _ => Truth::Yes,
            };
            found.turn(day, truth, whom);
            day = bits.days.to.max(Days::one(day).to);
        }
        found.end(to, whom);
        Ok(())
    }

    fn day_by_day(&self, id: &RuleId, (on, to): (NaiveDate, NaiveDate), whom: &mut WhomOver) {
        for day in on.iter_days().take_while(|day| *day < to) {
            match self.whom(id, day) {
                Ok(of_day) => {
                    for (truth, subjects) in [(Truth::Yes, of_day.yes), (Truth::Unknown, of_day.unknown)] {
                        for subject in subjects.subjects() {
                            whom.enter(truth, Stretch { subject, from: day, to: Days::one(day).to });
                        }
                    }
                }
                Err(reason) => whom.not_run.push((day, reason)),
            }
        }
    }
}

/// Whether some condition reads the occasion.
fn reads_occasion(rule: &Rule) -> bool {
    fn of(test: &Test) -> bool {
        match test {
            Test::One(script) => kernels::reads(&script.steps.step, OCCASION),
            Test::AnyOf(tests) | Test::AllOf(tests) => tests.iter().any(|named| of(&named.test)),
        }
    }
    rule.lines.iter().any(|line| line.part == Part::Condition && of(&line.test))
}

/// What conditions come to in a block.
struct InBlock {
    came: Vec<Block>,
    /// Those of whom no condition is no for good.
    left: Words,
    unknown: Words,
    moves: Words,
    ask: Words,
}

impl InBlock {
    fn of(n_conditions: usize) -> Self {
        let none = [0; 64];
        Self { came: vec![Block::NO; n_conditions], left: none, unknown: none, moves: none, ask: none }
    }

    fn look(&mut self, passes: &[Pass<'_>], block: usize, living: &Words) {
        (self.left, self.unknown, self.moves, self.ask) = (*living, [0; 64], [0; 64], [0; 64]);
        for (pass, came) in passes.iter().zip(&mut self.came) {
            if kernels::is_empty(&self.left) {
                return;
            }
            pass.put(block, &self.left, came);
            if came.plain {
                self.left.iter_mut().zip(&came.yes).for_each(|(left, yes)| *left &= yes);
                continue;
            }
            for (at, left) in self.left.iter_mut().enumerate() {
                let moves = if fault!(PartsOverlookWhoMoves) { 0 } else { came.moves[at] };
                self.unknown[at] |= came.unknown[at];
                self.moves[at] |= moves;
                self.ask[at] |= came.ask[at];
                *left &= came.yes[at] | came.unknown[at] | moves | came.ask[at];
            }
        }
    }
}
