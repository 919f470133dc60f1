//! What leaves the front door, searched for what would tell where somebody lives.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ennakko::core::protected::Party;
use ennakko::{Choices, IdentityTable, Register};
use ennakko_tests::day;
use ennakko_tests::folder::decided;
use ennakko_tests::outputs::{Outputs, Reader};
use ennakko_tests::town::{Person, Town};

use crate::{ledger, table};

/// What each person may read.
pub(crate) type MayRead = BTreeMap<Party, BTreeSet<String>>;

/// Everything that leaves on some days of a town that changes between them, with what each person may read then.
pub(crate) fn outputs(before: &Town, after: &Town) -> [(Outputs, MayRead); 2] {
    let facts = &decided().set().tables().facts;
    let (mut identities, mut ledger) = (table(), ledger());
    [(before, vec!["2027-01-08"]), (after, vec!["2027-01-15", "2027-01-31"])].map(|(town, days)| {
        let mut outputs = Outputs::new();
        for on in days.into_iter().map(day) {
            let register = Arc::new(Register::build(town.delivery(facts, on), on, &mut identities).register);
            for report in ennakko::run(decided(), &register, &mut ledger, &Choices::none(), on).unwrap() {
                outputs.report(&report, decided());
            }
            outputs.traces(decided(), &register, on);
            outputs.ledger(&ledger, decided(), &register, on);
            let days = (on, on + chrono::Days::new(2));
            let (none, empty) = (Choices::none(), crate::ledger());
            outputs
                .preview(&ennakko::preview(decided(), &register, &empty, &none, days, &mut |_| {}).unwrap(), decided());
        }
        (outputs, may_read(town, &identities))
    })
}

pub(crate) fn may_read(town: &Town, identities: &IdentityTable) -> MayRead {
    let reader = |reader: &Person| {
        let shared = town.people().filter(|other| shares(reader, other)).flat_map(Person::secrets).collect();
        (Party::Person(identities.key_of(&reader.code()).unwrap()), shared)
    };
    town.people().map(reader).collect()
}

pub(crate) fn shares(reader: &Person, other: &Person) -> bool {
    reader.serial == other.serial || reader.shared_home().is_some() && reader.shared_home() == other.shared_home()
}

/// Secrets of homes that stand in an output for somebody who shares none of them.
pub(crate) fn leaks(before: &Town, after: &Town) -> Vec<String> {
    let secrets = secrets(before).into_iter().chain(secrets(after)).collect();
    let stages = outputs(before, after);
    stages.iter().flat_map(|(outputs, may_read)| leaks_in(outputs, may_read, &secrets)).collect()
}

pub(crate) fn secrets(town: &Town) -> BTreeSet<String> {
    town.people().flat_map(Person::secrets).collect()
}

pub(crate) fn leaks_in(outputs: &Outputs, may_read: &MayRead, secrets: &BTreeSet<String>) -> Vec<String> {
    let none = BTreeSet::new();
    let mut leaks = Vec::new();
    for output in outputs.iter() {
        let known = match &output.reader {
            Reader::Anybody => &none,
            Reader::Addressee(party) => may_read.get(party).unwrap_or(&none),
        };
        leaks.extend(
            secrets
                .difference(known)
                .filter(|secret| output.text.contains(secret.as_str()))
                .map(|secret| format!("{secret} in {} for {:?}", output.what, output.reader)),
        );
    }
    leaks
}
