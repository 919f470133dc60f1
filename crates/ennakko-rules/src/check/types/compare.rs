//! Comparisons and `in`: two sides of one kind, none asked for, and what follows from the answer.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Elaborator;
use super::infer::{describe, single};
use super::ints::Ints;
use super::known::{Known, Possible, Values};
use super::numbers::{arithmetic_of, ends, key};
use super::register::yes_or_no;
use super::typed::{Number, Type, Typed};
use crate::diagnostic::{Code, did_you_mean};
use crate::expression::{Expression, Kind, Operator, Span};
use crate::step::{Comparison, Step, What};
use crate::unit::Unit;

impl Elaborator<'_> {
    pub(super) fn binary(
        &mut self,
        span: Span,
        operator: Operator,
        sign: Span,
        left: &Expression,
        right: &Expression,
    ) -> Typed {
        let orders = |side: &Expression| matches!(&side.kind, Kind::Binary { operator, .. } if operator.is_order());
        if operator.is_order() && (orders(left) || orders(right)) {
            let message = "this compares the answer of another comparison, which is never right";
            self.error(sign, Code::Numbers, message, "write `x in 50..=60`, or `50 <= x && x <= 60`");
            return self.names_of(span, [left, right]);
        }
        if let Operator::Other(word) = operator {
            let help = match word {
                "&" => "write `&&` between two tests",
                "|" => "write `||` between two tests",
                "^" => "write `!=` between two tests",
                _ => "rules add, subtract, multiply and divide",
            };
            self.error(sign, Code::Form, format!("a rule cannot use `{word}`"), help);
            return self.names_of(span, [left, right]);
        }
        let n_readings = self.readings.len();
        let (left, right) = (self.expression(left), self.expression(right));
        let typed = match (arithmetic_of(operator), comparison_of(operator)) {
            (Some(by), _) => self.arithmetic(span, by, left, right),
            (_, Some(by)) => self.compare(span, by, left, right),
            (None, None) => self.told(span),
        };
        self.decides_nothing(&typed, n_readings);
        typed
    }

    /// What is read in a comparison that cannot be made decides nothing yet.
    fn decides_nothing(&mut self, typed: &Typed, n_readings: usize) {
        if typed.is_silent() {
            self.readings.iter_mut().skip(n_readings).for_each(|reading| reading.decides = false);
        }
    }

    /// Looks at nothing but the names, something else having been told.
    pub(super) fn names_of<'x>(&mut self, span: Span, inside: impl IntoIterator<Item = &'x Expression>) -> Typed {
        let outer = std::mem::replace(&mut self.names_only, true);
        for inner in inside {
            self.expression(inner);
        }
        self.names_only = outer;
        self.told(span)
    }

    fn compare(&mut self, span: Span, by: Comparison, left: Typed, right: Typed) -> Typed {
        if left.is_silent() || right.is_silent() {
            return self.told(span);
        }
        let is_equality = matches!(by, Comparison::Equal | Comparison::NotEqual);
        match (&left.ty, &right.ty) {
            (Type::None, Type::None) => {
                self.error(span, Code::Types, "none is compared with none", "write what is asked: `child.fact == ()`");
                return self.told(span);
            }
            (Type::None, _) | (_, Type::None) if is_equality => {
                let (asked, none) = if left.ty == Type::None { (right, left) } else { (left, right) };
                return self.none_asked(span, by, asked, none);
            }
            (Type::None, _) | (_, Type::None) => {
                let help = "write `x == ()` or `x != ()` to ask for it";
                self.error(span, Code::Types, "none has no order", help);
                return self.told(span);
            }
            _ => {}
        }
        if !self.comparable(span, is_equality, &left, &right) {
            return self.told(span);
        }
        let (left, right) = if is_equality {
            (left, right)
        } else {
            let (left, right) = (self.needed(left), self.needed(right));
            if left.is_silent() || right.is_silent() {
                return self.told(span);
            }
            (left, right)
        };
        if left.possible.none && right.possible.none && !fault!(NoneEqualsNone) {
            let written = self.written(left.span).unwrap_or("x").to_owned();
            let message = "both sides may be none, and none equals none";
            let help = format!("ask first: `{written} != () && ...`");
            self.error(span, Code::NoneNotAsked, message, help);
            return self.told(span);
        }
        self.limits(&left, &right);
        self.limits(&right, &left);
        let (holds, fails) = self.implied(span, by, &left, &right);
        let step = self.step(span, What::Compare { by, left: Box::new(left.step), right: Box::new(right.step) });
        Typed::new(span, Type::Bool, step).with_values(yes_or_no()).implying(holds, fails)
    }

    /// `x == ()`, `x != ()`
    fn none_asked(&mut self, span: Span, by: Comparison, asked: Typed, none: Typed) -> Typed {
        let negated = by == Comparison::NotEqual;
        if matches!(asked.ty, Type::Members(_) | Type::Array(_) | Type::Range(_)) {
            let help = "a list of nobody is a list: ask `.len() == 0`";
            self.error(span, Code::Types, format!("{} is never none", asked.ty.words()), help);
            return self.told(span);
        }
        let (mut holds, mut fails) = (Known::nothing(), Known::nothing());
        if let Some(path) = &asked.path {
            holds = Known::of(path, Possible::only_none());
            fails = Known::of(path, Possible::only_none().others());
        }
        if !asked.possible.none || !asked.possible.some {
            let never = asked.possible.some;
            let written = self.written(asked.span).map_or_else(|| "this".into(), |text| format!("`{text}`"));
            let answer = if never == negated { "yes" } else { "no" };
            let message = format!("{written} is {} none here", if never { "never" } else { "always" });
            self.warn(span, Code::Decided, message, format!("the answer is always {answer}: leave the test out"));
        }
        if negated {
            std::mem::swap(&mut holds, &mut fails);
        }
        let step = self.step(span, What::Compare { by, left: Box::new(asked.step), right: Box::new(none.step) });
        Typed::new(span, Type::Bool, step).with_values(yes_or_no()).implying(holds, fails)
    }

    /// Whether two values can be compared at all; told if not.
    fn comparable(&mut self, span: Span, is_equality: bool, left: &Typed, right: &Typed) -> bool {
        if fault!(EverythingComparable) {
            return true;
        }
        let order = |words: &str| format!("{words} have no order");
        let (message, help): (String, String) = match (&left.ty, &right.ty) {
            (Type::Number(one), Type::Number(two)) => {
                return self.same_unit(span, left, *one, right, *two);
            }
            (Type::Day, Type::Day) => return true,
            (Type::Text(one), Type::Text(two)) if is_equality => {
                return self.same_list(span, left, one.as_ref(), right, two.as_ref());
            }
            (Type::Text(_), Type::Text(_)) => (order("texts"), "write `==`, `!=` or `in [\"...\", \"...\"]`".into()),
            (Type::Bool, Type::Bool) | (Type::Place, Type::Place | Type::Text(_)) | (Type::Text(_), Type::Place)
                if is_equality =>
            {
                return true;
            }
            (Type::Bool, Type::Bool) => (order("yes and no"), "write `==` or `!=`".into()),
            (Type::Place, Type::Place | Type::Text(_)) | (Type::Text(_), Type::Place) => {
                (order("places"), "a place is compared whole: write `==` or `!=`".into())
            }
            (one, two) => (format!("{} is compared with {}", one.words(), two.words()), self.instead_of(left, right)),
        };
        self.error(span, Code::Types, message, help);
        false
    }

    /// What to write instead of comparing two things of different kinds.
    fn instead_of(&self, left: &Typed, right: &Typed) -> String {
        let written = |typed: &Typed| self.written(typed.span).unwrap_or("x").to_owned();
        let pairs = [(left, right), (right, left)];
        for (one, two) in pairs {
            let text = match &two.possible.values {
                Values::Texts(texts) if two.is_literal => texts.iter().next().cloned(),
                _ => None,
            };
            match (&one.ty, &two.ty) {
                (Type::Day, Type::Text(_)) => {
                    let day = text.filter(|text| ennakko_core::PartialDate::parse(text).is_ok());
                    return format!("write `date(\"{}\")`", day.as_deref().unwrap_or("2027-01-08"));
                }
                (Type::Day, Type::Number(number)) if number.unit.is_some_and(|unit| unit != Unit::Year) => {
                    return "compare a day with a day, and a number with a number".to_owned();
                }
                (Type::Day, Type::Number(_)) => {
                    return format!("ask its year: `{}.year`, or write `date(\"2027-01-08\")`", written(one));
                }
                (Type::Number(_), Type::Text(_)) => {
                    let number = text.filter(|text| text.parse::<i64>().is_ok());
                    return number.map_or_else(
                        || "compare a number with a number".to_owned(),
                        |number| format!("write it without quotes: `{}`", number.trim_start_matches('0')),
                    );
                }
                (Type::Text(_), Type::Number(_)) => return "write the code in quotes, as it is".to_owned(),
                (Type::Bool, _) => return format!("it is a test already: `{}`, `!{}`", written(one), written(one)),
                (Type::Members(_), _) => {
                    return format!("ask the list: `{list}.len()`, `{list}.some(|one| ...)`", list = written(one));
                }
                (Type::Thing(..), _) => return format!("compare a fact of it: `{}.fact`", written(one)),
                (Type::Occasion(_), _) => return format!("compare a field of it: `{}.year`", written(one)),
                (Type::Array(_) | Type::Range(_), _) => return format!("write `{} in {}`", written(two), written(one)),
                (Type::Place, _) => return "a place is compared with a place or its name".to_owned(),
                _ => {}
            }
        }
        "compare two of one kind".to_owned()
    }

    fn same_unit(&mut self, span: Span, left: &Typed, one: Number, right: &Typed, two: Number) -> bool {
        for (typed, number, literal) in [(left, one, right), (right, two, left)] {
            let is_age = number.rough || number.unit == Some(Unit::Years) && typed.path.is_some();
            if let (true, Values::Ints(ints), true) = (is_age, &literal.possible.values, literal.is_literal)
                && ints.single().is_some_and(is_year)
            {
                let message = format!("{} is compared with a calendar year", number.words());
                let help = "compare the year of birth: `birth_year`, or the age with an age";
                self.error(span, Code::Units, message, help);
                return false;
            }
        }
        if one.with(two).is_some() {
            return true;
        }
        self.mixed(span, one, two);
        false
    }

    fn same_list(
        &mut self,
        span: Span,
        left: &Typed,
        one: Option<&Arc<str>>,
        right: &Typed,
        two: Option<&Arc<str>>,
    ) -> bool {
        match (one, two) {
            (Some(one), Some(two)) if one != two && !fault!(ListsOfCodesMixed) => {
                let message = format!("a code of `{one}` is compared with a code of `{two}`");
                self.error(span, Code::CodeList, message, format!("write a code of the same list: `{one}::...`"));
                false
            }
            (list @ Some(_), None) => self.literal_code(list, right),
            (None, list @ Some(_)) => self.literal_code(list, left),
            _ => true,
        }
    }

    fn literal_code(&mut self, list: Option<&Arc<str>>, literal: &Typed) -> bool {
        let texts = match &literal.possible.values {
            Values::Texts(texts) if literal.is_literal => texts.clone(),
            _ => BTreeSet::new(),
        };
        texts.iter().all(|text| self.is_code(literal.span, list, text))
    }

    /// Whether a text is a code of a list; told if not.
    pub(super) fn is_code(&mut self, span: Span, list: Option<&Arc<str>>, text: &Arc<str>) -> bool {
        let Some(list) = list else { return true };
        let names = self.check.tables.code_lists.get(&**list);
        let register: &[&str] = if &**list == "sex" { &["female", "male"] } else { &[] };
        let codes: BTreeSet<&str> = names
            .into_iter()
            .flat_map(|names| names.values())
            .map(|code| &**code)
            .chain(register.iter().copied())
            .collect();
        if codes.is_empty() || codes.contains(&**text) || fault!(CodesNotLookedUp) {
            return true;
        }
        if self.check.mentioned("code_lists.toml", text) {
            self.left_out = true;
            return false;
        }
        let name = names.and_then(|names| {
            let near = did_you_mean(text, names.keys().map(String::as_str));
            let near = near.or_else(|| {
                let code = did_you_mean(text, names.values().map(|code| &**code))?;
                names.iter().find(|(_, known)| &***known == code).map(|(name, _)| name.as_str())
            })?;
            Some(format!("did you mean `{list}::{near}`?"))
        });
        let near = || did_you_mean(text, register.iter().copied()).map(|near| format!("did you mean \"{near}\"?"));
        let help = name.or_else(near).unwrap_or_else(|| {
            if register.is_empty() {
                format!("add it to `[{list}]` in code_lists.toml with a name, and write `{list}::name`")
            } else {
                format!("write one of \"{}\"", register.join("\", \""))
            }
        });
        self.error(span, Code::CodeList, format!("`{list}` has no code \"{text}\""), help);
        false
    }

    /// What follows if a comparison holds, and if it does not; told if it is decided before anything is read.
    fn implied(&mut self, span: Span, by: Comparison, left: &Typed, right: &Typed) -> (Known, Known) {
        if let (Some(one), Some(two)) = (key(left), key(right))
            && one == two
        {
            let written = self.written(left.span).unwrap_or("x").to_owned();
            let message = format!("`{written}` is compared with itself");
            self.warn(span, Code::Decided, message, "compare it with something else, or leave it out");
            return (Known::nothing(), Known::nothing());
        }
        if let Some(value) = single(right) {
            return self.implied_of(span, left, by, &value);
        }
        if let Some(value) = single(left) {
            return self.implied_of(span, right, turned(by), &value);
        }
        let ((a, b), (c, d)) = (ends(left), ends(right));
        let numbers = matches!(left.ty, Type::Number(_) | Type::Day);
        let decided = match by {
            Comparison::Less if numbers => (b < c).then_some(true).or((a >= d).then_some(false)),
            Comparison::LessOrEqual if numbers => (b <= c).then_some(true).or((a > d).then_some(false)),
            Comparison::Greater if numbers => (a > d).then_some(true).or((b <= c).then_some(false)),
            Comparison::GreaterOrEqual if numbers => (a >= d).then_some(true).or((b < c).then_some(false)),
            Comparison::Equal | Comparison::NotEqual => {
                let both = left.possible.and(&right.possible);
                (!both.some && left.possible.some && right.possible.some).then_some(by == Comparison::NotEqual)
            }
            _ => None,
        };
        if let Some(decided) = decided {
            self.decided(span, decided, left);
        }
        // equal to something that has a value: it has one too
        let mut equal = Known::nothing();
        for (one, other) in [(left, right), (right, left)] {
            if let Some(path) = one.path.as_ref().filter(|_| !other.possible.none) {
                equal = equal.and(&Known::of(path, Possible::only_none().others()));
            }
        }
        match by {
            Comparison::Equal => (equal, Known::nothing()),
            Comparison::NotEqual => (Known::nothing(), equal),
            _ => (Known::nothing(), Known::nothing()),
        }
    }

    /// The same, of something compared with one value.
    fn implied_of(&mut self, span: Span, of: &Typed, by: Comparison, value: &Values) -> (Known, Known) {
        let number = match value {
            Values::Ints(ints) => ints.single(),
            _ => None,
        };
        let below = |number: i64| Ints::between(i64::MIN, number);
        let above = |number: i64| Ints::between(number, i64::MAX);
        let values = match (by, number) {
            (Comparison::Less, Some(number)) => Values::Ints(
                number.checked_sub(i64::from(!fault!(LessTakenForLessOrEqual))).map_or_else(Ints::none, below),
            ),
            (Comparison::LessOrEqual, Some(number)) => Values::Ints(below(number)),
            (Comparison::Greater, Some(number)) => Values::Ints(number.checked_add(1).map_or_else(Ints::none, above)),
            (Comparison::GreaterOrEqual, Some(number)) => Values::Ints(above(number)),
            _ => value.clone(),
        };
        let negated = by == Comparison::NotEqual;
        let (mut holds, mut fails) = self.asked(span, of, values, negated);
        if let (Values::Bools { yes, .. }, false) = (value, of.possible.none) {
            let (if_yes, if_no) = if *yes == negated { (&of.fails, &of.holds) } else { (&of.holds, &of.fails) };
            (holds, fails) = (holds.and(if_yes), fails.and(if_no));
        }
        (holds, fails)
    }

    /// What follows if something is among some values, or (negated) is not; told if that is decided already.
    pub(super) fn asked(&mut self, span: Span, of: &Typed, values: Values, negated: bool) -> (Known, Known) {
        let among = Possible::value(values);
        let could = plausible(of);
        let (never, always) = (could.and(&among).is_empty(), could.is_within(&among));
        let (no, yes) = (never && !fault!(NeverNotTold), always && !fault!(AlwaysNotTold));
        if (no || yes) && !could.is_empty() {
            self.decided(span, always != negated, of);
        }
        let (holds, fails) = match &of.path {
            Some(path) => (Known::of(path, among.clone()), Known::of(path, among.others())),
            None => (Known::nothing(), Known::nothing()),
        };
        let holds = if never { Known::impossible() } else { holds };
        let fails = if always { Known::impossible() } else { fails };
        if negated { (fails, holds) } else { (holds, fails) }
    }

    /// Tells that the answer is always the same.
    pub(super) fn decided(&mut self, span: Span, yes: bool, of: &Typed) {
        let written = self.written(span).map_or_else(|| "this".to_owned(), |written| format!("`{written}`"));
        let message = format!("{written} is {} true here", if yes { "always" } else { "never" });
        let what = self.written(of.span).map(str::to_owned);
        let possible = if of.ty == Type::Day { days(&of.possible) } else { describe(&plausible(of)) };
        let help = match (what, possible) {
            (Some(what), _) if of.ty == Type::Bool && of.span == span => {
                format!("what stands before it has said already whether `{what}` is so")
            }
            (Some(what), Some(possible)) if !of.is_literal => format!("`{what}` is {possible} here"),
            _ => "compare it with something that may be so and not so".to_owned(),
        };
        self.warn(span, Code::Decided, message, help);
    }

    pub(super) fn within(&mut self, span: Span, item: &Expression, list: &Expression, negated: bool) -> Typed {
        let n_readings = self.readings.len();
        let typed = self.is_in(span, item, list, negated);
        self.decides_nothing(&typed, n_readings);
        typed
    }

    fn is_in(&mut self, span: Span, item: &Expression, list: &Expression, negated: bool) -> Typed {
        let item = self.expression(item);
        // a list that is written here is looked at item by item
        let list = match &list.kind {
            Kind::Array(items) => {
                let items: Vec<Typed> = items.iter().map(|item| self.expression(item)).collect();
                let fits = items.iter().all(|one| {
                    one.is_silent() || item.is_silent() || one.ty == Type::None || {
                        let span = one.span;
                        item.ty == Type::None || self.comparable(span, true, &item, one)
                    }
                });
                for one in &items {
                    self.limits(&item, one);
                }
                if !fits {
                    return self.told(span);
                }
                self.array_of(list.span, items)
            }
            _ => self.expression(list),
        };
        if item.is_silent() || list.is_silent() {
            return self.told(span);
        }
        let item = match &list.ty {
            Type::Range(number) => {
                let number = *number;
                let Some((item, of_item)) = self.as_number(item) else { return self.told(span) };
                if of_item.with(number).is_none() {
                    return self.mixed(span, of_item, number);
                }
                if list.is_literal {
                    self.range_limits(&item, &list);
                }
                item
            }
            Type::Array(of) if **of == Type::None => {
                let help = "a list of nothing has nothing in it: write what belongs there";
                self.warn(span, Code::Decided, "nothing is in an empty list", help);
                item
            }
            Type::Array(of) => {
                let of = Typed { is_literal: false, ..Typed::new(list.span, Type::clone(of), list.step.clone()) };
                if item.ty != Type::None && !self.comparable(span, true, &item, &of) {
                    return self.told(span);
                }
                item
            }
            Type::Members(_) => {
                let written = self.written(list.span).unwrap_or("list").to_owned();
                let help = format!("ask its members: `{written}.some(|one| ...)`");
                self.error(span, Code::Types, "`in` does not ask a list of the register", help);
                return self.told(span);
            }
            other => {
                let message = format!("nothing is in {}", other.words());
                self.error(list.span, Code::Types, message, "after `in` stands a list `[1, 2]` or a range `1..=9`");
                return self.told(span);
            }
        };
        if item.ty == Type::None {
            self.error(item.span, Code::Types, "none is in no list", "write `x == ()` to ask for it");
            return self.told(span);
        }
        if item.is_silent() {
            return self.told(span);
        }
        let (holds, fails) = match &list.possible.values {
            Values::Any => match (&item.path, negated) {
                (Some(path), false) => (Known::of(path, Possible::only_none().others()), Known::nothing()),
                (Some(path), true) => (Known::nothing(), Known::of(path, Possible::only_none().others())),
                (None, _) => (Known::nothing(), Known::nothing()),
            },
            values => self.asked(span, &item, values.clone(), negated),
        };
        let (item, list): (Step, Step) = (item.step, list.step);
        let step = self.step(span, What::In { item: Box::new(item), list: Box::new(list), negated });
        Typed::new(span, Type::Bool, step).with_values(yes_or_no()).implying(holds, fails)
    }
}

/// What something can be in a city of the living: on the day that a rule is asked about, nobody is yet to be born, and nobody
/// is older than anybody was. For what is told only: no proof rests on it.
fn plausible(of: &Typed) -> Possible {
    let today = format!(".age_on(#{})", crate::step::DAY);
    if of.path.as_ref().is_some_and(|path| path.ends_with(&today)) {
        of.possible.and(&Possible::value(Values::Ints(Ints::between(0, 150))))
    } else {
        of.possible.clone()
    }
}

/// A number that an author means as a year of the calendar.
pub(super) fn is_year(number: i64) -> bool {
    (1800..=2200).contains(&number)
}

fn comparison_of(operator: Operator) -> Option<Comparison> {
    Some(match operator {
        Operator::Equal => Comparison::Equal,
        Operator::NotEqual => Comparison::NotEqual,
        Operator::Less => Comparison::Less,
        Operator::LessOrEqual => Comparison::LessOrEqual,
        Operator::Greater => Comparison::Greater,
        Operator::GreaterOrEqual => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

/// The same comparison with its sides changed.
fn turned(by: Comparison) -> Comparison {
    match by {
        as_written if fault!(SidesNotTurned) => as_written,
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}

/// Days that are left, in words.
fn days(possible: &Possible) -> Option<String> {
    let Values::Ints(ints) = &possible.values else { return None };
    let (least, most) = ints.ends()?;
    let day =
        |number: i64| i32::try_from(number).ok().map(|number| ennakko_core::day::day_of_number(number).to_string());
    Some(match (day(least), day(most)) {
        (Some(one), Some(two)) if one == two => one,
        (Some(one), Some(two)) => format!("from {one} to {two}"),
        (Some(one), None) => format!("{one} or later"),
        (None, Some(two)) => format!("{two} or earlier"),
        (None, None) => return None,
    })
}
