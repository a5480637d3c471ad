//! Migration ids: folder names with a version in them.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::IdError;

/// A folder name that was checked: not empty, at most 200 bytes, no separator, no control
/// character, and a version in it. Ordered by version, then by name in byte order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MigrationId(String);

impl MigrationId {
    /// The folder name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The version's digits, separators stripped.
    #[must_use]
    pub fn version(&self) -> String {
        todo!()
    }
}

impl FromStr for MigrationId {
    type Err = IdError;

    fn from_str(name: &str) -> Result<Self, IdError> {
        let _ = name;
        todo!()
    }
}

impl Ord for MigrationId {
    fn cmp(&self, other: &Self) -> Ordering {
        let _ = other;
        todo!()
    }
}

impl PartialOrd for MigrationId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for MigrationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for MigrationId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// The id of a new migration: `max(now, last + 1)` in UTC and the slug of `name`.
///
/// # Errors
/// The slug of `name` is empty or too long.
pub fn next_id(
    now: jiff::Timestamp,
    existing: &[MigrationId],
    name: &str,
) -> Result<MigrationId, IdError> {
    let _ = (now, existing, name);
    todo!()
}

/// `name` as a slug: lower case, each run of other characters than `[a-z0-9_]` one `_`.
#[must_use]
pub fn slug(name: &str) -> String {
    let _ = name;
    todo!()
}
