//! The guard in real builds: a scratch workspace embeds a folder, something happens to the folder,
//! and the next `cargo build` builds again, refuses, or has nothing to do.

mod commands;
mod drafts;
mod edits;
mod lock_file;
mod packages;
mod places;
mod scratch;
mod texts;
