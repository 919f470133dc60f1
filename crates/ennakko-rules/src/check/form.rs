//! The form of a rule: its functions are there, with the right parameters, and end as they should.

use ennakko_core::fact_table::SubjectKind;
use ennakko_core::rule_card::Reply;

use super::Checking;
use super::types::Elaborated;
use crate::diagnostic::{Code, Place, Severity};
use crate::expression::{Expression, Kind as Form, Span};
use crate::facts::{COHORT_FACTS, FUNCTIONS, Kind, METHODS};
use crate::head::{Head, Message};
use crate::settings::is_name;
use crate::tree::{Entry, Named};

/// The functions of the rule form: name, number of parameters.
pub(super) const FORM: &[(&str, usize)] = &[
    ("occasion", 2),
    ("cohort", 3),
    ("conditions", 3),
    ("already", 3),
    ("officer", 3),
    ("sanity", 3),
    ("offer", 3),
    ("choices", 3),
    ("priority", 4),
];

/// Those that end in a map of named lines.
const NAMED: &[&str] = &["conditions", "already", "officer", "sanity", "offer"];

impl Checking<'_> {
    pub(super) fn form(&mut self, head: Option<&Head>, elaborated: &Elaborated) {
        self.top_level();
        let mut needed = vec!["occasion", "conditions", "offer"];
        if head.is_some_and(|head| head.subject == SubjectKind::Resident) {
            needed.extend(["cohort", "sanity"]);
        }
        for name in needed {
            if !self.script.functions.contains_key(name) {
                let n = FORM.iter().find(|(known, _)| *known == name).map_or(3, |(_, n)| *n);
                let parameters = if n == 2 { "subject, on" } else { "subject, on, occasion" };
                let body = if NAMED.contains(&name) { "#{ name: test }" } else { "..." };
                self.error(Code::Form, Place::START, format!("this rule has no function `{name}`")).help =
                    Some(format!("add `fn {name}({parameters}) {{ {body} }}`"));
            }
        }
        for (name, n) in FORM {
            let Some(function) = self.script.functions.get(*name).cloned() else { continue };
            if function.parameters.len() != *n {
                let has = parameters(function.parameters.len());
                self.error(Code::Form, function.place, format!("`{name}` has {has}, not {n}")).help =
                    Some("the subject comes first, then the day, then the occasion".into());
            }
            if NAMED.contains(name) {
                self.named_function(name, function.place);
                self.leaves(name);
            }
        }
        self.cohort(elaborated);
        self.not_again(head, elaborated);
        self.reply_by(head);
    }

    /// A reply is asked for until a day that the rule says.
    fn reply_by(&mut self, head: Option<&Head>) {
        let asks = |message: &&Message| message.plan.reply == Reply::Needed;
        let Some(message) = head.and_then(|head| head.messages.iter().find(asks)) else { return };
        let Some(terms) = self.script.values("offer") else { return };
        if !terms.iter().any(|(name, _)| name == "reply_by") {
            let place = message.reply;
            let found = self.error(Code::Form, place, "a reply is needed, and `offer` does not say until when");
            found.severity = Severity::Warning;
            found.help = Some("add `reply_by: ...` to it; without, it is the day before the occasion closes".into());
        }
    }

    /// Constants and functions only, one constant, and no function that would change what rules mean.
    pub(super) fn top_level(&mut self) {
        for place in self.script.stray.clone() {
            self.error(Code::Form, place, "this stands outside every function").help =
                Some("move it into a function".into());
        }
        for (name, place, _) in self.script.constants.clone() {
            if name != "RULE" || self.in_shared {
                self.error(Code::Form, place, format!("no function can see `{name}`")).help = Some(
                    "write the value where it is used, in a helper function, or in `parameters.toml` with its source"
                        .into(),
                );
            }
        }
        let mut seen = Vec::new();
        for (name, place, _) in self.script.constants.clone() {
            if seen.contains(&name) {
                self.error(Code::Form, place, format!("there are two `{name}`")).help = Some("remove one".into());
            }
            seen.push(name);
        }
        for (name, place) in self.script.doubled.clone() {
            self.error(Code::Form, place, format!("there are two functions `{name}`")).help =
                Some("rename or remove one; those of `_shared.rhai` count too".into());
        }
        for (name, function) in self.script.functions.clone() {
            if self.in_shared && FORM.iter().any(|(known, _)| *known == name) {
                self.error(Code::Form, function.place, format!("`{name}` belongs in a rule's own file")).help =
                    Some("the shared file holds helper functions only; give it another name".into());
            }
            let taken = FUNCTIONS.iter().chain(METHODS).any(|(known, _)| *known == name);
            if taken && function.shared == self.in_shared {
                self.error(Code::Form, function.place, format!("`{name}` means something in every rule already"))
                    .help = Some("give the function another name".into());
            }
        }
    }

    fn named_function(&mut self, name: &str, place: Place) {
        let Some(entries) = self.script.entries(name) else {
            if self.script.doubled.iter().any(|(doubled, _)| *doubled == name) {
                return;
            }
            self.error(Code::Form, place, format!("`{name}` does not end in named lines")).help =
                Some("end the function with one map: `#{ name: test, other_name: other_test }`".into());
            return;
        };
        for named in &entries {
            self.name(named);
        }
    }

    /// A function that ends in named lines does nothing else before them.
    fn leaves(&mut self, name: &str) {
        let Some(tree) = self.script.trees.get(name) else { return };
        let Form::Block { value: Some(value), .. } = &tree.body.kind else { return };
        if let Form::If { then, .. } = &value.kind {
            let span = returned(&self.file.text, then);
            let place = Place::of_range(&self.file.text, span.range());
            self.error(Code::Form, place, format!("`{name}` cannot leave before its named lines")).help =
                Some("every line is evaluated each time; say it in the lines, or in a helper function".into());
        }
    }

    fn name(&mut self, named: &Named) {
        if !is_name(&named.name) {
            self.error(Code::Form, named.place, format!("`{}` cannot be a name", shown(&named.name))).help =
                Some("a name is small letters a to z, digits and `_`, and begins with a letter".into());
        }
        if let Entry::AnyOf(inner) | Entry::AllOf(inner) = &named.entry {
            for named in inner {
                self.name(named);
            }
        }
    }

    /// Who is asked at all must not hang on anything that is withheld of protected people, or they would go uncounted.
    fn cohort(&mut self, elaborated: &Elaborated) {
        for reading in elaborated.readings.iter().filter(|reading| reading.function == "cohort") {
            let declared = self.check.tables.facts.iter();
            let mut declared =
                declared.filter(|fact| Kind::from(fact.subject) == reading.of && fact.name == *reading.name);
            let refused = match declared.next() {
                Some(fact) => fact.reveals_home,
                None => !COHORT_FACTS.contains(&&*reading.name),
            };
            if refused && !fault!(CohortMayReadHomes) {
                self.at(Code::Form, reading.at, format!("`cohort` may not read `{}`", reading.name)).help = Some(
                    "it may be withheld, and then somebody would not even be counted; move it to `conditions`".into(),
                );
            }
        }
    }

    /// An occasion whose id hangs on a fact comes again when the fact is corrected.
    fn not_again(&mut self, head: Option<&Head>, elaborated: &Elaborated) {
        if fault!(OccasionsMayComeAgain) || head.is_none_or(|head| head.not_again_within_days.is_some()) {
            return;
        }
        for at in &elaborated.comes_again {
            self.at(Code::Form, *at, "this occasion would come again whenever the day is corrected").help =
                Some("add `not_again_within: 365` (in days) to the head of the rule".into());
        }
    }
}

/// Where a block is left.
fn returned(text: &str, then: &Expression) -> Span {
    let word = "return";
    let written = text.get(then.span.range()).unwrap_or_default();
    written.find(word).map_or(then.span, |at| Span::new(then.span.start + at, then.span.start + at + word.len()))
}

/// `1 parameter`, `2 parameters`
fn parameters(n: usize) -> String {
    if n == 1 { "1 parameter".to_owned() } else { format!("{n} parameters") }
}

/// A name as it can be shown.
fn shown(name: &str) -> String {
    name.chars().take(40).collect()
}
