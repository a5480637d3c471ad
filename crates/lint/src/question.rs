//! A question as SQL whose single value is the answer.
//!
//! Invariant: names reach the text through `ident`, values through `literal`. A condition is the
//! migration's own text, which is about to run there anyway.

use xtask_db_sql::{Dialect, Syntax, ident, literal};

use crate::{Name, Question};

/// The table's name in a query: a name with it is never taken for a text by SQLite.
const ALIAS: &str = "q";

impl Question {
    /// The table that it is about.
    #[must_use]
    pub const fn table(&self) -> &Name {
        match self {
            Self::Rows { table }
            | Self::Values { table, .. }
            | Self::Nulls { table, .. }
            | Self::Duplicates { table, .. }
            | Self::Orphans { table, .. }
            | Self::Violations { table, .. }
            | Self::Holding { table, .. }
            | Self::Longer { table, .. } => table,
        }
    }

    /// The columns of that table that it is about.
    pub(crate) const fn columns(&self) -> &[String] {
        match self {
            Self::Rows { .. } | Self::Violations { .. } => &[],
            Self::Values { column, .. }
            | Self::Nulls { column, .. }
            | Self::Holding { column, .. }
            | Self::Longer { column, .. } => std::slice::from_ref(column),
            Self::Duplicates { columns, .. } | Self::Orphans { columns, .. } => columns.as_slice(),
        }
    }

    /// SQL with one row and one column; none when it cannot be asked like this.
    #[must_use]
    pub fn sql(&self, syntax: Syntax) -> Option<String> {
        let dialect = syntax.dialect;
        let column = |name: &str| format!("{ALIAS}.{}", ident(dialect, name));
        let count = |condition: String| {
            let table = self.table().sql(dialect);
            Some(format!("SELECT count(*) FROM {table} AS {ALIAS} WHERE {condition}"))
        };
        match self {
            Self::Rows { table } => Some(rows(table, syntax)),
            Self::Values { column: name, .. } => count(format!("{} IS NOT NULL", column(name))),
            Self::Nulls { column: name, .. } => count(format!("{} IS NULL", column(name))),
            Self::Holding { column: name, value, .. } => {
                count(format!("{} = {}", column(name), literal(syntax, value)))
            }
            Self::Longer { column: name, characters, .. } => {
                let length = if dialect == Dialect::Sqlite { "length" } else { "char_length" };
                count(format!("{length}({}) > {characters}", column(name)))
            }
            Self::Violations { table, condition } => {
                // names in the condition are the table's, so it has no other name here
                let table = table.sql(dialect);
                Some(format!("SELECT count(*) FROM {table} WHERE NOT ({condition})"))
            }
            Self::Duplicates { table, columns } => {
                let columns: Vec<String> = columns.iter().map(|name| column(name)).collect();
                let held: Vec<String> =
                    columns.iter().map(|name| format!("{name} IS NOT NULL")).collect();
                let (table, list) = (table.sql(dialect), columns.join(", "));
                Some(format!(
                    "SELECT count(*) FROM (SELECT 1 AS one FROM {table} AS {ALIAS} WHERE {} GROUP \
                     BY {list} HAVING count(*) > 1) AS d",
                    held.join(" AND ")
                ))
            }
            Self::Orphans { columns, to, referenced, .. } => {
                if columns.len() != referenced.len() {
                    return None;
                }
                let held: Vec<String> =
                    columns.iter().map(|name| format!("{} IS NOT NULL", column(name))).collect();
                let pairs = columns.iter().zip(referenced);
                let same: Vec<String> = pairs
                    .map(|(own, other)| format!("p.{} = {}", ident(dialect, other), column(own)))
                    .collect();
                count(format!(
                    "{} AND NOT EXISTS (SELECT 1 FROM {} AS p WHERE {})",
                    held.join(" AND "),
                    to.sql(dialect),
                    same.join(" AND ")
                ))
            }
        }
    }
}

/// None, or about how many: servers keep an estimate, which is not trusted to say none.
fn rows(table: &Name, syntax: Syntax) -> String {
    let name = table.sql(syntax.dialect);
    match syntax.dialect {
        Dialect::Sqlite => format!("SELECT count(*) FROM {name}"),
        Dialect::Postgres => {
            let text = literal(syntax, &name);
            // as the planner does it: rows per page, times the pages there are now
            format!(
                "SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM {name}) THEN 0 ELSE (SELECT CASE WHEN \
                 reltuples > 0 AND relpages > 0 THEN greatest(1, (reltuples / relpages * \
                 (pg_relation_size(oid) / current_setting('block_size')::int))::bigint) ELSE \
                 (SELECT count(*) FROM {name}) END FROM pg_class WHERE oid = {text}::regclass) END"
            )
        }
        Dialect::Mysql => {
            let (schema, own) = match table.shown().rsplit_once('.') {
                Some((schema, own)) => (literal(syntax, schema), own),
                None => ("DATABASE()".to_owned(), table.shown()),
            };
            let own = literal(syntax, own);
            format!(
                "SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM {name}) THEN 0 ELSE (SELECT \
                 greatest(1, coalesce(max(table_rows), 1)) FROM information_schema.tables WHERE \
                 table_schema = {schema} AND table_name = {own}) END"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(parts: &[&str]) -> Name {
        let parts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        Name::of_parts(&parts, parts.join("."))
    }

    #[track_caller]
    fn check(question: &Question, dialect: Dialect, expected: &str) {
        assert_eq!(question.sql(Syntax::of(dialect)).as_deref(), Some(expected));
    }

    #[test]
    fn questions() {
        let table = name(&["app", "Us\"ers"]);
        let values = Question::Values { table: table.clone(), column: "a".into() };
        let expected = "SELECT count(*) FROM \"app\".\"Us\"\"ers\" AS q WHERE q.\"a\" IS NOT NULL";
        check(&values, Dialect::Postgres, expected);
        let holding =
            Question::Holding { table: name(&["t"]), column: "a".into(), value: "it's".into() };
        let expected = "SELECT count(*) FROM `t` AS q WHERE q.`a` = 'it''s'";
        check(&holding, Dialect::Mysql, expected);
        let orphans = Question::Orphans {
            table: name(&["t"]),
            columns: vec!["a".into()],
            to: name(&["p"]),
            referenced: vec!["id".into()],
        };
        let expected = "SELECT count(*) FROM \"t\" AS q WHERE q.\"a\" IS NOT NULL AND NOT EXISTS \
                        (SELECT 1 FROM \"p\" AS p WHERE p.\"id\" = q.\"a\")";
        check(&orphans, Dialect::Sqlite, expected);
        let unknown = Question::Orphans {
            table: name(&["t"]),
            columns: vec!["a".into()],
            to: name(&["p"]),
            referenced: Vec::new(),
        };
        assert_eq!(unknown.sql(Syntax::of(Dialect::Sqlite)), None);
    }
}
