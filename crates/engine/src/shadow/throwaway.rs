//! A throwaway database on a server, held by a lock on its name, so that a later run can tell one
//! that was left behind from one in use.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use uuid::Uuid;
use xtask_db_sql::{Dialect, Syntax, ident, literal};

use crate::conn::Conn;
use crate::database::{create_on, drop_on, maintenance};
use crate::{DbError, DbUrl, Error, Session, SessionOptions, ShadowOptions, dump, lock};

/// How every name starts.
const PREFIX: &str = "xdb_shadow";

/// A throwaway database. [`Throwaway::drop`] and [`Throwaway::forget`] are its only ends.
pub(crate) struct Throwaway {
    /// Holds the lock.
    keeper: Conn,
    url: DbUrl,
    name: String,
}

impl Throwaway {
    /// Drops what earlier runs left behind, and makes a new one.
    pub(super) async fn create(main: &DbUrl, options: &SessionOptions) -> Result<Self, Error> {
        Self::make(main, options, false).await
    }

    /// The same with the encoding and collation of the main database.
    pub(crate) async fn like(main: &DbUrl, options: &SessionOptions) -> Result<Self, Error> {
        Self::make(main, options, true).await
    }

    async fn make(main: &DbUrl, options: &SessionOptions, like: bool) -> Result<Self, Error> {
        let mut keeper = maintenance(main, options.connect_timeout).await?;
        let family = family(main);
        let random = Uuid::new_v4().simple().to_string();
        let name = format!("{family}{}", &random[..8]);
        let made = async {
            sweep(&mut keeper, &family).await?;
            if !try_lock(&mut keeper, &name).await? {
                return Err(taken(&name));
            }
            let clause = match main.dialect() {
                Dialect::Postgres if like => dump::clause(&mut keeper, &main.database()).await?,
                _ => like_main(&mut keeper, main).await?,
            };
            match create_on(&mut keeper, &name, &clause).await {
                Ok(true) => Ok(()),
                Ok(false) => Err(taken(&name)),
                Err(Error::Server { error, .. }) => {
                    Err(Error::Server { doing: "creating the shadow database", error })
                }
                Err(error) => Err(error),
            }
        }
        .await;
        match made {
            Ok(()) => Ok(Self { keeper, url: main.with_database(&name), name }),
            Err(error) => {
                keeper.close().await;
                Err(error)
            }
        }
    }

    /// A session on it; that it is on it is asked of the server.
    pub(super) async fn open(
        &self,
        table: &str,
        options: &SessionOptions,
    ) -> Result<Session, Error> {
        let mut conn = Conn::connect(&self.url).await?;
        let made = create_schemas(&mut conn, &self.url, options).await;
        conn.close().await;
        made?;
        let mut session = Session::open(&self.url, table, options).await?;
        lock::settle_settings(&mut session).await?;
        if session.server().database == self.name {
            return Ok(session);
        }
        let id = session.server().database.clone();
        session.close().await;
        Err(Error::Id { id, problem: format!("answers in place of the shadow {}", self.name) })
    }

    /// Where it is.
    pub(crate) const fn url(&self) -> &DbUrl {
        &self.url
    }

    /// A connection to its server, on another database.
    pub(crate) const fn keeper(&mut self) -> &mut Conn {
        &mut self.keeper
    }

    /// Gives the lock up and leaves the database, which has another name now.
    pub(crate) async fn forget(self) {
        self.keeper.close().await;
    }

    /// Drops it and gives the lock up.
    pub(crate) async fn drop(self) -> Result<(), Error> {
        let Self { mut keeper, name, .. } = self;
        let dropped = drop_on(&mut keeper, &name).await;
        keeper.close().await;
        dropped.map(drop)
    }
}

/// What a shadow's catalog depends on beside what runs there: the server, and what new tables take
/// from it.
pub(super) async fn identity(main: &DbUrl, options: &ShadowOptions) -> Result<String, Error> {
    let limit = options.session.connect_timeout;
    let mut conn = match &options.url {
        _ if main.dialect() == Dialect::Sqlite => Conn::connect(&DbUrl::memory()).await?,
        Some(url) => Conn::connect(url).await?,
        None => maintenance(main, limit).await?,
    };
    let sql = match main.dialect() {
        Dialect::Sqlite => "SELECT sqlite_version()",
        Dialect::Postgres => "SELECT version(), getdatabaseencoding()",
        Dialect::Mysql => {
            "SELECT VERSION(), @@character_set_server, @@collation_server, @@sql_mode, \
             @@lower_case_table_names, @@explicit_defaults_for_timestamp"
        }
    };
    let failed = |error| Error::Server { doing: "asking the server what it is", error };
    let asked = async {
        let rows = conn.rows(sql).await.map_err(failed)?;
        let inherited = like_main(&mut conn, main).await?;
        let words: Vec<String> = rows.into_iter().flatten().flatten().collect();
        Ok(format!("{}\0{inherited}", words.join("\0")))
    }
    .await;
    conn.close().await;
    asked
}

/// The start of the names of one main database's shadows.
fn family(main: &DbUrl) -> String {
    let digest = Sha256::digest(format!("{}\0{}", main.host(), main.database()).as_bytes());
    let hash: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{PREFIX}_{hash}_")
}

fn taken(name: &str) -> Error {
    Error::Id { id: name.to_owned(), problem: "is there already".to_owned() }
}

/// Drops the shadows whose process is gone: the server has given up their locks.
async fn sweep(keeper: &mut Conn, family: &str) -> Result<(), Error> {
    let start = literal(Syntax::of(keeper.dialect()), family);
    let sql = match keeper.dialect() {
        Dialect::Postgres => format!(
            "SELECT datname::text FROM pg_catalog.pg_database \
             WHERE left(datname, {}) = {start}",
            family.len()
        ),
        _ => format!(
            "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA \
             WHERE left(SCHEMA_NAME, {}) = {start}",
            family.len()
        ),
    };
    let rows = keeper.rows(&sql).await.map_err(looking)?;
    for name in rows.into_iter().flatten().flatten() {
        if try_lock(keeper, &name).await? {
            // Another run may be dropping it too.
            let _ = drop_on(keeper, &name).await;
            unlock(keeper, &name).await?;
        }
    }
    Ok(())
}

async fn try_lock(keeper: &mut Conn, name: &str) -> Result<bool, Error> {
    let sql = match keeper.dialect() {
        Dialect::Postgres => format!("SELECT pg_catalog.pg_try_advisory_lock({})", key(name)),
        dialect => format!("SELECT GET_LOCK({}, 0)", literal(Syntax::of(dialect), name)),
    };
    let rows = keeper.rows(&sql).await.map_err(looking)?;
    let answer = rows.first().and_then(|row| row.first()?.as_deref());
    Ok(matches!(answer, Some("t" | "1")))
}

async fn unlock(keeper: &mut Conn, name: &str) -> Result<(), Error> {
    let sql = match keeper.dialect() {
        Dialect::Postgres => format!("SELECT pg_catalog.pg_advisory_unlock({})", key(name)),
        dialect => format!("SELECT RELEASE_LOCK({})", literal(Syntax::of(dialect), name)),
    };
    keeper.rows(&sql).await.map(drop).map_err(looking)
}

fn key(name: &str) -> i64 {
    let digest = Sha256::digest(format!("xtask-db shadow\0{name}").as_bytes());
    i64::from_be_bytes(std::array::from_fn(|at| digest[at]))
}

const fn looking(error: crate::DbError) -> Error {
    Error::Server { doing: "looking for shadow databases", error }
}

/// MySQL: the main database's character set and collation, which new tables inherit.
async fn like_main(keeper: &mut Conn, main: &DbUrl) -> Result<String, Error> {
    if keeper.dialect() != Dialect::Mysql {
        return Ok(String::new());
    }
    let name = literal(Syntax::of(Dialect::Mysql), &main.database());
    let sql = format!(
        "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME \
         FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = {name}"
    );
    let rows = keeper.rows(&sql).await.map_err(looking)?;
    Ok(match rows.first().map(Vec::as_slice) {
        Some([Some(charset), Some(collation)]) => format!(
            "CHARACTER SET {} COLLATE {}",
            ident(Dialect::Mysql, charset),
            ident(Dialect::Mysql, collation)
        ),
        _ => String::new(),
    })
}

/// The session may go on as another role, which owns nothing here.
fn grant(options: &SessionOptions, schema: &str) -> String {
    if options.session.is_empty() {
        return String::new();
    }
    format!("GRANT ALL ON SCHEMA {schema} TO PUBLIC; ")
}

/// Makes the schemas that a session's search path names: they are there before the history is.
async fn create_schemas(
    conn: &mut Conn,
    url: &DbUrl,
    options: &SessionOptions,
) -> Result<(), Error> {
    if conn.dialect() != Dialect::Postgres {
        return Ok(());
    }
    let failed = |error: DbError| Error::Server { doing: "making the shadow's schemas", error };
    let named = options.search_path.clone().or_else(|| url.schema());
    let path = match named {
        Some(path) => path,
        None => {
            let sql = "SELECT current_setting('search_path') WHERE current_schema() IS NULL";
            let rows = conn.rows(sql).await.map_err(failed)?;
            rows.into_iter().flatten().flatten().next().unwrap_or_default()
        }
    };
    let mut sql = String::new();
    for name in path.split(',').map(|name| name.trim().trim_matches('"')) {
        if name.is_empty() || name == "$user" || name.starts_with("pg_") {
            continue;
        }
        let name = ident(Dialect::Postgres, &name.replace("\"\"", "\""));
        let _ = write!(sql, "CREATE SCHEMA IF NOT EXISTS {name}; {}", grant(options, &name));
    }
    if !options.session.is_empty() {
        let database = ident(Dialect::Postgres, &url.database());
        let _ = write!(sql, "GRANT ALL ON DATABASE {database} TO PUBLIC; ");
        sql.push_str(&grant(options, "public"));
    }
    conn.run(&sql).await.map(drop).map_err(failed)
}
