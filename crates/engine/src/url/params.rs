//! Parameters of server URLs: sqlx's, libpq's and Prisma's spellings, each taken, removed or
//! refused by name. sqlx itself would log an unknown one with its value.

use std::net::IpAddr;

use xtask_db_sql::Dialect;

use super::server::{ServerUrl, malformed};
use crate::UrlError;

/// Pool sizes, timeouts and caches: a session has one connection and settings of its own. What
/// libpq negotiates and sqlx does not is left to the server.
const REMOVED: [&str; 25] = [
    "channel_binding",
    "client_encoding",
    "connect_timeout",
    "connection_limit",
    "fallback_application_name",
    "gssencmode",
    "gsslib",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "load_balance_hosts",
    "max_connection_lifetime",
    "max_idle_connection_lifetime",
    "pgbouncer",
    "pool_timeout",
    "single_use_connections",
    "socket_timeout",
    "sslcompression",
    "sslsni",
    "statement-cache-capacity",
    "statement_cache_size",
    "target_session_attrs",
    "tcp_user_timeout",
];

/// How the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TlsMode {
    Disable,
    /// PostgreSQL only.
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl TlsMode {
    fn parse(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().replace('_', "-").as_str() {
            "disable" | "disabled" => Self::Disable,
            "allow" => Self::Allow,
            "prefer" | "preferred" => Self::Prefer,
            "require" | "required" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" | "verify-identity" => Self::VerifyFull,
            _ => return None,
        })
    }

    /// The server's own word for it.
    pub(super) const fn word(self, dialect: Dialect) -> &'static str {
        let mysql = matches!(dialect, Dialect::Mysql);
        match self {
            Self::Disable if mysql => "disabled",
            Self::Disable => "disable",
            Self::Allow => "allow",
            Self::Prefer if mysql => "preferred",
            Self::Prefer => "prefer",
            Self::Require if mysql => "required",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull if mysql => "verify-identity",
            Self::VerifyFull => "verify-full",
        }
    }
}

/// Mode and certificates.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Tls {
    pub(super) mode: Option<TlsMode>,
    pub(super) root: Option<String>,
    pub(super) cert: Option<String>,
    pub(super) key: Option<String>,
    strict: bool,
}

/// What the parameters say.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Params {
    pub(super) schema: Option<String>,
    pub(super) tls: Tls,
    pub(super) application_name: Option<String>,
    /// PostgreSQL: names and values for the server.
    pub(super) options: Vec<(String, String)>,
    /// PostgreSQL: `-c name=value …`, as written.
    pub(super) raw_options: Option<String>,
    pub(super) charset: Option<String>,
    pub(super) collation: Option<String>,
    pub(super) timezone: Option<String>,
}

impl Params {
    /// Reads one parameter.
    pub(super) fn read(
        server: &mut ServerUrl,
        dialect: Dialect,
        name: &str,
        value: &str,
    ) -> Result<(), UrlError> {
        let owned = || Some(value.to_owned());
        if !is_name(name) {
            return Err(malformed("has a parameter without a proper name"));
        }
        if value.contains('\0') {
            return Err(malformed("has a NUL in it"));
        }
        match name {
            "sslmode" | "ssl-mode" => {
                let mode = TlsMode::parse(value);
                let known = mode.filter(|&m| m != TlsMode::Allow || dialect == Dialect::Postgres);
                let unknown = || malformed(&format!("has an unknown value for {name}"));
                server.params.tls.mode = Some(known.ok_or_else(unknown)?);
            }
            // Prisma's; the other value is what servers do without it.
            "sslaccept" => match value {
                "strict" => server.params.tls.strict = true,
                "accept_invalid_certs" => {}
                _ => return Err(malformed("has an unknown value for sslaccept")),
            },
            "sslrootcert" | "ssl-root-cert" | "sslca" | "ssl-ca" => {
                server.params.tls.root = owned();
            }
            "sslcert" | "ssl-cert" => server.params.tls.cert = owned(),
            "sslkey" | "ssl-key" => server.params.tls.key = owned(),
            "user" => server.user = owned(),
            "password" => server.password = owned(),
            name if REMOVED.contains(&name) => {}
            _ if dialect == Dialect::Postgres => Self::postgres(server, name, value)?,
            _ => Self::mysql(server, name, value)?,
        }
        Ok(())
    }

    fn postgres(server: &mut ServerUrl, name: &str, value: &str) -> Result<(), UrlError> {
        let owned = || Some(value.to_owned());
        match name {
            "schema" => server.params.schema = owned().filter(|schema| !schema.is_empty()),
            "host" => server.put_host(value)?,
            "hostaddr" => {
                value.parse::<IpAddr>().map_err(|_| malformed("has a hostaddr that is none"))?;
                server.put_host(value)?;
            }
            "port" => {
                let none = |_| malformed("has a port that is not a number");
                server.port = Some(value.parse().map_err(none)?);
            }
            "dbname" => value.clone_into(&mut server.database),
            "application_name" => server.params.application_name = owned(),
            "options" => server.params.raw_options = owned(),
            _ => match name.strip_prefix("options[").and_then(|name| name.strip_suffix(']')) {
                Some(name) => server.params.options.push((name.to_owned(), value.to_owned())),
                None => return Err(UrlError::Parameter { name: name.to_owned() }),
            },
        }
        Ok(())
    }

    fn mysql(server: &mut ServerUrl, name: &str, value: &str) -> Result<(), UrlError> {
        // sqlx puts these three into a statement as they are.
        let word = |extra: &str| {
            let fits = |c: char| c.is_ascii_alphanumeric() || extra.contains(c);
            let proper = !value.is_empty() && value.chars().all(fits);
            let refused = || malformed(&format!("has an improper value for {name}"));
            proper.then(|| value.to_owned()).ok_or_else(refused)
        };
        match name {
            "socket" => server.socket = Some(value.to_owned()),
            "charset" => server.params.charset = Some(word("_")?),
            "collation" => server.params.collation = Some(word("_")?),
            "timezone" | "time-zone" => server.params.timezone = Some(word("_+-:/")?),
            _ => return Err(UrlError::Parameter { name: name.to_owned() }),
        }
        Ok(())
    }

    /// Settles what depends on several parameters.
    pub(super) fn settle(&mut self) {
        let tls = &mut self.tls;
        // Prisma's `sslcert` is the server's root certificate; a client's comes with its key.
        if tls.key.is_none() && tls.root.is_none() {
            tls.root = tls.cert.take();
        }
        if tls.strict && tls.mode != Some(TlsMode::Disable) {
            tls.mode = Some(TlsMode::VerifyFull);
        }
    }
}

/// A name that can be shown: it is no part of a password with special characters.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.[]".contains(c))
}
