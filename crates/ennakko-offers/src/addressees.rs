//! Whom an offer is put to: all who have the right, nobody dead, nobody twice, in an order of their own.
//!
//! Not for choosing one of several custodians: the register does not say who decides, so either all who may are
//! addressed or a person looks first. Nor for channels and letters; those follow from what is returned here.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ennakko_core::age::age_range_on;
use ennakko_core::city::City;
use ennakko_core::outcome::WithheldReason;
use ennakko_core::protected::{Addressee, Party, Role};
use ennakko_core::record::ListState;
use ennakko_core::register::{
    ADULT_AGE_YEARS, Building, Household, Life, OwnerParty, Register, Resident, Subject, SubjectRow,
};
use ennakko_core::rule_card::{MessagePlan, Recipients};
use ennakko_core::value::Fact;
use ennakko_core::{LeapDayPolicy, ResidentKey};

/// The addressees of one offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressees {
    // INVARIANT (sorted by party, each once, at least one)
    to: Vec<Addressee>,
    unreached: usize,
}

impl Addressees {
    /// Those who are written to: at least one, in the order of their keys, organisations last.
    pub fn to(&self) -> &[Addressee] {
        &self.to
    }

    /// How many more have the right but cannot be written to: an officer's task.
    ///
    /// They are custodians and owners of whom the register has no record of their own (without a code, or abroad),
    /// undivided estates, and owners who are not of age.
    pub fn unreached(&self) -> usize {
        self.unreached
    }

    /// The same, taken apart.
    pub fn into_parts(self) -> (Vec<Addressee>, usize) {
        (self.to, self.unreached)
    }
}

/// The addressees of a message about a subject on a day, or why there are none.
///
/// The first of these that is true decides:
///
/// 1. sources disagree on the subject's death: `DeathDisputed`;
/// 2. the subject's home is protected, or not known to be open: `Protection`, whoever the addressees would be;
/// 3. custodians: if the list may be incomplete, if it is not known whether one of them may decide, if two entries of
///    one person disagree, or if one is not known to be of age, then `CustodyUnclear`. Writing to the others would leave
///    out somebody who may have the right, and a reply of those others would be taken for the answer;
/// 4. nobody alive with the right can be written to: `NoAddressee`;
/// 5. the subject, or one of them, has no given name in the register (a new-born may have none), so that no letter can name
///    them: `NameMissing`. One such person must not stop the letters of everybody else.
///
/// Somebody with the right who cannot be written to ([`Addressees::unreached`]) does not stop the offer to the others:
/// the child would lose time for the gap in the register, while the offer itself decides nothing. An offer that needs
/// everyone's reply never counts as accepted without them (see [`crate::ledger`]).
///
/// `Recipients::Custodians` of a subject who is surely of age are nobody: custody has ended, and the subject is addressed
/// in person (Act on Child Custody and Right of Access 361/1983, s. 3: custody ends at 18; hel.fi, *Agreements concerning
/// the custody, residence, right of access and maintenance of children*, 2026-11-22). Whether they are may be open only for
/// a birth date known in part: then `CustodyUnclear`.
///
/// `Recipients::Subject` means the subject in person: somebody of age, or of the age that the plan's `minors_from_years`
/// names, which a rule has from law (such as 15 in matters of one's own person, Administrative Procedure Act 434/2003,
/// s. 14). An addressee who is protected and lives elsewhere is addressed, marked
/// [`Addressee::protected`]. Members of a household of whom some may be missing are addressed as far as known, since
/// none of them stands in for another.
///
/// # Errors
/// - the [`WithheldReason`]; it is for officers and stays inside.
pub fn addressees(
    register: &Register,
    subject: SubjectRow,
    plan: &MessagePlan,
    city: &City,
    on: NaiveDate,
) -> Result<Addressees, WithheldReason> {
    let subject = register.subject(subject);
    if let Subject::Resident(resident) = subject
        && resident.life() == Life::Disputed
    {
        return Err(WithheldReason::DeathDisputed);
    }
    if subject.is_protected() {
        return Err(WithheldReason::Protection);
    }
    if subject.is_dead() {
        return Err(WithheldReason::NoAddressee);
    }
    let mut list = List { city, found: BTreeMap::new(), unreached: 0 };
    match (plan.to, subject) {
        (Recipients::Custodians, Subject::Resident(child)) => list.custodians(child, on)?,
        (Recipients::Subject, Subject::Resident(person)) => {
            let from = plan.minors_from_years.map_or(ADULT_AGE_YEARS, i32::from);
            if has_reached(from, person, on, city.leap_day) == Some(true) {
                list.person(person, Role::Subject);
            }
        }
        (Recipients::Owners, Subject::Building(building)) => list.owners(building, on),
        (Recipients::HouseholdAdults, Subject::Household(household)) => list.adults(household, on),
        (Recipients::HouseholdAdults, Subject::Resident(resident)) => {
            if let Fact::Known(household) = resident.household() {
                list.adults(household, on);
            }
        }
        // a rule about a building has no custodians: the check of rules says so, and here nobody is addressed
        (Recipients::Custodians | Recipients::Subject, Subject::Household(_) | Subject::Building(_))
        | (Recipients::Owners, Subject::Resident(_) | Subject::Household(_))
        | (Recipients::HouseholdAdults, Subject::Building(_)) => {}
    }
    let to: Vec<Addressee> = list.found.into_values().collect();
    let nameless = |person: Resident<'_>| person.names().is_none_or(|names| names.given.trim().is_empty());
    let nameless_subject = matches!(subject, Subject::Resident(resident) if nameless(resident));
    let nameless_addressee = to.iter().any(|to| match &to.party {
        Party::Person(key) => register.resident_of(*key).is_none_or(nameless),
        Party::Organisation(_) => false,
    });
    if !to.is_empty() && (nameless_subject || nameless_addressee) {
        return Err(WithheldReason::NameMissing);
    }
    if to.is_empty() { Err(WithheldReason::NoAddressee) } else { Ok(Addressees { to, unreached: list.unreached }) }
}

/// What is found of addressees so far, by party, so that nobody is found twice and the order of input changes nothing.
struct List<'a> {
    city: &'a City,
    found: BTreeMap<Party, Addressee>,
    unreached: usize,
}

impl List<'_> {
    fn custodians(&mut self, child: Resident<'_>, on: NaiveDate) -> Result<(), WithheldReason> {
        let policy = self.city.leap_day;
        if let Fact::Known(born) = child.born() {
            let (least, greatest) = age_range_on(born, on, policy);
            if least >= ADULT_AGE_YEARS {
                self.person(child, Role::Subject);
                return Ok(());
            }
            if greatest >= ADULT_AGE_YEARS {
                return Err(WithheldReason::CustodyUnclear);
            }
        }
        let custodians = child.custodians_on(on, policy);
        if custodians.state != ListState::Whole {
            return Err(WithheldReason::CustodyUnclear);
        }
        let mut with_right: BTreeMap<ResidentKey, (Resident<'_>, bool)> = BTreeMap::new();
        for custodian in custodians.known {
            if matches!(custodian.person.life(), Life::Dead | Life::Disputed) {
                continue;
            }
            let Fact::Known(may_decide) = custodian.may_decide else { return Err(WithheldReason::CustodyUnclear) };
            let key = custodian.person.key();
            if let Some((_, other)) = with_right.insert(key, (custodian.person, may_decide))
                && other != may_decide
            {
                return Err(WithheldReason::CustodyUnclear);
            }
        }
        for (person, _) in with_right.into_values().filter(|(_, may_decide)| *may_decide) {
            if !person.has_record() {
                self.unreached += 1;
            } else if is_of_age(person, on, policy) == Some(true) {
                self.person(person, Role::Custodian);
            } else {
                return Err(WithheldReason::CustodyUnclear);
            }
        }
        Ok(())
    }

    fn owners(&mut self, building: Building<'_>, on: NaiveDate) {
        let mut unreached: BTreeSet<ResidentKey> = BTreeSet::new();
        for owner in building.owners().0 {
            match owner {
                OwnerParty::Person(person) if matches!(person.life(), Life::Dead | Life::Disputed) => {}
                OwnerParty::Person(person) => {
                    if person.has_record() && is_of_age(person, on, self.city.leap_day) == Some(true) {
                        self.person(person, Role::Owner);
                    } else {
                        unreached.insert(person.key());
                    }
                }
                OwnerParty::Organisation { id, language, .. } => self.organisation(id, language),
                OwnerParty::Estate => self.unreached += 1,
            }
        }
        self.unreached += unreached.len();
    }

    fn adults(&mut self, household: Household<'_>, on: NaiveDate) {
        for member in household.members() {
            if member.life() == Life::Alive && is_of_age(member, on, self.city.leap_day) == Some(true) {
                self.person(member, Role::HouseholdAdult);
            }
        }
    }

    fn person(&mut self, person: Resident<'_>, role: Role) {
        let party = Party::Person(person.key());
        let language = person.language().known().map(|language| &**language);
        let addressee = Addressee {
            party: party.clone(),
            role,
            language: self.city.letter_language(language).to_owned(),
            home: person.home(),
            protected: person.home_is_protected(),
        };
        self.found.insert(party, addressee);
    }

    fn organisation(&mut self, id: &str, language: Option<&str>) {
        let party = Party::Organisation(id.to_owned());
        let language = self.city.letter_language(language).to_owned();
        let addressee = Addressee { party: party.clone(), role: Role::Owner, language, home: None, protected: false };
        let kept = self.found.entry(party).or_insert_with(|| addressee.clone());
        // two entries of one organisation with two languages: the same one whichever came first
        if addressee < *kept {
            *kept = addressee;
        }
    }
}

/// Whether somebody is of age on a day; `None` when the register does not tell.
fn is_of_age(person: Resident<'_>, on: NaiveDate, policy: LeapDayPolicy) -> Option<bool> {
    has_reached(ADULT_AGE_YEARS, person, on, policy)
}

/// Whether somebody has reached an age by a day; `None` when the register does not tell.
fn has_reached(years: i32, person: Resident<'_>, on: NaiveDate, policy: LeapDayPolicy) -> Option<bool> {
    let (least, greatest) = age_range_on(person.born().known()?, on, policy);
    let (least, greatest) = (least >= years, greatest >= years);
    (least == greatest).then_some(least)
}

#[cfg(test)]
mod tests;
