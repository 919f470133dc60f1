//! A load in numbers. Small numbers of protected people are not told.

use ennakko_core::Fact;
use ennakko_core::fact_table::{FactDeclaration, SubjectKind};
use ennakko_core::register::{FactId, Life, Protection, Register};

use super::count::Reasons;
use super::gather::Told;
use super::plan::Plan;
use super::read_before;
use super::store::Earlier;
use crate::wire::v1::{
    CountV1, IdentitiesV1, RegisterCountsV1, RegisterFactV1, RegisterSourceV1, RegisterSummaryV1, RowsV1,
};

/// Fewer people than this are not told, where the number says something about them.
pub(super) const SMALL: usize = 5;

/// What is summed up.
pub(super) struct Summed<'s> {
    pub(super) plan: &'s Plan,
    pub(super) declared: &'s [FactDeclaration],
    pub(super) register: &'s Register,
    pub(super) told: &'s [Told],
    pub(super) earlier: Option<&'s Earlier>,
    pub(super) without_source: Reasons,
    /// People whom the identity table knows, and how many of them are new.
    pub(super) identities: (usize, usize),
}

impl Summed<'_> {
    pub(super) fn summary(&self) -> RegisterSummaryV1 {
        let (people, new) = self.identities;
        RegisterSummaryV1 {
            schema: "ennakko.register_summary.v1".to_owned(),
            day: self.register.day().to_string(),
            sources: self.sources(),
            without_source: counts(&self.without_source),
            identities: IdentitiesV1 { people, new },
            register: self.counts(),
        }
    }

    fn sources(&self) -> Vec<RegisterSourceV1> {
        let sources = self.plan.sources.iter().zip(self.told);
        let told = sources.map(|(source, told)| {
            let before = read_before(self.earlier, &source.name);
            RegisterSourceV1 {
                name: source.name.clone(),
                form: source.form.word().to_owned(),
                day: told.day.map(|day| day.to_string()),
                fresh_days: source.fresh_days,
                too_old: told.too_old,
                read: told.count.read,
                used: told.count.used,
                set_aside: counts(&told.count.set_aside),
                used_in_part: counts(&told.count.in_part),
                rows: RowsV1 {
                    at_least: source.band.at_least,
                    at_most: source.band.at_most,
                    change_percent: source.band.change_percent,
                    before,
                    as_expected: source.band.holds(told.count.read, before),
                },
                notes: told.notes.clone(),
            }
        });
        told.collect()
    }

    fn counts(&self) -> RegisterCountsV1 {
        let register = self.register;
        let (mut residents, mut alive, mut death_disputed, mut protected) = (0, 0, 0, 0);
        for resident in register.residents() {
            residents += 1;
            match resident.life() {
                Life::Alive => alive += 1,
                Life::Disputed => death_disputed += 1,
                Life::Dead | Life::NotKnown => {}
            }
            protected += usize::from(resident.protection() == Protection::Protected);
        }
        RegisterCountsV1 {
            residents,
            alive,
            death_disputed,
            protected: (protected >= SMALL).then_some(protected),
            households: register.households().count(),
            buildings: register.buildings().count(),
            facts: self.facts(),
        }
    }

    fn facts(&self) -> Vec<RegisterFactV1> {
        let known = self.declared.iter().filter_map(|declaration| {
            let id = self.register.fact_named(declaration.subject, &declaration.name)?;
            Some((declaration, id))
        });
        let mut facts: Vec<RegisterFactV1> = known.map(|(declaration, id)| self.fact(declaration, id)).collect();
        facts.sort_by(|a, b| a.name.cmp(&b.name));
        facts
    }

    fn fact(&self, declaration: &FactDeclaration, id: FactId) -> RegisterFactV1 {
        let on = self.register.day();
        let mut counts = [0_usize; 3];
        let mut count = |fact: Fact<ennakko_core::Value>| {
            counts[match fact {
                Fact::Known(_) => 0,
                Fact::None => 1,
                Fact::Unknown(_) => 2,
            }] += 1;
        };
        match declaration.subject {
            SubjectKind::Resident => self.register.residents().for_each(|resident| count(resident.fact(id, on))),
            SubjectKind::Household => self.register.households().for_each(|household| count(household.fact(id, on))),
            SubjectKind::Building => self.register.buildings().for_each(|building| count(building.fact(id, on))),
        }
        let all = counts.iter().sum::<usize>().max(1);
        let down = |n: usize| u8::try_from(n * 100 / all).unwrap_or(100);
        RegisterFactV1 {
            name: format!("{}.{}", declaration.subject.word(), declaration.name),
            known_percent: down(counts[0]),
            none_percent: down(counts[1]),
            unknown_percent: u8::try_from((counts[2] * 100).div_ceil(all)).unwrap_or(100),
        }
    }
}

fn counts(reasons: &Reasons) -> Vec<CountV1> {
    let count =
        |(name, n): (&String, &u64)| CountV1 { name: name.clone(), count: usize::try_from(*n).unwrap_or(usize::MAX) };
    reasons.iter().map(count).collect()
}
