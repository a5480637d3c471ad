//! The next step after an error of the engine, for someone who reads a service's log.

use xtask_db_engine::Error;

/// What to do next; none where the fact says it.
pub(crate) const fn hint(error: &Error) -> Option<&'static str> {
    Some(match error {
        Error::Conflict(_) | Error::ResumeText { .. } => {
            "look at it: `cargo xtask db status`, settle it: `cargo xtask db resolve`"
        }
        Error::Disk(_) => "see what differs: `cargo xtask db check`",
        Error::Drafts(_) => {
            "seal them: `cargo xtask db lock`, or in development DeployOptions::drafts"
        }
        Error::Ahead(_) => "start the newer release",
        Error::Unmanaged { .. } => {
            "take it over: `cargo xtask db adopt`, or `cargo xtask db resolve --applied-through ID`"
        }
        Error::LedgerFormat { .. } => "update xtask-db",
        Error::LockTimeout { .. } => "see who deploys: `cargo xtask db status`",
        Error::Repeat { .. } => {
            "fix the cause, then `cargo xtask db deploy --retry`, or DeployOptions::retry"
        }
        Error::Failed(_) | Error::Verify { .. } => {
            "see what is left: `cargo xtask db status`, settle it: `cargo xtask db resolve`"
        }
        Error::BackfillFailed { .. } | Error::BackfillVerify { .. } => {
            "mend the rows in its way, then Migrator::backfill or `cargo xtask db backfill run`"
        }
        Error::BackfillBusy { .. } => "see how far it is: `cargo xtask db backfill status`",
        Error::Pooler { .. } => "deploy with a URL that leads to the server itself",
        Error::NotAtomic { .. } => "deploy without DeployOptions::atomic",
        Error::Environment { .. } => "check the database URL; the mark: `cargo xtask db env`",
        Error::Policy { .. } => "deploy with the tool: `cargo xtask db deploy --backup`",
        Error::NoDriver { .. } => "add the feature of that database to xtask-db",
        Error::Provider { .. } => "check the database URL",
        Error::NoSchema { .. } | Error::SearchPath { .. } => "check ?schema= of the database URL",
        Error::IndexWait { .. } => "end the transactions that are in the way, then deploy again",
        Error::Fenced => "deploy again: what is applied is recorded",
        _ => return None,
    })
}
