//! Comments that silence findings: ours with its reason, squawk's and Atlas's.
//!
//! Invariant: a comment that silences nothing is told.

mod comment;
mod settle;

pub(crate) use comment::allows;
pub(crate) use settle::settle;
