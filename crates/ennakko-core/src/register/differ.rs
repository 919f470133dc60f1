//! The difference between two registers: both gone through side by side, in the order of keys.

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::{Months, NaiveDate};

use super::view::absent_value;
use super::{
    Building, BuildingRow, Cells, FactColumn, HouseholdRow, Life, OwnerRef, Pair, Register, Resident, ResidentRow,
};
use crate::difference::{
    BuildingDifference, BuildingEvent, Difference, FactDifference, HouseholdDifference, HouseholdEvent, Lodging,
    Residence, ResidentDifference, ResidentEvent,
};
use crate::fact_table::SubjectKind;
use crate::key::{HouseholdKey, ResidentKey, SubjectKey};
use crate::record::{CustodyKind, CustodyRight};
use crate::value::{Fact, UnknownReason, Value};

/// A row before and after; at least one of them.
pub(super) type Side = (Option<usize>, Option<usize>);

impl Difference {
    /// What is other in a later register than in the one before, whichever way each of them came to be.
    ///
    /// A corrected identity code is seen if both were built with one and the same identity table, as it was then and
    /// later.
    pub fn between(before: &Register, after: &Register) -> Self {
        let mut difference = Self::default();
        let people = by_side(&before.people.keys, &after.people.keys);
        for side in &people {
            person(before, after, *side, &mut difference.residents);
        }
        let dwellings = |register: &Register| {
            let rows = register.households.dwelling.iter();
            rows.map(|row| register.dwellings.keys[row.position()]).collect::<Vec<_>>()
        };
        for side in by_side(&dwellings(before), &dwellings(after)) {
            household(before, after, side, &mut difference.households);
        }
        let buildings = by_side(&before.buildings.keys, &after.buildings.keys);
        for side in &buildings {
            building(before, after, *side, &mut difference.buildings);
        }
        for pair in FactPair::all(before, after) {
            let sides = if pair.subject == SubjectKind::Resident { &people } else { &buildings };
            pair.compare(before, after, sides.iter().copied(), &mut difference.facts);
        }
        difference.settle(before, after)
    }

    pub(super) fn settle(mut self, before: &Register, after: &Register) -> Self {
        self.households.sort_by_key(|difference| difference.household);
        self.facts.sort_unstable();
        self.touched = super::touched::touched(&self, before, after);
        self
    }
}

pub(super) fn person(before: &Register, after: &Register, (was, is): Side, events: &mut Vec<ResidentDifference>) {
    let was = was.and_then(ResidentRow::at).map(|row| before.resident(row)).filter(|was| was.has_record());
    let is = is.and_then(ResidentRow::at).map(|row| after.resident(row)).filter(|is| is.has_record());
    let mut found = Found { events };
    match (was, is) {
        (Some(was), Some(is)) => found.changed(was, is),
        (None, Some(is)) => {
            let residence = residence_of(is);
            let born = is_newborn(is);
            let event = if born { ResidentEvent::Born(residence) } else { ResidentEvent::Appeared(residence) };
            found.event(is, event);
        }
        (Some(was), None) => found.event(was, ResidentEvent::Disappeared),
        (None, None) => {}
    }
}

pub(super) fn building(before: &Register, after: &Register, (was, is): Side, found: &mut Vec<BuildingDifference>) {
    let was = was.and_then(BuildingRow::at).map(|row| before.building(row));
    let is = is.and_then(BuildingRow::at).map(|row| after.building(row));
    let (building, what) = match (was, is) {
        (Some(was), Some(is)) if same_building(was, is) => return,
        (Some(_), Some(is)) => (is.key(), BuildingEvent::Changed),
        (None, Some(is)) => (is.key(), BuildingEvent::Appeared),
        (Some(was), None) => (was.key(), BuildingEvent::Gone),
        (None, None) => return,
    };
    found.push(BuildingDifference { building, what });
}

/// Two sorted lists of keys side by side.
fn by_side<K: Ord>(before: &[K], after: &[K]) -> Vec<Side> {
    let (mut was, mut is) = (0, 0);
    let mut rows = Vec::with_capacity(before.len().max(after.len()));
    while was < before.len() || is < after.len() {
        let order = match (before.get(was), after.get(is)) {
            (Some(a), Some(b)) => a.cmp(b),
            (Some(_), None) => Ordering::Less,
            _ => Ordering::Greater,
        };
        rows.push(((order != Ordering::Greater).then_some(was), (order != Ordering::Less).then_some(is)));
        was += usize::from(order != Ordering::Greater);
        is += usize::from(order != Ordering::Less);
    }
    rows
}

struct Found<'d> {
    events: &'d mut Vec<ResidentDifference>,
}

impl Found<'_> {
    fn event(&mut self, of: Resident<'_>, what: ResidentEvent) {
        self.events.push(ResidentDifference { resident: of.key(), what });
    }

    fn changed(&mut self, was: Resident<'_>, is: Resident<'_>) {
        let (before, after) = (was.register(), is.register());
        let (old, new) = (&before.people, &after.people);
        let (at, now) = (was.at(), is.at());
        match (old.life[at], new.life[now]) {
            (from, to) if from == to => {}
            (_, Life::Dead) => self.event(is, ResidentEvent::Died),
            (_, Life::Disputed) => self.event(is, ResidentEvent::DeathDisputed),
            (_, Life::Alive | Life::NotKnown) => self.event(is, ResidentEvent::DeathRetracted),
        }
        self.residence(was, is);
        self.custody(was, is);
        if was.names() != is.names() {
            self.event(is, ResidentEvent::Names);
        }
        if old.language.get(at) != new.language.get(now) {
            self.event(is, ResidentEvent::Language);
        }
        let (from, to) = (was.protection(), is.protection());
        if from != to {
            self.event(is, ResidentEvent::Protection { from, to });
        }
        let (from, to) = (was.home_is_protected(), is.home_is_protected());
        if from != to {
            self.event(is, ResidentEvent::HomeProtection { from, to });
        }
        if was.placement_is_hidden() != is.placement_is_hidden() {
            self.event(is, ResidentEvent::Care);
        }
        match (old.n_codes[at], new.n_codes[now]) {
            (0, 1..) => self.event(is, ResidentEvent::CodeGiven),
            (from, to) if from < to => self.event(is, ResidentEvent::CodeCorrected),
            _ => {}
        }
        if was.born() != is.born() {
            self.event(is, ResidentEvent::BirthDate);
        }
        if was.sex() != is.sex() {
            self.event(is, ResidentEvent::Sex);
        }
    }

    fn residence(&mut self, was: Resident<'_>, is: Resident<'_>) {
        let (before, after) = (was.register(), is.register());
        let (old, new) = (&before.people, &after.people);
        let (at, now) = (was.at(), is.at());
        let municipalities = (old.municipality.get(at), new.municipality.get(now));
        let lodgings = (lodging_of(was), lodging_of(is));
        let elsewhere =
            municipalities.0 != municipalities.1 && !municipalities.0.is_unknown() && !municipalities.1.is_unknown()
                || lodgings.0 != lodgings.1 && !lodgings.0.is_unknown() && !lodgings.1.is_unknown();
        if municipalities.0 != municipalities.1 || lodgings.0 != lodgings.1 {
            let (from, to) = (residence_of(was), residence_of(is));
            self.event(
                is,
                if elsewhere { ResidentEvent::Moved { from, to } } else { ResidentEvent::ResidenceTold { from, to } },
            );
        } else if !same_home(was, is) {
            self.event(is, ResidentEvent::Home);
        }
        let moved_in = |people: &super::People, row| (people.moved_in_first.get(row), people.moved_in_last.get(row));
        if moved_in(old, at) != moved_in(new, now) && !elsewhere || !before.histories.same(at, &after.histories, now) {
            self.event(is, ResidentEvent::PastResidence);
        }
    }

    fn custody(&mut self, was: Resident<'_>, is: Resident<'_>) {
        let (before, after) = (pairs_of(was), pairs_of(is));
        let states = (was.register().people.custodians[was.at()], is.register().people.custodians[is.at()]);
        if before.clone().eq(after.clone()) && states.0 == states.1 {
            return;
        }
        let (before, after): (Vec<_>, Vec<_>) = (before.collect(), after.collect());
        let parties = |pairs: &[PairOf<'_>]| {
            let mut parties: Vec<(ResidentKey, CustodyKind)> =
                pairs.iter().map(|pair| (pair.custodian, pair.kind)).collect();
            parties.sort_unstable();
            parties.dedup();
            parties
        };
        let (old, new) = (parties(&before), parties(&after));
        let only = |these: &[(ResidentKey, CustodyKind)], others: &[(ResidentKey, CustodyKind)]| {
            these.iter().filter(|party| others.binary_search(party).is_err()).copied().collect::<Vec<_>>()
        };
        let of = |pairs: &[PairOf<'_>], party: (ResidentKey, CustodyKind)| -> Vec<_> {
            let same = pairs.iter().filter(|pair| (pair.custodian, pair.kind) == party);
            same.map(|pair| (pair.terms, pair.rights.to_vec())).collect()
        };
        let altered = new.iter().filter(|party| old.binary_search(party).is_ok());
        let altered = altered.filter(|party| of(&before, **party) != of(&after, **party)).copied().collect();
        self.event(is, ResidentEvent::Custody { gained: only(&new, &old), lost: only(&old, &new), altered });
    }
}

/// A pair with its custodian's key, so that pairs of two registers can be held against each other.
#[derive(PartialEq)]
struct PairOf<'a> {
    custodian: ResidentKey,
    kind: CustodyKind,
    terms: (Fact<NaiveDate>, Fact<NaiveDate>, Fact<bool>),
    rights: &'a [CustodyRight],
}

fn pairs_of(child: Resident<'_>) -> impl Iterator<Item = PairOf<'_>> + Clone {
    let register = child.register();
    register.custody.positions(child.at()).map(move |at| {
        let Pair { custodian, kind, from, until, may_decide } = register.custody.pairs[at];
        PairOf {
            custodian: register.people.keys[custodian.position()],
            kind,
            terms: (from, until, may_decide),
            rights: register.custody.rights_of(at),
        }
    })
}

fn lodging_of(resident: Resident<'_>) -> Lodging {
    let register = resident.register();
    match register.people.dwelling.get(resident.at()) {
        Fact::Known(row) => {
            let key = register.dwellings.keys[row as usize];
            if register.dwellings.is_home[row as usize] { Lodging::Home(key) } else { Lodging::NotAHome(key) }
        }
        Fact::None => Lodging::None,
        Fact::Unknown(reason) => Lodging::Unknown(reason),
    }
}

fn residence_of(resident: Resident<'_>) -> Residence {
    let municipality = resident.register().people.municipality.get(resident.at());
    Residence { municipality: municipality.map(Arc::clone), dwelling: lodging_of(resident) }
}

/// Whether the dwelling has the same address and building, the dwelling being the same.
fn same_home(was: Resident<'_>, is: Resident<'_>) -> bool {
    was.address() == is.address() && was.home_building().map(Building::key) == is.home_building().map(Building::key)
}

/// Less than a year old, and living in the present dwelling from birth, as far as told.
fn is_newborn(resident: Resident<'_>) -> bool {
    let register = resident.register();
    let Fact::Known(born) = resident.born() else { return false };
    let year_ago = register.day.checked_sub_months(Months::new(12)).unwrap_or(NaiveDate::MIN);
    let moved_in = register.people.moved_in_first.get(resident.at()).known().map(crate::day::day_of_number);
    born.first() > year_ago && moved_in.is_none_or(|moved_in| moved_in <= born.last())
}

pub(super) fn household(before: &Register, after: &Register, (was, is): Side, found: &mut Vec<HouseholdDifference>) {
    let was = was.and_then(HouseholdRow::at).map(|row| before.household(row));
    let is = is.and_then(HouseholdRow::at).map(|row| after.household(row));
    if let (Some(was), Some(is)) = (was, is)
        && was.key() == is.key()
    {
        if was.state() != is.state() || !was.members().map(Resident::key).eq(is.members().map(Resident::key)) {
            let keys = |of: super::Household<'_>| of.members().map(Resident::key).collect::<Vec<_>>();
            let (old, new) = (keys(was), keys(is));
            let only = |these: &[ResidentKey], others: &[ResidentKey]| {
                these.iter().filter(|key| others.binary_search(key).is_err()).copied().collect()
            };
            let what = HouseholdEvent::Changed { joined: only(&new, &old), left: only(&old, &new) };
            found.push(HouseholdDifference { household: is.key(), what });
        }
        return;
    }
    found.extend(was.map(|was| HouseholdDifference { household: was.key(), what: HouseholdEvent::Dissolved }));
    found.extend(is.map(|is| HouseholdDifference { household: is.key(), what: HouseholdEvent::Formed }));
}

fn same_building(was: Building<'_>, is: Building<'_>) -> bool {
    was.location() == is.location()
        && was.address() == is.address()
        && was.area_m2() == is.area_m2()
        && was.facilities() == is.facilities()
        && was.connections() == is.connections()
        && was.intended_use() == is.intended_use()
        && was.built_year() == is.built_year()
        && was.storeys() == is.storeys()
        && was.dwellings() == is.dwellings()
        && was.stairwells() == is.stairwells()
        && same_owners(was, is)
}

fn same_owners(was: Building<'_>, is: Building<'_>) -> bool {
    let (before, after) = (was.register(), is.register());
    let (at, now) = (was.row().position(), is.row().position());
    let (old, new) = (before.buildings.owners_of(at), after.buildings.owners_of(now));
    before.buildings.owners_state[at] == after.buildings.owners_state[now]
        && old.len() == new.len()
        && old.iter().zip(new).all(|owners| match owners {
            (OwnerRef::Person(a), OwnerRef::Person(b)) => {
                before.people.keys[a.position()] == after.people.keys[b.position()]
            }
            (OwnerRef::Other(a), OwnerRef::Other(b)) => {
                before.buildings.other_owners.get(*a) == after.buildings.other_owners.get(*b)
            }
            _ => false,
        })
}

/// A fact that is declared in either register.
pub(super) struct FactPair {
    pub(super) subject: SubjectKind,
    pub(super) name: Arc<str>,
    /// Its places among the facts of each.
    pub(super) before: Option<usize>,
    pub(super) after: Option<usize>,
}

impl FactPair {
    pub(super) fn all(before: &Register, after: &Register) -> Vec<Self> {
        let list = |columns: &[FactColumn]| -> Vec<(SubjectKind, String)> {
            columns.iter().map(|column| (column.declaration.subject, column.declaration.name.clone())).collect()
        };
        let mut names = list(&before.facts);
        names.extend(list(&after.facts));
        names.sort_by(|a, b| (a.0.word(), &a.1).cmp(&(b.0.word(), &b.1)));
        names.dedup();
        let place = |register: &Register, subject, name: &str| register.fact_named(subject, name).map(|fact| fact.0);
        let pair = |(subject, name): (SubjectKind, String)| Self {
            subject,
            before: place(before, subject, &name),
            after: place(after, subject, &name),
            name: Arc::from(name),
        };
        names.into_iter().map(pair).collect()
    }

    /// Whether it is too old in one of the two, and not in the other.
    pub(super) fn ages(&self, before: &Register, after: &Register) -> bool {
        let too_old = |register: &Register, at: Option<usize>| at.map(|at| register.facts[at].too_old);
        too_old(before, self.before) != too_old(after, self.after)
    }

    /// The subjects, among these, of whom the fact is other.
    pub(super) fn compare(
        &self,
        before: &Register,
        after: &Register,
        sides: impl Iterator<Item = Side>,
        found: &mut Vec<FactDifference>,
    ) {
        let column_before = self.before.map(|at| &before.facts[at]);
        let column_after = self.after.map(|at| &after.facts[at]);
        if let (Some(a), Some(b)) = (column_before, column_after)
            && a.too_old
            && b.too_old
        {
            return;
        }
        if self.subject == SubjectKind::Household {
            let other = of_households(before, column_before, after, column_after);
            let other =
                other.map(|key| FactDifference { subject: SubjectKey::Household(key), fact: self.name.clone() });
            found.extend(other);
            return;
        }
        for (was, is) in sides {
            let (Some(was), Some(is)) = (was, is) else { continue };
            if same_cell(column_before, was, column_after, is) {
                continue;
            }
            let subject = match self.subject {
                SubjectKind::Resident if !after.people.has_record[is] => continue,
                SubjectKind::Building => SubjectKey::Building(after.buildings.keys[is]),
                _ => SubjectKey::Resident(after.people.keys[is]),
            };
            found.push(FactDifference { subject, fact: self.name.clone() });
        }
    }
}

/// Households in both registers of which a fact is other. No table has rows of households, so that all of them are as an
/// absent row says.
fn of_households(
    before: &Register,
    column_before: Option<&FactColumn>,
    after: &Register,
    column_after: Option<&FactColumn>,
) -> impl Iterator<Item = HouseholdKey> {
    let absent = |column: Option<&FactColumn>| match column {
        None => Fact::Unknown(UnknownReason::NotDelivered),
        Some(column) if column.too_old => Fact::Unknown(UnknownReason::TooOld),
        Some(column) => absent_value(column.declaration.absent),
    };
    let other = absent(column_before) != absent(column_after);
    let keys = |of: &Register| if other { of.households.keys.clone() } else { Vec::new() };
    let mut known = keys(before);
    known.sort_unstable();
    keys(after).into_iter().filter(move |key| known.binary_search(key).is_ok())
}

/// Whether a fact says the same of a subject in both registers.
fn same_cell(before: Option<&FactColumn>, was: usize, after: Option<&FactColumn>, is: usize) -> bool {
    if let (Some(a), Some(b)) = (before, after)
        && !a.too_old
        && !b.too_old
    {
        return match (&a.cells, &b.cells) {
            (Cells::Bool(a), Cells::Bool(b)) => a.get(was) == b.get(is),
            (Cells::Int(a), Cells::Int(b)) => a.get(was) == b.get(is),
            (Cells::Text(a), Cells::Text(b)) | (Cells::Place(a), Cells::Place(b)) => a.get(was) == b.get(is),
            (a, b) => a.get(was) == b.get(is),
        };
    }
    let told = |column: Option<&FactColumn>, row| -> Fact<Value> {
        match column {
            None => Fact::Unknown(UnknownReason::NotDelivered),
            Some(column) if column.too_old => Fact::Unknown(UnknownReason::TooOld),
            Some(column) => column.cells.get(row),
        }
    };
    told(before, was) == told(after, is)
}
