//! `ennakko check --watch`: checks, and runs the cases, each time a file of a rule folder is saved.
//!
//! The loop takes its events from an iterator, so that it can be tested without a watcher, and ends where that ends.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify::event::EventKind;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use crate::arguments::CheckArguments;
use crate::failure::Failure;
use crate::{Found, Io, check};

/// How long nothing may change before the files are read: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(100);

/// Kinds of files that a rule folder holds.
const KINDS: [&str; 4] = ["rhai", "md", "ftl", "toml"];

/// Files saved below a folder, several at a time, until the watcher ends.
pub(crate) struct Saves {
    // held, because it watches for as long as it lives
    _watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
}

impl Saves {
    pub(crate) fn below(folder: &Path) -> Result<Self, Failure> {
        let cannot = |error: notify::Error| Failure::Wrong(format!("cannot watch {}: {error}", folder.display()));
        let (sender, events) = channel();
        let mut watcher = notify::recommended_watcher(sender).map_err(cannot)?;
        watcher.watch(folder, RecursiveMode::Recursive).map_err(cannot)?;
        Ok(Self { _watcher: watcher, events })
    }
}

impl Iterator for Saves {
    type Item = BTreeSet<PathBuf>;

    fn next(&mut self) -> Option<BTreeSet<PathBuf>> {
        let mut saved = BTreeSet::new();
        loop {
            // until something was saved there is all the time in the world
            let event = if saved.is_empty() {
                self.events.recv().ok()?
            } else {
                match self.events.recv_timeout(QUIET) {
                    Ok(event) => event,
                    Err(RecvTimeoutError::Timeout) => return Some(saved),
                    Err(RecvTimeoutError::Disconnected) => return None,
                }
            };
            if let Ok(event) = event
                && !matches!(event.kind, EventKind::Access(_))
            {
                saved.extend(event.paths.into_iter().filter(|path| is_of_a_folder(path)));
            }
        }
    }
}

fn is_of_a_folder(path: &Path) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
    !hidden && path.extension().is_some_and(|extension| KINDS.iter().any(|kind| extension == *kind))
}

/// Checks now, and again after each save.
pub(crate) fn run(
    arguments: &CheckArguments,
    saves: &mut dyn Iterator<Item = BTreeSet<PathBuf>>,
    io: &mut Io<'_>,
) -> Result<Found, Failure> {
    let mut found = round(arguments, io)?;
    while let Some(saved) = {
        writeln!(io.out, "\nwaiting for a file to be saved; end with Ctrl-C")?;
        io.out.flush()?;
        saves.next()
    } {
        let names: Vec<String> =
            saved.iter().filter_map(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned()).collect();
        writeln!(io.out, "\n=== saved: {}", names.join(", "))?;
        found = round(arguments, io)?;
    }
    Ok(found)
}

/// A check, and the cases if nothing is wrong. What cannot be read now can be mended and saved again.
fn round(arguments: &CheckArguments, io: &mut Io<'_>) -> Result<Found, Failure> {
    match check::once(arguments, io) {
        Ok(Found::Nothing) => {
            let test: [OsString; 3] = ["ennakko".into(), "test".into(), arguments.folder.clone().into()];
            let passed = crate::run(test, io) == std::process::ExitCode::SUCCESS;
            Ok(if passed { Found::Nothing } else { Found::Something })
        }
        Err(Failure::Wrong(what)) => {
            writeln!(io.out, "error: {what}")?;
            Ok(Found::Something)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A watch of a folder in which each step is something done before the next save is told.
    #[expect(clippy::disallowed_methods, reason = "a test of what is read again needs files")]
    fn watched(name: &str, steps: &[&dyn Fn(&Path)]) -> String {
        let folder = std::env::temp_dir().join("ennakko-watch").join(name);
        let _ = fs::remove_dir_all(&folder);
        let shown = folder.display().to_string();
        let mut out = Vec::new();
        let mut err = Vec::new();
        let mut io = Io { out: &mut out, err: &mut err, is_terminal: false, err_is_terminal: false };
        crate::run(["ennakko", "new", "parking_permit", "--folder", &shown], &mut io);
        let page = folder.join("parking_permit.md");
        let text = fs::read_to_string(&page).unwrap();
        fs::write(&page, text.replace("| | not_entitled | born_before |", "| | offered to person | |")).unwrap();
        let mut out = Vec::new();
        let mut io = Io { out: &mut out, err: &mut err, is_terminal: false, err_is_terminal: false };
        let arguments = CheckArguments::of_folder(&folder);
        let mut saves = steps.iter().map(|step| {
            step(&folder);
            [folder.join("parking_permit.rhai"), folder.join("parking_permit.md")].into()
        });
        run(&arguments, &mut saves, &mut io).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        String::from_utf8(out).unwrap().replace(&shown, "FOLDER")
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test of what is read again needs files")]
    fn every_save_is_checked_and_its_cases_are_run() {
        let rule = |folder: &Path| folder.join("parking_permit.rhai");
        let broken = |folder: &Path| {
            let text = fs::read_to_string(rule(folder)).unwrap();
            fs::write(rule(folder), text.replace("lives_in_city", "live_in_city")).unwrap();
        };
        let torn = |folder: &Path| fs::write(rule(folder), [0xff, 0xfe]).unwrap();
        let gone = |folder: &Path| fs::remove_file(rule(folder)).unwrap();
        let told = watched("saves", &[&broken, &torn, &gone]);
        let rounds: Vec<&str> = told.split("\n=== saved: parking_permit.md, parking_permit.rhai\n").collect();
        assert_eq!(rounds.len(), 4, "{told}");
        assert!(rounds[0].contains("1 rule, 0 errors") && rounds[0].contains("1 passed, 0 failed"), "{told}");
        assert!(rounds[1].contains("error[R012]") && !rounds[1].contains("passed"), "{told}");
        assert!(rounds[2].contains("error: FOLDER/parking_permit.rhai is not UTF-8 text\n"), "{told}");
        assert!(rounds[3].contains("error: FOLDER holds no rule file (.rhai)\n"), "{told}");
        assert!(rounds.iter().all(|round| round.trim_end().ends_with("end with Ctrl-C")), "{told}");
    }

    #[test]
    fn only_files_of_rule_folders_count() {
        for (path, counts) in [
            ("rules/place.rhai", true),
            ("rules/place.fi.ftl", true),
            ("rules/.place.rhai.swp", false),
            ("rules/.#place.rhai", false),
            ("rules/place.rhai~", false),
            ("rules/4913", false),
            ("rules", false),
        ] {
            assert_eq!(is_of_a_folder(Path::new(path)), counts, "{path}");
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a watcher watches files")]
    fn a_save_on_disk_is_seen() {
        let folder = std::env::temp_dir().join("ennakko-watch").join("disk");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let mut saves = Saves::below(&folder).unwrap();
        fs::write(folder.join("notes.txt"), "not of a rule folder").unwrap();
        fs::write(folder.join("place.rhai"), "1").unwrap();
        let seen = saves.next().unwrap();
        let names: Vec<_> = seen.iter().filter_map(|path| path.file_name()).collect();
        assert_eq!(names, ["place.rhai"]);
        fs::remove_dir_all(&folder).unwrap();
    }
}
