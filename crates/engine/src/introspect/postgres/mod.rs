//! The catalog of one server, kind by kind.

mod catalog;

pub(super) use catalog::catalog;
