//! Offers by month and rule, with a bar for each.

use std::collections::BTreeMap;

use ennakko_core::RuleId;

use super::paper::{Align, Ink, Paper, WIDTH, bar, cut, padded, short_month, thousands, width};
use super::{EXPECTED, PreviewReport};
use crate::preview::{Month, RulePreview};

/// Columns that the name of a rule takes at most.
const RULE_MAX: usize = 28;
/// Blocks that one offer takes at most.
const BLOCKS_MAX: usize = 3;
/// Columns of `Dec 2026`.
const MONTH: usize = 8;

/// Offers of one rule in one month, and whether any of them rests on rows that are only expected.
struct Count {
    offers: usize,
    expected: bool,
}

type ByMonth<'r> = BTreeMap<Month, BTreeMap<&'r RuleId, Count>>;

pub(super) fn print(report: &PreviewReport<'_>, paper: &mut Paper) {
    let preview = report.preview;
    let mut months: ByMonth<'_> = BTreeMap::new();
    for day in preview.from.iter_days().take_while(|day| *day < preview.to) {
        months.entry(Month::of(day)).or_default();
    }
    for (id, rule) in &preview.rules {
        for (month, count) in counts(rule) {
            months.entry(month).or_default().insert(id, count);
        }
    }
    let rows = || months.values().flat_map(BTreeMap::values);
    let total: usize = rows().map(|count| count.offers).sum();
    let most = rows().map(|count| count.offers).max().unwrap_or(0);
    paper.heading("Offers by month", &format!("in all {}", thousands(total)));
    let of_name = preview.rules.keys().map(|id| width(id.as_str())).max().unwrap_or(0).min(RULE_MAX);
    let of_count = width(&thousands(most));
    let chart = Chart { of_name, of_count, of_bar: WIDTH - (2 + MONTH + 2 + of_name + 2 + of_count + 1 + 2), most };
    let mut silent: Option<(Month, Month)> = None;
    for (month, rules) in &months {
        if rules.is_empty() {
            silent = Some(silent.map_or((*month, *month), |(first, _)| (first, *month)));
            continue;
        }
        silence(silent.take(), paper);
        let mut label = short_month(month.year, month.month);
        for (id, count) in rules {
            chart.row(&label, id.as_str(), count, paper);
            label.clear();
        }
    }
    silence(silent, paper);
    chart.legend(rows().any(|count| count.expected), paper);
}

fn counts(rule: &RulePreview) -> BTreeMap<Month, Count> {
    let mut months: BTreeMap<Month, Count> = BTreeMap::new();
    for offer in &rule.offers {
        let count = months.entry(Month::of(offer.offered_on())).or_insert(Count { offers: 0, expected: false });
        count.offers += 1;
        count.expected |= offer.body().expected;
    }
    months
}

struct Chart {
    of_name: usize,
    of_count: usize,
    of_bar: usize,
    most: usize,
}

impl Chart {
    fn row(&self, month: &str, id: &str, count: &Count, paper: &mut Paper) {
        let name = padded(&cut(id, self.of_name), self.of_name, Align::Left);
        let number = padded(&thousands(count.offers), self.of_count, Align::Right);
        let mark = paper.ink(Ink::Warn, if count.expected { EXPECTED } else { " " });
        let bar = paper.ink(Ink::Good, &bar(self.eighths(count.offers)));
        paper.line(Ink::Plain, &format!("  {}  {name}  {number}{mark}  {bar}", padded(month, MONTH, Align::Left)));
    }

    /// Whole blocks for each offer, while that fits.
    fn blocks(&self) -> usize {
        self.of_bar.checked_div(self.most).unwrap_or(0).min(BLOCKS_MAX)
    }

    fn eighths(&self, offers: usize) -> usize {
        match self.blocks() {
            0 => (offers * self.of_bar * 8).checked_div(self.most).unwrap_or(0).max(1),
            blocks => offers * blocks * 8,
        }
    }

    fn legend(&self, expected: bool, paper: &mut Paper) {
        if self.most == 0 {
            return;
        }
        paper.gap();
        let scale = match self.blocks() {
            0 => format!("█ about {} offers", thousands(self.most.div_ceil(self.of_bar))),
            blocks => format!("{} one offer", "█".repeat(blocks)),
        };
        let mark = format!("   {EXPECTED} on days or numbers that are expected, not decided");
        paper.line(Ink::Faint, &format!("  {scale}{}", if expected { mark.as_str() } else { "" }));
    }
}

/// Months in a row in which nothing is offered.
fn silence(months: Option<(Month, Month)>, paper: &mut Paper) {
    let Some((first, last)) = months else { return };
    let label = short_month(first.year, first.month);
    let text = if first == last {
        format!("  {label}: none")
    } else {
        format!("  {label} to {}: none", short_month(last.year, last.month))
    };
    paper.line(Ink::Faint, &text);
}
