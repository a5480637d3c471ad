//! The ledger: reading its rows, and every way a row is written.
//!
//! Invariant: each write repeats the owner and the fence of the deploy lock.

use std::time::Duration;

use uuid::Uuid;
use xtask_db_history::{Checksum, Row};
use xtask_db_sql::Dialect;

use crate::conn::TextRow;
use crate::lock::Held;
use crate::{DbError, Error, Session, clock, ddl, meta};

/// How many rows one statement writes.
const ROWS_PER_INSERT: usize = 200;

/// How often a bookkeeping transaction that the server rolled back is run again.
pub(crate) const AGAIN_MAX: u32 = 10;

/// The server rolled the transaction back in favour of another (MySQL 1213): it may run again.
pub(crate) fn chosen(error: &Error) -> bool {
    matches!(error, Error::Server { error, .. } if error.number == Some(1213))
}

/// Creates the tool's tables where they are missing.
pub(crate) async fn ensure(session: &mut Session) -> Result<(), Error> {
    let dialect = session.dialect();
    let mut sql = ddl::tables(dialect, &session.names).join("; ");
    sql.push_str("; ");
    sql.push_str(&meta::insert_if_absent(session, "format", &ddl::FORMAT.to_string()));
    if let Some(path) = session.search_path.clone() {
        sql.push_str("; ");
        sql.push_str(&meta::insert_if_absent(session, "search_path", &path));
    }
    session.tool("creating the ledger tables", &sql).await.map(drop)
}

/// Whether all of the tool's tables are there.
pub(crate) async fn is_there(session: &mut Session) -> bool {
    let names = &session.names;
    let tables = [&names.ledger, &names.meta, &names.lock];
    let ask = tables.map(|table| format!("(SELECT COUNT(*) FROM {table} WHERE 1 = 0)"));
    let ask = format!("SELECT {}", ask.join(" + "));
    session.ask(&ask).await.is_ok()
}

/// The rows of the ledger, oldest first; none when there is no such table.
pub(crate) async fn read_rows(session: &mut Session) -> Result<Option<Vec<Row>>, Error> {
    let sql = select(session, "");
    match session.look(&sql).await {
        Ok(found) => Ok(Some(rows(found))),
        Err(error) if undefined_table(&error) => Ok(None),
        Err(error) => Err(unreadable(session, error)),
    }
}

/// The rows of one name, oldest first.
pub(crate) async fn read_rows_of(session: &mut Session, name: &str) -> Result<Vec<Row>, Error> {
    let named = format!(" WHERE migration_name = {}", session.lit(name));
    let sql = select(session, &named);
    let found = session.look(&sql).await;
    found.map(rows).map_err(|error| Error::Server { doing: "reading the ledger", error })
}

/// The query for the rows of the ledger, oldest first; `filter` is its WHERE.
pub(crate) fn select(session: &Session, filter: &str) -> String {
    let dialect = session.dialect();
    let shown = |column| clock::shown(dialect, column);
    let columns = [
        "id",
        "checksum",
        &shown("finished_at"),
        "migration_name",
        "logs",
        &shown("rolled_back_at"),
        &shown("started_at"),
        "applied_steps_count",
        &clock::between_ms(dialect, "started_at", "finished_at"),
    ];
    let ledger = &session.names.ledger;
    if dialect != Dialect::Sqlite {
        let columns = columns.join(", ");
        return format!(
            "SELECT {columns} FROM {ledger}{filter} ORDER BY started_at, migration_name"
        );
    }
    // sqlx wakes its reader for each row of SQLite; of some thousand rows that is most of the time.
    let texts = columns.map(|column| format!("CAST({column} AS TEXT)")).join(", ");
    format!(
        "SELECT json_group_array(json_array({texts}) ORDER BY started_at, rowid) \
         FROM {ledger}{filter}"
    )
}

/// What [`select`] returned.
pub(crate) fn rows(found: Vec<TextRow>) -> Vec<Row> {
    found.into_iter().flat_map(unpacked).map(row).collect()
}

/// One row, or SQLite's array of them.
fn unpacked(mut values: TextRow) -> Vec<TextRow> {
    if values.len() > 1 {
        return vec![values];
    }
    let array = values.pop().flatten().unwrap_or_default();
    serde_json::from_str(&array).unwrap_or_default()
}

fn row(mut values: TextRow) -> Row {
    let mut take = |at: usize| values.get_mut(at).and_then(Option::take);
    Row {
        row_id: take(0).unwrap_or_default(),
        checksum: take(1).unwrap_or_default(),
        finished_at: take(2),
        name: take(3).unwrap_or_default(),
        logs: take(4).filter(|logs| !logs.is_empty()),
        rolled_back_at: take(5),
        started_at: take(6).unwrap_or_default(),
        steps: take(7).and_then(|steps| steps.parse().ok()).unwrap_or_default(),
        duration_ms: take(8).and_then(|ms| ms.parse().ok()),
    }
}

/// The error of a ledger that cannot be read.
pub(crate) fn unreadable(session: &Session, error: DbError) -> Error {
    if undefined_column(&error) {
        let table = session.names.table.clone();
        return Error::LedgerShape { table, problem: error.message };
    }
    Error::Server { doing: "reading the ledger", error }
}

/// 42P01; MySQL 1146; SQLite says it in words.
pub(crate) fn undefined_table(error: &DbError) -> bool {
    error.code.as_deref() == Some("42P01")
        || error.number == Some(1146)
        || error.message.starts_with("no such table")
}

/// 42703; MySQL 1054; SQLite says it in words.
fn undefined_column(error: &DbError) -> bool {
    error.code.as_deref() == Some("42703")
        || error.number == Some(1054)
        || error.message.starts_with("no such column")
}

/// A new row, as it is first written.
#[derive(Debug, Clone)]
pub(crate) struct NewRow<'a> {
    pub(crate) name: &'a str,
    pub(crate) checksum: &'a str,
    /// How long ago it started.
    pub(crate) elapsed: Duration,
    pub(crate) steps: u32,
    pub(crate) state: NewState<'a>,
}

/// The state in which a row is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NewState<'a> {
    /// Begun: a journaled migration.
    Started,
    /// Done, some time ago.
    Finished { ago: Duration },
    /// Tried, failed, and undone by the transaction; the error.
    RolledBack(&'a str),
}

/// Writes a row unless the migration is applied already. Returns its id, and whether it was
/// written: `false` means that somebody else applied it.
pub(crate) async fn insert(
    session: &mut Session,
    held: &Held,
    new: &NewRow<'_>,
) -> Result<(String, bool), Error> {
    let row_id = Uuid::new_v4().to_string();
    held.touch(session).await?;
    let sql = insert_sql(session, held, &row_id, new);
    if session.tool("writing the ledger", &sql).await? == 1 {
        return Ok((row_id, true));
    }
    held.verify(session).await?;
    Ok((row_id, false))
}

/// Writes the rows of migrations that one transaction applied; returns how many.
pub(crate) async fn insert_all(
    session: &mut Session,
    held: &Held,
    rows: &[NewRow<'_>],
) -> Result<u64, Error> {
    held.touch(session).await?;
    let mut written = 0;
    for chunk in rows.chunks(ROWS_PER_INSERT) {
        let values = chunk.iter().map(|new| {
            let row_id = Uuid::new_v4().to_string();
            format!("({})", values(session, &row_id, new))
        });
        let sql = format!(
            "{} SELECT * FROM (VALUES {}) AS v WHERE {}",
            into(session),
            values.collect::<Vec<_>>().join(", "),
            held.guard(session)
        );
        written += session.tool("writing the ledger", &sql).await?;
    }
    Ok(written)
}

/// The statement of [`insert`].
fn insert_sql(session: &Session, held: &Held, row_id: &str, new: &NewRow<'_>) -> String {
    format!(
        "{into} SELECT {values}{dual} WHERE {guard} AND NOT EXISTS (SELECT 1 FROM {ledger} AS l \
         WHERE l.migration_name = {name} AND l.finished_at IS NOT NULL AND \
         l.rolled_back_at IS NULL)",
        into = into(session),
        values = values(session, row_id, new),
        dual = if session.dialect() == Dialect::Mysql { " FROM DUAL" } else { "" },
        ledger = session.names.ledger,
        name = session.lit(new.name),
        guard = held.guard(session),
    )
}

fn into(session: &Session) -> String {
    format!(
        "INSERT INTO {} (id, checksum, finished_at, migration_name, logs, rolled_back_at, \
         started_at, applied_steps_count)",
        session.names.ledger
    )
}

/// A row's values, in the order of [`into`].
fn values(session: &Session, row_id: &str, new: &NewRow<'_>) -> String {
    let dialect = session.dialect();
    let typed = dialect == Dialect::Postgres;
    let null_time = || if typed { "NULL::timestamptz" } else { "NULL" }.to_owned();
    let null_text = || if typed { "NULL::text" } else { "NULL" }.to_owned();
    let now = || clock::now(dialect).to_owned();
    let (finished, rolled_back, logs) = match new.state {
        NewState::Started => (null_time(), null_time(), null_text()),
        NewState::Finished { ago } => (clock::ago(dialect, ago), null_time(), null_text()),
        NewState::RolledBack(logs) => (null_time(), now(), session.lit(logs)),
    };
    format!(
        "{id}, {checksum}, {finished}, {name}, {logs}, {rolled_back}, {started}, {steps}",
        id = session.lit(row_id),
        checksum = session.lit(new.checksum),
        name = session.lit(new.name),
        started = clock::ago(dialect, new.elapsed),
        steps = new.steps,
    )
}

/// What of a row is changed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Change<'a> {
    /// Statements committed so far.
    Steps(u32),
    /// Done, with the number of its statements.
    Finished(u32),
    /// Given up or reverted.
    RolledBack,
    /// The error; none clears it.
    Logs(Option<&'a str>),
    /// Another checksum: a `was:` text is the lock file's now.
    Checksum(Checksum),
    /// Another name.
    Name(&'a str),
}

/// The statement that changes a row under the fence; affects one row, else the lock is lost.
pub(crate) fn update_sql(
    session: &Session,
    held: &Held,
    row_id: &str,
    changes: &[Change<'_>],
) -> String {
    let now = clock::now(session.dialect());
    let set = changes.iter().map(|change| match change {
        Change::Steps(steps) => format!("applied_steps_count = {steps}"),
        Change::Finished(steps) => format!(
            "finished_at = {now}, rolled_back_at = NULL, logs = NULL, \
             applied_steps_count = {steps}"
        ),
        Change::RolledBack => format!("rolled_back_at = {now}"),
        Change::Logs(logs) => {
            format!("logs = {}", logs.map_or_else(|| "NULL".to_owned(), |logs| session.lit(logs)))
        }
        Change::Checksum(checksum) => format!("checksum = {}", session.lit(&checksum.to_string())),
        Change::Name(name) => format!("migration_name = {}", session.lit(name)),
    });
    let set = set.collect::<Vec<_>>().join(", ");
    if let Some((join, touched)) = held.joined(session) {
        let (ledger, id) = (&session.names.ledger, session.lit(row_id));
        return format!("UPDATE {ledger} AS r{join} SET {set}, {touched} WHERE r.id = {id}");
    }
    format!(
        "UPDATE {} SET {} WHERE id = {} AND {}",
        session.names.ledger,
        set,
        session.lit(row_id),
        held.guard(session)
    )
}

/// Changes a row under the fence.
pub(crate) async fn update(
    session: &mut Session,
    held: &Held,
    row_id: &str,
    changes: &[Change<'_>],
) -> Result<(), Error> {
    let sql = update_sql(session, held, row_id, changes);
    // MySQL counts only rows whose values differ, so a repeated write is told from a lost fence.
    if session.tool("writing the ledger", &sql).await? == 0 {
        held.verify(session).await?;
    }
    Ok(())
}

/// A row says that its migration is applied.
pub(crate) async fn is_current(session: &mut Session, row_id: &str) -> Result<bool, Error> {
    let sql = format!(
        "SELECT 1 FROM {} WHERE id = {} AND finished_at IS NOT NULL AND rolled_back_at IS NULL",
        session.names.ledger,
        session.lit(row_id)
    );
    Ok(!session.read("reading the ledger", &sql).await?.is_empty())
}

/// The migration is applied, finished and not rolled back.
pub(crate) async fn is_applied(session: &mut Session, name: &str) -> Result<bool, Error> {
    let sql = format!(
        "SELECT 1 FROM {} WHERE migration_name = {} AND finished_at IS NOT NULL \
         AND rolled_back_at IS NULL",
        session.names.ledger,
        session.lit(name)
    );
    Ok(!session.read("reading the ledger", &sql).await?.is_empty())
}
