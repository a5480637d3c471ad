//! A database of its own for one test, dropped with it.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use sha2::{Digest as _, Sha256};

use super::client::{self, TextRow};
use super::each;
use crate::servers::{MARIADB_URL, PGBOUNCER_URL, POSTGRES_URL};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
    /// The same server behind PgBouncer in transaction mode.
    PgBouncer,
    /// A server.
    MariaDb,
}

impl Kind {
    /// The word for it in `migrations.lock`.
    #[must_use]
    pub const fn provider(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres | Self::PgBouncer => "postgresql",
            Self::MariaDb => "mysql",
        }
    }

    /// The variable that says where its server is.
    #[must_use]
    pub const fn variable(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(POSTGRES_URL),
            Self::PgBouncer => Some(PGBOUNCER_URL),
            Self::MariaDb => Some(MARIADB_URL),
        }
    }
}

/// An empty database.
#[derive(Debug)]
pub struct Database {
    kind: Kind,
    name: String,
    url: String,
    /// Where it is made and dropped, past any pooler; none for a file.
    admin: Option<String>,
}

impl Database {
    /// Makes one, or says that the test is skipped because there is no server.
    /// `folder` is where a file goes.
    ///
    /// # Panics
    /// The server that was named does not work.
    #[must_use]
    pub fn fresh(kind: Kind, folder: &Path) -> Option<Self> {
        let Some(variable) = kind.variable() else {
            let file = Self::file(folder);
            file.create();
            return Some(file);
        };
        let (Some(through), Some(admin)) = (url_of(variable), admin_url(kind)) else {
            each::skip(&format!("{variable} is not set"));
            return None;
        };
        Some(Self::on_server(kind, &through, admin))
    }

    /// A file in a folder, not made yet.
    #[must_use]
    pub fn file(folder: &Path) -> Self {
        let name = unused_name();
        let url = format!("sqlite:{}", folder.join(format!("{name}.db")).display());
        Self { kind: Kind::Sqlite, name, url, admin: None }
    }

    /// A database of a server, made past any pooler by the URL `admin`.
    ///
    /// # Panics
    /// The server does not work.
    #[must_use]
    pub fn on_server(kind: Kind, through: &str, admin: String) -> Self {
        let name = unused_name();
        let url = with_database(through, &name);
        let made = Self { kind, name, url, admin: Some(admin) };
        made.create();
        made
    }

    /// The same database through another server of its cluster. It is not dropped with the value.
    #[must_use]
    pub fn through(&self, server: &str) -> Self {
        let url = with_database(server, &self.name);
        Self { kind: self.kind, name: self.name.clone(), url, admin: None }
    }

    /// Another database of the same server. It is not dropped with the value.
    #[must_use]
    pub fn named(&self, name: &str) -> Self {
        let url = with_database(&self.direct_url(), name);
        Self { kind: self.kind, name: name.to_owned(), url, admin: None }
    }

    /// How the names of its throwaway databases start.
    ///
    /// # Panics
    /// It is a file.
    #[must_use]
    pub fn shadow_prefix(&self) -> String {
        let server = self.url.rsplit_once('@').map(|(_, rest)| rest).expect("a server");
        let host = server.split('/').next().unwrap_or(server);
        let digest = Sha256::digest(format!("{host}\0{}", self.name).as_bytes());
        let hash: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        format!("xdb_shadow_{hash}_")
    }

    /// The URL of the server's own database, where this one is made and dropped; a file's own.
    #[must_use]
    pub fn server_url(&self) -> String {
        self.admin.clone().unwrap_or_else(|| self.url.clone())
    }

    /// The database family.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Its name; for a file the stem.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its URL, with the password.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its URL past any pooler.
    #[must_use]
    pub fn direct_url(&self) -> String {
        self.admin.as_ref().map_or_else(|| self.url.clone(), |url| with_database(url, &self.name))
    }

    /// The URL's password.
    #[must_use]
    pub fn password(&self) -> Option<&str> {
        let (_, rest) = self.url.split_once("://")?;
        let (user, _) = rest.rsplit_once('@')?;
        user.split_once(':').map(|(_, password)| password)
    }

    /// Runs statements.
    ///
    /// # Panics
    /// One of them fails.
    pub fn execute(&self, sql: &str) {
        drop(self.rows(sql));
    }

    /// The rows of a query, every value as text.
    ///
    /// # Panics
    /// It fails.
    #[must_use]
    pub fn rows(&self, sql: &str) -> Vec<TextRow> {
        match client::query(&self.direct_url(), sql) {
            Ok(rows) => rows,
            Err(error) => panic!("{sql}\n{error}"),
        }
    }

    /// What the server says against statements; none when it runs them.
    #[must_use]
    pub fn refusal(&self, sql: &str) -> Option<String> {
        client::query(&self.direct_url(), sql).err().map(|error| error.to_string())
    }

    /// The first column of a query, NULL as `NULL`.
    #[must_use]
    pub fn column(&self, sql: &str) -> Vec<String> {
        let rows = self.rows(sql).into_iter();
        rows.map(|row| row.into_iter().next().flatten().unwrap_or_else(|| "NULL".into())).collect()
    }

    /// The one value of a query, NULL as `NULL`.
    ///
    /// # Panics
    /// It has another number of rows.
    #[must_use]
    pub fn value(&self, sql: &str) -> String {
        let mut column = self.column(sql);
        assert_eq!(column.len(), 1, "{sql} returned {column:?}");
        column.remove(0)
    }

    /// Whether there is such a table.
    #[must_use]
    pub fn has_table(&self, table: &str) -> bool {
        let sql = match self.kind {
            Kind::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
            Kind::Postgres | Kind::PgBouncer => {
                "SELECT table_name FROM information_schema.tables \
                 WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
            }
            Kind::MariaDb => {
                "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
            }
        };
        self.column(sql).iter().any(|name| name == table)
    }

    /// Drops the database and makes it again.
    pub fn recreate(&self) {
        self.remove();
        self.create();
    }

    /// Drops the database if it is there.
    pub fn remove(&self) {
        let Some(admin) = &self.admin else {
            let path = self.url.trim_start_matches("sqlite:");
            for end in ["", "-wal", "-shm", "-journal"] {
                drop(std::fs::remove_file(format!("{path}{end}")));
            }
            return;
        };
        let force = if self.kind == Kind::MariaDb { "" } else { " WITH (FORCE)" };
        drop(client::query(admin, &format!("DROP DATABASE IF EXISTS {}{force}", self.name)));
    }

    /// Leaves it where it is: on PostgreSQL dropping one writes every other to the disk, which a
    /// measurement would feel.
    pub fn leave(mut self) {
        self.admin = None;
    }

    /// Runs statements on the server's own database, e.g. to make a user.
    ///
    /// # Panics
    /// One of them fails, or this is a file.
    #[must_use]
    pub fn server_rows(&self, sql: &str) -> Vec<TextRow> {
        let Some(admin) = &self.admin else { panic!("a file has no server") };
        client::query(admin, sql).unwrap_or_else(|error| panic!("{sql}\n{error}"))
    }

    /// Makes it, empty.
    ///
    /// # Panics
    /// It cannot be made.
    pub fn create(&self) {
        let Some(admin) = &self.admin else {
            let path = self.url.trim_start_matches("sqlite:");
            std::fs::write(path, "").unwrap_or_else(|error| panic!("{path}: {error}"));
            return;
        };
        let sql = match self.kind {
            Kind::MariaDb => format!("CREATE DATABASE {} CHARACTER SET utf8mb4", self.name),
            _ => format!("CREATE DATABASE {}", self.name),
        };
        if let Err(error) = client::query(admin, &sql) {
            panic!("{sql}\n{error}");
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.admin.is_some() {
            self.remove();
        }
    }
}

fn unused_name() -> String {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("xdbt_{}_{number}", std::process::id())
}

/// The same server, another database.
#[must_use]
pub(super) fn with_database(url: &str, name: &str) -> String {
    let (head, query) = url.split_once('?').map_or((url, None), |(h, q)| (h, Some(q)));
    let (scheme, rest) = head.split_once("://").unwrap_or(("", head));
    let server = rest.split('/').next().unwrap_or(rest);
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    format!("{scheme}://{server}/{name}{query}")
}

fn admin_url(kind: Kind) -> Option<String> {
    match kind {
        Kind::Sqlite => None,
        Kind::Postgres | Kind::PgBouncer => url_of(POSTGRES_URL),
        Kind::MariaDb => url_of(MARIADB_URL),
    }
}

fn url_of(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|url| !url.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_pointed_at_another_database() {
        fn check(url: &str, expected: &str) {
            assert_eq!(with_database(url, "x"), expected);
        }
        check("postgres://u:p@h:1/postgres", "postgres://u:p@h:1/x");
        check("postgres://u:p@h:1", "postgres://u:p@h:1/x");
        check("mysql://u:p@h:1/mysql?a=b", "mysql://u:p@h:1/x?a=b");
    }

    #[test]
    fn every_value_is_text_on_each_database() {
        let folder = tempfile::tempdir().expect("a folder");
        for kind in [Kind::Sqlite, Kind::Postgres, Kind::PgBouncer, Kind::MariaDb] {
            let Some(database) = Database::fresh(kind, folder.path()) else { continue };
            database.execute("CREATE TABLE t (a INTEGER, b VARCHAR(9), c TIMESTAMP NULL)");
            database.execute("INSERT INTO t VALUES (1, 'one', NULL), (2, NULL, NULL)");
            assert_eq!(database.column("SELECT b FROM t ORDER BY a"), ["one", "NULL"], "{kind:?}");
            assert_eq!(database.value("SELECT a FROM t WHERE b = 'one'"), "1", "{kind:?}");
            assert_eq!(database.value("SELECT COUNT(*) FROM t WHERE c IS NULL"), "2", "{kind:?}");
            assert!(database.has_table("t") && !database.has_table("u"), "{kind:?}");
            assert!(database.refusal("SELECT nothing FROM t").is_some(), "{kind:?}");
            database.recreate();
            assert!(!database.has_table("t"), "{kind:?}");
        }
    }
}
