//! Walk over steps made by hand: what each construct comes to, of what is known, none and unknown.

mod vectors;

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use ennakko_core::fact_table::SubjectKind;
use ennakko_core::record::ListState;
use ennakko_core::register::SubjectRow;
use ennakko_core::{Fact, LeapDayPolicy, Occasion, PartialDate, Value as Core};

use super::by_kernels::{Asked, agree, stays_before};
use super::folder::{loaded, tables};
use super::town::{Person, Town, WITHHELD, day};
use crate::diagnostic::Place;
use crate::engine::Mode;
use crate::rule_set::Tables;
use crate::step::{
    Arithmetic, Arm, Calendrical, Comparison, Constant, Constructor, DAY, DayPart, FactName, Fold, OCCASION,
    ResidentFact, SUBJECT, Slot, Step, Steps, What,
};
use crate::stop::Stop;
use crate::values::{Log, Same, World};
use crate::walk::{Came, Ground, Over, Value, walk};

const ON: &str = "2027-01-12";

fn step(what: What) -> Step {
    Step { place: Place::START, what }
}

fn boxed(what: Step) -> Box<Step> {
    Box::new(what)
}

fn constant(value: Constant) -> Step {
    step(What::Constant(value))
}

fn yes() -> Step {
    constant(Constant::Bool(true))
}

fn no() -> Step {
    constant(Constant::Bool(false))
}

fn none() -> Step {
    constant(Constant::None)
}

fn int(number: i64) -> Step {
    constant(Constant::Int(number))
}

fn text(text: &str) -> Step {
    constant(Constant::Text(Arc::from(text)))
}

fn date(text: &str) -> Step {
    constant(Constant::Day(day(text)))
}

fn slot(slot: Slot) -> Step {
    step(What::Slot(slot))
}

fn on() -> Step {
    slot(DAY)
}

fn fact_of(of: Slot, name: &str) -> Step {
    let fact = match name {
        "born" => FactName::Resident(ResidentFact::Born),
        "birth_year" => FactName::Resident(ResidentFact::BirthYear),
        "sex" => FactName::Resident(ResidentFact::Sex),
        "language" => FactName::Resident(ResidentFact::Language),
        "lives_in_city" => FactName::Resident(ResidentFact::LivesInCity),
        "custodians" => FactName::Resident(ResidentFact::Custodians),
        "home_building" => FactName::Resident(ResidentFact::HomeBuilding),
        _ => {
            let at = declared().facts.iter().position(|fact| fact.name == name).unwrap();
            FactName::Declared { of: SubjectKind::Resident, name: Arc::from(name), at }
        }
    };
    step(What::Fact { of: boxed(slot(of)), fact })
}

fn fact(name: &str) -> Step {
    fact_of(SUBJECT, name)
}

fn and<const N: usize>(steps: [Step; N]) -> Step {
    step(What::And(steps.into()))
}

fn or<const N: usize>(steps: [Step; N]) -> Step {
    step(What::Or(steps.into()))
}

fn not(of: Step) -> Step {
    step(What::Not(boxed(of)))
}

fn array<const N: usize>(steps: [Step; N]) -> Step {
    step(What::Array(steps.into()))
}

fn compare(by: Comparison, left: Step, right: Step) -> Step {
    step(What::Compare { by, left: boxed(left), right: boxed(right) })
}

fn equal(left: Step, right: Step) -> Step {
    compare(Comparison::Equal, left, right)
}

fn differs(left: Step, right: Step) -> Step {
    compare(Comparison::NotEqual, left, right)
}

fn less(left: Step, right: Step) -> Step {
    compare(Comparison::Less, left, right)
}

fn at_least(left: Step, right: Step) -> Step {
    compare(Comparison::GreaterOrEqual, left, right)
}

fn is_in(item: Step, list: Step) -> Step {
    step(What::In { item: boxed(item), list: boxed(list), negated: false })
}

fn range(from: i64, to: i64, inclusive: bool) -> Step {
    step(What::Range { from: boxed(int(from)), to: boxed(int(to)), inclusive })
}

fn compute(by: Arithmetic, left: Step, right: Step) -> Step {
    step(What::Arithmetic { by, left: boxed(left), right: boxed(right) })
}

fn plus(of: Step, unit: Calendrical, number: i64) -> Step {
    step(What::Plus { of: boxed(of), unit, number: boxed(int(number)) })
}

fn part(of: Step, part: DayPart) -> Step {
    step(What::Part { of: boxed(of), part })
}

fn age() -> Step {
    step(What::AgeOn { of: boxed(slot(SUBJECT)), day: boxed(on()) })
}

fn reached(year: i64) -> Step {
    step(What::AgeReachedIn { of: boxed(slot(SUBJECT)), year: boxed(int(year)) })
}

fn iff(test: Step, then: Step, otherwise: Step) -> Step {
    step(What::If { test: boxed(test), then: boxed(then), otherwise: boxed(otherwise) })
}

fn arm(values: &[i64], ranges: &[(i64, i64)], guard: Option<Step>, value: Step) -> Arm {
    Arm { values: values.iter().copied().map(Constant::Int).collect(), ranges: ranges.to_vec(), guard, value }
}

fn switch(of: Step, arms: Vec<Arm>, otherwise: Step) -> Step {
    step(What::Switch { of: boxed(of), arms, otherwise: boxed(otherwise) })
}

fn parameter(group: &str, name: &str, day: Step) -> Step {
    step(What::Parameter { group: Arc::from(group), name: Arc::from(name), day: boxed(day) })
}

fn round(calendar: &str) -> Step {
    step(What::Round { calendar: Arc::from(calendar), day: boxed(on()) })
}

fn field(of: Step, name: &str) -> Step {
    step(What::Field { of: boxed(of), name: Arc::from(name) })
}

fn occasion<const N: usize>(by: Constructor, of: [Step; N]) -> Step {
    step(What::Occasion { by, of: of.into() })
}

fn search(test: Step, all: bool) -> Step {
    step(What::Search { list: boxed(fact("custodians")), slot: 3, test: boxed(test), all })
}

fn filtered(test: Step) -> Step {
    step(What::Filter { list: boxed(fact("custodians")), slot: 3, test: boxed(test) })
}

fn fold(value: Step, by: Fold) -> Step {
    step(What::Fold { list: boxed(fact("custodians")), slot: 3, value: boxed(value), by })
}

fn declared() -> Arc<Tables> {
    loaded(&tables()).tables().clone()
}

/// What is evaluated over: people of whom `A` is the subject, with the tables of the test folder.
struct Scene {
    ground: Ground,
    subject: SubjectRow,
}

impl Scene {
    fn of(people: &[Person], mode: Mode) -> Self {
        let town = Town::of(people);
        let tables = declared();
        let world = Arc::new(World {
            register: town.register.clone(),
            municipality: "091".to_owned(),
            leap_day: LeapDayPolicy::March1,
            log: Log::default(),
            same: Same::new(),
        });
        let subject = town.register.row_of(town.key("A")).unwrap();
        Self { ground: Ground::new(&world, &tables, tables.clone(), mode), subject }
    }

    fn walk<'w>(&'w self, steps: &'w Steps, on: NaiveDate, occasion: Option<&'w Arc<Occasion>>) -> Came<'w> {
        let Self { ground, subject } = self;
        walk(steps, Over { ground, subject: *subject, on, occasion, lacks: true, reads: false })
    }

    fn asked<'t>(&'t self, on: NaiveDate, to: NaiveDate, occasion: &'t Arc<Occasion>) -> Asked<'t> {
        Asked { ground: &self.ground, subject: self.subject, on, to, occasion }
    }

    /// What a step comes to, in words; kernels say the same.
    fn told(&self, step: &Step, on: NaiveDate) -> String {
        let steps = Steps { step: step.clone(), n_slots: 5 };
        let start = Arc::new(Occasion::new("2027", day("2027-01-10"), day("2027-02-10"), day("2027-06-01")).unwrap());
        let value = self.walk(&steps, on, Some(&start)).value.map_err(|stop| *stop);
        agree(step, self.asked(on, on.succ_opt().unwrap(), &start), &value);
        in_words(&value)
    }
}

fn in_words(value: &Result<Value<'_>, Stop>) -> String {
    match value {
        Ok(Value::None) => "none".to_owned(),
        Ok(Value::Bool(holds)) => if *holds { "yes" } else { "no" }.to_owned(),
        Ok(Value::Int(number)) => number.to_string(),
        Ok(Value::Age(age)) => format!("{} to {}", age.least, age.most),
        Ok(Value::Day(day)) => match day.date.day() {
            Some(day) => day.to_string(),
            None => format!("{} to {}", day.date.first(), day.date.last()),
        },
        Ok(Value::Text(text)) => text.as_str().to_owned(),
        Ok(Value::Occasion(occasion)) => format!("{} from {} to {}", occasion.id(), occasion.opens(), occasion.ends()),
        Ok(Value::Unknown(lacks)) => {
            let lacks: Vec<String> = lacks.iter().map(|lack| format!("{} of {}", lack.fact, lack.of.word())).collect();
            format!("unknown: {}", lacks.join(", "))
        }
        Ok(other) => other.kind().to_owned(),
        Err(Stop::RowEnded { what, on, .. }) => format!("no row of {what} on {on}"),
        Err(Stop::Expected { what }) => format!("{what} is expected"),
        Err(Stop::Failed(what)) => format!("failed: {what}"),
        Err(Stop::Unknown { .. }) => "an unknown that is no value".to_owned(),
    }
}

/// Somebody of whom `flag` and `other` are unknown, and nothing was visited.
fn unknown() -> Person {
    Person::new("A", "2020-10-15")
}

fn known(flag: bool) -> Person {
    unknown().is("flag", flag)
}

fn born(text: &str) -> Person {
    Person::new("A", text)
}

fn no_birth() -> Person {
    unknown().with(|record| record.born = Fact::Unknown(WITHHELD))
}

/// `A` with two custodians of whom these flags are known, and with these incomes.
fn family(flags: [Option<bool>; 2], incomes: [i64; 2], whole: bool) -> Vec<Person> {
    let custodian = |name, flag: Option<bool>, income| {
        let person = Person::new(name, "1990-01-01").has("income", income);
        flag.map_or(person.clone(), |flag| person.is("flag", flag))
    };
    let child = unknown().of(&["P", "Q"]);
    let child = if whole { child } else { child.with(|record| record.custodians = ListState::Open(WITHHELD)) };
    vec![child, custodian("P", flags[0], incomes[0]), custodian("Q", flags[1], incomes[1])]
}

fn check(cases: Vec<(Step, Vec<Person>, &str)>) {
    for (step, people, expected) in cases {
        let scene = Scene::of(&people, Mode::Preview);
        assert_eq!(scene.told(&step, day(ON)), expected, "{step:?}");
        same_on_every_day_that_it_says(&scene, &step);
    }
}

fn check_one(cases: Vec<(Step, Person, &str)>) {
    check(cases.into_iter().map(|(step, person, expected)| (step, vec![person], expected)).collect());
}

/// An answer is the same on every day on which it is said to be.
fn same_on_every_day_that_it_says(scene: &Scene, step: &Step) {
    let steps = Steps { step: step.clone(), n_slots: 5 };
    let days: Vec<NaiveDate> = day("2026-11-01").iter_days().step_by(3).take(200).collect();
    let told: Vec<String> = days.iter().map(|on| scene.told(step, *on)).collect();
    let start = Arc::new(Occasion::new("2027", day("2027-01-10"), day("2027-02-10"), day("2027-06-01")).unwrap());
    for (on, here) in days.iter().zip(&told) {
        let came = scene.walk(&steps, *on, Some(&start));
        assert!(came.same.has(*on), "{step:?} on {on}");
        if came.value.is_ok() {
            for (other, there) in days.iter().zip(&told).filter(|(other, _)| came.same.has(**other)) {
                assert_eq!(here, there, "{step:?} on {on} and on {other}, said to be the same");
            }
        }
        if matches!(came.value, Ok(Value::Bool(_))) {
            let to = *on + Days::new(300);
            let until = stays_before(step, scene.asked(*on, to, &start)).unwrap_or(*on);
            for (other, there) in days.iter().zip(&told).filter(|(other, _)| on <= *other && **other < until) {
                assert_eq!(here, there, "{step:?} on {on} and on {other}, said by kernels to be the same");
            }
        }
    }
}

#[test]
fn and_or_not_are_decided_whenever_they_can_be() {
    let flag = || fact("flag");
    let other = || fact("other");
    check_one(vec![
        (and([flag(), yes()]), known(true), "yes"),
        (and([flag(), yes()]), known(false), "no"),
        (and([flag(), yes()]), unknown(), "unknown: flag of subject"),
        (and([flag(), no()]), unknown(), "no"),
        (and([flag(), other(), flag()]), unknown(), "unknown: flag of subject, other of subject"),
        (or([flag(), no()]), known(false), "no"),
        (or([flag(), yes()]), unknown(), "yes"),
        (or([flag(), no()]), unknown(), "unknown: flag of subject"),
        (or([other(), flag()]), unknown(), "unknown: other of subject, flag of subject"),
        // what has been decided is read no further, as by the interpreter
        (and([no(), parameter("fees", "limit", date("2019-01-01"))]), unknown(), "no"),
        (
            and([flag(), parameter("fees", "limit", date("2019-01-01"))]),
            unknown(),
            "no row of fees::limit on 2019-01-01",
        ),
        (not(flag()), known(true), "no"),
        (not(flag()), unknown(), "unknown: flag of subject"),
        (step(What::Join { any: true, of: vec![flag(), yes()] }), unknown(), "yes"),
        (step(What::Join { any: false, of: vec![flag(), no()] }), unknown(), "no"),
        (step(What::Join { any: false, of: vec![flag(), yes()] }), unknown(), "unknown: flag of subject"),
        (
            step(What::Join { any: true, of: vec![yes(), parameter("fees", "limit", date("2019-01-01"))] }),
            unknown(),
            "no row of fees::limit on 2019-01-01",
        ),
    ]);
}

#[test]
fn a_branch_is_taken_or_every_branch_agrees() {
    let flag = || fact("flag");
    let many =
        || vec![arm(&[1, 2], &[], None, int(10)), arm(&[], &[(0, 99)], None, int(20)), arm(&[3], &[], None, int(30))];
    let guarded = |guard| vec![arm(&[1], &[], Some(guard), int(10)), arm(&[], &[(0, 99)], None, int(20))];
    check_one(vec![
        (iff(flag(), int(1), int(2)), known(true), "1"),
        (iff(flag(), int(1), int(2)), known(false), "2"),
        (iff(flag(), int(1), int(2)), unknown(), "unknown: flag of subject"),
        (iff(flag(), int(1), int(1)), unknown(), "1"),
        (iff(flag(), fact("other"), yes()), unknown(), "unknown: flag of subject, other of subject"),
        (iff(flag(), none(), none()), unknown(), "none"),
        // single values go before ranges
        (switch(int(1), many(), int(40)), unknown(), "10"),
        (switch(int(3), many(), int(40)), unknown(), "30"),
        (switch(int(4), many(), int(40)), unknown(), "20"),
        (switch(int(100), many(), int(40)), unknown(), "40"),
        (switch(int(1), guarded(yes()), int(40)), unknown(), "10"),
        (switch(int(1), guarded(no()), int(40)), unknown(), "20"),
        (switch(int(1), guarded(flag()), int(40)), unknown(), "unknown: flag of subject"),
        (switch(int(1), vec![arm(&[1], &[], Some(flag()), int(7))], int(7)), unknown(), "7"),
        (switch(fact("place_year"), vec![arm(&[2027], &[], None, int(1))], int(2)), unknown(), "2"),
        (switch(fact("birth_year"), many(), int(20)), no_birth(), "unknown: birth_year of subject"),
        (switch(fact("birth_year"), vec![arm(&[1], &[], None, int(2))], int(2)), no_birth(), "2"),
        (
            switch(
                fact("place_year"),
                vec![Arm { values: vec![Constant::None], ranges: vec![], guard: None, value: int(1) }],
                int(2),
            ),
            unknown(),
            "1",
        ),
    ]);
}

#[test]
fn names_are_kept_with_what_they_lack() {
    let held = |body| step(What::Let { slot: 3, value: boxed(fact("flag")), body: boxed(body) });
    check_one(vec![
        (held(and([slot(3), slot(3)])), known(true), "yes"),
        (held(slot(3)), unknown(), "unknown: flag of subject"),
        (held(yes()), unknown(), "yes"),
        (held(or([slot(3), yes()])), unknown(), "yes"),
    ]);
}

#[test]
fn none_equals_none_and_nothing_else() {
    let year = || fact("place_year");
    let of_2026 = || unknown().has("place_year", 2026);
    let lost = || unknown().fact("place_year", Fact::Unknown(WITHHELD));
    check_one(vec![
        (equal(year(), none()), unknown(), "yes"),
        (differs(year(), none()), of_2026(), "yes"),
        (equal(year(), none()), lost(), "unknown: place_year of subject"),
        (equal(year(), int(2026)), unknown(), "no"),
        (differs(year(), int(2026)), unknown(), "yes"),
        (equal(year(), int(2026)), of_2026(), "yes"),
        (is_in(year(), array([int(2025), int(2026)])), unknown(), "no"),
        (is_in(year(), array([int(2025), none()])), unknown(), "yes"),
        (step(What::Coalesce(vec![year(), int(0)])), unknown(), "0"),
        (step(What::Coalesce(vec![year(), int(0)])), of_2026(), "2026"),
        (step(What::Coalesce(vec![year(), int(0)])), lost(), "unknown: place_year of subject"),
        (step(What::Coalesce(vec![year(), none()])), unknown(), "none"),
        (less(year(), int(2027)), unknown(), "failed: none is compared with a number (line 1)"),
    ]);
}

#[test]
fn membership_is_decided_by_one_that_is_known_or_by_all() {
    let flag = || fact("flag");
    let years = || parameter("education", "years", on());
    check_one(vec![
        (is_in(int(2), array([int(1), int(2)])), unknown(), "yes"),
        (is_in(int(3), array([int(1), int(2)])), unknown(), "no"),
        (step(What::In { item: boxed(int(3)), list: boxed(array([int(1)])), negated: true }), unknown(), "yes"),
        (is_in(yes(), array([flag(), yes()])), unknown(), "yes"),
        (is_in(yes(), array([flag(), no()])), unknown(), "unknown: flag of subject"),
        (is_in(flag(), array([yes(), no()])), unknown(), "unknown: flag of subject"),
        (is_in(flag(), array([])), unknown(), "unknown: flag of subject"),
        (is_in(fact("birth_year"), years()), unknown(), "yes"),
        (is_in(fact("birth_year"), years()), born("2019"), "no"),
        (is_in(fact("birth_year"), years()), no_birth(), "unknown: birth_year of subject"),
        (is_in(int(7), range(6, 8, false)), unknown(), "yes"),
        (is_in(int(8), range(6, 8, false)), unknown(), "no"),
        (is_in(int(8), range(6, 8, true)), unknown(), "yes"),
        (is_in(int(8), range(8, 8, false)), unknown(), "no"),
        (is_in(fact("birth_year"), range(6, 8, true)), no_birth(), "unknown: birth_year of subject"),
        (step(What::Len(boxed(array([int(1), int(2)])))), unknown(), "2"),
        (step(What::Len(boxed(years()))), unknown(), "2"),
    ]);
}

#[test]
fn ages_are_decided_when_every_possible_day_of_birth_agrees() {
    use Arithmetic::{Add, Max, Multiply, Subtract};
    // born in January 2020, somebody is 6 or 7 on 12 January 2027
    let january = || born("2020-01");
    let lacks = "unknown: born of subject";
    check_one(vec![
        (age(), born("2020-01-12"), "7"),
        (age(), born("2020-01-13"), "6"),
        (age(), born("2020-02-29"), "6"),
        (age(), january(), "6 to 7"),
        (age(), no_birth(), lacks),
        (equal(age(), int(6)), january(), lacks),
        (equal(age(), int(8)), january(), "no"),
        (differs(age(), int(8)), january(), "yes"),
        (at_least(age(), int(6)), january(), "yes"),
        (less(age(), int(6)), january(), "no"),
        (less(int(5), age()), january(), "yes"),
        (less(age(), int(7)), january(), lacks),
        (is_in(age(), range(6, 7, true)), january(), "yes"),
        (is_in(age(), range(6, 7, false)), january(), lacks),
        (is_in(age(), range(1, 5, true)), january(), "no"),
        (is_in(age(), array([int(6), int(7)])), january(), "yes"),
        (is_in(age(), array([int(6), int(8)])), january(), lacks),
        (is_in(age(), array([int(5), int(8)])), january(), "no"),
        (compute(Add, age(), int(1)), january(), "7 to 8"),
        (compute(Add, int(1), age()), january(), "7 to 8"),
        (compute(Subtract, age(), int(1)), january(), "5 to 6"),
        (compute(Subtract, int(10), age()), january(), lacks),
        (compute(Multiply, age(), int(2)), january(), lacks),
        (compute(Max, age(), int(2)), january(), lacks),
        (step(What::Negate(boxed(age()))), january(), lacks),
        (switch(age(), vec![arm(&[6], &[], None, int(1))], int(2)), january(), lacks),
        (reached(2027), january(), "7"),
        (reached(2027), no_birth(), lacks),
        (equal(fact("birth_year"), int(2020)), january(), "yes"),
    ]);
}

#[test]
fn days_are_decided_when_every_possible_day_agrees() {
    let visited = || fact("visited");
    let whole = |text: &str| unknown().fact("visited", Fact::Known(Core::Day(PartialDate::parse(text).unwrap())));
    let january = || whole("2027-01");
    let lacks = "unknown: visited of subject";
    check_one(vec![
        (less(visited(), on()), whole("2027-01-11"), "yes"),
        (less(visited(), on()), whole("2027-01-12"), "no"),
        (at_least(on(), visited()), whole("2027-01-12"), "yes"),
        (less(visited(), on()), january(), lacks),
        (less(visited(), date("2027-02-01")), january(), "yes"),
        (less(visited(), date("2027-01-31")), january(), lacks),
        (at_least(visited(), date("2027-01-01")), january(), "yes"),
        (equal(visited(), date("2026-12-31")), january(), "no"),
        (differs(visited(), date("2026-12-31")), january(), "yes"),
        (equal(visited(), date("2027-01-31")), january(), lacks),
        (equal(visited(), on()), whole("2027-01-12"), "yes"),
        (equal(visited(), on()), unknown(), "no"),
        (part(visited(), DayPart::Year), january(), "2027"),
        (part(visited(), DayPart::Month), january(), lacks),
        (part(visited(), DayPart::Month), whole("2027-03-04"), "3"),
        (part(visited(), DayPart::Day), whole("2027-03-04"), "4"),
        (part(on(), DayPart::Year), unknown(), "2027"),
        (part(on(), DayPart::Month), unknown(), "1"),
        (part(on(), DayPart::Day), unknown(), "12"),
        (plus(visited(), Calendrical::Months, 1), january(), "2027-02-01 to 2027-02-28"),
        (plus(date("2027-01-31"), Calendrical::Months, 1), unknown(), "2027-02-28"),
        (plus(date("2027-03-31"), Calendrical::Months, -1), unknown(), "2027-02-28"),
        (plus(date("2028-02-29"), Calendrical::Years, 1), unknown(), "2029-02-28"),
        (plus(on(), Calendrical::Days, 20), unknown(), "2027-02-01"),
        (plus(on(), Calendrical::Days, i64::MAX), unknown(), "failed: a day out of the calendar (line 1)"),
        (step(What::DaysUntil { of: boxed(on()), to: boxed(date("2027-01-22")) }), unknown(), "10"),
        (step(What::DaysUntil { of: boxed(visited()), to: boxed(on()) }), january(), lacks),
    ]);
}

#[test]
fn numbers_are_computed_and_never_wrap() {
    use Arithmetic::{Add, Divide, Max, Min, Multiply, Remainder, Subtract};
    let lost = || unknown().fact("income", Fact::Unknown(WITHHELD));
    let too_large = "failed: a number is too large, or divided by zero (line 1)";
    check_one(vec![
        (compute(Add, int(2), int(3)), unknown(), "5"),
        (compute(Subtract, int(2), int(3)), unknown(), "-1"),
        (compute(Multiply, int(-2), int(3)), unknown(), "-6"),
        (compute(Divide, int(-7), int(2)), unknown(), "-3"),
        (compute(Remainder, int(-7), int(2)), unknown(), "-1"),
        (compute(Min, int(2), int(3)), unknown(), "2"),
        (compute(Max, int(2), int(3)), unknown(), "3"),
        (step(What::Negate(boxed(int(2)))), unknown(), "-2"),
        (compute(Add, fact("income"), int(3)), lost(), "unknown: income of subject"),
        (compute(Add, int(i64::MAX), int(1)), unknown(), too_large),
        (compute(Divide, int(1), int(0)), unknown(), too_large),
    ]);
}

#[test]
fn texts_and_places_are_compared_and_no_more() {
    let living_at = |school: &str| unknown().fact("school", Fact::Known(Core::Text(Arc::from(school))));
    let school = || fact("school");
    check_one(vec![
        (equal(fact("language"), text("fi")), unknown(), "yes"),
        (equal(fact("language"), text("sv")), unknown(), "no"),
        (fact("sex"), unknown(), "female"),
        (is_in(fact("language"), array([text("sv"), text("fi")])), unknown(), "yes"),
        (less(text("a"), text("b")), unknown(), "yes"),
        (equal(school(), text("North")), living_at("North"), "yes"),
        (differs(text("South"), school()), living_at("North"), "yes"),
        (equal(school(), school()), living_at("North"), "yes"),
        (equal(school(), none()), living_at("North"), "no"),
        (equal(school(), text("North")), unknown(), "unknown: school of subject"),
        (fact("lives_in_city"), unknown(), "yes"),
        (fact("home_building"), unknown(), "unknown: home_building of subject"),
    ]);
}

#[test]
fn lists_are_as_known_as_their_members() {
    let flag = || fact_of(3, "flag");
    let some = || search(flag(), false);
    let all = || search(flag(), true);
    let len = || step(What::Len(boxed(fact("custodians"))));
    let filtered_len = || step(What::Len(boxed(filtered(flag()))));
    let (yes, no) = (Some(true), Some(false));
    let member = "unknown: flag of custodian";
    let open = "unknown: custodians of subject";
    let of = |flags, whole| family(flags, [10, 30], whole);
    check(vec![
        (some(), of([no, yes], true), "yes"),
        (some(), of([no, no], true), "no"),
        (some(), of([None, yes], false), "yes"),
        (some(), of([None, no], true), member),
        (some(), of([no, no], false), open),
        (some(), of([None, no], false), "unknown: flag of custodian, custodians of subject"),
        (all(), of([yes, yes], true), "yes"),
        (all(), of([None, no], false), "no"),
        (all(), of([yes, yes], false), open),
        (all(), of([None, yes], true), member),
        (len(), of([None, None], true), "2"),
        (len(), of([None, None], false), open),
        (filtered_len(), of([yes, no], true), "1"),
        (filtered_len(), of([None, no], true), member),
        (filtered_len(), of([None, yes], false), "unknown: flag of custodian, custodians of subject"),
        (fold(fact_of(3, "income"), Fold::Sum), of([None, None], true), "40"),
        (fold(fact_of(3, "income"), Fold::Min), of([None, None], true), "10"),
        (fold(fact_of(3, "income"), Fold::Max), of([None, None], true), "30"),
        (fold(fact_of(3, "income"), Fold::Sum), of([None, None], false), open),
        (fold(iff(flag(), int(1), int(0)), Fold::Sum), of([None, yes], true), member),
        (
            step(What::Fold { list: boxed(filtered(flag())), slot: 4, value: boxed(int(1)), by: Fold::Sum }),
            of([no, no], true),
            "0",
        ),
        (
            step(What::Fold { list: boxed(filtered(flag())), slot: 4, value: boxed(int(1)), by: Fold::Max }),
            of([no, no], true),
            "none",
        ),
        // a list of nobody that was delivered as whole is not a list of nobody
        (len(), vec![unknown()], open),
        // of age, nobody has custody
        (len(), vec![born("2009-01-12")], "0"),
    ]);
}

#[test]
fn parameters_and_rounds_are_of_their_day() {
    let limit = |on| parameter("fees", "limit", on);
    let year = |of| field(of, "year");
    check_one(vec![
        (limit(on()), unknown(), "100"),
        (limit(date("2027-03-01")), unknown(), "120"),
        (limit(date("2027-05-01")), unknown(), "no row of fees::limit on 2027-05-01"),
        (limit(fact("visited")), unknown().fact("visited", Fact::Unknown(WITHHELD)), "unknown: visited of subject"),
        (round("start"), unknown(), "2027 from 2027-01-10 to 2027-06-01"),
        (round("winter"), unknown(), "2026-27 from 2026-12-15 to 2027-02-01"),
        (field(slot(OCCASION), "opens"), unknown(), "2027-01-10"),
        (field(slot(OCCASION), "id"), unknown(), "2027"),
        (field(slot(OCCASION), "first_day"), unknown(), "unknown: first_day of occasion"),
        (year(round("start")), unknown(), "2027"),
        (equal(round("start"), none()), unknown(), "no"),
    ]);
    let expected = Scene::of(&[unknown()], Mode::Run);
    assert_eq!(expected.told(&limit(date("2027-03-01")), day(ON)), "fees::limit is expected");
    assert_eq!(expected.told(&round("hoped_for"), day(ON)), "round 2027 of calendar.hoped_for is expected");
}

#[test]
fn occasions_of_the_subjects_own_days() {
    use Constructor::{After, AtAge, EachYear, NoOccasion, Once};
    let at = |years| occasion(AtAge, [slot(SUBJECT), int(years), int(30), on()]);
    let since = || occasion(After, [fact("visited"), int(10), int(30), on()]);
    let visited = |text: &str| unknown().fact("visited", Fact::Known(Core::Day(PartialDate::parse(text).unwrap())));
    check_one(vec![
        (at(7), born("2020-01-10"), "at 7 from 2027-01-10 to 2027-02-09"),
        (at(7), born("2020-12-10"), "at 7 from 2027-12-10 to 2028-01-09"),
        (at(7), born("2021-12-10"), "none"),
        (at(7), born("2019-12-13"), "none"),
        (at(7), born("2020-01"), "unknown: born of subject"),
        (at(9), born("2020-01"), "none"),
        (at(7), no_birth(), "unknown: born of subject"),
        (since(), visited("2027-01-01"), "after 2027-01-01 from 2027-01-11 to 2027-02-10"),
        (since(), visited("2026-01-01"), "none"),
        (since(), visited("2026"), "unknown: visited of subject"),
        (occasion(EachYear, [on()]), unknown(), "2027 from 2027-01-01 to 2028-01-01"),
        (occasion(Once, [on()]), unknown(), "once from 2027-01-01 to 2028-01-01"),
        (occasion(NoOccasion, []), unknown(), "none"),
    ]);
}

#[test]
fn an_answer_says_until_when_it_is_the_same() {
    let scene = Scene::of(&[born("2020-03-05")], Mode::Preview);
    for (step, from, to) in [
        (yes(), NaiveDate::MIN, NaiveDate::MAX),
        (fact("flag"), NaiveDate::MIN, NaiveDate::MAX),
        (age(), day("2026-03-05"), day("2027-03-05")),
        (less(on(), date("2027-05-01")), NaiveDate::MIN, day("2027-05-01")),
        (less(date("2027-01-05"), on()), day("2027-01-06"), NaiveDate::MAX),
        (at_least(date("2027-02-05"), on()), NaiveDate::MIN, day("2027-02-06")),
        (equal(on(), date("2027-01-12")), day(ON), day("2027-01-13")),
        (part(on(), DayPart::Month), day("2027-01-01"), day("2027-02-01")),
        (part(on(), DayPart::Day), day(ON), day(ON) + Days::new(1)),
        (parameter("fees", "limit", on()), day("2020-01-01"), day("2027-03-01")),
        (round("start"), day("2027-01-10"), day("2027-02-10")),
        (fact("custodians"), day(ON), day(ON) + Days::new(1)),
        (and([at_least(on(), date("2027-01-10")), less(age(), int(7))]), day("2027-01-10"), day("2027-03-05")),
        (occasion(Constructor::AtAge, [slot(SUBJECT), int(7), int(30), on()]), day("2026-03-04"), day("2027-04-04")),
    ] {
        let steps = Steps { step: step.clone(), n_slots: 5 };
        let came = scene.walk(&steps, day(ON), None);
        assert_eq!((came.same.from, came.same.to), (from, to), "{step:?}");
    }
}
