//! Everybody's documents: filled by base data, changed by the feed, and what follows from them as records.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ennakko_core::changes::{Changes, PersonChange};
use ennakko_core::identity::PersonalIdentityCode;
use ennakko_core::record::{HistoryRecord, ListState};
use ennakko_core::{Fact, UnknownReason};
use ennakko_offers::deadline::{Instant, Zone};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::document::{Document, GroupProblem, take};
use super::group::{Attribute, ChangedGroup, Delivered, NoGroup};
use super::person::{Known, PersonRecords};
use super::{FinnishError, Reading};
use crate::sources::{Loaded, SourceIssue, SourceProblem};

/// What came of one answer or page.
#[derive(Debug, Default)]
pub struct Taken {
    /// Records of the answer.
    pub read: usize,
    /// Those taken; the rest are set aside, each with an issue.
    pub used: usize,
    /// What was wrong, in the order of positions; 0 is a change that has waited since an earlier page.
    pub issues: Vec<SourceIssue>,
    /// Groups that nothing here reads, by name: kept, and counted.
    pub unread: BTreeMap<String, usize>,
    /// Changes that wait, with those of earlier pages.
    pub waiting: usize,
    /// Whose base data is to be asked for, so that nothing waits any longer.
    pub wants_base_data: Vec<PersonalIdentityCode>,
    /// The latest day, in Finland, on which one of the changes was entered.
    pub entered_until: Option<NaiveDate>,
}

impl Taken {
    fn set_aside(&mut self, position: u64, problem: SourceProblem) {
        self.issues.push(SourceIssue { position, group: None, problem, sets_aside: true });
    }

    fn in_part(&mut self, position: u64, problems: Vec<GroupProblem>) {
        for (group, problem) in problems {
            self.issues.push(SourceIssue { position, group: group.map(Cow::Owned), problem, sets_aside: false });
        }
    }

    fn count_unread(&mut self, group: &Delivered) {
        if group.is_unread() {
            *self.unread.entry(group.name.clone()).or_default() += 1;
        }
    }

    fn add(&mut self, more: &Self) {
        self.read += more.read;
        self.used += more.used;
        self.issues.extend(more.issues.iter().cloned());
        for (name, n) in &more.unread {
            *self.unread.entry(name.clone()).or_default() += n;
        }
    }
}

/// A change that could not be taken, or follows one that could not.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) code: PersonalIdentityCode,
    pub(super) raw: Box<str>,
}

/// Whose change: a document's, or somebody's of whom there is none.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    Document(u64),
    Unknown(PersonalIdentityCode),
}

/// Everybody's documents. A document keeps its identity whatever its person's code becomes.
pub struct Documents {
    pub(super) reading: Reading,
    /// In the order in which they first came.
    pub(super) people: BTreeMap<u64, Document>,
    // INVARIANT (whole): every code of every document, and no other
    by_code: BTreeMap<PersonalIdentityCode, u64>,
    pub(super) waiting: Vec<Waiting>,
    /// Whom something has happened to since the records were last given.
    touched: BTreeSet<u64>,
    /// The day of the records given last: what was told of a later day has not been given yet.
    pub(super) given_on: Option<NaiveDate>,
    /// Who came with base data since then.
    came: BTreeSet<u64>,
    /// What base data has told so far, and how many were asked for.
    base: Taken,
    asked: u64,
    /// Positions that were taken before base data came: the lines that documents were stored in.
    pub(super) lines: u64,
}

impl std::fmt::Debug for Documents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Documents").field("len", &self.len()).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct BaseAnswer<'a> {
    #[serde(borrow)]
    perustiedot: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct BasePerson<'a> {
    henkilotunnus: Option<String>,
    #[serde(borrow)]
    tietoryhmat: Vec<&'a RawValue>,
    /// The older interface tells of an order beside the groups.
    #[serde(rename = "Turvakielto")]
    order: Option<OlderOrder>,
    #[serde(rename = "TurvakieltoTieto")]
    order_flag: Option<String>,
    #[serde(rename = "TurvakieltoPaattymispvm")]
    order_ends: Option<String>,
}

#[derive(Deserialize)]
struct OlderOrder {
    #[serde(rename = "TurvakieltoTieto")]
    flag: Option<String>,
    #[serde(rename = "TurvakieltoPaattymispvm")]
    ends: Option<String>,
}

impl BasePerson<'_> {
    /// An order told the older way, as the group that tells it now.
    fn older_order(&self) -> Option<String> {
        let (flag, ends) = match &self.order {
            Some(order) => (order.flag.as_ref(), order.ends.as_ref()),
            None => (self.order_flag.as_ref(), self.order_ends.as_ref()),
        };
        let flag = flag?;
        let group = serde_json::json!({
            "tietoryhma": "TURVAKIELTO",
            "TurvakieltoTieto": flag,
            "TurvakieltoPaattymispvm": ends,
        });
        Some(group.to_string())
    }
}

#[derive(Deserialize)]
pub(super) struct ChangeHead {
    pub(super) henkilotunnus: Option<String>,
    muutospv: Option<String>,
}

#[derive(Deserialize)]
struct ChangeRecord<'a> {
    #[serde(borrow)]
    tietoryhmat: Vec<&'a RawValue>,
}

/// A change on its way into a document.
struct Next {
    /// Position in the page; none: it waited.
    position: Option<u64>,
    code: PersonalIdentityCode,
    entered: Option<Instant>,
    raw: Box<str>,
}

impl Documents {
    /// Nobody yet.
    pub fn new(reading: Reading) -> Self {
        Self {
            reading,
            people: BTreeMap::new(),
            by_code: BTreeMap::new(),
            waiting: Vec::new(),
            touched: BTreeSet::new(),
            given_on: None,
            came: BTreeSet::new(),
            base: Taken::default(),
            asked: 0,
            lines: 0,
        }
    }

    /// How many people there are.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// The codes in force, in the order in which people first came.
    pub fn codes(&self) -> impl Iterator<Item = &PersonalIdentityCode> {
        self.people.values().filter_map(|document| document.codes().last())
    }

    /// Whether a code, of now or before, is somebody's here.
    pub fn knows(&self, code: &PersonalIdentityCode) -> bool {
        self.by_code.contains_key(code)
    }

    /// Adds a document; false if one of its codes is another's.
    pub(super) fn insert(&mut self, document: Document) -> bool {
        if document.codes().iter().any(|code| self.by_code.contains_key(code)) {
            return false;
        }
        let id = self.people.last_key_value().map_or(0, |(last, _)| last + 1);
        self.put(id, document);
        true
    }

    fn put(&mut self, id: u64, document: Document) {
        for code in document.codes() {
            self.by_code.insert(code.clone(), id);
        }
        self.people.insert(id, document);
    }

    /// Takes an answer to `POST /perustiedot`: each person's groups stand in place of what was known, and nothing of theirs
    /// waits any longer. Of the codes `asked` for, those that did not come are told; the interface leaves them out silently.
    ///
    /// Positions count on from one answer to the next, and from the lines of stored documents.
    ///
    /// # Errors
    /// * [`FinnishError::Answer`], with nothing taken
    pub fn take_base_data(&mut self, answer: &[u8], asked: &[PersonalIdentityCode]) -> Result<Taken, FinnishError> {
        let answer: BaseAnswer<'_> = serde_json::from_slice(answer).map_err(|error| FinnishError::answer(&error))?;
        let mut taken = Taken { read: answer.perustiedot.len(), ..Taken::default() };
        let mut delivered: BTreeSet<u64> = BTreeSet::new();
        for (position, raw) in (self.next_position()..).zip(answer.perustiedot) {
            match self.take_person(raw.get(), position, &mut taken) {
                Ok(id) => {
                    delivered.insert(id);
                    taken.used += 1;
                }
                Err(problem) => taken.set_aside(position, problem),
            }
        }
        for (position, code) in (self.asked + 1..).zip(asked) {
            if self.by_code.get(code).is_none_or(|id| !delivered.contains(id)) {
                let problem = SourceProblem::NotDelivered;
                taken.issues.push(SourceIssue { position, group: None, problem, sets_aside: false });
            }
        }
        self.asked += asked.len() as u64;
        taken.waiting = self.waiting.len();
        self.base.add(&taken);
        Ok(taken)
    }

    /// Takes one person of an answer to `POST /perustiedot`, as [`Self::take_base_data`] takes all of them.
    pub fn take_base_person(&mut self, person: &str) -> Taken {
        let mut taken = Taken { read: 1, ..Taken::default() };
        let position = self.next_position();
        match self.take_person(person, position, &mut taken) {
            Ok(_) => taken.used += 1,
            Err(problem) => taken.set_aside(position, problem),
        }
        taken.waiting = self.waiting.len();
        self.base.add(&taken);
        taken
    }

    /// The position of the next person of base data.
    pub(crate) fn next_position(&self) -> u64 {
        self.lines + self.base.read as u64 + 1
    }

    /// A delivery of base data is at its end: whoever comes again, because their changes wait, comes in another one. Within
    /// one, a second record of somebody is set aside.
    pub fn begin_delivery(&mut self) {
        self.came.clear();
    }

    /// The changes that wait, as they came.
    pub fn waiting(&self) -> impl Iterator<Item = &str> {
        self.waiting.iter().map(|waiting| &*waiting.raw)
    }

    /// Whose base data is to be asked for, so that nothing waits any longer; each once.
    pub fn wanted(&self) -> Vec<PersonalIdentityCode> {
        let codes: BTreeSet<&PersonalIdentityCode> = self.waiting.iter().map(|waiting| &waiting.code).collect();
        codes.into_iter().cloned().collect()
    }

    fn take_person(&mut self, raw: &str, position: u64, taken: &mut Taken) -> Result<u64, SourceProblem> {
        let person: BasePerson<'_> = serde_json::from_str(raw).map_err(|_| SourceProblem::WrongShape)?;
        let code = self.code(person.henkilotunnus.as_deref())?;
        let mut problems: Vec<GroupProblem> = Vec::new();
        let mut held: Vec<Delivered> = Vec::new();
        let older = person.older_order();
        for raw in person.tietoryhmat.iter().map(|raw| raw.get()).chain(older.as_deref()) {
            match Delivered::read(raw) {
                Ok(group) => {
                    problems.extend(group.problem().map(|problem| (Some(group.name.clone()), problem)));
                    taken.count_unread(&group);
                    held.push(group);
                }
                Err(NoGroup { name, problem }) => problems.push((name, problem)),
            }
        }
        let mut document = Document::of(code, position);
        problems.extend(document.take_codes(&held, self.reading.codes));
        let known: BTreeSet<u64> = document.codes().iter().filter_map(|code| self.by_code.get(code).copied()).collect();
        let id = match known.iter().copied().collect::<Vec<_>>().as_slice() {
            [] => self.people.last_key_value().map_or(0, |(last, _)| last + 1),
            [id] if !self.came.contains(id) => *id,
            // a second time in one delivery, or codes of two people
            _ => return Err(SourceProblem::Duplicate),
        };
        if let Some(before) = self.people.get(&id) {
            document.keep_codes(before.codes());
        }
        document.close(held);
        taken.in_part(position, problems);
        self.waiting.retain(|waiting| !document.codes().contains(&waiting.code));
        self.put(id, document);
        self.touched.insert(id);
        self.came.insert(id);
        Ok(id)
    }

    fn code(&self, text: Option<&str>) -> Result<PersonalIdentityCode, SourceProblem> {
        let text = text.filter(|text| !text.trim().is_empty()).ok_or(SourceProblem::NoCode)?;
        PersonalIdentityCode::parse(text, self.reading.codes).map_err(SourceProblem::of_code)
    }

    /// Takes the changes of a page, and those that have waited, in the order in which they were entered into the register.
    ///
    /// A change that cannot be taken waits, and with it every later one of the same person; the others go on. The same change
    /// again does nothing.
    pub fn take_changes<'a>(&mut self, changes: impl IntoIterator<Item = &'a str>) -> Taken {
        let mut taken = Taken::default();
        let mut queue: Vec<Next> = Vec::new();
        for waiting in std::mem::take(&mut self.waiting) {
            let entered = head(&waiting.raw).and_then(|head| entered(&head));
            queue.push(Next { position: None, code: waiting.code, entered, raw: waiting.raw });
        }
        for (position, raw) in (1..).zip(changes) {
            taken.read += 1;
            let head = head(raw).ok_or(SourceProblem::WrongShape);
            match head.and_then(|head| Ok((self.code(head.henkilotunnus.as_deref())?, entered(&head)))) {
                Ok((code, entered)) => queue.push(Next { position: Some(position), code, entered, raw: raw.into() }),
                Err(problem) => taken.set_aside(position, problem),
            }
        }
        in_order(&mut queue);
        let zone = Zone::named("Europe/Helsinki").ok();
        let mut blocked: BTreeSet<Whose> = BTreeSet::new();
        for next in queue {
            let whose = self.whose(&next.code);
            let outcome =
                if blocked.contains(&whose) { Err(SourceProblem::Waits) } else { self.take_change(&next, &mut taken) };
            match outcome {
                Ok(()) => taken.used += usize::from(next.position.is_some()),
                Err(problem) => {
                    if let Some(position) = next.position {
                        taken.set_aside(position, problem);
                    }
                    blocked.insert(whose);
                    if !taken.wants_base_data.contains(&next.code) {
                        taken.wants_base_data.push(next.code.clone());
                    }
                    self.waiting.push(Waiting { code: next.code, raw: next.raw });
                }
            }
            let day = next.entered.and_then(|entered| entered.day_in(zone.as_ref()?).ok());
            taken.entered_until = taken.entered_until.max(day);
        }
        taken.waiting = self.waiting.len();
        taken.issues.sort_unstable();
        taken
    }

    fn whose(&self, code: &PersonalIdentityCode) -> Whose {
        self.by_code.get(code).map_or_else(|| Whose::Unknown(code.clone()), |id| Whose::Document(*id))
    }

    fn take_change(&mut self, next: &Next, taken: &mut Taken) -> Result<(), SourceProblem> {
        let record: ChangeRecord<'_> = serde_json::from_str(&next.raw).map_err(|_| SourceProblem::WrongShape)?;
        if next.entered.is_none() {
            return Err(SourceProblem::BadDay);
        }
        let digest = digest(&next.raw);
        let told: Vec<Result<ChangedGroup, NoGroup>> =
            record.tietoryhmat.iter().map(|raw| ChangedGroup::read(raw.get())).collect();
        let (id, mut document) = match self.by_code.get(&next.code).and_then(|id| Some((*id, self.people.get(id)?))) {
            Some((_, document)) if document.applied.contains(&digest) => return Ok(()),
            Some((id, document)) => (id, document.clone()),
            None if told.iter().flatten().any(is_birth_of_somebody_new) => {
                let id = self.people.last_key_value().map_or(0, |(last, _)| last + 1);
                (id, Document::of(next.code.clone(), 0))
            }
            None => return Err(SourceProblem::NoSuchSubject),
        };
        for told in told.iter().flatten() {
            taken.count_unread(&told.group);
        }
        let before = document.clone();
        let mut held = document.open();
        let mut problems = take(&mut held, told);
        let corrects = |raw: &&&RawValue| raw.get().contains("HENKILOTUNNUS_KORJAUS");
        if record.tietoryhmat.iter().find(corrects).is_some() {
            problems.extend(document.take_codes(&held, self.reading.codes));
        }
        // a code that is another document's: the two are one person, and somebody has to say so
        let of_another = |code: &PersonalIdentityCode| self.by_code.get(code).is_some_and(|other| *other != id);
        if document.codes().iter().any(of_another) {
            return Err(SourceProblem::Duplicate);
        }
        taken.in_part(next.position.unwrap_or(0), problems);
        document.close(held);
        if document != before || !self.people.contains_key(&id) {
            self.touched.insert(id);
        }
        document.applied.push(digest);
        self.put(id, document);
        Ok(())
    }

    fn records(&self, document: &Document, day: NaiveDate) -> PersonRecords {
        Known { held: &document.open(), codes: document.codes(), day, reading: &self.reading }.records()
    }

    /// Everybody, as records of a day.
    pub fn loaded(&mut self, day: NaiveDate) -> Loaded {
        let mut everybody = Everybody::after(std::mem::take(&mut self.base));
        for document in self.people.values() {
            everybody.add(document.position, self.records(document, day));
        }
        self.settle(day);
        everybody.loaded()
    }

    /// The same, with nobody left: each document goes as its records come, so that there is never room for both.
    pub fn into_loaded(mut self, day: NaiveDate) -> Loaded {
        let mut everybody = Everybody::after(std::mem::take(&mut self.base));
        self.by_code = BTreeMap::new();
        for document in std::mem::take(&mut self.people).into_values() {
            everybody.add(document.position, self.records(&document, day));
        }
        everybody.loaded()
    }

    /// Those to whom something has happened since [`Self::loaded`], or since this was last asked, whole: a change, or the day
    /// on which something told earlier begins or ends. And what is wrong with them, by position among the people of the
    /// batch.
    pub fn changes(&mut self, day: NaiveDate) -> (Changes, Vec<SourceIssue>) {
        let due = self.due(day);
        self.touched.extend(due);
        let mut changes = Changes::default();
        let mut found = Vec::new();
        let mut dwellings: BTreeSet<String> = BTreeSet::new();
        for (position, document) in (1..).zip(self.touched.iter().filter_map(|id| self.people.get(id))) {
            let PersonRecords { resident, custody, history, home, problems } = self.records(document, day);
            changes.dwellings.extend(home.filter(|home| dwellings.insert(home.id.clone())));
            let no_history = || HistoryRecord {
                of: Known { held: &[], codes: document.codes(), day, reading: &self.reading }.who(),
                known_from: Fact::Unknown(UnknownReason::NotDelivered),
                stays: Vec::new(),
            };
            // nothing delivered of the custodians is not that there are none: what was known stays
            let pairs_told = !custody.is_empty() || resident.custodians == ListState::Whole;
            changes.people.push(PersonChange {
                custody: (pairs_told || has_custody_groups(document)).then_some(custody),
                record: resident,
                history: Some(history.unwrap_or_else(no_history)),
            });
            found.extend(issues(position, problems));
        }
        self.settle(day);
        (changes, found)
    }

    /// Those of whom something told earlier has begun or ended since records were last given.
    fn due(&self, day: NaiveDate) -> Vec<u64> {
        let Some(before) = self.given_on else { return Vec::new() };
        let due = self.people.iter().filter(|(_, document)| document.turns(before, day)).filter(|(_, document)| {
            let (then, now) = (self.records(document, before), self.records(document, day));
            (then.resident, then.custody, then.history, then.home) != (now.resident, now.custody, now.history, now.home)
        });
        due.map(|(id, _)| *id).collect()
    }

    fn settle(&mut self, day: NaiveDate) {
        self.given_on = Some(day);
        self.touched.clear();
        self.came.clear();
    }
}

/// Everybody's records while they come.
struct Everybody {
    loaded: Loaded,
    dwellings: BTreeSet<String>,
}

impl Everybody {
    fn after(base: Taken) -> Self {
        let loaded = Loaded { read: base.read, used: base.used, issues: base.issues, ..Loaded::default() };
        Self { loaded, dwellings: BTreeSet::new() }
    }

    fn add(&mut self, position: u64, records: PersonRecords) {
        let PersonRecords { resident, custody, history, home, problems } = records;
        let (delivery, origins) = (&mut self.loaded.delivery, &mut self.loaded.origins);
        delivery.residents.push(resident);
        origins.residents.push(position);
        origins.custody.extend(custody.iter().map(|_| position));
        delivery.custody.extend(custody);
        if let Some(history) = history {
            delivery.histories.push(history);
            origins.histories.push(position);
        }
        if let Some(home) = home.filter(|home| self.dwellings.insert(home.id.clone())) {
            delivery.dwellings.push(home);
            origins.dwellings.push(position);
        }
        self.loaded.issues.extend(issues(position, problems));
    }

    fn loaded(mut self) -> Loaded {
        self.loaded.issues.sort_unstable();
        self.loaded
    }
}

fn has_custody_groups(document: &Document) -> bool {
    document.raw_groups().any(|raw| raw.contains("\"HUOLTAJA"))
}

fn issues(position: u64, problems: Vec<GroupProblem>) -> impl Iterator<Item = SourceIssue> {
    problems.into_iter().map(move |(group, problem)| SourceIssue {
        position,
        group: group.map(Cow::Owned),
        problem,
        sets_aside: false,
    })
}

pub(super) fn head(raw: &str) -> Option<ChangeHead> {
    serde_json::from_str(raw).ok()
}

/// When a change was entered. An instant: its first ten characters are the day before, in Finland.
fn entered(head: &ChangeHead) -> Option<Instant> {
    Instant::parse(head.muutospv.as_deref()?).ok()
}

/// In the order of entering; one that does not say when stays behind the one before it.
fn in_order(queue: &mut [Next]) {
    let mut last = None;
    let mut keys: Vec<(Option<Instant>, usize)> = Vec::with_capacity(queue.len());
    for (at, next) in queue.iter().enumerate() {
        if next.entered.is_some() {
            last = next.entered;
        }
        keys.push((last, at));
    }
    let mut at = 0;
    queue.sort_by_cached_key(|_| {
        at += 1;
        keys[at - 1]
    });
}

/// A whole new person: the day of birth is told as new.
fn is_birth_of_somebody_new(told: &ChangedGroup) -> bool {
    told.attribute == Attribute::Added && told.group.name == "SYNTYMAPAIVA"
}

/// A digest of a change, the same however its text is set.
fn digest(raw: &str) -> Box<str> {
    let text =
        serde_json::from_str::<serde_json::Value>(raw).map_or_else(|_| raw.to_owned(), |value| value.to_string());
    let digest = Sha256::digest(text.as_bytes());
    let hex = |byte: &u8| [byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16).unwrap_or_default());
    digest.iter().take(16).flat_map(hex).collect::<String>().into()
}
