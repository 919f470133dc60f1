//! Admission areas and day-care units by area, **made up for the sample**: the city's real areas were not available.
//!
//! A building belongs to a school that takes beginners and stands in its postal area; where several do, by its running
//! number; where none does, to one of the next postal area in the list of codes that has one. No distance is computed, and
//! nothing here says which school is near.

use super::source::{Source, Unit};

/// What to write wherever these areas show.
pub const MADE_UP_AREAS: &str = "areas made up for the sample";

/// One admission area: the school for beginners of a language who live in one part of a postal area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdmissionArea {
    /// Postal area.
    pub postal_code: &'static str,
    /// Language of the school: `fi` or `sv`.
    pub language: &'static str,
    /// Which part of the postal area, from 1, and of how many.
    pub part: (usize, usize),
    /// The school.
    pub school: &'static str,
    /// That the area is made up: always [`MADE_UP_AREAS`].
    pub note: &'static str,
}

/// Units by postal area and language.
pub(super) struct Admissions {
    // by area, then Finnish and Swedish
    by_area: Vec<[Vec<&'static str>; 2]>,
}

const LANGUAGES: [&str; 2] = ["fi", "sv"];

impl Admissions {
    pub(super) fn of_schools(source: &Source) -> Self {
        Self::of(source, &source.schools)
    }

    pub(super) fn of_day_care(source: &Source) -> Self {
        Self::of(source, &source.day_care)
    }

    fn of(source: &Source, units: &[Unit]) -> Self {
        let of_area = |code: &str, language: &str| -> Vec<&'static str> {
            units
                .iter()
                .filter(|unit| unit.takes_children && unit.postal_code == code && unit.language == language)
                .map(|unit| unit.name)
                .collect()
        };
        let own: Vec<[Vec<&'static str>; 2]> =
            source.areas.iter().map(|area| LANGUAGES.map(|language| of_area(area.code, language))).collect();
        let by_area = (0..own.len())
            .map(|at| {
                [0, 1].map(|language| {
                    // its own, else the next in the list that has one, else the last before
                    let next = (at..own.len()).chain((0..at).rev());
                    next.map(|area| &own[area][language]).find(|units| !units.is_empty()).cloned().unwrap_or_default()
                })
            })
            .collect();
        Self { by_area }
    }

    /// The unit of a building for a language.
    pub(super) fn unit(&self, area: usize, building: u32, swedish: bool) -> Option<&'static str> {
        let units = &self.by_area.get(area)?[usize::from(swedish)];
        units.get(building as usize % units.len().max(1)).copied()
    }

    /// Another unit than the building's, for rows that are wrong.
    pub(super) fn other_unit(&self, area: usize, building: u32, swedish: bool) -> Option<&'static str> {
        self.unit((area + 1) % self.by_area.len().max(1), building, swedish)
    }

    /// All areas, in the order of postal codes.
    pub(super) fn areas(&self, source: &Source) -> Vec<AdmissionArea> {
        let mut areas = Vec::new();
        for (area, by_language) in source.areas.iter().zip(&self.by_area) {
            for (language, units) in LANGUAGES.into_iter().zip(by_language) {
                for (part, school) in units.iter().enumerate() {
                    areas.push(AdmissionArea {
                        postal_code: area.code,
                        language,
                        part: (part + 1, units.len()),
                        school,
                        note: MADE_UP_AREAS,
                    });
                }
            }
        }
        areas
    }
}
