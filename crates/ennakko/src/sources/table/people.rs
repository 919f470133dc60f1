//! Rows about persons: residents, where they have lived, deaths, custody.

use std::collections::BTreeMap;

use ennakko_core::record::{
    CustodyKind, CustodyRecord, CustodyRight, DeathRecord, HistoryRecord, Matter, Names, ResidentRecord, Sex, Stay, Who,
};
use ennakko_core::{Fact, UnknownReason};

use super::super::{SourceIssue, SourceProblem};
use super::Made;
use super::cell::{Batch, Told};
use super::plan::{Plans, exact, key, state};
use super::row::Row;

type Issues = Vec<SourceIssue>;

pub(super) fn residents(plans: &Plans<'_>, batch: &Batch, issues: &mut Issues, made: &mut Made) {
    let codes = plans.codes;
    let mut keys =
        plans.read(batch, "key", |plan, raw| plan.with_text(raw, |text| key(text).ok_or(SourceProblem::BadCode)));
    let mut present = plans.read(batch, "code", |plan, raw| plan.with_text(raw, |text| codes.code(text)));
    let mut former = plans.read(batch, "former_codes", |plan, raw| {
        plan.with_text(raw, |text| {
            text.split_ascii_whitespace().map(|code| codes.code(code)).collect::<Result<Vec<_>, _>>()
        })
    });
    let mut given = plans.texts(batch, "given");
    let mut family = plans.texts(batch, "family");
    let mut born = plans.dates(batch, "born");
    let mut sex = plans.words(batch, "sex");
    let mut dead = plans.flags(batch, "dead");
    let mut municipality = plans.municipalities(batch, "municipality");
    let mut language = plans.languages(batch, "language");
    let mut protected = plans.flags(batch, "protected");
    let mut dwelling = plans.texts(batch, "dwelling");
    let mut since = plans.dates(batch, "since");
    let mut custodians = plans.lists(batch, "custodians");
    let mut in_care = plans.flags(batch, "in_care");
    made.loaded.delivery.residents.reserve(batch.positions.len());
    for position in &batch.positions {
        let mut row = Row::at(*position, issues);
        let row = &mut row;
        let key = keys.given(row);
        let former_codes = former.given(row).unwrap_or_default();
        let is_known = key.is_some() || !former_codes.is_empty();
        let code = match present.told() {
            Told::Known(code) => Some(code),
            Told::Wrong(problem) if is_known => {
                row.wrong(present.name(), problem);
                None
            }
            Told::Wrong(problem) => {
                row.set_aside(Some(present.name()), problem);
                None
            }
            Told::None | Told::Unknown(_) | Told::Empty | Told::Lacking => {
                if !is_known {
                    row.set_aside(None, SourceProblem::NoCode);
                }
                None
            }
        };
        let names = names(given.given(row), family.given(row));
        let record = ResidentRecord {
            key,
            code,
            former_codes,
            names,
            born: born.fact(row),
            sex: sex.fact(row).map(|at| if at == 0 { Sex::Female } else { Sex::Male }),
            // a row that does not say it is set aside below
            dead: dead.must(row).unwrap_or_default(),
            municipality: municipality.fact(row),
            language: language.fact(row),
            protection: protected.fact(row),
            dwelling: dwelling.fact(row),
            dwelling_since: since.fact(row),
            custodians: state(custodians.fact(row)),
            in_care: in_care.fact(row),
        };
        if !row.is_aside() {
            made.loaded.delivery.residents.push(record);
            made.loaded.origins.residents.push(*position);
            made.loaded.used += 1;
        }
    }
}

fn names(given: Option<String>, family: Option<String>) -> Option<Names> {
    (given.is_some() || family.is_some())
        .then(|| Names { given: given.unwrap_or_default(), family: family.unwrap_or_default() })
}

/// Stays by person, across batches.
#[derive(Default)]
pub(super) struct Stays {
    of: BTreeMap<Who, usize>,
}

impl Stays {
    pub(super) fn read(&mut self, plans: &Plans<'_>, batch: &Batch, issues: &mut Issues, made: &mut Made) {
        let mut whose = plans.whos(batch, "who");
        let mut municipality = plans.municipalities(batch, "municipality");
        let mut from = plans.dates(batch, "from");
        let mut last_day = plans.dates(batch, "last_day");
        let mut known_from = plans.dates(batch, "known_from");
        let histories = &mut made.loaded.delivery.histories;
        for position in &batch.positions {
            let mut row = Row::at(*position, issues);
            let row = &mut row;
            let of = whose.must(row);
            let stay =
                Stay { municipality: municipality.fact(row), from: from.fact(row), last_day: last_day.fact(row) };
            let known = exact(known_from.fact(row));
            let Some(of) = of else { continue };
            made.loaded.used += 1;
            let at = *self.of.entry(of).or_insert_with_key(|of| {
                histories.push(HistoryRecord { of: of.clone(), known_from: known, stays: Vec::new() });
                made.loaded.origins.histories.push(*position);
                histories.len() - 1
            });
            let history = &mut histories[at];
            if history.known_from != known {
                // rows of one person that disagree: nobody knows from when they are all there is
                history.known_from = Fact::Unknown(UnknownReason::Disputed);
                row.wrong(known_from.name(), SourceProblem::WrongShape);
            }
            history.stays.push(stay);
        }
    }
}

pub(super) fn deaths(plans: &Plans<'_>, batch: &Batch, issues: &mut Issues, made: &mut Made) {
    let mut whose = plans.whos(batch, "who");
    let mut source = plans.texts(batch, "source");
    let mut dead = plans.flags(batch, "dead");
    for position in &batch.positions {
        let mut row = Row::at(*position, issues);
        let row = &mut row;
        let (who, source, dead) = (whose.must(row), source.must(row), dead.must(row));
        if let (Some(who), Some(source), Some(dead)) = (who, source, dead) {
            made.loaded.delivery.deaths.push(DeathRecord { who, source, dead });
            made.loaded.origins.deaths.push(*position);
            made.loaded.used += 1;
        }
    }
}

pub(super) fn custody(plans: &Plans<'_>, batch: &Batch, issues: &mut Issues, made: &mut Made) {
    let mut children = plans.whos(batch, "child");
    let mut custodians = plans.whos(batch, "custodian");
    let mut given = plans.texts(batch, "custodian_given");
    let mut family = plans.texts(batch, "custodian_family");
    let mut born = plans.dates(batch, "custodian_born");
    let mut kinds = plans.words(batch, "kind");
    let mut from = plans.dates(batch, "from");
    let mut until = plans.dates(batch, "until");
    let mut may_decide = plans.flags(batch, "may_decide");
    for position in &batch.positions {
        let mut row = Row::at(*position, issues);
        let row = &mut row;
        let child = children.must(row);
        let described = (names(given.given(row), family.given(row)), born.fact(row));
        let custodian = match (custodians.told(), described) {
            (Told::Known(who), _) => Some(who),
            (Told::Wrong(problem), _) => {
                row.set_aside(Some(custodians.name()), problem);
                None
            }
            (_, (Some(names), born)) => Some(Who::Described(Box::new(names), born)),
            (_, (None, _)) => {
                row.set_aside(Some(custodians.name()), SourceProblem::NoCode);
                None
            }
        };
        let kind = kinds.must(row);
        let (from, until) = (exact(from.fact(row)), exact(until.fact(row)));
        let may_decide = may_decide.fact(row);
        match (child, custodian, kind) {
            (Some(child), Some(custodian), Some(kind)) => {
                let kind = match kind {
                    0 => CustodyKind::Custodian,
                    1 => CustodyKind::InformationOnly,
                    _ => CustodyKind::Guardian,
                };
                let rights = Vec::new();
                let record = CustodyRecord { child, custodian, kind, from, until, may_decide, rights };
                made.loaded.delivery.custody.push(record);
                made.loaded.origins.custody.push(*position);
                made.loaded.used += 1;
            }
            // somebody beside this child is not known: the list of custodians is not whole
            (Some(child), _, _) => made.later.opened.push(child),
            (None, _, _) => {}
        }
    }
}

pub(super) fn rights(plans: &Plans<'_>, batch: &Batch, issues: &mut Issues, made: &mut Made) {
    let mut children = plans.whos(batch, "child");
    let mut custodians = plans.whos(batch, "custodian");
    let mut matters = plans.texts(batch, "matter");
    let mut may_decide = plans.flags(batch, "may_decide");
    let mut from = plans.dates(batch, "from");
    let mut until = plans.dates(batch, "until");
    for position in &batch.positions {
        let mut row = Row::at(*position, issues);
        let row = &mut row;
        let pair = (children.must(row), custodians.must(row));
        let matter = matters.must(row).map(|matter| match matter.as_str() {
            "education" => Matter::Education,
            "health_care" => Matter::HealthCare,
            _ => Matter::Other(matter),
        });
        let may_decide = may_decide.fact(row);
        let (from, until) = (exact(from.fact(row)), exact(until.fact(row)));
        let right = matter.map(|matter| CustodyRight { matter, may_decide, from, until });
        if let (Some(child), Some(custodian)) = pair {
            made.loaded.used += usize::from(right.is_some());
            made.later.rights.push((*position, (child, custodian), right));
        }
    }
}
