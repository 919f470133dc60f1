//! Buildings and the dwellings in them: how many of each sort an area has, and who lives in which.
//!
//! Shares of small houses and of empty dwellings come from Paavo; sizes of buildings are assumed, so that there are about
//! as many buildings as in Paavo.

use super::dice::Dice;
use super::family::{Draft, HomeKind};
use super::plan::count;
use super::share::scaled;
use super::source::PostalArea;

/// What sort of building.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    OneDwelling,
    TwoDwellings,
    Row,
    BalconyAccess,
    SmallBlock,
    Block,
}

/// A building, in twelve bytes.
#[derive(Clone, Copy)]
pub(super) struct Building {
    /// Its first home; the others follow.
    pub(super) first: u32,
    pub(super) homes: u16,
    /// Dwellings, the empty ones included.
    pub(super) dwellings: u16,
    pub(super) area: u8,
    pub(super) class: Class,
}

/// A building before it is placed.
#[derive(Clone, Copy)]
pub(super) struct HouseType {
    pub(super) class: Class,
    pub(super) dwellings: u16,
}

/// The buildings of an area with their households, each with the number of its dwelling.
pub(super) fn build(dice: &mut Dice, area: &PostalArea, homes: Vec<Draft>) -> Vec<(HouseType, Vec<(u16, Draft)>)> {
    // Paavo leaves a few dwellings in neither column
    let known = area.in_small_houses + area.in_blocks;
    let in_small = scaled(count(homes.len()), area.in_small_houses, known) as usize;
    let mut scored: Vec<(u32, Draft)> = homes
        .into_iter()
        .map(|draft| {
            // families with children live in small houses more often than others (assumed)
            let likely = match draft.kind {
                HomeKind::Family => 600,
                HomeKind::Couple => 250,
                HomeKind::OneParent => 150,
                _ => 0,
            };
            (dice.below(1000) + likely, draft)
        })
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let mut order: Vec<Draft> = scored.into_iter().map(|(_, draft)| draft).collect();
    let mut flats = order.split_off(in_small.min(order.len()));
    dice.shuffle(&mut order);
    dice.shuffle(&mut flats);
    let mut built = Vec::new();
    let mut small = order.into_iter().peekable();
    while small.peek().is_some() {
        // three households in two buildings: with that, residential buildings are as many as Paavo counts
        let house = match dice.below(100) {
            0..=79 => HouseType { class: Class::OneDwelling, dwellings: 1 },
            80..=92 => HouseType { class: Class::TwoDwellings, dwellings: 2 },
            _ => HouseType { class: Class::Row, dwellings: 4 + small_number(dice, 5) },
        };
        let lived_in: Vec<Draft> = small.by_ref().take(usize::from(house.dwellings)).collect();
        built.push((house, (1..).zip(lived_in).collect()));
    }
    let mut flats = flats.into_iter();
    while flats.len() > 0 {
        let mut house = match dice.below(100) {
            0..=5 => HouseType { class: Class::BalconyAccess, dwellings: 6 + small_number(dice, 19) },
            6..=20 => HouseType { class: Class::SmallBlock, dwellings: 6 + small_number(dice, 15) },
            _ => HouseType { class: Class::Block, dwellings: 16 + small_number(dice, 35) + small_number(dice, 35) },
        };
        // the last building of an area is no larger than those who are left need
        let left = count(flats.len());
        house.dwellings = house.dwellings.min(u16::try_from(left + left / 6 + 1).unwrap_or(u16::MAX));
        let lived_in: Vec<u16> = occupied(dice, area, house.dwellings);
        let homes: Vec<(u16, Draft)> = lived_in.into_iter().zip(flats.by_ref()).collect();
        if homes.is_empty() {
            break;
        }
        built.push((house, homes));
    }
    built
}

fn small_number(dice: &mut Dice, below: u32) -> u16 {
    u16::try_from(dice.below(below)).unwrap_or_default()
}

/// Which dwellings of a block are lived in: at least one, and on average Paavo's households a dwelling.
fn occupied(dice: &mut Dice, area: &PostalArea, dwellings: u16) -> Vec<u16> {
    let share = scaled(1000, area.households.min(area.dwellings), area.dwellings).max(500);
    let mut numbers: Vec<u16> = (1..=dwellings).filter(|_| dice.permille(share)).collect();
    if numbers.is_empty() {
        numbers.push(1);
    }
    numbers
}
