//! The SQL that `deploy` would run, for a person to run with the server's own client.
//!
//! Invariant: pure. The schema is asked by the script itself, when it runs.

mod client;
mod rows;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use xtask_db_history::{History, Migration, MigrationId};
use xtask_db_sql::{Dialect, Script, Shape, Step, Syntax};

use crate::Error;
use crate::apply::Job;
use client::Client;
use rows::Rows;

/// The SQL of these migrations with the bookkeeping, as one script for psql, sqlite3 or mysql.
/// `tool` is the version that its first line names.
///
/// # Errors
/// A file cannot be split, or an id is not in the history.
pub fn script(history: &History, ids: &[MigrationId], tool: &str) -> Result<String, Error> {
    let dialect = history.dialect();
    let client = Client(dialect);
    let rows = Rows::new(dialect, &history.lock.table);
    let mut out = client.head(tool);
    for statement in rows.tables() {
        client.push(&mut out, &statement);
    }
    for id in ids {
        let unknown = || Error::Id { id: id.to_string(), problem: "is not on disk".to_owned() };
        let migration = history.get(id).ok_or_else(unknown)?;
        one(&mut out, client, &rows, migration)?;
    }
    Ok(out)
}

fn one(out: &mut String, client: Client, rows: &Rows, migration: &Migration) -> Result<(), Error> {
    let syntax = Syntax::of(client.0);
    let job = Job::read(Some(&migration.id), &migration.up, syntax)?;
    let verify = match &migration.verify {
        Some(file) => Some(Job::read(Some(&migration.id), file, syntax)?),
        None => None,
    };
    let _ = write!(out, "\n-- {}\n", migration.id);
    client.push(out, client.first_state());
    let rebuild = client.0 == Dialect::Sqlite && foreign_keys_off(&job.script);
    if rebuild {
        client.push(out, "PRAGMA foreign_keys = OFF");
    }
    let last = job.script.statements.len().saturating_sub(1);
    match &job.shape {
        Shape::Transaction => {
            client.push(out, client.begin());
            statements(out, client, &job, 0..job.script.statements.len());
            checks(out, client, verify.as_ref(), rebuild);
            client.push(out, &rows.applied(migration, job.len()));
            client.push(out, "COMMIT");
        }
        Shape::Block => {
            statements(out, client, &job, 0..last);
            checks(out, client, verify.as_ref(), rebuild);
            client.push(out, &rows.applied(migration, job.len()));
            statements(out, client, &job, last..last + 1);
        }
        Shape::Journaled { steps } => {
            client.push(out, &rows.begun(migration));
            for step in steps {
                journaled(out, client, rows, migration, &job, step);
            }
            checks(out, client, verify.as_ref(), rebuild);
            client.push(out, &rows.finished(migration, job.len()));
        }
    }
    if rebuild {
        client.push(out, "PRAGMA foreign_keys = ON");
    }
    if migration.backfill.is_some() {
        out.push_str("-- its backfill.sql runs in batches: `backfill run`\n");
    }
    Ok(())
}

/// A step commits together with its count where it can.
fn journaled(
    out: &mut String,
    client: Client,
    rows: &Rows,
    migration: &Migration,
    job: &Job<'_>,
    step: &Step,
) {
    match step {
        Step::Together(range) => {
            client.push(out, client.begin());
            statements(out, client, job, range.clone());
            client.push(out, &rows.counted(migration, range.end));
            client.push(out, "COMMIT");
        }
        Step::Block(range) => {
            statements(out, client, job, range.start..range.end - 1);
            client.push(out, &rows.counted(migration, range.end));
            statements(out, client, job, range.end - 1..range.end);
        }
        Step::Alone(at) => {
            statements(out, client, job, *at..*at + 1);
            client.push(out, &rows.counted(migration, at + 1));
        }
    }
}

fn statements(out: &mut String, client: Client, job: &Job<'_>, range: std::ops::Range<usize>) {
    for at in range {
        // The pragma stands outside the transaction, where SQLite heeds it.
        if job.script.statements[at].effects.foreign_keys.is_none() {
            client.push(out, job.sql(at));
        }
    }
}

/// What a person must look at before going on.
fn checks(out: &mut String, client: Client, verify: Option<&Job<'_>>, rebuild: bool) {
    if rebuild {
        out.push_str("-- this must list nothing\n");
        client.push(out, "PRAGMA foreign_key_check");
    }
    if let Some(verify) = verify {
        out.push_str("-- verify.sql: each of these must return no row or a single 0\n");
        statements(out, client, verify, 0..verify.script.statements.len());
    }
}

/// A rebuild with foreign keys on deletes the rows that refer to the old table.
fn foreign_keys_off(script: &Script) -> bool {
    let effects = script.statements.iter().map(|statement| &statement.effects);
    effects.clone().any(|effects| effects.rebuild || effects.foreign_keys == Some(false))
}
