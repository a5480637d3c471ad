//! The column a backfill walks along: what its values are, and how they are written as SQL.

use serde::{Deserialize, Serialize};
use xtask_db_sql::{Dialect, unquote};

use super::BackfillText;
use crate::{Error, Session};

const DOING: &str = "reading the keys of a backfill";

/// What the values of a key column are. Others have no bound below the first that every server
/// understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum KeyKind {
    Integer,
    Text,
    Uuid,
}

/// The first key is above `from`, the last one is `end`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) kind: KeyKind,
    pub(super) from: String,
    pub(super) end: String,
}

impl KeyKind {
    /// A value, as the server wrote it, as SQL. None when it is no value of the kind.
    pub(super) fn literal(self, session: &Session, value: &str) -> Option<String> {
        match self {
            Self::Integer => value.parse::<i128>().ok().map(|number| number.to_string()),
            // Without a type, so that PostgreSQL compares as the column does.
            Self::Text => Some(session.lit(value)),
            Self::Uuid if session.dialect() == Dialect::Postgres => {
                Some(format!("{}::uuid", session.lit(value)))
            }
            Self::Uuid => Some(session.lit(value)),
        }
    }

    /// A value below this one; whether it is, is asked of the server.
    fn below(self, first: &str) -> Option<String> {
        match self {
            Self::Integer => first.parse::<i128>().ok().map(|number| (number - 1).to_string()),
            Self::Text => Some(String::new()),
            Self::Uuid => Some(uuid::Uuid::nil().to_string()),
        }
    }

    fn of_type(name: &str) -> Option<Self> {
        let name = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
        Some(match name.as_str() {
            "integer" | "smallint" | "bigint" | "int" | "mediumint" | "tinyint" => Self::Integer,
            "text" | "character varying" | "character" | "varchar" | "char" | "citext"
            | "tinytext" | "mediumtext" | "longtext" => Self::Text,
            "uuid" => Self::Uuid,
            _ => return None,
        })
    }
}

/// The text of the key, as a column of a query of the tool. Under another name than the column's,
/// for ORDER BY would mean the text (manual, SELECT: an output column's name comes first).
pub(super) fn shown(dialect: Dialect, column: &str) -> String {
    match dialect {
        Dialect::Postgres => format!("{column}::text AS xdb_key"),
        Dialect::Sqlite => format!("CAST({column} AS TEXT) AS xdb_key"),
        Dialect::Mysql => format!("CAST({column} AS CHAR) AS xdb_key"),
    }
}

/// The keys that are there now; none when the table is empty.
pub(super) async fn span(
    session: &mut Session,
    text: &BackfillText,
    refused: &(dyn Fn(String) -> Error + Sync),
) -> Result<Option<Span>, Error> {
    let BackfillText { table, column, .. } = text;
    refuse_without_transactions(session, text, refused).await?;
    let nulls = format!("SELECT 1 FROM {table} WHERE {column} IS NULL LIMIT 1");
    if !session.read(DOING, &nulls).await?.is_empty() {
        return Err(refused(format!("walks along {table}({column}), which has NULL")));
    }
    let Some((first, name)) = first(session, text).await? else { return Ok(None) };
    let kind = KeyKind::of_type(&name).ok_or_else(|| {
        let problem = "a key is an integer, a text or a uuid";
        refused(format!("walks along {table}({column}) of type {name}, and {problem}"))
    })?;
    let last = format!(
        "SELECT {} FROM {table} ORDER BY {column} DESC LIMIT 1",
        shown(session.dialect(), column)
    );
    let rows = session.read(DOING, &last).await?;
    // Deleted since the first look.
    let Some(end) = rows.into_iter().next().and_then(|row| row.into_iter().next()).flatten() else {
        return Ok(None);
    };
    let no_value =
        |value: &str| refused(format!("walks along {table}({column}), which has {value}"));
    let from = kind.below(&first).ok_or_else(|| no_value(&first))?;
    let literal = kind.literal(session, &from).ok_or_else(|| no_value(&from))?;
    let outside = format!("SELECT 1 FROM {table} WHERE NOT ({column} > {literal}) LIMIT 1");
    if !session.read(DOING, &outside).await?.is_empty() {
        let problem = "whose first key has nothing below it";
        return Err(refused(format!("walks along {table}({column}), {problem}")));
    }
    Ok(Some(Span { kind, from, end }))
}

/// The first key and the name of its type.
async fn first(
    session: &mut Session,
    text: &BackfillText,
) -> Result<Option<(String, String)>, Error> {
    let BackfillText { table, column, .. } = text;
    let type_of = match session.dialect() {
        Dialect::Postgres => format!("pg_typeof({column})::text AS xdb_type"),
        Dialect::Sqlite => format!("typeof({column}) AS xdb_type"),
        Dialect::Mysql => mysql_type(session, text),
    };
    let shown = shown(session.dialect(), column);
    let sql = format!("SELECT {shown}, {type_of} FROM {table} ORDER BY {column} LIMIT 1");
    let Some(row) = session.read(DOING, &sql).await?.into_iter().next() else { return Ok(None) };
    let mut row = row.into_iter();
    let mut next = || row.next().flatten().unwrap_or_else(|| "unknown".to_owned());
    Ok(Some((next(), next())))
}

/// MySQL has no function for the type of a value.
fn mysql_type(session: &Session, text: &BackfillText) -> String {
    let (schema, table) = mysql_place(session, text);
    format!(
        "(SELECT CAST(c.data_type AS CHAR) FROM information_schema.columns AS c \
         WHERE c.table_schema = {schema} AND c.table_name = {table} AND c.column_name = {})",
        name(session, &text.column)
    )
}

/// MySQL: a batch in a table without transactions would be kept when its progress is not.
async fn refuse_without_transactions(
    session: &mut Session,
    text: &BackfillText,
    refused: &(dyn Fn(String) -> Error + Sync),
) -> Result<(), Error> {
    if session.dialect() != Dialect::Mysql {
        return Ok(());
    }
    let (schema, table) = mysql_place(session, text);
    let sql = format!(
        "SELECT e.engine FROM information_schema.tables AS t JOIN information_schema.engines AS e \
         ON e.engine = t.engine WHERE t.table_schema = {schema} AND t.table_name = {table} \
         AND coalesce(e.transactions, 'NO') <> 'YES'"
    );
    match session.read(DOING, &sql).await?.first().and_then(|row| row.first()?.clone()) {
        Some(engine) => {
            let table = &text.table;
            Err(refused(format!("changes {table}, whose engine {engine} has no transactions")))
        }
        None => Ok(()),
    }
}

/// Schema and table as SQL texts.
fn mysql_place(session: &Session, text: &BackfillText) -> (String, String) {
    match text.table.rsplit_once('.') {
        Some((schema, table)) => (name(session, schema), name(session, table)),
        None => ("DATABASE()".to_owned(), name(session, &text.table)),
    }
}

/// A name, quoted or not, as an SQL text.
fn name(session: &Session, part: &str) -> String {
    let quoted = part.starts_with(['`', '"']);
    session.lit(&if quoted { unquote(part) } else { part.to_owned() })
}
