//! Outcomes become offers: ids, addressees, deadlines, letters, the ledger and the wire form.

pub mod deadline;
pub mod offer_id;
pub mod written_date;
