//! `ennakko explain`: why one resident gets an offer by a rule on a day, why not, and when.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use ennakko::core::fact_table::SubjectKind;
use ennakko::core::register::{ResidentRow, SubjectRow};
use ennakko::core::{BuildingKey, Fact, HouseholdKey, OutcomeCode, ResidentKey, RuleId, SubjectKey};
use ennakko::day::RuleReport;
use ennakko::explain::analyst::AnalystView;
use ennakko::explain::{Explanation, Question, explain, resident};
use ennakko::offers::Issuer;
use ennakko::report::{Style, thousands};
use ennakko::rules::diagnostic::did_you_mean;
use ennakko::rules::rule_set::Tables;
use ennakko::rules::{Diagnostic, Evaluator, Mode};
use ennakko::wire::v1::ExplanationV1;
use ennakko::{Choices, IdentityTable, KeySecret, MemoryLedger, Register, Rules, Uuid, folder};

use crate::arguments::{ExplainArguments, ExplainFormat, Reader};
use crate::check;
use crate::failure::Failure;
use crate::folders;
use crate::preview;
use crate::progress::Progress;
use crate::register;
use crate::sample;
use crate::{Found, Io};

/// How many of each outcome are named.
const SOME: usize = 3;

pub(crate) fn run(arguments: &ExplainArguments, io: &mut Io<'_>) -> Result<Found, Failure> {
    for name in [&arguments.resident, &arguments.reader].into_iter().flatten() {
        refuse_code(name)?;
    }
    if arguments.show_for == Reader::Resident && arguments.format == ExplainFormat::Json {
        return Err(Failure::wrong(
            "a resident's text has no form for machines; leave out `--format json` or `--for resident`",
        ));
    }
    let path = folders::only(&arguments.folder)?;
    let loaded = folders::load(&path)?;
    folders::must_know(std::slice::from_ref(&loaded), &arguments.rule)?;
    // errors of other rules are not this one's
    let errors = || loaded.findings.iter().filter(|finding| finding.is_error() && concerns(finding, &arguments.rule));
    check::print(io.err, errors())?;
    let found = if errors().next().is_some() { Found::Something } else { Found::Nothing };
    let id = RuleId::new(&arguments.rule);
    let usable = loaded.rules.as_ref().filter(|rules| !loaded.is_broken(&id) && !rules.set().versions(&id).is_empty());
    let Some(rules) = usable else { return Ok(Found::Something) };
    let mut progress = Progress::new(io);
    let people = People::of(arguments, rules.set().tables(), &mut progress)?;
    progress.done();
    let kind = rules.set().versions(&id).last().map_or(SubjectKind::Resident, |rule| rule.card.subject);
    let Some(name) = &arguments.resident else {
        if (arguments.show_for, arguments.format) != (Reader::Analyst, ExplainFormat::Text) {
            return Err(Failure::wrong("name whom to explain: `--resident`"));
        }
        write!(io.out, "{}", some_of_each(arguments, rules, &people, &id)?)?;
        return Ok(found);
    };
    let subject = people.subject(kind, name)?;
    let issuer = Issuer::new(rules.city()).map_err(Failure::wrong)?;
    // there is no ledger on disk to read: as if nothing had been offered before
    let ledger = MemoryLedger::new(*issuer.authority());
    let question = Question { rule: &id, subject, day: arguments.on };
    let explanation = explain(rules, &people.register, &ledger, &Choices::none(), question).map_err(Failure::wrong)?;
    match (arguments.show_for, arguments.format) {
        (Reader::Resident, _) => write!(io.out, "{}", told(arguments, rules, &people, &explanation)?)?,
        (Reader::Analyst, ExplainFormat::Json) => {
            serde_json::to_writer_pretty(&mut *io.out, &ExplanationV1::of(&explanation, rules))?;
            writeln!(io.out)?;
        }
        (Reader::Analyst, ExplainFormat::Text) => {
            let files = folder::read(&path).map_err(Failure::wrong)?;
            let view = AnalystView { explanation: &explanation, rules, files: &files, who: name };
            if let Some(residents) = arguments.residents {
                writeln!(io.out, "{}", sample::made_up(residents, arguments.seed))?;
            }
            write!(io.out, "{}", view.to_text(Style { colour: io.is_terminal }))?;
        }
    }
    Ok(found)
}

/// Some of each outcome of a rule on a day, so that there is somebody to ask about.
fn some_of_each(arguments: &ExplainArguments, rules: &Rules, people: &People, id: &RuleId) -> Result<String, Failure> {
    let issuer = Issuer::new(rules.city()).map_err(Failure::wrong)?;
    let mut ledger = MemoryLedger::new(*issuer.authority());
    let evaluator = Evaluator::new(rules.set(), &people.register, Mode::Preview);
    let run = ennakko::run_day(rules, &evaluator, &mut ledger, &Choices::none(), arguments.on, Mode::Preview);
    let ran = match run.map_err(Failure::wrong)?.rules.remove(id) {
        Some(RuleReport::Ran(ran)) => ran,
        Some(RuleReport::NotRun(reason)) => return Ok(format!("{id} does not run on {}: {reason}\n", arguments.on)),
        None => return Ok(String::new()),
    };
    let mut text = format!("{id} on {}: name one of these with `--resident`\n", arguments.on);
    for code in OutcomeCode::MOST_TELLING_FIRST {
        let rows: Vec<usize> = (0..ran.outcomes.len()).filter(|row| ran.outcomes.code(*row) == code).collect();
        let some: Vec<String> = rows.iter().take(SOME).map(|row| people.name(ran.outcomes.subject(*row))).collect();
        if !some.is_empty() {
            // writing to a text cannot fail
            let _ = write!(text, "\n{} ({})\n  {}\n", code.word(), thousands(rows.len()), some.join("\n  "));
        }
    }
    Ok(text)
}

/// Whether a finding is of a rule's own files, or of the tables and parts that all rules share.
fn concerns(finding: &Diagnostic, rule: &str) -> bool {
    let file = finding.path.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    stem == rule || stem.starts_with('_') || Path::new(file).extension().is_some_and(|extension| extension == "toml")
}

fn told(
    arguments: &ExplainArguments,
    rules: &Rules,
    people: &People,
    explanation: &Explanation,
) -> Result<String, Failure> {
    let reader = match (&arguments.reader, explanation.row) {
        (Some(reader), _) => people.resident(reader)?,
        (None, SubjectRow::Resident(row)) => row,
        (None, SubjectRow::Household(_) | SubjectRow::Building(_)) => {
            return Err(Failure::wrong(
                "name who reads it: `--reader` with one of the owners or of those who live there",
            ));
        }
    };
    let told = resident::tell(explanation, rules, &people.register, reader, arguments.language.as_deref());
    Ok(resident::to_text(&told.map_err(Failure::wrong)?))
}

/// An identity code on a command line would stand in the shell's history. Those of Finland and Sweden begin with six digits,
/// also when the rest is mistyped. The message does not repeat it.
fn refuse_code(name: &str) -> Result<(), Failure> {
    let begins_like_one = name.len() >= 6 && name.bytes().take(6).all(|byte| byte.is_ascii_digit());
    if begins_like_one && Uuid::parse_str(name).is_err() {
        return Err(Failure::wrong(
            "an identity code does not belong on a command line, where the shell's history keeps it; name the resident \
             by key, or by the name that a town file gives",
        ));
    }
    Ok(())
}

/// A register with the names that a town file gives.
struct People {
    register: Arc<Register>,
    residents: BTreeMap<String, ResidentKey>,
    buildings: BTreeMap<String, String>,
}

impl People {
    fn of(arguments: &ExplainArguments, tables: &Tables, progress: &mut Progress<'_>) -> Result<Self, Failure> {
        if let Some(path) = arguments.town.as_ref().filter(|path| path.is_dir()) {
            let register = Arc::new(register::last(path, &tables.facts, progress)?);
            return Ok(Self { register, residents: BTreeMap::new(), buildings: BTreeMap::new() });
        }
        if let Some(path) = &arguments.town {
            let town = preview::town(path, tables, arguments.on)?;
            let residents = town.people.into_iter().map(|(key, name)| (name, key)).collect();
            let buildings = town.buildings.into_iter().map(|(id, name)| (name, id)).collect();
            return Ok(Self { register: town.register, residents, buildings });
        }
        let residents = arguments.residents.ok_or_else(|| Failure::wrong("name a town or a number of residents"))?;
        progress.show("building the sample city");
        let city = sample::plan(residents, arguments.seed, arguments.on)?;
        // nothing is stored, so nobody's key needs a secret
        let mut identities = IdentityTable::new(KeySecret::new([0; 32]));
        let register =
            Register::build(city.delivery(arguments.on, &tables.facts), arguments.on, &mut identities).register;
        Ok(Self { register: Arc::new(register), residents: BTreeMap::new(), buildings: BTreeMap::new() })
    }

    /// What a subject is called: by the town file, or else its key.
    fn name(&self, subject: SubjectRow) -> String {
        let key = self.register.subject(subject).key();
        let named = match subject {
            SubjectRow::Resident(row) => {
                let resident = self.register.resident(row).key();
                self.residents.iter().find(|(_, known)| **known == resident).map(|(name, _)| name)
            }
            SubjectRow::Building(row) => {
                let id = self.register.building(row).id();
                self.buildings.iter().find(|(_, known)| *known == id).map(|(name, _)| name)
            }
            SubjectRow::Household(_) => None,
        };
        named.cloned().unwrap_or_else(|| key.as_uuid().to_string())
    }

    fn resident(&self, name: &str) -> Result<ResidentRow, Failure> {
        let key =
            self.residents.get(name).copied().or_else(|| Some(ResidentKey::from_uuid(Uuid::parse_str(name).ok()?)));
        let known = key.and_then(|key| self.register.resident_of(key));
        known.map(ennakko::core::register::Resident::row).ok_or_else(|| nobody("resident", name, self.residents.keys()))
    }

    /// Whom a rule about such subjects is asked about under a name: a household by one of those who live in it.
    fn subject(&self, kind: SubjectKind, name: &str) -> Result<SubjectRow, Failure> {
        let uuid = Uuid::parse_str(name).ok();
        match kind {
            SubjectKind::Resident => self.resident(name).map(SubjectRow::Resident),
            SubjectKind::Household => {
                let own = uuid.map(|uuid| SubjectKey::Household(HouseholdKey::from_uuid(uuid)));
                if let Some(row) = own.and_then(|key| self.register.row_of(key)) {
                    return Ok(row);
                }
                match self.register.resident(self.resident(name)?).household() {
                    Fact::Known(household) => Ok(SubjectRow::Household(household.row())),
                    Fact::None | Fact::Unknown(_) => {
                        Err(Failure::wrong("the rule is about households, and this resident has none that is known"))
                    }
                }
            }
            SubjectKind::Building => {
                let named = self.buildings.get(name).and_then(|id| self.register.buildings().find(|b| b.id() == id));
                let row = match named {
                    Some(building) => Some(SubjectRow::Building(building.row())),
                    None => {
                        uuid.and_then(|uuid| self.register.row_of(SubjectKey::Building(BuildingKey::from_uuid(uuid))))
                    }
                };
                row.ok_or_else(|| nobody("building", name, self.buildings.keys()))
            }
        }
    }
}

/// A name that nobody has. Names are those of a town file; of a sample or a register only keys are known.
fn nobody<'n>(what: &str, name: &str, known: impl Iterator<Item = &'n String>) -> Failure {
    let known: Vec<&str> = known.map(String::as_str).collect();
    let help = match did_you_mean(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "leave `--resident` out to see some of each outcome".to_owned(),
        None => "write a name of the town file, or a key".to_owned(),
    };
    Failure::Wrong(format!("no {what} is called `{name}`; {help}"))
}
