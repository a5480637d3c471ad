//! Reads and writes migration folders, following nothing out of them.
//!
//! Invariant: only regular files whose real place is inside the folder are opened.

use std::ffi::OsString;
use std::fs::{self, DirEntry, File};
use std::io::{self, Read};
use std::num::NonZero;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::thread;

use crate::bytes::into_canonical;
use crate::{Checksum, FolderError, IdError, Migration, MigrationId, SqlFile, alike, atomic};

/// The most bytes a file may have: far above any migration, far below what would exhaust memory
/// without a word (a sparse file, a dump in the wrong place).
const FILE_BYTES_MAX: u64 = 1 << 30;

/// More threads wait for each other in the system.
const THREADS_MAX: usize = 4;
/// Fewer are read before a thread has started.
const ENTRIES_PER_THREAD_MIN: usize = 64;

/// What a migration folder may hold for the tool.
const FILES: [&str; 5] = ["migration.sql", "down.sql", "verify.sql", "backfill.sql", "README.md"];

/// All migrations of a folder, in order. Every problem is reported, not only the first.
///
/// Plain files other than `*.sql`, and whatever begins with a dot, are passed over.
///
/// # Errors
/// What is refused before any connection; never empty.
pub fn read_folder(dir: &Path) -> Result<Vec<Migration>, Vec<FolderError>> {
    let opened = Root::of(dir).and_then(|root| Ok((root, listing(dir)?)));
    let (root, entries) = opened.map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let mut names = Vec::new();
    let mut migrations: Vec<Migration> = Vec::with_capacity(entries.len());
    for part in root.parts(&entries) {
        problems.extend(part.problems);
        names.extend(part.names);
        migrations.extend(part.migrations);
    }
    problems.extend(alike::find(names.iter().filter_map(|name| name.to_str())));
    if !problems.is_empty() {
        return Err(problems);
    }
    migrations.sort_by(|first, second| first.id.cmp(&second.id));
    Ok(migrations)
}

/// Creates the folder of a new migration with these files (`migration.sql`, …), all or nothing:
/// written beside and renamed into place. Returns the folder.
///
/// # Errors
/// It exists already, or cannot be written.
pub fn write_migration(
    dir: &Path,
    id: &MigrationId,
    files: &[(&str, &str)],
) -> Result<PathBuf, FolderError> {
    let path = dir.join(id.as_str());
    let written = if files.iter().all(|(name, _)| FILES.contains(name)) {
        fs::create_dir_all(dir).and_then(|()| atomic::create_folder(dir, id.as_str(), files))
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "no migration has a file of this name"))
    };
    match written {
        Ok(()) => Ok(path),
        Err(source) => Err(FolderError::Io { path, source }),
    }
}

/// Gives a migration's folder another name.
///
/// # Errors
/// The new name is taken, or the folder cannot be renamed.
pub fn rename_migration(
    dir: &Path,
    from: &MigrationId,
    to: &MigrationId,
) -> Result<(), FolderError> {
    let renamed = atomic::rename_folder(dir, from.as_str(), to.as_str());
    renamed.map_err(|source| FolderError::Io { path: dir.join(to.as_str()), source })
}

/// What a run of entries holds.
#[derive(Default)]
struct Part {
    problems: Vec<FolderError>,
    names: Vec<OsString>,
    migrations: Vec<Migration>,
}

#[derive(Clone, Copy)]
enum Kind {
    File,
    Folder,
}

/// The migrations folder.
struct Root {
    /// As given, with forward slashes and one at its end.
    shown: String,
    /// Without symlinks.
    real: PathBuf,
}

impl Root {
    fn of(dir: &Path) -> Result<Self, FolderError> {
        let real = fs::canonicalize(dir).map_err(io_at(dir))?;
        let mut shown = dir.display().to_string().replace(MAIN_SEPARATOR, "/");
        if !shown.ends_with('/') {
            shown.push('/');
        }
        Ok(Self { shown, real })
    }

    /// All entries, in order. Opening some thousand small files is mostly waiting for the system,
    /// so a large folder is read by several threads.
    fn parts(&self, entries: &[DirEntry]) -> Vec<Part> {
        let threads = thread::available_parallelism().map_or(1, NonZero::get).min(THREADS_MAX);
        if entries.len() < ENTRIES_PER_THREAD_MIN * 2 || threads < 2 {
            return vec![self.part(entries)];
        }
        let size = entries.len().div_ceil(threads).max(ENTRIES_PER_THREAD_MIN);
        let (own, others) = entries.split_at(size.min(entries.len()));
        thread::scope(|scope| {
            let read = |run| scope.spawn(move || self.part(run));
            let running: Vec<_> = others.chunks(size).map(read).collect();
            let mut parts = vec![self.part(own)];
            parts.extend(running.into_iter().map(|one| match one.join() {
                Ok(part) => part,
                Err(panic) => std::panic::resume_unwind(panic),
            }));
            parts
        })
    }

    fn part(&self, entries: &[DirEntry]) -> Part {
        let mut part = Part::default();
        for entry in entries {
            match keep(&mut part.problems, self.kind(entry)) {
                Some(Kind::File) if has_sql_extension(entry) => {
                    part.problems.push(FolderError::LooseSql { path: entry.path() });
                }
                Some(Kind::Folder) => {
                    part.names.push(entry.file_name());
                    part.migrations.extend(self.migration(entry, &mut part.problems));
                }
                Some(Kind::File) | None => {}
            }
        }
        part
    }

    /// What an entry is, behind a symlink that stays inside.
    fn kind(&self, entry: &DirEntry) -> Result<Kind, FolderError> {
        let refused = |what| FolderError::NotRegular { path: entry.path(), what };
        let mut found = entry.file_type().map_err(io_at(&entry.path()))?;
        if found.is_symlink() {
            let nowhere = |_| refused("a symlink that leads nowhere");
            let target = fs::canonicalize(entry.path()).map_err(nowhere)?;
            if !target.starts_with(&self.real) {
                return Err(refused("a symlink that leaves the migrations folder"));
            }
            found = fs::symlink_metadata(&target).map_err(io_at(&target))?.file_type();
        }
        if found.is_file() {
            Ok(Kind::File)
        } else if found.is_dir() {
            Ok(Kind::Folder)
        } else {
            Err(refused("not a regular file"))
        }
    }

    fn migration(&self, folder: &DirEntry, problems: &mut Vec<FolderError>) -> Option<Migration> {
        let path = folder.path();
        let [up, down, verify, backfill, readme] = self.files(&path, problems)?;
        let id = match folder.file_name().to_str() {
            Some(name) => name.parse::<MigrationId>(),
            None => Err(IdError::Character { what: "bytes that are not UTF-8" }),
        };
        let id = keep(problems, id.map_err(|problem| FolderError::Name { path, problem }));
        let shown = id.as_ref().map_or("", MigrationId::as_str);
        let mut sql = |file: Option<PathBuf>, name: &str| {
            let text = keep(problems, read_text(&file?))?;
            let path = format!("{}{shown}/{name}", self.shown);
            Some(SqlFile { path: path.into(), text: text.into() })
        };
        let [up, down, verify, backfill] = [
            sql(up, FILES[0]),
            sql(down, FILES[1]),
            sql(verify, FILES[2]),
            sql(backfill, FILES[3]),
        ];
        let readme = readme.and_then(|file| keep(problems, read_bytes(&file)));
        let up = up?;
        Some(Migration {
            checksum: Checksum::of(&up.text),
            id: id?,
            up,
            down,
            verify,
            backfill,
            // it is only shown, so a stray byte in it stops nothing
            readme: readme.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        })
    }

    /// Where each of [`FILES`] is; nothing, and the reason, without `migration.sql`.
    fn files(
        &self,
        folder: &Path,
        problems: &mut Vec<FolderError>,
    ) -> Option<[Option<PathBuf>; FILES.len()]> {
        let mut found = FILES.map(|_| None);
        let mut named = false;
        for entry in keep(problems, listing(folder))? {
            let slot = FILES.iter().position(|file| entry.file_name() == *file);
            named |= slot == Some(0);
            match (keep(problems, self.kind(&entry)), slot) {
                (Some(Kind::File), Some(slot)) => found[slot] = Some(entry.path()),
                (Some(Kind::Folder), Some(_)) => problems.push(FolderError::NotRegular {
                    path: entry.path(),
                    what: "a folder in a file's place",
                }),
                _ => {}
            }
        }
        if !named {
            problems.push(FolderError::NoMigrationSql { path: folder.to_owned() });
        }
        named.then_some(found)
    }
}

/// The entries of a folder by name, so that problems come in the same order everywhere.
fn listing(dir: &Path) -> Result<Vec<DirEntry>, FolderError> {
    let entries = fs::read_dir(dir).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = entries.map_err(io_at(dir))?;
    entries.retain(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."));
    entries.sort_by_cached_key(DirEntry::file_name);
    Ok(entries)
}

fn has_sql_extension(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    Path::new(&name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("sql"))
}

fn read_text(path: &Path) -> Result<String, FolderError> {
    let text = into_canonical(read_bytes(path)?);
    text.map_err(|problem| FolderError::Text { path: path.to_owned(), problem })
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, FolderError> {
    let mut file = File::open(path).map_err(io_at(path))?;
    let size = file.metadata().map_err(io_at(path))?.len();
    if size > FILE_BYTES_MAX {
        return Err(FolderError::NotRegular {
            path: path.to_owned(),
            what: "a file of more than 1 GiB",
        });
    }
    // one byte more than the size: the end is seen without growing the buffer
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    let read = file.by_ref().take(FILE_BYTES_MAX).read_to_end(&mut bytes);
    read.map_err(io_at(path)).map(|_| bytes)
}

fn io_at(path: &Path) -> impl Fn(io::Error) -> FolderError {
    let path = path.to_owned();
    move |source| FolderError::Io { path: path.clone(), source }
}

fn keep<T>(problems: &mut Vec<FolderError>, result: Result<T, FolderError>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

#[cfg(test)]
mod tests;
