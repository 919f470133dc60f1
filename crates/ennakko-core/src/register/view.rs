//! Views of one person, household or building of a register. They borrow it and answer what rules and offers ask.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{
    BuildingRow, Cells, FactId, HouseholdRow, Name, OwnerRef, Pair, PostalAddress, Register, ResidentRow, SubjectRow,
};
use crate::age::{LeapDayPolicy, age_range_on, birthday};
use crate::day::{PartialDate, day_of_number};
use crate::fact_table::{Absent, OnFutureDay};
use crate::key::{BuildingKey, DwellingKey, HouseholdKey, ResidentKey, SubjectKey};
use crate::protected::Protected;
use crate::record::{CustodyKind, CustodyRight, ListState, Location, Matter, Owner, Sex, Stairwell, Utilities};
use crate::value::{Fact, UnknownReason, Value};

/// Custody ends when the child reaches this age, in years (Finland: Child Custody and Right of Access Act 361/1983).
pub const ADULT_AGE_YEARS: i32 = 18;

/// Whether somebody is alive, over all sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Life {
    /// No source says otherwise.
    Alive,
    /// Every source that speaks says dead.
    Dead,
    /// Sources disagree. Treated as dead by everything that sends.
    Disputed,
    /// There is no record to say.
    NotKnown,
}

/// Whether somebody's whereabouts are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protection {
    /// Known not to be.
    Open,
    /// Protected.
    Protected,
    /// Not known; counts as protected.
    Unknown,
}

/// One person of the register.
#[derive(Clone, Copy)]
pub struct Resident<'a> {
    register: &'a Register,
    row: ResidentRow,
}

/// A custodian of a child on a day.
#[derive(Clone, Copy)]
pub struct Custodian<'a> {
    /// The person.
    pub person: Resident<'a>,
    /// Whether they may decide in the child's matters that none of `rights` names.
    pub may_decide: Fact<bool>,
    /// Rights in matters of their own, where a court has divided custody.
    pub rights: &'a [CustodyRight],
}

impl Custodian<'_> {
    /// Whether they may decide in a matter on a day: as its own right says, if one is in force, otherwise as
    /// `may_decide` says. Two rights that disagree: disputed.
    pub fn may_decide_in(&self, matter: &Matter, day: NaiveDate) -> Fact<bool> {
        let mut said = None;
        for right in self.rights.iter().filter(|right| right.matter == *matter && covers(right.from, right.until, day))
        {
            if said.is_some_and(|said| said != right.may_decide) {
                return Fact::Unknown(UnknownReason::Disputed);
            }
            said = Some(right.may_decide);
        }
        said.unwrap_or(self.may_decide)
    }
}

/// The custodians of a child on a day, and whether all are known.
pub struct Custodians<'a> {
    /// Those known, in the order of their keys.
    pub known: Vec<Custodian<'a>>,
    /// Whether there may be others.
    pub state: ListState,
}

impl<'a> Resident<'a> {
    pub(super) fn new(register: &'a Register, row: ResidentRow) -> Self {
        Self { register, row }
    }

    pub(super) fn at(self) -> usize {
        self.row.position()
    }

    pub(super) fn register(self) -> &'a Register {
        self.register
    }

    /// The row.
    pub fn row(self) -> ResidentRow {
        self.row
    }

    /// The key.
    pub fn key(self) -> ResidentKey {
        self.register.people.keys[self.at()]
    }

    /// Whether the register has a record of this person, and not only references to them.
    pub fn has_record(self) -> bool {
        self.register.people.has_record[self.at()]
    }

    /// Day of birth.
    pub fn born(self) -> Fact<PartialDate> {
        let people = &self.register.people;
        match (people.born_first.get(self.at()), people.born_last.get(self.at())) {
            (Fact::Known(first), Fact::Known(last)) => partial(first, last),
            (Fact::Unknown(reason), _) | (_, Fact::Unknown(reason)) => Fact::Unknown(reason),
            _ => Fact::None,
        }
    }

    /// Whether the person is alive.
    pub fn life(self) -> Life {
        self.register.people.life[self.at()]
    }

    /// Sex as registered.
    pub fn sex(self) -> Fact<Sex> {
        self.register.people.sex.get(self.at()).map(|code| if code == 0 { Sex::Female } else { Sex::Male })
    }

    /// Municipality of residence. It may reveal where somebody lives, so it comes protected.
    pub fn municipality(self) -> Fact<Protected<&'a Arc<str>>> {
        self.register.people.municipality.get(self.at()).map(|code| Protected::of_home(code, self.home()))
    }

    /// Whether the municipality of residence is this one (a code of its country). No municipality: no.
    pub fn lives_in(self, municipality: &str) -> Fact<bool> {
        match self.register.people.municipality.get(self.at()) {
            Fact::Known(code) => Fact::Known(**code == *municipality),
            Fact::None => Fact::Known(false),
            Fact::Unknown(reason) => Fact::Unknown(reason),
        }
    }

    /// Mother tongue.
    pub fn language(self) -> Fact<&'a Arc<str>> {
        self.register.people.language.get(self.at())
    }

    /// Whether the person's own whereabouts are protected.
    pub fn protection(self) -> Protection {
        match self.register.people.protection.get(self.at()) {
            Fact::Known(0) | Fact::None => Protection::Open,
            Fact::Known(_) => Protection::Protected,
            Fact::Unknown(_) => Protection::Unknown,
        }
    }

    /// Whether the person, or anybody in their dwelling, is protected or not known to be unprotected.
    pub fn home_is_protected(self) -> bool {
        self.protection() != Protection::Open
            || self.dwelling_row().is_some_and(|row| self.register.dwellings.protected[row])
    }

    fn dwelling_row(self) -> Option<usize> {
        self.register.people.dwelling.get(self.at()).known().and_then(|row| usize::try_from(row).ok())
    }

    /// The key of the permanent dwelling, if it is known. An institution, or a municipality of somebody without a dwelling,
    /// is no home: who else is registered there does not live with the person.
    pub fn home(self) -> Option<DwellingKey> {
        let dwellings = &self.register.dwellings;
        self.dwelling_row().filter(|row| dwellings.is_home[*row]).map(|row| dwellings.keys[row])
    }

    /// The building of the permanent dwelling, if it is known.
    pub fn home_building(self) -> Option<Building<'a>> {
        let row = self.register.dwellings.building[self.dwelling_row()?]?;
        Some(Building::new(self.register, row))
    }

    /// The household of the permanent dwelling: unknown if the dwelling is; none of somebody without a dwelling, in an
    /// institution, with only a municipality or abroad, or dead.
    pub fn household(self) -> Fact<Household<'a>> {
        let dwelling = match self.register.people.dwelling.get(self.at()) {
            Fact::Known(_) => self.dwelling_row(),
            Fact::None => None,
            Fact::Unknown(reason) => return Fact::Unknown(reason),
        };
        let household = dwelling.and_then(|dwelling| {
            let at = self.register.households.of_dwelling(dwelling)?;
            let household = Household::new(self.register, HouseholdRow::at(at)?);
            household.members().any(|member| member.row == self.row).then_some(household)
        });
        household.map_or(Fact::None, Fact::Known)
    }

    /// The address of the permanent dwelling.
    pub fn address(self) -> Fact<Protected<PostalAddress<'a>>> {
        self.dwelling_row()
            .map_or(Fact::Unknown(UnknownReason::NotDelivered), |row| self.register.dwellings.address(row))
    }

    /// Names, if delivered. For rendering only: no rule reads a name.
    pub fn names(self) -> Option<Name<'a>> {
        let people = &self.register.people;
        people.names.get(people.name_at[self.at()])
    }

    /// Whether the person has come of age by a day.
    pub fn of_age_on(self, day: NaiveDate, policy: LeapDayPolicy) -> Fact<bool> {
        let born = match self.born() {
            Fact::Known(born) => born,
            Fact::None => return Fact::None,
            Fact::Unknown(reason) => return Fact::Unknown(reason),
        };
        match age_range_on(born, day, policy) {
            (least, _) if least >= ADULT_AGE_YEARS => Fact::Known(true),
            (_, most) if most < ADULT_AGE_YEARS => Fact::Known(false),
            _ => Fact::Unknown(UnknownReason::PartialDate),
        }
    }

    /// Custodians on a day: pairs in force, both ends included, nobody's from the day the child comes of age.
    ///
    /// A pair whose first or last day is unknown counts as in force: dropping a real custodian is worse.
    pub fn custodians_on(self, day: NaiveDate, policy: LeapDayPolicy) -> Custodians<'a> {
        if self.of_age_on(day, policy) == Fact::Known(true) {
            return Custodians { known: Vec::new(), state: ListState::Whole };
        }
        let known: Vec<Custodian<'a>> = self
            .pairs_on(CustodyKind::Custodian, day)
            .map(|(pair, rights)| Custodian {
                person: Self::new(self.register, pair.custodian),
                may_decide: pair.may_decide,
                rights,
            })
            .collect();
        let delivered = self.register.people.custodians[self.at()];
        // an empty list is not a list of nobody
        let state = if known.is_empty() && delivered == ListState::Whole {
            ListState::Open(UnknownReason::NotDelivered)
        } else {
            delivered
        };
        Custodians { known, state }
    }

    /// Whether [`custodians_on`](Self::custodians_on) may give others on some later day before `to` than on `day`.
    pub fn custody_changes_in(self, day: NaiveDate, to: NaiveDate, policy: LeapDayPolicy) -> bool {
        self.changes_of_custody(policy).any(|change| day < change && change < to)
    }

    /// Days after `day` and before `to` on which [`custodians_on`](Self::custodians_on) may give others than on the day before,
    /// ascending.
    pub fn custody_changes(self, day: NaiveDate, to: NaiveDate, policy: LeapDayPolicy) -> Vec<NaiveDate> {
        let within = |change: &NaiveDate| day < *change && *change < to;
        let mut changes: Vec<NaiveDate> = self.changes_of_custody(policy).filter(within).collect();
        changes.sort_unstable();
        changes.dedup();
        changes
    }

    /// Days on which custody may be another than on the day before, in no order: a pair begins, or has ended, or the child comes
    /// of age or may do so.
    fn changes_of_custody(self, policy: LeapDayPolicy) -> impl Iterator<Item = NaiveDate> {
        let custody = &self.register.custody;
        let pairs = custody.positions(self.at()).map(|at| &custody.pairs[at]);
        let of_pairs = pairs.filter(|pair| pair.kind == CustodyKind::Custodian).flat_map(|pair| {
            [pair.from.known(), pair.until.known().and_then(|until| until.succ_opt())].into_iter().flatten()
        });
        let born = self.born().known().into_iter().flat_map(|born| [born.first(), born.last()]);
        of_pairs.chain(born.filter_map(move |born| birthday(born, ADULT_AGE_YEARS, policy)))
    }

    /// Guardians on a day, who look after the affairs of somebody who cannot: pairs of their own kind in force, both ends
    /// included, at any age. In the order of their keys; a source tells of those there are, so none may mean not delivered.
    pub fn guardians_on(self, day: NaiveDate) -> impl Iterator<Item = Resident<'a>> {
        self.pairs_on(CustodyKind::Guardian, day).map(move |(pair, _)| Self::new(self.register, pair.custodian))
    }

    /// Those who have a right to information about the child on a day, and no custody.
    pub fn informed_on(self, day: NaiveDate) -> impl Iterator<Item = Resident<'a>> {
        self.pairs_on(CustodyKind::InformationOnly, day).map(move |(pair, _)| Self::new(self.register, pair.custodian))
    }

    fn pairs_on(self, kind: CustodyKind, day: NaiveDate) -> impl Iterator<Item = (&'a Pair, &'a [CustodyRight])> {
        let custody = &self.register.custody;
        custody
            .positions(self.at())
            .map(|at| (at, &custody.pairs[at]))
            .filter(move |(_, pair)| pair.kind == kind && covers(pair.from, pair.until, day))
            .map(|(at, pair)| (pair, custody.rights_of(at)))
    }

    /// Whether the home that the person is placed in is kept from custodians who do not live there: in care, or not known
    /// not to be, where the source delivers the mark.
    pub fn placement_is_hidden(self) -> bool {
        !matches!(self.register.people.in_care.get(self.at()), Fact::Known(0) | Fact::None)
    }

    /// A declared fact of this person, on a day.
    pub fn fact(self, fact: FactId, on: NaiveDate) -> Fact<Value> {
        self.register.cell(fact, self.at(), self.home(), on)
    }
}

/// One household of the register.
#[derive(Clone, Copy)]
pub struct Household<'a> {
    register: &'a Register,
    row: HouseholdRow,
}

impl<'a> Household<'a> {
    pub(super) fn new(register: &'a Register, row: HouseholdRow) -> Self {
        Self { register, row }
    }

    /// The row.
    pub fn row(self) -> HouseholdRow {
        self.row
    }

    /// The key.
    pub fn key(self) -> HouseholdKey {
        self.register.households.keys[self.row.position()]
    }

    /// The key of the dwelling.
    pub fn dwelling(self) -> DwellingKey {
        self.register.dwellings.keys[self.register.households.dwelling[self.row.position()].position()]
    }

    /// Members, in the order of their keys.
    pub fn members(self) -> impl Iterator<Item = Resident<'a>> {
        let members = self.register.households.members_of(self.row.position());
        members.iter().map(move |row| Resident::new(self.register, *row))
    }

    /// Whether all members are known.
    pub fn state(self) -> ListState {
        self.register.households.state[self.row.position()]
    }

    /// Whether anybody in it is protected, or not known to be unprotected.
    pub fn is_protected(self) -> bool {
        self.members().any(Resident::home_is_protected)
    }

    /// A declared fact of this household, on a day.
    pub fn fact(self, fact: FactId, on: NaiveDate) -> Fact<Value> {
        self.register.cell(fact, self.row.position(), Some(self.dwelling()), on)
    }
}

/// One building of the register.
#[derive(Clone, Copy)]
pub struct Building<'a> {
    register: &'a Register,
    row: BuildingRow,
}

/// An owner of a building.
#[derive(Clone, Copy)]
pub enum OwnerParty<'a> {
    /// A person.
    Person(Resident<'a>),
    /// An organisation.
    Organisation {
        /// Its identifier.
        id: &'a str,
        /// Its name.
        name: &'a str,
        /// Its language of business.
        language: Option<&'a str>,
    },
    /// An undivided estate.
    Estate,
}

impl<'a> Building<'a> {
    pub(super) fn new(register: &'a Register, row: BuildingRow) -> Self {
        Self { register, row }
    }

    fn at(self) -> usize {
        self.row.position()
    }

    pub(super) fn register(self) -> &'a Register {
        self.register
    }

    /// The row.
    pub fn row(self) -> BuildingRow {
        self.row
    }

    /// The key.
    pub fn key(self) -> BuildingKey {
        self.register.buildings.keys[self.at()]
    }

    /// Permanent building id, as text.
    pub fn id(self) -> &'a str {
        self.register.buildings.ids[self.at()].as_str()
    }

    /// Where it stands.
    pub fn location(self) -> Fact<Location> {
        self.register.buildings.location[self.at()]
    }

    /// Its address: the building's own, for its owner; never a person's.
    pub fn address(self) -> Fact<PostalAddress<'a>> {
        self.register.buildings.address(self.at())
    }

    /// Owners and whether all are known.
    pub fn owners(self) -> (Vec<OwnerParty<'a>>, ListState) {
        let buildings = &self.register.buildings;
        let owners = buildings
            .owners_of(self.at())
            .iter()
            .map(|owner| match owner {
                OwnerRef::Person(row) => OwnerParty::Person(Resident::new(self.register, *row)),
                OwnerRef::Other(at) => match buildings.other_owners.get(*at) {
                    Some(Owner::Organisation { id, name, language }) => {
                        OwnerParty::Organisation { id, name, language: language.as_ref().known().map(String::as_str) }
                    }
                    Some(Owner::Estate | Owner::Person(_)) | None => OwnerParty::Estate,
                },
            })
            .collect();
        (owners, self.register.buildings.owners_state[self.at()])
    }

    /// Gross area, whole square metres.
    pub fn area_m2(self) -> Fact<i64> {
        self.register.buildings.area_m2.get(self.at())
    }

    /// Equipment.
    pub fn facilities(self) -> Utilities {
        self.register.buildings.facilities[self.at()]
    }

    /// Connections to networks.
    pub fn connections(self) -> Utilities {
        self.register.buildings.connections[self.at()]
    }

    /// Intended use, a code of the 1994 or the 2018 classification.
    pub fn intended_use(self) -> Fact<&'a Arc<str>> {
        self.register.buildings.intended_use.get(self.at())
    }

    /// Year of completion.
    pub fn built_year(self) -> Fact<i64> {
        self.register.buildings.built_year.get(self.at())
    }

    /// Storeys.
    pub fn storeys(self) -> Fact<i64> {
        self.register.buildings.storeys.get(self.at())
    }

    /// Number of dwellings.
    pub fn dwellings(self) -> Fact<i64> {
        self.register.buildings.dwellings.get(self.at())
    }

    /// Stairwells and whether all are known.
    pub fn stairwells(self) -> (&'a [Stairwell], ListState) {
        (self.register.buildings.stairwells(self.at()), self.register.buildings.stairwells_state[self.at()])
    }

    /// A declared fact of this building, on a day.
    pub fn fact(self, fact: FactId, on: NaiveDate) -> Fact<Value> {
        self.register.cell(fact, self.at(), None, on)
    }
}

/// A subject of whichever kind.
#[derive(Clone, Copy)]
pub enum Subject<'a> {
    /// A person.
    Resident(Resident<'a>),
    /// A household.
    Household(Household<'a>),
    /// A building.
    Building(Building<'a>),
}

impl Subject<'_> {
    /// The row.
    pub fn row(&self) -> SubjectRow {
        match self {
            Self::Resident(resident) => SubjectRow::Resident(resident.row()),
            Self::Household(household) => SubjectRow::Household(household.row()),
            Self::Building(building) => SubjectRow::Building(building.row()),
        }
    }

    /// The key.
    pub fn key(&self) -> SubjectKey {
        match self {
            Self::Resident(resident) => SubjectKey::Resident(resident.key()),
            Self::Household(household) => SubjectKey::Household(household.key()),
            Self::Building(building) => SubjectKey::Building(building.key()),
        }
    }

    /// Whether it is dead without dispute. Households and buildings never are.
    pub fn is_dead(&self) -> bool {
        matches!(self, Self::Resident(resident) if resident.life() == Life::Dead)
    }

    /// Whether its home is protected, or not known to be unprotected.
    pub fn is_protected(&self) -> bool {
        match self {
            Self::Resident(resident) => resident.home_is_protected(),
            Self::Household(household) => household.is_protected(),
            Self::Building(_) => false,
        }
    }

    /// The home that what is derived of it would reveal: a person's dwelling, a household's; a building has none.
    pub fn home(&self) -> Option<DwellingKey> {
        match self {
            Self::Resident(resident) => resident.home(),
            Self::Household(household) => Some(household.dwelling()),
            Self::Building(_) => None,
        }
    }

    /// A declared fact, on a day.
    pub fn fact(&self, fact: FactId, on: NaiveDate) -> Fact<Value> {
        match self {
            Self::Resident(resident) => resident.fact(fact, on),
            Self::Household(household) => household.fact(fact, on),
            Self::Building(building) => building.fact(fact, on),
        }
    }
}

/// Whether a period, both ends included, holds on a day; an end that is none or unknown does not end it.
fn covers(from: Fact<NaiveDate>, until: Fact<NaiveDate>, day: NaiveDate) -> bool {
    from.known().is_none_or(|from| from <= day) && until.known().is_none_or(|until| day <= until)
}

pub(super) fn partial(first: i32, last: i32) -> Fact<PartialDate> {
    PartialDate::between(day_of_number(first), day_of_number(last))
        .map_or(Fact::Unknown(UnknownReason::PartialDate), Fact::Known)
}

impl Register {
    fn cell(&self, fact: FactId, row: usize, home: Option<DwellingKey>, on: NaiveDate) -> Fact<Value> {
        let Some(column) = self.facts.get(fact.0) else { return Fact::Unknown(UnknownReason::NotDelivered) };
        if on > self.day && column.declaration.on_future_day == OnFutureDay::Unknown {
            return Fact::Unknown(UnknownReason::FutureDay);
        }
        if column.too_old {
            return Fact::Unknown(UnknownReason::TooOld);
        }
        match &column.cells {
            Cells::Place(cells) => cells.get(row).map(|text| Value::Place(Protected::of_home(text.clone(), home))),
            cells => cells.get(row),
        }
    }
}

/// What an absent row is.
pub(super) fn absent_value(absent: Absent) -> Fact<Value> {
    match absent {
        Absent::None => Fact::None,
        Absent::No => Fact::Known(Value::Bool(false)),
        Absent::Zero => Fact::Known(Value::Int(0)),
        Absent::Unknown => Fact::Unknown(UnknownReason::NotDelivered),
    }
}
