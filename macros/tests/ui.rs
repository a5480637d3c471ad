//! What the compiler says about each refused folder, word for word: `tests/ui/NAME.stderr` is
//! about the folder that `folders` makes under that name.

use std::fs;
use std::path::{Path, PathBuf};

use xtask_db_history::{Checksum, Entry, LockFile, Sealed, read_folder, token_hash};
use xtask_db_sql::{Dialect, Syntax};

const USERS: &str = "20260105090000_create_users";
const NOTES: &str = "20260112093000_create_notes";

#[test]
fn messages() {
    let root = manifest_dir_of_the_cases().join("folders");
    if root.exists() {
        fs::remove_dir_all(&root).unwrap();
    }
    for (name, spoil) in folders() {
        let folder = Folder(root.join(name));
        folder.write(&format!("{USERS}/migration.sql"), "CREATE TABLE users (id INTEGER);\n");
        folder.write(&format!("{NOTES}/migration.sql"), "CREATE TABLE notes (id INTEGER);\n");
        folder.write(&format!("{NOTES}/backfill.sql"), "UPDATE notes SET id = id;\n");
        folder.seal();
        spoil(&folder);
    }
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

/// trybuild builds the cases as a package of its own, so their folders are relative to that.
fn manifest_dir_of_the_cases() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target/tmp");
    target.join("tests/trybuild/xtask-db-macros")
}

type Spoil = fn(&Folder);

fn folders() -> [(&'static str, Spoil); 14] {
    [
        ("changed", |folder| {
            folder.write(&format!("{USERS}/migration.sql"), "CREATE TABLE users (id TEXT);\n");
        }),
        ("comment", |folder| {
            let sql = "-- who may log in\nCREATE TABLE users (id INTEGER);\n";
            folder.write(&format!("{USERS}/migration.sql"), sql);
        }),
        ("backfill", |folder| {
            folder.write(&format!("{NOTES}/backfill.sql"), "UPDATE notes SET id = 0;\n");
            folder.write(&format!("{USERS}/backfill.sql"), "UPDATE users SET id = 0;\n");
        }),
        ("missing", |folder| folder.remove(USERS)),
        ("all_at_once", |folder| {
            folder.remove(USERS);
            folder.write(&format!("{NOTES}/migration.sql"), "CREATE TABLE notes (id TEXT);\n");
            folder.write(&format!("{NOTES}/backfill.sql"), "");
        }),
        ("many", |folder| {
            for number in 1..=21 {
                folder.write(&format!("{number}_table/migration.sql"), "SELECT 1;\n");
            }
            folder.seal();
            for number in 1..=21 {
                folder.remove(&format!("{number}_table"));
            }
        }),
        ("absent", |folder| {
            folder.edit_lock(|lock| lock.put(Entry::Absent(USERS.parse().unwrap())));
        }),
        ("no_lock", |folder| fs::remove_file(folder.0.join("migrations.lock")).unwrap()),
        ("conflict", |folder| {
            let lock = folder.lock();
            folder
                .write("migrations.lock", &format!("{lock}<<<<<<< HEAD\n=======\n>>>>>>> other\n"));
        }),
        ("newer_version", |folder| {
            let lock = folder.lock().replace("version 1", "version 2");
            folder.write("migrations.lock", &lock);
        }),
        ("newer_word", |folder| {
            let lock = folder.lock() + "squashed 20260113000000_x\n";
            folder.write("migrations.lock", &lock);
        }),
        ("unreadable", |folder| {
            let lock = folder.lock().replace("sha256:", "sha256:x");
            folder.write("migrations.lock", &lock);
        }),
        ("both", |folder| {
            folder.write("migrations.lock", "<<<<<<< HEAD\n");
            folder.write("20260113000000_empty/README.md", "Soon.\n");
        }),
        ("folder", |folder| {
            folder.write("20260113000000_empty/README.md", "Soon.\n");
            folder.write("20260114000000_other_tool.sql", "SELECT 1;\n");
            folder.write("no_version/migration.sql", "SELECT 1;\n");
            folder.write("20260115000000_nul/migration.sql", "SELECT 1;\0\n");
            folder.write("20260105090000_Create_Users/migration.sql", "SELECT 1;\n");
        }),
    ]
}

/// A migrations folder.
struct Folder(PathBuf);

impl Folder {
    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn remove(&self, id: &str) {
        fs::remove_dir_all(self.0.join(id)).unwrap();
    }

    fn lock(&self) -> String {
        fs::read_to_string(self.0.join("migrations.lock")).unwrap()
    }

    fn edit_lock(&self, edit: impl FnOnce(&mut LockFile)) {
        let mut lock = LockFile::read(&self.0).unwrap();
        edit(&mut lock);
        lock.write(&self.0).unwrap();
    }

    /// Writes the lock file of what is there.
    fn seal(&self) {
        let mut lock = LockFile::new(Dialect::Sqlite, "_xtask_db_migrations");
        for migration in read_folder(&self.0).unwrap() {
            lock.put(Entry::Sealed(Sealed {
                tokens: token_hash(&migration.up.text, Syntax::of(Dialect::Sqlite)),
                id: migration.id,
                sha256: migration.checksum,
                was: Vec::new(),
                backfill: migration.backfill.map(|file| Checksum::of(&file.text)),
                order_any: false,
            }));
        }
        lock.write(&self.0).unwrap();
    }
}
