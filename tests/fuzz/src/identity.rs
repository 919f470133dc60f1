//! Identity codes, building ids, days and instants: what is read is written as it was read.

use ennakko::core::PartialDate;
use ennakko::core::identity::dwelling_id::{of_flat, residence};
use ennakko::core::identity::finnish::Profile;
use ennakko::core::identity::{
    Artificial, CoordinationNumber, IdentityCode, PermanentBuildingId, PersonalIdentityCode, PersonalNumber,
};
use ennakko::offers::deadline::Instant;

use crate::{day, text};

/// Every code, id and day that a text may be.
pub fn codes(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    for artificial in [Artificial::Refused, Artificial::Only] {
        for not_after in [None, Some(day())] {
            if let Ok(code) = PersonalIdentityCode::parse(text, Profile { artificial, not_after }) {
                let again = PersonalIdentityCode::parse(code.as_str(), Profile { artificial, not_after });
                assert!(again.as_ref() == Ok(&code));
                assert!(!format!("{code:?}").contains(code.as_str()), "`Debug` hides a code");
            }
        }
        if let Ok(id) = PermanentBuildingId::parse(text, artificial) {
            assert!(PermanentBuildingId::parse(id.as_str(), artificial).as_ref() == Ok(&id));
        }
    }
    for not_after in [None, Some(day())] {
        if let Ok(number) = PersonalNumber::parse(text, not_after) {
            assert!(PersonalNumber::parse(number.as_str(), not_after).as_ref() == Ok(&number));
        }
        let _ = (CoordinationNumber::parse(text, not_after), IdentityCode::parse_swedish(text, not_after));
    }
    let _ = (PersonalNumber::parse_short(text, day()), CoordinationNumber::parse_short(text, day()));
    let _ = (residence(text), of_flat(text));
    if let Ok(date) = PartialDate::parse(text) {
        assert!(date.first() <= date.last());
    }
    let _ = Instant::parse(text);
}
