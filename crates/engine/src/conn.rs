//! Connections of the three drivers behind one value. All text goes out as simple queries: sqlx
//! prepares bound ones with a Sync after Parse, which breaks behind transaction poolers.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
#[cfg(feature = "sqlite")]
use std::sync::atomic::Ordering;

use futures_util::future::FutureExt;
#[cfg(feature = "sqlite")]
use sqlx::Sqlite;
use sqlx::{
    AssertSqlSafe, Column, ColumnOrigin, ConnectOptions, Connection, Either, Executor, Row,
    SqlSafeStr, Statement, TypeInfo, raw_sql,
};

use crate::error::DbError;
use crate::{DbUrl, Error, Prepared, PreparedColumn, Target};
use xtask_db_sql::Dialect;

/// A row of a tool's own query: every value as the server's text.
pub(crate) type TextRow = Vec<Option<String>>;

/// One connection.
#[derive(Debug)]
pub(crate) enum Conn {
    #[cfg(feature = "postgres")]
    Postgres(Box<sqlx::PgConnection>),
    #[cfg(feature = "mysql")]
    Mysql(Box<sqlx::MySqlConnection>),
    #[cfg(feature = "sqlite")]
    Sqlite(Box<sqlx::SqliteConnection>),
    #[cfg(feature = "sqlite")]
    Pooled(Box<Lent>),
}

/// An SQLite connection of the application's pool. It goes back when its settings were restored;
/// otherwise it is closed, for it may be in the middle of a transaction.
#[cfg(feature = "sqlite")]
#[derive(Debug)]
pub(crate) struct Lent {
    conn: sqlx::pool::PoolConnection<Sqlite>,
    pub(crate) restored: bool,
}

#[cfg(feature = "sqlite")]
impl Drop for Lent {
    fn drop(&mut self) {
        if !self.restored {
            self.conn.close_on_drop();
        }
    }
}

/// Runs one expression for whichever driver the connection is of.
macro_rules! each {
    ($conn:expr, $name:ident => $body:expr) => {
        match $conn {
            #[cfg(feature = "postgres")]
            Conn::Postgres($name) => {
                let $name = &mut **$name;
                $body
            }
            #[cfg(feature = "mysql")]
            Conn::Mysql($name) => {
                let $name = &mut **$name;
                $body
            }
            #[cfg(feature = "sqlite")]
            Conn::Sqlite($name) => {
                let $name = &mut **$name;
                $body
            }
            #[cfg(feature = "sqlite")]
            Conn::Pooled($name) => {
                let $name = &mut *$name.conn;
                $body
            }
            #[cfg(not(any(feature = "postgres", feature = "mysql", feature = "sqlite")))]
            _ => unreachable!("a connection needs a driver"),
        }
    };
}

impl Conn {
    /// Connects by URL. SQLite files are not created.
    pub(crate) async fn connect(url: &DbUrl) -> Result<Self, Error> {
        let refused = |error: sqlx::Error| Error::Connect {
            host: url.host(),
            error: DbError::from_connect(&error),
        };
        match url.dialect() {
            #[cfg(feature = "postgres")]
            Dialect::Postgres => {
                let conn = url.postgres_options().connect().await.map_err(refused)?;
                Ok(Self::Postgres(Box::new(conn)))
            }
            #[cfg(feature = "mysql")]
            Dialect::Mysql => {
                let conn = url.mysql_options().connect().await.map_err(refused)?;
                Ok(Self::Mysql(Box::new(conn)))
            }
            #[cfg(feature = "sqlite")]
            Dialect::Sqlite => {
                let conn = url.sqlite_options().connect().await.map_err(refused)?;
                Ok(Self::Sqlite(Box::new(conn)))
            }
            #[cfg(not(all(feature = "postgres", feature = "mysql", feature = "sqlite")))]
            dialect => Err(Error::NoDriver { dialect }),
        }
    }

    /// A connection of a target: by URL, or one taken from the application's pool.
    pub(crate) async fn of(target: &Target) -> Result<Self, Error> {
        match target {
            Target::Url(url) => Self::connect(url).await,
            Target::Text(text) => {
                let base = std::path::Path::new("");
                Self::connect(&DbUrl::parse(text, base)?).await
            }
            #[cfg(feature = "postgres")]
            Target::Postgres(pool) => {
                let conn = pool.acquire().await.map_err(|error| from_pool(&error))?;
                Ok(Self::Postgres(Box::new(conn.detach())))
            }
            #[cfg(feature = "mysql")]
            Target::Mysql(pool) => {
                let conn = pool.acquire().await.map_err(|error| from_pool(&error))?;
                Ok(Self::Mysql(Box::new(conn.detach())))
            }
            #[cfg(feature = "sqlite")]
            Target::Sqlite(pool) => {
                let conn = pool.acquire().await.map_err(|error| from_pool(&error))?;
                Ok(Self::Pooled(Box::new(Lent { conn, restored: false })))
            }
        }
    }

    /// A connection of a PostgreSQL target that brings a setting along.
    pub(crate) async fn tagged(target: &Target, name: &str, value: &str) -> Result<Self, Error> {
        #[cfg(feature = "postgres")]
        {
            let options = match target {
                Target::Url(url) => Some(url.postgres_options()),
                Target::Postgres(pool) => Some(pool.connect_options().as_ref().clone()),
                _ => None,
            };
            if let Some(options) = options {
                let conn = options.options([(name, value)]).connect().await;
                return conn.map(|conn| Self::Postgres(Box::new(conn))).map_err(|error| {
                    let error = DbError::from_connect(&error);
                    Error::Connect { host: "the server".to_owned(), error }
                });
            }
        }
        let _ = (name, value);
        Self::of(target).await
    }

    /// The dialect of the driver.
    pub(crate) const fn dialect(&self) -> Dialect {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Dialect::Postgres,
            #[cfg(feature = "mysql")]
            Self::Mysql(_) => Dialect::Mysql,
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) | Self::Pooled(_) => Dialect::Sqlite,
            #[cfg(not(any(feature = "postgres", feature = "mysql", feature = "sqlite")))]
            _ => unreachable!(),
        }
    }

    /// Runs one or more statements as one simple query; rows are read and dropped. Returns how
    /// many rows were changed.
    pub(crate) async fn run(&mut self, sql: &str) -> Result<u64, DbError> {
        each!(self, conn => conn
            .execute(raw_sql(AssertSqlSafe(sql)))
            .boxed()
            .await
            .map(|done| done.rows_affected())
            .map_err(|error| DbError::from_statement(&error, sql)))
    }

    /// Runs a query and reads its rows.
    pub(crate) async fn rows(&mut self, sql: &str) -> Result<Vec<TextRow>, DbError> {
        each!(self, conn => {
            let rows = conn.fetch_all(raw_sql(AssertSqlSafe(sql))).boxed().await;
            let rows = rows.map_err(|error| DbError::from_statement(&error, sql))?;
            rows.iter()
                .map(|row| (0..row.len()).map(|at| row.try_get_unchecked(at)).collect())
                .collect::<Result<_, sqlx::Error>>()
                .map_err(|error| DbError::from_statement(&error, sql))
        })
    }

    /// What the server says of a query, which is not run; asked anew each time.
    pub(crate) async fn prepare(&mut self, sql: &str) -> Result<Prepared, DbError> {
        each!(self, conn => {
            let forgotten = conn.clear_cached_statements().boxed().await;
            forgotten.map_err(|error| DbError::from_statement(&error, sql))?;
            let text = AssertSqlSafe(sql).into_sql_str();
            let statement = conn.prepare(text).boxed().await;
            let statement = statement.map_err(|error| DbError::from_statement(&error, sql))?;
            let columns = statement.columns().iter().map(|column| PreparedColumn {
                name: column.name().to_owned(),
                type_name: column.type_info().name().to_owned(),
                origin: match column.origin() {
                    ColumnOrigin::Table(of) => Some((of.table.to_string(), of.name.to_string())),
                    _ => None,
                },
            });
            let parameters = match statement.parameters() {
                Some(Either::Left(types)) => types.len(),
                Some(Either::Right(count)) => count,
                None => 0,
            };
            Ok(Prepared { columns: columns.collect(), parameters })
        })
    }

    /// SQLite: makes the running statement stop once the flag is set. Other servers are told
    /// through a second connection.
    pub(crate) async fn watch(&mut self, flag: &Arc<AtomicBool>) {
        #[cfg(feature = "sqlite")]
        if let Self::Sqlite(conn) = self {
            watch_sqlite(conn, flag).await;
        } else if let Self::Pooled(lent) = self {
            watch_sqlite(&mut lent.conn, flag).await;
        }
        #[cfg(not(feature = "sqlite"))]
        let _ = flag;
    }

    /// Ends the connection of a session; a pool's gets back what `restore` sets, and goes back.
    pub(crate) async fn end(self, restore: &str) {
        #[cfg(feature = "sqlite")]
        if let Self::Pooled(lent) = self {
            return give_back(*lent, restore).await;
        }
        let _ = restore;
        self.close().await;
    }

    /// Ends the connection; a pool's is closed unless its settings were restored.
    pub(crate) async fn close(self) {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres(conn) => drop(conn.close().await),
            #[cfg(feature = "mysql")]
            Self::Mysql(conn) => drop(conn.close().await),
            #[cfg(feature = "sqlite")]
            Self::Sqlite(conn) => drop(conn.close().await),
            #[cfg(feature = "sqlite")]
            Self::Pooled(_) => {}
        }
    }
}

/// How many virtual machine instructions of SQLite run between two looks at the flag.
#[cfg(feature = "sqlite")]
const SQLITE_OPS_PER_LOOK: i32 = 10_000;

#[cfg(feature = "sqlite")]
async fn watch_sqlite(conn: &mut sqlx::SqliteConnection, flag: &Arc<AtomicBool>) {
    let flag = Arc::clone(flag);
    if let Ok(mut handle) = conn.lock_handle().await {
        handle.set_progress_handler(SQLITE_OPS_PER_LOOK, move || !flag.load(Ordering::Relaxed));
    }
}

/// Restores the settings of a pool's connection; one that cannot be restored is closed by its drop.
#[cfg(feature = "sqlite")]
async fn give_back(lent: Lent, restore: &str) {
    let mut pooled = Conn::Pooled(Box::new(lent));
    // A run that was cut short may have left one, where the settings could not be changed.
    let _ = pooled.run("ROLLBACK").await;
    if let Conn::Pooled(lent) = &mut pooled
        && let Ok(mut handle) = lent.conn.lock_handle().await
    {
        handle.remove_progress_handler();
    }
    let restored = pooled.run(restore).await.is_ok();
    if let Conn::Pooled(lent) = &mut pooled {
        lent.restored = restored;
    }
}

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
fn from_pool(error: &sqlx::Error) -> Error {
    Error::Connect { host: "the pool".to_owned(), error: DbError::from_connect(error) }
}
