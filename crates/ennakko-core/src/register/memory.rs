//! How much memory a register takes: the columns that rules read, and what stands apart from them.

use super::texts::Texts;
use super::{Register, Report};
use crate::record::{Owner, Stairwell};

/// Bytes that a register holds. Allocators round up; this counts what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Columns that rules read, with keys and rows: persons, custody, dwellings, households, buildings, histories, facts;
    /// and what was worked out of them for whoever went through all rows.
    pub columns: usize,
    /// Of those, persons.
    pub persons: usize,
    /// Of those, custody.
    pub custody: usize,
    /// Of those, dwellings and households.
    pub homes: usize,
    /// Of those, buildings.
    pub buildings: usize,
    /// Of those, where persons have lived.
    pub histories: usize,
    /// Of those, the facts of other city registers.
    pub facts: usize,
    /// Of those, what was worked out of columns for whoever went through all rows.
    pub worked_out: usize,
    /// Names, addresses of homes and of buildings, owners who are no residents, lists of stairwells: what rendering reads.
    pub apart: usize,
}

fn of<T>(list: &[T]) -> usize {
    size_of_val(list)
}

impl Register {
    /// Bytes held.
    pub fn memory(&self) -> Memory {
        let facts = self.facts.iter().map(|column| column.cells.bytes() + of(&column.waiting)).sum();
        let (persons, custody) = (self.people_bytes(), self.custody_bytes());
        let (homes, buildings) = (self.homes_bytes(), self.buildings_bytes());
        let (histories, worked_out) = (self.histories.bytes(), self.kept.bytes());
        let columns = persons + custody + homes + buildings + histories + facts + worked_out;
        let apart = self.bytes_apart();
        Memory { columns, persons, custody, homes, buildings, histories, facts, worked_out, apart }
    }

    fn people_bytes(&self) -> usize {
        let people = &self.people;
        of(&people.keys)
            + of(&people.has_record)
            + of(&people.dead)
            + of(&people.n_codes)
            + people.born_first.bytes()
            + people.born_last.bytes()
            + of(&people.life)
            + people.sex.bytes()
            + people.municipality.bytes()
            + people.language.bytes()
            + people.protection.bytes()
            + people.in_care.bytes()
            + people.dwelling.bytes()
            + people.moved_in_first.bytes()
            + people.moved_in_last.bytes()
            + self.reports.len() * size_of::<Report>()
    }

    fn custody_bytes(&self) -> usize {
        of(&self.people.custodians) + of(&self.custody.offsets) + of(&self.custody.pairs) + of(&self.custody.rights)
    }

    fn homes_bytes(&self) -> usize {
        let (dwellings, households) = (&self.dwellings, &self.households);
        of(&dwellings.keys)
            + of(&dwellings.is_home)
            + of(&dwellings.has_record)
            + of(&dwellings.building)
            + of(&dwellings.missing_buildings)
            + of(&dwellings.members)
            + of(&dwellings.protected)
            + of(&households.keys)
            + of(&households.dwelling)
            + of(&households.formed)
            + of(&households.state)
            + of(&households.offsets)
            + of(&households.members)
    }

    fn buildings_bytes(&self) -> usize {
        let buildings = &self.buildings;
        of(&buildings.keys)
            + of(&buildings.ids)
            + of(&buildings.by_id)
            + of(&buildings.location)
            + of(&buildings.owner_offsets)
            + of(&buildings.owners)
            + of(&buildings.owners_state)
            + buildings.area_m2.bytes()
            + of(&buildings.facilities)
            + of(&buildings.connections)
            + buildings.intended_use.bytes()
            + buildings.built_year.bytes()
            + buildings.storeys.bytes()
            + buildings.dwellings.bytes()
            + of(&buildings.stairwells_at)
            + of(&buildings.stairwells_state)
    }

    fn bytes_apart(&self) -> usize {
        let text = |text: &String| text.capacity();
        let owner = |owner: &Owner| match owner {
            Owner::Organisation { id, name, language } => {
                text(id) + text(name) + language.as_ref().known().map_or(0, text)
            }
            Owner::Person(_) | Owner::Estate => 0,
        };
        let stairwell = |stairwell: &Stairwell| size_of::<Stairwell>() + text(&stairwell.name);
        let (people, dwellings, buildings) = (&self.people, &self.dwellings, &self.buildings);
        of(&people.name_at)
            + people.names.bytes(Texts::bytes)
            + dwellings.address_at.bytes()
            + dwellings.addresses.bytes(Texts::bytes)
            + buildings.address_at.bytes()
            + buildings.addresses.bytes(Texts::bytes)
            + buildings.other_owners.bytes(|owners| of(owners) + owners.iter().map(owner).sum::<usize>())
            + buildings.stairwell_lists.bytes(|lists| of(lists) + lists.iter().flatten().map(stairwell).sum::<usize>())
    }
}
