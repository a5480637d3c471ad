//! Another process that acts in the middle of a run, and a question to a database afterwards.

use std::pin::Pin;

use xtask_db_engine::{DbUrl, Event, Observer, Session, SessionOptions, Silent, run_script};
use xtask_db_sql::Dialect;

/// What another process does at one moment of a run.
type Act = Box<dyn FnMut() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// Does something once, on a thread of its own and to its end, at one moment of a run.
pub(crate) struct Meanwhile {
    when: When,
    act: Option<Act>,
}

enum When {
    /// Before the migration of this number.
    Started(usize),
    /// Before a statement that starts so, one way or the other.
    Statement([String; 2]),
}

impl Meanwhile {
    pub(crate) fn started<F>(number: usize, act: F) -> Self
    where
        F: FnMut() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + 'static,
    {
        Self { when: When::Started(number), act: Some(Box::new(act)) }
    }

    pub(crate) fn statement<F>(one: &str, other: &str, act: F) -> Self
    where
        F: FnMut() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + 'static,
    {
        let starts = [one.to_owned(), other.to_owned()];
        Self { when: When::Statement(starts), act: Some(Box::new(act)) }
    }
}

impl Observer for Meanwhile {
    fn on(&mut self, event: Event<'_>) {
        let now = match (&self.when, &event) {
            (When::Started(at), Event::Started { number, .. }) => at == number,
            (When::Statement(starts), Event::Statement { sql, .. }) => {
                starts.iter().any(|start| sql.starts_with(start))
            }
            _ => false,
        };
        if now && let Some(mut act) = self.act.take() {
            std::thread::spawn(move || block_on(async move { act().await }))
                .join()
                .expect("the other did it");
        }
    }
}

/// Runs a future on a runtime of its own.
pub(crate) fn block_on(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(future);
}

/// A query's only value, as `verify.sql` would be refused for it: `Ok` when it is the one given.
pub(crate) async fn read_back(url: &DbUrl, query: &str, expected: &str) -> Result<(), String> {
    let options = SessionOptions::default();
    let mut session = Session::open(url, "read_back", &options).await.expect("a session");
    let temporary = if url.dialect() == Dialect::Mysql { "TEMPORARY" } else { "TEMP" };
    // The check fails on any other value; run_script gives no rows back.
    let sql = format!(
        "CREATE {temporary} TABLE read_back (v VARCHAR(200), CHECK (v = '{expected}'));\n\
         INSERT INTO read_back {query};"
    );
    let done = run_script(&mut session, "read_back.sql", &sql, &mut Silent).await;
    session.close().await;
    done.map(drop).map_err(|error| error.to_string())
}
