//! rhai's own parse errors, said so that somebody who knows no rhai can mend them.

use rhai::{LexError, ParseErrorType};

use crate::check::Check;
use crate::diagnostic::{Code, Diagnostic, Place, did_you_mean};
use crate::rule_set::{RuleFile, module_names};
use crate::settings::RESERVED;
use crate::tree::ParseProblem;

/// Words that begin a statement or expression where they may stand, and so are not reported as taken.
const IN_USE: &[&str] = &["if", "else", "let", "for", "in", "fn", "const", "true", "false", "return"];

/// What is said: a message and what to write instead.
type Said = (String, String);

/// A parse error as a finding; none if a file with errors of its own mentions the name that is not known.
pub(crate) fn explain(file: &RuleFile, problem: &ParseProblem, check: &Check<'_>) -> Option<Diagnostic> {
    let at = At::new(&file.text, problem.place);
    let said = match &problem.kind {
        ParseErrorType::ModuleUndefined(name) => module(name, check)?,
        ParseErrorType::VariableUndefined(name) => at.variable(name),
        other => at.sign(other).or_else(|| at.word(other)).unwrap_or_else(|| at.kind(other)),
    };
    let place = at.place(problem);
    let mut diagnostic = Diagnostic::error(Code::Syntax, &file.path, &file.text, place, said.0);
    diagnostic.help = Some(said.1);
    Some(diagnostic)
}

/// Where a file stopped making sense.
struct At<'t> {
    text: &'t str,
    line_number: usize,
    /// The line up to the place, and from it on.
    before: String,
    after: String,
    /// The word that begins there.
    word: String,
}

fn said(message: impl Into<String>, help: impl Into<String>) -> Said {
    (message.into(), help.into())
}

impl<'t> At<'t> {
    fn new(text: &'t str, place: Place) -> Self {
        let line = text.lines().nth(place.line.saturating_sub(1)).unwrap_or_default();
        let before: String = line.chars().take(place.column.saturating_sub(1)).collect();
        let after: String = line.chars().skip(place.column.saturating_sub(1)).collect();
        let word = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        Self { text, line_number: place.line, before, after, word }
    }

    /// The sign, number or word that is meant; rhai may have noticed it only at its second character.
    fn place(&self, problem: &ParseProblem) -> Place {
        let back = |is: fn(char) -> bool| self.before.chars().rev().take_while(|c| is(*c)).count();
        let ahead = |is: fn(char) -> bool| self.after.chars().take_while(|c| is(*c)).count();
        let is_sign = |c: char| matches!(c, '=' | '<' | '>');
        let is_number = |c: char| c.is_ascii_digit() || c == '.';
        let (before, length) = match &problem.kind {
            ParseErrorType::PropertyExpected if ahead(is_number) > 0 => (back(is_number), ahead(is_number)),
            ParseErrorType::BadInput(LexError::UnexpectedInput(_)) if ahead(is_sign) == 0 => (0, 1),
            _ if ahead(is_sign) > 0 => (back(is_sign), ahead(is_sign)),
            _ => (0, self.word.chars().count()),
        };
        let column = problem.place.column.saturating_sub(before).max(1);
        Place { column, length: (before + length).max(1), ..problem.place }
    }

    /// Signs that other languages have.
    fn sign(&self, kind: &ParseErrorType) -> Option<Said> {
        let two: String = self.before.chars().last().into_iter().chain(self.after.chars().take(2)).collect();
        let begins = |sign: &str| self.after.starts_with(sign);
        if begins("===") || two == "===" {
            return Some(said("`===` is not understood", "write `==` to compare"));
        }
        if begins("=>") || two.starts_with("=>") && !begins(">=") {
            return Some(said("`=>` is not understood", "write `>=` to compare, `:` after a name in a map"));
        }
        if two.starts_with("=<") || begins("=<") {
            return Some(said("`=<` is not understood", "write `<=`"));
        }
        if two.starts_with("<>") || begins("<>") {
            return Some(said("`<>` is not understood", "write `!=`"));
        }
        if begins("=") && !begins("==") {
            return Some(match kind {
                ParseErrorType::MissingToken(token, _) if token == ":" => {
                    let name = self.word_before();
                    said(format!("`=` cannot stand after the name `{name}`"), format!("write `{name}: ...`"))
                }
                _ => said("`=` sets a value and cannot compare", "write `==` to compare"),
            });
        }
        if begins("?") {
            return Some(said("`?` is not understood", "write `if test { one } else { other }`"));
        }
        if begins("#") && !begins("#{") {
            return Some(said("`#` is not understood", "begin a comment with `//`, and a map with `#{`"));
        }
        if self.after.starts_with(['\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}', '\u{ab}', '\u{bb}']) {
            return Some(said("this quotation mark is not understood", "write straight ones: `\"...\"`"));
        }
        None
    }

    /// Words that other languages have, and those that rhai keeps for itself.
    fn word(&self, kind: &ParseErrorType) -> Option<Said> {
        if let Some(word) = logic(&self.word).or_else(|| logic(self.word_before())) {
            return Some(word);
        }
        let reserved = match kind {
            ParseErrorType::Reserved(word) => Some(word.as_str()),
            _ => None,
        };
        let word = reserved.unwrap_or(&self.word);
        if matches!(word, "null" | "nil") {
            return Some(no_value(word));
        }
        if word == "is" {
            return Some(said("`is` is not understood", "write `==` to compare"));
        }
        if word == "then" {
            return Some(said("`then` is not understood", "write `if test { one } else { other }`"));
        }
        (reserved.is_some() || RESERVED.contains(&word) && !IN_USE.contains(&word)).then(|| self.reserved(word))
    }

    fn word_before(&self) -> &str {
        self.before.split_whitespace().next_back().unwrap_or_default()
    }

    fn reserved(&self, word: &str) -> Said {
        let before = self.before.trim_end();
        let is_name = self.after.chars().skip(word.chars().count()).find(|c| *c != ' ') == Some(':')
            && (before.is_empty() || before.ends_with(['{', ',']));
        let help = match word {
            _ if before.ends_with('.') => "no fact or field can be called so",
            _ if is_name => {
                return said(
                    format!("`{word}` is a word that the rule language keeps for itself"),
                    format!("put it in quotes: `\"{word}\": ...`, or use another name"),
                );
            }
            _ if self.word_before() == "let" => "use another name",
            "while" | "loop" | "do" => {
                "a rule is evaluated once for each subject; ask a list with `some`, `all`, `len`"
            }
            "import" | "export" => "helpers of the folder stand in `_shared.rhai` and are seen everywhere",
            "try" | "catch" | "throw" => "a line that needs an unknown fact is unknown; nothing is to be caught",
            "eval" | "print" | "debug" => "a rule only answers; remove it",
            "case" | "match" | "switch" => "write `if test { one } else { other }`",
            _ => "use another name",
        };
        said(format!("`{word}` is a word that the rule language keeps for itself"), help)
    }

    fn variable(&self, name: &str) -> Said {
        if let Some(said) = logic(name).or_else(|| logic(self.word_before())) {
            return said;
        }
        match name {
            "none" | "None" | "NULL" | "Null" => return no_value(name),
            "True" | "yes" | "Yes" => return said(format!("`{name}` is not understood"), "write `true`"),
            "False" | "no" | "No" => return said(format!("`{name}` is not understood"), "write `false`"),
            _ => {}
        }
        let is_constant = self.text.lines().any(|line| {
            let rest = line.trim_start().strip_prefix("const ").or_else(|| line.trim_start().strip_prefix("let "));
            line.starts_with(['c', 'l'])
                && rest.is_some_and(|rest| rest.trim_start().trim_start_matches(name).trim_start().starts_with('='))
                && rest.is_some_and(|rest| rest.trim_start().starts_with(name))
        });
        if is_constant {
            return said(
                format!("no function can see `{name}`"),
                "write the value here, in a helper function, or in `parameters.toml` with its source",
            );
        }
        let after_name = self.after.strip_prefix(name).map_or("", str::trim_start);
        if after_name.starts_with(':') && !after_name.starts_with("::") {
            return said(
                format!("`{name}:` is a line of a map, and no map is open here"),
                "a map begins with `#{`; or a `)` or `}` is missing above",
            );
        }
        let known = self.parameters();
        let help = match did_you_mean(name, known.iter().map(String::as_str)) {
            Some(known) => format!("did you mean `{known}`?"),
            None if known.is_empty() => "a function begins with `fn name(child, on, occasion) {`".to_owned(),
            None => format!("known here: {}, and what was given a name with `let` above", known.join(", ")),
        };
        said(format!("nothing is called `{name}` here"), help)
    }

    /// Parameters of the function in which the place is: those after the last `fn` before it.
    fn parameters(&self) -> Vec<String> {
        let lines: Vec<&str> = self.text.lines().take(self.line_number).collect();
        let Some(line) = lines.iter().rev().find(|line| line.trim_start().starts_with("fn ")) else {
            return Vec::new();
        };
        let within = line.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(within, _)| within);
        let names = within.into_iter().flat_map(|within| within.split(','));
        names.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    }

    fn kind(&self, kind: &ParseErrorType) -> Said {
        match kind {
            ParseErrorType::DuplicatedProperty(name) => {
                said(format!("`{name}` names two lines"), "a name is a label everywhere; give one of them another")
            }
            ParseErrorType::FnDuplicatedDefinition(name, _) => {
                said(format!("there are two functions `{name}`"), "remove or rename one of them")
            }
            ParseErrorType::FnMissingParams(name) => {
                said(format!("`{name}` has no parameters"), format!("write `fn {name}(child, on, occasion) {{ ... }}`"))
            }
            ParseErrorType::WrongFnDefinition => said(
                "a function cannot stand inside another",
                "move it out, or check that the one above is closed with `}`",
            ),
            ParseErrorType::AssignmentToInvalidLHS(_) | ParseErrorType::AssignmentToConstant(_) => {
                said("`=` sets a value and cannot compare", "write `==` to compare")
            }
            ParseErrorType::MissingToken(token, what) => self.missing(token, what),
            ParseErrorType::UnexpectedEOF => {
                said("the file ends in the middle of something", "a `}`, `)` or `]` is missing before the end")
            }
            ParseErrorType::ExprTooDeep => {
                said("this is nested too deeply", "give parts of it names with `let` or a helper function")
            }
            ParseErrorType::LiteralTooLarge(..) => said("this text or list is too long", "a rule is a page or two"),
            ParseErrorType::TooManyFunctions => said("there are more than 500 functions", "a rule is a page or two"),
            ParseErrorType::MismatchedType(_, got) => {
                said(format!("a test must answer yes or no, and this is {got}"), "compare it with `==`, `<`, `in` ...")
            }
            ParseErrorType::PropertyExpected => self.after_dot(),
            ParseErrorType::BadInput(error) => bad_input(error),
            other => {
                let text = other.to_string();
                let mut letters = text.trim_end_matches('.').chars();
                let text =
                    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect());
                said(format!("this cannot be read: {text}"), "compare the line with an example in `rules/README.md`")
            }
        }
    }

    fn missing(&self, token: &str, what: &str) -> Said {
        let here = self.after.chars().next().map_or_else(String::new, |next| format!(" before `{next}`"));
        match token {
            "," => said("a `,` is missing before this", "put a `,` after each line of a map and each value of a list"),
            ";" if self.word == "fn" => {
                said("the function before this is not closed", "add the `}` that is missing above")
            }
            ";" => {
                said("the statement before this is not ended", "end it with `;`, or join two tests with `&&` or `||`")
            }
            "{" => said("a `{` is missing before this", "write `if test { one } else { other }`"),
            ":" => said("a `:` is missing before this", "write `name: test` on each line of a map"),
            "}" if what.contains("map") => {
                said(format!("the map is not closed{here}"), "put a `,` between two lines and a `}` after the last")
            }
            _ => said(format!("a `{token}` is missing{here}"), format!("add `{token}`")),
        }
    }

    /// After a dot stands a name; `31.12.2027` and `1.5` do not have one.
    fn after_dot(&self) -> Said {
        let number_before = self.before.trim_end_matches('.').ends_with(|c: char| c.is_ascii_digit());
        if number_before && self.after.starts_with(|c: char| c.is_ascii_digit()) {
            let parts: Vec<&str> = self.after.split(|c: char| !(c.is_ascii_digit() || c == '.')).collect();
            let is_day = parts.first().is_some_and(|rest| rest.contains('.'));
            return if is_day {
                said("a day is not written with dots", "write `date(\"2027-12-31\")`: year, month, day")
            } else {
                said("there are no decimal numbers", "count in a smaller unit: cents, metres, days")
            };
        }
        said("after the dot stands no name", "a name is letters a to z, digits and `_`")
    }
}

fn module(name: &str, check: &Check<'_>) -> Option<Said> {
    if ["parameters.toml", "code_lists.toml", "calendar.toml"].iter().any(|table| check.mentioned(table, name)) {
        return None;
    }
    let names = module_names(check.tables);
    let help = did_you_mean(name, names.iter().map(String::as_str)).map_or_else(
        || format!("before `::` stands a group of parameters, a code list or `calendar`: {}", names.join(", ")),
        |known| format!("did you mean `{known}::`?"),
    );
    Some(said(format!("nothing is called `{name}::`"), help))
}

fn bad_input(error: &LexError) -> Said {
    match error {
        LexError::UnterminatedString => said("this text is not closed", "end it with `\"` on the same line"),
        LexError::MalformedChar(text) => {
            said(format!("`'{text}'` is not a text"), format!("write it in double quotes: \"{text}\""))
        }
        LexError::MalformedNumber(number) => {
            said(format!("`{number}` is not a number that can be used"), "write whole numbers")
        }
        LexError::StringTooLong(_) => said("this text is too long", "texts of letters stand in the language files"),
        LexError::UnexpectedInput(sign) if matches!(sign.as_str(), "}" | ")" | "]") => said(
            format!("something is missing before `{sign}`"),
            "look at what is open on this line and the line above",
        ),
        LexError::UnexpectedInput(sign) => said(
            format!("`{}` cannot stand here", sign.escape_debug()),
            "names are letters a to z, digits and `_`; other letters stand in texts only",
        ),
        other => said(format!("this cannot be read: {}", other.to_string().to_lowercase()), "use another name"),
    }
}

fn no_value(word: &str) -> Said {
    said(format!("`{word}` is not understood"), "write `()` for none: `child.fact == ()`")
}

fn logic(word: &str) -> Option<Said> {
    let sign = match word {
        "and" => "&&",
        "or" => "||",
        "not" => "!",
        _ => return None,
    };
    Some(said(format!("`{word}` is not understood"), format!("write `{sign}`")))
}
