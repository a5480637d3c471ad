//! Rows of a JSON file: an array of objects, read one by one, each with its line.

use std::fmt;

use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::cell::Cell;
use super::file::{Read, Row};

/// The rows of an array of objects.
pub(super) fn rows(text: &str) -> Box<dyn Iterator<Item = Read> + '_> {
    let items: Vec<&RawValue> = match serde_json::from_str(text) {
        Ok(items) => items,
        Err(error) => {
            let line = u32::try_from(error.line()).ok();
            let what = if error.is_data() {
                "an array of objects is expected: [{\"id\": 1, …}, …]".to_owned()
            } else {
                format!("is no JSON: {error}")
            };
            return Box::new(std::iter::once(Err((line, what))));
        }
    };
    let mut lines = Lines { text, at: 0, line: 1 };
    Box::new(items.into_iter().map(move |item| {
        let line = lines.of(item.get());
        match fields(item.get()) {
            Ok(fields) => Ok(Row { line, fields }),
            Err(what) => Err((Some(line), what)),
        }
    }))
}

/// Counts lines up to parts of a text that come in order.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl Lines<'_> {
    fn of(&mut self, part: &str) -> u32 {
        let start = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let between = self.text.as_bytes().get(self.at..start).unwrap_or_default();
        let breaks = between.iter().filter(|&&byte| byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        self.at = start;
        self.line
    }
}

fn fields(object: &str) -> Result<Vec<(String, Cell)>, String> {
    let mut reader = serde_json::Deserializer::from_str(object);
    reader.deserialize_map(Fields).map_err(|error| match error.is_data() {
        true => format!("an object is expected: {}", plain(&error)),
        false => plain(&error),
    })
}

/// The message without the place within the object.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Vec<(String, Cell)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fields and values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields: Vec<(String, Cell)> = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(serde::de::Error::custom(format!("{name} is there twice")));
            }
            let cell = cell(value.get()).map_err(serde::de::Error::custom)?;
            fields.push((name, cell));
        }
        Ok(fields)
    }
}

fn cell(raw: &str) -> serde_json::Result<Cell> {
    Ok(match raw.as_bytes().first() {
        Some(b'n') => Cell::Null,
        Some(b't') => Cell::Bool(true),
        Some(b'f') => Cell::Bool(false),
        Some(b'"') => Cell::Text(serde_json::from_str(raw)?),
        Some(b'{' | b'[') => Cell::Nested(raw.to_owned()),
        _ => Cell::Number(raw.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::super::file::shown;
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(rows(text).map(shown).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn rows_have_their_lines() {
        check("[]", &[]);
        check(
            "[\n  {\"id\": 1, \"name\": \"a\"},\n\n  {\"id\": 2.50}\n]",
            &[
                "2 [(\"id\", Number(\"1\")), (\"name\", Text(\"a\"))]",
                "4 [(\"id\", Number(\"2.50\"))]",
            ],
        );
        check("[{\"a\": {\"b\": [1]}}]", &["1 [(\"a\", Nested(\"{\\\"b\\\": [1]}\"))]"]);
    }

    #[test]
    fn what_is_no_row_is_told() {
        check("{}", &["Some(1) an array of objects is expected: [{\"id\": 1, …}, …]"]);
        check("[{\"a\": 1, \"a\": 2}]", &["Some(1) an object is expected: a is there twice"]);
        check(
            "[\n1]",
            &["Some(2) an object is expected: invalid type: integer `1`, expected fields and \
                    values"],
        );
        check("[{\"a\": }]", &["Some(1) is no JSON: expected value at line 1 column 8"]);
    }
}
