//! The people of a file of base data, one after the other: a city's file is larger than all that is kept of it, and is never
//! in memory as a whole. A file is one answer to `POST /perustiedot`, or a list of answers.

use std::fmt;
use std::io::Read;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::sources::finnish::FinnishError;

/// Hands every person of a file to `take`, as they came.
pub(super) fn each(from: impl Read, mut take: impl FnMut(&str)) -> Result<(), FinnishError> {
    let mut reader = serde_json::Deserializer::from_reader(from);
    let read = Answers { take: &mut take, in_list: false }.deserialize(&mut reader).and_then(|()| reader.end());
    read.map_err(|error| FinnishError::Answer { line: error.line(), column: error.column() })
}

/// An answer, or a list of them.
struct Answers<'t, F> {
    take: &'t mut F,
    in_list: bool,
}

impl<'de, F: FnMut(&str)> DeserializeSeed<'de> for Answers<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        if self.in_list { from.deserialize_map(self) } else { from.deserialize_any(self) }
    }
}

impl<'de, F: FnMut(&str)> Visitor<'de> for Answers<'_, F> {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an answer, or a list of answers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Answers { take: &mut *self.take, in_list: true })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut answer: A) -> Result<(), A::Error> {
        let mut is_there = false;
        while let Some(name) = answer.next_key::<String>()? {
            if name != "perustiedot" {
                answer.next_value::<IgnoredAny>()?;
            } else if std::mem::replace(&mut is_there, true) {
                return Err(A::Error::duplicate_field("perustiedot"));
            } else {
                answer.next_value_seed(People(&mut *self.take))?;
            }
        }
        if is_there { Ok(()) } else { Err(A::Error::missing_field("perustiedot")) }
    }
}

/// The list of people.
struct People<'t, F>(&'t mut F);

impl<'de, F: FnMut(&str)> DeserializeSeed<'de> for People<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(&str)> Visitor<'de> for People<'_, F> {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a list of people")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut people: A) -> Result<(), A::Error> {
        while let Some(person) = people.next_element::<Box<RawValue>>()? {
            (self.0)(person.get());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, expected: Option<&[&str]>) {
        let mut people = Vec::new();
        let read = each(file.as_bytes(), |person| people.push(person.to_owned()));
        match expected {
            Some(expected) => assert_eq!(
                (read.is_ok(), people),
                (true, expected.iter().map(|one| (*one).to_owned()).collect()),
                "{file}"
            ),
            None => assert!(matches!(read, Err(FinnishError::Answer { .. })), "{file}"),
        }
    }

    /// Section 1.1, with the day of a weekly extract.
    #[test]
    fn section_1_1_answers_are_read_person_by_person() {
        check(r#"{"perustiedot":[],"ajanTasalla":true}"#, Some(&[]));
        check(
            r#"{"perustiedot":[{"a": 1}, 2],"ajanTasalla":true,"poimintapv":"2026-11-22"}"#,
            Some(&[r#"{"a": 1}"#, "2"]),
        );
        check(r#"[{"x":[{"y":1}],"perustiedot":["one"]},{"perustiedot":["two"]}]"#, Some(&["\"one\"", "\"two\""]));
        check("[]", Some(&[]));
        for broken in [
            "",
            "1",
            "{}",
            "[[]]",
            r#"{"perustiedot":{}}"#,
            r#"{"perustiedot":[{"a":1}"#,
            r#"{"perustiedot":[],"perustiedot":[]}"#,
            r#"{"perustiedot":[]} {}"#,
            r#"[{"perustiedot":[]},{"muutokset":[]}]"#,
        ] {
            check(broken, None);
        }
    }
}
