//! The lock file of a folder that has none yet.

use std::path::Path;

use toml_edit::DocumentMut;
use xtask_db_history::LockFile;
use xtask_db_sql::Dialect;

use crate::config::Origin;
use crate::context::Context;
use crate::fault::Fault;

/// The lock file, or a new one that is not written yet. Its provider is what the folder says
/// (Prisma's `migration_lock.toml`), else the URL's, else the only driver of this build.
pub(crate) fn read_or_new(context: &Context) -> Result<LockFile, Fault> {
    if let Some(lock) = context.lock_file()? {
        return Ok(lock);
    }
    let provider = match prisma_provider(&context.migrations()?) {
        Some(provider) => provider,
        None => provider(context)?,
    };
    Ok(LockFile::new(provider, &context.project()?.history_table()))
}

/// The database family that the configuration names.
pub(crate) fn provider(context: &Context) -> Result<Dialect, Fault> {
    let url = context.project()?.url(None)?;
    Ok(match (url.origin, only_driver()) {
        (Origin::Default, Some(only)) => only,
        _ => url.value.dialect(),
    })
}

/// The provider in Prisma's `migration_lock.toml`.
pub(crate) fn prisma_provider(migrations: &Path) -> Option<Dialect> {
    let text = std::fs::read_to_string(migrations.join("migration_lock.toml")).ok()?;
    let document: DocumentMut = text.parse().ok()?;
    document.get("provider")?.as_str()?.parse().ok()
}

const fn only_driver() -> Option<Dialect> {
    match (cfg!(feature = "sqlite"), cfg!(feature = "postgres"), cfg!(feature = "mysql")) {
        (true, false, false) => Some(Dialect::Sqlite),
        (false, true, false) => Some(Dialect::Postgres),
        (false, false, true) => Some(Dialect::Mysql),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prismas_file_names_the_provider() {
        let check = |text: &str, expected: Option<Dialect>| {
            let dir = tempfile::tempdir().unwrap();
            std::fs::write(dir.path().join("migration_lock.toml"), text).unwrap();
            assert_eq!(prisma_provider(dir.path()), expected, "{text:?}");
        };
        check("# a comment\nprovider = \"postgresql\"\n", Some(Dialect::Postgres));
        check("provider = \"sqlite\"\n", Some(Dialect::Sqlite));
        check("provider = \"cockroachdb\"\n", None);
        check("provider", None);
    }
}
