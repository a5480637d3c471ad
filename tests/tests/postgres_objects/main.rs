//! PostgreSQL: columns, views, routines, triggers, policies, extensions, schemas and grants, each
//! led from one form to another and back on a server.

mod attached;
mod columns;
mod grants;
mod order;
mod partitions;
mod routines;
mod schemas;
mod sequences;
mod server;
mod unmodelled;
mod views;
