//! Who is touched by a difference: whoever a rule may read it through.
//!
//! A rule about a person reads the person, their custodians, their household and its members, the building of their
//! dwelling, and of each of those the same again. So what is other about somebody may change the outcome of their children
//! and of everybody in their household, and of whoever reads those in turn. Custodians are touched because letters go to
//! them; nobody reads a child through its custodian.

use super::{Register, ResidentRow};
use crate::difference::Difference;
use crate::key::{HouseholdKey, SubjectKey};
use crate::sorted::both;

/// Every subject of a difference and whoever may read about one, in either register, in the order of keys.
pub(super) fn touched(difference: &Difference, before: &Register, after: &Register) -> Vec<SubjectKey> {
    if difference.is_empty() {
        return Vec::new();
    }
    let mut touched: Vec<SubjectKey> = Vec::new();
    touched.extend(difference.residents.iter().map(|other| SubjectKey::Resident(other.resident)));
    touched.extend(difference.households.iter().map(|other| SubjectKey::Household(other.household)));
    touched.extend(difference.buildings.iter().map(|other| SubjectKey::Building(other.building)));
    touched.extend(difference.facts.iter().map(|other| other.subject));
    touched.sort_unstable();
    touched.dedup();
    let first = touched.clone();
    let (of_before, of_after) =
        both(after.people.keys.len(), || Reach::new(before).from(&first), || Reach::new(after).from(&first));
    touched.extend(of_before);
    touched.extend(of_after);
    touched.sort_unstable();
    touched.dedup();
    touched
}

struct Reach<'r> {
    register: &'r Register,
    reached: Vec<bool>,
    next: Vec<ResidentRow>,
    households: Vec<bool>,
}

impl<'r> Reach<'r> {
    fn new(register: &'r Register) -> Self {
        Self {
            register,
            reached: vec![false; register.people.keys.len()],
            next: Vec::new(),
            households: vec![false; register.households.keys.len()],
        }
    }

    /// Everybody reached from these subjects.
    fn from(mut self, first: &[SubjectKey]) -> Vec<SubjectKey> {
        let register = self.register;
        let mut touched = Vec::new();
        let mut buildings = vec![false; register.buildings.keys.len()];
        let mut any_building = false;
        let mut dwellings = Vec::new();
        for subject in first {
            match subject {
                SubjectKey::Resident(key) => {
                    if let Ok(row) = register.people.keys.binary_search(key) {
                        self.reach(row);
                        // letters go to them
                        let custodians = register.custody.of(row).iter().map(|pair| pair.custodian.position());
                        for custodian in custodians.filter(|row| register.people.has_record[*row]) {
                            touched.push(SubjectKey::Resident(register.people.keys[custodian]));
                        }
                    }
                }
                SubjectKey::Household(key) => dwellings.push(*key),
                SubjectKey::Building(key) => {
                    if let Ok(row) = register.buildings.keys.binary_search(key) {
                        buildings[row] = true;
                        any_building = true;
                    }
                }
            }
        }
        // households are not in the order of their keys; most of them differ from all these in their first bits
        if !dwellings.is_empty() {
            let first_bits = |key: &HouseholdKey| usize::from(u16::from_be_bytes(first_two(key)));
            let mut any = vec![false; 1 << 16];
            for key in &dwellings {
                any[first_bits(key)] = true;
            }
            for (row, key) in register.households.keys.iter().enumerate() {
                if any[first_bits(key)] && dwellings.binary_search(key).is_ok() {
                    self.reach_household(row);
                }
            }
        }
        if any_building {
            for (row, home) in (0..register.people.keys.len())
                .filter_map(|row| register.people.dwelling.get(row).known().map(|home| (row, home as usize)))
            {
                if register.dwellings.building[home].is_some_and(|building| buildings[building.position()]) {
                    self.reach(row);
                }
            }
        }
        let children = Children::of(register);
        while let Some(row) = self.next.pop() {
            for child in children.of_custodian(row.position()) {
                self.reach(*child as usize);
            }
            if let Some(home) = register.people.dwelling.get(row.position()).known()
                && let Some(household) = register.households.of_dwelling(home as usize)
            {
                self.reach_household(household);
            }
        }
        for (row, reached) in self.reached.iter().enumerate() {
            if *reached && register.people.has_record[row] {
                touched.push(SubjectKey::Resident(register.people.keys[row]));
            }
        }
        for (row, reached) in self.households.iter().enumerate() {
            if *reached {
                touched.push(SubjectKey::Household(register.households.keys[row]));
            }
        }
        touched
    }

    fn reach(&mut self, row: usize) {
        if !std::mem::replace(&mut self.reached[row], true) {
            self.next.extend(ResidentRow::at(row));
        }
    }

    fn reach_household(&mut self, row: usize) {
        if !std::mem::replace(&mut self.households[row], true) {
            let register = self.register;
            for member in register.households.members_of(row) {
                self.reach(member.position());
            }
        }
    }
}

fn first_two(key: &HouseholdKey) -> [u8; 2] {
    let [first, second, ..] = key.as_uuid().into_bytes();
    [first, second]
}

/// Children by the rows of those who are recorded beside them.
struct Children {
    offsets: Vec<u32>,
    rows: Vec<u32>,
}

impl Children {
    fn of(register: &Register) -> Self {
        let custody = &register.custody;
        let mut offsets = vec![0_u32; register.people.keys.len() + 1];
        for pair in &custody.pairs {
            offsets[pair.custodian.position() + 1] += 1;
        }
        for at in 1..offsets.len() {
            offsets[at] += offsets[at - 1];
        }
        let mut next = offsets.clone();
        let mut rows = vec![0_u32; custody.pairs.len()];
        for child in 0..register.people.keys.len() {
            for pair in custody.of(child) {
                let at = &mut next[pair.custodian.position()];
                rows[*at as usize] = super::rows::packed(child);
                *at += 1;
            }
        }
        Self { offsets, rows }
    }

    fn of_custodian(&self, row: usize) -> &[u32] {
        &self.rows[self.offsets[row] as usize..self.offsets[row + 1] as usize]
    }
}
