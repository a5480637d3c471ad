//! The order of statements and bookkeeping in each shape.

use std::borrow::Cow;

use xtask_db_history::{Checksum, LockFile, SqlFile};

use super::*;

fn file(text: &str) -> SqlFile {
    SqlFile { path: Cow::Borrowed("migration.sql"), text: Cow::Owned(text.to_owned()) }
}

/// The script of one migration after the tables, with the ledger's statements cut short.
fn shown(dialect: Dialect, up: &str, verify: Option<&str>) -> Vec<String> {
    let id: MigrationId = "1_a".parse().unwrap();
    let migration = Migration {
        id: id.clone(),
        up: file(up),
        checksum: Checksum::of(up),
        down: None,
        verify: verify.map(file),
        backfill: None,
        readme: None,
    };
    let lock = LockFile::new(dialect, "_xtask_db_migrations");
    let history = History { migrations: vec![migration], lock };
    let text = script(&history, &[id], "1.2.3").unwrap();
    let (_, body) = text.split_once("\n-- 1_a\n").unwrap();
    let short = |line: &str| match line.split(' ').next() {
        Some("INSERT") if line.contains("_migrations") && line.contains(", NULL, ") => {
            "begun".into()
        }
        Some("INSERT") if line.contains("_migrations") => "applied".into(),
        Some("UPDATE") if line.contains("finished_at = ") => "finished".into(),
        Some("UPDATE") if line.contains("applied_steps_count = ") => {
            let (_, rest) = line.split_once("applied_steps_count = ").unwrap();
            format!("counted {}", &rest[..1])
        }
        _ => line.to_owned(),
    };
    body.lines().map(short).collect()
}

fn check(dialect: Dialect, up: &str, expected: &[&str]) {
    assert_eq!(shown(dialect, up, None), expected, "{up}");
}

#[test]
fn each_shape_has_its_order() {
    let pg = Dialect::Postgres;
    check(
        pg,
        "SELECT 1;\n-- c\nSELECT 2",
        &["RESET ALL;", "BEGIN;", "SELECT 1;", "SELECT 2;", "applied", "COMMIT;"],
    );
    check(
        pg,
        "BEGIN; SELECT 1; COMMIT;",
        &["RESET ALL;", "BEGIN;", "SELECT 1;", "applied", "COMMIT;"],
    );
    check(
        pg,
        "SELECT 1; CREATE INDEX CONCURRENTLY i ON t (a); SELECT 2;",
        &[
            "RESET ALL;",
            "begun",
            "BEGIN;",
            "SELECT 1;",
            "counted 1",
            "COMMIT;",
            "CREATE INDEX CONCURRENTLY i ON t (a);",
            "counted 2",
            "BEGIN;",
            "SELECT 2;",
            "counted 3",
            "COMMIT;",
            "finished",
        ],
    );
    check(
        Dialect::Mysql,
        "CREATE TABLE t (a int); INSERT INTO t VALUES (1);",
        &[
            "begun",
            "CREATE TABLE t (a int);",
            "counted 1",
            "START TRANSACTION;",
            "INSERT INTO t VALUES (1);",
            "counted 2",
            "COMMIT;",
            "finished",
        ],
    );
}

#[test]
fn sqlite_rebuilds_have_foreign_keys_off() {
    let up = "PRAGMA foreign_keys=OFF; CREATE TABLE n (a); DROP TABLE t; PRAGMA foreign_keys=ON;";
    check(
        Dialect::Sqlite,
        up,
        &[
            "PRAGMA foreign_keys = OFF;",
            "BEGIN IMMEDIATE;",
            "CREATE TABLE n (a);",
            "DROP TABLE t;",
            "-- this must list nothing",
            "PRAGMA foreign_key_check;",
            "applied",
            "COMMIT;",
            "PRAGMA foreign_keys = ON;",
        ],
    );
}

#[test]
fn mysql_bodies_get_a_delimiter() {
    let up = "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; END;";
    let found = shown(Dialect::Mysql, up, None);
    assert_eq!(found[1], "DELIMITER $$");
    assert_eq!(found[3..5], ["$$", "DELIMITER ;"]);
}

#[test]
fn verify_stands_before_the_row() {
    let found = shown(Dialect::Postgres, "SELECT 1", Some("SELECT 0"));
    assert_eq!(
        found[3..],
        [
            "-- verify.sql: each of these must return no row or a single 0",
            "SELECT 0;",
            "applied",
            "COMMIT;",
        ]
    );
}

#[test]
fn an_unknown_id_is_refused() {
    let history = History { migrations: Vec::new(), lock: LockFile::new(Dialect::Sqlite, "t") };
    let error = script(&history, &["1_a".parse().unwrap()], "1").unwrap_err();
    assert_eq!(error.to_string(), "1_a: is not on disk");
}
