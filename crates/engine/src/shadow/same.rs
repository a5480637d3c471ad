//! Whether two URLs reach one database, however they are spelt.

use std::path::Path;
use std::time::Duration;

use uuid::Uuid;
use xtask_db_sql::Dialect;

use crate::conn::Conn;
use crate::{DbUrl, Error};

/// How long each of the two may take to connect.
const CONNECT_MAX: Duration = Duration::from_secs(10);

/// Whether two URLs of one family reach one database, however they are spelt: a lock taken through
/// one is seen through the other.
///
/// # Errors
/// One of them cannot be reached.
pub async fn same_database(one: &DbUrl, other: &DbUrl) -> Result<bool, Error> {
    same_database_within(one, other, CONNECT_MAX).await
}

/// The same with a limit for connecting. A main database that does not exist is none's.
pub(super) async fn same_database_within(
    main: &DbUrl,
    other: &DbUrl,
    limit: Duration,
) -> Result<bool, Error> {
    if main.dialect() == Dialect::Sqlite {
        return Ok(match (main.file_path(), other.file_path()) {
            (Some(main), Some(other)) => same_file(main, other),
            _ => false,
        });
    }
    let mut on_main = match within(limit, Conn::connect(main)).await {
        Ok(conn) => conn,
        Err(Error::Connect { error, .. }) if crate::database::unknown_database(&error) => {
            return Ok(false);
        }
        Err(error) => return Err(error),
    };
    let seen = async {
        let mut on_other = within(limit, Conn::connect(other)).await?;
        let seen = through_a_lock(&mut on_main, &mut on_other).await;
        on_other.close().await;
        seen
    }
    .await;
    on_main.close().await;
    seen
}

async fn through_a_lock(main: &mut Conn, other: &mut Conn) -> Result<bool, Error> {
    let random = Uuid::new_v4();
    let (take, ask) = match main.dialect() {
        Dialect::Postgres => {
            // A bigint key is shown in two halves, objsubid 1 (manual, pg_locks).
            let key = i64::from_be_bytes(std::array::from_fn(|at| random.as_bytes()[at]));
            let ask = format!(
                "SELECT 1 FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND objsubid = 1 \
                 AND database = (SELECT oid FROM pg_catalog.pg_database \
                 WHERE datname = current_database()) \
                 AND (classid::bigint << 32 | objid::bigint) = {key}"
            );
            (format!("SELECT pg_catalog.pg_advisory_lock({key})"), ask)
        }
        _ => {
            let name = random.simple().to_string();
            let take = format!("SELECT GET_LOCK('{name}', 0)");
            (take, format!("SELECT 1 FROM DUAL WHERE IS_USED_LOCK('{name}') IS NOT NULL"))
        }
    };
    let failed = |error| Error::Server { doing: "telling the shadow from the database", error };
    main.rows(&take).await.map_err(failed)?;
    let one_server = !other.rows(&ask).await.map_err(failed)?.is_empty();
    if main.dialect() == Dialect::Postgres {
        return Ok(one_server);
    }
    // MySQL's locks are the server's: the databases' names decide, in any case of letters.
    let ask = "SELECT lower(DATABASE())";
    let (ours, theirs) = (main.rows(ask).await, other.rows(ask).await);
    Ok(one_server && ours.map_err(failed)? == theirs.map_err(failed)?)
}

async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let last = || "the server did not answer".to_owned();
    let timed = tokio::time::timeout(limit, work).await;
    timed.unwrap_or_else(|_| Err(Error::NotReady { waited: limit, last: last() }))
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other || same_inode(&one, &other),
        _ => one == other,
    }
}

/// Two hard links of one file.
#[cfg(unix)]
fn same_inode(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    let place = |path: &Path| path.metadata().ok().map(|file| (file.dev(), file.ino()));
    place(one).is_some() && place(one) == place(other)
}

#[cfg(not(unix))]
const fn same_inode(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_in_several_spellings() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.db");
        std::fs::write(&file, "").unwrap();
        std::fs::write(dir.path().join("b.db"), "").unwrap();
        std::fs::hard_link(&file, dir.path().join("c.db")).unwrap();
        let check = |other: &str, expected: bool| {
            assert_eq!(same_file(&file, &dir.path().join(other)), expected, "{other}");
        };
        check("a.db", true);
        check("./a.db", true);
        check("b.db", false);
        check("missing.db", false);
        check("c.db", cfg!(unix));
    }
}
