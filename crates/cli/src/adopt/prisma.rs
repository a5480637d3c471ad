//! Prisma's folder: it has our layout already.

use xtask_db_history::MigrationId;

use super::listing::Listing;
use super::{Folder, Problem, Taken};

/// Nothing changes; the names are what Prisma's ledger holds.
pub(super) fn convert(listing: &Listing) -> Folder {
    let mut folder = Folder::default();
    for name in listing.files.keys().filter(|name| name.to_ascii_lowercase().ends_with(".sql")) {
        folder.problems.push(Problem::Stray { name: name.clone(), tool: "prisma" });
    }
    for (name, files) in &listing.folders {
        let Some(up) = files.get("migration.sql") else {
            folder.problems.push(Problem::NoUp { name: name.clone() });
            continue;
        };
        match name.parse::<MigrationId>() {
            Ok(id) => folder.taken.push(Taken { id, version: name.clone(), up: up.clone() }),
            Err(problem) => folder.problems.push(Problem::Name { name: name.clone(), problem }),
        }
    }
    folder
}
