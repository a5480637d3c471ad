//! Faults of backups.

use serde_json::json;

use super::Problem;
use crate::backup::BackupFault;
use crate::command::env::typed_name;
use crate::exit;

/// What is said where a backup stops the command that it was made for.
const NOTHING_RUN: &str = "no backup was made, and nothing was run";

/// How a fault of a backup is shown.
pub(super) fn problem(fault: &BackupFault) -> Problem {
    let of = |code, exit| Problem::new(code, exit, fault);
    match fault {
        BackupFault::Missing { folder, .. } => {
            let place = match folder {
                Some(folder) => folder.display().to_string(),
                None => "PATH".to_owned(),
            };
            of("XDB0610", exit::USAGE)
                .detail(format!("it was looked for in {place}"))
                .detail(NOTHING_RUN)
                .hint("install the server's client programs")
                .hint("or say where they are: backup-tools in [workspace.metadata.db]")
        }
        BackupFault::Unfit { .. } => of("XDB0611", exit::USAGE)
            .detail(NOTHING_RUN)
            .hint("install the programs of the server's version")
            .hint("and say where they are: backup-tools in [workspace.metadata.db]"),
        BackupFault::Tool { said, .. } => of("XDB0612", exit::INTERNAL)
            .details(said.clone())
            .detail(NOTHING_RUN)
            .hint("cargo xtask db backup tries it alone"),
        BackupFault::Load { said, file, .. } => of("XDB0618", exit::INTERNAL)
            .details(said.clone())
            .data(json!({ "file": file }))
            .hint("roles that are not there: --no-owner")
            .hint("cargo xtask db status"),
        BackupFault::Unverified { .. } => of("XDB0613", exit::INTERNAL)
            .detail(NOTHING_RUN)
            .hint("cargo xtask db backup tries it alone"),
        BackupFault::NoBackup { .. } => of("XDB0614", exit::USAGE).hint("cargo xtask db backups"),
        BackupFault::Altered { path, .. } => of("XDB0615", exit::REFUSED)
            .path(path.display())
            .detail("nothing was restored")
            .hint("take another one: cargo xtask db backups"),
        BackupFault::NotEmpty { database, some, .. } => of("XDB0616", exit::REFUSED)
            .details(some.clone())
            .hint(format!("replace what is there: --yes-restore {}", typed_name(database)))
            .hint("or restore beside it: --to URL"),
        BackupFault::Pooler => of("XDB0619", exit::USAGE)
            .detail(NOTHING_RUN)
            .hint("name the server itself: backup-url in [workspace.metadata.db]"),
        BackupFault::Command { .. } => of("XDB0620", exit::INTERNAL)
            .detail(NOTHING_RUN)
            .hint("mend it, then: cargo xtask db backup"),
    }
}
