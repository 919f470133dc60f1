//! Posts out of the JSON that SUNET's client makes of an answer: `PopulationItems`. An answer is short, so it is read whole.
//!
//! Numbers and days stand there as texts; as numbers they are taken too. An empty text, as the client leaves where Navet sent
//! nothing, is nothing.

use std::io::BufRead;

use serde_json::Value;

use super::NavetError;
use super::post::{Left, Post, Relation, WrittenAddress, WrittenNames};

/// Hands over each item in turn; none for one of another shape.
pub(super) fn items(input: impl BufRead, mut each: impl FnMut(Option<Post>)) -> Result<(), NavetError> {
    let whole: Value = serde_json::from_reader(input).map_err(|error| match error.classify() {
        serde_json::error::Category::Io => NavetError::Io(error.into()),
        serde_json::error::Category::Eof => NavetError::Torn { after: 0 },
        _ => NavetError::Broken { after: 0 },
    })?;
    let items = whole.get("PopulationItems").and_then(Value::as_array).ok_or(NavetError::NoPosts)?;
    for item in items {
        each(post(item).ok());
    }
    Ok(())
}

/// Of another shape than the client's.
struct WrongShape;

/// The texts of one object.
struct Texts<'v>(Option<&'v Value>);

impl<'v> Texts<'v> {
    fn of(value: Option<&'v Value>) -> Result<Self, WrongShape> {
        match value {
            None | Some(Value::Null) => Ok(Self(None)),
            Some(Value::Object(_)) => Ok(Self(value)),
            Some(_) => Err(WrongShape),
        }
    }

    fn object(&self, name: &str) -> Result<Self, WrongShape> {
        Self::of(self.0.and_then(|object| object.get(name)))
    }

    fn text(&self, name: &str) -> Result<Option<String>, WrongShape> {
        let text = match self.0.and_then(|object| object.get(name)) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Number(number)) => number.as_u64().ok_or(WrongShape)?.to_string(),
            Some(_) => return Err(WrongShape),
        };
        Ok((!text.is_empty()).then_some(text))
    }
}

fn post(item: &Value) -> Result<Post, WrongShape> {
    let item = match item {
        Value::Object(_) => Texts(Some(item)),
        _ => return Err(WrongShape),
    };
    let person = item.object("PersonItem")?;
    let id = person.object("PersonId")?;
    let address = person.object("PostalAddresses")?.object("OfficialAddress")?;
    let relations = match person.0.and_then(|person| person.get("Relations")) {
        None | Some(Value::Null) => None,
        Some(Value::Array(relations)) => Some(relations.iter().map(relation).collect::<Result<_, _>>()?),
        Some(_) => return Err(WrongShape),
    };
    Ok(Post {
        changed: item.object("CaseInformation")?.text("lastChanged")?,
        secrecy: item.text("SecrecyMark")?,
        protected: item.text("ProtectedPopulationRegistration")?,
        personal: id.text("NationalIdentityNumber")?,
        coordination: id.text("CoOrdinationNumber")?,
        reference: person.text("ReferenceNationalIdentityNumber")?,
        left: left(&person.object("DeregistrationInformation")?)?,
        names: names(&person.object("Name")?)?,
        address: WrittenAddress {
            first: address.text("Address1")?,
            second: address.text("Address2")?,
            postal_code: address.text("PostalCode")?,
            post_office: address.text("City")?,
        },
        relations,
        ..Post::default()
    })
}

fn relation(relation: &Value) -> Result<Relation, WrongShape> {
    let relation = Texts::of(Some(relation))?;
    let id = relation.object("RelationId")?;
    Ok(Relation {
        status: relation.text("Status")?,
        kind: relation.text("RelationType")?,
        personal: id.text("NationalIdentityNumber")?,
        born: id.text("BirthTimeNumber")?,
        from: relation.text("RelationStartDate")?,
        until: relation.text("RelationEndDate")?,
        names: names(&relation.object("Name")?)?,
        left: None,
    })
}

fn left(left: &Texts<'_>) -> Result<Option<Left>, WrongShape> {
    let (cause, day) = (left.text("causeCode")?, left.text("date")?);
    Ok((cause.is_some() || day.is_some()).then_some(Left { cause }))
}

fn names(names: &Texts<'_>) -> Result<Option<WrittenNames>, WrongShape> {
    names.0.map_or(Ok(None), |_| {
        Ok(Some(WrittenNames {
            in_use: names.text("GivenNameMarking")?,
            given: names.text("GivenName")?,
            middle: names.text("MiddleName")?,
            family: names.text("Surname")?,
            short: names.text("NotificationName")?,
        }))
    })
}
