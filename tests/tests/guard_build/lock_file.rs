//! What can happen to the lock file.

use crate::scratch::{Scratch, listing};

const LOCK: &str = "migrations/migrations.lock";

#[test]
fn it_is_missing() {
    let scratch = Scratch::new("guard-lock-missing");
    scratch.builds("1_users 2_notes");
    scratch.rename(LOCK, "kept");
    scratch.refuses(&["XDB0203", "migrations/migrations.lock", "restore it from version control"]);
    // the folder is named: another wording, the same code
    scratch.write("src/main.rs", listing("\"migrations\""));
    scratch.refuses(&["XDB0203: the lock file is missing", LOCK]);
    scratch.rename("kept", LOCK);
    scratch.builds("1_users 2_notes");
}

#[test]
fn it_is_in_conflict() {
    let scratch = Scratch::new("guard-lock-conflict");
    scratch.builds("1_users 2_notes");
    let good = scratch.read(LOCK);
    scratch.append(LOCK, "<<<<<<< HEAD\ndraft 3_a\n=======\ndraft 3_b\n>>>>>>> theirs\n");
    scratch.refuses(&["XDB0205", "line 7", LOCK, "cargo xtask db lock --merge"]);
    scratch.write(LOCK, good);
    scratch.builds("1_users 2_notes");
}

#[test]
fn it_is_of_a_newer_version() {
    let scratch = Scratch::new("guard-lock-newer");
    let good = scratch.read(LOCK);
    scratch.write(LOCK, good.replace("version 1", "version 2"));
    scratch.refuses(&["XDB0206", "version 2 needs a later version of xtask-db"]);
    scratch.write(LOCK, format!("{good}frozen 3_x\n"));
    scratch.refuses(&["XDB0206", "frozen needs a later version of xtask-db"]);
}

#[test]
fn it_cannot_be_read() {
    let scratch = Scratch::new("guard-lock-unreadable");
    let good = scratch.read(LOCK);
    scratch.write(LOCK, good.replace("sha256:", "sha256:x"));
    scratch.refuses(&["XDB0207", "line 5", LOCK]);
    scratch.write(LOCK, format!("{good}draft 2_notes\n"));
    scratch.refuses(&["XDB0207", "2_notes is listed twice"]);
    scratch.remove(LOCK);
    scratch.write(&format!("{LOCK}/x"), "");
    scratch.refuses(&["XDB0207", "not a regular file"]);
}

#[test]
fn a_migration_that_it_marks_as_absent_is_there() {
    let scratch = Scratch::new("guard-lock-absent");
    let line = "absent 3_hotfix\n";
    scratch.append(LOCK, line);
    scratch.builds("1_users 2_notes");
    scratch.write("migrations/3_hotfix/migration.sql", "SELECT 1;\n");
    scratch.refuses(&["XDB0202: 3_hotfix is here, but the lock file marks it absent"]);
}

#[test]
fn its_table_and_provider_are_embedded() {
    let scratch = Scratch::new("guard-lock-table");
    let tell = "fn main() { println!(\"{} {} {}\", ALL.provider(), ALL.table(), OWN.table()) }\n";
    let embed = |name: &str, arguments: &str| {
        format!("static {name}: xtask_db::Migrator = xtask_db::embed_migrations!({arguments});\n")
    };
    let source = embed("ALL", "") + &embed("OWN", "table = \"_own\"") + tell;
    scratch.write("src/main.rs", source);
    let told = || scratch.listed_line();
    assert!(scratch.run(&["build"]).ok);
    assert_eq!(told(), "sqlite _xtask_db_migrations _own");
    scratch.write(LOCK, scratch.read(LOCK).replace("_xtask_db_migrations", "_prisma_migrations"));
    assert!(scratch.run(&["build"]).ok);
    assert_eq!(told(), "sqlite _prisma_migrations _own");
}
