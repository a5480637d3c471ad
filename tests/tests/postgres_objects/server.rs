//! A database with a schema, read and led to another one.

use std::path::Path;

use xtask_db_engine::{Scope, Session, SessionOptions, Silent, introspect, run_script};
use xtask_db_schema::{Catalog, Online, PlanOptions};
use xtask_db_tests::pairs::independent;
use xtask_db_tests::support::{Database, Kind};

const LEDGER: &str = "_xtask_db_migrations";
/// The schemas that tests make beside the session's own.
const SCHEMAS: [&str; 3] = ["public", "app", "a b"];

/// A database of its own; none where there is no server.
pub(crate) fn database(schema: &str) -> Option<Database> {
    let database = Database::fresh(Kind::Postgres, Path::new(""))?;
    run(&database, schema);
    Some(database)
}

/// Runs statements as a migration's are run.
pub(crate) fn run(database: &Database, sql: &str) {
    on(database, async |session| {
        let ran = run_script(session, "schema.sql", sql, &mut Silent).await;
        ran.unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    });
}

pub(crate) fn read(database: &Database) -> Catalog {
    let schemas = SCHEMAS.iter().map(|&name| name.to_owned()).collect();
    let scope = Scope { schemas, ..Scope::default() };
    on(database, async |session| introspect(session, &scope).await.expect("a catalog"))
}

/// The script that leads from one schema to another: run there, and proved by both readings. Then
/// back the same way. Empty where there is no server.
#[track_caller]
pub(crate) fn led(from: &str, to: &str) -> String {
    let (Some(old), Some(new)) = (database(from), database(to)) else { return String::new() };
    let script = lead(&old, &new);
    let Some(original) = database(from) else { return script };
    lead(&new, &original);
    script
}

/// The script leads `old` to what `new` has, and has every one of these parts in this order.
#[track_caller]
pub(crate) fn check(from: &str, to: &str, parts: &[&str]) {
    let script = led(from, to);
    let mut rest = script.as_str();
    for part in parts {
        if script.is_empty() {
            return;
        }
        let Some((_, after)) = rest.split_once(part) else { panic!("no {part:?} in\n{script}") };
        rest = after;
    }
}

/// Leads a database to what another one has, and looks that it got there by both readings.
#[track_caller]
pub(crate) fn lead(old: &Database, new: &Database) -> String {
    let options = PlanOptions { online: Online::Never };
    let (from, to) = (read(old), read(new));
    let script = from.plan(&to, &options).expect("a plan").script();
    run(old, &script);
    for sql in from.reported(&to) {
        run(old, &sql);
    }
    let reached = read(old);
    let rest = reached.plan(&to, &options).expect("a plan");
    assert_eq!(rest.script(), "", "after\n{script}");
    assert_eq!(reached.fingerprint(), to.fingerprint(), "after\n{script}");
    assert_eq!(independent(old), independent(new), "after\n{script}");
    script
}

fn on<T>(database: &Database, work: impl AsyncFnOnce(&mut Session) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let options = SessionOptions::default();
        let mut session = Session::open(database.url(), LEDGER, &options).await.expect("a session");
        let done = work(&mut session).await;
        session.close().await;
        done
    })
}
