//! The sample city: a believable Helsinki of any size, from open data and a seed. For examples, benchmarks, tests and an
//! analyst's first try; never for statistics.
//!
//! What comes from open data: residents by postal area, age and sex, households by type, dwellings by sort of house (Paavo
//! 2026 and table 11re of Statistics Finland), names (Digital and Population Data Services Agency), schools and day-care
//! units (Service Map), municipalities. Everything else is assumed, and the module that assumes it says so: languages,
//! citizenships, ages of parents, custody, protection, sizes and owners of buildings, rows of other registers. Admission
//! areas are [made up](MADE_UP_AREAS).
//!
//! A [`City`] is planned once and tells its records on a day ([`Snapshot`]), all at once or block by block. What happens to
//! its people is a [`Year`]. [`table`] writes records as CSV, [`feed`] as the population register's own JSON.
//!
//! Nobody is real. Identity codes are artificial (serials 900 to 999), building ids start with 9, house numbers begin at 501,
//! ids of organisations start with `S`. The same size, seed and day give the same bytes on every machine: whole numbers, a
//! generator whose output is fixed, no clock.
//!
//! ```
//! use ennakko::sample::City;
//!
//! let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).ok_or("no such day")?;
//! let city = City::plan(2_000, 7)?;
//! let people: usize = city.on(day).blocks().map(|block| block.residents.len()).sum();
//! assert!(people >= 2_000, "residents of the city, and the few who have a record besides");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Modules stand in reading order.

mod dice;
mod share;
mod source;

mod code;
mod custody;
mod family;
mod homes;
mod language;
mod people;
mod plan;

mod building;
mod citizenship;
mod resident;
mod snapshot;

mod admission;
mod facts;

mod year;

pub mod feed;
pub mod table;

#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use ennakko_core::fact_table::FactDeclaration;
use ennakko_core::record::Delivery;
use thiserror::Error;

pub use admission::{AdmissionArea, MADE_UP_AREAS};
pub use citizenship::{FINLAND, citizenships};
pub use facts::KNOWN_FACTS;
pub use language::LANGUAGES;
pub use resident::DEATHS_SOURCE;
pub use snapshot::Snapshot;
pub use source::{Municipality, PostalArea, Unit};
pub use year::{Change, Happened, Year};

use admission::Admissions;
use plan::Plan;

/// Where the open data behind the sample comes from: publishers, licences, what was changed. To be handed on with the sample.
pub const ATTRIBUTION: &str = include_str!("../data/ATTRIBUTION.md");

/// How many residents a sample city may have.
pub const RESIDENTS: RangeInclusive<u32> = 1_000..=5_600_000;

/// Why a city cannot be planned.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SampleError {
    /// Too few or too many residents.
    #[error("a sample city has 1,000 to 5,600,000 residents, not {0}")]
    Residents(u32),
}

/// A planned city: who lives with whom and where, in some thirty bytes a person. `Debug` shows sizes only.
pub struct City {
    plan: Plan,
}

impl City {
    /// Plans a city of so many residents from a seed.
    ///
    /// # Errors
    ///
    /// * [`SampleError::Residents`] for a number outside [`RESIDENTS`]
    pub fn plan(residents: u32, seed: u64) -> Result<Self, SampleError> {
        if !RESIDENTS.contains(&residents) {
            return Err(SampleError::Residents(residents));
        }
        Ok(Self { plan: Plan::new(residents, seed) })
    }

    /// Residents of the city, as asked for: living, and with a home, a place in an institution or an entry of their own.
    /// A few more people have records: the lately dead, those who moved away, and custodians who live elsewhere.
    pub fn residents(&self) -> u32 {
        self.plan.residents
    }

    /// How many residents of an age and sex the source tables give a city of this size: what a cohort is to be held
    /// against. Women and men; 100 stands for a hundred and over.
    pub fn expected(&self, age: usize) -> [u32; 2] {
        let cells = plan::by_age_and_sex(&self.plan.source, self.plan.residents);
        [0, 1].map(|sex| cells.get(2 * age + sex).copied().unwrap_or_default())
    }

    /// The city on a day, to stream records from.
    pub fn on(&self, day: NaiveDate) -> Snapshot<'_> {
        Snapshot::new(&self.plan, day)
    }

    /// Everything delivered for a day at once, with rows for every declared fact whose name is among [`KNOWN_FACTS`].
    ///
    /// For small cities; [`Self::on`] streams.
    pub fn delivery(&self, day: NaiveDate, facts: &[FactDeclaration]) -> Delivery {
        self.on(day).delivery(facts)
    }

    /// Postal areas of Helsinki.
    pub fn postal_areas(&self) -> &[PostalArea] {
        &self.plan.source.areas
    }

    /// Comprehensive schools of Helsinki.
    pub fn schools(&self) -> &[Unit] {
        &self.plan.source.schools
    }

    /// Day-care units of Helsinki.
    pub fn day_care(&self) -> &[Unit] {
        &self.plan.source.day_care
    }

    /// The municipalities of Finland.
    pub fn municipalities(&self) -> &[Municipality] {
        &self.plan.source.municipalities
    }

    /// The admission areas behind the fact `local_school`, each of them [made up](MADE_UP_AREAS).
    pub fn admission_areas(&self) -> Vec<AdmissionArea> {
        Admissions::of_schools(&self.plan.source).areas(&self.plan.source)
    }
}

impl std::fmt::Debug for City {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("City")
            .field("residents", &self.plan.residents)
            .field("seed", &self.plan.seed)
            .field("homes", &self.plan.homes.len())
            .field("buildings", &self.plan.buildings.len())
            .finish_non_exhaustive()
    }
}
