//! Any name is an id that can be ordered, stored and read back, or is refused.

#![no_main]

use std::cmp::Ordering;

use libfuzzer_sys::fuzz_target;
use xtask_db_history::{Entry, LockFile, MigrationId};
use xtask_db_sql::Dialect;

fuzz_target!(|text: &str| {
    // One name a line, so that seeds can be read and written by hand.
    let mut ids: Vec<MigrationId> = text.split('\n').filter_map(|name| name.parse().ok()).collect();
    assert!(!text.contains('\n') || text.parse::<MigrationId>().is_err());
    ids.iter().for_each(alone);
    for a in &ids {
        for b in &ids {
            assert_eq!(a.cmp(b), b.cmp(a).reverse());
            assert_eq!(a.cmp(b) == Ordering::Equal, a == b);
        }
    }
    ids.sort();
    for (at, a) in ids.iter().enumerate() {
        assert!(ids[at..].iter().all(|b| a <= b), "{ids:?}");
    }
});

fn alone(id: &MigrationId) {
    let name = id.as_str();
    assert_eq!(name.parse::<MigrationId>().as_ref(), Ok(id));
    let version = id.version();
    assert!(!version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit()));
    assert_eq!(id.is_sequence(), version.len() < 8);
    assert!(!name.starts_with('.') && !name.contains(['/', '\\', '\n', '\r', '\0']));
    // What a folder may be called, a lock file can hold.
    let mut lock = LockFile::new(Dialect::Sqlite, "t");
    lock.put(Entry::Draft(id.clone()));
    assert!(LockFile::parse(&lock.to_string()).is_ok_and(|read| read == lock), "{lock}");
}
