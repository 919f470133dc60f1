//! Section 1.4: the shapes, each line read as it stands there.

use ennakko_core::Fact;
use ennakko_core::record::Sex;

use super::super::group::Delivered;
use super::*;

/// A group of each line, with all of its fields.
fn every_shape() -> Vec<Value> {
    let party = json!({
        "henkilotunnus": MOTHER, "etunimet": "Maija", "sukunimi": "Malli", "syntymapv": d("1988-02-02"),
        "sukupuoli": "NAINEN", "kansalaisuuskoodi": "246",
    });
    let right = json!({
        "oikeus": "HUOLLON_JAKO_KUVATTU_SISALTOTEKSTISSA", "oikeudenAlkupv": d("2020-01-01"),
        "oikeudenLoppupv": d("2033-06-15"), "sisalto": "sanoja",
    });
    let custody = |name: &str, side: &str| {
        let mut group = json!({
            "tietoryhma": name, "huoltajanLaji": "LAKISAATEINEN_HUOLTAJA", "huoltajanRooli": "AITI",
            "huoltosuhteenAlkupv": d("2015-06-15"), "huoltosuhteenLoppupv": d("2033-06-15"),
            "asuminen": "AIDIN_LUONA", "asumisenAlkupv": d("2015-06-15"), "asumisenLoppupv": d("2033-06-15"),
            "oikeudet": [right], "lisatytOikeudet": [], "poistetutOikeudet": [], "muutetutOikeudet": [],
            "huoltosuhteenMuutos": false, "huollonOikeudenMuutos": false, "huollonAsumisenMuutos": false,
        });
        group[side] = party.clone();
        group
    };
    vec![
        json!({ "tietoryhma": "HENKILON_NIMI", "etunimi": "Aino Elisa", "sukunimi": "Malli",
                "etunimiUTF8": "Aino Elisa", "sukunimiUTF8": "Malli", "alkupv": d("2015-07-01") }),
        json!({ "tietoryhma": "NIMENMUUTOS", "nimilaji": "EDELLINEN_SUKUNIMI", "nimi": "Malli", "nimiUTF8": "Malli",
                "alkupv": d("2015-07-01"), "loppupv": d("2020-01-01"), "nimenmuutostapa": "HAKEMUS" }),
        json!({ "tietoryhma": "NIMENMUUTOS_LAAJA", "nimilaji": "PATRONYYMI", "nimi": "Mallinpoika" }),
        json!({ "tietoryhma": "KUTSUMANIMI", "nimilaji": "NYKYINEN_KUTSUMANIMI", "nimi": "Elisa" }),
        birth("2015-06-15"),
        json!({ "tietoryhma": "SUKUPUOLI", "sukupuoli": "NAINEN" }),
        json!({ "tietoryhma": "KUOLINPAIVA", "kuollut": true, "kuolinpv": d("2026-11-01") }),
        json!({ "tietoryhma": "KUOLLEEKSIJULISTAMISPAIVA", "kuollut": true, "kuolleeksijulistamispv": d("2026-11-01") }),
        json!({ "tietoryhma": "AIDINKIELI", "kielikoodi": "fi", "kielikoodiISO6392": "fin", "alkupv": d("2015-06-15") }),
        json!({ "tietoryhma": "ASIOINTIKIELI", "kielikoodi": "sv", "kielikoodiISO6392": "swe", "nimi": "x", "alkupv": d("2015-06-15") }),
        json!({ "tietoryhma": "KANSALAISUUS",
                "henkilonKansalaisuudet": [{ "kansalaisuuskoodi": "246", "voimassaolo": "AKTIIVI", "saamispv": d("2015-06-15") }],
                "lisatytKansalaisuudet": [], "muutetutKansalaisuudet": [], "poistetutKansalaisuudet": [],
                "korjattavatKansalaisuudet": [], "korjatutKansalaisuudet": [] }),
        json!({ "tietoryhma": "KOTIKUNTA", "kuntakoodi": "091", "kuntaanMuuttopv": d("2015-06-15"), "kuntaanMuuttoPv": d("2015-06-15") }),
        json!({ "tietoryhma": "EDELLINEN_KOTIKUNTA", "kuntakoodi": "049", "kuntaanMuuttopv": d("2010-01-01"), "kunnastaPoisMuuttopv": d("2015-06-14") }),
        json!({ "tietoryhma": "VAESTOKIRJANPITOKUNTA", "kuntakoodi": "091", "kuntaanMuuttopv": d("2015-06-15") }),
        with(with(address("2015-06-15"), "jakokirjain", json!("a")), "loppupv", d("2999-02-28")),
        with(address("2015-06-15"), "tietoryhma", json!("TILAPAINEN_KOTIMAINEN_OSOITE")),
        json!({ "tietoryhma": "KOTIMAINEN_POSTIOSOITE", "postiosoite": { "fi": "PL 1" }, "postinumero": "00780",
                "postitoimipaikka": { "fi": "HELSINKI" }, "alkupv": d("2015-06-15") }),
        json!({ "tietoryhma": "VAKINAINEN_ULKOMAINEN_OSOITE", "lahiosoite": "x", "paikkakunta": "y", "valtiokoodi": "233" }),
        json!({ "tietoryhma": "VAKINAINEN_KOTIMAINEN_ASUINPAIKKATUNNUS", "rakennustunnus": "900001234V", "osoitenumero": 1,
                "huoneistokirjain": "F", "huoneistonumero": "028", "jakokirjain": "c", "kuntakoodi": "091",
                "alkupv": d("2015-06-15"), "asuinpaikantunnus": "900001234V1F028c" }),
        json!({ "tietoryhma": "VAKINAINEN_OLINPAIKASSA_ASUMINEN", "kuntakoodi": "091", "lajikoodi": 902, "numero": "0909",
                "laitos": "0000", "asuinpaikantunnus": "09190209090000" }),
        json!({ "tietoryhma": "VAKINAINEN_ULKOMAILLA_ASUMINEN", "valtiokoodi": "233", "alkupv": d("2020-01-01"),
                "asuinpaikantunnus": "20023300000000" }),
        json!({ "tietoryhma": "TURVAKIELTO", "turvakieltoAktiivinen": true, "turvaLoppuPv": d("2120-02-28") }),
        json!({ "tietoryhma": "HENKILOTUNNUS_KORJAUS", "voimassaolo": "AKTIIVI", "muutettuHenkilotunnus": CHILD,
                "aktiivinenHenkilotunnus": null, "edellisetHenkilotunnukset": [CHILD] }),
        custody("HUOLTAJA", "huoltaja"),
        custody("HUOLTAJA_SUPPEA", "huoltaja"),
        custody("HUOLLETTAVA", "huollettava"),
        json!({ "tietoryhma": "HUOLTAJA_RAJOITETTU", "huoltaja": party, "huoltajanRooli": "AITI" }),
        json!({ "tietoryhma": "LAPSI", "lapsi": party, "isaAiti": "AITI", "vanhemmuusnimike": "AITI", "lapsilaatu": "AVIOLAPSI",
                "lapsiVanhempiSuhdePaattynyt": false }),
        json!({ "tietoryhma": "VANHEMPI", "vanhempi": party, "isaAiti": "AITI", "adoptiosuhde": { "alkupv": d("2016-01-01") } }),
        json!({ "tietoryhma": "PERHESUHDE", "henkilo": party, "rooli": "VANHEMPI", "voimassaolo": "AKTIIVI" }),
        json!({ "tietoryhma": "SIVIILISAATY", "siviilisaaty": "NAIMATON" }),
        json!({ "tietoryhma": "AVIOLIITTO", "puoliso": party, "voimassaolo": "AKTIIVI", "vihkipv": d("2015-06-15"),
                "vihkitapa": "SIVIILIVIHKIMINEN", "jarjestysnumero": 1 }),
        json!({ "tietoryhma": "REKISTEROITY_PARISUHDE", "osapuoli": party, "virallistamistapa": "REKISTEROINTI", "jarjestysnumero": 1 }),
    ]
}

#[test]
fn section_1_4_every_shape_is_read() {
    for group in every_shape() {
        let read = Delivered::read(&group.to_string()).unwrap();
        assert_eq!(read.problem(), None, "{}", group["tietoryhma"]);
        assert!(read.group().is_some_and(|group| group.bad_days().is_empty()), "{}", group["tietoryhma"]);
    }
    let mut documents = Documents::new(reading());
    let taken = documents.take_base_data(&answer(&[person(CHILD, &every_shape())]), &[]).unwrap();
    let problems: Vec<_> = taken.issues.iter().map(|issue| (issue.group.as_deref(), issue.problem)).collect();
    assert_eq!(problems, [(Some("HENKILOTUNNUS_KORJAUS"), SourceProblem::NoCode)]);
}

fn named(groups: &[Value]) -> (String, String) {
    let names = resident(&mut documents(groups)).names.unwrap();
    (names.given, names.family)
}

fn names(given: &str, family: &str) -> (String, String) {
    (given.to_owned(), family.to_owned())
}

#[test]
fn section_1_4_the_utf8_twins_are_preferred() {
    let mut name = json!({ "tietoryhma": "HENKILON_NIMI", "etunimi": "Zarka", "sukunimi": "Mc" });
    assert_eq!(named(&[name.clone()]), names("Zarka", "Mc"));
    name["etunimiUTF8"] = json!("Žarka");
    assert_eq!(named(&[name]), names("Žarka", "Mc"));
}

#[test]
fn section_1_4_the_name_in_use_comes_first() {
    let name = json!({ "tietoryhma": "HENKILON_NIMI", "etunimi": "Aino Elisa Maria", "sukunimi": "Malli" });
    let called = |nimi: &str| json!({ "tietoryhma": "KUTSUMANIMI", "nimilaji": "NYKYINEN_KUTSUMANIMI", "nimi": nimi });
    assert_eq!(named(&[name.clone(), called("Elisa")]), names("Elisa Aino Maria", "Malli"));
    assert_eq!(named(&[name, called("Ellu")]), names("Aino Elisa Maria", "Malli"), "not one of them");
}

#[test]
fn section_1_4_sex_may_be_missing() {
    let sex = |word: &str| resident(&mut documents(&[json!({ "tietoryhma": "SUKUPUOLI", "sukupuoli": word })])).sex;
    assert_eq!(sex("MIES"), Fact::Known(Sex::Male));
    assert_eq!(sex("NAINEN"), Fact::Known(Sex::Female));
    assert!(sex("PUUTTUU").is_unknown());
    let mut documents = documents(&[json!({ "tietoryhma": "SUKUPUOLI", "sukupuoli": "X" })]);
    assert_eq!(problems(&documents.loaded(on(TODAY))), [(Some("SUKUPUOLI"), SourceProblem::UnknownValue)]);
}

#[test]
fn section_1_4_languages_without_a_short_code() {
    let spoken = |short: &str, long: &str| {
        let language =
            json!({ "tietoryhma": "AIDINKIELI", "kielikoodi": short, "kielikoodiISO6392": long, "nimi": "x" });
        resident(&mut documents(&[language])).language
    };
    for (short, long, known) in
        [("fi", "fin", "fi"), ("98", "fse", "fse"), ("98", "mis", "mis"), ("iw", "heb", "he"), ("se", "sme", "se")]
    {
        assert_eq!(spoken(short, long), Fact::Known(known.to_owned()), "{short} {long}");
    }
    assert!(spoken("98", "").is_unknown());
    assert!(spoken("99", "und").is_unknown());
}

#[test]
fn section_1_4_the_day_of_moving_in_has_two_spellings() {
    let since = |municipality: Value| {
        let history = documents(&[municipality]).loaded(on(TODAY)).delivery.histories.remove(0);
        history.stays[0].from
    };
    let of = |field: &str| with(json!({ "tietoryhma": "KOTIKUNTA", "kuntakoodi": "091" }), field, d("2015-06-15"));
    assert_eq!(since(of("kuntaanMuuttopv")), exactly("2015-06-15"));
    assert_eq!(since(of("kuntaanMuuttoPv")), exactly("2015-06-15"));
    assert_eq!(since(with(of("kuntaanMuuttoPv"), "kuntaanMuuttopv", d("2015-06-15"))), exactly("2015-06-15"));
}

#[test]
fn section_1_4_the_municipality_that_keeps_the_records_is_not_that_of_residence() {
    let keeps =
        json!({ "tietoryhma": "VAESTOKIRJANPITOKUNTA", "kuntakoodi": "091", "kuntaanMuuttopv": d("2015-06-15") });
    assert!(resident(&mut documents(&[keeps])).municipality.is_unknown());
    let temporary = with(address("2020-01-01"), "tietoryhma", json!("TILAPAINEN_KOTIMAINEN_OSOITE"));
    assert!(resident(&mut documents(&[temporary])).dwelling.is_unknown(), "permanent homes only");
}

#[test]
fn section_1_4_rights_in_words_leave_the_rest_unknown() {
    let right = json!({
        "oikeus": "HUOLLON_JAKO_KUVATTU_SISALTOTEKSTISSA", "oikeudenAlkupv": d("2020-01-01"),
        "oikeudenLoppupv": d("2033-06-15"), "sisalto": "sanoja",
    });
    let divided = with(custodian("HUOLTAJA", MOTHER, "LAKISAATEINEN_HUOLTAJA"), "oikeudet", json!([right]));
    let pair = custody(&mut documents(&[divided])).remove(0);
    assert!(pair.may_decide.is_unknown());
    assert_eq!(pair.rights.len(), 1);
    assert_eq!(pair.rights[0].until, Fact::Known(on("2033-06-15")));
    // one that has ended divides nothing
    let ended = with(right, "oikeudenLoppupv", d("2024-01-01"));
    let whole = with(custodian("HUOLTAJA", MOTHER, "LAKISAATEINEN_HUOLTAJA"), "oikeudet", json!([ended]));
    let pair = custody(&mut documents(&[whole])).remove(0);
    assert_eq!((pair.may_decide, pair.rights.len()), (Fact::Known(true), 0));
    // the limited version has no rights at all
    let limited = json!({ "tietoryhma": "HUOLTAJA_RAJOITETTU", "huoltaja": { "henkilotunnus": MOTHER } });
    assert!(custody(&mut documents(&[limited])).remove(0).may_decide.is_unknown());
}
