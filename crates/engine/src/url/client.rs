//! URLs as the arguments and variables of the servers' own programs: `pg_dump`, `mariadb-dump`.
//!
//! Invariant: the password goes into the program's environment and nowhere else; never into an
//! argument, which other users of the machine can read.

use std::ffi::OsString;
use std::process::Command;

use super::params::TlsMode;
use super::server::ServerUrl;
use super::{DbUrl, Form};

/// Whose programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// libpq's.
    Postgres,
    /// MariaDB's.
    MariaDb,
    /// MySQL's.
    MySql,
}

/// What libpq reads before the variables that are set here, or in place of them.
const LIBPQ_UNSET: [&str; 6] =
    ["PGSERVICE", "PGSERVICEFILE", "PGHOSTADDR", "PGTARGETSESSIONATTRS", "PGDATESTYLE", "PGTZ"];
/// How long a program may try to connect, in seconds.
const CONNECT_MAX_S: &str = "10";

impl DbUrl {
    /// Points a program at the server of the URL; the database is named by the caller. Options of
    /// the machine's own files are not read where the program has a way to say so.
    pub fn point(&self, command: &mut Command, client: Client) {
        let Form::Server(server) = &self.form else { return };
        match client {
            Client::Postgres => self.libpq(server, command),
            Client::MariaDb | Client::MySql => self.mysql(server, command, client),
        }
    }

    #[cfg(not(feature = "postgres"))]
    fn libpq(&self, _: &ServerUrl, _: &mut Command) {}

    /// What the driver connects with, said to libpq.
    #[cfg(feature = "postgres")]
    fn libpq(&self, server: &ServerUrl, command: &mut Command) {
        let options = self.postgres_options();
        for name in LIBPQ_UNSET {
            command.env_remove(name);
        }
        let host = match options.get_socket() {
            Some(socket) => socket.clone().into_os_string(),
            None => OsString::from(options.get_host()),
        };
        command.env("PGHOST", host).env("PGPORT", options.get_port().to_string());
        command.env("PGUSER", options.get_username());
        command.env("PGAPPNAME", "xtask-db").env("PGCONNECT_TIMEOUT", CONNECT_MAX_S);
        if let Some(text) = options.get_options() {
            command.env("PGOPTIONS", text);
        }
        if let Some(password) = &server.password {
            command.env("PGPASSWORD", password);
        }
        let tls = &server.params.tls;
        let mode = tls.mode.map(|mode| mode.word(self.dialect).to_owned());
        let set = [
            ("PGSSLMODE", &mode),
            ("PGSSLROOTCERT", &tls.root),
            ("PGSSLCERT", &tls.cert),
            ("PGSSLKEY", &tls.key),
        ];
        for (name, value) in set {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
    }

    #[cfg(not(feature = "mysql"))]
    fn mysql(&self, _: &ServerUrl, _: &mut Command, _: Client) {}

    /// The same for MySQL's and MariaDB's programs.
    #[cfg(feature = "mysql")]
    fn mysql(&self, server: &ServerUrl, command: &mut Command, client: Client) {
        let options = self.mysql_options();
        command.arg("--no-defaults").arg(format!("--user={}", options.get_username()));
        match options.get_socket() {
            Some(socket) => {
                let mut argument = OsString::from("--socket=");
                argument.push(socket);
                command.arg("--protocol=SOCKET").arg(argument);
            }
            // `localhost` means a socket to these programs, and TCP to the driver.
            None => {
                command.arg("--protocol=TCP").arg(format!("--host={}", options.get_host()));
                command.arg(format!("--port={}", options.get_port()));
            }
        }
        // MySQL's programs know another option for each of these.
        if let Some(mode) = server.params.tls.mode {
            command.args(encryption(mode, client));
        }
        let tls = &server.params.tls;
        for (name, value) in [("ca", &tls.root), ("cert", &tls.cert), ("key", &tls.key)] {
            if let Some(value) = value {
                command.arg(format!("--ssl-{name}={value}"));
            }
        }
        match &server.password {
            Some(password) => command.env("MYSQL_PWD", password),
            None => command.env_remove("MYSQL_PWD"),
        };
    }
}

fn encryption(mode: TlsMode, client: Client) -> Vec<String> {
    if client == Client::MySql {
        let word = mode.word(xtask_db_sql::Dialect::Mysql).to_uppercase().replace('-', "_");
        return vec![format!("--ssl-mode={word}")];
    }
    let words: &[&str] = match mode {
        TlsMode::Disable => &["--skip-ssl"],
        TlsMode::Allow | TlsMode::Prefer => &[],
        TlsMode::Require => &["--ssl"],
        TlsMode::VerifyCa | TlsMode::VerifyFull => &["--ssl", "--ssl-verify-server-cert"],
    };
    words.iter().map(|&word| word.to_owned()).collect()
}

#[cfg(all(test, feature = "postgres", feature = "mysql"))]
mod tests {
    use std::path::Path;

    use super::*;

    fn check(url: &str, client: Client, arguments: &str, variables: &[(&str, &str)]) {
        let mut command = Command::new("program");
        DbUrl::parse(url, Path::new("")).unwrap().point(&mut command, client);
        let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
        assert_eq!(words.join(" "), arguments, "{url}");
        for (name, value) in variables {
            let set = command.get_envs().find(|(known, _)| known.to_str() == Some(*name));
            let set = set.and_then(|(_, value)| value?.to_str());
            assert_eq!(set, Some(*value), "{url}: {name}");
        }
    }

    #[test]
    fn the_password_is_in_the_environment_alone() {
        check(
            "postgres://ana:s%40cret@db:6000/shop?sslmode=require",
            Client::Postgres,
            "",
            &[
                ("PGHOST", "db"),
                ("PGPORT", "6000"),
                ("PGUSER", "ana"),
                ("PGPASSWORD", "s@cret"),
                ("PGSSLMODE", "require"),
            ],
        );
        check("postgres://ana@/shop?host=/run/pg", Client::Postgres, "", &[("PGHOST", "/run/pg")]);
        check(
            "mysql://ana:s%40cret@db:3307/shop?ssl-mode=verify_ca",
            Client::MariaDb,
            "--no-defaults --user=ana --protocol=TCP --host=db --port=3307 --ssl \
             --ssl-verify-server-cert",
            &[("MYSQL_PWD", "s@cret")],
        );
        check(
            "mysql://ana@localhost/shop?ssl-mode=verify_ca&socket=/run/my",
            Client::MySql,
            "--no-defaults --user=ana --protocol=SOCKET --socket=/run/my --ssl-mode=VERIFY_CA",
            &[],
        );
    }
}
