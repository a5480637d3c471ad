//! The folder of the backups: `shop_20260102T030405Z.dump` and its record,
//! `shop_20260102T030405Z.dump.json`.
//!
//! Invariant: under a final name there is a whole file with its record, or no file. What a killed
//! run left behind has another name, and goes with the next backup.
//! Invariant: only what a record names is ever removed, and only after a newer one is in place.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::files;
use super::record::{Form, Record, Unreadable};
use crate::place;

/// How the name of an unfinished file starts.
const PARTIAL: &str = ".partial-";
/// How the name of a record ends.
const RECORD: &str = ".json";
/// How many backups one second may have.
const SAME_SECOND_MAX: u32 = 100;

/// The folder.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pub(crate) folder: PathBuf,
}

/// A backup that is being written. Dropped, it is gone.
#[derive(Debug)]
pub(super) struct Partial {
    path: PathBuf,
    target: PathBuf,
    /// Its lock says that somebody is at it.
    file: File,
}

/// A backup in the folder.
#[derive(Debug)]
pub(crate) struct Kept {
    /// The file of the data.
    pub(crate) path: PathBuf,
    pub(crate) record: Result<Record, Unreadable>,
    /// The file is there; that of a snapshot never is.
    pub(crate) there: bool,
}

impl Store {
    /// Begins a backup of a database, and removes what killed runs left behind.
    pub(super) fn begin(&self, database: &str, form: Form, time: Timestamp) -> io::Result<Partial> {
        self.create().map_err(|error| place::at(&self.folder, error))?;
        self.sweep()?;
        let stem = format!("{}_{}", name(database), time.strftime("%Y%m%dT%H%M%SZ"));
        for number in 1..=SAME_SECOND_MAX {
            let more = if number == 1 { String::new() } else { format!("_{number}") };
            let file_name = format!("{stem}{more}.{}", form.extension());
            let target = self.folder.join(&file_name);
            if target.exists() || record_of(&target).exists() {
                continue;
            }
            let path = self.folder.join(format!("{PARTIAL}{file_name}"));
            match files::create_private(&path) {
                Ok(file) => {
                    // One that is locked is not swept.
                    file.try_lock().map_err(|error| place::at(&path, error.into()))?;
                    return Ok(Partial { path, target, file });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(place::at(&path, error)),
            }
        }
        let error = io::Error::new(io::ErrorKind::AlreadyExists, "too many in one second");
        Err(place::at(&self.folder, error))
    }

    /// Every backup, the newest first; those whose record cannot be read last.
    pub(crate) fn list(&self) -> io::Result<Vec<Kept>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(place::at(&self.folder, error)),
        };
        let mut found = Vec::new();
        for entry in entries {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let Some(data) = name.strip_suffix(RECORD).filter(|name| !name.starts_with('.')) else {
                continue;
            };
            let record = fs::read_to_string(&path).map_err(|error| place::at(&path, error))?;
            let path = self.folder.join(data);
            found.push(Kept { there: path.is_file(), path, record: Record::parse(&record) });
        }
        found.sort_by(|first, second| {
            let time = |kept: &Kept| kept.record.as_ref().ok().map(|record| record.time);
            (time(second), &second.path).cmp(&(time(first), &first.path))
        });
        Ok(found)
    }

    /// Removes all but the newest `count` backups of the database that `newest` is of. Returns
    /// what was removed.
    pub(super) fn keep(&self, count: usize, newest: &Record) -> io::Result<Vec<PathBuf>> {
        let Record { provider, host, database, .. } = newest;
        let old = self.list()?.into_iter().filter(|kept| {
            kept.record.as_ref().is_ok_and(|record| record.is_of(provider, host, database))
        });
        let mut removed = Vec::new();
        for kept in old.skip(count.max(1)) {
            // The record last: what has one is found again.
            for path in [&kept.path, &record_of(&kept.path)] {
                match fs::remove_file(path) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(place::at(path, error));
                    }
                    _ => {}
                }
            }
            removed.push(kept.path);
        }
        Ok(removed)
    }

    /// The folder, kept out of git.
    fn create(&self) -> io::Result<()> {
        if self.folder.is_dir() {
            return Ok(());
        }
        files::create_private_folder(&self.folder)?;
        place::replace(&self.folder.join(".gitignore"), b"*\n")
    }

    fn sweep(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let Some(target) = name.strip_prefix(PARTIAL) else { continue };
            let Ok(file) = File::open(&path) else { continue };
            if file.try_lock().is_err() {
                continue;
            }
            let target = self.folder.join(target);
            if !target.exists() {
                // Its record may be there already; it is the last thing before the final name.
                let _ = fs::remove_file(record_of(&target));
            }
            let _ = fs::remove_file(&path);
        }
        Ok(())
    }
}

impl Partial {
    /// The file that is written.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The name it will have.
    pub(super) fn target(&self) -> &Path {
        &self.target
    }

    /// A handle for a program's stdout.
    pub(super) fn handle(&self) -> io::Result<File> {
        self.file.try_clone().map_err(|error| place::at(&self.path, error))
    }

    /// How much is written.
    pub(super) fn size(&self) -> u64 {
        fs::metadata(&self.path).map_or(0, |about| about.len())
    }

    /// What is written is on the disk; its hash and its size, as they are read from there.
    pub(super) fn seal(&self) -> io::Result<(String, u64)> {
        // Opened again: a command may have put another file in its place.
        let synced = File::open(&self.path).and_then(|file| file.sync_all());
        let sealed = synced.and_then(|()| files::hash(&self.path));
        sealed.map_err(|error| place::at(&self.path, error))
    }

    /// Gives it its final name, with its record.
    pub(super) fn publish(self, record: &Record) -> io::Result<PathBuf> {
        let beside = record_of(&self.target);
        let publish = || {
            place::replace(&beside, record.text().as_bytes())?;
            if record.is_elsewhere() {
                return Ok(());
            }
            fs::rename(&self.path, &self.target).map_err(|error| place::at(&self.target, error))
        };
        let published = publish().and_then(|()| {
            let folder = self.target.parent().unwrap_or(Path::new("."));
            files::sync_folder(folder)
        });
        if let Err(error) = published {
            if !self.target.exists() {
                let _ = fs::remove_file(&beside);
            }
            return Err(error);
        }
        Ok(self.target.clone())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Gone already when it has its final name.
        let _ = fs::remove_file(&self.path);
    }
}

/// The record's file.
pub(crate) fn record_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(RECORD);
    name.into()
}

/// A database's name, or its file's, as a part of a file name.
fn name(database: &str) -> String {
    const NAME_MAX: usize = 80;
    let last = database.rsplit(['/', '\\']).next().unwrap_or(database);
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '_' };
    let name: String = last.trim_end_matches(".db").chars().map(plain).take(NAME_MAX).collect();
    if name.is_empty() { "database".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::super::record::{Checked, VERSION};
    use super::*;

    fn record(database: &str, time: &str) -> Record {
        Record {
            version: VERSION,
            form: Form::Sqlite,
            time: time.parse().unwrap(),
            provider: "sqlite".to_owned(),
            host: "file".to_owned(),
            database: database.to_owned(),
            environment: None,
            server: String::new(),
            last_migration: None,
            applied: 0,
            tool: String::new(),
            made_by: String::new(),
            purpose: "backup".to_owned(),
            checked: Checked::Read,
            size_bytes: 1,
            sha256: String::new(),
            took_ms: 0,
            said: None,
        }
    }

    fn publish(store: &Store, database: &str, time: &str) -> PathBuf {
        let record = record(database, time);
        let partial = store.begin(database, Form::Sqlite, record.time).unwrap();
        partial.publish(&record).unwrap()
    }

    #[test]
    fn the_newest_of_one_database_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store { folder: folder.path().join("backups") };
        let other = publish(&store, "b.db", "2025-01-01T00:00:00Z");
        let days: Vec<PathBuf> = (1..=4)
            .map(|day| publish(&store, "/srv/a.db", &format!("2026-01-0{day}T00:00:00Z")))
            .collect();
        let removed = store.keep(2, &record("/srv/a.db", "2026-01-04T00:00:00Z")).unwrap();
        assert_eq!(removed, [days[1].clone(), days[0].clone()]);
        let left: Vec<PathBuf> = store.list().unwrap().into_iter().map(|kept| kept.path).collect();
        assert_eq!(left, [days[3].clone(), days[2].clone(), other]);
        assert!(!record_of(&days[0]).exists());
    }

    #[test]
    fn what_a_killed_run_left_goes_and_what_is_in_use_stays() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store { folder: folder.path().to_owned() };
        let time = "2026-01-01T00:00:00Z".parse().unwrap();
        let used = store.begin("a", Form::Sqlite, time).unwrap();
        let left = folder.path().join(".partial-old.db");
        fs::write(&left, "half").unwrap();
        fs::write(folder.path().join("old.db.json"), "{}").unwrap();
        let second = store.begin("a", Form::Sqlite, time).unwrap();
        assert!(used.path().exists() && !left.exists());
        assert!(!folder.path().join("old.db.json").exists());
        assert_ne!(used.target(), second.target());
        let path = used.path().to_owned();
        drop(used);
        assert!(!path.exists());
    }

    #[test]
    fn a_database_name_is_no_path() {
        let check = |database: &str, expected: &str| assert_eq!(name(database), expected);
        check("shop", "shop");
        check("/srv/data/dev.db", "dev");
        check("a b/../c d", "c_d");
        check("..", "__");
        check("x/", "database");
    }
}
