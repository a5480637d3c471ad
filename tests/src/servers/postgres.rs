//! A throwaway PostgreSQL server on a private port.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::daemon::{self, Daemon};
use super::packages::Wanted;
use super::place::{Place, Syncing, free_port};
use super::{POSTGRES_URL, ServerError};

const WANTED: Wanted = Wanted { program: "initdb", package: "postgresql", variable: POSTGRES_URL };
const CONNECTIONS_MAX: u32 = 200;
const CONNECT_MAX: Duration = Duration::from_secs(5);
const ORPHANS_MAX: Duration = Duration::from_secs(30);
/// It has a password so that every test can tell whether one is printed.
const PASSWORD: &str = "kept-out-of-every-output-pg";

/// A running PostgreSQL server.
#[derive(Debug)]
pub struct Postgres {
    daemon: Daemon,
    place: Place,
    port: u16,
}

impl Postgres {
    /// Makes a data folder under `target` and starts a server on it.
    ///
    /// # Errors
    /// The programs are missing, or the server does not come up.
    pub fn start(target: &Path, syncing: Syncing) -> Result<Self, ServerError> {
        let initdb = WANTED.locate()?;
        let place = Place::new(target, "postgres")?;
        let password = place.write("password", PASSWORD)?;
        let mut command = Command::new(&initdb);
        command.args(["--username=postgres", "--auth=md5", "--encoding=UTF8", "--locale=C.UTF-8"]);
        command.arg("--no-sync").arg("--pwfile").arg(password);
        command.arg("--pgdata").arg(place.join("data")).current_dir(place.path());
        daemon::run(command)?;
        let port = free_port()?;
        let mut daemon = serve(&initdb.with_file_name("postgres"), &place, port, syncing)?;
        let url = url(port, "postgres");
        daemon.wait_until(|| super::fleet::answers(&url, CONNECT_MAX))?;
        Ok(Self { daemon, place, port })
    }

    /// The URL of its `postgres` database, with a superuser and its password.
    #[must_use]
    pub fn url(&self) -> String {
        url(self.port, "postgres")
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The superuser's password.
    #[must_use]
    pub const fn password(&self) -> &'static str {
        PASSWORD
    }

    /// Kills the server as a crash would, and starts it on the same data and port.
    ///
    /// # Errors
    /// The server does not come up again.
    pub fn crash_and_restart(&mut self, syncing: Syncing) -> Result<(), ServerError> {
        self.daemon.crash();
        let program = WANTED.locate()?.with_file_name("postgres");
        let url = self.url();
        let started = Instant::now();
        loop {
            // Its backends notice that they are alone, and until they have ended a new server
            // refuses their shared memory.
            self.daemon = serve(&program, &self.place, self.port, syncing)?;
            match self.daemon.wait_until(|| super::fleet::answers(&url, CONNECT_MAX)) {
                Err(ServerError::Ended { .. }) if started.elapsed() < ORPHANS_MAX => {}
                outcome => return outcome,
            }
        }
    }
}

fn url(port: u16, database: &str) -> String {
    format!("postgres://postgres:{PASSWORD}@127.0.0.1:{port}/{database}")
}

fn serve(program: &Path, place: &Place, port: u16, sync: Syncing) -> Result<Daemon, ServerError> {
    let mut settings = vec![
        "listen_addresses=127.0.0.1".to_owned(),
        format!("port={port}"),
        format!("unix_socket_directories={}", place.path().display()),
        format!("max_connections={CONNECTIONS_MAX}"),
        "shared_buffers=64MB".to_owned(),
        // `--atomic` over a thousand migrations locks each table until it commits.
        "max_locks_per_transaction=256".to_owned(),
        "max_prepared_transactions=10".to_owned(),
    ];
    if sync == Syncing::Off {
        let off = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
        settings.extend(off.map(str::to_owned));
    }
    let mut command = daemon::command(program);
    command.arg("-D").arg(place.join("data")).current_dir(place.path());
    for setting in settings {
        command.args(["-c", &setting]);
    }
    // SIGINT is its fast shutdown: sessions are ended, data is kept.
    Daemon::start(command, place.join("log"), Signal::INT)
}
