//! SQLite files: copied while they are in use, checked, and put in another one's place.

use std::fs;
use std::io;
use std::path::Path;

use xtask_db_sql::{Dialect, Syntax, literal};

use crate::conn::Conn;
use crate::{DbError, DbUrl, Error};

/// How many findings of a check are told.
const FINDINGS_MAX: usize = 10;

/// Writes a copy of the database to a file that is not there yet, or is empty. Writers go on
/// meanwhile; the copy is of one moment.
///
/// # Errors
/// `Error::Id` in memory; the file cannot be written.
pub async fn copy_file(from: &DbUrl, to: &Path) -> Result<(), Error> {
    if from.file_path().is_none() {
        let problem = "is in memory, and gone with its connection".to_owned();
        return Err(Error::Id { id: from.database(), problem });
    }
    let copying = |error| Error::Server { doing: "copying the database", error };
    let mut conn = Conn::connect(from).await?;
    let done = async {
        conn.run(&format!("VACUUM INTO {}", lit(to))).await?;
        conn.rows("PRAGMA journal_mode").await
    }
    .await;
    conn.close().await;
    let mode = done.map_err(copying)?.into_iter().flatten().flatten().next();
    if mode.as_deref() != Some("wal") {
        return Ok(());
    }
    // A mode that is kept in the file, but not copied.
    let mut copy = Conn::connect(&at(to, "mode=rw")?).await?;
    let set = copy.run("PRAGMA journal_mode = WAL").await;
    copy.close().await;
    set.map(drop).map_err(copying)
}

/// What `PRAGMA integrity_check` finds in a file; nothing when it is whole. A file so broken that
/// it cannot be checked has a finding too.
///
/// # Errors
/// The file cannot be read.
pub async fn check_file(file: &Path) -> Result<Vec<String>, Error> {
    // Nobody writes to it, so nothing need be written beside it.
    let url = at(file, "mode=ro&immutable=1")?;
    let mut conn = Conn::connect(&url).await?;
    let found = conn.rows(&format!("PRAGMA integrity_check({FINDINGS_MAX})")).await;
    conn.close().await;
    let found = match found {
        Ok(found) => found,
        // SQLITE_CORRUPT, SQLITE_NOTADB.
        Err(error) if matches!(error.code.as_deref(), Some("11" | "26")) => {
            return Ok(vec![error.message]);
        }
        Err(error) => return Err(Error::Server { doing: "checking the copy", error }),
    };
    let said: Vec<String> = found.into_iter().flatten().flatten().collect();
    Ok(if said == ["ok"] { Vec::new() } else { said })
}

/// Puts `new`, a file in the same folder, in the place of the database, which is kept as `kept`.
/// Whoever opens the path finds the old file or the new one. A database that others have open is
/// refused.
///
/// # Errors
/// `Error::Id` when it is in use; a file cannot be renamed. The old one is in its place then.
pub async fn put_file(url: &DbUrl, new: &Path, kept: &Path) -> Result<(), Error> {
    let Some(path) = url.file_path() else { return Ok(()) };
    let failed = |error: &io::Error| Error::Server {
        doing: "putting the file in its place",
        error: DbError::of_file(error),
    };
    if !path.exists() {
        return fs::rename(new, path).map_err(|error| failed(&error));
    }
    let mut conn = Conn::connect(url).await?;
    // In this order: the mode that is set before the first access takes the file for itself, and
    // a log that stayed beside the new file would be replayed onto it.
    let in_use = || {
        let problem = "is in use by another connection".to_owned();
        Err(Error::Id { id: path.display().to_string(), problem })
    };
    let take = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE; \
        PRAGMA journal_mode";
    let taken = match conn.rows(take).await {
        // A mode that cannot be changed is returned as it was.
        Ok(rows) if rows.last().and_then(|row| row.first()?.as_deref()) == Some("delete") => Ok(()),
        Ok(_) => in_use(),
        Err(error) if error.busy() => in_use(),
        Err(error) => Err(Error::Server { doing: "taking the database", error }),
    };
    let put = taken.and_then(|()| {
        link(path, kept).and_then(|()| fs::rename(new, path)).map_err(|error| failed(&error))
    });
    conn.close().await;
    put
}

/// A second name of the file; another name where the file system has no second ones. (It is not
/// copied: closing the copy's handle would give SQLite's lock up.)
fn link(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => fs::rename(from, to),
        done => done,
    }
}

fn at(file: &Path, parameters: &str) -> Result<DbUrl, Error> {
    let path = file.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    Ok(DbUrl::parse(&format!("sqlite:{path}?{parameters}"), Path::new(""))?)
}

fn lit(path: &Path) -> String {
    literal(Syntax::of(Dialect::Sqlite), &path.to_string_lossy())
}
