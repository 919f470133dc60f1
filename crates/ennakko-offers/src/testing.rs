//! A small town for tests: a child with two custodians, two homes, one building. All codes are artificial.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::city::{ByLanguage, City, Contact};
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::identity::{IdentityCode, PermanentBuildingId, PersonalIdentityCode};
use ennakko_core::occasion::OccasionField;
use ennakko_core::protected::Protected;
use ennakko_core::record::{
    Address, BuildingRecord, CustodyKind, CustodyRecord, Delivery, DwellingRecord, ListState, Names, Owner,
    ResidentRecord, Sex, Utilities, Who,
};
use ennakko_core::register::{Register, Resident, SubjectRow};
use ennakko_core::rule_card::{
    Discretion, Effect, MessagePlan, Recipients, Replies, Reply, RuleCard, SentOn, WhenLate,
};
use ennakko_core::{
    Fact, IdentityTable, KeySecret, LeapDayPolicy, NameId, Occasion, PartialDate, ResidentKey, RuleId, Term, Terms,
};
use uuid::Uuid;

use crate::offer::{Candidate, Issuer, Offer, Proposal, Reason, propose};
use crate::text::{TextFile, Texts};

/// Persons of the town.
pub(crate) const CHILD: u16 = 900;
pub(crate) const A: u16 = 901;
pub(crate) const B: u16 = 902;

/// Homes of the town: the child's, and another one.
pub(crate) const HOME: &str = "HOME-OF-CHILD-01";
pub(crate) const ELSEWHERE: &str = "ANOTHER-HOME--02";

/// What nobody may read who does not share the child's home.
pub(crate) const SCHOOL: &str = "Qxzkoulu";
pub(crate) const STREET: &str = "Wqxkatu";
pub(crate) const POSTAL_CODE: &str = "QZ999";
pub(crate) const POST_OFFICE: &str = "VXQLA";
pub(crate) const MUNICIPALITY: &str = "M-XQZ";
pub(crate) const SECRETS: [&str; 5] = [SCHOOL, STREET, POSTAL_CODE, POST_OFFICE, MUNICIPALITY];

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The day the round opens.
pub(crate) fn today() -> NaiveDate {
    day("2027-01-08")
}

pub(crate) fn key(n: u16) -> ResidentKey {
    ResidentKey::from_uuid(Uuid::from_u128(u128::from(n)))
}

pub(crate) fn person(n: u16, given: &str, born: &str, language: &str, dwelling: &str) -> ResidentRecord {
    let born = day(born);
    ResidentRecord {
        key: Some(key(n)),
        code: Some(IdentityCode::Finnish(PersonalIdentityCode::artificial(born, n).unwrap())),
        former_codes: Vec::new(),
        names: Some(Names { given: format!("{given} Toinen"), family: format!("Suku{n}") }),
        born: Fact::Known(PartialDate::exact(born)),
        sex: Fact::Known(Sex::Female),
        dead: false,
        municipality: Fact::Known(MUNICIPALITY.to_owned()),
        language: Fact::Known(language.to_owned()),
        protection: Fact::Known(false),
        dwelling: Fact::Known(dwelling.to_owned()),
        dwelling_since: Fact::None,
        custodians: ListState::Whole,
        in_care: Fact::None,
    }
}

pub(crate) fn custody(custodian: u16) -> CustodyRecord {
    CustodyRecord {
        child: Who::Key(key(CHILD)),
        custodian: Who::Key(key(custodian)),
        kind: CustodyKind::Custodian,
        from: Fact::None,
        until: Fact::None,
        may_decide: Fact::Known(true),
        rights: Vec::new(),
    }
}

/// A custodian of whom the register has no record.
pub(crate) fn custody_abroad() -> CustodyRecord {
    let names = Names { given: "Cecil".to_owned(), family: "Abroad".to_owned() };
    CustodyRecord { custodian: Who::Described(Box::new(names), Fact::None), ..custody(A) }
}

pub(crate) fn dwelling(id: &str, street: &str) -> DwellingRecord {
    DwellingRecord {
        id: id.to_owned(),
        building: None,
        address: Fact::Known(Address {
            street: format!("{street} 7"),
            postal_code: POSTAL_CODE.to_owned(),
            post_office: POST_OFFICE.to_owned(),
        }),
        members: ListState::Whole,
    }
}

pub(crate) fn building(owners: Vec<Owner>) -> BuildingRecord {
    BuildingRecord {
        id: PermanentBuildingId::artificial(1).unwrap(),
        location: Fact::None,
        address: Fact::Known(Address {
            street: "Esimerkkikatu 1".to_owned(),
            postal_code: "00100".to_owned(),
            post_office: "Helsinki".to_owned(),
        }),
        owners,
        owners_state: ListState::Whole,
        area_m2: Fact::None,
        facilities: Utilities::NOT_DELIVERED,
        connections: Utilities::NOT_DELIVERED,
        intended_use: Fact::None,
        built_year: Fact::None,
        storeys: Fact::None,
        dwellings: Fact::None,
        stairwells: Vec::new(),
        stairwells_state: ListState::Whole,
    }
}

/// Elsa lives with A; B lives elsewhere and reads Swedish. Both have custody.
pub(crate) fn family() -> Delivery {
    Delivery {
        residents: vec![
            person(CHILD, "Elsa", "2020-10-15", "fi", HOME),
            person(A, "Aino", "1982-03-03", "fi", HOME),
            person(B, "Bertil", "1984-08-20", "sv", ELSEWHERE),
        ],
        custody: vec![custody(A), custody(B)],
        dwellings: vec![dwelling(HOME, STREET), dwelling(ELSEWHERE, "Muukatu")],
        ..Delivery::default()
    }
}

/// The family, changed by a test.
pub(crate) fn family_with(change: impl FnOnce(&mut Delivery)) -> Register {
    let mut delivery = family();
    change(&mut delivery);
    register(delivery)
}

pub(crate) fn register(delivery: Delivery) -> Register {
    let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
    Register::build(delivery, today(), &mut identities).register
}

pub(crate) fn resident(register: &Register, n: u16) -> Resident<'_> {
    register.resident_of(key(n)).unwrap()
}

pub(crate) fn city() -> City {
    let by_language = |fi: &str, sv: &str, en: &str| {
        [("fi", fi), ("sv", sv), ("en", en)].map(|(language, name)| (language.to_owned(), name.to_owned())).into()
    };
    let contact = |purpose: &str| Contact {
        purpose: purpose.to_owned(),
        name: by_language("Kouluneuvonta", "Skolrådgivningen", "School advice"),
        phone: "09 000 0000".to_owned(),
        email: "school@helsinki.example".to_owned(),
        from: day("2018-01-01"),
        until: day("2029-01-01"),
    };
    City {
        name: by_language("Helsingin kaupunki", "Helsingfors stad", "City of Helsinki"),
        country: "FI".to_owned(),
        code: "091".to_owned(),
        zone: "Europe/Helsinki".to_owned(),
        languages: vec!["fi".to_owned(), "sv".to_owned()],
        also: vec!["en".to_owned()],
        fallback: "fi".to_owned(),
        leap_day: LeapDayPolicy::March1,
        holidays: BTreeSet::from([day("2027-01-06"), day("2027-03-26"), day("2027-03-29")]),
        contacts: vec![contact("education"), contact("building_accessibility")],
    }
}

pub(crate) fn plan(to: Recipients, text: &str) -> MessagePlan {
    let reply = if to == Recipients::Owners { Reply::None } else { Reply::Needed };
    MessagePlan {
        to,
        text: Arc::from(text),
        reply,
        replies: Replies::OneIsEnough,
        on: SentOn::Offer,
        minors_from_years: None,
    }
}

fn card(id: &str, purpose: &str, subject: SubjectKind, law: &[&str], plan: MessagePlan) -> RuleCard {
    RuleCard {
        id: RuleId::new(id),
        version: Arc::from(id),
        digest: Arc::from("0123456789abcdef".repeat(4)),
        title: id.to_owned(),
        law: law.iter().map(|law| (*law).to_owned()).collect(),
        purpose: purpose.to_owned(),
        subject,
        discretion: Discretion::None,
        effect: Effect { favourable: true, reversible: true, fee: false, sensitive: false },
        late: WhenLate::Task,
        messages: vec![plan],
        not_again_within_days: None,
    }
}

pub(crate) fn school_card() -> RuleCard {
    let law = ["Compulsory Education Act 1214/2020 s. 2", "Basic Education Act 628/1998 s. 6"];
    card("school_place", "education", SubjectKind::Resident, &law, plan(Recipients::Custodians, "place"))
}

pub(crate) fn lift_card() -> RuleCard {
    let law = ["Act 1087/2016", "Decree 1373/2016"];
    let plan = plan(Recipients::Owners, "grant");
    card("lift_grant", "building_accessibility", SubjectKind::Building, &law, plan)
}

/// The school start of 2027.
pub(crate) fn school_start() -> Occasion {
    let start = Occasion::new("2027", today(), day("2027-01-30"), day("2027-08-01")).unwrap();
    start
        .with("year", OccasionField::Int(2027))
        .with("reply_by", OccasionField::Day(day("2027-01-29")))
        .with("first_day", OccasionField::Day(day("2027-08-11")))
}

pub(crate) fn reason(name: &str, tells_home: bool) -> Reason {
    Reason { name: NameId::new(name), tells_home }
}

pub(crate) fn terms<const N: usize>(terms: [(&str, Term); N]) -> Terms {
    Terms { by_name: terms.map(|(name, term)| (Arc::from(name), term)).into() }
}

/// Elsa's candidate, with the school that her home gives.
pub(crate) fn candidate(register: &Register) -> Candidate {
    let child = resident(register, CHILD);
    Candidate {
        subject: SubjectRow::Resident(child.row()),
        occasion: Arc::new(school_start()),
        terms: terms([
            ("place", Term::Place(Protected::of_home(Arc::from(SCHOOL), child.home()))),
            ("starts", Term::Day(day("2027-08-11"))),
            ("reply_by", Term::Day(day("2027-01-29"))),
        ]),
        reasons: vec![reason("starts_this_year", false), reason("lives_in_city", true), reason("not_deferred", false)],
        expected: false,
        late: false,
    }
}

/// The candidate of the town's one building.
pub(crate) fn lift_candidate(register: &Register) -> Candidate {
    let year = Occasion::new("2027", day("2027-01-01"), day("2028-01-01"), day("2028-01-01")).unwrap();
    Candidate {
        subject: register.subjects(SubjectKind::Building)[0],
        occasion: Arc::new(year.with("year", OccasionField::Int(2027))),
        terms: terms([("share", Term::Int(40))]),
        reasons: vec![reason("block_of_flats", false), reason("stairwell_without_lift", false)],
        expected: false,
        late: false,
    }
}

pub(crate) fn proposal(register: &Register, card: &RuleCard, candidate: &Candidate) -> Proposal {
    let city = city();
    propose(candidate, card, register, &Issuer::new(&city).unwrap(), today()).unwrap()
}

/// The offer to Elsa.
pub(crate) fn offer(register: &Register) -> Offer {
    match proposal(register, &school_card(), &candidate(register)) {
        Proposal::Offer(offer) => *offer,
        Proposal::Withheld(reason) => panic!("withheld: {reason:?}"),
    }
}

/// The texts of the city's own rules.
pub(crate) fn texts() -> Texts {
    macro_rules! file {
        ($rule:literal, $language:literal) => {
            TextFile {
                rule: $rule,
                language: $language,
                source: include_str!(concat!("../../../rules/helsinki/", $rule, ".", $language, ".ftl")),
            }
        };
    }
    let (texts, errors) = Texts::new(&[
        file!("_common", "fi"),
        file!("_common", "sv"),
        file!("_common", "en"),
        file!("school_place", "fi"),
        file!("school_place", "sv"),
        file!("school_place", "en"),
        file!("lift_grant", "fi"),
        file!("lift_grant", "sv"),
        file!("lift_grant", "en"),
    ]);
    assert_eq!(errors, []);
    texts.with_laws(laws())
}

fn laws() -> BTreeMap<String, ByLanguage> {
    let law = |cited: &str, fi: &str, sv: &str| {
        let names =
            [("fi", fi), ("sv", sv), ("en", cited)].map(|(language, name)| (language.to_owned(), name.to_owned()));
        (cited.to_owned(), names.into())
    };
    BTreeMap::from([
        law(
            "Compulsory Education Act 1214/2020 s. 2",
            "oppivelvollisuuslaki 1214/2020, 2 §",
            "läropliktslagen 1214/2020",
        ),
        law("Basic Education Act 628/1998 s. 6", "perusopetuslaki 628/1998, 6 §", "lagen 628/1998, 6 §"),
        law("Act 1087/2016", "laki 1087/2016", "lag 1087/2016"),
        law("Decree 1373/2016", "asetus 1373/2016", "förordning 1373/2016"),
    ])
}
