//! Schemas on MariaDB: rows that a plan must keep, renames, what is left out and what is named.

mod probes;
mod renames;
mod rows;
mod scope;
mod server;
mod texts;
