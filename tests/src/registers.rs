//! Two registers that should be the same, compared by the answers that rules and letters get of them. Not by
//! `Difference`, which is the engine's own word.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use ennakko::Register;
use ennakko::core::fact_table::{FactDeclaration, SubjectKind};
use ennakko::core::record::Matter;
use ennakko::core::register::{Building, Household, OwnerParty, Resident};
use ennakko::core::{Fact, LeapDayPolicy};

/// The city of all samples.
const CITY: &str = "091";

/// The answers in which two registers of one day differ, as `resident born: 3 of 2041`; none if they are the same.
///
/// Of where somebody has lived before that day, only what both of them know is compared.
pub fn differences(one: &Register, other: &Register, declared: &[FactDeclaration]) -> Vec<String> {
    let mut compared = Compared { one, other, declared, counts: BTreeMap::new() };
    compared.same("the day", one.day(), other.day());
    compared.same("protected dwellings", one.protected_dwellings(), other.protected_dwellings());
    let residents = |register| by_key(Register::residents(register), Resident::key);
    compared.each("residents", &residents(one), &residents(other), Compared::people);
    let households = |register| by_key(Register::households(register), Household::key);
    compared.each("households", &households(one), &households(other), Compared::households);
    let buildings = |register| by_key(Register::buildings(register), Building::key);
    compared.each("buildings", &buildings(one), &buildings(other), Compared::buildings);
    let differing = compared.counts.into_iter().filter(|(_, (n_other, _))| *n_other > 0);
    differing.map(|(what, (n_other, n))| format!("{what}: {n_other} of {n}")).collect()
}

fn by_key<T: Copy, K: Ord>(all: impl Iterator<Item = T>, key: impl Fn(T) -> K) -> BTreeMap<K, T> {
    all.map(|one| (key(one), one)).collect()
}

struct Compared<'c> {
    one: &'c Register,
    other: &'c Register,
    declared: &'c [FactDeclaration],
    /// By what was asked: how many answers were other, of how many.
    counts: BTreeMap<String, (usize, usize)>,
}

impl Compared<'_> {
    #[expect(clippy::needless_pass_by_value, reason = "answers are made to be compared here")]
    fn same<T: PartialEq>(&mut self, what: &str, one: T, other: T) {
        let (n_other, n) = self.counts.entry(what.to_owned()).or_default();
        *n_other += usize::from(one != other);
        *n += 1;
    }

    /// The same keys, and of each the same answers.
    fn each<K: Ord + Copy, T: Copy>(
        &mut self,
        what: &str,
        one: &BTreeMap<K, T>,
        other: &BTreeMap<K, T>,
        compare: impl Fn(&mut Self, T, T),
    ) {
        let keys: BTreeSet<K> = one.keys().chain(other.keys()).copied().collect();
        for key in keys {
            let both = one.get(&key).zip(other.get(&key));
            self.same(what, both.is_some(), true);
            if let Some((one, other)) = both {
                compare(self, *one, *other);
            }
        }
    }

    /// What the facts of a kind of subject say on the days from the register's own on.
    fn facts<T: PartialEq>(&mut self, of: SubjectKind, answer: impl Fn(&Register, bool, &str, NaiveDate) -> T) {
        for declared in self.declared.iter().filter(|declared| declared.subject == of) {
            for day in days(self.one) {
                let (one, other) =
                    (answer(self.one, true, &declared.name, day), answer(self.other, false, &declared.name, day));
                self.same(&format!("{} fact {}", of.word(), declared.name), one, other);
            }
        }
    }

    fn people(&mut self, one: Resident<'_>, other: Resident<'_>) {
        self.same("resident born", one.born(), other.born());
        self.same("resident life", one.life(), other.life());
        self.same("resident sex", one.sex(), other.sex());
        self.same("resident municipality", one.municipality(), other.municipality());
        self.same("resident language", one.language(), other.language());
        self.same("resident names", one.names(), other.names());
        self.same("resident protection", one.protection(), other.protection());
        self.same("resident home_is_protected", one.home_is_protected(), other.home_is_protected());
        self.same("resident placement_is_hidden", one.placement_is_hidden(), other.placement_is_hidden());
        self.same("resident home", one.home(), other.home());
        self.same("resident address", one.address(), other.address());
        let building = |of: Resident<'_>| of.home_building().map(Building::key);
        self.same("resident home_building", building(one), building(other));
        let household = |of: Resident<'_>| of.household().map(Household::key);
        self.same("resident household", household(one), household(other));
        for day in days(self.one) {
            let of_age = |of: Resident<'_>| of.of_age_on(day, LeapDayPolicy::March1);
            self.same("resident of_age_on", of_age(one), of_age(other));
            self.same("resident custodians", custodians(one, day), custodians(other, day));
            let beside = |of: Resident<'_>| {
                let guardians: Vec<_> = of.guardians_on(day).map(shown).collect();
                (guardians, of.informed_on(day).map(shown).collect::<Vec<_>>())
            };
            self.same("resident guardians and informed", beside(one), beside(other));
            self.same("resident lives_in_on", one.lives_in_on(CITY, day), other.lives_in_on(CITY, day));
        }
        for n_days in [1, 30, 200, 400, 2_000] {
            let day = self.one.day() - Days::new(n_days);
            if let (Fact::Known(one), Fact::Known(other)) = (one.lives_in_on(CITY, day), other.lives_in_on(CITY, day)) {
                self.same("resident lives_in_on, before", one, other);
            }
        }
        self.facts(SubjectKind::Resident, |register, is_one, name, day| {
            let of = if is_one { one } else { other };
            register.fact_named(SubjectKind::Resident, name).map(|fact| of.fact(fact, day))
        });
    }

    fn households(&mut self, one: Household<'_>, other: Household<'_>) {
        let members = |of: Household<'_>| of.members().map(Resident::key).collect::<Vec<_>>();
        self.same("household members", members(one), members(other));
        self.same("household state", one.state(), other.state());
        self.same("household is_protected", one.is_protected(), other.is_protected());
        self.same("household dwelling", one.dwelling(), other.dwelling());
        self.facts(SubjectKind::Household, |register, is_one, name, day| {
            let of = if is_one { one } else { other };
            register.fact_named(SubjectKind::Household, name).map(|fact| of.fact(fact, day))
        });
    }

    fn buildings(&mut self, one: Building<'_>, other: Building<'_>) {
        self.same("building id", one.id(), other.id());
        self.same("building location", one.location(), other.location());
        self.same("building address", one.address(), other.address());
        self.same("building owners", owners(one), owners(other));
        self.same("building area_m2", one.area_m2(), other.area_m2());
        self.same("building facilities", one.facilities(), other.facilities());
        self.same("building connections", one.connections(), other.connections());
        self.same("building intended_use", one.intended_use(), other.intended_use());
        self.same("building built_year", one.built_year(), other.built_year());
        self.same("building storeys", one.storeys(), other.storeys());
        self.same("building dwellings", one.dwellings(), other.dwellings());
        self.same("building stairwells", one.stairwells(), other.stairwells());
        self.facts(SubjectKind::Building, |register, is_one, name, day| {
            let of = if is_one { one } else { other };
            register.fact_named(SubjectKind::Building, name).map(|fact| of.fact(fact, day))
        });
    }
}

/// Days on which a rule may look at a register: its own and later ones.
fn days(register: &Register) -> Vec<NaiveDate> {
    [0, 200, 1_500].into_iter().map(|n_days| register.day() + Days::new(n_days)).collect()
}

/// Somebody beside another, perhaps without a record.
fn shown(person: Resident<'_>) -> impl PartialEq + use<> {
    let names = person.names().map(|names| (names.given.to_owned(), names.family.to_owned()));
    (person.key(), person.has_record(), person.life(), person.born(), person.language().map(ToString::to_string), names)
}

fn custodians(child: Resident<'_>, day: NaiveDate) -> impl PartialEq + use<> {
    let custodians = child.custodians_on(day, LeapDayPolicy::March1);
    let known = custodians.known.iter().map(|one| {
        let in_school = one.may_decide_in(&Matter::Education, day);
        (shown(one.person), one.may_decide, one.rights.to_vec(), in_school)
    });
    (known.collect::<Vec<_>>(), custodians.state)
}

fn owners(building: Building<'_>) -> impl PartialEq + use<> {
    let (owners, state) = building.owners();
    let told = owners.into_iter().map(|owner| match owner {
        OwnerParty::Person(person) => (Some(shown(person)), None),
        OwnerParty::Organisation { id, name, language } => {
            (None, Some((id.to_owned(), name.to_owned(), language.map(str::to_owned))))
        }
        OwnerParty::Estate => (None, None),
    });
    (told.collect::<Vec<_>>(), state)
}
