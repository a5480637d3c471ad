//! What a session is set to, per server, and what is asked of the server first.

use std::fmt::Write as _;
use std::time::Duration;

use xtask_db_sql::{Dialect, Syntax, ident, literal};

use crate::conn::{Conn, TextRow};
use crate::session::Server;
use crate::{DbError, SessionOptions};

/// The server ends a session of ours that sits in a transaction this long: the machine slept.
const IDLE_IN_TRANSACTION_MAX_MS: u32 = 300_000;
/// How long SQLite waits for another connection's lock before a statement fails.
const SQLITE_BUSY_MS: u32 = 5_000;

/// What the prelude sets on SQLite, so that a pool's connection must get it back.
const SQLITE_FLAGS: [&str; 5] = [
    "foreign_keys",
    "legacy_alter_table",
    "ignore_check_constraints",
    "recursive_triggers",
    "writable_schema",
];

/// What was learnt about the server.
pub(crate) struct Probe {
    pub(crate) server: Server,
    pub(crate) syntax: Syntax,
    /// The server's id of this session.
    pub(crate) backend: Option<String>,
    /// Brings a pool's connection back to what it was.
    pub(crate) restore: String,
    /// Brings the session to its first state.
    pub(crate) prelude: String,
    /// PostgreSQL: the same for one transaction only.
    pub(crate) local: String,
    /// PostgreSQL: gives the session its own role back.
    pub(crate) own_role: String,
    /// The search path is not the role's own.
    pub(crate) placed: bool,
}

/// Where unqualified names go.
pub(crate) struct Place {
    pub(crate) schema: Option<String>,
    pub(crate) search_path: Option<String>,
}

/// Asks the server what it is and derives the session's settings.
pub(crate) async fn probe(
    conn: &mut Conn,
    options: &SessionOptions,
    url_schema: Option<&str>,
) -> Result<Probe, DbError> {
    match conn.dialect() {
        Dialect::Sqlite => sqlite(conn, options).await,
        Dialect::Postgres => postgres(conn, options, url_schema).await,
        Dialect::Mysql => mysql(conn, options).await,
    }
}

/// Sets the session up and asks where unqualified names go, in one round trip.
pub(crate) async fn place(conn: &mut Conn, settings: &str) -> Result<Place, DbError> {
    let ask = match conn.dialect() {
        Dialect::Sqlite => "SELECT NULL, NULL",
        Dialect::Postgres => "SELECT current_schema(), current_setting('search_path')",
        Dialect::Mysql => "SELECT DATABASE(), NULL",
    };
    let rows = conn.rows(&format!("{settings}{ask}")).await?;
    let row = rows.into_iter().next_back().unwrap_or_default();
    Ok(Place { schema: text(&row, 0), search_path: text(&row, 1) })
}

fn text(row: &TextRow, at: usize) -> Option<String> {
    row.get(at).cloned().flatten()
}

fn first(rows: Vec<TextRow>) -> TextRow {
    rows.into_iter().next().unwrap_or_default()
}

async fn sqlite(conn: &mut Conn, options: &SessionOptions) -> Result<Probe, DbError> {
    let ask = "SELECT sqlite_version(), (SELECT file FROM pragma_database_list WHERE seq = 0), \
         (SELECT timeout FROM pragma_busy_timeout)";
    let columns = SQLITE_FLAGS.map(|flag| format!("(SELECT {flag} FROM pragma_{flag})"));
    let row = first(conn.rows(&format!("{ask}, {}", columns.join(", "))).await?);
    let mut prelude = format!(
        "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = {SQLITE_BUSY_MS}; \
         PRAGMA defer_foreign_keys = OFF; PRAGMA legacy_alter_table = OFF; \
         PRAGMA ignore_check_constraints = OFF; PRAGMA recursive_triggers = OFF; \
         PRAGMA writable_schema = OFF; "
    );
    push_session(&mut prelude, options);
    let file = text(&row, 1).filter(|file| !file.is_empty());
    let mut restore = format!("PRAGMA busy_timeout = {}; ", text(&row, 2).unwrap_or_default());
    for (at, flag) in SQLITE_FLAGS.iter().enumerate() {
        let _ = write!(restore, "PRAGMA {flag} = {}; ", text(&row, 3 + at).unwrap_or_default());
    }
    Ok(Probe {
        server: Server {
            name: "SQLite",
            version: text(&row, 0).unwrap_or_default(),
            database: file.unwrap_or_else(|| ":memory:".to_owned()),
        },
        syntax: Syntax::of(Dialect::Sqlite),
        backend: None,
        restore,
        prelude,
        local: String::new(),
        own_role: String::new(),
        placed: false,
    })
}

async fn postgres(
    conn: &mut Conn,
    options: &SessionOptions,
    url_schema: Option<&str>,
) -> Result<Probe, DbError> {
    // First, since the role's own limit may be too short for anything.
    let ask = "SET LOCAL statement_timeout = 0; \
         SELECT version(), current_database(), pg_backend_pid(), \
         current_setting('server_version'), \
         current_setting('client_connection_check_interval', true), \
         current_setting('idle_session_timeout', true)";
    let row = first(conn.rows(ask).await?);
    let idle = text(&row, 5);
    if idle.as_deref().is_some_and(|limit| limit != "0") {
        // At once: the session sits idle while it is found out whether there is a pooler.
        conn.run("SET idle_session_timeout = 0").await?;
    }
    let statement_timeout = options.statement_timeout.map_or(0, millis).to_string();
    let lock_timeout = millis(options.lock_timeout).to_string();
    let mut settings = vec![
        ("standard_conforming_strings", "on".to_owned()),
        ("default_transaction_isolation", "read committed".to_owned()),
        ("default_transaction_read_only", "off".to_owned()),
        ("default_transaction_deferrable", "off".to_owned()),
        ("client_min_messages", "warning".to_owned()),
        ("check_function_bodies", "on".to_owned()),
        ("row_security", "on".to_owned()),
        ("statement_timeout", statement_timeout),
        ("lock_timeout", lock_timeout),
        ("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION_MAX_MS.to_string()),
        ("tcp_keepalives_idle", "30".to_owned()),
        ("tcp_keepalives_interval", "10".to_owned()),
        ("tcp_keepalives_count", "3".to_owned()),
    ];
    // PostgreSQL 14 and later.
    if idle.is_some() {
        settings.push(("idle_session_timeout", "0".to_owned()));
    }
    // CockroachDB calls its server_version that of the PostgreSQL it resembles.
    let own = text(&row, 0).is_some_and(|version| version.starts_with("PostgreSQL"));
    // A killed client's backend ends by itself; refused by servers not built for Linux.
    let linux = text(&row, 0).is_some_and(|version| version.contains("linux"));
    if linux && text(&row, 4).is_some() {
        settings.push(("client_connection_check_interval", "2000".to_owned()));
    }
    if let Some(path) = options.search_path.as_deref().or(url_schema) {
        settings.push(("search_path", search_path(path)));
    }
    // One SELECT is parsed and planned once, where as many SETs are not.
    let syntax = Syntax::of(Dialect::Postgres);
    let calls: Vec<String> = settings
        .iter()
        .map(|(name, value)| format!("set_config('{name}', {}, false)", literal(syntax, value)))
        .collect();
    let mut prelude = format!(
        "RESET SESSION AUTHORIZATION; RESET ALL; SET statement_timeout = 0; DISCARD TEMP; \
         CLOSE ALL; UNLISTEN *; SELECT {}; ",
        calls.join(", ")
    );
    push_session(&mut prelude, options);
    Ok(Probe {
        own_role: format!("RESET SESSION AUTHORIZATION; RESET ROLE; {}", session_local(options)),
        placed: settings.iter().any(|(name, _)| *name == "search_path"),
        local: local(syntax, &settings, options),
        server: Server {
            name: "PostgreSQL",
            version: if own { text(&row, 3) } else { text(&row, 0) }.unwrap_or_default(),
            database: text(&row, 1).unwrap_or_default(),
        },
        syntax,
        backend: text(&row, 2),
        restore: String::new(),
        prelude,
    })
}

async fn mysql(conn: &mut Conn, options: &SessionOptions) -> Result<Probe, DbError> {
    let ask = "SELECT VERSION(), DATABASE(), @@SESSION.sql_mode, CONNECTION_ID()";
    let row = first(conn.rows(ask).await?);
    let version = text(&row, 0).unwrap_or_default();
    let mode = options.sql_mode.clone().or_else(|| text(&row, 2)).unwrap_or_default();
    let mode_has = |word: &str| mode.split(',').any(|m| m.trim().eq_ignore_ascii_case(word));
    let syntax = Syntax {
        dialect: Dialect::Mysql,
        backslash_escapes: !mode_has("NO_BACKSLASH_ESCAPES"),
        ansi_quotes: mode_has("ANSI_QUOTES") || mode_has("ANSI"),
    };
    let lock_seconds = options.lock_timeout.as_secs().max(1);
    let mut prelude = format!(
        "SET SESSION sql_mode = {}, autocommit = 1, foreign_key_checks = 1, unique_checks = 1, \
         sql_safe_updates = 0, lock_wait_timeout = {lock_seconds}, \
         innodb_lock_wait_timeout = {lock_seconds}, NAMES utf8mb4; \
         SET SESSION TRANSACTION READ WRITE; \
         SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ; ",
        literal(syntax, &mode)
    );
    if let Some(database) = text(&row, 1) {
        let _ = write!(prelude, "USE {}; ", ident(Dialect::Mysql, &database));
    }
    let limit = options.statement_timeout.unwrap_or_default();
    let _ = match version.contains("MariaDB") {
        true => write!(prelude, "SET SESSION max_statement_time = {}; ", limit.as_secs_f64()),
        false => write!(prelude, "SET SESSION max_execution_time = {}; ", millis(limit)),
    };
    push_session(&mut prelude, options);
    Ok(Probe {
        server: Server {
            name: if version.contains("MariaDB") { "MariaDB" } else { "MySQL" },
            version,
            database: text(&row, 1).unwrap_or_default(),
        },
        syntax,
        backend: text(&row, 3),
        restore: String::new(),
        prelude,
        local: String::new(),
        own_role: String::new(),
        placed: false,
    })
}

/// The settings for the transaction that begins with them: behind a transaction pooler a session's
/// would stay with a connection of the server that goes to somebody else.
fn local(syntax: Syntax, settings: &[(&str, String)], options: &SessionOptions) -> String {
    let mut local = String::new();
    // Those named default_… are of the next transaction.
    for (name, value) in settings.iter().filter(|(name, _)| !name.starts_with("default_")) {
        // Not `set_config`: a query takes the snapshot, and the file may choose the isolation.
        let value = match *name {
            "search_path" => value.clone(),
            _ => literal(syntax, value),
        };
        let _ = write!(local, "SET LOCAL {name} = {value}; ");
    }
    local + &session_local(options)
}

/// The statements of `session`, for one transaction.
fn session_local(options: &SessionOptions) -> String {
    let mut local = String::new();
    for statement in &options.session {
        let statement = statement.trim_end_matches([';', ' ', '\n']);
        let (word, rest) = statement.split_once(' ').unwrap_or((statement, ""));
        let set = word.eq_ignore_ascii_case("set") && !rest.to_lowercase().starts_with("local ");
        let _ = match set {
            true => write!(local, "SET LOCAL {rest}; "),
            false => write!(local, "{statement}; "),
        };
    }
    local
}

fn push_session(prelude: &mut String, options: &SessionOptions) {
    for statement in &options.session {
        let _ = write!(prelude, "{}; ", statement.trim_end_matches([';', ' ', '\n']));
    }
}

fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

/// `app, public` with each name quoted; names that are quoted already are taken as they are.
fn search_path(text: &str) -> String {
    let names = text.split(',').map(|name| {
        let name = name.trim();
        let inner = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
        ident(
            Dialect::Postgres,
            &inner.map_or_else(|| name.to_owned(), |n| n.replace("\"\"", "\"")),
        )
    });
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn search_paths_are_quoted_name_by_name() {
        assert_eq!(search_path("app"), r#""app""#);
        assert_eq!(search_path(r#"App, "$user", public"#), r#""App", "$user", "public""#);
        assert_eq!(search_path(r#"a"; DROP TABLE x; --"#), r#""a""; DROP TABLE x; --""#);
    }
}
