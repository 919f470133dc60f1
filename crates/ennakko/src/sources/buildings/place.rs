//! Coordinates: three systems, their bounds, and the way between them.
//!
//! Not for: guessing. A pair that cannot be of the system it is said to be of is refused, also where it would fit with its axes
//! exchanged: files list northing first, services easting first, and a guess would put a home into the sea.
//! Conversion: `proj4rs`, whose source of truth is PROJ; tests compare it with PROJ's own values. ETRS89 and WGS 84 are taken
//! as one, as PROJ does for both systems here; they differ by less than a metre.

use ennakko_core::record::Location;
use proj4rs::Proj;
use thiserror::Error;

/// A system of coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum System {
    /// ETRS-TM35FIN, EPSG:3067: the whole of Finland, as the population register has it.
    Tm35Fin,
    /// ETRS-GK25, EPSG:3879: Helsinki; eastings begin with 25.
    Gk25,
    /// WGS 84, EPSG:4326: degrees, latitude as north and longitude as east.
    Wgs84,
}

impl System {
    /// The code of the EPSG registry.
    pub fn epsg(self) -> u32 {
        match self {
            Self::Tm35Fin => 3067,
            Self::Gk25 => 3879,
            Self::Wgs84 => 4326,
        }
    }

    /// What can be in Finland: least and most north, least and most east.
    fn bounds(self) -> [f64; 4] {
        match self {
            Self::Tm35Fin => [6_600_000.0, 7_800_000.0, 50_000.0, 760_000.0],
            Self::Gk25 => [6_600_000.0, 7_800_000.0, 25_150_000.0, 25_900_000.0],
            Self::Wgs84 => [59.0, 70.2, 19.0, 32.0],
        }
    }

    fn holds(self, north: f64, east: f64) -> bool {
        let [least_north, most_north, least_east, most_east] = self.bounds();
        (least_north..=most_north).contains(&north) && (least_east..=most_east).contains(&east)
    }

    fn projection(self) -> &'static str {
        match self {
            Self::Tm35Fin => "+proj=utm +zone=35 +ellps=GRS80 +units=m +no_defs",
            Self::Gk25 => "+proj=tmerc +lat_0=0 +lon_0=25 +k=1 +x_0=25500000 +y_0=0 +ellps=GRS80 +units=m +no_defs",
            Self::Wgs84 => "+proj=longlat +ellps=GRS80 +no_defs",
        }
    }
}

/// Which of a pair stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axes {
    /// Northing or latitude.
    NorthFirst,
    /// Easting or longitude.
    EastFirst,
}

/// Why a pair is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PlaceError {
    /// Not two numbers.
    #[error("the coordinates are not two numbers")]
    NotNumbers,
    /// They would fit with their axes exchanged.
    #[error("the coordinates have their axes exchanged")]
    Exchanged,
    /// Not in Finland by this system.
    #[error("the coordinates are outside the bounds of their system")]
    Outside,
    /// The conversion failed.
    #[error("the coordinates cannot be converted")]
    NotConverted,
}

/// A place in Finland.
// INVARIANT (in bounds): both lie within the bounds of the system, so both are finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    system: System,
    north: f64,
    east: f64,
}

impl Place {
    /// A place by its coordinates.
    ///
    /// # Errors
    /// * [`PlaceError::Exchanged`] when they would fit the other way round
    /// * [`PlaceError::Outside`] when they cannot be in Finland by this system
    pub fn new(north: f64, east: f64, system: System) -> Result<Self, PlaceError> {
        if system.holds(north, east) {
            Ok(Self { system, north, east })
        } else if system.holds(east, north) {
            Err(PlaceError::Exchanged)
        } else {
            Err(PlaceError::Outside)
        }
    }

    /// A place by two texts, also in scientific notation (`2.55075382107937E7`).
    ///
    /// # Errors
    /// * [`PlaceError::NotNumbers`] when one of them is no number
    /// * those of [`Self::new`]
    pub fn read(north: &str, east: &str, system: System) -> Result<Self, PlaceError> {
        let number = |text: &str| text.trim().parse::<f64>().map_err(|_| PlaceError::NotNumbers);
        Self::new(number(north)?, number(east)?, system)
    }

    /// A place by one text with a comma between (`2.55075382107937E7,6677435.2`).
    ///
    /// # Errors
    /// Those of [`Self::read`].
    pub fn read_pair(text: &str, axes: Axes, system: System) -> Result<Self, PlaceError> {
        let (first, second) = text.split_once(',').ok_or(PlaceError::NotNumbers)?;
        match axes {
            Axes::NorthFirst => Self::read(first, second, system),
            Axes::EastFirst => Self::read(second, first, system),
        }
    }

    /// The system.
    pub fn system(self) -> System {
        self.system
    }

    /// Northing in metres, or latitude in degrees.
    pub fn north(self) -> f64 {
        self.north
    }

    /// Easting in metres, or longitude in degrees.
    pub fn east(self) -> f64 {
        self.east
    }
}

/// The three projections, made once.
pub struct Projections {
    tm35fin: Proj,
    gk25: Proj,
    wgs84: Proj,
}

impl Projections {
    /// Makes them.
    ///
    /// # Errors
    /// * [`PlaceError::NotConverted`] when the crate does not know one of them
    pub fn new() -> Result<Self, PlaceError> {
        let of = |system: System| Proj::from_proj_string(system.projection()).map_err(|_| PlaceError::NotConverted);
        Ok(Self { tm35fin: of(System::Tm35Fin)?, gk25: of(System::Gk25)?, wgs84: of(System::Wgs84)? })
    }

    fn of(&self, system: System) -> &Proj {
        match system {
            System::Tm35Fin => &self.tm35fin,
            System::Gk25 => &self.gk25,
            System::Wgs84 => &self.wgs84,
        }
    }

    /// The same place in another system.
    ///
    /// # Errors
    /// * [`PlaceError::NotConverted`] when the projection has no answer
    /// * [`PlaceError::Outside`] when the place is out of the other system's bounds
    pub fn convert(&self, place: Place, to: System) -> Result<Place, PlaceError> {
        if place.system == to {
            return Ok(place);
        }
        let mut point = match place.system {
            System::Wgs84 => (place.east.to_radians(), place.north.to_radians(), 0.0),
            System::Tm35Fin | System::Gk25 => (place.east, place.north, 0.0),
        };
        proj4rs::transform::transform(self.of(place.system), self.of(to), &mut point)
            .map_err(|_| PlaceError::NotConverted)?;
        let (east, north) = match to {
            System::Wgs84 => (point.0.to_degrees(), point.1.to_degrees()),
            System::Tm35Fin | System::Gk25 => (point.0, point.1),
        };
        Place::new(north, east, to)
    }

    /// The place as records have it: ETRS-TM35FIN, whole metres.
    ///
    /// # Errors
    /// Those of [`Self::convert`].
    pub fn location(&self, place: Place) -> Result<Location, PlaceError> {
        let place = self.convert(place, System::Tm35Fin)?;
        Ok(Location {
            epsg: System::Tm35Fin.epsg(),
            north_m: whole_metres(place.north),
            east_m: whole_metres(place.east),
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a place is within bounds of some million metres")]
fn whole_metres(metres: f64) -> i64 {
    metres.round() as i64
}
