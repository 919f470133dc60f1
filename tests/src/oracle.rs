//! What should come of a plan, worked out from the law and the table of outcomes alone: no register, no rule text, no
//! interpreter. And the same with a mistake in it, so that the tests that compare can be seen to fail.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use ennakko::core::record::CustodyKind;
use ennakko::core::{Fact, Truth};

use crate::day;
use crate::town::{Block, Born, Custodian, Death, Family, Flag, Municipality, Person, Town};

/// A mistake somebody could make. Each has been made somewhere, or nearly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A municipality that is withheld counts as another one.
    UnknownIsNo,
    /// A fact that is unknown counts as the answer that speaks for the offer.
    UnknownIsYes,
    /// An offer is still made on the day the round closes.
    ClosesIncluded,
    /// No offer is made on the day the round opens.
    OpensExcluded,
    /// The age on the day the round opens, instead of the age reached in the year.
    AgeOnTheDay,
    /// The starting age is a year too high.
    AgeOneYearOff,
    /// Protection that is not known counts as none.
    UnknownProtectionIsNone,
    /// Only the child's own protection counts, not that of those it lives with.
    OnlyOwnProtection,
    /// The dead are evaluated like the living.
    DeadAreAsked,
    /// Dead custodians are written to.
    DeadCustodiansAreWrittenTo,
    /// Sources that disagree on a death are not looked at.
    DisputeIsForgotten,
    /// That there is a place already is not looked at.
    PlaceIsForgotten,
    /// That there is a place is looked at before the conditions.
    PlaceComesFirst,
    /// An officer is asked only when a line is yes, not when it is unknown.
    OfficerOnlyOnYes,
    /// One custodian is picked.
    OneCustodianIsPicked,
    /// Somebody with a right to information counts as a custodian.
    InformationIsCustody,
    /// A list of custodians that may be incomplete counts as whole.
    OpenListIsWhole,
    /// The cohort is exactly those of the starting age.
    CohortTooNarrow,
}

impl Fault {
    /// Every mistake.
    pub const ALL: [Self; 18] = [
        Self::UnknownIsNo,
        Self::UnknownIsYes,
        Self::ClosesIncluded,
        Self::OpensExcluded,
        Self::AgeOnTheDay,
        Self::AgeOneYearOff,
        Self::UnknownProtectionIsNone,
        Self::OnlyOwnProtection,
        Self::DeadAreAsked,
        Self::DeadCustodiansAreWrittenTo,
        Self::DisputeIsForgotten,
        Self::PlaceIsForgotten,
        Self::PlaceComesFirst,
        Self::OfficerOnlyOnYes,
        Self::OneCustodianIsPicked,
        Self::InformationIsCustody,
        Self::OpenListIsWhole,
        Self::CohortTooNarrow,
    ];
}

/// A round of school starts, as `calendar.toml` has it.
struct Round {
    year: i32,
    opens: NaiveDate,
    closes: NaiveDate,
    ends: NaiveDate,
    /// Whether the first school day is known.
    first_day: bool,
}

fn rounds() -> Vec<Round> {
    [
        (2021, "2021-01-13", "2021-01-30", false),
        (2022, "2022-01-05", "2022-01-31", true),
        (2023, "2023-01-09", "2023-01-30", true),
        (2027, "2027-01-08", "2027-01-30", true),
        (2028, "2028-01-07", "2028-01-29", true),
    ]
    .into_iter()
    .map(|(year, opens, closes, first_day)| Round {
        year,
        opens: day(opens),
        closes: day(closes),
        ends: NaiveDate::from_ymd_opt(year, 8, 1).unwrap(),
        first_day,
    })
    .collect()
}

/// The oracle, with a mistake or without.
#[derive(Clone, Copy)]
pub struct Oracle<'t> {
    town: &'t Town,
    fault: Option<Fault>,
}

impl<'t> Oracle<'t> {
    /// What should come of a town.
    pub fn of(town: &'t Town, fault: Option<Fault>) -> Self {
        Self { town, fault }
    }

    fn has(self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// The outcome of everybody in the cohort of `school_place` on a day, by serial number, as a page writes it.
    pub fn school_place(self, on: NaiveDate) -> BTreeMap<u16, String> {
        let mut outcomes = BTreeMap::new();
        for family in &self.town.families {
            for person in family.people() {
                let own = (person.serial == family.child.serial).then_some(family);
                if let Some(outcome) = self.of_person(person, own, on) {
                    outcomes.insert(person.serial, outcome);
                }
            }
        }
        outcomes
    }

    fn round(self, on: NaiveDate) -> Option<Round> {
        let closes = |round: &Round| {
            if self.has(Fault::ClosesIncluded) { round.closes.succ_opt().unwrap() } else { round.closes }
        };
        let opens =
            |round: &Round| if self.has(Fault::OpensExcluded) { round.opens.succ_opt().unwrap() } else { round.opens };
        let mut rounds: Vec<Round> = rounds()
            .into_iter()
            .map(|round| Round { opens: opens(&round), closes: closes(&round), ..round })
            .filter(|round| on < round.ends && (round.opens - on).num_days() <= 366)
            .collect();
        rounds.sort_by_key(|round| round.opens);
        rounds.into_iter().next()
    }

    /// A flag as truth; nothing delivered: no.
    fn truth(self, flag: Flag, unknown_is: Truth) -> Truth {
        match flag {
            Flag::Yes => Truth::Yes,
            Flag::No | Flag::Absent => Truth::No,
            Flag::Unknown if self.has(Fault::UnknownIsYes) => unknown_is,
            Flag::Unknown => Truth::Unknown,
        }
    }

    fn age_reached(self, born: Born, round: &Round) -> Option<i32> {
        match born {
            Born::Day(born) if self.has(Fault::AgeOnTheDay) => round.opens.years_since(born)?.try_into().ok(),
            Born::Day(born) => Some(round.year - born.year()),
            Born::Year(year) => Some(round.year - year),
            Born::Unknown => None,
        }
    }

    fn of_person(self, person: &Person, own: Option<&Family>, on: NaiveDate) -> Option<String> {
        if person.death == Death::Yes && !self.has(Fault::DeadAreAsked) {
            return None;
        }
        let round = self.round(on)?;
        let age = self.age_reached(person.born, &round);
        let cohort = if self.has(Fault::CohortTooNarrow) { 7..=7 } else { 6..=8 };
        if age.is_some_and(|age| !cohort.contains(&age)) {
            return None;
        }
        let starting_age = if self.has(Fault::AgeOneYearOff) { 8 } else { 7 };
        let flag_of = |of: fn(&Family) -> Flag| own.map_or(Flag::Absent, of);
        let conditions = [
            ("starts_this_year", age.map_or(Truth::Unknown, |age| Truth::from(age == starting_age))),
            ("lives_in_city", self.lives_in_city(person)),
            ("not_deferred", !self.truth(flag_of(|family| family.deferred), Truth::No)),
        ];
        let place = match flag_of(|family| family.place_2027) {
            Flag::Yes => Truth::from(round.year == 2027),
            _ if self.has(Fault::PlaceIsForgotten) => Truth::No,
            other => self.truth(other, Truth::No),
        };
        let place = if self.has(Fault::PlaceIsForgotten) { Truth::No } else { place };
        let already = "has_already because has_place".to_owned();
        if self.has(Fault::PlaceComesFirst) && place.is_yes() {
            return Some(already);
        }
        if conditions.iter().any(|(_, truth)| truth.is_no()) {
            return Some(because("not_entitled", conditions.iter().filter(|(_, truth)| truth.is_no())));
        }
        if place.is_yes() {
            return Some(already);
        }
        let small = ("is_a_small_child", if age.is_some() { Truth::Yes } else { Truth::Unknown });
        let lines = conditions.into_iter().chain([("has_place", place), small]);
        let unknown: Vec<_> = lines.filter(|(_, truth)| *truth == Truth::Unknown).collect();
        if !unknown.is_empty() {
            return Some(because("cannot_tell", unknown.iter()));
        }
        let officer = [
            ("lives_in_two_homes", self.truth(flag_of(|family| family.alternating), Truth::No)),
            ("extended_duty", self.truth(flag_of(|family| family.extended), Truth::No)),
        ];
        let asks = |truth: Truth| truth.is_yes() || !truth.is_no() && !self.has(Fault::OfficerOnlyOnYes);
        if officer.iter().any(|(_, truth)| asks(*truth)) {
            return Some(because("manual", officer.iter().filter(|(_, truth)| asks(*truth))));
        }
        if on < round.opens {
            return Some(format!("upcoming {}", round.opens));
        }
        if on >= round.closes {
            return Some("late".to_owned());
        }
        if !round.first_day || !own.is_some_and(|family| family.school_known) {
            return Some("cannot_tell because terms".to_owned());
        }
        Some(self.addressed(person, own?, on))
    }

    fn lives_in_city(self, person: &Person) -> Truth {
        match person.municipality {
            Municipality::City => Truth::Yes,
            Municipality::Other | Municipality::None => Truth::No,
            Municipality::Unknown if self.has(Fault::UnknownIsNo) => Truth::No,
            Municipality::Unknown if self.has(Fault::UnknownIsYes) => Truth::Yes,
            Municipality::Unknown => Truth::Unknown,
        }
    }

    /// Whether where somebody lives is protected: by their own order, or by that of somebody in the same dwelling.
    pub fn is_protected(self, person: &Person) -> bool {
        let by_order = |person: &Person| match person.protection {
            Flag::Yes => true,
            Flag::Unknown => !self.has(Fault::UnknownProtectionIsNone),
            Flag::No | Flag::Absent => false,
        };
        let shares = |other: &&Person| person.dwelling().is_some() && other.dwelling() == person.dwelling();
        by_order(person) || !self.has(Fault::OnlyOwnProtection) && self.town.people().filter(shares).any(by_order)
    }

    fn addressed(self, child: &Person, family: &Family, on: NaiveDate) -> String {
        let withheld = |reason: &str| format!("withheld because {reason}");
        if child.death == Death::Disputed && !self.has(Fault::DisputeIsForgotten) {
            return withheld("death_disputed");
        }
        if self.is_protected(child) {
            return withheld("protection");
        }
        let custody = family
            .custody
            .iter()
            .filter(|custody| !custody.ended)
            .filter(|custody| custody.kind == CustodyKind::Custodian || self.has(Fault::InformationIsCustody));
        let custody: Vec<_> = custody.collect();
        if !self.has(Fault::OpenListIsWhole) && (custody.is_empty() || !family.whole) {
            return withheld("custody_unclear");
        }
        let mut to = BTreeSet::new();
        for custody in custody {
            let person = match &custody.who {
                Custodian::Person(person) => Some(person),
                Custodian::Named(_) | Custodian::Code(_) => None,
            };
            if person.is_some_and(|person| person.death != Death::No) && !self.has(Fault::DeadCustodiansAreWrittenTo) {
                continue;
            }
            match (custody.may_decide, person) {
                (Flag::Unknown, _) => return withheld("custody_unclear"),
                (Flag::No, _) | (_, None) => {}
                (_, Some(person)) => match person.born {
                    Born::Day(born) if on.years_since(born).is_some_and(|years| years >= 18) => {
                        to.insert(person.serial.to_string());
                    }
                    _ => return withheld("custody_unclear"),
                },
            }
        }
        if self.has(Fault::OneCustodianIsPicked) {
            to = to.into_iter().take(1).collect();
        }
        if to.is_empty() {
            return withheld("no_addressee");
        }
        format!("offered to {}", to.into_iter().collect::<Vec<_>>().join(", "))
    }

    /// The outcome of every building under `lift_grant` on a day in 2027, by number.
    pub fn lift_grant(self) -> BTreeMap<u32, String> {
        self.town.blocks.iter().map(|block| (block.number, of_block(block))).collect()
    }
}

fn of_block(block: &Block) -> String {
    let at_least =
        |number: Option<i64>, least: i64| number.map_or(Truth::Unknown, |number| Truth::from(number >= least));
    let lifts = block.lifts.iter().map(|lift| match lift {
        Flag::No => Truth::Yes,
        Flag::Yes => Truth::No,
        Flag::Unknown | Flag::Absent => Truth::Unknown,
    });
    let open = if block.whole { Truth::No } else { Truth::Unknown };
    let conditions = [
        (
            "block_of_flats",
            block
                .intended_use
                .map_or(Truth::Unknown, |code| Truth::from(["032", "039", "0120", "0121"].contains(&code))),
        ),
        ("enough_dwellings", at_least(block.dwellings, 3)),
        ("enough_storeys", at_least(block.storeys, 2)),
        ("stairwell_without_lift", Truth::any(lifts.chain([open]))),
    ];
    if conditions.iter().any(|(_, truth)| truth.is_no()) {
        return because("not_entitled", conditions.iter().filter(|(_, truth)| truth.is_no()));
    }
    let grant = match block.grant {
        Fact::Known(year) => Truth::from(year == 2027),
        Fact::None => Truth::No,
        Fact::Unknown(_) => Truth::Unknown,
    };
    if grant.is_yes() {
        return "has_already because has_grant".to_owned();
    }
    let built = ("is_built", if block.built.is_some() { Truth::Yes } else { Truth::Unknown });
    let unknown: Vec<_> = conditions
        .into_iter()
        .chain([("has_grant", grant), built])
        .filter(|(_, truth)| *truth == Truth::Unknown)
        .collect();
    if !unknown.is_empty() {
        return because("cannot_tell", unknown.iter());
    }
    match block.listed {
        Flag::Yes | Flag::Unknown => "manual because listed".to_owned(),
        Flag::No | Flag::Absent if block.owned => format!("offered to 900{}-1", block.number),
        Flag::No | Flag::Absent => "withheld because no_addressee".to_owned(),
    }
}

fn because<'l>(word: &str, lines: impl Iterator<Item = &'l (&'static str, Truth)>) -> String {
    let mut names: Vec<&str> = lines.map(|(name, _)| *name).collect();
    names.sort_unstable();
    format!("{word} because {}", names.join(", "))
}
