//! What is to be applied, and where an interrupted migration goes on.

use std::collections::BTreeSet;

use xtask_db_history::{History, Migration, MigrationId, Row};

use crate::apply::{Job, Journal, Way, not_again, resumable};
use crate::backfill::{BackfillText, waits_for};
use crate::{DeployOptions, Error, Inspection, Session, WaitsFor, ledger};

/// A migration to apply.
#[derive(Debug)]
pub(super) struct Pending<'a> {
    pub(super) migration: &'a Migration,
    /// Where it goes on.
    pub(super) resume: Option<Journal>,
}

/// What is to be applied now.
#[derive(Debug)]
pub(super) struct Todo<'a> {
    pub(super) now: Vec<Pending<'a>>,
    /// The first migration that waits for a backfill; it and what follows is left for later.
    pub(super) waiting: Option<WaitsFor>,
}

/// The migrations to apply, in order. Each is split once, so that a fault in the last one is
/// found before the first one runs.
pub(super) async fn pending<'a>(
    session: &mut Session,
    history: &'a History,
    seen: &Inspection,
    options: &DeployOptions,
) -> Result<Todo<'a>, Error> {
    let (mut todo, mut waiting) = (Vec::new(), None);
    let wanted = wanted(history, seen, options)?;
    for migration in &history.migrations {
        let unfinished = unfinished(seen, &migration.id);
        if !wanted.contains(&migration.id) && unfinished.is_none() {
            continue;
        }
        if let Some(to) = &options.to
            && migration.id > *to
        {
            break;
        }
        let job = Job::read(Some(&migration.id), &migration.up, session.syntax())?;
        if let Some(backfill) = waits_for(history, &seen.ledger, migration, &job.script)? {
            let id = migration.id.clone();
            waiting = Some(WaitsFor { id, backfill });
            break;
        }
        BackfillText::read(migration, session.syntax())?;
        if let Some(verify) = &migration.verify {
            Job::read(Some(&migration.id), verify, session.syntax())?;
        }
        let resume = match unfinished {
            Some(row) => match resume(session, seen, migration, row, options).await? {
                Some(journal) => Some(journal),
                None => continue,
            },
            None => {
                repeat(seen, migration, options)?;
                None
            }
        };
        todo.push(Pending { migration, resume });
    }
    refuse_drafts(history, &todo, options)?;
    Ok(Todo { now: todo, waiting })
}

/// The ids to apply; `--to` must name one of the history.
fn wanted(
    history: &History,
    seen: &Inspection,
    options: &DeployOptions,
) -> Result<BTreeSet<MigrationId>, Error> {
    if let Some(to) = &options.to
        && history.get(to).is_none()
    {
        return Err(Error::Id { id: to.to_string(), problem: "is not on disk".to_owned() });
    }
    let survey = &seen.survey;
    Ok(survey.pending.iter().chain(&survey.out_of_order).cloned().collect())
}

fn unfinished<'a>(seen: &'a Inspection, id: &MigrationId) -> Option<&'a Row> {
    let survey = &seen.survey;
    let all = survey.failed.iter().chain(&survey.running);
    all.map(|unfinished| &unfinished.row).find(|row| row.name == id.as_str())
}

/// Where an unfinished migration goes on, when that is known; none when another deployer has ended
/// it since the ledger was read: SQLite's lock is not held meanwhile.
async fn resume(
    session: &mut Session,
    seen: &Inspection,
    migration: &Migration,
    row: &Row,
    options: &DeployOptions,
) -> Result<Option<Journal>, Error> {
    let Some(journal) = resumable(session, Way::Up, &row.row_id).await? else {
        if ledger::is_current(session, &row.row_id).await? {
            return Ok(None);
        }
        // Another tool's row: it says that something failed, not where.
        return Err(Error::Conflict(Box::new(seen.survey.clone())));
    };
    refuse_repeat(migration, row, options)?;
    Ok(Some(journal))
}

/// The last attempt failed, and the same text would fail again.
fn repeat(seen: &Inspection, migration: &Migration, options: &DeployOptions) -> Result<(), Error> {
    match seen.survey.rolled_back.iter().find(|failed| failed.id == migration.id) {
        Some(failed) => refuse_repeat(migration, &failed.row, options),
        None => Ok(()),
    }
}

fn refuse_repeat(migration: &Migration, row: &Row, options: &DeployOptions) -> Result<(), Error> {
    if options.retry { Ok(()) } else { not_again(migration, row) }
}

fn refuse_drafts(
    history: &History,
    todo: &[Pending<'_>],
    options: &DeployOptions,
) -> Result<(), Error> {
    if options.drafts {
        return Ok(());
    }
    let ids = todo.iter().map(|pending| &pending.migration.id);
    let drafts: Vec<_> = ids.filter(|id| history.lock.sealed(id).is_none()).cloned().collect();
    if drafts.is_empty() { Ok(()) } else { Err(Error::Drafts(drafts)) }
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use xtask_db_history::{Checksum, Entry, LockFile, Sealed, SqlFile};
    use xtask_db_sql::{Dialect, Syntax};

    use super::*;
    use crate::{DbUrl, SessionOptions, Silent, create, deploy, inspect, run_script};

    fn history(text: &'static str) -> History {
        let mut lock = LockFile::new(Dialect::Sqlite, "ledger");
        let migration = Migration {
            id: "1_m".parse().expect("an id"),
            checksum: Checksum::of(text),
            up: SqlFile { path: "migration.sql".into(), text: text.into() },
            down: None,
            verify: None,
            backfill: None,
            readme: None,
        };
        lock.put(Entry::Sealed(Sealed::of(&migration, Syntax::of(Dialect::Sqlite))));
        History { migrations: vec![migration], lock }
    }

    #[tokio::test]
    async fn what_another_ended_after_the_look_is_no_conflict() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = DbUrl::parse("sqlite:a.db", folder.path()).expect("a url");
        let settings = SessionOptions::default();
        create(&url, &settings).await.expect("a file");
        let history = history("-- xtask-db: no-transaction\nINSERT INTO missing VALUES (1);");
        let mut session = Session::open(&url, "ledger", &settings).await.expect("a session");
        let options = DeployOptions { retry: true, ..DeployOptions::default() };
        let failed = deploy(&mut session, &history, &options, &mut Silent).await;
        assert!(matches!(failed, Err(Error::Failed(_))), "{failed:?}");
        let seen = inspect(&mut session, &history).await.expect("a look");
        let todo = pending(&mut session, &history, &seen, &options).await.expect("one");
        assert_eq!(todo.now.len(), 1);
        let fix = "CREATE TABLE missing (id INT);";
        run_script(&mut session, "fix.sql", fix, &mut Silent).await.expect("a table");
        deploy(&mut session, &history, &options, &mut Silent).await.expect("the end");
        let left = pending(&mut session, &history, &seen, &options).await.expect("no conflict");
        assert!(left.now.is_empty(), "{left:?}");
        session.close().await;
    }
}
