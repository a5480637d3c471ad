//! A history built in place, and a database to run it on.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};

use xtask_db_engine::{DbUrl, SessionOptions, create};
use xtask_db_history::{Checksum, Entry, History, LockFile, Migration, Sealed, SqlFile};
use xtask_db_sql::{Dialect, Syntax};

/// A database of its own for one test.
pub(crate) struct Database {
    pub(crate) url: DbUrl,
    _file: Option<tempfile::TempDir>,
}

/// An SQLite file, and a database on each server that is named.
#[expect(clippy::print_stdout, reason = "a test that did not run says so")]
pub(crate) async fn databases(test: &str) -> Vec<Database> {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("test.db");
    let url = DbUrl::parse(&format!("sqlite:{}", path.display()), dir.path()).expect("a url");
    let mut all = vec![Database { url, _file: Some(dir) }];
    for variable in ["XDB_TEST_POSTGRES_URL", "XDB_TEST_MARIADB_URL"] {
        match std::env::var(variable) {
            Ok(text) if !text.is_empty() => {
                let url = DbUrl::parse(&text, std::path::Path::new("")).expect("a url");
                all.push(Database { url: url.with_database(&unique(test)), _file: None });
            }
            _ => println!("skipped: {variable} is not set"),
        }
    }
    for database in &all {
        create(&database.url, &SessionOptions::default()).await.expect("a database");
    }
    all
}

/// A name that no other test has.
pub(crate) fn unique(test: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("xdb_t_{}_{}_{next}", std::process::id(), &test[..test.len().min(20)])
}

/// A history: each text is one migration, `1_m`, `2_m`, …, sealed.
pub(crate) fn history(dialect: Dialect, texts: &[&str]) -> History {
    let mut lock = LockFile::new(dialect, "_xtask_db_migrations");
    let mut migrations = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let mut name = String::new();
        let _ = write!(name, "{}_m", at + 1);
        let migration = migration(&name, text);
        lock.put(Entry::Sealed(Sealed::of(&migration, Syntax::of(dialect))));
        migrations.push(migration);
    }
    History { migrations, lock }
}

/// One migration.
pub(crate) fn migration(name: &str, text: &str) -> Migration {
    let file = SqlFile {
        path: Cow::Owned(format!("migrations/{name}/migration.sql")),
        text: Cow::Owned(text.to_owned()),
    };
    Migration {
        id: name.parse().expect("an id"),
        checksum: Checksum::of(text),
        up: file,
        down: None,
        verify: None,
        backfill: None,
        readme: None,
    }
}
