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
    let n = 30_000;
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
        let test = format!("{}child{}", open.repeat(n), close.repeat(n));
        let told = told(&test);
        assert_eq!(told.len(), 1, "{open} {close}");
    }
}

#[test]
fn sizes_are_bounded() {
    let long = |n: usize| format!("\"{}\" == \"\"", "a".repeat(n));
    assert_eq!(told(&long(20_000)), ["this text or list is too long"]);
    assert_eq!(told(&long(1_000_000)), ["this file is longer than 200,000 characters"]);
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
