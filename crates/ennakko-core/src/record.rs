//! Records as sources deliver them: may be wrong, may be missing parts. A record is not a resident.
//!
//! Every field that a source may withhold or lack is a [`Fact`]. Nothing here is checked; [`crate::register`] does that.
//! Days outside [`crate::day::FIRST_DAY`] to [`crate::day::LAST_DAY`] become unknown there, with an issue.

use std::fmt;

use chrono::NaiveDate;

use crate::day::PartialDate;
use crate::fact_table::FactDeclaration;
use crate::identity::{IdentityCode, building_id::PermanentBuildingId};
use crate::key::ResidentKey;
use crate::value::{Fact, UnknownReason, Value};

/// A person as a source refers to them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// By the key that the source gives.
    Key(ResidentKey),
    /// By an identity code.
    Code(IdentityCode),
    /// Without a code: what is known of them. Few are, so that they take no room in what names others by a code.
    Described(Box<Names>, Fact<PartialDate>),
}

/// Names. They stand apart from what rules read, and `Debug` hides them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Names {
    /// Given names, the one in use first.
    pub given: String,
    /// Family name.
    pub family: String,
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Names(hidden)")
    }
}

/// Sex as the register has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// Whether a list was delivered whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListState {
    /// All members were delivered.
    Whole,
    /// Members may be missing.
    Open(UnknownReason),
}

/// One person. `Debug` hides everything but the key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResidentRecord {
    /// The key that the source gives, if it gives one.
    pub key: Option<ResidentKey>,
    /// The identity code in force.
    pub code: Option<IdentityCode>,
    /// Codes that were in force before, oldest first.
    pub former_codes: Vec<IdentityCode>,
    /// Names, if delivered; a new-born may have none.
    pub names: Option<Names>,
    /// Day of birth.
    pub born: Fact<PartialDate>,
    /// Sex.
    pub sex: Fact<Sex>,
    /// Whether this source says that the person is dead.
    pub dead: bool,
    /// Municipality of residence, as the code of its country (Finland: three digits).
    pub municipality: Fact<String>,
    /// Mother tongue, ISO 639-1 where there is one.
    pub language: Fact<String>,
    /// Whether an order of non-disclosure (Finland) or protected registration or a secrecy mark (Sweden) is in force.
    pub protection: Fact<bool>,
    /// Permanent dwelling: its id as [`crate::identity::dwelling_id`] says, with its significant spaces.
    pub dwelling: Fact<String>,
    /// When the person moved in.
    pub dwelling_since: Fact<PartialDate>,
    /// Whether the person's custodians were all delivered. An empty list is not a list of nobody.
    pub custodians: ListState,
    /// Whether the person has been taken into care, so that the home they are placed in is kept from custodians who do not
    /// live there. None: this source delivers no such mark. Unknown counts as kept.
    pub in_care: Fact<bool>,
}

/// Where a person has lived: municipalities of residence over time, as one source delivers them. `Debug` hides them.
///
/// The register needs it to answer for days before its own; see [`crate::register::Resident::lives_in_on`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HistoryRecord {
    /// Whose.
    pub of: Who,
    /// The day from which the stays are all there are; none: from birth. Before it nothing is known.
    pub known_from: Fact<NaiveDate>,
    /// The stays, in any order. A day between two of them is a day without a municipality of residence.
    pub stays: Vec<Stay>,
}

impl fmt::Debug for HistoryRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HistoryRecord(hidden)")
    }
}

/// One stay: a municipality of residence from a day to a day, both included, as in the Finnish register (old: ends on 26
/// June, new: begins on 27 June). A source that writes the day after the last gives the day before it. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stay {
    /// Municipality, as the code of its country; none: abroad, or in none.
    pub municipality: Fact<String>,
    /// The first day; none: since birth.
    pub from: Fact<PartialDate>,
    /// The last day, included; none: until further notice. A day of the far future that a source writes for that is none.
    pub last_day: Fact<PartialDate>,
}

impl fmt::Debug for Stay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stay(hidden)")
    }
}

impl fmt::Debug for ResidentRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResidentRecord").field("key", &self.key).finish_non_exhaustive()
    }
}

/// What a source says about a death besides the population register's own record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeathRecord {
    /// Who.
    pub who: Who,
    /// Which source says so.
    pub source: String,
    /// What it says.
    pub dead: bool,
}

/// What a person recorded beside another may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CustodyKind {
    /// Custody, by law or by order.
    Custodian,
    /// A right to information only: not a custodian.
    InformationOnly,
    /// Guardian of somebody, often an adult, who cannot look after their own affairs (Finland: *edunvalvoja*): not a
    /// custodian, and does not end with coming of age.
    Guardian,
}

/// What a custodian's right is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matter {
    /// Early education, teaching and school.
    Education,
    /// Health care.
    HealthCare,
    /// Anything else, by the source's own code for it.
    Other(String),
}

/// One right in a matter of its own, where a court has divided custody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CustodyRight {
    /// In which matter.
    pub matter: Matter,
    /// Whether the custodian may decide in it; unknown where only a text says.
    pub may_decide: Fact<bool>,
    /// From when; none: as long as custody.
    pub from: Fact<NaiveDate>,
    /// The last day, included; none: until further notice.
    pub until: Fact<NaiveDate>,
}

impl CustodyRight {
    /// What `may_decide` of a record is when a source delivers only rights: yes without any, for undivided custody; yes or
    /// no if every one of them says so; otherwise unknown, because a matter that none of them names is nobody's to guess.
    pub fn taken_together(rights: &[Self]) -> Fact<bool> {
        let says = |answer| rights.iter().all(|right| right.may_decide == Fact::Known(answer));
        match (says(true), says(false)) {
            (true, _) => Fact::Known(true),
            (false, true) => Fact::Known(false),
            (false, false) => Fact::Unknown(UnknownReason::NotDelivered),
        }
    }
}

/// One pair of a child and a person recorded beside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CustodyRecord {
    /// The child.
    pub child: Who,
    /// The other person, wherever they live.
    pub custodian: Who,
    /// What they may do.
    pub kind: CustodyKind,
    /// From when; none: since birth.
    pub from: Fact<NaiveDate>,
    /// The last day, included; none: until further notice.
    pub until: Fact<NaiveDate>,
    /// Whether they may decide in the child's matters that none of `rights` names; unknown where a court has divided
    /// custody. A source that has only rights gives [`CustodyRight::taken_together`].
    pub may_decide: Fact<bool>,
    /// Rights in matters of their own, in any order; empty where custody is undivided.
    pub rights: Vec<CustodyRight>,
}

/// A postal address in the languages that the register has it in. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub postal_code: String,
    /// Post office.
    pub post_office: String,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(hidden)")
    }
}

/// One dwelling. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DwellingRecord {
    /// Its id as [`crate::identity::dwelling_id`] says, with its significant spaces.
    pub id: String,
    /// The building it is in.
    pub building: Option<PermanentBuildingId>,
    /// Its address.
    pub address: Fact<Address>,
    /// Whether everyone who lives there was delivered.
    pub members: ListState,
}

impl fmt::Debug for DwellingRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DwellingRecord(hidden)")
    }
}

/// Equipment of a building, or its connections to networks: two different facts under the same words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Utilities {
    /// Sewer.
    pub sewer: Fact<bool>,
    /// Water.
    pub water: Fact<bool>,
    /// Electricity.
    pub electricity: Fact<bool>,
    /// Gas.
    pub gas: Fact<bool>,
    /// Cable.
    pub cable: Fact<bool>,
}

impl Utilities {
    /// Nothing was delivered.
    pub const NOT_DELIVERED: Self = Self {
        sewer: Fact::Unknown(UnknownReason::NotDelivered),
        water: Fact::Unknown(UnknownReason::NotDelivered),
        electricity: Fact::Unknown(UnknownReason::NotDelivered),
        gas: Fact::Unknown(UnknownReason::NotDelivered),
        cable: Fact::Unknown(UnknownReason::NotDelivered),
    };
}

/// One stairwell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stairwell {
    /// Its letter.
    pub name: String,
    /// Whether it has a lift.
    pub lift: Fact<bool>,
}

/// An owner of a building.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// A person.
    Person(Who),
    /// An organisation: its identifier, name and language of business if known.
    Organisation {
        /// Identifier in its source (Finland: business id).
        id: String,
        /// Name.
        name: String,
        /// Language of business.
        language: Fact<String>,
    },
    /// The estate of a dead person, not yet divided.
    Estate,
}

/// Where a building stands, in whole metres of a projected system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// EPSG code of the system (3067 for ETRS-TM35FIN).
    pub epsg: u32,
    /// Northing, metres.
    pub north_m: i64,
    /// Easting, metres.
    pub east_m: i64,
}

/// One building.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BuildingRecord {
    /// Permanent building id.
    pub id: PermanentBuildingId,
    /// Where it stands.
    pub location: Fact<Location>,
    /// Its address.
    pub address: Fact<Address>,
    /// Owners; the state says whether all are known.
    pub owners: Vec<Owner>,
    /// Whether all owners were delivered.
    pub owners_state: ListState,
    /// Gross area, whole square metres.
    pub area_m2: Fact<i64>,
    /// Equipment.
    pub facilities: Utilities,
    /// Connections to networks.
    pub connections: Utilities,
    /// Intended use, a code of the 1994 (three digits) or 2018 (four digits) classification.
    pub intended_use: Fact<String>,
    /// Year of completion.
    pub built_year: Fact<i64>,
    /// Storeys.
    pub storeys: Fact<i64>,
    /// Number of dwellings.
    pub dwellings: Fact<i64>,
    /// Stairwells.
    pub stairwells: Vec<Stairwell>,
    /// Whether all stairwells were delivered.
    pub stairwells_state: ListState,
}

/// Whom a row of a fact table is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactOf {
    /// A person.
    Resident(Who),
    /// A building.
    Building(PermanentBuildingId),
}

/// One row of a fact table. A place comes as text; the register ties it to its subject's home. `Debug` hides the value.
#[derive(Clone, PartialEq, Eq)]
pub struct FactRow {
    /// Whom it is about.
    pub of: FactOf,
    /// What it says.
    pub value: Fact<Value>,
}

impl fmt::Debug for FactRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FactRow(hidden)")
    }
}

const _: () = assert!(size_of::<FactRow>() <= 64, "a city delivers millions of them");

/// One delivery of one declared fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactDelivery {
    /// The declaration.
    pub declaration: FactDeclaration,
    /// The day of the delivery.
    pub delivered_on: NaiveDate,
    /// Its rows.
    pub rows: Vec<FactRow>,
}

/// Everything that was delivered for one day.
#[derive(Clone, Debug, Default)]
pub struct Delivery {
    /// Persons.
    pub residents: Vec<ResidentRecord>,
    /// Where persons have lived.
    pub histories: Vec<HistoryRecord>,
    /// Reports of deaths from other sources.
    pub deaths: Vec<DeathRecord>,
    /// Pairs of child and custodian.
    pub custody: Vec<CustodyRecord>,
    /// Dwellings.
    pub dwellings: Vec<DwellingRecord>,
    /// Buildings.
    pub buildings: Vec<BuildingRecord>,
    /// Facts of other city registers.
    pub facts: Vec<FactDelivery>,
}
