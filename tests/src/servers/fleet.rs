//! All servers of a test run: those that were named, and those that are started for it.

use std::path::Path;
use std::time::Duration;

use sqlx::{Connection, MySqlConnection, PgConnection};

use super::{MariaDb, PgBouncer, Postgres, ServerError, Syncing};

/// Names a PostgreSQL server for the tests.
pub const POSTGRES_URL: &str = "XDB_TEST_POSTGRES_URL";
/// Names a MariaDB or MySQL server for the tests.
pub const MARIADB_URL: &str = "XDB_TEST_MARIADB_URL";
/// Names a PgBouncer in transaction mode, in front of the PostgreSQL server.
pub const PGBOUNCER_URL: &str = "XDB_TEST_PGBOUNCER_URL";

/// Names the nodes of a Galera cluster, three URLs with spaces between them.
pub const GALERA_URLS: &str = "XDB_TEST_GALERA_URLS";

/// The servers of one test run. Those that were started stop when it is dropped.
#[derive(Debug)]
pub struct Fleet {
    // Dropped in this order: the pooler before the server behind it.
    _pgbouncer: Option<PgBouncer>,
    _postgres: Option<Postgres>,
    _mariadb: Option<MariaDb>,
    variables: Vec<(&'static str, String)>,
}

impl Fleet {
    /// Takes the servers that `named` gives for a variable and starts the others under `target`.
    /// A pooler is started only in front of a server that is started here.
    ///
    /// # Errors
    /// A server that is needed cannot be started.
    pub fn start(
        target: &Path,
        syncing: Syncing,
        named: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ServerError> {
        let mut variables = Vec::new();
        let postgres = match named(POSTGRES_URL) {
            Some(url) => {
                variables.push((POSTGRES_URL, url));
                None
            }
            None => Some(Postgres::start(target, syncing)?),
        };
        let mut pgbouncer = None;
        if let Some(behind) = &postgres {
            let pooler = PgBouncer::start(target, behind)?;
            variables.push((POSTGRES_URL, behind.url()));
            variables.push((PGBOUNCER_URL, pooler.url(behind)));
            pgbouncer = Some(pooler);
        } else if let Some(url) = named(PGBOUNCER_URL) {
            variables.push((PGBOUNCER_URL, url));
        }
        let mariadb = match named(MARIADB_URL) {
            Some(url) => {
                variables.push((MARIADB_URL, url));
                None
            }
            None => Some(MariaDb::start(target, syncing)?),
        };
        if let Some(server) = &mariadb {
            variables.push((MARIADB_URL, server.url()));
        }
        let (_pgbouncer, _postgres, _mariadb) = (pgbouncer, postgres, mariadb);
        Ok(Self { _pgbouncer, _postgres, _mariadb, variables })
    }

    /// The variables that tell the tests where the servers are.
    #[must_use]
    pub fn variables(&self) -> &[(&'static str, String)] {
        &self.variables
    }
}

/// Whether a server accepts a connection.
pub(super) fn answers(url: &str, within: Duration) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let attempt = async {
        if url.starts_with("mysql:") {
            MySqlConnection::connect(url).await?.close().await
        } else {
            PgConnection::connect(url).await?.close().await
        }
    };
    let outcome = runtime.block_on(async { tokio::time::timeout(within, attempt).await });
    outcome.map_err(|_| "no answer".to_owned())?.map_err(|error| error.to_string())
}
