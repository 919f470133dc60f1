//! Changes as a source delivers them between two whole deliveries. Not what came of them: that is
//! [`crate::difference::Difference`].
//!
//! A batch says, of everybody and everything it names, the whole of what is now known, in place of what was. So a batch
//! applied twice changes nothing the second time, and one that was missed is made good by any later one that names the
//! same people. A feed that tells single events has put them together before they come here.

use crate::identity::building_id::PermanentBuildingId;
use crate::record::{
    BuildingRecord, CustodyRecord, DeathRecord, DwellingRecord, FactDelivery, HistoryRecord, ResidentRecord,
};

/// A batch of changes, for [`crate::Register::apply`]. The order within its lists says nothing.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Persons who are new, or of whom anything is other than before.
    pub people: Vec<PersonChange>,
    /// Reports of deaths from other sources, each in place of what its source said of that person before.
    pub deaths: Vec<DeathRecord>,
    /// Dwellings, each in place of the record with its id.
    pub dwellings: Vec<DwellingRecord>,
    /// Ids of dwellings that are no more, as records have them. Whoever still lives in one by their own record goes on living
    /// there, and nothing else is known of it.
    pub gone_dwellings: Vec<String>,
    /// Buildings, each in place of the record with its id.
    pub buildings: Vec<BuildingRecord>,
    /// Buildings that are no more.
    pub gone_buildings: Vec<PermanentBuildingId>,
    /// Fact tables, each in place of the table of the same fact.
    pub facts: Vec<FactDelivery>,
}

/// What is now known of one person. `Debug` hides it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonChange {
    /// The person's record, whole.
    pub record: ResidentRecord,
    /// Every pair in which this person is the child; none: the pairs are as they were.
    pub custody: Option<Vec<CustodyRecord>>,
    /// Where the person has lived; none: as it was.
    pub history: Option<HistoryRecord>,
}
