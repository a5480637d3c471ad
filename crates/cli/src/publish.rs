//! Packages that would be published without the migrations they embed.

use std::path::Path;

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
    package.manifest_path.parent().is_none_or(|dir| !leaves_out(dir.as_std_path(), migrations))
}

/// The folder that the macro finds from a package (the nearest one, upward) is this one, and is
/// outside of the package.
fn leaves_out(package: &Path, migrations: &Path) -> bool {
    let nearest = package
        .ancestors()
        .map(|dir| dir.join("migrations"))
        .find(|folder| folder.join(LOCK_FILE).is_file());
    let full = |path: &Path| path.canonicalize().ok();
    nearest
        .is_some_and(|nearest| full(&nearest) == full(migrations) && !nearest.starts_with(package))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn only_a_folder_above_the_package_is_left_out() {
        let root = tempfile::tempdir().unwrap();
        let [app, own] = ["app", "own"].map(|name| root.path().join(name));
        let [above, inside] = [root.path(), &own].map(|dir| dir.join("migrations"));
        for dir in [&app, &above, &inside] {
            fs::create_dir_all(dir).unwrap();
        }
        fs::write(above.join(LOCK_FILE), "").unwrap();
        fs::write(inside.join(LOCK_FILE), "").unwrap();
        let check = |package: &Path, migrations: &Path, expected: bool| {
            assert_eq!(leaves_out(package, migrations), expected, "{package:?} {migrations:?}");
        };
        check(&app, &above, true);
        check(root.path(), &above, false);
        check(&own, &inside, false);
        check(&own, &above, false);
    }
}
