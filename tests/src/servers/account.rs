//! The user that servers run as: this one, or `nobody` when this is root, which they refuse.

use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use super::ServerError;

/// `nobody` and `nogroup`, on every Debian.
const UNPRIVILEGED_ID: u32 = 65_534;
const OTHERS_MAY_ENTER: u32 = 0o001;

/// Whether this process is root.
pub(super) fn is_root() -> bool {
    rustix::process::getuid().is_root()
}

/// Makes `command` run without privileges.
pub(super) fn lower(command: &mut Command) {
    if is_root() {
        command.uid(UNPRIVILEGED_ID).gid(UNPRIVILEGED_ID);
    }
}

/// Hands a file or folder to the unprivileged user.
pub(super) fn hand_over(path: &Path) -> Result<(), ServerError> {
    if !is_root() {
        return Ok(());
    }
    chown(path, Some(UNPRIVILEGED_ID), Some(UNPRIVILEGED_ID))
        .map_err(|error| ServerError::File { path: path.to_owned(), error })
}

/// Whether the unprivileged user can get as far as `path`.
pub(super) fn can_reach(path: &Path) -> bool {
    !is_root()
        || path
            .ancestors()
            .all(|folder| folder.metadata().is_ok_and(|found| found.mode() & OTHERS_MAY_ENTER != 0))
}
