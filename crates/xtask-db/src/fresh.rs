//! In a debug build: are the embedded texts those of the folder? Cargo compares times, so a file
//! that got an older time with its new text (a restored backup, `cp -p`, some checkouts) is not
//! seen by it.

use std::collections::HashSet;
use std::path::Path;

use xtask_db_history::{History, LockFile, Migration, read_folder};

use crate::{Error, Migrator};

/// Compares with the folder of the build, where there still is one. A release build carries no
/// folder, and a debug build that was copied elsewhere finds none.
pub(crate) fn check(migrator: &Migrator, embedded: &History) -> Result<(), Error> {
    let Some(folder) = migrator.folder().map(Path::new).filter(|folder| folder.is_dir()) else {
        return Ok(());
    };
    let stale = |difference: String| Error::Stale { folder: folder.to_owned(), difference };
    let on_disk = read_folder(folder).map_err(|problems| {
        stale(problems.first().map_or_else(|| "unreadable".to_owned(), ToString::to_string))
    })?;
    let mut lock = LockFile::read(folder).map_err(|problem| stale(problem.to_string()))?;
    migrator.table().clone_into(&mut lock.table);
    if let Some(difference) = difference(&embedded.migrations, &on_disk) {
        return Err(stale(difference));
    }
    if lock == embedded.lock { Ok(()) } else { Err(stale("migrations.lock is another".to_owned())) }
}

fn difference(embedded: &[Migration], on_disk: &[Migration]) -> Option<String> {
    let only_in = |first: &[Migration], second: &[Migration]| {
        let others: HashSet<&str> = second.iter().map(|other| other.id.as_str()).collect();
        let mut ids = first.iter().map(|migration| &migration.id);
        ids.find(|id| !others.contains(id.as_str())).cloned()
    };
    if let Some(id) = only_in(on_disk, embedded) {
        return Some(format!("{id} is new"));
    }
    if let Some(id) = only_in(embedded, on_disk) {
        return Some(format!("{id} is gone"));
    }
    let edited = embedded.iter().zip(on_disk).find(|(first, second)| texts(first) != texts(second));
    edited.map(|(migration, _)| format!("{} has another text", migration.id))
}

fn texts(migration: &Migration) -> [Option<&str>; 4] {
    let files = [
        Some(&migration.up),
        migration.down.as_ref(),
        migration.verify.as_ref(),
        migration.backfill.as_ref(),
    ];
    files.map(|file| file.map(|file| file.text.as_ref()))
}
