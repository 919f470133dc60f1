//! The shapes of rhai's tree that this crate relies on. An upgrade of rhai that changes one fails here, by name.

use proptest::prelude::*;
use rhai::{Dynamic, Engine, Map, Scope};

use super::{Entry, Named, Script, parse};
use crate::diagnostic::Place;
use crate::engine::bare;

fn engine() -> Engine {
    let mut engine = bare();
    let mut module = rhai::Module::new();
    module.set_var("code", 7_i64);
    module.set_native_fn("of", |number: i64| Ok(number * 2));
    engine.register_static_module("group", module.into());
    engine
}

fn script(text: &str) -> Script {
    parse(&engine(), text, "").unwrap_or_else(|problem| panic!("{text}: {:?} at {:?}", problem.kind, problem.place))
}

#[test]
fn constructs_that_rhai_itself_refuses_here() {
    for body in [
        "while p { }",
        "loop { }",
        "do { } while p",
        "try { p } catch { 1 }",
        "throw p",
        "eval(\"1\")",
        "print(p)",
        "debug(p)",
        "import \"x\" as y",
        "export p",
        "unknown",
        "unknown::code",
        "p.a && 1",
        "#{ a: 1, a: 2 }",
        "fn g() { }",
    ] {
        assert!(parse(&engine(), &format!("fn f(p, q) {{ {body} }}"), "").is_err(), "{body}");
    }
    // strict: neither the file's constants nor another function's variables are seen
    assert!(parse(&engine(), "const A = 1; fn f() { A }", "").is_err());
    assert!(parse(&engine(), "fn f(a) { a } fn g() { a }", "").is_err());
}

fn place(line: usize, column: usize, length: usize) -> Place {
    Place { line, column, length }
}

#[test]
fn places_are_those_of_the_text() {
    let text = "\
// a file
const RULE = #{ a: \"b\" };

fn  other(p) { p }
fn f(p, q) {
    let x = p;
    #{
        one: p.a.b == group::code,
        two: q.c,
        three: g(x),
        four: group::of(x) + 1 < x,
    }
}
";
    let script = script(text);
    assert_eq!(script.functions["f"].place, place(5, 4, 1));
    let (name, at, literal) = &script.constants[0];
    assert_eq!((name.as_str(), *at, literal.place), ("RULE", place(2, 7, 4), place(2, 14, 1)));
    let crate::literal::Literal::Map(entries) = &literal.literal else { panic!() };
    assert_eq!((entries[0].1, entries[0].2.place), (place(2, 17, 1), place(2, 20, 3)));
    let named = script.entries("f").unwrap();
    let places: Vec<(&str, Place)> = named.iter().map(|named| (named.name.as_str(), named.place)).collect();
    assert_eq!(
        places,
        [("one", place(8, 9, 3)), ("two", place(9, 9, 3)), ("three", place(10, 9, 5)), ("four", place(11, 9, 4))]
    );
    let starts: Vec<Place> = named
        .iter()
        .map(|named| match &named.entry {
            Entry::Leaf(piece) => piece.place,
            _ => panic!(),
        })
        .collect();
    assert_eq!(starts, [place(8, 14, 1), place(9, 14, 1), place(10, 16, 1), place(11, 15, 1)]);
}

/// Names with what is nested in them.
fn told(named: &[Named]) -> String {
    let parts: Vec<String> = named
        .iter()
        .map(|named| match &named.entry {
            Entry::Leaf(_) => named.name.clone(),
            Entry::AnyOf(inner) => format!("{}|{}|", named.name, told(inner)),
            Entry::AllOf(inner) => format!("{}&{}&", named.name, told(inner)),
        })
        .collect();
    parts.join(" ")
}

#[test]
fn a_map_keeps_its_order_and_nests() {
    let named = script(
        "fn f(p) { #{ z: 1, a: any_of(#{ y: p, b: all_of(#{ x: p, w: 1 }) }), m: other(#{ n: p }), k: any_of(p), j: !any_of(#{ i: p }) } }",
    )
    .entries("f")
    .unwrap();
    assert_eq!(told(&named), "z a|y b&x w&| m k j");
}

#[test]
fn only_a_map_at_the_end_has_entries() {
    for (body, n) in [
        ("#{ }", Some(0)),
        ("#{ a: 1, b: 2 }", Some(2)),
        ("let x = 1; #{ a: x }", Some(1)),
        ("1", None),
        ("", None),
        ("#{ a: 1 };", Some(1)),
        ("return #{ a: 1 }", None),
        ("if true { #{ a: 1 } } else { #{ } }", None),
        ("let m = #{ a: 1 }; m", None),
        ("#{ a: 1 }.a", None),
        ("{ #{ a: 1 } }", None),
        ("g(#{ a: 1 })", None),
    ] {
        let script = script(&format!("fn f() {{ {body} }} fn g(x) {{ x }}"));
        assert_eq!(script.entries("f").map(|entries| entries.len()), n, "{body}");
    }
}

#[test]
fn functions_of_one_name_are_told() {
    let doubled = |text: &str, shared: &str| {
        let script = parse(&engine(), text, shared).unwrap_or_else(|problem| panic!("{:?}", problem.kind));
        script.doubled.into_iter().map(|(name, place)| (name, place.line)).collect::<Vec<_>>()
    };
    assert_eq!(doubled("fn f(a) { a }\nfn g(a) { a }", "fn h(a) { a }"), []);
    assert_eq!(doubled("fn f(a) { a }\nfn f(a, b) { a }", ""), [("f".to_owned(), 2)]);
    assert_eq!(doubled("fn f(a) { a }\nfn g(a) { a }", "fn f(b) { b }"), [("f".to_owned(), 1)]);
    assert_eq!(doubled("fn f(a) { [1].some(|x| x == 1) && [2].some(|x| x == 1) }", ""), []);
}

#[test]
fn helpers_of_the_shared_file_are_there_and_marked() {
    let script = parse(&engine(), "fn f(a) { help(a) }", "// shared\nfn help(a) { deep(a) }\nfn deep(a) { a }");
    let script = script.unwrap_or_else(|problem| panic!("{:?}", problem.kind));
    let told: Vec<(&str, bool, usize)> =
        script.functions.iter().map(|(name, f)| (name.as_str(), f.shared, f.place.line)).collect();
    assert_eq!(told, [("deep", true, 3), ("f", false, 1), ("help", true, 2)]);
    let piece = script.whole("f").unwrap();
    let mut scope = Scope::new();
    scope.push("a", 5_i64);
    assert_eq!(engine().eval_ast_with_scope::<i64>(&mut scope, &piece.ast).unwrap(), 5);
}

/// Names with values as text.
type Values = Vec<(String, String)>;

/// The entries of `f`, each evaluated on its own, and all at once by calling `f`.
fn both_ways(text: &str, p: i64, q: &[i64]) -> (Values, Values) {
    let (engine, script) = (engine(), script(text));
    let list: Dynamic = q.iter().copied().map(Dynamic::from).collect::<Vec<_>>().into();
    let of = |value: Dynamic| format!("{:?}", value.flatten());
    let alone = script
        .values("f")
        .unwrap()
        .into_iter()
        .map(|(name, piece)| {
            let mut scope = Scope::new();
            scope.push_dynamic("p", p.into());
            scope.push_dynamic("q", list.clone());
            (name, of(engine.eval_ast_with_scope::<Dynamic>(&mut scope, &piece.ast).unwrap()))
        })
        .collect();
    let whole: Map = engine.call_fn(&mut Scope::new(), &script.ast, "f", (p, list)).unwrap();
    let mut whole: Values = whole.into_iter().map(|(name, value)| (name.to_string(), of(value))).collect();
    let mut alone: Values = alone;
    whole.sort();
    alone.sort();
    (alone, whole)
}

/// Statements before a map, and values of its entries, that read `p`, `q`, and what the statements name.
const BEFORE: [&str; 8] = [
    "",
    "let x = p + 1;",
    "let x = p; let y = q.len();",
    "let x = 0; for item in q { x += item; }",
    "let x = q.filter(|item| item > p).len();",
    "let x = if p > 2 { p } else { let p = 7; p };",
    "let x = { let x = p; x * 2 }; let q = q.map(|item| item + x);",
    "let x = 1; let y = |item| item > x; let x = q.some(y);",
];
const VALUES: [&str; 14] = [
    "p",
    "p in q",
    "p !in q",
    "q.some(|item| item == p)",
    "q.filter(|item| item < p).len()",
    "q.all(|item| q.some(|other| other >= item))",
    "help(p, q.len())",
    "if p > 1 { q.len() } else { let a = p; a + 1 }",
    "any_of_two(#{ a: p > 1, b: q.len() > 1 })",
    "p > 1 && q.len() > 1 && p < 5",
    "p ?? 3",
    "group::of(p) + group::code",
    "{ let a = 1; for item in q { a += item } a }",
    "p in 1..=3 || p < 0",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_entry_on_its_own_is_what_it_is_in_the_whole(
        before in 0..BEFORE.len(),
        values in prop::collection::vec(0..VALUES.len(), 1..6),
        p in -3_i64..8,
        q in prop::collection::vec(-3_i64..8, 0..5),
    ) {
        let mut entries: Vec<String> = values.iter().enumerate().map(|(at, value)| format!("e{at}: {}", VALUES[*value])).collect();
        if BEFORE[before].contains("let x") {
            entries.push("x: x".to_owned());
            entries.push("some_x: q.some(|item| item == x)".to_owned());
        }
        let text = format!(
            "fn f(p, q) {{ {} #{{ {} }} }} fn help(a, b) {{ let c = a * b; c - 1 }} fn any_of_two(m) {{ m.a || m.b }}",
            BEFORE[before],
            entries.join(", ")
        );
        let (alone, whole) = both_ways(&text, p, &q);
        prop_assert_eq!(alone, whole, "{}", text);
    }
}
