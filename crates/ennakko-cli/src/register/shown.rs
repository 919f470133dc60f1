//! A load and a difference for people: what was read, what came of it, and nobody in it.

use std::fmt::Write as _;

use ennakko::report::thousands;
use ennakko::wire::v1::{CountV1, RegisterDifferenceV1, RegisterSourceV1, RegisterSummaryV1};

pub(super) fn summary(summary: &RegisterSummaryV1) -> String {
    let mut text = format!("The register of {}\n", summary.day);
    let counts = &summary.register;
    let protected = counts.protected.map_or_else(|| "fewer than 5".to_owned(), thousands);
    let mut rows = vec![
        ("residents", thousands(counts.residents)),
        ("alive", thousands(counts.alive)),
        ("protected", protected),
        ("households", thousands(counts.households)),
        ("buildings", thousands(counts.buildings)),
        ("known to the identity table", thousands(summary.identities.people)),
        ("of them new", thousands(summary.identities.new)),
    ];
    if counts.death_disputed > 0 {
        rows.insert(2, ("dead or alive: sources disagree", thousands(counts.death_disputed)));
    }
    let width = rows.iter().map(|(_, number)| number.len()).max().unwrap_or(0);
    for (what, number) in rows {
        line(&mut text, format_args!("  {number:>width$}  {what}"));
    }
    sources(&mut text, &summary.sources);
    for source in &summary.sources {
        of_source(&mut text, source);
    }
    reasons(&mut text, "Not of one source alone", &summary.without_source);
    if !counts.facts.is_empty() {
        let width = counts.facts.iter().map(|fact| fact.name.len()).max().unwrap_or(0);
        line(&mut text, format_args!("\n{:width$}  known  none  unknown", "Facts, of a hundred"));
        for fact in &counts.facts {
            let (known, none, unknown) = (fact.known_percent, fact.none_percent, fact.unknown_percent);
            line(&mut text, format_args!("{:width$}  {known:>5}  {none:>4}  {unknown:>7}", fact.name));
        }
    }
    text
}

fn sources(text: &mut String, sources: &[RegisterSourceV1]) {
    let number = |n: u64| thousands(usize::try_from(n).unwrap_or(usize::MAX));
    let head = ["Sources", "of", "read", "used", "set aside"].map(str::to_owned);
    let mut rows = vec![(head, String::new())];
    for source in sources {
        let cells = [
            source.name.clone(),
            source.day.clone().unwrap_or_else(|| "no change yet".to_owned()),
            number(source.read),
            number(source.used),
            number(source.read - source.used),
        ];
        rows.push((cells, if source.too_old { "  too old".to_owned() } else { String::new() }));
    }
    let width = |at: usize| rows.iter().map(|(cells, _)| cells[at].chars().count()).max().unwrap_or(0);
    let [name, of, read, used, aside] = [0, 1, 2, 3, 4].map(width);
    text.push('\n');
    for ([a, b, c, d, e], after) in &rows {
        line(text, format_args!("{a:name$}  {b:of$}  {c:>read$}  {d:>used$}  {e:>aside$}{after}"));
    }
}

fn of_source(text: &mut String, source: &RegisterSourceV1) {
    reasons(text, &format!("{}, set aside", source.name), &source.set_aside);
    reasons(text, &format!("{}, used in part", source.name), &source.used_in_part);
    let mut notes = source.notes.clone();
    if source.too_old {
        let days = source.fresh_days.map(|days| format!("older than {days} days: ")).unwrap_or_default();
        notes.push(format!("{days}what can have changed since is unknown"));
    }
    if !source.rows.as_expected {
        let before = source.rows.before.map(|before| format!(", {before} at the load before")).unwrap_or_default();
        notes.push(format!("not as many records as expected: {}{before}", source.read));
    }
    if !notes.is_empty() {
        line(text, format_args!("\n{}", source.name));
        for note in notes {
            line(text, format_args!("  {note}"));
        }
    }
}

fn reasons(text: &mut String, head: &str, counts: &[CountV1]) {
    if counts.is_empty() {
        return;
    }
    line(text, format_args!("\n{head}"));
    let width = counts.iter().map(|count| thousands(count.count).len()).max().unwrap_or(0);
    for count in counts {
        line(text, format_args!("  {:>width$}  {}", thousands(count.count), count.name));
    }
}

pub(super) fn difference(difference: &RegisterDifferenceV1) -> String {
    let mut text = format!("From the register of {} to that of {}\n", difference.from, difference.to);
    if difference.kinds.is_empty() {
        text.push_str("  nothing is other\n");
        return text;
    }
    let shown = |count: Option<usize>| count.map_or_else(|| "fewer than 5".to_owned(), thousands);
    let width = difference.kinds.iter().map(|kind| shown(kind.count).len()).max().unwrap_or(0);
    for kind in &difference.kinds {
        line(&mut text, format_args!("  {:>width$}  {}", shown(kind.count), kind.kind.replace('_', " ")));
    }
    line(
        &mut text,
        format_args!(
            "\nOutcomes may be other for {} residents, households and buildings.",
            thousands(difference.touched)
        ),
    );
    text
}

/// A line without blanks at its end.
fn line(text: &mut String, what: std::fmt::Arguments<'_>) {
    let mut line = String::new();
    // writing to a text cannot fail
    let _ = write!(line, "{what}");
    text.push_str(line.trim_end());
    text.push('\n');
}
