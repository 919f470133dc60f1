//! What is other in one register than in an earlier one, by kind and in numbers.

use std::collections::BTreeMap;

use ennakko_core::Register;
use ennakko_core::difference::{BuildingEvent, Difference, Direction, HouseholdEvent, Residence, ResidentEvent};
use ennakko_core::fact_table::FactDeclaration;
use ennakko_core::key::{Expected, SubjectKey};
use ennakko_core::register::Protection;

use super::summary::SMALL;
use super::{Load, RegisterFolder, RegisterFolderError};
use crate::wire::v1::{DifferenceKindV1, RegisterDifferenceV1};

/// Kinds that tell of protection: small numbers of them are not told, nor whom they are about.
const TELLS_OF_PROTECTION: [&str; 5] =
    ["care", "home_protection_begins", "home_protection_ends", "protection", "residence_told"];

impl RegisterFolder {
    /// The latest registers of two folders, the earlier one's with the later one's keys; of one folder its two latest loads.
    ///
    /// # Errors
    /// * [`RegisterFolderError::NotLoaded`], and those of reading
    pub fn pair(
        earlier: &Self,
        later: Option<&Self>,
        facts: &[FactDeclaration],
        progress: &mut dyn FnMut(&str),
    ) -> Result<(Load, Load), RegisterFolderError> {
        let (later, nth) = later.map_or((earlier, 1), |later| (later, 0));
        // that there are two is to be known before work begins
        earlier.earlier(nth)?;
        let expected = Expected::Rows(later.earlier(0)?.kept.identities);
        let identities = later.identities(&expected)?;
        let (new, identities) = later.last_with(0, facts, identities, progress)?;
        let (old, _) = earlier.last_with(nth, facts, identities, progress)?;
        Ok((old, new))
    }
}

/// The difference between two registers with the same keys, seen from a city.
pub fn difference(before: &Register, after: &Register, municipality: &str) -> RegisterDifferenceV1 {
    let difference = Difference::between(before, after);
    let mut kinds: BTreeMap<String, Vec<SubjectKey>> = BTreeMap::new();
    let mut add = |kind: &str, key: SubjectKey| kinds.entry(kind.to_owned()).or_default().push(key);
    for one in &difference.residents {
        let key = SubjectKey::Resident(one.resident);
        for kind in of_resident(&one.what, municipality) {
            add(kind, key);
        }
    }
    for one in &difference.households {
        let kind = match one.what {
            HouseholdEvent::Formed => "household_formed",
            HouseholdEvent::Dissolved => "household_dissolved",
            _ => "household_changed",
        };
        add(kind, SubjectKey::Household(one.household));
    }
    for one in &difference.buildings {
        let kind = match one.what {
            BuildingEvent::Appeared => "building_appeared",
            BuildingEvent::Gone => "building_gone",
            _ => "building_changed",
        };
        add(kind, SubjectKey::Building(one.building));
    }
    for one in &difference.facts {
        add(&format!("fact_{}", one.fact), one.subject);
    }
    RegisterDifferenceV1 {
        schema: "ennakko.register_difference.v1".to_owned(),
        from: before.day().to_string(),
        to: after.day().to_string(),
        touched: difference.touched().len(),
        kinds: kinds.into_iter().map(|(kind, keys)| told(kind, &keys)).collect(),
    }
}

fn told(kind: String, keys: &[SubjectKey]) -> DifferenceKindV1 {
    if TELLS_OF_PROTECTION.iter().any(|telling| kind.starts_with(telling)) {
        let count = Some(keys.len()).filter(|count| *count >= SMALL);
        return DifferenceKindV1 { kind, count, keys: Vec::new() };
    }
    let mut texts: Vec<String> = keys.iter().map(|key| key.as_uuid().to_string()).collect();
    texts.sort();
    texts.dedup();
    DifferenceKindV1 { kind, count: Some(texts.len()), keys: texts }
}

fn of_resident(what: &ResidentEvent, municipality: &str) -> Vec<&'static str> {
    let one = match what {
        ResidentEvent::Born(_) => "born",
        ResidentEvent::Appeared(_) => "appeared",
        ResidentEvent::Disappeared => "disappeared",
        ResidentEvent::Died => "died",
        ResidentEvent::DeathDisputed => "death_disputed",
        ResidentEvent::DeathRetracted => "death_retracted",
        ResidentEvent::Moved { from, to } => moved(from, to, municipality),
        ResidentEvent::ResidenceTold { .. } => "residence_told",
        ResidentEvent::PastResidence => "past_residence",
        ResidentEvent::Home => "home",
        ResidentEvent::Custody { gained, lost, altered } => {
            let kinds = [
                ("custody_gained", gained.is_empty()),
                ("custody_lost", lost.is_empty()),
                ("custody_altered", altered.is_empty()),
            ];
            return kinds.into_iter().filter(|(_, is_empty)| !is_empty).map(|(kind, _)| kind).collect();
        }
        ResidentEvent::Names => "names",
        ResidentEvent::Language => "language",
        ResidentEvent::Protection { to, .. } => match to {
            Protection::Protected => "protection_begins",
            Protection::Open => "protection_ends",
            Protection::Unknown => "protection_unknown",
        },
        ResidentEvent::HomeProtection { to: true, .. } => "home_protection_begins",
        ResidentEvent::HomeProtection { to: false, .. } => "home_protection_ends",
        ResidentEvent::Care => "care",
        ResidentEvent::CodeGiven => "code_given",
        ResidentEvent::CodeCorrected => "code_corrected",
        ResidentEvent::BirthDate => "birth_date",
        ResidentEvent::Sex => "sex",
        _ => "other",
    };
    vec![one]
}

fn moved(from: &Residence, to: &Residence, municipality: &str) -> &'static str {
    match from.direction_to(to, municipality) {
        Direction::In => "moved_in",
        Direction::Out => "moved_out",
        Direction::Within => "moved_within",
        Direction::Elsewhere => "moved_elsewhere",
        Direction::NotTold => "moved_not_told_where",
    }
}
