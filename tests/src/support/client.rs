//! SQL from a test, blocking, every value as text.

use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, Connection, Row, TypeInfo, Value, ValueRef};
use sqlx::{MySqlConnection, PgConnection, SqliteConnection};

/// A row; `None` is NULL.
pub(super) type TextRow = Vec<Option<String>>;

const STATEMENTS_MAX: Duration = Duration::from_secs(60);

/// Runs statements on a connection of their own and returns the rows of all of them.
pub(super) fn query(url: &str, sql: &str) -> Result<Vec<TextRow>, sqlx::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let work = async {
        if url.starts_with("mysql:") {
            mysql(url, sql).await
        } else if url.starts_with("sqlite:") {
            sqlite(url, sql).await
        } else {
            postgres(url, sql).await
        }
    };
    let done = runtime.block_on(async { tokio::time::timeout(STATEMENTS_MAX, work).await });
    done.unwrap_or_else(|_| Err(sqlx::Error::PoolTimedOut))
}

async fn postgres(url: &str, sql: &str) -> Result<Vec<TextRow>, sqlx::Error> {
    let mut connection = PgConnection::connect(url).await?;
    let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await?;
    let text = |row: &sqlx::postgres::PgRow, at: usize| {
        let value = row.try_get_raw(at)?;
        let text = (!value.is_null()).then(|| value.as_str().map(str::to_owned));
        text.transpose().map_err(sqlx::Error::Decode)
    };
    let read = rows.iter().map(|row| (0..row.len()).map(|at| text(row, at)).collect()).collect();
    connection.close().await?;
    read
}

async fn mysql(url: &str, sql: &str) -> Result<Vec<TextRow>, sqlx::Error> {
    let mut connection = MySqlConnection::connect(url).await?;
    let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await?;
    let text = |row: &sqlx::mysql::MySqlRow, at: usize| {
        // A text protocol value: `String` reads it whatever its type is.
        row.try_get_unchecked::<Option<String>, _>(at)
    };
    let read = rows.iter().map(|row| (0..row.len()).map(|at| text(row, at)).collect()).collect();
    connection.close().await?;
    read
}

async fn sqlite(url: &str, sql: &str) -> Result<Vec<TextRow>, sqlx::Error> {
    let options: SqliteConnectOptions = url.parse()?;
    let options = options.create_if_missing(true).busy_timeout(STATEMENTS_MAX);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await?;
    let read =
        rows.iter().map(|row| (0..row.len()).map(|at| sqlite_text(row, at)).collect()).collect();
    connection.close().await?;
    read
}

fn sqlite_text(row: &SqliteRow, at: usize) -> Result<Option<String>, sqlx::Error> {
    let value = row.try_get_raw(at)?.to_owned();
    if value.is_null() {
        return Ok(None);
    }
    Ok(Some(match value.type_info().name() {
        "INTEGER" => value.decode::<i64>().to_string(),
        "REAL" => value.decode::<f64>().to_string(),
        "BLOB" => format!("{:02x?}", value.decode::<Vec<u8>>()),
        _ => value.decode::<String>(),
    }))
}
