//! A throwaway MariaDB server on a private port.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;

use super::daemon::{self, Daemon};
use super::packages::Wanted;
use super::place::{Place, Syncing, free_port};
use super::{MARIADB_URL, ServerError};

const INSTALL: Wanted =
    Wanted { program: "mariadb-install-db", package: "mariadb-server", variable: MARIADB_URL };
const SERVE: Wanted =
    Wanted { program: "mariadbd", package: "mariadb-server", variable: MARIADB_URL };
const CONNECTIONS_MAX: u32 = 300;
const CONNECT_MAX: Duration = Duration::from_secs(5);
const USER: &str = "tests";
const PASSWORD: &str = "kept-out-of-every-output-my";

/// A running MariaDB server.
#[derive(Debug)]
pub struct MariaDb {
    daemon: Daemon,
    place: Place,
    port: u16,
}

impl MariaDb {
    /// Makes a data folder under `target` and starts a server on it.
    ///
    /// # Errors
    /// The programs are missing, or the server does not come up.
    pub fn start(target: &Path, syncing: Syncing) -> Result<Self, ServerError> {
        let install = INSTALL.locate()?;
        let program = SERVE.locate()?;
        let place = Place::new(target, "mariadb")?;
        let mut command = Command::new(install);
        command.args(["--no-defaults", "--skip-test-db"]);
        command.arg("--auth-root-authentication-method=normal");
        command.arg(path_option("datadir", &place, "data")).current_dir(place.path());
        // See `--tmpdir` below: this is a server too.
        command.env("TMPDIR", place.path());
        daemon::run(command)?;
        let port = free_port()?;
        let mut daemon = serve(&program, &place, port, syncing)?;
        let url = url(port);
        daemon.wait_until(|| super::fleet::answers(&url, CONNECT_MAX))?;
        Ok(Self { daemon, place, port })
    }

    /// The URL of its `mysql` database, with a user who has every right, and the password.
    #[must_use]
    pub fn url(&self) -> String {
        url(self.port)
    }

    /// Kills the server as a crash would, and starts it on the same data and port.
    ///
    /// # Errors
    /// The server does not come up again.
    pub fn crash_and_restart(&mut self, syncing: Syncing) -> Result<(), ServerError> {
        self.daemon.crash();
        self.daemon = serve(&SERVE.locate()?, &self.place, self.port, syncing)?;
        let url = self.url();
        self.daemon.wait_until(|| super::fleet::answers(&url, CONNECT_MAX))
    }
}

fn url(port: u16) -> String {
    format!("mysql://{USER}:{PASSWORD}@127.0.0.1:{port}/mysql")
}

fn path_option(name: &str, place: &Place, file: &str) -> String {
    format!("--{name}={}", place.join(file).display())
}

fn serve(program: &Path, place: &Place, port: u16, sync: Syncing) -> Result<Daemon, ServerError> {
    let rights = format!(
        "CREATE USER IF NOT EXISTS '{USER}'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';\n\
         GRANT ALL ON *.* TO '{USER}'@'127.0.0.1' WITH GRANT OPTION;\n"
    );
    place.write("rights.sql", &rights)?;
    let mut command = daemon::command(program);
    command.args(["--no-defaults", "--skip-name-resolve", "--skip-log-bin"]);
    command.args(["--bind-address=127.0.0.1", "--performance-schema=OFF"]);
    command.args(["--innodb-buffer-pool-size=64M", "--innodb-log-file-size=48M"]);
    command.arg(format!("--port={port}")).arg(format!("--max-connections={CONNECTIONS_MAX}"));
    command.arg(path_option("datadir", place, "data"));
    // A server that starts removes the temporary files of every other that shares the folder.
    command.arg(format!("--tmpdir={}", place.path().display()));
    command.arg(path_option("socket", place, "s"));
    command.arg(path_option("pid-file", place, "pid"));
    command.arg(path_option("init-file", place, "rights.sql"));
    if sync == Syncing::Off {
        command.args(["--innodb-flush-log-at-trx-commit=0", "--skip-innodb-doublewrite"]);
        command.args(["--innodb-flush-method=nosync", "--sync-frm=OFF"]);
    }
    command.current_dir(place.path());
    Daemon::start(command, place.join("log"), Signal::TERM)
}
