//! The database itself: create, drop, wait until it answers.

#[cfg(feature = "sqlite")]
mod file;
mod server;

use std::time::{Duration, Instant};

use xtask_db_sql::Dialect;

use crate::conn::Conn;
use crate::{DbUrl, Error, SessionOptions};

pub(crate) use server::{create_on, drop_on, exchange_names, maintenance, unknown_database};

/// The first pause between two tries of [`wait`].
const POLL_MIN: Duration = Duration::from_millis(50);
/// The longest pause between two tries of [`wait`].
const POLL_MAX: Duration = Duration::from_secs(1);

/// Creates the database. Whether it was created: `false` when it is there already.
///
/// # Errors
/// The server cannot be reached, or the role may not.
pub async fn create(url: &DbUrl, options: &SessionOptions) -> Result<bool, Error> {
    match url.dialect() {
        #[cfg(feature = "sqlite")]
        Dialect::Sqlite => file::create(url).await,
        #[cfg(not(feature = "sqlite"))]
        Dialect::Sqlite => Err(Error::NoDriver { dialect: Dialect::Sqlite }),
        Dialect::Postgres | Dialect::Mysql => server::create(url, options).await,
    }
}

/// Drops the database. Whether it was there.
///
/// # Errors
/// Sessions are connected to it (`Error::Id`), the server cannot be reached, or the role may not.
pub async fn drop(url: &DbUrl, options: &SessionOptions) -> Result<bool, Error> {
    match url.dialect() {
        #[cfg(feature = "sqlite")]
        Dialect::Sqlite => file::drop(url).await,
        #[cfg(not(feature = "sqlite"))]
        Dialect::Sqlite => Err(Error::NoDriver { dialect: Dialect::Sqlite }),
        Dialect::Postgres | Dialect::Mysql => server::drop(url, options).await,
    }
}

/// Whether the database exists.
///
/// # Errors
/// The server cannot be reached.
pub async fn exists(url: &DbUrl, options: &SessionOptions) -> Result<bool, Error> {
    if url.dialect() == Dialect::Sqlite {
        return Ok(url.file_path().is_none_or(std::path::Path::exists));
    }
    match connect(url, options.connect_timeout).await {
        Ok(conn) => {
            conn.close().await;
            Ok(true)
        }
        Err(Error::Connect { error, .. }) if server::unknown_database(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Waits until the database answers a query. A server that refuses the user is not waited for.
///
/// # Errors
/// `Error::NotReady` with the last reason, `Error::Connect` when waiting cannot help.
pub async fn wait(url: &DbUrl, options: &SessionOptions, timeout: Duration) -> Result<(), Error> {
    let start = Instant::now();
    let mut pause = POLL_MIN;
    loop {
        let left = timeout.saturating_sub(start.elapsed());
        let last = match answers(url, options.connect_timeout.min(left.max(POLL_MIN))).await {
            Ok(()) => return Ok(()),
            Err(Error::Connect { error, .. }) if !server::refuses_the_user(&error) => error.message,
            Err(Error::Server { error, .. }) => error.message,
            Err(Error::NotReady { last, .. }) => last,
            Err(error) => return Err(error),
        };
        let waited = start.elapsed();
        if waited >= timeout {
            return Err(Error::NotReady { waited, last });
        }
        tokio::time::sleep(pause.min(timeout.saturating_sub(waited))).await;
        pause = (pause * 2).min(POLL_MAX);
    }
}

async fn answers(url: &DbUrl, limit: Duration) -> Result<(), Error> {
    let asked = async {
        let mut conn = Conn::connect(url).await?;
        let answer = conn.rows("SELECT 1").await;
        conn.close().await;
        answer.map_err(|error| Error::Server { doing: "asking the database", error })
    };
    within(limit, asked).await.map(std::mem::drop)
}

/// A connection within a time limit.
async fn connect(url: &DbUrl, limit: Duration) -> Result<Conn, Error> {
    within(limit, Conn::connect(url)).await
}

async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    match tokio::time::timeout(limit, work).await {
        Ok(done) => done,
        Err(_) => {
            let last = "the server did not answer".to_owned();
            Err(Error::NotReady { waited: limit, last })
        }
    }
}
