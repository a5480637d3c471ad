//! A history that reaches every named place, on each database.

use crate::support::{Kind, Oracle, Workspace};

/// Databases with their names in cases.
pub(super) const KINDS: [(Kind, &str); 3] =
    [(Kind::Sqlite, "sqlite"), (Kind::Postgres, "postgres"), (Kind::MariaDb, "mariadb")];

/// A workspace, or why there is none.
pub(super) fn workspace(kind: Kind) -> Result<Workspace, super::Ending> {
    let missing = || super::Ending::Skipped(format!("no server for {kind:?}"));
    Workspace::on(kind).ok_or_else(missing)
}

/// Writes and seals a history with a file of every shape that the database has: in one
/// transaction, in a block of its own, and statement by statement.
pub(super) fn history(ws: &Workspace) -> Oracle<'_> {
    let oracle = Oracle::new(ws);
    let files: &[(&str, &str)] = match ws.database().kind() {
        Kind::Sqlite => &SQLITE,
        Kind::Postgres | Kind::PgBouncer => &POSTGRES,
        Kind::MariaDb => &MARIADB,
    };
    for (id, sql) in files {
        ws.migration(id, sql);
    }
    ws.run_ok(&["lock"]);
    oracle
}

const TOGETHER: &str = "\
CREATE TABLE a (id INTEGER PRIMARY KEY, name VARCHAR(20));
INSERT INTO a (id, name) VALUES (1, 'one');
INSERT INTO trace (id) VALUES ('20260101000000_together');
";
const BLOCK: &str = "\
BEGIN;
CREATE TABLE b (id INTEGER PRIMARY KEY);
INSERT INTO trace (id) VALUES ('20260102000000_block');
COMMIT;
";
const LAST: &str = "\
CREATE TABLE z (id INTEGER PRIMARY KEY);
INSERT INTO trace (id) VALUES ('20260105000000_last');
";

const SQLITE: [(&str, &str); 5] = [
    ("20260101000000_together", TOGETHER),
    ("20260102000000_block", BLOCK),
    (
        "20260103000000_alone",
        "-- xtask-db: no-transaction\n\
         CREATE TABLE c (id INTEGER PRIMARY KEY);\n\
         VACUUM;\n\
         INSERT INTO c (id) VALUES (1);\n\
         INSERT INTO trace (id) VALUES ('20260103000000_alone');\n",
    ),
    (
        "20260104000000_rebuild",
        "CREATE TABLE a_new (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL);\n\
         INSERT INTO a_new SELECT id, name FROM a;\n\
         DROP TABLE a;\n\
         ALTER TABLE a_new RENAME TO a;\n\
         INSERT INTO trace (id) VALUES ('20260104000000_rebuild');\n",
    ),
    ("20260105000000_last", LAST),
];

const POSTGRES: [(&str, &str); 5] = [
    ("20260101000000_together", TOGETHER),
    ("20260102000000_block", BLOCK),
    (
        "20260103000000_alone",
        "CREATE INDEX CONCURRENTLY a_name ON a (name);\n\
         INSERT INTO a (id, name) VALUES (2, 'two');\n\
         INSERT INTO trace (id) VALUES ('20260103000000_alone');\n\
         CREATE UNIQUE INDEX CONCURRENTLY a_both ON a (id, name);\n",
    ),
    (
        "20260104000000_blocks",
        "BEGIN;\n\
         CREATE TABLE d (id INTEGER PRIMARY KEY);\n\
         COMMIT;\n\
         BEGIN;\n\
         INSERT INTO d (id) VALUES (1);\n\
         INSERT INTO trace (id) VALUES ('20260104000000_blocks');\n\
         COMMIT;\n\
         DROP INDEX CONCURRENTLY a_name;\n",
    ),
    ("20260105000000_last", LAST),
];

const MARIADB: [(&str, &str); 5] = [
    ("20260101000000_together", TOGETHER),
    (
        "20260102000000_change",
        "ALTER TABLE a ADD COLUMN added INTEGER NULL;\n\
         CREATE INDEX a_name ON a (name);\n\
         INSERT INTO trace (id) VALUES ('20260102000000_change');\n",
    ),
    (
        "20260103000000_rows",
        "INSERT INTO a (id, name) VALUES (3, 'three');\n\
         UPDATE a SET added = id WHERE id = 3;\n\
         INSERT INTO trace (id) VALUES ('20260103000000_rows');\n",
    ),
    (
        "20260104000000_replace",
        "CREATE TABLE e (id INTEGER PRIMARY KEY);\n\
         RENAME TABLE e TO f;\n\
         INSERT INTO trace (id) VALUES ('20260104000000_replace');\n\
         DROP TABLE f;\n",
    ),
    ("20260105000000_last", LAST),
];
