//! A town whose people stand on every edge, and rules of one line each over it.

use ennakko_core::fact_table::{FactDeclaration, SubjectKind};
use ennakko_core::identity::building_id::PermanentBuildingId;
use ennakko_core::record::{
    BuildingRecord, CustodyKind, CustodyRecord, DeathRecord, DwellingRecord, FactOf, FactRow, ListState, Sex,
    Utilities, Who,
};
use ennakko_core::{Fact, LeapDayPolicy, PartialDate, UnknownReason, Value};

use crate::RuleSet;
use crate::tests::folder::{Draft, loaded, tables};
use crate::tests::town::{Person, Town, WITHHELD, day};

/// Facts, codes, limits and a round that the folder of the other tests has not.
const FACTS: &str = r#"
[resident.agreed]
type = "bool"
meaning = "made up for tests"
source = "tests"
sensitivity = 1
purposes = ["education"]
related_purposes = []
may_be_none = true
absent = "none"
fresh_days = 31
future = "as_today"

[resident.level]
type = "text"
code_list = "level"
meaning = "made up for tests"
source = "tests"
sensitivity = 1
purposes = ["education"]
related_purposes = []
may_be_none = true
absent = "none"
fresh_days = 31
future = "as_today"

[resident.planned]
type = "day"
meaning = "made up for tests"
source = "tests"
sensitivity = 1
purposes = ["education"]
related_purposes = []
may_be_none = true
absent = "none"
fresh_days = 31
future = "unknown"
"#;
const CODES: &str = "\n[level]\nlow = \"low\"\nmid = \"mid\"\nhigh = \"high\"\n";
const LIMITS: &str = r#"
[[steps.limit]]
value = 99
unit = "cents"
from = 2020-01-01
until = 2027-08-01
status = "decided"
source = "Act 1/2020"
checked = 2026-11-22

[[steps.limit]]
value = 100
unit = "cents"
from = 2027-08-01
until = 2030-01-01
status = "decided"
source = "Act 1/2020"
checked = 2026-11-22
"#;
const ROUND: &str = r#"
[[long]]
id = "long"
opens = 2026-11-10
closes = 2027-12-01
ends = 2029-12-01
status = "decided"
source = "announced"
checked = 2026-11-22
"#;

/// Births on edges of ages, months, years and leap years, and such as are known in part only.
const BIRTHS: &[&str] = &[
    "2020-02-29",
    "2020-02-28",
    "2020-03-01",
    "2021-03-01",
    "2021-02-28",
    "2020-02",
    "2020",
    "2019-12-31",
    "2020-01-01",
    "2019",
    "2020-12-31",
    "2021-01-01",
    "2020-08-01",
    "2020-07-31",
    "2019-08-01",
    "2020-08",
    "2019-11-22",
    "2019-11-23",
    "2008-02-29",
    "2008-02-28",
    "2008-03-01",
    "2008-02",
    "2008",
    "2009-08-01",
    "2009-07-31",
    "2009-08",
    "2009",
    "2009-03-01",
    "2010-02-28",
    "2010-03-01",
    "2010-02",
    "2014-11-23",
    "1985-06-06",
    "1984-02-29",
    "1990-01-01",
    "1955-05",
    "1950-12-31",
    "1899-06-01",
    "1800-01-01",
    "2026-11-22",
];

/// Days of facts, some known in part only.
const DAYS: &[&str] = &[
    "2026-11-22",
    "2026-12-31",
    "2027-02-28",
    "2027-02",
    "2028-02-29",
    "2026-11-21",
    "2027",
    "2027-08-01",
    "2027-01-10",
    "2027-01-31",
    "2026",
    "2025-12-31",
    "2027-03-01",
    "2026-10-20",
    "2027-04-30",
];

const HOMES: [&str; 6] = [
    "1234567890A0010 ",
    "1234567890A0020 ",
    "1234567890A0030 ",
    "1234567890A0040 ",
    "1234567890A0050 ",
    "1234567890A0060 ",
];

/// Which town.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// Everybody, some days known in part only.
    Edges,
    /// Every day that is known, known to the day.
    Exact,
    /// Everybody, many times over: several blocks of rows.
    Large,
}

/// One of these, by turns.
fn turn<T: Clone>(of: &[Fact<T>], at: usize) -> Fact<T> {
    of[at % of.len()].clone()
}

const UNKNOWN: Fact<i64> = Fact::Unknown(WITHHELD);

/// Somebody's custodians: those who always are, and one who is from a day to another.
struct Family {
    child: &'static str,
    born: &'static str,
    custodians: &'static [&'static str],
    between: Option<(&'static str, Fact<&'static str>, Fact<&'static str>)>,
    whole: bool,
}

impl Which {
    fn date(self, text: &str) -> PartialDate {
        let date = PartialDate::parse(text).unwrap();
        if self == Self::Exact { PartialDate::exact(date.first()) } else { date }
    }

    fn day_of(self, at: usize) -> Fact<Value> {
        // every seventh is none, every eleventh unknown
        match at {
            _ if at % 7 == 6 => Fact::None,
            _ if at % 11 == 10 => Fact::Unknown(WITHHELD),
            _ => Fact::Known(Value::Day(self.date(DAYS[at % DAYS.len()]))),
        }
    }

    fn never_none(fact: Fact<Value>) -> Fact<Value> {
        if fact == Fact::None { Fact::Unknown(WITHHELD) } else { fact }
    }

    fn person(self, at: usize, name: &'static str) -> Person {
        let (yes, no, unknown) = (Fact::Known(true), Fact::Known(false), Fact::Unknown(WITHHELD));
        let text = |text: &str| Fact::Known(text.to_owned());
        let flag = |fact: Fact<bool>| fact.map(Value::Bool);
        let number = |fact: Fact<i64>| fact.map(Value::Int);
        let year = |year| Fact::Known(year);
        let born = self.date(BIRTHS[at % BIRTHS.len()]);
        // in the large town others are born near the edges too
        let born = match u64::try_from(at / BIRTHS.len()).unwrap() {
            round if round > 0 && round % 9 != 0 => {
                PartialDate::exact((born.first() + chrono::Days::new(round / 2)).min(day("2026-11-22")))
            }
            _ => born,
        };
        Person::new(name, "2020-01-01")
            .with(|record| {
                record.born = Fact::Known(born);
                record.sex =
                    turn(&[Fact::Known(Sex::Female), Fact::Known(Sex::Male), Fact::None, Fact::Unknown(WITHHELD)], at);
                record.language = turn(&[text("fi"), text("sv"), Fact::None, text("ru"), Fact::Unknown(WITHHELD)], at);
                record.municipality =
                    turn(&[text("091"), text("091"), text("049"), Fact::None, Fact::Unknown(WITHHELD)], at / 2);
                record.protection = turn(&[no, no, yes, unknown], at / 3);
                record.dwelling = match at % 9 {
                    0..4 => Fact::Known(HOMES[at % 4].to_owned()),
                    4 | 5 => Fact::Known(HOMES[at % 2].to_owned()),
                    6 => Fact::None,
                    7 => Fact::Unknown(WITHHELD),
                    _ => Fact::Known(HOMES[5].to_owned()),
                };
                record.custodians = if at % 5 == 3 { ListState::Open(WITHHELD) } else { ListState::Whole };
            })
            .fact("flag", flag(turn(&[yes, no, unknown], at)))
            .fact("other", flag(turn(&[yes, yes, no, no, unknown], at)))
            .fact("agreed", flag(turn(&[yes, Fact::None, no, unknown], at / 2)))
            .fact("permit", flag(turn(&[no, yes, unknown], at / 2)))
            .fact("deferred", flag(turn(&[no, no, yes, unknown], at)))
            .fact(
                "level",
                turn(&[text("low"), text("high"), Fact::None, text("mid"), Fact::Unknown(WITHHELD)], at / 3)
                    .map(|code| Value::Text(code.into())),
            )
            .fact(
                "place_year",
                number(turn(&[year(2026), year(2027), Fact::None, UNKNOWN, year(2028), year(2030)], at)),
            )
            .fact(
                "income",
                number(turn(
                    &[
                        year(99),
                        year(100),
                        UNKNOWN,
                        year(101),
                        year(120),
                        year(119),
                        year(0),
                        year(-5),
                        year(1_000_000_000_000),
                        year(-1_000_000_000_000),
                        year(121),
                    ],
                    at,
                )),
            )
            .fact("visited", self.day_of(at))
            .fact("planned", self.day_of(at + 3))
            .fact("seen", Self::never_none(self.day_of(at + 5)))
    }

    fn people(self) -> Vec<Person> {
        let n = if self == Self::Large { 4_200 } else { BIRTHS.len() };
        let known = Fact::Known;
        let mut people: Vec<Person> = (0..n).map(|at| self.person(at, format!("A{at}").leak())).collect();
        // children whose custody begins, ends, is not whole, of whom nobody or somebody unheard of is told
        let family = |(child, born, custodians, between, whole)| Family { child, born, custodians, between, whole };
        let families = [
            ("C0", "2019-05-05", &["A33", "A34"][..], None, true),
            ("C1", "2020-02-29", &["A32"][..], Some(("A33", known("2027-03-01"), Fact::None)), true),
            ("C2", "2020-02-29", &["A33"][..], Some(("A34", Fact::None, known("2027-07-31"))), true),
            ("C3", "2018-01-01", &[][..], Some(("A33", Fact::None, known("2026-11-22"))), true),
            ("C4", "2018-01-01", &["A34"][..], Some(("A36", Fact::None, known("2028-02-28"))), true),
            ("C5", "2018-01-01", &["A33"][..], Some(("A36", known("2026-12-31"), known("2026-12-31"))), true),
            ("C6", "2018-01-01", &["A32"][..], Some(("A35", Fact::Unknown(WITHHELD), known("2027-08-01"))), true),
            ("C7", "2009-08-01", &["A33", "A34"][..], None, true),
            ("C8", "2010-02-28", &["A33"][..], None, true),
            ("C9", "2009-08", &["A33", "A34"][..], None, true),
            ("C10", "2009", &["A36"][..], Some(("A34", known("2027-01-01"), Fact::None)), false),
            ("C11", "2022-06-06", &[][..], None, true),
            ("C12", "2022-06-06", &[][..], None, false),
            ("C13", "2022-06-06", &["A34", "A36"][..], None, false),
            ("C14", "2022-06-06", &["nobody", "A33"][..], None, true),
            ("C15", "2022-06-06", &["dead", "A36"][..], None, true),
            ("C16", "2008-02-29", &["A33"][..], None, true),
            ("C17", "2010-02", &["A33"][..], None, true),
        ]
        .map(family);
        for (at, Family { child: name, born, custodians, between, whole }) in families.into_iter().enumerate() {
            let mut child = self.person(at + 3, name).with(|record| {
                record.born = Fact::Known(self.date(born));
                record.custodians = if whole { ListState::Whole } else { ListState::Open(WITHHELD) };
            });
            child = child.of(custodians);
            if let Some((name, from, until)) = between {
                child = child.of_between(name, from.map(day), until.map(day));
            }
            people.push(child);
        }
        let unborn =
            |name, born: Fact<PartialDate>| self.person(7, name).of(&["A33"]).with(|record| record.born = born);
        people.push(unborn("unknown_birth", Fact::Unknown(WITHHELD)));
        people.push(unborn("no_birth", Fact::None));
        let turn = PartialDate::between(day("2019-12-01"), day("2020-01-31")).unwrap();
        people.push(unborn(
            "turn_of_year",
            Fact::Known(if self == Self::Exact { PartialDate::exact(turn.first()) } else { turn }),
        ));
        people.push(self.person(3, "dead").with(|record| record.dead = true));
        people.push(self.person(4, "disputed"));
        people.push(Person::new("nobody", "1988-08-08").without_record());
        let home = |name, born: &str, of: usize| {
            self.person(of, name).with(|record| {
                record.born = Fact::Known(PartialDate::parse(born).unwrap());
                record.dwelling = Fact::Known(HOMES[4].to_owned());
            })
        };
        people.extend([home("grandparent", "1950-01-01", 0), home("grandchild", "2021-02-28", 3)]);
        people
    }

    pub(super) fn town(self, declarations: Vec<FactDeclaration>) -> Town {
        let building = |at: u32| PermanentBuildingId::artificial(at).unwrap();
        Town::declared(&self.people(), declarations, |delivery, codes| {
            let records = [
                (0, Some(0), ListState::Whole),
                (1, Some(1), ListState::Open(WITHHELD)),
                (2, Some(2), ListState::Whole),
                (3, None, ListState::Whole),
                (4, Some(0), ListState::Whole),
            ];
            delivery.dwellings.extend(records.into_iter().map(|(at, of, members)| DwellingRecord {
                id: HOMES[at].to_owned(),
                building: of.map(building),
                address: Fact::None,
                members,
            }));
            // a dwelling in which nobody lives, and one of which nothing is told
            for (id, members) in
                [("1234567890B0010 ", ListState::Whole), ("1234567890B0020 ", ListState::Open(WITHHELD))]
            {
                let (id, building, address) = (id.to_owned(), Some(building(3)), Fact::None);
                delivery.dwellings.push(DwellingRecord { id, building, address, members });
            }
            let fact = |number: i64| Fact::Known(number);
            let unknown = Fact::Unknown(WITHHELD);
            let used = |code: &str| Fact::Known(code.to_owned());
            for (at, (built, storeys, used, sewer)) in [
                (fact(1989), fact(3), used("0121"), Fact::Known(true)),
                (fact(1990), fact(2), used("0110"), Fact::Known(false)),
                (unknown, fact(4), Fact::None, Fact::None),
                (fact(1980), unknown, Fact::Unknown(WITHHELD), Fact::Unknown(WITHHELD)),
                (Fact::None, Fact::None, used("0121"), Fact::Known(true)),
            ]
            .into_iter()
            .enumerate()
            {
                let at = u32::try_from(at).unwrap();
                delivery.buildings.push(BuildingRecord {
                    id: building(at),
                    location: Fact::Unknown(UnknownReason::NotDelivered),
                    address: Fact::None,
                    owners: Vec::new(),
                    owners_state: ListState::Whole,
                    area_m2: storeys.map(|storeys| storeys * 50),
                    facilities: Utilities { sewer, ..Utilities::NOT_DELIVERED },
                    connections: Utilities { sewer, water: sewer.map(|has: bool| !has), ..Utilities::NOT_DELIVERED },
                    intended_use: used,
                    built_year: built,
                    storeys,
                    dwellings: storeys,
                    stairwells: Vec::new(),
                    stairwells_state: ListState::Whole,
                });
            }
            let granted = [Fact::Known(Value::Int(2019)), Fact::Known(Value::Int(2021)), Fact::Unknown(WITHHELD)];
            let rows = granted.into_iter().zip(0..);
            let grants = delivery.facts.iter_mut().find(|facts| facts.declaration.name == "grant_year").unwrap();
            grants.rows.extend(rows.map(|(value, at)| FactRow { of: FactOf::Building(building(at)), value }));
            let who = |name: &str| Who::Code(codes[name].clone());
            delivery.deaths.push(DeathRecord { who: who("disputed"), source: "another".to_owned(), dead: true });
            delivery.custody.push(CustodyRecord {
                child: who("C0"),
                custodian: who("A36"),
                kind: CustodyKind::InformationOnly,
                from: Fact::None,
                until: Fact::None,
                may_decide: Fact::Known(false),
                rights: Vec::new(),
            });
        })
    }
}

/// A line and the kind of subject that it is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) text: &'static str,
    pub(super) kind: SubjectKind,
}

/// Every line of the table.
pub(super) fn lines() -> Vec<Line> {
    let mut kind = SubjectKind::Resident;
    let mut lines = Vec::new();
    for text in include_str!("../../../tests-data/kernel_lines.txt").lines() {
        match text {
            "[resident]" => kind = SubjectKind::Resident,
            "[household]" => kind = SubjectKind::Household,
            "[building]" => kind = SubjectKind::Building,
            "" => {}
            text if text.starts_with('#') => {}
            text => lines.push(Line { text, kind }),
        }
    }
    lines
}

/// The id of a line's rule.
pub(super) fn rule_of(at: usize) -> String {
    format!("line_{at}")
}

/// A folder of these rules, with a policy for whoever was born on 29 February.
pub(super) fn folder(rules: &[(String, Draft)], leap_day: LeapDayPolicy) -> RuleSet {
    let mut files = tables();
    for (name, more) in
        [("facts.toml", FACTS), ("code_lists.toml", CODES), ("parameters.toml", LIMITS), ("calendar.toml", ROUND)]
    {
        let file = files.iter_mut().find(|file| file.path.as_ref() == name).unwrap();
        file.text = format!("{}{more}", file.text).into();
    }
    let facts = files.iter_mut().find(|file| file.path.as_ref() == "facts.toml").unwrap();
    let (before, grant) = facts.text.split_once("[building.grant_year]").unwrap();
    let open = grant.replacen("related_purposes = []", "related_purposes = [\"education\"]", 1);
    facts.text = format!("{before}[building.grant_year]{open}").into();
    let city = files.iter_mut().find(|file| file.path.as_ref() == "city.toml").unwrap();
    if leap_day == LeapDayPolicy::February28 {
        city.text = city.text.replace("1 March", "28 February").into();
    }
    files.extend(rules.iter().flat_map(|(name, draft)| draft.files(name)));
    loaded(&files)
}
