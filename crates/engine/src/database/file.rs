//! SQLite files.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use sqlx::ConnectOptions as _;

use crate::conn::Conn;
use crate::{DbError, DbUrl, Error};

/// What every database file starts with (sqlite.org/fileformat2.html).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// What SQLite keeps beside a database file.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Creates the file and the folders above it, in WAL mode: readers do not stop a deploy.
pub(super) async fn create(url: &DbUrl) -> Result<bool, Error> {
    let Some(path) = url.file_path() else { return Ok(false) };
    if path.exists() {
        return Ok(false);
    }
    let refused = |error: DbError| Error::Connect { host: path.display().to_string(), error };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| refused(DbError::of_file(&error)))?;
    }
    let conn = url.sqlite_create_options().connect().await;
    let conn = conn.map_err(|error| refused(DbError::from_connect(&error)))?;
    let mut conn = Conn::Sqlite(Box::new(conn));
    let made = conn.run("PRAGMA journal_mode = WAL").await;
    conn.close().await;
    made.map_err(refused)?;
    Ok(true)
}

/// Removes the file and what SQLite keeps beside it.
pub(super) async fn drop(url: &DbUrl) -> Result<bool, Error> {
    let Some(path) = url.file_path() else { return Ok(false) };
    let failed = |error: &std::io::Error| Error::Server {
        doing: "dropping the database",
        error: DbError::of_file(error),
    };
    let head = match head(path) {
        Ok(head) => head,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(failed(&error)),
    };
    if !head.is_empty() && head != MAGIC {
        let problem = "is not an SQLite database".to_owned();
        return Err(Error::Id { id: path.display().to_string(), problem });
    }
    free(url, path).await?;
    fs::remove_file(path).map_err(|error| failed(&error))?;
    for companion in COMPANIONS {
        match fs::remove_file(beside(path, companion)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(failed(&error));
            }
            _ => {}
        }
    }
    Ok(true)
}

fn head(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(MAGIC.len());
    fs::File::open(path)?.take(MAGIC.len() as u64).read_to_end(&mut head)?;
    Ok(head)
}

fn beside(path: &Path, companion: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(companion);
    PathBuf::from(name)
}

/// No other process has the file open in a transaction, nor, in WAL mode, at all: this locking
/// mode, set before the first access, takes the file for itself (sqlite.org/pragma.html).
async fn free(url: &DbUrl, path: &Path) -> Result<(), Error> {
    let mut conn = Conn::connect(url).await?;
    let sql = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK";
    let locked = conn.run(sql).await;
    conn.close().await;
    match locked {
        Err(error) if error.busy() => {
            let problem = "is in use by another connection".to_owned();
            Err(Error::Id { id: path.display().to_string(), problem })
        }
        Err(error) => Err(Error::Server { doing: "dropping the database", error }),
        Ok(_) => Ok(()),
    }
}
