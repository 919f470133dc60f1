//! Values of the facts on journeys to school, Culture Kids, breast screening, summer vouchers and municipal elections.
//!
//! Like the other facts: only values here, the holes, late rows and wrong rows of a source are added where rows are made.
//! All shares and lengths are assumed. No length is computed from a map: a source delivers it, measured by some method.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate, TimeDelta};
use ennakko_core::Value;
use ennakko_core::day::PartialDate;
use ennakko_core::fact_table::FactType;

use super::super::citizenship::{FINLAND, is_of_the_union, of_person};
use super::super::dice::{Dice, Stream};
use super::super::{language, people};
use super::{Case, Tables, decided, stream_of, year_value};

/// From one invitation to breast screening to the next, in days: two years, as by birth years taken in turn.
const BREAST_ROUND_DAYS: i32 = 730;
const BREAST_AGES: std::ops::RangeInclusive<i32> = 50..=69;
/// The first birth year of Culture Kids.
const FIRST_CULTURE_KIDS: i32 = 2020;

/// Where somebody has lived, as the residence history tells it.
struct History {
    finland_from: NaiveDate,
    city_from: NaiveDate,
}

impl Tables<'_> {
    /// The value of somebody's fact; none for a name that is not of these services.
    pub(super) fn of_services(
        &self,
        name: &str,
        kind: FactType,
        at: u32,
        case: &Case<'_>,
        dice: &mut Dice,
    ) -> Option<Value> {
        match name {
            "travel_card_year" => self.travel_card(kind, case, dice),
            "travel_assessment_asked" => decided(kind, (7..=16).contains(&case.reaches), 12, dice),
            _ if name.starts_with("travel_") => self.travel(name, kind, at, case),
            "culture_kid" => {
                let likely = if case.age == 0 { 150 } else { 420 };
                decided(kind, case.birth_year >= FIRST_CULTURE_KIDS && case.reaches <= 7, likely, dice)
            }
            "breast_invited_on" => self.breast_invited_on(kind, at, case),
            "ninth_grade_year" => {
                let likely = [(15, 10), (16, 950), (17, 30)].iter().find(|(reaches, _)| *reaches == case.reaches)?.1;
                dice.permille(likely).then(|| year_value(kind, case.start_year, self.on)).flatten()
            }
            "tuva_year" => {
                let ages = [(16, 15), (17, 60), (18, 40), (19, 25), (20, 10)];
                let likely = ages.iter().find(|(reaches, _)| *reaches == case.reaches)?.1;
                dice.permille(likely).then(|| year_value(kind, case.start_year, self.on)).flatten()
            }
            "summer_voucher_year" => {
                let year = match (case.reaches, self.on.month()) {
                    (17, _) if dice.permille(550) => case.start_year - 1,
                    // from February on they apply
                    (16, 2..=7) if dice.permille(60 * (self.on.month() - 1)) => case.start_year,
                    _ => return None,
                };
                year_value(kind, year, self.on)
            }
            "polling_place" => self.polling_place(kind, at, case),
            _ => self.residence(name, kind, at, case, dice),
        }
    }

    /// The journey to school. Who stays in the same school is told all year, who changes it (grades 1 and 7) from February.
    fn travel(&self, name: &str, kind: FactType, at: u32, case: &Case<'_>) -> Option<Value> {
        // grades 1 to 9, some a year behind
        if !(7..=16).contains(&case.reaches) {
            return None;
        }
        // one throw for all facts of this family, so that they agree with each other
        let mut dice = Dice::new(self.snapshot.plan.seed, Stream::Fact, stream_of("travel") | u64::from(at));
        let grade = case.reaches - 6 - i32::from(dice.permille(15));
        let (changes, is_known) = (grade == 1 || grade == 7, (2..=7).contains(&self.on.month()));
        let living = self.snapshot.living_there(case.person.home, case.home);
        let measured = living.moved_in_days >= 30 || dice.below(2) == 0;
        if !(1..=9).contains(&grade) || (changes && !is_known) || case.home.building.is_none() || living.is_withheld(at)
        {
            return None;
        }
        let keeper = ["municipal", "private", "state"][dice.weighted([900, 80, 20].into_iter()).unwrap_or_default()];
        let is_local = dice.permille(if grade <= 6 { 820 } else { 680 });
        let method = ["walking_network", "road_network", "straight_line"];
        let method = method[dice.weighted([965, 25, 10].into_iter()).unwrap_or_default()];
        let half = if grade <= 6 { 900 } else { 1500 };
        let mut length_m = 150 + dice.below(half) + dice.below(half);
        length_m += if dice.permille(80) { dice.below(4000) } else { 0 };
        length_m += if is_local { 0 } else { dice.below(5000) };
        match (name, kind) {
            ("travel_year", FactType::Int) => Some(Value::Int(i64::from(case.start_year))),
            ("travel_grade", FactType::Int) => Some(Value::Int(i64::from(grade))),
            ("travel_school_kind", FactType::Text) => Some(Value::Text(Arc::from(keeper))),
            ("travel_local_school", FactType::Bool) => Some(Value::Bool(is_local)),
            ("travel_distance_m", FactType::Int) => measured.then(|| Value::Int(i64::from(length_m))),
            ("travel_distance_method", FactType::Text) => measured.then(|| Value::Text(Arc::from(method))),
            _ => None,
        }
    }

    /// One pupil in ten has a card of the school year that runs; a few have applied for the next.
    fn travel_card(&self, kind: FactType, case: &Case<'_>, dice: &mut Dice) -> Option<Value> {
        let year = match dice.below(1000) {
            _ if !(7..=16).contains(&case.reaches) => return None,
            thrown if thrown < 30 && (2..=7).contains(&self.on.month()) => case.start_year,
            thrown if thrown < 130 && case.reaches > 7 => case.start_year - 1,
            _ => return None,
        };
        year_value(kind, year, self.on)
    }

    /// The last of the invitations that come every second year; one woman in seventeen was left out of the last round.
    fn breast_invited_on(&self, kind: FactType, at: u32, case: &Case<'_>) -> Option<Value> {
        // the last invitation, or the one before it, is at most four years and a day old
        let may_reach = BREAST_AGES.start() - 1..=BREAST_AGES.end() + 5;
        let concerned = usize::from(case.person.sex) == people::FEMALE && may_reach.contains(&case.age);
        if kind != FactType::Day || !concerned {
            return None;
        }
        let mut dice = Dice::new(self.snapshot.plan.seed, Stream::Fact, stream_of("breast") | u64::from(at));
        let turn = i32::try_from(dice.below(730)).unwrap_or_default();
        let left_out = dice.permille(60);
        let since = (self.on.num_days_from_ce() + turn).rem_euclid(BREAST_ROUND_DAYS);
        let since = since + if left_out { BREAST_ROUND_DAYS } else { 0 };
        let invited_on = self.on.checked_sub_signed(TimeDelta::days(i64::from(since)))?;
        let reached = invited_on.year() - case.birth_year;
        BREAST_AGES.contains(&reached).then(|| Value::Day(PartialDate::exact(invited_on)))
    }

    fn polling_place(&self, kind: FactType, at: u32, case: &Case<'_>) -> Option<Value> {
        if case.age < 16 || !matches!(kind, FactType::Place | FactType::Text) {
            return None;
        }
        let living = self.snapshot.living_there(case.person.home, case.home);
        if living.is_withheld(at) {
            return None;
        }
        let unit = self.schools.unit(usize::from(case.home.area), case.home.building?, false)?;
        Some(Value::Text(Arc::from(unit)))
    }

    /// Residence and the group that the right to vote hangs on; nothing of those who are kept back.
    fn residence(&self, name: &str, kind: FactType, at: u32, case: &Case<'_>, own: &mut Dice) -> Option<Value> {
        if self.snapshot.living_there(case.person.home, case.home).is_withheld(at) {
            return None;
        }
        let history = || self.history(at, case);
        let day = |day| Some(Value::Day(PartialDate::exact(day)));
        match (name, kind) {
            ("city_resident_from", FactType::Day) => day(history()?.city_from),
            // told of a move that the population register does not know yet
            ("city_resident_to", FactType::Day) if own.permille(2) => {
                day(self.on.checked_sub_signed(TimeDelta::days(i64::from(1 + own.below(20))))?)
            }
            ("finland_resident_from", FactType::Day) => day(history()?.finland_from),
            ("voting_group", FactType::Text) => Some(Value::Text(Arc::from(self.voting_group(at, case)))),
            _ => None,
        }
    }

    fn history(&self, at: u32, case: &Case<'_>) -> Option<History> {
        let mut dice = Dice::new(self.snapshot.plan.seed, Stream::Fact, stream_of("history") | u64::from(at));
        let born = self.snapshot.born(case.person);
        let of_finland = case.person.language < 2 || language::code(case.person.language) == "se";
        let ago = |days: u32| self.snapshot.day.checked_sub_signed(TimeDelta::days(i64::from(days)));
        let finland_from = if of_finland && dice.permille(970) { born } else { ago(dice.below(6000))?.max(born) };
        let city_from = if dice.permille(400) { finland_from } else { ago(dice.below(8000))?.max(finland_from) };
        Some(History { finland_from, city_from })
    }

    fn voting_group(&self, at: u32, case: &Case<'_>) -> &'static str {
        let countries = self.citizenships(at, case);
        if countries.contains(&FINLAND) {
            "finnish"
        } else if countries.iter().any(|country| is_of_the_union(country)) {
            "eu_iceland_norway"
        } else {
            "other"
        }
    }

    fn citizenships(&self, at: u32, case: &Case<'_>) -> Vec<&'static str> {
        let code = self.snapshot.code(case.person);
        let key = code.is_none().then(|| self.snapshot.key(at));
        let first = code.map(|code| self.snapshot.former_code(at).unwrap_or(code));
        of_person(key, first.as_ref().map_or("", |code| code.as_str()), language::code(case.person.language))
    }
}
