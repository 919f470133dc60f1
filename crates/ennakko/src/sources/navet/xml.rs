//! Posts out of XML, one at a time, and posts copied out of it.
//!
//! Names are matched without their prefix: the schema's elements have no namespace, and senders put the whole in envelopes
//! with several. What the schema does not have is passed over.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Cursor, Read, Write};

use encoding_rs_io::DecodeReaderBytesBuilder;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer, XmlVersion};

use super::NavetError;
use super::post::{Left, Post, Relation, WrittenAddress, WrittenNames};

const POSTS: &str = "Folkbokforingsposter";
const POST: &str = "Folkbokforingspost";

/// Elements of a post stand in one another; the schema has nine levels. More is not from this sender.
const MOST_LEVELS: usize = 32;

/// An element of a post.
#[derive(Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

/// What stands at a place of the file.
enum Found<'e> {
    /// An event inside a post, or its start or end.
    Inside(&'e Event<'e>),
    /// The start of an element outside of posts.
    Outside(&'e BytesStart<'e>),
}

/// Hands over each post as it is complete.
pub(super) fn posts(input: impl Read, mut each: impl FnMut(Post)) -> Result<(), NavetError> {
    let mut stack: Vec<Element> = Vec::new();
    walk(input, |_, found| {
        let Found::Inside(event) = found else { return Ok(()) };
        match event {
            Event::Start(start) => stack.push(Element::of(start)),
            Event::Empty(start) => close(&mut stack, Element::of(start), &mut each),
            Event::End(_) => {
                if let Some(element) = stack.pop() {
                    close(&mut stack, element, &mut each);
                }
            }
            other => {
                if let (Some(element), Some(text)) = (stack.last_mut(), text_of(other)) {
                    element.text.push_str(&text);
                }
            }
        }
        if stack.len() > MOST_LEVELS { Err(Stop::Broken) } else { Ok(()) }
    })
}

/// Writes the posts at some positions (from 1) of a file or an answer as a file of their own, in UTF-8: to be repaired and read
/// again.
///
/// # Errors
/// As [`super::read_xml`], and what `output` refuses.
pub fn copy_posts(input: impl Read, positions: &BTreeSet<u64>, output: impl Write) -> Result<(), NavetError> {
    let mut writer = Writer::new(output);
    let mut root = BTreeMap::new();
    let mut begun = false;
    walk(input, |position, found| {
        match found {
            // prefixes that posts use are declared somewhere outside of them
            Found::Outside(start) if !begun => {
                let declared =
                    start.attributes().flatten().filter(|attribute| attribute.key.as_ref().starts_with("xmlns"));
                for attribute in declared {
                    root.insert(attribute.key.as_ref().to_owned(), attribute.value.into_owned());
                }
            }
            Found::Inside(event) if positions.contains(&position) => {
                if !begun {
                    begin(&mut writer, &root)?;
                    begun = true;
                }
                writer.write_event(event.borrow())?;
            }
            Found::Outside(_) | Found::Inside(_) => {}
        }
        Ok(())
    })?;
    if !begun {
        begin(&mut writer, &root)?;
    }
    for name in [POSTS, "Navetavisering"] {
        writer.write_event(Event::End(BytesEnd::new(name)))?;
    }
    Ok(())
}

fn begin<W: Write>(writer: &mut Writer<W>, root: &BTreeMap<String, String>) -> std::io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.write_event(Event::Text(BytesText::from_escaped("\n")))?;
    let mut start = BytesStart::new("Navetavisering");
    for (key, value) in root {
        start.push_attribute((key.as_str(), value.as_str()));
    }
    writer.write_event(Event::Start(start))?;
    writer.write_event(Event::Start(BytesStart::new(POSTS)))
}

/// Why a walk stops before its end.
enum Stop {
    Broken,
    Io(std::io::Error),
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// Goes through a file and hands over what stands in posts, with the post's position from 1, and starts of elements outside.
fn walk(input: impl Read, mut each: impl FnMut(u64, Found<'_>) -> Result<(), Stop>) -> Result<(), NavetError> {
    let mut reader = Reader::from_reader(decoded(input)?);
    let mut buffer = Vec::new();
    let mut outside: Vec<String> = Vec::new();
    let (mut position, mut depth) = (0, 0_usize);
    let (mut has_posts, mut is_fault) = (false, false);
    let (mut announced, mut fault_code) = (String::new(), String::new());
    loop {
        buffer.clear();
        // positions of whole posts: the one being read is not
        let after = if depth > 0 { position - 1 } else { position };
        let event = reader.read_event_into(&mut buffer).map_err(|error| match error {
            quick_xml::Error::Io(error) => NavetError::Io(std::io::Error::from(error.kind())),
            quick_xml::Error::Syntax(_) => NavetError::Torn { after },
            _ => NavetError::Broken { after },
        })?;
        let inside = match &event {
            Event::Eof if depth > 0 || !outside.is_empty() => return Err(NavetError::Torn { after }),
            Event::Eof => break,
            Event::Start(start) if depth > 0 || start.local_name().as_ref() == POST => {
                position += u64::from(depth == 0);
                depth += 1;
                true
            }
            Event::Empty(start) if depth == 0 && start.local_name().as_ref() == POST => {
                position += 1;
                true
            }
            Event::End(_) if depth > 0 => {
                depth -= 1;
                true
            }
            Event::Start(start) | Event::Empty(start) if depth == 0 => {
                let local = start.local_name();
                has_posts |= local.as_ref() == POSTS;
                is_fault |= local.as_ref() == "Fault";
                if matches!(event, Event::Start(_)) {
                    outside.push(local.as_ref().to_owned());
                }
                each(position, Found::Outside(start)).map_err(|stop| stop.at(after))?;
                false
            }
            Event::End(_) => {
                outside.pop();
                false
            }
            other if depth == 0 => {
                let field = match outside.last().map(String::as_str) {
                    Some("AntalPoster") => Some(&mut announced),
                    Some("Felkod") => Some(&mut fault_code),
                    _ => None,
                };
                if let (Some(field), Some(text)) = (field, text_of(other)) {
                    field.push_str(&text);
                }
                false
            }
            _ => true,
        };
        if inside {
            each(position, Found::Inside(&event)).map_err(|stop| stop.at(after))?;
        }
    }
    if is_fault || !fault_code.is_empty() {
        return Err(NavetError::Fault { code: fault_code.trim().parse().ok() });
    }
    if !has_posts {
        return Err(NavetError::NoPosts);
    }
    match announced.trim().parse() {
        Ok(announced) if announced != position => Err(NavetError::CountDiffers { announced, read: position }),
        _ => Ok(()),
    }
}

impl Stop {
    fn at(self, after: u64) -> NavetError {
        match self {
            Self::Broken => NavetError::Broken { after },
            Self::Io(error) => NavetError::Io(error),
        }
    }
}

/// The text as UTF-8: the declaration at the head says what it is, and without one it is that already.
fn decoded(mut input: impl Read) -> Result<BufReader<impl Read>, NavetError> {
    let mut head = Vec::new();
    input.by_ref().take(200).read_to_end(&mut head)?;
    let declaration = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let declaration = declaration.split("?>").next().unwrap_or_default();
    let is_latin = ["iso-8859-1", "latin1", "windows-1252"].iter().any(|name| declaration.contains(name));
    let mut decoder = DecodeReaderBytesBuilder::new();
    if is_latin && !head.starts_with(b"\xEF\xBB\xBF") {
        // in what the web calls windows-1252 every byte of ISO-8859-1 that is printed means the same
        decoder.encoding(Some(encoding_rs::WINDOWS_1252));
    } else {
        // bytes that are no UTF-8 are the XML reader's to refuse, not to be replaced
        decoder.utf8_passthru(true).strip_bom(true);
    }
    let text = decoder.build(Cursor::new(head).chain(input));
    Ok(BufReader::new(text))
}

/// The text that an event stands for, if it stands for any.
fn text_of(event: &Event<'_>) -> Option<String> {
    match event {
        Event::Text(text) => Some(text.xml10_content().into_owned()),
        Event::CData(text) => Some(text.xml10_content().into_owned()),
        Event::GeneralRef(reference) => match reference.resolve_char_ref() {
            Ok(Some(character)) => Some(character.to_string()),
            _ => resolve_predefined_entity(reference).map(str::to_owned),
        },
        _ => None,
    }
}

/// An element is complete: it belongs to the one around it, or it is a post.
fn close(stack: &mut [Element], element: Element, each: &mut impl FnMut(Post)) {
    match stack.last_mut() {
        Some(parent) => parent.children.push(element),
        None => each(Post::of(&element)),
    }
}

impl Element {
    fn of(start: &BytesStart<'_>) -> Self {
        let attributes = start
            .attributes()
            .flatten()
            .filter_map(|attribute| {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
                Some((attribute.key.local_name().as_ref().to_owned(), value.into_owned()))
            })
            .collect();
        Self { name: start.local_name().as_ref().to_owned(), attributes, ..Self::default() }
    }

    fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of an element below this one, if there is any.
    fn text(&self, path: &[&str]) -> Option<String> {
        let element = path.iter().try_fold(self, |element, name| element.child(name))?;
        let text = element.text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn attribute(&self, name: &str) -> Option<String> {
        let (_, value) = self.attributes.iter().find(|(key, _)| key == name)?;
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }
}

impl Post {
    fn of(post: &Element) -> Self {
        let nothing = Element::default();
        let person = post.child("Personpost").unwrap_or(&nothing);
        let address = |name| person.text(&["Adresser", "Folkbokforingsadress", name]);
        Self {
            changed: post.child("Arendeuppgift").and_then(|case| case.attribute("andringstidpunkt")),
            secrecy: post.text(&["Sekretessmarkering"]),
            protected: post.text(&["SkyddadFolkbokforing"]),
            personal: person.text(&["PersonId", "PersonNr"]),
            coordination: person.text(&["PersonId", "TilldelatPersonNrSamordningsNr"]),
            reference: person.text(&["HanvisningsPersonNr"]),
            left: Left::in_element(person),
            born: person.text(&["Fodelsedatum"]),
            names: WrittenNames::in_element(person),
            registered: person.text(&["Folkbokforing", "Folkbokforingsdatum"]),
            county: person.text(&["Folkbokforing", "LanKod"]),
            municipality: person.text(&["Folkbokforing", "KommunKod"]),
            address: WrittenAddress {
                first: address("Utdelningsadress1"),
                second: address("Utdelningsadress2"),
                postal_code: address("PostNr"),
                post_office: address("Postort"),
            },
            dwelling: person.text(&["Adresser", "Riksnycklar", "LagenhetsId"]),
            relations: person.child("Relationer").map(|relations| {
                let relations = relations.children.iter().filter(|child| child.name == "Relation");
                relations.map(Relation::of).collect()
            }),
        }
    }
}

impl Relation {
    fn of(relation: &Element) -> Self {
        Self {
            status: relation.attribute("status"),
            kind: relation.text(&["Relationstyp"]),
            personal: relation.text(&["RelationId", "PersonNr"]),
            born: relation.text(&["RelationId", "FodelsetidNr"]),
            from: relation.text(&["RelationFromdatum"]),
            until: relation.text(&["RelationTomdatum"]),
            names: WrittenNames::in_element(relation),
            left: Left::in_element(relation),
        }
    }
}

impl Left {
    fn in_element(element: &Element) -> Option<Self> {
        let left = element.child("Avregistrering")?;
        let cause = left.text(&["AvregistreringsorsakKod"]);
        // an element with nothing in it is one that was not stated
        (cause.is_some() || left.text(&["Avregistreringsdatum"]).is_some()).then_some(Self { cause })
    }
}

impl WrittenNames {
    fn in_element(element: &Element) -> Option<Self> {
        let names = element.child("Namn")?;
        Some(Self {
            in_use: names.text(&["Tilltalsnamnsmarkering"]),
            given: names.text(&["Fornamn"]),
            middle: names.text(&["Mellannamn"]),
            family: names.text(&["Efternamn"]),
            short: names.text(&["Aviseringsnamn"]),
        })
    }
}
