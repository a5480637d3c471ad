//! Carries a plan out: under the deploy lock, in one transaction.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use xtask_db_history::{History, MigrationId};
use xtask_db_sql::{Dialect, ident};

use super::plan::{Plan, Wish, Write, plan};
use crate::apply::{Journal, Way};
use crate::down::reverting_key;
use crate::ledger::{self, Change, NewRow, NewState};
use crate::lock::{self, Held};
use crate::{
    DeployOptions, Error, Ledger, Observer, ResolveReport, Session, drift, inspect, marker, meta,
    runs,
};

/// Carries a wish out. Nothing is written when it does not fit the ledger.
pub(crate) async fn settle(
    session: &mut Session,
    history: &History,
    wish: Wish<'_>,
    options: &DeployOptions,
    observer: &mut dyn Observer,
) -> Result<ResolveReport, Error> {
    // Taking the lock creates the tables; what cannot be carried out must not.
    let seen = inspect(session, history).await?.ledger;
    check_environment(&seen, options)?;
    decide(session, history, &seen, wish, options).await?;
    let held = lock::acquire(session, options.lock_wait, &options.actor, observer).await?;
    let written = transaction(session, history, wish, options, &held).await;
    let released = lock::release(session, held).await;
    let report = written?;
    released.map(|()| report)
}

/// The environment of the caller is that of the database.
pub(super) fn check_environment(seen: &Ledger, options: &DeployOptions) -> Result<(), Error> {
    match (seen.environment(), &options.environment) {
        (Some(found), Some(given)) if found != given => {
            Err(Error::Environment { found: found.to_owned(), given: given.clone() })
        }
        _ => Ok(()),
    }
}

async fn decide(
    session: &mut Session,
    history: &History,
    seen: &Ledger,
    wish: Wish<'_>,
    options: &DeployOptions,
) -> Result<Plan, Error> {
    let reverting = if seen.present { reverting(session).await? } else { BTreeSet::new() };
    let plan = plan(history, &seen.rows, &reverting, wish)?;
    let unsealed = |id: &&MigrationId| {
        history.lock.sealed(id).is_none() && plan.changed.iter().any(|name| name == id.as_str())
    };
    let not_applied = matches!(wish, Wish::RolledBack(_));
    let development = seen.environment() == Some(marker::DEVELOPMENT);
    let drafts: Vec<MigrationId> = history
        .migrations
        .iter()
        .map(|migration| &migration.id)
        .filter(unsealed)
        .cloned()
        .collect();
    if drafts.is_empty() || not_applied || options.drafts || development {
        return Ok(plan);
    }
    Err(Error::Drafts(drafts))
}

/// The rows whose revert was interrupted.
async fn reverting(session: &mut Session) -> Result<BTreeSet<String>, Error> {
    let prefix = Journal::begun("").key(Way::Down);
    let key = ident(session.dialect(), "key");
    let sql = format!(
        "SELECT {key} FROM {} WHERE {key} LIKE {}",
        session.names.meta,
        session.lit(&format!("{prefix}%"))
    );
    let rows = match session.ask(&sql).await {
        Ok(rows) => rows,
        // A ledger that another tool made has no meta table beside it.
        Err(error) if ledger::undefined_table(&error) => Vec::new(),
        Err(error) => return Err(Error::Server { doing: "reading the meta table", error }),
    };
    let row_id =
        |row: Vec<Option<String>>| Some(row.into_iter().next()??.strip_prefix(&prefix)?.to_owned());
    Ok(rows.into_iter().filter_map(row_id).collect())
}

async fn transaction(
    session: &mut Session,
    history: &History,
    wish: Wish<'_>,
    options: &DeployOptions,
    held: &Held,
) -> Result<ResolveReport, Error> {
    let begin = session.begin();
    session.tool("opening a transaction", begin).await?;
    match carry_out(session, history, wish, options, held).await {
        Ok(report) => {
            let committed = session.tool("committing the ledger", "COMMIT").await;
            if committed.is_err() {
                let _ = session.run("ROLLBACK").await;
            }
            committed.map(|_| report)
        }
        Err(error) => {
            let _ = session.run("ROLLBACK").await;
            Err(error)
        }
    }
}

async fn carry_out(
    session: &mut Session,
    history: &History,
    wish: Wish<'_>,
    options: &DeployOptions,
    held: &Held,
) -> Result<ResolveReport, Error> {
    let started = Instant::now();
    if held.leased_elsewhere(session).await? {
        return Err(held.refused(session).await);
    }
    let seen = inspect(session, history).await?.ledger;
    let plan = decide(session, history, &seen, wish, options).await?;
    if !plan.writes.is_empty() {
        drift::forget(session).await?;
    }
    for write in &plan.writes {
        carry_out_one(session, held, write).await?;
    }
    // A revert that was cut short after its row was written has left only this behind.
    for name in plan.changed.iter().chain(&plan.unchanged) {
        let settled = meta::remove(session, &reverting_key(name));
        session.tool("closing the journal", &settled).await?;
    }
    held.verify(session).await?;
    if seen.environment().is_none() {
        let name = options.environment.as_ref().unwrap_or(&options.default_marker);
        let stamp = meta::insert_if_absent(session, marker::KEY, name);
        session.tool("stamping the environment", &stamp).await?;
    }
    let detail = plan.changed.join("\n");
    runs::write(session, held, &options.actor, started, "ok", &detail).await?;
    let Plan { changed, unchanged, .. } = plan;
    Ok(ResolveReport { changed, unchanged, applied: Vec::new() })
}

async fn carry_out_one(session: &mut Session, held: &Held, write: &Write) -> Result<(), Error> {
    match write {
        Write::Insert { name, checksum, at } => {
            let new = NewRow {
                name,
                checksum: &checksum.to_string(),
                elapsed: Duration::ZERO,
                steps: 0,
                state: NewState::Finished { ago: Duration::ZERO },
            };
            let (row_id, written) = ledger::insert(session, held, &new).await?;
            match at {
                Some(at) if written => date(session, held, &row_id, at).await,
                _ => Ok(()),
            }
        }
        Write::Finish { row_id, steps, checksum } => {
            let changes = [Change::Finished(*steps), Change::Checksum(*checksum)];
            ledger::update(session, held, row_id, &changes).await?;
            forget_journals(session, row_id).await
        }
        Write::RollBack { row_id } => {
            ledger::update(session, held, row_id, &[Change::RolledBack]).await?;
            forget_journals(session, row_id).await
        }
        Write::Rename { row_id, name } => {
            ledger::update(session, held, row_id, &[Change::Name(name)]).await
        }
        Write::KeepApplied { row_id } => forget_journals(session, row_id).await,
        Write::MoveDown { old, new } => {
            if let Some(text) = meta::get(session, &format!("down:{old}")).await? {
                let put = meta::put(session, &format!("down:{new}"), &text);
                session.tool("renaming the kept down.sql", &put).await?;
            }
            forget_down(session, old).await
        }
        Write::ForgetDown { name } => forget_down(session, name).await,
    }
}

async fn forget_journals(session: &mut Session, row_id: &str) -> Result<(), Error> {
    for way in [Way::Up, Way::Down] {
        let remove = meta::remove(session, &Journal::begun(row_id).key(way));
        session.tool("closing the journal", &remove).await?;
    }
    Ok(())
}

async fn forget_down(session: &mut Session, name: &str) -> Result<(), Error> {
    let remove = meta::remove(session, &format!("down:{name}"));
    session.tool("forgetting the kept down.sql", &remove).await.map(drop)
}

/// Gives a row the time at which another tool applied it.
async fn date(session: &mut Session, held: &Held, row_id: &str, at: &str) -> Result<(), Error> {
    let Some(at) = server_time(session.dialect(), at) else { return Ok(()) };
    let sql = format!(
        "UPDATE {} SET started_at = {at}, finished_at = {at} WHERE id = {id} AND {guard}",
        session.names.ledger,
        at = session.lit(&at),
        id = session.lit(row_id),
        guard = held.guard(session)
    );
    session.tool("writing the ledger", &sql).await.map(drop)
}

/// `2026-01-02T03:04:05.678Z` as the time columns take it; none for any other text.
fn server_time(dialect: Dialect, at: &str) -> Option<String> {
    let digits = at.strip_suffix('Z')?;
    let (date, time) = digits.split_once('T')?;
    let proper = |text: &str, marks: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || marks.contains(c))
    };
    if !proper(date, "-") || !proper(time, ":.") {
        return None;
    }
    Some(match dialect {
        Dialect::Sqlite => format!("{date}T{time}+00:00"),
        Dialect::Postgres => at.to_owned(),
        Dialect::Mysql => format!("{date} {time}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_the_columns_take_them() {
        let check = |dialect, at: &str, expected: Option<&str>| {
            assert_eq!(server_time(dialect, at).as_deref(), expected, "{at}");
        };
        let at = "2026-01-02T03:04:05.678Z";
        check(Dialect::Sqlite, at, Some("2026-01-02T03:04:05.678+00:00"));
        check(Dialect::Postgres, at, Some(at));
        check(Dialect::Mysql, at, Some("2026-01-02 03:04:05.678"));
        check(Dialect::Mysql, "yesterday", None);
        check(Dialect::Postgres, "2026-01-02T03:04:05'Z", None);
    }
}
