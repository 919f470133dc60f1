//! Those who come: children born in the year, with the code and the name of their first weeks, and people who move in.

use chrono::{Days, Months, NaiveDate};
use ennakko_core::day::PartialDate;
use ennakko_core::identity::IdentityCode;
use ennakko_core::record::{CustodyKind, CustodyRecord, ListState, Names, ResidentRecord, Who};
use ennakko_core::{Fact, ResidentKey, Uuid};

use super::corrections::Annulled;
use super::town::{Residence, Town, is_kept_back};
use super::{Happened, Since};
use crate::sample::language;
use crate::sample::resident::HELSINKI;
use crate::sample::snapshot::sex;

/// What falls due some days after something else.
pub(super) enum Due {
    /// A new-born gets a code.
    Code(usize, IdentityCode),
    /// A new-born gets names.
    Names(usize, Names),
    /// A death entered by mistake is retracted.
    Retract(usize),
    /// A move that never took place is removed.
    Annul(Annulled),
}

impl Town<'_> {
    pub(super) fn give_birth(&mut self, day: NaiveDate, mother: usize) {
        let Some(dwelling) = self.home[mother] else { return };
        let partner =
            self.members[dwelling].iter().copied().find(|other| *other != mother && self.is_partner(mother, *other));
        let custodians: Vec<Who> = std::iter::once(mother).chain(partner).map(|parent| self.who(parent)).collect();
        let of_sex = u8::from(self.dice.below(1000) < 512);
        let key = ResidentKey::from_uuid(Uuid::new_v8(self.dice.bytes()));
        let named = self.dice.permille(800);
        let family = self.residents[mother].names.as_ref().map_or_else(String::new, |names| names.family.clone());
        // most births of the year have their code by its end; those of its last days have not
        let code = if self.dice.permille(985) { self.codes.next(day, of_sex) } else { None };
        let mut record = ResidentRecord {
            key: Some(key),
            code: None,
            former_codes: Vec::new(),
            names: None,
            born: Fact::Known(PartialDate::exact(day)),
            sex: Fact::Known(sex(of_sex)),
            dead: false,
            municipality: self.residents[mother].municipality.clone(),
            language: self.residents[mother].language.clone(),
            protection: self.residents[mother].protection,
            dwelling: self.residents[mother].dwelling.clone(),
            dwelling_since: Fact::Known(PartialDate::exact(day)),
            custodians: ListState::Whole,
            in_care: Fact::None,
        };
        let child = self.residents.len();
        if is_kept_back(&record) {
            // the child lives where its mother does
            let residence = self.kept_back.get(&mother).map_or_else(|| Residence::of(&record), Residence::clone);
            self.kept_back.insert(child, Residence { since: record.dwelling_since, ..residence });
            record.dwelling_since = record.dwelling.clone().map(|_| PartialDate::exact(day));
        }
        self.residents.push(record);
        self.since.push(Since { municipality: Some(PartialDate::exact(day)), ..Since::default() });
        self.home.push(Some(dwelling));
        self.members[dwelling].push(child);
        for custodian in &custodians {
            self.add_custody(&Who::Key(key), custodian);
        }
        self.tell(day, child, Happened::Born { custodians, dwelling: self.dwelling_id(dwelling) });
        self.first_weeks(day, child, code, named.then_some(family));
    }

    /// The code and the name that a new-born gets in its first weeks.
    fn first_weeks(&mut self, born: NaiveDate, child: usize, code: Option<IdentityCode>, family: Option<String>) {
        let later = |days: u32| born.checked_add_days(Days::new(u64::from(days))).unwrap_or(born);
        let of_sex = usize::from(self.residents[child].sex == Fact::Known(sex(1)));
        let (coded, named) = (later(1 + self.dice.below(9)), later(12 + self.dice.below(60)));
        if let Some(code) = code {
            self.due.entry(coded).or_default().push(Due::Code(child, code));
        }
        if let Some(family) = family {
            let given = self.snapshot.plan.source.first_names[of_sex].draw(&mut self.dice).to_owned();
            self.due.entry(named).or_default().push(Due::Names(child, Names { given, family }));
        }
    }

    /// Lets happen what falls due up to and with a day.
    pub(super) fn fall_due(&mut self, day: NaiveDate) {
        while let Some(entry) = self.due.first_entry().filter(|entry| *entry.key() <= day) {
            let (day, due) = entry.remove_entry();
            for what in due {
                match what {
                    Due::Code(child, code) if !self.residents[child].dead => self.give_code(day, child, code),
                    Due::Names(child, names) if !self.residents[child].dead => self.give_names(day, child, names),
                    Due::Code(..) | Due::Names(..) => {}
                    Due::Retract(record) => self.retract_death(day, record),
                    Due::Annul(annulled) => self.annul(day, annulled),
                }
            }
        }
    }

    fn add_custody(&mut self, child: &Who, custodian: &Who) {
        let row = self.custody.len();
        self.custody.push(CustodyRecord {
            child: child.clone(),
            custodian: custodian.clone(),
            kind: CustodyKind::Custodian,
            from: Fact::None,
            until: Fact::None,
            may_decide: Fact::Known(true),
            rights: Vec::new(),
        });
        for side in [child, custodian] {
            self.custody_of.entry(side.clone()).or_default().push(row);
        }
    }

    /// One adult, or two, or a family with a child, comes to an empty dwelling.
    pub(super) fn arrive(&mut self, day: NaiveDate) {
        let Some(dwelling) = self.empty.pop() else { return };
        let abroad = self.dice.permille(400);
        let from = if abroad { None } else { Some(self.other_municipality()) };
        let spoken = language::draw(&mut self.dice, 30);
        let family = self.snapshot.plan.source.surnames.draw(&mut self.dice).to_owned();
        let eldest = 19 + self.dice.below(12) + self.dice.below(12) + self.dice.below(20);
        let (adults, children) = match self.dice.below(20) {
            0..=13 => (1, 0),
            14..=17 => (2, 0),
            18 => (2, 1 + self.dice.below(2)),
            _ => (1, 1),
        };
        let children = if eldest < 26 { 0 } else { children };
        let mut parents: Vec<Who> = Vec::new();
        for at in 0..adults + children {
            let child = at >= adults;
            let age = if child { self.dice.below((eldest - 20).min(17)) } else { eldest - at.min(1) };
            let years = day.checked_sub_months(Months::new(12 * age)).unwrap_or(day);
            let born = years.checked_sub_days(Days::new(u64::from(self.dice.below(364)))).unwrap_or(years);
            let who = self.newcomer(day, born, spoken, &family, dwelling);
            let Some((record, who)) = who else { continue };
            if child {
                for parent in &parents {
                    self.add_custody(&who, parent);
                }
            } else {
                parents.push(who);
            }
            self.tell(day, record, Happened::MovedIn { from: from.clone(), dwelling: self.dwelling_id(dwelling) });
        }
    }

    fn newcomer(
        &mut self,
        day: NaiveDate,
        born: NaiveDate,
        spoken: u8,
        family: &str,
        dwelling: usize,
    ) -> Option<(usize, Who)> {
        let of_sex = u8::from(self.dice.below(2) == 0);
        let code = self.codes.next(born, of_sex)?;
        let given = self.snapshot.plan.source.first_names[usize::from(of_sex)].draw(&mut self.dice).to_owned();
        let record = self.residents.len();
        let who = Who::Code(code.clone());
        self.residents.push(ResidentRecord {
            key: None,
            code: Some(code),
            former_codes: Vec::new(),
            names: Some(Names { given, family: family.to_owned() }),
            born: Fact::Known(PartialDate::exact(born)),
            sex: Fact::Known(sex(of_sex)),
            dead: false,
            municipality: Fact::Known(HELSINKI.to_owned()),
            language: Fact::Known(language::code(spoken).to_owned()),
            protection: Fact::Known(false),
            dwelling: Fact::Known(self.dwelling_id(dwelling)),
            dwelling_since: Fact::Known(PartialDate::exact(day)),
            custodians: ListState::Whole,
            in_care: Fact::None,
        });
        self.since.push(Since { municipality: Some(PartialDate::exact(day)), ..Since::default() });
        self.home.push(Some(dwelling));
        self.members[dwelling].push(record);
        Some((record, who))
    }
}
