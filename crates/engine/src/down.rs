//! Reverts migrations, newest first.
//!
//! Invariant: a down text runs only while its migration is applied, and the row that says so
//! changes with it, in its transaction or behind its journal.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use xtask_db_history::{History, MigrationId, Row};
use xtask_db_sql::{DirectiveKind, Shape, split};

use crate::apply::{self, Book, Job, Patience, Ran, Way, resumable};
use crate::lock::{self, Held};
use crate::{
    Applied, DownOptions, DownReport, Error, Event, NoPrecaution, Observer, Precaution, Session,
    backfill, drift, inspect, meta, precaution, runs,
};

/// The start of the meta key that names a migration whose revert commits step by step and has not
/// come to its end.
const REVERTING: &str = "reverting:";

/// A migration to revert.
struct Revert<'a> {
    id: &'a MigrationId,
    row_id: String,
    path: String,
    text: String,
}

/// The text that reverts a migration: `down.sql`, else what the database kept when it applied it.
/// The first element names where it came from.
///
/// # Errors
/// The meta table cannot be read.
pub async fn down_text(
    session: &mut Session,
    history: &History,
    id: &str,
) -> Result<Option<(String, String)>, Error> {
    let on_disk = history.migrations.iter().find(|migration| migration.id.as_str() == id);
    if let Some(down) = on_disk.and_then(|migration| migration.down.as_ref()) {
        return Ok(Some((down.path.to_string(), down.text.to_string())));
    }
    let key = format!("down:{id}");
    let kept = meta::get(session, &key).await?;
    Ok(kept.map(|text| (format!("{key} in {}", crate::names::META_TABLE), text)))
}

/// Runs the down text of each id, in the order given (newest first), each in one transaction with
/// its ledger row where DDL can be rolled back. Every text is looked up before the first runs.
///
/// # Errors
/// `Error::Id` when one is not applied or has no down text; nothing was run then.
pub async fn down(
    session: &mut Session,
    history: &History,
    ids: &[MigrationId],
    options: &DownOptions,
    observer: &mut dyn Observer,
) -> Result<DownReport, Error> {
    down_after(session, history, ids, options, &mut NoPrecaution, observer).await
}

/// [`down`], with something done under the lock before the first statement.
///
/// # Errors
/// See [`down`]; `Error::Precaution` when that fails, and nothing was run.
pub async fn down_after(
    session: &mut Session,
    history: &History,
    ids: &[MigrationId],
    options: &DownOptions,
    precaution: &mut dyn Precaution,
    observer: &mut dyn Observer,
) -> Result<DownReport, Error> {
    let planned = plan(session, history, ids).await?;
    let mut report = DownReport::default();
    if options.dry_run || planned.is_empty() {
        for revert in &planned {
            let job = revert.job(session)?;
            let (id, statements) = (revert.id.clone(), job.len());
            report.reverted.push(Applied { id, statements, took: Duration::ZERO });
        }
        return Ok(report);
    }
    let mut held = lock::acquire(session, options.lock_wait, &options.actor, observer).await?;
    let started = Instant::now();
    let done = async {
        let seen = inspect(session, history).await?;
        precaution::take(session, &held, &seen.ledger, precaution, observer).await?;
        locked(session, history, ids, options, &mut held, &mut report, observer).await
    }
    .await;
    let names: Vec<&str> = report.reverted.iter().map(|applied| applied.id.as_str()).collect();
    let (outcome, detail) = match &done {
        Ok(()) => ("ok", names.join("\n")),
        Err(error) => ("failed", format!("{}\n{error}", names.join("\n"))),
    };
    let actor = &options.actor;
    let recorded = runs::write(session, &held, actor, started, outcome, detail.trim()).await;
    let released = lock::release(session, held).await;
    // What went wrong first is what is told.
    done.and(recorded).and(released)?;
    Ok(report)
}

/// The refusal while a migration is half reverted: the schema is neither with nor without it.
pub(crate) fn refuse_half_reverted(meta: &BTreeMap<String, String>) -> Result<(), Error> {
    match meta.keys().find_map(|key| key.strip_prefix(REVERTING)) {
        Some(id) => Err(Error::Id {
            id: id.to_owned(),
            problem: "is half reverted: `down` goes on, or `resolve` says what it is".to_owned(),
        }),
        None => Ok(()),
    }
}

/// The meta key of a revert that has not come to its end.
pub(crate) fn reverting_key(id: &str) -> String {
    format!("{REVERTING}{id}")
}

/// Under the lock the plan is made again.
async fn locked(
    session: &mut Session,
    history: &History,
    ids: &[MigrationId],
    options: &DownOptions,
    held: &mut Held,
    report: &mut DownReport,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let planned = plan(session, history, ids).await?;
    let total = planned.len();
    drift::forget(session).await?;
    for (at, revert) in planned.iter().enumerate() {
        let patience = Patience::of(options.lock_wait);
        let reverted = one(session, revert, held, patience, (at + 1, total), observer).await;
        if let Err(error) = &reverted {
            observer.on(Event::Failed(error));
        }
        report.reverted.extend(reverted?);
    }
    Ok(())
}

/// Reverts one migration; none when another has done it meanwhile.
async fn one(
    session: &mut Session,
    revert: &Revert<'_>,
    held: &mut Held,
    patience: Patience,
    (number, total): (usize, usize),
    observer: &mut dyn Observer,
) -> Result<Option<Applied>, Error> {
    let job = revert.job(session)?;
    let known = resumable(session, Way::Down, &revert.row_id).await?;
    let done = known.map_or(0, |journal| journal.steps);
    observer.on(Event::Started { id: revert.id, number, total, statements: job.len(), done });
    let started = Instant::now();
    backfill::hold_off(session, &revert.row_id).await?;
    let key = reverting_key(revert.id.as_str());
    if matches!(job.shape, Shape::Journaled { .. }) {
        let put = meta::put(session, &key, &revert.row_id);
        session.tool("writing the journal", &put).await?;
    }
    let book = Book::Revert { held, row_id: revert.row_id.clone() };
    match apply::run_file(session, &job, book, patience, observer).await {
        Ok(Ran::Done(_)) => {}
        Ok(Ran::Already) => {
            let forget = meta::remove(session, &key);
            session.tool("closing the journal", &forget).await?;
            return Ok(None);
        }
        Err(error) => {
            forget_untouched(session, revert, &key).await;
            return Err(error);
        }
    }
    // A text kept for what is no longer applied must not revert the next attempt.
    let kept = meta::remove(session, &format!("down:{}", revert.id));
    let forget = format!("{}; {kept}", meta::remove(session, &key));
    session.tool("closing the journal", &forget).await?;
    session.fresh().await?;
    let statements = job.len().saturating_sub(done);
    let applied = Applied { id: revert.id.clone(), statements, took: started.elapsed() };
    observer.on(Event::Finished(&applied));
    Ok(Some(applied))
}

/// Nothing was reverted when the very first statement failed.
async fn forget_untouched(session: &mut Session, revert: &Revert<'_>, key: &str) {
    // The error that is being reported matters more than one met here.
    let known = resumable(session, Way::Down, &revert.row_id).await.ok().flatten();
    if known.is_none_or(|journal| journal.steps == 0 && journal.running.is_none()) {
        let forget = meta::remove(session, key);
        let _ = session.run(&forget).await;
    }
}

/// Looks up every row and text, and splits every text, before anything runs.
async fn plan<'a>(
    session: &mut Session,
    history: &History,
    ids: &'a [MigrationId],
) -> Result<Vec<Revert<'a>>, Error> {
    let ledger = inspect(session, history).await?.ledger;
    let mut planned: Vec<Revert<'a>> = Vec::with_capacity(ids.len());
    let goes_on =
        ids.first().is_some_and(|id| ledger.meta.contains_key(&reverting_key(id.as_str())));
    if !goes_on {
        refuse_half_reverted(&ledger.meta)?;
    }
    for id in ids {
        let refused = |problem: String| Error::Id { id: id.to_string(), problem };
        if planned.iter().any(|other| other.id == id) {
            return Err(refused("is named twice".to_owned()));
        }
        let row_id = applied_row(&ledger.rows, id).map_err(|problem| refused(problem.into()))?;
        let Some((path, text)) = down_text(session, history, id.as_str()).await? else {
            return Err(refused(no_way_back(session, history, id)));
        };
        let revert = Revert { id, row_id: row_id.to_owned(), path, text };
        revert.job(session)?;
        planned.push(revert);
    }
    Ok(planned)
}

/// The row that says that a migration is applied.
fn applied_row<'a>(rows: &'a [Row], id: &MigrationId) -> Result<&'a str, &'static str> {
    let mut own = rows.iter().rev().filter(|row| row.name == id.as_str()).peekable();
    if own.peek().is_none() {
        return Err("is not applied");
    }
    let mut last = "was rolled back already";
    for row in own {
        match (&row.finished_at, &row.rolled_back_at) {
            (Some(_), None) => return Ok(&row.row_id),
            (None, None) => last = "is not finished: settle it with `resolve` first",
            (_, Some(_)) => {}
        }
    }
    Err(last)
}

/// Why there is no down text: the migration may say so itself.
fn no_way_back(session: &Session, history: &History, id: &MigrationId) -> String {
    let up = history.get(id).map(|migration| &migration.up.text);
    let script = up.and_then(|text| split(text, session.syntax()).ok());
    let reason = script.and_then(|script| {
        script.directives.into_iter().find_map(|directive| match directive.kind {
            DirectiveKind::Irreversible { reason } => Some(reason),
            _ => None,
        })
    });
    match reason {
        Some(reason) if reason.is_empty() => "is marked irreversible".to_owned(),
        Some(reason) => format!("is marked irreversible: {reason}"),
        None => "has no down.sql".to_owned(),
    }
}

impl Revert<'_> {
    fn job(&self, session: &Session) -> Result<Job<'_>, Error> {
        Job::of(Some(self.id), &self.path, &self.text, session.syntax())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_applied_rows_are_reverted() {
        let check = |states: &[(bool, bool)], expected: Result<&str, &str>| {
            let row = |(at, &(finished, rolled_back)): (usize, &(bool, bool))| Row {
                row_id: at.to_string(),
                name: "1_a".to_owned(),
                checksum: String::new(),
                started_at: String::new(),
                finished_at: finished.then(String::new),
                rolled_back_at: rolled_back.then(String::new),
                steps: 0,
                logs: None,
                duration_ms: None,
            };
            let rows: Vec<Row> = states.iter().enumerate().map(row).collect();
            let id = "1_a".parse().unwrap();
            assert_eq!(applied_row(&rows, &id), expected, "{states:?}");
        };
        check(&[], Err("is not applied"));
        check(&[(true, false)], Ok("0"));
        check(&[(true, true), (true, false)], Ok("1"));
        check(&[(true, true)], Err("was rolled back already"));
        check(&[(false, true)], Err("was rolled back already"));
        check(&[(false, false)], Err("is not finished: settle it with `resolve` first"));
    }
}
