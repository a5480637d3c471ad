//! Throwaway PostgreSQL, MariaDB, Galera and PgBouncer servers, as values that stop when dropped.

mod account;
mod daemon;
mod error;
mod fleet;
mod galera;
mod mariadb;
mod packages;
mod pgbouncer;
mod place;
mod postgres;

pub use daemon::Daemon;
pub use error::ServerError;
pub use fleet::{Fleet, GALERA_URLS, MARIADB_URL, PGBOUNCER_URL, POSTGRES_URL};
pub use galera::Galera;
pub use mariadb::MariaDb;
pub use packages::find;
pub use pgbouncer::PgBouncer;
pub use place::{Place, Syncing};
pub use postgres::Postgres;
