//! The head of a rule: `const RULE = #{ ... }`, read literally.

use std::sync::Arc;

use chrono::NaiveDate;
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::rule_card::{Discretion, Effect, MessagePlan, Recipients, Replies, Reply, SentOn, WhenLate};

use crate::diagnostic::{Code, Diagnostic, Place, did_you_mean};
use crate::literal::{Literal, Placed};
use crate::rule_set::RuleFile;

/// What a rule says of itself.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) title: String,
    pub(crate) law: Vec<(String, Place)>,
    pub(crate) from: NaiveDate,
    pub(crate) until: Option<NaiveDate>,
    pub(crate) review_by: NaiveDate,
    pub(crate) purpose: (String, Place),
    pub(crate) subject: SubjectKind,
    pub(crate) discretion: Discretion,
    pub(crate) effect: Effect,
    pub(crate) late: WhenLate,
    pub(crate) messages: Vec<Message>,
    pub(crate) not_again_within_days: Option<u32>,
    /// Facts of a special category or ground that decide, each by a section of law.
    pub(crate) decides_on: Vec<(String, Place)>,
}

/// A message that the rule sends.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) plan: MessagePlan,
    /// Where its text is named.
    pub(crate) text: Place,
    /// Where it says whether a reply is needed.
    pub(crate) reply: Place,
}

struct Reader<'f> {
    file: &'f RuleFile,
    diagnostics: &'f mut Vec<Diagnostic>,
}

pub(crate) fn read(file: &RuleFile, literal: &Placed, diagnostics: &mut Vec<Diagnostic>) -> Option<Head> {
    let mut reader = Reader { file, diagnostics };
    if !reader.is_map(literal, "RULE", "title: \"...\", kind: ...") {
        return None;
    }
    reader.only(
        literal,
        &[
            "title",
            "kind",
            "law",
            "in_force",
            "purpose",
            "subject",
            "discretion",
            "effect",
            "late",
            "messages",
            "decides_on",
            "not_again_within",
            "silence_accepts",
        ],
    );
    let title = reader.text(literal, "title");
    reader.word(literal, "kind", &[("right", ()), ("service", ()), ("duty", ()), ("follow_up", ())]);
    let law = reader.law(literal);
    let (from, until, review_by) = reader.in_force(literal);
    let purpose = reader.placed_text(literal, "purpose");
    let subject = reader.word(
        literal,
        "subject",
        &[
            ("resident", SubjectKind::Resident),
            ("household", SubjectKind::Household),
            ("building", SubjectKind::Building),
        ],
    );
    let discretion = reader.word(
        literal,
        "discretion",
        &[("none", Discretion::None), ("pre_assessed", Discretion::PreAssessed), ("required", Discretion::Required)],
    );
    let effect = reader.effect(literal);
    let late = reader.word(
        literal,
        "late",
        &[("task", WhenLate::Task), ("offer", WhenLate::Offer), ("nothing", WhenLate::Nothing)],
    );
    let messages = reader
        .list(literal, "messages")
        .map(|items| items.iter().filter_map(|item| reader.message(item)).collect::<Vec<_>>());
    let not_again_within_days = reader.not_again_within(literal);
    let decides_on = reader.decides_on(literal);
    reader.silence_accepts(literal, effect, discretion);
    Some(Head {
        title: title?,
        law: law?,
        from: from?,
        until,
        review_by: review_by?,
        purpose: purpose?,
        subject: subject?,
        discretion: discretion?,
        effect: effect?,
        late: late?,
        messages: messages?,
        not_again_within_days,
        decides_on,
    })
}

impl Reader<'_> {
    fn error(&mut self, place: Place, message: String, help: String) {
        self.diagnostics
            .push(Diagnostic::error(Code::Form, &self.file.path, &self.file.text, place, message).with_help(help));
    }

    /// Whether it is a map at all; if not, nothing more is said of what it lacks.
    fn is_map(&mut self, value: &Placed, key: &str, sample: &str) -> bool {
        let is_map = matches!(value.literal, Literal::Map(_));
        if !is_map {
            self.error(value.place, format!("`{key}` is not a map"), format!("write `#{{ {sample} }}`"));
        }
        is_map
    }

    fn only(&mut self, map: &Placed, keys: &[&str]) {
        if let Literal::Map(entries) = &map.literal {
            for (name, place, _) in entries {
                if !keys.contains(&name.as_str()) {
                    let help = did_you_mean(name, keys.iter().copied()).map_or_else(
                        || format!("known here: {}", keys.join(", ")),
                        |known| format!("did you mean `{known}`?"),
                    );
                    self.error(*place, format!("the head of a rule has no `{name}`"), help);
                }
            }
        }
    }

    fn required<'p>(&mut self, map: &'p Placed, key: &str) -> Option<&'p Placed> {
        let found = map.get(key);
        if found.is_none() {
            self.error(
                map.place,
                format!("`{key}` is missing in the head of the rule"),
                format!("add `{key}: ...` to it"),
            );
        }
        found
    }

    fn text(&mut self, map: &Placed, key: &str) -> Option<String> {
        self.placed_text(map, key).map(|(text, _)| text)
    }

    fn placed_text(&mut self, map: &Placed, key: &str) -> Option<(String, Place)> {
        let value = self.required(map, key)?;
        let text = value.text().map(|text| (text.to_owned(), value.place));
        if text.is_none() {
            self.error(value.place, format!("`{key}` is not a text"), format!("write `{key}: \"...\"`"));
        }
        text
    }

    fn law(&mut self, map: &Placed) -> Option<Vec<(String, Place)>> {
        let items = self.list(map, "law")?;
        let mut law = Vec::new();
        for item in items {
            match item.text() {
                Some(text) => law.push((text.to_owned(), item.place)),
                None => self.error(
                    item.place,
                    "a law is cited as a text".to_owned(),
                    "write it in quotes, as `laws.toml` has it".to_owned(),
                ),
            }
        }
        Some(law)
    }

    fn in_force(&mut self, map: &Placed) -> (Option<NaiveDate>, Option<NaiveDate>, Option<NaiveDate>) {
        let Some(force) = self.required(map, "in_force").cloned() else { return (None, None, None) };
        if !self.is_map(&force, "in_force", "from: \"2027-08-01\", review_by: \"2028-06-30\"") {
            return (None, None, None);
        }
        self.only(&force, &["from", "until", "review_by"]);
        let from = self.day(&force, "from");
        let until_value = force.get("until").cloned();
        let until = until_value.as_ref().and_then(|value| self.as_day(value, "until"));
        if let (Some(from), Some(until), Some(value)) = (from, until, until_value)
            && until <= from
        {
            self.error(
                value.place,
                "this version ends before it begins".to_owned(),
                "`from` is the first day, included; `\"until\"` is the first day after, excluded".to_owned(),
            );
        }
        (from, until, self.day(&force, "review_by"))
    }

    fn not_again_within(&mut self, map: &Placed) -> Option<u32> {
        let value = map.get("not_again_within")?;
        let days = value.int().and_then(|days| u32::try_from(days).ok()).filter(|days| *days > 0);
        if days.is_none() {
            self.error(
                value.place,
                "`not_again_within` is not a number of days".to_owned(),
                "write a whole number of days: `not_again_within: 365`".to_owned(),
            );
        }
        days
    }

    /// `decides_on: #{ language: "Act 1/2020 s. 3" }`: the law is one that the rule cites.
    fn decides_on(&mut self, map: &Placed) -> Vec<(String, Place)> {
        let Some(value) = map.get("decides_on").cloned() else { return Vec::new() };
        let Literal::Map(facts) = &value.literal else {
            self.is_map(&value, "decides_on", "language: \"Act 1/2020 s. 3\"");
            return Vec::new();
        };
        let cited = cited(map);
        for (_, _, law) in facts {
            if law.text().is_none_or(|law| !cited.contains(&law)) {
                self.error(
                    law.place,
                    "`decides_on` names a law that this rule does not cite".to_owned(),
                    "write one of those in `law`, as it stands there".to_owned(),
                );
            }
        }
        facts.iter().map(|(fact, place, _)| (fact.clone(), *place)).collect()
    }

    /// `silence_accepts: "Act 1/2020 s. 3"`: refused where silence can never accept, and as yet everywhere else too.
    fn silence_accepts(&mut self, map: &Placed, effect: Option<Effect>, discretion: Option<Discretion>) {
        let Some(value) = map.get("silence_accepts").filter(|value| value.bool() != Some(false)) else { return };
        let in_law = "write the section that lets it, one of those in `law`: `silence_accepts: \"Act 1/2020 s. 3\"`";
        let Some(law) = value.text() else {
            let message = "silence accepts only where a section of law lets it";
            self.error(value.place, message.to_owned(), in_law.to_owned());
            return;
        };
        if !cited(map).contains(&law) {
            let message = "`silence_accepts` names a law that this rule does not cite";
            self.error(value.place, message.to_owned(), in_law.to_owned());
            return;
        }
        // what is wrong with these two is told of them
        let Some((effect, discretion)) = effect.zip(discretion) else { return };
        let reasons = [
            (!effect.favourable, "it is not in the resident's favour"),
            (!effect.reversible, "it cannot be undone"),
            (effect.fee && !fault!(SilenceMayCost), "it costs a fee"),
            (effect.sensitive, "it is sensitive"),
            (discretion != Discretion::None, "somebody has to judge"),
        ];
        let reasons: Vec<&str> = reasons.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason).collect();
        let (message, help) = if reasons.is_empty() {
            ("silence that accepts is not available yet".to_owned(), "leave it out: silence decides nothing")
        } else {
            let help = "leave it out; `effect` and `discretion` say what the matter is";
            (format!("silence cannot accept here: {}", reasons.join(", ")), help)
        };
        self.error(value.place, message, help.to_owned());
    }

    fn word<T: Copy>(&mut self, map: &Placed, key: &str, words: &[(&str, T)]) -> Option<T> {
        let value = self.required(map, key)?;
        let found = value.text().and_then(|text| words.iter().find(|(word, _)| *word == text));
        if found.is_none() {
            let known: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            let message = match value.text() {
                Some(text) => format!("`{key}` cannot be \"{text}\""),
                None => format!("`{key}` is not a text"),
            };
            self.error(value.place, message, format!("write one of {}", known.join(", ")));
        }
        found.map(|(_, meaning)| *meaning)
    }

    fn day(&mut self, map: &Placed, key: &str) -> Option<NaiveDate> {
        let value = self.required(map, key)?.clone();
        self.as_day(&value, key)
    }

    fn as_day(&mut self, value: &Placed, key: &str) -> Option<NaiveDate> {
        let day = value.text().and_then(|text| text.parse().ok());
        if day.is_none() {
            self.error(
                value.place,
                format!("`{key}` is not a day"),
                "write it in quotes as year-month-day: \"2027-08-01\"".to_owned(),
            );
        }
        day
    }

    fn list<'p>(&mut self, map: &'p Placed, key: &str) -> Option<&'p [Placed]> {
        let value = self.required(map, key)?;
        if let Literal::List(items) = &value.literal {
            return Some(items);
        }
        self.error(value.place, format!("`{key}` is not a list"), format!("write `{key}: [ ... ]`"));
        None
    }

    fn effect(&mut self, map: &Placed) -> Option<Effect> {
        let effect = self.required(map, "effect")?.clone();
        if !self.is_map(&effect, "effect", "favourable: true, reversible: true, fee: false, sensitive: false") {
            return None;
        }
        self.only(&effect, &["favourable", "reversible", "fee", "sensitive"]);
        let mut flag = |key: &str| {
            let value = self.required(&effect, key)?;
            let flag = value.bool();
            if flag.is_none() {
                self.error(value.place, format!("`{key}` is not yes or no"), "write `true` or `false`".to_owned());
            }
            flag
        };
        let (favourable, reversible, fee, sensitive) =
            (flag("favourable"), flag("reversible"), flag("fee"), flag("sensitive"));
        Some(Effect { favourable: favourable?, reversible: reversible?, fee: fee?, sensitive: sensitive? })
    }

    fn message(&mut self, item: &Placed) -> Option<Message> {
        if !self.is_map(item, "messages", "to: \"custodians\", text: \"place\", reply: \"needed\"") {
            return None;
        }
        self.only(item, &["to", "text", "reply", "replies", "on", "only_if", "minors_from"]);
        let to = self.word(
            item,
            "to",
            &[
                ("custodians", Recipients::Custodians),
                ("subject", Recipients::Subject),
                ("owners", Recipients::Owners),
                ("adults", Recipients::HouseholdAdults),
            ],
        );
        let text = self.placed_text(item, "text");
        let on = if item.get("on").is_some() {
            self.word(item, "on", &[("offer", SentOn::Offer), ("remind", SentOn::Remind)])?
        } else {
            SentOn::Offer
        };
        if item.get("only_if").is_some() {
            self.word(item, "only_if", &[("no_reply", ())])?;
        }
        let reply = if item.get("reply").is_some() || on == SentOn::Offer {
            self.word(item, "reply", &[("needed", Reply::Needed), ("none", Reply::None)])?
        } else {
            Reply::None
        };
        let replies = if item.get("replies").is_some() {
            self.word(item, "replies", &[("one_is_enough", Replies::OneIsEnough), ("all", Replies::All)])?
        } else {
            Replies::OneIsEnough
        };
        let minors_from_years = self.minors_from(item, to);
        let (text, place) = text?;
        let reply_at = item.get("reply").map_or(place, |reply| reply.place);
        let plan = MessagePlan { to: to?, text: Arc::from(text), reply, replies, on, minors_from_years };
        Some(Message { plan, text: place, reply: reply_at })
    }

    fn minors_from(&mut self, item: &Placed, to: Option<Recipients>) -> Option<u8> {
        let value = item.get("minors_from")?;
        if to.is_some_and(|to| to != Recipients::Subject) {
            self.error(
                value.place,
                "`minors_from` is for messages to the subject".to_owned(),
                "remove it, or write `to: \"subject\"`".to_owned(),
            );
            return None;
        }
        let years = value.int().and_then(|years| u8::try_from(years).ok()).filter(|years| (1..18).contains(years));
        if years.is_none() {
            self.error(
                value.place,
                "`minors_from` is not an age of a minor".to_owned(),
                "write the age in years from which the law lets a minor act in person: `minors_from: 15`".to_owned(),
            );
        }
        years
    }
}

/// The laws that the head cites.
fn cited(head: &Placed) -> Vec<&str> {
    match head.get("law").map(|law| &law.literal) {
        Some(Literal::List(laws)) => laws.iter().filter_map(Placed::text).collect(),
        _ => Vec::new(),
    }
}
