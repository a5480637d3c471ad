//! A database that the user set aside as shadow, where the role may not create one.
//!
//! Invariant: it is emptied only when it was empty, or a shadow left it so: a mark says which.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use xtask_db_sql::{Dialect, ident};

use crate::reset::{self, Keep};
use crate::{DbUrl, Error, Session, ShadowOptions, catalog, lock};

/// The table that says that a database is a shadow.
const MARK: &str = "_xtask_db_shadow";
/// How long another run on the same shadow is waited for.
const WAIT_MAX: Duration = Duration::from_secs(120);
/// The pause between two tries.
const POLL: Duration = Duration::from_millis(200);

/// A database in use as shadow, empty at first.
pub(super) struct Given {
    kept: Kept,
}

/// PostgreSQL: schemas and extensions that were there when the database was set aside, as kind
/// and name. What a history makes of these kinds goes with it.
type Kept = BTreeSet<(String, String)>;

impl Given {
    /// Proves that the database is a shadow, waits for other runs on it, and empties it.
    pub(super) async fn take(
        url: &DbUrl,
        table: &str,
        options: &ShadowOptions,
    ) -> Result<(Session, Self), Error> {
        let mut session = Session::open(url, table, &options.session).await?;
        let ready = async {
            lock::settle_settings(&mut session).await?;
            wait(&mut session).await?;
            let kept = prove(&mut session, url).await?;
            clear(&mut session, &kept).await?;
            Ok(kept)
        }
        .await;
        match ready {
            Ok(kept) => Ok((session, Self { kept })),
            Err(error) => {
                session.close().await;
                Err(error)
            }
        }
    }

    /// Empties it again.
    pub(super) async fn leave(self, mut session: Session) -> Result<(), Error> {
        let cleared = clear(&mut session, &self.kept).await;
        session.close().await;
        cleared
    }
}

/// The lock of the session ends with it.
async fn wait(session: &mut Session) -> Result<(), Error> {
    let sql = match session.dialect() {
        // The letters of `xdbshado`, a key of its own in this database.
        Dialect::Postgres => {
            "SELECT pg_catalog.pg_try_advisory_lock(8675182353083621487)".to_owned()
        }
        _ => "SELECT GET_LOCK(left(concat('xdb_shadow_', md5(DATABASE())), 60), 0)".to_owned(),
    };
    let start = Instant::now();
    loop {
        let rows = session.read("taking the shadow", &sql).await?;
        let answer = rows.first().and_then(|row| row.first()?.as_deref());
        if matches!(answer, Some("t" | "1")) {
            return Ok(());
        }
        let waited = start.elapsed();
        if waited >= WAIT_MAX {
            return Err(Error::LockTimeout { waited, holder: None });
        }
        tokio::time::sleep(POLL).await;
    }
}

/// It carries the mark, or holds nothing and gets it. Returns what was there when it got it.
async fn prove(session: &mut Session, url: &DbUrl) -> Result<Kept, Error> {
    let relations = catalog::relations(session).await?;
    if relations.iter().any(|name| name == MARK) {
        let sql = format!("SELECT kind, name FROM {}", mark(session));
        return pairs(session, &sql).await;
    }
    let kept = present(session).await?;
    let schemas = of_kind(&kept, "schema");
    let found = reset::listed(session, &schemas, &Keep::only(&[])).await?;
    if found.is_empty() {
        put_mark(session, &kept).await?;
        return Ok(kept);
    }
    Err(Error::Id {
        id: url.database(),
        problem: format!(
            "is no shadow database: it holds {} objects that no shadow left there, {} first",
            found.len(),
            found[0]
        ),
    })
}

/// The mark's name, quoted.
fn mark(session: &Session) -> String {
    let dialect = session.dialect();
    match &session.names.schema {
        Some(schema) => format!("{}.{}", ident(dialect, schema), ident(dialect, MARK)),
        None => ident(dialect, MARK),
    }
}

async fn put_mark(session: &mut Session, kept: &Kept) -> Result<(), Error> {
    let table = mark(session);
    let mut sql = format!(
        "CREATE TABLE IF NOT EXISTS {table} (kind VARCHAR(20) NOT NULL, \
         name VARCHAR(200) NOT NULL); DELETE FROM {table}"
    );
    for (kind, name) in kept {
        let (kind, name) = (session.lit(kind), session.lit(name));
        let _ = write!(sql, "; INSERT INTO {table} (kind, name) VALUES ({kind}, {name})");
    }
    session.tool("marking the shadow", &sql).await.map(drop)
}

/// Drops everything but the mark and what was there before; puts back what a history dropped.
async fn clear(session: &mut Session, kept: &Kept) -> Result<(), Error> {
    if session.dialect() != Dialect::Postgres {
        reset::empty(session, &[], &Keep::only(&[MARK])).await?;
        return put_mark(session, kept).await;
    }
    session.fresh().await?;
    let now = present(session).await?;
    let quoted = |name: &str| ident(Dialect::Postgres, name);
    let new: Vec<&(String, String)> = now.difference(kept).collect();
    for (_, name) in new.iter().filter(|(kind, _)| kind == "extension") {
        let sql = format!("DROP EXTENSION IF EXISTS {} CASCADE", quoted(name));
        session.tool("emptying the shadow", &sql).await?;
    }
    for (_, name) in new.iter().filter(|(kind, _)| kind == "schema") {
        let sql = format!("DROP SCHEMA IF EXISTS {} CASCADE", quoted(name));
        session.tool("emptying the shadow", &sql).await?;
    }
    for (kind, name) in kept.difference(&now) {
        let sql = format!("CREATE {kind} IF NOT EXISTS {}", quoted(name));
        session.tool("emptying the shadow", &sql).await?;
    }
    reset::empty(session, &of_kind(kept, "schema"), &Keep::only(&[MARK])).await?;
    put_mark(session, kept).await
}

fn of_kind(kept: &Kept, kind: &str) -> Vec<String> {
    kept.iter().filter(|(of, _)| of == kind).map(|(_, name)| name.clone()).collect()
}

/// PostgreSQL: the schemas and extensions that are there.
async fn present(session: &mut Session) -> Result<Kept, Error> {
    if session.dialect() != Dialect::Postgres {
        return Ok(Kept::new());
    }
    let sql = "SELECT 'schema', n.nspname::text FROM pg_catalog.pg_namespace n \
         WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' \
         AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d \
         WHERE d.classid = 'pg_catalog.pg_namespace'::regclass AND d.objid = n.oid \
         AND d.deptype = 'e') \
         UNION ALL SELECT 'extension', extname::text FROM pg_catalog.pg_extension";
    pairs(session, sql).await
}

async fn pairs(session: &mut Session, sql: &str) -> Result<Kept, Error> {
    let rows = session.read("reading the shadow", sql).await?;
    let pair = |row: Vec<Option<String>>| {
        let mut row = row.into_iter();
        Some((row.next()??, row.next()??))
    };
    Ok(rows.into_iter().filter_map(pair).collect())
}
