//! A database with a history deployed, and short questions to it.

use std::borrow::Cow;

use xtask_db_engine::{
    DbUrl, DeployOptions, Error, Inspection, Session, SessionOptions, Silent, deploy, inspect,
    run_script,
};
use xtask_db_history::{History, SqlFile};

pub(crate) const SILENT: Silent = Silent;

pub(crate) async fn open(url: &DbUrl, history: &History) -> Session {
    let options = SessionOptions::default();
    Session::open(url, &history.lock.table, &options).await.expect("a session")
}

/// A session on a database to which the history is deployed.
pub(crate) async fn deployed(url: &DbUrl, history: &History) -> Session {
    let mut session = open(url, history).await;
    let options = DeployOptions { keep_down: true, ..DeployOptions::default() };
    deploy(&mut session, history, &options, &mut Silent).await.expect("a deploy");
    session
}

/// A session on a database to which the history cannot be deployed, and why.
pub(crate) async fn failed(url: &DbUrl, history: &History) -> (Session, Error) {
    let mut session = open(url, history).await;
    let options = DeployOptions::default();
    let error = deploy(&mut session, history, &options, &mut Silent).await.expect_err("a failure");
    (session, error)
}

pub(crate) async fn look(session: &mut Session, history: &History) -> Inspection {
    inspect(session, history).await.expect("a look")
}

/// Runs a script; whether it went through.
pub(crate) async fn runs(session: &mut Session, sql: &str) -> bool {
    run_script(session, "test.sql", sql, &mut Silent).await.is_ok()
}

/// Adds a `down.sql` to a migration of a history.
pub(crate) fn with_down(mut history: History, at: usize, text: &str) -> History {
    let migration = &mut history.migrations[at];
    migration.down = Some(SqlFile {
        path: Cow::Owned(format!("migrations/{}/down.sql", migration.id)),
        text: Cow::Owned(text.to_owned()),
    });
    history
}

/// Removes a test's database.
pub(crate) async fn done(session: Session, url: &DbUrl) {
    session.close().await;
    let dropped = xtask_db_engine::drop(url, &SessionOptions::default()).await.expect("a drop");
    assert!(dropped, "{url} was there");
}

/// The facts of an `Error::Id`.
pub(crate) fn problem<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Id { id, problem }) => format!("{id}: {problem}"),
        other => panic!("{other:?} is no Error::Id"),
    }
}
