//! Section 1.1 over the wire: a small server on loopback, which the test itself starts and which answers what stands ready.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;
use std::time::Duration;

use ennakko_core::Fact;

use super::super::feed::{ChangeFeed, FollowError, Token, ask_base_data, follow};
use super::super::http::{Access, HttpError, HttpFeed, TRIES, USUAL_WAIT};
use super::*;

/// What is answered to one request.
enum Answer {
    /// A status and a body.
    Whole(u16, Value),
    /// A body that breaks off.
    BrokenOff,
    /// Nothing at all.
    Nothing,
}

/// One request as it came.
struct Request {
    line: String,
    head: Vec<String>,
    body: Value,
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        let named = |line: &&String| line.to_lowercase().starts_with(&format!("{}:", name.to_lowercase()));
        self.head.iter().find(named).and_then(|line| line.split_once(": ")).map(|(_, value)| value)
    }
}

/// Answers one request after the other, and gives what came.
fn serve(answers: Vec<Answer>) -> (String, JoinHandle<Vec<Request>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/api/v1", listener.local_addr().unwrap());
    let served = std::thread::spawn(move || {
        answers
            .into_iter()
            .map_while(|answer| {
                let (mut stream, _) = listener.accept().unwrap();
                let request = request(&mut BufReader::new(&stream))?;
                let head = |status: u16, length: usize| {
                    format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
                };
                match answer {
                    Answer::Whole(status, body) => {
                        let body = body.to_string();
                        stream.write_all(head(status, body.len()).as_bytes()).unwrap();
                        stream.write_all(body.as_bytes()).unwrap();
                    }
                    Answer::BrokenOff => {
                        stream.write_all(head(200, 4_000).as_bytes()).unwrap();
                        stream.write_all(b"{\"viimeisinKirjausavain\":5446,\"muu").unwrap();
                    }
                    Answer::Nothing => {}
                }
                Some(request)
            })
            .collect()
    });
    (base_url, served)
}

/// The next request; none if the other side says nothing.
fn request(from: &mut impl BufRead) -> Option<Request> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        from.read_line(&mut line).unwrap();
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    if lines.is_empty() {
        return None;
    }
    let mut request = Request { line: lines.remove(0), head: lines, body: Value::Null };
    let length = request.header("Content-Length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    from.read_exact(&mut body).unwrap();
    if length > 0 {
        request.body = serde_json::from_slice(&body).unwrap();
    }
    Some(request)
}

fn access(base_url: String) -> Access {
    Access {
        base_url,
        user: "testi".to_owned(),
        password: "salaisuus".to_owned(),
        x_road_client: Some("FI/GOV/9999999-9/ennakko".to_owned()),
        people: None,
        groups: None,
    }
}

/// Asks of a server with these answers; what came of it, what was asked, and the waits between tries.
fn asked<T>(
    answers: Vec<Answer>,
    ask: impl FnOnce(&mut dyn ChangeFeed<Error = HttpError>) -> T,
) -> (T, Vec<Request>, Vec<Duration>) {
    asked_as(answers, |access| access, ask)
}

fn asked_as<T>(
    answers: Vec<Answer>,
    with: impl FnOnce(Access) -> Access,
    ask: impl FnOnce(&mut dyn ChangeFeed<Error = HttpError>) -> T,
) -> (T, Vec<Request>, Vec<Duration>) {
    let (base_url, served) = serve(answers);
    let address = base_url["http://".len()..].split('/').next().unwrap().to_owned();
    let mut waits = Vec::new();
    let outcome = {
        let mut feed =
            HttpFeed::new(with(access(base_url)), Duration::from_secs(20), |wait: Duration| waits.push(wait));
        ask(&mut feed)
    };
    // a server that still waits for a request learns that there is none
    drop(std::net::TcpStream::connect(address));
    (outcome, served.join().unwrap(), waits)
}

fn page(token: i64, up_to_date: bool, changes: &[&str]) -> Answer {
    let changes: Vec<Value> = changes.iter().map(|change| serde_json::from_str(change).unwrap()).collect();
    Answer::Whole(200, json!({ "viimeisinKirjausavain": token, "muutokset": changes, "ajanTasalla": up_to_date }))
}

fn error(status: u16) -> Answer {
    Answer::Whole(status, json!({ "virhe": "x" }))
}

#[test]
fn section_1_1_requests_are_as_the_interface_wants_them() {
    let day = on("2026-11-22");
    let (token, requests, _) =
        asked(vec![Answer::Whole(200, json!({ "viimeisinKirjausavain": 5_446_623_423_i64 }))], |feed| {
            feed.token_of(day)
        });
    assert_eq!(token.unwrap().number(), 5_446_623_423);
    assert_eq!(requests[0].line, "GET /api/v1/kirjausavain/2026-11-22 HTTP/1.1");
    assert_eq!(requests[0].header("Authorization"), Some("Basic dGVzdGk6c2FsYWlzdXVz"));
    assert_eq!(requests[0].header("X-Road-Client"), Some("FI/GOV/9999999-9/ennakko"));

    let (_, requests, _) = asked(vec![page(5_446_623_424, true, &[])], |feed| feed.page(Token::new(5_446_623_423)));
    assert_eq!(requests[0].line, "POST /api/v1/muutokset HTTP/1.1");
    assert_eq!(requests[0].header("Content-Type"), Some("application/json"));
    assert_eq!(requests[0].body, json!({ "viimeisinKirjausavain": 5_446_623_423_i64 }));

    let empty = || vec![Answer::Whole(200, json!({ "perustiedot": [], "ajanTasalla": true }))];
    let codes = [code(CHILD)];
    let (_, requests, _) = asked(empty(), |feed| feed.base_data(&codes));
    assert_eq!(requests[0].line, "POST /api/v1/perustiedot HTTP/1.1");
    assert_eq!(requests[0].body, json!({ "hetulista": [CHILD] }), "no groups rather than null");
    let some = |access| Access { groups: Some(vec!["KOTIKUNTA".to_owned()]), x_road_client: None, ..access };
    let (_, requests, _) = asked_as(empty(), some, |feed| feed.base_data(&codes));
    assert_eq!(requests[0].body, json!({ "hetulista": [CHILD], "tietoryhmat": ["KOTIKUNTA"] }));
    assert_eq!(requests[0].header("X-Road-Client"), None);
    let people = |access| Access { people: Some(vec![code(MOTHER)]), ..access };
    let (_, requests, _) = asked_as(vec![page(2, true, &[])], people, |feed| feed.page(Token::new(1)));
    assert_eq!(requests[0].body, json!({ "viimeisinKirjausavain": 1, "hetulista": [MOTHER] }));
}

#[test]
fn section_1_1_what_may_pass_is_asked_again() {
    for busy in [429, 500, 502] {
        let (page, requests, waits) =
            asked(vec![error(busy), error(busy), page(9, true, &[])], |feed| feed.page(Token::new(1)));
        assert_eq!(page.unwrap().token.number(), 9);
        assert_eq!((requests.len(), waits), (3, vec![USUAL_WAIT; 2]));
    }
    for lost in [Answer::BrokenOff, Answer::Nothing] {
        let (page, requests, waits) = asked(vec![lost, page(9, true, &[])], |feed| feed.page(Token::new(1)));
        assert_eq!(page.unwrap().token.number(), 9);
        assert_eq!((requests.len(), waits.len()), (2, 1));
    }
}

#[test]
fn section_1_1_after_three_tries_it_is_told() {
    let (failed, requests, waits) = asked((0..3).map(|_| error(429)).collect(), |feed| feed.page(Token::new(1)));
    assert!(matches!(failed, Err(HttpError::Status { status: 429, tries: TRIES })));
    assert_eq!((requests.len(), waits.len()), (3, 2));
    let (failed, ..) = asked((0..3).map(|_| Answer::BrokenOff).collect(), |feed| feed.page(Token::new(1)));
    assert!(matches!(failed, Err(HttpError::NoAnswer { tries: TRIES })));
}

#[test]
fn section_1_1_what_does_not_pass_is_not_asked_again() {
    for wrong in [400, 401, 403, 404] {
        let (failed, requests, waits) = asked(vec![error(wrong)], |feed| feed.page(Token::new(1)));
        assert!(matches!(failed, Err(HttpError::Status { status, tries: 1 }) if status == wrong));
        assert_eq!((requests.len(), waits.len()), (1, 0));
    }
    let (failed, requests, _) =
        asked(vec![Answer::Whole(200, json!({ "muutokset": 1 }))], |feed| feed.page(Token::new(1)));
    assert!(matches!(failed, Err(HttpError::Shape(_))));
    assert_eq!(requests.len(), 1);
}

#[test]
fn section_1_1_nothing_secret_is_shown() {
    let feed = HttpFeed::new(access("http://localhost".to_owned()), Duration::from_secs(1), |_| {});
    assert!(!format!("{feed:?}").contains("salaisuus"));
}

/// A dyn feed as one: the tests hand it on.
struct Through<'a>(&'a mut dyn ChangeFeed<Error = HttpError>);

impl ChangeFeed for Through<'_> {
    type Error = HttpError;

    fn token_of(&mut self, day: NaiveDate) -> Result<Token, HttpError> {
        self.0.token_of(day)
    }

    fn page(&mut self, token: Token) -> Result<feed::Page, HttpError> {
        self.0.page(token)
    }

    fn base_data(&mut self, codes: &[ennakko_core::identity::PersonalIdentityCode]) -> Result<Vec<u8>, HttpError> {
        self.0.base_data(codes)
    }
}

/// The second page is lost for good, so the token stays; the next run asks from there again and takes all.
#[test]
fn section_1_1_a_lost_page_keeps_the_old_token() {
    let first = change_of(CHILD, "2026-11-18T22:00:00Z", &[told("LISATTY", municipality("049", "2026-01-01"))]);
    let second = change_of(CHILD, "2026-11-19T22:00:00Z", &[told("LISATTY", municipality("091", "2026-02-01"))]);
    let answers = vec![
        page(2, false, &[&first]),
        error(500),
        error(500),
        error(500),
        page(2, false, &[&first]),
        error(502),
        page(3, true, &[&second]),
    ];
    let mut documents = documents(&[birth("2015-06-15")]);
    let ((stored, after_failure), requests, _) = asked(answers, |feed| {
        let mut stored = Token::new(1);
        let mut after_failure = None;
        for _ in 0..2 {
            let followed = follow(&mut Through(feed), stored, |page| {
                documents.take_changes(page.changes());
                Ok::<_, FinnishError>(())
            });
            match followed {
                Ok(token) => stored = token,
                Err(FollowError::Feed(HttpError::Status { status: 500, .. })) => after_failure = Some(stored),
                Err(other) => panic!("{other}"),
            }
        }
        (stored, after_failure)
    });
    assert_eq!((stored, after_failure), (Token::new(3), Some(Token::new(1))));
    let tokens: Vec<i64> =
        requests.iter().map(|request| request.body["viimeisinKirjausavain"].as_i64().unwrap()).collect();
    assert_eq!(tokens, [1, 2, 2, 2, 1, 2, 2]);
    assert_eq!(resident(&mut documents).municipality, Fact::Known("091".to_owned()));
}

#[test]
fn section_1_1_somebody_silently_missing_is_told() {
    let people = json!({ "perustiedot": [person(MOTHER, &[birth("1988-02-02")])], "ajanTasalla": true });
    let wanted = [code(CHILD), code(MOTHER)];
    let mut documents = Documents::new(reading());
    let mut issues = Vec::new();
    let (outcome, requests, _) = asked(vec![error(429), Answer::Whole(200, people)], |feed| {
        ask_base_data(&mut Through(feed), &wanted, |answer, asked| {
            documents.take_base_data(answer, asked).map(|taken| issues.extend(taken.issues))
        })
    });
    assert!(outcome.is_ok());
    assert_eq!(requests[1].body, json!({ "hetulista": [CHILD, MOTHER] }));
    let told: Vec<_> = issues.iter().map(|issue| (issue.position, issue.problem)).collect();
    assert_eq!(told, [(1, SourceProblem::NotDelivered)]);
    assert_eq!(documents.len(), 1);
}
