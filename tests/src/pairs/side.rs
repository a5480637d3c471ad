//! One schema on a database of its own.

use std::path::Path;

use xtask_db_engine::{Scope, Session, SessionOptions, Silent, introspect, run_script};
use xtask_db_schema::{Catalog, Plan};

use super::text;
use crate::support::{Database, Kind};

const LEDGER: &str = "_xtask_db_migrations";

/// A database and what is in it.
pub(super) struct Side {
    database: Database,
}

/// What is in a database, by both readings.
pub(super) struct Found {
    pub(super) catalog: Catalog,
    pub(super) text: Vec<String>,
}

impl Side {
    /// Runs a schema on a fresh database; the server's words when it does not take it.
    pub(super) fn make(kind: Kind, folder: &Path, sql: &str) -> Result<Self, String> {
        let Some(database) = Database::fresh(kind, folder) else {
            return Err("there is no server".to_owned());
        };
        let side = Self { database };
        side.run(sql)?;
        Ok(side)
    }

    /// PostgreSQL: the schemas there are; on another server there is one.
    pub(super) fn schemas(&self) -> Vec<String> {
        if self.database.kind() != Kind::Postgres {
            return Vec::new();
        }
        let sql = "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' \
             AND nspname <> 'information_schema'";
        self.database.rows(sql).into_iter().flatten().flatten().collect()
    }

    pub(super) fn read(&self, schemas: &[String]) -> Result<Found, String> {
        let scope = Scope { schemas: schemas.to_vec(), ..Scope::default() };
        let catalog = block_on(async {
            let mut session = self.open().await?;
            let catalog = introspect(&mut session, &scope).await;
            session.close().await;
            catalog.map_err(|error| error.to_string())
        })?;
        Ok(Found { catalog, text: text::independent(&self.database) })
    }

    /// Runs a plan, a migration after the other.
    pub(super) fn apply(&self, plan: &Plan) -> Result<(), String> {
        for part in plan.parts() {
            let part = Plan { steps: part.to_vec() };
            self.run(&part.script())?;
        }
        Ok(())
    }

    /// Runs statements; the server's words when it does not take them.
    pub(super) fn run(&self, sql: &str) -> Result<(), String> {
        let ran = block_on(async {
            let mut session = self.open().await?;
            let ran = run_script(&mut session, "schema.sql", sql, &mut Silent).await;
            session.close().await;
            Ok(ran)
        })?;
        ran.map(drop).map_err(|error| match error {
            xtask_db_engine::Error::Failed(failure) => failure.error.to_string(),
            error => error.to_string(),
        })
    }

    async fn open(&self) -> Result<Session, String> {
        let options = SessionOptions::default();
        let opened = Session::open(self.database.url(), LEDGER, &options).await;
        opened.map_err(|error| error.to_string())
    }
}

fn block_on<T>(work: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(work)
}
