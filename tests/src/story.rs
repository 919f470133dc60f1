//! Days told as stories: a small town that changes, runs with one ledger, and what came of each in plain lines.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko::cases::Answer;
use ennakko::core::protected::Party;
use ennakko::core::register::SubjectRow;
use ennakko::core::{Outcome, RuleId, SubjectKey};
use ennakko::day::{DayReport, Ran, RuleReport};
use ennakko::given::{Given, Town};
use ennakko::offers::ledger::{Answer as Reply, Event};
use ennakko::offers::offer::Issuer;
use ennakko::offers::{Message, Offer, OfferId, Task};
use ennakko::wire::v1::queue_word;
use ennakko::{Choices, MemoryLedger, Preview, Register, Rules};

use crate::day;

/// A child with two custodians in one home, and the local school of that home.
pub const FAMILY: &str = r#"
[people.child]
name = "Elsa"
born = 2020-10-15
language = "fi"
lives_in_city = true
dwelling = "home"
custodians = ["A", "B"]
school_place_year = "none"
start_deferred = false
alternating_residence = false
extended_compulsory = false
local_school = "Example School of the North"

[people.A]
name = "Aino"
family_name = "Esimerkki"
born = 1988-03-02
language = "fi"
lives_in_city = true
dwelling = "home"

[people.B]
name = "Bertil"
family_name = "Exempel"
born = 1986-07-21
language = "sv"
lives_in_city = true
dwelling = "home"

[dwellings.home]
[dwellings.elsewhere]
"#;

/// A block of flats without a lift, and its owner.
pub const BLOCK: &str = r#"
[buildings.block]
intended_use = "039"
dwellings = 12
storeys = 4
built_year = 1962
stairwells = [{ name = "A", lift = false }]
owners = [{ organisation = "As Oy Esimerkki", language = "fi" }]
address = "Esimerkkikatu 1"
lift_grant_year = "none"
heritage_listed = false
"#;

/// A story as far as it has been told.
pub struct Story<'r> {
    /// The rules of the story.
    pub rules: &'r Rules,
    given: Given,
    town: Town,
    /// The ledger that all runs of the story share.
    pub ledger: MemoryLedger,
    /// Residents' choices.
    pub choices: Choices,
    last: Vec<DayReport>,
}

/// Begins a story in the town of a given text.
pub fn story<'r>(rules: &'r Rules, given: &str) -> Story<'r> {
    let given = Given::parse(given).unwrap();
    let town = given.town(rules.set().tables(), day("2026-12-01")).unwrap();
    let issuer = Issuer::new(rules.city()).unwrap();
    let ledger = MemoryLedger::new(*issuer.authority());
    Story { rules, given, town, ledger, choices: Choices::none(), last: Vec::new() }
}

impl Story<'_> {
    /// The register changes: `name.key` gets another value, for every run from now on.
    pub fn change(&mut self, path: &str, value: &str) -> &mut Self {
        self.given.set(path, value).unwrap();
        self
    }

    /// The register of a day.
    pub fn register(&mut self, on: &str) -> Arc<Register> {
        self.town = self.given.town(self.rules.set().tables(), day(on)).unwrap();
        self.town.register.clone()
    }

    /// The run of a day, which must give exactly these lines, in any order.
    ///
    /// `rule subject: what`, where *what* is `offered to A, B`, `withdrawn`, `ended`, `task reason (queue)`; `lapsed` has no
    /// rule; a finding is `rule: fact of whom unknown for n`, a rule that does not run `rule: not run: why`. A line of an
    /// earlier day that the run covers begins with the day.
    pub fn run(&mut self, on: &str, expected: &[&str]) -> &mut Self {
        let register = self.register(on);
        let reports = ennakko::run(self.rules, &register, &mut self.ledger, &self.choices, day(on)).unwrap();
        let mut lines: Vec<String> = reports.iter().flat_map(|report| self.lines(report, day(on))).collect();
        self.last = reports;
        lines.sort();
        let mut expected: Vec<&str> = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(lines, expected, "the run of {on}");
        self
    }

    /// The run of every night since the last, up to and with this one, of which nothing must come.
    pub fn quiet_nights(&mut self, to: &str) -> &mut Self {
        let first = self.ledger.last_completed().and_then(|last| last.succ_opt()).unwrap();
        for night in first.iter_days().take_while(|night| *night <= day(to)) {
            self.run(&night.to_string(), &[]);
        }
        self
    }

    /// The run of a day and what came of it, whatever it is.
    pub fn run_freely(&mut self, on: &str) -> &[DayReport] {
        let register = self.register(on);
        self.last = ennakko::run(self.rules, &register, &mut self.ledger, &self.choices, day(on)).unwrap();
        &self.last
    }

    /// Somebody answers an offer.
    pub fn reply(&mut self, rule: &str, subject: &str, who: &str, answer: Reply, on: &str) -> &mut Self {
        let id = self.offer(rule, subject).id();
        let (key, _) = self.town.people.iter().find(|(_, name)| *name == who).unwrap();
        self.ledger.reply(id, &Party::Person(*key), answer, day(on)).unwrap();
        self
    }

    /// Somebody chooses not to be offered a purpose.
    pub fn opt_out(&mut self, subject: &str, purpose: &str) -> &mut Self {
        let key = self.key(subject);
        self.choices.opt_out(key, purpose);
        self
    }

    /// The outcome of a subject on the last day that was run, as a page writes it; `not_in_cohort`, `not_run`.
    pub fn outcome(&self, rule: &str, subject: &str) -> String {
        match &self.last.last().unwrap().rules[&RuleId::new(rule)] {
            RuleReport::NotRun(_) => "not_run".to_owned(),
            RuleReport::Ran(ran) => outcome_in(self.rules, &self.town, rule, ran, self.key(subject)),
        }
    }

    /// The preview of a period from the ledger as it stands.
    pub fn preview(&mut self, from: &str, to: &str) -> Preview {
        let register = self.register(from);
        let days = (day(from), day(to));
        ennakko::preview(self.rules, &register, &self.ledger, &self.choices, days, &mut |_| {}).unwrap()
    }

    /// The offer of a rule to a subject in the ledger.
    pub fn offer(&self, rule: &str, subject: &str) -> &Offer {
        let key = self.key(subject);
        let mut offers = self.ledger.entries().map(ennakko::offers::ledger::Entry::offer);
        let offer = offers.find(|offer| offer.body().rule.as_str() == rule && offer.body().subject == key);
        offer.unwrap_or_else(|| panic!("no offer of {rule} to {subject}"))
    }

    /// The messages of the last run, with the names of their addressees.
    pub fn messages(&self) -> Vec<(String, &Message)> {
        let ran = self.last.iter().flat_map(|report| report.rules.values()).filter_map(|report| match report {
            RuleReport::Ran(ran) => Some(ran),
            RuleReport::NotRun(_) => None,
        });
        ran.flat_map(|ran| &ran.messages).map(|message| (self.party(&message.to.party), message)).collect()
    }

    /// The messages of an offer, rendered once more on another day, as texts by the name of the addressee; or why not.
    pub fn rendered(&mut self, rule: &str, subject: &str, on: &str) -> Result<BTreeMap<String, String>, String> {
        let register = self.register(on);
        let offer = self.offer(rule, subject);
        let messages = self.rules.messages(offer, &register, day(on)).map_err(|error| error.to_string())?;
        let text = |message: &Message| ennakko::offers::letter::to_text(&message.letter);
        Ok(messages.iter().map(|message| (self.party(&message.to.party), text(message))).collect())
    }

    /// Everything that a second run must leave as it is.
    pub fn written(&self) -> (Vec<Event>, Vec<(OfferId, String)>, Vec<Task>) {
        let entries = self.ledger.entries();
        let entries = entries.map(|entry| (entry.offer().id(), format!("{:?} {:?}", entry.offer(), entry.standing())));
        (self.ledger.events().to_vec(), entries.collect(), self.ledger.tasks().cloned().collect())
    }

    fn key(&self, subject: &str) -> SubjectKey {
        if let Some((key, _)) = self.town.people.iter().find(|(_, name)| *name == subject) {
            return SubjectKey::Resident(*key);
        }
        let found = self.town.buildings.iter().find(|(_, name)| *name == subject);
        let (id, _) = found.unwrap_or_else(|| panic!("nothing is called {subject}"));
        SubjectKey::Building(self.town.register.buildings().find(|building| building.id() == id).unwrap().key())
    }

    fn name(&self, key: SubjectKey) -> String {
        let name = match key {
            SubjectKey::Resident(key) => self.town.people.get(&key).cloned(),
            SubjectKey::Building(key) => {
                let building = self.town.register.buildings().find(|building| building.key() == key);
                building.and_then(|building| self.town.buildings.get(building.id()).cloned())
            }
            SubjectKey::Household(_) => None,
        };
        name.unwrap_or_else(|| "somebody".to_owned())
    }

    fn party(&self, party: &Party) -> String {
        match party {
            Party::Person(key) => self.name(SubjectKey::Resident(*key)),
            Party::Organisation(id) => id.clone(),
        }
    }

    fn offered(&self, offer: &Offer) -> String {
        let mut to: Vec<String> = offer.body().addressees.iter().map(|to| self.party(&to.party)).collect();
        to.sort();
        format!("{} {}: offered to {}", offer.body().rule, self.name(offer.body().subject), to.join(", "))
    }

    fn about(&self, id: OfferId) -> String {
        let body = self.ledger.entry(id).unwrap().offer().body();
        format!("{} {}", body.rule, self.name(body.subject))
    }

    fn task(&self, task: &Task) -> String {
        let (subject, queue) = (self.name(task.subject()), queue_word(task.queue()));
        format!("{} {subject}: task {} ({queue})", task.rule(), task.reason().word())
    }

    fn lines(&self, report: &DayReport, asked: NaiveDate) -> Vec<String> {
        let mut lines: Vec<String> = report.lapsed.iter().map(|id| format!("{}: lapsed", self.about(*id))).collect();
        lines.extend(report.tasks.iter().map(|task| self.task(task)));
        for (rule, report) in &report.rules {
            match report {
                RuleReport::NotRun(reason) => lines.push(format!("{rule}: not run: {reason}")),
                RuleReport::Ran(ran) => {
                    lines.extend(ran.offers.iter().map(|offer| self.offered(offer)));
                    lines.extend(ran.withdrawn.iter().map(|id| format!("{}: withdrawn", self.about(*id))));
                    lines.extend(ran.ended.iter().map(|id| format!("{}: ended", self.about(*id))));
                    lines.extend(ran.tasks.iter().map(|task| self.task(task)));
                    lines.extend(ran.findings.iter().map(|(fact, subjects)| {
                        format!("{rule}: {} of {} unknown for {}", fact.fact, fact.of, subjects.len())
                    }));
                }
            }
        }
        if report.day == asked {
            lines
        } else {
            lines.into_iter().map(|line| format!("{} {line}", report.day)).collect()
        }
    }
}

/// The outcome of a subject, with the names that decide it.
fn outcome_in(rules: &Rules, town: &Town, rule: &str, ran: &Ran, subject: SubjectKey) -> String {
    let row_of = |row: &usize| ran.outcomes.subject(*row);
    let is_subject = |row: SubjectRow| town.register.subject(row).key() == subject;
    let Some(row) = (0..ran.outcomes.len()).find(|row| is_subject(row_of(row))) else {
        return "not_in_cohort".to_owned();
    };
    let outcome = ran.outcomes.outcome(row, rules.set().versions(&RuleId::new(rule)));
    let mut because: Vec<String> = match &outcome {
        Outcome::NotEntitled(lines) | Outcome::HasAlready(lines) | Outcome::Manual(lines) => {
            lines.iter().map(ToString::to_string).collect()
        }
        Outcome::CannotTell(missing) => missing.iter().map(|missing| missing.line.to_string()).collect(),
        Outcome::Withheld(reason) => vec![reason.word().to_owned()],
        Outcome::Upcoming(day) => vec![day.to_string()],
        _ => Vec::new(),
    };
    because.sort();
    Answer { outcome: outcome.code().word().to_owned(), because }.to_string()
}
