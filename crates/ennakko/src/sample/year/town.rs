//! The city while a year goes by: records that change, who lives where, and what has happened so far.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use ennakko_core::day::PartialDate;
use ennakko_core::identity::{IdentityCode, PermanentBuildingId};
use ennakko_core::record::{
    CustodyRecord, DeathRecord, Delivery, DwellingRecord, ListState, Names, ResidentRecord, Sex, Who,
};
use ennakko_core::{Fact, ResidentKey, UnknownReason, Uuid};

use super::newcomers::Due;
use super::{Change, Drawn, Happened, NewCodes, Since};
use crate::sample::building::Shape;
use crate::sample::code;
use crate::sample::dice::{Dice, Stream};
use crate::sample::family::HomeKind;
use crate::sample::resident::{DEATHS_SOURCE, HELSINKI};
use crate::sample::snapshot::Snapshot;

/// Where somebody lives, and since when.
#[derive(Clone)]
pub(super) struct Residence {
    pub(super) municipality: Fact<String>,
    pub(super) dwelling: Fact<String>,
    pub(super) since: Fact<PartialDate>,
}

impl Residence {
    /// What a record tells of it.
    pub(super) fn of(record: &ResidentRecord) -> Self {
        Self {
            municipality: record.municipality.clone(),
            dwelling: record.dwelling.clone(),
            since: record.dwelling_since,
        }
    }
}

/// Whether a record's home is kept back by its source.
pub(super) fn is_kept_back(record: &ResidentRecord) -> bool {
    record.dwelling == Fact::Unknown(UnknownReason::Withheld)
}

/// The city as the year goes by.
pub(super) struct Town<'a> {
    pub(super) snapshot: Snapshot<'a>,
    pub(super) residents: Vec<ResidentRecord>,
    pub(super) custody: Vec<CustodyRecord>,
    pub(super) dwellings: Vec<DwellingRecord>,
    pub(super) deaths: Vec<DeathRecord>,
    pub(super) changes: Vec<Change>,
    /// Everybody who has left a home, under every name they had.
    pub(super) moved: BTreeSet<Who>,
    /// The person of the plan behind each record of the start.
    pub(super) plan_of_record: Vec<u32>,
    /// Since when each record tells what it tells.
    pub(super) since: Vec<Since>,
    /// Where those live whose home the source keeps back.
    pub(super) kept_back: BTreeMap<usize, Residence>,
    /// Those who have moved away: the city is told no more of them.
    pub(super) gone: BTreeSet<usize>,
    /// The dwelling of each record, whether or not the source tells it.
    pub(super) home: Vec<Option<usize>>,
    // INVARIANT (inverse): of `home`
    pub(super) members: Vec<Vec<usize>>,
    /// Dwellings in which nobody lives, in an order of chance.
    pub(super) empty: Vec<usize>,
    /// Rows of custody by child and by custodian, under the references that stand in the rows.
    pub(super) custody_of: BTreeMap<Who, Vec<usize>>,
    pub(super) codes: NewCodes,
    pub(super) dice: Dice,
    /// What falls due later, by day.
    pub(super) due: BTreeMap<NaiveDate, Vec<Due>>,
    /// Running numbers of buildings by id.
    numbers: BTreeMap<PermanentBuildingId, u32>,
}

impl<'a> Town<'a> {
    /// The city on the first day.
    pub(super) fn new(snapshot: Snapshot<'a>, start: &Delivery) -> Self {
        let plan = snapshot.plan;
        let by_id: BTreeMap<&str, usize> =
            start.dwellings.iter().enumerate().map(|(at, dwelling)| (dwelling.id.as_str(), at)).collect();
        // the homes in the order in which blocks tell them
        let built = plan.buildings.iter().map(|building| building.first..building.first + u32::from(building.homes));
        let homes = built.chain(plan.groups.iter().map(|(first, next)| *first..*next)).flatten();
        let mut plan_of_record = Vec::with_capacity(start.residents.len());
        let mut home = Vec::with_capacity(start.residents.len());
        let (mut since, mut kept_back) = (Vec::with_capacity(start.residents.len()), BTreeMap::new());
        let mut members: Vec<Vec<usize>> = start.dwellings.iter().map(|_| Vec::new()).collect();
        for at in homes.filter(|at| plan.home(*at).kind != HomeKind::AbroadUnrecorded) {
            let lived_in = plan.home(at);
            let shape = lived_in.building.map(|building| Shape::of(plan, building));
            let id = shape.as_ref().and_then(|shape| shape.dwelling_id(lived_in.dwelling));
            let dwelling = id.and_then(|id| by_id.get(id.as_str()).copied());
            let mut open = snapshot.living(at, lived_in, shape.as_ref());
            open.withheld = false;
            for person in plan.members(at) {
                let record = plan_of_record.len();
                plan_of_record.push(person);
                let told = start.residents.get(record);
                let mut moved = told.and_then(|told| told.dwelling_since.known());
                if told.is_some_and(is_kept_back) {
                    let residence = Residence::of(&snapshot.resident_record(person, &open));
                    moved = residence.since.known();
                    kept_back.insert(record, residence);
                }
                since.push(Since { municipality: moved, ..Since::default() });
                let lives = !told.is_none_or(|resident| resident.dead);
                home.push(dwelling.filter(|_| lives));
                if let Some(dwelling) = dwelling.filter(|_| lives) {
                    members[dwelling].push(record);
                }
            }
        }
        let mut dice = Dice::new(plan.seed, Stream::Year, 1 << 41);
        let mut empty: Vec<usize> = (0..members.len()).filter(|at| members[*at].is_empty()).collect();
        dice.shuffle(&mut empty);
        let mut custody_of: BTreeMap<Who, Vec<usize>> = BTreeMap::new();
        for (row, pair) in start.custody.iter().enumerate() {
            custody_of.entry(pair.child.clone()).or_default().push(row);
            custody_of.entry(pair.custodian.clone()).or_default().push(row);
        }
        Self {
            snapshot,
            residents: start.residents.clone(),
            custody: start.custody.clone(),
            dwellings: start.dwellings.clone(),
            deaths: start.deaths.clone(),
            changes: Vec::new(),
            moved: BTreeSet::new(),
            plan_of_record,
            since,
            kept_back,
            gone: BTreeSet::new(),
            home,
            members,
            empty,
            custody_of,
            codes: NewCodes::default(),
            dice,
            due: BTreeMap::new(),
            numbers: (0_u32..).zip(&start.buildings).map(|(number, record)| (record.id.clone(), number)).collect(),
        }
    }

    /// Lets something happen, if it still can.
    pub(super) fn happen(&mut self, day: NaiveDate, what: Drawn, whom: usize) {
        self.fall_due(day);
        if what == Drawn::Arrive {
            self.arrive(day);
            return;
        }
        if self.residents.get(whom).is_none_or(|record| record.dead) || self.gone.contains(&whom) {
            return;
        }
        match what {
            Drawn::ComeOfAge => self.come_of_age(day, whom),
            Drawn::GetCode => self.get_code(day, whom),
            Drawn::BeNamed => self.be_named(day, whom),
            Drawn::CorrectCode => self.correct_code(day, whom),
            Drawn::CorrectName => self.correct_name(day, whom),
            Drawn::CorrectBirth => self.correct_birth(day, whom),
            Drawn::GiveBirth => self.give_birth(day, whom),
            Drawn::ChangeName => self.change_name(day, whom),
            Drawn::Separate => self.separate(day, whom),
            Drawn::CorrectHome => self.correct_home(day, whom),
            Drawn::Move => self.move_household(day, whom),
            Drawn::MoveOut => self.move_out(day, whom),
            Drawn::SetProtection => self.set_protection(day, whom),
            Drawn::LiftProtection => self.lift_protection(day, whom),
            Drawn::BeFoundDead => self.be_found_dead(day, whom),
            Drawn::DieByMistake => self.die_by_mistake(day, whom),
            Drawn::Die => self.die(day, whom),
            Drawn::Arrive => {}
        }
    }

    pub(super) fn who(&self, record: usize) -> Who {
        let record = &self.residents[record];
        match (&record.code, record.key) {
            (Some(code), _) => Who::Code(code.clone()),
            (None, Some(key)) => Who::Key(key),
            // every record of the sample has a code or a key
            (None, None) => Who::Key(ResidentKey::from_uuid(Uuid::nil())),
        }
    }

    /// Tells what has happened to somebody, whose record says so already.
    pub(super) fn tell(&mut self, day: NaiveDate, record: usize, what: Happened) {
        self.tell_of(self.who(record), day, record, what);
    }

    /// The same of somebody who was referred to otherwise just before.
    pub(super) fn tell_of(&mut self, who: Who, day: NaiveDate, record: usize, what: Happened) {
        let (after, since) = (self.residents[record].clone(), self.since[record]);
        self.changes.push(Change { day, who, what, record, after, since });
    }

    pub(super) fn dwelling_id(&self, dwelling: usize) -> String {
        self.dwellings[dwelling].id.clone()
    }

    fn come_of_age(&mut self, day: NaiveDate, child: usize) {
        let who = self.who(child);
        for row in self.custody_of.get(&who).cloned().unwrap_or_default() {
            if self.custody[row].child == who {
                self.custody[row].until = Fact::Known(day);
            }
        }
        self.tell(day, child, Happened::CameOfAge);
    }

    fn get_code(&mut self, day: NaiveDate, record: usize) {
        let at = self.plan_of_record.get(record).map(|at| self.snapshot.plan.person(*at));
        let planned = at.and_then(|person| code::code(self.snapshot.born(&person), person.sex, person.ordinal));
        if let Some(code) = planned.filter(|_| self.residents[record].code.is_none()) {
            self.give_code(day, record, IdentityCode::from(code));
        }
    }

    /// Gives somebody a first code.
    pub(super) fn give_code(&mut self, day: NaiveDate, record: usize, code: IdentityCode) {
        let who = self.who(record);
        self.rename(record, |record| record.code = Some(code.clone()));
        self.tell_of(who, day, record, Happened::GotCode { code });
    }

    /// Changes how somebody is referred to, and the custody rows that refer to them.
    pub(super) fn rename(&mut self, record: usize, change: impl FnOnce(&mut ResidentRecord)) {
        let before = self.who(record);
        change(&mut self.residents[record]);
        let after = self.who(record);
        for row in self.custody_of.remove(&before).unwrap_or_default() {
            let pair = &mut self.custody[row];
            for side in [&mut pair.child, &mut pair.custodian] {
                if *side == before {
                    *side = after.clone();
                }
            }
            self.custody_of.entry(after.clone()).or_default().push(row);
        }
        if self.moved.contains(&before) {
            self.moved.insert(after);
        }
    }

    fn be_named(&mut self, day: NaiveDate, record: usize) {
        if self.residents[record].names.is_some() {
            return;
        }
        if let Some(at) = self.plan_of_record.get(record) {
            let names = self.snapshot.names(*at);
            self.give_names(day, record, names);
        }
    }

    /// Gives somebody first names.
    pub(super) fn give_names(&mut self, day: NaiveDate, record: usize, names: Names) {
        self.residents[record].names = Some(names.clone());
        self.since[record].names = Some(day);
        self.tell(day, record, Happened::Named { names });
    }

    pub(super) fn correct_code(&mut self, day: NaiveDate, record: usize) {
        let known = &self.residents[record];
        let (Some(former), Fact::Known(born), Fact::Known(of)) = (known.code.clone(), known.born, known.sex) else {
            return;
        };
        if let Some(code) = self.codes.next(born.first(), u8::from(of == Sex::Male)) {
            let who = self.who(record);
            self.rename(record, |record| {
                record.former_codes.push(former.clone());
                record.code = Some(code.clone());
            });
            self.tell_of(who, day, record, Happened::CodeCorrected { former, code });
        }
    }

    /// Whether two of a household are taken for a couple: adults within twenty years of each other.
    pub(super) fn is_partner(&self, one: usize, other: usize) -> bool {
        let year = |record: usize| self.residents[record].born.known().map(|born| born.first().year());
        let adult = |year: i32| self.snapshot.day.year() - year >= 20;
        let live = !self.residents[one].dead && !self.residents[other].dead;
        match (year(one), year(other)) {
            (Some(one), Some(other)) => live && adult(one) && adult(other) && one.abs_diff(other) <= 20,
            _ => false,
        }
    }

    fn change_name(&mut self, day: NaiveDate, record: usize) {
        let Some(dwelling) = self.home[record] else { return };
        let Some(before) = self.residents[record].names.clone() else { return };
        let partner =
            self.members[dwelling].iter().copied().find(|other| *other != record && self.is_partner(record, *other));
        let taken =
            partner.and_then(|partner| self.residents[partner].names.as_ref()).map(|names| names.family.clone());
        let family = taken
            .filter(|family| *family != before.family)
            .unwrap_or_else(|| self.snapshot.plan.source.surnames.draw(&mut self.dice).to_owned());
        let after = Names { given: before.given.clone(), family };
        if after != before {
            self.residents[record].names = Some(after.clone());
            self.since[record].names = Some(day);
            self.tell(day, record, Happened::NameChanged { before, after });
        }
    }

    fn separate(&mut self, day: NaiveDate, first: usize) {
        let Some(from) = self.home[first] else { return };
        let other = self.members[from].iter().copied().find(|other| *other != first && self.is_partner(first, *other));
        let Some(leaving) = other else { return };
        let Some(to) = self.empty.pop() else { return };
        let partner = self.who(first);
        let happened = Happened::Separated { partner, from: self.dwelling_id(from), to: self.dwelling_id(to) };
        self.put(day, leaving, Some(to));
        self.tell(day, leaving, happened);
    }

    /// Everybody alive who lives with somebody, and they themselves.
    pub(super) fn household(&self, first: usize) -> Vec<usize> {
        let members = self.home[first].map_or(vec![first], |home| self.members[home].clone());
        members.into_iter().filter(|member| !self.residents[*member].dead).collect()
    }

    fn move_household(&mut self, day: NaiveDate, first: usize) {
        let from = self.home[first];
        let Some(to) = self.empty.pop() else { return };
        let moving = self.household(first);
        self.may_be_annulled(day, &moving, None);
        for person in moving {
            self.put(day, person, Some(to));
            let happened = Happened::Moved { from: from.map(|from| self.dwelling_id(from)), to: self.dwelling_id(to) };
            self.tell(day, person, happened);
        }
    }

    fn move_out(&mut self, day: NaiveDate, first: usize) {
        let moving = self.household(first);
        let abroad = self.dice.permille(250);
        let municipality = self.other_municipality();
        if !abroad {
            self.may_be_annulled(day, &moving, Some(&municipality));
        }
        for person in moving {
            let to = (!abroad).then(|| municipality.clone());
            self.put(day, person, None);
            self.gone.insert(person);
            let record = &mut self.residents[person];
            if !is_kept_back(record) {
                // of a home in another municipality the city is told nothing
                record.dwelling = if abroad {
                    Fact::Known("20023300000000".to_owned())
                } else {
                    Fact::Unknown(UnknownReason::OutsideLicence)
                };
                record.dwelling_since = Fact::Known(PartialDate::exact(day));
                record.municipality = to.clone().map_or(Fact::None, Fact::Known);
            }
            self.since[person].municipality = Some(PartialDate::exact(day));
            self.tell(day, person, Happened::MovedOut { to });
        }
    }

    pub(super) fn other_municipality(&mut self) -> String {
        let near = ["049", "092", "186", "235", "858", "245"];
        let found = if self.dice.permille(600) {
            self.dice.pick(&near).copied()
        } else {
            self.dice.pick(&self.snapshot.plan.source.municipalities).map(|municipality| municipality.code)
        };
        found.filter(|code| *code != HELSINKI).unwrap_or("049").to_owned()
    }

    /// Puts somebody into a dwelling, or out of all; what the source keeps back stays kept back.
    pub(super) fn put(&mut self, day: NaiveDate, person: usize, to: Option<usize>) {
        self.moved.insert(self.who(person));
        if let Some(from) = self.home[person] {
            self.members[from].retain(|member| *member != person);
            if self.members[from].is_empty() {
                let at = self.dice.index(self.empty.len() + 1);
                self.empty.insert(at, from);
                self.open(from, false);
            }
        }
        self.home[person] = to;
        let Some(to) = to else { return };
        self.members[to].push(person);
        let (dwelling, since) = (Fact::Known(self.dwelling_id(to)), Fact::Known(PartialDate::exact(day)));
        let record = &mut self.residents[person];
        if is_kept_back(record) {
            if let Some(residence) = self.kept_back.get_mut(&person) {
                (residence.dwelling, residence.since) = (dwelling, since);
            }
            self.open(to, true);
        } else {
            (record.dwelling, record.dwelling_since) = (dwelling, since);
        }
    }

    /// Says of a dwelling that somebody may be missing from it, or that nobody is.
    fn open(&mut self, dwelling: usize, open: bool) {
        let record = &mut self.dwellings[dwelling];
        if open {
            record.members = ListState::Open(UnknownReason::Withheld);
            record.address = Fact::Unknown(UnknownReason::Withheld);
        } else if record.members != ListState::Whole {
            record.members = ListState::Whole;
            let building = record.building.as_ref().and_then(|id| self.numbers.get(id));
            let number = record.id.get(12..15).and_then(|number| number.parse().ok());
            let address = building.map(|building| Shape::of(self.snapshot.plan, *building).address(number));
            record.address = address.map_or(Fact::Unknown(UnknownReason::NotDelivered), Fact::Known);
        }
    }

    fn set_protection(&mut self, day: NaiveDate, person: usize) {
        if self.residents[person].protection != Fact::Known(false) {
            return;
        }
        let withheld = self.dice.permille(550);
        let record = &mut self.residents[person];
        record.protection = Fact::Known(true);
        if withheld {
            self.kept_back.insert(person, Residence::of(record));
            record.municipality = Fact::Unknown(UnknownReason::Withheld);
            record.dwelling = Fact::Unknown(UnknownReason::Withheld);
            record.dwelling_since = Fact::Unknown(UnknownReason::Withheld);
            if let Some(dwelling) = self.home[person] {
                self.open(dwelling, true);
            }
        }
        self.tell(day, person, Happened::ProtectionSet { withheld });
    }

    /// The present home is told again when protection ends.
    fn lift_protection(&mut self, day: NaiveDate, person: usize) {
        if self.residents[person].protection != Fact::Known(true) {
            return;
        }
        self.residents[person].protection = Fact::Known(false);
        if let Some(residence) = self.kept_back.remove(&person) {
            let record = &mut self.residents[person];
            record.municipality = residence.municipality;
            record.dwelling = residence.dwelling;
            record.dwelling_since = residence.since;
            if let Some(home) = self.home[person]
                && !self.members[home].iter().any(|other| is_kept_back(&self.residents[*other]))
            {
                self.open(home, false);
            }
        }
        self.tell(day, person, Happened::ProtectionLifted);
    }

    fn be_found_dead(&mut self, day: NaiveDate, person: usize) {
        let who = self.who(person);
        if self.deaths.iter().rev().take(50).any(|death| death.who == who) {
            return;
        }
        self.deaths.push(DeathRecord { who, source: DEATHS_SOURCE.to_owned(), dead: true });
        self.tell(day, person, Happened::FoundDead { source: DEATHS_SOURCE.to_owned() });
    }

    fn die(&mut self, day: NaiveDate, person: usize) {
        self.residents[person].dead = true;
        self.since[person].death = Some(day);
        self.tell(day, person, Happened::Died);
        if let Some(from) = self.home[person].take() {
            self.members[from].retain(|member| *member != person);
            if self.members[from].is_empty() {
                self.empty.push(from);
                self.open(from, false);
            }
        }
    }
}
