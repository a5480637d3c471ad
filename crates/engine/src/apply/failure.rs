//! Errors of a migration: with their place, and as the ledger keeps them.

use crate::apply::Job;
use crate::error::{DbError, Error, Failure, LeftAs};
use xtask_db_history::{Migration, Row};
use xtask_db_sql::position;

/// The first word of a recorded error that the same text would meet again.
const DETERMINISTIC: &str = "error";
/// The first word of a recorded error that may pass.
const TRANSIENT: &str = "transient";

/// A statement's error with its place.
pub(super) fn at(job: &Job<'_>, statement: usize, left: LeftAs, error: DbError) -> Error {
    Error::Failed(Box::new(Failure {
        id: job.id.cloned(),
        path: job.path.to_owned(),
        text: job.text.to_owned(),
        span: job.script.statements[statement].span,
        statement: u32::try_from(statement + 1).unwrap_or(u32::MAX),
        statements: job.len(),
        error,
        left,
    }))
}

/// The error as the ledger's `logs`: `error 42P01, statement 2 of 3, line 4: …`. None for an
/// error that is not the migration's.
pub(super) fn logs(error: &Error) -> Option<String> {
    match error {
        Error::Failed(failure) => {
            let error = &failure.error;
            let word = if error.transient() { TRANSIENT } else { DETERMINISTIC };
            let line = position(&failure.text, failure.span.start + error.offset.unwrap_or(0)).line;
            Some(format!(
                "{word} {code}, statement {k} of {n}, line {line}: {message}",
                code = error.code.as_deref().unwrap_or("without a code"),
                k = failure.statement,
                n = failure.statements,
                message = error.message
            ))
        }
        Error::Verify { statement, statements, found, .. } => Some(format!(
            "{DETERMINISTIC} verify.sql, statement {statement} of {statements}: it found {found}"
        )),
        Error::RowLoss { problem, .. } => Some(format!("{DETERMINISTIC} row loss: {problem}")),
        _ => None,
    }
}

/// The error of a COMMIT: it refused what the statements did, as a deferred constraint does, and
/// then it is the last statement's; or it could not be made.
pub(super) fn commit(job: &Job<'_>, left: LeftAs, error: DbError) -> Error {
    match job.script.statements.len().checked_sub(1) {
        Some(last) if !error.transient() => at(job, last, left, error),
        _ => Error::Server { doing: "committing the migration", error },
    }
}

/// Refuses an attempt that would meet the recorded error of the last one again.
///
/// # Errors
/// `Error::Repeat`.
pub(crate) fn not_again(migration: &Migration, row: &Row) -> Result<(), Error> {
    let logs = row.logs.as_deref().unwrap_or_default();
    let same_text = row.checksum == migration.checksum.to_string();
    if !same_text || logs.split(' ').next() != Some(DETERMINISTIC) {
        return Ok(());
    }
    let at = row.rolled_back_at.clone().unwrap_or_else(|| row.started_at.clone());
    Err(Error::Repeat { id: migration.id.clone(), at, logs: logs.to_owned() })
}
