//! URLs of servers: user, password, host, port, socket, database.
//!
//! Invariant: an error never repeats a part of the text that may belong to a password.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::{ParseError, Url};
use xtask_db_sql::Dialect;

use super::params::Params;
use crate::UrlError;

/// What is shown as it is in a masked URL.
const SHOWN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// Stands for a host that is missing while the text is taken apart.
const NO_HOST: &str = "no-host.invalid";

/// A server's URL, taken apart and decoded.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct ServerUrl {
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
    /// IPv6 without its brackets.
    pub(super) host: Option<String>,
    pub(super) port: Option<u16>,
    /// PostgreSQL: the socket's folder; MySQL: the socket.
    pub(super) socket: Option<String>,
    pub(super) database: String,
    pub(super) params: Params,
}

impl ServerUrl {
    /// Reads what follows the scheme and its colon.
    pub(super) fn parse(dialect: Dialect, rest: &str) -> Result<Self, UrlError> {
        let url = take_apart(dialect, rest)?;
        let mut server = Self {
            user: Some(url.username())
                .filter(|user| !user.is_empty())
                .map(|user| decode(user, "user name"))
                .transpose()?,
            password: url.password().map(|text| decode(text, "password")).transpose()?,
            port: url.port(),
            ..Self::default()
        };
        // An empty password that is written is one; the parser above drops it.
        let authority = authority(rest);
        if server.password.is_none() && authority.split_once('@').is_some_and(has_empty_password) {
            server.password = Some(String::new());
        }
        let host = url.host_str().filter(|host| !host.is_empty() && *host != NO_HOST);
        if let Some(host) = host.map(|host| decode(host, "host")).transpose()? {
            server.put_host(host.trim_start_matches('[').trim_end_matches(']'))?;
        }
        let path = url.path();
        server.database = decode(path.strip_prefix('/').unwrap_or(path), "database name")?;
        for (name, value) in url.query_pairs() {
            Params::read(&mut server, dialect, &name, &value)?;
        }
        server.params.settle();
        if server.database.is_empty() {
            return Err(malformed("has no database name"));
        }
        if server.database.contains('\0') || server.user.as_ref().is_some_and(|u| u.contains('\0'))
        {
            return Err(malformed("has a NUL in it"));
        }
        Ok(server)
    }

    /// A host, or a socket's folder when it starts with a slash.
    pub(super) fn put_host(&mut self, host: &str) -> Result<(), UrlError> {
        if host.contains(',') {
            return Err(malformed("has several hosts; name the one to write to"));
        }
        if host.starts_with('/') {
            self.socket = Some(host.to_owned());
        } else {
            self.host = Some(host.to_owned());
        }
        Ok(())
    }

    /// A text with the password, as it is and encoded, as `***`.
    pub(super) fn redact(&self, text: &str) -> String {
        match self.password.as_deref().filter(|password| !password.is_empty()) {
            None => text.to_owned(),
            Some(password) => {
                let encoded = utf8_percent_encode(password, SHOWN).to_string();
                text.replace(password, "***").replace(&encoded, "***")
            }
        }
    }

    /// The URL with its password as `***`.
    pub(super) fn masked(&self, dialect: Dialect) -> String {
        let encode = |text: &str| utf8_percent_encode(text, SHOWN).to_string();
        let mut out = format!("{}://", dialect.provider());
        if let Some(user) = &self.user {
            out.push_str(&encode(user));
        }
        if self.password.is_some() {
            out.push_str(":***");
        }
        if self.user.is_some() || self.password.is_some() {
            out.push('@');
        }
        if let Some(host) = &self.host {
            out.push_str(&bracketed(host));
        }
        if let Some(port) = self.port {
            let _ = write!(out, ":{port}");
        }
        let _ = write!(out, "/{}", encode(&self.database));
        let socket = match dialect {
            Dialect::Mysql => ("socket", self.socket.as_deref()),
            _ => ("host", self.socket.as_deref()),
        };
        let schema = ("schema", self.params.schema.as_deref());
        let mode = ("sslmode", self.params.tls.mode.map(|mode| mode.word(dialect)));
        let shown = [socket, schema, mode];
        let shown = shown.into_iter().filter_map(|(name, value)| Some((name, value?)));
        for (at, (name, value)) in shown.enumerate() {
            let value = value.split('/').map(encode).collect::<Vec<_>>().join("/");
            let _ = write!(out, "{}{name}={value}", if at == 0 { '?' } else { '&' });
        }
        out
    }
}

/// A host as it stands before a port.
pub(super) fn bracketed(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

/// A part of the text, decoded.
fn decode(text: &str, what: &str) -> Result<String, UrlError> {
    match percent_decode_str(text).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(malformed(&format!("has a {what} that is not UTF-8"))),
    }
}

/// What stands between `//` and the path.
fn authority(rest: &str) -> &str {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn has_empty_password((user, _): (&str, &str)) -> bool {
    user.ends_with(':')
}

fn take_apart(dialect: Dialect, rest: &str) -> Result<Url, UrlError> {
    if !rest.starts_with("//") {
        return Err(malformed("has no // after its scheme"));
    }
    let authority = authority(rest);
    let after = &rest[2 + authority.len()..];
    // A password with `/`, `?` or `#` in it would be read as a host, a port and a path, and shown.
    if after.contains('@') {
        return Err(malformed(
            "has an @ after its first /, ? or #: write special characters of a password, and that \
             @, in percent encoding",
        ));
    }
    if after.contains('#') {
        return Err(malformed("has a #: write it as %23"));
    }
    // The parser refuses `user@/db`, which is right when a socket is named by a parameter.
    let place = match authority.rsplit_once('@') {
        Some((user, host)) if host.is_empty() || host.starts_with(':') => {
            format!("{user}@{NO_HOST}{host}")
        }
        _ => authority.to_owned(),
    };
    let text = format!("{}://{place}{after}", dialect.provider());
    Url::parse(&text).map_err(|error| match error {
        ParseError::InvalidPort => malformed(
            "has a port that is not a number, or a password with a special character that must \
             be in percent encoding",
        ),
        ParseError::InvalidIpv6Address => malformed("has an IPv6 address that is none"),
        ParseError::InvalidIpv4Address => malformed("has an IPv4 address that is none"),
        _ => malformed("has a host name that is none"),
    })
}

pub(super) fn malformed(problem: &str) -> UrlError {
    UrlError::Malformed { problem: problem.to_owned() }
}
