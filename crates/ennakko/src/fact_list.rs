//! What a rule may read, for people: a list for a terminal, and Markdown for a guide.
//!
//! Both are views of [`FactListV1`], which is also what machines get.

use std::fmt::Write as _;

use crate::wire::v1::{
    CalendarV1, CallV1, CodeListV1, FactListV1, FactV1, ParameterRowV1, ParameterV1, ParameterValueV1,
};

/// Columns of a terminal.
const WIDTH: usize = 80;

impl FactListV1 {
    /// The list in lines of at most 80 columns.
    pub fn to_text(&self) -> String {
        let mut page = Page::default();
        page.heading("Facts of the population register", "a rule of every purpose may read them");
        for fact in &self.register {
            page.fact(fact);
        }
        page.heading("Facts of the city's other registers", "facts.toml");
        for fact in &self.city {
            page.fact(fact);
        }
        page.heading("Methods", "");
        for call in &self.methods {
            page.call(call);
        }
        page.item("born on 29 February", &[format!("in a common year an age is reached on {}", self.leap_day)]);
        page.heading("Functions", "");
        for call in &self.functions {
            page.call(call);
        }
        page.heading("Parameters", "parameters.toml");
        for parameter in &self.parameters {
            page.item(&usage_of(parameter), &parameter.rows.iter().map(row_in_words).collect::<Vec<_>>());
        }
        page.heading("Calendars", "calendar.toml");
        for calendar in &self.calendars {
            let rounds = calendar.rounds.iter().map(|round| {
                let mark = if round.status == "expected" { ", expected" } else { "" };
                format!("{}: {} to {}, late until {}{mark}", round.id, round.opens, round.closes, round.ends)
            });
            let lines: Vec<String> = std::iter::once(fields_in_words(calendar)).chain(rounds).collect();
            page.item(&format!("calendar::{}(on)", calendar.name), &lines);
        }
        page.heading("Codes", "code_lists.toml");
        for list in &self.code_lists {
            let codes = list.codes.iter().map(|code| format!("{}::{} is \"{}\"", list.name, code.name, code.code));
            page.item(&list.name, &codes.collect::<Vec<_>>());
        }
        page.text
    }

    /// The list as Markdown: a section for each kind of thing.
    pub fn to_markdown(&self) -> String {
        let mut text = format!("## Facts of the population register\n\n{}\n", self.register_table());
        text.push_str("## Facts of the city's other registers\n\n");
        let heads = ["of", "fact", "type", "says", "from", "for", "of others, for", "when missing or old"];
        let rows = self.city.iter().map(|fact| {
            let missing = [absent_in_words(fact), fresh_in_words(fact), future_in_words(fact)].join("; ");
            vec![
                fact.of.clone(),
                format!("`{}`", fact.name),
                type_in_words(fact),
                fact.meaning.clone(),
                fact.source.clone(),
                purposes_in_words(fact.purposes.as_deref()),
                purposes_in_words(fact.related_purposes.as_deref()),
                missing,
            ]
        });
        table(&mut text, &heads, rows);
        for (heading, calls) in [("Methods", &self.methods), ("Functions", &self.functions)] {
            let _ = write!(text, "\n## {heading}\n\n");
            table(&mut text, &["write", "answers", "says"], calls.iter().map(call_row));
        }
        text.push_str("\n## Parameters\n\n");
        let rows = self.parameters.iter().flat_map(|parameter| {
            parameter.rows.iter().map(|row| {
                let value = format!("{} {}", value_in_words(&row.value), row.unit.as_deref().unwrap_or_default());
                let days = format!("{} to {}", row.from, row.until);
                vec![format!("`{}`", usage_of(parameter)), value, days, row.status.clone(), row.source.clone()]
            })
        });
        table(&mut text, &["write", "value", "holds (last day excluded)", "status", "from"], rows);
        text.push_str("\n## Calendars\n\n");
        let rows = self.calendars.iter().map(|calendar| {
            let rounds: Vec<&str> = calendar.rounds.iter().map(|round| round.id.as_str()).collect();
            vec![format!("`calendar::{}(on)`", calendar.name), fields_in_words(calendar), rounds.join(", ")]
        });
        table(&mut text, &["write", "fields", "rounds"], rows);
        text.push_str("\n## Codes\n\n");
        let rows = self.code_lists.iter().flat_map(code_rows);
        table(&mut text, &["write", "code"], rows);
        text
    }

    /// The facts of the population register as a Markdown table, as the guide for analysts has it.
    pub fn register_table(&self) -> String {
        let mut text = String::new();
        let rows = self.register.iter().map(|fact| {
            let may_be_none = if fact.may_be_none { "yes" } else { "" };
            vec![
                fact.of.clone(),
                format!("`{}`", fact.name),
                fact.fact_type.clone(),
                fact.unit.clone().unwrap_or_default(),
                may_be_none.to_owned(),
                fact.meaning.clone(),
            ]
        });
        table(&mut text, &["of", "fact", "type", "unit", "may be none", "says"], rows);
        text
    }
}

/// A list while it is being written.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn heading(&mut self, what: &str, where_from: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let heading = if where_from.is_empty() { what.to_owned() } else { format!("{what}: {where_from}") };
        let _ = writeln!(self.text, "{heading}\n{}", "─".repeat(heading.chars().count().min(WIDTH)));
    }

    /// A name, and lines below it.
    fn item(&mut self, name: &str, lines: &[String]) {
        let _ = writeln!(self.text, "{name}");
        for line in lines {
            let options = textwrap::Options::new(WIDTH).initial_indent("    ").subsequent_indent("      ");
            for line in textwrap::wrap(line, options) {
                let _ = writeln!(self.text, "{}", line.trim_end());
            }
        }
    }

    fn fact(&mut self, fact: &FactV1) {
        let mut lines = vec![fact.meaning.clone()];
        if !fact.codes.is_empty() {
            let codes: Vec<String> = fact.codes.iter().map(|code| format!("\"{code}\"")).collect();
            let of = fact.code_list.as_ref().map_or_else(String::new, |list| format!("{list}: "));
            lines.push(format!("one of {of}{}", codes.join(", ")));
        }
        if fact.from_home {
            lines.push("tells of a home: never in `cohort`; in letters only to those who share it".to_owned());
        }
        if fact.purposes.is_some() {
            let whose = format!(
                "for {}; of others for {}",
                purposes_in_words(fact.purposes.as_deref()),
                purposes_in_words(fact.related_purposes.as_deref())
            );
            lines.push(whose);
            let days = [absent_in_words(fact), fresh_in_words(fact), future_in_words(fact)].join("; ");
            lines.push(format!("from {}; {days}", fact.source));
        }
        self.item(&format!("{:<36} {}", format!("{}.{}", fact.of, fact.name), type_in_words(fact)), &lines);
    }

    fn call(&mut self, call: &CallV1) {
        self.item(&call.usage, &[format!("{}: {}", call.gives, call.meaning)]);
    }
}

/// `int, year, 1900 to 2200, may be none`
fn type_in_words(fact: &FactV1) -> String {
    let bounds = match (fact.min, fact.max) {
        (Some(min), Some(max)) => Some(format!("{min} to {max}")),
        (Some(min), None) => Some(format!("at least {min}")),
        (None, Some(max)) => Some(format!("at most {max}")),
        (None, None) => None,
    };
    let may_be_none = fact.may_be_none.then(|| "may be none".to_owned());
    let parts = [Some(fact.fact_type.clone()), fact.unit.clone(), bounds, may_be_none];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn purposes_in_words(purposes: Option<&[String]>) -> String {
    match purposes {
        None => "every purpose".to_owned(),
        Some([]) => "no purpose".to_owned(),
        Some(purposes) => purposes.join(", "),
    }
}

fn absent_in_words(fact: &FactV1) -> String {
    format!("a missing row means {}", fact.absent)
}

fn fresh_in_words(fact: &FactV1) -> String {
    fact.fresh_days.map_or_else(
        || "as fresh as the register".to_owned(),
        |days| format!("unknown when older than {days} {}", if days == 1 { "day" } else { "days" }),
    )
}

fn future_in_words(fact: &FactV1) -> String {
    match fact.future.as_str() {
        "as_today" => "on a day to come as today".to_owned(),
        other => format!("on a day to come {other}"),
    }
}

/// `education::starting_age(day)`
fn usage_of(parameter: &ParameterV1) -> String {
    format!("{}::{}(day)", parameter.group, parameter.name)
}

fn row_in_words(row: &ParameterRowV1) -> String {
    let unit = row.unit.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
    let mark = if row.status == "expected" { ", expected" } else { "" };
    format!("{} to {}: {}{unit}{mark}", row.from, row.until, value_in_words(&row.value))
}

fn value_in_words(value: &ParameterValueV1) -> String {
    match value {
        ParameterValueV1::Bool(value) => value.to_string(),
        ParameterValueV1::Int(value) => value.to_string(),
        ParameterValueV1::Ints(values) => {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            format!("[{}]", values.join(", "))
        }
        ParameterValueV1::Text(value) => format!("\"{value}\""),
    }
}

fn fields_in_words(calendar: &CalendarV1) -> String {
    let fields = calendar.fields.iter().map(|field| {
        let mark = if field.in_every_round { "" } else { ", not in every round" };
        format!("`{}` ({}{mark})", field.name, field.field_type)
    });
    fields.collect::<Vec<_>>().join(", ")
}

fn call_row(call: &CallV1) -> Vec<String> {
    vec![format!("`{}`", call.usage), call.gives.clone(), call.meaning.clone()]
}

fn code_rows(list: &CodeListV1) -> impl Iterator<Item = Vec<String>> + '_ {
    list.codes.iter().map(|code| vec![format!("`{}::{}`", list.name, code.name), format!("\"{}\"", code.code)])
}

/// A Markdown table. A `|` in a cell would end it, so it is marked as text.
fn table(text: &mut String, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let line = |cells: Vec<String>| {
        cells.iter().fold("|".to_owned(), |line, cell| {
            let cell = cell.trim().replace('|', "\\|").replace('\n', " ");
            if cell.is_empty() { format!("{line} |") } else { format!("{line} {cell} |") }
        })
    };
    let _ = writeln!(text, "{}", line(heads.iter().map(|head| (*head).to_owned()).collect()));
    let _ = writeln!(text, "|{}", "---|".repeat(heads.len()));
    for row in rows {
        let _ = writeln!(text, "{}", line(row));
    }
}
