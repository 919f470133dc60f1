//! Our own tree as it comes out of rhai's: what each construct becomes, and which part of the text it stands for.

use super::{Script, parse};
use crate::engine::bare;
use crate::expression::{Case, CaseValue, Expression, Kind, Operator};

fn script(text: &str) -> Script {
    let mut engine = bare();
    let mut module = rhai::Module::new();
    module.set_var("code", 7_i64);
    module.set_native_fn("of", |number: i64| Ok(number * 2));
    engine.register_static_module("group", module.into());
    parse(&engine, text, "").unwrap_or_else(|problem| panic!("{text}: {:?} at {:?}", problem.kind, problem.place))
}

fn all(items: &[Expression]) -> String {
    items.iter().map(shown).collect::<Vec<_>>().join(" ")
}

fn case(case: &Case) -> String {
    let values: Vec<String> = case
        .values
        .iter()
        .map(|value| match value {
            CaseValue::None => "()".to_owned(),
            CaseValue::Bool(value) => value.to_string(),
            CaseValue::Int(value) => value.to_string(),
            CaseValue::Text(text) => format!("{text:?}"),
            CaseValue::Range { from, to, inclusive } => format!("{from}..{}{to}", if *inclusive { "=" } else { "" }),
            CaseValue::Other => "other".to_owned(),
        })
        .collect();
    let guard = case.guard.as_ref().map(|guard| format!(" if {}", shown(guard))).unwrap_or_default();
    format!("[{}{guard} => {}]", values.join("|"), shown(&case.value))
}

fn sign(operator: Operator) -> &'static str {
    let signs = ["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "**", "&", "|", "^", "<<", ">>"];
    signs.into_iter().find(|sign| Operator::of_sign(sign) == Some(operator)).unwrap()
}

fn shown(expression: &Expression) -> String {
    match &expression.kind {
        Kind::None => "()".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Int(value) => value.to_string(),
        Kind::Text(text) => format!("{text:?}"),
        Kind::Array(items) => format!("[{}]", all(items)),
        Kind::Range { from, to, inclusive } => {
            format!("({}{} {})", if *inclusive { "..= " } else { ".. " }, shown(from), shown(to))
        }
        Kind::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(name, value)| format!("{}: {}", name.text, shown(value))).collect();
            format!("#{{{}}}", entries.join(", "))
        }
        Kind::Variable(name) => name.to_string(),
        Kind::Module { module, name, arguments: None } => format!("{}::{}", module.text, name.text),
        Kind::Module { module, name, arguments: Some(arguments) } => {
            format!("({}::{} {})", module.text, name.text, all(arguments))
        }
        Kind::Property { of, name, safe } => format!("{}{}.{}", shown(of), if *safe { "?" } else { "" }, name.text),
        Kind::Method { of, name, arguments, .. } => format!("({}.{} {})", shown(of), name.text, all(arguments)),
        Kind::Index { of, index } => format!("{}[{}]", shown(of), shown(index)),
        Kind::Call { name, arguments } => format!("({} {})", name.text, all(arguments)),
        Kind::Closure { parameters, body } => {
            let parameters: Vec<&str> = parameters.iter().map(|name| &*name.text).collect();
            format!("|{}| {}", parameters.join(","), shown(body))
        }
        Kind::Not(of) => format!("(! {})", shown(of)),
        Kind::Negate(of) => format!("(- {})", shown(of)),
        Kind::Binary { operator, left, right, .. } => format!("({} {} {})", sign(*operator), shown(left), shown(right)),
        Kind::In { item, list, negated } => {
            format!("({} {} {})", if *negated { "!in" } else { "in" }, shown(item), shown(list))
        }
        Kind::And(items) => format!("(&& {})", all(items)),
        Kind::Or(items) => format!("(|| {})", all(items)),
        Kind::Coalesce(items) => format!("(?? {})", all(items)),
        Kind::If { test, then, otherwise } => {
            let otherwise = otherwise.as_ref().map(|otherwise| format!(" {}", shown(otherwise))).unwrap_or_default();
            format!("(if {} {}{otherwise})", shown(test), shown(then))
        }
        Kind::Switch { of, cases, otherwise } => {
            let cases: Vec<String> = cases.iter().map(case).collect();
            let otherwise = otherwise.as_ref().map(|otherwise| format!(" {}", shown(otherwise))).unwrap_or_default();
            format!("(switch {} {}{otherwise})", shown(of), cases.join(" "))
        }
        Kind::Block { lets, value } => {
            let lets: Vec<String> =
                lets.iter().map(|given| format!("{} = {}; ", given.name.text, shown(&given.value))).collect();
            let value = value.as_ref().map(|value| shown(value)).unwrap_or_default();
            if lets.is_empty() { value } else { format!("{{{}{value}}}", lets.concat()) }
        }
        Kind::Refused { word, inside } => format!("REFUSED<{word}>({})", all(inside)),
    }
}

fn check(body: &str, expected: &str) {
    let text = format!("fn f(p, q) {{ {body} }}");
    let script = script(&text);
    let tree = &script.trees["f"];
    assert_eq!(shown(&tree.body), expected, "{body}");
    assert!(text[tree.body.span.range()].ends_with('}'), "{body}: {}", &text[tree.body.span.range()]);
}

#[test]
fn what_each_construct_becomes() {
    check("", "");
    check("p", "p");
    check("()", "()");
    check("\"a\"", "\"a\"");
    check("p.a.b.c", "p.a.b.c");
    check("p?.a", "p?.a");
    check("p.m(q, 1).a", "(p.m q 1).a");
    check("p.a[q].b", "p.a[q].b");
    check("p[q.a].b", "p[q.a].b");
    check("(p.a + 1).b", "(+ p.a 1).b");
    check("g(p, 1)", "(g p 1)");
    check("p && q && p.a", "(&& p q p.a)");
    check("p || q && !p", "(|| p (&& q (! p)))");
    check("p.a ?? 1", "(?? p.a 1)");
    check("-p + 1", "(+ (- p) 1)");
    check("p == q", "(== p q)");
    check("p * (q - 2) / 3 % 4", "(% (/ (* p (- q 2)) 3) 4)");
    check("p in [1, q]", "(in p [1 q])");
    check("p.a !in 1..=3", "(!in p.a (..= 1 3))");
    check("contains(q, p)", "(in p q)");
    check("q.contains(p)", "(in p q)");
    check("p in group::code", "(in p group::code)");
    check("group::of(p)", "(group::of p)");
    check("#{ x: any_of(#{ y: p }) }", "#{x: (any_of #{y: p})}");
    check("let x = p.a; x", "{x = p.a; x}");
    check("if p { q } else { 1 }", "(if p q 1)");
    check("if p { q }", "(if p q)");
    check("if p { 1 } else if q { 2 } else { 3 }", "(if p 1 (if q 2 3))");
    check("if p { return 1; } q", "(if p 1 q)");
    check("if p { let x = 1; return x; } let y = q; y", "(if p {x = 1; x} {y = q; y})");
    check("return p", "p");
    check("{ let y = p; y }", "{y = p; y}");
    check("p.some(|c| c.a == q.b)", "(p.some |c| (== c.a q.b))");
    check("p.some(|c| { let x = c.a; x > 1 })", "(p.some |c| {x = c.a; (> x 1)})");
    check("p.some(|c| c.l.all(|d| d == c && d == q))", "(p.some |c| (c.l.all |d| (&& (== d c) (== d q))))");
    check("switch p { 1 => q, 2 | 3 => 5, _ => 4 }", "(switch p [1 => q] [2|3 => 5] 4)");
    check(
        "switch p { \"b\" if q => 1, \"b\" => 2, 5..=9 => 3, 1..3 => 7, () => 0, true => 9 }",
        "(switch p [\"b\" if q => 1] [\"b\" => 2] [5..=9 => 3] [1..3 => 7] [() => 0] [true => 9])",
    );
    check("switch p { 1 => 2 }", "(switch p [1 => 2])");
    check("switch p { 9..5 => 2, 'a' => 3 }", "(switch p [other => 2] [other => 3])");
}

#[test]
fn what_no_rule_may_use_is_kept_and_marked() {
    check("p = q", "REFUSED<=>(p q)");
    check("p += q; p", "REFUSED<op=>(p q p)");
    check("p; q", "REFUSED<a statement>(p q)");
    check("for x in p { x }", "REFUSED<for>(p)");
    check("`a ${p}`", "REFUSED<${>(\"a \" p)");
    check("'a'", "REFUSED<'>()");
    check("g!(p)", "REFUSED<!(>(p)");
    check("this", "REFUSED<this>()");
}

/// Every part of a tree, the outermost first, by the text that its span covers.
fn parts(expression: &Expression, text: &str, into: &mut Vec<String>) {
    into.push(text[expression.span.range()].to_owned());
    let mut inner: Vec<&Expression> = Vec::new();
    match &expression.kind {
        Kind::Array(items) | Kind::And(items) | Kind::Or(items) | Kind::Coalesce(items) => inner.extend(items),
        Kind::Range { from, to, .. } => inner.extend([&**from, &**to]),
        Kind::Map(entries) => inner.extend(entries.iter().map(|(_, value)| value)),
        Kind::Module { arguments, .. } => inner.extend(arguments.iter().flatten()),
        Kind::Property { of, .. } | Kind::Not(of) | Kind::Negate(of) => inner.push(of),
        Kind::Method { of, arguments, .. } => inner.extend(std::iter::once(&**of).chain(arguments)),
        Kind::Index { of, index } => inner.extend([&**of, &**index]),
        Kind::Call { arguments, .. } => inner.extend(arguments),
        Kind::Closure { body, .. } => inner.push(body),
        Kind::Binary { left, right, .. } => inner.extend([&**left, &**right]),
        Kind::In { item, list, .. } => inner.extend([&**item, &**list]),
        Kind::If { test, then, otherwise } => {
            inner.extend([&**test, &**then]);
            inner.extend(otherwise.as_deref());
        }
        Kind::Switch { of, cases, otherwise } => {
            inner.push(of);
            inner.extend(cases.iter().map(|case| &case.value));
            inner.extend(otherwise.as_deref());
        }
        Kind::Block { lets, value } => {
            inner.extend(lets.iter().map(|given| &given.value));
            inner.extend(value.as_deref());
        }
        Kind::Refused { inside, .. } => inner.extend(inside),
        Kind::None | Kind::Bool(_) | Kind::Int(_) | Kind::Text(_) | Kind::Variable(_) => {}
    }
    for part in inner {
        parts(part, text, into);
    }
}

fn spans(body: &str, expected: &[&str]) {
    let text = format!("// an \"ä(\nfn f(p, q) {{\n  {body}\n}}\n");
    let script = script(&text);
    let mut found = Vec::new();
    parts(&script.trees["f"].body, &text, &mut found);
    assert_eq!(found[1..], *expected, "{body}");
}

#[test]
fn spans_cover_what_was_written() {
    spans("p", &["p"]);
    spans("p.ab", &["p.ab", "p"]);
    spans("(p.a + 1) * 2", &["(p.a + 1) * 2", "p.a + 1", "p.a", "p", "1", "2"]);
    spans("2 * (p.a + 1)", &["2 * (p.a + 1)", "2", "p.a + 1", "p.a", "p", "1"]);
    spans("g( p , \"x)\" ) == 1", &["g( p , \"x)\" ) == 1", "g( p , \"x)\" )", "p", "\"x)\"", "1"]);
    spans("p.m(q /* ) */).n", &["p.m(q /* ) */).n", "p.m(q /* ) */)", "p", "q"]);
    spans(
        "group::of(p) && group::code == 10_0",
        &["group::of(p) && group::code == 10_0", "group::of(p)", "p", "group::code == 10_0", "group::code", "10_0"],
    );
    spans("p in [1, 2]", &["p in [1, 2]", "p", "[1, 2]", "1", "2"]);
    spans("p !in 1..=3", &["p !in 1..=3", "p", "1..=3", "1", "3"]);
    spans("!(p || q)", &["!(p || q)", "p || q", "p", "q"]);
    spans("p.some(|c| c.a == 1)", &["p.some(|c| c.a == 1)", "p", "|c| c.a == 1", "c.a == 1", "c.a", "c", "1"]);
    spans("if p { q } else { 1 }", &["if p { q } else { 1 }", "p", "{ q }", "q", "{ 1 }", "1"]);
    spans("switch p { 1 => q, _ => 2 }", &["switch p { 1 => q, _ => 2 }", "p", "q", "2"]);
    spans("#{ a: p, \"b\": () }", &["#{ a: p, \"b\": () }", "p", "()"]);
}
