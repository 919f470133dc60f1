//! Where everybody lives, by the ids that are delivered: every residence once, with its key.
//!
//! The id of a dwelling stands in the record of each of its residents and in its own; its key is made once.

use std::borrow::Cow;

use super::rows::{NO_ROW, packed};
use crate::identity::dwelling_id::{self, Residence};
use crate::key::{DwellingKey, KeySecret};
use crate::record::{DwellingRecord, ResidentRecord};
use crate::sorted::mapped;
use crate::value::{Fact, UnknownReason};

/// The residences of everybody and everything delivered, each once.
pub(super) struct Lodgings {
    // INVARIANT (sorted by key, each once)
    pub(super) residences: Vec<(DwellingKey, bool)>,
    /// The place among them of each resident record delivered.
    pub(super) of_residents: Vec<Fact<u32>>,
    /// And of each dwelling record; none for an id of no known form.
    pub(super) of_dwellings: Vec<Option<u32>>,
}

impl Lodgings {
    pub(super) fn of(secret: &KeySecret, residents: &[ResidentRecord], dwellings: &[DwellingRecord]) -> Self {
        let mut ids = Ids::default();
        let of_residents: Vec<Fact<u32>> = residents
            .iter()
            .map(|record| match &record.dwelling {
                // an id that is none of a dwelling's says nothing of where the person lives
                Fact::Known(id) => ids.place(id).map_or(Fact::Unknown(UnknownReason::Disputed), Fact::Known),
                Fact::None => Fact::None,
                Fact::Unknown(reason) => Fact::Unknown(*reason),
            })
            .collect();
        let of_dwellings: Vec<Option<u32>> = dwellings.iter().map(|record| ids.place(&record.id)).collect();
        let (each, number_of) = ids.each_once();
        let keyed = mapped(&each, |id| (secret.dwelling_key(id), forms_household(id)));
        let mut order: Vec<(DwellingKey, bool, u32)> =
            keyed.into_iter().zip(0..).map(|((key, is_home), number)| (key, is_home, number)).collect();
        order.sort_unstable();
        let mut rank = vec![NO_ROW; order.len()];
        for (at, (.., number)) in (0..).zip(&order) {
            rank[*number as usize] = at;
        }
        let place = |id: u32| rank[number_of[id as usize] as usize];
        Self {
            residences: order.into_iter().map(|(key, is_home, _)| (key, is_home)).collect(),
            of_residents: of_residents.into_iter().map(|id| id.map(place)).collect(),
            of_dwellings: of_dwellings.into_iter().map(|id| id.map(place)).collect(),
        }
    }
}

/// Ids of residences as they are delivered. Neighbours in the delivery often have the same.
#[derive(Default)]
struct Ids<'a> {
    ids: Vec<Cow<'a, str>>,
    last: Option<(&'a str, Option<u32>)>,
}

impl<'a> Ids<'a> {
    /// The place of an id; none of one that is none of a residence's.
    fn place(&mut self, id: &'a str) -> Option<u32> {
        match self.last {
            Some((last, place)) if last == id => place,
            _ => {
                let place = is_dwelling_id(id).then(|| {
                    self.ids.push(dwelling_id::of_flat(id));
                    packed(self.ids.len() - 1)
                });
                self.last = Some((id, place));
                place
            }
        }
    }

    /// Each id once, and which of them stands at each place.
    fn each_once(&self) -> (Vec<&str>, Vec<u32>) {
        // the first sixteen bytes, which is most ids, the length, and the place
        let head = |(id, at): (&Cow<'_, str>, u32)| {
            let mut bytes = [0; 16];
            let n = id.len().min(bytes.len());
            bytes[..n].copy_from_slice(&id.as_bytes()[..n]);
            (u128::from_be_bytes(bytes), packed(id.len()), at)
        };
        let rest = |(_, n_bytes, at): &(u128, u32, u32)| match n_bytes {
            0..=16 => &[],
            _ => self.ids[*at as usize].as_bytes().get(16..).unwrap_or_default(),
        };
        let mut order: Vec<(u128, u32, u32)> = self.ids.iter().zip(0..).map(head).collect();
        order.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| rest(a).cmp(rest(b))));
        let mut each: Vec<&str> = Vec::new();
        let mut number_of = vec![NO_ROW; order.len()];
        for same in order.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1) && rest(a) == rest(b)) {
            for (.., at) in same {
                number_of[*at as usize] = packed(each.len());
            }
            each.extend(same.first().map(|(.., at)| &*self.ids[*at as usize]));
        }
        (each, number_of)
    }
}

/// Whether a text is an id of a dwelling or of another residence.
fn is_dwelling_id(id: &str) -> bool {
    dwelling_id::residence(id).is_some()
}

fn forms_household(id: &str) -> bool {
    dwelling_id::residence(id) == Some(Residence::Dwelling)
}
