//! Histories of real projects, where they are there: beside the checkout, or in `XDB_CASES`.

use std::fs;
use std::path::Path;
use std::process::Command;

use sha2::{Digest, Sha256};
use xtask_db_tests::servers::find;
use xtask_db_tests::support::{Database, Kind, Workspace, case, copy_history, dump};

const PRISMA: &str = "prisma-history-postgres";
const DIESEL: &str = "diesel-history-postgres";
const TAKEN_BACK: &str = "50";

/// The same files run one after the other by psql, in the order of the ledger.
fn replay_with_psql(ws: &Workspace, order: &[String]) -> Database {
    let clean = Database::fresh(Kind::Postgres, ws.root()).expect("the server was there before");
    let psql = find("psql").expect("psql comes with the server");
    let mut command = Command::new(psql);
    command.args(["-qX", "-v", "ON_ERROR_STOP=1", "-d"]).arg(clean.direct_url());
    for id in order {
        command.arg("-f").arg(ws.root().join("migrations").join(id).join("migration.sql"));
    }
    let output = command.output().expect("psql starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    clean
}

fn ledger(ws: &Workspace, table: &str) -> Vec<(String, String)> {
    let rows = ws.database().rows(&format!(
        "SELECT migration_name, checksum FROM {table} WHERE finished_at IS NOT NULL \
         AND rolled_back_at IS NULL ORDER BY started_at, migration_name"
    ));
    rows.into_iter()
        .map(|row| {
            let mut row = row.into_iter().map(Option::unwrap_or_default);
            (row.next().unwrap_or_default(), row.next().unwrap_or_default())
        })
        .collect()
}

#[test]
fn a_prisma_history_of_434_migrations() {
    let Some(folder) = case(PRISMA) else { return };
    let Some(ws) = Workspace::bare(Kind::Postgres) else { return };
    copy_history(&folder, &ws);
    let lock = ws.empty_lock_file().replace("_xtask_db_migrations", "_prisma_migrations");
    ws.write("migrations/migrations.lock", lock);
    ws.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = []\n\n\
         [workspace.metadata.db]\nhistory-table = \"_prisma_migrations\"\n",
    );
    ws.run_ok(&["lock"]);
    ws.run_ok(&["deploy"]);
    ws.run_ok(&["status"]);
    let rows = ledger(&ws, "_prisma_migrations");
    assert_eq!(rows.len(), 434);
    for (id, checksum) in &rows {
        let bytes = fs::read(folder.join(id).join("migration.sql")).expect("a migration");
        let expected: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(checksum, &expected, "{id}: the checksum is that of sha256sum");
    }
    let order: Vec<String> = rows.into_iter().map(|(id, _)| id).collect();
    assert_eq!(dump(ws.database()), dump(&replay_with_psql(&ws, &order)));
    pulls_what_is_there(&ws);
    embeds_in_a_crate(&ws);
}

/// What `pull` writes declares what the database has.
fn pulls_what_is_there(ws: &Workspace) {
    ws.run_ok(&["pull"]);
    ws.run_ok(&["diff", "--from", "database", "--to", "schema", "--exit-code"]);
    ws.run_ok(&["diff", "--from", "schema", "--to", "database", "--exit-code"]);
}

/// A crate that embeds the folder builds, and says how many there are.
fn embeds_in_a_crate(ws: &Workspace) {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/xtask-db");
    let manifest = format!(
        "[package]\nname = \"scratch\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nxtask-db = {{ path = {library:?} }}\n\n[workspace]\n"
    );
    ws.write("scratch/Cargo.toml", manifest);
    ws.write(
        "scratch/src/main.rs",
        "static ALL: xtask_db::Migrator = xtask_db::embed_migrations!(\"../migrations\");\n\
         fn main() {\n    println!(\"{}\", ALL.migrations().len());\n}\n",
    );
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    ws.write("scratch/Cargo.lock", fs::read(lock).expect("the lock file of this workspace"));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "--offline"])
        .current_dir(ws.root().join("scratch"))
        .env("CARGO_TARGET_DIR", ws.root().join("scratch-target"))
        .env_remove("XTASK_DB_MIGRATIONS")
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "434");
}

#[test]
fn a_diesel_history_of_285_migrations() {
    let Some(folder) = case(DIESEL) else { return };
    let Some(ws) = Workspace::bare(Kind::Postgres) else { return };
    copy_history(&folder, &ws);
    ws.run_ok(&["adopt", "--from", "diesel"]);
    ws.run_ok(&["deploy"]);
    ws.run_ok(&["status"]);
    assert_eq!(ledger(&ws, "_xtask_db_migrations").len(), 285);
    pulls_what_is_there(&ws);
    let before = dump(ws.database());
    let name = ws.database().name().to_owned();
    ws.run_ok(&["env", "--set", "development", "--yes", &name]);
    ws.run_ok(&["down", "--steps", TAKEN_BACK]);
    assert_eq!(ledger(&ws, "_xtask_db_migrations").len(), 235);
    ws.run_ok(&["deploy"]);
    assert_eq!(ledger(&ws, "_xtask_db_migrations").len(), 285);
    assert_eq!(dump(ws.database()), before);
    ws.run_ok(&["status"]);
}
