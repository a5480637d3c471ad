//! What a server or driver said, read from sqlx's errors.

use crate::error::DbError;

/// SQLSTATE classes after which the same statement may well succeed: connection, serialization
/// and deadlock, lock not available, operator intervention.
const TRANSIENT: [&str; 4] = ["08", "40", "55P03", "57P"];

const ENDED: [&str; 2] = ["08", "57P"];

/// MySQL: a Galera node that is not part of its cluster (1047), or was not any more at the COMMIT
/// (1180): it answers, and serves nothing.
#[cfg(feature = "mysql")]
const AWAY: [u32; 2] = [1047, 1180];

impl DbError {
    /// An error while connecting.
    pub(crate) fn from_connect(error: &sqlx::Error) -> Self {
        let mut error = Self::from_statement(error, "");
        error.connection = true;
        error
    }

    /// An error of a statement.
    pub(crate) fn from_statement(error: &sqlx::Error, sql: &str) -> Self {
        let sqlx::Error::Database(database) = error else {
            return Self::plain(error);
        };
        let code = database.code().map(|code| code.into_owned());
        // PostgreSQL's last words on a session that it ends: 57P01 and its neighbours, class 08.
        let ended = |code: &String| code.len() == 5 && ENDED.iter().any(|c| code.starts_with(c));
        let mut out = Self {
            connection: code.as_ref().is_some_and(ended),
            code,
            number: None,
            message: database.message().to_owned(),
            detail: None,
            hint: None,
            offset: None,
        };
        #[cfg(feature = "postgres")]
        if let Some(pg) = database.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
            out.detail = pg.detail().map(str::to_owned);
            out.hint = pg.hint().map(str::to_owned);
            out.offset = match pg.position() {
                Some(sqlx::postgres::PgErrorPosition::Original(at)) => char_offset(sql, at),
                _ => None,
            };
        }
        #[cfg(feature = "mysql")]
        if let Some(my) = database.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
            let number = u32::from(my.number());
            out.connection |= AWAY.contains(&number);
            out.number = Some(number);
            out.offset = near(sql, my.message());
        }
        #[cfg(feature = "sqlite")]
        if database.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
            out.number = out.code.as_deref().and_then(|code| code.parse().ok());
            out.offset = near(sql, &out.message);
        }
        out
    }

    /// The error of a failpoint: as if the connection were lost.
    #[cfg(feature = "failpoints")]
    pub(crate) fn injected() -> Self {
        Self::plain(&sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into()))
    }

    /// A fault of the file system, told like the driver's.
    pub(crate) fn of_file(error: &std::io::Error) -> Self {
        Self {
            connection: true,
            code: None,
            number: None,
            message: error.to_string(),
            detail: None,
            hint: None,
            offset: None,
        }
    }

    /// The session was closed.
    pub(crate) fn closed() -> Self {
        Self::plain(&sqlx::Error::Io(std::io::ErrorKind::NotConnected.into()))
    }

    fn plain(error: &sqlx::Error) -> Self {
        let connection = matches!(
            error,
            sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
        );
        let message = match error {
            sqlx::Error::Io(io) => io.to_string(),
            sqlx::Error::Configuration(why) => why.to_string(),
            other => other.to_string(),
        };
        Self {
            connection,
            code: None,
            number: None,
            message,
            detail: None,
            hint: None,
            offset: None,
        }
    }

    /// The server answered with what no version is known to answer.
    pub(crate) fn unexpected(what: &str) -> Self {
        Self { connection: false, ..Self::plain(&sqlx::Error::Protocol(what.to_owned())) }
    }

    /// The same statement may succeed when it is tried again.
    #[must_use]
    pub fn transient(&self) -> bool {
        let state = self
            .code
            .as_deref()
            .is_some_and(|code| TRANSIENT.iter().any(|class| code.starts_with(class)));
        self.connection || state || self.lock_wait() || self.busy()
    }

    /// The server gave up waiting for a lock of its own: PostgreSQL 55P03, MySQL 1205 and 3572.
    pub(crate) fn lock_wait(&self) -> bool {
        self.code.as_deref() == Some("55P03") || matches!(self.number, Some(1205 | 3572))
    }

    /// Another wrote the same at the same time: 40001, 40P01, 23505, 42P07, 42710; MySQL 1213,
    /// 1205, 1050, 1062, 1180 (a node on its way back); PostgreSQL's XX000 `tuple concurrently
    /// updated`.
    pub(crate) fn contended(&self) -> bool {
        let state = self.code.as_deref().unwrap_or_default();
        ["40001", "40P01", "23505", "42P07", "42710", "XX000"].contains(&state)
            || matches!(self.number, Some(1213 | 1205 | 1050 | 1062 | 1180))
    }

    /// `SQLITE_BUSY` and `SQLITE_LOCKED` with their extended codes.
    pub(crate) fn busy(&self) -> bool {
        let number = self.code.as_deref().filter(|code| code.len() != 5).and(self.number);
        number.is_some_and(|number| matches!(number & 0xff, 5 | 6))
    }
}

/// PostgreSQL counts characters from 1.
#[cfg(feature = "postgres")]
fn char_offset(sql: &str, position: usize) -> Option<usize> {
    sql.char_indices().nth(position.checked_sub(1)?).map(|(at, _)| at)
}

/// MySQL and SQLite quote the text at which they stopped: `near '…'`, `near "…"`; SQLite also
/// names what it did not find. The place is given only when that text occurs once.
#[cfg(any(feature = "mysql", feature = "sqlite"))]
fn near(sql: &str, message: &str) -> Option<usize> {
    let quoted = ["near '", "near \""].iter().find_map(|mark| {
        let start = message.find(mark)? + mark.len();
        let close = mark.chars().last()?;
        let end = message[start..].rfind(close)? + start;
        Some(&message[start..end])
    });
    let named = || message.rsplit_once(": ").map(|(_, name)| name);
    let text = quoted.or_else(named).filter(|text| !text.is_empty())?;
    let mut found = sql.match_indices(text);
    let (at, _) = found.next()?;
    found.next().is_none().then_some(at)
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_given_only_when_it_is_sure() {
        let check = |sql: &str, message: &str, expected: Option<usize>| {
            assert_eq!(near(sql, message), expected, "{sql} | {message}");
        };
        check("CREATE TABEL t", "near \"TABEL\": syntax error", Some(7));
        check("a a", "near \"a\": syntax error", None);
        check("SELECT * FROM missing", "no such table: missing", Some(14));
        check("SELECT 1", "disk I/O error", None);
        check("x 'it''s' y", "near 'it''s' y' at line 1", Some(3));
        check("SELEC 1", "use near 'SELEC 1' at line 1", Some(0));
    }
}
