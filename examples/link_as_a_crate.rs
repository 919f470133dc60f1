//! The library in a city's own program: records and one rule in, the day's run, offers and a letter out; then the same day
//! once more, which offers nothing twice. `cargo run --release --example link_as_a_crate`
//!
//! Everything stands in this file. The persons are made up, and their identity codes are of the series 900 to 999, which no
//! real person has. The program checks what it claims and fails if it is not so.

use std::error::Error;
use std::io::{Write, stdout};
use std::sync::Arc;

use chrono::NaiveDate;
use ennakko::core::identity::{CodeError, IdentityCode, PersonalIdentityCode};
use ennakko::core::protected::Party;
use ennakko::core::record::{
    CustodyKind, CustodyRecord, Delivery, DwellingRecord, ListState, Names, ResidentRecord, Sex, Who,
};
use ennakko::core::{Fact, PartialDate, RuleId, UnknownReason};
use ennakko::day::{Ran, RuleReport};
use ennakko::offers::Issuer;
use ennakko::offers::letter::to_text;
use ennakko::rules::RuleFile;
use ennakko::{Choices, DayReport, IdentityTable, KeySecret, MemoryLedger, Register, Rules, run};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// One home of the sample, as the register writes a dwelling: building, stairwell, number.
const HOME: &str = "9000000010 A001 ";

fn main() -> Outcome<()> {
    let today = NaiveDate::from_ymd_opt(2027, 1, 8).ok_or("no such day")?;
    let mut out = stdout();

    // 1. The rules. A run refuses a rule that nobody has approved as it stands, so the approval names its digest.
    let mut files: Vec<RuleFile> = FILES.iter().map(|(path, text)| RuleFile::new(path, text)).collect();
    let draft = load(&files)?;
    let rule = draft.set().versions(&RuleId::new("school_start")).first().ok_or("the rule was not loaded")?;
    files.push(RuleFile::new("approvals.toml", &APPROVAL.replace("DIGEST", &rule.card.digest)));
    let rules = load(&files)?;

    // 2. The register of the day, from records. The identity table goes in and comes out; the city keeps it.
    let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
    let built = Register::build(delivery()?, today, &mut identities);
    must(built.issues.is_empty(), "every record can be used")?;
    let register = Arc::new(built.register);

    // 3. The day: rules over the register, offers into the ledger.
    let mut ledger = MemoryLedger::new(*Issuer::new(rules.city())?.authority());
    let morning = run(&rules, &register, &mut ledger, &Choices::none(), today)?;
    let ran = of_the_rule(&morning)?;
    for offer in &ran.offers {
        let body = offer.body();
        let reply_by = body.reply_by.as_ref().ok_or("the offer asks for a reply")?.last_day;
        writeln!(out, "offer {}\n  occasion {}, reply by {reply_by}", offer.id(), body.occasion.id())?;
        for to in &body.addressees {
            match &to.party {
                Party::Person(key) => writeln!(out, "  to person {}, in {}", key.as_uuid(), to.language)?,
                Party::Organisation(id) => writeln!(out, "  to organisation {id}, in {}", to.language)?,
            }
        }
    }
    let message = ran.messages.first().ok_or("no message was written")?;
    writeln!(out, "\n{}", to_text(&message.letter))?;
    must(ran.offers.len() == 1, "the child of 2020 is offered a place, the one of 2021 is not")?;
    must(ran.messages.len() == 2, "both custodians get a letter")?;

    // 4. The same day again: nothing is offered twice.
    let evening = run(&rules, &register, &mut ledger, &Choices::none(), today)?;
    let again = of_the_rule(&evening)?;
    writeln!(out, "the same day again: {} offers, {} messages", again.offers.len(), again.messages.len())?;
    must(again.offers.is_empty() && again.messages.is_empty(), "the second run offers nothing")?;
    must(ledger.entries().count() == 1, "the ledger holds one offer")
}

/// The rules without any finding.
fn load(files: &[RuleFile]) -> Outcome<Rules> {
    let (rules, findings) = Rules::load(files).map_err(|_| "the files say nothing usable of the city")?;
    match findings.first() {
        None => Ok(rules),
        Some(finding) => Err(finding.to_string().into()),
    }
}

/// What came of the rule on the last day that was run.
fn of_the_rule(reports: &[DayReport]) -> Outcome<&Ran> {
    match reports.last().and_then(|day| day.rules.get(&RuleId::new("school_start"))) {
        Some(RuleReport::Ran(ran)) => Ok(ran),
        Some(RuleReport::NotRun(reason)) => Err(format!("the rule did not run: {reason}").into()),
        None => Err("the rule was not run".into()),
    }
}

fn must(holds: bool, claim: &str) -> Outcome<()> {
    if holds { Ok(()) } else { Err(format!("not so: {claim}").into()) }
}

/// A family as a register delivers it: two children, two custodians, one home.
fn delivery() -> Outcome<Delivery> {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).ok_or("no such day");
    let elsa = person("Elsa", day(2020, 10, 15)?, 901, Sex::Female)?;
    let onni = person("Onni", day(2021, 6, 2)?, 902, Sex::Male)?;
    let anna = person("Anna", day(1988, 3, 2)?, 903, Sex::Female)?;
    let mikko = person("Mikko", day(1986, 11, 20)?, 904, Sex::Male)?;
    let mut custody = Vec::new();
    for child in [&elsa, &onni] {
        for custodian in [&anna, &mikko] {
            custody.push(CustodyRecord {
                child: who(child)?,
                custodian: who(custodian)?,
                kind: CustodyKind::Custodian,
                from: Fact::None,
                until: Fact::None,
                may_decide: Fact::Known(true),
                rights: Vec::new(),
            });
        }
    }
    let address = Fact::Unknown(UnknownReason::NotDelivered);
    let home = DwellingRecord { id: HOME.to_owned(), building: None, address, members: ListState::Whole };
    Ok(Delivery { residents: vec![elsa, onni, anna, mikko], custody, dwellings: vec![home], ..Delivery::default() })
}

fn person(given: &str, born: NaiveDate, serial: u16, sex: Sex) -> Result<ResidentRecord, CodeError> {
    Ok(ResidentRecord {
        key: None,
        code: Some(IdentityCode::Finnish(PersonalIdentityCode::artificial(born, serial)?)),
        former_codes: Vec::new(),
        names: Some(Names { given: given.to_owned(), family: "Lampinen".to_owned() }),
        born: Fact::Known(PartialDate::exact(born)),
        sex: Fact::Known(sex),
        dead: false,
        municipality: Fact::Known("999".to_owned()),
        language: Fact::Known("fi".to_owned()),
        protection: Fact::Known(false),
        dwelling: Fact::Known(HOME.to_owned()),
        dwelling_since: Fact::Known(PartialDate::exact(born)),
        custodians: ListState::Whole,
        in_care: Fact::None,
    })
}

fn who(person: &ResidentRecord) -> Outcome<Who> {
    Ok(Who::Code(person.code.clone().ok_or("a person without a code")?))
}

/// The rule, its page and its texts, and the city's tables: what otherwise stands in a folder. One language, to be short.
const FILES: &[(&str, &str)] = &[
    (
        "school_start.rhai",
        r#"
const RULE = #{
    title:      "School place",
    kind:       "right",
    law:        ["Compulsory Education Act 1214/2020 s. 2"],
    in_force:   #{ from: "2021-08-01", review_by: "2028-06-30" },
    purpose:    "education",
    subject:    "resident",
    discretion: "none",
    effect:     #{ favourable: true, reversible: true, fee: false, sensitive: false },
    late:       "task",
    messages:   [#{ to: "custodians", text: "place", reply: "needed", replies: "one_is_enough" }],
};

fn occasion(child, on) { calendar::school_start(on) }

fn cohort(child, on, start) { child.age_reached_in(start.year) in 6..=8 }

fn conditions(child, on, start) {
    #{
        starts_this_year: child.age_reached_in(start.year) == education::starting_age(start.opens),
        lives_in_city:    child.lives_in_city,
    }
}

fn sanity(child, on, start) { #{ is_a_small_child: child.age_on(on) < 10 } }

fn offer(child, on, start) { #{ starts: start.first_day, reply_by: start.reply_by } }
"#,
    ),
    (
        "school_start.md",
        r#"# A school place

## How the others get it

They turn to the enrolment advice.

## Cases

```toml
subject = "child"
[people.child]
born = 2020-10-15
lives_in_city = true
custodians = ["A"]
[people.A]
born = 1988-03-02
```

| case | on | differs | outcome | because |
|---|---|---|---|---|
| starts this year | 2027-01-08 | | offered to A | |
"#,
    ),
    (
        "school_start.en.ftl",
        "
place =
    .title = A school place
    .who = This letter is about { $subject }.
    .what = We offer a place in the local school from { $starts } on.
    .by_when = Please reply by { $reply_by }. A reply from one custodian is enough.
    .silence = If nobody replies, nothing is decided and the right to a place remains.
    .say_no = If you do not want the place, say so in your reply; you need not give a reason.
    .two_homes = Does the child live in two homes? Tell us: { $contact_phone }.
starts_this_year = Year
    .yes = { $subject } reaches the age of compulsory education in { $year }.
    .no = { $subject } does not reach the age of compulsory education in { $year }.
    .unknown = The register does not tell the year of birth.
lives_in_city = Municipality
    .yes = { $subject } lives in the city.
    .no = { $subject } does not live in the city.
    .unknown = The register does not tell the municipality.
",
    ),
    (
        "_common.en.ftl",
        "
letter =
    .greeting = Dear { $addressee },
    .why = We make this offer because, by our registers:
    .decided = It was drawn up automatically. It is an offer and not a decision.
    .contact = Ask { $contact_name }, telephone { $contact_phone }.
    .object = If something here is wrong, write to { $contact_email }, and a person will look at it.
    .law = It is based on { $law }.
",
    ),
    (
        "city.toml",
        r#"
[city]
name = { en = "Example City" }
country = "FI"
code = "999"
zone = "Europe/Helsinki"
languages = ["en"]
also = []
fallback = "en"
leap_day = "1 March"
[[contact]]
purpose = "education"
name = { en = "enrolment advice" }
phone = "09 000 0000"
email = "school@city.example"
from = 2026-01-01
until = 2029-01-01
"#,
    ),
    (
        "purposes.toml",
        r#"
[education]
title = { en = "Arranging basic education" }
controller = { en = "Example City" }
legal_basis = "Compulsory Education Act 1214/2020 s. 2"
statutory = true
opt_out = false
retention_days = 730
dpo_contact = "dataprotection@city.example"
"#,
    ),
    (
        "parameters.toml",
        r#"
[[education.starting_age]]
value = 7
unit = "years"
from = 2021-08-01
until = 2028-08-01
status = "decided"
source = "Compulsory Education Act 1214/2020 s. 2(2)"
checked = 2026-11-22
"#,
    ),
    (
        "calendar.toml",
        r#"
[[school_start]]
id = "2027"
year = 2027
opens = 2027-01-08
reply_by = 2027-01-29
closes = 2027-01-30
ends = 2027-08-01
first_day = 2027-08-11
status = "decided"
source = "made up for this example"
checked = 2026-11-22
"#,
    ),
    (
        "laws.toml",
        "[\"Compulsory Education Act 1214/2020 s. 2\"]\nen = \"the Compulsory Education Act 1214/2020, section 2\"\n",
    ),
];

/// Who has approved the rule for use, in which role and by which decision.
const APPROVAL: &str = r#"
[school_start]
digest = "DIGEST"
approved_by = "A. Example"
role = "head of basic education"
approved_on = 2026-12-15
decision = "decision 1/2026 of the city board"
"#;
