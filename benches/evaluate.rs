//! Three reference rules over a whole city: by kernels, by walk, by plain rhai, by hand over plain columns, and by other
//! engines.
//!
//! `cargo bench -p ennakko-benches --bench evaluate`; `README.md` says what else can be asked.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;
use ennakko::core::register::SubjectRow;
use ennakko::core::{OutcomeCode, RuleId};
use ennakko::offers::Issuer;
use ennakko::rules::evaluate::{NothingYet, Rows, Stretch, Stretches, Whom, WhomOver};
use ennakko::rules::outcomes::{NotRun, RuleDay};
use ennakko::rules::{By, Evaluator, Mode, RuleFile, RuleSet};
use ennakko::{Choices, MemoryLedger, Register, Rules};
use ennakko_benches::columns::{Columns, Lowered, many, rows_of};
use ennakko_benches::export::{self, Answer};
use ennakko_benches::plain::Plain;
use ennakko_benches::spells::{Spell, spells};
use ennakko_benches::{THREE, median, report, town};

type Failure = Box<dyn std::error::Error>;

/// Times that a fast evaluator runs in each round.
const REPEATED: usize = 21;
/// The largest city in which the evaluators run twenty and a hundred rules without being asked to.
const MANY_BY_EVALUATORS: usize = 50_000;

struct Asked {
    residents: u32,
    rounds: usize,
    /// Twenty and a hundred rules by kernels, in a city of any size.
    many: bool,
    /// A year of days by the evaluators, and the preview.
    year: bool,
    /// A Python with the peers.
    python: Option<String>,
    /// The peers that are crates.
    crates: bool,
}

/// What is measured: the city, and the rules.
struct Ground {
    rules: Rules,
    register: Arc<Register>,
    columns: Arc<Columns>,
    day: NaiveDate,
    rounds: usize,
}

/// Seconds of one round.
type Seconds<'a> = (&'static str, Box<dyn FnMut() -> f64 + 'a>);

fn main() -> Result<(), Failure> {
    let asked = asked()?;
    let day = NaiveDate::from_ymd_opt(2027, 3, 15).ok_or("no such day")?;
    let files = town::files()?;
    let rules = town::rules(&files)?;
    let register = town::register(asked.residents, &rules.set().tables().facts, day)?;
    let columns = Arc::new(Columns::of(&register, &rules.city().code));
    let ground = Ground { rules, register, columns, day, rounds: asked.rounds };
    report(&format!(
        "{} residents with a record, {} households; one thread; medians of {} paired rounds",
        ground.columns.residents.len(),
        ground.columns.offsets.len() - 1,
        ground.rounds
    ));
    ground.three()?;
    ground.many(&files, asked.many)?;
    ground.households()?;
    ground.year(asked.year)?;
    ground.peers(&asked)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark is told on the command line what to measure")]
fn asked() -> Result<Asked, Failure> {
    let mut asked = Asked { residents: 680_000, rounds: 5, many: false, year: false, python: None, crates: false };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} wants a value"));
        match argument.as_str() {
            "--residents" => asked.residents = value()?.parse()?,
            "--rounds" => asked.rounds = value()?.parse()?,
            "--python" => asked.python = Some(value()?),
            "--crates" => asked.crates = true,
            "--many" => asked.many = true,
            "--year" => asked.year = true,
            // what cargo says to every benchmark
            "--bench" => {}
            _ => return Err(format!("nothing is called {argument}").into()),
        }
    }
    Ok(asked)
}

impl Ground {
    /// The three rules by everybody who is here.
    fn three(&self) -> Result<(), Failure> {
        let lowered = Lowered::on(self.day);
        let expected = self.columns.three(&lowered).map(|mask| rows_of(&mask));
        let plain = Plain::new(self.columns.clone())?;
        assert!(plain.three(self.day) == expected, "plain rhai selects the same");
        for by in [By::Walk, By::Kernels] {
            assert!(self.day(by, &THREE)? == expected, "{by:?} selects the same");
        }
        assert!(self.whom(&THREE)? == expected, "kernels over everybody select the same");
        let selected = THREE.iter().zip(&expected).map(|(rule, rows)| format!("{rule} {}", rows.len()));
        report(&format!("three rules; selected: {}", selected.collect::<Vec<_>>().join(", ")));
        let mut evaluators: Vec<Seconds<'_>> = vec![
            ("by hand, masks and rows", repeated(|| self.columns.three(&lowered).map(|mask| rows_of(&mask)))),
            ("by hand, masks only", repeated(|| self.columns.three(&lowered))),
            ("whom a rule selects, kernels", repeated(|| self.selected(&THREE))),
            ("a day's outcomes, kernels", once(|| self.day(By::Kernels, &THREE))),
            ("a day's outcomes, walk", once(|| self.day(By::Walk, &THREE))),
            ("plain rhai", once(|| plain.three(self.day))),
        ];
        self.compared(&mut evaluators, THREE.len());
        Ok(())
    }

    /// So many rules in one pass.
    fn many(&self, files: &[RuleFile], is_asked: bool) -> Result<(), Failure> {
        let hundred = many(100);
        let (folder, names) = town::folder_of(files, &hundred);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let Self { register, columns, day, rounds, .. } = self;
        let (register, columns) = (register.clone(), columns.clone());
        let ground = Self { rules: town::rules(&folder)?, register, columns, day: *day, rounds: *rounds };
        let rows = |n_rules: usize| -> Vec<Vec<u32>> {
            self.columns.many(&hundred[..n_rules], self.day).iter().map(|mask| rows_of(mask)).collect()
        };
        let is_small = self.columns.residents.len() <= MANY_BY_EVALUATORS;
        if is_small || is_asked {
            assert!(ground.day(By::Kernels, &names)? == rows(100), "kernels select the same");
        }
        assert!(ground.whom(&names)? == rows(100), "kernels over everybody select the same");
        if is_small {
            assert!(ground.day(By::Walk, &names)? == rows(100), "walk selects the same");
        }
        let loaded = seconds(&mut once(|| RuleSet::load(&folder).is_ok()), self.rounds);
        report(&format!("100 rules read, checked and made ready: {:.0} ms", loaded * 1e3));
        for n_rules in [20, 100] {
            let n_selected: usize = rows(n_rules).iter().map(Vec::len).sum();
            report(&format!("{n_rules} rules; selected {n_selected}"));
            let mut evaluators: Vec<Seconds<'_>> = vec![
                ("by hand, masks and rows", repeated(|| rows(n_rules))),
                ("by hand, masks only", repeated(|| self.columns.many(&hundred[..n_rules], self.day))),
                ("whom a rule selects, kernels", once(|| ground.selected(&names[..n_rules]))),
            ];
            if is_small || is_asked {
                evaluators.push(("a day's outcomes, kernels", once(|| ground.day(By::Kernels, &names[..n_rules]))));
            }
            self.compared(&mut evaluators, n_rules);
        }
        Ok(())
    }

    /// A rule over the members of households.
    fn households(&self) -> Result<(), Failure> {
        let lowered = Lowered::on(self.day);
        let name = "young_and_old";
        let by_hand = || self.columns.young_and_old(&lowered);
        for by in [By::Walk, By::Kernels] {
            assert!(self.day(by, &[name])? == [by_hand()], "{by:?} selects the same");
        }
        assert!(self.whom(&[name])? == [by_hand()], "kernels over everybody select the same");
        report(&format!("{name}: {} households selected (ns for each resident)", by_hand().len()));
        let mut evaluators: Vec<Seconds<'_>> = vec![
            ("by hand", repeated(by_hand)),
            ("whom a rule selects, kernels", repeated(|| self.selected(&[name]))),
            ("a day's outcomes, kernels", once(|| self.day(By::Kernels, &[name]))),
            ("a day's outcomes, walk", once(|| self.day(By::Walk, &[name]))),
        ];
        self.compared(&mut evaluators, 1);
        Ok(())
    }

    /// The three rules over a year from the day on.
    fn year(&self, with_evaluators: bool) -> Result<(), Failure> {
        let days: Vec<NaiveDate> = self.day.iter_days().take(365).collect();
        let columns = &*self.columns;
        let daily = |day: &NaiveDate| columns.three(&Lowered::on(*day)).map(|mask| rows_of(&mask));
        let found = spells(columns, &days);
        // of each rule, how many begin and how many end on each day
        let mut change = THREE.map(|_| vec![0_i64; days.len() + 1]);
        for (change, spells) in change.iter_mut().zip(&found) {
            for spell in spells {
                change[usize::from(spell.from)] += 1;
                change[usize::from(spell.to)] -= 1;
            }
        }
        let mut n_now = [0; 3];
        for (at, day) in days.iter().enumerate() {
            for (now, change) in n_now.iter_mut().zip(&change) {
                *now += change[at];
            }
            assert_eq!(n_now, daily(day).map(|rows| i64::try_from(rows.len()).unwrap_or_default()), "{day}");
        }
        for (at, day) in days.iter().enumerate().step_by(91) {
            let holding = found.each_ref().map(|spells| {
                let holding = spells
                    .iter()
                    .filter(|spell| (spell.from..spell.to).contains(&u16::try_from(at).unwrap_or_default()));
                holding.map(|spell| spell.row).collect::<Vec<_>>()
            });
            assert!(holding == daily(day), "{day}");
        }
        report(&format!("three rules over 365 days; {} spells", found.iter().map(Vec::len).sum::<usize>()));
        let to = days.last().and_then(NaiveDate::succ_opt).ok_or("no such day")?;
        let period = (self.day, to);
        assert!(
            self.whom_over(period).map(|over| dated_rows(&over.yes))
                == found.each_ref().map(|spells| dated(spells, &days, to)),
            "kernels say the same"
        );
        let one_day = seconds(&mut repeated(|| daily(&self.day)), self.rounds);
        let by_day =
            seconds(&mut once(|| days.iter().map(daily).map(|rows| rows[0].len()).sum::<usize>()), self.rounds);
        let by_spells = seconds(&mut repeated(|| spells(columns, &days)), self.rounds);
        let (mut of_day, mut of_year) = (repeated(|| self.selected(&THREE)), repeated(|| self.whom_over(period)));
        let paired: Vec<(f64, f64)> = (0..=self.rounds).map(|_| (of_day(), of_year())).skip(1).collect();
        let by_kernels = median(paired.iter().map(|(_, of_year)| *of_year).collect());
        let days_of_kernels = median(paired.iter().map(|(of_day, of_year)| of_year / of_day).collect());
        report(&format!(
            "  by hand: 365 days one by one {:.0} ms, spells in one pass {:.2} ms ({:.1} times one day)",
            by_day * 1e3,
            by_spells * 1e3,
            by_spells / one_day
        ));
        report(&format!(
            "  whom rules select over 365 days, kernels: {:.2} ms ({days_of_kernels:.1} times one day of kernels)",
            by_kernels * 1e3
        ));
        if with_evaluators { self.year_by_evaluators(&days, &daily) } else { Ok(()) }
    }

    #[expect(clippy::disallowed_methods, reason = "a benchmark times")]
    fn year_by_evaluators(
        &self,
        days: &[NaiveDate],
        daily: &dyn Fn(&NaiveDate) -> [Vec<u32>; 3],
    ) -> Result<(), Failure> {
        for by in [By::Kernels, By::Walk] {
            let evaluator = Evaluator::new(self.rules.set(), &self.register, Mode::Preview).by(by);
            let mut taken = 0.0;
            for day in days {
                let begun = Instant::now();
                let selected = evaluated(&evaluator, *day, &THREE)?;
                taken += begun.elapsed().as_secs_f64();
                assert!(selected == daily(day), "{day}");
            }
            report(&format!("  {by:?}: outcomes of 365 days, the register held still, {taken:.1} s (one round)"));
        }
        let to = days.last().and_then(NaiveDate::succ_opt).ok_or("no such day")?;
        let ledger = MemoryLedger::new(*Issuer::new(self.rules.city())?.authority());
        let begun = Instant::now();
        let preview =
            ennakko::preview(&self.rules, &self.register, &ledger, &Choices::none(), (self.day, to), &mut |_| ())?;
        let n_offers: usize = preview.rules.values().map(|rule| rule.offers.len()).sum();
        let taken = begun.elapsed().as_secs_f64();
        report(&format!("  preview of all four rules, with {n_offers} offers: {taken:.1} s (one round)"));
        Ok(())
    }

    /// Whom each of the three rules selects in a period, by kernels.
    fn whom_over(&self, period: (NaiveDate, NaiveDate)) -> [WhomOver; 3] {
        let evaluator = Evaluator::new(self.rules.set(), &self.register, Mode::Preview);
        THREE.map(|name| evaluator.whom_over(&RuleId::new(name), period))
    }

    /// Other engines on the same people, each after the same by hand.
    fn peers(&self, asked: &Asked) -> Result<(), Failure> {
        let lowered = Lowered::on(self.day);
        let commands = self.commands(asked, &lowered)?;
        if commands.is_empty() {
            return Ok(());
        }
        let by_hand = || self.columns.three(&lowered).map(|mask| rows_of(&mask));
        let expected: BTreeMap<&str, (u64, u64)> = THREE
            .into_iter()
            .zip(by_hand())
            .map(|(rule, rows)| (rule, (rows.len() as u64, rows.iter().copied().map(u64::from).sum())))
            .collect();
        report("other engines on the same people, and the ratio to by hand");
        for mut command in commands {
            let of_one = self.of_one(seconds(&mut repeated(by_hand), 1), THREE.len());
            let mut by_engine: BTreeMap<String, Vec<f64>> = BTreeMap::new();
            for Answer { engine, rule, ns, n_selected, sum_of_rows } in export::ask(&mut command)? {
                let is_same = expected.get(&*rule) == Some(&(n_selected, sum_of_rows));
                assert!(is_same, "{engine} selects the same by {rule}");
                by_engine.entry(engine).or_default().push(ns);
            }
            for (engine, of_rules) in by_engine {
                assert_eq!(of_rules.len(), THREE.len(), "{engine} answers every rule");
                let mean = of_rules.iter().sum::<f64>() / 3.0;
                report(&format!("  {engine:32} {mean:9.2} ns  {:7.1}", mean / of_one));
            }
        }
        Ok(())
    }

    /// What runs the engines that are asked for, over files written now.
    fn commands(&self, asked: &Asked, lowered: &Lowered) -> Result<Vec<Command>, Failure> {
        let mut commands = Vec::new();
        if asked.python.is_none() && !asked.crates {
            return Ok(commands);
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("evaluate");
        export::write(&self.columns, &folder)?;
        let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
        for engine in ["numpy", "duckdb", "polars", "openfisca"] {
            let Some(python) = &asked.python else { continue };
            let mut command = Command::new(python);
            command.arg(peers.join("evaluate.py")).arg(engine).arg(folder.join("residents.parquet"));
            command.arg(self.day.to_string());
            // one thread for each, as for us
            command.envs([("POLARS_MAX_THREADS", "1"), ("OMP_NUM_THREADS", "1"), ("OPENBLAS_NUM_THREADS", "1")]);
            commands.push(command);
        }
        if asked.crates {
            let mut command = Command::new("cargo");
            command.args(["run", "--release", "--locked", "--quiet", "--manifest-path"]);
            command.arg(peers.join("engines/Cargo.toml")).arg("--").arg(folder.join("residents.csv"));
            let Lowered { turns_seven, year, screened_age, screened_before, young, .. } = lowered;
            let days = [turns_seven.start, turns_seven.end, screened_age.start, screened_age.end, *screened_before];
            let numbers = [i32::from(*year), i32::from(self.columns.city)].into_iter().chain(days);
            command.args(numbers.chain([young.start, young.end]).map(|number| number.to_string()));
            commands.push(command);
        }
        Ok(commands)
    }

    /// Rows that each rule selects on the day by an evaluator that remembers nothing.
    fn day(&self, by: By, names: &[&str]) -> Result<Vec<Vec<u32>>, Failure> {
        let evaluator = Evaluator::new(self.rules.set(), &self.register, Mode::Preview).by(by);
        evaluated(&evaluator, self.day, names)
    }

    /// Whom each rule selects on the day, by kernels.
    fn selected(&self, names: &[&str]) -> Result<Vec<Rows>, Failure> {
        let evaluator = Evaluator::new(self.rules.set(), &self.register, Mode::Preview);
        let ids: Vec<RuleId> = names.iter().map(|name| RuleId::new(name)).collect();
        let rows = |whom: Result<Whom, NotRun>| Ok(whom.map_err(|reason| reason.to_string())?.yes);
        evaluator.whom_of(&ids, self.day).into_iter().map(rows).collect()
    }

    /// The same as positions, to be compared.
    fn whom(&self, names: &[&str]) -> Result<Vec<Vec<u32>>, Failure> {
        let position = |row: &SubjectRow| u32::try_from(row.position()).unwrap_or(u32::MAX);
        let of_rule = |rows: &Rows| rows.subjects().iter().map(position).collect();
        Ok(self.selected(names)?.iter().map(of_rule).collect())
    }

    /// Medians of paired rounds, and medians of the ratios to the first in each round.
    fn compared(&self, evaluators: &mut [Seconds<'_>], n_rules: usize) {
        let mut times: Vec<Vec<f64>> = evaluators.iter().map(|_| Vec::new()).collect();
        for round in 0..=self.rounds {
            for ((_, evaluate), times) in evaluators.iter_mut().zip(&mut times) {
                let seconds = evaluate();
                // the first round warms up
                if round > 0 {
                    times.push(seconds);
                }
            }
        }
        let first = times[0].clone();
        for ((name, _), times) in evaluators.iter().zip(times) {
            let ratio = median(times.iter().zip(&first).map(|(time, first)| time / first).collect());
            let of_one = self.of_one(median(times), n_rules);
            report(&format!("  {name:32} {of_one:9.2} ns  {ratio:7.2}"));
        }
    }

    /// Nanoseconds for each resident and rule.
    #[expect(clippy::cast_precision_loss, reason = "far fewer residents than a float counts")]
    fn of_one(&self, seconds: f64, n_rules: usize) -> f64 {
        seconds * 1e9 / (self.columns.residents.len() * n_rules) as f64
    }
}

/// Spells with their days.
fn dated(spells: &[Spell], days: &[NaiveDate], to: NaiveDate) -> Vec<(u32, NaiveDate, NaiveDate)> {
    let day = |at: u16| days.get(usize::from(at)).copied().unwrap_or(to);
    spells.iter().map(|spell| (spell.row, day(spell.from), day(spell.to))).collect()
}

/// Rows with the first day and the day after the last.
fn dated_rows(of: &Stretches) -> Vec<(u32, NaiveDate, NaiveDate)> {
    let row = |stretch: &Stretch| u32::try_from(stretch.subject.position()).unwrap_or(u32::MAX);
    of.all().iter().map(|stretch| (row(stretch), stretch.from, stretch.to)).collect()
}

/// Rows that each rule selects on a day.
fn evaluated(evaluator: &Evaluator<'_>, day: NaiveDate, names: &[&str]) -> Result<Vec<Vec<u32>>, Failure> {
    let of_rule = |name: &&str| match evaluator.day(&RuleId::new(name), day, &NothingYet) {
        RuleDay::Ran(outcomes) => {
            let selected = (0..outcomes.len()).filter(|row| outcomes.code(*row) == OutcomeCode::Offered);
            Ok(selected.map(|row| u32::try_from(outcomes.subject(row).position()).unwrap_or(u32::MAX)).collect())
        }
        RuleDay::NotRun(reason) => Err(format!("{name}: {reason}").into()),
    };
    names.iter().map(of_rule).collect()
}

/// Seconds that one run takes.
#[expect(clippy::disallowed_methods, reason = "a benchmark times")]
fn once<'a, T>(mut run: impl FnMut() -> T + 'a) -> Box<dyn FnMut() -> f64 + 'a> {
    Box::new(move || {
        let begun = Instant::now();
        std::hint::black_box(run());
        begun.elapsed().as_secs_f64()
    })
}

/// Seconds that one run takes, the median of many: for what is over in a moment.
fn repeated<'a, T>(run: impl FnMut() -> T + 'a) -> Box<dyn FnMut() -> f64 + 'a> {
    let mut once = once(run);
    Box::new(move || median((0..REPEATED).map(|_| once()).collect()))
}

fn seconds(run: &mut dyn FnMut() -> f64, rounds: usize) -> f64 {
    run();
    median((0..rounds).map(|_| run()).collect())
}
