//! A workspace for one test: a folder with migrations, an environment with nothing of the machine,
//! and a database.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::normalise::Normaliser;
use super::{Database, Kind, Run, Running};

/// Names another binary to test, e.g. one of a release.
pub const BINARY: &str = "XDB_TEST_BINARY";

/// The folder, the environment and the database of one test.
#[derive(Debug)]
pub struct Workspace {
    folder: TempDir,
    root: PathBuf,
    database: Database,
    /// Set for every run; a later one of the same name counts.
    variables: Vec<(String, OsString)>,
}

impl Workspace {
    /// An empty `migrations/` with a lock file for a fresh database, which `DATABASE_URL` names.
    /// None when the server is not there, which is said.
    ///
    /// # Panics
    /// The folder cannot be made.
    #[must_use]
    pub fn on(kind: Kind) -> Option<Self> {
        let made = Self::bare(kind)?;
        made.write("migrations/migrations.lock", made.empty_lock_file());
        Some(made)
    }

    /// The same for a database of a server that the test started itself.
    ///
    /// # Panics
    /// The folder cannot be made.
    #[must_use]
    pub fn around(database: Database) -> Self {
        let (folder, root) = folders();
        let made = Self::of(folder, root, database);
        made.write("migrations/migrations.lock", made.empty_lock_file());
        made
    }

    /// An empty folder and a fresh database.
    ///
    /// # Panics
    /// The folder cannot be made.
    #[must_use]
    pub fn bare(kind: Kind) -> Option<Self> {
        let (folder, root) = folders();
        let database = Database::fresh(kind, &root.with_file_name("data"))?;
        Some(Self::of(folder, root, database))
    }

    fn of(folder: TempDir, root: PathBuf, database: Database) -> Self {
        let mut made = Self { folder, root, database, variables: Vec::new() };
        made.set("DATABASE_URL", made.database.url().to_owned());
        made
    }

    /// The text of a lock file with no migration.
    #[must_use]
    pub fn empty_lock_file(&self) -> String {
        format!(
            "# Written by `cargo xtask db`. Commit this file; do not edit it.\n\
             version 1\nprovider {}\ntable _xtask_db_migrations\n",
            self.database.kind().provider()
        )
    }

    /// The folder where the binary is run.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The database.
    #[must_use]
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// Sets a variable of every later run.
    pub fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.variables.push((name.to_owned(), value.into()));
    }

    /// Writes a file, making its folder.
    ///
    /// # Panics
    /// It cannot be written.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).expect("a folder");
        }
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Reads a file.
    ///
    /// # Panics
    /// It cannot be read.
    #[must_use]
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        let path = self.root.join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Removes a file or a folder.
    ///
    /// # Panics
    /// It is not there.
    pub fn remove(&self, path: &str) {
        let path = self.root.join(path);
        let removed =
            if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Whether there is such a file or folder.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    /// The text of the lock file.
    #[must_use]
    pub fn lock_file(&self) -> String {
        self.read("migrations/migrations.lock")
    }

    /// The ids on disk, in byte order.
    ///
    /// # Panics
    /// The folder cannot be read.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        let entries = fs::read_dir(self.root.join("migrations")).expect("migrations/ is there");
        let folders = entries.flatten().filter(|entry| entry.path().is_dir());
        let mut ids: Vec<String> =
            folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        ids.sort();
        ids
    }

    /// Writes `migrations/<id>/migration.sql`.
    pub fn migration(&self, id: &str, sql: &str) {
        self.write(&format!("migrations/{id}/migration.sql"), sql);
    }

    /// Writes a migration with its `down.sql`.
    pub fn reversible(&self, id: &str, up: &str, down: &str) {
        self.migration(id, up);
        self.write(&format!("migrations/{id}/down.sql"), down);
    }

    /// A command with the hermetic environment of this workspace.
    #[must_use]
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        let home = self.folder.path().join("home");
        command.current_dir(&self.root).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", &home).env("LANG", "C.UTF-8").env("TZ", "UTC");
        command.envs(toolchain());
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CEILING_DIRECTORIES", self.folder.path());
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "A Test");
            command.env(format!("GIT_{who}_EMAIL"), "test@example.invalid");
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs the binary to its end.
    #[must_use = "say what is expected: `ok`, `refused`"]
    pub fn run(&self, words: &[&str]) -> Run {
        self.start(words).wait()
    }

    /// Runs the binary with more variables.
    #[must_use = "say what is expected: `ok`, `refused`"]
    pub fn run_with(&self, variables: &[(&str, &str)], words: &[&str]) -> Run {
        let mut command = self.binary(words);
        command.envs(variables.iter().copied());
        self.running(command).wait()
    }

    /// Runs the binary and expects exit code 0.
    #[track_caller]
    pub fn run_ok(&self, words: &[&str]) -> Run {
        self.run(words).ok()
    }

    /// Starts the binary.
    #[must_use]
    pub fn start(&self, words: &[&str]) -> Running {
        self.running(self.binary(words))
    }

    /// The binary with its words, not started.
    #[must_use]
    pub fn binary(&self, words: &[&str]) -> Command {
        let mut command = self.command(binary_path());
        command.arg("db").args(words);
        command
    }

    /// Starts a command that was made by [`Self::binary`].
    #[must_use]
    pub fn running(&self, command: Command) -> Running {
        let secret = self.database.password().map(str::to_owned);
        Running::start(command, self.normaliser(), secret)
    }

    /// Runs git in the root.
    ///
    /// # Panics
    /// It fails.
    pub fn git(&self, words: &[&str]) -> String {
        let output = self.command("git").args(words).output().expect("git is installed");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {words:?}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Makes the root a repository whose default branch is `main`, with everything committed.
    pub fn git_init(&self) {
        self.git(&["init", "--quiet", "--initial-branch=main"]);
        self.git_commit("start");
    }

    /// Commits everything.
    pub fn git_commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
    }

    fn normaliser(&self) -> Normaliser {
        let mut normaliser = Normaliser::default();
        normaliser.replace(&self.root.to_string_lossy(), "[root]");
        normaliser.replace(&self.root.with_file_name("data").to_string_lossy(), "[data]");
        normaliser.replace(&self.folder.path().to_string_lossy(), "[folder]");
        normaliser.replace(self.database.name(), "[database]");
        if let Some(address) = self.database.url().rsplit_once('@').map(|(_, rest)| rest) {
            let address = address.split(['/', '?']).next().unwrap_or(address);
            normaliser.replace(address, "[server]");
        }
        normaliser
    }
}

/// Where the toolchain is: it would be looked for under the test's own home.
fn toolchain() -> Vec<(&'static str, OsString)> {
    let home = std::env::home_dir().unwrap_or_default();
    let given = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let mut variables = vec![
        ("CARGO_HOME", given("CARGO_HOME").unwrap_or_else(|| home.join(".cargo").into())),
        ("RUSTUP_HOME", given("RUSTUP_HOME").unwrap_or_else(|| home.join(".rustup").into())),
    ];
    variables.extend(given("RUSTUP_TOOLCHAIN").map(|name| ("RUSTUP_TOOLCHAIN", name)));
    variables
}

/// A folder of one test, and the root of the workspace in it.
fn folders() -> (TempDir, PathBuf) {
    let folder = tempfile::Builder::new().prefix("xdbt").tempdir().expect("a folder");
    let real = folder.path().canonicalize().expect("the folder is there");
    for made in ["root", "home", "data"] {
        fs::create_dir(real.join(made)).expect("a folder");
    }
    (folder, real.join("root"))
}

/// The binary that cargo built beside the running test.
///
/// # Panics
/// The test does not run from cargo's target folder, and nothing else is named.
#[must_use]
pub fn binary_path() -> PathBuf {
    if let Some(path) = std::env::var_os(BINARY) {
        return path.into();
    }
    let test = std::env::current_exe().expect("a test knows its own path");
    let profile = test.parent().and_then(Path::parent).expect("target/<profile>/deps/<test>");
    profile.join(format!("xtask-under-test{}", std::env::consts::EXE_SUFFIX))
}
