//! What is other in a later register than in the one before, as data: what drives withdrawals, and the evaluation of only
//! those who are touched. Not a text, and no name, code or address stands in it.
//!
//! What time alone does is no difference: a child who comes of age on a day between two registers has the same record in
//! both. What is due on which day is for rules to say.

use std::fmt;
use std::sync::Arc;

use crate::key::{BuildingKey, DwellingKey, HouseholdKey, ResidentKey, SubjectKey};
use crate::record::CustodyKind;
use crate::register::Protection;
use crate::value::{Fact, UnknownReason};

/// The difference between two registers. Its lists are in the order of keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Persons, each with everything that is other; one person may stand there several times.
    pub residents: Vec<ResidentDifference>,
    /// Households.
    pub households: Vec<HouseholdDifference>,
    /// Buildings.
    pub buildings: Vec<BuildingDifference>,
    /// Declared facts of subjects that are in both registers.
    pub facts: Vec<FactDifference>,
    /// See [`Self::touched`].
    pub(crate) touched: Vec<SubjectKey>,
}

impl Difference {
    /// Whether nothing is other.
    pub fn is_empty(&self) -> bool {
        self.residents.is_empty() && self.households.is_empty() && self.buildings.is_empty() && self.facts.is_empty()
    }

    /// Every subject, in the order of keys, whose evaluation may come out otherwise: whoever is named here, their
    /// custodians, and everybody who may read about them: their children, the members of their household before and now,
    /// who reads about those in turn, the households, and residents of a building that is other.
    pub fn touched(&self) -> &[SubjectKey] {
        &self.touched
    }
}

/// Something that is other about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResidentDifference {
    /// The person.
    pub resident: ResidentKey,
    /// What.
    pub what: ResidentEvent,
}

/// What is other about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResidentEvent {
    /// A record has come of a child less than a year old who has lived in the present dwelling from birth, as far as told.
    Born(Residence),
    /// A record has come of anybody else.
    Appeared(Residence),
    /// There is no record of the person any more: only between whole deliveries.
    Disappeared,
    /// Dead, without dispute, and was not before.
    Died,
    /// Sources have come to disagree on whether the person is alive.
    DeathDisputed,
    /// Alive, and was dead or disputed before.
    DeathRetracted,
    /// Lives elsewhere: another municipality or another dwelling, both told.
    Moved {
        /// Residence before.
        from: Residence,
        /// Residence now.
        to: Residence,
    },
    /// Something of the residence has become known or unknown, without a move being told: an order of non-disclosure
    /// begins or ends, a source withholds or delivers.
    ResidenceTold {
        /// What was told before.
        from: Residence,
        /// What is told now.
        to: Residence,
    },
    /// The day of moving in, or where the person has lived before, was corrected or added to.
    PastResidence,
    /// The address, the building or the kind of the dwelling is other, the dwelling the same.
    Home,
    /// Pairs in which this person is the child, or the ward, are other.
    Custody {
        /// Those who have come, by key, with what they are to the person.
        gained: Vec<(ResidentKey, CustodyKind)>,
        /// Those who are no more.
        lost: Vec<(ResidentKey, CustodyKind)>,
        /// Those whose days or rights are other.
        altered: Vec<(ResidentKey, CustodyKind)>,
    },
    /// Names.
    Names,
    /// Mother tongue.
    Language,
    /// Whether the person's own whereabouts are protected.
    Protection {
        /// Before.
        from: Protection,
        /// Now.
        to: Protection,
    },
    /// Whether anybody in the person's dwelling is protected, the person included.
    HomeProtection {
        /// Before.
        from: bool,
        /// Now.
        to: bool,
    },
    /// Whether the home that the person is placed in is kept from custodians.
    Care,
    /// A first identity code has come.
    CodeGiven,
    /// Another identity code has come; the key is the same, and the codes before lead to it.
    CodeCorrected,
    /// The day of birth.
    BirthDate,
    /// The registered sex.
    Sex,
}

/// Where somebody lives, as far as it is told, without an address. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Residence {
    /// Municipality, as the code of its country.
    pub municipality: Fact<Arc<str>>,
    /// Dwelling.
    pub dwelling: Lodging,
}

impl fmt::Debug for Residence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Residence(hidden)")
    }
}

/// A dwelling, or what stands for one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lodging {
    /// A dwelling.
    Home(DwellingKey),
    /// An institution, a municipality without a dwelling, or a country abroad.
    NotAHome(DwellingKey),
    /// None at all.
    None,
    /// Not known.
    Unknown(UnknownReason),
}

impl Lodging {
    /// Whether it is not known.
    pub fn is_unknown(self) -> bool {
        matches!(self, Self::Unknown(_))
    }
}

/// Which way a move goes, seen from a city.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From elsewhere into the city.
    In,
    /// Out of the city.
    Out,
    /// From one dwelling of the city to another.
    Within,
    /// From one place outside the city to another.
    Elsewhere,
    /// It is not known for one of the two whether it is in the city.
    NotTold,
}

impl Residence {
    /// Whether it is in a municipality. In none: no.
    pub fn is_in(&self, municipality: &str) -> Fact<bool> {
        match &self.municipality {
            Fact::Known(code) => Fact::Known(**code == *municipality),
            Fact::None => Fact::Known(false),
            Fact::Unknown(reason) => Fact::Unknown(*reason),
        }
    }

    /// Which way a move from here goes, seen from a city.
    pub fn direction_to(&self, to: &Self, municipality: &str) -> Direction {
        match (self.is_in(municipality), to.is_in(municipality)) {
            (Fact::Known(true), Fact::Known(true)) => Direction::Within,
            (Fact::Known(true), Fact::Known(false)) => Direction::Out,
            (Fact::Known(false), Fact::Known(true)) => Direction::In,
            (Fact::Known(false), Fact::Known(false)) => Direction::Elsewhere,
            _ => Direction::NotTold,
        }
    }
}

/// A household that is other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdDifference {
    /// The household.
    pub household: HouseholdKey,
    /// What.
    pub what: HouseholdEvent,
}

/// What is other about a household.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HouseholdEvent {
    /// There was none of this key.
    Formed,
    /// There is none of this key any more.
    Dissolved,
    /// It has other members, or it is known otherwise whether all are known.
    Changed {
        /// Who has come, by key.
        joined: Vec<ResidentKey>,
        /// Who has left.
        left: Vec<ResidentKey>,
    },
}

/// A building that is other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuildingDifference {
    /// The building.
    pub building: BuildingKey,
    /// What.
    pub what: BuildingEvent,
}

/// What is other about a building.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum BuildingEvent {
    /// A record of it has come.
    Appeared,
    /// It is no more.
    Gone,
    /// Anything of its record.
    Changed,
}

/// A declared fact that is other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactDifference {
    /// Whose.
    pub subject: SubjectKey,
    /// The fact's name.
    pub fact: Arc<str>,
}
