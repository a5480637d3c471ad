//! Migrators as the macro makes them, built in place.

use std::path::Path;

use xtask_db::Migrator;
use xtask_db_history::{Checksum, Entry, LockFile, Migration, SqlFile};
use xtask_db_sql::Dialect;
use xtask_db_tests::support::Kind;

pub(crate) const A: (&str, &str) = ("1_a", "CREATE TABLE a (id INT PRIMARY KEY);\n");
pub(crate) const B: (&str, &str) = ("2_b", "CREATE TABLE b (id INT PRIMARY KEY);\n");
pub(crate) const C: (&str, &str) = ("3_c", "CREATE TABLE c (id INT PRIMARY KEY);\n");
/// A draft has a question mark.
pub(crate) const DRAFT: (&str, &str) = ("?4_d", "CREATE TABLE d (id INT PRIMARY KEY);\n");

/// A release build with these migrations.
pub(crate) fn migrator(kind: Kind, migrations: &[(&str, &str)]) -> Migrator {
    build(kind, migrations, "")
}

/// A release build with one migration and its backfill, and others after it.
pub(crate) fn filling(
    kind: Kind,
    first: (&str, &str),
    fill: &str,
    rest: &[(&str, &str)],
) -> Migrator {
    let mut one = read(first.0, first.1);
    let file = SqlFile { path: "backfill.sql".into(), text: fill.to_owned().into() };
    one.backfill = Some(file);
    let mut lock = lock_file(kind, rest);
    lock.seal(&one);
    let mut parts = vec![kept(one.id.as_str()), kept(&one.checksum.to_string())];
    parts.extend(["sealed backfill", kept(first.1), kept(fill)]);
    for migration in rest.iter().map(|&(name, sql)| read(name, sql)) {
        parts.extend([
            kept(migration.id.as_str()),
            kept(&migration.checksum.to_string()),
            "sealed",
        ]);
        parts.push(kept(&migration.up.text));
    }
    Migrator::embedded(
        parts.leak(),
        kind.provider(),
        "_xtask_db_migrations",
        kept(&lock.to_string()),
        "",
    )
}

/// A debug build that was made from this folder.
pub(crate) fn debug(kind: Kind, migrations: &[(&str, &str)], folder: &Path) -> Migrator {
    build(kind, migrations, kept(folder.to_str().expect("a path")))
}

fn build(kind: Kind, migrations: &[(&str, &str)], folder: &'static str) -> Migrator {
    let table = "_xtask_db_migrations";
    let lock = lock_file(kind, migrations).to_string();
    let mut parts = Vec::new();
    for migration in migrations.iter().map(|&(name, sql)| read(name, sql)) {
        parts.push(kept(migration.id.as_str()));
        parts.push(kept(&migration.checksum.to_string()));
        let name = format!("?{}", migration.id);
        let is_draft = migrations.iter().any(|(id, _)| *id == name);
        parts.push(if is_draft { "draft" } else { "sealed" });
        parts.push(kept(&migration.up.text));
    }
    Migrator::embedded(parts.leak(), kind.provider(), table, kept(&lock), folder)
}

/// What is sealed, and what is a draft.
pub(crate) fn lock_file(kind: Kind, migrations: &[(&str, &str)]) -> LockFile {
    let dialect: Dialect = kind.provider().parse().expect("a provider");
    let mut lock = LockFile::new(dialect, "_xtask_db_migrations");
    for &(name, sql) in migrations {
        let migration = read(name, sql);
        if name.starts_with('?') {
            lock.put(Entry::Draft(migration.id));
        } else {
            lock.seal(&migration);
        }
    }
    lock
}

fn read(name: &str, sql: &str) -> Migration {
    let id = name.trim_start_matches('?');
    Migration {
        id: id.parse().expect("an id"),
        checksum: Checksum::of(sql),
        up: SqlFile { path: format!("{id}/migration.sql").into(), text: sql.to_owned().into() },
        down: None,
        verify: None,
        backfill: None,
        readme: None,
    }
}

/// Embedded texts live as long as the program.
fn kept(text: &str) -> &'static str {
    text.to_owned().leak()
}

/// Runs a future as `#[tokio::main]` does.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(future)
}
