//! Records of people: residents, deaths told by another source, custody.
//!
//! Rates of what is out of the ordinary (protection, partial dates, sources that disagree) are assumed: often enough that
//! every outcome of a rule is met in a small city.

use chrono::{NaiveDate, TimeDelta};
use ennakko_core::day::PartialDate;
use ennakko_core::identity::IdentityCode;
use ennakko_core::record::{CustodyKind, CustodyRecord, DeathRecord, ListState, Names, ResidentRecord, Who};
use ennakko_core::{Fact, UnknownReason};

use super::building::{Shape, building_id};
use super::custody::{Custodian, Custody};
use super::dice::Stream;
use super::family::{HomeKind, Role};
use super::language;
use super::plan::{Home, Person};
use super::snapshot::{Snapshot, sex};

/// Helsinki's municipality code.
pub(super) const HELSINKI: &str = "091";

/// The name under which the sample's second source of deaths stands.
pub const DEATHS_SOURCE: &str = "hospital_reports";

/// What is true of a home and everybody in it.
pub(super) struct Living {
    pub(super) at: u32,
    pub(super) home: Home,
    /// Dwelling id, or the fourteen characters of another residence.
    pub(super) id: Fact<String>,
    /// Days since the household moved in.
    pub(super) moved_in_days: u32,
    /// Who is protected: nobody, one person, or all.
    protected: Protected,
    /// Whether the source keeps back where the protected live.
    pub(super) withheld: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Protected {
    Nobody,
    One(u32),
    All,
}

impl Living {
    pub(super) fn is_protected(&self, person: u32) -> bool {
        match self.protected {
            Protected::Nobody => false,
            Protected::One(one) => one == person,
            Protected::All => true,
        }
    }

    pub(super) fn is_withheld(&self, person: u32) -> bool {
        self.withheld && self.is_protected(person)
    }

    /// Whether somebody who lives here is kept back from the source's list.
    pub(super) fn is_open(&self) -> bool {
        self.withheld && self.protected != Protected::Nobody
    }
}

impl Snapshot<'_> {
    /// What is true of a home.
    pub(super) fn living(&self, at: u32, home: Home, shape: Option<&Shape>) -> Living {
        let number = self.dice(Stream::Home, at).below(10_000);
        Living { id: self.residence_id(at, home, shape, number), ..self.living_there(at, home) }
    }

    /// The same without where it is.
    pub(super) fn living_there(&self, at: u32, home: Home) -> Living {
        let mut dice = self.dice(Stream::Home, at);
        // the first throw is for where it is
        dice.below(10_000);
        // most have moved within a few years, some never
        let moved_in_days = dice.below(1400) + dice.below(365) * dice.below(12);
        let members = self.plan.members(at);
        let protected = match (dice.per_100_000(260), members.end - members.start) {
            (false, _) => Protected::Nobody,
            (true, 1) => Protected::All,
            // never the first, so that a child is not left in a household without an adult
            (true, n) if dice.permille(450) => Protected::One(members.start + 1 + dice.below(n - 1)),
            (true, _) => Protected::All,
        };
        let withheld = dice.permille(550);
        let id = Fact::Unknown(UnknownReason::NotDelivered);
        Living { at, home, id, moved_in_days, protected, withheld }
    }

    fn residence_id(&self, at: u32, home: Home, shape: Option<&Shape>, number: u32) -> Fact<String> {
        let id = match home.kind {
            HomeKind::Institution => format!("{HELSINKI}902{:04}0000", 1 + number % 140),
            HomeKind::NoDwelling => format!("{HELSINKI}90100000000"),
            HomeKind::NoMunicipality => return Fact::None,
            HomeKind::Abroad | HomeKind::AbroadUnrecorded => {
                let country = ["752", "233", "276", "826", "840"][number as usize % 5];
                format!("200{country}00000000")
            }
            HomeKind::Elsewhere => match building_id(self.plan.seed, 50_000_000 + at) {
                Some(building) => format!("{}1A{:03} ", building.as_str(), 1 + number % 60),
                None => return Fact::Unknown(UnknownReason::NotDelivered),
            },
            _ => match shape.and_then(|shape| shape.dwelling_id(home.dwelling)) {
                Some(id) => id,
                None => return Fact::Unknown(UnknownReason::NotDelivered),
            },
        };
        Fact::Known(id)
    }

    pub(super) fn resident_record(&self, at: u32, living: &Living) -> ResidentRecord {
        let person = self.plan.person(at);
        let mut dice = self.dice(Stream::Resident, at);
        let born = self.born(&person);
        let code = self.code(&person);
        let withheld = living.is_withheld(at);
        let keep_back = |fact: Fact<String>| if withheld { Fact::Unknown(UnknownReason::Withheld) } else { fact };
        let municipality = if dice.permille(1) {
            Fact::Unknown(UnknownReason::NotDelivered)
        } else {
            keep_back(self.municipality(living))
        };
        let since = self.since(living, &person, born, dice.below(1000));
        ResidentRecord {
            key: code.is_none().then(|| self.key(at)),
            former_codes: match (&code, self.former_code(at)) {
                (Some(_), Some(former)) => vec![IdentityCode::from(former)],
                _ => Vec::new(),
            },
            code: code.map(IdentityCode::from),
            names: (person.age > 0 || person.days > 60 || dice.permille(700)).then(|| self.names(at)),
            born: self.born_fact(&person, born, dice.below(10_000)),
            sex: if dice.per_100_000(10) {
                Fact::Unknown(UnknownReason::NotDelivered)
            } else {
                Fact::Known(sex(person.sex))
            },
            dead: person.role == Role::Dead,
            municipality,
            language: if dice.permille(1) {
                Fact::Unknown(UnknownReason::NotDelivered)
            } else {
                Fact::Known(language::code(person.language).to_owned())
            },
            protection: if dice.per_100_000(50) {
                Fact::Unknown(UnknownReason::NotDelivered)
            } else {
                Fact::Known(living.is_protected(at))
            },
            dwelling: keep_back(living.id.clone()),
            dwelling_since: if withheld { Fact::Unknown(UnknownReason::Withheld) } else { since },
            custodians: if person.role == Role::Child && self.custody_is_open(at) {
                ListState::Open(UnknownReason::NotDelivered)
            } else {
                ListState::Whole
            },
            in_care: Fact::None,
        }
    }

    fn municipality(&self, living: &Living) -> Fact<String> {
        match living.home.kind {
            HomeKind::NoMunicipality | HomeKind::Abroad | HomeKind::AbroadUnrecorded => Fact::None,
            HomeKind::Elsewhere => {
                let mut dice = self.dice(Stream::Custody, living.at);
                // two in three in the cities around, the others anywhere
                let near = ["049", "092", "049", "092", "186", "235"];
                let code = if dice.below(3) < 2 {
                    dice.pick(&near).copied()
                } else {
                    dice.pick(&self.plan.source.municipalities).map(|municipality| municipality.code)
                };
                Fact::Known(code.filter(|code| *code != HELSINKI).unwrap_or("049").to_owned())
            }
            _ => Fact::Known(HELSINKI.to_owned()),
        }
    }

    /// One person in two thousand has only a month of birth, one in five thousand only a year, if they came from abroad.
    fn born_fact(&self, person: &Person, born: NaiveDate, thrown: u32) -> Fact<PartialDate> {
        use chrono::Datelike;
        let partial = match thrown {
            0..=24 if person.language > 1 => PartialDate::in_month(born.year(), born.month()).ok(),
            25..=34 if person.language > 1 => PartialDate::in_year(born.year()).ok(),
            _ => None,
        };
        // a partial day may reach beyond today for the youngest, as it does in the register
        Fact::Known(partial.filter(|date| date.last() <= self.day).unwrap_or(PartialDate::exact(born)))
    }

    /// When somebody moved in: with the household, or later; never before birth.
    fn since(&self, living: &Living, person: &Person, born: NaiveDate, thrown: u32) -> Fact<PartialDate> {
        use chrono::Datelike;
        let later = match (person.role, living.home.kind) {
            (Role::Adult | Role::Partner, HomeKind::Shared | HomeKind::Couple) => thrown % 3 * living.moved_in_days / 3,
            _ => 0,
        };
        let days = living.moved_in_days - later;
        let moved = self.day.checked_sub_signed(TimeDelta::days(i64::from(days))).unwrap_or(self.day);
        let since = moved.max(born);
        let partial = (thrown < 4).then(|| PartialDate::in_month(since.year(), since.month()).ok()).flatten();
        Fact::Known(partial.filter(|date| date.last() <= self.day).unwrap_or(PartialDate::exact(since)))
    }

    /// Names drawn by how common they are in the whole country, whatever the age and language: the source has neither.
    pub(super) fn names(&self, at: u32) -> Names {
        let person = self.plan.person(at);
        let mut dice = self.dice(Stream::Resident, at | 1 << 31);
        let sex = usize::from(person.sex).min(1);
        let mut given = self.plan.source.first_names[sex].draw(&mut dice).to_owned();
        if dice.permille(900) {
            given.push(' ');
            given.push_str(self.plan.source.middle_names[sex].draw(&mut dice));
        }
        Names { given, family: self.surname(person.family) }
    }

    /// The surname of everybody who bears this person's.
    fn surname(&self, root: u32) -> String {
        let mut dice = self.dice(Stream::Surname, root);
        let swedish = self.plan.person(root).language == 1 && dice.permille(850);
        let table = if swedish { &self.plan.source.surnames_sv } else { &self.plan.source.surnames };
        table.draw(&mut dice).to_owned()
    }

    /// What the second source says of a death: mostly the same, sometimes not yet, sometimes of the wrong person.
    pub(super) fn death_record(&self, at: u32) -> Option<DeathRecord> {
        let person = self.plan.person(at);
        let mut dice = self.dice(Stream::Resident, at | 1 << 30);
        let dead = match (person.role, person.age) {
            (Role::Dead, _) => match dice.below(100) {
                0..=69 => true,
                70..=76 => false,
                _ => return None,
            },
            (_, 70..) if dice.per_100_000(100) => true,
            (Role::Adult, _) if dice.per_100_000(25) => true,
            _ => return None,
        };
        Some(DeathRecord { who: self.who(at), source: DEATHS_SOURCE.to_owned(), dead })
    }

    /// Whether the source did not deliver all custodians of a child.
    fn custody_is_open(&self, child: u32) -> bool {
        self.dice(Stream::Custody, child | 1 << 31).permille(4)
    }

    pub(super) fn custody_record(&self, pair: &Custody) -> Option<CustodyRecord> {
        let child = self.plan.person(pair.child);
        let (custodian, at) = match pair.custodian {
            Custodian::Person(at) => (self.who(at), at),
            Custodian::Described(home) => (self.described(home), home),
        };
        let first_known = self.plan.home_of(pair.child).first;
        if self.custody_is_open(pair.child) && !matches!(pair.custodian, Custodian::Person(at) if at == first_known) {
            return None;
        }
        let mut dice = self.dice(Stream::Custody, pair.child ^ at.rotate_left(16));
        let adopted = pair.adopted.then(|| {
            let born = self.born(&child);
            let days = 200 + dice.below(900);
            born.checked_add_signed(TimeDelta::days(i64::from(days))).filter(|day| *day <= self.day)
        });
        Some(CustodyRecord {
            child: self.who(pair.child),
            custodian,
            kind: if pair.informed_only { CustodyKind::InformationOnly } else { CustodyKind::Custodian },
            from: adopted.flatten().map_or(Fact::None, Fact::Known),
            until: Fact::None,
            may_decide: match (pair.informed_only, dice.below(1000)) {
                // a court has divided custody, in words that no register field holds
                (false, 0..=4) => Fact::Unknown(UnknownReason::NotDelivered),
                (true, _) | (false, 5..=7) => Fact::Known(false),
                (false, _) => Fact::Known(true),
            },
            rights: Vec::new(),
        })
    }

    /// A custodian without a code: a name, sometimes with the blank at its end that the register keeps, and a birth year.
    fn described(&self, home: u32) -> Who {
        use chrono::Datelike;
        let mut dice = self.dice(Stream::Custody, home | 1 << 30);
        let sex = dice.index(2);
        let mut given = self.plan.source.first_names[sex].draw(&mut dice).to_owned();
        if dice.permille(300) {
            given.push(' ');
        }
        let family = self.plan.source.surnames.draw(&mut dice).to_owned();
        let eldest = self.plan.members(home).map(|at| self.plan.person(at).age).max().unwrap_or(40);
        let year = self.day.year() - i32::from(eldest) - dice.between(0, 6);
        let born = if dice.permille(800) { PartialDate::in_year(year).ok() } else { None };
        let names = Box::new(Names { given, family });
        Who::Described(names, born.map_or(Fact::Unknown(UnknownReason::NotDelivered), Fact::Known))
    }
}
