//! Documents stored and read back.

use ennakko_core::Fact;

use super::*;

fn stored(documents: &Documents) -> String {
    let mut bytes = Vec::new();
    documents.write(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn read(text: &str) -> Result<Documents, FinnishError> {
    Documents::read(text.as_bytes(), reading())
}

#[test]
fn what_was_stored_reads_back_the_same() {
    let correction = json!({
        "tietoryhma": "HENKILOTUNNUS_KORJAUS", "voimassaolo": "AKTIIVI", "muutettuHenkilotunnus": CHILD,
        "aktiivinenHenkilotunnus": "150615A911S", "edellisetHenkilotunnukset": [CHILD],
    });
    let mut documents = documents_of(&[
        person(
            CHILD,
            &[birth("2015-06-15"), dwelling(FLAT, "2020-01-01"), json!({ "tietoryhma": "UUSI", "x": "a\nb" })],
        ),
        person(MOTHER, &[birth("1988-02-02")]),
    ]);
    change(&mut documents, &[told("LISATTY", correction)]);
    // one change waits, of somebody unknown
    let waits = change_of(FATHER, "2026-11-21T22:00:00Z", &[told("LISATTY", municipality("091", "2026-01-01"))]);
    assert_eq!(documents.take_changes([waits.as_str()]).waiting, 1);
    let text = stored(&documents);
    assert_eq!(text.lines().count(), 3);
    let mut again = read(&text).unwrap();
    assert_eq!(stored(&again), text);
    let (then, now) = (documents.loaded(on(TODAY)), again.loaded(on(TODAY)));
    assert!(then.delivery.residents == now.delivery.residents);
    assert_eq!(now.origins.residents, [1, 2], "lines");
    // the change that was taken is known, and the one that waits still does
    let whole = [birth("1987-03-03"), municipality("049", "2000-01-01")].map(|group| told("LISATTY", group));
    let taken = again.take_changes([change_of(FATHER, "2026-11-20T22:00:00Z", &whole).as_str()]);
    assert_eq!((taken.used, taken.waiting), (1, 0));
    assert_eq!(again.loaded(on(TODAY)).delivery.residents[2].municipality, Fact::Known("091".to_owned()));
}

/// Found by the fuzz target of changes: such a line was read as a second document of the person.
#[test]
fn a_change_that_waits_for_its_day_is_stored_as_one_that_waits() {
    let mut documents = documents(&[birth("2015-06-15")]);
    let change = json!({ "henkilotunnus": CHILD, "tietoryhmat": [told("LISATTY", municipality("091", "2020-01-01"))] });
    let taken = documents.take_changes([change.to_string().as_str()]);
    assert_eq!((taken.used, taken.waiting), (0, 1));
    assert_eq!(taken.issues[0].problem, SourceProblem::BadDay);
    let mut again = read(&stored(&documents)).unwrap();
    assert_eq!((again.len(), again.take_changes([]).waiting), (1, 1));
    assert_eq!(stored(&again), stored(&documents));
    // base data of the person ends the wait
    again.take_base_data(&answer(&[person(CHILD, &[birth("2015-06-15")])]), &[]).unwrap();
    assert_eq!(again.take_changes([]).waiting, 0);
}

#[test]
fn a_person_of_base_data_is_a_line_as_it_stands() {
    let line = person(CHILD, &[birth("2015-06-15")]).to_string();
    assert_eq!(resident(&mut read(&line).unwrap()).born, exactly("2015-06-15"));
}

#[test]
fn a_broken_store_is_refused_by_its_line() {
    let line = person(CHILD, &[birth("2015-06-15")]).to_string();
    assert!(matches!(read(&format!("{line}\n\n{{\"henkilotunnus\":")), Err(FinnishError::Stored { line: 3 })));
    assert!(matches!(read(&format!("{line}\n{line}\n")), Err(FinnishError::StoredTwice { line: 2 })));
    let error = read("{\"henkilotunnus\":\"150615A910X\",\"tietoryhmat\":[]}").unwrap_err();
    assert_eq!(error.to_string(), "line 1 of the stored documents cannot be read");
}

#[test]
fn a_broken_answer_takes_nothing() {
    let mut documents = documents(&[birth("2015-06-15")]);
    let before = stored(&documents);
    for broken in [&b"{\"perustiedot\":[{\"henkilotunnus\":\"150615A910R\","[..], b"[]", b"{\"perustiedot\":null}", b""]
    {
        assert!(matches!(documents.take_base_data(broken, &[]), Err(FinnishError::Answer { .. })));
        assert_eq!(stored(&documents), before);
    }
}

#[test]
fn people_who_cannot_be_used_are_set_aside_by_position() {
    let mut documents = Documents::new(reading());
    let people = answer(&[
        person("", &[]),
        person("150615A910X", &[]),
        person(CHILD, &[birth("2015-06-15")]),
        json!({ "henkilotunnus": MOTHER }),
        json!({ "tietoryhmat": [] }),
        person(CHILD, &[birth("2015-06-16")]),
    ]);
    let taken = documents.take_base_data(&people, &[]).unwrap();
    let set_aside: Vec<_> = taken.issues.iter().map(|issue| (issue.position, issue.problem)).collect();
    assert_eq!(
        set_aside,
        [
            (1, SourceProblem::NoCode),
            (2, SourceProblem::BadCode),
            (4, SourceProblem::WrongShape),
            (5, SourceProblem::NoCode),
            (6, SourceProblem::Duplicate),
        ]
    );
    assert_eq!((taken.read, taken.used), (6, 1));
    // a register in use has no codes of tests
    let mut documents = Documents::new(Reading { codes: Profile::REGISTER, ..reading() });
    let taken = documents.take_base_data(&answer(&[person(CHILD, &[])]), &[]).unwrap();
    assert_eq!(taken.issues[0].problem, SourceProblem::WrongSeries);
    // positions count on, and lead back
    let mut documents = documents_of(&[person(MOTHER, &[]), person("", &[])]);
    documents.take_base_data(&answer(&[person(FATHER, &[])]), &[]).unwrap();
    let loaded = documents.loaded(on(TODAY));
    assert_eq!(loaded.origins.residents, [1, 3]);
    let set_aside = loaded.issues.iter().filter(|issue| issue.sets_aside).count();
    assert_eq!((loaded.read, loaded.used, set_aside), (3, 2, 1));
}
