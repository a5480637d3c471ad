//! Rows of a CSV file (RFC 4180) with a line of names. An empty field is null; a text that is
//! empty is written in JSON.

use super::cell::Cell;
use super::file::{Read, Row};

/// The rows.
pub(super) fn rows(text: &str) -> Box<dyn Iterator<Item = Read> + '_> {
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::Headers).from_reader(text.as_bytes());
    let names: Vec<String> = match reader.headers() {
        Ok(names) => names.iter().map(str::to_owned).collect(),
        Err(error) => return Box::new(std::iter::once(Err(problem(&error)))),
    };
    let twice = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name));
    if let Some((_, name)) = twice {
        let what = format!("{name:?} is there twice in the line of names");
        return Box::new(std::iter::once(Err((Some(1), what))));
    }
    Box::new(reader.into_records().map(move |record| {
        let record = record.map_err(|error| problem(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let cell = |value: &str| match value {
            "" => Cell::Null,
            value => Cell::Plain(value.to_owned()),
        };
        let fields = names.iter().cloned().zip(record.iter().map(cell)).collect();
        Ok(Row { line, fields })
    }))
}

fn problem(error: &csv::Error) -> (Option<u32>, String) {
    let line = error.position().and_then(|position| u32::try_from(position.line()).ok());
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            (line, format!("{len} fields, and the line of names has {expected_len}"))
        }
        _ => (line, error.to_string()),
    }
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
        check("id,name\n", &[]);
        check(
            "id, name\n1,\"a\nb\"\n2,\n",
            &[
                "2 [(\"id\", Plain(\"1\")), (\"name\", Plain(\"a\\nb\"))]",
                "4 [(\"id\", Plain(\"2\")), (\"name\", Null)]",
            ],
        );
        check("a,b\n1\n", &["Some(2) 1 fields, and the line of names has 2"]);
        check("a,a\n1,2\n", &["Some(1) \"a\" is there twice in the line of names"]);
    }
}
