//! The embedded migrations at run time: what an application deploys, checks and waits for when it
//! starts, and what `#[sqlx::test]` gets.

mod backfill;
mod deploy;
mod drafts;
mod embedded;
mod for_sqlx;
mod ready;
mod stale;
