//! `verify.sql`: each statement returns no row, or a single integer 0.

use xtask_db_history::Migration;
use xtask_db_sql::Dialect;

use crate::apply::Job;
use crate::error::LeftAs;
use crate::{Error, Session, apply::failure};

/// Runs a migration's `verify.sql`, if it has one. Where there is a backfill it is that one's: the
/// rows are not changed yet.
pub(crate) async fn verify(
    session: &mut Session,
    migration: &Migration,
    left: LeftAs,
) -> Result<(), Error> {
    match migration.backfill {
        Some(_) => Ok(()),
        None => verify_rows(session, migration, left).await,
    }
}

/// Runs a migration's `verify.sql`, if it has one.
pub(crate) async fn verify_rows(
    session: &mut Session,
    migration: &Migration,
    left: LeftAs,
) -> Result<(), Error> {
    let Some(file) = &migration.verify else { return Ok(()) };
    let job = Job::read(Some(&migration.id), file, session.syntax())?;
    for at in 0..job.script.statements.len() {
        let rows = session.rows(job.sql(at)).await;
        let rows = rows.map_err(|error| failure::at(&job, at, left, error))?;
        if let Some(found) = found(session.dialect(), &rows) {
            return Err(Error::Verify {
                id: migration.id.clone(),
                path: file.path.to_string(),
                statement: u32::try_from(at + 1).unwrap_or(u32::MAX),
                statements: job.len(),
                found,
                left,
            });
        }
    }
    Ok(())
}

/// What the rows say is wrong.
fn found(dialect: Dialect, rows: &[Vec<Option<String>>]) -> Option<String> {
    let [row] = rows else {
        return (!rows.is_empty()).then(|| format!("{} rows", rows.len()));
    };
    let [value] = row.as_slice() else {
        return Some(format!("a row of {} columns", row.len()));
    };
    match value.as_deref() {
        Some("0") => None,
        // The reader cannot tell whether true means good or bad.
        Some("t" | "f") if dialect == Dialect::Postgres => Some("a boolean".to_owned()),
        Some(value) => Some(value.to_owned()),
        None => Some("NULL".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_on_no_row_or_zero() {
        let check = |dialect, rows: &[&[Option<&str>]], expected: Option<&str>| {
            let rows: Vec<Vec<Option<String>>> = rows
                .iter()
                .map(|row| row.iter().map(|value| value.map(str::to_owned)).collect())
                .collect();
            assert_eq!(found(dialect, &rows).as_deref(), expected);
        };
        check(Dialect::Postgres, &[], None);
        check(Dialect::Postgres, &[&[Some("0")]], None);
        check(Dialect::Postgres, &[&[Some("3")]], Some("3"));
        check(Dialect::Postgres, &[&[Some("f")]], Some("a boolean"));
        check(Dialect::Sqlite, &[&[Some("t")]], Some("t"));
        check(Dialect::Sqlite, &[&[None]], Some("NULL"));
        check(Dialect::Mysql, &[&[Some("0")], &[Some("0")]], Some("2 rows"));
        check(Dialect::Mysql, &[&[Some("0"), Some("0")]], Some("a row of 2 columns"));
    }
}
