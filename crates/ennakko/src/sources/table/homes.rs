//! Rows about homes: dwellings, buildings, their owners and stairwells.

use ennakko_core::record::{Address, BuildingRecord, DwellingRecord, ListState, Location, Owner, Stairwell, Utilities};
use ennakko_core::{Fact, UnknownReason};

use super::super::{SourceIssue, SourceProblem};
use super::Made;
use super::cell::Batch;
use super::plan::{Plans, state};
use super::row::{Cursor, Row};

type Issues = Vec<SourceIssue>;

pub(super) fn dwellings(plans: &Plans<'_>, batch: &Batch, issues: &mut Issues, made: &mut Made) {
    let mut ids = plans.texts(batch, "dwelling");
    let mut building = plans.building_ids(batch, "building");
    let mut address = Addresses::of(plans, batch);
    let mut members = plans.lists(batch, "members");
    for position in &batch.positions {
        let mut row = Row::at(*position, issues);
        let row = &mut row;
        let id = ids.must(row);
        let building = building.given(row);
        let address = address.next(row);
        let members = state(members.fact(row));
        if let Some(id) = id {
            made.loaded.delivery.dwellings.push(DwellingRecord { id, building, address, members });
            made.loaded.origins.dwellings.push(*position);
            made.loaded.used += 1;
        }
    }
}

pub(super) fn buildings(plans: &Plans<'_>, batch: &Batch, issues: &mut Issues, made: &mut Made) {
    let mut ids = plans.building_ids(batch, "building");
    let mut epsg = plans.numbers(batch, "epsg");
    let mut north_m = plans.numbers(batch, "north_m");
    let mut east_m = plans.numbers(batch, "east_m");
    let mut address = Addresses::of(plans, batch);
    let mut area_m2 = plans.numbers(batch, "area_m2");
    let mut intended_use = plans.texts(batch, "intended_use");
    let mut built_year = plans.numbers(batch, "built_year");
    let mut storeys = plans.numbers(batch, "storeys");
    let mut dwellings = plans.numbers(batch, "dwellings");
    let mut owners = plans.lists(batch, "owners");
    let mut stairwells = plans.lists(batch, "stairwells");
    let mut facilities = UtilityColumns::of(plans, batch, "facility");
    let mut connections = UtilityColumns::of(plans, batch, "connection");
    for position in &batch.positions {
        let mut row = Row::at(*position, issues);
        let row = &mut row;
        let id = ids.must(row);
        let system = epsg.fact(row);
        let location = location(system, north_m.fact(row), east_m.fact(row)).unwrap_or_else(|| {
            row.wrong(epsg.name(), SourceProblem::UnknownValue);
            Fact::Unknown(UnknownReason::NotDelivered)
        });
        let address = address.next(row);
        let area_m2 = area_m2.fact(row);
        let (facilities, connections) = (facilities.next(row), connections.next(row));
        let intended_use = intended_use.fact(row);
        let (built_year, storeys, dwellings) = (built_year.fact(row), storeys.fact(row), dwellings.fact(row));
        let (owners_state, stairwells_state) = (state(owners.fact(row)), state(stairwells.fact(row)));
        let Some(id) = id else { continue };
        made.loaded.delivery.buildings.push(BuildingRecord {
            id,
            location,
            address,
            owners: Vec::new(),
            owners_state,
            area_m2,
            facilities,
            connections,
            intended_use,
            built_year,
            storeys,
            dwellings,
            stairwells: Vec::new(),
            stairwells_state,
        });
        made.loaded.origins.buildings.push(*position);
        made.loaded.used += 1;
    }
}

pub(super) fn owners(plans: &Plans<'_>, batch: &Batch, issues: &mut Issues, made: &mut Made) {
    let codes = plans.codes;
    let mut ids = plans.building_ids(batch, "building");
    let mut kinds = plans.words(batch, "kind");
    // of a person or of an organisation, which the row says
    let mut whos = plans.read(batch, "who", |plan, raw| {
        plan.with_text(raw, |text| Ok((text.to_owned(), codes.who(text, plan.dates()))))
    });
    let mut names = plans.texts(batch, "name");
    let mut languages = plans.languages(batch, "language");
    for position in &batch.positions {
        let mut row = Row::at(*position, issues);
        let row = &mut row;
        let id = ids.must(row);
        let kind = kinds.must(row);
        let who = whos.given(row);
        let (name, language) = (names.given(row), languages.fact(row));
        let owner = match (kind, who) {
            (None, _) => None,
            (Some(0), Some((_, Ok(who)))) => Some(Owner::Person(who)),
            (Some(0), who) => {
                let problem = who.and_then(|(_, who)| who.err()).unwrap_or(SourceProblem::NoCode);
                row.set_aside(Some(whos.name()), problem);
                None
            }
            (Some(1), who) => Some(Owner::Organisation {
                id: who.map(|(id, _)| id).unwrap_or_default(),
                name: name.unwrap_or_default(),
                language,
            }),
            (Some(_), _) => Some(Owner::Estate),
        };
        if let Some(id) = id {
            made.loaded.used += usize::from(owner.is_some());
            made.later.owners.push((*position, id, owner));
        }
    }
}

pub(super) fn stairwells(plans: &Plans<'_>, batch: &Batch, issues: &mut Issues, made: &mut Made) {
    let mut ids = plans.building_ids(batch, "building");
    let mut names = plans.texts(batch, "stairwell");
    let mut lifts = plans.flags(batch, "lift");
    for position in &batch.positions {
        let mut row = Row::at(*position, issues);
        let row = &mut row;
        let (id, name, lift) = (ids.must(row), names.must(row), lifts.fact(row));
        if let Some(id) = id {
            made.loaded.used += usize::from(name.is_some());
            made.later.stairwells.push((*position, id, name.map(|name| Stairwell { name, lift })));
        }
    }
}

/// Addresses from three columns. The street says whether there is one.
struct Addresses([Cursor<String>; 3]);

impl Addresses {
    fn of(plans: &Plans<'_>, batch: &Batch) -> Self {
        Self(["street", "postal_code", "post_office"].map(|name| plans.texts(batch, name)))
    }

    fn next(&mut self, row: &mut Row<'_>) -> Fact<Address> {
        let [street, postal_code, post_office] = self.0.each_mut().map(|column| column.fact(row));
        let or_empty = |part: Fact<String>| part.known().unwrap_or_default();
        street.map(|street| Address { street, postal_code: or_empty(postal_code), post_office: or_empty(post_office) })
    }
}

struct UtilityColumns([Cursor<bool>; 5]);

impl UtilityColumns {
    fn of(plans: &Plans<'_>, batch: &Batch, what: &str) -> Self {
        let of = |network| plans.flags(batch, &format!("{what}_{network}"));
        Self(["sewer", "water", "electricity", "gas", "cable"].map(of))
    }

    fn next(&mut self, row: &mut Row<'_>) -> Utilities {
        let [sewer, water, electricity, gas, cable] = self.0.each_mut().map(|column| column.fact(row));
        Utilities { sewer, water, electricity, gas, cable }
    }
}

/// Where a building stands, from its three numbers; nothing if the system's number cannot be one.
fn location(epsg: Fact<i64>, north_m: Fact<i64>, east_m: Fact<i64>) -> Option<Fact<Location>> {
    Some(match (epsg, north_m, east_m) {
        (Fact::Known(epsg), Fact::Known(north_m), Fact::Known(east_m)) => {
            Fact::Known(Location { epsg: u32::try_from(epsg).ok()?, north_m, east_m })
        }
        (_, Fact::Unknown(reason), _) | (_, _, Fact::Unknown(reason)) => Fact::Unknown(reason),
        (_, Fact::None, _) | (_, _, Fact::None) => Fact::None,
        (Fact::Unknown(reason), _, _) => Fact::Unknown(reason),
        (Fact::None, _, _) => Fact::Unknown(UnknownReason::NotDelivered),
    })
}

/// A list to which something belongs that could not be read.
pub(super) fn open(state: &mut ListState) {
    if *state == ListState::Whole {
        *state = ListState::Open(UnknownReason::NotDelivered);
    }
}
