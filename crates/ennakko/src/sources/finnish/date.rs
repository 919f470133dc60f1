//! Days as the population register writes them: `{"arvo":"1965-11-01","tarkkuus":"KUUKAUSI"}`, a day with its precision.

use chrono::{Datelike, Days, NaiveDate};
use ennakko_core::day::PartialDate;
use ennakko_core::{Fact, UnknownReason};
use serde::Deserialize;

use crate::sources::SourceProblem;

/// Ends from this year on are the source's way to write until further notice: 2120-02-28 in its test data, 2999-02-28 in
/// clients' (register-formats.md 1.5).
const FIRST_YEAR_OF_NO_END: i32 = 2100;

/// A day with its precision. What is missing of it is padded with ones, and no part of that is a day.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Date {
    arvo: Option<String>,
    tarkkuus: Option<String>,
}

impl Date {
    /// The day as far as its precision says; unknown, with the reason to tell, if it cannot be read.
    pub(super) fn read(&self) -> Result<PartialDate, SourceProblem> {
        let text = self.arvo.as_deref().ok_or(SourceProblem::BadDay)?;
        // a month may come padded or bare
        let part = |length: usize| text.get(..length).ok_or(SourceProblem::BadDay);
        let of = |text: &str| PartialDate::parse(text).map_err(|_| SourceProblem::BadDay);
        match self.tarkkuus.as_deref() {
            Some("PAIVA") => of(text),
            Some("KUUKAUSI") => of(part(7)?),
            Some("VUOSI") => of(part(4)?),
            _ => Err(SourceProblem::UnknownValue),
        }
    }
}

/// A day that may be missing; what it means that it is, the caller says.
pub(super) fn day(date: Option<&Date>, absent: Fact<PartialDate>) -> Fact<PartialDate> {
    match date.map(Date::read) {
        Some(Ok(day)) => Fact::Known(day),
        Some(Err(SourceProblem::UnknownValue)) => Fact::Unknown(UnknownReason::PartialDate),
        Some(Err(_)) => Fact::Unknown(UnknownReason::Disputed),
        None => absent,
    }
}

/// The first day of an interval; none: since ever.
pub(super) fn first(date: Option<&Date>) -> Fact<PartialDate> {
    day(date, Fact::None)
}

/// The last day of an interval; none: until further notice.
pub(super) fn last(date: Option<&Date>) -> Fact<PartialDate> {
    match day(date, Fact::None) {
        Fact::Known(end) if end.first().year() >= FIRST_YEAR_OF_NO_END => Fact::None,
        end => end,
    }
}

/// Whether an interval from a first to a last day, both included, may have begun and not yet ended on a day.
pub(super) fn closed(from: Fact<PartialDate>, to: Fact<PartialDate>, day: NaiveDate) -> bool {
    may_have_begun(from, day) && to.known().is_none_or(|to| day <= to.last())
}

/// The same where the end is the day on which the next begins.
pub(super) fn half_open(from: Fact<PartialDate>, to: Fact<PartialDate>, day: NaiveDate) -> bool {
    may_have_begun(from, day) && to.known().is_none_or(|to| day < to.last())
}

fn may_have_begun(from: Fact<PartialDate>, day: NaiveDate) -> bool {
    from.known().is_none_or(|from| from.first() <= day)
}

/// A day known to the day; otherwise unknown. For what the model has no partial days of.
pub(super) fn whole(day: Fact<PartialDate>) -> Fact<NaiveDate> {
    match day {
        Fact::Known(day) => day.day().map_or(Fact::Unknown(UnknownReason::PartialDate), Fact::Known),
        Fact::None => Fact::None,
        Fact::Unknown(reason) => Fact::Unknown(reason),
    }
}

/// Days on which what a group's text tells may turn into something else: each that stands in it, as a first day, and the day
/// after it, as a last one. Of a day that may be padded, the days after its month and its year too: rather more than fewer.
pub(super) fn turning_days(raw: &str) -> impl Iterator<Item = NaiveDate> {
    const NAME: &str = "\"arvo\"";
    raw.match_indices(NAME).flat_map(|(at, _)| {
        let text = raw[at + NAME.len()..].trim_start_matches([':', '"', ' ', '\t', '\r', '\n']);
        let of = |length: usize| text.get(..length).and_then(|text| PartialDate::parse(text).ok());
        let told = [10, 7, 4].into_iter().find_map(of);
        let padded = [7, 4].into_iter().filter_map(of);
        let last_days = told.into_iter().chain(padded).map(|date| day_after(date.last()));
        told.map(PartialDate::first).into_iter().chain(last_days).collect::<Vec<_>>()
    })
}

/// The day before; the same day at the calendar's beginning.
pub(super) fn day_before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1)).unwrap_or(day)
}

/// The day after; the same day at the calendar's end.
pub(super) fn day_after(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}
