//! SQLite.

use xtask_db_sql::{Control, ObjectKind, Reach};

use super::{SQLITE, alone, control, effects, objects, reach};

#[test]
fn transaction_control() {
    use Control::{Commit, Savepoint};
    control(SQLITE, "END TRANSACTION", Some(Commit));
    control(SQLITE, "ROLLBACK TRANSACTION TO SAVEPOINT a", Some(Savepoint));
}

#[test]
fn what_runs_alone() {
    alone(
        SQLITE,
        true,
        "VACUUM | VACUUM main INTO 'a' | ATTACH DATABASE 'a' AS b | DETACH b | \
         PRAGMA journal_mode = WAL | PRAGMA main.journal_mode(wal) | PRAGMA synchronous=OFF | \
         PRAGMA wal_checkpoint",
    );
    alone(
        SQLITE,
        false,
        "PRAGMA journal_mode | PRAGMA foreign_keys=OFF | PRAGMA user_version = 1 | \
         PRAGMA defer_foreign_keys=ON | ANALYZE | REINDEX | EXPLAIN VACUUM",
    );
}

#[test]
fn what_reaches_outside_the_database() {
    use Reach::Files;
    reach(SQLITE, Some(Files), "ATTACH 'a' AS b | VACUUM INTO 'a' | SELECT load_extension('a')");
    reach(SQLITE, None, "VACUUM | SELECT 'load_extension' | INSERT INTO a VALUES ('ATTACH')");
}

#[test]
fn named_objects() {
    use ObjectKind::{Index, Table, Trigger, View};
    objects(SQLITE, "CREATE VIRTUAL TABLE main.[a b] USING fts5(c)", Table, "main.a b");
    objects(SQLITE, "CREATE UNIQUE INDEX IF NOT EXISTS main.i ON a (b)", Index, "main.i@a");
    objects(SQLITE, "CREATE TABLE 'a''b' (c)", Table, "a'b");
    objects(SQLITE, "ALTER TABLE a RENAME TO \"b\"", Table, "a b");
    objects(SQLITE, "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END", Trigger, "t@a");
    objects(SQLITE, "DROP VIEW v", View, "v");
}

#[test]
fn foreign_keys() {
    let foreign_keys = |text: &str| effects(SQLITE, text).foreign_keys;
    for on in ["= ON", "=1", "(yes)", " = 'true'", "=\"on\"", " = 2"] {
        assert_eq!(foreign_keys(&format!("PRAGMA foreign_keys{on}")), Some(true), "{on}");
    }
    for off in ["= OFF", "=0", "(no)", " = 'false'", " = maybe"] {
        assert_eq!(foreign_keys(&format!("PRAGMA main.Foreign_Keys{off}")), Some(false), "{off}");
    }
    assert_eq!(foreign_keys("PRAGMA foreign_keys"), None);
    assert_eq!(foreign_keys("PRAGMA defer_foreign_keys = ON"), None);
}

#[test]
fn rebuild() {
    assert!(effects(SQLITE, "DROP TABLE IF EXISTS a").rebuild);
    assert!(effects(SQLITE, "ALTER TABLE a RENAME TO b").rebuild);
    assert!(!effects(SQLITE, "ALTER TABLE a RENAME b TO c").rebuild);
    assert!(!effects(SQLITE, "DROP INDEX a").rebuild);
}
