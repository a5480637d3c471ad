//! What a query returns, and what a change of that means for the code that reads it.

use super::{Harm, HarmKind, Place};

/// What a query returns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryShape {
    /// Its columns, in order; none for a statement that returns no rows.
    pub columns: Vec<QueryColumn>,
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryColumn {
    /// As the query names it, with sqlx's overrides: `id!: UserId`.
    pub name: String,
    /// As the driver names it: `INT8`, `BIGINT UNSIGNED`.
    pub type_name: String,
    /// Whether the column of the table may be null; none for an expression.
    pub nullable: Option<bool>,
}

/// How the code reads what comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// By types that a macro has taken from the database.
    Checked,
    /// By types that the code names.
    Unchecked,
}

/// What became of a query that can still be prepared.
#[must_use]
pub fn compare(place: &Place, reads: Reads, was: &QueryShape, is: &QueryShape) -> Vec<Harm> {
    let harm = |kind, object: &str, message: String| Harm {
        place: place.clone(),
        kind,
        object: object.to_owned(),
        message,
        mild: false,
    };
    let mut harms = Vec::new();
    for (at, old) in was.columns.iter().enumerate() {
        let number = at + 1;
        let Some(new) = is.columns.get(at) else {
            let message = format!("column {number}, {}, is not in the result any more", old.name);
            harms.push(harm(HarmKind::Columns, &old.name, message));
            continue;
        };
        if old.name != new.name {
            let message =
                format!("column {number} of the result was {}, is {}", old.name, new.name);
            harms.push(harm(HarmKind::Columns, &old.name, message));
        }
        if old.type_name != new.type_name {
            let (name, was, is) = (bare(&old.name), &old.type_name, &new.type_name);
            let message = format!("{name} was {was}, is {is}");
            harms.push(harm(HarmKind::Columns, name, message));
        }
        harms.extend(nulls(reads, old, new).map(|(message, mild)| Harm {
            mild,
            ..harm(HarmKind::Nulls, bare(&old.name), message)
        }));
    }
    if let Some(new) = is.columns.get(was.columns.len()) {
        let message = format!("{} comes back as well", new.name);
        harms.push(Harm { mild: true, ..harm(HarmKind::Columns, &new.name, message) });
    }
    harms
}

/// The sentence, and whether it is mild.
fn nulls(reads: Reads, old: &QueryColumn, new: &QueryColumn) -> Option<(String, bool)> {
    let name = bare(&old.name);
    match (old.nullable?, new.nullable?) {
        // `name?` says that the code has a place for it
        (false, true) if !old.name.split(':').next().unwrap_or_default().ends_with('?') => {
            let message = format!("{name} was never null, and may be now");
            Some((message, reads == Reads::Unchecked))
        }
        (true, false) => {
            Some((format!("{name} is never null now: what is written must have it"), true))
        }
        _ => None,
    }
}

/// A column's name without sqlx's overrides.
fn bare(name: &str) -> &str {
    let end = name.find(['!', '?', ':']).unwrap_or(name.len());
    name[..end].trim()
}

#[cfg(test)]
mod tests {
    use xtask_db_sql::Position;

    use super::*;

    /// `name TYPE`, `name TYPE null`, `name TYPE -` for an expression.
    fn shape(text: &str) -> QueryShape {
        let column = |text: &str| {
            let mut words: Vec<&str> = text.split(' ').collect();
            let last = words.pop().filter(|word| ["null", "-"].contains(word));
            let nullable = match last {
                Some("-") => None,
                other => Some(other.is_some()),
            };
            if last.is_none() {
                words = text.split(' ').collect();
            }
            let type_name = words.pop().unwrap_or_default().to_owned();
            QueryColumn { name: words.join(" "), type_name, nullable }
        };
        let each = text.split(", ").filter(|text| !text.is_empty());
        QueryShape { columns: each.map(column).collect() }
    }

    #[track_caller]
    fn check(was: &str, is: &str, expected: &str) {
        let place = Place { path: "a.rs".into(), at: Position { line: 1, column: 1 } };
        let harms = compare(&place, Reads::Checked, &shape(was), &shape(is));
        let shown: Vec<String> = harms
            .iter()
            .map(|harm| format!("{}{}", if harm.mild { "(mild) " } else { "" }, harm.message))
            .collect();
        assert_eq!(shown.join("; "), expected);
    }

    #[test]
    fn results() {
        check("a INT4", "a INT4", "");
        check("a INT4", "a INT8", "a was INT4, is INT8");
        check("a INT4, b TEXT", "a INT4", "column 2, b, is not in the result any more");
        check("a INT4", "a INT4, b TEXT", "(mild) b comes back as well");
        check("a INT4", "b INT4", "column 1 of the result was a, is b");
        check("a INT4", "a INT4 null", "a was never null, and may be now");
        check("a! INT4", "a! INT4 null", "a was never null, and may be now");
        check("a?: Id INT4", "a?: Id INT4 null", "");
        let filled = "(mild) a is never null now: what is written must have it";
        check("a INT4 null", "a INT4", filled);
        check("a INT4 -", "a INT4 null", "");
        check("", "", "");
    }
}
