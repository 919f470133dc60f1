//! `switch` in the interpreter: what it comes to, and how its cases stand in the tree that rhai makes of it.
//!
//! Both are rhai's own and may change with it; these tests fail if they do.

use rhai::{Dynamic, Engine, Expr, RangeCase, Stmt};

use crate::engine::bare;

/// What a script comes to, as text; or what is wrong with it.
fn told(script: &str) -> String {
    let engine: Engine = bare();
    match engine.compile(script) {
        Ok(ast) => match engine.eval_ast::<Dynamic>(&ast) {
            Ok(value) if value.is_unit() => "none".to_owned(),
            Ok(value) => value.to_string(),
            Err(error) => format!("stopped: {error}"),
        },
        Err(error) => format!("refused: {}", error.err_type()),
    }
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (script, expected) in cases {
        assert_eq!(told(script), *expected, "{script}");
    }
}

#[test]
fn a_value_fits_the_same_value_of_the_same_type() {
    check(&[
        ("switch 5 { 1 => 10, 5 => 50, _ => 0 }", "50"),
        ("switch 5 { 1 | 5 => 50, _ => 0 }", "50"),
        ("switch -5 { -5 => 1, _ => 0 }", "1"),
        ("switch 5 { (5) => 1, _ => 0 }", "1"),
        ("switch \"a\" { \"a\" => 1, _ => 0 }", "1"),
        ("switch \"a\" { `a` => 1, _ => 0 }", "1"),
        ("switch true { true => 1, false => 0 }", "1"),
        ("switch () { () => 1, _ => 0 }", "1"),
        ("switch 5 { () => 1, _ => 0 }", "0"),
        ("switch 5 { \"5\" => 1, _ => 0 }", "0"),
        ("switch 1 { true => 1, _ => 0 }", "0"),
        // a character is no text
        ("switch \"a\" { 'a' => 1, _ => 0 }", "0"),
        ("let x = 5; let y = switch x { 5 => 1, _ => 0 }; y + 1", "2"),
        ("let x = 5; let f = |y| switch x { 5 => y, _ => 0 }; f.call(3)", "3"),
    ]);
}

#[test]
fn values_come_before_ranges_and_the_first_that_fits_is_taken() {
    check(&[
        ("switch 5 { 0..5 => 1, 5..=9 => 2, _ => 0 }", "2"),
        ("switch 5 { 0..=5 => 1, 5..=9 => 2, _ => 0 }", "1"),
        ("switch 5 { 5 => 2, 0..=9 => 1, _ => 0 }", "2"),
        ("switch 5 { 5 => 4, 5 => 3, _ => 0 }", "4"),
        ("switch \"a\" { 0..9 => 1, \"a\" => 2, _ => 0 }", "2"),
        ("switch 20 { 20 | 0..9 => 1, _ => 0 }", "1"),
        ("switch 5 { 0..3 | 4..9 => 1, _ => 0 }", "1"),
        ("switch 5 { 0..=9 => 1, 5 => 2, _ => 0 }", "refused: Numeric switch case cannot follow a range case"),
        ("switch 5 { 0..9 | 20 => 1, _ => 0 }", "refused: Numeric switch case cannot follow a range case"),
        // an open beginning is zero, and an empty range holds nothing
        ("switch -5 { ..9 => 1, _ => 0 }", "0"),
        ("switch 5 { 1.. => 1, _ => 0 }", "1"),
        ("switch 5 { 9..5 => 1, _ => 0 }", "0"),
    ]);
}

#[test]
fn a_guard_is_asked_where_the_value_fits() {
    check(&[
        ("switch 5 { 5 if 1 > 2 => 2, 5 if 2 > 1 => 3, 5 => 4, _ => 0 }", "3"),
        ("switch 5 { 5 if 1 > 2 => 2, 0..=9 => 1, _ => 0 }", "1"),
        ("switch 5 { 4 | 5 if 1 > 2 => 1, 5 => 2, _ => 0 }", "2"),
        ("switch 5 { 5 if 1 > 2 => 1, _ => 0 }", "0"),
        // of a case that does not fit it is not asked
        ("let none = (); switch 5 { 4 if none => 1, 5 => 2, _ => 0 }", "2"),
        (
            "let none = (); switch 5 { 5 if none => 1, _ => 0 }",
            "stopped: Data type incorrect: () (expecting bool) (line 1, position 32)",
        ),
        ("switch 5 { _ if true => 4 }", "refused: This switch case cannot have a condition"),
        ("switch 5 { _ => 4, 5 => 3 }", "refused: Default switch case must be the last"),
        ("switch 5 { 1 => 4 }", "none"),
    ]);
}

#[test]
fn cases_are_written_down_and_not_computed() {
    for case in ["2 + 3", "x", "codes::flat"] {
        let told = told(&format!("let x = 5; switch x {{ {case} => 1, _ => 0 }}"));
        assert!(told.starts_with("refused: Expecting"), "{case}: {told}");
    }
}

#[test]
fn what_is_no_plain_value_falls_to_the_default() {
    #[derive(Clone)]
    struct Something;
    let mut engine = bare();
    engine.register_fn("something", || Something);
    let told: i64 = engine.eval("switch something() { 5 => 1, () => 2, 0..9 => 3, _ => 0 }").unwrap();
    assert_eq!(told, 0);
}

#[test]
fn cases_can_be_read_from_the_tree() {
    let script =
        "switch 5 { 1 | -2 if true => 10, \"a\" => 20, 0..3 | 7..=9 => 30, () => 40, true => 50, 9..5 => 60, _ => 0 }";
    let ast = bare().compile(script).unwrap();
    let Stmt::Switch(inner, _) = &ast.statements()[0] else { panic!("not a switch") };
    let (of, cases) = &**inner;
    assert!(matches!(of, Expr::IntegerConstant(5, _)));
    let mut values: Vec<(Vec<usize>, String)> = cases
        .cases
        .values()
        .map(|list| {
            let value = &list.value;
            let written = if value.is_unit() { "()".to_owned() } else { value.to_string() };
            (list.blocks.to_vec(), format!("{written} {}", value.type_name()))
        })
        .collect();
    values.sort();
    let (range, closed) = ("core::ops::range::Range<i64>", "core::ops::range::RangeInclusive<i64>");
    let expected = [
        (0, "-2 i64".to_owned()),
        (0, "1 i64".to_owned()),
        (1, "a string".to_owned()),
        (2, format!("0..3 {range}")),
        (2, format!("7..=9 {closed}")),
        (3, "() ()".to_owned()),
        (4, "true bool".to_owned()),
        (5, format!("9..5 {range}")),
    ];
    assert_eq!(values, expected.map(|(at, value)| (vec![at], value)));
    // ranges once more, in order and without the empty one
    let ranges: Vec<(i64, i64, bool, usize)> = cases
        .ranges
        .iter()
        .map(|range| match range {
            RangeCase::ExclusiveInt(range, at) => (range.start, range.end, false, *at),
            RangeCase::InclusiveInt(range, at) => (*range.start(), *range.end(), true, *at),
        })
        .collect();
    assert_eq!(ranges, [(0, 3, false, 2), (7, 9, true, 2)]);
    assert_eq!((cases.expressions.len(), cases.def_case), (7, Some(6)));
    // a guard that is written has a place, and one that is not has none
    let guards: Vec<bool> = cases.expressions.iter().map(|arm| arm.lhs.position().is_none()).collect();
    assert_eq!(guards, [false, true, true, true, true, true, true]);
    assert!(cases.expressions.iter().all(|arm| matches!(arm.rhs, Expr::Stmt(_))));
}
