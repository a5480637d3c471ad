//! A workspace of its own for one test, built by a real cargo.
//!
//! The builds share a target folder, so that what does not change is compiled once. They take
//! turns: the folder that `xtask-db` watches is another one in each workspace, and a build of one
//! would make the next of another start over.
//!
//! Invariant: cargo sees nothing of the environment that the tests run in but what it needs to
//! run: no `XTASK_DB_*`, no flags, no terminal.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use xtask_db_history::{LockFile, read_folder};
use xtask_db_sql::Dialect;

/// What cargo and rustc are found and run with.
const INHERITED: [&str; 8] = [
    "PATH",
    "HOME",
    "USERPROFILE",
    "SystemRoot",
    "TMPDIR",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
];

/// The repository under test.
pub(crate) fn repository() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the tests are a member").to_owned()
}

/// A dependency on the library, as a line of a manifest.
pub(crate) fn library() -> String {
    format!("xtask-db = {{ path = {:?} }}\n", repository().join("crates/xtask-db"))
}

/// A workspace in a folder of its own.
#[derive(Debug)]
pub(crate) struct Scratch {
    folder: TempDir,
    target: PathBuf,
    /// The packages that leave something in the shared target folder.
    packages: Vec<String>,
    /// Held as long as the workspace is used.
    turn: Option<File>,
}

/// What a build ended with.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) ok: bool,
    /// What cargo told, with `-v`.
    pub(crate) told: String,
}

impl Scratch {
    /// An empty workspace that waits for its turn with the shared target folder.
    pub(crate) fn empty() -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guard");
        fs::create_dir_all(&target).expect("a target folder");
        let turn = File::create(target.join("turn")).expect("a file to lock");
        turn.lock().expect("a turn");
        forget_what_was_watched(&target);
        Self::of(tempdir(), target, Some(turn))
    }

    /// An empty workspace that compiles all by itself, below its own folder.
    pub(crate) fn alone() -> Self {
        let folder = tempdir();
        let target = root(&folder).join("target");
        Self::of(folder, target, None)
    }

    fn of(folder: TempDir, target: PathBuf, turn: Option<File>) -> Self {
        let made = Self { folder, target, packages: Vec::new(), turn };
        fs::create_dir(made.root()).expect("a folder");
        fs::copy(repository().join("Cargo.lock"), made.root().join("Cargo.lock"))
            .expect("the versions of this workspace");
        made
    }

    /// A package that embeds `migrations/`, which has two sealed migrations and is watched.
    pub(crate) fn new(name: &str) -> Self {
        let mut made = Self::empty();
        made.program(name, "");
        made.watch(&[("", "migrations")]);
        made.migrations("migrations");
        made
    }

    /// The root package: a program that lists what it embeds.
    pub(crate) fn program(&mut self, name: &str, arguments: &str) {
        let manifest = format!("{}{}[workspace]\n{PROFILES}", package(name), library());
        self.write("Cargo.toml", manifest);
        self.write("src/main.rs", listing(arguments));
        self.packages.push(name.to_owned());
    }

    /// A member of the workspace, or a package beside it, without its source.
    pub(crate) fn member(&mut self, name: &str, folder: &str, dependencies: &str) {
        self.write(&format!("{folder}/Cargo.toml"), package(name) + dependencies);
        self.packages.push(name.to_owned());
    }

    /// Names folders as `init` does: the end of each variable, and the folder.
    pub(crate) fn watch(&self, folders: &[(&str, &str)]) {
        let line = |(end, folder): &(&str, &str)| {
            format!("XTASK_DB_MIGRATIONS{end} = {{ value = {folder:?}, relative = true }}\n")
        };
        let lines: String = folders.iter().map(line).collect();
        self.write(".cargo/config.toml", format!("[env]\n{lines}"));
    }

    /// A folder with two sealed migrations.
    pub(crate) fn migrations(&self, folder: &str) {
        self.write(&format!("{folder}/1_users/migration.sql"), USERS);
        self.write(&format!("{folder}/2_notes/migration.sql"), NOTES);
        self.seal(folder);
    }

    /// Seals all migrations of a folder.
    pub(crate) fn seal(&self, folder: &str) {
        self.change_lock(folder, |lock, migrations| {
            migrations.iter().for_each(|migration| lock.seal(migration));
        });
    }

    /// Changes the lock file of a folder, which is made when there is none.
    pub(crate) fn change_lock(
        &self,
        folder: &str,
        change: impl FnOnce(&mut LockFile, &[xtask_db_history::Migration]),
    ) {
        let dir = self.path(folder);
        let mut lock = LockFile::read(&dir)
            .unwrap_or_else(|_| LockFile::new(Dialect::Sqlite, "_xtask_db_migrations"));
        change(&mut lock, &read_folder(&dir).expect("a valid folder"));
        lock.write(&dir).expect("a lock file");
    }

    /// The folder where cargo is run.
    pub(crate) fn root(&self) -> PathBuf {
        root(&self.folder)
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// One more package whose traces are removed at the end.
    pub(crate) fn also_builds(&mut self, package: &str) {
        self.packages.push(package.to_owned());
    }

    /// Writes a file, making its folder.
    #[track_caller]
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a folder");
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("a file")
    }

    #[track_caller]
    pub(crate) fn append(&self, path: &str, text: &str) {
        self.write(path, self.read(path) + text);
    }

    /// Removes a file or a folder.
    #[track_caller]
    pub(crate) fn remove(&self, path: &str) {
        let path = self.path(path);
        let removed =
            if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.expect("it was there");
    }

    #[track_caller]
    pub(crate) fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).expect("it was there");
    }

    /// A cargo in the root, without the network.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = self.command(program.as_ref());
        command.args(arguments).env("CARGO_TERM_COLOR", "never");
        command.env("CARGO_INCREMENTAL", "0").env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// A program in the root, with little of the environment.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir(self.root()).env("CARGO_NET_OFFLINE", "true");
        for name in INHERITED {
            command.envs(env::var_os(name).map(|value| (name, value)));
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Built {
        let output = self.cargo(arguments).output().expect("cargo starts");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        Built { ok: output.status.success(), told }
    }

    /// Builds, and says what the program embeds: `1_users 2_notes`, a draft as `?3_x`.
    #[track_caller]
    pub(crate) fn builds(&self, expected: &str) {
        let built = self.run(&["build", "-v"]);
        assert!(built.ok, "it builds: {}", built.told);
        self.embeds("debug", expected);
    }

    /// The build has nothing to do.
    #[track_caller]
    pub(crate) fn is_fresh(&self) {
        let built = self.run(&["build", "-v"]);
        assert!(built.ok, "it builds: {}", built.told);
        let is_work = |line: &&str| {
            ["Compiling", "Dirty", "Running"].iter().any(|verb| line.trim_start().starts_with(verb))
        };
        let work: Vec<&str> = built.told.lines().filter(is_work).collect();
        assert!(work.is_empty(), "nothing to do: {work:#?}");
    }

    /// The build fails with one error, which has all of these in it.
    #[track_caller]
    pub(crate) fn refuses(&self, fragments: &[&str]) {
        self.refuses_with(&["build"], fragments);
    }

    #[track_caller]
    pub(crate) fn refuses_with(&self, arguments: &[&str], fragments: &[&str]) {
        let built = self.run(arguments);
        assert!(!built.ok, "it does not build: {}", built.told);
        for fragment in fragments {
            assert!(built.told.contains(fragment), "{fragment} is not told: {}", built.told);
        }
        // of the compiler; those of cargo sum up
        let is_error = |line: &&str| line.starts_with("error: XDB") || line.starts_with("error[");
        assert_eq!(built.told.lines().filter(is_error).count(), 1, "{}", built.told);
    }

    /// What the program lists.
    #[track_caller]
    pub(crate) fn embeds(&self, profile: &str, expected: &str) {
        let ids: Vec<String> = self
            .listed(profile)
            .into_iter()
            .map(|line| format!("{}{}", if line[1] == "true" { "" } else { "?" }, line[0]))
            .collect();
        assert_eq!(ids.join(" "), expected);
    }

    /// Id, sealed, checksum and texts (as Rust literals) of each embedded migration.
    #[track_caller]
    pub(crate) fn listed(&self, profile: &str) -> Vec<Vec<String>> {
        let name = format!("{}{}", self.packages[0], env::consts::EXE_SUFFIX);
        let program = self.target.join(profile).join(name);
        let output = Command::new(&program).output().expect("the program starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
    }

    /// The one line that a program of the test itself prints.
    #[track_caller]
    pub(crate) fn listed_line(&self) -> String {
        self.listed("debug").concat().concat()
    }
}

impl Drop for Scratch {
    /// The shared target folder would grow with every run.
    fn drop(&mut self) {
        if self.turn.is_some() {
            for package in &self.packages {
                let _ = self.cargo(&["clean", "--package", package]).output();
            }
        }
    }
}

/// What the build script of `xtask-db` told cargo in another workspace. It could not name the
/// variables of this one, and the target folder is not in this one, where it would see a change.
fn forget_what_was_watched(target: &Path) {
    for profile in ["debug", "release"] {
        let Ok(entries) = fs::read_dir(target.join(profile).join("build")) else { continue };
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with("xtask-db-") {
                let _ = fs::remove_file(entry.path().join("output"));
            }
        }
    }
}

fn tempdir() -> TempDir {
    tempfile::Builder::new().prefix("guard-").tempdir().expect("a folder")
}

/// Below the folder, so that a test can put something beside it. On macOS and on some machines a
/// symlink is on the way, which cargo shows as what it leads to.
fn root(folder: &TempDir) -> PathBuf {
    folder.path().canonicalize().expect("a path").join("ws")
}

/// The head of a manifest, up to its dependencies.
pub(crate) fn package(name: &str) -> String {
    format!(
        "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         license = \"MIT\"\ndescription = \"scratch\"\nrepository = \"https://xtask-db.invalid\"\n\n\
         [dependencies]\n"
    )
}

/// A program that embeds with these arguments and lists what it has.
pub(crate) fn listing(arguments: &str) -> String {
    let embeds = "static ALL: xtask_db::Migrator = xtask_db::embed_migrations!";
    format!("{embeds}({arguments});\n{}", listing_of("ALL.migrations()"))
}

/// A program that lists an expression's migrations.
pub(crate) fn listing_of(migrations: &str) -> String {
    format!(
        "fn main() {{\n    for m in {migrations} {{\n        \
         println!(\"{{}}\\t{{}}\\t{{}}\\t{{:?}}\\t{{:?}}\\t{{:?}}\\t{{:?}}\", \
         m.id, m.sealed, m.checksum, m.sql, m.down, m.verify, m.backfill);\n    }}\n}}\n"
    )
}

/// No debug information: the programs are only asked for their list.
pub(crate) const PROFILES: &str = "\n[profile.dev]\ndebug = false\n";

pub(crate) const USERS: &str =
    "-- who may log in\nCREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\n";
pub(crate) const NOTES: &str = "CREATE TABLE notes (id INTEGER PRIMARY KEY);\n";
