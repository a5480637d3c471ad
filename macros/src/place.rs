//! Where the macro runs, which folder is meant, and how a path is shown.

use std::env;
use std::fs;
use std::path::{Component, Path, PathBuf};

use xtask_db_history::LOCK_FILE;

use crate::problem::Problem;

/// The folder's name when no argument says otherwise.
const FOLDER: &str = "migrations";

/// What the compiler tells about the build.
pub(crate) struct Surroundings {
    /// The folder of the package's manifest.
    manifest: PathBuf,
    /// Where the compiler runs: the workspace's root, for its members. Empty for a package from
    /// elsewhere, whose paths are shown in full.
    here: PathBuf,
}

impl Surroundings {
    /// Of the build that expands the macro.
    pub(crate) fn of_this_build() -> Self {
        let here = env::current_dir().unwrap_or_default();
        // Other build systems than cargo run the compiler at the root of the package.
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| here.clone(), PathBuf::from);
        // For a package from elsewhere cargo runs the compiler in that package, which a relative
        // path in its output would not tell.
        let is_foreign = env::var_os("CARGO_PRIMARY_PACKAGE").is_none()
            && Path::new(&proc_macro::Span::call_site().file()).is_absolute();
        Self { manifest, here: if is_foreign { PathBuf::new() } else { here } }
    }

    /// The migrations folder: the argument, relative to the manifest, else the nearest
    /// `migrations/migrations.lock` from the manifest upward. A nearer folder with migrations is
    /// one whose lock file was lost, not a reason to embed the next one.
    pub(crate) fn folder(&self, argument: Option<&str>) -> Result<PathBuf, Problem> {
        let Some(argument) = argument else {
            let mut folders = self.manifest.ancestors().map(|dir| dir.join(FOLDER));
            return folders
                .find(|folder| folder.join(LOCK_FILE).exists() || has_migrations(folder))
                .ok_or_else(|| Problem::NotFound { from: self.manifest.clone() });
        };
        let folder = tidy(&self.manifest.join(argument));
        if folder.is_dir() {
            Ok(folder)
        } else {
            Err(Problem::NoFolder { path: self.short(&folder).to_owned() })
        }
    }

    /// The same path from where the compiler runs, as cargo shows places in the code.
    pub(crate) fn short<'a>(&self, path: &'a Path) -> &'a Path {
        let shorter = path.strip_prefix(&self.here).ok();
        shorter.filter(|path| !path.as_os_str().is_empty()).unwrap_or(path)
    }
}

fn has_migrations(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path().join("migration.sql")).any(|file| file.is_file())
}

/// The path without `..`, when it still is the same folder: `a/link/..` need not be `a`.
fn tidy(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for component in path.components() {
        if component == Component::ParentDir && tidied.file_name().is_some() {
            tidied.pop();
        } else {
            tidied.push(component);
        }
    }
    let same = matches!((fs::canonicalize(path), fs::canonicalize(&tidied)),
        (Ok(first), Ok(second)) if first == second);
    if same { tidied } else { path.to_owned() }
}
