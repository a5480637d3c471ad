//! Faults of backfills.

use serde_json::json;
use xtask_db_engine::{Backfilling, Error, WaitsFor};

use super::{Problem, engine};
use crate::backfilling;
use crate::exit;
use crate::fault::Fault;

/// How an error of a backfill is shown.
pub(super) fn problem(error: &Error) -> Problem {
    let of = |code, exit| Problem::new(code, exit, error);
    match error {
        Error::BackfillText { id, path, .. } => of("XDB0217", exit::CONFLICT)
            .data(json!({ "id": id.as_str(), "path": path }))
            .path(path)
            .hint("mend the file; no row was changed by this run"),
        Error::BackfillFailed { failure, batches } => {
            let shown = engine::failed(failure);
            let mut problem = of(shown_code(&shown), shown.exit).data(shown.data);
            problem.source = shown.source;
            problem.path = shown.path;
            let committed = match batches {
                0 => "no batch is committed".to_owned(),
                1 => "1 batch is committed; the one that failed was rolled back".to_owned(),
                many => {
                    format!("{many} batches are committed; the one that failed was rolled back")
                }
            };
            problem
                .detail(committed)
                .hint("mend the rows in its way, then: cargo xtask db backfill run")
        }
        Error::BackfillVerify { id, path, .. } => of("XDB0507", exit::MIGRATION)
            .data(json!({ "id": id.as_str(), "path": path }))
            .path(path)
            .detail("every batch has run; what waits for the backfill is not deployed")
            .hint("mend these rows, then only the verify runs again: cargo xtask db backfill run"),
        Error::BackfillBusy { id, .. } => of("XDB0604", exit::LOCK)
            .data(json!({ "id": id.as_str() }))
            .hint("see how far it is: cargo xtask db backfill status")
            .hint("wait longer: --lock-wait 3600"),
        other => Problem::new("XDB0131", exit::USAGE, other)
            .hint("run it without --max-lag, or with a rest between batches: --rest 100"),
    }
}

/// A batch that was cut off is the connection's fault.
fn shown_code(shown: &Problem) -> &'static str {
    if shown.exit == exit::CONNECTION { shown.code } else { "XDB0506" }
}

/// Backfills that are not done.
pub(super) fn unfilled(fault: &Fault, waiting: Option<&WaitsFor>, left: &[Backfilling]) -> Problem {
    let lines = left.iter().map(backfilling::line);
    let problem = Problem::new("XDB0312", exit::BEHIND, fault)
        .data(json!({
            "waiting": waiting.map(|waiting| waiting.id.as_str()),
            "backfills": left.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(),
        }))
        .details(lines)
        .hint("cargo xtask db backfill run");
    match waiting {
        Some(_) => problem.hint("once it is done: cargo xtask db deploy"),
        None => problem,
    }
}
