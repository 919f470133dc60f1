//! The files that `register.toml` names: as written, or by the days in their names.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::failure::RegisterFolderError;
use super::plan::{DAY_IN_NAME, Form, SourcePlan};
use super::store;

/// A source's files and the day it is of; none: its contents tell.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) files: Vec<PathBuf>,
    pub(super) day: Option<NaiveDate>,
}

/// The files of a source for a register of a day: of those with a day in their name the latest, and of changes all, in the order
/// of their days.
pub(super) fn find(root: &Path, source: &SourcePlan, day: NaiveDate) -> Result<Found, RegisterFolderError> {
    let mut files = Vec::new();
    let mut source_day = source.day;
    for written in &source.files {
        if !written.contains(DAY_IN_NAME) {
            files.push(root.join(written));
            continue;
        }
        let dated = dated(&root.join(written), day)?;
        let is_feed = matches!(source.form, Form::FinnishChanges { .. });
        let Some((latest, last)) = dated.last() else {
            if is_feed {
                continue;
            }
            let (source_name, file) = (source.name.clone(), written.clone());
            return Err(RegisterFolderError::NoFile { source_name, file, day });
        };
        if is_feed {
            source_day = source_day.max(Some(*latest));
            files.extend(dated.iter().map(|(_, path)| path.clone()));
        } else {
            // as old as its oldest part
            source_day = Some(source_day.map_or(*latest, |known| known.min(*latest)));
            files.push(last.clone());
        }
    }
    if let Some(of) = source_day
        && of > day
    {
        let source_name = source.name.clone();
        return Err(RegisterFolderError::LaterSource { source_name, day: of, register: day });
    }
    Ok(Found { files, day: source_day })
}

/// Files of a name with a day in it, until a day, in the order of their days.
fn dated(pattern: &Path, until: NaiveDate) -> Result<Vec<(NaiveDate, PathBuf)>, RegisterFolderError> {
    let folder = pattern.parent().unwrap_or(Path::new("."));
    let name = pattern.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Some((before, after)) = name.split_once(DAY_IN_NAME) else { return Ok(Vec::new()) };
    let day_of = |name: &str| day(name.strip_prefix(before)?.strip_suffix(after)?);
    let names = store::names_in(folder)?;
    let mut dated: Vec<(NaiveDate, PathBuf)> =
        names.iter().filter_map(|name| Some((day_of(name)?, folder.join(name)))).collect();
    dated.retain(|(day, _)| *day <= until);
    dated.sort();
    Ok(dated)
}

/// A day as it stands in a file's name: `2026-12-01` or `20261201`.
fn day(text: &str) -> Option<NaiveDate> {
    let digits = match text.len() {
        8 => text.to_owned(),
        10 => {
            let mut parts = text.split('-');
            let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
            (year.len() == 4 && month.len() == 2).then(|| format!("{year}{month}{day}"))?
        }
        _ => return None,
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || digits.len() != 8 {
        return None;
    }
    let (year, rest) = digits.split_at(4);
    let (month, day) = rest.split_at(2);
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_names_are_whole_and_of_the_calendar() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(day(text).map(|day| day.to_string()).as_deref(), expected, "{text}");
        };
        check("2026-12-01", Some("2026-12-01"));
        check("20261201", Some("2026-12-01"));
        check("2026-13-01", None);
        check("20260230", None);
        check("2026-1-101", None);
        check("+0261201", None);
        check("26-12-01", None);
        check("2026-12-01 ", None);
    }
}
