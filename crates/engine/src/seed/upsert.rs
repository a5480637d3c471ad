//! Rows of files into their tables: checked first, then put in one transaction.
//!
//! Invariant: a problem in any file leaves every table as it was.
//! Invariant: a second run changes no row.

use std::collections::BTreeSet;

use xtask_db_schema::Relation;
use xtask_db_sql::Dialect;

use super::cell::Cell;
use super::file::{Row, SeedFile};
use super::prune::Kept;
use super::write::{Batch, sequences};
use super::{check, keys, order};
use crate::{Error, Session, meta};

/// How many rows one statement puts.
const ROWS_MAX: usize = 500;
/// How many bytes of values, nearly, one statement puts.
const BYTES_MAX: usize = 256 * 1024;

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seeded {
    /// The file.
    pub path: String,
    /// Its rows.
    pub rows: u64,
    /// Rows of the table that were added or changed.
    pub changed: u64,
    /// Rows of the table that were deleted, since the file does not have them.
    pub pruned: u64,
}

/// Puts the rows of the files into their tables, those that others refer to first: a row that is
/// there is updated, one that is not is added, and with `prune` those that a file does not have
/// are deleted. `remember`: meta keys and values written with the rows.
///
/// # Errors
/// `Error::Seed` names the file, the line and the field; nothing has changed then.
pub async fn seed_rows(
    session: &mut Session,
    relations: &[Relation],
    files: &[SeedFile],
    prune: bool,
    remember: &[(String, String)],
) -> Result<Vec<Seeded>, Error> {
    session.fresh().await?;
    let begin = session.begin();
    session.tool("beginning to seed", begin).await?;
    let done = match put_all(session, relations, files, prune).await {
        Ok(done) => record(session, remember).await.map(|()| done),
        Err(error) => Err(error),
    };
    let done = match done {
        Ok(done) => commit(session, files).await.map(|()| done),
        Err(error) => Err(error),
    };
    if done.is_err() {
        let _ = session.run("ROLLBACK").await;
    }
    done
}

/// SQLite looks at foreign keys now.
async fn commit(session: &mut Session, files: &[SeedFile]) -> Result<(), Error> {
    let Err(error) = session.commit().await else { return Ok(()) };
    if session.dialect() == Dialect::Sqlite {
        let sql = "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check";
        for row in session.read("looking at foreign keys", sql).await? {
            let [Some(table), rowid, Some(parent)] = row.as_slice() else { continue };
            let Some(file) = files.iter().find(|file| file.table == *table) else { continue };
            let rowid = rowid.as_deref().unwrap_or("-");
            let what = format!("the row {rowid} refers to a row of {parent} that is not there");
            return Err(file.problem(None, None, what).into());
        }
    }
    Err(Error::Server { doing: "committing the seeds", error })
}

/// Within the caller's transaction.
pub(super) async fn put_all(
    session: &mut Session,
    relations: &[Relation],
    files: &[SeedFile],
    prune: bool,
) -> Result<Vec<Seeded>, Error> {
    if session.dialect() == Dialect::Sqlite {
        // A row may refer to one that comes later.
        session.tool("preparing to seed", "PRAGMA defer_foreign_keys = ON").await?;
    }
    let mut named = Vec::new();
    for file in files {
        named.push((file, check::table(relations, file)?));
    }
    let order = order::by_reference(&named);
    let (mut done, mut kept) = (Vec::new(), Vec::new());
    for &at in &order {
        let (file, relation) = named[at];
        let (seeded, keys) = put(session, file, relation).await?;
        done.push(seeded);
        kept.push((relation, keys));
    }
    if prune {
        // What refers to others goes first.
        for ((relation, keys), seeded) in kept.iter().zip(&mut done).rev() {
            let (before, delete) = keys.statements(session.syntax(), relation);
            for sql in before {
                session.tool("preparing to prune", &sql).await?;
            }
            let deleted = session.run(&delete).await;
            seeded.pruned = deleted.map_err(|error| {
                let what = format!("rows that it does not have cannot be deleted: {error}");
                Error::Seed(pruned_file(files, seeded).problem(None, None, what))
            })?;
        }
    }
    Ok(done)
}

fn pruned_file<'a>(files: &'a [SeedFile], seeded: &Seeded) -> &'a SeedFile {
    files.iter().find(|file| file.path == seeded.path).unwrap_or(&files[0])
}

async fn record(session: &mut Session, remember: &[(String, String)]) -> Result<(), Error> {
    for (key, value) in remember {
        let sql = meta::put(session, key, value);
        session.tool("recording the seeds", &sql).await?;
    }
    Ok(())
}

/// Puts the rows of one file.
async fn put(
    session: &mut Session,
    file: &SeedFile,
    relation: &Relation,
) -> Result<(Seeded, Kept), Error> {
    let syntax = session.syntax();
    let mut seeded = Seeded { path: file.path.clone(), rows: 0, changed: 0, pruned: 0 };
    let mut kept = Kept::default();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut batch: Option<Batch<'_>> = None;
    let mut bytes = 0;
    for read in file.rows() {
        let row = read.map_err(|(line, what)| file.problem(line, None, what))?;
        check::row(syntax.dialect, relation, file, &row)?;
        let key = keys::key_of(relation, &row).unwrap_or_default();
        let given = shown_key(key, &row);
        if !seen.insert(given.clone()) {
            let what = format!("the row {given} is there twice");
            return Err(file.problem(Some(row.line), None, what).into());
        }
        if !kept.add(syntax, relation, key, &row.fields) {
            let what = "is found by another key than the rows before it";
            return Err(file.problem(Some(row.line), None, what).into());
        }
        seeded.rows += 1;
        let names: Vec<String> = row.fields.iter().map(|(name, _)| name.clone()).collect();
        let full = batch.as_ref().is_some_and(|batch| {
            batch.names != names || batch.rows.len() >= ROWS_MAX || bytes >= BYTES_MAX
        });
        if full && let Some(batch) = batch.take() {
            seeded.changed += send(session, file, &batch).await?;
            bytes = 0;
        }
        bytes += row.fields.iter().map(|(_, cell)| size(cell)).sum::<usize>();
        let key = key.to_vec();
        let open = batch.get_or_insert_with(|| Batch { relation, key, names, rows: Vec::new() });
        let cells = row.fields.into_iter().map(|(_, cell)| cell).collect();
        open.rows.push((row.line, cells));
    }
    if let Some(batch) = batch {
        seeded.changed += send(session, file, &batch).await?;
    }
    if let Some(sql) = sequences(syntax, relation) {
        session.read("moving the sequences", &sql).await?;
    }
    Ok((seeded, kept))
}

/// Sends a batch. When the server refuses it, its rows go one by one, so that the one is named.
async fn send(session: &mut Session, file: &SeedFile, batch: &Batch<'_>) -> Result<u64, Error> {
    session.tool("seeding", "SAVEPOINT xtask_db_seed").await?;
    let refused = match try_send(session, batch).await {
        Ok(changed) => {
            session.tool("seeding", "RELEASE SAVEPOINT xtask_db_seed").await?;
            return Ok(changed);
        }
        Err(error) => error,
    };
    // Alone: a transaction that has failed takes no setting before it.
    let back = session.run("ROLLBACK TO SAVEPOINT xtask_db_seed").await;
    back.map_err(|error| Error::Server { doing: "seeding", error })?;
    for (line, cells) in &batch.rows {
        let one = Batch {
            relation: batch.relation,
            key: batch.key.clone(),
            names: batch.names.clone(),
            rows: vec![(*line, cells.clone())],
        };
        if let Err(error) = try_send(session, &one).await {
            return Err(file.problem(Some(*line), None, error.to_string()).into());
        }
    }
    // Together only: SQLite's deferred keys, a trigger of the table.
    let first = batch.rows.first().map(|(line, _)| *line);
    Err(file.problem(first, None, refused.to_string()).into())
}

async fn try_send(session: &mut Session, batch: &Batch<'_>) -> Result<u64, crate::DbError> {
    let statements = batch.statements(session.syntax());
    if !statements.before.is_empty() {
        session.run(&statements.before).await?;
    }
    let mut changed = 0;
    for sql in &statements.counted {
        changed += session.run(sql).await?;
    }
    Ok(changed)
}

fn size(cell: &Cell) -> usize {
    match cell {
        Cell::Null | Cell::Bool(_) => 8,
        Cell::Number(text) | Cell::Text(text) | Cell::Nested(text) | Cell::Plain(text) => {
            text.len()
        }
    }
}

/// The key's values, for telling rows apart and for messages.
fn shown_key(key: &[String], row: &Row) -> String {
    let value = |column: &String| {
        let cell = row.fields.iter().find(|(name, _)| name == column).map(|(_, cell)| cell);
        match cell {
            Some(
                Cell::Number(text) | Cell::Text(text) | Cell::Nested(text) | Cell::Plain(text),
            ) => {
                format!("{column} {text}")
            }
            Some(Cell::Bool(value)) => format!("{column} {value}"),
            Some(Cell::Null) | None => format!("{column} null"),
        }
    };
    key.iter().map(value).collect::<Vec<_>>().join(", ")
}
