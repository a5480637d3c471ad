//! A database with a schema, read and led to another one.

use std::path::Path;

use xtask_db_engine::{Scope, Session, SessionOptions, Silent, introspect, run_script};
use xtask_db_schema::{Catalog, Plan, PlanOptions};
use xtask_db_tests::pairs::independent;
use xtask_db_tests::support::{Database, Kind};

const LEDGER: &str = "_xtask_db_migrations";

/// A database of its own; none where there is no server.
pub(crate) fn database(schema: &str) -> Option<Database> {
    let database = Database::fresh(Kind::MariaDb, Path::new(""))?;
    run(&database, schema);
    Some(database)
}

/// Runs statements as a migration's are run.
pub(crate) fn run(database: &Database, sql: &str) {
    run_as(database, sql, &SessionOptions::default());
}

pub(crate) fn run_as(database: &Database, sql: &str, options: &SessionOptions) {
    on(database, options, async |session| {
        let ran = run_script(session, "schema.sql", sql, &mut Silent).await;
        ran.unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    });
}

pub(crate) fn read(database: &Database) -> Catalog {
    read_as(database, &Scope::default(), &SessionOptions::default())
}

pub(crate) fn read_as(database: &Database, scope: &Scope, options: &SessionOptions) -> Catalog {
    on(database, options, async |session| introspect(session, scope).await.expect("a catalog"))
}

/// Leads a database to a schema, looks that it got there by both readings, and gives the plan.
pub(crate) fn lead(database: &Database, schema: &str) -> Plan {
    let wanted = self::database(schema).expect("a server");
    let to = read(&wanted);
    let plan = read(database).plan(&to, &PlanOptions::default()).expect("a plan");
    run(database, &plan.script());
    let rest = read(database).plan(&to, &PlanOptions::default()).expect("a plan");
    assert_eq!(rest.script(), "", "after\n{}", plan.script());
    assert_eq!(independent(database), independent(&wanted), "after\n{}", plan.script());
    plan
}

fn on<T>(
    database: &Database,
    options: &SessionOptions,
    work: impl AsyncFnOnce(&mut Session) -> T,
) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let mut session = Session::open(database.url(), LEDGER, options).await.expect("a session");
        let done = work(&mut session).await;
        session.close().await;
        done
    })
}
