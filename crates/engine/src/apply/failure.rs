//! Errors of a migration: with their place, and as the ledger keeps them.

use crate::apply::Job;
use crate::error::{DbError, Error, Failure, LeftAs};
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

/// A recorded error that the same text would meet again.
pub(crate) fn deterministic(logs: &str) -> bool {
    logs.split(' ').next() == Some(DETERMINISTIC)
}
