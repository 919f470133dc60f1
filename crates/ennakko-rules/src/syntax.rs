//! rhai's own parse errors, said so that somebody who knows no rhai can mend them.

use rhai::ParseErrorType;

use crate::diagnostic::{Code, Diagnostic, Place, did_you_mean};
use crate::rule_set::{RuleFile, Tables, module_names};
use crate::settings::RESERVED;
use crate::tree::ParseProblem;

pub(crate) fn explain(file: &RuleFile, problem: &ParseProblem, tables: &Tables) -> Diagnostic {
    let line = file.text.lines().nth(problem.place.line.saturating_sub(1)).unwrap_or_default();
    let word = word_at(line, problem.place.column);
    let (message, help) = say(problem, line, &word, tables);
    let length = word.chars().count().max(1);
    let place = Place { length, ..problem.place };
    let mut diagnostic = Diagnostic::error(Code::Syntax, &file.path, &file.text, place, message);
    diagnostic.help = Some(help);
    diagnostic
}

fn say(problem: &ParseProblem, line: &str, word: &str, tables: &Tables) -> (String, String) {
    match &problem.kind {
        ParseErrorType::Reserved(reserved) => reserved_word(reserved),
        _ if RESERVED.contains(&word)
            && !["if", "else", "let", "for", "in", "switch", "fn", "const"].contains(&word) =>
        {
            reserved_word(word)
        }
        _ if ["and", "or", "not"].contains(&word) => logic_word(word),
        _ if logic_before(line, problem.place.column).is_some() => {
            logic_word(logic_before(line, problem.place.column).unwrap_or_default())
        }
        ParseErrorType::ModuleUndefined(name) => {
            let names = module_names(tables);
            let help = did_you_mean(name, names.iter().map(String::as_str)).map_or_else(
                || {
                    format!(
                        "groups of parameters, code lists and `calendar` can stand before `::` ({})",
                        names.join(", ")
                    )
                },
                |known| format!("did you mean `{known}::`?"),
            );
            (format!("nothing is called `{name}::`"), help)
        }
        ParseErrorType::VariableUndefined(name) => (
            format!("nothing is called `{name}` here"),
            "use a parameter of the function, or `let` it first".to_owned(),
        ),
        ParseErrorType::DuplicatedProperty(name) => {
            (format!("`{name}` names two lines"), "a name is a label everywhere; give one of them another".to_owned())
        }
        ParseErrorType::FnDuplicatedDefinition(name, _) => {
            (format!("there are two functions `{name}`"), "remove or rename one of them".to_owned())
        }
        ParseErrorType::AssignmentToInvalidLHS(_) | ParseErrorType::AssignmentToConstant(_) => {
            ("`=` sets a value and cannot compare".to_owned(), "write `==` to compare".to_owned())
        }
        ParseErrorType::MissingToken(token, what) => {
            (format!("`{token}` is missing {}", what.trim_start_matches("to ")), format!("add `{token}`"))
        }
        ParseErrorType::UnexpectedEOF => (
            "the file ends in the middle of something".to_owned(),
            "a `}`, `)` or `]` is missing before the end".to_owned(),
        ),
        ParseErrorType::ExprTooDeep => (
            "this is nested too deeply".to_owned(),
            "give parts of it names with `let` or a helper function".to_owned(),
        ),
        other => {
            let said = other.to_string();
            let said = said.trim_end_matches('.');
            let mut letters = said.chars();
            let said = letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect());
            (format!("this cannot be read: {said}"), "compare the line with an example in `rules/README.md`".to_owned())
        }
    }
}

fn reserved_word(word: &str) -> (String, String) {
    let help = match word {
        "until" | "with" | "is" | "new" | "case" | "protected" | "public" | "shared" | "use" | "default" | "match" => {
            format!("as a name in a map, put it in quotes: `\"{word}\": ...`; otherwise use another name")
        }
        "while" | "loop" | "do" => "a rule is evaluated once for each subject and needs no loop".to_owned(),
        _ => "use another name".to_owned(),
    };
    (format!("`{word}` is a word that the rule language keeps for itself"), help)
}

fn logic_word(word: &str) -> (String, String) {
    let sign = match word {
        "and" => "&&",
        "or" => "||",
        _ => "!",
    };
    (format!("`{word}` is not understood"), format!("write `{sign}`"))
}

/// The word that begins at a column, counted from 1.
fn word_at(line: &str, column: usize) -> String {
    line.chars().skip(column.saturating_sub(1)).take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// `and`, `or` or `not` just before a column.
fn logic_before(line: &str, column: usize) -> Option<&'static str> {
    let before: String = line.chars().take(column.saturating_sub(1)).collect();
    let last = before.split_whitespace().next_back()?;
    ["and", "or", "not"].into_iter().find(|word| *word == last)
}
