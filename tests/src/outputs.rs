//! Everything that leaves the front door, as text, with who may read it.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko::core::fact_table::SubjectKind;
use ennakko::core::protected::Party;
use ennakko::core::register::SubjectRow;
use ennakko::day::{DayReport, RuleReport};
use ennakko::offers::letter::to_text;
use ennakko::offers::offer::Issuer;
use ennakko::offers::wire::v1::{Ids, OfferV1};
use ennakko::offers::{Message, Offer};
use ennakko::preview::Preview;
use ennakko::rules::evaluate::NothingYet;
use ennakko::rules::{Evaluator, Mode};
use ennakko::wire::v1::PreviewV1;
use ennakko::{MemoryLedger, Register, Rules};

/// Who may read an output.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reader {
    /// Other systems, logs, officers of any service: nobody in particular.
    Anybody,
    /// One addressee.
    Addressee(Party),
}

/// One output.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Output {
    /// Who may read it.
    pub reader: Reader,
    /// What kind of output it is, for a message of a failed test.
    pub what: &'static str,
    /// Its text.
    pub text: String,
}

/// Outputs gathered.
#[derive(Default)]
pub struct Outputs {
    all: BTreeSet<Output>,
}

impl Outputs {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { all: BTreeSet::new() }
    }

    /// Every output.
    pub fn iter(&self) -> impl Iterator<Item = &Output> {
        self.all.iter()
    }

    fn put(&mut self, reader: Reader, what: &'static str, text: String) {
        self.all.insert(Output { reader, what, text });
    }

    /// A text that anybody may read.
    pub fn anybody(&mut self, what: &'static str, text: String) {
        self.put(Reader::Anybody, what, text);
    }

    /// A letter that somebody gets.
    pub fn letter(&mut self, reader: Party, text: String) {
        self.put(Reader::Addressee(reader), "letter", text);
    }

    /// A message: the letter for its addressee only.
    pub fn message(&mut self, message: &Message) {
        self.letter(message.to.party.clone(), to_text(&message.letter));
        if let Some(translation) = &message.translation {
            self.letter(message.to.party.clone(), to_text(translation));
        }
        self.anybody("addressee", format!("{:?}", message.to));
    }

    /// An offer, in every form.
    pub fn offer(&mut self, offer: &Offer, rules: &Rules) {
        let issuer = Issuer::new(rules.city()).unwrap();
        let wire = OfferV1::of(offer, &issuer, Ids::Inner).unwrap();
        self.anybody("wire form of an offer", serde_json::to_string(&wire).unwrap());
        self.anybody("offer", format!("{offer:?}"));
    }

    /// What came of a day, but for its letters.
    pub fn report(&mut self, report: &DayReport, rules: &Rules) {
        self.anybody("lapsed", format!("{:?} {:?}", report.lapsed, report.tasks));
        for (rule, report) in &report.rules {
            match report {
                RuleReport::NotRun(reason) => self.anybody("not run", format!("{rule} {reason} {reason:?}")),
                RuleReport::Ran(ran) => {
                    self.anybody("outcomes", format!("{:?} {:?} {:?}", ran.outcomes, ran.cohort, ran.bill));
                    self.anybody("findings and tasks", format!("{:?} {:?}", ran.findings, ran.tasks));
                    self.anybody("closed", format!("{:?} {:?}", ran.withdrawn, ran.ended));
                    ran.offers.iter().for_each(|offer| self.offer(offer, rules));
                    ran.messages.iter().for_each(|message| self.message(message));
                }
            }
        }
    }

    /// A preview, in every form.
    pub fn preview(&mut self, preview: &Preview, rules: &Rules) {
        self.anybody("preview", format!("{preview:?}"));
        self.anybody("wire form of a preview", serde_json::to_string(&PreviewV1::of(preview, &[])).unwrap());
        let offers = preview.rules.values().flat_map(|rule| &rule.offers);
        offers.for_each(|offer| self.offer(offer, rules));
    }

    /// A ledger, with its offers rendered once more on a later register; errors are outputs too.
    pub fn ledger(&mut self, ledger: &MemoryLedger, rules: &Rules, register: &Register, on: NaiveDate) {
        self.anybody("ledger", format!("{ledger:?}"));
        for entry in ledger.entries() {
            match rules.messages(entry.offer(), register, on) {
                Ok(messages) => messages.iter().for_each(|message| self.message(message)),
                Err(error) => self.anybody("error", format!("{error} {error:?}")),
            }
        }
    }

    /// The traces of every subject under every rule.
    pub fn traces(&mut self, rules: &Rules, register: &Arc<Register>, on: NaiveDate) {
        let evaluator = Evaluator::new(rules.set(), register, Mode::Preview);
        for id in rules.set().ids() {
            let kinds = [SubjectKind::Resident, SubjectKind::Household, SubjectKind::Building];
            let own = rules.set().versions(id).first().map(|rule| rule.card.subject);
            let subjects = kinds.into_iter().filter(|kind| Some(*kind) == own).flat_map(|kind| register.subjects(kind));
            for subject in subjects.collect::<Vec<SubjectRow>>() {
                self.anybody("trace", format!("{:?}", evaluator.trace(id, subject, on, &NothingYet)));
            }
        }
        self.anybody("register", format!("{register:?}"));
    }
}
