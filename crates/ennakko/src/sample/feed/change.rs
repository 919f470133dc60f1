//! The change feed (`muutokset`) of a year of the sample city.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use ennakko_core::Fact;
use ennakko_core::day::PartialDate;
use ennakko_core::record::{ListState, ResidentRecord, Who};
use serde_json::{Value, json};

use super::{BaseData, group, language};
use crate::sample::resident::HELSINKI;
use crate::sample::year::{Change, Happened, Since, Year};

/// The first token of the sample's feed: beyond 32 bits, as real ones are.
const FIRST_TOKEN: u64 = 5_446_000_000;

/// The group that tells of a changed family name, and the kind of name in it.
const FAMILY_NAME: (&str, &str) = ("NIMENMUUTOS", "NYKYINEN_SUKUNIMI");

/// What the register has at a point of the year.
struct Feed<'a> {
    year: &'a Year,
    data: BaseData<'a>,
}

/// What the register had of somebody just before a change.
#[derive(Clone, Copy)]
struct Before<'a> {
    record: &'a ResidentRecord,
    since: Since,
}

/// The year's changes as answers to `POST /muutokset`, so many changes a page. Each but the last says that it is not up to
/// date (`ajanTasalla`), and each has the token to ask on with.
///
/// Changes of people who have no code yet are told to those who have custody of them, and to their children; what only
/// other sources know is in no page.
pub fn changes(year: &Year, page_changes: usize) -> Vec<Value> {
    let mut feed = Feed::new(year);
    let told: Vec<Value> = year.changes.iter().flat_map(|change| feed.tell(change)).collect();
    let pages: Vec<&[Value]> = if told.is_empty() { vec![&[]] } else { told.chunks(page_changes.max(1)).collect() };
    let last = pages.len() - 1;
    let mut token = FIRST_TOKEN;
    pages
        .into_iter()
        .enumerate()
        .map(|(at, page)| {
            token += page.len() as u64;
            json!({ "viimeisinKirjausavain": token, "muutokset": page, "ajanTasalla": at == last })
        })
        .collect()
}

/// Marks what happened to a group.
fn marked(group: Value, attribute: &str) -> Value {
    group::with(group, "muutosattribuutti", json!(attribute))
}

fn all_marked(groups: impl IntoIterator<Item = Value>, attribute: &str) -> Vec<Value> {
    groups.into_iter().map(|group| marked(group, attribute)).collect()
}

/// The wrong value, always directly followed by the right one.
fn corrected(wrong: Value, right: Value) -> [Value; 2] {
    [marked(wrong, "KORJATTAVA"), marked(right, "KORJATTU")]
}

/// A value that was removed, with those that survive.
fn removed(group: Value, surviving: &[Value]) -> Value {
    group::with(marked(group, "POISTETTU"), "voimassaolevatTiedot", json!(surviving))
}

/// Midnight in Helsinki as an instant: summer time from the last Sunday of March to that of October.
pub(super) fn instant(day: NaiveDate) -> String {
    let last_sunday = |month: u32| {
        let last = NaiveDate::from_ymd_opt(day.year(), month, 31).unwrap_or(day);
        last.week(Weekday::Sun).first_day()
    };
    let summer = last_sunday(3) < day && day <= last_sunday(10);
    format!("{}T{}:00:00.000Z", day_before(day), if summer { 21 } else { 22 })
}

fn day_before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1)).unwrap_or(day)
}

fn record(who: &Who, day: NaiveDate, groups: &[Value]) -> Option<Value> {
    let Who::Code(code) = who else { return None };
    let told = !groups.is_empty();
    told.then(|| json!({ "henkilotunnus": code.as_str(), "muutospv": instant(day), "tietoryhmat": groups }))
}

impl<'a> Feed<'a> {
    /// The register of the first day: custody as it stood then, found by every reference of the year.
    fn new(year: &'a Year) -> Self {
        let mut data = BaseData::at_end(year);
        let start = BaseData::of(&year.start);
        for (now, then) in data.custody.iter_mut().zip(&start.custody) {
            *now = then;
        }
        data.residents = start.residents;
        data.since = start.since;
        Self { year, data }
    }

    fn tell(&mut self, change: &'a Change) -> Vec<Value> {
        let (at, day) = (change.record, change.day);
        let before = self.data.residents.get(at).map(|record| Before { record, since: self.data.since[at] });
        if before.is_some() {
            (self.data.residents[at], self.data.since[at]) = (&change.after, change.since);
        } else {
            self.data.residents.push(&change.after);
            self.data.since.push(change.since);
        }
        if change.what == Happened::CameOfAge {
            for row in &self.data.pairs[at] {
                self.data.custody[*row] = &self.year.end.custody[*row];
            }
        }
        let mut told: Vec<Value> = Vec::new();
        match (&change.what, before) {
            // told under the code itself; of a child without a code only its custodians are told
            (Happened::GotCode { code }, _) => {
                told.extend(record(&Who::Code(code.clone()), day, &all_marked(self.data.groups(at), "LISATTY")));
            }
            (Happened::Born { .. }, _) | (_, None) => {
                let mut groups = all_marked(self.data.groups(at), "LISATTY");
                if let Happened::MovedIn { from: Some(from), .. } = &change.what {
                    let former = group::former_municipality(from, None, day);
                    groups.push(marked(former, "LISATTY"));
                }
                told.extend(record(&change.who, day, &groups));
            }
            (_, Some(before)) => told.extend(record(&change.who, day, &self.groups(change, before))),
        }
        if let Some(attribute) = told_to_others(change) {
            told.extend(self.others(at, day, attribute));
        }
        told
    }

    /// What is told of somebody of whom the register had a record.
    fn groups(&self, change: &Change, before: Before<'_>) -> Vec<Value> {
        let (at, day, after) = (change.record, change.day, &change.after);
        match &change.what {
            Happened::Named { names } => vec![marked(group::name(names, Some(day)), "LISATTY")],
            Happened::NameChanged { before, after } => {
                let ((name, kind), on) = (FAMILY_NAME, group::on(day));
                let of = |family: &str, bound: &str| group::with(group::name_of(name, kind, family), bound, on.clone());
                vec![
                    marked(group::name(after, Some(day)), "LISATTY"),
                    marked(of(&after.family, "alkupv"), "LISATTY"),
                    marked(of(&before.family, "loppupv"), "MUUTETTU"),
                ]
            }
            Happened::NameCorrected { before: wrong, after: right } => {
                let since = change.since.names;
                corrected(group::name(wrong, since), group::name(right, since)).into()
            }
            Happened::BirthCorrected { before: wrong, after: right } => {
                let mut groups: Vec<Value> = corrected(group::birth(*wrong), group::birth(*right)).into();
                if let (Some(wrong), Some(right)) = (language(before.record), language(after)) {
                    groups.extend(corrected(wrong, right));
                }
                groups
            }
            Happened::CodeCorrected { .. } => all_marked(group::corrected(after), "LISATTY"),
            Happened::Died => vec![marked(group::death(Some(day)), "LISATTY")],
            Happened::DeathRetracted => {
                let alive = json!({ "tietoryhma": "KUOLINPAIVA", "kuollut": false });
                corrected(group::death(before.since.death), alive).into()
            }
            Happened::CameOfAge => all_marked(self.data.custody(at), "MUUTETTU"),
            Happened::ProtectionSet { withheld } => {
                let mut groups = vec![marked(group::protection(after), "LISATTY")];
                if *withheld {
                    groups.extend(all_marked(self.data.municipality(at), "MUUTETTU"));
                    groups.extend(all_marked(self.data.home(at), "MUUTETTU"));
                }
                groups
            }
            Happened::ProtectionLifted => {
                let mut groups = vec![marked(group::no_protection(day_before(day)), "MUUTETTU")];
                if is_kept_back(before.record) {
                    // the present home comes as changed, not as new
                    groups.extend(all_marked(self.data.municipality(at), "MUUTETTU"));
                    groups.extend(all_marked(self.data.home(at), "MUUTETTU"));
                }
                groups
            }
            Happened::Moved { .. } | Happened::Separated { .. } => self.moved(at, day, before),
            Happened::MovedOut { .. } => self.moved_out(at, day, before),
            Happened::HomeCorrected { .. } => {
                let right = self.data.home(at).into_iter();
                self.home_of(before.record)
                    .into_iter()
                    .zip(right)
                    .flat_map(|(wrong, right)| corrected(wrong, right))
                    .collect()
            }
            Happened::MoveAnnulled { .. } => {
                let right = self.data.home(at).into_iter();
                let told = self.home_of(before.record).into_iter();
                told.zip(right).map(|(told, right)| removed(told, &[right])).collect()
            }
            Happened::MoveOutAnnulled { .. } => self.move_out_annulled(at, before),
            // what another source says, and what is told where nobody had a record before
            Happened::FoundDead { .. }
            | Happened::Born { .. }
            | Happened::GotCode { .. }
            | Happened::MovedIn { .. } => Vec::new(),
        }
    }

    /// The pairs of somebody, told to the other side of each.
    fn others(&self, at: usize, day: NaiveDate, attribute: &str) -> Vec<Value> {
        let mut told = Vec::new();
        for pair in self.data.pairs_of(at) {
            let of_child = self.data.positions.get(&pair.custodian) == Some(&at);
            let other = self.data.record(if of_child { &pair.child } else { &pair.custodian });
            let Some(other) = other.filter(|other| other.custodians == ListState::Whole) else { continue };
            let Some(code) = other.code.clone() else { continue };
            let groups = all_marked(self.data.pair(pair, of_child), attribute);
            told.extend(record(&Who::Code(code), day, &groups));
        }
        told
    }

    /// Address and residence as the register had them before.
    fn home_of(&self, before: &ResidentRecord) -> Vec<Value> {
        let id = before.dwelling.as_ref().known();
        id.map(|id| self.data.home_at(id, before, before.dwelling_since.known())).unwrap_or_default()
    }

    /// Address and residence up to the day before: intervals of homes are closed.
    fn left(&self, before: &ResidentRecord, day: NaiveDate) -> Vec<Value> {
        let last = group::on(day_before(day));
        let groups = self.home_of(before).into_iter().map(|group| group::with(group, "loppupv", last.clone()));
        all_marked(groups, "MUUTETTU")
    }

    fn moved(&self, at: usize, day: NaiveDate, before: Before<'_>) -> Vec<Value> {
        let mut groups = all_marked(self.data.home(at), "LISATTY");
        groups.extend(self.left(before.record, day));
        groups
    }

    fn moved_out(&self, at: usize, day: NaiveDate, before: Before<'_>) -> Vec<Value> {
        let mut groups = Vec::new();
        if !is_kept_back(before.record) {
            groups.push(marked(group::former_municipality(HELSINKI, before.since.municipality, day), "LISATTY"));
        }
        groups.extend(all_marked(self.data.municipality(at), "LISATTY"));
        groups.extend(self.moved(at, day, before));
        groups
    }

    /// The municipality survives; the home, whose end was told, comes as changed.
    fn move_out_annulled(&self, at: usize, before: Before<'_>) -> Vec<Value> {
        let Fact::Known(left_for) = &before.record.municipality else { return Vec::new() };
        let Some(surviving) = self.data.municipality(at) else { return Vec::new() };
        let moved = before.since.municipality;
        let left_on = moved.map_or(self.year.from, PartialDate::first);
        let former = group::former_municipality(HELSINKI, self.data.since[at].municipality, left_on);
        let mut groups =
            vec![removed(group::municipality(left_for, moved), std::slice::from_ref(&surviving)), removed(former, &[])];
        groups.extend(all_marked(self.data.home(at), "MUUTETTU"));
        groups.push(marked(surviving, "LISATIETO"));
        groups
    }
}

fn is_kept_back(record: &ResidentRecord) -> bool {
    record.dwelling == Fact::Unknown(ennakko_core::UnknownReason::Withheld)
}

/// Whether a change is told to those with whom somebody shares a pair of custody, and as what: those of a pair refer to
/// each other by code, or by name and day of birth where there is no code.
fn told_to_others(change: &Change) -> Option<&'static str> {
    match &change.what {
        Happened::Born { .. } | Happened::MovedIn { .. } => Some("LISATTY"),
        Happened::GotCode { .. } | Happened::CameOfAge => Some("MUUTETTU"),
        Happened::Named { .. } | Happened::NameChanged { .. } | Happened::NameCorrected { .. } => {
            change.after.code.is_none().then_some("MUUTETTU")
        }
        _ => None,
    }
}
