//! Programs of Debian packages: found, else installed when this run may.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{ServerError, account};

/// A program and where it comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// Its file name.
    pub(super) program: &'static str,
    /// The Debian package.
    pub(super) package: &'static str,
    /// The variable that makes it unnecessary.
    pub(super) variable: &'static str,
}

impl Wanted {
    /// The program's path, after installing its package when it must and may.
    pub(super) fn locate(self) -> Result<PathBuf, ServerError> {
        self.obtain(|| find(self.program))
    }

    /// The same for what is looked for elsewhere.
    pub(super) fn obtain(self, look: impl Fn() -> Option<PathBuf>) -> Result<PathBuf, ServerError> {
        if let Some(path) = look() {
            return Ok(path);
        }
        let missing = |why: String| ServerError::Missing {
            program: self.program,
            package: self.package,
            variable: self.variable,
            why,
        };
        if !account::is_root() {
            return Err(missing("this user may not install packages".into()));
        }
        install(self.package).map_err(missing)?;
        look().ok_or_else(|| missing("the package does not have it".into()))
    }
}

/// A program of this machine, also where Debian keeps those of a PostgreSQL server.
#[must_use]
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let listed = std::env::split_paths(&path);
    listed
        .chain(["/usr/sbin".into(), "/usr/local/sbin".into()])
        .chain(postgres_folders())
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

/// Debian keeps the server's programs out of `PATH`; newest first.
fn postgres_folders() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut numbered: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.parse().ok()?;
            Some((number, entry.path().join("bin")))
        })
        .collect();
    numbered.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    numbered.into_iter().map(|(_, path)| path).collect()
}

fn install(package: &str) -> Result<(), String> {
    if !Path::new("/usr/bin/apt-get").exists() {
        return Err("there is no apt-get here".into());
    }
    apt_get(&["update"])?;
    apt_get(&["install", "--yes", "--no-install-recommends", package])
}

fn apt_get(arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new("/usr/bin/apt-get");
    command.args(["--quiet", "-o", "DPkg::Lock::Timeout=120"]).args(arguments);
    // RUNLEVEL=1 keeps the package from starting a server that nobody asked for.
    command.env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1");
    let output = command.stdin(Stdio::null()).output().map_err(|e| format!("apt-get: {e}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or("no reason given");
    Err(format!("`apt-get {}` failed: {last}", arguments.join(" ")))
}
