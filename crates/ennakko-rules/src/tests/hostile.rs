//! Texts that nobody writes in good faith, or that a program wrote: they end in a finding, soon, and never in a panic.

use super::folder::{Draft, findings, tables, with_place, with_rules};
use crate::RuleFile;

fn changed(path: &str, change: impl FnOnce(&str) -> String) -> Vec<RuleFile> {
    let mut files = with_place();
    let file = files.iter_mut().find(|file| &*file.path == path).unwrap();
    file.text = change(&file.text).into();
    files
}

/// The messages about the folder with a text in place of the child's city.
fn told(test: &str) -> Vec<String> {
    let files = changed("place.rhai", |text| text.replace("child.lives_in_city", test));
    findings(&files).into_iter().map(|finding| finding.message).collect()
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("!", ""),
        ("-", ""),
        ("#{a:", "}"),
        ("child.x(", ")"),
        ("if true { ", "} else { true }"),
        ("{", "}"),
        ("|a| ", ""),
        ("`${", "}`"),
        ("", " + 1"),
        ("", " && true"),
        ("", ".a"),
        ("", "[0]"),
        ("", " ?? 1"),
        ("any_of(#{a:", "})"),
        ("", " else if true { true }"),
        ("child.custodians.some(|c| ", ")"),
    ] {
        // as deep as a file of its length can be
        let n = 190_000 / (open.len() + close.len() + 2);
        let (open, close) = (format!("{open}\n").repeat(n), format!("{close}\n").repeat(n));
        let told = told(&format!("{open}child{close}"));
        assert_eq!(told.len(), 1, "{open} {close}");
        assert!(!told[0].contains("longer"), "{told:?}");
    }
}

#[test]
fn sizes_are_bounded() {
    let long = |text: &str, n: usize| format!("`{}` == \"\"", text.repeat(n));
    assert_eq!(told(&long("aaaaaaaaa\n", 2_000)), ["this text or list is too long"]);
    assert_eq!(told(&long("a", 20_000)), ["this line is longer than 10,000 characters"]);
    assert_eq!(told(&long("aaaaaaaaa\n", 100_000)), ["this file is longer than 200,000 characters"]);
    assert_eq!(told(&format!("child.flag in [{}]", "1,\n".repeat(20_000))), ["this text or list is too long"]);
    let functions = "fn f(x) { x }\n".repeat(600);
    let files = changed("place.rhai", |text| format!("{text}{functions}"));
    assert_eq!(findings(&files).len(), 1);
    let lines = |n: usize, line: &dyn Fn(usize) -> String| (0..n).map(line).collect::<Vec<_>>().join("\n");
    let functions = lines(600, &|n| format!("fn f{n}(x) {{ x }}"));
    let files = changed("place.rhai", |text| format!("{text}{functions}"));
    assert_eq!(findings(&files)[0].message, "there are more than 500 functions");
    // as many as there may be
    let functions = lines(400, &|n| format!("fn f{n}(x) {{ f{}(x) }}", (n + 1) % 400));
    let files = changed("place.rhai", |text| format!("{text}{functions}"));
    let messages: Vec<String> = findings(&files).into_iter().map(|found| found.message).collect();
    assert_eq!(messages, ["`f0` comes to call itself"]);
    let lines = lines(200, &|n| format!("line_{n}: true,"));
    let files = changed("place.rhai", |text| text.replace("right_age:", &format!("{lines}\nright_age:")));
    assert!(findings(&files).iter().any(|found| found.message == "this rule has 206 named lines, more than 64"));
}

#[test]
fn what_does_not_end_is_refused() {
    for (test, helpers, why) in [
        ("f(child)", "fn f(x) { f(x) }", "`f` comes to call itself"),
        ("f(child)", "fn f(x) { g(x) } fn g(x) { f(x) }", "`f` comes to call itself"),
        ("f(child)", "fn f(x) { f(x) && f(x) }", "`f` comes to call itself"),
        ("f(0) > 0", "fn f(x) { for i in 0..1000000000 { x += 1 } x }", "a rule cannot use `for`"),
        ("f(\"a\") == \"\"", "fn f(x) { x += x; x }", "`=` sets a value, and a rule sets nothing"),
    ] {
        let found = findings(&with_rules(&[("r", &Draft { helpers, ..Draft::when(test) })]));
        assert!(found.iter().any(|found| found.is_error() && found.message == why), "{helpers}: {found:?}");
    }
    // two calls in each of many helpers: helpers are put in where they are called
    let helpers = (1..200).map(|n| format!("fn f{n}(x) {{ f{}(x) && f{}(x) }}\n", n - 1, n - 1));
    let helpers = helpers.collect::<Vec<_>>().concat();
    let helpers: &'static str = Box::leak(format!("fn f0(x) {{ x.flag }}\n{helpers}").into_boxed_str());
    for (test, why) in [
        ("f199(child)", "functions call each other too deeply"),
        ("f9(child) && f9(child) && f9(child) && f9(child)", ""),
    ] {
        let found = findings(&with_rules(&[("r", &Draft { helpers, ..Draft::when(test) })]));
        let errors: std::collections::BTreeSet<&str> =
            found.iter().filter(|found| found.is_error()).map(|found| &*found.message).collect();
        assert_eq!(errors.into_iter().collect::<Vec<_>>().join(", "), why, "{test}");
    }
}

/// Ten megabytes of a file of each kind, of short lines and of one: one finding about it, and none that follows.
#[test]
fn long_files_of_every_kind_are_told_and_read_no_further() {
    for path in
        ["place.rhai", "place.md", "place.fi.ftl", "_common.fi.ftl", "facts.toml", "calendar.toml", "_shared.rhai"]
    {
        let mut files = with_place();
        if path == "_shared.rhai" {
            files.push(RuleFile::new(path, "// helpers\n"));
        }
        for (more, message) in [("a = 1\n", "this file is longer than"), ("a = 1, ", "this")] {
            let file = files.iter_mut().find(|file| &*file.path == path).unwrap();
            file.text = format!("{}{}", file.text, more.repeat(10_000_000 / more.len())).into();
            let found = findings(&files);
            assert!(found.len() == 1 && &*found[0].path == path, "{path}: {found:?}");
            assert!(found[0].message.starts_with(message) && found[0].message.contains("longer"), "{:?}", found[0]);
            assert!(found[0].to_string().len() < 1_000, "{path}");
        }
    }
}

/// As many mistakes as a file has room for, and proofs over as many values: each file is read in time.
#[test]
#[expect(clippy::disallowed_methods, reason = "how long it takes is what is asked")]
fn very_many_mistakes_and_values_take_no_long_time() {
    let begun = std::time::Instant::now();
    let lines = |n: usize, line: &dyn Fn(usize) -> String| (0..n).map(line).collect::<Vec<_>>().join("\n");
    for (what, test) in [
        ("names", lines(1_000, &|n| format!("child.unknown_{n} &&")) + "true"),
        ("texts", lines(1_000, &|n| format!("child.school != \"{n}\" &&")) + "true"),
        ("codes", lines(1_000, &|n| format!("child.sex != \"{n}\" &&")) + "true"),
        ("ranges", lines(1_000, &|n| format!("child.income != {} &&", n * 2)) + "true"),
        ("lists", lines(500, &|n| format!("start.id in [\"a{n}\", \"b{n}\"] ||")) + "true"),
        ("cases", format!("switch child.income {{ {} _ => true }}", lines(3_000, &|n| format!("{n} => true,")))),
        ("branches", lines(500, &|n| format!("(if child.income == {n} {{ true }} else {{ child.flag }}) &&")) + "true"),
        ("names given", format!("{{ {} true }}", lines(1_000, &|n| format!("let a{n} = child.flag;")))),
        ("paths", lines(1_000, &|n| format!("child.age_reached_in({n}) > 0 &&")) + "true"),
    ] {
        let n = told(&test).len();
        assert!(n > 0 && n < 60_000, "{what}: {n}");
    }
    let rows = lines(500, &|n| format!("[[fees.f{n}]]\nvalue = \"a\"\nuntil = 1\nunits = 2\n"));
    let found = findings(&changed("parameters.toml", |text| format!("{text}\n{rows}")));
    assert!(found.len() > 500);
    assert!(begun.elapsed().as_secs() < 100, "{:?}", begun.elapsed());
}

/// Helpers are put in where they are called: what that comes to is bounded.
#[test]
fn helpers_that_call_each_other_again_and_again_do_not_explode() {
    for (calls, deep) in [(2, 11), (10, 11), (200, 3)] {
        let helper = |n: usize| {
            let call = format!("f{}(x)", n - 1);
            format!("fn f{n}(x) {{ {} }}\n", vec![call; calls].join(" && "))
        };
        let helpers = (1..deep).map(helper).collect::<String>();
        let helpers: &'static str = Box::leak(format!("fn f0(x) {{ x.flag }}\n{helpers}").into_boxed_str());
        let test: &'static str = Box::leak(format!("f{}(child)", deep - 1).into_boxed_str());
        let found = findings(&with_rules(&[("r", &Draft { helpers, ..Draft::when(test) })]));
        let errors: Vec<&str> =
            found.iter().filter(|found| found.is_error()).map(|found| found.message.as_str()).collect();
        // two calls ten deep come to two thousand reads, which is little
        let expected: &[&str] = match calls {
            2 => &[],
            10 => &["this rule is too large with its helpers put in"],
            _ => &["this is nested too deeply"],
        };
        assert_eq!(errors, expected, "{calls} calls, {deep} deep");
    }
}

/// What would reach out of the rule, say something while it runs, or change what others mean.
#[test]
fn nothing_reaches_out_of_a_rule() {
    let error_of = |test: &'static str, helpers: &'static str| {
        let found = findings(&with_rules(&[("r", &Draft { helpers, ..Draft::when(test) })]));
        let first = found.into_iter().find(crate::Diagnostic::is_error);
        first.map(|found| found.message).unwrap_or_default()
    };
    let mut wrong = String::new();
    for (test, helpers, message) in [
        ("eval(\"true\")", "", "`eval` is a word that the rule language keeps for itself"),
        ("{ import \"../../secret\" as s; s::x }", "", "`import` is a word that the rule language keeps for itself"),
        ("{ print(child.flag); true }", "", "`print` is a word that the rule language keeps for itself"),
        ("{ debug(child.flag); true }", "", "`debug` is a word that the rule language keeps for itself"),
        ("{ let x = timestamp(); true }", "", "rule `r` uses unknown function `timestamp`"),
        ("{ child.flag = true; true }", "", "`=` sets a value, and a rule sets nothing"),
        ("{ child.income += 1; true }", "", "`=` sets a value, and a rule sets nothing"),
        ("{ on.year = 2020; true }", "", "`=` sets a value, and a rule sets nothing"),
        ("{ child.custodians.clear(); true }", "", "what this comes to is not used"),
        ("{ child.custodians.push(child); true }", "", "what this comes to is not used"),
        ("rand(1, 2) == 1", "", "rule `r` uses unknown function `rand`"),
        ("sleep(1)", "", "rule `r` uses unknown function `sleep`"),
        ("Fn(\"f\").call(child)", "fn f(x) { x.flag }", "rule `r` uses unknown function `Fn`"),
        ("call(Fn(\"f\"), child)", "fn f(x) { x.flag }", "rule `r` uses unknown function `call`"),
        ("this.flag", "", "a function sees only what it is given"),
        ("f(child)", "fn f(x) { this = 1; true }", "a function sees only what it is given"),
        ("global::x", "", "no function can see `x`"),
        (
            "child.flag",
            "fn date(x) { x } fn len(x) { 1 } fn some(a, b) { true }",
            "`date` means something in every rule already",
        ),
        ("child.flag", "fn contains(a, b) { true }", "`contains` means something in every rule already"),
        ("child.flag", "fn conditions(a) { true }", "there are two functions `conditions`"),
        ("child.flag", "const conditions = 1;", "no function can see `conditions`"),
        ("is_def_fn(\"f\", 1)", "", "rule `r` uses unknown function `is_def_fn`"),
        ("type_of(child) == \"x\"", "", "rule `r` uses unknown function `type_of`"),
        ("{ try { child.flag } catch { true } }", "", "`try` is a word that the rule language keeps for itself"),
        ("{ throw \"x\"; true }", "", "`throw` is a word that the rule language keeps for itself"),
        ("{ loop { } true }", "", "`loop` is a word that the rule language keeps for itself"),
        ("{ while true { } true }", "", "`while` is a word that the rule language keeps for itself"),
        ("{ do { } while true; true }", "", "`do` is a word that the rule language keeps for itself"),
        ("{ for x in 0..1000000000 { } true }", "", "a rule cannot use `for`"),
    ] {
        let told = error_of(test, helpers);
        if told != message {
            wrong = format!("{wrong}\n{test} {helpers}: {told}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    // a name of one's own may be called like anything else
    assert_eq!(error_of("{ let date = on; let len = date; len == on }", ""), "");
}

#[test]
fn hidden_characters_are_refused_and_never_shown() {
    for hidden in ['\u{202e}', '\u{2066}', '\u{200b}', '\0', '\u{1b}', '\u{7f}'] {
        for text in [
            changed("place.rhai", |text| {
                text.replace("// ", "").replace("lives_in_city:", &format!("lives{hidden}_in_city:"))
            }),
            changed("place.rhai", |text| format!("// {hidden}\n{text}")),
            changed("place.rhai", |text| text.replace("A place", &format!("A {hidden}place"))),
            changed("facts.toml", |text| {
                text.replace(
                    "[resident.flag]",
                    &format!("[resident.\"fl{}ag\"]", hidden.escape_unicode())
                        .replace("\\u{", "\\U")
                        .replace("}\"", "\""),
                )
            }),
        ] {
            let found = findings(&text);
            assert!(!found.is_empty());
            for finding in found {
                assert!(!finding.to_string().contains(hidden), "{finding:?}");
            }
        }
    }
    // a mark that some editors put first is nothing to tell
    assert_eq!(findings(&changed("place.rhai", |text| format!("\u{feff}{text}"))), []);
    assert_eq!(findings(&changed("facts.toml", |text| format!("\u{feff}{text}"))), []);
    assert_eq!(findings(&changed("place.rhai", |text| text.replace('\n', "\r\n"))), []);
}

#[test]
fn no_text_in_any_file_makes_it_panic() {
    let junk = [
        "",
        "\0",
        "\u{feff}",
        "=",
        "[",
        "[[",
        "]",
        "{",
        "#{",
        "\"",
        "`",
        "'",
        "|",
        "| case | on |",
        "```toml\n",
        "fn",
        "fn (",
        "const",
        "const RULE",
        "const RULE = ",
        "const RULE = 1;",
        "const RULE = #{};",
        "const RULE = [];",
        "letter = ",
        ".a = b",
        "å",
        "🦀",
        "a\u{0301}",
        "\r",
        "\r\n\r\n",
        "fn occasion() {}",
        "fn conditions(a) { }",
        "fn conditions(a, b, c) { #{ x: } }",
        "/*",
        "//",
        "[resident]",
        "[resident.x]",
        "a = 1",
        "a.b = 1",
        "[[a.b]]",
        "[a]\nb = [[1]]",
        "99999999999999999999",
        "a = 99999999999999999999",
        "a = 0x",
        "a = 2027-13-40",
        "a = 2027-02-30",
        "| case | on | differs | outcome | because |\n|---|---|---|---|---|\n| a | | | | |\n|||||||||\n|\n| a",
    ];
    for file in with_place() {
        for text in junk {
            for whole in [true, false] {
                let files = changed(&file.path, |old| if whole { text.to_owned() } else { format!("{old}\n{text}") });
                let _found: Vec<String> = findings(&files).iter().map(ToString::to_string).collect();
            }
        }
        // every beginning of it
        let cuts: Vec<usize> = file.text.char_indices().map(|(at, _)| at).step_by(41).collect();
        for cut in cuts {
            let files = changed(&file.path, |old| old[..cut].to_owned());
            let _found: Vec<String> = findings(&files).iter().map(ToString::to_string).collect();
        }
    }
}

#[test]
fn names_of_files_are_checked_too() {
    let mut files = tables();
    for path in [
        "",
        ".",
        ".rhai",
        "a b.rhai",
        "Å.rhai",
        "A.rhai",
        "x/y/z.rhai",
        "..rhai",
        "a.rhai.rhai",
        "\0.rhai",
        "a\u{202e}b.rhai",
        "x.toml",
        "facts.tml",
        "_shared.rhai",
        "a.fi.ftl",
        ".fi.ftl",
        "README.md",
    ] {
        files.push(RuleFile::new(path, ""));
    }
    let found = findings(&files);
    assert!(found.iter().any(|found| found.message == "no rule can be called so"));
    for finding in found {
        let _shown = finding.to_string();
    }
}
