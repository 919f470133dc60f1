//! Where somebody has lived, as a given text says it: `lived_in_city` or `municipality_history`, and `history_from`.
//!
//! As in every table of the project `until` is excluded; a record has the last day instead.

use ennakko_core::record::{HistoryRecord, Stay, Who};
use ennakko_core::{Fact, PartialDate};

use super::{GivenError, Reader, Table, day_of, fact_day, fact_text, key_of};

impl Reader<'_> {
    /// Where somebody has lived, if it is given; `"unknown"` is as if it were not.
    pub(super) fn history(&self, name: &str, entry: &Table) -> Result<Option<HistoryRecord>, GivenError> {
        let path = |key: &str| format!("{name}.{key}");
        let (in_city, anywhere) = (entry.get("lived_in_city"), entry.get("municipality_history"));
        let stays = match (in_city, anywhere) {
            (Some(_), Some(_)) => {
                let wants = "to be given beside `lived_in_city`";
                return Err(GivenError::Value { path: path("municipality_history"), wants });
            }
            (Some(toml::Value::Array(periods)), None) => {
                let wants =
                    "a list of periods in the city, as \"2020-10-15..2024-05-01\" (until excluded) or \"2025-01-01..\"";
                let city = Fact::Known(self.tables.city.code.clone());
                let stay = |period: &toml::Value| period.as_str().and_then(|text| stay_of(text, city.clone()));
                periods.iter().map(|period| stay(period).ok_or(wants)).collect::<Result<Vec<_>, _>>()
            }
            (None, Some(toml::Value::Array(stays))) => stays.iter().map(stay_in).collect(),
            (Some(toml::Value::String(word)), None) | (None, Some(toml::Value::String(word))) if word == "unknown" => {
                return Ok(None);
            }
            (None, None) if !entry.contains_key("history_from") => return Ok(None),
            (None, None) => Err("to be given without `lived_in_city` or `municipality_history`"),
            (Some(_), None) | (None, Some(_)) => Err("a list, or `unknown`"),
        };
        let key = match (in_city, anywhere) {
            (Some(_), _) => "lived_in_city",
            (None, Some(_)) => "municipality_history",
            (None, None) => "history_from",
        };
        let stays = stays.map_err(|wants| GivenError::Value { path: path(key), wants })?;
        let known_from = match entry.get("history_from") {
            None => Fact::None,
            Some(_) => fact_day(entry, "history_from", &path("history_from"))?.map(PartialDate::last),
        };
        Ok(Some(HistoryRecord { of: Who::Key(key_of(name)), known_from, stays }))
    }
}

/// The last day of what lasts until a day, which is excluded.
fn last_day(until: PartialDate) -> Option<PartialDate> {
    PartialDate::between(until.first().pred_opt()?, until.last().pred_opt()?).ok()
}

/// `2020-10-15..2024-05-01`, `2025-01-01..`, `..2024-05-01`: from included, until excluded.
fn stay_of(period: &str, municipality: Fact<String>) -> Option<Stay> {
    let (from, until) = period.split_once("..")?;
    let day = |text: &str| match text.trim() {
        "" => Some(Fact::None),
        text => day_of(&toml::Value::String(text.to_owned())).map(Fact::Known),
    };
    stay(municipality, day(from)?, day(until)?)
}

fn stay(municipality: Fact<String>, from: Fact<PartialDate>, until: Fact<PartialDate>) -> Option<Stay> {
    let last_day = match until {
        Fact::Known(until) => Fact::Known(last_day(until)?),
        other => other,
    };
    let reversed = matches!((from, last_day), (Fact::Known(from), Fact::Known(last)) if last.last() < from.first());
    (!reversed).then_some(Stay { municipality, from, last_day })
}

/// `{ municipality = "091", from = 2020-10-15, until = 2024-05-01 }`; either day may be left out.
fn stay_in(value: &toml::Value) -> Result<Stay, &'static str> {
    let wants = "a list of `{ municipality = \"091\", from = 2020-10-15, until = 2024-05-01 }` (until excluded)";
    let table = value.as_table().ok_or(wants)?;
    if table.keys().any(|key| !["municipality", "from", "until"].contains(&key.as_str())) {
        return Err(wants);
    }
    let day = |key: &str| match table.get(key) {
        None => Ok(Fact::None),
        Some(_) => fact_day(table, key, key).map_err(|_| wants),
    };
    let municipality = match table.get("municipality") {
        None => return Err(wants),
        Some(_) => fact_text(table, "municipality", "municipality").map_err(|_| wants)?,
    };
    stay(municipality, day("from")?, day("until")?).ok_or(wants)
}
