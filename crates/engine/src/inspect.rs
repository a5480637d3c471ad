//! Reads where a database stands, without changing it.

use std::collections::BTreeMap;

use xtask_db_history::{History, Row, Survey, survey};
use xtask_db_sql::Dialect;

use crate::{
    Error, ForeignLedger, Holder, Session, catalog, ddl, dump, foreign, ledger, lock, meta,
};

/// The ledger and what is beside it, as read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The ledger table exists.
    pub present: bool,
    /// Its rows, oldest first.
    pub rows: Vec<Row>,
    /// The meta table; empty when there is none. Large texts (`down:`, `journal:`) are left out.
    pub meta: BTreeMap<String, String>,
    /// Who holds the deploy lock now, when somebody does.
    pub holder: Option<Holder>,
    /// Somebody holds the deploy lock now.
    pub held: bool,
    /// Tables and views in the managed scope that are not the tool's own; counted only when the
    /// ledger is absent.
    pub objects: u64,
    /// Ledgers of other tools; looked for only when ours is absent.
    pub foreign: Vec<ForeignLedger>,
}

/// Where a database stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// The ledger.
    pub ledger: Ledger,
    /// Against the disk.
    pub survey: Survey,
}

impl Ledger {
    /// The environment marker.
    #[must_use]
    pub fn environment(&self) -> Option<&str> {
        self.meta.get("environment").map(String::as_str)
    }

    /// Objects and no ledger.
    #[must_use]
    pub fn unmanaged(&self) -> bool {
        !self.present && self.objects > 0
    }
}

/// Reads where a database stands. Creates nothing.
///
/// # Errors
/// The ledger cannot be read, or is none; the database is not the lock file's.
pub async fn inspect(session: &mut Session, history: &History) -> Result<Inspection, Error> {
    if session.dialect() != history.dialect() {
        return Err(Error::Provider { lock: history.dialect(), url: session.dialect() });
    }
    let ledger = read(session).await?;
    let survey = survey(history, &ledger.rows, ledger.held);
    Ok(Inspection { ledger, survey })
}

/// Reads the ledger and what is beside it.
pub(crate) async fn read(session: &mut Session) -> Result<Ledger, Error> {
    let ledger = read_once(session).await?;
    let unfinished = |row: &Row| row.finished_at.is_none() && row.rolled_back_at.is_none();
    if ledger.held || !ledger.rows.iter().any(unfinished) {
        return Ok(ledger);
    }
    // Its deployer may have come to the end between the two answers.
    read_once(session).await
}

/// In one question where all tables are there, as they nearly always are.
async fn read_once(session: &mut Session) -> Result<Ledger, Error> {
    let (rows, meta) = (ledger::select(session, ""), meta::select(session));
    let mut all = format!("{rows}; {meta}; {}", lock::select_holder(session));
    if session.dialect() == Dialect::Mysql {
        all = format!("{all}; {}", dump::select_unfinished());
    }
    let found = match session.look(&all).await {
        Ok(found) => found,
        Err(error) if ledger::undefined_table(&error) => return read_apart(session).await,
        Err(error) => return Err(ledger::unreadable(session, error)),
    };
    let (mut rows, mut meta, mut holder) = (Vec::new(), BTreeMap::new(), None);
    for row in found {
        match row.len() {
            1 if session.dialect() == Dialect::Mysql => {
                let file = row.into_iter().flatten().next().unwrap_or_default();
                return Err(dump::half_restored(session, file));
            }
            2 => meta.extend(meta::pair(row)),
            5 => holder = Some(lock::read_holder(row)),
            _ => rows.push(row),
        }
    }
    present(session, ledger::rows(rows), meta, holder)
}

/// Table by table.
async fn read_apart(session: &mut Session) -> Result<Ledger, Error> {
    dump::refuse_unfinished(session).await?;
    let rows = match ledger::read_rows(session).await? {
        Some(rows) => rows,
        None => {
            let absent = read_absent(session).await?;
            if absent.objects == 0 {
                return Ok(absent);
            }
            // Another deployer may have begun in between: its ledger is there before its objects.
            match ledger::read_rows(session).await? {
                Some(rows) => rows,
                None => return Ok(absent),
            }
        }
    };
    let meta = meta::read(session).await?;
    let holder = lock::holder(session).await?;
    present(session, rows, meta, holder)
}

fn present(
    session: &Session,
    rows: Vec<Row>,
    meta: BTreeMap<String, String>,
    holder: Option<Holder>,
) -> Result<Ledger, Error> {
    check_format(&meta)?;
    check_search_path(session, &meta)?;
    let held = holder.is_some();
    Ok(Ledger { present: true, rows, meta, holder, held, objects: 0, foreign: Vec::new() })
}

/// Without a ledger: what is there instead.
async fn read_absent(session: &mut Session) -> Result<Ledger, Error> {
    let relations = catalog::relations(session).await?;
    let objects = relations.iter().filter(|name| !session.names.is_own(name)).count() as u64;
    // The marker outlives a ledger that was dropped by hand.
    let meta = meta::read(session).await?;
    let foreign = foreign::among(&relations, &session.names.table);
    Ok(Ledger { meta, objects, foreign, ..Ledger::default() })
}

fn check_format(meta: &BTreeMap<String, String>) -> Result<(), Error> {
    match meta.get("format") {
        Some(found) if found.parse() != Ok(ddl::FORMAT) => {
            Err(Error::LedgerFormat { found: found.clone(), known: ddl::FORMAT })
        }
        _ => Ok(()),
    }
}

/// A migration that names tables without a schema would create them elsewhere.
fn check_search_path(session: &Session, meta: &BTreeMap<String, String>) -> Result<(), Error> {
    match (meta.get("search_path"), &session.search_path) {
        (Some(recorded), Some(now)) if recorded != now => {
            Err(Error::SearchPath { recorded: recorded.clone(), now: now.clone() })
        }
        _ => Ok(()),
    }
}
