//! The lock file against an earlier revision of itself: closes the way around the guard.

use crate::{LockFile, MigrationId};

/// What the branch did to a migration that the base revision had sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Breach {
    /// A sealed line has another text, not repaired with equal tokens.
    Changed {
        /// The id.
        id: MigrationId,
    },
    /// A sealed line is gone.
    Vanished {
        /// The id.
        id: MigrationId,
    },
    /// A new id sorts before the base's last one, and is not `order:any`.
    NotLast {
        /// The new id.
        id: MigrationId,
        /// The base's last id.
        last: MigrationId,
    },
    /// Provider or table changed.
    Header {
        /// `provider` or `table`.
        what: &'static str,
        /// The base's.
        was: String,
        /// Here.
        now: String,
    },
}

/// What `now` did to what `base` had sealed. A line is repaired when its tokens are equal and
/// `was:` names the base's text.
#[must_use]
pub fn against(base: &LockFile, now: &LockFile) -> Vec<Breach> {
    let _ = (base, now);
    todo!()
}
