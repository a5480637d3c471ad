//! The meta table: keys and values beside the ledger.

use std::collections::BTreeMap;

use xtask_db_sql::{Dialect, ident};

use crate::conn::TextRow;
use crate::ledger::undefined_table;
use crate::{Error, Session, clock};

/// Keys whose values may be long; read one by one.
const LONG: [&str; 2] = ["down:", "journal:"];

/// All short values; empty when there is no meta table.
pub(crate) async fn read(session: &mut Session) -> Result<BTreeMap<String, String>, Error> {
    let sql = select(session);
    match session.look(&sql).await {
        Ok(rows) => Ok(rows.into_iter().filter_map(pair).collect()),
        Err(error) if undefined_table(&error) => Ok(BTreeMap::new()),
        Err(error) => Err(Error::Server { doing: "reading the meta table", error }),
    }
}

/// The query for all short values.
pub(crate) fn select(session: &Session) -> String {
    let key = ident(session.dialect(), "key");
    let not_long = LONG.map(|prefix| format!("{key} NOT LIKE '{prefix}%'")).join(" AND ");
    format!("SELECT {key}, value FROM {} WHERE {not_long}", session.names.meta)
}

/// A row of [`select`].
pub(crate) fn pair(row: TextRow) -> Option<(String, String)> {
    let mut row = row.into_iter();
    Some((row.next()??, row.next()??))
}

/// One value; none when the key or the table is missing.
pub(crate) async fn get(session: &mut Session, key: &str) -> Result<Option<String>, Error> {
    let rows = columns(session, key, "value").await?;
    Ok(rows.into_iter().next().and_then(|row| row.into_iter().next()).flatten())
}

/// These columns of a key; none when the key or the table is missing.
pub(crate) async fn columns(
    session: &mut Session,
    key: &str,
    columns: &str,
) -> Result<Vec<TextRow>, Error> {
    let sql = format!(
        "SELECT {columns} FROM {} WHERE {} = {}",
        session.names.meta,
        ident(session.dialect(), "key"),
        session.lit(key)
    );
    match session.look(&sql).await {
        Ok(rows) => Ok(rows),
        Err(error) if undefined_table(&error) => Ok(Vec::new()),
        Err(error) => Err(Error::Server { doing: "reading the meta table", error }),
    }
}

/// The statement that puts a value.
pub(crate) fn put(session: &Session, key: &str, value: &str) -> String {
    let now = clock::now(session.dialect());
    let (key, value) = (session.lit(key), session.lit(value));
    let on_conflict = match session.dialect() {
        Dialect::Mysql => {
            "ON DUPLICATE KEY UPDATE value = VALUES(value), updated_at = VALUES(updated_at)"
        }
        _ => {
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value, \
             updated_at = excluded.updated_at"
        }
    };
    format!("{} VALUES ({key}, {value}, {now}) {on_conflict}", into(session))
}

/// The statement that puts a value unless the key has one.
pub(crate) fn insert_if_absent(session: &Session, key: &str, value: &str) -> String {
    let now = clock::now(session.dialect());
    let (key, value) = (session.lit(key), session.lit(value));
    let on_conflict = match session.dialect() {
        Dialect::Mysql => "ON DUPLICATE KEY UPDATE value = value",
        _ => "ON CONFLICT (key) DO NOTHING",
    };
    format!("{} VALUES ({key}, {value}, {now}) {on_conflict}", into(session))
}

/// The statement that removes a key.
pub(crate) fn remove(session: &Session, key: &str) -> String {
    format!(
        "DELETE FROM {} WHERE {} = {}",
        session.names.meta,
        ident(session.dialect(), "key"),
        session.lit(key)
    )
}

fn into(session: &Session) -> String {
    let key = ident(session.dialect(), "key");
    format!("INSERT INTO {} ({key}, value, updated_at)", session.names.meta)
}
