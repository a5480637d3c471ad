//! Watches the migrations folders of the workspace that is being built, so that a migration
//! added, renamed or deleted by hand rebuilds what embeds them: cargo builds this crate again,
//! then its dependents, and the macro reads the folder again. Files that are embedded already
//! are watched by the macro itself.
//!
//! Invariant: no path is named that does not exist; cargo would run this script every time.

use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};

/// `[env]` of `.cargo/config.toml` names one folder per database: this, or this and a suffix.
const VARIABLE: &str = "XTASK_DB_MIGRATIONS";

/// Without a variable, the folder of the nearest one is watched.
const FOUND: &str = "migrations/migrations.lock";

/// Where `[env]` may gain a folder that no variable named when this script last ran.
const CONFIG: &str = ".cargo/config.toml";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    let variables = named_by_variables();
    for (name, _) in &variables {
        println!("cargo::rerun-if-env-changed={name}");
    }
    let out = env::var_os("OUT_DIR").map(PathBuf::from);
    let mut folders: Vec<PathBuf> = variables.into_iter().map(|(_, folder)| folder).collect();
    if folders.is_empty() {
        let lock = out.as_deref().and_then(|out| nearest(out, FOUND));
        folders.extend(lock.as_deref().and_then(Path::parent).map(Path::to_owned));
    }
    let starts = folders.iter().chain(&out);
    let configs: BTreeSet<PathBuf> = starts.filter_map(|start| nearest(start, CONFIG)).collect();
    for path in folders.iter().chain(&configs).filter(|path| path.exists()) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

/// The folders of the environment, in the order of their variables.
fn named_by_variables() -> Vec<(String, PathBuf)> {
    let mut found: Vec<(String, PathBuf)> = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
        .filter(|(name, value)| is_ours(name) && !value.is_empty())
        .map(|(name, value)| (name, PathBuf::from(value)))
        .collect();
    found.sort();
    found
}

fn is_ours(name: &str) -> bool {
    name.strip_prefix(VARIABLE).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

/// The nearest file of this name, from a folder upward. The target folder is in the workspace,
/// unless it was moved.
fn nearest(from: &Path, file: &str) -> Option<PathBuf> {
    from.ancestors().map(|dir| dir.join(file)).find(|path| path.is_file())
}
