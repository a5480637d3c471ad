//! What must not happen whatever goes wrong: a statement run twice, a write without the lock, a
//! failure that is not recorded, a session that is left changed.

#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

mod contend;
mod meanwhile;
mod other_tools;
mod pooler;
mod recover;
mod refuse;
mod session;
#[path = "../support/mod.rs"]
mod support;
