//! Folders that nobody writes in good faith: the command, held to a bound of memory and of time by the system, says what is
//! wrong and ends.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

use super::helsinki;

/// Kilobytes of address space, and seconds of processor time, in a build for tests.
const BOUNDS: &str = "ulimit -v 600000; ulimit -t 60; exec \"$0\" \"$@\"";

/// What the command says within the bounds, and the code that it ends with.
fn told(bounds: &str, args: &[&str]) -> (Option<i32>, String) {
    let ran = Command::new("sh").args(["-c", bounds, env!("CARGO_BIN_EXE_ennakko")]).args(args).output().unwrap();
    let said = [ran.stdout, ran.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    assert_eq!(ran.status.signal(), None, "{args:?}: {said:.1000}");
    assert!(!said.contains("panicked"), "{said}");
    (ran.status.code(), said)
}

#[test]
fn the_rules_of_helsinki_need_less_and_the_bounds_hold() {
    let rules = super::path("rules/helsinki");
    let (code, said) = told(BOUNDS, &["check", &rules]);
    assert_eq!(code, Some(0), "{said}");
    // what would need more is stopped
    let mut ran = Command::new("sh");
    ran.args(["-c", &BOUNDS.replace("600000", "12000"), env!("CARGO_BIN_EXE_ennakko")]);
    assert!(!ran.args(["check", &rules]).output().unwrap().status.success());
}

#[test]
fn every_hostile_folder_ends_in_a_finding() {
    let rule = fs::read_to_string(super::path("rules/helsinki/school_place.rhai")).unwrap();
    let with_test = |test: &str| rule.replacen("child.lives_in_city,", &format!("{test},"), 1);
    let with_helpers = |test: &str, helpers: &str| format!("{}\n{helpers}\n", with_test(test));
    let again = |n: usize, line: &dyn Fn(usize) -> String| (0..n).map(line).collect::<Vec<_>>().join("\n");
    let calls = |n: usize| format!("fn f{}(x) {{ {} }}", n + 1, vec![format!("f{n}(x)"); 10].join(" && "));
    let exploding = format!("fn f0(x) {{ x.lives_in_city }}\n{}", again(10, &calls));
    let nested = |open: &str, close: &str, n: usize| {
        let (open, close) = (format!("{open}\n").repeat(n), format!("{close}\n").repeat(n));
        with_test(&format!("{open}child.lives_in_city{close}"))
    };
    let long_text = format!("`{}` == \"\"", "aaaaaaaaa\n".repeat(15_000));
    let long_list = format!("1 in [{}]", "1,\n".repeat(50_000));
    let long_map = format!("any_of(#{{{}}})", again(9_000, &|n| format!("a{n}: true,")));
    let lines = |at: usize| again(400, &|n| format!("any_{at}_{n}: child.nothing_{},", at * 400 + n));
    let mistakes = again(5, &|at| format!("any_{at}: any_of(#{{{}}}),", lines(at)));
    let mistakes = rule.replacen("        lives_in_city:", &format!("{mistakes}\n        lives_in_city:"), 1);
    let sets = "{ child.lives_in_city = true; true }";
    let place = "school_place.rhai";
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        (place, with_helpers("f(child)", "fn f(x) { f(x) }").into(), "comes to call itself"),
        (place, with_helpers("f(child)", "fn f(x) { g(x) }\nfn g(x) { f(x) }").into(), "comes to call itself"),
        (place, with_test("{ loop { } true }").into(), "`loop` is a word"),
        (place, with_test("{ for i in 0..1000000000 { } true }").into(), "a rule cannot use `for`"),
        (place, with_test(&long_text).into(), "too long"),
        (place, with_test(&long_list).into(), "too long"),
        (place, with_test(&long_map).into(), "too long"),
        (place, nested("(", ")", 40_000).into(), "nested too deeply"),
        (place, nested("{", "}", 40_000).into(), "nested too deeply"),
        (place, nested("if true {", "} else { true }", 7_000).into(), "nested too deeply"),
        (place, nested("child.custodians.some(|c| ", ")", 6_000).into(), "nested too deeply"),
        (place, with_test("eval(\"true\")").into(), "`eval` is a word"),
        (place, with_test("{ import \"/etc/passwd\" as p; true }").into(), "`import` is a word"),
        (place, with_test("{ print(\"x\"); true }").into(), "`print` is a word"),
        (place, with_helpers("true", "fn some(a, b) { true }").into(), "means something in every rule already"),
        (place, with_test(sets).into(), "a rule sets nothing"),
        (place, with_helpers("f10(child)", &exploding).into(), "too large with its helpers put in"),
        (place, mistakes.into(), "unknown fact `child.nothing_1999`"),
        (place, "// aaaaaa\n".repeat(1_000_000).into(), "longer than 200,000 characters"),
        (place, "// aaaaaa\n".repeat(1_100_000).into(), "larger than 10 MB"),
        (place, vec![0xff, 0xfe, 0x00, 0xc3], "is not UTF-8 text"),
        ("school_place.md", "| a ".repeat(2_400_000).into(), "longer than 200,000 characters"),
        ("school_place.md", "> ".repeat(90_000).into(), "longer than 10,000 characters"),
        ("school_place.md", "> > > > > > > > > > > > > > > > \n".repeat(6_000).into(), "this page has no case"),
        ("school_place.fi.ftl", "a = { $b ->\n".repeat(3_000).into(), "this text cannot be read"),
        ("facts.toml", "[a]\n".repeat(2_400_000).into(), "longer than 200,000 characters"),
        ("facts.toml", format!("a = {}", "[\n".repeat(90_000)).into(), "cannot be read as TOML"),
        ("city.toml", b"[city]\nname = \"\xc3\x28\"\n".to_vec(), "is not UTF-8 text"),
    ];
    for (at, (file, bytes, says)) in cases.into_iter().enumerate() {
        let folder = helsinki(&format!("hostile {at}"));
        fs::write(folder.join(file), bytes).unwrap();
        let (code, said) = told(BOUNDS, &["check", &folder.display().to_string()]);
        assert!(matches!(code, Some(1 | 2)), "{at}: {code:?} {said:.500}");
        assert!(said.contains(says) && said.contains(file), "{at}: not {says}: {said:.1000}");
        // what was written may be long; what is told of it is not
        assert!(said.len() < 3_000_000, "{at}: {}", said.len());
    }
}
