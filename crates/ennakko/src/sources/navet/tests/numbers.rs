//! Section 4: personal numbers, coordination numbers, and days known in part.

use super::*;

#[test]
fn section_4_twelve_digits_only() {
    for (number, problem) in [
        ("9705172394", "has an identity code that cannot be used"),
        (concat!("970517", "-2394"), "has an identity code that cannot be used"),
        ("199705172395", "has an identity code that cannot be used"),
        ("165560000000", "has an identity code that cannot be used"),
        ("199705170009", "has an identity code that cannot be used"),
        ("", "has no identity code or key"),
    ] {
        let loaded = read(&file(&[post(number, ""), post("199705172394", "")]));
        assert_eq!(issues(&loaded), [format!("record 1, `PersonId`: {problem}")], "{number}");
        assert_eq!((loaded.read, loaded.used), (2, 1));
        assert_eq!(loaded.origins.residents, [2]);
    }
}

#[test]
fn section_4_a_number_after_the_last_day_is_set_aside() {
    let profile = NavetProfile { not_after: Some(day("1997-04-30")), ..PROFILE };
    let loaded = read_xml(file(&[post("199705172394", "")]).as_bytes(), profile).unwrap();
    assert_eq!((loaded.read, loaded.used), (1, 0));
}

#[test]
fn section_4_coordination_numbers_in_their_own_field_and_in_the_other() {
    // day + 60; a month without a day; a month and a day that are not known
    for number in ["197010632391", "191711602399"] {
        let own_field = format!(
            "<Folkbokforingspost><Personpost><PersonId><TilldelatPersonNrSamordningsNr>{number}\
             </TilldelatPersonNrSamordningsNr></PersonId></Personpost></Folkbokforingspost>"
        );
        for xml in [own_field, post(number, "")] {
            let loaded = read(&file(&[xml]));
            let expected = IdentityCode::from(CoordinationNumber::parse(number, None).unwrap());
            assert_eq!(loaded.delivery.residents[0].code, Some(expected));
            assert_eq!(loaded.issues, []);
        }
    }
}

#[test]
fn section_4_a_number_is_never_the_source_of_birth_day_or_sex() {
    let (record, issues) = person("");
    assert_eq!(record.born, Fact::Unknown(NOT_DELIVERED));
    assert_eq!(record.sex, Fact::Unknown(NOT_DELIVERED));
    // and where the day is stated, the number does not contradict it
    let (record, more) = person("<Fodelsedatum>19970601</Fodelsedatum>");
    assert_eq!(record.born, Fact::Known(PartialDate::exact(day("1997-06-01"))));
    assert_eq!((issues, more), (Vec::<String>::new(), Vec::new()));
}

#[test]
fn section_4_and_7_1_days_may_be_known_in_part() {
    let bad = ["record 1, `Fodelsedatum`: has a day that is not in the calendar".to_owned()];
    for (written, expected) in [
        ("19970517", Ok(PartialDate::parse("1997-05-17"))),
        ("19970500", Ok(PartialDate::parse("1997-05"))),
        ("19970000", Ok(PartialDate::parse("1997"))),
        ("0", Err(NOT_DELIVERED)),
        ("00000000", Err(NOT_DELIVERED)),
        ("", Err(NOT_DELIVERED)),
        ("19970230", Err(UnknownReason::Disputed)),
        ("19970431", Err(UnknownReason::Disputed)),
        ("19971300", Err(UnknownReason::Disputed)),
        ("19970017", Err(UnknownReason::Disputed)),
        ("970517", Err(UnknownReason::Disputed)),
        ("1997-05-17", Err(UnknownReason::Disputed)),
        ("00000517", Err(UnknownReason::Disputed)),
    ] {
        let (record, issues) = person(&format!("<Fodelsedatum>{written}</Fodelsedatum>"));
        match expected {
            Ok(date) => assert_eq!(record.born, Fact::Known(date.unwrap()), "{written}"),
            Err(reason) => assert_eq!(record.born, Fact::Unknown(reason), "{written}"),
        }
        let is_bad = expected == Err(UnknownReason::Disputed);
        assert_eq!(issues, if is_bad { &bad[..] } else { &[] }, "{written}");
    }
}

#[test]
fn section_4_every_test_person_of_a_day_that_no_calendar_has_keeps_a_row() {
    // 30 February, as official coordination numbers have it
    let number = "193002902397";
    let loaded = read(&file(&[post(number, "<Fodelsedatum>19300230</Fodelsedatum>")]));
    assert_eq!(loaded.delivery.residents[0].code, Some(code(number)));
    assert_eq!(loaded.delivery.residents[0].born, Fact::Unknown(UnknownReason::Disputed));
    assert_eq!((loaded.read, loaded.used), (1, 1));
}
