//! Embedded data as the value that the engine takes.

use std::borrow::Cow;

use xtask_db_history::{Checksum, History, LockFile, MigrationId, SqlFile};

use crate::{Error, Migration, Migrator};

impl TryFrom<&Migrator> for History {
    type Error = Error;

    fn try_from(migrator: &Migrator) -> Result<Self, Error> {
        let mut lock = LockFile::parse(migrator.lock_file()).map_err(Error::LockFile)?;
        migrator.table().clone_into(&mut lock.table);
        let migrations = migrator.migrations().iter().map(migration);
        Ok(Self { migrations: migrations.collect::<Result<_, Error>>()?, lock })
    }
}

/// The checksum is taken of the text that will be run, so that the engine compares that with the
/// lock file, whatever the build did.
fn migration(embedded: &Migration) -> Result<xtask_db_history::Migration, Error> {
    let id: MigrationId =
        embedded.id.parse().map_err(|problem| Error::Id { id: embedded.id.to_owned(), problem })?;
    let file = |name: &str, text: &'static str| SqlFile {
        path: Cow::Owned(format!("{id}/{name}")),
        text: Cow::Borrowed(text),
    };
    Ok(xtask_db_history::Migration {
        up: file("migration.sql", embedded.sql),
        checksum: Checksum::of(embedded.sql),
        down: embedded.down.map(|text| file("down.sql", text)),
        verify: embedded.verify.map(|text| file("verify.sql", text)),
        backfill: embedded.backfill.map(|text| file("backfill.sql", text)),
        readme: None,
        id,
    })
}
