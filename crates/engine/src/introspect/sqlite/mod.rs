//! The catalog of one server, kind by kind.

mod catalog;
mod columns;

pub(super) use catalog::catalog;
