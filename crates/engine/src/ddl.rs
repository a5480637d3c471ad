//! The tool's own tables. The ledger has the columns and types of Prisma's, so that a Prisma
//! database is taken over in place.

use xtask_db_sql::{Dialect, ident};

use crate::names::Names;

/// The format of the tables beside the ledger; a later one is refused.
pub(crate) const FORMAT: u32 = 1;

/// The statements that create what is missing, the ledger first.
pub(crate) fn tables(dialect: Dialect, names: &Names) -> Vec<String> {
    let Types { time, now, int, id, checksum, name, text, long } = types(dialect);
    let key = ident(dialect, "key");
    let short = if dialect == Dialect::Sqlite { "TEXT" } else { "VARCHAR(200)" };
    vec![
        format!(
            "CREATE TABLE IF NOT EXISTS {ledger} (\
             id {id} PRIMARY KEY NOT NULL, checksum {checksum} NOT NULL, finished_at {time}, \
             migration_name {name} NOT NULL, logs {text}, rolled_back_at {time}, \
             started_at {time} NOT NULL DEFAULT {now}, \
             applied_steps_count {int} NOT NULL DEFAULT 0)",
            ledger = names.ledger
        ),
        format!(
            "CREATE TABLE IF NOT EXISTS {meta} (\
             {key} {short} PRIMARY KEY NOT NULL, value {long} NOT NULL, \
             updated_at {time} NOT NULL DEFAULT {now})",
            meta = names.meta
        ),
        format!(
            "CREATE TABLE IF NOT EXISTS {lock} (\
             name {short} PRIMARY KEY NOT NULL, owner CHAR(36) NOT NULL, fence BIGINT NOT NULL, \
             holder {text} NOT NULL, acquired_at {time} NOT NULL, expires_at {time})",
            lock = names.lock
        ),
        format!(
            "CREATE TABLE IF NOT EXISTS {runs} (\
             id {id} PRIMARY KEY NOT NULL, command {short} NOT NULL, who {text} NOT NULL, \
             tool {short} NOT NULL, started_at {time} NOT NULL, finished_at {time} NOT NULL, \
             outcome {short} NOT NULL, detail {long} NOT NULL)",
            runs = names.runs
        ),
    ]
}

struct Types {
    time: &'static str,
    now: &'static str,
    int: &'static str,
    id: &'static str,
    checksum: &'static str,
    name: &'static str,
    text: &'static str,
    long: &'static str,
}

const fn types(dialect: Dialect) -> Types {
    match dialect {
        Dialect::Sqlite => Types {
            time: "DATETIME",
            now: "current_timestamp",
            int: "INTEGER UNSIGNED",
            id: "TEXT",
            checksum: "TEXT",
            name: "TEXT",
            text: "TEXT",
            long: "TEXT",
        },
        Dialect::Postgres => Types {
            time: "TIMESTAMPTZ",
            now: "now()",
            int: "INTEGER",
            id: "VARCHAR(36)",
            checksum: "VARCHAR(64)",
            name: "VARCHAR(255)",
            text: "TEXT",
            long: "TEXT",
        },
        Dialect::Mysql => Types {
            time: "DATETIME(3)",
            now: "CURRENT_TIMESTAMP(3)",
            int: "INTEGER UNSIGNED",
            id: "VARCHAR(36)",
            checksum: "VARCHAR(64)",
            name: "VARCHAR(255)",
            text: "TEXT",
            long: "LONGTEXT",
        },
    }
}
