//! `adopt`: another tool's folder and ledger, taken over in place.

use sha2::{Digest, Sha384};
use xtask_db_tests::on_each;
use xtask_db_tests::support::{Kind, Workspace};

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What sqlx-cli leaves: a flat folder and its table.
fn sqlx(ws: &Workspace, recorded: &str) {
    let (up, down) = ("CREATE TABLE notes (id INTEGER PRIMARY KEY);\n", "DROP TABLE notes;\n");
    ws.remove("migrations/migrations.lock");
    ws.write("migrations/20260101000000_notes.up.sql", up);
    ws.write("migrations/20260101000000_notes.down.sql", down);
    ws.write("migrations/20260102000000_tags.sql", "CREATE TABLE tags (id INTEGER PRIMARY KEY);\n");
    let database = ws.database();
    let (blob, literal) = match database.kind() {
        Kind::Postgres | Kind::PgBouncer => ("BYTEA", "'\\x"),
        _ => ("BLOB", "X'"),
    };
    database.execute(up);
    database.execute(&format!(
        "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
         installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, \
         checksum {blob} NOT NULL, execution_time BIGINT NOT NULL)"
    ));
    let checksum = hex(Sha384::digest(recorded));
    database.execute(&format!(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (20260101000000, 'notes', TRUE, {literal}{checksum}', 1)"
    ));
}

on_each!(
    fn sqlx_becomes_folders(ws) {
        sqlx(ws, "CREATE TABLE notes (id INTEGER PRIMARY KEY);\n");
        ws.run_ok(&["adopt", "--from", "sqlx", "--dry-run"]);
        assert!(ws.has("migrations/20260101000000_notes.up.sql"), "a dry run writes nothing");
        ws.run_ok(&["adopt", "--from", "sqlx"]);
        assert!(ws.has("migrations/20260101000000_notes/migration.sql"));
        assert!(ws.has("migrations/20260101000000_notes/down.sql"));
        assert!(!ws.has("migrations/20260101000000_notes.up.sql"));
        let status = ws.run(&["status", "--json"]);
        assert_eq!(status.json()["pending"], serde_json::json!(["20260102000000_tags"]));
        ws.run_ok(&["deploy"]);
        assert!(ws.database().has_table("tags"));
        let theirs = ws.database().value("SELECT COUNT(*) FROM _sqlx_migrations");
        assert_eq!(theirs, "1", "their ledger is left alone");
    }
);

on_each!(
    fn sqlx_rows_of_a_windows_checkout_are_verified(ws) {
        sqlx(ws, "CREATE TABLE notes (id INTEGER PRIMARY KEY);\r\n");
        ws.run_ok(&["adopt", "--from", "sqlx"]);
        ws.run_ok(&["deploy"]);
    }
);

on_each!(
    fn sqlx_rows_of_another_text_are_refused(ws) {
        sqlx(ws, "CREATE TABLE notes (id INTEGER PRIMARY KEY, more TEXT);\n");
        ws.run(&["adopt", "--from", "sqlx"]).refused(4, "XDB0215").says("20260101000000");
        assert!(ws.has("migrations/20260101000000_notes.up.sql"), "nothing was written");
        assert!(!ws.database().has_table("_xtask_db_migrations"));
    }
);

on_each!(
    fn diesel_becomes_folders(ws) {
        ws.remove("migrations/migrations.lock");
        let tables = [("2026-01-01-000000_notes", "notes"), ("2026-01-02-000000_tags", "tags")];
        for (id, table) in tables {
            let up = format!("CREATE TABLE {table} (id INTEGER PRIMARY KEY);\n");
            ws.write(&format!("migrations/{id}/up.sql"), up);
            ws.write(&format!("migrations/{id}/down.sql"), format!("DROP TABLE {table};\n"));
        }
        ws.database().execute("CREATE TABLE notes (id INTEGER PRIMARY KEY)");
        ws.database().execute(
            "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY, \
             run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)",
        );
        ws.database()
            .execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('20260101000000')");
        ws.run_ok(&["adopt", "--from", "diesel"]);
        assert!(ws.has("migrations/2026-01-01-000000_notes/migration.sql"));
        ws.run_ok(&["deploy"]);
        assert!(ws.database().has_table("tags"));
        ws.run_ok(&["status"]);
    }
);

on_each!(
    [Postgres, Sqlite]
    fn prisma_is_taken_over_in_place(ws) {
        ws.remove("migrations/migrations.lock");
        let up = "CREATE TABLE notes (id INTEGER PRIMARY KEY);\n";
        ws.migration("20260101000000_notes", up);
        ws.migration("20260102000000_tags", "CREATE TABLE tags (id INTEGER PRIMARY KEY);\n");
        let provider = if ws.database().kind() == Kind::Sqlite { "sqlite" } else { "postgresql" };
        ws.write("migrations/migration_lock.toml", format!("provider = \"{provider}\"\n"));
        ws.database().execute(up);
        ws.database().execute(
            "CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, \
             checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMP, \
             migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMP, \
             started_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, \
             applied_steps_count INTEGER NOT NULL DEFAULT 0)",
        );
        let checksum = hex(sha2::Sha256::digest(up));
        ws.database().execute(&format!(
            "INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, \
             applied_steps_count) VALUES ('4f1f4d44-4c2b-4b46-9c5e-2f1a3f0b8a11', '{checksum}', \
             CURRENT_TIMESTAMP, '20260101000000_notes', 1)"
        ));
        ws.run_ok(&["adopt", "--from", "prisma"]);
        assert!(ws.lock_file().contains("table _prisma_migrations"));
        ws.run_ok(&["deploy"]);
        assert!(ws.database().has_table("tags"));
        let rows = "SELECT COUNT(*) FROM _prisma_migrations WHERE finished_at IS NOT NULL";
        assert_eq!(ws.database().value(rows), "2", "one ledger for both tools");
        ws.run_ok(&["status"]);
    }
);

#[test]
fn what_is_not_there_is_refused() {
    let Some(ws) = Workspace::on(Kind::Sqlite) else { return };
    for tool in ["sqlx", "prisma", "diesel"] {
        let run = ws.run(&["adopt", "--from", tool]);
        assert!(matches!(run.code, Some(2 | 4)), "{run}");
    }
    let run = ws.run(&["adopt", "--from", "flyway"]);
    assert_eq!(run.code, Some(2), "{run}");
}
