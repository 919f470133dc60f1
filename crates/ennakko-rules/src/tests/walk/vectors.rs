//! What no random rule has, or seldom: facts against facts, closures that read outside, tables on the subject's own day.
//!
//! Each case is asked of walk and of kernels, on its day and on two hundred others.

use super::*;

fn income(number: i64) -> Person {
    unknown().has("income", number)
}

fn lost_income() -> Person {
    unknown().fact("income", Fact::Unknown(WITHHELD))
}

fn visited(text: &str) -> Person {
    unknown().fact("visited", Fact::Known(Core::Day(PartialDate::parse(text).unwrap())))
}

fn lives_on(day: Step) -> Step {
    step(What::LivesInCityOn { of: boxed(slot(SUBJECT)), day: boxed(day) })
}

fn until(of: Step, to: Step) -> Step {
    step(What::DaysUntil { of: boxed(of), to: boxed(to) })
}

fn given(value: Step, body: Step) -> Step {
    step(What::Let { slot: 3, value: boxed(value), body: boxed(body) })
}

fn first_of<const N: usize>(steps: [Step; N]) -> Step {
    step(What::Coalesce(steps.into()))
}

#[test]
fn numbers_and_ages_are_computed_of_facts() {
    use Arithmetic::{Add, Max, Subtract};
    let negated = |of| step(What::Negate(boxed(of)));
    check_one(vec![
        (compute(Add, age(), int(1)), born("2020-10-15"), "7"),
        (compute(Add, age(), int(1)), born("2020-01"), "7 to 8"),
        (compute(Subtract, age(), fact("income")), born("2020-01").has("income", 2), "4 to 5"),
        (negated(age()), born("2020-01"), "unknown: born of subject"),
        (less(age(), compute(Add, age(), int(1))), born("2020-01"), "unknown: born of subject"),
        (less(age(), compute(Add, age(), int(2))), born("2020-01"), "yes"),
        (compute(Max, fact("income"), int(7)), income(5), "7"),
        (less(compute(Add, fact("income"), fact("income")), int(11)), income(5), "yes"),
        (less(compute(Add, fact("income"), int(1)), int(11)), lost_income(), "unknown: income of subject"),
        (is_in(fact("income"), array([int(1), fact("income")])), income(5), "yes"),
        (is_in(age(), array([int(6), int(7), fact("income")])), born("2020-01").has("income", 1), "yes"),
        (is_in(age(), array([int(6), fact("income")])), born("2020-01").has("income", 1), "unknown: born of subject"),
        (given(compute(Add, fact("income"), int(1)), less(slot(3), int(6))), income(5), "no"),
        (iff(fact("flag"), fact("income"), int(5)), income(5), "5"),
        (iff(fact("flag"), fact("income"), int(6)), income(5), "unknown: flag of subject"),
        (equal(fact("language"), fact("sex")), unknown(), "no"),
    ]);
}

#[test]
fn an_arm_is_taken_of_what_is_computed() {
    let arms = || vec![arm(&[5], &[], Some(fact("flag")), text("guarded")), arm(&[6], &[(5, 9)], None, text("near"))];
    let of_income = || switch(compute(Arithmetic::Add, fact("income"), int(0)), arms(), text("far"));
    check_one(vec![
        (of_income(), income(5).is("flag", true), "guarded"),
        (of_income(), income(5).is("flag", false), "near"),
        (of_income(), income(5), "unknown: flag of subject"),
        (of_income(), income(6), "near"),
        (of_income(), income(10), "far"),
        (of_income(), lost_income(), "unknown: income of subject, flag of subject"),
        (switch(age(), vec![arm(&[6, 7], &[], None, yes())], no()), born("2020-01"), "unknown: born of subject"),
        (switch(age(), vec![arm(&[6, 7], &[], None, yes())], yes()), born("2020-01"), "yes"),
    ]);
}

#[test]
fn days_are_computed_of_facts() {
    check_one(vec![
        (part(fact("born"), DayPart::Month), born("2020-10-15"), "10"),
        (part(fact("born"), DayPart::Day), born("2020-10-15"), "15"),
        (part(fact("born"), DayPart::Month), born("2020-10"), "unknown: born of subject"),
        (equal(part(fact("born"), DayPart::Month), part(on(), DayPart::Month)), born("2020-01-15"), "yes"),
        (until(fact("born"), on()), born("2020-10-15"), "2280"),
        (less(until(fact("born"), fact("visited")), int(0)), visited("2027-01-01"), "no"),
        (first_of([fact("visited"), fact("born"), on()]), unknown(), "2020-10-15"),
        (less(first_of([fact("visited"), on()]), date("2027-01-13")), unknown(), "yes"),
        (less(on(), plus(fact("visited"), Calendrical::Days, 20)), visited("2027-01-01"), "yes"),
        (lives_on(date("2019-01-01")), unknown(), "unknown: lives_in_city_on of subject"),
        (lives_on(fact("visited")), visited("2027"), "unknown: visited of subject"),
        (parameter("fees", "limit", fact("visited")), visited("2027-03-01"), "120"),
        (parameter("fees", "limit", fact("visited")), visited("2019-01-01"), "no row of fees::limit on 2019-01-01"),
    ]);
}

#[test]
fn closures_read_what_is_outside() {
    let older = || less(fact_of(3, "born"), fact("born"));
    let total = || compute(Arithmetic::Add, fact_of(3, "income"), fact("income"));
    let inner = |test| step(What::Search { list: boxed(fact("custodians")), slot: 4, test: boxed(test), all: false });
    let like_another = || search(inner(equal(fact_of(3, "income"), fact_of(4, "income"))), true);
    let richer = || {
        search(inner(less(compute(Arithmetic::Add, fact_of(3, "income"), fact("income")), fact_of(4, "income"))), false)
    };
    let n = || step(What::Len(boxed(filtered(less(fact_of(3, "income"), fact("income"))))));
    let of = |number: i64, whole: bool| {
        let mut people = family([None, None], [10, 30], whole);
        people[0] = people[0].clone().has("income", number);
        people
    };
    check(vec![
        (search(older(), true), of(5, true), "yes"),
        (search(older(), true), of(5, false), "unknown: custodians of subject"),
        (fold(total(), Fold::Sum), of(5, true), "50"),
        (fold(total(), Fold::Max), of(5, true), "35"),
        (like_another(), of(5, true), "yes"),
        (richer(), of(5, true), "yes"),
        (richer(), of(25, true), "no"),
        (compute(Arithmetic::Add, n(), int(1)), of(20, true), "2"),
        (compute(Arithmetic::Add, n(), int(1)), of(20, false), "unknown: custodians of subject"),
        (less(n(), fact("income")), of(20, true), "yes"),
    ]);
}
