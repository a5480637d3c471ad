//! Queries that count the rows a hazard touches, in the database as it is before the plan.
//!
//! Invariant: a query names only what is there before the plan; where it cannot, there is none.

use crate::sqlite::affinity::Affinity;
use crate::sqlite::name::{is_keyword, name};
use crate::sqlite::tokens::tokens;
use crate::sqlite::{Catalog, Column, Table};
use xtask_db_sql::TokenKind;

/// All rows.
pub(super) fn rows(table: &Table) -> String {
    format!("SELECT count(*) FROM {}", name(&table.name))
}

/// Rows with a value.
pub(super) fn filled(table: &Table, column: &Column) -> String {
    format!("{} WHERE {} IS NOT NULL", rows(table), name(&column.name))
}

/// Rows without one.
pub(super) fn empty(table: &Table, column: &Column) -> String {
    format!("{} WHERE {} IS NULL", rows(table), name(&column.name))
}

/// Rows whose value reads otherwise once it is converted.
pub(super) fn converted(table: &Table, column: &Column, to: Affinity) -> Option<String> {
    let value = name(&column.name);
    let lost = match to {
        Affinity::Integer | Affinity::Numeric | Affinity::Real => {
            let real = if to == Affinity::Real {
                format!(
                    " OR (typeof({value}) = 'integer' \
                     AND CAST(CAST({value} AS REAL) AS INTEGER) <> {value})"
                )
            } else {
                String::new()
            };
            format!(
                "(typeof({value}) = 'text' \
                 AND CAST(CAST({value} AS NUMERIC) AS TEXT) <> {value}){real}"
            )
        }
        Affinity::Text | Affinity::Blob | Affinity::Any => return None,
    };
    Some(format!("{} WHERE {lost}", rows(table)))
}

/// Rows whose value a STRICT table does not take as it is.
pub(super) fn of_other_type(table: &Table, column: &Column, to: Affinity) -> Option<String> {
    let value = name(&column.name);
    let taken = match to {
        Affinity::Integer => "'integer', 'null'",
        Affinity::Real | Affinity::Numeric => "'integer', 'real', 'null'",
        Affinity::Text => "'text', 'integer', 'real', 'null'",
        Affinity::Blob => "'blob', 'null'",
        Affinity::Any => return None,
    };
    Some(format!("{} WHERE typeof({value}) NOT IN ({taken})", rows(table)))
}

/// Groups of rows that have the same values in some columns.
pub(super) fn repeated_columns(from: &Table, to: &Table, columns: &[String]) -> Option<String> {
    let part = |column: &String| {
        let mut part = name(column);
        let (old, new) = (from.column(column), to.column(column));
        if let (Some(old), Some(new)) = (old, new) {
            let (was, is) = (Affinity::of(from, old), Affinity::of(to, new));
            if let Some(cast) = is.cast().filter(|_| was != is) {
                part = format!("CAST({part} AS {cast})");
            }
        }
        match new.and_then(|column| column.collation.as_ref()) {
            Some(collation) => format!("{part} COLLATE {}", name(collation)),
            None => part,
        }
    };
    let parts: Vec<String> = columns.iter().map(part).collect();
    let columns: Vec<Option<String>> = columns.iter().cloned().map(Some).collect();
    let known = columns.iter().flatten().all(|column| from.column(column).is_some());
    known.then(|| groups(from, &parts.join(", "), None, &columns))
}

/// Groups of rows that have the same values in the parts of an index. A null is like no other.
pub(super) fn repeated(
    from: &Table,
    parts: &str,
    condition: Option<&str>,
    columns: &[Option<String>],
) -> Option<String> {
    let known = has_names(from, parts) && condition.is_none_or(|sql| has_names(from, sql));
    known.then(|| groups(from, &without_direction(parts), condition, columns))
}

/// Groups of more than one row, of those with a value in each column.
fn groups(
    from: &Table,
    grouped: &str,
    condition: Option<&str>,
    columns: &[Option<String>],
) -> String {
    let filled = columns.iter().flatten().map(|column| format!("{} IS NOT NULL", name(column)));
    let mut wheres: Vec<String> = condition.map(|sql| format!("({sql})")).into_iter().collect();
    wheres.extend(filled);
    let wheres = match wheres.is_empty() {
        true => String::new(),
        false => format!(" WHERE {}", wheres.join(" AND ")),
    };
    format!(
        "SELECT count(*) FROM (SELECT 1 FROM {}{wheres} GROUP BY {grouped} HAVING count(*) > 1)",
        name(&from.name)
    )
}

/// `a COLLATE nocase DESC` without its last word, which GROUP BY does not have.
fn without_direction(parts: &str) -> String {
    let mut kept = String::new();
    let mut copied = 0;
    let mut depth = 0_usize;
    for token in tokens(parts) {
        depth += usize::from(token.is_symbol("("));
        depth = depth.saturating_sub(usize::from(token.is_symbol(")")));
        if depth == 0 && (token.is_word("ASC") || token.is_word("DESC")) {
            kept.push_str(parts[copied..token.start].trim_end());
            copied = token.end;
        }
    }
    kept.push_str(&parts[copied..]);
    kept
}

/// Rows that do not meet a check.
pub(super) fn unmet(from: &Table, expression: &str) -> Option<String> {
    has_names(from, expression).then(|| format!("{} WHERE NOT ({expression})", rows(from)))
}

/// Rows that refer to a row that is not there.
pub(super) fn orphans(
    catalog: &Catalog,
    from: &Table,
    columns: &[String],
    table: &str,
    referenced: &[String],
) -> Option<String> {
    let parent = catalog.table(table)?;
    let referenced = if referenced.is_empty() { parent.primary_key() } else { referenced };
    let known = columns.iter().all(|column| from.column(column).is_some())
        && referenced.iter().all(|column| parent.column(column).is_some());
    if !known || referenced.len() != columns.len() {
        return None;
    }
    let child = |column: &String| format!("child.{} IS NOT NULL", name(column));
    let equal = |(child, parent): (&String, &String)| {
        format!("parent.{} = child.{}", name(parent), name(child))
    };
    let filled: Vec<String> = columns.iter().map(child).collect();
    let equal: Vec<String> = columns.iter().zip(referenced).map(equal).collect();
    Some(format!(
        "SELECT count(*) FROM {} AS child WHERE {} AND NOT EXISTS \
         (SELECT 1 FROM {} AS parent WHERE {})",
        name(&from.name),
        filled.join(" AND "),
        name(table),
        equal.join(" AND ")
    ))
}

/// Every name in an expression is a column of the table.
fn has_names(table: &Table, expression: &str) -> bool {
    let all = tokens(expression);
    let is_known = |at: usize| {
        let token = all[at];
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent);
        let called = all.get(at + 1).is_some_and(|next| next.is_symbol("("));
        let collation = at > 0 && all[at - 1].is_word("COLLATE");
        let known = || token.name().is_some_and(|name| table.column(&name).is_some());
        !is_name
            || called
            || collation
            || (token.kind == TokenKind::Word && is_keyword(token.text))
            || known()
    };
    (0..all.len()).all(is_known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::read_table::read_table;

    fn table() -> Table {
        read_table("CREATE TABLE t (a int, \"b c\" text, key text)").unwrap()
    }

    #[test]
    fn queries_name_what_is_there() {
        let check = |expression: &str, expected: bool| {
            assert_eq!(has_names(&table(), expression), expected, "{expression}");
        };
        check("a > 0 AND lower(\"b c\") <> 'x' COLLATE nocase", true);
        check("a > \"text\"", false);
        check("d > 0", false);
        check("t.a > 0", false);
        check("CAST(a AS INTEGER)", false);
    }

    #[test]
    fn groups_of_rows() {
        let check = |parts: &str,
                     condition: Option<&str>,
                     columns: &[Option<&str>],
                     expected: &str| {
            let columns: Vec<Option<String>> =
                columns.iter().map(|column| column.map(str::to_owned)).collect();
            assert_eq!(repeated(&table(), parts, condition, &columns).as_deref(), Some(expected));
        };
        check(
            "a DESC, lower(\"b c\") ASC",
            Some("a > 1"),
            &[Some("a"), None],
            "SELECT count(*) FROM (SELECT 1 FROM t WHERE (a > 1) AND a IS NOT NULL \
             GROUP BY a, lower(\"b c\") HAVING count(*) > 1)",
        );
        assert_eq!(repeated(&table(), "z", None, &[Some("z".to_owned())]), None);
    }
}
