//! Section 7.1: relations `V` and `VF`, from either side, ended, and of persons without a number.

use ennakko_core::LeapDayPolicy;
use ennakko_core::record::Who;

use super::*;

const TODAY: &str = "2026-11-22";

fn child() -> String {
    number("2019-06-07", 239)
}

fn custodian() -> String {
    number("1985-03-04", 238)
}

/// A relation to somebody with a number.
fn to(attribute: &str, number: &str, kind: &str, days: &str) -> String {
    format!(
        "<Relation{attribute}><RelationId><PersonNr>{number}</PersonNr></RelationId><Relationstyp>{kind}</Relationstyp>{days}</Relation>"
    )
}

fn with(relations: &[String]) -> String {
    format!("<Fodelsedatum>20190607</Fodelsedatum><Relationer>{}</Relationer>", relations.concat())
}

/// Custodians today, by the register that is built of posts: how many, and whether the list is whole.
fn custodians(posts: &[String]) -> (usize, ListState) {
    let (register, identities, _) = built(read(&file(posts)));
    let key = identities.key_of(&code(&child())).unwrap();
    let custodians = register.resident_of(key).unwrap().custodians_on(day(TODAY), LeapDayPolicy::March1);
    (custodians.known.len(), custodians.state)
}

#[test]
fn custody_told_from_both_sides_is_one_pair() {
    let from = "<RelationFromdatum>20190607</RelationFromdatum>";
    let of_child = post(&child(), &with(&[to("", &custodian(), "V", from)]));
    let of_custodian = post(&custodian(), &format!("<Relationer>{}</Relationer>", to("", &child(), "VF", from)));
    for posts in [[of_child.clone(), of_custodian.clone()], [of_custodian.clone(), of_child.clone()]] {
        let loaded = read(&file(&posts));
        assert_eq!((loaded.delivery.custody.len(), issues(&loaded)), (1, Vec::new()));
        assert_eq!(custodians(&posts), (1, ListState::Whole));
    }
    // told twice in one post
    let twice =
        post(&child(), &with(&[to("", &custodian(), "V", from), to(" status=\"NY\"", &custodian(), "V", from)]));
    assert_eq!(read(&file(&[twice])).delivery.custody.len(), 1);
    // told by the custodian alone: kept, and the child's list is not known to be whole
    let alone = [post(&child(), "<Fodelsedatum>20190607</Fodelsedatum>"), of_custodian];
    assert_eq!(custodians(&alone), (1, ListState::Open(NOT_DELIVERED)));
}

#[test]
fn custody_that_ended_and_began_again_is_in_force() {
    let days = |from: &str, until: &str| {
        format!("<RelationFromdatum>{from}</RelationFromdatum><RelationTomdatum>{until}</RelationTomdatum>")
    };
    let ended = to(" status=\"AS\"", &custodian(), "V", &days("20190607", "20211231"));
    let ended_some_day = to(" status=\"AS\"", &custodian(), "V", "");
    let again = to(" status=\"NY\"", &custodian(), "V", "<RelationFromdatum>20230101</RelationFromdatum>");
    for relations in [
        [ended.clone(), again.clone()],
        [again.clone(), ended],
        [ended_some_day.clone(), again.clone()],
        [again, ended_some_day],
    ] {
        let posts = [post(&child(), &with(&relations))];
        assert_eq!(custodians(&posts), (1, ListState::Whole));
        // the custodian's post tells the same twice: nothing differs
        let mirrored = relations.map(|relation| relation.replace(&custodian(), &child()).replace(">V<", ">VF<"));
        let of_custodian = post(&custodian(), &format!("<Relationer>{}</Relationer>", mirrored.concat()));
        let both = read(&file(&[posts[0].clone(), of_custodian]));
        assert_eq!(issues(&both), Vec::<String>::new());
        assert_eq!(both.delivery.custody.len(), read(&file(&posts)).delivery.custody.len());
    }
}

#[test]
fn the_childs_own_post_is_believed_where_the_sides_differ() {
    let said = "record 2, `Relation`: says other than another record of the same delivery";
    let of_custodian =
        |days: &str| post(&custodian(), &format!("<Relationer>{}</Relationer>", to("", &child(), "VF", days)));
    // ended by the child's post, still going on by the custodian's
    let ended = "<RelationTomdatum>20250101</RelationTomdatum>";
    let of_child = post(&child(), &with(&[to(" status=\"AS\"", &custodian(), "V", ended)]));
    let posts = [of_child, of_custodian("")];
    assert_eq!(issues(&read(&file(&posts))), [said]);
    assert_eq!(custodians(&posts).0, 0);
    let of_child = post(&child(), &with(&[to(" status=\"AV\"", &custodian(), "V", "")]));
    let posts = [of_child, of_custodian("")];
    assert_eq!(issues(&read(&file(&posts))), [said]);
    assert_eq!(custodians(&posts).0, 0);
    // a child's post that has custodians and not this one: both stay, dropping a real one is worse
    let of_child = post(&child(), &with(&[to("", &number("1984-01-02", 239), "V", "")]));
    let posts = [of_child, of_custodian("")];
    assert_eq!(issues(&read(&file(&posts))), [said]);
    assert_eq!(custodians(&posts).0, 2);
}

#[test]
fn an_ended_relation_is_over() {
    let status = |status: &str, days: &str| {
        custodians(&[post(&child(), &with(&[to(&format!(" status=\"{status}\""), &custodian(), "V", days)]))])
    };
    for ended in ["AS", "AV", "IV", "AN"] {
        assert_eq!(status(ended, "").0, 0, "{ended}");
        assert_eq!(status(ended, "<RelationTomdatum>20261121</RelationTomdatum>").0, 0, "{ended}");
        // the last day is included
        assert_eq!(status(ended, "<RelationTomdatum>20261122</RelationTomdatum>").0, 1, "{ended}");
    }
    for going_on in ["NY", "PB", "RD"] {
        assert_eq!(status(going_on, "").0, 1, "{going_on}");
        assert_eq!(status(going_on, "<RelationFromdatum>20261123</RelationFromdatum>").0, 0, "{going_on}");
        assert_eq!(status(going_on, "<RelationTomdatum>20261121</RelationTomdatum>").0, 0, "{going_on}");
    }
    let unknown = post(&child(), &with(&[to(" status=\"ZZ\"", &custodian(), "V", "")]));
    assert_eq!(
        issues(&read(&file(std::slice::from_ref(&unknown)))),
        ["record 1, `Relation status`: has a value that is not in the source's list"]
    );
    assert_eq!(custodians(&[unknown]).0, 1);
}

#[test]
fn a_day_of_custody_that_is_not_known_does_not_drop_a_custodian() {
    for days in [
        "<RelationFromdatum>0</RelationFromdatum>",
        "<RelationFromdatum>20190600</RelationFromdatum>",
        "<RelationFromdatum>20190230</RelationFromdatum>",
        "<RelationTomdatum>20260000</RelationTomdatum>",
        "<RelationTomdatum>0</RelationTomdatum>",
    ] {
        assert_eq!(custodians(&[post(&child(), &with(&[to("", &custodian(), "V", days)]))]).0, 1, "{days}");
    }
}

#[test]
fn a_custodian_without_a_number_is_described() {
    let described = |id: &str, names: &str| {
        let relation =
            format!("<Relation><RelationId>{id}</RelationId><Relationstyp>V</Relationstyp>{names}</Relation>");
        read(&file(&[post(&child(), &with(&[relation]))]))
    };
    let names = "<Namn><Fornamn>Anna</Fornamn><Efternamn>Exempel</Efternamn></Namn>";
    for (id, expected) in [
        ("<FodelsetidNr>198503040000</FodelsetidNr>", Fact::Known(PartialDate::exact(day("1985-03-04")))),
        ("<FodelsetidNr>19850304</FodelsetidNr>", Fact::Known(PartialDate::exact(day("1985-03-04")))),
        ("<FodelsetidNr>198500000000</FodelsetidNr>", Fact::Known(PartialDate::in_year(1985).unwrap())),
        ("<FodelsetidNr>0</FodelsetidNr>", Fact::Unknown(NOT_DELIVERED)),
        ("", Fact::Unknown(NOT_DELIVERED)),
    ] {
        let loaded = described(id, names);
        let Who::Described(found, born) = &loaded.delivery.custody[0].custodian else { panic!("{id}") };
        assert_eq!((found.given.as_str(), found.family.as_str(), *born), ("Anna", "Exempel", expected), "{id}");
        assert_eq!(loaded.delivery.residents[0].custodians, ListState::Whole);
    }
    // by day of birth alone
    let loaded = described("<FodelsetidNr>198503040000</FodelsetidNr>", "");
    assert_eq!((loaded.delivery.custody.len(), loaded.issues.len()), (1, 0));
    // dead: nobody's custodian any more
    let dead = "<Avregistrering><AvregistreringsorsakKod>AV</AvregistreringsorsakKod></Avregistrering>";
    let loaded = described("<FodelsetidNr>198503040000</FodelsetidNr>", &format!("{names}{dead}"));
    assert_eq!((loaded.delivery.custody.len(), loaded.delivery.deaths.len()), (0, 0));
    // by nothing: the list is open, and the rest of the post is used
    let loaded = described("<FodelsetidNr>0</FodelsetidNr>", "");
    assert_eq!(loaded.delivery.custody.len(), 0);
    assert_eq!(issues(&loaded), ["record 1, `RelationId`: has no identity code or key"]);
    assert_eq!(loaded.delivery.residents[0].custodians, ListState::Open(UnknownReason::OpenList));
    assert_eq!((loaded.read, loaded.used), (1, 1));
}

#[test]
fn no_relation_is_not_a_list_of_nobody() {
    for inside in ["", "<Relationer/>", "<Relationer><Relation/></Relationer>"] {
        let (record, _) = person(inside);
        assert!(matches!(record.custodians, ListState::Open(_)), "{inside}");
    }
    // relatives, and no custodian among them
    let relatives: Vec<String> = ["B", "MO", "FA", "F", "M", "P"].map(|kind| to("", &custodian(), kind, "")).into();
    let loaded = read(&file(&[post(&child(), &with(&relatives))]));
    assert_eq!((loaded.delivery.custody.len(), issues(&loaded)), (0, Vec::new()));
    assert_eq!(loaded.delivery.residents[0].custodians, ListState::Open(NOT_DELIVERED));
}

#[test]
fn a_kind_of_relation_that_is_not_known_leaves_the_list_open() {
    let relations = [to("", &custodian(), "V", ""), to("", &number("1984-01-02", 239), "ZZ", "")];
    let loaded = read(&file(&[post(&child(), &with(&relations))]));
    assert_eq!(issues(&loaded), ["record 1, `Relationstyp`: has a value that is not in the source's list"]);
    assert_eq!(loaded.delivery.residents[0].custodians, ListState::Open(UnknownReason::OpenList));
}

#[test]
fn a_custodian_deregistered_as_dead_is_reported() {
    let dead = format!(
        "<Relation><RelationId><PersonNr>{}</PersonNr></RelationId><Relationstyp>V</Relationstyp><Avregistrering>\
         <AvregistreringsorsakKod>AV</AvregistreringsorsakKod></Avregistrering></Relation>",
        custodian()
    );
    let loaded = read(&file(&[post(&child(), &with(&[dead]))]));
    assert_eq!((loaded.delivery.deaths.len(), loaded.origins.deaths.as_slice()), (1, [1].as_slice()));
    let (register, identities, issues) = built(loaded);
    let key = identities.key_of(&code(&custodian())).unwrap();
    assert_eq!(register.resident_of(key).unwrap().life(), ennakko_core::register::Life::Dead);
    assert_eq!(issues, Vec::<String>::new());
}
