//! A throwaway PgBouncer in transaction mode, in front of a throwaway PostgreSQL server.

use std::path::Path;
use std::time::Duration;

use rustix::process::Signal;

use super::daemon::{self, Daemon};
use super::packages::Wanted;
use super::place::{Place, free_port};
use super::{PGBOUNCER_URL, Postgres, ServerError};

const WANTED: Wanted =
    Wanted { program: "pgbouncer", package: "pgbouncer", variable: PGBOUNCER_URL };
/// Fewer than the clients of a test, so that server connections really are shared.
const POOL_SIZE: u32 = 5;
const CLIENTS_MAX: u32 = 400;
const CONNECT_MAX: Duration = Duration::from_secs(5);

/// A running PgBouncer.
#[derive(Debug)]
pub struct PgBouncer {
    _daemon: Daemon,
    _place: Place,
    port: u16,
}

impl PgBouncer {
    /// Starts a pooler for every database of `behind`.
    ///
    /// # Errors
    /// The program is missing, or it does not come up.
    pub fn start(target: &Path, behind: &Postgres) -> Result<Self, ServerError> {
        let program = WANTED.locate()?;
        let place = Place::new(target, "pgbouncer")?;
        let port = free_port()?;
        place.write("users.txt", &format!("\"postgres\" \"{}\"\n", behind.password()))?;
        let ini = place.write("pgbouncer.ini", &settings(&place, port, behind))?;
        let mut command = daemon::command(&program);
        command.arg(ini).current_dir(place.path());
        let mut daemon = Daemon::start(command, place.join("output"), Signal::TERM)?;
        let url = url(port, behind);
        daemon.wait_until(|| super::fleet::answers(&url, CONNECT_MAX))?;
        Ok(Self { _daemon: daemon, _place: place, port })
    }

    /// The URL of the `postgres` database through the pooler.
    #[must_use]
    pub fn url(&self, behind: &Postgres) -> String {
        url(self.port, behind)
    }
}

fn url(port: u16, behind: &Postgres) -> String {
    format!("postgres://postgres:{}@127.0.0.1:{port}/postgres", behind.password())
}

fn settings(place: &Place, port: u16, behind: &Postgres) -> String {
    let (server, password) = (behind.port(), behind.password());
    let users = place.join("users.txt");
    format!(
        "[databases]\n\
         * = host=127.0.0.1 port={server} user=postgres password={password}\n\
         [pgbouncer]\n\
         listen_addr = 127.0.0.1\n\
         listen_port = {port}\n\
         unix_socket_dir =\n\
         auth_type = md5\n\
         auth_file = {}\n\
         pool_mode = transaction\n\
         default_pool_size = {POOL_SIZE}\n\
         max_client_conn = {CLIENTS_MAX}\n\
         ignore_startup_parameters = extra_float_digits\n",
        users.display()
    )
}
