//! Outside numbers: cohorts as somebody else's count of residents gives them, against sums by hand.

use ennakko::core::RuleId;
use ennakko::core::record::Sex;
use ennakko::outside::{Count, Population};
use ennakko::sample::City;
use ennakko::wire::v1::PreviewV1;
use ennakko::{Choices, IdentityTable, KeySecret, MemoryLedger, Preview, Register, Rules};
use ennakko_tests::day;
use ennakko_tests::folder::Folder;
use ennakko_tests::story::{BLOCK, FAMILY, story};

const COHORT: &str = "child.age_reached_in(start.year) in 6..=8";

/// Residents by birth year: women and men.
const BORN: [(i32, u32, u32); 6] = [
    (2018, 10_000, 20_000),
    (2019, 101, 103),
    (2020, 211, 223),
    (2021, 307, 311),
    (2022, 401, 409),
    (2023, 30_000, 40_000),
];

fn by_birth_year() -> Population {
    let of_year = |(year, women, men): (i32, u32, u32)| {
        [(Sex::Female, women), (Sex::Male, men)].map(|(sex, n)| Count::born_in(year, sex, n).unwrap())
    };
    let counts = BORN.into_iter().flat_map(of_year).collect();
    Population { publisher: "A Census".to_owned(), tables: "births".to_owned(), counts }
}

fn number(population: &Population, rules: &Rules, preview: &Preview, rule: &str) -> Option<usize> {
    population.outside(rules, preview).cohorts.get(&RuleId::new(rule)).copied()
}

fn preview(rules: &Rules, given: &str, to: &str) -> Preview {
    story(rules, given).preview("2026-12-01", to)
}

#[test]
fn the_outside_number_is_the_sum_of_the_year_groups_asked() {
    let rules = Folder::helsinki().load();
    // until the end of January the round of 2027 is at issue: those who reach 6, 7 or 8 in 2027
    let winter = preview(&rules, FAMILY, "2027-02-01");
    assert_eq!(number(&by_birth_year(), &rules, &winter, "school_place"), Some(101 + 103 + 211 + 223 + 307 + 311));
    // from August on also the round of 2028: one year group more, and nobody twice
    let year = preview(&rules, FAMILY, "2027-12-01");
    let sum = 101 + 103 + 211 + 223 + 307 + 311 + 401 + 409;
    assert_eq!(number(&by_birth_year(), &rules, &year, "school_place"), Some(sum));
}

#[test]
fn a_count_by_age_is_divided_where_the_year_turns() {
    let rules = Folder::helsinki().load();
    let winter = preview(&rules, FAMILY, "2027-02-01");
    // one resident a day of birth: those of 2019, 2020 and 2021, whatever their ages on 1 December
    let aged = |(age, n)| Count::aged(age, day("2026-12-01"), Sex::Female, n).unwrap();
    let counts = [(3, 365), (4, 365), (5, 365), (6, 366), (7, 365), (8, 365)].map(aged).to_vec();
    let population = Population { counts, ..by_birth_year() };
    assert_eq!(number(&population, &rules, &winter, "school_place"), Some(365 + 366 + 365));
}

#[test]
fn sex_counts_where_the_cohort_reads_it() {
    let women = format!("{COHORT} && child.sex == sex::female");
    let rules = Folder::helsinki().change("school_place.rhai", COHORT, &women).load();
    let winter = preview(&rules, FAMILY, "2027-02-01");
    assert_eq!(number(&by_birth_year(), &rules, &winter, "school_place"), Some(101 + 211 + 307));
}

#[test]
fn who_is_in_the_register_changes_nothing() {
    let rules = Folder::helsinki().load();
    let nobody = "[people.A]\nborn = 1988-03-02\n";
    let twins = FAMILY.replace("[people.A]", "[people.twin]\nborn = 2020-10-15\nlives_in_city = true\n\n[people.A]");
    let seen = [nobody, FAMILY, &twins].map(|given| {
        let preview = preview(&rules, given, "2027-02-01");
        let cohort = preview.rules[&RuleId::new("school_place")].bill.cohort();
        (cohort, number(&by_birth_year(), &rules, &preview, "school_place"))
    });
    let sum = Some(101 + 103 + 211 + 223 + 307 + 311);
    assert_eq!(seen, [(0, sum), (1, sum), (2, sum)]);
}

#[test]
fn a_cohort_that_nobody_else_can_count_has_no_number() {
    let reads_a_fact = [format!("{COHORT} && !child.start_deferred"), format!("!child.start_deferred && {COHORT}")];
    for cohort in reads_a_fact {
        let rules = Folder::helsinki().change("school_place.rhai", COHORT, &cohort).load();
        let winter = preview(&rules, FAMILY, "2027-02-01");
        assert_eq!(number(&by_birth_year(), &rules, &winter, "school_place"), None, "{cohort}");
    }
    let rules = Folder::helsinki().load();
    let buildings = preview(&rules, BLOCK, "2027-02-01");
    assert_eq!(number(&by_birth_year(), &rules, &buildings, "lift_grant"), None);
}

#[test]
fn the_sample_is_near_its_sources_and_a_machine_is_told() {
    let (rules, on) = (Folder::helsinki().load(), day("2026-12-01"));
    let city = City::plan(3_000, 2).unwrap();
    let mut identities = IdentityTable::new(KeySecret::new([0; 32]));
    let register = Register::build(city.delivery(on, &rules.set().tables().facts), on, &mut identities).register;
    let authority = *ennakko::offers::offer::Issuer::new(rules.city()).unwrap().authority();
    let (ledger, days) = (MemoryLedger::new(authority), (on, day("2027-02-01")));
    let preview = ennakko::preview(&rules, &register.into(), &ledger, &Choices::none(), days, &mut |_| {}).unwrap();
    let outside = Population::of_sample(&city, on).outside(&rules, &preview);
    let wire = PreviewV1::of(&preview, &[]).beside(&outside);
    let told: Vec<_> = wire.rules.iter().map(|rule| (rule.rule.as_str(), rule.outside.is_some())).collect();
    assert_eq!(told, [("lift_grant", false), ("school_place", true)]);
    let school = &wire.rules[1];
    let should_be = school.outside.as_ref().unwrap().count;
    // ages 5 and 6 on the day whole, 4 and 7 in part
    let expected: u32 = [5, 6].iter().flat_map(|age| city.expected(*age)).sum();
    assert!(should_be > expected as usize);
    assert!(school.cohort.abs_diff(should_be) * 100 <= should_be * 10, "{} beside {should_be}", school.cohort);
    let schema = include_str!("../../crates/ennakko/schema/preview.v1.schema.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let json = serde_json::to_value(&wire).unwrap();
    assert!(json["rules"][1]["outside"]["publisher"] == "Statistics Finland" && schema.is_valid(&json), "{json}");
}
