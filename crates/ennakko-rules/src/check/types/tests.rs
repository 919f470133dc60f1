//! What expressions become: constructs of each kind, their steps written out in brackets.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::rule::{Rule, Test};
use crate::step::{Constant, Step, What};
use crate::tests::folder::{Draft, loaded, with_rules};

fn list(steps: &[Step]) -> String {
    steps.iter().map(shown).collect::<Vec<_>>().join(" ")
}

/// A step in brackets: what it does, then its parts.
fn shown(step: &Step) -> String {
    let all = |word: &str, parts: &[&Step]| {
        let parts: Vec<String> = parts.iter().map(|part| shown(part)).collect();
        format!("({word} {})", parts.join(" "))
    };
    match &step.what {
        What::Constant(Constant::None) => "none".to_owned(),
        What::Constant(Constant::Bool(value)) => value.to_string(),
        What::Constant(Constant::Int(value)) => value.to_string(),
        What::Constant(Constant::Text(text)) => format!("{text:?}"),
        What::Constant(Constant::Day(day)) => day.to_string(),
        What::Slot(slot) => format!("#{slot}"),
        What::Let { slot, value, body } => format!("(#{slot} = {}; {})", shown(value), shown(body)),
        What::If { test, then, otherwise } => all("if", &[test, then, otherwise]),
        What::Switch { of, arms, otherwise } => {
            let mut told = format!("(switch {}", shown(of));
            for arm in arms {
                let guard = arm.guard.as_ref().map(|guard| format!(" if {}", shown(guard))).unwrap_or_default();
                let _ = write!(told, " {:?}{:?}{guard} => {}", arm.values, arm.ranges, shown(&arm.value));
            }
            format!("{told} else {})", shown(otherwise))
        }
        What::And(of) => format!("(and {})", list(of)),
        What::Or(of) => format!("(or {})", list(of)),
        What::Join { any, of } => format!("({} {})", if *any { "any" } else { "all" }, list(of)),
        What::Not(of) => all("not", &[of]),
        What::Coalesce(of) => format!("(first {})", list(of)),
        What::Compare { by, left, right } => all(&format!("{by:?}"), &[left, right]),
        What::In { item, list, negated } => all(if *negated { "not-in" } else { "in" }, &[item, list]),
        What::Arithmetic { by, left, right } => all(&format!("{by:?}"), &[left, right]),
        What::Negate(of) => all("minus", &[of]),
        What::Array(of) => format!("[{}]", list(of)),
        What::Range { from, to, inclusive } => all(if *inclusive { "..=" } else { ".." }, &[from, to]),
        What::Parameter { group, name, day } => all(&format!("{group}::{name}"), &[day]),
        What::Round { calendar, day } => all(&format!("calendar::{calendar}"), &[day]),
        What::Occasion { by, of } => format!("({by:?} {})", list(of)),
        What::Field { of, name } => format!("{}.{name}", shown(of)),
        What::Fact { of, fact } => format!("{}.{}", shown(of), fact.name()),
        What::AgeOn { of, day } => all("age-on", &[of, day]),
        What::AgeReachedIn { of, year } => all("age-in", &[of, year]),
        What::LivesInCityOn { of, day } => all("lives-on", &[of, day]),
        What::Part { of, part } => all(&format!("{part:?}"), &[of]),
        What::Plus { of, unit, number } => all(&format!("plus-{unit:?}"), &[of, number]),
        What::DaysUntil { of, to } => all("days-until", &[of, to]),
        What::Search { list, slot, test, all: every } => {
            all(&format!("{} #{slot}", if *every { "every" } else { "some" }), &[list, test])
        }
        What::Filter { list, slot, test } => all(&format!("filter #{slot}"), &[list, test]),
        What::Len(of) => all("len", &[of]),
        What::Fold { list, slot, value, by } => all(&format!("{by:?} #{slot}"), &[list, value]),
    }
}

fn rule(draft: &Draft, of: impl FnOnce(&Rule) -> String) -> String {
    let rules = loaded(&with_rules(&[("r", draft)]));
    let versions: BTreeMap<_, _> = rules.ids().map(|id| (id.clone(), rules.versions(id))).collect();
    of(&versions.values().next().unwrap()[0])
}

fn test(test: &Test) -> String {
    match test {
        Test::One(script) => {
            assert!(script.steps.n_slots >= 3);
            shown(&script.steps.step)
        }
        Test::AnyOf(tests) => {
            format!("ANY {}", tests.iter().map(|inner| self::test(&inner.test)).collect::<Vec<_>>().join(", "))
        }
        Test::AllOf(tests) => {
            format!("ALL {}", tests.iter().map(|inner| self::test(&inner.test)).collect::<Vec<_>>().join(", "))
        }
    }
}

/// What a condition becomes: 0 is the child, 1 the day, 2 the occasion.
fn check(condition: &'static str, expected: &str) {
    check_with(condition, "", expected);
}

fn check_with(condition: &'static str, helpers: &'static str, expected: &str) {
    let draft = Draft { helpers, ..Draft::when(condition) };
    assert_eq!(rule(&draft, |rule| test(&rule.lines[0].test)), expected, "{condition}");
}

#[test]
fn facts_ages_and_days() {
    check("child.flag", "#0.flag");
    check("child.home_building.storeys > 2", "(Greater #0.home_building.storeys 2)");
    check("child.age_on(on) in 6..=8", "(in (age-on #0 #1) (..= 6 8))");
    check("child.age_reached_in(o.year + 1) == 7", "(Equal (age-in #0 (Add #2.year 1)) 7)");
    check("child.lives_in_city_on(o.opens)", "(lives-on #0 #2.opens)");
    check("child.seen.plus_months(-2).year == on.year", "(Equal (Year (plus-Months #0.seen -2)) (Year #1))");
    check("child.seen.days_until(on) > 12", "(Greater (days-until #0.seen #1) 12)");
    check("on >= date(\"2027-01-08\")", "(GreaterOrEqual #1 2027-01-08)");
    check("education::starting_age(o.opens) == 7", "(Equal (education::starting_age #2.opens) 7)");
    check("child.sex == \"female\"", "(Equal #0.sex \"female\")");
    check("child.birth_year in education::years(on)", "(in #0.birth_year (education::years #1))");
    check("child.place_year !in [2026, 2027]", "(not-in #0.place_year [2026 2027])");
}

#[test]
fn tests_and_branches() {
    check("child.flag && (child.other || !child.permit)", "(and #0.flag (or #0.other (not #0.permit)))");
    check("(child.place_year ?? 0) > 1", "(Greater (first #0.place_year 0) 1)");
    check("child.place_year == ()", "(Equal #0.place_year none)");
    check("if child.flag { child.other } else { false }", "(if #0.flag #0.other false)");
    check("any_of(#{ a: child.flag, b: all_of(#{ c: child.other }) })", "ANY #0.flag, ALL #0.other");
    check("!any_of(#{ a: child.flag, b: child.other })", "(not (any #0.flag #0.other))");
    check(
        "switch child.birth_year { 2020 | 2021 => true, 2000..2010 if child.flag => false, _ => child.other }",
        "(switch #0.birth_year [Int(2020), Int(2021)][] => true [][(2000, 2009)] if #0.flag => false else #0.other)",
    );
}

#[test]
fn names_helpers_and_closures_have_slots_of_their_own() {
    check("{ let y = child.birth_year; y > 1 && y < 9 }", "(#3 = #0.birth_year; (and (Greater #3 1) (Less #3 9)))");
    check("child.custodians.some(|c| c.flag && child.flag)", "(some #3 #0.custodians (and #3.flag #0.flag))");
    check("child.custodians.filter(|c| c.flag).len() == 2", "(Equal (len (filter #3 #0.custodians #3.flag)) 2)");
    check("child.custodians.sum(|c| c.income) > 5", "(Greater (Sum #3 #0.custodians #3.income) 5)");
    check(
        "child.custodians.all(|c| c.custodians.some(|c| c.flag))",
        "(every #3 #0.custodians (some #4 #3.custodians #4.flag))",
    );
    let helper = "fn rich(who, limit) { who.income > limit }";
    check_with("rich(child, 7)", helper, "(Greater #0.income 7)");
    check_with("rich(child, 3 + 4)", helper, "(#3 = (Add 3 4); (Greater #0.income #3))");
    check_with(
        "child.custodians.all(|c| twice(c))",
        "fn twice(x) { once_more(x) && once_more(x) }\nfn once_more(x) { let f = x.flag; f }",
        "(every #3 #0.custodians (and (#4 = #3.flag; #4) (#5 = #3.flag; #5)))",
    );
}

#[test]
fn names_before_the_lines_stand_round_each_line() {
    let draft = Draft {
        before: "let wanted = 7; let year = o.year - wanted;",
        conditions: vec![("one", "child.birth_year == year"), ("two", "child.flag")],
        ..Draft::new()
    };
    let told =
        rule(&draft, |rule| rule.lines.iter().take(2).map(|line| test(&line.test)).collect::<Vec<_>>().join(" | "));
    let lets = "(#3 = 7; (#4 = (Subtract #2.year #3); ";
    assert_eq!(told, format!("{lets}(Equal #0.birth_year #4))) | {lets}#0.flag))"));
}

#[test]
fn occasions_and_terms() {
    for (occasion, expected, passes_day) in [
        ("calendar::start(on)", "(calendar::start #1)", false),
        ("each_year(on)", "(EachYear #1)", true),
        ("at_age(child, 7, 30, on)", "(AtAge #0 7 30 #1)", true),
        ("at_age(child, education::starting_age(on), 30, on)", "(AtAge #0 (education::starting_age #1) 30 #1)", true),
        ("if child.flag { no_occasion() } else { once(on) }", "(if #0.flag (NoOccasion ) (Once #1))", false),
    ] {
        let draft = Draft { occasion, ..Draft::new() };
        let told = rule(&draft, |rule| {
            assert_eq!(rule.occasion.passes_day, passes_day, "{occasion}");
            shown(&rule.occasion.steps.step)
        });
        assert_eq!(told, expected);
    }
    let draft = Draft { offer: vec![("place", "child.school"), ("by", "o.closes")], ..Draft::new() };
    let told = rule(&draft, |rule| {
        rule.terms
            .iter()
            .map(|(name, script)| format!("{name} {}", shown(&script.steps.step)))
            .collect::<Vec<_>>()
            .join(", ")
    });
    assert_eq!(told, "place #0.school, by #2.closes");
}
