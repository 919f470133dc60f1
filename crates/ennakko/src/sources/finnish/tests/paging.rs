//! Section 1.1: transport and paging, apart from the wire.

use std::collections::VecDeque;

use super::super::feed::{ChangeFeed, FollowError, Page, Token, ask_base_data, follow, wanted};
use super::*;

/// Answers that stand ready; none: it does not answer.
#[derive(Default)]
struct Ready {
    pages: VecDeque<Option<Value>>,
    asked: Vec<i64>,
    people: Vec<usize>,
}

impl ChangeFeed for Ready {
    type Error = ();

    fn token_of(&mut self, _: NaiveDate) -> Result<Token, ()> {
        Token::read(br#"{"viimeisinKirjausavain":5446623423}"#).map_err(|_| ())
    }

    fn page(&mut self, token: Token) -> Result<Page, ()> {
        self.asked.push(token.number());
        let page = self.pages.pop_front().flatten().ok_or(())?;
        Page::read(page.to_string().as_bytes()).map_err(|_| ())
    }

    fn base_data(&mut self, codes: &[ennakko_core::identity::PersonalIdentityCode]) -> Result<Vec<u8>, ()> {
        self.people.push(codes.len());
        Ok(answer(&codes.iter().map(|code| person(code.as_str(), &[])).collect::<Vec<_>>()))
    }
}

fn page(token: i64, up_to_date: bool, changes: &[&str]) -> Value {
    let changes: Vec<Value> = changes.iter().map(|change| serde_json::from_str(change).unwrap()).collect();
    json!({ "viimeisinKirjausavain": token, "muutokset": changes, "ajanTasalla": up_to_date })
}

#[test]
fn section_1_1_a_token_exceeds_32_bits() {
    let token = Ready::default().token_of(on(TODAY)).unwrap();
    assert_eq!(token.number(), 5_446_623_423);
    assert_eq!(Token::read(br#"{"viimeisinKirjausavain":"5446623423"}"#).unwrap(), token, "one client keeps a text");
}

#[test]
fn section_1_1_pages_are_taken_until_up_to_date() {
    let mut feed = Ready {
        pages: [page(5_446_000_002, false, &[]), page(5_446_000_009, true, &[])].map(Some).into(),
        ..Ready::default()
    };
    let mut n_pages = 0;
    let token = follow(&mut feed, Token::new(5_446_000_000), |_| {
        n_pages += 1;
        Ok::<_, ()>(())
    });
    assert_eq!((token.unwrap().number(), n_pages), (5_446_000_009, 2));
    assert_eq!(feed.asked, [5_446_000_000, 5_446_000_002]);
}

#[test]
fn section_1_1_the_token_comes_only_when_all_was_taken() {
    // a page is lost midway
    let mut feed = Ready { pages: [Some(page(2, false, &[])), None].into(), ..Ready::default() };
    let lost = follow(&mut feed, Token::new(1), |_| Ok::<_, ()>(()));
    assert!(matches!(lost, Err(FollowError::Feed(()))));
    // one cannot be applied
    let mut feed = Ready { pages: [page(2, false, &[]), page(3, true, &[])].map(Some).into(), ..Ready::default() };
    let failed = follow(&mut feed, Token::new(1), |page| if page.up_to_date { Err("no room") } else { Ok(()) });
    assert!(matches!(failed, Err(FollowError::Take("no room"))));
    // or it never ends
    let mut feed = Ready { pages: [page(2, false, &[]), page(2, false, &[])].map(Some).into(), ..Ready::default() };
    assert!(matches!(follow(&mut feed, Token::new(1), |_| Ok::<_, ()>(())), Err(FollowError::Stuck(_))));
}

/// What was taken before the page was lost is taken again from the old token, and changes nothing twice.
#[test]
fn section_1_1_a_page_lost_midway_is_made_good() {
    let first = change_of(CHILD, "2026-11-18T22:00:00Z", &[told("LISATTY", municipality("049", "2026-01-01"))]);
    let second = change_of(CHILD, "2026-11-19T22:00:00Z", &[told("LISATTY", municipality("091", "2026-02-01"))]);
    let (one, two) = (page(2, false, &[&first]), page(3, true, &[&second]));
    let mut feed = Ready { pages: [Some(one.clone()), None, Some(one), Some(two)].into(), ..Ready::default() };
    let mut documents = documents(&[birth("2015-06-15")]);
    let mut stored = Token::new(1);
    for _ in 0..2 {
        let outcome = follow(&mut feed, stored, |page| {
            documents.take_changes(page.changes());
            Ok::<_, ()>(())
        });
        stored = outcome.unwrap_or(stored);
    }
    assert_eq!((stored.number(), feed.asked), (3, vec![1, 2, 1, 2]));
    assert_eq!(resident(&mut documents).municipality, ennakko_core::Fact::Known("091".to_owned()));
}

#[test]
fn section_1_1_base_data_is_asked_for_a_hundred_at_a_time_and_never_without_a_code() {
    let born = on("2015-06-15");
    let texts: Vec<String> = (900..=999)
        .flat_map(|serial| [born, on("2016-06-15")].map(|born| (born, serial)))
        .map(|(born, serial)| ennakko_core::identity::PersonalIdentityCode::artificial(born, serial).unwrap())
        .map(|code| code.as_str().to_owned())
        .collect();
    let list = texts.iter().map(|text| Some(text.as_str())).chain([None, Some(""), Some(" "), Some("150615A910X")]);
    let (codes, issues) = wanted(list, Profile::SAMPLE);
    assert_eq!(codes.len(), 200);
    let told: Vec<_> = issues.iter().map(|issue| (issue.position, issue.problem)).collect();
    assert_eq!(told, [(204, SourceProblem::BadCode)]);
    let mut feed = Ready::default();
    let mut documents = Documents::new(reading());
    ask_base_data(&mut feed, &codes[..150], |answer, asked| {
        documents.take_base_data(answer, asked).map(|taken| assert!(taken.issues.is_empty()))
    })
    .unwrap();
    assert_eq!((feed.people, documents.len()), (vec![100, 50], 150));
}

#[test]
fn section_1_1_a_page_of_another_shape_is_an_error_that_says_nothing_of_anybody() {
    let error = Page::read(br#"{"viimeisinKirjausavain":1,"muutokset":"Malli Aino","ajanTasalla":true}"#).unwrap_err();
    assert!(!error.to_string().contains("Malli"), "{error}");
    assert!(matches!(error, FinnishError::Answer { line: 1, .. }));
}
