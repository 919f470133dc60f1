//! Of whom a rule's conditions hold on which days of a period, found in one pass and not day by day.

use chrono::NaiveDate;
use ennakko_core::day::day_number;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::register::SubjectRow;
use ennakko_core::trace::Part;
use ennakko_core::{RuleId, Truth};

use super::rows::Rows;
use super::{AtIssue, Evaluator, Issue, Version, Versions};
use crate::kernels::{self, BLOCK_ROWS, Block, DaysWithin, Pass, Turns, Words};
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

/// Of whom something is so in a period, and on which days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretches {
    /// The first day of the period, and the day after its last.
    pub period: (NaiveDate, NaiveDate),
    /// On each of its days, in the register's order.
    pub throughout: Rows,
    /// On some of its days only: by subject, in the register's order, and day; no two of a subject touch.
    pub in_part: Vec<Stretch>,
}

/// Whom a rule selects in a period, and on which days. On other days some condition is no, or no occasion is at issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhomOver {
    /// Every condition is yes.
    pub yes: Stretches,
    /// None is no, and some is unknown.
    pub unknown: Stretches,
    /// Days on which the rule does not run, each with the reason.
    pub not_run: Vec<(NaiveDate, NotRun)>,
}

impl Stretches {
    /// Every stretch, that of whom it is so throughout as long as the period: by subject, in the register's order, and day.
    pub fn all(&self) -> Vec<Stretch> {
        let (from, to) = self.period;
        let mut all = self.in_part.clone();
        all.extend(self.throughout.subjects().into_iter().map(|subject| Stretch { subject, from, to }));
        all.sort();
        all
    }

    /// Of whom it is so on a day of the period, in the register's order.
    pub fn on(&self, day: NaiveDate) -> Vec<SubjectRow> {
        let of_day = self.all().into_iter().filter(|stretch| stretch.from <= day && day < stretch.to);
        of_day.map(|stretch| stretch.subject).collect()
    }

    /// Number of stretches.
    pub fn len(&self) -> usize {
        self.throughout.len() + self.in_part.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Of whom one answer is given, while a period is gone through.
#[derive(Default)]
struct Found {
    /// A bit for each row: on each day of the part of the period that is looked at.
    whole: Vec<u64>,
    stretches: Vec<Stretch>,
}

impl Found {
    /// Whoever has been found on each day of a part has a stretch as long as it.
    fn spread(&mut self, kind: SubjectKind, (from, to): (NaiveDate, NaiveDate)) {
        let whole = Rows::of(kind, &std::mem::take(&mut self.whole));
        self.stretches.extend(whole.subjects().into_iter().map(|subject| Stretch { subject, from, to }));
    }

    /// What was found for one part of the period after another, as it is for the whole.
    fn join(&mut self, (from, to): (NaiveDate, NaiveDate)) {
        // each part's are sorted: a sort that merges is quick
        self.stretches.sort();
        self.stretches.dedup_by(|later, before| {
            let touches = later.subject == before.subject && later.from == before.to;
            if touches && !fault!(StretchesCutShort) {
                before.to = later.to;
            }
            touches
        });
        self.stretches.retain(|stretch| {
            let is_whole = stretch.from == from && stretch.to == to;
            if is_whole {
                let row = stretch.subject.position();
                let (word, bit) = (row / 64, 1 << (row % 64));
                self.whole.resize(self.whole.len().max(word + 1), 0);
                self.whole[word] |= bit;
            }
            !is_whole
        });
    }

    fn finish(self, kind: SubjectKind, period: (NaiveDate, NaiveDate)) -> Stretches {
        Stretches { period, throughout: Rows::of(kind, &self.whole), in_part: self.stretches }
    }
}

/// While a period is gone through.
struct InPeriod {
    kind: SubjectKind,
    yes: Found,
    unknown: Found,
    not_run: Vec<(NaiveDate, NotRun)>,
    /// Whether it has been looked at in parts, and not as a whole.
    in_parts: bool,
}

impl InPeriod {
    fn found(&mut self) -> [&mut Found; 2] {
        [&mut self.yes, &mut self.unknown]
    }

    /// A part has been looked at.
    fn end_part(&mut self, days: (NaiveDate, NaiveDate)) {
        self.in_parts = true;
        let kind = self.kind;
        self.found().into_iter().for_each(|found| found.spread(kind, days));
    }

    fn enter(&mut self, truth: Truth, stretch: Stretch) {
        match truth {
            Truth::Yes => self.yes.stretches.push(stretch),
            Truth::Unknown => self.unknown.stretches.push(stretch),
            Truth::No => {}
        }
    }
}

/// A block of a part of a period.
struct OfBlock<'f> {
    over: &'f mut InPeriod,
    /// Of whom every condition is yes on each day of the part, and of whom that is unknown.
    whole: [Words; 2],
    /// The first day of the part, and the day after its last.
    days: (NaiveDate, NaiveDate),
}

impl OfBlock<'_> {
    #[inline]
    fn enter(&mut self, truth: Truth, stretch: Stretch) {
        if (stretch.from, stretch.to) != self.days {
            self.over.enter(truth, stretch);
            return;
        }
        let row = stretch.subject.position() % BLOCK_ROWS;
        let [yes, unknown] = &mut self.whole;
        match truth {
            Truth::Yes => yes[row / 64] |= 1 << (row % 64),
            Truth::Unknown => unknown[row / 64] |= 1 << (row % 64),
            Truth::No => {}
        }
    }
}

/// Days that are looked at together, a century: what is kept of each day stays small in a period of any length.
const DAYS_AT_ONCE: chrono::Days = chrono::Days::new(36_525);

/// A subject, followed from day to day.
struct Following {
    subject: SubjectRow,
    /// Since when they come to what.
    before: Option<(NaiveDate, Truth)>,
}

impl Following {
    /// From a day on, they come to something.
    fn turn(&mut self, day: NaiveDate, truth: Truth, of: &mut OfBlock<'_>) {
        if self.before.is_some_and(|(_, before)| before == truth) {
            return;
        }
        if let Some((from, before)) = self.before.replace((day, truth)) {
            of.enter(before, Stretch { subject: self.subject, from, to: day });
        }
    }

    fn end(self, to: NaiveDate, of: &mut OfBlock<'_>) {
        if let Some((from, truth)) = self.before {
            of.enter(truth, Stretch { subject: self.subject, from, to });
        }
    }
}

impl Evaluator<'_> {
    /// Of whom every condition of a rule holds on which days of a period (its last day excluded), on the occasion that is
    /// everybody's: on each day those whom [`whom`](Self::whom) gives. None if subjects have occasions of their own.
    pub fn whom_over(&self, id: &RuleId, period: (NaiveDate, NaiveDate)) -> WhomOver {
        let versions = self.versions(id);
        let kind = versions.rules.first().map_or(SubjectKind::Resident, |first| first.card.subject);
        let mut over =
            InPeriod { kind, yes: Found::default(), unknown: Found::default(), not_run: Vec::new(), in_parts: false };
        self.go_over(versions, period, &mut over);
        if over.in_parts {
            over.found().into_iter().for_each(|found| found.join(period));
        }
        let InPeriod { kind, yes, unknown, not_run, .. } = over;
        WhomOver { yes: yes.finish(kind, period), unknown: unknown.finish(kind, period), not_run }
    }

    fn go_over(&self, versions: Versions<'_>, (from, to): (NaiveDate, NaiveDate), over: &mut InPeriod) {
        let Some(subject) = kernels::subject(over.kind, 0) else { return };
        let mut day = from;
        while day < to {
            let tomorrow = Days::one(day).to;
            let issue = match self.everybodys_issue(versions, subject, day) {
                Err(reason) => {
                    over.not_run.push((day, reason));
                    day = tomorrow;
                    continue;
                }
                Ok(None) => return,
                Ok(Some(issue)) => issue,
            };
            let mut end = self.issue_until(versions, subject, day, &issue).max(tomorrow).min(to);
            let Issue::At(at) = &issue else {
                day = end;
                continue;
            };
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
            let until = self.part_over(versions.at(at.version), at, (day, end), over);
            if (day, until) != (from, to) {
                over.end_part((day, until));
            }
            day = until;
        }
    }

    /// The same from a day on, as far as one occasion is at issue and no table has another row; returns the day after the last
    /// that was looked at.
    fn part_over(
        &self,
        version: Version<'_>,
        at: &AtIssue,
        (on, to): (NaiveDate, NaiveDate),
        period: &mut InPeriod,
    ) -> NaiveDate {
        let rule = version.rule;
        let kind = rule.card.subject;
        let to = on.checked_add_days(DAYS_AT_ONCE).map_or(to, |end| end.min(to));
        let over = self.over(kind, on, to, Some(at));
        let conditions = rule.lines.iter().filter(|line| line.part == Part::Condition);
        let mut passes: Vec<Pass<'_>> = conditions.map(|line| Pass::of(&line.test, over)).collect();
        let until = passes.iter().map(|pass| pass.until).fold(to, NaiveDate::min);
        let n_rows = self.ground.world.register.columns().len(kind);
        let before = period.found().map(|found| found.stretches.len());
        let mut came = InBlock::of(passes.len());
        let mut turns = Turns::default();
        // the day after the last among them, for a stretch that ends with the part
        let dates: Vec<NaiveDate> = on.iter_days().take_while(|day| *day <= until).collect();
        let first = day_number(on);
        let living = |block: usize| self.living(kind, block, &kernels::all(n_rows, block));
        super::whom::order(&mut passes, &living(0));
        let mut within: Vec<Option<DaysWithin<'_>>> = Vec::new();
        for block in 0..n_rows.div_ceil(BLOCK_ROWS) {
            came.look(&passes, block, &living(block));
            let open = came.open();
            let mut of = OfBlock { whole: came.settled(), over: &mut *period, days: (on, until) };
            if !kernels::is_empty(&open) {
                if within.is_empty() {
                    within.extend(passes.iter().map(Pass::days_within));
                    // more rarely than one in so many turns; a list that need not grow is not copied
                    of.over.yes.stretches.reserve(n_rows / 16);
                }
                within.iter_mut().flatten().for_each(|within| within.turn_to(block));
            }
            for row in kernels::rows_of(&open, block) {
                let Some(subject) = kernels::subject(kind, row) else { continue };
                if let Some([from, to]) = came.span(&within, row % BLOCK_ROWS, dates.len() - 1) {
                    if from < to {
                        let stays = came.stays(row % BLOCK_ROWS);
                        of.enter(stays, Stretch { subject, from: dates[from], to: dates[to] });
                    }
                    continue;
                }
                let turning = came.turning(&passes, row % BLOCK_ROWS);
                let mut found = Following { subject, before: None };
                let mut each = |day: i32, truth: Truth| {
                    if let Some(day) = usize::try_from(day - first).ok().and_then(|at| dates.get(at)) {
                        found.turn(*day, truth, &mut of);
                    }
                };
                let told = turning.is_some_and(|(stays, moving)| {
                    Pass::turns_of_all(moving, stays, row, &mut turns, |turn| each(turn.day, turn.truth))
                });
                if told {
                    found.end(until, &mut of);
                } else if self.walk_over(version, at, subject, &mut of).is_err() {
                    // somebody stops the rule on some day: each is looked at by itself
                    for (found, n) in period.found().into_iter().zip(before) {
                        found.whole.clear();
                        found.stretches.truncate(n);
                    }
                    self.day_by_day(&rule.card.id, (on, until), period);
                    return until;
                }
            }
            let whole = of.whole;
            for (found, words) in period.found().into_iter().zip(&whole) {
                if !kernels::is_empty(words) {
                    super::whom::enter(words, block, &mut found.whole);
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
        of: &mut OfBlock<'_>,
    ) -> Result<(), Stop> {
        let (mut day, to) = of.days;
        let mut found = Following { subject, before: None };
        while day < to {
            let bits = self.evaluate(version.rule, Part::Condition, subject, &at.occasion, day)?;
            let truth = match bits.value {
                bits if bits.no != 0 => Truth::No,
                bits if bits.unknown != 0 => Truth::Unknown,
                _ => Truth::Yes,
            };
            found.turn(day, truth, of);
            day = bits.days.to.max(Days::one(day).to);
        }
        found.end(to, of);
        Ok(())
    }

    fn day_by_day(&self, id: &RuleId, (on, to): (NaiveDate, NaiveDate), over: &mut InPeriod) {
        over.in_parts = true;
        for day in on.iter_days().take_while(|day| *day < to) {
            match self.whom(id, day) {
                Ok(of_day) => {
                    for (truth, subjects) in [(Truth::Yes, of_day.yes), (Truth::Unknown, of_day.unknown)] {
                        for subject in subjects.subjects() {
                            over.enter(truth, Stretch { subject, from: day, to: Days::one(day).to });
                        }
                    }
                }
                Err(reason) => over.not_run.push((day, reason)),
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

    /// Of whom every condition is yes on each day, and of whom that is unknown.
    fn settled(&self) -> [Words; 2] {
        let stays = |at: usize| self.left[at] & !self.moves[at] & !self.ask[at];
        [
            std::array::from_fn(|at| stays(at) & !self.unknown[at]),
            std::array::from_fn(|at| stays(at) & self.unknown[at]),
        ]
    }

    /// Of whom it may be another on some day, or is not told by columns.
    fn open(&self) -> Words {
        std::array::from_fn(|at| self.left[at] & (self.moves[at] | self.ask[at]))
    }

    /// From and until which day, by their positions, no condition that may turn is no of a row; `None` where some is another
    /// test than one of a day, or does not know the day.
    #[inline]
    fn span(&self, within: &[Option<DaysWithin<'_>>], row: usize, n_days: usize) -> Option<[usize; 2]> {
        let (word, bit) = (row / 64, row % 64);
        let is = |words: &Words| words[word] >> bit & 1 == 1;
        if is(&self.ask) {
            return None;
        }
        let [mut from, mut to] = [0, n_days];
        for (came, within) in self.came.iter().zip(within) {
            if is(&came.moves) {
                let [first, end] = within.as_ref()?.of_row(row)?;
                let before = if fault!(SpansOfTheLastTest) { [0, n_days] } else { [from, to] };
                [from, to] = [before[0].max(first), before[1].min(end)];
            }
        }
        Some([from, to])
    }

    /// What the conditions that stay come to together of a row of whom none is no for good.
    #[inline]
    fn stays(&self, row: usize) -> Truth {
        let (word, bit) = (row / 64, row % 64);
        let is = |words: &Words| words[word] >> bit & 1 == 1;
        let unknown = is(&self.unknown) && self.came.iter().any(|came| !is(&came.moves) && is(&came.unknown));
        if unknown { Truth::Unknown } else { Truth::Yes }
    }

    /// Conditions that may turn of a row, and what the others come to; `None` where columns do not tell.
    fn turning<'p, 'r>(
        &self,
        passes: &'p [Pass<'r>],
        row: usize,
    ) -> Option<(Truth, impl Iterator<Item = &'p Pass<'r>>)> {
        let (word, bit) = (row / 64, row % 64);
        let is = move |words: &Words| words[word] >> bit & 1 == 1;
        let moving = passes.iter().zip(&self.came).filter(move |(_, came)| is(&came.moves)).map(|(pass, _)| pass);
        (!is(&self.ask)).then(|| (self.stays(row), moving))
    }
}
