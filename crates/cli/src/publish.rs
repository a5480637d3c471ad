//! Packages that would be published without the migrations they embed.

use std::path::{Path, PathBuf};

use cargo_metadata::{MetadataCommand, Package};
use xtask_db_history::LOCK_FILE;

use crate::context::Context;

/// The crate that embeds.
const EMBEDS: &str = "xtask-db";

/// A line for each workspace member that embeds a folder outside of itself and may be published.
/// Without cargo there is nothing to publish.
pub(crate) fn warnings(context: &Context, migrations: &Path) -> Vec<String> {
    if !context.folder.ancestors().any(|dir| dir.join("Cargo.toml").is_file()) {
        return Vec::new();
    }
    let metadata = MetadataCommand::new().no_deps().current_dir(&context.folder).exec();
    let Ok(metadata) = metadata else { return Vec::new() };
    let outside = metadata
        .packages
        .iter()
        .filter(|package| embeds(package) && may_publish(package) && !holds(package, migrations));
    let line = |package: &Package| {
        format!(
            "{} embeds migrations, and {} is outside of it: `cargo publish` would leave them out; \
             set publish = false, or move the folder into the package",
            package.name,
            context.shown(migrations).display()
        )
    };
    outside.map(line).collect()
}

fn embeds(package: &Package) -> bool {
    package.dependencies.iter().any(|dependency| dependency.name == EMBEDS)
}

/// `publish = false` is an empty list of registries.
fn may_publish(package: &Package) -> bool {
    package.publish.as_ref().is_none_or(|registries| !registries.is_empty())
}

/// The package embeds another folder, or this one is inside of it.
fn holds(package: &Package, migrations: &Path) -> bool {
    let Some(dir) = package.manifest_path.parent().map(|dir| dir.as_std_path()) else {
        return true;
    };
    let embedded = nearest(dir);
    let same = |a: &Path, b: &Path| a.canonicalize().ok() == b.canonicalize().ok();
    embedded.is_none_or(|embedded| !same(&embedded, migrations) || embedded.starts_with(dir))
}

/// The folder that the macro finds from a package: the nearest one, upward.
fn nearest(dir: &Path) -> Option<PathBuf> {
    let folders = dir.ancestors().map(|dir| dir.join("migrations"));
    folders.into_iter().find(|folder| folder.join(LOCK_FILE).is_file())
}
