//! `ennakko preview`: what would be offered in the coming months.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use ennakko::core::RuleId;
use ennakko::given::{Given, GivenError, Town};
use ennakko::offers::Issuer;
use ennakko::report::{PreviewReport, Style};
use ennakko::rules::rule_set::Tables;
use ennakko::wire::v1::PreviewV1;
use ennakko::{Choices, MemoryLedger, Preview, Rules, folder};

use crate::arguments::{PreviewArguments, PreviewFormat, months_after};
use crate::check;
use crate::failure::Failure;
use crate::folders;
use crate::{Found, Io};

pub(crate) fn run(arguments: &PreviewArguments, io: &mut Io<'_>) -> Result<Found, Failure> {
    let path = folders::only(&arguments.folder)?;
    let loaded = folders::load(&path)?;
    if let Some(rule) = &arguments.rule {
        folders::must_know(std::slice::from_ref(&loaded), rule)?;
    }
    // rules with errors are left out, which must not go unseen
    check::print(io.err, loaded.findings.iter().filter(|finding| finding.is_error()))?;
    let found = if loaded.has_errors() { Found::Something } else { Found::Nothing };
    let broken: BTreeSet<RuleId> =
        loaded.ids.iter().map(|id| RuleId::new(id)).filter(|id| loaded.is_broken(id)).collect();
    let Some(mut rules) = loaded.rules else { return Ok(found) };
    let files = folder::read(&path).map_err(Failure::wrong)?;
    for trial in &arguments.set {
        rules = trial.apply(rules, &files).map_err(Failure::Wrong)?;
    }
    let town = town(&arguments.register, rules.set().tables(), arguments.from)?;
    let mut preview = look_ahead(arguments, &rules, &town, io)?;
    let only = arguments.rule.as_deref().map(RuleId::new);
    preview.rules.retain(|id, _| !broken.contains(id) && only.as_ref().is_none_or(|only| only == id));
    let tried: Vec<String> = arguments.set.iter().map(ToString::to_string).collect();
    match arguments.format {
        PreviewFormat::Table => {
            let report = PreviewReport {
                preview: &preview,
                rules: &rules,
                register: &town.register,
                tried: &tried,
                letters: !arguments.no_letter,
            };
            write!(io.out, "{}", report.to_text(Style { colour: io.is_terminal }))?;
        }
        PreviewFormat::Json => {
            serde_json::to_writer_pretty(&mut *io.out, &PreviewV1::of(&preview, &tried))?;
            writeln!(io.out)?;
        }
    }
    Ok(found)
}

fn look_ahead(arguments: &PreviewArguments, rules: &Rules, town: &Town, io: &mut Io<'_>) -> Result<Preview, Failure> {
    let from = arguments.from;
    let to = months_after(from, arguments.months).ok_or_else(|| {
        Failure::Wrong(format!("{from} is too late a day: the calendar ends before the preview does"))
    })?;
    let issuer = Issuer::new(rules.city()).map_err(Failure::wrong)?;
    let ledger = MemoryLedger::new(*issuer.authority());
    let err: Option<&mut dyn Write> = if io.err_is_terminal { Some(&mut *io.err) } else { None };
    let mut progress = Progress { err, month: None };
    let preview =
        ennakko::preview(rules, &town.register, &ledger, &Choices::none(), (from, to), &mut |day| progress.at(day));
    progress.done();
    preview.map_err(Failure::wrong)
}

/// The town in a file.
#[expect(clippy::disallowed_methods, reason = "the command reads the town that it is given")]
fn town(path: &Path, tables: &Tables, day: NaiveDate) -> Result<Town, Failure> {
    let shown = path.display();
    let bytes = std::fs::read(path).map_err(|error| Failure::Wrong(format!("cannot read {shown}: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::Wrong(format!("{shown} is not UTF-8 text")))?;
    let wrong = |error: GivenError| match error {
        GivenError::NotToml { line, message } => Failure::Wrong(format!("{shown}:{line}: not TOML: {message}")),
        other => Failure::Wrong(format!("{shown}: {other}")),
    };
    Given::parse(&text).and_then(|given| given.town(tables, day)).map_err(wrong)
}

/// The month at work, on a terminal only.
struct Progress<'e> {
    err: Option<&'e mut dyn Write>,
    month: Option<u32>,
}

impl Progress<'_> {
    fn at(&mut self, day: NaiveDate) {
        if self.month.replace(day.month()) != Some(day.month())
            && let Some(err) = &mut self.err
        {
            // progress that cannot be shown changes nothing
            let _ = write!(err, "\r{:04}-{:02}", day.year(), day.month()).and_then(|()| err.flush());
        }
    }

    fn done(&mut self) {
        if let Some(err) = &mut self.err {
            let _ = write!(err, "\r       \r").and_then(|()| err.flush());
        }
    }
}
