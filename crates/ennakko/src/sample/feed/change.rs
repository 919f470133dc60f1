//! The change feed (`muutokset`) of a year of the sample city.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use ennakko_core::day::PartialDate;
use ennakko_core::record::{Address, Delivery, ResidentRecord, Who};
use ennakko_core::{Fact, UnknownReason};
use serde_json::{Value, json};

use super::{BaseData, group};
use crate::sample::resident::HELSINKI;
use crate::sample::year::{Change, Happened, Year};

/// The first token of the sample's feed: beyond 32 bits, as real ones are.
const FIRST_TOKEN: u64 = 5_446_000_000;

/// What the register keeps back while the year goes by.
struct Feed<'a> {
    end: BaseData<'a>,
    start: BaseData<'a>,
    /// Everybody whose home the register keeps back at this point, under every name they have had.
    kept_back: BTreeSet<Who>,
}

/// The year's changes as answers to `POST /muutokset`, so many changes a page. Each but the last says that it is not up to
/// date (`ajanTasalla`), and each has the token to ask on with.
///
/// Changes of people who have no code yet, and what only other sources know, are in no page.
pub fn changes(year: &Year, page_changes: usize) -> Vec<Value> {
    let mut feed = Feed {
        end: BaseData::of(&year.end),
        start: BaseData::of(&year.start),
        kept_back: withheld(&year.start).collect(),
    };
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

fn withheld(delivery: &Delivery) -> impl Iterator<Item = Who> {
    let kept = |record: &&ResidentRecord| record.dwelling == Fact::Unknown(UnknownReason::Withheld);
    delivery.residents.iter().filter(kept).flat_map(|record| {
        let code = record.code.clone().map(Who::Code);
        code.into_iter().chain(record.key.map(Who::Key))
    })
}

/// Marks what happened to a group.
fn marked(group: Value, attribute: &str) -> Value {
    group::with(group, "muutosattribuutti", json!(attribute))
}

/// Midnight in Helsinki as an instant: summer time from the last Sunday of March to that of October.
pub(super) fn instant(day: NaiveDate) -> String {
    let last_sunday = |month: u32| {
        let last = NaiveDate::from_ymd_opt(day.year(), month, 31).unwrap_or(day);
        last.week(Weekday::Sun).first_day()
    };
    let summer = last_sunday(3) < day && day <= last_sunday(10);
    let before = day.checked_sub_days(Days::new(1)).unwrap_or(day);
    format!("{before}T{}:00:00.000Z", if summer { 21 } else { 22 })
}

fn record(who: &Who, day: NaiveDate, groups: &[Value]) -> Option<Value> {
    let Who::Code(code) = who else { return None };
    Some(json!({ "henkilotunnus": code.as_str(), "muutospv": instant(day), "tietoryhmat": groups }))
}

impl Feed<'_> {
    fn tell(&mut self, change: &Change) -> Vec<Value> {
        let (day, who) = (change.day, &change.who);
        let groups = match &change.what {
            Happened::Born { custodians, .. } => return Self::birth(change, custodians),
            Happened::GotCode { code } => {
                let now = Who::Code(code.clone());
                self.also(who, &now);
                let groups = self.first_record(&now);
                return record(&now, day, &groups).into_iter().collect();
            }
            Happened::Named { names } => vec![group::with(group::name(names), "alkupv", group::on(day))],
            Happened::MovedIn { from, dwelling } => self.moved_in(day, from.as_deref(), dwelling),
            Happened::MovedOut { to } => self.moved_out(who, day, to.as_deref()),
            Happened::Moved { from, to } => self.moved(who, day, from.as_deref(), to),
            Happened::Separated { from, to, .. } => self.moved(who, day, Some(from), to),
            Happened::Died => {
                vec![json!({ "tietoryhma": "KUOLINPAIVA", "kuollut": true, "kuolinpv": group::on(day) })]
            }
            Happened::FoundDead { .. } => return Vec::new(),
            Happened::CameOfAge => self.custody_ended(who),
            Happened::NameChanged { before, after } => {
                let old = json!({
                    "tietoryhma": "NIMENMUUTOS",
                    "nimilaji": "NYKYINEN_SUKUNIMI",
                    "nimi": before.family,
                    "loppupv": group::on(day),
                });
                vec![group::with(group::name(after), "alkupv", group::on(day)), marked(old, "MUUTETTU")]
            }
            Happened::CodeCorrected { former, code } => {
                self.also(who, &Who::Code(code.clone()));
                vec![group::corrected(&[former.as_str()], code.as_str())]
            }
            Happened::ProtectionSet { withheld } => {
                if *withheld {
                    self.kept_back.insert(who.clone());
                }
                vec![json!({ "tietoryhma": "TURVAKIELTO", "turvakieltoAktiivinen": true })]
            }
            Happened::ProtectionLifted => self.protection_lifted(who, day),
        };
        // whatever is not said to be changed is new
        let groups: Vec<Value> = groups
            .into_iter()
            .map(|group| if group.get("muutosattribuutti").is_some() { group } else { marked(group, "LISATTY") })
            .collect();
        record(who, day, &groups).into_iter().collect()
    }

    /// Somebody known under one name is known under another too.
    fn also(&mut self, before: &Who, now: &Who) {
        if self.kept_back.contains(before) {
            self.kept_back.insert(now.clone());
        }
    }

    /// A child without a code is told of to its custodians.
    fn birth(change: &Change, custodians: &[Who]) -> Vec<Value> {
        let child = json!({ "syntymapv": group::on(change.day) });
        let told = |custodian: &Who| {
            let group = json!({
                "tietoryhma": "HUOLLETTAVA_SUPPEA",
                "huollettava": child.clone(),
                "huoltajanLaji": "LAKISAATEINEN_HUOLTAJA",
                "oikeudet": [],
            });
            record(custodian, change.day, &[marked(group, "LISATTY")])
        };
        custodians.iter().filter_map(told).collect()
    }

    /// What is told of somebody with their first code: who they are and who has custody, not where they live.
    fn first_record(&self, who: &Who) -> Vec<Value> {
        let Some(known) = self.end.residents.get(who) else { return Vec::new() };
        let mut groups: Vec<Value> = Vec::new();
        groups.extend(known.born.known().map(group::birth));
        groups.push(group::sex(known.sex.known()));
        if let Fact::Known(language) = &known.language {
            groups.push(group::language(language));
        }
        let pairs = self.end.custody.get(who).map_or(&[][..], Vec::as_slice);
        for pair in pairs.iter().filter(|pair| pair.child == *who) {
            groups.push(group::custody("HUOLTAJA", "huoltaja", &self.end.party(&pair.custodian), pair));
        }
        groups.into_iter().map(|group| marked(group, "LISATTY")).collect()
    }

    /// The address of a dwelling, from whichever of the year's two days tells it.
    fn address_of(&self, dwelling: &str) -> Option<&Address> {
        [self.start.dwellings.get(dwelling), self.end.dwellings.get(dwelling)]
            .into_iter()
            .flatten()
            .find_map(|record| record.address.as_ref().known())
    }

    /// Address and dwelling id from a day on.
    fn settled(&self, dwelling: &str, day: NaiveDate) -> Vec<Value> {
        let since = Some(PartialDate::exact(day));
        let address = self.address_of(dwelling).map(|address| group::address(dwelling, address, since));
        address.into_iter().chain(group::residence(dwelling, since)).collect()
    }

    /// Address and dwelling id up to the day before: intervals of homes are closed.
    fn left(&self, dwelling: &str, day: NaiveDate) -> Vec<Value> {
        let last = group::on(day.checked_sub_days(Days::new(1)).unwrap_or(day));
        let address = self.address_of(dwelling).map(|address| group::address(dwelling, address, None));
        let groups = address.into_iter().chain(group::residence(dwelling, None));
        groups.map(|group| marked(group::with(group, "loppupv", last.clone()), "MUUTETTU")).collect()
    }

    fn moved(&self, who: &Who, day: NaiveDate, from: Option<&str>, to: &str) -> Vec<Value> {
        if self.kept_back.contains(who) {
            return ["VAKINAINEN_KOTIMAINEN_OSOITE", "VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS"]
                .map(group::kept_back)
                .into();
        }
        let mut groups = self.settled(to, day);
        groups.extend(from.map(|from| self.left(from, day)).unwrap_or_default());
        groups
    }

    fn moved_in(&self, day: NaiveDate, from: Option<&str>, dwelling: &str) -> Vec<Value> {
        let mut groups = vec![group::municipality(HELSINKI, Some(PartialDate::exact(day)))];
        if let Some(from) = from {
            let former = json!({ "tietoryhma": "EDELLINEN_KOTIKUNTA", "kuntakoodi": from });
            groups.push(group::with(former, "kunnastaPoisMuuttopv", group::on(day)));
        }
        groups.extend(self.settled(dwelling, day));
        groups
    }

    fn moved_out(&self, who: &Who, day: NaiveDate, to: Option<&str>) -> Vec<Value> {
        if self.kept_back.contains(who) {
            return vec![group::kept_back("KOTIKUNTA")];
        }
        let former = json!({ "tietoryhma": "EDELLINEN_KOTIKUNTA", "kuntakoodi": HELSINKI });
        let mut groups = vec![group::with(former, "kunnastaPoisMuuttopv", group::on(day))];
        let since = Some(PartialDate::exact(day));
        match to {
            Some(code) => groups.push(group::municipality(code, since)),
            None => groups.extend(group::residence("20023300000000", since)),
        }
        groups
    }

    /// The day on which custody ends is the birthday itself.
    fn custody_ended(&self, who: &Who) -> Vec<Value> {
        let pairs = self.end.residents.get(who).and_then(|record| record.code.clone()).map(Who::Code);
        let pairs = pairs.and_then(|now| self.end.custody.get(&now)).map_or(&[][..], Vec::as_slice);
        pairs
            .iter()
            .filter(|pair| pair.until != Fact::None)
            .map(|pair| group::custody("HUOLTAJA", "huoltaja", &self.end.party(&pair.custodian), pair))
            .map(|group| marked(group, "MUUTETTU"))
            .collect()
    }

    /// The present home comes as changed, not as new.
    fn protection_lifted(&mut self, who: &Who, day: NaiveDate) -> Vec<Value> {
        self.kept_back.remove(who);
        let ended = json!({
            "tietoryhma": "TURVAKIELTO",
            "turvakieltoAktiivinen": false,
            "turvaLoppuPv": group::on(day.checked_sub_days(Days::new(1)).unwrap_or(day)),
        });
        let mut groups = vec![marked(ended, "MUUTETTU")];
        let home = self.end.residents.get(who).and_then(|record| record.dwelling.as_ref().known());
        if let Some(address) = home.and_then(|id| self.address_of(id).map(|address| group::address(id, address, None)))
        {
            groups.push(marked(address, "MUUTETTU"));
        }
        groups
    }
}
