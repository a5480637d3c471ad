//! URLs as the drivers' options.

use xtask_db_sql::Dialect;

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
use sqlx::ConnectOptions as _;

use super::server::{ServerUrl, bracketed};
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
use super::{DbUrl, Form};

/// What servers show for our sessions.
#[cfg(feature = "postgres")]
const APPLICATION_NAME: &str = "xtask-db";

/// Host and port, or the socket. PostgreSQL without a host: what the driver falls back to.
pub(super) fn host(dialect: Dialect, server: &ServerUrl) -> String {
    if let Some(socket) = &server.socket {
        return socket.clone();
    }
    #[cfg(feature = "postgres")]
    if dialect == Dialect::Postgres && server.host.is_none() {
        let options = postgres(server);
        let host = options.get_host();
        if host.starts_with('/') {
            return host.to_owned();
        }
        return format!("{}:{}", bracketed(host), options.get_port());
    }
    let standard = if dialect == Dialect::Mysql { 3306 } else { 5432 };
    let host = server.host.as_deref().unwrap_or("localhost");
    format!("{}:{}", bracketed(host), server.port.unwrap_or(standard))
}

#[cfg(feature = "postgres")]
impl DbUrl {
    /// Options of the PostgreSQL driver.
    pub(crate) fn postgres_options(&self) -> sqlx::postgres::PgConnectOptions {
        match &self.form {
            Form::Server(server) => postgres(server),
            Form::File(_) => sqlx::postgres::PgConnectOptions::new_without_pgpass(),
        }
    }
}

#[cfg(feature = "postgres")]
fn postgres(server: &ServerUrl) -> sqlx::postgres::PgConnectOptions {
    use sqlx::postgres::PgSslMode;

    use super::params::TlsMode;

    let mut options = from_parts(server).statement_cache_capacity(0);
    if let Some(password) = &server.password {
        options = options.password(password);
    }
    let params = &server.params;
    let name = params.application_name.as_deref().unwrap_or(APPLICATION_NAME);
    options = options.application_name(name);
    // Poolers refuse the startup parameter even when it is empty.
    if !params.options.is_empty() {
        options = options.options(params.options.iter().map(|(name, value)| (name, value)));
    }
    if let Some(mode) = params.tls.mode {
        options = options.ssl_mode(match mode {
            TlsMode::Disable => PgSslMode::Disable,
            TlsMode::Allow => PgSslMode::Allow,
            TlsMode::Prefer => PgSslMode::Prefer,
            TlsMode::Require => PgSslMode::Require,
            TlsMode::VerifyCa => PgSslMode::VerifyCa,
            TlsMode::VerifyFull => PgSslMode::VerifyFull,
        });
    }
    if let Some(root) = &params.tls.root {
        options = options.ssl_root_cert(root);
    }
    if let (Some(cert), Some(key)) = (&params.tls.cert, &params.tls.key) {
        options = options.ssl_client_cert(cert).ssl_client_key(key);
    }
    options.disable_statement_logging()
}

/// Options read from a URL without a password: only the driver's reader looks into `.pgpass` and
/// takes `-c name=value` options.
#[cfg(feature = "postgres")]
fn from_parts(server: &ServerUrl) -> sqlx::postgres::PgConnectOptions {
    let mut url = url::form_urlencoded::Serializer::new("postgres:///?".to_owned());
    let port = server.port.map(|port| port.to_string());
    let parts = [
        ("host", server.socket.as_deref().or(server.host.as_deref())),
        ("port", port.as_deref()),
        ("user", server.user.as_deref()),
        ("dbname", Some(server.database.as_str())),
        ("options", server.params.raw_options.as_deref()),
    ];
    for (name, value) in parts {
        if let Some(value) = value {
            url.append_pair(name, value);
        }
    }
    url.finish().parse().unwrap_or_else(|_| sqlx::postgres::PgConnectOptions::new_without_pgpass())
}

#[cfg(feature = "mysql")]
impl DbUrl {
    /// Options of the MySQL driver. The server's `sql_mode` and time zone stay as they are.
    pub(crate) fn mysql_options(&self) -> sqlx::mysql::MySqlConnectOptions {
        use super::params::TlsMode;
        use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};

        let mut options = MySqlConnectOptions::new()
            .pipes_as_concat(false)
            .no_engine_substitution(false)
            .set_names(true)
            .statement_cache_capacity(0)
            .timezone(None);
        let Form::Server(server) = &self.form else { return options };
        if let Some(user) = &server.user {
            options = options.username(user);
        }
        if let Some(password) = &server.password {
            options = options.password(password);
        }
        if let Some(host) = &server.host {
            options = options.host(host);
        }
        if let Some(port) = server.port {
            options = options.port(port);
        }
        if let Some(socket) = &server.socket {
            options = options.socket(socket);
        }
        if !server.database.is_empty() {
            options = options.database(&server.database);
        }
        let params = &server.params;
        if let Some(charset) = &params.charset {
            options = options.charset(charset);
        }
        if let Some(collation) = &params.collation {
            options = options.collation(collation);
        }
        if let Some(timezone) = &params.timezone {
            options = options.timezone(timezone.clone());
        }
        if let Some(mode) = params.tls.mode {
            options = options.ssl_mode(match mode {
                TlsMode::Disable => MySqlSslMode::Disabled,
                TlsMode::Allow | TlsMode::Prefer => MySqlSslMode::Preferred,
                TlsMode::Require => MySqlSslMode::Required,
                TlsMode::VerifyCa => MySqlSslMode::VerifyCa,
                TlsMode::VerifyFull => MySqlSslMode::VerifyIdentity,
            });
        }
        if let Some(root) = &params.tls.root {
            options = options.ssl_ca(root);
        }
        if let (Some(cert), Some(key)) = (&params.tls.cert, &params.tls.key) {
            options = options.ssl_client_cert(cert).ssl_client_key(key);
        }
        options.disable_statement_logging()
    }
}

#[cfg(feature = "sqlite")]
impl DbUrl {
    /// Options of the SQLite driver; a missing file is an error unless the URL says `mode=rwc`.
    pub(crate) fn sqlite_options(&self) -> sqlx::sqlite::SqliteConnectOptions {
        use super::file::Mode;

        let options = sqlx::sqlite::SqliteConnectOptions::new().statement_cache_capacity(0);
        let Form::File(file) = &self.form else { return options };
        let mut options = match &file.path {
            Some(path) => options
                .filename(path)
                .read_only(file.mode == Mode::ReadOnly)
                .create_if_missing(file.mode == Mode::Create)
                .immutable(file.immutable),
            None => options.in_memory(true),
        };
        if let Some(vfs) = &file.vfs {
            options = options.vfs(vfs.clone());
        }
        options.foreign_keys(true).disable_statement_logging()
    }

    /// The same, with the file created when it is missing.
    pub(crate) fn sqlite_create_options(&self) -> sqlx::sqlite::SqliteConnectOptions {
        self.sqlite_options().create_if_missing(true)
    }
}
