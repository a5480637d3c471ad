//! The catalog of one server, kind by kind.

mod catalog;
mod columns;
mod composites;
mod constraints;
mod depends;
mod domains;
mod extensions;
mod grants;
mod indexes;
mod namespaces;
mod policies;
mod reader;
mod routines;
mod sequences;
mod tables;
mod triggers;
mod types;
mod unmodelled;
mod views;

pub(super) use catalog::catalog;
