//! A debug build against the folder it was made from: what cargo cannot see.

use std::fs::{self, File};
use std::path::Path;

use tempfile::TempDir;
use xtask_db::{Ahead, DeployOptions, Error, Migrator};
use xtask_db_tests::on_each;
use xtask_db_tests::support::{Kind, Workspace};

use crate::embedded::{A, B, C, debug, lock_file, migrator, run};

/// A folder, and a debug build of it.
fn built(migrations: &[(&str, &str)]) -> (TempDir, Migrator) {
    let folder = tempfile::tempdir().expect("a folder");
    for (id, sql) in migrations {
        write(folder.path(), id, sql);
    }
    lock_file(Kind::Sqlite, migrations).write(folder.path()).expect("a lock file");
    let migrator = debug(Kind::Sqlite, migrations, folder.path());
    (folder, migrator)
}

fn write(folder: &Path, id: &str, sql: &str) {
    fs::create_dir_all(folder.join(id)).expect("a folder");
    fs::write(folder.join(id).join("migration.sql"), sql).expect("a file");
}

#[track_caller]
fn check(ws: &Workspace, migrator: &Migrator, expected: Option<&str>) {
    let url = ws.database().url();
    let answers = [
        run(migrator.deploy(url, &DeployOptions::default())).map(drop),
        run(migrator.verify(url, Ahead::Accept)),
        run(migrator.wait(url, std::time::Duration::ZERO)),
    ];
    for answer in answers {
        let found = match &answer {
            Err(Error::Stale { difference, .. }) => Some(difference.as_str()),
            Err(error) => panic!("{error}"),
            Ok(()) => None,
        };
        assert_eq!(found, expected);
    }
}

on_each!(
    [Sqlite]
    fn a_text_with_an_old_time(ws) {
        let (folder, migrator) = built(&[A, B]);
        check(ws, &migrator, None);
        let path = folder.path().join("2_b/migration.sql");
        let modified = fs::metadata(&path).and_then(|file| file.modified()).expect("a time");
        fs::write(&path, C.1).expect("a file");
        let file = File::options().write(true).open(&path).expect("a file");
        file.set_modified(modified).expect("the time it had");
        check(ws, &migrator, Some("2_b has another text"));
        let error = run(migrator.verify(ws.database().url(), Ahead::Accept)).expect_err("stale");
        assert!(error.to_string().contains("build again"), "{error}");
        // a look is allowed
        run(migrator.status(ws.database().url())).expect("a status");
    }
);

on_each!(
    [Sqlite]
    fn the_list_or_the_lock_file_is_another(ws) {
        let (folder, migrator) = built(&[A, B]);
        let dir = folder.path();
        write(dir, C.0, C.1);
        check(ws, &migrator, Some("3_c is new"));
        fs::remove_dir_all(dir.join("3_c")).expect("it was there");
        fs::write(dir.join("2_b/down.sql"), "DROP TABLE b;\n").expect("a file");
        check(ws, &migrator, Some("2_b has another text"));
        fs::remove_file(dir.join("2_b/down.sql")).expect("it was there");
        lock_file(Kind::Sqlite, &[A, ("?2_b", B.1)]).write(dir).expect("a lock file");
        check(ws, &migrator, Some("migrations.lock is another"));
        lock_file(Kind::Sqlite, &[A, B]).write(dir).expect("a lock file");
        // another checkout of the same texts
        write(dir, B.0, &B.1.replace('\n', "\r\n"));
        check(ws, &migrator, None);
        fs::remove_dir_all(dir.join("2_b")).expect("it was there");
        check(ws, &migrator, Some("2_b is gone"));
    }
);

on_each!(
    [Sqlite]
    fn nothing_is_compared_without_the_folder(ws) {
        let (folder, debug) = built(&[A, B]);
        let release = migrator(Kind::Sqlite, &[A, B]);
        fs::remove_dir_all(folder.path().join("2_b")).expect("it was there");
        check(ws, &release, None);
        fs::remove_dir_all(folder.path()).expect("it was there");
        check(ws, &debug, None);
    }
);
