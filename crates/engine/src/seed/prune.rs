//! Rows of the table that the file does not have.

use std::fmt::Write as _;

use xtask_db_schema::Relation;
use xtask_db_sql::{Dialect, Syntax, ident};

use super::cell::{Cell, Wanted};
use super::write::table;

/// How many keys one statement compares.
const KEYS_MAX: usize = 500;

/// The key of each row of the file, as SQL.
#[derive(Debug, Default)]
pub(super) struct Kept {
    columns: Vec<String>,
    keys: Vec<String>,
}

impl Kept {
    /// Remembers a row. False when its key is another than that of the rows before it.
    pub(super) fn add(
        &mut self,
        syntax: Syntax,
        relation: &Relation,
        key: &[String],
        fields: &[(String, Cell)],
    ) -> bool {
        if self.columns.is_empty() {
            key.clone_into(&mut self.columns);
        }
        let value = |column: &String| {
            let cell = fields.iter().find(|(name, _)| name == column);
            let field = relation.columns.iter().find(|field| field.name == *column);
            let wanted = field.map_or(Wanted::Any, |field| Wanted::of(syntax.dialect, field));
            cell.map_or_else(|| "NULL".to_owned(), |(_, cell)| cell.sql(wanted, syntax))
        };
        self.keys.push(key.iter().map(value).collect::<Vec<_>>().join(", "));
        self.columns == key
    }

    /// The statements: the keys go to a temporary table, and what is not in it is deleted by the
    /// last statement.
    pub(super) fn statements(&self, syntax: Syntax, relation: &Relation) -> (Vec<String>, String) {
        let dialect = syntax.dialect;
        let (table, kept) = (table(dialect, relation), ident(dialect, "_xtask_db_kept"));
        let columns: Vec<String> = self.columns.iter().map(|name| ident(dialect, name)).collect();
        let names = columns.join(", ");
        let mut before = vec![
            drop_temporary(syntax, &kept),
            format!("CREATE TEMPORARY TABLE {kept} AS SELECT {names} FROM {table} LIMIT 0"),
        ];
        for keys in self.keys.chunks(KEYS_MAX) {
            let mut sql = format!("INSERT INTO {kept} ({names}) VALUES ");
            for (at, key) in keys.iter().enumerate() {
                let _ = write!(sql, "{}({key})", if at == 0 { "" } else { ", " });
            }
            before.push(sql);
        }
        let same = columns.iter().map(|name| format!("{kept}.{name} = {table}.{name}"));
        let same = same.collect::<Vec<_>>().join(" AND ");
        let delete =
            format!("DELETE FROM {table} WHERE NOT EXISTS (SELECT 1 FROM {kept} WHERE {same})");
        (before, delete)
    }
}

/// A table of the database with the same name is not meant; and on MySQL it would end the
/// transaction.
fn drop_temporary(syntax: Syntax, kept: &str) -> String {
    match syntax.dialect {
        Dialect::Sqlite => format!("DROP TABLE IF EXISTS temp.{kept}"),
        Dialect::Postgres => format!("DROP TABLE IF EXISTS pg_temp.{kept}"),
        Dialect::Mysql => format!("DROP TEMPORARY TABLE IF EXISTS {kept}"),
    }
}
