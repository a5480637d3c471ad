//! Catalogs that were read from shadows, kept as files, so that an unchanged history is not
//! replayed to compare it.
//!
//! Invariant: a file is written whole or not at all, and one that is damaged counts as none.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use xtask_db_schema::Catalog;

use super::Read;

/// How the files start and end.
const NAME: (&str, &str) = ("catalog-", ".json");
/// How many catalogs are kept; the oldest go.
const FILES_MAX: usize = 32;

/// A folder of catalogs.
#[derive(Debug, Clone)]
pub struct CatalogCache {
    /// Made when it is needed.
    pub folder: PathBuf,
    /// The build of the tool: another one may read a catalog in another way.
    pub tool: String,
}

impl CatalogCache {
    /// The name of what depends on all of these texts.
    pub(super) fn key(&self, parts: &[&str]) -> String {
        let mut digest = Sha256::new();
        for part in [self.tool.as_str()].iter().chain(parts) {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// What was kept under a key.
    pub(super) fn load(&self, key: &str) -> Option<Read> {
        let bytes = fs::read(self.path(key)).ok()?;
        let mut value: Value = serde_json::from_slice(&bytes).ok()?;
        let catalog: Catalog = serde_json::from_value(value["catalog"].take()).ok()?;
        let not_run: Vec<String> = serde_json::from_value(value["not_run"].take()).ok()?;
        let whole = value["fingerprint"] == catalog.fingerprint().to_string();
        whole.then_some(Read { catalog, not_run })
    }

    /// Keeps a catalog. That it cannot be kept is no reason to fail: it is read again then.
    pub(super) fn store(&self, key: &str, read: &Read) {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let value = json!({
            "catalog": read.catalog,
            "not_run": read.not_run,
            "fingerprint": read.catalog.fingerprint().to_string(),
        });
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let scratch = self.folder.join(format!(".tmp-{}-{count}", std::process::id()));
        let written = fs::create_dir_all(&self.folder)
            .and_then(|()| fs::write(&scratch, value.to_string()))
            .and_then(|()| fs::rename(&scratch, self.path(key)));
        match written {
            Ok(()) => prune(&self.folder),
            Err(_) => drop(fs::remove_file(&scratch)),
        }
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{}{key}{}", NAME.0, NAME.1))
    }
}

/// Removes the oldest files.
fn prune(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let ours = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with(NAME.0) && name.ends_with(NAME.1))
    };
    let paths = entries.flatten().map(|entry| entry.path()).filter(ours);
    let age = |path: &PathBuf| path.metadata().and_then(|file| file.modified()).ok();
    let mut files: Vec<(Option<SystemTime>, PathBuf)> =
        paths.map(|path| (age(&path), path)).collect();
    files.sort();
    let too_many = files.len().saturating_sub(FILES_MAX);
    for (_, path) in files.into_iter().take(too_many) {
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use xtask_db_sql::Dialect;

    use super::*;

    fn cache() -> (tempfile::TempDir, CatalogCache) {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("target/xtask-db");
        (dir, CatalogCache { folder, tool: "1".to_owned() })
    }

    fn read() -> Read {
        Read { catalog: Catalog::empty(Dialect::Sqlite), not_run: vec!["a: b".to_owned()] }
    }

    #[test]
    fn a_damaged_file_counts_as_none() {
        let (_dir, cache) = cache();
        let key = cache.key(&["a"]);
        assert_eq!(cache.load(&key), None);
        cache.store(&key, &read());
        assert_eq!(cache.load(&key), Some(read()));
        let text = fs::read_to_string(cache.path(&key)).unwrap();
        let another = text.replace("\"fingerprint\":\"", "\"fingerprint\":\"0");
        for damaged in [&text[..text.len() / 2], "", "{}", &another] {
            fs::write(cache.path(&key), damaged).unwrap();
            assert_eq!(cache.load(&key), None, "{damaged}");
        }
    }

    #[test]
    fn keys_tell_texts_apart() {
        let (_dir, cache) = cache();
        assert_eq!(cache.key(&["ab", "c"]), cache.key(&["ab", "c"]));
        assert_ne!(cache.key(&["ab", "c"]), cache.key(&["a", "bc"]));
        let newer = CatalogCache { tool: "2".to_owned(), ..cache.clone() };
        assert_ne!(cache.key(&["a"]), newer.key(&["a"]));
    }

    #[test]
    fn the_oldest_go() {
        let (_dir, cache) = cache();
        for at in 0..FILES_MAX + 5 {
            cache.store(&cache.key(&[&at.to_string()]), &read());
        }
        assert_eq!(fs::read_dir(&cache.folder).unwrap().count(), FILES_MAX);
    }
}
