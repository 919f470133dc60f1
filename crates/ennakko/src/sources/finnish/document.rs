//! What is known of one person: the groups in force as they were delivered, and the codes. Base data fills it, changes change
//! it. It keeps its identity whatever the code in force is.

use chrono::NaiveDate;
use ennakko_core::UnknownReason;
use ennakko_core::identity::PersonalIdentityCode;
use ennakko_core::identity::finnish::Profile;

use super::date::turning_days;
use super::group::{Attribute, ChangedGroup, CodeCorrection, Delivered, Group, NoGroup, Says};
use super::place::{Place, has_end, party_before, place, same_thing};
use crate::sources::SourceProblem;

/// One person's document. Groups are kept as the texts that were delivered, and read when somebody asks.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Document {
    // INVARIANT (somebody): at least one code
    codes: Vec<PersonalIdentityCode>,
    // exactly as long as it is: a list made of what was read would keep its room
    groups: Box<[Box<str>]>,
    /// Digests of the changes that have been taken since the last base data.
    pub(super) applied: Vec<Box<str>>,
    /// Where it stood in what was read last, from 1.
    pub(super) position: u64,
}

/// What was wrong with one group.
pub(super) type GroupProblem = (Option<String>, SourceProblem);

impl Document {
    /// The document of somebody known by this code, as yet without anything else.
    pub(super) fn of(code: PersonalIdentityCode, position: u64) -> Self {
        Self { codes: vec![code], groups: Box::default(), applied: Vec::new(), position }
    }

    /// The document of somebody with these codes, the one in force last; none without a code.
    pub(super) fn with(codes: Vec<PersonalIdentityCode>, groups: Vec<Box<str>>, position: u64) -> Option<Self> {
        (!codes.is_empty()).then(|| Self { codes, groups: groups.into(), applied: Vec::new(), position })
    }

    /// Every code, oldest first, the one in force last.
    pub(super) fn codes(&self) -> &[PersonalIdentityCode] {
        &self.codes
    }

    /// The texts of the groups.
    pub(super) fn raw_groups(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().map(|group| &**group)
    }

    /// Whether something that is told begins or may end after one day and up to another.
    pub(super) fn turns(&self, after: NaiveDate, until: NaiveDate) -> bool {
        after < until && self.raw_groups().any(|raw| turning_days(raw).any(|day| after < day && day <= until))
    }

    /// The groups, read.
    pub(super) fn open(&self) -> Vec<Delivered> {
        self.groups.iter().filter_map(|raw| Delivered::read(raw).ok()).collect()
    }

    /// Stands in place of what was known.
    pub(super) fn close(&mut self, held: Vec<Delivered>) {
        self.groups = held.into_iter().map(|group| group.raw.into_boxed_str()).collect();
    }

    /// Takes the codes of the groups that tell of corrected ones: the one in force last. Without one in
    /// force the codes stay, and that is told.
    pub(super) fn take_codes(&mut self, held: &[Delivered], profile: Profile) -> Vec<GroupProblem> {
        let mut problems = Vec::new();
        for group in held {
            if let Some(Group::Codes(correction)) = group.group() {
                self.correct_codes(correction, profile, &mut problems);
            }
        }
        problems
    }

    /// Keeps codes of before that the newest delivery does not tell. A code that was known as a former one does not come into
    /// force again without a word of a correction.
    pub(super) fn keep_codes(&mut self, before: &[PersonalIdentityCode]) {
        if let [only] = self.codes.as_slice()
            && before.contains(only)
        {
            self.codes = before.to_vec();
            return;
        }
        let kept: Vec<_> = before.iter().filter(|code| !self.codes.contains(code)).cloned().collect();
        self.codes.splice(0..0, kept);
    }

    fn correct_codes(&mut self, correction: &CodeCorrection, profile: Profile, problems: &mut Vec<GroupProblem>) {
        let mut read = |text: &str| match PersonalIdentityCode::parse(text, profile) {
            Ok(code) => Some(code),
            Err(error) => {
                problems.push((Some("HENKILOTUNNUS_KORJAUS".to_owned()), SourceProblem::of_code(error)));
                None
            }
        };
        let given = |text: &&String| !text.trim().is_empty();
        let former: Vec<PersonalIdentityCode> =
            correction.former.iter().flatten().filter(given).filter_map(|text| read(text)).collect();
        let changed = correction.changed.as_ref().filter(given).and_then(|text| read(text));
        let Some(text) = correction.active.as_ref().filter(given) else {
            problems.push((Some("HENKILOTUNNUS_KORJAUS".to_owned()), SourceProblem::NoCode));
            return;
        };
        let Some(active) = read(text) else { return };
        let mut codes: Vec<PersonalIdentityCode> = Vec::new();
        for code in former.into_iter().chain(self.codes.drain(..)).chain(changed) {
            if code != active && !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes.push(active);
        self.codes = codes;
    }
}

/// Takes what a change tells, group by group. What cannot be used is left out and told.
pub(super) fn take(held: &mut Vec<Delivered>, told: Vec<Result<ChangedGroup, NoGroup>>) -> Vec<GroupProblem> {
    let mut problems = Vec::new();
    // an order that begins with the end of another stands, in whatever order both are told
    let protects = told.iter().flatten().any(is_protecting);
    let mut told = told.into_iter().peekable();
    while let Some(next) = told.next() {
        let ChangedGroup { group, attribute, surviving } = match next {
            Ok(changed) => changed,
            Err(NoGroup { name, problem }) => {
                problems.push((name, problem));
                continue;
            }
        };
        problems.extend(group.problem().map(|problem| (Some(group.name.clone()), problem)));
        match attribute {
            Attribute::Context => {}
            Attribute::Wrong => {
                let right = told.next_if(|next| {
                    next.as_ref().is_ok_and(|next| next.attribute == Attribute::Right && next.group.name == group.name)
                });
                match right {
                    Some(Ok(right)) => {
                        let problem = right.group.problem();
                        problems.extend(problem.map(|problem| (Some(group.name.clone()), problem)));
                        correct(held, &group, right.group);
                    }
                    _ => problems.push((Some(group.name), SourceProblem::WrongShape)),
                }
            }
            Attribute::Removed => remove(held, &group, surviving),
            Attribute::Added | Attribute::Changed | Attribute::Right => {
                if !(protects && is_protection(&group, false)) {
                    enter(held, group, attribute == Attribute::Changed);
                }
                // a changed value may repeat what holds now
                for group in surviving {
                    enter(held, group, true);
                }
            }
        }
    }
    problems
}

fn is_protection(group: &Delivered, active: bool) -> bool {
    matches!(group.group(), Some(Group::Protection(order)) if order.active == Some(active))
}

fn is_protecting(told: &ChangedGroup) -> bool {
    let stands = matches!(told.attribute, Attribute::Added | Attribute::Changed | Attribute::Right);
    stands && is_protection(&told.group, true)
}

fn is_at(group: &Delivered, at: Place) -> bool {
    at != Place::Many && place(&group.name) == at
}

fn is_opaque(group: &Delivered) -> bool {
    matches!(group.says, Says::Nothing(_))
}

/// What a group tells stands from now on, in place of what told of the same thing.
pub(super) fn enter(held: &mut Vec<Delivered>, group: Delivered, changed: bool) {
    let at = place(&group.name);
    // nobody comes alive because a group cannot be read
    if is_opaque(&group) && matches!(at, Place::One("death" | "declared dead")) {
        return;
    }
    match at {
        Place::One(_) => held.retain(|other| !is_at(other, at)),
        // what is kept back from now on was known before: it is forgotten
        Place::Spells(_) if group.says == Says::Nothing(UnknownReason::Withheld) => {
            held.retain(|other| !is_at(other, at));
        }
        Place::Spells(_) => {
            if !is_opaque(&group) && !has_end(&group) {
                held.retain(|other| !(is_at(other, at) && is_opaque(other)));
            }
            held.retain(|other| *other != group);
            if let Some(same) = held.iter().position(|other| same_thing(other, &group)) {
                held.remove(same);
            }
        }
        Place::Pairs(_) => {
            held.retain(|other| *other != group);
            let same = held.iter().position(|other| same_thing(other, &group));
            let before = || held.iter().position(|other| changed && was_without_code(other, &group));
            if let Some(same) = same.or_else(before) {
                held.remove(same);
            }
        }
        Place::Many => held.retain(|other| *other != group),
    }
    held.push(group);
}

/// Whether a pair held is the changed one from before the other person had a code, or a name.
fn was_without_code(held: &Delivered, now: &Delivered) -> bool {
    match (held.group(), now.group()) {
        (Some(Group::Custody(before)), Some(Group::Custody(pair))) => {
            held.name == now.name && party_before(&before.party, &pair.party)
        }
        _ => false,
    }
}

fn position(held: &[Delivered], group: &Delivered) -> Option<usize> {
    let equal = held.iter().position(|other| other == group);
    equal.or_else(|| held.iter().position(|other| same_thing(other, group)))
}

/// The right value stands where the wrong one stood.
fn correct(held: &mut Vec<Delivered>, wrong: &Delivered, right: Delivered) {
    match position(held, wrong) {
        Some(at) if !is_opaque(&right) => held[at] = right,
        _ => enter(held, right, true),
    }
}

/// What was removed is gone; what survives stands.
fn remove(held: &mut Vec<Delivered>, group: &Delivered, surviving: Vec<Delivered>) {
    if is_opaque(group) {
        let at = place(&group.name);
        held.retain(|other| !(is_at(other, at) && is_opaque(other)));
    } else if let Some(at) = position(held, group) {
        held.remove(at);
    }
    for group in surviving {
        enter(held, group, true);
    }
}
