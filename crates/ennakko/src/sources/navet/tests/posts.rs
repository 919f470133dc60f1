//! Section 7.1: what a post says of its person, files and answers.

use super::*;

/// A file with every part that is read, and some that are not.
pub(super) fn everything() -> String {
    let (mother, child) = (number("1985-03-04", 238), number("2019-06-07", 239));
    let home = |date: &str| {
        format!(
            "<Folkbokforing><Folkbokforingsdatum>{date}</Folkbokforingsdatum><LanKod>01</LanKod><KommunKod>80</KommunKod>\
             <Fastighetsbeteckning>PROVET 1</Fastighetsbeteckning></Folkbokforing><Adresser><Folkbokforingsadress>\
             <CareOf>NN</CareOf><Utdelningsadress1>LGH 1102</Utdelningsadress1><Utdelningsadress2>Provgatan 1</Utdelningsadress2>\
             <PostNr>11147</PostNr><Postort>STOCKHOLM</Postort></Folkbokforingsadress><Riksnycklar><FastighetsId>1</FastighetsId>\
             <AdressplatsId>2</AdressplatsId><LagenhetsId>18273645</LagenhetsId></Riksnycklar></Adresser>"
        )
    };
    let names = |given: &str, mark: &str| {
        format!(
            "<Namn><Tilltalsnamnsmarkering>{mark}</Tilltalsnamnsmarkering><Fornamn>{given}</Fornamn><Mellannamn>Ek</Mellannamn>\
             <Efternamn>Prov</Efternamn></Namn>"
        )
    };
    let of_mother = format!(
        "<Fodelsedatum>19850304</Fodelsedatum>{}{}<Civilstand><CivilstandKod>OG</CivilstandKod></Civilstand><Relationer>\
         <Relation status=\"NY\"><RelationId><PersonNr>{child}</PersonNr></RelationId><Relationstyp>VF</Relationstyp>\
         <RelationFromdatum>20190607</RelationFromdatum></Relation></Relationer>",
        names("Eva Mia", "20"),
        home("20150101")
    );
    let of_child = format!(
        "<Fodelsedatum>20190607</Fodelsedatum>{}{}<Relationer><Relation><RelationId><PersonNr>{mother}</PersonNr></RelationId>\
         <Relationstyp>V</Relationstyp><RelationFromdatum>20190607</RelationFromdatum></Relation><Relation><RelationId>\
         <PersonNr>{mother}</PersonNr></RelationId><Relationstyp>MO</Relationstyp></Relation></Relationer>",
        names("Kjell Olof Stig", "12"),
        home("20190607")
    );
    file(&[post(&mother, &of_mother), post(&child, &of_child), post("199705172394", "")])
}

/// An answer of SUNET's client, with the keys and the empty objects that it writes.
pub(super) const ANSWER: &str = r#"{"PopulationItems":[{"CaseInformation":{"lastChanged":"20200406121712"},"SecrecyMark":"",
 "ProtectedPopulationRegistration":"N","PersonItem":{"PersonId":{"NationalIdentityNumber":"199705172394"},
 "DeregistrationInformation":{},"ReferenceNationalIdentityNumber":"",
 "Name":{"GivenNameMarking":"20","GivenName":"Eva Mia","MiddleName":"Ek","Surname":"Prov"},
 "PostalAddresses":{"OfficialAddress":{"PostalCode":"11147","City":"STOCKHOLM","Address2":"Provgatan 1"}},
 "Relations":[{"RelationStartDate":"20200406","RelationId":{"NationalIdentityNumber":"190905279808"},"RelationType":"V"}]}}]}"#;

#[test]
fn section_7_1_a_post_becomes_a_resident() {
    let loaded = read(&everything());
    assert_eq!((loaded.read, loaded.used, issues(&loaded)), (3, 3, Vec::new()));
    let mother = &loaded.delivery.residents[0];
    assert_eq!(mother.born, Fact::Known(PartialDate::exact(day("1985-03-04"))));
    let names = mother.names.clone().unwrap();
    assert_eq!((names.given.as_str(), names.family.as_str()), ("Mia Eva", "Ek Prov"));
    assert_eq!(mother.municipality, Fact::Known("0180".to_owned()));
    assert_eq!(mother.dwelling, Fact::Known("SE:18273645".to_owned()));
    assert_eq!(mother.dwelling_since, Fact::Known(PartialDate::exact(day("2015-01-01"))));
    assert_eq!((mother.protection, mother.dead), (Fact::Known(false), false));
    // one dwelling for both, with one address, without care of
    assert_eq!(loaded.delivery.dwellings.len(), 1);
    let address = Address {
        street: "LGH 1102, Provgatan 1".to_owned(),
        postal_code: "11147".to_owned(),
        post_office: "STOCKHOLM".to_owned(),
    };
    assert_eq!(loaded.delivery.dwellings[0].address, Fact::Known(address));
    assert_eq!(loaded.delivery.custody.len(), 1);
    assert_eq!(loaded.delivery.residents[1].custodians, ListState::Whole);
    // the third has nothing but a number
    let third = &loaded.delivery.residents[2];
    assert_eq!(third.names, None);
    assert_eq!(third.municipality, Fact::Unknown(NOT_DELIVERED));
    assert_eq!(third.dwelling, Fact::Unknown(NOT_DELIVERED));
}

#[test]
fn section_7_1_the_register_is_built_of_it() {
    let (register, identities, issues) = built(read(&everything()));
    assert_eq!(issues, Vec::<String>::new());
    let sizes: Vec<usize> = register.households().map(|household| household.members().count()).collect();
    assert_eq!(sizes, [2]);
    let child = register.resident_of(identities.key_of(&code(&number("2019-06-07", 239))).unwrap()).unwrap();
    let custodians = child.custodians_on(day("2026-11-22"), ennakko_core::LeapDayPolicy::March1);
    assert_eq!((custodians.known.len(), custodians.state), (1, ListState::Whole));
    assert_eq!(child.lives_in_on("0180", day("2020-01-01")), Fact::Known(true));
    assert!(child.lives_in_on("0180", day("2019-06-06")).is_unknown());
}

#[test]
fn section_7_1_mother_tongue_is_not_in_navet() {
    assert_eq!(person("").0.language, Fact::Unknown(NOT_DELIVERED));
}

#[test]
fn section_7_1_one_mark_protects_and_a_missing_one_is_not_a_no() {
    let unknown = Fact::Unknown(NOT_DELIVERED);
    let mark = |secrecy: Option<&str>, protected: Option<&str>, missing_mark| {
        let element =
            |name: &str, mark: Option<&str>| mark.map_or(String::new(), |mark| format!("<{name}>{mark}</{name}>"));
        let marks = element("Sekretessmarkering", secrecy) + element("SkyddadFolkbokforing", protected).as_str();
        let xml = file(&[marked(&marks, "199705172394", "")]);
        let profile = NavetProfile { missing_mark, ..PROFILE };
        read_xml(xml.as_bytes(), profile).unwrap().delivery.residents[0].protection
    };
    for (secrecy, protected, strict, when_set) in [
        (Some("J"), Some("J"), Fact::Known(true), Fact::Known(true)),
        (Some("J"), Some("N"), Fact::Known(true), Fact::Known(true)),
        (Some("N"), Some("J"), Fact::Known(true), Fact::Known(true)),
        (Some("J"), None, Fact::Known(true), Fact::Known(true)),
        (None, Some("J"), Fact::Known(true), Fact::Known(true)),
        (Some("N"), Some("N"), Fact::Known(false), Fact::Known(false)),
        (Some("N"), None, unknown, Fact::Known(false)),
        (None, Some("N"), unknown, Fact::Known(false)),
        (None, None, unknown, Fact::Known(false)),
        (Some(""), Some(""), unknown, Fact::Known(false)),
        // neither letter: never a no
        (Some("X"), Some("N"), unknown, unknown),
        (Some("j"), None, unknown, unknown),
    ] {
        assert_eq!(mark(secrecy, protected, MissingMark::Unknown), strict, "{secrecy:?} {protected:?}");
        assert_eq!(mark(secrecy, protected, MissingMark::No), when_set, "{secrecy:?} {protected:?}, where set");
    }
}

#[test]
fn section_7_1_what_a_protected_post_lacks_is_withheld() {
    let marks = "<Sekretessmarkering>J</Sekretessmarkering><SkyddadFolkbokforing>J</SkyddadFolkbokforing>";
    let loaded = read(&file(&[marked(marks, "200704102391", "")]));
    let record = &loaded.delivery.residents[0];
    assert_eq!(record.municipality, Fact::Unknown(UnknownReason::Withheld));
    assert_eq!(record.dwelling, Fact::Unknown(UnknownReason::Withheld));
}

#[test]
fn section_7_1_an_address_beside_a_mark_still_hides_the_home() {
    let marked_child = everything().replacen("<Sekretessmarkering>N", "<Sekretessmarkering>J", 1);
    let (register, identities, _) = built(read(&marked_child));
    for (born, serial) in [("1985-03-04", 238), ("2019-06-07", 239)] {
        let key = identities.key_of(&code(&number(born, serial))).unwrap();
        assert!(register.resident_of(key).unwrap().home_is_protected());
    }
    assert_eq!(register.protected_dwellings(), 1);
}

#[test]
fn section_7_1_deregistration() {
    let home = "<Folkbokforing><LanKod>01</LanKod><KommunKod>80</KommunKod></Folkbokforing><Adresser><Riksnycklar>\
                <LagenhetsId>5</LagenhetsId></Riksnycklar></Adresser>";
    let left = |cause: &str| {
        person(&format!(
            "<Avregistrering><AvregistreringsorsakKod>{cause}</AvregistreringsorsakKod><Avregistreringsdatum>20200500\
             </Avregistreringsdatum></Avregistrering>{home}"
        ))
    };
    let (dead, issues) = left("AV");
    assert!(dead.dead);
    assert_eq!(dead.municipality, Fact::Known("0180".to_owned()));
    assert_eq!(issues, Vec::<String>::new());
    for cause in ["UV", "OB", "TA", "AN", "FI", "AS"] {
        let (gone, issues) = left(cause);
        assert_eq!((gone.dead, gone.municipality, gone.dwelling), (false, Fact::None, Fact::None), "{cause}");
        assert_eq!(issues, Vec::<String>::new());
    }
    // more codes may come: nothing is made of them
    for cause in ["ZZ", ""] {
        let (unknown, issues) = left(cause);
        assert_eq!((unknown.dead, unknown.municipality), (false, Fact::Unknown(NOT_DELIVERED)), "{cause}");
        let said = "record 1, `AvregistreringsorsakKod`: has a value that is not in the source's list";
        assert_eq!(issues, [said], "{cause}");
    }
    // an element that is there and empty says nothing
    let (registered, issues) = person("<Avregistrering><AvregistreringsorsakKod/></Avregistrering>");
    assert_eq!((registered.dead, issues), (false, Vec::new()));
}

#[test]
fn section_7_1_an_old_number_becomes_a_former_code() {
    let (old, new) = (number("1997-05-17", 239), number("1997-05-17", 238));
    let old_post = post(
        &old,
        &format!(
            "<HanvisningsPersonNr>{new}</HanvisningsPersonNr><Avregistrering><AvregistreringsorsakKod>GN\
             </AvregistreringsorsakKod></Avregistrering>"
        ),
    );
    // whichever stands first
    for posts in [vec![old_post.clone(), post(&new, "")], vec![post(&new, ""), old_post.clone()]] {
        let loaded = read(&file(&posts));
        assert_eq!((loaded.read, loaded.used), (2, 2));
        assert_eq!(loaded.delivery.residents.len(), 1);
        assert_eq!(loaded.delivery.residents[0].code, Some(code(&new)));
        assert_eq!(loaded.delivery.residents[0].former_codes, [code(&old)]);
    }
    // the new one's post refers to the old one too: still once
    let new_post = post(&new, &format!("<HanvisningsPersonNr>{old}</HanvisningsPersonNr>"));
    let loaded = read(&file(&[old_post.clone(), new_post]));
    assert_eq!(loaded.delivery.residents[0].former_codes, [code(&old)]);
    // nobody has the new one
    let loaded = read(&file(&[old_post]));
    let said = "record 1, `HanvisningsPersonNr`: is about somebody of whom nothing has been loaded";
    assert_eq!((issues(&loaded), loaded.used), (vec![said.to_owned()], 0));
}

#[test]
fn section_7_1_a_changed_number_keeps_the_key() {
    let (old, new) = (number("1997-05-17", 239), number("1997-05-17", 238));
    let mut identities = IdentityTable::new(KeySecret::new([7; 32]));
    let mut keys = Vec::new();
    for (number, inside) in [(&old, String::new()), (&new, format!("<HanvisningsPersonNr>{old}</HanvisningsPersonNr>"))]
    {
        let loaded = read(&file(&[post(number, &inside)]));
        Register::build(loaded.delivery, day("2026-11-22"), &mut identities);
        keys.push(identities.key_of(&code(number)).unwrap());
    }
    assert_eq!(keys[0], keys[1]);
}

#[test]
fn section_7_1_municipality_is_county_and_municipality_with_their_zeros() {
    for (county, municipality, expected) in [
        ("01", "80", Fact::Known("0180".to_owned())),
        ("1", "80", Fact::Known("0180".to_owned())),
        ("5", "9", Fact::Known("0509".to_owned())),
        ("25", "84", Fact::Known("2584".to_owned())),
        ("", "", Fact::Unknown(NOT_DELIVERED)),
        ("01", "", Fact::Unknown(UnknownReason::Disputed)),
        ("", "80", Fact::Unknown(UnknownReason::Disputed)),
        ("00", "80", Fact::Unknown(UnknownReason::Disputed)),
        ("+1", "80", Fact::Unknown(UnknownReason::Disputed)),
        ("AB", "80", Fact::Unknown(UnknownReason::Disputed)),
        ("001", "80", Fact::Known("0180".to_owned())),
        ("180", "80", Fact::Unknown(UnknownReason::Disputed)),
    ] {
        let inside =
            format!("<Folkbokforing><LanKod>{county}</LanKod><KommunKod>{municipality}</KommunKod></Folkbokforing>");
        let (record, issues) = person(&inside);
        let disputed = expected == Fact::Unknown(UnknownReason::Disputed);
        assert_eq!(record.municipality, expected, "{county} {municipality}");
        assert_eq!(issues.len(), usize::from(disputed), "{county} {municipality}");
    }
}

#[test]
fn section_7_1_lagenhets_id_is_the_dwelling() {
    for (written, expected) in [
        ("18273645", Fact::Known("SE:18273645".to_owned())),
        // as long as a Finnish id of an institution, and still a dwelling
        ("18273645901234", Fact::Known("SE:18273645901234".to_owned())),
        ("00018273645", Fact::Known("SE:18273645".to_owned())),
        ("0", Fact::Unknown(NOT_DELIVERED)),
        ("", Fact::Unknown(NOT_DELIVERED)),
        ("182736459012345", Fact::Unknown(UnknownReason::Disputed)),
        ("1827 3645", Fact::Unknown(UnknownReason::Disputed)),
    ] {
        let inside = format!("<Adresser><Riksnycklar><LagenhetsId>{written}</LagenhetsId></Riksnycklar></Adresser>");
        assert_eq!(person(&inside).0.dwelling, expected, "{written}");
    }
}

#[test]
fn section_7_1_the_newer_keys_beside_the_old_ones_change_nothing() {
    let inside = "<Adresser><Riksnycklar><LagenhetsId>18273645</LagenhetsId></Riksnycklar><UUID><Fastighet>1a</Fastighet>\
                  <Adress>2b</Adress><Lagenhet>3c</Lagenhet></UUID></Adresser>";
    assert_eq!(person(inside).0.dwelling, Fact::Known("SE:18273645".to_owned()));
}

/// A post of somebody in dwelling 5, on a street.
fn at_home(number: &str, street: &str) -> String {
    let inside = format!(
        "<Adresser><Folkbokforingsadress><Utdelningsadress2>{street}</Utdelningsadress2><PostNr>11147</PostNr><Postort>PROVSTAD\
         </Postort></Folkbokforingsadress><Riksnycklar><LagenhetsId>5</LagenhetsId></Riksnycklar></Adresser>"
    );
    post(number, &inside)
}

#[test]
fn an_address_written_in_two_ways_does_not_hang_on_the_order_of_posts() {
    let posts = [at_home(&number("1985-03-04", 238), "Provgatan 1"), at_home(&number("2019-06-07", 239), "PROVG 1")];
    let mut streets = Vec::new();
    for order in [[0, 1], [1, 0]] {
        let loaded = read(&file(&order.map(|at| posts[at].clone())));
        assert_eq!(loaded.delivery.dwellings.len(), 1);
        streets.push(loaded.delivery.dwellings[0].address.as_ref().known().unwrap().street.clone());
    }
    assert_eq!(streets[0], streets[1]);
}

#[test]
fn a_post_set_aside_leaves_its_dwelling_open() {
    let whole = |posts: &[String], profile| {
        let loaded = read_xml(file(posts).as_bytes(), profile).unwrap();
        loaded.delivery.dwellings[0].members
    };
    let (one, other) = (at_home(&number("1985-03-04", 238), "Provgatan 1"), at_home("8503042390", "Provgatan 1"));
    let open = ListState::Open(UnknownReason::OpenList);
    assert_eq!(whole(std::slice::from_ref(&one), PROFILE), ListState::Whole);
    assert_eq!(whole(&[one.clone(), other.clone()], PROFILE), open);
    assert_eq!(whole(&[one.clone(), other.replace("<LagenhetsId>5", "<LagenhetsId>6")], PROFILE), ListState::Whole);
    assert_eq!(whole(&[one], NavetProfile { scope: Scope::Some, ..PROFILE }), open);
}

#[test]
fn section_7_1_a_postal_code_gets_its_zeros_back() {
    for (written, expected, n_issues) in [
        ("11147", Some("11147"), 0),
        ("1147", Some("01147"), 0),
        ("111 47", Some("11147"), 0),
        ("0", None, 0),
        ("1114X", None, 1),
        ("111470", None, 1),
    ] {
        let inside = format!(
            "<Adresser><Folkbokforingsadress><PostNr>{written}</PostNr><Postort>PROVSTAD</Postort></Folkbokforingsadress>\
             <Riksnycklar><LagenhetsId>5</LagenhetsId></Riksnycklar></Adresser>"
        );
        let loaded = read(&file(&[post("199705172394", &inside)]));
        let found = loaded.delivery.dwellings[0].address.as_ref().known().map(|address| address.postal_code.as_str());
        assert_eq!((found, loaded.issues.len()), (expected, n_issues), "{written}");
    }
}

#[test]
fn section_7_1_names_in_use_first() {
    for (given, mark, expected) in [
        ("Eva Mia", "20", "Mia Eva"),
        ("Eva Mia", "10", "Eva Mia"),
        ("Kjell Olof Stig", "12", "Kjell Olof Stig"),
        ("Kjell Olof Stig", "23", "Olof Stig Kjell"),
        ("Hedvig Britt-Marie", "23", "Britt-Marie Hedvig"),
        ("Eva Ulla-Karin Isa", "23", "Ulla-Karin Eva Isa"),
        ("Eva Ulla-Karin Isa", "40", "Isa Eva Ulla-Karin"),
        ("Eva Ulla-Karin Isa", "20", "Ulla Eva Karin Isa"),
        ("Eva", "", "Eva"),
        // a mark that cannot be followed
        ("Eva", "20", "Eva"),
        ("Eva", "00", "Eva"),
        ("Eva", "1", "Eva"),
        ("Eva", "x0", "Eva"),
    ] {
        let names = format!(
            "<Namn><Tilltalsnamnsmarkering>{mark}</Tilltalsnamnsmarkering><Fornamn>{given}</Fornamn><Efternamn>Prov</Efternamn>\
             </Namn>"
        );
        let (record, issues) = person(&names);
        assert_eq!(record.names.unwrap().given, expected, "{given} {mark}");
        let followed = given != "Eva" || mark.is_empty();
        assert_eq!(issues.len(), usize::from(!followed), "{given} {mark}");
    }
    let (record, _) = person("<Namn><Aviseringsnamn>Ek Prov, Svante Hans E</Aviseringsnamn></Namn>");
    let names = record.names.unwrap();
    assert_eq!((names.family.as_str(), names.given.as_str()), ("Ek Prov", "Svante Hans E"));
}

#[test]
fn section_7_1_an_empty_answer_is_nobody_found() {
    // as the service answers, in its envelope and with its prefixes
    let found = |posts: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\"><S:Body>\
             <ns2:PersonpostResponse xmlns:ns2=\"urn:x\">{posts}</ns2:PersonpostResponse></S:Body></S:Envelope>"
        )
    };
    for posts in [
        "<Folkbokforingsposter/>",
        "<Folkbokforingsposter></Folkbokforingsposter>",
        "<Folkbokforingsposter>\n</Folkbokforingsposter>",
    ] {
        let loaded = read(&found(posts));
        assert_eq!((loaded.read, loaded.used, loaded.delivery.residents.len()), (0, 0, 0));
    }
    let one = post("199705172394", "");
    assert_eq!(read(&found(&format!("<Folkbokforingsposter>{one}</Folkbokforingsposter>"))).used, 1);
}

#[test]
fn section_7_1_a_fault_is_not_nobody() {
    let fault = "<S:Envelope xmlns:S=\"urn:s\"><S:Body><S:Fault><detail><Felkod>7</Felkod><Beskrivning>x</Beskrivning></detail>\
                 </S:Fault></S:Body></S:Envelope>";
    let error = read_xml(fault.as_bytes(), PROFILE).unwrap_err();
    assert_eq!(error.to_string(), "the population service answered with a fault (7)");
    assert!(matches!(read_xml("<html></html>".as_bytes(), PROFILE), Err(NavetError::NoPosts)));
    assert!(matches!(read_xml("".as_bytes(), PROFILE), Err(NavetError::NoPosts)));
    assert!(matches!(read_json("{}".as_bytes(), PROFILE), Err(NavetError::NoPosts)));
}

#[test]
fn a_file_that_ends_in_the_middle_is_of_no_use() {
    let whole = everything();
    for end in 1..whole.len() {
        if !whole.is_char_boundary(end) {
            continue;
        }
        assert!(read_xml(&whole.as_bytes()[..end], PROFILE).is_err(), "{end}");
    }
    let after_two = &whole[..whole.rfind("<Folkbokforingspost>").unwrap() + 30];
    let error = read_xml(after_two.as_bytes(), PROFILE).unwrap_err();
    assert_eq!(error.to_string(), "the population data ends in the middle, after record 2");
}

#[test]
fn a_file_with_fewer_posts_than_it_says_is_of_no_use() {
    let fewer = everything().replace("<AntalPoster>3<", "<AntalPoster>4<");
    let error = read_xml(fewer.as_bytes(), PROFILE).unwrap_err();
    assert_eq!(error.to_string(), "the population data says that it has 4 records, and has 3");
}

#[test]
fn iso_8859_1_is_read_as_it_says() {
    let xml = file(&[post("199705172394", "<Namn><Fornamn>Åke Björn</Fornamn><Efternamn>Prövén</Efternamn></Namn>")]);
    let xml = xml.replace("UTF-8", "ISO-8859-1");
    let latin: Vec<u8> = xml.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect();
    let loaded = read_xml(&latin[..], PROFILE).unwrap();
    let names = loaded.delivery.residents[0].names.clone().unwrap();
    assert_eq!((names.given.as_str(), names.family.as_str()), ("Åke Björn", "Prövén"));
    // entities and CDATA too
    let xml = file(&[post(
        "199705172394",
        "<Namn><Fornamn>&#197;ke</Fornamn><Efternamn><![CDATA[A]]>&amp;B</Efternamn></Namn>",
    )]);
    let names = read(&xml).delivery.residents[0].names.clone().unwrap();
    assert_eq!((names.given.as_str(), names.family.as_str()), ("Åke", "A&B"));
}

#[test]
fn bytes_that_are_not_what_they_are_said_to_be_are_refused() {
    let xml = file(&[post("199705172394", "<Namn><Efternamn>Prövén</Efternamn></Namn>")]);
    let latin: Vec<u8> = xml.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect();
    assert!(matches!(read_xml(&latin[..], PROFILE), Err(NavetError::Broken { after: 0 })));
    // with a mark of their encoding in front
    let marked = format!("\u{feff}{xml}");
    let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [marked.as_bytes(), &wide] {
        let loaded = read_xml(bytes, PROFILE).unwrap();
        assert_eq!(loaded.delivery.residents[0].names.clone().unwrap().family, "Prövén");
    }
}

#[test]
fn of_several_posts_of_one_number_the_one_changed_last_counts() {
    let at = |time: &str, kommun: &str, mark: &str| {
        format!(
            "<Folkbokforingspost><Sekretessmarkering>{mark}</Sekretessmarkering><SkyddadFolkbokforing>N</SkyddadFolkbokforing>\
             <Arendeuppgift andringstidpunkt=\"{time}\"/><Personpost><PersonId><PersonNr>199705172394</PersonNr></PersonId>\
             <Folkbokforing><LanKod>01</LanKod><KommunKod>{kommun}</KommunKod></Folkbokforing></Personpost></Folkbokforingspost>"
        )
    };
    let check = |posts: &[String], kommun: &str, protection: bool, set_aside: u64| {
        let loaded = read(&file(posts));
        let record = &loaded.delivery.residents[0];
        assert_eq!(record.municipality, Fact::Known(kommun.to_owned()));
        assert_eq!(record.protection, Fact::Known(protection));
        let said = format!("record {set_aside}, `PersonId`: is a second record of the same subject");
        assert_eq!((issues(&loaded), loaded.used), (vec![said], 1));
    };
    let (old, new) = (at("20200406121712", "80", "J"), at("20200507121712", "81", "N"));
    check(&[old.clone(), new.clone()], "0181", false, 1);
    check(&[new, old.clone()], "0181", false, 2);
    // when that cannot be told, a mark stays
    check(&[at("20200406121712", "81", "N"), old], "0181", true, 2);
}

#[test]
fn posts_set_aside_can_be_copied_repaired_and_read_again() {
    let broken = post("9705172394", "<Namn><Fornamn xsi:nil=\"true\"/><Efternamn>Ek &amp; Å</Efternamn></Namn>");
    let xml = file(&[post(&number("1985-03-04", 238), ""), broken, post(&number("2019-06-07", 239), "")]);
    let xml =
        xml.replace("<Navetavisering>", "<Navetavisering xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">");
    let loaded = read(&xml);
    let aside: BTreeSet<u64> =
        loaded.issues.iter().filter(|issue| issue.sets_aside).map(|issue| issue.position).collect();
    assert_eq!(aside, BTreeSet::from([2]));
    let mut copied = Vec::new();
    copy_posts(xml.as_bytes(), &aside, &mut copied).unwrap();
    let copied = String::from_utf8(copied).unwrap();
    assert!(copied.contains("xmlns:xsi=") && copied.contains("Ek &amp; Å"), "{copied}");
    assert_eq!(issues(&read(&copied)), ["record 1, `PersonId`: has an identity code that cannot be used"]);
    let repaired = read(&copied.replace("9705172394", "199705172394"));
    assert_eq!((repaired.read, repaired.used), (1, 1));
    assert_eq!(repaired.delivery.residents[0].names.clone().unwrap().family, "Ek & Å");
    // none of them: a file without posts
    let mut none = Vec::new();
    copy_posts(xml.as_bytes(), &BTreeSet::new(), &mut none).unwrap();
    assert_eq!(read(&String::from_utf8(none).unwrap()).read, 0);
}

#[test]
fn section_7_1_json_of_sunet() {
    let loaded = read_json(ANSWER.as_bytes(), PROFILE).unwrap();
    assert_whole(&loaded);
    assert_eq!((loaded.read, loaded.used, issues(&loaded)), (1, 1, Vec::new()));
    let record = &loaded.delivery.residents[0];
    assert_eq!(record.code, Some(code("199705172394")));
    assert_eq!(record.names.clone().unwrap().given, "Mia Eva");
    // an empty mark is a missing one
    assert_eq!(record.protection, Fact::Unknown(NOT_DELIVERED));
    assert_eq!(record.custodians, ListState::Whole);
    assert_eq!(loaded.delivery.custody.len(), 1);
    // both marks of SUNET's own protected test person
    let protected = r#"{"PopulationItems":[{"SecrecyMark":"J","ProtectedPopulationRegistration":"J","PersonItem":
        {"PersonId":{"NationalIdentityNumber":200704102391},"DeregistrationInformation":{"date":"20240101","causeCode":"AV"},
        "PostalAddresses":{"OfficialAddress":{}},"Relations":[]}}]}"#;
    let loaded = read_json(protected.as_bytes(), PROFILE).unwrap();
    let record = &loaded.delivery.residents[0];
    assert_eq!((record.protection, record.dead), (Fact::Known(true), true));
    // an empty list is not a list of nobody
    assert_eq!(record.custodians, ListState::Open(NOT_DELIVERED));
}

#[test]
fn section_7_1_an_item_of_another_shape_is_set_aside_alone() {
    let answer = r#"{"PopulationItems":[17,{"PersonItem":{"PersonId":[]}},{"PersonItem":{"PersonId":{"NationalIdentityNumber":
        "199705172394"}}},{},{"PersonItem":{"PersonId":{"NationalIdentityNumber":true}}}]}"#;
    let loaded = read_json(answer.as_bytes(), PROFILE).unwrap();
    assert_whole(&loaded);
    let shape = "is not of the shape that the source documents";
    assert_eq!(
        issues(&loaded),
        [
            format!("record 1, `PopulationItem`: {shape}"),
            format!("record 2, `PopulationItem`: {shape}"),
            "record 4, `PersonId`: has no identity code or key".to_owned(),
            format!("record 5, `PopulationItem`: {shape}"),
        ]
    );
    assert_eq!((loaded.read, loaded.used, loaded.origins.residents), (5, 1, vec![3]));
}

#[test]
fn no_message_holds_what_was_delivered() {
    for error in [
        read_xml("<Folkbokforingsposter><Folkbokforingspost>199705172394</Namn>".as_bytes(), PROFILE).unwrap_err(),
        read_json("{\"PopulationItems\":[\"199705172394\"".as_bytes(), PROFILE).unwrap_err(),
    ] {
        assert!(!format!("{error} {error:?}").contains("1997"), "{error:?}");
    }
    let loaded = read(&everything());
    let said = format!("{:?}", loaded.delivery);
    assert!(!said.contains("Prov") && !said.contains("19850304") && !said.contains("18273645"), "{said}");
}
