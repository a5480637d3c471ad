//! A batch of rows with the same fields as SQL.

use std::fmt::Write as _;

use xtask_db_schema::Relation;
use xtask_db_sql::{Dialect, Syntax, ident};

use super::cell::{Cell, Wanted};

/// MySQL: where a batch waits.
const STAGE: &str = "_xtask_db_seed";

/// Rows with the same fields and the same key.
pub(super) struct Batch<'a> {
    pub(super) relation: &'a Relation,
    pub(super) key: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) rows: Vec<(u32, Vec<Cell>)>,
}

impl Batch<'_> {
    /// What puts the rows; run one after the other, their counts are rows that have changed.
    pub(super) fn statements(&self, syntax: Syntax) -> Statements {
        match syntax.dialect {
            Dialect::Mysql => self.staged(syntax),
            _ => Statements { before: String::new(), counted: vec![self.on_conflict(syntax)] },
        }
    }

    fn on_conflict(&self, syntax: Syntax) -> String {
        let dialect = syntax.dialect;
        let table = table(dialect, self.relation);
        let key = list(dialect, &self.key);
        // A column GENERATED ALWAYS AS IDENTITY takes no other values.
        let given = if dialect == Dialect::Postgres { "OVERRIDING SYSTEM VALUE " } else { "" };
        let mut sql = format!(
            "INSERT INTO {table} AS mine ({}) {given}VALUES {} ON CONFLICT ({key}) ",
            list(dialect, &self.names),
            self.values(syntax)
        );
        let others: Vec<String> = self.others().map(|name| ident(dialect, name)).collect();
        if others.is_empty() {
            sql.push_str("DO NOTHING");
            return sql;
        }
        let set = others.iter().map(|name| format!("{name} = excluded.{name}"));
        // As text: some types have no equality, and a change of case is a change.
        let differs = others.iter().map(|name| match dialect {
            Dialect::Postgres => {
                format!("mine.{name}::text IS DISTINCT FROM excluded.{name}::text")
            }
            _ => format!("mine.{name} IS NOT excluded.{name}"),
        });
        let _ = write!(
            sql,
            "DO UPDATE SET {} WHERE {}",
            set.collect::<Vec<_>>().join(", "),
            differs.collect::<Vec<_>>().join(" OR ")
        );
        sql
    }

    /// `ON DUPLICATE KEY` would take a row that another unique key finds, so the rows go through
    /// a temporary table.
    fn staged(&self, syntax: Syntax) -> Statements {
        let dialect = syntax.dialect;
        let table = table(dialect, self.relation);
        let stage = ident(dialect, STAGE);
        let names = list(dialect, &self.names);
        let joined = |name: &String| {
            let name = ident(dialect, name);
            format!("mine.{name} = theirs.{name}")
        };
        let on = self.key.iter().map(joined).collect::<Vec<_>>().join(" AND ");
        let before = format!(
            "DROP TEMPORARY TABLE IF EXISTS {stage}; \
             CREATE TEMPORARY TABLE {stage} SELECT {names} FROM {table} LIMIT 0; \
             INSERT INTO {stage} ({names}) VALUES {}",
            self.values(syntax)
        );
        let mut counted = Vec::new();
        let others: Vec<String> = self.others().map(|name| ident(dialect, name)).collect();
        if !others.is_empty() {
            let set = others.iter().map(|name| format!("mine.{name} = theirs.{name}"));
            let differs = others.iter().map(|name| {
                format!("NOT (CAST(mine.{name} AS BINARY) <=> CAST(theirs.{name} AS BINARY))")
            });
            counted.push(format!(
                "UPDATE {table} mine JOIN {stage} theirs ON {on} SET {} WHERE {}",
                set.collect::<Vec<_>>().join(", "),
                differs.collect::<Vec<_>>().join(" OR ")
            ));
        }
        let first = ident(dialect, self.key.first().map_or("", String::as_str));
        let theirs: Vec<String> =
            self.names.iter().map(|name| format!("theirs.{}", ident(dialect, name))).collect();
        counted.push(format!(
            "INSERT INTO {table} ({names}) SELECT {} FROM {stage} theirs \
             LEFT JOIN {table} mine ON {on} WHERE mine.{first} IS NULL",
            theirs.join(", ")
        ));
        Statements { before, counted }
    }

    fn others(&self) -> impl Iterator<Item = &String> {
        self.names.iter().filter(|name| !self.key.contains(name))
    }

    fn values(&self, syntax: Syntax) -> String {
        let wanted: Vec<Wanted> = self.names.iter().map(|name| self.wanted(syntax, name)).collect();
        let mut sql = String::new();
        for (at, (_, cells)) in self.rows.iter().enumerate() {
            sql.push_str(if at == 0 { "(" } else { ", (" });
            for (column, (cell, wanted)) in cells.iter().zip(&wanted).enumerate() {
                sql.push_str(if column == 0 { "" } else { ", " });
                sql.push_str(&cell.sql(*wanted, syntax));
            }
            sql.push(')');
        }
        sql
    }

    fn wanted(&self, syntax: Syntax, name: &str) -> Wanted {
        let field = self.relation.columns.iter().find(|field| field.name == name);
        field.map_or(Wanted::Any, |field| Wanted::of(syntax.dialect, field))
    }
}

/// The statements of a batch.
pub(super) struct Statements {
    pub(super) before: String,
    pub(super) counted: Vec<String>,
}

/// The table's name, quoted.
pub(super) fn table(dialect: Dialect, relation: &Relation) -> String {
    match &relation.schema {
        Some(schema) => format!("{}.{}", ident(dialect, schema), ident(dialect, &relation.name)),
        None => ident(dialect, &relation.name),
    }
}

/// Names, quoted, with commas.
pub(super) fn list(dialect: Dialect, names: &[String]) -> String {
    names.iter().map(|name| ident(dialect, name)).collect::<Vec<_>>().join(", ")
}

/// PostgreSQL: brings the sequences of a table's columns past the numbers that were given.
pub(super) fn sequences(syntax: Syntax, relation: &Relation) -> Option<String> {
    if syntax.dialect != Dialect::Postgres {
        return None;
    }
    let table = table(syntax.dialect, relation);
    let named = xtask_db_sql::literal(syntax, &table);
    let fields = relation.columns.iter().filter(|field| field.default && !field.generated);
    let whole = fields.filter(|field| Wanted::of(syntax.dialect, field) == Wanted::Whole);
    let moved = whole.map(|field| {
        let column = ident(syntax.dialect, &field.name);
        let name = xtask_db_sql::literal(syntax, &field.name);
        format!(
            "SELECT setval(s.name, s.top) FROM (SELECT pg_get_serial_sequence({named}, {name}) \
             AS name, (SELECT max({column}) FROM {table}) AS top) s WHERE s.name IS NOT NULL \
             AND s.top > coalesce(pg_sequence_last_value(s.name::regclass), 0)"
        )
    });
    let moved: Vec<String> = moved.collect();
    (!moved.is_empty()).then(|| moved.join("; "))
}
