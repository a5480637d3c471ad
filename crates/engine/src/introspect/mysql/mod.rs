//! The catalog of one server, kind by kind.

mod catalog;
mod printed;
mod stored;
mod tables;
mod triggers;
mod views;

pub(super) use catalog::catalog;
