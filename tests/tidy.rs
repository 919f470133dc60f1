//! Documentation, names and layout stay true.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "this test reads the project's own files"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn read(path: &str) -> String {
    let path = Path::new(ROOT).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every file of the project below a folder, relative to the root, without what is built.
fn files_below(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![Path::new(ROOT).join(folder)];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "target" && name != ".git" {
                    open.push(path);
                }
            } else {
                found.push(path.strip_prefix(ROOT).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

fn rust_files() -> Vec<(String, String)> {
    ["crates", "examples", "benches", "tests"]
        .into_iter()
        .flat_map(files_below)
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let path = path.to_string_lossy().replace('\\', "/");
            let text = read(&path);
            (path, text)
        })
        .collect()
}

/// Words in backticks.
fn quoted(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_path_of_the_code_map_exists() {
    let text = read("ARCHITECTURE.md");
    for path in quoted(&text).into_iter().filter(|word| word.starts_with("crates/") || word.starts_with("tests/")) {
        assert!(Path::new(ROOT).join(path).exists(), "ARCHITECTURE.md names `{path}`, which does not exist");
    }
}

#[test]
fn every_crate_and_module_is_in_the_code_map() {
    let text = read("ARCHITECTURE.md");
    let words = quoted(&text);
    for path in files_below("crates") {
        let path = path.to_string_lossy().replace('\\', "/");
        let Some((name, module)) = path.strip_prefix("crates/").and_then(|path| path.split_once("/src/")) else {
            continue;
        };
        assert!(words.contains(format!("crates/{name}").as_str()), "the code map misses the crate {name}");
        let is_test = module.contains("tests") || module.contains("testing") || module.contains("testdata");
        if is_test
            || ["lib.rs", "main.rs"].contains(&module)
            || Path::new(module).extension().is_none_or(|extension| extension != "rs")
        {
            continue;
        }
        let full = format!("crates/{name}/src/{module}");
        let named = words.contains(full.as_str()) || words.contains(module);
        assert!(named, "the code map misses {full}");
    }
}

#[test]
fn one_file_names_the_syntax_tree_of_rhai() {
    let names = ["ASTNode", "AST::", "Stmt::", "Expr::", "FnCallExpr", "AST,", "&AST", ": AST", "<AST>"];
    let files: BTreeSet<String> = rust_files()
        .into_iter()
        .filter(|(path, _)| path.starts_with("crates/"))
        .filter(|(_, text)| {
            text.lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .any(|line| names.iter().any(|name| line.contains(name)))
        })
        .map(|(path, _)| path)
        .collect();
    // its shape tests stand in files beside it
    let one = [
        "crates/ennakko-rules/src/tree.rs",
        "crates/ennakko-rules/src/tree/shapes.rs",
        "crates/ennakko-rules/src/tree/switch.rs",
    ];
    assert!(files.iter().all(|path| one.contains(&path.as_str())), "{files:?}");
    assert!(files.contains(one[0]));
}

#[test]
fn only_wire_types_serialise() {
    for (path, text) in rust_files().into_iter().filter(|(path, _)| path.starts_with("crates/")) {
        let wire = path.ends_with("/wire.rs") || path.contains("/wire/");
        let serialises = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .any(|line| line.contains("Serialize") && (line.contains("derive") || line.contains("impl")));
        assert!(wire || !serialises, "{path} serialises and is not a wire form");
    }
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    for (path, text) in rust_files() {
        let n_lines = text.lines().count();
        assert!(n_lines <= 800, "{path} has {n_lines} lines");
        assert!(text.starts_with("//!"), "{path} does not open with what it is for");
    }
}

#[test]
fn lint_exceptions_have_reasons() {
    for (path, text) in rust_files().into_iter().filter(|(path, _)| path != "tests/tidy.rs") {
        assert!(!text.contains("#[allow("), "{path} allows a lint; `expect` it with a reason");
        for (at, _) in text.match_indices("#[expect(").chain(text.match_indices("#![expect(")) {
            let end = text[at..].find(")]").map_or(text.len(), |end| at + end);
            assert!(text[at..end].contains("reason"), "{path} expects a lint without a reason");
        }
        assert!(!text.contains("#[ignore"), "{path} ignores a test");
    }
}

#[test]
fn every_package_takes_the_lints_of_the_workspace() {
    for path in ["crates", "examples", "benches", "tests"].into_iter().flat_map(files_below) {
        if path.file_name().is_some_and(|name| name == "Cargo.toml") && !path.starts_with("benches/peers") {
            let text = read(&path.to_string_lossy());
            assert!(text.contains("[lints]\nworkspace = true"), "{} has lints of its own", path.display());
        }
    }
}

#[test]
fn no_identity_code_of_a_real_series_stands_anywhere() {
    // the tables of the identity codes' own tests hold codes of days on which no holder can have been born
    let allowed = "crates/ennakko-core/src/identity";
    for folder in ["crates", "examples", "benches", "tests", "rules"] {
        for path in files_below(folder) {
            let name = path.to_string_lossy().replace('\\', "/");
            let Ok(text) = std::fs::read_to_string(Path::new(ROOT).join(&path)) else { continue };
            if name.starts_with(allowed) {
                continue;
            }
            for code in finnish_codes(&text) {
                assert!(code.as_bytes()[7] == b'9', "{name} holds a code that is not of the artificial 900 series");
            }
        }
    }
}

/// What looks like a Finnish identity code: six digits, a century sign, three digits, a check character.
fn finnish_codes(text: &str) -> Vec<String> {
    let signs = b"+-ABCDEFYXWVU";
    let is_code = |window: &[u8]| {
        window[..6].iter().all(u8::is_ascii_digit)
            && signs.contains(&window[6])
            && window[7..10].iter().all(u8::is_ascii_digit)
            && (window[10].is_ascii_digit() || window[10].is_ascii_uppercase())
    };
    let bytes = text.as_bytes();
    let word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    (0..bytes.len().saturating_sub(10))
        .filter(|at| is_code(&bytes[*at..at + 11]))
        .filter(|at| !word(at.checked_sub(1).and_then(|before| bytes.get(before))) && !word(bytes.get(at + 11)))
        .map(|at| String::from_utf8_lossy(&bytes[at..at + 11]).into_owned())
        .collect()
}

#[test]
fn nothing_names_a_machine() {
    let prefixes = ["/wo", "/tm", "/ro", "/ho"].map(str::to_owned);
    let rests = ["rk/", "p/", "ot/", "me/"];
    for folder in ["crates", "examples", "benches", "tests", "rules"] {
        for path in files_below(folder) {
            let Ok(text) = std::fs::read_to_string(Path::new(ROOT).join(&path)) else { continue };
            for (prefix, rest) in prefixes.iter().zip(rests) {
                let machine = format!("\"{prefix}{rest}");
                assert!(!text.contains(&machine), "{} names a path of a machine", path.display());
            }
        }
    }
}

#[test]
fn the_picture_of_the_town_in_the_readme_is_what_the_preview_prints() {
    let readme = read("README.md");
    let (folder, town) = (format!("{ROOT}/rules/helsinki"), format!("{ROOT}/examples/town.toml"));
    // the picture of the sample city is compared by `.ci/run`, with the example built for release
    let mut n_pictures = 0;
    for after in readme.split("<!-- picture: preview").skip(1) {
        let (more, after) = after.split_once("-->\n```text\n").unwrap();
        let (picture, _) = after.split_once("```").unwrap();
        let args = ["ennakko", "preview", &folder, "--register", &town, "--from", "2026-12-01", "--months", "12"];
        let args = args.into_iter().chain(more.split_whitespace());
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut io = ennakko_cli::Io { out: &mut out, err: &mut err, is_terminal: false, err_is_terminal: false };
        ennakko_cli::run(args, &mut io);
        let printed = String::from_utf8(out).unwrap();
        assert!(picture.len() > 300 && printed.contains(picture.trim_end()), "`preview{more}` prints\n{printed}");
        n_pictures += 1;
    }
    assert_eq!(n_pictures, 1);
}

/// The blocks of a Markdown text in one language, in order, each with where it ends.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<(usize, &'t str)> {
    let begin = format!("```{language}\n");
    text.match_indices(&begin)
        .map(|(at, _)| {
            let inside = &text[at + begin.len()..];
            let length = inside.find("```").unwrap();
            (at + begin.len() + length, &inside[..length])
        })
        .collect()
}

#[cfg(unix)]
#[test]
fn what_the_readme_gives_to_try_prints_what_it_says() {
    let readme = read("README.md");
    let (_, guide) = readme.split_once("\n## Try this\n").unwrap();
    let (guide, _) = guide.split_once("\n## ").unwrap();
    // a fresh checkout, as far as the guide reaches
    let checkout = Path::new(env!("CARGO_TARGET_TMPDIR")).join("try_this");
    let _ = std::fs::remove_dir_all(&checkout);
    for folder in ["examples", "rules/helsinki"] {
        for path in files_below(folder) {
            std::fs::create_dir_all(checkout.join(&path).parent().unwrap()).unwrap();
            std::fs::copy(Path::new(ROOT).join(&path), checkout.join(&path)).unwrap();
        }
    }
    let command = env!("CARGO_BIN_EXE_ennakko-under-test");
    let shell = |script: &str| {
        let script = script.replace("cargo run --release -q -p ennakko-cli --", command);
        assert!(!script.contains("cargo"), "{script}");
        let ran = std::process::Command::new("sh").args(["-ec", &script]).current_dir(&checkout).output().unwrap();
        let err = String::from_utf8(ran.stderr).unwrap();
        assert!(ran.status.success() && err.is_empty(), "{script}\n{err}");
        String::from_utf8(ran.stdout).unwrap()
    };
    let (commands, outputs) = (blocks(guide, "sh"), blocks(guide, "text"));
    let ((_, preparation), commands) = commands.split_first().unwrap();
    assert_eq!((commands.len(), outputs.len()), (7, 7), "each command has its output");
    for ((end, command), (_, output)) in commands.iter().zip(&outputs) {
        assert!(guide[*end..].starts_with("```\n\n```text\n"), "the output follows the command: {command}");
        assert_eq!(*output, shell(&format!("{preparation}{command}")), "{command}");
    }
}

#[cfg(unix)]
#[test]
fn the_readme_loads_a_register_as_it_says() {
    let readme = read("README.md");
    let (_, section) = readme.split_once("\n## Your own register\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let checkout = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own_register");
    let _ = std::fs::remove_dir_all(&checkout);
    std::fs::create_dir_all(checkout.join("rules/helsinki")).unwrap();
    for path in files_below("rules/helsinki") {
        std::fs::copy(Path::new(ROOT).join(&path), checkout.join(&path)).unwrap();
    }
    let command = env!("CARGO_BIN_EXE_ennakko-under-test");
    let [(_, commands)] = blocks(section, "sh")[..] else { panic!("one block of commands") };
    let more =
        "cargo run --release -q -p ennakko-cli -- preview --register target/my_city --from 2026-12-01 --months 1\n";
    let script = format!("{commands}{more}").replace("cargo run --release -q -p ennakko-cli --", command);
    assert!(!script.contains("cargo"), "{script}");
    let ran = std::process::Command::new("sh").args(["-ec", &script]).current_dir(&checkout).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(ran.stdout), text(ran.stderr));
    assert!(ran.status.success() && err.is_empty(), "{out}\n{err}");
    for told in
        ["The register of 2026-12-01\n", "is about a subject that no record describes", "\nLoaded.\n", "what is coming"]
    {
        assert!(out.contains(told), "{told}\n{out}");
    }
    assert!(checkout.join("target/my_city/identity.jsonl").is_file());
}

#[test]
fn the_guide_for_analysts_lists_every_fact_of_the_register() {
    let guide = read("rules/README.md");
    let files = ennakko::folder::read(Path::new(&format!("{ROOT}/rules/helsinki"))).unwrap();
    let (rules, _) = ennakko::Rules::load(&files).unwrap();
    let table = ennakko::wire::v1::FactListV1::of(rules.set()).register_table();
    assert!(
        guide.contains(&table),
        "rules/README.md does not hold the table of `ennakko facts --format markdown`:\n{table}"
    );
    for unit in ennakko::rules::unit::Unit::ALL {
        assert!(guide.contains(unit.word()), "rules/README.md misses the unit {}", unit.word());
    }
}

#[test]
fn every_rule_has_its_page_and_its_texts() {
    let rules = files_below("rules");
    let has = |name: &str| rules.iter().any(|path| path.to_string_lossy().ends_with(name));
    for path in &rules {
        let name = path.file_name().unwrap().to_string_lossy();
        if let Some((stem, _)) = name.split_once('.')
            && name.ends_with(".rhai")
            && !stem.starts_with('_')
        {
            assert!(has(&format!("/{stem}.md")), "{stem} has no page");
            for language in ["fi", "sv", "en"] {
                assert!(has(&format!("/{stem}.{language}.ftl")), "{stem} has no texts in {language}");
            }
        }
    }
}
