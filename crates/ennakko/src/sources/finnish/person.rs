//! What a document says of its person on a day: names, birth, sex, language, protection; and the record of it all.

use chrono::NaiveDate;
use ennakko_core::day::PartialDate;
use ennakko_core::identity::{IdentityCode, PersonalIdentityCode};
use ennakko_core::record::{CustodyRecord, HistoryRecord, Names, ResidentRecord, Sex, Who};
use ennakko_core::{Fact, UnknownReason};

use super::custody;
use super::date::{day, first, half_open, last};
use super::document::GroupProblem;
use super::group::{Delivered, Group, Language, NameOfKind, OwnName, Protection, Says};
use super::home::{self, Home};
use super::{NoGroup, Reading};
use crate::sources::SourceProblem;

/// A document's groups, looked at on a day.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) held: &'a [Delivered],
    pub(super) codes: &'a [PersonalIdentityCode],
    pub(super) day: NaiveDate,
    pub(super) reading: &'a Reading,
}

/// The records of one person.
pub(super) struct PersonRecords {
    pub(super) resident: ResidentRecord,
    pub(super) custody: Vec<CustodyRecord>,
    pub(super) history: Option<HistoryRecord>,
    pub(super) home: Option<ennakko_core::record::DwellingRecord>,
    pub(super) problems: Vec<GroupProblem>,
}

impl<'a> Known<'a> {
    /// The groups of a name.
    pub(super) fn named(self, name: &'static str) -> impl Iterator<Item = &'a Delivered> {
        self.held.iter().filter(move |group| group.name == name)
    }

    /// Why a place tells nothing, where a group of it was kept back or is of no known shape.
    pub(super) fn opaque(self, names: &[&str]) -> Option<UnknownReason> {
        self.held.iter().filter(|group| names.contains(&group.name.as_str())).find_map(|group| match group.says {
            Says::Nothing(reason) => Some(reason),
            Says::Group(_) => None,
        })
    }

    /// The person, by the code in force.
    pub(super) fn who(self) -> Who {
        match self.codes.last() {
            Some(code) => Who::Code(IdentityCode::from(code.clone())),
            // a document has a code
            None => Who::Described(Box::new(Names { given: String::new(), family: String::new() }), Fact::None),
        }
    }

    pub(super) fn records(self) -> PersonRecords {
        let mut problems: Vec<GroupProblem> = Vec::new();
        for group in self.held {
            let found = group.group().map(Group::bad_days).unwrap_or_default();
            problems.extend(found.into_iter().map(|problem| (Some(group.name.clone()), problem)));
        }
        let born = self.born();
        let protection = self.protection();
        let (municipality, history) = home::municipality(self, born, protection, &mut problems);
        let Home { id, since, dwelling } = home::home(self, protection, &mut problems);
        let (pairs, custodians) = custody::custody(self, born, &mut problems);
        let (former_codes, code) = match self.codes.split_last() {
            Some((code, former)) => (former, Some(code)),
            None => (&[][..], None),
        };
        let resident = ResidentRecord {
            key: None,
            code: code.cloned().map(IdentityCode::from),
            former_codes: former_codes.iter().cloned().map(IdentityCode::from).collect(),
            names: self.names(),
            born,
            sex: self.sex(&mut problems),
            dead: self.is_dead(),
            municipality,
            language: self.language(),
            protection,
            dwelling: id,
            dwelling_since: since,
            custodians,
            in_care: Fact::None,
        };
        problems.sort_unstable();
        problems.dedup();
        PersonRecords { resident, custody: pairs, history, home: dwelling, problems }
    }

    fn born(self) -> Fact<PartialDate> {
        let told = self.named("SYNTYMAPAIVA").find_map(|group| match &group.says {
            Says::Group(Group::Birth(birth)) => Some(day(Some(&birth.syntymapv), Fact::None)),
            Says::Nothing(reason) => Some(Fact::Unknown(*reason)),
            Says::Group(_) => None,
        });
        told.unwrap_or(Fact::Unknown(UnknownReason::NotDelivered))
    }

    fn sex(self, problems: &mut Vec<GroupProblem>) -> Fact<Sex> {
        let told = self.named("SUKUPUOLI").find_map(|group| match &group.says {
            Says::Group(Group::Sex(sex)) => Some(match sex.sukupuoli.as_str() {
                "NAINEN" => Fact::Known(Sex::Female),
                "MIES" => Fact::Known(Sex::Male),
                "PUUTTUU" => Fact::Unknown(UnknownReason::NotDelivered),
                _ => {
                    problems.push((Some("SUKUPUOLI".to_owned()), SourceProblem::UnknownValue));
                    Fact::Unknown(UnknownReason::Disputed)
                }
            }),
            Says::Nothing(reason) => Some(Fact::Unknown(*reason)),
            Says::Group(_) => None,
        });
        told.unwrap_or(Fact::Unknown(UnknownReason::NotDelivered))
    }

    /// Dead if the register says so, or gives a day of death and does not say otherwise.
    fn is_dead(self) -> bool {
        let deaths = ["KUOLINPAIVA", "KUOLLEEKSIJULISTAMISPAIVA"].into_iter().flat_map(|name| self.named(name));
        let mut deaths = deaths.filter_map(|group| match group.group() {
            Some(Group::Death(death)) => Some(death),
            _ => None,
        });
        deaths.any(|death| death.kuollut.unwrap_or(death.kuolinpv.is_some()))
    }

    /// Names in force on the day: own names, and single ones that began later or that hold still.
    fn names(self) -> Option<Names> {
        let own = self.named("HENKILON_NIMI").find_map(|group| match group.group() {
            Some(Group::Name(name)) => Some(name),
            _ => None,
        });
        let given = self.name(own, |own| preferred(own.etunimi_utf8.as_ref(), own.etunimi.as_ref()), "ETUNIMI");
        let family = self.name(own, |own| preferred(own.sukunimi_utf8.as_ref(), own.sukunimi.as_ref()), "SUKUNIMI");
        if given.is_none() && family.is_none() {
            return None;
        }
        let given = given.unwrap_or_default();
        let called = self.single("KUTSUMANIMI").map(|(_, name)| name);
        Some(Names { given: called_first(given, called), family: family.unwrap_or_default().to_owned() })
    }

    /// The given or the family name on the day. Intervals of names are half-open: the old one ends on the day on which the
    /// new one begins.
    fn name(self, own: Option<&'a OwnName>, of: fn(&OwnName) -> Option<&str>, kind: &str) -> Option<&'a str> {
        let own_name = own.and_then(of);
        let own_from = own.map(|own| first(own.alkupv.as_ref()));
        let begun = own_from.is_some_and(|from| half_open(from, Fact::None, self.day));
        let own_begins = begins(own_from.unwrap_or(Fact::None));
        match self.single(kind) {
            Some((from, name)) if !begun || begins(from) > own_begins => Some(name),
            _ => own_name,
        }
    }

    /// The name of a kind in force on the day that began last.
    fn single(self, kind: &str) -> Option<(Fact<PartialDate>, &'a str)> {
        let names = ["NIMENMUUTOS", "NIMENMUUTOS_LAAJA", "KUTSUMANIMI"].into_iter().flat_map(|name| self.named(name));
        let names = names.filter_map(|group| match group.group() {
            Some(Group::NameOfKind(name)) => Some(name),
            _ => None,
        });
        let in_force = |name: &&'a NameOfKind| {
            let (time, of) = name.nimilaji.split_once('_').unwrap_or_default();
            let has_end = last(name.loppupv.as_ref()) != Fact::None;
            of == kind
                && (time == "NYKYINEN" || time == "EDELLINEN" && has_end)
                && half_open(first(name.alkupv.as_ref()), last(name.loppupv.as_ref()), self.day)
        };
        names
            .filter(in_force)
            .filter_map(|name| {
                Some((first(name.alkupv.as_ref()), preferred(name.nimi_utf8.as_ref(), name.nimi.as_ref())?))
            })
            .max_by_key(|(from, _)| begins(*from))
    }

    /// The mother tongue on the day, half-open as names are; of several in force the last delivered.
    fn language(self) -> Fact<String> {
        if let Some(reason) = self.opaque(&["AIDINKIELI"]) {
            return Fact::Unknown(reason);
        }
        let spoken = self.named("AIDINKIELI").filter_map(|group| match group.group() {
            Some(Group::Language(language)) => Some(language),
            _ => None,
        });
        let in_force = |language: &&Language| {
            half_open(first(language.alkupv.as_ref()), last(language.loppupv.as_ref()), self.day)
        };
        spoken.filter(in_force).last().map_or(Fact::Unknown(UnknownReason::NotDelivered), language_code)
    }

    /// Whether an order of non-disclosure is in force. The register's word counts, not the day on which it is to end.
    fn protection(self) -> Fact<bool> {
        let told: Vec<Fact<bool>> = self
            .named("TURVAKIELTO")
            .map(|group| match &group.says {
                Says::Group(Group::Protection(order)) => self.order(order),
                Says::Group(_) => Fact::Unknown(UnknownReason::Disputed),
                Says::Nothing(reason) => Fact::Unknown(*reason),
            })
            .collect();
        // base data may tell of orders that have ended beside one in force
        let in_force = told.iter().copied().find(|order| *order == Fact::Known(true));
        let told = in_force.or_else(|| told.iter().copied().find(Fact::is_unknown)).or(told.last().copied());
        // what is kept back is kept back for the sake of an order
        let keeps_back = home::HOME_GROUPS.iter().any(|name| self.opaque(&[name]) == Some(UnknownReason::Withheld));
        match (told, keeps_back) {
            (Some(Fact::Known(false)), true) => Fact::Unknown(UnknownReason::Disputed),
            (Some(told), _) => told,
            (None, true) => Fact::Known(true),
            (None, false) => match self.reading.no_protection_group {
                NoGroup::MeansNone => Fact::Known(false),
                NoGroup::MeansUnknown => Fact::Unknown(UnknownReason::NotDelivered),
            },
        }
    }

    fn order(self, order: &Protection) -> Fact<bool> {
        match (order.active, order.older.as_deref()) {
            (Some(true), _) | (None, Some("1")) => Fact::Known(true),
            (Some(false), _) | (None, Some("0")) => {
                let ends = day(order.ends.as_ref(), Fact::None).known().map(PartialDate::last);
                let by_then =
                    order.older_ends.as_deref().and_then(|text| NaiveDate::parse_from_str(text, "%Y%m%d").ok());
                // not in force, and yet to end: one of the two is wrong
                if ends.or(by_then).is_some_and(|end| end > self.day) {
                    Fact::Unknown(UnknownReason::Disputed)
                } else {
                    Fact::Known(false)
                }
            }
            (None, _) => Fact::Unknown(UnknownReason::NotDelivered),
        }
    }
}

fn begins(from: Fact<PartialDate>) -> NaiveDate {
    from.known().map_or(NaiveDate::MIN, PartialDate::first)
}

fn preferred<'a>(utf8: Option<&'a String>, plain: Option<&'a String>) -> Option<&'a str> {
    utf8.or(plain).map(String::as_str)
}

/// Given names with the one in use first. Blanks at the end stay: the register keeps them.
fn called_first(given: &str, called: Option<&str>) -> String {
    let words: Vec<&str> = given.split(' ').collect();
    let at = called.and_then(|called| words.iter().position(|word| *word == called.trim() && !word.is_empty()));
    match at {
        Some(at) if at > 0 => {
            let (before, after) = (&words[..at], &words[at + 1..]);
            std::iter::once(&words[at]).chain(before).chain(after).copied().collect::<Vec<_>>().join(" ")
        }
        _ => given.to_owned(),
    }
}

/// The two-letter code; where the register has none (98), the longer code, and `iw` is `he`.
fn language_code(language: &Language) -> Fact<String> {
    let given = |code: &'_ Option<String>| {
        code.as_deref().map(str::trim).filter(|code| !code.is_empty()).map(str::to_lowercase)
    };
    match (given(&language.kielikoodi), given(&language.iso_639_2)) {
        (Some(short), _) if short == "iw" => Fact::Known("he".to_owned()),
        (Some(short), _) if short.len() == 2 && short.bytes().all(|byte| byte.is_ascii_lowercase()) => {
            Fact::Known(short)
        }
        (_, Some(long)) if long != "und" => Fact::Known(long),
        _ => Fact::Unknown(UnknownReason::NotDelivered),
    }
}
