//! Tests as an author would write them in a rule.

use super::{Calendrical, Day, Number, People, Test, Who};

fn name(of: Who) -> String {
    if of.0 == 0 { "child".to_owned() } else { format!("m{}", of.0) }
}

fn list(of: People) -> String {
    match of {
        People::Custodians(of) => format!("{}.custodians", name(of)),
        People::Members(of) => format!("{}.household.members", name(of)),
    }
}

/// The depth of the one that a list's closure is about.
pub(super) fn inner(of: People) -> Who {
    let (People::Custodians(of) | People::Members(of)) = of;
    Who(of.0 + 1)
}

fn numbers(items: &[i64]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn joined(items: &[Test], sign: &str) -> String {
    format!("({})", items.iter().map(test).collect::<Vec<_>>().join(sign))
}

/// A test.
pub fn test(test_: &Test) -> String {
    let of_list =
        |of: People, method: &str, body: &Test| format!("{}.{method}(|{}| {})", list(of), name(inner(of)), test(body));
    // somebody without a dwelling has no household
    let asked = |of: People, text: String| match of {
        People::Custodians(_) => text,
        People::Members(of) => format!("({}.household != () && {text})", name(of)),
    };
    match test_ {
        Test::Constant(value) => value.to_string(),
        Test::Steady(of) => format!("{}.steady", name(*of)),
        Test::Flag { of, equals } => format!("({}.flag == {equals})", name(*of)),
        Test::FlagOr { of, otherwise } => format!("({}.flag ?? {otherwise})", name(*of)),
        Test::FlagAsked { of, or_none: false } => format!("({0}.flag != () && {0}.flag)", name(*of)),
        Test::FlagAsked { of, or_none: true } => format!("({0}.flag == () || {0}.flag)", name(*of)),
        Test::LivesInCity(of) => format!("{}.lives_in_city", name(*of)),
        Test::CountIsNone { of, is } => format!("({}.count {} ())", name(*of), if *is { "==" } else { "!=" }),
        Test::CountEquals { of, number, is } => {
            format!("({}.count {} {number})", name(*of), if *is { "==" } else { "!=" })
        }
        Test::CountIn { of, numbers: items } => format!("({}.count in [{}])", name(*of), numbers(items)),
        Test::CountAsked { of, order, number, or_none } => {
            let (none, sign) = if *or_none { ("==", "||") } else { ("!=", "&&") };
            format!("({0}.count {none} () {sign} {0}.count {1} {number})", name(*of), order.sign())
        }
        Test::Female(of) => format!("({}.sex == \"female\")", name(*of)),
        Test::Level { of, code, is } => {
            format!("({}.level {} level::{code})", name(*of), if *is { "==" } else { "!=" })
        }
        Test::LevelIn { of, codes, is } => {
            let codes: Vec<String> = codes.iter().map(|code| format!("level::{code}")).collect();
            format!("({}.level {} [{}])", name(*of), if *is { "in" } else { "!in" }, codes.join(", "))
        }
        Test::SwitchLevel { of, otherwise, arms, default } => {
            let arms: Vec<String> = arms.iter().map(|(code, body)| format!("\"{code}\" => {}", test(body))).collect();
            let arms = arms.join(", ");
            format!("(switch ({}.level ?? level::{otherwise}) {{ {arms}, _ => {} }})", name(*of), test(default))
        }
        Test::SwitchNumber { of, single, then, range: (from, to), within, default } => {
            let single: Vec<String> = single.iter().map(ToString::to_string).collect();
            format!(
                "(switch {} {{ {} => {}, {from}..={to} => {}, _ => {} }})",
                number(of),
                single.join(" | "),
                test(then),
                test(within),
                test(default)
            )
        }
        Test::Compare { order, left, right } => format!("({} {} {})", number(left), order.sign(), number(right)),
        Test::NumberIn { number: of, from, to, inclusive, is } => {
            let (word, dots) = (if *is { "in" } else { "!in" }, if *inclusive { "..=" } else { ".." });
            format!("({} {word} {from}{dots}{to})", number(of))
        }
        Test::NumberInLimits { number: of } => format!("({} in test::limits(on))", number(of)),
        Test::Days { order, left, right } => format!("({} {} {})", day(left), order.sign(), day(right)),
        Test::DaysUntil { from, to, order, days } => {
            format!("({}.days_until({}) {} {days})", day(from), day(to), order.sign())
        }
        Test::DayIn { day: of, days } => {
            format!("({} in [{}])", day(of), days.iter().map(day).collect::<Vec<_>>().join(", "))
        }
        Test::YearOf { day: of, order, year } => format!("({}.year {} {year})", day(of), order.sign()),
        Test::Age { of, on, order, years } => format!("({}.age_on({}) {} {years})", name(*of), day(on), order.sign()),
        Test::AgeIn { of, on, from, to, inclusive } => {
            format!("({}.age_on({}) in {from}{}{to})", name(*of), day(on), if *inclusive { "..=" } else { ".." })
        }
        Test::AgeReached { of, year, order, years } => {
            format!("({}.age_reached_in({year}) {} {years})", name(*of), order.sign())
        }
        Test::BirthYear { of, order, year } => format!("({}.birth_year {} {year})", name(*of), order.sign()),
        Test::BirthYearInTurn(of) => format!("({}.birth_year in test::turn(on))", name(*of)),
        Test::BuiltBefore { of, year } => format!("({}.home_building.built_year < {year})", name(*of)),
        Test::Lift { of, all } => {
            format!("{}.home_building.stairwells.{}(|s| s.has_lift)", name(*of), if *all { "all" } else { "some" })
        }
        Test::And(items) => joined(items, " && "),
        Test::Or(items) => joined(items, " || "),
        Test::Not(of) => format!("!{}", bracketed(of)),
        Test::If { test: of, then, otherwise } => {
            format!("(if {} {{ {} }} else {{ {} }})", test(of), test(then), test(otherwise))
        }
        Test::Held { value, or, other } => {
            format!("({{ let held = {}; held {} {} }})", test(value), if *or { "||" } else { "&&" }, test(other))
        }
        Test::Join { any, of } => {
            let entries: Vec<String> = of.iter().enumerate().map(|(at, of)| format!("e{at}: {}", test(of))).collect();
            format!("{}(#{{ {} }})", if *any { "any_of" } else { "all_of" }, entries.join(", "))
        }
        Test::Helper { number, of, .. } => format!("helper_{number}({}, on, start)", name(*of)),
        Test::Search { of, all, test: body } => asked(*of, of_list(*of, if *all { "all" } else { "some" }, body)),
        Test::Count { of, filter: Some(filter), order, number } => {
            asked(*of, format!("({}.len() {} {number})", of_list(*of, "filter", filter), order.sign()))
        }
        Test::Count { of, filter: None, order, number } => {
            asked(*of, format!("({}.len() {} {number})", list(*of), order.sign()))
        }
    }
}

fn bracketed(of: &Test) -> String {
    let text = test(of);
    if text.starts_with('(') { text } else { format!("({text})") }
}

fn number(of: &Number) -> String {
    match of {
        Number::Constant(value) if *value < 0 => format!("({value})"),
        Number::Constant(value) => value.to_string(),
        Number::Total(of) => format!("{}.total", name(*of)),
        Number::CountOr { of, otherwise } => format!("({}.count ?? {otherwise})", name(*of)),
        Number::Limit => "test::limit(on)".to_owned(),
        Number::Add(left, right) => format!("({} + {})", number(left), number(right)),
        Number::Subtract(left, right) => format!("({} - {})", number(left), number(right)),
        Number::Multiply(left, by) => format!("({} * {by})", number(left)),
        Number::Divide(left, by) => format!("({} / {by})", number(left)),
        Number::Remainder(left, by) => format!("({} % {by})", number(left)),
        Number::Negate(of) => format!("(-{})", number(of)),
        Number::Least(left, right) => format!("min({}, {})", number(left), number(right)),
        Number::Most(left, right) => format!("max({}, {})", number(left), number(right)),
        Number::If { test: of, then, otherwise } => {
            format!("(if {} {{ {} }} else {{ {} }})", test(of), number(then), number(otherwise))
        }
        Number::Sum(of) => format!("{}.sum(|{1}| {1}.total)", list(*of), name(inner(*of))),
        Number::Extreme { of, most } => {
            let method = if *most { "max" } else { "min" };
            format!("({}.{method}(|{1}| {1}.total) ?? 0)", list(*of), name(inner(*of)))
        }
    }
}

fn day(of: &Day) -> String {
    match of {
        Day::On => "on".to_owned(),
        Day::Opens => "start.opens".to_owned(),
        Day::Literal(day) => format!("date(\"{day}\")"),
        Day::Since(of) => format!("{}.since", name(*of)),
        Day::Born(of) => format!("{}.born", name(*of)),
        Day::SeenOr(of) => format!("({}.seen ?? on)", name(*of)),
        Day::Plus { day: of, unit, number } => {
            let unit = match unit {
                Calendrical::Days => "days",
                Calendrical::Months => "months",
                Calendrical::Years => "years",
            };
            format!("{}.plus_{unit}({number})", day(of))
        }
    }
}

/// A rule of named lines, the first as conditions and the others as what somebody may have already, with the helpers that
/// they call.
pub fn rule(conditions: &[Test], already: &[Test], helpers: &[Test]) -> String {
    let entry = |(at, line): (usize, &Test)| format!("        line_{at}: {},", test(line));
    let mut entries: Vec<String> = conditions.iter().chain(already).enumerate().map(entry).collect();
    let already = entries.split_off(conditions.len()).join("\n");
    let helpers: Vec<String> = helpers
        .iter()
        .enumerate()
        .map(|(at, body)| format!("fn helper_{at}(m1, on, start) {{ {} }}", test(body)))
        .collect();
    format!(
        "const RULE = #{{
    title: \"A rule\", kind: \"right\", law: [\"Act 1/2020\"], in_force: #{{ from: \"2021-08-01\", review_by: \"2027-06-30\" }},
    purpose: \"education\", subject: \"resident\", discretion: \"none\",
    effect: #{{ favourable: true, reversible: true, fee: false, sensitive: false }},
    late: \"task\", messages: [],
}};
fn occasion(child, on) {{ calendar::start(on) }}
fn cohort(child, on, start) {{ true }}
fn conditions(child, on, start) {{
    #{{
{}
    }}
}}
fn already(child, on, start) {{
    #{{
{already}
    }}
}}
fn officer(child, on, start) {{ #{{ }} }}
fn sanity(child, on, start) {{ #{{ sane: true }} }}
fn offer(child, on, start) {{ #{{ }} }}
{}
",
        entries.join("\n"),
        helpers.join("\n")
    )
}
