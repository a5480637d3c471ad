//! Backfills on every server: whatever ends a runner, each key is done once, and what waits for
//! the backfill does not come before its end.

#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

mod gate;
mod once;
mod refused;
#[path = "../support/mod.rs"]
mod support;

use xtask_db_engine::{
    BackfillOptions, BackfillReport, DeployOptions, DeployReport, Error, Observer, Session,
    SessionOptions, Silent, Target, backfill, deploy, run_script,
};
use xtask_db_history::{Checksum, Entry, History, MigrationId, Sealed, SqlFile};
use xtask_db_sql::{Dialect, Syntax};

/// Every row is to be counted up once.
const COUNT_UP: &str = "-- xtask-db: batch t(id) 100\n\
    UPDATE t SET n = n + 1 WHERE id > :from AND id <= :to;";

/// The first migration is given a backfill, and a verify for it.
fn with_backfill(history: History, text: &str, verify: Option<&str>) -> History {
    with_backfill_at(history, 0, text, verify)
}

/// The same for any of them.
fn with_backfill_at(mut history: History, at: usize, text: &str, verify: Option<&str>) -> History {
    let file = |name: &str, text: &str| SqlFile {
        path: format!("migrations/1_m/{name}").into(),
        text: text.to_owned().into(),
    };
    let one = &mut history.migrations[at];
    one.backfill = Some(file("backfill.sql", text));
    one.verify = verify.map(|text| file("verify.sql", text));
    assert_eq!(one.backfill_checksum(), Some(Checksum::of(text)));
    let sealed = Sealed::of(one, Syntax::of(history.lock.provider));
    history.lock.put(Entry::Sealed(sealed));
    history
}

/// A table `t` with this many rows, made by the first migration.
fn table(rows: u32) -> String {
    let mut sql = "CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL);\n".to_owned();
    let ids: Vec<u32> = (0..rows).map(|at| at * 3).collect();
    for chunk in ids.chunks(500) {
        let values: Vec<String> = chunk.iter().map(|id| format!("({id}, 0)")).collect();
        sql.push_str(&format!("INSERT INTO t VALUES {};\n", values.join(", ")));
    }
    sql
}

async fn open(target: impl Into<Target>, history: &History) -> Session {
    Session::open(target, &history.lock.table, &SessionOptions::default()).await.expect("a session")
}

async fn deployed(session: &mut Session, history: &History) -> Result<DeployReport, Error> {
    deploy(session, history, &DeployOptions::default(), &mut Silent).await
}

fn first(history: &History) -> MigrationId {
    history.migrations[0].id.clone()
}

/// Small batches, so that there are many.
fn many_batches() -> BackfillOptions {
    let batch_time = std::time::Duration::from_millis(8);
    BackfillOptions { batch_time, ..BackfillOptions::default() }
}

async fn run(
    session: &mut Session,
    history: &History,
    observer: &mut dyn Observer,
) -> Result<BackfillReport, Error> {
    backfill(session, history, &first(history), &many_batches(), observer).await
}

async fn sql(session: &mut Session, text: &str) {
    run_script(session, "fix.sql", text, &mut Silent).await.expect("a script");
}

/// The query finds this number; a CHECK says so, for a script gives no rows back.
async fn expect(session: &mut Session, query: &str, expected: &str) {
    let temporary = if session.dialect() == Dialect::Mysql { "TEMPORARY" } else { "TEMP" };
    let sql = format!(
        "DROP TABLE IF EXISTS seen;\n\
         CREATE {temporary} TABLE seen (v VARCHAR(200), CHECK (v = '{expected}'));\n\
         INSERT INTO seen {query};"
    );
    let done = run_script(session, "expect.sql", &sql, &mut Silent).await;
    assert!(done.is_ok(), "{query} is not {expected}: {done:?}");
}
